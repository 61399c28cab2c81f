"""A distribution is read with its behaviors, origins, groups, policies and functions, all linked."""

from __future__ import annotations

from typing import Any

import pytest

from ha_patterns.aws.policies import CachePolicy, OriginRequestPolicy, Selection
from ha_patterns.topology.model import (
    CacheBehavior,
    Certificate,
    Distribution,
    ErrorResponse,
    FunctionAssociation,
    Instance,
    LoadBalancer,
    Origin,
    OriginGroup,
    OriginKind,
    Qualifier,
    VpcOrigin,
)
from ha_patterns.topology.topology import Topology
from ha_patterns.topology.values import Reference, ResourceId, Unresolved

from .loading import get_att, load_resources, load_stacks, only, ref, resource

_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
_DAY, _YEAR = 86_400, 31_536_000


def _load(more: dict[str, Any] | None = None, sections: dict[str, Any] | None = None, **config: Any) -> Topology:
    site = resource("CloudFront::Distribution", DistributionConfig=config)
    return load_resources({"Site": site, **(more or {})}, **(sections or {}))


def _origin(**given: Any) -> Origin:
    return only(_load(Origins=[{"Id": "one", "DomainName": "a.example.com", **given}]), Origin)


def _behavior(
    more: dict[str, Any] | None = None, sections: dict[str, Any] | None = None, **given: Any
) -> CacheBehavior:
    origins = [{"Id": "one", "DomainName": "a.example.com"}]
    behavior = {"TargetOriginId": "one", **given}
    return only(_load(more, sections, Origins=origins, DefaultCacheBehavior=behavior), CacheBehavior)


def _policy(behavior: CacheBehavior) -> CachePolicy:
    assert isinstance(behavior.cache_policy, CachePolicy)
    return behavior.cache_policy


def test_an_origin_has_cloudfront_s_defaults() -> None:
    origin = _origin(CustomOriginConfig={"OriginProtocolPolicy": "https-only"})

    assert (
        origin.connection_attempts,
        origin.connection_timeout,
        origin.read_timeout,
        origin.keepalive_timeout,
        origin.response_completion_timeout,
    ) == (3, 10, 30, 5, None)
    assert (
        origin.protocol,
        origin.http_port,
        origin.https_port,
        origin.path,
        origin.headers,
        origin.access,
        origin.shield_region,
    ) == ("https-only", 80, 443, "", {}, None, None)


def test_an_origin_has_what_it_says() -> None:
    origin = _origin(
        ConnectionAttempts="1",
        ConnectionTimeout=2,
        ResponseCompletionTimeout=20,
        OriginPath="/v1",
        OriginShield={"Enabled": "true", "OriginShieldRegion": "us-east-1"},
        OriginCustomHeaders=[{"HeaderName": "X-Secret", "HeaderValue": ref("AWS::Region")}],
        CustomOriginConfig={"OriginProtocolPolicy": "http-only", "OriginReadTimeout": 7, "OriginKeepaliveTimeout": 8},
    )

    assert [
        origin.connection_attempts,
        origin.connection_timeout,
        origin.response_completion_timeout,
        origin.read_timeout,
        origin.keepalive_timeout,
    ] == [1, 2, 20, 7, 8]
    assert (origin.path, origin.shield_region, origin.headers) == ("/v1", "us-east-1", {"x-secret": "eu-west-1"})


@pytest.mark.parametrize(
    ("given", "access"),
    [
        ({"OriginAccessControlId": "E1", "S3OriginConfig": {"OriginAccessIdentity": ""}}, "oac"),
        ({"S3OriginConfig": {"OriginAccessIdentity": "origin-access-identity/cloudfront/E2"}}, "oai"),
        ({"S3OriginConfig": {"OriginAccessIdentity": ""}}, None),
    ],
)
def test_how_a_bucket_is_reached_is_told(given: dict[str, Any], access: str | None) -> None:
    assert access == _origin(**given).access


@pytest.mark.parametrize(
    ("settings", "kind"),
    [
        ({"S3OriginConfig": {}}, OriginKind.BUCKET),
        ({"S3OriginConfig": {"OriginAccessIdentity": ""}}, OriginKind.BUCKET),
        ({"CustomOriginConfig": {"OriginProtocolPolicy": "https-only"}}, OriginKind.HOST),
        ({}, OriginKind.HOST),
    ],
)
def test_an_origin_of_s3_is_a_bucket_whatever_its_name(settings: dict[str, Any], kind: OriginKind) -> None:
    assert _origin(**settings).kind is kind


def test_a_vpc_origin_is_told() -> None:
    origin = _origin(VpcOriginConfig={"VpcOriginId": "v", "OriginReadTimeout": 9})

    assert (origin.kind, origin.read_timeout) == (OriginKind.VPC, 9)


def test_a_shield_that_nothing_tells_of_is_not_taken_for_none() -> None:
    origin = only(
        _load(
            sections={"Parameters": {"On": {"Type": "String"}}},
            Origins=[{"Id": "one", "DomainName": "a", "OriginShield": {"Enabled": ref("On")}}],
        ),
        Origin,
    )

    assert isinstance(origin.shield_region, Unresolved)


def test_a_group_has_its_members_and_codes() -> None:
    group = {
        "Id": "both",
        "Members": {"Quantity": 2, "Items": [{"OriginId": "one"}, {"OriginId": "gone"}]},
        "FailoverCriteria": {"StatusCodes": {"Quantity": 2, "Items": [500, "503"]}},
    }
    found = only(
        _load(Origins=[{"Id": "one", "DomainName": "a"}], OriginGroups={"Quantity": 1, "Items": [group]}), OriginGroup
    )

    assert found.status_codes == (500, 503)
    assert found.primary is not None
    assert found.secondary is None
    assert Unresolved("the origin gone, which the distribution does not have") == found.members[1]


def test_behaviors_are_in_their_order_with_the_default_last() -> None:
    behaviors = [{"PathPattern": "/a*", "TargetOriginId": "one"}, {"PathPattern": "/b*", "TargetOriginId": "two"}]
    topology = _load(
        Origins=[{"Id": "one", "DomainName": "a"}],
        CacheBehaviors=behaviors,
        DefaultCacheBehavior={"TargetOriginId": "one"},
    )
    found = only(topology, Distribution).behaviors

    assert [(one.pattern, one.is_default) for one in found] == [("/a*", False), ("/b*", False), ("*", True)]
    assert [Origin, Unresolved, Origin] == [type(one.target) for one in found]


def test_what_a_condition_leaves_open_is_a_gap_and_no_behavior() -> None:
    conditions = {"Open": {"Fn::Equals": [ref("P"), "x"]}}
    behavior = {"Fn::If": ["Open", {"PathPattern": "/a*", "TargetOriginId": "one"}, ref("AWS::NoValue")]}
    topology = _load(
        sections={"Conditions": conditions, "Parameters": {"P": {"Type": "String"}}}, CacheBehaviors=[behavior]
    )
    distribution = only(topology, Distribution)

    assert distribution.behaviors == ()
    assert [gap.waits_for for gap in distribution.gaps] == ["the parameter P of Test, which has no default"]


@pytest.mark.parametrize(
    ("methods", "expected"),
    [
        (None, {"GET", "HEAD"}),
        (["GET", "HEAD", "OPTIONS"], {"GET", "HEAD", "OPTIONS"}),
        ({"Ref": "Methods"}, {"GET", "POST"}),
    ],
)
def test_methods_are_told(methods: Any, expected: object) -> None:
    given = {} if methods is None else {"AllowedMethods": methods}
    sections = {"Parameters": {"Methods": {"Type": "CommaDelimitedList", "Default": "GET,POST"}}}

    assert expected == _behavior(sections=sections, **given).allowed_methods


def test_methods_that_nothing_tells_are_not_guessed() -> None:
    sections = {"Parameters": {"Methods": {"Type": "CommaDelimitedList"}}}

    assert isinstance(_behavior(sections=sections, AllowedMethods=ref("Methods")).allowed_methods, Unresolved)


def test_a_managed_policy_is_known_by_its_id() -> None:
    behavior = _behavior(CachePolicyId=_DISABLED, OriginRequestPolicyId="216adef6-5c7f-47e4-b989-5492eafa07d3")

    assert _policy(behavior).name == "CachingDisabled"
    assert isinstance(behavior.origin_request_policy, OriginRequestPolicy)
    assert behavior.origin_request_policy.name == "AllViewer"


def test_a_policy_of_the_template_is_read() -> None:
    config = {
        "Name": "mine",
        "MinTTL": 100_000,
        "ParametersInCacheKeyAndForwardedToOrigin": {
            "HeadersConfig": {"HeaderBehavior": "whitelist", "Headers": ["X-Tenant"]},
            "CookiesConfig": {"CookieBehavior": "all"},
            "QueryStringsConfig": {"QueryStringBehavior": "allExcept", "QueryStrings": ["utm"]},
            "EnableAcceptEncodingGzip": True,
        },
    }
    policy = _policy(
        _behavior({"P": resource("CloudFront::CachePolicy", CachePolicyConfig=config)}, CachePolicyId=ref("P"))
    )

    # The default is not less than the least.
    assert (policy.name, policy.min_ttl, policy.default_ttl, policy.max_ttl) == ("mine", 100_000, 100_000, _YEAR)
    assert ("x-tenant" in policy.headers, "any" in policy.cookies, "utm" in policy.query_strings) == (True, True, False)
    assert (policy.gzip, policy.brotli) == (True, False)


def test_a_policy_of_many_behaviors_is_one() -> None:
    policy = resource("CloudFront::CachePolicy", CachePolicyConfig={"Name": "mine"})
    behaviors = [{"PathPattern": f"/{i}", "CachePolicyId": ref("P")} for i in range(2)]
    one, two = _load({"P": policy}, CacheBehaviors=behaviors).of(CacheBehavior)

    assert one.cache_policy is two.cache_policy


@pytest.mark.parametrize("policy_id", ["unheard-of", {"Ref": "Param"}, {"Ref": "Bucket"}])
def test_a_policy_that_is_not_here_is_not_known(policy_id: Any) -> None:
    sections = {"Parameters": {"Param": {"Type": "String"}}}
    behavior = _behavior({"Bucket": resource("S3::Bucket")}, sections, CachePolicyId=policy_id)

    assert isinstance(behavior.cache_policy, Unresolved)


def test_forwarded_values_are_a_policy() -> None:
    values = {"QueryString": True, "Headers": ["Host"], "Cookies": {"Forward": "whitelist", "WhitelistedNames": ["a"]}}
    policy = _policy(_behavior(ForwardedValues=values, MaxTTL=5))

    assert (policy.min_ttl, policy.default_ttl, policy.max_ttl) == (0, _DAY, 5)
    assert ("host" in policy.headers, "a" in policy.cookies, "b" in policy.cookies) == (True, True, False)
    assert Selection("all") == policy.query_strings


def test_all_headers_in_the_key_keep_nothing() -> None:
    policy = _policy(_behavior(ForwardedValues={"QueryString": False, "Headers": ["*"]}))

    assert (policy.caches, policy.query_strings.mode) == (False, "none")


def test_error_responses_are_read() -> None:
    topology = _load(
        CustomErrorResponses=[
            {"ErrorCode": 503, "ResponseCode": "200", "ResponsePagePath": "/sorry.html", "ErrorCachingMinTTL": 0},
            {"ErrorCode": 404},
        ]
    )
    one, two = topology.of(ErrorResponse)

    assert (one.error_code, one.response_code, one.page, one.caching_min_ttl) == (503, 200, "/sorry.html", 0)
    assert (two.error_code, two.response_code, two.page, two.caching_min_ttl) == (404, None, None, 10)


def test_names_and_certificate_are_told() -> None:
    certificate = resource("CertificateManager::Certificate", DomainName="example.com", SubjectAlternativeNames=["*.a"])
    topology = _load(
        {"Certificate": certificate},
        Aliases=["WWW.example.com", ref("AWS::Region")],
        ViewerCertificate={"AcmCertificateArn": ref("Certificate")},
        WebACLId="acl",
    )
    distribution = only(topology, Distribution)

    assert (distribution.aliases, distribution.web_acl) == (("www.example.com", "eu-west-1"), "acl")
    assert only(topology, Certificate) is distribution.certificate
    assert only(topology, Certificate).names == ("example.com", "*.a")


_FUNCTIONS = {
    "Fn": resource("Lambda::Function", FunctionName="router"),
    "Version": resource("Lambda::Version", FunctionName=ref("Fn")),
    "Alias": resource("Lambda::Alias", FunctionName=ref("Fn"), FunctionVersion=get_att("Version", "Version")),
}


@pytest.mark.parametrize(
    ("arn", "qualifier", "version"),
    [
        (ref("Version"), Qualifier.VERSION, "Version"),
        (get_att("Version", "FunctionArn"), Qualifier.VERSION, "Version"),
        (ref("Alias"), Qualifier.ALIAS, None),
        (get_att("Fn", "Arn"), Qualifier.LATEST, None),
        ({"Fn::Sub": "${Fn.Arn}:3"}, Qualifier.VERSION, None),
        ({"Fn::Sub": "${Fn.Arn}:$LATEST"}, Qualifier.LATEST, None),
        ("arn:aws:lambda:eu-west-1:123456789012:function:router:7", Qualifier.VERSION, None),
        ("arn:aws:lambda:eu-west-1:123456789012:function:router:live", Qualifier.ALIAS, None),
        ("arn:aws:lambda:eu-west-1:123456789012:function:router", Qualifier.LATEST, None),
    ],
)
def test_what_of_a_function_is_named_is_told(arn: Any, qualifier: Qualifier, version: str | None) -> None:
    association = {"EventType": "origin-request", "LambdaFunctionARN": arn}
    (found,) = _behavior(_FUNCTIONS, LambdaFunctionAssociations=[association]).functions
    name = found.version.place.logical_id if found.version else None

    assert not isinstance(found.function, Unresolved)
    assert ("Fn", qualifier, version) == (found.function.place.logical_id, found.qualifier, name)
    assert (found.event, found.at_edge) == ("origin-request", True)


def test_an_arn_names_the_function_of_its_region() -> None:
    function = {"Resources": {"Fn": resource("Lambda::Function", FunctionName="router")}}
    association = {"LambdaFunctionARN": "arn:aws:lambda:us-east-1:123456789012:function:router:1"}
    behavior = {"LambdaFunctionAssociations": [association]}
    site = {"Site": resource("CloudFront::Distribution", DistributionConfig={"DefaultCacheBehavior": behavior})}
    stacks = {"A": function, "B": function, "Site": {"Resources": site}}
    near = only(load_stacks(stacks, {"B": "us-east-1"}), FunctionAssociation)
    far = only(load_stacks(stacks, {"B": "us-west-2"}), FunctionAssociation)

    assert not isinstance(near.function, Unresolved)
    assert near.function.place.stack.id == "B"
    assert isinstance(far.function, Unresolved)


def test_a_function_that_is_not_here_is_not_known() -> None:
    association = {"LambdaFunctionARN": "arn:aws:lambda:us-east-1:123456789012:function:other:7"}
    (found,) = _behavior(_FUNCTIONS, LambdaFunctionAssociations=[association]).functions

    assert isinstance(found.function, Unresolved)
    assert isinstance(found.event, Unresolved)


def test_a_cloudfront_function_is_linked_with_its_store() -> None:
    store = {"KeyValueStoreARN": get_att("Store", "Arn")}
    config = {"Runtime": "cloudfront-js-2.0", "KeyValueStoreAssociations": [store]}
    more = {
        "Store": resource("CloudFront::KeyValueStore", Name="switch"),
        "Router": resource("CloudFront::Function", Name="r", FunctionCode="x", FunctionConfig=config),
    }
    association = {"EventType": "viewer-request", "FunctionARN": get_att("Router", "FunctionARN")}
    topology = _load(more, DefaultCacheBehavior={"FunctionAssociations": [association]})
    found = only(topology, FunctionAssociation)

    assert Reference(ResourceId("Test", "Router"), "FunctionARN") == found.arn
    assert [one.name for one in found.function.stores] == ["switch"]  # type: ignore[union-attr]


def test_a_vpc_origin_has_its_load_balancer() -> None:
    origin = resource("CloudFront::VpcOrigin", VpcOriginEndpointConfig={"Arn": ref("Balancer")})
    topology = load_resources({"Origin": origin, "Balancer": resource("ElasticLoadBalancingV2::LoadBalancer")})

    assert only(topology, VpcOrigin).target is only(topology, LoadBalancer)


def test_a_vpc_origin_may_be_an_instance() -> None:
    arn = {"Fn::Sub": "arn:${AWS::Partition}:ec2:${AWS::Region}:${AWS::AccountId}:instance/${Instance}"}
    origin = resource("CloudFront::VpcOrigin", VpcOriginEndpointConfig={"Arn": arn})
    topology = load_resources({"Origin": origin, "Instance": resource("EC2::Instance")})

    assert only(topology, VpcOrigin).target is only(topology, Instance)
