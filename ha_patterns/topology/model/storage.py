"""Buckets, access points and tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..values import Unresolved, Value
from .base import Thing

if TYPE_CHECKING:
    from .base import Flag
    from .iam import Statement


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Bucket(Thing):
    """A bucket.

    Attributes:
        statements: Of its policy, wherever it is; None where no template here has one, or not all of it is known.
        replicates_to: The buckets that it is copied to, by ARN.
    """

    name: Value
    versioned: Flag
    website: bool
    statements: tuple[Statement, ...] | None
    replicates_to: tuple[Value, ...]


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class AccessPoint(Thing):
    """An access point, or one of several Regions, with its buckets."""

    name: Value | None
    multi_region: bool
    buckets: tuple[Bucket | Unresolved, ...]

    @property
    def region(self) -> Value | None:
        """The Region that it is in; None for one of several Regions."""
        return None if self.multi_region else super().region


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Table(Thing):
    """A table of DynamoDB.

    Attributes:
        replicas: The Regions that have it; empty for a table of its stack's Region only.
        strong: Whether its replicas agree before a write is answered.
    """

    name: Value
    replicas: tuple[Value, ...]
    strong: bool
