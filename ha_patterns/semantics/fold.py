"""Values that are made of the values of what is below: of aliases of aliases, and of checks of checks."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Generic, TypeVar
from weakref import WeakKeyDictionary

T = TypeVar("T")
V = TypeVar("V")


class Fold(Generic[T, V]):
    """Works out a value of each thing once, however many ask, how deep they are, and though they go in circles.

    Args:
        below: What the value of a thing is made of.
        value: The value, by what it is told of each that is below.
        circle: What it is told of one that is also above.
    """

    def __init__(self, below: Callable[[T], Iterable[T]], value: Callable[[T, Callable[[T], V]], V], circle: V) -> None:
        self._below = below
        self._value = value
        self._circle = circle
        self._made: WeakKeyDictionary[T, V] = WeakKeyDictionary()

    def __call__(self, thing: T) -> V:
        """The value of a thing."""
        begun: set[T] = set()
        waiting = [thing]
        while waiting:
            one = waiting[-1]
            if one in self._made:
                waiting.pop()
            elif one in begun:
                # All that is below is made, but for what is above.
                self._made[one] = self._value(one, self._told)
            else:
                begun.add(one)
                waiting += [inner for inner in self._below(one) if inner not in begun and inner not in self._made]
        return self._made[thing]

    def _told(self, inner: T) -> V:
        return self._made.get(inner, self._circle)
