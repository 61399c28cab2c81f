"""What a distribution does with an origin is judged at synth, behavior by behavior."""

from __future__ import annotations

from collections.abc import Callable

import aws_cdk as cdk
import jsii
import pytest
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as cloudfront_origins
from aws_cdk.assertions import Template
from constructs import Construct

from ha_patterns.origins._behaviors import Behavior, validate_behaviors

from ..samples import new_stack, refused_synth

_READS = frozenset({"GET", "HEAD"})
_ALL_METHODS = _READS | {"OPTIONS", "PUT", "PATCH", "POST", "DELETE"}


@jsii.implements(cloudfront.IOrigin)
class _JudgedOrigin:
    """An origin that has every behavior it is used in judged, and keeps what the judge saw."""

    def __init__(self, error: str | None = None, *, in_group: bool = True) -> None:
        self._origin = cloudfront_origins.HttpOrigin("judged.example.com")
        self._error = error
        self._in_group = in_group
        self.seen: list[Behavior] = []

    def bind(
        self, scope: Construct, *, origin_id: str, distribution_id: str | None = None
    ) -> cloudfront.OriginBindConfig:
        validate_behaviors(scope, origin_id, self._judge, in_group=self._in_group)
        return self._origin.bind(scope, origin_id=origin_id, distribution_id=distribution_id)

    def _judge(self, behavior: Behavior) -> str | None:
        self.seen.append(behavior)
        return self._error and f"{behavior.name}: {self._error}"


def _other_origin() -> cloudfront.IOrigin:
    return cloudfront_origins.HttpOrigin("other.example.com")


def _distribution(
    scope: Construct, default: cloudfront.BehaviorOptions, **additional: cloudfront.BehaviorOptions
) -> cloudfront.Distribution:
    return cloudfront.Distribution(
        scope,
        "Site",
        default_behavior=default,
        additional_behaviors={f"/{path}/*": behavior for path, behavior in additional.items()},
    )


def _only_behavior_of(
    stack: cdk.Stack, options: Callable[[cloudfront.IOrigin], cloudfront.BehaviorOptions]
) -> Behavior:
    origin = _JudgedOrigin()
    _distribution(stack, options(origin))
    Template.from_stack(stack)
    (seen,) = origin.seen
    return seen


def test_each_behavior_that_uses_the_origin_is_judged_and_no_other(stack: cdk.Stack) -> None:
    origin = _JudgedOrigin()
    _distribution(
        stack,
        cloudfront.BehaviorOptions(origin=origin),
        used=cloudfront.BehaviorOptions(origin=origin, allowed_methods=cloudfront.AllowedMethods.ALLOW_ALL),
        other=cloudfront.BehaviorOptions(
            origin=_other_origin(),
            allowed_methods=cloudfront.AllowedMethods.ALLOW_ALL,
            origin_request_policy=cloudfront.OriginRequestPolicy.ALL_VIEWER,
        ),
    )

    Template.from_stack(stack)

    assert origin.seen == [
        Behavior(
            name="behavior '*' of Test/Site",
            allowed_methods=_READS,
            cached_methods=_READS,
            forwards_host=False,
        ),
        Behavior(
            name="behavior '/used/*' of Test/Site",
            allowed_methods=_ALL_METHODS,
            cached_methods=_READS,
            forwards_host=False,
        ),
    ]


def test_an_origin_bound_once_for_several_distributions_is_judged_in_each(stack: cdk.Stack) -> None:
    origin = _JudgedOrigin("not here")
    for construct_id in ("One", "Two"):
        cloudfront.Distribution(stack, construct_id, default_behavior=cloudfront.BehaviorOptions(origin=origin))

    message = refused_synth(stack)

    assert "[Test/One/Origin1] behavior '*' of Test/One: not here" in message
    assert "[Test/Two/Origin1] behavior '*' of Test/Two: not here" in message


def test_every_error_is_reported_with_the_path_of_the_origin(stack: cdk.Stack) -> None:
    origin = _JudgedOrigin("not so")
    _distribution(stack, cloudfront.BehaviorOptions(origin=origin), more=cloudfront.BehaviorOptions(origin=origin))

    message = refused_synth(stack)

    assert "[Test/Site/Origin1] behavior '*' of Test/Site: not so" in message
    assert "[Test/Site/Origin1] behavior '/more/*' of Test/Site: not so" in message


def test_a_behavior_added_after_the_origin_was_bound_is_judged_too(stack: cdk.Stack) -> None:
    origin = _JudgedOrigin()
    site = _distribution(stack, cloudfront.BehaviorOptions(origin=origin))
    site.add_behavior("/late/*", origin, allowed_methods=cloudfront.AllowedMethods.ALLOW_ALL)

    Template.from_stack(stack)

    assert [behavior.name for behavior in origin.seen] == [
        "behavior '*' of Test/Site",
        "behavior '/late/*' of Test/Site",
    ]


@pytest.mark.parametrize("member", ["primary", "secondary"])
@pytest.mark.parametrize("in_group", [True, False])
def test_behaviors_that_reach_the_origin_through_a_group_are_judged_unless_left_out(
    stack: cdk.Stack, member: str, in_group: bool
) -> None:
    origin = _JudgedOrigin(in_group=in_group)
    first, second = (origin, _other_origin()) if member == "primary" else (_other_origin(), origin)
    _distribution(
        stack,
        cloudfront.BehaviorOptions(origin=cloudfront_origins.OriginGroup(primary_origin=first, fallback_origin=second)),
    )

    Template.from_stack(stack)

    assert bool(origin.seen) is in_group


def test_the_methods_are_those_of_the_template(stack: cdk.Stack) -> None:
    behavior = _only_behavior_of(
        stack,
        lambda origin: cloudfront.BehaviorOptions(
            origin=origin,
            allowed_methods=cloudfront.AllowedMethods.ALLOW_GET_HEAD_OPTIONS,
            cached_methods=cloudfront.CachedMethods.CACHE_GET_HEAD_OPTIONS,
        ),
    )

    assert behavior.allowed_methods == behavior.cached_methods == _READS | {"OPTIONS"}


@pytest.mark.parametrize(
    ("policy", "forwards_host"),
    [
        (None, False),
        (cloudfront.OriginRequestPolicy.ALL_VIEWER, True),
        (cloudfront.OriginRequestPolicy.ALL_VIEWER_AND_CLOUDFRONT_2022, True),
        (cloudfront.OriginRequestPolicy.HOST_HEADER_ONLY, True),
        (cloudfront.OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER, False),
        (cloudfront.OriginRequestPolicy.CORS_CUSTOM_ORIGIN, False),
        (cloudfront.OriginRequestPolicy.CORS_S3_ORIGIN, False),
        (cloudfront.OriginRequestPolicy.USER_AGENT_REFERER_HEADERS, False),
        (cloudfront.OriginRequestPolicy.ELEMENTAL_MEDIA_TAILOR, False),
    ],
    ids=lambda value: value.origin_request_policy_id if hasattr(value, "origin_request_policy_id") else str(value),
)
def test_managed_origin_request_policies_forward_host_as_aws_documents(
    policy: cloudfront.IOriginRequestPolicy | None, forwards_host: bool
) -> None:
    behavior = _only_behavior_of(
        new_stack(), lambda origin: cloudfront.BehaviorOptions(origin=origin, origin_request_policy=policy)
    )

    assert behavior.forwards_host is forwards_host


@pytest.mark.parametrize(
    ("policy", "forwards_host"),
    [
        (cloudfront.CachePolicy.CACHING_DISABLED, False),
        (cloudfront.CachePolicy.CACHING_OPTIMIZED, False),
        (cloudfront.CachePolicy.ELEMENTAL_MEDIA_PACKAGE, False),
        (cloudfront.CachePolicy.USE_ORIGIN_CACHE_CONTROL_HEADERS, True),
        (cloudfront.CachePolicy.USE_ORIGIN_CACHE_CONTROL_HEADERS_QUERY_STRINGS, True),
        (cloudfront.CachePolicy.AMPLIFY, True),
    ],
    ids=lambda value: value.cache_policy_id if hasattr(value, "cache_policy_id") else str(value),
)
def test_managed_cache_policies_forward_host_as_aws_documents(
    policy: cloudfront.ICachePolicy, forwards_host: bool
) -> None:
    behavior = _only_behavior_of(
        new_stack(), lambda origin: cloudfront.BehaviorOptions(origin=origin, cache_policy=policy)
    )

    assert behavior.forwards_host is forwards_host


_RequestHeaders = cloudfront.OriginRequestHeaderBehavior


@pytest.mark.parametrize(
    ("headers", "forwards_host"),
    [
        pytest.param(_RequestHeaders.none(), False, id="none"),
        pytest.param(_RequestHeaders.all(), True, id="all"),
        pytest.param(_RequestHeaders.all("CloudFront-Viewer-Country"), True, id="all and one more"),
        pytest.param(_RequestHeaders.allow_list("Accept", "Host"), True, id="Host listed"),
        pytest.param(_RequestHeaders.allow_list("hOST"), True, id="Host listed in another case"),
        pytest.param(_RequestHeaders.allow_list("Accept", "X-Forwarded-Host"), False, id="others listed"),
        pytest.param(_RequestHeaders.deny_list("Host"), False, id="all but Host"),
        pytest.param(_RequestHeaders.deny_list("Accept"), True, id="all but another"),
    ],
)
def test_an_origin_request_policy_of_the_same_stack_is_read(
    stack: cdk.Stack, headers: cloudfront.OriginRequestHeaderBehavior, forwards_host: bool
) -> None:
    policy = cloudfront.OriginRequestPolicy(stack, "Policy", header_behavior=headers)

    behavior = _only_behavior_of(
        stack, lambda origin: cloudfront.BehaviorOptions(origin=origin, origin_request_policy=policy)
    )

    assert behavior.forwards_host is forwards_host


@pytest.mark.parametrize(
    ("headers", "forwards_host"),
    [
        pytest.param(cloudfront.CacheHeaderBehavior.none(), False, id="none"),
        pytest.param(cloudfront.CacheHeaderBehavior.allow_list("Authorization"), False, id="others listed"),
        pytest.param(cloudfront.CacheHeaderBehavior.allow_list("host"), True, id="Host listed"),
    ],
)
def test_a_cache_policy_of_the_same_stack_is_read(
    stack: cdk.Stack, headers: cloudfront.CacheHeaderBehavior, forwards_host: bool
) -> None:
    policy = cloudfront.CachePolicy(stack, "Policy", header_behavior=headers)

    behavior = _only_behavior_of(stack, lambda origin: cloudfront.BehaviorOptions(origin=origin, cache_policy=policy))

    assert behavior.forwards_host is forwards_host


def test_one_policy_is_not_taken_for_another_of_the_same_stack(stack: cdk.Stack) -> None:
    cloudfront.OriginRequestPolicy(stack, "WithHost", header_behavior=_RequestHeaders.all())
    cloudfront.CachePolicy(stack, "KeyWithHost", header_behavior=cloudfront.CacheHeaderBehavior.allow_list("Host"))
    without = cloudfront.OriginRequestPolicy(stack, "Without", header_behavior=_RequestHeaders.none())
    key_without = cloudfront.CachePolicy(stack, "KeyWithout")

    behavior = _only_behavior_of(
        stack,
        lambda origin: cloudfront.BehaviorOptions(
            origin=origin, origin_request_policy=without, cache_policy=key_without
        ),
    )

    assert not behavior.forwards_host


def test_a_policy_that_cannot_be_seen_counts_as_not_forwarding_host(stack: cdk.Stack) -> None:
    policy = cloudfront.OriginRequestPolicy.from_origin_request_policy_id(
        stack, "Policy", "0f0e0d0c-0000-4000-8000-000000000000"
    )

    behavior = _only_behavior_of(
        stack, lambda origin: cloudfront.BehaviorOptions(origin=origin, origin_request_policy=policy)
    )

    assert not behavior.forwards_host


def test_an_origin_bound_outside_a_distribution_has_no_behaviors_to_judge(stack: cdk.Stack) -> None:
    origin = _JudgedOrigin("never said")
    origin.bind(Construct(stack, "Own"), origin_id="own")

    Template.from_stack(stack)

    assert origin.seen == []
