"""The world of a scenario: all timelines of a scene, made when they are asked for, and remembered."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import replace
from fractions import Fraction
from typing import Any, TypeVar

from ...semantics.attempts import Failure, Leg, Request, Trouble, alternatives
from ...semantics.behind import Asked, Part, Way, shown, ways_behind
from ...semantics.standing import door_trouble, standing_trouble
from ...topology.model import Endpoint
from ..locations import round_trip
from ..scenario import Scenario
from ..scene import Scene, named
from ..time import MILLISECOND, SECOND, Computed, Constant, Moment
from .checks import Checks
from .faults import Faults, Troubles, region_of
from .names import Names
from .steps import Steps

T = TypeVar("T")

#: For how long before the scenario everything has run, so that it has settled.
WARM_UP = 1_800 * SECOND
#: For how long after it timelines are known: as long as a request may take at most.
AFTERWARDS = 3_600 * SECOND


class World:
    """The timelines of a scenario.

    Args:
        scene: What is played.
        scenario: What fails, and what is assumed.
        faults: The outages, by what they hit.
        steps: What people and machines do.
        lasting: What depends on no seed, and was made for another one. Default: nothing.
    """

    def __init__(
        self,
        scene: Scene,
        scenario: Scenario,
        faults: Faults,
        steps: Steps,
        lasting: dict[Hashable, Any] | None = None,
    ) -> None:
        self.scene = scene
        self.assumptions = scenario.assumptions
        self.faults = faults
        self.steps = steps
        self.seed = scenario.seed
        self.first = -WARM_UP
        self.last = scenario.end + AFTERWARDS
        self._known: dict[Hashable, Any] = {}
        self._names: dict[Endpoint, str] = {}
        self._doors: dict[tuple[Endpoint, Endpoint], Trouble | None] = {}
        self._lasting: dict[Hashable, Any] = {} if lasting is None else lasting
        self.names = Names(self)
        self.checks = Checks(self)

    def once(self, make: Callable[..., T], *key: Hashable) -> T:
        """What is made of a key, which is made once."""
        whole = (make.__qualname__, *key)
        if whole not in self._known:
            self._known[whole] = make(*key)
        found: T = self._known[whole]
        return found

    def lasting(self, make: Callable[[], T], *key: Hashable) -> T:
        """What is made of a key and depends on no seed, which is made once for all seeds."""
        if key not in self._lasting:
            self._lasting[key] = make()
        found: T = self._lasting[key]
        return found

    # What requests and probes meet.

    def name_of(self, end: Endpoint) -> str:
        """The name of a host, as a report has it."""
        found = self._names.get(end)
        if found is None:
            found = self._names[end] = named(end)
        return found

    def at_door(self, end: Endpoint, door: Endpoint) -> Trouble | None:
        """What viewers meet at a host that they ask by a name, whatever fails."""
        key = (end, door)
        if key not in self._doors:
            self._doors[key] = door_trouble(end, door)
        return self._doors[key]

    def fails_itself(self, end: Endpoint) -> bool:
        """Whether an outage is of a host itself."""
        return not isinstance(self.faults.of_requests(end)[0], Constant)

    def troubles(self, end: Endpoint, leg: Leg, request: Request) -> Troubles:
        """What a request meets at a host, for its own faults, for those behind it, and for how it is asked.

        It is the same from wherever the request comes.
        """
        asked = request._replace(country="")
        return self.lasting(lambda: self._troubles(end, leg, asked), "troubles", end, leg, asked)

    def _troubles(self, end: Endpoint, leg: Leg, request: Request) -> Troubles:
        ways = self.ways(end, self.asked(leg, request))
        standing = self._standing(leg, end)
        return self.met(ways, standing, self.faults.of_requests, by_certificate=_is_encrypted(leg, request))

    def ways(self, end: Endpoint, asked: Asked) -> tuple[Way, ...]:
        """The ways that a request may go behind a host."""
        ways, guessed = ways_behind(end, asked, self.scene.topology)
        if guessed is not None:
            self.scene.assume(end, f"requests are answered: {guessed.waits_for} is not known or not played")
        return ways

    def _standing(self, leg: Leg, end: Endpoint) -> Trouble | None:
        """What the leg of a distribution meets at a host whatever happens, as an error of access is."""
        if leg.origin is None or leg.behavior is None or leg.distribution is None:
            return None
        return standing_trouble(leg.distribution, leg.behavior, leg.origin, end)

    def met(
        self,
        ways: tuple[Way, ...],
        standing: Trouble | None,
        faults: Callable[..., list[Troubles]],
        *,
        by_certificate: bool,
    ) -> Troubles:
        """The troubles of all ways, each with the share that is left to it when those before have not been met.

        Args:
            ways: The ways.
            standing: The trouble that all requests meet; None if they meet none.
            faults: The troubles of some things, for their own faults.
            by_certificate: Whether whoever asks looks at the certificate of the host.
        """
        always = () if standing is None else (standing,)
        found = [(way, faults(*(part.what for part in way.parts))) for way in ways]
        # The front is the same for all ways.
        front = found[0][1][0]

        def met(moment: Moment) -> tuple[Trouble, ...]:
            own = moment.see(front)
            if not by_certificate:
                own = tuple([trouble for trouble in own if trouble.failure is not Failure.TLS])
            below = _conditional([(way.share, (*_standing(way), *_seen(way, each, moment))) for way, each in found])
            # A host that cannot be connected to sends no status.
            return (
                *(trouble for trouble in own if trouble.failure is not None),
                *always,
                *(trouble for trouble in own if trouble.failure is None),
                *below,
            )

        return Computed(met)

    def round_trip(self, location: str, end: Endpoint) -> int:
        """Nanoseconds from a city to a host and back."""
        return round_trip(location, region_of(end))

    @property
    def service_time(self) -> int:
        """Nanoseconds that an application takes for an answer."""
        return self.assumptions.service_milliseconds * MILLISECOND

    def asked(self, leg: Leg, request: Request) -> Asked:
        """A request as a host gets it: of an origin, with its path, port and headers."""
        origin = leg.origin
        if origin is None:
            return Asked(request.method, request.path, request.host or None, 443 if request.https else 80, {})
        port = origin.https_port if _is_encrypted(leg, request) else origin.http_port
        path = f"{origin.path}{request.path}" if isinstance(origin.path, str) else request.path
        name = origin.endpoint.name
        headers = {**origin.headers, "host": name}
        return Asked(request.method, path, name, port if isinstance(port, int) else None, headers)


def _is_encrypted(leg: Leg, request: Request) -> bool:
    """Whether a host is asked over TLS."""
    protocol = "" if leg.origin is None else leg.origin.protocol
    return protocol == "https-only" or (protocol != "http-only" and request.https)


def _standing(way: Way) -> tuple[Trouble, ...]:
    return () if way.standing is None else (way.standing,)


def _seen(way: Way, faults: list[Troubles], moment: Moment) -> list[Trouble]:
    """The troubles of what is behind a host, as a request at the host meets them."""
    behind = zip(way.parts[1:], faults[1:], strict=True)
    return [
        shown(trouble, part)
        for part, timeline in behind
        for trouble in moment.see(timeline)
        if not _is_overlooked(trouble, part)
    ]


def _is_overlooked(trouble: Trouble, part: Part) -> bool:
    """Whether a front does not notice a trouble: no load balancer looks at the certificates of its targets.

    See https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-target-groups.html
    """
    return trouble.failure is Failure.TLS and bool(part.shows) and not isinstance(part.what, Endpoint)


def _conditional(ways: list[tuple[Fraction, tuple[Trouble, ...]]]) -> tuple[Trouble, ...]:
    """The troubles of ways of which a request goes one, each with its share among those that are left.

    Whoever meets one asks no further, so the shares of those behind it are shares of the rest. A delay is an answer,
    too: whoever goes one way meets no trouble of another.
    """
    found: list[Trouble] = []
    left = Fraction(1)
    for share, troubles in ways:
        for trouble in alternatives(troubles):
            part = share * trouble.share
            if part and (trouble.failure is not None or trouble.status is not None or trouble.delay):
                status = trouble.status if trouble.failure is not None else trouble.status or 200
                found.append(replace(trouble, status=status, share=part / left))
                left -= part
    return tuple(found)
