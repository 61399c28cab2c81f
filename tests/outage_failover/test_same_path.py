"""GET and HEAD fail over on a path that takes writes, in anybody's distribution."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sns as sns
from aws_cdk.assertions import Template

from ha_patterns import Endpoint, FailoverOriginGroup, OriginSettings, SamePathReads

from ..samples import (
    TOPIC_ARN,
    Properties,
    distribution_config,
    logical_id,
    new_stack,
    only,
    origin,
    primary_host,
    properties,
    same_path_site,
    secondary_host,
    warnings_of,
)


@pytest.fixture(scope="module")
def template() -> Template:
    stack = new_stack()
    same_path_site(stack)
    return Template.from_stack(stack)


@pytest.fixture(scope="module")
def config(template: Template) -> Properties:
    return distribution_config(template)


def _reads(stack: cdk.Stack, **given: Any) -> SamePathReads:
    members = {"primary": primary_host(), "secondary": secondary_host(), "origin_id": "reads"}
    return SamePathReads(stack, "Reads", origin_group=FailoverOriginGroup(**{**members, **given}))


def test_the_function_is_live_in_the_runtime_that_has_the_helper(template: Template) -> None:
    function = only(template, "AWS::CloudFront::Function")

    assert function["FunctionConfig"]["Runtime"] == "cloudfront-js-2.0"
    assert function["AutoPublish"] is True


def test_the_runtime_hangs_on_no_feature_flag() -> None:
    stack = new_stack(flags={"@aws-cdk/aws-cloudfront:defaultFunctionRuntimeV2_0": False})
    same_path_site(stack)

    function = only(Template.from_stack(stack), "AWS::CloudFront::Function")
    assert function["FunctionConfig"]["Runtime"] == "cloudfront-js-2.0"


def test_the_behavior_takes_writes_to_its_own_origin_and_has_the_function_at_viewer_request(
    template: Template, config: Properties
) -> None:
    [behavior] = config["CacheBehaviors"]
    arn = {"Fn::GetAtt": [logical_id(template, "AWS::CloudFront::Function"), "FunctionARN"]}

    assert behavior["FunctionAssociations"] == [{"EventType": "viewer-request", "FunctionARN": arn}]
    assert {"POST", "PUT", "PATCH", "DELETE"} <= set(behavior["AllowedMethods"])
    assert origin(config, behavior["TargetOriginId"])["DomainName"] == "writes.example.com"


def test_the_ids_in_the_code_are_origins_of_the_distribution_the_primary_first(
    template: Template, config: Properties
) -> None:
    code = only(template, "AWS::CloudFront::Function")["FunctionCode"]

    assert '"originIds": [{"originId": "reads-primary"}, {"originId": "reads-secondary"}]' in code
    assert origin(config, "reads-primary")["DomainName"] == "primary.example.com"
    assert origin(config, "reads-secondary")["DomainName"] == "secondary.example.com"


def test_its_logs_are_kept_for_a_month_where_cloudfront_writes_them(template: Template) -> None:
    group = only(template, "AWS::Logs::LogGroup")
    name = only(template, "AWS::CloudFront::Function")["Name"]

    assert group["LogGroupName"] == f"/aws/cloudfront/function/{name}"
    assert group["RetentionInDays"] == 30


def test_the_log_group_is_there_before_the_function_and_deleted_after_it(template: Template) -> None:
    """What the function logs while a destroy takes its distribution down would make the group again, and it would stay.

    The name is CloudFront's, so the next deploy would fail.
    """
    template.has_resource("AWS::CloudFront::Function", {"DependsOn": [logical_id(template, "AWS::Logs::LogGroup")]})


def test_one_function_serves_two_distributions_with_the_same_ids() -> None:
    stack = new_stack()
    reads = _reads(stack)
    for name in ("One", "Two"):
        cloudfront.Distribution(
            stack,
            name,
            default_behavior=cloudfront.BehaviorOptions(origin=reads.origin_group),
            additional_behaviors={
                "/*": cloudfront.BehaviorOptions(
                    origin=primary_host().origin(), function_associations=[reads.association]
                )
            },
        )

    sites = properties(Template.from_stack(stack), "AWS::CloudFront::Distribution")
    assert len(sites) == 2
    for each in sites:
        assert {"reads-primary", "reads-secondary"} < {one["Id"] for one in each["DistributionConfig"]["Origins"]}


def test_the_failover_time_is_that_of_the_group() -> None:
    reads = _reads(new_stack(), primary_settings=OriginSettings(connection_attempts=1))

    assert reads.failover_time.to_seconds() == reads.origin_group.failover_time.to_seconds() == 40


def test_alarms_tell_of_reads_without_failover_and_of_requests_that_the_function_fails() -> None:
    stack = new_stack()
    reads = _reads(stack)
    alarms = reads.add_alarms(sns.Topic.from_topic_arn(stack, "Topic", TOPIC_ARN))
    template = Template.from_stack(stack)
    name = only(template, "AWS::CloudFront::Function")["Name"]
    found = {alarm["MetricName"]: alarm for alarm in properties(template, "AWS::CloudWatch::Alarm")}
    missed = only(template, "AWS::Logs::MetricFilter")

    failures = {"FunctionExecutionErrors", "FunctionValidationErrors", "FunctionThrottles"}
    assert set(found) == {f"{name}-degraded", *failures}
    assert len(alarms) == 4
    for metric in failures:
        assert found[metric]["Namespace"] == "AWS/CloudFront"
        assert found[metric]["Dimensions"] == [
            {"Name": "FunctionName", "Value": name},
            {"Name": "Region", "Value": "Global"},
        ]
    [counted] = missed["MetricTransformations"]
    assert found[counted["MetricName"]]["Namespace"] == counted["MetricNamespace"]
    phrase = missed["FilterPattern"].strip('"')
    assert f"event: '{phrase}'" in only(template, "AWS::CloudFront::Function")["FunctionCode"]
    for alarm in found.values():
        assert alarm["Statistic"] == "Sum"
        assert alarm["TreatMissingData"] == "notBreaching"
        assert alarm["AlarmActions"] == alarm["OKActions"] == [TOPIC_ARN]


def test_a_function_at_viewer_response_and_lambda_at_origin_request_may_be_beside_it() -> None:
    stack = new_stack()
    own = cloudfront.Function(stack, "Own", code=cloudfront.FunctionCode.from_inline("function handler(e) {}"))
    version = lambda_.Version.from_version_arn(
        stack, "Version", "arn:aws:lambda:us-east-1:123456789012:function:router:7"
    )
    same_path_site(
        stack,
        functions=[
            cloudfront.FunctionAssociation(function=own, event_type=cloudfront.FunctionEventType.VIEWER_RESPONSE)
        ],
        edge_lambdas=[
            cloudfront.EdgeLambda(function_version=version, event_type=cloudfront.LambdaEdgeEventType.ORIGIN_REQUEST)
        ],
    )

    [behavior] = distribution_config(Template.from_stack(stack))["CacheBehaviors"]

    assert len(behavior["FunctionAssociations"]) == 2
    assert len(behavior["LambdaFunctionAssociations"]) == 1


def test_the_viewers_host_may_be_forwarded_where_both_members_take_it() -> None:
    stack = new_stack()
    same_path_site(stack, origin_request_policy=cloudfront.OriginRequestPolicy.ALL_VIEWER)

    assert distribution_config(Template.from_stack(stack))["CacheBehaviors"]


def test_a_distribution_without_the_function_is_no_concern_of_it() -> None:
    stack = new_stack()
    _reads(stack, secondary=Endpoint.api_gateway(domain_name="api.example.com"))
    cloudfront.Distribution(
        stack,
        "Other",
        default_behavior=cloudfront.BehaviorOptions(
            origin=primary_host().origin(), origin_request_policy=cloudfront.OriginRequestPolicy.ALL_VIEWER
        ),
    )

    assert distribution_config(Template.from_stack(stack))["DefaultCacheBehavior"]


def test_nothing_is_warned_of(stack: cdk.Stack) -> None:
    same_path_site(stack)

    assert warnings_of(stack) == set()
