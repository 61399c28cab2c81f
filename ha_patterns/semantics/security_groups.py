"""Whom security groups admit, as far as templates tell."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator
from enum import Enum

from ..aws.names import CLOUDFRONT_PREFIX_LISTS
from ..topology.model import IngressRule, LoadBalancer, SecurityGroup
from ..topology.model.base import Whole
from ..topology.values import Unresolved, Value

_TCP = ("tcp", "6")
_ALL = "-1"
# Addresses of examples; nobody has them.
_DOCUMENTATION = tuple(map(ipaddress.IPv4Network, ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24")))
# CloudFront asks origins from some dozens of networks. Fewer networks than this, none of them wider, are not those:
# this library's choice. See https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/LocationsOfEdgeServers.html
_FEWEST_NETWORKS = 10
_WIDEST = 16


class Admitted(Enum):
    """Whether security groups admit CloudFront.

    Attributes:
        YES: They do, or nothing stands before the load balancer.
        NO: They surely do not.
        BY_GROUP: Only if a security group that is in no template is the one that CloudFront makes for VPC origins.
        UNKNOWN: Nothing tells.
    """

    YES = "yes"
    NO = "no"
    BY_GROUP = "by group"
    UNKNOWN = "unknown"


def admits_cloudfront(balancer: LoadBalancer, port: Whole, *, from_vpc: bool) -> Admitted:
    """Whether the security groups of a load balancer admit CloudFront at a port.

    Args:
        balancer: The load balancer.
        port: The port.
        from_vpc: Whether CloudFront comes from the VPC, as for a VPC origin: from a private address, by a security
            group that it makes itself.

    See https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-vpc-origins.html and
    https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/LocationsOfEdgeServers.html
    """
    if not balancer.security_groups:
        # An Application Load Balancer then has the VPC's default one; a Network Load Balancer may have none.
        return Admitted.YES if balancer.type == "network" and not balancer.gaps else Admitted.UNKNOWN
    rules = rules_of(balancer.security_groups)
    # Of a group without rules, they are somewhere else.
    if balancer.gaps or not rules or not isinstance(port, int):
        return Admitted.UNKNOWN
    open_ones = [(rule, at) for rule in rules if (at := is_at(rule, port)) is not False]
    told = [_admits(rule, from_vpc=from_vpc) if at else Admitted.UNKNOWN for rule, at in open_ones]
    for one in (Admitted.YES, Admitted.UNKNOWN, Admitted.BY_GROUP):
        if one in told:
            return one
    networks = [network for rule, _ in open_ones for network in _networks(rule)]
    few = len(networks) < _FEWEST_NETWORKS and all(one.prefixlen >= _WIDEST for one in networks)
    return Admitted.NO if few or from_vpc else Admitted.UNKNOWN


def rules_of(groups: Iterable[SecurityGroup | Unresolved]) -> list[IngressRule] | None:
    """All rules of some security groups, of which any may admit; None where some are not known."""
    found: list[IngressRule] = []
    for group in groups:
        if isinstance(group, Unresolved) or group.gaps:
            return None
        found += group.ingress
    return found


def is_at(rule: IngressRule, port: int) -> bool | None:
    """Whether a rule is for a port of TCP; None where nothing tells."""
    if isinstance(rule.protocol, Unresolved) or rule.place.condition is not None:
        return None
    if rule.protocol == _ALL:
        return True
    if rule.protocol not in _TCP:
        return False
    first, last = rule.from_port, rule.to_port
    if isinstance(first, Unresolved) or isinstance(last, Unresolved):
        return None
    return first is None or last is None or first == -1 or first <= port <= last


def _admits(rule: IngressRule, *, from_vpc: bool) -> Admitted:
    if rule.prefix_list is not None:
        # Of another prefix list nothing tells what is in it.
        return Admitted.YES if rule.prefix_list in CLOUDFRONT_PREFIX_LISTS else Admitted.UNKNOWN
    if rule.source_group is not None:
        if isinstance(rule.source_group, SecurityGroup) or not from_vpc:
            return Admitted.NO
        named = rule.source_group.waits_for.startswith("sg-")
        return Admitted.BY_GROUP if named else Admitted.UNKNOWN
    told = [_from(value, from_vpc=from_vpc) for value in (rule.cidr, rule.cidr_v6) if value is not None]
    return next((one for one in (Admitted.YES, Admitted.UNKNOWN) if one in told), Admitted.NO)


def _from(value: Value, *, from_vpc: bool) -> Admitted:
    network = _network(value)
    if network is None:
        return Admitted.UNKNOWN
    if network.prefixlen == 0:
        return Admitted.YES
    if from_vpc:
        # It may be the subnet that CloudFront comes from.
        return Admitted.UNKNOWN if network.is_private and not _is_of_examples(network) else Admitted.NO
    return Admitted.NO


def _networks(rule: IngressRule) -> Iterator[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    """The public networks of a rule."""
    for value in (rule.cidr, rule.cidr_v6):
        network = None if value is None else _network(value)
        if network is not None and not network.is_private:
            yield network


def _network(value: Value) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    try:
        return ipaddress.ip_network(value, strict=False) if isinstance(value, str) else None
    except ValueError:
        return None


def _is_of_examples(network: ipaddress.IPv4Network | ipaddress.IPv6Network) -> bool:
    return isinstance(network, ipaddress.IPv4Network) and any(network.subnet_of(one) for one in _DOCUMENTATION)
