"""Cache policies and origin request policies: what CloudFront refuses of them."""

from __future__ import annotations

from collections.abc import Iterator

from ...aws.distributions import POLICY_CHARACTERS
from ...aws.headers import NEVER_CACHED_BY, NEVER_CACHED_BY_PREFIX, NOT_IN_CACHE_POLICIES, NOT_IN_REQUEST_POLICIES
from ...aws.policies import DEFAULT_TTL, CachePolicy
from ...topology.model import CacheBehavior, CustomPolicy
from ...topology.topology import Topology
from ...topology.values import PropertyPath, Value
from ..rule import Context, Severity, Verdict, problem, rule
from ..words import listed

_GUIDE = "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/"
_LEGACY = "ForwardedValues"
_KEY = "ParametersInCacheKeyAndForwardedToOrigin"


@rule(
    "HA054",
    Severity.ERROR,
    "cache policy or origin request policy that CloudFront refuses",
    kind=Topology,
    why="CloudFront refuses the policy at deploy, so that neither this change nor what else is in it arrives.",
    remedy="Set MinTTL to at most DefaultTTL, and DefaultTTL to at most MaxTTL. Name headers that CloudFront caches "
    f"by, and names of at most {POLICY_CHARACTERS} characters in all; Accept-Encoding only if EnableAcceptEncodingGzip "
    "and EnableAcceptEncodingBrotli are false, and nothing of all that with a MaxTTL of 0. Send Authorization by a "
    "cache policy.",
    page=f"{_GUIDE}controlling-the-cache-key.html",
)
def refused_policy(topology: Topology, _context: Context) -> Iterator[Verdict]:
    for one in topology.of(CustomPolicy):
        config = "CachePolicyConfig" if isinstance(one.policy, CachePolicy) else "OriginRequestPolicyConfig"
        for message, path in (*_of_times(one), *_of_headers(one), *_of_names(one), *_of_nothing_kept(one)):
            yield problem(one, message, "Properties", config, *path)
    for behavior in topology.of(CacheBehavior):
        key = behavior.cache_policy
        # Without a DefaultTTL, nothing tells what CloudFront makes of a lower MaxTTL.
        if isinstance(key, CachePolicy) and key.name == _LEGACY and key.default_ttl != DEFAULT_TTL:
            for message, path in _disordered(key):
                yield problem(behavior, f"behavior {behavior.pattern} has {message}", *path)


def _of_times(one: CustomPolicy) -> Iterator[tuple[str, PropertyPath]]:
    if isinstance(one.policy, CachePolicy):
        for message, path in _disordered(one.policy):
            yield f"the policy has {message}", path


def _disordered(key: CachePolicy) -> Iterator[tuple[str, PropertyPath]]:
    """Times in another order than CloudFront takes, as a sentence goes on."""
    least, usual, most = ("MinTTL", key.min_ttl), ("DefaultTTL", key.default_ttl), ("MaxTTL", key.max_ttl)
    for (name, time), (other, limit) in ((usual, most), (least, most), (least, usual)):
        if isinstance(time, int) and isinstance(limit, int) and time > limit:
            yield f"a {name} of {time} s, above its {other} of {limit} s", (name,)
            return


def _of_headers(one: CustomPolicy) -> Iterator[tuple[str, PropertyPath]]:
    names = [name for name in one.headers if isinstance(name, str)]
    if isinstance(one.policy, CachePolicy):
        encodes = one.policy.gzip or one.policy.brotli
        refused = [name for name in names if _is_refused(name.lower(), encodes=encodes)]
        path: PropertyPath = (_KEY, "HeadersConfig", "Headers")
        why = "by which CloudFront does not cache"
    else:
        # Those of "all but these" are not sent.
        sent = one.policy.headers.mode == "some"
        refused = [name for name in names if sent and name.lower() in NOT_IN_REQUEST_POLICIES]
        path = ("HeadersConfig", "Headers")
        why = "which a cache policy alone sends"
    if refused:
        yield f"the policy has the header {listed(refused)}, {why}", path


def _is_refused(name: str, *, encodes: bool) -> bool:
    if name == "accept-encoding":
        return encodes
    return name in NEVER_CACHED_BY | NOT_IN_CACHE_POLICIES or name.startswith(NEVER_CACHED_BY_PREFIX)


def _of_names(one: CustomPolicy) -> Iterator[tuple[str, PropertyPath]]:
    names: list[Value] = [*one.headers, *one.cookies, *one.query_strings]
    characters = sum(len(name) for name in names if isinstance(name, str))
    if characters > POLICY_CHARACTERS:
        path = (_KEY,) if isinstance(one.policy, CachePolicy) else ("Name",)
        yield f"the policy has names of {characters} characters; CloudFront takes {POLICY_CHARACTERS}", path


def _of_nothing_kept(one: CustomPolicy) -> Iterator[tuple[str, PropertyPath]]:
    """A key of a policy that keeps nothing."""
    key = one.policy
    if not isinstance(key, CachePolicy) or key.max_ttl != 0:
        return
    # What is not known may be none.
    parts = {
        "HeadersConfig": key.headers.known and key.headers.mode != "none",
        "CookiesConfig": key.cookies.known and key.cookies.mode != "none",
        "QueryStringsConfig": key.query_strings.known and key.query_strings.mode != "none",
        "EnableAcceptEncodingGzip": key.gzip,
        "EnableAcceptEncodingBrotli": key.brotli,
    }
    held = [name for name, holds in parts.items() if holds]
    if held:
        yield f"the policy has a MaxTTL of 0, and {listed(held)} beside it; nothing is kept", (_KEY, held[0])
