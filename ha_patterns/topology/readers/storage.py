"""Buckets with who may read them and where they are copied to, and access points."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ..model import (
    AccessPoint,
    AccessPointRegion,
    Bucket,
    BucketPolicy,
    Key,
    PublicAccessBlock,
    ReplicationFilter,
    ReplicationRule,
    Role,
    Website,
)
from ..properties import Property
from ..reader import Read, Reader, Resource, complete
from ..values import Reference, ResourceId, Unresolved, Value, references
from .iam import policies, policy
from .kms import key

_NO_BUCKET = Unresolved("a bucket, which nothing names")
#: How soon S3 undertakes to copy with replication time control, in minutes: there is one value only. See
#: https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-time-control.html
_TIME_CONTROL = 15
_BLOCKS = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
_FILTER_ELEMENTS = frozenset({"Prefix", "TagFilter", "TagFilters", "And", "Not"})


def _bucket(reader: Reader, resource: Resource) -> Bucket:
    properties = resource.properties
    name = properties["BucketName"].text()
    attached = policies(reader, "AWS::S3::BucketPolicy", "Bucket")
    # Two buckets that copy each other are joined by a custom resource, once both are there.
    joined = reader.index("replications", lambda: _replications(reader))
    copied = (*joined.get(resource.id, ()), *(joined.get(name, ()) if name is not None else ()))
    encryption, encrypts = _encryption(reader, resource)
    website = properties["WebsiteConfiguration"]
    return Bucket(
        name=name or Reference(resource.id),
        versioned=_enabled(properties["VersioningConfiguration"]["Status"]),
        website=_website(resource, website) if website else None,
        statements=attached.get(_holder(resource, name, attached)),
        replication=(*_rules(reader, resource), *(_joined(reader, one) for one in copied)),
        public_access_block=_public_access_block(resource),
        ownership=_ownership(properties["OwnershipControls"]),
        encryption=encryption,
        key=encrypts,
        **resource.head(),
    )


def _holder(
    resource: Resource, name: Value | None, attached: Mapping[ResourceId | Value, object]
) -> ResourceId | Value:
    """What a policy of its own names the resource by."""
    return resource.id if name is None or resource.id in attached else name


def _enabled(status: Property, *, default: bool = False) -> bool | Unresolved:
    """Whether a status is ``Enabled``."""
    told = status.text()
    if told is None:
        return default
    return told == "Enabled" if isinstance(told, str) else status.unresolved or Unresolved(f"{told}, which AWS makes")


def _ownership(controls: Property) -> Value:
    told = [one["ObjectOwnership"].text() for one in controls["Rules"]] if controls else []
    return next((one for one in told if one is not None), controls.unresolved or "BucketOwnerEnforced")


def _encryption(reader: Reader, resource: Resource) -> tuple[Value, Key | Unresolved | None]:
    """How objects are encrypted of which nobody says it, by the first rule, as there can be one; and with which key."""
    given = resource.properties["BucketEncryption"]
    if not given:
        return "AES256", None
    rules = given["ServerSideEncryptionConfiguration"]
    by_default = next(iter(rules), rules)["ServerSideEncryptionByDefault"]
    encrypts = key(reader, by_default["KMSMasterKeyID"].text(), resource)
    return by_default["SSEAlgorithm"].text() or "AES256", encrypts


def _website(resource: Resource, given: Property) -> Website:
    return Website(
        index_document=given["IndexDocument"].text(),
        error_document=given["ErrorDocument"].text(),
        redirects_to=given["RedirectAllRequestsTo"]["HostName"].text(),
        rules=sum(1 for _ in given["RoutingRules"]),
        **resource.part(given),
    )


def _public_access_block(resource: Resource) -> PublicAccessBlock:
    given = resource.properties["PublicAccessBlockConfiguration"]
    # S3 blocks all of a new bucket; what is given replaces that.
    block_acls, ignore_acls, block_policy, restrict_buckets = (
        given[name].flag() if given else True for name in _BLOCKS
    )
    return PublicAccessBlock(
        block_acls=block_acls,
        ignore_acls=ignore_acls,
        block_policy=block_policy,
        restrict_buckets=restrict_buckets,
        **resource.part(given),
    )


def _rules(reader: Reader, resource: Resource) -> list[ReplicationRule]:
    configuration = resource.properties["ReplicationConfiguration"]
    given = list(configuration["Rules"]) if configuration else []
    role = reader.link(configuration["Role"].text(), Role) if given else None
    return [_rule(reader, resource, one, role) for one in given]


def _rule(reader: Reader, resource: Resource, given: Property, role: Role | Unresolved | None) -> ReplicationRule:
    destination, selection = given["Destination"], given["SourceSelectionCriteria"]
    arn = destination["Bucket"].text()
    told = given["Filter"]
    time = destination["ReplicationTime"]
    timed = _enabled(time["Status"]) if time else False
    minutes = time["Time"]["Minutes"].whole(_TIME_CONTROL) if timed is True else None
    # A rule without a filter is of the first version, in which what users delete is deleted at the destination. See
    # https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-add-config.html
    first_version = not told and not time
    replica_key = destination["EncryptionConfiguration"]["ReplicaKmsKeyID"].text()
    rule = ReplicationRule(
        id=given["Id"].text(),
        enabled=_enabled(given["Status"]),
        priority=given["Priority"].whole(),
        filter=_filter(resource, told) if told else _prefix(resource, given),
        role=role,
        destination=_NO_BUCKET,
        destination_arn=arn,
        account=destination["Account"].text(),
        owner=destination["AccessControlTranslation"]["Owner"].text(),
        storage_class=destination["StorageClass"].text(),
        delete_markers=_enabled(given["DeleteMarkerReplication"]["Status"], default=first_version),
        kms_objects=_enabled(selection["SseKmsEncryptedObjects"]["Status"]) if selection else False,
        replica_key=key(reader, replica_key, resource),
        replica_key_arn=replica_key,
        replica_modifications=_enabled(selection["ReplicaModifications"]["Status"]) if selection else False,
        time_control=_seconds(minutes) if timed is True else timed or None,
        first_version=first_version,
        **resource.part(given),
    )
    _link_destination(reader, rule)
    return rule


def _seconds(minutes: int | Unresolved | None) -> int | Unresolved | None:
    return minutes * 60 if isinstance(minutes, int) else minutes


def _link_destination(reader: Reader, rule: ReplicationRule) -> None:
    """Link a rule to its bucket when all are read: two buckets may copy each other."""
    reader.later(
        lambda: complete(rule, replace(rule, destination=reader.link(rule.destination_arn, Bucket) or _NO_BUCKET))
    )


def _filter(resource: Resource, given: Property, known: frozenset[str] = _FILTER_ELEMENTS) -> ReplicationFilter:
    if not isinstance(given.value, dict):
        unknown = given.unresolved or Unresolved("a filter")
        return ReplicationFilter(prefix=unknown, tags=(), excludes=(), unread=(), **resource.part(given))
    both = given["And"]
    prefixes = (given["Prefix"].text(), both["Prefix"].text())
    tags = (given["TagFilter"], *given["TagFilters"], *both["TagFilters"])
    names = dict.fromkeys(name for one in (given, both) for name, _ in one.items())
    excluded = [one["Not"] for one in (given, both)] if "Not" in known else []
    return ReplicationFilter(
        prefix=next((prefix for prefix in prefixes if prefix is not None), ""),
        tags=tuple((one["Key"].text() or "", one["Value"].text() or "") for one in tags if one),
        # A filter excludes once.
        excludes=tuple(_filter(resource, one, known - {"Not"}) for one in excluded if one),
        unread=tuple(name for name in names if name not in known),
        **resource.part(given),
    )


def _prefix(resource: Resource, rule: Property) -> ReplicationFilter:
    """What a rule of the first version says in place of a filter."""
    prefix = rule["Prefix"].text()
    return ReplicationFilter(
        prefix="" if prefix is None else prefix, tags=(), excludes=(), unread=(), **resource.part(rule["Prefix"])
    )


def _replications(reader: Reader) -> dict[ResourceId | Value, list[Resource]]:
    """By bucket, its resource or its name, the custom resources of this library that copy it."""
    found: dict[ResourceId | Value, list[Resource]] = {}
    for resource in reader.resources("Custom::BucketReplication"):
        source, target = (resource.properties[one].text() for one in ("SourceBucket", "DestinationArn"))
        if source is not None and target is not None:
            keys = [reference.resource for reference in references(source)]
            found.setdefault(keys[0] if keys else source, []).append(resource)
    return found


def _joined(reader: Reader, resource: Resource) -> ReplicationRule:
    """The rule that a custom resource of this library sets; see ``bucket_replication/handler.py``."""
    properties = resource.properties
    timed = properties["ReplicationTimeControl"].flag()
    rule = ReplicationRule(
        id="ha-patterns",
        enabled=True,
        priority=1,
        filter=ReplicationFilter(prefix="", tags=(), excludes=(), unread=(), **resource.head()),
        role=reader.link(properties["RoleArn"].text(), Role),
        destination=_NO_BUCKET,
        destination_arn=properties["DestinationArn"].text(),
        account=None,
        owner=None,
        storage_class=None,
        delete_markers=True,
        kms_objects=False,
        replica_key=None,
        replica_key_arn=None,
        replica_modifications=True,
        time_control=_TIME_CONTROL * 60 if timed is True else timed or None,
        first_version=False,
        **resource.head(),
    )
    _link_destination(reader, rule)
    return rule


def _bucket_policy(reader: Reader, resource: Resource) -> BucketPolicy:
    name = resource.properties["Bucket"].text()
    return BucketPolicy(
        bucket=reader.link(name, Bucket),
        bucket_name=name,
        statements=policy(resource, resource.properties["PolicyDocument"]),
        **resource.head(),
    )


def _access_point(reader: Reader, resource: Resource) -> AccessPoint:
    properties = resource.properties
    document = properties["Policy"]
    return AccessPoint(
        name=properties["Name"].text(),
        multi_region=False,
        regions=_regions(reader, resource, properties),
        statements=policy(resource, document) if document else None,
        public_access_block=_public_access_block(resource),
        vpc=properties["VpcConfiguration"]["VpcId"].text(),
        **resource.head(),
    )


def _multi_region_access_point(reader: Reader, resource: Resource) -> AccessPoint:
    properties = resource.properties
    name = properties["Name"].text()
    attached = policies(reader, "AWS::S3::MultiRegionAccessPointPolicy", "MrapName", "Policy")
    return AccessPoint(
        name=name,
        multi_region=True,
        regions=tuple(one for region in properties["Regions"] for one in _regions(reader, resource, region)),
        statements=attached.get(_holder(resource, name, attached)),
        public_access_block=_public_access_block(resource),
        vpc=None,
        **resource.head(),
    )


def _regions(reader: Reader, resource: Resource, given: Property) -> tuple[AccessPointRegion, ...]:
    account = given["BucketAccountId"].text()
    return tuple(
        AccessPointRegion(bucket=bucket, account=account, **resource.part(given))
        for bucket in reader.links(given["Bucket"].one_or_more(), Bucket)
    )


READERS: Mapping[str, Read] = {
    "AWS::S3::Bucket": _bucket,
    "AWS::S3::BucketPolicy": _bucket_policy,
    "AWS::S3::AccessPoint": _access_point,
    "AWS::S3::MultiRegionAccessPoint": _multi_region_access_point,
}
