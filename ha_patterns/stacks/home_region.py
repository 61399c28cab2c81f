"""Reference stacks of home Regions: an API in two Regions, each at home to its users, and a cookie that says which."""

from __future__ import annotations

import aws_cdk as cdk
from constructs import Construct

from ..active_active import HomeHealth, HomeRegionRouter
from ..edge import EdgeDistribution
from ..outage_failover import HealthCheckSettings
from .edge_stack import EdgeStack
from .function_logs import function_log_stacks
from .sample_api import sample_apis
from .settings import ReferenceSettings

_PATTERN = "home-region"


def build(scope: Construct, settings: ReferenceSettings) -> HomeRegionRouter:
    """The API in two Regions; the functions' logs there; the edge with the key and the health of both."""
    apis = sample_apis(scope, settings, _PATTERN, roles=settings.regions)
    edge = EdgeStack(scope, settings, _PATTERN, origins=apis)
    homes = {region: api.endpoint for region, api in zip(settings.regions, apis, strict=True)}
    health = HomeHealth(
        edge,
        "Health",
        hosted_zone=edge.zone,
        record_name=f"health.{edge.domain_name}",
        homes=homes,
        health_checks=HealthCheckSettings.fast(path="/health"),
    )
    cdk.Annotations.of(edge).acknowledge_warning(
        "@ha-patterns/home-region:far-edges",
        "The sample's users are near its two Regions; for others a replica of the key near to them is worth its price.",
    )
    router = HomeRegionRouter(
        edge,
        "Homes",
        homes=homes,
        unhealthy_home="read-elsewhere",
        health=health,
        recovery_time_objective=cdk.Duration.minutes(2),
    )
    # The users of a sample can be new ones after a destroy. Kept, the key would have the name that the next one needs.
    router.apply_removal_policy(cdk.RemovalPolicy.DESTROY)
    site = EdgeDistribution(
        edge, "Site", default_behavior=router.behavior(), domain_name=edge.domain_name, hosted_zone=edge.zone
    )
    health.add_alarms(edge.topic)
    site.add_alarms(edge.topic)
    function_log_stacks(scope, settings, _PATTERN, router.request_function, router.response_function)
    cdk.CfnOutput(
        edge,
        "ChangeKey",
        value=f"aws secretsmanager put-secret-value --region {edge.region} --secret-id {router.key.secret_name} "
        '--secret-string "$(openssl rand -hex 32)"',
        description="Has a new key sign the cookies; the one before it is still believed",
    )
    return router
