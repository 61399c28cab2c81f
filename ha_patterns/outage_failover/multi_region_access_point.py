"""Multi-Region Access Point: one S3 name over buckets in several Regions, nearest first, without a function."""

from __future__ import annotations

import re
from collections.abc import Sequence

from aws_cdk import Aws, Stack
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from constructs import Construct

from .._validation import is_token, refusal
from ..edge.regions import require_edge_stack
from ..origins import Endpoint
from ..origins.endpoints import HttpConnection

_NAME = re.compile(r"[a-z0-9][-a-z0-9]{1,48}[a-z0-9]")
_PAGE = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/MultiRegionAccessPoints.html"


class MultiRegionAccessPoint(Construct):
    """An S3 Multi-Region Access Point as an origin of CloudFront, signed for by origin access control (SigV4A).

    S3 sends each request to the bucket nearest to where CloudFront asks from, so content is read from the nearest
    Region without an edge function. It does not notice an outage by itself: its routes say which buckets are active,
    and setting a route to 0 moves its share to the others. That is a data-plane call, answered by five Regions,
    and so works while a Region is down.

    The buckets must replicate each other. Both the access point's policy and each bucket's must let CloudFront read:
    ``allow`` writes the first.

    Creates the access point, closed to the public; the origin access control; and, with ``allow``, the policy.

    Example::

        access_point = MultiRegionAccessPoint(self, "Content", name="content", buckets=[ireland, frankfurt])
        site = EdgeDistribution(
            self,
            "Site",
            default_behavior=cloudfront.BehaviorOptions(origin=access_point.endpoint().origin()),
        )
        access_point.allow(site.distribution)

    Args:
        name: 3 to 50 lower-case letters, digits and hyphens; unique in the account; a new name is a new access point.
        buckets: At least 2, each in a Region of its own. Import those of other stacks by name and Region.

    Attributes:
        name: As given.
        alias: The name that S3 gave it; part of its ARN and its domain name.
        domain_name: What CloudFront connects to.
        access_point_arn: Its ARN.
        origin_access_control: What signs requests.

    Raises:
        ValueError: A name that S3 does not take; fewer than 2 buckets; two in one Region.

    See https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3-mrap.html
    """

    def __init__(self, scope: Construct, construct_id: str, *, name: str, buckets: Sequence[s3.IBucket]) -> None:
        super().__init__(scope, construct_id)
        if not is_token(name) and not _NAME.fullmatch(name):
            raise refusal("name", "3 to 50 lower-case letters, digits and hyphens", name, f"see {_PAGE}")
        if len(buckets) < 2:
            raise refusal("buckets", "at least 2", f"{len(buckets)}", "with one there is nowhere to turn to")
        regions = [bucket.env.region for bucket in buckets]
        known = [region for region in regions if not is_token(region)]
        if len(set(known)) < len(known):
            raise refusal(
                "buckets", "each in a Region of its own", known, "import them with their Region: from_bucket_attributes"
            )
        self._resource = s3.CfnMultiRegionAccessPoint(
            self,
            "Resource",
            name=name,
            regions=[s3.CfnMultiRegionAccessPoint.RegionProperty(bucket=bucket.bucket_name) for bucket in buckets],
            public_access_block_configuration=s3.CfnMultiRegionAccessPoint.PublicAccessBlockConfigurationProperty(
                block_public_acls=True,
                block_public_policy=True,
                ignore_public_acls=True,
                restrict_public_buckets=True,
            ),
        )
        self.name = name
        self.alias = self._resource.attr_alias
        self.domain_name = f"{self.alias}.accesspoint.s3-global.{Aws.URL_SUFFIX}"
        self.access_point_arn = f"arn:{Aws.PARTITION}:s3::{Aws.ACCOUNT_ID}:accesspoint/{self.alias}"
        require_edge_stack(self, "an origin access control's distribution", "CloudFront is configured there")
        self.origin_access_control = cloudfront.S3OriginAccessControl(
            self, "OriginAccessControl", signing=cloudfront.Signing.SIGV4_A_ALWAYS
        )

    def endpoint(self) -> Endpoint:
        """The access point as an endpoint, for an origin or a member of an origin group."""
        return Endpoint(
            domain_name=self.domain_name,
            connection=HttpConnection(
                self.domain_name, origin_access_control_id=self.origin_access_control.origin_access_control_id
            ),
            accepts_viewer_host=False,
            is_bucket=True,
        )

    def allow(self, distribution: cloudfront.IDistribution) -> s3.CfnMultiRegionAccessPointPolicy:
        """Let a distribution read through the access point: its whole policy, so one distribution each.

        Args:
            distribution: The distribution that has the access point as an origin.
        """
        statement = iam.PolicyStatement(
            principals=[iam.ServicePrincipal("cloudfront.amazonaws.com")],
            actions=["s3:GetObject"],
            resources=[f"{self.access_point_arn}/object/*"],
            conditions={"StringEquals": {"AWS:SourceArn": distribution_arn(distribution)}},
        )
        return s3.CfnMultiRegionAccessPointPolicy(
            self,
            "Policy",
            mrap_name=self._resource.ref,
            policy=iam.PolicyDocument(statements=[statement]),
        )


def distribution_arn(distribution: cloudfront.IDistribution) -> str:
    """The ARN of a distribution, as policies name it."""
    return Stack.of(distribution).format_arn(
        service="cloudfront", region="", resource="distribution", resource_name=distribution.distribution_id
    )
