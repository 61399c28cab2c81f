"""Apps with unusual arguments: all of them are accepted, and the checks find something in each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_s3 as s3

from ha_patterns import EdgeDistribution, Endpoint, StaleContent

from ..samples import primary_host

_ALL_VIEWER = {
    "cache_policy": cloudfront.CachePolicy.CACHING_DISABLED,
    "origin_request_policy": cloudfront.OriginRequestPolicy.ALL_VIEWER,
}


@dataclass(frozen=True)
class Unusual:
    """An app, with the rules that find something in it.

    Attributes:
        app: What makes the app in a stack.
        rules: The rules, at ``warning`` or above.
    """

    app: Callable[[cdk.Stack], object]
    rules: frozenset[str]

    def __str__(self) -> str:
        return self.app.__name__.removeprefix("_")


UNUSUAL: list[Unusual] = []


def _finds(*rules: str) -> Callable[[Callable[[cdk.Stack], object]], Callable[[cdk.Stack], object]]:
    """Put an app into the table."""

    def put(app: Callable[[cdk.Stack], object]) -> Callable[[cdk.Stack], object]:
        UNUSUAL.append(Unusual(app, frozenset(rules)))
        return app

    return put


def _number(stack: cdk.Stack, default: int, construct_id: str = "Number") -> Any:
    """A parameter that is a number, with a default."""
    return cdk.CfnParameter(stack, construct_id, type="Number", default=default).value_as_number


def _site(
    stack: cdk.Stack,
    origin: cloudfront.IOrigin,
    behavior: dict[str, Any] | None = None,
    **given: Any,
) -> EdgeDistribution:
    options = cloudfront.BehaviorOptions(origin=origin, **(behavior or {}))
    return EdgeDistribution(stack, "Site", default_behavior=options, **given)


# --- error responses of a distribution --------------------------------------------------------------------------------


@_finds("HA022")
def _page_of_the_failed_origin(stack: cdk.Stack) -> None:
    page = cloudfront.ErrorResponse(http_status=503, response_http_status=503, response_page_path="/503.html")
    _site(stack, primary_host().origin(), error_responses=[page])


@_finds("HA024")
def _errors_that_are_not_kept(stack: cdk.Stack) -> None:
    kept = {"cache_policy": cloudfront.CachePolicy.CACHING_OPTIMIZED}
    unkept = cloudfront.ErrorResponse(http_status=503, ttl=cdk.Duration.seconds(0))
    _site(stack, primary_host().origin(), kept, error_responses=[unkept])


@_finds("HA024")
def _errors_that_a_default_does_not_keep(stack: cdk.Stack) -> None:
    time = cdk.Duration.seconds(_number(stack, 0))
    stale = StaleContent(stack, "Stale", origin=primary_host().origin(), error_ttl=time)
    EdgeDistribution(stack, "Site", default_behavior=stale.behavior, error_responses=stale.error_responses)


@_finds("HA023")
def _masked_errors_of_an_api(stack: cdk.Stack) -> None:
    writes = cloudfront.AllowedMethods.ALLOW_ALL
    api = cloudfront.BehaviorOptions(
        origin=primary_host().origin(),
        allowed_methods=writes,
        cache_policy=cloudfront.CachePolicy.CACHING_DISABLED,
    )
    start = cloudfront.ErrorResponse(http_status=404, response_http_status=200, response_page_path="/index.html")
    content = Endpoint.bucket(s3.Bucket(stack, "Content")).origin()
    _site(stack, content, additional_behaviors={"/api/*": api}, error_responses=[start])
