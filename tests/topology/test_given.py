"""Templates that are given several times, each with its own parameters, and what pseudo parameters are in each."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from ha_patterns.topology import Bucket, GivenTemplate, Record, TemplateError, Topology, load
from ha_patterns.topology.values import Unresolved

from .loading import load_resources, named, only, ref, resource, write_assembly

_BUCKET = {
    "Parameters": {"Role": {"Type": "String", "Default": "PRIMARY"}},
    "Resources": {"Bucket": resource("S3::Bucket", BucketName={"Fn::Sub": "${Role}-${AWS::Region}"})},
}


def _write(path: Path, value: Any = _BUCKET) -> Path:
    path.write_text(json.dumps(value), encoding="utf-8")
    return path


def _load(path: Path, *copies: dict[str, str], **arguments: Any) -> Topology:
    return load(*(GivenTemplate(path=path, parameters=copy) for copy in copies), **arguments)


def _names(topology: Topology) -> list[str]:
    return [str(bucket.name) for bucket in topology.of(Bucket)]


def test_each_copy_has_its_own_parameters_and_region(tmp_path: Path) -> None:
    copies = [{"AWS::Region": "eu-west-1"}, {"AWS::Region": "us-east-1", "Role": "SECONDARY"}]
    topology = _load(_write(tmp_path / "app.json"), *copies, parameters={"Role": "THIRD", "AWS::Region": "x"})

    assert _names(topology) == ["THIRD-eu-west-1", "SECONDARY-us-east-1"]
    assert [stack.id for stack in topology.stacks] == ["app (eu-west-1)", "app (us-east-1)"]
    assert [stack.region for stack in topology.stacks] == ["eu-west-1", "us-east-1"]
    assert {stack.name for stack in topology.stacks} == {"app"}


@pytest.mark.parametrize(
    ("copies", "ids"),
    [
        ([{"AWS::Region": "eu-west-1"}], ["app"]),
        ([{"Role": "A"}, {"Role": "B"}], ["app (Role=A)", "app (Role=B)"]),
        ([{"Role": "A"}, {}], ["app (Role=A)", "app"]),
        ([{}, {}], ["app", "app (2)"]),
        (
            [{"AWS::Region": "eu-west-1", "Role": "A"}, {"AWS::Region": "eu-west-1", "Role": "B"}],
            ["app (Role=A)", "app (Role=B)"],
        ),
        ([{"AWS::StackName": "one"}, {"AWS::StackName": "two"}], ["app (one)", "app (two)"]),
        ([{"Role": "A" * 99}, {"Role": "B"}], [f"app (Role={'A' * 32}...)", "app (Role=B)"]),
    ],
)
def test_copies_are_told_apart_by_what_differs(tmp_path: Path, copies: list[dict[str, str]], ids: list[str]) -> None:
    assert ids == [stack.id for stack in _load(_write(tmp_path / "app.json"), *copies).stacks]


def test_the_name_of_a_stack_may_be_given(tmp_path: Path) -> None:
    template = {"Resources": {"Bucket": resource("S3::Bucket", BucketName=ref("AWS::StackName"))}}
    topology = _load(_write(tmp_path / "app.json", template), {"AWS::StackName": "shop"})

    assert (topology.stacks[0].name, only(topology, Bucket).name) == ("shop", "shop")


def test_one_stack_that_is_given_twice_is_read_once(tmp_path: Path) -> None:
    copy = {"AWS::Region": "eu-west-1"}

    assert _names(_load(_write(tmp_path / "app.json"), copy, copy)) == ["PRIMARY-eu-west-1"]


def test_the_pairs_of_an_assembly_are_for_all_its_stacks(tmp_path: Path) -> None:
    folder = write_assembly(
        tmp_path / "out", {"App": _BUCKET, "Edge": _BUCKET}, {"App": "unknown-region", "Edge": "us-east-1"}
    )
    topology = _load(folder, {"AWS::Region": "eu-west-1"}, {"AWS::Region": "eu-central-1"})

    # The stack whose Region the assembly tells is the same stack in both copies.
    assert [stack.id for stack in topology.stacks] == ["App (eu-west-1)", "Edge", "App (eu-central-1)"]
    assert _names(topology) == ["PRIMARY-eu-west-1", "PRIMARY-us-east-1", "PRIMARY-eu-central-1"]


@pytest.mark.parametrize(
    ("parameters", "says"),
    [
        ({"Rloe": "A"}, "app.json: has no parameter 'Rloe'; it has Role"),
        ({"AWS::Regoin": "x"}, "app.json: has no parameter 'AWS::Regoin'; it has Role"),
        ({"AWS::Region": ""}, "app.json: cannot have an empty AWS::Region"),
    ],
)
def test_what_a_template_has_no_use_for_is_refused(tmp_path: Path, parameters: dict[str, str], says: str) -> None:
    path = _write(tmp_path / "app.json")

    with pytest.raises(TemplateError) as refused:
        _load(path, parameters)
    assert str(refused.value) == f"{path.parent}/{says}"


@pytest.mark.parametrize(
    ("others", "says"),
    [
        ([], "has no parameter 'Rloe'; it has Role"),
        (["b.json"], "has no parameter 'Rloe', and nothing else that is given has it; they have Role"),
    ],
)
def test_a_parameter_that_no_template_has_is_refused(tmp_path: Path, others: list[str], says: str) -> None:
    paths = [_write(tmp_path / name, _BUCKET) for name in ("a.json", *others)]

    with pytest.raises(TemplateError, match=re.escape(f"a.json: {says}")):
        load(*paths, parameters={"AWS::Region": "eu-west-1", "Role": "PRIMARY", "Rloe": "A"})


def test_a_region_that_the_assembly_tells_of_each_stack_is_not_set(tmp_path: Path) -> None:
    with pytest.raises(TemplateError, match="tells AWS::Region of its stacks itself"):
        _load(write_assembly(tmp_path / "out", {"A": _BUCKET}), {"AWS::Region": "eu-west-3"})


def test_a_template_without_parameters_says_so(tmp_path: Path) -> None:
    with pytest.raises(TemplateError, match="has no parameter 'A'; it has none"):
        _load(_write(tmp_path / "app.json", {"Resources": {}}), {"A": "1"})


@pytest.mark.parametrize(
    "name",
    [
        {"Ref": "AWS::Region"},
        {"Fn::Sub": "b-${AWS::AccountId}"},
        {"Ref": "AWS::URLSuffix"},
        {"Ref": "AWS::StackId"},
        {"Fn::If": ["Here", "a", "b"]},
        {"Fn::FindInMap": ["Map", {"Ref": "AWS::Region"}, "Name"]},
        {"Fn::Select": [0, {"Fn::Split": [":", {"Fn::Sub": "${AWS::Region}:x"}]}]},
    ],
)
def test_a_pseudo_parameter_is_one_value_in_a_stack_and_another_in_the_next(tmp_path: Path, name: Any) -> None:
    resources = {key: resource("S3::Bucket", BucketName=name) for key in ("One", "Two")}
    conditions = {"Here": {"Fn::Equals": [ref("AWS::Region"), "eu-west-1"]}}
    template = {"Conditions": conditions, "Mappings": {"Map": {"x": {"Name": "a"}}}, "Resources": resources}
    paths = [_write(tmp_path / f"{stack}.json", template) for stack in ("a", "b")]

    one, two, other, _ = (bucket.name for bucket in load(*paths).of(Bucket))

    assert one == two
    assert one != other


def test_two_values_of_a_mapping_are_not_one() -> None:
    names = {key: {"Fn::FindInMap": ["Map", ref("AWS::Region"), key]} for key in ("One", "Two")}
    resources = {key: resource("S3::Bucket", BucketName=name) for key, name in names.items()}
    topology = load_resources(
        {**resources, "Own": resource("S3::Bucket", BucketName=ref("Given"))},
        Mappings={"Map": {"x": {}}},
        Parameters={"Given": {"Type": "String"}},
    )

    assert len({bucket.name for bucket in topology.of(Bucket)}) == 3


def test_a_nested_stack_has_its_parent_s_region(tmp_path: Path) -> None:
    template = {"Resources": {"Bucket": resource("S3::Bucket", BucketName=ref("AWS::Region"))}}
    _write(tmp_path / "child.json", template)
    parent = {
        "Resources": {
            "Own": resource("S3::Bucket", BucketName=ref("AWS::Region")),
            "Nested": resource("CloudFormation::Stack", TemplateURL="child.json"),
        }
    }
    topology = load(_write(tmp_path / "app.json", parent))

    own, nested = topology.of(Bucket)
    assert Unresolved("AWS::Region", scope="app") == own.name == nested.name
    assert topology.stacks[0].region == topology.stacks[1].region


def test_two_copies_whose_regions_are_known_are_one_record_set(tmp_path: Path) -> None:
    record = resource(
        "Route53::RecordSet",
        HostedZoneId="Z1",
        Name="api.example.com",
        Type="A",
        Failover=ref("Role"),
        ResourceRecords=["192.0.2.1"],
    )
    template = {**_BUCKET, "Resources": {"Record": record}}
    topology = _load(_write(tmp_path / "app.json", template), {"Role": "PRIMARY"}, {"Role": "SECONDARY"})

    [pair] = topology.record_sets
    assert [one.failover for one in pair.records] == ["PRIMARY", "SECONDARY"]
    assert pair.elsewhere is None
    assert topology.set_of(named(topology, Record, "Record")) is pair


def _unknown(folder: Path, name: Any, *stacks: str) -> Path:
    """An assembly of stacks of one template, of which nothing tells the account and the Region."""
    template = {"Resources": {"Bucket": resource("S3::Bucket", BucketName=name)}}
    path = write_assembly(folder, dict.fromkeys(stacks, template), dict.fromkeys(stacks, "unknown-region"))
    manifest = path / "manifest.json"
    manifest.write_text(manifest.read_text("utf-8").replace("123456789012", "unknown-account"), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("name", "is_one"), [("AWS::AccountId", True), ("AWS::Partition", True), ("AWS::Region", False)]
)
def test_stacks_of_one_assembly_are_in_one_account(tmp_path: Path, name: str, is_one: bool) -> None:
    topology = load(_unknown(tmp_path / "one", ref(name), "A", "B"), _unknown(tmp_path / "other", ref(name), "C"))

    one, two, other = (bucket.name for bucket in topology.of(Bucket))
    assert (one == two) == is_one
    assert other not in (one, two)
