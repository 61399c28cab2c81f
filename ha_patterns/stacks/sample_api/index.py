"""The sample origin: says which Region and role answered, with the status that its stack was deployed with."""

import json
import os


def handler(event, context):
    http = event["requestContext"]["http"]
    body = {
        "region": os.environ["AWS_REGION"],
        "role": os.environ["ROLE"],
        "method": http["method"],
        "path": http["path"],
    }
    return {
        "statusCode": int(os.environ["ORIGIN_STATUS"]),
        "headers": {"content-type": "application/json", "cache-control": "no-store"},
        "body": json.dumps(body),
    }
