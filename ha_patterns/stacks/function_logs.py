"""The logs of a reference pattern's edge functions, in the Regions of its origins."""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_sns as sns
from constructs import Construct

from ..edge import EdgeFunction, EdgeFunctionLogs
from .edge_stack import EdgeStack
from .settings import ReferenceSettings


def add_function_logs(stack: cdk.Stack, *functions: EdgeFunction) -> None:
    """The functions' logs in the Region of a stack that is deployed after them, their alarms and what these notify."""
    topic = sns.Topic(stack, "Alarms", enforce_ssl=True)
    _add_logs(stack, functions, topic)
    cdk.CfnOutput(
        stack, "AlarmTopic", value=topic.topic_arn, description="Subscribe to it to be notified of the edge function"
    )


def add_edge_function_logs(edge: EdgeStack, *functions: EdgeFunction) -> None:
    """The functions' logs in the stack of the edge, where functions run too."""
    _add_logs(edge, functions, edge.topic)


def function_log_stacks(
    scope: Construct, settings: ReferenceSettings, pattern: str, *functions: EdgeFunction
) -> list[cdk.Stack]:
    """A stack in each Region with nothing but the functions' logs, for patterns that have no later stack there."""
    stacks = []
    for role, region in zip(("primary", "standby"), settings.regions, strict=True):
        stack = cdk.Stack(
            scope,
            f"{pattern}-{role}-logs",
            env=cdk.Environment(region=region),
            description=f"ha-patterns: {pattern}, {role} logs",
        )
        settings.hosted_zone(stack)
        add_function_logs(stack, *functions)
        stacks.append(stack)
    return stacks


def _add_logs(stack: cdk.Stack, functions: tuple[EdgeFunction, ...], topic: sns.ITopic) -> None:
    for place, function in enumerate(functions, 1):
        EdgeFunctionLogs(stack, "FunctionLogs" if place == 1 else f"FunctionLogs{place}", function=function).add_alarms(
            topic
        )
