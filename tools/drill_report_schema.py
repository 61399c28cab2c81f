"""The JSON Schema of what ``ha-patterns drill --format json`` writes.

``python -m tools.docs schema`` writes it. Moments and durations are whole nanoseconds; shares are exact, each as its
numerator and denominator.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ha_patterns.drill.formats.as_json import VERSION
from ha_patterns.drill.scenario import SYMPTOMS

from .drill_schema import SCHEMA as _SCENARIO
from .drill_schema import assumptions

SCHEMA: Path = _SCENARIO.with_name("drill.schema.json")

_NAME = {"type": "string"}
_COUNT = {"type": "integer", "minimum": 0}
_MOMENT = {"type": "integer", "description": "Nanoseconds since the scenario began."}
_DURATION = {"type": "integer", "minimum": 0, "description": "Nanoseconds."}
_SHARE = {"$ref": "#/$defs/share"}
_VALUE = {"oneOf": [_SHARE, _DURATION, {"type": "null"}]}


def _or_none(form: dict[str, Any], when: str) -> dict[str, Any]:
    return {**form, "type": [form["type"], "null"], "description": f"{form.get('description', '')} {when}".strip()}


def _said(form: dict[str, Any], what: str) -> dict[str, Any]:
    return {"description": what, **form}


def _list(items: dict[str, Any], what: str) -> dict[str, Any]:
    return {"type": "array", "items": items, "description": what}


def _object(what: str, optional: tuple[str, ...] = (), /, **properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "description": what,
        "additionalProperties": False,
        "required": [name for name in properties if name not in optional],
        "properties": properties,
    }


def _definitions() -> dict[str, Any]:
    what = dict.fromkeys(("resource", "name", "region", "zone", "kind"), _NAME)
    change = {"when": _MOMENT, "kind": _said(_NAME, "Such as outage, check, resolver or recovery."), "what": _NAME}
    which = {"site": _NAME, "behavior": _said(_NAME, "The path pattern."), "method": _NAME}
    return {
        "share": {
            "type": "array",
            "description": "A share of a whole, as numerator and denominator.",
            "prefixItems": [_COUNT, {"type": "integer", "minimum": 1}],
            "minItems": 2,
            "maxItems": 2,
        },
        "outcome": {
            "type": "array",
            "description": "The probability as numerator and denominator, and what comes of the request.",
            "prefixItems": [
                _COUNT,
                {"type": "integer", "minimum": 1},
                _object(
                    "What a user gets.",
                    status=_said({"type": "integer", "minimum": 0, "maximum": 599}, "0 if there is none."),
                    by=_said(_NAME, "The host that answered; empty if none did."),
                    latency=_DURATION,
                    legs=_said(_COUNT, "How many origins were asked at the last try."),
                    tries=_said({"type": "integer", "minimum": 1}, "How often the client asked."),
                    page={"type": "boolean", "description": "Whether an error page was sent."},
                    why=_said(_NAME, "Why there was no answer; empty if there was one."),
                ),
            ],
            "minItems": 3,
            "maxItems": 3,
        },
        "outage": _object(
            "An outage, with exactly one of what fails.",
            tuple(what),
            **what,
            symptom={"enum": list(SYMPTOMS)},
            status={"type": "integer", "minimum": 400, "maximum": 599},
            share=_SHARE,
            at=_MOMENT,
            lasts=_DURATION,
            every=_or_none(_DURATION, "Null if it stays."),
            burst=_or_none(_DURATION, "Null if it stays."),
        ),
        "summary": _object(
            "What users of one behavior and method got, from the beginning of the outage until all was as before.",
            behavior=which["behavior"],
            method=_NAME,
            requests=_COUNT,
            lost=_SHARE,
            slow=_SHARE,
            masked=_said(_SHARE, "The share that got an error page."),
            recovered=_or_none(_DURATION, "From the beginning of the outage; null if not before its end."),
            settled=_or_none(_DURATION, "From the end of the outage; null if not before that of the scenario."),
            served={"type": "object", "description": "By host.", "additionalProperties": _SHARE},
        ),
        "change": _object("Something that changed.", **change),
        "cause": _object(
            "Something that changed.",
            **change,
            because=_or_none(_COUNT, "The number of the cause that led to it, which is a smaller one; null if none."),
        ),
        "segment": _object(
            "A span of time in which requests may come to the same.",
            start=_MOMENT,
            end=_MOMENT,
            requests=_COUNT,
            outcomes=_list({"$ref": "#/$defs/outcome"}, "All that they may come to; the probabilities sum to 1."),
            ended_by=_or_none(_COUNT, "The number of the cause that ends it; null at the end of the scenario."),
        ),
        "way": _object(
            "What some users ask for, from one place.",
            location=_NAME,
            behavior=which["behavior"],
            method=_NAME,
            path=_NAME,
            before=_list({"$ref": "#/$defs/outcome"}, "What they get while nothing fails."),
            segments=_list({"$ref": "#/$defs/segment"}, "From the beginning of the scenario to its end."),
        ),
        "site": _object(
            "What the users of one front door got.",
            name=_NAME,
            outages=_list({"$ref": "#/$defs/outage"}, "Those that the site has the subject of."),
            summary=_list({"$ref": "#/$defs/summary"}, "By behavior and method."),
            two_writers=_object(
                "Sides that took writes at once.",
                time=_DURATION,
                sides=_list(_NAME, "The hosts."),
                unreplicated_writes=_said(_COUNT, "Writes within the replication lag before the failover."),
            ),
            story=_list({"$ref": "#/$defs/change"}, "What happened, in order."),
            causes=_list({"$ref": "#/$defs/cause"}, "Every change that made a difference; its number is its place."),
            ways=_list({"$ref": "#/$defs/way"}, "By location, behavior and method."),
        ),
        "verdict": _object(
            "Whether an objective was met.",
            site=_NAME,
            objective=_NAME,
            met={"type": "boolean"},
            measured=_NAME,
            value=_said(_VALUE, "What was measured: a share or nanoseconds; null if it takes until the outage ends."),
            worst=_or_none(_NAME, "The way that shows it best; null if the objective was met."),
            at=_or_none(_MOMENT, "When that can be seen; null if the objective was met."),
        ),
        "percentiles": _object("A figure over several seeds.", median=_VALUE, p95=_VALUE, worst=_VALUE),
        "seeds": _object(
            "What --seeds tells.",
            first=_COUNT,
            count={"type": "integer", "minimum": 1},
            summary=_list(
                _object(
                    "By site, behavior and method.",
                    **which,
                    **{key: {"$ref": "#/$defs/percentiles"} for key in ("lost", "recovered", "settled")},
                ),
                "The objectives of the report are judged at the 95th percentile.",
            ),
        ),
        "difference": _object(
            "What an alternative of an assumption changes.",
            assumption=_NAME,
            assumed={},
            alternative={},
            figures=_list(
                _object(
                    "A figure that it changes.",
                    **which,
                    figure={"enum": ["lost", "recovered", "settled"]},
                    assumed=_VALUE,
                    alternative=_VALUE,
                ),
                "The figures that it changes.",
            ),
            objectives=_list(
                _object("A verdict.", **{key: {"$ref": "#/$defs/verdict"} for key in ("assumed", "alternative")}),
                "The verdicts that it turns.",
            ),
        ),
    }


def schema() -> dict[str, Any]:
    """The schema of a report."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A report of ha-patterns drill --format json",
        **_object(
            "What a drill came to.",
            ("seeds", "sensitivity"),
            version={"const": VERSION},
            title=_NAME,
            seed=_COUNT,
            lasts=_DURATION,
            notes=_list(_NAME, "What else has to be said."),
            sites=_list({"$ref": "#/$defs/site"}, "The sites that have what fails."),
            objectives=_list({"$ref": "#/$defs/verdict"}, "Each objective, by each site that it is about."),
            assumptions=_object("What was assumed.", **assumptions()),
            settled=_list(_object("A value that no template tells.", where=_NAME, what=_NAME), "What was assumed."),
            seeds={"$ref": "#/$defs/seeds"},
            sensitivity=_list({"$ref": "#/$defs/difference"}, "What --sensitivity tells, by alternative."),
        ),
        "$defs": _definitions(),
    }


def rendered() -> str:
    """The file."""
    return json.dumps(schema(), indent=2) + "\n"
