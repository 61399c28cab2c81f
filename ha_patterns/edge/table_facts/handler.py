"""Custom resource: the item in which a table says what its stack lets rules do."""

from __future__ import annotations

import json
import logging
import time
import urllib.request
from typing import Any

import boto3  # type: ignore[import-untyped]
from botocore.config import Config  # type: ignore[import-untyped]
from botocore.exceptions import ClientError  # type: ignore[import-untyped]

# All waits together stay below the function's time-out, so that CloudFormation always hears how it went.
CONFIG = Config(connect_timeout=5, read_timeout=10, retries={"total_max_attempts": 2})
TRIES, PAUSE = 6, 5  # the pause in seconds


def handler(event: dict[str, Any], _context: object) -> None:
    """Write the item or remove it, and answer CloudFormation, whatever happens."""
    answer = {name: event[name] for name in ("StackId", "RequestId", "LogicalResourceId")}
    properties = event["ResourceProperties"]
    answer |= {"PhysicalResourceId": f"{properties['Table']}/{properties['Host']}", "Status": "SUCCESS"}
    try:
        (remove if event["RequestType"] == "Delete" else patiently_put)(properties)
    except Exception as error:
        logging.exception("%s of the item failed", event["RequestType"])
        answer |= {"Status": "FAILED", "Reason": f"{properties['Table']}: {error}"[:1000]}
    body, headers = json.dumps(answer).encode(), {"content-type": ""}
    request = urllib.request.Request(event["ResponseURL"], body, headers, method="PUT")  # noqa: S310
    urllib.request.urlopen(request, timeout=20).close()  # noqa: S310


def patiently_put(properties: dict[str, Any]) -> None:
    """Write the item; permissions that were granted a moment ago take some seconds to hold."""
    for left in reversed(range(TRIES)):
        try:
            put(properties)
            return
        except ClientError as error:
            if not left or error.response["Error"]["Code"] != "AccessDeniedException":
                raise
        time.sleep(PAUSE)


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
