"""The function behind custom resources that only look something up: what no template can, or takes apart.

Nothing is made, so nothing is there to delete.
"""

from __future__ import annotations

import json
import urllib.request
from typing import Any

import boto3  # type: ignore[import-untyped]


def handler(event: dict[str, Any], _context: object) -> None:
    """Answer CloudFormation, whatever happens: a deploy waits an hour for an answer that never comes."""
    answer = {name: event[name] for name in ("StackId", "RequestId", "LogicalResourceId")}
    answer["PhysicalResourceId"] = event.get("PhysicalResourceId", event["LogicalResourceId"])
    try:
        look_up = LOOKUPS[event["ResourceType"]]
        data = {} if event["RequestType"] == "Delete" else look_up(event["ResourceProperties"])
        answer |= {"Status": "SUCCESS", "Data": data}
    except Exception as error:
        answer |= {"Status": "FAILED", "Reason": f"{type(error).__name__}: {error}"}
    request = urllib.request.Request(  # noqa: S310 - the address is CloudFormation's own
        event["ResponseURL"], json.dumps(answer).encode(), {"content-type": ""}, method="PUT"
    )
    urllib.request.urlopen(request, timeout=10).close()  # noqa: S310


def cluster_endpoints(properties: dict[str, Any]) -> dict[str, str]:
    """The endpoints of a routing-control cluster in the order of their Regions, REGION=URL each.

    CloudFormation knows them as a list of objects. The configuration of a cluster is asked for in us-west-2.
    """
    control_plane = boto3.client("route53-recovery-control-config", region_name="us-west-2")
    found = control_plane.describe_cluster(ClusterArn=properties["ClusterArn"])["Cluster"]["ClusterEndpoints"]
    return {"Endpoints": ",".join(sorted(f"{endpoint['Region']}={endpoint['Endpoint']}" for endpoint in found))}


def prefix_lists(properties: dict[str, Any]) -> dict[str, str]:
    """The ids, in the Region of this function, of prefix lists that AWS manages, under the keys they were asked by."""
    names = properties["Names"]
    found = boto3.client("ec2").describe_managed_prefix_lists(
        Filters=[{"Name": "prefix-list-name", "Values": list(names.values())}, {"Name": "owner-id", "Values": ["AWS"]}]
    )["PrefixLists"]
    ids = {each["PrefixListName"]: each["PrefixListId"] for each in found}
    if missing := set(names.values()) - ids.keys():
        raise LookupError(f"this Region has no prefix list {', '.join(sorted(missing))}")
    return {key: ids[name] for key, name in names.items()}


LOOKUPS = {"Custom::RoutingControlEndpoints": cluster_endpoints, "Custom::ManagedPrefixLists": prefix_lists}
