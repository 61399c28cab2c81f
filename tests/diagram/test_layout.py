"""Every layout can be read: nothing overlaps, no arrow runs through a box, nothing is cut off."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ha_patterns.diagram.graph import EDGE, Edge, Kind, Link, Node, Section
from ha_patterns.diagram.layout import Area, Layout, layout
from ha_patterns.diagram.picture import draw

from .conftest import PATTERNS, reference
from .geometry import faults

FRAMES = (EDGE, EDGE, EDGE, "eu-west-1", "eu-central-1", None)
LABELS = ("", "", "primary")


def placed(section: Section) -> Layout:
    return layout(
        section, lambda node: (60 + 10 * len(node.title), 40 + 12 * len(node.details)), lambda _: 40, lambda _: 120
    )


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_reference_pattern_can_be_read(pattern: str) -> None:
    sections = draw(reference(pattern)).sections

    assert sections
    for section in sections:
        assert list(faults(section, placed(section))) == []


@st.composite
def sections(draw_one: Any) -> Section:
    count = draw_one(st.integers(1, 14))
    nodes = [Node(id="n0", kind=Kind.USERS, title="users")] if draw_one(st.booleans()) else []
    for number in range(count):
        kind = draw_one(st.sampled_from([Kind.ORIGIN, Kind.HEALTH_CHECK, Kind.BUCKET]))
        frame = EDGE if kind is Kind.HEALTH_CHECK else draw_one(st.sampled_from(FRAMES))
        title = "x" * draw_one(st.integers(1, 9))
        nodes.append(Node(id=f"n{number + 1}", kind=kind, title=title, frame=frame))
    ends = st.integers(1, count).map(lambda number: f"n{number}")
    links = st.sampled_from([Link.REQUEST, Link.GUARD, Link.COPY])
    edges = draw_one(
        st.lists(st.builds(_edge, ends, ends, links, st.sampled_from(LABELS)), max_size=30, unique_by=_ends_of)
    )
    if nodes[0].kind is Kind.USERS:
        edges.insert(0, Edge(source="n0", target="n1", link=Link.REQUEST))
    return Section(title="any", nodes=tuple(nodes), edges=tuple(edges))


def _edge(source: str, target: str, link: Link, label: str) -> Edge:
    return Edge(source=source, target=target, link=link, label="" if link is Link.COPY else label)


def _ends_of(edge: Edge) -> tuple[str, str, Link]:
    return edge.source, edge.target, edge.link


@pytest.mark.property
@given(section=sections())
def test_any_section_can_be_read(section: Section) -> None:
    assert list(faults(section, placed(section))) == []


def chain(count: int, step: int) -> Section:
    """Names that lead to the next one each, and some of them to one further on."""
    nodes = tuple(Node(id=f"n{number}", kind=Kind.NAME, title="name", frame=EDGE) for number in range(count))
    ends = [(number, number + 1) for number in range(count - 1)]
    ends += [(number, number + count // 2) for number in range(0, count // 2, step)]
    edges = tuple(Edge(source=f"n{one}", target=f"n{other}", link=Link.REQUEST) for one, other in ends)
    return Section(title="long", nodes=nodes, edges=edges)


def test_a_long_chain_with_arrows_over_many_columns_can_be_read() -> None:
    section = chain(40, 4)

    assert list(faults(section, placed(section))) == []


def test_arrows_over_hundreds_of_columns_take_bounded_time() -> None:
    section = chain(1000, 1)

    start = time.process_time()
    found = placed(section)

    assert len(found.routes) == 1499
    assert time.process_time() - start < 5


def test_requests_go_from_left_to_right() -> None:
    section = draw(reference("hybrid-failover")).sections[0]

    found = placed(section)

    assert section.edges
    for edge in section.edges:
        assert found.boxes[edge.source].right < found.boxes[edge.target].x


def test_what_no_request_goes_through_stands_beside_what_it_looks_after() -> None:
    nodes = [Node(id=f"n{number}", kind=Kind.NAME, title="name", frame=EDGE) for number in range(4)]
    check = Node(id="check", kind=Kind.HEALTH_CHECK, title="check", frame=EDGE)
    edges = [Edge(source=f"n{number}", target=f"n{number + 1}", link=Link.REQUEST) for number in range(3)]
    guard = Edge(source="check", target="n3", link=Link.GUARD)

    found = placed(Section(title="any", nodes=(*nodes, check), edges=(*edges, guard)))

    assert found.boxes["check"].x == found.boxes["n2"].x


def test_a_layout_that_cannot_be_read_would_be_told() -> None:
    section = draw(reference("hybrid-failover")).sections[0]
    good = placed(section)
    first, second, *_ = good.boxes
    moved = replace(good, boxes={**good.boxes, first: good.boxes[second]})
    cut = replace(good, width=good.width / 2)
    wide = Area(0, 0, good.width, good.height)
    covered = replace(good, frames=(*good.frames, ("eu-north-1", wide)))

    for bad in (moved, cut, covered):
        assert list(faults(section, bad))
