"""Templates with what the rules find, in the folder of the test."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from ha_patterns.checks import RULES, Report, check
from ha_patterns.topology import load

WriteTemplate = Callable[..., Path]


def site(codes: list[int], **resource: Any) -> dict[str, Any]:
    """A distribution with an origin group of these failover status codes."""
    origins = [
        {
            "Id": name,
            "DomainName": f"{name}.example.com",
            "ConnectionAttempts": 2,
            "ConnectionTimeout": 2,
            "CustomOriginConfig": {"OriginProtocolPolicy": "https-only", "OriginReadTimeout": 5},
        }
        for name in ("one", "two")
    ]
    group = {
        "Id": "both",
        "Members": {"Quantity": 2, "Items": [{"OriginId": "one"}, {"OriginId": "two"}]},
        "FailoverCriteria": {"StatusCodes": {"Quantity": len(codes), "Items": codes}},
    }
    behavior = {
        "TargetOriginId": "both",
        "ViewerProtocolPolicy": "https-only",
        "CachePolicyId": "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
    }
    config = {
        "Enabled": True,
        "Origins": origins,
        "OriginGroups": {"Quantity": 1, "Items": [group]},
        "DefaultCacheBehavior": behavior,
    }
    return {"Type": "AWS::CloudFront::Distribution", "Properties": {"DistributionConfig": config}, **resource}


#: Leaves a dead origin, and one that does not.
WELL = [500, 502, 503, 504]
POORLY = [500, 502]


def write_template(folder: Path, resources: Mapping[str, Any], name: str = "site.template.json") -> Path:
    """Write a template."""
    path = folder / name
    path.write_text(json.dumps({"Resources": resources}, indent=1), encoding="utf-8")
    return path


def write_assembly(folder: Path, resources: Mapping[str, Any], acknowledged: Mapping[str, Any] | None = None) -> Path:
    """Write a cloud assembly of one stack, with what the CDK keeps of acknowledgements."""
    folder.mkdir(exist_ok=True)
    write_template(folder, resources, "site.template.json")
    entries = {"/site/Site": [{"type": "aws:cdk:acknowledged-rules", "data": acknowledged or {}}]}
    (folder / "site.metadata.json").write_text(json.dumps(entries), encoding="utf-8")
    artifact = {
        "type": "aws:cloudformation:stack",
        "environment": "aws://unknown-account/us-east-1",
        "properties": {"templateFile": "site.template.json"},
        "additionalMetadataFile": "site.metadata.json",
    }
    manifest = {"version": "55.0.0", "artifacts": {"site": artifact}}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder


def checked(path: Path) -> Report:
    """What the rule of dead origins and the one of acknowledgements say: others come and go."""
    return check(load(path), rules=[RULES["HA003"], RULES["HA900"]])


@pytest.fixture
def dead_origin(tmp_path: Path) -> Path:
    """A template in which HA003 is found."""
    return write_template(tmp_path, {"Site": site(POORLY)})
