"""A distribution is read with its behaviors, origins, groups, policies and functions, all linked."""

from __future__ import annotations

from typing import Any

import pytest

from ha_patterns.aws.policies import CachePolicy, OriginRequestPolicy, Selection
from ha_patterns.topology.model import (
    Bucket,
    CacheBehavior,
    Certificate,
    ConnectionGroup,
    ContinuousDeployment,
    CustomPolicy,
    Distribution,
    DistributionTenant,
    ErrorResponse,
    FunctionAssociation,
    GeoRestriction,
    Instance,
    LoadBalancer,
    Origin,
    OriginAccessControl,
    OriginGroup,
    OriginKind,
    Qualifier,
    Record,
    ViewerFunction,
    VpcOrigin,
)
from ha_patterns.topology.topology import Topology
from ha_patterns.topology.values import Reference, ResourceId, Unresolved, waiting

from .loading import get_att, load_resources, load_stacks, named, only, ref, resource

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


def _vpc_origin(**given: Any) -> Topology:
    balancer = resource("ElasticLoadBalancingV2::LoadBalancer", Scheme="internal")
    private = resource("CloudFront::VpcOrigin", VpcOriginEndpointConfig={"Arn": ref("Balancer"), **given})
    origin = {
        "Id": "one",
        "DomainName": "app.example.com",
        "VpcOriginConfig": {"VpcOriginId": get_att("Private", "Id"), "OriginReadTimeout": 9},
    }
    record = resource("Route53::RecordSet", Name="app.example.com", Type="CNAME", ResourceRecords=["b.example.com"])
    return _load({"Balancer": balancer, "Private": private, "Record": record}, Origins=[origin])


def test_a_vpc_origin_leads_to_its_target_and_not_to_what_its_domain_name_leads_to() -> None:
    topology = _vpc_origin()
    origin = only(topology, Origin)

    assert (origin.kind, origin.vpc, origin.read_timeout) == (OriginKind.VPC, True, 9)
    assert origin.vpc_origin is only(topology, VpcOrigin)
    assert origin.endpoint.name == "app.example.com"
    assert origin.endpoint.targets == (only(topology, LoadBalancer),)


def test_a_vpc_origin_has_cloudformation_s_defaults_and_what_it_says() -> None:
    given = only(_vpc_origin(HTTPPort=8080, HTTPSPort="8443", OriginProtocolPolicy="https-only"), VpcOrigin)
    default = only(_vpc_origin(), VpcOrigin)

    assert (given.protocol, given.http_port, given.https_port) == ("https-only", 8080, 8443)
    assert (default.protocol, default.http_port, default.https_port) == ("match-viewer", 80, 443)


@pytest.mark.parametrize("config", [{"VpcOriginId": "vo_1"}, {"VpcOriginId": ref("Nobody")}, {}])
def test_a_vpc_origin_that_is_elsewhere_is_not_known_whatever_its_domain_name(config: Any) -> None:
    private = {"OriginReadTimeout": 5, **config}
    record = resource("Route53::RecordSet", Name="a.example.com", Type="CNAME", ResourceRecords=["b.example.com"])
    given = {"Id": "one", "DomainName": "a.example.com", "VpcOriginConfig": private}
    origin = only(_load({"Record": record}, Origins=[given]), Origin)

    assert isinstance(origin.vpc_origin, Unresolved)
    assert (origin.endpoint.target, origin.endpoint.records) == (None, ())


@pytest.mark.parametrize(
    ("given", "configurations"),
    [
        ({}, ()),
        ({"S3OriginConfig": {}}, ("S3OriginConfig",)),
        ({"CustomOriginConfig": {"OriginProtocolPolicy": "https-only"}}, ("CustomOriginConfig",)),
        ({"S3OriginConfig": {}, "VpcOriginConfig": {"VpcOriginId": "vo_1"}}, ("S3OriginConfig", "VpcOriginConfig")),
        ({"S3OriginConfig": {"Ref": "AWS::NoValue"}}, ()),
    ],
)
def test_an_origin_has_the_configurations_that_are_written(given: Any, configurations: tuple[str, ...]) -> None:
    config = {"Origins": [{"Id": "one", "DomainName": "a.example.com", **given}]}
    topology = load_resources({"Site": resource("CloudFront::Distribution", DistributionConfig=config)})

    assert only(topology, Origin).configurations == configurations


def test_a_configuration_may_not_be_known() -> None:
    one = {"Id": "one", "DomainName": "a.example.com", "S3OriginConfig": {"Ref": "Given"}}
    site = resource("CloudFront::Distribution", DistributionConfig={"Origins": [one]})
    topology = load_resources({"Site": site}, Parameters={"Given": {"Type": "String"}})

    assert isinstance(only(topology, Origin).configurations, Unresolved)


def test_an_origin_access_control_tells_how_cloudfront_signs() -> None:
    config = {
        "Name": "signed",
        "OriginAccessControlOriginType": "s3",
        "SigningBehavior": "no-override",
        "SigningProtocol": "sigv4a",
    }
    control = resource("CloudFront::OriginAccessControl", OriginAccessControlConfig=config)
    origin = {"Id": "one", "DomainName": "a.example.com", "OriginAccessControlId": get_att("Control", "Id")}
    topology = _load({"Control": control}, Origins=[origin])
    found = only(topology, OriginAccessControl)

    assert only(topology, Origin).access_control is found
    assert (found.name, found.origin_type) == ("signed", "s3")
    assert (found.signing_behavior, found.signing_protocol) == ("no-override", "sigv4a")


def test_an_origin_access_control_that_is_elsewhere_is_not_known() -> None:
    origin = _origin(OriginAccessControlId="E127EXAMPLE51Z")

    assert isinstance(origin.access_control, Unresolved)
    assert origin.access == "oac"


def test_which_addresses_of_an_origin_are_asked_is_told() -> None:
    custom = {"OriginProtocolPolicy": "https-only"}

    assert _origin(CustomOriginConfig=custom).ip_address_type == "ipv4"
    assert _origin(CustomOriginConfig={**custom, "IpAddressType": "dualstack"}).ip_address_type == "dualstack"


def test_a_distribution_has_cloudformation_s_defaults() -> None:
    found = only(_load(Enabled=True), Distribution)

    assert (found.enabled, found.connection_mode, found.staging, found.continuous_deployment) == (
        True,
        "direct",
        False,
        None,
    )
    assert (found.default_root_object, found.geo_restriction) == (None, None)
    assert (found.price_class, found.http_version, found.ipv6) == ("PriceClass_All", "http1.1", False)


def test_a_distribution_has_what_it_says() -> None:
    restriction = {"RestrictionType": "whitelist", "Locations": ["DE", ref("Nobody")]}
    found = only(
        _load(
            sections={"Parameters": {"On": {"Type": "String"}}},
            Enabled=False,
            DefaultRootObject="index.html",
            PriceClass="PriceClass_100",
            HttpVersion="http2and3",
            IPV6Enabled="true",
            Staging=ref("On"),
            Restrictions={"GeoRestriction": restriction},
        ),
        Distribution,
    )

    assert (found.enabled, found.default_root_object, found.price_class) == (False, "index.html", "PriceClass_100")
    assert (found.http_version, found.ipv6) == ("http2and3", True)
    assert isinstance(found.staging, Unresolved)
    assert isinstance(found.geo_restriction, GeoRestriction)
    assert found.geo_restriction.kind == "whitelist"
    assert found.geo_restriction.countries[0] == "DE"
    assert isinstance(found.geo_restriction.countries[1], Unresolved)


def test_a_restriction_that_a_condition_leaves_open_is_not_known() -> None:
    either = {"Fn::If": ["Maybe", {"RestrictionType": "whitelist", "Locations": ["DE"]}, ref("AWS::NoValue")]}
    sections = {
        "Parameters": {"Some": {"Type": "String"}},
        "Conditions": {"Maybe": {"Fn::Equals": [ref("Some"), "yes"]}},
    }
    found = only(_load(sections=sections, Restrictions={"GeoRestriction": either}), Distribution)

    assert isinstance(found.geo_restriction, Unresolved)


@pytest.mark.parametrize(
    ("traffic", "weight", "header"),
    [
        ({"Type": "SingleWeight", "SingleWeightConfig": {"Weight": 0.05}}, "0.05", None),
        (
            {"Type": "SingleHeader", "SingleHeaderConfig": {"Header": "aws-cf-cd-new", "Value": "yes"}},
            None,
            ("aws-cf-cd-new", "yes"),
        ),
    ],
)
def test_a_continuous_deployment_tells_who_gets_the_staging_distribution(
    traffic: Any, weight: str | None, header: Any
) -> None:
    config = {
        "Enabled": True,
        "StagingDistributionDnsNames": [get_att("Staging", "DomainName")],
        "TrafficConfig": traffic,
    }
    more = {
        "Policy": resource("CloudFront::ContinuousDeploymentPolicy", ContinuousDeploymentPolicyConfig=config),
        "Staging": resource("CloudFront::Distribution", DistributionConfig={"Staging": True}),
    }
    topology = _load(more, ContinuousDeploymentPolicyId=ref("Policy"))
    policy = only(topology, ContinuousDeployment)

    assert named(topology, Distribution, "Site").continuous_deployment is policy
    assert (policy.enabled, policy.weight, policy.header) == (True, weight, header)
    assert [name.target for name in policy.staging] == [named(topology, Distribution, "Staging")]


def _tenants(**tenant: Any) -> Topology:
    origin = {"Id": "one", "DomainName": "{{customer}}.origin.example.com", "OriginPath": "/v1"}
    more = {
        "Group": resource("CloudFront::ConnectionGroup", Name="all", Ipv6Enabled=False),
        "Tenant": resource("CloudFront::DistributionTenant", **tenant),
        "Record": resource(
            "Route53::RecordSet",
            Name="acme.example.com",
            Type="CNAME",
            ResourceRecords=[get_att("Group", "RoutingEndpoint")],
        ),
    }
    return _load(more, ConnectionMode="tenant-only", Origins=[origin])


def test_a_tenant_has_its_distribution_its_domains_and_what_is_its_own() -> None:
    topology = _tenants(
        Name="acme",
        DistributionId=ref("Site"),
        ConnectionGroupId=get_att("Group", "Id"),
        Domains=["ACME.example.com"],
        Parameters=[{"Name": "customer", "Value": "acme"}],
        Customizations={"GeoRestrictions": {"RestrictionType": "blacklist", "Locations": ["XX"]}},
    )
    tenant = only(topology, DistributionTenant)

    assert (tenant.name, tenant.enabled, tenant.domains) == ("acme", True, ("acme.example.com",))
    assert tenant.distribution is only(topology, Distribution)
    assert tenant.connection_group is only(topology, ConnectionGroup)
    assert tenant.parameters == {"customer": "acme"}
    assert isinstance(tenant.geo_restriction, GeoRestriction)
    assert tenant.geo_restriction.kind == "blacklist"
    assert only(topology, ConnectionGroup).ipv6 is False


def test_a_tenant_that_tells_nothing_guesses_nothing() -> None:
    tenant = only(_tenants(), DistributionTenant)

    assert isinstance(tenant.distribution, Unresolved)
    assert (tenant.connection_group, tenant.domains, tenant.parameters) == (None, (), {})


def test_records_of_a_tenant_s_domain_lead_to_its_connection_group() -> None:
    topology = _tenants()

    assert topology.of(Record)[0].answers[0].target is only(topology, ConnectionGroup)
    assert topology.of(Record)[0].answers[0].kind is OriginKind.DISTRIBUTION


def test_an_origin_of_tenants_is_known_but_for_their_parameters() -> None:
    topology = _tenants()
    name = only(topology, Origin).endpoint.name

    assert only(topology, Distribution).connection_mode == "tenant-only"
    assert str(name) == "${customer}.origin.example.com"
    assert [one.waits_for for one in waiting(name)] == ["the parameter customer of each tenant of Test/Site"]


def test_braces_in_a_name_of_a_distribution_without_tenants_are_only_braces() -> None:
    assert _origin(DomainName="{{customer}}.example.com").endpoint.name == "{{customer}}.example.com"


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


def test_which_protocols_viewers_may_use_is_told() -> None:
    assert _behavior().viewer_protocol_policy == "allow-all"
    assert _behavior(ViewerProtocolPolicy="https-only").viewer_protocol_policy == "https-only"


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
    assert distribution.certificate_arn == Reference(ResourceId("Test", "Certificate"))
    assert only(topology, Certificate).names == ("example.com", "*.a")
    assert (distribution.certificate_arn, distribution.own_certificate) == (Reference(_CERTIFICATE), True)


_CERTIFICATE = ResourceId("Test", "Certificate")


@pytest.mark.parametrize(
    ("viewer", "own"),
    [
        ({}, False),
        ({"CloudFrontDefaultCertificate": True}, False),
        ({"IamCertificateId": "ASCA1"}, True),
        ({"AcmCertificateArn": ref("Given")}, True),
    ],
)
def test_whether_a_certificate_is_somebody_s_own_is_told(viewer: dict[str, Any], own: bool) -> None:
    distribution = only(_load(ViewerCertificate=viewer), Distribution)

    assert distribution.own_certificate is own


@pytest.mark.parametrize("viewer", [{"Fn::If": ["Maybe", {}, ref("AWS::NoValue")]}, ref("Given")])
def test_a_certificate_that_is_given_may_be_nobody_s(viewer: dict[str, Any]) -> None:
    config = {"DefaultCacheBehavior": {}, "ViewerCertificate": viewer}
    resources = {"Site": resource("CloudFront::Distribution", DistributionConfig=config)}
    given = {
        "Parameters": {"Given": {"Type": "String"}},
        "Conditions": {"Maybe": {"Fn::Equals": [ref("Given"), "yes"]}},
    }
    distribution = only(load_resources(resources, **given), Distribution)

    assert isinstance(distribution.own_certificate, Unresolved)


@pytest.mark.parametrize(("given", "told"), [({}, False), ({"IncludeBody": "true"}, True), ({"IncludeBody": 0}, False)])
def test_an_association_tells_whether_the_body_comes_with_it(given: dict[str, Any], told: bool) -> None:
    association = {"EventType": "origin-request", "LambdaFunctionARN": ref("Version"), **given}
    (found,) = _behavior(_FUNCTIONS, LambdaFunctionAssociations=[association]).functions

    assert found.include_body is told


@pytest.mark.parametrize(("given", "told"), [({}, False), ({"AutoPublish": "true"}, True), ({"AutoPublish": 0}, False)])
def test_a_cloudfront_function_tells_whether_it_is_published(given: dict[str, Any], told: bool) -> None:
    function = only(load_resources({"Router": resource("CloudFront::Function", **given)}), ViewerFunction)

    assert (function.published, function.reads) == (told, None)


def test_a_cloudfront_function_declares_what_it_reads() -> None:
    declared = {"Metadata": {"ha-patterns": {"reads": {"headers": ["Host"]}}}}
    function = only(load_resources({"Router": resource("CloudFront::Function") | declared}), ViewerFunction)

    assert function.reads is not None
    assert (function.reads.headers, function.reads.cookies, function.reads.all_query_strings) == (("host",), (), False)


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


def test_a_policy_of_these_templates_has_what_it_says() -> None:
    key = {
        "HeadersConfig": {"HeaderBehavior": "whitelist", "Headers": ["Host", ref("Given")]},
        "CookiesConfig": {"CookieBehavior": "whitelist", "Cookies": ["tenant"]},
        "QueryStringsConfig": {"QueryStringBehavior": "all"},
    }
    config = {"Name": "key", "MinTTL": 1, "DefaultTTL": 2, "MaxTTL": 3, "ParametersInCacheKeyAndForwardedToOrigin": key}
    sent = {"Name": "sent", **key}
    topology = load_resources(
        {
            "Key": resource("CloudFront::CachePolicy", CachePolicyConfig=config),
            "Sent": resource("CloudFront::OriginRequestPolicy", OriginRequestPolicyConfig=sent),
        },
        Parameters={"Given": {"Type": "String"}},
    )
    for name, kind in (("Key", CachePolicy), ("Sent", OriginRequestPolicy)):
        one = named(topology, CustomPolicy, name)
        assert isinstance(one.policy, kind)
        assert (one.policy.name, one.policy.cookies) == (name.lower(), Selection("some", frozenset({"tenant"})))
        assert (one.headers[0], one.cookies, one.query_strings) == ("Host", ("tenant",), ())
        assert isinstance(one.headers[1], Unresolved)


def test_a_policy_without_anything_lists_nothing() -> None:
    one = only(load_resources({"Key": resource("CloudFront::CachePolicy")}), CustomPolicy)

    assert (one.headers, one.cookies, one.query_strings) == ((), (), ())


@pytest.mark.parametrize(
    ("logging", "name"),
    [
        ({"Bucket": "logs.s3.amazonaws.com"}, "logs.s3.amazonaws.com"),
        ({"Bucket": get_att("Logs", "DomainName")}, Reference(ResourceId("Test", "Logs"), "DomainName")),
        ({"Bucket": ""}, None),
        ({}, None),
    ],
)
def test_a_distribution_has_a_log_bucket(logging: dict[str, Any], name: Any) -> None:
    topology = _load({"Logs": resource("S3::Bucket", BucketName="logs")}, Logging=logging)
    found = only(topology, Distribution).log_bucket

    assert (None if found is None else found.name) == name
    assert found is None or found.target is only(topology, Bucket)


def test_a_log_bucket_may_be_unknown() -> None:
    found = only(
        _load(sections={"Parameters": {"Given": {"Type": "String"}}}, Logging={"Bucket": ref("Given")}), Distribution
    ).log_bucket

    assert found is not None
    assert isinstance(found.name, Unresolved)
