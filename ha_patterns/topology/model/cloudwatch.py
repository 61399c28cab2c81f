"""Alarms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..values import Value
from .base import Thing

if TYPE_CHECKING:
    from .base import Whole
    from .functions import Function
    from .reactions import StateMachine, Topic


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Alarm(Thing):
    """An alarm of CloudWatch. Its Region is its stack's.

    Attributes:
        actions: What it does when it goes off, as the template names it.
        starts: What of these templates its actions start.
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
    starts: tuple[Topic | Function | StateMachine, ...]
