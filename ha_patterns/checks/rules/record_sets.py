"""Records that Route 53 refuses: by themselves, beside others of their name, or for the zone of their alias."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Iterator
from typing import TypeAlias

from ...aws.addresses import version
from ...aws.record_sets import (
    ALIAS_TYPES,
    HALVES,
    LONGEST_SET_IDENTIFIER,
    NO_MULTIVALUE_TYPES,
    ONE_VALUE_TYPES,
    UNROUTED_TYPES,
    WEIGHTS,
    RecordSet,
    refused_beside,
)
from ...semantics.alias_zones import is_outside, target_owner, wrong_zone, zone_name
from ...semantics.health import leads_to_distribution
from ...semantics.records import is_label
from ...topology.model import Alias, GeoLocation, HostedZone, Policy, Record
from ...topology.topology import Topology
from ...topology.values import Unresolved, Value, comparable
from ..rule import Context, Severity, Verdict, cannot_tell, problem, rule
from ..words import listed, said

_API = "https://docs.aws.amazon.com/Route53/latest/APIReference"
_ADDRESSES = {"A": 4, "AAAA": 6}
_PLAIN = re.compile(r"[A-Za-z0-9.:-]+")
# What is wrong, and the property.
_Refusal: TypeAlias = tuple[str, tuple[str | int, ...]]


@rule(
    "HA250",
    Severity.ERROR,
    "record that Route 53 refuses",
    kind=Record,
    why="Route 53 refuses the record, so that the deploy fails, often after everything before it was made. Of a "
    "standby's record that is noticed on the day on which it is added.",
    remedy="Change the property as the message says: a record has one routing policy with a SetIdentifier, or none; an "
    "AliasTarget, or else ResourceRecords with a TTL; a primary one that is no alias, a HealthCheckId; and a name in "
    "its hosted zone.",
    page=f"{_API}/API_ResourceRecordSet.html",
)
def refused(record: Record, context: Context) -> Iterator[Verdict]:
    for refusals in (_of_policies, _of_answers, _of_values, _of_names):
        for message, path in refusals(record):
            yield problem(record, message, *path)
    # Of other records, HA201 says more.
    if _lacks_check(record) and is_label(record, context.topology):
        message = f"the primary record of {said(record.name)} {record.type} has no health check; only an alias may"
        yield problem(record, message, "HealthCheckId")


def _lacks_check(record: Record) -> bool:
    """Whether a primary record that is no alias has no health check, without which Route 53 refuses it."""
    return record.failover == "PRIMARY" and record.alias is None and record.health_check is None and not record.gaps


def _of_policies(record: Record) -> Iterator[_Refusal]:
    name = said(record.name)
    if len(record.policies) > 1:
        told = listed(policy.value for policy in record.policies)
        yield f"{name} has the routing policies {told}; a record may have one", (_PROPERTIES[record.policies[-1]],)
    identifier = record.set_identifier
    if record.policies and not identifier:
        yield f"the {record.policies[0].value} record of {name} has no SetIdentifier", ("SetIdentifier",)
    elif isinstance(identifier, str) and identifier and record.policy is Policy.SIMPLE:
        yield f"{name} has the SetIdentifier {identifier!r} and no routing policy", ("SetIdentifier",)
    if isinstance(identifier, str) and len(identifier) > LONGEST_SET_IDENTIFIER:
        length = len(identifier)
        yield f"SetIdentifier has {length} characters; {LONGEST_SET_IDENTIFIER} are allowed", ("SetIdentifier",)
    if isinstance(record.weight, int) and record.weight not in WEIGHTS:
        yield f"Weight is {record.weight}; it may be {WEIGHTS[0]} to {WEIGHTS[-1]}", ("Weight",)
    if isinstance(record.failover, str) and record.failover not in HALVES:
        yield f"Failover is {record.failover!r}; it may be {' or '.join(HALVES)}", ("Failover",)
    for policy in record.policies:
        refused_types = NO_MULTIVALUE_TYPES if policy is Policy.MULTIVALUE else UNROUTED_TYPES
        if record.type in refused_types:
            yield f"{name} is a {policy.value} record of type {record.type}; no such record has one", ("Type",)


_PROPERTIES = {
    Policy.FAILOVER: "Failover",
    Policy.WEIGHTED: "Weight",
    Policy.LATENCY: "Region",
    Policy.GEOLOCATION: "GeoLocation",
    Policy.GEOPROXIMITY: "GeoProximityLocation",
    Policy.IP: "CidrRoutingConfig",
    Policy.AZ_AFFINITY: "AZAffinity",
    Policy.MULTIVALUE: "MultiValueAnswer",
}


def _of_answers(record: Record) -> Iterator[_Refusal]:
    """What is wrong with an alias, or with values in place of one."""
    alias, name = record.alias, said(record.name)
    if alias is None:
        if not record.values and not record.gaps:
            yield f"{name} has no ResourceRecords and no AliasTarget; set one", ("ResourceRecords",)
        elif record.ttl is None:
            yield f"{name} has no TTL, which every record has that is no alias", ("TTL",)
        return
    if _may_be_absent(alias):
        return
    if record.ttl is not None and not (isinstance(record.ttl, Unresolved) and record.ttl.choice):
        yield f"{name} is an alias and has a TTL of {record.ttl}; an alias has that of its target", ("TTL",)
    if record.values:
        yield f"{name} is an alias and has ResourceRecords; it may have one of them", ("ResourceRecords",)
    if Policy.MULTIVALUE in record.policies:
        yield f"{name} is a multivalue answer and an alias; multivalue answers have ResourceRecords", ("AliasTarget",)
    if alias.of_aws_resource is True and target_owner(alias) and _is_refused(record.type):
        types = listed(sorted(ALIAS_TYPES))
        yield f"{name} is an alias of type {record.type} to {target_owner(alias)}; it may be {types}", ("Type",)
    if leads_to_distribution(alias) and isinstance(record.zone, HostedZone) and record.zone.vpcs:
        yield f"{name} is in a private hosted zone, which has no alias to CloudFront", ("AliasTarget", "DNSName")


def _is_refused(record_type: Value) -> bool:
    return isinstance(record_type, str) and record_type not in ALIAS_TYPES


def _may_be_absent(alias: Alias) -> bool:
    """Whether a condition decides whether there is an alias at all."""
    return isinstance(alias.endpoint.name, Unresolved) and bool(alias.endpoint.name.choice)


def _of_values(record: Record) -> Iterator[_Refusal]:
    if record.type in ONE_VALUE_TYPES and len(record.values) > 1:
        told = listed(map(said, record.values))
        yield f"{said(record.name)} {record.type} has the values {told}; it may have one", ("ResourceRecords",)
    wanted = _ADDRESSES.get(str(record.type))
    for index, value in enumerate(record.values if wanted else ()):
        # Other tools' variables are written in other letters.
        if isinstance(value, str) and _PLAIN.fullmatch(value) and version(value) != wanted:
            message = f"{said(record.name)} {record.type} has the value {value}, which is no IPv{wanted} address"
            yield message, ("ResourceRecords", index)


def _of_names(record: Record) -> Iterator[_Refusal]:
    zone, name = zone_name(record), said(record.name)
    if is_outside(record.name, zone):
        yield f"{name} is not in the hosted zone {zone}", ("Name",)
    if record.type == "CNAME" and zone is not None and record.name == zone and comparable(zone):
        yield f"{name} is the name of its hosted zone, which has no CNAME; an alias of type A may do", ("Type",)


@rule(
    "HA251",
    Severity.ERROR,
    "records that exclude each other",
    kind=Topology,
    why="Route 53 takes several records of one name and type only if all have one routing policy, and each its own "
    "SetIdentifier and place. It refuses the one that is made last, and the deploy fails.",
    remedy="Give all records of the name and type the same routing policy and a SetIdentifier of their own, and each "
    "Region or location one record; let a CNAME be alone at its name.",
    page=f"{_API}/API_ResourceRecordSet.html",
)
def exclude_each_other(topology: Topology, _context: Context) -> Iterator[Verdict]:
    for name, records in topology.records_by_name.items():
        if len(records) > 1 and comparable(name):
            for same in _together(records):
                yield from _excluded(same)


def _together(records: Iterable[Record]) -> Iterator[list[Record]]:
    """The records that are sure to be in one zone, and made together."""
    found: dict[Hashable, list[Record]] = {}
    for record in records:
        zone = _zone(record)
        if zone is not None and isinstance(record.type, str):
            found.setdefault((zone, record.place.condition), []).append(record)
    return (same for same in found.values() if len(same) > 1)


def _zone(record: Record) -> Hashable | None:
    """What tells zones apart; None if nothing does."""
    if isinstance(record.zone, HostedZone):
        return record.zone.place.id
    zone_id = record.zone_id
    if zone_id is None or not comparable(zone_id):
        return None
    # An id is of one zone wherever it is; a name, and a parameter, may mean another in another stack.
    return zone_id if isinstance(zone_id, str) and "." not in zone_id else (zone_id, record.place.stack.id)


def _excluded(records: list[Record]) -> Iterator[Verdict]:
    """A problem for each record that Route 53 refuses because of one before it."""
    seen: dict[Hashable, Record] = {}
    for record in records:
        for key in _keys(record):
            other = seen.setdefault(key, record)
            if other is record or (key == _NAME and other.type == record.type):
                continue
            why = refused_beside(_as_set(other), _as_set(record))
            if why is not None:
                names = listed((record.place.name, other.place.name))
                message = f"{names} are both of {said(record.name)}, and {why}"
                yield problem(record, message, _differing(record, other))
                break


# The key of all records of a name, which tells only that their types exclude each other.
_NAME = ("name",)


def _keys(record: Record) -> Iterator[Hashable]:
    """What two records of a name have in common that may not be beside each other."""
    yield _NAME
    # Without a policy that is certain, nothing tells which others of its type exclude it.
    if record.policy is Policy.SIMPLE or record.policy in record.policies:
        yield ("type", record.type)
        identifier, place = _identifier(record), _place(record)
        if identifier is not None:
            yield ("identifier", record.type, identifier)
        if place is not None:
            yield ("place", record.type, place)


def _identifier(record: Record) -> Value | None:
    """What tells a record from others of its name and type; None if it is unknown."""
    identifier = record.set_identifier
    return identifier if identifier and record.policy is not Policy.SIMPLE and comparable(identifier) else None


def _place(record: Record) -> Hashable | None:
    """Whom a record is for, of which there is one record; None if that is unknown, or others may be for the same."""
    if record.policy is Policy.LATENCY:
        region = record.latency_region
        return region if region is not None and comparable(region) else None
    location = record.location
    if record.policy is not Policy.GEOLOCATION or not isinstance(location, GeoLocation):
        return None
    parts = (location.continent, location.country, location.subdivision)
    return location if all(part is None or comparable(part) for part in parts) else None


def _as_set(record: Record) -> RecordSet:
    policy = None if record.policy is Policy.SIMPLE else record.policy.value
    # Of an identifier that is unknown, only the record itself is known to have it.
    identifier = None if policy is None else _identifier(record) or record.place
    return RecordSet(str(record.type), policy, identifier, _place(record))


def _differing(record: Record, other: Record) -> str:
    """The property that a remedy would change."""
    if record.type != other.type:
        return "Type"
    if record.policy is Policy.SIMPLE:
        return "Name"
    if record.policy is other.policy and _identifier(record) == _identifier(other) is not None:
        return "SetIdentifier"
    return _PROPERTIES[record.policy]


@rule(
    "HA252",
    Severity.ERROR,
    "alias that names another hosted zone than its target's",
    kind=Record,
    why="Route 53 looks for an alias's name in the hosted zone that the alias names, finds no such name and refuses "
    "the record, so that the deploy fails.",
    remedy="Set AliasTarget's HostedZoneId to the zone of what DNSName names: CanonicalHostedZoneID of the load "
    "balancer, RegionalHostedZoneId of the API's domain, Z2FDTNDATAQYW2 for CloudFront, Z2BJ6XQ5FK7U4H for Global "
    "Accelerator, that of the bucket's Region for an S3 website, and the record's own zone for another record.",
    page=f"{_API}/API_AliasTarget.html",
)
def of_another_zone(record: Record, _context: Context) -> Iterator[Verdict]:
    alias = record.alias
    wrong = None if alias is None else wrong_zone(record, alias)
    if alias is None or wrong is None:
        return
    path = ("AliasTarget", "HostedZoneId")
    if isinstance(wrong, Unresolved):
        question = f"whether {said(alias.endpoint.name)} is in the hosted zone that its alias names"
        yield cannot_tell(record, wrong, question, *path)
    else:
        zone = alias.zone_id if alias.zone_id is not None else ""
        message = f"the alias of {said(record.name)} to {said(alias.endpoint.name)} names the hosted zone {said(zone)}"
        yield problem(record, f"{message}, which is {wrong}", *path)
