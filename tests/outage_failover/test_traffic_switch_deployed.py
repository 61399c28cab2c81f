"""A switch in a local cloud: its heartbeat repeats what commands put, and a change of its alarm reaches the check."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from aws_cdk import aws_cloudwatch as cloudwatch

from ha_patterns import AlarmHealthCheck, TrafficSwitch
from ha_patterns.cli import main
from tools.local_cloud import LocalCloud

from ..samples import deployable, new_stack, stack_in
from ..tools.test_local_cloud import deploy

_STANDBY = "eu-central-1"


@pytest.fixture(scope="module")
def cloud() -> Iterator[LocalCloud]:
    with LocalCloud() as running:
        yield running


@pytest.fixture
def operator(cloud: LocalCloud, monkeypatch: pytest.MonkeyPatch) -> None:
    """The commands ask the local cloud."""
    for name, value in cloud.environment().items():
        if name.startswith("AWS_"):
            monkeypatch.setenv(name, value)


def _templates(*, threshold: int = 1, description: str = "before") -> tuple[dict[str, Any], dict[str, Any]]:
    """The switch, and the health check that follows it, in its own Region and at the edge."""
    edge = new_stack()
    standby = stack_in(_STANDBY, edge, "Standby")
    switch = TrafficSwitch(standby, "Switch", switch_name="shop")
    alarm = switch.alarm.node.default_child
    assert isinstance(alarm, cloudwatch.CfnAlarm)
    alarm.threshold, alarm.alarm_description = threshold, description
    AlarmHealthCheck(edge, "Check", alarm=switch.alarm)
    return deployable(standby), deployable(edge)


def _deploy(cloud: LocalCloud, *templates: dict[str, Any]) -> dict[str, Any]:
    """Deploy both stacks, as the CDK does: a stack whose template is the same is left out. Returns the check."""
    for name, region, template in zip(("switch", "edge"), (_STANDBY, "us-east-1"), templates, strict=True):
        client = cloud.client("cloudformation", region)
        there = client.list_stacks(StackStatusFilter=["CREATE_COMPLETE", "UPDATE_COMPLETE"])["StackSummaries"]
        if there and client.get_template(StackName=name)["TemplateBody"] == template:
            continue
        made = deploy(cloud, name, template, region=region)
        assert made["StackStatus"] in {"CREATE_COMPLETE", "UPDATE_COMPLETE"}, made
    [check] = cloud.client("route53").list_health_checks()["HealthChecks"]
    return dict(check)


def _beat(cloud: LocalCloud) -> float:
    """Have the rule's target run, as the rule does each minute; returns which side it said serves."""
    events, functions = cloud.client("events", _STANDBY), cloud.client("lambda", _STANDBY)
    [rule] = events.list_rules()["Rules"]
    [target] = events.list_targets_by_rule(Rule=rule["Name"])["Targets"]
    [allowed] = json.loads(functions.get_policy(FunctionName=target["Arn"])["Policy"])["Statement"]
    assert rule["ScheduleExpression"] == "rate(1 minute)"
    assert allowed["Principal"] == {"Service": "events.amazonaws.com"}
    assert rule["Arn"] in str(allowed["Condition"])

    before = time.time()
    answer = functions.invoke(FunctionName=target["Arn"], Payload=b"{}")
    assert "FunctionError" not in answer, answer["Payload"].read()
    metrics = cloud.client("cloudwatch", _STANDBY)
    found = metrics.get_metric_data(
        StartTime=before - 1,
        EndTime=time.time() + 1,
        MetricDataQueries=[
            {
                "Id": "said",
                "MetricStat": {
                    "Metric": {"Namespace": "HaPatterns/shop", "MetricName": "StandbyServes"},
                    # The local cloud has data of each second, so that what the command put is not counted too.
                    "Period": 1,
                    "Stat": "Minimum",
                },
            }
        ],
    )["MetricDataResults"][0]
    latest = max(zip(found["Timestamps"], found["Values"], strict=True))
    return float(latest[1])


def _throw(act: str) -> None:
    assert main(["standby", act, "--switch", "shop", "--region", _STANDBY]) == 0
    # What the heartbeat says next is of another second.
    time.sleep(1.1)


def test_the_heartbeat_repeats_each_act_and_a_new_switch_and_check_take_the_state_over(
    cloud: LocalCloud, operator: None
) -> None:
    switch, edge = _templates()
    _deploy(cloud, switch, edge)
    assert _beat(cloud) == 0

    _throw("take-over")
    assert [_beat(cloud), _beat(cloud)] == [1, 1]
    _throw("give-back")
    assert _beat(cloud) == 0
    _throw("take-over")

    for name, region in (("edge", "us-east-1"), ("switch", _STANDBY)):
        _delete(cloud, name, region)
    _deploy(cloud, switch, edge)
    assert _beat(cloud) == 1


def test_a_change_of_the_alarm_saves_the_check_and_one_that_does_not_matter_leaves_it(cloud: LocalCloud) -> None:
    first = _deploy(cloud, *_templates())
    same = _deploy(cloud, *_templates(description="after"))
    changed = _deploy(cloud, *_templates(threshold=2))

    assert first["Id"] == same["Id"] == changed["Id"]
    assert same["HealthCheckVersion"] == first["HealthCheckVersion"]
    assert changed["HealthCheckVersion"] == first["HealthCheckVersion"] + 1


def _delete(cloud: LocalCloud, name: str, region: str) -> None:
    client = cloud.client("cloudformation", region)
    client.delete_stack(StackName=name)
    client.get_waiter("stack_delete_complete").wait(StackName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 30})
