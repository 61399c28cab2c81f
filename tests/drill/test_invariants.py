"""What holds of every drill, and the tables of CloudFront's and Route 53's pages: fault by fault, record by record."""

from __future__ import annotations

import os
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

from ha_patterns.aws.statuses import FAILOVER_STATUS_CODES
from ha_patterns.drill import Outage, Requests, Scenario, ScenarioError, SiteResult, Traffic, drill
from ha_patterns.drill.locations import round_trip
from ha_patterns.drill.play import Outcome
from ha_patterns.drill.time import SECOND
from ha_patterns.semantics.choice import choose
from ha_patterns.topology.model import Record

from .architectures import architectures, outages
from .reference import Architecture, Check, Entry, Name, Rule, Source
from .sites import (
    ALL,
    NAME,
    OUTSIDE,
    PRIMARY,
    READS,
    STANDBY,
    behavior,
    distribution,
    grouped,
    origin,
    pair,
    read,
    written,
)

_A, _C, _R = 2, 3, 4
_ORIGIN = {"ConnectionAttempts": _A, "ConnectionTimeout": _C, "OriginReadTimeout": _R, "protocol": "https-only"}


def _site(resources: dict[str, Any], *what: Outage, **traffic: Any) -> SiteResult:
    given_traffic = Traffic(**{"locations": ["Dublin"], **traffic})
    with TemporaryDirectory() as folder:
        found = drill(read(Path(folder), resources), *what, scenario=Scenario(traffic=given_traffic))
    return next(one for one in found.sites if one.name == "www.example.com")


def _at(site: SiteResult, when: int, method: str = "GET") -> Outcome:
    """The only outcome of a request that begins at a moment, in seconds."""
    way = next(one for one in site.ways if one.way.method == method)
    segment = next(one for one in way.segments if one.start <= when * SECOND < one.end)
    [(share, outcome)] = segment.outcomes
    assert share == 1
    return outcome


# By fault: the symptom, the status that viewers get, the seconds that it takes, and the failover code.
_FAULTS: list[Any] = [
    pytest.param({"symptom": "name-gone"}, 502, 0, 502, id="name"),
    pytest.param({"symptom": "silent"}, 504, _A * _C, 503, id="black hole"),
    pytest.param({"symptom": "refused"}, 502, 0, 503, id="port closed"),
    pytest.param({"symptom": "certificate-expired"}, 502, 0, 502, id="certificate"),
    pytest.param({"symptom": "hangs"}, 504, _A * _R, 504, id="no bytes"),
    pytest.param({"symptom": "slow", "latency": _R + 1}, 504, _A * _R, 504, id="bytes too late"),
    pytest.param({"symptom": "slow", "latency": _R - 1}, 200, _R - 1, None, id="bytes in time"),
    *(
        pytest.param({"symptom": "errors", "status": status}, status, 0, status, id=str(status))
        for status in (400, 403, 404, 416, 429, 500, 502, 503, 504)
    ),
    pytest.param({"symptom": "errors", "status": 501}, 501, 0, None, id="501"),
    pytest.param({"symptom": "denied"}, 403, 0, 403, id="no access"),
]


@pytest.mark.parametrize(("fault", "status", "seconds", "code"), _FAULTS)
def test_a_fault_comes_to_the_status_and_takes_the_time_that_aws_says(
    fault: dict[str, Any], status: int, seconds: int, code: int | None
) -> None:
    assert code is None or code in FAILOVER_STATUS_CODES
    resources = {"Site": distribution([origin("primary", OUTSIDE, **_ORIGIN)], behavior("primary"))}

    outcome = _at(_site(resources, Outage(name=OUTSIDE, **fault)), 200)

    assert outcome.status == status
    # Beside its waits, a request makes two round trips at an attempt, and the application takes 20 ms.
    least = seconds * SECOND
    assert least <= outcome.latency <= least + _A * (2 * round_trip("Dublin", None) + 20_000_000)


@pytest.mark.parametrize(("fault", "status", "seconds", "code"), _FAULTS)
@pytest.mark.parametrize("listed", [True, False])
def test_an_origin_group_fails_over_by_the_code_of_the_fault_and_by_no_other(
    fault: dict[str, Any], status: int, seconds: int, code: int | None, *, listed: bool
) -> None:
    codes = [code] if listed and code else [one for one in FAILOVER_STATUS_CODES if one != code]

    outcome = _at(_site(grouped(codes, OUTSIDE, **_ORIGIN), Outage(name=OUTSIDE, **fault)), 200)

    moves = listed and code is not None
    assert (outcome.status, outcome.legs) == ((200, 2) if moves else (status, 1))
    assert (outcome.by == STANDBY) is moves
    assert seconds * SECOND <= outcome.latency


@pytest.mark.parametrize("method", ALL)
@pytest.mark.parametrize("cached", [READS, [*READS, "OPTIONS"]])
def test_only_reads_and_options_that_are_cached_reach_the_second_origin(method: str, cached: list[str]) -> None:
    resources = grouped()
    resources["Site"]["Properties"]["DistributionConfig"]["DefaultCacheBehavior"] |= {
        "AllowedMethods": ALL,
        "CachedMethods": cached,
    }
    requests = (Requests(path="/", method=method),)

    outcome = _at(_site(resources, Outage(name=PRIMARY, symptom="errors"), requests=requests), 200, method)

    assert (outcome.legs == 2) is (method in cached)


@pytest.mark.parametrize("method", ["POST", "OPTIONS"])
def test_only_a_read_is_sent_again_after_a_read_timeout(method: str) -> None:
    resources = {"Site": distribution([origin("primary", OUTSIDE, **_ORIGIN)], behavior("primary", ALL))}
    requests = (Requests(path="/", method=method),)

    outcome = _at(_site(resources, Outage(name=OUTSIDE, symptom="hangs"), requests=requests), 200, method)

    assert outcome.status == 504
    assert _R * SECOND <= outcome.latency < (_R + 1) * SECOND


@pytest.mark.property
@settings(max_examples=max(1, settings().max_examples // 5), suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_the_time_at_one_origin_is_within_its_timeouts(data: st.DataObject) -> None:
    attempts, connect, within = (data.draw(st.integers(1, most)) for most in (3, 10, 9))
    complete = data.draw(st.none() | st.integers(within, 60))
    site = Architecture(
        (Source(PRIMARY, None, attempts, connect, within, complete),), (Rule("*", tuple(READS), tuple(READS), (0,)),)
    )
    symptoms = ("silent", "refused", "hangs", "errors", "slow", "name-gone")
    shares = st.sampled_from([1, 0.5])
    what = [
        Outage(name=PRIMARY, symptom=one, share=data.draw(shares), latency=data.draw(st.integers(1, 12)), lasts=50)
        for one in data.draw(st.lists(st.sampled_from(symptoms), min_size=1, max_size=2, unique=True))
    ]

    [way] = _site(site.resources(), *what, locations=["Sydney"]).ways

    longest = attempts * (connect + within)
    most = (longest if complete is None else min(longest, complete)) * SECOND
    assert all(outcome.latency <= most for segment in way.segments for _, outcome in segment.outcomes)


@pytest.mark.parametrize(
    ("primary_checked", "primary_up", "standby_checked", "standby_up", "answer"),
    [
        (True, True, True, True, PRIMARY),
        (True, True, True, False, PRIMARY),
        (True, True, False, True, PRIMARY),
        (True, True, False, False, PRIMARY),
        (True, False, True, True, STANDBY),
        (True, False, True, False, PRIMARY),
        (True, False, False, True, STANDBY),
        (True, False, False, False, STANDBY),
        (False, True, True, True, PRIMARY),
        (False, False, True, True, PRIMARY),
        (False, False, True, False, PRIMARY),
        (False, False, False, True, PRIMARY),
    ],
)
def test_a_failover_pair_is_answered_with_whom_aws_says(
    *, primary_checked: bool, primary_up: bool, standby_checked: bool, standby_up: bool, answer: str
) -> None:
    entries = (
        Entry(PRIMARY, role="PRIMARY", check=0 if primary_checked else None),
        Entry(STANDBY, role="SECONDARY", check=1 if standby_checked else None),
    )
    site = Architecture(
        (Source(NAME),),
        (Rule("*", tuple(READS), tuple(READS), (0,)),),
        names=(Name(NAME, "failover", 5, entries),),
        checks=(Check(asks=PRIMARY), Check(asks=STANDBY)),
    )
    # Who fails its health checks alone answers still, and so is seen.
    hosts = {PRIMARY: primary_up, STANDBY: standby_up}
    what = [Outage(name=host, symptom="false-alarm") for host, up in hosts.items() if not up]
    what.append(Outage(name=NAME, symptom="slow", latency=0.001))

    assert _at(_site(site.resources(), *what), 300).by == answer


@pytest.mark.property
@settings(max_examples=max(1, settings().max_examples // 2), suppress_health_check=list(HealthCheck))
@given(site=architectures(), down=st.sets(st.integers(0, 5)))
def test_route_53_always_answers_but_for_places_without_a_record(site: Architecture, down: set[int]) -> None:
    with TemporaryDirectory() as folder:
        topology = read(Path(folder), site.resources())
    for record_set in topology.record_sets:
        records = list(record_set.records)
        failing: set[Record] = {record for place, record in enumerate(records) if place in down}
        found = choose(records, lambda record: record not in failing, _Ireland())  # noqa: B023

        assert sum(share for share, _ in found) == 1


class _Ireland:
    country, continent = "IE", "EU"

    def distance(self, region: str) -> int:
        return round_trip("Dublin", region)

    def kilometers(self, proximity: Any) -> float | None:
        raise AssertionError(f"no architecture has a geoproximity record: {proximity}")


def test_the_first_behavior_that_matches_takes_a_request_and_its_error_page() -> None:
    site = Architecture(
        (Source(PRIMARY), Source(STANDBY), Source("third.example.net")),
        (
            Rule("/a/b*", tuple(READS), tuple(READS), (0,)),
            Rule("/a/*", tuple(READS), tuple(READS), (1,)),
            Rule("*", tuple(READS), tuple(READS), (2,)),
        ),
        pages={503: ("/a/sorry", 200)},
    )
    paths = {"/a/b/c": PRIMARY, "/a/c": STANDBY, "/c": "third.example.net"}
    requests = tuple(Requests(path=path) for path in paths)

    played = _site(site.resources(), Outage(name=PRIMARY, symptom="errors"), requests=requests)

    assert {way.way.path: way.before[0][1].by for way in played.ways} == paths
    page = next(way for way in played.ways if way.way.path == "/a/b/c")
    [(_, outcome)] = next(one for one in page.segments if one.start <= 200 * SECOND < one.end).outcomes
    assert (outcome.status, outcome.by, outcome.page) == (200, STANDBY, True)


@pytest.mark.property
@settings(max_examples=max(1, settings().max_examples // 5), suppress_health_check=list(HealthCheck))
@given(data=st.data(), site=architectures(), seed=st.integers(0, 9), rate=st.integers(1, 5_000))
def test_weights_sum_to_1_counts_to_arrivals_and_all_begins_as_without_an_outage(
    data: st.DataObject, site: Architecture, seed: int, rate: int
) -> None:
    what = tuple(data.draw(st.lists(outages(site), min_size=1, max_size=3)))
    traffic = Traffic(locations=["Dublin", "Tokyo"], requests=(Requests(path="/", rate=rate),))
    with TemporaryDirectory() as folder:
        topology = read(Path(folder), site.resources())
    try:
        found = drill(topology, scenario=Scenario(outages=what, traffic=traffic, seed=seed))
    except ScenarioError:
        # Nothing asks for what fails.
        reject()
    for way in (way for one in found.sites for way in one.ways):
        assert all(sum(share for share, _ in segment.outcomes) == 1 for segment in way.segments)
        assert dict(_summed(way.segments[0].outcomes)) == dict(_summed(way.before))
        starts = [segment.start for segment in way.segments]
        ends = [segment.end for segment in way.segments]
        assert starts == [0, *ends[:-1]]
        moments = list(way.arrivals.moments(0, 20 * SECOND))
        assert len(moments) == way.arrivals.count(0, 20 * SECOND)
        counted = sum(way.arrivals.count(start, end) for start, end in zip(starts, ends, strict=True))
        assert counted == way.arrivals.count(0, ends[-1])


def _summed(outcomes: Any) -> dict[Outcome, Fraction]:
    found: dict[Outcome, Fraction] = {}
    for share, outcome in outcomes:
        found[outcome] = found.get(outcome, Fraction(0)) + share
    return found


@pytest.mark.property
@settings(max_examples=max(1, settings().max_examples // 5), suppress_health_check=list(HealthCheck))
@given(
    symptom=st.sampled_from([*("silent", "refused", "hangs", "errors"), *("denied", "slow", "name-gone")]),
    codes=st.none() | st.sets(st.sampled_from([403, 500, 502, 503, 504]), min_size=1),
    share=st.sampled_from([1, 0.5]),
    lasts=st.integers(1, 300),
    longer=st.integers(1, 300),
    seed=st.integers(0, 9),
)
def test_an_outage_that_lasts_longer_never_loses_less(
    symptom: str, codes: set[int] | None, share: object, lasts: int, longer: int, seed: int
) -> None:
    resources = pair() if codes is None else grouped(sorted(codes))
    with TemporaryDirectory() as folder:
        topology = read(Path(folder), resources)

    def lost(length: int) -> list[Fraction]:
        outage = Outage(name=PRIMARY, symptom=symptom, share=share, latency=7, lasts=length)
        traffic = Traffic(locations=["Dublin", "Tokyo"])
        scenario = Scenario(outages=(outage,), traffic=traffic, lasts=1_000, seed=seed)
        ways = drill(topology, scenario=scenario).sites[0].ways
        return [
            sum((way.arrivals.count(s.start, s.end) * way.lost(s) for s in way.segments), Fraction(0)) for way in ways
        ]

    shorter, more = lost(lasts), lost(lasts + longer)

    assert len(shorter) == len(more) > 0
    assert all(one <= other for one, other in zip(shorter, more, strict=True))


def test_the_order_of_ways_changes_nothing() -> None:
    def played(cities: list[str], paths: list[str]) -> dict[Any, Any]:
        requests = tuple(Requests(path=path, method=method) for path in paths for method in ("GET", "POST"))
        site = _site(pair(), Outage(name=PRIMARY, share="50%"), locations=cities, requests=requests)
        return {way.way: (way.before, way.segments) for way in site.ways}

    cities, paths = ["Dublin", "Tokyo", "Sao Paulo"], ["/", "/a"]

    found = played(cities, paths)

    assert len(found) == 12
    assert found == played(cities[::-1], paths[::-1])


def test_a_seed_has_the_same_bytes_whatever_strings_hash_to(tmp_path: Path) -> None:
    path = written(tmp_path, pair())
    outages = ("name=standby-1234567890.eu-central-1.elb.amazonaws.com,symptom=slow,share=30%,every=60s,burst=7s",)
    command = ["from ha_patterns.cli import main; import sys; sys.exit(main(sys.argv[1:]))", "drill", str(path)]
    command += [word for one in ("region=eu-west-1,share=50%", *outages) for word in ("--outage", one)]

    def told(hash_seed: str) -> bytes:
        environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": os.pathsep.join(sys.path)}
        ran = subprocess.run(
            [sys.executable, "-c", *command, "--format", "json"], env=environment, capture_output=True, check=True
        )
        return ran.stdout

    assert told("1") == told("2") != b""
