"""A name that two resources of an app claim is told before the deploy fails by it."""

from __future__ import annotations

import re
from collections.abc import Callable

import aws_cdk as cdk
import pytest
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as cloudfront_origins
from aws_cdk import aws_route53 as route53
from aws_cdk.assertions import Annotations, Match

from ha_patterns import EdgeDistribution
from ha_patterns.aws.record_sets import RecordSet, refused_beside

from ..samples import certificate, dns_failover, latency_routing, new_stack, zone_of

_ORIGIN = cloudfront.BehaviorOptions(origin=cloudfront_origins.HttpOrigin("origin.example.com"))
_TARGET = route53.RecordTarget.from_ip_addresses("203.0.113.10")


def _told(stack: cdk.Stack, kind: str = "records") -> list[str]:
    found = Annotations.from_stack(stack).find_warning("*", Match.any_value())
    texts = [str(message.entry.data) for message in found]
    return [text for text in texts if text.endswith(f"[ack: @ha-patterns/{kind}:taken-name]")]


def _beside(stack: cdk.Stack) -> cdk.Stack:
    return cdk.Stack(cdk.App.of(stack), "Other", env=cdk.Environment(region="us-east-1"))


def _record(stack: cdk.Stack, name: str, kind: str = "A") -> None:
    zone = route53.HostedZone.from_hosted_zone_attributes(
        stack, "OtherZone", hosted_zone_id="Z0123456789ABCDEFGHIJ", zone_name="example.com"
    )
    target = _TARGET if kind == "A" else route53.RecordTarget.from_values("other.example.com")
    route53.RecordSet(stack, "Plain", zone=zone, record_name=name, record_type=route53.RecordType[kind], target=target)


@pytest.mark.parametrize("make", [dns_failover, latency_routing])
@pytest.mark.parametrize("elsewhere", [False, True], ids=["same stack", "other stack"])
def test_a_plain_record_of_the_same_name_and_type_is_told(make: Callable[[cdk.Stack], object], elsewhere: bool) -> None:
    stack = new_stack()
    made = make(stack)
    _record(_beside(stack) if elsewhere else stack, f"{made.domain_name}.")  # type: ignore[attr-defined]

    [text] = _told(stack)

    assert "/Plain" in text
    assert "exclude each other" in text


@pytest.mark.parametrize(
    ("name", "kind", "told"),
    [("another.example.com.", "A", 0), ("origin.example.com.", "CNAME", 1), ("origin.example.com.", "TXT", 0)],
)
def test_a_record_of_another_name_or_type_stands_beside_it_unless_it_is_a_cname(
    name: str, kind: str, told: int
) -> None:
    stack = new_stack()
    failover = dns_failover(stack)
    _record(stack, name.replace("origin.example.com", failover.domain_name), kind)

    assert len(_told(stack)) == told


def test_two_pairs_of_one_name_are_told_and_one_alone_is_not() -> None:
    stack = new_stack()
    dns_failover(stack)
    assert _told(stack) == []

    stack = new_stack()
    dns_failover(stack)
    dns_failover(_beside(stack))

    [text] = _told(stack)
    assert "one record of a name, a type and a set identifier" in text


@pytest.mark.parametrize(("ttl", "rules"), [(60, ["HA202", "HA251"]), (5, ["HA202", "HA203", "HA251"])])
def test_the_rules_that_find_the_records_are_told(ttl: int, rules: list[str]) -> None:
    stack = new_stack()
    dns_failover(stack)
    dns_failover(_beside(stack), ttl=cdk.Duration.seconds(ttl))

    [text] = _told(stack)
    assert re.findall(r"\[ack: ha-patterns::(\w+)\]", text) == rules


def test_a_distribution_that_has_the_name_already_is_told() -> None:
    def site(other: str) -> list[str]:
        stack = new_stack()
        cloudfront.Distribution(
            stack, "Old", default_behavior=_ORIGIN, domain_names=[other], certificate=certificate(stack)
        )
        EdgeDistribution(
            stack, "New", default_behavior=_ORIGIN, domain_name="www.example.com", hosted_zone=zone_of(stack)
        )
        return _told(stack, "edge")

    [text] = site("www.example.com")
    assert "Old/Resource" in text
    assert "one distribution" in text
    assert site("shop.example.com") == []


@pytest.mark.parametrize(
    ("one", "other", "refused"),
    [
        (RecordSet("A"), RecordSet("A", "Failover", "primary"), True),
        (RecordSet("A", "Weight", "primary"), RecordSet("A", "Failover", "secondary"), True),
        (RecordSet("A", "Failover", "primary"), RecordSet("A", "Failover", "primary"), True),
        (RecordSet("A", "Failover", "primary"), RecordSet("A", "Failover", "secondary"), False),
        (RecordSet("A", "Region", "one", "eu-west-1"), RecordSet("A", "Region", "two", "eu-west-1"), True),
        (RecordSet("A", "Region", "one", "eu-west-1"), RecordSet("A", "Region", "two", "eu-central-1"), False),
        (RecordSet("A", "Weight", "one"), RecordSet("A", "Weight", "two"), False),
        (RecordSet("A"), RecordSet("A"), True),
        (RecordSet("A"), RecordSet("AAAA", "Failover", "primary"), False),
        (RecordSet("CNAME"), RecordSet("AAAA", "Failover", "primary"), True),
    ],
)
def test_route_53_takes_one_policy_for_a_name_and_type(one: RecordSet, other: RecordSet, refused: bool) -> None:
    assert (refused_beside(one, other) is not None) is refused
    assert (refused_beside(other, one) is not None) is refused
