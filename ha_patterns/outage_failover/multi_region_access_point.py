"""Multi-Region Access Point: one S3 name over buckets in several Regions, nearest first, without a function."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import Aws, Duration
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from constructs import Construct

from ..aws.access_points import NAME, NAME_TOLD
from ..aws.partitions import Service
from ..aws.regions import ACCESS_POINT_REGIONS
from ..cdk.partitions import require_service
from ..cdk.typed import typed
from ..cdk.validation import check_objective, is_token, refusal
from ..contracts.access_points import ACTIVE, PASSIVE
from ..edge.regions import require_edge_stack
from ..origins import Endpoint
from ..origins.buckets import BucketSet, distribution_arn
from ..origins.endpoints import HttpConnection
from .failover_parts import FailoverParts

_PAGE = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/MultiRegionAccessPoints.html"
# "It can take up to 2 minutes for your changes to take effect", says the API reference of the call.
_ROUTE_SECONDS = 120


@typed
class MultiRegionAccessPoint(Construct):
    """An S3 Multi-Region Access Point as an origin of CloudFront, signed for by origin access control (SigV4A).

    S3 sends each request to the bucket nearest to where CloudFront asks from, so content is read from the nearest
    Region without an edge function. S3 goes round a Region that its network cannot reach. It does not notice one that
    answers with errors, or a key that is not replicated yet: that is a 403, and no other bucket is asked
    (``BucketFailover`` does ask). A person takes such a Region out by setting its route to 0:
    ``ha-patterns access-point set ARN eu-west-1=0 eu-central-1=100``, which any of five Regions takes, wherever the
    buckets are. All routes are 100 at first.

    A behavior that reads it, alone or in an origin group, must have no Lambda@Edge at origin request or response: what
    CloudFront signs with SigV4A does not work with these, and synth refuses it.

    The buckets must replicate each other (``BucketReplication``). Both the access point's policy and each bucket's
    must let CloudFront read: ``allow`` writes the first, ``BucketReadPolicy`` the others, in a stack of each Region,
    deployed after this one.

    Creates the access point, closed to the public; the origin access control; and, with ``allow``, the policy. S3
    charges for each GB that an access point routes.

    Example::

        access_point = MultiRegionAccessPoint(self, "Content", name="content", buckets=[ireland, frankfurt])
        site = EdgeDistribution(
            self,
            "Site",
            default_behavior=cloudfront.BehaviorOptions(origin=access_point.endpoint().origin()),
        )
        access_point.allow(site.distribution)
        for stack, bucket in zip((policies_in_ireland, policies_in_frankfurt), access_point.buckets):
            BucketReadPolicy(stack, "Policy", bucket=bucket, distribution=site.distribution)

    Args:
        name: 3 to 50 lower-case letters, digits and hyphens; unique in the account; a new name is a new access point.
        buckets: At least 2, each in a Region of its own, one that is enabled by default. Those of other stacks need a
            ``bucket_name`` and a stack with a Region; import others with their Region:
            ``Bucket.from_bucket_attributes(..., bucket_name=..., region=...)``. Other buckets need another access
            point, and so another ``name``.
        recovery_time_objective: The longest from the call that sets routes until all requests have moved. Default:
            none.

    Attributes:
        name: As given.
        buckets: Their names and Regions, for ``BucketReadPolicy``.
        access_point: The access point.
        alias: The name that S3 gave it; part of its ARN and its domain name.
        domain_name: What CloudFront connects to.
        access_point_arn: Its ARN.
        origin_access_control: What signs requests.
        policy: The access point's policy; None until ``allow`` makes it.

    Raises:
        ValueError: A name that S3 does not take; fewer than 2 buckets; one bucket, or one Region, twice; a bucket in
            a Region that is not enabled by default, where CloudFront's requests would fail; one that other stacks
            cannot know by name, or with a KMS key; a stack of another Region than us-east-1; an objective of less than
            2 minutes.

    See https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3-mrap.html
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        name: str,
        buckets: Sequence[s3.IBucket],
        recovery_time_objective: Duration | None = None,
    ) -> None:
        super().__init__(scope, construct_id)
        if not is_token(name) and not NAME.fullmatch(name):
            raise refusal("name", NAME_TOLD, name, f"see {_PAGE}")
        self.buckets = BucketSet(buckets).buckets
        _check_regions([bucket.region for bucket in self.buckets])
        if recovery_time_objective is not None:
            check_objective(recovery_time_objective, self.failover_time, "S3 takes that long to follow its routes")
        require_service(self, "a Multi-Region Access Point", Service.ACCESS_POINTS)
        require_edge_stack(self, "an origin access control's distribution", "CloudFront is configured there")
        self.access_point = s3.CfnMultiRegionAccessPoint(
            self,
            "Resource",
            name=name,
            regions=[s3.CfnMultiRegionAccessPoint.RegionProperty(bucket=bucket.name) for bucket in self.buckets],
            public_access_block_configuration=s3.CfnMultiRegionAccessPoint.PublicAccessBlockConfigurationProperty(
                block_public_acls=True,
                block_public_policy=True,
                ignore_public_acls=True,
                restrict_public_buckets=True,
            ),
        )
        # Names are no references, and S3 refuses buckets that are not there.
        self.access_point.node.add_dependency(*(bucket.bucket for bucket in self.buckets))
        self.name = name
        self.alias = self.access_point.attr_alias
        self.domain_name = f"{self.alias}.accesspoint.s3-global.{Aws.URL_SUFFIX}"
        self.access_point_arn = f"arn:{Aws.PARTITION}:s3::{Aws.ACCOUNT_ID}:accesspoint/{self.alias}"
        self.origin_access_control = cloudfront.S3OriginAccessControl(
            self, "OriginAccessControl", signing=cloudfront.Signing.SIGV4_A_ALWAYS
        )
        self.policy: s3.CfnMultiRegionAccessPointPolicy | None = None

    @property
    def failover_time(self) -> Duration:
        """How long until all requests have moved, from the call that sets the routes: 2 minutes, AWS says.

        How long somebody takes to decide that is not in it.
        """
        return self.failover_parts.failover_time

    @property
    def failover_parts(self) -> FailoverParts:
        """What ``failover_time`` is: a ``switch``; ``drain`` is 0, since S3 routes each request by itself."""
        return FailoverParts.of_seconds(0, _ROUTE_SECONDS, 0)

    def endpoint(self) -> Endpoint:
        """The access point as an endpoint, for an origin or a member of an origin group."""
        return Endpoint(
            domain_name=self.domain_name,
            connection=HttpConnection(
                self.domain_name,
                origin_access_control_id=self.origin_access_control.origin_access_control_id,
                signs_for_regions=True,
            ),
            accepts_viewer_host=False,
            is_bucket=True,
        )

    def allow(self, distribution: cloudfront.IDistribution) -> s3.CfnMultiRegionAccessPointPolicy:
        """Let a distribution read through the access point: its whole policy, so one distribution each.

        Args:
            distribution: The distribution that has the access point as an origin.

        Raises:
            ValueError: A distribution is allowed already.
        """
        if self.policy is not None:
            raise ValueError(
                f"distribution must be the only one that is allowed, got {distribution.node.path} after another: an "
                "access point has one policy, and this would be its second; make an access point for each distribution"
            )
        statement = iam.PolicyStatement(
            principals=[iam.ServicePrincipal("cloudfront.amazonaws.com")],
            actions=["s3:GetObject"],
            resources=[f"{self.access_point_arn}/object/*"],
            conditions={"StringEquals": {"AWS:SourceArn": distribution_arn(distribution)}},
        )
        self.policy = s3.CfnMultiRegionAccessPointPolicy(
            self,
            "Policy",
            mrap_name=self.access_point.ref,
            policy=iam.PolicyDocument(statements=[statement]),
        )
        return self.policy

    def grant_routes(self, grantee: iam.IGrantable) -> iam.Grant:
        """Allow somebody to read and set the routes, as ``ha-patterns access-point`` does with the ARN.

        Args:
            grantee: Who may.
        """
        return iam.Grant.add_to_principal(
            grantee=grantee,
            actions=["s3:GetMultiRegionAccessPointRoutes", "s3:SubmitMultiRegionAccessPointRoutes"],
            resource_arns=[self.access_point_arn],
        )

    def routes_command(self, active: Sequence[str]) -> str:
        """The command that sends all requests to some Regions and none to the others, for an output or a runbook.

        Keep it where an outage leaves it readable.

        Args:
            active: Regions of buckets, at least one.

        Raises:
            ValueError: No Region, or one without a bucket.
        """
        regions = [bucket.region for bucket in self.buckets]
        if not active or not set(active) <= set(regions):
            raise refusal("active", f"some of {', '.join(regions)}", list(active), "there are the buckets")
        dials = [f"{region}={ACTIVE if region in active else PASSIVE}" for region in regions]
        return f"ha-patterns access-point set {self.access_point_arn} {' '.join(dials)}"


def _check_regions(regions: Sequence[str]) -> None:
    for region in regions:
        if not is_token(region) and region not in ACCESS_POINT_REGIONS:
            raise refusal(
                "buckets",
                f"each in one of {', '.join(sorted(ACCESS_POINT_REGIONS))}",
                region,
                "it is not enabled by default, and there requests that CloudFront signs for an access point fail",
            )
