"""The distribution that viewers meet is safe whatever the app around it says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import Duration
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as cloudfront_origins
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns
from aws_cdk.assertions import Match, Template

from ha_patterns import (
    DeclaredOrigins,
    DnsFailover,
    EdgeDistribution,
    EdgeFunction,
    Endpoint,
    FailoverOriginGroup,
    LatencyRouting,
    MultiRegionAccessPoint,
    OriginSettings,
)

from ..samples import (
    ALL_FLAGS,
    CERTIFICATE_ARN,
    TOPIC_ARN,
    certificate,
    distribution_config,
    dns_failover,
    home_router,
    imported_bucket,
    latency_routing,
    logical_id,
    new_stack,
    only,
    primary_host,
    properties,
    refused_synth,
    rule_router,
    stack_in,
    tenant_router,
    text_token,
    warnings_of,
    zone_of,
)

_DEFAULT_CERTIFICATE = "@ha-patterns/edge:default-certificate"


def _behavior(**options: Any) -> cloudfront.BehaviorOptions:
    return cloudfront.BehaviorOptions(origin=Endpoint.http_host("origin.example.com").origin(), **options)


def _named(stack: cdk.Stack, **given: Any) -> EdgeDistribution:
    if "hosted_zone" not in given:
        given["hosted_zone"] = zone_of(stack)
    return EdgeDistribution(
        stack, "Edge", **{"default_behavior": _behavior(), "domain_name": "www.example.com", **given}
    )


def _address(name: str) -> Endpoint:
    return Endpoint.http_host(name, ipv4_addresses=[f"203.0.113.{ord(name[0])}"])


def _origin_of(shared: DnsFailover | LatencyRouting) -> cloudfront.BehaviorOptions:
    return cloudfront.BehaviorOptions(origin=shared.origin())


def _unnamed(stack: cdk.Stack, **given: Any) -> EdgeDistribution:
    return EdgeDistribution(stack, "Edge", **{"default_behavior": _behavior(), **given})


def _template(build: Callable[..., EdgeDistribution], flags: Mapping[str, Any] | None = None) -> Template:
    stack = new_stack(flags=flags)
    build(stack)
    return Template.from_stack(stack)


@pytest.fixture(scope="module", params=[{}, ALL_FLAGS], ids=["no feature flag", "all feature flags"])
def template(request: pytest.FixtureRequest) -> Template:
    """A distribution with a name in a zone, in an app without and in one with all feature flags."""
    return _template(_named, request.param)


def test_viewers_come_over_https_with_tls_1_2_and_the_newest_http(template: Template) -> None:
    config = distribution_config(template)

    assert config["DefaultCacheBehavior"]["ViewerProtocolPolicy"] == "redirect-to-https"
    assert config["ViewerCertificate"] == {
        "AcmCertificateArn": {"Ref": logical_id(template, "AWS::CertificateManager::Certificate")},
        "MinimumProtocolVersion": "TLSv1.2_2021",
        "SslSupportMethod": "sni-only",
    }
    assert config["HttpVersion"] == "http2and3"
    assert config["IPV6Enabled"] is True
    assert config["Enabled"] is True


def test_the_certificate_is_validated_in_the_zone(template: Template) -> None:
    made = only(template, "AWS::CertificateManager::Certificate")

    assert made["DomainName"] == "www.example.com"
    assert made["ValidationMethod"] == "DNS"
    assert made["DomainValidationOptions"] == [
        {"DomainName": "www.example.com", "HostedZoneId": "Z0123456789ABCDEFGHIJ"}
    ]


def test_the_name_has_a_and_aaaa_records_for_the_distribution_and_no_zone_is_made(template: Template) -> None:
    records = properties(template, "AWS::Route53::RecordSet")
    distribution = logical_id(template, "AWS::CloudFront::Distribution")

    assert distribution_config(template)["Aliases"] == ["www.example.com"]
    assert sorted(record["Type"] for record in records) == ["A", "AAAA"]
    for record in records:
        assert record["Name"] == "www.example.com."
        assert record["HostedZoneId"] == "Z0123456789ABCDEFGHIJ"
        assert record["AliasTarget"]["DNSName"] == {"Fn::GetAtt": [distribution, "DomainName"]}
        # Route 53 does not evaluate the health of CloudFront.
        assert not record["AliasTarget"].get("EvaluateTargetHealth", False)
    template.resource_count_is("AWS::Route53::HostedZone", 0)


def test_access_is_logged_to_a_private_encrypted_bucket_that_outlives_the_stack(template: Template) -> None:
    bucket = logical_id(template, "AWS::S3::Bucket")

    assert distribution_config(template)["Logging"] == {"Bucket": {"Fn::GetAtt": [bucket, "RegionalDomainName"]}}
    template.has_resource(
        "AWS::S3::Bucket",
        {
            "DeletionPolicy": "Retain",
            "UpdateReplacePolicy": "Retain",
            "Properties": {
                "BucketEncryption": {
                    "ServerSideEncryptionConfiguration": [{"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]
                },
                "LifecycleConfiguration": {"Rules": [{"ExpirationInDays": 90, "Status": "Enabled"}]},
                # CloudFront delivers standard logs with an ACL.
                "OwnershipControls": {"Rules": [{"ObjectOwnership": "ObjectWriter"}]},
                "PublicAccessBlockConfiguration": {
                    "BlockPublicAcls": True,
                    "BlockPublicPolicy": True,
                    "IgnorePublicAcls": True,
                    "RestrictPublicBuckets": True,
                },
            },
        },
    )
    template.has_resource_properties(
        "AWS::S3::BucketPolicy",
        {
            "Bucket": {"Ref": bucket},
            "PolicyDocument": {
                "Statement": Match.array_with(
                    [
                        Match.object_like(
                            {
                                "Effect": "Deny",
                                "Action": "s3:*",
                                "Principal": {"AWS": "*"},
                                "Condition": {"Bool": {"aws:SecureTransport": "false"}},
                            }
                        )
                    ]
                )
            },
        },
    )


def test_what_was_made_can_be_reached(stack: cdk.Stack) -> None:
    edge = _named(stack)

    assert isinstance(edge.distribution, cloudfront.Distribution)
    assert edge.certificate is not None
    assert [record.node.path for record in edge.domain_records] == ["Test/Edge/ARecord", "Test/Edge/AaaaRecord"]
    assert edge.log_bucket.node.path == "Test/Edge/Logs"


def test_the_apex_of_the_zone_can_be_the_name() -> None:
    template = _template(lambda stack: _named(stack, domain_name="example.com"))

    assert {record["Name"] for record in properties(template, "AWS::Route53::RecordSet")} == {"example.com."}


def test_a_name_of_a_deeper_level_and_in_another_case_is_in_the_zone() -> None:
    template = _template(lambda stack: _named(stack, domain_name="Www.Shop.EXAMPLE.com"))

    assert distribution_config(template)["Aliases"] == ["Www.Shop.EXAMPLE.com"]


def test_a_name_with_its_final_dot_is_the_same_name() -> None:
    template = _template(lambda stack: _named(stack, domain_name="www.example.com."))

    assert distribution_config(template)["Aliases"] == ["www.example.com"]
    assert only(template, "AWS::CertificateManager::Certificate")["DomainName"] == "www.example.com"
    assert {record["Name"] for record in properties(template, "AWS::Route53::RecordSet")} == {"www.example.com."}


def test_a_given_certificate_is_used_and_none_is_made(stack: cdk.Stack) -> None:
    given = certificate(stack)
    edge = _named(stack, certificate=given)

    template = Template.from_stack(stack)

    assert edge.certificate is given
    assert distribution_config(template)["ViewerCertificate"]["AcmCertificateArn"] == CERTIFICATE_ARN
    template.resource_count_is("AWS::CertificateManager::Certificate", 0)
    template.resource_count_is("AWS::Route53::RecordSet", 2)


def test_a_certificate_alone_is_enough_for_a_name_whose_records_are_kept_elsewhere(stack: cdk.Stack) -> None:
    edge = _named(stack, certificate=certificate(stack), hosted_zone=None)

    template = Template.from_stack(stack)

    assert edge.domain_records == []
    assert distribution_config(template)["Aliases"] == ["www.example.com"]
    template.resource_count_is("AWS::Route53::RecordSet", 0)


def test_a_certificate_that_is_made_in_us_east_1_is_taken_by_a_stack_of_another_region() -> None:
    stack = new_stack("eu-west-1", flags=ALL_FLAGS)
    at_the_edge = stack_in("us-east-1", stack)
    made = acm.Certificate(at_the_edge, "Certificate", domain_name="www.example.com")
    _named(stack, certificate=made)

    template = Template.from_stack(stack)

    assert "Fn::GetStackOutput" in distribution_config(template)["ViewerCertificate"]["AcmCertificateArn"]


@pytest.mark.parametrize("ownership", [s3.ObjectOwnership.OBJECT_WRITER, s3.ObjectOwnership.BUCKET_OWNER_PREFERRED])
def test_a_given_log_bucket_that_takes_acls_is_used_and_none_is_made(
    stack: cdk.Stack, ownership: s3.ObjectOwnership
) -> None:
    bucket = s3.Bucket(stack, "Mine", object_ownership=ownership)
    edge = _named(stack, log_bucket=bucket)

    template = Template.from_stack(stack)

    assert edge.log_bucket is bucket
    mine = logical_id(template, "AWS::S3::Bucket")
    assert distribution_config(template)["Logging"]["Bucket"] == {"Fn::GetAtt": [mine, "RegionalDomainName"]}


def test_a_log_bucket_that_exists_is_used_and_none_is_made(stack: cdk.Stack) -> None:
    _named(stack, log_bucket=s3.Bucket.from_bucket_name(stack, "Mine", "access-logs"))

    template = Template.from_stack(stack)

    assert "access-logs" in str(distribution_config(template)["Logging"]["Bucket"])
    template.resource_count_is("AWS::S3::Bucket", 0)


def test_a_behavior_keeps_what_it_says_and_redirects_where_it_says_nothing() -> None:
    template = _template(
        lambda stack: _named(
            stack,
            default_behavior=_behavior(viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.HTTPS_ONLY),
            additional_behaviors={
                "/plain/*": _behavior(viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.ALLOW_ALL),
                "/cart/*": _behavior(
                    allowed_methods=cloudfront.AllowedMethods.ALLOW_ALL,
                    cache_policy=cloudfront.CachePolicy.CACHING_DISABLED,
                    compress=False,
                ),
            },
        )
    )

    config = distribution_config(template)
    plain, cart = config["CacheBehaviors"]

    assert config["DefaultCacheBehavior"]["ViewerProtocolPolicy"] == "https-only"
    assert (plain["PathPattern"], plain["ViewerProtocolPolicy"]) == ("/plain/*", "allow-all")
    assert (cart["PathPattern"], cart["ViewerProtocolPolicy"]) == ("/cart/*", "redirect-to-https")
    assert "DELETE" in cart["AllowedMethods"]
    assert cart["CachePolicyId"] == cloudfront.CachePolicy.CACHING_DISABLED.cache_policy_id
    assert cart["Compress"] is False


def test_web_acl_comment_and_metrics_are_passed_on_and_off_otherwise() -> None:
    acl = "arn:aws:wafv2:us-east-1:123456789012:global/webacl/site/1"
    given = _template(
        lambda stack: _unnamed(stack, web_acl_id=acl, comment="The shop", publish_additional_metrics=True)
    )
    plain = _template(_unnamed)

    assert distribution_config(given)["WebACLId"] == acl
    assert distribution_config(given)["Comment"] == "The shop"
    given.resource_count_is("AWS::CloudFront::MonitoringSubscription", 1)
    assert not {"WebACLId", "Comment"} & set(distribution_config(plain))
    plain.resource_count_is("AWS::CloudFront::MonitoringSubscription", 0)


# Without a name


def test_without_a_name_a_warning_says_that_tls_1_2_cannot_be_held(stack: cdk.Stack) -> None:
    edge = _unnamed(stack)

    assert warnings_of(stack) == {("/Test/Edge", _DEFAULT_CERTIFICATE)}
    assert edge.certificate is None
    assert edge.domain_records == []


def test_the_warning_can_be_acknowledged(stack: cdk.Stack) -> None:
    edge = _unnamed(stack)
    cdk.Annotations.of(edge).acknowledge_warning(_DEFAULT_CERTIFICATE, "reached by machines of ours only")

    assert warnings_of(stack) == set()


def test_with_a_name_nothing_is_warned_of(stack: cdk.Stack) -> None:
    _named(stack)

    assert warnings_of(stack) == set()


def test_without_a_name_nothing_is_made_for_one() -> None:
    template = _template(_unnamed)

    assert not {"Aliases", "ViewerCertificate"} & set(distribution_config(template))
    template.resource_count_is("AWS::CertificateManager::Certificate", 0)
    template.resource_count_is("AWS::Route53::RecordSet", 0)
    assert distribution_config(template)["DefaultCacheBehavior"]["ViewerProtocolPolicy"] == "redirect-to-https"


# What only the deploy knows


def test_a_name_and_zone_that_only_the_deploy_knows_reach_the_template(stack: cdk.Stack) -> None:
    _named(
        stack,
        domain_name=text_token(stack, "Name"),
        hosted_zone=route53.HostedZone.from_hosted_zone_attributes(
            stack, "Zone", hosted_zone_id=text_token(stack, "ZoneId"), zone_name=text_token(stack, "ZoneName")
        ),
    )

    template = Template.from_stack(stack)

    assert distribution_config(template)["Aliases"] == [{"Ref": "Name"}]
    assert only(template, "AWS::CertificateManager::Certificate")["DomainName"] == {"Ref": "Name"}


def test_in_a_stack_of_unknown_region_the_certificate_is_made_with_a_warning() -> None:
    stack = new_stack(None)
    _named(stack)

    assert warnings_of(stack) == {("/Test/Edge", "@ha-patterns/edge:unknown-region")}
    Template.from_stack(stack).resource_count_is("AWS::CertificateManager::Certificate", 1)


# Alarms


def _alarms(stack: cdk.Stack, edge: EdgeDistribution, **given: Any) -> list[dict[str, Any]]:
    alarms = edge.add_alarms(sns.Topic.from_topic_arn(stack, "Topic", TOPIC_ARN), **given)
    found = properties(Template.from_stack(stack), "AWS::CloudWatch::Alarm")
    assert len(alarms) == len(found)
    return found


def test_an_alarm_tells_of_errors_that_viewers_see(stack: cdk.Stack) -> None:
    (alarm,) = _alarms(stack, _named(stack))

    del alarm["Dimensions"]
    assert alarm == {
        "AlarmDescription": "www.example.com: viewers get 5xx errors",
        "Namespace": "AWS/CloudFront",
        "MetricName": "5xxErrorRate",
        "Statistic": "Average",
        "Period": 60,
        "Threshold": 5,
        "ComparisonOperator": "GreaterThanOrEqualToThreshold",
        "EvaluationPeriods": 3,
        "DatapointsToAlarm": 2,
        "TreatMissingData": "notBreaching",
        "AlarmActions": [TOPIC_ARN],
        "OKActions": [TOPIC_ARN],
    }


def test_alarms_watch_the_metrics_that_cloudfront_has(stack: cdk.Stack) -> None:
    edge = _named(stack, publish_additional_metrics=True)

    alarms = _alarms(stack, edge, origin_latency=Duration.seconds(4))

    distribution = {"Ref": logical_id(Template.from_stack(stack), "AWS::CloudFront::Distribution")}
    assert len(alarms) == 2
    for alarm in alarms:
        assert {dimension["Name"]: dimension["Value"] for dimension in alarm["Dimensions"]} == {
            "DistributionId": distribution,
            "Region": "Global",
        }


def test_an_alarm_of_a_distribution_without_a_name_says_which_one_it_is(stack: cdk.Stack) -> None:
    (alarm,) = _alarms(stack, _unnamed(stack))

    assert alarm["AlarmDescription"] == "Test/Edge: viewers get 5xx errors"


@pytest.mark.parametrize("percent", [1, 100])
def test_the_share_of_errors_can_be_chosen(stack: cdk.Stack, percent: int) -> None:
    (alarm,) = _alarms(stack, _named(stack), error_rate_percent=percent)

    assert alarm["Threshold"] == percent


def test_an_alarm_tells_of_slow_origins_if_asked_for(stack: cdk.Stack) -> None:
    edge = _named(stack, publish_additional_metrics=True)

    alarms = {alarm["MetricName"]: alarm for alarm in _alarms(stack, edge, origin_latency=Duration.seconds(4))}

    assert set(alarms) == {"5xxErrorRate", "OriginLatency"}
    latency = alarms["OriginLatency"]
    assert (latency["Threshold"], latency["ExtendedStatistic"], latency["Period"]) == (4000, "p95", 60)
    assert latency["AlarmActions"] == latency["OKActions"] == [TOPIC_ARN]


def test_a_latency_below_a_second_is_kept(stack: cdk.Stack) -> None:
    edge = _named(stack, publish_additional_metrics=True)

    alarms = {alarm["MetricName"]: alarm for alarm in _alarms(stack, edge, origin_latency=Duration.millis(500))}

    assert alarms["OriginLatency"]["Threshold"] == 500


@pytest.mark.parametrize("version", ["TLS_V1_2_2018", "TLS_V1_2_2019", "TLS_V1_2_2025", "TLS_V1_3_2025"])
def test_a_newer_or_older_set_of_tls_1_2_or_1_3_can_be_chosen(stack: cdk.Stack, version: str) -> None:
    protocol = cloudfront.SecurityPolicyProtocol[version]
    _named(stack, minimum_protocol_version=protocol)

    config = only(Template.from_stack(stack), "AWS::CloudFront::Distribution")["DistributionConfig"]
    assert config["ViewerCertificate"]["MinimumProtocolVersion"] == version.replace("TLS_V", "TLSv").replace(
        "_", ".", 1
    )


@pytest.mark.parametrize(
    ("name", "names"),
    [
        ("www.example.com", ["www.example.com"]),
        ("www.example.com", ["example.com", "*.EXAMPLE.com"]),
        ("*.example.com", ["example.com", "*.example.com"]),
    ],
)
def test_a_certificate_that_covers_the_name_is_taken(stack: cdk.Stack, name: str, names: list[str]) -> None:
    first, *others = names
    certificate = acm.Certificate(stack, "Own", domain_name=first, subject_alternative_names=others or None)

    assert _unnamed(stack, domain_name=name, certificate=certificate).certificate is certificate


def test_a_certificate_whose_names_only_the_deploy_knows_is_taken(stack: cdk.Stack) -> None:
    certificate = acm.Certificate(
        stack,
        "Own",
        domain_name="a.example.net",
        subject_alternative_names=[text_token(stack, "Name")],
        validation=acm.CertificateValidation.from_dns(zone_of(stack)),
    )

    assert _unnamed(stack, domain_name="www.example.com", certificate=certificate).certificate is certificate


@pytest.mark.parametrize(
    "origin",
    [
        lambda: Endpoint.http_host("WWW.example.com").origin(),
        lambda: cloudfront_origins.HttpOrigin("www.example.com"),
        lambda: cloudfront_origins.OriginGroup(
            primary_origin=cloudfront_origins.HttpOrigin("a.example.net"),
            fallback_origin=cloudfront_origins.HttpOrigin("www.example.com"),
        ),
    ],
    ids=["endpoint", "of the CDK", "in a group"],
)
def test_fails_for_a_distribution_that_is_its_own_origin(
    stack: cdk.Stack, origin: Callable[[], cloudfront.IOrigin]
) -> None:
    site = _named(stack)
    site.distribution.add_behavior("/api/*", origin())

    message = refused_synth(stack)
    assert message.count("CloudFront would be its own origin") == 1
    assert "must be another name than those of the distribution" in message


def test_fails_for_an_endpoint_with_a_name_of_any_distribution_that_has_it(stack: cdk.Stack) -> None:
    cloudfront.Distribution(
        stack,
        "Site",
        default_behavior=cloudfront.BehaviorOptions(origin=Endpoint.http_host("www.example.com").origin()),
        domain_names=["www.example.com"],
        certificate=certificate(stack),
    )

    assert "origin www.example.com must be another name" in refused_synth(stack)


def _a_rule(stack: cdk.Stack, other: Endpoint) -> cloudfront.BehaviorOptions:
    return rule_router(stack, origins={"stable": primary_host(), "other": other}).behavior()


def _a_tenant(stack: cdk.Stack, other: Endpoint) -> cloudfront.BehaviorOptions:
    return tenant_router(stack, origins={"other": other}).behavior()


def _a_home(stack: cdk.Stack, other: Endpoint) -> cloudfront.BehaviorOptions:
    return home_router(stack, homes={"eu-west-1": "eu.example.com", "us-east-1": other}).behavior()


def _of_ones_own(stack: cdk.Stack, other: Endpoint) -> cloudfront.BehaviorOptions:
    """A function of somebody else's, which knows the origins as a part of something."""
    declared = DeclaredOrigins({"other": other})
    function = EdgeFunction(
        stack,
        "Own",
        function="tenant_router",
        event_type=cloudfront.LambdaEdgeEventType.ORIGIN_REQUEST,
        configuration={"parts": [{"origins": declared.configuration}]},
        configuration_headers=declared.configuration_headers,
    )
    return function.behavior(primary_host().origin(custom_headers=function.custom_headers))


_CHOOSE = pytest.mark.parametrize("choose", [_a_rule, _a_tenant, _a_home, _of_ones_own])


@_CHOOSE
@pytest.mark.parametrize("in_pair", [False, True])
def test_fails_for_a_function_that_may_choose_the_distribution_itself(
    stack: cdk.Stack, choose: Callable[..., cloudfront.BehaviorOptions], *, in_pair: bool
) -> None:
    zone = zone_of(stack)
    other = Endpoint.http_host("WWW.example.com", ipv4_addresses=["203.0.113.9"])
    if in_pair:
        pair = dns_failover(stack, primary=other, secondary=_address("b.example.net"), hosted_zone=zone)
        other = pair.endpoint()
    _named(stack, default_behavior=choose(stack, other), hosted_zone=zone)

    message = refused_synth(stack)
    assert "WWW.example.com is a name of the distribution itself: CloudFront would be its own origin" in message
    assert "behavior '*' of Test/Edge/Distribution has a function that may choose origins['" in message


@_CHOOSE
def test_a_function_that_chooses_a_name_that_only_the_deploy_knows_is_judged_too(
    stack: cdk.Stack, choose: Callable[..., cloudfront.BehaviorOptions]
) -> None:
    name = text_token(stack, "Name")
    _named(
        stack,
        default_behavior=choose(stack, Endpoint.http_host(name)),
        domain_name=name,
        certificate=certificate(stack),
        hosted_zone=None,
    )

    assert "a name that only the deploy knows is a name of the distribution itself" in refused_synth(stack)


@pytest.mark.parametrize("make", [dns_failover, latency_routing])
def test_fails_for_an_origin_that_leads_to_the_distribution_itself(
    stack: cdk.Stack, make: Callable[..., DnsFailover | LatencyRouting]
) -> None:
    zone = zone_of(stack)
    pair = [Endpoint.http_host("www.example.com", ipv4_addresses=["203.0.113.9"]), _address("b.example.net")]
    if make is dns_failover:
        shared: DnsFailover | LatencyRouting = make(stack, primary=pair[0], secondary=pair[1], hosted_zone=zone)
    else:
        shared = make(stack, members=dict(zip(("eu-west-1", "us-east-1"), pair, strict=True)), hosted_zone=zone)
    _named(stack, default_behavior=_origin_of(shared), hosted_zone=zone)

    message = refused_synth(stack)
    assert "Endpoint(www.example.com), which Endpoint(" in message
    assert "must have another name than those of the distribution: CloudFront would be its own origin" in message


def test_an_origin_that_leads_elsewhere_is_taken(stack: cdk.Stack) -> None:
    zone = zone_of(stack)
    pair = {"primary": _address("a.example.net"), "secondary": _address("b.example.net")}
    shared = dns_failover(stack, **pair, hosted_zone=zone)
    behavior = _a_rule(stack, shared.endpoint())
    _named(stack, default_behavior=behavior, additional_behaviors={"/a": _origin_of(shared)}, hosted_zone=zone)

    Template.from_stack(stack)


@pytest.mark.parametrize("count", [75, 76])
def test_more_behaviors_than_the_quota_are_a_warning(stack: cdk.Stack, count: int) -> None:
    behavior = cloudfront.BehaviorOptions(origin=cloudfront_origins.HttpOrigin("a.example.net"))
    paths = [f"/{number}/*" for number in range(count)]
    _named(stack, default_behavior=behavior, additional_behaviors=dict.fromkeys(paths, behavior))

    warned = ("/Test/Edge/Distribution", "@ha-patterns/edge:quota")
    assert (warned in warnings_of(stack)) is (count > 75)


def test_time_outs_and_headers_above_a_quota_are_warnings(stack: cdk.Stack) -> None:
    settings = OriginSettings(response_timeout=Duration.seconds(121), connection_attempts=1)
    headers = {f"x-{number}": "1" for number in range(31)}
    origin = Endpoint.http_host("a.example.net").origin(settings, custom_headers=headers)
    _named(stack, default_behavior=cloudfront.BehaviorOptions(origin=origin))

    assert warnings_of(stack) == {
        ("/Test/Edge/Distribution", "@ha-patterns/edge:quota"),
        ("/Test/Edge/Distribution", "@ha-patterns/origin:quota"),
    }


@pytest.mark.parametrize("event", ["ORIGIN_REQUEST", "ORIGIN_RESPONSE", "VIEWER_REQUEST"])
@pytest.mark.parametrize("in_group", [False, True])
def test_fails_for_a_function_on_origin_events_of_an_access_point(
    stack: cdk.Stack, event: str, *, in_group: bool
) -> None:
    access_point = MultiRegionAccessPoint(
        stack,
        "Content",
        name="content",
        buckets=[imported_bucket(stack, region) for region in ("eu-west-1", "us-east-2")],
    )
    endpoint = access_point.endpoint()
    origin = FailoverOriginGroup(primary=primary_host(), secondary=endpoint) if in_group else endpoint.origin()
    arn = "arn:aws:lambda:us-east-1:123456789012:function:f:1"
    function = cloudfront.EdgeLambda(
        function_version=lambda_.Version.from_version_arn(stack, "Function", arn),
        event_type=cloudfront.LambdaEdgeEventType[event],
    )
    _unnamed(stack, default_behavior=cloudfront.BehaviorOptions(origin=origin, edge_lambdas=[function]))

    if event.startswith("VIEWER"):
        cdk.App.of(stack).synth()  # type: ignore[union-attr]
    else:
        message = refused_synth(stack)
        assert message.count("CloudFront signs with SigV4A, and Lambda@Edge has no origin events") == 1


def test_an_edge_function_of_an_access_point_is_refused_on_any_distribution(stack: cdk.Stack) -> None:
    router = rule_router(stack)
    control = cloudfront.S3OriginAccessControl(stack, "Control", signing=cloudfront.Signing.SIGV4_A_ALWAYS)
    origin = cloudfront_origins.HttpOrigin(
        "content.accesspoint.s3-global.amazonaws.com", origin_access_control_id=control.origin_access_control_id
    )
    cloudfront.Distribution(
        stack, "Site", default_behavior=cloudfront.BehaviorOptions(origin=origin, edge_lambdas=[router.edge_lambda])
    )

    assert "CloudFront signs with SigV4A, and Lambda@Edge has no origin events" in refused_synth(stack)


def test_a_function_url_that_is_signed_for_gets_both_permissions(stack: cdk.Stack) -> None:
    url = lambda_.Function(
        stack,
        "Handler",
        runtime=lambda_.Runtime.PYTHON_3_14,
        handler="index.handler",
        code=lambda_.Code.from_inline("..."),
    ).add_function_url(auth_type=lambda_.FunctionUrlAuthType.AWS_IAM)
    origin = cloudfront_origins.FunctionUrlOrigin.with_origin_access_control(url)
    _unnamed(stack, default_behavior=cloudfront.BehaviorOptions(origin=origin))

    permissions = Template.from_stack(stack).find_resources("AWS::Lambda::Permission").values()
    assert {one["Properties"]["Action"] for one in permissions} == {"lambda:InvokeFunctionUrl", "lambda:InvokeFunction"}
