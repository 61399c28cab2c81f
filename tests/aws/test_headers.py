"""Headers that CloudFront adds are spelled as AWS spells them, whatever their case in rules and in code."""

from __future__ import annotations

import pytest
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk.assertions import Template

from ha_patterns import EdgeFunction, RoutingInputs
from ha_patterns.aws.headers import NOT_IN_CACHE_POLICIES, spelled
from ha_patterns.aws.policies import MANAGED_ORIGIN_REQUEST_POLICIES

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


def test_a_managed_policy_sends_the_headers_that_its_page_lists() -> None:
    """AllViewerAndCloudFrontHeaders-2022-06, on using-managed-origin-request-policies.html."""
    policy = MANAGED_ORIGIN_REQUEST_POLICIES["33f36d7e-f396-46d9-90e0-52428a34d9dc"]
    of_the_viewer = ["Address", "ASN", "City", "Country", "Country-Name", "Country-Region", "Country-Region-Name"]
    of_the_viewer += ["Http-Version", "Latitude", "Longitude", "Metro-Code", "Postal-Code", "Time-Zone", "TLS"]
    devices = ["Android", "Desktop", "IOS", "Mobile", "SmartTV", "Tablet"]
    listed = {
        "CloudFront-Forwarded-Proto",
        *(f"CloudFront-Is-{device}-Viewer" for device in devices),
        *(f"CloudFront-Viewer-{name}" for name in of_the_viewer),
    }

    assert {spelled(name) for name in policy.cloudfront_headers} == listed
