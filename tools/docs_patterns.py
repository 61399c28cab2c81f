"""A page for each pattern of the catalog: what it is for, what it looks like, and what its reference stacks create.

The pictures are drawn out of a synthesized cloud assembly, as ``ha-patterns diagram`` draws them.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ha_patterns.catalog import CATALOG, Pattern
from ha_patterns.diagram import mermaid, svg
from ha_patterns.diagram.graph import Graph
from ha_patterns.diagram.picture import draw
from ha_patterns.topology import Topology, load

#: Where the pages are, from the top of the repository.
FOLDER = "docs/patterns"

# What CDK stacks have without anybody's asking.
_NOT_COUNTED = "AWS::CDK::Metadata"


@dataclass(frozen=True)
class Assembly:
    """The reference stacks of the whole catalog, synthesized.

    Attributes:
        folder: As ``cdk synth`` has written it.
        topology: What it says of where requests go.
    """

    folder: Path
    topology: Topology

    @classmethod
    def of(cls, folder: Path) -> Assembly:
        """Read one."""
        return cls(folder, load(folder))

    def graph(self, pattern: Pattern) -> Graph:
        """The picture of a pattern."""
        return draw(self.topology, stacks=[f"{pattern.name}-*"])

    def counts(self, pattern: Pattern) -> Mapping[str, int]:
        """How many resources of each type the stacks of a pattern create."""
        counts: Counter[str] = Counter()
        for stack in self.topology.stacks:
            if stack.name.startswith(f"{pattern.name}-"):
                resources = json.loads(stack.template.read_text(encoding="utf-8"))["Resources"]
                counts.update(resource["Type"] for resource in resources.values())
        del counts[_NOT_COUNTED]
        return dict(sorted(counts.items()))


def pages(assembly: Assembly) -> dict[str, str]:
    """The text of each file by its name: two for each pattern."""
    found: dict[str, str] = {}
    for pattern in CATALOG:
        graph = assembly.graph(pattern)
        found[f"{pattern.name}.md"] = _page(pattern, graph, assembly.counts(pattern))
        found[f"{pattern.name}.svg"] = svg.render(graph, heading=f"{pattern.title}: the reference stacks")
    return found


def diagram(assembly: Assembly, name: str) -> str:
    """The picture of a pattern, as a page of Markdown has it."""
    [pattern] = [pattern for pattern in CATALOG if pattern.name == name]
    return _fenced(assembly.graph(pattern))


def _page(pattern: Pattern, graph: Graph, counts: Mapping[str, int]) -> str:
    times = (("if the origin is gone", f"within {pattern.within}"), ("if it still answers", pattern.still_answers))
    facts = (
        ("when", pattern.when),
        ("methods that fail over", pattern.methods),
        ("users are served again", pattern.failover),
        *(times if pattern.failover_seconds is not None else ()),
        ("recovery needs", pattern.recovery_needs or "nothing"),
        ("construct", f"`{pattern.construct.partition(':')[2]}`"),
        ("use case of the guide", pattern.use_case),
        ("the guide's words", f"*{pattern.guide_section}*"),
    )
    return "\n".join(
        (
            f"# {pattern.title}",
            "",
            "| | |",
            "| --- | --- |",
            *(f"| {name} | {text} |" for name, text in facts),
            "",
            "## What it looks like",
            "",
            f"The reference stacks, as `ha-patterns diagram` draws them; the same [as SVG]({pattern.name}.svg).",
            "",
            _fenced(graph),
            "",
            "## What the reference stacks create",
            "",
            f"`cdk synth -c pattern={pattern.name}` writes their templates.",
            "",
            "| resources | |",
            "| --- | ---: |",
            *(f"| `{kind}` | {count} |" for kind, count in counts.items()),
            "",
        )
    )


def _fenced(graph: Graph) -> str:
    return f"```mermaid\n{mermaid.render(graph)}```"
