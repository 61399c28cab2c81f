"""Records and health checks written as CloudFormation has them, in an app that uses the checks alone."""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_route53 as route53

_ZONE = "Z0123456789ABCDEFGHIJ"
_ADDRESSES = {"PRIMARY": "203.0.113.1", "SECONDARY": "198.51.100.1"}


def build(app: cdk.App) -> None:
    """A pair that fails over, which has one finding that its owner accepts."""
    stack = cdk.Stack(app, "Dns", env=cdk.Environment(account="111122223333", region="eu-west-1"))
    for role, address in _ADDRESSES.items():
        check = route53.CfnHealthCheck(
            stack,
            f"{role.capitalize()}Check",
            health_check_config=route53.CfnHealthCheck.HealthCheckConfigProperty(
                type="HTTPS",
                ip_address=address,
                fully_qualified_domain_name="api.example.com",
                port=443,
                resource_path="/health",
                request_interval=10,
                failure_threshold=1,
                enable_sni=True,
            ),
        )
        cdk.Validations.of(check).acknowledge(
            cdk.Acknowledgment(id="ha-patterns::HA225", reason="the health path asks its dependencies three times")
        )
        route53.CfnRecordSet(
            stack,
            role.capitalize(),
            hosted_zone_id=_ZONE,
            name="api.example.com.",
            type="A",
            ttl="60",
            resource_records=[address],
            failover=role,
            set_identifier=role.lower(),
            health_check_id=check.attr_health_check_id,
        )
