"""Reference stacks of a Multi-Region Access Point: content in two Regions under one S3 name, and CloudFront."""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_cloudfront as cloudfront
from constructs import Construct

from ..edge.distribution import EdgeDistribution
from ..outage_failover import MultiRegionAccessPoint
from .edge_stack import EdgeStack
from .sample_content import SampleContent
from .settings import ReferenceSettings

_PATTERN = "multi-region-access-point"


def build(scope: Construct, settings: ReferenceSettings) -> MultiRegionAccessPoint:
    """The buckets; their replication, and the edge with the access point over them; then the policy of each bucket.

    An outage that is made in one of the policies is seen by whoever is nearest to that bucket, until the route to it
    is set to 0: the commands for that are outputs of the edge.
    """
    content = SampleContent(scope, settings, _PATTERN)
    edge = EdgeStack(scope, settings, _PATTERN, origins=content.stacks)
    access_point = MultiRegionAccessPoint(
        edge,
        "AccessPoint",
        name=_PATTERN,
        buckets=[stack.bucket for stack in content.stacks],
        recovery_time_objective=cdk.Duration.minutes(2),
    )
    site = EdgeDistribution(
        edge,
        "Site",
        default_behavior=cloudfront.BehaviorOptions(
            origin=access_point.endpoint().origin(), cache_policy=cloudfront.CachePolicy.CACHING_OPTIMIZED
        ),
        domain_name=edge.domain_name,
        hosted_zone=edge.zone,
    )
    access_point.allow(site.distribution)
    site.add_alarms(edge.topic)
    primary, standby = settings.regions
    for output, active, description in (
        ("ActivePassive", [primary], "Sends all requests to the primary's Region"),
        (
            "FailOver",
            [standby],
            "Sends all requests to the standby's Region; keep it where an outage cannot take it",
        ),
        ("ActiveActive", [primary, standby], "Sends each request to the nearest bucket, as at first"),
    ):
        cdk.CfnOutput(edge, output, value=access_point.routes_command(active), description=description)
    content.allow(site.distribution)
    return access_point
