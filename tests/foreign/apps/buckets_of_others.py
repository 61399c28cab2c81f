"""Two buckets that another team owns, known by name and Region, read by a site that keeps old copies."""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_s3 as s3

from ha_patterns import EdgeDistribution, Endpoint, FailoverOriginGroup, StaleContent


def build(app: cdk.App) -> None:
    stack = cdk.Stack(app, "Site", env=cdk.Environment(account="111122223333", region="us-east-1"))
    members = [
        Endpoint.bucket(
            s3.Bucket.from_bucket_attributes(stack, f"Content-{region}", bucket_name=f"c-{region}", region=region),
            policy_elsewhere=True,
        )
        for region in ("eu-west-1", "eu-central-1")
    ]
    group = FailoverOriginGroup(primary=members[0], secondary=members[1])
    stale = StaleContent(stack, "Stale", origin=Endpoint.http_host("api.example.com").origin())
    EdgeDistribution(
        stack,
        "Edge",
        default_behavior=cloudfront.BehaviorOptions(origin=group),
        additional_behaviors={"/api/*": stale.behavior},
        error_responses=stale.error_responses,
        publish_additional_metrics=False,
    )
