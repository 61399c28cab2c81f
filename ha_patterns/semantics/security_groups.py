"""Whether the security groups of a load balancer admit CloudFront where it comes from the VPC, as to a VPC origin."""

from __future__ import annotations

import ipaddress
from enum import Enum

from ..aws.names import CLOUDFRONT_PREFIX_LISTS
from ..topology.model import IngressRule, LoadBalancer, SecurityGroup
from ..topology.model.base import Whole
from ..topology.values import Unresolved, Value
from .admission import is_at

# Addresses of examples, which are private for Python and nobody's in fact.
_DOCUMENTATION = tuple(map(ipaddress.IPv4Network, ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24")))


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


def admits_vpc_origin(balancer: LoadBalancer, port: Whole) -> Admitted:
    """Whether the security groups of a load balancer admit CloudFront at a port, as a VPC origin.

    CloudFront then comes from a private address of the VPC, by a security group that it makes itself. See
    https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-vpc-origins.html

    Args:
        balancer: The load balancer.
        port: The port.
    """
    rules = ingress_of(balancer)
    if not balancer.security_groups:
        # An Application Load Balancer then has the VPC's default one; a Network Load Balancer may have none.
        return Admitted.YES if balancer.type == "network" and not balancer.gaps else Admitted.UNKNOWN
    # Of a group without rules, they are somewhere else.
    if balancer.gaps or not rules or not isinstance(port, int):
        return Admitted.UNKNOWN
    told = [_admits(rule, port) for rule in rules]
    in_order = (Admitted.YES, Admitted.UNKNOWN, Admitted.BY_GROUP)
    return next((one for one in in_order if one in told), Admitted.NO)


def ingress_of(balancer: LoadBalancer) -> list[IngressRule]:
    """All rules of the security groups of a load balancer, of which any may admit; none where some are not known."""
    found: list[IngressRule] = []
    for group in balancer.security_groups:
        if isinstance(group, Unresolved) or group.gaps:
            return []
        found += group.ingress
    return found


def _admits(rule: IngressRule, port: int) -> Admitted:
    at_port = is_at(rule, port)
    if at_port is False:
        return Admitted.NO
    if at_port is None or rule.place.condition is not None or rule.gaps:
        return Admitted.UNKNOWN
    if rule.prefix_list is not None:
        # Of another prefix list nothing tells what is in it.
        return Admitted.YES if rule.prefix_list in CLOUDFRONT_PREFIX_LISTS else Admitted.UNKNOWN
    if rule.source_group is not None:
        if isinstance(rule.source_group, SecurityGroup):
            return Admitted.NO
        return Admitted.BY_GROUP if rule.source_group.waits_for.startswith("sg-") else Admitted.UNKNOWN
    told = [_from(value) for value in (rule.cidr, rule.cidr_v6) if value is not None]
    return next((one for one in (Admitted.YES, Admitted.UNKNOWN) if one in told), Admitted.NO)


def _from(value: Value) -> Admitted:
    try:
        network = ipaddress.ip_network(value, strict=False) if isinstance(value, str) else None
    except ValueError:
        network = None
    if network is None:
        return Admitted.UNKNOWN
    if network.prefixlen == 0:
        return Admitted.YES
    # A private network may have the subnet that CloudFront comes from.
    is_example = isinstance(network, ipaddress.IPv4Network) and any(network.subnet_of(one) for one in _DOCUMENTATION)
    return Admitted.UNKNOWN if network.is_private and not is_example else Admitted.NO
