"""Replication both ways: what S3 and the function may do, and when the rules are set."""

from __future__ import annotations

import json
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk.assertions import Template

from ha_patterns import BucketReplication
from ha_patterns.outage_failover import bucket_replication

from ..samples import bucket_pair, imported_bucket, only, properties, stack_in


@pytest.fixture
def template(stack: cdk.Stack) -> dict[str, Any]:
    """Replication in a stack of its own."""
    own = stack_in("eu-west-1", stack, "Own")
    BucketReplication(own, "Replication", buckets=bucket_pair(stack))
    return dict(Template.from_stack(own).to_json())


def _statements(template: dict[str, Any], service: str) -> list[list[dict[str, Any]]]:
    """What each role that a service takes on may do."""
    roles = [part["Properties"] for part in template["Resources"].values() if part["Type"] == "AWS::IAM::Role"]
    return [
        [statement for policy in role["Policies"] for statement in policy["PolicyDocument"]["Statement"]]
        for role in roles
        if role["AssumeRolePolicyDocument"]["Statement"][0]["Principal"]["Service"] == service
    ]


def _text(arn: Any) -> str:
    return arn if isinstance(arn, str) else "".join(part for part in arn["Fn::Join"][1] if isinstance(part, str))


def test_each_bucket_gets_a_rule_to_the_other(template: dict[str, Any]) -> None:
    resources = template["Resources"]
    rules = [part["Properties"] for part in resources.values() if part["Type"] == "Custom::BucketReplication"]

    found = [(rule["SourceBucket"], rule["SourceRegion"], _text(rule["DestinationArn"])) for rule in rules]
    assert found == [
        ("content-eu-west-1", "eu-west-1", "arn::s3:::content-eu-central-1"),
        ("content-eu-central-1", "eu-central-1", "arn::s3:::content-eu-west-1"),
    ]
    roles = [resources[rule["RoleArn"]["Fn::GetAtt"][0]]["Properties"]["Description"] for rule in rules]
    assert roles == [
        "S3 copies from eu-west-1 to eu-central-1 with it",
        "S3 copies from eu-central-1 to eu-west-1 with it",
    ]


def test_s3_may_read_the_source_and_write_the_destination_and_nothing_else(template: dict[str, Any]) -> None:
    found = [
        {_text(statement["Resource"]): statement["Action"] for statement in role}
        for role in _statements(template, "s3.amazonaws.com")
    ]

    read = ["s3:GetObjectVersionAcl", "s3:GetObjectVersionForReplication", "s3:GetObjectVersionTagging"]
    write = ["s3:ReplicateDelete", "s3:ReplicateObject", "s3:ReplicateTags"]
    assert found == [
        {
            f"arn::s3:::{source}": ["s3:GetReplicationConfiguration", "s3:ListBucket"],
            f"arn::s3:::{source}/*": read,
            f"arn::s3:::{destination}/*": write,
        }
        for source, destination in (
            ("content-eu-west-1", "content-eu-central-1"),
            ("content-eu-central-1", "content-eu-west-1"),
        )
    ]


def test_the_function_may_set_the_rules_of_two_buckets_and_hand_over_two_roles(template: dict[str, Any]) -> None:
    [[rules, roles, logs]] = _statements(template, "lambda.amazonaws.com")

    assert rules["Action"] == ["s3:GetReplicationConfiguration", "s3:PutReplicationConfiguration"]
    assert list(map(_text, rules["Resource"])) == ["arn::s3:::content-eu-west-1", "arn::s3:::content-eu-central-1"]
    assert roles["Action"] == "iam:PassRole"
    assert roles["Condition"] == {"StringEquals": {"iam:PassedToService": "s3.amazonaws.com"}}
    passed = {resource["Fn::GetAtt"][0] for resource in roles["Resource"]}
    given = {
        part["Properties"]["RoleArn"]["Fn::GetAtt"][0]
        for part in template["Resources"].values()
        if part["Type"] == "Custom::BucketReplication"
    }
    assert passed == given
    assert logs["Resource"]["Fn::GetAtt"][1] == "Arn"


def test_nothing_is_granted_on_everything(template: dict[str, Any]) -> None:
    statements = [
        statement
        for service in ("s3.amazonaws.com", "lambda.amazonaws.com")
        for role in _statements(template, service)
        for statement in role
    ]

    assert statements
    assert [each for each in statements if each["Resource"] == "*" or "*" in json.dumps(each["Action"])] == []


def test_the_rules_come_after_both_buckets(stack: cdk.Stack) -> None:
    own = stack_in("us-west-2", stack, "Own")
    BucketReplication(own, "Replication", buckets=bucket_pair(stack))
    Template.from_stack(own)

    assert {needed.node.id for needed in own.dependencies} == {"Content-eu-west-1", "Content-eu-central-1"}


def test_beside_one_of_the_buckets_the_rules_come_after_it_too(stack: cdk.Stack) -> None:
    pair = bucket_pair(stack)
    beside = cdk.Stack.of(pair.secondary.bucket)
    BucketReplication(beside, "Replication", buckets=pair)

    template = Template.from_stack(beside)

    [bucket] = template.find_resources("AWS::S3::Bucket")
    rules = template.find_resources("Custom::BucketReplication").values()
    assert [bucket in rule["DependsOn"] for rule in rules] == [True, True]
    assert {needed.node.id for needed in beside.dependencies} == {"Content-eu-west-1"}


def test_imported_buckets_are_replicated_too(stack: cdk.Stack) -> None:
    pair = bucket_pair(
        stack, primary=imported_bucket(stack, "us-west-2"), secondary=imported_bucket(stack, "us-west-1")
    )
    BucketReplication(stack, "Replication", buckets=pair)

    sources = [rule["SourceBucket"] for rule in properties(Template.from_stack(stack), "Custom::BucketReplication")]
    assert sources == ["imported-us-west-2", "imported-us-west-1"]


@pytest.mark.parametrize(("asked", "said"), [(True, "true"), (False, "false")])
def test_replication_time_control_is_as_asked(stack: cdk.Stack, asked: bool, said: str) -> None:
    BucketReplication(stack, "Replication", buckets=bucket_pair(stack), replication_time_control=asked)

    rules = properties(Template.from_stack(stack), "Custom::BucketReplication")
    assert [rule["ReplicationTimeControl"] for rule in rules] == [said, said]


def test_cloudformation_does_not_wait_an_hour_for_a_function_that_cannot_answer(template: dict[str, Any]) -> None:
    resources = template["Resources"].values()
    [function] = [part["Properties"] for part in resources if part["Type"] == "AWS::Lambda::Function"]
    rules = [part["Properties"] for part in resources if part["Type"] == "Custom::BucketReplication"]

    assert [int(rule["ServiceTimeout"]) > function["Timeout"] for rule in rules] == [True, True]


def test_the_function_runs_the_handler_that_is_tested(stack: cdk.Stack) -> None:
    BucketReplication(stack, "Replication", buckets=bucket_pair(stack))

    code = only(Template.from_stack(stack), "AWS::Lambda::Function")["Code"]["ZipFile"]

    assert code == bucket_replication._CODE
    assert "def handler(" in code
