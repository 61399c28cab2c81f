"""Security groups: who may connect, at which ports."""

from __future__ import annotations

from typing import Any

from ha_patterns.topology.model import IngressRule, SecurityGroup
from ha_patterns.topology.values import Unresolved

from .loading import get_att, load_resources, named, only, ref, resource


def _group(*rules: Any) -> dict[str, Any]:
    return resource("EC2::SecurityGroup", SecurityGroupIngress=list(rules))


def test_a_rule_tells_protocol_ports_and_source() -> None:
    rules = [
        {"IpProtocol": "tcp", "FromPort": 443, "ToPort": "444", "CidrIp": "0.0.0.0/0"},
        {"IpProtocol": "-1", "CidrIpv6": "::/0"},
        {"IpProtocol": "udp", "FromPort": 53, "ToPort": 53, "SourcePrefixListId": "pl-1"},
    ]
    first, second, third = only(load_resources({"Group": _group(*rules)}), SecurityGroup).ingress

    assert (first.protocol, first.from_port, first.to_port, first.cidr) == ("tcp", 443, 444, "0.0.0.0/0")
    assert (second.protocol, second.from_port, second.cidr, second.cidr_v6) == ("-1", None, None, "::/0")
    assert (third.prefix_list, third.source_group) == ("pl-1", None)
    assert third.place.path == ("Properties", "SecurityGroupIngress", 2)


def test_a_rule_of_its_own_is_one_of_its_group() -> None:
    rule = resource(
        "EC2::SecurityGroupIngress", GroupId=get_att("Group", "GroupId"), IpProtocol="tcp", CidrIp="10.0.0.0/8"
    )
    topology = load_resources({"Group": _group(), "Rule": rule})

    assert only(topology, SecurityGroup).ingress == (only(topology, IngressRule),)
    assert only(topology, IngressRule).cidr == "10.0.0.0/8"


def test_groups_may_admit_themselves_and_each_other() -> None:
    def rule(group: str, source: str) -> dict[str, Any]:
        source_id = get_att(source, "GroupId")
        return resource(
            "EC2::SecurityGroupIngress", GroupId=ref(group), IpProtocol="-1", SourceSecurityGroupId=source_id
        )

    rules = {"RuleAA": rule("A", "A"), "RuleAB": rule("A", "B"), "RuleBA": rule("B", "A")}
    topology = load_resources({"A": _group(), "B": _group(), **rules})
    one, other = named(topology, SecurityGroup, "A"), named(topology, SecurityGroup, "B")

    assert [rule.source_group for rule in one.ingress] == [one, other]
    assert [rule.source_group for rule in other.ingress] == [one]


def test_a_long_chain_of_groups_has_no_end_that_is_unknown() -> None:
    chain = {f"G{i}": _group({"IpProtocol": "-1", "SourceSecurityGroupId": ref(f"G{i + 1}")}) for i in range(50)}
    topology = load_resources({**chain, "G50": _group()})
    group = named(topology, SecurityGroup, "G0")
    for _ in range(50):
        source = group.ingress[0].source_group
        assert isinstance(source, SecurityGroup)
        group = source

    assert group is named(topology, SecurityGroup, "G50")
    assert group.ingress == ()


def test_what_cannot_be_read_is_a_gap() -> None:
    group = resource("EC2::SecurityGroup", SecurityGroupIngress=ref("Nobody"))
    one = only(load_resources({"Group": group}), SecurityGroup)

    assert one.ingress == ()
    assert one.gaps == (Unresolved("Nobody, which the template does not have"),)


def test_a_source_elsewhere_is_unresolved() -> None:
    group = only(load_resources({"Group": _group({"SourceSecurityGroupId": "sg-1"})}), SecurityGroup)

    assert group.ingress[0].source_group == Unresolved("sg-1, which is not in these templates")
    assert isinstance(group.ingress[0].protocol, Unresolved)
