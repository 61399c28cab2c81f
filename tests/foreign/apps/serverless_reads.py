"""Reads of a function URL with origin access control, whose standby is a bucket elsewhere: origins of the CDK."""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_cloudfront_origins as origins
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_s3 as s3

from ha_patterns import Endpoint, OriginFailover


def build(app: cdk.App) -> None:
    stack = cdk.Stack(app, "Reads", env=cdk.Environment(account="111122223333", region="us-east-1"))
    function = lambda_.Function(
        stack,
        "Function",
        runtime=lambda_.Runtime.PYTHON_3_13,
        handler="index.handler",
        code=lambda_.Code.from_inline("def handler(event, context): return {'statusCode': 200, 'body': 'now'}"),
    )
    url = function.add_function_url(auth_type=lambda_.FunctionUrlAuthType.AWS_IAM)
    snapshot = s3.Bucket.from_bucket_attributes(stack, "Snapshot", bucket_name="shop-snapshot", region="eu-west-1")
    OriginFailover(
        stack,
        "Site",
        primary=Endpoint.from_origin(origins.FunctionUrlOrigin.with_origin_access_control(url)),
        secondary=Endpoint.from_origin(origins.S3BucketOrigin.with_origin_access_control(snapshot)),
    )
