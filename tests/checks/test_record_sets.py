"""What Route 53 refuses of records: alone, beside others of their name, and for the zone of an alias."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ha_patterns.aws.record_sets import LONGEST_SET_IDENTIFIER, WEIGHTS

from .dns_documents import (
    ACCELERATOR,
    CLOUDFRONT,
    NO_VALUE,
    ZONE,
    Resources,
    alias,
    attribute,
    balancer_name,
    found,
    health_check,
    latency,
    load_balancer,
    primary,
    record,
    ref,
    secondary,
    untold,
)

_IRELAND, _IRELAND_NETWORK, _FRANKFURT = "Z32O12XQLNTSW2", "Z2IFOLAFXWLO4F", "Z215JYRZR1TBD5"
_API_OF_VIRGINIA, _WEBSITES_OF_IRELAND = "Z1UJRXOUMOOFQ8", "Z1BKCTXD74EZPE"
_ACCELERATORS = "Z2BJ6XQ5FK7U4H"
_DISTRIBUTION = "d111111abcdef8.cloudfront.net"
_HEALTH: Resources = {"Health": health_check()}
_MAYBE = {"Fn::If": ["Maybe", "60", NO_VALUE]}


def _one(**properties: Any) -> Resources:
    return {**ZONE, **_HEALTH, "One": record(**properties)}


@pytest.mark.parametrize(
    ("properties", "said"),
    [
        ({"Failover": "PRIMARY", "Region": "eu-west-1"}, "the routing policies failover and latency"),
        ({"Weight": 0, "MultiValueAnswer": True}, "the routing policies weighted and multivalue"),
        ({"Weight": ref("Given"), "GeoLocation": {"CountryCode": "*"}}, "weighted and geolocation"),
        ({"Weight": WEIGHTS[-1] + 1}, "Weight is 256; it may be 0 to 255"),
        ({"Failover": "primary"}, "Failover is 'primary'; it may be PRIMARY or SECONDARY"),
        ({"Weight": 1, "SetIdentifier": None}, "the weighted record of origin.example.com has no SetIdentifier"),
        ({"Weight": 1, "SetIdentifier": ""}, "has no SetIdentifier"),
        ({}, "the SetIdentifier 'it' and no routing policy"),
        ({"Weight": 1, "SetIdentifier": "x" * (LONGEST_SET_IDENTIFIER + 1)}, "129 characters; 128 are allowed"),
        ({"Weight": 1, "Type": "NS", "ResourceRecords": ["a", "b"]}, "a weighted record of type NS"),
        ({"MultiValueAnswer": True, "Type": "CNAME", "ResourceRecords": ["a"]}, "multivalue record of type CNAME"),
    ],
)
def test_a_record_has_one_policy_and_an_identifier(tmp_path: Path, properties: dict[str, Any], said: str) -> None:
    messages = found(tmp_path, "HA250", _one(**{"SetIdentifier": "it", **properties}), ("Given",))

    assert len(messages) == 1
    assert said in messages[0]


@pytest.mark.parametrize(
    "properties",
    [
        {"SetIdentifier": None},
        {"SetIdentifier": ref("Given"), "MultiValueAnswer": ref("Given")},
        {"Weight": WEIGHTS[0]},
        {"Weight": WEIGHTS[-1]},
        {"Weight": ref("Given"), "SetIdentifier": ref("Given")},
        {"Weight": 1, "SetIdentifier": "x" * LONGEST_SET_IDENTIFIER},
        {"Failover": ref("Given")},
        {"Failover": {"Fn::If": ["Maybe", "PRIMARY", NO_VALUE]}, "Weight": {"Fn::If": ["Maybe", NO_VALUE, 1]}},
        {"Weight": 1, "Type": "TXT", "ResourceRecords": ["a"]},
        {"Weight": 1, "MultiValueAnswer": False},
    ],
)
def test_a_policy_that_is_one_or_unknown_is_fine(tmp_path: Path, properties: dict[str, Any]) -> None:
    assert not found(tmp_path, "HA250", _one(**{"SetIdentifier": "it", **properties}), ("Given",))


@pytest.mark.parametrize(
    ("properties", "said"),
    [
        ({"ResourceRecords": None}, "no ResourceRecords and no AliasTarget"),
        ({"TTL": None}, "has no TTL"),
        ({"TTL": "60", "AliasTarget": alias(balancer_name())}, "is an alias and has a TTL of 60"),
        ({"TTL": ref("Given"), "AliasTarget": alias(balancer_name())}, "is an alias and has a TTL of ${Given}"),
        ({"ResourceRecords": ["192.0.2.1"], "AliasTarget": alias(balancer_name())}, "an alias and has ResourceRecords"),
        (
            {"MultiValueAnswer": True, "SetIdentifier": "a", "AliasTarget": alias(balancer_name())},
            "a multivalue answer and an alias",
        ),
        ({"Type": "CNAME", "AliasTarget": alias(balancer_name())}, "an alias of type CNAME to an Application"),
        ({"Type": "TXT", "AliasTarget": alias(_DISTRIBUTION, zone=CLOUDFRONT)}, "an alias of type TXT to CloudFront"),
    ],
)
def test_a_record_has_an_alias_or_values_with_a_ttl(tmp_path: Path, properties: dict[str, Any], said: str) -> None:
    [message] = found(tmp_path, "HA250", _one(**properties), ("Given",))

    assert said in message


@pytest.mark.parametrize(
    "properties",
    [
        {"ResourceRecords": ref("Given")},
        {"ResourceRecords": {"Fn::If": ["Maybe", ["192.0.2.1"], NO_VALUE]}},
        {"TTL": _MAYBE},
        {"TTL": _MAYBE, "AliasTarget": alias(balancer_name())},
        {"TTL": "60", "AliasTarget": {"Fn::If": ["Maybe", alias(balancer_name()), NO_VALUE]}},
        {"TTL": NO_VALUE, "AliasTarget": alias(balancer_name())},
        {"Type": "AAAA", "AliasTarget": alias(balancer_name())},
        {"Type": "HTTPS", "AliasTarget": alias(_DISTRIBUTION, zone=CLOUDFRONT, evaluate=False)},
        {"Type": "TXT", "AliasTarget": alias("other.example.com", zone=ref("Zone"))},
    ],
)
def test_an_alias_or_values_are_fine_and_so_is_what_is_unknown(tmp_path: Path, properties: dict[str, Any]) -> None:
    assert not found(tmp_path, "HA250", _one(**properties), ("Given",))


def test_a_private_zone_has_no_alias_to_a_distribution(tmp_path: Path) -> None:
    target = alias(_DISTRIBUTION, zone=CLOUDFRONT, evaluate=False)
    vpcs = {"VPCs": [{"VPCId": "vpc-1", "VPCRegion": "eu-west-1"}]}
    private = {"Type": "AWS::Route53::HostedZone", "Properties": {"Name": "example.com", **vpcs}}
    resources = {"Zone": private, "One": record(AliasTarget=target)}

    [message] = found(tmp_path, "HA250", resources)
    assert "in a private hosted zone" in message
    del private["Properties"]["VPCs"]  # type: ignore[attr-defined]
    assert not found(tmp_path, "HA250", resources)


@pytest.mark.parametrize(
    ("kind", "values", "said"),
    [
        ("A", ["192.0.2.1", "one.example.net"], "the value one.example.net, which is no IPv4 address"),
        ("A", ["2001:db8::1"], "no IPv4 address"),
        ("AAAA", ["192.0.2.1"], "no IPv6 address"),
        ("CNAME", ["one.example.net", "two.example.net"], "one.example.net and two.example.net; it may have one"),
        ("A", ["192.0.2.1", "192.0.2.2"], None),
        ("AAAA", ["2001:db8::1"], None),
        ("CNAME", ["one.example.net"], None),
        ("A", [ref("Given")], None),
        ("A", ["<ADDRESS>"], None),
        ("TXT", ['"a"', '"b"'], None),
    ],
)
def test_values_are_of_the_type(tmp_path: Path, kind: str, values: list[Any], said: str | None) -> None:
    messages = found(tmp_path, "HA250", _one(Type=kind, ResourceRecords=values), ("Given",))

    assert len(messages) == (said is not None)
    assert all(said is not None and said in message for message in messages)


@pytest.mark.parametrize(
    ("zone", "name", "said"),
    [
        ({"HostedZoneId": ref("Zone")}, "app.example.org", "is not in the hosted zone example.com"),
        ({"HostedZoneId": ref("Zone")}, "notexample.com", "is not in the hosted zone example.com"),
        ({"HostedZoneName": "example.com."}, {"Fn::Sub": "${Given}.example.org"}, "is not in the hosted zone"),
        ({"HostedZoneId": ref("Zone")}, "Example.com.", None),
        ({"HostedZoneId": ref("Zone")}, "*.example.com", None),
        ({"HostedZoneName": "example.com."}, {"Fn::Sub": "${Given}.example.com"}, None),
        ({"HostedZoneName": "a.example.com."}, {"Fn::Sub": "${Given}.com"}, None),
        ({"HostedZoneName": "example.com."}, ref("Given"), None),
        ({"HostedZoneName": ref("Given")}, "app.example.org", None),
        ({"HostedZoneId": "Z1111111111111"}, "app.example.org", None),
    ],
)
def test_a_name_is_in_its_zone(tmp_path: Path, zone: dict[str, Any], name: Any, said: str | None) -> None:
    resources = _one(**{"HostedZoneId": None, **zone}, Name=name)
    messages = found(tmp_path, "HA250", resources, ("Given",))

    assert len(messages) == (said is not None)
    assert all(said is not None and said in message for message in messages)


@pytest.mark.parametrize(
    ("zone", "name", "refused"),
    [
        ({"HostedZoneId": ref("Zone")}, "example.com", True),
        ({"HostedZoneName": "example.com."}, "Example.com", True),
        ({"HostedZoneName": {"Fn::Sub": "${Given}."}}, ref("Given"), True),
        ({"HostedZoneId": ref("Zone")}, "www.example.com", False),
        ({"HostedZoneName": ref("Given")}, ref("Other"), False),
        ({"HostedZoneId": "Z1111111111111"}, "example.com", False),
    ],
)
def test_the_name_of_a_zone_has_no_cname(tmp_path: Path, zone: dict[str, Any], name: Any, refused: bool) -> None:
    resources = _one(**{"HostedZoneId": None, **zone}, Name=name, Type="CNAME", ResourceRecords=["one.example.net"])
    messages = found(tmp_path, "HA250", resources, ("Given", "Other"))

    assert ["which has no CNAME" in message for message in messages] == [True] * refused


# Records beside each other.


def _several(*records: dict[str, Any], **more: Any) -> Resources:
    return {**ZONE, **_HEALTH, **{f"Record{index}": one for index, one in enumerate(records)}, **more}


def _in(zone: dict[str, Any], *records: dict[str, Any]) -> Resources:
    for one in records:
        del one["Properties"]["HostedZoneId"]
        one["Properties"].update(zone)
    return _several(*records)


@pytest.mark.parametrize(
    ("records", "said"),
    [
        ((record(), primary()), "a plain and a failover record of one name and type exclude each other"),
        ((primary(), record(Weight=1, SetIdentifier="w")), "a failover and a weighted record"),
        ((latency("eu-west-1"), latency("eu-west-1", SetIdentifier="b")), "one latency record of a name and type"),
        (
            tuple(record(GeoLocation={"CountryCode": "DE"}, SetIdentifier=one) for one in ("a", "b")),
            "one geolocation record",
        ),
        ((primary(), secondary(SetIdentifier="first")), "one record of a name, a type and a set identifier"),
        ((record(), record()), "one record of a name, a type and a set identifier"),
        ((record(), record(Type="CNAME", ResourceRecords=["a.example.net"])), "a CNAME is alone at its name"),
        ((record(Type="CNAME", ResourceRecords=["a"]), record(Type="TXT", ResourceRecords=["a"])), "a CNAME is alone"),
        (
            (latency(ref("Given"), SetIdentifier="a"), latency(ref("Given"), SetIdentifier="b")),
            "one latency record",
        ),
    ],
)
def test_records_that_exclude_each_other_are_found(tmp_path: Path, records: Any, said: str) -> None:
    messages = found(tmp_path, "HA251", _several(*records), ("Given",))

    assert len(messages) == 1
    assert said in messages[0]
    assert "dns/Record1 and dns/Record0" in messages[0]


@pytest.mark.parametrize(
    "records",
    [
        (primary(), secondary()),
        (latency("eu-west-1"), latency("eu-central-1")),
        (latency(ref("Given")), latency(ref("Other"), SetIdentifier="b")),
        (record(), record(Type="AAAA", ResourceRecords=["2001:db8::1"])),
        (record(), record(Name="other.example.com", Type="CNAME", ResourceRecords=["a.example.net"])),
        (record(Weight=1, SetIdentifier=ref("Given")), record(Weight=1, SetIdentifier=ref("Other"))),
        tuple(record(GeoLocation={"CountryCode": "US", "SubdivisionCode": one}, SetIdentifier=one) for one in "ab"),
        (record(GeoLocation=ref("Given"), SetIdentifier="a"), record(GeoLocation=ref("Given"), SetIdentifier="b")),
        (record(), {**primary(), "Condition": "Maybe"}),
        (record(), record(Failover={"Fn::If": ["Maybe", "PRIMARY", NO_VALUE]}, SetIdentifier="a")),
    ],
)
def test_records_that_go_together_are_fine_and_so_is_what_is_unknown(tmp_path: Path, records: Any) -> None:
    assert not found(tmp_path, "HA251", _several(*records), ("Given", "Other"))


def test_records_of_one_condition_are_made_together(tmp_path: Path) -> None:
    records = [{**one, "Condition": "Maybe"} for one in (record(), primary())]

    assert len(found(tmp_path, "HA251", _several(*records))) == 1


@pytest.mark.parametrize(
    ("zone", "count"),
    [
        ({"HostedZoneId": "Z1111111111111"}, 1),
        ({"HostedZoneName": "example.com."}, 1),
        ({"HostedZoneId": ref("Given")}, 1),
        ({"HostedZoneId": {"Fn::If": ["Maybe", "Z1", "Z2"]}}, 1),
    ],
)
def test_records_of_one_zone_are_compared_however_it_is_named(tmp_path: Path, zone: Any, count: int) -> None:
    assert len(found(tmp_path, "HA251", _in(zone, record(), primary()), ("Given",))) == count


def test_records_of_two_zones_do_not_meet(tmp_path: Path) -> None:
    resources = _several(record(), primary(HostedZoneId="Z1111111111111"))

    assert not found(tmp_path, "HA251", resources)


def test_one_finding_tells_of_each_record_that_is_refused(tmp_path: Path) -> None:
    resources = _several(record(), primary(), secondary(SetIdentifier="first"))

    assert len(found(tmp_path, "HA251", resources)) == 2


# The hosted zone of an alias.

_DOMAIN = {
    "Type": "AWS::ApiGateway::DomainName",
    "Properties": {"DomainName": "api.example.com", "EndpointConfiguration": {"Types": ["REGIONAL"]}},
}
_BALANCERS: Resources = {
    "App": load_balancer(),
    "Net": load_balancer(Type="network"),
    "Domain": _DOMAIN,
    **ACCELERATOR,
    "Elsewhere": {"Type": "AWS::Route53::HostedZone", "Properties": {"Name": "example.org"}},
    "Other": record(Name="other.example.com"),
}


def _to(name: Any, zone: Any, **properties: Any) -> Resources:
    return {**_one(AliasTarget=alias(name, zone=zone, evaluate=False), **properties), **_BALANCERS}


@pytest.mark.parametrize(
    ("name", "zone", "said"),
    [
        (balancer_name("eu-central-1"), _API_OF_VIRGINIA, "a Regional domain of API Gateway in us-east-1"),
        (balancer_name("eu-central-1"), _IRELAND, "Load Balancer in eu-central-1"),
        (balancer_name(), _IRELAND_NETWORK, "a Network Load Balancer in eu-west-1"),
        ("one-1.elb.eu-west-1.amazonaws.com", _IRELAND, "the name is a Network Load Balancer in eu-west-1"),
        (balancer_name(), CLOUDFRONT, "that of CloudFront"),
        (_DISTRIBUTION, _ACCELERATORS, "that of Global Accelerator, and the name is CloudFront"),
        ("d-1.execute-api.eu-west-1.amazonaws.com", _API_OF_VIRGINIA, "API Gateway in eu-west-1"),
        ("s3-website-eu-west-1.amazonaws.com", _IRELAND, "the name is an S3 website in eu-west-1"),
        ("other.example.com", CLOUDFRONT, "and the name is none of it"),
        ("www.example.net", _IRELAND, "and the name is none of it"),
        ("shop.s3.amazonaws.com", _WEBSITES_OF_IRELAND, "and the name is none of it"),
        ("shop.eu-west-1.elasticbeanstalk.com", ref("Elsewhere"), "another hosted zone than the record's own"),
        (attribute("App", "DNSName"), attribute("Net", "CanonicalHostedZoneID"), "that of a Network Load Balancer"),
        (attribute("Net", "DNSName"), attribute("Domain", "RegionalHostedZoneId"), "a Regional domain of API Gateway"),
        (attribute("Domain", "DistributionDomainName"), attribute("Domain", "RegionalHostedZoneId"), "is CloudFront"),
        (attribute("Accelerator", "DnsName"), CLOUDFRONT, "the name is Global Accelerator"),
        (attribute("App", "DNSName"), ref("Zone"), "a hosted zone of records, and the name is an Application"),
        (attribute("App", "DNSName"), ref("Elsewhere"), "a hosted zone of records"),
        ("other.example.com", ref("Elsewhere"), "another hosted zone than the record's own"),
        ("other.example.com", "Z1111111111111", "another hosted zone than the record's own"),
        ("www.example.net", ref("Zone"), "the record's own hosted zone, and the name is none of it"),
    ],
)
def test_an_alias_names_the_zone_of_its_target(tmp_path: Path, name: Any, zone: Any, said: str) -> None:
    [message] = found(tmp_path, "HA252", _to(name, zone))

    assert said in message


@pytest.mark.parametrize(
    ("name", "zone"),
    [
        (balancer_name(), _IRELAND),
        (f"dualstack.{balancer_name()}", _IRELAND),
        ("one-1.elb.eu-west-1.amazonaws.com", _IRELAND_NETWORK),
        (balancer_name(), "Z3NF1Z3NOM5OY2"),
        (_DISTRIBUTION, CLOUDFRONT),
        ("d111111abcdef8.cloudfront.cn", "Z3RFFRIM2A3IF5"),
        ("a1111.awsglobalaccelerator.com", _ACCELERATORS),
        ("s3-website-eu-west-1.amazonaws.com", _WEBSITES_OF_IRELAND),
        ("d-1.execute-api.us-east-1.amazonaws.com", _API_OF_VIRGINIA),
        ("shop.eu-west-1.elasticbeanstalk.com", "Z2NYPWQ7DFZAZH"),
        (attribute("App", "DNSName"), attribute("App", "CanonicalHostedZoneID")),
        (attribute("Domain", "RegionalDomainName"), attribute("Domain", "RegionalHostedZoneId")),
        (attribute("Domain", "DistributionDomainName"), attribute("Domain", "DistributionHostedZoneId")),
        (attribute("Domain", "DistributionDomainName"), CLOUDFRONT),
        (attribute("Accelerator", "DnsName"), _ACCELERATORS),
        (ref("Given"), CLOUDFRONT),
        (balancer_name(), ref("Given")),
        ("other.example.com", ref("Zone")),
        ("missing.example.com", ref("Zone")),
        ("other.example.com", ref("Given")),
        ({"Fn::Sub": "${Given}.example.net"}, ref("Zone")),
    ],
)
def test_an_alias_with_its_own_zone_is_fine_and_so_is_an_unknown_one(tmp_path: Path, name: Any, zone: Any) -> None:
    assert not found(tmp_path, "HA252", _to(name, zone), ("Given",))


def test_a_balancer_of_an_unknown_region_may_be_in_the_zone_that_is_named(tmp_path: Path) -> None:
    [message] = untold(tmp_path, "HA252", _to(attribute("App", "DNSName"), _IRELAND))

    assert message == (
        "cannot tell whether ${App.DNSName} is in the hosted zone that its alias names: it depends on AWS::Region"
    )


@pytest.mark.parametrize(("zone", "refused"), [("Z1111111111111", False), ("Z2222222222222", True)])
def test_ids_of_two_zones_are_compared(tmp_path: Path, zone: str, refused: bool) -> None:
    resources = _to("app.example.net", zone, HostedZoneId="Z1111111111111")

    assert len(found(tmp_path, "HA252", resources)) == refused


def _owner(**properties: Any) -> dict[str, Any]:
    """A TXT record that says whose the address records of its name are."""
    value = '"heritage=external-dns,external-dns/owner=one"'
    given = {"Type": "TXT", "SetIdentifier": "one", "Failover": "PRIMARY", "ResourceRecords": [value]}
    return record(**(given | properties))


@pytest.mark.parametrize(
    ("owner", "refused"),
    [
        (_owner(), True),
        (_owner(HealthCheckId=ref("Given")), False),
        (_owner(HealthCheckId="11111111-1111-1111-1111-111111111111"), False),
        (_owner(Failover="SECONDARY"), False),
        (_owner(Failover=ref("Given")), False),
        (_owner(Failover=None, SetIdentifier=None), False),
    ],
)
def test_a_primary_label_has_a_health_check(tmp_path: Path, owner: dict[str, Any], refused: bool) -> None:
    messages = found(tmp_path, "HA250", {**ZONE, "Owner": owner}, ("Given",))

    assert len(messages) == refused
    assert not refused or messages[0].endswith("TXT has no health check; only an alias may")


def test_of_a_primary_that_answers_another_rule_tells(tmp_path: Path) -> None:
    resources = {**ZONE, "First": record(SetIdentifier="one", Failover="PRIMARY", ResourceRecords=["192.0.2.1"])}

    assert not found(tmp_path, "HA250", resources)
    assert len(found(tmp_path, "HA201", resources)) == 1
