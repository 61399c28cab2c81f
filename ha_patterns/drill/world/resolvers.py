"""What resolvers answer, and where open connections lead, while DNS changes behind them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from fractions import Fraction
from typing import Generic, NamedTuple, TypeVar

from ...topology.model import Endpoint
from ..time import NEVER, Change, Changing, Span

T = TypeVar("T")


class Answers(NamedTuple):
    """What a name is answered with.

    Attributes:
        chances: Each answer with its share; None for a name that does not resolve.
        ttl: Nanoseconds for which resolvers keep it.
    """

    chances: tuple[tuple[Fraction, Endpoint | None], ...]
    ttl: int


class _Extended(Generic[T]):
    """A value that is worked out span by span, each from the one before, as far as somebody asks.

    Attributes:
        _first: When the first span begins; before, the first value holds, too.
    """

    def __init__(self, first: int) -> None:
        self._starts: list[int] = []
        self._spans: list[Span[T]] = []
        self._end = first

    def at(self, when: int) -> Span[T]:
        """The value at a moment, and until when it stays."""
        while self._end <= when or not self._spans:
            span = self._next(self._end)
            last = self._spans[-1] if self._spans else None
            if last is not None and last.value == span.value:
                self._spans[-1] = span
            else:
                self._starts.append(self._end)
                self._spans.append(span)
            self._end = span.until
        return self._spans[max(0, bisect_right(self._starts, when) - 1)]

    def _next(self, start: int) -> Span[T]:
        """The span that begins at a moment."""
        raise NotImplementedError


class Resolver(_Extended[Answers]):
    """The resolver of a location: it keeps an answer for its TTL, and asks again as soon as that is over.

    Args:
        authoritative: What Route 53 answers.
        first: When it asked first; this is its phase.
        told: What happens when it asks again and gets another answer, for the report.
        overrun: For how many TTLs it keeps an answer.
    """

    def __init__(self, authoritative: Changing[Answers], first: int, told: str, overrun: int) -> None:
        super().__init__(first)
        self._authoritative = authoritative
        self._told = told
        self._overrun = overrun

    def _next(self, start: int) -> Span[Answers]:
        answers, until, because = self._authoritative.at(start)
        if until >= NEVER:
            return Span(answers, NEVER)
        ttl = max(1, answers.ttl * self._overrun)
        # Until then it is told the same again and again.
        again = start + -((start - until) // ttl) * ttl
        return Span(answers, again, Change(again, "resolver", self._told, because))


class Connections(_Extended[Answers]):
    """Where the connections lead that a location keeps open to a name.

    They lead to where they were opened to until they are opened anew: when their keep-alive is over, and for as long as
    an end of theirs is gone.

    Args:
        resolver: What the location's resolver answers.
        keep_alive: For how many nanoseconds connections to some ends are kept; 0 if they follow at once.
        gone: Whether one of some ends accepts no connection or answers nothing.
        first: A moment at which they are opened.
        told: What happens when they are opened to somewhere else, for the report.
    """

    def __init__(
        self,
        resolver: Changing[Answers],
        keep_alive: Callable[[Answers], int],
        gone: Callable[[Answers], Changing[bool]],
        first: int,
        told: str,
    ) -> None:
        super().__init__(first)
        self._resolver = resolver
        self._keep_alive = keep_alive
        self._gone = gone
        self._told = told

    def _next(self, start: int) -> Span[Answers]:
        answers, until, because = self._resolver.at(start)
        kept = self._keep_alive(answers)
        if not kept:
            return Span(answers, until, because)
        gone = self._gone(answers)
        is_gone, holds, ends = gone.at(start)
        if is_gone:
            # Whoever asks meanwhile opens a connection of its own.
            return Span(answers, until, because) if until < holds else Span(answers, holds, ends)
        # Until then it is opened to the same end again and again.
        renewed = NEVER if until >= NEVER else start + -((start - until) // kept) * kept
        while holds < renewed:
            following = gone.at(holds)
            if following.value:
                return Span(answers, holds, because if until <= holds else ends)
            holds, ends = following.until, following.ended_by
        return Span(answers, renewed, Change(renewed, "connection", self._told, because) if renewed < NEVER else None)
