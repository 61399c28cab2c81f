"""Which errors CloudFront can answer otherwise, and how: judged here, since the CDK lets anything through."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from aws_cdk import Duration
from aws_cdk import aws_cloudfront as cloudfront
from constructs import Construct

from ..aws.path_patterns import matches
from ..aws.statuses import ERROR_CODES, RESPONSE_CODES
from ..cdk.validation import check_choice, check_path, check_seconds, is_token, refusal

_PAGE = "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/GeneratingCustomErrorResponses.html"
#: The one of the error codes that is never cached, and so has no caching time.
NEVER_CACHED = 416
_YEAR = 365 * 24 * 3600


def check_error_code(argument: str, code: object) -> None:
    """Refuse a status that CloudFront answers as it is, whatever is configured; tokens pass."""
    check_choice(argument, code, ERROR_CODES, f"CloudFront has no custom response for any other, see {_PAGE}")


def check_response_code(argument: str, code: object) -> None:
    """Refuse a status that CloudFront sends no error page with; tokens pass."""
    check_choice(argument, code, RESPONSE_CODES, f"CloudFront sends an error page with no other, see {_PAGE}")


def check_page_path(argument: str, path: str) -> None:
    """Refuse what cannot be the path of an error page; tokens pass."""
    check_path(argument, path, "CloudFront asks its own behaviors for it")
    if not is_token(path) and "?" in path:
        raise refusal(argument, "a path without a query string", path, "CloudFront drops it when it fetches the page")


def check_error_ttl(argument: str, ttl: Duration) -> None:
    """Refuse an error caching minimum TTL of 0, or of more than a year; tokens pass."""
    why = "with 0 every request waits for the failing origin again, and for a bucket CloudFront makes 1 of it"
    check_seconds(argument, ttl, 1, _YEAR, why)


def check_error_responses(argument: str, responses: Sequence[cloudfront.ErrorResponse]) -> None:
    """Refuse what CloudFront refuses at deploy; tokens pass."""
    for response in responses:
        code, page, sent_as = response.http_status, response.response_page_path, response.response_http_status
        check_error_code(argument, code)
        if sent_as is not None:
            check_response_code(argument, sent_as)
            if page is None:
                raise ValueError(
                    f"{argument} of {code} has response_http_status {sent_as} and no response_page_path: "
                    f"CloudFront takes both or neither; add the path of a page, see {_PAGE}"
                )
        if page is not None:
            check_page_path(argument, page)
        elif response.ttl is None:
            raise ValueError(f"{argument} of {code} says nothing: give it a ttl, a response_page_path, or both")
    codes = [response.http_status for response in responses]
    twice = sorted({code for code in codes if not is_token(code) and codes.count(code) > 1})
    if twice:
        raise ValueError(
            f"{argument} must hold each code once, got {', '.join(map(str, twice))} more than once: CloudFront refuses "
            "duplicates; one entry has both page and TTL (ErrorPages takes error_ttls)"
        )


def kept_for(
    scope: Construct, construct_id: str, time: Duration, *, headers: Sequence[str] = ()
) -> cloudfront.CachePolicy:
    """A cache policy for the behavior of an error page, which keeps it for exactly some time.

    "If you also configured a cache behavior for the same custom error page, CloudFront uses the cache behavior TTL
    instead" of the error caching minimum TTL, says
    https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/HTTPStatusCodes.html; the page
    custom-error-pages-expiration.html knows the latter only (both read on 2026-11-30). With one time for both, either
    is true, whatever ``Cache-Control`` the page comes with.

    Args:
        scope: Where it is made.
        construct_id: Its id.
        time: The time.
        headers: The headers in the cache key. Default: none.
    """
    return cloudfront.CachePolicy(
        scope,
        construct_id,
        comment=f"Keeps the error pages of {scope.node.path}"[:128],
        min_ttl=time,
        default_ttl=time,
        max_ttl=time,
        header_behavior=cloudfront.CacheHeaderBehavior.allow_list(*headers) if headers else None,
        enable_accept_encoding_gzip=True,
        enable_accept_encoding_brotli=True,
    )


def behavior_of_page(parts: Mapping[str, Any], page: object) -> Mapping[str, Any]:
    """The behavior that CloudFront asks for an error page: the first whose pattern matches the page's path.

    Args:
        parts: ``cacheBehaviors`` and ``defaultCacheBehavior`` of a distribution, as the template has them.
        page: The path, as the template has it. What only the deploy knows matches itself.
    """
    behaviors: list[Mapping[str, Any]] = [*parts.get("cacheBehaviors", ()), parts["defaultCacheBehavior"]]
    return next(behavior for behavior in behaviors if serves_page(behavior.get("pathPattern", "*"), page))


def serves_page(pattern: object, page: object) -> bool:
    """Whether a path pattern matches a page's path, both as the template has them."""
    if pattern in (page, "*"):
        return True
    return isinstance(pattern, str) and isinstance(page, str) and matches(pattern, page)
