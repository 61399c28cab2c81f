"""A report as workflow commands, which GitHub Actions shows beside the lines.

See https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
"""

from __future__ import annotations

from collections.abc import Mapping

from ..rule import Severity
from . import Result

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


def render(result: Result) -> str:
    """The report; nothing where nothing is wrong."""
    said = ""
    for finding in result.shown:
        line = result.lines(finding.place)
        properties = {
            "file": str(finding.place.stack.template),
            **({} if line is None else {"line": str(line)}),
            "title": f"{finding.rule.id} {finding.rule.title}",
        }
        message = f"{finding.place.name}: {finding.message}. {finding.rule.remedy}"
        said += f"::{_COMMANDS[finding.rule.severity]} {_properties(properties)}::{_data(message)}\n"
    for warning in result.topology.warnings:
        properties = {"file": str(warning.path), "line": str(warning.line), "title": "ha-patterns"}
        said += f"::warning {_properties(properties)}::{_data(warning.message)}\n"
    return said


def _properties(properties: Mapping[str, str]) -> str:
    return ",".join(f"{name}={_property(value)}" for name, value in properties.items())


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
