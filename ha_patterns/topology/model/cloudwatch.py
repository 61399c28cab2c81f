"""Alarms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..values import Unresolved, Value
from .base import Thing, thing

if TYPE_CHECKING:
    from .base import Flag, Number, Whole
    from .reactions import Started
    from .route53 import HealthCheck


@dataclass(frozen=True, kw_only=True)
class Dimension:
    """A part of a metric's identity, such as the load balancer that it is of."""

    name: Value | None
    value: Value | None


@dataclass(frozen=True, kw_only=True)
class MetricQuery:
    """A metric of an alarm, or an expression over others.

    Attributes:
        id: The name that expressions call it by.
        expression: Metric math; None for a metric.
        statistic: Such as ``Sum`` or ``p99``.
        period: Seconds.
        unit: None for any.
        returns_data: Whether the alarm follows it; a query that does not is for expressions only.
        account_id: The account that the metric is in; None for the alarm's.
    """

    id: Value | None
    expression: Value | None
    namespace: Value | None
    metric_name: Value | None
    dimensions: tuple[Dimension, ...]
    statistic: Value | None
    period: Whole | None
    unit: Value | None
    returns_data: Flag
    account_id: Value | None


@thing
class Alarm(Thing):
    """An alarm of CloudWatch. Its Region is its stack's.

    Attributes:
        name: None if CloudFormation makes one.
        period: Seconds; None with ``queries``, each of which has its own.
        evaluation_periods: The most recent periods that are looked at.
        datapoints_to_alarm: How many of them must be past the threshold; None for all.
        actions: What it does when it goes off, as the template names it.
        starts: What of these templates its actions start.
        dimensions: Of its one metric; each of ``queries`` has its own.
        threshold: None for a band of an anomaly detector, which ``threshold_metric_id`` names.
        treat_missing_data: ``breaching``, ``notBreaching``, ``ignore`` or ``missing``.
        queries: Its metrics and expressions, where it has more than one metric of its own.
        actions_enabled: Whether it does anything when its state changes.
        ok_actions: What it does when it is OK again, as the template names it.
        insufficient_data_actions: What it does when data is missing, as the template names it.
        ok_starts: What of these templates ``ok_actions`` start.
        insufficient_data_starts: What of these templates ``insufficient_data_actions`` start.
    """

    namespace: Value | None
    metric_name: Value | None
    statistic: Value | None
    extended_statistic: Value | None
    period: Whole | None
    evaluation_periods: Whole | None
    datapoints_to_alarm: Whole | None
    has_metric_math: bool
    actions: tuple[Value, ...]
    starts: tuple[Started, ...]
    name: Value | None = None
    dimensions: tuple[Dimension, ...] = ()
    threshold: Number | None = None
    threshold_metric_id: Value | None = None
    comparison_operator: Value | None = None
    treat_missing_data: Value = "missing"
    unit: Value | None = None
    queries: tuple[MetricQuery, ...] = ()
    actions_enabled: Flag = True
    ok_actions: tuple[Value, ...] = ()
    insufficient_data_actions: tuple[Value, ...] = ()
    ok_starts: tuple[Started, ...] = ()
    insufficient_data_starts: tuple[Started, ...] = ()
    health_checks: tuple[HealthCheck, ...] = ()


@thing
class CompositeAlarm(Thing):
    """An alarm of the states of other alarms.

    See https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html

    Attributes:
        name: None if CloudFormation makes one.
        rule: As the template has it, such as ``ALARM(errors) AND NOT ALARM("deployment")``.
        alarms: The alarms that the rule names, in its order; what cannot be known of the rule is among them.
        actions_suppressor: The alarm that keeps the actions back while it is in ALARM.
    """

    name: Value | None
    rule: Value | None
    alarms: tuple[Alarm | CompositeAlarm | Unresolved, ...]
    actions_enabled: Flag
    actions_suppressor: Alarm | CompositeAlarm | Unresolved | None
    actions: tuple[Value, ...]
    ok_actions: tuple[Value, ...]
    insufficient_data_actions: tuple[Value, ...]
    starts: tuple[Started, ...]
    ok_starts: tuple[Started, ...]
    insufficient_data_starts: tuple[Started, ...]
