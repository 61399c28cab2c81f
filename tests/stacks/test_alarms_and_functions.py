"""Each alarm, log permission and handler of the reference stacks, and of what no reference stack has, by its values.

The reviewed templates hold them too, but whoever accepts a change of a template does not see which value was right.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk.assertions import Template

from ..samples import dns_failover, new_stack, rule_router
from .conftest import STACKS, Templates

_AT_LEAST, _BELOW = "GreaterThanOrEqualToThreshold", "LessThanThreshold"
#: By metric: period in seconds, statistic, threshold, how it is compared, of how many periods how many count, and what
#: missing data is.
_ALARMS: dict[str, set[tuple[Any, ...]]] = {
    # What targets answer, and what the load balancer answers for them.
    "AWS/ApplicationELB HTTPCode_ELB_5XX_Count + HTTPCode_Target_5XX_Count": {
        (60, "Sum", 10, _AT_LEAST, 3, 2, "notBreaching")
    },
    "AWS/ApplicationELB HTTP_Fixed_Response_Count": {(60, "Sum", 10, _AT_LEAST, 3, 2, "notBreaching")},
    "AWS/CloudFront 5xxErrorRate": {(60, "Average", 5, _AT_LEAST, 3, 2, "notBreaching")},
    "AWS/CloudFront FunctionExecutionErrors": {(60, "Sum", 1, _AT_LEAST, 1, 1, "notBreaching")},
    "AWS/CloudFront FunctionThrottles": {(60, "Sum", 1, _AT_LEAST, 1, 1, "notBreaching")},
    "AWS/CloudFront FunctionValidationErrors": {(60, "Sum", 1, _AT_LEAST, 1, 1, "notBreaching")},
    # What a pattern waits for its primary to connect, in milliseconds.
    "AWS/CloudFront OriginLatency": {
        (60, "p95", 4000, _AT_LEAST, 3, 2, "notBreaching"),
        (60, "p95", 3000, _AT_LEAST, 3, 2, "notBreaching"),
    },
    "AWS/GlobalAccelerator UnhealthyEndpointCount": {(60, "Maximum", 1, _AT_LEAST, 3, 2, "notBreaching")},
    # A probe: the alarm that a health check follows.
    "AWS/Lambda Errors": {(60, "Sum", 1, _AT_LEAST, 2, 2, "breaching")},
    "AWS/Route53 HealthCheckStatus": {
        (60, "Minimum", 1, _BELOW, 1, 1, "breaching"),
        # The one that throws a switch: see manual failback.
        (60, "Minimum", 1, _BELOW, 1, 1, "ignore"),
    },
    "HaPatterns/Edge degraded": {
        (60, "Sum", 1, _AT_LEAST, 3, 2, "notBreaching"),
        # The CloudFront function of a same-path hybrid, of all Regions together.
        (60, "Sum", 1, _AT_LEAST, 1, 1, "notBreaching"),
    },
    "HaPatterns/Edge errors": {(60, "Sum", 1, _AT_LEAST, 3, 2, "notBreaching")},
    "HaPatterns/origin.example.com-failback StandbyServes": {(60, "Maximum", 1, _AT_LEAST, 1, 1, "ignore")},
    "HaPatterns/standby-takes-over StandbyServes": {
        (60, "Maximum", 1, _AT_LEAST, 1, 1, "ignore"),
        # The one that tells when the heartbeat is silent.
        (60, "SampleCount", 1, _BELOW, 3, 3, "breaching"),
    },
}
#: By function, as the template calls it without the hash.
_HANDLERS = {
    "Function": "index.handler",
    "GracefulFunction": "lambda_edge.graceful_response.handler.handler",
    "GuardPrefixListsFunction": "index.handler",
    "HomesRequestFunction": "lambda_edge.home_region.handler.on_request",
    "HomesResponseFunction": "lambda_edge.home_region.handler.on_response",
    "OriginControlsEndpointsFunction": "index.handler",
    "OriginFailbackFunction": "index.handler",
    "OriginFailbackSwitchFunction": "index.handler",
    "ProbeFunction": "index.handler",
    "ReplicationFunction": "index.handler",
    "RouterFactsFunction": "index.handler",
    "RouterUndecidedFunction": "lambda_edge.undecided_response.handler.handler",
    "RouterFunction": "lambda_edge.rule_router.handler.handler",
    "SiteNearestFunction": "lambda_edge.nearest_bucket.handler.handler",
    "SiteRouterFunction": "lambda_edge.bucket_dns_failover.handler.handler",
    "TrafficSwitchFunction": "index.handler",
    "TenantsFunction": "lambda_edge.tenant_router.handler.handler",
    "TenantsTableFactsFunction": "index.handler",
}
_WRITE = ["logs:CreateLogStream", "logs:PutLogEvents"]
_CREATE = "logs:CreateLogGroup"


def _manual_failback(stack: cdk.Stack) -> None:
    dns_failover(stack, failback="manual")


def _fail_open(stack: cdk.Stack) -> None:
    router = rule_router(stack, cache_key=["host"], fail_closed=False)
    cloudfront.Distribution(
        stack, "Site", default_behavior=router.behavior(cache_policy=router.function.cache_policy())
    )


_MORE: dict[str, Callable[[cdk.Stack], None]] = {"manual-failback": _manual_failback, "fail-open": _fail_open}
_ALL = [*STACKS, *_MORE]
Made = Mapping[str, dict[str, dict[str, Any]]]


@pytest.fixture(scope="module")
def made(templates: Templates) -> Made:
    """The resources of each stack."""
    more = {}
    for name, build in _MORE.items():
        build(stack := new_stack())
        more[name] = Template.from_stack(stack).to_json()
    return {name: dict(template["Resources"]) for name, template in {**templates, **more}.items()}


def _of(resources: dict[str, dict[str, Any]], kind: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for logical_id, resource in resources.items():
        # The CDK brings functions of its own where a stack refers to another Region.
        if resource["Type"] == kind and not logical_id.startswith("CustomCrossRegion"):
            yield logical_id, resource["Properties"]


def _metric(alarm: dict[str, Any]) -> str:
    if "Metrics" in alarm:
        metrics = [query["MetricStat"]["Metric"] for query in alarm["Metrics"] if "MetricStat" in query]
        [namespace] = {metric["Namespace"] for metric in metrics}
        return f"{namespace} {' + '.join(sorted(metric['MetricName'] for metric in metrics))}"
    name = alarm["MetricName"]
    # An edge function's metric starts with its name.
    last = name if isinstance(name, str) else name["Fn::Join"][1][-1]
    return f"{alarm['Namespace']} {last.rpartition('-')[2]}"


def _period_and_statistic(alarm: dict[str, Any]) -> tuple[Any, Any]:
    """Of the alarm, or of all the metrics that it adds up."""
    queries = [query["MetricStat"] for query in alarm.get("Metrics", ()) if "MetricStat" in query]
    told = [(query["Period"], query["Stat"]) for query in queries] or [
        (alarm["Period"], alarm.get("Statistic") or alarm["ExtendedStatistic"])
    ]
    [one] = set(told)
    return one


@pytest.mark.parametrize("stack", _ALL)
def test_alarms_look_at_each_minute_and_are_raised_by_what_they_should(made: Made, stack: str) -> None:
    for logical_id, alarm in _of(made[stack], "AWS::CloudWatch::Alarm"):
        periods = alarm["EvaluationPeriods"]
        period, statistic = _period_and_statistic(alarm)
        settings = (
            period,
            statistic,
            alarm["Threshold"],
            alarm["ComparisonOperator"],
            periods,
            alarm.get("DatapointsToAlarm", periods),
            alarm["TreatMissingData"],
        )

        assert settings in _ALARMS[_metric(alarm)], logical_id


def test_topics_with_a_policy_let_alarms_publish(made: Made) -> None:
    """A policy is in place of the one that SNS gives a topic, which lets them."""
    policies = [policy for stack in STACKS for _, policy in _of(made[stack], "AWS::SNS::TopicPolicy")]

    assert policies
    for policy in policies:
        statements = policy["PolicyDocument"]["Statement"]
        (publisher,) = [each for each in statements if each["Principal"] == {"Service": "cloudwatch.amazonaws.com"}]
        assert (publisher["Effect"], publisher["Action"]) == ("Allow", "sns:Publish")
        assert [publisher["Resource"]] == policy["Topics"]


@pytest.mark.parametrize("stack", _ALL)
def test_a_function_writes_to_its_own_log_group_and_to_no_other(made: Made, stack: str) -> None:
    resources = made[stack]
    for logical_id, function in _of(resources, "AWS::Lambda::Function"):
        role = function["Role"]["Fn::GetAtt"][0]
        granted = [
            (statement["Action"], statement["Resource"])
            for statement in _statements(resources, role)
            if "logs:" in str(statement["Action"])
        ]

        if function["Handler"].startswith("lambda_edge."):
            name = f":log-group:{function['LoggingConfig']['LogGroup']}"
            start = ["arn:", {"Ref": "AWS::Partition"}, ":logs:*:", {"Ref": "AWS::AccountId"}]
            actions: list[str] = [_CREATE, *_WRITE]
            wanted: object = [{"Fn::Join": ["", [*start, f"{name}{end}"]]} for end in ("", ":*")]
        else:
            actions, wanted = _WRITE, {"Fn::GetAtt": [function["LoggingConfig"]["LogGroup"]["Ref"], "Arn"]}
        assert granted == [(actions, wanted)], logical_id


def _statements(resources: dict[str, dict[str, Any]], role: str) -> Iterator[dict[str, Any]]:
    assert "ManagedPolicyArns" not in resources[role]["Properties"]
    documents = [policy["PolicyDocument"] for policy in resources[role]["Properties"].get("Policies", ())]
    for _, policy in _of(resources, "AWS::IAM::Policy"):
        if {"Ref": role} in policy["Roles"]:
            documents.append(policy["PolicyDocument"])
    for document in documents:
        yield from document["Statement"]


@pytest.mark.parametrize("stack", _ALL)
def test_a_handler_is_the_one_that_the_code_has(made: Made, stack: str) -> None:
    for logical_id, function in _of(made[stack], "AWS::Lambda::Function"):
        assert function["Handler"] == _HANDLERS[_without_hash(logical_id)]
        if "ZipFile" in function["Code"]:
            code = ast.parse(function["Code"]["ZipFile"]).body
            assert "handler" in [one.name for one in code if isinstance(one, ast.FunctionDef)]


def _without_hash(logical_id: str) -> str:
    return re.sub("[0-9A-F]{8}$", "", logical_id)


def test_every_row_is_of_an_alarm_or_a_function(made: Made) -> None:
    everything = [made[stack] for stack in _ALL]

    alarms = {_metric(alarm) for resources in everything for _, alarm in _of(resources, "AWS::CloudWatch::Alarm")}
    functions = {_without_hash(name) for resources in everything for name, _ in _of(resources, "AWS::Lambda::Function")}
    assert alarms == set(_ALARMS)
    assert functions == set(_HANDLERS)


def test_the_errors_of_a_shifted_load_balancer_are_added_up_where_one_metric_has_no_data(made: Made) -> None:
    [alarm] = (alarm for _, alarm in _of(made["zonal-shift-primary"], "AWS::CloudWatch::Alarm"))
    [expression] = (query for query in alarm["Metrics"] if "Expression" in query)

    ids = {
        query["MetricStat"]["Metric"]["MetricName"]: query["Id"]
        for query in alarm["Metrics"]
        if query is not expression
    }
    assert expression["Expression"] == "SUM([FILL(targets, 0), FILL(balancer, 0)])"
    assert ids == {"HTTPCode_Target_5XX_Count": "targets", "HTTPCode_ELB_5XX_Count": "balancer"}


def test_a_sample_api_logs_what_an_http_api_knows_of_a_request(made: Made) -> None:
    [stage] = (stage for _, stage in _of(made["dns-failover-primary"], "AWS::ApiGatewayV2::Stage"))

    assert json.loads(stage["AccessLogSettings"]["Format"]) == {
        "requestId": "$context.requestId",
        "ip": "$context.identity.sourceIp",
        "requestTime": "$context.requestTime",
        "httpMethod": "$context.httpMethod",
        "path": "$context.path",
        "protocol": "$context.protocol",
        "status": "$context.status",
        "responseLength": "$context.responseLength",
    }
