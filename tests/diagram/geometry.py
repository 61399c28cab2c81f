"""Whether a layout can be read: what must not touch does not, and all is inside."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations, pairwise

from ha_patterns.diagram.graph import Section
from ha_patterns.diagram.layout import Area, Layout, Route

# What rounding to tenths may hide.
_SLACK = 0.2
_STEPS = 24
_NUMBER = re.compile(r"-?[0-9.]+")

Point = tuple[float, float]


def overlap(one: Area, other: Area) -> bool:
    """Whether two rectangles do."""
    return (
        one.x < other.right - _SLACK
        and other.x < one.right - _SLACK
        and one.y < other.bottom - _SLACK
        and other.y < one.bottom - _SLACK
    )


def encloses(outer: Area, inner: Area) -> bool:
    """Whether one rectangle is in another."""
    return (
        outer.x <= inner.x + _SLACK
        and outer.y <= inner.y + _SLACK
        and outer.right >= inner.right - _SLACK
        and outer.bottom >= inner.bottom - _SLACK
    )


def points(route: Route) -> list[Point]:
    """Points on an arrow, close to each other."""
    found: list[Point] = []
    at: Point = (0.0, 0.0)
    for command, text in re.findall("([MLC])([^MLC]*)", route.path):
        numbers = [float(number) for number in _NUMBER.findall(text)]
        ends = list(zip(numbers[::2], numbers[1::2], strict=True))
        if command == "L" or command == "C":
            found += (_between([at, *ends], step / _STEPS) for step in range(_STEPS + 1))
        at = ends[-1]
    return found


def _between(controls: list[Point], share: float) -> Point:
    """A point of a Bezier curve, by de Casteljau's construction."""
    while len(controls) > 1:
        controls = [
            (x + (other_x - x) * share, y + (other_y - y) * share) for (x, y), (other_x, other_y) in pairwise(controls)
        ]
    return controls[0]


def faults(section: Section, placed: Layout, label_width: float = 40) -> Iterator[str]:
    """What cannot be read in a layout, in words."""
    yield from _faults_of_boxes(section, placed)
    yield from _faults_of_arrows(placed, label_width)


def _faults_of_boxes(section: Section, placed: Layout) -> Iterator[str]:
    whole = Area(0, 0, placed.width, placed.height)
    for (one, area), (other, second) in combinations(placed.boxes.items(), 2):
        if overlap(area, second):
            yield f"{one} is on {other}"
    for node, area in placed.boxes.items():
        if not encloses(whole, area):
            yield f"{node} is cut off"
    for (frame, area), (other, second) in combinations(placed.frames, 2):
        if overlap(area, second):
            yield f"the frames {frame} and {other} overlap"
    for frame, area in placed.frames:
        if not encloses(whole, area):
            yield f"the frame {frame} is cut off"
        for node, box in placed.boxes.items():
            own = section.by_id[node].frame == frame
            if own and not encloses(area, box):
                yield f"{node} is not in {frame}"
            if not own and overlap(area, box):
                yield f"{node} is in {frame}"


def _faults_of_arrows(placed: Layout, label_width: float) -> Iterator[str]:
    whole = Area(0, 0, placed.width, placed.height)
    labels: list[Area] = []
    for route in placed.routes:
        name = f"{route.edge.source} to {route.edge.target}"
        for x, y in points(route):
            dot = Area(x - 0.5, y - 0.5, 1, 1)
            if not encloses(whole, Area(x, y, 0, 0)):
                yield f"{name} is cut off"
            for node, box in placed.boxes.items():
                if overlap(Area(box.x + 1, box.y + 1, box.width - 2, box.height - 2), dot):
                    yield f"{name} runs through {node}"
        if route.label is not None:
            x, y = route.label
            labels.append(Area(x - label_width, y - 8, label_width, 9))
    for one, other in combinations([*labels, *placed.boxes.values()], 2):
        if (one in labels or other in labels) and overlap(one, other):
            yield f"a label is on something: {one}, {other}"
