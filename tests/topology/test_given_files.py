"""Nested stacks whose template is one of the given files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ha_patterns.topology import Bucket, GivenTemplate, load

from .loading import only, ref, resource

_CHILD = {
    "Parameters": {"Name": {"Type": "String", "Default": "own"}},
    "Resources": {"Bucket": resource("S3::Bucket", BucketName=ref("Name"))},
}


def _write(path: Path, value: Any) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(value), encoding="utf-8")
    return path


def _parent(url: Any, **parameters: Any) -> dict[str, Any]:
    nested = resource("CloudFormation::Stack", TemplateURL=url, Parameters={"Name": "parents"})
    return {"Parameters": {name: {"Type": "String"} for name in parameters}, "Resources": {"Nested": nested}}


@pytest.mark.parametrize(
    "url",
    [
        "https://bucket.s3.amazonaws.com/path/child.json",
        "https://bucket.s3.eu-west-1.amazonaws.com/child.json?versionId=1",
        "https://bucket.s3.amazonaws.com/path/%63hild.json",
        {"Fn::Sub": "https://${Bucket}.s3.${AWS::URLSuffix}/${Prefix}/child.json"},
        {"Fn::Join": ["/", ["https://s3.amazonaws.com", ref("Bucket"), "child.json"]]},
        "child.json",
    ],
)
@pytest.mark.parametrize("child_first", [False, True])
def test_a_nested_stack_whose_file_is_given_is_joined(tmp_path: Path, url: Any, child_first: bool) -> None:
    parent = _write(tmp_path / "parent.json", _parent(url, Bucket=None, Prefix=None))
    child = _write(tmp_path / "templates/child.json", _CHILD)
    topology = load(*((child, parent) if child_first else (parent, child)))

    assert only(topology, Bucket).name == "parents"
    assert [stack.id for stack in topology.stacks] == ["parent", "parent/Nested"]
    assert topology.stacks[1].nested_in is topology.stacks[0]
    assert not topology.not_expanded


@pytest.mark.parametrize(
    "url",
    [
        "https://bucket.s3.amazonaws.com/path/other.json",
        "https://bucket.s3.amazonaws.com/path/",
        {"Fn::Sub": "https://bucket.s3.amazonaws.com/${Prefix}child.json"},
        ref("Prefix"),
    ],
)
def test_a_file_that_the_url_may_not_mean_is_a_stack_by_itself(tmp_path: Path, url: Any) -> None:
    parent = _write(tmp_path / "parent.json", _parent(url, Prefix=None))
    topology = load(parent, _write(tmp_path / "templates/child.json", _CHILD))

    assert only(topology, Bucket).name == "own"
    assert [stack.id for stack in topology.stacks] == ["parent", "child"]
    assert topology.not_expanded == {"parent/Nested": "the template of the nested stack is not at hand"}


def test_of_two_files_of_one_name_none_is_taken(tmp_path: Path) -> None:
    parent = _write(tmp_path / "parent.json", _parent("https://bucket.s3.amazonaws.com/child.json"))
    children = [_write(tmp_path / f"{folder}/child.json", _CHILD) for folder in ("a", "b")]
    topology = load(parent, *children)

    assert [stack.id for stack in topology.stacks] == ["parent", "child", "child (2)"]
    why = "the template of the nested stack is one of 2 given files that are called child.json"
    assert topology.not_expanded == {"parent/Nested": why}


def test_each_copy_of_a_parent_has_the_given_child(tmp_path: Path) -> None:
    parent = _write(tmp_path / "parent.json", _parent("https://bucket.s3.amazonaws.com/child.json"))
    child = _write(tmp_path / "templates/child.json", _CHILD)
    copies = [GivenTemplate(path=parent, parameters={"AWS::Region": region}) for region in ("eu-west-1", "us-east-1")]
    topology = load(child, *copies)

    ids = ["parent (eu-west-1)", "parent (us-east-1)"]
    assert [stack.id for stack in topology.stacks] == [*ids, *(f"{one}/Nested" for one in ids)]
    assert [stack.region for stack in topology.stacks] == ["eu-west-1", "us-east-1"] * 2


def test_a_child_with_parameters_of_its_own_is_a_stack_too(tmp_path: Path) -> None:
    parent = _write(tmp_path / "parent.json", _parent("https://bucket.s3.amazonaws.com/child.json"))
    child = _write(tmp_path / "templates/child.json", _CHILD)
    topology = load(parent, child, GivenTemplate(path=child, parameters={"Name": "given"}))

    assert [bucket.name for bucket in topology.of(Bucket)] == ["given", "parents"]


def test_files_that_nest_each_other_end(tmp_path: Path) -> None:
    one = _write(tmp_path / "one.json", _parent("https://bucket.s3.amazonaws.com/two.json"))
    two = _write(tmp_path / "two.json", _parent("https://bucket.s3.amazonaws.com/one.json"))
    topology = load(one, two)

    assert [stack.id for stack in topology.stacks] == ["one", "one/Nested"]
    why = "the template of the nested stack is nested in itself, too deeply, or one of too many"
    assert topology.not_expanded == {"one/Nested/Nested": why}
