"""A graph out of a topology: what matters for where requests go, and nothing else.

Names that only stand for one thing are not drawn, nor are behaviors where all requests go the same way: both would
be boxes that tell nothing. What a rule finds about them is marked on what they lead to.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from fnmatch import fnmatchcase
from typing import Any, TypeAlias

from ..topology import model
from ..topology.model import Endpoint, OriginKind, Policy, Record, Thing
from ..topology.topology import Topology
from ..topology.values import Unresolved, Value, concatenate, references, split
from . import describe
from .graph import EDGE, Kind, Link

#: An edge function's configuration beyond this is not looked at.
_LARGEST_CONFIGURATION = 1 << 20
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
_EVENTS = ("viewer-request", "origin-request", "origin-response", "viewer-response")
_ADDRESSES = frozenset({"A", "AAAA", "CNAME"})

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
        self.entries: dict[int, None] = {}
        self._addresses: set[int] = set()
        self._index: dict[_Key, int] = {}
        self._waiting: deque[Callable[[], None]] = deque()
        self._endpoints = dict(_endpoints(topology))
        self._names: dict[Value, list[Record]] = {}
        for record in topology.of(Record):
            self._names.setdefault(record.name, []).append(record)
        self._used: set[Value] = set()
        self._tables = {table.name: table for table in topology.of(model.Table)}
        self._buckets = {
            concatenate((bucket.name, end)): bucket
            for bucket in topology.of(model.Bucket)
            for end in (".s3.amazonaws.com", f".s3.{bucket.place.stack.region}.amazonaws.com")
        }
        self._groups: dict[int, list[model.EndpointGroup]] = {}
        for group in topology.of(model.EndpointGroup):
            if isinstance(group.listener, model.AcceleratorListener):
                self._groups.setdefault(id(group.listener.accelerator), []).append(group)

    # The walk

    def build(self) -> None:
        """Make all boxes and edges."""
        for distribution in self.topology.of(model.Distribution):
            self._distribution(distribution)
        for accelerator in self.topology.of(model.Accelerator):
            self._accelerator(accelerator)
        for access_point in self.topology.of(model.AccessPoint):
            if access_point.multi_region:
                self._access_point(access_point)
        for check in self.topology.of(model.HealthCheck):
            self._health_check(check)
        for name, records in self._names.items():
            if not _stands_for_one(records):
                self._name(name, records)
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
        frame: str | None = None,
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

    def _edge(self, source: int, target: int, link: Link, label: str = "") -> None:
        if source != target:
            self.edges.setdefault((source, target, link), label)

    # DNS

    def _enter_names(self) -> None:
        """Draw the names that only users ask for; a second name of what a failover leads to anyway is none of them."""
        reached = self._reached()
        asked = {
            answer.records[0].name for record in self.topology.of(Record) for answer in record.answers if answer.records
        }
        by_target: dict[int, list[Value]] = {}
        for name, records in self._names.items():
            addresses = tuple(record for record in records if record.type in _ADDRESSES)
            if name in asked or name in self._used or not addresses or not _leads_somewhere(addresses):
                continue
            target = self._endpoint(Endpoint(name=name, records=addresses))
            if self.boxes[target].kind in _ENTERED or target not in reached:
                by_target.setdefault(target, []).append(name)
        for names in by_target.values():
            shown = names[:1] if len(names) > _MOST_NAMES else names
            self.entries |= dict.fromkeys(self._name(name, self._names[name]) for name in shown)
            if len(names) > len(shown):
                box = self.boxes[self._name(names[0], self._names[names[0]])]
                box.details.append(f"and {len(names) - 1} more names")
                box.add(record for name in names[1:] for record in self._names[name])

    def _reached(self) -> set[int]:
        """What requests get to otherwise than by a name of its own."""
        return {target for _, target, link in self.edges if link in (Link.REQUEST, Link.CHOICE, Link.ERROR)}

    def _endpoint(self, endpoint: Endpoint) -> int:
        """What a host name leads to; names that only stand for one thing are passed over."""
        answers, passed = _followed(endpoint)
        number = self._hosts(answers)
        self._used |= passed.keys()
        self.boxes[number].add(record for records in passed.values() for record in records)
        return number

    def _name(self, name: Value, records: Sequence[Record]) -> int:
        self._used.add(name)
        policies = dict.fromkeys(record.policy for record in records)
        policy = ", ".join(policy.value for policy in policies if policy is not Policy.SIMPLE)
        number = self._box(
            ("name", name),
            Kind.NAME,
            describe.shown(name),
            details=(
                describe.gap(name),
                " ".join(part for part in (policy, describe.types(records)) if part),
                describe.ttl(records),
            ),
            frame=EDGE,
            things=records,
            then=lambda number: self._records(number, name, records),
        )
        if any(record.type in _ADDRESSES for record in records):
            self._addresses.add(number)
        return number

    def _records(self, number: int, name: Value, records: Sequence[Record]) -> None:
        told = (describe.types(records), describe.ttl(records))
        for index, alike in enumerate(_alike(records)):
            first = alike[0]
            box = number
            if first.policy is not Policy.SIMPLE:
                box = self._box(
                    ("record", name, index),
                    Kind.RECORD,
                    describe.record(first),
                    details=[detail for detail in describe.of_record(alike) if detail not in told],
                    frame=EDGE,
                    things=alike,
                )
                self._edge(number, box, Link.REQUEST)
            for bundle in _bundles(alike):
                self._edge(box, self._endpoint(bundle[0]) if len(bundle) == 1 else self._hosts(bundle), Link.REQUEST)
            if isinstance(first.health_check, model.HealthCheck):
                self._edge(self._health_check(first.health_check), box, Link.GUARD)

    def _hosts(self, endpoints: Sequence[Endpoint]) -> int:
        """What answers at one name, or at several hosts that have no records."""
        first = endpoints[0]
        if first.records:
            name = first.records[0].name
            return self._name(name, self._names[name])
        if first.target is not None:
            return self._thing(first.target)
        known = next((self._index["host", one.name] for one in endpoints if ("host", one.name) in self._index), None)
        if known is None:
            kind = _BY_KIND.get(first.kind, Kind.HOST)
            known = self._box(
                ("host", first.name),
                kind,
                describe.shown(first.name),
                details=[
                    describe.gap(first.name),
                    *describe.some([describe.shown(endpoint.name) for endpoint in endpoints[1:]]),
                ],
                frame=EDGE if kind in _GLOBAL else first.region,
            )
        for endpoint in endpoints:
            self._index["host", endpoint.name] = known
        return known

    # CloudFront

    def _distribution(self, distribution: model.Distribution) -> int:
        certificate = distribution.certificate
        owned = (distribution, *((certificate,) if isinstance(certificate, Thing) else ()))
        named = [describe.shown(alias) for alias in distribution.aliases if alias not in self._names]
        return self._box(
            ("thing", id(distribution)),
            Kind.DISTRIBUTION,
            describe.short_name(distribution),
            details=describe.some(named),
            frame=EDGE,
            things=owned,
            then=lambda number: self._behaviors(number, distribution),
        )

    def _behaviors(self, number: int, distribution: model.Distribution) -> None:
        alike: dict[_Key, list[model.CacheBehavior]] = {}
        for behavior in distribution.behaviors:
            functions = tuple(
                (association.event, association.arn if isinstance(function, Unresolved) else id(function))
                for association in behavior.functions
                for function in (association.function,)
            )
            key = (behavior.target_id, functions)
            alike.setdefault(key, []).append(behavior)
        starts: dict[int, int] = {}
        for index, behaviors in enumerate(alike.values()):
            first = behaviors[0]
            box = number
            if len(alike) > 1:
                box = self._box(
                    ("behavior", id(distribution), index),
                    Kind.BEHAVIOR,
                    describe.pattern(first),
                    details=describe.some([describe.pattern(behavior) for behavior in behaviors[1:]]),
                    frame=EDGE,
                    things=behaviors,
                )
                self._edge(number, box, Link.REQUEST)
            else:
                self.boxes[number].add(behaviors)
            starts |= {id(behavior): box for behavior in behaviors}
            last = self._functions(box, distribution, first, index)
            self._edge(last, self._target(first), Link.REQUEST)
        self._error_pages(number, distribution, starts)

    def _functions(self, box: int, distribution: model.Distribution, behavior: model.CacheBehavior, index: int) -> int:
        """Draw the functions of a behavior, one after the other; returns the last one, or the behavior."""
        order = {event: place for place, event in enumerate(_EVENTS)}
        for association in sorted(behavior.functions, key=lambda one: order.get(str(one.event), len(_EVENTS))):
            function = association.function
            things: list[Thing] = [association]
            if not isinstance(function, Unresolved):
                things.append(function)
            if isinstance(function, model.Function) and isinstance(function.role, model.Role):
                things += [function.role, *function.role.statements]
            number = self._box(
                ("function", id(distribution), index, association.event),
                Kind.FUNCTION,
                describe.function(association),
                details=(str(association.event), "Lambda@Edge" if association.at_edge else "CloudFront Function"),
                frame=EDGE,
                things=things,
            )
            self._edge(box, number, Link.REQUEST)
            self._choices(number, distribution, behavior, association)
            box = number
        return box

    def _choices(
        self,
        number: int,
        distribution: model.Distribution,
        behavior: model.CacheBehavior,
        association: model.FunctionAssociation,
    ) -> None:
        """Draw what a function may choose, as far as its code, its configuration and the origins' headers tell."""
        function = association.function
        if isinstance(function, model.ViewerFunction):
            for chosen in _named_in_code(distribution, function.code):
                self._edge(number, self._target_of(chosen), Link.CHOICE, "may choose")
        elif isinstance(function, model.Function) and str(association.event).endswith("request"):
            own = {self._endpoint(origin.endpoint) for origin in behavior.origins}
            for endpoint in self._chosen(function, behavior):
                target = self._endpoint(endpoint)
                if endpoint.records and target not in self._addresses and self.boxes[target].kind is Kind.NAME:
                    self._edge(number, target, Link.READ, "asks")
                elif target not in own:
                    self._edge(number, target, Link.CHOICE, "may choose")
            for table in self._tables_of(function):
                self._edge(number, self._table(table), Link.READ, "reads")

    def _chosen(self, function: model.Function, behavior: model.CacheBehavior) -> Iterator[Endpoint]:
        """What an edge function has names of: in its configuration, and in its origins' headers."""
        texts = _configuration(function)
        for name, records in self._names.items():
            endpoint = Endpoint(name=name, records=tuple(records))
            # Its own viewers' names are none that it chooses.
            if name in texts and not isinstance(_followed(endpoint)[0][0].target, model.Distribution):
                yield endpoint
        for value in dict.fromkeys(value for origin in behavior.origins for value in origin.headers.values()):
            bucket = self._buckets.get(value)
            if bucket is not None:
                yield Endpoint(name=value, target=bucket)

    def _target(self, behavior: model.CacheBehavior) -> int:
        if isinstance(behavior.target, Unresolved):
            key = ("unknown", behavior.target.waits_for)
            return self._box(key, Kind.UNKNOWN, "?", details=(describe.gap(behavior.target),))
        return self._target_of(behavior.target)

    def _target_of(self, target: model.Origin | model.OriginGroup) -> int:
        if isinstance(target, model.Origin):
            return self._origin(target)
        return self._box(
            ("thing", id(target)),
            Kind.GROUP,
            "failover",
            details=(describe.codes(target),),
            frame=EDGE,
            things=(target,),
            then=lambda number: self._members(number, target),
        )

    def _members(self, number: int, group: model.OriginGroup) -> None:
        for member, label in zip(group.members, ("primary", "secondary"), strict=False):
            if isinstance(member, Unresolved):
                target = self._box(("unknown", member.waits_for), Kind.UNKNOWN, "?", details=(describe.gap(member),))
            else:
                target = self._origin(member)
            self._edge(number, target, Link.REQUEST, label)

    def _origin(self, origin: model.Origin) -> int:
        return self._box(
            ("thing", id(origin)),
            Kind.ORIGIN,
            describe.host(origin.endpoint),
            details=(describe.waits(origin), "VPC origin" if origin.vpc else ""),
            frame=EDGE,
            things=(origin,),
            then=lambda number: self._edge(number, self._endpoint(origin.endpoint), Link.REQUEST),
        )

    def _error_pages(self, number: int, distribution: model.Distribution, starts: dict[int, int]) -> None:
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
                frame=EDGE,
                things=responses,
            )
            self._edge(number, box, Link.ERROR)
            serving = next((one for one in distribution.behaviors if _serves(one, page)), None)
            if serving is not None:
                start = starts[id(serving)]
                self._edge(box, self._target(serving) if start == number else start, Link.ERROR)

    # Health

    def _health_check(self, check: model.HealthCheck) -> int:
        return self._box(
            ("thing", id(check)),
            Kind.HEALTH_CHECK,
            describe.health_check(check),
            details=describe.health_details(check),
            frame=EDGE,
            things=(check,),
            then=lambda number: self._watched(number, check),
        )

    def _watched(self, number: int, check: model.HealthCheck) -> None:
        if check.endpoint is not None:
            self._edge(number, self._endpoint(check.endpoint), Link.WATCH)
        elif check.address is not None:
            endpoint = self._endpoints.get(check.address) or Endpoint(name=check.address)
            self._edge(number, self._hosts((endpoint,)), Link.WATCH)
        for child in check.children:
            if isinstance(child, model.HealthCheck):
                self._edge(number, self._health_check(child), Link.WATCH)
        if isinstance(check.alarm, model.Alarm):
            alarm = check.alarm
            box = self._box(
                ("thing", id(alarm)),
                Kind.ALARM,
                describe.alarm(alarm),
                details=describe.alarm_details(alarm),
                frame=_region(alarm),
                things=(alarm,),
            )
            self._edge(number, box, Link.WATCH)
        if isinstance(check.control, model.RoutingControl):
            self._edge(self._control(check.control), number, Link.SET, "sets")

    def _control(self, control: model.RoutingControl) -> int:
        rules = [rule for rule in self.topology.of(model.SafetyRule) if control in rule.controls]
        return self._box(
            ("thing", id(control)),
            Kind.CONTROL,
            describe.named(control.name, control),
            details=[describe.safety_rule(rule) for rule in rules],
            frame=EDGE,
            things=(control, *rules),
        )

    # What answers

    def _thing(self, thing: Thing) -> int:
        match thing:
            case model.Distribution():
                return self._distribution(thing)
            case model.Accelerator():
                return self._accelerator(thing)
            case model.AccessPoint():
                return self._access_point(thing)
            case model.Bucket():
                return self._bucket(thing)
            case model.LoadBalancer():
                return self._load_balancer(thing)
            case model.ApiDomain() if len(thing.apis) == 1:
                number = self._api(thing.apis[0])
                self.boxes[number].add([thing])
                return number
            case _:
                return self._api(thing)

    def _api(self, thing: Thing) -> int:
        kind = Kind.FUNCTION_URL if isinstance(thing, model.FunctionUrl) else Kind.API
        return self._box(
            ("thing", id(thing)),
            kind,
            thing.place.name,
            details=(describe.protocol(thing),),
            frame=_region(thing),
            things=(thing,),
        )

    def _load_balancer(self, balancer: model.LoadBalancer) -> int:
        groups = dict.fromkeys(group for listener in balancer.listeners for group in listener.target_groups)
        return self._box(
            ("thing", id(balancer)),
            Kind.LOAD_BALANCER,
            balancer.place.name,
            details=(describe.balancer(balancer), *map(describe.target_group, groups)),
            frame=_region(balancer),
            things=(balancer, *balancer.listeners, *groups),
        )

    def _bucket(self, bucket: model.Bucket) -> int:
        return self._box(
            ("thing", id(bucket)),
            Kind.BUCKET,
            describe.named(bucket.name, bucket),
            details=("website",) if bucket.website else (),
            frame=_region(bucket),
            things=(bucket, *(bucket.statements or ())),
        )

    def _access_point(self, point: model.AccessPoint) -> int:
        def buckets(number: int) -> None:
            for bucket in point.buckets:
                if isinstance(bucket, model.Bucket):
                    self._edge(number, self._bucket(bucket), Link.REQUEST)

        return self._box(
            ("thing", id(point)),
            Kind.ACCESS_POINT,
            describe.named(point.name, point),
            details=("Multi-Region",) if point.multi_region else (),
            frame=EDGE if point.multi_region else _region(point),
            things=(point,),
            then=buckets,
        )

    def _accelerator(self, accelerator: model.Accelerator) -> int:
        def groups(number: int) -> None:
            for group in self._groups.get(id(accelerator), ()):
                self._edge(number, self._endpoint_group(group), Link.REQUEST)

        return self._box(
            ("thing", id(accelerator)),
            Kind.ACCELERATOR,
            describe.short_name(accelerator),
            frame=EDGE,
            things=(accelerator,),
            then=groups,
        )

    def _endpoint_group(self, group: model.EndpointGroup) -> int:
        def endpoints(number: int) -> None:
            for endpoint in group.endpoints:
                if isinstance(endpoint.target, model.LoadBalancer):
                    target = self._load_balancer(endpoint.target)
                else:
                    target = self._box(("host", endpoint.id), Kind.HOST, describe.shown(endpoint.id))
                self._edge(number, target, Link.REQUEST)

        region = group.region if isinstance(group.region, str) else None
        return self._box(
            ("thing", id(group)),
            Kind.ENDPOINT_GROUP,
            describe.shown(group.region),
            details=(
                f"dial {group.traffic_dial} %",
                f"{group.protocol} {group.interval} s {describe.TIMES} {group.threshold}",
            ),
            frame=region,
            things=(group, *([group.listener] if isinstance(group.listener, Thing) else [])),
            then=endpoints,
        )

    def _table(self, table: model.Table) -> int:
        return self._box(
            ("thing", id(table)),
            Kind.TABLE,
            describe.named(table.name, table),
            details=describe.some([describe.shown(region) for region in table.replicas]),
            frame=None if table.replicas else _region(table),
            things=(table,),
        )

    def _tables_of(self, function: model.Function) -> Iterator[model.Table]:
        statements = function.role.statements if isinstance(function.role, model.Role) else ()
        names = {reference.resource: table for table in self._tables.values() for reference in _own(table)}
        for statement in statements:
            if not any(str(action).startswith("dynamodb:") for action in statement.actions):
                continue
            for resource in statement.resources:
                parts = split(resource, "/")
                named = self._tables.get(parts[-1]) if isinstance(parts, list) else None
                referred = [names[one.resource] for one in references(resource) if one.resource in names]
                yield from [named] if named is not None else referred[:1]

    # At the end

    def _copies(self) -> None:
        """Draw which of the buckets that are drawn are copied to which."""
        buckets = [bucket for bucket in self.topology.of(model.Bucket) if ("thing", id(bucket)) in self._index]
        by_name = {bucket.name: self._index["thing", id(bucket)] for bucket in buckets}
        by_id = {bucket.place.id: self._index["thing", id(bucket)] for bucket in buckets}
        for bucket in buckets:
            for arn in bucket.replicates_to:
                parts = split(arn, ":")
                named = by_name.get(parts[-1]) if isinstance(parts, list) else None
                referred = [by_id[one.resource] for one in references(arn) if one.resource in by_id]
                for target in [named] if named is not None else referred[:1]:
                    self._edge(self._index["thing", id(bucket)], target, Link.COPY, "copies")

    def _enter_things(self) -> None:
        """Users ask names that nothing else asks, and what has no name by the name that AWS gave it."""
        reached = self._reached()
        for number, box in enumerate(self.boxes):
            if number not in reached and (box.kind in _ENTERED or number in self._addresses):
                self.entries.setdefault(number)


def _endpoints(topology: Topology) -> Iterator[tuple[Value, Endpoint]]:
    for endpoint in _asked(topology):
        yield endpoint.name, endpoint


def _asked(topology: Topology) -> Iterator[Endpoint]:
    """All host names that something in the templates asks."""
    for origin in topology.of(model.Origin):
        yield origin.endpoint
    for check in topology.of(model.HealthCheck):
        if check.endpoint is not None:
            yield check.endpoint
    for record in topology.of(Record):
        yield from record.answers


def _leads_somewhere(records: Sequence[Record]) -> bool:
    """Whether a name is more than one of a host that no template knows."""
    if any(record.policy is not Policy.SIMPLE or record.health_check is not None for record in records):
        return True
    return any(
        answer.records or answer.target is not None or answer.kind is not OriginKind.HOST
        for record in records
        for answer in record.answers
    )


def _followed(endpoint: Endpoint) -> tuple[tuple[Endpoint, ...], dict[Value, tuple[Record, ...]]]:
    """What a host name leads to, and the names on the way that only stand for one thing."""
    passed: dict[Value, tuple[Record, ...]] = {}
    answers: tuple[Endpoint, ...] = (endpoint,)
    while len(answers) == 1 and answers[0].records and answers[0].records[0].name not in passed:
        records = answers[0].records
        bundles = _bundles(records)
        if len(bundles) != 1 or not _stands_for_one(records):
            break
        passed[records[0].name] = records
        answers = bundles[0]
    return answers, passed


def _stands_for_one(records: Sequence[Record]) -> bool:
    return all(record.policy is Policy.SIMPLE and record.health_check is None for record in records)


def _bundles(records: Iterable[Record]) -> list[tuple[Endpoint, ...]]:
    """What records are answered with, those of both address families once; hosts that no template knows together."""
    found: dict[object, Endpoint] = {}
    hosts: dict[Value, Endpoint] = {}
    for record in records:
        for answer in record.answers:
            if answer.records:
                found.setdefault(answer.records[0].name, answer)
            elif answer.target is not None:
                found.setdefault(id(answer.target), answer)
            elif answer.kind is OriginKind.HOST:
                hosts.setdefault(answer.name, answer)
            else:
                found.setdefault(answer.name, answer)
    return [*((answer,) for answer in found.values()), *([tuple(hosts.values())] if hosts else [])]


def _alike(records: Iterable[Record]) -> list[list[Record]]:
    """Records that say the same, of both address families."""
    found: dict[_Key, list[Record]] = {}
    counts: dict[_Key, int] = {}
    for record in records:
        key = (record.policy, record.failover, record.weight, record.region, record.location, id(record.health_check))
        ordinal = counts[(*key, record.type)] = counts.get((*key, record.type), 0) + 1
        found.setdefault((*key, ordinal if record.policy is not Policy.SIMPLE else 0), []).append(record)
    return list(found.values())


def _named_in_code(distribution: model.Distribution, code: Value | None) -> Iterator[model.Origin | model.OriginGroup]:
    """The origins, or the group of them, that a CloudFront Function names."""
    text = str(code or "")
    named = [origin for origin in distribution.origins if any(f"{quote}{origin.id}{quote}" in text for quote in "\"'`")]
    group = next((group for group in distribution.origin_groups if named and list(group.members) == named), None)
    yield from named if group is None else [group]


def _configuration(function: model.Function) -> frozenset[str]:
    """All texts in the ``config.json`` of a function's code, which is where edge functions of this library have it."""
    if function.asset is None:
        return frozenset()
    try:
        with (function.asset / "config.json").open("rb") as file:
            content = file.read(_LARGEST_CONFIGURATION + 1)
        waiting = [json.loads(content)] if len(content) <= _LARGEST_CONFIGURATION else []
    except (OSError, ValueError, RecursionError):
        return frozenset()
    texts: set[str] = set()
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            texts.add(value.rstrip(".").lower())
        elif isinstance(value, list):
            waiting += value
        elif isinstance(value, dict):
            waiting += value.values()
    return frozenset(texts)


def _serves(behavior: model.CacheBehavior, page: Value) -> bool:
    if behavior.is_default:
        return True
    pattern = str(behavior.pattern)
    return fnmatchcase(str(page).lstrip("/"), pattern.lstrip("/").replace("[", "[[]"))


def _own(table: model.Table) -> Iterator[Any]:
    yield from references(table.name)


def _region(thing: Thing) -> str | None:
    region = thing.place.stack.region
    return region if isinstance(region, str) else None
