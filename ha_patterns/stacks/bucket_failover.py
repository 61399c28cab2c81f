"""Reference stacks of bucket failover: content in two Regions, its replication, the edge, and the buckets' policies."""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from constructs import Construct

from ..origins.buckets import BucketPair, BucketReadPolicy, NamedBucket
from ..outage_failover import BucketFailover, BucketReplication
from .acknowledgements import CONTENT_BUCKET, CONTENT_POLICY, acknowledge
from .edge_stack import EdgeStack
from .settings import ReferenceSettings

_PATTERN = "bucket-failover"
_ROLES = ("primary", "standby")
_WHOLE = "S3 replicates all objects of the one bucket, which is named."


def build(scope: Construct, settings: ReferenceSettings) -> BucketFailover:
    """The buckets; their replication and the edge; then the policy of each bucket."""
    content_stacks = [
        _ContentStack(scope, settings, role, region) for role, region in zip(_ROLES, settings.regions, strict=True)
    ]
    primary, standby = (stack.bucket for stack in content_stacks)
    content = BucketPair(primary=primary, secondary=standby)
    replication = _stack(scope, settings, "replication", content.primary.region)
    BucketReplication(replication, "Replication", buckets=content)
    acknowledge(replication, {f"AwsSolutions-IAM5[Resource::{_objects(bucket)}]": _WHOLE for bucket in content.buckets})
    edge = EdgeStack(scope, settings, _PATTERN, origins=content_stacks)
    site = BucketFailover(
        edge,
        "Site",
        buckets=content,
        domain_name=edge.domain_name,
        hosted_zone=edge.zone,
        recovery_time_objective=cdk.Duration.seconds(15),
    )
    site.add_alarms(edge.topic)
    site.add_policy_outputs()
    for role, bucket in zip(_ROLES, content.buckets, strict=True):
        stack = _stack(scope, settings, f"{role}-policy", bucket.region)
        acknowledge(stack, CONTENT_POLICY)
        policy = BucketReadPolicy(stack, "Policy", bucket=bucket, distribution=site.distribution)
        policy.document.add_statements(_outage(stack, bucket))
    return site


class _ContentStack(cdk.Stack):
    """One Region's bucket.

    It is kept when the stack is deleted, and so is its name: before the stack is made again, the bucket has to be
    deleted, or imported with ``cdk import``.
    """

    def __init__(self, scope: Construct, settings: ReferenceSettings, role: str, region: str) -> None:
        super().__init__(
            scope,
            f"{_PATTERN}-{role}",
            env=cdk.Environment(region=region),
            description=f"ha-patterns: {_PATTERN}, {role}",
        )
        acknowledge(self, CONTENT_BUCKET)
        settings.hosted_zone(self)
        self.bucket = s3.Bucket(
            self,
            "Content",
            # Known in every Region before it is there; and no two accounts may have it.
            bucket_name=f"{_PATTERN}-{role}-{cdk.Aws.ACCOUNT_ID}-{region}",
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
            removal_policy=cdk.RemovalPolicy.RETAIN,
        )
        cdk.CfnOutput(
            self,
            "Write",
            value=f"echo hello | aws s3 cp - s3://{self.bucket.bucket_name}/hello.txt --region {region}",
            description="Puts an object, which is replicated to the other Region",
        )


def _stack(scope: Construct, settings: ReferenceSettings, name: str, region: str) -> cdk.Stack:
    stack = cdk.Stack(
        scope,
        f"{_PATTERN}-{name}",
        env=cdk.Environment(region=region),
        description=f"ha-patterns: {_PATTERN}, {name}",
    )
    settings.hosted_zone(stack)
    return stack


def _objects(bucket: NamedBucket) -> str:
    """The ARN of all its objects, as cdk-nag writes it."""
    return bucket.objects_arn.replace(cdk.Aws.PARTITION, "<AWS::Partition>").replace(
        cdk.Aws.ACCOUNT_ID, "<AWS::AccountId>"
    )


def _outage(stack: cdk.Stack, bucket: NamedBucket) -> iam.PolicyStatement:
    """The switch that makes this bucket fail: CloudFront comes over TLS, so "true" refuses whatever it asks for."""
    outage = cdk.CfnParameter(
        stack,
        "Outage",
        type="String",
        default="false",
        allowed_values=["false", "true"],
        description="true makes this bucket refuse CloudFront (403), so that the other one answers.",
    )
    return iam.PolicyStatement(
        sid="Outage",
        effect=iam.Effect.DENY,
        principals=[iam.ServicePrincipal("cloudfront.amazonaws.com")],
        actions=["s3:GetObject"],
        resources=[bucket.objects_arn],
        conditions={"Bool": {"aws:SecureTransport": outage.value_as_string}},
    )
