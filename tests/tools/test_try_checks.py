"""Other people's templates are tried one by one, and nothing of them ends the trial."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tools import try_checks

_TEMPLATES = Path(__file__).parents[1] / "checks" / "templates"


def test_what_each_rule_finds_is_counted_and_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("HA003-fails.yaml", "HA003-passes.yaml", "HA201-passes.yaml"):
        (tmp_path / name).write_bytes((_TEMPLATES / name).read_bytes())
    (tmp_path / "broken.json").write_text("{", encoding="utf-8")
    kept = {f"{kind}{number}": {"Type": f"AWS::{kind}"} for kind in ("Later::B", "Later::A") for number in range(2)}
    kept |= {"More": {"Type": "AWS::Later::C"}, "Most": {"Type": "AWS::Later::B"}, "Read": {"Type": "AWS::SNS::Topic"}}
    (tmp_path / "kept.json").write_text(json.dumps({"Resources": kept}), encoding="utf-8")
    (tmp_path / "notes.txt").write_text("no template", encoding="utf-8")

    assert try_checks.main([str(tmp_path)]) == 0

    printed = capsys.readouterr().out
    assert printed.startswith("5 tried, 0 crashed, ")
    assert "1 refused" in printed
    assert "      1  is not JSON" in printed
    assert "3 types of resources are kept but not read, of " in printed
    assert (
        "; 6 resources have them\n      3  AWS::Later::B\n      2  AWS::Later::A\n      1  AWS::Later::C\n" in printed
    )
    assert "HA003  1\n  HA003-fails.yaml HA003-fails/Site: failover status codes lack 503" in printed


def test_a_crash_is_told_and_the_rest_is_tried(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_bytes((_TEMPLATES / "HA003-passes.yaml").read_bytes())

    def crash(_path: Path) -> None:
        raise RecursionError("deep")

    monkeypatch.setattr(try_checks, "load", crash)

    assert try_checks.main([str(tmp_path)]) == 1

    captured = capsys.readouterr()
    assert captured.out.startswith("2 tried, 2 crashed")
    assert "a.yaml: Traceback" in captured.err


def test_without_a_folder_it_says_how_it_is_called(capsys: pytest.CaptureFixture[str]) -> None:
    assert try_checks.main([]) == 2
    assert capsys.readouterr().err.startswith("usage: ")
