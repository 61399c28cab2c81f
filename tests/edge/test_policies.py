"""What policies put into the cache key and send on is read as CloudFront has it."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_cloudfront as cloudfront

from ha_patterns.aws.policies import Unknown
from ha_patterns.edge.policies import (
    behavior_removes_set_cookie,
    cache_key,
    cache_policy_of,
    removes_set_cookie,
    request_policy,
    request_policy_of,
)

from ..samples import new_stack, seconds_token, stack_in, text_token

_Headers = cloudfront.OriginRequestHeaderBehavior


def _cache(policy: cloudfront.ICachePolicy, stack: cdk.Stack | None = None) -> Any:
    stack = stack or new_stack()
    return cache_key(stack, {"cachePolicyId": stack.resolve(policy.cache_policy_id)})


def _request(policy: cloudfront.IOriginRequestPolicy, stack: cdk.Stack | None = None) -> Any:
    stack = stack or new_stack()
    return request_policy(stack, {"originRequestPolicyId": stack.resolve(policy.origin_request_policy_id)})


def test_every_managed_policy_of_the_cdk_is_known() -> None:
    def constants(kind: Any, attribute: str) -> list[Any]:
        named = [getattr(kind, name) for name in dir(kind) if name.isupper()]
        return [policy for policy in named if hasattr(policy, attribute)]

    cached = constants(cloudfront.CachePolicy, "cache_policy_id")
    sent = constants(cloudfront.OriginRequestPolicy, "origin_request_policy_id")

    assert len(cached) + len(sent) > 10
    assert None not in [_cache(policy) for policy in cached]
    assert None not in [_request(policy) for policy in sent]


def test_what_does_not_cache_says_so() -> None:
    assert not _cache(cloudfront.CachePolicy.CACHING_DISABLED).caches
    assert _cache(cloudfront.CachePolicy.CACHING_OPTIMIZED).caches


def test_a_policy_of_the_stack_is_read() -> None:
    stack = new_stack()
    policy = cloudfront.CachePolicy(
        stack,
        "Policy",
        header_behavior=cloudfront.CacheHeaderBehavior.allow_list("X-Version"),
        cookie_behavior=cloudfront.CacheCookieBehavior.deny_list("tracking"),
        query_string_behavior=cloudfront.CacheQueryStringBehavior.all(),
    )

    selection = _cache(policy, stack)

    assert "x-version" in selection.headers
    assert "host" not in selection.headers
    assert "home" in selection.cookies
    assert "tracking" not in selection.cookies
    assert "anything" in selection.query_strings
    assert selection.caches


def test_a_least_time_that_only_the_deploy_knows_may_be_anything() -> None:
    stack = new_stack()
    policy = cloudfront.CachePolicy(stack, "Policy", min_ttl=seconds_token(stack, "Least"))

    assert isinstance(_cache(policy, stack).min_ttl, Unknown)
    assert _cache(cloudfront.CachePolicy(stack, "Other"), stack).min_ttl == 0


def test_a_policy_of_the_stack_that_keeps_nothing_does_not_cache() -> None:
    stack = new_stack()
    zero = cdk.Duration.seconds(0)
    policy = cloudfront.CachePolicy(stack, "Policy", default_ttl=zero, min_ttl=zero, max_ttl=zero)

    assert not _cache(policy, stack).caches


@pytest.mark.parametrize(
    ("behavior", "sends", "does_not"),
    [
        (_Headers.none(), [], ["host", "x-a"]),
        (_Headers.allow_list("X-A"), ["x-a"], ["x-b", "host"]),
        (_Headers.deny_list("Host"), ["x-a"], ["host", "cloudfront-viewer-country"]),
        (_Headers.all(), ["host", "x-a"], ["cloudfront-viewer-country"]),
        (_Headers.all("CloudFront-Viewer-Country"), ["host", "cloudfront-viewer-country"], ["cloudfront-viewer-city"]),
    ],
)
def test_the_headers_of_an_origin_request_policy(
    behavior: cloudfront.OriginRequestHeaderBehavior, sends: list[str], does_not: list[str]
) -> None:
    stack = new_stack()
    policy = cloudfront.OriginRequestPolicy(stack, "Policy", header_behavior=behavior)

    sent = _request(policy, stack)

    assert [name for name in sends if not sent.sends_header(name)] == []
    assert [name for name in does_not if sent.sends_header(name)] == []


def test_managed_policies_send_host_or_not() -> None:
    policy = cloudfront.OriginRequestPolicy

    assert _request(policy.ALL_VIEWER).sends_header("host")
    assert not _request(policy.ALL_VIEWER_EXCEPT_HOST_HEADER).sends_header("host")
    assert _request(policy.ALL_VIEWER_AND_CLOUDFRONT_2022).sends_header("cloudfront-viewer-country")


def test_without_an_origin_request_policy_nothing_more_is_sent() -> None:
    assert "x-a" not in request_policy(new_stack(), {}).headers  # type: ignore[union-attr]


@pytest.mark.parametrize("reference", [None, "0f0e0d0c-0000-4000-8000-000000000000", {"Fn::ImportValue": "Policy"}])
def test_what_cannot_be_seen_is_not_guessed(reference: Any) -> None:
    assert cache_key(new_stack(), {"cachePolicyId": reference}) is None


def test_a_policy_is_read_the_same_from_its_object_and_from_the_template() -> None:
    stack = new_stack()
    cached = cloudfront.CachePolicy(
        stack, "Cached", cookie_behavior=cloudfront.CacheCookieBehavior.allow_list("Plan", "home")
    )
    sent = cloudfront.OriginRequestPolicy(stack, "Sent", header_behavior=_Headers.all("CloudFront-Viewer-City"))

    assert cache_policy_of(cached) == _cache(cached, stack)
    assert request_policy_of(sent) == _request(sent, stack)
    assert cache_policy_of(cloudfront.CachePolicy.AMPLIFY) == _cache(cloudfront.CachePolicy.AMPLIFY)


def test_names_of_cookies_differ_by_case_and_names_of_headers_do_not() -> None:
    policy = cloudfront.CachePolicy(
        new_stack(),
        "Cached",
        cookie_behavior=cloudfront.CacheCookieBehavior.allow_list("Plan"),
        header_behavior=cloudfront.CacheHeaderBehavior.allow_list("X-Version"),
    )

    read = cache_policy_of(policy)

    assert read is not None
    assert "Plan" in read.cookies
    assert "plan" not in read.cookies
    assert "x-version" in read.headers


def test_a_policy_of_a_stack_that_the_distributions_depends_on_is_read() -> None:
    stack = new_stack()
    elsewhere = stack_in("us-east-1", stack)
    policy = cloudfront.CachePolicy(elsewhere, "Policy", cookie_behavior=cloudfront.CacheCookieBehavior.all())
    stack.add_dependency(elsewhere)

    read = cache_key(stack, {"cachePolicyId": stack.resolve(policy.cache_policy_id)})

    assert read is not None
    assert read.cookies.mode == "all"


@pytest.mark.parametrize("part", ["cookie", "header", "query_string"])
def test_a_part_whose_kind_only_the_deploy_knows_may_be_anything(part: str) -> None:
    stack = new_stack()
    of = cloudfront.CfnOriginRequestPolicy
    config = of.OriginRequestPolicyConfigProperty(
        name="Sent",
        cookies_config=of.CookiesConfigProperty(cookie_behavior=_kind(stack, part == "cookie")),
        headers_config=of.HeadersConfigProperty(header_behavior=_kind(stack, part == "header")),
        query_strings_config=of.QueryStringsConfigProperty(query_string_behavior=_kind(stack, part == "query_string")),
    )
    made = of(stack, "Sent", origin_request_policy_config=config)

    sent = request_policy(stack, {"originRequestPolicyId": stack.resolve(made.ref)})

    assert sent is not None
    kinds = {"cookie": sent.cookies, "header": sent.headers, "query_string": sent.query_strings}
    assert [name for name, selection in kinds.items() if not selection.known] == [part]


def _kind(stack: cdk.Stack, only_at_deploy: bool) -> str:
    return text_token(stack, "Kind") if only_at_deploy else "none"


@pytest.mark.parametrize(
    ("removed", "removes"), [(["Set-Cookie"], True), (["set-cookie", "x-a"], True), (["x-a"], False)]
)
def test_whether_a_response_headers_policy_removes_set_cookie(removed: list[str], removes: bool) -> None:
    stack = new_stack()
    policy = cloudfront.ResponseHeadersPolicy(stack, "Policy", remove_headers=removed)
    settings = {"responseHeadersPolicyId": stack.resolve(policy.response_headers_policy_id)}

    assert removes_set_cookie(policy) is removes
    assert behavior_removes_set_cookie(stack, settings) is removes


def test_aws_own_response_headers_policies_remove_no_cookie() -> None:
    assert not removes_set_cookie(cloudfront.ResponseHeadersPolicy.CORS_ALLOW_ALL_ORIGINS)
