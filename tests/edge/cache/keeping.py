"""Every construct of the library that makes behaviors, with behaviors that keep answers: one app, synthesized once.

Each site is one distribution. ``SITES`` names the constructs that it covers; a test holds the list against the library.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zlib import crc32

import aws_cdk as cdk
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_s3 as s3
from constructs import Construct

import ha_patterns
from ha_patterns import (
    BucketDnsFailover,
    BucketDnsRouter,
    BucketFailover,
    BucketPair,
    EdgeDistribution,
    EdgeFunction,
    Endpoint,
    ErrorPages,
    FailoverOriginGroup,
    GracefulResponse,
    HomeHealth,
    HomeRegionRouter,
    HybridFailover,
    MultiRegionAccessPoint,
    NearestBucket,
    NearestBucketFunction,
    OriginFailover,
    PathRoute,
    PathRouting,
    RuleRouter,
    RuleSource,
    SamePathReads,
    StaleContent,
    TenantRouter,
)
from ha_patterns.topology import Distribution, Function, load

from .cloudfront import CloudFront
from .packaged import Packaged

HOST = "www.example.com"
OTHER_HOST = "other.example.com"

#: Behaviors by path pattern, of which ``*`` is the default one; or a distribution of the construct's own.
Behaviors = dict[str, cloudfront.BehaviorOptions]
Made = Behaviors | cloudfront.Distribution


@dataclass(frozen=True, kw_only=True)
class Site:
    """One distribution of the app.

    Attributes:
        covers: The constructs whose behaviors it has.
        make: Makes it.
    """

    covers: tuple[type, ...]
    make: Callable[[Construct], Made]


SITES: dict[str, Site] = {}


def _site(name: str, *covers: type) -> Callable[[Callable[[Construct], Made]], Callable[[Construct], Made]]:
    def register(make: Callable[[Construct], Made]) -> Callable[[Construct], Made]:
        SITES[name] = Site(covers=covers, make=make)
        return make

    return register


def _host(name: str) -> Endpoint:
    address = f"203.0.113.{crc32(name.encode()) % 256}"
    return Endpoint.http_host(f"{name}.origins.example.net", ipv4_addresses=[address])


def _pair(scope: Construct) -> BucketPair:
    primary, secondary = (_bucket(scope, region) for region in ("eu-west-1", "eu-central-1"))
    return BucketPair(primary=primary, secondary=secondary)


def _bucket(scope: Construct, region: str) -> s3.IBucket:
    return s3.Bucket.from_bucket_attributes(scope, region, bucket_name=f"content-{region}", region=region)


def _zone(scope: Construct) -> route53.IHostedZone:
    return route53.HostedZone.from_hosted_zone_attributes(
        scope, "Zone", hosted_zone_id="Z0123456789ABCDEFGHIJ", zone_name="example.com"
    )


def _policy(scope: Construct, construct_id: str = "Policy", **given: Any) -> cloudfront.CachePolicy:
    return cloudfront.CachePolicy(scope, construct_id, **given)


def _everything(scope: Construct, **given: Any) -> cloudfront.CachePolicy:
    """A policy that takes all cookies and all of the query string, with which a behavior may take writes."""
    return _policy(
        scope,
        cookie_behavior=cloudfront.CacheCookieBehavior.all(),
        query_string_behavior=cloudfront.CacheQueryStringBehavior.all(),
        **given,
    )


def _group(scope: Construct, **given: Any) -> FailoverOriginGroup:
    return FailoverOriginGroup(primary=_host("primary"), secondary=_host("secondary"), **given)


# The attributes that a rule may read, each with a test that tells requests apart.
_TESTS: dict[str, Any] = {
    "country": {"equals": "DE"},
    "header.x-version": {"prefix": "2"},
    "cookie.plan": {"equals": "pro"},
    "query.v": {"equals": "2"},
    "query": {"equals": "2"},
}


def _rules(*key: str) -> list[dict[str, Any]]:
    """Rules that let all that is in a key decide, in every way that rules have."""
    # All of the query string is read by the name of a parameter in it, or filled in whole.
    read = ["query.v" if name == "query" else name for name in key if name != "host"]
    shown = " ".join([f"{{{name}}}" for name in (*read, *(name for name in key if name in ("host", "query")))])
    return [
        {"path": "/catalog/gone", "then": {"respond": {"status": 404, "body": "gone"}}},
        {"path": "/catalog/down", "then": {"respond": {"status": 503, "body": "down"}}},
        {"path": "/catalog/old", "then": {"redirect": {"to": "/catalog/new", "max_age": 60}}},
        *(
            {
                "path": "/catalog/old/*",
                "when": {name: {"exists": True}},
                "then": {"redirect": {"to": f"/catalog/{{{name}}}"}},
            }
            for name in read
        ),
        *(
            {
                "path": f"/catalog/split-{name.partition('.')[0]}/*",
                "choices": [
                    {"weight": 50, "then": {"origin": "stable"}},
                    {"weight": 50, "then": {"origin": "canary"}},
                ],
                "sticky": name,
            }
            for name in read
            if name.startswith(("cookie.", "header."))
        ),
        *(
            {"path": "/catalog/*", "when": {name: _TESTS[name]}, "then": {"origin": "canary", "rewrite": "/v2/{rest}"}}
            for name in read
        ),
        {"path": "/catalog/*", "then": {"headers": {"x-rule": shown}}},
    ]


def _router(scope: Construct, *key: str, source: RuleSource | None = None) -> RuleRouter:
    rules: dict[str, Any] = {"*": {"rules": _rules(*key)}}
    if "host" in key:
        rules[OTHER_HOST] = {"rules": [{"path": "/catalog/*", "then": {"origin": "canary"}}]}
    return RuleRouter(
        scope,
        "Router",
        origins={"stable": _host("stable"), "canary": _host("canary")},
        default_origin="stable",
        source=source or RuleSource.static(rules),
        cache_key=list(key),
        request_headers=["x-rule"],
    )


_KEYS = {
    "nothing": (),
    "host": ("host",),
    "country": ("country",),
    "header": ("header.x-version",),
    "cookie": ("cookie.plan",),
    "parameter": ("query.v",),
    "query": ("query",),
    "all": ("host", "country", "header.x-version", "cookie.plan", "query.v"),
}


def _rule_router(key: tuple[str, ...]) -> Callable[[Construct], Made]:
    return lambda scope: {"*": _router(scope, *key).behavior()}


for _name, _key in _KEYS.items():
    _site(f"rule-router-{_name}", RuleRouter)(_rule_router(_key))


@_site("rule-router-table", RuleRouter)
def _of_a_table(scope: Construct) -> Made:
    source = RuleSource.table(replica_regions=["eu-west-1"])
    return {"/catalog/*": _router(scope, *_KEYS["all"], source=source).behavior()}


@_site("rule-router-own-policy", RuleRouter)
def _own_policy(scope: Construct) -> Made:
    policy = _policy(
        scope,
        header_behavior=cloudfront.CacheHeaderBehavior.allow_list("X-Version", "Accept-Language"),
        cookie_behavior=cloudfront.CacheCookieBehavior.allow_list("plan", "theme"),
        query_string_behavior=cloudfront.CacheQueryStringBehavior.all(),
        enable_accept_encoding_gzip=True,
    )
    return {"*": _router(scope, "header.x-version", "cookie.plan").behavior(cache_policy=policy)}


@_site("rule-router-writes", RuleRouter)
def _with_writes(scope: Construct) -> Made:
    router = _router(scope, "cookie.plan", "query")
    methods = cloudfront.AllowedMethods.ALLOW_ALL
    return {"*": router.behavior(cache_policy=_everything(scope), allowed_methods=methods)}


@_site("rule-router-as-the-origin-says", RuleRouter)
def _as_the_origin_says(scope: Construct) -> Made:
    nothing = cdk.Duration.seconds(0)
    policy = _policy(
        scope,
        min_ttl=nothing,
        default_ttl=nothing,
        max_ttl=cdk.Duration.days(1),
        cookie_behavior=cloudfront.CacheCookieBehavior.allow_list("plan"),
    )
    return {"*": _router(scope, "cookie.plan").behavior(cache_policy=policy)}


@_site("edge-function", EdgeFunction)
def _edge_function(scope: Construct) -> Made:
    router = _router(scope, "header.x-version", "cookie.plan")
    return {"*": router.function.behavior(router.kept_origin, cache_policy=router.function.cache_policy())}


def _tenants(scope: Construct) -> TenantRouter:
    return TenantRouter(
        scope,
        "Tenants",
        default=_host("default"),
        origins={"shared": _host("shared")},
        allowed_origin_suffixes=[".apps.example.net"],
        replica_regions=["eu-west-1"],
    )


@_site("tenant-router", TenantRouter)
def _tenant_router(scope: Construct) -> Made:
    tenants = _tenants(scope)
    return {"*": tenants.behavior(), "/catalog/*": tenants.behavior(cache_policy=tenants.function.cache_policy())}


@_site("home-region", HomeRegionRouter)
def _home_region(scope: Construct) -> Made:
    homes = {region: _host(region) for region in ("eu-west-1", "us-west-2")}
    health = HomeHealth(scope, "Health", hosted_zone=_zone(scope), record_name="home", homes=homes)
    router = HomeRegionRouter(scope, "Homes", homes=homes, unhealthy_home="read-elsewhere", health=health)
    cached = router.behavior(cache_policy=router.request_function.cache_policy())
    return {"*": router.behavior(), "/catalog/*": cached}


@_site("home-region-without-health", HomeRegionRouter)
def _home_region_without_health(scope: Construct) -> Made:
    homes = {region: _host(region) for region in ("eu-west-1", "us-west-2")}
    router = HomeRegionRouter(scope, "Homes", homes=homes)
    cached = router.behavior(cache_policy=router.request_function.cache_policy())
    return {"*": router.behavior(), "/catalog/*": cached}


@_site("nearest-bucket-function", NearestBucketFunction)
def _nearest_bucket_function(scope: Construct) -> Made:
    return {"*": NearestBucketFunction(scope, "Nearest", buckets=_pair(scope)).behavior()}


@_site("nearest-bucket", NearestBucket)
def _nearest_bucket(scope: Construct) -> Made:
    return NearestBucket(scope, "Site", buckets=_pair(scope)).distribution


def _bucket_dns(scope: Construct) -> dict[str, Any]:
    check = route53.HealthCheck(
        scope, "Check", type=route53.HealthCheckType.TCP, fqdn="content.s3.eu-west-1.amazonaws.com", port=443
    )
    return {
        "buckets": _pair(scope),
        "hosted_zone": _zone(scope),
        "record_name": "bucket",
        "health_checks": {"eu-west-1": check},
    }


@_site("bucket-dns-router", BucketDnsRouter)
def _bucket_dns_router(scope: Construct) -> Made:
    return {"*": BucketDnsRouter(scope, "Router", **_bucket_dns(scope)).behavior()}


@_site("bucket-dns-failover", BucketDnsFailover)
def _bucket_dns_failover(scope: Construct) -> Made:
    return BucketDnsFailover(scope, "Site", **_bucket_dns(scope)).distribution


@_site("bucket-failover", BucketFailover)
def _bucket_failover(scope: Construct) -> Made:
    return BucketFailover(scope, "Site", buckets=_pair(scope)).distribution


@_site("bucket-failover-own-policy", BucketFailover)
def _bucket_failover_own_policy(scope: Construct) -> Made:
    policy = _policy(scope, query_string_behavior=cloudfront.CacheQueryStringBehavior.allow_list("v"))
    return BucketFailover(scope, "Site", buckets=_pair(scope), cache_policy=policy).distribution


_OPTIMIZED = cloudfront.CachePolicy.CACHING_OPTIMIZED


@_site("origin-failover", OriginFailover)
def _origin_failover(scope: Construct) -> Made:
    return OriginFailover(
        scope, "Site", primary=_host("primary"), secondary=_host("secondary"), cache_policy=_OPTIMIZED
    ).distribution


@_site("origin-failover-own-policy", OriginFailover)
def _origin_failover_own_policy(scope: Construct) -> Made:
    policy = _policy(scope, cookie_behavior=cloudfront.CacheCookieBehavior.allow_list("plan"))
    return OriginFailover(
        scope, "Site", primary=_host("primary"), secondary=_host("secondary"), cache_policy=policy
    ).distribution


@_site("origin-group", FailoverOriginGroup)
def _origin_group(scope: Construct) -> Made:
    return {"*": cloudfront.BehaviorOptions(origin=_group(scope))}


def _hybrid(scope: Construct, **given: Any) -> HybridFailover:
    zone = _zone(scope)
    return HybridFailover(
        scope,
        "Site",
        **{
            "hosted_zone": zone,
            "domain_name": HOST,
            "failover_record_name": "origin",
            "primary": _host("primary"),
            "secondary": _host("secondary"),
            "write_paths": ["/cart/*"],
            **given,
        },
    )


@_site("hybrid-failover", HybridFailover)
def _hybrid_failover(scope: Construct) -> Made:
    return _hybrid(scope, cache_policy=_OPTIMIZED).distribution


@_site("hybrid-failover-same-path", HybridFailover)
def _hybrid_failover_same_path(scope: Construct) -> Made:
    return _hybrid(scope, cache_policy=_everything(scope), read_write_paths=["/api/*"]).distribution


@_site("same-path-reads", SamePathReads)
def _same_path_reads(scope: Construct) -> Made:
    group = _group(scope, origin_id="reads")
    reads = SamePathReads(scope, "Reads", origin_group=group)
    # The owner's own behavior: what the construct adds must leave it as safe as it is.
    no_cookies = cloudfront.ResponseHeadersPolicy(scope, "NoCookies", remove_headers=["Set-Cookie"])
    return {
        "*": cloudfront.BehaviorOptions(origin=group),
        "/api/*": cloudfront.BehaviorOptions(
            origin=_host("writes").origin(),
            allowed_methods=cloudfront.AllowedMethods.ALLOW_ALL,
            cache_policy=_everything(scope),
            response_headers_policy=no_cookies,
            function_associations=[reads.association],
        ),
    }


@_site("path-routing", PathRouting, PathRoute)
def _path_routing(scope: Construct) -> Made:
    cookie = _policy(scope, "Cookie", cookie_behavior=cloudfront.CacheCookieBehavior.allow_list("plan"))
    options = cloudfront.AllowedMethods.ALLOW_GET_HEAD_OPTIONS
    routes = [
        PathRoute(path="/pictures/*", to=Endpoint.bucket(_bucket(scope, "eu-west-1"))),
        PathRoute(path="/catalog/*", to=_host("catalog"), cache_policy=_OPTIMIZED),
        PathRoute(path="/plans/*", to=_host("plans"), cache_policy=cookie),
        PathRoute(path="/news/*", to=_group(scope), cache_policy=_OPTIMIZED, methods=options),
        PathRoute(path="*", to=_host("other")),
    ]
    return PathRouting(scope, "Paths", routes=routes).distribution


@_site("graceful-response", GracefulResponse)
def _graceful_response(scope: Construct) -> Made:
    graceful = GracefulResponse(scope, "Graceful")
    group = FailoverOriginGroup(primary=_host("primary"), secondary=graceful.endpoint)
    return {
        **graceful.behaviors,
        "*": graceful.behavior(group, cache_policy=graceful.function.cache_policy()),
    }


@_site("stale-content", StaleContent)
def _stale_content(scope: Construct) -> Made:
    return {"*": StaleContent(scope, "Stale", origin=_host("content").origin()).behavior}


@_site("stale-content-own-key", StaleContent)
def _stale_content_own_key(scope: Construct) -> Made:
    stale = StaleContent(
        scope,
        "Stale",
        origin=_group(scope),
        query_string_behavior=cloudfront.CacheQueryStringBehavior.allow_list("v"),
        header_behavior=cloudfront.CacheHeaderBehavior.allow_list("X-Version"),
        cookie_behavior=cloudfront.CacheCookieBehavior.allow_list("plan"),
    )
    return {"*": stale.behavior}


@_site("error-pages", ErrorPages, EdgeDistribution)
def _error_pages(scope: Construct) -> Made:
    pages = ErrorPages(scope, "Pages", pages={503: "/errors/503.html"}, bucket=_bucket(scope, "eu-west-1"))
    return EdgeDistribution(
        scope,
        "Site",
        default_behavior=cloudfront.BehaviorOptions(origin=_host("api").origin()),
        additional_behaviors=pages.behaviors,
        error_responses=pages.error_responses,
    ).distribution


@_site("access-point", MultiRegionAccessPoint)
def _access_point(scope: Construct) -> Made:
    buckets = [
        s3.Bucket.from_bucket_attributes(scope, region, bucket_name=f"content-{region}", region=region)
        for region in ("eu-west-1", "eu-central-1")
    ]
    access_point = MultiRegionAccessPoint(scope, "AccessPoint", name="content", buckets=buckets)
    return {"*": cloudfront.BehaviorOptions(origin=access_point.endpoint().origin())}


# The items of the tables, by the folder of the function that reads them.
_ITEMS: dict[str, dict[str, dict[str, Any]]] = {
    "tenant_router": {
        HOST: {"origin": {"S": "shared"}},
        OTHER_HOST: {"domain_name": {"S": "other.apps.example.net"}},
    },
    "rule_router": {
        "*": {"version": {"N": "1"}, "rules": {"S": json.dumps(_rules(*_KEYS["all"]))}},
        OTHER_HOST: {
            "version": {"N": "1"},
            "rules": {"S": json.dumps([{"path": "/catalog/*", "then": {"origin": "canary"}}])},
        },
    },
}


class App:
    """All sites, synthesized: a CloudFront of each.

    Attributes:
        sites: By name.
        refused: Why a construct refused a site, by the site's name.
    """

    def __init__(self, folder: Path) -> None:
        app = cdk.App(outdir=str(folder))
        self.refused: dict[str, str] = {}
        for name, site in SITES.items():
            stack = cdk.Stack(app, name, env=cdk.Environment(region="us-east-1"))
            try:
                _distribution(stack, site.make(stack))
            except ValueError as error:
                self.refused[name] = str(error)
                app.node.try_remove_child(name)
        app.synth()
        topology = load(folder)
        self.sites: dict[str, CloudFront] = {}
        for distribution in topology.of(Distribution):
            of = distribution.place.stack.name
            resources = json.loads((folder / f"{of}.template.json").read_text(encoding="utf-8"))["Resources"]
            functions = {
                function.place.logical_id: _packaged(function)
                for function in topology.of(Function)
                if function.place.stack.name == of and function.asset is not None
            }
            resource = resources[distribution.place.logical_id]
            self.sites[of] = CloudFront(distribution, resource, resources, functions)


def _packaged(function: Function) -> Packaged:
    assert function.asset is not None
    handler = str(function.handler)
    return Packaged(function.asset, handler, _ITEMS.get(handler.split(".")[1], {}))


def _distribution(scope: Construct, made: Made) -> None:
    if isinstance(made, dict):
        default = made.get("*") or cloudfront.BehaviorOptions(
            origin=_host("elsewhere").origin(), cache_policy=cloudfront.CachePolicy.CACHING_DISABLED
        )
        others = {pattern: behavior for pattern, behavior in made.items() if pattern != "*"}
        cloudfront.Distribution(scope, "Distribution", default_behavior=default, additional_behaviors=others)


def synthesized() -> Iterator[App]:
    """The app, for as long as its assets are needed."""
    with TemporaryDirectory() as folder:
        yield App(Path(folder))


def constructs_that_make_behaviors() -> Mapping[str, type]:
    """The public classes of the library that make cache behaviors, or whose documentation has an owner make one."""
    found = {}
    for name in dir(ha_patterns):
        value = getattr(ha_patterns, name)
        if inspect.isclass(value) and value.__module__.startswith("ha_patterns."):
            source = inspect.getsource(value)
            if any(made in source for made in ("BehaviorOptions(", "read_behavior(", ".behavior(", "CacheBehavior(")):
                found[name] = value
    return found
