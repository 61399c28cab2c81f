"""A large estate takes the checks up: what is known is not told again, and what is new is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ha_patterns.cli import main

from .conftest import POORLY, WELL, site, write_template


def test_what_is_in_the_baseline_is_not_told_again(
    tmp_path: Path, dead_origin: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    known = tmp_path / "known.json"

    assert main(["check", str(dead_origin), "--select", "HA003", "--write-baseline", str(known)]) == 0
    assert main(["check", str(dead_origin), "--baseline", str(known)]) == 0

    wrote, clean = capsys.readouterr().out.splitlines()
    assert wrote == f"wrote 1 finding to {known}"
    assert clean.endswith("1 in the baseline")


def test_what_is_new_is_told(tmp_path: Path, dead_origin: Path, capsys: pytest.CaptureFixture[str]) -> None:
    known = tmp_path / "known.json"
    main(["check", str(dead_origin), "--write-baseline", str(known)])
    write_template(tmp_path, {"Site": site(POORLY), "New": site(POORLY)})
    capsys.readouterr()

    assert main(["check", str(dead_origin), "--baseline", str(known)]) == 1

    printed = capsys.readouterr().out
    assert "New in site" in printed
    assert "Site in site" not in printed


def test_what_is_mended_is_said_so_that_the_baseline_can_shrink(
    tmp_path: Path, dead_origin: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    known = tmp_path / "known.json"
    main(["check", str(dead_origin), "--write-baseline", str(known)])
    write_template(tmp_path, {"Site": site(WELL)})
    capsys.readouterr()

    assert main(["check", str(dead_origin), "--baseline", str(known), "--verbose"]) == 0
    assert "in the baseline, and found no more: HA003 site Site Properties" in capsys.readouterr().out


def test_a_baseline_is_the_same_from_one_run_to_the_next(tmp_path: Path, dead_origin: Path) -> None:
    paths = [tmp_path / "one.json", tmp_path / "two.json"]
    for path in paths:
        main(["check", str(dead_origin), "--write-baseline", str(path)])

    assert paths[0].read_bytes() == paths[1].read_bytes()
    assert not list(tmp_path.glob(".*"))


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b"{", "is not JSON"),
        (b"[" * 100_000, "nested"),
        (b"\xff", "is not text in UTF-8"),
        (b"[]", "is no baseline"),
        (b'{"version": 2, "findings": {}}', "is no baseline"),
        (b'{"version": 1, "findings": []}', "is no baseline"),
        (json.dumps({"version": 1}).encode(), "is no baseline"),
    ],
)
def test_a_file_that_is_no_baseline_is_refused(
    tmp_path: Path, dead_origin: Path, capsys: pytest.CaptureFixture[str], content: bytes, says: str
) -> None:
    known = tmp_path / "known.json"
    known.write_bytes(content)

    assert main(["check", str(dead_origin), "--baseline", str(known)]) == 2

    [line] = capsys.readouterr().err.splitlines()
    assert line.startswith(f"ha-patterns: --baseline {known}")
    assert says in line


def test_a_baseline_that_is_not_there_is_refused(
    tmp_path: Path, dead_origin: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", str(dead_origin), "--baseline", str(tmp_path / "no.json")]) == 2
    assert "cannot be read: No such file" in capsys.readouterr().err


def test_a_baseline_that_cannot_be_written_is_told_and_leaves_nothing(
    tmp_path: Path, dead_origin: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", str(dead_origin), "--write-baseline", str(tmp_path / "no" / "known.json")]) == 2
    assert main(["check", str(dead_origin), "--write-baseline", str(tmp_path)]) == 2

    [one, other] = capsys.readouterr().err.splitlines()
    assert "cannot be written" in one
    assert "cannot be written" in other
    assert [dead_origin] == list(tmp_path.iterdir())
