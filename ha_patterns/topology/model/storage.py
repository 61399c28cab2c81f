"""Buckets, what is copied between them, and access points."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..values import Unresolved, Value
from .base import Thing, thing

if TYPE_CHECKING:
    from .base import Flag, Whole
    from .iam import Role, Statement
    from .kms import Key


@thing
class ReplicationFilter(Thing):
    """Which objects a replication rule copies: those that all of it holds for.

    Attributes:
        prefix: What their keys start with; empty for any.
        tags: Keys and values of the tags that they have.
        excludes: What they are not: a filter's ``Not``.
        unread: Elements of the filter that this model does not know, so that nothing is sure about the rest.

    See https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-add-config.html
    """

    prefix: Value
    tags: tuple[tuple[Value, Value], ...]
    excludes: tuple[ReplicationFilter, ...]
    unread: tuple[str, ...]

    @property
    def everything(self) -> bool | None:
        """Whether it lets all objects through; None where nothing tells."""
        if self.excludes or self.tags or (isinstance(self.prefix, str) and self.prefix):
            return False
        return True if self.prefix == "" and not self.unread and not self.gaps else None


@thing
class ReplicationRule(Thing):
    """A rule by which S3 copies a bucket's new objects to another bucket.

    Attributes:
        id: None where S3 makes it.
        enabled: Whether anything is copied by it.
        priority: Of rules for the same objects and destination, the highest counts; None where it has none.
        role: What S3 copies with.
        destination: The bucket; Unresolved where it is not in these templates.
        destination_arn: As the template names the bucket; None where it does not.
        account: The account of the destination; None where it is the source's, or the replicas' owner stays the same.
        owner: ``Destination`` where the replicas belong to the destination's account; None where to the source's.
        storage_class: None for the objects' own.
        delete_markers: Whether an object that is deleted at the source is deleted at the destination.
        kms_objects: Whether objects that a key of KMS encrypts are copied.
        replica_key: Encrypts the replicas; None where nothing says one.
        replica_key_arn: The same, as the template names it.
        replica_modifications: Whether changes of a replica's tags and ACL are copied, as two-way replication needs.
        time_control: How soon S3 undertakes to copy, in seconds; None without replication time control.
        first_version: Whether it is of the first version, which has no filter.

    See https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication.html
    """

    id: Value | None
    enabled: Flag
    priority: Whole | None
    filter: ReplicationFilter
    role: Role | Unresolved | None
    destination: Bucket | Unresolved
    destination_arn: Value | None
    account: Value | None
    owner: Value | None
    storage_class: Value | None
    delete_markers: Flag
    kms_objects: Flag
    replica_key: Key | Unresolved | None
    replica_key_arn: Value | None
    replica_modifications: Flag
    time_control: Whole | None
    first_version: bool


@thing
class Website(Thing):
    """A bucket's website.

    Attributes:
        index_document: What is sent for a path that ends with a slash; None where it has none.
        error_document: What is sent for an error; None for S3's own page.
        redirects_to: The host that all requests are redirected to; None where they are answered.
        rules: How many rules redirect some requests.
    """

    index_document: Value | None
    error_document: Value | None
    redirects_to: Value | None
    rules: int


@thing
class PublicAccessBlock(Thing):
    """What of public access is blocked, whatever policies and ACLs say.

    A bucket for which nothing is said has all four, as S3 sets them for new buckets; of a block that says some, the
    others are off. See https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html

    Attributes:
        block_acls: Whether ACLs that are public are refused.
        ignore_acls: Whether ACLs that are public count for nothing.
        block_policy: Whether a policy that is public is refused.
        restrict_buckets: Whether only AWS services and the own account may use a bucket whose policy is public.
    """

    block_acls: Flag
    ignore_acls: Flag
    block_policy: Flag
    restrict_buckets: Flag


@thing
class Bucket(Thing):
    """A bucket.

    Attributes:
        website: None where it has none.
        statements: Of its policy, wherever it is; None where no template here has one, or not all of it is known.
        replication: The rules by which it is copied, those of this library's ``BucketReplication`` too.
        ownership: ``BucketOwnerEnforced`` where ACLs count for nothing, as for new buckets.
        encryption: ``AES256``, ``aws:kms`` or ``aws:kms:dsse``.
        key: Encrypts its objects; None where a key of S3 does.
    """

    name: Value
    versioned: Flag
    website: Website | None
    statements: tuple[Statement, ...] | None
    replication: tuple[ReplicationRule, ...]
    public_access_block: PublicAccessBlock
    ownership: Value
    encryption: Value
    key: Key | Unresolved | None

    @property
    def replicates_to(self) -> tuple[Value, ...]:
        """The buckets that it is copied to, by ARN."""
        return tuple(rule.destination_arn for rule in self.replication if rule.destination_arn is not None)


@thing
class BucketPolicy(Thing):
    """A policy of a bucket, as a resource of its own.

    Attributes:
        bucket: Unresolved if it is not in these templates.
        bucket_name: As the template names the bucket; None if it names none.
        statements: None if not all of it is known.
    """

    bucket: Bucket | Unresolved | None
    bucket_name: Value | None
    statements: tuple[Statement, ...] | None


@thing
class AccessPointRegion(Thing):
    """A bucket behind an access point.

    Attributes:
        account: The bucket's account; None where it is the access point's.
    """

    bucket: Bucket | Unresolved
    account: Value | None

    @property
    def region(self) -> Value | None:
        """The bucket's Region; None where the bucket is not in these templates."""
        return None if isinstance(self.bucket, Unresolved) else self.bucket.place.stack.region


@thing
class AccessPoint(Thing):
    """An access point, or one of several Regions, with its buckets.

    Attributes:
        regions: One bucket for each Region; one in all for an access point that is not of several Regions.
        statements: Of its policy, wherever it is; None where no template here has one, or not all of it is known.
        vpc: The VPC that requests must come from; None where they may come from the internet.
    """

    name: Value | None
    multi_region: bool
    regions: tuple[AccessPointRegion, ...]
    statements: tuple[Statement, ...] | None
    public_access_block: PublicAccessBlock
    vpc: Value | None

    @property
    def region(self) -> Value | None:
        """The Region that it is in; None for one of several Regions."""
        return None if self.multi_region else super().region

    @property
    def buckets(self) -> tuple[Bucket | Unresolved, ...]:
        """The buckets, in the order of the template."""
        return tuple(region.bucket for region in self.regions)
