"""Templates written as objects, and what one rule says of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ha_patterns.checks.rule import Objectives
from ha_patterns.checks.rules import RULES
from ha_patterns.checks.run import Report, check
from ha_patterns.topology.loading import load
from ha_patterns.topology.topology import Topology

Resources = dict[str, dict[str, Any]]


def resource(kind: str, properties: dict[str, Any] | None = None, **rest: Any) -> dict[str, Any]:
    return {"Type": f"AWS::{kind}", "Properties": properties or {}, **rest}


def get(logical_id: str, attribute: str) -> dict[str, Any]:
    return {"Fn::GetAtt": [logical_id, attribute]}


def ref(logical_id: str) -> dict[str, str]:
    return {"Ref": logical_id}


def topology(folder: Path, resources: Resources, *, region: str | None = "us-east-1", **sections: Any) -> Topology:
    path = folder / "template.json"
    path.write_text(json.dumps({**sections, "Resources": resources}))
    return load(path, parameters={"AWS::Region": region} if region else None)


def report(rule_id: str, loaded: Topology, recovery_seconds: int | None = None) -> Report:
    return check(loaded, rules=[RULES[rule_id]], objectives=Objectives(recovery_seconds=recovery_seconds))


def messages(rule_id: str, folder: Path, resources: Resources, **given: Any) -> list[str]:
    """What a rule finds wrong."""
    return [finding.message for finding in report(rule_id, topology(folder, resources, **given)).findings]


def doubts(rule_id: str, folder: Path, resources: Resources, **given: Any) -> list[str]:
    """What a rule cannot tell, where it finds nothing wrong."""
    said = report(rule_id, topology(folder, resources, **given))
    assert not said.findings
    return [one.message for _, one in said.cannot_tell]
