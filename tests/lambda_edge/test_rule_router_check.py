"""What is wrong with a set of rules: each problem with its rule, its place and the way out."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambda_edge.common.header_rules import DISALLOWED, DISALLOWED_PREFIXES, READ_ONLY
from lambda_edge.common.hosts import is_host
from lambda_edge.rule_router.actions import settable
from lambda_edge.rule_router.problems import Allowed, Problem
from lambda_edge.rule_router.rules import (
    MAX_CONDITIONS,
    MAX_IN_SET,
    MAX_RULES,
    MAX_SIZE,
    MAX_VALUES,
    MAX_WEIGHT,
    by_path,
    check,
    compile_rules,
    reads,
)
from tests.lambda_edge.rule_samples import ALLOWED, HOST, decided, request_of

#: What a stack says that caches, by one cookie, one parameter and the host.
CACHED = ALLOWED._replace(attributes=frozenset({"cookie.plan", "query.page", "host"}))
TO_A: dict[str, Any] = {"origin": "a"}


def problems(*rules: object, allowed: Allowed = ALLOWED) -> list[str]:
    return [str(problem) for problem in check({"version": 1, "rules": list(rules)}, allowed)]


def rule(**given: object) -> dict[str, object]:
    """A rule of which nothing is wrong but what is given; ``None`` leaves something out."""
    whole = {"path": "/a/*", "then": TO_A} | given
    return {key: value for key, value in whole.items() if value is not None}


def choices(*weights: object) -> list[dict[str, object]]:
    return [{"weight": weight, "then": TO_A} for weight in weights]


REFUSED: list[tuple[object, list[str]]] = [
    # Rules and their paths.
    ("a", ["rules[0]: ", "an object with path"]),
    (None, ["rules[0]: ", "an object with path"]),
    (rule(path=None), ["rules[0].path: ", "text", "nothing"]),
    (rule(path=7), ["rules[0].path: ", "7"]),
    (rule(path=""), ["rules[0].path: ", "start with '/'"]),
    (rule(path="a"), ["rules[0].path: ", "'a'", "start with '/'"]),
    (rule(path="*"), ["rules[0].path: ", "start with '/'"]),
    (rule(path="/a*"), ["rules[0].path: ", "'*' only at the end after '/'"]),
    (rule(path="/*/a"), ["rules[0].path: ", "'*' only at the end"]),
    (rule(path="/a/**"), ["rules[0].path: ", "'*' only at the end"]),
    (rule(path="/caf\u00e9"), ["rules[0].path: ", "percent-encoded"]),
    (rule(path="/a b"), ["rules[0].path: ", "percent-encoded"]),
    (rule(path="/a?b=1"), ["rules[0].path: ", "characters of a path"]),
    (rule(path="/a\n"), ["rules[0].path: ", "characters of a path"]),
    (rule(path="/%c3"), ["rules[0].path: ", "upper case"]),
    (rule(path="/100%"), ["rules[0].path: ", "percent-encoded"]),
    (rule(path="/%7Euser/*"), ["rules[0].path: ", "normal form", "'/~user/*'"]),
    (rule(path="/a/../b"), ["rules[0].path: ", "'..'", "the path that is meant"]),
    (rule(path="/a/./*"), ["rules[0].path: ", "'.'"]),
    (rule(path="/" + "a" * 1024), ["rules[0].path: ", "at most 1024", "1025"]),
    (rule(path="/a" * 65), ["rules[0].path: ", "65 slashes", "64"]),
    (rule(path="/" * 65 + "*"), ["rules[0].path: ", "65 slashes", "64"]),
    (rule(colour="red"), ["rules[0]: ", "'colour'", "choices, path, sticky, then, when"]),
    # Conditions.
    (rule(when=[]), ["rules[0].when: ", "an object", "a list"]),
    (rule(when={"colour": {"equals": "a"}}), ["rules[0].when.colour: ", "not an attribute", "cookie.NAME"]),
    (rule(when={"path": {"equals": "a"}}), ["rules[0].when.path: ", "not an attribute"]),
    (rule(when={"header.": {"equals": "a"}}), ["rules[0].when.header.: ", "not an attribute"]),
    (rule(when={"cookie.a b": {"equals": "a"}}), ["rules[0].when.cookie.a b: ", "not an attribute"]),
    (rule(when={"header.Host": {"equals": "a"}}), ["rules[0].when.header.Host: ", "is written 'host'"]),
    (rule(when={"header.cookie": {"equals": "a"}}), ["rules[0].when.header.cookie: ", "'cookie.NAME'"]),
    (rule(when={"country": "DE"}), ["rules[0].when.country: ", "an object with equals", "'DE'"]),
    (rule(when={"country": {}}), ["rules[0].when.country: ", "one test"]),
    (rule(when={"country": {"equals": "DE", "prefix": "D"}}), ["rules[0].when.country: ", "one test"]),
    (rule(when={"country": {"matches": "D."}}), ["rules[0].when.country: ", "'matches'", "one_of"]),
    (rule(when={"country": {"equals": 1}}), ["rules[0].when.country.equals: ", "text", "1"]),
    (rule(when={"country": {"one_of": []}}), ["rules[0].when.country.one_of: ", "1 to 1000"]),
    (rule(when={"country": {"one_of": ["DE", 1]}}), ["rules[0].when.country.one_of[1]: ", "text"]),
    (rule(when={"country": {"one_of": "DE"}}), ["rules[0].when.country.one_of: ", "a list", "'DE'"]),
    (rule(when={"country": {"exists": "yes"}}), ["rules[0].when.country.exists: ", "true or false"]),
    (rule(when={"country": {"exists": None}}), ["rules[0].when.country.exists: ", "true or false"]),
    # What to do.
    (rule(then=None), ["rules[0]: ", "either then or choices"]),
    (rule(choices=choices(50, 50)), ["rules[0]: ", "either then or choices"]),
    (rule(then=[]), ["rules[0].then: ", "an object", "a list"]),
    (rule(then={}), ["rules[0].then: ", "nothing to do"]),
    (rule(then={"proxy": "a"}), ["rules[0].then: ", "'proxy'", "redirect"]),
    (rule(then={"origin": "nowhere"}), ["rules[0].then.origin: ", "'nowhere'", "declared: a, b, c"]),
    (rule(then={"origin": "{cookie.a}"}), ["rules[0].then.origin: ", "declared"]),
    (rule(then={"origin": None}), ["rules[0].then.origin: ", "text"]),
    (rule(then={"origin": "a", "respond": {"status": 404}}), ["rules[0].then: ", "'respond'", "alone"]),
    (rule(then={"rewrite": "v2/{rest}"}), ["rules[0].then.rewrite: ", "start with one '/'"]),
    (rule(then={"rewrite": "{rest}"}), ["rules[0].then.rewrite: ", "start with one '/'"]),
    (rule(then={"rewrite": "//evil"}), ["rules[0].then.rewrite: ", "start with one '/'"]),
    (rule(then={"rewrite": "/\\evil"}), ["rules[0].then.rewrite: ", "characters of a path"]),
    (rule(then={"rewrite": "/a?b=1"}), ["rules[0].then.rewrite: ", "without a query"]),
    (rule(then={"rewrite": "/a/../b"}), ["rules[0].then.rewrite: ", "'..'"]),
    (rule(then={"rewrite": "/a b"}), ["rules[0].then.rewrite: ", "percent-encoded"]),
    (rule(then={"rewrite": "/{colour}"}), ["rules[0].then.rewrite: ", "'colour'", "not an attribute"]),
    (rule(then={"rewrite": "/{rest"}), ["rules[0].then.rewrite: ", "a brace only around"]),
    (rule(then={"rewrite": "/{{rest}}"}), ["rules[0].then.rewrite: ", "a brace only around"]),
    (rule(then={"rewrite": "/" + "{rest}" * 33}), ["rules[0].then.rewrite: ", "33 attributes", "32"]),
    (rule(then={"rewrite": 1}), ["rules[0].then.rewrite: ", "text"]),
    (rule(then={"headers": []}), ["rules[0].then.headers: ", "an object"]),
    (rule(then={"headers": {"Host": "a"}}), ["rules[0].then.headers.Host: ", "x-tenant, x-shop-*"]),
    (rule(then={"headers": {"x-other": "a"}}), ["rules[0].then.headers.x-other: ", "x-tenant"]),
    (rule(then={"headers": {"x-tenant": "a\r\nb"}}), ["rules[0].then.headers.x-tenant: ", "printable"]),
    (rule(then={"headers": {"x-tenant": 1}}), ["rules[0].then.headers.x-tenant: ", "text"]),
    (rule(then={"headers": {f"x-shop-{n}": "a" for n in range(33)}}), ["rules[0].then.headers: ", "33 headers", "32"]),
    # Redirects.
    (rule(then={"redirect": "/b"}), ["rules[0].then.redirect: ", "an object with max_age, status, to"]),
    (rule(then={"redirect": {}}), ["rules[0].then.redirect.to: ", "text"]),
    (rule(then={"redirect": {"to": "b"}}), ["rules[0].then.redirect.to: ", "starts with '/'"]),
    (rule(then={"redirect": {"to": "//evil.example"}}), ["rules[0].then.redirect.to: ", "one '/'"]),
    (rule(then={"redirect": {"to": "http://www.example.com/"}}), ["rules[0].then.redirect.to: ", "https://"]),
    (rule(then={"redirect": {"to": "javascript:alert(1)"}}), ["rules[0].then.redirect.to: ", "https://"]),
    (
        rule(then={"redirect": {"to": "https://evil.example/"}}),
        ["rules[0].then.redirect.to: ", "'evil.example'"],
    ),
    (rule(then={"redirect": {"to": "https://{host}/"}}), ["rules[0].then.redirect.to: ", "''", "a host"]),
    (rule(then={"redirect": {"to": "https://new.example.com:8443/"}}), ["rules[0].then.redirect.to: ", "port"]),
    (rule(then={"redirect": {"to": "https://new.example.com{rest}"}}), ["rules[0].then.redirect.to: ", "one '/'"]),
    (
        rule(then={"redirect": {"to": "https://new.example.com@evil.example/"}}),
        ["rules[0].then.redirect.to: ", "@evil"],
    ),
    (rule(then={"redirect": {"to": "/b#c"}}), ["rules[0].then.redirect.to: ", "characters of a path"]),
    (rule(then={"redirect": {"to": "/b?c d"}}), ["rules[0].then.redirect.to: ", "characters of a query"]),
    (rule(then={"redirect": {"to": "/{query}"}}), ["rules[0].then.redirect.to: ", "without a query"]),
    (rule(then={"redirect": {"to": "/b", "status": 200}}), ["rules[0].then.redirect.status: ", "301, 302"]),
    (rule(then={"redirect": {"to": "/b", "max_age": -1}}), ["rules[0].then.redirect.max_age: ", "from 0", "-1"]),
    # Answers.
    (rule(then={"respond": {}}), ["rules[0].then.respond.status: ", "from 200 to 599", "nothing"]),
    (rule(then={"respond": {"status": 302}}), ["rules[0].then.respond.status: ", "write redirect"]),
    (rule(then={"respond": {"status": True}}), ["rules[0].then.respond.status: ", "true"]),
    (rule(then={"respond": {"status": 404.0}}), ["rules[0].then.respond.status: ", "whole number"]),
    (rule(then={"respond": {"status": 404, "body": 1}}), ["rules[0].then.respond.body: ", "text"]),
    (rule(then={"respond": {"status": 404, "body": "\ud800"}}), ["rules[0].then.respond.body: ", "surrogate"]),
    (rule(when={"cookie.a": {"equals": "\ud800"}}), ["rules[0].when.cookie.a.equals: ", "surrogate"]),
    (rule(then={"respond": {"status": 404, "body": "a" * 100_001}}), ["rules[0].then.respond.body: ", "100001"]),
    (
        rule(then={"respond": {"status": 404, "content_type": "a\nb"}}),
        ["rules[0].then.respond.content_type: ", "media"],
    ),
    (rule(then={"respond": {"status": 503, "retry_after": "soon"}}), ["rules[0].then.respond.retry_after: "]),
    # Choices.
    (rule(then=None, choices=[]), ["rules[0].choices: ", "1 to 100", "0"]),
    (rule(then=None, choices=choices(50, 40)), ["rules[0].choices: ", "sum to 90", "100"]),
    (rule(then=None, choices=choices(150, -50)), ["rules[0].choices[0].weight: ", "0 to 100", "150"]),
    (rule(then=None, choices=choices("50", 50)), ["rules[0].choices[0].weight: ", "'50'"]),
    (rule(then=None, choices=[{"then": TO_A}]), ["rules[0].choices[0].weight: ", "nothing"]),
    (rule(then=None, choices=choices(100), sticky="country"), ["rules[0].sticky: ", "cookie.NAME"]),
    (rule(then=None, choices=choices(100), sticky=1), ["rules[0].sticky: ", "text"]),
    (rule(then=None, choices=choices(100), sticky="cookie."), ["rules[0].sticky: ", "not an attribute"]),
    (rule(sticky="cookie.a"), ["rules[0]: ", "without choices"]),
]


@pytest.mark.parametrize(("wrong", "said"), REFUSED)
def test_what_is_wrong_is_said_with_its_place_and_the_way_out(wrong: object, said: list[str]) -> None:
    found = problems(wrong)

    assert any(all(fragment in problem for fragment in said) for problem in found), found
    assert found[0].startswith(said[0])


@pytest.mark.parametrize(
    "path", ["/a\n/b", "/a\n", "\n", "", "a", "/a/../b", "/%7e", "/*/b", f"/{'a' * 5000}", 1, None]
)
def test_a_bad_path_is_left_out_and_takes_no_good_one_with_it(path: object) -> None:
    good = [{"path": f"/{name}/*"} for name in "abc"]

    (exact, prefixes, _, _), found = by_path([*good[:2], {"path": path}, good[2]])

    assert (exact, list(prefixes)) == ({}, ["/a/", "/b/", "/c/"])
    assert [problem.rule for problem in found] == [2]


@pytest.mark.parametrize("wrong", [wrong for wrong, _ in REFUSED])
def test_what_is_wrong_is_left_out_and_told_and_the_other_rules_stay(wrong: object) -> None:
    skipped: list[Problem] = []
    value = {"version": 1, "rules": [wrong, {"path": "/a/*", "then": {"origin": "b"}}]}
    rules = compile_rules(HOST, value, ALLOWED, skipped.extend)

    found = decided(request_of("/a/x"), rules) if rules else None
    assert found is not None
    assert (found.rule, found.outcome.origin) == (1, "b")
    assert {problem.rule for problem in skipped} <= {0}


WHOLE: list[tuple[object, str]] = [
    (None, "must be an object with rules, version, got nothing"),
    ([], "must be an object with rules, version, got a list"),
    ("rules", "must be an object with rules, version, got 'rules'"),
    ({"version": 1, "rules": [], "colour": 1}, "'colour' is not known here; write rules, version"),
    ({"rules": []}, "version: must be a whole number from 1 to 9007199254740992, got nothing"),
    ({"version": 0, "rules": []}, "version: must be a whole number from 1 to 9007199254740992, got 0"),
    ({"version": True, "rules": []}, "version: must be a whole number from 1 to 9007199254740992, got true"),
    ({"version": 1}, "rules: must be a list of rules"),
    ({"version": 1, "rules": {}}, "rules: must be a list of rules"),
]


@pytest.mark.parametrize(("value", "said"), WHOLE)
def test_a_set_that_is_malformed_as_a_whole_is_none(value: object, said: str) -> None:
    told: list[Problem] = []

    assert [str(problem) for problem in check(value, ALLOWED)] == [said]
    assert compile_rules(HOST, value, ALLOWED, told.extend) is None
    assert [str(problem) for problem in told] == [said]


def test_an_example_in_the_documentation_has_nothing_wrong() -> None:
    from lambda_edge.rule_router import rules

    assert rules.__doc__ is not None
    text = rules.__doc__.partition("::\n")[2].partition("\n``version``")[0]
    allowed = Allowed(
        frozenset({"eu", "stable", "canary"}), frozenset({"www.example.com"}), ("x-plan",), attributes=None
    )

    assert check(json.loads(text), allowed) == []
    assert reads(json.loads(text), allowed) == {"country", "cookie.plan", "cookie.session", "query"}


# What is cached


def test_where_answers_are_cached_a_rule_reads_what_is_in_the_cache_key_only() -> None:
    fine = {"cookie.plan": {"equals": "a"}, "query.page": {"exists": True}, "method": {"one_of": ["GET", "HEAD"]}}
    assert problems(rule(when=fine, then={"rewrite": "/{host}{path}"}), allowed=CACHED) == []

    for when in ({"cookie.other": {"equals": "a"}}, {"country": {"equals": "DE"}}, {"query.a": {"exists": True}}):
        [found] = problems(rule(when=when), allowed=CACHED)
        assert found.startswith("rules[0]: reads ")
        assert "not in the cache key" in found
        assert "cookie.plan, host, query.page" in found
        assert problems(rule(when=when)) == []
    for then in ({"headers": {"x-tenant": "{header.x-a}"}}, {"redirect": {"to": "/b?{query}"}}):
        assert "not in the cache key" in problems(rule(then=then), allowed=CACHED)[0]
        assert problems(rule(then=then)) == []


def test_the_whole_query_string_in_the_key_holds_each_parameter() -> None:
    allowed = ALLOWED._replace(attributes=frozenset({"query"}))

    assert (
        problems(rule(when={"query.a": {"exists": True}}, then={"redirect": {"to": "/b?{query}"}}), allowed=allowed)
        == []
    )


def test_where_answers_are_cached_a_choice_is_sticky_by_the_cache_key() -> None:
    split = choices(50, 50)

    [found] = problems(rule(then=None, choices=split), allowed=CACHED)
    assert "the first draw would be everybody's" in found
    assert problems(rule(then=None, choices=split)) == []
    assert problems(rule(then=None, choices=split, sticky="cookie.plan"), allowed=CACHED) == []
    [found] = problems(rule(then=None, choices=split, sticky="cookie.other"), allowed=CACHED)
    assert "'cookie.other', which is not in the cache key" in found


@pytest.mark.parametrize(
    ("test", "refused"),
    [
        ({"equals": "GET"}, True),
        ({"one_of": ["HEAD", "OPTIONS"]}, True),
        ({"prefix": "H"}, True),
        ({"one_of": ["GET", "HEAD"]}, False),
        ({"equals": "POST"}, False),
        ({"exists": True}, False),
    ],
)
def test_where_answers_are_cached_a_method_test_does_not_tell_get_from_head(
    test: dict[str, object], refused: bool
) -> None:
    found = problems(rule(when={"method": test}), allowed=CACHED)

    assert [text.startswith("rules[0].when.method: tells GET from HEAD") for text in found] == [True] * refused
    assert problems(rule(when={"method": test})) == []


# What is never reached


def test_a_rule_that_an_earlier_one_leaves_nothing_is_said() -> None:
    germany, austria = {"country": {"equals": "DE"}}, {"country": {"equals": "AT"}}

    assert problems(rule(when=germany), rule(when=austria), rule(), rule(path="/a")) == []
    [found] = problems(rule(), rule(when=germany))
    assert found.startswith("rules[1]: is never reached: rules[0] has the same path and has no conditions")
    [found] = problems(rule(when=germany), rule(when=dict(germany)))
    assert found.startswith("rules[1]: is never reached: rules[0] has the same path and has the same conditions")
    assert problems(rule(when={}), rule()) == problems(rule(), rule())


# The limits of what one request can meet


def _by_country(count: int, path: str = "/a/*", start: int = 0) -> list[dict[str, object]]:
    return [rule(path=path, when={"country": {"equals": str(number)}}) for number in range(start, start + count)]


def test_a_path_has_at_most_256_rules() -> None:
    assert MAX_RULES == 256
    assert problems(*_by_country(255), rule(), rule(path="/*")) == []
    assert problems(*_by_country(255), "wrong", rule()) != []

    [found] = problems(*_by_country(300), *_by_country(256, "/b"), rule(path="/*"))
    assert found.startswith("rules[256].path: is that of more than 256 rules")
    assert "one_of" in found
    assert "longer paths" in found


def test_a_path_and_the_prefixes_above_it_have_at_most_768_conditions() -> None:
    assert MAX_CONDITIONS == 768
    three = [*_by_country(256, "/*"), *_by_country(256, "/a/*"), *_by_country(256, "/a/b")]
    assert problems(*three, *_by_country(256, "/b/*"), *_by_country(256, "/a/c")) == []

    [found] = problems(*three, *_by_country(256, "/a/b/*"), rule(path="/a/b/"))
    assert found.startswith("rules[1024].path: has more than 768 conditions to look at for one request")
    assert "one_of" in found
    four = {name: {"exists": True} for name in ("country", "cookie.a", "cookie.b", "cookie.c")}
    deep = [
        rule(path=f"/{'a/' * depth}*", when=four | {f"cookie.{n}": {"exists": True}})
        for depth in range(63)
        for n in range(4)
    ]
    assert [found.partition(":")[0] for found in problems(*deep)][:2] == ["rules[152].path", "rules[156].path"]


@pytest.mark.parametrize("count", [256, 257, 5000])
def test_of_a_path_with_more_rules_than_were_checked_the_first_256_count_and_that_is_told(count: int) -> None:
    told: list[Problem] = []
    value = {
        "version": 1,
        "rules": [*_by_country(count - 1), rule(then={"origin": "b"}), rule(path="/*", then={"origin": "c"})],
    }
    rules = compile_rules(HOST, value, ALLOWED, told.extend)
    assert rules is not None

    found = decided(request_of("/a/x"), rules)
    assert found is not None
    assert found.rule == (255 if count == 256 else count)
    last_that_counts = decided(request_of("/a/x", cloudfront_viewer_country="254"), rules)
    assert last_that_counts is not None
    assert last_that_counts.rule == 254
    assert told == check(value, ALLOWED, max_size=None)
    assert len(told) == (count > 256)


def test_of_prefixes_with_more_conditions_than_were_checked_the_most_specific_count_and_that_is_told() -> None:
    told: list[Problem] = []
    paths = ["/*", "/a/*", "/a/a/*", "/a/a/a/*"]
    rules = [
        each
        for path in paths
        for each in (*_by_country(254, path), rule(path=path, when={"country": {"equals": path}}))
    ]
    value = {"version": 1, "rules": rules}
    compiled_rules = compile_rules(HOST, value, ALLOWED, told.extend)
    assert compiled_rules is not None

    for place, path in enumerate(paths):
        found = decided(request_of("/a/a/a/x", cloudfront_viewer_country=path), compiled_rules)
        assert (found and found.rule) == (255 * place + 254 if place else None)
    assert set(told) == set(check(value, ALLOWED))


def _one_of(count: int, path: str, country: str = "") -> dict[str, object]:
    return rule(path=path, when={"country": {"one_of": [f"{country}{number}" for number in range(count)]}})


def test_a_path_and_the_prefixes_above_it_have_at_most_20_000_values() -> None:
    assert MAX_VALUES == 20_000
    ten = [_one_of(1000, path, f"{number}-") for path in ("/*", "/a/*") for number in range(10)]

    assert problems(*ten, _one_of(1000, "/b/*")) == []
    [found] = problems(*ten, _one_of(1, "/a/b"))
    assert found.startswith("rules[20].path: has more than 20000 values of one_of to look at for one request")


def test_of_prefixes_with_more_values_than_were_checked_the_most_specific_count_and_that_is_told() -> None:
    told: list[Problem] = []
    value = {
        "version": 1,
        "rules": [rule(path="/*"), *(_one_of(1000, "/a/*", f"{number}-") for number in range(20)), _one_of(1, "/*")],
    }
    rules = compile_rules(HOST, value, ALLOWED, told.extend)
    assert rules is not None

    found = decided(request_of("/a/x", cloudfront_viewer_country="19-999"), rules)
    assert (found and found.rule) == 20
    assert decided(request_of("/a/x"), rules) is None
    assert [str(problem)[:20] for problem in told] == ["rules[1].path: has m"]
    assert decided(request_of("/b"), rules) is not None


def test_a_path_and_the_prefixes_above_it_weigh_at_most_256_kib() -> None:
    def page(path: str) -> dict[str, object]:
        return rule(path=path, then={"respond": {"status": 404, "body": "x" * 90_000}})

    assert MAX_WEIGHT == 256 * 1024
    assert problems(page("/*"), page("/a/*"), page("/b/*")) == []
    value = {"version": 1, "rules": [page("/*"), page("/a/*"), page("/a/b")]}
    [found] = check(value, ALLOWED, max_size=None)
    assert str(found).startswith("rules[2].path: has more than 262144 bytes of rules as JSON to read for one request")


@pytest.mark.parametrize(
    ("then", "count", "said"),
    [
        ({"headers": {"x-tenant": "a", "x-shop-a": "b"}}, 65, "set 130 headers together"),
        ({"rewrite": "/{host}{path}"}, 65, "name 130 attributes together"),
        ({"redirect": {"to": "/{host}{path}"}}, 65, "name 130 attributes together"),
    ],
)
def test_the_choices_of_a_rule_together_set_and_name_a_bounded_number(
    then: dict[str, object], count: int, said: str
) -> None:
    def weighted(number: int) -> dict[str, object]:
        first = {"weight": 101 - number, "then": then}
        return rule(then=None, choices=[first, *[{"weight": 1, "then": then}] * (number - 1)])

    assert problems(weighted(count - 1)) == []
    [found] = problems(weighted(count))
    assert found.startswith(f"rules[0].choices: {said}")
    assert "may" in found
    assert "128" in found


@pytest.mark.parametrize("allowed", [ALLOWED, ALLOWED._replace(attributes=frozenset({"header.x-a", "country"}))])
def test_values_outside_ascii_are_fine_and_half_of_a_pair_is_told(allowed: Allowed) -> None:
    for test in ({"equals": "\u00fc"}, {"one_of": ["a", "\u00fc"]}, {"prefix": "\U0001f600"}):
        assert problems(rule(when={"header.x-a": test}), allowed=allowed) == []
    for test in ({"equals": "\ud800"}, {"one_of": ["a", "\ud800", "\udc00"]}, {"one_of": ["a" * 2049]}):
        assert problems(rule(when={"header.x-a": test}), allowed=allowed)


def test_all_that_is_wrong_is_said_at_once_in_the_order_of_the_rules() -> None:
    found = problems(
        rule(path="a", then={"origin": "nowhere", "rewrite": "x"}), rule(), rule(when={"colour": {}, "country": {}})
    )

    assert [problem.partition(": ")[0] for problem in found] == [
        "rules[0].path",
        "rules[0].then.origin",
        "rules[0].then.rewrite",
        "rules[2].when.colour",
        "rules[2].when.country",
    ]


def test_a_set_is_at_most_what_an_item_holds() -> None:
    body = {"respond": {"status": 404, "body": "\u00fc" * 40_000}}
    rules = [rule(path=f"/{number}", then=body) for number in range(5)]

    [found] = problems(*rules)
    assert found.startswith("rules: weigh 400")
    assert str(MAX_SIZE) in found
    assert check({"version": 1, "rules": rules}, ALLOWED, max_size=None) == []


def test_a_host_of_a_table_or_bucket_has_a_bounded_number_of_rules() -> None:
    rules = {"version": 1, "rules": [{"path": f"/{number:x}", "then": TO_A} for number in range(MAX_IN_SET)]}
    more = {"version": 1, "rules": [*rules["rules"], {"path": "/one-more", "then": TO_A}]}  # type: ignore[misc]

    assert check(rules, ALLOWED) == []
    [found] = map(str, check(more, ALLOWED))
    assert found == f"rules: are {MAX_IN_SET + 1}, and a host may have {MAX_IN_SET}: use prefixes, or wildcard hosts"
    # Those of an asset are read by path.
    assert check(more, ALLOWED, max_size=None) == []


def test_all_templates_of_a_rule_together_name_a_bounded_number_of_attributes() -> None:
    def said(count: int) -> list[str]:
        headers = {f"x-{number}": "{cookie.a}" * (count // 8) for number in range(8)}
        return problems(rule(then={"headers": headers}), allowed=Allowed(request_headers=("*",)))

    assert said(64) == []
    assert said(72) == ["rules[0].then: names 72 attributes in its headers and rewrite, and a rule may name 64"]


def test_headers_that_cloudfront_owns_can_never_be_let() -> None:
    never = [
        "host",
        "x-amz-cf-id",
        "x-edge-a",
        "x-ha-edge-a",
        "via",
        "if-match",
        "x-forwarded-for",
        "cookie",
        *("client-cert", "client-cert-chain", "cloudfront-viewer-cert-pem"),
        *DISALLOWED,
        *(f"{prefix}a" for prefix in DISALLOWED_PREFIXES),
        *READ_ONLY["origin-request"],
        "a b",
        "",
    ]

    assert [name for name in never if settable(name)] == []
    assert settable("x-tenant")
    everything = Allowed(request_headers=("*",))
    assert [name for name in never if not problems(rule(then={"headers": {name: "a"}}), allowed=everything)] == []


@pytest.mark.parametrize(
    ("name", "good"),
    [
        ("*", True),
        ("www.example.com", True),
        ("*.example.com", True),
        ("localhost", True),
        ("WWW.example.com", False),
        ("*.*.com", False),
        ("a.*", False),
        ("**", False),
        ("#origins", False),
        ("a..b", False),
        ("-a.com", False),
        ("a.com\n", False),
        ("", False),
    ],
)
def test_the_names_under_which_rules_are_kept(name: str, good: bool) -> None:
    assert is_host(name) is good


# Whatever is written


words = st.sampled_from(
    [
        *("version", "rules", "path", "when", "then", "choices", "sticky", "origin", "rewrite", "headers", "redirect"),
        *("respond", "to", "status", "body", "weight", "equals", "one_of", "prefix", "exists", "country", "cookie.a"),
        *("/a/*", "/a", "a", "x-tenant", "{path}", "/{rest}", "https://new.example.com/"),
    ]
)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | words,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words | st.text(max_size=4), inner, max_size=4),
    max_leaves=12,
)
rules_of_anything = st.fixed_dictionaries({"version": st.just(1), "rules": st.lists(anything, max_size=4)})
nearly_rules = st.fixed_dictionaries(
    {"path": words | st.just("/a/*")},
    optional={"when": anything, "then": anything, "choices": anything, "sticky": anything},
)
sets = (
    anything
    | rules_of_anything
    | st.fixed_dictionaries({"version": st.just(1), "rules": st.lists(nearly_rules, min_size=1, max_size=4)})
)


@pytest.mark.property
@given(sets, st.sampled_from([ALLOWED, CACHED]))
def test_no_value_makes_it_raise_and_what_check_passes_is_what_the_edge_runs(value: object, allowed: Allowed) -> None:
    found = check(value, allowed)
    skipped: list[Problem] = []
    rules = compile_rules(HOST, value, allowed, skipped.extend)
    reads(value, allowed)
    if rules is not None:
        decided(request_of("/a/x"), rules)

    assert all(problem.message for problem in found)
    never_reached = "is never reached"
    assert set(skipped) <= {problem for problem in found if never_reached not in problem.message}


@pytest.mark.parametrize("value", [b"\0" * 350_000, "x" * 350_000, [0] * 350_000, {"x" * 350_000: 1}, 1e300])
def test_what_is_shown_of_a_value_is_short(value: object) -> None:
    for wrong in (value, {"version": value, "rules": []}, {"version": 1, "rules": value}):
        told: list[Problem] = []
        compile_rules(HOST, wrong, ALLOWED, told.extend)

        assert told
        assert max(len(str(problem)) for problem in told) < 1100


def test_a_value_nested_beyond_measure_is_a_problem_and_no_error() -> None:
    deep: Any = "a"
    for _ in range(100_000):
        deep = [deep]

    assert problems(rule(when=deep)) != []
    assert problems(rule(then={"origin": deep})) != []
