"""Reads move within the request, writes with DNS."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import Duration
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns
from aws_cdk.assertions import Template

from ha_patterns import (
    ORIGIN_ROLE_HEADER,
    Endpoint,
    FailoverOriginGroup,
    HealthCheckSettings,
    HybridFailover,
    OriginSettings,
)

from ..samples import (
    ALL_FLAGS,
    CERTIFICATE_ARN,
    TOPIC_ARN,
    Properties,
    certificate,
    distribution_config,
    failover_codes,
    group_members,
    headers_of,
    hybrid_failover,
    load_balancer,
    new_stack,
    only,
    origin,
    properties,
    rest_api,
    rest_domain,
    text_token,
    waits,
    warnings_of,
)

_ALL_METHODS = {"GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"}


@dataclass
class _Site:
    construct: HybridFailover
    template: Template

    @property
    def config(self) -> Properties:
        return distribution_config(self.template)

    @property
    def writes(self) -> list[Properties]:
        """The behaviors of the write paths."""
        return list(self.config["CacheBehaviors"])


def _site(build: Callable[[cdk.Stack], HybridFailover], flags: dict[str, Any] | None = None) -> _Site:
    stack = new_stack(flags=flags)
    construct = build(stack)
    return _Site(construct, Template.from_stack(stack))


@pytest.fixture(scope="module", params=[{}, ALL_FLAGS], ids=["no feature flag", "all feature flags"])
def site(request: pytest.FixtureRequest) -> _Site:
    """Two hosts, two write paths, alarms; in an app without and in one with all feature flags."""

    def build(stack: cdk.Stack) -> HybridFailover:
        construct = hybrid_failover(stack)
        construct.add_alarms(sns.Topic.from_topic_arn(stack, "Topic", TOPIC_ARN))
        return construct

    return _site(build, request.param)


def test_reads_ask_the_failover_name_and_then_the_standby_by_its_own_name(site: _Site) -> None:
    behavior = site.config["DefaultCacheBehavior"]
    primary, secondary = group_members(site.config)

    assert behavior["TargetOriginId"] == site.config["OriginGroups"]["Items"][0]["Id"]
    assert behavior["AllowedMethods"] == ["GET", "HEAD"]
    assert (primary["DomainName"], secondary["DomainName"]) == ("origin.example.com", "secondary.example.com")
    assert failover_codes(site.config) == [500, 502, 503, 504]
    assert headers_of(primary) == {ORIGIN_ROLE_HEADER: "primary"}
    assert headers_of(secondary) == {ORIGIN_ROLE_HEADER: "secondary"}


def test_write_paths_take_all_methods_to_the_failover_name_alone(site: _Site) -> None:
    group_id = site.config["OriginGroups"]["Items"][0]["Id"]

    assert [behavior["PathPattern"] for behavior in site.writes] == ["/cart/*", "/login"]
    for behavior in site.writes:
        assert set(behavior["AllowedMethods"]) == _ALL_METHODS
        assert behavior["TargetOriginId"] != group_id
        target = origin(site.config, behavior["TargetOriginId"])
        assert target["DomainName"] == "origin.example.com"
        assert headers_of(target) == {}


def test_all_write_paths_share_one_origin(site: _Site) -> None:
    assert len({behavior["TargetOriginId"] for behavior in site.writes}) == 1
    assert len(site.config["Origins"]) == 3


def test_reads_leave_the_primary_fast_and_what_has_nothing_behind_it_is_waited_for(site: _Site) -> None:
    primary, secondary = group_members(site.config)
    writes = origin(site.config, site.writes[0]["TargetOriginId"])

    assert [waits(member) for member in (primary, secondary, writes)] == [(2, 2, 5), (3, 10, 60), (3, 10, 60)]


def test_nothing_is_cached_and_all_but_the_viewers_host_is_forwarded(site: _Site) -> None:
    for behavior in (site.config["DefaultCacheBehavior"], *site.writes):
        assert behavior["CachePolicyId"] == cloudfront.CachePolicy.CACHING_DISABLED.cache_policy_id
        assert (
            behavior["OriginRequestPolicyId"]
            == cloudfront.OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER.origin_request_policy_id
        )


def test_reads_are_redirected_to_https_and_writes_over_http_are_refused(site: _Site) -> None:
    assert site.config["DefaultCacheBehavior"]["ViewerProtocolPolicy"] == "redirect-to-https"
    # A redirected POST has sent its body in the clear already.
    assert {behavior["ViewerProtocolPolicy"] for behavior in site.writes} == {"https-only"}
    assert site.config["ViewerCertificate"]["MinimumProtocolVersion"] == "TLSv1.2_2021"
    protocols = [each["CustomOriginConfig"]["OriginSSLProtocols"] for each in site.config["Origins"]]
    assert protocols == [["TLSv1.2"]] * 3


def test_the_failover_name_is_a_pair_and_the_sites_name_an_alias_of_the_distribution(site: _Site) -> None:
    records = properties(site.template, "AWS::Route53::RecordSet")
    names = {(record["Name"], record["Type"], record.get("Failover")) for record in records}

    assert names == {
        ("origin.example.com.", "A", "PRIMARY"),
        ("origin.example.com.", "A", "SECONDARY"),
        ("www.example.com.", "A", None),
        ("www.example.com.", "AAAA", None),
    }
    check = only(site.template, "AWS::Route53::HealthCheck")["HealthCheckConfig"]
    assert check["FullyQualifiedDomainName"] == "primary.example.com"


def test_alarms_tell_of_the_check_of_errors_and_of_the_wait_for_a_primary_that_is_gone(site: _Site) -> None:
    alarms = {alarm["MetricName"]: alarm for alarm in properties(site.template, "AWS::CloudWatch::Alarm")}

    assert set(alarms) == {"HealthCheckStatus", "5xxErrorRate", "OriginLatency"}
    assert alarms["OriginLatency"]["Threshold"] == 4000
    for alarm in alarms.values():
        assert alarm["AlarmActions"] == alarm["OKActions"] == [TOPIC_ARN]


def test_what_was_made_can_be_reached(site: _Site) -> None:
    construct = site.construct

    assert construct.distribution is construct.edge.distribution
    assert construct.origin_group.secondary is construct.dns.secondary
    assert construct.dns.domain_name == "origin.example.com"
    assert len(construct.dns.records) == 2
    assert len(construct.edge.domain_records) == 2


def test_reads_move_within_the_request_and_all_methods_with_check_and_ttl(site: _Site) -> None:
    assert site.construct.read_failover_time.to_seconds() == 2 * (2 + 5)
    assert site.construct.failover_time.to_seconds() == 3 * (10 + 6) + 5 + 60


def test_the_objective_is_that_of_all_methods() -> None:
    construct = hybrid_failover(
        new_stack(),
        primary_health_check=HealthCheckSettings.fast(failure_threshold=1),
        recovery_time_objective=Duration.seconds(81),
    )

    assert construct.failover_time.to_seconds() == 81


def test_nothing_is_warned_of(stack: cdk.Stack) -> None:
    hybrid_failover(stack)

    assert warnings_of(stack) == set()


def test_a_site_that_is_only_read_needs_no_write_paths() -> None:
    site = _site(lambda stack: hybrid_failover(stack, write_paths=[]))

    assert "CacheBehaviors" not in site.config
    assert len(group_members(site.config)) == 2


def test_a_write_path_that_only_the_deploy_knows_reaches_the_template(stack: cdk.Stack) -> None:
    hybrid_failover(stack, write_paths=[text_token(stack, "Path")])

    (behavior,) = distribution_config(Template.from_stack(stack))["CacheBehaviors"]

    assert behavior["PathPattern"] == {"Ref": "Path"}


def test_what_is_given_takes_the_place_of_the_defaults() -> None:
    def build(stack: cdk.Stack) -> HybridFailover:
        return hybrid_failover(
            stack,
            write_paths=["/cart/*"],
            primary_health_check=HealthCheckSettings.fast(path="/health"),
            secondary_health_check=HealthCheckSettings.standard(path="/health"),
            primary_settings=OriginSettings(connection_attempts=1),
            secondary_settings=OriginSettings(connection_timeout=Duration.seconds(7)),
            status_codes=[503, 504],
            ttl=Duration.seconds(30),
            certificate=certificate(stack),
            cache_policy=cloudfront.CachePolicy.CACHING_OPTIMIZED,
            origin_request_policy=cloudfront.OriginRequestPolicy.CORS_CUSTOM_ORIGIN,
            log_bucket=s3.Bucket.from_bucket_name(stack, "Logs", "access-logs"),
            web_acl_id="arn:aws:wafv2:us-east-1:123456789012:global/webacl/site/1",
        )

    site = _site(build)

    reads, (writes,) = site.config["DefaultCacheBehavior"], site.writes
    primary, secondary = group_members(site.config)
    assert failover_codes(site.config) == [503, 504]
    assert waits(primary) == (1, 10, 30)
    assert waits(secondary) == waits(origin(site.config, writes["TargetOriginId"])) == (3, 7, 30)
    assert reads["CachePolicyId"] == cloudfront.CachePolicy.CACHING_OPTIMIZED.cache_policy_id
    assert writes["CachePolicyId"] == cloudfront.CachePolicy.CACHING_DISABLED.cache_policy_id
    for behavior in (reads, writes):
        assert (
            behavior["OriginRequestPolicyId"]
            == cloudfront.OriginRequestPolicy.CORS_CUSTOM_ORIGIN.origin_request_policy_id
        )
    assert site.config["ViewerCertificate"]["AcmCertificateArn"] == CERTIFICATE_ARN
    assert site.config["WebACLId"] == "arn:aws:wafv2:us-east-1:123456789012:global/webacl/site/1"
    assert "access-logs" in str(site.config["Logging"]["Bucket"])
    assert properties(site.template, "AWS::S3::Bucket") == []
    assert len(properties(site.template, "AWS::Route53::HealthCheck")) == 2
    assert {r["TTL"] for r in properties(site.template, "AWS::Route53::RecordSet") if "TTL" in r} == {"30"}
    assert site.construct.failover_time.to_seconds() == 3 * (10 + 6) + 5 + 30


def test_a_load_balancer_fails_over_to_an_api(stack: cdk.Stack) -> None:
    hybrid_failover(
        stack,
        primary=Endpoint.load_balancer(load_balancer(stack), domain_name="eu-west-1.example.com"),
        secondary=Endpoint.api_gateway(api=rest_api(stack), custom_domain=rest_domain(stack), origin_path="/prod"),
    )

    template = Template.from_stack(stack)

    primary, secondary = group_members(distribution_config(template))
    assert primary["DomainName"] == "origin.example.com"
    assert "OriginPath" not in primary
    assert "execute-api" in str(secondary["DomainName"])
    assert secondary["OriginPath"] == "/prod"
    failover = [each for each in properties(template, "AWS::Route53::RecordSet") if "Failover" in each]
    assert len(failover) == 4
    assert all(each["AliasTarget"]["EvaluateTargetHealth"] is True for each in failover)


def test_both_members_are_connected_to_at_the_port_of_the_endpoints(stack: cdk.Stack) -> None:
    one, two = (
        Endpoint.http_host(f"{name}.example.com", ipv4_addresses=[address], https_port=8443)
        for name, address in (("one", "203.0.113.1"), ("two", "203.0.113.2"))
    )
    hybrid_failover(stack, primary=one, secondary=two)

    origins = distribution_config(Template.from_stack(stack))["Origins"]

    assert {each["CustomOriginConfig"]["HTTPSPort"] for each in origins} == {8443}


def test_every_choice_about_the_group_can_be_made() -> None:
    of_group, of_hybrid = (
        set(inspect.signature(each.__init__).parameters) for each in (FailoverOriginGroup, HybridFailover)
    )

    assert of_group - {"retry_same_origin", "origin_id", "custom_headers"} <= of_hybrid


@pytest.fixture(scope="module")
def api() -> _Site:
    """Some paths that are written, and the rest read and written."""

    def build(stack: cdk.Stack) -> HybridFailover:
        construct = hybrid_failover(
            stack,
            write_paths=["/upload/*"],
            read_write_paths=["/orders", "/*"],
            cache_policy=cloudfront.CachePolicy.USE_ORIGIN_CACHE_CONTROL_HEADERS_QUERY_STRINGS,
            status_codes=[502, 503, 504],
        )
        construct.add_alarms(sns.Topic.from_topic_arn(stack, "Topic", TOPIC_ARN))
        return construct

    return _site(build)


def test_what_is_read_and_written_takes_all_methods_to_the_failover_name_after_what_is_written(api: _Site) -> None:
    assert [behavior["PathPattern"] for behavior in api.writes] == ["/upload/*", "/orders", "/*"]
    assert len({behavior["TargetOriginId"] for behavior in api.writes}) == 1
    for behavior in api.writes:
        assert set(behavior["AllowedMethods"]) == _ALL_METHODS
        assert behavior["ViewerProtocolPolicy"] == "https-only"
        target = origin(api.config, behavior["TargetOriginId"])
        assert target["DomainName"] == "origin.example.com"
        assert waits(target) == (3, 10, 60)


def test_the_function_is_on_what_is_read_and_written_alone(api: _Site) -> None:
    associated = ["FunctionAssociations" in behavior for behavior in api.writes]

    assert associated == [False, True, True]
    assert "FunctionAssociations" not in api.config["DefaultCacheBehavior"]


def test_the_function_makes_the_group_that_reads_have_elsewhere(api: _Site) -> None:
    code = only(api.template, "AWS::CloudFront::Function")["FunctionCode"]
    primary, secondary = group_members(api.config)

    assert f'"originIds": [{{"originId": "{primary["Id"]}"}}, {{"originId": "{secondary["Id"]}"}}]' in code
    assert failover_codes(api.config) == [502, 503, 504]
    assert '"statusCodes": [502, 503, 504]' in code


def test_reads_are_cached_as_said_on_every_path_that_is_not_only_written(api: _Site) -> None:
    policies = [behavior["CachePolicyId"] for behavior in (*api.writes, api.config["DefaultCacheBehavior"])]

    disabled = cloudfront.CachePolicy.CACHING_DISABLED.cache_policy_id
    given = cloudfront.CachePolicy.USE_ORIGIN_CACHE_CONTROL_HEADERS_QUERY_STRINGS.cache_policy_id
    assert policies == [disabled, given, given, given]


def test_the_alarms_of_the_function_are_among_those_of_the_site(api: _Site) -> None:
    alarms = {alarm["MetricName"] for alarm in properties(api.template, "AWS::CloudWatch::Alarm")}

    assert {"HealthCheckStatus", "5xxErrorRate", "OriginLatency", "FunctionExecutionErrors"} < alarms


def test_what_was_made_for_them_can_be_reached(api: _Site, site: _Site) -> None:
    assert api.construct.same_path is not None
    assert api.construct.same_path.origin_group is api.construct.origin_group
    assert site.construct.same_path is None


def test_a_path_only_the_deploy_knows_may_be_read_and_written(stack: cdk.Stack) -> None:
    hybrid_failover(stack, write_paths=["/upload/*"], read_write_paths=[text_token(stack, "Path")])

    _, behavior = distribution_config(Template.from_stack(stack))["CacheBehaviors"]

    assert behavior["PathPattern"] == {"Ref": "Path"}
    assert behavior["FunctionAssociations"]
