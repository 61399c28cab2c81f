"""The command ``ha-patterns``.

Each command imports what it needs when it runs, and says which extra to install where something is missing.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict
from types import ModuleType

from . import __version__
from .catalog import CATALOG

OK = 0
UNUSABLE = 2


class CommandError(Exception):
    """What the person at the keyboard can mend, in one line."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit status."""
    parser = _parser()
    parsed = parser.parse_args(arguments)
    try:
        status: int = parsed.run(parsed)
        sys.stdout.flush()
    except CommandError as error:
        print(f"ha-patterns: {error}", file=sys.stderr)
        return UNUSABLE
    except BrokenPipeError:
        # The reader, head for one, has seen enough; without this, Python would complain when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
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
    return parser


def _patterns(arguments: argparse.Namespace) -> int:
    if arguments.format == "json":
        print(json.dumps([asdict(pattern) for pattern in CATALOG], indent=2))
        return OK
    _extra("cli", "rich")
    from rich.console import Console
    from rich.table import Column, Table

    table = Table(Column("pattern", no_wrap=True), "when", "methods", "failover", Column("within", no_wrap=True))
    for pattern in CATALOG:
        table.add_row(pattern.name, pattern.when, pattern.methods, pattern.failover, pattern.within)
    Console().print(table)
    return OK


def _extra(extra: str, module: str) -> ModuleType:
    """Import a module that an extra brings, or say which."""
    try:
        return importlib.import_module(module)
    except ImportError:
        raise CommandError(f"this needs the package {module}: pip install 'ha-patterns[{extra}]'") from None


if __name__ == "__main__":
    sys.exit(main())
