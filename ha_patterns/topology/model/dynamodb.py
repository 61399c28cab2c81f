"""Tables of DynamoDB."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..values import Unresolved, Value
from .base import Thing, thing

if TYPE_CHECKING:
    from .base import Flag
    from .iam import Statement
    from .kms import Key


@thing
class TableReplica(Thing):
    """A table in one of its Regions.

    Attributes:
        account: The account that it is in.
        key: Encrypts it; None where a key of DynamoDB does.
        deletion_protected: Whether DynamoDB refuses to delete it.
        point_in_time_recovery: Whether it can be restored to any second of the last days.
        statements: Of its policy; empty for none, None where not all of it is known.
    """

    replica_region: Value
    account: Value
    key: Key | Unresolved | None
    deletion_protected: Flag
    point_in_time_recovery: Flag
    statements: tuple[Statement, ...] | None

    @property
    def region(self) -> Value:
        """The Region that it is in, wherever its stack is."""
        return self.replica_region


@thing
class Table(Thing):
    """A table of DynamoDB.

    Attributes:
        replicas: The table in each of its Regions; empty for a table of its stack's Region only.
        source: The table of another account that it is a replica of; None where it is none. Each replica of a global
            table over several accounts is a table of its own stack.
        witnesses: The Regions that only have a say in writes, and hold no copy.
        strong: Whether its replicas agree before a write is answered.
        billing: ``PAY_PER_REQUEST`` or ``PROVISIONED``.
        key: Encrypts it; None where a key of DynamoDB does. Of a table with replicas, each has its own.
        deletion_protected: Whether DynamoDB refuses to delete it; of its stack's Region.
        point_in_time_recovery: Whether it can be restored to any second of the last days; of its stack's Region.
        stream: What its stream has of a change, such as ``NEW_AND_OLD_IMAGES``; None without a stream.
        statements: Of its policy; empty for none, None where not all of it is known.

    See https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GlobalTables.html
    """

    name: Value
    replicas: tuple[TableReplica, ...]
    source: Table | Unresolved | None
    witnesses: tuple[Value, ...]
    strong: Flag
    billing: Value
    key: Key | Unresolved | None
    deletion_protected: Flag
    point_in_time_recovery: Flag
    stream: Value | None
    statements: tuple[Statement, ...] | None

    @property
    def regions(self) -> tuple[Value, ...]:
        """The Regions that have it; empty for a table of its stack's Region only."""
        return tuple(replica.region for replica in self.replicas)
