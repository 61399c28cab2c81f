"""What the rules say of security groups before VPC origins: whom they admit, at which port, and what nothing tells."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from .documents import get, ref, resource
from .edge_documents import UNKNOWN, origin, said, site

_LISTS = "pl-4fa04526"
_BALANCER = "ElasticLoadBalancingV2::LoadBalancer"


def _group(*rules: Any, kind: str = "application", vpc: bool = False, **more: Any) -> dict[str, Any]:
    """A load balancer with a security group of these rules, and an origin that asks it at port 80."""
    scheme = "internal" if vpc else "internet-facing"
    balancer = {"Type": kind, "Scheme": scheme, "SecurityGroups": [ref("Group")]}
    ingress = [{"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, **one} if one != UNKNOWN else one for one in rules]
    config = {"Arn": ref("Balancer"), "OriginProtocolPolicy": "http-only"}
    domain = get("Balancer", "DNSName")
    by_vpc = {"Id": "app", "DomainName": domain, "VpcOriginConfig": {"VpcOriginId": get("Vpc", "Id")}}
    return {
        "Balancer": resource("ElasticLoadBalancingV2::LoadBalancer", balancer),
        "Group": resource("EC2::SecurityGroup", {"GroupDescription": "app", "SecurityGroupIngress": ingress}),
        "Clients": resource("EC2::SecurityGroup", {"GroupDescription": "clients"}),
        "Vpc": resource("CloudFront::VpcOrigin", {"VpcOriginEndpointConfig": config}),
        **site([by_vpc if vpc else origin("app", domain, settings={"OriginProtocolPolicy": "http-only"})]),
        **more,
    }


def _from(source: Any) -> dict[str, Any]:
    return {"CidrIp": source}


_CLIENTS = {"SourceSecurityGroupId": get("Clients", "GroupId")}
_SOMEBODY = {"SourceSecurityGroupId": "sg-0123456789abcdef0"}


@pytest.mark.parametrize(
    ("resources", "only"),
    [
        (_group(_from("8.8.8.8/32"), _from("9.9.9.9/32"), vpc=True), "admit 8.8.8.8/32 and 9.9.9.9/32 only"),
        # It is open at another port.
        (_group({**_from("0.0.0.0/0"), "FromPort": 443, "ToPort": 443}, vpc=True), "admit nobody"),
        (_group({**_from("0.0.0.0/0"), "IpProtocol": "udp"}, vpc=True), "admit nobody"),
        (_group(_CLIENTS, vpc=True), "admit the security group stack/Clients only"),
        (_group(_from("203.0.113.0/24"), vpc=True), "admit 203.0.113.0/24 only"),
        (_group(_from("8.8.8.0/24"), vpc=True), "admit 8.8.8.0/24 only"),
        (_group(_from("203.0.113.0/24"), kind="network", vpc=True), "admit 203.0.113.0/24 only"),
    ],
)
def test_security_groups_that_shut_cloudfront_out_are_found(
    tmp_path: Path, resources: dict[str, Any], only: str
) -> None:
    (message,) = said(tmp_path, resources, "HA051")

    assert message == f"the security groups of stack/Balancer, which origin app asks at port 80, {only}"
    assert not said(tmp_path, resources, "HA052")


_OWN_RULE = resource(
    "EC2::SecurityGroupIngress",
    {
        "GroupId": get("Group", "GroupId"),
        "IpProtocol": "tcp",
        "FromPort": 80,
        "ToPort": 80,
        "SourcePrefixListId": _LISTS,
    },
)


@pytest.mark.parametrize(
    "resources",
    [
        _group({"SourcePrefixListId": _LISTS}, vpc=True),
        _group({"SourcePrefixListId": UNKNOWN}, vpc=True),
        _group({"SourcePrefixListId": "pl-00000000"}, vpc=True),
        _group(_from("0.0.0.0/0"), vpc=True),
        _group({"CidrIpv6": "::/0"}, vpc=True),
        _group({**_from("0.0.0.0/0"), "IpProtocol": "-1", "FromPort": None, "ToPort": None}, vpc=True),
        _group({**_from("0.0.0.0/0"), "FromPort": 0, "ToPort": 65535}, vpc=True),
        _group({**_from("0.0.0.0/0"), "FromPort": UNKNOWN, "ToPort": UNKNOWN}, vpc=True),
        _group(_from(UNKNOWN), vpc=True),
        # CloudFront comes from a private address of the VPC.
        _group(_from("10.0.0.0/16"), vpc=True),
        _group({"SourceSecurityGroupId": UNKNOWN}, vpc=True),
        _group(_CLIENTS, Own=_OWN_RULE, vpc=True),
        _group(UNKNOWN, vpc=True),
        _group(_CLIENTS, vpc=True, Balancer=resource(_BALANCER, {"SecurityGroups": UNKNOWN})),
        _group(_CLIENTS, vpc=True, Balancer=resource(_BALANCER, {})),
        _group(_CLIENTS, vpc=True, Balancer=resource(_BALANCER, {"Type": "network"})),
        # Its rules are somewhere else.
        _group(vpc=True),
        # Who comes by the internet is for another rule.
        _group(_CLIENTS),
    ],
)
def test_security_groups_that_may_admit_cloudfront_are_fine(tmp_path: Path, resources: dict[str, Any]) -> None:
    assert not said(tmp_path, resources, "HA051")
    assert not said(tmp_path, resources, "HA052")


def test_a_group_by_its_id_may_be_that_of_cloudfront(tmp_path: Path) -> None:
    (message,) = said(tmp_path, _group(_SOMEBODY, _CLIENTS, vpc=True), "HA052")

    assert message == (
        "the security groups of stack/Balancer, which the VPC origin app asks at port 80, admit the security group "
        "sg-0123456789abcdef0 and the security group stack/Clients only"
    )
    assert not said(tmp_path, _group(_SOMEBODY, _CLIENTS, vpc=True), "HA051")


def _many(count: int, **source: Any) -> list[dict[str, Any]]:
    return [{**source, "FromPort": port, "ToPort": port} for port in range(1, count + 1)]


_CLOUDFRONT = {"SourcePrefixListId": _LISTS}


@pytest.mark.parametrize(
    ("rules", "count"),
    [
        ([_CLOUDFRONT, *_many(5, CidrIp="10.0.0.0/8")], None),
        ([_CLOUDFRONT, *_many(6, CidrIp="10.0.0.0/8")], "61 for IPv4, 55 of them for the prefix list of CloudFront"),
        ([_CLOUDFRONT, *_many(6, CidrIpv6="::/0")], None),
        ([_CLOUDFRONT, *_many(6, **_SOMEBODY)], "61 for IPv4, 55 of them"),
        (_many(60, CidrIp="10.0.0.0/8"), None),
        (_many(61, CidrIp="10.0.0.0/8"), "count as 61 for IPv4; the quota is 60"),
        (_many(61, CidrIpv6="::/0"), "count as 61 for IPv6; the quota is 60"),
        # Nothing tells how many addresses a list has that is not AWS's.
        ([{"SourcePrefixListId": "pl-0123456789abcdef0"}, *_many(59, CidrIp="10.0.0.0/8")], None),
        ([{"SourcePrefixListId": UNKNOWN}, {"SourcePrefixListId": UNKNOWN, "FromPort": 443}], None),
    ],
)
def test_rules_above_the_quota_are_found(tmp_path: Path, rules: list[dict[str, Any]], count: str | None) -> None:
    messages = said(tmp_path, _group(*rules), "HA322")

    assert len(messages) == (count is not None)
    assert count is None or count in messages[0]


def test_rules_that_are_resources_of_their_own_count(tmp_path: Path) -> None:
    rules = {
        f"From{port}": resource(
            "EC2::SecurityGroupIngress",
            {"GroupId": get("Group", "GroupId"), "IpProtocol": "tcp", "FromPort": port, "ToPort": port, **_CLOUDFRONT},
        )
        for port in (80, 443)
    }
    group = resource("EC2::SecurityGroup", {"GroupDescription": "app"})

    (message,) = said(tmp_path, {"Group": group, **rules}, "HA322")

    assert "stack/Group count as 110 for IPv4" in message
