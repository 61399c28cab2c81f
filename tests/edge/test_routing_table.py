"""The table that edge functions read: a replica in every Region, each protected, each readable."""

from __future__ import annotations

import re
from typing import Any

import pytest
from aws_cdk import RemovalPolicy
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_iam as iam
from aws_cdk.assertions import Template

from ha_patterns import EdgeFunction
from ha_patterns.edge.routing_table import RoutingTable

from ..samples import new_stack, only, text_token

_TABLE = "AWS::DynamoDB::GlobalTable"


def test_every_replica_is_protected_and_can_be_restored() -> None:
    stack = new_stack()
    table = RoutingTable(stack, "Routes", replica_regions=["eu-west-1", "ap-southeast-2"])
    template = Template.from_stack(stack)

    made = only(template, _TABLE)
    assert made["BillingMode"] == "PAY_PER_REQUEST"
    assert made["KeySchema"] == [{"AttributeName": "host", "KeyType": "HASH"}]
    assert made["SSESpecification"]["SSEEnabled"] is True
    assert sorted(replica["Region"] for replica in made["Replicas"]) == sorted(table.regions)
    for replica in made["Replicas"]:
        assert replica["DeletionProtectionEnabled"] is True
        assert replica["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"] is True
    template.has_resource(_TABLE, {"DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"})


@pytest.mark.usefixtures("source")
def test_the_edge_role_names_every_replica_and_may_only_read() -> None:
    stack = new_stack()
    table = RoutingTable(stack, "Routes", replica_regions=["eu-west-1", "ap-southeast-2"])
    function = EdgeFunction(
        stack,
        "Router",
        function="sample",
        event_type=cloudfront.LambdaEdgeEventType.ORIGIN_REQUEST,
        configuration={},
    )
    table.grant_read(function)
    template = Template.from_stack(stack)

    (reads,) = [
        statement
        for policy in template.find_resources("AWS::IAM::Policy").values()
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]
        if "dynamodb:GetItem" in statement["Action"]
    ]
    assert reads["Action"] == ["dynamodb:BatchGetItem", "dynamodb:GetItem"]
    assert [resource["Fn::Join"][1][2] for resource in reads["Resource"]] == [
        ":dynamodb:us-east-1:",
        ":dynamodb:eu-west-1:",
        ":dynamodb:ap-southeast-2:",
    ]


def test_writing_is_a_grant_of_its_own_by_host_where_wanted() -> None:
    stack = new_stack()
    table = RoutingTable(stack, "Routes", replica_regions=["eu-west-1"])
    user = iam.Role(stack, "Deployer", assumed_by=iam.AccountRootPrincipal())

    table.grant_write(user, hosts=["WWW.example.com"])

    (statement,) = only(Template.from_stack(stack), "AWS::IAM::Policy")["PolicyDocument"]["Statement"]
    assert statement["Condition"] == {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["www.example.com"]}}
    assert ":dynamodb:us-east-1:" in statement["Resource"]["Fn::Join"][1]
    assert not any("*" in action for action in statement["Action"])


def test_hosts_that_only_the_deploy_knows_are_granted_as_they_are() -> None:
    stack = new_stack()
    table = RoutingTable(stack, "Routes", replica_regions=["eu-west-1"])
    user = iam.Role(stack, "Deployer", assumed_by=iam.AccountRootPrincipal())

    table.grant_write(user, hosts=[text_token(stack, "Host"), "*.Example.com", "*"])

    (statement,) = only(Template.from_stack(stack), "AWS::IAM::Policy")["PolicyDocument"]["Statement"]
    assert statement["Condition"]["ForAllValues:StringEquals"]["dynamodb:LeadingKeys"] == [
        {"Ref": "Host"},
        "*.example.com",
        "*",
    ]


def test_writing_in_another_region_is_granted_where_asked() -> None:
    stack = new_stack()
    table = RoutingTable(stack, "Routes", replica_regions=["eu-west-1", "ap-southeast-2"])
    user = iam.Role(stack, "Deployer", assumed_by=iam.AccountRootPrincipal())

    table.grant_write(user, regions=["us-east-1", "ap-southeast-2"])

    (statement,) = only(Template.from_stack(stack), "AWS::IAM::Policy")["PolicyDocument"]["Statement"]
    assert [resource["Fn::Join"][1][2] for resource in statement["Resource"]] == [
        ":dynamodb:us-east-1:",
        ":dynamodb:ap-southeast-2:",
    ]


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"hosts": []}, "hosts must be at least one, got []"),
        ({"hosts": "www.example.com"}, "hosts must be a list"),
        *(
            ({"hosts": ["www.example.com", host]}, f"hosts must be hosts, '*.' and a host, or '*', got {host!r}")
            for host in ("", "a b", "https://x", "#origins")
        ),
        ({"regions": []}, "regions must be at least one, got []"),
        ({"regions": "us-east-1"}, "regions must be a list"),
        ({"regions": ["eu-west-2"]}, "regions must be of us-east-1, eu-west-1, got 'eu-west-2'"),
    ],
)
def test_grants_of_nothing_are_refused(given: dict[str, Any], says: str) -> None:
    stack = new_stack()
    table = RoutingTable(stack, "Routes", replica_regions=["eu-west-1"])
    user = iam.Role(stack, "Deployer", assumed_by=iam.AccountRootPrincipal())

    with pytest.raises(ValueError, match=re.escape(says)):
        table.grant_write(user, **given)


def test_who_may_write_all_hosts_may_list_them_and_who_may_write_some_may_not() -> None:
    stack = new_stack()
    table = RoutingTable(stack, "Routes", replica_regions=["eu-west-1"])
    granted: list[list[str]] = []
    for hosts in (None, ["www.example.com"]):
        user = iam.Role(stack, f"Deployer{len(granted)}", assumed_by=iam.AccountRootPrincipal())
        granted.append(table.grant_write(user, hosts=hosts).principal_statements[0].actions)

    assert [("dynamodb:Scan" in actions) for actions in granted] == [True, False]


def test_the_table_may_go_with_the_stack_where_asked() -> None:
    stack = new_stack()
    RoutingTable(stack, "Routes", replica_regions=["eu-west-1"]).apply_removal_policy(RemovalPolicy.DESTROY)

    Template.from_stack(stack).has_resource(_TABLE, {"DeletionPolicy": "Delete"})


def test_fails_for_regions_that_cannot_be() -> None:
    stack = new_stack()
    for number, (regions, says) in enumerate(
        [
            ([], "at least one"),
            (["us-east-1"], "different Regions, without us-east-1"),
            (["eu-west-1", "eu-west-1"], "different Regions"),
            (["Ireland"], "AWS Regions such as eu-west-1, known at synth, got 'Ireland'"),
            (["eu-west-9"], "got 'eu-west-9'"),
            (["cn-north-1"], "got 'cn-north-1'"),
            ([text_token(stack, "Region")], "AWS Regions such as eu-west-1, known at synth"),
            ("eu-west-1", "a list"),
        ]
    ):
        with pytest.raises(ValueError, match="replica_regions must be") as error:
            RoutingTable(stack, f"Routes{number}", replica_regions=regions)
        assert says in str(error.value)


def test_fails_in_a_stack_of_another_region() -> None:
    with pytest.raises(ValueError, match="us-east-1"):
        RoutingTable(new_stack("eu-west-1"), "Routes", replica_regions=["us-west-2"])
