"""The resources of each construct, written by hand with the CDK's own: the yardstick of bench."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as cloudwatch_actions
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_route53_targets as targets
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns
from constructs import Construct

from tools.bench_build import SITE, Build, hosted_zone, main


def _origin_failover(stack: cdk.Stack) -> None:
    distribution = _distribution(stack, hosted_zone(stack), cloudfront.BehaviorOptions(origin=_group(), **_READS), {})
    _distribution_alarms(stack, distribution, sns.Topic(stack, "Topic"))


def _stale_content(stack: cdk.Stack) -> None:
    policy = cloudfront.CachePolicy(
        stack,
        "Policy",
        min_ttl=cdk.Duration.seconds(0),
        default_ttl=cdk.Duration.seconds(60),
        max_ttl=cdk.Duration.days(1),
        query_string_behavior=cloudfront.CacheQueryStringBehavior.all(),
        enable_accept_encoding_gzip=True,
        enable_accept_encoding_brotli=True,
    )
    distribution = _distribution(
        stack,
        hosted_zone(stack),
        cloudfront.BehaviorOptions(
            origin=_http_origin("1"),
            allowed_methods=cloudfront.AllowedMethods.ALLOW_GET_HEAD,
            viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
            cache_policy=policy,
        ),
        {},
        [
            cloudfront.ErrorResponse(http_status=code, ttl=cdk.Duration.seconds(10))
            for code in (500, 501, 502, 503, 504)
        ],
    )
    _distribution_alarms(stack, distribution, sns.Topic(stack, "Topic"))


def _same_origin_retry(stack: cdk.Stack) -> None:
    group = origins.OriginGroup(
        primary_origin=_http_origin("1", "primary"),
        fallback_origin=_http_origin("1", "secondary"),
        fallback_status_codes=[500, 502, 503, 504],
    )
    distribution = _distribution(stack, hosted_zone(stack), cloudfront.BehaviorOptions(origin=group, **_READS), {})
    _distribution_alarms(stack, distribution, sns.Topic(stack, "Topic"))


def _error_pages(stack: cdk.Stack) -> None:
    bucket = s3.Bucket(
        stack,
        "Pages",
        block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
        encryption=s3.BucketEncryption.S3_MANAGED,
        enforce_ssl=True,
    )
    pages = cloudfront.BehaviorOptions(
        origin=origins.S3BucketOrigin.with_origin_access_control(
            bucket, connection_attempts=2, connection_timeout=cdk.Duration.seconds(2)
        ),
        viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
        cache_policy=cloudfront.CachePolicy(
            stack,
            "Kept",
            min_ttl=cdk.Duration.seconds(10),
            default_ttl=cdk.Duration.seconds(10),
            max_ttl=cdk.Duration.seconds(10),
            enable_accept_encoding_gzip=True,
            enable_accept_encoding_brotli=True,
        ),
    )
    distribution = _distribution(
        stack,
        hosted_zone(stack),
        cloudfront.BehaviorOptions(origin=_http_origin("1"), **_READS),
        {"/errors/*": pages},
        [
            cloudfront.ErrorResponse(
                http_status=code, response_page_path="/errors/5xx.html", ttl=cdk.Duration.seconds(10)
            )
            for code in (503, 504)
        ],
    )
    _distribution_alarms(stack, distribution, sns.Topic(stack, "Topic"))


def _dns_failover(stack: cdk.Stack) -> None:
    zone = hosted_zone(stack)
    check = _records(stack, zone)
    _distribution(stack, zone, cloudfront.BehaviorOptions(origin=_http_origin("origin"), **_WRITES), {})
    _check_alarm(stack, check, sns.Topic(stack, "Topic"))


def _hybrid_failover(stack: cdk.Stack) -> None:
    zone = hosted_zone(stack)
    check = _records(stack, zone)
    writes = cloudfront.BehaviorOptions(origin=_http_origin("origin"), **_WRITES)
    distribution = _distribution(
        stack, zone, cloudfront.BehaviorOptions(origin=_group(), **_READS), {"/orders/*": writes}
    )
    topic = sns.Topic(stack, "Topic")
    _check_alarm(stack, check, topic)
    _distribution_alarms(stack, distribution, topic)


_READS: dict[str, Any] = {
    "allowed_methods": cloudfront.AllowedMethods.ALLOW_GET_HEAD,
    "viewer_protocol_policy": cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
    "cache_policy": cloudfront.CachePolicy.CACHING_DISABLED,
    "origin_request_policy": cloudfront.OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
}
_WRITES: dict[str, Any] = {
    **_READS,
    "allowed_methods": cloudfront.AllowedMethods.ALLOW_ALL,
    "viewer_protocol_policy": cloudfront.ViewerProtocolPolicy.HTTPS_ONLY,
}


def _http_origin(place: str, role: str | None = None) -> origins.HttpOrigin:
    return origins.HttpOrigin(
        f"{place}.example.com",
        custom_headers={"x-ha-origin-role": role} if role else None,
        connection_attempts=2,
        connection_timeout=cdk.Duration.seconds(2),
        read_timeout=cdk.Duration.seconds(5),
        keepalive_timeout=cdk.Duration.seconds(5),
        protocol_policy=cloudfront.OriginProtocolPolicy.HTTPS_ONLY,
        origin_ssl_protocols=[cloudfront.OriginSslPolicy.TLS_V1_2],
        http_port=80,
        https_port=443,
    )


def _group() -> origins.OriginGroup:
    return origins.OriginGroup(
        primary_origin=_http_origin("1", "primary"),
        fallback_origin=_http_origin("2", "secondary"),
        fallback_status_codes=[500, 502, 503, 504],
    )


def _distribution(
    stack: cdk.Stack,
    zone: route53.IHostedZone,
    default_behavior: cloudfront.BehaviorOptions,
    behaviors: dict[str, cloudfront.BehaviorOptions],
    error_responses: list[cloudfront.ErrorResponse] | None = None,
) -> cloudfront.Distribution:
    scope = Construct(stack, "Site")
    logs = s3.Bucket(
        scope,
        "Logs",
        object_ownership=s3.ObjectOwnership.OBJECT_WRITER,
        block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
        encryption=s3.BucketEncryption.S3_MANAGED,
        enforce_ssl=True,
        lifecycle_rules=[s3.LifecycleRule(expiration=cdk.Duration.days(90))],
    )
    distribution = cloudfront.Distribution(
        scope,
        "Distribution",
        default_behavior=default_behavior,
        additional_behaviors=behaviors,
        error_responses=error_responses,
        domain_names=[SITE],
        certificate=acm.Certificate(
            scope, "Certificate", domain_name=SITE, validation=acm.CertificateValidation.from_dns(zone)
        ),
        minimum_protocol_version=cloudfront.SecurityPolicyProtocol.TLS_V1_2_2021,
        http_version=cloudfront.HttpVersion.HTTP2_AND_3,
        enable_logging=True,
        log_bucket=logs,
        publish_additional_metrics=True,
    )
    target = route53.RecordTarget.from_alias(targets.CloudFrontTarget(distribution))
    route53.ARecord(scope, "A", zone=zone, record_name=SITE, target=target)
    route53.AaaaRecord(scope, "AAAA", zone=zone, record_name=SITE, target=target)
    return distribution


def _records(stack: cdk.Stack, zone: route53.IHostedZone) -> route53.HealthCheck:
    check = route53.HealthCheck(
        stack,
        "Check",
        type=route53.HealthCheckType.HTTPS,
        fqdn="1.example.com",
        resource_path="/health",
        request_interval=cdk.Duration.seconds(10),
        failure_threshold=3,
    )
    cdk.Tags.of(check).add("Name", "1.example.com")
    for place, failover in ((1, route53.Failover.PRIMARY), (2, route53.Failover.SECONDARY)):
        route53.RecordSet(
            stack,
            f"Record{place}",
            zone=zone,
            record_name="origin",
            record_type=route53.RecordType.A,
            target=route53.RecordTarget.from_values(f"203.0.113.{place}"),
            ttl=cdk.Duration.seconds(60),
            failover=failover,
            set_identifier=failover.value.lower(),
            health_check=check if place == 1 else None,
        )
    return check


def _check_alarm(stack: cdk.Stack, check: route53.HealthCheck, topic: sns.ITopic) -> None:
    metric = cloudwatch.Metric(
        namespace="AWS/Route53",
        metric_name="HealthCheckStatus",
        dimensions_map={"HealthCheckId": check.health_check_id},
        statistic="Minimum",
        period=cdk.Duration.minutes(1),
    )
    _alarm(stack, "CheckAlarm", metric, 1, topic)


def _distribution_alarms(stack: cdk.Stack, distribution: cloudfront.Distribution, topic: sns.ITopic) -> None:
    period = cdk.Duration.minutes(1)
    _alarm(stack, "Errors", distribution.metric5xx_error_rate(period=period, statistic="Average"), 5, topic)
    _alarm(stack, "Latency", distribution.metric_origin_latency(period=period, statistic="p95"), 4000, topic)


def _alarm(stack: cdk.Stack, construct_id: str, metric: cloudwatch.Metric, threshold: int, topic: sns.ITopic) -> None:
    alarm = metric.create_alarm(stack, construct_id, threshold=threshold, evaluation_periods=3, datapoints_to_alarm=2)
    action = cloudwatch_actions.SnsAction(topic)
    alarm.add_alarm_action(action)
    alarm.add_ok_action(action)


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
