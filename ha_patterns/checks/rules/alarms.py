"""Alarms: whether what they start in an outage is ever told."""

from __future__ import annotations

from collections.abc import Iterator

from ...semantics.permissions import Caller, arns, may, service
from ...topology.model import Alarm, CompositeAlarm, Key, Topic
from ...topology.model.kms import is_managed_by_aws
from ...topology.stacks import Stack
from ...topology.topology import Topology
from ...topology.values import Unresolved, concatenate
from ..rule import Context, Severity, Verdict, cannot_tell, problem, rule

_CLOUDWATCH = "cloudwatch.amazonaws.com"
# What CloudWatch does with the key of a topic.
_KEY_ACTIONS = ("kms:Decrypt", "kms:GenerateDataKey")
_PLACE = ("Properties", "AlarmActions")


@rule(
    "HA409",
    Severity.WARNING,
    "alarm of which its topic does not tell",
    kind=Topology,
    why="CloudWatch publishes with the key of a topic and by its policy. If these do not let cloudwatch.amazonaws.com, "
    "the alarm goes off and nobody hears of it: no person, and no function that would move traffic. The policy of the "
    "key that AWS manages, alias/aws/sns, lets nobody and cannot be changed.",
    remedy="Encrypt the topic with a key of your own whose policy allows cloudwatch.amazonaws.com kms:Decrypt and "
    "kms:GenerateDataKey*, or with none; and allow it sns:Publish where the topic has a policy.",
    page="https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html",
)
def untold_alarm(topology: Topology, _context: Context) -> Iterator[Verdict]:
    alarms: list[Alarm | CompositeAlarm] = [*topology.of(Alarm), *topology.of(CompositeAlarm)]
    # By topic and stack: an estate has many alarms of one topic, and policies seldom choose among them.
    open_to_all: dict[tuple[Topic, Stack], bool] = {}
    for alarm in alarms:
        if alarm.actions_enabled is False:
            continue
        for topic in (one for one in alarm.starts if isinstance(one, Topic)):
            stack = alarm.place.stack
            if (topic, stack) not in open_to_all:
                open_to_all[topic, stack] = _is_open(_any_alarm(stack), topic)
            if open_to_all[topic, stack]:
                continue
            why = _silence(service(_CLOUDWATCH, source=alarm), topic)
            if isinstance(why, Unresolved):
                yield cannot_tell(alarm, why, f"whether {topic.place.logical_id} tells of the alarm", *_PLACE)
            elif why is not None:
                yield problem(alarm, f"{topic.place.name} {why}", *_PLACE)


def _any_alarm(stack: Stack) -> Caller:
    name = Unresolved("the name of an alarm")
    arn = concatenate(("arn:aws:cloudwatch:", stack.region, ":", stack.account, ":alarm:", name))
    return service(_CLOUDWATCH, source=arn, account=stack.account)


def _is_open(caller: Caller, topic: Topic) -> bool:
    """Whether a topic is known to tell of whatever alarm a stack has, so that none of them need be judged."""
    if topic.key is not None and not isinstance(topic.key, Key):
        return False
    return all(_uses(caller, topic.key)) and _publishes(caller, topic) is True


def _uses(caller: Caller, key: Key | None) -> list[bool | None]:
    return [] if key is None else [may(caller, action, arns(key), key.statements) for action in _KEY_ACTIONS]


def _publishes(caller: Caller, topic: Topic) -> bool | None:
    # Without a policy of its own, a topic has the one of SNS, which lets the alarms of its account.
    return may(caller, "sns:Publish", arns(topic), topic.statements) if topic.statements else True


def _silence(caller: Caller, topic: Topic) -> str | Unresolved | None:
    """Why a topic does not tell of an alarm, as a sentence goes on; None if it may, Unresolved if unknown."""
    if is_managed_by_aws(topic.key):
        return "is encrypted with the key that AWS manages, which CloudWatch may not use"
    if isinstance(topic.key, Key) and False in _uses(caller, topic.key):
        return f"is encrypted with {topic.key.place.name}, whose policy does not let CloudWatch use it"
    if _publishes(caller, topic) is False:
        return "has a policy that does not let CloudWatch publish"
    return topic.key if isinstance(topic.key, Unresolved) else None
