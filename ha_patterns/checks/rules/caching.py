"""Behaviors: what is cached that should not be, and which Host an origin gets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ...aws.certificates import covers
from ...aws.load_balancers import TLS_LISTENERS
from ...aws.names import BUCKETS, BY_OWN_NAME
from ...aws.policies import CachePolicy, OriginRequestPolicy
from ...semantics.certificates import listener_names
from ...semantics.origin_requests import asked_at, is_name_of_aws
from ...semantics.requests import may_choose_host, sends
from ...topology.model import (
    ApiDomain,
    Bucket,
    CacheBehavior,
    Distribution,
    Function,
    LoadBalancer,
    LoadBalancerListener,
    Origin,
    OriginKind,
)
from ...topology.model.base import Whole
from ...topology.values import Reference, Unresolved, Value, waiting
from ..rule import Context, Severity, Verdict, cannot_tell, problem, rule
from ..words import found_as, listed

_GUIDE = "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/"
_POLICIES = "using-managed-origin-request-policies.html"
_OF_REQUESTS = ("viewer-request", "origin-request")
# The older property, which stands for both policies, and what they are called then.
_FORWARDED_VALUES = "ForwardedValues"


@rule(
    "HA030",
    Severity.WARNING,
    "private answers are cached",
    kind=CacheBehavior,
    why="CloudFront gives an answer that it keeps to every viewer with the same cache key. An origin that gets "
    "cookies, Authorization, query strings or X-Forwarded-Host beyond the key makes one viewer's answer, or an "
    "attacker's, and others get it: for the DefaultTTL if the origin says nothing, and for the MinTTL even if it says "
    "private or no-store. A Set-Cookie is kept with the answer if the key holds a cookie, and others get that.",
    remedy="Remove OriginRequestPolicyId, or QueryStringCacheKeys of ForwardedValues, from the behavior and put into "
    "its cache key what answers depend on; or set CachePolicyId to CachingDisabled, or to a policy whose MinTTL and "
    "DefaultTTL are 0. If an edge function decides by a cookie of the key, give the behavior a ResponseHeadersPolicyId "
    "whose policy removes Set-Cookie.",
    page=_GUIDE + "controlling-the-cache-key.html",
)
def private_answers(behavior: CacheBehavior, _context: Context) -> Iterator[Verdict]:
    key = behavior.cache_policy
    if not isinstance(key, CachePolicy) or not key.caches or not _answers_by_request(behavior):
        return
    kept = max((ttl for ttl in (key.min_ttl, key.default_ttl) if isinstance(ttl, int)), default=0)
    if kept == 0:
        return
    yield from _sent_beyond(behavior, key, kept)
    yield from _kept_cookies(behavior, key, kept)


def _sent_beyond(behavior: CacheBehavior, key: CachePolicy, kept: int) -> Iterator[Verdict]:
    sent = behavior.origin_request_policy
    if sent is None:
        return
    if isinstance(sent, Unresolved):
        yield cannot_tell(behavior, sent, f"whether behavior {behavior.pattern} sends more than its cache key")
        return
    told = list(_unkeyed(behavior, sent.beyond(key)))
    if told:
        yield problem(
            behavior,
            f"behavior {behavior.pattern} sends {listed(told)} to the origin beyond its cache key, and "
            f"{_how_long(key, kept)}",
            sent.name if sent.name == _FORWARDED_VALUES else "OriginRequestPolicyId",
        )


def _how_long(key: CachePolicy, kept: int) -> str:
    by = f"cache policy {key.name}"
    if key.name == _FORWARDED_VALUES:
        by = "MinTTL" if kept == key.min_ttl else "DefaultTTL"
    return f"its {by} keeps answers for {kept} s" + (
        " at least" if kept == key.min_ttl else " unless the origin says otherwise"
    )


def _kept_cookies(behavior: CacheBehavior, key: CachePolicy, kept: int) -> Iterator[Verdict]:
    """A Set-Cookie that is kept for others, where an edge function decides by a cookie of the key.

    Elsewhere, nothing tells that the origin sets any cookie on this behavior.
    """
    removes = behavior.removes_set_cookie
    read = {name for function in _choosing(behavior) if function.reads for name in function.reads.cookies}
    keyed = sorted(name for name in read if name in key.cookies) if key.cookies.known else []
    # A function of responses may remove it, and so may one of which nothing tells where it runs.
    if not keyed or removes is True or any(str(each.event) not in _OF_REQUESTS for each in behavior.functions):
        return
    if isinstance(removes, Unresolved):
        yield cannot_tell(behavior, removes, f"whether behavior {behavior.pattern} keeps a Set-Cookie")
        return
    yield problem(
        behavior,
        f"behavior {behavior.pattern} has cookie {listed(keyed)} in its cache key, and no response headers policy "
        f"removes Set-Cookie, which others get; {_how_long(key, kept)}",
        "ResponseHeadersPolicyId",
    )


def _answers_by_request(behavior: CacheBehavior) -> bool:
    """Whether an origin may answer by more than the path, as a bucket does not."""
    return any(origin.kind not in BUCKETS for origin in behavior.origins) or any(
        function.sends_to_hosts for function in _choosing(behavior)
    )


def _unkeyed(behavior: CacheBehavior, beyond: OriginRequestPolicy) -> Iterator[str]:
    """The parts of a request that are sure to be sent beyond the cache key, and tell viewers or answers apart."""
    if beyond.cookies and beyond.cookies.known:
        yield "cookies"
    if beyond.headers.known and beyond.sends_header("authorization"):
        yield "Authorization"
    if beyond.query_strings and beyond.query_strings.known and not _drops_query_strings(behavior):
        yield "query strings"
    if beyond.headers.known and beyond.sends_header("x-forwarded-host"):
        yield "X-Forwarded-Host"


def _drops_query_strings(behavior: CacheBehavior) -> bool:
    """Whether an edge function lets no parameter through that is not in the cache key."""
    key = behavior.cache_policy
    return isinstance(key, CachePolicy) and any(
        function.passed_query_strings is not None
        and all(name in key.query_strings for name in function.passed_query_strings)
        for function in _choosing(behavior)
    )


def _choosing(behavior: CacheBehavior) -> Iterator[Function]:
    """The functions that may choose the origin, and change what it gets."""
    for association in behavior.functions:
        if association.event == "origin-request" and isinstance(association.function, Function):
            yield association.function


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
        origins = list(_asked_by_own_name(behavior, distribution, custom))
        sent = sends(behavior, "host")
        if not origins or sent is False:
            continue
        unknown = sent if isinstance(sent, Unresolved) else Unresolved("what a function of the behavior does")
        if isinstance(sent, Unresolved) or may_choose_host(behavior):
            asked = f"{'origin' if len(origins) == 1 else 'origins'} {listed(origin.id for origin in origins)}"
            yield cannot_tell(behavior, unknown, f"which Host behavior {behavior.pattern} sends to {asked}")
            continue
        for origin in origins:
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
        if origin.kind not in BY_OWN_NAME or distribution.gaps:
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
        return policy.name if policy.name == _FORWARDED_VALUES else "CachePolicyId"
    return "OriginRequestPolicyId"


def _waits(name: Value) -> bool:
    return next(waiting(name), None) is not None


def _covers(names: Iterable[Value], host: Value) -> bool:
    """Whether one of the names is the host, or the wildcard of all beside it."""
    wildcard = f"*.{host.partition('.')[2]}" if isinstance(host, str) else host
    return any(name in (host, wildcard) for name in names)


@rule(
    "HA032",
    Severity.WARNING,
    "load balancer has no certificate for what CloudFront asks for",
    kind=Distribution,
    why="CloudFront takes a certificate that is for the origin's DomainName or, where the viewer's Host is sent, for "
    "that Host. With another the TLS handshake fails and the answer is 502; on the load balancer of the second Region "
    "this shows in the outage only. Nobody has a certificate for the name that AWS makes of a load balancer, an "
    "accelerator or an instance.",
    remedy="Give the origin a name of your own, with a record that leads to the load balancer, and the HTTPS listener "
    "a certificate for that name or, if Host is sent on, for the distribution's alias, in every Region; or ask it over "
    "HTTP.",
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
            scheme, port = asked_at(distribution, origin) or ("", 0)
            if scheme != "HTTPS" or any(_waits(name) for name in asked):
                continue
            if not sent and is_name_of_aws(origin.endpoint):
                # Listeners that are not in these templates have no other certificates.
                if (id(origin), 0) not in seen:
                    seen.add((id(origin), 0))
                    message = (
                        f"behavior {behavior.pattern} asks origin {origin.id} over HTTPS for "
                        f"{found_as(origin.endpoint)}, a name of AWS that no certificate can be for"
                    )
                    yield problem(origin, message, "DomainName")
                continue
            for listener in _listeners(origin, port):
                names = listener_names(listener)
                told = names is None or any(covers(names, str(name)) for name in asked)
                if not told and (id(origin), id(listener)) not in seen:
                    seen.add((id(origin), id(listener)))
                    yield problem(
                        origin,
                        f"the certificates of {listener.place.name} are for {listed(names or ())}; behavior "
                        f"{behavior.pattern} asks origin {origin.id} for {' or '.join(map(str, asked))}",
                        "DomainName",
                    )


def _listeners(origin: Origin, port: Whole) -> Iterator[LoadBalancerListener]:
    """The listeners with TLS in these templates that answer at a port of an origin."""
    for target in origin.endpoint.targets:
        for listener in target.listeners if isinstance(target, LoadBalancer) else ():
            if listener.port == port and listener.protocol in TLS_LISTENERS:
                yield listener
