"""What the rules were tried on: the templates of ``tests/checks/templates`` and ``tests/checks/reports``.

Of each kind of fault, the page of the checks tells how many templates have it, how many of them are found, how many are
sound, and how many of these are reported by mistake. All of it is counted.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ha_patterns.checks import RULES, Report, Rule, check
from ha_patterns.checks.rule import Objectives, Severity
from ha_patterns.topology import load
from ha_patterns.topology.files import DEFAULT_SIZE, read_document

_CHECKS = Path(__file__).resolve().parent.parent / "tests" / "checks"
TEMPLATES = _CHECKS / "templates"
REPORTS = _CHECKS / "reports"
_FAILS, _PASSES = "-fails", "-passes"
_REFUSED = "Refused by AWS at deploy"
_FALSE_ALARMS = "Sound, and reported by mistake once"
#: By module of rules, the kind of fault that its rules find, but for what AWS refuses. A module that is not here is a
#: kind of its own, with the first line of its docstring.
_KINDS = {
    "origin_groups": "An origin group that does not fail over",
    "origins": "An origin that fails over late",
    **dict.fromkeys(
        ("origin_access", "origin_names", "api_origins", "certificates", "security_groups", "replication"),
        "A standby that refuses in the outage",
    ),
    **dict.fromkeys(("probes", "health_checks"), "A health check that does not tell"),
    **dict.fromkeys(("records", "record_sets", "aliases"), "Records that traffic does not follow"),
    **dict.fromkeys(("accelerators", "load_balancers"), "Accelerators and load balancers"),
    **dict.fromkeys(("edge_functions", "edge_routing", "associations", "function_code"), "Edge functions"),
    **dict.fromkeys(("error_responses", "caching", "behaviors"), "Errors, caches and behaviors"),
    "recovery": "Recovery by hand, by control planes and too late",
    "acknowledgements": "Acknowledgements",
}


@dataclass(frozen=True, kw_only=True)
class Trial:
    """One template that the rules were tried on.

    Attributes:
        path: The template.
        rule: The rule that finds its fault, or found one in it by mistake.
        report: What somebody has reported in public, with the keys of ``Metadata.Report``; empty if nobody has.
        fails: Whether it has the fault.
        found: The ids of the rules that find a warning or an error in it.
        notes: The ids of those that find a note.
    """

    path: Path
    rule: Rule
    report: dict[str, str]
    fails: bool
    found: frozenset[str]
    notes: frozenset[str]

    @property
    def name(self) -> str:
        """The name of a report, without the ending of its file."""
        return self.path.stem.removesuffix(_FAILS).removesuffix(_PASSES)

    @property
    def is_right(self) -> bool:
        """Whether a fault is found, and nothing of a sound template."""
        return self.rule.id in self.found | self.notes if self.fails else not self.found


def metadata(path: Path) -> dict[str, Any]:
    """The ``Metadata`` of a template."""
    return dict(read_document(path, DEFAULT_SIZE).get("Metadata", {}))


@functools.cache
def judged(path: Path) -> Report:
    """What the checks say of a template, with what its ``Metadata.Test`` says of the deployment and of its owner."""
    test = metadata(path).get("Test", {})
    objectives = Objectives(recovery_seconds=test.get("RecoverySeconds"))
    return check(load(path, parameters=test.get("Parameters")), objectives=objectives)


def trials() -> Iterator[Trial]:
    """All templates, those of the rules first."""
    for path in sorted(TEMPLATES.glob("*.yaml")):
        yield _trial(path, path.stem.partition("-")[0], {})
    for path in sorted(REPORTS.glob(f"*{_FAILS}.yaml")):
        told = metadata(path)["Report"]
        yield _trial(path, told["Rule"], told)
        yield _trial(path.with_stem(path.stem.replace(_FAILS, _PASSES)), told["Rule"], told)
    for path in sorted(REPORTS.glob(f"*{_PASSES}.yaml")):
        told = metadata(path).get("Report")
        if told is not None:
            yield _trial(path, told["Rule"], told)


def _trial(path: Path, rule_id: str, report: dict[str, str]) -> Trial:
    findings = judged(path).findings
    return Trial(
        path=path,
        rule=RULES[rule_id],
        report=report,
        fails=path.stem.endswith(_FAILS),
        found=frozenset(one.rule.id for one in findings if one.rule.severity > Severity.NOTE),
        notes=frozenset(one.rule.id for one in findings if one.rule.severity is Severity.NOTE),
    )


def kind(rule: Rule) -> str:
    """The kind of fault that a rule finds."""
    if "refuse" in rule.why and "deploy" in rule.why:
        return _REFUSED
    module = rule.judge.__module__
    own = (sys.modules[module].__doc__ or module).partition("\n")[0].rstrip(".")
    return _KINDS.get(module.rpartition(".")[2], own)


def kinds_table() -> str:
    """Of each kind of fault, what was tried and what was found."""
    tried: dict[str, list[Trial]] = {}
    for rule in RULES.values():
        tried.setdefault(kind(rule), [])
    for trial in trials():
        alone = "Sound" in trial.report
        tried.setdefault(_FALSE_ALARMS if alone else kind(trial.rule), []).append(trial)
    heads = ("kind of fault", "rules", "faulty templates", "found", "sound templates", "reported by mistake", "reports")
    rows = [heads, ("---", *["---:"] * (len(heads) - 1))]
    counts = {name: _counts(name, of_kind) for name, of_kind in tried.items()}
    rows += [(name, *map(str, count)) for name, count in counts.items()]
    rows.append(("together", *(str(sum(column)) for column in zip(*counts.values(), strict=True))))
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _counts(name: str, of_kind: list[Trial]) -> tuple[int, ...]:
    faulty = [trial for trial in of_kind if trial.fails]
    sound = [trial for trial in of_kind if not trial.fails]
    return (
        sum(kind(rule) == name for rule in RULES.values()),
        len(faulty),
        sum(trial.is_right for trial in faulty),
        len(sound),
        sum(not trial.is_right for trial in sound),
        len({trial.name for trial in of_kind if trial.report}),
    )


def reports_table() -> str:
    """What people have reported in public, and how it is found."""
    rows = [("report", "fault", "found by"), ("---", "---", "---")]
    for path in sorted(REPORTS.glob("*.yaml")):
        report = metadata(path).get("Report")
        if report is None:
            continue
        name = report["Address"].removeprefix("https://").removeprefix("github.com/")
        name = name.replace("/issues/", "#").replace("/pull/", "#").partition("/blob/")[0]
        told = report.get("Fault") or f"None. {report['Sound']}"
        rule = report.get("Rule")
        by = f"[{rule}](#{rule.lower()})" if rule else f"No rule. {report['Unseen']}"
        rows.append((f"[{name}]({report['Address']})", told, f"No longer {by}" if "Sound" in report else by))
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)
