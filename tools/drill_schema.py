"""The JSON Schema of scenario files, made of the classes that read them.

``python -m tools.docs schema`` writes it. Editors complete and check a scenario file by it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any

from ha_patterns.drill.assumptions import DEFAULTS, Assumptions, described
from ha_patterns.drill.locations import WORLD
from ha_patterns.drill.objective import Objective
from ha_patterns.drill.scenario import KINDS, SYMPTOMS, Client, Outage, Requests, Scenario, Step, Traffic
from ha_patterns.drill.scenario_file import DURATIONS, LISTS, PARTS

SCHEMA = Path(__file__).resolve().parent.parent / "ha_patterns" / "drill" / "scenario.schema.json"
_CLASSES = (Scenario, Outage, Traffic, Requests, Client, Objective, Assumptions, Step)

_DURATION = {
    "oneOf": [
        {"type": "number", "minimum": 0, "exclusiveMaximum": 10**9},
        {"type": "string", "pattern": r"^\s*[0-9]{1,9}(\.[0-9]{1,9})?(ms|s|m|h|)\s*$"},
    ]
}
_SHARE = {
    "oneOf": [
        {"type": "number", "minimum": 0, "maximum": 1},
        {"type": "string", "pattern": r"^([0-9]{1,9}(\.[0-9]{1,9})?\s?%|[0-9]{1,10}(\.[0-9]{1,9})?|[0-9]+/[0-9]+)$"},
    ]
}
_RATE = {
    "oneOf": [
        {"type": "number", "minimum": 0, "maximum": 10**9},
        {"type": "string", "pattern": r"^([0-9]{1,10}(\.[0-9]{1,9})?|[0-9]+/[0-9]+)(/s)?$"},
    ]
}
_TEXT = {"type": "string", "minLength": 1}
_CITIES = {"enum": [one.name for one in WORLD]}
_FORMS: Mapping[str, Any] = {
    **dict.fromkeys(DURATIONS, _DURATION),
    **dict.fromkeys(("lost", "slow"), _SHARE),
    "share": {"oneOf": [{"type": "number", "exclusiveMinimum": 0, "maximum": 1}, _SHARE["oneOf"][1]]},
    **dict.fromkeys(("resource", "name", "region", "zone", "behavior"), _TEXT),
    "title": {"type": "string"},
    "host": {"type": "string"},
    "kind": {"enum": list(KINDS)},
    "symptom": {"enum": list(SYMPTOMS)},
    "status": {"type": "integer", "minimum": 400, "maximum": 599},
    "retries": {"type": "integer", "minimum": 0, "maximum": 10},
    "seed": {"type": "integer", "minimum": 0, "maximum": 2**53},
    "path": {"type": "string", "pattern": "^/[^?]*$"},
    "run": {"type": "string", "pattern": r"^\s*edit-record\s+\S+\s+\S+\s*$"},
    "method": {"type": "string", "pattern": "^[A-Z]+$"},
    "methods": {"type": "array", "items": {"type": "string", "pattern": "^[A-Z]+$"}},
    "rate": {
        "oneOf": [
            *_RATE["oneOf"],
            {"type": "array", "minItems": 1, "items": {"type": "array", "prefixItems": [_DURATION, _RATE]}},
        ]
    },
    "locations": {"oneOf": [{"const": "world"}, _CITIES, {"type": "array", "items": _CITIES, "minItems": 1}]},
    "capacity": {
        "type": "object",
        "additionalProperties": {"type": "integer", "minimum": 0, "maximum": 10**9},
    },
}
# Of these exactly one is given.
_ONE_OF: Mapping[type, tuple[str, ...]] = {
    Outage: ("resource", "name", "region", "zone", "kind"),
    Objective: ("lost", "slow", "recovered_within", "two_writers"),
}


def schema() -> dict[str, Any]:
    """The schema of a scenario file."""
    definitions = {made.__name__: _object(made) for made in _CLASSES[1:]}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A scenario of ha-patterns drill",
        **_object(Scenario),
        "$defs": definitions,
    }


def rendered() -> str:
    """The file."""
    return json.dumps(schema(), indent=2) + "\n"


def _object(made: Any) -> dict[str, Any]:
    said = _arguments(made)
    told: dict[str, Any] = {
        "type": "object",
        "additionalProperties": False,
        "properties": {one.name: {"description": said[one.name], **_form(made, one)} for one in fields(made)},
    }
    required = [one.name for one in fields(made) if one.default is MISSING]
    if required:
        told["required"] = required
    if made in _ONE_OF:
        told["oneOf"] = [{"required": [name]} for name in _ONE_OF[made]]
    if made is Outage:
        told["dependentRequired"] = {"every": ["burst"], "burst": ["every"]}
    return told


def _form(made: Any, one: Any) -> dict[str, Any]:
    """What the value of an argument must be."""
    part = PARTS.get(made, {}).get(one.name)
    if part is not None:
        reference = {"$ref": f"#/$defs/{part.__name__}"}
        return {"type": "array", "items": reference} if one.name in LISTS else reference
    if made is Assumptions:
        return _assumption(one.name)
    form: dict[str, Any] = dict(_FORMS[one.name])
    if one.default not in (None, MISSING, ""):
        form["default"] = list(one.default) if isinstance(one.default, tuple) else one.default
    return form


def _assumption(name: str) -> dict[str, Any]:
    assumption, default = described()[name], getattr(DEFAULTS, name)
    if isinstance(default, str):
        return {"enum": [default, *assumption.alternatives], "default": default}
    number = {"type": "integer", "minimum": 0 if assumption.is_time else 1, "maximum": 86_400}
    form = {"oneOf": [number, _DURATION["oneOf"][1]]} if assumption.is_time else number
    return {**form, "default": default}


def assumptions() -> Mapping[str, Any]:
    """What the value of each assumption is once it is read, by its name."""
    return {
        name: {"enum": [one.default, *one.alternatives]} if isinstance(one.default, str) else {"type": "integer"}
        for name, one in described().items()
    }


def _arguments(made: Any) -> Mapping[str, str]:
    """What the docstring of a class says of each argument."""
    if made is Assumptions:
        return {name: assumption.reason for name, assumption in described().items()}
    section = (made.__doc__ or "").partition("Args:\n")[2].partition("\n\n")[0]
    found = re.findall(r"^ {8}(\w+): (.*(?:\n {12}.*)*)", section, re.MULTILINE)
    # The words are listed by the schema itself.
    return {name: re.sub(r": one of ``[A-Z]+``|``", "", " ".join(text.split())) for name, text in found}
