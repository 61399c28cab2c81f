"""The reference stacks of bucket failover by DNS: their order, who may read, and what an outage takes with it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from .conftest import ReferenceApp

_REGIONS = {"primary": "eu-west-1", "standby": "eu-central-1"}

every_role = pytest.mark.parametrize("role", _REGIONS)


def _resources(template: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [resource["Properties"] for resource in template["Resources"].values() if resource["Type"] == kind]


def _template(reference: ReferenceApp, stack: str) -> dict[str, Any]:
    return reference.template(f"bucket-dns-failover-{stack}")


def test_buckets_with_their_probes_then_the_edge_then_policies_and_logs(reference: ReferenceApp) -> None:
    reference.app.synth()
    needs = {
        name.removeprefix("bucket-dns-failover-"): {
            needed.node.id.removeprefix("bucket-dns-failover-") for needed in stack.dependencies
        }
        for name, stack in reference.stacks.items()
        if name.startswith("bucket-dns-failover-")
    }

    assert needs == {
        "primary": set(),
        "standby": set(),
        "replication": {"primary", "standby"},
        "edge": {"primary", "standby"},
        "primary-policy": {"primary", "edge"},
        "standby-policy": {"standby", "edge"},
    }


@every_role
def test_the_check_follows_the_probe_that_its_bucket_has(reference: ReferenceApp, role: str) -> None:
    (alarm,) = _resources(_template(reference, role), "AWS::CloudWatch::Alarm")
    (function,) = [
        made
        for made in _resources(_template(reference, role), "AWS::Lambda::Function")
        if "BUCKET" in made.get("Environment", {}).get("Variables", {})
    ]
    (bucket,) = _resources(_template(reference, role), "AWS::S3::Bucket")
    followed = [
        check["HealthCheckConfig"]["AlarmIdentifier"]
        for check in _resources(_template(reference, "edge"), "AWS::Route53::HealthCheck")
    ]

    assert {"Name": alarm["AlarmName"], "Region": _REGIONS[role]} in followed
    assert function["Environment"]["Variables"]["BUCKET"] == bucket["BucketName"]


@every_role
def test_the_identity_alone_may_read_and_an_outage_refuses_everybody(reference: ReferenceApp, role: str) -> None:
    template = _template(reference, f"{role}-policy")
    (policy,) = _resources(template, "AWS::S3::BucketPolicy")

    tls, read, outage = policy["PolicyDocument"]["Statement"]

    assert (tls["Effect"], outage["Effect"]) == ("Deny", "Deny")
    assert (read["Effect"], read["Action"]) == ("Allow", "s3:GetObject")
    assert "bucket-dns-failover-edge" in json.dumps(read["Principal"]["CanonicalUser"])
    # The probe as well, or the records would go on naming the bucket.
    assert outage["Principal"] == {"AWS": "*"}
    assert outage["Condition"] == {"Bool": {"aws:SecureTransport": {"Ref": "Outage"}}}
    assert template["Parameters"]["Outage"]["Default"] == "false"
