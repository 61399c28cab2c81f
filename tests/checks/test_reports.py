"""What people have reported in public is found, and its sound neighbour is not; see the files of ``reports/``.

``NAME-fails.yaml`` has the fault and ``NAME-passes.yaml`` has not. ``Metadata.Report`` has the address of the report,
the fault in a sentence, and the rule that finds it. A file of neither name is of a report that no template can show,
and says why; a ``NAME-passes.yaml`` alone is of a false alarm.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from ha_patterns.checks.rule import Severity
from ha_patterns.checks.rules import RULES
from tools.tried import REPORTS, judged, metadata

from .documents import placed

_FILES = sorted(REPORTS.glob("*.yaml"))
_FAILING = [path for path in _FILES if path.stem.endswith("-fails")]
_PASSING = [path for path in _FILES if path.stem.endswith("-passes")]


def _name(path: Path) -> str:
    return path.stem


@pytest.mark.parametrize("path", _FAILING, ids=_name)
def test_a_fault_that_was_reported_is_found_by_its_rule(path: Path) -> None:
    rule = metadata(path)["Report"]["Rule"]

    report = placed(judged(path))

    assert RULES[rule].severity > Severity.NOTE
    assert {finding.rule.id for finding in report.findings if finding.rule.severity > Severity.NOTE} == {
        rule,
        *_BESIDE.get(path.stem, ()),
    }


# Other rules that are right in a template.
_BESIDE = {"alias-to-the-id-of-an-api-fails": ("HA243",)}


@pytest.mark.parametrize("path", _PASSING, ids=_name)
def test_nothing_is_found_of_its_sound_neighbour(path: Path) -> None:
    findings = judged(path).findings

    assert not [(one.rule.id, one.message) for one in findings if one.rule.severity > Severity.NOTE]


def test_each_report_is_told_once_and_its_fault_has_a_neighbour() -> None:
    told = [metadata(path).get("Report", {}) for path in _FILES]
    addresses = [report["Address"] for report in told if report]

    assert len(addresses) == len(set(addresses)) > 20
    assert {path.stem.removesuffix("-fails") for path in _FAILING} <= {
        path.stem.removesuffix("-passes") for path in _PASSING
    }
    for path, report in zip(_FILES, told, strict=True):
        keys: tuple[str, ...] = ("Address", "Fault", "Rule") if path in _FAILING else ("Address", "Fault", "Unseen")
        if path in _PASSING:
            alone = not path.with_stem(path.stem.replace("-passes", "-fails")).exists()
            keys = ("Address", "Sound", "Rule") if alone else ()
        assert tuple(report) == keys, path.stem
        assert all(report[key].endswith(".") for key in keys if key in ("Fault", "Sound", "Unseen"))
