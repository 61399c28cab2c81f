"""Reference stacks of the same-origin retry: an API in one Region, asked a second time where the first try fails."""

from __future__ import annotations

from aws_cdk import Duration
from constructs import Construct

from ..origins import OriginSettings
from ..transient_errors import OriginFailover
from .edge_stack import EdgeStack
from .sample_api import sample_api
from .settings import ReferenceSettings

_PATTERN = "same-origin-retry"


def build(scope: Construct, settings: ReferenceSettings) -> OriginFailover:
    """The API in one Region, then the edge."""
    api = sample_api(scope, settings, _PATTERN)
    edge = EdgeStack(scope, settings, _PATTERN, origins=[api])
    site = OriginFailover(
        edge,
        "Site",
        primary=api.endpoint,
        retry_same_origin=True,
        # Both tries connect up to three times, which is all that CloudFront does. The first gives up soon, for a
        # connection that was merely lost; the second waits for an origin that is busy.
        primary_settings=OriginSettings(
            connection_attempts=3, connection_timeout=Duration.seconds(1), response_timeout=Duration.seconds(4)
        ),
        secondary_settings=OriginSettings(
            connection_attempts=3, connection_timeout=Duration.seconds(3), response_timeout=Duration.seconds(10)
        ),
        domain_name=edge.domain_name,
        hosted_zone=edge.zone,
        recovery_time_objective=Duration.seconds(15),
    )
    site.add_alarms(edge.topic)
    return site
