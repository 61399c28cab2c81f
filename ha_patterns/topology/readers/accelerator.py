"""Global Accelerator."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ...aws.accelerators import DEFAULT_DIAL, DEFAULT_INTERVAL, DEFAULT_THRESHOLD, DEFAULT_WEIGHT
from ..model import (
    Accelerator,
    AcceleratorEndpoint,
    AcceleratorListener,
    Address,
    EndpointGroup,
    Instance,
    LoadBalancer,
    PortOverride,
    PortRange,
)
from ..properties import Property
from ..reader import Read, Reader, Resource
from ..values import Unresolved, Value, atoms
from .references import link_to

_HEALTH_SETTINGS = (
    *("HealthCheckIntervalSeconds", "HealthCheckPath", "HealthCheckPort", "HealthCheckProtocol"),
    "ThresholdCount",
)
_NO_LISTENER = Unresolved("a listener, which the endpoint group does not name")
_NO_ACCELERATOR = Unresolved("an accelerator, which the listener does not name")


def _accelerator(_reader: Reader, resource: Resource) -> Accelerator:
    return Accelerator(
        enabled=resource.properties["Enabled"].flag(default=True),
        ip_address_type=resource.properties["IpAddressType"].text() or "IPV4",
        **resource.head(),
    )


def _listener(reader: Reader, resource: Resource) -> AcceleratorListener:
    properties = resource.properties
    return AcceleratorListener(
        accelerator=reader.link(properties["AcceleratorArn"].text(), Accelerator) or _NO_ACCELERATOR,
        protocol=properties["Protocol"].text() or "TCP",
        affinity=properties["ClientAffinity"].text() or "NONE",
        port_ranges=tuple(
            PortRange(from_port=one["FromPort"].whole(), to_port=one["ToPort"].whole())
            for one in properties["PortRanges"]
        ),
        **resource.head(),
    )


def _endpoint_group(reader: Reader, resource: Resource) -> EndpointGroup:
    properties = resource.properties
    return EndpointGroup(
        listener=reader.link(properties["ListenerArn"].text(), AcceleratorListener) or _NO_LISTENER,
        endpoint_group_region=_region(resource),
        traffic_dial=properties["TrafficDialPercentage"].whole(DEFAULT_DIAL) or 0,
        interval=properties["HealthCheckIntervalSeconds"].whole(DEFAULT_INTERVAL) or 0,
        threshold=properties["ThresholdCount"].whole(DEFAULT_THRESHOLD) or 0,
        protocol=properties["HealthCheckProtocol"].text() or "TCP",
        health_check_port=properties["HealthCheckPort"].whole(),
        health_check_path=properties["HealthCheckPath"].text() or "/",
        health_settings=tuple(name for name in _HEALTH_SETTINGS if properties[name]),
        port_overrides=_overrides(properties["PortOverrides"]),
        endpoints=tuple(_endpoints(reader, resource, properties["EndpointConfigurations"])),
        **resource.head(),
    )


def _region(group: Resource) -> Value:
    return group.properties["EndpointGroupRegion"].text() or Unresolved("a Region, which the endpoint group lacks")


def _endpoints(reader: Reader, resource: Resource, given: Property) -> Iterator[AcceleratorEndpoint]:
    region = _region(resource)
    for one in given:
        endpoint_id = one["EndpointId"].text() or Unresolved("an endpoint, which has no id")
        target = link_to(reader, endpoint_id, LoadBalancer, Instance, Address) or Unresolved("an endpoint")
        yield AcceleratorEndpoint(
            target=target,
            id=endpoint_id,
            weight=one["Weight"].whole(DEFAULT_WEIGHT) or 0,
            client_ip_preserved=_preserved(target, endpoint_id, one["ClientIPPreservationEnabled"]),
            client_ip_given=one["ClientIPPreservationEnabled"].flag() if one["ClientIPPreservationEnabled"] else None,
            attachment=one["AttachmentArn"].text(),
            endpoint_group_region=region,
            **resource.part(one),
        )


def _preserved(
    target: LoadBalancer | Instance | Address | Unresolved, endpoint_id: Value, given: Property
) -> bool | Unresolved:
    """Whether an endpoint sees clients' addresses.

    See https://docs.aws.amazon.com/global-accelerator/latest/dg/preserve-client-ip-address.how-to-enable-preservation.html
    """
    known = "".join(atom for atom in atoms(endpoint_id) if isinstance(atom, str))
    if isinstance(target, Instance) or known.startswith("i-") or ":instance/" in known:
        return True
    if isinstance(target, Address) or known.startswith("eipalloc-") or ":elastic-ip/" in known:
        return False
    kind: Value | None = None
    if isinstance(target, LoadBalancer):
        kind = target.type
        if kind == "application" and target.internal is True:
            return True
        if kind == "application" and isinstance(target.internal, Unresolved) and given.flag(default=True) is not True:
            return target.internal
    elif ":loadbalancer/" in known:
        kind = "application" if ":loadbalancer/app/" in known else "network"
    if given:
        return given.flag()
    if kind in ("application", "network"):
        return kind == "application"
    return target if isinstance(target, Unresolved) else Unresolved("the kind of the load balancer")


def _overrides(given: Property) -> tuple[PortOverride, ...] | Unresolved:
    if given.unresolved is not None:
        return given.unresolved
    return tuple(
        PortOverride(listener_port=one["ListenerPort"].whole(), endpoint_port=one["EndpointPort"].whole())
        for one in given
    )


READERS: Mapping[str, Read] = {
    "AWS::GlobalAccelerator::Accelerator": _accelerator,
    "AWS::GlobalAccelerator::Listener": _listener,
    "AWS::GlobalAccelerator::EndpointGroup": _endpoint_group,
}
