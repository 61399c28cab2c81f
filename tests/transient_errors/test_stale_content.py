"""Expired copies are served where the origin fails."""

from __future__ import annotations

import aws_cdk as cdk
import pytest
from aws_cdk import Duration
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk.assertions import Template

from ha_patterns import EdgeDistribution, FailoverOriginGroup, OriginSettings, StaleContent

from ..samples import (
    Properties,
    distribution_config,
    dns_failover,
    group_members,
    logical_id,
    new_stack,
    only,
    primary_host,
    secondary_host,
    seconds_token,
    warnings_of,
)

_SLOW = "@ha-patterns/stale-content:slow-origin"
_FAST = OriginSettings.fail_fast()


def _group(secondary: OriginSettings | None = None) -> FailoverOriginGroup:
    return FailoverOriginGroup(primary=primary_host(), secondary=secondary_host(), secondary_settings=secondary)


def _policy(stack: cdk.Stack) -> Properties:
    return dict(only(Template.from_stack(stack), "AWS::CloudFront::CachePolicy")["CachePolicyConfig"])


def test_a_policy_keeps_copies_for_a_day_and_asks_for_news_every_minute(stack: cdk.Stack) -> None:
    StaleContent(stack, "Stale", origin=primary_host().origin(_FAST))

    policy = _policy(stack)

    assert (policy["MinTTL"], policy["DefaultTTL"], policy["MaxTTL"]) == (0, 60, 24 * 3600)


def test_the_key_holds_the_query_string_and_nothing_of_the_viewer(stack: cdk.Stack) -> None:
    StaleContent(stack, "Stale", origin=primary_host().origin(_FAST))

    key = _policy(stack)["ParametersInCacheKeyAndForwardedToOrigin"]

    assert key["QueryStringsConfig"] == {"QueryStringBehavior": "all"}
    assert key["HeadersConfig"] == {"HeaderBehavior": "none"}
    assert key["CookiesConfig"] == {"CookieBehavior": "none"}
    assert (key["EnableAcceptEncodingGzip"], key["EnableAcceptEncodingBrotli"]) == (True, True)


def test_times_and_key_are_the_ones_that_are_given(stack: cdk.Stack) -> None:
    stale = StaleContent(
        stack,
        "Stale",
        origin=primary_host().origin(_FAST),
        default_ttl=Duration.seconds(0),
        max_ttl=Duration.hours(2),
        error_ttl=Duration.seconds(1),
        query_string_behavior=cloudfront.CacheQueryStringBehavior.none(),
        header_behavior=cloudfront.CacheHeaderBehavior.allow_list("accept-language"),
        cookie_behavior=cloudfront.CacheCookieBehavior.allow_list("theme"),
    )

    policy = _policy(stack)

    key = policy["ParametersInCacheKeyAndForwardedToOrigin"]
    assert (policy["DefaultTTL"], policy["MaxTTL"]) == (0, 7200)
    assert key["QueryStringsConfig"] == {"QueryStringBehavior": "none"}
    assert key["HeadersConfig"]["Headers"] == ["accept-language"]
    assert key["CookiesConfig"]["Cookies"] == ["theme"]
    assert {response.ttl.to_seconds() for response in stale.error_responses if response.ttl} == {1}


def test_every_copy_may_be_fresh_for_as_long_as_it_is_kept(stack: cdk.Stack) -> None:
    hour = Duration.hours(1)

    StaleContent(stack, "Stale", origin=primary_host().origin(_FAST), default_ttl=hour, max_ttl=hour)

    assert (_policy(stack)["DefaultTTL"], _policy(stack)["MaxTTL"]) == (3600, 3600)


def test_a_distribution_asks_a_failing_origin_again_after_ten_seconds(stack: cdk.Stack) -> None:
    stale = StaleContent(stack, "Stale", origin=primary_host().origin(_FAST))
    EdgeDistribution(stack, "Site", default_behavior=stale.behavior, error_responses=stale.error_responses)

    config = distribution_config(Template.from_stack(stack))

    assert config["CustomErrorResponses"] == [
        {"ErrorCode": code, "ErrorCachingMinTTL": 10} for code in (500, 501, 502, 503, 504)
    ]


def test_the_behavior_reads_through_the_policy_and_sends_nothing_more(stack: cdk.Stack) -> None:
    stale = StaleContent(stack, "Stale", origin=primary_host().origin(_FAST))
    cloudfront.Distribution(
        stack, "Site", default_behavior=stale.behavior, additional_behaviors={"/news/*": stale.behavior}
    )

    template = Template.from_stack(stack)

    config = distribution_config(template)
    for behavior in (config["DefaultCacheBehavior"], *config["CacheBehaviors"]):
        assert behavior["AllowedMethods"] == ["GET", "HEAD"]
        assert behavior["CachePolicyId"] == {"Ref": logical_id(template, "AWS::CloudFront::CachePolicy")}
        assert behavior["ViewerProtocolPolicy"] == "redirect-to-https"
        assert "OriginRequestPolicyId" not in behavior


def test_the_policy_alone_serves_behaviors_of_ones_own(stack: cdk.Stack) -> None:
    stale = StaleContent(stack, "Stale", origin=primary_host().origin(_FAST))
    cloudfront.Distribution(
        stack,
        "Site",
        default_behavior=cloudfront.BehaviorOptions(
            origin=secondary_host().origin(), cache_policy=stale.cache_policy, compress=False
        ),
    )

    template = Template.from_stack(stack)

    behavior = distribution_config(template)["DefaultCacheBehavior"]
    assert behavior["CachePolicyId"] == {"Ref": logical_id(template, "AWS::CloudFront::CachePolicy")}


def test_copies_can_outlive_both_members_of_an_origin_group(stack: cdk.Stack) -> None:
    stale = StaleContent(stack, "Stale", origin=_group(_FAST))
    EdgeDistribution(stack, "Site", default_behavior=stale.behavior, error_responses=stale.error_responses)

    config = distribution_config(Template.from_stack(stack))

    assert len(group_members(config)) == 2
    assert config["DefaultCacheBehavior"]["TargetOriginId"] == config["OriginGroups"]["Items"][0]["Id"]


def test_copies_can_outlive_a_failover_name(stack: cdk.Stack) -> None:
    stale = StaleContent(stack, "Stale", origin=dns_failover(stack).origin(_FAST))

    assert stale.failover_time.to_seconds() == 14


@pytest.mark.parametrize(
    ("origin", "wait"),
    [
        pytest.param(primary_host().origin(_FAST), 2 * (2 + 5), id="one origin"),
        pytest.param(primary_host().origin(), 3 * (10 + 30), id="CloudFront's defaults"),
        pytest.param(_group(_FAST), 2 * (2 + 5) + 2 * (2 + 5), id="a group: both members"),
        pytest.param(_group(), 2 * (2 + 5) + 3 * (10 + 60), id="a group with a patient secondary"),
        pytest.param(
            _group(OriginSettings(response_completion_timeout=Duration.seconds(30))), 14 + 30, id="a capped secondary"
        ),
    ],
)
def test_the_failover_time_is_what_a_request_waits_before_the_copy_is_served(
    origin: FailoverOriginGroup, wait: int
) -> None:
    stack = new_stack()

    assert StaleContent(stack, "Stale", origin=origin).failover_time.to_seconds() == wait
    assert warnings_of(stack) == ({("/Test/Stale", _SLOW)} if wait > 30 else set())


def test_an_objective_that_is_just_met_is_accepted(stack: cdk.Stack) -> None:
    stale = StaleContent(
        stack, "Stale", origin=primary_host().origin(_FAST), recovery_time_objective=Duration.seconds(14)
    )

    assert stale.failover_time.to_seconds() == 14


def test_the_warning_can_be_acknowledged(stack: cdk.Stack) -> None:
    stale = StaleContent(stack, "Stale", origin=primary_host().origin())
    cdk.Annotations.of(stale).acknowledge_warning(_SLOW, "the origin sends stale-while-revalidate")

    assert warnings_of(stack) == set()


def test_settings_that_only_the_deploy_knows_are_not_warned_of_and_have_no_failover_time(stack: cdk.Stack) -> None:
    settings = OriginSettings(response_timeout=seconds_token(stack, "Response"))
    stale = StaleContent(stack, "Stale", origin=primary_host().origin(settings))

    assert warnings_of(stack) == set()
    with pytest.raises(ValueError, match="response_timeout is a token"):
        _ = stale.failover_time


def test_a_failing_origin_that_is_left_alone_for_a_year_is_warned_of(stack: cdk.Stack) -> None:
    stale = StaleContent(stack, "Stale", origin=_group(_FAST), error_ttl=Duration.days(365))
    cloudfront.Distribution(stack, "Site", default_behavior=stale.behavior, error_responses=stale.error_responses)

    assert ("/Test/Site", "@ha-patterns/edge:long-error-ttl") in warnings_of(stack)
