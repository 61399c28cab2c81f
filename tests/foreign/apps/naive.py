"""An app without the library's constructs, in a stage and a nested stack, with what does not fail over."""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from aws_cdk import aws_route53 as route53


def build(app: cdk.App) -> None:
    env = cdk.Environment(account="111111111111", region="us-east-1")
    stack = cdk.Stack(cdk.Stage(app, "Prod"), "Edge", env=env)
    nested = cdk.NestedStack(stack, "Nested")
    for role, address in (("PRIMARY", "203.0.113.1"), ("SECONDARY", "198.51.100.1")):
        route53.CfnRecordSet(
            nested,
            role.capitalize(),
            hosted_zone_id="Z0123456789ABCDEFGHIJ",
            name="api.example.com.",
            type="A",
            ttl="1800",
            resource_records=[address],
            failover=role,
            set_identifier=role.lower(),
        )
    group = origins.OriginGroup(
        primary_origin=origins.HttpOrigin("api.example.com"),
        fallback_origin=origins.HttpOrigin("dr.example.com"),
        fallback_status_codes=[500],
    )
    cloudfront.Distribution(stack, "Site", default_behavior=cloudfront.BehaviorOptions(origin=group))
