"""What a drill comes to: who was served by what, what was lost, how long it took, and why."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from ..aws.distributions import WRITES
from ..command_line.durations import told
from .given import MOST_SEEDS, whole_of
from .objective import Objective
from .play import Outcome, Segment, Way
from .scenario import Outage, Scenario, ScenarioError
from .scene import Settled
from .time import SECOND, Change
from .traffic import Arrivals

if TYPE_CHECKING:
    from .run import Stage
    from .seeds import Seeds
    from .sensitivity import Difference

#: An answer that comes so much later than before is slow.
SLOW = SECOND
#: Changes that happen at each location by itself, as the first and the last one are told.
_EACH = {"resolver": "resolver follows", "connection": "open connection is opened anew"}
_NONE = Fraction(0)


@dataclass(frozen=True, eq=False)
class PlayedWay:
    """A way, and what its users got.

    Attributes:
        way: The way.
        before: What they get while nothing fails.
        segments: What they get in the scenario.
        arrivals: When they ask.
    """

    way: Way
    before: tuple[tuple[Fraction, Outcome], ...]
    segments: tuple[Segment, ...]
    arrivals: Arrivals

    @cached_property
    def _statuses(self) -> frozenset[int]:
        return frozenset(outcome.status for _, outcome in self.before)

    @cached_property
    def _latest(self) -> int:
        return max(outcome.latency for _, outcome in self.before)

    @cached_property
    def lost_before(self) -> Fraction:
        """The share that is lost while nothing fails."""
        return sum((share for share, one in self.before if self.is_lost(one)), Fraction(0))

    def is_lost(self, outcome: Outcome) -> bool:
        """Whether a request came to nothing: no answer, an error of the server, or a refusal that is new."""
        status = outcome.status
        return status == 0 or status >= 500 or (status >= 400 and status not in self._statuses)

    def is_slow(self, outcome: Outcome) -> bool:
        """Whether a request was answered, but more than a second later than before."""
        return not self.is_lost(outcome) and outcome.latency > self._latest + SLOW

    @cached_property
    def _judged(self) -> dict[int, tuple[Fraction, Fraction]]:
        return {}

    def _shares(self, segment: Segment) -> tuple[Fraction, Fraction]:
        """The shares of a segment's requests that are lost and slow; segments with the same outcomes share these."""
        key = id(segment.outcomes)
        found = self._judged.get(key)
        if found is None:
            lost = _sum(share for share, one in segment.outcomes if self.is_lost(one))
            slow = _sum(share for share, one in segment.outcomes if self.is_slow(one))
            found = self._judged[key] = (lost, slow)
        return found

    def lost(self, segment: Segment) -> Fraction:
        """The share of a segment's requests that is lost."""
        return self._shares(segment)[0]

    def slow(self, segment: Segment) -> Fraction:
        """The share of a segment's requests that is slow."""
        return self._shares(segment)[1]

    def is_worse(self, segment: Segment) -> bool:
        """Whether more is lost than while nothing fails."""
        lost = self.lost(segment)
        return lost is not _NONE and lost > self.lost_before

    def count(self, segment: Segment, start: int, end: int) -> int:
        """How many requests come in a segment, within a span of time."""
        return self.arrivals.count(max(segment.start, start), min(segment.end, end))

    def within(self, start: int, end: int) -> Iterator[Segment]:
        """The segments that a span of time touches."""
        return (one for one in self.segments if one.start < end and one.end > start)


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """Whether an objective was met.

    Attributes:
        objective: The objective.
        site: The front door that it was asked of.
        met: Whether it was.
        measured: What was measured, as a sentence.
        value: The same as a number: a share, or nanoseconds; None if it takes until the outage ends.
        worst: The way of which the most was lost, or which came back last; None if it was met.
        at: The moment at which that can be seen best; None likewise.
    """

    objective: Objective
    site: str
    met: bool
    measured: str
    value: Fraction | int | None
    worst: PlayedWay | None = None
    at: int | None = None


@dataclass(frozen=True, kw_only=True)
class Summary:
    """What users of one behavior and method got, at all locations together.

    Attributes:
        behavior: The path pattern.
        method: The method.
        requests: How many came from the beginning of the outage until all was as before.
        lost: The share of these that was lost.
        slow: The share of these that was slow.
        masked: The share of these that got an error page instead.
        recovered: Nanoseconds from the beginning of the outage until nothing more was lost than before; None if that
            did not come before its end.
        settled: Nanoseconds from the end of the outage until nothing more was lost than before; None if it never came.
        served: The hosts that answered, with the share of all answers of each.
    """

    behavior: str
    method: str
    requests: int
    lost: Fraction
    slow: Fraction
    masked: Fraction
    recovered: int | None
    settled: int | None
    served: Mapping[str, Fraction]


@dataclass(frozen=True, kw_only=True)
class Writers:
    """Sides that took writes at once.

    Attributes:
        time: For how many nanoseconds more sides took writes than before.
        sides: The sides.
        unreplicated: How many writes the side that was left took within the replication lag before it was.
    """

    time: int
    sides: tuple[str, ...]
    unreplicated: int


@dataclass(frozen=True, eq=False)
class SiteResult:
    """What the users of one front door got.

    Attributes:
        name: The name of the front door.
        scenario: What was played.
        outages: The outages that the site has the subject of.
        ways: Its ways.
        held: When names lead elsewhere while connections stay, which its ways may not show.
    """

    name: str
    scenario: Scenario
    outages: tuple[Outage, ...]
    ways: tuple[PlayedWay, ...]
    held: tuple[Change, ...] = ()

    @property
    def begin(self) -> int:
        """When the first outage begins."""
        return min((one.start for one in self.outages), default=0)

    @property
    def end(self) -> int:
        """When the last outage ends."""
        return max((one.end for one in self.outages), default=0)

    @cached_property
    def until(self) -> int:
        """When all is as before, and stays so: the end of the outage, or later; the end of the scenario if never."""
        worse = [segment.end for way in self.ways for segment in way.segments if way.is_worse(segment)]
        return max((self.end, *worse))

    def groups(self) -> Mapping[tuple[str, str], Sequence[PlayedWay]]:
        """The ways by behavior and method."""
        found: dict[tuple[str, str], list[PlayedWay]] = {}
        for one in self.ways:
            found.setdefault((one.way.behavior, one.way.method), []).append(one)
        return found

    @cached_property
    def summaries(self) -> tuple[Summary, ...]:
        """What users got, by behavior and method."""
        return tuple(self._summary(*key, ways) for key, ways in self.groups().items())

    def _summary(self, behavior: str, method: str, ways: Sequence[PlayedWay]) -> Summary:
        total = 0
        # Whole numbers, where nothing is left to chance.
        lost: Fraction | int = 0
        slow: Fraction | int = 0
        masked: Fraction | int = 0
        served: dict[str, Fraction | int] = {}
        for one in ways:
            counts: dict[int, int] = {}
            known: dict[int, Segment] = {}
            for segment in one.within(self.begin, self.until):
                key = id(segment.outcomes)
                known.setdefault(key, segment)
                counts[key] = counts.get(key, 0) + one.count(segment, self.begin, self.until)
            for key, count in counts.items():
                segment = known[key]
                total += count
                for share, outcome in segment.outcomes:
                    part = count if share == 1 else count * share
                    if one.is_lost(outcome):
                        lost += part
                        continue
                    if one.is_slow(outcome):
                        slow += part
                    if outcome.page:
                        masked += part
                    who = "error page" if outcome.page else outcome.by
                    served[who] = served.get(who, 0) + part
        whole = Fraction(max(1, total))
        return Summary(
            behavior=behavior,
            method=method,
            requests=total,
            lost=lost / whole,
            slow=slow / whole,
            masked=masked / whole,
            recovered=self.recovered(ways),
            settled=self.settled(ways),
            served={who: part / whole for who, part in sorted(served.items(), key=lambda each: (-each[1], each[0]))},
        )

    def recovered(self, ways: Iterable[PlayedWay]) -> int | None:
        """Nanoseconds from the beginning of the outage until no way loses more than before, up to the outage's end.

        None if that takes until the end, or if it is the end of the fault that brings a way back.
        """
        last = self.begin
        for one in ways:
            for segment in one.within(self.begin, self.end):
                if one.is_worse(segment):
                    if segment.end >= self.end or _is_healed(segment):
                        return None
                    last = max(last, segment.end)
        return last - self.begin

    def settled(self, ways: Iterable[PlayedWay]) -> int | None:
        """Nanoseconds from the end of the outage until no way loses more than before."""
        last = self.end
        for one in ways:
            for segment in one.within(self.end, self.scenario.end):
                if one.is_worse(segment):
                    last = max(last, segment.end)
        return None if last >= self.scenario.end else last - self.end

    @cached_property
    def story(self) -> tuple[Change, ...]:
        """What happened, in order: each change that made a difference to some way, and those that led to it.

        Of changes that happen at each location by itself, only the first and the last one are told.
        """
        seen = {
            change
            for way in self.ways
            for segment in way.segments
            if segment.ended_by
            for change in segment.ended_by.chain()
        }
        seen |= {before for one in self.held for before in one.chain() if before.kind not in _EACH}
        alone = [one for one in seen if one.kind not in _EACH]
        by_cause: dict[tuple[str, Change | None], list[Change]] = {}
        for one in seen:
            if one.kind in _EACH:
                # Connections follow resolvers, which are at as many locations.
                cause = next((before for before in one.chain() if before.kind not in _EACH), None)
                by_cause.setdefault((one.kind, cause), []).append(one)
        for (kind, because), changes in by_cause.items():
            first, last = min(changes, key=_order), max(changes, key=_order)
            if first is last:
                alone.append(last)
                continue
            for which, change in (("first", first), ("last", last)):
                alone.append(Change(change.when, kind, f"the {which} {_EACH[kind]}", because))
        return tuple(sorted(alone, key=_order))

    @cached_property
    def writers(self) -> Writers:
        """The sides that took writes at once."""
        longest, sides, unreplicated = 0, set(), 0
        lag = self.scenario.assumptions.replication_lag * SECOND
        by_behavior: dict[str, list[PlayedWay]] = {}
        for one in self.ways:
            if one.way.method in WRITES:
                by_behavior.setdefault(one.way.behavior, []).append(one)
        for ways in by_behavior.values():
            usual = {outcome.by for one in ways for _, outcome in one.before if not one.is_lost(outcome)}
            found = self._overlaps(ways, usual)
            time = sum(end - start for start, end, _ in found)
            if time > longest:
                longest = time
                sides = {side for _, _, both in found for side in both}
            unreplicated += self._at_risk(ways, usual, lag)
        return Writers(time=longest, sides=tuple(sorted(sides)), unreplicated=unreplicated)

    def _overlaps(self, ways: Sequence[PlayedWay], usual: set[str]) -> list[tuple[int, int, frozenset[str]]]:
        """The spans of time in which more sides take writes than usual."""
        cuts = sorted({0, *(edge for one in ways for segment in one.segments for edge in (segment.start, segment.end))})
        takes: dict[int, set[str]] = {cut: set() for cut in cuts}
        for one in ways:
            for segment in one.segments:
                writers = {outcome.by for _, outcome in segment.outcomes if _takes(one, outcome)}
                for cut in cuts[bisect_left(cuts, segment.start) : bisect_left(cuts, segment.end)]:
                    takes[cut] |= writers
        return [
            (start, end, frozenset(takes[start]))
            for start, end in pairwise(cuts)
            if len(takes[start]) > max(1, len(usual))
        ]

    def _at_risk(self, ways: Sequence[PlayedWay], usual: set[str], lag: int) -> int:
        """How many writes a side took within the replication lag before it took no more, or another one did."""
        if not any(
            _takes(one, outcome) and outcome.by not in usual
            for one in ways
            for segment in one.segments
            for _, outcome in segment.outcomes
        ):
            return 0
        return sum(one.arrivals.count(self.begin - lag, self.begin) for one in ways)

    def verdict(self, objective: Objective) -> Verdict | None:
        """Whether an objective was met; None if it is about nothing that the site has."""
        ways = [one for one in self.ways if objective.is_about(one.way.method, one.way.behavior)]
        if not ways:
            return None
        match objective.kind:
            case "recovered_within":
                return self._recovered_within(objective, ways)
            case "two_writers":
                return self._two_writers(objective)
        return self._shares(objective, ways)

    def _recovered_within(self, objective: Objective, ways: Sequence[PlayedWay]) -> Verdict:
        took = self.recovered(ways)
        met = took is not None and took <= objective.limit
        worst = max(
            ways, key=lambda one: max((s.end for s in one.within(self.begin, self.end) if one.is_worse(s)), default=0)
        )
        late = [s for s in worst.within(self.begin, self.end) if worst.is_worse(s)]
        measured = "not before the outage ended" if took is None else f"after {told(took)}"
        at = max(self.begin, late[-1].start) if late else None
        return Verdict(
            objective=objective,
            site=self.name,
            met=met,
            measured=measured,
            value=took,
            worst=None if met else worst,
            at=None if met else at,
        )

    def _two_writers(self, objective: Objective) -> Verdict:
        time = self.writers.time
        measured = told(time) if time else "never"
        met = time <= objective.limit
        return Verdict(objective=objective, site=self.name, met=met, measured=measured, value=time)

    def _shares(self, objective: Objective, ways: Sequence[PlayedWay]) -> Verdict:
        share_of = PlayedWay.lost if objective.kind == "lost" else PlayedWay.slow
        by_way: list[tuple[Fraction, PlayedWay]] = []
        total = 0
        for one in ways:
            part = Fraction(0)
            for segment in one.within(self.begin, self.until):
                count = one.count(segment, self.begin, self.until)
                total += count
                extra = share_of(one, segment) - (one.lost_before if objective.kind == "lost" else 0)
                part += count * max(extra, Fraction(0))
            by_way.append((part, one))
        share = sum((part for part, _ in by_way), Fraction(0)) / max(1, total)
        met = share <= objective.limit
        _, worst = max(by_way, key=lambda each: each[0])
        at = next((max(s.start, self.begin) for s in worst.segments if share_of(worst, s)), None)
        return Verdict(
            objective=objective,
            site=self.name,
            met=met,
            measured=f"{float(share) * 100:.3g} % {objective.kind}",
            value=share,
            worst=None if met else worst,
            at=None if met else at,
        )


@dataclass(frozen=True, eq=False)
class Result:
    """What a drill came to.

    Attributes:
        scenario: What was played.
        sites: The sites that have what fails.
        settled: What was assumed of what no template tells.
        notes: What else has to be said, as for an outage that was chosen because none was given.
        stage: What plays it again.
    """

    scenario: Scenario
    sites: tuple[SiteResult, ...]
    settled: tuple[Settled, ...]
    notes: tuple[str, ...]
    stage: Stage

    def verdicts(self, *objectives: Objective) -> tuple[Verdict, ...]:
        """Whether each objective was met by each site that it is about.

        Args:
            objectives: The objectives. Default: those of the scenario.

        Raises:
            ScenarioError: One is about nothing that was played.
        """
        found: list[Verdict] = []
        for objective in objectives or self.scenario.objectives:
            verdicts = [site.verdict(objective) for site in self.sites]
            if not any(verdicts):
                raise ScenarioError(f"{objective.described}: nothing that was played has such requests")
            found += [one for one in verdicts if one is not None]
        return tuple(found)

    def require(self, objectives: Sequence[Objective]) -> None:
        """Refuse to hold the drill to nothing.

        Raises:
            ScenarioError: There is no objective.
        """
        if not objectives and not self.scenario.objectives:
            raise ScenarioError("there is no objective: give one, or a scenario that has some")

    def over_seeds(self, count: int) -> Seeds:
        """The same by several seeds, of which the first is that of the scenario.

        >>> drill("cdk.out").over_seeds(100).must_meet(Objective(recovered_within=110))      # doctest: +SKIP

        Args:
            count: How many.

        Raises:
            ScenarioError: It is not a number from 1 to 1,000.
        """
        from .seeds import Seeds

        whole_of("seeds", count, 1, MOST_SEEDS)
        first = self.scenario.seed
        return Seeds((self, *(self.stage.play(seed) for seed in range(first + 1, first + count))))

    def assuming(self, name: str, value: Any) -> Result:
        """The same with another assumption.

        Args:
            name: Its name in ``Assumptions``.
            value: What is assumed instead.

        Raises:
            ScenarioError: There is no such assumption, or it cannot have that value.
        """
        return self.stage.assuming(name, value).play(self.scenario.seed)

    def sensitivity(self, *objectives: Objective, seeds: int = 1) -> tuple[Difference, ...]:
        """What each alternative of each assumption changes.

        Args:
            objectives: What it is held to. Default: the objectives of the scenario.
            seeds: By how many seeds each is played; of several, figures are those of 95 of 100 seeds. Default 1.
        """
        from .sensitivity import sensitivity

        return sensitivity(self, objectives, seeds)

    def must_meet(self, *objectives: Objective) -> None:
        """Hold the drill to objectives; for a test.

        >>> drill("cdk.out", Outage(region="eu-west-1")).must_meet(      # doctest: +SKIP
        ...     Objective(recovered_within=110)
        ... )

        Args:
            objectives: The objectives. Default: those of the scenario.

        Raises:
            AssertionError: One was not met; the message tells the story around the worst moment.
            ScenarioError: One is about nothing that was played, or there is none.
        """
        self.require(objectives)
        broken = [one for one in self.verdicts(*objectives) if not one.met]
        if broken:
            from .formats.terminal import broken_story

            raise AssertionError(broken_story(self, broken))


def _sum(shares: Iterable[Fraction]) -> Fraction:
    found = tuple(shares)
    return sum(found, _NONE) if len(found) > 1 else found[0] if found else _NONE


def _takes(one: PlayedWay, outcome: Outcome) -> bool:
    return not one.is_lost(outcome) and outcome.status < 400 and not outcome.page and outcome.by != ""


def _is_healed(segment: Segment) -> bool:
    """Whether it is the end of a fault that ends a segment: a request that began in it saw the fault end."""
    return segment.ended_by is not None and any(change.kind == "recovery" for change in segment.ended_by.chain())


def _order(change: Change) -> tuple[int, str, str]:
    return change.when, change.kind, change.what
