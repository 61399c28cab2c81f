"""Transforms that are not run are told, with the reason."""

from __future__ import annotations

from typing import Any

import pytest

from ha_patterns.topology import Bucket

from .loading import load_resources, only, resource

_BUCKETS = {"Bucket": resource("S3::Bucket", BucketName={"Fn::Length": ["a", "b"]})}


@pytest.mark.parametrize(
    ("transform", "why"),
    [
        ("AWS::Include", "it puts a file of a bucket into the template, which is not read"),
        (
            {"Name": "AWS::Include", "Parameters": {"Location": "s3://bucket/file.yaml"}},
            "it puts a file of a bucket into the template, which is not read",
        ),
        ("AWS::SecretsManager-2024-09-16", "it makes functions that rotate secrets"),
        ("AWS::ServiceCatalog", "it puts in outputs of provisioned products, which no template has"),
        ("AWS::CodeDeployBlueGreen", "it makes the replacement of an ECS service when the service is updated"),
        ("AWS::Later-2030-01-01", "it is not known here"),
        ("Our::Macro", "it is a macro, whose function may change the template in any way"),
    ],
)
@pytest.mark.parametrize("listed", [False, True])
def test_a_transform_that_is_not_run_is_told(transform: Any, why: str, listed: bool) -> None:
    topology = load_resources(_BUCKETS, Transform=["AWS::LanguageExtensions", transform] if listed else transform)

    name = transform["Name"] if isinstance(transform, dict) else transform
    assert topology.not_expanded == {f"Test/the transform {name}": f"the transform is not run: {why}"}
    assert only(topology, Bucket).name == "2"


@pytest.mark.parametrize("transform", ["AWS::LanguageExtensions", "AWS::Serverless-2016-10-31", [], None, 1])
def test_a_transform_that_is_run_is_not(transform: Any) -> None:
    assert not load_resources(_BUCKETS, Transform=transform).not_expanded


def test_sections_that_a_transform_makes_are_told() -> None:
    include = {"Fn::Transform": {"Name": "AWS::Include", "Parameters": {"Location": "s3://bucket/file.yaml"}}}

    assert list(load_resources(_BUCKETS, **include).not_expanded) == ["Test/Fn::Transform"]


@pytest.mark.parametrize(
    ("items", "waits_for"),
    [
        ({"Ref": "Given"}, "the length of the parameter Given of Test, which has no default"),
        ("text", "a list in Fn::Length"),
    ],
)
def test_the_length_of_what_is_not_known_is_not_known(items: Any, waits_for: str) -> None:
    buckets = {"Bucket": resource("S3::Bucket", BucketName={"Fn::Length": items})}
    topology = load_resources(buckets, Parameters={"Given": {"Type": "CommaDelimitedList"}})

    assert getattr(only(topology, Bucket).name, "waits_for", None) == waits_for
