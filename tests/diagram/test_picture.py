"""Which part of a topology is drawn, and how findings are marked."""

from __future__ import annotations

from ha_patterns.diagram.graph import Kind
from ha_patterns.diagram.picture import draw

from .conftest import Draw, behavior, boxes, distribution, failover, group, health_check, origin, reference, titles

POORLY = distribution(
    behavior("both"),
    origins=[origin("one"), origin("two")],
    OriginGroups={"Quantity": 1, "Items": [group("one", "two", codes=[500])]},
)


def test_what_does_not_hang_together_is_a_section_each_in_the_templates_order(drawn: Draw) -> None:
    graph = drawn(
        {"Z": distribution(behavior("z"), origins=[origin("z")])},
        {"A": distribution(behavior("a"), origins=[origin("a")])},
    )

    assert [section.title for section in graph.sections] == ["a", "b"]
    assert graph.titled
    assert titles(graph, Kind.DISTRIBUTION) == ["Z", "A"]


def test_sections_of_one_stack_have_no_titles_that_say_nothing(drawn: Draw) -> None:
    graph = drawn({name: distribution(behavior(name), origins=[origin(name)]) for name in ("A", "B")})

    assert len(graph.sections) == 2
    assert not graph.titled


def test_a_stack_is_drawn_with_what_it_leads_to_and_what_guards_it(drawn: Draw) -> None:
    first = failover("www.example.com", "PRIMARY", "one.example.net", HealthCheckId={"Ref": "Check"})
    site = distribution(behavior("o"), origins=[origin("o", "www.example.com")])
    other = distribution(behavior("p"), origins=[origin("p")])

    graph = drawn({"Site": site}, {"First": first, "Check": health_check("one.example.net")}, {"O": other}, stacks="a")

    assert titles(graph, Kind.DISTRIBUTION) == ["Site"]
    assert titles(graph, Kind.RECORD) == ["PRIMARY"]
    assert titles(graph, Kind.HEALTH_CHECK) == ["HTTPS /up"]


def test_stacks_can_be_named_by_a_pattern() -> None:
    topology = reference("hybrid-failover")

    assert draw(topology, stacks=["hybrid-*"]) == draw(topology)
    assert draw(topology, stacks=["nothing-*"]).sections == ()


def test_a_finding_is_marked_on_the_part_that_it_is_about(drawn: Draw) -> None:
    graph = drawn({"Site": POORLY}, checks=True)

    [marked] = boxes(graph, Kind.GROUP)
    assert "HA003" in [mark.rule_id for mark in marked.marks]
    assert marked.worst == max(mark.severity for mark in marked.marks)
    assert "HA003" not in [mark.rule_id for node in graph.nodes if node is not marked for mark in node.marks]


def test_a_finding_about_what_is_not_drawn_is_counted(drawn: Draw) -> None:
    graph = drawn({"Site": POORLY}, {"Other": POORLY}, checks=True, stacks="b")

    assert len([mark for node in graph.nodes for mark in node.marks if mark.rule_id == "HA003"]) == 1
    assert "HA003" in [mark.rule_id for mark in graph.elsewhere]


def test_nothing_is_marked_without_findings(drawn: Draw) -> None:
    graph = drawn({"Site": POORLY})

    assert [node for node in graph.nodes if node.marks] == []
    assert len(boxes(graph, Kind.GROUP)) == 1
