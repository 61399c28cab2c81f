"""Zonal shift: what is set on the load balancer, what AWS may do, and how long clients stay."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from aws_cdk.assertions import Template

from ha_patterns import AcceleratorEndpoint, ZonalShift

from ..samples import (
    errors_alarm,
    listening,
    multi_az_accelerator,
    new_balancer,
    new_stack,
    number_token,
    only,
    vpc_in,
    warnings_of,
    zonal_shift,
)


def _attributes(stack: cdk.Stack) -> dict[str, Any]:
    balancer = only(Template.from_stack(stack), "AWS::ElasticLoadBalancingV2::LoadBalancer")
    return {attribute["Key"]: attribute["Value"] for attribute in balancer["LoadBalancerAttributes"]}


def test_autoshift_is_on_with_its_practice_runs_and_their_alarm(stack: cdk.Stack) -> None:
    shift = zonal_shift(stack)

    found = only(Template.from_stack(stack), "AWS::ARCZonalShift::ZonalAutoshiftConfiguration")
    assert shift.configuration is not None
    assert found["ZonalAutoshiftStatus"] == "ENABLED"
    assert found["ResourceIdentifier"] == stack.resolve(shift.load_balancer.load_balancer_arn)
    practice = found["PracticeRunConfiguration"]
    assert practice.keys() == {"OutcomeAlarms"}
    [condition] = practice["OutcomeAlarms"]
    assert condition["Type"] == "CLOUDWATCH"
    assert condition["AlarmIdentifier"]["Fn::GetAtt"][1] == "Arn"


def test_practice_runs_can_be_blocked(stack: cdk.Stack) -> None:
    zonal_shift(
        stack,
        blocking_alarm=errors_alarm(stack, "Blocking"),
        blocked_windows=["Mon:08:00-Mon:18:00", "Sat:00:00-Sat:23:59"],
        blocked_dates=["2026-12-24"],
    )

    practice = only(Template.from_stack(stack), "AWS::ARCZonalShift::ZonalAutoshiftConfiguration")[
        "PracticeRunConfiguration"
    ]
    assert practice["BlockedWindows"] == ["Mon:08:00-Mon:18:00", "Sat:00:00-Sat:23:59"]
    assert practice["BlockedDates"] == ["2026-12-24"]
    assert practice["BlockingAlarms"] != practice["OutcomeAlarms"]


def test_a_load_balancer_is_shiftable_and_ends_connections_after_five_minutes(stack: cdk.Stack) -> None:
    shift = zonal_shift(stack)

    attributes = _attributes(stack)
    assert attributes["zonal_shift.config.enabled"] == "true"
    assert attributes["client_keep_alive.seconds"] == "300"
    assert shift.failover_time.to_seconds() == 365
    assert warnings_of(stack) == set()


def test_a_keep_alive_of_ones_own_is_kept(stack: cdk.Stack) -> None:
    shift = zonal_shift(stack, load_balancer=new_balancer(stack, client_keep_alive=Duration.seconds(60)))

    assert _attributes(stack)["client_keep_alive.seconds"] == "60"
    assert shift.failover_time.to_seconds() == 125
    assert warnings_of(stack) == set()


def test_a_long_keep_alive_is_a_warning(stack: cdk.Stack) -> None:
    shift = zonal_shift(stack, load_balancer=new_balancer(stack, client_keep_alive=Duration.hours(1)))

    assert shift.failover_time.to_seconds() == 3665
    assert warnings_of(stack) == {("/Test/ZonalShift", "@ha-patterns/zonal-shift:long-keep-alive")}


def test_a_keep_alive_that_only_the_deploy_knows_gives_no_failover_time(stack: cdk.Stack) -> None:
    keep_alive = Duration.seconds(number_token(stack, "KeepAlive"))
    balancer = new_balancer(stack)
    balancer.set_attribute("client_keep_alive.seconds", cdk.Token.as_string(stack.resolve(keep_alive.to_seconds())))

    shift = zonal_shift(stack, load_balancer=balancer)

    with pytest.raises(ValueError, match=r"failover_time cannot be computed: client_keep_alive\.seconds"):
        _ = shift.failover_time


def test_a_network_load_balancer_has_no_keep_alive_to_wait_for(stack: cdk.Stack) -> None:
    balancer = elbv2.NetworkLoadBalancer(stack, "Network", vpc=vpc_in(stack), internet_facing=True)

    shift = zonal_shift(stack, load_balancer=balancer)

    attributes = _attributes(stack)
    assert attributes["zonal_shift.config.enabled"] == "true"
    assert "client_keep_alive.seconds" not in attributes
    assert shift.failover_time.to_seconds() == 65


def test_without_autoshift_it_is_for_people_alone(stack: cdk.Stack) -> None:
    shift = ZonalShift(stack, "ZonalShift", load_balancer=new_balancer(stack), autoshift=False)

    assert shift.configuration is None
    Template.from_stack(stack).resource_count_is("AWS::ARCZonalShift::ZonalAutoshiftConfiguration", 0)
    assert _attributes(stack)["zonal_shift.config.enabled"] == "true"


def test_a_load_balancer_behind_an_accelerator_can_be_shifted(stack: cdk.Stack) -> None:
    balancer = listening(new_balancer(stack))
    multi_az_accelerator(stack, endpoints=[AcceleratorEndpoint.application_load_balancer(balancer)])

    zonal_shift(stack, load_balancer=balancer)

    assert warnings_of(stack) == set()


def test_an_alarm_is_known_by_its_arn(stack: cdk.Stack) -> None:
    arn = "arn:aws:cloudwatch:us-east-1:123456789012:alarm:errors"

    zonal_shift(stack, outcome_alarm=cloudwatch.Alarm.from_alarm_arn(stack, "Imported", arn))

    found = only(Template.from_stack(stack), "AWS::ARCZonalShift::ZonalAutoshiftConfiguration")
    assert found["PracticeRunConfiguration"]["OutcomeAlarms"] == [{"AlarmIdentifier": arn, "Type": "CLOUDWATCH"}]


def test_the_objective_is_met_to_the_second(stack: cdk.Stack) -> None:
    zonal_shift(stack, recovery_time_objective=Duration.seconds(365))
    with pytest.raises(ValueError, match="recovery_time_objective of 364 s cannot be met: failover takes up to 365 s"):
        zonal_shift(new_stack(), recovery_time_objective=Duration.seconds(364))


def _errors(balancer: elbv2.ApplicationLoadBalancer, *kinds: str) -> cloudwatch.IMetric:
    metrics = {
        "target": balancer.metrics.http_code_target(elbv2.HttpCodeTarget.TARGET_5XX_COUNT),
        "elb": balancer.metrics.http_code_elb(elbv2.HttpCodeElb.ELB_5XX_COUNT),
    }
    used = {kind: metrics[kind] for kind in kinds}
    if len(used) == 1:
        return used[kinds[0]]
    return cloudwatch.MathExpression(expression=" + ".join(f"FILL({kind}, 0)" for kind in used), using_metrics=used)


@pytest.mark.parametrize(
    ("kinds", "warned"),
    [(["target"], True), (["elb"], False), (["target", "elb"], False)],
    ids=["target", "elb", "both"],
)
def test_an_outcome_alarm_that_counts_the_errors_of_targets_alone_is_a_warning(
    stack: cdk.Stack, kinds: list[str], *, warned: bool
) -> None:
    balancer = new_balancer(stack)
    alarm = cloudwatch.Alarm(stack, "Alarm", metric=_errors(balancer, *kinds), threshold=1, evaluation_periods=1)

    zonal_shift(stack, load_balancer=balancer, outcome_alarm=alarm)

    found = warnings_of(stack)
    assert found == ({("/Test/ZonalShift", "@ha-patterns/zonal-shift:blind-alarm")} if warned else set())


@pytest.mark.parametrize(
    ("watched", "warned"),
    [(["Other"], True), (["Own"], False), (["Own", "Other"], False)],
    ids=["other", "own", "both"],
)
def test_an_outcome_alarm_on_another_load_balancer_alone_is_a_warning(
    stack: cdk.Stack, watched: list[str], *, warned: bool
) -> None:
    balancers = {name: new_balancer(stack, name) for name in ("Own", "Other")}
    errors = {name.lower(): _errors(balancers[name], "elb") for name in watched}
    metric = errors[watched[0].lower()]
    if len(errors) > 1:
        metric = cloudwatch.MathExpression(expression="own + other", using_metrics=errors)
    alarm = cloudwatch.Alarm(stack, "Alarm", metric=metric, threshold=1, evaluation_periods=1)

    zonal_shift(stack, load_balancer=balancers["Own"], outcome_alarm=alarm)

    expected = {("/Test/ZonalShift", "@ha-patterns/zonal-shift:other-balancer")}
    assert warnings_of(stack) == (expected if warned else set())


def test_an_imported_outcome_alarm_cannot_be_seen(stack: cdk.Stack) -> None:
    arn = "arn:aws:cloudwatch:us-east-1:123456789012:alarm:errors"

    zonal_shift(stack, outcome_alarm=cloudwatch.Alarm.from_alarm_arn(stack, "Alarm", arn))

    assert warnings_of(stack) == set()
