"""What takes a record out of Route 53's answers, and what the members of a record set have in common."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Hashable, Iterator, Sequence
from functools import cache

from .._aws_facts import CLOUDFRONT_ZONE
from ..topology.model import (
    ADDRESS_TYPES,
    Alias,
    Endpoint,
    HealthCheck,
    HostedZone,
    OriginKind,
    Policy,
    Record,
    RoutingControl,
)
from ..topology.topology import RecordSet
from ..topology.values import Unresolved, Value, waiting
from .fold import Fold
from .words import said

# Highly available by design: AWS says that evaluating them brings nothing.
_NEVER_UNHEALTHY = frozenset({OriginKind.API, OriginKind.BUCKET, OriginKind.WEBSITE, OriginKind.DISTRIBUTION})
_VPC_ENDPOINT = ".vpce.amazonaws.com"
# What examples write; a reader knows that they stand for public addresses.
_DOCUMENTATION = tuple(
    map(ipaddress.ip_network, ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32"))
)


def leads_to_distribution(alias: Alias) -> bool:
    """Whether an alias is of a distribution."""
    endpoint = alias.endpoint
    if endpoint.records:
        return False
    return endpoint.kind is OriginKind.DISTRIBUTION or (
        alias.zone_id == CLOUDFRONT_ZONE and endpoint.kind is OriginKind.HOST
    )


def can_fail(record: Record) -> bool | None:
    """Whether Route 53 may find a record unhealthy; None where nothing tells."""
    # Of a type that is not known, no record is known to be of the same.
    return _can_fail(record, _endpoints_can_fail(record.type if record.type in ADDRESS_TYPES else ""))


def why_not(record: Record) -> str:
    """Why a record is healthy whatever happens, as a sentence goes on."""
    alias = record.alias
    if alias is None:
        return "has no health check"
    if alias.evaluate_target_health is not True:
        return "has no health check, and its alias does not evaluate the health of its target"
    if alias.endpoint.records:
        return f"has no health check, and {_name(alias.endpoint)}, which it is an alias of, is always healthy"
    what = "CloudFront" if leads_to_distribution(alias) else alias.endpoint.kind.value
    if what == OriginKind.HOST.value:
        what = "VPC endpoint"
    return f"has no health check, and evaluating the health of its target ({what}) brings nothing"


def steers(record_set: RecordSet) -> Policy | None:
    """How Route 53 chooses among the records of a set, where it does."""
    return next((record.policy for record in record_set.records if record.policy is not Policy.SIMPLE), None)


def unknown_members(record_set: RecordSet) -> Unresolved | None:
    """What would have to be known to know that a set has these records and no other; None where it is known."""
    for record in record_set.records:
        zone = record.zone_id if record.zone_id is not None else record.zone
        values = (record.name, record.type, *((zone,) if not isinstance(zone, HostedZone) else ()))
        found = next((unknown for value in values for unknown in waiting(value)), record.place.condition)
        if found is not None:
            return found
    return None


def regions(record: Record) -> frozenset[str] | None:
    """Where what a record is answered with is; None where it is not known of all."""
    found: set[str] = set()
    for answer in record.answers:
        there = answer.regions
        if there is None:
            return None
        found |= there
    return frozenset(found) or None


def ends(record: Record) -> frozenset[Endpoint]:
    """The hosts that a record ends at."""
    return frozenset(end for answer in record.answers for end in answer.ends)


def follows(check: HealthCheck | Unresolved) -> tuple[Hashable, bool | None]:
    """What makes a health check change its mind, and whether it turns that around.

    Checks of which both are equal move together.
    """
    inverted: bool | None = False
    seen: set[HealthCheck] = set()
    while isinstance(check, HealthCheck) and check not in seen:
        seen.add(check)
        inverted = None if inverted is None or isinstance(check.inverted, Unresolved) else inverted != check.inverted
        if check.type != "CALCULATED" or len(check.children) != 1 or check.healthy_children != 1:
            return _source(check), inverted
        check = check.children[0]
    return check, inverted


def depends_on(check: HealthCheck | Unresolved | None, other: HealthCheck) -> bool:
    """Whether a health check is another one, or is calculated from it."""
    if not isinstance(check, HealthCheck):
        return False
    return check is other or any(child is other for child in check.children)


def is_private(address: Value | None) -> bool:
    """Whether a text is an IP address that nobody on the internet reaches."""
    try:
        ip = ipaddress.ip_address(address) if isinstance(address, str) else None
    except ValueError:
        return False
    if ip is None or any(ip in network for network in _DOCUMENTATION if network.version == ip.version):
        return False
    return not ip.is_global or ip.is_multicast


def called(record: Record) -> str:
    """A record of several in a sentence: as its set knows it, where that is known."""
    return record.set_identifier if isinstance(record.set_identifier, str) else record.place.name


def _can_fail(record: Record, of: Callable[[Endpoint], bool | None]) -> bool | None:
    if record.health_check is not None:
        return True
    alias = record.alias
    if alias is None or alias.evaluate_target_health is False:
        return False
    if isinstance(alias.evaluate_target_health, Unresolved):
        return None
    if not alias.endpoint.records and leads_to_distribution(alias):
        return False
    return of(alias.endpoint)


@cache
def _endpoints_can_fail(record_type: Value) -> Fold[Endpoint, bool | None]:
    """Whether what an alias of a type leads to may be unhealthy as a whole."""

    def members(endpoint: Endpoint) -> list[Record]:
        return [record for record in endpoint.records if record.type == record_type]

    def below(endpoint: Endpoint) -> Iterator[Endpoint]:
        return (record.alias.endpoint for record in members(endpoint) if record.alias is not None)

    def value(endpoint: Endpoint, of: Callable[[Endpoint], bool | None]) -> bool | None:
        if endpoint.records:
            # Of several records one that is healthy is enough.
            found = [_can_fail(record, of) for record in members(endpoint)]
            return False if False in found else True if found and None not in found else None
        if endpoint.kind in _NEVER_UNHEALTHY or _name(endpoint).endswith(_VPC_ENDPOINT):
            return False
        return True if endpoint.kind is OriginKind.LOAD_BALANCER else None

    return Fold(below, value, None)


def _source(check: HealthCheck) -> Hashable:
    """The same for checks that ask the same."""
    if isinstance(check.control, RoutingControl):
        return check.control
    if check.probes and (check.endpoint is not None or check.address is not None):
        return check.type, check.endpoint, check.address, check.port, check.path, check.search_string
    return check


def _name(endpoint: Endpoint) -> str:
    return said(endpoint.name)


def of_several_regions(records: Sequence[Record]) -> bool:
    """Whether records lead to more than one Region, as far as all is known."""
    found = [regions(record) for record in records]
    return None not in found and len(frozenset().union(*(one for one in found if one is not None))) > 1
