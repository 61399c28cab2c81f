"""A Multi-Region Access Point: closed to all but one distribution, which signs for it."""

from __future__ import annotations

import aws_cdk as cdk
import pytest
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_s3 as s3
from aws_cdk.assertions import Match, Template

from ha_patterns import EdgeDistribution
from ha_patterns.outage_failover import MultiRegionAccessPoint

from ..samples import new_stack, only


def _buckets(stack: cdk.Stack, *regions: str) -> list[s3.IBucket]:
    return [
        s3.Bucket.from_bucket_attributes(stack, f"Bucket{number}", bucket_name=f"content-{number}", region=region)
        for number, region in enumerate(regions)
    ]


@pytest.fixture(scope="module")
def template() -> Template:
    stack = new_stack()
    access_point = MultiRegionAccessPoint(
        stack, "Content", name="content", buckets=_buckets(stack, "eu-west-1", "eu-central-1")
    )
    site = EdgeDistribution(
        stack, "Site", default_behavior=cloudfront.BehaviorOptions(origin=access_point.endpoint().origin())
    )
    access_point.allow(site.distribution)
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


@pytest.mark.parametrize(
    ("name", "regions", "said"),
    [
        pytest.param("Content", ("eu-west-1", "eu-central-1"), ["name", "'Content'", "lower-case"], id="capitals"),
        pytest.param("ab", ("eu-west-1", "eu-central-1"), ["name", "'ab'", "3 to 50"], id="a short name"),
        pytest.param("content\n", ("eu-west-1", "eu-central-1"), ["name", "content"], id="a line feed"),
        pytest.param("content", ("eu-west-1",), ["buckets", "at least 2", "'1'"], id="one bucket"),
        pytest.param(
            "content",
            ("eu-west-1", "eu-west-1"),
            ["buckets", "Region of its own", "_attributes"],
            id="one Region",
        ),
    ],
)
def test_fails_on(name: str, regions: tuple[str, ...], said: list[str]) -> None:
    stack = new_stack()

    with pytest.raises(ValueError) as refused:
        MultiRegionAccessPoint(stack, "Content", name=name, buckets=_buckets(stack, *regions))

    assert [fragment for fragment in said if fragment not in str(refused.value)] == []


def test_fails_in_a_stack_where_cloudfront_cannot_be_configured() -> None:
    stack = new_stack("eu-west-1")

    with pytest.raises(ValueError, match="us-east-1"):
        MultiRegionAccessPoint(stack, "Content", name="content", buckets=_buckets(stack, "eu-west-1", "eu-central-1"))


def test_a_name_that_only_the_deploy_knows_is_let_through() -> None:
    stack = new_stack()
    name = cdk.CfnParameter(stack, "Name").value_as_string

    MultiRegionAccessPoint(stack, "Content", name=name, buckets=_buckets(stack, "eu-west-1", "eu-central-1"))

    assert only(Template.from_stack(stack), "AWS::S3::MultiRegionAccessPoint")["Name"] == {"Ref": "Name"}
