"""Load balancers and a zone that were there before: imported by attributes, or looked up, with what a lookup gave."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from aws_cdk import aws_route53 as route53

from ha_patterns import DnsFailover, Endpoint, HealthCheckSettings, OriginFailover

_ACCOUNT = "111122223333"


def _balancer(name: str) -> dict[str, dict[str, Any]]:
    key = (
        f"load-balancer:account={_ACCOUNT}:loadBalancerTags.0.key=app:loadBalancerTags.0.value={name}"
        ":loadBalancerType=application:region=us-east-1"
    )
    return {
        key: {
            "loadBalancerArn": f"arn:aws:elasticloadbalancing:us-east-1:{_ACCOUNT}:loadbalancer/app/{name}/1",
            "loadBalancerCanonicalHostedZoneId": "Z35SXDOTRQ7X7K",
            "loadBalancerDnsName": f"{name}-1.us-east-1.elb.amazonaws.com",
            "vpcId": "vpc-1",
            "securityGroupIds": ["sg-2"],
            "ipAddressType": "ipv4",
        }
    }


#: What ``cdk.context.json`` has.
CONTEXT: dict[str, Any] = {
    f"hosted-zone:account={_ACCOUNT}:domainName=example.com:region=us-east-1": {
        "Id": "/hostedzone/Z0REAL00000000000000",
        "Name": "example.com.",
    },
    f"security-group:account={_ACCOUNT}:region=us-east-1:securityGroupId=sg-2": {
        "securityGroupId": "sg-2",
        "allowAllOutbound": True,
    },
    **_balancer("shop"),
    **_balancer("other"),
}


def build(app: cdk.App) -> None:
    edge = cdk.Stack(app, "Edge", env=cdk.Environment(account=_ACCOUNT, region="us-east-1"))
    zone = route53.HostedZone.from_lookup(edge, "Zone", domain_name="example.com")
    europe = elbv2.ApplicationLoadBalancer.from_application_load_balancer_attributes(
        edge,
        "Europe",
        load_balancer_arn=f"arn:aws:elasticloadbalancing:eu-west-1:{_ACCOUNT}:loadbalancer/app/eu/abc",
        load_balancer_dns_name="eu-123.eu-west-1.elb.amazonaws.com",
        load_balancer_canonical_hosted_zone_id="Z32O12XQLNTSW2",
        security_group_id="sg-1",
    )
    # Without what DNS needs, which only the ARN and a security group are required beside.
    bare = elbv2.ApplicationLoadBalancer.from_application_load_balancer_attributes(
        edge,
        "Bare",
        load_balancer_arn=f"arn:aws:elasticloadbalancing:eu-central-1:{_ACCOUNT}:loadbalancer/app/eu/def",
        security_group_id="sg-1",
    )
    shop, other = (
        elbv2.ApplicationLoadBalancer.from_lookup(edge, name.capitalize(), load_balancer_tags={"app": name})
        for name in ("shop", "other")
    )
    pair = DnsFailover(
        edge,
        "Dns",
        hosted_zone=zone,
        record_name="origin",
        primary=Endpoint.load_balancer(europe, domain_name="eu.example.com"),
        secondary=Endpoint.load_balancer(shop, domain_name="us.example.com"),
        primary_health_check=HealthCheckSettings.fast(path="/health"),
    )
    assert pair.failover_time.to_seconds() > 60
    OriginFailover(
        edge,
        "Reads",
        primary=Endpoint.load_balancer(bare, domain_name="bare.example.com"),
        secondary=Endpoint.load_balancer(other, domain_name="other.example.com"),
        domain_name="www.example.com",
        hosted_zone=zone,
    )
