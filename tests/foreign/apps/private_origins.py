"""Load balancers in private subnets, asked by VPC origins, with the old data center as the standby."""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticloadbalancingv2 as elbv2

from ha_patterns import EdgeDistribution, Endpoint, FailoverOriginGroup, OriginSettings


def build(app: cdk.App) -> None:
    stack = cdk.Stack(app, "Shop", env=cdk.Environment(account="111122223333", region="us-east-1"))
    certificate = acm.Certificate.from_certificate_arn(
        stack, "Certificate", "arn:aws:acm:us-east-1:111122223333:certificate/1"
    )
    vpc = ec2.Vpc(stack, "Vpc", availability_zones=["us-east-1a", "us-east-1b"], nat_gateways=0)
    balancer = elbv2.ApplicationLoadBalancer(stack, "Private", vpc=vpc)
    targets = elbv2.ApplicationTargetGroup(stack, "Targets", vpc=vpc, port=80, target_type=elbv2.TargetType.IP)
    balancer.add_listener("Https", port=443, certificates=[certificate], default_target_groups=[targets])
    private = Endpoint.vpc_origin(
        cloudfront.VpcOrigin(
            stack,
            "Origin",
            endpoint=cloudfront.VpcOriginEndpoint.application_load_balancer(balancer),
            protocol_policy=cloudfront.OriginProtocolPolicy.HTTPS_ONLY,
        ),
        domain_name="shop.internal.example.com",
    )
    group = FailoverOriginGroup(primary=private, secondary=Endpoint.http_host("dc.example.com"))
    EdgeDistribution(
        stack,
        "Site",
        domain_name="shop.example.com",
        certificate=certificate,
        default_behavior=cloudfront.BehaviorOptions(origin=group),
        additional_behaviors={
            "/cart/*": cloudfront.BehaviorOptions(
                origin=private.origin(OriginSettings.patient()),
                allowed_methods=cloudfront.AllowedMethods.ALLOW_ALL,
                cache_policy=cloudfront.CachePolicy.CACHING_DISABLED,
                origin_request_policy=cloudfront.OriginRequestPolicy.ALL_VIEWER,
            )
        },
    )
