"""A drill as JSON, for programs of one's own: exact weights, moments in nanoseconds, and causes by their number."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields
from fractions import Fraction
from typing import Any

from ..play import Outcome, Segment
from ..result import PlayedWay, SiteResult, Summary, Verdict
from ..scenario import Outage
from ..seeds import Percentiles, Seeds, Value
from ..sensitivity import Difference
from ..time import Change
from . import Report

#: The version of the form.
VERSION = 1
_WHAT = ("resource", "name", "region", "zone", "kind")


def render(report: Report) -> str:
    """The report."""
    result = report.result
    assumed = result.scenario.assumptions
    told: dict[str, Any] = {
        "version": VERSION,
        "title": result.scenario.title,
        "seed": result.scenario.seed,
        "lasts": result.scenario.end,
        "notes": list(result.notes),
        "sites": [_site(site) for site in result.sites],
        "objectives": [_verdict(verdict) for verdict in report.verdicts],
        "assumptions": {one.name: getattr(assumed, one.name) for one in fields(assumed)},
        "settled": [{"where": one.where, "what": one.what} for one in result.settled],
    }
    if report.seeds is not None:
        told["seeds"] = _seeds(report.seeds)
    if report.differences is not None:
        told["sensitivity"] = [_difference(one) for one in report.differences]
    return json.dumps(told, indent=2, ensure_ascii=True) + "\n"


def _seeds(seeds: Seeds) -> dict[str, Any]:
    return {
        "first": seeds.results[0].scenario.seed,
        "count": len(seeds.results),
        "summary": [
            {
                "site": one.site,
                "behavior": one.behavior,
                "method": one.method,
                "lost": _percentiles(one.lost),
                "recovered": _percentiles(one.recovered),
                "settled": _percentiles(one.settled),
            }
            for one in seeds.summaries
        ],
    }


def _percentiles(figure: Percentiles) -> dict[str, Any]:
    return {"median": _value(figure.median), "p95": _value(figure.p95), "worst": _value(figure.worst)}


def _value(value: Value) -> Any:
    return _share(value) if isinstance(value, Fraction) else value


def _difference(one: Difference) -> dict[str, Any]:
    return {
        "assumption": one.assumption,
        "assumed": one.assumed,
        "alternative": one.alternative,
        "figures": [
            {
                "site": site,
                "behavior": behavior,
                "method": method,
                "figure": figure,
                "assumed": _value(before),
                "alternative": _value(after),
            }
            for (site, behavior, method, figure), (before, after) in one.figures.items()
        ],
        "objectives": [{"assumed": _verdict(before), "alternative": _verdict(after)} for before, after in one.verdicts],
    }


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
        "value": _value(verdict.value),
        "worst": None if verdict.worst is None else str(verdict.worst.way),
        "at": verdict.at,
    }
