"""Origins of the CDK and VPC origins, as members of a group in somebody's distribution."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import jsii
import pytest
from aws_cdk import Duration
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_s3 as s3
from aws_cdk.assertions import Template

from ha_patterns import (
    DeclaredOrigins,
    DnsFailover,
    EdgeFunction,
    Endpoint,
    FailoverOriginGroup,
    OriginFailover,
    OriginGuard,
    OriginSettings,
)
from ha_patterns.checks import Severity, check
from ha_patterns.testing import topology_of

from ..samples import distribution_config, new_stack, primary_host, refused_synth, warnings_of, zone_of

_HTTP = origins.HttpOrigin
_REPLACED = "@ha-patterns/origin:replaced-settings"


def _group(stack: cdk.Stack, primary: Endpoint, secondary: Endpoint | None = None, **given: Any) -> dict[str, Any]:
    """The distribution of a group, as its template has it."""
    group = FailoverOriginGroup(primary=primary, secondary=secondary or primary_host(), **given)
    cloudfront.Distribution(stack, "Site", default_behavior=cloudfront.BehaviorOptions(origin=group))
    return distribution_config(Template.from_stack(stack))


def _function_url(stack: cdk.Stack) -> cloudfront.IOrigin:
    function = lambda_.Function(
        stack,
        "Function",
        runtime=lambda_.Runtime.PYTHON_3_13,
        handler="index.handler",
        code=lambda_.Code.from_inline("def handler(event, context): return 'ok'"),
    )
    url = function.add_function_url(auth_type=lambda_.FunctionUrlAuthType.AWS_IAM)
    return origins.FunctionUrlOrigin.with_origin_access_control(url)


def _private(stack: cdk.Stack) -> cloudfront.IVpcOrigin:
    return cloudfront.VpcOrigin.from_vpc_origin_attributes(
        stack, "Private", vpc_origin_id="vo_1", domain_name="internal-a.eu-west-1.elb.amazonaws.com"
    )


def test_an_origin_of_the_cdk_is_a_member_with_the_settings_of_the_group_and_all_else_of_its_own() -> None:
    stack = new_stack()
    guard = OriginGuard(name="shop/guard", health_path="/health")
    own = _HTTP(
        "a.example.com",
        origin_path="/v1",
        http_port=8080,
        origin_shield_region="eu-west-1",
        custom_headers={"x-own": "1", "X-HA-Origin-Role": "mine"},
        keepalive_timeout=Duration.seconds(30),
    )

    config = _group(stack, Endpoint.from_origin(own, guard=guard), status_codes=[500, 502, 503, 504])

    primary = config["Origins"][0]
    headers = {each["HeaderName"]: each["HeaderValue"] for each in primary["OriginCustomHeaders"]}
    assert (headers.pop("x-own"), headers.pop("x-ha-origin-role")) == ("1", "primary")
    assert list(headers) == list(guard.headers)
    assert (primary["DomainName"], primary["OriginPath"]) == ("a.example.com", "/v1")
    assert primary["OriginShield"] == {"Enabled": True, "OriginShieldRegion": "eu-west-1"}
    assert (primary["ConnectionAttempts"], primary["ConnectionTimeout"]) == (2, 2)
    assert primary["CustomOriginConfig"] == {
        "HTTPPort": 8080,
        "OriginKeepaliveTimeout": 30,
        "OriginProtocolPolicy": "https-only",
        "OriginReadTimeout": 5,
        "OriginSSLProtocols": ["TLSv1.2"],
    }
    assert [group["Members"]["Quantity"] for group in config["OriginGroups"]["Items"]] == [2]
    assert _REPLACED not in {warning for _, warning in warnings_of(stack)}


def test_what_the_group_replaces_is_warned_of() -> None:
    stack = new_stack()
    own = _HTTP("a.example.com", connection_attempts=3, read_timeout=Duration.seconds(60))

    config = _group(stack, Endpoint.from_origin(own))

    assert (config["Origins"][0]["ConnectionAttempts"], config["Origins"][0]["ConnectionTimeout"]) == (2, 2)
    assert ("/Test/Site", _REPLACED) in warnings_of(stack)


def test_outside_of_a_group_an_origin_keeps_its_settings_and_its_wait_is_unknown() -> None:
    stack = new_stack()
    origin = Endpoint.from_origin(_HTTP("a.example.com", connection_attempts=1)).origin()
    cloudfront.Distribution(stack, "Site", default_behavior=cloudfront.BehaviorOptions(origin=origin))

    config = distribution_config(Template.from_stack(stack))["Origins"][0]

    assert config["ConnectionAttempts"] == 1
    assert "OriginReadTimeout" not in config["CustomOriginConfig"]
    assert "OriginCustomHeaders" not in config
    with pytest.raises(
        ValueError, match=r"settings are missing: how long CloudFront waits for Endpoint\(a.example.com"
    ):
        _ = origin.longest_wait
    own = Endpoint.from_origin(_HTTP("b.example.com")).origin(OriginSettings.fail_fast())
    assert own.longest_wait.to_seconds() == 14


def test_a_function_url_a_bucket_and_a_vpc_origin_are_members_that_the_checks_accept() -> None:
    stack = new_stack()
    bucket = s3.Bucket(stack, "Bucket")
    for number, (primary, secondary) in enumerate(
        (
            (Endpoint.from_origin(_function_url(stack)), Endpoint.http_host("a.example.com")),
            (
                Endpoint.from_origin(origins.S3BucketOrigin.with_origin_access_control(bucket)),
                Endpoint.from_origin(_HTTP("b.example.com")),
            ),
            (
                Endpoint.vpc_origin(_private(stack), domain_name="c.example.com", origin_path="/v1"),
                Endpoint.http_host("d.example.com"),
            ),
        )
    ):
        OriginFailover(stack, f"Site{number}", primary=primary, secondary=secondary)

    found = Template.from_stack(stack).find_resources("AWS::CloudFront::Distribution").values()
    by_url, by_bucket, private = (each["Properties"]["DistributionConfig"] for each in found)
    actions = Template.from_stack(stack).find_resources("AWS::Lambda::Permission").values()

    assert {each["Properties"]["Action"] for each in actions} == {"lambda:InvokeFunctionUrl", "lambda:InvokeFunction"}
    assert by_url["Origins"][0]["CustomOriginConfig"]["OriginReadTimeout"] == 5
    assert by_url["OriginGroups"]["Items"][0]["FailoverCriteria"]["StatusCodes"]["Items"] == [500, 502, 503, 504]
    assert by_bucket["Origins"][0]["S3OriginConfig"]["OriginReadTimeout"] == 5
    assert by_bucket["OriginGroups"]["Items"][0]["FailoverCriteria"]["StatusCodes"]["Items"][:2] == [403, 404]
    assert (private["Origins"][0]["DomainName"], private["Origins"][0]["OriginPath"]) == ("c.example.com", "/v1")
    assert private["Origins"][0]["VpcOriginConfig"] == {
        "OriginKeepaliveTimeout": 5,
        "OriginReadTimeout": 5,
        "VpcOriginId": "vo_1",
    }
    found_by = [finding for finding in check(topology_of(stack)).findings if finding.rule.severity > Severity.NOTE]
    assert [(finding.rule.id, finding.message) for finding in found_by] == []


def test_an_origin_takes_the_id_that_the_group_asks_for() -> None:
    group = FailoverOriginGroup(
        primary=Endpoint.from_origin(_HTTP("a.example.com", origin_id="own")),
        secondary=Endpoint.from_origin(_HTTP("b.example.com")),
        origin_id="reads",
    )
    stack = new_stack()
    cloudfront.Distribution(stack, "Site", default_behavior=cloudfront.BehaviorOptions(origin=group))

    config = distribution_config(Template.from_stack(stack))

    assert [each["Id"] for each in config["Origins"]] == ["reads-primary", "reads-secondary"]


def test_two_origins_of_one_name_are_refused_when_a_distribution_has_learnt_it() -> None:
    stack = new_stack()
    primary, secondary = (Endpoint.from_origin(_HTTP(name)) for name in ("a.example.com", "A.example.com"))
    assert primary.domain_name is None
    cloudfront.Distribution(
        stack,
        "Site",
        default_behavior=cloudfront.BehaviorOptions(origin=FailoverOriginGroup(primary=primary, secondary=secondary)),
    )

    assert "secondary must be another place than primary" in refused_synth(stack)
    assert primary.domain_name == "a.example.com"


def test_two_origins_whose_names_tell_one_region_are_warned_of() -> None:
    stack = new_stack()
    names = (f"{name}.execute-api.eu-west-1.amazonaws.com" for name in ("a", "b"))
    primary, secondary = (Endpoint.from_origin(_HTTP(name)) for name in names)

    _group(stack, primary, secondary)

    assert ("/Test/Site", "@ha-patterns/origin-failover:one-region") in warnings_of(stack)


def test_the_viewers_host_reaches_an_origin_only_if_it_is_said_to_take_it() -> None:
    for accepts, refused in ((False, True), (True, False)):
        stack = new_stack()
        origin = Endpoint.from_origin(_HTTP("a.example.com"), accepts_viewer_host=accepts).origin()
        policy = cloudfront.OriginRequestPolicy.ALL_VIEWER
        behavior = cloudfront.BehaviorOptions(origin=origin, origin_request_policy=policy)
        cloudfront.Distribution(stack, "Site", default_behavior=behavior)
        if refused:
            assert "answers to its own name only" in refused_synth(stack)
        else:
            assert Template.from_stack(stack)


@pytest.mark.parametrize(
    "origin",
    [
        lambda stack: Endpoint.vpc_origin(_private(stack)),
        lambda stack: Endpoint.from_origin(origins.VpcOrigin.with_vpc_origin(_private(stack))),
    ],
)
def test_lambda_at_origin_events_in_front_of_a_vpc_origin_is_refused(origin: Callable[[cdk.Stack], Endpoint]) -> None:
    stack = new_stack()
    function = EdgeFunction(
        stack,
        "Edge",
        function="undecided_response",
        event_type=cloudfront.LambdaEdgeEventType.ORIGIN_RESPONSE,
        configuration={},
    )
    behavior = cloudfront.BehaviorOptions(origin=origin(stack).origin(), edge_lambdas=[function.edge_lambda])
    cloudfront.Distribution(stack, "Site", default_behavior=behavior)

    assert "has Lambda@Edge at origin request or response in front of a VPC origin" in refused_synth(stack)


@jsii.implements(cloudfront.IOrigin)
class _Odd:
    """An origin of somebody else's that answers with something odd."""

    def __init__(self, bound: Any) -> None:
        self._bound = bound

    def bind(self, _scope: Any, *, origin_id: str, distribution_id: str | None = None) -> Any:
        del origin_id, distribution_id
        return self._bound


@pytest.mark.parametrize(
    ("build", "said"),
    [
        pytest.param(
            lambda _: Endpoint.from_origin(
                origins.OriginGroup(primary_origin=_HTTP("a.example.com"), fallback_origin=_HTTP("b.example.com"))
            ),
            "origin must be a single origin, got 'OriginGroup': an origin group has two origins and no groups",
            id="a group",
        ),
        pytest.param(
            lambda _: Endpoint.from_origin(
                FailoverOriginGroup(primary=primary_host(), secondary=Endpoint.http_host("z.example.com"))
            ),
            "origin must be a single origin, got 'FailoverOriginGroup'",
            id="a group of this library",
        ),
        pytest.param(
            lambda _: Endpoint.from_origin(primary_host().origin()),
            "got 'EndpointOrigin': give the endpoint that it is of itself",
            id="an endpoint's origin",
        ),
        pytest.param(
            lambda _: Endpoint.from_origin(_HTTP("a.example.com"), domain_name="https://a.example.com"),
            "domain_name must be",
            id="a URL",
        ),
        pytest.param(
            lambda stack: Endpoint.vpc_origin(cloudfront.VpcOrigin.from_vpc_origin_id(stack, "Private", "vo_1")),
            "domain_name is missing: an imported VPC origin does not tell the name",
            id="a VPC origin without a name",
        ),
        pytest.param(
            lambda stack: Endpoint.vpc_origin(_private(stack), origin_path="v1"), "origin_path must", id="a bad path"
        ),
        pytest.param(
            lambda stack: DeclaredOrigins({"a": Endpoint.vpc_origin(_private(stack))}),
            "origins['a'] must be an endpoint that an edge function can name",
            id="a VPC origin behind a router",
        ),
        pytest.param(
            lambda _: DeclaredOrigins({"a": Endpoint.from_origin(_HTTP("a.example.com"))}),
            "origins['a'] must be an endpoint that an edge function can name",
            id="an origin behind a router",
        ),
        pytest.param(
            lambda stack: DnsFailover(
                stack,
                "Dns",
                hosted_zone=zone_of(stack),
                record_name="api",
                primary=Endpoint.from_origin(_HTTP("a.example.com"), domain_name="a.example.net"),
                secondary=Endpoint.http_host("b.example.net"),
            ),
            "primary must be reached by a record and a health check, got Endpoint(a.example.net)",
            id="an origin behind a record",
        ),
    ],
)
def test_what_cannot_be_adapted_is_refused(build: Callable[[cdk.Stack], Any], said: str) -> None:
    with pytest.raises(ValueError) as error:
        build(new_stack())

    assert said in str(error.value)


@pytest.mark.parametrize(
    ("bound", "said"),
    [
        (
            cloudfront.OriginBindConfig(
                failover_config=cloudfront.OriginFailoverConfig(failover_origin=_HTTP("b.example.com"))
            ),
            "origin must be an origin, got 'a group'",
        ),
        (cloudfront.OriginBindConfig(), "origin must be one whose bind returns an OriginProperty"),
    ],
)
def test_an_origin_of_somebody_else_is_read_when_it_is_used(bound: Any, said: str) -> None:
    origin = Endpoint.from_origin(_Odd(bound)).origin()

    with pytest.raises(ValueError) as error:
        origin.bind(new_stack(), origin_id="a")

    assert said in str(error.value)
