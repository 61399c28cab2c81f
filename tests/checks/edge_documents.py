"""Small templates with a distribution, as Python values, and what rules say of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ha_patterns.checks.rules import RULES
from ha_patterns.checks.run import check
from ha_patterns.topology.loading import load

from .documents import placed

OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6"
DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
ALL_VIEWER = "216adef6-5c7f-47e4-b989-5492eafa07d3"
ALL_BUT_HOST = "b689b0a8-53d0-40ab-baf2-68738e2966ac"
HOST_ONLY = "bf0718e1-ba1e-49d1-88b1-f726733018ae"
ALL_METHODS = ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"]
#: A parameter without a default: nothing tells what it is.
UNKNOWN = {"Ref": "Unknown"}
SERVER_ERRORS = (500, 502, 503, 504)


def origin(name: str, domain: Any = None, *, settings: Any = None, **properties: Any) -> dict[str, Any]:
    """A custom origin; one of S3 where it has an S3OriginConfig."""
    own = {} if "S3OriginConfig" in properties else {"CustomOriginConfig": settings or {}}
    if own and settings is None:
        own = {"CustomOriginConfig": {"OriginProtocolPolicy": "https-only"}}
    return {"Id": name, "DomainName": domain or f"{name}.example.com", **own, **properties}


def bucket_origin(name: str, domain: Any, **properties: Any) -> dict[str, Any]:
    return origin(name, domain, OriginAccessControlId="E1AAAAAAAAAAAA", S3OriginConfig={}, **properties)


def group(*members: Any, codes: Any = SERVER_ERRORS) -> dict[str, Any]:
    return {
        "Id": "group",
        "Members": {"Quantity": len(members), "Items": [{"OriginId": member} for member in members]},
        "FailoverCriteria": {"StatusCodes": {"Items": list(codes) if isinstance(codes, tuple) else codes}},
    }


def behavior(target: Any, pattern: Any = None, *, policy: Any = DISABLED, **properties: Any) -> dict[str, Any]:
    path = {} if pattern is None else {"PathPattern": pattern}
    return {**path, "TargetOriginId": target, "CachePolicyId": policy, **properties}


def site(
    origins: list[dict[str, Any]], *behaviors: dict[str, Any], groups: Any = (), **config: Any
) -> dict[str, dict[str, Any]]:
    """A distribution; the last of the behaviors is the default one."""
    *others, default = behaviors or (behavior("group" if groups else origins[0]["Id"]),)
    return {
        "Site": {
            "Type": "AWS::CloudFront::Distribution",
            "Properties": {
                "DistributionConfig": {
                    "Origins": origins,
                    "OriginGroups": {"Quantity": len(groups), "Items": list(groups)},
                    "CacheBehaviors": others,
                    "DefaultCacheBehavior": default,
                    **config,
                }
            },
        }
    }


def write(folder: Path, resources: Mapping[str, Any], name: str = "stack") -> Path:
    template = folder / f"{name}.json"
    template.write_text(json.dumps({"Parameters": {"Unknown": {"Type": "String"}}, "Resources": resources}))
    return template


def said(
    folder: Path, resources: Mapping[str, Any], rule_id: str, parameters: Mapping[str, str] | None = None
) -> list[str]:
    """The messages of a rule."""
    report = placed(check(load(write(folder, resources), parameters=parameters), rules=[RULES[rule_id]]))
    return [finding.message for finding in report.findings]


def asked(folder: Path, resources: Mapping[str, Any], rule_id: str) -> list[str]:
    """What a rule would have to know."""
    report = check(load(write(folder, resources)), rules=[RULES[rule_id]])
    assert not report.findings
    return [unknown.message for _, unknown in report.cannot_tell]
