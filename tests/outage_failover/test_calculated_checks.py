"""One status out of several checks."""

from __future__ import annotations

import aws_cdk as cdk
import pytest
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_sns as sns
from aws_cdk.assertions import Template

from ha_patterns import CalculatedHealthCheck, EndpointHealthCheck, HealthCheckSettings

from ..samples import TOPIC_ARN, Properties, dns_failover, new_stack, only, properties

_IMPORTED = "0c9b5c4e-0000-4000-8000-000000000000"


def _children(stack: cdk.Stack, count: int = 3) -> list[route53.IHealthCheck]:
    return [
        route53.HealthCheck.from_health_check_id(stack, f"Child{number}", f"{_IMPORTED[:-3]}{number:03}")
        for number in range(count)
    ]


def _endpoint(stack: cdk.Stack, name: str, settings: HealthCheckSettings) -> EndpointHealthCheck:
    return EndpointHealthCheck(stack, name, domain_name=f"{name}.example.com", settings=settings)


def _config(stack: cdk.Stack) -> Properties:
    return dict(only(Template.from_stack(stack), "AWS::Route53::HealthCheck")["HealthCheckConfig"])


@pytest.mark.parametrize(
    ("given", "wanted"), [(None, 3), (3, 3), (2, 2), (1, 1)], ids=["default", "AND", "2 of 3", "OR"]
)
def test_so_many_children_must_be_healthy_and_all_of_them_by_default(
    stack: cdk.Stack, given: int | None, wanted: int
) -> None:
    CalculatedHealthCheck(stack, "Check", child_health_checks=_children(stack), health_threshold=given)

    assert _config(stack) == {
        "Type": "CALCULATED",
        "ChildHealthChecks": [f"{_IMPORTED[:-3]}{number:03}" for number in range(3)],
        "HealthThreshold": wanted,
        "Inverted": False,
    }


def test_as_many_children_are_taken_as_route_53_takes(stack: cdk.Stack) -> None:
    CalculatedHealthCheck(stack, "Check", child_health_checks=_children(stack, 255))

    config = _config(stack)

    assert (len(config["ChildHealthChecks"]), config["HealthThreshold"]) == (255, 255)


def test_it_can_be_inverted(stack: cdk.Stack) -> None:
    CalculatedHealthCheck(stack, "Check", child_health_checks=_children(stack), inverted=True)

    assert _config(stack)["Inverted"] is True


def test_it_notices_as_late_as_its_slowest_child(stack: cdk.Stack) -> None:
    fast = _endpoint(stack, "fast", HealthCheckSettings.fast())
    slow = _endpoint(stack, "slow", HealthCheckSettings.standard())
    either = CalculatedHealthCheck(stack, "Either", child_health_checks=[fast, slow], health_threshold=1)

    assert either.detection_time.to_seconds() == 108
    assert dns_failover(stack, primary_health_check=either).failover_time.to_seconds() == 108 + 5 + 60


def test_the_time_of_a_child_that_cannot_be_seen_is_not_known_and_the_refusal_names_it(stack: cdk.Stack) -> None:
    check = CalculatedHealthCheck(stack, "Check", child_health_checks=_children(stack))

    with pytest.raises(ValueError, match=r"^detection_time cannot be computed: Test/Child0 has no detection_time"):
        _ = check.detection_time


def test_a_record_can_follow_it_and_an_alarm_tells_of_it() -> None:
    stack = new_stack()
    check = CalculatedHealthCheck(stack, "Check", child_health_checks=_children(stack))
    pair = dns_failover(stack, primary_health_check=check)
    check.add_alarms(sns.Topic.from_topic_arn(stack, "Topic", TOPIC_ARN))

    template = Template.from_stack(stack)

    reference = stack.resolve(check.health_check_id)
    assert pair.health_checks == []
    assert [record.get("HealthCheckId") for record in properties(template, "AWS::Route53::RecordSet")] == [
        reference,
        None,
    ]
    alarm = only(template, "AWS::CloudWatch::Alarm")
    assert (alarm["AlarmDescription"], alarm["Dimensions"][0]["Value"]) == ("Test/Check is unhealthy", reference)


def test_the_console_lists_it_by_its_place_as_far_as_a_tag_can_tell(stack: cdk.Stack) -> None:
    CalculatedHealthCheck(stack, f"Both (<{'x' * 250}>)", child_health_checks=_children(stack))

    (tag,) = only(Template.from_stack(stack), "AWS::Route53::HealthCheck")["HealthCheckTags"]

    assert tag == {"Key": "Name", "Value": f"h --{'x' * 250}--"}
