"""Reference stacks of tenant routing: an API in two Regions, and a table that says which tenant is served where."""

from __future__ import annotations

import aws_cdk as cdk
from constructs import Construct

from ..active_active import TenantRouter
from ..edge import EdgeDistribution
from .edge_stack import EdgeStack
from .function_logs import add_edge_function_logs, function_log_stacks
from .sample_api import sample_apis
from .settings import ReferenceSettings

_PATTERN = "tenant-router"


def build(scope: Construct, settings: ReferenceSettings) -> TenantRouter:
    """The API in two Regions; the edge with the table; then the function's logs in the Regions."""
    apis = sample_apis(scope, settings, _PATTERN)
    edge = EdgeStack(scope, settings, _PATTERN, origins=apis)
    primary, standby = (api.endpoint for api in apis)
    tenants = TenantRouter(
        edge,
        "Tenants",
        default=primary,
        origins={"primary": primary, "standby": standby},
        allowed_origin_suffixes=[f".apps.{settings.zone_name}"],
        replica_regions=settings.regions,
    )
    site = EdgeDistribution(
        edge,
        "Site",
        default_behavior=tenants.behavior(),
        domain_name=f"*.{edge.domain_name}",
        hosted_zone=edge.zone,
    )
    site.add_alarms(edge.topic)
    add_edge_function_logs(edge, tenants.function)
    function_log_stacks(scope, settings, _PATTERN, tenants.function)
    table = tenants.table.table.table_name
    for role, key in (("Primary", "primary"), ("Standby", "standby")):
        item = f'{{"host": {{"S": "acme.{edge.domain_name}"}}, "origin": {{"S": "{key}"}}}}'
        cdk.CfnOutput(
            edge,
            f"MoveTo{role}",
            value=f"aws dynamodb put-item --region {edge.region} --table-name {table} --item '{item}'",
            description=f"Has the tenant acme served by the {key}",
        )
    return tenants
