"""The typed model of an edge architecture: what answers where, and what moves when something fails."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from .model import Distribution, HostedZone, Record, Thing
from .templates import Stack
from .values import Value

AnyThing = TypeVar("AnyThing", bound=Thing)


@dataclass(frozen=True, eq=False, kw_only=True)
class RecordSet:
    """The records of one name and type: what Route 53 chooses from."""

    name: Value
    type: Value
    records: tuple[Record, ...]


@dataclass(frozen=True, eq=False, kw_only=True)
class Topology:
    """All that some templates say of where requests go.

    Attributes:
        stacks: The stacks, nested ones behind their parents.
        things: Everything that is of a known type, in the order of the templates.
        counts: How many resources there are of each type, known or not.
        not_expanded: What a transform would have made into resources: the resource, and why it is left as it is.
    """

    stacks: tuple[Stack, ...]
    things: tuple[Thing, ...]
    counts: Mapping[str, int]
    not_expanded: Mapping[str, str]

    def of(self, kind: type[AnyThing]) -> tuple[AnyThing, ...]:
        """All things of a kind, such as ``Distribution``; of distributions' parts too."""
        found = self._by_kind.get(kind, ())
        return tuple(thing for thing in found if isinstance(thing, kind))

    @cached_property
    def record_sets(self) -> tuple[RecordSet, ...]:
        """The records, by zone, name and type; a zone is the same one by its id and by its name."""
        found: dict[tuple[object, Value, Value], list[Record]] = {}
        for record in self.of(Record):
            zone = record.zone if isinstance(record.zone, HostedZone) else record.zone_id
            zone = zone.rstrip(".").lower() if isinstance(zone, str) and "." in zone else zone
            found.setdefault((zone, record.name, record.type), []).append(record)
        return tuple(RecordSet(name=key[1], type=key[2], records=tuple(records)) for key, records in found.items())

    @cached_property
    def _by_kind(self) -> Mapping[type[Thing], list[Thing]]:
        found: dict[type[Thing], list[Thing]] = {}
        for thing in self._everything():
            found.setdefault(type(thing), []).append(thing)
        return found

    def _everything(self) -> Iterator[Thing]:
        for thing in self.things:
            yield thing
            if isinstance(thing, Distribution):
                parts: tuple[Iterable[Thing], ...] = (
                    thing.origins,
                    thing.origin_groups,
                    thing.behaviors,
                    thing.error_responses,
                    *(behavior.functions for behavior in thing.behaviors),
                )
                for part in parts:
                    yield from part
