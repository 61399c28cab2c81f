"""The properties of a resource of this app, as its template will have them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from aws_cdk import CfnResource, Stack
from constructs import IConstruct


def properties_of(resource: CfnResource, *names: str, seen_from: Stack | None = None) -> Mapping[str, Any]:
    """The properties of a resource, with what only the deploy knows as CloudFormation's functions.

    The typed getters of an L1 cannot be read from Python once a property holds a token, such as an origin group.

    Args:
        resource: The resource; whatever is set later is not there yet.
        names: The properties to read, in the CDK's spelling (``distributionConfig``); each one that is left out saves
            time. Default: all.
        seen_from: The stack whose own resources are plain references in them. Default: the resource's.
    """
    unresolved: Mapping[str, Any] = resource._cfn_properties
    wanted = {name: unresolved.get(name) for name in names} if names else unresolved
    found: Mapping[str, Any] = (seen_from or resource.stack).resolve(wanted)
    return found


def unresolved_properties_of(resource: CfnResource) -> Mapping[str, Any]:
    """The properties with their tokens, which are the same text each time; resources of two stacks resolve alike."""
    found: Mapping[str, Any] = resource._cfn_properties
    return found


def properties_of_all(stack: Stack, resources: Sequence[CfnResource]) -> list[Any]:
    """The properties of resources of one stack, as ``properties_of``; asked all at once, which saves time."""
    resolved: list[Any] = stack.resolve([{"": resource._cfn_properties} for resource in resources])
    return [each.get("", {}) for each in resolved]


def parts_of(resource: CfnResource, name: str, *parts: str) -> Mapping[str, Any]:
    """Some parts of one property that is an object, as ``properties_of``: the rest of it stays unresolved.

    Args:
        resource: The resource.
        name: The property.
        parts: The keys in it.
    """
    unresolved: Mapping[str, Any] = resource._cfn_properties[name]
    found: Mapping[str, Any] = resource.stack.resolve({part: unresolved.get(part) for part in parts})
    return found


def properties_if_made(construct: IConstruct, kind: type[CfnResource]) -> Mapping[str, Any] | None:
    """The properties of the resource that a construct makes; None if it is imported, or makes another kind.

    Args:
        construct: The construct.
        kind: The class of the resource.
    """
    resource = construct.node.default_child
    return properties_of(resource) if isinstance(resource, kind) else None


def attribute_of(construct: object, name: str) -> str | None:
    """An attribute of a construct; None if it has none, or was imported without it.

    Args:
        construct: The construct, or None.
        name: The attribute, in Python's spelling.
    """
    try:
        return None if construct is None else getattr(construct, name, None)
    except RuntimeError:  # what the CDK says of what was not given to an import
        return None
