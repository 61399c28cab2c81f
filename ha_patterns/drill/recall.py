"""What requests came to, by what they saw: a request that sees the same after the same waits comes to the same.

This is what makes another seed cheap: it moves the moments at which things change, and seldom what requests see.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any, Generic, NamedTuple, TypeVar

from .time import Changing, Moment

T = TypeVar("T")


class Look(NamedTuple):
    """A request looked something up.

    Attributes:
        slot: What it was, by its number in the ``Recall``.
        elapsed: Nanoseconds since the request began.
        value: What it saw.
    """

    slot: int
    elapsed: int
    value: Any


class Draw(NamedTuple):
    """Chance decided something.

    Attributes:
        share: How probable it was.
        happens: Whether it happened.
    """

    share: Fraction
    happens: bool


class _Seeing:
    """The next step is to look something up; what follows depends on the value."""

    __slots__ = ("elapsed", "following", "slot")

    def __init__(self, slot: int, elapsed: int) -> None:
        self.slot = slot
        self.elapsed = elapsed
        self.following: list[tuple[Any, Any]] = []

    def after(self, value: Any) -> Any:
        """What follows a value; None if that is not known yet."""
        for known, node in self.following:
            if known is value or known == value:
                return node
        return None


class _Drawing:
    """The next step is left to chance."""

    __slots__ = ("following", "share")

    def __init__(self, share: Fraction) -> None:
        self.share = share
        self.following: dict[bool, Any] = {}


class _End(Generic[T]):
    """There is no next step."""

    __slots__ = ("elapsed", "outcome")

    def __init__(self, elapsed: int, outcome: T) -> None:
        self.elapsed = elapsed
        self.outcome = outcome


class Recall(Generic[T]):
    """What one request came to, whenever it began."""

    def __init__(self) -> None:
        #: What may be looked up, each with the timeline, if it is the same for all seeds.
        self.looked_up: list[tuple[tuple[object, ...], Changing[Any] | None]] = []
        self._slots: dict[tuple[object, ...], int] = {}
        self._first: Any = None

    def slot(self, key: tuple[object, ...], lasting: Changing[Any] | None) -> int:
        """The number of something that may be looked up.

        Args:
            key: What it is.
            lasting: Its timeline, if that is the same for all seeds.
        """
        if key not in self._slots:
            self._slots[key] = len(self.looked_up)
            self.looked_up.append((key, lasting))
        return self._slots[key]

    def find(self, moment: Moment, timeline: Callable[[int], Changing[Any]]) -> tuple[T | None, list[bool]]:
        """What the request comes to; or None with what chance has decided, if something new happens to it.

        Args:
            moment: When it begins.
            timeline: What is looked up, by its number.
        """
        node, drawn = self._first, []
        while node is not None:
            kind = type(node)
            if kind is _Seeing:
                moment.elapsed = node.elapsed
                node = node.after(moment.see(timeline(node.slot)))
            elif kind is _Drawing:
                happens = moment.chance(node.share)
                drawn.append(happens)
                node = node.following.get(happens)
            else:
                moment.elapsed = node.elapsed
                return node.outcome, drawn
        moment.elapsed = 0
        return None, drawn

    def learn(self, steps: list[Look | Draw], elapsed: int, outcome: T) -> None:
        """Keep what a request came to.

        Args:
            steps: All that it saw and that chance decided.
            elapsed: Nanoseconds that it took.
            outcome: What it came to.
        """
        node: Any = _End(elapsed, outcome)
        path = self._known(steps)
        for step in reversed(steps[len(path) :]):
            node = _before(step, node)
        if not path:
            self._first = node
        else:
            last, value = path[-1]
            if type(last) is _Seeing:
                last.following.append((value, node))
            else:
                last.following[value] = node

    def _known(self, steps: list[Look | Draw]) -> list[tuple[Any, Any]]:
        """The nodes of the first steps, which are known, each with what came of it."""
        node, path = self._first, []
        for step in steps:
            if node is None:
                break
            if isinstance(step, Look):
                path.append((node, step.value))
                node = node.after(step.value)
            else:
                path.append((node, step.happens))
                node = node.following.get(step.happens)
        return path


def _before(step: Look | Draw, node: Any) -> Any:
    """The node of a step, which a node follows."""
    if isinstance(step, Look):
        seeing = _Seeing(step.slot, step.elapsed)
        seeing.following.append((step.value, node))
        return seeing
    drawing = _Drawing(step.share)
    drawing.following[step.happens] = node
    return drawing
