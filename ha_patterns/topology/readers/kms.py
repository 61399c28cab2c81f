"""Keys of AWS KMS, with who may use them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ..model import Key, KeyAlias, Principal, PrincipalKind, Statement
from ..model.kms import AWS_MANAGED
from ..properties import Property
from ..reader import Read, Reader, Resource, complete
from ..values import Unresolved, Value, concatenate, references, split, starts
from .iam import policy
from .references import of_custom_resources

_ALIAS = "AWS::KMS::Alias"
_NO_KEY = Unresolved("a key, which nothing names")


def _key(reader: Reader, resource: Resource) -> Key:
    properties = resource.properties
    return Key(
        enabled=properties["Enabled"].flag(default=True),
        multi_region=properties["MultiRegion"].flag(),
        primary=None,
        rotated=properties["EnableKeyRotation"].flag(),
        spec=properties["KeySpec"].text() or "SYMMETRIC_DEFAULT",
        usage=properties["KeyUsage"].text() or "ENCRYPT_DECRYPT",
        statements=_statements(reader, resource, properties["KeyPolicy"]),
        **resource.head(),
    )


def _replica(reader: Reader, resource: Resource) -> Key:
    properties = resource.properties
    arn = properties["PrimaryKeyArn"].text()
    replica = Key(
        enabled=properties["Enabled"].flag(default=True),
        multi_region=True,
        primary=_NO_KEY,
        # A replica's material, and with it the rest, is its primary's.
        rotated=Unresolved("the rotation of its primary key"),
        spec=Unresolved("the specification of its primary key"),
        usage=Unresolved("the usage of its primary key"),
        statements=_statements(reader, resource, properties["KeyPolicy"]),
        **resource.head(),
    )

    def link() -> None:
        primary = reader.link(arn, Key)
        if isinstance(primary, Key):
            told = replace(replica, primary=primary, rotated=primary.rotated, spec=primary.spec, usage=primary.usage)
            complete(replica, told)
        elif primary is not None:
            complete(replica, replace(replica, primary=primary))

    reader.later(link)
    return replica


def _statements(reader: Reader, resource: Resource, document: Property) -> tuple[Statement, ...] | None:
    # A custom resource may add who may use the key, once there is an ARN to name.
    if resource.id in of_custom_resources(reader):
        return None
    if document:
        return policy(resource, document)
    root = concatenate(
        ("arn:", resource.template.parameter("AWS::Partition"), ":iam::", resource.template.stack.account, ":root")
    )
    default = Statement(
        sid=None,
        effect="Allow",
        principals=(Principal(PrincipalKind.AWS, root),),
        not_principals=(),
        actions=("kms:*",),
        not_actions=(),
        resources=("*",),
        not_resources=(),
        conditions=(),
        **resource.part(document),
    )
    return (default,)


def _alias(reader: Reader, resource: Resource) -> KeyAlias:
    properties = resource.properties
    return KeyAlias(
        name=properties["AliasName"].text(),
        key=reader.link(properties["TargetKeyId"].text(), Key) or _NO_KEY,
        **resource.head(),
    )


def key(reader: Reader, value: Value | None, user: Resource, region: Value | None = None) -> Key | Unresolved | None:
    """The key that a property names; None where there is no such property.

    Args:
        reader: Of the templates.
        value: The key's id or ARN, or an alias of it, or the alias's ARN.
        user: What uses the key.
        region: The Region of the key; None for the user's own.
    """
    if value is None:
        return None
    for reference in references(value):
        if reader.templates.type_of(reference.resource) == _ALIAS:
            return reader.link(reader.resource(reference.resource).properties["TargetKeyId"].text(), Key) or _NO_KEY
    region = user.template.stack.region if region is None else region
    if starts(value).startswith("arn:"):
        parts = split(value, ":")
        if isinstance(parts, list) and len(parts) == 6 and starts(parts[5]).startswith("alias/"):
            value, region = parts[5], parts[3]
    if starts(value).startswith("alias/aws/"):
        return Unresolved(f"{value}{AWS_MANAGED}")
    if starts(value).startswith("alias/"):
        aliases = reader.index("aliases of keys", lambda: _aliases(reader))
        target = aliases.get((value, region))
        return Unresolved(f"{value}, which is not in these templates") if target is None else reader.link(target, Key)
    return reader.link(value, Key)


def _aliases(reader: Reader) -> dict[tuple[Value, Value], Value]:
    """By an alias and its Region, the key that it names."""
    found: dict[tuple[Value, Value], Value] = {}
    for resource in reader.resources(_ALIAS):
        name, target = (resource.properties[one].text() for one in ("AliasName", "TargetKeyId"))
        if name is not None and target is not None:
            found[name, resource.template.stack.region] = target
    return found


READERS: Mapping[str, Read] = {
    "AWS::KMS::Key": _key,
    "AWS::KMS::ReplicaKey": _replica,
    _ALIAS: _alias,
}
