"""What an alarm or an event starts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..values import Unresolved, Value
from .base import Thing

if TYPE_CHECKING:
    from .functions import Function
    from .iam import Role, Statement
    from .kms import Key


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class StateMachine(Thing):
    """A state machine of Step Functions, with the functions that its definition calls."""

    role: Role | Unresolved | None
    functions: tuple[Function, ...]


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Topic(Thing):
    """A topic of SNS, with the functions that get its messages.

    Attributes:
        key: Encrypts its messages; None where no key does.
        statements: Of its policy, wherever it is; None where no template here has one, or not all of it is known.
    """

    functions: tuple[Function, ...]
    key: Key | Unresolved | None
    statements: tuple[Statement, ...] | None


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class EventRule(Thing):
    """A rule of EventBridge.

    Attributes:
        sources: Where the events come from that it is for; empty where it does not choose by that.
        starts: What of these templates its targets are.
    """

    sources: tuple[Value, ...]
    starts: tuple[Topic | Function | StateMachine, ...]
