"""Alarms at the edge: the metrics, the alarm and the topic it notifies all live in us-east-1."""

from __future__ import annotations

from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as cloudwatch_actions
from aws_cdk import aws_sns as sns
from constructs import IConstruct

from ..aws.regions import EDGE_REGION
from ..cdk.validation import is_token
from .regions import region_of, require_edge_region, require_edge_stack, stack_of


def require_alarm_topic(scope: IConstruct, topic: sns.ITopic, metrics: str) -> None:
    """Refuse alarms, or the topic they notify, away from the one Region that has the metrics."""
    require_edge_stack(scope, "an alarm", f"{metrics} metrics exist in {EDGE_REGION} only")
    # A topic of the same stack is where the stack is; to ask costs a round trip more.
    if not isinstance(topic, sns.Topic) or stack_of(topic) is not stack_of(scope):
        require_edge_region("topic", topic, "an alarm notifies topics of its own Region only", arn=topic.topic_arn)


def require_topic_beside(scope: IConstruct, topic: sns.ITopic) -> None:
    """Refuse a topic of another Region than the alarm that notifies it; an unknown Region passes."""
    here, there = region_of(scope), region_of_topic(topic)
    if not is_token(here) and not is_token(there) and here != there:
        raise ValueError(
            f"topic must be in {here}, got one in {there}: an alarm notifies topics of its own Region only, and this "
            "one is where its metric is"
        )


def region_of_topic(topic: sns.ITopic) -> str:
    """The Region of a topic: what its ARN says, and of a topic of this app what its stack says."""
    arn = topic.topic_arn
    return topic.env.region if is_token(arn) or arn.count(":") < 5 else arn.split(":")[3]


def notify(topic: sns.ITopic, *alarms: cloudwatch.Alarm) -> list[cloudwatch.Alarm]:
    """Send both the start and the end of alarms to a topic."""
    action = cloudwatch_actions.SnsAction(topic)
    for alarm in alarms:
        alarm.add_alarm_action(action)
        alarm.add_ok_action(action)
    return list(alarms)
