"""Apps with unusual arguments: what the checks find in those that are accepted, and why others are refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_s3 as s3

from ha_patterns import (
    AcceleratorEndpoint,
    AlarmHealthCheck,
    CalculatedHealthCheck,
    EdgeDistribution,
    Endpoint,
    EndpointGroup,
    EndpointHealthCheck,
    FailoverOriginGroup,
    HealthCheckSettings,
    MultiRegionAccelerator,
    OriginFailover,
    OriginSettings,
    PathRoute,
    PathRouting,
    StaleContent,
)

from ..samples import (
    certificate,
    closed_listener,
    dns_failover,
    guarded_listener,
    home_health_of,
    imported_balancer,
    latency_routing,
    listening,
    metric_alarm,
    new_balancer,
    primary_host,
    secondary_host,
    stack_in,
    target_group,
    tenant_router,
    zone_of,
)

_ALL_VIEWER: dict[str, Any] = {
    "cache_policy": cloudfront.CachePolicy.CACHING_DISABLED,
    "origin_request_policy": cloudfront.OriginRequestPolicy.ALL_VIEWER,
}


@dataclass(frozen=True)
class Unusual:
    """An app, with the rules that find something in it.

    Attributes:
        app: What makes the app in a stack.
        rules: The rules, at ``warning`` or above.
    """

    app: Callable[[cdk.Stack], object]
    rules: frozenset[str]

    def __str__(self) -> str:
        return self.app.__name__.removeprefix("_")


UNUSUAL: list[Unusual] = []
#: Apps that are refused, with a part of the message.
REFUSED: dict[str, tuple[Callable[[cdk.Stack], object], str]] = {}


def _finds(*rules: str) -> Callable[[Callable[[cdk.Stack], object]], Callable[[cdk.Stack], object]]:
    """Put an app into the table."""

    def put(app: Callable[[cdk.Stack], object]) -> Callable[[cdk.Stack], object]:
        UNUSUAL.append(Unusual(app, frozenset(rules)))
        return app

    return put


def _is_refused(message: str) -> Callable[[Callable[[cdk.Stack], object]], Callable[[cdk.Stack], object]]:
    """Put an app into the table of those that are refused."""

    def put(app: Callable[[cdk.Stack], object]) -> Callable[[cdk.Stack], object]:
        REFUSED[app.__name__.removeprefix("_")] = (app, message)
        return app

    return put


def _text(stack: cdk.Stack, default: str, construct_id: str = "Text") -> str:
    """A parameter that is a text, with a default."""
    return cdk.CfnParameter(stack, construct_id, default=default).value_as_string


def _number(stack: cdk.Stack, default: int, construct_id: str = "Number") -> Any:
    """A parameter that is a number, with a default."""
    return cdk.CfnParameter(stack, construct_id, type="Number", default=default).value_as_number


def _site(
    stack: cdk.Stack,
    origin: cloudfront.IOrigin,
    behavior: dict[str, Any] | None = None,
    **given: Any,
) -> EdgeDistribution:
    options = cloudfront.BehaviorOptions(origin=origin, **(behavior or {}))
    return EdgeDistribution(stack, "Site", default_behavior=options, **given)


# --- error responses of a distribution --------------------------------------------------------------------------------


@_finds("HA022")
def _page_of_the_failed_origin(stack: cdk.Stack) -> None:
    page = cloudfront.ErrorResponse(http_status=503, response_http_status=503, response_page_path="/503.html")
    _site(stack, primary_host().origin(), error_responses=[page])


@_finds("HA024")
def _errors_that_are_not_kept(stack: cdk.Stack) -> None:
    kept = {"cache_policy": cloudfront.CachePolicy.CACHING_OPTIMIZED}
    unkept = cloudfront.ErrorResponse(http_status=503, ttl=cdk.Duration.seconds(0))
    _site(stack, primary_host().origin(), kept, error_responses=[unkept])


@_finds("HA024")
def _errors_that_a_default_does_not_keep(stack: cdk.Stack) -> None:
    time = cdk.Duration.seconds(_number(stack, 0))
    stale = StaleContent(stack, "Stale", origin=primary_host().origin(), error_ttl=time)
    EdgeDistribution(stack, "Site", default_behavior=stale.behavior, error_responses=stale.error_responses)


@_finds("HA023")
def _masked_errors_of_an_api(stack: cdk.Stack) -> None:
    writes = cloudfront.AllowedMethods.ALLOW_ALL
    api = cloudfront.BehaviorOptions(
        origin=primary_host().origin(),
        allowed_methods=writes,
        cache_policy=cloudfront.CachePolicy.CACHING_DISABLED,
    )
    start = cloudfront.ErrorResponse(http_status=404, response_http_status=200, response_page_path="/index.html")
    content = Endpoint.bucket(s3.Bucket(stack, "Content")).origin()
    _site(stack, content, additional_behaviors={"/api/*": api}, error_responses=[start])


# --- the viewer's Host at what answers to its own name only -----------------------------------------------------------

_API = "a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com"


@_finds("HA031")
def _viewers_host_at_an_api(stack: cdk.Stack) -> None:
    _site(stack, Endpoint.http_host(_API).origin(), _ALL_VIEWER)


@_finds("HA031")
def _viewers_host_at_an_api_behind_a_name(stack: cdk.Stack) -> None:
    other = Endpoint.http_host("f6g7h8i9j0.execute-api.eu-central-1.amazonaws.com")
    _site(stack, dns_failover(stack, primary=Endpoint.http_host(_API), secondary=other).origin(), _ALL_VIEWER)


@_finds("HA031")
def _viewers_host_at_an_api_by_default(stack: cdk.Stack) -> None:
    _site(stack, Endpoint.http_host(_text(stack, _API)).origin(), _ALL_VIEWER)


@_finds("HA031")
def _viewers_host_at_an_api_of_this_region(stack: cdk.Stack) -> None:
    name = f"{cdk.Fn.import_value('api')}.execute-api.eu-west-1.{cdk.Aws.URL_SUFFIX}"
    _site(stack, Endpoint.http_host(name).origin(), _ALL_VIEWER)


@_finds("HA031")
def _viewers_host_at_a_function(stack: cdk.Stack) -> None:
    function = lambda_.Function(
        stack,
        "Function",
        runtime=lambda_.Runtime.PYTHON_3_14,
        handler="index.handler",
        code=lambda_.Code.from_inline("handler = None"),
    )
    url = function.add_function_url(auth_type=lambda_.FunctionUrlAuthType.NONE)
    _site(stack, Endpoint.http_host(cdk.Fn.select(2, cdk.Fn.split("/", url.url))).origin(), _ALL_VIEWER)


@_finds("HA031")
def _viewers_host_at_a_function_of_the_cdk(stack: cdk.Stack) -> None:
    origin = origins.HttpOrigin("abc.lambda-url.eu-west-1.on.aws")
    endpoint = Endpoint.from_origin(origin, accepts_viewer_host=True)
    _site(stack, FailoverOriginGroup(primary=endpoint, secondary=secondary_host()), _ALL_VIEWER)


@_finds("HA031")
def _viewers_host_at_a_bucket(stack: cdk.Stack) -> None:
    _site(stack, Endpoint.http_host("content.s3.eu-west-1.amazonaws.com").origin(), _ALL_VIEWER)


@_finds("HA031")
def _viewers_host_in_the_key(stack: cdk.Stack) -> None:
    key = cloudfront.CacheHeaderBehavior.allow_list("Host")
    stale = StaleContent(stack, "Stale", origin=Endpoint.http_host(_API).origin(), header_behavior=key)
    EdgeDistribution(stack, "Site", default_behavior=stale.behavior, error_responses=stale.error_responses)


@_finds("HA031")
def _viewers_host_on_a_path(stack: cdk.Stack) -> None:
    routes = [
        PathRoute(path="/a/*", to=Endpoint.http_host(_API), origin_request_policy=_ALL_VIEWER["origin_request_policy"]),
        PathRoute(path="*", to=primary_host()),
    ]
    PathRouting(stack, "Paths", routes=routes, domain_name="www.example.com", certificate=certificate(stack))


@_finds("HA013")
def _bucket_by_its_host_name(stack: cdk.Stack) -> None:
    first, second = (f"content.s3.{region}.amazonaws.com" for region in ("eu-west-1", "eu-central-1"))
    OriginFailover(stack, "Site", primary=Endpoint.http_host(first), secondary=Endpoint.http_host(second))


@_is_refused("an S3 website answers over HTTP only")
def _website_over_https(stack: cdk.Stack) -> None:
    _site(stack, Endpoint.http_host("content.s3-website-eu-west-1.amazonaws.com").origin())


@_is_refused("API Gateway answers over HTTPS only")
def _api_over_http(stack: cdk.Stack) -> None:
    _site(stack, Endpoint.http_host(_API, protocol_policy=cloudfront.OriginProtocolPolicy.HTTP_ONLY).origin())


@_is_refused("bucket must be imported with its own Region, eu-west-1, got eu-central-1")
def _bucket_of_another_region(stack: cdk.Stack) -> None:
    s3.Bucket(stack_in("eu-west-1", stack), "Content", bucket_name="content-1")
    imported = s3.Bucket.from_bucket_attributes(stack, "Content", bucket_name="content-1", region="eu-central-1")
    _site(stack, Endpoint.bucket(imported).origin())


# --- a load balancer by its own name, and its certificates ------------------------------------------------------------


def _secure(stack: cdk.Stack, **given: Any) -> elbv2.ApplicationLoadBalancer:
    """A load balancer with a certificate for another name."""
    own = acm.Certificate(stack, "Own", domain_name="other.example.com", validation=None)
    balancer = new_balancer(stack, **given)
    balancer.add_listener(
        "Listener",
        port=443,
        protocol=elbv2.ApplicationProtocol.HTTPS,
        certificates=[own],
        default_target_groups=[target_group(stack)],
    )
    return balancer


def _plain(stack: cdk.Stack, port: int) -> elbv2.ApplicationLoadBalancer:
    return listening(new_balancer(stack), port)


@_is_refused("for other.example.com")
def _certificate_for_neither_name_nor_host(stack: cdk.Stack) -> None:
    origin = Endpoint.load_balancer(_secure(stack), domain_name="lb.example.com").origin()
    named = {"domain_name": "www.example.com", "certificate": certificate(stack)}
    _site(stack, origin, _ALL_VIEWER, **named)


@_is_refused("for other.example.com")
def _certificate_for_no_name_of_aws(stack: cdk.Stack) -> None:
    _site(stack, Endpoint.http_host(_secure(stack).load_balancer_dns_name).origin())


@_is_refused("listens at 80")
def _own_name_at_a_closed_port(stack: cdk.Stack) -> None:
    _site(stack, Endpoint.http_host(_plain(stack, 80).load_balancer_dns_name).origin())


@_is_refused("listens at 8080")
def _own_name_of_the_cdk_at_a_closed_port(stack: cdk.Stack) -> None:
    endpoint = Endpoint.from_origin(origins.LoadBalancerV2Origin(_plain(stack, 8080)))
    _site(stack, FailoverOriginGroup(primary=endpoint, secondary=secondary_host()))


@_is_refused("domain_name must be a host that faces the internet")
def _own_name_of_an_internal_load_balancer(stack: cdk.Stack) -> None:
    Endpoint.http_host(new_balancer(stack, internet_facing=False).load_balancer_dns_name)


@_is_refused("domain_name must be a host that faces the internet")
def _check_of_an_internal_load_balancer(stack: cdk.Stack) -> None:
    balancer = new_balancer(stack, internet_facing=False)
    EndpointHealthCheck(stack, "Check", domain_name=balancer.load_balancer_dns_name)


@_finds("HA231")
def _check_of_an_own_name_at_a_closed_port(stack: cdk.Stack) -> None:
    EndpointHealthCheck(stack, "Check", domain_name=_plain(stack, 8080).load_balancer_dns_name)


@_finds("HA231")
def _member_by_its_own_name_at_a_closed_port(stack: cdk.Stack) -> None:
    members = {
        "us-east-1": Endpoint.http_host(_plain(stack, 8080).load_balancer_dns_name),
        "eu-west-1": Endpoint.http_host("eu.example.com"),
    }
    latency_routing(stack, members=members)


@_finds("HA227")
def _check_of_a_guarded_own_name(stack: cdk.Stack) -> None:
    balancer = new_balancer(stack)
    guarded_listener(stack, listener=closed_listener(stack, load_balancer=balancer))
    settings = HealthCheckSettings(path="/other")
    EndpointHealthCheck(stack, "Check", domain_name=balancer.load_balancer_dns_name, settings=settings)


# --- alarms by name ---------------------------------------------------------------------------------------------------


@_is_refused("the statistic of alarm must be one of")
def _percentile_by_name(stack: cdk.Stack) -> None:
    metric_alarm(stack_in("eu-west-1", stack), statistic="p90")
    AlarmHealthCheck(stack, "Check", alarm_name="shop-errors", alarm_region="eu-west-1")


@_is_refused("the period of alarm must be at least 60 s")
def _short_period_by_token(stack: cdk.Stack) -> None:
    alarm = metric_alarm(stack, period=cdk.Duration.seconds(10), alarm_name=None)
    AlarmHealthCheck(stack, "Check", alarm_name=alarm.alarm_name, alarm_region="us-east-1")


@_is_refused("datapoints_to_alarm of alarm must be all 2 evaluation_periods")
def _some_datapoints_of_an_import(stack: cdk.Stack) -> None:
    metric_alarm(stack, datapoints_to_alarm=1)
    arn = "arn:aws:cloudwatch:us-east-1:123456789012:alarm:shop-errors"
    AlarmHealthCheck(stack, "Check", alarm=cloudwatch.Alarm.from_alarm_arn(stack, "Imported", arn))


@_finds()
def _namesake_in_another_region(stack: cdk.Stack) -> None:
    metric_alarm(stack_in("eu-west-1", stack), statistic="p90")
    AlarmHealthCheck(stack, "Check", alarm_name="shop-errors", alarm_region="us-east-1")


# --- the defaults of parameters ---------------------------------------------------------------------------------------


def _group(**given: Any) -> FailoverOriginGroup:
    return FailoverOriginGroup(primary=primary_host(), secondary=secondary_host(), **given)


@_finds("HA009", "HA032")
def _default_hosts_of_one_region(stack: cdk.Stack) -> None:
    hosts = [Endpoint.http_host(_text(stack, f"{name}.eu-west-1.elb.amazonaws.com", name)) for name in ("a", "b")]
    _site(stack, FailoverOriginGroup(primary=hosts[0], secondary=hosts[1]))


@_finds("HA010", "HA011")
def _default_attempts(stack: cdk.Stack) -> None:
    _site(stack, _group(primary_settings=OriginSettings(connection_attempts=_number(stack, 7))))


@_finds("HA010", "HA017")
def _default_response_timeout(stack: cdk.Stack) -> None:
    _site(stack, _group(primary_settings=OriginSettings(response_timeout=cdk.Duration.seconds(_number(stack, 200)))))


@_finds("HA012")
def _default_completion_timeout(stack: cdk.Stack) -> None:
    cap = cdk.Duration.seconds(_number(stack, 2))
    _site(stack, _group(primary_settings=OriginSettings(response_completion_timeout=cap)))


@_finds("HA204")
def _default_ttl(stack: cdk.Stack) -> None:
    dns_failover(stack, ttl=cdk.Duration.seconds(_number(stack, 900)))


@_finds("HA204")
def _default_ttl_of_latency_records(stack: cdk.Stack) -> None:
    latency_routing(stack, ttl=cdk.Duration.seconds(_number(stack, 900)))


@_finds("HA204")
def _default_ttl_of_homes(stack: cdk.Stack) -> None:
    home_health_of(stack, ttl=cdk.Duration.seconds(_number(stack, 900)))


@_finds("HA225")
def _default_threshold_of_one(stack: cdk.Stack) -> None:
    settings = HealthCheckSettings(failure_threshold=_number(stack, 1))
    EndpointHealthCheck(stack, "Check", domain_name="a.example.com", settings=settings)


@_finds("HA220")
def _default_search_string(stack: cdk.Stack) -> None:
    settings = HealthCheckSettings(search_string=_text(stack, "x" * 300))
    EndpointHealthCheck(stack, "Check", domain_name="a.example.com", settings=settings)


@_finds("HA226")
def _default_address(stack: cdk.Stack) -> None:
    EndpointHealthCheck(stack, "Check", ip_address=_text(stack, "10.0.0.1"))


@_finds("HA222")
def _default_share_of_children(stack: cdk.Stack) -> None:
    children = [EndpointHealthCheck(stack, name, domain_name=f"{name}.example.com") for name in ("one", "two")]
    CalculatedHealthCheck(stack, "All", child_health_checks=children, health_threshold=_number(stack, 3))


@_finds("HA210")
def _default_name_of_both(stack: cdk.Stack) -> None:
    first, second = (Endpoint.http_host(_text(stack, "a.example.com", name)) for name in ("First", "Second"))
    dns_failover(stack, primary=first, secondary=second)


@_finds("HA210")
def _default_address_of_both(stack: cdk.Stack) -> None:
    hosts = [
        Endpoint.http_host(f"{name}.example.com", ipv4_addresses=[_text(stack, "203.0.113.5", name)])
        for name in ("a", "b")
    ]
    dns_failover(stack, primary=hosts[0], secondary=hosts[1])


@_finds("HA213")
def _default_host_of_another_region(stack: cdk.Stack) -> None:
    far = Endpoint.http_host(_text(stack, "a.ap-south-1.elb.amazonaws.com"))
    latency_routing(stack, members={"eu-west-1": far, "us-east-1": Endpoint.http_host("b.example.com")})


@_finds("HA223")
def _default_shared_name(stack: cdk.Stack) -> None:
    own = Endpoint.http_host("origin.example.com", ipv4_addresses=["203.0.113.1"])
    dns_failover(stack, record_name=_text(stack, "origin.example.com"), primary=own)


@_finds("HA212")
def _default_check_of_both(stack: cdk.Stack) -> None:
    one = EndpointHealthCheck(stack, "One", domain_name="check.example.com")
    other = EndpointHealthCheck(stack, "Other", domain_name=_text(stack, "check.example.com"))
    dns_failover(stack, primary_health_check=one, secondary_health_check=other)


@_finds("HA008")
def _default_hosts_below_the_wildcard(stack: cdk.Stack) -> None:
    hosts = [Endpoint.http_host(_text(stack, f"{name}.example.com", name)) for name in ("a", "b")]
    site: dict[str, Any] = {"domain_name": "*.example.com", "hosted_zone": zone_of(stack)}
    OriginFailover(stack, "Site", primary=hosts[0], secondary=hosts[1], **site)


def _accelerator(stack: cdk.Stack, weight: bool = False, **of_group: Any) -> None:
    groups = [
        EndpointGroup(
            region=region,
            endpoints=[
                AcceleratorEndpoint.application_load_balancer(
                    imported_balancer(stack, region),
                    **({"weight": _number(stack, 0, f"Weight{index}")} if weight else {}),
                )
            ],
            **{name: _number(stack, value, f"{name}{index}") for name, value in of_group.items()},
        )
        for index, region in enumerate(("eu-west-1", "us-east-1"))
    ]
    MultiRegionAccelerator(stack, "Accelerator", endpoint_groups=groups)


@_finds("HA305")
def _default_weights_of_0(stack: cdk.Stack) -> None:
    _accelerator(stack, weight=True)


@_finds("HA303")
def _default_dials_of_0(stack: cdk.Stack) -> None:
    _accelerator(stack, traffic_dial=0)


@_finds("HA308", "HA309")
def _default_regions_of_groups(stack: cdk.Stack) -> None:
    groups = [
        EndpointGroup(
            region=_text(stack, "eu-west-1", f"Region{index}"),
            endpoints=[AcceleratorEndpoint.application_load_balancer(imported_balancer(stack, region))],
        )
        for index, region in enumerate(("eu-west-1", "us-east-1"))
    ]
    MultiRegionAccelerator(stack, "Accelerator", endpoint_groups=groups)


@_finds("HA105")
def _default_memory(stack: cdk.Stack) -> None:
    behavior = tenant_router(stack, memory_size=_number(stack, 20_000)).behavior()
    EdgeDistribution(stack, "Site", default_behavior=behavior)


# --- two of one name --------------------------------------------------------------------------------------------------


@_finds("HA202", "HA203", "HA251")
def _two_pairs_of_one_name(stack: cdk.Stack) -> None:
    dns_failover(stack)
    hosts = {
        place: Endpoint.http_host(f"{place}.example.net", ipv4_addresses=[address])
        for place, address in (("primary", "203.0.113.7"), ("secondary", "203.0.113.8"))
    }
    dns_failover(stack_in("us-east-1", stack), ttl=cdk.Duration.seconds(5), **hosts)
