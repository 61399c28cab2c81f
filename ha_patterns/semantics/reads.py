"""What functions may read, as far as the policies of their roles and of what they read tell."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, TypeVar

from ..topology.model import Bucket, Function, Role, Secret, Statement, Table
from ..topology.values import ResourceId, Unresolved, Value, atoms, concatenate, references, split, starts
from .permissions import arns, denied, identity

if TYPE_CHECKING:
    from ..topology.topology import Topology

_Named = TypeVar("_Named", Table, Bucket, Secret)
_ANY_END = re.compile(r"-(?:\?{6}|\*)$")


class Reads:
    """What the functions of a topology may read.

    An action that a Deny is sure to refuse is not allowed; one that it may refuse, as by a condition that no template
    tells, is.

    Args:
        topology: The topology.
    """

    def __init__(self, topology: Topology) -> None:
        self._tables = by_name(topology.of(Table))
        self._buckets = by_name(topology.of(Bucket))
        self._secrets = by_name(topology.of(Secret))

    def tables(self, function: Function) -> tuple[Table, ...]:
        """The tables that a function's role lets it use."""
        return _granted(function, "dynamodb:", self._table)

    def buckets(self, function: Function) -> tuple[Bucket, ...]:
        """The buckets that a function's role lets it use, or some objects of them."""
        return _granted(function, "s3:", self._bucket)

    def secrets(self, function: Function) -> tuple[Secret, ...]:
        """The secrets that a function's role lets it read."""
        return _granted(function, "secretsmanager:", self._secret)

    def _table(self, arn: Value) -> Table | None:
        # arn:aws:dynamodb:eu-west-1:123456789012:table/name/index/other
        parts = split(arn, "/")
        own = self._tables.get(parts[1]) if isinstance(parts, list) and len(parts) > 1 else None
        return own or named(arn, "/", self._tables)

    def _bucket(self, arn: Value) -> Bucket | None:
        parts = split(arn, "/")
        return named(arn if isinstance(parts, Unresolved) else parts[0], ":", self._buckets)

    def _secret(self, arn: Value) -> Secret | None:
        # AWS puts six characters behind the name, which policies have as a pattern.
        return named(arn, ":", self._secrets) or named(_without_end(arn), ":", self._secrets)


def _granted(function: Function, service: str, named_by: Callable[[Value], _Named | None]) -> tuple[_Named, ...]:
    """What a function's role lets it use of a service, as ``s3:``, in some way."""
    role = function.role
    if not isinstance(role, Role):
        return ()
    found: dict[_Named, None] = {}
    for statement in role.statements:
        actions = list(_actions(statement, service)) if statement.allows else []
        for arn in statement.resources if actions else ():
            thing = named_by(arn)
            if thing is not None and thing not in found and _is_left(role, thing, actions, arn):
                found[thing] = None
    return tuple(found)


def _actions(statement: Statement, service: str) -> Iterator[str]:
    """The actions of a service that a statement has."""
    for action in statement.actions:
        told = str(action).lower()
        if told == "*" or told.startswith(service):
            yield f"{service}*" if told == "*" else told


def _is_left(role: Role, thing: Table | Bucket | Secret, actions: Iterable[str], arn: Value) -> bool:
    """Whether some action that a statement allows on an ARN may be left by every Deny."""
    statements = [one for one in (*role.statements, *(thing.statements or ())) if one.effect == "Deny"]
    if not statements:
        return True
    caller, resources = identity(role), (arn, *_other_names(thing, arn))
    return any(denied(caller, action, resources, statements) is not True for action in actions)


def _other_names(thing: Table | Bucket | Secret, arn: Value) -> Iterator[Value]:
    """What else an ARN of a thing, or of something in it, may be called."""
    parts = [] if isinstance(thing, Secret) else split(arn, "/", lambda _reference, _delimiter: False)
    if isinstance(parts, Unresolved):
        return
    # The ARN of a table has a slash itself.
    own = 2 if isinstance(thing, Table) and starts(arn).startswith("arn:") else 1
    for name in arns(thing):
        yield concatenate((name, *(piece for part in parts[own:] for piece in ("/", part))))


def by_name(things: Iterable[_Named]) -> dict[Value | ResourceId, _Named]:
    """Tables, buckets or secrets by all that an ARN may name them by."""
    return {key: thing for thing in things for key in (thing.name, thing.place.id) if key is not None}


def named(arn: Value, delimiter: str, things: Mapping[Value | ResourceId, _Named]) -> _Named | None:
    """What an ARN is of: by the name after its last delimiter, or by what it refers to."""
    keys: list[Value | ResourceId] = [reference.resource for reference in references(arn)]
    parts = split(arn, delimiter)
    if isinstance(parts, list):
        keys.insert(0, parts[-1])
    return next((things[key] for key in keys if key in things), None)


def _without_end(arn: Value) -> Value:
    if not isinstance(arn, str):
        *parts, last = atoms(arn)
        return concatenate((*parts, _ANY_END.sub("", last))) if isinstance(last, str) else arn
    return _ANY_END.sub("", arn)
