"""What is made of what is below is worked out once for each, however deep and though it goes in circles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from ha_patterns.semantics.fold import Fold


class _Node:
    """A thing with others below it."""

    def __init__(self, *below: _Node) -> None:
        self.below = list(below)


def _below(node: _Node) -> list[_Node]:
    return node.below


def _depth(node: _Node, of: Callable[[_Node], int]) -> int:
    return 1 + max((of(inner) for inner in node.below), default=0)


def test_a_value_is_made_of_the_values_below() -> None:
    leaf = _Node()

    assert Fold(_below, _depth, 0)(_Node(leaf, _Node(leaf))) == 3


def test_depth_has_no_end_that_python_has() -> None:
    node = _Node()
    for _ in range(100_000):
        node = _Node(node)

    assert Fold(_below, _depth, 0)(node) == 100_001


def test_each_is_worked_out_once_however_many_ask() -> None:
    asked: Counter[_Node] = Counter()

    def counted(node: _Node, of: Callable[[_Node], int]) -> int:
        asked[node] += 1
        return _depth(node, of)

    level = [_Node() for _ in range(20)]
    for _ in range(50):
        level = [_Node(*level) for _ in range(20)]
    fold = Fold(_below, counted, 0)

    assert [fold(node) for node in level] == [51] * 20
    assert set(asked.values()) == {1}


def test_in_a_circle_what_is_above_counts_as_it_is_told_to() -> None:
    one, other = _Node(), _Node()
    one.below, other.below = [other], [one]

    assert Fold(_below, _depth, 10)(one) == 12
    assert Fold(_below, _depth, 0)(one) == 2
