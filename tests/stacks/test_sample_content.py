"""The reference stacks that serve content: their order, what ties them together, and who may read the buckets."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from .conftest import ReferenceApp, reference_app

_REGIONS = {"primary": "eu-west-1", "standby": "eu-central-1"}

_PATTERNS = ("bucket-failover", "bucket-dns-failover", "multi-region-access-point", "nearest-bucket")
every_pattern = pytest.mark.parametrize("pattern", _PATTERNS)
# What finds the bucket with a function at the edge, whose logs are there before it.
_AT_THE_EDGE = ("bucket-dns-failover", "nearest-bucket")
every_role = pytest.mark.parametrize("role", _REGIONS)


@pytest.fixture(scope="module")
def reference() -> ReferenceApp:
    """Of the patterns that are looked at."""
    return reference_app(*_PATTERNS)


def _resources(template: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [resource for resource in template["Resources"].values() if resource["Type"] == kind]


@every_pattern
def test_buckets_then_replication_and_edge_then_policies(reference: ReferenceApp, pattern: str) -> None:
    reference.app.synth()
    needs = {
        name.removeprefix(f"{pattern}-"): {needed.node.id.removeprefix(f"{pattern}-") for needed in stack.dependencies}
        for name, stack in reference.stacks.items()
        if name.startswith(f"{pattern}-")
    }

    logs = {name for name in needs if name.endswith("-logs")}
    assert len(logs) == (3 if pattern in _AT_THE_EDGE else 0)
    assert needs == {
        **{name: set() for name in ("primary", "standby", *logs)},
        "replication": {"primary", "standby"},
        "edge": {"primary", "standby", *logs},
        "primary-policy": {"primary", "edge"},
        "standby-policy": {"standby", "edge"},
    }


@every_pattern
@every_role
def test_every_statement_names_its_bucket_and_what_allows_names_its_reader(
    reference: ReferenceApp, pattern: str, role: str
) -> None:
    [policy] = _resources(reference.template(f"{pattern}-{role}-policy"), "AWS::S3::BucketPolicy")

    statements = policy["Properties"]["PolicyDocument"]["Statement"]
    assert [statement["Effect"] for statement in statements] == ["Deny", "Allow", "Deny"]
    for statement in statements:
        named = statement["Resource"] if isinstance(statement["Resource"], list) else [statement["Resource"]]
        for resource in named:
            name = rf":s3:::{pattern}-{role}-[0-9a-f]{{10}}-{_REGIONS[role]}(/\*)?"
            assert re.fullmatch(name, resource["Fn::Join"][1][2])
    reader = statements[1]["Principal"].get("CanonicalUser")
    source = [reader] if reader else statements[1]["Condition"]["StringEquals"]["AWS:SourceArn"]["Fn::Join"][1]
    [reference_to_edge] = [part["Fn::GetStackOutput"] for part in source if "Fn::GetStackOutput" in part]
    assert (reference_to_edge["StackName"], reference_to_edge["Region"]) == (f"{pattern}-edge", "us-east-1")


@every_pattern
@pytest.mark.parametrize("stack", ["primary", "standby", "replication", "edge"])
def test_only_the_policies_refer_to_another_stack(reference: ReferenceApp, pattern: str, stack: str) -> None:
    text = json.dumps(reference.template(f"{pattern}-{stack}"))

    assert "Fn::GetStackOutput" not in text
    assert "Fn::ImportValue" not in text


@every_pattern
@every_role
def test_content_is_private_versioned_and_kept(reference: ReferenceApp, pattern: str, role: str) -> None:
    [bucket] = _resources(reference.template(f"{pattern}-{role}"), "AWS::S3::Bucket")

    assert (bucket["DeletionPolicy"], bucket["UpdateReplacePolicy"]) == ("RetainExceptOnCreate", "Retain")
    # CloudFormation takes over what has been kept only under a name that is plain text.
    assert re.fullmatch(rf"{pattern}-{role}-[0-9a-f]{{10}}-{_REGIONS[role]}", bucket["Properties"]["BucketName"])
    assert bucket["Properties"]["VersioningConfiguration"] == {"Status": "Enabled"}
    assert set(bucket["Properties"]["PublicAccessBlockConfiguration"].values()) == {True}


@every_pattern
@every_role
def test_the_switch_makes_a_bucket_refuse_what_cloudfront_asks_over_tls(
    reference: ReferenceApp, pattern: str, role: str
) -> None:
    template = reference.template(f"{pattern}-{role}-policy")
    [policy] = _resources(template, "AWS::S3::BucketPolicy")

    _, read, switch = policy["Properties"]["PolicyDocument"]["Statement"]

    assert template["Parameters"]["Outage"]["Default"] == "false"
    everybody = {"AWS": "*"}
    assert switch["Effect"] == "Deny"
    assert switch["Principal"] == (everybody if "CanonicalUser" in read["Principal"] else read["Principal"])
    assert switch["Condition"] == {"Bool": {"aws:SecureTransport": {"Ref": "Outage"}}}
