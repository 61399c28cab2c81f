"""Each construct as a user writes it: what bench compares with the same by hand."""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_sns as sns

from ha_patterns import (
    DnsFailover,
    EdgeDistribution,
    Endpoint,
    ErrorPages,
    HealthCheckSettings,
    HybridFailover,
    OriginFailover,
    OriginSettings,
    StaleContent,
)
from tools.bench_build import SITE, Build, hosted_zone, main


def _endpoint(place: int) -> Endpoint:
    return Endpoint.http_host(f"{place}.example.com", ipv4_addresses=[f"203.0.113.{place}"])


def _origin_failover(stack: cdk.Stack) -> None:
    site = OriginFailover(
        stack, "Site", primary=_endpoint(1), secondary=_endpoint(2), domain_name=SITE, hosted_zone=hosted_zone(stack)
    )
    site.add_alarms(sns.Topic(stack, "Topic"))


def _stale_content(stack: cdk.Stack) -> None:
    waits = OriginSettings.fail_fast()
    stale = StaleContent(stack, "Stale", origin=_endpoint(1).origin(waits))
    site = EdgeDistribution(
        stack,
        "Site",
        default_behavior=stale.behavior,
        error_responses=stale.error_responses,
        domain_name=SITE,
        hosted_zone=hosted_zone(stack),
        publish_additional_metrics=True,
    )
    site.add_alarms(sns.Topic(stack, "Topic"), origin_latency=waits.connect_wait)


def _same_origin_retry(stack: cdk.Stack) -> None:
    site = OriginFailover(
        stack,
        "Site",
        primary=_endpoint(1),
        retry_same_origin=True,
        domain_name=SITE,
        hosted_zone=hosted_zone(stack),
    )
    site.add_alarms(sns.Topic(stack, "Topic"))


def _error_pages(stack: cdk.Stack) -> None:
    pages = ErrorPages(stack, "Pages", pages={503: "/errors/5xx.html", 504: "/errors/5xx.html"})
    waits = OriginSettings.fail_fast()
    site = EdgeDistribution(
        stack,
        "Site",
        default_behavior=cloudfront.BehaviorOptions(
            origin=_endpoint(1).origin(waits),
            cache_policy=cloudfront.CachePolicy.CACHING_DISABLED,
            origin_request_policy=cloudfront.OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
        ),
        additional_behaviors=pages.behaviors,
        error_responses=pages.error_responses,
        domain_name=SITE,
        hosted_zone=hosted_zone(stack),
        publish_additional_metrics=True,
    )
    site.add_alarms(sns.Topic(stack, "Topic"), origin_latency=waits.connect_wait)


def _dns_failover(stack: cdk.Stack) -> None:
    zone = hosted_zone(stack)
    dns = DnsFailover(
        stack,
        "Origin",
        hosted_zone=zone,
        record_name="origin",
        primary=_endpoint(1),
        secondary=_endpoint(2),
        primary_health_check=HealthCheckSettings.fast(path="/health"),
    )
    EdgeDistribution(
        stack,
        "Site",
        default_behavior=cloudfront.BehaviorOptions(
            origin=dns.origin(),
            allowed_methods=cloudfront.AllowedMethods.ALLOW_ALL,
            viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.HTTPS_ONLY,
            cache_policy=cloudfront.CachePolicy.CACHING_DISABLED,
            origin_request_policy=cloudfront.OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
        ),
        domain_name=SITE,
        hosted_zone=zone,
        publish_additional_metrics=True,
    )
    dns.add_alarms(sns.Topic(stack, "Topic"))


def _hybrid_failover(stack: cdk.Stack) -> None:
    site = HybridFailover(
        stack,
        "Site",
        hosted_zone=hosted_zone(stack),
        domain_name=SITE,
        failover_record_name="origin",
        primary=_endpoint(1),
        secondary=_endpoint(2),
        write_paths=["/orders/*"],
        primary_health_check=HealthCheckSettings.fast(path="/health"),
    )
    site.add_alarms(sns.Topic(stack, "Topic"))


BUILDS: dict[str, Build] = {
    "stale-content": _stale_content,
    "origin-failover": _origin_failover,
    "same-origin-retry": _same_origin_retry,
    "error-pages": _error_pages,
    "dns-failover": _dns_failover,
    "hybrid-failover": _hybrid_failover,
}

if __name__ == "__main__":
    main(BUILDS)
