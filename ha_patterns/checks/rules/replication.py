"""Buckets that are copied: what S3 refuses, and what never arrives at the copy."""

from __future__ import annotations

from collections.abc import Iterator

from ...semantics.origin_access import encrypts_with_kms
from ...semantics.replication import missing_rights
from ...topology.model import Bucket, ReplicationRule
from ..rule import Context, Severity, Verdict, problem, rule
from ..words import listed, said

_S3 = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/"


@rule(
    "HA410",
    Severity.ERROR,
    "replication that S3 refuses",
    kind=Bucket,
    why="S3 copies between two buckets that both keep versions, and refuses the configuration at deploy otherwise. A "
    "rule that selects objects of AWS KMS has to say the key of the replicas, and one that selects by tags copies no "
    "delete markers. If a rule has no Filter, all rules have one destination.",
    remedy="Set VersioningConfiguration with Status Enabled on the source and on the destination; ReplicaKmsKeyID in "
    "the destination's EncryptionConfiguration for SseKmsEncryptedObjects; DeleteMarkerReplication Disabled where the "
    "Filter has tags; and of several destinations, a Filter, a Priority and DeleteMarkerReplication in every rule.",
    page=f"{_S3}replication-requirements.html",
)
def refused_replication(bucket: Bucket, _context: Context) -> Iterator[Verdict]:
    for one in bucket.replication:
        refused = _refused(bucket, one)
        if refused is not None:
            yield problem(one, refused)
    yield from _several_destinations(bucket)


def _several_destinations(bucket: Bucket) -> Iterator[Verdict]:
    """A problem if rules of the first version, which have no filter, have several destinations."""
    rules = [one for one in bucket.replication if one.place.condition is None]
    old = next((one for one in rules if one.first_version), None)
    targets: dict[object, str] = {}
    for one in rules:
        if isinstance(one.destination, Bucket):
            targets[one.destination] = one.destination.place.name
        elif isinstance(one.destination_arn, str):
            targets[one.destination_arn] = one.destination_arn
    if old is not None and len(targets) > 1:
        where = listed(targets.values())
        yield problem(old, f"the bucket {bucket.place.name} is copied to {where}, by a rule that has no Filter")


def _refused(bucket: Bucket, one: ReplicationRule) -> str | None:
    target = one.destination
    if bucket.versioned is False:
        return f"the bucket {bucket.place.name} is copied to {said(one.destination_arn or '?')}, and has no versioning"
    if isinstance(target, Bucket) and target.versioned is False:
        return f"the bucket {bucket.place.name} is copied to {target.place.name}, which has no versioning"
    if target is bucket:
        return f"the bucket {bucket.place.name} is copied to itself"
    if one.kms_objects is True and one.replica_key is None:
        return (
            f"the rule of {bucket.place.name} selects objects that AWS KMS encrypts, and lacks the ReplicaKmsKeyID of "
            "its destination"
        )
    if one.filter.tags and one.delete_markers is True:
        return f"the rule of {bucket.place.name} selects by the tag {one.filter.tags[0][0]}, and copies delete markers"
    return None


@rule(
    "HA411",
    Severity.ERROR,
    "role that may not copy",
    kind=Bucket,
    why="S3 copies objects with the role of the replication configuration. What the role is not allowed to read or to "
    "write is not copied: objects have the replication status FAILED, which nobody sees until the copy is asked for.",
    remedy="Let s3.amazonaws.com take the role, and allow the role s3:GetReplicationConfiguration and s3:ListBucket on "
    "the source, s3:GetObjectVersionForReplication, s3:GetObjectVersionAcl and s3:GetObjectVersionTagging on its "
    "objects, s3:ReplicateObject, s3:ReplicateDelete and s3:ReplicateTags on those of the destination; and "
    "kms:Decrypt and kms:Encrypt with the keys of objects that AWS KMS encrypts.",
    page=f"{_S3}setting-repl-config-perm-overview.html",
)
def may_not_copy(bucket: Bucket, _context: Context) -> Iterator[Verdict]:
    for one in bucket.replication:
        missing = missing_rights(bucket, one) if one.enabled is not False else []
        if missing:
            role = getattr(one.role, "place", bucket.place).name
            yield problem(one, f"the role {role}, which copies {bucket.place.name}, is not allowed {listed(missing)}")


@rule(
    "HA412",
    Severity.ERROR,
    "encrypted objects that are not copied",
    kind=Bucket,
    why="S3 copies objects that a key of AWS KMS encrypts only where the rule selects them. The bucket encrypts what "
    "is put into it by such a key, so that the copy stays empty.",
    remedy="Set SseKmsEncryptedObjects with Status Enabled in the rule's SourceSelectionCriteria, and the "
    "ReplicaKmsKeyID in its Destination; or encrypt the bucket with AES256.",
    page=f"{_S3}replication-config-for-kms-objects.html",
)
def encrypted(bucket: Bucket, _context: Context) -> Iterator[Verdict]:
    if not encrypts_with_kms(bucket):
        return
    for one in bucket.replication:
        if one.enabled is not False and one.kms_objects is False:
            key = bucket.encryption
            message = f"the bucket {bucket.place.name} encrypts with {key}, and its rule has no SseKmsEncryptedObjects"
            yield problem(one, message, "SourceSelectionCriteria")
