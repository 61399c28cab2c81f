"""The one stack of a reference pattern that holds everything at the edge."""

from __future__ import annotations

from collections.abc import Sequence

import aws_cdk as cdk
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_sns as sns
from constructs import Construct

from ..edge import EDGE_REGION, EdgeDistribution
from .settings import ReferenceSettings


class EdgeStack(cdk.Stack):
    """Distribution, records, health checks, alarms and their topic, in us-east-1.

    Deployed after the origins: CloudFront refuses nothing when a name does not resolve yet, but health checks would
    start out unhealthy.

    Args:
        settings: The settings of the reference stacks.
        pattern: The pattern; part of the names.
        origins: The stacks that must be there before.

    Attributes:
        zone: The hosted zone.
        domain_name: The site's name.
        topic: What alarms notify; subscribe to it after the deploy.
    """

    def __init__(
        self, scope: Construct, settings: ReferenceSettings, pattern: str, *, origins: Sequence[cdk.Stack]
    ) -> None:
        super().__init__(
            scope,
            f"{pattern}-edge",
            env=cdk.Environment(region=EDGE_REGION),
            description=f"ha-patterns: {pattern}, edge",
        )
        for origin in origins:
            self.add_stack_dependency(origin)
        self.zone = settings.hosted_zone(self)
        self.domain_name = f"{pattern}.{settings.zone_name}"
        self.topic = sns.Topic(self, "Alarms", enforce_ssl=True)
        cdk.CfnOutput(self, "Read", value=f"curl -i https://{self.domain_name}/", description="Which origin answers")
        cdk.CfnOutput(self, "AlarmTopic", value=self.topic.topic_arn, description="Subscribe to it to be notified")

    def site(self, origin: cloudfront.IOrigin) -> EdgeDistribution:
        """The site out of one origin, which gets every method; nothing is cached."""
        return EdgeDistribution(
            self,
            "Site",
            default_behavior=cloudfront.BehaviorOptions(
                origin=origin,
                allowed_methods=cloudfront.AllowedMethods.ALLOW_ALL,
                cache_policy=cloudfront.CachePolicy.CACHING_DISABLED,
                origin_request_policy=cloudfront.OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
            ),
            domain_name=self.domain_name,
            hosted_zone=self.zone,
        )
