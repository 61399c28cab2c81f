"""Where an edge function runs, its log is kept for a time, and tells when it fails or degrades."""

from __future__ import annotations

import aws_cdk as cdk
import pytest
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sns as sns
from aws_cdk.assertions import Match, Template

from ha_patterns import EdgeFunction, EdgeFunctionLogs
from ha_patterns.edge import functions

from ..samples import TOPIC_ARN, new_stack, only, stack_in, text_token


@pytest.fixture
def function(tmp_path, monkeypatch) -> EdgeFunction:  # type: ignore[no-untyped-def]
    for name in ("common", "sample"):
        (tmp_path / name).mkdir()
    monkeypatch.setattr(functions, "source_folder", lambda: tmp_path)
    return EdgeFunction(
        new_stack(),
        "Router",
        function="sample",
        event_type=cloudfront.LambdaEdgeEventType.ORIGIN_REQUEST,
        configuration={},
    )


def test_the_log_group_of_another_region_is_that_of_the_replica(function: EdgeFunction) -> None:
    stack = stack_in("eu-west-1", function)
    EdgeFunctionLogs(stack, "Logs", function=function, retention=logs.RetentionDays.ONE_WEEK)
    template = Template.from_stack(stack)

    group = only(template, "AWS::Logs::LogGroup")
    prefix, name = group["LogGroupName"]["Fn::Join"][1]
    assert prefix == "/aws/lambda/us-east-1."
    assert name["Fn::GetStackOutput"]["StackName"] == "Test"
    assert name["Fn::GetStackOutput"]["Region"] == "us-east-1"
    assert group["RetentionInDays"] == 7


def test_the_log_group_outlives_its_stack_but_not_a_first_deploy_that_is_rolled_back(function: EdgeFunction) -> None:
    stack = stack_in("eu-west-1", function)
    EdgeFunctionLogs(stack, "Logs", function=function)

    Template.from_stack(stack).has_resource(
        "AWS::Logs::LogGroup", {"DeletionPolicy": "RetainExceptOnCreate", "UpdateReplacePolicy": "Retain"}
    )


def test_in_the_functions_own_stack_it_is_named_directly(function: EdgeFunction) -> None:
    stack = cdk.Stack.of(function)
    EdgeFunctionLogs(stack, "Logs", function=function)

    group = only(Template.from_stack(stack), "AWS::Logs::LogGroup")

    assert group["LogGroupName"]["Fn::Join"][1][1]["Ref"].startswith("RouterFunction")
    assert group["RetentionInDays"] == 30


def test_alarms_tell_of_failures_and_of_serving_without_the_source(function: EdgeFunction) -> None:
    stack = stack_in("eu-west-1", function)
    alarms = EdgeFunctionLogs(stack, "Logs", function=function).add_alarms(sns.Topic(stack, "Topic"))
    template = Template.from_stack(stack)

    assert len(alarms) == 2
    template.has_resource_properties(
        "AWS::CloudWatch::Alarm", {"MetricName": "Errors", "Namespace": "AWS/Lambda", "AlarmActions": Match.any_value()}
    )
    template.has_resource_properties("AWS::CloudWatch::Alarm", {"Namespace": "HaPatterns/Edge"})
    assert only(template, "AWS::Logs::MetricFilter")["FilterPattern"] == '{ $.event = "*" }'


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
