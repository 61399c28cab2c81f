"""GitHub shows each finding beside its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from ha_patterns.cli import main

from ..conftest import POORLY, site, write_template


def test_a_finding_is_a_workflow_command(dead_origin: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(dead_origin), "--format", "github"]) == 1

    [line] = capsys.readouterr().out.splitlines()
    assert line.startswith(f"::error file={dead_origin},line=")
    assert ",title=HA003 origin group does not leave a dead origin::site/Site: failover status codes lack" in line


def test_what_would_end_the_command_early_is_escaped(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write_template(tmp_path, {"A%\n::B": site(POORLY)}, "a,b:c.json")
    main(["check", str(path), "--format", "github"])

    [line] = capsys.readouterr().out.splitlines()
    assert "a%2Cb%3Ac.json" in line
    assert "A%25%0A::B: failover" in line


def test_a_clean_run_says_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write_template(tmp_path, {"Topic": {"Type": "AWS::SNS::Topic"}})

    assert main(["check", str(path), "--format", "github"]) == 0
    assert capsys.readouterr().out == ""
