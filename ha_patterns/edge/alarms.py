"""Alarms at the edge: the metrics, the alarm and the topic it notifies all live in us-east-1."""

from __future__ import annotations

from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as cloudwatch_actions
from aws_cdk import aws_sns as sns
from constructs import IConstruct

from .regions import EDGE_REGION, require_edge_region, require_edge_stack


def require_alarm_topic(scope: IConstruct, topic: sns.ITopic, metrics: str) -> None:
    """Refuse alarms, or the topic they notify, away from the one Region that has the metrics."""
    require_edge_stack(scope, "an alarm", f"{metrics} metrics exist in {EDGE_REGION} only")
    require_edge_region("topic", topic, "an alarm notifies topics of its own Region only")


def notify(alarm: cloudwatch.Alarm, topic: sns.ITopic) -> None:
    """Send both the start and the end of an alarm to a topic."""
    action = cloudwatch_actions.SnsAction(topic)
    alarm.add_alarm_action(action)
    alarm.add_ok_action(action)
