"""Makes the things of a topology out of resources, each once, and links them."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple, TypeVar

from .model import Endpoint, Place, Thing
from .properties import Gaps, Property
from .stacks import Template
from .templates import Templates
from .values import (
    PropertyPath,
    ResourceId,
    Text,
    Unresolved,
    Value,
    comparable,
    concatenate,
    host_name,
    references,
    split,
    starts,
    waiting,
)

AnyThing = TypeVar("AnyThing", bound=Thing)
Known = TypeVar("Known")
#: Makes the things of one resource; the first is what a reference to the resource means.
Read = Callable[["Reader", "Resource"], "Thing | list[Thing] | None"]

_NOTHING: Mapping[str, Any] = MappingProxyType({})
_SUFFIXES = ("/Resource", "/Default")
#: How many resources may be read for each other, before Python's stack ends: a chain of health checks has no end.
_FURTHEST = 12


def complete(known: Known, completed: Known) -> None:
    """Give an object that others refer to, but nobody has asked anything yet, the fields of its completed copy."""
    vars(known).update(vars(completed))


class Resource:
    """A resource that is being read.

    Attributes:
        id: It.
        template: Where it is.
        properties: What it has.
        gaps: Lists and objects in it that could not be read.
    """

    def __init__(self, templates: Templates, template: Template, logical_id: str, told: list[_Told]) -> None:
        self.id = ResourceId(template.stack.id, logical_id)
        self.template = template
        self.raw = template.resources[logical_id]
        self.gaps: Gaps = []
        # The places in the list of gaps, by each path that is above them; a resource may have thousands of parts.
        self._gaps_at: dict[PropertyPath, list[int]] = {}
        self._gaps_indexed = 0
        self._told = told
        resolver = templates.resolver(template.stack.id)
        properties = self.raw.get("Properties", {})
        self.properties = Property(resolver, self.id, properties, ("Properties",), self.gaps)
        metadata = self.raw.get("Metadata")
        self._metadata: Mapping[str, Any] = metadata if isinstance(metadata, dict) else {}
        ours = self._metadata.get("ha-patterns")
        self.ours: Mapping[str, Any] = MappingProxyType(ours) if isinstance(ours, dict) else _NOTHING
        path = self._metadata.get("aws:cdk:path")
        self._construct_path = _construct(path) if isinstance(path, str) else None
        condition = self.raw.get("Condition")
        # What is not made at all is not among the resources.
        made = resolver.condition(condition) if isinstance(condition, str) else True
        # Two conditions that wait for one parameter may be each other's opposite.
        self._condition = replace(made, choice=str(condition)) if isinstance(made, Unresolved) else None

    @property
    def type(self) -> str:
        """Its type."""
        return str(self.raw["Type"])

    @property
    def retained(self) -> bool:
        """Whether it stays when the stack is deleted."""
        return self.raw.get("DeletionPolicy") in ("Retain", "RetainExceptOnCreate")

    @property
    def asset_path(self) -> str | None:
        """What the CDK says of where its code is."""
        path = self._metadata.get("aws:asset:path")
        return path if isinstance(path, str) else None

    def place(self, path: PropertyPath = ()) -> Place:
        """Where it, or a property of it, is."""
        return Place(
            stack=self.template.stack,
            logical_id=self.id.logical_id,
            resource_type=self.type,
            construct_path=self._construct_path,
            path=path,
            metadata=self.ours,
            condition=self._condition,
        )

    def head(self) -> dict[str, Any]:
        """The fields that every thing has. Gaps that are found later are put into the thing when all is read."""
        return self._fields(self.place(), ())

    def part(self, at: Property, *more: Property) -> dict[str, Any]:
        """The fields that every part of a thing has, as ``head``.

        Args:
            at: Where it is.
            more: Other properties whose gaps are its own.
        """
        return self._fields(self.place(at.path), *(one.path for one in (at, *more)))

    def gaps_below(self, *paths: PropertyPath) -> tuple[Unresolved, ...]:
        """The gaps at some paths, and below them."""
        # Most resources have none, and there are many.
        if not self.gaps:
            return ()
        for index in range(self._gaps_indexed, len(self.gaps)):
            at, _gap = self.gaps[index]
            for length in range(len(at) + 1):
                self._gaps_at.setdefault(at[:length], []).append(index)
        self._gaps_indexed = len(self.gaps)
        found = {index for path in paths for index in self._gaps_at.get(path, ())}
        return tuple(self.gaps[index][1] for index in sorted(found))

    def _fields(self, place: Place, *paths: PropertyPath) -> dict[str, Any]:
        gaps = self.gaps_below(*paths)
        self._told.append(_Told(self, place, paths, gaps))
        return {"place": place, "gaps": gaps}


class _Told(NamedTuple):
    """What a reader was told of a thing: its place, and the gaps found until then at the paths that are its own."""

    resource: Resource
    place: Place
    paths: tuple[PropertyPath, ...]
    gaps: tuple[Unresolved, ...]


class Reader:
    """Reads resources, and the links between them.

    Args:
        templates: All that are read together.
        readers: By type of resource, what makes things of it.
        assets: Finds the folder that an asset of a template is in, by its name.
    """

    def __init__(
        self, templates: Templates, readers: Mapping[str, Read], assets: Callable[[Template, str], Path | None]
    ) -> None:
        self.templates = templates
        self.asset = assets
        self._readers = readers
        self._things: dict[ResourceId, list[Thing]] = {}
        self._under_way: set[ResourceId] = set()
        self._endpoints: dict[Value, Endpoint] = {}
        # Each of a name of its own, which nothing tells.
        self._unlike: list[Endpoint] = []
        self._indices: dict[Hashable, Any] = {}
        self._told: list[_Told] = []
        self._later: list[Callable[[], None]] = []

    def read_all(self) -> list[Thing]:
        """Everything that the templates have, in their order."""
        found: list[Thing] = []
        for template in self.templates.all:
            for logical_id, raw in template.resources.items():
                if raw.get("Type") in self._readers:
                    found += self.things(ResourceId(template.stack.id, logical_id))
        for link in self._later:
            link()
        self._complete(found)
        return found

    def _complete(self, things: list[Thing]) -> None:
        """Put in the gaps that were found after their things had been made."""
        late: dict[int, tuple[Unresolved, ...]] = {}
        for told in self._told:
            gaps = told.resource.gaps_below(*told.paths)
            if len(gaps) > len(told.gaps):
                late[id(told.place)] = gaps
        waiting: list[object] = list(things) if late else []
        seen: set[Thing] = set()
        while waiting:
            one = waiting.pop()
            if isinstance(one, tuple):
                waiting += one
            elif isinstance(one, Thing) and one not in seen:
                seen.add(one)
                waiting += vars(one).values()
                if id(one.place) in late:
                    complete(one, replace(one, gaps=late[id(one.place)]))

    def things(self, resource: ResourceId) -> list[Thing]:
        """What a resource makes; nothing where it is of no known type, or is made of itself."""
        if resource in self._things:
            return self._things[resource]
        template = self.templates.by_stack[resource.stack]
        raw = template.resources.get(resource.logical_id)
        read = self._readers.get(str(raw.get("Type"))) if raw else None
        if read is None or resource in self._under_way or len(self._under_way) >= _FURTHEST:
            return []
        self._under_way.add(resource)
        try:
            made = read(self, self.resource(resource))
        finally:
            self._under_way.discard(resource)
        self._things[resource] = made if isinstance(made, list) else [made] if made is not None else []
        return self._things[resource]

    def resources(self, *types: str) -> Iterator[Resource]:
        """All resources of some types."""
        for template, logical_id in self.templates.of_type(*types):
            yield Resource(self.templates, template, logical_id, self._told)

    def resource(self, resource: ResourceId) -> Resource:
        """A resource, whatever its type."""
        return Resource(self.templates, self.templates.by_stack[resource.stack], resource.logical_id, self._told)

    def index(self, name: Hashable, make: Callable[[], Any]) -> Any:
        """What is looked up again and again, made once."""
        if name not in self._indices:
            self._indices[name] = make()
        return self._indices[name]

    def later(self, link: Callable[[], None]) -> None:
        """Have a link made when all is read, as between two things of a kind that may name each other."""
        self._later.append(link)

    def link(
        self, value: Value | None, kind: type[AnyThing], region: Value | None = None, account: Value | None = None
    ) -> AnyThing | Unresolved | None:
        """The thing that a property names; None where there is no such property.

        Args:
            value: A reference, an ARN or a name.
            kind: What it is.
            region: The Region of a name, where something tells it beside the name.
            account: The account of a name, where something tells it beside the name.
        """
        if value is None:
            return None
        if isinstance(value, Unresolved):
            return value
        for reference in references(value):
            for thing in self.things(reference.resource)[:1]:
                if isinstance(thing, kind):
                    return thing
            if reference.resource in self._under_way:
                return Unresolved(f"{reference.resource.logical_id}, which refers to itself")
            if len(self._under_way) >= _FURTHEST:
                return Unresolved(f"{reference.resource.logical_id}, the end of a long chain of resources")
        named = self.named(kind, value, region, account)
        found = self.things(named)[:1] if named is not None else []
        one = next((thing for thing in found if isinstance(thing, kind)), None)
        return one or _elsewhere(value)

    def links(self, values: tuple[Value, ...], kind: type[AnyThing]) -> tuple[AnyThing | Unresolved, ...]:
        """The things that a list of properties names."""
        return tuple(found for found in (self.link(value, kind) for value in values) if found is not None)

    def endpoint(self, name: Value) -> Endpoint:
        """What a host name leads to; filled in when all is read."""
        name = host_name(name)
        if not comparable(name):
            self._unlike.append(Endpoint(name=name))
            return self._unlike[-1]
        if name not in self._endpoints:
            self._endpoints[name] = Endpoint(name=name)
        return self._endpoints[name]

    @property
    def endpoints(self) -> list[Endpoint]:
        """All that anything has asked for."""
        return [*self._endpoints.values(), *self._unlike]

    def named(
        self, kind: type[Thing], name: Value, region: Value | None = None, account: Value | None = None
    ) -> ResourceId | None:
        """The one resource of a kind that has a name, or an ARN with it; it is not read for that.

        Args:
            kind: What it is.
            name: A name or an ARN.
            region: The Region of a name; all may be in it if it is None or unresolved.
            account: The account of a name, likewise.
        """
        if starts(name).startswith("arn:"):
            told = _of_arn(name, _ARNS.get(kind.__name__))
            if told is None:
                return None
            name, region, account = told
        names = self.index(f"names of {kind.__name__}", lambda: self._names_of(kind))
        ids: list[ResourceId] = names.get(_known_as(kind, name), []) if comparable(name) else []
        # Names are of one account and one Region; if a stack's is not known, it may be that one.
        stacks = self.templates.by_stack
        ids = _of_one(ids, region, lambda one: stacks[one.stack].stack.region)
        ids = _of_one(ids, account, lambda one: stacks[one.stack].stack.account)
        return ids[0] if len(ids) == 1 else None

    def _names_of(self, kind: type[Thing]) -> dict[Value, list[ResourceId]]:
        names: dict[Value, list[ResourceId]] = {}
        for resource_type, property_name in _NAMES.get(kind.__name__, ()):
            for resource in self.resources(resource_type):
                name = resource.properties[property_name].text()
                if name is not None:
                    names.setdefault(_known_as(kind, name), []).append(resource.id)
        return names


# What can be named across stacks without a reference.
_NAMES: Mapping[str, tuple[tuple[str, str], ...]] = {
    "Bucket": (("AWS::S3::Bucket", "BucketName"),),
    "Table": (("AWS::DynamoDB::Table", "TableName"), ("AWS::DynamoDB::GlobalTable", "TableName")),
    "Function": (("AWS::Lambda::Function", "FunctionName"),),
    "Role": (("AWS::IAM::Role", "RoleName"),),
    "Topic": (("AWS::SNS::Topic", "TopicName"),),
    "LoadBalancer": (("AWS::ElasticLoadBalancingV2::LoadBalancer", "Name"),),
    "ViewerFunction": (("AWS::CloudFront::Function", "Name"),),
    "Alarm": (("AWS::CloudWatch::Alarm", "AlarmName"),),
    "CompositeAlarm": (("AWS::CloudWatch::CompositeAlarm", "AlarmName"),),
    "StateMachine": (("AWS::StepFunctions::StateMachine", "StateMachineName"),),
    "Document": (("AWS::SSM::Document", "Name"),),
    "HostedZone": (("AWS::Route53::HostedZone", "Name"),),
}


class _Arn(NamedTuple):
    """How the ARNs of a kind of things are recognized.

    Attributes:
        service: Their third part: a state machine and a topic may have one name.
        types: What stands before the name in the ARNs of that service; empty if the name is all there is.
    """

    service: str
    types: tuple[str, ...] = ()


# By kind. See https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
_ARNS: Mapping[str, _Arn] = {
    "Bucket": _Arn("s3"),
    "Topic": _Arn("sns"),
    "Table": _Arn("dynamodb", ("table",)),
    "Function": _Arn("lambda", ("function",)),
    "Role": _Arn("iam", ("role",)),
    "LoadBalancer": _Arn("elasticloadbalancing", ("loadbalancer",)),
    "ViewerFunction": _Arn("cloudfront", ("function",)),
    # Activities have names, too.
    "StateMachine": _Arn("states", ("stateMachine",)),
    "Document": _Arn("ssm", ("document", "automation-definition")),
    "Alarm": _Arn("cloudwatch", ("alarm",)),
    "CompositeAlarm": _Arn("cloudwatch", ("alarm",)),
}


class _Named(NamedTuple):
    """The parts of an ARN that tell which thing it is of; ARNs of some services have no Region, or no account."""

    name: Value
    region: Value
    account: Value


def _of_one(
    resources: list[ResourceId], known: Value | None, of: Callable[[ResourceId], str | Unresolved]
) -> list[ResourceId]:
    """The resources that are in one Region or account, or, if there are none, those that may be in it.

    Args:
        resources: The resources to choose from.
        known: The Region or account; all resources may be in it if it is empty or unresolved.
        of: The Region or account that a resource is in.
    """
    if not isinstance(known, str) or not known:
        return resources
    own = [one for one in resources if of(one) == known]
    return own or [one for one in resources if not isinstance(of(one), str)]


def _elsewhere(value: Value) -> Unresolved:
    """Why a value links to nothing."""
    # Only its parameter tells whose an ARN is.
    if isinstance(value, Text) and starts(value).startswith("arn:"):
        parts = split(value, ":")
        if isinstance(parts, Unresolved):
            return next(waiting(value), parts)
    return Unresolved(f"{value}, which is not in these templates")


def _of_arn(arn: Value, known: _Arn | None) -> _Named | None:
    """The name, the Region and the account in an ARN; None if they are unknown, or the ARN is of something else.

    An ARN whose Region or account is a parameter may be of another Region's or account's thing of that name, which no
    given template makes: it is of nothing that is known.
    """
    parts = split(arn, ":")
    if isinstance(parts, Unresolved) or len(parts) < 6:
        return None
    if known is not None:
        if isinstance(parts[2], str) and parts[2] != known.service:
            return None
        kind = starts(parts[5]).partition("/")[0]
        if kind and known.types and kind not in known.types:
            return None
    name = _name_in(parts)
    return None if name is None else _Named(name, parts[3], parts[4])


def _name_in(parts: list[Value]) -> Value | None:
    """The name in the parts of an ARN; None if it is unknown."""
    # arn:aws:lambda:us-east-1:123456789012:function:name:version
    # arn:aws:states:eu-west-1:123456789012:stateMachine:name:alias
    if parts[5] in ("function", "stateMachine"):
        return parts[6] if len(parts) > 6 else None
    # arn:aws:cloudwatch:eu-west-1:123456789012:alarm:name, in which slashes and colons are of the name
    if parts[5] == "alarm":
        first, *rest = parts[6:] or [""]
        return concatenate((first, *(part for one in rest for part in (":", one)))) or None
    # A bucket's ARN has neither Region nor account; those of access points and jobs have an account.
    if parts[2] == "s3" and parts[4] != "":
        return None
    # arn:aws:ssm:eu-west-1:123456789012:automation-definition/name:$DEFAULT
    # arn:aws:dynamodb:eu-west-1:123456789012:table/name/stream/2026-01-01T00:00:00.000
    # arn:aws:s3:::name/key, whose key may have colons
    whole = parts[2] in ("ssm", "s3") or starts(parts[5]).startswith("table/")
    levels = split(parts[5] if whole else parts[-1], "/")
    if isinstance(levels, Unresolved):
        return None
    # arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/name/id
    if levels[0] == "loadbalancer":
        return levels[2] if len(levels) > 2 else None
    if levels[0] == "table":
        return levels[1]
    return levels[0] if parts[2] == "s3" else levels[-1]


def _known_as(kind: type[Thing], name: Value) -> Value:
    """A name as names of a kind are compared: those of hosted zones are DNS names."""
    return host_name(name) if kind.__name__ == "HostedZone" else name


def _construct(path: str) -> str:
    return next((path.removesuffix(suffix) for suffix in _SUFFIXES if path.endswith(suffix)), path)
