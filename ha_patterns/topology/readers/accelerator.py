"""Global Accelerator."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..model import Accelerator, AcceleratorEndpoint, AcceleratorListener, EndpointGroup, LoadBalancer
from ..properties import Property
from ..reader import Read, Reader, Resource
from ..values import Unresolved

_HEALTH_SETTINGS = (
    *("HealthCheckIntervalSeconds", "HealthCheckPath", "HealthCheckPort", "HealthCheckProtocol"),
    "ThresholdCount",
)
_NO_LISTENER = Unresolved("a listener, which the endpoint group does not name")
_NO_ACCELERATOR = Unresolved("an accelerator, which the listener does not name")


def _accelerator(_reader: Reader, resource: Resource) -> Accelerator:
    return Accelerator(enabled=resource.properties["Enabled"].flag(default=True), **resource.head())


def _listener(reader: Reader, resource: Resource) -> AcceleratorListener:
    properties = resource.properties
    return AcceleratorListener(
        accelerator=reader.link(properties["AcceleratorArn"].text(), Accelerator) or _NO_ACCELERATOR,
        protocol=properties["Protocol"].text() or "TCP",
        affinity=properties["ClientAffinity"].text() or "NONE",
        **resource.head(),
    )


def _endpoint_group(reader: Reader, resource: Resource) -> EndpointGroup:
    properties = resource.properties
    return EndpointGroup(
        listener=reader.link(properties["ListenerArn"].text(), AcceleratorListener) or _NO_LISTENER,
        endpoint_group_region=properties["EndpointGroupRegion"].text()
        or Unresolved("a Region, which the endpoint group lacks"),
        traffic_dial=properties["TrafficDialPercentage"].whole(100) or 0,
        interval=properties["HealthCheckIntervalSeconds"].whole(30) or 0,
        threshold=properties["ThresholdCount"].whole(3) or 0,
        protocol=properties["HealthCheckProtocol"].text() or "TCP",
        health_settings=tuple(name for name in _HEALTH_SETTINGS if properties[name]),
        endpoints=tuple(_endpoints(reader, resource, properties["EndpointConfigurations"])),
        **resource.head(),
    )


def _endpoints(reader: Reader, resource: Resource, given: Property) -> Iterator[AcceleratorEndpoint]:
    for one in given:
        endpoint_id = one["EndpointId"].text() or Unresolved("an endpoint, which has no id")
        yield AcceleratorEndpoint(
            target=reader.link(endpoint_id, LoadBalancer) or Unresolved("an endpoint"),
            id=endpoint_id,
            weight=one["Weight"].whole(128) or 0,
            **resource.part(one),
        )


READERS: Mapping[str, Read] = {
    "AWS::GlobalAccelerator::Accelerator": _accelerator,
    "AWS::GlobalAccelerator::Listener": _listener,
    "AWS::GlobalAccelerator::EndpointGroup": _endpoint_group,
}
