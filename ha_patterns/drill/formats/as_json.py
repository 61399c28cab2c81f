"""A drill as JSON, for programs of one's own: exact weights, moments in nanoseconds, and causes by their number."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import fields
from fractions import Fraction
from typing import Any

from ..play import Outcome, Segment
from ..result import PlayedWay, Result, SiteResult, Summary, Verdict
from ..scenario import Outage
from ..time import Change

#: The version of the form.
VERSION = 1
_WHAT = ("resource", "name", "region", "zone", "kind")


def render(result: Result, verdicts: Sequence[Verdict]) -> str:
    """The report."""
    assumed = result.scenario.assumptions
    told = {
        "version": VERSION,
        "title": result.scenario.title,
        "seed": result.scenario.seed,
        "lasts": result.scenario.end,
        "notes": list(result.notes),
        "sites": [_site(site) for site in result.sites],
        "objectives": [_verdict(verdict) for verdict in verdicts],
        "assumptions": {one.name: getattr(assumed, one.name) for one in fields(assumed)},
        "settled": [{"where": one.where, "what": one.what} for one in result.settled],
    }
    return json.dumps(told, indent=2, ensure_ascii=True) + "\n"


def _site(site: SiteResult) -> dict[str, Any]:
    causes = _numbered(site)
    writers = site.writers
    return {
        "name": site.name,
        "outages": [_outage(one) for one in site.outages],
        "summary": [_summary(one) for one in site.summaries],
        "two_writers": {
            "time": writers.time,
            "sides": list(writers.sides),
            "unreplicated_writes": writers.unreplicated,
        },
        "story": [{"when": one.when, "kind": one.kind, "what": one.what} for one in site.story],
        "causes": [_cause(one, causes) for one in causes],
        "ways": [_way(one, causes) for one in site.ways],
    }


def _numbered(site: SiteResult) -> Mapping[Change, int]:
    """Each change that made a difference, with its number; those that led to others come first."""
    ends = [segment.ended_by for way in site.ways for segment in way.segments if segment.ended_by is not None]
    depths = {change: sum(1 for _ in change.chain()) for end in ends for change in end.chain()}
    ordered = sorted(depths, key=lambda one: (depths[one], one.when, one.kind, one.what))
    return {change: number for number, change in enumerate(ordered)}


def _cause(change: Change, causes: Mapping[Change, int]) -> dict[str, Any]:
    because = None if change.because is None else causes[change.because]
    return {"when": change.when, "kind": change.kind, "what": change.what, "because": because}


def _outage(outage: Outage) -> dict[str, Any]:
    return {
        **{name: value for name in _WHAT if (value := getattr(outage, name)) is not None},
        "symptom": outage.symptom,
        "status": outage.status,
        "share": _share(outage.part),
        "at": outage.start,
        "lasts": outage.length,
        "every": outage.period or None,
        "burst": outage.burst_time or None,
    }


def _summary(summary: Summary) -> dict[str, Any]:
    return {
        "behavior": summary.behavior,
        "method": summary.method,
        "requests": summary.requests,
        "lost": _share(summary.lost),
        "slow": _share(summary.slow),
        "masked": _share(summary.masked),
        "recovered": summary.recovered,
        "settled": summary.settled,
        "served": {who: _share(part) for who, part in summary.served.items()},
    }


def _way(one: PlayedWay, causes: Mapping[Change, int]) -> dict[str, Any]:
    way = one.way
    return {
        "location": way.location,
        "behavior": way.behavior,
        "method": way.method,
        "path": way.path,
        "before": [_outcome(share, outcome) for share, outcome in one.before],
        "segments": [_segment(one, segment, causes) for segment in one.segments],
    }


def _segment(one: PlayedWay, segment: Segment, causes: Mapping[Change, int]) -> dict[str, Any]:
    return {
        "start": segment.start,
        "end": segment.end,
        "requests": one.arrivals.count(segment.start, segment.end),
        "outcomes": [_outcome(share, outcome) for share, outcome in segment.outcomes],
        "ended_by": None if segment.ended_by is None else causes[segment.ended_by],
    }


def _outcome(share: Fraction, outcome: Outcome) -> list[Any]:
    """The weight as numerator and denominator, and what comes of it."""
    told = {
        "status": outcome.status,
        "by": outcome.by,
        "latency": outcome.latency,
        "legs": outcome.legs,
        "tries": outcome.tries,
        "page": outcome.page,
        "why": outcome.why,
    }
    return [share.numerator, share.denominator, told]


def _share(share: Fraction) -> list[int]:
    return [share.numerator, share.denominator]


def _verdict(verdict: Verdict) -> dict[str, Any]:
    return {
        "site": verdict.site,
        "objective": verdict.objective.described,
        "met": verdict.met,
        "measured": verdict.measured,
        "worst": None if verdict.worst is None else str(verdict.worst.way),
        "at": verdict.at,
    }
