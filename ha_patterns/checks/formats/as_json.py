"""A report as JSON, for programs of one's own."""

from __future__ import annotations

import json
from typing import Any

from ...topology import Place
from ..places import dotted
from ..rule import Severity
from ..run import Finding
from . import Result


def render(result: Result) -> str:
    """The report."""
    report = result.report
    told = {
        "version": 1,
        "summary": {
            **{f"{severity.word}s": result.count(severity) for severity in reversed(Severity)},
            "acknowledged": len(report.acknowledged),
            "in_baseline": result.known,
            "stacks": len(result.topology.stacks),
            "resources": sum(result.topology.counts.values()),
        },
        "findings": [_finding(result, finding) for finding in result.shown],
        "acknowledged": [{**_finding(result, finding), "reason": finding.reason} for finding in report.acknowledged],
        "cannot_tell": [
            {"rule": rule.id, "message": told.message, **_place(result, told.place)}
            for rule, told in report.cannot_tell
        ],
        "not_expanded": dict(result.topology.not_expanded),
        "warnings": [
            {"file": str(warning.path), "line": warning.line, "message": warning.message}
            for warning in result.topology.warnings
        ],
        "skipped": [{"file": str(one.path), "message": one.message} for one in result.topology.skipped],
    }
    return json.dumps(told, indent=2, ensure_ascii=True) + "\n"


def _finding(result: Result, finding: Finding) -> dict[str, Any]:
    rule = finding.rule
    return {
        "rule": rule.id,
        "severity": rule.severity.word,
        "title": rule.title,
        "message": finding.message,
        **_place(result, finding.place),
        "why": rule.why,
        "remedy": rule.remedy,
        "page": rule.page,
    }


def _place(result: Result, place: Place) -> dict[str, Any]:
    return {
        "stack": place.stack.id,
        "region": place.stack.region if isinstance(place.stack.region, str) else None,
        "resource": place.logical_id,
        "type": place.resource_type,
        "construct": place.construct_path,
        "property": dotted(place.path),
        "file": str(place.stack.template),
        "line": result.lines(place),
    }
