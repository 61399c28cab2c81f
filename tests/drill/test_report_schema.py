"""The schema of a report: it is that of the code, and every key of a report is in it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from ha_patterns.drill import Objective, Outage, drill
from ha_patterns.drill.formats import Report, as_json
from tools import drill_report_schema

from .sites import PRIMARY, grouped, pair, read

_SCHEMA = json.loads(drill_report_schema.SCHEMA.read_text(encoding="utf-8"))
_VALID = jsonschema.Draft202012Validator(_SCHEMA)


def _report(folder: Path, resources: dict[str, Any], outage: Outage, *, repeated: bool = False) -> Any:
    result = drill(read(folder, resources), outage)
    objectives = (Objective(recovered_within=1), Objective(lost=0, methods=["GET"]), Objective(two_writers=600))
    seeds = result.over_seeds(3) if repeated else None
    differences = result.sensitivity(*objectives) if repeated else None
    return json.loads(as_json.render(Report(result, result.verdicts(*objectives), seeds, differences)))


def test_the_schema_is_that_of_the_code() -> None:
    text = drill_report_schema.SCHEMA.read_text(encoding="utf-8")

    assert text == drill_report_schema.rendered(), "run make docs ARGS=schema"
    jsonschema.Draft202012Validator.check_schema(_SCHEMA)


@pytest.mark.parametrize(
    ("resources", "outage"),
    [
        (pair, Outage(name=PRIMARY)),
        (pair, Outage(region="eu-west-1", every="40s", burst="15s")),
        (pair, Outage(name=PRIMARY, symptom="health-path-lies")),
        (pair, Outage(kind="checkers")),
        (grouped, Outage(resource="Site", symptom="name-gone")),
        (grouped, Outage(name=PRIMARY, symptom="errors", share="30%")),
    ],
)
def test_reports_are_as_the_schema_says(
    tmp_path: Path, resources: Callable[[], dict[str, Any]], outage: Outage
) -> None:
    _VALID.validate(_report(tmp_path, resources(), outage))


def test_every_key_of_the_schema_is_in_a_report(tmp_path: Path) -> None:
    report = _report(tmp_path, pair(), Outage(name=PRIMARY), repeated=True)

    _VALID.validate(report)
    assert report.keys() == _SCHEMA["properties"].keys()
    for definition, found in (
        ("site", report["sites"][0]),
        ("verdict", report["objectives"][0]),
        ("way", report["sites"][0]["ways"][0]),
        ("cause", report["sites"][0]["causes"][0]),
    ):
        assert found.keys() == _SCHEMA["$defs"][definition]["properties"].keys()
    # Nothing may be there that the schema does not name.
    assert all(one["additionalProperties"] is not True for one in _objects(_SCHEMA))


def test_what_is_no_report_is_refused(tmp_path: Path) -> None:
    report = _report(tmp_path, grouped(), Outage(name=PRIMARY))

    changes: list[dict[str, Any]] = [{"more": 1}, {"version": 2}, {"sites": [{}]}, {"lasts": "5m"}]
    for change in changes:
        assert not _VALID.is_valid({**report, **change})
    assert not _VALID.is_valid({name: value for name, value in report.items() if name != "sites"})


def _objects(schema: Any) -> Iterator[dict[str, Any]]:
    """Every part of a schema that is about an object."""
    if isinstance(schema, dict):
        if schema.get("type") == "object":
            yield schema
        for one in schema.values():
            yield from _objects(one)
    elif isinstance(schema, list):
        for one in schema:
            yield from _objects(one)
