"""ha-patterns standby take-over and give-back, as they are typed, against moto."""

from __future__ import annotations

import datetime
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import aws_cdk as cdk
import boto3  # type: ignore[import-untyped]
import botocore.client  # type: ignore[import-untyped]
import botocore.exceptions  # type: ignore[import-untyped]
import pytest
from aws_cdk.assertions import Template
from moto import mock_aws

from ha_patterns import TrafficSwitch
from ha_patterns.catalog import BY_NAME
from ha_patterns.cli import main
from ha_patterns.contracts.switches import PRIMARY, STANDBY, data_of_act, data_of_heartbeat, last_acts
from ha_patterns.stacks import ReferenceSettings
from ha_patterns.stacks.standby_takes_over import build

from ..samples import new_stack, only, properties

_REGION = "eu-central-1"
_WHICH = ["--switch", "shop", "--region", _REGION]
_Printed = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    for name in ("AWS_PROFILE", "AWS_ENDPOINT_URL", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def aws() -> Iterator[None]:
    """An AWS without anything in it."""
    with mock_aws():
        yield


@pytest.fixture
def switch(aws: None) -> dict[str, Any]:
    """The alarm that a TrafficSwitch called shop makes."""
    stack = new_stack(_REGION)
    TrafficSwitch(stack, "Switch", switch_name="shop")
    alarm = only(Template.from_stack(stack), "AWS::CloudWatch::Alarm")
    boto3.client("cloudwatch", region_name=_REGION).put_metric_alarm(**alarm)
    return alarm


def _seen_by(alarm: dict[str, Any]) -> list[float]:
    """What the alarm's statistic of the alarm's metric says of the last minutes."""
    now = datetime.datetime.now(datetime.UTC)
    points = boto3.client("cloudwatch", region_name=_REGION).get_metric_statistics(
        Namespace=alarm["Namespace"],
        MetricName=alarm["MetricName"],
        Statistics=[alarm["Statistic"]],
        Period=alarm["Period"],
        StartTime=now - datetime.timedelta(minutes=5),
        EndTime=now + datetime.timedelta(minutes=5),
    )["Datapoints"]
    return [point[alarm["Statistic"]] for point in points]


@pytest.mark.parametrize(
    ("act", "breaching", "says"),
    [
        ("take-over", True, "the standby takes over"),
        ("give-back", False, "traffic is given back to the primary"),
    ],
)
def test_an_act_puts_what_the_switch_watches(
    switch: dict[str, Any], capsys: _Printed, act: str, breaching: bool, says: str
) -> None:
    assert main(["standby", act, *_WHICH]) == 0

    assert {value >= switch["Threshold"] for value in _seen_by(switch)} == {breaching}
    printed = capsys.readouterr()
    # The TTL of the reference stack is 60 s.
    seconds = BY_NAME["standby-takes-over"].failover_seconds
    assert seconds is not None
    assert f"{says} within {seconds - 60} s and the TTL\n" in printed.out
    assert printed.out.splitlines()[1:] == ["confirmed: it is the last act that CloudWatch tells"]
    assert printed.err == ""


def _repeated() -> float:
    """What the heartbeat puts when it runs now."""
    client = boto3.client("cloudwatch", region_name=_REGION)
    value: float = data_of_heartbeat(last_acts(client, "HaPatterns/shop", time.time()))[0]["Value"]
    return value


def test_the_heartbeat_repeats_the_last_act(switch: dict[str, Any]) -> None:
    seen = [_repeated()]
    for act in ("take-over", "give-back", "take-over"):
        assert main(["standby", act, *_WHICH]) == 0
        seen.append(_repeated())

    assert seen == [0, 1, 0, 1]


@pytest.mark.parametrize(("act", "before", "value"), [("take-over", PRIMARY, 1), ("give-back", STANDBY, 0)])
def test_an_act_holds_though_the_one_before_was_told_by_a_clock_that_is_ahead(
    switch: dict[str, Any], act: str, before: int, value: int
) -> None:
    ahead = data_of_act(before, time.time() + 240)
    boto3.client("cloudwatch", region_name=_REGION).put_metric_data(
        Namespace="HaPatterns/shop", MetricData=[datum for datum in ahead if datum["MetricName"] != "StandbyServes"]
    )

    assert main(["standby", act, *_WHICH]) == 0

    assert _repeated() == value


def test_the_act_counts_where_cloudwatch_does_not_say_what_was_done_before(
    switch: dict[str, Any], capsys: _Printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as while_it_acts:
        _answer(while_it_acts, "GetMetricData", _refuse("GetMetricData", "AccessDenied", "no"))
        assert main(["standby", "take-over", *_WHICH]) == 1

    printed = capsys.readouterr()
    assert "the standby takes over" in printed.out
    assert "the act is put, its effect is not confirmed: CloudWatch does not say which act holds" in printed.err
    assert _repeated() == 1


@pytest.mark.parametrize(("act", "value"), [("take-over", 1), ("give-back", 0)])
def test_a_dry_run_says_what_it_would_put_and_puts_nothing(
    switch: dict[str, Any], capsys: _Printed, act: str, value: int
) -> None:
    assert main(["standby", act, *_WHICH, "--dry-run"]) == 0

    assert capsys.readouterr().out == f"would put StandbyServes={value} in HaPatterns/shop, {_REGION}\n"
    assert _seen_by(switch) == []


def _answer(monkeypatch: pytest.MonkeyPatch, operation: str, answer: Callable[[Any], Any]) -> None:
    """Answer one operation in place of AWS."""
    ask = botocore.client.BaseClient._make_api_call

    def answered(self: Any, asked: str, request: Any) -> Any:
        return answer(request) if asked == operation else ask(self, asked, request)

    monkeypatch.setattr(botocore.client.BaseClient, "_make_api_call", answered)


def _refuse(operation: str, code: str, message: str) -> Callable[[Any], Any]:
    def refuse(_: Any) -> Any:
        raise botocore.exceptions.ClientError({"Error": {"Code": code, "Message": message}}, operation)

    return refuse


def test_the_switch_is_read_from_the_outputs_of_the_reference_stack(
    aws: None, capsys: _Printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = cdk.App()
    build(app, ReferenceSettings(zone_name="example.org", zone_id="Z0123456789ABCDEFGHIJ"))
    stack = app.node.find_child("standby-takes-over-switch")
    assert isinstance(stack, cdk.Stack)
    template = Template.from_stack(stack)
    (alarm,) = (
        each for each in properties(template, "AWS::CloudWatch::Alarm") if each.get("AlarmName") == "standby-takes-over"
    )
    boto3.client("cloudwatch", region_name=_REGION).put_metric_alarm(**alarm)
    outputs = {name: output["Value"] for name, output in template.to_json()["Outputs"].items()}
    listed = [{"OutputKey": name, "OutputValue": value} for name, value in outputs.items()]
    _answer(
        monkeypatch,
        "DescribeStacks",
        lambda request: {"Stacks": [{"Outputs": listed}] if request["StackName"] == stack.stack_name else []},
    )

    assert main(["standby", "take-over", "--stack", "standby-takes-over-switch", "--region", _REGION]) == 0
    assert set(_seen_by(alarm)) == {1}
    # And what the stack tells to type is a command.
    for act in ("TakeOver", "GiveBack"):
        assert main([*outputs[act].split()[1:], "--dry-run"]) == 0
    assert "would put StandbyServes=0 in HaPatterns/standby-takes-over" in capsys.readouterr().out


def _error(capsys: _Printed, *arguments: str) -> str:
    assert main(["standby", *arguments]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    return line


def test_a_switch_that_nothing_follows_is_told(aws: None, capsys: _Printed) -> None:
    assert f"but nothing follows it: no switch 'shop' in {_REGION}" in _error(capsys, "take-over", *_WHICH)


def test_the_act_counts_where_cloudwatch_does_not_say_whether_the_switch_is_there(
    switch: dict[str, Any], capsys: _Printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    _answer(monkeypatch, "DescribeAlarms", _refuse("DescribeAlarms", "AccessDenied", "no"))

    assert main(["standby", "take-over", *_WHICH]) == 0

    assert "the standby takes over" in capsys.readouterr().out
    assert set(_seen_by(switch)) == {1}


def test_what_aws_refuses_is_told_in_one_line(aws: None, capsys: _Printed, monkeypatch: pytest.MonkeyPatch) -> None:
    _answer(monkeypatch, "PutMetricData", _refuse("PutMetricData", "AccessDenied", "not you,\nand not now"))

    line = _error(capsys, "take-over", *_WHICH)

    assert line == (
        "ha-patterns: cloudwatch: An error occurred (AccessDenied) when calling the PutMetricData operation: "
        "not you, and not now"
    )


def test_a_stack_that_names_no_switch_is_told_with_the_way_out(
    capsys: _Printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    _answer(monkeypatch, "DescribeStacks", lambda _: {"Stacks": [{"StackName": "other"}]})

    line = _error(capsys, "give-back", "--stack", "other", "--region", _REGION)

    assert line == "ha-patterns: the stack other has no output with TrafficSwitch in its name: give --switch NAME"


def test_of_several_switches_of_a_stack_one_is_chosen_by_its_name(
    capsys: _Printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    stack = cdk.Stack(cdk.App(), "Test", env=cdk.Environment(region=_REGION))
    for name in ("shop", "blog"):
        TrafficSwitch(stack, name.capitalize(), switch_name=name)
    outputs = Template.from_stack(stack).to_json()["Outputs"]
    listed = [{"OutputKey": name, "OutputValue": output["Value"]} for name, output in outputs.items()]
    _answer(monkeypatch, "DescribeStacks", lambda _: {"Stacks": [{"Outputs": listed}]})

    line = _error(capsys, "give-back", "--stack", "Test", "--region", _REGION)

    assert line == "ha-patterns: the stack Test has several switches: give --switch NAME, one of blog, shop"


def test_missing_credentials_are_told_in_one_line(capsys: _Printed, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    for name in ("AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE"):
        monkeypatch.setenv(name, "/nowhere")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    boto3.DEFAULT_SESSION = None

    assert _error(capsys, "take-over", *_WHICH) == "ha-patterns: cloudwatch: Unable to locate credentials"


def test_a_missing_extra_is_told_with_what_to_install(capsys: _Printed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "boto3", None)

    line = _error(capsys, "take-over", *_WHICH)

    assert line == "ha-patterns: this needs the package boto3: pip install 'ha-patterns[aws]'"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "COMMAND"),
        (["drop"], "invalid choice: drop"),
        (["take-over", "--region", _REGION], "one of the arguments --switch --stack is required"),
        (["take-over", "--switch", "shop"], "the following arguments are required: --region"),
        (["give-back", *_WHICH, "--stack", "x"], "not allowed with argument"),
    ],
)
def test_what_is_missing_or_too_much_is_told_after_the_usage(capsys: _Printed, arguments: list[str], said: str) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["standby", *arguments])

    assert ended.value.code == 2
    assert said in capsys.readouterr().err.splitlines()[-1].replace("'", "")
