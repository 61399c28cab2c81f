"""The item in which a table says what its stack declares: what writes it, and how that ends."""

from __future__ import annotations

import json
import time
import urllib.request
from collections.abc import Iterator
from typing import Any

import boto3  # type: ignore[import-untyped]
import pytest
from aws_cdk.assertions import Match, Template
from botocore.exceptions import ClientError  # type: ignore[import-untyped]
from moto import mock_aws

from ha_patterns import RoutingTable
from ha_patterns.cdk.custom_resource import protocol
from ha_patterns.contracts.route_tables import FACTS_KEY
from ha_patterns.edge.table_facts import TableFacts, handler

from ..samples import new_stack, only, properties

_KEY = {"host": {"S": FACTS_KEY}}


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What CloudFormation is told."""
    told: list[dict[str, Any]] = []

    class Answered:
        def close(self) -> None:
            pass

    def urlopen(request: urllib.request.Request, timeout: float) -> Answered:
        assert isinstance(request.data, bytes)
        told.append(json.loads(request.data))
        return Answered()

    monkeypatch.setattr(urllib.request, "urlopen", urlopen)
    return told


@pytest.fixture
def table(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A table of routes."""
    for name, value in (
        ("ACCESS_KEY_ID", "testing"),
        ("SECRET_ACCESS_KEY", "testing"),
        ("DEFAULT_REGION", "us-east-1"),
    ):
        monkeypatch.setenv(f"AWS_{name}", value)
    with mock_aws():
        dynamodb = boto3.client("dynamodb")
        dynamodb.create_table(
            TableName="routes",
            KeySchema=[{"AttributeName": "host", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "host", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        yield dynamodb


def _event(request: str, table: str = "routes", **facts: list[str]) -> dict[str, Any]:
    return {
        "RequestType": request,
        "StackId": "stack",
        "RequestId": "request",
        "LogicalResourceId": "Item",
        "ResponseURL": "https://cloudformation.example.com/",
        "ResourceProperties": {"Table": table, "Host": FACTS_KEY, "Facts": facts},
    }


def test_the_item_is_written_changed_and_removed(table: Any, answers: list[dict[str, Any]]) -> None:
    handler.handler(_event("Create", origins=["a"], attributes=["host"]), None)
    assert table.get_item(TableName="routes", Key=_KEY)["Item"]["origins"] == {"L": [{"S": "a"}]}

    handler.handler(_event("Update", origins=["a", "b"]), None)
    assert table.get_item(TableName="routes", Key=_KEY)["Item"] == {**_KEY, "origins": {"L": [{"S": "a"}, {"S": "b"}]}}

    handler.handler(_event("Delete"), None)
    assert "Item" not in table.get_item(TableName="routes", Key=_KEY)
    assert [answer["Status"] for answer in answers] == ["SUCCESS"] * 3
    assert {answer["PhysicalResourceId"] for answer in answers} == {"routes/#origins"}


def test_a_table_that_is_gone_has_no_item_to_remove(table: Any, answers: list[dict[str, Any]]) -> None:
    handler.handler(_event("Delete", "gone"), None)

    assert answers[0]["Status"] == "SUCCESS"


def test_a_failure_is_told(table: Any, answers: list[dict[str, Any]]) -> None:
    handler.handler(_event("Create", "gone"), None)

    assert answers[0]["Status"] == "FAILED"
    assert answers[0]["Reason"].startswith("gone/#origins: ")


@pytest.mark.parametrize(("refusals", "status"), [(3, "SUCCESS"), (99, "FAILED")])
def test_permissions_that_do_not_hold_yet_are_waited_for(
    refusals: int, status: str, answers: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    refused: list[int] = []

    class Table:
        def put_item(self, **_: Any) -> None:
            if len(refused) < refusals:
                refused.append(1)
                raise ClientError({"Error": {"Code": "AccessDeniedException"}}, "PutItem")

    waited: list[float] = []
    monkeypatch.setattr(handler, "client", Table)
    monkeypatch.setattr(time, "sleep", waited.append)
    handler.handler(_event("Create"), None)

    assert answers[0]["Status"] == status
    assert len(waited) == min(refusals, protocol.TRIES - 1)
    assert sum(waited) < 60


def test_the_function_may_write_this_item_and_no_other() -> None:
    stack = new_stack()
    table = RoutingTable(stack, "Routes", replica_regions=["eu-west-1"])
    TableFacts(stack, "Facts", table=table, facts={"origins": ("a", "b")})
    template = Template.from_stack(stack)

    (role,) = properties(template, "AWS::IAM::Role")
    write, logs = role["Policies"][0]["PolicyDocument"]["Statement"]
    assert write["Action"] == ["dynamodb:DeleteItem", "dynamodb:PutItem"]
    assert write["Condition"] == {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": [FACTS_KEY]}}
    assert write["Resource"]["Fn::Join"][1][2] == ":dynamodb:us-east-1:"
    assert logs["Action"] == ["logs:CreateLogStream", "logs:PutLogEvents"]
    item = only(template, "Custom::TableFacts")
    assert item["Facts"] == {"origins": ["a", "b"]}
    template.has_resource_properties("Custom::TableFacts", {"Table": {"Ref": Match.string_like_regexp("Routes")}})
