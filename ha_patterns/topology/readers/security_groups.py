"""Security groups, with the rules that resources of their own add."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ..model import IngressRule, SecurityGroup
from ..properties import Property
from ..reader import Read, Reader, Resource, complete
from ..values import ResourceId, Unresolved, Value, references
from .references import referring

_GROUP = "AWS::EC2::SecurityGroup"
_INGRESS = "AWS::EC2::SecurityGroupIngress"


def _security_group(reader: Reader, resource: Resource) -> SecurityGroup:
    properties = resource.properties
    ingress = [_rule(reader, resource, rule) for rule in properties["SecurityGroupIngress"]]
    more = {
        rule.id: rule
        for name in ("GroupId", "GroupName")
        for rule in referring(reader, name, _INGRESS).get(resource.id, ())
    }
    ingress += [_own_rule(reader, rule) for rule in more.values()]
    group = _bare(reader, resource.id)
    complete(group, replace(group, ingress=tuple(ingress), **resource.head()))
    return group


def _bare(reader: Reader, group: ResourceId) -> SecurityGroup:
    """A security group before its rules are read: groups refer to each other in circles."""
    made: dict[ResourceId, SecurityGroup] = reader.index("security groups", dict)
    if group not in made:
        made[group] = SecurityGroup(ingress=(), place=reader.resource(group).place())
    return made[group]


def _own_rule(reader: Reader, resource: Resource) -> IngressRule:
    made: dict[ResourceId, IngressRule] = reader.index("ingress rules", dict)
    if resource.id not in made:
        made[resource.id] = _rule(reader, resource, resource.properties)
    return made[resource.id]


def _rule(reader: Reader, resource: Resource, given: Property) -> IngressRule:
    source = given["SourceSecurityGroupId"].text() or given["SourceSecurityGroupName"].text()
    return IngressRule(
        protocol=given["IpProtocol"].text() or Unresolved("a protocol, which the rule lacks"),
        from_port=given["FromPort"].whole(),
        to_port=given["ToPort"].whole(),
        cidr=given["CidrIp"].text(),
        cidr_v6=given["CidrIpv6"].text(),
        prefix_list=given["SourcePrefixListId"].text(),
        source_group=None if source is None else _source_group(reader, source),
        **(resource.head() if given is resource.properties else resource.part(given)),
    )


def _source_group(reader: Reader, value: Value) -> SecurityGroup | Unresolved:
    for reference in references(value):
        if reader.templates.type_of(reference.resource) == _GROUP:
            return _bare(reader, reference.resource)
    return reader.link(value, SecurityGroup) or Unresolved("a security group")


READERS: Mapping[str, Read] = {_GROUP: _security_group, _INGRESS: _own_rule}
