"""What policies put into the cache key and send on is read as CloudFront has it."""

from __future__ import annotations

import math
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_cloudfront as cloudfront

from ha_patterns.edge.policies import cache_key, request_policy

from ..samples import new_stack, seconds_token

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

    assert _cache(policy, stack).min_ttl == math.inf
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

    headers = _request(policy, stack).headers

    assert [name for name in sends if name not in headers] == []
    assert [name for name in does_not if name in headers] == []


def test_managed_policies_send_host_or_not() -> None:
    policy = cloudfront.OriginRequestPolicy

    assert "host" in _request(policy.ALL_VIEWER).headers
    assert "host" not in _request(policy.ALL_VIEWER_EXCEPT_HOST_HEADER).headers
    assert "cloudfront-viewer-country" in _request(policy.ALL_VIEWER_AND_CLOUDFRONT_2022).headers


def test_without_an_origin_request_policy_nothing_more_is_sent() -> None:
    assert "x-a" not in request_policy(new_stack(), {}).headers  # type: ignore[union-attr]


@pytest.mark.parametrize("reference", [None, "0f0e0d0c-0000-4000-8000-000000000000", {"Fn::ImportValue": "Policy"}])
def test_what_cannot_be_seen_is_not_guessed(reference: Any) -> None:
    assert cache_key(new_stack(), {"cachePolicyId": reference}) is None
