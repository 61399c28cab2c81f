"""What is refused, and what the refusal says: the argument, the value, what is allowed, the way out.

The table holds inputs that the CDK accepts in silence and AWS refuses at deploy, or worse, accepts as well.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import aws_cdk as cdk
import pytest
from _pytest.mark import ParameterSet
from aws_cdk import Duration
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_apigatewayv2 as apigatewayv2
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as cloudfront_origins
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from aws_cdk import aws_globalaccelerator as globalaccelerator
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_route53_targets as targets
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns
from aws_cdk.assertions import Template

from ha_patterns import (
    AcceleratorEndpoint,
    AcceleratorHealthCheck,
    AlarmHealthCheck,
    BucketPair,
    BucketProbe,
    BucketReadPolicy,
    BucketReplication,
    BucketSet,
    CalculatedHealthCheck,
    DeclaredOrigins,
    DnsFailover,
    EdgeDistribution,
    Endpoint,
    EndpointGroup,
    EndpointHealthCheck,
    ErrorPages,
    FailoverOriginGroup,
    GracefulResponse,
    HealthCheckSettings,
    MultiRegionAccessPoint,
    NearestBucketFunction,
    OriginFailover,
    OriginGuardSecrets,
    OriginSettings,
    PathRoute,
    PathRouting,
    RoutingControlFailover,
    RoutingControls,
    RoutingTable,
    RuleSource,
    SamePathReads,
    StaleContent,
    TrafficSwitch,
)

from .samples import (
    CERTIFICATE_ARN,
    CLUSTER_ARN,
    TOPIC_ARN,
    access_point,
    bucket_dns_router,
    bucket_failover,
    bucket_pair,
    bucket_probe,
    certificate,
    closed_listener,
    content_bucket,
    dns_failover,
    elastic_ip,
    endpoint_group,
    errors_alarm,
    guard,
    guarded_listener,
    home_health_of,
    home_router,
    hybrid_failover,
    imported_balancer,
    imported_bucket,
    instance_in,
    latency_routing,
    list_token,
    load_balancer,
    metric_alarm,
    multi_az_accelerator,
    multi_region_accelerator,
    nearest_bucket,
    new_balancer,
    number_token,
    path_routing,
    primary_host,
    refused_synth,
    rest_api,
    rest_domain,
    rule_router,
    same_path_site,
    secondary_host,
    seconds_token,
    stack_in,
    static_rules,
    target_group,
    tenant_router,
    text_token,
    vpc_in,
    zonal_shift,
    zone_of,
)

_Build = Callable[[cdk.Stack], Any]
_ACCEPTED: type[BaseException] = pytest.fail.Exception
_ORIGIN_SETTINGS_PAGE = "DownloadDistValuesOrigin.html"
_EDGE_FUNCTIONS_PAGE = "edge-function-restrictions-all.html"
_ROLES = ("primary", "secondary")
_PATHS = ("write_paths", "read_write_paths")
_ApiKind = apigateway.EndpointType
_CachePolicy = cloudfront.CachePolicy
_Methods = cloudfront.AllowedMethods
_Policy = cloudfront.OriginRequestPolicy
_ForwardedHeaders = cloudfront.OriginRequestHeaderBehavior


# How a row is written


def _bad(
    what: str,
    build: _Build,
    *says: str,
    at: str | None = None,
    flaw: str | None = None,
    today: type[BaseException] | None = None,
) -> ParameterSet:
    """A row of the table.

    Args:
        what: The id of the row.
        build: Does it.
        says: What the refusal must say.
        at: The path of the construct that refuses at synth. Default: it is refused where it is written.
        flaw: What is wrong in the library where the row does not hold yet.
        today: What happens in its place: it is accepted, raises another error, or says something else.
    """
    marks = [] if flaw is None else [pytest.mark.xfail(strict=True, raises=today, reason=flaw)]
    return pytest.param(build, says, at, id=what, marks=marks)


def _make(function: Callable[..., object], /, **given: Any) -> _Build:
    """A build that calls a function; an argument that is a build itself is built before."""
    return lambda stack: function(**_built(given, stack))


def _behavior_of_rules(**given: Any) -> Callable[[cdk.Stack], object]:
    return lambda stack: rule_router(stack, cache_key=["host"]).behavior(**given)


def _in_stack(function: Callable[..., object], /, **given: Any) -> _Build:
    """The same of a function whose first argument is the stack."""
    return lambda stack: function(stack, **_built(given, stack))


def _built(given: Mapping[str, Any], stack: cdk.Stack) -> dict[str, Any]:
    return {name: value(stack) if callable(value) else value for name, value in given.items()}


def _elsewhere(build: _Build) -> _Build:
    """A build in a second stack, of another Region than the edge."""
    return lambda stack: build(stack_in("eu-west-1", stack))


# What rows are made of


def _seconds(seconds: float) -> Duration:
    return Duration.millis(seconds * 1000)


def _host(name: str | None, *addresses: str, **given: Any) -> Endpoint:
    return Endpoint.http_host(name, ipv4_addresses=addresses, **given)


def _routing_controls(stack: cdk.Stack, **given: Any) -> RoutingControls:
    return RoutingControls(stack, "Controls", **{"cluster_arn": CLUSTER_ARN, **given})


def _routing_failover(stack: cdk.Stack, **given: Any) -> RoutingControlFailover:
    arguments = {"cluster_arn": CLUSTER_ARN, "hosted_zone": zone_of(stack), "record_name": "origin", **given}
    return RoutingControlFailover(stack, "Failover", primary=primary_host(), secondary=secondary_host(), **arguments)


def _group(**given: Any) -> FailoverOriginGroup:
    return FailoverOriginGroup(**{"primary": primary_host(), "secondary": secondary_host(), **given})


def _origin_failover(stack: cdk.Stack, **given: Any) -> OriginFailover:
    return OriginFailover(stack, "Site", **{"primary": primary_host(), "secondary": secondary_host(), **given})


def _error_pages(stack: cdk.Stack, **given: Any) -> cloudfront.Distribution:
    """Someone else's distribution, with error pages."""
    pages = ErrorPages(stack, "Pages", **{"pages": {503: "/errors/503.html"}, **given})
    return cloudfront.Distribution(
        stack,
        "Site",
        default_behavior=cloudfront.BehaviorOptions(origin=primary_host().origin()),
        additional_behaviors=pages.behaviors,
        error_responses=pages.error_responses,
    )


def _graceful(stack: cdk.Stack, *, group: FailoverOriginGroup | None = None, **given: Any) -> cloudfront.Distribution:
    """Someone else's distribution, with graceful responses."""
    graceful = GracefulResponse(stack, "Graceful", **given)
    return cloudfront.Distribution(
        stack,
        "Site",
        default_behavior=graceful.behavior(group or _group(secondary=graceful.endpoint)),
        additional_behaviors=graceful.behaviors,
        error_responses=graceful.error_responses,
    )


def _stale(stack: cdk.Stack, **given: Any) -> EdgeDistribution:
    """A distribution that serves stale content."""
    stale = StaleContent(stack, "Stale", **{"origin": primary_host().origin(), **given})
    return EdgeDistribution(stack, "Site", default_behavior=stale.behavior, error_responses=stale.error_responses)


def _edge(stack: cdk.Stack, **given: Any) -> EdgeDistribution:
    behavior = cloudfront.BehaviorOptions(origin=primary_host().origin())
    return EdgeDistribution(stack, "Edge", default_behavior=behavior, **given)


def _site(stack: cdk.Stack, *, origin: cloudfront.IOrigin, **options: Any) -> cloudfront.Distribution:
    """Someone else's distribution."""
    return cloudfront.Distribution(stack, "Site", default_behavior=cloudfront.BehaviorOptions(origin=origin, **options))


def _shop(stack: cdk.Stack, *, origin: cloudfront.IOrigin, **options: Any) -> cloudfront.Distribution:
    """Someone else's distribution, which uses an origin for some of its paths."""
    site = _site(stack, origin=Endpoint.http_host("other.example.com").origin())
    site.add_behavior("/shop/*", origin, **options)
    return site


def _own_function(stack: cdk.Stack) -> cloudfront.FunctionAssociation:
    """A function of someone else's at viewer request."""
    function = cloudfront.Function(stack, "Own", code=cloudfront.FunctionCode.from_inline("function handler() {}"))
    return cloudfront.FunctionAssociation(function=function, event_type=cloudfront.FunctionEventType.VIEWER_REQUEST)


def _viewer_lambda(stack: cdk.Stack, event: str) -> list[cloudfront.EdgeLambda]:
    arn = "arn:aws:lambda:us-east-1:123456789012:function:own:7"
    version = lambda_.Version.from_version_arn(stack, "Version", arn)
    kind = cloudfront.LambdaEdgeEventType[f"VIEWER_{event.upper()}"]
    return [cloudfront.EdgeLambda(function_version=version, event_type=kind)]


def _add_alarms(*, construct: Any, topic: sns.ITopic, **given: Any) -> object:
    return construct.add_alarms(topic, **given)


def _check(stack: cdk.Stack, **given: Any) -> EndpointHealthCheck:
    return EndpointHealthCheck(stack, "Check", **given)


def _cdk_check(stack: cdk.Stack, **given: Any) -> route53.HealthCheck:
    return route53.HealthCheck(stack, "Check", type=route53.HealthCheckType.HTTPS, **given)


def _imported_checks(stack: cdk.Stack, count: int) -> list[route53.IHealthCheck]:
    return [route53.HealthCheck.from_health_check_id(stack, f"Child{n}", f"0c9b5c4e-{n}") for n in range(count)]


def _calculated(stack: cdk.Stack, **given: Any) -> CalculatedHealthCheck:
    if "child_health_checks" not in given:
        given["child_health_checks"] = _imported_checks(stack, 2)
    return CalculatedHealthCheck(stack, "Check", **given)


def _alarm_check(stack: cdk.Stack, **given: Any) -> AlarmHealthCheck:
    return AlarmHealthCheck(stack, "Check", **given)


def _switch(stack: cdk.Stack, **given: Any) -> TrafficSwitch:
    return TrafficSwitch(stack, "Switch", **given)


def _imported_site(stack: cdk.Stack, construct_id: str = "Imported") -> cloudfront.IDistribution:
    return cloudfront.Distribution.from_distribution_attributes(
        stack, construct_id, distribution_id="E2EXAMPLE", domain_name="d111111abcdef8.cloudfront.net"
    )


def _read_policy(
    stack: cdk.Stack, *, region: str = "eu-west-1", bucket: Mapping[str, Any] | None = None, **given: Any
) -> BucketReadPolicy:
    pair = bucket_pair(stack, primary=content_bucket(stack, "eu-west-1", **(bucket or {})))
    return BucketReadPolicy(stack_in(region, stack), "Policy", bucket=pair.primary, **given)


def _near(
    stack: cdk.Stack, *, origin: cloudfront.IOrigin | None = None, buckets: BucketSet | None = None, **options: Any
) -> cloudfront.Distribution:
    """Someone else's distribution with the function that chooses the nearest bucket."""
    nearest = NearestBucketFunction(stack, "Nearest", buckets=buckets or bucket_pair(stack))
    return _site(stack, origin=origin or nearest.origin_group, edge_lambdas=[nearest.edge_lambda], **options)


def _named_at_deploy(stack: cdk.Stack, name: str) -> BucketPair:
    """A pair of buckets with a name that only the deploy knows."""
    named = s3.Bucket.from_bucket_attributes(stack, "Named", bucket_name=name, region="eu-west-1")
    return bucket_pair(stack, primary=named)


def _bucket_behind_shield(stack: cdk.Stack) -> cloudfront.IOrigin:
    return cloudfront_origins.S3BucketOrigin.with_origin_access_identity(
        imported_bucket(stack, "eu-west-2"), origin_shield_enabled=True, origin_shield_region="eu-west-2"
    )


def _read_by_identity(stack: cdk.Stack, *, region: str) -> object:
    far = s3.Bucket.from_bucket_attributes(stack, "FarBucket", bucket_name="far", region=region)
    identity = cloudfront.OriginAccessIdentity(stack, "Identity")
    return bucket_pair(stack, secondary=far).endpoints(stack, origin_access_identity=identity)


def _joined(*regions: str) -> _Build:
    """An access point over buckets that exist already."""
    return lambda stack: access_point(stack, buckets=[imported_bucket(stack, region) for region in regions])


def _routes_to(*, point: MultiRegionAccessPoint, active: Sequence[str]) -> str:
    return point.routes_command(active)


def _bucket(stack: cdk.Stack, construct_id: str = "Content") -> Endpoint:
    return Endpoint.bucket(
        s3.Bucket.from_bucket_attributes(stack, construct_id, bucket_name="content", region="eu-west-1")
    )


def _api_by_name() -> Endpoint:
    return Endpoint.api_gateway(domain_name="api.example.com")


def _topic(stack: cdk.Stack, region: str = "us-east-1") -> sns.ITopic:
    return sns.Topic.from_topic_arn(stack, "Topic", TOPIC_ARN.replace("us-east-1", region))


def _accelerated(_: cdk.Stack) -> Endpoint:
    return Endpoint.http_host(
        "b.example.com", alias_target=targets.GlobalAcceleratorDomainTarget("a1.awsglobalaccelerator.com")
    )


def _load_balanced(stack: cdk.Stack) -> Endpoint:
    return Endpoint.load_balancer(load_balancer(stack), domain_name="a.example.com")


def _behind_cloudfront(stack: cdk.Stack) -> Endpoint:
    site = _site(stack, origin=primary_host().origin())
    return Endpoint.http_host("cdn.example.com", alias_target=targets.CloudFrontTarget(site))


def _internal_load_balancer(stack: cdk.Stack) -> elbv2.ApplicationLoadBalancer:
    vpc = ec2.Vpc.from_vpc_attributes(
        stack,
        "Vpc",
        vpc_id="vpc-0123456789abcdef0",
        availability_zones=["eu-west-1a", "eu-west-1b"],
        private_subnet_ids=["subnet-1", "subnet-2"],
    )
    return elbv2.ApplicationLoadBalancer(stack, "LoadBalancer", vpc=vpc, internet_facing=False)


# The table

_ORIGIN_SETTINGS = [
    *(
        _bad(
            f"{attempts!r} connection attempts",
            _make(OriginSettings, connection_attempts=attempts),
            f"connection_attempts must be a whole number from 1 to 3, got {attempts!r}",
            _ORIGIN_SETTINGS_PAGE,
        )
        for attempts in (0, 4, 1.5, True)
    ),
    *(
        row
        for argument, high in (
            ("connection_timeout", 10),
            ("response_timeout", 120),
            ("keepalive_timeout", 300),
            ("response_completion_timeout", 3600),
        )
        for row in (
            *(
                _bad(
                    f"{argument} of {seconds:g} s",
                    _make(OriginSettings, **{argument: _seconds(seconds)}),
                    f"{argument} must be whole seconds from 1 to {high}, got '{seconds:g} s'",
                    _ORIGIN_SETTINGS_PAGE,
                )
                for seconds in (0, 1.5, high + 1)
            ),
            _bad(
                f"{argument} that is a number",
                _make(OriginSettings, **{argument: 5}),
                f"{argument} must be a Duration, got 5: write Duration.seconds(5)",
            ),
        )
    ),
    _bad(
        "completion before the response",
        _make(OriginSettings, response_timeout=_seconds(30), response_completion_timeout=_seconds(29)),
        "response_completion_timeout must be at least the response_timeout of 30 s, got '29 s'",
        "it caps all attempts together",
    ),
]

_NO_DOMAIN_NAME = "domain_name must be a domain name such as origin.example.com (no scheme, no port, no path), got "

_ENDPOINTS = [
    _bad(
        "a host that is nowhere",
        _make(Endpoint.http_host),
        "domain_name, ipv4_addresses, ipv6_addresses and alias_target are all missing",
        "needs at least one of them",
    ),
    _bad(
        "addresses beside an alias",
        lambda stack: _host(
            "a.example.com", "203.0.113.1", alias_target=targets.LoadBalancerTarget(load_balancer(stack))
        ),
        "alias_target and addresses exclude each other",
    ),
    *(
        _bad(
            f"{name[:24]!r} as domain name",
            _make(Endpoint.http_host, domain_name=name),
            f"{_NO_DOMAIN_NAME}{name!r}",
            "CloudFront connects to origins by name",
        )
        for name in (
            *("https://a.example.com", "a.example.com:443", "a.example.com/path", "localhost", "", "a..example.com"),
            *("-a.example.com", "a b.example.com", "*.example.com", f"{'a' * 64}.example.com", f"{'a.' * 127}com"),
        )
    ),
    _bad(
        "a domain name that ends in a line feed",
        _make(Endpoint.http_host, domain_name="a.example.com\n"),
        _NO_DOMAIN_NAME,
        r"got 'a.example.com\n'",
    ),
    _bad(
        "a domain name with a letter that is not of ASCII and has one as its lower case",
        _make(Endpoint.http_host, domain_name="\N{KELVIN SIGN}elvin.example.com"),
        _NO_DOMAIN_NAME,
    ),
    *(
        _bad(
            f"{address} as domain name",
            _make(Endpoint.http_host, domain_name=address),
            f"domain_name must be a domain name and not an IP address, got {address!r}",
        )
        for address in ("203.0.113.1", "2001:db8::1")
    ),
    *(
        _bad(
            f"{address}, which nobody can reach",
            _make(Endpoint.http_host, **{argument: [address]}),
            f"{argument} must be a public IPv{argument[3]} address, got {address!r}",
            "it cannot be reached over the internet",
        )
        for argument, addresses in (
            (
                "ipv4_addresses",
                ("10.0.0.1", "172.16.0.1", "192.168.1.1", "127.0.0.1", "169.254.1.1", "100.64.0.1", "224.0.0.1"),
            ),
            ("ipv6_addresses", ("fd00::1", "fe80::1", "::1", "ff02::1")),
        )
        for address in addresses
    ),
    *(
        _bad(
            f"{address}, which nobody can reach either",
            _make(Endpoint.http_host, ipv6_addresses=[address]),
            f"ipv6_addresses must be a public IPv6 address, got {address!r}",
        )
        for address in ("::ffff:10.0.0.1", "2001:db8::1%eth0")
    ),
    *(
        _bad(
            f"{value} in {argument}",
            _make(Endpoint.http_host, **{argument: [value]}),
            f"{argument} must be a public IPv{argument[3]} address, got {value!r}",
            why,
        )
        for argument, value, why in (
            ("ipv4_addresses", "2001:db8::1", "it is an IPv6 address"),
            ("ipv6_addresses", "203.0.113.1", "it is an IPv4 address"),
            ("ipv4_addresses", "b.example.com", "it is not an IP address"),
            ("ipv6_addresses", "", "it is not an IP address"),
        )
    ),
    *(
        _bad(
            f"{argument} {port!r}",
            _make(Endpoint.http_host, domain_name="a.example.com", **{argument: port}),
            f"{argument} must be a whole number from 1024 to 65535, got {port!r}",
            "CloudFront connects to 80, 443 and these ports only",
        )
        for argument in ("http_port", "https_port")
        for port in (0, 22, 1023, 65536, 8080.5, True)
    ),
    *(
        _bad(
            f"origin path {path[:8]!r}",
            _make(Endpoint.http_host, domain_name="a.example.com", origin_path=path),
            f"origin_path must be {allowed}, got {path!r}",
            "CloudFront",
        )
        for allowed, paths in (
            ("a path of at most 255 characters that starts with /", ("prod", "", f"/{'a' * 255}", "/tab\t")),
            ("without a / at the end", ("/prod/", "/")),
        )
        for path in paths
    ),
    *(
        _bad(
            f"{argument} of a host that has no name",
            _make(Endpoint.http_host, ipv4_addresses=["203.0.113.1"], **{argument: value}),
            f"{argument} must be",
        )
        for argument, value in (("https_port", 22), ("origin_path", "prod"))
    ),
    *(
        _bad(f"{what} of an API and its name", build, "api and domain_name: give exactly one of them")
        for what, build in (
            ("both", _make(Endpoint.api_gateway, api=rest_api, domain_name="api.example.com")),
            ("neither", _make(Endpoint.api_gateway)),
        )
    ),
    *(
        _bad(
            f"{argument} that is {what}",
            _make(Endpoint.api_gateway, **{argument: construct}, **given),
            f"{argument} must be a REGIONAL endpoint, got {got!r}",
            "set endpoint_type",
        )
        for argument, what, construct, given, got in (
            ("api", "edge-optimised", _in_stack(rest_api, kind=_ApiKind.EDGE), {}, "EDGE"),
            ("api", "edge-optimised for want of a word", lambda stack: apigateway.RestApi(stack, "Api"), {}, "EDGE"),
            ("api", "private", _in_stack(rest_api, kind=_ApiKind.PRIVATE), {}, "PRIVATE"),
            (
                "custom_domain",
                "edge-optimised",
                _in_stack(rest_domain, kind=_ApiKind.EDGE),
                {"domain_name": "api.example.com"},
                "EDGE",
            ),
        )
    ),
    *(
        _bad(
            f"a REST API that is {what}, whose stage cannot be known",
            _make(Endpoint.api_gateway, api=api),
            "origin_path",
        )
        for what, api in (
            ("imported", lambda stack: apigateway.RestApi.from_rest_api_id(stack, "Api", "a1b2c3")),
            (
                "not deployed",
                lambda stack: apigateway.RestApi(stack, "Api", deploy=False, endpoint_types=[_ApiKind.REGIONAL]),
            ),
        )
    ),
    *(
        _bad(
            f"a load balancer over {policy.value} by the name that AWS gave it",
            _make(Endpoint.load_balancer, load_balancer=load_balancer, protocol_policy=policy),
            "domain_name is missing",
            "none can cover the name AWS gives a load balancer",
            "give a name of your own that the listener's certificate covers",
        )
        for policy in (cloudfront.OriginProtocolPolicy.HTTPS_ONLY, cloudfront.OriginProtocolPolicy.MATCH_VIEWER)
    ),
    _bad(
        "a load balancer that does not face the internet",
        _make(Endpoint.load_balancer, load_balancer=_internal_load_balancer, domain_name="a.example.com"),
        "load_balancer must be one that faces the internet, got 'internal'",
        "make it with internet_facing=True",
    ),
    _bad(
        "an origin without a name",
        lambda _: _host(None, "203.0.113.1").origin(),
        "domain_name is missing",
        "give it a name of its own that resolves to them",
    ),
]

_CUSTOM_HEADERS = [
    _bad(
        f"{header} as a custom header of {what}",
        _make(endpoint.origin, custom_headers={header: "value"}),
        "custom_headers",
        header,
    )
    for header in ("Host", "X-Amz-Mine", "Via")
    for what, endpoint, today in (
        ("a host", Endpoint.http_host("a.example.com"), RuntimeError),
        ("an API", Endpoint.api_gateway(domain_name="api.example.com"), _ACCEPTED),
    )
]

_VIEWER_HOST = [
    *(
        _bad(
            f"viewer's Host to an API, {what}",
            _in_stack(_shop, origin=_api_by_name().origin(), **{argument: policy}),
            "behavior '/shop/*' of Test/Site forwards the viewer's Host header to api.example.com",
            "use OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER, and no cache policy with Host in the key",
            at="Test/Site/Origin2",
        )
        for what, argument, policy in (
            ("AllViewer", "origin_request_policy", _Policy.ALL_VIEWER),
            ("HostHeaderOnly", "origin_request_policy", _Policy.HOST_HEADER_ONLY),
            ("with CloudFront's headers", "origin_request_policy", _Policy.ALL_VIEWER_AND_CLOUDFRONT_2022),
            (
                "by a policy of one's own that lists it",
                "origin_request_policy",
                lambda stack: _Policy(stack, "Policy", header_behavior=_ForwardedHeaders.allow_list("Accept", "host")),
            ),
            (
                "by a policy of one's own that forwards all",
                "origin_request_policy",
                lambda stack: _Policy(stack, "Policy", header_behavior=_ForwardedHeaders.all()),
            ),
            (
                "by a cache policy of one's own",
                "cache_policy",
                lambda stack: _CachePolicy(
                    stack, "Policy", header_behavior=cloudfront.CacheHeaderBehavior.allow_list("Host")
                ),
            ),
            ("by a managed cache policy", "cache_policy", _CachePolicy.USE_ORIGIN_CACHE_CONTROL_HEADERS),
        )
    ),
    _bad(
        "viewer's Host to a bucket",
        _in_stack(_site, origin=lambda stack: _bucket(stack).origin(), origin_request_policy=_Policy.ALL_VIEWER),
        "behavior '*' of Test/Site forwards the viewer's Host header to content.s3.eu-west-1.amazonaws.com",
        "ALL_VIEWER_EXCEPT_HOST_HEADER",
        at="Test/Site/Origin1",
    ),
    *(
        _bad(
            f"viewer's Host to an API that is the {role} of a group",
            _in_stack(_site, origin=_make(_group, **{role: _api_by_name()}), origin_request_policy=_Policy.ALL_VIEWER),
            "behavior '*' of Test/Site forwards the viewer's Host header to api.example.com",
            at=f"Test/Site/Origin{place}",
        )
        for place, role in enumerate(_ROLES, start=1)
    ),
    _bad(
        "viewer's Host to an API behind a hybrid failover",
        lambda stack: hybrid_failover(
            stack,
            primary=Endpoint.load_balancer(load_balancer(stack), domain_name="a.example.com"),
            secondary=Endpoint.api_gateway(domain_name="api.example.com", custom_domain=rest_domain(stack)),
            origin_request_policy=_Policy.ALL_VIEWER,
        ),
        "behavior '*' of Test/Site/Edge/Distribution forwards the viewer's Host header to api.example.com",
        "behavior '/cart/*' of Test/Site/Edge/Distribution forwards the viewer's Host header to origin.example.com",
        at="Test/Site/Edge/Distribution/Origin2",
    ),
    _bad(
        "viewer's Host to an API whose name only the deploy knows",
        lambda stack: _site(
            stack,
            origin=Endpoint.api_gateway(api=apigatewayv2.HttpApi(stack, "Api")).origin(),
            origin_request_policy=_Policy.ALL_VIEWER,
        ),
        "behavior '*' of Test/Site forwards the viewer's Host header to a name that only the deploy knows",
        at="Test/Site/Origin1",
    ),
]

_ORIGIN_GROUPS = [
    _bad(
        "writes through a group",
        _in_stack(_site, origin=_make(_group), allowed_methods=_Methods.ALLOW_ALL),
        "behavior '*' of Test/Site allows DELETE, PATCH, POST, PUT on an origin group, which CloudFront refuses",
        "allow GET, HEAD and OPTIONS only, and give writes a behavior of their own on a single origin",
        at="Test/Site/Origin1",
    ),
    _bad(
        "writes through a group on some paths",
        _in_stack(_shop, origin=_make(_group), allowed_methods=_Methods.ALLOW_ALL),
        "behavior '/shop/*' of Test/Site allows DELETE, PATCH, POST, PUT on an origin group",
        "HybridFailover does both",
        at="Test/Site/Origin2",
    ),
    _bad(
        "OPTIONS through a group without a cache",
        _in_stack(_site, origin=_make(_group), allowed_methods=_Methods.ALLOW_GET_HEAD_OPTIONS),
        "behavior '*' of Test/Site allows OPTIONS on an origin group but does not cache it",
        "set cached_methods=CachedMethods.CACHE_GET_HEAD_OPTIONS, or allow GET and HEAD only",
        at="Test/Site/Origin1",
    ),
    *(
        _bad(
            f"{code!r} as failover code",
            _make(_group, status_codes=[503, 504, code]),
            f"status_codes must be one of 400, 403, 404, 416, 429, 500, 502, 503, 504, got {code!r}",
            "high_availability_origin_failover.html",
        )
        for code in (999, 501, 200, 0, "500")
    ),
    *(
        _bad(
            f"codes without {code}, of {what}",
            build,
            f"status_codes must include {code}, got",
            f"CloudFront counts {meaning} only where {code} is listed",
            f"add it, or say {waiver}=True",
        )
        for code, meaning, waiver, codes in (
            (503, "failing to connect", "ignore_connection_failures", [500, 502, 504]),
            (504, "a response that times out", "ignore_timeouts", [500, 502, 503]),
        )
        for what, build in (
            ("a group", _make(_group, status_codes=codes)),
            ("an OriginFailover", _in_stack(_origin_failover, status_codes=codes)),
            ("a HybridFailover", _in_stack(hybrid_failover, status_codes=codes)),
        )
    ),
    _bad(
        "codes without 504 where only 503 is waived",
        _make(_group, status_codes=[500], ignore_connection_failures=True),
        "status_codes must include 504, got [500]",
    ),
    *(
        _bad(
            f"{code} beside its waiver",
            _make(_group, status_codes=[503, 504], **{waiver: True}),
            f"status_codes includes {code}, which {waiver}=True says to leave out",
            "drop the one or the other",
        )
        for code, waiver in ((503, "ignore_connection_failures"), (504, "ignore_timeouts"))
    ),
    _bad("no codes", _make(_group, status_codes=[]), "status_codes must hold at least one code, got none"),
    _bad(
        "a code twice",
        _make(_group, status_codes=[503, 504, 503]),
        "status_codes must hold each code once, got [503, 504, 503]",
    ),
    *(
        _bad(
            f"{what} as both members",
            _make(_group, primary=one, secondary=two),
            "secondary must be another place than primary, got Endpoint(",
            "to ask the same host a second time, say retry_same_origin=True in place of secondary",
        )
        for what, one, two in (
            ("the same name", _host("a.example.com"), _host("a.example.com")),
            ("the same name, written in two ways,", _host("a.example.com"), _host("A.example.com.")),
            ("the same bucket", _in_stack(_bucket, construct_id="One"), _in_stack(_bucket, construct_id="Two")),
        )
    ),
    *(
        _bad(
            what,
            _make(_group, **given),
            "secondary and retry_same_origin: give exactly one of them",
            got,
        )
        for what, given, got in (
            ("a group of one", {"secondary": None}, "got secondary=None and retry_same_origin=False"),
            (
                "a retry beside a secondary",
                {"retry_same_origin": True},
                "got secondary=Endpoint(secondary.example.com) and retry_same_origin=True",
            ),
        )
    ),
    *(
        _bad(
            f"a {role} known by addresses alone",
            _make(_group, **{role: _host(None, "203.0.113.9")}),
            "domain_name is missing: CloudFront connects to origins by name, and this endpoint has addresses only",
        )
        for role in _ROLES
    ),
    *(
        _bad(
            f"an objective that {what} cannot meet",
            build,
            "recovery_time_objective of 13 s cannot be met: failover takes up to 14 s",
            "connection_attempts x (connection_timeout + response_timeout) of the primary",
            "lower these settings or raise the objective",
        )
        for what, build in (
            ("a group", _make(_group, recovery_time_objective=_seconds(13))),
            ("an OriginFailover", _in_stack(_origin_failover, recovery_time_objective=_seconds(13))),
        )
    ),
    _bad(
        "an objective for settings that only the deploy knows",
        lambda stack: _group(
            primary_settings=OriginSettings(response_timeout=seconds_token(stack, "Given")),
            recovery_time_objective=_seconds(13),
        ),
        "response_timeout is a token, known only at deploy",
        "give it as a plain Duration",
    ),
    _bad(
        "an objective that is a number",
        _make(_group, recovery_time_objective=13),
        "recovery_time_objective must be a Duration, got 13: write Duration.seconds(13)",
    ),
]

_HEALTH_CHECKS = [
    *(
        _bad(
            f"interval of {seconds:g} s",
            _make(HealthCheckSettings, interval=_seconds(seconds)),
            f"interval must be one of 10, 30, got {seconds:g}",
            "in seconds",
        )
        for seconds in (15, 0, 10.5, 60)
    ),
    _bad(
        "interval that is a number",
        _make(HealthCheckSettings, interval=10),
        "interval must be a Duration, got 10: write Duration.seconds(10)",
    ),
    *(
        _bad(
            f"{threshold!r} failures",
            _make(HealthCheckSettings, failure_threshold=threshold),
            f"failure_threshold must be a whole number from 1 to 10, got {threshold!r}",
        )
        for threshold in (0, 11, 2.5, True)
    ),
    *(
        _bad(
            f"checks from {len(regions)} Regions, {len(set(regions))} of them different",
            _make(HealthCheckSettings, regions=regions),
            f"regions must be at least 3 different ones, got {regions!r}",
        )
        for regions in ([], ["us-east-1", "eu-west-1"], ["us-east-1", "us-east-1", "eu-west-1"])
    ),
    *(
        _bad(
            f"checks from {region}",
            _make(HealthCheckSettings, regions=["us-east-1", "eu-west-1", region]),
            "regions must be one of us-east-1, us-west-1, us-west-2, eu-west-1, ap-southeast-1",
            f"got {region!r}",
            "Route 53 has checkers there only",
        )
        for region in ("eu-west-3", "mars-1")
    ),
    *(
        _bad(
            f"a check over {protocol!r}",
            _make(HealthCheckSettings, protocol=protocol),
            f"protocol must be one of HTTPS, HTTP, TCP, got {protocol!r}",
        )
        for protocol in ("ICMP", "https", "HTTPS_STR_MATCH", "")
    ),
    _bad(
        "a TCP check without a port",
        _make(HealthCheckSettings, protocol="TCP"),
        "port is missing: a TCP check has no default port",
    ),
    *(
        _bad(
            f"a TCP check with a {argument}",
            _make(HealthCheckSettings, protocol="TCP", port=1, **{argument: "/"}),
            f"{argument} needs protocol HTTP or HTTPS, got TCP",
        )
        for argument in ("path", "search_string")
    ),
    *(
        _bad(
            f"a check of port {port!r}",
            _make(HealthCheckSettings, port=port),
            f"port must be a whole number from 1 to 65535, got {port!r}",
        )
        for port in (0, 65536, True)
    ),
    *(
        _bad(
            f"a check of path {path[:8]!r}",
            _make(HealthCheckSettings, path=path),
            f"path must be a path of at most 255 characters that starts with /, got {path!r}",
        )
        for path in ("health", "", f"/{'a' * 255}", "/\n")
    ),
    *(
        _bad(
            f"a search for {length} characters",
            _make(HealthCheckSettings, search_string="x" * length),
            f"search_string must be 1 to 255 characters, got '{length} characters'",
        )
        for length in (0, 256)
    ),
    *(
        _bad(
            f"a check over {protocol} of nothing",
            _in_stack(_check, settings=HealthCheckSettings(protocol=protocol, port=443)),
            "domain_name and ip_address are both missing",
            "a health check needs something to ask",
        )
        for protocol in ("HTTPS", "HTTP", "TCP")
    ),
    _bad(
        "a check of an address as a name",
        _in_stack(_check, domain_name="203.0.113.1"),
        "domain_name must be a domain name and not an IP address, got '203.0.113.1'",
        "an address is given as ip_address",
    ),
    *(
        _bad(
            f"a check of {address}",
            _in_stack(_check, ip_address=address),
            f"ip_address must be a public IPv{version} address, got {address!r}",
        )
        for address, version in (("10.0.0.1", 4), ("a.example.com", 4), ("fd00::1", 6), ("::g", 6))
    ),
]

_CALCULATED_HEALTH_CHECKS = [
    *(
        _bad(
            f"a status out of {count} checks",
            _in_stack(_calculated, child_health_checks=_in_stack(_imported_checks, count=count)),
            f"child_health_checks must be 1 to 255 health checks, got '{count} of them'",
        )
        for count in (0, 256)
    ),
    *(
        _bad(
            f"{threshold!r} of 2 checks",
            _in_stack(_calculated, health_threshold=threshold),
            f"health_threshold must be a whole number from 1 to 2, got {threshold!r}",
            "with 0 the check is always healthy, and with more than there are children it never is",
        )
        for threshold in (0, 3, -1, 1.5, True)
    ),
    _bad(
        "a check that counts twice",
        lambda stack: _calculated(stack, child_health_checks=2 * _imported_checks(stack, 1)),
        "child_health_checks must be different health checks, got ['Test/Child0', 'Test/Child0']",
    ),
    _bad(
        "a status out of a calculated one",
        lambda stack: CalculatedHealthCheck(stack, "Nested", child_health_checks=[_calculated(stack)]),
        "child_health_checks must be health checks that are not calculated, got 'Test/Check'",
        "give its children",
    ),
    _bad(
        "a status out of a calculated one of the CDK's",
        lambda stack: _calculated(
            stack,
            child_health_checks=[
                route53.HealthCheck(
                    stack,
                    "Nested",
                    type=route53.HealthCheckType.CALCULATED,
                    child_health_checks=_imported_checks(stack, 1),
                )
            ],
        ),
        "child_health_checks must be health checks that are not calculated, got 'Test/Nested'",
    ),
    _bad(
        "a status out of a check of another stack",
        _in_stack(
            lambda stack, **given: _calculated(stack, child_health_checks=list(given.values())),
            child=_elsewhere(_in_stack(_check, domain_name="a.example.com")),
        ),
        "child_health_checks must be made in the stack of the calculated check, got one of Elsewhere",
        "make both in one stack",
    ),
]

_ALARM_HEALTH_CHECKS = [
    _bad("a check of no alarm", _in_stack(_alarm_check), "alarm and alarm_name are both missing"),
    _bad(
        "a check of an alarm without its Region",
        _in_stack(_alarm_check, alarm_name="errors"),
        "alarm_region is missing: Route 53 finds an alarm by name and Region",
    ),
    *(
        _bad(
            f"an alarm beside its {argument}",
            _in_stack(_alarm_check, alarm=metric_alarm, **{argument: "eu-west-1"}),
            "alarm excludes alarm_name and alarm_region",
        )
        for argument in ("alarm_name", "alarm_region")
    ),
    *(
        _bad(
            f"an alarm called {name[:8]!r}",
            _in_stack(_alarm_check, alarm_name=name, alarm_region="eu-west-1"),
            f"alarm_name must be 1 to 255 characters, got {name!r}",
        )
        for name in ("", "x" * 256, "a\n")
    ),
    *(
        _bad(
            f"an alarm in {region!r}",
            _in_stack(_alarm_check, alarm_name="errors", alarm_region=region),
            f"alarm_region must be an AWS Region such as eu-west-1, got {region!r}",
        )
        for region in ("mars", "", "eu-west-1a")
    ),
    *(
        _bad(
            f"an alarm with {what}",
            _in_stack(_alarm_check, alarm=_in_stack(metric_alarm, **given)),
            said,
            "health-checks-creating-values.html",
        )
        for what, given, said in (
            ("a percentile", {"statistic": "p90"}, "the statistic of alarm must be one of Average, Minimum, Maximum"),
            ("high resolution", {"period": _seconds(10)}, "the period of alarm must be at least 60 s, got '10 s'"),
            (
                "2 of 3 periods",
                {"evaluation_periods": 3, "datapoints_to_alarm": 2},
                "datapoints_to_alarm of alarm must be all 3 evaluation_periods, got 2",
            ),
            (
                "metric math",
                {
                    "metric": cloudwatch.MathExpression(
                        expression="a * 2",
                        using_metrics={"a": cloudwatch.Metric(namespace="Shop", metric_name="Errors")},
                    )
                },
                "alarm must be one on a single metric of its own account and Region, got 'Test/Errors'",
            ),
            (
                "a metric of another account",
                {"metric": cloudwatch.Metric(namespace="Shop", metric_name="Errors", account="210987654321")},
                "alarm must be one on a single metric of its own account and Region, got 'Test/Errors'",
            ),
        )
    ),
    _bad(
        "a composite alarm",
        _in_stack(
            _alarm_check,
            alarm=lambda stack: cloudwatch.CompositeAlarm(
                stack, "Both", alarm_rule=cloudwatch.AlarmRule.from_boolean(value=True)
            ),
        ),
        "alarm must be one on a metric, got 'Test/Both'",
    ),
    _bad(
        "an alarm of another stack without a chosen name",
        _in_stack(_alarm_check, alarm=_elsewhere(_in_stack(metric_alarm, alarm_name=None))),
        "alarm must be one with an alarm_name that was chosen, got 'Elsewhere/Errors'",
    ),
    _bad(
        "an alarm of a stack without a Region",
        _in_stack(_alarm_check, alarm=lambda stack: metric_alarm(stack_in(None, stack))),
        "alarm must be one in a stack with a Region, got 'Elsewhere/Errors'",
        "env=Environment(region=",
    ),
    _bad(
        "an alarm of another account",
        lambda stack: AlarmHealthCheck(
            cdk.Stack(cdk.App.of(stack), "Mine", env=cdk.Environment(region="us-east-1", account="123456789012")),
            "Check",
            alarm=metric_alarm(
                cdk.Stack(cdk.App.of(stack), "Theirs", env=cdk.Environment(region="us-east-1", account="210987654321"))
            ),
        ),
        "alarm must be one of this account, 123456789012, got 'one of 210987654321'",
    ),
    _bad(
        "a status without data that is none",
        _in_stack(_alarm_check, alarm=metric_alarm, insufficient_data_health_status="Ok"),
        "insufficient_data_health_status must be one of",
        "got 'Ok'",
    ),
]

_TRAFFIC_SWITCHES = [
    *(
        _bad(
            f"a switch called {name[:8]!r}",
            _in_stack(_switch, switch_name=name),
            f"switch_name must be 1 to 200 letters, digits, '.', '_' and '-', got {name!r}",
        )
        for name in ("", "x" * 201, "a b", "a/b", "shop\n", "straße")
    ),
    *(
        row
        for make in (dns_failover, hybrid_failover)
        for row in (
            _bad(
                f"a failback of a {make.__name__} that is none",
                _in_stack(make, failback="never"),
                "failback must be one of automatic, manual, got 'never'",
            ),
        )
    ),
    _bad(
        "a manual failback in another Region",
        _elsewhere(_in_stack(dns_failover, failback="manual")),
        "failback='manual' must be in us-east-1, got a stack in eu-west-1",
        "put it in a stack with env=Environment(region='us-east-1')",
    ),
    _bad(
        "a manual failback over a calculated check",
        _in_stack(dns_failover, failback="manual", primary_health_check=_calculated),
        "child_health_checks must be health checks that are not calculated, got 'Test/Check'",
    ),
]

_DNS_FAILOVER = [
    *(
        _bad(
            f"{what} as both endpoints",
            _in_stack(dns_failover, primary=one, secondary=two),
            "secondary must be another place than primary, got Endpoint(",
            "one outage takes them both",
        )
        for what, one, two in (
            ("the same name", _host("a.example.com", "203.0.113.1"), _host("a.example.com", "203.0.113.2")),
            ("the same address", _host(None, "203.0.113.1"), _host(None, "203.0.113.1")),
            (
                "one of several addresses",
                _host(None, "203.0.113.1", "203.0.113.2"),
                _host(None, "203.0.113.2", "203.0.113.3"),
            ),
        )
    ),
    _bad(
        "the same address under two names as both endpoints",
        _in_stack(
            dns_failover, primary=_host("a.example.com", "203.0.113.1"), secondary=_host("b.example.com", "203.0.113.1")
        ),
        "secondary must be another place than primary, got Endpoint(a.example.com) and Endpoint(b.example.com)",
        "which share 203.0.113.1: one outage takes them both",
    ),
    _bad(
        "the same load balancer under two names as both endpoints",
        lambda stack: dns_failover(
            stack,
            **{
                role: Endpoint.load_balancer(balancer, domain_name=f"{role}.example.com")
                for balancer in [load_balancer(stack)]
                for role in _ROLES
            },
        ),
        "secondary must be another place than primary",
    ),
    _bad(
        "endpoints that are connected to in two ways",
        _in_stack(dns_failover, secondary=_host("b.example.com", "203.0.113.2", https_port=8443)),
        "primary and secondary must be connected to in the same way",
        "got ('HTTPS_ONLY', 80, 443, None) and ('HTTPS_ONLY', 80, 8443, None)",
        "give both the same protocol_policy, ports and origin_path",
    ),
    *(
        _bad(f"{what} as {role}", _in_stack(dns_failover, **{role: endpoint}), f"{role} must {says}", remedy)
        for what, endpoint, says, remedy in (
            (
                "a bucket",
                _bucket,
                "not be a bucket, got Endpoint(content.s3.eu-west-1.amazonaws.com)",
                "put two buckets into an origin group (BucketFailover)",
            ),
            (
                "a distribution",
                _behind_cloudfront,
                "not be a CloudFront distribution",
                "fail over behind it, with an origin group or this pair as its origin",
            ),
            (
                "an API without a custom domain",
                _make(Endpoint.api_gateway, api=rest_api, origin_path="/prod"),
                "answer to origin.example.com, got Endpoint(",
                "Endpoint.api_gateway(custom_domain=...)",
            ),
        )
        for role in _ROLES
    ),
    *(
        _bad(
            what,
            _in_stack(dns_failover, primary=one, secondary=two),
            f"primary and secondary must have the same kinds of records, got {kinds}",
            "give both IPv4 addresses, and IPv6 to both or neither, or both a name alone",
        )
        for what, one, two, kinds in (
            ("an address beside a name", primary_host(), _host("b.example.com"), "A and CNAME"),
            (
                "IPv6 of one alone",
                _host("a.example.com", "203.0.113.1", ipv6_addresses=["2001:db8::1"]),
                secondary_host(),
                "A+AAAA and A",
            ),
            (
                "IPv4 beside IPv6",
                primary_host(),
                _host("b.example.com", ipv6_addresses=["2001:db8::1"]),
                "A and AAAA",
            ),
            ("a name beside an alias", _host("a.example.com"), _accelerated, "CNAME and A+AAAA"),
            ("an alias beside a name", _accelerated, _host("a.example.com"), "A+AAAA and CNAME"),
        )
    ),
    _bad(
        "names alone at the apex of the zone",
        _in_stack(
            dns_failover, record_name="example.com", primary=_host("a.example.net"), secondary=_host("b.example.net")
        ),
        "record_name must not be the zone's own name where endpoints are known by name alone, got 'example.com'",
        "give the endpoints addresses or an alias",
    ),
    *(
        _bad(
            f"{name!r} as record name",
            _in_stack(dns_failover, record_name=name),
            "record_name must be a domain name such as origin.example.com (no scheme, no port, no path)",
            f"got '{name}.example.com'",
            "it is the name that the endpoints share",
        )
        for name in ("", "or igin", "https://origin", "*")
    ),
    *(
        _bad(
            f"{name!r} as record name in the zone example.com",
            _in_stack(dns_failover, record_name=name),
            "record_name must be in the hosted_zone example.com",
            f"got {name!r}",
        )
        for name in ("origin.example.org.", "myexample.com.")
    ),
    _bad(
        "a TTL for aliases",
        _in_stack(dns_failover, primary=_accelerated, secondary=_load_balanced, ttl=_seconds(30)),
        "ttl cannot be chosen for alias records, Route 53 answers them with 60 s",
        "leave it out",
    ),
    *(
        _bad(
            f"a TTL of {seconds:g} s",
            _in_stack(dns_failover, ttl=_seconds(seconds)),
            f"ttl must be whole seconds from 0 to 86400, got '{seconds:g} s'",
            "resolvers keep the primary's answer that long into an outage",
        )
        for seconds in (86401, 0.5)
    ),
    _bad(
        "a TTL that is a number",
        _in_stack(dns_failover, ttl=60),
        "ttl must be a Duration, got 60: write Duration.seconds(60)",
    ),
    *(
        _bad(
            f"a check of the failover name, {what}",
            _in_stack(dns_failover, **given),
            f"{argument} asks origin.example.com, the shared name itself",
            "the check would follow the failover that it decides",
            "check a name or address that only this endpoint has",
        )
        for what, argument, given in (
            (
                "by an EndpointHealthCheck",
                "primary_health_check",
                {"primary_health_check": _in_stack(_check, domain_name="origin.example.com")},
            ),
            (
                "by a HealthCheck of the CDK",
                "primary_health_check",
                {"primary_health_check": _in_stack(_cdk_check, fqdn="ORIGIN.example.com")},
            ),
            (
                "by a HealthCheck of the CDK, for the secondary",
                "secondary_health_check",
                {"secondary_health_check": _in_stack(_cdk_check, fqdn="origin.example.com.")},
            ),
        )
    ),
    *(
        _bad(
            f"a {role} whose own name is the failover name, {what}",
            _in_stack(dns_failover, **{role: _host(name, *addresses), other: _host("b.example.com", *others)}, **given),
            f"{role} must have a name that is not the shared name itself, got 'origin.example.com'",
            "its health check and record would follow the failover that they decide",
            "give it a name or address that only it has",
        )
        for role, other in (_ROLES, reversed(_ROLES))
        for what, name, addresses, others, given in (
            ("with an address", "Origin.example.com.", ["203.0.113.1"], ["203.0.113.2"], {}),
            (
                "so that its record points at itself",
                "origin.example.com",
                [],
                [],
                {"primary_health_check": _in_stack(_cdk_check, fqdn="health.example.com")},
            ),
        )
    ),
    _bad(
        "a check of another stack",
        _in_stack(
            dns_failover,
            primary_health_check=lambda stack: _check(stack_in("us-east-1", stack), domain_name="a.example.com"),
        ),
        "primary_health_check must be made in the stack of the record, got one of Elsewhere",
        "make both in one stack",
    ),
    _bad(
        "a check of an endpoint with several addresses and no name",
        _in_stack(dns_failover, primary=_host(None, "203.0.113.1", "203.0.113.3")),
        "primary_health_check cannot be made: Endpoint(203.0.113.1, 203.0.113.3) has no name of its own",
        "give the endpoint a domain_name, or a health check of yours",
    ),
    _bad(
        "an objective that a pair cannot meet",
        _in_stack(dns_failover, recovery_time_objective=_seconds(89)),
        "recovery_time_objective of 89 s cannot be met: failover takes up to 90 s",
        "interval x failure_threshold of the primary's health check + ttl",
        "lower these settings or raise the objective",
    ),
    _bad(
        "an objective for a check whose time is not known",
        _in_stack(
            dns_failover,
            primary_health_check=_in_stack(_cdk_check, fqdn="a.example.com"),
            recovery_time_objective=_seconds(600),
        ),
        "failover_time cannot be computed: Test/Check has no detection_time",
        "make it with HealthCheckSettings(...)",
    ),
    _bad(
        "an objective for a TTL that only the deploy knows",
        _in_stack(dns_failover, ttl=_in_stack(seconds_token, construct_id="Ttl"), recovery_time_objective=_seconds(90)),
        "ttl is a token, known only at deploy",
        "give it as a plain Duration",
    ),
    _bad(
        "alarms on checks in another Region",
        _elsewhere(_make(_add_alarms, construct=dns_failover, topic=_topic)),
        "an alarm must be in us-east-1, got a stack in eu-west-1: health checks' metrics exist in us-east-1 only",
        "put it in a stack with env=Environment(region='us-east-1')",
    ),
]

_ROUTING_CONTROLS = [
    _bad(
        "routing controls without a cluster",
        _in_stack(_routing_controls, cluster_arn=None),
        "give cluster_arn or create_cluster=True, got neither",
        "a new one costs $2.50 an hour, about $1,825 a month",
    ),
    _bad(
        "routing controls with two clusters",
        _in_stack(_routing_controls, create_cluster=True),
        "give cluster_arn or create_cluster=True, got both",
    ),
    *(
        _bad(
            f"cluster {arn!r}",
            _in_stack(_routing_controls, cluster_arn=arn),
            "cluster_arn must be the ARN of a cluster such as arn:aws:route53-recovery-control::123456789012:cluster/",
            f"got {arn!r}: control panels are made in one",
        )
        for arn in (
            "",
            "8d47920e",
            f"{CLUSTER_ARN}/x",
            CLUSTER_ARN.replace("cluster/", "controlpanel/"),
            CLUSTER_ARN.replace("::", ":us-west-2:"),
            TOPIC_ARN,
        )
    ),
    *(
        _bad(
            f"name of routing controls {name!r}",
            _in_stack(_routing_controls, name=name),
            "name must be 1 to 64 characters without white space and & > < ' \" ;",
            f"got {name!r}",
            "routing-control.html",
        )
        for name in ("", "two words", "a;b", "it's", "x" * 65)
    ),
    _bad(
        "routing controls in another Region",
        _elsewhere(_in_stack(_routing_controls)),
        "routing controls must be in one of us-east-1, us-west-2",
        "got a stack in eu-west-1: CloudFormation has them nowhere else",
        "put them, and the records that follow them, in a stack of us-east-1",
    ),
    _bad(
        "an objective that a switch and the TTL cannot meet",
        _in_stack(_routing_failover, recovery_time_objective=_seconds(69)),
        "recovery_time_objective of 69 s cannot be met: failover takes up to 70 s",
    ),
]

_HYBRID_FAILOVER = [
    *(
        _bad(
            f"write path {pattern!r}, which covers everything",
            _in_stack(hybrid_failover, write_paths=["/cart/*", pattern]),
            f"write_paths must be patterns that leave something to read, got {pattern!r}",
            "give it as read_write_paths, or use DnsFailover behind an EdgeDistribution",
        )
        for pattern in ("/*", "*", "/", "/**")
    ),
    *(
        _bad(
            f"{pattern[:8]!r} in {paths}",
            _in_stack(hybrid_failover, **{paths: [pattern]}),
            f"{paths} must be path patterns of 1 to 255 of the characters that CloudFront takes",
            f"got {pattern!r}",
            "DownloadDistValuesCacheBehavior.html",
        )
        for paths in _PATHS
        for pattern in ("", "/a b", "/a\n", "/straße", "/a#b", "/[ab]", f"/{'a' * 255}")
    ),
    *(
        _bad(
            f"{pattern!r}, which no path is like once it is normalised, in {paths}",
            _in_stack(hybrid_failover, **{paths: [pattern]}),
            f"{paths} must be path patterns without //, /./ and /../, got {pattern!r}",
            "none is left that could match",
        )
        for paths in _PATHS
        for pattern in ("/a//b", "//a", "/a/./b", "/a/..", "../a")
    ),
    *(
        _bad(
            f"{paths} that are one string",
            _in_stack(hybrid_failover, **{paths: "/cart/*"}),
            f"{paths} must be a list, got '/cart/*'",
            f"write {paths}=[",
        )
        for paths in _PATHS
    ),
    _bad(
        "a star alone as what is read and written",
        _in_stack(hybrid_failover, read_write_paths=["*"]),
        "read_write_paths must be '/*' for every path, got '*'",
    ),
    *(
        _bad(
            f"{paths} with one pattern twice",
            _in_stack(hybrid_failover, **{"write_paths": ["/b"], paths: ["/a", "a"]}),
            f"{paths} must be different patterns, got ['/a', 'a']: /a and a are one to CloudFront",
        )
        for paths in _PATHS
    ),
    *(
        _bad(
            f"what is read and written under the write path {first!r}",
            _in_stack(hybrid_failover, write_paths=["/x", first], read_write_paths=["/y", pattern]),
            f"read_write_paths must be patterns that no write path covers, got {pattern!r}",
            f"write_paths come first, and {first!r} takes all its requests",
            "take that out, or narrow it",
        )
        for first, pattern in (("/a", "a"), ("/api/*", "/api/orders"), ("api/*", "/api/v?/*"), ("*.php", "/cart/*.php"))
    ),
    _bad(
        "a standby without a name",
        _in_stack(hybrid_failover, secondary=_host(None, "203.0.113.2")),
        "secondary must have a name of its own, got addresses only",
        "reads that cannot wait for DNS ask it by that name",
    ),
    _bad(
        "a standby whose name is the failover name",
        _in_stack(hybrid_failover, secondary=_host("origin.example.com", "203.0.113.2")),
        "secondary must have a name that is not the shared name itself, got 'origin.example.com'",
    ),
    *(
        _bad(
            f"a site under the failover name, written {name!r}",
            _in_stack(hybrid_failover, domain_name="www.example.com", failover_record_name=name),
            "domain_name and failover_record_name must be different names, got 'www.example.com' for both",
            "CloudFront would be its own origin",
        )
        for name in ("www", "WWW.example.com.")
    ),
    *(
        _bad(
            f"a site under the name of a member, of {what}",
            build,
            "domain_name",
            "got 'www.example.com'",
        )
        for what, build in (
            (
                "an OriginFailover",
                _in_stack(
                    _origin_failover,
                    primary=_host("www.example.com"),
                    domain_name="www.example.com",
                    hosted_zone=zone_of,
                ),
            ),
            ("a HybridFailover", _in_stack(hybrid_failover, secondary=_host("WWW.example.com", "203.0.113.2"))),
        )
    ),
    _bad(
        "a bucket behind a hybrid failover",
        _in_stack(hybrid_failover, primary=_bucket),
        "primary must not be a bucket",
        "BucketFailover",
    ),
    _bad(
        "an objective that a hybrid failover cannot meet",
        _in_stack(
            hybrid_failover,
            primary_health_check=HealthCheckSettings.fast(failure_threshold=1),
            recovery_time_objective=_seconds(69),
        ),
        "recovery_time_objective of 69 s cannot be met: failover takes up to 70 s",
        "lower these settings or raise the objective",
    ),
    _bad(
        "a hybrid failover in another Region",
        _elsewhere(hybrid_failover),
        "a certificate for CloudFront must be in us-east-1, got a stack in eu-west-1",
        "env=Environment(region='us-east-1')",
    ),
]


_SAME_PATH = [
    _bad(
        "a group whose ids the CDK makes up",
        _in_stack(same_path_site, group={"origin_id": None}),
        "origin_group must have an origin_id, got one without",
        "give it FailoverOriginGroup(origin_id='reads', ...)",
    ),
    _bad(
        "an id that only the deploy knows, in a function's code",
        _in_stack(same_path_site, group=lambda stack: {"origin_id": text_token(stack, "Given")}),
        "origin_id of origin_group must be known at synth, got a token",
        "give it as a plain value",
    ),
    _bad(
        "a code that only the deploy knows, in a function's code",
        _in_stack(same_path_site, group=lambda stack: {"status_codes": [503, 504, number_token(stack, "Given")]}),
        "status_codes of origin_group must be known at synth, got a token",
        "give it as a plain value",
    ),
    *(
        _bad(
            f"an id of {len(origin_id)} characters that begins with {origin_id[:2]!r}",
            _make(primary_host().origin, origin_id=origin_id),
            "origin_id must be 1 to 128 printable characters, got ",
        )
        for origin_id in ("", "a" * 129, "a\n", "\u2028")
    ),
    _bad(
        "an id of a group that is too long with the role",
        _make(_group, origin_id="a" * 119),
        "origin_id must be 1 to 128 printable characters, got 'aaa",
        "-secondary'",
    ),
    _bad(
        "a distribution that does not have the group",
        _in_stack(same_path_site, default_origin=_make(primary_host().origin)),
        "behavior '/api/*' of Test/Site reads through an origin group that the distribution does not have",
        "give the group to another behavior as its origin, such as the default one",
        at="Test/Reads",
    ),
    _bad(
        "the function at viewer response",
        lambda stack: _shop(
            stack,
            origin=primary_host().origin(),
            function_associations=[
                cloudfront.FunctionAssociation(
                    function=SamePathReads(stack, "Reads", origin_group=_group(origin_id="reads")).function,
                    event_type=cloudfront.FunctionEventType.VIEWER_RESPONSE,
                )
            ],
        ),
        "behavior '/shop/*' of Test/Site has the function of its reads at viewer response",
        "which it cannot answer: give the behavior its association",
        at="Test/Reads",
    ),
    _bad(
        "a second function at viewer request",
        _in_stack(same_path_site, functions=lambda stack: [_own_function(stack)]),
        "behavior '/api/*' of Test/Site has two functions at viewer request, and CloudFront takes one",
        _EDGE_FUNCTIONS_PAGE,
        at="Test/Reads",
    ),
    *(
        _bad(
            f"Lambda@Edge at viewer {event} beside the function",
            _in_stack(same_path_site, edge_lambdas=_in_stack(_viewer_lambda, event=event)),
            "behavior '/api/*' of Test/Site has Lambda@Edge at viewer request or response beside a CloudFront function",
            "move it to origin request or response",
            _EDGE_FUNCTIONS_PAGE,
            at="Test/Reads",
        )
        for event in ("request", "response")
    ),
    *(
        _bad(
            f"viewer's Host to an API that is the {role} of reads",
            _in_stack(
                same_path_site, group=_make(dict, **{role: _api_by_name()}), origin_request_policy=_Policy.ALL_VIEWER
            ),
            "behavior '/api/*' of Test/Site forwards the viewer's Host header to api.example.com",
            "ALL_VIEWER_EXCEPT_HOST_HEADER",
            at="Test/Reads",
        )
        for role in _ROLES
    ),
    _bad(
        "a function of reads in another Region",
        _elsewhere(lambda stack: SamePathReads(stack, "Reads", origin_group=_group(origin_id="reads"))),
        "the log group of a CloudFront function must be in us-east-1, got a stack in eu-west-1",
        "such functions log there only",
    ),
    _bad(
        "a topic in another Region, of a function of reads",
        _make(_add_alarms, construct=same_path_site, topic=_in_stack(_topic, region="eu-west-1")),
        "topic must be in us-east-1, got one in eu-west-1",
    ),
]


def _latency_of(*members: Any, **given: Any) -> _Build:
    """Latency routing of members in as many Regions; a member that is a build is built before."""
    regions = ("eu-west-1", "us-east-1", "ap-south-1")
    return lambda stack: latency_routing(
        stack, members=_built(dict(zip(regions, members, strict=False)), stack), **_built(given, stack)
    )


def _pair_of(**given: Any) -> _Build:
    """A failover pair, in a zone that is imported once more."""
    return lambda stack: dns_failover(
        stack,
        **{
            "record_name": "pair",
            "secondary_health_check": HealthCheckSettings.fast(),
            "hosted_zone": route53.HostedZone.from_hosted_zone_attributes(
                stack, "PairsZone", hosted_zone_id="Z0123456789ABCDEFGHIJ", zone_name="example.com"
            ),
            **_built(given, stack),
        },
    )


def _shielded(stack: cdk.Stack, name: str) -> None:
    """A latency name in someone else's distribution, through Origin Shield."""
    latency_routing(stack)
    _site(stack, origin=cloudfront_origins.HttpOrigin(name, origin_shield_region="eu-west-1"))


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


_THIRD_HOST = _host("third.example.com", "203.0.113.3")

_LATENCY_ROUTING = [
    *(
        _bad(
            f"{len(members)} members of latency routing",
            _in_stack(latency_routing, members=members),
            f"members must be at least two Regions, got {list(members)}",
            "nothing to choose or to fail over to",
        )
        for members in ({}, {"eu-west-1": primary_host()})
    ),
    *(
        _bad(
            f"latency routing to {region!r}",
            _in_stack(latency_routing, members={"eu-west-1": primary_host(), region: secondary_host()}),
            "members must be one of us-east-1, ",
            f"got {region!r}",
            "routing-policy-latency.html",
        )
        for region in ("mars-1", "EU-WEST-2", "eu-west-1a", "")
    ),
    _bad(
        "latency routing to a Region that only the deploy knows",
        lambda stack: latency_routing(
            stack, members={"eu-west-1": primary_host(), text_token(stack, "Region"): secondary_host()}
        ),
        "members must be by Regions known now",
    ),
    _bad(
        "latency routing without the health of one Region",
        _in_stack(latency_routing, health_checks={"eu-west-1": HealthCheckSettings.fast()}),
        "health_checks['us-east-1'] is missing: Route 53 would answer with Endpoint(secondary.example.com)",
        "users near it would never fail over",
        "give HealthCheckSettings or a health check",
    ),
    _bad(
        "latency routing without any health",
        _in_stack(latency_routing, health_checks={}),
        "health_checks['eu-west-1'] is missing",
        "users near it would never fail over",
    ),
    _bad(
        "a check of a Region that is no member",
        _in_stack(latency_routing, health_checks={"eu-west-3": HealthCheckSettings.fast()}),
        "health_checks must be by the Regions of members that are endpoints (eu-west-1, us-east-1), got 'eu-west-3'",
        "it would check nothing",
    ),
    _bad(
        "a check of a member that is a failover pair",
        _latency_of(_pair_of(), _THIRD_HOST, health_checks={"eu-west-1": HealthCheckSettings.fast()}),
        "health_checks must be by the Regions of members that are endpoints (us-east-1), got 'eu-west-1'",
        "a DnsFailover has checks of its own",
    ),
    _bad(
        "a check of the latency name",
        _in_stack(
            latency_routing,
            health_checks=lambda stack: dict.fromkeys(
                ("eu-west-1", "us-east-1"), _cdk_check(stack, fqdn="api.example.com")
            ),
        ),
        "health_checks['eu-west-1'] asks api.example.com, the shared name itself",
    ),
    _bad(
        "a check of latency routing in another stack",
        _in_stack(
            latency_routing,
            health_checks=lambda stack: {
                "eu-west-1": _check(stack_in("us-east-1", stack), domain_name="a.example.com"),
                "us-east-1": HealthCheckSettings.fast(),
            },
        ),
        "health_checks['eu-west-1'] must be made in the stack of the record, got one of Elsewhere",
    ),
    _bad(
        "settings where every member is a failover pair",
        lambda stack: latency_routing(
            stack,
            members={
                region: DnsFailover(
                    stack,
                    region,
                    hosted_zone=zone,
                    record_name=region,
                    primary=_host(f"one-{region}.example.com", f"203.0.113.{place}"),
                    secondary=_host(f"two-{region}.example.com", f"203.0.113.{place + 1}"),
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
    _bad(
        "one place as two Regions",
        _latency_of(primary_host(), _THIRD_HOST, _host("primary.example.com", "203.0.113.4")),
        "members['ap-south-1'] must be another place than members['eu-west-1'], got Endpoint(primary.example.com)",
        "one outage takes them both",
    ),
    _bad(
        "Regions that are connected to in two ways",
        _latency_of(primary_host(), _host("b.example.com", "203.0.113.2", https_port=8443), _THIRD_HOST),
        "members['eu-west-1'] and members['us-east-1'] and members['ap-south-1'] must be connected to in the same way",
        "give all the same protocol_policy, ports and origin_path",
    ),
    _bad(
        "Regions of different kinds of records",
        _latency_of(primary_host(), _host("b.example.com"), _THIRD_HOST),
        "must have the same kinds of records, got A and CNAME and A",
        "a kind that only some of them has never fails over",
        "give all IPv4 addresses, and IPv6 to all or none, or all a name alone",
    ),
    _bad(
        "a bucket as a Region",
        _latency_of(primary_host(), _bucket),
        "members['us-east-1'] must not be a bucket",
    ),
    _bad(
        "a distribution as a Region",
        _latency_of(primary_host(), _behind_cloudfront),
        "members['us-east-1'] must not be a CloudFront distribution",
    ),
    _bad(
        "an API without a custom domain as a Region",
        _latency_of(primary_host(), _make(Endpoint.api_gateway, api=rest_api, origin_path="/prod")),
        "members['us-east-1'] must answer to api.example.com",
        "Endpoint.api_gateway(custom_domain=...)",
    ),
    _bad(
        "a Region whose own name is the latency name",
        _latency_of(primary_host(), _host("API.example.com", "203.0.113.2")),
        "members['us-east-1'] must have a name that is not the shared name itself, got 'api.example.com'",
    ),
    _bad(
        "a pair whose name is the latency name",
        _latency_of(_pair_of(record_name="api"), _THIRD_HOST),
        "members['eu-west-1'] must have a name that is not the shared name itself, got 'api.example.com'",
    ),
    _bad(
        "a pair whose secondary has the latency name",
        _latency_of(_pair_of(secondary=_host("api.example.com", "203.0.113.2")), _THIRD_HOST),
        "members['eu-west-1'] must have a name that is not the shared name itself, got 'api.example.com'",
    ),
    _bad(
        "a pair that is never unhealthy",
        _latency_of(_pair_of(secondary_health_check=None), _THIRD_HOST),
        "members['eu-west-1'] would never be left: its secondary has no health check",
        "pair.example.com counts as healthy for ever",
        "give the DnsFailover a secondary_health_check",
    ),
    _bad(
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
    _bad(
        "a TTL for latency records that are aliases",
        _latency_of(_accelerated, _load_balanced, ttl=_seconds(30)),
        "ttl cannot be chosen for alias records",
    ),
    _bad(
        "a TTL of latency records that is too long",
        _in_stack(latency_routing, ttl=_seconds(86401)),
        "ttl must be whole seconds from 0 to 86400, got '86401 s'",
        "resolvers keep a Region's answer that long into an outage",
    ),
    _bad(
        "names alone at the apex for latency routing",
        _latency_of(_host("a.example.net"), _host("b.example.net"), record_name="example.com"),
        "record_name must not be the zone's own name where endpoints are known by name alone",
    ),
    _bad(
        "an objective that latency routing cannot meet",
        _in_stack(latency_routing, recovery_time_objective=_seconds(89)),
        "recovery_time_objective of 89 s cannot be met: failover takes up to 90 s",
        "slowest member's health check + ttl",
    ),
    _bad(
        "an objective for Regions that follow their alias targets",
        _latency_of(_accelerated, _load_balanced, health_checks={}, recovery_time_objective=_seconds(600)),
        "failover_time cannot be computed: members['eu-west-1'] follows the health of its alias target",
        "give health_checks['eu-west-1']=HealthCheckSettings(...)",
    ),
    *(
        _bad(
            f"Origin Shield in front of the latency name {name}",
            _in_stack(_shielded, name=name),
            "Test/Site/Resource asks the latency name api.example.com through Origin Shield in eu-west-1",
            "one Region would serve the whole world",
            "turn Origin Shield off for this origin",
            at="Test/Api",
        )
        for name in ("api.example.com", "API.example.com")
    ),
    _bad(
        "Origin Shield in front of the latency name in a distribution without the L2",
        _shielded_by_hand,
        "Test/Site asks the latency name api.example.com through Origin Shield in eu-west-1",
        at="Test/Api",
    ),
    _bad(
        "alarms on Regions' checks in another Region",
        _elsewhere(_make(_add_alarms, construct=latency_routing, topic=_topic)),
        "an alarm must be in us-east-1, got a stack in eu-west-1",
    ),
]


def _routes(*paths: str) -> _Build:
    """Path routing of patterns to as many hosts."""
    return lambda stack: path_routing(
        stack,
        routes=[PathRoute(path=path, to=_host(f"host{number}.example.com")) for number, path in enumerate(paths)],
    )


def _default(**given: Any) -> PathRoute:
    return PathRoute(**{"path": "*", "to": primary_host(), **given})


def _answered_by(stack: cdk.Stack, to: Any) -> PathRouting:
    return path_routing(stack, routes=[_default(to=to)])


_PATH_ROUTING = [
    *(
        _bad(
            f"a path like {path[:8]!r}",
            _make(_default, path=path),
            "path must be path patterns of 1 to 255 of the characters that CloudFront takes",
            f"got {path!r}",
            "DownloadDistValuesCacheBehavior.html",
        )
        for path in ("", "/a b", "/a?b=c", "/caf\u00e9", "/a%20b", f"/{'a' * 255}")
    ),
    *(
        _bad(
            f"a path like {path!r}, which none is once it is normalised",
            _make(_default, path=path),
            f"path must be path patterns without //, /./ and /../, got {path!r}",
            "none is left that could match",
        )
        for path in ("//", "/a//*", "/./a", "/a/../b")
    ),
    *(
        _bad(
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
        _bad(
            f"{again} beside {path}",
            _routes(path, again, "*"),
            f"routes[1] {again!r} is never reached: it matches the same paths as routes[0] {path!r}",
            "leave one of them out",
        )
        for path, again in (("/a", "/a"), ("/a", "a"), ("/a*?", "/a?*"), ("/a/*", "/a/**"))
    ),
    _bad(
        "a route after the default",
        _routes("*", "/a"),
        "routes[1] '/a' is never reached: routes[0] '*' matches all of its paths",
    ),
    _bad(
        "one token as two paths",
        lambda stack: _routes(*2 * [text_token(stack, "Path")], "*")(stack),
        "is never reached: it matches the same paths as routes[0]",
    ),
    *(
        _bad(
            f"routes without a default, {what}",
            _routes(*paths),
            "routes must be a list that ends with the path '*'",
            "something must answer what no other route matches",
        )
        for what, paths in (("none at all", ()), ("only others", ("/a", "/b")), ("all but the root", ("/?*",)))
    ),
    _bad(
        "routes that are one string",
        _in_stack(path_routing, routes="/a"),
        "routes must be a list, got '/a'",
    ),
    *(
        _bad(
            f"settings of {what}",
            _make(_default, to=to, settings=OriginSettings()),
            "settings cannot be given for '*'",
            "give them there",
        )
        for what, to in (
            ("a route to a group", lambda _: _group()),
            ("a route to an origin of the CDK", lambda _: cloudfront_origins.HttpOrigin("a.example.com")),
        )
    ),
    _bad(
        "writes to a bucket",
        _make(_default, to=_bucket, methods=lambda _: _Methods.ALLOW_ALL),
        "methods of '*' must be GET, HEAD and OPTIONS at most, got GET, HEAD, OPTIONS, PUT",
        "give writes a path of their own",
    ),
    *(
        _bad(
            f"the site's own name as what answers a path, {what}",
            _in_stack(_answered_by, to=to),
            "domain_name and routes[0] must be different names",
            "CloudFront would be its own origin",
        )
        for what, to in (
            ("as a host", _host("WWW.example.com")),
            ("in a group", lambda _: _group(secondary=_host("www.example.com"))),
            ("as a failover name", _pair_of(record_name="www")),
        )
    ),
    _bad(
        "path routing in another Region",
        _elsewhere(path_routing),
        "a certificate for CloudFront must be in us-east-1, got a stack in eu-west-1",
    ),
]


def _homes(*names: str, **given: Any) -> _Build:
    """Homes on hosts of these names, in Ireland and wherever next."""
    regions = ("eu-west-1", "us-west-2", "ap-southeast-2")
    return _in_stack(home_router, homes=dict(zip(regions, names, strict=False)), **given)


def _followed(stack: cdk.Stack, *, homes: Mapping[str, str] | None = None, **given: Any) -> object:
    """Homes whose health is that of failover names, the other home standing by."""
    names = {"eu-west-1": "eu.example.com", "us-west-2": "us.example.com"}
    primaries: dict[str, Endpoint] = {region: _host(name) for region, name in names.items()} | given
    zone = zone_of(stack)
    pairs = {
        region: dns_failover(
            stack,
            construct_id=region,
            hosted_zone=zone,
            record_name=f"{region}.origin",
            primary=primary,
            secondary=_host(f"standby.{region}.example.com", *(["203.0.113.9"] if primary.alias_target else [])),
        )
        for region, primary in primaries.items()
    }
    return home_router(stack, homes=homes or names, unhealthy_home="move", health=pairs)


def _answered_at_home(stack: cdk.Stack, **given: Any) -> cloudfront.Distribution:
    return cloudfront.Distribution(stack, "Site", default_behavior=home_router(stack, **given).behavior())


_HOME_REGIONS = [
    *(
        _bad(
            f"a home in {region!r}",
            _in_stack(home_router, homes={"eu-west-1": "eu.example.com", region: "other.example.com"}),
            f"homes must be by AWS Regions such as eu-west-1, got {region!r}",
        )
        for region in ("mars-1", "EU-WEST-2", "", "cn-north-1")
    ),
    _bad(
        "one home",
        _homes("eu.example.com"),
        "homes must be at least two, got ['eu-west-1']",
        "every user is at home there",
    ),
    _bad(
        "two homes that are one place",
        _homes("eu.example.com", "EU.example.com"),
        "homes['us-west-2'] must be another place than homes['eu-west-1']",
        "share eu.example.com",
    ),
    _bad(
        "a bucket as a home",
        lambda stack: home_router(stack, homes={"eu-west-1": _bucket(stack), "us-west-2": "us.example.com"}),
        "['eu-west-1'] must be a host that speaks HTTP",
    ),
    _bad(
        "homes outside of the edge's Region",
        _elsewhere(home_router),
        "a home Region router must be in us-east-1, got a stack in eu-west-1",
    ),
    _bad(
        "what is none of the ways with an unhealthy home",
        _homes("eu.example.com", "us.example.com", unhealthy_home="panic"),
        "unhealthy_home must be one of fail, read-elsewhere, move, got 'panic'",
    ),
    _bad(
        "a way with an unhealthy home that only the deploy knows",
        lambda stack: home_router(stack, unhealthy_home=text_token(stack, "Given")),
        "unhealthy_home must be known at synth",
    ),
    *(
        _bad(
            f"{way} without the health of homes",
            _in_stack(home_router, unhealthy_home=way),
            f"health is missing for unhealthy_home='{way}'",
            "give a HomeHealth",
        )
        for way in ("read-elsewhere", "move")
    ),
    _bad(
        "the health of homes to no avail",
        lambda stack: home_router(stack, health=home_health_of(stack)),
        "health is of no use with unhealthy_home='fail'",
        "or leave health out",
    ),
    _bad(
        "the health of other Regions",
        lambda stack: home_router(
            stack,
            unhealthy_home="move",
            health=home_health_of(stack, homes={"eu-west-1": primary_host(), "eu-west-3": secondary_host()}),
        ),
        "health must be of the homes (eu-west-1, us-west-2), got 'eu-west-1, eu-west-3'",
    ),
    _bad(
        "the health of homes that changed places",
        lambda stack: home_router(
            stack,
            homes={"eu-west-1": "eu.example.com", "us-west-2": "us.example.com"},
            unhealthy_home="move",
            health=home_health_of(stack, homes={"eu-west-1": _host("us.example.com"), "us-west-2": primary_host()}),
        ),
        "health.homes['eu-west-1'] must be the home in eu-west-1, Endpoint(",
        "it is the home in us-west-2, so traffic would leave the one that is healthy",
    ),
    _bad(
        "the health of a failover name of another place",
        _in_stack(_followed, homes={"eu-west-1": "eu.example.com", "us-west-2": "elsewhere.example.com"}),
        "health['us-west-2'] must be a failover name whose primary is the home, Endpoint(elsewhere.example.com)",
    ),
    _bad(
        "the health of a failover name of aliases",
        lambda stack: _followed(
            stack,
            homes={"eu-west-1": "eu.example.com", "us-west-2": "a.example.com"},
            **{"us-west-2": _load_balanced(stack)},
        ),
        "health['us-west-2'] must be a failover name of addresses, or of names alone",
        "use HomeHealth",
    ),
    *(
        _bad(
            f"{name!r} to tell users apart",
            _in_stack(home_router, user_cookie=name),
            f"user_cookie must be the name of a cookie of yours, known at synth, got {name!r}",
        )
        for name in ("", "a b", "a=b", "a;b", "__Host-home")
    ),
    _bad(
        "a cookie to tell users apart that only the deploy knows",
        lambda stack: home_router(stack, user_cookie=text_token(stack, "Given")),
        "user_cookie must be the name of a cookie of yours, known at synth",
    ),
    *(
        _bad(
            f"a key called {name[:9]!r}",
            _in_stack(home_router, key_name=name),
            "key_name must be 1 to 512 letters, digits and /_+=.@-, known at synth",
        )
        for name in ("", "a b", "a" * 513)
    ),
    *(
        _bad(
            f"a key called {name!r}, as if by its ARN",
            _in_stack(home_router, key_name=name),
            f"key_name must be without a hyphen and six characters at the end, got {name!r}",
        )
        for name in ("shop/home-region", "key-a/b-cd")
    ),
    _bad(
        "a key whose name only the deploy knows",
        lambda stack: home_router(stack, key_name=text_token(stack, "Given")),
        "key_name must be 1 to 512 letters, digits and /_+=.@-, known at synth",
        "reads the key by its name",
    ),
    _bad(
        "one string of Regions of a key",
        _in_stack(home_router, key_regions="eu-west-1"),
        "key_regions must be a list, got 'eu-west-1': write key_regions=['eu-west-1']",
    ),
    *(
        _bad(
            f"a key in {region!r}",
            _in_stack(home_router, key_regions=["eu-west-1", region]),
            f"key_regions must be AWS Regions such as eu-west-1, without us-east-1, got {region!r}",
        )
        for region in ("us-east-1", "mars-1", "")
    ),
    *(
        _bad(
            f"a key in {regions} beside us-east-1",
            _in_stack(home_router, key_regions=regions),
            f"key_regions must be at least one, none twice, got {regions}",
            "an outage of us-east-1",
        )
        for regions in ([], ["eu-west-1", "eu-west-1"])
    ),
    *(
        _bad(
            f"a home's cookie of {seconds:g} s",
            _in_stack(home_router, cookie_lifetime=_seconds(seconds)),
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
    _bad(
        "a lifetime of a home's cookie that only the deploy knows",
        lambda stack: home_router(stack, cookie_lifetime=seconds_token(stack, "Given")),
        "cookie_lifetime is a token, known only at deploy, and it is baked into the function",
    ),
    _bad(
        "homes that are left later than the objective",
        lambda stack: home_router(
            stack, unhealthy_home="move", health=home_health_of(stack), recovery_time_objective=_seconds(94)
        ),
        "recovery_time_objective of 94 s cannot be met: failover takes up to 95 s",
        "5 s in the function",
    ),
    _bad(
        "an objective where no home is ever left",
        _in_stack(home_router, recovery_time_objective=_seconds(600)),
        "failover_time cannot be computed: with unhealthy_home='fail'",
        "choose 'read-elsewhere' or 'move'",
    ),
    _bad(
        "names of homes' health that only the deploy knows",
        lambda stack: home_health_of(stack, record_name=text_token(stack, "Given")),
        "record_name must be known at synth, with its zone's name",
        "from_hosted_zone_attributes",
    ),
    _bad(
        "names of homes' health in a zone whose name only the deploy knows",
        lambda stack: home_health_of(stack, hosted_zone=zone_of(stack, text_token(stack, "Given"))),
        "record_name must be known at synth, with its zone's name",
    ),
    _bad(
        "names of homes' health outside of the zone",
        _in_stack(home_health_of, record_name="home.example.net."),
        "record_name must be in the hosted_zone example.com",
    ),
    _bad(
        "the health of homes without a check of each",
        _in_stack(home_health_of, health_checks={"eu-west-1": HealthCheckSettings.fast()}),
        "health_checks must be by the Regions of homes (eu-west-1, us-west-2), got 'eu-west-1'",
        "never says that its Region is down",
    ),
    _bad(
        "a TTL of homes' health of 86401 s",
        _in_stack(home_health_of, ttl=_seconds(86_401)),
        "ttl must be whole seconds from 0 to 86400",
    ),
]


def _rule(**given: Any) -> _Build:
    """A router with one rule."""
    return lambda stack: static_rules(stack, {"path": "/a/*", "then": {"origin": "stable"}, **given})


def _rules_in(*regions: str) -> _Build:
    """A router with its rules in buckets of these Regions."""
    return lambda stack: rule_router(
        stack,
        source=RuleSource.buckets({region: _in_region(stack, region) for region in regions}),
    )


def _in_region(stack: cdk.Stack, region: str, name: str = "rules") -> s3.IBucket:
    return s3.Bucket.from_bucket_attributes(stack, f"Rules-{region}", bucket_name=name, region=region)


def _rules_bucket(region: str = "eu-west-1", **given: Any) -> _Build:
    """Rules in a bucket of another stack of the app, taken for one of Ireland."""
    return lambda stack: RuleSource.buckets({"eu-west-1": content_bucket(stack, region, **given)})


_RULES = [
    _bad(
        "a rule without a known origin",
        _rule(then={"origin": "blue"}),
        "rules['*']: rules[0].then.origin: 'blue' is not an origin that the stack declares; declared: canary, stable",
    ),
    _bad("a rule with a bad path", _rule(path="/a*"), "rules['*']: rules[0].path: '/a*' must", "'*' only at the end"),
    _bad(
        "a rule that is never reached",
        lambda stack: static_rules(stack, *[{"path": "/a", "then": {"origin": "stable"}}] * 2),
        "rules['*']: rules[1]: is never reached: rules[0] has the same path",
    ),
    _bad(
        "many wrong rules",
        lambda stack: static_rules(stack, *range(9)),
        "rules[4]: must be an object with path",
        "; and 4 more",
    ),
    _bad(
        "a rule that sets any header",
        _rule(then={"headers": {"x-a": "b"}}),
        "'x-a' is not a header that the stack lets rules set",
        "name them in the stack's request_headers",
    ),
    _bad(
        "a rule of something that is no host", lambda s: static_rules(s, host="a_b.*"), "rules['a_b.*']: must be a host"
    ),
    _bad(
        "rules of no host", _in_stack(rule_router, source=_make(RuleSource.static, rules=[])), "the rules of each host"
    ),
    _bad("a rule that JSON cannot hold", _rule(then={1, 2}), "rules must be what JSON can hold, by host"),
    _bad(
        "rules of a host that are no list",
        _in_stack(rule_router, source=_make(RuleSource.static, rules={"*": {}})),
        "rules['*']: rules: must be a list of rules",
    ),
    _bad(
        "a rule with what only the deploy knows",
        lambda stack: static_rules(stack, {"path": text_token(stack, "Path"), "then": {"origin": "stable"}}),
        "rules['*'][0]['path'] is a token",
    ),
    _bad(
        "a rule that reads what is not in the cache key",
        lambda stack: static_rules(
            stack,
            {"path": "/*", "when": {"cookie.plan": {"exists": True}}, "then": {"origin": "canary"}},
            cache_key=["country"],
        ),
        "rules[0]: reads 'cookie.plan', which is not in the cache key",
        "in it: country",
    ),
    _bad(
        "a draw where answers are cached",
        lambda stack: static_rules(
            stack, {"path": "/*", "choices": [{"weight": 100, "then": {"origin": "canary"}}]}, cache_key=[]
        ),
        "the first draw would be everybody's",
    ),
    _bad(
        "rules of a host that the cache does not tell apart",
        lambda stack: static_rules(stack, host="www.example.com", cache_key=["country"]),
        "rules: there are rules of single hosts, and the cache key has no host; add 'host' to cache_key",
    ),
    *(
        _bad(
            f"a wrong type for {argument} of a behavior",
            _behavior_of_rules(**given),
            f"{argument} must be an object of aws_cdk.aws_cloudfront",
        )
        for argument, given in (
            ("cache_policy", {"cache_policy": "658327ea-f89d-4fab-a63d-7e88639e58f6"}),
            ("origin_request_policy", {"origin_request_policy": "216adef6-5c7f-47e4-b989-5492eafa07d3"}),
            ("allowed_methods", {"allowed_methods": ["GET"]}),
            ("response_headers_policy", {"response_headers_policy": "67f7725c-6f97-4210-82d7-5512b31e9d03"}),
        )
    ),
    _bad(
        "a cache key of what can be no parameter",
        _in_stack(rule_router, cache_key=["query.a&b"]),
        "cache_key must be of names of parameters, got 'query.a&b'",
    ),
    *(
        _bad(
            f"text for whether {build.__name__} fails closed",
            _in_stack(build, fail_closed="yes"),
            "fail_closed must be True, False or None, got 'yes'",
        )
        for build in (rule_router, tenant_router, home_router)
    ),
    *(
        _bad(f"a cache key of {name}", _in_stack(rule_router, cache_key=[name]), "cache_key must be", repr(name), why)
        for name, why in (
            ("method", "apart by itself"),
            ("path", "not an attribute"),
            (5, "these are names"),
            ("header.host", "is written 'host'"),
            ("cookie.", "not an attribute"),
            ("header.Accept-Encoding", "CloudFront keeps this one out, or has it in the key by itself"),
            ("header.connection", "#request-custom-headers-behavior"),
            ("header.X-Edge-Location", "of headers that a cache policy takes"),
            ("header.x-*", "stands for no others"),
            ("cookie.*", "stands for no others"),
            ("query.*", "stands for no others"),
        )
    ),
    _bad("one string as a cache key", _in_stack(rule_router, cache_key="country"), "cache_key must be a list"),
    _bad(
        "a cache key of eleven cookies",
        _in_stack(rule_router, cache_key=[f"cookie.c{number}" for number in range(11)]),
        "cookies must be at most 10",
    ),
    _bad(
        "a default that is no origin",
        _in_stack(rule_router, default_origin="blue"),
        "default_origin must be one of stable, canary, got 'blue'",
    ),
    *(
        _bad(
            f"redirects to {host}",
            _in_stack(rule_router, redirect_hosts=[host]),
            "redirect_hosts must be names of hosts",
            repr(host),
        )
        for host in ("*.example.com", "https://example.com", "Example.com", "example.com:8443", "")
    ),
    _bad(
        "redirects to one string", _in_stack(rule_router, redirect_hosts="example.com"), "redirect_hosts must be a list"
    ),
    _bad(
        "redirects to a host that only the deploy knows",
        lambda stack: rule_router(stack, redirect_hosts=[text_token(stack, "Host")]),
        "redirect_hosts must be names of hosts in lower case, known at synth",
    ),
    *(
        _bad(
            f"rules that set {name}",
            _in_stack(rule_router, request_headers=[name]),
            "request_headers must be names of headers",
            repr(name),
            "edge-function-restrictions-all.html",
        )
        for name in ("Host", "X-Amz-Cf-Id", "x-edge-*", "Via", "a b", "", "X-HA-Edge-Table", "cookie", "Client-Cert")
    ),
    _bad("rules that set one string", _in_stack(rule_router, request_headers="x-a"), "request_headers must be a list"),
    _bad(
        "rules that set a header that only the deploy knows",
        lambda stack: rule_router(stack, request_headers=[text_token(stack, "Header")]),
        "request_headers must be names of headers",
    ),
    _bad(
        "rules kept for ever",
        _in_stack(rule_router, ttl=_seconds(3601)),
        "ttl must be whole seconds from 1 to 3600, got '3601 s'",
    ),
    _bad(
        "a time to keep rules that only the deploy knows",
        _in_stack(rule_router, ttl=_in_stack(seconds_token, construct_id="Ttl")),
        "ttl is a token, known only at deploy, and it is baked into the function",
    ),
    _bad(
        "rules in a table of one Region",
        _in_stack(rule_router, source=RuleSource.table(replica_regions=[])),
        "replica_regions must be at least one",
    ),
    _bad("rules in no bucket", _rules_in(), "buckets must be at least one by its Region"),
    _bad("rules in a bucket of no Region", _rules_in("mars-1"), "'mars-1'"),
    _bad(
        "rules in a bucket without a name",
        _rules_bucket(bucket_name=None),
        "buckets['eu-west-1'] must be a bucket with a bucket_name, got 'Content-eu-west-1/Bucket'",
    ),
    *(
        _bad(
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
    _bad(
        "rules in a bucket with a key of KMS",
        _rules_bucket(encryption=s3.BucketEncryption.KMS),
        "buckets['eu-west-1'] must be encrypted by S3 itself",
    ),
    _bad(
        "rules in a bucket of another Region",
        _rules_bucket("eu-central-1"),
        "buckets['eu-west-1'] must be a bucket in eu-west-1, got 'eu-central-1'",
    ),
    _bad(
        "rules in a bucket that is imported without its Region",
        lambda stack: RuleSource.buckets({"eu-west-1": s3.Bucket.from_bucket_name(stack, "Rules", "rules")}),
        "buckets['eu-west-1'] must be a bucket in eu-west-1, got 'us-east-1'",
        "imported without its region is taken for one of the stack's",
    ),
    *(
        _bad(
            f"rules below {prefix!r}",
            _make(RuleSource.buckets, buckets={"us-east-1": None}, prefix=prefix),
            f"prefix must be without *, ? and $, got {prefix!r}",
        )
        for prefix in ("rules/*/", "rules?/", "${aws:PrincipalTag/team}/")
    ),
    *(
        _bad(
            f"rules below {what}",
            _make(RuleSource.buckets, buckets={"us-east-1": None}, prefix=prefix),
            "prefix must be text known at synth, without a / at the start",
        )
        for what, prefix in (("'/rules/'", "/rules/"), ("what only the deploy knows", cdk.Fn.ref("AWS::AccountId")))
    ),
    _bad(
        "writers of rules that are in no table",
        lambda stack: static_rules(stack).grant_write(iam.Role(stack, "Role", assumed_by=iam.AccountRootPrincipal())),
        "there is nothing to grant",
    ),
    _bad(
        "writers of what is no host",
        lambda stack: rule_router(stack).grant_write(
            iam.Role(stack, "Role", assumed_by=iam.AccountRootPrincipal()), hosts=["#origins"]
        ),
        "hosts must be hosts, '*.' and a host, or '*', got '#origins'",
    ),
    _bad(
        "writers of one string",
        lambda stack: rule_router(stack).grant_write(
            iam.Role(stack, "Role", assumed_by=iam.AccountRootPrincipal()), hosts="www.example.com"
        ),
        "hosts must be a list",
    ),
    _bad("rules in another Region", _elsewhere(rule_router), "must be in us-east-1, got a stack in eu-west-1"),
]

_TENANTS = [
    _bad(
        "tenants that could be nowhere",
        _in_stack(tenant_router, allowed_origin_suffixes=()),
        "origins and allowed_origin_suffixes are both missing",
    ),
    _bad(
        "one string of suffixes",
        _in_stack(tenant_router, allowed_origin_suffixes=".apps.example.com"),
        "allowed_origin_suffixes must be a list",
    ),
    *(
        _bad(
            f"suffix {suffix!r}",
            _in_stack(tenant_router, allowed_origin_suffixes=[suffix]),
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
    _bad(
        "a suffix that only the deploy knows",
        lambda stack: tenant_router(stack, allowed_origin_suffixes=[text_token(stack, "Suffix")]),
        "allowed_origin_suffixes must be known at synth",
    ),
    _bad(
        "tenants without a table",
        _in_stack(tenant_router, replica_regions=None),
        "table and replica_regions: give exactly one of them",
    ),
    _bad(
        "tenants with two tables",
        lambda stack: tenant_router(stack, table=RoutingTable(stack, "Routes", replica_regions=["eu-west-1"])),
        "table and replica_regions: give exactly one of them",
    ),
    _bad(
        "tenants in no further Region",
        _in_stack(tenant_router, replica_regions=[]),
        "replica_regions must be at least one",
    ),
    _bad(
        "an unknown answer for unknown tenants",
        _in_stack(tenant_router, unknown="fail"),
        "unknown must be one of configured-origin, not-found, got 'fail'",
    ),
    _bad(
        "an answer for unknown tenants that only the deploy knows",
        lambda stack: tenant_router(stack, unknown=text_token(stack, "Unknown")),
        "unknown must be known at synth",
    ),
    _bad(
        "tenants kept for ever",
        _in_stack(tenant_router, ttl=_seconds(3601)),
        "ttl must be whole seconds from 1 to 3600, got '3601 s'",
    ),
    _bad(
        "a time to keep tenants that only the deploy knows",
        _in_stack(tenant_router, ttl=_in_stack(seconds_token, construct_id="Ttl")),
        "ttl is a token, known only at deploy, and it is baked into the function",
    ),
    _bad(
        "tenants whose default is a name that cannot be connected to",
        _in_stack(tenant_router, default=_host(None, "203.0.113.1")),
        "domain_name is missing",
    ),
    _bad("tenants in another Region", _elsewhere(tenant_router), "must be in us-east-1, got a stack in eu-west-1"),
]

_BUCKETS = [
    _bad(
        "a bucket of another stack without a name",
        _in_stack(bucket_pair, primary=_in_stack(content_bucket, region="eu-west-1", bucket_name=None)),
        "primary must be a bucket with a bucket_name, got 'Content-eu-west-1/Bucket'",
        "would make the stacks need each other",
    ),
    _bad(
        "a bucket of a stack without a Region",
        _in_stack(
            bucket_pair, secondary=lambda stack: s3.Bucket(stack_in(None, stack), "Bucket", bucket_name="content")
        ),
        "secondary is in a stack whose Region only the deploy knows, got Elsewhere/Bucket",
        "give the stack env=Environment(region=...)",
    ),
    _bad(
        "two buckets of one Region",
        _in_stack(bucket_pair, secondary=_in_stack(imported_bucket, region="eu-west-1")),
        "secondary must be in another Region than primary, got 'eu-west-1'",
        "one outage takes them both",
    ),
    _bad(
        "two buckets that are imported without their Regions",
        lambda stack: bucket_pair(
            stack,
            primary=s3.Bucket.from_bucket_name(stack, "One", "one"),
            secondary=s3.Bucket.from_bucket_name(stack, "Two", "two"),
        ),
        "secondary must be in another Region than primary, got 'us-east-1'",
        "imported without its region",
    ),
    _bad(
        "one bucket as both of a pair",
        lambda stack: [
            bucket_pair(stack, primary=bucket, secondary=bucket) for bucket in [imported_bucket(stack, "eu-west-1")]
        ],
        "secondary must be another bucket than primary, got 'imported-eu-west-1'",
        "one outage takes them both",
    ),
    _bad(
        "a bucket with a KMS key",
        _in_stack(
            bucket_pair,
            primary=_in_stack(content_bucket, region="eu-west-1", encryption=s3.BucketEncryption.KMS),
        ),
        "primary must be encrypted by S3 itself, got 'Content-eu-west-1/Bucket'",
        "use S3_MANAGED",
    ),
    *(
        _bad(
            f"a bucket with {what} of AWS's own",
            _in_stack(bucket_pair, primary=_in_stack(content_bucket, region="eu-west-1", encryption=encryption)),
            "primary must be encrypted by S3 itself, got 'Content-eu-west-1/Bucket'",
            "cannot be done with AWS's own key, nor for an origin access identity; use S3_MANAGED",
        )
        for what, encryption in (
            ("a KMS key", s3.BucketEncryption.KMS_MANAGED),
            ("two KMS keys", s3.BucketEncryption.DSSE_MANAGED),
        )
    ),
    _bad(
        "a set of one bucket",
        lambda stack: BucketSet([imported_bucket(stack, "eu-west-1")]),
        "buckets must be at least 2, got 1",
        "nowhere to turn to",
    ),
    _bad(
        "one bucket's name as a set",
        lambda stack: BucketSet("content"),  # type: ignore[arg-type]
        "buckets must be a list, got 'content'",
    ),
    _bad(
        "a set with two buckets of one Region",
        lambda stack: BucketSet(
            [
                imported_bucket(stack, "us-west-2"),
                imported_bucket(stack, "eu-west-1"),
                content_bucket(stack, "eu-west-1"),
            ]
        ),
        "buckets[2] must be in another Region than buckets[1], got 'eu-west-1'",
        "one outage takes them both",
    ),
    *(
        _bad(
            f"an origin access identity for a bucket of {what}",
            _in_stack(_read_by_identity, region=region),
            f"secondary must be in a Region that was there before 2023, got {got}",
            "use a bucket of another Region, or origin access control, as BucketFailover does by itself",
            "private-content-restricting-access-to-s3.html",
        )
        for what, region, got in (
            ("a Region launched in 2023", "il-central-1", "'il-central-1'"),
            ("a Region that is not known yet", "eu-nowhere-9", "'eu-nowhere-9'"),
            ("another partition", "cn-north-1", "'cn-north-1'"),
            (
                "a Region that only the deploy knows",
                lambda stack: text_token(stack, "Far"),
                "'one that only the deploy knows'",
            ),
        )
    ),
    _bad(
        "an origin for edge functions that is kept alive for longer than they can say",
        _make(
            DeclaredOrigins, origins={"eu": primary_host()}, settings=OriginSettings(keepalive_timeout=_seconds(121))
        ),
        "keepalive_timeout must be whole seconds from 1 to 120, got '121 s'",
        "CloudFront takes no other from an edge function",
    ),
    _bad(
        "an edge function's bucket that it cannot sign for",
        lambda stack: DeclaredOrigins.buckets(
            {"far": bucket_pair(stack, primary=imported_bucket(stack, "mx-central-1")).primary}
        ),
        "origins['far'] must be in a Region that was there before 2023, got 'mx-central-1'",
    ),
    _bad(
        "a read policy for nobody",
        _in_stack(_read_policy),
        "distribution and origin_access_identity are both missing: nobody could read the bucket",
        "give the one that its endpoints were made for",
    ),
    _bad(
        "a read policy in another Region than its bucket",
        _in_stack(_read_policy, region="eu-central-1", distribution=_imported_site),
        "bucket must be one of eu-central-1, where this stack is, got 'eu-west-1'",
    ),
    *(
        _bad(
            f"a read policy for a bucket with {what}",
            _in_stack(_read_policy, distribution=_imported_site, bucket=given),
            "bucket must have no policy in its own stack, got Content-eu-west-1/Bucket",
            "S3 keeps one policy a bucket",
            "add statements to document here",
        )
        for what, given in (
            ("TLS enforced", {"enforce_ssl": True}),
            (
                "its objects deleted with it",
                {"auto_delete_objects": True, "removal_policy": cdk.RemovalPolicy.DESTROY},
            ),
        )
    ),
    _bad(
        "two read policies for one bucket",
        lambda stack: [
            BucketReadPolicy(policies, name, bucket=pair.primary, distribution=_imported_site(stack, name))
            for pair in [bucket_pair(stack)]
            for policies in [stack_in("eu-west-1", stack)]
            for name in ("One", "Two")
        ],
        "bucket must have no other BucketReadPolicy, got Content-eu-west-1/Bucket, which has Elsewhere/One",
        "add statements to that one's document",
    ),
    _bad(
        "replication of a bucket without versions",
        lambda stack: BucketReplication(
            stack,
            "Replication",
            buckets=bucket_pair(stack, secondary=content_bucket(stack, "eu-central-1", versioned=False)),
        ),
        "secondary must be a bucket with versioning, got 'Content-eu-central-1/Bucket/Resource'",
        "make it with versioned=True",
    ),
    _bad(
        "missing keys as 404 where keys may not be listed",
        _in_stack(bucket_failover, status_codes=[404, 500, 502, 503, 504]),
        "status_codes must include 403 beside 404, got [404, 500, 502, 503, 504]",
        "add 403, or read with origin access control and allow_listing=True",
    ),
    _bad(
        "missing keys as 404 where an identity reads",
        lambda stack: bucket_failover(
            stack,
            buckets=bucket_pair(stack, allow_listing=True),
            origin_access_identity=cloudfront.OriginAccessIdentity(stack, "Identity"),
            status_codes=[404, 503, 504],
        ),
        "status_codes must include 403 beside 404",
    ),
    _bad(
        "an objective that a bucket failover cannot meet",
        _in_stack(bucket_failover, recovery_time_objective=_seconds(13)),
        "recovery_time_objective of 13 s cannot be met: failover takes up to 14 s",
    ),
    _bad(
        "writes to a pair of buckets",
        lambda stack: _site(
            stack,
            origin=_group(**dict(zip(_ROLES, bucket_pair(stack).endpoints(stack), strict=True))),
            allowed_methods=_Methods.ALLOW_ALL,
        ),
        "behavior '*' of Test/Site allows DELETE, PATCH, POST, PUT on an origin group",
        at="Test/Site/Origin1",
    ),
]

_NEAREST_BUCKET = [
    _bad(
        "the nearest of buckets of which one cannot be signed for",
        lambda stack: nearest_bucket(
            stack, buckets=BucketSet([imported_bucket(stack, region) for region in ("us-west-2", "ca-west-1")])
        ),
        "buckets[1] must be in a Region that was there before 2023, got 'ca-west-1'",
        "use a bucket of another Region, or origin access control, as BucketFailover does by itself",
    ),
    _bad(
        "the nearest bucket in a stack of another Region",
        lambda stack: nearest_bucket(stack_in("eu-west-1", stack), buckets=bucket_pair(stack)),
        "a Lambda@Edge function must be in us-east-1, got a stack in eu-west-1",
    ),
    _bad(
        "the nearest bucket with missing keys as 404",
        _in_stack(nearest_bucket, status_codes=[404, 500, 502, 503, 504]),
        "status_codes must include 403 beside 404, got [404, 500, 502, 503, 504]",
        "add 403",
    ),
    _bad(
        "the nearest bucket that is never left when it does not answer",
        _in_stack(nearest_bucket, status_codes=[403, 404, 503]),
        "status_codes must include 504",
    ),
    _bad(
        "an objective that the nearest bucket cannot meet",
        _in_stack(nearest_bucket, recovery_time_objective=_seconds(13)),
        "recovery_time_objective of 13 s cannot be met: failover takes up to 14 s",
    ),
    _bad(
        "the nearest bucket behind Origin Shield",
        _in_stack(_near, origin=_bucket_behind_shield),
        "behavior '*' of Test/Site has Origin Shield on, which makes the function run in the shield's Region for all",
        "turn origin_shield_enabled off",
        at="Test/Nearest/Function",
    ),
    *(
        _bad(
            f"the function of the nearest bucket on {what}",
            _in_stack(_near, origin=origin),
            "behavior '*' of Test/Site has an origin that is not read with the function's origin access identity",
            "use origin_group",
            at="Test/Nearest/Function",
        )
        for what, origin in (
            ("a host", lambda stack: Endpoint.http_host("origin.example.com").origin()),
            ("a bucket that is read with origin access control", lambda stack: _bucket(stack).origin()),
            (
                "a bucket that another identity reads",
                lambda stack: cloudfront_origins.S3BucketOrigin.with_origin_access_identity(
                    imported_bucket(stack, "eu-west-2")
                ),
            ),
        )
    ),
    _bad(
        "the function of the nearest bucket where it is not told a name",
        lambda stack: _near(
            stack,
            origin=_bucket(stack).origin(),
            buckets=_named_at_deploy(stack, text_token(stack, "Name")),
        ),
        "has an origin without the headers that tell the function what only the deploy knows "
        "(x-ha-edge-domainname-eu-west-1)",
        at="Test/Nearest/Function",
    ),
    _bad(
        "writes to the nearest bucket",
        lambda stack: _near(stack, allowed_methods=_Methods.ALLOW_ALL),
        "behavior '*' of Test/Site allows DELETE, PATCH, POST, PUT on an origin group",
        at="Test/Site/Origin1",
    ),
]


def _region_of_bucket(region: str) -> _Build:
    """A bucket router whose second bucket is in a Region."""
    return lambda stack: bucket_dns_router(
        stack, buckets=bucket_pair(stack, secondary=imported_bucket(stack, region)), health_checks=_of_ireland(stack)
    )


def _of_ireland(stack: cdk.Stack) -> dict[str, route53.IHealthCheck]:
    return {"eu-west-1": _imported_checks(stack, 1)[0]}


def _probe(stack: cdk.Stack, *, region: str = "eu-west-1", **given: Any) -> BucketProbe:
    pair = bucket_pair(stack)
    return BucketProbe(stack_in(region, stack), "Probe", **{"bucket": pair.primary, "probe_name": "content", **given})


def _probes_swapped(stack: cdk.Stack) -> object:
    pair = bucket_pair(stack)
    probes = {
        one.region: bucket_probe(other, stack) for one, other in zip(pair.buckets, reversed(pair.buckets), strict=True)
    }
    return bucket_dns_router(stack, buckets=pair, health_checks=probes)


_BUCKET_DNS = [
    _bad(
        "buckets routed by weight",
        _in_stack(bucket_dns_router, routing="weighted"),
        "routing must be one of failover, latency, got 'weighted'",
    ),
    _bad(
        "failover of three buckets",
        lambda stack: bucket_dns_router(
            stack,
            buckets=BucketSet([imported_bucket(stack, region) for region in ("eu-west-1", "us-east-1", "us-west-2")]),
            health_checks=_of_ireland(stack),
        ),
        "buckets must be two for failover, a primary and a secondary, got ['eu-west-1', 'us-east-1', 'us-west-2']",
        "use routing='latency'",
    ),
    _bad(
        "a primary bucket without health",
        _in_stack(bucket_dns_router, health_checks={}),
        "health_checks['eu-west-1'] is missing: Route 53 would name that bucket for as long as it is out",
        "give a BucketProbe of it, or a health check",
    ),
    _bad(
        "a nearest bucket without health",
        _in_stack(bucket_dns_router, routing="latency", health_checks=_of_ireland),
        "health_checks['eu-central-1'] is missing",
    ),
    _bad(
        "a check of a Region without a bucket",
        lambda stack: bucket_dns_router(
            stack, health_checks=dict(zip(("eu-west-1", "us-east-1"), _imported_checks(stack, 2), strict=True))
        ),
        "health_checks must be by the Regions of the buckets, eu-west-1, eu-central-1, got 'us-east-1'",
        "it checks no bucket",
    ),
    _bad(
        "a probe of another Region's bucket",
        _probes_swapped,
        "health_checks['eu-west-1'] must be a probe of the bucket in eu-west-1, got 'one of eu-central-1'",
    ),
    _bad(
        "a check of a bucket in another stack",
        _in_stack(
            bucket_dns_router,
            health_checks=lambda stack: {
                "eu-west-1": _check(stack_in("us-east-1", stack), domain_name="a.example.com"),
            },
        ),
        "health_checks['eu-west-1'] must be made in the stack of the record, got one of Elsewhere",
    ),
    *(
        _bad(
            f"a bucket's record that is kept for {seconds} s",
            _in_stack(bucket_dns_router, ttl=_seconds(seconds)),
            "ttl must be whole seconds from 5 to 86400, got",
            "the function asks no more often",
        )
        for seconds in (0, 4, 86401)
    ),
    _bad(
        "a bucket's record that is kept for as long as only the deploy knows",
        lambda stack: bucket_dns_router(stack, ttl=seconds_token(stack, "Given")),
        "ttl is a token",
    ),
    _bad(
        "a bucket's record outside the zone",
        _in_stack(bucket_dns_router, record_name="bucket.example.org."),
        "record_name must be in the hosted_zone example.com, got 'bucket.example.org.'",
    ),
    _bad(
        "an objective that buckets cannot meet",
        _in_stack(bucket_dns_router, recovery_time_objective=_seconds(184)),
        "recovery_time_objective of 184 s cannot be met: failover takes up to 185 s",
        "time to notice + ttl + 5 s for which the function takes any answer",
    ),
    *(
        _bad(
            f"a bucket in {region}, which an identity cannot read",
            _region_of_bucket(region),
            "origins['" + region + "'] must be in a Region that was there before 2023",
        )
        for region in ("il-central-1", "mx-central-1")
    ),
    _bad(
        "a bucket router in another Region",
        lambda stack: bucket_dns_router(
            stack_in("eu-west-1", stack), buckets=bucket_pair(stack), health_checks=_of_ireland(stack)
        ),
        "a Lambda@Edge function must be in us-east-1, got a stack in eu-west-1",
    ),
    *(
        _bad(
            f"a probe called {name!r}",
            _in_stack(_probe, probe_name=name),
            "probe_name must be 1 to 200 letters, digits, '.', '_' and '-'",
            f"got {name!r}",
        )
        for name in ("", "a b", "a" * 201)
    ),
    *(
        _bad(f"a probe of {key!r}", _in_stack(_probe, key=key), "key must be 1 to 1024 of S3's safe characters")
        for key in ("", "*", "a?", "${aws:username}", "a" * 1025)
    ),
    *(
        _bad(
            f"a probe that fails after {threshold} minutes",
            _in_stack(_probe, failure_threshold=threshold),
            "failure_threshold must be",
            "it is a number of minutes",
        )
        for threshold in (0, 11, 1.5)
    ),
    _bad(
        "a probe in another Region",
        _in_stack(_probe, region="us-west-2"),
        "bucket must be one of us-west-2, where this stack is, got 'eu-west-1'",
        "would not tell when the bucket's Region is out",
    ),
]

_ACCESS_POINTS = [
    *(
        _bad(
            f"a name of an access point with {what}",
            _in_stack(access_point, name=name),
            f"name must be 3 to 50 lower-case letters, digits and hyphens, got {name!r}",
        )
        for what, name in (
            ("capitals", "Content"),
            ("2 characters", "ab"),
            ("51 characters", "a" * 51),
            ("a hyphen at its end", "content-"),
            ("a dot", "content.mrap"),
            ("a line feed", "content\n"),
        )
    ),
    _bad(
        "an access point over one bucket",
        _joined("eu-west-1"),
        "buckets must be at least 2, got 1: with one there is nowhere to turn to",
    ),
    _bad(
        "an access point over one bucket under two Regions",
        lambda stack: access_point(
            stack,
            buckets=[
                s3.Bucket.from_bucket_attributes(stack, region, bucket_name="content", region=region)
                for region in ("eu-west-1", "eu-central-1")
            ],
        ),
        "buckets[1] must be another bucket than buckets[0], got 'content'",
    ),
    _bad(
        "an access point over two buckets of one Region",
        lambda stack: access_point(
            stack, buckets=[imported_bucket(stack, "eu-west-1"), content_bucket(stack, "eu-west-1")]
        ),
        "buckets[1] must be in another Region than buckets[0], got 'eu-west-1'",
    ),
    _bad(
        "an access point over a bucket in a Region that is not enabled by default",
        _joined("eu-west-1", "eu-south-1"),
        "buckets must be each in one of ap-northeast-1, ",
        "got 'eu-south-1': it is not enabled by default",
    ),
    _bad(
        "an access point over a bucket of another stack without a name",
        lambda stack: access_point(
            stack,
            buckets=[imported_bucket(stack, "eu-west-1"), content_bucket(stack, "eu-central-1", bucket_name=None)],
        ),
        "buckets[1] must be a bucket with a bucket_name, got 'Content-eu-central-1/Bucket'",
    ),
    _bad(
        "an access point over a bucket with a KMS key",
        lambda stack: access_point(
            stack,
            buckets=[
                content_bucket(stack, "eu-west-1", encryption=s3.BucketEncryption.KMS),
                imported_bucket(stack, "eu-central-1"),
            ],
        ),
        "buckets[0] must be encrypted by S3 itself, got 'Content-eu-west-1/Bucket'",
    ),
    _bad(
        "an access point in another Region than CloudFront's",
        _elsewhere(_joined("us-east-1", "us-west-2")),
        "an origin access control's distribution must be in us-east-1, got a stack in eu-west-1",
    ),
    _bad(
        "an objective that routes cannot meet",
        _in_stack(access_point, recovery_time_objective=_seconds(119)),
        "recovery_time_objective of 119 s cannot be met: failover takes up to 120 s",
    ),
    _bad(
        "an access point for two distributions",
        lambda stack: [
            point.allow(_imported_site(stack, name)) for point in [access_point(stack)] for name in ("One", "Two")
        ],
        "distribution must be the only one that is allowed, got Test/Two after another",
        "make an access point for each distribution",
    ),
    *(
        _bad(
            f"routes with {what} active",
            _make(_routes_to, point=access_point, active=active),
            f"active must be some of eu-west-1, eu-central-1, got {list(active)!r}",
        )
        for what, active in (("none", ()), ("a Region without a bucket", ("eu-west-1", "us-east-1")))
    ),
    _bad(
        "one Region as text for all that are active",
        _make(_routes_to, point=access_point, active="eu-west-1"),
        "active must be a list, got 'eu-west-1': write active=['eu-west-1']",
    ),
    _bad(
        "the viewer's Host to an access point",
        lambda stack: _site(
            stack, origin=access_point(stack).endpoint().origin(), origin_request_policy=_Policy.ALL_VIEWER
        ),
        "behavior '*' of Test/Site forwards the viewer's Host header",
        at="Test/Site/Origin1",
    ),
]


_EDGE = [
    *(
        _bad(
            f"a {argument} without a name",
            _in_stack(_edge, **{argument: given}),
            "domain_name is missing: a hosted_zone or certificate serves only a name of the site's own",
        )
        for argument, given in (("hosted_zone", zone_of), ("certificate", certificate))
    ),
    _bad(
        "a name without zone and certificate",
        _in_stack(_edge, domain_name="www.example.com"),
        "certificate is missing for domain_name 'www.example.com'",
        "give one of us-east-1, or the hosted_zone in which one can be validated",
    ),
    *(
        _bad(
            f"{name} in the zone example.com",
            _in_stack(_edge, domain_name=name, hosted_zone=zone_of),
            f"domain_name must be in the hosted_zone example.com, got {name!r}",
        )
        for name in ("www.example.org", "myexample.com", "com.example")
    ),
    _bad(
        "a name that is none",
        _in_stack(_edge, domain_name="www example.com", hosted_zone=zone_of),
        f"{_NO_DOMAIN_NAME}'www example.com'",
        "it is the name that viewers type",
    ),
    _bad(
        "a certificate made in another Region",
        _in_stack(
            _edge,
            domain_name="www.example.com",
            certificate=_elsewhere(
                lambda stack: acm.Certificate(stack, "Certificate", domain_name="www.example.com"),
            ),
        ),
        "certificate must be in us-east-1, got one in eu-west-1",
        "CloudFront takes viewer certificates from there only",
    ),
    _bad(
        "a certificate of another Region that exists",
        _in_stack(
            _edge,
            domain_name="www.example.com",
            certificate=lambda stack: acm.Certificate.from_certificate_arn(
                stack, "Certificate", CERTIFICATE_ARN.replace("us-east-1", "eu-west-1")
            ),
        ),
        "certificate must be in us-east-1, got one in eu-west-1",
    ),
    _bad(
        "a certificate whose ARN is none",
        _in_stack(
            _edge,
            domain_name="www.example.com",
            certificate=lambda stack: acm.Certificate.from_certificate_arn(stack, "Certificate", "0c9b5c4e"),
        ),
        "certificate",
        "0c9b5c4e",
    ),
    _bad(
        "a certificate to be made in another Region",
        _elsewhere(_in_stack(_edge, domain_name="www.example.com", hosted_zone=zone_of)),
        "a certificate for CloudFront must be in us-east-1, got a stack in eu-west-1",
        "put it in a stack with env=Environment(region='us-east-1')",
    ),
    _bad(
        "a root object with a slash",
        _in_stack(_edge, default_root_object="/index.html"),
        "default_root_object must be an object's name of at most 255 characters without a / at the start, got '/index",
        "CloudFront puts it after the / itself",
    ),
    _bad(
        "a log bucket that takes no ACLs",
        _in_stack(_edge, log_bucket=lambda stack: s3.Bucket(stack, "Logs")),
        "log_bucket must be one that takes ACLs, got 'Test/Logs",
        "make it with object_ownership=ObjectOwnership.OBJECT_WRITER",
    ),
    *(
        _bad(
            f"an alarm at {percent!r} percent",
            _make(_add_alarms, construct=_edge, topic=_topic, error_rate_percent=percent),
            f"error_rate_percent must be a whole number from 1 to 100, got {percent!r}",
            "it is a share of all responses",
        )
        for percent in (0, 101, 0.5)
    ),
    _bad(
        "an alarm on a latency that is not measured",
        _make(_add_alarms, construct=_edge, topic=_topic, origin_latency=_seconds(1)),
        "origin_latency needs publish_additional_metrics=True",
    ),
    _bad(
        "an alarm on a latency that is a number",
        _make(_add_alarms, construct=_in_stack(_edge, publish_additional_metrics=True), topic=_topic, origin_latency=1),
        "origin_latency must be a Duration, got 1: write Duration.seconds(1)",
    ),
    _bad(
        "alarms in another Region",
        _elsewhere(_make(_add_alarms, construct=_edge, topic=_topic)),
        "an alarm must be in us-east-1, got a stack in eu-west-1: CloudFront's metrics exist in us-east-1 only",
        "put it in a stack with env=Environment(region='us-east-1')",
    ),
    *(
        _bad(
            f"a topic in another Region, of {what}",
            _make(_add_alarms, construct=construct, topic=_in_stack(_topic, region="eu-west-1")),
            "topic must be in us-east-1, got one in eu-west-1: an alarm notifies topics of its own Region only",
        )
        for what, construct in (
            ("an EdgeDistribution", _edge),
            ("an OriginFailover", _origin_failover),
            ("a DnsFailover", dns_failover),
            ("a HybridFailover", hybrid_failover),
        )
    ),
]

_ERROR_CODES = "400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504"
_ERRORS_PAGE = "GeneratingCustomErrorResponses.html"

_ERROR_PAGES = [
    *(
        _bad(
            f"pages: {pages!r}",
            _in_stack(_error_pages, pages=pages),
            f"pages must be a mapping of status to path, not empty, got {pages!r}: "
            "write pages={503: '/errors/503.html'}",
        )
        for pages in (dict[int, str](), [503], "/errors/503.html")
    ),
    *(
        _bad(
            f"a page for status {code!r}",
            _in_stack(_error_pages, pages={code: "/errors/page.html"}),
            f"pages must be one of {_ERROR_CODES}, got {code!r}: CloudFront has no custom response for any other",
            _ERRORS_PAGE,
        )
        for code in (200, 401, 412, 415, 429, 505, 999, "503")
    ),
    *(
        _bad(
            f"a page at {path!r}",
            _in_stack(_error_pages, pages={503: path}),
            f"pages must be a path of at most 255 characters that starts with /, got {path!r}",
        )
        for path in ("", "errors/503.html", "https://example.com/503.html", f"/errors/{'a' * 255}")
    ),
    _bad(
        "a page with a query string",
        _in_stack(_error_pages, pages={503: "/errors/page.html?code=503"}),
        "pages must be a path without a query string, got '/errors/page.html?code=503'",
        "CloudFront drops it when it fetches the page",
    ),
    *(
        _bad(
            f"a page outside the folder of the pages, {path}",
            _in_stack(_error_pages, pages={503: path}),
            f"pages must be paths that path_pattern /errors/* matches, got {path!r}",
            "only these are asked of the bucket",
        )
        for path in ("/503.html", "/Errors/503.html", "/errors")
    ),
    *(
        _bad(
            f"a path pattern of the whole site, {pattern}",
            _in_stack(_error_pages, path_pattern=pattern),
            f"path_pattern must be a folder such as /errors/*, got {pattern!r}",
            "the whole site would be asked of the pages",
        )
        for pattern in ("/*", "/", "/**")
    ),
    _bad(
        "a path pattern that is no path",
        _in_stack(_error_pages, path_pattern="*.html"),
        "path_pattern must be a path of at most 255 characters that starts with /, got '*.html'",
    ),
    _bad(
        "a response code without its page",
        _in_stack(_error_pages, response_codes={404: 200}),
        "response_codes must be one of 503, got 404: a status is replaced only together with a page, in pages",
    ),
    *(
        _bad(
            f"a page sent with status {code!r}",
            _in_stack(_error_pages, response_codes={503: code}),
            f"response_codes must be one of 200, {_ERROR_CODES}, got {code!r}: "
            "CloudFront sends an error page with no other",
            _ERRORS_PAGE,
        )
        for code in (201, 302, 429, 599, "200")
    ),
    *(
        _bad(
            f"an error caching time of status {code}",
            _in_stack(_error_pages, error_ttls={code: _seconds(5)}),
            f"error_ttls must be one of {_ERROR_CODES.replace('416, ', '')}, got {code}: "
            "CloudFront lets no other be cached for a time of your own",
        )
        for code in (200, 416, 429)
    ),
    *(
        _bad(
            f"an error caching time of {seconds} s",
            _in_stack(_error_pages, error_ttls={503: _seconds(seconds)}),
            f"error_ttls must be whole seconds from 1 to 31536000, got '{seconds} s'",
            "with 0 every request waits for the failing origin again, and for a bucket CloudFront makes 1 of it",
        )
        for seconds in (0, 0.5, 31536001)
    ),
    _bad(
        "an error caching time that is a number",
        _in_stack(_error_pages, error_ttls={503: 5}),
        "error_ttls must be a Duration, got 5: write Duration.seconds(5)",
    ),
]

_GRACEFUL_RESPONSES = [
    _bad(
        "a graceful response without a template",
        _in_stack(_graceful, html=None, json=None),
        "html and json are both None: give at least one of them",
    ),
    *(
        _bad(
            f"{template!r} as {argument}",
            _in_stack(_graceful, **{argument: template}),
            f"{argument} must be one of path, request_id, retry_after, got {placeholder!r}",
        )
        for argument, template, placeholder in (
            ("html", "<p>{{host}}</p>", "host"),
            ("html", "<p>{{ path }}</p>", " path "),
            ("html", "<p>{{}}</p>", ""),
            ("json", {"a": ["{{cookie}}"]}, "cookie"),
        )
    ),
    *(
        _bad(
            f"an answer of {what}",
            _in_stack(_graceful, html=template),
            "html must be at most 999000 bytes with all placeholders filled in, got",
            "CloudFront answers 502 to anything larger",
        )
        for what, template in (
            ("1 MB", "a" * 999_001),
            ("1 MB of two-byte characters", "é" * 500_000),
            ("1 MB once it is filled in", "{{path}}" * 1_950),
        )
    ),
    _bad(
        "an answer in JSON that is none",
        lambda stack: _graceful(stack, json={"a": {1}}),
        "json must be a JSON value, got {'a': {1}}",
    ),
    _bad(
        "an answer in JSON with a number that JSON has not got",
        lambda stack: _graceful(stack, json=[float("nan")]),
        "json must be a JSON value, got [nan]",
    ),
    *(
        _bad(
            f"{status} as the status of a graceful response",
            _in_stack(_graceful, status=status),
            f"status must be one of 503, 200, got {status!r}",
        )
        for status in (500, 502, 404, 302, "503")
    ),
    _bad(
        "a time for which a 503 is cached",
        _in_stack(_graceful, max_age=_seconds(10)),
        "max_age goes with status=200 only",
    ),
    *(
        _bad(
            f"a graceful 200 that is cached for {seconds} s",
            _in_stack(_graceful, status=200, max_age=_seconds(seconds)),
            f"max_age must be whole seconds from 0 to 60, got '{seconds} s'",
            "the answer is cached in place of the content",
        )
        for seconds in (61, 0.5)
    ),
    *(
        _bad(
            f"clients to come back after {seconds} s",
            _in_stack(_graceful, retry_after=_seconds(seconds)),
            f"retry_after must be whole seconds from 1 to 86400, got '{seconds} s'",
        )
        for seconds in (0, 86_401, 1.5)
    ),
    _bad(
        "a number as the time to come back after",
        _in_stack(_graceful, retry_after=30),
        "retry_after must be a Duration, got 30: write Duration.seconds(30)",
    ),
    _bad(
        "a graceful response for many paths",
        _in_stack(_graceful, page_path="/sorry/*"),
        "page_path must be one path without *, got '/sorry/*'",
    ),
    _bad(
        "a graceful response for a path with a query string",
        _in_stack(_graceful, page_path="/sorry?code=503"),
        "page_path must be a path without a query string, got '/sorry?code=503'",
    ),
    _bad(
        "a graceful response for what is no path",
        _in_stack(_graceful, page_path="sorry"),
        "page_path must be a path of at most 255 characters that starts with /, got 'sorry'",
    ),
    _bad(
        "a graceful response to a status without error page",
        _in_stack(_graceful, error_codes=[429]),
        "error_codes must be one of 400, 403, 404",
    ),
    _bad(
        "text for the errors that get a graceful response",
        _in_stack(_graceful, error_codes="503"),
        "error_codes must be a list, got '503': write error_codes=[500, 502, 504]",
    ),
    *(
        _bad(
            f"{argument} of a graceful response that only the deploy knows",
            _in_stack(_graceful, **{argument: value}),
            f"{argument}{place} is a token, known only at deploy",
        )
        for argument, place, value in (
            ("html", "", lambda stack: text_token(stack, "Html")),
            ("json", "['a'][0]", lambda stack: {"a": [text_token(stack, "Json")]}),
            ("status", "", lambda stack: number_token(stack, "Status")),
            ("retry_after", "", lambda stack: seconds_token(stack, "RetryAfter")),
        )
    ),
    _bad(
        "a graceful 200 that is cached for as long as only the deploy knows",
        _in_stack(_graceful, status=200, max_age=lambda stack: seconds_token(stack, "MaxAge")),
        "max_age is a token, known only at deploy",
    ),
    _bad(
        "graceful responses in place of a standby that could answer",
        _in_stack(_graceful, group=lambda stack: _group()),
        "group must be one with this endpoint as its secondary",
        "write FailoverOriginGroup(primary=..., secondary=graceful.endpoint)",
    ),
    _bad(
        "graceful responses in another Region than CloudFront's",
        _elsewhere(_graceful),
        "a Lambda@Edge function must be in us-east-1, got a stack in eu-west-1",
    ),
]

_STALE_CONTENT = [
    *(
        _bad(
            f"content from {what}",
            _in_stack(_stale, origin=origin),
            "origin must be what Endpoint.origin() gives, or a FailoverOriginGroup, got ",
            "its settings tell how long viewers wait for a copy",
        )
        for what, origin in (
            ("an endpoint", primary_host()),
            ("an origin of the CDK", _make(cloudfront_origins.HttpOrigin, domain_name="a.example.com")),
        )
    ),
    *(
        _bad(
            f"copies kept for {seconds} s",
            _in_stack(_stale, max_ttl=_seconds(seconds)),
            f"max_ttl must be whole seconds from 1 to 31536000, got '{seconds} s'",
            "with 0 there is no copy",
        )
        for seconds in (0, 1.5, 31536001)
    ),
    *(
        _bad(
            f"copies fresh for {seconds} s",
            _in_stack(_stale, default_ttl=_seconds(seconds)),
            f"default_ttl must be whole seconds from 0 to 31536000, got '{seconds} s'",
        )
        for seconds in (0.5, 31536001)
    ),
    _bad(
        "copies fresh for longer than they are kept",
        _in_stack(_stale, default_ttl=_seconds(61), max_ttl=_seconds(60)),
        "default_ttl must be at most the max_ttl of 60 s, got '61 s': CloudFront keeps no copy longer",
    ),
    *(
        _bad(
            f"a failing origin left alone for {seconds} s",
            _in_stack(_stale, error_ttl=_seconds(seconds)),
            f"error_ttl must be whole seconds from 1 to 31536000, got '{seconds} s'",
            "with 0 every request waits for the failing origin again",
        )
        for seconds in (0, 0.5, 31536001)
    ),
    *(
        _bad(
            f"{argument} as a number",
            _in_stack(_stale, **{argument: 5}),
            f"{argument} must be a Duration, got 5: write Duration.seconds(5)",
        )
        for argument in ("default_ttl", "max_ttl", "error_ttl", "recovery_time_objective")
    ),
    _bad(
        "an objective that the wait for the origin misses",
        _in_stack(_stale, recovery_time_objective=_seconds(119)),
        "recovery_time_objective of 119 s cannot be met: failover takes up to 120 s (the longest wait for the origin)",
        "lower these settings or raise the objective",
    ),
    _bad(
        "an objective that a patient secondary misses",
        _in_stack(_stale, origin=_make(_group), recovery_time_objective=_seconds(223)),
        "recovery_time_objective of 223 s cannot be met: failover takes up to 224 s",
    ),
]


def _response(**given: Any) -> list[cloudfront.ErrorResponse]:
    return [cloudfront.ErrorResponse(**{"http_status": 503, **given})]


_ERROR_RESPONSES = [
    *(
        _bad(
            f"an error response for status {code}",
            _in_stack(_edge, error_responses=_response(http_status=code, ttl=_seconds(5))),
            f"error_responses must be one of {_ERROR_CODES}, got {code}",
            _ERRORS_PAGE,
        )
        for code in (200, 429, 505)
    ),
    _bad(
        "an error response sent with status 302",
        _in_stack(_edge, error_responses=_response(response_page_path="/a.html", response_http_status=302)),
        f"error_responses must be one of 200, {_ERROR_CODES}, got 302",
    ),
    _bad(
        "an error response with a status and no page",
        _in_stack(_edge, error_responses=_response(response_http_status=200, ttl=_seconds(5))),
        "error_responses of 503 has response_http_status 200 and no response_page_path",
        "CloudFront takes both or neither; add the path of a page",
    ),
    _bad(
        "an error response with a page that is no path",
        _in_stack(_edge, error_responses=_response(response_page_path="a.html")),
        "error_responses must be a path of at most 255 characters that starts with /, got 'a.html'",
    ),
    _bad(
        "an error response that says nothing",
        _in_stack(_edge, error_responses=_response()),
        "error_responses of 503 says nothing: give it a ttl, a response_page_path, or both",
    ),
    _bad(
        "two error responses for one status",
        _in_stack(_edge, error_responses=[*_response(ttl=_seconds(5)), *_response(response_page_path="/a.html")]),
        "error_responses must hold each code once, got 503 more than once: CloudFront refuses duplicates",
        "one entry has both page and TTL (ErrorPages takes error_ttls)",
    ),
    _bad(
        "error responses as one string",
        _in_stack(_edge, error_responses="503"),
        "error_responses must be a list, got '503': write error_responses=[ErrorResponse(...)]",
    ),
]


# Accelerators


def _alb(stack: cdk.Stack, region: str = "us-east-1", name: str = "a", **given: Any) -> AcceleratorEndpoint:
    return AcceleratorEndpoint.application_load_balancer(imported_balancer(stack, region, name), **given)


def _nowhere(stack: cdk.Stack) -> AcceleratorEndpoint:
    balancer = elbv2.ApplicationLoadBalancer.from_application_load_balancer_attributes(
        stack, "Nowhere", load_balancer_arn=text_token(stack, "Arn"), security_group_id="sg-0123456789abcdef0"
    )
    return AcceleratorEndpoint.application_load_balancer(balancer)


def _group_of(stack: cdk.Stack, region: str = "us-east-1", **given: Any) -> EndpointGroup:
    return endpoint_group(stack, region, **given)


def _address_group(stack: cdk.Stack, **given: Any) -> EndpointGroup:
    return _group_of(stack, endpoints=[AcceleratorEndpoint.elastic_ip(elastic_ip(stack))], **given)


def _ports(*given: tuple[int, int | None]) -> _Build:
    ranges = [globalaccelerator.PortRange(from_port=first, to_port=last) for first, last in given]
    return _in_stack(multi_region_accelerator, port_ranges=lambda _: ranges)


def _pair(**second: Any) -> _Build:
    """Two groups, the second of them changed."""
    return lambda stack: [
        _group_of(stack, "eu-west-1"),
        _group_of(stack, **{"region": "eu-central-1", **_built(second, stack)}),
    ]


def _dual_stack(second: _Build) -> _Build:
    return lambda stack: multi_region_accelerator(
        stack,
        endpoint_groups=[_group_of(stack, "eu-west-1"), EndpointGroup(region="us-east-1", endpoints=[second(stack)])],
        ip_address_type=globalaccelerator.IpAddressType.DUAL_STACK,
    )


_GA_HEALTH = "about-endpoint-groups-health-check-options.html"
_ACCELERATORS = [
    _bad(
        "interval of an accelerator's check of 15 s",
        _make(AcceleratorHealthCheck, interval=Duration.seconds(15)),
        "interval must be one of 10, 30, got 15: Global Accelerator knows these two intervals",
    ),
    _bad(
        "interval of an accelerator's check as a number",
        _make(AcceleratorHealthCheck, interval=10),
        "interval must be a Duration, got 10: write Duration.seconds(10)",
    ),
    *(
        _bad(
            f"threshold of an accelerator's check of {threshold}",
            _make(AcceleratorHealthCheck, threshold=threshold),
            f"threshold must be a whole number from 1 to 10, got {threshold}: Global Accelerator allows no other",
            _GA_HEALTH,
        )
        for threshold in (0, 11, 20, 2.5)
    ),
    _bad(
        "protocol of an accelerator's check",
        _make(AcceleratorHealthCheck, protocol="UDP"),
        "protocol must be one of TCP, HTTP, HTTPS, got 'UDP': Global Accelerator has no other",
        _GA_HEALTH,
    ),
    _bad(
        "port of an accelerator's check",
        _make(AcceleratorHealthCheck, port=0),
        "port must be a whole number from 1 to 65535, got 0: it is a TCP port",
    ),
    _bad(
        "path of an accelerator's TCP check",
        _make(AcceleratorHealthCheck, path="/health"),
        "path needs protocol HTTP or HTTPS, got TCP: a TCP check only connects",
    ),
    _bad(
        "path of an accelerator's check",
        _make(AcceleratorHealthCheck, protocol="HTTP", path="health"),
        "path must be a path of at most 255 characters that starts with /, got 'health'",
    ),
    *(
        _bad(
            f"weight of {weight}",
            _in_stack(_alb, weight=weight),
            f"weight must be a whole number from 0 to 255, got {weight}: it is a share of the endpoint group's traffic",
        )
        for weight in (-1, 256)
    ),
    _bad(
        "weights that are all 0",
        _in_stack(_group_of, endpoints=lambda stack: [_alb(stack, weight=0), _alb(stack, name="b", weight=0)]),
        "weight must be above 0 for one of the endpoints, got 0 for all",
        "an endpoint with weight 0 is not chosen when others fail",
        "for one that takes over give it traffic_dial=0",
    ),
    *(
        _bad(
            f"traffic dial of {dial}",
            _in_stack(_group_of, traffic_dial=dial),
            f"traffic_dial must be a number from 0 to 100, got {dial!r}: it is a percentage",
        )
        for dial in (-1, 150, True, "50")
    ),
    _bad(
        "dials that are all 0",
        _in_stack(
            multi_region_accelerator,
            endpoint_groups=lambda stack: [
                _group_of(stack, region, traffic_dial=0) for region in ("eu-west-1", "eu-central-1")
            ],
        ),
        "traffic_dial must be above 0 in one of endpoint_groups, got 0 in all",
        "give 0 to the standby alone",
    ),
    _bad(
        "health check of load balancers alone",
        _in_stack(_group_of, health_check=_make(AcceleratorHealthCheck)),
        "health_check has no effect where all endpoints are load balancers: Global Accelerator asks for the health of "
        "their targets; set interval and unhealthy_threshold_count in the health_check of the target groups",
        _GA_HEALTH,
    ),
    *(
        _bad(
            f"target group whose health checks are {what}",
            _in_stack(_alb, target_groups=lambda stack, enabled=enabled: [target_group(stack, enabled=enabled)]),
            f"target_groups must have health checks, got Test/Targets, where they are off{why}",
            "nothing ever fails over; make it with health_check=HealthCheck(enabled=True, path=...)",
        )
        for what, enabled, why in (
            ("off by default", None, " (the default for a Lambda function)"),
            ("switched off", False, " (the default for a Lambda function)"),
        )
    ),
    _bad(
        "no endpoint",
        _in_stack(_group_of, endpoints=lambda _: []),
        "endpoints must be 1 to 10, got 0",
        "limits-global-accelerator.html",
    ),
    _bad(
        "eleven endpoints",
        _in_stack(_group_of, endpoints=lambda stack: [_alb(stack, name=f"a{number}") for number in range(11)]),
        "endpoints must be 1 to 10, got 11",
    ),
    *(
        _bad(
            f"{what} as an endpoint",
            _in_stack(_group_of, endpoints=lambda stack, build=build: [build(stack)]),
            "endpoints must be AcceleratorEndpoint of a load balancer, an EC2 instance or an Elastic IP address, got ",
            "an accelerator takes nothing else: put a load balancer in front of it",
        )
        for what, build in (
            ("an API", rest_api),
            ("an Endpoint", lambda _: primary_host()),
            ("a distribution", lambda stack: _site(stack, origin=primary_host().origin())),
        )
    ),
    _bad(
        "endpoint of another Region by its ARN",
        _in_stack(_group_of, endpoints=lambda stack: [_alb(stack, "eu-west-3")]),
        "endpoints must be in the Region of their group, us-east-1, got Application load balancer "
        "Test/Imported-eu-west-3-a in eu-west-3: give each Region an EndpointGroup",
    ),
    _bad(
        "endpoint of another Region by its stack",
        _in_stack(
            _group_of,
            region="eu-west-1",
            endpoints=lambda stack: [AcceleratorEndpoint.instance(instance_in(stack))],
        ),
        "endpoints must be in the Region of their group, eu-west-1, got EC2 instance Test/Instance in us-east-1",
    ),
    _bad(
        "Region that is none",
        _in_stack(_group_of, region="mars-1"),
        "region must be an AWS Region such as eu-west-1, got 'mars-1'",
    ),
    _bad(
        "one endpoint group",
        _in_stack(multi_region_accelerator, endpoint_groups=lambda stack: [_group_of(stack)]),
        "endpoint_groups must be two or more, got ['us-east-1']: with one there is no other Region to go to",
    ),
    _bad(
        "two endpoint groups of one Region",
        _in_stack(
            multi_region_accelerator,
            endpoint_groups=_pair(region="eu-west-1", endpoints=lambda s: [_alb(s, "eu-west-1", "b")]),
        ),
        "endpoint_groups must be of different Regions, got ['eu-west-1', 'eu-west-1']",
        "put the endpoints of a Region into one EndpointGroup",
    ),
    *(
        _bad(
            f"one zone behind an accelerator, {what}",
            _in_stack(multi_az_accelerator, endpoints=build),
            "endpoints must be in two zones or more, got ",
            "one zone would take them all with it; give a load balancer over several zones, or an endpoint in each",
        )
        for what, build in (
            ("of one instance", lambda stack: [AcceleratorEndpoint.instance(instance_in(stack))]),
            ("of one address", lambda stack: [AcceleratorEndpoint.elastic_ip(elastic_ip(stack))]),
            (
                "of two instances",
                lambda stack: [
                    AcceleratorEndpoint.instance(instance_in(stack, 0, name)) for name in ("Instance", "Other")
                ],
            ),
            (
                "as the other is drained",
                lambda stack: [
                    AcceleratorEndpoint.instance(instance_in(stack)),
                    AcceleratorEndpoint.instance(instance_in(stack, 1, "Other"), weight=0),
                ],
            ),
            (
                "of a load balancer",
                lambda stack: [
                    AcceleratorEndpoint.network_load_balancer(
                        elbv2.NetworkLoadBalancer(
                            stack,
                            "Network",
                            vpc=vpc_in(stack),
                            vpc_subnets=ec2.SubnetSelection(subnets=[vpc_in(stack).public_subnets[0]]),
                        )
                    )
                ],
            ),
        )
    ),
    _bad(
        "Region of an accelerator that is not known",
        _in_stack(multi_az_accelerator, endpoints=lambda stack: [_nowhere(stack)]),
        "region is missing: that of Application load balancer ",
        "is not known here, give it as region='...'",
    ),
    _bad(
        "no endpoint of an accelerator over zones",
        _in_stack(multi_az_accelerator, endpoints=lambda _: []),
        "endpoints must be 1 to 10, got 0",
    ),
    _bad("no port", _ports(), "port_ranges must be 1 to 10 ranges, got 0"),
    _bad("eleven port ranges", _ports(*((port, None) for port in range(1, 12))), "port_ranges must be 1 to 10 ranges"),
    *(
        _bad(
            f"port range {first}-{last}",
            _ports((first, last)),
            f"port_ranges must be a whole number from 1 to 65535, got {bad}: these are ports",
        )
        for first, last, bad in ((0, 5, 0), (1, 65536, 65536))
    ),
    _bad(
        "port range the wrong way round",
        _ports((90, 80)),
        "port_ranges must be from a lower to a higher port, got '90-80': turn them round",
    ),
    _bad(
        "UDP for an Application Load Balancer",
        _in_stack(multi_region_accelerator, protocol=globalaccelerator.ConnectionProtocol.UDP),
        "protocol must be TCP with Application Load Balancers, got 'UDP'",
        "speaks HTTP over TCP only",
    ),
    _bad(
        "Elastic IP address behind a dual-stack accelerator",
        _dual_stack(lambda stack: AcceleratorEndpoint.elastic_ip(elastic_ip(stack))),
        "endpoints must be load balancers and instances with ip_address_type DUAL_STACK",
        "a dual-stack accelerator takes no such endpoint",
        "about-endpoints-caveats.html",
    ),
    _bad(
        "client address lost behind a dual-stack accelerator",
        _dual_stack(_in_stack(_alb, preserve_client_ip=False)),
        "preserve_client_ip must be True with ip_address_type DUAL_STACK, got False",
    ),
    _bad(
        "IPv4 load balancer behind a dual-stack accelerator",
        _dual_stack(lambda stack: AcceleratorEndpoint.application_load_balancer(new_balancer(stack))),
        "endpoints must be dual-stack load balancers with ip_address_type DUAL_STACK",
    ),
    _bad(
        "zone of an accelerator without a name",
        _in_stack(multi_region_accelerator, hosted_zone=zone_of),
        "domain_name is missing: a hosted_zone serves only a name of the accelerator's own",
    ),
    _bad(
        "name of an accelerator that is none",
        _in_stack(multi_region_accelerator, domain_name="api", hosted_zone=zone_of),
        "domain_name must be a domain name such as origin.example.com",
    ),
    _bad(
        "name of an accelerator outside the zone",
        _in_stack(multi_region_accelerator, domain_name="api.example.org", hosted_zone=zone_of),
        "domain_name must be in the hosted_zone example.com, got 'api.example.org': no record can be made elsewhere",
    ),
    _bad(
        "accelerator as an origin without a name",
        lambda stack: multi_region_accelerator(stack).origin(),
        "domain_name is missing: CloudFront refuses a certificate that does not cover the name it connects to",
        "give domain_name and hosted_zone",
    ),
    _bad(
        "objective of an accelerator",
        lambda stack: multi_region_accelerator(
            stack,
            target_group=target_group(stack, interval=Duration.seconds(10), timeout=Duration.seconds(5)),
            recovery_time_objective=Duration.seconds(19),
        ),
        "recovery_time_objective of 19 s cannot be met: failover takes up to 20 s",
        "interval x unhealthy threshold of the slowest health check",
    ),
    _bad(
        "objective of an accelerator whose target groups are not known",
        _in_stack(multi_region_accelerator, recovery_time_objective=Duration.seconds(60)),
        "failover_time cannot be computed: the health checks of a load balancer's target groups decide it",
        "give target_groups=[...], made in this app",
    ),
    _bad(
        "alarms of an accelerator in another Region",
        _make(_add_alarms, construct=multi_region_accelerator, topic=_topic),
        "an alarm must be in us-west-2, got one in us-east-1: Global Accelerator's metrics exist in us-west-2 only",
        "put the accelerator and its topic in a stack with env=Environment(region='us-west-2')",
    ),
    _bad(
        "topic of an accelerator's alarm in another Region",
        lambda stack: multi_region_accelerator(stack_in("us-west-2", beside=stack)).add_alarms(_topic(stack)),
        "topic must be in us-west-2, got one in us-east-1",
    ),
]


# Zonal shift


def _one_zone(stack: cdk.Stack) -> elbv2.NetworkLoadBalancer:
    subnets = ec2.SubnetSelection(subnets=[vpc_in(stack).public_subnets[0]])
    return elbv2.NetworkLoadBalancer(stack, "Network", vpc=vpc_in(stack), vpc_subnets=subnets)


_ZONAL_SHIFT = [
    _bad(
        "imported load balancer to be shifted",
        _in_stack(zonal_shift, load_balancer=imported_balancer),
        "load_balancer must be made in this app, got an imported one",
        "set zonal_shift.config.enabled where it is made",
    ),
    _bad(
        "load balancer of another Region to be shifted",
        _in_stack(zonal_shift, load_balancer=lambda stack: new_balancer(stack_in("eu-west-1", beside=stack))),
        "load_balancer must be in the Region of this stack, us-east-1, got one in eu-west-1",
        "make the ZonalShift in the load balancer's stack",
    ),
    _bad(
        "load balancer in one zone to be shifted",
        _in_stack(zonal_shift, load_balancer=_one_zone),
        "load_balancer must be over two zones or more, got 'Test/Network': there would be no zone left",
    ),
    _bad(
        "autoshift without an alarm",
        _in_stack(zonal_shift, outcome_alarm=None),
        "outcome_alarm is missing: autoshift comes with weekly practice runs",
        "give one, or autoshift=False",
    ),
    *(
        _bad(
            f"{argument} without autoshift",
            _in_stack(zonal_shift, autoshift=False, **{"outcome_alarm": None, argument: value}),
            f"{argument} needs autoshift=True: only the practice runs of autoshift go by it",
        )
        for argument, value in (
            ("outcome_alarm", errors_alarm),
            ("blocking_alarm", errors_alarm),
            ("blocked_windows", lambda _: ["Mon:08:00-Mon:18:00"]),
            ("blocked_dates", lambda _: ["2026-12-24"]),
        )
    ),
    *(
        _bad(
            f"{argument} of another Region",
            _in_stack(zonal_shift, **{argument: lambda stack: errors_alarm(stack_in("eu-west-1", beside=stack))}),
            f"{argument} must be in the load balancer's Region, us-east-1, got one in eu-west-1",
        )
        for argument in ("outcome_alarm", "blocking_alarm")
    ),
    *(
        _bad(
            f"window {window}",
            _in_stack(zonal_shift, blocked_windows=lambda _, window=window: [window]),
            f"blocked_windows must be such as Mon:08:00-Mon:18:00, in UTC, got {window!r}: ARC takes no other form",
        )
        for window in ("Mon:8:00-Mon:18:00", "Mon:24:00-Tue:01:00", "Monday:08:00-Monday:18:00", "Mon:08:00", "")
    ),
    *(
        _bad(
            f"date {day}",
            _in_stack(zonal_shift, blocked_dates=lambda _, day=day: [day]),
            f"blocked_dates must be such as 2026-12-24, in UTC, got {day!r}: ARC takes no other form",
        )
        for day in ("2026-13-01", "24.12.2026", "20261224", "2026-02-30")
    ),
    _bad(
        "one window as text",
        _in_stack(zonal_shift, blocked_windows="Mon:08:00-Mon:18:00"),
        "blocked_windows must be a list, got 'Mon:08:00-Mon:18:00'",
    ),
    _bad(
        "sixteen dates",
        _in_stack(zonal_shift, blocked_dates=lambda _: [f"2026-12-{day}" for day in range(10, 26)]),
        "blocked_dates must be at most 15, got 16: ARC takes no more",
    ),
    _bad(
        "objective of a zonal shift",
        _in_stack(zonal_shift, recovery_time_objective=Duration.seconds(359)),
        "recovery_time_objective of 359 s cannot be met: failover takes up to 360 s (the TTL of DNS + "
        "client_keep_alive)",
    ),
]


def _guarded(number: int = 1, **given: Any) -> Endpoint:
    return _host(f"h{number}.example.com", f"203.0.113.{number}", **{"guard": guard(), **given})


def _guarded_pair(stack: cdk.Stack, **given: Any) -> DnsFailover:
    return dns_failover(stack, **{"primary": _guarded(1), "secondary": _guarded(2), **given})


def _guarded_accelerator(stack: cdk.Stack, check: AcceleratorHealthCheck) -> Endpoint:
    """A guarded host with an address behind an accelerator, beside a load balancer of another Region."""
    return multi_region_accelerator(
        stack,
        endpoint_groups=[_group_of(stack, "eu-west-1"), _address_group(stack, health_check=check)],
        domain_name="www.example.com",
        hosted_zone=zone_of(stack),
    ).endpoint(guard=guard())


def _guard_secrets(stack: cdk.Stack, **given: Any) -> OriginGuardSecrets:
    return OriginGuardSecrets(stack, "Secrets", **{"guard": guard(), "regions": ["eu-west-1"], **given})


def _imported_listener(stack: cdk.Stack) -> elbv2.IApplicationListener:
    return elbv2.ApplicationListener.from_application_listener_attributes(
        stack,
        "Imported",
        listener_arn="arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/a/50dc6c49/f2f7dc8e",
        security_group=ec2.SecurityGroup.from_security_group_id(stack, "Group", "sg-0123456789abcdef0"),
    )


def _listener_of_imported_balancer(stack: cdk.Stack, *, with_vpc: bool) -> elbv2.ApplicationListener:
    balancer = imported_balancer(stack, vpc=vpc_in(stack) if with_vpc else None)
    return closed_listener(stack, load_balancer=balancer)


def _listener_open_to(stack: cdk.Stack, *, peer: ec2.IPeer, port: ec2.Port) -> elbv2.ApplicationListener:
    listener = closed_listener(stack)
    listener.connections.allow_from(peer, port)
    return listener


def _opened_after_its_guard(stack: cdk.Stack) -> None:
    guarded_listener(stack).listener.connections.allow_default_port_from_any_ipv4()


def _opened_by_a_rule_apart(stack: cdk.Stack) -> elbv2.ApplicationListener:
    group = ec2.SecurityGroup(stack, "Apart", vpc=vpc_in(stack), disable_inline_rules=True)
    group.add_ingress_rule(ec2.Peer.any_ipv4(), ec2.Port.tcp(443))
    return closed_listener(stack, load_balancer=new_balancer(stack, security_group=group))


_LOOKS_DEAD = "health checkers cannot send the header, so the endpoint would look dead from the start"
_ORIGIN_GUARDS = [
    *(
        _bad(
            f"guard named {name!r}",
            _make(guard, name=name),
            f"name must be 1 to 400 letters, digits and /_+=.@-, got {name!r}: Secrets Manager allows no others",
        )
        for name in ("", "a b", "shop:guard", "{{x}}", "a" * 401)
    ),
    *(
        _bad(
            f"guard with the health path {path!r}",
            _make(guard, health_path=path),
            "health_path must be",
            f"got {path!r}",
            says,
        )
        for path, says in (
            ("health", "starts with /"),
            ("", "starts with /"),
            ("/*", "so would open other paths, too"),
            ("/health?deep=1", "takes * and ? for any character"),
            ("/a b", "one path of at most 128 characters"),
            ("/" + "a" * 128, "one path of at most 128 characters"),
        )
    ),
    *(
        _bad(
            f"guard of generation {generation!r}",
            _make(guard, generation=generation),
            f"generation must be a whole number from 1 to 1000000, got {generation!r}",
        )
        for generation in (0, -1, 1.5, True)
    ),
    _bad(
        "guard of a generation that only the deploy knows",
        lambda stack: guard(generation=number_token(stack, "Generation")),
        "generation must be a plain number",
        "the secrets before and after it are named",
    ),
    _bad(
        "guard with a health path that only the deploy knows",
        lambda stack: guard(health_path=text_token(stack, "Path")),
        "health_path must be known now",
        "health checks are held against it",
    ),
    _bad(
        "secrets of a guard in one Region that is a string",
        _in_stack(_guard_secrets, regions="eu-west-1"),
        "regions must be a list, got 'eu-west-1': write regions=['us-east-1']",
    ),
    _bad(
        "secrets of a guard in a Region that is none",
        _in_stack(_guard_secrets, regions=["eu-west-1a"]),
        "regions must be AWS Regions such as eu-west-1, got 'eu-west-1a'",
    ),
    _bad(
        "secrets of a guard in Regions that only the deploy knows",
        _in_stack(_guard_secrets, regions=lambda stack: list_token(stack, "Regions")),
        "regions must be a list known now",
    ),
    _bad(
        "secrets of a guard in a stack of an unknown Region",
        lambda stack: _guard_secrets(stack_in(None, stack)),
        "must be in a stack whose Region is known",
        "env=Environment(region='us-east-1')",
    ),
    _bad(
        "header that the guard sets",
        lambda stack: _guarded().origin(custom_headers={"X-HA-Origin-Guard": "mine"}),
        "custom_headers must be without the guard's, got 'X-HA-Origin-Guard': the guard sets it; leave it out",
    ),
    *(
        _bad(
            f"one name for endpoints of which {what}",
            _in_stack(dns_failover, primary=_guarded(1), secondary=_guarded(2, guard=other)),
            f"primary and secondary must have the same guard, got shop/guard/1 and {shown}",
            "CloudFront sends all of them one header",
            "give both the same guard",
        )
        for what, other, shown in (
            ("one has no guard", None, "None"),
            ("one has another guard", guard(name="other"), "other/1"),
            ("one has another generation", guard(generation=2), "shop/guard/2"),
        )
    ),
    _bad(
        "one latency name for endpoints of which one has no guard",
        _in_stack(latency_routing, members={"eu-west-1": _guarded(), "us-east-1": secondary_host()}),
        "members['eu-west-1'] and members['us-east-1'] must have the same guard, got shop/guard/1 and None",
    ),
    *(
        _bad(
            f"{argument} of what the guard covers",
            _in_stack(_guarded_pair, **{argument: HealthCheckSettings.fast(path="/status")}),
            f"{argument} asks Endpoint({host}) for /status, which its guard covers: {_LOOKS_DEAD}",
            "HealthCheckSettings(path='/health'), or give the guard health_path='/status'",
        )
        for argument, host in (
            ("primary_health_check", "h1.example.com"),
            ("secondary_health_check", "h2.example.com"),
        )
    ),
    _bad(
        "check of the root of a guarded endpoint",
        _in_stack(_guarded_pair, primary_health_check=HealthCheckSettings.fast(path="/")),
        "primary_health_check asks Endpoint(h1.example.com) for /, which its guard covers",
    ),
    _bad(
        "check under the path of a guarded endpoint, whose health path is not under it",
        _in_stack(
            _guarded_pair,
            primary=_guarded(1, origin_path="/shop"),
            secondary=_guarded(2, origin_path="/shop"),
            primary_health_check=HealthCheckSettings.fast(path="/health"),
        ),
        "for /shop/health, which its guard covers",
        "ask for the path that is open, HealthCheckSettings without a path, or give the guard ",
        "health_path='/shop/health'",
    ),
    *(
        _bad(
            f"check that is given and asks a guarded endpoint {what}",
            _in_stack(_guarded_pair, primary_health_check=check),
            f"primary_health_check asks Endpoint(h1.example.com) for {path}, which its guard covers: {_LOOKS_DEAD}",
        )
        for what, path, check in (
            ("by name", "/", _in_stack(_check, domain_name="h1.example.com")),
            ("by address", "/", _in_stack(_check, ip_address="203.0.113.1")),
            ("for a path", "/a", _in_stack(_cdk_check, fqdn="H1.example.com.", resource_path="/a")),
            (
                "as a part of its answer",
                "/",
                lambda stack: CalculatedHealthCheck(
                    stack,
                    "All",
                    child_health_checks=[*_imported_checks(stack, 1), _cdk_check(stack, fqdn="h1.example.com")],
                ),
            ),
        )
    ),
    _bad(
        "check of one Region that asks for what the guard covers",
        _in_stack(
            latency_routing,
            members={"eu-west-1": _guarded(1), "us-east-1": _guarded(2)},
            health_checks=HealthCheckSettings.fast(path="/status"),
        ),
        "health_checks['eu-west-1'] asks Endpoint(h1.example.com) for /status, which its guard covers",
    ),
    *(
        _bad(
            f"accelerator's check of a guarded host that asks for {path or 'nothing else'}",
            _in_stack(_guarded_accelerator, check=AcceleratorHealthCheck(protocol="HTTPS", path=path)),
            f"health_check of us-east-1 asks Elastic IP address Test/Address for {path or '/'}, which its guard covers",
            "ask for the path that is open, AcceleratorHealthCheck(path='/health')",
        )
        for path in ("/status", None)
    ),
    _bad(
        "guarded listener without targets",
        _in_stack(guarded_listener, target_groups=[]),
        "target_groups must be at least one, got []: admitted requests are forwarded there",
    ),
    _bad(
        "guarded listener that is imported",
        _in_stack(guarded_listener, listener=_imported_listener),
        "listener must be one that is made in this app, got 'Test/Imported'",
        "make it with add_listener(open=False)",
    ),
    _bad(
        "guarded listener with default targets",
        lambda stack: guarded_listener(
            stack, listener=closed_listener(stack, default_target_groups=[target_group(stack, "Default")])
        ),
        "listener must be one without a default action, got 'Test/Balancer/Https'",
        "make it without default_action and default_target_groups",
    ),
    _bad(
        "guarded listener twice",
        lambda stack: [
            guarded_listener(scope, listener=listener, target_groups=[target_group(stack, f"T{number}")])
            for listener in [closed_listener(stack)]
            for number, scope in enumerate((stack, stack_in("us-east-1", stack)))
        ],
        "listener must be one without a default action",
    ),
    _bad(
        "guarded listener that is open",
        _in_stack(guarded_listener, listener=lambda stack: closed_listener(stack, open=True)),
        "listener must not be open to everybody, got port 443 open to 0.0.0.0/0 in Test/Balancer/SecurityGroup",
        "make it with open=False, or say restrict_addresses=False",
    ),
    *(
        _bad(
            f"guarded listener whose port is open by {what}",
            _in_stack(guarded_listener, listener=_in_stack(_listener_open_to, peer=peer, port=port)),
            f"listener must not be open to everybody, got port 443 open to {who}",
        )
        for what, who, peer, port in (
            ("all traffic", "0.0.0.0/0", ec2.Peer.any_ipv4(), ec2.Port.all_traffic()),
            ("all TCP over IPv6", "::/0", ec2.Peer.any_ipv6(), ec2.Port.all_tcp()),
            ("a range", "0.0.0.0/0", ec2.Peer.any_ipv4(), ec2.Port.tcp_range(400, 443)),
        )
    ),
    _bad(
        "guarded listener whose port is open by a rule that is a resource of its own",
        _in_stack(guarded_listener, listener=_opened_by_a_rule_apart),
        "listener must not be open to everybody, got port 443 open to 0.0.0.0/0 in Test/Apart",
    ),
    _bad(
        "guarded listener that is opened afterwards",
        _opened_after_its_guard,
        "listener must not be open to everybody, got port 443 open to 0.0.0.0/0 in Test/Balancer/SecurityGroup",
        at="Test/Guard",
    ),
    *(
        _bad(
            f"guarded listener of an imported load balancer {what} its VPC",
            _in_stack(guarded_listener, listener=_in_stack(_listener_of_imported_balancer, with_vpc=with_vpc)),
            "listener must be of a load balancer that is made here, got one of Test/Imported-us-west-2-a",
            "say restrict_addresses=False",
        )
        for what, with_vpc in (("with", True), ("without", False))
    ),
    _bad(
        "alarm on refused requests for a topic of another Region",
        _make(_add_alarms, construct=guarded_listener, topic=_in_stack(_topic, region="eu-west-1")),
        "topic must be in us-east-1, got one in eu-west-1",
        "an alarm notifies topics of its own Region only",
    ),
    _bad(
        "alarm on no refused requests",
        _make(_add_alarms, construct=guarded_listener, topic=_topic, refused_per_minute=0),
        "refused_per_minute must be a whole number from 1 to 1000000, got 0",
    ),
]

_BAD_INPUTS = [
    *_ORIGIN_GUARDS,
    *_ZONAL_SHIFT,
    *_ACCELERATORS,
    *_ORIGIN_SETTINGS,
    *_ENDPOINTS,
    *_CUSTOM_HEADERS,
    *_VIEWER_HOST,
    *_ORIGIN_GROUPS,
    *_HEALTH_CHECKS,
    *_CALCULATED_HEALTH_CHECKS,
    *_ALARM_HEALTH_CHECKS,
    *_TRAFFIC_SWITCHES,
    *_DNS_FAILOVER,
    *_ROUTING_CONTROLS,
    *_HYBRID_FAILOVER,
    *_SAME_PATH,
    *_RULES,
    *_TENANTS,
    *_HOME_REGIONS,
    *_BUCKETS,
    *_NEAREST_BUCKET,
    *_BUCKET_DNS,
    *_ACCESS_POINTS,
    *_LATENCY_ROUTING,
    *_PATH_ROUTING,
    *_EDGE,
    *_ERROR_RESPONSES,
    *_ERROR_PAGES,
    *_GRACEFUL_RESPONSES,
    *_STALE_CONTENT,
]


@pytest.mark.parametrize(("build", "says", "at"), _BAD_INPUTS)
def test_bad_input_is_refused_with_all_that_is_needed_to_mend_it(
    stack: cdk.Stack, build: _Build, says: Sequence[str], at: str | None
) -> None:
    message = _refused_where_written(build, stack) if at is None else _refused_by_synth(build, stack)

    for part in says if at is None else (f"[{at}] ", *says):
        assert part in message


def _refused_where_written(build: _Build, stack: cdk.Stack) -> str:
    with pytest.raises(ValueError, match=r".") as refused:
        build(stack)
    return str(refused.value)


def _refused_by_synth(build: _Build, stack: cdk.Stack) -> str:
    build(stack)
    return refused_synth(stack)


# What only the deploy knows cannot be judged before


def _token(what: str, build: _Build, flaw: str | None = None) -> ParameterSet:
    """A row of the table of tokens: a build that uses the template parameter ``Given``."""
    marks = [] if flaw is None else [pytest.mark.xfail(strict=True, raises=ValueError, reason=flaw)]
    return pytest.param(build, id=what, marks=marks)


_TEXT, _NUMBER, _TIME, _LIST = (
    _in_stack(token, construct_id="Given") for token in (text_token, number_token, seconds_token, list_token)
)


def _asked(stack: cdk.Stack, **settings: Any) -> cloudfront.Distribution:
    return _site(stack, origin=primary_host().origin(OriginSettings(**settings)))


def _connected(stack: cdk.Stack, **given: Any) -> cloudfront.Distribution:
    return _site(stack, origin=Endpoint.http_host(**{"domain_name": "a.example.com", **given}).origin())


def _checked(stack: cdk.Stack, **settings: Any) -> EndpointHealthCheck:
    return _check(stack, domain_name="a.example.com", settings=HealthCheckSettings(**settings))


def _checked_addresses(stack: cdk.Stack, **settings: Any) -> None:
    check = AcceleratorHealthCheck(**{"protocol": "HTTP", **settings})
    groups = [_group_of(stack, "eu-west-1"), _address_group(stack, health_check=check)]
    multi_region_accelerator(stack, endpoint_groups=groups)


_TOKENS = [
    _token("name of a guard", lambda stack: _guard_secrets(stack, guard=guard(name=_TEXT(stack)))),
    _token(
        "name of the guard of an endpoint",
        lambda stack: _site(stack, origin=_guarded(guard=guard(name=_TEXT(stack))).origin()),
    ),
    _token(
        "name of the guard of a listener",
        lambda stack: guarded_listener(stack, guard=guard(name=_TEXT(stack))),
    ),
    _token("Region of a replica", lambda stack: _guard_secrets(stack, regions=[_TEXT(stack)])),
    _token(
        "path of a check of a guarded endpoint",
        lambda stack: _guarded_pair(stack, primary_health_check=HealthCheckSettings.fast(path=_TEXT(stack))),
    ),
    _token(
        "refused requests",
        _make(_add_alarms, construct=guarded_listener, topic=_topic, refused_per_minute=_NUMBER),
    ),
    _token("connection attempts", _in_stack(_asked, connection_attempts=_NUMBER)),
    *(
        _token(argument, _in_stack(_asked, **{argument: _TIME}))
        for argument in ("connection_timeout", "response_timeout", "keepalive_timeout", "response_completion_timeout")
    ),
    _token(
        "response timeout of a bucket",
        lambda stack: _site(stack, origin=_bucket(stack).origin(OriginSettings(response_timeout=_TIME(stack)))),
    ),
    _token("domain name of a host", _in_stack(_connected, domain_name=_TEXT)),
    _token("origin path", _in_stack(_connected, origin_path=_TEXT)),
    _token("HTTP port", _in_stack(_connected, http_port=_NUMBER)),
    _token("HTTPS port", _in_stack(_connected, https_port=_NUMBER)),
    _token(
        "name of an API", lambda stack: _site(stack, origin=Endpoint.api_gateway(domain_name=_TEXT(stack)).origin())
    ),
    _token(
        "value of a custom header",
        lambda stack: _site(stack, origin=primary_host().origin(custom_headers={"x-key": _TEXT(stack)})),
    ),
    _token("failover code", lambda stack: _site(stack, origin=_group(status_codes=[503, 504, _NUMBER(stack)]))),
    _token("port of a check", _in_stack(_checked, port=_NUMBER)),
    _token("path of a check", _in_stack(_checked, path=_TEXT)),
    _token("search string", _in_stack(_checked, search_string=_TEXT)),
    _token("interval", _in_stack(_checked, interval=_TIME)),
    _token("failure threshold", _in_stack(_checked, failure_threshold=_NUMBER)),
    _token(
        "one of the Regions of a check",
        lambda stack: _checked(stack, regions=["us-east-1", "eu-west-1", _TEXT(stack)]),
    ),
    _token(
        "all Regions of a check",
        _in_stack(_checked, regions=_LIST),
    ),
    _token("name that a check asks", _in_stack(_check, domain_name=_TEXT)),
    _token("address that a check asks", _in_stack(_check, ip_address=_TEXT)),
    _token("threshold of a calculated check", _in_stack(_calculated, health_threshold=_NUMBER)),
    _token("name of an alarm", _in_stack(_alarm_check, alarm_name=_TEXT, alarm_region="eu-west-1")),
    _token("Region of an alarm", _in_stack(_alarm_check, alarm_name="errors", alarm_region=_TEXT)),
    _token("periods of an alarm", _in_stack(_alarm_check, alarm=_in_stack(metric_alarm, evaluation_periods=_NUMBER))),
    _token("name of a switch", _in_stack(_switch, switch_name=_TEXT)),
    _token("IPv4 address", lambda stack: dns_failover(stack, primary=_host("a.example.com", _TEXT(stack)))),
    _token(
        "all IPv4 addresses",
        _in_stack(dns_failover, primary=_make(Endpoint.http_host, domain_name="a.example.com", ipv4_addresses=_LIST)),
    ),
    _token("TTL", _in_stack(dns_failover, ttl=_TIME)),
    _token(
        "port of both endpoints",
        lambda stack: [
            dns_failover(
                stack,
                primary=_host("a.example.com", "203.0.113.1", https_port=port),
                secondary=_host("b.example.com", "203.0.113.2", https_port=port),
            )
            for port in [_NUMBER(stack)]
        ],
    ),
    _token("record name", _in_stack(dns_failover, record_name=_TEXT)),
    _token(
        "name of the zone of a relative record name",
        _in_stack(dns_failover, hosted_zone=_in_stack(zone_of, name=_TEXT)),
    ),
    _token(
        "name of the zone of a record name in full",
        lambda stack: dns_failover(
            stack, record_name=f"origin.{(name := _TEXT(stack))}", hosted_zone=zone_of(stack, name)
        ),
    ),
    _token("site's name", _in_stack(_edge, domain_name=_TEXT, hosted_zone=zone_of)),
    _token(
        "ARN of a certificate",
        _in_stack(
            _edge,
            domain_name="www.example.com",
            certificate=lambda stack: acm.Certificate.from_certificate_arn(stack, "Certificate", _TEXT(stack)),
        ),
    ),
    _token("ARN of a web ACL", _in_stack(_edge, web_acl_id=_TEXT)),
    _token(
        "ARN of a topic",
        _make(
            _add_alarms,
            construct=_edge,
            topic=lambda stack: sns.Topic.from_topic_arn(stack, "Topic", _TEXT(stack)),
        ),
    ),
    _token("share of errors", _make(_add_alarms, construct=_edge, topic=_topic, error_rate_percent=_NUMBER)),
    _token("ARN of a cluster", _in_stack(_routing_controls, cluster_arn=_TEXT)),
    _token("name of routing controls", _in_stack(_routing_controls, name=_TEXT)),
    _token("TTL behind a switch", _in_stack(_routing_failover, ttl=_TIME)),
    _token(
        "name of an imported bucket of a pair",
        lambda stack: bucket_failover(
            stack,
            buckets=bucket_pair(
                stack,
                primary=s3.Bucket.from_bucket_attributes(stack, "One", bucket_name=_TEXT(stack), region="eu-west-1"),
            ),
        ),
    ),
    _token(
        "Region of an imported bucket of a pair",
        lambda stack: bucket_failover(
            stack,
            buckets=bucket_pair(
                stack, primary=s3.Bucket.from_bucket_attributes(stack, "One", bucket_name="one", region=_TEXT(stack))
            ),
        ),
    ),
    _token("path in the buckets", _in_stack(bucket_failover, origin_path=_TEXT)),
    _token("object of the root", _in_stack(bucket_failover, default_root_object=_TEXT)),
    _token("name of an access point", _in_stack(access_point, name=_TEXT)),
    _token(
        "name of an imported bucket of an access point",
        lambda stack: access_point(
            stack,
            buckets=[
                s3.Bucket.from_bucket_attributes(stack, "One", bucket_name=_TEXT(stack), region="eu-west-1"),
                imported_bucket(stack, "eu-central-1"),
            ],
        ),
    ),
    _token(
        "name of the nearest bucket",
        lambda stack: nearest_bucket(
            stack,
            buckets=_named_at_deploy(stack, _TEXT(stack)),
        ),
    ),
    _token("path in the nearest bucket", _in_stack(nearest_bucket, origin_path=_TEXT)),
    _token(
        "wait for the nearest bucket",
        lambda stack: nearest_bucket(stack, primary_settings=OriginSettings(response_timeout=_TIME(stack))),
    ),
    _token("TTL of latency records", _in_stack(latency_routing, ttl=_TIME)),
    _token("name of latency records", _in_stack(latency_routing, record_name=_TEXT)),
    _token(
        "name of a home",
        lambda stack: _answered_at_home(stack, homes={"eu-west-1": _TEXT(stack), "us-west-2": "us.example.com"}),
    ),
    _token("TTL of homes' health", _in_stack(home_health_of, ttl=_TIME)),
    _token("path of a route", lambda stack: _routes(_TEXT(stack), "*")(stack)),
    _token("id of an origin", lambda stack: _site(stack, origin=primary_host().origin(origin_id=_TEXT(stack)))),
    _token("path that is read and written", lambda stack: hybrid_failover(stack, read_write_paths=[_TEXT(stack)])),
    _token("write path", lambda stack: hybrid_failover(stack, write_paths=[_TEXT(stack)])),
    *(
        _token(f"{argument} of an accelerator's check", _in_stack(_checked_addresses, **{argument: given}))
        for argument, given in (("port", _NUMBER), ("path", _TEXT), ("interval", _TIME), ("threshold", _NUMBER))
    ),
    _token(
        "weight",
        _in_stack(
            multi_region_accelerator,
            endpoint_groups=_pair(endpoints=lambda s: [_alb(s, "eu-central-1", weight=_NUMBER(s))]),
        ),
    ),
    _token("traffic dial", _in_stack(multi_region_accelerator, endpoint_groups=_pair(traffic_dial=_NUMBER))),
    _token("Region of a group", _in_stack(multi_region_accelerator, endpoint_groups=_pair(region=_TEXT))),
    _token(
        "port of a listener",
        lambda stack: multi_region_accelerator(
            stack, port_ranges=[globalaccelerator.PortRange(from_port=_NUMBER(stack), to_port=65535)]
        ),
    ),
    _token("name of an accelerator", _in_stack(multi_region_accelerator, domain_name=_TEXT, hosted_zone=zone_of)),
    _token(
        "ARN of an outcome alarm",
        _in_stack(
            zonal_shift,
            outcome_alarm=lambda stack: cloudwatch.Alarm.from_alarm_arn(stack, "Alarm", _TEXT(stack)),
        ),
    ),
    _token("blocked window", lambda stack: zonal_shift(stack, blocked_windows=[_TEXT(stack)])),
    _token("blocked date", lambda stack: zonal_shift(stack, blocked_dates=[_TEXT(stack)])),
    _token("all blocked dates", _in_stack(zonal_shift, blocked_dates=_LIST)),
    _token("name of the records of buckets", _in_stack(bucket_dns_router, record_name=_TEXT)),
    _token("hybrid's failover name", _in_stack(hybrid_failover, failover_record_name=_TEXT)),
    _token("path of an error page", lambda stack: _error_pages(stack, pages={503: _TEXT(stack)})),
    _token(
        "status that has an error page", lambda stack: _error_pages(stack, pages={_NUMBER(stack): "/errors/a.html"})
    ),
    _token("status of an error page", lambda stack: _error_pages(stack, response_codes={503: _NUMBER(stack)})),
    _token("error caching time of a status", lambda stack: _error_pages(stack, error_ttls={503: _TIME(stack)})),
    _token("paths of the error pages", _in_stack(_error_pages, path_pattern=_TEXT)),
    _token("path of graceful responses", _in_stack(_graceful, page_path=_TEXT)),
    _token("error with a graceful response", lambda stack: _graceful(stack, error_codes=[_NUMBER(stack)])),
    *(
        _token(f"{argument} of copies", _in_stack(_stale, **{argument: _TIME}))
        for argument in ("default_ttl", "max_ttl")
    ),
    _token("error caching time of copies", _in_stack(_stale, error_ttl=_TIME)),
    *(
        _token(
            f"{argument} of an error response",
            _in_stack(_edge, error_responses=_make(_response, **{"response_page_path": "/a.html", argument: token})),
        )
        for argument, token in (
            ("http_status", _NUMBER),
            ("response_page_path", _TEXT),
            ("response_http_status", _NUMBER),
            ("ttl", _TIME),
        )
    ),
]


@pytest.mark.parametrize("build", _TOKENS)
def test_what_only_the_deploy_knows_is_let_through_to_the_template(stack: cdk.Stack, build: _Build) -> None:
    build(stack)

    resources = json.dumps(Template.from_stack(stack).to_json()["Resources"])

    assert '{"Ref": "Given"}' in resources
