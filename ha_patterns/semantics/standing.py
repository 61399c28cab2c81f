"""How a host answers an origin of a distribution whatever else happens: access, names, schemes and certificates."""

from __future__ import annotations

from collections.abc import Iterator

from ..aws.certificates import covers
from ..aws.load_balancers import TLS_LISTENERS
from ..aws.names import BY_OWN_NAME, OriginKind, other_scheme
from ..topology.model import (
    Bucket,
    CacheBehavior,
    Distribution,
    Endpoint,
    FunctionUrl,
    LoadBalancer,
    Origin,
)
from ..topology.values import Value
from .aliases import uncovered
from .answered_names import is_known_name
from .attempts import Failure, Trouble
from .certificates import handshake_fails, listener_names
from .origin_access import URL_ACTIONS, Asked, encrypts_with_kms, may_ask_url, may_decrypt, may_read, signs
from .origin_requests import asked_at
from .reach import is_unreached
from .requests import may_choose_host, sends

# A refusal, a port where nothing answers, a handshake that fails, and HTTP at a port of HTTPS. See
# https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html
_REFUSED = Trouble(status=403)
_NOTHING = Trouble(Failure.SILENT)
_NO_HANDSHAKE = Trouble(Failure.TLS)
_WRONG_SCHEME = Trouble(status=400)
_HTTP_PORT, _HTTPS_PORT = 80, 443


def standing_trouble(
    distribution: Distribution, behavior: CacheBehavior, origin: Origin, end: Endpoint
) -> Trouble | None:
    """The trouble that requests of an origin meet at a host at any time; None if they meet none, or if unknown.

    Args:
        distribution: Who asks.
        behavior: For which requests.
        origin: By which of its origins.
        end: A host that the origin's name ends at.
    """
    return next(_troubles(distribution, behavior, origin, end), None)


def _troubles(distribution: Distribution, behavior: CacheBehavior, origin: Origin, end: Endpoint) -> Iterator[Trouble]:
    if not origin.vpc and is_unreached(end):
        yield _NOTHING
    scheme, port = asked_at(distribution, origin) or (None, None)
    if scheme is not None and other_scheme(end.kind, scheme) is not None:
        yield _NOTHING
    yield from _by_listener(end, scheme, port)
    if handshake_fails(distribution, behavior, origin, end):
        yield _NO_HANDSHAKE
    if _answers_to_another_name(distribution, behavior, origin, end):
        yield _REFUSED
    yield from _by_access(distribution, origin, end)


def door_trouble(end: Endpoint, door: Endpoint) -> Trouble | None:
    """The trouble that viewers meet who ask a host by a name; None if they meet none, or if unknown.

    They ask as ``asks_https`` tells.

    Args:
        end: A host that the name ends at.
        door: The name that viewers ask.
    """
    if is_unreached(end):
        return _NOTHING
    if by_http_alone(end) and asks_https(door):
        return _NOTHING
    name, target = door.name, end.target
    if isinstance(target, Distribution) and name in uncovered(target):
        return _NO_HANDSHAKE
    if isinstance(target, LoadBalancer) and isinstance(name, str):
        for listener in target.listeners:
            names = listener_names(listener) if listener.port == _HTTPS_PORT else None
            if names is not None and not covers(names, name):
                return _NO_HANDSHAKE
    return _REFUSED if is_known_name(end, name) is False else None


def asks_https(door: Endpoint) -> bool:
    """Whether viewers ask a name over HTTPS: they do unless all hosts that it leads to answer over HTTP alone."""
    return not all(map(by_http_alone, door.ends))


def by_http_alone(end: Endpoint) -> bool:
    """Whether a host answers over HTTP, and not over HTTPS: a website endpoint, or a load balancer without port 443."""
    if isinstance(end.target, LoadBalancer):
        ports = {listener.port for listener in end.target.listeners}
        return _HTTP_PORT in ports and _HTTPS_PORT not in ports and all(isinstance(port, int) for port in ports)
    return other_scheme(end.kind, "HTTPS") is not None


def _by_listener(end: Endpoint, scheme: str | None, port: object) -> Iterator[Trouble]:
    """What a listener that speaks another protocol makes of a request."""
    if scheme is None or not isinstance(end.target, LoadBalancer):
        return
    spoken = {listener.protocol for listener in end.target.listeners if listener.port == port}
    if scheme == "HTTPS" and spoken == {"HTTP"}:
        yield _NO_HANDSHAKE
    elif scheme == "HTTP" and spoken and spoken <= set(TLS_LISTENERS):
        yield _WRONG_SCHEME


def _answers_to_another_name(
    distribution: Distribution, behavior: CacheBehavior, origin: Origin, end: Endpoint
) -> bool:
    """Whether a host does not know the name that CloudFront asks it by."""
    if origin.vpc or distribution.gaps or may_choose_host(behavior):
        return False
    sent = sends(behavior, "host")
    if sent is False:
        # S3's own requests name the bucket.
        return not origin.s3 and is_known_name(end, origin.endpoint.name) is False
    if sent is not True or end.kind not in BY_OWN_NAME:
        return False
    names: tuple[Value, ...] = distribution.aliases
    return all(is_known_name(end, name) is False for name in names)


def _by_access(distribution: Distribution, origin: Origin, end: Endpoint) -> Iterator[Trouble]:
    """What those make of a request who look at who asks."""
    target = end.target
    if isinstance(target, Bucket) and end.kind in (OriginKind.BUCKET, OriginKind.WEBSITE):
        asked = Asked(origin, target, end.kind is OriginKind.WEBSITE)
        if may_read(asked, distribution) is False:
            yield _REFUSED
        if encrypts_with_kms(target) and may_decrypt(asked, distribution) is False:
            yield _REFUSED
    if isinstance(target, FunctionUrl):
        unsigned = target.auth_type == "AWS_IAM" and signs(origin) is False
        if unsigned or any(may_ask_url(distribution, origin, target, one) is False for one in URL_ACTIONS):
            yield _REFUSED
