"""Tables of bad input: how a row is written and judged, and what rows of several tables are made of."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import aws_cdk as cdk
import pytest
from _pytest.mark import ParameterSet
from aws_cdk import Duration
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_route53_targets as targets
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns
from aws_cdk.assertions import Template

from ha_patterns import (
    AcceleratorEndpoint,
    Endpoint,
    EndpointGroup,
    EndpointHealthCheck,
    FailoverOriginGroup,
    OriginFailover,
)

from .samples import (
    TOPIC_ARN,
    elastic_ip,
    endpoint_group,
    list_token,
    load_balancer,
    number_token,
    primary_host,
    refused_synth,
    secondary_host,
    seconds_token,
    stack_in,
    text_token,
)

#: Does what a row is about, in a stack.
Build = Callable[[cdk.Stack], Any]

NO_DOMAIN_NAME = "domain_name must be a domain name such as origin.example.com (no scheme, no port, no path), got "
ERROR_CODES = "400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504"
ERRORS_PAGE = "GeneratingCustomErrorResponses.html"


def refused(what: str, build: Build, *says: str, at: str | None = None) -> ParameterSet:
    """A row that is refused.

    Args:
        what: The id of the row.
        build: Does it.
        says: What the refusal must say.
        at: The path of the construct that refuses at synth. Default: it is refused where it is written.
    """
    return pytest.param(build, says, at, id=what)


def accepted(what: str, build: Build) -> ParameterSet:
    """A row that only the deploy can judge: a build that uses the template parameter ``Given``."""
    return pytest.param(build, id=what)


def assert_refused(stack: cdk.Stack, build: Build, says: Sequence[str], at: str | None) -> None:
    """The refusal says the argument, the value, what is allowed and the way out."""
    if at is None:
        with pytest.raises(ValueError, match=r".") as error:
            build(stack)
        message = str(error.value)
    else:
        build(stack)
        message = refused_synth(stack)
    for part in says if at is None else (f"[{at}] ", *says):
        assert part in message, f"{part!r} is not in {message!r}"


def assert_accepted(stack: cdk.Stack, build: Build) -> None:
    """The template refers to the parameter."""
    build(stack)

    resources = json.dumps(Template.from_stack(stack).to_json()["Resources"])
    assert '{"Ref": "Given"}' in resources


def make(function: Callable[..., object], /, **given: Any) -> Build:
    """A build that calls a function; an argument that is a build itself is built before."""
    return lambda stack: function(**built(given, stack))


def in_stack(function: Callable[..., object], /, **given: Any) -> Build:
    """The same of a function whose first argument is the stack."""
    return lambda stack: function(stack, **built(given, stack))


def built(given: Mapping[str, Any], stack: cdk.Stack) -> dict[str, Any]:
    return {name: value(stack) if callable(value) else value for name, value in given.items()}


def elsewhere(build: Build) -> Build:
    """A build in a second stack, of another Region than the edge."""
    return lambda stack: build(stack_in("eu-west-1", stack))


def in_partition(region: str, build: Build) -> Build:
    """A build in the stack of a Region, whose parts are made in it as well."""
    return lambda stack: build(stack_in(region, stack))


def in_seconds(seconds: float) -> Duration:
    return Duration.millis(seconds * 1000)


def host_at(name: str | None, *addresses: str, **given: Any) -> Endpoint:
    return Endpoint.http_host(name, ipv4_addresses=addresses, **given)


def origin_group(**given: Any) -> FailoverOriginGroup:
    return FailoverOriginGroup(**{"primary": primary_host(), "secondary": secondary_host(), **given})


def origin_failover(stack: cdk.Stack, **given: Any) -> OriginFailover:
    return OriginFailover(stack, "Site", **{"primary": primary_host(), "secondary": secondary_host(), **given})


def site_of(stack: cdk.Stack, *, origin: cloudfront.IOrigin, **options: Any) -> cloudfront.Distribution:
    """Someone else's distribution."""
    return cloudfront.Distribution(stack, "Site", default_behavior=cloudfront.BehaviorOptions(origin=origin, **options))


def shop_of(stack: cdk.Stack, *, origin: cloudfront.IOrigin, **options: Any) -> cloudfront.Distribution:
    """Someone else's distribution, which uses an origin for some of its paths."""
    site = site_of(stack, origin=Endpoint.http_host("other.example.com").origin())
    site.add_behavior("/shop/*", origin, **options)
    return site


def add_alarms(*, construct: Any, topic: sns.ITopic, **given: Any) -> object:
    return construct.add_alarms(topic, **given)


def endpoint_check(stack: cdk.Stack, **given: Any) -> EndpointHealthCheck:
    return EndpointHealthCheck(stack, "Check", **given)


def cdk_check(stack: cdk.Stack, **given: Any) -> route53.HealthCheck:
    return route53.HealthCheck(stack, "Check", type=route53.HealthCheckType.HTTPS, **given)


def imported_checks(stack: cdk.Stack, count: int) -> list[route53.IHealthCheck]:
    return [route53.HealthCheck.from_health_check_id(stack, f"Child{n}", f"0c9b5c4e-{n}") for n in range(count)]


def imported_site(stack: cdk.Stack, construct_id: str = "Imported") -> cloudfront.IDistribution:
    return cloudfront.Distribution.from_distribution_attributes(
        stack, construct_id, distribution_id="E2EXAMPLE", domain_name="d111111abcdef8.cloudfront.net"
    )


def bucket_endpoint(stack: cdk.Stack, construct_id: str = "Content") -> Endpoint:
    return Endpoint.bucket(
        s3.Bucket.from_bucket_attributes(stack, construct_id, bucket_name="content", region="eu-west-1")
    )


def api_by_name() -> Endpoint:
    return Endpoint.api_gateway(domain_name="api.example.com")


def alarm_topic(stack: cdk.Stack, region: str = "us-east-1") -> sns.ITopic:
    return sns.Topic.from_topic_arn(stack, "Topic", TOPIC_ARN.replace("us-east-1", region))


def accelerated(_: cdk.Stack) -> Endpoint:
    return Endpoint.http_host(
        "b.example.com", alias_target=targets.GlobalAcceleratorDomainTarget("a1.awsglobalaccelerator.com")
    )


def load_balanced(stack: cdk.Stack) -> Endpoint:
    return Endpoint.load_balancer(load_balancer(stack), domain_name="a.example.com")


def behind_cloudfront(stack: cdk.Stack) -> Endpoint:
    site = site_of(stack, origin=primary_host().origin())
    return Endpoint.http_host("cdn.example.com", alias_target=targets.CloudFrontTarget(site))


def accelerator_group(stack: cdk.Stack, region: str = "us-east-1", **given: Any) -> EndpointGroup:
    return endpoint_group(stack, region, **given)


def address_group(stack: cdk.Stack, **given: Any) -> EndpointGroup:
    return accelerator_group(stack, endpoints=[AcceleratorEndpoint.elastic_ip(elastic_ip(stack))], **given)


TEXT, NUMBER, TIME, LIST = (
    in_stack(token, construct_id="Given") for token in (text_token, number_token, seconds_token, list_token)
)
