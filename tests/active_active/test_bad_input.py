"""Bad input of latency, nearest bucket, path and rule routing, homes and tenants.

Inputs that the CDK accepts in silence and AWS refuses at deploy, or worse, accepts as well.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as cloudfront_origins
from aws_cdk import aws_iam as iam
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_route53_targets as targets
from aws_cdk import aws_s3 as s3

from ha_patterns import (
    BucketPair,
    BucketSet,
    DnsFailover,
    Endpoint,
    HealthCheckSettings,
    NearestBucketFunction,
    OriginSettings,
    PathRoute,
    PathRouting,
    RoutingTable,
    RuleSource,
)

from ..bad_input import (
    TEXT,
    TIME,
    Build,
    accelerated,
    accepted,
    add_alarms,
    alarm_topic,
    assert_accepted,
    assert_refused,
    behind_cloudfront,
    bucket_endpoint,
    built,
    cdk_check,
    elsewhere,
    endpoint_check,
    host_at,
    in_partition,
    in_seconds,
    in_stack,
    load_balanced,
    make,
    origin_group,
    refused,
    site_of,
)
from ..samples import (
    bucket_pair,
    content_bucket,
    dns_failover,
    home_health_of,
    home_router,
    imported_bucket,
    latency_routing,
    nearest_bucket,
    path_routing,
    primary_host,
    rest_api,
    rule_router,
    secondary_host,
    seconds_token,
    stack_in,
    static_rules,
    tenant_router,
    text_token,
    zone_of,
)

_Methods = cloudfront.AllowedMethods


def _behavior_of_rules(**given: Any) -> Callable[[cdk.Stack], object]:
    return lambda stack: rule_router(stack, cache_key=["host"]).behavior(**given)


def _near(
    stack: cdk.Stack, *, origin: cloudfront.IOrigin | None = None, buckets: BucketSet | None = None, **options: Any
) -> cloudfront.Distribution:
    """Someone else's distribution with the function that chooses the nearest bucket."""
    nearest = NearestBucketFunction(stack, "Nearest", buckets=buckets or bucket_pair(stack))
    return site_of(stack, origin=origin or nearest.origin_group, edge_lambdas=[nearest.edge_lambda], **options)


def _named_at_deploy(stack: cdk.Stack, name: str) -> BucketPair:
    """A pair of buckets with a name that only the deploy knows."""
    named = s3.Bucket.from_bucket_attributes(stack, "Named", bucket_name=name, region="eu-west-1")
    return bucket_pair(stack, primary=named)


def _bucket_behind_shield(stack: cdk.Stack) -> cloudfront.IOrigin:
    return cloudfront_origins.S3BucketOrigin.with_origin_access_identity(
        imported_bucket(stack, "eu-west-2"), origin_shield_enabled=True, origin_shield_region="eu-west-2"
    )


def _latency_of(*members: Any, **given: Any) -> Build:
    """Latency routing of members in as many Regions; a member that is a build is built before."""
    regions = ("eu-west-1", "us-east-1", "ap-south-1")
    return lambda stack: latency_routing(
        stack, members=built(dict(zip(regions, members, strict=False)), stack), **built(given, stack)
    )


def _pair_of(**given: Any) -> Build:
    """A failover pair, in a zone that is imported once more."""
    return lambda stack: dns_failover(
        stack,
        **{
            "record_name": "pair",
            "secondary_health_check": HealthCheckSettings.fast(),
            "hosted_zone": route53.HostedZone.from_hosted_zone_attributes(
                stack, "PairsZone", hosted_zone_id="Z0123456789ABCDEFGHIJ", zone_name="example.com"
            ),
            **built(given, stack),
        },
    )


def _shielded(stack: cdk.Stack, name: str) -> None:
    """A latency name in someone else's distribution, through Origin Shield."""
    latency_routing(stack)
    site_of(stack, origin=cloudfront_origins.HttpOrigin(name, origin_shield_region="eu-west-1"))


def _shielded_by_hand(stack: cdk.Stack) -> None:
    l1 = cloudfront.CfnDistribution
    origin = l1.OriginProperty(
        id="one",
        domain_name=latency_routing(stack).domain_name,
        origin_shield=l1.OriginShieldProperty(enabled=True, origin_shield_region="eu-west-1"),
    )
    behavior = l1.DefaultCacheBehaviorProperty(target_origin_id="one", viewer_protocol_policy="https-only")
    config = l1.DistributionConfigProperty(enabled=True, default_cache_behavior=behavior, origins=[origin])
    l1(stack, "Site", distribution_config=config)


def accelerated_elsewhere(_: cdk.Stack) -> Endpoint:
    target = targets.GlobalAcceleratorDomainTarget("a2.awsglobalaccelerator.com")
    return Endpoint.http_host("c.example.com", alias_target=target)


_THIRD_HOST = host_at("third.example.com", "203.0.113.3")


_LATENCY_ROUTING = [
    *(
        refused(
            f"{len(members)} members of latency routing",
            in_stack(latency_routing, members=members),
            f"members must be at least two Regions, got {list(members)}",
            "nothing to choose or to fail over to",
        )
        for members in ({}, {"eu-west-1": primary_host()})
    ),
    *(
        refused(
            f"latency routing to {region!r}",
            in_stack(latency_routing, members={"eu-west-1": primary_host(), region: secondary_host()}),
            "members must be one of us-east-1, ",
            f"got {region!r}",
            "routing-policy-latency.html",
        )
        for region in ("mars-1", "EU-WEST-2", "eu-west-1a", "")
    ),
    refused(
        "latency routing to a Region that only the deploy knows",
        lambda stack: latency_routing(
            stack, members={"eu-west-1": primary_host(), text_token(stack, "Region"): secondary_host()}
        ),
        "members must be by Regions known now",
    ),
    refused(
        "latency routing without the health of one Region",
        in_stack(latency_routing, health_checks={"eu-west-1": HealthCheckSettings.fast()}),
        "health_checks['us-east-1'] is missing: Route 53 would answer with Endpoint(secondary.example.com)",
        "users near it would never fail over",
        "give HealthCheckSettings or a health check",
    ),
    refused(
        "latency routing without any health",
        in_stack(latency_routing, health_checks={}),
        "health_checks['eu-west-1'] is missing",
        "users near it would never fail over",
    ),
    refused(
        "a check of a Region that is no member",
        in_stack(latency_routing, health_checks={"eu-west-3": HealthCheckSettings.fast()}),
        "health_checks must be by the Regions of members that are endpoints (eu-west-1, us-east-1), got 'eu-west-3'",
        "it would check nothing",
    ),
    refused(
        "a check of a member that is a failover pair",
        _latency_of(_pair_of(), _THIRD_HOST, health_checks={"eu-west-1": HealthCheckSettings.fast()}),
        "health_checks must be by the Regions of members that are endpoints (us-east-1), got 'eu-west-1'",
        "a DnsFailover has checks of its own",
    ),
    refused(
        "a check of the latency name",
        in_stack(
            latency_routing,
            health_checks=lambda stack: dict.fromkeys(
                ("eu-west-1", "us-east-1"), cdk_check(stack, fqdn="api.example.com")
            ),
        ),
        "health_checks['eu-west-1'] asks api.example.com, the shared name itself",
    ),
    refused(
        "a check of another member",
        in_stack(
            latency_routing,
            health_checks=lambda stack: {
                "eu-west-1": HealthCheckSettings.fast(),
                "us-east-1": endpoint_check(stack, domain_name="primary.example.com"),
            },
        ),
        "health_checks['us-east-1'] must be a check of Endpoint(secondary.example.com), got 'primary.example.com'",
        "it watches members['eu-west-1'], Endpoint(primary.example.com)",
    ),
    refused(
        "a check of another Region",
        in_stack(
            latency_routing,
            health_checks=lambda stack: {
                "eu-west-1": endpoint_check(stack, domain_name="a.us-east-1.elb.amazonaws.com"),
                "us-east-1": HealthCheckSettings.fast(),
            },
        ),
        "health_checks['eu-west-1'] must be a check of Endpoint(primary.example.com) in eu-west-1, got "
        "'a.us-east-1.elb.amazonaws.com'",
    ),
    refused(
        "a pair that watches another member",
        _latency_of(
            _pair_of(secondary_health_check=lambda stack: cdk_check(stack, fqdn="third.example.com")), _THIRD_HOST
        ),
        "secondary_health_check of members['eu-west-1'] must be a check of Endpoint(secondary.example.com)",
        "it watches members['us-east-1'], Endpoint(third.example.com)",
    ),
    refused(
        "a member that watches a pair",
        _latency_of(
            _pair_of(),
            _THIRD_HOST,
            health_checks=lambda stack: {"us-east-1": cdk_check(stack, ip_address="203.0.113.2")},
        ),
        "health_checks['us-east-1'] must be a check of Endpoint(third.example.com)",
        "it watches secondary of members['eu-west-1'], Endpoint(secondary.example.com)",
    ),
    refused(
        "a member whose check never fails",
        in_stack(
            latency_routing,
            health_checks=lambda stack: {
                "eu-west-1": route53.HealthCheck(
                    stack,
                    "Never",
                    type=route53.HealthCheckType.CALCULATED,
                    child_health_checks=[endpoint_check(stack, domain_name="a.example.net")],
                    health_threshold=0,
                ),
                "us-east-1": HealthCheckSettings.fast(),
            },
        ),
        "health_checks['eu-west-1'] must be a check that can fail, got 'Test/Never'",
    ),
    refused(
        "members in each other's Regions",
        _latency_of(
            host_at("a.us-east-1.elb.amazonaws.com"),
            host_at("b.eu-west-1.elb.amazonaws.com"),
        ),
        "members['eu-west-1'] must be in eu-west-1, got 'one in us-east-1'",
        "give each one under its own Region",
    ),
    refused(
        "members in the Regions of the next ones",
        _latency_of(
            host_at("a.us-east-1.elb.amazonaws.com"),
            host_at("b.ap-south-1.elb.amazonaws.com"),
            host_at("c.eu-west-1.elb.amazonaws.com"),
        ),
        "members['eu-west-1'] must be in eu-west-1, got 'one in us-east-1'",
    ),
    refused(
        "latency routing whose aliases alone would have told health",
        _latency_of(load_balanced, accelerated, health_checks={}, evaluate_target_health=False),
        "health_checks['eu-west-1'] is missing: Route 53 would answer with Endpoint(a.example.com)",
    ),
    refused(
        "a pair whose secondary alone would have told its health",
        _latency_of(
            _pair_of(
                primary=load_balanced,
                secondary=accelerated,
                secondary_health_check=None,
                evaluate_target_health=False,
            ),
            accelerated_elsewhere,
        ),
        "members['eu-west-1'] would never be left: its secondary has no health check",
    ),
    refused(
        "a check of latency routing in another stack",
        in_stack(
            latency_routing,
            health_checks=lambda stack: {
                "eu-west-1": endpoint_check(stack_in("us-east-1", stack), domain_name="a.example.com"),
                "us-east-1": HealthCheckSettings.fast(),
            },
        ),
        "health_checks['eu-west-1'] must be made in the stack of the record, got one of Elsewhere",
    ),
    refused(
        "settings where every member is a failover pair",
        lambda stack: latency_routing(
            stack,
            members={
                region: DnsFailover(
                    stack,
                    region,
                    hosted_zone=zone,
                    record_name=region,
                    primary=host_at(f"one-{region}.example.com", f"203.0.113.{place}"),
                    secondary=host_at(f"two-{region}.example.com", f"203.0.113.{place + 1}"),
                    secondary_health_check=HealthCheckSettings.fast(),
                )
                for zone in [zone_of(stack)]
                for region, place in (("eu-west-1", 1), ("us-east-1", 3))
            },
            hosted_zone=route53.HostedZone.from_hosted_zone_attributes(
                stack, "SameZone", hosted_zone_id="Z0123456789ABCDEFGHIJ", zone_name="example.com"
            ),
            health_checks=HealthCheckSettings.fast(),
        ),
        "health_checks must be left out, got HealthCheckSettings(",
        "every member is a DnsFailover, whose own checks decide",
    ),
    refused(
        "one place as two Regions",
        _latency_of(primary_host(), _THIRD_HOST, host_at("primary.example.com", "203.0.113.4")),
        "members['ap-south-1'] must be another place than members['eu-west-1'], got Endpoint(primary.example.com)",
        "one outage takes them both",
    ),
    refused(
        "Regions that are connected to in two ways",
        _latency_of(primary_host(), host_at("b.example.com", "203.0.113.2", https_port=8443), _THIRD_HOST),
        "members['eu-west-1'] and members['us-east-1'] and members['ap-south-1'] must be connected to in the same way",
        "give all the same protocol_policy, ports and origin_path",
    ),
    refused(
        "Regions of different kinds of records",
        _latency_of(primary_host(), host_at("b.example.com"), _THIRD_HOST),
        "must have the same kinds of records, got A and CNAME and A",
        "a kind that only some of them has never fails over",
        "give all IPv4 addresses, and IPv6 to all or none, or all a name alone",
    ),
    refused(
        "a bucket as a Region",
        _latency_of(primary_host(), bucket_endpoint),
        "members['us-east-1'] must not be a bucket",
    ),
    refused(
        "a distribution as a Region",
        _latency_of(primary_host(), behind_cloudfront),
        "members['us-east-1'] must not be a CloudFront distribution",
    ),
    refused(
        "an API without a custom domain as a Region",
        _latency_of(primary_host(), make(Endpoint.api_gateway, api=rest_api, origin_path="/prod")),
        "members['us-east-1'] must answer to api.example.com",
        "Endpoint.api_gateway(custom_domain=...)",
    ),
    refused(
        "a Region whose own name is the latency name",
        _latency_of(primary_host(), host_at("API.example.com", "203.0.113.2")),
        "members['us-east-1'] must have a name that is not the shared name itself, got 'api.example.com'",
    ),
    refused(
        "a pair whose name is the latency name",
        _latency_of(_pair_of(record_name="api"), _THIRD_HOST),
        "members['eu-west-1'] must have a name that is not the shared name itself, got 'api.example.com'",
    ),
    refused(
        "a pair whose secondary has the latency name",
        _latency_of(_pair_of(secondary=host_at("api.example.com", "203.0.113.2")), _THIRD_HOST),
        "members['eu-west-1'] must have a name that is not the shared name itself, got 'api.example.com'",
    ),
    refused(
        "a pair that is never unhealthy",
        _latency_of(_pair_of(secondary_health_check=None), _THIRD_HOST),
        "members['eu-west-1'] would never be left: its secondary has no health check",
        "pair.example.com counts as healthy for ever",
        "give the DnsFailover a secondary_health_check",
    ),
    refused(
        "a pair of another zone",
        _latency_of(
            _pair_of(
                hosted_zone=lambda stack: route53.HostedZone.from_hosted_zone_attributes(
                    stack, "OtherZone", hosted_zone_id="Z42", zone_name="example.com"
                )
            ),
            _THIRD_HOST,
        ),
        "members['eu-west-1'] must be in the hosted zone Z0123456789ABCDEFGHIJ, got 'Z42'",
        "an alias to a record stays within its zone",
    ),
    refused(
        "a TTL for latency records that are aliases",
        _latency_of(accelerated, load_balanced, ttl=in_seconds(30)),
        "ttl cannot be chosen for alias records",
    ),
    refused(
        "a TTL of latency records that is too long",
        in_stack(latency_routing, ttl=in_seconds(3601)),
        "ttl must be whole seconds from 0 to 3600, got '3601 s'",
        "resolvers keep a Region's answer that long into an outage",
    ),
    refused(
        "names alone at the apex for latency routing",
        _latency_of(host_at("a.example.net"), host_at("b.example.net"), record_name="example.com"),
        "record_name must not be the zone's own name where endpoints are known by name alone",
    ),
    refused(
        "an objective that latency routing cannot meet",
        in_stack(latency_routing, recovery_time_objective=in_seconds(112)),
        "recovery_time_objective of 112 s cannot be met: failover takes up to 113 s",
        "48 s until an outage is noticed + 65 s until traffic has moved",
    ),
    refused(
        "an objective for Regions that follow their alias targets",
        _latency_of(accelerated, load_balanced, health_checks={}, recovery_time_objective=in_seconds(600)),
        "failover_time cannot be computed: members['eu-west-1'] follows the health of its alias target",
        "give health_checks['eu-west-1']=HealthCheckSettings(...)",
    ),
    *(
        refused(
            f"Origin Shield in front of the latency name {name}",
            in_stack(_shielded, name=name),
            "Test/Site/Resource asks the latency name api.example.com through Origin Shield in eu-west-1",
            "one Region would serve the whole world",
            "turn Origin Shield off for this origin",
            at="Test/Api",
        )
        for name in ("api.example.com", "API.example.com")
    ),
    refused(
        "Origin Shield in front of the latency name in a distribution without the L2",
        _shielded_by_hand,
        "Test/Site asks the latency name api.example.com through Origin Shield in eu-west-1",
        at="Test/Api",
    ),
    refused(
        "alarms on Regions' checks in another Region",
        elsewhere(make(add_alarms, construct=latency_routing, topic=alarm_topic)),
        "an alarm must be in us-east-1, got a stack in eu-west-1",
    ),
]


def _routes(*paths: str) -> Build:
    """Path routing of patterns to as many hosts."""
    return lambda stack: path_routing(
        stack,
        routes=[PathRoute(path=path, to=host_at(f"host{number}.example.com")) for number, path in enumerate(paths)],
    )


def _default(**given: Any) -> PathRoute:
    return PathRoute(**{"path": "*", "to": primary_host(), **given})


def _answered_by(stack: cdk.Stack, to: Any) -> PathRouting:
    return path_routing(stack, routes=[_default(to=to)])


_PATH_ROUTING = [
    *(
        refused(
            f"a path like {path[:8]!r}",
            make(_default, path=path),
            "path must be path patterns of 1 to 255 of the characters that CloudFront takes",
            f"got {path!r}",
            "DownloadDistValuesCacheBehavior.html",
        )
        for path in ("", "/a b", "/a?b=c", "/caf\u00e9", "/a%20b", f"/{'a' * 255}")
    ),
    *(
        refused(
            f"a path like {path!r}, which none is once it is normalised",
            make(_default, path=path),
            f"path must be path patterns without //, /./ and /../, got {path!r}",
            "none is left that could match",
        )
        for path in ("//", "/a//*", "/./a", "/a/../b")
    ),
    *(
        refused(
            f"{later} after {earlier}",
            _routes(earlier, "/other", later, "*"),
            f"routes[2] {later!r} is never reached: routes[0] {earlier!r} matches all of its paths",
            "the first match wins",
            f"put {later!r} before {earlier!r}, or leave it out",
        )
        for earlier, later in (
            ("/api/*", "/api/v1/*"),
            ("/api*", "/api"),
            ("*.jpg", "/images/*.jpg"),
            ("/a?*", "/a*b"),
            ("api/*", "/api/orders"),
        )
    ),
    *(
        refused(
            f"{again} beside {path}",
            _routes(path, again, "*"),
            f"routes[1] {again!r} is never reached: it matches the same paths as routes[0] {path!r}",
            "leave one of them out",
        )
        for path, again in (("/a", "/a"), ("/a", "a"), ("/a*?", "/a?*"), ("/a/*", "/a/**"))
    ),
    refused(
        "a route after the default",
        _routes("*", "/a"),
        "routes[1] '/a' is never reached: routes[0] '*' matches all of its paths",
    ),
    refused(
        "one token as two paths",
        lambda stack: _routes(*2 * [text_token(stack, "Path")], "*")(stack),
        "is never reached: it matches the same paths as routes[0]",
    ),
    *(
        refused(
            f"routes without a default, {what}",
            _routes(*paths),
            "routes must be a list that ends with the path '*'",
            "something must answer what no other route matches",
        )
        for what, paths in (("none at all", ()), ("only others", ("/a", "/b")), ("all but the root", ("/?*",)))
    ),
    refused(
        "routes that are one string",
        in_stack(path_routing, routes="/a"),
        "routes must be a list of PathRoute, got '/a', a str",
    ),
    *(
        refused(
            f"settings of {what}",
            make(_default, to=to, settings=OriginSettings()),
            "settings cannot be given for '*'",
            "give them there",
        )
        for what, to in (
            ("a route to a group", lambda _: origin_group()),
            ("a route to an origin of the CDK", lambda _: cloudfront_origins.HttpOrigin("a.example.com")),
        )
    ),
    refused(
        "writes to a bucket",
        make(_default, to=bucket_endpoint, methods=lambda _: _Methods.ALLOW_ALL),
        "methods of '*' must be GET, HEAD and OPTIONS at most, got GET, HEAD, OPTIONS, PUT",
        "give writes a path of their own",
    ),
    *(
        refused(
            f"the site's own name as what answers a path, {what}",
            in_stack(_answered_by, to=to),
            "domain_name and routes[0] must be different names",
            "CloudFront would be its own origin",
        )
        for what, to in (
            ("as a host", host_at("WWW.example.com")),
            ("in a group", lambda _: origin_group(secondary=host_at("www.example.com"))),
            ("as a failover name", _pair_of(record_name="www")),
        )
    ),
    refused(
        "path routing in another Region",
        elsewhere(path_routing),
        "a certificate for CloudFront must be in us-east-1, got a stack in eu-west-1",
    ),
]


def _homes(*names: str, **given: Any) -> Build:
    """Homes on hosts of these names, in Ireland and wherever next."""
    regions = ("eu-west-1", "us-west-2", "ap-southeast-2")
    return in_stack(home_router, homes=dict(zip(regions, names, strict=False)), **given)


_SWAPPED = {
    "eu-west-1": "a1.execute-api.us-west-2.amazonaws.com",
    "us-west-2": "b2.execute-api.eu-west-1.amazonaws.com",
}


def _followed(stack: cdk.Stack, *, homes: Mapping[str, str] | None = None, **given: Any) -> object:
    """Homes whose health is that of failover names, the other home standing by."""
    names = {"eu-west-1": "eu.example.com", "us-west-2": "us.example.com"}
    primaries: dict[str, Endpoint] = {region: host_at(name) for region, name in names.items()} | given
    zone = zone_of(stack)
    pairs = {
        region: dns_failover(
            stack,
            construct_id=region,
            hosted_zone=zone,
            record_name=f"{region}.origin",
            primary=primary,
            secondary=host_at(f"standby.{region}.example.com", *(["203.0.113.9"] if primary.alias_target else [])),
        )
        for region, primary in primaries.items()
    }
    return home_router(stack, homes=homes or names, unhealthy_home="move", health=pairs)


def _answered_at_home(stack: cdk.Stack, **given: Any) -> cloudfront.Distribution:
    return cloudfront.Distribution(stack, "Site", default_behavior=home_router(stack, **given).behavior())


_HOME_REGIONS = [
    *(
        refused(
            f"a home in {region!r}",
            in_stack(home_router, homes={"eu-west-1": "eu.example.com", region: "other.example.com"}),
            f"homes must be by AWS Regions such as eu-west-1, got {region!r}",
        )
        for region in ("mars-1", "EU-WEST-2", "", "cn-north-1")
    ),
    refused(
        "one home",
        _homes("eu.example.com"),
        "homes must be at least two, got ['eu-west-1']",
        "every user is at home there",
    ),
    refused(
        "two homes that are one place",
        _homes("eu.example.com", "EU.example.com"),
        "homes['us-west-2'] must be another place than homes['eu-west-1']",
        "share eu.example.com",
    ),
    refused(
        "homes that are each in the Region of the other",
        in_stack(home_router, homes=_SWAPPED),
        "homes['eu-west-1'] must be in eu-west-1, got 'one in us-west-2': users at home in eu-west-1 would be sent to "
        "us-west-2",
        "give each one under its own Region",
    ),
    refused(
        "the health of homes that are each in the Region of the other",
        in_stack(home_health_of, homes={region: Endpoint.http_host(name) for region, name in _SWAPPED.items()}),
        "homes['eu-west-1'] must be in eu-west-1, got 'one in us-west-2': in an outage of us-west-2 the record of "
        "eu-west-1 would say that eu-west-1 is down",
    ),
    refused(
        "a bucket as a home",
        lambda stack: home_router(stack, homes={"eu-west-1": bucket_endpoint(stack), "us-west-2": "us.example.com"}),
        "['eu-west-1'] must be a host that speaks HTTP",
    ),
    refused(
        "homes outside of the edge's Region",
        elsewhere(home_router),
        "a home Region router must be in us-east-1, got a stack in eu-west-1",
    ),
    refused(
        "what is none of the ways with an unhealthy home",
        _homes("eu.example.com", "us.example.com", unhealthy_home="panic"),
        "unhealthy_home must be one of fail, read-elsewhere, move, got 'panic'",
    ),
    refused(
        "a way with an unhealthy home that only the deploy knows",
        lambda stack: home_router(stack, unhealthy_home=text_token(stack, "Given")),
        "unhealthy_home must be known at synth",
    ),
    *(
        refused(
            f"{way} without the health of homes",
            in_stack(home_router, unhealthy_home=way),
            f"health is missing for unhealthy_home='{way}'",
            "give a HomeHealth",
        )
        for way in ("read-elsewhere", "move")
    ),
    refused(
        "the health of homes to no avail",
        lambda stack: home_router(stack, health=home_health_of(stack)),
        "health is of no use with unhealthy_home='fail'",
        "or leave health out",
    ),
    refused(
        "the health of other Regions",
        lambda stack: home_router(
            stack,
            unhealthy_home="move",
            health=home_health_of(stack, homes={"eu-west-1": primary_host(), "eu-west-3": secondary_host()}),
        ),
        "health must be of the homes (eu-west-1, us-west-2), got 'eu-west-1, eu-west-3'",
    ),
    refused(
        "the health of homes that changed places",
        lambda stack: home_router(
            stack,
            homes={"eu-west-1": "eu.example.com", "us-west-2": "us.example.com"},
            unhealthy_home="move",
            health=home_health_of(stack, homes={"eu-west-1": host_at("us.example.com"), "us-west-2": primary_host()}),
        ),
        "health.homes['eu-west-1'] must be the home in eu-west-1, Endpoint(",
        "it is the home in us-west-2, so traffic would leave the one that is healthy",
    ),
    refused(
        "the health of a failover name of another place",
        in_stack(_followed, homes={"eu-west-1": "eu.example.com", "us-west-2": "elsewhere.example.com"}),
        "health['us-west-2'] must be a failover name whose primary is the home, Endpoint(elsewhere.example.com)",
    ),
    refused(
        "the health of a failover name of aliases",
        lambda stack: _followed(
            stack,
            homes={"eu-west-1": "eu.example.com", "us-west-2": "a.example.com"},
            **{"us-west-2": load_balanced(stack)},
        ),
        "health['us-west-2'] must be a failover name of addresses, or of names alone",
        "use HomeHealth",
    ),
    *(
        refused(
            f"{name!r} to tell users apart",
            in_stack(home_router, user_cookie=name),
            f"user_cookie must be the name of a cookie of yours, known at synth, got {name!r}",
        )
        for name in ("", "a b", "a=b", "a;b", "__Host-home")
    ),
    refused(
        "a cookie to tell users apart that only the deploy knows",
        lambda stack: home_router(stack, user_cookie=text_token(stack, "Given")),
        "user_cookie must be the name of a cookie of yours, known at synth",
    ),
    *(
        refused(
            f"a key called {name[:9]!r}",
            in_stack(home_router, key_name=name),
            "key_name must be 1 to 512 letters, digits and /_+=.@-, known at synth",
        )
        for name in ("", "a b", "a" * 513)
    ),
    *(
        refused(
            f"a key called {name!r}, as if by its ARN",
            in_stack(home_router, key_name=name),
            f"key_name must be without a hyphen and six characters at the end, got {name!r}",
        )
        for name in ("shop/home-region", "key-a/b-cd")
    ),
    refused(
        "a key whose name only the deploy knows",
        lambda stack: home_router(stack, key_name=text_token(stack, "Given")),
        "key_name must be 1 to 512 letters, digits and /_+=.@-, known at synth",
        "reads the key by its name",
    ),
    refused(
        "one string of Regions of a key",
        in_stack(home_router, key_regions="eu-west-1"),
        "key_regions must be a list of text or None, got 'eu-west-1', a str: write key_regions=['eu-west-1']",
    ),
    *(
        refused(
            f"a key in {region!r}",
            in_stack(home_router, key_regions=["eu-west-1", region]),
            f"key_regions must be AWS Regions such as eu-west-1, without us-east-1, got {region!r}",
        )
        for region in ("us-east-1", "mars-1", "")
    ),
    *(
        refused(
            f"a key in {regions} beside us-east-1",
            in_stack(home_router, key_regions=regions),
            f"key_regions must be at least one, none twice, got {regions}",
            "an outage of us-east-1",
        )
        for regions in ([], ["eu-west-1", "eu-west-1"])
    ),
    *(
        refused(
            f"a home's cookie of {seconds:g} s",
            in_stack(home_router, cookie_lifetime=in_seconds(seconds)),
            "cookie_lifetime must be whole",
            got,
        )
        for seconds, got in (
            (0, "got '0 s'"),
            (86_399, "got '86399 s'"),
            (401 * 86_400, "got '34646400 s'"),
            (129_600, "got '1 days and 43200 s'"),
        )
    ),
    refused(
        "a lifetime of a home's cookie that only the deploy knows",
        lambda stack: home_router(stack, cookie_lifetime=seconds_token(stack, "Given")),
        "cookie_lifetime is a token, known only at deploy, and it is baked into the function",
    ),
    refused(
        "homes that are left later than the objective",
        lambda stack: home_router(
            stack, unhealthy_home="move", health=home_health_of(stack), recovery_time_objective=in_seconds(117)
        ),
        "recovery_time_objective of 117 s cannot be met: failover takes up to 118 s",
        "48 s until an outage is noticed + 70 s until traffic has moved",
    ),
    refused(
        "an objective where no home is ever left",
        in_stack(home_router, recovery_time_objective=in_seconds(600)),
        "failover_time cannot be computed: with unhealthy_home='fail'",
        "choose 'read-elsewhere' or 'move'",
    ),
    refused(
        "names of homes' health that only the deploy knows",
        lambda stack: home_health_of(stack, record_name=text_token(stack, "Given")),
        "record_name must be known at synth, with its zone's name",
        "from_hosted_zone_attributes",
    ),
    refused(
        "names of homes' health in a zone whose name only the deploy knows",
        lambda stack: home_health_of(stack, hosted_zone=zone_of(stack, text_token(stack, "Given"))),
        "record_name must be known at synth, with its zone's name",
    ),
    refused(
        "names of homes' health outside of the zone",
        in_stack(home_health_of, record_name="home.example.net."),
        "record_name must be in the hosted_zone example.com",
    ),
    refused(
        "the health of homes without a check of each",
        in_stack(home_health_of, health_checks={"eu-west-1": HealthCheckSettings.fast()}),
        "health_checks must be by the Regions of homes (eu-west-1, us-west-2), got 'eu-west-1'",
        "never says that its Region is down",
    ),
    refused(
        "a check of another home",
        in_stack(
            home_health_of,
            health_checks=lambda stack: {
                "eu-west-1": endpoint_check(stack, domain_name="us.example.com"),
                "us-west-2": HealthCheckSettings.fast(),
            },
        ),
        "health_checks['eu-west-1'] must be a check of Endpoint(eu.example.com), got 'us.example.com'",
        "it watches homes['us-west-2'], Endpoint(us.example.com)",
    ),
    refused(
        "a TTL of homes' health of 3601 s",
        in_stack(home_health_of, ttl=in_seconds(3601)),
        "ttl must be whole seconds from 0 to 3600",
    ),
]


def _rule(**given: Any) -> Build:
    """A router with one rule."""
    return lambda stack: static_rules(stack, {"path": "/a/*", "then": {"origin": "stable"}, **given})


def _rules_in(*regions: str) -> Build:
    """A router with its rules in buckets of these Regions."""
    return lambda stack: rule_router(
        stack,
        source=RuleSource.buckets({region: _in_region(stack, region) for region in regions}),
    )


def _rules_below(prefix: str) -> Build:
    """Rules in a bucket, below a prefix."""
    return lambda stack: RuleSource.buckets({"us-east-1": _in_region(stack, "us-east-1")}, prefix=prefix)


def _in_region(stack: cdk.Stack, region: str, name: str = "rules") -> s3.IBucket:
    return s3.Bucket.from_bucket_attributes(stack, f"Rules-{region}", bucket_name=name, region=region)


def _rules_bucket(region: str = "eu-west-1", **given: Any) -> Build:
    """Rules in a bucket of another stack of the app, taken for one of Ireland."""
    return lambda stack: RuleSource.buckets({"eu-west-1": content_bucket(stack, region, **given)})


_RULES = [
    refused(
        "a rule without a known origin",
        _rule(then={"origin": "blue"}),
        "rules['*']: rules[0].then.origin: 'blue' is not an origin that the stack declares; declared: canary, stable",
    ),
    refused(
        "a rule with a bad path", _rule(path="/a*"), "rules['*']: rules[0].path: '/a*' must", "'*' only at the end"
    ),
    refused(
        "a rule that is never reached",
        lambda stack: static_rules(stack, *[{"path": "/a", "then": {"origin": "stable"}}] * 2),
        "rules['*']: rules[1]: is never reached: rules[0] has the same path",
    ),
    refused(
        "many wrong rules",
        lambda stack: static_rules(stack, *[{}] * 9),
        "rules[2].path: must be text",
        "; and 13 more",
    ),
    refused(
        "a rule that sets any header",
        _rule(then={"headers": {"x-a": "b"}}),
        "'x-a' is not a header that the stack lets rules set",
        "name them in the stack's request_headers",
    ),
    refused(
        "a rule of something that is no host", lambda s: static_rules(s, host="a_b.*"), "rules['a_b.*']: must be a host"
    ),
    refused(
        "rules of no host",
        in_stack(rule_router, source=make(RuleSource.static, rules=[])),
        "rules must be a dictionary from text to anything",
    ),
    refused(
        "rules of a host without the object around them",
        in_stack(
            rule_router, source=make(RuleSource.static, rules={"*": [{"path": "/*", "then": {"origin": "stable"}}]})
        ),
        "rules['*'] must be an object with rules, such as {'*': {'rules': [...]}}, got 'a list': it is written as in a "
        "file: {'*': {'rules': [...]}}",
    ),
    refused("a rule that JSON cannot hold", _rule(then={1, 2}), "rules must be what JSON can hold, by host"),
    refused(
        "rules of a host that are no list",
        in_stack(rule_router, source=make(RuleSource.static, rules={"*": {}})),
        "rules['*']: rules: must be a list of rules",
    ),
    refused(
        "a rule with what only the deploy knows",
        lambda stack: static_rules(stack, {"path": text_token(stack, "Path"), "then": {"origin": "stable"}}),
        "rules['*']['rules'][0]['path'] is a token",
    ),
    refused(
        "a rule that reads what is not in the cache key",
        lambda stack: static_rules(
            stack,
            {"path": "/*", "when": {"cookie.plan": {"exists": True}}, "then": {"origin": "canary"}},
            cache_key=["country"],
        ),
        "rules[0]: reads 'cookie.plan', which is not in the cache key",
        "in it: country",
    ),
    refused(
        "a draw where answers are cached",
        lambda stack: static_rules(
            stack, {"path": "/*", "choices": [{"weight": 100, "then": {"origin": "canary"}}]}, cache_key=[]
        ),
        "the first draw would be everybody's",
    ),
    refused(
        "rules of a host that the cache does not tell apart",
        lambda stack: static_rules(stack, host="www.example.com", cache_key=["country"]),
        "rules: there are rules of single hosts, and the cache key has no host; add 'host' to cache_key",
    ),
    *(
        refused(
            f"a wrong type for {argument} of a behavior",
            _behavior_of_rules(**{argument: given}),
            f"{argument} must be an {kind} of aws_cloudfront or None, got ",
        )
        for argument, kind, given in (
            ("cache_policy", "ICachePolicy", {"cache_policy": "658327ea-f89d-4fab-a63d-7e88639e58f6"}),
            (
                "origin_request_policy",
                "IOriginRequestPolicy",
                {"origin_request_policy": "216adef6-5c7f-47e4-b989-5492eafa07d3"},
            ),
            ("allowed_methods", "AllowedMethods", {"allowed_methods": ["GET"]}),
            (
                "response_headers_policy",
                "IResponseHeadersPolicy",
                {"response_headers_policy": "67f7725c-6f97-4210-82d7-5512b31e9d03"},
            ),
        )
    ),
    refused(
        "a cache key of what can be no parameter",
        in_stack(rule_router, cache_key=["query.a&b"]),
        "cache_key must be of names of parameters, got 'query.a&b'",
    ),
    *(
        refused(
            f"text for whether {build.__name__} fails closed",
            in_stack(build, fail_closed="yes"),
            "fail_closed must be True, False or None, got 'yes'",
        )
        for build in (rule_router, tenant_router, home_router)
    ),
    *(
        refused(f"a cache key of {name}", in_stack(rule_router, cache_key=[name]), "cache_key must be", repr(name), why)
        for name, why in (
            ("method", "apart by itself"),
            ("path", "not an attribute"),
            ("header.host", "is written 'host'"),
            ("cookie.", "not an attribute"),
            ("header.Accept-Encoding", "or has it in the key by itself"),
            ("header.X-Forwarded-For", "writes it on the way to the origin"),
            ("header.via", "writes it on the way to the origin"),
            ("header.if-none-match", "writes it on the way to the origin"),
            ("query.a+b", "as sent or with its escapes undone"),
            ("query.%76", "as sent or with its escapes undone"),
            ("header.connection", "#request-custom-headers-behavior"),
            ("header.X-Edge-Location", "of headers that a cache policy takes"),
            ("header.x-*", "stands for no others"),
            ("cookie.*", "stands for no others"),
            ("query.*", "stands for no others"),
        )
    ),
    refused("one string as a cache key", in_stack(rule_router, cache_key="country"), "cache_key must be a list"),
    refused(
        "a cache key of long names",
        in_stack(rule_router, cache_key=[f"cookie.{number:02}{'c' * 40}" for number in range(25)]),
        "names of 1050 characters, and a policy of CloudFront holds 1024 at most",
    ),
    refused(
        "a default that is no origin",
        in_stack(rule_router, default_origin="blue"),
        "default_origin must be one of stable, canary, got 'blue'",
    ),
    *(
        refused(
            f"redirects to {host}",
            in_stack(rule_router, redirect_hosts=[host]),
            "redirect_hosts must be names of hosts",
            repr(host),
        )
        for host in ("*.example.com", "https://example.com", "Example.com", "example.com:8443", "")
    ),
    refused(
        "redirects to one string", in_stack(rule_router, redirect_hosts="example.com"), "redirect_hosts must be a list"
    ),
    refused(
        "redirects to a host that only the deploy knows",
        lambda stack: rule_router(stack, redirect_hosts=[text_token(stack, "Host")]),
        "redirect_hosts must be names of hosts in lower case, known at synth",
    ),
    *(
        refused(
            f"rules that set {name}",
            in_stack(rule_router, request_headers=[name]),
            "request_headers must be names of headers",
            repr(name),
            "edge-function-restrictions-all.html",
        )
        for name in (
            "*",
            "Host",
            "X-Amz-Cf-Id",
            "x-edge-*",
            "Via",
            "a b",
            "",
            "X-HA-Edge-Table",
            "cookie",
            "Client-Cert",
        )
    ),
    refused(
        "rules that set one string", in_stack(rule_router, request_headers="x-a"), "request_headers must be a list"
    ),
    refused(
        "rules that set a header that only the deploy knows",
        lambda stack: rule_router(stack, request_headers=[text_token(stack, "Header")]),
        "request_headers must be names of headers",
    ),
    refused(
        "rules kept for ever",
        in_stack(rule_router, ttl=in_seconds(3601)),
        "ttl must be whole seconds from 1 to 3600, got '3601 s'",
    ),
    refused(
        "a time to keep rules that only the deploy knows",
        in_stack(rule_router, ttl=in_stack(seconds_token, construct_id="Ttl")),
        "ttl is a token, known only at deploy, and it is baked into the function",
    ),
    refused(
        "rules in a table of one Region",
        in_stack(rule_router, source=RuleSource.table(replica_regions=[])),
        "replica_regions must be at least one",
    ),
    *(
        refused(f"{argument} {given!r}", in_stack(rule_router, **{argument: given}), *says)
        for argument, given, *says in (
            ("cache_key", True, "cache_key must be a list of text or None, got True"),
            ("cache_key", 5, "cache_key must be a list of text or None, got 5"),
            ("redirect_hosts", None, "redirect_hosts must be a list of text, got None"),
            ("origins", ["a"], "origins must be a dictionary from text to Endpoint, got ['a'], a list"),
            ("origins", {"stable": "a.example.com"}, "origins['stable'] must be an Endpoint, got 'a.example.com'"),
            ("source", None, "source must be a RuleSource, got None"),
            ("source", {"*": []}, "source must be a RuleSource, got {'*': ...}, a dict: write RuleSource.static(...)"),
        )
    ),
    refused(
        "rules in the name of a bucket",
        lambda _: RuleSource.buckets({"eu-west-1": "b"}),  # type: ignore[dict-item]
        "buckets['eu-west-1'] must be an IBucket of aws_s3, got 'b', a str: write Bucket.from_bucket_attributes",
    ),
    refused(
        "one policy in the place of another",
        lambda stack: rule_router(stack).behavior(
            cache_policy=cloudfront.OriginRequestPolicy.ALL_VIEWER  # type: ignore[arg-type]
        ),
        "cache_policy must be an ICachePolicy of aws_cloudfront or None, got an IOriginRequestPolicy of aws_cloudfront",
    ),
    refused(
        "a cache policy in the place of an origin request policy",
        lambda stack: rule_router(stack).behavior(
            origin_request_policy=cloudfront.CachePolicy.CACHING_OPTIMIZED  # type: ignore[arg-type]
        ),
        "origin_request_policy must be an IOriginRequestPolicy of aws_cloudfront or None, got an ICachePolicy of ",
    ),
    refused("no tenants' default", in_stack(tenant_router, default=None), "default must be an Endpoint, got None"),
    refused(
        "tenants in the name of a table",
        in_stack(tenant_router, replica_regions=None, table="x"),
        "table must be a RoutingTable or None, got 'x', a str",
    ),
    refused("no route", in_stack(path_routing, routes=[None]), "routes[0] must be a PathRoute, got None"),
    refused("rules in no bucket", _rules_in(), "buckets must be at least one by its Region"),
    refused("rules in a bucket of no Region", _rules_in("mars-1"), "'mars-1'"),
    refused(
        "rules in a bucket without a name",
        _rules_bucket(bucket_name=None),
        "buckets['eu-west-1'] must be a bucket with a bucket_name, got 'Content-eu-west-1/Bucket'",
    ),
    *(
        refused(
            f"rules in {what} that only the deploy names",
            build,
            "buckets['eu-west-1'] must be a bucket whose name is known at synth",
        )
        for what, build in (
            ("a bucket", _rules_bucket(bucket_name=f"rules-{cdk.Aws.ACCOUNT_ID}")),
            (
                "an imported bucket",
                lambda stack: RuleSource.buckets({"eu-west-1": _in_region(stack, "eu-west-1", text_token(stack, "N"))}),
            ),
        )
    ),
    refused(
        "rules in a bucket with a key of KMS",
        _rules_bucket(encryption=s3.BucketEncryption.KMS),
        "buckets['eu-west-1'] must be encrypted by S3 itself",
    ),
    refused(
        "rules in a bucket of another Region",
        _rules_bucket("eu-central-1"),
        "buckets['eu-west-1'] must be a bucket in eu-west-1, got 'eu-central-1'",
    ),
    refused(
        "rules in a bucket that is imported without its Region",
        lambda stack: RuleSource.buckets({"eu-west-1": s3.Bucket.from_bucket_name(stack, "Rules", "rules")}),
        "buckets['eu-west-1'] must be a bucket in eu-west-1, got 'us-east-1'",
        "imported without its region is taken for one of the stack's",
    ),
    *(
        refused(
            f"rules below {prefix!r}",
            _rules_below(prefix),
            f"prefix must be without *, ? and $, got {prefix!r}",
        )
        for prefix in ("rules/*/", "rules?/", "${aws:PrincipalTag/team}/")
    ),
    *(
        refused(
            f"rules below {what}",
            _rules_below(prefix),
            "prefix must be text known at synth, without a / at the start",
        )
        for what, prefix in (("'/rules/'", "/rules/"), ("what only the deploy knows", cdk.Fn.ref("AWS::AccountId")))
    ),
    refused(
        "writers of rules that are in no table",
        lambda stack: static_rules(stack).grant_write(iam.Role(stack, "Role", assumed_by=iam.AccountRootPrincipal())),
        "there is nothing to grant",
    ),
    refused(
        "writers of what is no host",
        lambda stack: rule_router(stack).grant_write(
            iam.Role(stack, "Role", assumed_by=iam.AccountRootPrincipal()), hosts=["#origins"]
        ),
        "hosts must be hosts, '*.' and a host, or '*', got '#origins'",
    ),
    refused(
        "writers of one string",
        lambda stack: rule_router(stack).grant_write(
            iam.Role(stack, "Role", assumed_by=iam.AccountRootPrincipal()), hosts="www.example.com"
        ),
        "hosts must be a list",
    ),
    refused("rules in another Region", elsewhere(rule_router), "must be in us-east-1, got a stack in eu-west-1"),
]


_TENANTS = [
    refused(
        "tenants that could be nowhere",
        in_stack(tenant_router, allowed_origin_suffixes=()),
        "origins and allowed_origin_suffixes are both missing",
    ),
    refused(
        "one string of suffixes",
        in_stack(tenant_router, allowed_origin_suffixes=".apps.example.com"),
        "allowed_origin_suffixes must be a list",
    ),
    *(
        refused(
            f"suffix {suffix!r}",
            in_stack(tenant_router, allowed_origin_suffixes=[suffix]),
            f"allowed_origin_suffixes must be {allowed}",
            repr(got),
        )
        for suffix, allowed, got in (
            ("apps.example.com", "a suffix that starts with a dot", "apps.example.com"),
            (".com", "a domain name", "com"),
            (".203.0.113.1", "a domain name and not an IP address", "203.0.113.1"),
            (".apps.example.com:8443", "a domain name", "apps.example.com:8443"),
            (".*.example.com", "a domain name", "*.example.com"),
            ("", "a suffix that starts with a dot", ""),
        )
    ),
    refused(
        "a suffix that only the deploy knows",
        lambda stack: tenant_router(stack, allowed_origin_suffixes=[text_token(stack, "Suffix")]),
        "allowed_origin_suffixes must be known at synth",
    ),
    refused(
        "tenants without a table",
        in_stack(tenant_router, replica_regions=None),
        "table and replica_regions: give exactly one of them",
    ),
    refused(
        "tenants with two tables",
        lambda stack: tenant_router(stack, table=RoutingTable(stack, "Routes", replica_regions=["eu-west-1"])),
        "table and replica_regions: give exactly one of them",
    ),
    refused(
        "tenants in no further Region",
        in_stack(tenant_router, replica_regions=[]),
        "replica_regions must be at least one",
    ),
    refused(
        "an unknown answer for unknown tenants",
        in_stack(tenant_router, unknown="fail"),
        "unknown must be one of configured-origin, not-found, got 'fail'",
    ),
    refused(
        "an answer for unknown tenants that only the deploy knows",
        lambda stack: tenant_router(stack, unknown=text_token(stack, "Unknown")),
        "unknown must be known at synth",
    ),
    refused(
        "tenants kept for ever",
        in_stack(tenant_router, ttl=in_seconds(3601)),
        "ttl must be whole seconds from 1 to 3600, got '3601 s'",
    ),
    refused(
        "a time to keep tenants that only the deploy knows",
        in_stack(tenant_router, ttl=in_stack(seconds_token, construct_id="Ttl")),
        "ttl is a token, known only at deploy, and it is baked into the function",
    ),
    refused(
        "tenants whose default is a name that cannot be connected to",
        in_stack(tenant_router, default=host_at(None, "203.0.113.1")),
        "domain_name is missing",
    ),
    refused("tenants in another Region", elsewhere(tenant_router), "must be in us-east-1, got a stack in eu-west-1"),
]


_NEAREST_BUCKET = [
    refused(
        "the nearest of buckets of which one cannot be signed for",
        lambda stack: nearest_bucket(
            stack, buckets=BucketSet([imported_bucket(stack, region) for region in ("us-west-2", "ca-west-1")])
        ),
        "buckets[1] must be in a Region that was there before 2023, got 'ca-west-1'",
        "use a bucket of another Region, or origin access control, as BucketFailover does by itself",
    ),
    refused(
        "the nearest bucket in a stack of another Region",
        lambda stack: nearest_bucket(stack_in("eu-west-1", stack), buckets=bucket_pair(stack)),
        "a Lambda@Edge function must be in us-east-1, got a stack in eu-west-1",
    ),
    refused(
        "the nearest bucket with missing keys as 404",
        in_stack(nearest_bucket, status_codes=[404, 500, 502, 503, 504]),
        "status_codes must include 403 beside 404, got [404, 500, 502, 503, 504]",
        "add 403",
    ),
    refused(
        "the nearest bucket that is never left when it does not answer",
        in_stack(nearest_bucket, status_codes=[403, 404, 503]),
        "status_codes must include 504",
    ),
    refused(
        "an objective that the nearest bucket cannot meet",
        in_stack(nearest_bucket, recovery_time_objective=in_seconds(13)),
        "recovery_time_objective of 13 s cannot be met: failover takes up to 14 s",
    ),
    refused(
        "the nearest bucket behind Origin Shield",
        in_stack(_near, origin=_bucket_behind_shield),
        "behavior '*' of Test/Site has Origin Shield on, which makes the function run in the shield's Region for all",
        "turn origin_shield_enabled off",
        at="Test/Nearest/Function",
    ),
    *(
        refused(
            f"the function of the nearest bucket on {what}",
            in_stack(_near, origin=origin),
            "behavior '*' of Test/Site has an origin that is not read with the function's origin access identity",
            "use origin_group",
            at="Test/Nearest/Function",
        )
        for what, origin in (
            ("a host", lambda stack: Endpoint.http_host("origin.example.com").origin()),
            ("a bucket that is read with origin access control", lambda stack: bucket_endpoint(stack).origin()),
            (
                "a bucket that another identity reads",
                lambda stack: cloudfront_origins.S3BucketOrigin.with_origin_access_identity(
                    imported_bucket(stack, "eu-west-2")
                ),
            ),
        )
    ),
    refused(
        "the function of the nearest bucket where it is not told a name",
        lambda stack: _near(
            stack,
            origin=bucket_endpoint(stack).origin(),
            buckets=_named_at_deploy(stack, text_token(stack, "Name")),
        ),
        "has an origin without the headers that tell the function what only the deploy knows "
        "(x-ha-edge-domainname-eu-west-1)",
        at="Test/Nearest/Function",
    ),
    refused(
        "writes to the nearest bucket",
        lambda stack: _near(stack, allowed_methods=_Methods.ALLOW_ALL),
        "behavior '*' of Test/Site allows DELETE, PATCH, POST, PUT on an origin group",
        at="Test/Site/Origin1",
    ),
]


_PARTITIONS = [
    *(
        refused(
            f"{what} in {region}",
            in_partition(region, build),
            f"{what} cannot be made in {region}: {service} does not exist in {name}, in no Region",
            "ZonalShift work there",
        )
        for region, name, missing in (
            ("us-gov-east-1", "AWS GovCloud (US)", (1, 2)),
            ("cn-northwest-1", "the China Regions", (1,)),
        )
        for kind, what, build, service in (
            (1, "a home Region router", home_router, "Lambda@Edge"),
            (1, "the function of a rule router", rule_router, "Lambda@Edge"),
            (1, "the function of a tenant router", tenant_router, "Lambda@Edge"),
            (1, "the function of the nearest bucket", nearest_bucket, "Lambda@Edge"),
            (2, "path routing", path_routing, "CloudFront"),
        )
        if kind in missing
    ),
]


_ACCEPTED = [
    accepted(
        "name of the nearest bucket",
        lambda stack: nearest_bucket(
            stack,
            buckets=_named_at_deploy(stack, TEXT(stack)),
        ),
    ),
    accepted("path in the nearest bucket", in_stack(nearest_bucket, origin_path=TEXT)),
    accepted(
        "wait for the nearest bucket",
        lambda stack: nearest_bucket(stack, primary_settings=OriginSettings(response_timeout=TIME(stack))),
    ),
    accepted("TTL of latency records", in_stack(latency_routing, ttl=TIME)),
    accepted("name of latency records", in_stack(latency_routing, record_name=TEXT)),
    accepted(
        "name of a home",
        lambda stack: _answered_at_home(stack, homes={"eu-west-1": TEXT(stack), "us-west-2": "us.example.com"}),
    ),
    accepted("TTL of homes' health", in_stack(home_health_of, ttl=TIME)),
    accepted("path of a route", lambda stack: _routes(TEXT(stack), "*")(stack)),
]


@pytest.mark.parametrize(
    ("build", "says", "at"),
    [*_LATENCY_ROUTING, *_PATH_ROUTING, *_HOME_REGIONS, *_RULES, *_TENANTS, *_NEAREST_BUCKET, *_PARTITIONS],
)
def test_bad_input_is_refused_with_all_that_is_needed_to_mend_it(
    stack: cdk.Stack, build: Build, says: Sequence[str], at: str | None
) -> None:
    assert_refused(stack, build, says, at)


@pytest.mark.parametrize("build", _ACCEPTED)
def test_what_only_the_deploy_knows_is_let_through_to_the_template(stack: cdk.Stack, build: Build) -> None:
    assert_accepted(stack, build)
