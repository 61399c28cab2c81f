"""What reads a value of another stack is deployed again when that may have been replaced."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_sns as sns
from constructs import Construct

from ha_patterns import BucketReadPolicy, DnsFailover, Endpoint
from ha_patterns.cdk.references import FOLLOWS, follow_producers, weak

from ..samples import bucket_pair, zone_of

_WEAK = {"@aws-cdk/core:defaultCrossStackReferences": "weak"}
_EDGE = cdk.Environment(region="us-east-1")
_IRELAND = cdk.Environment(region="eu-west-1")

Made = Callable[[cdk.Stack], str]


def _address(stack: cdk.Stack, *, pool: str = "one") -> str:
    """An address, which another pool replaces."""
    return cdk.CfnResource(stack, "Address", type="AWS::EC2::EIP", properties={"PublicIpv4Pool": pool}).ref


def _template(made: Made, *, read: Callable[[str], str] = str, nested: bool = False) -> dict[str, Any]:
    """The template of a stack that reads a value of another, beside a resource that reads nothing."""
    app = cdk.App(context=_WEAK)
    producer = cdk.Stack(app, "Producer", env=_EDGE)
    consumer = cdk.Stack(app, "Consumer", env=_IRELAND)
    follow_producers(consumer)
    value = read(made(producer))
    scope: Construct = cdk.NestedStack(consumer, "Nested") if nested else consumer
    cdk.CfnResource(scope, "Reader", type="AWS::SSM::Parameter", properties={"Type": "String", "Value": value})
    cdk.CfnResource(consumer, "Other", type="AWS::SSM::Parameter", properties={"Type": "String", "Value": "plain"})
    return dict(app.synth().get_stack_by_name("Consumer").template)


def _followed(template: dict[str, Any]) -> dict[str, list[str]]:
    return {
        name: list(resource["Metadata"][FOLLOWS].values())
        for name, resource in template["Resources"].items()
        if FOLLOWS in resource.get("Metadata", {})
    }


def _without_prints(template: dict[str, Any]) -> str:
    text = json.dumps(template)
    for prints in _followed(template).values():
        for print_ in prints:
            text = text.replace(print_, "")
    return text


@pytest.mark.parametrize("read", [str, weak], ids=["by default", "explicitly"])
def test_a_replaced_producer_changes_the_text_of_what_reads_it_and_nothing_else(read: Callable[[str], str]) -> None:
    before = _template(_address, read=read)
    after = _template(lambda stack: _address(stack, pool="two"), read=read)

    assert before["Resources"]["Reader"]["Properties"] == after["Resources"]["Reader"]["Properties"]
    assert "Fn::GetStackOutput" in str(before["Resources"]["Reader"]["Properties"])
    assert before != after
    assert _without_prints(before) == _without_prints(after)
    assert list(_followed(after)) == ["Reader"]


def test_the_same_producer_leaves_the_text_as_it_is() -> None:
    def with_more(stack: cdk.Stack) -> str:
        sns.Topic(stack, "More")
        return _address(stack)

    assert _template(_address) == _template(with_more)


def test_what_the_producer_rests_on_counts_too() -> None:
    def below(name: str) -> Made:
        def make(stack: cdk.Stack) -> str:
            return cdk.CfnResource(
                stack, "Use", type="AWS::EC2::EIPAssociation", properties={"EIP": _address(stack, pool=name)}
            ).ref

        return make

    assert _followed(_template(below("one"))) != _followed(_template(below("two")))
    assert _followed(_template(below("one"))) == _followed(_template(below("one")))


def test_a_nested_stack_is_read_again_by_the_parameters_that_it_gets() -> None:
    before = _followed(_template(_address, nested=True))
    after = _followed(_template(lambda stack: _address(stack, pool="two"), nested=True))

    assert len(before) == 1
    assert before.keys() == after.keys()
    assert before != after


def test_a_stack_that_reads_nothing_of_others_is_left_as_it_is() -> None:
    assert _followed(_template(lambda _: "plain")) == {}


def test_records_follow_what_their_endpoints_rest_on() -> None:
    def edge(name: str) -> dict[str, Any]:
        app = cdk.App(context=_WEAK)
        origin, stack = cdk.Stack(app, "Origin", env=_IRELAND), cdk.Stack(app, "Edge", env=_EDGE)
        DnsFailover(
            stack,
            "Origin",
            hosted_zone=zone_of(stack),
            record_name="origin",
            primary=Endpoint.http_host("one.example.com", ipv4_addresses=[_address(origin, pool=name)]),
            secondary=Endpoint.http_host("two.example.com", ipv4_addresses=["198.51.100.20"]),
        )
        return dict(app.synth().get_stack_by_name("Edge").template)

    before, after = _followed(edge("one")), _followed(edge("two"))

    assert [name.startswith("OriginPrimaryA") for name in before] == [True]
    assert before.keys() == after.keys()
    assert before != after


def test_the_policy_of_a_bucket_follows_the_identity_that_may_read_it() -> None:
    def policies(comment: str) -> dict[str, list[str]]:
        app = cdk.App()
        edge, stack = cdk.Stack(app, "Edge", env=_EDGE), cdk.Stack(app, "Policies", env=_IRELAND)
        identity = cloudfront.OriginAccessIdentity(edge, "Identity", comment=comment)
        pair = bucket_pair(stack)
        BucketReadPolicy(stack, "Policy", bucket=pair.primary, origin_access_identity=identity)
        return _followed(dict(app.synth().get_stack_by_name("Policies").template))

    assert [name.startswith("Policy") for name in policies("one")] == [True]
    assert policies("one") != policies("two")


def test_a_strong_reference_is_no_business_of_it() -> None:
    app = cdk.App()
    producer, consumer = cdk.Stack(app, "Producer", env=_EDGE), cdk.Stack(app, "Consumer", env=_EDGE)
    follow_producers(consumer)
    zone = route53.PublicHostedZone(producer, "Zone", zone_name="example.com")
    cdk.CfnResource(consumer, "Reader", type="AWS::SSM::Parameter", properties={"Value": zone.hosted_zone_id})

    assert _followed(dict(app.synth().get_stack_by_name("Consumer").template)) == {}
