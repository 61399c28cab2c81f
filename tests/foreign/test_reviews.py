"""A security review (cdk-nag, AwsSolutions) of a stranger's app finds nothing in what the library makes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns
from cdk_nag import AwsSolutionsChecks

from ha_patterns import (
    BucketFailover,
    BucketPair,
    BucketReadPolicy,
    BucketReplication,
    EdgeDistribution,
    Endpoint,
    ErrorPages,
    OriginGuardSecrets,
    RuleRouter,
    RuleSource,
)

from ..samples import guard, home_router, hybrid_failover, primary_host, tenant_router, zone_of

_ACCOUNT = "111122223333"
#: By rule, what is the app's own: the buckets of its content.
_OF_THE_APP = {"Content-eu-west-1/Bucket/Resource", "Content-eu-central-1/Bucket/Resource"}


def _stack(app: cdk.App, name: str, region: str = "us-east-1") -> cdk.Stack:
    return cdk.Stack(app, name, env=cdk.Environment(account=_ACCOUNT, region=region), cross_region_references=True)


def _build(app: cdk.App) -> None:
    stack = _stack(app, "Edge")
    hybrid_failover(stack).add_alarms(sns.Topic(stack, "Alarms", enforce_ssl=True))
    zone: Any = stack.node.find_child("Zone")
    OriginGuardSecrets(stack, "Secrets", guard=guard(), regions=["us-east-1", "eu-west-1"])
    pages = ErrorPages(stack, "Errors", pages={503: "/errors/503.html"})
    rules = {
        region: s3.Bucket.from_bucket_attributes(stack, region, bucket_name=f"rules-{region}", region=region)
        for region in ("eu-west-1", "us-west-2")
    }
    router = RuleRouter(
        stack,
        "Rules",
        origins={"primary": primary_host()},
        default_origin="primary",
        source=RuleSource.buckets(rules),
    )
    for name, behavior in (
        ("tenants", tenant_router(stack).behavior()),
        ("homes", home_router(stack).behavior()),
        ("rules", router.behavior()),
        ("pages", cloudfront.BehaviorOptions(origin=Endpoint.http_host("pages.example.net").origin())),
    ):
        EdgeDistribution(
            stack,
            f"Site-{name}",
            default_behavior=behavior,
            additional_behaviors=pages.behaviors if name == "pages" else None,
            error_responses=pages.error_responses if name == "pages" else (),
            domain_name=f"{name}.example.com",
            hosted_zone=zone,
            web_acl_id=f"arn:aws:wafv2:us-east-1:{_ACCOUNT}:global/webacl/a/b" if name == "rules" else None,
        )


def _build_unnamed(app: cdk.App) -> None:
    """A site without a name of its own."""
    behavior = cloudfront.BehaviorOptions(origin=Endpoint.http_host("unnamed.example.net").origin())
    EdgeDistribution(_stack(app, "Unnamed"), "Site", default_behavior=behavior)


def _build_buckets(app: cdk.App) -> None:
    contents = [
        s3.Bucket(
            _stack(app, f"Content-{region}", region),
            "Bucket",
            bucket_name=f"content-{region}",
            versioned=True,
            encryption=s3.BucketEncryption.S3_MANAGED,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
        )
        for region in ("eu-west-1", "eu-central-1")
    ]
    pair = BucketPair(primary=contents[0], secondary=contents[1])
    BucketReplication(_stack(app, "Replication", "eu-west-1"), "Replication", buckets=pair)
    edge = _stack(app, "Site")
    site = BucketFailover(edge, "Site", buckets=pair, domain_name="content.example.com", hosted_zone=zone_of(edge))
    for bucket in pair.buckets:
        policies = _stack(app, f"Policy-{bucket.region}", str(bucket.region))
        BucketReadPolicy(policies, "Policy", bucket=bucket, distribution=site.distribution)


def test_a_security_review_finds_nothing_in_what_the_library_makes(tmp_path: Path) -> None:
    app = cdk.App(outdir=str(tmp_path))
    _build(app)
    _build_unnamed(app)
    _build_buckets(app)
    cdk.Validations.of(app).add_plugins(AwsSolutionsChecks(app))
    # For what the app's own buckets lack.
    with pytest.raises(RuntimeError, match="ValidationFailed"):
        app.synth()

    [report] = json.loads((tmp_path / "validation-report.json").read_text(encoding="utf-8"))["pluginReports"]
    found = [
        (violation["ruleName"], construct["constructPath"])
        for violation in report["violations"]
        for construct in violation["violatingConstructs"]
    ]
    assert [one for one in found if one[1] not in _OF_THE_APP] == []
    assert {rule for rule, _ in found} == {"AwsSolutions-S1", "AwsSolutions-S10"}
    accepted = {one["acknowledgedId"].partition("[")[0] for one in report["suppressedViolations"]}
    assert accepted >= {f"AwsSolutions::AwsSolutions-{rule}" for rule in ("CFR1", "CFR2", "CFR4", "IAM5", "SMG4")}
