"""A router with ``fail_closed=False`` keeps answers to undecided requests out of the cache."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk.assertions import Template

from ha_patterns import EdgeFunction

from ..samples import distribution_config, home_router, new_stack, refused_synth, rule_router, tenant_router

_OPEN: dict[str, Callable[[cdk.Stack], tuple[Any, EdgeFunction]]] = {
    "rules": lambda stack: (router := rule_router(stack, cache_key=["host"], fail_closed=False), router.function),
    "tenants": lambda stack: (router := tenant_router(stack, fail_closed=False), router.function),
    "homes": lambda stack: (router := home_router(stack, fail_closed=False), router.request_function),
}


@pytest.mark.parametrize("name", _OPEN)
def test_a_router_that_fails_open_keeps_such_an_answer_out_of_the_cache(name: str) -> None:
    stack = new_stack()
    router, function = _OPEN[name](stack)
    cloudfront.Distribution(
        stack,
        "Site",
        default_behavior=router.behavior(cache_policy=function.cache_policy()),
        additional_behaviors={"/api/*": router.behavior(cache_policy=cloudfront.CachePolicy.CACHING_DISABLED)},
    )
    template = Template.from_stack(stack)

    config = distribution_config(template)
    assert [each["EventType"] for each in config["DefaultCacheBehavior"]["LambdaFunctionAssociations"]] == [
        "origin-request",
        "origin-response",
    ]
    (other,) = config["CacheBehaviors"]
    assert [each["EventType"] for each in other["LambdaFunctionAssociations"]] == ["origin-request"]
    handlers = {each["Properties"]["Handler"] for each in template.find_resources("AWS::Lambda::Function").values()}
    assert "lambda_edge.undecided_response.handler.handler" in handlers


def test_failing_open_needs_a_least_time_of_0() -> None:
    stack = new_stack()
    router = tenant_router(stack, fail_closed=False)
    policy = router.function.cache_policy(min_ttl=cdk.Duration.seconds(1))
    cloudfront.Distribution(stack, "Site", default_behavior=router.behavior(cache_policy=policy))

    assert "set min_ttl of its cache policy to 0" in refused_synth(stack)


def test_failing_open_needs_the_function_that_keeps_nothing() -> None:
    stack = new_stack()
    router = tenant_router(stack, fail_closed=False)
    behavior = router.function.behavior(router.kept_origin, cache_policy=router.function.cache_policy())
    cloudfront.Distribution(stack, "Site", default_behavior=behavior)

    assert "lacks the function that keeps answers to undecided requests out of the cache" in refused_synth(stack)
