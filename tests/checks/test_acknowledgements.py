"""What an owner accepts is not told again, where the owner says why."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from .conftest import POORLY, WELL, checked, site, write_assembly, write_template

_PATH = {"aws:cdk:path": "site/Site/Resource"}


def _acknowledges(reasons: Any) -> dict[str, Any]:
    return {"Metadata": {"ha-patterns": {"acknowledge": reasons}}}


def test_metadata_of_the_resource_acknowledges(tmp_path: Path) -> None:
    path = write_template(tmp_path, {"Site": site(POORLY, **_acknowledges({"HA003": "a drill needs it"}))})
    report = checked(path)

    assert not report.findings
    assert [(one.rule.id, one.reason) for one in report.acknowledged] == [("HA003", "a drill needs it")]


def test_one_resource_does_not_acknowledge_for_another(tmp_path: Path) -> None:
    resources = {"Site": site(POORLY, **_acknowledges({"HA003": "a drill needs it"})), "Other": site(POORLY)}
    report = checked(write_template(tmp_path, resources))

    assert [one.place.logical_id for one in report.findings] == ["Other"]


def test_a_part_of_a_resource_is_acknowledged_by_its_path(tmp_path: Path) -> None:
    part = "Properties.DistributionConfig.OriginGroups.Items[0]"
    resources = {
        "Site": site(POORLY, **_acknowledges({"HA003": {part: "a drill needs it"}})),
        "Other": site(POORLY, **_acknowledges({"HA003": {part.replace("0", "1"): "a drill needs it"}})),
        "Longer": site(POORLY, **_acknowledges({"HA003": {part[:-3]: "all", f"{part}x": "none"}})),
    }
    report = checked(write_template(tmp_path, resources))

    assert [one.place.logical_id for one in report.findings] == ["Other"]
    assert [one.reason for one in report.acknowledged] == ["all", "a drill needs it"]


@pytest.mark.parametrize(
    ("reasons", "found"),
    [
        ({"HA003": {"Properties.DistributionConfig.OriginGroups.Items[0]": " "}}, {"HA003", "HA900"}),
        ({"HA003": {}}, {"HA003", "HA900"}),
        ({"HA003": ""}, {"HA003", "HA900"}),
        ({"HA003": "  "}, {"HA003", "HA900"}),
        ({"HA003": None}, {"HA003", "HA900"}),
        ({"HA003": ["why"]}, {"HA003", "HA900"}),
        ({"HA004": "another rule"}, {"HA003"}),
        ({"HA998": "no rule", "HA003": "a drill needs it"}, {"HA900"}),
        (["HA003"], {"HA003", "HA900"}),
        ("HA003", {"HA003", "HA900"}),
    ],
)
def test_an_acknowledgement_without_a_reason_is_itself_a_finding(
    tmp_path: Path, reasons: object, found: set[str]
) -> None:
    report = checked(write_template(tmp_path, {"Site": site(POORLY, **_acknowledges(reasons))}))

    assert found == {one.rule.id for one in report.findings}


def test_what_the_cdk_has_acknowledged_is_accepted_for_all_below_the_construct(tmp_path: Path) -> None:
    folder = write_assembly(tmp_path, {"R1": site(POORLY, Metadata=_PATH)}, {"ha-patterns::HA003": "a drill needs it"})
    report = checked(folder)

    assert not report.findings
    assert [one.reason for one in report.acknowledged] == ["a drill needs it"]


@pytest.mark.parametrize(
    ("metadata", "acknowledged"),
    [
        (_PATH, {"ha-patterns::HA003": " "}),
        (_PATH, {"AwsSolutions::HA003": "another tool's"}),
        (_PATH, {"ha-patterns::HA001": "another rule"}),
        ({"aws:cdk:path": "site/Siteline/Resource"}, {"ha-patterns::HA003": "another construct"}),
        ({}, {"ha-patterns::HA003": "no construct"}),
    ],
)
def test_what_the_cdk_has_not_acknowledged_is_told(tmp_path: Path, metadata: Any, acknowledged: Any) -> None:
    report = checked(write_assembly(tmp_path, {"R1": site(POORLY, Metadata=metadata)}, acknowledged))

    assert [one.rule.id for one in report.findings] == ["HA003"]


def _constructs(folder: Path, entries: dict[str, Any]) -> Path:
    (folder / "site.metadata.json").write_text(json.dumps(entries), encoding="utf-8")
    return folder


def _accepts(**more: Any) -> list[dict[str, Any]]:
    accepted = {"type": "aws:cdk:acknowledged-rules", "data": {"ha-patterns::HA003": "a drill needs it"}}
    return [accepted, *({"type": "aws:cdk:logicalId", "data": one} for one in more.values())]


def test_a_construct_is_found_by_its_logical_id_where_templates_have_no_paths(tmp_path: Path) -> None:
    # As app.synth() writes them, without the CDK's command.
    folder = _constructs(write_assembly(tmp_path, {"R1": site(POORLY)}), {"/site/Site/Resource": _accepts(id="R1")})

    assert [one.reason for one in checked(folder).acknowledged] == ["a drill needs it"]


def test_a_logical_id_that_nested_stacks_have_too_acknowledges_nothing(tmp_path: Path) -> None:
    folder = write_assembly(tmp_path, {"R1": site(POORLY)})
    _constructs(folder, {"/site/Nested/Site": _accepts(id="R1"), "/site/Site/Resource": _accepts(id="R1")[1:]})

    assert [one.rule.id for one in checked(folder).findings] == ["HA003"]


def _report(folder: Path, **accepted: Any) -> Path:
    """What the CDK writes of what plugins have found and somebody has accepted."""
    told = {"ruleName": "HA003", "acknowledgedId": "ha-patterns::HA003", "reason": "a drill needs it", **accepted}
    document = {"pluginReports": [{"pluginName": "ha-patterns", "violations": [], "suppressedViolations": [told]}]}
    (folder / "validation-report.json").write_text(json.dumps(document), encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("accepted", "found"),
    [
        ({}, False),
        ({"acknowledgedAt": "site"}, False),
        ({"acknowledgedAt": "other"}, True),
        ({"acknowledgedId": "ha-patterns::HA004"}, True),
        ({"acknowledgedId": "AwsSolutions::HA003"}, True),
        ({"acknowledgedId": None}, True),
        ({"acknowledgedAt": 7}, True),
        ({"reason": " "}, True),
    ],
)
def test_what_is_acknowledged_for_the_whole_app_is_accepted(tmp_path: Path, accepted: Any, *, found: bool) -> None:
    folder = write_assembly(tmp_path, {"R1": site(POORLY, Metadata=_PATH)})

    assert bool(checked(_report(folder, **accepted)).findings) is found


def test_what_is_acknowledged_for_a_stage_is_accepted_in_its_stacks(tmp_path: Path) -> None:
    metadata = {"aws:cdk:path": "Prod/site/Site/Resource"}
    write_assembly(tmp_path / "assembly-Prod", {"R1": site(POORLY, Metadata=metadata)})
    artifact = {"type": "cdk:cloud-assembly", "properties": {"directoryName": "assembly-Prod"}}
    (tmp_path / "manifest.json").write_text(json.dumps({"version": "55.0.0", "artifacts": {"Prod": artifact}}))

    assert not checked(_report(tmp_path, acknowledgedAt="Prod")).findings
    assert checked(_report(tmp_path, acknowledgedAt="Beta")).findings


@pytest.mark.parametrize("content", ["", "[]", '{"pluginReports": [[], {"suppressedViolations": 1}]}'])
def test_a_broken_report_of_the_cdk_acknowledges_nothing(tmp_path: Path, content: str) -> None:
    folder = write_assembly(tmp_path, {"R1": site(POORLY, Metadata=_PATH)})
    (folder / "validation-report.json").write_text(content, encoding="utf-8")

    assert [one.rule.id for one in checked(folder).findings] == ["HA003"]


@pytest.mark.parametrize("content", ["", "[]", "{", '{"/site/Site": {"type": 1}}', '{"/site/Site": [[], 1, null]}'])
def test_a_broken_file_of_the_cdk_acknowledges_nothing(tmp_path: Path, content: str) -> None:
    folder = write_assembly(tmp_path, {"R1": site(POORLY, Metadata=_PATH)})
    (folder / "site.metadata.json").write_text(content, encoding="utf-8")

    assert [one.rule.id for one in checked(folder).findings] == ["HA003"]


def test_the_files_of_the_cdk_are_read_for_findings_only(tmp_path: Path) -> None:
    folder = write_assembly(tmp_path, {"R1": site(WELL, Metadata=_PATH)})
    (folder / "site.metadata.json").unlink()
    (folder / "site.metadata.json").mkdir()

    assert not checked(folder).findings
