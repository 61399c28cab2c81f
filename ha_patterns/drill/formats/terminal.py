"""A drill for a person at a terminal: who was served by what, what was lost, how long it took, and why."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from fractions import Fraction

from ...command_line.durations import told
from ...command_line.paint import Paint
from ..play import Outcome, Step
from ..result import PlayedWay, Result, SiteResult, Summary, Verdict
from ..time import SECOND, Change
from . import Report
from .repeated import differences_lines, percent, seeds_lines

_WIDTH = 100
#: How many marks a strip of time has.
STRIP = 48
_BEFORE, _LOST, _SLOW, _OVER, _PARTLY = "=", "x", "~", ">", "/"
_COLORS = {_LOST: "31;1", _SLOW: "33", _OVER: "36", _PARTLY: "33;1"}
_LEGEND = f"{_BEFORE} as before  {_LOST} lost  {_PARTLY} partly lost  {_SLOW} slow  {_OVER} answered by another host"


def render(report: Report, *, colors: bool) -> str:
    """The report."""
    paint = Paint(on=colors)
    return paint.lines(_lines(report, paint))


def _lines(report: Report, paint: Paint) -> Iterator[str]:
    result = report.result
    if result.scenario.title:
        yield paint("1", result.scenario.title)
    for note in result.notes:
        yield from textwrap.wrap(note, _WIDTH)
    if result.notes or result.scenario.title:
        yield ""
    for site in result.sites:
        yield from _site(site, paint)
        yield ""
    if report.seeds is not None:
        yield from seeds_lines(report.seeds)
        yield ""
    for verdict in report.verdicts:
        color, word = ("32", "met   ") if verdict.met else ("31;1", "broken")
        yield f"{paint(color, word)} {verdict.site}: {verdict.objective.described}: {verdict.measured}"
    if report.verdicts:
        yield ""
    if report.differences is not None:
        yield from differences_lines(report.differences)
        yield ""
    yield from _assumed(result)


def _site(site: SiteResult, paint: Paint) -> Iterator[str]:
    outages = "; ".join(f"{one.described} at {told(one.start)} for {told(one.length)}" for one in site.outages)
    yield from textwrap.wrap(f"{paint('1', site.name)}: {outages}", _WIDTH)
    yield f"  {'':22} {_scale(site)}"
    for summary in site.summaries:
        ways = site.groups()[summary.behavior, summary.method]
        strip = "".join(paint(_COLORS[mark], mark) if mark in _COLORS else mark for mark in strip_of(site, ways))
        yield f"  {_cut(f'{summary.method} {summary.behavior}', 22):22} {strip}"
        yield f"  {'':22} {_summed(summary)}"
        yield from (f"  {'':22} {line}" for line in _usual(ways))
    yield f"  {'':22} {_LEGEND}"
    writers = site.writers
    if writers.time:
        yield from _wrapped(f"two writers: {' and '.join(writers.sides)} take writes at once for {told(writers.time)}")
    if writers.unreplicated:
        lag = told(site.scenario.assumptions.replication_lag * SECOND)
        count = f"{writers.unreplicated} write{'' if writers.unreplicated == 1 else 's'}"
        yield from _wrapped(f"data: {count} came within {lag} before the failover, and may not be at the standby")
    if not site.story:
        yield "  nothing changed that requests look at"
        return
    yield "  why, in order:"
    for change in site.story:
        yield from _change(change)


def _change(change: Change) -> list[str]:
    at = f"{change.when / SECOND:9.1f} s  "
    return textwrap.wrap(change.what, _WIDTH, initial_indent=at, subsequent_indent=" " * len(at))


def _summed(summary: Summary) -> str:
    """What users of one behavior and method got, in a line."""
    parts = [f"lost {percent(summary.lost)}"]
    if summary.slow:
        parts.append(f"slow {percent(summary.slow)}")
    if summary.masked:
        parts.append(f"error page {percent(summary.masked)}")
    if summary.recovered is None:
        parts.append("not recovered before the end of the outage")
    elif summary.lost or summary.recovered:
        parts.append(f"recovered after {told(summary.recovered)}")
    if summary.settled is None:
        parts.append("NOT BACK after it")
    elif summary.settled:
        parts.append(f"back {told(summary.settled)} after it")
    return ", ".join(parts)


def _usual(ways: Sequence[PlayedWay]) -> Iterator[str]:
    """What users of one behavior and method get without any outage, of all that is no success."""
    shares: dict[str, Fraction] = {}
    for one in ways:
        for share, outcome in one.before:
            if outcome.status == 0 or outcome.status >= 400:
                got = outcome_told(outcome)
                shares[got] = shares.get(got, Fraction(0)) + share / len(ways)
    for got, share in shares.items():
        yield from textwrap.wrap(f"without the outage, {percent(share)} get {got}", _WIDTH - 25, subsequent_indent="  ")


def _span(site: SiteResult) -> tuple[int, int]:
    """What of the time is shown: from a while before the first outage until a while after all is as before."""
    last = max((change.when for change in site.story), default=site.until)
    until = max(site.until, last)
    length = max(until - site.begin, 1)
    return max(0, site.begin - length // 8), min(site.scenario.end, until + length // 8)


def _scale(site: SiteResult) -> str:
    start, end = _span(site)
    first, last = told(start), told(end)
    return f"{first}{last:>{max(1, STRIP - len(first))}}"


def strip_of(site: SiteResult, ways: Sequence[PlayedWay]) -> str:
    """Marks for equal spans of time, of ways together: each says what most matters of its span."""
    start, end = _span(site)
    marks: list[str] = []
    for index in range(STRIP):
        begin, until = (start + (end - start) * edge // STRIP for edge in (index, index + 1))
        marks.append(_mark(ways, begin, max(until, begin + 1)))
    return "".join(marks)


def _mark(ways: Sequence[PlayedWay], begin: int, until: int) -> str:
    lost = slow = over = whole = Fraction(0)
    for one in ways:
        usual = {outcome.by for _, outcome in one.before}
        for segment in one.within(begin, until):
            part = Fraction(min(segment.end, until) - max(segment.start, begin))
            whole += part
            lost += part * max(one.lost(segment) - one.lost_before, Fraction(0))
            slow += part * one.slow(segment)
            over += part * sum(
                (share for share, outcome in segment.outcomes if not one.is_lost(outcome) and outcome.by not in usual),
                Fraction(0),
            )
    if lost:
        return _LOST if lost * 2 >= whole else _PARTLY
    if slow * 2 >= whole > 0:
        return _SLOW
    return _OVER if over * 2 >= whole > 0 else _BEFORE


def _assumed(result: Result) -> Iterator[str]:
    """What was assumed of what no template tells."""
    if not result.settled:
        return
    yield f"assumed, since no template tells ({len(result.settled)}):"
    for one in result.settled:
        yield from _wrapped(f"{one.where}: {one.what}")


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, _WIDTH, initial_indent="  ", subsequent_indent="    ", break_on_hyphens=False)


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else f"{text[: width - 1]}…"


def request_story(steps: Sequence[Step], outcome: Outcome, asked: str) -> str:
    """One request, hop by hop."""
    lines = [asked]
    for step in steps:
        at = f"{step.when / SECOND:11.3f} s  "
        lines += textwrap.wrap(step.what, _WIDTH, initial_indent=at, subsequent_indent=" " * len(at))
    lines.append(f"{'':15}{outcome_told(outcome)}, after {told(outcome.latency)}")
    return Paint(on=True).lines(lines)


def outcome_told(outcome: Outcome) -> str:
    """What a user gets, in a few words."""
    status = f"{outcome.status}" if outcome.status else "no answer"
    page = " (error page)" if outcome.page else ""
    by = f" from {outcome.by}" if outcome.by else ""
    why = f": {outcome.why}" if outcome.why else ""
    return f"{status}{page}{by}{why}"


def broken_story(result: Result, broken: Sequence[Verdict]) -> str:
    """What a failing expectation prints: each broken objective, and the story around its worst moment."""
    lines: list[str] = []
    for verdict in broken:
        lines.append(f"{verdict.site}: {verdict.objective.described}: {verdict.measured}")
        site = next(one for one in result.sites if one.name == verdict.site)
        if verdict.worst is not None and verdict.at is not None:
            segment = next(verdict.worst.within(verdict.at, verdict.at + 1))
            outcome = max(segment.outcomes, key=lambda each: each[0])[1]
            lines.append(f"  worst: {verdict.worst.way}")
            lines.append(f"    at {verdict.at / SECOND:.1f} s: {outcome_told(outcome)}, after {told(outcome.latency)}")
        lines.append("  why, in order:")
        lines += [line for change in site.story for line in _change(change)]
    return Paint(on=False).lines(lines)
