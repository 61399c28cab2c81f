"""Values and names, as the sentences of findings have them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..aws.names import VPC_ENDPOINT_SUFFIX, is_internal_balancer
from ..semantics.reach import is_unreached
from ..topology.model import Api, ApiDomain, Endpoint, LoadBalancer
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


def admitting(sources: Sequence[str]) -> str:
    """Whom security groups let connect, as a sentence about the groups goes on."""
    return f"admit {listed(sources)} only" if sources else "admit nobody"


def found_as(endpoint: Endpoint) -> str:
    """A host in a sentence; where AWS makes the name, the resource that has it: stacks alike have the same ids."""
    if isinstance(endpoint.name, Reference) and endpoint.target is not None:
        return endpoint.target.place.name
    return str(endpoint.name)


def unreached(end: Endpoint) -> str | None:
    """What an end is that nobody on the internet reaches, in a sentence; None where somebody may."""
    target, name = end.target, end.name
    if not is_unreached(end):
        return None
    if isinstance(target, LoadBalancer) and target.internal is True:
        return f"the internal load balancer {target.place.name}"
    if isinstance(target, (Api, ApiDomain)) and target.private is True:
        return f"the private API {target.place.name}"
    if isinstance(name, str) and is_internal_balancer(name):
        return f"the internal load balancer {name}"
    if isinstance(name, str) and name.endswith(VPC_ENDPOINT_SUFFIX):
        return f"the VPC endpoint {name}"
    return said(name)
