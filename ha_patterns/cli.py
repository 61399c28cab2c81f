"""The command ``ha-patterns``.

Each command imports what it needs when it runs, and says which extra to install where something is missing.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict

from . import __version__
from ._commands import INTERRUPTED, OK, CommandError, extra, reader_has_gone
from .catalog import CATALOG
from .checks import command as check_command
from .diagram import command as diagram_command
from .operate import access_point_command, routing_control_command, rules_command, standby_command


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit status."""
    parser = _parser()
    parsed = parser.parse_args(arguments)
    try:
        status: int = parsed.run(parsed)
    except CommandError as error:
        print(f"ha-patterns: {error}", file=sys.stderr)
        status = error.status
    except KeyboardInterrupt:
        print("ha-patterns: interrupted", file=sys.stderr)
        status = INTERRUPTED
    except BrokenPipeError:
        status = OK
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        reader_has_gone(sys.stdout)
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="ha-patterns", description="AWS CDK constructs for highly available architectures, and their proof."
    )
    parser.add_argument("--version", action="version", version=f"ha-patterns {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    patterns = commands.add_parser("patterns", help="list the catalog", description="List every pattern.")
    patterns.add_argument(
        "--format", choices=("table", "json"), default="table", help="how to print it (default: %(default)s)"
    )
    patterns.set_defaults(run=_patterns)
    check_command.add_parser(commands)
    diagram_command.add_parser(commands)
    standby_command.add_parser(commands)
    routing_control_command.add_parser(commands)
    access_point_command.add_parser(commands)
    rules_command.add_parser(commands)
    return parser


def _patterns(arguments: argparse.Namespace) -> int:
    if arguments.format == "json":
        print(json.dumps([asdict(pattern) for pattern in CATALOG], indent=2))
        return OK
    extra("cli", "rich")
    from rich.console import Console
    from rich.table import Column, Table

    table = Table(Column("pattern", no_wrap=True), "when", "methods", "failover", Column("within", no_wrap=True))
    for pattern in CATALOG:
        table.add_row(pattern.name, pattern.when, pattern.methods, pattern.failover, pattern.within)
    Console().print(table)
    return OK


if __name__ == "__main__":
    sys.exit(main())
