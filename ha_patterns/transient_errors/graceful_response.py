"""Graceful responses: where the origin has failed, an answer made at the edge for the request at hand."""

from __future__ import annotations

import json as json_text
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import jsii
from aws_cdk import Duration
from aws_cdk import aws_cloudfront as cloudfront
from constructs import Construct, IValidation

from ..aws.statuses import NEVER_CACHED
from ..cdk.structs import replace_fields
from ..cdk.typed import typed
from ..cdk.validation import (
    check_choice,
    check_seconds,
    duration,
    is_token,
    refusal,
    total_seconds,
    warn,
)
from ..edge.behaviors import EdgeBehavior, behavior_name, behaviors_in, behaviors_to, distribution_parts
from ..edge.error_responses import behavior_of_page, check_error_code, check_page_path, kept_for
from ..edge.functions import EdgeFunction, refuse_tokens
from ..edge.inputs import RoutingInputs
from ..edge.regions import stack_of
from ..origins import Endpoint, OriginSettings
from .origin_failover import ORIGIN_ROLE_HEADER, FailoverOriginGroup, read_behavior

_LIMITS = "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html"
#: CloudFront resolves the name of an origin before it runs the function. This is its own API's, which resolves without
#: any part of the site, and serves nobody's content: should a request ever get there, it is refused.
_ALWAYS_THERE = "cloudfront.amazonaws.com"
_ERROR_PAGE_ROLE = "error-page"
# 1 MB with the headers; where AWS says MB, the smaller meaning.
_LARGEST_ANSWER = 1_000_000 - 1_000
# As long as the function lets a value get.
_LONGEST_VALUE = 512
_PLACEHOLDERS = ("path", "request_id", "retry_after")
_PLACEHOLDER = re.compile(r"\{\{([^{}]*)\}\}")
_ERROR_CODES = (500, 502, 504)
_LONGEST_CACHED = 60
_ERROR_TTL = duration(10)

_HTML = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Temporarily unavailable</title>
<h1>Temporarily unavailable</h1>
<p>We are working on it. Please try again in a moment.</p>
<p><small>Request {{request_id}}</small></p>
</html>
"""
_JSON = {"error": "temporarily unavailable", "path": "{{path}}", "request_id": "{{request_id}}"}


@typed
class GracefulResponse(Construct):
    """A Lambda@Edge function that answers where the origin has failed, with the request at hand in its answer.

    The guide's "This feature can be extended to generate dynamic responses on such errors", where the feature is the
    static error page. A browser gets HTML and a program JSON, by their Accept header, with a time to try again and an
    id to report.

    Two ways in, alone or together. As the secondary of an origin group, for GET and HEAD: the function runs for both
    members, lets the primary's requests pass, and answers the secondary's. As CloudFront's error page, for all
    methods and for behaviors that have no group; there the answer does not know the path that was asked for, and
    CloudFront keeps it for 10 seconds, with the request id of the first viewer. By itself it needs nothing: no
    network, no table, no bucket.

    A 503 says what is true. Browsers are told not to keep it; CloudFront keeps it for 10 seconds all the same, where
    the behavior caches (an error response for 503 with a ``ttl`` says otherwise), and may serve an expired copy in its
    place. A 200 is cached in place of the content for ``max_age``, hides the failure from clients and alarms, and keeps
    expired copies from being served.

    What a viewer sent goes into the answer in letters, digits and a few marks, the rest percent-encoded, so it can
    end neither an HTML tag nor a JSON string.

    The secondary's name is CloudFront's own API, ``cloudfront.amazonaws.com``, which is never asked: it always
    resolves, which CloudFront wants before it runs the function, and shares no outage with an origin of yours.

    The function runs on each cache miss of its behaviors, not in outages alone; each answer of its own is logged as
    one line (``EdgeFunctionLogs`` counts them).

    Creates what ``EdgeFunction`` does, and a cache policy for the page.

    Example::

        graceful = GracefulResponse(self, "Graceful", html=page, retry_after=Duration.minutes(1))
        EdgeDistribution(
            self,
            "Site",
            default_behavior=graceful.behavior(
                FailoverOriginGroup(primary=Endpoint.http_host("www.example.org"), secondary=graceful.endpoint)
            ),
            additional_behaviors=graceful.behaviors,
            error_responses=graceful.error_responses,
        )

    Args:
        html: The page, with ``{{path}}``, ``{{request_id}}`` and ``{{retry_after}}`` (seconds) where the request's
            are to stand. None for none; the Accept header is read only where there are both. Default: a plain page.
        json: The same as a JSON value, with placeholders in its strings. None for none. Default: an object with the
            error, path and request id.
        status: 503 or 200, on the failover leg. Default 503.
        max_age: How long a 200 is cached, 0 to 60 seconds; with ``status=200`` only. Default 10 seconds.
        retry_after: What clients are told to wait, 1 second to 1 day. Default 30 seconds.
        page_path: The path of the error page, and the path pattern of its behavior. Default ``/graceful-response``.
        error_codes: The errors that get the error page: 400, 403, 404, 405, 414, 416, 500, 501, 502, 503 or 504. It
            is sent with the error's own status. Default: 500, 502 and 504; with 503, the failover leg's own answers
            are replaced by the page as well.

    Attributes:
        function: The ``EdgeFunction``.
        endpoint: The secondary of an origin group that this function answers for.
        behaviors: The behavior of the error page by its path, for ``additional_behaviors``; put it first.
        error_responses: What the distribution answers for ``error_codes``; only together with ``behaviors``.

    Raises:
        ValueError: No template; an unknown placeholder; an answer that can get larger than CloudFront takes; a status
            other than 503 and 200; ``max_age`` without 200; a time out of range; a token in what is baked.

    See https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-generating-http-responses.html
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        html: str | None = _HTML,
        json: Any = _JSON,
        status: int = 503,
        max_age: Duration | None = None,
        retry_after: Duration | None = None,
        page_path: str = "/graceful-response",
        error_codes: Sequence[int] = _ERROR_CODES,
    ) -> None:
        templates = _templates(html, json)
        #: Whether it answers in HTML or JSON, by the Accept header.
        self.has_two_forms = len(templates) > 1
        refuse_tokens("status", status)
        check_choice("status", status, (503, 200), "anything else would tell clients what is not so")
        self._max_age = _max_age(status, max_age)
        retry_after = retry_after or duration(30)
        check_seconds("retry_after", retry_after, 1, 86_400, "clients come back after it, and not sooner")
        check_page_path("page_path", page_path)
        if not is_token(page_path) and "*" in page_path:
            raise refusal("page_path", "one path without *", page_path, "CloudFront asks for it as it is")
        for code in error_codes:
            check_error_code("error_codes", code)
        super().__init__(scope, construct_id)
        self.function = EdgeFunction(
            self,
            "Function",
            function="graceful_response",
            event_type=cloudfront.LambdaEdgeEventType.ORIGIN_REQUEST,
            configuration={
                "max_age": self._max_age,
                "retry_after": total_seconds("retry_after", retry_after),
                "status": status,
                "templates": templates,
            },
            inputs=RoutingInputs(headers=["accept"]) if self.has_two_forms else None,
            judges=[self._refuse_where_it_never_answers, self._refuse_long_cached],
            description="Answers where the origin has failed",
        )
        self.endpoint = Endpoint.http_host(_ALWAYS_THERE)
        page_origin = self.endpoint.origin(
            OriginSettings.fail_fast(), custom_headers={ORIGIN_ROLE_HEADER: _ERROR_PAGE_ROLE}
        )
        kept = kept_for(self, "PageCachePolicy", _ERROR_TTL, headers=["Accept"] if self.has_two_forms else [])
        self.behaviors = {page_path: self.function.behavior(page_origin, cache_policy=kept)}
        self.error_responses = [
            cloudfront.ErrorResponse(
                http_status=code,
                response_page_path=page_path,
                response_http_status=code,
                ttl=None if code == NEVER_CACHED else _ERROR_TTL,
            )
            for code in error_codes
        ]
        self.node.add_validation(_AlwaysAnswered(self))
        if status == 200:
            warn(
                self,
                "graceful-response:masked-as-200",
                "a failing origin is answered with status 200: clients and search engines take the answer for the "
                "content, alarms on errors stay silent, and expired copies are not served; keep 503 where that is not "
                "meant",
            )

    def behavior(
        self,
        group: FailoverOriginGroup,
        *,
        cache_policy: cloudfront.ICachePolicy | None = None,
        origin_request_policy: cloudfront.IOriginRequestPolicy | None = None,
    ) -> cloudfront.BehaviorOptions:
        """A behavior in which the function answers what the group's primary cannot.

        Args:
            group: A group whose secondary is ``endpoint``.
            cache_policy: Default: ``CACHING_OPTIMIZED`` for buckets, ``CACHING_DISABLED`` for anything else. With
                both templates the Accept header has to be in the key of what is cached: see
                ``function.cache_policy()``.
            origin_request_policy: Default: all that the viewer sends but the Host header; none for buckets, and none
                if the cache policy keeps answers.

        Raises:
            ValueError: A group with another secondary; answers are kept, and ``origin_request_policy`` sends what the
                cache key does not hold.
        """
        if group.secondary is not self.endpoint:
            raise refusal(
                "group",
                "one with this endpoint as its secondary",
                group.secondary,
                "the function would answer in its place; write FailoverOriginGroup(primary=..., "
                "secondary=graceful.endpoint)",
            )
        behavior = read_behavior(self, group, cache_policy, origin_request_policy)
        return replace_fields(behavior, edge_lambdas=[self.function.edge_lambda])

    def _refuse_where_it_never_answers(self, behavior: EdgeBehavior) -> str | None:
        if _role(behavior) is not None:
            return None
        return (
            "has a function that answers for an origin group's secondary, and no such secondary: give it "
            "behavior(FailoverOriginGroup(primary=..., secondary=graceful.endpoint))"
        )

    def _refuse_long_cached(self, behavior: EdgeBehavior) -> str | None:
        longest = _LONGEST_CACHED if _role(behavior) == _ERROR_PAGE_ROLE else self._max_age
        key = behavior.cache_key
        if longest is None:
            return None
        if key is None:
            return (
                "has a cache policy that cannot be seen, which may keep an answer with status 200 for longer than "
                f"{longest} s: make the policy in this stack, or take a managed one"
            )
        least = key.min_ttl
        if not key.caches or (isinstance(least, int) and least <= longest):
            return None
        time = f"at least {least} s" if isinstance(least, int) else "a least time that only the deploy knows"
        return (
            f"caches for {time}, and so an answer with status 200 for longer than {longest} s: "
            "lower min_ttl of its cache policy"
        )


@jsii.implements(IValidation)
class _AlwaysAnswered:
    """What is asked of the name that stands in is answered by a function, and by nobody else."""

    def __init__(self, owner: GracefulResponse) -> None:
        self._owner = owner

    def validate(self) -> list[str]:
        behaviors = list(behaviors_to(stack_of(self._owner), _ALWAYS_THERE))
        pages = [behavior.settings for behavior in behaviors if _role(behavior) == _ERROR_PAGE_ROLE]
        return [
            *(
                f"{behavior.name} sends what its primary cannot answer to {_ALWAYS_THERE}, and has "
                "no function that answers in its place: make it with behavior(group)"
                for behavior in behaviors
                if "origin-request" not in behavior.event_types
            ),
            *self._lost_pages(pages),
        ]

    def _warn_of_shared_pages(self, distribution: cloudfront.CfnDistribution, page: object) -> None:
        """Behaviors that keep an error page for viewers who would get the other form of it."""
        for behavior in behaviors_in(distribution):
            key = behavior.cache_key
            if behavior.path_pattern != page and behavior.caches and (key is None or "accept" not in key.headers):
                warn(
                    self._owner,
                    "graceful-response:shared-page",
                    f"{behavior.name} keeps an error page for {total_seconds('error_ttl', _ERROR_TTL)} s under a cache "
                    "key without Accept: it goes to other viewers as HTML or JSON, whichever the first one asked for, "
                    "with the first one's request id; put Accept into the cache policy, or give one of html and json",
                )

    def _lost_pages(self, pages: list[Mapping[str, Any]]) -> Iterator[str]:
        stack = stack_of(self._owner)
        (path,) = self._owner.behaviors
        page = stack.resolve(path)
        for resource in stack.node.find_all():
            if not isinstance(resource, cloudfront.CfnDistribution):
                continue
            parts = distribution_parts(resource, "defaultCacheBehavior", "cacheBehaviors", "customErrorResponses")
            responses = parts.get("customErrorResponses", ())
            shown = [response.get("responsePagePath") for response in responses if isinstance(response, dict)]
            if page not in shown:
                continue
            if self._owner.has_two_forms:
                self._warn_of_shared_pages(resource, page)
            if (first := behavior_of_page(parts, page)) not in pages:
                yield (
                    f"{behavior_name(first.get('pathPattern', '*'), resource)} takes the page of error_responses from "
                    "its own origin, which may be the one that failed: give the distribution "
                    "additional_behaviors={**graceful.behaviors}, and put that first"
                )


def _role(behavior: EdgeBehavior) -> str | None:
    """What the function is to answer for in a behavior; None where it has nothing to answer for."""
    last = behavior.origins[-1]
    if last["domainName"] != _ALWAYS_THERE:
        return None
    headers = last.get("originCustomHeaders") or ()
    return next((str(each["headerValue"]) for each in headers if each["headerName"] == ORIGIN_ROLE_HEADER), None)


def _templates(html: str | None, json: Any) -> dict[str, str]:
    # In this order: what is no JSON cannot be asked whether it is a token.
    templates = {name: text for name, text in (("html", html), ("json", _json_text(json))) if text is not None}
    refuse_tokens("html", html)
    refuse_tokens("json", json)
    if not templates:
        raise ValueError("html and json are both None: give at least one of them, there would be nothing to answer")
    for name, text in templates.items():
        placeholders = _PLACEHOLDER.findall(text)
        for placeholder in placeholders:
            check_choice(name, placeholder, _PLACEHOLDERS, "what is between {{ and }} is filled in by the function")
        size = len(text.encode()) + len(placeholders) * _LONGEST_VALUE
        if size > _LARGEST_ANSWER:
            raise refusal(
                name,
                f"at most {_LARGEST_ANSWER} bytes with all placeholders filled in",
                size,
                f"CloudFront answers 502 to anything larger, see {_LIMITS}",
            )
    return templates


def _json_text(value: Any) -> str | None:
    try:
        return None if value is None else json_text.dumps(value, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise refusal("json", "a JSON value", value, str(error)) from None


def _max_age(status: int, max_age: Duration | None) -> int | None:
    if status != 200:
        if max_age is not None:
            raise ValueError(
                "max_age goes with status=200 only: clients are told not to keep a 503, and CloudFront keeps it as "
                "long as error_responses say"
            )
        return None
    max_age = max_age or duration(10)
    why = "the answer is cached in place of the content, and stays when the origin is back"
    check_seconds("max_age", max_age, 0, _LONGEST_CACHED, why)
    return total_seconds("max_age", max_age)
