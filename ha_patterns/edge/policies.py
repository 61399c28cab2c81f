"""What CloudFront's policies put into the cache key and send on, as far as a template tells."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from aws_cdk import Stack, Token
from aws_cdk import aws_cloudfront as cloudfront


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


_ORIGIN_HEADERS = ("host", "origin", "x-http-method-override", "x-http-method", "x-method-override")
_CORS = ("origin", "access-control-request-headers", "access-control-request-method")

# using-managed-cache-policies.html and using-managed-origin-request-policies.html of the developer guide.
_MANAGED = {
    # Amplify
    "2e54312d-136d-493c-8eb9-b001f22f67d2": Selection(
        Names.of(["authorization", "cloudfront-viewer-country", "host"]), _ALL, _ALL
    ),
    # CachingDisabled
    "4135ea2d-6df8-44a3-9df3-4b5a84be39ad": Selection(caches=False),
    # CachingOptimized, CachingOptimizedForUncompressedObjects
    "658327ea-f89d-4fab-a63d-7e88639e58f6": Selection(),
    "b2884449-e4de-46a7-ac36-70bc7f1ddd6d": Selection(),
    # Elemental-MediaPackage
    "08627262-05a9-4f76-9ded-b50ca2e3a84f": Selection(
        Names.of(["origin"]), query_strings=Names.of(["aws.manifestfilter", "start", "end", "m"])
    ),
    # UseOriginCacheControlHeaders, and with -QueryStrings
    "83da9c7e-98b4-4e11-a168-04f0df8e2c65": Selection(Names.of(_ORIGIN_HEADERS), _ALL),
    "4cc15a8a-d715-48a4-82b8-cc0b614638fe": Selection(Names.of(_ORIGIN_HEADERS), _ALL, _ALL),
    # AllViewer
    "216adef6-5c7f-47e4-b989-5492eafa07d3": Selection(_ViewerHeaders(), _ALL, _ALL),
    # AllViewerAndCloudFrontHeaders-2022-06
    "33f36d7e-f396-46d9-90e0-52428a34d9dc": Selection(
        _ViewerHeaders(
            frozenset(
                f"cloudfront-{name}"
                for name in (
                    *("forwarded-proto", "is-android-viewer", "is-desktop-viewer", "is-ios-viewer", "is-mobile-viewer"),
                    *("is-smarttv-viewer", "is-tablet-viewer", "viewer-address", "viewer-asn", "viewer-city"),
                    *("viewer-country", "viewer-country-name", "viewer-country-region", "viewer-country-region-name"),
                    *("viewer-http-version", "viewer-latitude", "viewer-longitude", "viewer-metro-code"),
                    *("viewer-postal-code", "viewer-time-zone", "viewer-tls"),
                )
            )
        ),
        _ALL,
        _ALL,
    ),
    # AllViewerExceptHostHeader
    "b689b0a8-53d0-40ab-baf2-68738e2966ac": Selection(_ViewerHeaders(excluded=frozenset(["host"])), _ALL, _ALL),
    # CORS-CustomOrigin, CORS-S3Origin
    "59781a5b-3903-41f3-afcb-af62929ccde1": Selection(Names.of(["origin"])),
    "88a5eaf4-2fd4-4709-b370-b4c650ea3fcf": Selection(Names.of(_CORS)),
    # Elemental-MediaTailor-PersonalizedManifests
    "775133bc-15f2-49f9-abea-afb2e0bf67d2": Selection(
        Names.of([*_CORS, "user-agent", "x-forwarded-for"]), query_strings=_ALL
    ),
    # HostHeaderOnly
    "bf0718e1-ba1e-49d1-88b1-f726733018ae": Selection(Names.of(["host"])),
    # UserAgentRefererHeaders
    "acba4595-bd28-49b8-b9fe-13317c0390fa": Selection(Names.of(["user-agent", "referer"])),
}


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
        return _MANAGED.get(reference)
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
