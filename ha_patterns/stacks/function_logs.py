"""The logs of a reference pattern's edge functions: a stack of their own in each Region, deployed before the edge."""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_sns as sns
from constructs import Construct

from ..edge import EDGE_REGION, EdgeFunction, EdgeFunctionLogs
from .settings import ReferenceSettings


def function_log_stacks(
    scope: Construct, settings: ReferenceSettings, pattern: str, *functions: EdgeFunction
) -> list[cdk.Stack]:
    """A stack in each of the pattern's Regions with the functions' logs, their alarms and what these notify."""
    roles = dict(zip(settings.regions, ("primary", "standby"), strict=True))
    roles.setdefault(EDGE_REGION, "edge")
    return [_log_stack(scope, settings, pattern, role, region, functions) for region, role in roles.items()]


def _log_stack(
    scope: Construct,
    settings: ReferenceSettings,
    pattern: str,
    role: str,
    region: str,
    functions: tuple[EdgeFunction, ...],
) -> cdk.Stack:
    stack = cdk.Stack(
        scope,
        f"{pattern}-{role}-logs",
        env=cdk.Environment(region=region),
        description=f"ha-patterns: {pattern}, {role} logs",
    )
    settings.hosted_zone(stack)
    topic = sns.Topic(stack, "Alarms", enforce_ssl=True)
    for place, function in enumerate(functions, 1):
        EdgeFunctionLogs(stack, "FunctionLogs" if place == 1 else f"FunctionLogs{place}", function=function).add_alarms(
            topic
        )
    cdk.CfnOutput(
        stack, "AlarmTopic", value=topic.topic_arn, description="Subscribe to it to be notified of the edge function"
    )
    return stack
