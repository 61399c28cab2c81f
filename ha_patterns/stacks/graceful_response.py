"""Reference stacks of graceful responses: an API in one Region, and a function that answers while it cannot."""

from __future__ import annotations

from aws_cdk import aws_cloudfront as cloudfront
from constructs import Construct

from ..edge import EdgeDistribution
from ..origins import OriginSettings
from ..transient_errors import FailoverOriginGroup, GracefulResponse
from .edge_stack import EdgeStack
from .function_logs import function_log_stacks
from .sample_api import sample_api
from .settings import ReferenceSettings

_PATTERN = "graceful-response"


def build(scope: Construct, settings: ReferenceSettings) -> GracefulResponse:
    """The API and the function's logs; then the edge. Reads fail over to the function; writes get its error page."""
    api = sample_api(scope, settings, _PATTERN)
    edge = EdgeStack(scope, settings, _PATTERN, origins=[api])
    graceful = GracefulResponse(edge, "Graceful")
    site = EdgeDistribution(
        edge,
        "Site",
        default_behavior=graceful.behavior(FailoverOriginGroup(primary=api.endpoint, secondary=graceful.endpoint)),
        additional_behaviors={
            **graceful.behaviors,
            "/orders/*": cloudfront.BehaviorOptions(
                origin=api.endpoint.origin(OriginSettings.fail_fast()),
                allowed_methods=cloudfront.AllowedMethods.ALLOW_ALL,
                cache_policy=cloudfront.CachePolicy.CACHING_DISABLED,
                origin_request_policy=cloudfront.OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
            ),
        },
        error_responses=graceful.error_responses,
        domain_name=edge.domain_name,
        hosted_zone=edge.zone,
    )
    site.add_alarms(edge.topic)
    function_log_stacks(scope, settings, _PATTERN, graceful.function)
    return graceful
