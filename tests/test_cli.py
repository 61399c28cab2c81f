"""The command ha-patterns, as it is typed."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ha_patterns import __version__, cli
from ha_patterns.catalog import CATALOG
from ha_patterns.cli import main

#: What else than --against, --format and --output a command might call the same; CONTRIBUTING.md has the words.
_OTHER_WORDS = {"--compare", "--compare-to", "--diff", "--json", "--out", "--output-file", "--output-format", "--to"}


def test_patterns_prints_a_table_of_the_catalog(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["patterns"]) == 0

    printed = capsys.readouterr().out
    for pattern in CATALOG:
        assert pattern.name in printed
        assert pattern.within in printed


def test_patterns_prints_the_whole_catalog_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["patterns", "--format", "json"]) == 0

    listed = json.loads(capsys.readouterr().out)
    assert [pattern.name for pattern in CATALOG] == [entry["name"] for entry in listed]
    assert [pattern.failover_seconds for pattern in CATALOG] == [entry["failover_seconds"] for entry in listed]


@pytest.mark.parametrize("format_", ["text", "json"])
def test_patterns_go_to_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str], format_: str) -> None:
    main(["patterns", "--format", format_])
    printed = capsys.readouterr().out

    assert main(["patterns", "--format", format_, "--output", str(tmp_path / "list")]) == 0

    assert capsys.readouterr().out == ""
    assert (tmp_path / "list").read_text(encoding="utf-8") == printed


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--version"])

    assert ended.value.code == 0
    assert capsys.readouterr().out == f"ha-patterns {__version__}\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "COMMAND"),
        (["drop"], "invalid choice: 'drop'"),
        (["patterns", "--format", "xml"], "'text', 'json'"),
        (["patterns", "extra"], "unrecognized arguments: extra"),
    ],
)
def test_a_mistake_is_told_in_one_line_after_the_usage(
    capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)

    assert ended.value.code == 2
    [*_usage, line] = capsys.readouterr().err.splitlines()
    assert said.replace("'", "") in line.replace("'", "")


@pytest.mark.parametrize(
    "command",
    [["check"], ["rules", "list"], ["standby", "take-over", "--switch", "shop", "--region", "eu-west-1"]],
)
def test_an_unknown_option_is_told_with_the_usage_of_its_command(
    capsys: pytest.CaptureFixture[str], command: list[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main([*command, "--tabel", "x"])

    said, name = capsys.readouterr().err, " ".join(command[:2])
    assert ended.value.code == 2
    assert said.startswith(f"usage: ha-patterns {name} [-h]")
    assert f"ha-patterns {name}: error: unrecognized arguments: --tabel" in said


def test_a_reader_that_stops_early_is_no_error() -> None:
    program = "input(); from ha_patterns.cli import main; raise SystemExit(main(['patterns', '--format', 'json']))"
    with subprocess.Popen(
        [sys.executable, "-c", program],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as command:
        assert command.stdin is not None
        assert command.stdout is not None
        assert command.stderr is not None
        command.stdout.close()
        command.stdin.write("the reader has gone\n")
        command.stdin.close()
        errors = command.stderr.read()

    assert command.returncode == 0
    assert errors == ""


def _shell(script: str, *, unbuffered: bool) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONUNBUFFERED": "1" if unbuffered else "", "COLUMNS": "200"}
    command = f"{sys.executable} -m ha_patterns.cli"
    return subprocess.run(
        ["bash", "-c", script.replace("ha-patterns", command)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("unbuffered", [True, False])
@pytest.mark.parametrize("command", ["patterns", "patterns --format json"])
def test_output_that_does_not_fit_on_the_disk_is_told(tmp_path: Path, command: str, unbuffered: bool) -> None:
    full = "ulimit -f 1; trap '' XFSZ; ha-patterns"

    done = _shell(f"{full} {command} > {tmp_path}/half", unbuffered=unbuffered)

    assert done.returncode == 2
    assert done.stderr == "ha-patterns: the output cannot be written: File too large\n"


@pytest.mark.parametrize("command", ["patterns", "check tests/checks/templates/HA001-passes.yaml"])
def test_an_output_that_is_closed_is_lost_and_no_traceback(command: str) -> None:
    done = _shell(f"ha-patterns {command} >&-", unbuffered=False)

    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("command", ["--version", "--help", "check --help"])
def test_help_that_does_not_fit_on_the_disk_is_told(tmp_path: Path, command: str) -> None:
    done = _shell(f"ulimit -f 0; trap '' XFSZ; ha-patterns {command} > {tmp_path}/none", unbuffered=False)

    assert done.returncode == 2
    assert done.stderr == "ha-patterns: the output cannot be written: File too large\n"


def _parsers(parser: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    """A command, and those below it."""
    yield parser
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for below in action.choices.values():
                yield from _parsers(below)


@pytest.mark.parametrize("command", sorted(cli._COMMANDS))
def test_commands_have_one_word_for_each_thing(command: str) -> None:
    [top] = [action for action in cli._parser(command)._actions if isinstance(action, argparse._SubParsersAction)]

    for parser in _parsers(top.choices[command]):
        options = {name for action in parser._actions for name in action.option_strings}
        # What has a format is a document, and goes to a file as well.
        assert ("--format" in options) is ("--output" in options), parser.prog
        assert not options & _OTHER_WORDS, parser.prog
        # Who may write what is known may read it.
        assert ("--baseline" in options) is ("--write-baseline" in options), parser.prog
