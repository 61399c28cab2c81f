"""Alarms with all that decides when they go off, and composite alarms with the alarms that their rules name."""

from __future__ import annotations

from typing import Any

import pytest

from ha_patterns.topology.model import Alarm, CompositeAlarm, Dimension, Function, MetricQuery, Topic
from ha_patterns.topology.values import Unresolved

from .loading import get_att, load_resources, load_stacks, named, only, ref, resource

_PARAMETERS = {"Given": {"Type": "String"}}
_GIVEN = Unresolved("the parameter Given of Test, which has no default")


def _alarm(more: dict[str, Any] | None = None, **given: Any) -> Alarm:
    resources = {"Alarm": resource("CloudWatch::Alarm", **given), **(more or {})}
    return only(load_resources(resources, Parameters=_PARAMETERS), Alarm)


def test_an_alarm_of_one_metric_has_all_that_it_says() -> None:
    alarm = _alarm(
        AlarmName="errors",
        Namespace="AWS/ApplicationELB",
        MetricName="HTTPCode_ELB_5XX_Count",
        Statistic="Sum",
        Dimensions=[{"Name": "LoadBalancer", "Value": "app/one/1"}, {"Name": "AvailabilityZone", "Value": "a"}],
        Period=60,
        EvaluationPeriods=3,
        DatapointsToAlarm=2,
        Threshold="0.5",
        ComparisonOperator="GreaterThanThreshold",
        TreatMissingData="breaching",
        Unit="Count",
        ActionsEnabled="false",
    )

    assert (alarm.name, alarm.threshold, alarm.threshold_metric_id) == ("errors", 0.5, None)
    assert (alarm.comparison_operator, alarm.treat_missing_data) == ("GreaterThanThreshold", "breaching")
    assert (alarm.period, alarm.evaluation_periods, alarm.datapoints_to_alarm) == (60, 3, 2)
    assert (alarm.unit, alarm.actions_enabled, alarm.queries) == ("Count", False, ())
    assert alarm.dimensions == (
        Dimension(name="LoadBalancer", value="app/one/1"),
        Dimension(name="AvailabilityZone", value="a"),
    )


def test_an_alarm_that_says_nothing_has_the_defaults() -> None:
    alarm = _alarm()

    assert (alarm.name, alarm.threshold, alarm.comparison_operator, alarm.unit) == (None, None, None, None)
    assert (alarm.treat_missing_data, alarm.actions_enabled, alarm.has_metric_math) == ("missing", True, False)
    assert (alarm.dimensions, alarm.queries, alarm.gaps) == ((), (), ())
    assert (alarm.actions, alarm.ok_actions, alarm.insufficient_data_actions) == ((), (), ())
    assert (alarm.starts, alarm.ok_starts, alarm.insufficient_data_starts) == ((), (), ())


def test_of_an_alarm_whose_settings_are_given_nothing_is_guessed() -> None:
    names = ("Threshold", "ComparisonOperator", "TreatMissingData", "ActionsEnabled", "Unit")
    alarm = _alarm(**dict.fromkeys((*names, "Dimensions", "Metrics", "OKActions"), ref("Given")))

    settings = (alarm.threshold, alarm.comparison_operator, alarm.treat_missing_data, alarm.actions_enabled, alarm.unit)
    assert set(settings) == {_GIVEN}
    assert (alarm.dimensions, alarm.queries, alarm.ok_actions) == ((), (), ())
    assert alarm.gaps == (_GIVEN, _GIVEN, _GIVEN)
    assert alarm.has_metric_math


@pytest.mark.parametrize("threshold", ["many", "nan", "1e999", get_att("Made", "Threshold")])
def test_a_threshold_that_is_no_number_is_unresolved(threshold: object) -> None:
    assert isinstance(_alarm({"Made": resource("Custom::Threshold")}, Threshold=threshold).threshold, Unresolved)


def test_an_alarm_of_metric_math_keeps_its_queries() -> None:
    metric = {"Namespace": "Shop", "MetricName": "Errors", "Dimensions": [{"Name": "Region", "Value": "eu-west-1"}]}
    alarm = _alarm(
        Metrics=[
            {"Id": "share", "Expression": "errors / requests", "Period": 300, "Label": "share"},
            {"Id": "errors", "MetricStat": {"Metric": metric, "Stat": "p99", "Period": 60}, "ReturnData": False},
        ],
        ThresholdMetricId="band",
    )

    assert alarm.has_metric_math
    assert alarm.threshold_metric_id == "band"
    common: dict[str, Any] = {"unit": None, "account_id": None}
    share, errors = alarm.queries
    assert share == MetricQuery(
        id="share",
        expression="errors / requests",
        namespace=None,
        metric_name=None,
        dimensions=(),
        statistic=None,
        period=300,
        returns_data=True,
        **common,
    )
    assert errors == MetricQuery(
        id="errors",
        expression=None,
        namespace="Shop",
        metric_name="Errors",
        dimensions=(Dimension(name="Region", value="eu-west-1"),),
        statistic="p99",
        period=60,
        returns_data=False,
        **common,
    )


def test_an_alarm_starts_something_in_each_of_its_states() -> None:
    more = {"Topic": resource("SNS::Topic"), "Function": resource("Lambda::Function")}
    alarm = _alarm(
        more, AlarmActions=[ref("Topic")], OKActions=[get_att("Function", "Arn")], InsufficientDataActions=["x"]
    )

    assert [type(thing) for thing in (*alarm.starts, *alarm.ok_starts)] == [Topic, Function]
    assert (alarm.insufficient_data_actions, alarm.insufficient_data_starts) == (("x",), ())


# Composite alarms.

_ALARMS = {name: resource("CloudWatch::Alarm", AlarmName=name.lower()) for name in ("One", "Two", "Three")}


def _composite(rule: object, **given: Any) -> CompositeAlarm:
    composite = resource("CloudWatch::CompositeAlarm", AlarmName="all", AlarmRule=rule, **given)
    inner = resource("CloudWatch::CompositeAlarm", AlarmName="inner", AlarmRule="ALARM(three)")
    topology = load_resources({"All": composite, "Inner": inner, **_ALARMS}, Parameters=_PARAMETERS)
    return named(topology, CompositeAlarm, "All")


def _names(composite: CompositeAlarm) -> list[str]:
    return [one.waits_for if isinstance(one, Unresolved) else one.place.logical_id for one in composite.alarms]


@pytest.mark.parametrize(
    ("rule", "names"),
    [
        ("ALARM(one)", ["One"]),
        ('ALARM("one") AND NOT OK(two)', ["One", "Two"]),
        ('(ALARM( "one" ) OR INSUFFICIENT_DATA( two )) AND ALARM(one)', ["One", "Two"]),
        ("ALARM(arn:aws:cloudwatch:eu-west-1:123456789012:alarm:three)", ["Three"]),
        ('AT_LEAST(2, ALARM, (one, "two", three)) OR OK(inner)', ["One", "Two", "Three", "Inner"]),
        ("AT_LEAST(50%, NOT OK, (two))", ["Two"]),
        ("TRUE OR FALSE", []),
        ("ALARM(elsewhere)", ["elsewhere, which is not in these templates"]),
        ('ALARM("a (b), ALARM(one)")', ["a (b), ALARM(one), which is not in these templates"]),
        ({"Fn::Join": ["", ['ALARM("', get_att("One", "Arn"), '") AND OK(', ref("Two"), ")"]]}, ["One", "Two"]),
        ({"Fn::Sub": "AT_LEAST(1, ALARM, (${One}, ${Inner}))"}, ["One", "Inner"]),
        ({"Fn::Sub": "ALARM(one) AND ${Given}"}, ["One", _GIVEN.waits_for]),
        (ref("Given"), [_GIVEN.waits_for]),
        (ref("AWS::NoValue"), []),
        ("ALARM(all)", ["all, which is not in these templates"]),
    ],
)
def test_a_composite_alarm_has_the_alarms_that_its_rule_names(rule: object, names: list[str]) -> None:
    assert _names(_composite(rule)) == names


def test_an_arn_of_an_alarm_has_its_whole_name() -> None:
    names = {"Path": "prod/api", "Colon": "prod:api", "Last": "api"}
    alarms = {logical_id: resource("CloudWatch::Alarm", AlarmName=name) for logical_id, name in names.items()}
    arns = [f"ALARM(arn:aws:cloudwatch:eu-west-1:123456789012:alarm:{name})" for name in names.values()]
    composite = resource("CloudWatch::CompositeAlarm", AlarmRule=" OR ".join(arns))
    topology = load_resources({"All": composite, **alarms})

    assert _names(only(topology, CompositeAlarm)) == ["Path", "Colon", "Last"]


def test_a_composite_alarm_has_what_it_says() -> None:
    topic = "arn:aws:sns:eu-west-1:123456789012:topic"
    composite = _composite("ALARM(one)", ActionsEnabled=False, ActionsSuppressor=ref("Two"), AlarmActions=[topic])

    assert (composite.name, composite.rule, composite.actions_enabled) == ("all", "ALARM(one)", False)
    assert isinstance(composite.actions_suppressor, Alarm)
    assert (composite.actions, composite.starts, composite.ok_actions) == ((topic,), (), ())


def test_a_composite_alarm_that_says_nothing_has_the_defaults() -> None:
    composite = only(load_resources({"Empty": resource("CloudWatch::CompositeAlarm")}), CompositeAlarm)

    assert (composite.name, composite.rule, composite.alarms) == (None, None, ())
    assert (composite.actions_enabled, composite.actions_suppressor, composite.gaps) == (True, None, ())


def test_composite_alarms_of_each_other_have_an_end() -> None:
    composite = _composite({"Fn::Sub": "ALARM(${All})"})

    assert _names(composite) == ["All, which refers to itself"]


def test_an_alarm_of_another_region_is_not_the_one_that_a_rule_names() -> None:
    composite = {"All": resource("CloudWatch::CompositeAlarm", AlarmRule="ALARM(one)")}
    stacks = {"A": {"Resources": _ALARMS}, "B": {"Resources": _ALARMS}, "C": {"Resources": composite}}

    here = load_stacks(stacks, {"A": "us-east-1"})
    assert only(here, CompositeAlarm).alarms == (next(one for one in here.of(Alarm) if one.place.stack.id == "B"),)

    elsewhere = load_stacks({"A": stacks["A"], "C": stacks["C"]}, {"A": "us-east-1"})
    assert _names(only(elsewhere, CompositeAlarm)) == ["one, which is not in these templates"]
