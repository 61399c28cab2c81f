"""The picture as one SVG: nothing is loaded from elsewhere, and it can be read on a light and a dark page."""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from .graph import EDGE, Graph, Kind, Link, Node, Section, frame_title
from .layout import Area, Layout, Route, layout
from .text import clean, shortened, width, wrapped

_MARGIN = 24.0
_SECTION_GAP = 44.0
_HEADING = 26.0
_LEGEND = 34.0
_SIDE = 10.0
_FRAME_SIDE, _FRAME_SIZE = 10.0, 11.0
_NARROWEST = 60.0
_WIDEST = 190.0
_HEADING_SIZE, _KIND_SIZE, _TITLE_SIZE, _DETAIL_SIZE, _LABEL_SIZE = 15.0, 9.5, 12.0, 10.5, 10.0
_TITLE_LINES, _DETAIL_LINES = 3, 2
_LINE = 14.0
_LONGEST_TOOLTIP = 600
_BADGES = 2
_BADGE_HEIGHT = 15.0

_FONT = "Helvetica,Arial,sans-serif"
# By class: fill and outline, light and dark.
_COLOURS = {
    "plain": ("#f1f3f5", "#6b7280", "#24292f", "#8b949e"),
    "dns": ("#e3efff", "#2563eb", "#12294d", "#6ea8fe"),
    "cloudfront": ("#efe7ff", "#7c3aed", "#2a1b4d", "#b794f6"),
    "health": ("#dff5e6", "#15803d", "#0f3320", "#4ade80"),
    "answer": ("#fff1dc", "#b45309", "#3d2607", "#f0a94b"),
}
_DASHES = {
    Link.CHOICE: "6 3",
    Link.ERROR: "6 3",
    Link.WATCH: "2 3",
    Link.GUARD: "5 4",
    Link.READ: "2 3",
    Link.RESPONSE: "2 3",
}
_HEALTH = (Link.WATCH, Link.GUARD, Link.SET)
# For who cannot see it: how an arrow is said, and how many are.
_VERBS = {
    Link.REQUEST: "to",
    Link.CHOICE: "or to",
    Link.ERROR: "in place of an error to",
    Link.WATCH: "watches",
    Link.GUARD: "guards",
    Link.SET: "sets",
    Link.READ: "reads",
    Link.RESPONSE: "changes responses of",
    Link.COPY: "is copied to",
}
_DESCRIBED = 100


def render(graph: Graph, heading: str = "Topology") -> str:
    """The SVG; its last character is a newline.

    Args:
        graph: The picture.
        heading: What it is a picture of, for who cannot see it.
    """
    sections = [(section, layout(section, size_of, label_width, title_width)) for section in graph.sections]
    several = graph.titled
    wide = max([one.width for _, one in sections] + [_legend_width(graph)])
    parts: list[str] = []
    y = _MARGIN
    for section, placed in sections:
        parts.append(f'<g transform="translate({_n(_MARGIN)} {_n(y)})">')
        if several:
            heading_text = shortened(clean(section.title), 15, max(wide, 200), bold=True)
            parts.append(
                f'<text class="h" y="14">{escape(heading_text)}</text><g transform="translate(0 {_n(_HEADING)})">'
            )
        parts += _section(section, placed)
        parts.append("</g></g>" if several else "</g>")
        y += placed.height + _SECTION_GAP + (_HEADING if several else 0)
    parts += [f'<g transform="translate({_n(_MARGIN)} {_n(y - _SECTION_GAP / 2)})">', *_legend(graph), "</g>"]
    total_width, total_height = wide + 2 * _MARGIN, y - _SECTION_GAP / 2 + _LEGEND
    size = f'width="{_n(total_width)}" height="{_n(total_height)}"'
    opening = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_n(total_width)} {_n(total_height)}" {size}'
    return "\n".join(
        [
            f'{opening} role="img" aria-labelledby="title desc">',
            f'<title id="title">{escape(clean(heading))}</title>',
            f'<desc id="desc">{escape(_described(graph))}</desc>',
            f"<style>{_style()}</style>",
            f"<defs>{_marker('r')}{_marker('k')}</defs>",
            f'<rect class="page" {size}/>',
            *parts,
            "</svg>",
            "",
        ]
    )


# Sizes


def _texts(node: Node) -> tuple[list[str], list[str]]:
    """The lines of a node's title and of its details, as they fit."""
    most = _WIDEST - 2 * _SIDE
    lines = wrapped(clean(node.title) or "?", _TITLE_SIZE, most, _TITLE_LINES, bold=True)
    details = [wrapped(clean(detail), _DETAIL_SIZE, most, _DETAIL_LINES) for detail in node.details]
    return lines, [line for detail in details for line in detail]


def size_of(node: Node) -> tuple[float, float]:
    lines, details = _texts(node)
    widths = [width(line, _TITLE_SIZE, bold=True) for line in lines]
    widths += [width(detail, _DETAIL_SIZE) for detail in details]
    widths.append(width(node.kind.value, _KIND_SIZE) + _badges_width(node))
    count = len(lines) + len(details) + (node.kind is not Kind.USERS)
    return min(max(*widths, _NARROWEST - 2 * _SIDE) + 2 * _SIDE, _WIDEST + _badges_width(node)), count * _LINE + 10


def _badges(node: Node) -> list[tuple[str, str]]:
    """The texts of a node's badges, and their severities."""
    shown = list(dict.fromkeys((mark.rule_id, mark.severity.word) for mark in node.marks))
    more = [(f"+{len(shown) - _BADGES}", shown[_BADGES][1])] if len(shown) > _BADGES else []
    return [*shown[:_BADGES], *more]


def _badges_width(node: Node) -> float:
    return sum(width(text, _KIND_SIZE, bold=True) + 12 for text, _ in _badges(node))


def label_width(label: str) -> float:
    return width(clean(label), _LABEL_SIZE)


def title_width(frame: str) -> float:
    return min(width(clean(frame_title(frame)), _FRAME_SIZE, bold=True), _WIDEST) + 2 * _FRAME_SIDE


# Parts


def _section(section: Section, placed: Layout) -> Iterator[str]:
    for frame, area in placed.frames:
        name = "edge" if frame == EDGE else "region"
        yield f'<rect class="frame {name}" {_area(area)} rx="10"/>'
        text = shortened(clean(frame_title(frame)), _FRAME_SIZE, area.width - 2 * _FRAME_SIDE, bold=True)
        yield f'<text class="f" x="{_n(area.x + _FRAME_SIDE)}" y="{_n(area.y + 16)}">{escape(text)}</text>'
    for route in placed.routes:
        yield _route(route)
    for node in section.nodes:
        yield from _box(node, placed.boxes[node.id])
    for route in placed.routes:
        if route.label is not None:
            x, y = route.label
            yield f'<text class="l" x="{_n(x)}" y="{_n(y)}">{escape(clean(route.edge.label))}</text>'


def _route(route: Route) -> str:
    link = route.edge.link
    name = "k" if link in _HEALTH else "r"
    dash = f' stroke-dasharray="{_DASHES[link]}"' if link in _DASHES else ""
    start = f' marker-start="url(#{name})"' if route.reversed or route.edge.both_ways else ""
    end = f' marker-end="url(#{name})"' if not route.reversed or route.edge.both_ways else ""
    return f'<path class="e {name}e" d="{route.path}"{dash}{start}{end}/>'


def _box(node: Node, area: Area) -> Iterator[str]:
    worst = f" {node.worst.word}" if node.worst is not None else ""
    lines, details = _texts(node)
    tip = [node.kind.value, clean(node.title), *map(clean, node.details), clean(node.source)]
    tip += [f"{mark.severity.word} {mark.rule_id}: {clean(mark.message)}"[:_LONGEST_TOOLTIP] for mark in node.marks]
    yield f'<g class="n {node.family}{worst}" id={quoteattr(node.id)}>'
    tooltip = "\n".join(dict.fromkeys(line for line in tip if line))
    yield f"<title>{escape(tooltip)}</title>"
    yield f'<rect {_area(area)} rx="6"/>'
    rows = len(lines) + len(details) + (node.kind is not Kind.USERS)
    x, y = area.x + _SIDE, area.y + (area.height - rows * _LINE) / 2 + 10.5
    if node.kind is not Kind.USERS:
        yield f'<text class="c" x="{_n(x)}" y="{_n(y)}">{escape(node.kind.value)}</text>'
        y += _LINE
    for line in lines:
        yield f'<text class="t" x="{_n(x)}" y="{_n(y)}">{escape(line)}</text>'
        y += _LINE
    for detail in details:
        yield f'<text class="d" x="{_n(x)}" y="{_n(y)}">{escape(detail)}</text>'
        y += _LINE
    yield from _badge_boxes(node, area)
    yield "</g>"


def _badge_boxes(node: Node, area: Area) -> Iterator[str]:
    right = area.right - 3
    for text, severity in reversed(_badges(node)):
        wide = width(text, _KIND_SIZE, bold=True) + 8
        right -= wide
        yield _badge(text, severity, right, area.y + 3, wide)
        right -= 4


def _badge(text: str, severity: str, x: float, y: float, wide: float) -> str:
    return (
        f'<rect class="b {severity}b" {_area(Area(x, y, wide, _BADGE_HEIGHT))} rx="7"/>'
        f'<text class="bt" x="{_n(x + wide / 2)}" y="{_n(y + 11)}">{escape(text)}</text>'
    )


# The legend


def _legend_items(graph: Graph) -> Iterator[tuple[str, float]]:
    """Each item that the picture needs, from x = 0 on, and its width."""
    links = {edge.link for edge in graph.edges}
    for link in Link:
        if link in links and link is not Link.REQUEST:
            name = "k" if link in _HEALTH else "r"
            dash = f' stroke-dasharray="{_DASHES[link]}"' if link in _DASHES else ""
            text = f'<path class="e {name}e" d="M0 -4H30"{dash} marker-end="url(#{name})"/>'
            yield f'{text}<text class="d" x="38">{link.value}</text>', 38 + width(link.value, _DETAIL_SIZE)
    worst = dict.fromkeys(mark.severity for node in graph.nodes for mark in node.marks)
    for severity in sorted(worst, reverse=True):
        badge = _badge("HA", severity.word, 0, -12, 26)
        yield f'{badge}<text class="d" x="32">{severity.word}</text>', 32 + width(severity.word, _DETAIL_SIZE)
    if graph.elsewhere:
        text = f"{len(graph.elsewhere)} more about what is not drawn"
        yield f'<text class="d">{text}</text>', width(text, _DETAIL_SIZE)


def _legend_width(graph: Graph) -> float:
    return sum(wide + 24 for _, wide in _legend_items(graph))


def _legend(graph: Graph) -> Iterator[str]:
    x = 0.0
    for text, wide in _legend_items(graph):
        yield f'<g transform="translate({_n(x)} 0)">{text}</g>'
        x += wide + 24


# Words and styles


def _described(graph: Graph) -> str:
    """What the picture shows, for who cannot see it."""
    by_id = {node.id: node for node in graph.nodes}

    def named(node_id: str) -> str:
        node = by_id[node_id]
        return node.kind.value if node.kind is Kind.USERS else f"{node.kind.value} {clean(node.title)}"

    said = [f"{named(edge.source)} {_VERBS[edge.link]} {named(edge.target)}" for edge in graph.edges[:_DESCRIBED]]
    more = len(graph.edges) - len(said)
    return "; ".join([*said, f"and {more} more"] if more > 0 else said)


def _marker(name: str) -> str:
    return (
        f'<marker id="{name}" viewBox="0 0 8 8" refX="7.5" refY="4" markerWidth="7" markerHeight="7" '
        f'orient="auto-start-reverse"><path class="{name}a" d="M0 0.5L8 4L0 7.5z"/></marker>'
    )


def _style() -> str:
    rules = [
        f"text{{font-family:{_FONT};fill:#1f2933}}",
        ".h{font-size:15px;font-weight:bold}",
        f".f{{font-size:{_n(_FRAME_SIZE)}px;font-weight:bold;fill:#57606a}}",
        f".c{{font-size:{_KIND_SIZE}px;fill:#57606a}}.t{{font-size:{_TITLE_SIZE}px;font-weight:bold}}",
        f".d{{font-size:{_DETAIL_SIZE}px}}.l{{font-size:{_LABEL_SIZE}px;text-anchor:end;fill:#57606a}}",
        f".bt{{font-size:{_KIND_SIZE}px;font-weight:bold;text-anchor:middle;fill:#ffffff}}",
        ".page{fill:#ffffff}.frame{fill:#f6f8fa;stroke:#c4cad1}.region{stroke-dasharray:7 4}",
        ".e{fill:none;stroke:#57606a;stroke-width:1.3}.ke{stroke:#15803d}.ra{fill:#57606a}.ka{fill:#15803d}",
        *(f".{name} rect{{fill:{fill};stroke:{line}}}" for name, (fill, line, _, _) in _COLOURS.items()),
        ".error>rect{stroke:#dc2626;stroke-width:3}.warning>rect{stroke:#d97706;stroke-width:3}",
        ".n .b,.b{stroke:none}.n .errorb,.errorb{fill:#dc2626}.n .warningb,.warningb{fill:#b45309}",
        "@media(prefers-color-scheme:dark){",
        "text{fill:#e6edf3}.f,.c,.l{fill:#9da7b3}.page{fill:#0d1117}.frame{fill:#161b22;stroke:#3d444d}",
        ".e{stroke:#9da7b3}.ke{stroke:#4ade80}.ra{fill:#9da7b3}.ka{fill:#4ade80}",
        *(f".{name} rect{{fill:{fill};stroke:{line}}}" for name, (_, _, fill, line) in _COLOURS.items()),
        ".error>rect{stroke:#f87171}.warning>rect{stroke:#fbbf24}.bt{fill:#ffffff}",
        ".n .b,.b{stroke:none}.n .errorb,.errorb{fill:#b91c1c}.n .warningb,.warningb{fill:#92400e}",
        "}",
    ]
    return "".join(rules)


def _area(area: Area) -> str:
    return f'x="{_n(area.x)}" y="{_n(area.y)}" width="{_n(area.width)}" height="{_n(area.height)}"'


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
