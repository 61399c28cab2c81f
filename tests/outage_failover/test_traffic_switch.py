"""A traffic switch stays as it was thrown: its heartbeat repeats the state, whatever is lost in between."""

from __future__ import annotations

import itertools
import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import boto3  # type: ignore[import-untyped]
import pytest
from aws_cdk import aws_sns as sns
from aws_cdk.assertions import Annotations, Match, Template

from ha_patterns import AlarmHealthCheck, TrafficSwitch
from ha_patterns.contracts.switches import PRIMARY, STANDBY, data_of_act, last_acts

from ..samples import new_stack, only, properties, stack_in

_REGION = "eu-central-1"
_NAMESPACE = "HaPatterns/shop"
_MINUTE, _HOUR, _DAY = 60, 3600, 86_400
_START = 1_796_000_000.0
_TOPIC = "arn:aws:sns:eu-central-1:123456789012:alarms"


class Cloud:
    """A clock and CloudWatch, which may tell a data point only some time after it was put."""

    def __init__(self) -> None:
        self.now = _START
        self.delay = 0.0
        self.status = "Complete"
        # When it can be read, its time, its metric and its value.
        self.points: list[tuple[float, float, str, float]] = []

    def put_metric_data(self, *, Namespace: str, MetricData: list[dict[str, Any]]) -> None:  # noqa: N803
        assert Namespace == _NAMESPACE
        for datum in MetricData:
            at = datum.get("Timestamp", self.now)
            self.points.append((self.now + self.delay, at, datum["MetricName"], datum["Value"]))

    def get_metric_data(self, *, StartTime: float, EndTime: float, MetricDataQueries: list[Any]) -> Any:  # noqa: N803
        return {"MetricDataResults": [self._result(query, StartTime, EndTime) for query in MetricDataQueries]}

    def _result(self, query: Any, start: float, end: float) -> Any:
        wanted = query["MetricStat"]
        assert wanted["Metric"]["Namespace"] == _NAMESPACE
        assert wanted["Stat"] == "Maximum"
        period = wanted["Period"]
        # What CloudWatch keeps of each age: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html
        kept = 15 * _DAY if period < 300 else 455 * _DAY
        by_period: dict[float, float] = {}
        for readable, at, name, value in self.points:
            if (
                readable <= self.now
                and name == wanted["Metric"]["MetricName"]
                and max(start, self.now - kept) <= at < end
            ):
                by_period[at // period] = max(value, by_period.get(at // period, value))
        return {"Id": query["Id"], "StatusCode": self.status, "Values": list(by_period.values())}

    def serves(self, minute: float) -> float | None:
        """What the alarm and the health check see of the minute that holds a time."""
        seen = [
            value
            for _, at, name, value in self.points
            if name == "StandbyServes" and at // _MINUTE == minute // _MINUTE
        ]
        return max(seen, default=None)

    def throw(self, act: int) -> None:
        self.put_metric_data(Namespace=_NAMESPACE, MetricData=data_of_act(act, self.now))


@pytest.fixture(scope="module")
def template() -> Template:
    stack = new_stack(_REGION)
    TrafficSwitch(stack, "Switch", switch_name="shop")
    return Template.from_stack(stack)


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Cloud:
    cloud = Cloud()
    monkeypatch.setattr("time.time", lambda: cloud.now)
    monkeypatch.setattr(boto3, "client", lambda service, **_: {"cloudwatch": cloud}[service])
    return cloud


@pytest.fixture
def beat(template: Template, cloud: Cloud, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[float], None]:
    """Run the function of the template some seconds later, in a container that remembers nothing."""
    function = only(template, "AWS::Lambda::Function")
    code = tmp_path / "index.py"
    code.write_text(function["Code"]["ZipFile"])
    for name, value in function["Environment"]["Variables"].items():
        monkeypatch.setenv(name, value)

    def run(later: float = _MINUTE) -> None:
        cloud.now += later
        runpy.run_path(str(code))["handler"]({}, None)

    return run


def test_before_the_first_act_the_primary_serves_and_each_minute_says_so(
    cloud: Cloud, beat: Callable[[float], None]
) -> None:
    for _ in range(3):
        beat(_MINUTE)

    assert [cloud.serves(_START + minute * _MINUTE) for minute in (1, 2, 3)] == [0, 0, 0]
    # All metrics are there before the first act: a new metric can be read only after two minutes.
    assert {name for _, _, name, _ in cloud.points} == {"StandbyServes", "TakenOverAt", "GivenBackAt"}


@pytest.mark.parametrize(
    ("acts", "serves"),
    [
        ([STANDBY], 1),
        ([STANDBY, PRIMARY], 0),
        ([STANDBY, PRIMARY, STANDBY], 1),
        ([PRIMARY], 0),
        ([STANDBY, STANDBY], 1),
    ],
)
def test_the_last_act_holds(cloud: Cloud, beat: Callable[[float], None], acts: list[int], serves: int) -> None:
    for act in acts:
        beat(_MINUTE)
        cloud.now += 5
        cloud.throw(act)

    for _ in range(200):
        beat(_MINUTE)
        if cloud.now - _START > 10 * _MINUTE:
            assert cloud.serves(cloud.now) == serves


def test_a_take_over_holds_from_its_own_minute_on_though_the_heartbeat_reads_it_two_minutes_late(
    cloud: Cloud, beat: Callable[[float], None]
) -> None:
    cloud.delay = 2 * _MINUTE - 1
    for _ in range(5):
        beat(_MINUTE)
    cloud.now += 59
    cloud.throw(STANDBY)
    thrown = cloud.now
    for pause in [2, *[_MINUTE] * 9]:
        beat(pause)

    minutes = [cloud.serves(thrown + minute * _MINUTE) for minute in range(10)]
    assert minutes == [1] * 10


def test_a_give_back_holds_from_the_next_minute_on(cloud: Cloud, beat: Callable[[float], None]) -> None:
    cloud.throw(STANDBY)
    for _ in range(5):
        beat(_MINUTE)
    cloud.throw(PRIMARY)
    given = cloud.now
    for _ in range(3):
        beat(_MINUTE)

    assert [cloud.serves(given + minute * _MINUTE) for minute in range(4)] == [1, 0, 0, 0]


@pytest.mark.parametrize("silence", [10 * _MINUTE, 4 * _HOUR, 3 * _DAY, 40 * _DAY, 440 * _DAY])
@pytest.mark.parametrize("acts", [[STANDBY], [STANDBY, PRIMARY], [PRIMARY, STANDBY]])
def test_a_heartbeat_that_was_silent_takes_the_state_up_again(
    cloud: Cloud, beat: Callable[[float], None], silence: int, acts: list[int]
) -> None:
    beat(_MINUTE)
    for act in acts:
        cloud.now += 3 * _MINUTE
        cloud.throw(act)

    beat(silence)

    assert cloud.serves(cloud.now) == acts[-1]


def test_acts_while_the_heartbeat_is_silent_count(cloud: Cloud, beat: Callable[[float], None]) -> None:
    cloud.throw(STANDBY)
    beat(_MINUTE)
    cloud.now += 5 * _HOUR
    cloud.throw(PRIMARY)

    beat(_HOUR)

    assert cloud.serves(cloud.now) == 0


def test_a_state_of_years_ago_is_repeated_as_long_as_the_heartbeat_runs(
    cloud: Cloud, beat: Callable[[float], None]
) -> None:
    cloud.throw(STANDBY)
    for _ in range(6):
        beat(150 * _DAY)

    assert cloud.serves(cloud.now) == 1


@pytest.mark.parametrize("status", ["PartialData", "InternalError", "Forbidden"])
def test_a_state_that_cannot_be_read_is_not_guessed(cloud: Cloud, beat: Callable[[float], None], status: str) -> None:
    cloud.throw(STANDBY)
    before = list(cloud.points)
    cloud.status = status

    with pytest.raises(RuntimeError, match="CloudWatch does not say how HaPatterns/shop was thrown"):
        beat(5 * _MINUTE)

    assert cloud.points == before


def test_both_sides_agree_in_every_order_of_acts_and_heartbeats(cloud: Cloud, beat: Callable[[float], None]) -> None:
    for steps in itertools.product(("beat", STANDBY, PRIMARY), repeat=4):
        cloud.points.clear()
        last = PRIMARY
        for step in steps:
            if step == "beat":
                beat(20)
            else:
                assert isinstance(step, int)
                cloud.now += 20
                cloud.throw(step)
                last = step

        times = last_acts(cloud, _NAMESPACE, cloud.now)
        assert (times[STANDBY] > times[PRIMARY]) is (last == STANDBY), steps


def test_it_runs_every_minute_in_the_region_of_the_switch(template: Template) -> None:
    ((function, _),) = template.find_resources("AWS::Lambda::Function").items()
    rule = only(template, "AWS::Events::Rule")

    assert (rule["ScheduleExpression"], rule["State"]) == ("rate(1 minute)", "ENABLED")
    assert [target["Arn"] for target in rule["Targets"]] == [{"Fn::GetAtt": [function, "Arn"]}]
    assert only(template, "AWS::Lambda::Permission")["Principal"] == "events.amazonaws.com"
    # It needs nothing of another Region or stack.
    assert "GetStackOutput" not in str(template.to_json())


def test_the_heartbeat_may_read_metrics_and_write_to_its_switch_alone(template: Template) -> None:
    (group,) = template.find_resources("AWS::Logs::LogGroup")

    assert only(template, "AWS::IAM::Policy")["PolicyDocument"]["Statement"] == [
        {
            "Effect": "Allow",
            "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
            "Resource": {"Fn::GetAtt": [group, "Arn"]},
        },
        {
            "Effect": "Allow",
            "Action": "cloudwatch:PutMetricData",
            "Resource": "*",
            "Condition": {"StringEquals": {"cloudwatch:namespace": _NAMESPACE}},
        },
        {"Effect": "Allow", "Action": "cloudwatch:GetMetricData", "Resource": "*"},
    ]


def test_its_log_group_is_one_of_the_stack_and_keeps_a_month(template: Template) -> None:
    ((name, group),) = template.find_resources("AWS::Logs::LogGroup").items()

    assert (group["Properties"]["RetentionInDays"], group["DeletionPolicy"]) == (30, "Delete")
    assert only(template, "AWS::Lambda::Function")["LoggingConfig"] == {"LogGroup": {"Ref": name}}


def test_an_alarm_tells_that_the_heartbeat_is_silent() -> None:
    stack = new_stack(_REGION)
    switch = TrafficSwitch(stack, "Switch", switch_name="shop")
    (made,) = switch.add_alarms(sns.Topic.from_topic_arn(stack, "Topic", _TOPIC))

    (alarm,) = (
        each
        for each in properties(Template.from_stack(stack), "AWS::CloudWatch::Alarm")
        if each["Statistic"] == "SampleCount"
    )
    assert made.node.path == "Test/Switch/Silent"
    assert (alarm["Namespace"], alarm["MetricName"]) == (_NAMESPACE, "StandbyServes")
    assert (alarm["ComparisonOperator"], alarm["Threshold"], alarm["EvaluationPeriods"]) == ("LessThanThreshold", 1, 3)
    assert alarm["TreatMissingData"] == "breaching"
    assert alarm["AlarmActions"] == alarm["OKActions"] == [_TOPIC]


def test_a_topic_of_another_region_is_refused() -> None:
    stack = new_stack(_REGION)
    switch = TrafficSwitch(stack, "Switch", switch_name="shop")
    topic = sns.Topic.from_topic_arn(stack, "Topic", _TOPIC.replace(_REGION, "us-east-1"))

    with pytest.raises(ValueError, match=r"^topic must be in eu-central-1, got one in us-east-1"):
        switch.add_alarms(topic)


def test_a_check_of_the_switch_keeps_its_status_in_a_gap_and_nothing_warns_of_it(stack: cdk.Stack) -> None:
    switch = TrafficSwitch(stack_in(_REGION, stack, "Standby"), "Switch", switch_name="shop")
    AlarmHealthCheck(stack, "Check", alarm=switch.alarm)

    config = only(Template.from_stack(stack), "AWS::Route53::HealthCheck")["HealthCheckConfig"]

    assert config["InsufficientDataHealthStatus"] == "LastKnownStatus"
    Annotations.from_stack(stack).has_no_warning("*", Match.any_value())
