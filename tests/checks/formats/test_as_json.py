"""Programs read everything that people read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ha_patterns.cli import main

from ..conftest import POORLY, site, write_template


def _told(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    main(["check", "--format", "json", *arguments])
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    return told


def test_a_finding_has_all_that_the_terminal_says(dead_origin: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = _told(capsys, str(dead_origin), "--parameter", "AWS::Region=eu-west-1")

    [finding] = told["findings"]
    assert finding["rule"] == "HA003"
    assert finding["severity"] == "error"
    assert finding["region"] == "eu-west-1"
    assert finding["resource"] == "Site"
    assert finding["property"].endswith("OriginGroups.Items[0].FailoverCriteria.StatusCodes.Items")
    assert finding["file"] == str(dead_origin)
    assert finding["line"] > 1
    assert {"title", "message", "why", "remedy", "page", "construct", "stack", "type"} <= finding.keys()
    assert told["summary"]["errors"] == 1


def test_what_is_acknowledged_and_what_cannot_be_told_go_along(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    metadata = {"ha-patterns": {"acknowledge": {"HA003": "a drill needs it"}}}
    resources = {"One": site(POORLY, Metadata=metadata), "Two": site([{"Ref": "Code"}])}  # type: ignore[list-item]
    path = write_template(tmp_path, resources)
    told = _told(capsys, str(path))

    assert told["findings"] == []
    assert [one["reason"] for one in told["acknowledged"]] == ["a drill needs it"]
    [unknown] = [one for one in told["cannot_tell"] if one["rule"] == "HA003"]
    assert unknown["resource"] == "Two"
    assert "it depends on Code" in unknown["message"]
