"""A wrong type is refused, for each argument of each public construct, value class, method and function.

What is accepted is read from the signatures as text, by other code than that which refuses.
"""

from __future__ import annotations

import enum
import importlib
import inspect
import pydoc
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import Duration
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_apigatewayv2 as apigatewayv2
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as cloudfront_origins
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from aws_cdk import aws_globalaccelerator as globalaccelerator
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns
from aws_cdk.assertions import Template
from constructs import Construct

import ha_patterns
from ha_patterns import (
    Endpoint,
    EndpointHealthCheck,
    ErrorPages,
    FailoverOriginGroup,
    HealthCheckSettings,
    OriginSettings,
)
from ha_patterns.cdk.typed import check_typed
from ha_patterns.testing import normalize_template, topology_of

from .bad_input import Build, add_alarms, alarm_topic, assert_refused, in_stack, make, origin_failover, refused, site_of
from .samples import (
    CERTIFICATE_ARN,
    TOPIC_ARN,
    bucket_failover,
    dns_failover,
    guarded_listener,
    home_health_of,
    hybrid_failover,
    imported_balancer,
    latency_routing,
    list_token,
    multi_az_accelerator,
    nearest_bucket,
    new_stack,
    number_token,
    path_routing,
    primary_host,
    secondary_host,
    text_token,
    zone_of,
)

_ROOMS = ("edge", "origins", "transient_errors", "outage_failover", "active_active")


class _Stranger:
    """Of no type that anything takes."""

    # In the names of tests, which all processes that run them must agree on.
    def __repr__(self) -> str:
        return "<a stranger>"


#: Wrong values, with the words of an annotation that make them right.
_VALUES: tuple[tuple[object, str], ...] = (
    (_Stranger(), "Any|object"),
    (None, "None|Any|object"),
    ("text", "str|Any|object"),
    (b"bytes", "bytes|Any|object"),
    (5, "int|float|Any|object"),
    (2.5, "float|Any|object"),
    (True, "bool|Any|object"),
    ([_Stranger()], "Any|object"),
    ({"key": _Stranger()}, r"Mapping\[str, Any\]|^Any|object"),
    ({_Stranger(): "text"}, "^Any|object"),
    (cdk.RemovalPolicy.DESTROY, "RemovalPolicy|Any|object"),
)


@dataclass(frozen=True)
class _Case:
    """An argument of something public."""

    owner: str
    call: Callable[..., object]
    #: What stands in the place of ``self``.
    before: tuple[object, ...]
    argument: str
    annotation: str

    def __str__(self) -> str:
        return f"{self.owner}({self.argument})"


def _cases() -> Iterator[_Case]:
    for room in _ROOMS:
        package = importlib.import_module(f"ha_patterns.{room}")
        for name in package.__all__:
            thing = getattr(package, name)
            if inspect.isclass(thing):
                yield from _of_class(name, thing)
            elif callable(thing):
                yield from _of_function(name, thing, ())


def _of_class(name: str, kind: type) -> Iterator[_Case]:
    for method in dir(kind):
        member = inspect.getattr_static(kind, method)
        is_bound = isinstance(member, (classmethod, staticmethod))
        function = inspect.unwrap(member.__func__ if is_bound else member)
        is_ours = inspect.isfunction(function) and function.__module__.startswith("ha_patterns")
        if is_ours and (method == "__init__" or not method.startswith("_")):
            yield from _of_function(f"{name}.{method}", getattr(kind, method), () if is_bound else (None,))


def _of_function(owner: str, call: Callable[..., object], before: tuple[object, ...]) -> Iterator[_Case]:
    for parameter in list(inspect.signature(call).parameters.values())[len(before) :]:
        assert parameter.kind not in (parameter.VAR_KEYWORD, parameter.VAR_POSITIONAL), f"{owner} takes anything"
        assert isinstance(parameter.annotation, str), f"{owner}: {parameter} has no annotation"
        yield _Case(owner, call, before, parameter.name, _alias_undone(call, parameter.annotation))


def _alias_undone(call: Callable[..., object], annotation: str) -> str:
    """An annotation, with the names that stand for several types written out."""
    module = vars(importlib.import_module(inspect.unwrap(call).__module__))
    return re.sub(r"\b(Destination|Rules)\b", lambda name: str(module[name[0]]).replace("typing.", ""), annotation)


_CASES = list(_cases())


def _is_right(words: str, annotation: str) -> bool:
    """Whether one of the words is in an annotation, whose lists and dictionaries have no say."""
    if re.search(words.partition("|")[0], annotation) and "[" in words:
        return True
    while re.search(r"\[[^\[\]]*\]", annotation):
        annotation = re.sub(r"\[[^\[\]]*\]", "", annotation)
    return re.search(rf"(?<![\w.])({words})(?!\w)", annotation) is not None


def test_all_public_classes_are_walked() -> None:
    walked = {case.owner.partition(".")[0] for case in _CASES}
    public = {
        name
        for room in _ROOMS
        for name in importlib.import_module(f"ha_patterns.{room}").__all__
        if inspect.isclass(getattr(ha_patterns, name, None))
    }

    # Made only by the library's own subclasses.
    assert public <= walked
    assert len(_CASES) > 300


@pytest.mark.parametrize("case", _CASES, ids=str)
def test_a_wrong_type_is_refused_for_each_argument(case: _Case) -> None:
    wrong = [value for value, right in _VALUES if not _is_right(right, case.annotation)]
    assert wrong or case.annotation in {"Any", "object"}
    for value in wrong:
        with pytest.raises(ValueError, match=rf"\A(a key of )?{case.argument}(\[.*\])? must be .*, got .*") as error:
            case.call(*case.before, **{case.argument: value})
        assert "\n" not in str(error.value)
        assert len(str(error.value)) < 600


@pytest.mark.parametrize("case", [case for case in _CASES if "[" in case.annotation], ids=str)
def test_a_wrong_type_is_refused_within_lists_and_dictionaries(case: _Case) -> None:
    if "Sequence[" in case.annotation:
        wrong: object = [_Stranger()]
    else:
        wrong = {5 if "[int" in case.annotation else "key": _Stranger()}
    if "Mapping[str, Any]" in case.annotation:
        wrong = {5: 5}
    with pytest.raises(ValueError, match=rf"\A(a key of )?{case.argument}(\[.*\])? must be .*, got "):
        case.call(*case.before, **{case.argument: wrong})


# --- wrong types that are common --------------------------------------------------------------------------------------


def _imported_zone(stack: cdk.Stack) -> route53.IHostedZone:
    return route53.HostedZone.from_hosted_zone_attributes(
        stack, "ImportedZone", hosted_zone_id="Z2ABCDEFGHIJKL", zone_name="example.com"
    )


def _function_url(stack: cdk.Stack) -> lambda_.FunctionUrl:
    function = lambda_.Function(
        stack,
        "Function",
        runtime=lambda_.Runtime.PYTHON_3_13,
        handler="index.handler",
        code=lambda_.Code.from_inline("def handler(event, context): ..."),
    )
    return function.add_function_url()


_COMMON = [
    refused(
        "an endpoint in place of an origin, at a distribution of the library",
        lambda stack: ha_patterns.EdgeDistribution(
            stack,
            "Site",
            default_behavior=cloudfront.BehaviorOptions(origin=primary_host()),  # type: ignore[arg-type]
        ),
        "origin of default_behavior must be an IOrigin of aws_cloudfront, got an Endpoint: call its .origin()",
    ),
    refused(
        "an endpoint in place of an origin, at a distribution of the CDK",
        in_stack(site_of, origin=primary_host()),
        "origin must be an IOrigin of aws_cloudfront, got an Endpoint: call its .origin()",
    ),
    refused(
        "a failover in place of an origin",
        lambda stack: ha_patterns.EdgeDistribution(
            stack,
            "Site",
            default_behavior=cloudfront.BehaviorOptions(origin=dns_failover(stack)),  # type: ignore[arg-type]
        ),
        "origin of default_behavior must be an IOrigin of aws_cloudfront, got a DnsFailover: call its .origin()",
    ),
    refused(
        "an origin in place of an endpoint",
        in_stack(origin_failover, primary=primary_host().origin()),
        "primary must be an Endpoint, got an EndpointOrigin: give the endpoint itself, without .origin()",
    ),
    refused(
        "an origin of the CDK in place of an endpoint",
        in_stack(origin_failover, primary=make(cloudfront_origins.HttpOrigin, domain_name="a.example.com")),
        "primary must be an Endpoint, got an HttpOrigin of aws_cloudfront_origins: write Endpoint.http_host(",
    ),
    refused(
        "another origin of the CDK in place of an endpoint",
        in_stack(
            origin_failover,
            primary=lambda stack: cloudfront_origins.VpcOrigin.with_vpc_origin(
                cloudfront.VpcOrigin.from_vpc_origin_id(stack, "Private", "vo_1"), domain_name="a.example.com"
            ),
        ),
        "primary must be an Endpoint, got a VpcOrigin of aws_cloudfront_origins: write Endpoint.vpc_origin(...)",
    ),
    refused(
        "an origin of the CDK for a bucket",
        in_stack(
            origin_failover,
            secondary=lambda stack: cloudfront_origins.S3BucketOrigin.with_origin_access_control(
                s3.Bucket(stack, "Content")
            ),
        ),
        "secondary must be an Endpoint or None, got ",
        ": write Endpoint.bucket(...)",
    ),
    refused(
        "an origin of the CDK for a function URL",
        in_stack(origin_failover, secondary=lambda stack: cloudfront_origins.FunctionUrlOrigin(_function_url(stack))),
        "secondary must be an Endpoint or None, got a FunctionUrlOrigin of aws_cloudfront_origins: ",
        "write Endpoint.from_origin(...)",
    ),
    refused(
        "a function URL in place of an endpoint",
        in_stack(origin_failover, secondary=lambda stack: _function_url(stack)),
        "secondary must be an Endpoint or None, got a FunctionUrl of aws_lambda: write Endpoint.from_origin(Function",
    ),
    refused(
        "a group in place of an endpoint",
        in_stack(
            origin_failover,
            secondary=lambda _: FailoverOriginGroup(primary=primary_host(), secondary=secondary_host()),
        ),
        "secondary must be an Endpoint or None, got a FailoverOriginGroup: a group is no member of another",
    ),
    refused(
        "a load balancer in place of an endpoint",
        in_stack(path_routing, routes=lambda stack: [imported_balancer(stack)]),
        "routes[0] must be a PathRoute, got an IApplicationLoadBalancer of aws_elasticloadbalancingv2",
    ),
    refused(
        "a balancer as the endpoint of an accelerator",
        in_stack(multi_az_accelerator, endpoints=lambda stack: [imported_balancer(stack)]),
        "endpoints[0] must be an AcceleratorEndpoint, got an IApplicationLoadBalancer of ",
        "write AcceleratorEndpoint.application_load_balancer(...)",
    ),
    refused(
        "a list for a name",
        in_stack(hybrid_failover, domain_name=["www.example.com"]),
        "domain_name must be text, got ['www.example.com'], a list: write domain_name='www.example.com'",
    ),
    refused(
        "a name for a list",
        make(HealthCheckSettings.fast, regions="eu-west-1"),
        "regions must be a list of text or None, got 'eu-west-1', a str: write regions=['eu-west-1']",
    ),
    refused(
        "a dictionary for settings",
        in_stack(dns_failover, primary_health_check={"path": "/health", "port": 8080}),
        "primary_health_check must be a HealthCheckSettings, an IHealthCheck of aws_route53 or None, got ",
        "{'path': ..., 'port': ...}, a dict: write HealthCheckSettings(path=..., port=...)",
    ),
    refused(
        "a method for settings",
        make(Endpoint.origin, self=primary_host(), settings=lambda _: OriginSettings.patient),
        "settings must be an OriginSettings or None, got a method: call it: OriginSettings.patient()",
    ),
    refused(
        "a class for its instance",
        make(Endpoint.origin, self=primary_host(), settings=lambda _: OriginSettings),
        "settings must be an OriginSettings or None, got a type: that is the class: make one",
    ),
    refused(
        "tuples for port ranges",
        in_stack(multi_az_accelerator, port_ranges=[(80, 443)]),
        "port_ranges[0] must be a PortRange of aws_globalaccelerator, got (80, 443), a tuple: ",
        "write PortRange(from_port=80, to_port=443)",
    ),
    *(
        refused(
            f"a dictionary for a port range, with {name}",
            in_stack(multi_az_accelerator, port_ranges=[{name: 443}]),
            f"port_ranges[0] must be a PortRange of aws_globalaccelerator, got {{{name!r}: ...}}, a dict: ",
            f"write PortRange({way_out})",
        )
        for name, way_out in (("fromPort", "from_port=..."), ("from_port", "from_port=..."), ("ports", "..."))
    ),
    refused(
        "a dictionary for settings, with the names of a template",
        in_stack(dns_failover, primary_health_check={"ResourcePath": "/", "FailureThreshold": 3, 5: 5}),
        ", a dict: write HealthCheckSettings(failure_threshold=...)",
    ),
    refused(
        "text for a zone",
        in_stack(dns_failover, hosted_zone="example.com"),
        "hosted_zone must be an IHostedZone of aws_route53, got 'example.com', a str: write HostedZone.from_lookup(",
    ),
    refused(
        "text for a topic",
        make(add_alarms, construct=dns_failover, topic=TOPIC_ARN),
        f"topic must be an ITopic of aws_sns, got {TOPIC_ARN!r}, a str: write Topic.from_topic_arn(",
    ),
    refused(
        "a number for a time",
        in_stack(dns_failover, ttl=60),
        "ttl must be a Duration or None, got 60, an int: write Duration.seconds(60)",
    ),
    refused(
        "text for a number",
        make(HealthCheckSettings, port="8080"),
        "port must be a whole number or None, got '8080', a str",
    ),
    refused(
        "text for a member of an enumeration",
        make(Endpoint.http_host, domain_name="a.example.com", protocol_policy="http-only"),
        "protocol_policy must be an OriginProtocolPolicy of aws_cloudfront, got 'http-only', a str: ",
        "write OriginProtocolPolicy.HTTP_ONLY",
    ),
    refused(
        "text for the status of an error page",
        in_stack(ErrorPages, construct_id="Pages", pages={"503": "/errors/503.html"}),
        "a key of pages must be a whole number, got '503', a str",
    ),
    refused(
        "a token that is not encoded",
        make(Endpoint.http_host, domain_name=lambda _: cdk.Token.as_any({"Ref": "Name"})),
        "domain_name must be text or None, got an Intrinsic: write Token.as_string(...)",
    ),
    refused(
        "an API in place of a bucket",
        make(Endpoint.bucket, bucket=lambda stack: apigateway.RestApi.from_rest_api_id(stack, "Api", "a1")),
        "bucket must be an IBucket of aws_s3, got a RestApiBase of aws_apigateway",
    ),
]


@pytest.mark.parametrize(("build", "says", "at"), _COMMON)
def test_a_common_wrong_type_is_refused_with_the_way_out(build: Build, says: list[str], at: str | None) -> None:
    assert_refused(new_stack(), build, says, at)


@pytest.mark.parametrize("value", [{"x-origin-key": 12345678}, "x-origin-key: 12345678", [12345678]], ids=repr)
def test_the_value_of_a_header_is_in_no_message(value: object) -> None:
    with pytest.raises(ValueError, match="custom_headers") as error:
        primary_host().origin(custom_headers=value)  # type: ignore[arg-type]

    assert "12345678" not in str(error.value)


def test_a_long_value_is_cut() -> None:
    with pytest.raises(ValueError, match=r"\Ahosted_zone must be ") as error:
        dns_failover(new_stack(), hosted_zone="x" * 5000)

    assert len(str(error.value)) < 300


# --- where a construct is made ----------------------------------------------------------------------------------------

_IMPORTED: dict[str, Build] = {
    "zone": _imported_zone,
    "certificate": lambda stack: acm.Certificate.from_certificate_arn(stack, "Imported", CERTIFICATE_ARN),
}


@pytest.mark.parametrize("imported", _IMPORTED.values(), ids=_IMPORTED.keys())
@pytest.mark.parametrize("case", [case for case in _CASES if case.argument == "scope"], ids=str)
def test_no_imported_thing_holds_a_construct(case: _Case, imported: Build) -> None:
    with pytest.raises(ValueError, match=r"\Ascope must be a Construct, got an I\w+ of [^\n]*: give the stack[^\n]*\Z"):
        case.call(*case.before, scope=imported(new_stack()))


@pytest.mark.parametrize("value", ["", "token"])
@pytest.mark.parametrize("case", [case for case in _CASES if case.argument == "construct_id"], ids=str)
def test_an_id_is_text_that_is_known_at_synth(case: _Case, value: str) -> None:
    given = text_token(new_stack(), "Given") if value else value
    with pytest.raises(ValueError, match=r"\Aconstruct_id must be text of at least one character[^\n]*\Z"):
        case.call(*case.before, construct_id=given)


# --- types that are accepted ------------------------------------------------------------------------------------------


def _with_account(stack: cdk.Stack) -> cdk.Stack:
    return cdk.Stack(stack, "Known", env=cdk.Environment(account="123456789012", region="us-east-1"))


_ACCEPTED: dict[str, tuple[Any, Build]] = {
    "a zone that is made": (route53.IHostedZone, zone_of),
    "a zone that is imported": (route53.IHostedZone, _imported_zone),
    "a zone that is looked up": (
        route53.IHostedZone,
        lambda stack: route53.HostedZone.from_lookup(_with_account(stack), "Zone", domain_name="example.com"),
    ),
    "a zone found in the tree": (
        route53.IHostedZone,
        lambda stack: _imported_zone(stack) and stack.node.find_child("ImportedZone"),
    ),
    "a zone with a mixin": (route53.IHostedZone, lambda stack: _imported_zone(stack).with_()),
    "a bucket that is made": (s3.IBucket, lambda stack: s3.Bucket(stack, "Bucket")),
    "a bucket that is imported": (s3.IBucket, lambda stack: s3.Bucket.from_bucket_name(stack, "Bucket", "content")),
    "a topic that is imported": (sns.ITopic, lambda stack: sns.Topic.from_topic_arn(stack, "Topic", TOPIC_ARN)),
    "a certificate that is imported": (
        acm.ICertificate,
        lambda stack: acm.Certificate.from_certificate_arn(stack, "Certificate", CERTIFICATE_ARN),
    ),
    "a check that is imported": (
        route53.IHealthCheck,
        lambda stack: route53.HealthCheck.from_health_check_id(stack, "Check", "0c9b5c4e"),
    ),
    "a check of the library": (
        route53.IHealthCheck,
        lambda stack: EndpointHealthCheck(stack, "Check", domain_name="a.example.com"),
    ),
    "an alarm that is imported": (
        cloudwatch.IAlarm,
        lambda stack: cloudwatch.Alarm.from_alarm_arn(
            stack, "Alarm", "arn:aws:cloudwatch:us-east-1:123456789012:alarm:errors"
        ),
    ),
    "a balancer by a wider interface": (elbv2.ILoadBalancerV2, imported_balancer),
    "an origin of the library": (cloudfront.IOrigin, lambda _: primary_host().origin()),
    "an origin group of the library": (
        cloudfront.IOrigin,
        lambda _: FailoverOriginGroup(primary=primary_host(), secondary=secondary_host()),
    ),
    "an origin of the CDK": (cloudfront.IOrigin, lambda _: cloudfront_origins.HttpOrigin("a.example.com")),
    "a policy of the CDK": (cloudfront.ICachePolicy, lambda _: cloudfront.CachePolicy.CACHING_OPTIMIZED),
    "a policy of the CDK for requests": (
        cloudfront.IOriginRequestPolicy,
        lambda _: cloudfront.OriginRequestPolicy.ALL_VIEWER,
    ),
    "an API that is imported": (
        apigateway.IRestApi | apigatewayv2.IHttpApi | None,
        lambda stack: apigatewayv2.HttpApi.from_http_api_attributes(stack, "Api", http_api_id="a1"),
    ),
    "an accelerator that is imported": (
        globalaccelerator.IAccelerator,
        lambda stack: globalaccelerator.Accelerator.from_accelerator_attributes(
            stack, "Accelerator", accelerator_arn="arn:aws:globalaccelerator::1:accelerator/a", dns_name="a.b.c"
        ),
    ),
    "an imported function as one that is granted": (
        iam.IGrantable,
        lambda stack: lambda_.Function.from_function_name(stack, "Function", "writer"),
    ),
    "text that only the deploy knows": (str, lambda stack: text_token(stack, "Given")),
    "a number that only the deploy knows": (int, lambda stack: number_token(stack, "Given")),
    "a list that only the deploy knows": (Sequence[str], lambda stack: list_token(stack, "Given")),
    "a fraction": (float, lambda _: 0.5),
    "a whole number for a fraction": (float, lambda _: 5),
    "a time": (Duration | None, lambda _: Duration.seconds(5)),
}


@pytest.mark.parametrize(("accepted", "build"), list(_ACCEPTED.values()), ids=list(_ACCEPTED))
def test_what_the_annotation_says_is_accepted(accepted: Any, build: Build) -> None:
    check_typed("given", build(new_stack()), accepted)


class _Words(enum.StrEnum):
    HTTPS = "HTTPS"
    AUTOMATIC = "automatic"
    HOST = "dc1.example.com"
    IRELAND = "eu-west-1"
    VIRGINIA = "us-east-1"


class _OlderWords(str, enum.Enum):  # noqa: UP042 - as it is written for older Pythons
    HOST = "dc1.example.com"


class _Numbers(enum.IntEnum):
    ATTEMPTS = 3
    PORT = 8443


class _Kept(Mapping[int, str]):
    """A mapping that is no dictionary."""

    def __getitem__(self, key: int) -> str:
        return {503: "/errors/503.html"}[key]

    def __iter__(self) -> Iterator[int]:
        return iter([HTTPStatus.SERVICE_UNAVAILABLE])

    def __len__(self) -> int:
        return 1


def _settings(attempts: int) -> Build:
    return lambda stack: site_of(stack, origin=primary_host().origin(OriginSettings(connection_attempts=attempts)))


#: The same thing, made with members of enumerations and with plain values.
_BY_MEMBERS: dict[str, tuple[Build, Build]] = {
    "status codes in a list": (
        lambda stack: origin_failover(stack, status_codes=[HTTPStatus(code) for code in (502, 503, 504)]),
        lambda stack: origin_failover(stack, status_codes=[502, 503, 504]),
    ),
    "status codes in a tuple": (
        lambda stack: origin_failover(stack, status_codes=(502, HTTPStatus.SERVICE_UNAVAILABLE, 504)),
        lambda stack: origin_failover(stack, status_codes=(502, 503, 504)),
    ),
    "status codes as keys and values": (
        lambda stack: _error_pages(
            stack, {HTTPStatus.SERVICE_UNAVAILABLE: "/errors/503.html"}, HTTPStatus.SERVICE_UNAVAILABLE
        ),
        lambda stack: _error_pages(stack, {503: "/errors/503.html"}, 503),
    ),
    "status codes as keys of another mapping": (
        lambda stack: _error_pages(stack, _Kept(), HTTPStatus.SERVICE_UNAVAILABLE),
        lambda stack: _error_pages(stack, {503: "/errors/503.html"}, 503),
    ),
    "a status and error codes": (
        lambda stack: _graceful(stack, HTTPStatus.SERVICE_UNAVAILABLE, [HTTPStatus.BAD_GATEWAY]),
        lambda stack: _graceful(stack, 503, [502]),
    ),
    "attempts": (_settings(_Numbers.ATTEMPTS), _settings(3)),
    "a protocol, a port and a threshold": (
        in_stack(
            dns_failover,
            primary_health_check=lambda _: HealthCheckSettings(
                protocol=_Words.HTTPS, port=_Numbers.PORT, failure_threshold=_Numbers.ATTEMPTS
            ),
        ),
        in_stack(
            dns_failover,
            primary_health_check=lambda _: HealthCheckSettings(protocol="HTTPS", port=8443, failure_threshold=3),
        ),
    ),
    "a way of failing back": (
        in_stack(dns_failover, failback=_Words.AUTOMATIC),
        in_stack(dns_failover, failback="automatic"),
    ),
    "a host": (
        lambda stack: site_of(stack, origin=Endpoint.http_host(_Words.HOST, https_port=_Numbers.PORT).origin()),
        lambda stack: site_of(stack, origin=Endpoint.http_host("dc1.example.com", https_port=8443).origin()),
    ),
    "a host of an older kind": (
        lambda stack: site_of(stack, origin=Endpoint.http_host(_OlderWords.HOST).origin()),
        lambda stack: site_of(stack, origin=Endpoint.http_host("dc1.example.com").origin()),
    ),
    "Regions as keys": (
        in_stack(latency_routing, members={_Words.IRELAND: primary_host(), _Words.VIRGINIA: secondary_host()}),
        in_stack(latency_routing, members={"eu-west-1": primary_host(), "us-east-1": secondary_host()}),
    ),
}


def _error_pages(stack: cdk.Stack, pages: Mapping[int, str], response_code: int) -> None:
    made = ErrorPages(
        stack,
        "Pages",
        pages=pages,
        error_ttls=dict.fromkeys(pages, Duration.seconds(3)),
        response_codes=dict.fromkeys(pages, response_code),
    )
    ha_patterns.EdgeDistribution(
        stack,
        "Site",
        default_behavior=cloudfront.BehaviorOptions(origin=primary_host().origin()),
        additional_behaviors=made.behaviors,
        error_responses=made.error_responses,
    )


def _graceful(stack: cdk.Stack, status: int, error_codes: Sequence[int]) -> None:
    made = ha_patterns.GracefulResponse(stack, "Graceful", status=status, error_codes=error_codes)
    ha_patterns.EdgeDistribution(
        stack,
        "Site",
        default_behavior=made.behavior(FailoverOriginGroup(primary=primary_host(), secondary=made.endpoint)),
        additional_behaviors=made.behaviors,
        error_responses=made.error_responses,
    )


@pytest.mark.parametrize(("by_members", "plainly"), _BY_MEMBERS.values(), ids=_BY_MEMBERS.keys())
def test_members_of_enumerations_stand_for_their_numbers_and_texts(by_members: Build, plainly: Build) -> None:
    made, wanted = new_stack(), new_stack()
    by_members(made)
    plainly(wanted)

    assert Template.from_stack(made).to_json() == Template.from_stack(wanted).to_json()


# --- a second call ----------------------------------------------------------------------------------------------------


def traffic_switch(stack: cdk.Stack) -> ha_patterns.TrafficSwitch:
    return ha_patterns.TrafficSwitch(stack, "Switch", switch_name="orders")


_WITH_ALARMS = {
    build.__name__: build
    for build in (
        bucket_failover,
        dns_failover,
        guarded_listener,
        home_health_of,
        hybrid_failover,
        latency_routing,
        multi_az_accelerator,
        nearest_bucket,
        origin_failover,
        path_routing,
        traffic_switch,
    )
}


@pytest.mark.parametrize("build", _WITH_ALARMS.values(), ids=_WITH_ALARMS.keys())
def test_alarms_for_the_second_time_are_refused_in_one_line(build: Callable[[cdk.Stack], Any]) -> None:
    # Where the metrics of accelerators are.
    stack = new_stack("us-west-2" if build is multi_az_accelerator else "us-east-1")
    made = build(stack)
    assert made.add_alarms(alarm_topic(stack, stack.region))

    with pytest.raises(ValueError, match=r"\Aadd_alarms must be called once, got a second call on Test/[^\n]*\Z"):
        made.add_alarms(sns.Topic.from_topic_arn(stack, "Second", TOPIC_ARN))


def test_a_call_that_failed_can_be_repeated() -> None:
    stack = new_stack()
    made = dns_failover(stack)
    with pytest.raises(ValueError, match="topic"):
        made.add_alarms(alarm_topic(stack, "eu-west-1"))

    assert made.add_alarms(sns.Topic(stack, "Here"))


# --- what is for users' tests -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("wrong", ["text", None, 5, [1]], ids=repr)
def test_what_is_no_template_is_refused(wrong: Any) -> None:
    with pytest.raises(ValueError, match=r"\Atemplate must be a dictionary from text to anything, got "):
        normalize_template(wrong)


@pytest.mark.parametrize("wrong", [_Stranger(), "text", None], ids=repr)
def test_what_is_no_app_is_refused(wrong: Any) -> None:
    with pytest.raises(ValueError, match=r"\Ascope must be a Stage or a Stack, got "):
        topology_of(wrong)


class _OwnPair(ha_patterns.DnsFailover):
    """Somebody's own, with a constructor of its own."""

    def __init__(self, scope: Construct, construct_id: str, *, shop: str) -> None: ...


def test_help_tells_of_the_constructor_and_nothing_of_the_cdks_process() -> None:
    told = pydoc.render_doc(ha_patterns.DnsFailover, renderer=pydoc.plaintext)  # type: ignore[attr-defined]

    assert "DnsFailover(scope: 'Construct', construct_id: 'str', *, hosted_zone: 'route53.IHostedZone'" in told
    assert ":param" not in told.partition("Methods inherited")[0]
    assert list(inspect.signature(_OwnPair).parameters) == ["scope", "construct_id", "shop"]
