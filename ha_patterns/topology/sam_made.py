"""What SAM's resources become, as it is put together."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .intrinsics import function_of
from .transforms import is_logical_id


@dataclass(kw_only=True)
class Expansion:
    """The resources of a template when its transform is done.

    Attributes:
        resources: By logical id.
        names: What SAM lets a template refer to, such as ``Function.Version``, by the logical id that it means.
        left: By logical id, why a resource is left as it is, or is not made.
        conditions: What SAM adds to the conditions of the template.
    """

    resources: dict[str, Any] = field(default_factory=dict)
    conditions: dict[str, Any] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    left: dict[str, str] = field(default_factory=dict)


class Made:
    """Takes the resources that are made of one after the other.

    Args:
        document: The template.
        resources: The resources that the template has itself, whose logical ids win over those that are made.
        given: What the parameters are set to from outside.

    Attributes:
        owner: The resource that is being expanded.
    """

    def __init__(
        self, document: Mapping[str, Any], resources: Mapping[str, Any], given: Mapping[str, Any] | None = None
    ) -> None:
        self.expansion = Expansion()
        self.owner: Mapping[str, Any] = {}
        self._parameters = section(document, "Parameters")
        self._set = given or {}
        self._given = resources

    def keep(self, logical_id: str, resource: Any) -> None:
        """A resource that SAM has nothing to do with."""
        self.expansion.resources[logical_id] = resource

    def leave(self, logical_id: str, resource: Any, why: str) -> None:
        """A resource that is not expanded."""
        self.keep(logical_id, resource)
        self.expansion.left[logical_id] = why

    def main(
        self, logical_id: str, kind: str, properties: Mapping[str, Any], metadata: Mapping[str, Any] | None = None
    ) -> None:
        """What the owner itself becomes."""
        metadata = {**(metadata or {}), **section(self.owner, "Metadata")}
        self.keep(logical_id, {**self.owner, "Type": kind, "Properties": properties, "Metadata": metadata})

    def add(
        self, logical_id: str, kind: str, properties: Mapping[str, Any], attributes: Mapping[str, Any] | None = None
    ) -> None:
        """What is made beside it, under the same condition."""
        if not is_logical_id(logical_id):
            self.expansion.left[logical_id] = f"{kind} would have a logical id that CloudFormation refuses"
        elif logical_id not in self._given:
            condition = {"Condition": self.owner["Condition"]} if "Condition" in self.owner else {}
            made = {"Type": kind, "Properties": properties, **condition, **(attributes or {})}
            self.expansion.resources.setdefault(logical_id, made)

    def added(self, logical_id: str) -> Any:
        """What was made under a logical id; None where the template has it itself."""
        return None if logical_id in self._given else self.expansion.resources.get(logical_id)

    def given(self, logical_id: Any) -> Mapping[str, Any]:
        """The properties that the template has of a resource; empty if it has no such resource."""
        resource = self._given.get(logical_id) if isinstance(logical_id, str) else None
        return section(resource, "Properties")

    def name(self, name: str, logical_id: str) -> None:
        """What a template may refer to."""
        self.expansion.names[name] = logical_id

    def known(self, value: Any) -> str | None:
        """A text as SAM sees it, which knows parameters and no other function; None if there is none, or if unknown."""
        name = referred(value)
        if name is not None:
            declared = section(self._parameters, name)
            # Of a value that Systems Manager keeps, these have the place.
            kept = str(declared.get("Type")).startswith("AWS::SSM::")
            value = None if kept else self._set.get(name, declared.get("Default"))
        return value if isinstance(value, str) and value else None


def referred(value: Any) -> str | None:
    """What a ``Ref`` names; None for anything else."""
    name = value.get("Ref") if isinstance(value, dict) else None
    return name if isinstance(name, str) else None


def section(holder: Any, name: str) -> Mapping[str, Any]:
    """An object in an object; empty where there is none."""
    found = holder.get(name) if isinstance(holder, dict) else None
    return found if isinstance(found, dict) else {}


def is_function(value: Any) -> bool:
    """Whether a value is one of CloudFormation's functions, which SAM does not look into."""
    return function_of(value) is not None


def digest(value: Any) -> str:
    """What SAM puts behind a logical id, so that another value makes another resource."""
    if not value:
        return ""
    text = value if isinstance(value, str) else json.dumps(value, separators=(",", ":"), sort_keys=True)
    return hashlib.sha1(text.encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()[:10]
