"""The logs of a reference pattern's edge function, in the Regions of its origins."""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_sns as sns
from constructs import Construct

from ..edge import EdgeFunction, EdgeFunctionLogs
from .edge_stack import EdgeStack
from .settings import ReferenceSettings


def add_function_logs(stack: cdk.Stack, function: EdgeFunction) -> EdgeFunctionLogs:
    """The function's logs in the Region of a stack that is deployed after it, its alarms and what they notify."""
    topic = sns.Topic(stack, "Alarms", enforce_ssl=True)
    logs = EdgeFunctionLogs(stack, "FunctionLogs", function=function)
    logs.add_alarms(topic)
    cdk.CfnOutput(
        stack, "AlarmTopic", value=topic.topic_arn, description="Subscribe to it to be notified of the edge function"
    )
    return logs


def add_edge_function_logs(edge: EdgeStack, function: EdgeFunction) -> EdgeFunctionLogs:
    """The function's logs in the stack of the edge, where functions run too."""
    logs = EdgeFunctionLogs(edge, "FunctionLogs", function=function)
    logs.add_alarms(edge.topic)
    return logs


def function_log_stacks(
    scope: Construct, settings: ReferenceSettings, pattern: str, function: EdgeFunction
) -> list[cdk.Stack]:
    """A stack in each Region with nothing but the function's logs, for patterns that have no later stack there."""
    stacks = []
    for role, region in zip(("primary", "standby"), settings.regions, strict=True):
        stack = cdk.Stack(
            scope,
            f"{pattern}-{role}-logs",
            env=cdk.Environment(region=region),
            description=f"ha-patterns: {pattern}, {role} logs",
        )
        settings.hosted_zone(stack)
        add_function_logs(stack, function)
        stacks.append(stack)
    return stacks
