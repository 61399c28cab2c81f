"""What the reference and the invariants have found wrong, one small site each."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from ha_patterns.drill import Client, Outage, Scenario, ScenarioError, SiteResult, Traffic, drill
from ha_patterns.drill.formats import Report
from ha_patterns.drill.formats.terminal import render
from ha_patterns.drill.run import Stage
from ha_patterns.drill.scene import Scene
from ha_patterns.drill.time import SECOND, Change, Timeline
from ha_patterns.drill.world.checks import _followed
from ha_patterns.semantics.attempts import Trouble, alternatives
from ha_patterns.topology import Topology, load
from ha_patterns.topology.model import LoadBalancer

from .reference import Architecture, Balancer, Check, Entry, Group, Name, Rule, Source
from .sites import (
    NAME,
    OUTSIDE,
    PRIMARY,
    READS,
    STANDBY,
    ZONE,
    behavior,
    check,
    distribution,
    grouped,
    origin,
    pair,
    read,
    written,
)

_DUBLIN = Traffic(locations=["Dublin"])


def _played(topology: Topology, *outages: Outage) -> SiteResult:
    [site] = drill(topology, *outages, scenario=Scenario(traffic=_DUBLIN)).sites
    return site


def _statuses(site: SiteResult, when: int) -> dict[int, Fraction]:
    """The statuses of a GET that begins at a moment, in seconds."""
    segments = site.ways[0].segments
    segment = next(one for one in segments if one.start <= when * SECOND < one.end)
    found: dict[int, Fraction] = {}
    for share, outcome in segment.outcomes:
        found[outcome.status] = found.get(outcome.status, Fraction(0)) + share
    return found


def _failing_over(*, methods: list[str] = READS, checks: tuple[Check, ...], entries: tuple[Entry, ...]) -> Architecture:
    name = Name(NAME, "failover", 60, entries)
    return Architecture((Source(NAME),), (Rule("*", tuple(methods), tuple(READS), (0,)),), {}, (name,), checks)


def test_a_response_completion_timeout_is_a_504(tmp_path: Path) -> None:
    slow = grouped(ConnectionAttempts=3, OriginReadTimeout=5, ResponseCompletionTimeout=8)
    site = _played(read(tmp_path, slow), Outage(name=PRIMARY, symptom="hangs"))
    [(_, outcome)] = next(one.outcomes for one in site.ways[0].segments if one.start <= 200 * SECOND < one.end)

    # The second origin answers once the first one has had its 8 s.
    assert (outcome.status, outcome.by, outcome.legs) == (200, STANDBY, 2)
    assert 8 * SECOND < outcome.latency < 9 * SECOND


def test_the_time_of_the_application_counts_for_the_read_timeout(tmp_path: Path) -> None:
    resources = {"Site": distribution([origin("primary", PRIMARY, OriginReadTimeout=5)], behavior("primary"))}
    slow = Outage(name=PRIMARY, symptom="slow", latency=4.999)

    assert _statuses(_played(read(tmp_path, resources), slow), 200) == {504: 1}


def test_a_certificate_matters_to_nobody_who_comes_over_http(tmp_path: Path) -> None:
    for protocol, lost in (("http-only", 0), ("https-only", 1)):
        resources = {"Site": distribution([origin("primary", OUTSIDE, protocol=protocol)], behavior("primary"))}
        [summary] = _played(read(tmp_path, resources), Outage(name=OUTSIDE, symptom="certificate-expired")).summaries

        assert summary.lost == lost


def test_a_false_alarm_of_a_calculated_check_moves_traffic(tmp_path: Path) -> None:
    entries = (Entry(PRIMARY, role="PRIMARY", check=1), Entry(STANDBY, role="SECONDARY"))
    site = _failing_over(checks=(Check(asks=PRIMARY), Check(children=(0,))), entries=entries)

    [reads] = _played(read(tmp_path, site.resources()), Outage(resource="Check1", symptom="false-alarm")).summaries

    assert reads.served[STANDBY] > Fraction(1, 2)


@pytest.mark.parametrize(("kind", "moves"), [("HTTP", True), ("HTTP_STR_MATCH", True), ("TCP", False)])
def test_a_checker_waits_2_s_for_a_status_be_there_a_body_to_search_or_not(
    tmp_path: Path, kind: str, moves: bool
) -> None:
    entries = (Entry(PRIMARY, role="PRIMARY", check=0), Entry(STANDBY, role="SECONDARY"))
    site = _failing_over(checks=(Check(kind, PRIMARY),), entries=entries)

    [reads] = _played(read(tmp_path, site.resources()), Outage(name=PRIMARY, symptom="slow", latency=3)).summaries

    assert (STANDBY in reads.served) is moves


def test_a_share_of_slow_answers_fails_that_share_of_probes(tmp_path: Path) -> None:
    entries = (Entry(PRIMARY, role="PRIMARY", check=0), Entry(STANDBY, role="SECONDARY"))
    site = _failing_over(checks=(Check(asks=PRIMARY, threshold=3),), entries=entries)
    slow = Outage(name=PRIMARY, symptom="slow", latency=3, share="10%")

    [reads] = _played(read(tmp_path, site.resources()), slow).summaries

    # That three probes in a row fail at 14 of 16 checkers is next to impossible.
    assert STANDBY not in reads.served


def test_requests_that_go_one_way_meet_nothing_of_another(tmp_path: Path) -> None:
    balancer = Balancer((Group(weight=1), Group(weight=1)))
    site = Architecture(
        (Source(balancer=0),), (Rule("*", tuple(READS), tuple(READS), (0,)),), {}, balancers=(balancer,)
    )
    outages = (
        Outage(resource="Group0x0", symptom="slow", latency=3),
        Outage(resource="Group0x1", symptom="errors"),
    )
    played = _played(read(tmp_path, site.resources()), *outages)
    outcomes = next(one.outcomes for one in played.ways[0].segments if one.start <= 150 * SECOND < one.end)

    assert sorted((one.status, one.latency > SECOND, share) for share, one in outcomes) == [
        (200, True, Fraction(1, 2)),
        (503, False, Fraction(1, 2)),
    ]


def test_alternatives_exclude_each_other() -> None:
    slow = Trouble(delay=3, share=Fraction(1, 2))
    error = Trouble(status=503, share=Fraction(1, 2))

    assert [(one.status, one.delay, one.share) for one in alternatives((slow, error))] == [
        (503, 3, Fraction(1, 4)),
        (None, 3, Fraction(1, 4)),
        (503, 0, Fraction(1, 4)),
        (None, 0, Fraction(1, 4)),
    ]


def test_one_healthy_target_keeps_a_load_balancer_healthy(tmp_path: Path) -> None:
    balancer = Balancer((Group(targets=0),))
    rule = Rule("*", tuple(READS), tuple(READS), (0,))
    resources: dict[str, Any] = Architecture((Source(balancer=0),), (rule,), balancers=(balancer,)).resources()
    instance = {"Type": "AWS::EC2::Instance", "Properties": {"ImageId": "ami-0123456789abcdef0"}}
    resources |= {f"Instance{one}": instance for one in range(2)}
    group = resources["Group0x0"]["Properties"]
    group |= {"TargetType": "instance", "Targets": [{"Id": {"Ref": f"Instance{one}"}} for one in range(2)]}
    scene = Scene(read(tmp_path, resources))

    def healthy(*failing: int) -> bool:
        outages = [Outage(resource=f"Instance{one}", symptom="errors") for one in failing]
        hardly = Outage(resource="Group0x0", symptom="slow", latency=0.001)
        world = Stage(scene, Scenario(outages=(hardly, *outages))).player(0).world
        [end] = [one for one in scene.sites[0].reached if isinstance(one.target, LoadBalancer)]
        return world.checks.target_health(end).at(300 * SECOND).value

    assert (healthy(), healthy(0), healthy(1), healthy(0, 1)) == (True, True, True, False)


def test_an_alarm_follows_a_fault_that_goes_on_as_another() -> None:
    changes = [(Change(when, "outage", f"{when}"), value) for when, value in ((100, "fails"), (400, "well"))]
    whole = Timeline("well", changes)

    class Cut:
        """The same, which ends each value after 10."""

        def at(self, when: int) -> Any:
            span = whole.at(when)
            return span._replace(until=min(span.until, when - when % 10 + 10))

    for timeline in (whole, Cut()):
        found = _followed(timeline, "alarm", 120, 300, None, 0, 1_000).changes
        assert [(change.when, value) for change, value in found] == [(220, False), (520, True)]


def test_an_error_page_tells_viewers_of_other_countries(tmp_path: Path) -> None:
    refused = {"GeoRestriction": {"RestrictionType": "blacklist", "Locations": ["IE"]}}
    pages = [{"ErrorCode": 403, "ResponsePagePath": "/sorry", "ResponseCode": 200}]
    resources = {
        "Site": distribution(
            [origin("primary", PRIMARY)], behavior("primary"), Restrictions=refused, CustomErrorResponses=pages
        )
    }
    site = _played(read(tmp_path, resources), Outage(name=PRIMARY))

    assert _statuses(site, 0) == {200: 1}
    assert site.ways[0].segments[0].outcomes[0][1].page


def test_of_more_than_eight_answers_all_have_the_same_share(tmp_path: Path) -> None:
    records = {
        f"Record{one}": {
            "Type": "AWS::Route53::RecordSet",
            "Properties": {
                "HostedZoneId": {"Ref": "Zone"},
                "Name": NAME,
                "Type": "A",
                "TTL": "60",
                "SetIdentifier": str(one),
                "MultiValueAnswer": True,
                "ResourceRecords": [f"192.0.2.{one}"],
            },
        }
        for one in range(10)
    }
    resources = {
        "Zone": pair()["Zone"],
        **records,
        "Site": distribution([origin("named", NAME)], behavior("named")),
    }
    site = _played(read(tmp_path, resources), Outage(name="192.0.2.9", symptom="errors"))

    assert _statuses(site, 200) == {503: Fraction(1, 10), 200: Fraction(9, 10)}


@pytest.mark.parametrize(("symptom", "status"), [("silent", 0), ("errors", 503), ("denied", 403)])
def test_a_distribution_that_fails_itself_serves_nobody(tmp_path: Path, symptom: str, status: int) -> None:
    site = _played(read(tmp_path, pair()), Outage(resource="Site", symptom=symptom))

    assert _statuses(site, 200) == {status: 1}


def test_a_check_of_the_name_that_it_decides_about_has_the_same_status_whatever_is_asked_first(tmp_path: Path) -> None:
    resources = pair()
    resources["Check"] = check(NAME)
    resources["Other"] = check(NAME, RequestInterval=30)
    resources["Standby"]["Properties"]["HealthCheckId"] = {"Ref": "Other"}
    topology = read(tmp_path, resources)

    site = _played(topology, Outage(name=PRIMARY))
    again = _played(topology, Outage(name=PRIMARY))

    assert [way.segments for way in site.ways] == [way.segments for way in again.ways]


def _followed_alarm(region: str) -> dict[str, Any]:
    """A failover pair whose check follows an alarm of a template that tells no Region."""
    alarm = {
        "Namespace": "Shop",
        "MetricName": "Orders",
        "Statistic": "Sum",
        "Period": 60,
        "EvaluationPeriods": 1,
        "Threshold": 1,
        "ComparisonOperator": "LessThanThreshold",
    }
    resources = pair()
    resources["Alarm"] = {"Type": "AWS::CloudWatch::Alarm", "Properties": alarm}
    followed = {"Type": "CLOUDWATCH_METRIC", "AlarmIdentifier": {"Name": {"Ref": "Alarm"}, "Region": region}}
    resources["Check"]["Properties"] = {"HealthCheckConfig": {**followed, "InsufficientDataHealthStatus": "Unhealthy"}}
    return resources


@pytest.mark.parametrize(("region", "moves"), [("eu-west-1", True), ("us-east-1", False)])
def test_a_check_tells_the_region_of_its_alarm(tmp_path: Path, region: str, *, moves: bool) -> None:
    topology = load(written(tmp_path, _followed_alarm(region)))
    site = _played(topology, Outage(region="eu-west-1", lasts=900))

    assert (site.summaries[0].recovered is not None) is moves
    assert any(change.what.endswith("no data") for change in site.story) is moves


def test_an_inverted_check_becomes_the_opposite_of_what_is_seen(tmp_path: Path) -> None:
    topology = read(tmp_path, pair(asks={"Inverted": True, "FullyQualifiedDomainName": STANDBY}))
    site = _played(topology, Outage(name=STANDBY, symptom="refused"))
    told = [change.what for change in site.story if change.kind == "check"]

    assert [one.partition(" becomes ")[2] for one in told] == [
        "healthy, as it is inverted: 14 of 16 see it fail",
        "unhealthy, as it is inverted: 3 of 16 checkers see it well",
    ]


def test_what_is_lost_without_any_outage_is_told(tmp_path: Path) -> None:
    place = {"HostedZoneId": {"Ref": "Zone"}, "Name": NAME, "Type": "CNAME", "TTL": "60"}
    europe = {"SetIdentifier": "eu", "GeoLocation": {"ContinentCode": "EU"}, "ResourceRecords": [OUTSIDE]}
    resources = {"Zone": ZONE, "Only": {"Type": "AWS::Route53::RecordSet", "Properties": {**place, **europe}}}
    traffic = Traffic(locations=["Dublin", "Tokyo"])
    result = drill(read(tmp_path, resources), Outage(name=OUTSIDE), scenario=Scenario(traffic=traffic))

    told = render(Report(result, ()), colors=False)
    assert "without the outage, 50 % get no answer: has a name that does not resolve" in told


def test_what_is_behind_a_distribution_behind_another_is_said_not_to_be_played(tmp_path: Path) -> None:
    inner = distribution([origin("hidden", OUTSIDE)], behavior("hidden"))
    del inner["Properties"]["DistributionConfig"]["Aliases"]
    outer = [origin("inner", "", DomainName={"Fn::GetAtt": ["Inner", "DomainName"]})]
    topology = read(tmp_path, {"Inner": inner, "Outer": distribution(outer, behavior("inner"))})

    said = [one.what for one in drill(topology, Outage(resource="Inner")).settled]
    assert said == ["it is a distribution that always answers: what is behind it is not played"]


def _at_website(*, beside: bool) -> dict[str, Any]:
    """A name that leads to the website endpoint of a bucket if a distribution fails, or always."""
    named = {"HostedZoneId": {"Ref": "Zone"}, "Name": "www.example.com", "Type": "A"}
    website = {"DNSName": "s3-website-us-west-2.amazonaws.com", "HostedZoneId": "Z3BJ6K6RIION7M"}
    front = {"DNSName": {"Fn::GetAtt": ["Site", "DomainName"]}, "HostedZoneId": "Z2FDTNDATAQYW2"}
    pair_of = {
        "Primary": {
            "Failover": "PRIMARY",
            "SetIdentifier": "p",
            "HealthCheckId": {"Ref": "Check"},
            "AliasTarget": front,
        },
        "Standby": {"Failover": "SECONDARY", "SetIdentifier": "s", "AliasTarget": website},
    }
    records = pair_of if beside else {"Only": {"AliasTarget": website}}
    made = {name: {"Type": "AWS::Route53::RecordSet", "Properties": {**named, **own}} for name, own in records.items()}
    site = {"Site": distribution([origin("app", OUTSIDE)], behavior("app")), "Check": check(OUTSIDE)}
    return {"Zone": ZONE, **made, **(site if beside else {})}


@pytest.mark.parametrize(("beside", "status"), [(True, 0), (False, 200)])
def test_a_website_endpoint_does_not_take_over_from_https(tmp_path: Path, status: int, *, beside: bool) -> None:
    outage = Outage(name=OUTSIDE, symptom="errors") if beside else Outage(kind="checkers")
    site = _played(read(tmp_path, _at_website(beside=beside)), outage)

    assert _statuses(site, 300) == {status: 1}


def test_who_asks_a_private_zone_is_taken_to_be_in_its_vpcs(tmp_path: Path) -> None:
    inside = {"VPCs": [{"VPCId": "vpc-1", "VPCRegion": "us-east-1"}]}
    resources = {key: value for key, value in pair().items() if key != "Site"}
    zone = {"Type": ZONE["Type"], "Properties": {"Name": "example.com", **inside}}

    for given, told in ((ZONE, 0), (zone, 1)):
        result = drill(read(tmp_path, {**resources, "Zone": given}), Outage(name=PRIMARY))
        assert [one.what.partition(":")[0] for one in result.settled].count("its zone is private") == told


def test_what_the_checkers_tell_once_they_are_back_is_told_of_which_check(tmp_path: Path) -> None:
    outages = (Outage(kind="checkers", lasts=120), Outage(name=PRIMARY, symptom="refused", lasts=600))
    site = _played(read(tmp_path, pair()), *outages)

    assert "health check site/Check is told of again, as unhealthy" in {change.what for change in site.story}


@pytest.mark.parametrize(("port", "protocol", "status"), [(80, "HTTP", 503), (443, "HTTPS", 503), (8443, "HTTPS", 0)])
def test_who_asks_a_load_balancer_of_http_alone_asks_over_http(
    tmp_path: Path, port: int, protocol: str, status: int
) -> None:
    targets = {"Port": 80, "Protocol": "HTTP", "TargetType": "ip", "VpcId": "vpc-1", "Targets": [{"Id": "10.0.0.1"}]}
    forward = {"Type": "forward", "TargetGroupArn": {"Ref": "Targets"}}
    listener = {"Port": port, "Protocol": protocol, "LoadBalancerArn": {"Ref": "Balancer"}, "DefaultActions": [forward]}
    service = "AWS::ElasticLoadBalancingV2"
    resources = {
        "Balancer": {"Type": f"{service}::LoadBalancer", "Properties": {"Scheme": "internet-facing"}},
        "Targets": {"Type": f"{service}::TargetGroup", "Properties": targets},
        "Listener": {"Type": f"{service}::Listener", "Properties": listener},
    }
    site = _played(read(tmp_path, resources), Outage(resource="Targets", symptom="errors"))

    assert _statuses(site, 60) == {200 if status else 0: 1}
    assert _statuses(site, 300) == {status: 1}


def test_without_an_outage_a_primary_of_unknown_name_asks_for_one(tmp_path: Path) -> None:
    resources = {"Site": distribution([origin("app", "", DomainName={"Ref": "Host"})], behavior("app"))}
    path = tmp_path / "site.json"
    path.write_text(json.dumps({"Parameters": {"Host": {"Type": "String"}}, "Resources": resources}), encoding="utf-8")

    with pytest.raises(ScenarioError, match=r"no outage was given, and what the primary is cannot be told of"):
        drill(path)


def test_connections_that_stay_are_told_with_what_they_hold_back(tmp_path: Path) -> None:
    """An hour of keep-alive: DNS moves, and no request follows before the fault ends."""
    resources = {
        **pair(),
        "Balancer": {"Type": "AWS::ElasticLoadBalancingV2::LoadBalancer", "Properties": {"Subnets": ["subnet-1"]}},
        "Listener": {
            "Type": "AWS::ElasticLoadBalancingV2::Listener",
            "Properties": {
                "LoadBalancerArn": {"Ref": "Balancer"},
                "Port": 80,
                "Protocol": "HTTP",
                "DefaultActions": [{"Type": "forward", "TargetGroupArn": {"Ref": "Group"}}],
            },
        },
        "Group": {
            "Type": "AWS::ElasticLoadBalancingV2::TargetGroup",
            "Properties": {"TargetType": "instance", "Port": 80, "Protocol": "HTTP", "Targets": [{"Id": "i-1"}]},
        },
    }
    name = {"Fn::GetAtt": ["Balancer", "DNSName"]}
    resources["Primary"]["Properties"]["ResourceRecords"] = [name]
    resources["Check"]["Properties"]["HealthCheckConfig"]["FullyQualifiedDomainName"] = name
    [site] = drill(read(tmp_path, resources), Outage(resource="Balancer", symptom="errors")).sites

    assert all(one.recovered is None for one in site.summaries)
    assert [change.kind for change in site.story] == ["outage", "check", "held", "recovery"]
    assert site.story[2].what == f"{NAME} leads elsewhere, and connections that are open stay for up to 1 h"


@pytest.mark.parametrize(
    ("routes", "stage", "asked"),
    [
        (["GET /x"], "$default", {("GET", "/x")}),
        (["GET /items/{id}", "POST /items"], "$default", {("GET", "/items/drill"), ("POST", "/items")}),
        (["ANY /a"], "prod", {("GET", "/prod/a"), ("POST", "/prod/a")}),
        (["$default"], "$default", {("GET", "/"), ("POST", "/")}),
        (["DELETE /x"], "$default", {("GET", "/")}),
    ],
)
def test_an_api_is_asked_what_it_answers(
    tmp_path: Path, routes: list[str], stage: str, asked: set[tuple[str, str]]
) -> None:
    resources: dict[str, Any] = {
        "Api": {"Type": "AWS::ApiGatewayV2::Api", "Properties": {"Name": "api", "ProtocolType": "HTTP"}},
        "Stage": {"Type": "AWS::ApiGatewayV2::Stage", "Properties": {"ApiId": {"Ref": "Api"}, "StageName": stage}},
    }
    for number, key in enumerate(routes):
        properties = {"ApiId": {"Ref": "Api"}, "RouteKey": key}
        resources[f"Route{number}"] = {"Type": "AWS::ApiGatewayV2::Route", "Properties": properties}
    [site] = drill(read(tmp_path, resources, "eu-west-1"), Outage(region="eu-west-1")).sites

    assert {(way.way.method, way.way.path) for way in site.ways} == asked


@pytest.mark.parametrize("same", [True, False])
def test_aaaa_records_that_differ_are_said_not_to_be_played(tmp_path: Path, same: bool) -> None:
    resources = pair()
    for half in ("Primary", "Standby"):
        resources[half]["Properties"] |= {"Type": "A", "ResourceRecords": ["192.0.2.1"]}
        resources[f"{half}6"] = {**resources[half], "Properties": {**resources[half]["Properties"], "Type": "AAAA"}}
    if not same:
        del resources["Standby6"]
    result = drill(read(tmp_path, resources), Outage(name="192.0.2.1"))

    assert any("AAAA" in one.what for one in result.settled) is not same


def test_too_much_that_is_left_to_chance_is_refused_and_has_an_end(tmp_path: Path) -> None:
    outages = [
        Outage(name=name, symptom=symptom, share="50%", latency=1)
        for name in (PRIMARY, STANDBY)
        for symptom in ("slow", "errors", "silent", "refused")
    ]
    scenario = Scenario(traffic=Traffic(client=Client(retries=10)))

    with pytest.raises(ScenarioError, match="give a share to fewer outages at once, or the client fewer retries"):
        drill(read(tmp_path, grouped()), *outages, scenario=scenario)
