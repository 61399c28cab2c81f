"""Sets and pairs of buckets: what other stacks know of them, how they become origins, and who may read them."""

from __future__ import annotations

import json
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_iam as iam
from aws_cdk.assertions import Template

from ha_patterns import BucketReadPolicy, BucketSet, Endpoint

from ..samples import (
    ALL_FLAGS,
    bucket_pair,
    content_bucket,
    distribution_config,
    imported_bucket,
    logical_id,
    new_stack,
    only,
    properties,
    stack_in,
    warnings_of,
)


def _site(stack: cdk.Stack, *endpoints: Endpoint) -> cloudfront.Distribution:
    first, *others = (
        cloudfront.BehaviorOptions(
            origin=endpoint.origin(), viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS
        )
        for endpoint in endpoints
    )
    behaviors = {f"/{number}": behavior for number, behavior in enumerate(others)}
    return cloudfront.Distribution(stack, "Site", default_behavior=first, additional_behaviors=behaviors)


def _policy(stack: cdk.Stack) -> tuple[str, dict[str, dict[str, Any]]]:
    """The bucket's name and the statements by their ids."""
    found = only(Template.from_stack(stack), "AWS::S3::BucketPolicy")
    return found["Bucket"], {statement["Sid"]: statement for statement in found["PolicyDocument"]["Statement"]}


def _text(arn: Any) -> str:
    """An ARN with its pseudo parameters and weak references written out."""
    if isinstance(arn, str):
        return arn
    if "Fn::Join" in arn:
        return "".join(map(_text, arn["Fn::Join"][1]))
    if "Fn::GetStackOutput" in arn:
        return "<{StackName} in {Region}>".format(**arn["Fn::GetStackOutput"])
    return str(arn["Ref"])


def test_buckets_are_known_by_name_and_region_whether_made_or_imported(stack: cdk.Stack) -> None:
    pair = bucket_pair(stack, secondary=imported_bucket(stack, "us-west-2"))

    assert [(bucket.name, bucket.region) for bucket in pair.buckets] == [
        ("content-eu-west-1", "eu-west-1"),
        ("imported-us-west-2", "us-west-2"),
    ]


def test_endpoints_reach_each_bucket_in_its_region_and_do_not_refer_to_its_stack(stack: cdk.Stack) -> None:
    _site(stack, *bucket_pair(stack).endpoints(stack, origin_path="/site"))

    origins = distribution_config(Template.from_stack(stack))["Origins"]

    assert [(origin["DomainName"], origin["OriginPath"]) for origin in origins] == [
        ("content-eu-west-1.s3.eu-west-1.amazonaws.com", "/site"),
        ("content-eu-central-1.s3.eu-central-1.amazonaws.com", "/site"),
    ]
    assert [origin["S3OriginConfig"]["OriginAccessIdentity"] for origin in origins] == ["", ""]
    assert all("OriginAccessControlId" in origin for origin in origins)
    assert "GetStackOutput" not in json.dumps(Template.from_stack(stack).to_json())
    assert "ImportValue" not in json.dumps(Template.from_stack(stack).to_json())


def test_endpoints_of_one_identity_are_read_with_it(stack: cdk.Stack) -> None:
    identity = cloudfront.OriginAccessIdentity(stack, "Identity")

    _site(stack, *bucket_pair(stack).endpoints(stack, origin_access_identity=identity))
    template = Template.from_stack(stack)

    assert [
        origin["S3OriginConfig"]["OriginAccessIdentity"] for origin in distribution_config(template)["Origins"]
    ] == [
        {
            "Fn::Join": [
                "",
                [
                    "origin-access-identity/cloudfront/",
                    {"Ref": logical_id(template, "AWS::CloudFront::CloudFrontOriginAccessIdentity")},
                ],
            ]
        }
    ] * 2
    template.resource_count_is("AWS::CloudFront::OriginAccessControl", 0)


@pytest.mark.parametrize("by_identity", [False, True])
def test_nothing_warns_of_policies_that_are_made_elsewhere(stack: cdk.Stack, by_identity: bool) -> None:
    identity = cloudfront.OriginAccessIdentity(stack, "Identity") if by_identity else None

    _site(stack, *bucket_pair(stack).endpoints(stack, origin_access_identity=identity))

    assert warnings_of(stack) == set()


def test_a_bucket_of_another_stack_as_it_is_is_refused_with_the_way_to_do_it(stack: cdk.Stack) -> None:
    endpoint = Endpoint.bucket(content_bucket(stack, "eu-west-1"))

    with pytest.raises(RuntimeError, match=r"got one of Content-eu-west-1: .*BucketPair and BucketReadPolicy do both"):
        _site(stack, endpoint)


def test_an_imported_bucket_without_a_pair_still_reminds_of_its_policy(stack: cdk.Stack) -> None:
    _site(stack, Endpoint.bucket(imported_bucket(stack, "eu-west-1")))

    [(_, warning)] = warnings_of(stack)
    assert warning == "@aws-cdk/aws-cloudfront-origins:updateImportedBucketPolicyOac"


@pytest.mark.parametrize("flags", [{}, ALL_FLAGS], ids=["no flags", "all flags"])
def test_buckets_then_distribution_then_policies_without_an_export(flags: dict[str, Any]) -> None:
    stack = new_stack(flags=flags)
    pair = bucket_pair(stack)
    site = _site(stack, *pair.endpoints(stack))
    policies = [stack_in(bucket.region, stack, f"Policy-{bucket.region}") for bucket in pair.buckets]
    for policy_stack, bucket in zip(policies, pair.buckets, strict=True):
        BucketReadPolicy(policy_stack, "Policy", bucket=bucket, distribution=site)

    app = cdk.App.of(stack)
    assert app is not None
    assembly = app.synth()

    needs = {
        artifact.stack_name: {
            needed.stack_name
            for needed in artifact.dependencies
            if isinstance(needed, cdk.cx_api.CloudFormationStackArtifact)
        }
        for artifact in assembly.stacks
    }
    assert needs == {
        "Content-eu-west-1": set(),
        "Content-eu-central-1": set(),
        "Test": {"Content-eu-west-1", "Content-eu-central-1"},
        "Policy-eu-west-1": {"Content-eu-west-1", "Test"},
        "Policy-eu-central-1": {"Content-eu-central-1", "Test"},
    }
    text = json.dumps([artifact.template for artifact in assembly.stacks])
    assert "Fn::ImportValue" not in text
    assert '"Export"' not in text


def test_a_policy_refuses_all_but_tls_and_lets_the_distribution_alone_read(stack: cdk.Stack) -> None:
    pair = bucket_pair(stack)
    site = _site(stack, *pair.endpoints(stack))
    policies = stack_in("eu-central-1", stack, "Policies")
    BucketReadPolicy(policies, "Policy", bucket=pair.secondary, distribution=site)

    name, statements = _policy(policies)

    arn = "arn:AWS::Partition:s3:::content-eu-central-1"
    assert name == "content-eu-central-1"
    assert set(statements) == {"TlsOnly", "Read"}
    tls, read = statements["TlsOnly"], statements["Read"]
    assert (tls["Effect"], tls["Principal"], tls["Action"]) == ("Deny", {"AWS": "*"}, "s3:*")
    assert list(map(_text, tls["Resource"])) == [arn, f"{arn}/*"]
    assert tls["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert (read["Effect"], read["Principal"]) == ("Allow", {"Service": "cloudfront.amazonaws.com"})
    assert (read["Action"], _text(read["Resource"])) == ("s3:GetObject", f"{arn}/*")
    assert list(read["Condition"]) == ["StringEquals"]
    source = _text(read["Condition"]["StringEquals"]["AWS:SourceArn"])
    assert source == "arn:AWS::Partition:cloudfront::AWS::AccountId:distribution/<Test in us-east-1>"


def test_listing_is_of_the_one_bucket_and_only_where_it_is_allowed(stack: cdk.Stack) -> None:
    pair = bucket_pair(stack, allow_listing=True)
    site = _site(stack, *pair.endpoints(stack))
    policies = stack_in("eu-west-1", stack, "Policies")
    BucketReadPolicy(policies, "Policy", bucket=pair.primary, distribution=site)

    _, statements = _policy(policies)

    listing = statements["List"]
    assert (listing["Effect"], listing["Action"]) == ("Allow", "s3:ListBucket")
    assert _text(listing["Resource"]) == "arn:AWS::Partition:s3:::content-eu-west-1"
    assert listing["Condition"] == statements["Read"]["Condition"]


def test_an_identity_gets_objects_and_nothing_else(stack: cdk.Stack) -> None:
    identity = cloudfront.OriginAccessIdentity(stack, "Identity")
    pair = bucket_pair(stack, allow_listing=True)
    policies = stack_in("eu-west-1", stack, "Policies")
    BucketReadPolicy(policies, "Policy", bucket=pair.primary, origin_access_identity=identity)

    _, statements = _policy(policies)

    assert set(statements) == {"TlsOnly", "ReadByIdentity"}
    read = statements["ReadByIdentity"]
    assert (read["Action"], _text(read["Resource"])) == (
        "s3:GetObject",
        "arn:AWS::Partition:s3:::content-eu-west-1/*",
    )
    assert _text(read["Principal"]["CanonicalUser"]) == "<Test in us-east-1>"


def test_both_readers_can_be_let_in(stack: cdk.Stack) -> None:
    pair = bucket_pair(stack)
    policies = stack_in("eu-west-1", stack, "Policies")
    BucketReadPolicy(
        policies,
        "Policy",
        bucket=pair.primary,
        distribution=_site(stack, *pair.endpoints(stack)),
        origin_access_identity=cloudfront.OriginAccessIdentity(stack, "Identity"),
    )

    assert set(_policy(policies)[1]) == {"TlsOnly", "Read", "ReadByIdentity"}


def test_a_distribution_of_another_app_is_named_by_its_id(stack: cdk.Stack) -> None:
    policies = stack_in("eu-west-1", stack, "Policies")
    site = cloudfront.Distribution.from_distribution_attributes(
        policies, "Site", distribution_id="E2EXAMPLE", domain_name="d111111abcdef8.cloudfront.net"
    )
    BucketReadPolicy(policies, "Policy", bucket=bucket_pair(stack).primary, distribution=site)

    condition = _policy(policies)[1]["Read"]["Condition"]
    assert _text(condition["StringEquals"]["AWS:SourceArn"]).endswith(":distribution/E2EXAMPLE")


def test_a_policy_can_live_beside_a_distribution_in_the_buckets_region() -> None:
    stack = new_stack()
    pair = bucket_pair(stack, primary=imported_bucket(stack, "us-east-1"))
    site = _site(stack, *pair.endpoints(stack))
    BucketReadPolicy(stack, "Policy", bucket=pair.primary, distribution=site)

    [policy] = properties(Template.from_stack(stack), "AWS::S3::BucketPolicy")
    read = policy["PolicyDocument"]["Statement"][1]
    distribution = logical_id(Template.from_stack(stack), "AWS::CloudFront::Distribution")
    assert _text(read["Condition"]["StringEquals"]["AWS:SourceArn"]).endswith(f":distribution/{distribution}")


def test_more_statements_can_be_added_to_the_one_policy(stack: cdk.Stack) -> None:
    pair = bucket_pair(stack)
    policies = stack_in("eu-west-1", stack, "Policies")
    policy = BucketReadPolicy(
        policies, "Policy", bucket=pair.primary, distribution=_site(stack, *pair.endpoints(stack))
    )

    policy.document.add_statements(
        iam.PolicyStatement(
            sid="Upload",
            principals=[iam.ArnPrincipal("arn:aws:iam::123456789012:role/publisher")],
            actions=["s3:PutObject"],
            resources=[pair.primary.objects_arn],
        )
    )

    assert set(_policy(policies)[1]) == {"TlsOnly", "Read", "Upload"}


def test_a_bucket_of_the_distributions_own_stack_makes_no_stack_need_itself(stack: cdk.Stack) -> None:
    ours = cdk.Stack(cdk.App.of(stack), "Both", env=cdk.Environment(region="us-east-1"))
    pair = bucket_pair(stack, secondary=content_bucket(stack, "us-west-2"))
    pair.endpoints(ours)

    assert {needed.node.id for needed in ours.dependencies} == {"Content-eu-west-1", "Content-us-west-2"}


def test_a_set_has_as_many_buckets_as_there_are_regions_to_serve(stack: cdk.Stack) -> None:
    regions = ["eu-west-1", "us-west-2", "ap-northeast-1"]
    content = BucketSet([content_bucket(stack, region) for region in regions])
    _site(stack, *content.endpoints(stack, origin_access_identity=cloudfront.OriginAccessIdentity(stack, "Identity")))

    assert [bucket.region for bucket in content.buckets] == regions
    assert [origin["DomainName"] for origin in distribution_config(Template.from_stack(stack))["Origins"]] == [
        f"content-{region}.s3.{region}.amazonaws.com" for region in regions
    ]
    assert {needed.node.id for needed in stack.dependencies} == {f"Content-{region}" for region in regions}


def test_a_pair_is_a_set(stack: cdk.Stack) -> None:
    pair = bucket_pair(stack)

    assert isinstance(pair, BucketSet)
    assert pair.buckets == (pair.primary, pair.secondary)


def test_a_region_that_an_identity_cannot_read_serves_with_origin_access_control(stack: cdk.Stack) -> None:
    pair = bucket_pair(stack, secondary=imported_bucket(stack, "il-central-1"))

    _site(stack, *pair.endpoints(stack))

    assert len(distribution_config(Template.from_stack(stack))["Origins"]) == 2
