"""The apps of other people: each can be synthesized, and the checks find in it what the table says, and no more.

A ``_NotYet`` is a fault for which there is no rule: when one finds it, the test fails, and the line becomes a finding.
"""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk.assertions import Annotations, Match, Template

from ha_patterns.checks import HaChecks, Report, Severity, check
from ha_patterns.testing import normalize_template, topology_of

from .apps.tested_site import SiteStack


@dataclass(frozen=True)
class _NotYet:
    """A fault that a later rule finds.

    Attributes:
        fault: What is wrong, and where.
    """

    fault: str


#: By app: what the checks find, by rule, stack and logical id, once for each finding.
_FOUND: dict[str, list[tuple[str, str] | _NotYet]] = {
    "own_distribution.build": [],
    "pipeline.with_pipeline": [],
    "pipeline.by_hand": [],
    "looked_up.build": [],
    "latency_apis.build": [],
    "latency_apis.nested_pairs": [],
    "game_servers.build": [],
    "tested_site.build": [],
    "naive.build": [
        ("HA003", "Prod/Edge SiteE53D7754"),
        ("HA004", "Prod/Edge SiteE53D7754"),
        ("HA010", "Prod/Edge SiteE53D7754"),
        ("HA201", "Prod/Edge/Nested Primary"),
        ("HA204", "Prod/Edge/Nested Primary"),
        ("HA204", "Prod/Edge/Nested Secondary"),
        _NotYet("the secondary record of api.example.com has no health check, and no alarm tells of the failover"),
    ],
    "serverless_reads.build": [],
    "private_origins.build": [],
    "two_routers.build": [],
    "templates_alone.build": [],
    "checks_of_ones_own.build": [],
    "buckets_of_others.build": [],
    "tokens_of_deploy.build": [],
}


def _app(name: str, **given: Any) -> cdk.App:
    """An app of the table, made anew."""
    module, _, build = name.partition(".")
    found: Any = importlib.import_module(f"{__package__}.apps.{module}")
    app = cdk.App(context=getattr(found, "CONTEXT", None), **given)
    make: Callable[[cdk.App], None] = getattr(found, build)
    make(app)
    return app


def _found(report: Report) -> list[tuple[str, str]]:
    """What stands, without notes."""
    return sorted(
        (finding.rule.id, f"{finding.place.stack.id.partition('NestedStack')[0]} {finding.place.logical_id}")
        for finding in report.findings
        if finding.rule.severity > Severity.NOTE
    )


@pytest.mark.parametrize("name", _FOUND)
def test_an_app_of_other_people_is_judged_as_the_table_says(name: str) -> None:
    report = check(topology_of(_app(name)))

    known = [one for one in _FOUND[name] if not isinstance(one, _NotYet)]
    missing = [one.fault for one in _FOUND[name] if isinstance(one, _NotYet)]
    assert _found(report) == sorted(known), f"if a rule finds one of these now, put it in place of it: {missing}"


def test_every_app_of_the_folder_is_in_the_table() -> None:
    modules = {path.stem for path in Path(__file__).with_name("apps").glob("*.py")} - {"__init__"}

    assert modules == {name.partition(".")[0] for name in _FOUND}
    assert len(modules) >= 8 + 6


def test_the_plugin_ends_the_synth_of_an_app_in_a_stage_with_nested_stacks(tmp_path: Path) -> None:
    app = _app("naive.build", outdir=str(tmp_path))
    cdk.Validations.of(app).add_plugins(HaChecks(recovery_time_objective=cdk.Duration.seconds(90)))

    with pytest.raises(RuntimeError, match="ValidationFailed"):
        app.synth()

    told = json.loads((tmp_path / "validation-report.json").read_text(encoding="utf-8"))["pluginReports"]
    rules = {violation["ruleName"] for plugin in told for violation in plugin["violations"]}
    assert rules >= {one[0] for one in _FOUND["naive.build"] if not isinstance(one, _NotYet)}


def test_certificates_without_the_name_that_the_regions_share_are_refused() -> None:
    with pytest.raises(RuntimeError, match=r"give the listener a certificate for origin\.dev\.example\.com"):
        _app("pipeline.uncovered").synth()


def test_what_an_owner_accepts_is_told_with_the_reason() -> None:
    report = check(topology_of(_app("templates_alone.build")))

    assert {found.rule.id for found in report.acknowledged} == {"HA225"}


# A stack with tests of its own: what these would be


@pytest.fixture(scope="module")
def site() -> SiteStack:
    return SiteStack(cdk.App(), "Site")


def test_a_stack_has_the_records_that_its_tests_ask_for(site: SiteStack) -> None:
    template = Template.from_stack(site)

    template.has_resource_properties(
        "AWS::Route53::RecordSet", {"Failover": "PRIMARY", "HealthCheckId": Match.any_value()}
    )
    template.resource_count_is("AWS::Route53::HealthCheck", 1)
    check_settings = {"ResourcePath": "/health", "RequestInterval": 10}
    template.has_resource_properties(
        "AWS::Route53::HealthCheck", {"HealthCheckConfig": Match.object_like(check_settings)}
    )
    assert "<inline-code>" in str(normalize_template(template.to_json()))


def test_a_stack_has_no_warnings_but_of_what_it_chose(site: SiteStack) -> None:
    warned = Annotations.from_stack(site).find_warning("*", Match.any_value())

    assert [str(one.entry.data) for one in warned] == []


def test_a_stack_knows_its_failover_time_and_refuses_a_wrong_path(site: SiteStack) -> None:
    assert 60 < site.site.failover_time.to_seconds() < 180
    with pytest.raises(ValueError, match="path"):
        SiteStack(cdk.App(), "Wrong", health_path="health")
