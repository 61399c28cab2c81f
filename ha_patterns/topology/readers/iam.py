"""Roles, and what the policies attached to them allow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from ..model import Condition, Principal, PrincipalKind, Role, Statement
from ..properties import Gaps, Property
from ..reader import Read, Reader, Resource
from ..values import ResourceId, Unresolved, Value, references

_KINDS = {
    kind.value: kind
    for kind in (PrincipalKind.AWS, PrincipalKind.SERVICE, PrincipalKind.FEDERATED, PrincipalKind.CANONICAL_USER)
}
_NOT_READ = Unresolved("a policy that is written as text")


def statements(resource: Resource, document: Property) -> Iterator[Statement]:
    """The statements of a policy document."""
    for one in _each(document["Statement"]):
        yield _statement(resource, one)


def _statement(resource: Resource, one: Property) -> Statement:
    # There are more statements than anything else, and most elements of most of them are not there.
    has = one.value if isinstance(one.value, dict) else {}

    def values(name: str) -> tuple[Value, ...]:
        return one[name].one_or_more() if name in has else ()

    return Statement(
        sid=one["Sid"].text() if "Sid" in has else None,
        effect=str(one["Effect"].text() or "Allow"),
        principals=_principals(one["Principal"]) if "Principal" in has else (),
        not_principals=_principals(one["NotPrincipal"]) if "NotPrincipal" in has else (),
        actions=values("Action"),
        not_actions=values("NotAction"),
        resources=values("Resource"),
        not_resources=values("NotResource"),
        conditions=_conditions(one["Condition"]) if "Condition" in has else (),
        **resource.part(one),
    )


def _principals(given: Property) -> tuple[Principal, ...]:
    if not given:
        return ()
    if not isinstance(given.value, dict):
        return tuple(
            Principal(PrincipalKind.EVERYONE if name == "*" else PrincipalKind.UNKNOWN, name)
            for name in given.one_or_more()
        )
    return tuple(
        Principal(_KINDS.get(kind, PrincipalKind.UNKNOWN), name)
        for kind, named in given.items()
        for name in named.one_or_more()
    )


def _conditions(given: Property) -> tuple[Condition, ...]:
    if not given:
        return ()
    if not isinstance(given.value, dict):
        return (Condition(given.unresolved or Unresolved("a condition"), "", ()),)
    found: list[Condition] = []
    for operator, keys in given.items():
        if not isinstance(keys.value, dict):
            found.append(Condition(keys.unresolved or Unresolved(f"the condition {operator}"), "", ()))
            continue
        found += [Condition(operator, key.lower(), values.one_or_more()) for key, values in keys.items()]
    return tuple(found)


def _each(given: Property) -> Iterable[Property]:
    """The statements of a policy, which may be one without a list."""
    return (given,) if isinstance(given.value, dict) else given


def policy(resource: Resource, document: Property) -> tuple[Statement, ...] | None:
    """The statements of a whole policy; None where there may be more or fewer of them."""
    # CloudFormation takes a policy as a text of JSON, too.
    if document and not isinstance(document.value, dict):
        resource.gaps.append((document.path, document.unresolved or _NOT_READ))
        return None
    before = len(resource.gaps)
    made = tuple(statements(resource, document))
    # What is not known of a statement is the statement's; what is beyond that are statements.
    return made if len(resource.gaps) - before == sum(len(statement.gaps) for statement in made) else None


def policies(
    reader: Reader, resource_type: str, holder: str, document: str = "PolicyDocument"
) -> Mapping[ResourceId | Value, tuple[Statement, ...] | None]:
    """The policies that resources of their own attach to others, such as buckets' policies.

    Args:
        reader: Of the templates.
        resource_type: What attaches a policy.
        holder: The property that names what has the policy, or a list of it.
        document: The property that is the policy.

    Returns:
        By what has the policy, its resource or its name, the statements; None where there may be more or fewer.
    """

    def read() -> dict[ResourceId | Value, tuple[Statement, ...] | None]:
        found: dict[ResourceId | Value, tuple[Statement, ...] | None] = {}
        for resource in reader.resources(resource_type):
            made = policy(resource, resource.properties[document])
            if resource.place().condition is not None:
                made = None
            for named in resource.properties[holder].one_or_more():
                key = next((reference.resource for reference in references(named)), named)
                others = found.get(key, ())
                found[key] = None if made is None or others is None else (*others, *made)
        return found

    attached: Mapping[ResourceId | Value, tuple[Statement, ...] | None] = reader.index(
        ("policies", resource_type), read
    )
    return attached


def _role(reader: Reader, resource: Resource) -> Role:
    properties = resource.properties
    own = [statement for one in properties["Policies"] for statement in statements(resource, one["PolicyDocument"])]
    managed = list(properties["ManagedPolicyArns"].texts())
    attached = reader.index("policies of roles", lambda: _policies(reader))
    names = (resource.id, properties["RoleName"].text())
    policy_ids = [policy_id for name in names for policy_id in attached.get(name, ())]
    policy_ids += [reference.resource for value in managed for reference in references(value)]
    # Many roles may have one policy, and a role may have it in two ways.
    for policy_id in dict.fromkeys(policy_ids):
        found, gaps = _statements(reader, policy_id)
        own += found
        resource.gaps += gaps
    trust = list(_each(properties["AssumeRolePolicyDocument"]["Statement"]))
    trusted = {service for statement in trust for service in statement["Principal"]["Service"].texts()}
    return Role(
        name=properties["RoleName"].text(),
        path=properties["Path"].text() or "/",
        trusted=frozenset(trusted),
        trust=tuple(_statement(resource, statement) for statement in trust),
        statements=tuple(own),
        managed=tuple(managed),
        boundary=properties["PermissionsBoundary"].text(),
        **resource.head(),
    )


def _statements(reader: Reader, policy_id: ResourceId) -> tuple[list[Statement], Gaps]:
    """What a policy allows, and what of it cannot be read; read once."""

    def read() -> tuple[list[Statement], Gaps]:
        resource = reader.resource(policy_id)
        return list(statements(resource, resource.properties["PolicyDocument"])), resource.gaps

    found: tuple[list[Statement], Gaps] = reader.index(("statements", policy_id), read)
    return found


def _policies(reader: Reader) -> dict[ResourceId | Value | None, list[ResourceId]]:
    """By role, its resource or its name, the policies that name it."""
    found: dict[ResourceId | Value | None, list[ResourceId]] = {}
    for resource in reader.resources("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", "AWS::IAM::RolePolicy"):
        roles = (*resource.properties["Roles"].texts(), *resource.properties["RoleName"].texts())
        for role in roles:
            keys: list[ResourceId | Value] = [reference.resource for reference in references(role)]
            for key in keys or [role]:
                found.setdefault(key, []).append(resource.id)
    return found


READERS: Mapping[str, Read] = {"AWS::IAM::Role": _role}
