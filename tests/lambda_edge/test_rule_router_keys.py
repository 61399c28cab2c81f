"""Requests with one cache key are decided alike if an answer may be kept, however CloudFront reads them."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from hypothesis import settings

from lambda_edge.rule_router.actions import Outcome
from lambda_edge.rule_router.problems import Allowed
from lambda_edge.rule_router.rules import RuleSet, check
from tests.lambda_edge.rule_samples import ALLOWED, HOST, compiled, decided, request_of

#: A stack whose cache key holds a cookie, a parameter, a header and the host.
KEYED = ALLOWED._replace(attributes=frozenset({"cookie.plan", "query.v", "header.x-plan", "host"}))
WHOLE_QUERY = ALLOWED._replace(attributes=frozenset({"query"}))


def _to(origin: str, **when: object) -> dict[str, Any]:
    return {
        "path": "/*",
        "when": {name.replace("_", ".", 1): test for name, test in when.items()},
        "then": {"origin": origin},
    }


def _chosen(name: str, request: Any, allowed: Allowed = KEYED) -> str | None:
    """The choice of rules by whether an attribute is there, and by its value."""
    there = [{"path": "/*", "when": {name: {"equals": "pro"}}, "then": {"origin": "a"}}]
    there.append({"path": "/*", "when": {name: {"exists": True}}, "then": {"origin": "b"}})
    found = decided(request, compiled(HOST, *there, allowed=allowed))
    return found and found.outcome.origin


PRO, OTHER, ABSENT = "a", "b", None


@pytest.mark.parametrize(
    ("query", "kept", "not_kept"),
    [
        ("v=pro", PRO, PRO),
        ("a=1&v=pro&b", PRO, PRO),
        ("v=pr%6f", PRO, PRO),
        ("v=Pro", OTHER, OTHER),
        ("v", OTHER, OTHER),
        ("v=pro;w=1", OTHER, OTHER),
        ("%76=pro", ABSENT, PRO),
        ("V=pro", ABSENT, ABSENT),
        ("w=1;v=pro", ABSENT, ABSENT),
        ("v=pro&v=free", ABSENT, PRO),
        ("v=pro&v=pro", ABSENT, PRO),
        ("v&v=pro", ABSENT, OTHER),
        ("%76=free&v=pro", PRO, OTHER),
    ],
)
def test_a_parameter_is_the_one_that_is_sent_under_its_very_name(
    query: str, kept: str | None, not_kept: str | None
) -> None:
    request = request_of(query=query)

    assert _chosen("query.v", request) == kept
    assert _chosen("query.v", request, WHOLE_QUERY) == kept
    assert _chosen("query.v", request, ALLOWED) == not_kept


def test_a_plus_in_the_name_of_a_parameter_is_no_space() -> None:
    allowed = ALLOWED._replace(attributes=frozenset({"query.a+b"}))

    assert _chosen("query.a+b", request_of(query="a+b=pro"), allowed) == PRO
    assert _chosen("query.a+b", request_of(query="a%2Bb=pro"), allowed) is ABSENT
    assert _chosen("query.a+b", request_of(query="a%2Bb=pro"), ALLOWED) == PRO


@pytest.mark.parametrize(
    ("cookie", "kept", "not_kept"),
    [
        ("plan=pro", PRO, PRO),
        ("a=1; plan=pro; b=2", PRO, PRO),
        ("plan=a=b", OTHER, OTHER),
        ("plan=", OTHER, OTHER),
        ("a; plan=pro; ;;", PRO, PRO),
        ("Plan=pro", ABSENT, ABSENT),
        ("plan=pro; plan=free", ABSENT, PRO),
        ("plan=pro; plan=pro", ABSENT, PRO),
        ("plan=pro; plan =free", ABSENT, PRO),
        ("plan=pro; $plan=free", ABSENT, PRO),
        ("plan=pro; plan", ABSENT, PRO),
        ("a=1;plan=pro", ABSENT, PRO),
        ("a=1;  plan=pro", ABSENT, PRO),
        ("a=1;\tplan=pro", ABSENT, PRO),
        ("plan =pro", ABSENT, PRO),
        ("plan= pro", ABSENT, PRO),
        ("plan=pro ; a=1", ABSENT, PRO),
        ("$plan=pro", ABSENT, ABSENT),
        ("$Version=1; plan=pro", PRO, PRO),
    ],
)
def test_a_cookie_that_is_doubled_or_in_no_standard_form_is_absent(
    cookie: str, kept: str | None, not_kept: str | None
) -> None:
    request = request_of(cookie=cookie)

    assert _chosen("cookie.plan", request) == kept
    assert _chosen("cookie.plan", request, ALLOWED) == not_kept


def test_cookies_in_several_lines_are_those_of_one() -> None:
    request = request_of()
    request["headers"]["cookie"] = [{"key": "Cookie", "value": value} for value in ("a=1", "plan=pro")]
    assert _chosen("cookie.plan", request) == PRO

    request["headers"]["cookie"].append({"key": "Cookie", "value": "plan=free"})
    assert _chosen("cookie.plan", request) is ABSENT


def test_a_cookies_name_may_end_as_others_begin() -> None:
    allowed = ALLOWED._replace(attributes=frozenset({"cookie.plan$"}))

    assert _chosen("cookie.plan$", request_of(cookie="plan$=pro; plan=free"), allowed) == PRO


def test_the_values_of_a_header_are_the_same_in_one_line_and_in_two() -> None:
    for values in (["a", "b"], ["a,b"], ["a, b"], ["a ,\tb"]):
        request = request_of()
        request["headers"]["x-plan"] = [{"key": "X-Plan", "value": value} for value in values]
        for written in ("a,b", "a, b"):
            for test in ({"equals": written}, {"one_of": ["c", written]}, {"prefix": written}):
                found = decided(
                    request, compiled(HOST, _to("a", header_x=test) | {"when": {"header.x-plan": test}}, allowed=KEYED)
                )
                assert found is not None, (values, test)


def test_white_space_around_a_header_counts_for_nothing() -> None:
    for value in ("pro", "pro ", "\tpro", " pro \t"):
        request = request_of()
        request["headers"]["x-plan"] = [{"key": "X-Plan", "value": value}]
        rule = _to("a") | {"when": {"header.x-plan": {"equals": "pro"}}}
        rules = compiled(HOST, rule, allowed=KEYED)

        assert decided(request, rules) is not None, value


@pytest.mark.parametrize(
    ("to", "query", "made"),
    [
        ("{path}?v=1", "%76=1", True),
        ("{path}?v=1", "v=1&x=2", False),
        ("{path}?%76=1", "v=1", True),
        ("{path}?v=1", "v=1&v=1", True),
        ("{path}", "%76=1", False),
    ],
)
def test_what_a_redirect_to_itself_is_compares_names_as_they_are_sent(to: str, query: str, made: bool) -> None:
    rules = compiled(HOST, {"path": "/*", "then": {"redirect": {"to": to}}}, allowed=KEYED)

    assert (decided(request_of("/a", query=query), rules) is not None) is made


def test_where_answers_are_kept_the_method_is_filled_in_nowhere() -> None:
    actions: list[dict[str, Any]] = [
        {"headers": {"x-tenant": "{method}"}},
        {"rewrite": "/{method}"},
        {"redirect": {"to": "/{method}"}},
        {"redirect": {"to": "/a?m={method}"}},
    ]
    for then in actions:
        for rule in (
            {"path": "/*", "then": then},
            {"path": "/*", "choices": [{"weight": 100, "then": then}], "sticky": "cookie.plan"},
        ):
            value = {"version": 1, "rules": [rule]}
            assert check(value, ALLOWED) == []
            [problem] = check(value, KEYED)
            assert "'{method}' tells GET from HEAD" in problem.message


def test_the_whole_query_in_the_key_may_decide_as_a_whole() -> None:
    rules = compiled(
        HOST,
        {"path": "/long", "then": {"rewrite": "/longer/"}},
        {"path": "/*", "when": {"query.v": {"equals": "1"}}, "then": {"redirect": {"to": "/b?{query}"}}},
        allowed=WHOLE_QUERY,
    )

    found = decided(request_of("/a", query="v=1&x=%2f"), rules)
    assert found is not None
    assert found.outcome.response is not None
    assert found.outcome.response["headers"]["location"][0]["value"] == "/b?v=1&x=%2f"
    assert decided(request_of("/long", query="q" * 8190), rules) is None


# However it is read


class _Reading(NamedTuple):
    """One way in which CloudFront may read a request, of those that its documentation leaves open.

    Attributes:
        cookies: The keyed cookies of a Cookie header; those in the key are sent on so, and no others.
        parameters: The keyed parameters of a query string, which is sent on as a whole.
        header: The part of the key that the lines of a header make.
    """

    cookies: Callable[[str], list[tuple[str, str]]]
    parameters: Callable[[str], list[tuple[str, str]]]
    header: Callable[[list[str]], object]


def _strict(line: str) -> list[tuple[str, str]]:
    pairs = [pair.partition("=") for pair in line.split("; ")]
    return [(name, value) for name, equals, value in pairs if equals and name == "plan"]


def _lenient(line: str) -> list[tuple[str, str]]:
    pairs = [pair.partition("=") for pair in line.split(";")]
    return [("plan", value.strip()) for name, equals, value in pairs if equals and name.strip() == "plan"]


def _first(read: Callable[[str], list[tuple[str, str]]]) -> Callable[[str], list[tuple[str, str]]]:
    return lambda line: read(line)[:1]


def _last(read: Callable[[str], list[tuple[str, str]]]) -> Callable[[str], list[tuple[str, str]]]:
    return lambda line: read(line)[-1:]


def _raw(query: str) -> list[tuple[str, str]]:
    pairs = [pair.partition("=") for pair in query.split("&")]
    return [(name + equals, value) for name, equals, value in pairs if name == "v"]


def _without_equals(query: str) -> list[tuple[str, str]]:
    return [("v", value) for _, value in _raw(query)]


_READINGS = [
    _Reading(cookies, parameters, header)
    for read in (_strict, _lenient)
    for cookies in (read, _first(read), _last(read), lambda line, read=read: sorted(read(line)))
    for parameters in (_raw, _without_equals)
    for header in (tuple, ",".join, ", ".join)
]

_RULES = [
    _to("a", cookie_plan={"equals": "1"}, query_v={"exists": False}),
    {"path": "/*", "when": {"query.v": {"equals": "1"}}, "then": {"redirect": {"to": "{path}?v=1"}}},
    _to("b", cookie_plan={"exists": True}),
    {"path": "/*", "when": {"header.x-plan": {"prefix": "1,2"}}, "then": {"rewrite": "/{query.v}/{header.x-plan}"}},
    {"path": "/*", "choices": [{"weight": 50, "then": {"origin": name}} for name in "ab"], "sticky": "cookie.plan"},
]


def _drawn(draw: random.Random) -> tuple[str, list[str], str]:
    names = ["plan", "plan", "plan ", " plan", "$plan", "Plan", "x", "pl%61n"]
    pairs = [
        f"{draw.choice(names)}{draw.choice(['=', '=', ''])}{draw.choice(['1', '2', '', ' 1', '1 '])}"
        for _ in range(draw.randrange(3))
    ]
    cookie = draw.choice(["; ", "; ", ";", ";  "]).join(pairs)
    values = [draw.choice(["1", "2", "1,2", "1, 2", ""]) for _ in range(draw.randrange(3))]
    names = ["v", "v", "%76", "V", "+v", "x", ""]
    parts = [
        f"{draw.choice(names)}{draw.choice(['=', '=', ''])}{draw.choice(['1', '2', '', '%31', '+'])}"
        for _ in range(draw.randrange(3))
    ]
    return cookie.strip(), values, draw.choice(["&", "&", ";"]).join(parts)


def _outcome(rules: RuleSet, cookie: str, header: list[str], query: str) -> tuple[int, Outcome] | None:
    request = request_of("/a", query=query, **({"cookie": cookie} if cookie else {}))
    if header:
        request["headers"]["x-plan"] = [{"key": "X-Plan", "value": value} for value in header]
    found = decided(request, rules)
    return found and (found.rule, found.outcome)


@pytest.mark.property
def test_requests_with_one_key_are_decided_alike() -> None:
    draw = random.Random(20261130)  # noqa: S311 - to be repeated
    rules = compiled(HOST, *_RULES, allowed=KEYED)
    seen: dict[tuple[int, object], object] = {}
    same = 0
    for _ in range(40 * settings().max_examples):
        cookie, header, query = _drawn(draw)
        for number, reading in enumerate(_READINGS):
            cookies = reading.cookies(cookie)
            key = (tuple(cookies), tuple(reading.parameters(query)), reading.header(header) if header else None)
            forwarded = "; ".join("=".join(pair) for pair in cookies)
            outcome = _outcome(rules, forwarded, header, query)
            same += (number, key) in seen
            assert seen.setdefault((number, key), outcome) == outcome, (reading, cookie, header, query)

    assert same > 10_000
