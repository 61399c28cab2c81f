"""What host names tell: by the records and resources that have them, and by how AWS forms its own."""

from __future__ import annotations

from collections.abc import Iterable

from ..aws.names import LONGEST_HOST, answers_at
from .model import ApiDomain, Bucket, Endpoint, HostedZone, OriginKind, Record, Thing
from .model.base import ADDRESS_TYPES
from .values import Reference, Text, Unresolved, Value, atoms, comparable, concatenate, host_name


class Names:
    """What has a name of its own, and what names tell by themselves.

    Args:
        things: All that was read.
    """

    def __init__(self, things: Iterable[Thing]) -> None:
        self._asked: dict[Value, Endpoint] = {}
        self._records: dict[Value, list[Record]] = {}
        self._domains: dict[Value, list[ApiDomain]] = {}
        self._buckets: dict[Value, list[Bucket]] = {}
        for thing in things:
            if isinstance(thing, Record):
                self._records.setdefault(thing.name, []).append(thing)
            elif isinstance(thing, ApiDomain):
                self._domains.setdefault(thing.name, []).append(thing)
            elif isinstance(thing, Bucket):
                self._buckets.setdefault(thing.name, []).append(thing)

    def take(self, endpoints: Iterable[Endpoint]) -> None:
        """Remember what has been followed: the same name is the same endpoint."""
        self._asked |= {endpoint.name: endpoint for endpoint in endpoints if comparable(endpoint.name)}

    def endpoint(self, name: Value) -> Endpoint:
        """What a name leads to, whether or not something in the templates asks it."""
        name = host_name(name)
        if name in self._asked:
            return self._asked[name]
        records = self.records(name)
        if records:
            found = Endpoint(name=name, records=records)
        else:
            kind, before, region = by_name(name)
            target, kind = self.target(name, kind, before)
            found = Endpoint(
                name=name, kind=kind, target=target, region=(target.known_region if target else None) or region
            )
        self.take((found,))
        return found

    def records(self, name: Value) -> tuple[Record, ...]:
        """The records that answer to a name: its own, or else those of the closest wildcard."""
        if not comparable(name) or len(str(name)) > LONGEST_HOST:
            return ()
        while True:
            found = self._records.get(name)
            if found:
                addresses = [record for record in found if record.type in ADDRESS_TYPES]
                # What is in a private zone is for its VPCs only.
                public = [record for record in addresses if not _is_private(record)]
                return tuple(public or addresses)
            wider = _wider(name)
            if wider is None:
                return ()
            name = wider

    def target(self, name: Value, kind: OriginKind, before: Value) -> tuple[Thing | None, OriginKind]:
        """The resource that a name tells without a reference, and what it is."""
        if not comparable(name):
            return None, kind
        own = self._domains.get(name, [])
        if own:
            return own[0] if len(own) == 1 else None, OriginKind.API
        named = self._buckets.get(before, []) if kind in (OriginKind.BUCKET, OriginKind.WEBSITE) else []
        return named[0] if len(named) == 1 else None, kind


def _is_private(record: Record) -> bool:
    return isinstance(record.zone, HostedZone) and record.zone.private


def _wider(name: Value) -> Value | None:
    """The next wildcard that a name may be answered by: ``*.example.com`` of ``www.example.com``."""
    first = atoms(name)[0]
    if not isinstance(first, str):
        return None
    label, dot, rest = first.partition(".")
    if label == "*":
        _, dot, rest = rest.partition(".")
    if not dot:
        return None
    return concatenate([f"*.{rest}", *atoms(name)[1:]])


def by_name(name: Value) -> tuple[OriginKind, Value, str | None]:
    """What a name of AWS tells: what answers, the part before, and the Region."""
    kind, named, region = answers_at("".join(map(_said, atoms(name))))
    return kind, _before(name, len(named)) if named else name, region


def _said(atom: str | Reference | Unresolved) -> str:
    """A part of a name, of the same length wherever it is counted."""
    if isinstance(atom, Unresolved):
        return "amazonaws.com" if atom.waits_for == "AWS::URLSuffix" else "?"
    return str(atom)


def named_region(name: Value) -> str | None:
    """The Region that a name of AWS has in it; None where it is another name, or has none."""
    return by_name(name)[2]


def _before(name: Value, length: int) -> Value:
    """The first characters of a name, as ``_said`` counts them."""
    if isinstance(name, str):
        return name[:length]
    parts: list[str | Reference | Unresolved] = []
    for atom in atoms(name):
        size = len(_said(atom))
        if length <= 0:
            break
        parts.append(atom[:length] if isinstance(atom, str) else atom)
        length -= size
    return parts[0] if len(parts) == 1 else Text(tuple(parts))
