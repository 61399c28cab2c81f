"""The example of docs/edge.md is an app that synthesizes, and does what its comments say."""

from __future__ import annotations

import re
from pathlib import Path

from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk.assertions import Template

import ha_patterns

from ..samples import distribution_config, new_stack, warnings_of

_PAGE = Path(__file__).parents[2] / "docs" / "edge.md"


def test_the_example_of_the_page_keeps_answers_on_all_paths_but_one() -> None:
    (example,) = re.findall(r"```python\n(.*?)```", _PAGE.read_text(encoding="utf-8"), re.DOTALL)
    stack = new_stack()
    names = {name: getattr(ha_patterns, name) for name in ("EdgeDistribution", "Endpoint", "RuleRouter", "RuleSource")}

    exec(example, {**names, "stack": stack, "cloudfront": cloudfront})  # noqa: S102 - of this repository

    config = distribution_config(Template.from_stack(stack))
    (api,) = config["CacheBehaviors"]
    assert config["DefaultCacheBehavior"].get("AllowedMethods", ["GET", "HEAD"]) == ["GET", "HEAD"]
    assert api["CachePolicyId"] == cloudfront.CachePolicy.CACHING_DISABLED.cache_policy_id
    assert "POST" in api["AllowedMethods"]
    assert {rule for _, rule in warnings_of(stack)} == {"@ha-patterns/edge:default-certificate"}
