"""What the rules of records and load balancers ask of the model: conditions, zones, websites, listeners."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ha_patterns.topology import LoadBalancer, OriginKind, Record, Topology, load

_PARAMETERS = {name: {"Type": "String"} for name in ("Stage", "Given")}
_CONDITIONS = {
    "Maybe": {"Fn::Equals": [{"Ref": "Stage"}, "production"]},
    "Always": {"Fn::Equals": ["production", "production"]},
}


def _topology(folder: Path, **resources: Any) -> Topology:
    path = folder / "dns.template.json"
    document = {"Parameters": _PARAMETERS, "Conditions": _CONDITIONS, "Resources": resources}
    path.write_text(json.dumps(document), encoding="utf-8")
    return load(path)


def _record(**properties: Any) -> dict[str, Any]:
    defaults = {"HostedZoneName": "example.com.", "Name": "www.example.com", "Type": "A"}
    return {"Type": "AWS::Route53::RecordSet", "Properties": defaults | properties}


@pytest.mark.parametrize(("condition", "waits"), [("Maybe", True), ("Always", False), (None, False)])
def test_a_resource_tells_whether_a_condition_may_leave_it_out(
    tmp_path: Path, condition: str | None, waits: bool
) -> None:
    one = _record() if condition is None else {**_record(), "Condition": condition}

    [record] = _topology(tmp_path, One=one).of(Record)

    assert (record.place.condition is not None) is waits


def test_two_choices_of_one_condition_are_not_the_same(tmp_path: Path) -> None:
    def chosen(one: str, other: str) -> dict[str, Any]:
        return _record(Name={"Fn::If": ["Maybe", one, other]})

    topology = _topology(tmp_path, One=chosen("a", "b"), Two=chosen("b", "a"), Three=chosen("a", "b"))
    one, two, three = topology.of(Record)

    assert one.name != two.name
    assert one.name == three.name


def test_a_zone_is_the_same_by_its_id_and_by_its_name(tmp_path: Path) -> None:
    zone = {"Type": "AWS::Route53::HostedZone", "Properties": {"Name": "example.com."}}
    by_id = _record(HostedZoneName={"Ref": "AWS::NoValue"}, HostedZoneId={"Ref": "Zone"}, SetIdentifier="one")

    [record_set] = _topology(tmp_path, Zone=zone, One=by_id, Two=_record(SetIdentifier="two")).record_sets

    assert [record.set_identifier for record in record_set.records] == ["one", "two"]


@pytest.mark.parametrize("name", ["Example.com.", "example.com"])
def test_a_zone_name_is_the_same_but_for_case_and_the_last_dot(tmp_path: Path, name: str) -> None:
    assert len(_topology(tmp_path, One=_record(), Two=_record(HostedZoneName=name)).record_sets) == 1


@pytest.mark.parametrize(
    "name",
    [
        "s3-website-eu-west-1.amazonaws.com",
        "s3-website.eu-central-1.amazonaws.com",
        "b.s3-website-eu-west-1.amazonaws.com",
    ],
)
def test_an_alias_to_a_website_may_go_by_the_service_alone(tmp_path: Path, name: str) -> None:
    [record] = _topology(tmp_path, One=_record(AliasTarget={"DNSName": name, "HostedZoneId": "Z1"})).of(Record)

    assert record.alias is not None
    assert record.alias.endpoint.kind is OriginKind.WEBSITE
    assert record.alias.endpoint.region in ("eu-west-1", "eu-central-1")


def test_a_reference_to_a_record_is_its_name(tmp_path: Path) -> None:
    outer = _record(Name="outer.example.com", AliasTarget={"DNSName": {"Ref": "Inner"}, "HostedZoneId": "Z1"})
    inner = _record(Name="Inner.example.com.", TTL="60", ResourceRecords=["192.0.2.1"])

    first, second = _topology(tmp_path, Outer=outer, Inner=inner).of(Record)

    assert first.alias is not None
    assert first.alias.endpoint.records == (second,)


def test_a_record_that_is_named_by_itself_ends(tmp_path: Path) -> None:
    [record] = _topology(tmp_path, One=_record(Name={"Ref": "One"})).of(Record)

    assert not isinstance(record.name, str)


@pytest.mark.parametrize(
    ("kind", "region"),
    [("AWS::EC2::Instance", "eu-west-1"), ("Custom::Lookup", None), ("AWS::CloudFormation::CustomResource", None)],
)
def test_what_code_has_looked_up_may_be_in_any_region(tmp_path: Path, kind: str, region: str | None) -> None:
    value = {"Fn::GetAtt": ["Made", "PublicDnsName"]}
    record = _record(Type="CNAME", TTL="60", ResourceRecords=[value])
    path = tmp_path / "dns.template.json"
    path.write_text(json.dumps({"Resources": {"Made": {"Type": kind}, "One": record}}), encoding="utf-8")

    [one] = load(path, parameters={"AWS::Region": "eu-west-1"}).of(Record)

    assert one.answers[0].region == region


def test_a_listener_rule_tells_all_that_it_looks_at(tmp_path: Path) -> None:
    conditions = [
        {"Field": "path-pattern", "PathPatternConfig": {"Values": ["/health"]}},
        {"Field": "http-header", "HttpHeaderConfig": {"HttpHeaderName": "X-Secret", "Values": ["a"]}},
        {"Field": "host-header", "HostHeaderConfig": {"RegexValues": ["^example[.]com$"]}},
    ]
    properties = {"ListenerArn": {"Ref": "Listener"}, "Priority": 1, "Conditions": conditions, "Actions": []}
    topology = _topology(
        tmp_path,
        Balancer={"Type": "AWS::ElasticLoadBalancingV2::LoadBalancer", "Properties": {}},
        Listener={
            "Type": "AWS::ElasticLoadBalancingV2::Listener",
            "Properties": {"LoadBalancerArn": {"Ref": "Balancer"}, "DefaultActions": []},
        },
        Rule={"Type": "AWS::ElasticLoadBalancingV2::ListenerRule", "Properties": properties},
    )
    [balancer] = topology.of(LoadBalancer)
    rule = balancer.listeners[0].rules[0]

    assert (rule.paths, rule.headers, rule.others) == (("/health",), ("x-secret",), ("host-header",))


def test_an_assembly_may_have_a_stack_without_resources(tmp_path: Path) -> None:
    (tmp_path / "empty.template.json").write_text('{"Parameters": {}}', encoding="utf-8")
    artifact = {"type": "aws:cloudformation:stack", "properties": {"templateFile": "empty.template.json"}}
    manifest = {"version": "55.0.0", "artifacts": {"empty": artifact}}
    (tmp_path / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")

    assert not load(tmp_path).things
