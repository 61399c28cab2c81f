"""The function behind custom resources that only look something up: what no template can, or takes apart.

Nothing is made, so nothing is there to delete.
"""

from typing import Any

import boto3  # type: ignore[import-untyped]
from botocore.config import Config  # type: ignore[import-untyped]

from ha_patterns.cdk.custom_resource.protocol import answer

# So that a Region that hangs is told before the function's time is over.
CONFIG = Config(connect_timeout=5, read_timeout=10, retries={"total_max_attempts": 2})


def handler(event: dict[str, Any], _context: object) -> None:
    """Look up what a resource of this type is for."""

    def look_up(properties: dict[str, Any]) -> dict[str, str]:
        find = LOOKUPS[event["ResourceType"]]
        return {} if event["RequestType"] == "Delete" else find(properties)

    answer(event, event.get("PhysicalResourceId", event["LogicalResourceId"]), look_up)


def cluster_endpoints(properties: dict[str, Any]) -> dict[str, str]:
    """The endpoints of a routing-control cluster in the order of their Regions, REGION=URL each.

    CloudFormation knows them as a list of objects. The configuration of a cluster is asked for in us-west-2.
    """
    control_plane = boto3.client("route53-recovery-control-config", region_name="us-west-2", config=CONFIG)
    found = control_plane.describe_cluster(ClusterArn=properties["ClusterArn"])["Cluster"]["ClusterEndpoints"]
    return {"Endpoints": ",".join(sorted(f"{endpoint['Region']}={endpoint['Endpoint']}" for endpoint in found))}


def prefix_lists(properties: dict[str, Any]) -> dict[str, str]:
    """The ids, in the Region of this function, of prefix lists that AWS manages, under the keys they were asked by."""
    names = properties["Names"]
    found = boto3.client("ec2", config=CONFIG).describe_managed_prefix_lists(
        Filters=[{"Name": "prefix-list-name", "Values": list(names.values())}, {"Name": "owner-id", "Values": ["AWS"]}]
    )["PrefixLists"]
    ids = {each["PrefixListName"]: each["PrefixListId"] for each in found}
    if missing := set(names.values()) - ids.keys():
        raise LookupError(f"this Region has no prefix list {', '.join(sorted(missing))}")
    return {key: ids[name] for key, name in names.items()}


LOOKUPS = {"Custom::RoutingControlEndpoints": cluster_endpoints, "Custom::ManagedPrefixLists": prefix_lists}
