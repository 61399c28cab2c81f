"""What is started by an alarm, an event or the time: topics, functions behind them, state machines, runbooks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ..model import Document, EventRule, Function, Role, Schedule, StateMachine, Subscription, Thing, Topic
from ..model.reactions import Started
from ..properties import Property
from ..reader import Read, Reader, Resource
from ..values import Reference, ResourceId, Text, Unresolved, Value, references
from .functions import lambda_function
from .iam import policies
from .kms import key

_NAMED: tuple[type[Topic | StateMachine | Document], ...] = (Topic, StateMachine, Document)
_ALIAS = "AWS::StepFunctions::StateMachineAlias"
_VERSION = "AWS::StepFunctions::StateMachineVersion"


def started(reader: Reader, values: Iterable[Value]) -> tuple[Started, ...]:
    """What of these templates some ARNs name; a version or an alias stands for its function or state machine."""
    found: dict[int, Started] = {}
    for value in _behind(reader, _behind(reader, values, _ALIAS), _VERSION):
        named = (*(reader.link(value, kind) for kind in _NAMED), lambda_function(reader, value))
        for thing in named:
            if isinstance(thing, (Topic, StateMachine, Document, Function)):
                found[id(thing)] = thing
    return tuple(found.values())


def _behind(reader: Reader, values: Iterable[Value], kind: str) -> Iterator[Value]:
    """The ARNs, with those that an alias or a version of a state machine is of in its place.

    Args:
        reader: Of the templates.
        values: The ARNs.
        kind: The type of what is replaced.
    """
    for value in values:
        named = [one.resource for one in references(value) if reader.templates.type_of(one.resource) == kind]
        if not named:
            yield value
        for resource_id in named:
            properties = reader.resource(resource_id).properties
            # An alias routes to versions, or is moved to one step by step.
            routes = [*properties["RoutingConfiguration"], properties["DeploymentPreference"]]
            arns = [properties["StateMachineArn"], *(route["StateMachineVersionArn"] for route in routes)]
            yield from (arn for arn in (one.text() for one in arns) if arn is not None)


def _topic(reader: Reader, resource: Resource) -> list[Thing]:
    subscribed = reader.index("subscriptions", lambda: _subscriptions(reader))
    properties = resource.properties
    inline = list(properties["Subscription"])
    calls = [one["Endpoint"].text() for one in inline if one["Protocol"].text() == "lambda"]
    endpoints = (*(value for value in calls if value is not None), *subscribed.get(resource.id, ()))
    topic = Topic(
        functions=_functions(reader, endpoints),
        name=properties["TopicName"].text(),
        key=key(reader, properties["KmsMasterKeyId"].text(), resource),
        statements=policies(reader, "AWS::SNS::TopicPolicy", "Topics").get(resource.id),
        **resource.head(),
    )
    return [topic, *(_read_subscription(reader, one, topic, resource.part(one)) for one in inline)]


def _subscription(reader: Reader, resource: Resource) -> Subscription:
    properties = resource.properties
    region = properties["Region"].text()
    topic = reader.link(properties["TopicArn"].text(), Topic, region)
    return _read_subscription(reader, properties, topic, resource.head())


def _read_subscription(
    reader: Reader, given: Property, topic: Topic | Unresolved | None, fields: dict[str, Any]
) -> Subscription:
    protocol, endpoint = given["Protocol"].text(), given["Endpoint"].text()
    return Subscription(
        topic=topic,
        protocol=protocol,
        endpoint=endpoint,
        topic_region=given["Region"].text(),
        function=lambda_function(reader, endpoint) if protocol == "lambda" else None,
        **fields,
    )


def _subscriptions(reader: Reader) -> dict[ResourceId, list[Value]]:
    """By topic, the functions that its subscriptions name."""
    found: dict[ResourceId, list[Value]] = {}
    for subscription in reader.resources("AWS::SNS::Subscription"):
        topic, endpoint = (subscription.properties[key].text() for key in ("TopicArn", "Endpoint"))
        if topic is None or endpoint is None or subscription.properties["Protocol"].text() != "lambda":
            continue
        for reference in references(topic):
            found.setdefault(reference.resource, []).append(endpoint)
    return found


def _functions(reader: Reader, values: Iterable[Value]) -> tuple[Function, ...]:
    return tuple(thing for thing in started(reader, values) if isinstance(thing, Function))


def _event_rule(reader: Reader, resource: Resource) -> EventRule:
    properties = resource.properties
    targets = tuple(arn for arn in (one["Arn"].text() for one in properties["Targets"]) if arn is not None)
    pattern = properties["EventPattern"]
    return EventRule(
        sources=pattern["source"].texts(),
        starts=started(reader, targets),
        name=properties["Name"].text(),
        detail_types=pattern["detail-type"].texts(),
        schedule=properties["ScheduleExpression"].text(),
        state=properties["State"].text() or "ENABLED",
        event_bus=properties["EventBusName"].text() or "default",
        targets=targets,
        **resource.head(),
    )


def _schedule(reader: Reader, resource: Resource) -> Schedule:
    properties = resource.properties
    target = properties["Target"]["Arn"].text()
    return Schedule(
        name=properties["Name"].text(),
        expression=properties["ScheduleExpression"].text(),
        timezone=properties["ScheduleExpressionTimezone"].text() or "UTC",
        state=properties["State"].text() or "ENABLED",
        target=target,
        starts=() if target is None else started(reader, (target,)),
        role=reader.link(properties["Target"]["RoleArn"].text(), Role),
        **resource.head(),
    )


def _document(reader: Reader, resource: Resource) -> Document:
    properties = resource.properties
    return Document(
        name=properties["Name"].text(),
        type=properties["DocumentType"].text() or "Command",
        role=reader.link(properties["Content"]["assumeRole"].text(), Role),
        **resource.head(),
    )


def _state_machine(reader: Reader, resource: Resource) -> StateMachine:
    properties = resource.properties
    # Whichever form the definition has, and whatever it substitutes: the functions that it refers to are in it.
    definition = _texts([properties[key].resolved() for key in ("Definition", "DefinitionString")])
    substituted = _texts([properties["DefinitionSubstitutions"].resolved()])
    named = [reference for value in (*definition, *substituted) for reference in references(value)]
    return StateMachine(
        role=reader.link(properties["RoleArn"].text(), Role),
        functions=_functions(reader, named),
        name=properties["StateMachineName"].text(),
        **resource.head(),
    )


def _texts(waiting: list[object]) -> list[Value]:
    """All texts in some values, which may hold others."""
    found: list[Value] = []
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value
        elif isinstance(value, (str, Reference, Text)):
            found.append(value)
    return found


READERS: Mapping[str, Read] = {
    "AWS::SNS::Topic": _topic,
    "AWS::SNS::Subscription": _subscription,
    "AWS::Events::Rule": _event_rule,
    "AWS::Scheduler::Schedule": _schedule,
    "AWS::StepFunctions::StateMachine": _state_machine,
    "AWS::SSM::Document": _document,
}
