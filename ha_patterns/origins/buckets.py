"""Buckets in several Regions that hold the same content, and who may read them.

A distribution and its buckets need each other: the one names the buckets, the policy of each bucket names the
distribution. Three steps, each in stacks of their own, take the knot out: buckets with names; a distribution that
knows them by name and Region; then one stack a Region with the bucket's policy.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from aws_cdk import Aws, CfnOutput, Stack
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from constructs import Construct

from ..aws.regions import IDENTITY_REGIONS
from ..cdk.marks import all_marked, mark, marked
from ..cdk.properties import properties_of
from ..cdk.references import follow_producers, weak
from ..cdk.reviews import answer
from ..cdk.typed import typed
from ..cdk.validation import is_token, refusal
from ..edge.regions import region_of, stack_of
from .endpoints import Endpoint

_PAGE = (
    "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html"
)

# Left on a bucket: the path of its one policy.
_READ_POLICY = "read-policy"
# Left on a bucket: the path of each bucket that ``BucketReplication`` joins it with.
_COPIED_TO = "copied-to"


@typed
@dataclass(frozen=True, kw_only=True)
class NamedBucket:
    """A bucket of a ``BucketSet`` or ``MultiRegionAccessPoint``, as others know it: by name and Region.

    Attributes:
        bucket: The bucket, as it was made or imported.
        name: Its name.
        region: Its Region.
        allow_listing: Whether its reader may list keys.
    """

    bucket: s3.IBucket
    name: str
    region: str
    allow_listing: bool

    @property
    def arn(self) -> str:
        """The ARN of the bucket."""
        return f"arn:{Aws.PARTITION}:s3:::{self.name}"

    @property
    def objects_arn(self) -> str:
        """The ARN of all its objects."""
        return f"{self.arn}/*"

    def deploy_before(self, stack: Stack) -> None:
        """Have a stack that knows the bucket by name deployed after the one that makes it: a name is no reference."""
        made_in = stack_of(self.bucket)
        if made_in is not stack and self.bucket.node.default_child is not None:
            stack.add_stack_dependency(made_in)

    def read_policy(
        self,
        *,
        distribution: cloudfront.IDistribution | None = None,
        origin_access_identity: cloudfront.OriginAccessIdentity | None = None,
    ) -> iam.PolicyDocument:
        """The whole policy of the bucket: TLS only, and a distribution may read.

        Args:
            distribution: Reads with origin access control; in the same account. Default: none does.
            origin_access_identity: Reads objects, and nothing else. Default: none does.

        Raises:
            ValueError: Neither reader.
        """
        if distribution is None and origin_access_identity is None:
            raise ValueError(
                "distribution and origin_access_identity are both missing: nobody could read the bucket; "
                "give the one that its endpoints were made for"
            )
        statements = [
            iam.PolicyStatement(
                sid="TlsOnly",
                effect=iam.Effect.DENY,
                principals=[iam.AnyPrincipal()],
                actions=["s3:*"],
                resources=[self.arn, self.objects_arn],
                conditions={"Bool": {"aws:SecureTransport": "false"}},
            )
        ]
        if distribution is not None:
            grants = [("Read", "s3:GetObject", self.objects_arn)]
            if self.allow_listing:
                grants.append(("List", "s3:ListBucket", self.arn))
            statements += [
                iam.PolicyStatement(
                    sid=sid,
                    principals=[iam.ServicePrincipal("cloudfront.amazonaws.com")],
                    actions=[action],
                    resources=[resource],
                    conditions={"StringEquals": {"AWS:SourceArn": distribution_arn(distribution)}},
                )
                for sid, action, resource in grants
            ]
        if origin_access_identity is not None:
            user = origin_access_identity.cloud_front_origin_access_identity_s3_canonical_user_id
            statements.append(
                iam.PolicyStatement(
                    sid="ReadByIdentity",
                    principals=[iam.CanonicalUserPrincipal(weak(user))],
                    actions=["s3:GetObject"],
                    resources=[self.objects_arn],
                )
            )
        return iam.PolicyDocument(statements=statements)

    def policy_output(
        self,
        scope: Construct,
        construct_id: str,
        title: str,
        *,
        distribution: cloudfront.IDistribution | None = None,
        origin_access_identity: cloudfront.OriginAccessIdentity | None = None,
    ) -> CfnOutput:
        """An output with the policy as text, for a bucket whose policy no stack may make.

        Args:
            scope: A construct of the reader's stack.
            construct_id: The output's id.
            title: Which bucket it is, among those of the reader.
            distribution: As ``read_policy``.
            origin_access_identity: As ``read_policy``.
        """
        policy = self.read_policy(distribution=distribution, origin_access_identity=origin_access_identity)
        return CfnOutput(
            scope,
            construct_id,
            value=stack_of(scope).to_json_string(policy.to_json()),
            description=f"The policy that the {title} bucket needs",
        )


@typed
class BucketSet:
    """Private buckets with the same content, each in a Region of its own, made by other stacks or imported.

    A plain value, for constructs in any stack: ``endpoints`` makes origins of them in the stack of a distribution,
    ``BucketReadPolicy`` lets it read them. Nothing of it refers from stack to stack: the buckets are known by name and
    Region. What keeps them equal is yours to choose; between two, ``BucketReplication`` does it (see ``BucketPair``).

    Example::

        ireland, oregon, tokyo = (
            s3.Bucket(stack, "Content", bucket_name=f"content-{stack.region}", versioned=True) for stack in stacks
        )
        content = BucketSet([ireland, oregon, tokyo])

    Args:
        buckets: At least 2. A bucket of another stack needs a ``bucket_name`` and a stack with a Region; leave
            ``enforce_ssl`` out, for ``BucketReadPolicy`` makes its whole policy. One that exists already is imported
            with its Region: ``Bucket.from_bucket_attributes(..., bucket_name=..., region=...)``.
        allow_listing: Whether the reader may list keys, so that S3 answers 404 for a key that is not there. Without,
            it answers 403, as for a key that may not be read. Default False.

    Attributes:
        allow_listing: As given.

    Raises:
        ValueError: Fewer than 2 buckets; a bucket without a name of its own or a Region that is known; one bucket, or
            one Region, twice; a bucket with a KMS key, which readers and replication would have to be granted too.
    """

    def __init__(self, buckets: Sequence[s3.IBucket], *, allow_listing: bool = False) -> None:
        if len(buckets) < 2:
            raise refusal("buckets", "at least 2", len(buckets), "with one there is nowhere to turn to")
        self._know({f"buckets[{place}]": bucket for place, bucket in enumerate(buckets)}, allow_listing)

    def _know(self, buckets: Mapping[str, s3.IBucket], allow_listing: bool) -> None:
        """Know the buckets, by the arguments that they were given as, and refuse two that one outage takes."""
        self.allow_listing = allow_listing
        self._named = {
            argument: named_bucket(argument, bucket, allow_listing=allow_listing)
            for argument, bucket in buckets.items()
        }
        for (argument, bucket), (other_argument, other) in combinations(self._named.items(), 2):
            if bucket.name == other.name:
                raise refusal(
                    other_argument, f"another bucket than {argument}", other.name, "one outage takes them both"
                )
            if bucket.region == other.region:
                raise refusal(
                    other_argument,
                    f"in another Region than {argument}",
                    other.region,
                    "S3 fails by Region, so one outage takes them both; a bucket that is imported without its region "
                    "is taken for one of the stack's",
                )

    @property
    def buckets(self) -> tuple[NamedBucket, ...]:
        """The buckets in the order given."""
        return tuple(self._named.values())

    def endpoints(
        self,
        scope: Construct,
        *,
        origin_path: str | None = None,
        origin_access_identity: cloudfront.IOriginAccessIdentity | None = None,
    ) -> tuple[Endpoint, ...]:
        """The buckets as endpoints, for origins in the stack of a distribution.

        The stack is deployed after those of the buckets. To be called once in a scope.

        Args:
            scope: A construct of the distribution's stack.
            origin_path: A path that CloudFront puts before each request's own. Default: none.
            origin_access_identity: Read with this identity. An edge function that changes the bucket of a request
                can sign for an identity only, and the same one for every bucket. Default: origin access control.

        Raises:
            ValueError: A bucket whose Region an identity cannot read.
        """
        stack = stack_of(scope)
        endpoints = []
        for place, (argument, bucket) in enumerate(self._named.items()):
            if origin_access_identity is not None:
                require_identity_reads(argument, bucket)
            bucket.deploy_before(stack)
            endpoint = Endpoint.bucket(
                s3.Bucket.from_bucket_attributes(
                    scope, f"Bucket{place}", bucket_name=bucket.name, region=bucket.region
                ),
                origin_path=origin_path,
                origin_access_identity=origin_access_identity,
                policy_elsewhere=True,
            )
            endpoint.source = bucket.bucket
            # An identity may read objects, and nothing else.
            endpoint.lists_keys = bucket.allow_listing and origin_access_identity is None
            endpoints.append(endpoint)
        return tuple(endpoints)


@typed
class BucketPair(BucketSet):
    """A ``BucketSet`` of two, of which one is asked first; ``BucketReplication`` keeps them equal.

    Example::

        primary = s3.Bucket(ireland, "Content", bucket_name="content-eu-west-1", versioned=True)
        secondary = s3.Bucket(frankfurt, "Content", bucket_name="content-eu-central-1", versioned=True)
        content = BucketPair(primary=primary, secondary=secondary)

    Args:
        primary: Asked first. See ``BucketSet``.
        secondary: The same, in another Region.
        allow_listing: See ``BucketSet``. Default False.

    Attributes:
        primary: The primary's name and Region.
        secondary: The secondary's.
        allow_listing: As given.

    Raises:
        ValueError: As ``BucketSet``.
    """

    def __init__(self, *, primary: s3.IBucket, secondary: s3.IBucket, allow_listing: bool = False) -> None:
        self._know({"primary": primary, "secondary": secondary}, allow_listing)
        self.primary, self.secondary = self.buckets


@typed
class BucketReadPolicy(Construct):
    """The whole policy of one bucket of a set: TLS only, and a distribution may read.

    Goes into a third stack, in the bucket's Region, which is deployed after the bucket's and the distribution's. It
    refers to the distribution weakly, so neither stack is locked to the other.

    Creates a bucket policy. S3 keeps one policy a bucket, so there can be no other: what else the policy shall say
    is added to ``document``.

    Example::

        BucketReadPolicy(policies_in_ireland, "Policy", bucket=content.primary, distribution=site.distribution)

    Args:
        bucket: One of the ``buckets`` of a set or of a ``MultiRegionAccessPoint``, such as ``primary`` of a pair.
        distribution: Reads with origin access control; in the same account. Default: none does.
        origin_access_identity: Reads objects, and nothing else. Default: none does.

    Attributes:
        document: The policy; statements can be added to it.
        policy: The bucket policy.

    Raises:
        ValueError: No reader; a stack of another Region than the bucket's; a bucket that has a policy already, in
            its own stack or by another of these.

    See https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        bucket: NamedBucket,
        distribution: cloudfront.IDistribution | None = None,
        origin_access_identity: cloudfront.OriginAccessIdentity | None = None,
    ) -> None:
        super().__init__(scope, construct_id)
        follow_producers(stack_of(self))
        self.document = bucket.read_policy(distribution=distribution, origin_access_identity=origin_access_identity)
        region = region_of(self)
        if not is_token(region) and not is_token(bucket.region) and region != bucket.region:
            raise refusal(
                "bucket",
                f"one of {region}, where this stack is",
                bucket.region,
                "a policy is put by the stack of its bucket's Region",
            )
        if bucket.bucket.policy is not None:
            raise ValueError(
                f"bucket must have no policy in its own stack, got {bucket.bucket.node.path}: S3 keeps one policy a "
                "bucket, and this is it; leave out enforce_ssl, auto_delete_objects and add_to_resource_policy there, "
                "and add statements to document here"
            )
        if other := marked(bucket.bucket, _READ_POLICY):
            raise ValueError(
                f"bucket must have no other BucketReadPolicy, got {bucket.bucket.node.path}, which has "
                f"{other}: S3 keeps one policy a bucket; add statements to that one's document"
            )
        mark(bucket.bucket, _READ_POLICY, self.node.path)
        self.policy = s3.CfnBucketPolicy(self, "Resource", bucket=bucket.name, policy_document=self.document)
        self.node.add_dependency(bucket.bucket)
        answer(self, {"S10": "It refuses all but TLS, which the rule cannot tell of a name with something of deploy."})


def named_bucket(argument: str, bucket: s3.IBucket, *, allow_listing: bool = False) -> NamedBucket:
    """A bucket as other stacks and Regions know it; refuses one that they cannot know, and one with a KMS key."""
    resource = bucket.node.default_child
    if bucket.encryption_key is not None or _uses_kms(resource):
        raise refusal(
            argument,
            "encrypted by S3 itself",
            bucket.node.path,
            "with a KMS key, readers and replication need the key granted too, which cannot be done with AWS's own "
            f"key, nor for an origin access identity; use S3_MANAGED, see {_PAGE}",
        )
    name, region = bucket.bucket_name, bucket.env.region
    if isinstance(resource, s3.CfnBucket):
        # The L2's name is a reference to the stack that makes it. What is not named has a token here, too, which only
        # resolving tells from a name with tokens in it.
        given = resource.bucket_name
        if given is None or resource.stack.resolve(given) is None:
            raise refusal(
                argument,
                "a bucket with a bucket_name",
                bucket.node.path,
                "other stacks and Regions know it by name: a generated one would make the stacks need each other",
            )
        name, region = given, region_of(bucket)
        if is_token(region):
            raise ValueError(
                f"{argument} is in a stack whose Region only the deploy knows, got {bucket.node.path}: a bucket's "
                "domain name has its Region in it; give the stack env=Environment(region=...)"
            )
    return NamedBucket(bucket=bucket, name=name, region=region, allow_listing=allow_listing)


def require_identity_reads(argument: str, bucket: NamedBucket) -> None:
    """Refuse a bucket of a Region whose requests an origin access identity cannot sign."""
    if is_token(bucket.region) or bucket.region not in IDENTITY_REGIONS:
        raise refusal(
            argument,
            "in a Region that was there before 2023",
            "one that only the deploy knows" if is_token(bucket.region) else bucket.region,
            "an origin access identity reads buckets of no other, and edge functions can sign for nothing else; use a "
            f"bucket of another Region, or origin access control, as BucketFailover does by itself, see {_PAGE}",
        )


def _uses_kms(resource: object) -> bool:
    """Whether a bucket of the app is encrypted with a KMS key; the L2 does not tell of AWS's own."""
    if not isinstance(resource, s3.CfnBucket) or resource.bucket_encryption is None:
        return False
    return "aws:kms" in str(resource.stack.resolve(resource.bucket_encryption))


def distribution_arn(distribution: cloudfront.IDistribution) -> str:
    """The ARN of a distribution of this account, as policies name it; of another stack, by a weak reference."""
    return f"arn:{Aws.PARTITION}:cloudfront::{Aws.ACCOUNT_ID}:distribution/{weak(distribution.distribution_id)}"


def join(one: s3.IBucket, other: s3.IBucket) -> None:
    """Remember that two buckets are copied to each other."""
    for source, target in ((one, other), (other, one)):
        mark(source, _COPIED_TO, target.node.path)


def is_copied(one: s3.IBucket, other: s3.IBucket) -> bool | None:
    """Whether two buckets of this app are copied, either way; None if one of them is imported, and unknown.

    To be asked when everything is made.
    """
    if other.node.path in all_marked(one, _COPIED_TO):
        return True
    first, second = one.node.default_child, other.node.default_child
    if not (isinstance(first, s3.CfnBucket) and isinstance(second, s3.CfnBucket)):
        return None
    return _replicates(first, second) or _replicates(second, first)


def _replicates(source: s3.CfnBucket, target: s3.CfnBucket) -> bool:
    """Whether a rule of a bucket has another one as its destination, by reference or by name."""
    rules = json.dumps(properties_of(source, "replicationConfiguration"))
    stack = target.stack
    names = [properties_of(target, "bucketName").get("bucketName")]
    if stack is source.stack:
        names.append(stack.resolve(target.logical_id))
    return any(isinstance(name, str) and f'{name}"' in rules for name in names)
