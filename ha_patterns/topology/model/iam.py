"""Roles, and what policies say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..values import Value
from .base import Thing


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Statement(Thing):
    """A statement of a policy; texts as far as they are known."""

    everywhere = True

    effect: str
    actions: tuple[Value, ...]
    not_actions: tuple[Value, ...]
    resources: tuple[Value, ...]
    not_resources: tuple[Value, ...]
    conditions: Mapping[str, object]

    @property
    def allows(self) -> bool:
        """Whether it allows rather than denies."""
        return self.effect == "Allow"


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Role(Thing):
    """A role with the statements of all policies in these templates that are attached to it.

    Attributes:
        trusted: The services that may take it.
        managed: The managed policies that it names.
    """

    everywhere = True

    trusted: frozenset[Value]
    statements: tuple[Statement, ...]
    managed: tuple[Value, ...]
