"""An endpoint knows what CloudFront needs to connect to it, and what a DNS record needs to point at it."""

from __future__ import annotations

from collections.abc import Callable

import aws_cdk as cdk
import pytest
from aws_cdk import Duration
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_apigatewayv2 as apigatewayv2
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as cloudfront_origins
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from aws_cdk import aws_route53_targets as targets
from aws_cdk import aws_s3 as s3
from aws_cdk.assertions import Match, Template

from ha_patterns import Endpoint, OriginSettings

from ..samples import (
    Properties,
    accelerator,
    distribution_config,
    group_members,
    headers_of,
    http_domain,
    load_balancer,
    logical_id,
    new_balancer,
    new_stack,
    primary_host,
    refused_synth,
    rest_api,
    rest_domain,
)

_SETTINGS = OriginSettings(
    connection_attempts=2,
    connection_timeout=Duration.seconds(3),
    response_timeout=Duration.seconds(41),
    keepalive_timeout=Duration.seconds(52),
    response_completion_timeout=Duration.seconds(63),
)


def _rendered(stack: cdk.Stack, origin: cloudfront.IOrigin) -> Properties:
    """An origin as the one of a distribution, in the template."""
    cloudfront.Distribution(stack, "Site", default_behavior=cloudfront.BehaviorOptions(origin=origin))
    (found,) = distribution_config(Template.from_stack(stack))["Origins"]
    return dict(found)


def test_an_http_host_is_connected_to_over_https_with_tls_1_2_and_as_patiently_as_cloudfront_is(
    stack: cdk.Stack,
) -> None:
    origin = _rendered(stack, Endpoint.http_host("dc1.example.com").origin())

    del origin["Id"]
    assert origin == {
        "DomainName": "dc1.example.com",
        "ConnectionAttempts": 3,
        "ConnectionTimeout": 10,
        "CustomOriginConfig": {
            "HTTPPort": 80,
            "HTTPSPort": 443,
            "OriginKeepaliveTimeout": 5,
            "OriginProtocolPolicy": "https-only",
            "OriginReadTimeout": 30,
            "OriginSSLProtocols": ["TLSv1.2"],
        },
    }


def test_settings_headers_path_and_ports_are_in_the_template_as_given(stack: cdk.Stack) -> None:
    endpoint = Endpoint.http_host(
        "dc1.example.com",
        origin_path="/shop",
        protocol_policy=cloudfront.OriginProtocolPolicy.MATCH_VIEWER,
        http_port=8080,
        https_port=8443,
    )

    origin = _rendered(stack, endpoint.origin(_SETTINGS, custom_headers={"X-Api-Version": "2", "X-Tenant": "a"}))

    del origin["Id"]
    assert origin == {
        "DomainName": "dc1.example.com",
        "OriginPath": "/shop",
        "ConnectionAttempts": 2,
        "ConnectionTimeout": 3,
        "ResponseCompletionTimeout": 63,
        "CustomOriginConfig": {
            "HTTPPort": 8080,
            "HTTPSPort": 8443,
            "OriginKeepaliveTimeout": 52,
            "OriginProtocolPolicy": "match-viewer",
            "OriginReadTimeout": 41,
            "OriginSSLProtocols": ["TLSv1.2"],
        },
        "OriginCustomHeaders": [
            {"HeaderName": "X-Api-Version", "HeaderValue": "2"},
            {"HeaderName": "X-Tenant", "HeaderValue": "a"},
        ],
    }


@pytest.mark.parametrize("port", [80, 443, 1024, 65535])
def test_every_port_that_cloudfront_connects_to_is_allowed(port: int) -> None:
    endpoint = Endpoint.http_host("dc1.example.com", http_port=port, https_port=port)

    assert endpoint.domain_name == "dc1.example.com"


def test_one_endpoint_serves_several_origins_with_their_own_settings(stack: cdk.Stack) -> None:
    endpoint = Endpoint.http_host("dc1.example.com")
    cloudfront.Distribution(
        stack,
        "Site",
        default_behavior=cloudfront.BehaviorOptions(origin=endpoint.origin(OriginSettings.fail_fast())),
        additional_behaviors={"/slow/*": cloudfront.BehaviorOptions(origin=endpoint.origin(OriginSettings.patient()))},
    )

    origins = distribution_config(Template.from_stack(stack))["Origins"]

    assert [origin["ConnectionAttempts"] for origin in origins] == [2, 3]
    assert [origin["CustomOriginConfig"]["OriginReadTimeout"] for origin in origins] == [5, 60]


def test_a_bucket_is_read_with_origin_access_control_by_this_distribution_alone(stack: cdk.Stack) -> None:
    bucket = s3.Bucket(stack, "Content")
    endpoint = Endpoint.bucket(bucket, origin_path="/site")
    cloudfront.Distribution(
        stack, "Site", default_behavior=cloudfront.BehaviorOptions(origin=endpoint.origin(_SETTINGS))
    )

    template = Template.from_stack(stack)

    (origin,) = distribution_config(template)["Origins"]
    assert origin["DomainName"] == {"Fn::GetAtt": [logical_id(template, "AWS::S3::Bucket"), "RegionalDomainName"]}
    assert origin["OriginPath"] == "/site"
    assert "OriginAccessControlId" in origin
    assert origin["S3OriginConfig"] == {"OriginAccessIdentity": "", "OriginReadTimeout": 41}
    assert (origin["ConnectionAttempts"], origin["ConnectionTimeout"], origin["ResponseCompletionTimeout"]) == (
        2,
        3,
        63,
    )
    template.has_resource_properties(
        "AWS::S3::BucketPolicy",
        {
            "PolicyDocument": {
                "Statement": [
                    {
                        "Action": "s3:GetObject",
                        "Effect": "Allow",
                        "Principal": {"Service": "cloudfront.amazonaws.com"},
                        "Condition": {"StringEquals": {"AWS:SourceArn": Match.any_value()}},
                    }
                ]
            }
        },
    )


def test_a_bucket_of_another_region_is_reached_there(stack: cdk.Stack) -> None:
    bucket = s3.Bucket.from_bucket_attributes(stack, "Content", bucket_name="content", region="eu-west-1")

    assert Endpoint.bucket(bucket).domain_name == "content.s3.eu-west-1.amazonaws.com"


def test_a_rest_api_is_reached_by_its_execute_api_name_and_stage(stack: cdk.Stack) -> None:
    api = rest_api(stack)

    origin = _rendered(stack, Endpoint.api_gateway(api=api).origin())

    assert stack.resolve(origin["DomainName"]) == {
        "Fn::Join": [
            "",
            [
                {"Ref": stack.get_logical_id(_l1(api))},
                ".execute-api.us-east-1.",
                {"Ref": "AWS::URLSuffix"},
            ],
        ]
    }
    assert origin["OriginPath"] == {"Fn::Join": ["", ["/", {"Ref": stack.get_logical_id(_l1(api.deployment_stage))}]]}


def _l1(construct: cdk.Resource) -> cdk.CfnElement:
    resource = construct.node.default_child
    assert isinstance(resource, cdk.CfnElement)
    return resource


def test_an_http_api_has_no_stage_in_its_path(stack: cdk.Stack) -> None:
    api = apigatewayv2.HttpApi.from_http_api_attributes(stack, "Api", http_api_id="a1b2c3")

    origin = _rendered(stack, Endpoint.api_gateway(api=api).origin())

    assert origin["DomainName"] == {"Fn::Join": ["", ["a1b2c3.execute-api.us-east-1.", {"Ref": "AWS::URLSuffix"}]]}
    assert "OriginPath" not in origin


def test_an_api_with_a_name_of_its_own_is_reached_by_it_without_the_stage(stack: cdk.Stack) -> None:
    origin = _rendered(stack, Endpoint.api_gateway(domain_name="eu-west-1.api.example.com").origin())

    assert origin["DomainName"] == "eu-west-1.api.example.com"
    assert "OriginPath" not in origin


def test_a_path_that_is_given_takes_the_place_of_the_stage(stack: cdk.Stack) -> None:
    origin = _rendered(stack, Endpoint.api_gateway(api=rest_api(stack), origin_path="/beta").origin())

    assert origin["OriginPath"] == "/beta"


def test_a_rest_api_that_is_imported_is_reached_by_the_path_that_is_given(stack: cdk.Stack) -> None:
    api = apigateway.RestApi.from_rest_api_id(stack, "Api", "a1b2c3")

    origin = _rendered(stack, Endpoint.api_gateway(api=api, origin_path="/prod").origin())

    assert origin["OriginPath"] == "/prod"


def test_a_load_balancer_over_https_is_reached_by_the_name_that_its_certificate_covers(stack: cdk.Stack) -> None:
    endpoint = Endpoint.load_balancer(load_balancer(stack), domain_name="eu-west-1.example.com", https_port=8443)

    origin = _rendered(stack, endpoint.origin())

    assert origin["DomainName"] == "eu-west-1.example.com"
    assert origin["CustomOriginConfig"]["OriginProtocolPolicy"] == "https-only"
    assert origin["CustomOriginConfig"]["HTTPSPort"] == 8443


def test_a_load_balancer_over_http_is_reached_by_the_name_that_aws_gave_it(stack: cdk.Stack) -> None:
    endpoint = Endpoint.load_balancer(
        load_balancer(stack), protocol_policy=cloudfront.OriginProtocolPolicy.HTTP_ONLY, http_port=8080
    )

    origin = _rendered(stack, endpoint.origin())

    assert origin["DomainName"] == "LoadBalancer.eu-west-1.elb.amazonaws.com"
    assert origin["CustomOriginConfig"]["OriginProtocolPolicy"] == "http-only"
    assert origin["CustomOriginConfig"]["HTTPPort"] == 8080


def test_a_load_balancer_that_is_made_to_face_the_internet_is_an_endpoint(stack: cdk.Stack) -> None:
    balancer = new_balancer(stack, internet_facing=True)

    origin = _rendered(stack, Endpoint.load_balancer(balancer, domain_name="eu-west-1.example.com").origin())

    assert origin["DomainName"] == "eu-west-1.example.com"


def test_each_kind_of_endpoint_knows_its_host_rule_and_what_a_record_points_at(stack: cdk.Stack) -> None:
    bucket = s3.Bucket.from_bucket_attributes(stack, "Content", bucket_name="content", region="eu-west-1")
    kinds = {
        "host": Endpoint.http_host("dc1.example.com", ipv4_addresses=["203.0.113.1"], ipv6_addresses=["2001:db8::1"]),
        "api": Endpoint.api_gateway(api=rest_api(stack)),
        "api v1 domain": Endpoint.api_gateway(domain_name="a.example.com", custom_domain=rest_domain(stack)),
        "api v2 domain": Endpoint.api_gateway(domain_name="a.example.com", custom_domain=http_domain(stack)),
        "load balancer": Endpoint.load_balancer(load_balancer(stack), domain_name="b.example.com"),
        "accelerator": Endpoint.accelerator(accelerator(stack), domain_name="c.example.com"),
        "bucket": Endpoint.bucket(bucket),
    }

    assert {name for name, kind in kinds.items() if kind.accepts_viewer_host} == {
        "host",
        "load balancer",
        "accelerator",
    }
    assert {name for name, kind in kinds.items() if kind.alias_target is not None} == {
        "api v1 domain",
        "api v2 domain",
        "load balancer",
        "accelerator",
    }
    assert {name for name, kind in kinds.items() if kind.is_bucket} == {"bucket"}
    assert kinds["host"].ipv4_addresses == ("203.0.113.1",)
    assert kinds["host"].ipv6_addresses == ("2001:db8::1",)


@pytest.mark.parametrize("kind", ["rest api", "http api", "api by name", "bucket", "declared host"])
def test_an_endpoint_that_answers_to_its_own_name_only_refuses_the_viewers_host(kind: str) -> None:
    stack = new_stack()
    endpoint = {
        "rest api": lambda: Endpoint.api_gateway(api=rest_api(stack)),
        "http api": lambda: Endpoint.api_gateway(api=apigatewayv2.HttpApi(stack, "Api")),
        "api by name": lambda: Endpoint.api_gateway(domain_name="api.example.com"),
        "bucket": lambda: Endpoint.bucket(s3.Bucket(stack, "Content")),
        "declared host": lambda: Endpoint.http_host("dc1.example.com", accepts_viewer_host=False),
    }[kind]()
    _all_viewer_headers_to(stack, endpoint)

    message = refused_synth(stack)

    assert "[Test/Site/Origin1] behavior '*' of Test/Site forwards the viewer's Host header" in message
    assert "OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER" in message


@pytest.mark.parametrize("kind", ["host", "load balancer", "accelerator"])
def test_an_endpoint_that_accepts_any_host_may_get_the_viewers(kind: str) -> None:
    stack = new_stack()
    endpoint = {
        "host": lambda: Endpoint.http_host("dc1.example.com"),
        "load balancer": lambda: Endpoint.load_balancer(load_balancer(stack), domain_name="b.example.com"),
        "accelerator": lambda: Endpoint.accelerator(accelerator(stack), domain_name="c.example.com"),
    }[kind]()
    _all_viewer_headers_to(stack, endpoint)

    behavior = distribution_config(Template.from_stack(stack))["DefaultCacheBehavior"]

    assert behavior["OriginRequestPolicyId"] == cloudfront.OriginRequestPolicy.ALL_VIEWER.origin_request_policy_id


def _all_viewer_headers_to(stack: cdk.Stack, endpoint: Endpoint) -> None:
    cloudfront.Distribution(
        stack,
        "Site",
        default_behavior=cloudfront.BehaviorOptions(
            origin=endpoint.origin(), origin_request_policy=cloudfront.OriginRequestPolicy.ALL_VIEWER
        ),
    )


def test_an_origin_works_in_the_cdks_own_origin_group_and_keeps_its_host_rule_there(stack: cdk.Stack) -> None:
    def group() -> cloudfront.IOrigin:
        return cloudfront_origins.OriginGroup(
            primary_origin=Endpoint.http_host("dc1.example.com").origin(_SETTINGS),
            fallback_origin=Endpoint.api_gateway(domain_name="api.example.com").origin(),
        )

    cloudfront.Distribution(stack, "Site", default_behavior=cloudfront.BehaviorOptions(origin=group()))
    members = group_members(distribution_config(Template.from_stack(stack)))
    assert [member["DomainName"] for member in members] == ["dc1.example.com", "api.example.com"]

    other = new_stack()
    cloudfront.Distribution(
        other,
        "Site",
        default_behavior=cloudfront.BehaviorOptions(
            origin=group(), origin_request_policy=cloudfront.OriginRequestPolicy.ALL_VIEWER
        ),
    )
    assert "forwards the viewer's Host header to api.example.com" in refused_synth(other)


_NAMED = {
    "a name": Endpoint.http_host("a.example.com"),
    "the name in another case": Endpoint.http_host("A.Example.COM"),
    "the name with its final dot": Endpoint.http_host("a.example.com."),
    "the name with an address": Endpoint.http_host("a.example.com", ipv4_addresses=["203.0.113.1"]),
}


@pytest.mark.parametrize("one", _NAMED)
@pytest.mark.parametrize("other", _NAMED)
def test_a_name_is_one_place_however_it_is_written(one: str, other: str) -> None:
    assert _NAMED[one].shared_with(_NAMED[other]) == "a.example.com"


def _alias(name: str | None, target: str) -> Endpoint:
    return Endpoint.http_host(name, alias_target=targets.GlobalAcceleratorDomainTarget(target))


_ONE_ALIAS = targets.GlobalAcceleratorDomainTarget("a.awsglobalaccelerator.com")


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [
        pytest.param(Endpoint.http_host("a.example.com"), Endpoint.http_host("b.example.com"), None, id="two names"),
        pytest.param(
            Endpoint.http_host(ipv4_addresses=["203.0.113.1"]),
            Endpoint.http_host(ipv4_addresses=["203.0.113.2"]),
            None,
            id="two addresses",
        ),
        pytest.param(
            Endpoint.http_host(ipv4_addresses=["203.0.113.1", "203.0.113.2"]),
            Endpoint.http_host(ipv4_addresses=["203.0.113.2", "203.0.113.3"]),
            "203.0.113.2",
            id="one address of several",
        ),
        pytest.param(
            Endpoint.http_host("a.example.com", ipv6_addresses=["2001:db8::1"]),
            Endpoint.http_host("b.example.com", ipv6_addresses=["2001:db8::1"]),
            "2001:db8::1",
            id="two names of one address",
        ),
        pytest.param(
            Endpoint.http_host("a.example.com", ipv4_addresses=["203.0.113.1"]),
            Endpoint.http_host(ipv4_addresses=["203.0.113.1"]),
            "203.0.113.1",
            id="one address with and without a name",
        ),
        pytest.param(
            Endpoint.http_host("a.example.com", ipv6_addresses=["2001:db8::1"]),
            Endpoint.http_host("b.example.com", ipv6_addresses=["2001:DB8:0::1"]),
            "2001:db8::1",
            id="one address written in two ways",
        ),
        pytest.param(_alias(None, "a.example.net"), _alias(None, "b.example.net"), None, id="two aliases"),
        pytest.param(
            Endpoint.http_host("a.example.com", alias_target=_ONE_ALIAS),
            Endpoint.http_host("b.example.com", alias_target=_ONE_ALIAS),
            "one alias target",
            id="one alias",
        ),
    ],
)
def test_what_two_endpoints_share_is_told(one: Endpoint, other: Endpoint, shared: str | None) -> None:
    assert one.shared_with(other) == other.shared_with(one) == shared


def test_one_load_balancer_api_or_accelerator_is_one_place_under_two_names(stack: cdk.Stack) -> None:
    balancer, api, global_one = load_balancer(stack), http_domain(stack), accelerator(stack)
    kinds: list[Callable[[str], Endpoint]] = [
        lambda name: Endpoint.load_balancer(balancer, domain_name=name),
        lambda name: Endpoint.api_gateway(domain_name=name, custom_domain=api),
        lambda name: Endpoint.accelerator(global_one, domain_name=name),
    ]

    for kind in kinds:
        assert kind("a.example.com").shared_with(kind("b.example.com")) == "one alias target"
    assert kinds[0]("a.example.com").shared_with(kinds[1]("b.example.com")) is None


@pytest.mark.parametrize(
    ("endpoint", "text"),
    [
        (Endpoint.http_host("a.example.com"), "Endpoint(a.example.com)"),
        (
            Endpoint.http_host(ipv4_addresses=["203.0.113.1"], ipv6_addresses=["2001:db8::1"]),
            "Endpoint(203.0.113.1, 2001:db8::1)",
        ),
        (Endpoint.http_host("${Token[TOKEN.1]}"), "Endpoint(a name that only the deploy knows)"),
    ],
)
def test_an_endpoint_reads_as_what_it_is_reached_by(endpoint: Endpoint, text: str) -> None:
    assert repr(endpoint) == text


def test_custom_headers_are_of_one_origin_only(stack: cdk.Stack) -> None:
    endpoint = Endpoint.http_host("dc1.example.com")
    cloudfront.Distribution(
        stack,
        "Site",
        default_behavior=cloudfront.BehaviorOptions(origin=endpoint.origin(custom_headers={"X-Leg": "one"})),
        additional_behaviors={"/two/*": cloudfront.BehaviorOptions(origin=endpoint.origin())},
    )

    one, two = distribution_config(Template.from_stack(stack))["Origins"]

    assert headers_of(one) == {"X-Leg": "one"}
    assert headers_of(two) == {}


def test_an_origin_has_the_id_that_it_is_given_whatever_it_is_of(stack: cdk.Stack) -> None:
    bucket = s3.Bucket.from_bucket_attributes(stack, "Bucket", bucket_name="content", region="eu-west-1")
    cloudfront.Distribution(
        stack,
        "Site",
        default_behavior=cloudfront.BehaviorOptions(origin=primary_host().origin(origin_id="a" * 128)),
        additional_behaviors={
            "/files/*": cloudfront.BehaviorOptions(origin=Endpoint.bucket(bucket).origin(origin_id="files"))
        },
    )

    config = distribution_config(Template.from_stack(stack))

    assert [each["Id"] for each in config["Origins"]] == ["a" * 128, "files"]
    assert config["DefaultCacheBehavior"]["TargetOriginId"] == "a" * 128
    assert config["CacheBehaviors"][0]["TargetOriginId"] == "files"


def test_nothing_but_the_distribution_is_made_for_an_origin(stack: cdk.Stack) -> None:
    _rendered(stack, Endpoint.http_host("a.example.com").origin())

    resources = Template.from_stack(stack).to_json()["Resources"].values()
    assert [resource["Type"] for resource in resources] == ["AWS::CloudFront::Distribution"]


def test_an_origin_tells_how_long_a_read_may_wait_for_it() -> None:
    host = Endpoint.http_host("a.example.com")

    assert host.origin().longest_wait.to_seconds() == 3 * (10 + 30)
    assert host.origin(OriginSettings.fail_fast()).longest_wait.to_seconds() == 2 * (2 + 5)
    assert host.origin(_SETTINGS).longest_wait.to_seconds() == 63


def test_an_imported_balancer_that_is_internal_by_its_name_is_refused(stack: cdk.Stack) -> None:
    internal = elbv2.ApplicationLoadBalancer.from_application_load_balancer_attributes(
        stack,
        "Internal",
        load_balancer_arn="arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/a/50dc6c49",
        security_group_id="sg-0123456789abcdef0",
        load_balancer_dns_name="internal-a-1.eu-west-1.elb.amazonaws.com",
        load_balancer_canonical_hosted_zone_id="Z32O12XQLNTSW2",
    )
    said = "must be one that faces the internet, got 'internal-a-1.eu-west-1.elb.amazonaws.com'"

    with pytest.raises(ValueError, match=said):
        Endpoint.load_balancer(internal, domain_name="a.example.com")


@pytest.mark.parametrize(
    ("name", "is_refused"),
    [
        ("internal-a-1.eu-west-1.elb.amazonaws.com", True),
        ("dualstack.Internal-a-1.cn-north-1.elb.amazonaws.com.cn.", True),
        ("internal-a-1.example.com", False),
        ("a-internal-1.eu-west-1.elb.amazonaws.com", False),
    ],
)
def test_the_name_of_an_internal_balancer_is_no_host(name: str, *, is_refused: bool) -> None:
    if is_refused:
        with pytest.raises(ValueError, match="must be a host that faces the internet, got"):
            Endpoint.http_host(name)
    else:
        assert Endpoint.http_host(name).domain_name == name


_NO_CERTIFICATE = "@ha-patterns/origin:no-certificate"


@pytest.mark.parametrize(
    ("domain_name", "protocol", "warned"),
    [
        ("app-123.eu-west-1.elb.amazonaws.com", "HTTPS_ONLY", True),
        ("app-123.eu-west-1.elb.amazonaws.com", "MATCH_VIEWER", True),
        ("app-123.eu-west-1.elb.amazonaws.com", "HTTP_ONLY", False),
        ("a1b2c3.awsglobalaccelerator.com", "HTTPS_ONLY", True),
        ("app.example.com", "HTTPS_ONLY", False),
    ],
)
def test_a_name_that_nobody_has_a_certificate_for_is_a_warning(domain_name: str, protocol: str, warned: bool) -> None:
    stack = new_stack()
    policy = cloudfront.OriginProtocolPolicy[protocol]
    origin = Endpoint.http_host(domain_name, protocol_policy=policy).origin()
    cloudfront.Distribution(stack, "Site", default_behavior=cloudfront.BehaviorOptions(origin=origin))
    found = [entry.data for entry in stack.node.find_child("Site").node.metadata if entry.type == "aws:cdk:warning"]

    assert any(_NO_CERTIFICATE in str(one) for one in found) is warned
