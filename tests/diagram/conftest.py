"""Topologies to draw: small templates, and the reviewed templates of the reference stacks."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Protocol

import pytest

from ha_patterns.catalog import CATALOG
from ha_patterns.checks import check
from ha_patterns.diagram.graph import Graph, Kind, Link, Node
from ha_patterns.diagram.picture import draw
from ha_patterns.topology import Topology, load
from ha_patterns.topology.loading import StackTemplate, load_stacks

PATTERNS = [pattern.name for pattern in CATALOG]

_SNAPSHOTS = Path(__file__).resolve().parents[1] / "stacks" / "__snapshots__" / "test_reference_stacks"
_REGIONS = {"edge": "us-east-1", **dict.fromkeys(("standby", "switch", "eu-central-1", "api2"), "eu-central-1")}


def reference(pattern: str) -> Topology:
    """The topology of the reference stacks of a pattern, out of their reviewed templates."""
    stacks = []
    for path in sorted(_SNAPSHOTS.glob(f"*[[]{pattern}-*.json")):
        name = path.name.partition("[")[2].removesuffix("].json")
        ending = name.removeprefix(f"{pattern}-").removesuffix("-policy").removesuffix("-logs")
        stacks.append(StackTemplate(path=path, id=name, name=name, region=_REGIONS.get(ending, "eu-west-1")))
    assert stacks, pattern
    return load_stacks(stacks)


class Draw(Protocol):
    def __call__(self, *templates: Mapping[str, Any], checks: bool = False, stacks: Iterable[str] = ()) -> Graph: ...


@pytest.fixture
def drawn(tmp_path: Path) -> Draw:
    """The picture of templates, of which only the resources are given; they are called a, b and so on."""

    def draw_them(*templates: Mapping[str, Any], checks: bool = False, stacks: Iterable[str] = ()) -> Graph:
        paths = []
        for name, resources in zip("abc", templates, strict=False):
            paths.append(tmp_path / f"{name}.json")
            paths[-1].write_text(json.dumps({"Resources": resources}), encoding="utf-8")
        topology = load(*paths, parameters={"AWS::Region": "eu-west-1"})
        return draw(topology, check(topology).findings if checks else (), stacks=list(stacks))

    return draw_them


def boxes(graph: Graph, kind: Kind) -> list[Node]:
    """The nodes of a kind."""
    return [node for node in graph.nodes if node.kind is kind]


def titles(graph: Graph, kind: Kind) -> list[str]:
    """Their titles."""
    return [node.title for node in boxes(graph, kind)]


def arrows(graph: Graph, link: Link | None = None) -> list[tuple[str, str]]:
    """What edges lead from and to, by title."""
    names = {node.id: node.title for node in graph.nodes}
    return [(names[one.source], names[one.target]) for one in graph.edges if link in (None, one.link)]


# Resources


def origin(name: str, host: str | None = None, **more: Any) -> dict[str, Any]:
    config = {"OriginProtocolPolicy": "https-only", "OriginReadTimeout": 5}
    host = host or f"{name}.example.com"
    return {"Id": name, "DomainName": host, "ConnectionAttempts": 2, "CustomOriginConfig": config, **more}


def behavior(target: str, pattern: str | None = None, **more: Any) -> dict[str, Any]:
    paths = {} if pattern is None else {"PathPattern": pattern}
    return {"TargetOriginId": target, "ViewerProtocolPolicy": "https-only", **paths, **more}


def group(*members: str, codes: Iterable[int] = (500, 502, 503, 504)) -> dict[str, Any]:
    codes = list(codes)
    return {
        "Id": "both",
        "Members": {"Quantity": len(members), "Items": [{"OriginId": member} for member in members]},
        "FailoverCriteria": {"StatusCodes": {"Quantity": len(codes), "Items": codes}},
    }


def distribution(*behaviors: Mapping[str, Any], origins: Iterable[Mapping[str, Any]], **more: Any) -> dict[str, Any]:
    config = {
        "Enabled": True,
        "Origins": list(origins),
        "CacheBehaviors": list(behaviors[:-1]),
        "DefaultCacheBehavior": behaviors[-1],
        **more,
    }
    return {"Type": "AWS::CloudFront::Distribution", "Properties": {"DistributionConfig": config}}


def record(name: str, answer: Any, kind: str = "CNAME", **more: Any) -> dict[str, Any]:
    answers = {"AliasTarget": answer} if isinstance(answer, dict) else {"TTL": "60", "ResourceRecords": [answer]}
    return {
        "Type": "AWS::Route53::RecordSet",
        "Properties": {"HostedZoneId": "Z1", "Name": name, "Type": kind, **answers, **more},
    }


def failover(name: str, role: str, answer: Any, kind: str = "CNAME", **more: Any) -> dict[str, Any]:
    return record(name, answer, kind, Failover=role, SetIdentifier=role, **more)


def health_check(host: str) -> dict[str, Any]:
    config = {"Type": "HTTPS", "FullyQualifiedDomainName": host, "ResourcePath": "/up", "RequestInterval": 10}
    return {"Type": "AWS::Route53::HealthCheck", "Properties": {"HealthCheckConfig": config}}
