"""A request's way through CloudFront: the behavior that serves it, what is sent on, and what answers at an origin."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..aws.path_patterns import matches
from ..topology.model import (
    ApiDomain,
    Bucket,
    CacheBehavior,
    Endpoint,
    Function,
    FunctionAssociation,
    LoadBalancer,
    Origin,
    OriginGroup,
    Thing,
    ViewerFunction,
)
from ..topology.topology import Topology
from ..topology.values import Unresolved, Value, unknown


def behavior_of(behaviors: Iterable[CacheBehavior], path: Value) -> CacheBehavior | Unresolved:
    """The first behavior whose pattern matches, as CloudFront chooses; a path that is not known matches only ``*``."""
    for behavior in behaviors:
        pattern = behavior.pattern
        if behavior.is_default or pattern in ("*", "/*", path):
            return behavior
        for value in (pattern, path):
            if not isinstance(value, str):
                return unknown(value)
        if isinstance(pattern, str) and isinstance(path, str) and matches(pattern, path):
            return behavior
    return Unresolved("a default behavior, which the distribution lacks")


def sends(behavior: CacheBehavior, header: str) -> bool | Unresolved:
    """Whether the origin gets a header of the viewer, given in lower case; all that is in the cache key is sent."""
    policy, more = behavior.cache_policy, behavior.origin_request_policy
    if isinstance(policy, Unresolved):
        return policy
    if policy.headers.known and header in policy.headers:
        return True
    if more is None:
        return False if policy.headers.known else Unresolved("the headers of the cache policy")
    if isinstance(more, Unresolved):
        return more
    if more.headers.known and more.sends_header(header):
        return True
    known = policy.headers.known and more.headers.known
    return False if known else Unresolved("the headers of the behavior's policies")


def may_choose_host(behavior: CacheBehavior) -> bool:
    """Whether a function may send another Host than the viewer's, or ask another origin."""
    return bool(behavior.gaps) or any(_may_choose_host(function) for function in behavior.functions)


def _may_choose_host(association: FunctionAssociation) -> bool:
    if association.at_edge:
        # At a viewer's events, neither Host nor origin can be changed.
        return association.event == "origin-request" or not isinstance(association.event, str)
    code = association.function.code if isinstance(association.function, ViewerFunction) else None
    # What chooses an origin comes from a module that has to be imported.
    return not isinstance(code, str) or "cloudfront" in code


def one_end(endpoint: Endpoint) -> Endpoint | None:
    """The only host that a name ends at; None where there are several."""
    found = endpoint.ends
    return found[0] if len(found) == 1 else None


def answers(endpoint: Endpoint) -> Thing | Endpoint:
    """What answers at a host that has no records: its resource, or the host itself."""
    target = endpoint.target
    if isinstance(target, ApiDomain) and len(target.apis) == 1:
        return target.apis[0]
    return target or endpoint


def ports(target: Thing | None) -> frozenset[int]:
    """Where a load balancer listens; empty where it is none, or not all is known."""
    if not isinstance(target, LoadBalancer) or target.gaps:
        return frozenset()
    told = [listener.port for listener in target.listeners]
    known = frozenset(port for port in told if isinstance(port, int))
    return known if len(known) == len(frozenset(told)) else frozenset()


def bucket_of(origin: Origin) -> Bucket | None:
    """The bucket of these templates that answers at an origin; None where it is another, or another kind."""
    end = one_end(origin.endpoint)
    return end.target if end is not None and isinstance(end.target, Bucket) else None


def first_bucket(group: OriginGroup) -> Bucket | None:
    """The bucket that answers at a group's first origin; None as of ``bucket_of``."""
    return None if group.primary is None else bucket_of(group.primary)


def edge_functions(topology: Topology) -> Iterator[tuple[Function, tuple[FunctionAssociation, ...]]]:
    """The Lambda functions of these templates that CloudFront runs, with where it does."""
    for function in topology.of(Function):
        associations = tuple(one for one in function.associations if one.at_edge)
        if associations:
            yield function, associations
