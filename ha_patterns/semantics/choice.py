"""Which records Route 53 answers with, once it is known which of them are healthy.

See https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/health-checks-how-route-53-chooses-records.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from typing import Protocol

from ..topology.model import AZAffinity, CidrRouting, GeoLocation, GeoProximityLocation, Policy, Record

#: Which records answer, each with its share of the answers.
Chosen = list[tuple[Fraction, Record]]
Healthy = Callable[[Record], bool]

_WHOLE = Fraction(1)


class Whereabouts(Protocol):
    """Where somebody asks from."""

    @property
    def country(self) -> str:
        """The code of the country."""
        ...

    @property
    def continent(self) -> str:
        """The code of the continent, as geolocation records have it."""
        ...

    def distance(self, region: str) -> int:
        """How far a Region is, by latency: only the order counts."""
        ...

    def kilometers(self, proximity: GeoProximityLocation) -> float | None:
        """How far the place of a geoproximity record is; None if it is unknown."""
        ...


def choose(records: Sequence[Record], healthy: Healthy, where: Whereabouts) -> Chosen:
    """The records of one name and type that answer; none if the name has no answer for those who ask.

    If no record is healthy, all count as healthy.

    Args:
        records: The records; not empty.
        healthy: Whether a record is healthy.
        where: Where the question comes from.
    """
    policy = next((record.policy for record in records if record.policy is not Policy.SIMPLE), Policy.SIMPLE)
    match policy:
        case Policy.SIMPLE:
            # Whatever their health: there is nothing else.
            return _evenly(records)
        case Policy.FAILOVER:
            return _failover(records, healthy)
        case Policy.WEIGHTED:
            return _weighted(records, healthy)
        case Policy.MULTIVALUE:
            # Of more than eight, each resolver is answered with others: all have the same share.
            return _evenly([record for record in records if healthy(record)] or records)
        case Policy.LATENCY:
            return _nearest(records, healthy, lambda record: _latency(record, where))
        case Policy.GEOPROXIMITY:
            return _nearest(records, healthy, lambda record: _proximity(record, where))
        case Policy.GEOLOCATION:
            return _most_specific(records, healthy, lambda record: _located(record, where))
        case Policy.IP:
            # Which addresses ask, nobody tells: those of no other location.
            return _most_specific(records, healthy, _listed)
        case Policy.AZ_AFFINITY:
            return _most_specific(records, healthy, _affine)
    return _evenly(records)


def _evenly(records: Sequence[Record]) -> Chosen:
    return [(Fraction(1, len(records)), record) for record in records]


def _failover(records: Sequence[Record], healthy: Healthy) -> Chosen:
    """The primary if it is healthy, or if no secondary is.

    Several primaries or secondaries, as of address types that were read together, answer evenly.
    """
    primary = [record for record in records if record.failover == "PRIMARY"]
    secondary = [record for record in records if record.failover != "PRIMARY"]
    up = [record for record in primary if healthy(record)]
    if up or not secondary:
        return _evenly(up or primary)
    return _evenly([record for record in secondary if healthy(record)] or primary or secondary)


def _weighted(records: Sequence[Record], healthy: Healthy) -> Chosen:
    """By their weights; those of weight 0 only if all others are unhealthy."""
    weights = [(record, record.weight if isinstance(record.weight, int) else 1) for record in records]
    for used in (
        [(record, weight) for record, weight in weights if weight and healthy(record)],
        [(record, 1) for record, weight in weights if not weight and healthy(record)],
        [(record, weight) for record, weight in weights if weight],
        [(record, 1) for record, _ in weights],
    ):
        if used:
            total = sum(weight for _, weight in used)
            return [(Fraction(weight, total), record) for record, weight in used]
    return []


def _nearest(records: Sequence[Record], healthy: Healthy, distance: Callable[[Record], float]) -> Chosen:
    """The nearest that is healthy; several of one place answer evenly."""
    usable = [record for record in records if healthy(record)] or list(records)
    least = min(map(distance, usable))
    return _evenly([record for record in usable if distance(record) == least])


def _latency(record: Record, where: Whereabouts) -> float:
    region = record.latency_region
    return where.distance(region) if isinstance(region, str) else float("inf")


def _proximity(record: Record, where: Whereabouts) -> float:
    """The distance, as the bias of the record makes it: a larger bias makes its area larger.

    See https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/routing-policy-geoproximity.html
    """
    place = record.proximity
    if not isinstance(place, GeoProximityLocation):
        return float("inf")
    distance = where.kilometers(place)
    if distance is None:
        return float("inf")
    bias = place.bias if isinstance(place.bias, int) else 0
    return distance * (1 - bias / 100) if bias >= 0 else distance / (1 + bias / 100)


def _most_specific(
    records: Sequence[Record],
    healthy: Healthy,
    rank: Callable[[Record], int | None],
) -> Chosen:
    """The healthy records of the most specific place that has some.

    Args:
        records: The records.
        healthy: Whether one is healthy.
        rank: How specific its place is, the less the more; None if it is for others.
    """
    ranked = sorted(
        ((one, record) for record in records if (one := rank(record)) is not None), key=lambda each: each[0]
    )
    usable = [each for each in ranked if healthy(each[1])] or ranked
    if not usable:
        return []
    return _evenly([record for one, record in usable if one == usable[0][0]])


def _located(record: Record, where: Whereabouts) -> int | None:
    """How specific a geolocation record is for those who ask: a country before its continent before the default.

    Which subdivision of a country asks, nobody tells: those of no other record.
    """
    place = record.location
    if not isinstance(place, GeoLocation):
        return None
    if place.is_default:
        return 3
    if place.country is not None:
        return 1 if place.country == where.country and place.subdivision is None else None
    return 2 if place.continent == where.continent else None


def _listed(record: Record) -> int | None:
    routing = record.cidr
    return 0 if isinstance(routing, CidrRouting) and routing.location_name == "*" else None


def _affine(record: Record) -> int | None:
    """How specific an AZ-affinity record is; those who ask from the internet are in no zone of AWS."""
    affinity = record.az_affinity
    if not isinstance(affinity, AZAffinity) or affinity.location_type != "Global":
        return None
    return 0


def usable(records: Iterable[Record]) -> list[Record]:
    """The records of a name that addresses are asked of: A records, or else a CNAME, or else AAAA records."""
    found = list(records)
    for kind in ("A", "CNAME", "AAAA"):
        of_kind = [record for record in found if record.type == kind]
        if of_kind:
            return of_kind
    return found
