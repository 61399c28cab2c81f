"""What the primary cannot answer, the secondary is asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import Duration
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns
from aws_cdk.assertions import Template
from hypothesis import given
from hypothesis import strategies as st

from ha_patterns import ORIGIN_ROLE_HEADER, Endpoint, FailoverOriginGroup, OriginFailover, OriginSettings
from ha_patterns.checks import RULES, check
from ha_patterns.topology import load

from ..samples import (
    CERTIFICATE_ARN,
    TOPIC_ARN,
    Properties,
    bucket_failover,
    distribution_config,
    failover_codes,
    group_members,
    headers_of,
    hybrid_failover,
    nearest_bucket,
    new_stack,
    number_token,
    only,
    primary_host,
    properties,
    rest_api,
    secondary_host,
    seconds_token,
    stack_in,
    waits,
    warnings_of,
    zone_of,
)

_ALLOWED_CODES = {400, 403, 404, 416, 429, 500, 502, 503, 504}
_SLOW = "@ha-patterns/origin-failover:slow-primary"


def _group(
    status_codes: Sequence[int] | None = None,
    primary_settings: OriginSettings | None = None,
    origin_id: str | None = None,
) -> FailoverOriginGroup:
    return FailoverOriginGroup(
        primary=primary_host(),
        secondary=secondary_host(),
        status_codes=status_codes,
        primary_settings=primary_settings,
        origin_id=origin_id,
    )


def _config_with(stack: cdk.Stack, group: FailoverOriginGroup) -> Properties:
    cloudfront.Distribution(stack, "Site", default_behavior=cloudfront.BehaviorOptions(origin=group))
    return distribution_config(Template.from_stack(stack))


def _bucket(scope: cdk.Stack, name: str, region: str) -> Endpoint:
    return Endpoint.bucket(s3.Bucket.from_bucket_attributes(scope, name, bucket_name=name, region=region))


def _bucket_failover(stack: cdk.Stack) -> OriginFailover:
    return OriginFailover(
        stack,
        "Site",
        primary=_bucket(stack, "one", "eu-west-1"),
        secondary=_bucket(stack, "two", "eu-central-1"),
    )


# The group, in someone else's distribution


def test_the_group_has_the_primary_first_then_the_secondary_and_asks_on_server_errors(stack: cdk.Stack) -> None:
    config = _config_with(stack, _group())

    assert [member["DomainName"] for member in group_members(config)] == [
        "primary.example.com",
        "secondary.example.com",
    ]
    assert failover_codes(config) == [500, 502, 503, 504]
    assert config["DefaultCacheBehavior"]["TargetOriginId"] == config["OriginGroups"]["Items"][0]["Id"]


def test_both_members_carry_headers_of_yours_beside_their_roles(stack: cdk.Stack) -> None:
    group = FailoverOriginGroup(
        primary=primary_host(), secondary=secondary_host(), custom_headers={"x-ha-edge-place": "here"}
    )

    assert [headers_of(member) for member in group_members(_config_with(stack, group))] == [
        {"x-ha-edge-place": "here", ORIGIN_ROLE_HEADER: role} for role in ("primary", "secondary")
    ]


def test_each_member_carries_its_role_and_the_same_header_name(stack: cdk.Stack) -> None:
    primary, secondary = group_members(_config_with(stack, _group()))

    assert ORIGIN_ROLE_HEADER == "x-ha-origin-role"
    assert headers_of(primary) == {ORIGIN_ROLE_HEADER: "primary"}
    assert headers_of(secondary) == {ORIGIN_ROLE_HEADER: "secondary"}


def test_the_members_have_the_ids_that_a_function_can_name(stack: cdk.Stack) -> None:
    group = _group(origin_id="reads")
    primary, secondary = group_members(_config_with(stack, group))

    assert group.member_ids == (primary["Id"], secondary["Id"]) == ("reads-primary", "reads-secondary")


def test_the_cdk_makes_the_ids_where_none_is_given(stack: cdk.Stack) -> None:
    group = _group()
    primary, secondary = group_members(_config_with(stack, group))

    assert group.member_ids is None
    assert primary["Id"].startswith("TestSiteOrigin1")
    assert secondary["Id"].startswith("TestSiteOrigin2")


def test_the_primary_gives_up_fast_and_the_secondary_is_patient(stack: cdk.Stack) -> None:
    primary, secondary = group_members(_config_with(stack, _group()))

    assert waits(primary) == (2, 2, 5)
    assert waits(secondary) == (3, 10, 60)


def test_each_member_has_the_settings_that_it_is_given(stack: cdk.Stack) -> None:
    group = FailoverOriginGroup(
        primary=primary_host(),
        secondary=secondary_host(),
        primary_settings=OriginSettings(connection_attempts=1, connection_timeout=Duration.seconds(4)),
        secondary_settings=OriginSettings(connection_attempts=2, response_timeout=Duration.seconds(9)),
    )

    primary, secondary = group_members(_config_with(stack, group))

    assert waits(primary) == (1, 4, 30)
    assert waits(secondary) == (2, 10, 9)


def test_a_retry_of_the_same_origin_is_a_group_of_that_origin_twice(stack: cdk.Stack) -> None:
    group = FailoverOriginGroup(primary=primary_host(), retry_same_origin=True)

    config = _config_with(stack, group)

    primary, secondary = group_members(config)
    assert primary["DomainName"] == secondary["DomainName"] == "primary.example.com"
    assert primary["Id"] != secondary["Id"]
    assert [headers_of(member)[ORIGIN_ROLE_HEADER] for member in (primary, secondary)] == ["primary", "secondary"]
    assert len(config["Origins"]) == 2
    assert group.secondary is group.primary


def test_a_bucket_can_be_retried_too(stack: cdk.Stack) -> None:
    group = FailoverOriginGroup(primary=Endpoint.bucket(s3.Bucket(stack, "Content")), retry_same_origin=True)

    primary, secondary = group_members(_config_with(stack, group))

    assert primary["DomainName"] == secondary["DomainName"]
    assert primary["OriginAccessControlId"] == secondary["OriginAccessControlId"]


def test_a_bucket_as_primary_is_also_left_for_a_key_that_it_does_not_have(stack: cdk.Stack) -> None:
    group = FailoverOriginGroup(
        primary=_bucket(stack, "one", "eu-west-1"), secondary=_bucket(stack, "two", "eu-central-1")
    )

    config = _config_with(stack, group)

    assert failover_codes(config) == [403, 404, 500, 502, 503, 504]
    assert [member["DomainName"] for member in group_members(config)] == [
        "one.s3.eu-west-1.amazonaws.com",
        "two.s3.eu-central-1.amazonaws.com",
    ]


def test_a_bucket_as_secondary_alone_changes_no_codes(stack: cdk.Stack) -> None:
    group = FailoverOriginGroup(primary=primary_host(), secondary=_bucket(stack, "two", "eu-central-1"))

    assert failover_codes(_config_with(stack, group)) == [500, 502, 503, 504]


def test_fails_on_a_bucket_made_in_another_stack_with_the_way_out(stack: cdk.Stack) -> None:
    bucket = s3.Bucket(stack_in("eu-west-1", stack, "One"), "Content", bucket_name="content-eu-west-1")
    group = FailoverOriginGroup(primary=Endpoint.bucket(bucket), secondary=_bucket(stack, "two", "eu-central-1"))

    with pytest.raises(RuntimeError, match=r"in the distribution's stack or imported, got one of\s+One: .*attributes"):
        _config_with(stack, group)


def test_members_of_different_kinds_keep_their_own_needs(stack: cdk.Stack) -> None:
    group = FailoverOriginGroup(
        primary=Endpoint.api_gateway(api=rest_api(stack), origin_path="/prod"),
        secondary=_bucket(stack, "two", "eu-central-1"),
    )

    primary, secondary = group_members(_config_with(stack, group))

    assert (primary["OriginPath"], "S3OriginConfig" in primary) == ("/prod", False)
    assert ("OriginPath" in secondary, secondary["S3OriginConfig"]["OriginReadTimeout"]) == (False, 60)


@pytest.mark.parametrize("code", sorted(_ALLOWED_CODES - {503, 504}))
def test_each_code_that_cloudfront_allows_may_be_added(code: int) -> None:
    assert _group([503, 504, code]).status_codes == (503, 504, code)


@pytest.mark.parametrize(
    ("waivers", "given", "codes"),
    [
        ({"ignore_connection_failures": True}, None, (500, 502, 504)),
        ({"ignore_timeouts": True}, None, (500, 502, 503)),
        ({"ignore_connection_failures": True, "ignore_timeouts": True}, None, (500, 502)),
        ({"ignore_connection_failures": True}, [504], (504,)),
        ({"ignore_timeouts": True}, [503, 429], (503, 429)),
        ({"ignore_connection_failures": True, "ignore_timeouts": True}, [500], (500,)),
    ],
)
def test_503_and_504_are_left_out_only_where_that_is_said_by_name(
    waivers: dict[str, Any], given: list[int] | None, codes: tuple[int, ...]
) -> None:
    group = FailoverOriginGroup(primary=primary_host(), secondary=secondary_host(), status_codes=given, **waivers)

    assert group.status_codes == codes


@pytest.mark.property
@given(st.lists(st.sampled_from([*sorted(_ALLOWED_CODES), 200, 405, 501, 505, 999]), max_size=10))
def test_codes_are_accepted_exactly_where_they_are_legal(codes: list[int]) -> None:
    legal = set(codes) <= _ALLOWED_CODES and {503, 504} <= set(codes) and len(set(codes)) == len(codes)

    if legal:
        assert _group(codes).status_codes == tuple(codes)
    else:
        with pytest.raises(ValueError, match=r"^status_codes"):
            _group(codes)


@pytest.mark.property
@given(st.permutations([503, 504]), st.sets(st.sampled_from(sorted(_ALLOWED_CODES - {503, 504}))))
def test_every_legal_set_of_codes_is_kept_as_given(required: list[int], others: set[int]) -> None:
    assert _group([*required, *others]).status_codes == (*required, *others)


def test_one_group_serves_several_behaviors_of_a_distribution_as_one_origin_group(stack: cdk.Stack) -> None:
    group = _group()
    cloudfront.Distribution(
        stack,
        "Site",
        default_behavior=cloudfront.BehaviorOptions(origin=group),
        additional_behaviors={"/pictures/*": cloudfront.BehaviorOptions(origin=group)},
    )

    config = distribution_config(Template.from_stack(stack))

    (only_group,) = config["OriginGroups"]["Items"]
    assert len(config["Origins"]) == 2
    assert config["DefaultCacheBehavior"]["TargetOriginId"] == only_group["Id"]
    assert config["CacheBehaviors"][0]["TargetOriginId"] == only_group["Id"]


def test_two_groups_serve_two_behaviors_of_a_distribution(stack: cdk.Stack) -> None:
    cloudfront.Distribution(
        stack,
        "Site",
        default_behavior=cloudfront.BehaviorOptions(origin=_group()),
        additional_behaviors={"/pictures/*": cloudfront.BehaviorOptions(origin=_group([503, 504]))},
    )

    config = distribution_config(Template.from_stack(stack))

    assert len(config["OriginGroups"]["Items"]) == 2
    assert config["DefaultCacheBehavior"]["TargetOriginId"] != config["CacheBehaviors"][0]["TargetOriginId"]


def test_one_group_serves_two_distributions(stack: cdk.Stack) -> None:
    group = _group()
    for construct_id in ("One", "Two"):
        cloudfront.Distribution(stack, construct_id, default_behavior=cloudfront.BehaviorOptions(origin=group))

    one, two = properties(Template.from_stack(stack), "AWS::CloudFront::Distribution")

    for found in (one["DistributionConfig"], two["DistributionConfig"]):
        assert [member["DomainName"] for member in group_members(found)] == [
            "primary.example.com",
            "secondary.example.com",
        ]


def test_options_fails_over_where_it_is_cached(stack: cdk.Stack) -> None:
    cloudfront.Distribution(
        stack,
        "Site",
        default_behavior=cloudfront.BehaviorOptions(
            origin=_group(),
            allowed_methods=cloudfront.AllowedMethods.ALLOW_GET_HEAD_OPTIONS,
            cached_methods=cloudfront.CachedMethods.CACHE_GET_HEAD_OPTIONS,
        ),
    )

    behavior = distribution_config(Template.from_stack(stack))["DefaultCacheBehavior"]

    assert behavior["AllowedMethods"] == behavior["CachedMethods"] == ["GET", "HEAD", "OPTIONS"]


def test_writes_beside_the_group_are_no_concern_of_it(stack: cdk.Stack) -> None:
    cloudfront.Distribution(
        stack,
        "Site",
        default_behavior=cloudfront.BehaviorOptions(origin=_group()),
        additional_behaviors={
            "/cart/*": cloudfront.BehaviorOptions(
                origin=primary_host().origin(), allowed_methods=cloudfront.AllowedMethods.ALLOW_ALL
            )
        },
    )

    config = distribution_config(Template.from_stack(stack))

    assert "POST" in config["CacheBehaviors"][0]["AllowedMethods"]


# The wait before failover


@pytest.mark.parametrize(
    ("settings", "wait"),
    [
        (None, 14),
        (OriginSettings(), 120),
        (OriginSettings(connection_attempts=1, connection_timeout=Duration.seconds(1)), 31),
        (OriginSettings(response_completion_timeout=Duration.seconds(30)), 30),
    ],
)
def test_the_failover_time_is_the_longest_wait_for_the_primary(settings: OriginSettings | None, wait: int) -> None:
    assert _group(primary_settings=settings).failover_time.to_seconds() == wait


def test_the_longest_wait_is_for_both_members() -> None:
    group = FailoverOriginGroup(
        primary=primary_host(),
        secondary=secondary_host(),
        secondary_settings=OriginSettings(connection_attempts=1, response_timeout=Duration.seconds(20)),
    )

    assert group.longest_wait.to_seconds() == 2 * (2 + 5) + 1 * (10 + 20)


def test_a_secondary_that_only_the_deploy_knows_has_no_longest_wait(stack: cdk.Stack) -> None:
    settings = OriginSettings(response_timeout=seconds_token(stack, "Response"))
    group = FailoverOriginGroup(primary=primary_host(), secondary=secondary_host(), secondary_settings=settings)

    assert group.failover_time.to_seconds() == 14
    with pytest.raises(ValueError, match="response_timeout is a token"):
        _ = group.longest_wait


def test_an_objective_that_is_just_met_is_accepted() -> None:
    group = FailoverOriginGroup(
        primary=primary_host(), secondary=secondary_host(), recovery_time_objective=Duration.seconds(14)
    )

    assert group.failover_time.to_seconds() == 14


@pytest.mark.parametrize(
    ("settings", "warned"),
    [
        pytest.param(OriginSettings.fail_fast(), False, id="fast"),
        pytest.param(OriginSettings(), True, id="CloudFront's defaults"),
        pytest.param(
            OriginSettings(
                connection_attempts=1, connection_timeout=Duration.seconds(5), response_timeout=Duration.seconds(25)
            ),
            False,
            id="just not slow",
        ),
        pytest.param(
            OriginSettings(
                connection_attempts=1, connection_timeout=Duration.seconds(6), response_timeout=Duration.seconds(1)
            ),
            True,
            id="slow to connect",
        ),
        pytest.param(
            OriginSettings(
                connection_attempts=1, connection_timeout=Duration.seconds(5), response_timeout=Duration.seconds(26)
            ),
            True,
            id="slow to answer",
        ),
    ],
)
def test_a_primary_that_is_left_late_is_warned_of(settings: OriginSettings, *, warned: bool) -> None:
    stack = new_stack()
    cloudfront.Distribution(
        stack, "Site", default_behavior=cloudfront.BehaviorOptions(origin=_group(primary_settings=settings))
    )

    assert warnings_of(stack) == ({("/Test/Site", _SLOW)} if warned else set())


def test_the_warning_can_be_acknowledged_where_the_distribution_is(stack: cdk.Stack) -> None:
    site = cloudfront.Distribution(
        stack, "Site", default_behavior=cloudfront.BehaviorOptions(origin=_group(primary_settings=OriginSettings()))
    )
    cdk.Annotations.of(site).acknowledge_warning(_SLOW, "viewers are machines, which wait")

    assert warnings_of(stack) == set()


def test_settings_that_only_the_deploy_knows_are_not_warned_of_and_reach_the_template(stack: cdk.Stack) -> None:
    settings = OriginSettings(
        connection_attempts=number_token(stack, "Attempts"), response_timeout=seconds_token(stack, "Response")
    )
    cloudfront.Distribution(
        stack, "Site", default_behavior=cloudfront.BehaviorOptions(origin=_group(primary_settings=settings))
    )

    primary, _ = group_members(distribution_config(Template.from_stack(stack)))

    assert waits(primary) == ({"Ref": "Attempts"}, 10, {"Ref": "Response"})
    assert warnings_of(stack) == set()


# The ready distribution


@dataclass
class _Site:
    construct: OriginFailover
    template: Template

    @property
    def config(self) -> Properties:
        return distribution_config(self.template)


def _site(build: Callable[[cdk.Stack], OriginFailover]) -> _Site:
    stack = new_stack()
    construct = build(stack)
    return _Site(construct, Template.from_stack(stack))


@pytest.fixture(scope="module")
def site() -> _Site:
    """Two hosts behind a name of their own, with alarms."""

    def build(stack: cdk.Stack) -> OriginFailover:
        construct = OriginFailover(
            stack,
            "Site",
            primary=primary_host(),
            secondary=secondary_host(),
            domain_name="www.example.com",
            hosted_zone=zone_of(stack),
            recovery_time_objective=Duration.seconds(15),
        )
        construct.add_alarms(sns.Topic.from_topic_arn(stack, "Topic", TOPIC_ARN))
        return construct

    return _site(build)


@pytest.fixture(scope="module")
def bucket_site() -> _Site:
    """Two buckets without a name."""
    return _site(_bucket_failover)


def test_a_site_reads_through_the_group(site: _Site) -> None:
    behavior = site.config["DefaultCacheBehavior"]

    assert behavior["TargetOriginId"] == site.config["OriginGroups"]["Items"][0]["Id"]
    assert behavior["AllowedMethods"] == ["GET", "HEAD"]
    assert behavior["ViewerProtocolPolicy"] == "redirect-to-https"
    assert behavior["Compress"] is True
    assert "CacheBehaviors" not in site.config
    assert [headers_of(member)[ORIGIN_ROLE_HEADER] for member in group_members(site.config)] == [
        "primary",
        "secondary",
    ]


def test_hosts_get_all_that_viewers_send_but_their_host_header_and_nothing_is_cached(site: _Site) -> None:
    behavior = site.config["DefaultCacheBehavior"]

    assert behavior["CachePolicyId"] == cloudfront.CachePolicy.CACHING_DISABLED.cache_policy_id
    assert (
        behavior["OriginRequestPolicyId"]
        == cloudfront.OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER.origin_request_policy_id
    )


def test_buckets_get_nothing_that_viewers_send_and_are_cached(bucket_site: _Site) -> None:
    behavior = bucket_site.config["DefaultCacheBehavior"]

    assert behavior["CachePolicyId"] == cloudfront.CachePolicy.CACHING_OPTIMIZED.cache_policy_id
    assert "OriginRequestPolicyId" not in behavior
    assert failover_codes(bucket_site.config) == [403, 404, 500, 502, 503, 504]


def test_a_site_has_its_name_records_certificate_and_logs(site: _Site) -> None:
    assert site.config["Aliases"] == ["www.example.com"]
    assert {record["Type"] for record in properties(site.template, "AWS::Route53::RecordSet")} == {"A", "AAAA"}
    assert only(site.template, "AWS::CertificateManager::Certificate")["DomainName"] == "www.example.com"
    assert "Logging" in site.config


def test_what_a_site_made_can_be_reached(site: _Site) -> None:
    construct = site.construct

    assert construct.distribution is construct.edge.distribution
    assert construct.origin_group.status_codes == (500, 502, 503, 504)
    assert construct.failover_time.to_seconds() == construct.origin_group.failover_time.to_seconds() == 14
    assert len(construct.edge.domain_records) == 2


def test_alarms_tell_of_errors_that_viewers_see_and_of_the_wait_for_a_primary_that_is_gone(site: _Site) -> None:
    alarms = {alarm["MetricName"]: alarm for alarm in properties(site.template, "AWS::CloudWatch::Alarm")}

    assert set(alarms) == {"5xxErrorRate", "OriginLatency"}
    assert alarms["5xxErrorRate"]["Threshold"] == 5
    # Two attempts of two seconds, in milliseconds.
    assert alarms["OriginLatency"]["Threshold"] == 4000
    assert only(site.template, "AWS::CloudFront::MonitoringSubscription")
    for alarm in alarms.values():
        assert alarm["AlarmActions"] == alarm["OKActions"] == [TOPIC_ARN]


def test_what_a_site_is_given_takes_the_place_of_the_defaults(stack: cdk.Stack) -> None:
    OriginFailover(
        stack,
        "Site",
        primary=primary_host(),
        retry_same_origin=True,
        status_codes=[429, 503, 504],
        primary_settings=OriginSettings(connection_attempts=1, connection_timeout=Duration.seconds(1)),
        secondary_settings=OriginSettings.fail_fast(),
        domain_name="www.example.com",
        certificate=acm.Certificate.from_certificate_arn(stack, "Certificate", CERTIFICATE_ARN),
        cache_policy=cloudfront.CachePolicy.CACHING_OPTIMIZED,
        origin_request_policy=cloudfront.OriginRequestPolicy.CORS_CUSTOM_ORIGIN,
        web_acl_id="arn:aws:wafv2:us-east-1:123456789012:global/webacl/site/1",
    )

    template = Template.from_stack(stack)

    config = distribution_config(template)
    behavior = config["DefaultCacheBehavior"]
    assert failover_codes(config) == [429, 503, 504]
    assert [waits(member) for member in group_members(config)] == [(1, 1, 30), (2, 2, 5)]
    assert config["ViewerCertificate"]["AcmCertificateArn"] == CERTIFICATE_ARN
    assert behavior["CachePolicyId"] == cloudfront.CachePolicy.CACHING_OPTIMIZED.cache_policy_id
    assert (
        behavior["OriginRequestPolicyId"] == cloudfront.OriginRequestPolicy.CORS_CUSTOM_ORIGIN.origin_request_policy_id
    )
    assert config["WebACLId"] == "arn:aws:wafv2:us-east-1:123456789012:global/webacl/site/1"
    template.resource_count_is("AWS::Route53::RecordSet", 0)


@pytest.mark.parametrize(
    ("waiver", "codes"), [("ignore_connection_failures", [500, 504]), ("ignore_timeouts", [500, 503])]
)
def test_what_a_refusal_of_codes_tells_to_say_can_be_said(stack: cdk.Stack, waiver: str, codes: list[int]) -> None:
    given: dict[str, Any] = {"primary": primary_host(), "secondary": secondary_host(), "status_codes": codes}
    with pytest.raises(ValueError, match=f"say {waiver}=True"):
        OriginFailover(stack, "Refused", **given)

    waived = OriginFailover(stack, "Waived", **{**given, waiver: True})

    assert waived.origin_group.status_codes == tuple(codes)


# What the checks find, too


def _warned(stack: cdk.Stack, **given: Any) -> set[str]:
    group = FailoverOriginGroup(**{"primary": primary_host(), "secondary": secondary_host(), **given})
    cloudfront.Distribution(stack, "Site", default_behavior=cloudfront.BehaviorOptions(origin=group))
    return {name for path, name in warnings_of(stack) if path == "/Test/Site"}


@pytest.mark.parametrize(
    ("waivers", "codes"),
    [
        ({"ignore_timeouts": True}, [500, 502, 503]),
        ({"ignore_timeouts": True, "ignore_connection_failures": True}, [500, 502]),
    ],
)
def test_a_waiver_is_acknowledged_in_the_template(stack: cdk.Stack, waivers: dict[str, bool], codes: list[int]) -> None:
    assert _warned(stack, status_codes=codes, **waivers) == set()

    [site] = Template.from_stack(stack).find_resources("AWS::CloudFront::Distribution").values()
    meant = " and ".join(f"{name}=True" for name in sorted(waivers))
    of_the_group = {"Properties.DistributionConfig.OriginGroups.Items[0]": f"It is meant: {meant}."}
    assert site["Metadata"] == {"ha-patterns": {"acknowledge": {"HA003": of_the_group}}}


def test_a_waiver_is_for_its_group_alone(stack: cdk.Stack) -> None:
    waived = FailoverOriginGroup(primary=primary_host(), secondary=secondary_host(), ignore_timeouts=True)
    hosts = (origins.HttpOrigin(f"{name}.example.net") for name in ("first", "second"))
    of_the_cdk = origins.OriginGroup(
        primary_origin=next(hosts), fallback_origin=next(hosts), fallback_status_codes=[500, 502, 503]
    )
    site = cloudfront.Distribution(stack, "Site", default_behavior=cloudfront.BehaviorOptions(origin=of_the_cdk))
    site.add_behavior("/waived/*", waived)

    assembly = cdk.App.of(stack).synth()  # type: ignore[union-attr]
    report = check(load(Path(assembly.directory)), rules=[RULES["HA003"]])

    assert [finding.place.path[3:5] for finding in report.findings] == [("Items", 0)]
    assert [finding.place.path[3:5] for finding in report.acknowledged] == [("Items", 1)]
    assert [finding.reason for finding in report.acknowledged] == ["It is meant: ignore_timeouts=True."]


def test_without_a_waiver_nothing_is_acknowledged(stack: cdk.Stack) -> None:
    assert _warned(stack) == set()

    [site] = Template.from_stack(stack).find_resources("AWS::CloudFront::Distribution").values()
    assert "Metadata" not in site


def test_codes_without_502_are_warned_of(stack: cdk.Stack) -> None:
    assert _warned(stack, status_codes=[500, 503, 504]) == {"@ha-patterns/origin-failover:no-502"}


@pytest.mark.parametrize(("codes", "rule"), [([500, 503, 504], "HA013"), ([404, 500, 503, 504], "HA014")])
def test_the_rule_that_finds_lost_refusals_acknowledges_their_warning(
    stack: cdk.Stack, codes: list[int], rule: str
) -> None:
    cdk.Validations.of(stack).acknowledge(cdk.Acknowledgment(id=f"ha-patterns::{rule}", reason="all keys are there"))

    found = _warned(stack, primary=Endpoint.bucket(s3.Bucket(stack, "Content")), status_codes=codes)
    assert found == {"@ha-patterns/origin-failover:no-502"}


def test_a_bucket_whose_refusals_are_not_left_is_warned_of(stack: cdk.Stack) -> None:
    primary = Endpoint.bucket(s3.Bucket(stack, "Content"))

    found = _warned(stack, primary=primary, status_codes=[500, 502, 503, 504])
    assert found == {"@ha-patterns/origin-failover:no-403"}


def test_members_in_one_region_are_warned_of(stack: cdk.Stack) -> None:
    apis = {role: Endpoint.api_gateway(api=rest_api(stack, role)) for role in ("primary", "secondary")}

    assert _warned(stack, **apis) == {"@ha-patterns/origin-failover:one-region"}


@pytest.mark.parametrize("copied", [True, False])
def test_a_second_bucket_that_is_no_copy_is_warned_of(stack: cdk.Stack, *, copied: bool) -> None:
    names = ("first", "second")
    first, second = (s3.Bucket(stack, name, bucket_name=name, versioned=True) for name in names)
    if copied:
        resource = first.node.default_child
        assert isinstance(resource, s3.CfnBucket)
        resource.replication_configuration = s3.CfnBucket.ReplicationConfigurationProperty(
            role="arn:aws:iam::123456789012:role/copies",
            rules=[
                s3.CfnBucket.ReplicationRuleProperty(
                    status="Enabled",
                    destination=s3.CfnBucket.ReplicationDestinationProperty(bucket=second.bucket_arn),
                )
            ],
        )

    found = _warned(stack, primary=Endpoint.bucket(first), secondary=Endpoint.bucket(second))
    assert ("@ha-patterns/origin-failover:no-copy" in found) is not copied


@pytest.mark.parametrize("has_zone", [True, False])
def test_an_origin_below_the_wildcard_of_the_site_is_warned_of(stack: cdk.Stack, *, has_zone: bool) -> None:
    zone = zone_of(stack) if has_zone else None
    certificate = acm.Certificate.from_certificate_arn(stack, "Own", CERTIFICATE_ARN)
    OriginFailover(
        stack,
        "Site",
        primary=Endpoint.http_host("one.example.com"),
        secondary=Endpoint.http_host("two.example.net"),
        domain_name="*.example.com",
        certificate=certificate,
        hosted_zone=zone,
    )

    # Without a zone there are no records that would answer for it.
    warned = {("/Test/Site", "@ha-patterns/edge:wildcard-of-origin")}
    assert warnings_of(stack) == (warned if has_zone else set())


def _origin_failover(stack: cdk.Stack, **given: Any) -> OriginFailover:
    return OriginFailover(stack, "Site", primary=primary_host(), secondary=secondary_host(), **given)


@pytest.mark.parametrize(
    "make", [_origin_failover, hybrid_failover, bucket_failover, nearest_bucket], ids=lambda make: str(make.__name__)
)
def test_additional_metrics_are_a_choice_and_no_alarm_waits_for_them_without(make: Callable[..., Any]) -> None:
    for chosen, subscriptions, alarms in (({}, 1, 1), ({"publish_additional_metrics": False}, 0, 0)):
        stack = new_stack()
        make(stack, **chosen).add_alarms(sns.Topic(stack, "Topic"))

        template = Template.from_stack(stack)

        template.resource_count_is("AWS::CloudFront::MonitoringSubscription", subscriptions)
        watched = template.find_resources("AWS::CloudWatch::Alarm", {"Properties": {"MetricName": "OriginLatency"}})
        assert len(watched) == alarms
