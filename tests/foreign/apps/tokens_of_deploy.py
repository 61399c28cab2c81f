"""A stack without account and Region, whose names and addresses are parameters: nothing is known before deploy."""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_route53 as route53

from ha_patterns import DnsFailover, Endpoint, HealthCheckSettings


def build(app: cdk.App) -> None:
    stack = cdk.Stack(app, "Anywhere")
    address = {role: cdk.CfnParameter(stack, f"{role}Address").value_as_string for role in ("Primary", "Standby")}
    name = cdk.CfnParameter(stack, "ZoneName", default="example.com").value_as_string
    zone = route53.HostedZone.from_hosted_zone_attributes(
        stack, "Zone", hosted_zone_id=cdk.Fn.import_value("zone-id"), zone_name="example.com"
    )
    DnsFailover(
        stack,
        "Pair",
        hosted_zone=zone,
        record_name="api",
        primary=Endpoint.http_host(f"primary.{name}", ipv4_addresses=[address["Primary"]]),
        secondary=Endpoint.http_host(f"standby.{name}", ipv4_addresses=[address["Standby"]]),
        primary_health_check=HealthCheckSettings.fast(path="/health"),
    )
