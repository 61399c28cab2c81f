"""Buckets with who may read them and where they are copied to, access points, and tables with their replicas."""

from __future__ import annotations

from typing import Any

import pytest

from ha_patterns.topology.model import AccessPoint, Bucket, Table
from ha_patterns.topology.values import Reference, ResourceId, Unresolved

from .loading import get_att, load_resources, load_stacks, named, only, ref, resource

_DOCUMENT = {"Statement": [{"Effect": "Deny", "Action": ["s3:GetObject"], "Resource": "*"}]}


def test_a_bucket_has_what_it_says() -> None:
    rules = [{"Destination": {"Bucket": "arn:aws:s3:::copy"}}, {"Destination": {"Bucket": get_att("Other", "Arn")}}]
    bucket = resource(
        "S3::Bucket",
        BucketName="site",
        VersioningConfiguration={"Status": "Enabled"},
        WebsiteConfiguration={"IndexDocument": "index.html"},
        ReplicationConfiguration={"Rules": rules},
    )
    found = named(load_resources({"Bucket": bucket, "Other": resource("S3::Bucket")}), Bucket, "Bucket")

    assert (found.name, found.versioned, found.website, found.statements) == ("site", True, True, None)
    assert found.replicates_to == ("arn:aws:s3:::copy", Reference(ResourceId("Test", "Other"), "Arn"))


def test_a_bucket_without_a_name_is_its_own_name() -> None:
    bucket = only(load_resources({"Bucket": resource("S3::Bucket")}), Bucket)

    assert (bucket.name, bucket.versioned) == (Reference(ResourceId("Test", "Bucket")), False)


@pytest.mark.parametrize("named_by", [{"Ref": "Bucket"}, "site", {"Fn::Sub": "${Bucket}"}])
def test_a_bucket_has_the_statements_of_its_policy(named_by: Any) -> None:
    policy = resource("S3::BucketPolicy", Bucket=named_by, PolicyDocument=_DOCUMENT)
    topology = load_resources({"Policy": policy, "Bucket": resource("S3::Bucket", BucketName="site")})
    statements = only(topology, Bucket).statements

    assert statements is not None
    assert [(one.allows, one.actions) for one in statements] == [(False, ("s3:GetObject",))]


def test_a_policy_may_be_in_another_stack() -> None:
    policy = {"Policy": resource("S3::BucketPolicy", Bucket="site", PolicyDocument=_DOCUMENT)}
    bucket = {"Bucket": resource("S3::Bucket", BucketName="site")}
    topology = load_stacks({"A": {"Resources": bucket}, "B": {"Resources": policy}})

    assert only(topology, Bucket).statements


@pytest.mark.parametrize(
    "policy",
    [
        {"PolicyDocument": {"Statement": [*_DOCUMENT["Statement"], ref("Given")]}},
        {"PolicyDocument": {"Statement": ref("Given")}},
        {"PolicyDocument": _DOCUMENT, "Condition": "Perhaps"},
    ],
)
def test_a_policy_that_is_not_wholly_known_is_not_known(policy: dict[str, Any]) -> None:
    condition = policy.get("Condition")
    told = resource("S3::BucketPolicy", Bucket=ref("Bucket"), PolicyDocument=policy["PolicyDocument"])
    resources = {
        "Bucket": resource("S3::Bucket"),
        "Policy": {**told, **({"Condition": condition} if condition else {})},
    }
    sections = {
        "Parameters": {"Given": {"Type": "String"}},
        "Conditions": {"Perhaps": {"Fn::Equals": [ref("Given"), "yes"]}},
    }

    assert only(load_resources(resources, **sections), Bucket).statements is None


def test_what_is_not_known_within_a_statement_is_the_statements() -> None:
    document = {"Statement": [{"Effect": "Allow", "Action": ref("Given"), "Resource": "*"}]}
    policy = resource("S3::BucketPolicy", Bucket=ref("Bucket"), PolicyDocument=document)
    resources = {"Bucket": resource("S3::Bucket"), "Policy": policy}
    statements = only(load_resources(resources, Parameters={"Given": {"Type": "String"}}), Bucket).statements

    assert statements is not None
    assert len(statements) == 1


def test_buckets_that_copy_each_other_are_joined_by_a_custom_resource() -> None:
    copies = resource("Custom::BucketReplication", SourceBucket="site", DestinationArn="arn:aws:s3:::copy")
    topology = load_resources({"Bucket": resource("S3::Bucket", BucketName="site"), "Copies": copies})

    assert only(topology, Bucket).replicates_to == ("arn:aws:s3:::copy",)


def test_an_access_point_of_several_regions_has_its_buckets() -> None:
    regions = [{"Bucket": ref("Bucket")}, {"Bucket": "other"}, {"Bucket": ref("Param")}]
    resources = {
        "Point": resource("S3::MultiRegionAccessPoint", Name="all", Regions=regions),
        "Bucket": resource("S3::Bucket"),
    }
    point = only(load_resources(resources, Parameters={"Param": {"Type": "String"}}), AccessPoint)

    assert (point.name, point.multi_region) == ("all", True)
    assert [Bucket, Unresolved, Unresolved] == [type(one) for one in point.buckets]


def test_an_access_point_has_its_bucket() -> None:
    resources = {"Point": resource("S3::AccessPoint", Bucket=ref("Bucket")), "Bucket": resource("S3::Bucket")}
    point = only(load_resources(resources), AccessPoint)

    assert (point.multi_region, len(point.buckets)) == (False, 1)


def test_a_global_table_has_its_replicas() -> None:
    replicas = [{"Region": "eu-west-1"}, {"Region": "us-east-1"}]
    properties = {"TableName": "t", "Replicas": replicas, "MultiRegionConsistency": "STRONG"}
    table = only(load_resources({"Table": resource("DynamoDB::GlobalTable", **properties)}), Table)

    assert (table.name, table.replicas, table.strong) == ("t", ("eu-west-1", "us-east-1"), True)


def test_a_table_is_in_its_region_only() -> None:
    table = only(load_resources({"Table": resource("DynamoDB::Table")}), Table)

    assert (table.name, table.replicas, table.strong) == (Reference(ResourceId("Test", "Table")), (), False)


@pytest.mark.parametrize("name", [{}, {"TableName": "t"}])
def test_the_older_tables_of_the_cdk_have_their_replicas(name: dict[str, str]) -> None:
    replica = resource("Custom::DynamoDBReplica", TableName=ref("Table"), Region="us-east-1")
    table = only(load_resources({"Table": resource("DynamoDB::Table", **name), "Replica": replica}), Table)

    assert table.replicas == ("eu-west-1", "us-east-1")
