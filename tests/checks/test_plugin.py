"""In somebody else's app, the checks end a synth, name the construct, and are acknowledged in the CDK's way."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins

from ha_patterns.checks import RULES, HaChecks, Severity


class _Site(cdk.Stack):
    """A stack as somebody writes it who has not heard of this library."""

    def __init__(self, scope: cdk.App, construct_id: str, *, codes: list[int], nested: bool = False) -> None:
        super().__init__(scope, construct_id, env=cdk.Environment(region="us-east-1"))
        where: Any = cdk.NestedStack(self, "Nested") if nested else self
        self.distribution = cloudfront.Distribution(
            where,
            "Site",
            default_behavior=cloudfront.BehaviorOptions(
                origin=origins.OriginGroup(
                    primary_origin=origins.HttpOrigin("one.example.com", connection_attempts=1),
                    fallback_origin=origins.HttpOrigin("two.example.com"),
                    fallback_status_codes=codes,
                ),
                cache_policy=cloudfront.CachePolicy.CACHING_DISABLED,
            ),
        )


def _app(tmp_path: Path) -> cdk.App:
    return cdk.App(outdir=str(tmp_path / "out"), context={"@aws-cdk/core:enableAdditionalMetadataCollection": False})


@pytest.mark.parametrize("nested", [False, True])
def test_what_will_not_fail_over_ends_the_synth(tmp_path: Path, *, nested: bool) -> None:
    app = _app(tmp_path)
    _Site(app, "Foreign", codes=[500], nested=nested)
    cdk.Validations.of(app).add_plugins(HaChecks())

    with pytest.raises(RuntimeError, match="ValidationFailed"):
        app.synth()

    said = (tmp_path / "out" / "validation-report.json").read_text(encoding="utf-8")
    assert "HA003" in said
    assert f"Foreign/{'Nested/' if nested else ''}Site/Resource" in said
    assert "Add 503 and 504" in said


def test_what_is_acknowledged_in_the_cdks_way_does_not(tmp_path: Path) -> None:
    app = _app(tmp_path)
    stack = _Site(app, "Foreign", codes=[500, 502])
    cdk.Validations.of(app).add_plugins(HaChecks())
    cdk.Validations.of(stack.distribution).acknowledge(
        cdk.Acknowledgment(id="ha-patterns::HA003", reason="the second origin is for the first one's own errors")
    )

    app.synth()


def test_a_site_that_fails_over_is_synthesized(tmp_path: Path) -> None:
    app = _app(tmp_path)
    _Site(app, "Foreign", codes=[500, 502, 503, 504])
    cdk.Validations.of(app).add_plugins(HaChecks())

    app.synth()


def test_an_objective_that_is_missed_ends_the_synth(tmp_path: Path) -> None:
    app = _app(tmp_path)
    _Site(app, "Foreign", codes=[500, 502, 503, 504])
    cdk.Validations.of(app).add_plugins(HaChecks(recovery_time_objective=cdk.Duration.seconds(10)))

    with pytest.raises(RuntimeError, match="ValidationFailed"):
        app.synth()
    assert "HA401" in (tmp_path / "out" / "validation-report.json").read_text(encoding="utf-8")


def test_a_warning_is_told_and_ends_the_synth_only_where_it_is_asked_to(tmp_path: Path) -> None:
    for fail_on, ends in ((Severity.ERROR, False), (Severity.WARNING, True)):
        app = cdk.App(outdir=str(tmp_path / fail_on.word))
        _Site(app, "Foreign", codes=[500, 503, 504])
        cdk.Validations.of(app).add_plugins(HaChecks(select=["HA004"], fail_on=fail_on))
        if ends:
            with pytest.raises(RuntimeError, match="ValidationFailed"):
                app.synth()
        else:
            app.synth()
        assert "HA004" in (tmp_path / fail_on.word / "validation-report.json").read_text(encoding="utf-8")


def test_rules_are_chosen_by_id_or_by_how_ids_start() -> None:
    assert HaChecks(select=["HA003"]).rule_ids == ["HA003"]
    assert HaChecks(select=["ha00"], ignore=["HA003"]).rule_ids == [
        rule_id for rule_id in HaChecks().rule_ids if rule_id.startswith("HA00") and rule_id != "HA003"
    ]
    assert all(RULES[rule_id].severity > Severity.NOTE for rule_id in HaChecks().rule_ids)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"select": ["HA998"]}, "select must be ids of rules, or their starts, got 'HA998'"),
        ({"ignore": [""]}, "ignore must be"),
        ({"select": "HA003"}, "select must be a list, got 'HA003'"),
        ({"recovery_time_objective": cdk.Duration.millis(500)}, "recovery_time_objective"),
    ],
)
def test_fails_where_it_is_written(arguments: dict[str, Any], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        HaChecks(**arguments)
