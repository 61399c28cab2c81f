"""Figures that others have published, each a file in ``conformance/``: a configuration, a figure and a tolerance."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from pathlib import Path
from statistics import mean
from typing import Any

import pytest
import yaml

from ha_patterns.drill import Assumptions, Outage, Scenario, SiteResult
from ha_patterns.drill.run import Stage
from ha_patterns.drill.scene import Scene
from ha_patterns.drill.time import SECOND

from .reference import Architecture, Balancer, Check, Entry, Group, Name, Rule, Source
from .sites import ALL, NAME, PRIMARY, READS, STANDBY, read

_FILES = sorted((Path(__file__).parents[2] / "conformance").glob("*.yaml"))
_READ = Rule("*", tuple(READS), tuple(READS), (0,))
_HAS = {"title", "source", "configuration", "outage", "measure", "statistic", "seeds", "figure", "tolerance"}


# What is built, by its name.


def _pair(interval: int, threshold: int, ttl: int) -> dict[str, Any]:
    """A failover pair of hosts, of which a health check asks the primary."""
    return _checked(interval, threshold, ttl, (_READ,), (Source(NAME),))


def _hybrid(interval: int, threshold: int, ttl: int) -> dict[str, Any]:
    """A failover pair that writes go to; reads ask it first, and its standby by an origin group."""
    reads = Rule("*", tuple(READS), tuple(READS), (0, 1), (500, 502, 503, 504))
    writes = Rule("/write/*", tuple(ALL), tuple(READS), (0,))
    return _checked(interval, threshold, ttl, (writes, reads), (Source(NAME), Source(STANDBY)))


def _checked(
    interval: int, threshold: int, ttl: int, rules: tuple[Rule, ...], sources: tuple[Source, ...]
) -> dict[str, Any]:
    entries = (Entry(PRIMARY, role="PRIMARY", check=0), Entry(STANDBY, role="SECONDARY"))
    names = (Name(NAME, "failover", ttl, entries),)
    return Architecture(sources, rules, {}, names, (Check("HTTP", PRIMARY, interval, threshold),)).resources()


def _aliases(interval: int, threshold: int) -> dict[str, Any]:
    """A failover pair of load balancers, whose targets' health decides."""
    group = Group(interval=interval, unhealthy=threshold, timeout=2)
    entries = (
        Entry(balancer=0, evaluates=True, role="PRIMARY"),
        Entry(balancer=1, evaluates=True, role="SECONDARY"),
    )
    names = (Name(NAME, "failover", 60, entries),)
    # Connections that stay open hide when DNS follows.
    balancers = (Balancer((group,), keep_alive=60), Balancer((group,)))
    return Architecture((Source(NAME),), (_READ,), {}, names, balancers=balancers).resources()


def _latency(interval: int, threshold: int) -> dict[str, Any]:
    """Latency records of two load balancers, the first of which has two hosts of its own."""
    group = Group(interval=interval, unhealthy=threshold, timeout=2)
    entries = tuple(
        Entry(balancer=place, evaluates=True, region=region) for place, region in enumerate(("eu-west-1", "us-east-1"))
    )
    names = (Name(NAME, "latency", 60, entries),)
    balancers = (Balancer((group,), keep_alive=60), Balancer((group,)))
    resources = Architecture((Source(NAME),), (_READ,), {}, names, balancers=balancers).resources()
    instance = {"Type": "AWS::EC2::Instance", "Properties": {"ImageId": "ami-0123456789abcdef0"}}
    resources |= {f"Instance{one}": instance for one in range(2)}
    resources["Group0x0"]["Properties"] |= {
        "TargetType": "instance",
        "Targets": [{"Id": {"Ref": f"Instance{one}"}} for one in range(2)],
    }
    return resources


_BUILDERS: Mapping[str, Callable[..., dict[str, Any]]] = {
    "pair": _pair,
    "hybrid": _hybrid,
    "aliases": _aliases,
    "latency": _latency,
}


# What is measured, by its name: seconds, or a share.


def _recovered(site: SiteResult, *, writes: bool = False) -> Fraction:
    taken = [one.recovered for one in site.summaries if not writes or one.behavior != "*"]
    assert taken
    assert None not in taken
    return Fraction(max(one for one in taken if one is not None), SECOND)


def _change(site: SiteResult, since: int) -> Fraction:
    """When the first health check, or load balancer, has changed its mind since a moment."""
    kinds = ("check", "targets")
    found = [one.when for one in site.story if one.kind in kinds and one.when >= since]
    return Fraction(min(found) - since, SECOND)


def _lost_reads(site: SiteResult) -> Fraction:
    [reads] = [one for one in site.summaries if one.behavior == "*" and one.method == "GET"]
    return reads.lost


def _moved(site: SiteResult) -> Fraction:
    """Whether users near the first load balancer were served by the other one."""
    near = [way for way in site.ways if way.way.location == "Dublin"]
    assert {outcome.by for way in near for _, outcome in way.before} == {"site/Balancer0"}
    served = {outcome.by for way in near for segment in way.segments for _, outcome in segment.outcomes}
    return Fraction("site/Balancer1" in served)


_MEASURES: Mapping[str, Callable[[SiteResult], Fraction]] = {
    "recovered": _recovered,
    "recovered writes": lambda site: _recovered(site, writes=True),
    "noticed": lambda site: _change(site, site.begin),
    "believed": lambda site: _change(site, site.end),
    "lost reads": _lost_reads,
    "moved": _moved,
}


def _p95(values: list[Fraction]) -> Fraction:
    return sorted(values)[(len(values) * 95 + 99) // 100 - 1]


_STATISTICS: Mapping[str, Callable[[list[Fraction]], Fraction | list[Fraction]]] = {
    "max": max,
    "mean": mean,
    "p95": _p95,
    "each": list,
}


@pytest.mark.parametrize("path", _FILES, ids=[path.stem for path in _FILES])
def test_a_published_figure_is_reproduced(path: Path, tmp_path: Path) -> None:
    case = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert case.keys() - {"assumptions"} == _HAS
    configuration = dict(case["configuration"])
    resources = _BUILDERS[configuration.pop("builder")](**configuration)
    what = case["outage"] if isinstance(case["outage"], list) else [case["outage"]]
    scenario = Scenario(
        outages=tuple(Outage(**one) for one in what), assumptions=Assumptions(**case.get("assumptions", {}))
    )
    stage = Stage(Scene(read(tmp_path, resources)), scenario)

    measured = [_MEASURES[case["measure"]](stage.play(seed).sites[0]) for seed in range(case["seeds"])]

    found = _STATISTICS[case["statistic"]](measured)
    least = Fraction(str(case["figure"])) - Fraction(str(case["tolerance"]["below"]))
    most = Fraction(str(case["figure"])) + Fraction(str(case["tolerance"]["above"]))
    for one in found if isinstance(found, list) else [found]:
        assert least <= one <= most, f"{float(one):.4g} and not {case['figure']}: {case['title']}"


def test_there_are_figures() -> None:
    assert len(_FILES) >= 10
