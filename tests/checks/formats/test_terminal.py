"""A report at a terminal shows what is in a template, and does nothing that it says."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from ha_patterns.cli import main

from ..conftest import POORLY, site, write_template


def test_a_name_moves_no_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["check", str(write_template(tmp_path, {"A\x1b[2J\x1b[31m\r\u202eB": site(POORLY)}))])

    printed = capsys.readouterr().out
    assert "A\\x1b[2J\\x1b[31m\\r\\u202eB" in printed
    assert not set(printed) & {"\x1b", "\r", "\u202e"}


@pytest.mark.parametrize(
    ("terminal", "no_color", "colors"), [(True, None, True), (True, "1", False), (False, None, False)]
)
def test_colors_are_for_terminals_that_want_them(
    dead_origin: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    terminal: bool,
    no_color: str | None,
    colors: bool,
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    if no_color:
        monkeypatch.setenv("NO_COLOR", no_color)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: terminal)

    main(["check", str(dead_origin)])

    assert ("\x1b[31;1merror\x1b[0m" in capsys.readouterr().out) is colors
