"""Buckets with who may read them, access points, and tables with their replicas."""

from __future__ import annotations

from collections.abc import Mapping

from ..model import AccessPoint, Bucket, Statement, Table
from ..reader import Read, Reader, Resource
from ..values import Reference, ResourceId, Unresolved, Value, references
from .iam import statements


def _bucket(reader: Reader, resource: Resource) -> Bucket:
    properties = resource.properties
    name = properties["BucketName"].text()
    policies = reader.index("bucket policies", lambda: _policies(reader))
    found = policies.get(resource.id) or policies.get(name)
    rules = properties["ReplicationConfiguration"]["Rules"]
    # Two buckets that copy each other are joined by a custom resource, once both are there.
    copies = reader.index("replications", lambda: _replications(reader))
    targets = [arn for rule in rules for arn in rule["Destination"]["Bucket"].one_or_more()]
    return Bucket(
        name=name or Reference(resource.id),
        versioned=properties["VersioningConfiguration"]["Status"].text() == "Enabled",
        website=bool(properties["WebsiteConfiguration"]),
        statements=None if found is None else tuple(found),
        replicates_to=(*targets, *copies.get(name, ())),
        **resource.head(),
    )


def _policies(reader: Reader) -> dict[ResourceId | Value | None, list[Statement]]:
    """By bucket, its resource or its name, the statements of its policy."""
    found: dict[ResourceId | Value | None, list[Statement]] = {}
    for policy in reader.resources("AWS::S3::BucketPolicy"):
        bucket = policy.properties["Bucket"].text()
        made = list(statements(policy, policy.properties["PolicyDocument"]))
        if bucket is not None:
            key = next((reference.resource for reference in references(bucket)), bucket)
            found.setdefault(key, []).extend(made)
    return found


def _replications(reader: Reader) -> dict[Value | None, list[Value]]:
    """By bucket's name, where this library's custom resource copies it to."""
    found: dict[Value | None, list[Value]] = {}
    for resource in reader.resources("Custom::BucketReplication"):
        source, target = (resource.properties[key].text() for key in ("SourceBucket", "DestinationArn"))
        if source is not None and target is not None:
            found.setdefault(source, []).append(target)
    return found


def _access_point(reader: Reader, resource: Resource) -> AccessPoint:
    return AccessPoint(
        name=resource.properties["Name"].text(),
        multi_region=False,
        buckets=reader.links(resource.properties["Bucket"].one_or_more(), Bucket),
        **resource.head(),
    )


def _multi_region_access_point(reader: Reader, resource: Resource) -> AccessPoint:
    buckets = tuple(bucket for region in resource.properties["Regions"] for bucket in region["Bucket"].one_or_more())
    return AccessPoint(
        name=resource.properties["Name"].text(),
        multi_region=True,
        buckets=reader.links(buckets, Bucket),
        **resource.head(),
    )


def _table(reader: Reader, resource: Resource) -> Table:
    name = resource.properties["TableName"].text() or Reference(resource.id)
    copies = reader.index("replicas", lambda: _replicas(reader))
    regions = (*copies.get(Reference(resource.id), ()), *(copies.get(name, ()) if isinstance(name, str) else ()))
    return Table(
        name=name,
        replicas=tuple(dict.fromkeys((resource.template.stack.region, *regions))) if regions else (),
        strong=False,
        **resource.head(),
    )


def _replicas(reader: Reader) -> dict[Value | None, list[Value]]:
    """By table's name, where the custom resource of the CDK's older tables copies it to."""
    found: dict[Value | None, list[Value]] = {}
    for resource in reader.resources("Custom::DynamoDBReplica"):
        region = resource.properties["Region"].text()
        if region is not None:
            found.setdefault(resource.properties["TableName"].text(), []).append(region)
    return found


def _global_table(_reader: Reader, resource: Resource) -> Table:
    properties = resource.properties
    unknown = Unresolved("a Region, which the replica lacks")
    return Table(
        name=properties["TableName"].text() or Reference(resource.id),
        replicas=tuple(one["Region"].text() or unknown for one in properties["Replicas"]),
        strong=properties["MultiRegionConsistency"].text() == "STRONG",
        **resource.head(),
    )


READERS: Mapping[str, Read] = {
    "AWS::S3::Bucket": _bucket,
    "AWS::S3::AccessPoint": _access_point,
    "AWS::S3::MultiRegionAccessPoint": _multi_region_access_point,
    "AWS::DynamoDB::Table": _table,
    "AWS::DynamoDB::GlobalTable": _global_table,
}
