"""The arithmetic of recovery is that of the constructs: the catalog's figures come out of the templates alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ha_patterns.catalog import CATALOG
from ha_patterns.semantics.recovery_time import recoveries
from ha_patterns.topology.loading import load
from ha_patterns.topology.values import Unresolved

from ..checks.documents import Resources, get, ref, reference_stacks, regions_of, resource, topology
from ..topology.loading import write_assembly

# Not in a template: what the function keeps an answer for; that a stale copy is served; what S3 and a shift take.
_IN_THE_FUNCTION = {"bucket-dns-failover": 5, "home-region": 5}
_FOLLOWS = " + 10 s until the accelerator follows"
_NOT_IN_TEMPLATES = {"stale-content", "zonal-shift", "multi-region-access-point"}


@pytest.mark.parametrize(
    ("name", "seconds"),
    [
        (pattern.name, pattern.failover_seconds - _IN_THE_FUNCTION.get(pattern.name, 0))
        for pattern in CATALOG
        if pattern.failover_seconds is not None and pattern.name not in _NOT_IN_TEMPLATES
    ],
)
def test_a_reference_stack_takes_as_long_as_the_catalog_says(tmp_path: Path, name: str, seconds: int) -> None:
    # Stacks know each other by name.
    assembly = load(write_assembly(tmp_path, reference_stacks(name), regions_of(name)))

    spans = [recovery.span for recovery in recoveries(assembly)]

    assert max(span.seconds for span in spans if isinstance(span.seconds, int)) == seconds
    assert not [span for span in spans if isinstance(span.seconds, Unresolved)]


def _spans(folder: Path, resources: Resources) -> list[tuple[Any, str]]:
    found = recoveries(topology(folder, resources, Parameters={"Given": {"Type": "String"}}))
    return [(one.span.seconds, one.span.terms) for one in found]


def _group(primary: dict[str, Any]) -> Resources:
    origins = [{"Id": name, "DomainName": f"{name}.example.com", **primary} for name in ("a", "b")]
    group = {"Id": "g", "Members": {"Items": [{"OriginId": "a"}, {"OriginId": "b"}]}}
    config = {"Origins": origins, "OriginGroups": {"Items": [group]}}
    return {"Site": resource("CloudFront::Distribution", {"DistributionConfig": config})}


@pytest.mark.parametrize(
    ("primary", "span"),
    [
        ({"CustomOriginConfig": {}}, (120, "3 attempts x (10 s to connect + 30 s to answer)")),
        ({"S3OriginConfig": {}}, (120, "3 attempts x (10 s to connect + 30 s to answer)")),
        (
            {"ConnectionAttempts": 1, "ConnectionTimeout": 2, "CustomOriginConfig": {"OriginReadTimeout": 3}},
            (5, "1 attempt x (2 s to connect + 3 s to answer)"),
        ),
        (
            {"ResponseCompletionTimeout": 20, "CustomOriginConfig": {}},
            (20, "20 s, after which CloudFront ends all attempts"),
        ),
        (
            {"ResponseCompletionTimeout": 500, "CustomOriginConfig": {}},
            (120, "3 attempts x (10 s to connect + 30 s to answer)"),
        ),
    ],
)
def test_a_primary_is_waited_for_at_every_attempt(
    tmp_path: Path, primary: dict[str, Any], span: tuple[int, str]
) -> None:
    assert _spans(tmp_path, _group(primary)) == [span]


def test_a_setting_that_nobody_knows_makes_the_sum_unknown(tmp_path: Path) -> None:
    ((seconds, _),) = _spans(tmp_path, _group({"ConnectionAttempts": ref("Given"), "CustomOriginConfig": {}}))

    assert isinstance(seconds, Unresolved)


def _check(kind: str = "HTTPS", **config: Any) -> dict[str, Any]:
    return resource("Route53::HealthCheck", {"HealthCheckConfig": {"Type": kind, **config}})


def _record(name: str = "www.example.com", check: Any = None, **properties: Any) -> dict[str, Any]:
    answer = {} if "AliasTarget" in properties else {"TTL": "30", "ResourceRecords": ["192.0.2.1"]}
    return resource(
        "Route53::RecordSet",
        {
            "HostedZoneName": "example.com.",
            "Name": name,
            "Type": "A",
            **answer,
            **({"HealthCheckId": ref(check)} if check else {}),
            **properties,
        },
    )


def _alias(name: Any, *, health: bool) -> dict[str, Any]:
    return {"DNSName": name, "HostedZoneId": "Z0123456789ABCDEFGHIJ", "EvaluateTargetHealth": health}


def _alarm(**properties: Any) -> dict[str, Any]:
    return resource("CloudWatch::Alarm", {"AlarmName": "errors", "Period": 60, "EvaluationPeriods": 3, **properties})


@pytest.mark.parametrize(
    ("check", "seconds", "terms"),
    [
        (_check(), 143, "3 probes x (30 s + 6 s to fail) + 5 s in Route 53 + TTL 30 s"),
        (
            _check(RequestInterval=10, FailureThreshold=1),
            51,
            "1 probe x (10 s + 6 s to fail) + 5 s in Route 53 + TTL 30 s",
        ),
        (
            _check("TCP", RequestInterval=10, FailureThreshold=3),
            95,
            "3 probes x (10 s + 10 s to fail) + 5 s in Route 53 + TTL 30 s",
        ),
        (
            _check("RECOVERY_CONTROL", RoutingControlArn="arn"),
            45,
            "15 s until the routing control is followed + TTL 30 s",
        ),
        (
            _check("CLOUDWATCH_METRIC", AlarmIdentifier={"Name": ref("Alarm"), "Region": "us-east-1"}),
            275,
            "60 s x 4 alarm periods, the first of which may not breach + 5 s in Route 53 + TTL 30 s",
        ),
        (
            _check(
                "CLOUDWATCH_METRIC",
                AlarmIdentifier={"Name": ref("Alarm"), "Region": "us-east-1"},
                InsufficientDataHealthStatus="Unhealthy",
            ),
            455,
            "60 s x 7 alarm periods, since data may stop + 5 s in Route 53 + TTL 30 s",
        ),
        (
            _check(
                "CLOUDWATCH_METRIC",
                AlarmIdentifier={"Name": ref("Alarm"), "Region": "us-east-1"},
                InsufficientDataHealthStatus="Unhealthy",
                Inverted=True,
            ),
            275,
            "60 s x 4 alarm periods, the first of which may not breach + 5 s in Route 53 + TTL 30 s",
        ),
        (
            _check("CLOUDWATCH_METRIC", AlarmIdentifier={"Name": ref("Breaching"), "Region": "us-east-1"}),
            395,
            "60 s x 6 alarm periods, since data may stop + 5 s in Route 53 + TTL 30 s",
        ),
        (
            _check("CALCULATED", ChildHealthChecks=[ref("Fast"), ref("Slow")]),
            143,
            "3 probes x (30 s + 6 s to fail) + 5 s in Route 53 + TTL 30 s",
        ),
    ],
)
def test_a_failover_takes_the_check_and_then_the_ttl(
    tmp_path: Path, check: dict[str, Any], seconds: int, terms: str
) -> None:
    resources = {
        "Alarm": _alarm(),
        "Breaching": _alarm(AlarmName="other", EvaluationPeriods=2, TreatMissingData="breaching"),
        "Fast": _check(RequestInterval=10),
        "Slow": _check(RequestInterval=30),
        "Check": check,
        "Primary": _record(check="Check", Failover="PRIMARY", SetIdentifier="a"),
        # It is never left for the primary in an outage of the primary.
        "Standby": _record(check="Slow", Failover="SECONDARY", SetIdentifier="b"),
    }

    assert _spans(tmp_path, resources) == [(seconds, terms)]


@pytest.mark.parametrize(("threshold", "seconds"), [(2, 48), (1, 120)])
def test_probes_are_enough_where_all_children_must_be_healthy(tmp_path: Path, threshold: int, seconds: int) -> None:
    resources = {
        "Alarm": _alarm(EvaluationPeriods=1),
        "Fast": _check(RequestInterval=10),
        "Switch": _check(
            "CLOUDWATCH_METRIC",
            AlarmIdentifier={"Name": ref("Alarm"), "Region": "us-east-1"},
            InsufficientDataHealthStatus="LastKnownStatus",
        ),
        "Check": _check("CALCULATED", ChildHealthChecks=[ref("Fast"), ref("Switch")], HealthThreshold=threshold),
        "Primary": _record(check="Check", Failover="PRIMARY", SetIdentifier="a"),
        "Standby": _record(check="Fast", Failover="SECONDARY", SetIdentifier="b"),
    }

    assert [found for found, _ in _spans(tmp_path, resources)] == [seconds + 5 + 30]


@pytest.mark.parametrize(
    ("check", "unknown"),
    [
        (_check(RequestInterval=ref("Given")), "Given"),
        (_check(ref("Given")), "Given"),  # type: ignore[arg-type]
        (_check("CLOUDWATCH_METRIC", AlarmIdentifier={"Name": "elsewhere", "Region": "us-east-1"}), "elsewhere"),
        (_check("CALCULATED", ChildHealthChecks=["11111111-2222-3333-4444-555555555555"]), "11111111-2222"),
    ],
)
def test_a_check_that_nobody_knows_makes_the_sum_unknown(tmp_path: Path, check: dict[str, Any], unknown: str) -> None:
    resources = {"Check": check, "Primary": _record(check="Check", Failover="PRIMARY", SetIdentifier="a")}

    ((seconds, _),) = _spans(tmp_path, resources)

    assert isinstance(seconds, Unresolved)
    assert unknown in seconds.waits_for


@pytest.mark.parametrize(
    "record",
    [
        _record(Failover="PRIMARY", SetIdentifier="a"),
        _record(check="Disabled", Failover="PRIMARY", SetIdentifier="a"),
        _record(check="Check"),
        _record(AliasTarget=_alias("x.example.com", health=False), Failover="PRIMARY", SetIdentifier="a"),
        _record(check="Check", Weight=1, SetIdentifier="alone"),
    ],
)
def test_what_is_never_left_is_left_out(tmp_path: Path, record: dict[str, Any]) -> None:
    assert not _spans(tmp_path, {"Check": _check(), "Disabled": _check(Disabled=True), "Record": record})


def test_a_latency_record_alone_may_have_others_in_other_stacks(tmp_path: Path) -> None:
    resources = {"Check": _check(), "Record": _record(check="Check", Region="eu-west-1", SetIdentifier="alone")}

    assert [seconds for seconds, _ in _spans(tmp_path, resources)] == [143]


def test_each_record_of_a_set_is_left_in_its_own_time_but_one_without_weight(tmp_path: Path) -> None:
    resources = {
        "Fast": _check(RequestInterval=10),
        "Slow": _check(RequestInterval=30),
        "A": _record(check="Fast", Weight=1, SetIdentifier="a"),
        "B": _record(check="Slow", Weight=1, SetIdentifier="b"),
        "C": _record(check="Slow", Weight=0, SetIdentifier="c"),
    }

    assert [seconds for seconds, _ in _spans(tmp_path, resources)] == [83, 143]


def test_an_alias_to_records_is_left_when_all_of_them_are_unhealthy(tmp_path: Path) -> None:
    resources = {
        "Fast": _check(RequestInterval=10),
        "Slow": _check(RequestInterval=30),
        "One": _record("eu.example.com", "Fast", Failover="PRIMARY", SetIdentifier="a"),
        "Two": _record("eu.example.com", "Slow", Failover="SECONDARY", SetIdentifier="b"),
        "Eu": _record(AliasTarget=_alias("eu.example.com", health=True), Region="eu-west-1", SetIdentifier="eu"),
        "Us": _record(check="Fast", Region="us-east-1", SetIdentifier="us"),
    }

    spans = _spans(tmp_path, resources)

    assert (143, "3 probes x (30 s + 6 s to fail) + 5 s in Route 53 + TTL 30 s") in spans
    assert [seconds for seconds, _ in spans] == [83, 143, 83]

    resources["Two"]["Properties"].pop("HealthCheckId")
    assert [seconds for seconds, _ in _spans(tmp_path, resources)] == [83, 83]


def test_records_that_lead_to_each_other_in_a_circle_end(tmp_path: Path) -> None:
    resources = {
        "A": _record("a.example.com", AliasTarget=_alias("b.example.com", health=True), Weight=1, SetIdentifier="a"),
        "B": _record("b.example.com", AliasTarget=_alias("a.example.com", health=True), Weight=1, SetIdentifier="b"),
        "C": _record("a.example.com", AliasTarget=_alias("a.example.com", health=True), Weight=1, SetIdentifier="c"),
    }

    assert _spans(tmp_path, resources) is not None


def _balancer(**group: Any) -> Resources:
    return {
        "Balancer": resource("ElasticLoadBalancingV2::LoadBalancer", {"Subnets": ["a", "b"]}),
        "Listener": resource(
            "ElasticLoadBalancingV2::Listener",
            {
                "LoadBalancerArn": ref("Balancer"),
                "DefaultActions": [{"TargetGroupArn": ref("Group")}],
            },
        ),
        "Group": resource("ElasticLoadBalancingV2::TargetGroup", {"Protocol": "HTTP", **group}),
    }


@pytest.mark.parametrize(
    ("group", "span"),
    [
        ({}, (130, "30 s x 2 probes + 5 s for the last to fail + 5 s in Route 53 + TTL 60 s")),
        (
            {"HealthCheckIntervalSeconds": 10, "UnhealthyThresholdCount": 3},
            (100, "10 s x 3 probes + 5 s for the last to fail + 5 s in Route 53 + TTL 60 s"),
        ),
    ],
)
def test_an_alias_follows_the_targets_of_a_load_balancer(
    tmp_path: Path, group: dict[str, Any], span: tuple[int, str]
) -> None:
    alias = _alias(get("Balancer", "DNSName"), health=True)
    resources = {**_balancer(**group), "Primary": _record(AliasTarget=alias, Failover="PRIMARY", SetIdentifier="a")}

    assert _spans(tmp_path, resources) == [span]


@pytest.mark.parametrize(
    ("endpoints", "span"),
    [
        ([ref("Balancer")], (75, f"30 s x 2 probes + 5 s for the last to fail{_FOLLOWS}")),
        (["eipalloc-0123456789abcdef0"], (70, f"3 probes x (10 s + 10 s to fail){_FOLLOWS}")),
        ([ref("Balancer"), "i-0123456789abcdef0"], (75, f"30 s x 2 probes + 5 s for the last to fail{_FOLLOWS}")),
    ],
)
def test_an_accelerator_asks_load_balancers_for_their_targets(
    tmp_path: Path, endpoints: list[Any], span: tuple[int, str]
) -> None:
    group = resource(
        "GlobalAccelerator::EndpointGroup",
        {
            "EndpointGroupRegion": "us-east-1",
            "HealthCheckIntervalSeconds": 10,
            "EndpointConfigurations": [{"EndpointId": one} for one in endpoints],
        },
    )

    assert _spans(tmp_path, {**_balancer(), "Endpoints": group}) == [span]


def test_a_load_balancer_whose_targets_are_not_checked_is_never_left(tmp_path: Path) -> None:
    alias = _alias(get("Balancer", "DNSName"), health=True)
    primary = _record(AliasTarget=alias, Failover="PRIMARY", SetIdentifier="a")
    configurations = {"EndpointConfigurations": [{"EndpointId": ref("Balancer")}, {"EndpointId": "i-0"}]}
    group = resource("GlobalAccelerator::EndpointGroup", {"EndpointGroupRegion": "us-east-1", **configurations})
    unchecked = _balancer(HealthCheckEnabled=False)

    assert not _spans(tmp_path, {**unchecked, "Primary": primary, "Endpoints": group})


def test_a_load_balancer_is_left_by_its_target_group_that_is_checked(tmp_path: Path) -> None:
    alias = _alias(get("Balancer", "DNSName"), health=True)
    other = {"LoadBalancerArn": ref("Balancer"), "DefaultActions": [{"TargetGroupArn": ref("Unchecked")}]}
    resources = {
        **_balancer(),
        "Other": resource("ElasticLoadBalancingV2::Listener", other),
        "Unchecked": resource("ElasticLoadBalancingV2::TargetGroup", {"Protocol": "HTTP", "HealthCheckEnabled": False}),
        "Primary": _record(AliasTarget=alias, Failover="PRIMARY", SetIdentifier="a"),
    }

    assert [seconds for seconds, _ in _spans(tmp_path, resources)] == [130]


@pytest.mark.parametrize(
    "endpoint", [ref("Given"), "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/a/b"]
)
def test_an_endpoint_that_nobody_knows_makes_the_sum_unknown(tmp_path: Path, endpoint: Any) -> None:
    configurations = {"EndpointConfigurations": [{"EndpointId": endpoint}, {"EndpointId": "i-0", "Weight": 0}]}
    group = resource("GlobalAccelerator::EndpointGroup", {"EndpointGroupRegion": "us-east-1", **configurations})

    ((seconds, _),) = _spans(tmp_path, {"Endpoints": group})

    assert isinstance(seconds, Unresolved)


@pytest.mark.parametrize(("zone", "known"), [("Z32O12XQLNTSW2", True), ("Z1", False), (ref("Given"), False)])
def test_the_ttl_of_a_resource_of_aws_is_known_though_its_name_is_not(tmp_path: Path, zone: Any, known: bool) -> None:
    record = {
        "HostedZoneId": "Z1",
        "Name": "www.example.com",
        "Type": "A",
        "Failover": "PRIMARY",
        "HealthCheckId": ref("Check"),
        "AliasTarget": {"DNSName": ref("Given"), "HostedZoneId": zone},
    }
    check = {"HealthCheckConfig": {"Type": "TCP", "IPAddress": "192.0.2.1", "Port": 80}}
    resources = {
        "Record": resource("Route53::RecordSet", record),
        "Check": resource("Route53::HealthCheck", check),
    }

    [(seconds, _)] = _spans(tmp_path, resources)
    assert isinstance(seconds, int) == known
