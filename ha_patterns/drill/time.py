"""Virtual time: whole nanoseconds, and values that change at known moments for known causes."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction
from hashlib import blake2b
from typing import Generic, NamedTuple, Protocol, TypeVar

from .given import ScenarioError

MILLISECOND = 10**6
SECOND = 10**9
#: Before everything that a drill looks at, and after it.
ALWAYS, NEVER = -(1 << 62), 1 << 62

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Change(NamedTuple):
    """Something that changed, and the change that made it so.

    Attributes:
        when: The moment.
        kind: What sort of change it is, such as ``outage`` or ``resolver``.
        what: The change, as a report says it.
        because: The change that led to it; None for one that the scenario makes.
    """

    when: int
    kind: str
    what: str
    because: Change | None = None

    def chain(self) -> Iterator[Change]:
        """The change and those that led to it, the last one first."""
        one: Change | None = self
        while one is not None:
            yield one
            one = one.because


class Span(NamedTuple, Generic[T_co]):
    """A value, with the moment at which it ends.

    Attributes:
        value: The value.
        until: The first moment at which it may be another one.
        ended_by: What happens then; None for what never changes, or if nothing is known to happen.
    """

    value: T_co
    until: int
    ended_by: Change | None = None


class Changing(Protocol[T_co]):
    """A value that is piecewise constant in time."""

    def at(self, when: int, /) -> Span[T_co]:
        """The value at a moment, and until when it stays."""
        ...


class Constant(Generic[T]):
    """A value that never changes."""

    __slots__ = ("_span",)

    def __init__(self, value: T) -> None:
        self._span = Span(value, NEVER)

    def at(self, _when: int) -> Span[T]:
        """The value."""
        return self._span


class Timeline(Generic[T]):
    """A value of which all changes are known.

    Args:
        first: The value before the first change.
        changes: Each change with the value from then on, in their order.
    """

    __slots__ = ("_changes", "_starts", "_values")

    def __init__(self, first: T, changes: Iterable[tuple[Change, T]] = ()) -> None:
        self._starts = [ALWAYS]
        self._values = [first]
        self._changes: list[Change | None] = [None]
        for change, value in changes:
            if value != self._values[-1]:
                self._starts.append(change.when)
                self._values.append(value)
                self._changes.append(change)

    def at(self, when: int) -> Span[T]:
        """The value at a moment, and until when it stays."""
        index = bisect_right(self._starts, when)
        if index == len(self._starts):
            return Span(self._values[index - 1], NEVER)
        return Span(self._values[index - 1], self._starts[index], self._changes[index])

    @property
    def changes(self) -> Sequence[tuple[Change, T]]:
        """Each change, with the value from then on."""
        found = zip(self._changes, self._values, strict=True)
        return tuple((change, value) for change, value in found if change is not None)


class Moment:
    """The start of an evaluation, and until when everything that the evaluation has seen holds.

    What is looked up after a wait is looked up at that later time. An evaluation that begins at any other time before
    ``until`` sees the same values after the same waits, and so comes to the same end. This is why nothing else may read
    ``start``.

    Args:
        start: When the evaluation begins.
        draw: Decides what happens with a given probability. Default: nothing is left to chance.
    """

    __slots__ = ("_draw", "elapsed", "ended_by", "start", "until")

    def __init__(self, start: int, draw: Callable[[Fraction], bool] | None = None) -> None:
        self.start = start
        self.elapsed = 0
        self.until = NEVER
        self.ended_by: Change | None = None
        self._draw = draw

    def see(self, timeline: Changing[T], ago: int = 0) -> T:
        """The value of a timeline now, or some time ago."""
        elapsed = self.elapsed - ago
        value, until, ended_by = timeline.at(self.start + elapsed)
        if until < NEVER and until - elapsed < self.until:
            self.until, self.ended_by = until - elapsed, ended_by
        return value

    def wait(self, duration: int) -> None:
        """Let time pass."""
        self.elapsed += duration

    def chance(self, share: Fraction) -> bool:
        """Whether something happens that does with this probability."""
        if share >= 1 or share <= 0:
            return share > 0
        if self._draw is None:
            raise ValueError("nothing is left to chance here")
        return self._draw(share)


class Computed(Generic[T]):
    """A value that is worked out when it is asked for, and remembered for as long as it holds.

    Args:
        evaluate: The value of a moment. It may look at other timelines by the moment's ``see``.
    """

    __slots__ = ("_evaluate", "_spans", "_starts")

    def __init__(self, evaluate: Callable[[Moment], T]) -> None:
        self._evaluate = evaluate
        self._starts: list[int] = []
        self._spans: list[Span[T]] = []

    def at(self, when: int) -> Span[T]:
        """The value at a moment, and until when it stays."""
        index = bisect_right(self._starts, when)
        if index and when < self._spans[index - 1].until:
            return self._spans[index - 1]
        moment = Moment(when)
        span = Span(self._evaluate(moment), moment.until, moment.ended_by)
        if index < len(self._starts) and span.until > self._starts[index]:
            # The same value holds for longer than was known.
            self._starts[index] = when
            return self._spans[index]
        self._starts.insert(index, when)
        self._spans.insert(index, span)
        return span


class Branches(NamedTuple, Generic[T]):
    """Everything that may come of an evaluation.

    Attributes:
        outcomes: Each with its probability.
        until: Until when that holds.
        ended_by: What happens then.
    """

    outcomes: tuple[tuple[Fraction, T], ...]
    until: int
    ended_by: Change | None


_WHOLE = Fraction(1)
#: The most ways that chance may go for one request.
MOST_WAYS = 1_000


def branches(evaluate: Callable[[Moment], T], start: int) -> Branches[T]:
    """Everything that may come of an evaluation that begins at a moment.

    It is evaluated again for each way that chance may go.

    Raises:
        ScenarioError: There are more ways than ``MOST_WAYS``: each thing that is left to chance may double them.
    """
    found: list[tuple[Fraction, T]] = []
    until, ended_by = NEVER, None
    ways: list[bool] = []
    while True:
        step, weight = 0, _WHOLE

        def draw(share: Fraction) -> bool:
            nonlocal step, weight
            if step == len(ways):
                ways.append(True)
            happens = ways[step]
            step += 1
            weight *= share if happens else 1 - share
            return happens

        moment = Moment(start, draw)
        outcome = evaluate(moment)
        if not ways:
            # Nothing was left to chance.
            return Branches(((_WHOLE, outcome),), moment.until, moment.ended_by)
        found.append((weight, outcome))
        if len(found) > MOST_WAYS:
            raise ScenarioError(
                f"more than {MOST_WAYS} things may come of one request, too many to follow: "
                "give a share to fewer outages at once, or the client fewer retries"
            )
        if moment.until < until:
            until, ended_by = moment.until, moment.ended_by
        while ways and not ways[-1]:
            ways.pop()
        if not ways:
            return Branches(tuple(found), until, ended_by)
        ways[-1] = False


def number(*key: object) -> int:
    """A number of 64 bits that is the same for the same key in every process."""
    return int.from_bytes(blake2b("\0".join(map(str, key)).encode(), digest_size=8).digest(), "big")


def phase(period: int, *key: object) -> int:
    """A moment within a period, the same for the same key."""
    return number(*key) * period >> 64
