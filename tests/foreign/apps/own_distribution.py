"""A shop that has a distribution of its own, in a stack outside us-east-1, and adds a group and error pages to it."""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from aws_cdk import aws_s3 as s3

from ha_patterns import Endpoint, ErrorPages, FailoverOriginGroup, OriginSettings


def build(app: cdk.App) -> None:
    stack = cdk.Stack(app, "Shop", env=cdk.Environment(account="111122223333", region="eu-west-1"))
    assets = s3.Bucket(stack, "Assets", block_public_access=s3.BlockPublicAccess.BLOCK_ALL)
    certificate = acm.Certificate.from_certificate_arn(
        stack, "Certificate", "arn:aws:acm:us-east-1:111122223333:certificate/abc"
    )
    group = FailoverOriginGroup(
        primary=Endpoint.http_host("eu.shop.example.com"), secondary=Endpoint.http_host("us.shop.example.com")
    )
    pages = ErrorPages(stack, "Errors", pages=dict.fromkeys((500, 502, 503, 504), "/errors/5xx.html"))
    cloudfront.Distribution(
        stack,
        "Cdn",
        domain_names=["shop.example.com"],
        certificate=certificate,
        default_behavior=cloudfront.BehaviorOptions(
            origin=group,
            viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
            cache_policy=cloudfront.CachePolicy.CACHING_OPTIMIZED,
        ),
        additional_behaviors={
            **pages.behaviors,
            "/static/*": cloudfront.BehaviorOptions(origin=origins.S3BucketOrigin.with_origin_access_control(assets)),
            "/api/*": cloudfront.BehaviorOptions(
                origin=Endpoint.http_host("eu.shop.example.com").origin(OriginSettings.patient()),
                allowed_methods=cloudfront.AllowedMethods.ALLOW_ALL,
                cache_policy=cloudfront.CachePolicy.CACHING_DISABLED,
                origin_request_policy=cloudfront.OriginRequestPolicy.ALL_VIEWER,
            ),
        },
        error_responses=pages.error_responses,
    )
    cdk.CfnOutput(stack, "FailoverTime", value=str(group.failover_time.to_seconds()))
