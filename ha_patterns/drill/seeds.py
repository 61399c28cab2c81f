"""A scenario played by one seed after the other: what is usual, and what is rare.

A seed draws the phases of resolvers, checkers and connections, which nobody knows when an outage begins.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple, TypeVar

from .objective import Objective
from .result import Result, SiteResult, Summary, Verdict

#: A share, or nanoseconds; None for what does not come.
Value = Fraction | int | None
T = TypeVar("T")

#: At which of a hundred seeds objectives are judged, from the best to the worst.
JUDGED_AT = 95


class Percentiles(NamedTuple):
    """A figure over several seeds. Half of the seeds have at most the median, 95 of 100 at most the second.

    Attributes:
        median: That of the middle.
        p95: That which 95 % of the seeds have at most.
        worst: The largest; None if something does not come by some seed.
    """

    median: Value
    p95: Value
    worst: Value


@dataclass(frozen=True, kw_only=True)
class SeedsSummary:
    """What users of one behavior and method of a site got, over several seeds.

    Attributes:
        site: The name of the front door.
        behavior: The path pattern.
        method: The method.
        lost: The share that was lost.
        recovered: Nanoseconds until nothing more was lost than before, as of a ``Summary``.
        settled: Nanoseconds from the end of the outage until all was as before, as of a ``Summary``.
    """

    site: str
    behavior: str
    method: str
    lost: Percentiles
    recovered: Percentiles
    settled: Percentiles


@dataclass(frozen=True, eq=False)
class Seeds:
    """What a drill came to by several seeds.

    Attributes:
        results: What it came to by each.
    """

    results: tuple[Result, ...]

    @cached_property
    def summaries(self) -> tuple[SeedsSummary, ...]:
        """What users got, by site, behavior and method."""
        return tuple(
            _summary(sites[0], summaries)
            for sites in zip(*(result.sites for result in self.results), strict=True)
            for summaries in zip(*(site.summaries for site in sites), strict=True)
        )

    def verdicts(self, *objectives: Objective) -> tuple[Verdict, ...]:
        """Whether each objective was met by each site, by 95 of 100 seeds.

        Args:
            objectives: The objectives. Default: those of the scenario.
        """
        return tuple(_told(verdict, len(self.results)) for verdict, _ in self._judged(objectives))

    def must_meet(self, *objectives: Objective) -> None:
        """Hold 95 of 100 seeds to objectives; for a test.

        Args:
            objectives: The objectives. Default: those of the scenario.

        Raises:
            AssertionError: One was not met; the message tells the story of the seed at which it is judged.
            ScenarioError: One is about nothing that was played, or there is none.
        """
        self.results[0].require(objectives)
        broken = [(verdict, result) for verdict, result in self._judged(objectives) if not verdict.met]
        if broken:
            from .formats.terminal import broken_story

            told = [broken_story(result, [_told(verdict, len(self.results))]) for verdict, result in broken]
            raise AssertionError("".join(told))

    def _judged(self, objectives: Sequence[Objective]) -> list[tuple[Verdict, Result]]:
        """The verdict on each objective and site by the seed that it is judged at, with what that came to."""
        by_seed = [result.verdicts(*objectives) for result in self.results]
        found: list[tuple[Verdict, Result]] = []
        for verdicts in zip(*by_seed, strict=True):
            pairs = list(zip(verdicts, self.results, strict=True))
            pairs.sort(key=lambda pair: _order(pair[0].value))
            found.append(_at(pairs, JUDGED_AT))
        return found


def _summary(site: SiteResult, summaries: Sequence[Summary]) -> SeedsSummary:
    return SeedsSummary(
        site=site.name,
        behavior=summaries[0].behavior,
        method=summaries[0].method,
        lost=percentiles(one.lost for one in summaries),
        recovered=percentiles(one.recovered for one in summaries),
        settled=percentiles(one.settled for one in summaries),
    )


def percentiles(values: Iterable[Value]) -> Percentiles:
    """The percentiles of some values, each of which is one of them; what does not come is the worst."""
    ordered = sorted(values, key=_order)
    return Percentiles(_at(ordered, 50), _at(ordered, JUDGED_AT), ordered[-1])


def _at(ordered: Sequence[T], percent: int) -> T:
    """The first of some ordered values that so many percent are at most."""
    return ordered[-(-len(ordered) * percent // 100) - 1]


def _order(value: Value) -> tuple[bool, Fraction | int]:
    return value is None, value or 0


def _told(verdict: Verdict, count: int) -> Verdict:
    if count == 1:
        return verdict
    return replace(verdict, measured=f"{verdict.measured} at the {JUDGED_AT}th percentile of {count} seeds")
