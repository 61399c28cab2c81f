"""Templates written as objects, and what one rule says of them."""

from __future__ import annotations

import functools
import json
import re
from pathlib import Path
from typing import Any

from ha_patterns.checks.places import dotted
from ha_patterns.checks.rule import Objectives
from ha_patterns.checks.rules import RULES
from ha_patterns.checks.run import Finding, Report, check
from ha_patterns.topology.files import DEFAULT_SIZE, read_document
from ha_patterns.topology.loading import load
from ha_patterns.topology.topology import Topology

Resources = dict[str, dict[str, Any]]

# Where stacks are whose names do not end with their Region.
_REGIONS = {
    **dict.fromkeys(("primary", "api1"), "eu-west-1"),
    **dict.fromkeys(("standby", "api2", "switch"), "eu-central-1"),
    "accelerator": "us-west-2",
}
#: Rules that find something wrong with a whole resource, and why they name no property.
_OF_A_RESOURCE = {
    "HA314": "a target group, with which nothing registers",
    "HA111": "a role, whose statements may be in policies of their own",
    "HA306": "a load balancer, which no listener leads from",
    "HA401": "a record or an origin group, whose time is made of several settings",
    "HA402": "a function, which an alarm starts",
    "HA403": "a control panel or a routing control, which lacks a safety rule",
}
_MISSING = re.compile(r"\b(no|lack|not set)\b")
_SNAPSHOTS = Path(__file__).parents[1] / "stacks/__snapshots__/test_reference_stacks"


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
    return placed(check(loaded, rules=[RULES[rule_id]], objectives=Objectives(recovery_seconds=recovery_seconds)))


def placed(report: Report) -> Report:
    """A report of which each finding is at a property that is there, or says of one that it is missing."""
    documents = functools.cache(lambda path: read_document(path, DEFAULT_SIZE))
    for finding in (*report.findings, *report.acknowledged):
        resources = documents(finding.place.stack.template)["Resources"]
        place = f"{finding.rule.id} is at {dotted(finding.place.path)}: {finding.message}"
        assert _is_placed(finding, resources[finding.place.logical_id]), place
    return report


def _is_placed(finding: Finding, resource: dict[str, Any]) -> bool:
    if finding.place.path in {(), ("Properties",)}:
        return finding.rule.id in _OF_A_RESOURCE
    *path, last = finding.place.path
    holder: Any = resource
    try:
        for key in path:
            holder = holder[key]
    except (KeyError, IndexError):
        return False
    is_there = last in (range(len(holder)) if isinstance(holder, list) else holder)
    return is_there or _MISSING.search(finding.message) is not None


def messages(rule_id: str, folder: Path, resources: Resources, **given: Any) -> list[str]:
    """What a rule finds wrong."""
    return [finding.message for finding in report(rule_id, topology(folder, resources, **given)).findings]


def doubts(rule_id: str, folder: Path, resources: Resources, **given: Any) -> list[str]:
    """What a rule cannot tell, where it finds nothing wrong."""
    said = report(rule_id, topology(folder, resources, **given))
    assert not said.findings
    return [one.message for _, one in said.cannot_tell]


@functools.cache
def reference_stacks(pattern: str) -> dict[str, dict[str, Any]]:
    """The templates of a pattern's reference stacks, as they were reviewed."""
    found = {}
    for path in sorted(_SNAPSHOTS.iterdir()):
        match = re.search(rf"\[({pattern}-[a-z0-9-]+)\]", path.name)
        if match:
            found[match[1]] = json.loads(path.read_bytes())
    return found


def make_zone(template: dict[str, Any]) -> None:
    """Let a template make the zone of its records: those of another zone may have others elsewhere."""
    records = [one for one in template["Resources"].values() if one["Type"] == "AWS::Route53::RecordSet"]
    template["Resources"]["MadeZone"] = resource("Route53::HostedZone", {"Name": "example.com"})
    for record in records:
        record["Properties"]["HostedZoneId"] = ref("MadeZone")


def regions_of(pattern: str) -> dict[str, str]:
    """The Region of each of its stacks."""
    regions = {}
    for stack in reference_stacks(pattern):
        name = stack.removeprefix(f"{pattern}-")
        given = re.search(r"[a-z]{2}-[a-z]+-[0-9]$", name)
        regions[stack] = given[0] if given else _REGIONS.get(name.partition("-")[0], "us-east-1")
    return regions
