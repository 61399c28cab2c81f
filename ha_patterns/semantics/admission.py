"""Whom the security groups of a load balancer or a server let connect."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ..aws.source_ranges import overlaps
from ..topology.model import IngressRule, SecurityGroup
from ..topology.values import Unresolved, Value, references

# As rules call them: all protocols, and TCP by its number.
_TCP = ("tcp", "6", "-1")


def sources_instead(
    groups: Iterable[SecurityGroup | Unresolved],
    port: int,
    ranges: Iterable[str],
    is_own: Callable[[Value], bool | None],
) -> list[str] | Unresolved | None:
    """Whom security groups admit at a port in place of somebody; None if they admit that one, too.

    Unresolved if nothing tells. What has no security groups of its own tells nothing.

    Args:
        groups: The security groups of a load balancer or a server.
        port: The port.
        ranges: The IPv4 addresses of that one.
        is_own: Whether a prefix list is that one's; None if unknown.
    """
    groups = tuple(groups)
    # A group without any rule gets them from elsewhere.
    if not any(isinstance(group, Unresolved) or group.ingress or group.gaps for group in groups):
        return None
    told: list[str] = []
    for group in groups:
        if not isinstance(group, SecurityGroup) or group.gaps:
            return group if isinstance(group, Unresolved) else group.gaps[0]
        for rule in group.ingress:
            if rule.gaps:
                return rule.gaps[0]
            at_port = is_at(rule, port)
            if at_port is False:
                continue
            admitted = _admits(rule, ranges, is_own)
            if at_port is None or isinstance(admitted, Unresolved):
                return admitted if isinstance(admitted, Unresolved) else Unresolved("the ports of a security group")
            if admitted:
                return None
            told.append(_source(rule))
    return list(dict.fromkeys(told))


def is_at(rule: IngressRule, port: int) -> bool | None:
    """Whether a rule is for a port; None if unknown."""
    if isinstance(rule.protocol, str) and rule.protocol.lower() not in _TCP:
        return False
    if not isinstance(rule.protocol, str) or isinstance(rule.from_port, Unresolved):
        return None
    if isinstance(rule.to_port, Unresolved):
        return None
    if rule.protocol == "-1" or rule.from_port is None or rule.to_port is None:
        return True
    return rule.from_port == -1 or rule.from_port <= port <= rule.to_port


def _admits(rule: IngressRule, ranges: Iterable[str], is_own: Callable[[Value], bool | None]) -> bool | Unresolved:
    if rule.place.condition is not None:
        return rule.place.condition
    if rule.prefix_list is not None:
        own = is_own(rule.prefix_list)
        return Unresolved(f"the addresses of the prefix list {rule.prefix_list}") if own is None else own
    if rule.cidr is not None:
        return overlaps(rule.cidr, ranges) if isinstance(rule.cidr, str) else _unknown(rule.cidr)
    # Other sources are IPv6 addresses, and security groups, in which neither checkers nor CloudFront are.
    return rule.cidr_v6 is None and rule.source_group is None


def _unknown(value: Value) -> Unresolved:
    if isinstance(value, Unresolved):
        return value
    made = next((reference.resource.logical_id for reference in references(value)), None)
    return Unresolved(f"the addresses {value}" if made is None else f"the addresses of {made}")


def _source(rule: IngressRule) -> str:
    """The source of a rule, as a sentence names it."""
    if rule.prefix_list is not None:
        return f"the prefix list {rule.prefix_list}"
    if rule.source_group is not None:
        group = rule.source_group
        return (
            f"the security group {group.place.logical_id}" if isinstance(group, SecurityGroup) else "a security group"
        )
    return str(rule.cidr or rule.cidr_v6)
