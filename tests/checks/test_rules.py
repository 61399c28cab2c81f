"""Every rule finds what its failing template has, and nothing in the template that is mended."""

from __future__ import annotations

import pytest

from ha_patterns.checks.rule import Severity
from ha_patterns.checks.rules import RULES
from ha_patterns.checks.run import Report
from tools.tried import TEMPLATES, judged

from .documents import placed


def _checked(rule_id: str, case: str) -> Report:
    return judged(TEMPLATES / f"{rule_id}-{case}.yaml")


@pytest.mark.parametrize("rule_id", RULES)
def test_a_rule_finds_what_its_failing_template_has(rule_id: str) -> None:
    report = _checked(rule_id, "fails")

    assert rule_id in {finding.rule.id for finding in report.findings}


@pytest.mark.parametrize("rule_id", RULES)
def test_every_finding_is_at_a_property_that_is_there_or_says_that_it_is_missing(rule_id: str) -> None:
    assert placed(_checked(rule_id, "fails")).findings


@pytest.mark.parametrize("rule_id", RULES)
def test_the_mended_template_has_nothing_to_find(rule_id: str) -> None:
    report = _checked(rule_id, "passes")

    assert not [
        (finding.rule.id, finding.message) for finding in report.findings if finding.rule.severity > Severity.NOTE
    ]
    assert rule_id not in {finding.rule.id for finding in report.findings}


@pytest.mark.parametrize("rule_id", RULES)
def test_a_rule_says_what_is_wrong_why_and_how_to_mend_it(rule_id: str) -> None:
    rule = RULES[rule_id]

    assert rule.title[0].islower() or rule.title.split()[0] in {"Lambda@Edge", "CloudFront", "Route"}
    assert not rule.title.endswith(".")
    assert rule.why.endswith(".")
    assert rule.remedy.endswith(".")
    assert rule.page.startswith("https://docs.aws.amazon.com/")
