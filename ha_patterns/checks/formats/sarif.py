"""A report in SARIF 2.1.0, for code scanning.

See https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any
from urllib.parse import quote

from ..._version import __version__
from ...topology import Place
from ..places import dotted, fingerprint
from ..rule import Rule, Severity
from ..run import Finding
from . import Result

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}


def render(result: Result) -> str:
    """The report."""
    findings = (*result.shown, *result.report.acknowledged)
    rules = {finding.rule.id: finding.rule for finding in sorted(findings, key=lambda finding: finding.rule.id)}
    index = {rule_id: number for number, rule_id in enumerate(rules)}
    log = {
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "ha-patterns",
                        "semanticVersion": __version__,
                        "rules": [_rule(rule) for rule in rules.values()],
                    }
                },
                **_invocations(result),
                "columnKind": "unicodeCodePoints",
                "results": [_result(result, finding, index) for finding in findings],
            }
        ],
    }
    return json.dumps(log, indent=2, ensure_ascii=True) + "\n"


def _invocations(result: Result) -> dict[str, Any]:
    """What the files have that their authors may not mean, as notifications of the run."""
    if not result.topology.warnings:
        return {}
    notifications = [
        {
            "level": "warning",
            "message": {"text": warning.message},
            "locations": [
                {
                    "physicalLocation": {
                        "artifactLocation": {"uri": _uri(warning.path)},
                        "region": {"startLine": warning.line},
                    }
                }
            ],
        }
        for warning in result.topology.warnings
    ]
    return {"invocations": [{"executionSuccessful": True, "toolExecutionNotifications": notifications}]}


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.why},
        "help": {"text": rule.remedy},
        "helpUri": rule.page,
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
    }


def _result(result: Result, finding: Finding, index: dict[str, int]) -> dict[str, Any]:
    place = finding.place
    told: dict[str, Any] = {
        "ruleId": finding.rule.id,
        "ruleIndex": index[finding.rule.id],
        "level": _LEVELS[finding.rule.severity],
        "message": {"text": finding.message},
        "locations": [_location(result, place)],
        "partialFingerprints": {
            "haPatterns/v1": hashlib.sha256(fingerprint(finding.rule.id, place).encode()).hexdigest()
        },
    }
    if finding.reason is not None:
        told["suppressions"] = [{"kind": "inSource", "justification": finding.reason}]
    return told


def _location(result: Result, place: Place) -> dict[str, Any]:
    physical: dict[str, Any] = {"artifactLocation": {"uri": _uri(place.stack.template)}}
    line = result.lines(place)
    if line is not None:
        physical["region"] = {"startLine": line}
    logical = [{"fullyQualifiedName": f"{place.id}/{dotted(place.path)}".rstrip("/"), "kind": "resource"}]
    if place.construct_path is not None:
        logical.append({"fullyQualifiedName": place.construct_path, "kind": "module"})
    return {"physicalLocation": physical, "logicalLocations": logical}


def _uri(path: Path) -> str:
    """A file as code scanning finds it: relative to where the command runs."""
    try:
        return quote(os.fsencode(path.resolve().relative_to(Path.cwd()).as_posix()))
    except ValueError:
        return path.resolve().as_uri()
