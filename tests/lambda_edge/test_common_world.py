"""The log is one line of JSON an event, and nothing fails where it cannot be written."""

from __future__ import annotations

import io
import json
import sys

import pytest

from lambda_edge.common import world
from lambda_edge.common.entry import entry


class _Broken(io.StringIO):
    def write(self, text: str, /) -> int:
        raise BrokenPipeError


class _Full(io.StringIO):
    def flush(self) -> None:
        raise OSError("no space")


def _closed() -> io.StringIO:
    stream = io.StringIO()
    stream.close()
    return stream


def test_what_is_logged_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    world.log("happened", error="a\nb", at={1})

    [line] = capsys.readouterr().out.splitlines()
    assert json.loads(line) == {"event": "happened", "error": "a\nb", "at": "{1}"}


@pytest.mark.parametrize("stream", [_Broken(), _Full(), _closed()], ids=["broken", "full", "closed"])
def test_a_handler_whose_log_cannot_be_written_still_answers(
    monkeypatch: pytest.MonkeyPatch, stream: io.StringIO
) -> None:
    monkeypatch.setattr(sys, "stdout", stream)

    def build(configuration: object) -> None:
        raise RuntimeError

    assert entry(build, dict)({}, None)["status"] == "503"  # type: ignore[arg-type]
