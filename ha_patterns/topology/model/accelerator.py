"""Global Accelerator."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..values import Unresolved, Value
from .base import Thing

if TYPE_CHECKING:
    from .base import Flag, Whole
    from .load_balancing import LoadBalancer


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class AcceleratorEndpoint(Thing):
    """What an accelerator sends traffic to."""

    target: LoadBalancer | Unresolved
    id: Value
    weight: Whole


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class EndpointGroup(Thing):
    """An accelerator's endpoints in one Region.

    Attributes:
        health_settings: The names of the health check's properties that the template sets.
    """

    listener: AcceleratorListener | Unresolved
    endpoint_group_region: Value
    traffic_dial: Whole
    interval: Whole
    threshold: Whole
    protocol: Value
    health_settings: tuple[str, ...]
    endpoints: tuple[AcceleratorEndpoint, ...]

    @property
    def region(self) -> Value:
        """The Region that its endpoints are in, wherever its stack is."""
        return self.endpoint_group_region


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class AcceleratorListener(Thing):
    """A listener of an accelerator."""

    everywhere = True

    accelerator: Accelerator | Unresolved
    protocol: Value
    affinity: Value
    endpoint_groups: tuple[EndpointGroup, ...] = ()


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Accelerator(Thing):
    """An accelerator."""

    everywhere = True

    enabled: Flag
    listeners: tuple[AcceleratorListener, ...] = ()
