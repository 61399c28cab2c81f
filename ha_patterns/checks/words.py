"""Values and names, as the sentences of findings have them."""

from __future__ import annotations

from collections.abc import Iterable

from ..topology.model import Endpoint
from ..topology.values import Reference, Unresolved, Value


def said(value: Value) -> str:
    """A value in a sentence: as the template names it, or what it waits for, where none of it is known."""
    if isinstance(value, Unresolved) and value.waits_for == "AWS::Region" and not value.choice:
        return "the stack's own Region"
    shown = str(value)
    return value.waits_for.partition(",")[0] if isinstance(value, Unresolved) and shown == "?" else shown


def listed(names: Iterable[object]) -> str:
    """Names in a sentence: one, two and three."""
    told = list(map(str, names))
    return " and ".join([", ".join(told[:-1]), told[-1]] if len(told) > 1 else told)


def found_as(endpoint: Endpoint) -> str:
    """A host in a sentence; where AWS makes the name, the resource that has it: stacks alike have the same ids."""
    if isinstance(endpoint.name, Reference) and endpoint.target is not None:
        return endpoint.target.place.name
    return str(endpoint.name)
