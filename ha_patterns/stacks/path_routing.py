"""Reference stacks of path routing: two APIs by path, and for every other path an origin group of both."""

from __future__ import annotations

import aws_cdk as cdk
from constructs import Construct

from ..active_active import PathRoute, PathRouting
from ..transient_errors import FailoverOriginGroup
from .edge_stack import EdgeStack
from .sample_api import sample_apis
from .settings import ReferenceSettings

_PATTERN = "path-routing"


def build(scope: Construct, settings: ReferenceSettings) -> PathRouting:
    """The two APIs, then the edge."""
    names = ("api1", "api2")
    apis = sample_apis(scope, settings, _PATTERN, roles=names)
    edge = EdgeStack(scope, settings, _PATTERN, origins=apis)
    endpoints = [api.endpoint for api in apis]
    site = PathRouting(
        edge,
        "Site",
        routes=[
            *(PathRoute(path=f"/{name}/*", to=endpoint) for name, endpoint in zip(names, endpoints, strict=True)),
            PathRoute(path="*", to=FailoverOriginGroup(primary=endpoints[0], secondary=endpoints[1])),
        ],
        domain_name=edge.domain_name,
        hosted_zone=edge.zone,
    )
    site.add_alarms(edge.topic)
    for name in names:
        cdk.CfnOutput(
            edge,
            f"Path{name.capitalize()}",
            value=f"curl -i -X POST https://{edge.domain_name}/{name}/orders",
            description=f"Answered by {name}",
        )
    return site
