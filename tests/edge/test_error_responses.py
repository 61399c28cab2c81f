"""What a distribution answers in place of an error, given as the CDK has it."""

from __future__ import annotations

import aws_cdk as cdk
import pytest
from aws_cdk import Duration
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk.assertions import Template

from ha_patterns import EdgeDistribution

from ..samples import distribution_config, new_stack, primary_host, warnings_of


def _site(stack: cdk.Stack, *responses: cloudfront.ErrorResponse) -> None:
    EdgeDistribution(
        stack,
        "Site",
        default_behavior=cloudfront.BehaviorOptions(origin=primary_host().origin()),
        error_responses=responses,
    )


def test_without_error_responses_viewers_get_what_the_origin_says(stack: cdk.Stack) -> None:
    _site(stack)

    assert "CustomErrorResponses" not in distribution_config(Template.from_stack(stack))


def test_pages_and_times_reach_the_template_as_given(stack: cdk.Stack) -> None:
    _site(
        stack,
        cloudfront.ErrorResponse(http_status=404, response_page_path="/404.html", response_http_status=200),
        cloudfront.ErrorResponse(http_status=403, response_page_path="/404.html"),
        cloudfront.ErrorResponse(http_status=503, ttl=Duration.seconds(0)),
    )

    assert distribution_config(Template.from_stack(stack))["CustomErrorResponses"] == [
        {"ErrorCode": 404, "ResponsePagePath": "/404.html", "ResponseCode": 200},
        {"ErrorCode": 403, "ResponsePagePath": "/404.html", "ResponseCode": 403},
        {"ErrorCode": 503, "ErrorCachingMinTTL": 0},
    ]


@pytest.mark.parametrize("keeps", [False, True])
def test_an_error_that_is_kept_for_a_year_is_warned_of_where_anything_is_kept(stack: cdk.Stack, *, keeps: bool) -> None:
    policy = cloudfront.CachePolicy.CACHING_OPTIMIZED if keeps else cloudfront.CachePolicy.CACHING_DISABLED
    EdgeDistribution(
        stack,
        "Site",
        default_behavior=cloudfront.BehaviorOptions(origin=primary_host().origin(), cache_policy=policy),
        error_responses=[cloudfront.ErrorResponse(http_status=503, ttl=Duration.days(365))],
    )

    warned = ("/Test/Site/Distribution", "@ha-patterns/edge:long-error-ttl")
    assert (warned in warnings_of(stack)) is keeps


@pytest.mark.parametrize("code", [200, 400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504])
def test_a_page_may_be_sent_with_each_status_that_cloudfront_allows(code: int) -> None:
    stack = new_stack()
    _site(
        stack,
        cloudfront.ErrorResponse(http_status=500, response_page_path="/500.html", response_http_status=code),
    )

    (response,) = distribution_config(Template.from_stack(stack))["CustomErrorResponses"]

    assert response["ResponseCode"] == code
