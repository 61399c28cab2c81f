"""The function behind the sample load balancer: says which Region and role answered, with its stack's status."""

from __future__ import annotations

import http
import json
import os
from typing import Any


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    status = int(os.environ["ORIGIN_STATUS"])
    body = {
        "region": os.environ["AWS_REGION"],
        "role": os.environ["ROLE"],
        "method": event["httpMethod"],
        "path": event["path"],
    }
    return {
        "statusCode": status,
        "statusDescription": f"{status} {http.HTTPStatus(status).phrase}",
        "isBase64Encoded": False,
        "headers": {"content-type": "application/json", "cache-control": "no-store"},
        "body": json.dumps(body),
    }
