"""Load balancers, and how their targets are checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..values import Unresolved, Value
from .base import Thing

if TYPE_CHECKING:
    from .base import Flag, Whole
    from .certificates import Certificate


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class TargetGroup(Thing):
    """A target group with how its targets are checked; times in seconds."""

    target_type: Value
    protocol: Value | None
    health_check_enabled: Flag
    path: Value | None
    interval: Whole
    timeout: Whole | None
    healthy_threshold: Whole
    unhealthy_threshold: Whole
    attributes: Mapping[str, Value]


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class ListenerRule(Thing):
    """What a listener does with some requests.

    Attributes:
        paths: Path patterns that it is for; empty for any.
        headers: Names of headers that it looks at, in lower case.
        others: What else it looks at, as the template's conditions are called.
        target_groups: Where it forwards to.
        fixed_status: The status of a fixed response; None where it forwards or redirects.
    """

    priority: Whole | None
    paths: tuple[Value, ...]
    headers: tuple[str, ...]
    others: tuple[Value, ...]
    target_groups: tuple[TargetGroup | Unresolved, ...]
    fixed_status: Value | None


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class LoadBalancerListener(Thing):
    """A listener of a load balancer; its rules in their order, the default action last."""

    port: Whole | None
    protocol: Value | None
    certificates: tuple[Certificate | Unresolved, ...]
    rules: tuple[ListenerRule, ...]

    @property
    def target_groups(self) -> tuple[TargetGroup, ...]:
        """All target groups in these templates that it forwards to."""
        found = {id(group): group for rule in self.rules for group in rule.target_groups}
        return tuple(group for group in found.values() if isinstance(group, TargetGroup))


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class LoadBalancer(Thing):
    """A load balancer.

    Attributes:
        type: ``application``, ``network``, ``gateway`` or ``classic``.
        internal: Whether it is reached from its VPC only.
        zones: How many subnets it is in; None where nothing tells.
        prefix_lists: Where its security groups let requests in from by prefix list only: their ids; None where they
            let others in too, or nothing tells.
    """

    type: Value
    internal: Flag
    zones: int | None
    listeners: tuple[LoadBalancerListener, ...]
    prefix_lists: tuple[Value, ...] | None
