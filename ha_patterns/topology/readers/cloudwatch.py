"""Alarms, of which some are what a health check follows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ..model import Alarm, CompositeAlarm, Dimension, MetricQuery
from ..properties import Property
from ..reader import Read, Reader, Resource
from ..values import Atom, Unresolved, Value, atoms, concatenate
from .reactions import started

# An alarm in quotes or without, as the operand of a function or in the list of one. Functions are ALARM(x), OK(x),
# INSUFFICIENT_DATA(x) and AT_LEAST(2, ALARM, (x, y)).
_QUOTED = r'"[^"]*"'
_OPERANDS = re.compile(
    rf"\b(?:ALARM|OK|INSUFFICIENT_DATA)\s*\((?P<one>\s*{_QUOTED}\s*|[^()\"]*)\)"
    rf"|\bAT_LEAST\s*\([^(),]*,[^(),]*,\s*\((?P<several>(?:{_QUOTED}|[^()\"])*)\)"
)
_ALARM = re.compile(rf"{_QUOTED}|[^,\"]+")
# Stand for what is no text in a rule; no alarm has them in its name.
_FIRST_PRIVATE, _LAST_PRIVATE = 0xE000, 0xF8FF


def _alarm(reader: Reader, resource: Resource) -> Alarm:
    properties = resource.properties
    queries = properties["Metrics"]
    return Alarm(
        namespace=properties["Namespace"].text(),
        metric_name=properties["MetricName"].text(),
        statistic=properties["Statistic"].text(),
        extended_statistic=properties["ExtendedStatistic"].text(),
        period=properties["Period"].whole(),
        evaluation_periods=properties["EvaluationPeriods"].whole(),
        datapoints_to_alarm=properties["DatapointsToAlarm"].whole(),
        has_metric_math=bool(queries),
        name=properties["AlarmName"].text(),
        dimensions=_dimensions(properties["Dimensions"]),
        threshold=properties["Threshold"].number(),
        threshold_metric_id=properties["ThresholdMetricId"].text(),
        comparison_operator=properties["ComparisonOperator"].text(),
        treat_missing_data=properties["TreatMissingData"].text() or "missing",
        unit=properties["Unit"].text(),
        queries=tuple(map(_query, queries)) if queries else (),
        actions_enabled=properties["ActionsEnabled"].flag(default=True),
        **_actions(reader, properties),
        **resource.head(),
    )


def _dimensions(given: Property) -> tuple[Dimension, ...]:
    return tuple(Dimension(name=one["Name"].text(), value=one["Value"].text()) for one in given)


def _query(given: Property) -> MetricQuery:
    stat = given["MetricStat"]
    metric = stat["Metric"]
    return MetricQuery(
        id=given["Id"].text(),
        expression=given["Expression"].text(),
        namespace=metric["Namespace"].text(),
        metric_name=metric["MetricName"].text(),
        dimensions=_dimensions(metric["Dimensions"]),
        statistic=stat["Stat"].text(),
        period=(stat["Period"] or given["Period"]).whole(),
        unit=stat["Unit"].text(),
        returns_data=given["ReturnData"].flag(default=True),
        account_id=given["AccountId"].text(),
    )


def _actions(reader: Reader, properties: Property) -> dict[str, Any]:
    """What an alarm does in each of its states, and what that starts."""
    actions, when_ok, without_data = (
        properties[name].texts() for name in ("AlarmActions", "OKActions", "InsufficientDataActions")
    )
    return {
        "actions": actions,
        "ok_actions": when_ok,
        "insufficient_data_actions": without_data,
        "starts": started(reader, actions),
        "ok_starts": started(reader, when_ok),
        "insufficient_data_starts": started(reader, without_data),
    }


def _composite(reader: Reader, resource: Resource) -> CompositeAlarm:
    properties = resource.properties
    rule = properties["AlarmRule"].text()
    region = resource.template.stack.region
    suppressor = properties["ActionsSuppressor"].text()
    return CompositeAlarm(
        name=properties["AlarmName"].text(),
        rule=rule,
        alarms=() if rule is None else tuple(alarm_of(reader, name, region) for name in _named(rule)),
        actions_enabled=properties["ActionsEnabled"].flag(default=True),
        actions_suppressor=None if suppressor is None else alarm_of(reader, suppressor, region),
        **_actions(reader, properties),
        **resource.head(),
    )


def alarm_of(reader: Reader, value: Value, region: Value | None = None) -> Alarm | CompositeAlarm | Unresolved:
    """The alarm, composite or not, that a reference, an ARN or a name of a Region names."""
    found = reader.link(value, Alarm, region)
    if isinstance(found, Alarm):
        return found
    composite = reader.link(value, CompositeAlarm, region)
    # A value that is there is something, known or not.
    return composite or found or Unresolved(f"{value}, which is not in these templates")


def _named(rule: Value) -> Iterator[Value]:
    """The alarms that a rule names, each once, and the parts of it that are unresolved."""
    unknown: dict[str, Atom] = {}
    text = ""
    for atom in atoms(rule):
        if not isinstance(atom, str):
            if _FIRST_PRIVATE + len(unknown) > _LAST_PRIVATE:
                break
            mark = chr(_FIRST_PRIVATE + len(unknown))
            unknown[mark], atom = atom, mark
        text += atom
    found: dict[Value, None] = {}
    for match in _OPERANDS.finditer(text):
        names = [match["one"]] if match["several"] is None else _ALARM.findall(match["several"])
        for name in (one.strip().strip('"') for one in names):
            if name:
                found[concatenate(unknown.get(letter, letter) for letter in name)] = None
    # What is unknown of the rest may name alarms too.
    rest = _OPERANDS.sub("", text)
    found |= {atom: None for mark, atom in unknown.items() if mark in rest}
    return iter(found)


READERS: Mapping[str, Read] = {"AWS::CloudWatch::Alarm": _alarm, "AWS::CloudWatch::CompositeAlarm": _composite}
