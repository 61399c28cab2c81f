"""In which order the boxes and arrows of a section stand in their columns: so that few arrows cross."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise, product
from operator import itemgetter
from typing import TypeAlias

from .columns import columns_of
from .graph import Edge, Section

#: A column that is passed by an arrow: the arrow's number and the column's; or a node's id.
Item: TypeAlias = str | tuple[int, int]
#: What is in one Region stands in a band of its own; so does each node that is nowhere.
Band: TypeAlias = tuple[str, str]

#: An arrow over more columns has no place in them, lest all such arrows take the square of the columns' number.
_FURTHEST = 60
_SWEEPS = 12
# Of more items than these, one beginning and fewer sweeps have to do.
_MANY = 600
_FEWER_SWEEPS = 4


@dataclass(frozen=True, slots=True)
class Way:
    """An edge as it is drawn, from the left to the right.

    Attributes:
        passed: The columns that it passes, but for those of an arrow that goes too far.
        arc: Whether both ends are in one column.
    """

    edge: Edge
    left: str
    right: str
    passed: tuple[Item, ...]
    reversed: bool
    arc: bool

    @property
    def items(self) -> tuple[Item, ...]:
        """The nodes at both ends, and the columns between them."""
        return (self.left, *self.passed, self.right)


class Plan:
    """Which column everything is in, and in which order."""

    def __init__(self, section: Section) -> None:
        self.section = section
        self.column = columns_of(section)
        #: The first column of what is in a Region.
        self.first_regional = max((self.column[node.id] + 1 for node in section.nodes if not node.regional), default=0)
        self.ways: list[Way] = []
        #: What ways come to an item from, in the column before, and what they go to in the one after.
        self.before: defaultdict[Item, list[Item]] = defaultdict(list)
        self.after: defaultdict[Item, list[Item]] = defaultdict(list)
        self.band: dict[Item, Band] = {}
        self.rank: dict[Band, float] = {}
        self.columns: list[list[Item]] = [[] for _ in range(max(self.column.values(), default=-1) + 1)]
        self._add_ways()
        self._first_order()
        self._reduce_crossings()

    def _add_ways(self) -> None:
        """Make a way of every edge, with the columns that it passes."""
        for node in self.section.nodes:
            if node.regional:
                self.band[node.id] = (node.frame, "") if node.frame is not None else ("", node.id)
        for number, edge in enumerate(self.section.edges):
            if edge.source == edge.target:
                continue
            back = self.column[edge.source] > self.column[edge.target]
            left, right = (edge.target, edge.source) if back else (edge.source, edge.target)
            first, last = self.column[left], self.column[right]
            far = last - first > _FURTHEST
            passed = () if far else tuple((number, column) for column in range(first + 1, last))
            way = Way(edge=edge, left=left, right=right, passed=passed, reversed=back, arc=first == last)
            self.ways.append(way)
            self.band |= {item: self.band[right] for item in passed if item[1] >= self.first_regional}
            if not way.arc and not far:
                for before, after in pairwise(way.items):
                    self.after[before].append(after)
                    self.before[after].append(before)

    def _first_order(self) -> None:
        """Follow the ways as they are in the templates."""
        seen: set[Item] = set()
        for start in self.column:
            waiting: list[Item] = [start]
            while waiting:
                item = waiting.pop()
                if item not in seen:
                    seen.add(item)
                    self.columns[self.column_of(item)].append(item)
                    waiting += reversed(self.after[item])
        self.rank = {band: float(number) for number, band in enumerate(dict.fromkeys(self.band.values()))}
        for column in self.columns[self.first_regional :]:
            self._keep_bands(column)

    def column_of(self, item: Item) -> int:
        """The column of a node, or of a place where an arrow passes."""
        return self.column[item] if isinstance(item, str) else item[1]

    def _reduce_crossings(self) -> None:
        """Order each column by what its items lead to and from; the order with the fewest crossings is kept.

        What one beginning ends in may be far from the best, so that there are several: as in the templates and the
        other way round, each with the Regions ordered before or after what leads to them. Of orders that are as good,
        the one nearest to the templates is kept: primaries stand on top.
        """
        (_, disorder), self.columns, self.rank = min(self._orders(), key=itemgetter(0))
        self._turn()
        if self._disorder() > disorder:
            self._turn()

    def _orders(self) -> Iterator[tuple[tuple[int, int], list[list[Item]], dict[Band, float]]]:
        """Each order that is met: what it costs, the columns, and the bands' ranks."""
        many = sum(map(len, self.columns)) > _MANY
        turned = [column[::-1] for column in self.columns], {band: -rank for band, rank in self.rank.items()}
        beginnings = product(((self.columns, self.rank), turned), (False, True))
        for (columns, rank), regions_first in islice(beginnings, 1 if many else None):
            self.columns, self.rank = [list(column) for column in columns], dict(rank)
            for sweep in range(_FEWER_SWEEPS if many else _SWEEPS):
                cost = self._crossings(), self._disorder()
                yield cost, [list(column) for column in self.columns], dict(self.rank)
                self._sweep_once(forward=sweep % 2 == 0, regions_first=regions_first)

    def _turn(self) -> None:
        """Put on top what is at the bottom."""
        self.columns = [column[::-1] for column in self.columns]
        self.rank = {band: -rank for band, rank in self.rank.items()}

    def _disorder(self) -> int:
        """How many pairs of nodes in one column are not in the templates' order."""
        first = {node: number for number, node in enumerate(self.column)}
        return sum(_inversions(first[item] for item in column if isinstance(item, str)) for column in self.columns)

    def _sweep_once(self, *, forward: bool, regions_first: bool) -> None:
        if not forward:
            self._sweep(range(len(self.columns) - 2, -1, -1), self.after)
            return
        if regions_first:
            self._rank_bands()
        self._sweep(range(1, self.first_regional), self.before)
        if not regions_first:
            self._rank_bands()
        self._sweep(range(self.first_regional, len(self.columns)), self.before)

    def _sweep(self, columns: Iterable[int], beside: Mapping[Item, Sequence[Item]]) -> None:
        for number in columns:
            place, column = self._places(number), self.columns[number]
            means = {item: mean(beside[item], place, item) for item in column}
            column.sort(key=means.__getitem__)
            if number >= self.first_regional:
                self._keep_bands(column)

    def _places(self, number: int) -> dict[Item, float]:
        """Where the items of a column and of its neighbours are, as shares of the columns."""
        place: dict[Item, float] = {}
        for column in self.columns[max(number - 1, 0) : number + 2]:
            for at, item in enumerate(column):
                place[item] = (at + 0.5) / len(column)
        return place

    def _rank_bands(self) -> None:
        found: dict[Band, list[float]] = {}
        for number in range(self.first_regional, len(self.columns)):
            place = self._places(number)
            for item in self.columns[number]:
                before = self.before[item]
                if before and not all(other in self.band for other in before):
                    found.setdefault(self.band[item], []).append(mean(before, place, item))
        for band, places in found.items():
            self.rank[band] = sum(places) / len(places)

    def _keep_bands(self, column: list[Item]) -> None:
        order = {band: at for at, band in enumerate(self.bands)}
        column.sort(key=lambda item: order[self.band[item]])

    def _crossings(self) -> int:
        total = 0
        for left, right in pairwise(self.columns):
            place = {item: at for at, item in enumerate(right)}
            total += _inversions(at for item in left for at in sorted(place[other] for other in self.after[item]))
        return total

    @property
    def bands(self) -> list[Band]:
        """The bands, from top to bottom."""
        return sorted(self.rank, key=self.rank.__getitem__)


def mean(near: Sequence[Item], place: Mapping[Item, float], item: Item) -> float:
    """The middle of an item's neighbours; its own place where it has none."""
    return sum(place[other] for other in near) / len(near) if near else place[item]


def _inversions(values: Iterable[int]) -> int:
    """How many pairs are in the wrong order."""
    seen: list[int] = []
    total = 0
    for value in values:
        at = bisect_right(seen, value)
        total += len(seen) - at
        seen.insert(at, value)
    return total
