"""Data centers by address, whose health is several checks together, and an alarm that the operators have."""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_route53 as route53

from ha_patterns import (
    AlarmHealthCheck,
    CalculatedHealthCheck,
    DnsFailover,
    Endpoint,
    EndpointHealthCheck,
    HealthCheckSettings,
)


def build(app: cdk.App) -> None:
    stack = cdk.Stack(app, "Dns", env=cdk.Environment(account="111122223333", region="us-east-1"))
    zone = route53.HostedZone.from_hosted_zone_attributes(
        stack, "Zone", hosted_zone_id="Z0123456789ABCDEFGHIJ", zone_name="example.com"
    )
    queue = cloudwatch.Alarm(
        stack,
        "Queue",
        metric=cloudwatch.Metric(namespace="Shop", metric_name="Depth", period=cdk.Duration.minutes(1)),
        threshold=1000,
        evaluation_periods=2,
    )
    page = EndpointHealthCheck(
        stack, "Page", domain_name="dc1.example.net", settings=HealthCheckSettings.fast(path="/health")
    )
    both = CalculatedHealthCheck(
        stack, "Both", child_health_checks=[page, AlarmHealthCheck(stack, "Depth", alarm=queue)]
    )
    DnsFailover(
        stack,
        "Pair",
        hosted_zone=zone,
        record_name="api",
        primary=Endpoint.http_host("dc1.example.net", ipv4_addresses=["203.0.113.10"]),
        secondary=Endpoint.http_host("dc2.example.net", ipv4_addresses=["198.51.100.20"]),
        primary_health_check=both,
    )
