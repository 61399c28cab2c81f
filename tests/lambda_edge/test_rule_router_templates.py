"""What a viewer sends is one piece of a path, a query or a header, and never more."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambda_edge.rule_router.actions import Outcome
from tests.lambda_edge.rule_samples import ALLOWED, HOST, compiled, decided, request_of


def rewritten(template: str, request: Any, path: str = "/a/*") -> str | None:
    found = decided(request, compiled(HOST, {"path": path, "then": {"rewrite": template}}))
    return found and found.outcome.uri


def location(template: str, request: Any, path: str = "/*") -> str | None:
    found = decided(request, compiled(HOST, {"path": path, "then": {"redirect": {"to": template}}}))
    return found.outcome.response["headers"]["location"][0]["value"] if found and found.outcome.response else None


def header(template: str, request: Any) -> str:
    found = decided(request, compiled(HOST, {"path": "/*", "then": {"headers": {"X-Tenant": template}}}))
    assert found is not None
    ((name, value),) = found.outcome.headers
    assert name == "X-Tenant"
    return value


@pytest.mark.parametrize(
    ("template", "uri"),
    [
        ("/v2/{rest}", "/v2/x/y.html"),
        ("/v2{path}", "/v2/a/x/y.html"),
        ("{path}", "/a/x/y.html"),
        ("/literal", "/literal"),
        ("/{host}/{method}/{rest}", "/www.example.com/GET/x/y.html"),
        ("/{cookie.t}/{header.X-B}/{query.q}/{country}", "/one/two/three%20four/DE"),
        ("/{cookie.none}/x", None),
        ("/x{cookie.none}/y", "/x/y"),
    ],
)
def test_rewriting(template: str, uri: str | None) -> None:
    request = request_of("/a/x/y.html", query="q=three+four", cookie="t=one", x_b="two", cloudfront_viewer_country="DE")

    assert rewritten(template, request) == uri


def test_what_stands_for_the_star_of_an_exact_path_is_nothing() -> None:
    assert rewritten("/b/{rest}", request_of("/a"), path="/a") == "/b/"


@pytest.mark.parametrize(
    ("value", "uri"),
    [
        ("a/b", "/t/a%2Fb/x"),
        ("..", None),
        (".", None),
        ("../..", None),
        ("..\\", None),
        ("a../..b", "/t/a..%2F..b/x"),
        ("a?b#c", "/t/a%3Fb%23c/x"),
        ("%2e%2e", "/t/%252e%252e/x"),
        ("a\\b", "/t/a%5Cb/x"),
        ("a\r\nLocation: b", "/t/a%0D%0ALocation%3A%20b/x"),
        ("\x00", "/t/%00/x"),
        ("{rest}", "/t/%7Brest%7D/x"),
        ("\u00fc", "/t/%C3%BC/x"),
        ("\ud800", "/t/%3F/x"),
        ("a" * 9000, None),
    ],
)
def test_a_value_is_one_piece_of_a_path(value: str, uri: str | None) -> None:
    assert rewritten("/t/{header.x-t}/x", request_of("/a/x", x_t=value)) == uri


@pytest.mark.parametrize(
    ("uri", "path"),
    [
        ("/a/b%2Fc%c3%a9%61", "/v2/b%2Fc%c3%a9%61"),
        ("/%61/b%c3%61", "/v2/b%c3%61"),
        ("/%61%2f%61", None),
        ("/a/b|c", "/v2/b%7Cc"),
        ("/a/b%zz%", "/v2/b%25zz%25"),
        ("/a/\\evil", "/v2/%5Cevil"),
        ("/a//evil", "/v2//evil"),
        ("/a/..%2fevil", None),
        ("/a/b%5c..%5cevil", None),
        ("/a/b\\..\\evil", None),
        ("/a/\x7f\t", "/v2/%7F%09"),
        ("/a/" + "b" * 8186, "/v2/" + "b" * 8186),
        ("/a/" + "b" * 8189, None),
    ],
)
def test_what_a_path_brings_along_keeps_its_escapes_and_gets_those_it_lacks(uri: str, path: str | None) -> None:
    assert rewritten("/v2/{rest}", request_of(uri)) == path


@pytest.mark.parametrize(
    ("template", "uri", "expected"),
    [
        ("https://new.example.com{path}?{query}", "/x", "https://new.example.com/x?q=1&r=%20"),
        ("https://new.example.com", "/x", "https://new.example.com/"),
        ("https://www.example.com/other", "/x", "https://www.example.com/other"),
        ("/login?next={path}", "/a/b", "/login?next=%2Fa%2Fb"),
        ("/login?next={header.x-t}", "/x", "/login?next=a%26b%3D%23"),
        ("/x{query.q}", "/x", "/x1"),
        # Another host, by way of the path.
        ("/{rest}", "//evil.example", None),
        ("/{rest}", "/\\evil.example", "/%5Cevil.example"),
        ("{path}?a", "//evil.example", None),
        ("/{rest}?a", "/\t/evil.example", "/%09/evil.example?a"),
        ("/b{path}", "/x/../../y", None),
        ("/b{path}", "/x/%2e%2E/y", None),
        # Itself.
        ("{path}?{query}", "/x", None),
        ("https://www.example.com{path}?{query}", "/x", None),
        ("{path}", "/x", "/x"),
    ],
)
def test_redirecting(template: str, uri: str, expected: str | None) -> None:
    assert location(template, request_of(uri, query="q=1&r=%20", x_t="a&b=#")) == expected


# Where answers are cached, what is not in the key has no say.


def outcome_where_cached(then: dict[str, Any], request: Any, *in_key: str) -> Outcome | None:
    rules = compiled(HOST, {"path": "/a/*", "then": then}, allowed=ALLOWED._replace(attributes=frozenset(in_key)))
    found = decided(request, rules)
    return found and found.outcome


@pytest.mark.parametrize("in_key", [("host",), ("host", "query.q")])
def test_the_length_of_a_query_outside_of_the_cache_key_decides_nothing(in_key: tuple[str, ...]) -> None:
    then = {"origin": "a", "rewrite": "/longer/{rest}"}
    found = outcome_where_cached(then, request_of("/a/x", query="q" * 8186), *in_key)

    assert outcome_where_cached(then, request_of("/a/x", query="q" * 8000), *in_key) == ("a", "/longer/x", (), None)
    assert found is not None
    assert found.response is not None
    assert found.response["status"] == "400"
    # Of this status CloudFront keeps none that names no time; a 414 it would keep for all who share the key.
    assert found.response["headers"]["cache-control"][0]["value"] == "no-store"


def test_the_length_of_a_query_in_the_cache_key_and_of_the_path_pass_a_rule_over() -> None:
    then = {"rewrite": "/longer/{rest}"}

    assert outcome_where_cached(then, request_of("/a/x", query="q" * 8186), "query") is None
    assert outcome_where_cached(then, request_of("/a/" + "x" * 8187)) is None


@pytest.mark.parametrize(
    ("to", "query", "in_key", "made"),
    [
        ("{path}", "x=1", (), False),
        ("https://www.example.com{path}", "x=1", (), False),
        ("https://new.example.com{path}", "", (), True),
        ("{path}?x=2", "x=1", (), False),
        ("{path}?page=1", "x=1", ("query.page",), True),
        ("{path}?page=1", "x=1&page=1", ("query.page",), False),
        ("{path}?page=1", "page=2", ("query.page",), True),
        ("{path}", "x=1", ("query.page",), False),
        ("{path}", "page=1", ("query.page",), True),
        ("{path}", "x=1", ("query",), True),
        ("{path}?{query}", "x=1", ("query",), False),
    ],
)
def test_what_a_redirect_to_itself_is_does_not_depend_on_a_query_outside_of_the_cache_key(
    to: str, query: str, in_key: tuple[str, ...], made: bool
) -> None:
    found = outcome_where_cached({"redirect": {"to": to}}, request_of("/a/x", query=query), "host", *in_key)

    assert (found is not None) is made


def test_a_query_that_is_empty_leaves_no_question_mark() -> None:
    assert location("/b?{query}", request_of("/a")) == "/b"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("a", "<a>"),
        ("a\r\nx-evil: 1", "<ax-evil: 1>"),
        ("\x00\x1b\x7f\u00fc\u2028", "<>"),
        ("a" * 5000, "<" + "a" * 1023),
    ],
)
def test_a_header_is_one_line_of_bounded_length(value: str, expected: str) -> None:
    assert header("<{header.x-t}>", request_of("/x", x_t=value)) == expected


def test_a_header_may_hold_the_path_and_the_query_as_they_are() -> None:
    assert header("{path}?{query} {host}", request_of("/a%20b", query="c=d&e")) == f"/a%20b?c=d&e {HOST}"


def test_a_rule_whose_path_cannot_be_made_is_passed_over() -> None:
    rules = compiled(
        HOST,
        {"path": "/a/*", "then": {"rewrite": "/t/{header.x-t}/{rest}"}},
        {"path": "/*", "then": {"origin": "b"}},
    )

    found = decided(request_of("/a/x", x_t=".."), rules)
    assert found is not None
    assert (found.rule, found.outcome.origin, found.outcome.uri) == (1, "b", None)


def test_answers() -> None:
    respond = {"status": 503, "body": "later", "content_type": "text/html", "max_age": 5, "retry_after": 60}
    found = decided(request_of(), compiled(HOST, {"path": "/*", "then": {"respond": respond}}))

    assert found is not None
    assert found.outcome.response == {
        "status": "503",
        "statusDescription": "Service Unavailable",
        "headers": {
            "content-type": [{"key": "Content-Type", "value": "text/html"}],
            "cache-control": [{"key": "Cache-Control", "value": "max-age=5"}],
            "retry-after": [{"key": "Retry-After", "value": "60"}],
        },
        "body": "later",
    }


def test_redirects_and_answers_are_kept_by_nobody_unless_it_is_said() -> None:
    for then in ({"redirect": {"to": "/b", "status": 301}}, {"respond": {"status": 404}}):
        found = decided(request_of(), compiled(HOST, {"path": "/*", "then": then}))

        assert found is not None
        assert found.outcome.response is not None
        assert found.outcome.response["headers"]["cache-control"][0]["value"] == "no-store"


# Whatever a viewer sends

awkward = st.text(st.sampled_from("/\\.%?#&=:@ \r\n\t\x00aA2eEfF\u00fc\ud800"), max_size=30) | st.text(max_size=10)
templates = st.lists(
    st.sampled_from(
        [*("{path}", "{rest}", "{host}", "{header.x-t}", "{cookie.c}", "{query.q}", "{country}", "{method}"), "a", "b/"]
    ),
    max_size=4,
).map(lambda parts: "/" + "".join(parts))
requests = st.builds(
    lambda uri, value, query: request_of(
        f"/{uri}", query=query, x_t=value, cookie=f"c={value}", cloudfront_viewer_country=value
    ),
    awkward,
    awkward,
    awkward,
)
SAFE_PATH = re.compile(r"/(?!/)(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/]|%[0-9A-Fa-f]{2})*")
SAFE_URL = re.compile(SAFE_PATH.pattern + r"(?:\?(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/?]|%[0-9A-Fa-f]{2})*)?")


def leaves(path: str) -> bool:
    """Whether a path has a segment that leads out of where it was."""
    segments = re.split(r"/|%2f|%5c|\\", path.lower())
    return bool({".", "..", "%2e", "%2e%2e", ".%2e", "%2e."} & set(segments))


@pytest.mark.property
@given(templates, requests)
def test_no_request_makes_a_rewritten_path_more_than_a_path(template: str, request: Any) -> None:
    uri = rewritten(template, request, path="/*")

    assert uri is None or (SAFE_PATH.fullmatch(uri) and not leaves(uri) and len(uri) <= 8190)


@pytest.mark.property
@given(
    st.sampled_from(["", "https://new.example.com"]),
    templates,
    st.sampled_from(["", "?{query}", "?a={path}"]),
    requests,
)
def test_no_request_sends_a_viewer_to_another_host(site: str, path: str, query: str, request: Any) -> None:
    to = location(site + path + query, request)

    assert to is None or (to.startswith(site) and SAFE_URL.fullmatch(to[len(site) :]))
    assert to is None or not leaves(to[len(site) :].partition("?")[0])


@pytest.mark.property
@given(templates, requests)
def test_no_request_makes_a_header_more_than_one_line(template: str, request: Any) -> None:
    assert re.fullmatch(r"[\x20-\x7e]{0,1024}", header(template, request))
