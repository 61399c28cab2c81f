"""The reference stacks of bucket failover by DNS: what the records follow is the probe of the bucket they name."""

from __future__ import annotations

from typing import Any

import pytest

from .conftest import Templates

_REGIONS = {"primary": "eu-west-1", "standby": "eu-central-1"}


def _resources(template: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [resource["Properties"] for resource in template["Resources"].values() if resource["Type"] == kind]


def _template(templates: Templates, stack: str) -> dict[str, Any]:
    return templates[f"bucket-dns-failover-{stack}"]


@pytest.mark.parametrize("role", _REGIONS)
def test_the_check_follows_the_probe_that_its_bucket_has(templates: Templates, role: str) -> None:
    (alarm,) = _resources(_template(templates, role), "AWS::CloudWatch::Alarm")
    (function,) = [
        made
        for made in _resources(_template(templates, role), "AWS::Lambda::Function")
        if "BUCKET" in made.get("Environment", {}).get("Variables", {})
    ]
    (bucket,) = _resources(_template(templates, role), "AWS::S3::Bucket")
    followed = [
        check["HealthCheckConfig"]["AlarmIdentifier"]
        for check in _resources(_template(templates, "edge"), "AWS::Route53::HealthCheck")
    ]

    assert {"Name": alarm["AlarmName"], "Region": _REGIONS[role]} in followed
    assert function["Environment"]["Variables"]["BUCKET"] == bucket["BucketName"]
