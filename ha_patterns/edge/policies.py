"""What CloudFront's policies put into the cache key and send on, as far as a template tells."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from aws_cdk import Stack, Token
from aws_cdk import aws_cloudfront as cloudfront

from ..topology import policies as topology
from ..topology.policies import MANAGED_CACHE_POLICIES, MANAGED_ORIGIN_REQUEST_POLICIES


@dataclass(frozen=True)
class Names:
    """Some names, or all but some; they compare in lower case.

    Attributes:
        listed: The names.
        inverted: Whether it is all names but these.
    """

    listed: frozenset[str] = frozenset()
    inverted: bool = False

    @classmethod
    def of(cls, names: Iterable[str], *, inverted: bool = False) -> Names:
        return cls(frozenset(name.lower() for name in names), inverted)

    def __contains__(self, name: str) -> bool:
        return (name.lower() in self.listed) is not self.inverted


_NONE = Names()
_ALL = Names(inverted=True)


@dataclass(frozen=True)
class _ViewerHeaders(Names):
    """All headers that a viewer sends but some; those that CloudFront makes are listed one by one."""

    excluded: frozenset[str] = frozenset()

    def __contains__(self, name: str) -> bool:
        folded = name.lower()
        return folded in self.listed or (not folded.startswith("cloudfront-") and folded not in self.excluded)


@dataclass(frozen=True)
class Selection:
    """What a policy takes of a request.

    Attributes:
        headers: The headers.
        cookies: The cookies.
        query_strings: The parameters of the query string.
        caches: Whether anything is cached under it; True for a policy that does not cache.
        min_ttl: The least time, in seconds, that a good answer is cached, as far as the policy was made here.
    """

    headers: Names = _NONE
    cookies: Names = _NONE
    query_strings: Names = _NONE
    caches: bool = True
    min_ttl: float = 0


def _managed(policy_id: str) -> Selection | None:
    """A policy of AWS's, of either kind."""
    cached = MANAGED_CACHE_POLICIES.get(policy_id)
    if cached is not None:
        headers, cookies, query_strings = map(_taken, (cached.headers, cached.cookies, cached.query_strings))
        return Selection(headers, cookies, query_strings, caches=cached.caches)
    sent = MANAGED_ORIGIN_REQUEST_POLICIES.get(policy_id)
    if sent is None:
        return None
    headers, cookies, query_strings = map(_taken, (sent.headers, sent.cookies, sent.query_strings))
    if sent.headers.mode == "all":
        headers = _ViewerHeaders(sent.cloudfront_headers)
    elif sent.headers.mode == "all-except":
        # The guide adds headers of CloudFront's to these, the policy's settings do not: nothing is built on them.
        headers = _ViewerHeaders(excluded=sent.headers.names)
    return Selection(headers, cookies, query_strings)


def _taken(selection: topology.Selection) -> Names:
    return Names.of(selection.names, inverted=selection.mode in {"all", "all-except"})


def cache_key(stack: Stack, behavior: Mapping[str, Any]) -> Selection | None:
    """What of a request is in a behavior's cache key; None where its policy cannot be seen.

    Args:
        stack: The distribution's stack, where a policy that is not a managed one is looked for.
        behavior: The behavior as the template has it.
    """
    return _selection(stack, behavior.get("cachePolicyId"))


def request_policy(stack: Stack, behavior: Mapping[str, Any]) -> Selection | None:
    """What a behavior's origin request policy sends on; nothing without one, None where it cannot be seen."""
    reference = behavior.get("originRequestPolicyId")
    return Selection() if reference is None else _selection(stack, reference)


def _selection(stack: Stack, reference: Any) -> Selection | None:
    if isinstance(reference, str):
        return _managed(reference)
    if not reference:
        return None
    for candidate in stack.node.find_all():
        if not isinstance(candidate, (cloudfront.CfnOriginRequestPolicy, cloudfront.CfnCachePolicy)):
            continue
        if stack.resolve(Token.as_any(candidate.ref)) == reference:
            return _made_here(stack.resolve(candidate._cfn_properties))
    return None


def _made_here(properties: Mapping[str, Any]) -> Selection:
    """The selection of a policy in the stack, whichever of the two kinds it is."""
    config = properties.get("cachePolicyConfig") or properties["originRequestPolicyConfig"]
    parts = config.get("parametersInCacheKeyAndForwardedToOrigin") or config
    cookies, query_strings = parts["cookiesConfig"], parts["queryStringsConfig"]
    return Selection(
        headers=_headers(parts["headersConfig"]),
        cookies=_names(cookies["cookieBehavior"], cookies.get("cookies")),
        query_strings=_names(query_strings["queryStringBehavior"], query_strings.get("queryStrings")),
        caches=config.get("maxTtl") != 0,
        # What only the deploy knows may be anything.
        min_ttl=min_ttl if isinstance(min_ttl := config.get("minTtl", 0), (int, float)) else math.inf,
    )


def _headers(config: Mapping[str, Any]) -> Names:
    listed = frozenset(name.lower() for name in config.get("headers") or ())
    match config["headerBehavior"]:
        case "allViewer":
            return _ViewerHeaders()
        case "allViewerAndWhitelistCloudFront":
            return _ViewerHeaders(listed)
        case "allExcept":
            return _ViewerHeaders(excluded=listed)
        case _:
            return Names(listed)


def _names(behavior: str, listed: Iterable[str] | None) -> Names:
    return Names.of(listed or (), inverted=behavior in {"all", "allExcept"})
