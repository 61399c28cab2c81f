"""Keys of AWS KMS, and their aliases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..values import Unresolved, Value
from .base import Thing, thing

if TYPE_CHECKING:
    from .base import Flag
    from .iam import Statement


#: How what is not known of a key that AWS manages ends: such a key is in no template.
AWS_MANAGED = ", a key that AWS manages"


def is_managed_by_aws(key: Key | Unresolved | None) -> bool:
    """Whether a key is one that AWS manages, whose policy nobody can change."""
    return isinstance(key, Unresolved) and key.waits_for.endswith(AWS_MANAGED)


@thing
class Key(Thing):
    """A key of AWS KMS. Its Region is its stack's.

    Attributes:
        enabled: Whether it encrypts and decrypts at all.
        multi_region: Whether it has, or may have, replicas in other Regions that decrypt what it encrypts.
        primary: The key that it is a replica of; None for one that is no replica.
        rotated: Whether KMS changes its material at times.
        spec: What it is made of; ``SYMMETRIC_DEFAULT`` encrypts data of other services.
        usage: Such as ``ENCRYPT_DECRYPT``.
        statements: Of its policy; without one, the account's own identities may use the key as their policies say.
            None where not all of the policy is known, as where a custom resource may change it.
        users: What it encrypts.

    See https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html
    """

    enabled: Flag
    multi_region: Flag
    primary: Key | Unresolved | None
    rotated: Flag
    spec: Value
    usage: Value
    statements: tuple[Statement, ...] | None
    users: tuple[Thing, ...] = ()


@thing
class KeyAlias(Thing):
    """Another name of a key, with ``alias/`` at its start."""

    name: Value | None
    key: Key | Unresolved
