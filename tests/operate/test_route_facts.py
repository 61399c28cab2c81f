"""What rules may do, as a synthesized app says it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_cloudfront as cloudfront

from ha_patterns import EdgeFunction
from ha_patterns.operate.route_facts import routers_in_app
from ha_patterns.operate.route_kinds import RULES

from .rules import FACTS, write_app

_ASIA = {**FACTS, "origins": {"asia": {}}, "attributes": ["host"]}


def _allowed(folder: Path, stack: str | None) -> Any:
    return routers_in_app(RULES, folder, stack)[0].declared


def _stack(scope: Any, name: str, facts: dict[str, Any], **given: Any) -> None:
    stack = cdk.Stack(scope, name, env=cdk.Environment(region="us-east-1"), **given)
    EdgeFunction(
        stack,
        "Router",
        function="rule_router",
        event_type=cloudfront.LambdaEdgeEventType.ORIGIN_REQUEST,
        configuration=facts,
    )


def _synth(folder: Path, *stacks: tuple[str, dict[str, Any]]) -> Path:
    app = cdk.App(outdir=str(folder))
    for name, facts in stacks:
        _stack(app, name, facts)
    app.synth()
    return folder


def test_the_router_of_an_app_tells_what_rules_may_do(tmp_path: Path) -> None:
    facts = {**FACTS, "request_headers": ["X-Plan", "x-shop-*"], "attributes": ["cookie.plan"]}

    allowed = _allowed(_synth(tmp_path, ("edge", facts)), None)

    assert allowed.origins == {"eu", "us"}
    assert allowed.redirect_hosts == {"new.example.com"}
    assert allowed.request_headers == ("x-plan", "x-shop-*")
    assert allowed.attributes == frozenset({"cookie.plan"})


def test_a_stack_is_chosen_by_any_of_its_names_also_in_a_stage(tmp_path: Path) -> None:
    app = cdk.App(outdir=str(tmp_path))
    _stack(app, "edge", FACTS, stack_name="shop-edge")
    _stack(cdk.Stage(app, "Test"), "edge", _ASIA)
    app.synth()

    for name in ("edge", "shop-edge"):
        assert _allowed(tmp_path, name).origins == {"eu", "us"}
    for name in ("Test-edge", "Test/edge"):
        assert _allowed(tmp_path, name).origins == {"asia"}
    with pytest.raises(ValueError, match=r"several RuleRouters.*choose one with --stack and --router, of .*Test-edge"):
        _allowed(tmp_path, None)


def test_routers_that_let_rules_do_the_same_are_no_choice(tmp_path: Path) -> None:
    assert _allowed(_synth(tmp_path, ("one", FACTS), ("two", FACTS)), None) == RULES.declared(FACTS)


def test_an_app_without_a_router_is_told(tmp_path: Path) -> None:
    app = cdk.App(outdir=str(tmp_path / "none"))
    cdk.Stack(app, "other")
    app.synth()

    with pytest.raises(ValueError, match=r"none has no RuleRouter; stacks that have one: none$"):
        _allowed(tmp_path / "none", None)
    write_app(tmp_path, FACTS)
    with pytest.raises(ValueError, match=r"the stack other of .* has no RuleRouter; stacks that have one: shop$"):
        _allowed(tmp_path, "other")


@pytest.mark.parametrize(
    ("file", "content", "said"),
    [
        pytest.param(
            "manifest.json", None, "manifest.json: No such file or directory; --app is the folder", id="empty"
        ),
        pytest.param("manifest.json", "{", "is no cloud assembly: is not JSON", id="no JSON"),
        pytest.param("manifest.json", "[]", "is no cloud assembly that can be read: TypeError", id="another JSON"),
        pytest.param("manifest.json", '{"artifacts": {"a": {}}}', "KeyError: 'type'", id="another shape"),
        pytest.param("shop.assets.json", None, "shop.assets.json: No such file", id="no asset manifest"),
        pytest.param("shop.assets.json", '{"files": {"1": 7}}', "TypeError", id="another asset manifest"),
        pytest.param("asset.1/config.json", None, "config.json: No such file", id="no configuration"),
        pytest.param("asset.1/config.json", "{}", "KeyError: 'origins'", id="another configuration"),
        pytest.param("asset.1/config.json", "\ufeff\x00", "is not text", id="no text"),
    ],
)
def test_what_is_no_app_is_told(tmp_path: Path, file: str, content: str | None, said: str) -> None:
    write_app(tmp_path, FACTS)
    if content is None:
        (tmp_path / file).unlink()
    else:
        (tmp_path / file).write_text(content)

    with pytest.raises(ValueError) as error:
        _allowed(tmp_path, None)

    assert said in str(error.value)


def test_assets_without_a_path_are_passed_over(tmp_path: Path) -> None:
    write_app(tmp_path, FACTS)
    manifest = tmp_path / "shop.assets.json"
    files = json.loads(manifest.read_text())["files"]
    manifest.write_text(json.dumps({"files": {"0": {"source": {"executable": ["make"]}}, **files}}))

    assert _allowed(tmp_path, None) == RULES.declared(FACTS)
