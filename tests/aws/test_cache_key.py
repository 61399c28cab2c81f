"""The cache key of a request, and what goes to the origin, are as CloudFront's pages say."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from typing import Any

import pytest

from ha_patterns.aws.cache_key import CacheKey, Forwarded, Parse, ViewerRequest, cache_key, forwarded
from ha_patterns.aws.policies import (
    MANAGED_CACHE_POLICIES,
    MANAGED_ORIGIN_REQUEST_POLICIES,
    CachePolicy,
    OriginRequestPolicy,
    Selection,
)
from ha_patterns.topology.values import Unresolved

_NONE, _ALL = Selection("none"), Selection("all")
_OPTIMIZED = MANAGED_CACHE_POLICIES["658327ea-f89d-4fab-a63d-7e88639e58f6"]
_ALL_VIEWER = MANAGED_ORIGIN_REQUEST_POLICIES["216adef6-5c7f-47e4-b989-5492eafa07d3"]
_BUT_HOST = MANAGED_ORIGIN_REQUEST_POLICIES["b689b0a8-53d0-40ab-baf2-68738e2966ac"]
_UNKNOWN = Unresolved("the policy, which is not in these templates")


def _some(*names: str) -> Selection:
    return Selection("some", frozenset(names))


def _but(*names: str) -> Selection:
    return Selection("all-except", frozenset(names))


def _policy(**given: Any) -> CachePolicy:
    nothing: dict[str, Any] = {
        "headers": _NONE,
        "cookies": _NONE,
        "query_strings": _NONE,
        "gzip": False,
        "brotli": False,
    }
    return CachePolicy(name="own", min_ttl=0, default_ttl=60, max_ttl=60, **{**nothing, **given})


def _request_policy(**given: Selection) -> OriginRequestPolicy:
    nothing: dict[str, Any] = {"headers": _NONE, "cookies": _NONE, "query_strings": _NONE}
    return OriginRequestPolicy(name="own", **{**nothing, **given})


def _request(*headers: tuple[str, str], **given: Any) -> ViewerRequest:
    return ViewerRequest(**{"host": "www.example.com", "uri": "/a", "headers": headers, **given})


def _cookie(*values: str) -> ViewerRequest:
    return _request(*(("Cookie", value) for value in values))


def _key(request: ViewerRequest, parse: Parse | None = None, **policy: Any) -> CacheKey:
    return cache_key(_policy(**policy), request, parse=parse or Parse())


def _sent(
    request: ViewerRequest,
    policy: CachePolicy | Unresolved,
    added: OriginRequestPolicy | Unresolved | None = None,
    **given: Any,
) -> Forwarded:
    return forwarded(policy, added, request, origin="origin.example.com", **given)


def _names(lines: tuple[tuple[str, str], ...]) -> set[str]:
    return {name.lower() for name, _ in lines}


_DIFFERENT: dict[str, dict[str, Any]] = {
    "query": {"querystring": "page=1"},
    "host": {"host": "other.example.com"},
    "cookie": {"headers": (("Cookie", "session=alice"),)},
    "header": {"headers": (("X-Forwarded-Host", "evil.example.net"),)},
    "authorization": {"headers": (("Authorization", "Bearer alice"),)},
    "country": {"made": (("CloudFront-Viewer-Country", "DE"),)},
    "address": {"address": "198.51.100.7"},
    "HEAD": {"method": "HEAD"},
}


@pytest.mark.parametrize("different", _DIFFERENT.values(), ids=_DIFFERENT)
def test_by_default_nothing_but_distribution_and_path_is_in_the_key(different: dict[str, Any]) -> None:
    assert cache_key(_OPTIMIZED, _request(**different)) == cache_key(_OPTIMIZED, _request())


def test_the_path_is_in_the_key_as_it_was_sent() -> None:
    keys = {_key(_request(uri=uri)) for uri in ("/a", "/A", "/%61", "/a/", "//a", "/./a", "/b/../a")}

    assert len(keys) == 7


def test_distributions_share_nothing() -> None:
    first, second = (cache_key(_OPTIMIZED, _request(), distribution=name) for name in ("a.example", "b.example"))

    assert first != second


def test_options_is_kept_apart_from_get_and_head() -> None:
    assert _key(_request(method="GET")) == _key(_request(method="HEAD")) != _key(_request(method="OPTIONS"))


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        (("X-Plan", "a"), ("x-plan", "a"), True),
        (("X-Plan", "a"), ("X-Plan", "A"), False),
        (("X-Plan", "a"), ("X-Plan", "a "), False),
        (("X-Plan", "a"), ("X-Plan", ""), False),
        (("X-Other", "a"), ("X-Other", "b"), True),
    ],
)
def test_names_of_headers_have_no_case_and_their_values_have(
    first: tuple[str, str], second: tuple[str, str], same: bool
) -> None:
    assert (_key(_request(first), headers=_some("x-plan")) == _key(_request(second), headers=_some("x-plan"))) is same


def test_all_values_of_a_header_are_in_the_key() -> None:
    keys = [_key(_request(*(("X-Plan", each) for each in values)), headers=_some("x-plan")) for values in ("ab", "ac")]

    assert keys[0] != keys[1]


def test_a_header_that_is_there_and_empty_is_not_one_that_is_absent() -> None:
    assert _key(_request(("X-Plan", "")), headers=_some("x-plan")) != _key(_request(), headers=_some("x-plan"))


def test_the_viewers_host_is_in_the_key_where_the_policy_has_it() -> None:
    first, second = (_key(_request(host=host), headers=_some("host")) for host in ("a.example.com", "b.example.com"))

    assert first != second
    assert first.headers == (("host", ("a.example.com",)),)


def test_what_cloudfront_makes_of_the_viewer_cannot_be_sent_by_one() -> None:
    made = (("CloudFront-Viewer-Country", "DE"),)
    country = _some("cloudfront-viewer-country")
    forged = _request(("cloudfront-viewer-country", "US"), made=made)

    assert _key(forged, headers=country) == _key(_request(made=made), headers=country)
    assert _sent(forged, _policy(headers=country)).headers == made


def test_cookies_are_in_the_key_by_name_and_value_as_sent() -> None:
    plan: dict[str, Any] = {"cookies": _some("plan")}

    assert _key(_cookie("plan=a; session=1"), **plan) == _key(_cookie("session=2; plan=a"), **plan)
    assert _key(_cookie("plan=a"), **plan).cookies == ("plan=a",)
    assert len({_key(_cookie(text), **plan) for text in ("plan=a", "plan=A", "plan=%61", "PLAN=a", "")}) == 4


def test_cookies_are_sorted_by_name() -> None:
    assert _key(_cookie("b=1; a=2; B=3"), cookies=_ALL).cookies == ("B=3", "a=2", "b=1")


def test_several_cookie_headers_are_one() -> None:
    assert _key(_cookie("a=1", "b=2"), cookies=_ALL) == _key(_cookie("a=1; b=2"), cookies=_ALL)


def test_a_cookie_whose_name_starts_with_a_dollar_sign_is_removed() -> None:
    assert _key(_cookie("$Version=1; a=1"), cookies=_ALL).cookies == ("a=1",)


def test_all_cookies_but_some_are_all_but_these() -> None:
    assert _key(_cookie("a=1; b=2; c=3"), cookies=_but("b")).cookies == ("a=1", "c=3")


@pytest.mark.parametrize(
    ("parse", "cookies"),
    [
        (Parse(doubled_cookies="all"), ("a=1", "a=2")),
        (Parse(doubled_cookies="first"), ("a=1",)),
        (Parse(doubled_cookies="last"), ("a=2",)),
    ],
)
def test_of_doubled_cookies_those_count_that_the_parse_says(parse: Parse, cookies: tuple[str, ...]) -> None:
    request = _cookie("a=1; a=2")

    assert _key(request, parse, cookies=_some("a")).cookies == cookies
    assert ("Cookie", "; ".join(cookies)) in _sent(request, _policy(cookies=_some("a")), parse=parse).headers


@pytest.mark.parametrize(
    ("malformed", "cookies"),
    [("header", ()), ("cookie", ("a=1",)), ("nothing", ("a=1", "b", "c=d e"))],
)
def test_of_cookies_in_no_standard_form_that_is_left_out_which_the_parse_says(
    malformed: Any, cookies: tuple[str, ...]
) -> None:
    assert _key(_cookie("a=1; b; c=d e"), Parse(malformed_cookies=malformed), cookies=_ALL).cookies == cookies


def test_spaces_around_a_cookie_are_taken_away_or_belong_to_it() -> None:
    request = _cookie("b=2;\ta = 1")
    kept = Parse(cookie_space="kept", malformed_cookies="nothing")

    assert _key(request, cookies=_some("a")).cookies == ("a=1",)
    assert _key(request, kept, cookies=_some("a")).cookies == ()
    assert _key(request, kept, cookies=_some("\ta ")).cookies == ("\ta = 1",)


def test_the_whole_query_string_is_in_the_key_as_it_was_sent() -> None:
    queries = ("", "a=1", "a=1&b=2", "b=2&a=1", "a=1&", "A=1", "a=%31", "%61=1", "a=1&a=1")

    assert len({_key(_request(querystring=query), query_strings=_ALL) for query in queries}) == len(queries)


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ("v=1&page=2", "v=1"),
        ("page=2&v=1", "v=1"),
        ("V=1", ""),
        ("v=A", "v=A"),
        ("v", "v"),
        ("v=", "v="),
        ("v=1&v=2", "v=1&v=2"),
        ("v=2&v=1", "v=2&v=1"),
        ("v=1;page=2", "v=1;page=2"),
        ("page=2;v=1", ""),
        ("%76=1", ""),
    ],
)
def test_of_some_parameters_name_and_value_are_in_the_key_as_sent_and_in_their_order(query: str, kept: str) -> None:
    assert _key(_request(querystring=query), query_strings=_some("v")).querystring == kept


def test_all_parameters_but_some_are_all_but_these() -> None:
    assert _key(_request(querystring="a=1&v=2&b=3"), query_strings=_but("v")).querystring == "a=1&b=3"


@pytest.mark.parametrize(
    ("parse", "kept"),
    [
        (Parse(doubled_parameters="first"), "v=1&w=1"),
        (Parse(doubled_parameters="last"), "w=1&v=2"),
        (Parse(parameter_names="decoded"), "v=1&w=1&%76=3&v=2"),
    ],
)
def test_the_parse_says_which_parameters_of_a_name_count_and_how_names_are_compared(parse: Parse, kept: str) -> None:
    request = _request(querystring="v=1&w=1&%76=3&v=2")

    assert _key(request, parse, query_strings=_some("v", "w")).querystring == kept


@pytest.mark.parametrize(
    ("sent", "both", "gzip", "brotli"),
    [
        (None, None, None, None),
        ("gzip, deflate, br", "br,gzip", "gzip", "br"),
        ("br;q=1.0, gzip;q=0.8", "br,gzip", "gzip", "br"),
        ("gzip", "gzip", "gzip", None),
        ("br", "br", None, "br"),
        ("deflate", None, None, None),
        ("", None, None, None),
    ],
)
def test_accept_encoding_is_in_the_key_in_normal_form(
    sent: str | None, both: str | None, gzip: str | None, brotli: str | None
) -> None:
    request = _request(*(() if sent is None else (("Accept-Encoding", sent),)))

    for wanted, flags in ((both, (True, True)), (gzip, (True, False)), (brotli, (False, True)), (None, (False, False))):
        policy = _policy(gzip=flags[0], brotli=flags[1])
        assert cache_key(policy, request).accept_encoding == wanted, flags
        normal = None if sent is None or flags == (False, False) else wanted or "identity"
        assert dict(_sent(request, policy, _ALL_VIEWER).added).get("Accept-Encoding") == normal, flags


def test_without_compression_accept_encoding_is_a_header_like_any_other() -> None:
    request = _request(("Accept-Encoding", "zstd"))

    assert "accept-encoding" not in _names(_sent(request, _policy()).headers)
    assert ("Accept-Encoding", "zstd") in _sent(request, _policy(), _ALL_VIEWER).headers
    assert _key(request, headers=_some("accept-encoding")).headers == (("accept-encoding", ("zstd",)),)


def test_what_is_in_the_key_is_sent_to_the_origin() -> None:
    policy = _policy(headers=_some("x-plan", "host"), cookies=_some("a"), query_strings=_some("v"))
    request = _request(("x-PLAN", "1"), ("Cookie", "a=1; b=2"), ("X-Other", "2"), querystring="v=1&w=2")
    sent = _sent(request, policy)

    assert set(sent.headers) == {("Host", "www.example.com"), ("x-PLAN", "1"), ("Cookie", "a=1")}
    assert sent.querystring == "v=1"


def test_what_the_origin_request_policy_adds_is_sent_and_not_in_the_key() -> None:
    policy = _policy(cookies=_some("a"), query_strings=_some("v"))
    added = _request_policy(headers=_some("x-plan"), cookies=_some("b"), query_strings=_some("w"))
    request = _request(("X-Plan", "1"), ("Cookie", "c=3; b=2; a=1"), querystring="w=2&x=3&v=1")
    sent = _sent(request, policy, added)

    assert set(sent.headers) == {("X-Plan", "1"), ("Cookie", "a=1; b=2")}
    assert sent.querystring == "w=2&v=1"
    assert cache_key(policy, request) == cache_key(policy, _request(("Cookie", "a=1"), querystring="v=1"))


@pytest.mark.parametrize(
    ("policy", "added", "shown"),
    [
        (_NONE, None, ""),
        (_some("v"), None, ""),
        (_some("v"), _some("w"), ""),
        (_but("w"), None, ""),
        (_ALL, None, "v=1&w=2"),
        (_some("v"), _ALL, "v=1&w=2"),
        (_NONE, _ALL, "v=1&w=2"),
    ],
)
def test_a_function_sees_the_query_string_only_where_all_of_it_is_sent(
    policy: Selection, added: Selection | None, shown: str
) -> None:
    request_policy = None if added is None else _request_policy(query_strings=added)
    request = _request(querystring="v=1&w=2")

    assert _sent(request, _policy(query_strings=policy), request_policy).shown_querystring == shown


def test_cloudfront_sends_its_own_host_and_user_agent_unless_a_policy_sends_the_viewers() -> None:
    request = _request(("User-Agent", "curl"))
    alone, with_host, all_of_it = (_sent(request, _policy(), each) for each in (None, _BUT_HOST, _ALL_VIEWER))

    assert {("Host", "origin.example.com"), ("User-Agent", "Amazon CloudFront")} <= set(alone.added)
    assert ("Host", "origin.example.com") in with_host.added
    assert {("Host", "www.example.com"), ("User-Agent", "curl")} <= set(all_of_it.headers)
    assert not {"host", "user-agent"} & _names(all_of_it.added)


def test_cloudfront_sends_some_of_the_viewers_headers_though_no_policy_says_so() -> None:
    lines = (("Range", "bytes=0-9"), ("If-None-Match", '"a"'), ("If-Range", '"a"'), ("X-Forwarded-For", "203.0.113.9"))
    request = _request(*lines, ("Via", "1.1 proxy"), ("Accept", "*/*"), ("Referer", "https://a.example/"))
    sent = _sent(request, _OPTIMIZED)

    assert sent.headers == ()
    assert set(lines[:3]) <= set(sent.added)
    assert dict(sent.added)["X-Forwarded-For"] == "203.0.113.9,192.0.2.1"
    assert dict(sent.added)["Via"].startswith("1.1 proxy, ")
    assert not {"accept", "referer"} & _names(sent.added)


def test_conditional_headers_are_not_sent_on_beside_cookies() -> None:
    request = _request(("If-None-Match", '"a"'), ("If-Modified-Since", "now"), ("Cookie", "a=1"))

    assert {"if-none-match", "if-modified-since"} <= _names(_sent(request, _policy()).added)
    assert not {"if-none-match", "if-modified-since"} & _names(_sent(request, _policy(cookies=_ALL)).added)


def test_cloudfront_removes_authorization_from_reads_only() -> None:
    request = _request(("Authorization", "Bearer a"))

    assert "authorization" not in _names(_sent(request, _policy()).added)
    assert "authorization" in _names(_sent(replace(request, method="POST"), _policy()).added)


@pytest.mark.parametrize("name", ["X-Forwarded-Proto", "X-Real-IP", "X-Edge-Anything", "Connection", "TE", "Upgrade"])
def test_what_cloudfront_removes_no_policy_sends(name: str) -> None:
    sent = _sent(_request((name, "1")), _policy(headers=_some(name.lower())), _ALL_VIEWER)

    assert name.lower() not in _names(sent.headers) | _names(sent.added)


def test_of_a_policy_that_is_not_known_everything_is_in_the_key_and_sent() -> None:
    requests = [_request(**different) for name, different in _DIFFERENT.items() if name not in ("HEAD", "address")]
    keys = {cache_key(_UNKNOWN, request) for request in (_request(), *requests)}
    request = _request(("X-Plan", "1"), ("Cookie", "a=1"), querystring="v=1")

    assert len(keys) == len(requests) + 1
    for sent in (_sent(request, _UNKNOWN), _sent(request, _OPTIMIZED, _UNKNOWN)):
        assert {("X-Plan", "1"), ("Cookie", "a=1"), ("Host", "www.example.com")} <= set(sent.headers)
        assert sent.shown_querystring == "v=1"


def test_a_key_can_be_had_without_the_cdk() -> None:
    code = "import sys, ha_patterns.aws.cache_key; print([m for m in sys.modules if m in ('aws_cdk', 'jsii')])"
    found = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)

    assert found.stdout.strip() == "[]"
