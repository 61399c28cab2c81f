"""In somebody else's app, the checks end a synth, name the construct, and are acknowledged in the CDK's way."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from constructs import Construct

from ha_patterns.checks import RULES, HaChecks, Severity
from ha_patterns.checks.run import check
from ha_patterns.topology.loading import load


class _Site(cdk.Stack):
    """A stack as somebody writes it who has not heard of this library."""

    def __init__(self, scope: Construct, construct_id: str, *, codes: list[int], nested: bool = False) -> None:
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


def test_each_construct_is_told_its_own_message(tmp_path: Path) -> None:
    app = _app(tmp_path)
    for name, code in (("One", 500), ("Two", 502), ("Three", 502)):
        _Site(app, name, codes=[code])
    cdk.Validations.of(app).add_plugins(HaChecks(select=["HA003"]))

    with pytest.raises(RuntimeError, match="ValidationFailed"):
        app.synth()

    report = json.loads((tmp_path / "out" / "validation-report.json").read_text(encoding="utf-8"))
    told = {
        construct["constructPath"]: violation["description"].rpartition(" ")[2]
        for plugin in report["pluginReports"]
        for violation in plugin["violations"]
        if violation["ruleName"] == "HA003"
        for construct in violation["violatingConstructs"]
    }
    assert told == {"One/Site/Resource": "500", "Two/Site/Resource": "502", "Three/Site/Resource": "502"}


def test_what_is_acknowledged_for_the_app_is_accepted_by_the_command_too(tmp_path: Path) -> None:
    app = _app(tmp_path)
    stage = cdk.Stage(app, "Prod")
    for scope, name, rule_id in ((app, "One", "HA003"), (stage, "Two", "HA004")):
        _Site(scope, name, codes=[500])
        acknowledgment = cdk.Acknowledgment(id=f"ha-patterns::{rule_id}", reason="a drill needs it")
        cdk.Validations.of(scope).acknowledge(acknowledgment)
    cdk.Validations.of(app).add_plugins(HaChecks(select=["HA003", "HA004"]))
    app.synth()

    report = check(load(tmp_path / "out"), rules=[RULES["HA003"], RULES["HA004"]])
    assert [(one.rule.id, one.place.stack.id) for one in report.findings] == [("HA004", "One")]
    assert len(report.acknowledged) == 3


def test_what_is_acknowledged_in_the_cdks_way_does_not(tmp_path: Path) -> None:
    app = _app(tmp_path)
    stack = _Site(app, "Foreign", codes=[500, 502])
    cdk.Validations.of(app).add_plugins(HaChecks())
    cdk.Validations.of(stack.distribution).acknowledge(
        cdk.Acknowledgment(id="ha-patterns::HA003", reason="the second origin is for the first one's own errors")
    )

    app.synth()

    assert (tmp_path / "out" / "manifest.json").is_file()


def test_a_site_that_fails_over_is_synthesized(tmp_path: Path) -> None:
    app = _app(tmp_path)
    _Site(app, "Foreign", codes=[500, 502, 503, 504])
    cdk.Validations.of(app).add_plugins(HaChecks())

    app.synth()

    assert (tmp_path / "out" / "manifest.json").is_file()


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
        ({"select": "HA003"}, "select must be a list of text, got 'HA003'"),
        ({"recovery_time_objective": cdk.Duration.millis(500)}, "recovery_time_objective"),
    ],
)
def test_fails_where_it_is_written(arguments: dict[str, Any], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        HaChecks(**arguments)
