"""Roles, and what the policies attached to them allow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from ..model import Role, Statement
from ..properties import Gaps, Property
from ..reader import Read, Reader, Resource
from ..values import ResourceId, Value, references


def statements(resource: Resource, document: Property) -> Iterator[Statement]:
    """The statements of a policy document."""
    for one in _each(document["Statement"]):
        conditions = one["Condition"].resolved()
        yield Statement(
            effect=str(one["Effect"].text() or "Allow"),
            actions=one["Action"].one_or_more(),
            not_actions=one["NotAction"].one_or_more(),
            resources=one["Resource"].one_or_more(),
            not_resources=one["NotResource"].one_or_more(),
            conditions=conditions if isinstance(conditions, dict) else {},
            **resource.part(one),
        )


def _each(given: Property) -> Iterable[Property]:
    """The statements of a policy, which may be one without a list."""
    return (given,) if isinstance(given.value, dict) else given


def _role(reader: Reader, resource: Resource) -> Role:
    properties = resource.properties
    own = [statement for one in properties["Policies"] for statement in statements(resource, one["PolicyDocument"])]
    managed = list(properties["ManagedPolicyArns"].texts())
    attached = reader.index("policies of roles", lambda: _policies(reader))
    names = (resource.id, properties["RoleName"].text())
    policies = [policy for name in names for policy in attached.get(name, ())]
    policies += [reference.resource for value in managed for reference in references(value)]
    # Many roles may have one policy, and a role may have it in two ways.
    for policy in dict.fromkeys(policies):
        found, gaps = _statements(reader, policy)
        own += found
        resource.gaps += gaps
    trusted = {
        service
        for statement in _each(properties["AssumeRolePolicyDocument"]["Statement"])
        for service in statement["Principal"]["Service"].texts()
    }
    return Role(trusted=frozenset(trusted), statements=tuple(own), managed=tuple(managed), **resource.head())


def _statements(reader: Reader, policy_id: ResourceId) -> tuple[list[Statement], Gaps]:
    """What a policy allows, and what of it cannot be read; read once."""

    def read() -> tuple[list[Statement], Gaps]:
        policy = reader.resource(policy_id)
        return list(statements(policy, policy.properties["PolicyDocument"])), policy.gaps

    found: tuple[list[Statement], Gaps] = reader.index(("statements", policy_id), read)
    return found


def _policies(reader: Reader) -> dict[ResourceId | Value | None, list[ResourceId]]:
    """By role, its resource or its name, the policies that name it."""
    found: dict[ResourceId | Value | None, list[ResourceId]] = {}
    for policy in reader.resources("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", "AWS::IAM::RolePolicy"):
        roles = (*policy.properties["Roles"].texts(), *policy.properties["RoleName"].texts())
        for role in roles:
            keys: list[ResourceId | Value] = [reference.resource for reference in references(role)]
            for key in keys or [role]:
                found.setdefault(key, []).append(policy.id)
    return found


READERS: Mapping[str, Read] = {"AWS::IAM::Role": _role}
