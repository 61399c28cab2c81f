"""The SVG is well-formed, loads nothing, says what it shows, and is the same for the same topology."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from pathlib import Path
from xml.etree import ElementTree

import pytest

from ha_patterns.diagram import mermaid, svg
from ha_patterns.diagram.graph import Graph
from ha_patterns.diagram.layout import layout
from ha_patterns.diagram.picture import draw
from ha_patterns.diagram.text import width
from ha_patterns.topology import Topology, load

from .conftest import PATTERNS, Draw, behavior, distribution, group, origin, reference
from .geometry import faults

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = "</title><script>alert(1)</script>&amp;\"'<\x00\x1b\u202e]]>\n"


def parsed(graph: Graph) -> ElementTree.Element:
    return ElementTree.fromstring(svg.render(graph))  # noqa: S314


def of_class(root: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    return [one for one in root.iter() if name in one.get("class", "").split()]


@pytest.mark.parametrize("pattern", PATTERNS)
def test_every_box_of_a_reference_pattern_is_drawn_inside_the_picture_and_apart_from_the_others(pattern: str) -> None:
    graph = draw(reference(pattern))

    root = parsed(graph)

    assert [one.get("id") for one in of_class(root, "n")] == [node.id for node in graph.nodes]
    _, _, width, height = (float(number) for number in root.get("viewBox", "").split())
    assert graph.sections
    for section in graph.sections:
        placed = layout(section, svg.size_of, svg.label_width, svg.title_width)
        assert list(faults(section, placed, 0)) == []
        assert placed.width <= width
        assert placed.height <= height


def test_it_loads_nothing_and_runs_nothing() -> None:
    text = svg.render(draw(reference("hybrid-failover")))

    assert re.findall(r"(?:href|src|@import|url\((?!#)|<script|<image|<foreignObject|on\w+=)", text) == []
    assert re.findall("https?://(?!www.w3.org/2000/svg)", text) == []


def test_who_cannot_see_it_is_told_what_it_shows() -> None:
    root = ElementTree.fromstring(svg.render(draw(reference("dns-failover")), "The site"))  # noqa: S314

    assert root.get("role") == "img"
    assert root.findtext(f"{SVG}title") == "The site"
    assert "health check HTTPS /health guards record PRIMARY" in (root.findtext(f"{SVG}desc") or "")


def test_text_of_a_template_is_only_text(drawn: Draw) -> None:
    site = distribution(behavior("one", HOSTILE), behavior("two"), origins=[origin("one", HOSTILE), origin("two")])

    root = parsed(drawn({"Site": site}))

    assert {one.tag.removeprefix(SVG) for one in root.iter()} <= {
        *("svg", "title", "desc", "style", "defs", "marker", "path", "rect", "g", "text")
    }
    shown = " ".join(one.text or "" for one in root.iter(f"{SVG}title"))
    assert "</title><script>alert(1)</script>&amp;\"'<]]>" in shown


def test_a_long_name_is_shortened_and_told_whole_as_a_tooltip(drawn: Draw) -> None:
    host = f"{'x' * 60}.{'y' * 60}.example.com"

    root = parsed(drawn({"Site": distribution(behavior("one"), origins=[origin("one", host)])}))

    assert host not in [one.text for one in root.iter(f"{SVG}text")]
    assert any(host in (one.text or "") for one in root.iter(f"{SVG}title"))


def test_findings_have_a_badge_an_outline_and_a_place_in_the_legend(drawn: Draw) -> None:
    poorly = distribution(
        behavior("both"),
        origins=[origin("one"), origin("two")],
        OriginGroups={"Quantity": 1, "Items": [group("one", "two", codes=[500])]},
    )

    graph = drawn({"Site": poorly}, checks=True)
    root = parsed(graph)

    worst = {node.worst.word for node in graph.nodes if node.worst is not None}
    assert worst
    for word in worst:
        assert len(of_class(root, word)) == sum(
            node.worst is not None and node.worst.word == word for node in graph.nodes
        )
        assert word in [one.text for one in root.iter(f"{SVG}text")]
    assert "HA003" in [one.text for one in of_class(root, "bt")]


def test_a_picture_without_findings_has_no_badge() -> None:
    assert of_class(parsed(draw(reference("origin-failover"))), "b") == []


def test_a_picture_of_nothing_is_still_a_picture() -> None:
    assert parsed(Graph(sections=())).tag == f"{SVG}svg"


PROGRAM = """
import sys
from pathlib import Path
from ha_patterns.diagram import mermaid, svg
from ha_patterns.diagram.picture import draw
from ha_patterns.topology import load
graph = draw(load(*map(Path, sys.argv[1:])))
sys.stdout.buffer.write((svg.render(graph) + mermaid.render(graph)).encode())
"""


def test_the_bytes_do_not_depend_on_the_hash_seed() -> None:
    topology = reference("home-region")
    paths = [str(stack.template) for stack in topology.stacks]

    made = {
        subprocess.run(
            [sys.executable, "-c", PROGRAM, *paths],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "4242")
    }

    assert len(made) == 1


def test_two_thousand_nodes_are_drawn_in_bounded_time(tmp_path: Path) -> None:
    topology = _large(tmp_path)

    start = time.process_time()
    graph = draw(topology)
    text = svg.render(graph)
    mermaid.render(graph)

    assert len(graph.nodes) > 2000
    assert time.process_time() - start < 10
    ElementTree.fromstring(text)  # noqa: S314


def _large(folder: Path) -> Topology:
    """A distribution with 700 origins, and a chain of 700 names."""
    lines = ["Resources:"]
    for number in range(700):
        lines += [
            f"  N{number}:",
            "    Type: AWS::Route53::RecordSet",
            "    Properties:",
            f"      {{HostedZoneId: Z, Name: n{number}.example.com, Type: CNAME, TTL: '60', SetIdentifier: p,",
            f"       Failover: PRIMARY, ResourceRecords: [n{number + 1}.example.com]}}",
        ]
    custom = "CustomOriginConfig: {OriginProtocolPolicy: https-only}"
    origins = ", ".join(f"{{Id: o{number}, DomainName: h{number}.example.net, {custom}}}" for number in range(700))
    behaviors = ", ".join(
        f"{{PathPattern: '/{number}', TargetOriginId: o{number}, ViewerProtocolPolicy: https-only}}"
        for number in range(700)
    )
    lines += [
        "  Site:",
        "    Type: AWS::CloudFront::Distribution",
        "    Properties:",
        "      DistributionConfig:",
        f"        {{Enabled: true, Origins: [{origins}], CacheBehaviors: [{behaviors}],",
        "         DefaultCacheBehavior: {TargetOriginId: o0, ViewerProtocolPolicy: https-only}}",
    ]
    path = folder / "large.yaml"
    path.write_text("\n".join(lines), encoding="utf-8")
    return load(path)


def test_the_title_of_a_narrow_frame_is_whole(drawn: Draw) -> None:
    accelerator = {"Type": "AWS::GlobalAccelerator::Accelerator", "Properties": {"Name": "a"}}

    root = parsed(drawn({"A": accelerator}))

    assert [one.text for one in of_class(root, "f")] == ["edge, in no Region"]
    [frame] = of_class(root, "frame")
    [title] = of_class(root, "f")
    assert float(title.get("x", "")) + width("edge, in no Region", 11, bold=True) < float(frame.get("x", "")) + float(
        frame.get("width", "")
    )
