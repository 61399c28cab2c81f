"""Records: whether Route 53 takes one out of its answers, and what it answers instead."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator
from dataclasses import dataclass

from ...aws.health_checks import USUAL_TTL
from ...aws.regions import LATENCY_REGIONS
from ...semantics.apis import is_for
from ...semantics.health import can_fail, follows, leads_to_distribution
from ...semantics.records import ends, is_label, of_several_regions, regions, steers, traffic_sets, unknown_members
from ...topology.model import Api, ApiDomain, HostedZone, Origin, OriginKind, Policy, Record
from ...topology.topology import RecordSet, Topology
from ...topology.values import Unresolved, Value, comparable, waiting
from ..rule import Context, Severity, Verdict, cannot_tell, problem, rule
from ..steering import called, why_not
from ..words import found_as, listed, said

_GUIDE = "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide"
_API = "https://docs.aws.amazon.com/Route53/latest/APIReference"
_NAME = re.compile(r"[A-Za-z0-9-]+")
# Where a record says whom it is for, by its policy, and for whom the default one is.
_DEFAULTS = {
    Policy.GEOLOCATION: ("GeoLocation", "*, which is everywhere else"),
    Policy.IP: ("CidrRoutingConfig", "*, which is every other address"),
    Policy.AZ_AFFINITY: ("AZAffinity", "Global, which is everywhere else"),
}
# How long a resolver may go on with an answer, at most, where it is to move.
_HALVES = {"PRIMARY": "SECONDARY", "SECONDARY": "PRIMARY"}


@rule(
    "HA201",
    Severity.ERROR,
    "primary record that never fails over",
    kind=Record,
    why="Route 53 answers with the primary record for as long as it counts as healthy, and a record without a health "
    "check always does. When the primary goes down, everybody is still sent there.",
    remedy="Give the primary record a HealthCheckId. EvaluateTargetHealth alone is enough only where its alias is to a "
    "load balancer, or to records that have health checks.",
    page=f"{_GUIDE}/dns-failover-types.html",
)
def primary_without_health(record: Record, context: Context) -> Iterator[Verdict]:
    if record.policy is not Policy.FAILOVER or is_label(record, context.topology):
        return
    fails = can_fail(record)
    if isinstance(record.failover, Unresolved):
        if fails is False:
            yield cannot_tell(record, record.failover, "whether a record without a health check is primary", "Failover")
    elif record.failover == "PRIMARY" and fails is None and record.alias is not None:
        value = record.alias.evaluate_target_health
        if not isinstance(value, Unresolved):
            value = Unresolved(f"what answers at {said(record.alias.endpoint.name)}")
        yield cannot_tell(record, value, "whether a primary record without a health check can fail", "AliasTarget")
    elif record.failover == "PRIMARY" and fails is False:
        yield problem(record, f"the primary record of {said(record.name)} {why_not(record)}", "HealthCheckId")


@rule(
    "HA202",
    Severity.ERROR,
    "failover record without its other half",
    kind=Topology,
    why="Route 53 fails over between the two records of one name and type. A primary record alone is answered with, "
    "healthy or not; a secondary record alone stands by for nobody.",
    remedy="Give each name and type one record with Failover: PRIMARY and one with Failover: SECONDARY, both with the "
    "same Name, Type and hosted zone.",
    page=f"{_GUIDE}/dns-failover-types.html",
)
def half_a_pair(topology: Topology, _context: Context) -> Iterator[Verdict]:
    sets = [one for one in traffic_sets(topology) if steers(one) is Policy.FAILOVER]
    for record_set in sets:
        halves = [record for record in record_set.records if record.policy is Policy.FAILOVER]
        for half, other in _HALVES.items():
            ours = [record for record in halves if record.failover == half]
            if len(ours) > 1 and not any(record.place.condition for record in ours):
                names = listed(map(called, ours))
                message = f"{_what(record_set)} has {len(ours)} {half} records, {names}; it may have one"
                yield problem(ours[1], message, "Failover")
            if len(ours) != len(halves) or _perhaps_elsewhere(record_set, other, sets):
                continue
            waits_for = unknown_members(record_set)
            if waits_for is not None:
                yield cannot_tell(
                    ours[0], waits_for, f"whether {said(record_set.name)} has a {other} record too", "Failover"
                )
            else:
                yield problem(ours[0], _alone(ours[0], half, other, sets), "Failover")


def _perhaps_elsewhere(record_set: RecordSet, half: str, sets: list[RecordSet]) -> bool:
    """Whether the other half may be in what looks like another zone: one goes by the zone's id, one by its name."""
    own = record_set.records[0]
    return any(
        record.failover == half and not (isinstance(record.zone, HostedZone) and isinstance(own.zone, HostedZone))
        for other in sets
        if other is not record_set and (other.name, other.type) == (record_set.name, record_set.type)
        for record in other.records
    )


def _alone(record: Record, half: str, other: str, sets: list[RecordSet]) -> str:
    message = f"{said(record.name)} {record.type} has a {half} record and no {other} record"
    lonely = [
        one.records[0]
        for one in sets
        if len(one.records) == 1 and one.type == record.type and one.records[0].failover == other
    ]
    near = [one for one in lonely if _zone(one) == _zone(record)]
    if len(near) == 1 and near[0].name != record.name:
        message += f"; the {other} record of {said(near[0].name)} is alone too: give both the same name"
    return message


def _zone(record: Record) -> Hashable:
    return record.zone if isinstance(record.zone, HostedZone) else record.zone_id


@rule(
    "HA203",
    Severity.WARNING,
    "failover records with different TTLs",
    kind=Topology,
    why="The TTL of the record that is answered with now says how soon resolvers ask again. With two TTLs failing over "
    "takes another time than failing back, and one of them is longer than people think.",
    remedy="Give both records of the pair the same TTL, of 60 seconds or less.",
    page=f"{_GUIDE}/resource-record-sets-values-failover.html",
)
def failover_ttls(topology: Topology, _context: Context) -> Iterator[Verdict]:
    yield from _different_ttls(topology, Policy.FAILOVER, "failover")


@rule(
    "HA204",
    Severity.WARNING,
    "record that fails over is remembered for long",
    kind=Record,
    why="Resolvers ask again only when the TTL is over. Until then users are sent to what is down, however fast the "
    "health check has found out.",
    remedy="Set the TTL to 60 seconds or less.",
    page=f"{_GUIDE}/health-checks-how-route-53-chooses-records.html",
)
def long_ttl(record: Record, context: Context) -> Iterator[Verdict]:
    if record.health_check is None and record.policy is not Policy.FAILOVER:
        return
    if is_label(record, context.topology):
        return
    if isinstance(record.ttl, int):
        if record.ttl > USUAL_TTL:
            yield problem(record, _too_long(record, record.ttl), "TTL")
        return
    for end in record.alias.endpoint.records if record.alias is not None else ():
        if end.type == record.type and isinstance(end.ttl, int) and end.ttl > USUAL_TTL:
            message = f"{_too_long(record, end.ttl)}: the TTL of {said(end.name)}, which it is an alias of"
            yield problem(record, message, "AliasTarget", "DNSName")
            return


def _too_long(record: Record, ttl: int) -> str:
    what = f"{record.failover} record" if isinstance(record.failover, str) else f"{record.policy.value} record"
    return f"resolvers keep the {what} of {said(record.name)} for {ttl} seconds; at most {USUAL_TTL} lets traffic move"


@rule(
    "HA205",
    Severity.WARNING,
    "weighted records with different TTLs",
    kind=Topology,
    why="Route 53 wants one TTL for all weighted records of a name. With several, resolvers keep one answer for longer "
    "than another, so that the shares are not those of the weights and traffic leaves some records late.",
    remedy="Give all weighted records of the name and type the same TTL, of 60 seconds or less.",
    page=f"{_API}/API_ResourceRecordSet.html",
)
def weighted_ttls(topology: Topology, _context: Context) -> Iterator[Verdict]:
    yield from _different_ttls(topology, Policy.WEIGHTED, "weighted")


def _different_ttls(topology: Topology, policy: Policy, word: str) -> Iterator[Verdict]:
    for record_set in _sets(topology, policy):
        records = [record for record in record_set.records if isinstance(record.ttl, int)]
        odd = next((record for record in records if record.ttl != records[0].ttl), None)
        if odd is not None and all(record.place.condition is None for record in records):
            told = listed(f"{record.ttl} seconds ({called(record)})" for record in records)
            yield problem(odd, f"the {word} records of {_what(record_set)} have TTLs of {told}", "TTL")


@rule(
    "HA206",
    Severity.WARNING,
    "records for some users without a default",
    kind=Topology,
    why="Route 53 has no answer for users whose place, address or Availability Zone no record names, or is unknown. "
    "They cannot reach the site at all, and neither can those whose own record is unhealthy.",
    remedy="Add a record for everybody else: GeoLocation with the CountryCode *, CidrRoutingConfig with the "
    "LocationName *, or AZAffinity with the LocationType Global.",
    page=f"{_GUIDE}/routing-policy-geo.html",
)
def no_default_location(topology: Topology, _context: Context) -> Iterator[Verdict]:
    for policy, (name, default) in _DEFAULTS.items():
        for record_set in _sets(topology, policy):
            places = [_place(record) for record in record_set.records]
            if any(isinstance(place, Place) and place.is_default for place in places):
                continue
            unknown = next((one for place in places if isinstance(place, Unresolved) for one in (place,)), None)
            unknown = unknown or next((one for place in places for one in _unknown_parts(place)), None)
            unknown = unknown or next((record.place.condition for record in record_set.records), None)
            # One alone may be one of many templates' in as many Regions; several are chosen together.
            unknown = unknown or (unknown_members(record_set) if len(places) == 1 else None)
            record = record_set.records[0]
            if unknown is not None:
                question = f"whether the {policy.value} records of {said(record_set.name)} have a default"
                yield cannot_tell(record, unknown, question, name)
            elif None not in places:
                message = f"{_what(record_set)} is answered only in {listed(places)}; no record is for {default}"
                yield problem(record, message, name)


@dataclass(frozen=True)
class Place:
    """Whom a record is for.

    Attributes:
        parts: What tells it, as the template has it.
        shown: As a sentence names it.
        is_default: Whether it is for everybody whom no other record is for.
    """

    parts: tuple[Value | None, ...]
    shown: str
    is_default: bool

    def __str__(self) -> str:
        return self.shown


def _place(record: Record) -> Place | Unresolved | None:
    match record.policy:
        case Policy.GEOLOCATION:
            location = record.location
            if location is None or isinstance(location, Unresolved):
                return location
            return Place((location.country, location.continent), str(location), location.is_default)
        case Policy.IP:
            cidr = record.cidr
            if cidr is None or isinstance(cidr, Unresolved):
                return cidr
            return Place((cidr.location_name,), f"location {cidr.location_name}", cidr.location_name == "*")
        case _:
            affinity = record.az_affinity
            if affinity is None or isinstance(affinity, Unresolved):
                return affinity
            shown = f"{affinity.location_type} {affinity.location_id}"
            return Place((affinity.location_type,), shown, affinity.location_type == "Global")


def _unknown_parts(place: Place | Unresolved | None) -> Iterator[Unresolved]:
    """What would have to be known to know whether a place is the default."""
    for part in place.parts if isinstance(place, Place) else ():
        yield from waiting(part) if part is not None else ()


@rule(
    "HA207",
    Severity.WARNING,
    "records among which traffic never moves",
    kind=Topology,
    why="A record that has no health check counts as healthy whatever happens. Users whose nearest Region is down are "
    "still sent there, though others are well.",
    remedy="Give each record of the set a HealthCheckId; EvaluateTargetHealth is enough for an alias to a load "
    "balancer.",
    page=f"{_GUIDE}/dns-failover-complex-configs.html",
)
def never_moves(topology: Topology, _context: Context) -> Iterator[Verdict]:
    for record_set in traffic_sets(topology):
        policy = steers(record_set)
        records = [record for record in record_set.records if record.policy is policy]
        if policy is Policy.WEIGHTED:
            # A share of zero is off, and shares of one Region are for trying out what is new.
            records = [record for record in records if record.weight != 0]
            if not of_several_regions(records):
                continue
        elif policy not in (Policy.LATENCY, Policy.GEOPROXIMITY, Policy.MULTIVALUE):
            continue
        stuck = [record for record in records if can_fail(record) is False]
        # The records of other Regions may be in stacks of their own.
        if stuck and (len(records) > 1 or policy in (Policy.LATENCY, Policy.GEOPROXIMITY)):
            names = listed(map(called, stuck))
            message = (
                f"{policy.value} record{'s' if len(stuck) > 1 else ''} {names} of {_what(record_set)}: "
                f"{'each' if len(stuck) > 1 else 'it'} {why_not(stuck[0])}"
            )
            yield problem(stuck[0], message, "HealthCheckId")


@rule(
    "HA242",
    Severity.WARNING,
    "one address family of a name that does not move",
    kind=Topology,
    why="Clients look for A and AAAA records by themselves, and most prefer IPv6. If the records of one type fail over "
    "and those of the other do not, users of the other are still sent to what is down.",
    remedy="Give the name the same records of both types, with the same routing policy and health checks, or remove "
    "those of the type that does not move.",
    page=f"{_GUIDE}/dns-failover-complex-configs.html",
)
def other_family(topology: Topology, _context: Context) -> Iterator[Verdict]:
    families: dict[tuple[object, Value], dict[str, RecordSet]] = {}
    for record_set in traffic_sets(topology):
        if record_set.type in ("A", "AAAA") and comparable(record_set.name):
            key = (_zone(record_set.records[0]), record_set.name)
            families.setdefault(key, {})[str(record_set.type)] = record_set
    for both in families.values():
        if len(both) < 2:
            continue
        for own, other in (("A", "AAAA"), ("AAAA", "A")):
            moving, still = both[own], both[other]
            if steers(moving) is None or not any(can_fail(record) for record in moving.records):
                continue
            if any(record.place.condition for record in (*moving.records, *still.records)) or _moves(still):
                continue
            message = (
                f"the {other} record of {said(still.name)} has no health check, and its {own} records fail over: "
                f"traffic to the {other} record stays"
            )
            yield problem(still.records[0], message, "HealthCheckId")


def _moves(record_set: RecordSet) -> bool:
    """Whether a name may be answered otherwise in an outage, here or further on, or leads where that is done."""
    if steers(record_set) is not None:
        # Others find what is wrong with its records.
        return True
    for answer in (answer for record in record_set.records for answer in record.answers):
        if any(record.policy is not Policy.SIMPLE for name in answer.way for record in name.records):
            return True
        if any(end.kind in (OriginKind.ACCELERATOR, OriginKind.DISTRIBUTION) for end in answer.ends):
            return True
    return any(record.alias is not None and any(waiting(record.alias.endpoint.name)) for record in record_set.records)


@rule(
    "HA208",
    Severity.ERROR,
    "alias evaluates the health of a CloudFront distribution",
    kind=Record,
    why="Route 53 refuses an alias to a CloudFront distribution with EvaluateTargetHealth, so that the deploy fails.",
    remedy="Set EvaluateTargetHealth to false, and give the record a HealthCheckId where it is to fail over.",
    page=f"{_API}/API_AliasTarget.html",
)
def evaluates_distribution(record: Record, _context: Context) -> Iterator[Verdict]:
    alias = record.alias
    if alias is not None and alias.evaluate_target_health is True and leads_to_distribution(alias):
        message = (
            f"EvaluateTargetHealth is true for {said(alias.endpoint.name)}, a CloudFront distribution; only false works"
        )
        yield problem(record, message, "AliasTarget", "EvaluateTargetHealth")


@rule(
    "HA209",
    Severity.ERROR,
    "records choose between CloudFront distributions",
    kind=Topology,
    why="A name can be an alternate domain name of one distribution only, and CloudFront serves a request by its Host "
    "header, wherever DNS sends it. The other distribution never serves the name, so that nothing fails over.",
    remedy="Use one distribution with an origin group, or with an origin whose own name has the failover records.",
    page=f"{_API}/API_AliasTarget.html",
)
def several_distributions(topology: Topology, _context: Context) -> Iterator[Verdict]:
    for record_set in traffic_sets(topology):
        if steers(record_set) is None:
            continue
        found: dict[object, Record] = {}
        for record in record_set.records:
            name = record.alias.endpoint.name if record.alias and leads_to_distribution(record.alias) else None
            if name is not None and not any(waiting(name)):
                found.setdefault(name, record)
        if len(found) > 1 and not any(record.place.condition for record in found.values()):
            names = listed(found_as(record.alias.endpoint) for record in found.values() if record.alias)
            message = f"{_what(record_set)} is of {len(found)} distributions, {names}; one can serve it"
            yield problem(list(found.values())[1], message, "AliasTarget", "DNSName")
            continue
        for record in record_set.records if steers(record_set) is Policy.LATENCY else ():
            end = record.alias.endpoint if record.alias is not None else None
            if end is not None and isinstance(end.target, ApiDomain) and end.target.edge_optimized is True:
                message = (
                    f"the latency record of {said(record.name)} leads to {end.target.place.name}, which is "
                    "edge-optimized: one distribution has the name in all Regions"
                )
                yield problem(record, message, "AliasTarget", "DNSName")
                break


@rule(
    "HA243",
    Severity.ERROR,
    "record leads to an API that does not answer to its name",
    kind=Topology,
    why="API Gateway finds an API by the Host header. A name that is no custom domain name of the API is answered with "
    "403, wherever DNS leads.",
    remedy="Make a custom domain name of API Gateway for the name of the record, in each Region, and let the record be "
    "an alias of its RegionalDomainName.",
    page="https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-custom-domains.html",
)
def unknown_to_api(topology: Topology, _context: Context) -> Iterator[Verdict]:
    # Who asks a name on the way to another says that one, and CloudFront may say the viewer's.
    asked = [answer for record in topology.of(Record) for answer in record.answers]
    asked += [name for origin in topology.of(Origin) for name in origin.endpoint.way]
    inner = {name.records[0].name for name in asked if name.records}
    for record in topology.of(Record):
        if record.type not in ("A", "AAAA", "CNAME") or not isinstance(record.name, str) or record.name in inner:
            continue
        found = None if record.place.condition else _other_name(record, record.name)
        if found is not None:
            path = ("AliasTarget", "DNSName") if record.alias is not None else ("ResourceRecords",)
            yield problem(record, f"{record.name} leads to {found}", *path)


def _other_name(record: Record, name: str) -> str | None:
    """The API that a record leads to, with the name that it answers to, if that is sure to be another."""
    for end in (end for answer in record.answers for end in answer.ends):
        if isinstance(end.target, Api):
            return f"{end.target.place.name}, which answers to its own name only"
        if isinstance(end.target, ApiDomain) and isinstance(end.target.name, str):
            own = end.target.name
            if not is_for(own, name):
                return f"{end.target.place.name}, which answers to {own} only"
    return None


@rule(
    "HA210",
    Severity.WARNING,
    "records that share one fate",
    kind=Topology,
    why="What one record is answered with fails together with what the other is answered with, so that there is "
    "nowhere to go when it does.",
    remedy="Let the records lead to different Regions, or at least to different load balancers.",
    page=f"{_GUIDE}/dns-failover-types.html",
)
def one_fate(topology: Topology, _context: Context) -> Iterator[Verdict]:
    for record_set in traffic_sets(topology):
        policy = steers(record_set)
        records = [record for record in record_set.records if record.policy is policy]
        if policy not in (Policy.FAILOVER, Policy.LATENCY) or len(records) < 2:
            continue
        if any(record.place.condition for record in records) or not all(record.answers for record in records):
            continue
        shared = _shared(records)
        if shared is not None and record_set.elsewhere is not None:
            question = f"whether all {policy.value} records of {_what(record_set)} share one fate"
            yield cannot_tell(records[1], record_set.elsewhere, question)
        elif shared is not None:
            message = f"all {len(records)} {policy.value} records of {_what(record_set)} {shared}"
            yield problem(records[1], message, *(("AliasTarget",) if records[1].alias else ("ResourceRecords",)))


def _shared(records: list[Record]) -> str | None:
    """What all records have in common, as a sentence goes on."""
    same = {ends(record) for record in records}
    if len(same) == 1 and len(only := same.pop()) == 1:
        end = next(iter(only))
        return f"lead to {end.target.place.name if end.target is not None else said(end.name)}"
    targets = {frozenset(target for end in ends(record) for target in (end.target,)) for record in records}
    if len(targets) == 1 and len(one := targets.pop()) == 1 and (target := next(iter(one))) is not None:
        return f"lead to {target.place.name}"
    found = {regions(record) for record in records}
    if len(found) == 1 and (here := found.pop()) is not None and len(here) == 1:
        return f"lead to {next(iter(here))}: the outage of one Region takes all"
    return None


@rule(
    "HA211",
    Severity.ERROR,
    "latency record of no AWS Region",
    kind=Record,
    why="Route 53 measures latency to the Regions of AWS, and refuses a record for anything else, so that the deploy "
    "fails.",
    remedy="Set Region to the AWS Region that the record's endpoint is in, such as eu-west-1.",
    page=f"{_API}/API_ResourceRecordSet.html",
)
def no_region(record: Record, _context: Context) -> Iterator[Verdict]:
    # Other tools' variables are written in other letters.
    if (
        isinstance(record.latency_region, str)
        and _NAME.fullmatch(record.latency_region)
        and record.latency_region not in LATENCY_REGIONS
    ):
        yield problem(record, f"Region is {record.latency_region!r}, which is no Region of AWS", "Region")


@rule(
    "HA213",
    Severity.WARNING,
    "latency record of another Region than what it leads to",
    kind=Record,
    why="Route 53 measures latency to the record's Region, and sends users to what the record leads to: those near the "
    "one are sent far away to the other, and in an outage the wrong ones are moved.",
    remedy="Set the record's Region to the Region that its endpoint is in.",
    page=f"{_GUIDE}/resource-record-sets-values-latency.html",
)
def elsewhere(record: Record, _context: Context) -> Iterator[Verdict]:
    there = regions(record)
    known = isinstance(record.latency_region, str) and record.latency_region in LATENCY_REGIONS
    if known and there is not None and len(there) == 1 and record.latency_region not in there:
        message = f"the latency record of {record.latency_region} for {said(record.name)} leads to {listed(there)}"
        yield problem(record, message, "Region")


@rule(
    "HA212",
    Severity.ERROR,
    "records follow one health check",
    kind=Topology,
    why="All records become unhealthy at the same time. Route 53 then answers as if all were healthy: a failover pair "
    "with its primary record, others as before. Traffic never moves.",
    remedy="Give each record the health check of its own endpoint. A secondary record may have none, or one with "
    "Inverted: true that is calculated from the primary's.",
    page=f"{_GUIDE}/health-checks-how-route-53-chooses-records.html",
)
def one_health_check(topology: Topology, _context: Context) -> Iterator[Verdict]:
    for record_set in traffic_sets(topology):
        records = [record for record in record_set.records if record.policy is not Policy.SIMPLE]
        checks = [record.health_check for record in records]
        if len(records) < 2 or None in checks or any(record.place.condition for record in records):
            continue
        sources = {follows(check) for check in checks if check is not None}
        if len(sources) != 1 or next(iter(sources))[1] is None:
            continue
        if record_set.elsewhere is not None:
            question = f"whether all records of {_what(record_set)} follow the same health check"
            yield cannot_tell(records[1], record_set.elsewhere, question, "HealthCheckId")
        else:
            names = listed(map(called, records))
            message = f"records {names} of {_what(record_set)} follow the same health check"
            yield problem(records[1], message, "HealthCheckId")


def _what(record_set: RecordSet) -> str:
    return f"{said(record_set.name)} {record_set.type}"


def _sets(topology: Topology, policy: Policy) -> Iterator[RecordSet]:
    return (record_set for record_set in traffic_sets(topology) if steers(record_set) is policy)
