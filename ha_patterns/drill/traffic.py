"""Requests, counted: they come evenly, and how many come in a span of time needs no loop."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from .scenario import Requests
from .time import SECOND, phase


class Arrivals:
    """Requests that come evenly, in steps of different rates.

    Args:
        steps: From when on they come with which gap in nanoseconds, and when the first of them comes; a gap of 0 means
            that none come.
    """

    def __init__(self, steps: Sequence[tuple[int, int, int]]) -> None:
        self._steps = tuple(steps)

    def count(self, start: int, end: int) -> int:
        """How many come from a moment on, before another."""
        return sum(
            (first - begin) // gap - (first - until) // gap for begin, until, gap, first in self._within(start, end)
        )

    @property
    def changes(self) -> tuple[int, ...]:
        """When they begin to come with another gap."""
        return tuple(when for when, _, _ in self._steps[1:])

    def gap_at(self, when: int) -> int:
        """The nanoseconds between two of them at a moment; 0 if none come."""
        gap = 0
        for begin, one, _ in self._steps:
            if begin <= when:
                gap = one
        return gap

    def moments(self, start: int, end: int) -> Iterator[int]:
        """When each of them comes, from a moment on, before another."""
        for begin, until, gap, first in self._within(start, end):
            yield from range(first - (first - begin) // gap * gap, until, gap)

    def _within(self, start: int, end: int) -> Iterator[tuple[int, int, int, int]]:
        for index, (begin, gap, first) in enumerate(self._steps):
            until = self._steps[index + 1][0] if index + 1 < len(self._steps) else end
            from_, to = max(begin, start), min(until, end)
            if gap and from_ < to:
                yield from_, to, gap, first


def arrivals(requests: Requests, parts: int, *key: object) -> Arrivals:
    """The requests of one of several equal parts of some traffic.

    Args:
        requests: All of it.
        parts: How many parts there are.
        key: What the moment of the first one is drawn by.
    """
    steps: list[tuple[int, int, int]] = []
    for when, rate in requests.steps:
        # Before the scenario, as at its beginning.
        begin = when or -(1 << 61)
        gap = max(1, round(SECOND / (rate / parts))) if rate else 0
        steps.append((begin, gap, when + phase(gap, *key, when)))
    return Arrivals(steps)


def share(part: Fraction, whole: int) -> Fraction:
    """A part of a whole, as a share; 0 if there is no whole."""
    return part / whole if whole else Fraction(0)
