"""The reference stacks of bucket failover: their order, and what ties them together."""

from __future__ import annotations

import json
from typing import Any

import pytest

from .conftest import ReferenceApp

_BUCKETS = {"primary": "bucket-failover-primary-{}-eu-west-1", "standby": "bucket-failover-standby-{}-eu-central-1"}


def _resources(template: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [resource for resource in template["Resources"].values() if resource["Type"] == kind]


def test_buckets_then_replication_and_edge_then_policies(reference: ReferenceApp) -> None:
    reference.app.synth()
    needs = {
        name.removeprefix("bucket-failover-"): {
            needed.node.id.removeprefix("bucket-failover-") for needed in stack.dependencies
        }
        for name, stack in reference.stacks.items()
        if name.startswith("bucket-failover-")
    }

    assert needs == {
        "primary": set(),
        "standby": set(),
        "replication": {"primary", "standby"},
        "edge": {"primary", "standby"},
        "primary-policy": {"primary", "edge"},
        "standby-policy": {"standby", "edge"},
    }


@pytest.mark.parametrize("role", _BUCKETS)
def test_every_statement_names_its_bucket_and_what_allows_names_the_distribution(
    reference: ReferenceApp, role: str
) -> None:
    [policy] = _resources(reference.template(f"bucket-failover-{role}-policy"), "AWS::S3::BucketPolicy")

    before, after = _BUCKETS[role].split("{}")
    statements = policy["Properties"]["PolicyDocument"]["Statement"]
    assert [statement["Effect"] for statement in statements] == ["Deny", "Allow", "Deny"]
    for statement in statements:
        named = statement["Resource"] if isinstance(statement["Resource"], list) else [statement["Resource"]]
        for resource in named:
            assert resource["Fn::Join"][1][2:4] == [f":s3:::{before}", {"Ref": "AWS::AccountId"}]
            assert resource["Fn::Join"][1][4].startswith(after)
    source = statements[1]["Condition"]["StringEquals"]["AWS:SourceArn"]["Fn::Join"][1]
    [reference_to_edge] = [part["Fn::GetStackOutput"] for part in source if "Fn::GetStackOutput" in part]
    assert (reference_to_edge["StackName"], reference_to_edge["Region"]) == ("bucket-failover-edge", "us-east-1")


@pytest.mark.parametrize("stack", ["primary", "standby", "replication", "edge"])
def test_only_the_policies_refer_to_another_stack(reference: ReferenceApp, stack: str) -> None:
    text = json.dumps(reference.template(f"bucket-failover-{stack}"))

    assert "Fn::GetStackOutput" not in text
    assert "Fn::ImportValue" not in text


@pytest.mark.parametrize("role", _BUCKETS)
def test_content_is_private_versioned_and_kept(reference: ReferenceApp, role: str) -> None:
    [bucket] = _resources(reference.template(f"bucket-failover-{role}"), "AWS::S3::Bucket")

    assert (bucket["DeletionPolicy"], bucket["UpdateReplacePolicy"]) == ("Retain", "Retain")
    assert bucket["Properties"]["VersioningConfiguration"] == {"Status": "Enabled"}
    assert set(bucket["Properties"]["PublicAccessBlockConfiguration"].values()) == {True}


@pytest.mark.parametrize("role", _BUCKETS)
def test_the_switch_makes_a_bucket_refuse_what_cloudfront_asks_over_tls(reference: ReferenceApp, role: str) -> None:
    template = reference.template(f"bucket-failover-{role}-policy")
    [policy] = _resources(template, "AWS::S3::BucketPolicy")

    switch = policy["Properties"]["PolicyDocument"]["Statement"][2]

    assert template["Parameters"]["Outage"]["Default"] == "false"
    assert switch["Effect"] == "Deny"
    assert switch["Condition"] == {"Bool": {"aws:SecureTransport": {"Ref": "Outage"}}}
