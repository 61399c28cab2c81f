"""Every default that a docstring states is the default.

If the signature holds the default, it is compared. If the signature says None, the value that the docstring states is
given: the template must be the same as without it. A default that names no value stands in ``_EXCEPTIONS``.
"""

from __future__ import annotations

import importlib
import inspect
import json
import pkgutil
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import Duration
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_globalaccelerator as globalaccelerator
from aws_cdk import aws_iam as iam
from aws_cdk.assertions import Template

import ha_patterns
from ha_patterns import (
    AcceleratorEndpoint,
    BucketDnsFailover,
    CalculatedHealthCheck,
    DeclaredOrigins,
    EdgeFunction,
    EndpointGroup,
    EndpointHealthCheck,
    ErrorPages,
    FailoverOriginGroup,
    GracefulResponse,
    HealthCheckSettings,
    NearestBucketFunction,
    OriginFailover,
    OriginSettings,
    PathRoute,
    RoutingControlFailover,
    RoutingInputs,
    RoutingTable,
    StaleContent,
    StandbyTakesOver,
    TrafficSwitch,
)

from .samples import (
    CLUSTER_ARN,
    bucket_dns_router,
    bucket_failover,
    bucket_pair,
    bucket_probe,
    dns_failover,
    endpoint_group,
    home_health_of,
    home_router,
    hybrid_failover,
    instance_in,
    latency_routing,
    multi_az_accelerator,
    multi_region_accelerator,
    nearest_bucket,
    new_stack,
    path_routing,
    primary_host,
    rule_router,
    secondary_host,
    stack_in,
    tenant_router,
    zone_of,
)

_AWS = "AWS has this default: it is not in the template"
_RESOURCE = "makes a resource, which tests of the construct find"
_VARIES = "differs from construct to construct"
_HELD = "the signature holds it"
_DRILLED = "is worked out of what is played, which tests of drills find"
_TESTED = "differs from behavior to behavior, which tests of kept answers and of the router find"
#: What is not compared, by its first words or by its argument, and why.
_EXCEPTIONS = {
    "AlarmHealthCheck(insufficient_data_health_status)": _TESTED,
    "AcceleratorHealthCheck(path)": _AWS,
    "AcceleratorHealthCheck(port)": _AWS,
    "Global Accelerator's": _AWS,
    "HealthCheckSettings(regions)": _AWS,
    "MultiAzAccelerator(ip_address_type)": _AWS,
    "MultiRegionAccelerator(ip_address_type)": _AWS,
    "what ``domain_name`` resolves to": _AWS,
    "that of the load balancer or the instance": _AWS,
    "a bucket is made": _RESOURCE,
    "one is made": _RESOURCE,
    "origin access control": _RESOURCE,
    "from the construct's path": _VARIES,
    "made of the construct's path": _VARIES,
    "one that the CDK makes": _VARIES,
    "the CDK makes ids": _VARIES,
    "the stage": _VARIES,
    "a placeholder": _HELD,
    "a plain page": _HELD,
    "an object with": _HELD,
    "the whole catalog": _HELD,
    "True on behaviors that keep answers": _TESTED,
    "nothing is cached": _TESTED,
    "HaChecks(select)": "None stands for all rules",
    "check(rules)": "None stands for all rules",
    "RoutingTable.grant_write(hosts)": "a statement without a condition, which tests of the table find",
    "RuleRouter.grant_write(hosts)": "a statement without a condition, which tests of the table find",
    "TenantRouter.grant_write(hosts)": "a statement without a condition, which tests of the table find",
    "check(acknowledgements)": "is read from templates, which tests of acknowledgements find",
    **dict.fromkeys(
        (
            *("Objective(behavior)", "Objective(methods)", "Outage(every)", "Requests(host)", "Scenario(lasts)"),
            *("Result.must_meet(objectives)", "Result.sensitivity(objectives)", "Result.verdicts(objectives)"),
            *("Scenario(outages)", "Seeds.must_meet(objectives)", "Seeds.verdicts(objectives)", "Traffic(capacity)"),
            *("Traffic(requests)", "drill(outages)", "drill(scenario)", "drill(seed)", "drill(stack)"),
        ),
        _DRILLED,
    ),
    "load(parameters)": "is read from templates, which tests of loading find",
}

_HOMES = ("eu-west-1", "us-west-2")
_POLICY = cloudfront.OriginRequestPolicy
#: What a value is, by the argument and the first words of the default, if neither a number nor code tells.
_MEANT: dict[str, dict[str, Any]] = {
    "allowed_methods": {"all": cloudfront.AllowedMethods.ALLOW_ALL},
    "client_affinity": {"``NONE``": globalaccelerator.ClientAffinity.NONE},
    "evaluate_target_health": {"True": True},
    "error_ttls": {"10 seconds each": {503: Duration.seconds(10)}},
    "health_threshold": {"all": 2},
    "key_regions": {"the Regions of the homes": _HOMES},
    "min_ttl": {"0": Duration.seconds(0)},
    "max_template_size": {"32 MiB": 32 * 1024 * 1024},
    "methods": {"GET and HEAD for a group": cloudfront.AllowedMethods.ALLOW_ALL},
    "origin_request_policy": {
        "all that the viewer sends, without Host": _POLICY.ALL_VIEWER_EXCEPT_HOST_HEADER,
        "all that the viewer sends but": _POLICY.ALL_VIEWER_EXCEPT_HOST_HEADER,
        "all that the viewer sends;": _POLICY.ALL_VIEWER,
    },
    "cache_policy": {"``CACHING_OPTIMIZED`` for": cloudfront.CachePolicy.CACHING_DISABLED},
    "port_ranges": {"443": [globalaccelerator.PortRange(from_port=443)]},
    "protocol": {"TCP": globalaccelerator.ConnectionProtocol.TCP},
    "protocol_policy": {"HTTPS only": cloudfront.OriginProtocolPolicy.HTTPS_ONLY},
    "query_string_behavior": {"all": cloudfront.CacheQueryStringBehavior.all()},
    "region": {"that of the first of them": "us-east-1"},
    "regions": {"eu-west-1 and eu-central-1": ["eu-west-1", "eu-central-1"], "us-east-1": ["us-east-1"]},
    "response_codes": {"each error's own": {503: 503}},
    "retention": {"one month": cdk.aws_logs.RetentionDays.ONE_MONTH},
    "settings": {"CloudFront's own": OriginSettings()},
    "status_codes": {"see ``FailoverOriginGroup``": [500, 502, 503, 504]},
}
#: How a default says that there is nothing.
_NOTHING = ("none", "no ", "nothing", "nowhere", "not ", "the status alone counts")


@dataclass(frozen=True, eq=False)
class _Stated:
    owner: str
    argument: str
    text: str
    parameter: inspect.Parameter | None

    def __str__(self) -> str:
        return f"{self.owner}({self.argument})"

    @property
    def written_out(self) -> bool:
        """Whether the signature says None, and what results is something else."""
        return self.parameter is not None and self.parameter.default is None and _value(self) is not None


def _owners() -> Iterator[tuple[str, Callable[..., Any], Callable[..., Any]]]:
    """Each public class, method and function: its name, what has the docstring, and what has the signature."""
    packages = [ha_patterns, *_packages()]
    named = [(name, getattr(package, name)) for package in packages for name in getattr(package, "__all__", ())]
    seen: set[object] = set()
    for name, thing in named:
        if not callable(thing) or thing in seen:
            continue
        seen.add(thing)
        if inspect.isfunction(thing):
            yield name, thing, thing
        if not inspect.isclass(thing):
            continue
        yield name, thing, thing.__init__
        for method, member in inspect.getmembers(thing, inspect.isroutine):
            function = inspect.unwrap(getattr(member, "__func__", member))
            ours = (getattr(function, "__module__", None) or "").startswith("ha_patterns.")
            if ours and not method.startswith("_") and function not in seen:
                seen.add(function)
                yield f"{name}.{method}", function, member


def _packages() -> Iterator[Any]:
    for module in pkgutil.iter_modules(ha_patterns.__path__, "ha_patterns."):
        if module.ispkg and not module.name.rpartition(".")[2].startswith("_"):
            yield importlib.import_module(module.name)


def _stated() -> Iterator[_Stated]:
    for owner, documented, signed in _owners():
        arguments = re.search(r"^Args:\n((?:    .*\n|\n)*)", f"{inspect.getdoc(documented)}\n", re.MULTILINE)
        described = re.finditer(r"^    (\w+): (.*\n(?: {8}.*\n)*)", arguments[1], re.MULTILINE) if arguments else ()
        for argument, text in (match.groups() for match in described):
            if default := re.search(r"\bDefault:? (.+?)(?:\.(?= )|\.$|$)", " ".join(text.split())):
                yield _Stated(owner, argument, default[1], inspect.signature(signed).parameters.get(argument))


def _is_excepted(one: _Stated, name: str) -> bool:
    return str(one) == name or one.text.startswith(name)


_STATED = list(_stated())
_COMPARED = [one for one in _STATED if not any(_is_excepted(one, name) for name in _EXCEPTIONS)]


def _value(one: _Stated) -> Any:
    """The value that a default names."""
    for words, value in _MEANT.get(one.argument, {}).items():
        if one.text.startswith(words):
            return value
    if one.text.startswith(_NOTHING):
        return None
    if one.text in {"True", "False"}:
        return one.text == "True"
    if found := re.match(r"(\d+) (second|day|year)s?\b", one.text):
        return Duration.seconds(int(found[1]) * {"second": 1, "day": 86400, "year": 365 * 86400}[found[2]])
    if found := re.match(r"\d+((, | and )\d+)+\b", one.text):
        return [int(number) for number in re.findall(r"\d+", found[0])]
    if found := re.match(r"(\d+)(?= MB$| s$| for HTTPS|$)", one.text):
        return int(found[1])
    if found := re.match(r"``(.+?)``", one.text):
        return _code(found[1])
    raise AssertionError(f"{one}: compare its default, {one.text!r}, or name it in _EXCEPTIONS")


def _code(text: str) -> Any:
    """The value of an expression such as ``Name.member()``; other code is the text itself."""
    if made := re.fullmatch(r"(\w+)(?:\.(\w+))?\(\)", text):
        settings = getattr(ha_patterns, made[1])
        return getattr(settings, made[2])() if made[2] else settings()
    text = text.removeprefix("Severity.")
    if text.startswith("CACHING_"):
        return getattr(cloudfront.CachePolicy, text)
    return text


def _plain(value: Any) -> Any:
    if isinstance(value, Duration):
        return value.to_seconds()
    if isinstance(value, Enum):
        return value.name
    return list(value) if isinstance(value, tuple) else value


@pytest.mark.parametrize("one", _COMPARED, ids=str)
def test_a_stated_default_is_that_of_the_signature(one: _Stated) -> None:
    assert one.parameter is not None, "there is no such argument"
    value = _value(one)

    if value is None:
        assert not one.parameter.default
    elif not one.written_out:
        assert _plain(one.parameter.default) == _plain(value)
    else:
        assert one.owner.partition(".")[0] in _MADE, "make it, so that its default is seen"


def test_most_defaults_are_compared_and_no_exception_is_left_over() -> None:
    assert len(_COMPARED) > 200
    for name in _EXCEPTIONS:
        assert any(_is_excepted(one, name) for one in _STATED), name
    for argument, values in _MEANT.items():
        for words in values:
            assert any(one.argument == argument and one.text.startswith(words) for one in _COMPARED), words


# What a construct makes, with arguments by the class or method that takes them
_Given = dict[str, dict[str, Any]]
_MEMBERS: dict[str, Any] = {"primary": primary_host(), "secondary": secondary_host()}


def _site(stack: cdk.Stack, origin: cloudfront.IOrigin) -> None:
    _distribution(stack, cloudfront.BehaviorOptions(origin=origin))


def _distribution(stack: cdk.Stack, behavior: cloudfront.BehaviorOptions, **given: Any) -> None:
    cloudfront.Distribution(stack, "Site", default_behavior=behavior, **given)


def _writer(stack: cdk.Stack) -> iam.Role:
    return iam.Role(stack, "Writer", assumed_by=iam.AccountRootPrincipal())


def _shown(stack: cdk.Stack, value: object) -> None:
    cdk.CfnOutput(stack, "Shown", value=json.dumps(value))


def _endpoint_group(stack: cdk.Stack, given: _Given) -> None:
    """Endpoints that Global Accelerator checks by itself."""
    instance = AcceleratorEndpoint.instance(instance_in(stack))
    group = EndpointGroup(region="us-east-1", endpoints=[instance], **given["EndpointGroup"])
    groups = [group, endpoint_group(stack, "eu-west-1")]
    multi_region_accelerator(stack, endpoint_groups=groups)


def _multi_az(stack: cdk.Stack, given: _Given) -> None:
    named = {"domain_name": "www.example.com", "hosted_zone": zone_of(stack)}
    endpoints = [AcceleratorEndpoint.instance(instance_in(stack, zone, f"Instance{zone}")) for zone in range(2)]
    accelerator = multi_az_accelerator(stack, endpoints=endpoints, **named, **given["MultiAzAccelerator"])
    _site(stack, accelerator.origin(**given["MultiAzAccelerator.origin"]))


def _bucket_dns(stack: cdk.Stack, given: _Given) -> None:
    pair = bucket_pair(stack)
    checks = {bucket.region: bucket_probe(bucket, stack) for bucket in pair.buckets}
    named: dict[str, Any] = {"record_name": "bucket", "hosted_zone": zone_of(stack)}
    BucketDnsFailover(stack, "Site", buckets=pair, health_checks=checks, **named, **given["BucketDnsFailover"])


def _bucket_router(stack: cdk.Stack, given: _Given) -> None:
    router = bucket_dns_router(stack, **given["BucketDnsRouter"])
    _distribution(stack, router.behavior(**given["BucketDnsRouter.behavior"]))
    cloudfront.Distribution(
        stack,
        "Own",
        default_behavior=cloudfront.BehaviorOptions(
            origin=router.origin(**given["BucketDnsRouter.origin"]), edge_lambdas=[router.edge_lambda]
        ),
    )


def _nearest_function(stack: cdk.Stack, given: _Given) -> None:
    nearest = NearestBucketFunction(stack, "Nearest", buckets=bucket_pair(stack), **given["NearestBucketFunction"])
    _distribution(stack, nearest.behavior(**given["NearestBucketFunction.behavior"]))


def _calculated(stack: cdk.Stack, given: _Given) -> None:
    children = [EndpointHealthCheck(stack, name, domain_name=f"{name}.example.com") for name in ("a", "b")]
    CalculatedHealthCheck(stack, "Check", child_health_checks=children, **given["CalculatedHealthCheck"])


def _dns_failover(stack: cdk.Stack, given: _Given) -> None:
    name = dns_failover(stack, **given["DnsFailover"])
    _site(stack, name.origin(**given["DnsFailover.origin"]))


def _latency_routing(stack: cdk.Stack, given: _Given) -> None:
    name = latency_routing(stack, **given["LatencyRouting"])
    _site(stack, name.origin(**given["LatencyRouting.origin"]))


def _routing_control(stack: cdk.Stack, given: _Given) -> None:
    named: dict[str, Any] = {"record_name": "origin", "hosted_zone": zone_of(stack), "cluster_arn": CLUSTER_ARN}
    RoutingControlFailover(stack, "Failover", **named, **_MEMBERS, **given["RoutingControlFailover"])


def _standby(stack: cdk.Stack, given: _Given) -> None:
    switch = TrafficSwitch(stack_in("eu-central-1", stack), "Switch", switch_name="shop")
    named: dict[str, Any] = {"record_name": "origin", "hosted_zone": zone_of(stack), "switch": switch}
    name = StandbyTakesOver(stack, "Standby", **named, **_MEMBERS, **given["StandbyTakesOver"])
    _site(stack, name.origin(**given["StandbyTakesOver.origin"]))


def _error_pages(stack: cdk.Stack, given: _Given) -> None:
    pages = ErrorPages(stack, "Pages", pages={503: "/errors/503.html"}, **given["ErrorPages"])
    _distribution(
        stack,
        cloudfront.BehaviorOptions(origin=primary_host().origin()),
        additional_behaviors=pages.behaviors,
        error_responses=pages.error_responses,
    )


def _graceful(stack: cdk.Stack, given: _Given) -> None:
    graceful = GracefulResponse(stack, "Graceful", status=200, **given["GracefulResponse"])
    group = FailoverOriginGroup(primary=primary_host(), secondary=graceful.endpoint)
    _distribution(
        stack,
        graceful.behavior(group, **given["GracefulResponse.behavior"]),
        additional_behaviors=graceful.behaviors,
        error_responses=graceful.error_responses,
    )


def _origin_group(stack: cdk.Stack, given: _Given) -> None:
    _site(stack, FailoverOriginGroup(**_MEMBERS, **given["FailoverOriginGroup"]))


def _origin_failover(stack: cdk.Stack, given: _Given) -> None:
    OriginFailover(stack, "Site", **_MEMBERS, **given["OriginFailover"])


def _edge_function(stack: cdk.Stack, given: _Given) -> None:
    function = EdgeFunction(
        stack,
        "Function",
        function="graceful_response",
        event_type=cloudfront.LambdaEdgeEventType.ORIGIN_REQUEST,
        configuration={},
        inputs=RoutingInputs(headers=["x-version"]),
        **given["EdgeFunction"],
    )
    function.cache_policy(**given["EdgeFunction.cache_policy"])
    _distribution(stack, function.behavior(primary_host().origin(), **given["EdgeFunction.behavior"]))


def _home_router(stack: cdk.Stack, given: _Given) -> None:
    _distribution(stack, home_router(stack, **given["HomeRegionRouter"]).behavior(**given["HomeRegionRouter.behavior"]))


def _rule_router(stack: cdk.Stack, given: _Given) -> None:
    router = rule_router(stack, **given["RuleRouter"])
    _distribution(stack, router.behavior(**given["RuleRouter.behavior"]))
    router.grant_write(_writer(stack), **given["RuleRouter.grant_write"])


def _tenant_router(stack: cdk.Stack, given: _Given) -> None:
    router = tenant_router(stack, **given["TenantRouter"])
    _distribution(stack, router.behavior(**given["TenantRouter.behavior"]))
    router.grant_write(_writer(stack), **given["TenantRouter.grant_write"])


def _routing_table(stack: cdk.Stack, given: _Given) -> None:
    table = RoutingTable(stack, "Routes", replica_regions=["eu-west-1"])
    table.grant_write(_writer(stack), **given["RoutingTable.grant_write"])
    _shown(stack, table.write_arns(**given["RoutingTable.write_arns"]))


def _path_route(stack: cdk.Stack, given: _Given) -> None:
    routes = [
        PathRoute(path="/b/*", to=secondary_host()),
        PathRoute(path="*", to=primary_host(), **given["PathRoute"]),
    ]
    path_routing(stack, routes=routes)


def _of(name: str, make: Callable[..., object]) -> Callable[[cdk.Stack, _Given], object]:
    """What a sample makes whose arguments are those of the class."""
    return lambda stack, given: make(stack, **given[name])


_MADE: dict[str, Callable[[cdk.Stack, _Given], object]] = {
    "BucketDnsFailover": _bucket_dns,
    "BucketDnsRouter": _bucket_router,
    "BucketFailover": _of("BucketFailover", bucket_failover),
    "CalculatedHealthCheck": _calculated,
    "DeclaredOrigins": lambda stack, given: _shown(
        stack, DeclaredOrigins({"one": primary_host()}, **given["DeclaredOrigins"]).configuration
    ),
    "DnsFailover": _dns_failover,
    "EdgeFunction": _edge_function,
    "Endpoint": lambda stack, given: _site(stack, primary_host().origin(**given["Endpoint.origin"])),
    "EndpointGroup": _endpoint_group,
    "EndpointHealthCheck": lambda stack, given: EndpointHealthCheck(
        stack, "Check", domain_name="one.example.com", **given["EndpointHealthCheck"]
    ),
    "ErrorPages": _error_pages,
    "FailoverOriginGroup": _origin_group,
    "GracefulResponse": _graceful,
    "HealthCheckSettings": lambda stack, given: EndpointHealthCheck(
        stack, "Check", domain_name="one.example.com", settings=HealthCheckSettings(**given["HealthCheckSettings"])
    ),
    "HomeHealth": _of("HomeHealth", home_health_of),
    "HomeRegionRouter": _home_router,
    "HybridFailover": _of("HybridFailover", hybrid_failover),
    "LatencyRouting": _latency_routing,
    "MultiAzAccelerator": _multi_az,
    "MultiRegionAccelerator": _of("MultiRegionAccelerator", multi_region_accelerator),
    "NearestBucket": _of("NearestBucket", nearest_bucket),
    "NearestBucketFunction": _nearest_function,
    "OriginFailover": _origin_failover,
    "PathRoute": _path_route,
    "RoutingControlFailover": _routing_control,
    "RoutingTable": _routing_table,
    "RuleRouter": _rule_router,
    "StaleContent": lambda stack, given: StaleContent(
        stack, "Stale", origin=primary_host().origin(), **given["StaleContent"]
    ),
    "StandbyTakesOver": _standby,
    "TenantRouter": _tenant_router,
}


def _template(name: str, given: _Given) -> list[str]:
    stack = new_stack()
    _MADE[name](stack, given)
    return json.dumps(Template.from_stack(stack).to_json(), indent=1).splitlines()


@pytest.mark.parametrize("name", _MADE)
def test_what_is_made_is_the_same_with_the_stated_defaults_written_out(name: str) -> None:
    written: _Given = defaultdict(dict)
    for one in _COMPARED:
        if one.owner.partition(".")[0] == name and one.written_out:
            written[one.owner][one.argument] = _value(one)

    assert written
    assert _template(name, defaultdict(dict)) == _template(name, written)
