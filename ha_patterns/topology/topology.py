"""The typed model of an edge architecture: what answers where, and what moves when something fails."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import TypeVar

from .choices import Choices
from .entries import Entries
from .files import FileWarning, SkippedFile
from .mentions import Mentions
from .model import (
    Api,
    Bucket,
    Distribution,
    Endpoint,
    EndpointGroup,
    HostedZone,
    LoadBalancer,
    LoadBalancerListener,
    Policy,
    Record,
    Secret,
    Table,
    TargetGroup,
    Thing,
)
from .names import Names
from .stacks import Stack
from .values import Reference, ResourceId, Unresolved, Value, comparable, host_name, waiting

AnyThing = TypeVar("AnyThing", bound=Thing)


@dataclass(frozen=True, eq=False, kw_only=True)
class RecordSet:
    """The records of one name and type: what Route 53 chooses from.

    Attributes:
        elsewhere: What would tell whether the name has more records, which no given template makes: those of a zone
            that no given template makes may be anywhere. None if the set is whole: it is in a zone of these templates,
            or is a failover pair or a simple record, beside which Route 53 takes no other.
    """

    name: Value
    type: Value
    records: tuple[Record, ...]

    @cached_property
    def elsewhere(self) -> Unresolved | None:
        """See the class."""
        certain = [record for record in self.records if record.place.condition is None]
        halves = {record.failover for record in certain if isinstance(record.failover, str)}
        if {"PRIMARY", "SECONDARY"} <= halves or any(record.policy is Policy.SIMPLE for record in certain):
            return None
        for record in self.records:
            if not isinstance(record.zone, HostedZone):
                zone = record.zone if record.zone_id is None else record.zone_id
                unknown = next(waiting(zone), None)
                return unknown or Unresolved(f"the records of the hosted zone {zone}, which no given template makes")
        return None

    @property
    def private(self) -> bool:
        """Whether it is in a private zone, for the VPCs of that alone."""
        return any(isinstance(record.zone, HostedZone) and record.zone.private for record in self.records)


@dataclass(frozen=True, eq=False, kw_only=True)
class Topology:
    """All that some templates say of where requests go.

    Attributes:
        stacks: The stacks, nested ones behind their parents.
        things: Everything that is of a known type, in the order of the templates.
        counts: How many resources there are of each type, known or not.
        not_expanded: What a transform would have made into resources: the resource or the transform, and why it is
            left as it is.
        types_read: The types of resources that something is read of; resources of other types are only counted.
        warnings: What files have that their authors may not mean.
        skipped: The files that are no templates, of several that were given or of a folder.
        names: What host names lead to; see ``endpoint``.
        mentions: Who refers to a resource.
    """

    stacks: tuple[Stack, ...]
    things: tuple[Thing, ...]
    counts: Mapping[str, int]
    not_expanded: Mapping[str, str]
    names: Names
    mentions: Mentions = field(default_factory=Mentions)
    types_read: frozenset[str] = frozenset()
    warnings: tuple[FileWarning, ...] = ()
    skipped: tuple[SkippedFile, ...] = ()

    def of(self, kind: type[AnyThing]) -> tuple[AnyThing, ...]:
        """All things of a kind, such as ``Distribution``; of distributions' parts too."""
        found = self._by_kind.get(kind, ())
        return tuple(thing for thing in found if isinstance(thing, kind))

    def endpoint(self, name: Value) -> Endpoint:
        """What a host name leads to: its records, or what answers.

        >>> topology.endpoint("www.example.com").targets                    # doctest: +SKIP
        """
        return self.names.endpoint(name)

    def record_set(self, name: Value, record_type: str) -> RecordSet | None:
        """The records of a name and type; None where there are none.

        Of a name that has public and private zones, these are the public ones: users ask them.
        """
        name = host_name(name)
        found = self._by_name_and_type.get((name, record_type), ())
        return next((one for one in found if not one.private), next(iter(found), None))

    @cached_property
    def entries(self) -> tuple[Endpoint, ...]:
        """What users ask: names that nothing else in these templates asks, and front doors that have no name.

        A front door is a distribution, an accelerator, or what answers requests and has nothing before it. A name that
        only a health check asks is none, if other names lead to all that it leads to.
        """
        return tuple(Entries(self))

    @cached_property
    def choices(self) -> Choices:
        """What edge functions may choose and ask."""
        return Choices(self)

    @cached_property
    def record_sets(self) -> tuple[RecordSet, ...]:
        """The records, by zone, name and type.

        A zone that nothing tells, as where each Region's stack has its id as a parameter, is taken for the one that
        has the name.
        """
        named: dict[tuple[object, object], dict[object, list[Record]]] = {}
        for record in self.of(Record):
            same = comparable(record.name) and comparable(record.type)
            key = (record.name, record.type) if same else (id(record), None)
            named.setdefault(key, {}).setdefault(_zone(record), []).append(record)
        sets: list[RecordSet] = []
        for zones in named.values():
            unknown = zones.pop(None, [])
            if len(zones) == 1:
                next(iter(zones.values())).extend(unknown)
            elif unknown:
                zones[None] = unknown
            sets += [RecordSet(name=one[0].name, type=one[0].type, records=tuple(one)) for one in zones.values()]
        return tuple(sets)

    def set_of(self, record: Record) -> RecordSet:
        """The records that Route 53 chooses from together with a record of this topology."""
        return self._sets[record]

    @cached_property
    def _sets(self) -> Mapping[Record, RecordSet]:
        return {record: one for one in self.record_sets for record in one.records}

    @cached_property
    def records_by_name(self) -> Mapping[Value, Sequence[Record]]:
        """The records of each name, whatever their type and zone, in the order of the templates."""
        found: dict[Value, list[Record]] = {}
        for record in self.of(Record):
            found.setdefault(record.name, []).append(record)
        return MappingProxyType(found)

    def thing_of(self, resource: ResourceId) -> Thing | None:
        """What a reference to a resource means; None if nothing is read of it."""
        return self._by_resource.get(resource)

    @cached_property
    def _by_resource(self) -> Mapping[ResourceId, Thing]:
        found: dict[ResourceId, Thing] = {}
        for thing in self.things:
            found.setdefault(thing.place.id, thing)
        return found

    @cached_property
    def distributions_by_alias(self) -> Mapping[Value, Sequence[Distribution]]:
        """The distributions of each alternate domain name, in the order of the templates."""
        found: dict[Value, list[Distribution]] = {}
        for distribution in self.of(Distribution):
            for name in distribution.aliases:
                found.setdefault(host_name(name), []).append(distribution)
        return MappingProxyType(found)

    @cached_property
    def _by_name_and_type(self) -> Mapping[tuple[Value, Value], list[RecordSet]]:
        found: dict[tuple[Value, Value], list[RecordSet]] = {}
        for one in self.record_sets:
            found.setdefault((one.name, one.type), []).append(one)
        return found

    @cached_property
    def _by_kind(self) -> Mapping[type[Thing], list[Thing]]:
        found: dict[type[Thing], list[Thing]] = {}
        for thing in self.everything():
            found.setdefault(type(thing), []).append(thing)
        return found

    def everything(self) -> Iterator[Thing]:
        """All things, and the parts of those that have some."""
        return with_parts(self.things)


def with_parts(things: Iterable[Thing]) -> Iterator[Thing]:
    """Things, each with its parts behind it, and each once: of some kinds, some are resources and others only parts."""
    seen: set[Thing] = set()
    for thing in things:
        for one in (thing, *_parts(thing)):
            if one not in seen:
                seen.add(one)
                yield one


def _parts(thing: Thing) -> Iterator[Thing]:
    match thing:
        case Distribution():
            yield from thing.origins
            yield from thing.origin_groups
            yield from thing.behaviors
            yield from thing.error_responses
            for behavior in thing.behaviors:
                yield from behavior.functions
        case EndpointGroup():
            yield from thing.endpoints
        case LoadBalancerListener():
            # Its other rules are resources of their own.
            yield thing.default_rule
        case LoadBalancer() | TargetGroup():
            yield from thing.targets
        case Api():
            yield from thing.stages
            for route in thing.routes:
                yield route
                if isinstance(route.integration, Thing):
                    yield route.integration
        case Table() | Secret():
            yield from thing.replicas
        case Bucket():
            yield from thing.replication


def _zone(record: Record) -> ResourceId | str | None:
    """Which zone a record is in; None where nothing tells."""
    if isinstance(record.zone, HostedZone):
        return record.zone.place.id
    if isinstance(record.zone_id, str):
        return record.zone_id.rstrip(".").lower()
    return record.zone_id.resource if isinstance(record.zone_id, Reference) else None
