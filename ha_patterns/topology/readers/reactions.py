"""What is started by an alarm or an event: topics, functions behind them, state machines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ..model import EventRule, Function, Role, StateMachine, Topic
from ..reader import Read, Reader, Resource
from ..values import Reference, ResourceId, Text, Value, references
from .functions import lambda_function
from .iam import policies
from .kms import key


def started(reader: Reader, values: Iterable[Value]) -> tuple[Topic | Function | StateMachine, ...]:
    """What of these templates some ARNs name; a version or an alias stands for its function."""
    found: dict[int, Topic | Function | StateMachine] = {}
    for value in values:
        for thing in (reader.link(value, Topic), reader.link(value, StateMachine), lambda_function(reader, value)):
            if isinstance(thing, (Topic, StateMachine, Function)):
                found[id(thing)] = thing
    return tuple(found.values())


def _topic(reader: Reader, resource: Resource) -> Topic:
    subscribed = reader.index("subscriptions", lambda: _subscriptions(reader))
    inline = [
        one["Endpoint"].text() for one in resource.properties["Subscription"] if one["Protocol"].text() == "lambda"
    ]
    endpoints = (*(value for value in inline if value is not None), *subscribed.get(resource.id, ()))
    return Topic(
        functions=_functions(reader, endpoints),
        key=key(reader, resource.properties["KmsMasterKeyId"].text(), resource),
        statements=policies(reader, "AWS::SNS::TopicPolicy", "Topics").get(resource.id),
        **resource.head(),
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
    targets = [one["Arn"].text() for one in properties["Targets"]]
    return EventRule(
        sources=properties["EventPattern"]["source"].texts(),
        starts=started(reader, [target for target in targets if target is not None]),
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
    "AWS::Events::Rule": _event_rule,
    "AWS::StepFunctions::StateMachine": _state_machine,
}
