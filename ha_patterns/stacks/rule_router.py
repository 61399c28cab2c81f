"""Reference stacks of rule routing: an API in two Regions, and a table of rules that says which requests go where."""

from __future__ import annotations

import json

import aws_cdk as cdk
from constructs import Construct

from ..active_active import RuleRouter, RuleSource
from ..edge import EdgeDistribution
from .edge_stack import EdgeStack
from .function_logs import function_log_stacks
from .sample_api import sample_apis
from .settings import ReferenceSettings

_PATTERN = "rule-router"


def build(scope: Construct, settings: ReferenceSettings) -> RuleRouter:
    """The API in two Regions; the function's logs in the Regions; the edge with the table."""
    apis = sample_apis(scope, settings, _PATTERN)
    edge = EdgeStack(scope, settings, _PATTERN, origins=apis)
    primary, standby = (api.endpoint for api in apis)
    router = RuleRouter(
        edge,
        "Router",
        origins={"primary": primary, "standby": standby},
        default_origin="primary",
        source=RuleSource.table(replica_regions=settings.replica_regions),
        redirect_hosts=[edge.domain_name],
        request_headers=["x-viewer-host"],
    )
    site = EdgeDistribution(
        edge,
        "Site",
        default_behavior=router.behavior(),
        domain_name=edge.domain_name,
        hosted_zone=edge.zone,
    )
    site.add_alarms(edge.topic)
    function_log_stacks(scope, settings, _PATTERN, router.function)
    for role in ("primary", "standby"):
        rules = {edge.domain_name: {"rules": [{"path": "/orders/*", "then": {"origin": role}}]}}
        cdk.CfnOutput(
            edge,
            f"OrdersTo{role.capitalize()}",
            value=f"echo '{json.dumps(rules)}' > rules.json && "
            f"ha-patterns rules put rules.json --stack {edge.stack_name}",
            description=f"Has /orders/* answered by the {role}",
        )
    return router
