"""Nearest bucket: what the function is told, what CloudFront is, and who may use it for what."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import Duration
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_sns as sns
from aws_cdk.assertions import Template

from ha_patterns import (
    BucketReadPolicy,
    BucketSet,
    NearestBucketFunction,
    OriginSettings,
)
from ha_patterns.aws.regions import PLACES

from ..samples import (
    bucket_pair,
    content_bucket,
    distribution_config,
    failover_codes,
    group_members,
    headers_of,
    imported_bucket,
    logical_id,
    nearest_bucket,
    only,
    properties,
    stack_in,
    warnings_of,
)


def _config(stack: cdk.Stack) -> dict[str, Any]:
    return distribution_config(Template.from_stack(stack))


def _baked(stack: cdk.Stack) -> dict[str, Any]:
    """What is in the function's asset."""
    app = cdk.App.of(stack)
    assert app is not None
    (baked,) = Path(app.synth().directory).glob("asset.*/config.json")
    found: dict[str, Any] = json.loads(baked.read_text())
    return found


def _three(stack: cdk.Stack) -> BucketSet:
    return BucketSet([content_bucket(stack, region) for region in ("eu-west-1", "us-west-2", "ap-northeast-1")])


def test_the_function_knows_every_bucket_and_the_order_of_nearness_in_every_region(stack: cdk.Stack) -> None:
    nearest_bucket(stack, buckets=_three(stack))

    baked = _baked(stack)

    assert list(baked) == ["nearest", "origins", "otherwise"]
    assert baked["otherwise"] == ["eu-west-1", "us-west-2", "ap-northeast-1"]
    assert baked["nearest"].keys() == PLACES.keys()
    assert all(sorted(order) == sorted(baked["otherwise"]) for order in baked["nearest"].values())
    assert baked["nearest"]["us-east-1"] == ["us-west-2", "eu-west-1", "ap-northeast-1"]
    assert {region: entry["origin"]["s3"]["domainName"] for region, entry in baked["origins"].items()} == {
        region: f"content-{region}.s3.{region}.amazonaws.com" for region in baked["otherwise"]
    }


def test_the_first_two_buckets_are_what_cloudfront_is_configured_with(stack: cdk.Stack) -> None:
    site = nearest_bucket(stack, buckets=_three(stack), origin_path="/site")

    members = group_members(_config(stack))

    assert [(member["DomainName"], headers_of(member), member["OriginPath"]) for member in members] == [
        ("content-eu-west-1.s3.eu-west-1.amazonaws.com", {"x-ha-origin-role": "primary"}, "/site"),
        ("content-us-west-2.s3.us-west-2.amazonaws.com", {"x-ha-origin-role": "secondary"}, "/site"),
    ]
    identity = {"Ref": logical_id(Template.from_stack(stack), "AWS::CloudFront::CloudFrontOriginAccessIdentity")}
    assert stack.resolve(site.origin_access_identity.origin_access_identity_id) == identity
    for member in members:
        assert member["S3OriginConfig"]["OriginAccessIdentity"]["Fn::Join"][1] == [
            "origin-access-identity/cloudfront/",
            identity,
        ]
        assert "OriginAccessControlId" not in member
    assert {needed.node.id for needed in stack.dependencies} == {
        "Content-eu-west-1",
        "Content-us-west-2",
        "Content-ap-northeast-1",
    }


def test_a_name_that_only_the_deploy_knows_is_told_in_both_legs(stack: cdk.Stack) -> None:
    told = content_bucket(stack, "eu-central-1", bucket_name=f"content-{cdk.Aws.ACCOUNT_ID}")
    nearest_bucket(stack, buckets=bucket_pair(stack, secondary=told))

    members = group_members(_config(stack))
    assert len(members) == 2
    for member in members:
        header: Any = headers_of(member)["x-ha-edge-domainname-eu-central-1"]
        assert header == {"Fn::Join": ["", ["content-", {"Ref": "AWS::AccountId"}, ".s3.eu-central-1.amazonaws.com"]]}
    assert _baked(stack)["origins"]["eu-central-1"]["headers"] == {"domainName": "domainname-eu-central-1"}


def test_reads_run_the_function_on_each_miss_and_send_nothing_that_displaces_its_signature(stack: cdk.Stack) -> None:
    nearest_bucket(stack)

    behavior = _config(stack)["DefaultCacheBehavior"]

    assert [each["EventType"] for each in behavior["LambdaFunctionAssociations"]] == ["origin-request"]
    assert behavior["AllowedMethods"] == ["GET", "HEAD"]
    assert behavior["CachePolicyId"] == cloudfront.CachePolicy.CACHING_OPTIMIZED.cache_policy_id
    assert "OriginRequestPolicyId" not in behavior
    assert behavior["ViewerProtocolPolicy"] == "redirect-to-https"


def test_the_next_bucket_is_asked_for_what_the_nearest_does_not_have_or_cannot_serve(stack: cdk.Stack) -> None:
    patient = OriginSettings(
        connection_attempts=1, connection_timeout=Duration.seconds(3), response_timeout=Duration.seconds(4)
    )
    site = nearest_bucket(stack, primary_settings=patient, recovery_time_objective=Duration.seconds(7))

    assert failover_codes(_config(stack)) == [403, 404, 500, 502, 503, 504]
    assert site.failover_time.to_seconds() == 7


def test_by_itself_it_fails_over_in_14_seconds(stack: cdk.Stack) -> None:
    assert nearest_bucket(stack).failover_time.to_seconds() == 14


def test_the_role_of_the_function_reads_no_bucket(stack: cdk.Stack) -> None:
    nearest_bucket(stack)
    template = Template.from_stack(stack)

    statements = only(template, "AWS::IAM::Policy")["PolicyDocument"]["Statement"]
    (role,) = properties(template, "AWS::IAM::Role")
    assert [action for statement in statements for action in statement["Action"]] == [
        "logs:CreateLogGroup",
        "logs:CreateLogStream",
        "logs:PutLogEvents",
    ]
    assert not role.keys() & {"ManagedPolicyArns", "Policies"}


def test_every_bucket_lets_the_one_identity_read_objects_and_nothing_else(stack: cdk.Stack) -> None:
    site = nearest_bucket(stack, buckets=_three(stack))

    later = [stack_in(bucket.region, stack, f"Later-{bucket.region}") for bucket in site.buckets.buckets]
    for home, bucket in zip(later, site.buckets.buckets, strict=True):
        BucketReadPolicy(home, "Policy", bucket=bucket, origin_access_identity=site.origin_access_identity)

    assert len(later) == 3
    for home in later:
        template = Template.from_stack(home)
        allowed = [
            statement
            for statement in only(template, "AWS::S3::BucketPolicy")["PolicyDocument"]["Statement"]
            if statement["Effect"] == "Allow"
        ]
        assert [(statement["Action"], list(statement["Principal"])) for statement in allowed] == [
            ("s3:GetObject", ["CanonicalUser"])
        ]


def test_one_identity_can_serve_several_sites(stack: cdk.Stack) -> None:
    identity = cloudfront.OriginAccessIdentity(stack, "Identity")
    pair = bucket_pair(stack)
    for name in ("One", "Two"):
        nearest = NearestBucketFunction(stack, name, buckets=pair, origin_access_identity=identity)
        cloudfront.Distribution(stack, f"{name}Site", default_behavior=nearest.behavior())

    Template.from_stack(stack).resource_count_is("AWS::CloudFront::CloudFrontOriginAccessIdentity", 1)


def test_the_function_goes_on_any_behavior_that_reads_a_bucket_with_its_identity(stack: cdk.Stack) -> None:
    """Outside an origin group, too."""
    identity = cloudfront.OriginAccessIdentity(stack, "Identity")
    pair = bucket_pair(stack)
    nearest = NearestBucketFunction(stack, "Nearest", buckets=pair, origin_access_identity=identity)
    one, _ = pair.endpoints(stack, origin_access_identity=identity)
    cloudfront.Distribution(
        stack,
        "Site",
        default_behavior=cloudfront.BehaviorOptions(
            origin=one.origin(custom_headers=nearest.function.custom_headers), edge_lambdas=[nearest.edge_lambda]
        ),
        additional_behaviors={"/shared/*": nearest.behavior(cache_policy=cloudfront.CachePolicy.CACHING_DISABLED)},
    )

    config = _config(stack)

    assert config["DefaultCacheBehavior"]["TargetOriginId"] in [origin["Id"] for origin in config["Origins"]]
    assert len(config["CacheBehaviors"][0]["LambdaFunctionAssociations"]) == 1


def test_the_policies_of_imported_buckets_are_outputs_as_text(stack: cdk.Stack) -> None:
    pair = bucket_pair(stack, primary=imported_bucket(stack, "us-west-2"))
    outputs = nearest_bucket(stack, buckets=pair).add_policy_outputs()

    assert [output.description for output in outputs] == [
        "The policy that the us-west-2 bucket needs",
        "The policy that the eu-central-1 bucket needs",
    ]
    for output, name in zip(outputs, ("imported-us-west-2", "content-eu-central-1"), strict=True):
        text = json.dumps(stack.resolve(output.value))
        assert "S3CanonicalUserId" in text
        assert f":s3:::{name}/*" in text


def test_alarms_tell_of_errors_and_of_the_wait_for_a_failing_bucket(stack: cdk.Stack) -> None:
    alarms = nearest_bucket(stack).add_alarms(sns.Topic(stack, "Topic"))

    assert {alarm.node.id for alarm in alarms} == {"ErrorRateAlarm", "OriginLatencyAlarm"}


def test_nothing_warns_but_of_the_name_that_was_not_given_and_of_buckets_that_nothing_copies(stack: cdk.Stack) -> None:
    nearest_bucket(stack, buckets=_three(stack))

    assert warnings_of(stack) == {
        ("/Test/Site/Edge", "@ha-patterns/edge:default-certificate"),
        ("/Test/Site/Edge/Distribution", "@ha-patterns/origin-failover:no-copy"),
    }


@pytest.mark.parametrize("count", [2, 3])
def test_the_same_buckets_make_the_same_asset(count: int) -> None:
    found = set()
    for _ in range(2):
        stack = cdk.Stack(cdk.App(), "Test", env=cdk.Environment(region="us-east-1"))
        nearest_bucket(stack, buckets=_three(stack) if count == 3 else bucket_pair(stack))
        found.add(only(Template.from_stack(stack), "AWS::Lambda::Function")["Code"]["S3Key"])

    assert len(found) == 1
