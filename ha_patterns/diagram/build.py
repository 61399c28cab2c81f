"""A graph out of a topology: what matters for where requests go, and nothing else.

Names that only stand for one thing are not drawn, nor are behaviors where all requests go the same way: both would
be boxes that tell nothing. What a rule finds about them is marked on what they lead to.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from ..semantics.names import alike, bundled, followed
from ..semantics.reads import Reads, by_name, named
from ..semantics.requests import behavior_of
from ..topology import model
from ..topology.entries import addresses, stands_for_one
from ..topology.model import Endpoint, OriginKind, Policy, Thing
from ..topology.topology import Topology
from ..topology.values import Reference, ResourceId, Unresolved, Value
from . import describe
from .graph import EDGE, Kind, Link
from .outside import outside

#: Names of one thing that get a box each; more share one.
_MOST_NAMES = 3
_BY_KIND = {
    OriginKind.BUCKET: Kind.BUCKET,
    OriginKind.WEBSITE: Kind.BUCKET,
    OriginKind.ACCESS_POINT: Kind.ACCESS_POINT,
    OriginKind.LOAD_BALANCER: Kind.LOAD_BALANCER,
    OriginKind.API: Kind.API,
    OriginKind.FUNCTION_URL: Kind.FUNCTION_URL,
    OriginKind.ACCELERATOR: Kind.ACCELERATOR,
    OriginKind.DISTRIBUTION: Kind.DISTRIBUTION,
}
_GLOBAL = (Kind.ACCESS_POINT, Kind.ACCELERATOR, Kind.DISTRIBUTION)
#: What users ask even where something else does, too.
_ENTERED = (Kind.DISTRIBUTION, Kind.ACCELERATOR)
#: In the order in which a request passes them.
_REQUEST_EVENTS = ("viewer-request", "origin-request")

_Key: TypeAlias = tuple[Any, ...]


class Box:
    """A node that may still change."""

    def __init__(self, kind: Kind, title: str, details: Iterable[str], frame: str | None, things: Sequence[Thing]):
        self.kind = kind
        self.title = title
        self.details = [detail for detail in details if detail]
        self.frame = frame
        self.places: dict[model.Place, None] = {}
        self.add(things)
        self.source = things[0].place.name if things else ""

    def add(self, things: Iterable[Thing]) -> None:
        """Take in what it stands for, too."""
        self.places |= dict.fromkeys(thing.place for thing in things)


class Builder:
    """Walks from what CloudFront and Route 53 do to what answers, and then to the names that users ask for.

    Nothing here calls itself: what a box leads to is put in a line, so that a long chain of names is only a long line.
    """

    def __init__(self, topology: Topology) -> None:
        self.topology = topology
        self.boxes: list[Box] = []
        self.edges: dict[tuple[int, int, Link], str] = {}
        self.entries: set[int] = set()
        self._index: dict[_Key, int] = {}
        self._waiting: deque[Callable[[], None]] = deque()
        self._names = topology.records_by_name
        self._used: set[Value] = set()
        self._choices = topology.choices
        self._reads = Reads(topology)
        #: What has a name or an address of its own that AWS makes, and is no endpoint of a kind.
        self._hosting: dict[ResourceId, Thing] = {
            thing.place.id: thing for kind in (model.Instance, model.Address) for thing in topology.of(kind)
        }

    # The walk

    def build(self) -> None:
        """Make all boxes and edges."""
        for distribution in self.topology.of(model.Distribution):
            self._distribution(distribution)
        for accelerator in self.topology.of(model.Accelerator):
            self._accelerator(accelerator)
        for group in self.topology.of(model.EndpointGroup):
            listener = group.listener
            unknown = listener.accelerator if isinstance(listener, model.AcceleratorListener) else listener
            if not isinstance(unknown, Unresolved):
                continue
            number = self._outside(unknown, Kind.ACCELERATOR, EDGE)
            self._edge(number, self._endpoint_group(group), Link.REQUEST)
        for access_point in self.topology.of(model.AccessPoint):
            if access_point.multi_region:
                self._access_point(access_point)
        for check in self.topology.of(model.HealthCheck):
            self._health_check(check)
        for name, records in self._names.items():
            if not stands_for_one(records):
                self._name(name)
        self._walk()
        self._enter_names()
        self._walk()
        self._copies()
        self._enter_things()

    def _walk(self) -> None:
        while self._waiting:
            self._waiting.popleft()()

    def _box(
        self,
        key: _Key,
        kind: Kind,
        title: str,
        *,
        details: Iterable[str] = (),
        frame: str | None = EDGE,
        things: Sequence[Thing] = (),
        then: Callable[[int], None] | None = None,
    ) -> int:
        """The number of the box with a key, which is made where there is none; ``then`` makes what it leads to."""
        number = self._index.get(key)
        if number is None:
            number = self._index[key] = len(self.boxes)
            self.boxes.append(Box(kind, title, details, frame, things))
            if then is not None:
                self._waiting.append(lambda: then(number))
        return number

    def _thing(
        self,
        thing: Thing,
        kind: Kind,
        title: str,
        *,
        details: Iterable[str] = (),
        frame: str | None = EDGE,
        parts: Iterable[Thing] = (),
        then: Callable[[int], None] | None = None,
    ) -> int:
        """The box of a thing, with those of its parts that have none of their own."""
        key, things = ("thing", id(thing)), (thing, *parts)
        return self._box(key, kind, title, details=details, frame=frame, things=things, then=then)

    def _unknown(self, value: Unresolved) -> int:
        return self._box(("unknown", value), Kind.UNKNOWN, "?", details=(describe.gap(value),), frame=None)

    def _outside(self, value: Value, kind: Kind, frame: str | None = None) -> int:
        """What no template here makes.

        Args:
            value: The ARN, the name or the id that names it, or what that waits for.
            kind: What it is, if that does not tell.
            frame: Where it is, likewise.
        """
        told = outside(value)
        kind = told.kind or kind
        return self._box(
            ("outside", kind, told.key), kind, told.title, details=told.details, frame=told.region or frame
        )

    def _edge(self, source: int, target: int, link: Link, label: str = "") -> None:
        if source != target:
            self.edges.setdefault((source, target, link), label)

    # DNS

    def _enter_names(self) -> None:
        """Draw the names that only users ask for; a second name of what a failover leads to anyway is none of them."""
        reached = self._reached()
        by_target: dict[int, list[Value]] = {}
        for entry in self.topology.entries:
            name = entry.name
            if not entry.records or name in self._used:
                continue
            target = self._endpoint(entry)
            if self.boxes[target].kind in _ENTERED or target not in reached:
                by_target.setdefault(target, []).append(name)
        for names in by_target.values():
            shown = names[:1] if len(names) > _MOST_NAMES else names
            self.entries |= {self._name(name) for name in shown}
            if len(names) > len(shown):
                box = self.boxes[self._name(names[0])]
                box.details.append(f"and {len(names) - 1} more names")
                box.add(record for name in names[1:] for record in self._names[name])

    def _reached(self) -> set[int]:
        """What requests get to otherwise than by a name of its own."""
        return {target for _, target, link in self.edges if link in (Link.REQUEST, Link.CHOICE, Link.ERROR)}

    def _endpoint(self, endpoint: Endpoint) -> int:
        """What a host name leads to; names that only stand for one thing are passed over."""
        answers, passed = followed(endpoint)
        number = self._hosts(answers)
        self._used |= passed.keys()
        self.boxes[number].add(record for records in passed.values() for record in records)
        return number

    def _name(self, name: Value) -> int:
        self._used.add(name)
        records = self._names[name]
        policies = dict.fromkeys(record.policy for record in records)
        policy = ", ".join(policy.value for policy in policies if policy is not Policy.SIMPLE)
        return self._box(
            ("name", name),
            Kind.NAME,
            describe.shown(name),
            details=(
                describe.gap(name),
                " ".join(part for part in (policy, describe.types(records)) if part),
                describe.ttl(records),
            ),
            things=records,
            then=lambda number: self._records(number, name),
        )

    def _records(self, number: int, name: Value) -> None:
        records = self._names[name]
        told = (describe.types(records), describe.ttl(records))
        for index, same in enumerate(alike(records)):
            first = same[0]
            box = number
            if first.policy is not Policy.SIMPLE:
                box = self._box(
                    ("record", name, index),
                    Kind.RECORD,
                    describe.record(first),
                    details=[detail for detail in describe.of_record(same) if detail not in told],
                    things=same,
                )
                self._edge(number, box, Link.REQUEST)
            for bundle in bundled(same):
                target = self._endpoint(bundle[0]) if len(bundle) == 1 else self._hosts(bundle)
                self._edge(box, target, Link.REQUEST, describe.evaluated(first))
            if isinstance(first.health_check, model.HealthCheck):
                self._edge(self._health_check(first.health_check), box, Link.GUARD)

    def _hosts(self, endpoints: Sequence[Endpoint]) -> int:
        """What answers at one name, or at several hosts that have no records."""
        first = endpoints[0]
        if first.records:
            return self._name(first.records[0].name)
        if first.target is not None:
            return self._resource(first.target)
        if isinstance(first.name, Reference) and first.name.resource in self._hosting:
            return self._resource(self._hosting[first.name.resource])
        known = next((self._index["host", one.name] for one in endpoints if ("host", one.name) in self._index), None)
        if known is None:
            kind = _BY_KIND.get(first.kind, Kind.HOST)
            others = describe.some([describe.shown(endpoint.name) for endpoint in endpoints[1:]])
            known = self._box(
                ("host", first.name),
                kind,
                describe.shown(first.name),
                details=(describe.gap(first.name), *others),
                frame=EDGE if kind in _GLOBAL else first.region,
            )
        self._index |= {("host", endpoint.name): known for endpoint in endpoints}
        return known

    # CloudFront

    def _distribution(self, distribution: model.Distribution) -> int:
        certificate = distribution.certificate
        return self._thing(
            distribution,
            Kind.DISTRIBUTION,
            describe.short_name(distribution),
            details=describe.some([describe.shown(name) for name in distribution.aliases if name not in self._names]),
            parts=(certificate,) if isinstance(certificate, Thing) else (),
            then=lambda number: self._behaviors(number, distribution),
        )

    def _connection_group(self, group: model.ConnectionGroup) -> int:
        def distributions(number: int) -> None:
            for tenant in group.tenants:
                if isinstance(tenant.distribution, model.Distribution):
                    self.boxes[number].add([tenant])
                    self._edge(number, self._distribution(tenant.distribution), Link.REQUEST)

        title = describe.short_name(group)
        return self._thing(group, Kind.DISTRIBUTION, title, details=("connection group",), then=distributions)

    def _behaviors(self, number: int, distribution: model.Distribution) -> None:
        ways: dict[_Key, list[model.CacheBehavior]] = {}
        for behavior in distribution.behaviors:
            functions = [
                (one.event, one.arn if isinstance(one.function, Unresolved) else id(one.function))
                for one in behavior.functions
            ]
            ways.setdefault((behavior.target_id, *functions), []).append(behavior)
        #: By behavior, where its requests start.
        starts: dict[int, int] = {}
        for index, behaviors in enumerate(ways.values()):
            first = behaviors[0]
            box = number
            if len(ways) > 1:
                box = self._box(
                    ("behavior", id(distribution), index),
                    Kind.BEHAVIOR,
                    describe.pattern(first),
                    details=describe.some([describe.pattern(behavior) for behavior in behaviors[1:]]),
                    things=behaviors,
                )
                self._edge(number, box, Link.REQUEST)
            else:
                self.boxes[number].add(behaviors)
            last = self._functions(box, distribution, first)
            target = self._target(first.target)
            self._edge(last, target, Link.REQUEST)
            starts |= {id(behavior): target if box == number else box for behavior in behaviors}
        self._error_pages(number, distribution, starts)

    def _functions(self, box: int, distribution: model.Distribution, behavior: model.CacheBehavior) -> int:
        """Draw the functions of a behavior that see requests, one after the other, and then those that see answers.

        Returns:
            The last one that sees requests, or the behavior.
        """
        for association in (one for event in _REQUEST_EVENTS for one in behavior.functions if one.event == event):
            number = self._function(association)
            self._edge(box, number, Link.REQUEST)
            self._choose(number, distribution, behavior, association)
            box = number
        for association in behavior.functions:
            if association.event not in _REQUEST_EVENTS:
                self._edge(self._function(association), self._target(behavior.target), Link.RESPONSE)
        return box

    def _function(self, association: model.FunctionAssociation) -> int:
        function = association.function
        parts: list[Thing] = [] if isinstance(function, Unresolved) else [function]
        if isinstance(function, model.Function) and isinstance(function.role, model.Role):
            parts += [function.role, *function.role.statements]

        def stores(number: int) -> None:
            for store in function.stores if isinstance(function, model.ViewerFunction) else ():
                self._edge(number, self._store(store), Link.READ, "reads")

        return self._thing(
            association,
            Kind.FUNCTION,
            describe.function(association),
            details=(str(association.event), "Lambda@Edge" if association.at_edge else "CloudFront Function"),
            parts=parts,
            then=stores,
        )

    def _store(self, store: model.KeyValueStore | Unresolved) -> int:
        if isinstance(store, Unresolved):
            return self._outside(store, Kind.STORE, EDGE)
        return self._thing(store, Kind.STORE, describe.named(store.name, store))

    def _choose(
        self,
        number: int,
        distribution: model.Distribution,
        behavior: model.CacheBehavior,
        association: model.FunctionAssociation,
    ) -> None:
        """Draw what a function that sees requests may choose, asks and reads."""
        function = association.function
        if isinstance(function, model.ViewerFunction):
            for chosen in self._choices.by_id(function, distribution):
                self._edge(number, self._target(chosen), Link.CHOICE, "may choose")
            for host in self._choices.hosts(function):
                self._edge(number, self._endpoint(host), Link.CHOICE, "may choose")
        elif isinstance(function, model.Function):
            own = {self._endpoint(origin.endpoint) for origin in behavior.origins}
            for endpoint in self._choices.endpoints(function, behavior):
                target = self._endpoint(endpoint)
                if target not in own and association.event == "origin-request":
                    self._edge(number, target, Link.CHOICE, "may choose")
            for name in self._choices.asked(function):
                self._edge(number, self._endpoint(name), Link.READ, "asks")
            for table in self._reads.tables(function):
                self._edge(number, self._table(table), Link.READ, "reads")

    def _target(self, target: model.Origin | model.OriginGroup | Unresolved) -> int:
        if isinstance(target, Unresolved):
            return self._unknown(target)
        if isinstance(target, model.Origin):
            return self._thing(
                target,
                Kind.ORIGIN,
                describe.host(target.endpoint),
                details=(describe.waits(target), "VPC origin" if target.vpc else ""),
                parts=(target.vpc_origin,) if isinstance(target.vpc_origin, model.VpcOrigin) else (),
                then=lambda number: self._edge(number, self._answers(target), Link.REQUEST),
            )
        return self._thing(
            target,
            Kind.GROUP,
            "failover",
            details=(describe.codes(target),),
            then=lambda number: self._members(number, target),
        )

    def _answers(self, origin: model.Origin) -> int:
        """What answers at an origin: of a VPC origin, its target, and not what its domain name leads to."""
        if isinstance(origin.vpc_origin, Unresolved):
            return self._outside(origin.vpc_origin, Kind.VPC_ORIGIN)
        if origin.vpc_origin is not None and isinstance(origin.vpc_origin.target, Unresolved):
            return self._outside(origin.vpc_origin.target, Kind.UNKNOWN)
        return self._endpoint(origin.endpoint)

    def _members(self, number: int, group: model.OriginGroup) -> None:
        for member, label in zip(group.members, ("primary", "secondary"), strict=False):
            self._edge(number, self._target(member), Link.REQUEST, label)

    def _error_pages(self, number: int, distribution: model.Distribution, starts: Mapping[int, int]) -> None:
        pages: dict[Value, list[model.ErrorResponse]] = {}
        for response in distribution.error_responses:
            if response.page is not None:
                pages.setdefault(response.page, []).append(response)
            else:
                self.boxes[number].add([response])
        for page, responses in pages.items():
            box = self._box(
                ("page", id(distribution), page),
                Kind.ERROR_PAGE,
                describe.shown(page),
                details=("for " + ", ".join(str(response.error_code) for response in responses),),
                things=responses,
            )
            self._edge(number, box, Link.ERROR)
            serving = behavior_of(distribution.behaviors, page)
            if not isinstance(serving, Unresolved):
                self._edge(box, starts[id(serving)], Link.ERROR)

    # Health

    def _health_check(self, check: model.HealthCheck) -> int:
        return self._thing(
            check,
            Kind.HEALTH_CHECK,
            describe.health_check(check),
            details=describe.health_details(check),
            then=lambda number: self._watched(number, check),
        )

    def _watched(self, number: int, check: model.HealthCheck) -> None:
        if check.endpoint is not None:
            self._edge(number, self._endpoint(check.endpoint), Link.WATCH)
        elif check.address is not None:
            self._edge(number, self._hosts((Endpoint(name=check.address),)), Link.WATCH)
        for child in check.children:
            if isinstance(child, model.HealthCheck):
                self._edge(number, self._health_check(child), Link.WATCH)
        if isinstance(check.alarm, model.Alarm):
            self._edge(number, self._alarm(check.alarm), Link.WATCH)
        if isinstance(check.control, model.RoutingControl):
            self._edge(self._control(check.control), number, Link.SET, "sets")

    def _alarm(self, alarm: model.Alarm) -> int:
        details = describe.alarm_details(alarm)
        return self._thing(alarm, Kind.ALARM, describe.alarm(alarm), details=details, frame=alarm.known_region)

    def _control(self, control: model.RoutingControl) -> int:
        rules = [rule for rule in control.safety_rules if control in rule.controls]
        details = dict.fromkeys(map(describe.safety_rule, rules))
        return self._thing(control, Kind.CONTROL, describe.named(control.name, control), details=details, parts=rules)

    # What answers

    def _resource(self, thing: Thing) -> int:
        match thing:
            case model.Distribution():
                return self._distribution(thing)
            case model.ConnectionGroup():
                return self._connection_group(thing)
            case model.Accelerator():
                return self._accelerator(thing)
            case model.AccessPoint():
                return self._access_point(thing)
            case model.Bucket():
                return self._bucket(thing)
            case model.LoadBalancer():
                return self._load_balancer(thing)
            case model.Instance():
                return self._instance(thing)
            case model.Address():
                return self._address(thing)
            case model.ApiDomain() if len(thing.apis) == 1:
                number = self._api(thing.apis[0])
                self.boxes[number].add([thing])
                return number
            case _:
                return self._api(thing)

    def _api(self, thing: Thing) -> int:
        kind = Kind.FUNCTION_URL if isinstance(thing, model.FunctionUrl) else Kind.API
        # An edge-optimized domain is in no Region.
        frame = EDGE if thing.region is None else thing.known_region
        return self._thing(thing, kind, thing.place.name, details=(describe.protocol(thing),), frame=frame)

    def _load_balancer(self, balancer: model.LoadBalancer) -> int:
        groups = dict.fromkeys(group for listener in balancer.listeners for group in listener.target_groups)
        return self._thing(
            balancer,
            Kind.LOAD_BALANCER,
            balancer.place.name,
            details=(describe.balancer(balancer), *dict.fromkeys(map(describe.target_group, groups))),
            frame=balancer.known_region,
            parts=(*balancer.listeners, *groups),
        )

    def _bucket(self, bucket: model.Bucket) -> int:
        return self._thing(
            bucket,
            Kind.BUCKET,
            describe.named(bucket.name, bucket),
            details=("website",) if bucket.website else (),
            frame=bucket.known_region,
            parts=bucket.statements or (),
        )

    def _access_point(self, point: model.AccessPoint) -> int:
        def buckets(number: int) -> None:
            for bucket in point.buckets:
                if isinstance(bucket, Unresolved):
                    self._edge(number, self._outside(bucket, Kind.BUCKET), Link.REQUEST)
                else:
                    self._edge(number, self._bucket(bucket), Link.REQUEST)

        return self._thing(
            point,
            Kind.ACCESS_POINT,
            describe.named(point.name, point),
            details=("Multi-Region",) if point.multi_region else (),
            frame=EDGE if point.multi_region else point.known_region,
            then=buckets,
        )

    def _accelerator(self, accelerator: model.Accelerator) -> int:
        def groups(number: int) -> None:
            for listener in accelerator.listeners:
                for group in listener.endpoint_groups:
                    self._edge(number, self._endpoint_group(group), Link.REQUEST)

        return self._thing(
            accelerator,
            Kind.ACCELERATOR,
            describe.short_name(accelerator),
            details=("disabled",) if accelerator.enabled is False else (),
            then=groups,
        )

    def _endpoint_group(self, group: model.EndpointGroup) -> int:
        def endpoints(number: int) -> None:
            for endpoint in group.endpoints:
                target = self._accelerated(endpoint, group.known_region)
                self._edge(number, target, Link.REQUEST, describe.weight(endpoint))

        return self._thing(
            group,
            Kind.ENDPOINT_GROUP,
            describe.shown(group.region),
            details=describe.endpoint_group(group),
            frame=group.known_region,
            parts=() if isinstance(group.listener, Unresolved) else (group.listener,),
            then=endpoints,
        )

    def _accelerated(self, endpoint: model.AcceleratorEndpoint, region: str | None) -> int:
        """An endpoint, which is in the Region of its group, whatever tells of its stack."""
        number = self._accelerated_target(endpoint, region)
        if self.boxes[number].frame is None:
            self.boxes[number].frame = region
        return number

    def _accelerated_target(self, endpoint: model.AcceleratorEndpoint, region: str | None) -> int:
        match endpoint.target:
            case Unresolved():
                return self._outside(endpoint.id, Kind.UNKNOWN, region)
            case model.LoadBalancer():
                return self._load_balancer(endpoint.target)
            case model.Instance():
                return self._instance(endpoint.target)
            case model.Address():
                return self._address(endpoint.target)

    def _instance(self, instance: model.Instance) -> int:
        title = instance.place.name
        return self._thing(instance, Kind.INSTANCE, title, details=describe.zone(instance), frame=instance.known_region)

    def _address(self, address: model.Address) -> int:
        def instance(number: int) -> None:
            if isinstance(address.instance, model.Instance):
                self._edge(number, self._instance(address.instance), Link.REQUEST)

        return self._thing(address, Kind.ADDRESS, address.place.name, frame=address.known_region, then=instance)

    def _table(self, table: model.Table) -> int:
        return self._thing(
            table,
            Kind.TABLE,
            describe.named(table.name, table),
            details=describe.some([describe.shown(region) for region in table.regions]),
            frame=None if table.regions else table.known_region,
        )

    # At the end

    def _copies(self) -> None:
        """Draw which of the buckets that are drawn are copied to which."""
        drawn = [bucket for bucket in self.topology.of(model.Bucket) if ("thing", id(bucket)) in self._index]
        known = by_name(drawn)
        for bucket in drawn:
            for arn in bucket.replicates_to:
                target = named(arn, ":", known)
                if target is not None:
                    self._edge(self._bucket(bucket), self._bucket(target), Link.COPY, "copies")

    def _enter_things(self) -> None:
        """Users ask names that nothing else asks, and what has no name by the name that AWS gave it."""
        usable = {self._index.get(("name", name)) for name, records in self._names.items() if addresses(records)}
        reached = self._reached()
        for number, box in enumerate(self.boxes):
            if number not in reached and (box.kind in _ENTERED or number in usable):
                self.entries.add(number)
