"""A Multi-Region Access Point: closed to all but one distribution, which signs for it."""

from __future__ import annotations

import json

import aws_cdk as cdk
import pytest
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from aws_cdk.assertions import Match, Template

from ha_patterns import BucketReadPolicy, EdgeDistribution

from ..samples import access_point, logical_id, new_stack, only, stack_in, text_token


def _buckets(stack: cdk.Stack, *regions: str) -> list[s3.IBucket]:
    return [
        s3.Bucket.from_bucket_attributes(stack, f"Bucket{number}", bucket_name=f"content-{number}", region=region)
        for number, region in enumerate(regions)
    ]


@pytest.fixture(scope="module")
def template() -> Template:
    stack = new_stack()
    made = access_point(stack, buckets=_buckets(stack, "eu-west-1", "eu-central-1"))
    site = EdgeDistribution(stack, "Site", default_behavior=cloudfront.BehaviorOptions(origin=made.endpoint().origin()))
    assert made.allow(site.distribution) is made.policy
    return Template.from_stack(stack)


def test_it_is_over_all_buckets_and_closed_to_the_public(template: Template) -> None:
    properties = only(template, "AWS::S3::MultiRegionAccessPoint")

    assert properties["Regions"] == [{"Bucket": "content-0"}, {"Bucket": "content-1"}]
    assert set(properties["PublicAccessBlockConfiguration"].values()) == {True}
    assert len(properties["PublicAccessBlockConfiguration"]) == 4


def test_cloudfront_connects_to_its_alias_over_tls_and_signs_for_any_region(template: Template) -> None:
    config = only(template, "AWS::CloudFront::Distribution")["DistributionConfig"]
    [origin] = config["Origins"]
    access_control = only(template, "AWS::CloudFront::OriginAccessControl")["OriginAccessControlConfig"]

    assert origin["DomainName"]["Fn::Join"][1][1] == ".accesspoint.s3-global."
    assert origin["CustomOriginConfig"]["OriginProtocolPolicy"] == "https-only"
    assert origin["OriginAccessControlId"]["Fn::GetAtt"][1] == "Id"
    assert (access_control["SigningProtocol"], access_control["SigningBehavior"]) == ("sigv4a", "always")


def test_its_policy_lets_that_distribution_read_objects_and_nobody_do_anything_else(template: Template) -> None:
    [statement] = only(template, "AWS::S3::MultiRegionAccessPointPolicy")["Policy"]["Statement"]

    assert (statement["Effect"], statement["Action"]) == ("Allow", "s3:GetObject")
    assert statement["Principal"] == {"Service": "cloudfront.amazonaws.com"}
    assert statement["Resource"]["Fn::Join"][1][-1] == "/object/*"
    [distribution] = template.find_resources("AWS::CloudFront::Distribution")
    template.has_resource_properties(
        "AWS::S3::MultiRegionAccessPointPolicy",
        {
            "Policy": Match.object_like(
                {
                    "Statement": [
                        Match.object_like(
                            {
                                "Condition": {
                                    "StringEquals": {
                                        "AWS:SourceArn": {
                                            "Fn::Join": ["", Match.array_with([{"Ref": distribution}])],
                                        }
                                    }
                                }
                            }
                        )
                    ]
                }
            )
        },
    )


def test_it_is_made_after_the_buckets_of_other_stacks_and_knows_them_by_name(stack: cdk.Stack) -> None:
    made = access_point(stack)

    text = json.dumps(Template.from_stack(stack).to_json())
    assert {each.node.id for each in stack.dependencies} == {"Content-eu-west-1", "Content-eu-central-1"}
    assert "Fn::GetStackOutput" not in text
    assert "Fn::ImportValue" not in text
    assert [(bucket.name, bucket.region) for bucket in made.buckets] == [
        ("content-eu-west-1", "eu-west-1"),
        ("content-eu-central-1", "eu-central-1"),
    ]


def test_it_is_made_after_a_bucket_of_its_own_stack(stack: cdk.Stack) -> None:
    own = s3.Bucket(stack, "Own", bucket_name="content-us-east-1")
    access_point(stack, buckets=[own, *_buckets(stack, "eu-west-1")])

    template = Template.from_stack(stack)
    [resource] = template.find_resources("AWS::S3::MultiRegionAccessPoint").values()
    assert resource["DependsOn"] == [logical_id(template, "AWS::S3::Bucket")]


def test_its_buckets_are_what_read_policies_take(stack: cdk.Stack) -> None:
    """Also where there are more of them than a pair."""
    made = access_point(stack, buckets=_buckets(stack, "us-east-1", "eu-west-1", "ap-south-1"))
    site = EdgeDistribution(stack, "Site", default_behavior=cloudfront.BehaviorOptions(origin=made.endpoint().origin()))

    stacks = {bucket.name: stack_in(bucket.region, stack, f"Policy-{bucket.region}") for bucket in made.buckets}
    for bucket in made.buckets:
        BucketReadPolicy(stacks[bucket.name], "Policy", bucket=bucket, distribution=site.distribution)

    assert len(stacks) == 3
    for name, policies in stacks.items():
        policy = only(Template.from_stack(policies), "AWS::S3::BucketPolicy")
        [_, read] = policy["PolicyDocument"]["Statement"]
        assert policy["Bucket"] == name
        assert read["Action"] == "s3:GetObject"
        assert "Fn::GetStackOutput" in json.dumps(read["Condition"])


def test_the_failover_time_is_what_aws_says_of_routes(stack: cdk.Stack) -> None:
    made = access_point(stack, recovery_time_objective=cdk.Duration.seconds(120))

    assert made.failover_time.to_seconds() == made.failover_parts.switch.to_seconds() == 120


def test_the_command_sets_every_route(stack: cdk.Stack) -> None:
    command = stack.resolve(access_point(stack).routes_command(["eu-central-1"]))["Fn::Join"][1]

    assert command[0] == "ha-patterns access-point set arn:"
    assert command[-1] == " eu-west-1=0 eu-central-1=100"


def test_the_command_names_a_region_that_only_the_deploy_knows(stack: cdk.Stack) -> None:
    region = text_token(stack, "Region")
    made = access_point(stack, buckets=_buckets(stack, "eu-west-1", region))

    command = stack.resolve(made.routes_command([region]))["Fn::Join"][1]

    assert command[-3:] == [" eu-west-1=0 ", {"Ref": "Region"}, "=100"]


def test_who_sets_routes_may_do_that_and_no_more(stack: cdk.Stack) -> None:
    role = iam.Role(stack, "Operator", assumed_by=iam.AccountRootPrincipal())

    access_point(stack).grant_routes(role)

    [statement] = only(Template.from_stack(stack), "AWS::IAM::Policy")["PolicyDocument"]["Statement"]
    assert statement["Action"] == ["s3:GetMultiRegionAccessPointRoutes", "s3:SubmitMultiRegionAccessPointRoutes"]
    assert statement["Resource"]["Fn::Join"][1][-1]["Fn::GetAtt"][1] == "Alias"
