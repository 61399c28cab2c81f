"""The function behind a custom resource: tells the endpoints of a routing-control cluster, REGION=URL each.

CloudFormation knows them as a list of objects, which no function of a template can take apart and no output can hold.
"""

from __future__ import annotations

import json
import urllib.request
from typing import Any

import boto3  # type: ignore[import-untyped]


def handler(event: dict[str, Any], _context: object) -> None:
    """Answer CloudFormation, whatever happens: a deploy waits an hour for an answer that never comes."""
    answer = {name: event[name] for name in ("StackId", "RequestId", "LogicalResourceId")}
    arn = event["ResourceProperties"]["ClusterArn"]
    answer["PhysicalResourceId"] = event.get("PhysicalResourceId", arn)
    try:
        # Nothing was made, so nothing is there to delete.
        data = {} if event["RequestType"] == "Delete" else {"Endpoints": endpoints(arn)}
        answer |= {"Status": "SUCCESS", "Data": data}
    except Exception as error:
        answer |= {"Status": "FAILED", "Reason": f"{type(error).__name__}: {error}"}
    request = urllib.request.Request(  # noqa: S310 - the address is CloudFormation's own
        event["ResponseURL"], json.dumps(answer).encode(), {"content-type": ""}, method="PUT"
    )
    urllib.request.urlopen(request, timeout=10).close()  # noqa: S310


def endpoints(cluster_arn: str) -> str:
    """The endpoints of a cluster in the order of their Regions; its configuration is asked for in us-west-2."""
    control_plane = boto3.client("route53-recovery-control-config", region_name="us-west-2")
    found = control_plane.describe_cluster(ClusterArn=cluster_arn)["Cluster"]["ClusterEndpoints"]
    return ",".join(sorted(f"{endpoint['Region']}={endpoint['Endpoint']}" for endpoint in found))
