"""What names are answered with from somewhere, and where the connections lead that are open to them."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

from ...aws.health_checks import ALIAS_TTL
from ...command_line.durations import told
from ...semantics.attempts import Failure
from ...semantics.choice import choose, usable
from ...semantics.health import Health
from ...semantics.recovery_time import record_ttl
from ...topology.model import Endpoint, GeoProximityLocation, HostedZone, LoadBalancer, Policy, Record
from ..locations import Location, round_trip
from ..scene import identity, named
from ..time import NEVER, SECOND, Change, Changing, Computed, Constant, Moment, phase
from .faults import when_any
from .resolvers import Answers, Connections, Resolver

if TYPE_CHECKING:
    from .checks import Within
    from .world import World

_NEVER_GONE: Changing[bool] = Constant(value=False)
# What ends connections that are open.
_BREAKS = frozenset({Failure.SILENT, Failure.REFUSED, Failure.NO_ANSWER})


class From:
    """A place that names are asked from.

    Args:
        name: A city or a Region.
        country: The code of its country.
        continent: The code of its continent.
    """

    def __init__(self, name: str, country: str = "", continent: str = "") -> None:
        self.name = name
        self.country = country
        self.continent = continent

    def distance(self, region: str) -> int:
        """How far a Region is, by the time of a round trip."""
        return round_trip(self.name, region)

    def kilometers(self, proximity: GeoProximityLocation) -> float | None:
        """How far the place of a geoproximity record is; None if no template tells it."""
        if isinstance(proximity.region, str):
            return float(round_trip(self.name, proximity.region))
        return None


class Names:
    """The names of a world.

    Args:
        world: The world.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._scene = world.scene

    def answers(self, endpoint: Endpoint, where: From, within: Within = frozenset()) -> Changing[Answers]:
        """What Route 53 answers to somebody who asks for a name that has records.

        Args:
            endpoint: The name.
            where: Where they are.
            within: The health checks whose probes ask.
        """
        by_place = self._world.lasting(lambda: _goes_by_place(endpoint), "by place", endpoint)
        return self._world.once(self._answers, endpoint, where if by_place else _ANYWHERE, within)

    def _answers(self, endpoint: Endpoint, where: From, within: Within) -> Changing[Answers]:
        records = usable(endpoint.records)
        others = [record for record in endpoint.records if record.type == "AAAA" and record not in records]
        if others and set(map(_leads_to, others)) != set(map(_leads_to, records)):
            self._scene.assume(endpoint, "users ask for IPv4 addresses: its AAAA records, which differ, are not played")
        zones = [record.zone for record in records]
        if zones and all(isinstance(zone, HostedZone) and zone.private for zone in zones):
            self._scene.assume(endpoint, "its zone is private: all who ask are taken to be in VPCs that it answers")
        gone = when_any(self._world.faults.names_gone(endpoint))
        edited = self._world.steps.edited(endpoint)
        ttls = {record: self._ttl(record) for record in records}
        longest = max(ttls.values())

        def answer(moment: Moment) -> Answers:
            if gone is not None and moment.see(gone):
                return Answers(((Fraction(1), None),), longest)
            new = None if edited is None else moment.see(edited)
            if new is not None:
                return Answers(((Fraction(1), new),), longest)
            chosen = choose(records, lambda record: self._is_healthy(record, within, moment), where)
            found: dict[Endpoint | None, Fraction] = {}
            ttl = longest
            for share, record in chosen:
                ttl = min(ttl, ttls[record])
                for part, end, below in self._of_record(record, where, within, moment):
                    found[end] = found.get(end, Fraction(0)) + share * part
                    ttl = min(ttl, below)
            if not found:
                found[None] = Fraction(1)
            answers = Answers(tuple((share, end) for end, share in found.items()), ttl)
            # The same object each time, which is compared in a moment.
            return self._world.lasting(lambda: answers, "answers", answers)

        return Computed(answer)

    def _of_record(
        self, record: Record, where: From, within: Within, moment: Moment
    ) -> Iterator[tuple[Fraction, Endpoint | None, int]]:
        """The ends of a record, each with its share and TTL; an alias is answered by what it leads to."""
        alias = record.alias
        if alias is not None and alias.endpoint.records:
            below = moment.see(self.answers(alias.endpoint, where, within))
            for share, end in below.chances:
                yield share, end, below.ttl
            return
        for answer in record.answers:
            yield Fraction(1, len(record.answers)), answer, NEVER

    def _ttl(self, record: Record) -> int:
        seconds = record_ttl(record).seconds
        return self._scene.whole(seconds, ALIAS_TTL, "the TTL", record) * SECOND

    def _is_healthy(self, record: Record, within: Within, moment: Moment) -> bool:
        """Whether Route 53 takes a record for healthy."""
        health = Health(
            lambda check: moment.see(self._world.checks.check(check, within)),
            lambda endpoint: moment.see(self._world.checks.target_health(endpoint)),
            told=True,
        )
        return health.record(record) is not False

    def resolver(self, endpoint: Endpoint, location: Location) -> Changing[Answers]:
        """What the resolvers of a location answer for a name that has records."""
        return self._world.once(self._resolver, endpoint, location)

    def _resolver(self, endpoint: Endpoint, location: Location) -> Changing[Answers]:
        where = self._world.once(_where, location)
        name = named(endpoint)
        answers = self.answers(endpoint, where)
        ttl = max(1, answers.at(self._world.first).value.ttl)
        first = self._world.first - phase(ttl, self._world.seed, "resolver", location.name, identity(endpoint))
        again = f"the resolver at {location.name} asks for {name} again"
        return Resolver(answers, first, again, self._world.assumptions.ttl_overrun)

    def connections(self, endpoint: Endpoint, location: Location) -> Changing[Answers]:
        """Where the connections of a location lead that are open to a name that has records."""
        return self._world.once(self._connections, endpoint, location)

    def _connections(self, endpoint: Endpoint, location: Location) -> Changing[Answers]:
        resolver = self.resolver(endpoint, location)
        if self._world.assumptions.open_connections != "stay":
            return resolver
        name = named(endpoint)
        longest = self._keep_alive(endpoint)
        if not longest:
            return resolver
        began = self._world.first - phase(longest, self._world.seed, "connection", location.name, identity(endpoint))
        anew = f"the connections from {location.name} to {name} are opened anew"
        return Connections(
            resolver,
            lambda answers: max((self._keep_alive(end) for _, end in answers.chances if end is not None), default=0),
            lambda answers: self._world.once(self._any_gone, tuple(end for _, end in answers.chances)),
            began,
            anew,
        )

    def held(self, endpoints: Iterable[Endpoint], locations: Iterable[Location], end: int) -> Iterator[Change]:
        """For each name that DNS moves before a moment while connections stay: when that is first, and for how long."""
        places = list(locations)
        for endpoint in endpoints:
            found = [one for place in places if (one := self._held(endpoint, place, end)) is not None]
            if found:
                when, because = min(found, key=lambda one: one[0])
                longest = told(self._keep_alive(endpoint))
                what = f"{named(endpoint)} leads elsewhere, and connections that are open stay for up to {longest}"
                yield Change(when, "held", what, because)

    def _held(self, endpoint: Endpoint, location: Location, end: int) -> tuple[int, Change | None] | None:
        """When the resolver of a location first leaves its connections behind, and why."""
        resolver, connections = self.resolver(endpoint, location), self.connections(endpoint, location)
        span = resolver.at(0)
        while resolver is not connections and span.until < end:
            when, because = span.until, span.ended_by
            span = resolver.at(when)
            stays = connections.at(when)
            if stays.value.chances != span.value.chances:
                return when, because
        return None

    def _keep_alive(self, endpoint: Endpoint) -> int:
        """For how long the hosts that a name ends at keep a connection at most, by their own settings.

        0 if AWS gives no figure.
        """
        balancers = [target for target in endpoint.targets if isinstance(target, LoadBalancer)]
        found = [one.client_keep_alive for one in balancers]
        return max((seconds * SECOND for seconds in found if isinstance(seconds, int)), default=0)

    def _any_gone(self, ends: tuple[Endpoint | None, ...]) -> Changing[bool]:
        """Whether one of some hosts has no connections left open: it is silent, refuses or does not answer."""
        hosts = dict.fromkeys(host for end in ends if end is not None for host in end.ends)
        timelines = [one for host in hosts for one in self._world.faults.of_requests(host)]

        def gone(moment: Moment) -> bool:
            met = [trouble for timeline in timelines for trouble in moment.see(timeline)]
            return any(trouble.failure in _BREAKS and trouble.share == 1 for trouble in met)

        return Computed(gone)

    def is_gone(self, endpoint: Endpoint) -> Changing[bool]:
        """Whether the name of a host without records does not resolve."""
        return self._world.once(self._is_gone, endpoint)

    def _is_gone(self, endpoint: Endpoint) -> Changing[bool]:
        return when_any(self._world.faults.names_gone(endpoint)) or _NEVER_GONE


#: Where names are asked from whose answers are the same everywhere.
_ANYWHERE = From("")
_BY_PLACE = frozenset({Policy.LATENCY, Policy.GEOLOCATION, Policy.GEOPROXIMITY, Policy.IP, Policy.AZ_AFFINITY})


def _goes_by_place(endpoint: Endpoint) -> bool:
    """Whether it matters for the answer where somebody asks from."""
    return any(record.policy in _BY_PLACE for one in endpoint.way for record in one.records)


def _leads_to(record: Record) -> tuple[Hashable, ...]:
    """Where a record leads and when, so that those of two types can be compared."""
    return record.policy, record.failover, record.set_identifier, record.health_check, record.answers


def _where(location: Location) -> From:
    return From(location.name, location.country, location.continent)
