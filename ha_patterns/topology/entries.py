"""What users ask: the names and the front doors that nothing else in a topology asks."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from .model import (
    Accelerator,
    AcceleratorEndpoint,
    AccessPoint,
    Api,
    ApiDomain,
    ApiIntegration,
    ConnectionGroup,
    Distribution,
    DistributionTenant,
    Endpoint,
    FunctionAssociation,
    FunctionUrl,
    LoadBalancer,
    Origin,
    OriginKind,
    Policy,
    Record,
    RegisteredTarget,
    Thing,
    VpcLink,
)
from .model.base import ADDRESS_TYPES
from .values import Reference, Unresolved, Value, comparable, concatenate

if TYPE_CHECKING:
    from .topology import Topology

# Users ask these, whatever else does.
_GLOBAL = (Accelerator, ConnectionGroup, Distribution)


def addresses(records: Iterable[Record]) -> tuple[Record, ...]:
    """The records that requests go by."""
    return tuple(record for record in records if record.type in ADDRESS_TYPES)


def stands_for_one(records: Iterable[Record]) -> bool:
    """Whether nothing chooses among records."""
    return all(record.policy is Policy.SIMPLE and record.health_check is None for record in records)


def leads_somewhere(records: Sequence[Record]) -> bool:
    """Whether a name is more than one of a host that no template knows."""
    return not stands_for_one(records) or any(
        answer.records or answer.target is not None or answer.kind is not OriginKind.HOST
        for record in records
        for answer in record.answers
    )


class Entries:
    """Finds what users of a topology ask."""

    def __init__(self, topology: Topology) -> None:
        self._endpoint = topology.endpoint
        self._choices = topology.choices
        self._records = topology.records_by_name
        self._doors: list[tuple[Thing, OriginKind, Value]] = []
        # What something else than a name of its own leads to: things, and the names of hosts that are none of them.
        self._reached: set[Thing | Value] = set()
        # Names that are asked on the way to something else.
        self._inner: set[Value] = set()
        for thing in topology.everything():
            self._take(thing)

    def _take(self, thing: Thing) -> None:
        match thing:
            case Record():
                self._inner |= {answer.records[0].name for answer in thing.answers if answer.records}
            case Origin():
                self._ask(thing.endpoint)
            case FunctionAssociation():
                for chosen in self._choices.hosts_of(thing):
                    self._ask(chosen)
            case AcceleratorEndpoint() | RegisteredTarget():
                self._reach(thing.target)
            case VpcLink():
                for target in thing.targets:
                    self._reach(target)
            case ApiIntegration():
                if isinstance(thing.target, Endpoint):
                    self._ask(thing.target)
                else:
                    self._reach(thing.target)
            case _:
                self._doors += ((thing, kind, name) for kind, name in _doors(thing))

    def _reach(self, target: Thing | Unresolved | None) -> None:
        if isinstance(target, Thing):
            self._reached.add(target)

    def _ask(self, endpoint: Endpoint) -> None:
        """Something asks a name."""
        self._inner |= {one.records[0].name for one in endpoint.way if one.records}
        self._lead(endpoint)

    def _lead(self, endpoint: Endpoint) -> None:
        """A name leads to what answers behind it, and to the domain names in between."""
        self._reached |= _answering(endpoint)
        self._reached.update(endpoint.targets)

    def __iter__(self) -> Iterator[Endpoint]:
        """The names, in the order of the templates, and then what has no name but AWS's."""
        names = list(self._names())
        chosen = {endpoint for endpoint in names if _is_asked(endpoint)}
        for endpoint in chosen:
            self._lead(endpoint)
        # A further name of what others lead to anyway, as of one Region, is for health checks.
        chosen |= {one for one in names if not self._reached.issuperset(_answering(one))}
        for endpoint in names:
            if endpoint in chosen:
                self._lead(endpoint)
                yield endpoint
        doors = [door for door in self._doors if not self._is_reached(door[0], door[2])]
        # Users ask a custom domain, and not the APIs behind it: whether by its name, or by what leads to it.
        public = (thing for thing, *_ in self._doors if isinstance(thing, ApiDomain))
        behind = {api for domain in public for api in domain.apis}
        for thing, kind, name in doors:
            if thing not in behind:
                target = thing.distribution if isinstance(thing, DistributionTenant) else thing
                known = None if isinstance(target, Unresolved) else target
                yield Endpoint(name=name, kind=kind, target=known, region=thing.known_region)

    def _is_reached(self, thing: Thing, name: Value) -> bool:
        """Whether something leads to a front door: to a custom domain, or a tenant's, that may be by its name alone."""
        if isinstance(thing, (ApiDomain, DistributionTenant)) and (
            name in self._reached or self._endpoint(name).records
        ):
            return True
        return thing in self._reached

    def _names(self) -> Iterator[Endpoint]:
        for name, records in self._records.items():
            for own in (records,) if comparable(name) else _apart(records):
                usable = addresses(own)
                if name not in self._inner and usable and leads_somewhere(usable):
                    found = self._endpoint(name)
                    # A name that is not known is looked up nowhere.
                    yield found if found.records else Endpoint(name=name, records=usable)


def _apart(records: Iterable[Record]) -> Iterable[Sequence[Record]]:
    """Records of names that are not known, of which one is that of another if they lead to the same in one stack."""
    found: dict[Hashable, list[Record]] = {}
    for record in records:
        found.setdefault((record.place.stack.id, record.answers), []).append(record)
    return found.values()


def _answering(endpoint: Endpoint) -> set[Thing | Value]:
    """What answers behind a name, by whichever of its domain names; the names of hosts that no template knows."""
    found: set[Thing | Value] = set()
    for end in endpoint.ends:
        target = end.target
        found.update(target.apis if isinstance(target, ApiDomain) and target.apis else (target or end.name,))
    return found


def _is_asked(endpoint: Endpoint) -> bool:
    """Whether something chooses among the records of a name, or it leads to what users ask."""
    return not stands_for_one(endpoint.records) or any(isinstance(target, _GLOBAL) for target in endpoint.targets)


def _doors(thing: Thing) -> Iterator[tuple[OriginKind, Value]]:
    """What users ask something by that has no name of its own; nothing for what they do not ask."""
    own = thing.place.id
    match thing:
        # One of tenants answers by their names alone, which lead to a connection group.
        case Distribution() if thing.staging is not True and thing.connection_mode != "tenant-only":
            yield OriginKind.DISTRIBUTION, Reference(own, "DomainName")
        case ConnectionGroup():
            yield OriginKind.DISTRIBUTION, Reference(own, "RoutingEndpoint")
        # No template makes the account's own group, nor one of another stack.
        case DistributionTenant() if not isinstance(thing.connection_group, ConnectionGroup):
            yield from ((OriginKind.DISTRIBUTION, domain) for domain in thing.domains)
        case Accelerator():
            yield OriginKind.ACCELERATOR, Reference(own, "DnsName")
        case AccessPoint() if thing.multi_region:
            alias = concatenate((Reference(own, "Alias"), ".accesspoint.s3-global.amazonaws.com"))
            yield OriginKind.ACCESS_POINT, alias
        case LoadBalancer() if thing.internal is not True:
            yield OriginKind.LOAD_BALANCER, Reference(own, "DNSName")
        case FunctionUrl():
            yield OriginKind.FUNCTION_URL, Reference(own, "FunctionUrl")
        case Api() if thing.private is not True and thing.default_endpoint_disabled is not True:
            region = thing.place.stack.region
            yield OriginKind.API, concatenate((Reference(own), ".execute-api.", region, ".amazonaws.com"))
        case ApiDomain() if thing.private is not True:
            yield OriginKind.API, thing.name
