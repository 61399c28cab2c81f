"""What several readers look up by the references between resources."""

from __future__ import annotations

from typing import TypeVar, overload

from ..model import Thing
from ..reader import Reader, Resource
from ..values import ResourceId, Unresolved, Value, references

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
