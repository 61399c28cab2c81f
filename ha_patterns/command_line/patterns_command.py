"""The command ``ha-patterns patterns``: the catalog, as a table or as JSON."""

from __future__ import annotations

import argparse
import io
import json
from dataclasses import asdict

from .frame import OK, extra
from .output import add_output, write_output


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments to ``ha-patterns patterns``."""
    parser.description = "List every pattern."
    parser.add_argument("--format", choices=("text", "json"), default="text", help="default: %(default)s")
    add_output(parser)
    parser.set_defaults(run=_patterns)


def _patterns(arguments: argparse.Namespace) -> int:
    # Its times are facts of AWS, which no other command of this room needs.
    from ..catalog import CATALOG

    if arguments.format == "json":
        write_output(json.dumps([asdict(pattern) for pattern in CATALOG], indent=2) + "\n", arguments.output)
        return OK
    extra("ha-patterns-cli[terminal]", "rich")
    from rich.console import Console
    from rich.table import Column, Table

    table = Table(Column("pattern", no_wrap=True), "when", "methods", "failover", Column("within", no_wrap=True))
    for pattern in CATALOG:
        table.add_row(pattern.name, pattern.when, pattern.methods, pattern.failover, pattern.within)
    if arguments.output is None:
        Console().print(table)
        return OK
    written = io.StringIO()
    Console(file=written).print(table)
    write_output(written.getvalue(), arguments.output)
    return OK
