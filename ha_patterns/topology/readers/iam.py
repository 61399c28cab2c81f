"""Roles, and what the policies attached to them allow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from ..model import Role, Statement
from ..properties import Property
from ..reader import Read, Reader, Resource
from ..values import ResourceId, references


def statements(resource: Resource, document: Property) -> Iterator[Statement]:
    """The statements of a policy document."""
    for one in _each(document["Statement"]):
        before = len(resource.gaps)
        conditions = one["Condition"].resolved()
        yield Statement(
            effect=str(one["Effect"].text() or "Allow"),
            actions=one["Action"].one_or_more(),
            not_actions=one["NotAction"].one_or_more(),
            resources=one["Resource"].one_or_more(),
            not_resources=one["NotResource"].one_or_more(),
            conditions=conditions if isinstance(conditions, dict) else {},
            **resource.part(one, before),
        )


def _each(given: Property) -> Iterable[Property]:
    """The statements of a policy, which may be one without a list."""
    return (given,) if isinstance(given.value, dict) else given


def _role(reader: Reader, resource: Resource) -> Role:
    properties = resource.properties
    own = [statement for one in properties["Policies"] for statement in statements(resource, one["PolicyDocument"])]
    managed = list(properties["ManagedPolicyArns"].texts())
    attached = reader.index("policies of roles", lambda: _policies(reader))
    for policy in attached.get(resource.id, ()):
        own += statements(policy, policy.properties["PolicyDocument"])
        resource.gaps += policy.gaps
    for value in managed:
        for reference in references(value):
            policy = reader.resource(reference.resource)
            own += statements(policy, policy.properties["PolicyDocument"])
    trusted = {
        service
        for statement in _each(properties["AssumeRolePolicyDocument"]["Statement"])
        for service in statement["Principal"]["Service"].texts()
    }
    return Role(trusted=frozenset(trusted), statements=tuple(own), managed=tuple(managed), **resource.head())


def _policies(reader: Reader) -> dict[ResourceId, list[Resource]]:
    """By role, the policies that name it."""
    found: dict[ResourceId, list[Resource]] = {}
    for policy in reader.resources("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", "AWS::IAM::RolePolicy"):
        roles = (*policy.properties["Roles"].texts(), *policy.properties["RoleName"].texts())
        for role in roles:
            for reference in references(role):
                found.setdefault(reference.resource, []).append(policy)
    return found


READERS: Mapping[str, Read] = {"AWS::IAM::Role": _role}
