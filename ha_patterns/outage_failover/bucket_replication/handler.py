"""Custom resource: the replication rule of one bucket, set once both buckets exist, and removed again."""

from typing import Any

import boto3  # type: ignore[import-untyped]
from botocore.config import Config  # type: ignore[import-untyped]
from botocore.exceptions import ClientError  # type: ignore[import-untyped]

from ha_patterns.cdk.custom_resource.protocol import answer, patiently

RULE_ID = "ha-patterns"
# All waits together stay below the function's time-out, so that CloudFormation is always answered.
CONFIG = Config(connect_timeout=5, read_timeout=10, retries={"total_max_attempts": 2})


def handler(event: dict[str, Any], _context: object) -> None:
    """Set the rule of a source bucket, or remove it."""
    # One rule a source bucket: another source is another resource, whose predecessor CloudFormation then deletes.
    source = event["ResourceProperties"]["SourceBucket"]
    answer(event, source, remove if event["RequestType"] == "Delete" else patiently_put)


def patiently_put(properties: dict[str, Any]) -> None:
    """Set the rule, as soon as that is allowed."""
    patiently(lambda: put(properties), refused="AccessDenied")


def put(properties: dict[str, Any]) -> None:
    """Set the rule of the source bucket, in place of the one that was set before."""
    s3, source = client(properties), properties["SourceBucket"]
    if others := set(rules(s3, source)) - {RULE_ID}:
        raise ValueError(f"it has other replication rules, which this one would replace: {others}; remove them first")
    destination: dict[str, Any] = {"Bucket": properties["DestinationArn"]}
    if properties["ReplicationTimeControl"] == "true":
        destination["ReplicationTime"] = {"Status": "Enabled", "Time": {"Minutes": 15}}
        destination["Metrics"] = {"Status": "Enabled", "EventThreshold": {"Minutes": 15}}
    rule = {
        "ID": RULE_ID,
        "Priority": 1,
        "Status": "Enabled",
        "Filter": {"Prefix": ""},
        "DeleteMarkerReplication": {"Status": "Enabled"},
        # Two-way: a change of tags or ACL of a replica goes back to where the object came from.
        "SourceSelectionCriteria": {"ReplicaModifications": {"Status": "Enabled"}},
        "Destination": destination,
    }
    configuration = {"Role": properties["RoleArn"], "Rules": [rule]}
    s3.put_bucket_replication(Bucket=source, ReplicationConfiguration=configuration)


def remove(properties: dict[str, Any]) -> None:
    """Remove the rule; rules that others set, also a successor of this resource, and a lost bucket are left alone."""
    s3, source = client(properties), properties["SourceBucket"]
    if rules(s3, source) == {RULE_ID: properties["RoleArn"]}:
        s3.delete_bucket_replication(Bucket=source)


def rules(s3: Any, bucket: str) -> dict[str, str]:
    """The ids of a bucket's rules, each with the role that they share."""
    try:
        found = s3.get_bucket_replication(Bucket=bucket)["ReplicationConfiguration"]
    except ClientError as error:
        if error.response["Error"]["Code"] not in {"ReplicationConfigurationNotFoundError", "NoSuchBucket"}:
            raise
        return {}
    return {rule["ID"]: found["Role"] for rule in found["Rules"]}


def client(properties: dict[str, Any]) -> Any:
    return boto3.client("s3", region_name=properties["SourceRegion"], config=CONFIG)
