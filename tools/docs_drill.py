"""What is generated about drills: the table of the README, and the figures and tables of ``docs/drill.md``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from fractions import Fraction
from pathlib import Path
from statistics import mean, quantiles
from typing import TYPE_CHECKING

from ha_patterns.command_line.durations import told
from ha_patterns.drill import ready
from ha_patterns.drill.assumptions import DEFAULTS, described
from ha_patterns.drill.formats.repeated import percent
from ha_patterns.drill.result import SiteResult, Summary
from ha_patterns.drill.run import play
from ha_patterns.drill.scenario import KINDS, SYMPTOMS
from ha_patterns.drill.scenario_file import read
from ha_patterns.drill.scene import Scene
from ha_patterns.drill.time import SECOND, Change, Timeline, phase
from ha_patterns.drill.world.health import Probe, Rhythm, opinions, verdict

if TYPE_CHECKING:
    from .docs_patterns import Assembly

#: The page, from the top of the repository.
PAGE = Path("docs") / "drill.md"
_SEEDS = 300
_CHECKERS = 16


def table(rows: Iterator[tuple[str, ...]]) -> str:
    """Rows as Markdown, the first one as the head."""
    head, *body = list(rows)
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, ("---",) * len(head), *body))


def drills(assembly: Assembly) -> str:
    """What the ready scenario of each pattern comes to, on its reference stacks."""
    return table(_drills(assembly))


def _drills(assembly: Assembly) -> Iterator[tuple[str, ...]]:
    yield "pattern", "outage", "reads lost", "writes lost", "recovered after", "back after it", "two sides take writes"
    for name in ready.names():
        [site] = play(Scene(assembly.topology), read(ready.path_of(name)), f"{name}-*").sites
        reads, writes = _worst(site, "GET"), _worst(site, "POST")
        writers = site.writers.time
        yield (
            f"`{name}`",
            "; ".join(outage.described for outage in site.outages),
            _lost(reads),
            _lost(writes),
            *_times(site),
            told(writers) if writers else "never",
        )


def _worst(site: SiteResult, method: str) -> Summary | None:
    """What users of the default behavior got, or those of the behavior that takes a method."""
    found = [one for one in site.summaries if one.method == method]
    return next((one for one in found if one.behavior in ("*", "/*")), max(found, key=_share, default=None))


def _share(summary: Summary) -> Fraction:
    return summary.lost


def _lost(summary: Summary | None) -> str:
    return "-" if summary is None else percent(summary.lost)


def _times(site: SiteResult) -> tuple[str, str]:
    """Until when all was as before, in the outage and after it."""
    recovered, settled = site.recovered(site.ways), site.settled(site.ways)
    return (
        "not before its end" if recovered is None else told(recovered) if recovered else "at once",
        "never" if settled is None else told(settled) if settled else "at once",
    )


def symptoms() -> str:
    """The symptoms that an outage may have."""
    return table(iter((("symptom", "what happens"), *((f"`{one}`", what) for one, what in SYMPTOMS.items()))))


def kinds() -> str:
    """What may fail that is in no template."""
    return table(iter((("kind", "what fails"), *((f"`{one}`", what) for one, what in KINDS.items()))))


def assumptions() -> str:
    """Everything that is assumed, with its default and its alternatives."""
    return table(_assumptions())


def _assumptions() -> Iterator[tuple[str, ...]]:
    yield "assumption", "default", "alternatives", "why"
    about = described()
    for one in fields(DEFAULTS):
        found = about[one.name]
        alternatives = ", ".join(f"`{other}`" for other in found.alternatives)
        page = f" [AWS's page]({found.page})" if found.page else ""
        yield f"`{one.name}`", f"`{getattr(DEFAULTS, one.name)}`", alternatives, f"{found.reason}{page}"


def detection() -> str:
    """How long sixteen checkers take to find an endpoint unhealthy, over 300 seeds."""
    return table(_detection())


def _detection() -> Iterator[tuple[str, ...]]:
    yield "interval and threshold", "refused: mean", "refused: p95", "silent: mean", "silent: p95"
    for interval, threshold in ((10, 1), (10, 3), (30, 1), (30, 3)):
        found = [_found(interval, threshold, takes) for takes in (0, 4)]
        figures = (f"{figure:.1f} s" for one in found for figure in (mean(one), quantiles(one, n=20)[-1]))
        yield f"{interval} s x {threshold}", *figures


def _found(interval: int, threshold: int, takes: int) -> list[float]:
    """Seconds until checkers whose probes fail after some seconds find an endpoint unhealthy, for each seed."""
    well = ((Fraction(1), Probe(passes=True, takes=0)),)
    ill = ((Fraction(1), Probe(passes=False, takes=takes * SECOND)),)
    begin = 600 * SECOND
    state = Timeline(well, [(Change(begin, "outage", "begins"), ill)])
    rhythm = Rhythm(interval * SECOND, threshold, threshold, from_answer=True)
    found: list[float] = []
    for seed in range(_SEEDS):
        begins = [phase(rhythm.interval, seed, checker) for checker in range(_CHECKERS)]
        checkers = [opinions(state, rhythm, first, 2 * begin) for first in begins]
        [(change, _)] = verdict("check", checkers, 0).changes
        found.append((change.when - begin) / SECOND)
    return found


SECTIONS = {
    "symptoms": symptoms,
    "kinds": kinds,
    "assumptions": assumptions,
    "detection": detection,
}
