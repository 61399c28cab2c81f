"""``Fn::ForEach`` makes one of each for each item, where its list is known, and within bounds."""

from __future__ import annotations

from typing import Any

import pytest

from ha_patterns.topology.model import Bucket, Record
from ha_patterns.topology.topology import Topology

from .loading import load_resources, ref, resource


def _loop(items: Any, fragment: Any, name: str = "Name") -> list[Any]:
    return [name, items, fragment]


def _load(resources: dict[str, Any], **sections: Any) -> Topology:
    return load_resources(resources, Transform=["AWS::LanguageExtensions"], **sections)


def _buckets(topology: Topology) -> dict[str, Any]:
    return {bucket.place.logical_id: bucket.name for bucket in topology.of(Bucket)}


_BUCKET = {"Bucket${Name}": resource("S3::Bucket", BucketName={"Fn::Sub": "site-${Name}"})}


@pytest.mark.parametrize(
    "items",
    [
        ["A", "B"],
        {"Ref": "List"},
        {"Fn::FindInMap": ["Map", "eu-west-1", "Names"]},
        {"Fn::Split": [",", "A,B"]},
        [{"Ref": "One"}, "B"],
    ],
)
def test_a_loop_makes_one_for_each_item(items: Any) -> None:
    topology = _load(
        {"Fn::ForEach::Buckets": _loop(items, _BUCKET)},
        Parameters={
            "List": {"Type": "CommaDelimitedList", "Default": "A,B"},
            "One": {"Type": "String", "Default": "A"},
        },
        Mappings={"Map": {"eu-west-1": {"Names": ["A", "B"]}}},
    )

    assert _buckets(topology) == {"BucketA": "site-A", "BucketB": "site-B"}
    assert topology.not_expanded == {}
    assert topology.counts == {"AWS::S3::Bucket": 2}


def test_the_item_is_put_in_everywhere() -> None:
    fragment = {"B&{Name}": resource("S3::Bucket", BucketName=ref("Name"), Tags=[{"${Name}": "&{Name}-${Other}"}])}
    topology = _load({"Fn::ForEach::Loop": _loop(["a.b"], fragment)})

    assert _buckets(topology) == {"Bab": "a.b"}


def test_loops_within_loops_make_one_of_each_pair() -> None:
    inner = {"Fn::ForEach::Inner": _loop(["1", "2"], {"B${Name}${Number}": resource("S3::Bucket")}, "Number")}
    topology = _load({"Fn::ForEach::Outer": _loop(["A", "B"], inner)})

    assert list(_buckets(topology)) == ["BA1", "BA2", "BB1", "BB2"]


def test_a_loop_within_properties_is_expanded() -> None:
    record = resource("Route53::RecordSet", Name="a.example.com", Type="A", HostedZoneId="Z1")
    record["Properties"]["Fn::ForEach::Loop"] = _loop(["TTL"], {"${Name}": "60"})
    (found,) = _load({"Record": record}).of(Record)

    assert found.ttl == 60


def test_outputs_and_conditions_are_expanded() -> None:
    outputs = {"Fn::ForEach::O": _loop(["x"], {"Out${Name}": {"Value": "told", "Export": {"Name": "e${Name}"}}})}
    bucket = {**resource("S3::Bucket", BucketName={"Fn::ImportValue": "ex"}), "Condition": "Isy"}
    conditions = {"Fn::ForEach::C": _loop(["y"], {"Is${Name}": {"Fn::Equals": [1, 1]}})}
    topology = _load({"Bucket": bucket}, Outputs=outputs, Conditions=conditions)

    assert _buckets(topology) == {"Bucket": "told"}


@pytest.mark.parametrize(
    ("loop", "why"),
    [
        (_loop({"Ref": "Unknown"}, _BUCKET), "depends on the parameter Unknown"),
        (_loop([{"Ref": "Unknown"}], _BUCKET), "has a list of which nothing tells"),
        (_loop("text", _BUCKET), "has a list of which nothing tells"),
        (_loop(["a"], []), "has not a name, a list and an object"),
        (["Name", ["a"]], "has not a name, a list and an object"),
        ({"a": 1}, "has not a name, a list and an object"),
        (_loop([str(i) for i in range(10_001)], _BUCKET), "makes more than 10000"),
    ],
)
def test_a_loop_that_cannot_be_expanded_is_told(loop: Any, why: str) -> None:
    topology = _load(
        {"Fn::ForEach::Loop": loop, "Own": resource("S3::Bucket")},
        Parameters={"Unknown": {"Type": "CommaDelimitedList"}},
    )

    assert list(topology.not_expanded) == ["Test/Fn::ForEach::Loop"]
    assert why in topology.not_expanded["Test/Fn::ForEach::Loop"]
    assert list(_buckets(topology)) == ["Own"]


def test_loops_within_loops_have_an_end() -> None:
    fragment: Any = _BUCKET
    for level in range(6):
        fragment = {f"Fn::ForEach::L{level}": _loop(["a"], fragment, f"N{level}")}

    assert "5 deep" in next(iter(_load(fragment).not_expanded.values()))


def test_a_large_fragment_of_many_items_has_an_end() -> None:
    large = {"B${Name}": resource("S3::Bucket", Tags=["x"] * 5_000)}

    assert "too much" in next(
        iter(_load({"Fn::ForEach::L": _loop([str(i) for i in range(900)], large)}).not_expanded.values())
    )


def test_without_its_transform_a_loop_is_left() -> None:
    topology = load_resources({"Fn::ForEach::Buckets": _loop(["A"], _BUCKET)})

    assert topology.not_expanded == {
        "Test/Fn::ForEach::Buckets": "Fn::ForEach needs the transform AWS::LanguageExtensions, which the template "
        "does not name"
    }


@pytest.mark.parametrize(("mark", "made"), [("$", []), ("&", ["Buckets3eu"])])
def test_a_loop_that_makes_a_refused_logical_id_is_left(mark: str, made: list[str]) -> None:
    fragment = {f"Bucket{mark}{{Name}}": resource("S3::Bucket")}
    topology = _load({"Fn::ForEach::Buckets": _loop(["s3-eu"], fragment)})

    assert list(_buckets(topology)) == made
    assert [why for why in topology.not_expanded.values() if "'Buckets3-eu'" not in why] == []
    assert len(topology.not_expanded) == (not made)
