"""Custom resource: the item in which a table says what its stack lets rules do."""

from typing import Any

import boto3  # type: ignore[import-untyped]
from botocore.config import Config  # type: ignore[import-untyped]

from ha_patterns.cdk.custom_resource.protocol import answer, patiently

# All waits together stay below the function's time-out, so that CloudFormation is always answered.
CONFIG = Config(connect_timeout=5, read_timeout=10, retries={"total_max_attempts": 2})


def handler(event: dict[str, Any], _context: object) -> None:
    """Write the item, or remove it."""
    properties = event["ResourceProperties"]
    physical_id = f"{properties['Table']}/{properties['Host']}"
    answer(event, physical_id, remove if event["RequestType"] == "Delete" else patiently_put)


def patiently_put(properties: dict[str, Any]) -> None:
    """Write the item, as soon as that is allowed."""
    patiently(lambda: put(properties), refused="AccessDeniedException")


def put(properties: dict[str, Any]) -> None:
    """Write the item, in place of the one that was there."""
    facts = {name: {"L": [{"S": value} for value in values]} for name, values in properties["Facts"].items()}
    client().put_item(TableName=properties["Table"], Item={"host": {"S": properties["Host"]}, **facts})


def remove(properties: dict[str, Any]) -> None:
    """Remove the item; a table that is gone has none."""
    dynamodb = client()
    try:
        dynamodb.delete_item(TableName=properties["Table"], Key={"host": {"S": properties["Host"]}})
    except dynamodb.exceptions.ResourceNotFoundException:
        return


def client() -> Any:
    return boto3.client("dynamodb", config=CONFIG)
