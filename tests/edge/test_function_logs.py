"""Where an edge function runs, its log is kept for a time, and tells when it fails or degrades."""

from __future__ import annotations

from pathlib import Path

import aws_cdk as cdk
import pytest
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sns as sns
from aws_cdk.assertions import Template

from ha_patterns import EdgeFunction, EdgeFunctionLogs

from ..samples import TOPIC_ARN, new_stack, only, properties, stack_in, text_token


@pytest.fixture
def function(source: Path) -> EdgeFunction:
    return EdgeFunction(
        new_stack(),
        "Router",
        function="sample",
        event_type=cloudfront.LambdaEdgeEventType.ORIGIN_REQUEST,
        configuration={},
    )


def test_the_log_group_has_the_name_that_the_function_logs_to(function: EdgeFunction) -> None:
    stack = stack_in("eu-west-1", function)
    EdgeFunctionLogs(stack, "Logs", function=function, retention=logs.RetentionDays.ONE_WEEK)

    group = only(Template.from_stack(stack), "AWS::Logs::LogGroup")

    assert group["LogGroupName"] == "/ha-patterns/Test/Router"
    assert group["RetentionInDays"] == 7
    written = only(Template.from_stack(cdk.Stack.of(function)), "AWS::Lambda::Function")
    assert written["LoggingConfig"]["LogGroup"] == group["LogGroupName"]


def test_the_log_group_is_there_before_the_function_and_refers_to_nothing_of_it(function: EdgeFunction) -> None:
    stack = stack_in("eu-west-1", function)
    EdgeFunctionLogs(stack, "Logs", function=function).add_alarms(sns.Topic(stack, "Topic"))

    assert cdk.Stack.of(function).dependencies == [stack]
    assert "Fn::GetStackOutput" not in str(Template.from_stack(stack).to_json())


def test_the_log_group_outlives_its_stack_but_not_a_first_deploy_that_is_rolled_back(function: EdgeFunction) -> None:
    stack = stack_in("eu-west-1", function)
    EdgeFunctionLogs(stack, "Logs", function=function)

    Template.from_stack(stack).has_resource(
        "AWS::Logs::LogGroup", {"DeletionPolicy": "RetainExceptOnCreate", "UpdateReplacePolicy": "Retain"}
    )


@pytest.mark.parametrize("nested", [False, True], ids=["own", "nested"])
def test_fails_in_the_functions_own_stack(function: EdgeFunction, nested: bool) -> None:
    stack = cdk.Stack.of(function)
    scope = cdk.NestedStack(stack, "Nested") if nested else stack

    with pytest.raises(ValueError, match=r"in another stack than its logs, got one of Test: .*Stack\(app, 'Logs'"):
        EdgeFunctionLogs(scope, "Logs", function=function)


def test_lines_are_kept_for_a_month_where_nothing_else_is_said(function: EdgeFunction) -> None:
    stack = stack_in("us-east-1", function)
    EdgeFunctionLogs(stack, "Logs", function=function)

    assert only(Template.from_stack(stack), "AWS::Logs::LogGroup")["RetentionInDays"] == 30


def test_alarms_tell_of_failures_and_of_serving_without_the_source(function: EdgeFunction) -> None:
    stack = stack_in("eu-west-1", function)
    alarms = EdgeFunctionLogs(stack, "Logs", function=function).add_alarms(sns.Topic(stack, "Topic"))
    template = Template.from_stack(stack)

    assert len(alarms) == 2
    filters = properties(template, "AWS::Logs::MetricFilter")
    assert {made["FilterPattern"] for made in filters} == {
        '{ $.event = "*" }',
        '{ $.type = "platform.report" && $.record.status != "success" }',
    }
    counted = {made["MetricTransformations"][0]["MetricName"] for made in filters}
    assert counted == {"ha-patterns/Test/Router-errors", "ha-patterns/Test/Router-degraded"}
    watched = properties(template, "AWS::CloudWatch::Alarm")
    assert {alarm["MetricName"] for alarm in watched} == counted
    assert all(alarm["AlarmActions"] and alarm["Namespace"] == "HaPatterns/Edge" for alarm in watched)


def test_fails_for_a_topic_of_another_region(function: EdgeFunction) -> None:
    stack = stack_in("eu-west-1", function)
    made = EdgeFunctionLogs(stack, "Logs", function=function)
    topic = sns.Topic.from_topic_arn(stack, "Topic", TOPIC_ARN)

    with pytest.raises(ValueError, match="topic must be in eu-west-1, got one in us-east-1"):
        made.add_alarms(topic)


@pytest.mark.parametrize(("region", "arn"), [("eu-west-1", None), (None, TOPIC_ARN)], ids=["topic", "stack"])
def test_takes_a_topic_where_only_the_deploy_knows_a_region(
    function: EdgeFunction, region: str | None, arn: str | None
) -> None:
    stack = stack_in(region, function)
    topic = sns.Topic.from_topic_arn(stack, "Topic", arn or text_token(stack, "Arn"))

    assert len(EdgeFunctionLogs(stack, "Logs", function=function).add_alarms(topic)) == 2
