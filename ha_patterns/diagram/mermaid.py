"""The picture as a flowchart of Mermaid, which GitHub draws in a README.

See https://mermaid.js.org/syntax/flowchart.html
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from ..checks.rule import Severity
from .columns import columns_of
from .graph import Edge, Graph, Kind, Link, Node, Section, frame_title
from .text import clean

#: What GitHub draws at most, by Mermaid's own settings.
MOST_EDGES = 500
MOST_CHARACTERS = 50_000

# So many boxes can be read beside each other on a page of 1,000 pixels.
_MOST_BESIDE = 5
# Mermaid puts boxes of one column further apart where it goes from top to bottom, for the arrows between them.
_MOST_ALIKE = 1.5
_LONGEST_LABEL = 80
# What Mermaid, Markdown or a browser would take for more than text; semicolons end what is written for them.
_SPECIAL = {ord(character): f"#{ord(character)};" for character in '"<>&#%*_`\\{}[]|~'}
# What it takes for a formula, a new line or an icon even so: it is parted, which nobody sees.
_MEANT = re.compile(r"\$(?=\$)|\\(?=n)|\bfa[bklrs]?:(?=fa-)")
_SHAPES = {
    Kind.USERS: ("([", "])"),
    Kind.NAME: ("(", ")"),
    Kind.RECORD: ("(", ")"),
    Kind.GROUP: ("{{", "}}"),
    Kind.HEALTH_CHECK: ("([", "])"),
    Kind.CONTROL: ("([", "])"),
    Kind.BUCKET: ("[(", ")]"),
    Kind.TABLE: ("[(", ")]"),
    Kind.STORE: ("[(", ")]"),
}
_ARROWS = {Link.REQUEST: "-->", Link.SET: "-->", Link.COPY: "-->"}
# Each class has its own colour of text, so that it can be read on a light and a dark page.
_STYLES = {
    "plain": "fill:#f1f3f5,stroke:#6b7280,color:#1f2933",
    "dns": "fill:#e3efff,stroke:#2563eb,color:#1f2933",
    "cloudfront": "fill:#efe7ff,stroke:#7c3aed,color:#1f2933",
    "health": "fill:#dff5e6,stroke:#15803d,color:#1f2933",
    "answer": "fill:#fff1dc,stroke:#b45309,color:#1f2933",
    "frame": "fill:none,stroke:#8b949e",
    "warning": "stroke:#d97706,stroke-width:4px",
    "error": "stroke:#dc2626,stroke-width:4px",
}


def render(graph: Graph) -> str:
    """The flowchart; its last character is a newline."""
    lines = [f"flowchart {_direction(graph)}"]
    several = graph.titled
    for number, section in enumerate(graph.sections, 1):
        if several:
            lines.append(f'  subgraph s{number}["{_escaped(section.title)}"]')
        lines += (f"  {'  ' * several}{line}" for line in _section(section, f"s{number}"))
        if several:
            lines.append("  end")
    lines += (f"  {line}" for line in _classes(graph))
    return "\n".join(lines) + "\n"


def _direction(graph: Graph) -> str:
    """From left to right, or from top to bottom what would be too wide: a page scales it to its own width."""
    placed = [Counter(columns_of(section).values()) for section in graph.sections]
    deep = max(map(len, placed), default=0)
    wide = sum(max(column.values(), default=0) for column in placed)
    return "TB" if deep > max(_MOST_BESIDE, _MOST_ALIKE * wide) else "LR"


def _section(section: Section, prefix: str) -> Iterator[str]:
    for node in section.nodes:
        if node.frame is None:
            yield _node(node)
    for number, frame in enumerate(section.frames, 1):
        yield f'subgraph {prefix}f{number}["{_escaped(frame_title(frame))}"]'
        yield from (f"  {_node(node)}" for node in section.nodes if node.frame == frame)
        yield "end"
    yield from map(_edge, section.edges)


def _node(node: Node) -> str:
    begin, end = _SHAPES.get(node.kind, ("[", "]"))
    lines = [node.title] if node.kind is Kind.USERS else [node.title, node.kind.value, *node.details]
    lines += dict.fromkeys(f"{mark.severity.word} {mark.rule_id}" for mark in node.marks)
    return f'{node.id}{begin}"{"<br/>".join(map(_escaped, lines))}"{end}'


def _edge(edge: Edge) -> str:
    arrow = "<-->" if edge.both_ways else _ARROWS.get(edge.link, "-.->")
    label = edge.label or ("" if edge.link is Link.REQUEST else edge.link.value)
    text = f'|"{_escaped(label)}"|' if label else ""
    return f"{edge.source} {arrow}{text} {edge.target}"


def _classes(graph: Graph) -> Iterator[str]:
    members: dict[str, list[str]] = {name: [] for name in _STYLES}
    for node in graph.nodes:
        members[node.family].append(node.id)
        if node.worst is not None and node.worst >= Severity.WARNING:
            members[node.worst.word].append(node.id)
    for section_number, section in enumerate(graph.sections, 1):
        members["frame"] += (f"s{section_number}f{number}" for number, _ in enumerate(section.frames, 1))
    for name, ids in members.items():
        if ids:
            yield f"classDef {name} {_STYLES[name]}"
            yield f"class {','.join(ids)} {name}"


def _escaped(text: str) -> str:
    text = clean(text)
    if len(text) > _LONGEST_LABEL:
        text = f"{text[: _LONGEST_LABEL - 1]}\N{HORIZONTAL ELLIPSIS}"
    return _MEANT.sub("\\g<0>\N{ZERO WIDTH SPACE}", text).translate(_SPECIAL) or "?"
