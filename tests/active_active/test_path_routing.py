"""The path of a request says which origin answers."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as cloudfront_origins
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns
from aws_cdk.assertions import Template

from ha_patterns import Endpoint, FailoverOriginGroup, OriginSettings, PathRoute

from ..samples import (
    TOPIC_ARN,
    Properties,
    distribution_config,
    dns_failover,
    group_members,
    latency_routing,
    new_stack,
    only,
    origin,
    path_routing,
    primary_host,
    refused_synth,
    secondary_host,
    warnings_of,
    zone_of,
)

_ALL = {"GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"}
_NO_CACHE = cloudfront.CachePolicy.CACHING_DISABLED.cache_policy_id
_CACHED = cloudfront.CachePolicy.CACHING_OPTIMIZED.cache_policy_id
_ALL_BUT_HOST = cloudfront.OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER.origin_request_policy_id
_QUOTA = "@ha-patterns/path-routing:quota"


def _config(stack: cdk.Stack) -> Properties:
    return distribution_config(Template.from_stack(stack))


def _names(config: Properties) -> list[tuple[str, str]]:
    """Path pattern and name of the origin, in the order of the template, the default last."""
    behaviors = [*config.get("CacheBehaviors", ()), config["DefaultCacheBehavior"]]
    return [
        (behavior.get("PathPattern", "*"), origin(config, behavior["TargetOriginId"])["DomainName"])
        for behavior in behaviors
    ]


def _behavior(stack: cdk.Stack, to: Any, **given: Any) -> tuple[Properties, Properties]:
    """The behavior of one route, and the whole configuration."""
    path_routing(stack, routes=[PathRoute(path="/it/*", to=to, **given), PathRoute(path="*", to=primary_host())])
    config = _config(stack)
    [behavior] = config["CacheBehaviors"]
    return behavior, config


def _group() -> FailoverOriginGroup:
    return FailoverOriginGroup(primary=primary_host(), secondary=secondary_host())


def _bucket(stack: cdk.Stack) -> Endpoint:
    return Endpoint.bucket(s3.Bucket(stack, "Content"))


def test_routes_keep_their_order_and_the_last_is_the_default(stack: cdk.Stack) -> None:
    hosts = [Endpoint.http_host(f"{name}.example.com") for name in ("a", "b", "c")]
    paths = ["/api/v1/*", "/api/*", "*"]

    path_routing(stack, routes=[PathRoute(path=path, to=host) for path, host in zip(paths, hosts, strict=True)])

    assert _names(_config(stack)) == [
        ("/api/v1/*", "a.example.com"),
        ("/api/*", "b.example.com"),
        ("*", "c.example.com"),
    ]


def test_patterns_of_digits_keep_their_order_too(stack: cdk.Stack) -> None:
    host = primary_host()

    path_routing(stack, routes=[PathRoute(path=path, to=host) for path in ("/a", "9", "1", "*")])

    assert [path for path, _ in _names(_config(stack))] == ["/a", "/9", "/1", "*"]


def test_routes_to_one_endpoint_share_its_origin(stack: cdk.Stack) -> None:
    host, patient = primary_host(), OriginSettings(response_timeout=cdk.Duration.seconds(90))
    routes = [
        PathRoute(path="/a", to=host),
        PathRoute(path="/b", to=host),
        PathRoute(path="/slow", to=host, settings=patient),
        PathRoute(path="*", to=host),
    ]

    path_routing(stack, routes=routes)

    waits = [each["CustomOriginConfig"]["OriginReadTimeout"] for each in _config(stack)["Origins"]]
    assert sorted(waits) == [60, 90]


def test_an_endpoint_takes_all_methods_uncached_and_gets_its_own_host(stack: cdk.Stack) -> None:
    behavior, config = _behavior(stack, secondary_host())

    assert set(behavior["AllowedMethods"]) == _ALL
    assert behavior["CachePolicyId"] == _NO_CACHE
    assert behavior["OriginRequestPolicyId"] == _ALL_BUT_HOST
    assert behavior["ViewerProtocolPolicy"] == "redirect-to-https"
    assert origin(config, behavior["TargetOriginId"])["CustomOriginConfig"]["OriginReadTimeout"] == 60


def test_a_group_is_read_and_fails_over(stack: cdk.Stack) -> None:
    behavior, config = _behavior(stack, _group())

    assert set(behavior["AllowedMethods"]) == {"GET", "HEAD"}
    assert behavior["OriginRequestPolicyId"] == _ALL_BUT_HOST
    assert [member["DomainName"] for member in group_members(config, behavior["TargetOriginId"])] == [
        "primary.example.com",
        "secondary.example.com",
    ]


def test_a_group_that_takes_options_caches_them_so_that_they_fail_over(stack: cdk.Stack) -> None:
    behavior, _ = _behavior(stack, _group(), methods=cloudfront.AllowedMethods.ALLOW_GET_HEAD_OPTIONS)

    assert behavior["CachedMethods"] == ["GET", "HEAD", "OPTIONS"]


def test_a_group_that_takes_writes_is_refused_at_synth(stack: cdk.Stack) -> None:
    routes = [
        PathRoute(path="/it/*", to=_group(), methods=cloudfront.AllowedMethods.ALLOW_ALL),
        PathRoute(path="*", to=primary_host()),
    ]
    path_routing(stack, routes=routes)

    assert (
        "behavior '/it/*' of Test/Paths/Edge/Distribution allows DELETE, PATCH, POST, PUT on an origin group"
        in refused_synth(stack)
    )


def test_a_bucket_is_read_cached_and_gets_nothing_that_viewers_send(stack: cdk.Stack) -> None:
    behavior, config = _behavior(stack, _bucket(stack))

    assert set(behavior["AllowedMethods"]) == {"GET", "HEAD"}
    assert behavior["CachePolicyId"] == _CACHED
    assert "OriginRequestPolicyId" not in behavior
    assert "OriginAccessControlId" in origin(config, behavior["TargetOriginId"])


@pytest.mark.parametrize("make", [dns_failover, latency_routing], ids=["DnsFailover", "LatencyRouting"])
def test_a_name_that_route_53_decides_takes_all_methods(stack: cdk.Stack, make: Any) -> None:
    zone = zone_of(stack)
    routing = make(stack, hosted_zone=zone)

    path_routing(
        stack,
        hosted_zone=zone,
        routes=[PathRoute(path="/it/*", to=routing), PathRoute(path="*", to=Endpoint.http_host("c.example.com"))],
    )

    config = _config(stack)
    [behavior] = config["CacheBehaviors"]
    assert origin(config, behavior["TargetOriginId"])["DomainName"] == routing.domain_name
    assert set(behavior["AllowedMethods"]) == _ALL


def test_an_origin_of_the_cdk_is_read_as_the_cdk_would(stack: cdk.Stack) -> None:
    behavior, config = _behavior(stack, cloudfront_origins.HttpOrigin("other.example.com"))

    assert set(behavior["AllowedMethods"]) == {"GET", "HEAD"}
    assert behavior["CachePolicyId"] == _CACHED
    assert origin(config, behavior["TargetOriginId"])["DomainName"] == "other.example.com"


def test_methods_and_policies_can_be_chosen(stack: cdk.Stack) -> None:
    behavior, _ = _behavior(
        stack,
        secondary_host(),
        methods=cloudfront.AllowedMethods.ALLOW_GET_HEAD,
        cache_policy=cloudfront.CachePolicy.CACHING_OPTIMIZED,
        origin_request_policy=(chosen := cloudfront.OriginRequestPolicy.CORS_CUSTOM_ORIGIN),
    )

    assert set(behavior["AllowedMethods"]) == {"GET", "HEAD"}
    assert behavior["CachePolicyId"] == _CACHED
    assert behavior["OriginRequestPolicyId"] == chosen.origin_request_policy_id


@pytest.mark.parametrize(("routes", "warned"), [(75, set()), (76, {("/Test/Paths", _QUOTA)})])
def test_more_behaviors_than_the_quota_are_warned_of(routes: int, warned: set[tuple[str, str]]) -> None:
    stack, host = new_stack(), primary_host()

    path_routing(
        stack, routes=[*(PathRoute(path=f"/{n}/*", to=host) for n in range(routes - 1)), PathRoute(path="*", to=host)]
    )

    assert warnings_of(stack) == warned


@pytest.mark.parametrize(("groups", "warned"), [(10, set()), (11, {("/Test/Paths", _QUOTA)})])
def test_more_groups_than_the_quota_are_warned_of(groups: int, warned: set[tuple[str, str]]) -> None:
    stack = new_stack()
    one = _group()

    path_routing(
        stack,
        routes=[
            PathRoute(path="/again/*", to=one),
            *(PathRoute(path=f"/{n}/*", to=_group()) for n in range(groups - 1)),
            PathRoute(path="*", to=one),
        ],
    )

    assert warnings_of(stack) == warned


def test_an_alarm_tells_of_errors(stack: cdk.Stack) -> None:
    path_routing(stack).add_alarms(sns.Topic.from_topic_arn(stack, "Topic", TOPIC_ARN))

    assert only(Template.from_stack(stack), "AWS::CloudWatch::Alarm")["MetricName"] == "5xxErrorRate"


def test_what_was_made_can_be_reached(stack: cdk.Stack) -> None:
    site = path_routing(stack)

    assert [route.path for route in site.routes] == ["/api1/*", "/api2/*", "*"]
    assert site.distribution is site.edge.distribution
    assert not hasattr(site, "failover_time")
