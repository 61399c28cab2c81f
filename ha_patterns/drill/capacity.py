"""Capacity: what of the requests that routing sends somewhere is more than the hosts there can take.

It is worked out after routing, and changes nothing of it: what is beyond a capacity is answered with 503, and neither
health checks nor origin groups see it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

from .play import Outcome, Segment
from .result import PlayedWay
from .time import SECOND, Change

_BEYOND = "there is no capacity left"


def limited(
    ways: Sequence[PlayedWay], capacity: Mapping[str, int], places: Mapping[str, frozenset[str]]
) -> tuple[PlayedWay, ...]:
    """Ways with what is beyond a capacity answered with 503.

    Args:
        ways: All ways of a site.
        capacity: The most requests a second, by the name of a Region or a host.
        places: By the name of each host, the names of capacities that it counts for.
    """
    found = list(ways)
    for name, most in capacity.items():
        hosts = frozenset(host for host, names in places.items() if name in names)
        cuts = _cuts(found)
        beyond = {start: _beyond(found, hosts, most, start, end) for start, end in pairwise(cuts)}
        if any(beyond.values()):
            found = [_limited(one, hosts, name, cuts, beyond) for one in found]
    return tuple(found)


def _cuts(ways: Iterable[PlayedWay]) -> list[int]:
    """The moments at which the load of something may change."""
    edges: set[int] = set()
    for one in ways:
        first, last = one.segments[0].start, one.segments[-1].end
        edges.update(edge for segment in one.segments for edge in (segment.start, segment.end))
        edges.update(when for when in one.arrivals.changes if first < when < last)
    return sorted(edges)


def _beyond(ways: Iterable[PlayedWay], hosts: frozenset[str], most: int, start: int, end: int) -> Fraction:
    """The share of the requests to some hosts that is beyond their capacity, in a span in which nothing changes."""
    load = Fraction(0)
    for one in ways:
        segment = next(one.within(start, end))
        share = sum((part for part, outcome in segment.outcomes if _is_taken(outcome, hosts)), Fraction(0))
        load += share * Fraction(SECOND, one.arrivals.gap_at(start)) if one.arrivals.gap_at(start) else 0
    return 1 - Fraction(most) / load if load > most else Fraction(0)


def _is_taken(outcome: Outcome, hosts: frozenset[str]) -> bool:
    return outcome.by in hosts and 0 < outcome.status < 500


def _limited(
    one: PlayedWay, hosts: frozenset[str], name: str, cuts: Sequence[int], beyond: Mapping[int, Fraction]
) -> PlayedWay:
    segments = tuple(_split(one, hosts, name, cuts, beyond))
    return replace(one, segments=segments)


def _split(
    one: PlayedWay, hosts: frozenset[str], name: str, cuts: Sequence[int], beyond: Mapping[int, Fraction]
) -> Iterator[Segment]:
    """The segments of a way, cut where the share beyond a capacity changes."""
    last: Segment | None = None
    for segment in one.segments:
        for start, end in pairwise(cuts):
            if start < segment.start or start >= segment.end:
                continue
            share = beyond[start]
            outcomes = tuple(_shared(segment, hosts, share))
            loaded = Change(end, "capacity", f"the load of {name} changes")
            ended_by = segment.ended_by if end == segment.end else loaded
            if last is not None and last.outcomes == outcomes:
                last = last._replace(end=end, ended_by=ended_by)
                continue
            if last is not None:
                yield last
            last = Segment(start, end, outcomes, ended_by)
    if last is not None:
        yield last


def _shared(segment: Segment, hosts: frozenset[str], beyond: Fraction) -> Iterator[tuple[Fraction, Outcome]]:
    for part, outcome in segment.outcomes:
        if not beyond or not _is_taken(outcome, hosts):
            yield part, outcome
            continue
        yield part * (1 - beyond), outcome
        yield part * beyond, outcome._replace(status=503, why=_BEYOND, page=False)
