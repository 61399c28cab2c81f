"""Which of the assumptions matter: the same drill with each alternative."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .assumptions import described
from .objective import Objective
from .result import Result, Verdict
from .seeds import Seeds, Value

#: A figure of a behavior and method of a site: the site, the behavior, the method, and what it is.
Figure = tuple[str, str, str, str]


@dataclass(frozen=True, kw_only=True)
class Difference:
    """What an alternative of an assumption changes.

    Attributes:
        assumption: The name of the assumption.
        assumed: What is assumed.
        alternative: What was tried in its place.
        figures: Each figure that it changes, with the value as assumed and with the alternative.
        verdicts: Each verdict that it turns, as assumed and with the alternative.
    """

    assumption: str
    assumed: Any
    alternative: Any
    figures: Mapping[Figure, tuple[Value, Value]]
    verdicts: tuple[tuple[Verdict, Verdict], ...]

    @property
    def matters(self) -> bool:
        """Whether it changes anything."""
        return bool(self.figures or self.verdicts)


def sensitivity(result: Result, objectives: Sequence[Objective] = (), seeds: int = 1) -> tuple[Difference, ...]:
    """What each alternative of each assumption changes.

    Args:
        result: What the drill came to with what is assumed.
        objectives: What it is held to. Default: the objectives of the scenario.
        seeds: By how many seeds each is played; of several, figures are those of 95 of 100 seeds.
    """
    usual = result.over_seeds(seeds)
    return tuple(
        _difference(usual, result.assuming(name, alternative).over_seeds(seeds), objectives, name, alternative)
        for name, alternative in _alternatives(result)
    )


def _alternatives(result: Result) -> Iterator[tuple[str, Any]]:
    for name, assumption in described().items():
        for value in (assumption.default, *assumption.alternatives):
            if value != getattr(result.scenario.assumptions, name):
                yield name, value


def _difference(usual: Seeds, other: Seeds, objectives: Sequence[Objective], name: str, alternative: Any) -> Difference:
    before, after = _figures(usual), _figures(other)
    verdicts = zip(usual.verdicts(*objectives), other.verdicts(*objectives), strict=True)
    return Difference(
        assumption=name,
        assumed=getattr(usual.results[0].scenario.assumptions, name),
        alternative=alternative,
        figures={figure: (value, after[figure]) for figure, value in before.items() if value != after[figure]},
        verdicts=tuple((one, two) for one, two in verdicts if one.met != two.met),
    )


def _figures(seeds: Seeds) -> Mapping[Figure, Value]:
    return {
        (one.site, one.behavior, one.method, name): getattr(one, name).p95
        for one in seeds.summaries
        for name in ("lost", "recovered", "settled")
    }
