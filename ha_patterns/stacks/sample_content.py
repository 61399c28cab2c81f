"""Sample content: a bucket in each of two Regions, their replication, and later who may read them."""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from constructs import Construct

from ..origins.buckets import BucketPair, BucketReadPolicy, NamedBucket
from ..outage_failover import BucketReplication
from .acknowledgements import CONTENT_BUCKET, acknowledge
from .settings import ReferenceSettings

_ROLES = ("primary", "standby")


class SampleContent:
    """Content in two Regions, kept equal: a stack a bucket, and one of their replication.

    Args:
        scope: The app.
        settings: The settings of the reference stacks.
        pattern: The pattern; part of the names.

    Attributes:
        stacks: The stacks of the buckets, which must be there before what reads them.
        buckets: The buckets.
    """

    def __init__(self, scope: Construct, settings: ReferenceSettings, pattern: str) -> None:
        self._scope = scope
        self._settings = settings
        self._pattern = pattern
        self.stacks = [
            _BucketStack(scope, settings, pattern, role, region)
            for role, region in zip(_ROLES, settings.regions, strict=True)
        ]
        primary, standby = (stack.bucket for stack in self.stacks)
        self.buckets = BucketPair(primary=primary, secondary=standby)
        replication = self._stack("replication", self.buckets.primary.region)
        BucketReplication(replication, "Replication", buckets=self.buckets)

    def allow(
        self,
        distribution: cloudfront.IDistribution | None = None,
        *,
        origin_access_identity: cloudfront.OriginAccessIdentity | None = None,
    ) -> None:
        """Let a distribution, or an identity, read both buckets: a stack a Region, with the policy of its bucket."""
        reader: iam.PrincipalBase = iam.ServicePrincipal("cloudfront.amazonaws.com")
        if origin_access_identity is not None:
            # Also who asks after the bucket's health.
            reader = iam.AnyPrincipal()
        stacks = [
            self._stack(f"{role}-policy", bucket.region)
            for role, bucket in zip(_ROLES, self.buckets.buckets, strict=True)
        ]
        for stack, bucket in zip(stacks, self.buckets.buckets, strict=True):
            policy = BucketReadPolicy(
                stack,
                "Policy",
                bucket=bucket,
                distribution=distribution,
                origin_access_identity=origin_access_identity,
            )
            policy.document.add_statements(_outage(stack, bucket, reader))

    def _stack(self, name: str, region: str) -> cdk.Stack:
        stack = cdk.Stack(
            self._scope,
            f"{self._pattern}-{name}",
            env=cdk.Environment(region=region),
            description=f"ha-patterns: {self._pattern}, {name}",
        )
        self._settings.hosted_zone(stack)
        return stack


class _BucketStack(cdk.Stack):
    """One Region's bucket.

    The bucket is kept when the stack is deleted, and so is its name: ``cdk deploy --import-existing-resources`` takes
    it over. A first deploy that is rolled back leaves none.
    """

    def __init__(self, scope: Construct, settings: ReferenceSettings, pattern: str, role: str, region: str) -> None:
        super().__init__(
            scope,
            f"{pattern}-{role}",
            env=cdk.Environment(region=region),
            description=f"ha-patterns: {pattern}, {role}",
        )
        acknowledge(self, CONTENT_BUCKET)
        settings.hosted_zone(self)
        self.bucket = s3.Bucket(
            self,
            "Content",
            # Known in every Region before it is there; and no two accounts may have it.
            bucket_name=f"{pattern}-{role}-{settings.name_part}-{region}",
            versioned=True,
            encryption=s3.BucketEncryption.S3_MANAGED,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            lifecycle_rules=[
                s3.LifecycleRule(
                    noncurrent_version_expiration=cdk.Duration.days(30),
                    abort_incomplete_multipart_upload_after=cdk.Duration.days(7),
                )
            ],
            removal_policy=cdk.RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
        )
        cdk.CfnOutput(
            self,
            "Write",
            value=f"echo hello | aws s3 cp - s3://{self.bucket.bucket_name}/hello.txt --region {region}",
            description="Puts an object, which is replicated to the other Region",
        )


def _outage(stack: cdk.Stack, bucket: NamedBucket, reader: iam.PrincipalBase) -> iam.PolicyStatement:
    """The switch that makes this bucket fail: CloudFront comes over TLS, so "true" refuses whatever it asks for."""
    outage = cdk.CfnParameter(
        stack,
        "Outage",
        type="String",
        default="false",
        allowed_values=["false", "true"],
        description="true makes this bucket refuse CloudFront (403), as in an outage.",
    )
    return iam.PolicyStatement(
        sid="Outage",
        effect=iam.Effect.DENY,
        principals=[reader],
        actions=["s3:GetObject"],
        resources=[bucket.objects_arn],
        conditions={"Bool": {"aws:SecureTransport": outage.value_as_string}},
    )
