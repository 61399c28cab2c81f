"""A figure of speed, and where its gate is."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
#: How often each side of a comparison runs, in turns; the least counts.
RUNS = 7


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One line of the report; a figure without a target is told, not gated."""

    name: str
    value: float
    unit: str
    target: float | None = None
    met: bool | None = None
    is_least: bool = False

    @property
    def told(self) -> str:
        """The figure and its gate, as the report tells them."""
        if self.target is None:
            return f"{self.value:8.3f} {self.unit}"
        bound = "at least" if self.is_least else "at most"
        return f"{self.value:8.3f} {self.unit:<6}  {bound} {self.target:g}  {'met' if self.met else 'MISSED'}"


def at_most(name: str, value: float, unit: str, target: float) -> Figure:
    """A figure that may not be more."""
    return Figure(name=name, value=value, unit=unit, target=target, met=value <= target)


def at_least(name: str, value: float, unit: str, target: float) -> Figure:
    """A figure that may not be less."""
    return Figure(name=name, value=value, unit=unit, target=target, met=value >= target, is_least=True)
