"""Alarms at the edge: the metrics, the alarm and the topic it notifies all live in us-east-1."""

from __future__ import annotations

from collections.abc import Sequence
from weakref import WeakKeyDictionary

import jsii
from aws_cdk import AspectPriority, Aspects, IAspect
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as cloudwatch_actions
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sns as sns
from constructs import IConstruct

from ..aws.regions import EDGE_REGION
from ..cdk.validation import is_token, refusal
from .regions import region_of, require_edge_region, require_edge_stack, stack_of

# What publishes for an alarm, and what it does with the key of the topic. Read on 2026-12-01.
_KEYS_PAGE = "https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html"
_PUBLISHER = "cloudwatch.amazonaws.com"
_KEY_ACTIONS = ("kms:Decrypt", "kms:GenerateDataKey*")
# The key that AWS manages. Nobody can let CloudWatch use it.
_MANAGED_KEY = "alias/aws/sns"


def require_alarm_topic(scope: IConstruct, topic: sns.ITopic, metrics: str) -> None:
    """Refuse alarms, or the topic they notify, away from the one Region that has the metrics."""
    require_edge_stack(scope, "an alarm", f"{metrics} metrics exist in {EDGE_REGION} only")
    # A topic of the same stack is where the stack is; to ask costs a round trip more.
    if not isinstance(topic, sns.Topic) or stack_of(topic) is not stack_of(scope):
        require_edge_region("topic", topic, "an alarm notifies topics of its own Region only", arn=topic.topic_arn)
    require_usable_key(topic)


def require_topic_beside(scope: IConstruct, topic: sns.ITopic) -> None:
    """Refuse a topic of another Region than the alarm that notifies it; an unknown Region passes."""
    here, there = region_of(scope), region_of_topic(topic)
    if not is_token(here) and not is_token(there) and here != there:
        raise ValueError(
            f"topic must be in {here}, got one in {there}: an alarm notifies topics of its own Region only, and this "
            "one is where its metric is"
        )
    require_usable_key(topic)


def require_usable_key(topic: sns.ITopic) -> None:
    """Refuse a topic that no alarm can notify, since it is encrypted with the key that AWS manages for SNS."""
    if isinstance(topic, sns.Topic) and (key := topic.master_key) is not None and key.key_id == _MANAGED_KEY:
        raise refusal(
            "topic",
            "one without a key, or with a customer managed key",
            topic.node.path,
            f"CloudWatch may not use {_MANAGED_KEY}, and its alarms would notify nobody; see {_KEYS_PAGE}",
        )


def region_of_topic(topic: sns.ITopic) -> str:
    """The Region of a topic: what its ARN says, and of a topic of this app what its stack says."""
    arn = topic.topic_arn
    return topic.env.region if is_token(arn) or arn.count(":") < 5 else arn.split(":")[3]


def notify(topic: sns.ITopic, *alarms: cloudwatch.Alarm) -> list[cloudwatch.Alarm]:
    """Send both the start and the end of alarms to a topic, and have a topic of the app let them."""
    action = cloudwatch_actions.SnsAction(topic)
    for alarm in alarms:
        alarm.add_alarm_action(action)
        alarm.add_ok_action(action)
    if isinstance(topic, sns.Topic):
        for account in dict.fromkeys(stack_of(alarm).account for alarm in alarms):
            _admit(topic, account)
    return list(alarms)


_admitting: WeakKeyDictionary[sns.Topic, dict[str, None]] = WeakKeyDictionary()


def _admit(topic: sns.Topic, account: str) -> None:
    """Let the alarms of an account publish to a topic, once for all of them."""
    if topic not in _admitting:
        _admitting[topic] = {}
        Aspects.of(topic).add(_Publishers(topic.topic_arn, _admitting[topic]), priority=AspectPriority.MUTATING)
    if account in _admitting[topic]:
        return
    _admitting[topic][account] = None
    if (key := topic.master_key) is not None:
        key.add_to_resource_policy(_statement(account, _KEY_ACTIONS, "*"))


@jsii.implements(IAspect)
class _Publishers:
    """Adds to the policy of a topic, if the topic gets one: it is in place of SNS's own, which lets alarms publish.

    A topic without a policy keeps that of SNS, which lets other services of the account publish, too. See
    https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html, read on 2026-12-01.
    """

    def __init__(self, topic_arn: str, accounts: dict[str, None]) -> None:
        self._topic_arn = topic_arn
        self._accounts = accounts
        self._added: set[str] = set()

    def visit(self, node: IConstruct) -> None:
        if isinstance(node, sns.TopicPolicy):
            # An app may be synthesized again, as tests do.
            for account in self._accounts:
                if account not in self._added:
                    self._added.add(account)
                    node.document.add_statements(_statement(account, ["sns:Publish"], self._topic_arn))


def _statement(account: str, actions: Sequence[str], resource: str) -> iam.PolicyStatement:
    return iam.PolicyStatement(
        actions=list(actions),
        resources=[resource],
        principals=[iam.ServicePrincipal(_PUBLISHER)],
        conditions={"StringEquals": {"aws:SourceAccount": account}},
    )
