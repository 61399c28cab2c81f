"""Outages, as what they do to hosts, to what is behind them, and to those who ask after their health."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction

from ...semantics.attempts import Failure, Trouble
from ...topology.model import Api, ApiDomain, Bucket, Distribution, Endpoint, HealthCheck, LoadBalancer, Thing
from ...topology.values import host_name
from ..scenario import Outage
from ..time import NEVER, Change, Changing, Computed, Constant, Moment, Span

#: What an outage does to a connection, by its symptom; what depends on the outage is added to it.
_FAILURES = {
    "silent": Failure.SILENT,
    "refused": Failure.REFUSED,
    "hangs": Failure.NO_ANSWER,
    "certificate-expired": Failure.TLS,
}
_DENIED = 403
#: What a request or a probe needs: a host with what answers there, or something behind it.
Subject = Endpoint | Thing
#: Everything that is met at something.
Troubles = Changing[tuple[Trouble, ...]]


_THERE, _ABSENT = True, False


class Activity:
    """Whether an outage is there.

    Args:
        outage: The outage.
        lasts: For how long at most, in nanoseconds. Default: for as long as the outage does.
    """

    __slots__ = ("_burst", "_end", "_is_left", "_outage", "_period", "_start")

    def __init__(self, outage: Outage, lasts: int | None = None) -> None:
        self._outage = outage
        self._start = outage.start
        self._end = outage.end if lasts is None else min(outage.end, outage.start + lasts)
        self._is_left = self._end < outage.end
        self._period = outage.period
        self._burst = outage.burst_time

    def at(self, when: int) -> Span[bool]:
        """Whether it is there at a moment, and until when that stays."""
        if when < self._start:
            return Span(_ABSENT, self._start, self._begins(self._start))
        if when >= self._end:
            return Span(_ABSENT, NEVER)
        if not self._period:
            return Span(_THERE, self._end, self._ends(self._end))
        begun = when - (when - self._start) % self._period
        if when < begun + self._burst:
            until = min(begun + self._burst, self._end)
            return Span(_THERE, until, self._ends(until))
        again = begun + self._period
        return Span(_ABSENT, again, self._begins(again)) if again < self._end else Span(_ABSENT, NEVER)

    def _begins(self, when: int) -> Change:
        return Change(when, "outage", self._outage.described)

    def _ends(self, when: int) -> Change:
        if self._is_left and when == self._end:
            return Change(when, "zone", f"the names of load balancers leave {self._outage.what}")
        return Change(when, "recovery", f"{self._outage.what}: the fault ends")


def trouble_of(outage: Outage) -> Trouble | None:
    """What a request meets in an outage of the host that it asks; None if it meets nothing there."""
    match outage.symptom:
        case "errors" | "health-path-lies":
            return Trouble(status=outage.status, share=outage.part)
        case "denied":
            return Trouble(status=_DENIED, share=outage.part)
        case "slow":
            return Trouble(delay=outage.delay, share=outage.part)
        case "false-alarm" | "name-gone":
            return None
    return Trouble(_FAILURES[outage.symptom], share=outage.part)


def probe_trouble_of(outage: Outage) -> Trouble | None:
    """What a health check meets in an outage of the host that it asks; None if it meets nothing there."""
    if outage.symptom == "health-path-lies":
        return None
    if outage.symptom == "false-alarm":
        return Trouble(status=503, share=outage.part)
    return trouble_of(outage)


class Faults:
    """The outages of a scenario, by what they hit.

    Args:
        outages: The outages.
        chosen: Of each outage of a resource or a name, the things and hosts that it is.
        zone_leaves_dns: Nanoseconds until the name of a load balancer leaves a zone that is lost.
    """

    def __init__(
        self, outages: tuple[Outage, ...], chosen: dict[Outage, frozenset[Subject]], zone_leaves_dns: int
    ) -> None:
        self._outages = outages
        self._chosen = chosen
        self._zone_leaves_dns = zone_leaves_dns
        self._activities = {outage: Activity(outage) for outage in outages}
        self._made: dict[tuple[object, ...], list[Troubles]] = {}

    def of_requests(self, *subjects: Subject) -> list[Troubles]:
        """What requests meet that need some things, from front to back: of each thing, its own faults.

        Who fails with another one that is before it, as in the same Region, is not met again.
        """
        return self._known(trouble_of, subjects)

    def of_probes(self, *subjects: Subject) -> list[Troubles]:
        """What health checks meet there."""
        return self._known(probe_trouble_of, subjects)

    def _known(self, trouble: Callable[[Outage], Trouble | None], subjects: tuple[Subject, ...]) -> list[Troubles]:
        key = (trouble, *subjects)
        if key not in self._made:
            left = list(self._outages)
            found: list[Troubles] = []
            for subject in subjects:
                hit = [outage for outage in left if self.hits(outage, subject)]
                left = [outage for outage in left if outage not in hit]
                found.append(self._of(hit, subject, trouble))
            self._made[key] = found
        return self._made[key]

    def _of(self, outages: list[Outage], subject: Subject, trouble: Callable[[Outage], Trouble | None]) -> Troubles:
        """What some outages, all of which hit something, do to it."""
        active: list[tuple[Changing[bool], Trouble]] = []
        for outage in outages:
            met = trouble(outage)
            if met is None:
                continue
            if outage.zone is None:
                active.append((self._activities[outage], met))
            else:
                share = met.share * self._share(outage, subject)
                part = Trouble(met.failure, met.status, met.delay, share)
                active.append((Activity(outage, self._zone_leaves_dns), part))
        if not active:
            return Constant(())
        return Computed(lambda moment: tuple([met for activity, met in active if moment.see(activity)]))

    def hits(self, outage: Outage, subject: Subject) -> bool:
        """Whether something fails in an outage, all of it or in part."""
        return self._share(outage, subject) > 0

    def _share(self, outage: Outage, subject: Subject) -> Fraction:
        """Which share of something is in an outage."""
        if outage.region is not None:
            return Fraction(region_of(subject) == outage.region)
        if outage.zone is not None:
            return zone_share(subject, outage.zone)
        if outage.kind is not None:
            return Fraction(0)
        return Fraction(not self._chosen[outage].isdisjoint(same_things(subject)))

    def names_gone(self, endpoint: Endpoint) -> list[Changing[bool]]:
        """When a name does not resolve, for the faults of a scenario alone."""
        found: list[Changing[bool]] = []
        for outage in self._outages:
            if outage.kind == "cloudfront-names":
                if isinstance(endpoint.target, Distribution):
                    found.append(self._activities[outage])
            elif outage.symptom == "name-gone" and (
                host_name(outage.name) == endpoint.name if outage.name is not None else self.hits(outage, endpoint)
            ):
                found.append(self._activities[outage])
        return found

    def of_kind(self, kind: str) -> list[Changing[bool]]:
        """When something is out of order that is in no template."""
        return [activity for outage, activity in self._activities.items() if outage.kind == kind]

    def lost_regions(self, region: str | None) -> list[Changing[bool]]:
        """When a Region is lost, so that nothing in it tells anything."""
        dark = ("silent", "refused")
        return [
            activity
            for outage, activity in self._activities.items()
            if outage.region is not None and outage.region == region and outage.symptom in dark and outage.part == 1
        ]

    def stuck(self, check: HealthCheck) -> list[tuple[Changing[bool], bool]]:
        """When a health check says the same whatever it asks, and what it says."""
        return [
            (activity, outage.symptom == "health-path-lies")
            for outage, activity in self._activities.items()
            if outage.symptom in ("health-path-lies", "false-alarm")
            and self._chosen.get(outage, frozenset()) >= {check}
        ]


def same_things(subject: Subject) -> Iterator[Subject]:
    """Something, and what fails with it under another name: a host's resource, and the API of a custom domain."""
    yield subject
    target = subject.target if isinstance(subject, Endpoint) else subject
    if isinstance(target, Thing) and target is not subject:
        yield target
    if isinstance(target, ApiDomain):
        yield from target.apis


def region_of(subject: Subject) -> str | None:
    """The Region that something is in; None for what is everywhere, and if it is unknown."""
    if not isinstance(subject, Endpoint):
        return subject.known_region
    if subject.region is not None or not isinstance(subject.target, (LoadBalancer, Api, ApiDomain, Bucket)):
        return subject.region
    return subject.target.known_region


def zone_share(subject: Subject, zone: str) -> Fraction:
    """The share of a load balancer that is in an Availability Zone; 0 for anything else.

    A zone whose name no template tells is taken to be one of those of the load balancers of its Region.
    """
    target = subject.target if isinstance(subject, Endpoint) else subject
    if not isinstance(target, LoadBalancer) or not target.zones:
        return Fraction(0)
    told = [one for one in target.zones if isinstance(one, str)]
    if zone in told or (len(told) < len(target.zones) and target.known_region == zone[:-1]):
        return Fraction(1, len(target.zones))
    return Fraction(0)


def when_any(activities: list[Changing[bool]]) -> Changing[bool] | None:
    """Whether one of some is there; None if there are none."""
    if len(activities) < 2:
        return activities[0] if activities else None

    def any_of(moment: Moment) -> bool:
        # All are looked at, so that the value holds until the first of them changes.
        return True in [moment.see(activity) for activity in activities]

    return Computed(any_of)
