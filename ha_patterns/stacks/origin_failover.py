"""Reference stacks of origin failover: an API in two Regions behind one origin group."""

from __future__ import annotations

from aws_cdk import Duration
from constructs import Construct

from ..transient_errors import OriginFailover
from .edge_stack import EdgeStack
from .sample_api import sample_apis
from .settings import ReferenceSettings

_PATTERN = "origin-failover"


def build(scope: Construct, settings: ReferenceSettings) -> OriginFailover:
    """The API in two Regions, then the edge."""
    primary, standby = sample_apis(scope, settings, _PATTERN)
    edge = EdgeStack(scope, settings, _PATTERN, origins=[primary, standby])
    site = OriginFailover(
        edge,
        "Site",
        primary=primary.endpoint,
        secondary=standby.endpoint,
        domain_name=edge.domain_name,
        hosted_zone=edge.zone,
        recovery_time_objective=Duration.seconds(15),
    )
    site.add_alarms(edge.topic)
    return site
