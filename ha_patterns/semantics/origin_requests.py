"""How CloudFront asks an origin of a distribution: over what, at which port, and under which name."""

from __future__ import annotations

from collections.abc import Iterator

from ..aws.names import has_no_certificate
from ..topology.model import CacheBehavior, Distribution, Endpoint, Origin, OriginKind, VpcOrigin
from ..topology.model.base import Whole
from ..topology.names import by_name
from ..topology.values import Reference, Value
from .requests import may_choose_host, sends

_POLICIES = {"http-only": "HTTP", "https-only": "HTTPS"}
_SECURE_VIEWERS = frozenset({"https-only", "redirect-to-https"})


def behaviors_of(distribution: Distribution, origin: Origin) -> tuple[CacheBehavior, ...]:
    """The behaviors that send requests to an origin, also as a member of a group."""
    return tuple(behavior for behavior in distribution.behaviors if origin in behavior.origins)


def asked_at(distribution: Distribution, origin: Origin) -> tuple[str, Whole] | None:
    """``HTTP`` or ``HTTPS``, and the port, at which an origin is asked; None for a bucket, for both, or if unknown."""
    one: Origin | VpcOrigin = origin
    if origin.vpc:
        if not isinstance(origin.vpc_origin, VpcOrigin):
            return None
        one = origin.vpc_origin
    scheme = _POLICIES.get(str(one.protocol))
    if one.protocol == "match-viewer":
        viewers = {behavior.viewer_protocol_policy for behavior in behaviors_of(distribution, origin)}
        scheme = "HTTPS" if viewers and viewers <= _SECURE_VIEWERS else None
    if scheme is None:
        return None
    return scheme, one.http_port if scheme == "HTTP" else one.https_port


def under_its_own_name(distribution: Distribution, origin: Origin) -> Iterator[CacheBehavior]:
    """The behaviors by which an origin is surely asked with its own domain name as ``Host``."""
    for behavior in behaviors_of(distribution, origin):
        if sends(behavior, "host") is False and not may_choose_host(behavior):
            yield behavior


def is_name_of_aws(endpoint: Endpoint) -> bool:
    """Whether a host name is one of AWS's that no certificate of somebody else can be for.

    AWS has certificates for the names of APIs, buckets, functions and distributions, and for those of load balancers,
    accelerators, instances and environments nobody has.
    """
    name = endpoint.name
    if isinstance(name, Reference):
        kinds = (OriginKind.LOAD_BALANCER, OriginKind.ACCELERATOR)
        return endpoint.kind in kinds and name.attribute in _ATTRIBUTES
    kind = by_name(name)[0]
    return kind in (OriginKind.LOAD_BALANCER, OriginKind.ACCELERATOR) or _is_of_aws(name)


_ATTRIBUTES = ("DNSName", "DnsName", "DualStackDnsName")


def _is_of_aws(name: Value) -> bool:
    return isinstance(name, str) and has_no_certificate(name)
