"""The quotas of a distribution are those of AWS's page."""

from __future__ import annotations

from ha_patterns.aws import distributions, headers


def test_the_quotas_are_those_of_the_page() -> None:
    """Of https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html."""
    assert {
        "Cache behaviors per distribution": distributions.BEHAVIORS,
        "Origins per distribution": distributions.ORIGINS,
        "Origin groups per distribution": distributions.ORIGIN_GROUPS,
        "Alternate domain names (CNAMEs) per distribution": distributions.ALTERNATE_NAMES,
        "Custom headers that CloudFront adds to an origin request": headers.CUSTOM_HEADERS,
    } == {
        "Cache behaviors per distribution": 75,
        "Origins per distribution": 100,
        "Origin groups per distribution": 10,
        "Alternate domain names (CNAMEs) per distribution": 100,
        "Custom headers that CloudFront adds to an origin request": 30,
    }
