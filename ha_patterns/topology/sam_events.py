"""What starts the functions and state machines of SAM: subscriptions, rules of EventBridge and schedules.

Events of queues, streams, buckets and APIs are left out: they start a function for a request, and not for an outage.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .sam_made import Made, section

_RULES = ("CloudWatchEvent", "EventBridgeRule")
# What a target of a rule or of a schedule has as the event has it.
_OF_TARGET = ("DeadLetterConfig", "Input", "InputPath", "RetryPolicy")


def expand(made: Made, owner: str, events: Mapping[str, Any], target: Any) -> None:
    """Add what the events of a function or of a state machine become.

    Args:
        made: Takes the resources.
        owner: The logical id of the function or state machine.
        events: Its events, by name.
        target: Its ARN.
    """
    for name, event in events.items():
        given = section(event, "Properties")
        kind = event.get("Type") if isinstance(event, dict) else None
        logical_id = f"{owner}{name}"
        if kind == "SNS":
            _subscription(made, logical_id, given, target)
        elif kind in _RULES:
            named = {"EventPattern": given.get("Pattern"), "Name": given.get("RuleName")}
            _rule(made, logical_id, given, named, target)
        elif kind == "Schedule":
            named = {"ScheduleExpression": given.get("Schedule"), "Name": given.get("Name")}
            _rule(made, logical_id, given, named, target)
        elif kind == "ScheduleV2":
            _schedule(made, logical_id, given, target)


def _subscription(made: Made, logical_id: str, given: Mapping[str, Any], target: Any) -> None:
    properties = {name: given[name] for name in ("FilterPolicy", "FilterPolicyScope", "Region") if name in given}
    properties["TopicArn"] = given.get("Topic")
    queue = given.get("SqsSubscription")
    if queue in (None, False, "false"):
        made.add(logical_id, "AWS::SNS::Subscription", {**properties, "Protocol": "lambda", "Endpoint": target})
        return
    # The topic sends to a queue, which the function reads.
    arn = section(given, "SqsSubscription").get("QueueArn")
    if arn is None:
        made.add(f"{logical_id}Queue", "AWS::SQS::Queue", {})
        arn = {"Fn::GetAtt": [f"{logical_id}Queue", "Arn"]}
    made.add(logical_id, "AWS::SNS::Subscription", {**properties, "Protocol": "sqs", "Endpoint": arn})
    mapping = {"EventSourceArn": arn, "FunctionName": target}
    made.add(f"{logical_id}EventSourceMapping", "AWS::Lambda::EventSourceMapping", mapping)


def _rule(made: Made, logical_id: str, given: Mapping[str, Any], own: Mapping[str, Any], target: Any) -> None:
    properties = {name: given[name] for name in ("Description", "EventBusName") if name in given}
    properties |= {name: value for name, value in {**own, "State": _state(given)}.items() if value is not None}
    made.add(logical_id, "AWS::Events::Rule", {**properties, "Targets": [_target(logical_id, given, target)]})


def _schedule(made: Made, logical_id: str, given: Mapping[str, Any], target: Any) -> None:
    properties = {
        "ScheduleExpression": given.get("ScheduleExpression"),
        "FlexibleTimeWindow": given.get("FlexibleTimeWindow", {"Mode": "OFF"}),
        "State": _state(given),
        **{name: given[name] for name in ("GroupName", "ScheduleExpressionTimezone") if name in given},
    }
    starts = {name: given[name] for name in _OF_TARGET if name in given}
    # The role that lets the schedule start it is left out, as other permissions are.
    starts |= {"Arn": target, **({"RoleArn": given["RoleArn"]} if "RoleArn" in given else {})}
    properties = {name: value for name, value in properties.items() if value is not None}
    made.add(logical_id, "AWS::Scheduler::Schedule", {**properties, "Target": starts})


def _state(given: Mapping[str, Any]) -> Any:
    """Whether a rule or schedule is on; None where the event does not say."""
    enabled = given.get("Enabled")
    if enabled is None:
        return given.get("State")
    return {True: "ENABLED", False: "DISABLED"}.get(enabled) if isinstance(enabled, bool) else given.get("State")


def _target(logical_id: str, given: Mapping[str, Any], target: Any) -> dict[str, Any]:
    kept = {name: given[name] for name in _OF_TARGET if name in given}
    return {**kept, "Arn": target, "Id": section(given, "Target").get("Id", f"{logical_id}Target")}
