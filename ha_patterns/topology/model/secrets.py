"""Secrets of Secrets Manager, and parameters of Systems Manager."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..values import Unresolved, Value
from .base import Thing, thing

if TYPE_CHECKING:
    from .iam import Statement
    from .kms import Key


@thing
class SecretReplica(Thing):
    """A secret's copy in another Region, which answers there when the secret's own Region does not.

    Attributes:
        key: Encrypts it; None where the key of Secrets Manager in that Region does.
    """

    replica_region: Value
    key: Key | Unresolved | None

    @property
    def region(self) -> Value:
        """The Region that it is in, wherever its stack is."""
        return self.replica_region


@thing
class Secret(Thing):
    """A secret of Secrets Manager; not the value that it keeps.

    Attributes:
        name: None where AWS makes it.
        key: Encrypts it; None where the key of Secrets Manager does.
        statements: Of its policy, wherever it is; None where no template here has one, or not all of it is known.

    See https://docs.aws.amazon.com/secretsmanager/latest/userguide/replicate-secrets.html
    """

    name: Value | None
    key: Key | Unresolved | None
    replicas: tuple[SecretReplica, ...]
    statements: tuple[Statement, ...] | None


@thing
class Parameter(Thing):
    """A parameter of Systems Manager.

    Attributes:
        name: None where AWS makes it.
        type: ``String`` or ``StringList``.
    """

    name: Value | None
    type: Value | None
    value: Value | None
