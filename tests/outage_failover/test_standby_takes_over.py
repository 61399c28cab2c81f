"""The standby takes traffic without asking the primary or a control plane."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_sns as sns
from aws_cdk.assertions import Template

from ha_patterns import EdgeDistribution, StandbyTakesOver, TrafficSwitch
from ha_patterns.aws.recovery_times import take_over_detection

from ..samples import (
    TOPIC_ARN,
    distribution_config,
    logical_id,
    new_stack,
    only,
    primary_host,
    properties,
    secondary_host,
    stack_in,
    zone_of,
)

_STANDBY = "eu-central-1"


def _takes_over(stack: cdk.Stack, **given: Any) -> StandbyTakesOver:
    if "switch" not in given:
        given["switch"] = TrafficSwitch(stack_in(_STANDBY, stack, "Standby"), "Switch", switch_name="shop")
    return StandbyTakesOver(
        stack,
        "Origin",
        hosted_zone=zone_of(stack),
        record_name="origin",
        primary=primary_host(),
        secondary=secondary_host(),
        **given,
    )


@pytest.fixture(scope="module")
def template() -> Template:
    stack = new_stack()
    _takes_over(stack)
    return Template.from_stack(stack)


def test_the_primary_follows_the_switch_and_the_standby_nothing(template: Template) -> None:
    followed = {
        record["Failover"]: record.get("HealthCheckId") for record in properties(template, "AWS::Route53::RecordSet")
    }

    assert followed == {"PRIMARY": {"Ref": logical_id(template, "AWS::Route53::HealthCheck")}, "SECONDARY": None}


def test_the_switch_is_in_the_standbys_region_and_moves_traffic_only_once_it_is_thrown(template: Template) -> None:
    config = only(template, "AWS::Route53::HealthCheck")["HealthCheckConfig"]

    assert config == {
        "Type": "CLOUDWATCH_METRIC",
        "AlarmIdentifier": {"Name": "shop", "Region": _STANDBY},
        "InsufficientDataHealthStatus": "LastKnownStatus",
        # In alarm is unhealthy; inverted, a switch that was never thrown would send all traffic to the standby.
        "Inverted": False,
    }


def test_the_stacks_agree_on_names_and_tell_each_other_nothing(stack: cdk.Stack) -> None:
    standby = stack_in(_STANDBY, stack, "Standby")
    _takes_over(stack, switch=TrafficSwitch(standby, "Switch", switch_name="shop"))

    edge, switch = Template.from_stack(stack).to_json(), Template.from_stack(standby).to_json()

    assert standby in stack.dependencies
    assert not [output for output in switch["Outputs"].values() if "Export" in output]
    assert "GetStackOutput" not in str(edge)
    alarm = only(Template.from_stack(standby), "AWS::CloudWatch::Alarm")
    assert alarm["AlarmName"] == "shop"
    # Nothing that an alarm of the standby's Region would need of the primary or of the edge.
    assert "AlarmActions" not in alarm


def test_it_takes_two_minutes_and_dns(stack: cdk.Stack) -> None:
    takes_over = _takes_over(stack, ttl=cdk.Duration.seconds(30), recovery_time_objective=cdk.Duration.seconds(155))

    assert takes_over.failover_time.to_seconds() == 120 + 5 + 30
    assert takes_over.failover_parts.detection.to_seconds() == take_over_detection()


def test_an_objective_below_that_is_refused(stack: cdk.Stack) -> None:
    with pytest.raises(ValueError, match=r"recovery_time_objective of 184 s cannot be met: failover takes up to 185 s"):
        _takes_over(stack, recovery_time_objective=cdk.Duration.seconds(184))


def test_an_alarm_tells_that_the_standby_has_taken_over(stack: cdk.Stack) -> None:
    takes_over = _takes_over(stack)
    takes_over.add_alarms(sns.Topic.from_topic_arn(stack, "Topic", TOPIC_ARN))

    alarm = only(Template.from_stack(stack), "AWS::CloudWatch::Alarm")

    assert (alarm["MetricName"], alarm["AlarmActions"], alarm["OKActions"]) == (
        "HealthCheckStatus",
        [TOPIC_ARN],
        [TOPIC_ARN],
    )
    assert alarm["Dimensions"][0]["Value"] == stack.resolve(takes_over.health_check.health_check_id)


def test_the_name_is_an_origin_that_takes_all_methods(stack: cdk.Stack) -> None:
    takes_over = _takes_over(stack)
    EdgeDistribution(
        stack,
        "Site",
        default_behavior=cloudfront.BehaviorOptions(
            origin=takes_over.origin(), allowed_methods=cloudfront.AllowedMethods.ALLOW_ALL
        ),
    )

    (origin,) = distribution_config(Template.from_stack(stack))["Origins"]

    assert origin["DomainName"] == takes_over.endpoint().domain_name == "origin.example.com"


def test_what_was_made_can_be_reached(stack: cdk.Stack) -> None:
    takes_over = _takes_over(stack)

    assert takes_over.dns.primary_health_check is takes_over.health_check
    assert takes_over.health_check.alarm is takes_over.switch.alarm
    assert takes_over.switch.switch_name == "shop"
