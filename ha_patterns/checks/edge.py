"""What a distribution does with requests, as far as its template tells: facts that several rules share."""

from __future__ import annotations

from ..topology.model import (
    ApiDomain,
    Bucket,
    CacheBehavior,
    Endpoint,
    FunctionAssociation,
    LoadBalancer,
    Origin,
    OriginGroup,
    OriginKind,
    Statement,
    Thing,
    ViewerFunction,
)
from ..topology.values import Reference, Unresolved, ends
from .actions import names

#: Methods that change something; CloudFront takes all of them or none.
WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
#: What answers by the bucket.
BUCKETS = frozenset({OriginKind.BUCKET, OriginKind.WEBSITE, OriginKind.ACCESS_POINT})

_LIST = "s3:listbucket"
_READ = "s3:getobject"


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


def found_as(endpoint: Endpoint) -> str:
    """A host in a sentence; where AWS makes the name, the resource that has it: stacks alike have the same ids."""
    if isinstance(endpoint.name, Reference) and endpoint.target is not None:
        return endpoint.target.place.name
    return str(endpoint.name)


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


def lists(bucket: Bucket | None) -> bool | None:
    """Whether a bucket's policy lets anybody list it, so that a missing key is a 404; None where nothing tells."""
    return _lets(bucket, _LIST)


def is_read(bucket: Bucket | None) -> bool | None:
    """Whether a bucket's policy lets anybody read some of its objects; None where nothing tells."""
    return _lets(bucket, _READ)


def _lets(bucket: Bucket | None, wanted: str) -> bool | None:
    if bucket is None or bucket.statements is None:
        return None
    told = [_allows(statement, wanted) for statement in bucket.statements if statement.effect != "Deny"]
    if True in told:
        return True
    return None if None in told else False


def _allows(statement: Statement, wanted: str) -> bool | None:
    if not statement.allows or statement.gaps or statement.not_actions or statement.not_resources:
        return None
    named = [names(action, wanted) if isinstance(action, str) else None for action in statement.actions]
    # The objects of a bucket cannot be listed, only the bucket can.
    if wanted == _LIST and all(ends(resource).endswith("/*") for resource in statement.resources):
        return False
    return True if True in named else None if None in named else False
