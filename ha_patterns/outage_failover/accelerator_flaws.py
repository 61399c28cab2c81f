"""What keeps an accelerator from reaching its endpoints; known when the load balancers behind it are made."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..aws.load_balancers import TCP_LISTENERS, UDP_LISTENERS
from ..origins.places import Balancer, balancer_of
from .accelerator_endpoints import AcceleratorEndpoint, EndpointKind

_GUIDE = "https://docs.aws.amazon.com/global-accelerator/latest/dg"


def endpoint_flaws(
    endpoint: AcceleratorEndpoint, ranges: Sequence[tuple[int, int]], *, is_udp: bool, is_dual: bool
) -> Iterator[str]:
    """The errors of a synth with a load balancer of this app as an endpoint.

    Args:
        endpoint: The endpoint.
        ranges: The ports of the accelerator, as far as they are known.
        is_udp: Whether its protocol is UDP.
        is_dual: Whether it is dual-stack.
    """
    balancer = balancer_of(endpoint.resource) if endpoint.is_load_balancer else None
    if balancer is None:
        return
    yield from _port_flaws(endpoint, balancer, ranges, is_udp=is_udp)
    if endpoint.kind is EndpointKind.NETWORK_LOAD_BALANCER:
        yield from _network_flaws(endpoint, balancer, is_dual=is_dual)
    own = {group.resource.node.path for group in balancer.groups}
    for group in endpoint.target_groups:
        resource = group.node.default_child
        if own and resource is not None and resource.node.path not in own:
            yield (
                f"target_groups of {endpoint} must be what its listeners forward to, got {group.node.path}: the health "
                "of the load balancer is that of its own target groups, and so is failover_time"
            )


def _port_flaws(
    endpoint: AcceleratorEndpoint, balancer: Balancer, ranges: Sequence[tuple[int, int]], *, is_udp: bool
) -> Iterator[str]:
    if balancer.listeners is None:
        return
    protocols = UDP_LISTENERS if is_udp else TCP_LISTENERS
    listening = sorted(port for port, found in balancer.listeners.items() if found & protocols)
    for first, last in ranges:
        if any(first <= port <= last for port in listening):
            continue
        asked = str(first) if first == last else f"{first}-{last}"
        over = "UDP" if is_udp else "TCP"
        there = f"at {', '.join(map(str, listening))}" if listening else "nowhere"
        yield (
            f"port_ranges has {asked}, and {endpoint} listens {there} over {over}: whoever connects there is not "
            "answered; give the ports of its listeners, or add a listener"
        )


def _network_flaws(endpoint: AcceleratorEndpoint, balancer: Balancer, *, is_dual: bool) -> Iterator[str]:
    """What is wrong with a Network Load Balancer that shall show its targets the client's address, or take IPv6."""
    is_dual_balancer = balancer.properties.get("ipAddressType", "ipv4") != "ipv4"
    if endpoint.preserves_client_ip:
        page = f"see {_GUIDE}/about-endpoints.sipp-caveats.html"
        if not balancer.properties.get("securityGroups"):
            yield (
                f"preserve_client_ip of {endpoint} needs a load balancer with security groups, which it has not: "
                f"{page}; make a new one with security_groups, or leave preserve_client_ip out"
            )
        if balancer.listeners and any("TLS" in found for found in balancer.listeners.values()):
            yield (
                f"preserve_client_ip of {endpoint} needs listeners without TLS, and it has one: {page}; let the "
                "targets end TLS behind a TCP listener, or leave preserve_client_ip out"
            )
        if is_dual_balancer and not is_dual:
            yield (
                f"preserve_client_ip of {endpoint} must be left out: an accelerator of IPv4 takes a dual-stack Network "
                f"Load Balancer without it only, see {_GUIDE}/about-endpoints-caveats.html"
            )
    for group in balancer.groups if is_dual else ():
        kind, family = group.properties.get("targetType"), group.properties.get("ipAddressType", "ipv4")
        if kind == "ip" or (kind in (None, "instance") and family == "ipv6"):
            yield (
                f"{group.resource.node.path} must have instances with IPv4 addresses as targets: a dual-stack "
                f"accelerator takes no other behind a Network Load Balancer, see {_GUIDE}/about-endpoints-caveats.html"
            )
