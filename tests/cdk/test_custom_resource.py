"""The functions behind custom resources as they are shipped: one file each, which answers CloudFormation by itself."""

from __future__ import annotations

import json
import types
from collections.abc import Callable
from typing import Any
from urllib.request import Request

import pytest
from aws_cdk.assertions import Template

from ha_patterns import BucketReplication, RoutingControls, RoutingTable
from ha_patterns.edge.table_facts import TableFacts

from ..samples import CLUSTER_ARN, bucket_pair, new_stack, only


def _replication() -> Template:
    stack = new_stack()
    BucketReplication(stack, "Replication", buckets=bucket_pair(stack))
    return Template.from_stack(stack)


def _facts() -> Template:
    stack = new_stack()
    TableFacts(stack, "Facts", table=RoutingTable(stack, "Routes", replica_regions=["eu-west-1"]), facts={})
    return Template.from_stack(stack)


def _look_up() -> Template:
    stack = new_stack()
    RoutingControls(stack, "Controls", name="site", cluster_arn=CLUSTER_ARN)
    return Template.from_stack(stack)


@pytest.mark.parametrize(
    ("synthesized", "physical_id"),
    [
        pytest.param(_replication, "ireland", id="replication"),
        pytest.param(_facts, "routes/#origins", id="facts"),
        pytest.param(_look_up, "Given", id="look-up"),
    ],
)
def test_the_shipped_code_answers_cloudformation(
    monkeypatch: pytest.MonkeyPatch, synthesized: Callable[[], Template], physical_id: str
) -> None:
    sent: list[Request] = []

    def urlopen(request: Request, timeout: float) -> Any:
        sent.append(request)
        return types.SimpleNamespace(close=lambda: None)

    def refuse(*_: object, **__: object) -> None:
        raise RuntimeError("\u00fc" * 5000)

    monkeypatch.setattr("urllib.request.urlopen", urlopen)
    monkeypatch.setattr("boto3.client", refuse)
    function = only(synthesized(), "AWS::Lambda::Function")
    assert function["Handler"] == "index.handler"
    index = types.ModuleType("index")
    exec(function["Code"]["ZipFile"], index.__dict__)  # noqa: S102 - the code is this package's own
    index.handler(
        {
            "RequestType": "Create",
            "ResourceType": "Custom::RoutingControlEndpoints",
            "ResponseURL": "https://cloudformation.example.com/answer",
            "StackId": "stack",
            "RequestId": "request",
            "LogicalResourceId": "Given",
            "ResourceProperties": {
                "SourceBucket": "ireland",
                "SourceRegion": "eu-west-1",
                "ClusterArn": CLUSTER_ARN,
                "Table": "routes",
                "Host": "#origins",
                "Facts": {},
            },
        },
        None,
    )

    [request] = sent
    assert len(bytes(request.data or b"")) < 4096  # type: ignore[arg-type]
    assert request.get_method() == "PUT"
    answer = json.loads(bytes(request.data or b""))  # type: ignore[arg-type]
    assert (answer["Status"], answer["PhysicalResourceId"]) == ("FAILED", physical_id)
    assert answer["Reason"].startswith(f"{physical_id}: RuntimeError: ???")
    # CloudFormation takes 4,096 bytes.
    assert len(json.dumps(answer)) < 4096
