"""Bad input of origin groups, error pages, graceful responses and stale content.

Inputs that the CDK accepts in silence and AWS refuses at deploy, or worse, accepts as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as cloudfront_origins

from ha_patterns import (
    EdgeDistribution,
    ErrorPages,
    FailoverOriginGroup,
    GracefulResponse,
    OriginSettings,
    StaleContent,
)

from ..bad_input import (
    ERROR_CODES,
    ERRORS_PAGE,
    NUMBER,
    TEXT,
    TIME,
    Build,
    accepted,
    assert_accepted,
    assert_refused,
    bucket_endpoint,
    elsewhere,
    host_at,
    in_seconds,
    in_stack,
    make,
    origin_failover,
    origin_group,
    refused,
    shop_of,
    site_of,
)
from ..samples import (
    hybrid_failover,
    number_token,
    primary_host,
    seconds_token,
    text_token,
)

_ROLES = ("primary", "secondary")


_Methods = cloudfront.AllowedMethods


def _error_pages(stack: cdk.Stack, **given: Any) -> cloudfront.Distribution:
    """Someone else's distribution, with error pages."""
    pages = ErrorPages(stack, "Pages", **{"pages": {503: "/errors/503.html"}, **given})
    return cloudfront.Distribution(
        stack,
        "Site",
        default_behavior=cloudfront.BehaviorOptions(origin=primary_host().origin()),
        additional_behaviors=pages.behaviors,
        error_responses=pages.error_responses,
    )


def _graceful(stack: cdk.Stack, *, group: FailoverOriginGroup | None = None, **given: Any) -> cloudfront.Distribution:
    """Someone else's distribution, with graceful responses."""
    graceful = GracefulResponse(stack, "Graceful", **given)
    return cloudfront.Distribution(
        stack,
        "Site",
        default_behavior=graceful.behavior(group or origin_group(secondary=graceful.endpoint)),
        additional_behaviors=graceful.behaviors,
        error_responses=graceful.error_responses,
    )


def _stale(stack: cdk.Stack, **given: Any) -> EdgeDistribution:
    """A distribution that serves stale content."""
    stale = StaleContent(stack, "Stale", **{"origin": primary_host().origin(), **given})
    return EdgeDistribution(stack, "Site", default_behavior=stale.behavior, error_responses=stale.error_responses)


_ORIGIN_GROUPS = [
    refused(
        "writes through a group",
        in_stack(site_of, origin=make(origin_group), allowed_methods=_Methods.ALLOW_ALL),
        "behavior '*' of Test/Site allows DELETE, PATCH, POST, PUT on an origin group, which CloudFront refuses",
        "allow GET, HEAD and OPTIONS only, and give writes a behavior of their own on a single origin",
        at="Test/Site/Origin1",
    ),
    refused(
        "writes through a group on some paths",
        in_stack(shop_of, origin=make(origin_group), allowed_methods=_Methods.ALLOW_ALL),
        "behavior '/shop/*' of Test/Site allows DELETE, PATCH, POST, PUT on an origin group",
        "HybridFailover does both",
        at="Test/Site/Origin2",
    ),
    refused(
        "OPTIONS through a group without a cache",
        in_stack(site_of, origin=make(origin_group), allowed_methods=_Methods.ALLOW_GET_HEAD_OPTIONS),
        "behavior '*' of Test/Site allows OPTIONS on an origin group but does not cache it",
        "set cached_methods=CachedMethods.CACHE_GET_HEAD_OPTIONS, or allow GET and HEAD only",
        at="Test/Site/Origin1",
    ),
    *(
        refused(
            f"{code!r} as failover code",
            make(origin_group, status_codes=[503, 504, code]),
            f"status_codes must be one of 400, 403, 404, 416, 429, 500, 502, 503, 504, got {code!r}",
            "high_availability_origin_failover.html",
        )
        for code in (999, 501, 200, 0)
    ),
    *(
        refused(
            f"codes without {code}, of {what}",
            build,
            f"status_codes must include {code}, got",
            f"CloudFront counts {meaning} only where {code} is listed",
            f"add it, or say {waiver}=True",
        )
        for code, meaning, waiver, codes in (
            (503, "failing to connect", "ignore_connection_failures", [500, 502, 504]),
            (504, "a response that times out", "ignore_timeouts", [500, 502, 503]),
        )
        for what, build in (
            ("a group", make(origin_group, status_codes=codes)),
            ("an OriginFailover", in_stack(origin_failover, status_codes=codes)),
            ("a HybridFailover", in_stack(hybrid_failover, status_codes=codes)),
        )
    ),
    refused(
        "codes without 504 where only 503 is waived",
        make(origin_group, status_codes=[500], ignore_connection_failures=True),
        "status_codes must include 504, got [500]",
    ),
    *(
        refused(
            f"{code} beside its waiver",
            make(origin_group, status_codes=[503, 504], **{waiver: True}),
            f"status_codes includes {code}, which {waiver}=True says to leave out",
            "drop the one or the other",
        )
        for code, waiver in ((503, "ignore_connection_failures"), (504, "ignore_timeouts"))
    ),
    refused("no codes", make(origin_group, status_codes=[]), "status_codes must hold at least one code, got none"),
    refused(
        "a code twice",
        make(origin_group, status_codes=[503, 504, 503]),
        "status_codes must hold each code once, got [503, 504, 503]",
    ),
    *(
        refused(
            f"{what} as both members",
            make(origin_group, primary=one, secondary=two),
            "secondary must be another place than primary, got Endpoint(",
            "to ask the same host a second time, say retry_same_origin=True in place of secondary",
        )
        for what, one, two in (
            ("the same name", host_at("a.example.com"), host_at("a.example.com")),
            ("the same name, written in two ways,", host_at("a.example.com"), host_at("A.example.com.")),
            (
                "the same bucket",
                in_stack(bucket_endpoint, construct_id="One"),
                in_stack(bucket_endpoint, construct_id="Two"),
            ),
        )
    ),
    *(
        refused(
            what,
            make(origin_group, **given),
            "secondary and retry_same_origin: give exactly one of them",
            got,
        )
        for what, given, got in (
            ("a group of one", {"secondary": None}, "got secondary=None and retry_same_origin=False"),
            (
                "a retry beside a secondary",
                {"retry_same_origin": True},
                "got secondary=Endpoint(secondary.example.com) and retry_same_origin=True",
            ),
        )
    ),
    *(
        refused(
            f"a {role} known by addresses alone",
            make(origin_group, **{role: host_at(None, "203.0.113.9")}),
            "domain_name is missing: CloudFront connects to origins by name, and this endpoint has addresses only",
        )
        for role in _ROLES
    ),
    *(
        refused(
            f"an objective that {what} cannot meet",
            build,
            "recovery_time_objective of 13 s cannot be met: failover takes up to 14 s",
            "connection_attempts x (connection_timeout + response_timeout) of the primary",
            "lower these settings or raise the objective",
        )
        for what, build in (
            ("a group", make(origin_group, recovery_time_objective=in_seconds(13))),
            ("an OriginFailover", in_stack(origin_failover, recovery_time_objective=in_seconds(13))),
        )
    ),
    refused(
        "an objective for settings that only the deploy knows",
        lambda stack: origin_group(
            primary_settings=OriginSettings(response_timeout=seconds_token(stack, "Given")),
            recovery_time_objective=in_seconds(13),
        ),
        "response_timeout is a token, known only at deploy",
        "give it as a plain Duration",
    ),
    refused(
        "an objective that is a number",
        make(origin_group, recovery_time_objective=13),
        "recovery_time_objective must be a Duration",
        "got 13, an int: write Duration.seconds(13)",
    ),
]


_ERROR_PAGES = [
    refused(
        "no pages",
        in_stack(_error_pages, pages=dict[int, str]()),
        "pages must be at least one path by its status, got {}: write pages={503: '/errors/503.html'}",
    ),
    *(
        refused(
            f"a page for status {code!r}",
            in_stack(_error_pages, pages={code: "/errors/page.html"}),
            f"pages must be one of {ERROR_CODES}, got {code!r}: CloudFront has no custom response for any other",
            ERRORS_PAGE,
        )
        for code in (200, 401, 412, 415, 429, 505, 999)
    ),
    *(
        refused(
            f"a page at {path!r}",
            in_stack(_error_pages, pages={503: path}),
            f"pages must be a path of at most 255 characters that starts with /, got {path!r}",
        )
        for path in ("", "errors/503.html", "https://example.com/503.html", f"/errors/{'a' * 255}")
    ),
    refused(
        "a page with a query string",
        in_stack(_error_pages, pages={503: "/errors/page.html?code=503"}),
        "pages must be a path without a query string, got '/errors/page.html?code=503'",
        "CloudFront drops it when it fetches the page",
    ),
    *(
        refused(
            f"a page outside the folder of the pages, {path}",
            in_stack(_error_pages, pages={503: path}),
            f"pages must be paths that path_pattern /errors/* matches, got {path!r}",
            "only these are asked of the bucket",
        )
        for path in ("/503.html", "/Errors/503.html", "/errors")
    ),
    *(
        refused(
            f"a path pattern of the whole site, {pattern}",
            in_stack(_error_pages, path_pattern=pattern),
            f"path_pattern must be a folder such as /errors/*, got {pattern!r}",
            "the whole site would be asked of the pages",
        )
        for pattern in ("/*", "/", "/**")
    ),
    refused(
        "a path pattern that is no path",
        in_stack(_error_pages, path_pattern="*.html"),
        "path_pattern must be a path of at most 255 characters that starts with /, got '*.html'",
    ),
    refused(
        "a response code without its page",
        in_stack(_error_pages, response_codes={404: 200}),
        "response_codes must be one of 503, got 404: a status is replaced only together with a page, in pages",
    ),
    *(
        refused(
            f"a page sent with status {code!r}",
            in_stack(_error_pages, response_codes={503: code}),
            f"response_codes must be one of 200, {ERROR_CODES}, got {code!r}: "
            "CloudFront sends an error page with no other",
            ERRORS_PAGE,
        )
        for code in (201, 302, 429, 599)
    ),
    *(
        refused(
            f"an error caching time of status {code}",
            in_stack(_error_pages, error_ttls={code: in_seconds(5)}),
            f"error_ttls must be one of {ERROR_CODES.replace('416, ', '')}, got {code}: "
            "CloudFront lets no other be cached for a time of your own",
        )
        for code in (200, 416, 429)
    ),
    *(
        refused(
            f"an error caching time of {seconds} s",
            in_stack(_error_pages, error_ttls={503: in_seconds(seconds)}),
            f"error_ttls must be whole seconds from 1 to 31536000, got '{seconds} s'",
            "with 0 every request waits for the failing origin again, and for a bucket CloudFront makes 1 of it",
        )
        for seconds in (0, 0.5, 31536001)
    ),
    refused(
        "an error caching time that is a number",
        in_stack(_error_pages, error_ttls={503: 5}),
        "error_ttls[503] must be a Duration",
        "got 5, an int: write Duration.seconds(5)",
    ),
]


_GRACEFUL_RESPONSES = [
    refused(
        "a graceful response without a template",
        in_stack(_graceful, html=None, json=None),
        "html and json are both None: give at least one of them",
    ),
    *(
        refused(
            f"{template!r} as {argument}",
            in_stack(_graceful, **{argument: template}),
            f"{argument} must be one of path, request_id, retry_after, got {placeholder!r}",
        )
        for argument, template, placeholder in (
            ("html", "<p>{{host}}</p>", "host"),
            ("html", "<p>{{ path }}</p>", " path "),
            ("html", "<p>{{}}</p>", ""),
            ("json", {"a": ["{{cookie}}"]}, "cookie"),
        )
    ),
    *(
        refused(
            f"an answer of {what}",
            in_stack(_graceful, html=template),
            "html must be at most 999000 bytes with all placeholders filled in, got",
            "CloudFront answers 502 to anything larger",
        )
        for what, template in (
            ("1 MB", "a" * 999_001),
            ("1 MB of two-byte characters", "é" * 500_000),
            ("1 MB once it is filled in", "{{path}}" * 1_950),
        )
    ),
    refused(
        "an answer in JSON that is none",
        lambda stack: _graceful(stack, json={"a": {1}}),
        "json must be a JSON value, got {'a': {1}}",
    ),
    refused(
        "an answer in JSON with a number that JSON has not got",
        lambda stack: _graceful(stack, json=[float("nan")]),
        "json must be a JSON value, got [nan]",
    ),
    *(
        refused(
            f"{status} as the status of a graceful response",
            in_stack(_graceful, status=status),
            f"status must be one of 503, 200, got {status!r}",
        )
        for status in (500, 502, 404, 302)
    ),
    refused(
        "a time for which a 503 is cached",
        in_stack(_graceful, max_age=in_seconds(10)),
        "max_age goes with status=200 only",
    ),
    *(
        refused(
            f"a graceful 200 that is cached for {seconds} s",
            in_stack(_graceful, status=200, max_age=in_seconds(seconds)),
            f"max_age must be whole seconds from 0 to 60, got '{seconds} s'",
            "the answer is cached in place of the content",
        )
        for seconds in (61, 0.5)
    ),
    *(
        refused(
            f"clients to come back after {seconds} s",
            in_stack(_graceful, retry_after=in_seconds(seconds)),
            f"retry_after must be whole seconds from 1 to 86400, got '{seconds} s'",
        )
        for seconds in (0, 86_401, 1.5)
    ),
    refused(
        "a number as the time to come back after",
        in_stack(_graceful, retry_after=30),
        "retry_after must be a Duration",
        "got 30, an int: write Duration.seconds(30)",
    ),
    refused(
        "a graceful response for many paths",
        in_stack(_graceful, page_path="/sorry/*"),
        "page_path must be one path without *, got '/sorry/*'",
    ),
    refused(
        "a graceful response for a path with a query string",
        in_stack(_graceful, page_path="/sorry?code=503"),
        "page_path must be a path without a query string, got '/sorry?code=503'",
    ),
    refused(
        "a graceful response for what is no path",
        in_stack(_graceful, page_path="sorry"),
        "page_path must be a path of at most 255 characters that starts with /, got 'sorry'",
    ),
    refused(
        "a graceful response to a status without error page",
        in_stack(_graceful, error_codes=[429]),
        "error_codes must be one of 400, 403, 404",
    ),
    refused(
        "text for the errors that get a graceful response",
        in_stack(_graceful, error_codes="503"),
        "error_codes must be a list of whole numbers, got '503', a str",
    ),
    *(
        refused(
            f"{argument} of a graceful response that only the deploy knows",
            in_stack(_graceful, **{argument: value}),
            f"{argument}{place} is a token, known only at deploy",
        )
        for argument, place, value in (
            ("html", "", lambda stack: text_token(stack, "Html")),
            ("json", "['a'][0]", lambda stack: {"a": [text_token(stack, "Json")]}),
            ("status", "", lambda stack: number_token(stack, "Status")),
            ("retry_after", "", lambda stack: seconds_token(stack, "RetryAfter")),
        )
    ),
    refused(
        "a graceful 200 that is cached for as long as only the deploy knows",
        in_stack(_graceful, status=200, max_age=lambda stack: seconds_token(stack, "MaxAge")),
        "max_age is a token, known only at deploy",
    ),
    refused(
        "graceful responses in place of a standby that could answer",
        in_stack(_graceful, group=lambda stack: origin_group()),
        "group must be one with this endpoint as its secondary",
        "write FailoverOriginGroup(primary=..., secondary=graceful.endpoint)",
    ),
    refused(
        "graceful responses in another Region than CloudFront's",
        elsewhere(_graceful),
        "a Lambda@Edge function must be in us-east-1, got a stack in eu-west-1",
    ),
]


_STALE_CONTENT = [
    *(
        refused(
            f"content from {what}",
            in_stack(_stale, origin=origin),
            "origin must be an EndpointOrigin or a FailoverOriginGroup, got ",
            f": {way_out}",
        )
        for what, origin, way_out in (
            ("an endpoint", primary_host(), "call its .origin()"),
            (
                "an origin of the CDK",
                make(cloudfront_origins.HttpOrigin, domain_name="a.example.com"),
                "write Endpoint.http_host('origin.example.com').origin()",
            ),
        )
    ),
    *(
        refused(
            f"copies kept for {seconds} s",
            in_stack(_stale, max_ttl=in_seconds(seconds)),
            f"max_ttl must be whole seconds from 1 to 31536000, got '{seconds} s'",
            "with 0 there is no copy",
        )
        for seconds in (0, 1.5, 31536001)
    ),
    *(
        refused(
            f"copies fresh for {seconds} s",
            in_stack(_stale, default_ttl=in_seconds(seconds)),
            f"default_ttl must be whole seconds from 0 to 31536000, got '{seconds} s'",
        )
        for seconds in (0.5, 31536001)
    ),
    refused(
        "copies fresh for longer than they are kept",
        in_stack(_stale, default_ttl=in_seconds(61), max_ttl=in_seconds(60)),
        "default_ttl must be at most the max_ttl of 60 s, got '61 s': CloudFront keeps no copy longer",
    ),
    *(
        refused(
            f"a failing origin left alone for {seconds} s",
            in_stack(_stale, error_ttl=in_seconds(seconds)),
            f"error_ttl must be whole seconds from 1 to 31536000, got '{seconds} s'",
            "with 0 every request waits for the failing origin again",
        )
        for seconds in (0, 0.5, 31536001)
    ),
    *(
        refused(
            f"{argument} as a number",
            in_stack(_stale, **{argument: 5}),
            f"{argument} must be a Duration",
            "got 5, an int: write Duration.seconds(5)",
        )
        for argument in ("default_ttl", "max_ttl", "error_ttl", "recovery_time_objective")
    ),
    refused(
        "an objective that the wait for the origin misses",
        in_stack(_stale, recovery_time_objective=in_seconds(119)),
        "recovery_time_objective of 119 s cannot be met: failover takes up to 120 s (the longest wait for the origin)",
        "lower these settings or raise the objective",
    ),
    refused(
        "an objective that a patient secondary misses",
        in_stack(_stale, origin=make(origin_group), recovery_time_objective=in_seconds(223)),
        "recovery_time_objective of 223 s cannot be met: failover takes up to 224 s",
    ),
]


_ACCEPTED = [
    accepted(
        "failover code", lambda stack: site_of(stack, origin=origin_group(status_codes=[503, 504, NUMBER(stack)]))
    ),
    accepted("path of an error page", lambda stack: _error_pages(stack, pages={503: TEXT(stack)})),
    accepted(
        "status that has an error page", lambda stack: _error_pages(stack, pages={NUMBER(stack): "/errors/a.html"})
    ),
    accepted("status of an error page", lambda stack: _error_pages(stack, response_codes={503: NUMBER(stack)})),
    accepted("error caching time of a status", lambda stack: _error_pages(stack, error_ttls={503: TIME(stack)})),
    accepted("paths of the error pages", in_stack(_error_pages, path_pattern=TEXT)),
    accepted("path of graceful responses", in_stack(_graceful, page_path=TEXT)),
    accepted("error with a graceful response", lambda stack: _graceful(stack, error_codes=[NUMBER(stack)])),
    *(
        accepted(f"{argument} of copies", in_stack(_stale, **{argument: TIME}))
        for argument in ("default_ttl", "max_ttl")
    ),
    accepted("error caching time of copies", in_stack(_stale, error_ttl=TIME)),
]


@pytest.mark.parametrize(
    ("build", "says", "at"), [*_ORIGIN_GROUPS, *_ERROR_PAGES, *_GRACEFUL_RESPONSES, *_STALE_CONTENT]
)
def test_bad_input_is_refused_with_all_that_is_needed_to_mend_it(
    stack: cdk.Stack, build: Build, says: Sequence[str], at: str | None
) -> None:
    assert_refused(stack, build, says, at)


@pytest.mark.parametrize("build", _ACCEPTED)
def test_what_only_the_deploy_knows_is_let_through_to_the_template(stack: cdk.Stack, build: Build) -> None:
    assert_accepted(stack, build)
