"""What several readers look up by the references between resources."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeVar, overload

from ..model import Thing
from ..reader import Reader, Resource
from ..values import Reference, ResourceId, Text, Unresolved, Value, references

_CUSTOM = ("Custom::", "AWS::CloudFormation::CustomResource")
One = TypeVar("One", bound=Thing)
Other = TypeVar("Other", bound=Thing)
Third = TypeVar("Third", bound=Thing)


def referring(reader: Reader, name: str, *types: str) -> dict[ResourceId, list[Resource]]:
    """Resources of some types by the resource that one of their properties refers to."""

    def make() -> dict[ResourceId, list[Resource]]:
        found: dict[ResourceId, list[Resource]] = {}
        for resource in reader.resources(*types):
            value = resource.properties[name].text()
            for reference in references(value) if value is not None else ():
                found.setdefault(reference.resource, []).append(resource)
        return found

    found: dict[ResourceId, list[Resource]] = reader.index(("referring", name, *types), make)
    return found


def type_of(reader: Reader, value: Value | None) -> str:
    """The type of the resource that a value refers to; empty where it refers to none."""
    named = [reference.resource for reference in references(value)] if value is not None else []
    return reader.templates.type_of(named[0]) if named else ""


@overload
def link_to(
    reader: Reader, value: Value | None, one: type[One], other: type[Other], /
) -> One | Other | Unresolved | None: ...


@overload
def link_to(
    reader: Reader, value: Value | None, one: type[One], other: type[Other], third: type[Third], /
) -> One | Other | Third | Unresolved | None: ...


def link_to(reader: Reader, value: Value | None, *kinds: type[Thing]) -> Thing | Unresolved | None:
    """Like ``Reader.link``, for a property that may name things of several kinds."""
    found: Thing | Unresolved | None = None
    for kind in kinds:
        linked = reader.link(value, kind)
        if linked is not None and not isinstance(linked, Unresolved):
            return linked
        found = found or linked
    return found


def of_custom_resources(reader: Reader) -> frozenset[ResourceId]:
    """The resources that custom resources refer to, whose code may change them at deploy."""

    def make() -> frozenset[ResourceId]:
        found: set[ResourceId] = set()
        for template in reader.templates.all:
            for logical_id, raw in template.resources.items():
                if str(raw.get("Type")).startswith(_CUSTOM):
                    properties = reader.resource(ResourceId(template.stack.id, logical_id)).properties
                    found.update(_named(properties.resolved()))
        return frozenset(found)

    named: frozenset[ResourceId] = reader.index("of custom resources", make)
    return named


def _named(value: Any) -> Iterator[ResourceId]:
    """The resources that a value is made of, at any depth."""
    if isinstance(value, (dict, list)):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _named(one)
    elif isinstance(value, (Reference, Text)):
        yield from (reference.resource for reference in references(value))
