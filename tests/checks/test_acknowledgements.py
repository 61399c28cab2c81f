"""What an owner accepts is not told again, where the owner says why."""

from __future__ import annotations

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


@pytest.mark.parametrize(
    ("reasons", "found"),
    [
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
