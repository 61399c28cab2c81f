"""Requests that go on although nothing is known of them, on behaviors that keep answers: their answers are not kept."""

from __future__ import annotations

from typing import Any

from aws_cdk import aws_cloudfront as cloudfront
from constructs import Construct

from .._structs import replace_fields
from .behaviors import EdgeBehavior
from .functions import EdgeFunction
from .kept import keeps


class FailOpen:
    """An origin-response function that keeps such an answer out of the cache, for a router with ``fail_closed=False``.

    The router's function marks the request, and this one sends ``Cache-Control: no-store`` with its answer. CloudFront
    goes by that only with a MinTTL of 0.

    Args:
        scope: The router.
    """

    def __init__(self, scope: Construct) -> None:
        self._scope = scope
        self._response: EdgeFunction | None = None

    def edge_lambda(self) -> cloudfront.EdgeLambda:
        """The association of the function; made when the first behavior needs it."""
        if self._response is None:
            self._response = EdgeFunction(
                self._scope,
                "Undecided",
                function="undecided_response",
                event_type=cloudfront.LambdaEdgeEventType.ORIGIN_RESPONSE,
                configuration={},
                description="Keeps out of the cache what nothing was known of",
            )
        return self._response.edge_lambda

    def judge(self, behavior: EdgeBehavior) -> str | None:
        """What is wrong with a behavior that the router's function is on."""
        if not behavior.caches:
            return None
        if behavior.cache_key is None or behavior.cache_key.min_ttl != 0:
            return (
                "keeps every answer for a least time, also one that was sent on while nothing was known of its "
                "request: set min_ttl of its cache policy to 0, or leave fail_closed=False out"
            )
        if self._response is None or not self._is_on(behavior):
            return (
                "keeps answers and lacks the function that keeps out what nothing was known of: make it with "
                "behavior(), or leave fail_closed=False out"
            )
        return None

    def _is_on(self, behavior: EdgeBehavior) -> bool:
        assert self._response is not None
        arn = behavior.stack.resolve(self._response.version.function_arn)
        associations = behavior.settings.get("lambdaFunctionAssociations") or ()
        return any(association.get("lambdaFunctionArn") == arn for association in associations)


def routed_behavior(
    function: EdgeFunction,
    fail_open: FailOpen | None,
    *,
    origin: cloudfront.IOrigin,
    kept_origin: cloudfront.IOrigin,
    cache_policy: cloudfront.ICachePolicy | None,
    **given: Any,
) -> cloudfront.BehaviorOptions:
    """A behavior of a router: a kept one has the origin that says so, and what its ``fail_closed`` asks for.

    Args:
        function: The router's function of requests.
        fail_open: For ``fail_closed=False``; else None.
        origin: The configured origin of behaviors that keep nothing.
        kept_origin: The configured origin of those that keep answers.
        cache_policy: None for one that keeps nothing.
        given: Further arguments of ``EdgeFunction.behavior``.
    """
    kept = cache_policy is not None and keeps(cache_policy)
    behavior = function.behavior(kept_origin if kept else origin, cache_policy=cache_policy, **given)
    if not kept or fail_open is None:
        return behavior
    return replace_fields(behavior, edge_lambdas=[function.edge_lambda, fail_open.edge_lambda()])
