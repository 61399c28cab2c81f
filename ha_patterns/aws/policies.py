"""CloudFront's policies: what is in the cache key, what is sent to the origin, and for how long an answer is kept.

The managed ones, with the names, ids and settings of using-managed-cache-policies.html,
using-managed-origin-request-policies.html and using-managed-response-headers-policies.html in CloudFront's developer
guide (https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/). What Amplify Hosting uses for itself is in
cache-configuration-type.html of its user guide (https://docs.aws.amazon.com/amplify/latest/userguide/).

CloudFront's API puts "Managed-" before most of these names; the guide, and so this table, does not.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, Protocol


class Unknown:
    """A policy, or a number of one, that its reader cannot tell; a reader derives from this class, to say why."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Selection:
    """Which headers, cookies or query strings of a request a policy takes.

    ``name in selection`` compares as it is written. Names of cookies and query strings differ by case; names of
    headers do not, so that they are in lower case here, and whoever asks for one lowers it. ``*`` is a name like any
    other.

    Attributes:
        mode: None, some (those named), all, or all but those named.
        names: The names of ``some`` and ``all-except``; empty with the other two.
        known: False if the names are unknown; the selection is then the widest that it may be.
    """

    mode: Literal["none", "some", "all", "all-except"]
    names: frozenset[str] = frozenset()
    known: bool = True

    def __contains__(self, name: str) -> bool:
        match self.mode:
            case "none":
                return False
            case "some":
                return name in self.names
            case "all":
                return True
            case "all-except":
                return name not in self.names

    def __bool__(self) -> bool:
        return self.mode != "none"

    def without(self, other: Selection) -> Selection:
        """The names that this selection takes and another does not; unknown if either selection is."""
        known = self.known and other.known
        names = self.names
        match self.mode, other.mode:
            case "none", _:
                return self
            case _, "none":
                return Selection(self.mode, names, known)
            case _, "all":
                return Selection("none", known=known)
            case "some", _:
                return _of_names((name for name in names if name not in other), known)
            case _, "some":
                return Selection("all-except", names | other.names, known)
            case _:
                return _of_names(other.names - names, known)


def _of_names(names: Iterable[str], known: bool) -> Selection:
    found = frozenset(names)
    return Selection("some" if found else "none", found, known)


@dataclass(frozen=True, slots=True, kw_only=True)
class CachePolicy:
    """What of a request is in the cache key, and for how long an answer is kept.

    All that is in the cache key is sent to the origin, too.

    Attributes:
        name: The policy's name, as a message writes it.
        min_ttl: The least time that an answer is kept, in seconds, whatever the origin says.
        default_ttl: The time for an answer whose origin says nothing, in seconds.
        max_ttl: The longest time that an answer is kept, in seconds, whatever the origin says.
        headers: The headers, in lower case; without Accept-Encoding, which the next two stand for.
        cookies: The cookies.
        query_strings: The parameters of the query string.
        gzip: Whether copies compressed with Gzip are kept apart, by the normalized Accept-Encoding in the key.
        brotli: The same for Brotli.
    """

    name: object
    min_ttl: int | Unknown
    default_ttl: int | Unknown
    max_ttl: int | Unknown
    headers: Selection
    cookies: Selection
    query_strings: Selection
    gzip: bool
    brotli: bool

    @property
    def caches(self) -> bool:
        """Whether anything is cached under it, as far as is known."""
        return self.max_ttl != 0

    @property
    def origin_decides(self) -> bool:
        """Whether an answer is kept only if its origin says so."""
        return self.min_ttl == 0 and self.default_ttl == 0


@dataclass(frozen=True, slots=True, kw_only=True)
class OriginRequestPolicy:
    """What of a request is sent to the origin beside the cache key.

    Attributes:
        name: The policy's name, as a message writes it.
        headers: The headers, in lower case; ``all`` and ``all-except`` mean those that the viewer sent.
        cookies: The cookies.
        query_strings: The parameters of the query string.
        cloudfront_headers: The headers that CloudFront adds beyond the viewer's with ``all`` and ``all-except``, in
            lower case. With ``some``, they are among ``headers``.
    """

    name: object
    headers: Selection
    cookies: Selection
    query_strings: Selection
    cloudfront_headers: frozenset[str] = frozenset()

    def sends_header(self, name: str) -> bool:
        """Whether a header, given in lower case, is sent to the origin: the viewer's, or one that CloudFront makes."""
        if self.headers.mode != "some" and name.startswith("cloudfront-"):
            return name in self.cloudfront_headers
        return name in self.headers

    def beyond(self, key: CachePolicy) -> OriginRequestPolicy:
        """The part of it that a cache key does not hold, on which an answer that is kept for others may depend."""
        return dataclasses.replace(
            self,
            headers=self.headers.without(key.headers),
            cookies=self.cookies.without(key.cookies),
            query_strings=self.query_strings.without(key.query_strings),
            cloudfront_headers=self.cloudfront_headers - key.headers.names,
        )


class Inputs(Protocol):
    """What a function reads of a request; names of headers in any case."""

    @property
    def headers(self) -> Sequence[str]: ...
    @property
    def cookies(self) -> Sequence[str]: ...
    @property
    def query_strings(self) -> Sequence[str]: ...
    @property
    def all_query_strings(self) -> bool: ...


def missing_inputs(inputs: Inputs, policy: CachePolicy | OriginRequestPolicy) -> list[str]:
    """What a function reads and a policy does not take, each as a message names it."""
    has_header = policy.sends_header if isinstance(policy, OriginRequestPolicy) else policy.headers.__contains__
    return [
        *(f"header {name}" for name in inputs.headers if not has_header(name.lower())),
        *(f"cookie {name}" for name in inputs.cookies if name not in policy.cookies),
        *(f"query string {name}" for name in inputs.query_strings if name not in policy.query_strings),
        *(["the whole query string"] if inputs.all_query_strings and policy.query_strings.mode != "all" else []),
    ]


_NONE = Selection("none")
_ALL = Selection("all")
_DAY = 86_400
#: How long an answer is kept, in seconds, if neither its origin nor a DefaultTTL says so. See
#: https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CachePolicyConfig.html, read on 2026-12-01.
DEFAULT_TTL = _DAY
_YEAR = 365 * _DAY


def _some(*names: str) -> Selection:
    return Selection("some", frozenset(names))


def _caching_optimized(name: str, *, compressed: bool) -> CachePolicy:
    return CachePolicy(
        name=name,
        min_ttl=1,
        default_ttl=_DAY,
        max_ttl=_YEAR,
        headers=_NONE,
        cookies=_NONE,
        query_strings=_NONE,
        gzip=compressed,
        brotli=compressed,
    )


def _as_the_origin_says(
    name: str, headers: Selection, cookies: Selection = _NONE, query_strings: Selection = _NONE
) -> CachePolicy:
    """A policy that keeps what its origin wants kept, and nothing else."""
    return CachePolicy(
        name=name,
        min_ttl=0,
        default_ttl=0,
        max_ttl=_YEAR,
        headers=headers,
        cookies=cookies,
        query_strings=query_strings,
        gzip=True,
        brotli=True,
    )


_ORIGIN_HEADERS = _some("host", "origin", "x-http-method-override", "x-http-method", "x-method-override")
_AMPLIFY_HEADERS = ("authorization", "cloudfront-viewer-country", "host")

MANAGED_CACHE_POLICIES: Mapping[str, CachePolicy] = MappingProxyType(
    {
        "658327ea-f89d-4fab-a63d-7e88639e58f6": _caching_optimized("CachingOptimized", compressed=True),
        "b2884449-e4de-46a7-ac36-70bc7f1ddd6d": _caching_optimized(
            "CachingOptimizedForUncompressedObjects", compressed=False
        ),
        "4135ea2d-6df8-44a3-9df3-4b5a84be39ad": CachePolicy(
            name="CachingDisabled",
            min_ttl=0,
            default_ttl=0,
            max_ttl=0,
            headers=_NONE,
            cookies=_NONE,
            query_strings=_NONE,
            gzip=False,
            brotli=False,
        ),
        "83da9c7e-98b4-4e11-a168-04f0df8e2c65": _as_the_origin_says(
            "UseOriginCacheControlHeaders", _ORIGIN_HEADERS, cookies=_ALL
        ),
        "4cc15a8a-d715-48a4-82b8-cc0b614638fe": _as_the_origin_says(
            "UseOriginCacheControlHeaders-QueryStrings", _ORIGIN_HEADERS, cookies=_ALL, query_strings=_ALL
        ),
        "08627262-05a9-4f76-9ded-b50ca2e3a84f": CachePolicy(
            name="Elemental-MediaPackage",
            min_ttl=0,
            default_ttl=_DAY,
            max_ttl=_YEAR,
            headers=_some("origin"),
            cookies=_NONE,
            query_strings=_some("aws.manifestfilter", "start", "end", "m"),
            gzip=True,
            brotli=False,
        ),
        "2e54312d-136d-493c-8eb9-b001f22f67d2": CachePolicy(
            name="Amplify",
            min_ttl=2,
            default_ttl=2,
            max_ttl=600,
            headers=_some(*_AMPLIFY_HEADERS),
            cookies=_ALL,
            query_strings=_ALL,
            gzip=True,
            brotli=True,
        ),
        # What follows, Amplify Hosting attaches to its own distributions.
        "4d1d2f1d-3a71-49ad-9e08-7ea5d843a556": _as_the_origin_says(
            "Amplify-Default", _some("accept", *_AMPLIFY_HEADERS), cookies=_ALL, query_strings=_ALL
        ),
        "a6bad946-36c3-4c33-aa98-362c74a7fb13": _as_the_origin_says(
            "Amplify-DefaultNoCookies", _some("accept", *_AMPLIFY_HEADERS), query_strings=_ALL
        ),
        "1c6db51a-a33f-469a-8245-dae26771f530": _as_the_origin_says(
            "Amplify-ImageOptimization", _some("accept", "authorization", "host"), query_strings=_ALL
        ),
        "7e5fad67-ee98-4ad0-b05a-394999eefc1a": _as_the_origin_says(
            "Amplify-StaticContent", _some("authorization", "host")
        ),
    }
)

# Protocol, versions, device type and location, as of June 2022; no fingerprints and no order of headers.
_CLOUDFRONT_HEADERS = frozenset(
    {
        "cloudfront-forwarded-proto",
        "cloudfront-is-android-viewer",
        "cloudfront-is-desktop-viewer",
        "cloudfront-is-ios-viewer",
        "cloudfront-is-mobile-viewer",
        "cloudfront-is-smarttv-viewer",
        "cloudfront-is-tablet-viewer",
        "cloudfront-viewer-address",
        "cloudfront-viewer-asn",
        "cloudfront-viewer-city",
        "cloudfront-viewer-country",
        "cloudfront-viewer-country-name",
        "cloudfront-viewer-country-region",
        "cloudfront-viewer-country-region-name",
        "cloudfront-viewer-http-version",
        "cloudfront-viewer-latitude",
        "cloudfront-viewer-longitude",
        "cloudfront-viewer-metro-code",
        "cloudfront-viewer-postal-code",
        "cloudfront-viewer-time-zone",
        "cloudfront-viewer-tls",
    }
)
_CORS_HEADERS = ("origin", "access-control-request-headers", "access-control-request-method")


def _all_of_the_viewer(
    name: str, headers: Selection = _ALL, cloudfront_headers: frozenset[str] = frozenset()
) -> OriginRequestPolicy:
    return OriginRequestPolicy(
        name=name, headers=headers, cookies=_ALL, query_strings=_ALL, cloudfront_headers=cloudfront_headers
    )


def _some_headers(name: str, *headers: str, query_strings: Selection = _NONE) -> OriginRequestPolicy:
    return OriginRequestPolicy(name=name, headers=_some(*headers), cookies=_NONE, query_strings=query_strings)


# To an origin in S3, none of them sends the parameters response-content-type, -disposition and -encoding.
MANAGED_ORIGIN_REQUEST_POLICIES: Mapping[str, OriginRequestPolicy] = MappingProxyType(
    {
        "216adef6-5c7f-47e4-b989-5492eafa07d3": _all_of_the_viewer("AllViewer"),
        "33f36d7e-f396-46d9-90e0-52428a34d9dc": _all_of_the_viewer(
            "AllViewerAndCloudFrontHeaders-2022-06", cloudfront_headers=_CLOUDFRONT_HEADERS
        ),
        # Its settings say only "all but Host"; the guide's text adds CloudFront's headers.
        "b689b0a8-53d0-40ab-baf2-68738e2966ac": _all_of_the_viewer(
            "AllViewerExceptHostHeader", Selection("all-except", frozenset({"host"})), _CLOUDFRONT_HEADERS
        ),
        "59781a5b-3903-41f3-afcb-af62929ccde1": _some_headers("CORS-CustomOrigin", "origin"),
        "88a5eaf4-2fd4-4709-b370-b4c650ea3fcf": _some_headers("CORS-S3Origin", *_CORS_HEADERS),
        "775133bc-15f2-49f9-abea-afb2e0bf67d2": _some_headers(
            "Elemental-MediaTailor-PersonalizedManifests",
            *_CORS_HEADERS,
            "user-agent",
            "x-forwarded-for",
            query_strings=_ALL,
        ),
        "bf0718e1-ba1e-49d1-88b1-f726733018ae": _some_headers("HostHeaderOnly", "host"),
        "acba4595-bd28-49b8-b9fe-13317c0390fa": _some_headers("UserAgentRefererHeaders", "user-agent", "referer"),
    }
)

#: By id. None of them removes a header.
MANAGED_RESPONSE_HEADERS_POLICIES: Mapping[str, str] = MappingProxyType(
    {
        "60669652-455b-4ae9-85a4-c4c02393f86c": "SimpleCORS",
        "5cc3b908-e619-4b99-88e5-2cf7f45965bd": "CORS-With-Preflight",
        "e61eb60c-9c35-4d20-a928-2b84e02af89c": "CORS-and-SecurityHeadersPolicy",
        "eaab4381-ed33-4a86-88ca-d9558dc6cd63": "CORS-with-preflight-and-SecurityHeadersPolicy",
        "67f7725c-6f97-4210-82d7-5512b31e9d03": "SecurityHeadersPolicy",
    }
)
