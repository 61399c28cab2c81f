"""Drills of small sites: who is served by what, what is lost, how long it takes and why."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from ha_patterns.drill import Objective, Outage, Scenario, ScenarioError, SiteResult, Traffic, drill
from ha_patterns.drill.time import SECOND

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


def _site(folder: Path, resources: dict[str, Any], *outages: Outage, **given: Any) -> SiteResult:
    result = drill(read(folder, resources), *outages, **given)
    [site] = result.sites
    return site


def test_a_failover_pair_loses_requests_until_resolvers_follow(tmp_path: Path) -> None:
    site = _site(tmp_path, pair(), Outage(name=PRIMARY))
    [reads, writes] = site.summaries

    assert (reads.behavior, reads.method, writes.method) == ("*", "GET", "POST")
    assert reads.recovered is not None
    # 10 s between probes, at most 4 s for one to fail, 1 s in Route 53 and a TTL of 60 s.
    assert 60 * SECOND < reads.recovered <= 75 * SECOND
    assert float(reads.lost) == pytest.approx(float(writes.lost), abs=0.001)
    assert reads.served[STANDBY] > Fraction(3, 4)
    assert [change.kind for change in site.story] == [
        *("outage", "check", "resolver", "resolver"),
        *("recovery", "check", "resolver", "resolver"),
    ]
    assert all(before.when <= after.when for before, after in zip(site.story, site.story[1:], strict=False))


def test_an_origin_group_loses_nothing_and_is_slow(tmp_path: Path) -> None:
    [reads] = _site(tmp_path, grouped(), Outage(name=PRIMARY)).summaries

    assert reads.lost == reads.recovered == reads.settled == 0
    assert reads.slow > Fraction(9, 10)
    assert set(reads.served) == {STANDBY}


@pytest.mark.parametrize(
    ("symptom", "codes", "fails_over"),
    [
        ("silent", [503], True),
        ("silent", [500, 502, 504], False),
        ("refused", [503], True),
        ("refused", [502, 504], False),
        ("hangs", [504], True),
        ("hangs", [500, 502, 503], False),
        ("certificate-expired", [502], True),
        ("certificate-expired", [503, 504], False),
        ("errors", [503], True),
        ("errors", [500, 502, 504], False),
        ("denied", [403], True),
        ("denied", [500, 502, 503, 504], False),
    ],
)
def test_an_origin_group_leaves_an_origin_by_its_codes(
    tmp_path: Path, symptom: str, codes: list[int], fails_over: bool
) -> None:
    protocol = "https-only" if symptom == "certificate-expired" else "http-only"
    resources = grouped(codes, OUTSIDE, protocol=protocol)
    [reads] = _site(tmp_path, resources, Outage(name=OUTSIDE, symptom=symptom)).summaries

    assert (reads.lost == 0) is fails_over


@pytest.mark.parametrize(
    ("symptom", "status", "seconds"),
    [("silent", 504, 2), ("refused", 502, 0), ("hangs", 504, 5), ("certificate-expired", 502, 0), ("denied", 403, 0)],
)
def test_viewers_get_the_status_that_stands_for_the_failure(
    tmp_path: Path, symptom: str, status: int, seconds: int
) -> None:
    protocol = "https-only" if symptom == "certificate-expired" else "http-only"
    resources = {"Site": distribution([origin("primary", OUTSIDE, protocol=protocol)], behavior("primary"))}
    site = _site(tmp_path, resources, Outage(name=OUTSIDE, symptom=symptom))
    way = next(one for one in site.ways if one.way.location == "Dublin")
    segment = next(one for one in way.segments if one.start <= 200 * SECOND < one.end)
    [(_, outcome)] = segment.outcomes

    assert outcome.status == status
    assert seconds * SECOND <= outcome.latency < (seconds + 1) * SECOND


def test_a_write_never_reaches_the_second_origin(tmp_path: Path) -> None:
    resources = grouped()
    resources["Site"]["Properties"]["DistributionConfig"]["DefaultCacheBehavior"]["AllowedMethods"] = ALL
    _, writes = _site(tmp_path, resources, Outage(name=PRIMARY)).summaries

    assert writes.lost > Fraction(9, 10)
    assert STANDBY not in writes.served


def test_a_share_of_errors_is_exact(tmp_path: Path) -> None:
    resources = {"Site": distribution([origin("primary", PRIMARY)], behavior("primary"))}
    outage = Outage(name=PRIMARY, symptom="errors", share="30%")
    site = _site(tmp_path, resources, outage)
    way = site.ways[0]
    segment = next(one for one in way.segments if one.start <= 200 * SECOND < one.end)

    assert {outcome.status: share for share, outcome in segment.outcomes} == {
        503: Fraction(3, 10),
        200: Fraction(7, 10),
    }


def test_an_outage_of_a_region_is_met_once(tmp_path: Path) -> None:
    """The function behind an API fails with it, and a request that the API takes is not failed again."""
    resources = {
        "Url": {
            "Type": "AWS::Lambda::Url",
            "Properties": {"TargetFunctionArn": {"Fn::GetAtt": ["Function", "Arn"]}, "AuthType": "NONE"},
        },
        "Function": {"Type": "AWS::Lambda::Function", "Properties": {"Code": {"ZipFile": "pass"}, "Role": "role"}},
    }
    outage = Outage(region="eu-west-1", symptom="errors", share="30%")
    [site] = drill(read(tmp_path, resources, "eu-west-1"), outage).sites
    segment = next(one for one in site.ways[0].segments if one.start <= 200 * SECOND < one.end)

    assert {outcome.status: share for share, outcome in segment.outcomes} == {
        503: Fraction(3, 10),
        200: Fraction(7, 10),
    }


def test_weights_sum_to_one_and_counts_to_arrivals(tmp_path: Path) -> None:
    outages = (Outage(name=PRIMARY, symptom="errors", share=0.25), Outage(name=STANDBY, symptom="slow", share="1%"))
    site = _site(tmp_path, grouped(), *outages)

    for way in site.ways:
        assert all(sum(share for share, _ in segment.outcomes) == 1 for segment in way.segments)
        edges = [way.segments[0].start, *(segment.end for segment in way.segments)]
        assert [segment.start for segment in way.segments] == edges[:-1]
        counted = sum(way.arrivals.count(segment.start, segment.end) for segment in way.segments)
        assert counted == way.arrivals.count(0, edges[-1])


def test_a_fault_that_the_check_does_not_see_moves_nothing(tmp_path: Path) -> None:
    [reads, _] = _site(tmp_path, pair(), Outage(name=PRIMARY, symptom="health-path-lies")).summaries

    assert reads.recovered is None
    assert reads.lost > Fraction(99, 100)


def test_a_false_alarm_moves_traffic_and_loses_nothing(tmp_path: Path) -> None:
    [reads, _] = _site(tmp_path, pair(), Outage(name=PRIMARY, symptom="false-alarm")).summaries

    assert reads.lost == 0
    assert reads.served[STANDBY] > Fraction(1, 2)


def test_both_halves_down_are_answered_with_the_primary(tmp_path: Path) -> None:
    resources = pair()
    resources["Standby"]["Properties"]["HealthCheckId"] = {"Ref": "Other"}
    resources["Other"] = {**resources["Check"]}
    resources["Other"]["Properties"] = {
        "HealthCheckConfig": {
            **resources["Check"]["Properties"]["HealthCheckConfig"],
            "FullyQualifiedDomainName": STANDBY,
        }
    }
    [reads, _] = _site(tmp_path, resources, Outage(name=PRIMARY), Outage(name=STANDBY)).summaries

    assert reads.recovered is None
    assert STANDBY not in reads.served


def test_two_sides_take_writes_while_resolvers_differ(tmp_path: Path) -> None:
    site = _site(tmp_path, pair(), Outage(name=PRIMARY, symptom="false-alarm"))

    assert set(site.writers.sides) == {PRIMARY, STANDBY}
    assert 40 * SECOND < site.writers.time <= 121 * SECOND


def test_no_outage_of_what_a_site_has_changes_nothing_else(tmp_path: Path) -> None:
    site = _site(tmp_path, pair(), Outage(name=STANDBY))

    assert all(len(way.segments) == 1 for way in site.ways)
    assert all(way.segments[0].outcomes == way.before for way in site.ways)


def test_evaluations_do_not_grow_with_traffic(tmp_path: Path) -> None:
    from ha_patterns.drill import Requests

    def segments(rate: int) -> list[int]:
        traffic = Traffic(requests=(Requests(path="/", rate=rate),))
        site = _site(tmp_path, pair(), Outage(name=PRIMARY), scenario=Scenario(traffic=traffic))
        return [len(way.segments) for way in site.ways]

    assert segments(1) == segments(1_000_000)


def test_the_same_seed_is_the_same_and_another_one_is_not(tmp_path: Path) -> None:
    def ends(seed: int) -> list[int]:
        site = _site(tmp_path, pair(), Outage(name=PRIMARY), seed=seed)
        return [segment.end for way in site.ways for segment in way.segments]

    assert ends(1) == ends(1)
    assert ends(1) != ends(2)


def test_objectives_are_held_to_the_figures(tmp_path: Path) -> None:
    result = drill(read(tmp_path, pair()), Outage(name=PRIMARY))

    result.must_meet(Objective(recovered_within=75))
    with pytest.raises(AssertionError, match=r"all requests as before within 20 s: after 7\d(\.\d)? s") as broken:
        result.must_meet(Objective(recovered_within=20))
    assert "the last resolver follows" in str(broken.value)
    with pytest.raises(ValueError, match="nothing that was played has such requests"):
        result.must_meet(Objective(methods={"DELETE"}, lost=0))


def test_without_an_outage_the_primary_goes_silent(tmp_path: Path) -> None:
    result = drill(read(tmp_path, pair()))

    assert result.notes == ("eu-west-1 goes silent for 5 min: no outage was given, and this is the one of the primary",)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"region": "us-west-2"}, r"no site is in region 'us-west-2'; they are in eu-central-1, eu-west-1"),
        ({"resource": "Sit"}, r"resource 'Sit' is in no template; did you mean"),
        ({"resource": "Primary"}, r"resource 'Primary' is a record: give name=origin.example.com"),
        (
            {"resource": "Check"},
            r"resource 'Check' is a health check, .* give symptom=false-alarm or",
        ),
        (
            {"name": "origin.example.org"},
            r"name 'origin.example.org' is asked by nothing; .* did you mean origin.example.com",
        ),
    ],
)
def test_an_outage_of_nothing_is_refused(tmp_path: Path, given: dict[str, str], message: str) -> None:
    with pytest.raises(ScenarioError, match=message):
        drill(read(tmp_path, pair()), Outage(**given))  # type: ignore[arg-type]


def test_templates_without_a_front_door_are_refused(tmp_path: Path) -> None:
    path = written(tmp_path, {"Topic": {"Type": "AWS::SNS::Topic"}})

    with pytest.raises(ScenarioError, match="no template has a front door"):
        drill(path)


def test_an_accelerator_is_not_played_and_said_so(tmp_path: Path) -> None:
    accelerator = {"Accelerator": {"Type": "AWS::GlobalAccelerator::Accelerator", "Properties": {"Name": "global"}}}

    with pytest.raises(ScenarioError, match="not played yet, since an accelerator answers there"):
        drill(read(tmp_path, accelerator))
    result = drill(read(tmp_path, {**pair(), **accelerator}), Outage(name=PRIMARY))
    assert [site.name for site in result.sites] == ["www.example.com"]
    assert "not played yet" in result.notes[0]


def test_what_no_template_tells_is_assumed_and_listed(tmp_path: Path) -> None:
    resources = pair()
    config = resources["Site"]["Properties"]["DistributionConfig"]
    config["Origins"][0]["ConnectionAttempts"] = {"Fn::ImportValue": "attempts"}
    result = drill(read(tmp_path, resources), Outage(name=PRIMARY))

    assert [one.what for one in result.settled] == [
        "ConnectionAttempts is 3, its default; nothing tells the export attempts, which no template here has"
    ]


def test_the_path_of_a_behavior_is_its_own(tmp_path: Path) -> None:
    resources = pair()
    config = resources["Site"]["Properties"]["DistributionConfig"]
    config["CacheBehaviors"] = [{**behavior("named", READS), "PathPattern": "/api/*"}]
    site = _site(tmp_path, resources, Outage(name=NAME))

    assert {(way.way.behavior, way.way.path) for way in site.ways} == {("/api/*", "/api/1"), ("*", "/")}


@pytest.mark.parametrize("kind", ["route53-control-plane", "cloudfront-control-plane", "sts", "iam"])
def test_what_only_people_need_fails_no_request_and_is_told_so(tmp_path: Path, kind: str) -> None:
    result = drill(read(tmp_path, pair()), Outage(kind=kind))

    [note] = result.notes
    assert note == f"{kind}: no request needs it; only steps of people and machines do"
    assert all(one.lost == 0 and set(one.served) == {PRIMARY} for one in result.sites[0].summaries)


@pytest.mark.parametrize("kind", ["checkers", "cloudfront-names"])
def test_what_requests_need_has_no_such_note(tmp_path: Path, kind: str) -> None:
    assert drill(read(tmp_path, pair()), Outage(kind=kind)).notes == ()
