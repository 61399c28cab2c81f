"""The command ``ha-patterns diagram``: what templates look like."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Any

from ..command_line.frame import OK, CommandError
from ..command_line.output import add_output, write_output
from ..topology.arguments import add_arguments, add_stack, load_topology, names, require_stacks, status_of

if TYPE_CHECKING:
    from ..topology import Topology
    from .graph import Graph

_ABOUT = """\
Draw where the requests of a cloud assembly or of templates go: DNS names, distributions, origin groups, records,
health checks and what answers, by Region. What ha-patterns check finds is marked on it. No AWS account is asked.
"""
_MOST_NAMES = 5


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments to ``ha-patterns diagram``."""
    parser.description = _ABOUT
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    add_arguments(parser)
    add_stack(parser, "is drawn with what it leads to")
    parser.add_argument("--format", choices=("mermaid", "svg"), default="mermaid", help="default: %(default)s")
    add_output(parser)
    parser.add_argument("--no-checks", action="store_true", help="leave out what ha-patterns check finds")
    parser.set_defaults(run=_diagram)


def _diagram(arguments: argparse.Namespace) -> int:
    from .picture import draw

    topology = load_topology(arguments)
    require_stacks(topology, arguments.stack)
    graph = draw(topology, () if arguments.no_checks else _findings(topology), stacks=arguments.stack)
    if not graph.sections:
        kinds = ", ".join(list(topology.counts)[:_MOST_NAMES]) or "no resources"
        raise CommandError(
            f"nothing to draw: no distribution, accelerator, health check or DNS name that leads to something ({kinds})"
        )
    # What a picture lacks a letter of is no picture any more.
    write_output(_rendered(graph, arguments), arguments.output, exact=True)
    return status_of(topology, OK)


def _rendered(graph: Graph, arguments: argparse.Namespace) -> str:
    if arguments.format == "svg":
        from . import svg

        return svg.render(graph, heading=f"Topology of {', '.join(names(arguments))}")
    from . import mermaid

    text = mermaid.render(graph)
    if len(graph.edges) > mermaid.MOST_EDGES or len(text) > mermaid.MOST_CHARACTERS:
        print(
            f"ha-patterns: GitHub draws at most {mermaid.MOST_EDGES} arrows and {mermaid.MOST_CHARACTERS} characters, "
            f"this has {len(graph.edges)} and {len(text)}: choose with --stack, or use --format svg",
            file=sys.stderr,
        )
    return text


def _findings(topology: Topology) -> Any:
    from ..checks.run import check

    return check(topology).findings
