"""Headers that CloudFront adds are spelled as AWS spells them, whatever their case in rules and in code."""

from __future__ import annotations

import pytest
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk.assertions import Template

from ha_patterns import EdgeFunction, RoutingInputs
from ha_patterns.aws.headers import NOT_IN_CACHE_POLICIES, spelled

from ..samples import new_stack, only, primary_host


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("cloudfront-viewer-country", "CloudFront-Viewer-Country"),
        ("CLOUDFRONT-IS-IOS-VIEWER", "CloudFront-Is-IOS-Viewer"),
        ("Cloudfront-Viewer-Asn", "CloudFront-Viewer-ASN"),
        ("x-Version", "x-Version"),
        # Not listed.
        ("cloudfront-viewer-cert-subject", "CloudFront-Viewer-Cert-Subject"),
        ("CloudFront-Viewer-XY", "CloudFront-Viewer-XY"),
    ],
)
def test_names_are_spelled_as_aws_does(given: str, name: str) -> None:
    assert spelled(given) == name


def test_headers_that_cache_policies_do_not_take_are_named_in_lower_case() -> None:
    assert "cloudfront-viewer-tls" in NOT_IN_CACHE_POLICIES
    assert "cloudfront-viewer-country" not in NOT_IN_CACHE_POLICIES


@pytest.mark.parametrize("name", ["cloudfront-viewer-cert-subject", "CloudFront-Viewer-Cert-Subject"])
def test_a_function_may_read_a_header_that_is_newer_than_this_library(name: str) -> None:
    stack = new_stack()
    function = EdgeFunction(
        stack,
        "Function",
        function="nearest_bucket",
        event_type=cloudfront.LambdaEdgeEventType.ORIGIN_REQUEST,
        configuration={},
        inputs=RoutingInputs(headers=[name]),
    )
    cloudfront.Distribution(stack, "Site", default_behavior=function.behavior(primary_host().origin()))

    policy = only(Template.from_stack(stack), "AWS::CloudFront::OriginRequestPolicy")["OriginRequestPolicyConfig"]
    assert policy["HeadersConfig"]["Headers"] == ["CloudFront-Viewer-Cert-Subject"]
