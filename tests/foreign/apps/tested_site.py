"""A stack that has tests of its own: a hybrid site and a router, in one stack of us-east-1."""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_route53 as route53
from constructs import Construct

from ha_patterns import EdgeDistribution, Endpoint, HealthCheckSettings, HybridFailover, RuleRouter, RuleSource


class SiteStack(cdk.Stack):
    """A site whose health path is an argument."""

    def __init__(self, scope: Construct, construct_id: str, *, health_path: str = "/health") -> None:
        env = cdk.Environment(account="111122223333", region="us-east-1")
        super().__init__(scope, construct_id, env=env)
        zone = route53.HostedZone.from_hosted_zone_attributes(
            self, "Zone", hosted_zone_id="Z0123456789ABCDEFGHIJ", zone_name="example.com"
        )
        self.site = HybridFailover(
            self,
            "Site",
            hosted_zone=zone,
            domain_name="www.example.com",
            failover_record_name="origin",
            primary=Endpoint.http_host("dc1.example.com", ipv4_addresses=["203.0.113.10"]),
            secondary=Endpoint.http_host("dc2.example.com", ipv4_addresses=["198.51.100.20"]),
            write_paths=["/orders/*"],
            primary_health_check=HealthCheckSettings.fast(path=health_path),
        )
        router = RuleRouter(
            self,
            "Router",
            origins={"a": Endpoint.http_host("a.example.com")},
            default_origin="a",
            source=RuleSource.table(replica_regions=["eu-west-1"]),
        )
        EdgeDistribution(
            self,
            "Routed",
            default_behavior=router.behavior(),
            domain_name="r.example.com",
            hosted_zone=zone,
        )


def build(app: cdk.App) -> None:
    SiteStack(app, "Site")
