"""Where a thing of a template is written, and what every thing has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, TypeAlias, TypeVar, dataclass_transform

from ..stacks import Stack
from ..values import PropertyPath, ResourceId, Unresolved, Value

#: The types of the records that a host name is followed through.
ADDRESS_TYPES = frozenset({"A", "AAAA", "CNAME"})

Whole: TypeAlias = int | Unresolved
Number: TypeAlias = float | Unresolved
Flag: TypeAlias = bool | Unresolved
_Class = TypeVar("_Class")


@dataclass_transform(kw_only_default=True, eq_default=False, frozen_default=True)
def thing(cls: type[_Class]) -> type[_Class]:
    """Make a class a dataclass that is equal to itself alone, and whose fields nobody sets once it is made.

    Type checkers hold everybody to the latter: to hold each process to it would make half of what it costs to import
    the model, and to read a template.
    """
    return dataclass(eq=False, repr=False, kw_only=True)(cls)


@thing
class Place:
    """Where a thing is written.

    Attributes:
        stack: The stack.
        logical_id: The resource.
        resource_type: The resource's type.
        construct_path: The CDK's name for it; None where no CDK made it.
        path: The property; empty for the whole resource.
        metadata: What the resource's metadata says under ``ha-patterns``.
        condition: What would tell whether the resource is made at all; None where it is.
    """

    stack: Stack
    logical_id: str
    resource_type: str
    construct_path: str | None = None
    path: PropertyPath = ()
    metadata: Mapping[str, object]
    condition: Unresolved | None = None

    @property
    def id(self) -> ResourceId:
        """The resource."""
        return ResourceId(self.stack.id, self.logical_id)

    @property
    def name(self) -> str:
        """How a person finds it: the construct, or the resource."""
        return self.construct_path or f"{self.stack.id}/{self.logical_id}"


@thing
class Thing:
    """Anything that has a place in a template.

    Attributes:
        place: It.
        gaps: Lists and objects in it that could not be read: what seems to be missing may be there.
    """

    #: Whether it is in no Region: what CloudFront, Route 53, Global Accelerator and IAM have everywhere.
    everywhere: ClassVar[bool] = False

    place: Place
    gaps: tuple[Unresolved, ...] = ()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.place.name}>"

    @property
    def region(self) -> Value | None:
        """The Region that it is in, and fails with; None for what is everywhere."""
        return None if self.everywhere else self.place.stack.region

    @property
    def known_region(self) -> str | None:
        """Its Region by name; None for what is everywhere, and where nothing tells."""
        return self.region if isinstance(self.region, str) else None
