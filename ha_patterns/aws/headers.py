"""Headers: those that CloudFront adds, as AWS spells them, and those that an origin may not be given."""

from __future__ import annotations

import re

# RFC 9110, 5.6.2 and 5.5: what a header may be called, and what it may hold.
_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_VALUE = re.compile(r"(?! )[^\x00-\x1f\x7f]*(?<! )")

# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/adding-cloudfront-headers.html, read on 2026-11-30
_IN_ANY_POLICY = (
    *("CloudFront-Forwarded-Proto", "CloudFront-Is-Android-Viewer", "CloudFront-Is-Desktop-Viewer"),
    *("CloudFront-Is-IOS-Viewer", "CloudFront-Is-Mobile-Viewer", "CloudFront-Is-SmartTV-Viewer"),
    *("CloudFront-Is-Tablet-Viewer", "CloudFront-Viewer-City", "CloudFront-Viewer-Country"),
    *("CloudFront-Viewer-Country-Name", "CloudFront-Viewer-Country-Region", "CloudFront-Viewer-Country-Region-Name"),
    *("CloudFront-Viewer-Header-Count", "CloudFront-Viewer-Header-Order", "CloudFront-Viewer-Http-Version"),
    *("CloudFront-Viewer-Latitude", "CloudFront-Viewer-Longitude", "CloudFront-Viewer-Metro-Code"),
    *("CloudFront-Viewer-Postal-Code", "CloudFront-Viewer-Time-Zone"),
)
_IN_NO_CACHE_POLICY = (
    *("CloudFront-Viewer-Address", "CloudFront-Viewer-ASN", "CloudFront-Viewer-JA3-Fingerprint"),
    *("CloudFront-Viewer-JA4-Fingerprint", "CloudFront-Viewer-TLS"),
)
_PREFIX = "CloudFront-"
_BY_NAME = {name.lower(): name for name in (*_IN_ANY_POLICY, *_IN_NO_CACHE_POLICY)}

#: The custom headers of origins that CloudFront does not let be set, in lower case, and how others of them start. See
#: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/add-origin-custom-headers.html
FORBIDDEN_HEADERS = frozenset(
    (
        *("cache-control", "connection", "content-length", "cookie", "host", "if-match", "if-modified-since"),
        *("if-none-match", "if-range", "if-unmodified-since", "max-forwards", "pragma", "proxy-authenticate"),
        *("proxy-authorization", "proxy-connection", "range", "request-range", "te", "trailer", "transfer-encoding"),
        *("upgrade", "via", "x-real-ip"),
    )
)
FORBIDDEN_HEADER_PREFIXES = ("x-amz-", "x-edge-")
#: How many custom headers an origin may have, unless the quota is raised. See
#: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html
CUSTOM_HEADERS = 30

#: Headers that CloudFront writes, or changes, on the way to the origin, in lower case: a function at origin request may
#: see another value than the cache key holds. See
#: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/RequestAndResponseBehaviorCustomOrigin.html, read
#: on 2026-11-30.
WRITTEN_BY_CLOUDFRONT = frozenset(
    (
        *("cdn-loop", "if-match", "if-modified-since", "if-none-match", "if-range", "if-unmodified-since", "range"),
        *("via", "x-amz-cf-id", "x-forwarded-for", "x-forwarded-proto"),
    )
)

#: Headers by which CloudFront does not cache, in lower case, and how others of them start. See
#: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/RequestAndResponseBehaviorCustomOrigin.html, read
#: on 2026-12-01.
NEVER_CACHED_BY = frozenset(
    (
        *("cache-control", "connection", "content-length", "cookie", "max-forwards", "pragma", "proxy-authenticate"),
        *("proxy-authorization", "proxy-connection", "request-range", "te", "trailer", "transfer-encoding", "upgrade"),
        *("x-amz-cf-id", "x-forwarded-proto", "x-real-ip"),
    )
)
NEVER_CACHED_BY_PREFIX = "x-edge-"

#: Those that a cache policy does not take, in lower case.
NOT_IN_CACHE_POLICIES = frozenset(name.lower() for name in _IN_NO_CACHE_POLICY)

#: The header, in lower case, that an origin request policy does not list: a cache policy sends it. See
#: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/add-origin-custom-headers.html, read on
#: 2026-12-01.
NOT_IN_REQUEST_POLICIES = frozenset({"authorization"})


def is_header_name(name: str) -> bool:
    """Whether HTTP has headers with a name."""
    return _NAME.fullmatch(name) is not None


def is_header_value(value: str) -> bool:
    """Whether a header may hold a value: no line breaks, and no spaces around it."""
    return _VALUE.fullmatch(value) is not None


def spelled(name: str) -> str:
    """A header's name as AWS spells it.

    Only headers that CloudFront adds are changed. One that is not listed here, because it is new, is written like them,
    unless it is given with AWS's prefix already.
    """
    lower = name.lower()
    if lower in _BY_NAME or name.startswith(_PREFIX) or not lower.startswith(_PREFIX.lower()):
        return _BY_NAME.get(lower, name)
    return _PREFIX + lower.removeprefix(_PREFIX.lower()).title()
