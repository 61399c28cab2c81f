"""Templates as Python dicts, loaded through the files that they are written to."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

from ha_patterns.topology.loading import load
from ha_patterns.topology.model import Thing
from ha_patterns.topology.topology import Topology

REGION = "eu-west-1"
AnyThing = TypeVar("AnyThing", bound=Thing)


def write_assembly(
    folder: Path, stacks: Mapping[str, Mapping[str, Any]], regions: Mapping[str, str] | None = None
) -> Path:
    """Write a cloud assembly of some templates, each of which is one stack in its Region."""
    folder.mkdir(parents=True, exist_ok=True)
    artifacts = {}
    for name, template in stacks.items():
        (folder / f"{name}.template.json").write_text(json.dumps(template), encoding="utf-8")
        artifacts[name] = {
            "type": "aws:cloudformation:stack",
            "environment": f"aws://123456789012/{(regions or {}).get(name, REGION)}",
            "properties": {"templateFile": f"{name}.template.json"},
        }
    (folder / "manifest.json").write_text(json.dumps({"version": "48.0.0", "artifacts": artifacts}), encoding="utf-8")
    return folder


def load_stacks(stacks: Mapping[str, Mapping[str, Any]], regions: Mapping[str, str] | None = None) -> Topology:
    """The topology of some templates, which are stacks of one application."""
    with TemporaryDirectory() as folder:
        return load(write_assembly(Path(folder), stacks, regions))


def load_resources(resources: Mapping[str, Any], **sections: Any) -> Topology:
    """The topology of one stack with these resources."""
    return load_stacks({"Test": {"Resources": resources, **sections}})


def only(topology: Topology, kind: type[AnyThing]) -> AnyThing:
    """The one thing of a kind."""
    found = topology.of(kind)
    assert len(found) == 1, found
    return found[0]


def named(topology: Topology, kind: type[AnyThing], logical_id: str) -> AnyThing:
    """The thing of a kind that a resource is."""
    return next(thing for thing in topology.of(kind) if thing.place.logical_id == logical_id)


def resource(kind: str, **properties: Any) -> dict[str, Any]:
    """A resource, of the type ``AWS::`` and what is given."""
    return {"Type": kind if "::" in kind and kind.startswith("Custom") else f"AWS::{kind}", "Properties": properties}


def ref(name: str) -> dict[str, str]:
    return {"Ref": name}


def get_att(name: str, attribute: str) -> dict[str, list[str]]:
    return {"Fn::GetAtt": [name, attribute]}
