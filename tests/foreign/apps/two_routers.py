"""One edge stack with three routers: rules of a shop in a table, rules of a blog in the function, and tenants."""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_route53 as route53
from constructs import Construct

from ha_patterns import EdgeDistribution, Endpoint, RuleRouter, RuleSource, TenantRouter


def build(app: cdk.App) -> None:
    stack = cdk.Stack(app, "Edge", env=cdk.Environment(account="111122223333", region="us-east-1"))
    zone = route53.HostedZone.from_hosted_zone_attributes(
        stack, "Zone", hosted_zone_id="Z0123456789ABCDEFGHIJ", zone_name="example.com"
    )
    shop = RuleRouter(
        Construct(stack, "Shop"),
        "Router",
        origins={name: Endpoint.http_host(f"{name}.origins.example.net") for name in ("eu", "us")},
        default_origin="eu",
        source=RuleSource.table(replica_regions=["eu-west-1"]),
        cache_key=["host", "country"],
    )
    blog = RuleRouter(
        Construct(stack, "Blog"),
        "Router",
        origins={name: Endpoint.http_host(f"{name}.blog.example.net") for name in ("old", "new")},
        default_origin="old",
        source=RuleSource.static({"*": {"rules": [{"path": "/2026/*", "then": {"origin": "new"}}]}}),
    )
    tenants = TenantRouter(
        stack,
        "Tenants",
        default=Endpoint.http_host("welcome.example.net"),
        origins={"shared": Endpoint.http_host("shared.example.net")},
        allowed_origin_suffixes=[".apps.example.net"],
        replica_regions=["eu-west-1"],
        unknown="not-found",
    )
    names: dict[str, RuleRouter | TenantRouter] = {"shop": shop, "blog": blog, "*.tenants": tenants}
    for name, router in names.items():
        EdgeDistribution(
            stack,
            f"Site-{name.removeprefix('*.')}",
            default_behavior=router.behavior(),
            domain_name=f"{name}.example.com",
            hosted_zone=zone,
        )
    desk = iam.Role(stack, "Desk", assumed_by=iam.AccountRootPrincipal())
    shop.grant_write(desk, hosts=["shop.example.com"])
    tenants.grant_write(desk)
