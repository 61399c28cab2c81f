"""Behaviors that keep answers: what their origin may get, which methods they take, and that no cookie is replayed.

CloudFront sends one kept answer to every viewer with the same cache key. If an origin makes its answer out of more than
the key, viewers get answers that were made for others. See
https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/controlling-the-cache-key.html, read on 2026-11-30.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from aws_cdk import Stack
from aws_cdk import aws_cloudfront as cloudfront
from constructs import Construct

from ..aws.policies import CachePolicy, OriginRequestPolicy, Selection
from ..cdk.validation import warn
from .policies import cache_policy_of, removes_set_cookie, request_policy_of

# Fetched once: each time costs a round trip to the CDK's process.
OPTIMIZED = cloudfront.CachePolicy.CACHING_OPTIMIZED
NOT_KEPT = cloudfront.CachePolicy.CACHING_DISABLED
ALL_BUT_HOST = cloudfront.OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER
_ALLOW_READS = cloudfront.AllowedMethods.ALLOW_GET_HEAD
_READS = frozenset({"GET", "HEAD"})
_OPTIONS = "OPTIONS"
_NO_SET_COOKIE = "HaPatternsNoSetCookie"
# In place of a policy that cannot be seen, which may hold nothing.
_NOTHING_KEYED = CachePolicy(
    name="unknown",
    min_ttl=0,
    default_ttl=1,
    max_ttl=1,
    headers=Selection("none"),
    cookies=Selection("none"),
    query_strings=Selection("none"),
    gzip=False,
    brotli=False,
)
# Applications tell by these who asks, and for which site, path or method.
_REFUSED = frozenset({"authorization", "cookie", "host", "forwarded", "x-http-method-override"})
_REFUSED_STARTS = ("x-forwarded-", "x-original-", "x-rewrite-")
# A bucket answers by neither cookies nor a query string. CloudFront signs its requests to a bucket with these two.
_REFUSED_OF_BUCKETS = frozenset({"authorization", "host"})
# CloudFront makes the first; AWS advises an origin request policy for telemetry, see
# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/controlling-origin-requests.html
_ACCEPTED_STARTS = ("cloudfront-",)
_ACCEPTED = frozenset({"traceparent", "tracestate", "x-amzn-trace-id"})


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that is wrong, or may be, with a behavior that keeps answers.

    Attributes:
        rule: The end of the warning's id: ``not-in-key``, ``set-cookie``, ``writes`` or ``options``.
        refused: Whether a construct refuses the behavior; if not, the finding is a warning.
        text: The message after the behavior's name: the fault, and the way out.
    """

    rule: str
    refused: bool
    text: str


@dataclass(frozen=True, kw_only=True)
class KeptBehavior:
    """The settings of a behavior that say what is kept, and for whom.

    Attributes:
        key: The cache policy; None if it cannot be seen. Answers then count as kept, under a key that holds nothing. A
            part of the key whose names only the deploy knows counts as empty, too.
        sent: The origin request policy, which says what the origin gets beside the key; None if it cannot be seen.
        methods: The methods that viewers may use.
        cached_methods: The methods whose answers are kept.
        to_buckets: Whether only S3 answers.
        passes: The parameters of the query string that an edge function lets through; None if it drops none.
        removes_set_cookie: Whether Set-Cookie is removed from answers.
    """

    key: CachePolicy | None
    sent: OriginRequestPolicy | None
    methods: frozenset[str]
    cached_methods: frozenset[str]
    to_buckets: bool = False
    passes: frozenset[str] | None = None
    removes_set_cookie: bool = False

    @property
    def keeps(self) -> bool:
        """Whether any answer may be kept."""
        return self.key is None or self.key.caches

    @property
    def may_key_cookies(self) -> bool:
        """Whether the key may hold a cookie."""
        return self.key is None or bool(self.key.cookies)

    @property
    def writes(self) -> str:
        """The methods that write, as a message lists them; empty if there are none."""
        return ", ".join(sorted(self.methods - _READS - {_OPTIONS}))

    def findings(self) -> Iterator[Finding]:
        """The faults of the behavior: none if nothing is kept, or if the origin alone decides what is kept."""
        if not self.keeps or (self.key is not None and self.key.origin_decides):
            return
        key = _surely(self.key or _NOTHING_KEYED)
        yield from self._unkeyed(key)
        # S3 sends none; and where the key has no cookie, CloudFront removes it.
        if self.may_key_cookies and not self.removes_set_cookie and not self.to_buckets:
            by = "by a cookie" if self.key else "under a key that cannot be seen from here and may hold a cookie"
            yield Finding(
                rule="set-cookie",
                refused=self.key is not None,
                text=f"keeps answers {by}, so CloudFront keeps the origin's Set-Cookie too and sends it to others: "
                "give it a response headers policy that removes Set-Cookie",
            )
        if self.writes:
            if not key.cookies.mode == key.query_strings.mode == "all":
                yield Finding(
                    rule="writes",
                    refused=True,
                    text=f"keeps answers and allows {self.writes}, whose cookies and query string do not reach the "
                    "origin unless the key holds all of them: allow GET and HEAD, and give writes a behavior of their "
                    "own with CACHING_DISABLED (HybridFailover: write_paths); or put all cookies and query strings "
                    "into the cache policy",
                )
        elif _OPTIONS in self.methods - self.cached_methods:
            yield Finding(
                rule="options",
                refused=True,
                text="keeps answers and allows OPTIONS without keeping those: set "
                "cached_methods=CachedMethods.CACHE_GET_HEAD_OPTIONS, or allow GET and HEAD only",
            )

    def _unkeyed(self, key: CachePolicy) -> Iterator[Finding]:
        if self.sent is None:
            yield Finding(
                rule="not-in-key",
                refused=False,
                text="keeps answers, and its origin request policy cannot be seen from here: answers must not depend "
                "on anything that it sends and the cache key does not hold",
            )
            return
        beyond = self.sent.beyond(key)
        refused = list(_refused_of_buckets(key, beyond) if self.to_buckets else self._refused(key, beyond))
        hidden = "" if key == self.key else " (which cannot be seen from here)"
        if refused:
            yield Finding(
                rule="not-in-key",
                refused=True,
                text=f"keeps answers and sends {', '.join(refused)} to the origin, which its cache key{hidden} does "
                "not hold, so that one viewer's answer would be another's: leave origin_request_policy out, put into "
                "the cache policy what answers depend on, or use CACHING_DISABLED; CORS headers can come from a "
                "response headers policy",
            )
        risky = [] if self.to_buckets else sorted(name for name in _named(beyond) if not _is_refused(name))
        if risky:
            yield Finding(
                rule="not-in-key",
                refused=False,
                text=f"keeps answers and sends {_headers(risky)} to the origin, which its cache key{hidden} does "
                "not hold: put into the cache policy what answers depend on",
            )

    def _refused(self, key: CachePolicy, beyond: OriginRequestPolicy) -> Iterator[str]:
        if beyond.headers.mode in {"all", "all-except"}:
            # X-Forwarded-Host is among them; so is Accept-Encoding, unless the key holds its normal form.
            yield "all headers of the viewer"
        else:
            named = sorted(filter(_is_refused, beyond.headers.names))
            yield from [_headers(named)] if named else []
        if beyond.cookies:
            yield _told("cookies", beyond.cookies)
        if beyond.query_strings and not self._query_is_keyed(key):
            yield _told("query strings", beyond.query_strings)

    def _query_is_keyed(self, key: CachePolicy) -> bool:
        """Whether the function drops every parameter that is not in the key."""
        return self.passes is not None and all(name in key.query_strings for name in self.passes)


def _surely(key: CachePolicy) -> CachePolicy:
    """A key without the parts whose names only the deploy knows."""
    headers, cookies, query_strings = (
        part if part.known else Selection("none") for part in (key.headers, key.cookies, key.query_strings)
    )
    return replace(key, headers=headers, cookies=cookies, query_strings=query_strings)


def _refused_of_buckets(key: CachePolicy, beyond: OriginRequestPolicy) -> Iterator[str]:
    # Beside all headers of the viewer, Accept-Encoding is sent as it came unless the key holds its normal form.
    raw = [] if key.gzip or key.brotli else ["accept-encoding"]
    named = sorted(name for name in (*_REFUSED_OF_BUCKETS, *raw) if name in beyond.headers)
    yield from [_headers(named)] if named else []


def _headers(names: Sequence[str]) -> str:
    return f"the header{'s' if len(names) > 1 else ''} {', '.join(names)}"


def _told(kind: str, selection: Selection) -> str:
    """Cookies or query strings as a message names them: by their names, if the policy has these."""
    return f"{kind} ({', '.join(sorted(selection.names))})" if selection.mode == "some" else kind


def _is_refused(name: str) -> bool:
    return name in _REFUSED or name.startswith(_REFUSED_STARTS)


def _named(beyond: OriginRequestPolicy) -> frozenset[str]:
    """The headers that are sent by their names, without those that are always accepted."""
    names = beyond.headers.names if beyond.headers.mode == "some" else frozenset[str]()
    return frozenset(name for name in names if name not in _ACCEPTED and not name.startswith(_ACCEPTED_STARTS))


def keeps(cache_policy: cloudfront.ICachePolicy) -> bool:
    """Whether a behavior with a cache policy may keep answers; one that cannot be seen may."""
    policy = cache_policy_of(cache_policy)
    return policy is None or policy.caches


def may_keep_for_others(behavior: cloudfront.BehaviorOptions) -> bool:
    """Whether a behavior has to be judged at all, told without a round trip to the CDK's process.

    Args:
        behavior: As it is given to a distribution. Without a cache policy, the CDK's is ``CACHING_OPTIMIZED``.
    """
    given: Mapping[str, Any] = behavior._values
    policy = given.get("cache_policy") or OPTIMIZED
    if isinstance(policy, cloudfront.CachePolicy):
        # Made in this app, and so it may still be changed.
        return True
    key = cache_policy_of(policy)
    if key is not None and (not key.caches or key.origin_decides):
        return False
    sends_more = given.get("origin_request_policy") is not None
    reads_alone = given.get("allowed_methods") in (None, _ALLOW_READS)
    return key is None or bool(key.cookies) or sends_more or not reads_alone


def behavior_fields(
    scope: Construct,
    *,
    cache_policy: cloudfront.ICachePolicy,
    origin_request_policy: cloudfront.IOriginRequestPolicy | None,
    allowed_methods: cloudfront.AllowedMethods | None = None,
    response_headers_policy: cloudfront.IResponseHeadersPolicy | None = None,
    unkept_request_policy: cloudfront.IOriginRequestPolicy | None = None,
    unkept_methods: cloudfront.AllowedMethods = _ALLOW_READS,
    to_buckets: bool = False,
    passes: frozenset[str] | None = None,
    name: str = "a behavior",
) -> Mapping[str, Any]:
    """The policies and methods of a behavior, as fields of ``BehaviorOptions``.

    A stack in which answers may be kept by a cookie gets one response headers policy, which removes ``Set-Cookie``.

    Args:
        scope: The construct that makes the behavior; a message names it.
        cache_policy: Whether answers are kept, and by which key.
        origin_request_policy: The owner's. Default: ``unkept_request_policy``; none if answers are kept, so that the
            origin gets the key.
        allowed_methods: The owner's. Default: ``unkept_methods``; GET and HEAD if answers are kept.
        response_headers_policy: The owner's. Default: none; one that removes Set-Cookie if the key may hold a cookie.
        unkept_request_policy: For a behavior that keeps nothing. Default: none.
        unkept_methods: For a behavior that keeps nothing. Default: GET and HEAD.
        to_buckets: Whether only S3 answers.
        passes: See ``KeptBehavior``.
        name: The behavior as a message calls it, before the path of ``scope``.

    Raises:
        ValueError: A finding of ``KeptBehavior`` that constructs refuse.
    """
    key = cache_policy_of(cache_policy)
    if key is not None and not key.caches:
        return {
            "cache_policy": cache_policy,
            "origin_request_policy": origin_request_policy or unkept_request_policy,
            "allowed_methods": allowed_methods or unkept_methods,
            "response_headers_policy": response_headers_policy,
        }
    methods = _READS if allowed_methods is None else frozenset(allowed_methods.methods)
    removes = response_headers_policy is None or removes_set_cookie(response_headers_policy)
    behavior = KeptBehavior(
        key=key,
        sent=request_policy_of(origin_request_policy),
        methods=methods,
        cached_methods=_READS | (methods & {_OPTIONS}),
        to_buckets=to_buckets,
        passes=passes,
        removes_set_cookie=removes,
    )
    for finding in behavior.findings():
        if finding.refused:
            raise ValueError(f"{name} of {scope.node.path} {finding.text}")
    loses_cookies = removes and not _sets_no_cookie(key, behavior.sent)
    if key is not None and key.origin_decides and behavior.writes:
        lost = [
            *([] if _is_whole(key, behavior.sent) else ["the origin does not get all their cookies and query strings"]),
            *(["Set-Cookie is removed from their answers"] if loses_cookies else []),
        ]
        if lost:
            warn(
                scope,
                "edge:writes",
                f"{name} of {scope.node.path} keeps what its origin says and allows {behavior.writes}: "
                f"{', and '.join(lost)}; give writes that need these a behavior of their own with CACHING_DISABLED",
            )
    return {
        "cache_policy": cache_policy,
        "origin_request_policy": origin_request_policy,
        "allowed_methods": allowed_methods or _ALLOW_READS,
        "cached_methods": cloudfront.CachedMethods.CACHE_GET_HEAD_OPTIONS if _OPTIONS in methods else None,
        "response_headers_policy": response_headers_policy
        or (None if _sets_no_cookie(key, behavior.sent) else _without_set_cookie(scope)),
    }


def _is_whole(key: CachePolicy, sent: OriginRequestPolicy | None) -> bool:
    """Whether the origin gets all cookies and all query strings."""
    policies: list[CachePolicy | OriginRequestPolicy] = [key, *([sent] if sent is not None else [])]
    return any(policy.cookies.mode == "all" for policy in policies) and any(
        policy.query_strings.mode == "all" for policy in policies
    )


def _sets_no_cookie(key: CachePolicy | None, sent: OriginRequestPolicy | None) -> bool:
    """Whether CloudFront is sure to remove Set-Cookie by itself, as it does if no cookie is sent on.

    See https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/Cookies.html, read on 2026-11-30.
    """
    return key is not None and sent is not None and not key.cookies and not sent.cookies


def _without_set_cookie(scope: Construct) -> cloudfront.IResponseHeadersPolicy:
    """A policy that removes Set-Cookie, one for the whole stack: an account has 20.

    Set-Cookie is not among the headers that cannot be removed, see
    https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/understanding-response-headers-policies.html#remove-headers-disallowed,
    read on 2026-11-30.
    """
    stack = Stack.of(scope)
    found: Any = stack.node.try_find_child(_NO_SET_COOKIE)
    return found or cloudfront.ResponseHeadersPolicy(
        stack,
        _NO_SET_COOKIE,
        comment="An answer that is kept for many viewers sets no cookie",
        remove_headers=["Set-Cookie"],
    )
