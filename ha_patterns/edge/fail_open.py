"""Undecided requests that go on to an origin all the same: their answers are kept out of the cache."""

from __future__ import annotations

from typing import Any

from aws_cdk import aws_cloudfront as cloudfront
from constructs import Construct

from ..cdk.structs import replace_fields
from .behaviors import EdgeBehavior
from .functions import EdgeFunction
from .kept import keeps


class FailOpen:
    """The origin-response function of a router with ``fail_closed=False``, for its behaviors that keep answers.

    The router's function marks a request of which nothing is known. This function then sends
    ``Cache-Control: no-store`` with the answer, which CloudFront obeys only with a MinTTL of 0.

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
                description="Keeps answers to undecided requests out of the cache",
            )
        return self._response.edge_lambda

    def judge(self, behavior: EdgeBehavior) -> str | None:
        """The fault of a behavior that the router's function is on; None if it has none."""
        if not behavior.caches:
            return None
        if behavior.cache_key is None or behavior.cache_key.min_ttl != 0:
            return (
                "keeps every answer for a least time, even one to a request of which nothing was known: set min_ttl of "
                "its cache policy to 0, or leave fail_closed=False out"
            )
        if self._response is None or not self._is_on(behavior):
            return (
                "keeps answers and lacks the function that keeps answers to undecided requests out of the cache: make "
                "it with behavior(), or leave fail_closed=False out"
            )
        return None

    def _is_on(self, behavior: EdgeBehavior) -> bool:
        assert self._response is not None
        return behavior.stack.resolve(self._response.version.function_arn) in behavior.function_arns


def routed_behavior(
    function: EdgeFunction,
    fail_open: FailOpen | None,
    *,
    origin: cloudfront.IOrigin,
    kept_origin: cloudfront.IOrigin,
    cache_policy: cloudfront.ICachePolicy | None,
    **given: Any,
) -> cloudfront.BehaviorOptions:
    """A behavior of a router, with the origin and the functions that it needs if it keeps answers.

    Args:
        function: The router's function at origin request.
        fail_open: For ``fail_closed=False``; else None.
        origin: The configured origin of behaviors that keep nothing.
        kept_origin: The configured origin of behaviors that keep answers.
        cache_policy: None for a behavior that keeps nothing.
        given: Further arguments of ``EdgeFunction.behavior``.

    Raises:
        ValueError: As ``EdgeFunction.behavior``.
    """
    kept = cache_policy is not None and keeps(cache_policy)
    behavior = function.behavior(kept_origin if kept else origin, cache_policy=cache_policy, **given)
    if not kept or fail_open is None:
        return behavior
    return replace_fields(behavior, edge_lambdas=[function.edge_lambda, fail_open.edge_lambda()])
