"""Global Accelerator."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..values import Unresolved, Value
from .base import Thing, thing

if TYPE_CHECKING:
    from .base import Flag, Whole
    from .compute import Address, Instance
    from .load_balancing import LoadBalancer


@thing
class AcceleratorEndpoint(Thing):
    """What an accelerator sends traffic to.

    Attributes:
        target: What it is; Unresolved if it is not in these templates.
        id: As the template has it: an ARN, or the id of an instance or of an Elastic IP address.
        client_ip_preserved: Whether the endpoint sees the client's address. An instance and an internal Application
            Load Balancer always do, and an Elastic IP address never does.
        client_ip_given: What the template says of that; None if nothing.
        attachment: The cross-account attachment that shares the endpoint, by its ARN; None if it names none.

    See https://docs.aws.amazon.com/global-accelerator/latest/dg/preserve-client-ip-address.html
    """

    target: LoadBalancer | Instance | Address | Unresolved
    id: Value
    weight: Whole
    client_ip_preserved: Flag
    attachment: Value | None
    endpoint_group_region: Value
    client_ip_given: Flag | None = None

    @property
    def region(self) -> Value:
        """The Region of its endpoint group, wherever the stack is."""
        return self.endpoint_group_region


@dataclass(frozen=True, kw_only=True)
class PortOverride:
    """A port of a listener that is another one at the endpoints."""

    listener_port: Whole | None
    endpoint_port: Whole | None


@thing
class EndpointGroup(Thing):
    """An accelerator's endpoints in one Region.

    Attributes:
        listener: Unresolved if it is not in these templates.
        traffic_dial: In percent.
        interval: The seconds between two health checks.
        protocol: The protocol of health checks.
        health_check_port: None if the template sets none, so that the listener's first port counts.
        health_check_path: Of health checks by HTTP and HTTPS.
        health_settings: The names of the health check's properties that the template sets.
    """

    listener: AcceleratorListener | Unresolved
    endpoint_group_region: Value
    traffic_dial: Whole
    interval: Whole
    threshold: Whole
    protocol: Value
    health_check_port: Whole | None
    health_check_path: Value
    health_settings: tuple[str, ...]
    port_overrides: tuple[PortOverride, ...] | Unresolved
    endpoints: tuple[AcceleratorEndpoint, ...]

    @property
    def region(self) -> Value:
        """The Region that its endpoints are in, wherever its stack is."""
        return self.endpoint_group_region

    @property
    def checked_port(self) -> Whole:
        """The port that health checks ask: its own, or else the first of its listener.

        See https://docs.aws.amazon.com/global-accelerator/latest/api/API_EndpointGroup.html
        """
        if self.health_check_port is not None:
            return self.health_check_port
        if isinstance(self.listener, Unresolved):
            return self.listener
        ports = self.listener.port_ranges
        first = ports[0].from_port if ports else None
        return Unresolved("the first port of the listener") if first is None else first


@dataclass(frozen=True, kw_only=True)
class PortRange:
    """Ports from the first to the last, both included."""

    from_port: Whole | None
    to_port: Whole | None


@thing
class AcceleratorListener(Thing):
    """A listener of an accelerator.

    Attributes:
        affinity: ``NONE``, or ``SOURCE_IP`` if a client stays with its endpoint.
        port_ranges: Empty if the template does not tell them.
    """

    everywhere = True

    accelerator: Accelerator | Unresolved
    protocol: Value
    affinity: Value
    port_ranges: tuple[PortRange, ...]
    endpoint_groups: tuple[EndpointGroup, ...] = ()


@thing
class Accelerator(Thing):
    """An accelerator.

    Attributes:
        ip_address_type: ``IPV4`` or ``DUAL_STACK``.
    """

    everywhere = True

    enabled: Flag
    ip_address_type: Value
    listeners: tuple[AcceleratorListener, ...] = ()
