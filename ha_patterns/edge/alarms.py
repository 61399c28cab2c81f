"""Alarms at the edge: the metrics, the alarm and the topic it notifies all live in us-east-1."""

from __future__ import annotations

from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as cloudwatch_actions
from aws_cdk import aws_sns as sns
from constructs import IConstruct

from .regions import EDGE_REGION, require_edge_region, require_edge_stack, stack_of


def require_alarm_topic(scope: IConstruct, topic: sns.ITopic, metrics: str) -> None:
    """Refuse alarms, or the topic they notify, away from the one Region that has the metrics."""
    require_edge_stack(scope, "an alarm", f"{metrics} metrics exist in {EDGE_REGION} only")
    # A topic of the same stack is where the stack is; to ask costs a round trip more.
    if not isinstance(topic, sns.Topic) or stack_of(topic) is not stack_of(scope):
        require_edge_region("topic", topic, "an alarm notifies topics of its own Region only", arn=topic.topic_arn)


def notify(topic: sns.ITopic, *alarms: cloudwatch.Alarm) -> list[cloudwatch.Alarm]:
    """Send both the start and the end of alarms to a topic."""
    action = cloudwatch_actions.SnsAction(topic)
    for alarm in alarms:
        alarm.add_alarm_action(action)
        alarm.add_ok_action(action)
    return list(alarms)
