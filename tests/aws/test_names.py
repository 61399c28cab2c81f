"""Host names of AWS tell their Region."""

from __future__ import annotations

import pytest

from ha_patterns.aws.names import has_no_certificate, named_region


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


@pytest.mark.parametrize(
    ("name", "none"),
    [
        ("app-123.us-east-1.elb.amazonaws.com", True),
        ("App-1a2b.elb.EU-WEST-1.amazonaws.com.", True),
        ("app-123.elb.cn-north-1.amazonaws.com.cn", True),
        ("a1b2.awsglobalaccelerator.com", True),
        ("ec2-203-0-113-7.compute-1.amazonaws.com", True),
        ("ec2-203-0-113-7.eu-west-1.compute.amazonaws.com", True),
        ("app.eba-1a2b.eu-west-1.elasticbeanstalk.com", True),
        ("a.execute-api.eu-central-1.amazonaws.com", False),
        ("b.s3.eu-west-1.amazonaws.com", False),
        ("d111.cloudfront.net", False),
        ("elb.amazonaws.com.example.com", False),
    ],
)
def test_the_names_that_nobody_has_a_certificate_for(name: str, none: bool) -> None:
    assert has_no_certificate(name) is none
