"""Traffic that has moved stays moved until somebody gives it back."""

from __future__ import annotations

import json
import os
import re
import runpy
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import boto3  # type: ignore[import-untyped]
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_sns as sns
from aws_cdk.assertions import Template
from moto import mock_aws

from ha_patterns import EndpointHealthCheck, TrafficSwitch
from ha_patterns.contracts.switches import PRIMARY, STANDBY, data_of_heartbeat, last_acts
from ha_patterns.semantics.recovery_time import recoveries
from ha_patterns.testing import topology_of

from ..samples import TOPIC_ARN, Properties, dns_failover, hybrid_failover, new_stack, properties

_SWITCH = "origin.example.com-failback"


@pytest.fixture(scope="module")
def held() -> Template:
    stack = new_stack()
    dns_failover(stack, failback="manual")
    return Template.from_stack(stack)


def _checks(template: Template) -> dict[str, tuple[str, Properties]]:
    """The logical id and the configuration of each check, by type."""
    return {
        check["Properties"]["HealthCheckConfig"]["Type"]: (name, check["Properties"]["HealthCheckConfig"])
        for name, check in template.find_resources("AWS::Route53::HealthCheck").items()
    }


def _alarms(template: Template) -> dict[str, Properties]:
    return {alarm["MetricName"]: alarm for alarm in properties(template, "AWS::CloudWatch::Alarm")}


def test_the_checks_count_the_time_that_the_construct_does() -> None:
    stack = new_stack()
    failover = dns_failover(stack, failback="manual")

    [span] = [recovery.span for recovery in recoveries(topology_of(stack))]

    assert span.seconds == failover.failover_time.to_seconds() == 113


def test_the_primary_serves_only_while_its_endpoint_and_the_switch_are_healthy(held: Template) -> None:
    checks = _checks(held)
    both, config = checks["CALCULATED"]

    assert set(checks) == {"HTTPS", "CLOUDWATCH_METRIC", "CALCULATED"}
    assert config["ChildHealthChecks"] == [{"Ref": checks["HTTPS"][0]}, {"Ref": checks["CLOUDWATCH_METRIC"][0]}]
    assert config["HealthThreshold"] == 2
    followed = {
        record["Failover"]: record.get("HealthCheckId") for record in properties(held, "AWS::Route53::RecordSet")
    }
    assert followed == {"PRIMARY": {"Ref": both}, "SECONDARY": None}


def test_the_switch_serves_the_primary_before_it_is_ever_thrown_and_then_stays_as_it_was(held: Template) -> None:
    switch, config = _alarms(held)["StandbyServes"], _checks(held)["CLOUDWATCH_METRIC"][1]

    assert (switch["AlarmName"], switch["Namespace"]) == (_SWITCH, f"HaPatterns/{_SWITCH}")
    assert (switch["Statistic"], switch["Period"], switch["EvaluationPeriods"]) == ("Maximum", 60, 1)
    assert (switch["ComparisonOperator"], switch["Threshold"]) == ("GreaterThanOrEqualToThreshold", 1)
    assert switch["TreatMissingData"] == "ignore"
    # A new check without data is healthy, unless it is inverted; without more data the last status holds.
    assert (config["Inverted"], config["InsufficientDataHealthStatus"]) == (False, "LastKnownStatus")
    assert config["AlarmIdentifier"]["Region"] == "us-east-1"


def _thrower(template: Template) -> str:
    """The logical id of the function that throws the switch; another one repeats its state."""
    (function,) = (
        name for name in template.find_resources("AWS::Lambda::Function") if re.match("OriginFailbackFunction", name)
    )
    return function


def test_a_failure_of_the_endpoint_throws_the_switch_and_its_recovery_does_not(held: Template) -> None:
    failed = _alarms(held)["HealthCheckStatus"]
    function = _thrower(held)

    assert failed["Dimensions"] == [{"Name": "HealthCheckId", "Value": {"Ref": _checks(held)["HTTPS"][0]}}]
    assert (failed["Statistic"], failed["Threshold"], failed["ComparisonOperator"]) == (
        "Minimum",
        1,
        "LessThanThreshold",
    )
    assert failed["AlarmActions"] == [{"Fn::GetAtt": [function, "Arn"]}]
    assert "OKActions" not in failed
    permissions = {
        each["FunctionName"]["Fn::GetAtt"][0]: each["Principal"] for each in properties(held, "AWS::Lambda::Permission")
    }
    assert permissions[function] == "lambda.alarms.cloudwatch.amazonaws.com"


@mock_aws
def test_the_function_in_the_template_puts_what_the_switch_watches(
    held: Template, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    function = held.find_resources("AWS::Lambda::Function")[_thrower(held)]["Properties"]
    code = tmp_path / "index.py"
    code.write_text(function["Code"]["ZipFile"])
    for name, value in function["Environment"]["Variables"].items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    before = time.time()

    runpy.run_path(str(code))["handler"]({}, None)

    switch = _alarms(held)["StandbyServes"]
    client = boto3.client("cloudwatch")
    written = {each["MetricName"]: (each["Namespace"], each["Dimensions"]) for each in client.list_metrics()["Metrics"]}
    assert written == dict.fromkeys(
        ("StandbyServes", "TakenOverAt"), (switch["Namespace"], switch.get("Dimensions", []))
    )
    # Read as the heartbeat reads it.
    times = last_acts(client, switch["Namespace"], time.time())
    assert before <= times[STANDBY] <= time.time()
    assert times[PRIMARY] == 0
    assert switch["Threshold"] <= data_of_heartbeat(times)[0]["Value"]


def test_the_function_may_read_metrics_and_write_to_that_switch_and_nothing_else(held: Template) -> None:
    role = held.find_resources("AWS::Lambda::Function")[_thrower(held)]["Properties"]["Role"]["Fn::GetAtt"][0]
    (policy,) = (each for each in properties(held, "AWS::IAM::Policy") if each["Roles"] == [{"Ref": role}])

    throw, read = (each for each in policy["PolicyDocument"]["Statement"] if each["Resource"] == "*")
    assert read == {"Effect": "Allow", "Action": "cloudwatch:GetMetricData", "Resource": "*"}
    assert throw["Action"] == "cloudwatch:PutMetricData"
    assert throw["Condition"] == {"StringEquals": {"cloudwatch:namespace": f"HaPatterns/{_SWITCH}"}}


def test_failover_takes_as_long_as_the_endpoints_check_takes_to_notice(stack: cdk.Stack) -> None:
    pair = dns_failover(stack, failback="manual", recovery_time_objective=cdk.Duration.seconds(113))

    assert pair.failover_time.to_seconds() == 113


def test_what_was_made_can_be_reached_and_alarms_tell_of_it(stack: cdk.Stack) -> None:
    pair = dns_failover(stack, failback="manual")
    alarms = pair.add_alarms(sns.Topic.from_topic_arn(stack, "Topic", TOPIC_ARN))

    assert pair.failback_switch is not None
    assert pair.failback_switch.switch_name == _SWITCH
    assert [check.node.path for check in pair.health_checks] == [
        "Test/Origin/PrimaryHealthCheck",
        "Test/Origin/Failback/SwitchHealthCheck",
        "Test/Origin/Failback/HealthCheck",
    ]
    assert [alarm.node.path for alarm in alarms] == [
        *(f"{check.node.path}/Alarm" for check in pair.health_checks),
        "Test/Origin/Failback/Switch/Silent",
    ]
    Template.from_stack(stack)


def test_a_check_of_ones_own_is_latched_as_well(stack: cdk.Stack) -> None:
    own = EndpointHealthCheck(stack, "Own", domain_name="health.example.com")
    dns_failover(stack, failback="manual", primary_health_check=own)
    imported = new_stack()
    check = route53.HealthCheck.from_health_check_id(imported, "Own", "0c9b5c4e")
    dns_failover(imported, failback="manual", primary_health_check=check)

    for each, reference in ((stack, stack.resolve(own.health_check_id)), (imported, "0c9b5c4e")):
        template = Template.from_stack(each)
        assert _checks(template)["CALCULATED"][1]["ChildHealthChecks"][0] == reference
        assert _alarms(template)["HealthCheckStatus"]["Dimensions"][0]["Value"] == reference


def test_a_hybrid_failover_holds_its_name_in_the_same_way(stack: cdk.Stack) -> None:
    site = hybrid_failover(stack, failback="manual")

    assert site.dns.failback_switch is not None
    assert "CALCULATED" in _checks(Template.from_stack(stack))


@pytest.mark.parametrize("make", [dns_failover, hybrid_failover], ids=["DNS", "hybrid"])
def test_failback_is_automatic_where_nothing_is_said(make: Any) -> None:
    silent, said = new_stack(), new_stack()
    make(silent)
    make(said, failback="automatic")

    template = Template.from_stack(silent).to_json()
    assert template == Template.from_stack(said).to_json()
    assert "CALCULATED" not in json.dumps(template)


def test_a_switch_can_be_thrown_by_whom_it_is_granted(stack: cdk.Stack) -> None:
    switch = TrafficSwitch(stack, "Switch", switch_name="shop")
    operator = iam.Role(stack, "Operator", assumed_by=iam.AccountRootPrincipal())
    switch.grant_throw(operator)

    statement, read = next(
        each["PolicyDocument"]["Statement"]
        for each in properties(Template.from_stack(stack), "AWS::IAM::Policy")
        if each["Roles"] == [stack.resolve({"Ref": stack.get_logical_id(operator.node.default_child)})]  # type: ignore[arg-type]
    )

    # Whoever throws it reads the acts before, and reads back the own one.
    assert (read["Action"], read["Resource"]) == ("cloudwatch:GetMetricData", "*")
    assert statement["Action"] == "cloudwatch:PutMetricData"
    assert statement["Condition"] == {"StringEquals": {"cloudwatch:namespace": "HaPatterns/shop"}}


_REVIEWED = """
import aws_cdk as cdk
from cdk_nag import AwsSolutionsChecks
from tests.samples import dns_failover

app = cdk.App()
cdk.Validations.of(app).add_plugins(AwsSolutionsChecks(app))
dns_failover(cdk.Stack(app, "Test", env=cdk.Environment(region="us-east-1")), failback="manual")
app.synth()
"""


def test_a_security_review_has_nothing_to_ask_of_it(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "CDK_VALIDATION"}
    done = subprocess.run(
        [sys.executable, "-c", _REVIEWED],
        cwd=Path(__file__).parents[2],
        env={**environment, "CDK_OUTDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert "AwsSolutions" not in done.stdout + done.stderr
