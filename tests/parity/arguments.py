"""What tests draw: for each construct of the catalog, a strategy for each public argument of its constructor.

A value that the CDK makes, or that needs the stack, is drawn as ``Made`` and built in the app of the example. Most of
what is drawn is accepted; what the constructs themselves refuse is part of it, so that their limits are drawn too.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from aws_cdk import aws_globalaccelerator as globalaccelerator
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_s3 as s3
from hypothesis import strategies as st

from ha_patterns import (
    AcceleratorEndpoint,
    AcceleratorHealthCheck,
    AlarmHealthCheck,
    BucketPair,
    BucketProbe,
    BucketSet,
    CalculatedHealthCheck,
    DnsFailover,
    Endpoint,
    EndpointGroup,
    EndpointHealthCheck,
    FailoverOriginGroup,
    HealthCheckSettings,
    HomeHealth,
    OriginGuard,
    OriginSettings,
    PathRoute,
    RoutingTable,
    RuleSource,
    TrafficSwitch,
)
from ha_patterns.aws.hosted_zones import ALIAS_ZONES, AliasService

from ..samples import (
    CLUSTER_ARN,
    certificate,
    closed_listener,
    content_bucket,
    dual_stack_balancer,
    elastic_ip,
    imported_balancer,
    imported_bucket,
    instance_in,
    metric_alarm,
    new_balancer,
    rest_api,
    rest_domain,
    stack_in,
    target_group,
    vpc_in,
    zone_of,
)

Strategy = st.SearchStrategy[Any]
WEB_ACL_ARN = "arn:aws:wafv2:us-east-1:123456789012:global/webacl/site/0c9b5c4e"


@dataclass(frozen=True)
class Made:
    """What is built in the stack of an example, of arguments that may be ``Made`` themselves."""

    make: Callable[..., Any]
    arguments: Mapping[str, Any]

    def __repr__(self) -> str:
        told = ", ".join(f"{name}={value!r}" for name, value in self.arguments.items())
        return f"{self.make.__qualname__}({told})"


def built(value: Any, stack: cdk.Stack) -> Any:
    """The value itself, in a stack."""
    if isinstance(value, Made):
        return value.make(stack, **built(value.arguments, stack))
    if isinstance(value, Mapping):
        return {key: built(each, stack) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [built(each, stack) for each in value]
    return value


def _made(make: Callable[..., Any], required: Mapping[str, Strategy] | None = None, **optional: Strategy) -> Strategy:
    """What needs the stack; each optional argument is there in half of the examples."""
    drawn = st.fixed_dictionaries(dict(required or {}), optional=optional)
    return drawn.map(lambda arguments: Made(make, arguments))


def _of(make: Callable[..., Any], required: Mapping[str, Strategy] | None = None, **optional: Strategy) -> Strategy:
    """What needs no stack."""

    @functools.wraps(make)
    def anywhere(_stack: cdk.Stack, **arguments: Any) -> Any:
        return make(**arguments)

    return _made(anywhere, required, **optional)


def _just(make: Callable[..., Any], **arguments: Any) -> Strategy:
    return st.just(Made(make, arguments))


def _mostly(usual: Strategy, seldom: Strategy) -> Strategy:
    """Eight times of nine the usual; which one is seldom is not what Hypothesis tries first."""
    return st.integers(0, 8).flatmap(lambda die: seldom if die == 5 else usual)


def _whole(low: int, high: int, *usual: int) -> Strategy:
    """A whole number: a usual one, any that is allowed, a limit, or seldom one beyond it."""
    return _mostly(st.sampled_from(usual) if usual else st.integers(low, high), st.sampled_from([low, high, high + 1]))


def _duration(_stack: cdk.Stack, seconds: int) -> cdk.Duration:
    return cdk.Duration.seconds(seconds)


def _seconds(low: int, high: int, *usual: int) -> Strategy:
    return _made(_duration, {"seconds": _whole(low, high, *usual)})


# --- what several constructs take -------------------------------------------------------------------------------------

_OBJECTIVE = _seconds(1, 86_400, 120, 200, 600, 3600)
_TTL = _seconds(0, 3600, 5, 30, 60, 61, 300)

_ORIGIN_SETTINGS = st.one_of(
    _of(OriginSettings.fail_fast),
    _of(
        OriginSettings,
        connection_attempts=_whole(1, 3),
        connection_timeout=_seconds(1, 10, 2, 3, 10),
        response_timeout=_seconds(1, 120, 5, 30, 60),
        keepalive_timeout=_seconds(1, 300, 5, 60),
        response_completion_timeout=_seconds(1, 3600, 30, 60, 180),
    ),
)

_HEALTH_CHECK_SETTINGS = st.one_of(
    _of(
        HealthCheckSettings,
        path=st.sampled_from(["/health", "/"]),
        search_string=st.sampled_from(["ready", "x" * 255]),
        interval=_seconds(10, 30, 10, 30),
        failure_threshold=_whole(1, 10, 1, 2, 3),
        regions=_mostly(
            st.just(["us-east-1", "eu-west-1", "ap-southeast-1"]), st.just(["us-east-1", "eu-west-1", "eu-west-1"])
        ),
    ),
    _of(HealthCheckSettings, {"protocol": st.just("TCP"), "port": _whole(1, 65535, 443, 8443)}),
    _of(HealthCheckSettings, {"protocol": st.just("HTTP")}, port=_whole(1, 65535, 80, 8080)),
)


def _own_check(stack: cdk.Stack, name: str, kind: str, threshold: int, inverted: bool) -> route53.IHealthCheck:
    settings = HealthCheckSettings(failure_threshold=threshold)
    if name == "shared":
        # One check for all endpoints of the example.
        found = stack.node.try_find_child(name)
        return found or EndpointHealthCheck(stack, name, domain_name="check.example.net")  # type: ignore[return-value]
    check = EndpointHealthCheck(stack, name, domain_name=f"{name}.check.example.net", settings=settings)
    if kind == "calculated":
        other = EndpointHealthCheck(stack, f"{name}-other", domain_name=f"{name}.other.example.net")
        return CalculatedHealthCheck(
            stack, f"{name}-calculated", child_health_checks=[check, other], health_threshold=1, inverted=inverted
        )
    if kind == "alarm":
        return AlarmHealthCheck(stack, f"{name}-alarm", alarm=metric_alarm(stack, f"{name}-errors"))
    if kind == "cdk":
        return route53.HealthCheck(
            stack, f"{name}-cdk", type=route53.HealthCheckType.TCP, fqdn=f"{name}.example.net", port=443
        )
    return check


def _health_check(name: str) -> Strategy:
    own = _made(
        _own_check,
        {
            "name": st.sampled_from([name, "shared"]),
            "kind": st.sampled_from(["endpoint", "calculated", "alarm", "cdk"]),
            "threshold": st.sampled_from([1, 2, 3]),
            "inverted": st.booleans(),
        },
    )
    return st.one_of(_HEALTH_CHECK_SETTINGS, _HEALTH_CHECK_SETTINGS, own)


_BALANCER_ZONES = {
    owner.region: zone for zone, owner in ALIAS_ZONES.items() if owner.service is AliasService.APPLICATION_BALANCER
}


def _balancer(stack: cdk.Stack, region: str, name: str) -> elbv2.IApplicationLoadBalancer:
    return elbv2.ApplicationLoadBalancer.from_application_load_balancer_attributes(
        stack,
        f"Balancer-{name}",
        load_balancer_arn=f"arn:aws:elasticloadbalancing:{region}:123456789012:loadbalancer/app/{name}/50dc6c49",
        security_group_id="sg-0123456789abcdef0",
        load_balancer_dns_name=f"{name}.{region}.elb.amazonaws.com",
        load_balancer_canonical_hosted_zone_id=_BALANCER_ZONES[region],
    )


def _accelerator(stack: cdk.Stack, index: int) -> globalaccelerator.IAccelerator:
    return globalaccelerator.Accelerator.from_accelerator_attributes(
        stack,
        f"Accelerator{index}",
        accelerator_arn=f"arn:aws:globalaccelerator::123456789012:accelerator/{index}",
        dns_name=f"a{index}234567890abcdef.awsglobalaccelerator.com",
    )


def _made_balancer(stack: cdk.Stack, targets_checked: bool, port: int, zones: int) -> elbv2.ApplicationLoadBalancer:
    """A load balancer of the same stack, which the checks see whole."""
    subnets = ec2.SubnetSelection(subnets=vpc_in(stack).public_subnets[:zones])
    balancer = new_balancer(stack, vpc_subnets=subnets)
    group = target_group(stack, enabled=targets_checked)
    balancer.add_listener(
        "Listener",
        port=port,
        protocol=elbv2.ApplicationProtocol.HTTPS,
        certificates=[elbv2.ListenerCertificate.from_arn(certificate(stack, "BalancerCertificate").certificate_arn)],
        default_target_groups=[group],
    )
    return balancer


def _endpoint(
    stack: cdk.Stack, index: int, kind: str, how: Mapping[str, Any], region: str, ipv6: bool, **more: Any
) -> Endpoint:
    """The endpoint of a place; those of one example are of one kind, and connected to alike."""
    name = f"e{index}.example.com"
    match kind:
        case "names":
            return Endpoint.http_host(name, **how)
        case "of AWS":
            return Endpoint.http_host(f"e{index}.{region}.elb.amazonaws.com", **how)
        case "addresses":
            addresses: dict[str, Any] = {"ipv6_addresses": [f"2a00:db8::{index}"]} if ipv6 else {}
            return Endpoint.http_host(None, ipv4_addresses=[f"203.0.113.{index + 1}"], **addresses, **how)
        case "balancers":
            how = {key: value for key, value in how.items() if key != "origin_path"}
            return Endpoint.load_balancer(_balancer(stack, region, f"b{index}"), domain_name=name, **how)
        case "made":
            how = {key: value for key, value in how.items() if key != "origin_path"}
            balancer = _made_balancer(stack, **more) if index == 0 else _balancer(stack, region, f"b{index}")
            plain = how.get("protocol_policy") is cloudfront.OriginProtocolPolicy.HTTP_ONLY
            return Endpoint.load_balancer(balancer, domain_name=None if plain else name, **how)
        case "apis":
            domain = rest_domain(stack, f"Domain{index}")
            return Endpoint.api_gateway(domain_name=name, custom_domain=domain)
        case "accelerators":
            return Endpoint.accelerator(_accelerator(stack, index), domain_name=name)
        case "api":
            return Endpoint.api_gateway(api=rest_api(stack, f"Api{index}"))
        case "bucket":
            return Endpoint.bucket(s3.Bucket(stack, f"Content{index}", bucket_name=f"content-{index}"))
        case _:
            return Endpoint.http_host(name, ipv4_addresses=[f"203.0.113.{index + 1}"], **how)


_DNS_KINDS = ("hosts", "hosts", "hosts", "names", "of AWS", "balancers", "made", "apis", "accelerators", "addresses")
_ORIGIN_KINDS = ("hosts", "hosts", "names", "of AWS", "balancers", "made", "accelerators", "api", "bucket")
_HOW = st.fixed_dictionaries(
    {},
    optional={
        "protocol_policy": st.sampled_from(list(cloudfront.OriginProtocolPolicy)),
        "http_port": st.sampled_from([80, 8080]),
        "https_port": st.sampled_from([443, 8443]),
        "origin_path": st.just("/v1"),
    },
)
_REGIONS = ("eu-west-1", "eu-central-1", "us-west-2")


def _place(index: int, kinds: tuple[str, ...]) -> Strategy:
    """An endpoint that is mostly of the same kind as the other endpoints of the example."""
    kind = st.shared(st.sampled_from(kinds), key=f"kind {kinds}")
    return _made(
        _endpoint,
        {
            "index": st.just(index),
            "kind": kind,
            "how": st.shared(_mostly(st.just({}), _HOW), key="how"),
            "region": _mostly(st.just(_REGIONS[index % 3]), st.just(_REGIONS[0])),
            "ipv6": st.shared(st.booleans(), key="ipv6"),
            "targets_checked": _mostly(st.just(True), st.just(False)),  # noqa: FBT003 - a strategy's value
            "port": _mostly(st.just(443), st.just(8443)),
            "zones": _mostly(st.just(2), st.just(1)),
        },
    )


def _pair(kinds: tuple[str, ...]) -> dict[str, Strategy]:
    return {"primary": _place(0, kinds), "secondary": _place(1, kinds)}


_CODES = (400, 403, 404, 416, 429, 500, 502, 503, 504)
_STATUS_CODES = _mostly(
    st.lists(st.sampled_from(_CODES), max_size=5, unique=True).map(lambda codes: sorted({*codes, 503, 504})),
    st.lists(st.sampled_from([*_CODES, 501]), max_size=4),
)


def _cache_policy(
    stack: cdk.Stack, least: int, usual: int, longest: int, cookies: str, headers: tuple[str, ...], query: str
) -> cloudfront.CachePolicy:
    kinds = {"none": "none", "all": "all"}
    return cloudfront.CachePolicy(
        stack,
        "CachePolicy",
        min_ttl=cdk.Duration.seconds(least),
        default_ttl=cdk.Duration.seconds(max(least, usual)),
        max_ttl=cdk.Duration.seconds(max(least, usual, longest)),
        cookie_behavior=getattr(cloudfront.CacheCookieBehavior, kinds.get(cookies, "none"))()
        if cookies in kinds
        else cloudfront.CacheCookieBehavior.allow_list(cookies),
        header_behavior=cloudfront.CacheHeaderBehavior.allow_list(*headers) if headers else None,
        query_string_behavior=getattr(cloudfront.CacheQueryStringBehavior, query)(),
    )


_CACHE_POLICY = st.one_of(
    st.sampled_from(["CACHING_DISABLED", "CACHING_OPTIMIZED", "ELEMENTAL_MEDIA_PACKAGE"]).map(
        lambda name: Made(_managed, {"kind": "CachePolicy", "name": name})
    ),
    _made(
        _cache_policy,
        {
            "least": st.sampled_from([0, 0, 1, 60]),
            "usual": st.sampled_from([0, 60]),
            "longest": st.sampled_from([1, 86_400]),
            "cookies": st.sampled_from(["none", "all", "plan"]),
            "headers": st.sampled_from([(), (), ("Accept",), ("Host",), ("Authorization", "Origin")]),
            "query": st.sampled_from(["none", "all"]),
        },
    ),
)
_REQUEST_POLICY = _mostly(
    st.sampled_from(["ALL_VIEWER_EXCEPT_HOST_HEADER", "CORS_CUSTOM_ORIGIN", "USER_AGENT_REFERER_HEADERS"]),
    st.just("ALL_VIEWER"),
).map(lambda name: Made(_managed, {"kind": "OriginRequestPolicy", "name": name}))


def _managed(_stack: cdk.Stack, kind: str, name: str) -> Any:
    return getattr(getattr(cloudfront, kind), name)


def _methods(_stack: cdk.Stack, name: str) -> cloudfront.AllowedMethods:
    methods: cloudfront.AllowedMethods = getattr(cloudfront.AllowedMethods, name)
    return methods


def _log_bucket(stack: cdk.Stack, takes_acls: bool) -> s3.Bucket:
    ownership = s3.ObjectOwnership.OBJECT_WRITER if takes_acls else None
    return s3.Bucket(stack, "AccessLogs", object_ownership=ownership)


def _zone(stack: cdk.Stack, made: bool) -> route53.IHostedZone:
    found = stack.node.try_find_child("Zone")
    if found is not None:
        return found  # type: ignore[return-value]
    return route53.PublicHostedZone(stack, "Zone", zone_name="example.com") if made else zone_of(stack)


_ZONE = _made(_zone, {"made": st.booleans()})
_CERTIFICATE = _just(certificate)
_ACCESS_LOGS = _made(_log_bucket, {"takes_acls": _mostly(st.just(True), st.just(False))})  # noqa: FBT003
_SITE: dict[str, Strategy] = {
    "domain_name": _mostly(st.just("www.example.com"), st.sampled_from(["*.example.com", "www.example.org"])),
    "hosted_zone": _ZONE,
    "certificate": _CERTIFICATE,
    "log_bucket": _ACCESS_LOGS,
    "web_acl_id": st.just(WEB_ACL_ARN),
}
_METRICS: dict[str, Strategy] = {"publish_additional_metrics": st.booleans()}
_RECORD_NAME = st.sampled_from(["origin", "origin.example.com", "origin.example.com."])
_WAIVERS = {"ignore_connection_failures": st.booleans(), "ignore_timeouts": st.booleans()}
_GROUP: dict[str, Strategy] = {
    "status_codes": _STATUS_CODES,
    "primary_settings": _ORIGIN_SETTINGS,
    "secondary_settings": _ORIGIN_SETTINGS,
    "recovery_time_objective": _OBJECTIVE,
}
_READS = {"cache_policy": _CACHE_POLICY, "origin_request_policy": _REQUEST_POLICY}
_EVALUATES = st.sampled_from([None, True, False])
_FAIL_CLOSED = st.sampled_from([None, True, False])
_MEMORY = _whole(128, 10_240, 128, 1024)


def _identity(stack: cdk.Stack) -> cloudfront.OriginAccessIdentity:
    return cloudfront.OriginAccessIdentity(stack, "ReaderIdentity")


def _a_bucket(stack: cdk.Stack, region: str, kind: str = "made") -> s3.IBucket:
    """The bucket of a Region; the same one each time."""
    if kind == "imported":
        found = stack.node.try_find_child(f"Imported-{region}")
        return found or imported_bucket(stack, region)  # type: ignore[return-value]
    home = cdk.App.of(stack).node.try_find_child(f"Content-{region}")  # type: ignore[union-attr]
    return home.node.find_child("Bucket") if home else content_bucket(stack, region)  # type: ignore[return-value]


def _bucket(region: str) -> Strategy:
    kind = st.shared(st.sampled_from(["made", "imported"]), key="buckets")
    return _made(_a_bucket, {"region": st.just(region), "kind": kind})


_BUCKET_PAIR = _of(
    BucketPair,
    {"primary": _bucket("eu-west-1"), "secondary": _mostly(_bucket("eu-central-1"), _bucket("eu-west-1"))},
    allow_listing=st.booleans(),
)
_BUCKETS = st.lists(
    st.sampled_from(["eu-west-1", "eu-central-1", "us-west-2", "ap-southeast-1"]), min_size=2, max_size=3, unique=True
).flatmap(lambda regions: st.tuples(*map(_bucket, regions)))


def _bucket_set(_stack: cdk.Stack, buckets: list[s3.IBucket]) -> BucketSet:
    return BucketSet(buckets)


_BUCKET_SET = st.one_of(_BUCKET_PAIR, _made(_bucket_set, {"buckets": _BUCKETS}))
_BUCKET_SITE: dict[str, Strategy] = {
    "origin_path": st.just("/v1"),
    "origin_access_identity": _just(_identity),
    "default_root_object": _mostly(st.just("index.html"), st.just("/index.html")),
    "cache_policy": _CACHE_POLICY,
    **_SITE,
}


# --- what one construct takes -----------------------------------------------------------------------------------------


def _with_settings(_stack: cdk.Stack, endpoint: Endpoint, settings: OriginSettings | None = None) -> Any:
    return endpoint.origin(settings)


def _content_origin(kinds: tuple[str, ...]) -> Strategy:
    endpoint = _made(_with_settings, {"endpoint": _place(0, kinds)}, settings=_ORIGIN_SETTINGS)
    return st.one_of(endpoint, _of(FailoverOriginGroup, _pair(kinds), **_GROUP, **_WAIVERS))


def _keyed(_stack: cdk.Stack, kind: str, names: list[str]) -> Any:
    behavior = getattr(cloudfront, f"Cache{kind}Behavior")
    return behavior.allow_list(*names) if names else behavior.none()


def _error_bucket(stack: cdk.Stack, kind: str) -> s3.IBucket:
    return s3.Bucket(stack, "Pages-own") if kind == "own" else imported_bucket(stack, "eu-west-1")


_PAGE_CODES = (400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504)


def _of_codes(codes: tuple[int, ...], values: Strategy) -> Strategy:
    return st.dictionaries(st.sampled_from(codes), values, min_size=1, max_size=4)


_IS_MASKED = st.shared(st.booleans(), key="masked")


def _at(seconds: int) -> Made:
    return Made(_duration, {"seconds": seconds})


def _switch(stack: cdk.Stack, region: str, switch_name: str) -> TrafficSwitch:
    return TrafficSwitch(stack_in(region, stack, "Standby"), "Switch", switch_name=switch_name)


def _probes(stack: cdk.Stack, buckets: Mapping[str, s3.IBucket], kind: str) -> Mapping[str, Any]:
    """A probe or a check of the bucket in each Region."""
    found: dict[str, Any] = {}
    for region, bucket in buckets.items():
        if kind == "check":
            found[region] = EndpointHealthCheck(stack, f"Check-{region}", domain_name=f"{region}.example.net")
            continue
        pair = BucketPair(primary=bucket, secondary=_a_bucket(stack, "ca-central-1", "imported"))
        where = stack_in(region, stack, f"Probe-{region}")
        found[region] = BucketProbe(where, "Probe", bucket=pair.primary, probe_name=f"content-{region}")
    return found


_MAKES_CLUSTER = st.shared(st.booleans(), key="makes a cluster")


def _accelerator_balancer(
    stack: cdk.Stack,
    targets_known: bool,
    targets_checked: bool,
    weight: int,
    preserve_client_ip: bool | None,
    dual: bool,
) -> AcceleratorEndpoint:
    balancer = dual_stack_balancer(stack) if dual else new_balancer(stack)
    group = target_group(stack, enabled=targets_checked)
    for port in (80, 443):
        balancer.add_listener(
            f"Listener{port}", port=port, protocol=elbv2.ApplicationProtocol.HTTP, default_target_groups=[group]
        )
    return AcceleratorEndpoint.application_load_balancer(
        balancer,
        target_groups=[group] if targets_known else [],
        weight=weight,
        preserve_client_ip=preserve_client_ip,
    )


def _instance(stack: cdk.Stack, zone: int, weight: int) -> AcceleratorEndpoint:
    return AcceleratorEndpoint.instance(instance_in(stack, zone, f"Instance{zone}"), weight=weight)


def _address(stack: cdk.Stack, weight: int) -> AcceleratorEndpoint:
    return AcceleratorEndpoint.elastic_ip(elastic_ip(stack), weight=weight)


_WEIGHT = _mostly(st.sampled_from([1, 128, 255]), st.sampled_from([0, 256]))
_DUAL = st.shared(_mostly(st.just(False), st.just(True)), key="dual")  # noqa: FBT003
_ONE_BALANCER = _made(
    _accelerator_balancer,
    {
        "targets_known": st.booleans(),
        "targets_checked": _mostly(st.just(True), st.just(False)),  # noqa: FBT003
        "weight": _WEIGHT,
        "preserve_client_ip": st.sampled_from([None, True, False]),
        "dual": _DUAL,
    },
)
_ZONES = st.one_of(
    st.tuples(_ONE_BALANCER),
    st.tuples(*(_made(_instance, {"zone": st.just(zone), "weight": _WEIGHT}) for zone in (0, 1))),
    st.tuples(_made(_instance, {"zone": st.just(0), "weight": _WEIGHT}), _made(_address, {"weight": _WEIGHT})),
)


def _far_balancer(stack: cdk.Stack, region: str, weight: int) -> AcceleratorEndpoint:
    return AcceleratorEndpoint.application_load_balancer(imported_balancer(stack, region), weight=weight)


def _group_of(region: str) -> Strategy:
    endpoints = st.tuples(_made(_far_balancer, {"region": st.just(region), "weight": _WEIGHT}))
    if region == "us-east-1":
        endpoints = _ZONES
    return _of(
        EndpointGroup,
        {"region": st.just(region), "endpoints": endpoints},
        traffic_dial=st.sampled_from([0, 50, 100, 12.5]),
    )


_GROUPS = st.lists(
    st.sampled_from(["us-east-1", "eu-west-1", "eu-central-1"]), min_size=2, max_size=3, unique=True
).flatmap(lambda regions: st.tuples(*map(_group_of, regions)))


def _ports(_stack: cdk.Stack, ports: list[int]) -> list[globalaccelerator.PortRange]:
    return [globalaccelerator.PortRange(from_port=port) for port in ports]


_ACCELERATOR: dict[str, Strategy] = {
    "port_ranges": _made(_ports, {"ports": st.lists(_whole(1, 65_535, 80, 443), min_size=1, max_size=2, unique=True)}),
    "protocol": _mostly(
        st.just(globalaccelerator.ConnectionProtocol.TCP), st.just(globalaccelerator.ConnectionProtocol.UDP)
    ),
    "client_affinity": st.sampled_from(list(globalaccelerator.ClientAffinity)),
    "ip_address_type": _DUAL.map(
        lambda dual: globalaccelerator.IpAddressType.DUAL_STACK if dual else globalaccelerator.IpAddressType.IPV4
    ),
    "domain_name": st.just("api.example.com"),
    "hosted_zone": _ZONE,
    "recovery_time_objective": _OBJECTIVE,
}


def _shifted(stack: cdk.Stack, kind: str, keep_alive: int | None) -> Any:
    if kind == "network":
        return elbv2.NetworkLoadBalancer(stack, "Shifted", vpc=vpc_in(stack), internet_facing=True)
    given = {} if keep_alive is None else {"client_keep_alive": cdk.Duration.seconds(keep_alive)}
    return new_balancer(stack, "Shifted", **given)


_AUTOSHIFT = st.shared(st.booleans(), key="autoshift")


def _if_shifted(made: Any) -> Strategy:
    return _AUTOSHIFT.map(lambda autoshift: made if autoshift else None)


def _listener(stack: cdk.Stack, port: int) -> elbv2.ApplicationListener:
    return closed_listener(stack, port=port)


def _targets(stack: cdk.Stack) -> elbv2.ApplicationTargetGroup:
    return target_group(stack)


def _dns_pair(stack: cdk.Stack, name: str, **arguments: Any) -> DnsFailover:
    arguments["hosted_zone"] = _zone(stack, made=False)
    return DnsFailover(stack, f"Pair-{name}", record_name=name, **arguments)


def _latency_members(regions: list[str]) -> Strategy:
    members = {region: _place(index, _DNS_KINDS) for index, region in enumerate(regions)}
    checked = {"secondary_health_check": _health_check("pair")}
    pair = _made(_dns_pair, {"name": st.just("pair"), **_pair(("hosts",)), **checked})
    hosts = {region: _place(index + 2, ("hosts",)) for index, region in enumerate(regions[1:])}
    return st.one_of(st.fixed_dictionaries(members), st.fixed_dictionaries({regions[0]: pair, **hosts}))


_LATENCY_REGIONS = ("eu-west-1", "eu-central-1", "us-west-2")


def _route(path: str) -> Strategy:
    index = sum(map(ord, path)) % 50 + 10
    destinations = st.one_of(
        _place(index, ("hosts", "names", "api", "bucket", "balancers")),
        _of(FailoverOriginGroup, {"primary": _place(index, ("hosts",)), "secondary": _place(index + 100, ("hosts",))}),
        _made(_dns_pair, {"name": st.just(f"dns{index}"), **_pair(("hosts",))}),
    )
    return _of(
        PathRoute,
        {"path": st.just(path), "to": destinations},
        methods=_made(_methods, {"name": st.sampled_from(["ALLOW_GET_HEAD", "ALLOW_GET_HEAD_OPTIONS", "ALLOW_ALL"])}),
        settings=_ORIGIN_SETTINGS,
        **{name: _mostly(st.none(), drawn) for name, drawn in _READS.items()},
    )


_SEVERAL_ROUTES = st.lists(
    st.sampled_from(["/api1/*", "/api2/*", "/static/*.css", "/a?c", "/catalog/*"]), max_size=3, unique=True
).flatmap(lambda paths: st.tuples(*map(_route, [*paths, "*"])))


def _many_routes(_stack: cdk.Stack, endpoint: Endpoint, count: int) -> list[PathRoute]:
    return [*(PathRoute(path=f"/p{index}/*", to=endpoint) for index in range(count)), PathRoute(path="*", to=endpoint)]


_ROUTES = st.integers(0, 9).flatmap(
    lambda die: (
        _SEVERAL_ROUTES
        if die != 5
        else _made(_many_routes, {"endpoint": _place(0, ("hosts",)), "count": st.sampled_from([74, 75, 76])})
    )
)


def _rule_source(stack: cdk.Stack, kind: str) -> RuleSource:
    if kind == "static":
        return RuleSource.static({"*": {"rules": [{"path": "/api/*", "then": {"origin": "canary"}}]}})
    if kind == "buckets":
        return RuleSource.buckets({"eu-west-1": imported_bucket(stack, "eu-west-1")})
    return RuleSource.table(replica_regions=["eu-west-1", "ap-southeast-2"])


_HAS_TABLE = st.shared(st.booleans(), key="has a table")
_HOME_POLICY = st.shared(st.sampled_from(["fail", "read-elsewhere", "move"]), key="unhealthy home")
_HOMES = ("eu-west-1", "us-west-2")


def _home_health(stack: cdk.Stack, ttl: int, threshold: int) -> HomeHealth:
    return HomeHealth(
        stack,
        "Health",
        hosted_zone=zone_of(stack),
        record_name="home",
        homes={region: Endpoint.http_host(f"e{index}.example.com") for index, region in enumerate(_HOMES)},
        health_checks=HealthCheckSettings(failure_threshold=threshold),
        ttl=cdk.Duration.seconds(ttl),
    )


_HEALTH = st.tuples(st.sampled_from([30, 60, 120]), st.sampled_from([1, 2, 3])).flatmap(
    lambda drawn: _HOME_POLICY.map(
        lambda policy: None if policy == "fail" else Made(_home_health, {"ttl": drawn[0], "threshold": drawn[1]})
    )
)

_RETRIES = st.shared(_mostly(st.just(False), st.just(True)), key="retries")  # noqa: FBT003

#: By the name of the construct, a strategy for each argument; those that a construct needs are always drawn.
ARGUMENTS: dict[str, dict[str, Strategy]] = {
    "StaleContent": {
        "origin": _content_origin(_ORIGIN_KINDS),
        "default_ttl": _seconds(0, 31_536_000, 0, 60),
        "max_ttl": _seconds(1, 31_536_000, 60, 86_400),
        "error_ttl": _seconds(1, 31_536_000, 5, 10),
        "query_string_behavior": _made(_keyed, {"kind": st.just("QueryString"), "names": st.sampled_from([[], ["v"]])}),
        "header_behavior": _made(
            _keyed, {"kind": st.just("Header"), "names": st.sampled_from([[], ["Accept"], ["Host"]])}
        ),
        "cookie_behavior": _made(_keyed, {"kind": st.just("Cookie"), "names": st.sampled_from([[], ["plan"]])}),
        "recovery_time_objective": _OBJECTIVE,
    },
    "OriginFailover": {
        "primary": _place(0, _ORIGIN_KINDS),
        "secondary": _RETRIES.flatmap(lambda retries: st.none() if retries else _place(1, _ORIGIN_KINDS)),
        "retry_same_origin": _RETRIES,
        **_GROUP,
        **_WAIVERS,
        **_SITE,
        **_METRICS,
        **_READS,
    },
    "ErrorPages": {
        "pages": _of_codes(_PAGE_CODES, st.sampled_from(["/errors/page.html", "/errors/other.html"])),
        "response_codes": _of_codes((502, 503, 504), st.sampled_from([200, 503])),
        # Statuses with the same page have the same time.
        "error_ttls": _seconds(1, 31_536_000, 5, 10, 60).map(
            lambda time: dict.fromkeys((code for code in _PAGE_CODES if code != 416), time)
        ),
        "path_pattern": st.sampled_from(["/errors/*", "/errors/*.html"]),
        "bucket": _made(_error_bucket, {"kind": st.sampled_from(["own", "imported"])}),
    },
    "GracefulResponse": {
        "html": st.sampled_from(["<p>{{path}} {{retry_after}}</p>", "<p>Sorry</p>"]),
        "json": st.sampled_from([None, {"error": "down"}]),
        "status": _IS_MASKED.map(lambda masked: 200 if masked else 503),
        "max_age": st.integers(0, 61).flatmap(lambda age: _IS_MASKED.map(lambda masked: _at(age) if masked else None)),
        "retry_after": _seconds(1, 86_400, 30),
        "page_path": st.just("/sorry"),
        "error_codes": st.lists(st.sampled_from(_PAGE_CODES), min_size=1, max_size=3, unique=True),
    },
    "DnsFailover": {
        "hosted_zone": _ZONE,
        "record_name": _RECORD_NAME,
        **_pair(_DNS_KINDS),
        "primary_health_check": _health_check("primary"),
        "secondary_health_check": _health_check("secondary"),
        "ttl": _TTL,
        "failback": st.sampled_from(["automatic", "manual"]),
        "evaluate_target_health": _EVALUATES,
        "recovery_time_objective": _OBJECTIVE,
    },
    "HybridFailover": {
        **_pair(("hosts", "hosts", "names", "balancers", "made")),
        "failover_record_name": _RECORD_NAME,
        "write_paths": _mostly(st.sampled_from([["/cart/*", "/login"], []]), st.just(["/*"])),
        "read_write_paths": st.sampled_from([["/api/*"], []]),
        "primary_health_check": _health_check("primary"),
        "secondary_health_check": _health_check("secondary"),
        "ttl": _TTL,
        "failback": st.sampled_from(["automatic", "manual"]),
        "evaluate_target_health": _EVALUATES,
        **_GROUP,
        **_WAIVERS,
        **_SITE,
        **_METRICS,
        **_READS,
    },
    "RoutingControlFailover": {
        "hosted_zone": _ZONE,
        "record_name": _RECORD_NAME,
        **_pair(_DNS_KINDS),
        "cluster_arn": _MAKES_CLUSTER.map(lambda makes: None if makes else CLUSTER_ARN),
        "create_cluster": _MAKES_CLUSTER,
        "name": st.sampled_from(["shop", "shop-eu"]),
        "ttl": _TTL,
        "recovery_time_objective": _OBJECTIVE,
    },
    "StandbyTakesOver": {
        "hosted_zone": _ZONE,
        "record_name": _RECORD_NAME,
        **_pair(_DNS_KINDS),
        "switch": _made(
            _switch, {"region": st.sampled_from(["eu-central-1", "us-west-2"]), "switch_name": st.just("shop")}
        ),
        "ttl": _TTL,
        "recovery_time_objective": _OBJECTIVE,
    },
    "MultiAzAccelerator": {
        "endpoints": _ZONES,
        "region": _mostly(st.just("us-east-1"), st.just("eu-west-1")),
        "health_check": _mostly(
            st.none(),
            _of(
                AcceleratorHealthCheck,
                protocol=st.sampled_from(["TCP", "HTTP", "HTTPS"]),
                port=_whole(1, 65_535, 80),
                interval=_seconds(10, 30, 10, 30),
                threshold=_whole(1, 10, 3),
            ),
        ),
        **_ACCELERATOR,
    },
    "MultiRegionAccelerator": {"endpoint_groups": _GROUPS, **_ACCELERATOR},
    "ZonalShift": {
        "load_balancer": _made(
            _shifted,
            {"kind": st.sampled_from(["application", "network"]), "keep_alive": st.sampled_from([None, 60, 300, 3600])},
        ),
        "autoshift": _AUTOSHIFT,
        "outcome_alarm": _if_shifted(Made(metric_alarm, {"construct_id": "Outcome"})),
        "blocking_alarm": _if_shifted(Made(metric_alarm, {"construct_id": "Blocking", "alarm_name": "busy"})),
        "blocked_windows": _if_shifted(["Mon:08:00-Mon:18:00"]).map(lambda given: given or []),
        "blocked_dates": _if_shifted(["2026-12-24"]).map(lambda given: given or []),
        "recovery_time_objective": _OBJECTIVE,
    },
    "BucketFailover": {"buckets": _BUCKET_PAIR, **_GROUP, **_BUCKET_SITE, **_METRICS},
    "BucketDnsFailover": {
        "buckets": _mostly(_BUCKET_PAIR, _BUCKET_SET),
        "record_name": st.sampled_from(["bucket", "bucket.example.com"]),
        "health_checks": _made(
            _probes,
            {
                "buckets": _mostly(
                    st.fixed_dictionaries({region: _bucket(region) for region in ("eu-west-1", "eu-central-1")}),
                    st.fixed_dictionaries({"eu-west-1": _bucket("eu-west-1")}),
                ),
                "kind": st.sampled_from(["probe", "check"]),
            },
        ),
        "routing": st.sampled_from(["failover", "latency"]),
        "ttl": _seconds(5, 3600, 5, 60, 120),
        "settings": _ORIGIN_SETTINGS,
        "recovery_time_objective": _OBJECTIVE,
        **_BUCKET_SITE,
    },
    "MultiRegionAccessPoint": {
        "name": _mostly(st.just("content"), st.just("Content")),
        "buckets": _BUCKETS,
        "recovery_time_objective": _OBJECTIVE,
    },
    "GuardedListener": {
        "guard": _of(
            OriginGuard,
            {"name": st.just("shop/guard"), "health_path": st.sampled_from(["/health", "/up"])},
            generation=_whole(1, 1000, 1, 2),
        ),
        "listener": _made(_listener, {"port": st.sampled_from([443, 8443])}),
        "target_groups": st.tuples(_just(_targets)),
        "restrict_addresses": st.booleans(),
    },
    "LatencyRouting": {
        "hosted_zone": _ZONE,
        "record_name": _RECORD_NAME,
        "members": st.integers(2, 3).flatmap(lambda count: _latency_members(list(_LATENCY_REGIONS[:count]))),
        "health_checks": _mostly(
            _HEALTH_CHECK_SETTINGS,
            st.fixed_dictionaries({}, optional={region: _health_check(region) for region in _LATENCY_REGIONS[:2]}),
        ),
        "evaluate_target_health": _EVALUATES,
        "ttl": _TTL,
        "recovery_time_objective": _OBJECTIVE,
    },
    "NearestBucket": {"buckets": _BUCKET_SET, **_GROUP, **_BUCKET_SITE, **_METRICS},
    "PathRouting": {"routes": _ROUTES, **_SITE},
    "RuleRouter": {
        "origins": st.fixed_dictionaries(
            {"stable": _place(0, ("names", "hosts", "balancers")), "canary": _place(1, ("names", "hosts", "balancers"))}
        ),
        "default_origin": _mostly(st.just("stable"), st.just("other")),
        "source": _made(_rule_source, {"kind": st.sampled_from(["table", "static", "buckets"])}),
        "settings": _ORIGIN_SETTINGS,
        "cache_key": st.lists(
            st.sampled_from(["host", "country", "header.x-v", "cookie.plan", "query.v"]), unique=True
        ),
        "redirect_hosts": st.just(["shop.example.com"]),
        "request_headers": st.just(["x-shop-*"]),
        "ttl": _seconds(1, 3600, 60),
        "fail_closed": _FAIL_CLOSED,
    },
    "TenantRouter": {
        "default": _place(0, ("names", "hosts", "balancers")),
        "origins": st.fixed_dictionaries({"shared": _place(1, ("names", "hosts", "balancers"))}),
        "allowed_origin_suffixes": _mostly(st.just([".apps.example.com"]), st.just(["apps.example.com"])),
        "table": _HAS_TABLE.map(lambda has: Made(_table, {}) if has else None),
        "replica_regions": _HAS_TABLE.map(lambda has: None if has else ["eu-west-1"]),
        "ttl": _seconds(1, 3600, 60),
        "unknown": st.sampled_from(["configured-origin", "not-found"]),
        "fail_closed": _FAIL_CLOSED,
        "settings": _ORIGIN_SETTINGS,
        "memory_size": _MEMORY,
    },
    "HomeRegionRouter": {
        "homes": st.fixed_dictionaries(
            {region: _place(index, ("names", "hosts")) for index, region in enumerate(_HOMES)}
        ),
        "unhealthy_home": _HOME_POLICY,
        "health": _HEALTH,
        "key_regions": st.sampled_from([["eu-west-1"], ["eu-west-1", "us-west-2", "ap-southeast-1", "sa-east-1"]]),
        "key_name": st.sampled_from(["shop/key", "shop/home-key"]),
        "cookie_lifetime": _whole(1, 400, 30).map(lambda days: _at(days * 86_400)),
        "user_cookie": st.just("user"),
        "fail_closed": _FAIL_CLOSED,
        "settings": _ORIGIN_SETTINGS,
        "memory_size": _MEMORY,
        "recovery_time_objective": _OBJECTIVE,
    },
}

#: Arguments without a default of their own that go together, or that a refusal wants together: drawn always.
_TOGETHER = {
    "secondary": {"OriginFailover"},
    "retry_same_origin": {"OriginFailover"},
    "cluster_arn": {"RoutingControlFailover"},
    "create_cluster": {"RoutingControlFailover"},
    "autoshift": {"ZonalShift"},
    "outcome_alarm": {"ZonalShift"},
    "table": {"TenantRouter"},
    "replica_regions": {"TenantRouter"},
    "allowed_origin_suffixes": {"TenantRouter"},
    "unhealthy_home": {"HomeRegionRouter"},
    "health": {"HomeRegionRouter"},
    "status": {"GracefulResponse"},
}


def _table(stack: cdk.Stack) -> RoutingTable:
    return RoutingTable(stack, "Routes", replica_regions=["eu-west-1"])


def drawn_arguments(construct: type[Any]) -> Strategy:
    """The arguments of one example: what the construct needs, and some of the others."""
    strategies = ARGUMENTS[construct.__name__]
    signature = inspect.signature(construct.__init__).parameters
    required = {
        name: drawn
        for name, drawn in strategies.items()
        if signature[name].default is inspect.Parameter.empty or construct.__name__ in _TOGETHER.get(name, ())
    }
    optional = {name: drawn for name, drawn in strategies.items() if name not in required}
    return st.fixed_dictionaries(required, optional=optional).map(_settled)


def _settled(arguments: dict[str, Any]) -> dict[str, Any]:
    """Without what is refused for the sake of an argument that was not drawn."""
    if "domain_name" not in arguments and "routes" not in arguments:
        for name in ("hosted_zone", "certificate"):
            if name != "hosted_zone" or "record_name" not in arguments:
                arguments.pop(name, None)
    return arguments


def public_arguments(construct: type[Any]) -> list[str]:
    """The names of the arguments of a constructor, without the scope and the id."""
    return [name for name in inspect.signature(construct.__init__).parameters if name not in _ALWAYS]


_ALWAYS = frozenset({"self", "scope", "construct_id"})
