"""Replication as CloudFormation makes it: after both buckets, changed in place, and gone with its stack."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import botocore.exceptions  # type: ignore[import-untyped]
import pytest

from ha_patterns import BucketReplication
from tools.local_cloud import LocalCloud

from ..samples import bucket_pair, deployable, new_stack, stack_in
from ..tools.test_local_cloud import deploy

_REGIONS = ("eu-west-1", "eu-central-1")


@pytest.fixture(scope="module")
def cloud() -> Iterator[LocalCloud]:
    with LocalCloud() as running:
        yield running


def _template(**given: Any) -> dict[str, Any]:
    """The stack of the replication of content-eu-west-1 and content-eu-central-1."""
    stack = new_stack()
    own = stack_in("eu-west-1", stack, "Own")
    BucketReplication(own, "Replication", buckets=bucket_pair(stack), **given)
    return deployable(own)


def _make_bucket(cloud: LocalCloud, region: str) -> None:
    s3 = cloud.client("s3", region)
    s3.create_bucket(Bucket=f"content-{region}", CreateBucketConfiguration={"LocationConstraint": region})
    s3.put_bucket_versioning(Bucket=f"content-{region}", VersioningConfiguration={"Status": "Enabled"})


def _rule(cloud: LocalCloud, region: str) -> dict[str, Any]:
    found = cloud.client("s3", region).get_bucket_replication(Bucket=f"content-{region}")
    [rule] = found["ReplicationConfiguration"]["Rules"]
    return dict(rule)


def _delete(cloud: LocalCloud, name: str) -> None:
    client = cloud.client("cloudformation", "eu-west-1")
    client.delete_stack(StackName=name)
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            if client.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"] == "DELETE_COMPLETE":
                return
        except botocore.exceptions.ClientError:
            return
        time.sleep(0.05)
    raise AssertionError(f"{name} is still there")


def test_replication_comes_after_both_buckets_works_both_ways_and_goes(cloud: LocalCloud) -> None:
    _make_bucket(cloud, "eu-west-1")
    early = deploy(cloud, "early", _template(), region="eu-west-1")
    events = cloud.client("cloudformation", "eu-west-1").describe_stack_events(StackName="early")["StackEvents"]
    assert early["StackStatus"] == "ROLLBACK_COMPLETE"
    assert "Destination bucket must exist" in " ".join(event.get("ResourceStatusReason", "") for event in events)

    _make_bucket(cloud, "eu-central-1")
    made = deploy(cloud, "rules", _template(), region="eu-west-1")
    assert made["StackStatus"] == "CREATE_COMPLETE"
    for here, there in (_REGIONS, reversed(_REGIONS)):
        cloud.client("s3", here).put_object(Bucket=f"content-{here}", Key=f"from-{here}", Body=b"hello")
        copy = cloud.client("s3", there).get_object(Bucket=f"content-{there}", Key=f"from-{here}")
        assert copy["Body"].read() == b"hello"

    changed = deploy(cloud, "rules", _template(replication_time_control=True), region="eu-west-1")
    assert changed["StackStatus"] == "UPDATE_COMPLETE"
    for region in _REGIONS:
        assert _rule(cloud, region)["Destination"]["ReplicationTime"] == {"Status": "Enabled", "Time": {"Minutes": 15}}

    _delete(cloud, "rules")
    for region in _REGIONS:
        with pytest.raises(botocore.exceptions.ClientError, match="ReplicationConfigurationNotFound"):
            _rule(cloud, region)
