"""How the result of a drill is told: to a person, and to a program."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ..result import Result, Verdict
from ..seeds import Seeds
from ..sensitivity import Difference


class Report(NamedTuple):
    """All that is told.

    Attributes:
        result: What the drill came to.
        verdicts: Whether the objectives were met.
        seeds: What it came to by several seeds; None if nobody asks.
        differences: What each alternative of an assumption changes; None if nobody asks.
    """

    result: Result
    verdicts: Sequence[Verdict]
    seeds: Seeds | None = None
    differences: Sequence[Difference] | None = None
