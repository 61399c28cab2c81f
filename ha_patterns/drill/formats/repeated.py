"""A drill that was played again, for a person at a terminal: by other seeds, and with other assumptions."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from fractions import Fraction

from ...command_line.durations import told
from ..seeds import JUDGED_AT, Percentiles, Seeds, SeedsSummary, Value
from ..sensitivity import Difference

_WIDTH = 100
_NEVER = {"recovered": "not before the outage ends", "settled": "not back"}


def seeds_lines(seeds: Seeds) -> Iterator[str]:
    """The figures of several seeds."""
    first, count = seeds.results[0].scenario.seed, len(seeds.results)
    yield f"over {count} seeds, {first} to {first + count - 1}: median, {JUDGED_AT}th percentile, worst"
    several = len(seeds.results[0].sites) > 1
    for one in seeds.summaries:
        yield from textwrap.wrap(
            f"{_way(one, with_site=several)}: {', '.join(_figures(one))}",
            _WIDTH,
            initial_indent="  ",
            subsequent_indent="    ",
        )


def _way(one: SeedsSummary, *, with_site: bool) -> str:
    return f"{one.method} {one.behavior}{f' at {one.site}' if with_site else ''}"


def _figures(one: SeedsSummary) -> Iterator[str]:
    yield f"lost {_percentiles('lost', one.lost)}"
    yield f"recovered after {_percentiles('recovered', one.recovered)}"
    yield f"back {_percentiles('settled', one.settled)} after the outage"


def _percentiles(name: str, figure: Percentiles) -> str:
    values = [_value(name, value) for value in figure]
    return values[0] if len(set(values)) == 1 else " / ".join(values)


def _value(name: str, value: Value) -> str:
    if value is None:
        return _NEVER[name]
    return percent(value) if isinstance(value, Fraction) else told(value)


def percent(share: Fraction) -> str:
    """A share in percent; one that is above 0 is never 0 %."""
    value = float(share) * 100
    if value and value < 0.1:
        return "< 0.1 %"
    return f"{value:.1f} %".replace(".0 %", " %")


def differences_lines(differences: Sequence[Difference]) -> Iterator[str]:
    """The assumptions that matter, each with what an alternative changes; then those that do not."""
    found = [one for one in differences if one.matters]
    # What turns a verdict comes first.
    found.sort(key=lambda one: not one.verdicts)
    yield "with another assumption:" if found else "no alternative of an assumption changes anything"
    for one in found:
        yield f"  {one.assumption}: {one.alternative} (assumed: {one.assumed})"
        for before, after in one.verdicts:
            turned = f"{after.site}: {after.objective.described}: {after.measured}"
            yield from _wrapped(
                f"{'becomes met' if after.met else 'BECOMES BROKEN'}: {turned}; before {before.measured}"
            )
        for text, ways in _by_change(one).items():
            yield from _wrapped(f"{', '.join(ways)}: {text}")
    mattering = {one.assumption for one in found}
    others = dict.fromkeys(one.assumption for one in differences if one.assumption not in mattering)
    if found and others:
        told_others = f"no difference: {', '.join(others)}"
        yield from textwrap.wrap(told_others, _WIDTH, initial_indent="  ", subsequent_indent="    ")


def _by_change(one: Difference) -> dict[str, list[str]]:
    """The ways that an alternative changes alike, by what it changes."""
    by_way: dict[str, list[str]] = {}
    several = len({site for site, *_ in one.figures}) > 1
    for (site, behavior, method, name), (before, after) in one.figures.items():
        way = f"{method} {behavior}{f' at {site}' if several else ''}"
        by_way.setdefault(way, []).append(f"{name} {_value(name, before)} -> {_value(name, after)}")
    found: dict[str, list[str]] = {}
    for way, changes in by_way.items():
        found.setdefault(", ".join(changes), []).append(way)
    return found


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, _WIDTH, initial_indent="    ", subsequent_indent="      ")
