"""A function that answers where the origin has failed: what it is made of, and where it may be put."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import Duration
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk.assertions import Template

from ha_patterns import EdgeDistribution, Endpoint, FailoverOriginGroup, GracefulResponse
from ha_patterns.transient_errors import graceful_response
from lambda_edge.common.entry import entry
from lambda_edge.graceful_response import handler

from ..samples import (
    Properties,
    distribution_config,
    group_members,
    imported_bucket,
    logical_id,
    new_stack,
    only,
    origin,
    primary_host,
    refused_synth,
    secondary_host,
    seconds_token,
    text_token,
    warnings_of,
)

_MASKED = "@ha-patterns/graceful-response:masked-as-200"
_STANDS_IN = "cloudfront.amazonaws.com"


def _graceful(stack: cdk.Stack, **given: Any) -> GracefulResponse:
    return GracefulResponse(stack, "Graceful", **given)


def _group(graceful: GracefulResponse) -> FailoverOriginGroup:
    return FailoverOriginGroup(primary=primary_host(), secondary=graceful.endpoint)


def _site(stack: cdk.Stack, behavior: cloudfront.BehaviorOptions, **given: Any) -> Properties:
    """Someone else's distribution, as its template has it."""
    cloudfront.Distribution(stack, "Site", default_behavior=behavior, **given)
    return distribution_config(Template.from_stack(stack))


def _baked(stack: cdk.Stack) -> dict[str, Any]:
    """What the function is told at synth."""
    app = stack.node.root
    assert isinstance(app, cdk.App)
    (asset,) = Path(app.synth().directory).glob("asset.*/config.json")
    found: dict[str, Any] = json.loads(asset.read_text())
    return found


# What it is made of


def test_the_function_is_on_the_origin_requests_of_both_members_of_the_group(stack: cdk.Stack) -> None:
    graceful = _graceful(stack)
    config = _site(stack, graceful.behavior(_group(graceful)))

    (association,) = config["DefaultCacheBehavior"]["LambdaFunctionAssociations"]
    assert association["EventType"] == "origin-request"
    assert [member["DomainName"] for member in group_members(config)] == ["primary.example.com", _STANDS_IN]
    assert only(Template.from_stack(stack), "AWS::Lambda::Function")["Handler"] == (
        "lambda_edge.graceful_response.handler.handler"
    )


def test_what_is_said_at_synth_is_what_the_function_answers(stack: cdk.Stack) -> None:
    _graceful(
        stack,
        html="<p>{{path}}</p>",
        json={"id": "{{request_id}}", "more": [1, None]},
        status=200,
        max_age=Duration.seconds(60),
        retry_after=Duration.minutes(2),
    )

    assert _baked(stack) == {
        "max_age": 60,
        "retry_after": 120,
        "status": 200,
        "templates": {"html": "<p>{{path}}</p>", "json": '{"id": "{{request_id}}", "more": [1, null]}'},
    }


def test_by_itself_it_answers_503_to_browsers_and_programs(stack: cdk.Stack) -> None:
    _graceful(stack)

    baked = _baked(stack)
    assert (baked["status"], baked["max_age"], baked["retry_after"]) == (503, None, 30)
    assert list(baked["templates"]) == ["html", "json"]
    answer = entry(handler.build, lambda: baked)(_event(), None)
    assert answer["status"] == "503"
    assert "Request kBkDzGnceVtWHqSCqBUqtA_cEs2T3tFUBbnBNkB9El_uVRhHgcZfcw==" in answer["body"]


def _event() -> dict[str, Any]:
    path = Path(__file__).parents[1] / "events" / "cloudfront_origin_request_group_secondary.json"
    event: dict[str, Any] = json.loads(path.read_text())
    return event


@pytest.mark.parametrize(("status", "max_age"), [(503, None), (200, 10)])
def test_a_200_is_cached_for_ten_seconds_and_a_503_for_none(status: int, max_age: int | None) -> None:
    stack = new_stack()
    _graceful(stack, status=status)

    assert _baked(stack)["max_age"] == max_age


def test_function_and_construct_agree_on_the_longest_value_and_the_role_of_the_error_page() -> None:
    assert graceful_response._LONGEST_VALUE == handler.MOST_CHARACTERS
    assert graceful_response._ERROR_PAGE_ROLE == handler.ERROR_PAGE


def test_the_error_page_is_asked_of_the_function_with_what_it_reads_and_kept_like_the_error(stack: cdk.Stack) -> None:
    graceful = _graceful(stack)
    config = _site(
        stack,
        graceful.behavior(_group(graceful)),
        additional_behaviors=graceful.behaviors,
        error_responses=graceful.error_responses,
    )

    (page,) = config["CacheBehaviors"]
    assert page["PathPattern"] == "/graceful-response"
    policy = only(Template.from_stack(stack), "AWS::CloudFront::CachePolicy")["CachePolicyConfig"]
    assert page["CachePolicyId"] == {"Ref": logical_id(Template.from_stack(stack), "AWS::CloudFront::CachePolicy")}
    assert (policy["MinTTL"], policy["DefaultTTL"], policy["MaxTTL"]) == (10, 10, 10)
    assert {each.get("ErrorCachingMinTTL") for each in config["CustomErrorResponses"]} == {10}
    assert policy["ParametersInCacheKeyAndForwardedToOrigin"]["HeadersConfig"]["Headers"] == ["Accept"]
    assert page["LambdaFunctionAssociations"] == config["DefaultCacheBehavior"]["LambdaFunctionAssociations"]
    asked = origin(config, page["TargetOriginId"])
    assert asked["DomainName"] == _STANDS_IN
    assert asked["OriginCustomHeaders"] == [{"HeaderName": "x-ha-origin-role", "HeaderValue": "error-page"}]
    assert config["CustomErrorResponses"] == [
        {"ErrorCode": code, "ResponseCode": code, "ResponsePagePath": "/graceful-response", "ErrorCachingMinTTL": 10}
        for code in (500, 502, 504)
    ]


def test_errors_and_path_of_the_page_may_be_others_and_what_is_never_cached_has_no_time(stack: cdk.Stack) -> None:
    graceful = _graceful(stack, page_path="/sorry", error_codes=[416, 503])

    assert list(graceful.behaviors) == ["/sorry"]
    config = _site(
        stack,
        graceful.behavior(_group(graceful)),
        additional_behaviors=graceful.behaviors,
        error_responses=graceful.error_responses,
    )
    assert config["CustomErrorResponses"] == [
        {"ErrorCode": 416, "ResponseCode": 416, "ResponsePagePath": "/sorry"},
        {"ErrorCode": 503, "ResponseCode": 503, "ResponsePagePath": "/sorry", "ErrorCachingMinTTL": 10},
    ]


def test_its_behaviors_go_into_a_ready_distribution(stack: cdk.Stack) -> None:
    graceful = _graceful(stack)
    EdgeDistribution(
        stack,
        "Site",
        default_behavior=graceful.behavior(_group(graceful)),
        additional_behaviors=graceful.behaviors,
        error_responses=graceful.error_responses,
    )

    assert list(graceful.function.problems()) == []


@pytest.mark.parametrize(
    ("given", "by_accept", "cached", "warned"),
    [
        ({}, False, True, True),
        ({}, True, True, False),
        ({}, False, False, False),
        ({"json": None}, False, True, False),
        ({"html": None}, False, True, False),
    ],
)
def test_an_error_page_that_is_kept_for_viewers_of_both_forms_is_warned_of(
    given: dict[str, Any], by_accept: bool, cached: bool, warned: bool
) -> None:
    stack = new_stack()
    graceful = GracefulResponse(stack, "Graceful", **given)
    headers = cloudfront.CacheHeaderBehavior.allow_list("Accept") if by_accept else None
    policy = cloudfront.CachePolicy(stack, "Key", header_behavior=headers)
    EdgeDistribution(
        stack,
        "Site",
        default_behavior=cloudfront.BehaviorOptions(
            origin=primary_host().origin(),
            cache_policy=policy if cached else cloudfront.CachePolicy.CACHING_DISABLED,
        ),
        additional_behaviors=graceful.behaviors,
        error_responses=graceful.error_responses,
    )

    found = ("/Test/Graceful", "@ha-patterns/graceful-response:shared-page")
    assert (found in warnings_of(stack)) is warned


def test_a_failing_origin_that_looks_like_success_is_warned_of_until_that_is_acknowledged(stack: cdk.Stack) -> None:
    graceful = _graceful(stack, status=200)

    assert warnings_of(stack) == {("/Test/Graceful", _MASKED)}

    cdk.Annotations.of(graceful).acknowledge_warning(_MASKED, "the page is a part of the site")

    assert warnings_of(stack) == set()


# Where it may be put


def _problems(behavior: Any, **given: Any) -> list[str]:
    """What is wrong with a distribution of one behavior, made with a graceful response."""
    stack = new_stack()
    graceful = _graceful(stack, **given)
    cloudfront.Distribution(stack, "Site", default_behavior=behavior(stack, graceful))
    return list(graceful.function.problems())


def _cache_policy(stack: cdk.Stack, seconds: int, **given: Any) -> cloudfront.CachePolicy:
    return cloudfront.CachePolicy(
        stack,
        "Policy",
        min_ttl=Duration.seconds(seconds),
        header_behavior=cloudfront.CacheHeaderBehavior.allow_list("Accept"),
        **given,
    )


def test_a_choice_of_format_that_is_cached_is_in_the_cache_key() -> None:
    def cached(stack: cdk.Stack, graceful: GracefulResponse) -> cloudfront.BehaviorOptions:
        return graceful.behavior(_group(graceful), cache_policy=cloudfront.CachePolicy.CACHING_OPTIMIZED)

    (problem,) = _problems(cached)
    assert "does not have header accept in its cache key" in problem
    assert _problems(cached, json=None) == []
    assert _problems(cached, html=None) == []


def test_the_functions_own_cache_policy_has_what_it_reads() -> None:
    assert (
        _problems(
            lambda stack, graceful: graceful.behavior(_group(graceful), cache_policy=graceful.function.cache_policy())
        )
        == []
    )


def test_a_bucket_may_be_what_it_stands_in_for() -> None:
    def of_a_bucket(stack: cdk.Stack, graceful: GracefulResponse) -> cloudfront.BehaviorOptions:
        primary = Endpoint.bucket(imported_bucket(stack, "us-east-1"))
        return graceful.behavior(FailoverOriginGroup(primary=primary, secondary=graceful.endpoint))

    assert _problems(of_a_bucket, json=None) == []


@pytest.mark.parametrize(
    "origin_of",
    [
        lambda graceful: primary_host().origin(),
        lambda graceful: graceful.endpoint.origin(),
        lambda graceful: FailoverOriginGroup(primary=primary_host(), secondary=secondary_host()),
    ],
    ids=["an origin of its own", "the stand-in without a role", "a group with another secondary"],
)
def test_a_behavior_in_which_it_would_never_answer_or_in_anothers_place_is_refused(origin_of: Any) -> None:
    (problem,) = _problems(
        lambda stack, graceful: cloudfront.BehaviorOptions(
            origin=origin_of(graceful), edge_lambdas=[graceful.function.edge_lambda]
        ),
        json=None,
    )

    assert "answers for an origin group's secondary, and no such secondary" in problem


@pytest.mark.parametrize(("seconds", "fine"), [(10, True), (11, False)])
def test_an_answer_with_200_is_not_kept_longer_than_it_says(seconds: int, fine: bool) -> None:
    problems = _problems(
        lambda stack, graceful: graceful.behavior(_group(graceful), cache_policy=_cache_policy(stack, seconds)),
        status=200,
    )

    said = (
        "behavior '*' of Test/Site caches for at least 11 s, and so an answer with status 200 for longer than 10 s: "
        "lower min_ttl of its cache policy"
    )
    assert problems == ([] if fine else [said])


def test_an_answer_with_200_is_not_kept_for_a_time_that_only_the_deploy_knows() -> None:
    (problem,) = _problems(
        lambda stack, graceful: graceful.behavior(
            _group(graceful),
            cache_policy=cloudfront.CachePolicy(stack, "Cached", min_ttl=seconds_token(stack, "Least")),
        ),
        status=200,
        json=None,
    )

    assert "caches for a least time that only the deploy knows" in problem


def test_how_long_content_is_kept_says_nothing_of_a_503() -> None:
    assert (
        _problems(lambda stack, graceful: graceful.behavior(_group(graceful), cache_policy=_cache_policy(stack, 3600)))
        == []
    )


@pytest.mark.parametrize(("seconds", "found"), [(60, 0), (61, 1)])
def test_an_error_page_is_not_kept_for_more_than_a_minute(seconds: int, found: int) -> None:
    def page(stack: cdk.Stack, graceful: GracefulResponse) -> cloudfront.BehaviorOptions:
        (behavior,) = graceful.behaviors.values()
        return cloudfront.BehaviorOptions(
            origin=behavior.origin, edge_lambdas=behavior.edge_lambdas, cache_policy=_cache_policy(stack, seconds)
        )

    assert len(_problems(page)) == found


@pytest.mark.parametrize("status", [200, 503])
def test_an_answer_with_200_is_kept_no_longer_than_can_be_seen(status: int) -> None:
    def imported(stack: cdk.Stack, graceful: GracefulResponse) -> cloudfront.BehaviorOptions:
        policy = cloudfront.CachePolicy.from_cache_policy_id(stack, "Policy", "11111111-2222-3333-4444-555555555555")
        return graceful.behavior(_group(graceful), cache_policy=policy)

    problems = _problems(imported, json=None, status=status)

    said = (
        "behavior '*' of Test/Site has a cache policy that cannot be seen, which may keep an answer with status 200 "
        "for longer than "
        "10 s: make the policy in this stack, or take a managed one"
    )
    assert problems == ([said] if status == 200 else [])


def test_a_refused_behavior_ends_the_synth(stack: cdk.Stack) -> None:
    graceful = _graceful(stack)
    behavior = cloudfront.BehaviorOptions(origin=primary_host().origin(), edge_lambdas=[graceful.function.edge_lambda])
    cloudfront.Distribution(stack, "Site", default_behavior=behavior)

    assert "Graceful" in refused_synth(stack)


def test_a_group_with_its_endpoint_and_without_the_function_is_refused(stack: cdk.Stack) -> None:
    graceful = _graceful(stack)
    cloudfront.Distribution(
        stack,
        "Site",
        default_behavior=graceful.behavior(_group(graceful)),
        additional_behaviors={"/a/*": cloudfront.BehaviorOptions(origin=_group(graceful))},
    )

    assert (
        "[Test/Graceful] behavior '/a/*' of Test/Site sends what its primary cannot answer to "
        "cloudfront.amazonaws.com, and has no "
        "function that answers in its place: make it with behavior(group)"
    ) in refused_synth(stack)


def _answered(stack: cdk.Stack, graceful: GracefulResponse, additional: dict[str, cloudfront.BehaviorOptions]) -> None:
    cloudfront.Distribution(
        stack,
        "Site",
        default_behavior=graceful.behavior(_group(graceful)),
        additional_behaviors=additional,
        error_responses=graceful.error_responses,
    )


def _page_is_lost_to(pattern: str) -> str:
    return (
        f"[Test/Graceful] behavior {pattern!r} of Test/Site takes the page of error_responses from its own origin, "
        "which may be the one that failed: give the distribution additional_behaviors={**graceful.behaviors}, and put "
        "that first"
    )


@pytest.mark.parametrize("pattern", ["/graceful*", "graceful-?esponse", "/*"])
def test_an_error_page_that_an_earlier_behavior_takes_from_what_failed_is_refused(
    stack: cdk.Stack, pattern: str
) -> None:
    graceful = _graceful(stack)
    _answered(stack, graceful, {pattern: cloudfront.BehaviorOptions(origin=_group(graceful)), **graceful.behaviors})

    assert _page_is_lost_to(pattern) in refused_synth(stack)


def test_behaviors_of_other_paths_and_later_ones_do_not_take_the_error_page(stack: cdk.Stack) -> None:
    graceful = _graceful(stack)
    other = cloudfront.BehaviorOptions(origin=primary_host().origin())
    _answered(stack, graceful, {"/a/*": other, **graceful.behaviors, "/*": other})

    Template.from_stack(stack).resource_count_is("AWS::CloudFront::Distribution", 1)


@pytest.mark.parametrize("path_of", [lambda stack: "/sorry", lambda stack: text_token(stack, "Path")])
@pytest.mark.parametrize("given", [True, False])
def test_an_error_page_needs_its_behavior_also_where_only_the_deploy_knows_its_path(
    stack: cdk.Stack, path_of: Callable[[cdk.Stack], str], given: bool
) -> None:
    graceful = _graceful(stack, page_path=path_of(stack))
    _answered(stack, graceful, graceful.behaviors if given else {})

    if given:
        Template.from_stack(stack).resource_count_is("AWS::CloudFront::Distribution", 1)
    else:
        assert _page_is_lost_to("*") in refused_synth(stack)


def test_two_of_them_in_a_stack_may_have_their_pages_at_the_same_path(stack: cdk.Stack) -> None:
    for name in ("One", "Two"):
        graceful = GracefulResponse(stack, f"Graceful{name}")
        cloudfront.Distribution(
            stack,
            f"Site{name}",
            default_behavior=graceful.behavior(_group(graceful)),
            additional_behaviors=graceful.behaviors,
            error_responses=graceful.error_responses,
        )

    Template.from_stack(stack).resource_count_is("AWS::CloudFront::Distribution", 2)
