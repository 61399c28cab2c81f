"""Whether the internet reaches a host."""

from __future__ import annotations

from ..aws.addresses import is_address, is_public
from ..aws.names import VPC_ENDPOINT_SUFFIX, is_internal_balancer
from ..topology.model import Api, ApiDomain, Endpoint, LoadBalancer
from ..topology.values import Value


def is_unreached(end: Endpoint) -> bool:
    """Whether nobody on the internet reaches a host, for certain."""
    target, name = end.target, end.name
    if isinstance(target, LoadBalancer) and target.internal is True:
        return True
    if isinstance(target, (Api, ApiDomain)) and target.private is True:
        return True
    if isinstance(name, str) and (is_internal_balancer(name) or name.endswith(VPC_ENDPOINT_SUFFIX)):
        return True
    return is_private(name)


def is_private(address: Value | None) -> bool:
    """Whether a text is an IP address that the internet does not reach."""
    return isinstance(address, str) and is_address(address) and not is_public(address)
