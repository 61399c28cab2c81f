"""Host names of AWS tell their Region."""

from __future__ import annotations

import pytest

from ha_patterns.aws.names import named_region


@pytest.mark.parametrize(
    ("name", "region"),
    [
        ("b.eu-west-1.elb.amazonaws.com", "eu-west-1"),
        ("b.elb.US-WEST-2.amazonaws.com.", "us-west-2"),
        ("b.s3-website-eu-west-1.amazonaws.com", "eu-west-1"),
        ("b.s3.cn-north-1.amazonaws.com.cn", "cn-north-1"),
        ("a.execute-api.eu-central-1.amazonaws.com", "eu-central-1"),
        ("a.lambda-url.us-gov-west-1.on.aws", "us-gov-west-1"),
        ("my-eu-west-1.s3.amazonaws.com", None),
        ("d111.cloudfront.net", None),
        ("eu-west-1.example.com", None),
    ],
)
def test_the_region_of_a_name(name: str, region: str | None) -> None:
    assert named_region(name) == region
