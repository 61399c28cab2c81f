"""How a function behind a custom resource answers CloudFormation."""

import json
import logging
import time
import urllib.request
from collections.abc import Callable, Mapping
from typing import Any

from botocore.exceptions import ClientError  # type: ignore[import-untyped]

TRIES, PAUSE = 6, 5  # the pause in seconds
ANSWER_TIMEOUT = 20  # seconds


def answer(
    event: Mapping[str, Any], physical_id: str, act: Callable[[dict[str, Any]], Mapping[str, str] | None]
) -> None:
    """Do what CloudFormation asks for and say how it went, whatever happens: a deploy waits an hour for an answer.

    Args:
        event: What CloudFormation asks for.
        physical_id: The name of the resource.
        act: Is given the properties; returns the attributes of the resource, if it has any.
    """
    said = {name: event[name] for name in ("StackId", "RequestId", "LogicalResourceId")}
    said |= {"PhysicalResourceId": physical_id, "Status": "SUCCESS"}
    try:
        if attributes := act(event["ResourceProperties"]):
            said["Data"] = attributes
    except Exception as error:
        logging.exception("%s of %s failed", event["RequestType"], physical_id)
        reason = f"{physical_id}: {type(error).__name__}: {error}"[:1000]
        # CloudFormation takes 4,096 bytes, and JSON writes a letter outside ASCII as six.
        said |= {"Status": "FAILED", "Reason": reason.encode("ascii", "replace").decode()}
    body, headers = json.dumps(said).encode(), {"content-type": ""}
    request = urllib.request.Request(event["ResponseURL"], body, headers, method="PUT")  # noqa: S310
    urllib.request.urlopen(request, timeout=ANSWER_TIMEOUT).close()  # noqa: S310


def patiently(act: Callable[[], None], refused: str) -> None:
    """Call AWS; permissions that were granted a moment ago take some seconds to hold.

    Args:
        act: Makes the call.
        refused: The error code of a call without permission.
    """
    for left in reversed(range(TRIES)):
        try:
            act()
            return
        except ClientError as error:
            if not left or error.response["Error"]["Code"] != refused:
                raise
        time.sleep(PAUSE)
