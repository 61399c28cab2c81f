"""Application Recovery Controller."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..values import Unresolved, Value
from .base import Thing

if TYPE_CHECKING:
    from .base import Flag, Whole
    from .route53 import HealthCheck


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class ControlPanel(Thing):
    """A panel of routing controls."""

    everywhere = True

    name: Value | None
    controls: tuple[RoutingControl, ...] = ()
    safety_rules: tuple[SafetyRule, ...] = ()


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class RoutingControl(Thing):
    """A switch of Application Recovery Controller."""

    everywhere = True

    name: Value | None
    panel: ControlPanel | Unresolved | None
    health_checks: tuple[HealthCheck, ...] = ()
    safety_rules: tuple[SafetyRule, ...] = ()


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class SafetyRule(Thing):
    """What a change of routing controls must keep to.

    Attributes:
        kind: ``assertion`` or ``gating``.
        controls: The controls that it asserts, or that it guards.
        gates: The controls that have to be on before those that it guards may change; empty for an assertion.
        rule_type: ``ATLEAST``, ``AND`` or ``OR``, of the controls that it asserts or of the gates.
        wait_period: Milliseconds.
    """

    everywhere = True

    kind: str
    panel: ControlPanel | Unresolved | None
    controls: tuple[RoutingControl | Unresolved, ...]
    gates: tuple[RoutingControl | Unresolved, ...]
    rule_type: Value | None
    threshold: Whole | None
    inverted: Flag
    wait_period: Whole | None
