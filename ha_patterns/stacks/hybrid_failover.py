"""Reference stacks of hybrid failover: an API in two Regions, reads through an origin group, writes through DNS."""

from __future__ import annotations

import aws_cdk as cdk
from constructs import Construct

from ..outage_failover import HealthCheckSettings, HybridFailover
from .edge_stack import EdgeStack
from .sample_api import sample_apis
from .settings import ReferenceSettings

_PATTERN = "hybrid-failover"


def build(scope: Construct, settings: ReferenceSettings) -> HybridFailover:
    """The API in two Regions, then the edge."""
    shared_name = f"origin.{_PATTERN}.{settings.zone_name}"
    primary, standby = sample_apis(scope, settings, _PATTERN, shared_name=shared_name)
    edge = EdgeStack(scope, settings, _PATTERN, origins=[primary, standby])
    site = HybridFailover(
        edge,
        "Site",
        hosted_zone=edge.zone,
        domain_name=edge.domain_name,
        failover_record_name=shared_name,
        primary=primary.endpoint,
        secondary=standby.endpoint,
        write_paths=["/orders", "/orders/*"],
        primary_health_check=HealthCheckSettings.fast(path="/health"),
        recovery_time_objective=cdk.Duration.minutes(2),
    )
    site.add_alarms(edge.topic)
    cdk.CfnOutput(
        edge,
        "Write",
        value=f"curl -i -X POST https://{edge.domain_name}/orders",
        description="Which origin takes writes",
    )
    return site
