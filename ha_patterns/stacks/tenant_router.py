"""Reference stacks of tenant routing: an API in two Regions, and a table that says which tenant is served where."""

from __future__ import annotations

import json

import aws_cdk as cdk
from constructs import Construct

from ..active_active import TenantRouter
from ..edge import EdgeDistribution
from .edge_stack import EdgeStack
from .function_logs import function_log_stacks
from .sample_api import sample_apis
from .settings import ReferenceSettings

_PATTERN = "tenant-router"


def build(scope: Construct, settings: ReferenceSettings) -> TenantRouter:
    """The API in two Regions; the function's logs in the Regions; the edge with the table."""
    apis = sample_apis(scope, settings, _PATTERN)
    edge = EdgeStack(scope, settings, _PATTERN, origins=apis)
    primary, standby = (api.endpoint for api in apis)
    tenants = TenantRouter(
        edge,
        "Tenants",
        default=primary,
        origins={"primary": primary, "standby": standby},
        allowed_origin_suffixes=[f".apps.{settings.zone_name}"],
        replica_regions=settings.replica_regions,
    )
    site = EdgeDistribution(
        edge,
        "Site",
        default_behavior=tenants.behavior(),
        domain_name=f"*.{edge.domain_name}",
        hosted_zone=edge.zone,
    )
    site.add_alarms(edge.topic)
    function_log_stacks(scope, settings, _PATTERN, tenants.function)
    for role in ("primary", "standby"):
        moved = {f"acme.{edge.domain_name}": {"origin": role}}
        cdk.CfnOutput(
            edge,
            f"MoveTo{role.capitalize()}",
            value=f"echo '{json.dumps(moved)}' > tenants.json && "
            f"ha-patterns tenants put tenants.json --stack {edge.stack_name}",
            description=f"Has the tenant acme served by the {role}",
        )
    return tenants
