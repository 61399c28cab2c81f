"""Behaviors: what is cached that should not be, and which Host an origin gets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ...topology.model import (
    ApiDomain,
    Bucket,
    CacheBehavior,
    Certificate,
    Distribution,
    LoadBalancer,
    LoadBalancerListener,
    Origin,
    OriginKind,
)
from ...topology.policies import CachePolicy
from ...topology.values import Reference, Unresolved, Value, waiting
from ..edge import BUCKETS, WRITES, may_choose_host, sends
from ..rule import Context, Severity, Verdict, cannot_tell, problem, rule
from ..words import listed

_GUIDE = "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/"
_OWN_NAME = frozenset({*BUCKETS, OriginKind.API, OriginKind.FUNCTION_URL})
_POLICIES = "using-managed-origin-request-policies.html"


@rule(
    "HA030",
    Severity.WARNING,
    "private answers are cached",
    kind=CacheBehavior,
    why="With a least time to live above 0, CloudFront keeps an answer for that long even where the origin says "
    "private or no-store, and gives it to every viewer with the same cache key: what is made for one reaches others.",
    remedy="Set CachePolicyId of the behavior to CachingDisabled or UseOriginCacheControlHeaders, or to a policy whose "
    "MinTTL is 0.",
    page=_GUIDE + "Expiration.html",
)
def private_answers(behavior: CacheBehavior, _context: Context) -> Iterator[Verdict]:
    policy, sent = behavior.cache_policy, behavior.origin_request_policy
    if not isinstance(policy, CachePolicy) or not isinstance(policy.min_ttl, int) or policy.min_ttl == 0:
        return
    # What is in the key by viewer is kept by viewer. Without a policy, nothing that tells a viewer gets to the origin.
    by_viewer = policy.cookies.mode != "none" or "authorization" in policy.headers
    if by_viewer or not policy.caches or sent is None or not _is_dynamic(behavior):
        return
    if isinstance(sent, Unresolved):
        yield cannot_tell(behavior, sent, f"whether behavior {behavior.pattern} sends cookies to the origin")
        return
    told = [
        *(["cookies"] if sent.cookies.mode != "none" and sent.cookies.known else ()),
        *(["Authorization"] if sent.headers.known and sent.sends_header("authorization") else ()),
    ]
    if told:
        yield problem(
            behavior,
            f"behavior {behavior.pattern} sends {listed(told)} to the origin, and its cache policy {policy.name}, "
            f"which has none of them in the key, keeps every answer for at least {policy.min_ttl} s",
            "CachePolicyId",
        )


def _is_dynamic(behavior: CacheBehavior) -> bool:
    """Whether answers are made for each request, as far as is known."""
    kinds = {origin.kind for origin in behavior.origins}
    if not kinds or kinds & BUCKETS:
        return False
    if kinds <= {OriginKind.API, OriginKind.FUNCTION_URL} or _is_api(behavior.pattern):
        return True
    methods = behavior.allowed_methods
    return not isinstance(methods, Unresolved) and bool(methods & WRITES)


def _is_api(pattern: Value) -> bool:
    return isinstance(pattern, str) and "api" in pattern.lower().replace("*", "/").split("/")


@rule(
    "HA031",
    Severity.WARNING,
    "origin gets a Host that it does not know",
    kind=Distribution,
    why="S3, API Gateway and Lambda function URLs find the bucket, the API or the function by the Host header. With "
    "the viewer's they answer 403, or as somebody else's; where it is a group's second origin, this shows in the "
    "outage only.",
    remedy="Set OriginRequestPolicyId of the behavior to AllViewerExceptHostHeader, and take Host out of the cache "
    "policy; or give the API a custom domain name that equals the distribution's alias.",
    page=_GUIDE + _POLICIES,
)
def foreign_host(distribution: Distribution, context: Context) -> Iterator[Verdict]:
    custom = [domain.name for domain in context.topology.of(ApiDomain)]
    for behavior in distribution.behaviors:
        for origin in _asked_by_own_name(behavior, distribution, custom):
            sent = sends(behavior, "host")
            if isinstance(sent, Unresolved):
                yield cannot_tell(behavior, sent, f"whether origin {origin.id} gets the viewer's Host")
            elif sent and may_choose_host(behavior):
                unknown = Unresolved("what a function of the behavior does")
                yield cannot_tell(behavior, unknown, f"which Host origin {origin.id} gets")
            elif sent:
                yield problem(
                    behavior,
                    f"behavior {behavior.pattern} sends the viewer's Host, {_hosts(distribution)}, to "
                    f"{origin.endpoint.name} of origin {origin.id}, which answers to its own name only "
                    f"({origin.kind.value})",
                    _policy_with_host(behavior),
                )


def _asked_by_own_name(
    behavior: CacheBehavior, distribution: Distribution, custom: Iterable[Value]
) -> Iterator[Origin]:
    """The origins of a behavior that do not answer to the distribution's names."""
    for origin in behavior.origins:
        if origin.kind not in _OWN_NAME or distribution.gaps:
            continue
        # A name that AWS makes is no alias, and without aliases viewers have the distribution's own name only.
        names = [name for name in _other_names(origin, custom) if not isinstance(name, Reference)]
        known = (
            not names or not distribution.aliases or not any(_waits(name) for name in (*names, *distribution.aliases))
        )
        if known and not any(_covers(names, alias) for alias in distribution.aliases):
            yield origin


def _other_names(origin: Origin, custom: Iterable[Value]) -> Iterable[Value]:
    """What an origin answers to beside the names that AWS has given it: S3 also to the name of a bucket alone."""
    if origin.kind is OriginKind.API:
        return custom
    if origin.kind not in (OriginKind.BUCKET, OriginKind.WEBSITE):
        return ()
    names = [end.target.name for end in origin.endpoint.ends if isinstance(end.target, Bucket)]
    name = origin.endpoint.name
    return names or [name.partition(".s3")[0] if isinstance(name, str) else Unresolved("the name of the bucket")]


def _hosts(distribution: Distribution) -> str:
    return listed(distribution.aliases) or "the distribution's own name"


def _policy_with_host(behavior: CacheBehavior) -> str:
    policy = behavior.cache_policy
    if isinstance(policy, CachePolicy) and "host" in policy.headers:
        return "ForwardedValues" if policy.name == "ForwardedValues" else "CachePolicyId"
    return "OriginRequestPolicyId"


def _waits(name: Value) -> bool:
    return next(waiting(name), None) is not None


def _covers(names: Iterable[Value], host: Value) -> bool:
    """Whether one of the names is the host, or the wildcard of all beside it."""
    wildcard = f"*.{host.partition('.')[2]}" if isinstance(host, str) else host
    return any((name.lower() if isinstance(name, str) else name) in (host, wildcard) for name in names)


@rule(
    "HA032",
    Severity.WARNING,
    "load balancer has no certificate for what CloudFront asks for",
    kind=Distribution,
    why="CloudFront takes a certificate that is for the origin's DomainName or, where the viewer's Host is sent, for "
    "that Host. With another the TLS handshake fails and the answer is 502; on the load balancer of the second Region "
    "this shows in the outage only.",
    remedy="Add to the Certificates of the load balancer's HTTPS listener one for the distribution's alias or for the "
    "origin's DomainName, in every Region.",
    page=_GUIDE + "http-502-bad-gateway.html",
)
def no_certificate(distribution: Distribution, _context: Context) -> Iterator[Verdict]:
    seen: set[tuple[int, int]] = set()
    for behavior in distribution.behaviors:
        sent = sends(behavior, "host")
        if distribution.gaps or isinstance(sent, Unresolved) or may_choose_host(behavior):
            continue
        for origin in behavior.origins:
            asked = (origin.endpoint.name, *(distribution.aliases if sent else ()))
            if origin.protocol != "https-only" or any(_waits(name) for name in asked):
                continue
            for listener in _listeners(origin):
                names = _names(listener)
                told = names is None or any(_covers(names, name) for name in asked)
                if not told and (id(origin), id(listener)) not in seen:
                    seen.add((id(origin), id(listener)))
                    yield problem(
                        origin,
                        f"the certificates of {listener.place.name} are for {listed(names or ())}; behavior "
                        f"{behavior.pattern} asks origin {origin.id} for {' or '.join(map(str, asked))}",
                        "DomainName",
                    )


def _listeners(origin: Origin) -> Iterator[LoadBalancerListener]:
    """The listeners with TLS in these templates that answer at an origin."""
    for target in origin.endpoint.targets:
        for listener in target.listeners if isinstance(target, LoadBalancer) else ():
            if listener.port == origin.https_port and listener.protocol in ("HTTPS", "TLS"):
                yield listener


def _names(listener: LoadBalancerListener) -> list[str] | None:
    """The names of a listener's certificates; None where some are not known."""
    names: list[str] = []
    for certificate in listener.certificates:
        if not isinstance(certificate, Certificate) or certificate.gaps:
            return None
        for name in certificate.names:
            if not isinstance(name, str):
                return None
            names.append(name)
    return None if not names or listener.gaps else names
