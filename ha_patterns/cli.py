"""The command ``ha-patterns``.

Each command is imported when it is asked for, imports what it needs when it runs, and says which extra to install where
something is missing.
"""

from __future__ import annotations

import argparse
import importlib
import io
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from ._version import __version__
from .command_line.frame import INTERRUPTED, OK, UNUSABLE, CommandError, Parser, reader_has_gone

# By name: its module, whose ``configure`` adds its arguments, and what it is for.
_COMMANDS = {
    "patterns": (".command_line.patterns_command", "list the catalog"),
    "check": (".checks.command", "say whether templates will fail over at all"),
    "drill": (".drill.command", "play an outage, and tell what users would see"),
    "diagram": (".diagram.command", "draw where requests go, as Mermaid or SVG"),
    "standby": (".operate.standby_command", "move traffic to the standby, or give it back"),
    "routing-control": (".operate.routing_control_command", "read and flip routing controls"),
    "access-point": (".operate.access_point_command", "move traffic between buckets of several Regions"),
    "rules": (".operate.rules_command", "judge, write, read and try the rules of a RuleRouter"),
    "tenants": (".operate.tenants_command", "judge, write, read and try the tenants of a TenantRouter"),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit status."""
    if sys.stdout is None or sys.stderr is None:
        # A shell closed it (>&-): what would be written there is lost, and no other file takes its number.
        closed = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - until the process ends
        sys.stdout, sys.stderr = sys.stdout or closed, sys.stderr or closed
    if isinstance(sys.stdout, io.TextIOWrapper):
        if sys.stdout is sys.__stdout__ and isinstance(sys.stdout.buffer, io.RawIOBase):
            # PYTHONUNBUFFERED: what does not fit on a disk would be lost without a word.
            buffer = io.BufferedWriter(sys.stdout.buffer)
            sys.stdout = io.TextIOWrapper(buffer, sys.stdout.encoding, line_buffering=True)
        # A name in a template may have letters that the terminal lacks: they are told by their number.
        sys.stdout.reconfigure(errors="backslashreplace")
    given = sys.argv[1:] if arguments is None else list(arguments)
    try:
        parsed = _parser(next((word for word in given if not word.startswith("-")), None)).parse_args(given)
        status: int = parsed.run(parsed)
    except SystemExit as asked:
        # After --help and --version, and after a mistake.
        raise SystemExit(_flushed(asked.code if isinstance(asked.code, int) else OK)) from None
    except CommandError as error:
        print(f"ha-patterns: {error}", file=sys.stderr)
        status = error.status
    except KeyboardInterrupt:
        print("ha-patterns: interrupted", file=sys.stderr)
        status = INTERRUPTED
    except BrokenPipeError:
        status = OK
    except OSError as error:
        status = _not_written(error)
    return _flushed(status)


def _flushed(status: int) -> int:
    """The status once all output is written; another one if it cannot be."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        reader_has_gone(sys.stdout)
    except OSError as error:
        return _not_written(error)
    return status


def _not_written(error: OSError) -> int:
    """Say that not all of the output was written: commands tell every other failure of the system by themselves."""
    print(f"ha-patterns: the output cannot be written: {error.strerror or error}", file=sys.stderr)
    reader_has_gone(sys.stdout)
    return UNUSABLE


def _parser(asked: str | None) -> argparse.ArgumentParser:
    """The arguments of the command that is asked for; of the others, what they are for."""
    parser = Parser(
        prog="ha-patterns",
        description="Whether templates fail over, where requests go, and what operators need in an outage.",
    )
    parser.add_argument("--version", action="version", version=f"ha-patterns {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for name, (module, purpose) in _COMMANDS.items():
        command = commands.add_parser(name, help=purpose)
        if name == asked:
            _configured(name, module)(command)
    return parser


def _configured(name: str, module: str) -> Callable[[argparse.ArgumentParser], None]:
    """What adds the arguments of a command, and says what runs it."""
    try:
        configure: Callable[[argparse.ArgumentParser], None] = importlib.import_module(module, __package__).configure
    except ModuleNotFoundError as error:
        if not str(error.name).startswith(f"{__package__}."):
            raise
        raise CommandError(f"the command {name} comes with the constructs: pip install ha-patterns") from None
    return configure


if __name__ == "__main__":
    sys.exit(main())
