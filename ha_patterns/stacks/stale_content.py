"""Reference stacks of stale content: an API that says how long its answers may be served without it, and a cache."""

from __future__ import annotations

from aws_cdk import Duration
from constructs import Construct

from ..edge import EdgeDistribution
from ..origins import OriginSettings
from ..transient_errors import StaleContent
from .edge_stack import EdgeStack
from .sample_api import sample_api
from .settings import ReferenceSettings

_PATTERN = "stale-content"
# Fresh for 10 s, then refreshed in the background for 20 s, then served for an hour where the API fails.
_CACHE_CONTROL = "max-age=10, stale-while-revalidate=20, stale-if-error=3600"


def build(scope: Construct, settings: ReferenceSettings) -> StaleContent:
    """The API in one Region, then the edge."""
    api = sample_api(scope, settings, _PATTERN, cache_control=_CACHE_CONTROL)
    edge = EdgeStack(scope, settings, _PATTERN, origins=[api])
    waits = OriginSettings.fail_fast()
    stale = StaleContent(
        edge,
        "Stale",
        origin=api.endpoint.origin(waits),
        recovery_time_objective=Duration.seconds(15),
    )
    site = EdgeDistribution(
        edge,
        "Site",
        default_behavior=stale.behavior,
        error_responses=stale.error_responses,
        domain_name=edge.domain_name,
        hosted_zone=edge.zone,
        publish_additional_metrics=True,
    )
    site.add_alarms(edge.topic, origin_latency=waits.connect_wait)
    return stale
