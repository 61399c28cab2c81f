"""Two buckets kept equal: what is written to the one is copied to the other, both ways."""

from __future__ import annotations

from pathlib import Path

from aws_cdk import CustomResource, Duration, RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from constructs import Construct

from ...cdk.inline import inline_code
from ...cdk.properties import properties_of
from ...cdk.reviews import answer, resource_of
from ...cdk.typed import typed
from ...cdk.validation import refusal
from ...origins.buckets import BucketPair, NamedBucket, join

_WHOLE = "Whole buckets are copied, so their objects have to be named by *."
_CODE = inline_code(Path(__file__).with_name("handler.py"))


@typed
class BucketReplication(Construct):
    """Replication between the two buckets of a pair, in both directions.

    So that either bucket can be written to while the other's Region is out, and both have it all afterwards. Objects,
    tags and delete markers are replicated; deleted versions are not. Replication is asynchronous, mostly seconds: a
    key that is not there yet is read from the other bucket (see ``BucketFailover``). Objects that were there before
    the rules are not copied; S3 Batch Replication does that.

    S3 takes a rule only when its destination exists with versioning on, which no template of two buckets can hold to:
    each bucket would have to be first. So this goes into a stack of its own, deployed after both buckets, in any
    Region; a small function sets the rules, changes them in place and removes them with the stack. A bucket that has
    rules of others is left alone, and the deploy fails.

    Creates two roles for S3, one a direction; a function with its role and log group; two custom resources.

    Example::

        BucketReplication(replication_stack, "Replication", buckets=content)

    Args:
        buckets: The pair, both with versioning on.
        replication_time_control: Have S3 commit to 15 minutes for 99.99 % of the objects, and publish metrics of
            it, at a charge for each GB. Default False.

    Attributes:
        roles: The roles that S3 copies with: primary to secondary, then secondary to primary.
        rules: The custom resources, in the same order.
        function: The function that sets the rules.

    Raises:
        ValueError: A bucket of the app without versioning.

    See https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication.html
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, buckets: BucketPair, replication_time_control: bool = False
    ) -> None:
        super().__init__(scope, construct_id)
        for argument, bucket in (("primary", buckets.primary), ("secondary", buckets.secondary)):
            _require_versioning(argument, bucket)
        primary, secondary = buckets.buckets
        directions = {"PrimaryToSecondary": (primary, secondary), "SecondaryToPrimary": (secondary, primary)}
        self.roles = [self._role(f"{name}Role", *direction) for name, direction in directions.items()]
        self.function = self._function(buckets)
        self.rules = [
            CustomResource(
                self,
                name,
                resource_type="Custom::BucketReplication",
                service_token=self.function.function_arn,
                # Longer than the function can take: a function that cannot answer fails the deploy soon.
                service_timeout=Duration.minutes(5),
                properties={
                    "SourceBucket": source.name,
                    "SourceRegion": source.region,
                    "DestinationArn": destination.arn,
                    "RoleArn": role.role_arn,
                    "ReplicationTimeControl": "true" if replication_time_control else "false",
                },
            )
            for role, (name, (source, destination)) in zip(self.roles, directions.items(), strict=True)
        ]
        for rule in self.rules:
            rule.node.add_dependency(primary.bucket, secondary.bucket)
        join(primary.bucket, secondary.bucket)

    def _role(self, construct_id: str, source: NamedBucket, destination: NamedBucket) -> iam.Role:
        """What S3 needs to copy from the one bucket to the other, and no more."""
        role = _role(
            self,
            construct_id,
            "s3.amazonaws.com",
            f"S3 copies from {source.region} to {destination.region} with it",
            iam.PolicyStatement(actions=["s3:GetReplicationConfiguration", "s3:ListBucket"], resources=[source.arn]),
            iam.PolicyStatement(
                actions=["s3:GetObjectVersionAcl", "s3:GetObjectVersionForReplication", "s3:GetObjectVersionTagging"],
                resources=[source.objects_arn],
            ),
            iam.PolicyStatement(
                actions=["s3:ReplicateDelete", "s3:ReplicateObject", "s3:ReplicateTags"],
                resources=[destination.objects_arn],
            ),
        )
        answer(role, {resource_of(self, each.objects_arn): _WHOLE for each in (source, destination)})
        return role

    def _function(self, buckets: BucketPair) -> lambda_.Function:
        log_group = logs.LogGroup(
            self, "FunctionLogs", retention=logs.RetentionDays.ONE_MONTH, removal_policy=RemovalPolicy.DESTROY
        )
        role = _role(
            self,
            "FunctionRole",
            "lambda.amazonaws.com",
            "Sets and removes the replication rules of two buckets",
            iam.PolicyStatement(
                actions=["s3:GetReplicationConfiguration", "s3:PutReplicationConfiguration"],
                resources=[bucket.arn for bucket in buckets.buckets],
            ),
            iam.PolicyStatement(
                actions=["iam:PassRole"],
                resources=[each.role_arn for each in self.roles],
                conditions={"StringEquals": {"iam:PassedToService": "s3.amazonaws.com"}},
            ),
            iam.PolicyStatement(
                actions=["logs:CreateLogStream", "logs:PutLogEvents"], resources=[log_group.log_group_arn]
            ),
        )
        return lambda_.Function(
            self,
            "Function",
            runtime=lambda_.Runtime.PYTHON_3_14,
            architecture=lambda_.Architecture.ARM_64,
            handler="index.handler",
            code=lambda_.Code.from_inline(_CODE),
            description="Sets and removes the replication rules of two buckets",
            role=role,
            log_group=log_group,
            timeout=Duration.minutes(3),
        )


def _role(
    scope: Construct, construct_id: str, service: str, description: str, *statements: iam.PolicyStatement
) -> iam.Role:
    """A role whose policy is there as soon as the role is: nothing has to wait for a second resource."""
    return iam.Role(
        scope,
        construct_id,
        assumed_by=iam.ServicePrincipal(service),
        description=description,
        inline_policies={"Replication": iam.PolicyDocument(statements=list(statements))},
    )


def _require_versioning(argument: str, bucket: NamedBucket) -> None:
    """Refuse a bucket without versioning; an imported one cannot be seen, and S3 refuses it at deploy."""
    resource = bucket.bucket.node.default_child
    if not isinstance(resource, s3.CfnBucket):
        return
    versioning = properties_of(resource, "versioningConfiguration").get("versioningConfiguration") or {}
    if versioning.get("status") != "Enabled":
        raise refusal(
            argument,
            "a bucket with versioning",
            resource.node.path,
            "S3 replicates between versioned buckets only; make it with versioned=True",
        )
