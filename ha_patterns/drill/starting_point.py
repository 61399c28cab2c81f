"""A scenario to start from: what was played, with everything spelled out that somebody will want to change."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from math import ceil

from .objective import Objective
from .result import Result
from .scenario import Requests, Scenario
from .time import SECOND

_STEP = 10 * SECOND
_MOST_LOST = Fraction(1, 2)


def starting_point(result: Result) -> Scenario:
    """The scenario of a drill, with its outages, its requests and an objective spelled out.

    Without an objective, it gets the one that the templates meet as they are: a recovery time, rounded up to 10
    seconds; or the share that is lost, rounded up to a percent, if nothing is lost or some way does not recover. If
    more than half is lost, it gets one that they break: a recovery before the outage ends.
    """
    scenario = result.scenario
    traffic = scenario.traffic if scenario.traffic.requests else replace(scenario.traffic, requests=_requests(result))
    return replace(
        scenario,
        traffic=traffic,
        title=scenario.title or "; ".join(outage.described for outage in scenario.outages),
        objectives=scenario.objectives or (_objective(result),),
    )


def _requests(result: Result) -> tuple[Requests, ...]:
    """What was asked for; of several sites, each with its name."""
    host = len(result.sites) > 1
    asked = dict.fromkeys(
        (one.way.method, one.way.path, site.name if host else None) for site in result.sites for one in site.ways
    )
    return tuple(Requests(method=method, path=path, host=name) for method, path, name in asked)


def _objective(result: Result) -> Objective:
    times = [site.recovered(site.ways) for site in result.sites]
    known = [time for time in times if time is not None]
    if any(known) and len(known) == len(times):
        return Objective(recovered_within=-(-max(known) // _STEP) * _STEP // SECOND)
    lost = max(one.value or 0 for one in result.verdicts(Objective(lost=0)))
    if lost > _MOST_LOST:
        return Objective(recovered_within=max(one.length for site in result.sites for one in site.outages) / SECOND)
    return Objective(lost=f"{ceil(lost * 100)}%")
