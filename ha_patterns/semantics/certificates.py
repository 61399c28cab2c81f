"""Certificates: the hosts that one is for, and the handshakes between CloudFront and a load balancer that fail."""

from __future__ import annotations

from ..aws.certificates import covers
from ..aws.load_balancers import TLS_LISTENERS
from ..topology.model import (
    CacheBehavior,
    Certificate,
    Distribution,
    Endpoint,
    LoadBalancer,
    LoadBalancerListener,
    Origin,
)
from ..topology.values import Value, atoms, comparable, concatenate, waiting
from .origin_requests import asked_at, is_name_of_aws
from .requests import may_choose_host, sends


def is_for(names: tuple[Value, ...], host: Value) -> bool | None:
    """Whether some names of a certificate are for a host; None if that is unknown."""
    wildcard = _wildcard(host)
    if any(comparable(name) and name in (host, wildcard) for name in names):
        return True
    known = [name for name in names if isinstance(name, str)]
    if not isinstance(host, str) or len(known) < len(names):
        return None
    return covers(known, host)


def _wildcard(name: Value) -> Value | None:
    """The wildcard for a host and all beside it; None if its first label is unknown."""
    first = atoms(name)[0]
    if not isinstance(first, str) or "." not in first:
        return None
    return concatenate([f"*.{first.partition('.')[2]}", *atoms(name)[1:]])


def listener_names(listener: LoadBalancerListener) -> list[str] | None:
    """The names of a listener's certificates; None if some are unknown, or if there are none."""
    names: list[str] = []
    for certificate in listener.certificates:
        if not isinstance(certificate, Certificate) or certificate.gaps:
            return None
        for name in certificate.names:
            if not isinstance(name, str):
                return None
            names.append(name)
    return None if not names or listener.gaps else names


def names_asked(distribution: Distribution, behavior: CacheBehavior, origin: Origin) -> tuple[str, ...] | None:
    """The names of which a certificate must be for one, for CloudFront to take it; None if unknown.

    They are the origin's and, if the viewer's Host is sent, the distribution's own. See
    https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/http-502-bad-gateway.html
    """
    sent = sends(behavior, "host")
    if distribution.gaps or not isinstance(sent, bool) or may_choose_host(behavior):
        return None
    asked = (origin.endpoint.name, *(distribution.aliases if sent else ()))
    return None if any(next(waiting(name), None) is not None for name in asked) else tuple(map(str, asked))


def handshake_fails(distribution: Distribution, behavior: CacheBehavior, origin: Origin, end: Endpoint) -> bool:
    """Whether CloudFront takes no certificate of a host that it asks over HTTPS, for certain."""
    scheme, port = asked_at(distribution, origin) or (None, None)
    asked = names_asked(distribution, behavior, origin)
    if scheme != "HTTPS" or asked is None:
        return False
    if sends(behavior, "host") is False and is_name_of_aws(origin.endpoint):
        # Nobody has a certificate for it.
        return True
    if not isinstance(end.target, LoadBalancer):
        return False
    for listener in end.target.listeners:
        if listener.port == port and listener.protocol in TLS_LISTENERS:
            names = listener_names(listener)
            if names is not None and not any(covers(names, name) for name in asked):
                return True
    return False
