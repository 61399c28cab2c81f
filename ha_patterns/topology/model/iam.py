"""Roles, and what policies say."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from ..values import Unresolved, Value
from .base import Thing, thing


class PrincipalKind(Enum):
    """What kind of principal a statement names, as its ``Principal`` element calls it."""

    AWS = "AWS"
    SERVICE = "Service"
    FEDERATED = "Federated"
    CANONICAL_USER = "CanonicalUser"
    EVERYONE = "*"
    UNKNOWN = "?"


class Principal(NamedTuple):
    """Who a statement is about.

    Attributes:
        kind: Its kind; UNKNOWN where the template does not tell.
        name: An account, an ARN, a service's name, a canonical user id, or ``*`` for everyone.

    See https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
    """

    kind: PrincipalKind
    name: Value


class Condition(NamedTuple):
    """What a statement asks of one key of a request; a statement holds where all of its conditions do.

    Attributes:
        operator: As the policy has it, such as ``StringEquals``; Unresolved where nothing of the condition is known.
        key: In lower case, such as ``aws:sourcearn``; empty where nothing of the condition is known.
        values: Any of them is enough; for a negated operator, none of them may be.

    See https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html
    """

    operator: str | Unresolved
    key: str
    values: tuple[Value, ...]


@thing
class Statement(Thing):
    """A statement of a policy; texts as far as they are known.

    Attributes:
        sid: Its name; None where it has none.
        principals: Who it is about. Empty in the policy of a role, which is about whoever has the role, and where
            ``not_principals`` has whom it is not about.
    """

    everywhere = True

    sid: Value | None
    effect: str
    principals: tuple[Principal, ...]
    not_principals: tuple[Principal, ...]
    actions: tuple[Value, ...]
    not_actions: tuple[Value, ...]
    resources: tuple[Value, ...]
    not_resources: tuple[Value, ...]
    conditions: tuple[Condition, ...]

    @property
    def allows(self) -> bool:
        """Whether it allows rather than denies."""
        return self.effect == "Allow"


@thing
class Role(Thing):
    """A role with the statements of all policies in these templates that are attached to it.

    Attributes:
        name: None where AWS makes it.
        path: What stands before its name in its ARN; ``/`` for nothing.
        trusted: The services that may take it.
        trust: The statements of its trust policy, which say who may take it.
        managed: The managed policies that it names.
        boundary: The policy that limits what the others allow; None where it has none.
    """

    everywhere = True

    name: Value | None
    path: Value
    trusted: frozenset[Value]
    trust: tuple[Statement, ...]
    statements: tuple[Statement, ...]
    managed: tuple[Value, ...]
    boundary: Value | None
