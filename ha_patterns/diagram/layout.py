"""Where the boxes and arrows of one section go: in columns from left to right, as requests do.

Columns follow the longest way to a box. What is in a Region stands right of all that is not, each Region in a band of
its own, so that its frame has nothing else in it. An arrow bends between columns only, and passes a column at a height
that no box has: it never runs through a box.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise, product
from typing import TypeAlias

from .graph import EDGE, Edge, Kind, Link, Node, Section

#: A column that is passed by an arrow: the arrow's number and the column's; or a node's id.
_Item: TypeAlias = str | tuple[int, int]
_Band: TypeAlias = tuple[str, str]

#: Between two boxes of a column.
GAP = 16.0
_PASS_GAP = 10.0
#: Between two Regions: their frames, and the title of one.
BAND_GAP = 58.0
#: Between a box and its frame.
PADDING = 12.0
#: A frame's title.
TITLE = 20.0
#: Between two arrows at one side of a box; a label fits.
PORT = 15.0
_CURVE = 22.0
_PER_CURVE = 3.0
_WIDEST_CURVE = 110.0
_ARC = 16.0
_SWEEPS = 12
_FEWER_SWEEPS = 4
_ROW_SWEEPS = 8
_MANY = 600
#: Where requests go, in contrast to what looks after them.
_REQUESTS = (Link.REQUEST, Link.CHOICE, Link.ERROR)


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Its right side."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """Its lower side."""
        return self.y + self.height


@dataclass(frozen=True, slots=True)
class Route:
    """An arrow's way.

    Attributes:
        path: As SVG writes it.
        label: Where its label ends, just above the arrow; None where it has none.
        reversed: Whether its head is at the beginning of the path.
    """

    edge: Edge
    path: str
    label: tuple[float, float] | None
    reversed: bool


@dataclass(frozen=True, slots=True)
class Layout:
    """A section with its places, from (0, 0) on."""

    boxes: Mapping[str, Area]
    routes: tuple[Route, ...]
    frames: tuple[tuple[str, Area], ...]
    width: float
    height: float


Size: TypeAlias = Callable[[Node], tuple[float, float]]


def layout(section: Section, size: Size, label_width: Callable[[str], float]) -> Layout:
    """Place a section.

    Args:
        section: It.
        size: How wide and high a node's text is.
        label_width: How wide an arrow's label is.
    """
    plan = _Plan(section)
    plan.assign_columns()
    plan.add_passes()
    plan.reduce_crossings()
    return _Placing(plan, size, label_width).layout()


@dataclass(frozen=True, slots=True)
class _Way:
    """An edge as it is drawn, from the left to the right.

    Attributes:
        passed: The columns that it passes.
        arc: Whether both ends are in one column.
    """

    edge: Edge
    left: str
    right: str
    passed: tuple[_Item, ...]
    reversed: bool
    arc: bool

    @property
    def items(self) -> tuple[_Item, ...]:
        """The nodes at both ends, and the columns between them."""
        return (self.left, *self.passed, self.right)


class _Plan:
    """Which column everything is in, and in which order."""

    def __init__(self, section: Section) -> None:
        self.section = section
        self.nodes = section.by_id
        self.column: dict[str, int] = {}
        self.columns: list[list[_Item]] = []
        self.ways: list[_Way] = []
        self.band: dict[_Item, _Band] = {}
        #: The first column of what is in a Region.
        self.first_regional = 0
        self.rank: dict[_Band, float] = {}
        #: What ways come to an item from, in the column before, and what they go to in the one after.
        self.before: defaultdict[_Item, list[_Item]] = defaultdict(list)
        self.after: defaultdict[_Item, list[_Item]] = defaultdict(list)

    def is_regional(self, node: str) -> bool:
        """Whether a node stands right of all that is in no Region."""
        one = self.nodes[node]
        return one.frame != EDGE and one.kind is not Kind.USERS

    # Columns

    def assign_columns(self) -> None:
        """Put every node into a column."""
        flow = [edge for edge in self.section.edges if edge.link is not Link.COPY and edge.source != edge.target]
        arrows: dict[str, list[str]] = {node: [] for node in self.nodes}
        for edge in flow:
            left, right = edge.source, edge.target
            if self.is_regional(left) and not self.is_regional(right):
                left, right = right, left
            arrows[left].append(right)
        order = _topological(arrows)
        place = {node: at for at, node in enumerate(order)}
        forward: dict[str, list[str]] = {node: [] for node in self.nodes}
        for node, others in arrows.items():
            for other in others:
                left, right = sorted((node, other), key=place.__getitem__)
                forward[left].append(right)
        # Users stand left of the edge's frame.
        has_users = any(node.kind is Kind.USERS for node in self.nodes.values())
        self.column = {node: int(has_users and one.kind is not Kind.USERS) for node, one in self.nodes.items()}
        self._push(order, forward, regional=False)
        edge_nodes = [node for node in order if not self.is_regional(node)]
        self.first_regional = max((self.column[node] + 1 for node in edge_nodes), default=0)
        for node in order:
            if self.is_regional(node):
                self.column[node] = self.first_regional
        self._push(order, forward, regional=True)
        # What no request goes through stands as far to the right as what it leads to allows.
        entered = {edge.target for edge in flow if edge.link in _REQUESTS}
        for node in reversed(edge_nodes):
            after = [min(self.column[other], self.first_regional) for other in forward[node]]
            if node not in entered and self.nodes[node].kind is not Kind.USERS and after:
                self.column[node] = min(after) - 1

    def _push(self, order: Sequence[str], forward: Mapping[str, Sequence[str]], *, regional: bool) -> None:
        for node in order:
            for other in forward[node]:
                if self.is_regional(node) == self.is_regional(other) == regional:
                    self.column[other] = max(self.column[other], self.column[node] + 1)

    def add_passes(self) -> None:
        """Make a way of every edge, with the columns that it passes."""
        for node in self.nodes:
            if self.is_regional(node):
                frame = self.nodes[node].frame
                self.band[node] = (frame, "") if frame is not None else ("", node)
        for number, edge in enumerate(self.section.edges):
            if edge.source == edge.target:
                continue
            back = self.column[edge.source] > self.column[edge.target]
            left, right = (edge.target, edge.source) if back else (edge.source, edge.target)
            first, last = self.column[left], self.column[right]
            passed = tuple((number, column) for column in range(first + 1, last))
            way = _Way(edge=edge, left=left, right=right, passed=passed, reversed=back, arc=first == last)
            self.ways.append(way)
            self.band |= {item: self.band[right] for item in passed if item[1] >= self.first_regional}
            if not way.arc:
                for before, after in pairwise(way.items):
                    self.after[before].append(after)
                    self.before[after].append(before)
        self._first_order()

    def _first_order(self) -> None:
        """Follow the ways as they are in the templates."""
        self.columns = [[] for _ in range(max(self.column.values(), default=-1) + 1)]
        seen: set[_Item] = set()
        for start in self.nodes:
            waiting: list[_Item] = [start]
            while waiting:
                item = waiting.pop()
                if item not in seen:
                    seen.add(item)
                    self.columns[self.column_of(item)].append(item)
                    waiting += reversed(self.after[item])
        self.rank = {band: float(number) for number, band in enumerate(dict.fromkeys(self.band.values()))}
        for column in self.columns[self.first_regional :]:
            self._keep_bands(column)

    def column_of(self, item: _Item) -> int:
        """The column of a node, or of a place where an arrow passes."""
        return self.column[item] if isinstance(item, str) else item[1]

    # Order

    def reduce_crossings(self) -> None:
        """Order each column by what its items lead to and from; the order with the fewest crossings is kept.

        What one beginning ends in may be far from the best, so that there are several: as in the templates and the
        other way round, each with the Regions ordered before or after what leads to them. Of orders that are as good,
        the one nearest to the templates is kept: primaries stand on top.
        """
        first = {node: number for number, node in enumerate(self.nodes)}
        best: tuple[tuple[int, int], list[list[_Item]], dict[_Band, float]] | None = None
        turned = {band: -rank for band, rank in self.rank.items()}
        beginnings = [(self.columns, self.rank), ([column[::-1] for column in self.columns], turned)]
        many = sum(map(len, self.columns)) > _MANY
        ways = product(beginnings, (False, True))
        for (columns, rank), regions_first in islice(ways, 1 if many else None):
            self.columns, self.rank = [list(column) for column in columns], dict(rank)
            for sweep in range(_FEWER_SWEEPS if many else _SWEEPS):
                cost = self._crossings(), self._disorder(first)
                if best is None or cost < best[0]:
                    best = cost, [list(column) for column in self.columns], dict(self.rank)
                self._sweep_once(forward=sweep % 2 == 0, regions_first=regions_first)
        if best is not None:
            cost, self.columns, self.rank = best
            self._turn()
            if self._disorder(first) > cost[1]:
                self._turn()

    def _turn(self) -> None:
        """Put on top what is at the bottom."""
        self.columns = [column[::-1] for column in self.columns]
        self.rank = {band: -rank for band, rank in self.rank.items()}

    def _disorder(self, first: Mapping[str, int]) -> int:
        """How many pairs of nodes in one column are not in the templates' order."""
        columns = ([first[item] for item in column if isinstance(item, str)] for column in self.columns)
        return sum(_inversions(column, len(first)) for column in columns)

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

    def _sweep(self, columns: Iterable[int], beside: Mapping[_Item, Sequence[_Item]]) -> None:
        for number in columns:
            place, column = self._places(number), self.columns[number]
            means = {item: _mean(beside[item], place, item) for item in column}
            column.sort(key=means.__getitem__)
            if number >= self.first_regional:
                self._keep_bands(column)

    def _places(self, number: int) -> dict[_Item, float]:
        """Where the items of a column and of its neighbours are, as shares of the columns."""
        place: dict[_Item, float] = {}
        for column in self.columns[max(number - 1, 0) : number + 2]:
            for at, item in enumerate(column):
                place[item] = (at + 0.5) / len(column)
        return place

    def _rank_bands(self) -> None:
        found: dict[_Band, list[float]] = {}
        for number in range(self.first_regional, len(self.columns)):
            place = self._places(number)
            for item in self.columns[number]:
                before = self.before[item]
                if before and not all(other in self.band for other in before):
                    found.setdefault(self.band[item], []).append(_mean(before, place, item))
        for band, places in found.items():
            self.rank[band] = sum(places) / len(places)

    def _keep_bands(self, column: list[_Item]) -> None:
        order = {band: at for at, band in enumerate(self.bands)}
        column.sort(key=lambda item: order[self.band[item]])

    def _crossings(self) -> int:
        total = 0
        for left, right in pairwise(self.columns):
            place = {item: at for at, item in enumerate(right)}
            ends = [at for item in left for at in sorted(place[other] for other in self.after[item])]
            total += _inversions(ends, len(right))
        return total

    @property
    def bands(self) -> list[_Band]:
        """The bands, from top to bottom."""
        return sorted(self.rank, key=self.rank.__getitem__)


class _Placing:
    """Makes places out of a plan."""

    def __init__(self, plan: _Plan, size: Size, label_width: Callable[[str], float]) -> None:
        self._plan = plan
        self._label_width = label_width
        self._in: dict[str, list[int]] = {node: [] for node in plan.nodes}
        self._out: dict[str, list[int]] = {node: [] for node in plan.nodes}
        for number, way in enumerate(plan.ways):
            self._out[way.left].append(number)
            (self._out if way.arc else self._in)[way.right].append(number)
        sizes = {node.id: size(node) for node in plan.nodes.values()}
        self._widths = [
            max((sizes[item][0] for item in column if isinstance(item, str)), default=0.0) for column in plan.columns
        ]
        self._height: dict[_Item, float] = {item: 0.0 for column in plan.columns for item in column}
        for node, (_, height) in sizes.items():
            ports = max(len(self._in[node]), len(self._out[node]))
            self._height[node] = max(height, ports * PORT + 6)
        self._center: dict[_Item, float] = {}
        self._lefts: list[float] = []
        # The space before each column, and one after the last: what of it is for labels, and what for bends.
        count = len(plan.columns)
        self._labels = [0.0] * (count + 1)
        self._bends = [0.0] * (count + 1)

    def layout(self) -> Layout:
        """The places."""
        self._place_rows()
        self._place_columns()
        areas = [*self._boxes().values(), *(area for _, area in self._frames(self._boxes()))]
        left, top = min(area.x for area in areas), min([area.y for area in areas] + list(self._center.values()))
        self._lefts = [x - left for x in self._lefts]
        self._center = {item: center - top for item, center in self._center.items()}
        boxes = self._boxes()
        frames = self._frames(boxes)
        bottoms = [area.bottom for area in (*boxes.values(), *(area for _, area in frames))]
        return Layout(
            boxes=boxes,
            routes=tuple(self._routes(boxes)),
            frames=tuple(frames),
            width=max(area.right for area in boxes.values()) + PADDING + self._bends[-1] + self._labels[-1],
            height=max([*bottoms, *self._center.values()]),
        )

    def _boxes(self) -> dict[str, Area]:
        return {
            node: Area(
                self._lefts[column],
                self._center[node] - self._height[node] / 2,
                self._widths[column],
                self._height[node],
            )
            for node, column in self._plan.column.items()
        }

    # Rows

    def _place_rows(self) -> None:
        plan = self._plan
        for column in plan.columns:
            self._settle(column, [0.0] * len(column))
        regional = plan.first_regional < len(plan.columns)
        for sweep in range(_ROW_SWEEPS):
            before = sweep % 2 == 0
            if regional and not before:
                self._settle_bands(before=before)
            numbers = range(plan.first_regional)
            for number in numbers if before else reversed(numbers):
                self._settle(plan.columns[number], self._wishes(plan.columns[number], before=before))
            if regional and before:
                self._settle_bands(before=before)

    def _wishes(self, column: Sequence[_Item], *, before: bool) -> list[float]:
        """The height that each item would like best: that of its neighbours."""
        near = self._plan.before if before else self._plan.after
        return [_mean(near[item], self._center, item) for item in column]

    def _settle(
        self, column: Sequence[_Item], wishes: Sequence[float], band: tuple[float, float] | None = None
    ) -> None:
        heights = [self._height[item] for item in column]
        centers = _spread(wishes, heights, self._gaps(column), band)
        self._center |= zip(column, centers, strict=True)

    def _settle_bands(self, *, before: bool) -> None:
        plan = self._plan
        wishes: dict[_Item, float] = {}
        members: dict[_Band, list[list[_Item]]] = {band: [] for band in plan.bands}
        for column in plan.columns[plan.first_regional :]:
            wishes |= zip(column, self._wishes(column, before=before), strict=True)
            by_band: dict[_Band, list[_Item]] = {}
            for item in column:
                by_band.setdefault(plan.band[item], []).append(item)
            for band, items in by_band.items():
                members[band].append(items)
        heights = [max(map(self._stacked, lists)) for lists in members.values()]
        centers = [
            sum(wishes[item] for items in lists for item in items) / sum(map(len, lists)) for lists in members.values()
        ]
        placed = _spread(centers, heights, [BAND_GAP] * (len(heights) - 1), None)
        for lists, height, center in zip(members.values(), heights, placed, strict=True):
            for items in lists:
                self._settle(items, [wishes[item] for item in items], (center - height / 2, center + height / 2))

    def _stacked(self, items: Sequence[_Item]) -> float:
        return sum(self._height[item] for item in items) + sum(self._gaps(items))

    def _gaps(self, items: Sequence[_Item]) -> list[float]:
        boxes = [isinstance(item, str) for item in items]
        return [GAP if one and other else _PASS_GAP for one, other in pairwise(boxes)]

    # Columns

    def _place_columns(self) -> None:
        plan = self._plan
        count = len(plan.columns)
        bends, arcs = [0] * (count + 1), [0] * (count + 1)
        for way in plan.ways:
            first, last = plan.column[way.left], plan.column[way.right]
            at = last + 1 if way.arc else last
            if way.edge.label:
                self._labels[at] = max(self._labels[at], self._label_width(way.edge.label) + 8)
            if way.arc:
                arcs[at] += 1
            for column in range(first + 1, last + 1):
                bends[column] += 1
        right = 0.0
        for number in range(count + 1):
            bend = min(_CURVE + _PER_CURVE * bends[number], _WIDEST_CURVE) if bends[number] else 0.0
            self._bends[number] = bend + arcs[number] * _ARC
            if number == count:
                break
            right += self._bends[number] + self._labels[number] + 2 * PADDING if number else 0
            self._lefts.append(right)
            right += self._widths[number]

    # Arrows

    def _routes(self, boxes: Mapping[str, Area]) -> list[Route]:
        starts, ends = self._ports(boxes)
        arcs: dict[int, int] = {}
        routes: list[Route] = []
        for number, way in enumerate(self._plan.ways):
            left, right = boxes[way.left], boxes[way.right]
            start, end = starts[number], ends[number]
            at = (right.x - PADDING - 4, end - 3)
            if way.arc:
                column = self._plan.column[way.left]
                arcs[column] = arcs.get(column, 0) + 1
                out = left.right + PADDING + _ARC * arcs[column]
                path = f"M{_n(left.right, start)}C{_n(out, start)} {_n(out, end)} {_n(right.right, end)}"
                at = (out + self._label_width(way.edge.label), (start + end) / 2)
            else:
                path = self._between(way, left, start, end)
            label = at if way.edge.label else None
            routes.append(Route(edge=way.edge, path=path, label=label, reversed=way.reversed))
        return routes

    def _between(self, way: _Way, left: Area, start: float, end: float) -> str:
        """A way that bends between columns and is straight where it passes one."""
        x, y = left.right, start
        path = f"M{_n(x, y)}"
        for item in way.items[1:]:
            column = self._plan.column_of(item)
            target = end if isinstance(item, str) else self._center[item]
            begin = x + PADDING
            bend = begin + self._bends[column]
            middle = (begin + bend) / 2
            x = self._lefts[column] + (0 if isinstance(item, str) else self._widths[column])
            path += f"L{_n(begin, y)}C{_n(middle, y)} {_n(middle, target)} {_n(bend, target)}L{_n(x, target)}"
            y = target
        return path

    def _ports(self, boxes: Mapping[str, Area]) -> tuple[dict[int, float], dict[int, float]]:
        """At which height each way leaves its left box and enters its right one; those at one side do not cross."""
        ways = self._plan.ways
        starts: dict[int, float] = {}
        ends: dict[int, float] = {}
        for node, box in boxes.items():
            middle = box.y + box.height / 2
            out = sorted(self._out[node], key=lambda number: (self._toward(ways[number], node), number))
            into = sorted(self._in[node], key=lambda number: (self._center[ways[number].items[-2]], number))
            for at, number in enumerate(out):
                found = ends if ways[number].arc and ways[number].right == node else starts
                found[number] = middle + (at - (len(out) - 1) / 2) * PORT
            for at, number in enumerate(into):
                ends[number] = middle + (at - (len(into) - 1) / 2) * PORT
        return starts, ends

    def _toward(self, way: _Way, node: str) -> float:
        """How far down a way goes from a node on."""
        return self._center[way.left if way.right == node else way.items[1]]

    # Frames

    def _frames(self, boxes: Mapping[str, Area]) -> list[tuple[str, Area]]:
        frames: list[tuple[str, Area]] = []
        for frame in self._plan.section.frames:
            inside = [boxes[node.id] for node in self._plan.section.nodes if node.frame == frame]
            left, top = min(box.x for box in inside) - PADDING, min(box.y for box in inside) - PADDING - TITLE
            right, bottom = max(box.right for box in inside) + PADDING, max(box.bottom for box in inside) + PADDING
            frames.append((frame, Area(left, top, right - left, bottom - top)))
        return frames


def _topological(arrows: Mapping[str, Sequence[str]]) -> list[str]:
    """An order in which arrows lead forward, but for one of each circle."""
    found: list[str] = []
    seen: set[str] = set()
    for start in reversed(list(arrows)):
        if start in seen:
            continue
        seen.add(start)
        waiting = [(start, iter(reversed(arrows[start])))]
        while waiting:
            node, others = waiting[-1]
            other = next((one for one in others if one not in seen), None)
            if other is None:
                found.append(node)
                waiting.pop()
            else:
                seen.add(other)
                waiting.append((other, iter(reversed(arrows[other]))))
    return found[::-1]


def _spread(
    wishes: Sequence[float], heights: Sequence[float], gaps: Sequence[float], band: tuple[float, float] | None
) -> list[float]:
    """The centers nearest to the wished ones (least squares) at which things in this order keep their gaps.

    See https://en.wikipedia.org/wiki/Isotonic_regression
    """
    offsets: list[float] = []
    total = 0.0
    for height, gap in zip(heights, [0.0, *gaps], strict=False):
        total += gap
        offsets.append(total + height / 2)
        total += height
    pools: list[tuple[float, int]] = []
    for wish, offset in zip(wishes, offsets, strict=True):
        value, weight = wish - offset, 1
        while pools and pools[-1][0] >= value:
            other, others = pools.pop()
            value, weight = (value * weight + other * others) / (weight + others), weight + others
        pools.append((value, weight))
    starts = [value for value, weight in pools for _ in range(weight)]
    if band is not None:
        low, high = band[0], max(band[0], band[1] - total)
        starts = [min(max(value, low), high) for value in starts]
    return [start + offset for start, offset in zip(starts, offsets, strict=True)]


def _mean(near: Sequence[_Item], place: Mapping[_Item, float], item: _Item) -> float:
    return sum(place[other] for other in near) / len(near) if near else place[item]


def _inversions(values: Sequence[int], count: int) -> int:
    """How many pairs are in the wrong order."""
    tree = [0] * (count + 1)
    total = 0
    for seen, value in enumerate(values):
        at, below = value + 1, 0
        while at:
            below += tree[at]
            at -= at & -at
        total += seen - below
        at = value + 1
        while at <= count:
            tree[at] += 1
            at += at & -at
    return total


def _n(x: float, y: float) -> str:
    """A point, short and the same everywhere."""
    return " ".join(f"{value:.1f}".removesuffix(".0") for value in (x, y))
