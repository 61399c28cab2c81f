"""Pages in place of errors, from another place than the origin that failed."""

from __future__ import annotations

import json
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import Duration
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as cloudfront_origins
from aws_cdk import aws_s3 as s3
from aws_cdk.assertions import Template

from ha_patterns import EdgeDistribution, Endpoint, ErrorPages, FailoverOriginGroup, StaleContent

from ..samples import (
    Properties,
    distribution_config,
    logical_id,
    new_balancer,
    new_stack,
    only,
    origin,
    primary_host,
    properties,
    refused_synth,
    secondary_host,
    seconds_token,
    stack_in,
    target_group,
    text_token,
    warnings_of,
)

_MASKED = "@ha-patterns/error-pages:masked-as-200"
_SAME_REGION = "@ha-patterns/error-pages:same-region"
_PAGES = {503: "/errors/503.html", 504: "/errors/504.html"}


def _pages(stack: cdk.Stack, **given: Any) -> ErrorPages:
    return ErrorPages(stack, "Pages", **{"pages": _PAGES, **given})


def _site(stack: cdk.Stack, pages: ErrorPages, default: cloudfront.IOrigin | None = None) -> cloudfront.Distribution:
    """Someone else's distribution, with the pages."""
    return cloudfront.Distribution(
        stack,
        "Site",
        default_behavior=cloudfront.BehaviorOptions(origin=default or primary_host().origin()),
        additional_behaviors=pages.behaviors,
        error_responses=pages.error_responses,
    )


def _imported(stack: cdk.Stack, region: str) -> s3.IBucket:
    return s3.Bucket.from_bucket_attributes(stack, f"Pages-{region}", bucket_name="pages", region=region)


def _responses(stack: cdk.Stack, **given: Any) -> dict[int, Properties]:
    _site(stack, _pages(stack, **given))
    responses = distribution_config(Template.from_stack(stack))["CustomErrorResponses"]
    return {response.pop("ErrorCode"): response for response in responses}


def test_an_error_is_answered_with_its_page_and_its_own_status_and_asked_again_after_ten_seconds(
    stack: cdk.Stack,
) -> None:
    assert _responses(stack) == {
        code: {"ResponsePagePath": page, "ResponseCode": code, "ErrorCachingMinTTL": 10}
        for code, page in _PAGES.items()
    }


def test_times_are_given_by_status_also_of_statuses_without_a_page(stack: cdk.Stack) -> None:
    given = {504: Duration.seconds(1), 404: Duration.minutes(5)}

    assert _responses(stack, error_ttls=given) == {
        503: {"ResponsePagePath": "/errors/503.html", "ResponseCode": 503, "ErrorCachingMinTTL": 10},
        504: {"ResponsePagePath": "/errors/504.html", "ResponseCode": 504, "ErrorCachingMinTTL": 1},
        404: {"ErrorCachingMinTTL": 300},
    }


def test_a_status_that_is_never_cached_has_a_page_and_no_time(stack: cdk.Stack) -> None:
    assert _responses(stack, pages={416: "/errors/range.html"}) == {
        416: {"ResponsePagePath": "/errors/range.html", "ResponseCode": 416}
    }


@pytest.mark.parametrize("code", [400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504])
def test_each_status_that_can_have_a_page_may_have_one_and_be_sent_as(code: int) -> None:
    stack = new_stack()

    response = _responses(stack, pages={code: "/errors/page.html"}, response_codes={code: code})[code]

    assert (response["ResponsePagePath"], response["ResponseCode"]) == ("/errors/page.html", code)
    assert warnings_of(stack) == set()


def test_a_status_is_replaced_where_that_is_said(stack: cdk.Stack) -> None:
    responses = _responses(stack, response_codes={504: 503})

    assert {code: response["ResponseCode"] for code, response in responses.items()} == {503: 503, 504: 503}


def test_errors_that_look_like_success_are_warned_of_until_that_is_acknowledged(stack: cdk.Stack) -> None:
    pages = _pages(stack, response_codes={503: 200})
    _site(stack, pages)

    assert warnings_of(stack) == {("/Test/Pages", _MASKED)}

    cdk.Annotations.of(pages).acknowledge_warning(_MASKED, "the page is the application")

    assert warnings_of(stack) == set()


@pytest.mark.parametrize(("code", "seconds", "warned"), [(503, 300, False), (503, 301, True), (404, 31_536_000, False)])
def test_an_error_of_the_server_that_is_kept_beyond_a_recovery_is_warned_of(
    stack: cdk.Stack, code: int, seconds: int, *, warned: bool
) -> None:
    _site(stack, _pages(stack, pages={code: "/errors/a.html"}, error_ttls={code: Duration.seconds(seconds)}))

    assert warnings_of(stack) == ({("/Test/Site", "@ha-patterns/edge:long-error-ttl")} if warned else set())


def _kept(stack: cdk.Stack, **given: Any) -> dict[str, tuple[Any, Any, Any]]:
    """The least, the usual and the longest time for which each behavior keeps its pages, in seconds."""
    _site(stack, _pages(stack, **given))
    template = Template.from_stack(stack)
    policies = {
        name: policy["Properties"]["CachePolicyConfig"]
        for name, policy in template.find_resources("AWS::CloudFront::CachePolicy").items()
    }
    return {
        behavior["PathPattern"]: tuple(
            policies[behavior["CachePolicyId"]["Ref"]][name] for name in ("MinTTL", "DefaultTTL", "MaxTTL")
        )
        for behavior in distribution_config(template)["CacheBehaviors"]
    }


@pytest.mark.parametrize("seconds", [1, 10, 86_400])
def test_a_page_is_kept_for_as_long_as_its_error(stack: cdk.Stack, seconds: int) -> None:
    given = dict.fromkeys(_PAGES, Duration.seconds(seconds))

    assert _kept(stack, error_ttls=given) == {"/errors/*": (seconds, seconds, seconds)}


def test_a_page_with_another_time_than_most_has_a_behavior_of_its_own_that_comes_first(stack: cdk.Stack) -> None:
    pages = {502: "/errors/a.html", 503: "/errors/b.html", 504: "/errors/c.html", 416: "/errors/a.html"}

    found = _kept(stack, pages=pages, error_ttls={503: Duration.seconds(5)})

    assert list(found.items()) == [("/errors/b.html", (5, 5, 5)), ("/errors/*", (10, 10, 10))]


def test_a_time_that_only_the_deploy_knows_is_that_of_the_page(stack: cdk.Stack) -> None:
    given = dict.fromkeys(_PAGES, seconds_token(stack, "Time"))

    assert _kept(stack, error_ttls=given) == {"/errors/*": ({"Ref": "Time"},) * 3}


def test_a_page_of_statuses_with_several_times_is_refused(stack: cdk.Stack) -> None:
    with pytest.raises(
        ValueError, match=r"error_ttls must be the same for all statuses of one page, got '10 s and 5 s for /errors/a"
    ):
        _pages(stack, pages={502: "/errors/a.html", 503: "/errors/a.html"}, error_ttls={503: Duration.seconds(5)})


# Where the pages are


def test_the_pages_are_asked_of_a_private_bucket_that_this_distribution_alone_may_read(stack: cdk.Stack) -> None:
    _site(stack, _pages(stack))

    template = Template.from_stack(stack)

    config = distribution_config(template)
    (behavior,) = config["CacheBehaviors"]
    bucket = only(template, "AWS::S3::Bucket")
    asked = origin(config, behavior["TargetOriginId"])
    assert behavior["PathPattern"] == "/errors/*"
    assert behavior["CachePolicyId"] == {"Ref": logical_id(template, "AWS::CloudFront::CachePolicy")}
    assert asked["DomainName"]["Fn::GetAtt"][0] == logical_id(template, "AWS::S3::Bucket")
    assert asked["OriginAccessControlId"]["Fn::GetAtt"][0] == logical_id(
        template, "AWS::CloudFront::OriginAccessControl"
    )
    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    assert "BucketEncryption" in bucket
    insecure, read = only(template, "AWS::S3::BucketPolicy")["PolicyDocument"]["Statement"]
    assert (insecure["Effect"], insecure["Condition"]) == ("Deny", {"Bool": {"aws:SecureTransport": "false"}})
    assert read["Action"] == "s3:GetObject"
    assert read["Principal"] == {"Service": "cloudfront.amazonaws.com"}
    assert logical_id(template, "AWS::CloudFront::Distribution") in json.dumps(read["Condition"])


def test_a_viewer_who_has_waited_for_the_origin_does_not_wait_long_for_the_page(stack: cdk.Stack) -> None:
    _site(stack, _pages(stack))

    config = distribution_config(Template.from_stack(stack))

    asked = origin(config, config["CacheBehaviors"][0]["TargetOriginId"])
    assert (asked["ConnectionAttempts"], asked["ConnectionTimeout"]) == (2, 2)
    assert asked["S3OriginConfig"]["OriginReadTimeout"] == 5


def test_the_bucket_can_be_a_given_one_of_another_region(stack: cdk.Stack) -> None:
    pages = _pages(stack, bucket=_imported(stack, "eu-north-1"))
    _site(stack, pages)

    template = Template.from_stack(stack)

    config = distribution_config(template)
    asked = origin(config, config["CacheBehaviors"][0]["TargetOriginId"])
    assert asked["DomainName"] == "pages.s3.eu-north-1.amazonaws.com"
    template.resource_count_is("AWS::S3::Bucket", 0)


def test_the_paths_of_the_pages_are_a_choice(stack: cdk.Stack) -> None:
    pages = _pages(stack, pages={503: "/_pages/sorry-503"}, path_pattern="/_pages/sorry-???")
    _site(stack, pages)

    config = distribution_config(Template.from_stack(stack))

    assert list(pages.behaviors) == [pages.path_pattern] == ["/_pages/sorry-???"]
    assert [behavior["PathPattern"] for behavior in config["CacheBehaviors"]] == ["/_pages/sorry-???"]


def test_pages_go_with_a_ready_distribution_too(stack: cdk.Stack) -> None:
    pages = _pages(stack)
    EdgeDistribution(
        stack,
        "Site",
        default_behavior=cloudfront.BehaviorOptions(origin=primary_host().origin()),
        additional_behaviors={
            **pages.behaviors,
            "/api/*": cloudfront.BehaviorOptions(origin=secondary_host().origin()),
        },
        error_responses=pages.error_responses,
    )

    config = distribution_config(Template.from_stack(stack))

    assert [behavior["PathPattern"] for behavior in config["CacheBehaviors"]] == ["/errors/*", "/api/*"]
    assert [response["ErrorCode"] for response in config["CustomErrorResponses"]] == [503, 504]


def test_pages_stand_behind_an_origin_group_and_behind_stale_copies(stack: cdk.Stack) -> None:
    group = FailoverOriginGroup(primary=primary_host(), secondary=Endpoint.bucket(_imported(stack, "eu-west-1")))
    stale = StaleContent(stack, "Stale", origin=group)
    pages = _pages(stack)
    EdgeDistribution(
        stack,
        "Site",
        default_behavior=stale.behavior,
        additional_behaviors=pages.behaviors,
        error_responses=pages.error_responses,
    )

    config = distribution_config(Template.from_stack(stack))

    assert len(config["Origins"]) == 3
    assert len(config["CustomErrorResponses"]) == 2


def test_the_same_pages_serve_two_distributions(stack: cdk.Stack) -> None:
    pages = _pages(stack)
    for construct_id in ("One", "Two"):
        cloudfront.Distribution(
            stack,
            construct_id,
            default_behavior=cloudfront.BehaviorOptions(origin=primary_host().origin()),
            additional_behaviors=pages.behaviors,
            error_responses=pages.error_responses,
        )

    sites = properties(Template.from_stack(stack), "AWS::CloudFront::Distribution")

    assert [len(site["DistributionConfig"]["CacheBehaviors"]) for site in sites] == [1, 1]


# What would have the pages fail with the origin


def _with(stack: cdk.Stack, behaviors: dict[str, cloudfront.IOrigin], pages: ErrorPages) -> None:
    cloudfront.Distribution(
        stack,
        "Site",
        default_behavior=cloudfront.BehaviorOptions(origin=primary_host().origin()),
        additional_behaviors={
            **{path: cloudfront.BehaviorOptions(origin=each) for path, each in behaviors.items()},
            **pages.behaviors,
        },
        error_responses=pages.error_responses,
    )


@pytest.mark.parametrize("pattern", ["/errors/503.html", "/errors/*.html", "errors/*", "*.html", "/error?/50?.html"])
def test_fails_on_a_behavior_before_the_pages_that_takes_one_of_them(pattern: str) -> None:
    stack = new_stack()
    _with(stack, {pattern: secondary_host().origin()}, _pages(stack))

    said = refused_synth(stack)

    assert f"behavior '{pattern}' of Test/Site takes the error page /errors/503.html from its own origin" in said
    assert "put the behavior '/errors/*' before it" in said


@pytest.mark.parametrize("pattern", ["/error/*", "/Errors/*", "/errors", "/errors/5??", "/errors/503-html"])
def test_a_behavior_before_the_pages_that_takes_none_of_them_is_no_concern(pattern: str) -> None:
    stack = new_stack()
    _with(stack, {pattern: secondary_host().origin()}, _pages(stack))

    assert distribution_config(Template.from_stack(stack))["CacheBehaviors"][0]["PathPattern"] == pattern


def test_fails_where_the_bucket_of_the_pages_is_an_origin_too(stack: cdk.Stack) -> None:
    bucket = s3.Bucket(stack, "Content")
    _site(stack, _pages(stack, bucket=bucket), Endpoint.bucket(bucket).origin())

    said = refused_synth(stack)

    assert "behavior '*' of Test/Site is served from the bucket that holds the error pages" in said
    assert "give the pages a bucket of their own" in said


def test_fails_where_the_origin_of_the_pages_serves_another_path_too(stack: cdk.Stack) -> None:
    pages = _pages(stack)
    _with(stack, {"/pictures/*": pages.behaviors["/errors/*"].origin}, pages)

    assert "behavior '/pictures/*' of Test/Site is served from the bucket that holds the error pages" in refused_synth(
        stack
    )


def test_fails_on_a_bucket_made_in_another_stack_with_the_way_out(stack: cdk.Stack) -> None:
    bucket = s3.Bucket(stack_in("eu-west-1", stack), "Pages", bucket_name="pages")

    with pytest.raises(
        RuntimeError, match=r"in the distribution's stack or imported, got one of\s+Elsewhere: .*attributes"
    ):
        _site(stack, _pages(stack, bucket=bucket))


@pytest.mark.parametrize("role", ["primary", "secondary"])
def test_fails_where_the_bucket_of_the_pages_is_in_the_group_that_they_stand_behind(role: str) -> None:
    stack = new_stack()
    bucket = s3.Bucket(stack, "Content")
    members: dict[str, Any] = {"primary": primary_host(), "secondary": secondary_host(), role: Endpoint.bucket(bucket)}
    _site(stack, _pages(stack, bucket=bucket), FailoverOriginGroup(**members))

    assert "behavior '*' of Test/Site is served from the bucket that holds the error pages" in refused_synth(stack)


def test_fails_where_no_distribution_has_the_behavior(stack: cdk.Stack) -> None:
    pages = _pages(stack)
    cloudfront.Distribution(
        stack,
        "Site",
        default_behavior=cloudfront.BehaviorOptions(origin=primary_host().origin()),
        error_responses=pages.error_responses,
    )

    said = refused_synth(stack)

    assert "[Test/Pages] no distribution has the behavior of these error pages" in said
    assert "additional_behaviors={**pages.behaviors}" in said


def test_fails_where_the_distribution_shows_none_of_the_pages(stack: cdk.Stack) -> None:
    pages = _pages(stack)
    cloudfront.Distribution(
        stack,
        "Site",
        default_behavior=cloudfront.BehaviorOptions(origin=primary_host().origin()),
        additional_behaviors=pages.behaviors,
    )

    assert "give the distribution error_responses=pages.error_responses" in refused_synth(stack)


@pytest.mark.parametrize(
    ("region", "name", "warned"),
    [
        ("us-east-1", "abc.execute-api.us-east-1.amazonaws.com", True),
        ("eu-north-1", "abc.execute-api.us-east-1.amazonaws.com", False),
        ("eu-north-1", "content.s3.eu-north-1.amazonaws.com", True),
        ("us-east-1", "www.example.com", False),
    ],
)
def test_an_origin_in_the_region_of_the_pages_is_warned_of_where_its_name_shows_it(
    region: str, name: str, *, warned: bool
) -> None:
    stack = new_stack()
    pages = _pages(stack) if region == "us-east-1" else _pages(stack, bucket=_imported(stack, region))
    _site(stack, pages, Endpoint.http_host(name).origin())

    assert (("/Test/Pages", _SAME_REGION) in warnings_of(stack)) is warned


def test_a_stack_whose_region_only_the_deploy_knows_is_not_warned_of(stack: cdk.Stack) -> None:
    stack = new_stack(None)
    _site(stack, _pages(stack), Endpoint.http_host("abc.execute-api.us-east-1.amazonaws.com").origin())

    assert warnings_of(stack) == set()


def test_paths_that_only_the_deploy_knows_are_not_judged(stack: cdk.Stack) -> None:
    pages = _pages(stack, pages={503: text_token(stack, "Page"), 504: "/errors/504.html"})
    _with(stack, {text_token(stack, "Other"): secondary_host().origin()}, pages)

    responses = distribution_config(Template.from_stack(stack))["CustomErrorResponses"]

    assert [response["ResponsePagePath"] for response in responses] == [{"Ref": "Page"}, "/errors/504.html"]


def _balancer_of_the_stack(stack: cdk.Stack, how: str) -> cloudfront.IOrigin:
    balancer = new_balancer(stack)
    balancer.add_listener("Http", port=80, default_target_groups=[target_group(stack)])
    if how == "the CDK":
        return cloudfront_origins.LoadBalancerV2Origin(
            balancer, protocol_policy=cloudfront.OriginProtocolPolicy.HTTP_ONLY
        )
    name = None if how == "its own name" else "a.example.com"
    return Endpoint.load_balancer(
        balancer, domain_name=name, protocol_policy=cloudfront.OriginProtocolPolicy.HTTP_ONLY
    ).origin()


@pytest.mark.parametrize("how", ["its own name", "another name", "the CDK"])
@pytest.mark.parametrize("region", ["us-east-1", None])
def test_pages_beside_a_load_balancer_of_the_same_stack_are_warned_of(how: str, region: str | None) -> None:
    stack = new_stack(region)
    _site(stack, _pages(stack), _balancer_of_the_stack(stack, how))

    assert ("/Test/Pages", _SAME_REGION) in warnings_of(stack)


def test_pages_of_another_region_than_a_load_balancer_are_not_warned_of(stack: cdk.Stack) -> None:
    _site(stack, _pages(stack, bucket=_imported(stack, "eu-west-1")), _balancer_of_the_stack(stack, "another name"))

    assert ("/Test/Pages", _SAME_REGION) not in warnings_of(stack)
