"""What the page of the checks counts is what the templates show."""

from __future__ import annotations

from pathlib import Path

import pytest

from ha_patterns.checks import RULES
from tools import tried
from tools.tried import Trial


def _row(name: str) -> list[int]:
    [row] = [line for line in tried.kinds_table().splitlines() if line.startswith(f"| {name} |")]
    return [int(cell) for cell in row.strip("| ").split(" | ")[1:]]


def test_every_rule_and_every_template_is_counted_once() -> None:
    rules, faulty, found, sound, mistakes, reports = _row("together")

    failing, passing = (
        [path for folder in (tried.TEMPLATES, tried.REPORTS) for path in folder.glob(f"*-{case}.yaml")]
        for case in ("fails", "passes")
    )
    assert (rules, faulty, sound) == (len(RULES), len(failing), len(passing))
    assert (found, mistakes) == (faulty, 0)
    of_reports = [path for path in (*failing, *passing) if path.parent == tried.REPORTS]
    assert reports == len({path.stem.rpartition("-")[0] for path in of_reports})


def test_what_aws_refuses_is_a_kind_of_its_own() -> None:
    assert tried.kind(RULES["HA250"]) == "Refused by AWS at deploy"
    assert tried.kind(RULES["HA201"]) == "Records that traffic does not follow"


def _folders(root: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Folders of their own, with one rule that has templates."""
    for name in ("TEMPLATES", "REPORTS"):
        monkeypatch.setattr(tried, name, root / name)
        (root / name).mkdir()
    source = Path(__file__).parents[1] / "checks" / "templates"
    for case in ("fails", "passes"):
        (root / "TEMPLATES" / f"HA203-{case}.yaml").write_bytes((source / f"HA203-{case}.yaml").read_bytes())
    return root / "REPORTS"


def test_what_is_missed_and_what_is_reported_by_mistake_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reports = _folders(tmp_path, monkeypatch)
    before = _row("Records that traffic does not follow")
    report = "Metadata:\n  Report: {Address: https://example.com/1, Fault: Something., Rule: HA203}\n"
    templates = {case: (tmp_path / "TEMPLATES" / f"HA203-{case}.yaml").read_text() for case in ("fails", "passes")}
    # The fault is in the file that has to be sound, and the other has none.
    (reports / "one-fails.yaml").write_text(report + templates["passes"])
    (reports / "one-passes.yaml").write_text(templates["fails"])

    after = _row("Records that traffic does not follow")

    assert [new - old for new, old in zip(after, before, strict=True)] == [0, 1, 0, 1, 1, 1]


def test_a_false_alarm_is_a_kind_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reports = _folders(tmp_path, monkeypatch)
    report = "Metadata:\n  Report: {Address: https://example.com/1, Sound: It is well., Rule: HA203}\n"
    sound = (tmp_path / "TEMPLATES" / "HA203-passes.yaml").read_text()
    (reports / "well-passes.yaml").write_text(report + sound)

    assert _row("Sound, and reported by mistake once") == [0, 0, 0, 1, 0, 1]
    assert "| [https" not in tried.reports_table()
    assert "No longer [HA203](#ha203)" in tried.reports_table()


def test_a_trial_is_right_by_its_own_rule_only() -> None:
    trial = Trial(
        path=Path("HA203-fails.yaml"),
        rule=RULES["HA203"],
        report={},
        fails=True,
        found=frozenset({"HA204"}),
        notes=frozenset(),
    )

    assert not trial.is_right
