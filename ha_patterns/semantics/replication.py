"""What is copied from one bucket to another, and whether the role that copies it may."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ..topology.model import Bucket, Key, ReplicationRule, Role
from ..topology.values import Value, concatenate, references
from .globs import same
from .permissions import arns, denied, identity, may, objects, service

_WRITE = "s3:ReplicateObject"
#: What a role needs of the source's objects; any of them will do. See
#: https://docs.aws.amazon.com/AmazonS3/latest/userguide/setting-repl-config-perm-overview.html
_READS = ("s3:GetObjectVersionForReplication", "s3:GetObjectVersion")
_CONFIGURATION = "s3:GetReplicationConfiguration"


class Copied(NamedTuple):
    """What is copied from a bucket to another.

    Attributes:
        everything: Whether all that is asked for is copied; None where nothing tells.
        rules: The rules that copy something, all of which leave something out.
    """

    everything: bool | None
    rules: tuple[ReplicationRule, ...] = ()


def copies(source: Bucket, target: Bucket, *, below: Value = "") -> Copied:
    """What of a bucket is copied to another.

    Args:
        source: The bucket.
        target: The other bucket.
        below: A path that all that is asked for is below. Default: all of the bucket.
    """
    unknown = any("ReplicationConfiguration" in gap.path for gap in source.gaps)
    partial: list[ReplicationRule] = []
    for rule in source.replication:
        is_to = _is_to(rule, target)
        if is_to is False or rule.enabled is False:
            continue
        told = _is_whole(rule, below) if is_to and rule.enabled is True and rule.place.condition is None else None
        if told:
            return Copied(everything=True)
        unknown = unknown or told is None
        partial.append(rule)
    return Copied(everything=None) if unknown else Copied(everything=False, rules=tuple(partial))


def rules_to(source: Bucket, target: Bucket) -> Iterator[ReplicationRule]:
    """The rules of a bucket whose destination is another one, disabled ones too."""
    return (rule for rule in source.replication if _is_to(rule, target))


def _is_to(rule: ReplicationRule, target: Bucket) -> bool | None:
    """Whether a rule's destination is a bucket; None where nothing tells."""
    arn = rule.destination_arn
    if rule.destination is target or (arn is not None and target.place.id in {one.resource for one in references(arn)}):
        return True
    if isinstance(target.name, str) and str(arn).endswith(f":{target.name}"):
        return True
    return False if isinstance(arn, str) or isinstance(rule.destination, Bucket) else None


def _is_whole(rule: ReplicationRule, below: Value) -> bool | None:
    """Whether a rule leaves nothing out of what is below a path."""
    told = rule.filter.everything
    if told is not False or rule.filter.tags or rule.filter.excludes or rule.filter.unread:
        return told
    prefix = rule.filter.prefix
    if not isinstance(prefix, str) or not isinstance(below, str):
        return None
    return f"{below.strip('/')}/".startswith(prefix)


def missing_rights(source: Bucket, rule: ReplicationRule) -> list[str]:
    """What the role of a replication rule is surely not allowed, as actions with what they are for."""
    role = rule.role
    if not isinstance(role, Role) or role.gaps or any(not any(references(one)) for one in role.managed):
        return []
    missing: list[str] = []
    if may(service("s3.amazonaws.com"), "sts:AssumeRole", "*", role.trust) is False:
        missing.append("to be taken by s3.amazonaws.com")
    if _may_not(role, _CONFIGURATION, arns(source), source):
        missing.append(f"{_CONFIGURATION} on {source.place.name}")
    if all(_may_not(role, read, objects(source), source) for read in _READS):
        missing.append(f"{_READS[0]} on the objects of {source.place.name}")
    missing += _missing_at_destination(role, rule)
    if rule.kms_objects is True:
        for action, key in (("kms:Decrypt", source.key), ("kms:Encrypt", rule.replica_key)):
            if isinstance(key, Key) and _may_not_use(role, key, action):
                missing.append(f"{action} with {key.place.name}")
        arn = _foreign_key(rule)
        if arn is not None and may(identity(role), "kms:Encrypt", (arn,), role.statements) is False:
            missing.append(f"kms:Encrypt with {arn}")
    return missing


def _foreign_key(rule: ReplicationRule) -> str | None:
    """The ARN of the replicas' key where it is of another account than the role.

    The policies of the role have to allow a key of another account, whatever the policy of the key allows. See
    https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html
    """
    arn = rule.replica_key_arn
    if not isinstance(arn, str) or not isinstance(rule.account, str) or rule.owner != "Destination":
        return None
    parts = arn.split(":", 5)
    is_key = len(parts) == 6 and parts[2] == "kms" and parts[4] == rule.account and parts[5].startswith("key/")
    return arn if is_key else None


def _missing_at_destination(role: Role, rule: ReplicationRule) -> Iterator[str]:
    arn, target = rule.destination_arn, rule.destination
    names = objects(target) if isinstance(target, Bucket) else ()
    if arn is not None:
        names = (*names, concatenate((arn, "/*")))
    if not names:
        return
    named = target.place.name if isinstance(target, Bucket) else str(arn)
    bucket = target if isinstance(target, Bucket) else None
    if _may_not(role, _WRITE, names, bucket):
        yield f"{_WRITE} on the objects of {named}"
    elif isinstance(target, Bucket) and target.statements and denied(identity(role), _WRITE, names, target.statements):
        yield f"{_WRITE} on the objects of {named}, whose policy denies it"


def _may_not(role: Role, action: str, names: tuple[Value, ...], bucket: Bucket | None) -> bool:
    """Whether neither the role's own policies nor the policy of the bucket, if it is known, allow an action."""
    caller = identity(role)
    if may(caller, action, names, role.statements) is not False:
        return False
    return bucket is None or bucket.statements is None or may(caller, action, names, bucket.statements) is False


def _may_not_use(role: Role, key: Key, action: str) -> bool:
    if may(identity(role), action, arns(key), role.statements) is not False or key.statements is None:
        return False
    named = (name for statement in key.statements for _, name in statement.principals)
    return all(same(name, arns(role)) is False or _is_root(name) for name in named)


def _is_root(name: Value) -> bool:
    return str(name).endswith(":root")
