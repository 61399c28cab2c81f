"""Tenant routing in somebody's stack: what the function knows, reads and may do."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import Duration
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_iam as iam
from aws_cdk.assertions import Template

from ha_patterns import EdgeDistribution, Endpoint, OriginSettings, RoutingTable, TenantRouter
from lambda_edge.tenant_router.handler import build

from ..lambda_edge.test_latency import TENANTS
from ..samples import distribution_config, new_stack, only, refused_synth, rest_api, tenant_router, warnings_of, zone_of


def _site(stack: cdk.Stack, router: TenantRouter, **given: Any) -> Template:
    """Somebody else's distribution."""
    cloudfront.Distribution(stack, "Site", default_behavior=router.behavior(**given))
    return Template.from_stack(stack)


def _configuration(stack: cdk.Stack) -> dict[str, Any]:
    """What is baked into the asset."""
    app = stack.node.root
    assert isinstance(app, cdk.App)
    (baked,) = Path(app.synth().directory).glob("asset.*/config.json")
    configuration: dict[str, Any] = json.loads(baked.read_text())
    return configuration


def test_the_function_knows_what_tenants_may_name_and_where_the_table_is() -> None:
    stack = new_stack()
    shared = Endpoint.http_host("shared.example.com", origin_path="/v1")
    settings = OriginSettings(response_timeout=Duration.seconds(7))
    tenant_router(
        stack,
        origins={"shared": shared},
        allowed_origin_suffixes=[".Apps.example.com", ".own.example.com."],
        ttl=Duration.seconds(30),
        unknown="not-found",
        fail_closed=True,
        settings=settings,
    )
    known = _configuration(stack)

    assert callable(build(known))
    assert known["origins"]["shared"]["origin"]["custom"]["domainName"] == "shared.example.com"
    assert known["own_origin"]["custom"]["readTimeout"] == 7
    assert known["suffixes"] == [".apps.example.com", ".own.example.com"]
    assert {name: known["table"][name] for name in TENANTS} == TENANTS
    assert known["table"]["regions"] == ["us-east-1", "eu-west-1"]
    assert known["table"]["order"]["eu-central-1"] == ["eu-west-1", "us-east-1"]
    assert known["table"]["order"]["us-west-2"] == ["us-east-1", "eu-west-1"]
    assert (known["ttl"], known["unknown_status"], known["fail_closed"]) == (30, 404, True)


def test_the_configured_origin_tells_the_name_of_the_table_and_of_origins_that_only_the_deploy_knows() -> None:
    stack = new_stack()
    router = tenant_router(stack, origins={"api": Endpoint.api_gateway(api=rest_api(stack))})

    template = _site(stack, router)

    (configured,) = distribution_config(template)["Origins"]
    headers = {each["HeaderName"]: each["HeaderValue"] for each in configured["OriginCustomHeaders"]}
    assert set(headers) == {"x-ha-edge-table", "x-ha-edge-domainname-api", "x-ha-edge-path-api"}
    assert headers["x-ha-edge-table"]["Ref"].startswith("TenantsTable")


def test_the_viewers_host_reaches_the_function_without_a_cache() -> None:
    stack = new_stack()

    behavior = distribution_config(_site(stack, tenant_router(stack)))["DefaultCacheBehavior"]

    assert behavior["LambdaFunctionAssociations"][0]["EventType"] == "origin-request"
    assert behavior["CachePolicyId"] == cloudfront.CachePolicy.CACHING_DISABLED.cache_policy_id
    assert behavior["OriginRequestPolicyId"] == cloudfront.OriginRequestPolicy.ALL_VIEWER.origin_request_policy_id


def test_a_cache_that_tells_hosts_apart_is_taken_and_any_other_refused() -> None:
    stack = new_stack()
    router = tenant_router(stack)
    assert _site(stack, router, cache_policy=router.function.cache_policy())

    stack = new_stack()
    router = tenant_router(stack)
    cloudfront.Distribution(
        stack, "Site", default_behavior=router.behavior(cache_policy=cloudfront.CachePolicy.CACHING_OPTIMIZED)
    )
    assert "does not have header Host in its cache key" in refused_synth(stack)


def test_a_default_that_answers_to_its_own_name_only_is_asked_by_that_name() -> None:
    stack = new_stack()
    api = Endpoint.api_gateway(api=rest_api(stack))

    assert _site(stack, tenant_router(stack, default=api))


def test_several_behaviors_share_the_configured_origin() -> None:
    stack = new_stack()
    router = tenant_router(stack)
    cloudfront.Distribution(
        stack, "Site", default_behavior=router.behavior(), additional_behaviors={"/api/*": router.behavior()}
    )

    (configured,) = distribution_config(Template.from_stack(stack))["Origins"]
    assert configured["DomainName"] == "primary.example.com"


def test_the_function_reads_every_replica_and_writes_none() -> None:
    stack = new_stack()
    tenant_router(stack)

    statements = [
        statement
        for policy in Template.from_stack(stack).find_resources("AWS::IAM::Policy").values()
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]
    ]
    reads = [each for each in statements if "dynamodb:BatchGetItem" in each["Action"]]

    assert [resource["Fn::Join"][1][2] for resource in reads[0]["Resource"]] == [
        ":dynamodb:us-east-1:",
        ":dynamodb:eu-west-1:",
    ]
    assert not [each for each in statements if "dynamodb:PutItem" in each["Action"]]


def test_a_table_of_ones_own_is_used() -> None:
    stack = new_stack()
    table = RoutingTable(stack, "Routes", replica_regions=["eu-west-1"])

    router = tenant_router(stack, table=table, replica_regions=None)

    assert router.table is table
    Template.from_stack(stack).resource_count_is("AWS::DynamoDB::GlobalTable", 1)


@pytest.mark.parametrize(
    ("suffix", "site", "is_warned"),
    [
        (".example.com", "www.example.com", True),
        (".tenants.example.com", "*.tenants.example.com", True),
        (".eu.tenants.example.com", "*.tenants.example.com", True),
        (".apps.example.com", "*.tenants.example.com", False),
        (".apps.example.com", "apps.example.com", False),
    ],
)
def test_a_suffix_that_covers_the_site_is_warned_of(suffix: str, site: str, *, is_warned: bool) -> None:
    stack = new_stack()
    router = tenant_router(stack, allowed_origin_suffixes=[suffix], default=Endpoint.http_host("a.example.net"))
    EdgeDistribution(stack, "Site", default_behavior=router.behavior(), domain_name=site, hosted_zone=zone_of(stack))

    warned = {("/Test/Tenants", "@ha-patterns/tenant-router:suffix-of-site")}
    assert warnings_of(stack) == (warned if is_warned else set())


def test_tenants_are_written_by_whom_is_granted_it() -> None:
    stack = new_stack()
    onboarding = iam.Role(stack, "Onboarding", assumed_by=iam.AccountRootPrincipal())

    grant = tenant_router(stack).grant_write(onboarding, hosts=["acme.example.net"], regions=["eu-west-1"])

    (statement,) = grant.principal_statements
    assert ":dynamodb:eu-west-1:" in stack.resolve(statement.resources)[0]["Fn::Join"][1]


def test_a_wildcard_site_has_a_certificate_and_records_for_all_names() -> None:
    stack = new_stack()
    EdgeDistribution(
        stack,
        "Site",
        default_behavior=tenant_router(stack).behavior(),
        domain_name="*.tenants.example.com",
        hosted_zone=zone_of(stack),
    )
    template = Template.from_stack(stack)

    assert only(template, "AWS::CertificateManager::Certificate")["DomainName"] == "*.tenants.example.com"
    assert distribution_config(template)["Aliases"] == ["*.tenants.example.com"]
    names = {each["Properties"]["Name"] for each in template.find_resources("AWS::Route53::RecordSet").values()}
    assert names == {"*.tenants.example.com."}
