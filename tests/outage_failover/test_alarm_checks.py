"""What CloudWatch measures decides."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_sns as sns
from aws_cdk.assertions import Annotations, Match, Template

from ha_patterns import AlarmHealthCheck

from ..samples import (
    TOPIC_ARN,
    Properties,
    dns_failover,
    logical_id,
    metric_alarm,
    new_stack,
    number_token,
    only,
    properties,
    stack_in,
)

_Missing = cloudwatch.TreatMissingData
_Status = route53.InsufficientDataHealthStatusEnum


def _check(stack: cdk.Stack, **given: Any) -> AlarmHealthCheck:
    return AlarmHealthCheck(stack, "Check", **given)


def _config(stack: cdk.Stack) -> Properties:
    return dict(only(Template.from_stack(stack), "AWS::Route53::HealthCheck")["HealthCheckConfig"])


def test_an_alarm_is_followed_by_name_and_region_and_without_data_it_is_unhealthy(stack: cdk.Stack) -> None:
    _check(stack, alarm_name="shop-errors", alarm_region="eu-west-1")

    assert _config(stack) == {
        "Type": "CLOUDWATCH_METRIC",
        "AlarmIdentifier": {"Name": "shop-errors", "Region": "eu-west-1"},
        "InsufficientDataHealthStatus": "Unhealthy",
        "Inverted": False,
    }


def test_an_inverted_check_is_unhealthy_without_data_too(stack: cdk.Stack) -> None:
    _check(stack, alarm=metric_alarm(stack), inverted=True)

    # Route 53 inverts this as well.
    assert _config(stack)["InsufficientDataHealthStatus"] == "Healthy"


@pytest.mark.parametrize("of_app", [True, False], ids=["made here", "by name"])
def test_the_last_known_status_is_warned_of(stack: cdk.Stack, of_app: bool) -> None:
    alarm = {"alarm": metric_alarm(stack)} if of_app else {"alarm_name": "errors", "alarm_region": "eu-west-1"}
    _check(stack, **alarm, insufficient_data_health_status=_Status.LAST_KNOWN_STATUS)

    assert _config(stack)["InsufficientDataHealthStatus"] == "LastKnownStatus"
    Annotations.from_stack(stack).has_warning(
        "/Test/Check", Match.string_like_regexp(r"^with LAST_KNOWN_STATUS, a primary .*health-check:last-known-status")
    )


def test_the_warning_of_the_last_known_status_can_be_acknowledged(stack: cdk.Stack) -> None:
    check = _check(stack, alarm=metric_alarm(stack), insufficient_data_health_status=_Status.LAST_KNOWN_STATUS)
    cdk.Annotations.of(check).acknowledge_warning("@ha-patterns/health-check:last-known-status", "of the standby")

    Annotations.from_stack(stack).has_no_warning("*", Match.any_value())


@pytest.mark.parametrize("status", [None, _Status.HEALTHY, _Status.UNHEALTHY])
def test_no_other_status_is_warned_of(stack: cdk.Stack, status: _Status | None) -> None:
    _check(stack, alarm=metric_alarm(stack), insufficient_data_health_status=status)

    Annotations.from_stack(stack).has_no_warning("*", Match.any_value())


def _check_of(alarm: Callable[[cdk.Stack], cloudwatch.Alarm], of_another_stack: bool = False) -> Properties:
    """The template's health check of an alarm."""
    stack = new_stack()
    _check(stack, alarm=alarm(stack_in("eu-central-1", stack, "Standby") if of_another_stack else stack))
    return only(Template.from_stack(stack), "AWS::Route53::HealthCheck")


def _tags(check: Properties) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in check["HealthCheckTags"]}


_CHANGED: dict[str, dict[str, Any]] = {
    "threshold": {"threshold": 7},
    "statistic": {"statistic": "Minimum"},
    "period": {"period": cdk.Duration.seconds(60)},
    "periods": {"evaluation_periods": 9},
    "comparison": {"comparison_operator": cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD},
    "metric": {"metric_name": "Other"},
    "namespace": {"namespace": "Other"},
    "dimension": {"dimensions_map": {"Which": "Other"}},
}


def _alarm_of(stack: cdk.Stack, **changed: Any) -> cloudwatch.Alarm:
    alarm: dict[str, Any] = {"threshold": 1, "evaluation_periods": 2, "alarm_description": "before"}
    metric: dict[str, Any] = {"namespace": "Shop", "metric_name": "Errors", "dimensions_map": {"Which": "One"}}
    for name, value in changed.items():
        (alarm if name in {*alarm, "comparison_operator"} else metric)[name] = value
    return cloudwatch.Alarm(stack, "Alarm", alarm_name="errors", metric=cloudwatch.Metric(**metric), **alarm)


@pytest.mark.parametrize("of_another_stack", [False, True], ids=["this stack", "another stack"])
@pytest.mark.parametrize("changed", _CHANGED.values(), ids=_CHANGED)
def test_a_change_of_the_alarms_settings_changes_the_check_by_a_tag_alone(
    changed: dict[str, Any], of_another_stack: bool
) -> None:
    before = _check_of(_alarm_of, of_another_stack)
    after = _check_of(lambda stack: _alarm_of(stack, **changed), of_another_stack)

    assert before["HealthCheckConfig"] == after["HealthCheckConfig"]
    assert _tags(before).keys() == _tags(after).keys() == {"Name", "AlarmSettings"}
    assert _tags(before)["AlarmSettings"] != _tags(after)["AlarmSettings"]


@pytest.mark.parametrize("of_another_stack", [False, True], ids=["this stack", "another stack"])
def test_a_new_resource_behind_the_alarms_dimension_changes_the_check(of_another_stack: bool) -> None:
    """Under the same logical id, as a deploy makes it when a property changes that cannot be updated."""

    def checked(instance_type: str) -> Properties:
        def alarm(stack: cdk.Stack) -> cloudwatch.Alarm:
            instance = cdk.CfnResource(
                stack, "Instance", type="AWS::EC2::Instance", properties={"InstanceType": instance_type}
            )
            return _alarm_of(stack, dimensions_map={"InstanceId": instance.ref})

        return _check_of(alarm, of_another_stack)

    before, same, after = (checked(kind) for kind in ("t4g.nano", "t4g.nano", "t4g.micro"))

    assert before == same
    assert before["HealthCheckConfig"] == after["HealthCheckConfig"]
    assert _tags(before)["AlarmSettings"] != _tags(after)["AlarmSettings"]


def test_what_route_53_does_not_copy_changes_nothing() -> None:
    assert _check_of(_alarm_of) == _check_of(lambda stack: _alarm_of(stack, alarm_description="after"))


def test_a_change_of_the_alarm_after_the_check_was_made_counts() -> None:
    def changed_later(stack: cdk.Stack, threshold: int) -> Properties:
        alarm = _alarm_of(stack)
        _check(stack, alarm=alarm)
        resource = alarm.node.default_child
        assert isinstance(resource, cloudwatch.CfnAlarm)
        resource.threshold = threshold
        return only(Template.from_stack(stack), "AWS::Route53::HealthCheck")

    assert _tags(changed_later(new_stack(), 1)) == _tags(_check_of(_alarm_of))
    assert _tags(changed_later(new_stack(), 7)) == _tags(_check_of(lambda stack: _alarm_of(stack, threshold=7)))


@pytest.mark.parametrize(
    ("status", "said"), [(_Status.HEALTHY, "Healthy"), (_Status.UNHEALTHY, "Unhealthy")], ids=["healthy", "unhealthy"]
)
def test_what_it_is_without_data_and_which_way_round_can_be_said(stack: cdk.Stack, status: _Status, said: str) -> None:
    _check(stack, alarm=metric_alarm(stack), insufficient_data_health_status=status, inverted=True)

    config = _config(stack)

    assert (config["InsufficientDataHealthStatus"], config["Inverted"]) == (said, True)


def test_an_alarm_of_this_stack_needs_no_chosen_name_and_is_made_before(stack: cdk.Stack) -> None:
    _check(stack, alarm=metric_alarm(stack, alarm_name=None))

    template = Template.from_stack(stack)

    alarm = logical_id(template, "AWS::CloudWatch::Alarm")
    config = only(template, "AWS::Route53::HealthCheck")["HealthCheckConfig"]
    assert config["AlarmIdentifier"] == {"Name": {"Ref": alarm}, "Region": "us-east-1"}
    template.has_resource("AWS::Route53::HealthCheck", {"DependsOn": Match.array_with([alarm])})


def test_in_a_stack_without_a_region_an_alarm_of_the_same_stack_is_followed_wherever_that_is() -> None:
    stack = new_stack(None)
    _check(stack, alarm=metric_alarm(stack))

    assert _config(stack)["AlarmIdentifier"]["Region"] == {"Ref": "AWS::Region"}


def test_an_alarm_of_another_region_is_named_there_and_its_stack_deployed_before(stack: cdk.Stack) -> None:
    standby = stack_in("eu-central-1", stack, "Standby")
    _check(stack, alarm=metric_alarm(standby))

    config = _config(stack)

    assert config["AlarmIdentifier"] == {"Name": "shop-errors", "Region": "eu-central-1"}
    assert standby in stack.dependencies


def test_an_imported_alarm_is_named_by_its_arn(stack: cdk.Stack) -> None:
    arn = "arn:aws:cloudwatch:eu-west-1:123456789012:alarm:shop-errors"
    _check(stack, alarm=cloudwatch.Alarm.from_alarm_arn(stack, "Alarm", arn))

    assert _config(stack)["AlarmIdentifier"]["Name"] == "shop-errors"
    # Nothing is known of its settings.
    assert _tags(only(Template.from_stack(stack), "AWS::Route53::HealthCheck")) == {"Name": "shop-errors"}


@pytest.mark.parametrize("statistic", ["Average", "Minimum", "Maximum", "Sum", "SampleCount"])
def test_all_plain_statistics_are_followed(stack: cdk.Stack, statistic: str) -> None:
    _check(stack, alarm=metric_alarm(stack, statistic=statistic, evaluation_periods=3, datapoints_to_alarm=3))

    assert _config(stack)["Type"] == "CLOUDWATCH_METRIC"


def test_it_notices_when_a_period_that_began_before_the_outage_and_the_evaluation_periods_are_over(
    stack: cdk.Stack,
) -> None:
    alarm = metric_alarm(stack, period=cdk.Duration.seconds(300), evaluation_periods=2)
    check = _check(stack, alarm=alarm, insufficient_data_health_status=_Status.HEALTHY)

    assert check.detection_time.to_seconds() == 900
    assert dns_failover(stack, primary_health_check=check).failover_time.to_seconds() == 900 + 5 + 60


@pytest.mark.parametrize(
    ("status", "treatment", "inverted", "seconds"),
    [
        (_Status.HEALTHY, _Missing.IGNORE, False, 180),
        (_Status.LAST_KNOWN_STATUS, _Missing.MISSING, False, 180),
        (_Status.UNHEALTHY, _Missing.IGNORE, False, 360),
        (_Status.HEALTHY, _Missing.BREACHING, False, 360),
        (None, _Missing.IGNORE, False, 360),
        # Route 53 inverts the status without data, too.
        (None, _Missing.IGNORE, True, 360),
        (_Status.UNHEALTHY, _Missing.BREACHING, True, 180),
        (_Status.UNHEALTHY, _Missing.NOT_BREACHING, True, 360),
    ],
)
def test_if_missing_data_is_unhealthy_the_time_is_that_of_an_outage_that_ends_the_data(
    stack: cdk.Stack, status: Any, treatment: Any, inverted: bool, seconds: int
) -> None:
    alarm = metric_alarm(stack, period=cdk.Duration.seconds(60), evaluation_periods=2, treat_missing_data=treatment)
    check = _check(stack, alarm=alarm, insufficient_data_health_status=status, inverted=inverted)

    assert check.detection_time.to_seconds() == seconds


_SEEN_NOWHERE: dict[str, Callable[[cdk.Stack], dict[str, Any]]] = {
    "by name": lambda _: {"alarm_name": "shop-errors", "alarm_region": "eu-west-1"},
    "imported": lambda stack: {
        "alarm": cloudwatch.Alarm.from_alarm_arn(
            stack, "Alarm", "arn:aws:cloudwatch:us-east-1:123456789012:alarm:shop-errors"
        )
    },
    "a token": lambda stack: {"alarm": metric_alarm(stack, evaluation_periods=number_token(stack, "Periods"))},
}


@pytest.mark.parametrize("given", _SEEN_NOWHERE.values(), ids=_SEEN_NOWHERE)
def test_no_time_is_known_of_an_alarm_that_cannot_be_seen(
    stack: cdk.Stack, given: Callable[[cdk.Stack], dict[str, Any]]
) -> None:
    check = _check(stack, **given(stack))

    with pytest.raises(ValueError, match=r"^detection_time cannot be computed: the settings of the alarm of Test/Che"):
        _ = check.detection_time


def test_the_console_and_an_alarm_on_its_status_name_the_alarm_that_it_follows(stack: cdk.Stack) -> None:
    _check(stack, alarm_name="shop-errors", alarm_region="eu-west-1").add_alarms(
        sns.Topic.from_topic_arn(stack, "Topic", TOPIC_ARN)
    )

    template = Template.from_stack(stack)

    (check,) = properties(template, "AWS::Route53::HealthCheck")
    assert check["HealthCheckTags"] == [{"Key": "Name", "Value": "shop-errors"}]
    assert only(template, "AWS::CloudWatch::Alarm")["AlarmDescription"] == "shop-errors is unhealthy"
