"""The table that edge functions read: a replica in every Region, each protected, each readable."""

from __future__ import annotations

import pytest
from aws_cdk import RemovalPolicy
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_iam as iam
from aws_cdk.assertions import Template

from ha_patterns import EdgeFunction
from ha_patterns.edge import functions
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


def test_the_edge_role_names_every_replica_and_may_only_read(tmp_path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    for name in ("common", "sample"):
        (tmp_path / name).mkdir()
    monkeypatch.setattr(functions, "source_folder", lambda: tmp_path)
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
            (["Ireland"], "names of Regions, known at synth, got 'Ireland'"),
            ([text_token(stack, "Region")], "names of Regions, known at synth"),
            ("eu-west-1", "a list"),
        ]
    ):
        with pytest.raises(ValueError, match="replica_regions must be") as error:
            RoutingTable(stack, f"Routes{number}", replica_regions=regions)
        assert says in str(error.value)


def test_fails_in_a_stack_of_another_region() -> None:
    with pytest.raises(ValueError, match="us-east-1"):
        RoutingTable(new_stack("eu-west-1"), "Routes", replica_regions=["us-west-2"])
