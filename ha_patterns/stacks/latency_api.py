"""Reference stacks of latency routing: an API in two Regions that both serve, and CloudFront in front of their name."""

from __future__ import annotations

from aws_cdk import Duration
from constructs import Construct

from ..active_active import LatencyRouting
from ..outage_failover import HealthCheckSettings
from .edge_stack import EdgeStack
from .sample_api import sample_apis
from .settings import ReferenceSettings

_PATTERN = "latency-api"


def build(scope: Construct, settings: ReferenceSettings) -> LatencyRouting:
    """The API in two Regions, then the edge."""
    shared_name = f"origin.{_PATTERN}.{settings.zone_name}"
    apis = sample_apis(scope, settings, _PATTERN, shared_name=shared_name, roles=settings.regions)
    edge = EdgeStack(scope, settings, _PATTERN, origins=apis)
    routing = LatencyRouting(
        edge,
        "Origin",
        hosted_zone=edge.zone,
        record_name=shared_name,
        members={region: api.endpoint for region, api in zip(settings.regions, apis, strict=True)},
        health_checks=HealthCheckSettings.fast(path="/health"),
        recovery_time_objective=Duration.minutes(2),
    )
    site = edge.site(routing.origin())
    routing.add_alarms(edge.topic)
    site.add_alarms(edge.topic)
    return routing
