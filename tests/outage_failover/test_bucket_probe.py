"""The probe of a private bucket: what it makes of S3's answers, and the alarm on it."""

from __future__ import annotations

from typing import Any

import boto3  # type: ignore[import-untyped]
import pytest
from aws_cdk.assertions import Template
from botocore.exceptions import ClientError  # type: ignore[import-untyped]
from moto import mock_aws

from ha_patterns.outage_failover.bucket_probe import handler as probe

from ..samples import bucket_pair, bucket_probe, new_stack, only


def _template(**given: Any) -> Template:
    stack = new_stack()
    made = bucket_probe(bucket_pair(stack).primary, stack, **given)
    return Template.from_stack(made.node.scope)  # type: ignore[arg-type]


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Any:
    for name, value in {
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "eu-west-1",
        "BUCKET": "content",
        "KEY": "health-check",
    }.items():
        monkeypatch.setenv(name, value)
    with mock_aws():
        s3 = boto3.client("s3")
        s3.create_bucket(Bucket="content", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
        yield s3


def test_an_object_that_can_be_read_is_health(bucket: Any) -> None:
    for body in (b"well", b""):
        bucket.put_object(Bucket="content", Key="health-check", Body=body)

        probe.handler({}, None)


def test_that_there_is_no_such_object_is_an_answer_of_s3_too(bucket: Any) -> None:
    probe.handler({}, None)


def test_a_bucket_that_is_gone_is_not_healthy(bucket: Any) -> None:
    bucket.delete_bucket(Bucket="content")

    with pytest.raises(ClientError, match="NoSuchBucket"):
        probe.handler({}, None)


@pytest.mark.parametrize("code", ["AccessDenied", "SlowDown", "InternalError", "ServiceUnavailable"])
def test_what_readers_would_get_as_an_error_is_one_here(
    bucket: Any, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Failing:
        def get_object(self, **_: str) -> None:
            raise ClientError({"Error": {"Code": code}}, "GetObject")

    monkeypatch.setattr(boto3, "client", lambda *_, **__: Failing())

    with pytest.raises(ClientError, match=code):
        probe.handler({}, None)


def test_it_gives_up_before_the_function_is_stopped() -> None:
    config = probe._QUICK
    longest = config.retries["total_max_attempts"] * (config.connect_timeout + config.read_timeout)

    assert longest < only(_template(), "AWS::Lambda::Function")["Timeout"]


def test_it_runs_once_a_minute_and_is_not_run_again() -> None:
    template = _template()

    assert only(template, "AWS::Events::Rule")["ScheduleExpression"] == "rate(1 minute)"
    assert only(template, "AWS::Lambda::EventInvokeConfig")["MaximumRetryAttempts"] == 0


def test_the_alarm_is_one_that_route_53_follows_from_another_region() -> None:
    alarm = only(_template(failure_threshold=3), "AWS::CloudWatch::Alarm")

    assert alarm["AlarmName"] == "content-eu-west-1"
    assert (alarm["Namespace"], alarm["MetricName"], alarm["Statistic"]) == ("AWS/Lambda", "Errors", "Sum")
    assert (alarm["Period"], alarm["EvaluationPeriods"], alarm["Threshold"]) == (60, 3, 1)
    assert alarm["TreatMissingData"] == "breaching"
    assert "DatapointsToAlarm" not in alarm


def test_it_may_read_one_object_and_ask_whether_it_is_there() -> None:
    (policy,) = only(_template(key="status/health.txt"), "AWS::IAM::Role")["Policies"]

    reads, lists, _ = policy["PolicyDocument"]["Statement"]
    assert (reads["Action"], reads["Resource"]["Fn::Join"][1][2]) == (
        "s3:GetObject",
        ":s3:::content-eu-west-1/status/health.txt",
    )
    assert (lists["Action"], lists["Resource"]["Fn::Join"][1][2]) == ("s3:ListBucket", ":s3:::content-eu-west-1")
    assert lists["Condition"] == {"StringEquals": {"s3:prefix": "status/health.txt"}}
