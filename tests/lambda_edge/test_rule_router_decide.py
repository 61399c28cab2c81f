"""Which rule decides: equal to a matcher that is written to be read, and as fast for any URI."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambda_edge.common.hosts import host_of, hosts_of
from lambda_edge.rule_router import templates
from lambda_edge.rule_router.decide import MOST_PASSED_OVER
from lambda_edge.rule_router.problems import Problem
from lambda_edge.rule_router.rules import RuleSet, compile_rules, percentile
from tests.lambda_edge.rule_samples import ALLOWED, HOST, compiled, decided, origin_of, request_of


def to(origin: str, path: str, **when: object) -> dict[str, Any]:
    """A rule that sends a path to an origin; ``cookie_plan=...`` is a condition on ``cookie.plan``."""
    rule: dict[str, Any] = {"path": path, "then": {"origin": origin}}
    return rule | ({"when": {name.replace("_", ".", 1): test for name, test in when.items()}} if when else {})


@pytest.mark.parametrize(
    ("uri", "origin"),
    [
        ("/shop/cart", "a"),
        ("/shop/cart/", "b"),
        ("/shop/", "b"),
        ("/shop", "c"),
        ("/shopping/x", "c"),
        ("/SHOP/cart", "c"),
        ("/", "c"),
        ("//shop/cart", "c"),
        ("/shop//cart", "b"),
        ("/shop/../admin", "c"),
        ("/shop/%2E%2e/admin", "c"),
        ("/shop/.", "c"),
        ("/shop/..%2fadmin", "c"),
        ("/shop/x%2F%2e%2e%5cadmin", "c"),
        ("/shop/x\\..\\admin", "c"),
        ("/shop/a..%2Fb", "b"),
        ("/shop/%252e%252e%252fadmin", "b"),
        ("/shop/.well-known", "b"),
        ("/shop/a..b", "b"),
        ("/%73hop/cart", "a"),
        ("/shop%2Fcart", "c"),
        ("/shop/%63art", "a"),
    ],
)
def test_the_exact_path_goes_first_then_the_longest_prefix_then_the_default(uri: str, origin: str) -> None:
    rules = compiled(HOST, to("c", "/*"), to("b", "/shop/*"), to("a", "/shop/cart"))

    assert origin_of(request_of(uri), rules) == origin


@pytest.mark.parametrize("uri", ["/caf%C3%A9/~me", "/caf%c3%a9/~me", "/caf%c3%A9/%7Eme", "/c%61f%C3%a9/%7eme"])
def test_paths_that_rfc_3986_calls_equal_are_the_same(uri: str) -> None:
    assert origin_of(request_of(uri), compiled(HOST, to("a", "/caf%C3%A9/~me"))) == "a"
    assert origin_of(request_of(f"{uri}/x"), compiled(HOST, to("a", "/caf%C3%A9/~me/*"))) == "a"


def test_of_rules_with_one_path_the_first_whose_conditions_hold_decides_else_the_next_less_specific() -> None:
    rules = compiled(
        HOST,
        to("a", "/shop/*", country={"equals": "DE"}),
        to("b", "/shop/*", country={"one_of": ["DE", "AT"]}),
        to("c", "/*"),
    )

    assert origin_of(request_of("/shop/x", cloudfront_viewer_country="DE"), rules) == "a"
    assert origin_of(request_of("/shop/x", cloudfront_viewer_country="AT"), rules) == "b"
    assert origin_of(request_of("/shop/x", cloudfront_viewer_country="FR"), rules) == "c"
    assert origin_of(request_of("/shop/x"), rules) == "c"


def test_the_hosts_own_rules_go_before_the_wildcards_and_those_of_all_hosts() -> None:
    sets = {
        HOST: compiled(HOST, to("a", "/own/*")),
        "*.example.com": compiled("*.example.com", to("b", "/own/*"), to("b", "/wild")),
        "*": compiled("*", to("c", "/*")),
    }

    assert [origin_of(request_of(uri), sets) for uri in ("/own/x", "/wild", "/other")] == ["a", "b", "c"]
    assert origin_of(request_of("/own/x", host="other.example.com"), sets) == "b"
    assert origin_of(request_of("/own/x", host="a.b.example.com"), sets) == "c"
    assert origin_of(request_of("/x"), {HOST: sets[HOST]}) is None


@pytest.mark.parametrize(
    ("host", "names"),
    [
        ("www.example.com", ("www.example.com", "*.example.com", "*")),
        ("WWW.Example.COM.:443", ("www.example.com", "*.example.com", "*")),
        ("localhost", ("localhost", "*")),
        ("*", ("*",)),
        ("*.example.com", ("*",)),
        ("#origins", ("*",)),
        ("", ("*",)),
        ("a/b", ("*",)),
        ("a..b", ("*",)),
        ("x" * 300, ("*",)),
        ("b\u00fccher.example", ("*",)),
    ],
)
def test_a_host_is_looked_up_under_its_name_and_what_is_no_name_is_not(host: str, names: tuple[str, ...]) -> None:
    assert hosts_of(host_of(request_of(host=host))) == names


def test_a_request_without_a_host_has_the_rules_of_all_hosts() -> None:
    request = request_of()
    del request["headers"]["host"]

    assert hosts_of(host_of(request)) == ("*",)


@pytest.mark.parametrize(
    ("name", "test", "given_headers", "holds"),
    [
        ("header.x-plan", {"equals": "pro"}, {"x_plan": "pro"}, True),
        ("header.X-Plan", {"equals": "pro"}, {"x_plan": "pro"}, True),
        ("header.x-plan", {"equals": "pro"}, {"x_plan": "Pro"}, False),
        ("header.x-plan", {"equals": "pro"}, {}, False),
        ("header.x-plan", {"one_of": ["a", "pro"]}, {"x_plan": "pro"}, True),
        ("header.x-plan", {"one_of": ["a", "b"]}, {"x_plan": "pro"}, False),
        ("header.x-plan", {"prefix": "pr"}, {"x_plan": "pro"}, True),
        ("header.x-plan", {"prefix": "ro"}, {"x_plan": "pro"}, False),
        ("header.x-plan", {"prefix": ""}, {}, False),
        ("header.x-plan", {"exists": True}, {"x_plan": ""}, True),
        ("header.x-plan", {"exists": True}, {}, False),
        ("header.x-plan", {"exists": False}, {}, True),
        ("header.x-plan", {"exists": False}, {"x_plan": ""}, False),
        ("cookie.plan", {"equals": "pro"}, {"cookie": "a=1; plan=pro"}, True),
        ("cookie.plan", {"equals": "pro"}, {"cookie": "plan=pro; plan=free"}, True),
        ("cookie.plan", {"equals": "free"}, {"cookie": "plan=pro; plan=free"}, False),
        ("cookie.plan", {"equals": "a=b"}, {"cookie": "plan=a=b"}, True),
        ("cookie.plan", {"exists": True}, {"cookie": "plan"}, False),
        ("cookie.plan", {"exists": True}, {"cookie": "Plan=1"}, False),
        ("cookie.plan", {"equals": "pro"}, {"cookie": "a=1;\tplan =\t pro "}, True),
        ("cookie.plan", {"exists": True}, {"cookie": "\u2000plan=pro"}, False),
        ("cookie.plan", {"exists": True}, {"cookie": "plan\x85=pro"}, False),
        ("cookie.plan", {"equals": "free"}, {"cookie": "\xa0plan=pro; plan=free"}, True),
        ("country", {"equals": "DE"}, {"cloudfront_viewer_country": "DE"}, True),
        ("method", {"one_of": ["PUT", "GET"]}, {}, True),
        ("method", {"equals": "PUT"}, {}, False),
        ("query.page", {"equals": "a b"}, {}, True),
        ("query.page", {"equals": "second"}, {}, False),
        ("query.empty", {"equals": ""}, {}, True),
        ("query.flag", {"exists": True}, {}, True),
        ("query.none", {"exists": True}, {}, False),
        ("query.umlaut", {"equals": "\u00fc%"}, {}, True),
    ],
)
def test_conditions(name: str, test: object, given_headers: dict[str, str], holds: bool) -> None:
    rules = compiled(HOST, {"path": "/*", "when": {name: test}, "then": {"origin": "a"}})
    query = "page=a+b&page=second&empty=&flag&uml%61ut=%c3%bc%"

    assert (origin_of(request_of("/x", query=query, **given_headers), rules) == "a") is holds


def test_a_header_and_a_cookie_header_may_be_repeated() -> None:
    request = request_of("/x")
    request["headers"]["x-plan"] = [{"key": "X-Plan", "value": "a"}, {"key": "X-Plan", "value": "b"}]
    request["headers"]["cookie"] = [{"key": "Cookie", "value": "a=1"}, {"key": "Cookie", "value": "plan=pro"}]
    conditions = {"header.x-plan": {"equals": "a, b"}, "cookie.plan": {"equals": "pro"}}

    rules = compiled(HOST, {"path": "/*", "when": conditions, "then": {"origin": "a"}})
    assert origin_of(request, rules) == "a"


def test_headers_cookies_and_queries_are_taken_apart_only_when_a_rule_asks() -> None:
    request = request_of("/x", cookie="a=1", query="a=1")
    del request["querystring"]
    request["headers"] = Touched(request["headers"])

    assert origin_of(request, compiled(HOST, to("a", "/x"), to("b", "/*", cookie_a={"equals": "1"}))) == "a"
    assert request["headers"].touched == {"host"}

    assert origin_of(request | {"uri": "/y"}, compiled(HOST, to("b", "/*", cookie_a={"equals": "1"}))) == "b"
    assert request["headers"].touched == {"host", "cookie"}


class Touched(dict[str, Any]):
    """Headers that know which of them were read."""

    def __init__(self, headers: Mapping[str, Any]) -> None:
        super().__init__(headers)
        self.touched: set[str] = set()

    def get(self, key: str, default: Any = None) -> Any:
        self.touched.add(key)
        return super().get(key, default)


# Choices


def _weighted(sticky: str | None = None) -> RuleSet:
    choices = [{"weight": 75, "then": {"origin": "a"}}, {"weight": 25, "then": {"origin": "b"}}]
    return compiled(HOST, {"path": "/*", "choices": choices} | ({"sticky": sticky} if sticky else {}))


def test_without_stickiness_the_draw_chooses_by_weight() -> None:
    rules = _weighted()

    assert [origin_of(request_of(), rules, draw) for draw in (0.0, 0.7499, 0.75, 0.999)] == ["a", "a", "b", "b"]


def test_with_stickiness_a_value_stays_with_its_choice_and_the_weights_are_met() -> None:
    rules = _weighted("cookie.session")

    chosen = [origin_of(request_of(cookie=f"session={number}"), rules, 0.99) for number in range(4000)]
    assert chosen == [origin_of(request_of(cookie=f"session={number}"), rules, 0.0) for number in range(4000)]
    assert 0.72 < chosen.count("a") / 4000 < 0.78


@pytest.mark.parametrize("cookie", ["", "session=", "other=1"])
def test_without_the_sticky_value_the_first_choice_is_taken(cookie: str) -> None:
    assert origin_of(request_of(cookie=cookie), _weighted("cookie.session"), 0.99) == "a"


def test_without_the_sticky_value_a_choice_of_weight_0_is_nobodys() -> None:
    choices = [{"weight": weight, "then": {"origin": name}} for name, weight in (("a", 0), ("b", 100), ("c", 0))]
    rules = compiled(HOST, {"path": "/*", "choices": choices, "sticky": "cookie.s"})

    assert {origin_of(request_of(cookie=cookie), rules) for cookie in ("", "s=1", "s=2", "s=3")} == {"b"}


def test_the_hash_is_the_same_for_ever() -> None:
    assert [percentile(text) for text in ("", "a", "session-1", "\u00fc", "\ud800")] == [88, 79, 51, 37, 54]


# The specification, and that the engine is equal to it

Rules = list[dict[str, Any]]


def naive_decision(request: Any, host: str, sets: Mapping[str, Rules]) -> tuple[str, int] | None:
    """The matcher as one would explain it: under which name, and which of its rules."""
    path = naive_path(request["uri"])
    for name in (host, "*." + host.split(".", 1)[-1], "*"):
        rules = sets.get(name, [])
        exact = [number for number, rule in enumerate(rules) if rule["path"] == path]
        prefixes = [
            number
            for number, rule in enumerate(rules)
            if rule["path"].endswith("/*") and path.startswith(rule["path"][:-1])
        ]
        if {".", ".."} & set(re.split(r"/|%2F|%5C|\\", path)):
            exact, prefixes = [], [number for number in prefixes if rules[number]["path"] == "/*"]
        prefixes.sort(key=lambda number: (-len(rules[number]["path"]), number))
        for number in exact + prefixes:
            if all(naive_test(request, key, test) for key, test in rules[number].get("when", {}).items()):
                return name, number
    return None


def naive_path(uri: str) -> str:
    def one(escape: re.Match[str]) -> str:
        character = chr(int(escape[1], 16))
        return character if re.fullmatch(r"[A-Za-z0-9._~-]", character) else escape[0].upper()

    return re.sub("%([0-9A-Fa-f]{2})", one, uri)


def naive_test(request: Any, key: str, test: dict[str, Any]) -> bool:
    kind, _, name = key.partition(".")
    if kind == "method":
        value = request["method"]
    elif kind == "cookie":
        pairs = [pair.split("=") for line in request["headers"]["cookie"] for pair in line["value"].split("; ")]
        value = next((pair[1] for pair in pairs if pair[0] == name), None)
    else:
        value = next((line["value"] for line in request["headers"].get(name, [])), None)
    [(how, operand)] = test.items()
    if how == "equals":
        return bool(value == operand)
    if how == "one_of":
        return bool(value in operand)
    if how == "prefix":
        return bool(value is not None and value.startswith(operand))
    return bool((value is not None) == operand)


values = st.sampled_from(["", "a", "ab", "b"])
tests_of_values = st.one_of(
    st.builds(lambda value: {"equals": value}, values),
    st.builds(lambda some: {"one_of": some}, st.lists(values, min_size=1, max_size=2)),
    st.builds(lambda value: {"prefix": value}, values),
    st.builds(lambda value: {"exists": value}, st.booleans()),
)
conditions = st.dictionaries(st.sampled_from(["cookie.a", "cookie.b", "header.x-a", "method"]), tests_of_values)
rule_paths = st.builds(
    lambda segments, end: "/" + "".join(f"{segment}/" for segment in segments) + end,
    st.lists(st.sampled_from(["a", "b", "~", "%C3", "", "..."]), max_size=4),
    st.sampled_from(["*", "*", "", "a", "b", "%2F"]),
)
rules_of_a_host = st.lists(
    st.builds(lambda path, when: {"path": path, "when": when, "then": {"origin": "a"}}, rule_paths, conditions),
    max_size=8,
)
uris = st.builds(
    lambda segments: "/" + "/".join(segments),
    st.lists(
        st.sampled_from(
            [
                "a",
                "b",
                "%61",
                "~",
                "%7e",
                "%7E",
                "%C3",
                "%c3",
                "",
                ".",
                "%2e",
                "..",
                "...",
                "%2f",
                "%5C..",
                ".%2F",
                "\\.",
                "%",
                "*",
            ]
        ),
        max_size=6,
    ),
)


@pytest.mark.property
@given(
    st.dictionaries(st.sampled_from([HOST, "*.example.com", "*"]), rules_of_a_host),
    uris,
    st.lists(st.builds(lambda name, value: f"{name}={value}", st.sampled_from("ab"), values), max_size=3),
    st.none() | values,
    st.sampled_from(["GET", "a", "ab"]),
)
def test_the_engine_decides_as_the_specification(
    sets: dict[str, Rules], uri: str, cookies: list[str], header: str | None, method: str
) -> None:
    headers = {} if header is None else {"x_a": header}
    request = request_of(uri, method=method, cookie="; ".join(cookies) or "none=", **headers)
    compiled_sets = {name: compiled(name, *rules) for name, rules in sets.items()}

    found = decided(request, compiled_sets)

    assert (found and (found.host, found.rule)) == naive_decision(request, HOST, sets)


# Speed that does not depend on how many rules there are, or on what a viewer sends


class Counting(dict[str, Any]):
    """A table that counts how often it is asked."""

    probes = 0

    def get(self, key: str, default: Any = None) -> Any:
        Counting.probes += 1
        return super().get(key, default)


def _large(count: int) -> RuleSet:
    rules: list[object] = [to("a", f"/section-{n % 89:02}/item-{n:06}/*") for n in range(count)]
    rule_set = compiled(HOST, *rules, to("b", "/section-00/*"), to("c", "/section-00/one"))
    rule_set._exact, rule_set._prefixes = Counting(rule_set._exact), Counting(rule_set._prefixes)
    return rule_set


def _probes(rule_set: RuleSet, uri: str) -> int:
    Counting.probes = 0
    decided(request_of(uri), rule_set)
    return Counting.probes


def test_the_tables_are_asked_as_often_for_ten_times_the_rules_and_for_the_longest_uri() -> None:
    small, large = _large(2_000), _large(20_000)
    uris = ["/", "/section-01/item-000001/x", "/section-01/item-9/x/y/z", "/" * 8192, "/a" * 4096, "/%2F" * 2048]

    assert [_probes(small, uri) for uri in uris] == [_probes(large, uri) for uri in uris]
    assert max(_probes(large, uri) for uri in uris) == 2


class Lines(list[dict[str, str]]):
    """The lines of a header, that know how often they were gone through."""

    times = 0

    def __iter__(self) -> Iterator[dict[str, str]]:
        self.times += 1
        return super().__iter__()


def test_a_header_is_joined_and_cookies_and_parameters_are_taken_apart_once_for_all_rules() -> None:
    request = request_of("/x", query="a=1&b=2")
    lines = Lines([{"key": "x-a", "value": ""}] * 3500)
    cookies = Lines([{"key": "Cookie", "value": "a=1"}] * 2)
    request["headers"] |= {"x-a": lines, "cookie": cookies}
    rules = [
        to("a", "/*", header_x={"equals": "b"}) | {"when": {name: {"equals": str(number)}}}
        for number in range(3, 80)
        for name in ("header.x-a", "cookie.a", f"cookie.c{number}")
    ]

    assert origin_of(request, compiled(HOST, *rules, to("b", "/x"), to("c", "/*"))) == "b"
    assert (lines.times, cookies.times) == (0, 0)
    assert origin_of(request | {"uri": "/y"}, compiled(HOST, *rules, to("c", "/*"))) == "c"
    assert (lines.times, cookies.times) == (1, 1)


def test_a_value_is_encoded_once_for_all_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    encoded: list[str] = []
    encode = templates._Encoder.__call__

    def counted(encoder: templates._Encoder, text: str) -> str:
        encoded.append(text[:10])
        return encode(encoder, text)

    monkeypatch.setattr(templates._Encoder, "__call__", counted)
    rules = [{"path": "/*", "then": {"rewrite": f"/{number}{{header.x-a}}"}} for number in range(MOST_PASSED_OVER)]

    assert decided(request_of("/x", x_a="\u00fc" * 28_000), compiled(HOST, *rules)) is None
    assert encoded == ["\u00fc" * 10]


def test_what_a_star_stands_for_is_made_anew_for_each_prefix() -> None:
    rules = compiled(
        HOST,
        {"path": "/a/b/*", "then": {"redirect": {"to": "/a/b/{rest}"}}},
        {"path": "/a/*", "then": {"redirect": {"to": "/a/{rest}"}}},
        {"path": "/*", "then": {"rewrite": "/all/{rest}"}},
    )

    found = decided(request_of("/a/b/c"), rules)
    assert found is not None
    assert found.outcome.uri == "/all/a/b/c"


def test_a_request_passes_over_four_rules_and_no_more() -> None:
    itself = {"path": "/a/*", "then": {"redirect": {"to": "{path}"}}}

    assert origin_of(request_of("/a/x"), compiled(HOST, *[itself] * 3, to("a", "/*"))) == "a"
    assert decided(request_of("/a/x"), compiled(HOST, *[itself] * 4, to("a", "/*"))) is None
    two = {HOST: compiled(HOST, *[itself] * 2), "*": compiled("*", *[itself] * 2, to("b", "/*"))}
    assert decided(request_of("/a/x"), two) is None


@pytest.mark.parametrize(("before", "counts"), [(299, True), (300, False), (5000, False)])
def test_of_cookies_and_parameters_the_first_300_count_where_nothing_is_kept(before: int, counts: bool) -> None:
    pairs = [*(f"c{number}=1" for number in range(before)), "plan=1"]
    request = request_of(query="&".join(pairs), cookie="; ".join(pairs))

    for name in ("cookie.plan", "query.plan"):
        rules = [{"path": "/*", "when": {name: {"equals": "1"}}, "then": {"origin": "a"}}]
        assert (origin_of(request, compiled(HOST, *rules)) == "a") is counts
        kept = ALLOWED._replace(attributes=frozenset({name}))
        assert origin_of(request, compiled(HOST, *rules, allowed=kept)) == "a"


def test_prefixes_of_many_lengths_are_all_found_and_no_others_are_looked_for() -> None:
    rules = [to("a", f"/{'x' * length}/{'y' * length}/*") for length in range(1, 80)]
    rule_set = compiled(HOST, *rules, to("b", "/*"))
    rule_set._prefixes = Counting(rule_set._prefixes)

    for length in range(1, 80):
        path = f"/{'x' * length}/{'y' * length}"
        assert origin_of(request_of(f"{path}/z/z"), rule_set) == "a"
        assert origin_of(request_of(path), rule_set) == origin_of(request_of(f"/z{path}/"), rule_set) == "b"
    assert _probes(rule_set, "/" * 8192) <= 64
    deepest = compiled(HOST, to("a", f"/{'/' * 63}*"), *rules)
    assert origin_of(request_of("/" * 8192), deepest) == origin_of(request_of("/" * 64), deepest) == "a"
    assert origin_of(request_of("/" * 63), deepest) is None


def test_a_rule_is_read_when_a_request_first_comes_to_its_path_and_told_of_once() -> None:
    skipped: list[Problem] = []
    value = {"version": 1, "rules": [to("nowhere", "/a"), to("b", "/a"), to("nowhere", "/b")]}
    rules = compile_rules(HOST, value, ALLOWED, skipped.extend)

    assert rules is not None
    assert skipped == []
    assert [origin_of(request_of("/a"), rules) for _ in range(3)] == ["b"] * 3
    assert [(problem.rule, problem.place) for problem in skipped] == [(0, "then.origin")]


def test_what_a_rule_does_is_read_when_its_conditions_hold_for_the_first_time() -> None:
    skipped: list[Problem] = []
    rules = compile_rules(
        HOST,
        {
            "version": 1,
            "rules": [
                {**to("nowhere", "/a"), "when": {"country": {"equals": "DE"}}},
                {"path": "/a", "choices": [{"weight": 50, "then": {"origin": name}} for name in ("a", "nowhere")]},
                to("b", "/a"),
            ],
        },
        ALLOWED,
        skipped.extend,
    )

    assert rules is not None
    assert [origin_of(request_of("/a"), rules) for _ in range(3)] == ["b"] * 3
    assert [(problem.rule, problem.place) for problem in skipped] == [(1, "choices[1].then.origin")]
    assert origin_of(request_of("/a", cloudfront_viewer_country="DE"), rules) == "b"
    assert [problem.rule for problem in skipped] == [1, 0]


def test_of_many_rules_those_that_fire_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    from lambda_edge.rule_router import rules as module

    read: list[int | None] = []
    parse = module._parse_choices

    def counted(place: Any, allowed: Any) -> Any:
        read.append(place.rule)
        return parse(place, allowed)

    monkeypatch.setattr(module, "_parse_choices", counted)
    many = [{**to("a", "/*"), "when": {"country": {"equals": str(number)}}} for number in range(200)]
    rules = compile_rules(HOST, {"version": 1, "rules": many}, ALLOWED, lambda _: None)

    assert rules is not None
    assert [origin_of(request_of("/", cloudfront_viewer_country="7"), rules) for _ in range(3)] == ["a"] * 3
    assert read == [7]
