"""Where the boxes and arrows of one section go: in columns from left to right, as requests do.

Columns follow the longest way to a box. What is in a Region stands right of all that is not, each Region in a band of
its own, so that its frame has nothing else in it. An arrow bends between columns only, and passes a column at a height
that no box has: it never runs through a box, unless it goes over dozens of columns.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

from .graph import Edge, Node, Section
from .plan import Band, Item, Plan, Way, mean

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
_ROW_SWEEPS = 8


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


def layout(
    section: Section, size: Size, label_width: Callable[[str], float], title_width: Callable[[str], float]
) -> Layout:
    """Place a section.

    Args:
        section: It.
        size: How wide and high a node's text is.
        label_width: How wide an arrow's label is.
        title_width: How wide a frame has to be for its title.
    """
    return _Placing(Plan(section), size, label_width, title_width).layout()


class _Placing:
    """Makes places out of a plan."""

    def __init__(
        self, plan: Plan, size: Size, label_width: Callable[[str], float], title_width: Callable[[str], float]
    ) -> None:
        self._plan = plan
        self._label_width = label_width
        self._in: dict[str, list[int]] = {node: [] for node in plan.column}
        self._out: dict[str, list[int]] = {node: [] for node in plan.column}
        for number, way in enumerate(plan.ways):
            self._out[way.left].append(number)
            (self._out if way.arc else self._in)[way.right].append(number)
        sizes = {node.id: size(node) for node in plan.section.nodes}
        self._widths = [
            max((sizes[item][0] for item in column if isinstance(item, str)), default=0.0) for column in plan.columns
        ]
        for frame in plan.section.frames:
            columns = {plan.column[node.id] for node in plan.section.nodes if node.frame == frame}
            # A frame of several columns has the spaces between them, too.
            for column in columns if len(columns) == 1 else ():
                self._widths[column] = max(self._widths[column], title_width(frame) - 2 * PADDING)
        self._height: dict[Item, float] = {item: 0.0 for column in plan.columns for item in column}
        for node, (_, height) in sizes.items():
            ports = max(len(self._in[node]), len(self._out[node]))
            self._height[node] = max(height, ports * PORT + 6)
        self._center: dict[Item, float] = {}
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

    def _wishes(self, column: Sequence[Item], *, before: bool) -> list[float]:
        """The height that each item would like best: that of its neighbours."""
        near = self._plan.before if before else self._plan.after
        return [mean(near[item], self._center, item) for item in column]

    def _settle(self, column: Sequence[Item], wishes: Sequence[float], band: tuple[float, float] | None = None) -> None:
        heights = [self._height[item] for item in column]
        centers = _spread(wishes, heights, self._gaps(column), band)
        self._center |= zip(column, centers, strict=True)

    def _settle_bands(self, *, before: bool) -> None:
        plan = self._plan
        wishes: dict[Item, float] = {}
        members: dict[Band, list[list[Item]]] = {band: [] for band in plan.bands}
        for column in plan.columns[plan.first_regional :]:
            wishes |= zip(column, self._wishes(column, before=before), strict=True)
            by_band: dict[Band, list[Item]] = {}
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

    def _stacked(self, items: Sequence[Item]) -> float:
        return sum(self._height[item] for item in items) + sum(self._gaps(items))

    def _gaps(self, items: Sequence[Item]) -> list[float]:
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

    def _between(self, way: Way, left: Area, start: float, end: float) -> str:
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

    def _toward(self, way: Way, node: str) -> float:
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


def _n(x: float, y: float) -> str:
    """A point, short and the same everywhere."""
    return " ".join(f"{value:.1f}".removesuffix(".0") for value in (x, y))
