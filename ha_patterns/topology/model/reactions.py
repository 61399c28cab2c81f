"""What an alarm, an event or the time starts."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias, Union

from ..values import Unresolved, Value
from .base import Thing, thing

if TYPE_CHECKING:
    from .functions import Function
    from .iam import Role, Statement
    from .kms import Key

#: What an action of an alarm, or a target of a rule or a schedule, can start.
Started: TypeAlias = Union["Topic", "Function", "StateMachine", "Document"]


@thing
class StateMachine(Thing):
    """A state machine of Step Functions, with the functions that its definition calls."""

    role: Role | Unresolved | None
    functions: tuple[Function, ...]
    name: Value | None = None


@thing
class Document(Thing):
    """A document of Systems Manager.

    Attributes:
        name: None if CloudFormation makes one.
        type: Such as ``Automation``, a runbook.
        role: The role that the runbook takes; None if its content names none, or is text.
    """

    name: Value | None
    type: Value
    role: Role | Unresolved | None


@thing
class Topic(Thing):
    """A topic of SNS, with the functions that get its messages.

    Attributes:
        key: Encrypts its messages; None where no key does.
        statements: Of its policy, wherever it is; None where no template here has one, or not all of it is known.
    """

    functions: tuple[Function, ...]
    key: Key | Unresolved | None
    statements: tuple[Statement, ...] | None
    name: Value | None = None
    subscriptions: tuple[Subscription, ...] = ()


@thing
class Subscription(Thing):
    """A subscription to a topic, whether it is in the topic or beside it.

    Attributes:
        protocol: Such as ``lambda``, ``sqs``, ``email`` or ``https``.
        endpoint: Who gets the messages: an ARN, an address or a URL, as the protocol has it.
        topic_region: The topic's Region; None for the stack's.
        function: The function that gets the messages; None if the protocol is another one.
    """

    topic: Topic | Unresolved | None
    protocol: Value | None
    endpoint: Value | None
    topic_region: Value | None
    function: Function | Unresolved | None


@thing
class EventRule(Thing):
    """A rule of EventBridge.

    Attributes:
        sources: Where the events come from that it is for; empty where it does not choose by that.
        starts: What of these templates its targets are.
        name: None if CloudFormation makes one.
        detail_types: The kinds of events that it is for; empty where it does not choose by that.
        schedule: When it runs by itself, such as ``rate(5 minutes)``; None if events start it.
        state: ``ENABLED``, ``DISABLED`` or ``ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS``.
        event_bus: As the template has it; ``default`` if it names none.
        targets: The ARNs of its targets.
    """

    sources: tuple[Value, ...]
    starts: tuple[Started, ...]
    name: Value | None = None
    detail_types: tuple[Value, ...] = ()
    schedule: Value | None = None
    state: Value = "ENABLED"
    event_bus: Value = "default"
    targets: tuple[Value, ...] = ()


@thing
class Schedule(Thing):
    """A schedule of EventBridge Scheduler.

    Attributes:
        expression: Such as ``rate(5 minutes)``, ``cron(...)`` or ``at(...)``.
        timezone: ``UTC`` if it names none.
        state: ``ENABLED`` or ``DISABLED``.
        target: The ARN of what it starts, or of a call of AWS's API.
        starts: What of these templates its target is.
        role: The role that it takes to start it.
    """

    name: Value | None
    expression: Value | None
    timezone: Value
    state: Value
    target: Value | None
    starts: tuple[Started, ...]
    role: Role | Unresolved | None
