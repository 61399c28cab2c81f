"""Constructs and checks say the same of what AWS does: points on which they once differed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from aws_cdk import aws_route53 as route53

from ha_patterns import (
    CalculatedHealthCheck,
    EdgeFunction,
    Endpoint,
    ErrorPages,
    OriginSettings,
    RoutingInputs,
)
from ha_patterns.checks import check
from ha_patterns.semantics.recovery_time import origin_wait
from ha_patterns.topology import Origin, load

from .checks.documents import Resources, messages, ref, resource
from .checks.edge_documents import origin, site
from .checks.test_edge_routing import function_site
from .samples import latency_routing, new_stack, primary_host, refused_synth, secondary_host

_ALL_BUT_HOST = cloudfront.OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER


def _found(stack: cdk.Stack) -> Iterator[str]:
    """The ids of what the checks find in the template of a stack."""
    assembly = cdk.App.of(stack).synth()  # type: ignore[union-attr]
    yield from (finding.rule.id for finding in check(load(Path(assembly.directory))).findings)


def _router(stack: cdk.Stack, inputs: RoutingInputs, **given: Any) -> cloudfront.Distribution:
    """A distribution with a function that chooses by what it reads."""
    function = EdgeFunction(
        stack,
        "Function",
        function="graceful_response",
        event_type=cloudfront.LambdaEdgeEventType.ORIGIN_REQUEST,
        configuration={},
        inputs=inputs,
    )
    behavior = function.behavior(primary_host().origin(), **given)
    return cloudfront.Distribution(stack, "Site", default_behavior=behavior)


@pytest.mark.parametrize(("cookie", "is_read"), [("plan", True), ("Plan", False)])
def test_the_name_of_a_cookie_differs_by_its_case(tmp_path: Path, cookie: str, is_read: bool) -> None:
    stack = new_stack()
    policy = cloudfront.CachePolicy(stack, "Key", cookie_behavior=cloudfront.CacheCookieBehavior.allow_list("plan"))
    _router(stack, RoutingInputs(cookies=[cookie]), cache_policy=policy)

    if is_read:
        assert "HA112" not in set(_found(stack))
        return
    assert f"does not have cookie {cookie} in its cache key" in refused_synth(stack)

    reads = {"cookies": [cookie]}
    keyed = resource(
        "CloudFront::CachePolicy",
        {
            "CachePolicyConfig": {
                "ParametersInCacheKeyAndForwardedToOrigin": {
                    "CookiesConfig": {"CookieBehavior": "whitelist", "Cookies": ["plan"]}
                }
            }
        },
    )
    assert messages("HA112", tmp_path, {**function_site(reads, cache=ref("Key")), "Key": keyed})


def test_an_error_page_is_asked_of_the_behavior_of_its_normal_path() -> None:
    stack = new_stack()
    with pytest.raises(ValueError, match=r"pages must be paths that path_pattern /errors/\* matches"):
        ErrorPages(stack, "Pages", pages={503: "/errors/../down.html"})
    ErrorPages(stack, "Others", pages={503: "/other/../errors/down.html"})


def test_all_but_the_host_sends_where_the_viewer_is(tmp_path: Path) -> None:
    stack = new_stack()
    inputs = RoutingInputs(headers=["CloudFront-Viewer-Country"])
    _router(stack, inputs, origin_request_policy=_ALL_BUT_HOST)

    assert "HA112" not in set(_found(stack))


@pytest.mark.parametrize(("children", "accepted"), [(256, True), (257, False)])
def test_a_calculated_check_has_at_most_256_children(tmp_path: Path, children: int, accepted: bool) -> None:
    stack = new_stack()
    ids = [f"id-{number}" for number in range(children)]
    checks = [route53.HealthCheck.from_health_check_id(stack, f"C-{name}", name) for name in ids]
    with nullcontext() if accepted else pytest.raises(ValueError, match="child_health_checks must be 1 to 256"):
        CalculatedHealthCheck(stack, "Check", child_health_checks=checks)

    config = {"Type": "CALCULATED", "HealthThreshold": 1, "ChildHealthChecks": ids}
    resources = {"Check": resource("Route53::HealthCheck", {"HealthCheckConfig": config})}
    assert bool(messages("HA222", tmp_path, resources)) is not accepted


@pytest.mark.parametrize(("address", "public"), [("198.18.0.1", False), ("198.51.100.1", True), ("100::1", False)])
def test_an_address_for_measurements_is_not_public(tmp_path: Path, address: str, public: bool) -> None:
    version = 6 if ":" in address else 4
    with nullcontext() if public else pytest.raises(ValueError, match="it cannot be reached over the internet"):
        Endpoint.http_host("a.example.com", **{f"ipv{version}_addresses": [address]})  # type: ignore[arg-type]

    config = {"Type": "TCP", "Port": 443, "IPAddress": address}
    resources = {"Check": resource("Route53::HealthCheck", {"HealthCheckConfig": config})}
    assert bool(messages("HA226", tmp_path, resources)) is not public


@pytest.mark.parametrize("shield", [None, "eu-west-1"])
def test_a_latency_name_behind_origin_shield_is_refused_and_found(tmp_path: Path, shield: str | None) -> None:
    stack = new_stack()
    routing = latency_routing(stack)
    shielded = origins.HttpOrigin(
        routing.domain_name, origin_shield_enabled=shield is not None, origin_shield_region=shield
    )
    cloudfront.Distribution(stack, "Site", default_behavior=cloudfront.BehaviorOptions(origin=shielded))

    if shield is None:
        assert "HA025" not in set(_found(stack))
    else:
        assert "asks the latency name" in refused_synth(stack)
        turned_on = {"Enabled": True, "OriginShieldRegion": shield}
        assert messages("HA025", tmp_path, _latency_site(turned_on)) == [
            "origin api asks the latency name api.example.com through Origin Shield in eu-west-1"
        ]


def _latency_site(shield: dict[str, Any]) -> Resources:
    record = {"HostedZoneId": ref("Zone"), "Name": "api.example.com", "Type": "CNAME", "TTL": "60"}
    return {
        **site([origin("api", OriginShield=shield)]),
        "Zone": resource("Route53::HostedZone", {"Name": "example.com"}),
        **{
            f"Record{number}": resource(
                "Route53::RecordSet",
                {**record, "SetIdentifier": region, "Region": region, "ResourceRecords": [f"{region}.example.com"]},
            )
            for number, region in enumerate(("eu-west-1", "us-east-1"))
        },
    }


@pytest.mark.parametrize(("method", "seconds"), [("GET", 60), ("POST", 46)])
def test_a_write_waits_for_one_answer(tmp_path: Path, method: str, seconds: int) -> None:
    settings = OriginSettings(
        connection_attempts=2,
        connection_timeout=cdk.Duration.seconds(8),
        response_timeout=cdk.Duration.seconds(22 if method == "GET" else 30),
    )
    stack = new_stack()
    cloudfront.Distribution(
        stack, "Site", default_behavior=cloudfront.BehaviorOptions(origin=secondary_host().origin(settings))
    )
    [found] = load(Path(cdk.App.of(stack).synth().directory)).of(Origin)  # type: ignore[union-attr]

    assert settings.worst_case_wait(method).to_seconds() == origin_wait(found, method).seconds == seconds
