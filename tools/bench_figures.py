"""A figure of speed, where its gate is, and how fast the machine is now.

CPU time that is gated in seconds is compared with its gate times the *pace*: how long a fixed piece of Python takes
now, over how long it took when the gates were set. A shared machine is half as fast in one hour as in another, and the
gates judge the code. Ratios and counts are compared as they are.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
#: How often each side of a comparison runs, in turns; the least counts.
RUNS = 7
# CPU microseconds of the yardstick when the gates were set: 322 of 2026-12-01 over 1.74. By so much the code with which
# they were set missed its tightest one on that day ("choices that cannot be done", first on a path: 8.7 of 5 ms). Two
# times that were written down when it was made, 10.7 and 4.4 ms, had become 17.2 and 7.8 ms.
_WHEN_SET = 185.0
_YARDSTICK_RUNS = 40
_DOCUMENT = json.dumps(
    {
        f"key-{number}": {"host": f"h{number:04}.example.com", "ports": [80, 443, number], "path": "/a/b/" * 3}
        for number in range(200)
    }
)


def yardstick() -> int:
    """A fixed piece of what the measured code does: JSON, dictionaries and text. It is never changed."""
    counts: dict[str, int] = {}
    for key, entry in json.loads(_DOCUMENT).items():
        host = entry["host"]
        for part in host.split("."):
            counts[part] = counts.get(part, 0) + len(entry["path"])
        if host.startswith("h00") and entry["ports"][2] % 3 == 0:
            counts[key] = len(host.upper().lower())
    return sum(counts.values())


def pace() -> float:
    """How many times as long as when the gates were set the yardstick takes now: the least of some runs."""
    least = float("inf")
    for _ in range(_YARDSTICK_RUNS):
        started = time.thread_time_ns()
        yardstick()
        least = min(least, time.thread_time_ns() - started)
    return least / 1000 / _WHEN_SET


class Pace:
    """The pace of the machine while something was measured: before it and after it, on average."""

    def __init__(self) -> None:
        self._before = pace()

    def since(self) -> float:
        """The pace since it was last asked for."""
        before, self._before = self._before, pace()
        return (before + self._before) / 2


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One line of the report; a figure without a target is told, not gated.

    Attributes:
        name: What is measured.
        value: The figure.
        unit: Its unit.
        target: Where its gate is.
        met: Whether it is met, at the pace.
        is_least: Whether the target is the least that it may be.
        pace: By what the target of a time is multiplied; None for what depends on no machine.
    """

    name: str
    value: float
    unit: str
    target: float | None = None
    met: bool | None = None
    is_least: bool = False
    pace: float | None = None

    @property
    def told(self) -> str:
        """The figure and its gate, as the report tells them."""
        if self.target is None:
            return f"{self.value:8.3f} {self.unit}"
        bound = "at least" if self.is_least else "at most"
        at = "" if self.pace is None else f" x {self.pace:.2f}"
        return f"{self.value:8.3f} {self.unit:<6}  {bound} {self.target:g}{at}  {'met' if self.met else 'MISSED'}"


def at_most(name: str, value: float, unit: str, target: float, *, pace: float | None = None) -> Figure:
    """A figure that may not be more; a time may be as many times as much as its pace says."""
    met = value <= target * (1 if pace is None else pace)
    return Figure(name=name, value=value, unit=unit, target=target, met=met, pace=pace)


def at_least(name: str, value: float, unit: str, target: float) -> Figure:
    """A figure that may not be less."""
    return Figure(name=name, value=value, unit=unit, target=target, met=value >= target, is_least=True)
