"""Reference stacks of the same-path hybrid: an API in two Regions, each of whose paths is read and written."""

from __future__ import annotations

import aws_cdk as cdk
from constructs import Construct

from ..outage_failover import HealthCheckSettings, HybridFailover
from .edge_stack import EdgeStack
from .sample_api import sample_apis
from .settings import ReferenceSettings

_PATTERN = "same-path-hybrid"


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
        write_paths=[],
        read_write_paths=["/*"],
        primary_health_check=HealthCheckSettings.fast(path="/health"),
        recovery_time_objective=cdk.Duration.minutes(2),
    )
    site.add_alarms(edge.topic)
    cdk.CfnOutput(
        edge,
        "Write",
        value=f"curl -i -X POST https://{edge.domain_name}/",
        description="Which origin takes writes to the path that Read reads",
    )
    return site
