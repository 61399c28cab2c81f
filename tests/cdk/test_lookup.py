"""The function behind custom resources that look something up: it finds, it answers, and it never leaves a deploy."""

from __future__ import annotations

import json
import types
from collections.abc import Sequence
from typing import Any
from urllib.request import Request

import pytest
from botocore.config import Config  # type: ignore[import-untyped]

from ha_patterns.cdk.lookup import handler

from ..samples import CLUSTER_ARN

_CLUSTER = ("Custom::RoutingControlEndpoints", {"ClusterArn": CLUSTER_ARN})
_CLOUDFRONT = "com.amazonaws.global.cloudfront.origin-facing"
_CHECKERS = "com.amazonaws.eu-west-1.route53-healthchecks"
_LISTS = ("Custom::ManagedPrefixLists", {"Names": {"CloudFront": _CLOUDFRONT, "HealthCheckers": _CHECKERS}})


class _Arc:
    """The service that knows the endpoints."""

    def describe_cluster(self, ClusterArn: str) -> dict[str, Any]:  # noqa: N803
        if ClusterArn != CLUSTER_ARN:
            raise LookupError("no such cluster")
        regions = ("us-west-2", "ap-northeast-1")
        found = [{"Region": region, "Endpoint": f"https://a.{region}.example.com/v1"} for region in regions]
        return {"Cluster": {"ClusterEndpoints": found}}


class _Ec2:
    """The service that knows the prefix lists: here those of AWS, and one of the account that is named like one."""

    lists = ((_CLOUDFRONT, "pl-1", "AWS"), (_CHECKERS, "pl-2", "AWS"), ("com.amazonaws.eu-west-1.s3", "pl-3", "AWS"))

    def describe_managed_prefix_lists(self, Filters: Sequence[dict[str, Any]]) -> dict[str, Any]:  # noqa: N803
        wanted = {each["Name"]: each["Values"] for each in Filters}
        found = [
            {"PrefixListName": name, "PrefixListId": physical_id}
            for name, physical_id, owner in (*self.lists, (_CLOUDFRONT, "pl-mine", "123456789012"))
            if name in wanted["prefix-list-name"] and owner in wanted["owner-id"]
        ]
        return {"PrefixLists": found}


_CLIENTS = {("route53-recovery-control-config", "us-west-2"): _Arc, ("ec2", None): _Ec2}


def _answered(
    monkeypatch: pytest.MonkeyPatch, resource_type: str, properties: dict[str, Any], request_type: str = "Create"
) -> dict[str, Any]:
    """What the function tells CloudFormation."""
    sent: list[Request] = []

    def urlopen(request: Request, timeout: float) -> Any:
        sent.append(request)
        return types.SimpleNamespace(close=lambda: None)

    def client(service: str, region_name: str | None = None, *, config: Config) -> Any:
        # A Region that hangs is told before the function's own time is over, which is a minute.
        assert config.retries["total_max_attempts"] * (config.connect_timeout + config.read_timeout) <= 30
        return _CLIENTS[service, region_name]()

    monkeypatch.setattr("urllib.request.urlopen", urlopen)
    monkeypatch.setattr("boto3.client", client)
    event = {
        "RequestType": request_type,
        "ResourceType": resource_type,
        "ResponseURL": "https://cloudformation.example.com/answer",
        "StackId": "stack",
        "RequestId": "request",
        "LogicalResourceId": "Found",
        "ResourceProperties": {"ServiceToken": "arn", **properties},
    }
    if request_type != "Create":
        event["PhysicalResourceId"] = "found-before"
    handler.handler(event, None)
    [request] = sent
    assert request.get_method() == "PUT"
    assert request.full_url == "https://cloudformation.example.com/answer"
    answer: dict[str, Any] = json.loads(bytes(request.data or b""))  # type: ignore[arg-type]
    return answer


@pytest.mark.parametrize(("request_type", "physical_id"), [("Create", "Found"), ("Update", "found-before")])
def test_the_endpoints_of_a_cluster_are_told_in_order(
    monkeypatch: pytest.MonkeyPatch, request_type: str, physical_id: str
) -> None:
    answer = _answered(monkeypatch, *_CLUSTER, request_type)

    assert answer == {
        "Status": "SUCCESS",
        "StackId": "stack",
        "RequestId": "request",
        "LogicalResourceId": "Found",
        "PhysicalResourceId": physical_id,
        "Data": {
            "Endpoints": "ap-northeast-1=https://a.ap-northeast-1.example.com/v1,"
            "us-west-2=https://a.us-west-2.example.com/v1"
        },
    }


def test_prefix_lists_are_those_of_aws_by_the_keys_that_were_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = _answered(monkeypatch, *_LISTS)

    assert (answer["Status"], answer["Data"]) == ("SUCCESS", {"CloudFront": "pl-1", "HealthCheckers": "pl-2"})


def test_a_prefix_list_that_a_region_does_not_have_fails_the_deploy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_Ec2, "lists", _Ec2.lists[:1])

    answer = _answered(monkeypatch, *_LISTS)

    assert answer["Status"] == "FAILED"
    assert answer["Reason"] == f"Found: LookupError: this Region has no prefix list {_CHECKERS}"


def test_a_delete_asks_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = _answered(monkeypatch, _CLUSTER[0], {"ClusterArn": "gone"}, "Delete")

    assert (answer["Status"], answer["PhysicalResourceId"]) == ("SUCCESS", "found-before")


@pytest.mark.parametrize(
    ("resource_type", "reason"),
    [(_CLUSTER[0], "Found: LookupError: no such cluster"), ("Custom::Unknown", "Found: KeyError: 'Custom::Unknown'")],
)
def test_a_failure_is_told_and_not_waited_for(monkeypatch: pytest.MonkeyPatch, resource_type: str, reason: str) -> None:
    answer = _answered(monkeypatch, resource_type, {"ClusterArn": "gone"})

    assert (answer["Status"], answer["Reason"]) == ("FAILED", reason)
