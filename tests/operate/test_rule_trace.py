"""A trace decides as the edge does, and says why."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ha_patterns.operate.rule_trace import hosts_of, request_of, trace
from lambda_edge.common.hosts import host_of
from lambda_edge.rule_router.decide import decide
from lambda_edge.rule_router.problems import Allowed
from lambda_edge.rule_router.rules import compile_rules
from tests.lambda_edge import rule_sources
from tests.lambda_edge.rule_samples import ALLOWED, HOST
from tests.lambda_edge.rule_sources import Router
from tests.lambda_edge.test_rule_router_decide import conditions, rule_paths, uris, values

_CACHED = ALLOWED._replace(attributes=frozenset({"host", "cookie.a", "header.x-a"}))

_actions = st.sampled_from(
    [
        {"origin": "a"},
        {"origin": "nowhere"},
        {"rewrite": "/v2/{rest}"},
        {"rewrite": "/{cookie.a}/{path}"},
        {"headers": {"x-tenant": "{cookie.b}{host}"}},
        {"redirect": {"to": "{path}?{query}"}},
        {"redirect": {"to": "{path}?q=1"}},
        {"redirect": {"to": "/there/{cookie.a}", "status": 308}},
        {"respond": {"status": 404, "body": "gone"}},
    ]
)
_choices = st.tuples(st.sampled_from([0, 1, 50, 99, 100]), _actions, _actions).map(
    lambda drawn: [{"weight": drawn[0], "then": drawn[1]}, {"weight": 100 - drawn[0], "then": drawn[2]}]
)
_does = st.one_of(
    st.fixed_dictionaries({"then": _actions}),
    st.fixed_dictionaries({"choices": _choices}),
    st.fixed_dictionaries({"choices": _choices, "sticky": st.sampled_from(["cookie.a", "header.x-a"])}),
)
_rules = st.one_of(
    st.builds(lambda path, when, does: {"path": path, "when": when, **does}, rule_paths, conditions, _does),
    st.builds(lambda path, does: {"path": path, **does}, rule_paths, _does),
    # What was never put by a command, and the edge leaves out.
    st.sampled_from([7, {}, {"path": "a"}, {"path": "/a/*", "then": {}}, {"path": 1, "then": {"origin": "a"}}]),
)


@pytest.mark.property
@given(
    st.dictionaries(st.sampled_from([HOST, "*.example.com", "*"]), st.lists(_rules, max_size=8)),
    uris,
    st.lists(st.builds(lambda name, value: f"{name}={value}", st.sampled_from("ab"), values), max_size=3),
    st.lists(st.builds(lambda value: f"X-A: {value}", values), max_size=2),
    st.sampled_from(["GET", "a", "PUT"]),
    st.integers(0, 99),
    st.sampled_from([ALLOWED, _CACHED]),
)
def test_a_trace_decides_as_the_edge_does(
    sets: dict[str, list[Any]],
    uri: str,
    cookies: list[str],
    headers: list[str],
    method: str,
    percent: int,
    allowed: Allowed,
) -> None:
    request = request_of(f"https://{HOST}{uri}?q=1", method=method, cookies=cookies, headers=headers, country=None)
    written = {name: {"version": 1, "rules": rules} for name, rules in sets.items()}
    draw = (percent + 0.5) / 100
    compiled = [
        compile_rules(name, written[name], allowed, lambda _: None) if name in written else None
        for name in hosts_of(request, allowed)
    ]

    host = host_of(request) if allowed.may_read("host") else ""
    found = trace(request, written, allowed, draw)

    assert found.decision == decide(request, host, compiled, lambda: draw)
    if found.decision is not None:
        [fires] = [step for step in found.steps if "fires" in step]
        assert fires.startswith(f"  rules[{found.decision.rule}] ")
        assert fires == found.steps[-1]


def _traced(*rules: Any, url: str = "https://www.example.com/shop/cart", draw: int = 0, **given: Any) -> list[str]:
    arguments: dict[str, Any] = {"method": "GET", "cookies": [], "headers": [], "country": None, **given}
    values = {HOST: {"version": 1, "rules": list(rules)}}
    return trace(request_of(url, **arguments), values, ALLOWED, (draw + 0.5) / 100).steps


_TO_A = {"then": {"origin": "a"}}
_WEIGHTS = [{"weight": 75, "then": {"origin": "a"}}, {"weight": 25, "then": {"origin": "b"}}]


@pytest.mark.parametrize(
    ("rules", "given", "steps"),
    [
        pytest.param(
            [{"path": "/*", **_TO_A}],
            {},
            ["www.example.com: 1 rule", "  rules[0] /*: no conditions, fires"],
            id="no conditions",
        ),
        pytest.param(
            [
                {"path": "/*", **_TO_A},
                {"path": "/shop/*", "when": {"country": {"one_of": ["DE", "AT"]}}, **_TO_A},
                {
                    "path": "/shop/cart",
                    "when": {"country": {"exists": True}, "cookie.plan": {"equals": "pro"}},
                    **_TO_A,
                },
                {"path": "/other", **_TO_A},
            ],
            {"country": "fr", "cookies": ["plan=free"]},
            [
                "www.example.com: 4 rules",
                "  rules[2] /shop/cart: cookie.plan equals 'pro' does not hold, it is 'free'",
                "  rules[1] /shop/*: country one_of ['DE', 'AT'] does not hold, it is 'FR'",
                "  rules[0] /*: no conditions, fires",
            ],
            id="conditions",
        ),
        pytest.param(
            [{"path": "/*", "when": {"query.page": {"prefix": "1"}, "header.x-a": {"exists": False}}, **_TO_A}],
            {"url": "https://www.example.com/?page=12"},
            ["www.example.com: 1 rule", "  rules[0] /*: all conditions hold, fires"],
            id="all hold",
        ),
        pytest.param(
            [{"path": "/*", "when": {"method": {"equals": "PUT"}, "header.x-a": {"exists": True}}, **_TO_A}],
            {"method": "PUT"},
            [
                "www.example.com: 1 rule",
                "  rules[0] /*: header.x-a exists True does not hold, there is none",
                "*.example.com: no rules",
                "*: no rules",
            ],
            id="missing",
        ),
        pytest.param(
            [{"path": "/*", "choices": _WEIGHTS}],
            {"draw": 80},
            [
                "www.example.com: 1 rule",
                "  rules[0] /*: no conditions, fires (choice 2 of 2, 25 %: drawn for each request, here 80)",
            ],
            id="drawn",
        ),
        pytest.param(
            [{"path": "/*", "choices": _WEIGHTS, "sticky": "cookie.session"}],
            {"draw": 80},
            [
                "www.example.com: 1 rule",
                "  rules[0] /*: no conditions, fires (choice 1 of 2, 75 %: there is no cookie.session)",
            ],
            id="not sticky yet",
        ),
        pytest.param(
            [{"path": "/*", "choices": _WEIGHTS, "sticky": "header.x-user"}],
            {"headers": ["X-User: a"]},
            [
                "www.example.com: 1 rule",
                "  rules[0] /*: no conditions, fires (choice 2 of 2, 25 %: header.x-user is 'a')",
            ],
            id="sticky",
        ),
        pytest.param(
            [{"path": "/shop/*", "then": {"redirect": {"to": "{path}"}}}, {"path": "/x", **_TO_A}],
            {},
            [
                "www.example.com: 2 rules",
                (
                    "  rules[0] /shop/*: no conditions, and its path or redirect cannot be made of this request: "
                    "passed over"
                ),
                "*.example.com: no rules",
                "*: no rules",
            ],
            id="a redirect to itself",
        ),
        pytest.param(
            [{"path": "/shop/*", "then": {"redirect": {"to": "{path}"}}}] * 5,
            {},
            [
                "www.example.com: 5 rules",
                *(
                    f"  rules[{number}] /shop/*: no conditions, and its path or redirect cannot be made of this "
                    "request: passed over"
                    for number in range(4)
                ),
                "  4 rules are passed over: no other is looked at",
            ],
            id="too many redirects to itself",
        ),
        pytest.param(
            [{"path": "shop", **_TO_A}, {"path": "/*", "then": {"origin": "asia"}}],
            {},
            [
                "www.example.com: 2 rules",
                (
                    "  rules[0].path: 'shop' must start with '/', hold characters of a path, others percent-encoded in "
                    "upper case, and '*' only at the end after '/'; the edge leaves this rule out"
                ),
                (
                    "  rules[1].then.origin: 'asia' is not an origin that the stack declares; declared: a, b, c; the "
                    "edge leaves this rule out"
                ),
                "*.example.com: no rules",
                "*: no rules",
            ],
            id="wrong rules",
        ),
        pytest.param(
            [{"path": "/other", **_TO_A}],
            {},
            ["www.example.com: 1 rule", "  none is for this path", "*.example.com: no rules", "*: no rules"],
            id="another path",
        ),
    ],
)
def test_each_step_is_told(rules: list[Any], given: dict[str, Any], steps: list[str]) -> None:
    assert _traced(*rules, **given) == steps


def test_long_values_are_cut() -> None:
    [_, step, *_] = _traced({"path": "/*", "when": {"cookie.a": {"equals": "b"}}, **_TO_A}, cookies=[f"a={'c' * 5000}"])

    assert len(step) < 300


def test_a_set_that_decides_nothing_is_told() -> None:
    request = request_of("https://a/", method="GET", cookies=[], headers=[], country=None)

    with pytest.raises(ValueError, match=r"the rules of a cannot be read \(version: must be a whole number"):
        trace(request, {"a": {"version": None, "rules": []}}, ALLOWED)


def test_a_set_that_is_not_reached_is_not_read() -> None:
    request = request_of("https://a/", method="GET", cookies=[], headers=[], country=None)
    good = {"version": 1, "rules": [{"path": "/*", **_TO_A}]}

    found = trace(request, {"a": good, "*": {"version": None, "rules": []}}, ALLOWED)

    assert found.decision is not None
    assert found.decision.host == "a"


def test_a_host_outside_of_the_cache_key_has_the_rules_of_all_hosts_only() -> None:
    request = request_of("https://a/", method="GET", cookies=[], headers=[], country=None)
    good = {"version": 1, "rules": [{"path": "/*", **_TO_A}]}

    found = trace(request, {"a": good}, ALLOWED._replace(attributes=frozenset()))

    assert found == (["*: no rules"], None, None)


@pytest.mark.parametrize(
    ("url", "host", "uri", "query"),
    [
        ("https://www.example.com", "www.example.com", "/", ""),
        ("http://WWW.Example.com:8443/a/b?c=d&e#f", "www.example.com", "/a/b", "c=d&e"),
        ("https://www.example.com/caf\u00e9 au lait?\u00fc", "www.example.com", "/caf%C3%A9%20au%20lait", "%C3%BC"),
        ("https://www.example.com/a/../b;c=d//e", "www.example.com", "/a/../b;c=d//e", ""),
        ("https://me:secret@www.example.com/%zz", "www.example.com", "/%zz", ""),
        ("https://m\u00fcnchen.example.com", "xn--mnchen-3ya.example.com", "/", ""),
        ("https://M\u00dcNCHEN.example.com:443/\u00fc", "xn--mnchen-3ya.example.com", "/%C3%BC", ""),
        ("https://m%C3%BCnchen.example.com/", "xn--mnchen-3ya.example.com", "/", ""),
        ("https://xn--mnchen-3ya.example.com/", "xn--mnchen-3ya.example.com", "/", ""),
        ("https://\u4f8b\u3048\u3002example.com/", "xn--r8jz45g.example.com", "/", ""),
        # As the URL class of Node.js has them. Browsers keep what IDNA of 2003 replaces or drops.
        ("https://fa\u00df.example.com/", "xn--fa-hia.example.com", "/", ""),
        ("https://\u03c2.example.com/", "xn--3xa.example.com", "/", ""),
        ("https://\u0646\u0627\u0645\u0647\u200c\u0627\u06cc.example.com/", "xn--mgba3gch31f060k.example.com", "/", ""),
        ("https://\u0915\u094d\u200d\u0937.example.com/", "xn--11b2ezcw70k.example.com", "/", ""),
        # Capitals, each by itself: Python ends a word with another sigma.
        ("https://\u039f\u0394\u039f\u03a3.example.com/", "xn--pxavbq.example.com", "/", ""),
        # Newer than Unicode 3.2, but for the last.
        ("https://\uab70.example.com/", "xn--58d.example.com", "/", ""),
        ("https://\U000104d8.example.com/", "xn--io8c.example.com", "/", ""),
        ("https://\U0001f600.example.com/", "xn--e28h.example.com", "/", ""),
        ("https://\u2615.example.com/", "xn--53h.example.com", "/", ""),
        # What only those who register names refuse.
        ("https://a_b.m_\u00fc.example.com/", "a_b.xn--m_-yka.example.com", "/", ""),
        ("https://ab--\u00fc.a\u00b7b.example.com/", "xn--ab---3ra.xn--ab-0ea.example.com", "/", ""),
        ("https://a_b.ab--c.example.com/", "a_b.ab--c.example.com", "/", ""),
        ("https://\u05e2\u05d1\u05e8\u05d9\u05ea.example.com./", "xn--5dbqzzl.example.com", "/", ""),
    ],
)
def test_a_url_is_what_a_browser_sends(url: str, host: str, uri: str, query: str) -> None:
    request = request_of(url, method="GET", cookies=[], headers=[], country=None)

    assert (host_of(request), request["uri"], request["querystring"]) == (host, uri, query)


def test_cookies_headers_and_country_are_sent_as_cloudfront_does() -> None:
    request = request_of(
        "https://a/", method="PUT", cookies=["a=1", "b=2=3"], headers=["X-A: 1", "x-a:2", "Cookie: c=4"], country="de"
    )

    assert request["method"] == "PUT"
    assert request["headers"] == {
        "host": [{"key": "Host", "value": "a"}],
        "x-a": [{"key": "X-A", "value": "1"}, {"key": "x-a", "value": "2"}],
        "cookie": [{"key": "Cookie", "value": "c=4"}, {"key": "Cookie", "value": "a=1; b=2=3"}],
        "cloudfront-viewer-country": [{"key": "CloudFront-Viewer-Country", "value": "DE"}],
    }


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"url": "www.example.com/shop"}, "must be such as https://www.example.com/path?query, got 'www.example.com"),
        ({"url": "/shop"}, "the URL must be such as https://"),
        ({"url": "ftp://www.example.com/"}, "the URL must be such as https://"),
        ({"url": "https:///shop"}, "the URL must be such as https://"),
        ({"url": "https://[::1/"}, "the URL must be such as https://"),
        ({"url": "https://a..b/"}, "the host must be a name such as www.example.com"),
        ({"url": f"https://{'a' * 64}.example.com/"}, "of labels of 1 to 63 letters"),
        ({"url": f"https://{chr(0xFC) * 70}.example.com/"}, "of labels of 1 to 63 letters"),
        ({"url": "https://m\u00fcnchen..example.com/"}, "got 'm\u00fcnchen..example.com'"),
        ({"url": "https://\ud800.example.com/"}, "the URL must be such as https://"),
        ({"url": "https://a/\udcff"}, "the URL must be such as https://"),
        ({"url": "https://a:b/"}, "the URL must be such as https://"),
        ({"url": "https://a:65536/"}, "the URL must be such as https://"),
        ({"url": "https://*.example.com/"}, "the host must be a name"),
        ({"url": "https://www example.com/"}, "the host must be a name"),
        (
            {"url": "https://a\u200db.example.com/"},
            "the host 'a\\u200db.example.com' cannot be encoded as browsers do: the joiner U+200D joins nothing there",
        ),
        ({"url": "https://a\ufffd.example.com/"}, "cannot be encoded as browsers do: Codepoint U+FFFD not allowed"),
        ({"url": "https://a%FC.example.com/"}, "cannot be encoded as browsers do: Codepoint U+FFFD not allowed"),
        ({"url": "https://\u0301a.example.com/"}, "cannot be encoded as browsers do: Label begins with"),
        ({"url": "https://a\u05d0.example.com/"}, "cannot be encoded as browsers do: Invalid direction"),
        ({"url": "https://1a.\u05d0.example.com/"}, "cannot be encoded as browsers do: First codepoint"),
        ({"url": f"https://{chr(0xFC) * 2000}.example.com/"}, "cannot be encoded as browsers do: Domain too long"),
        ({"url": "https://a\u00a0b.example.com/"}, "the host must be a name"),
        ({"cookies": ["plan"]}, "a cookie must be NAME=VALUE, got 'plan'"),
        ({"headers": ["x-plan=a"]}, "a header must be 'NAME: VALUE', and Host is the URL's, got 'x-plan=a'"),
        ({"headers": ["x-plan: a\r\nb: c"]}, "a header must be 'NAME: VALUE'"),
        ({"headers": ["host: a"]}, "Host is the URL's"),
        ({"country": "Germany"}, "a country must be two letters such as DE, got 'Germany'"),
    ],
)
def test_a_request_that_nobody_sends_is_refused(given: dict[str, Any], said: str) -> None:
    arguments = {"url": "https://a/", "method": "GET", "cookies": [], "headers": [], "country": None, **given}

    with pytest.raises(ValueError) as error:
        request_of(**arguments)

    assert said in str(error.value)


# What the cache key says


_KEYED = ALLOWED._replace(attributes=frozenset({"cookie.a", "query.q", "query.p"}))


def test_a_trace_refuses_and_drops_parameters_as_the_function_does(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Every query string of up to three of these, where answers are kept."""
    rules = [
        {"path": "/*", "when": {"query.q": {"equals": "1"}}, "then": {"redirect": {"to": "/r?{query.p}"}}},
        {"path": "/*", "then": {"origin": "a"}},
    ]
    sets = {"*": {"version": 1, "rules": rules}}
    given = rule_sources.settings(
        rule_sources.static(monkeypatch, tmp_path, sets),
        attributes=sorted(_KEYED.attributes or ()),
        redirect_hosts=[],
    )
    route = Router(given, kept=True).route
    pieces = ["q=1", "q=2", "q", "p=1", "%71=1", "utm=1", ""]
    queries = {"&".join(each) for count in range(1, 4) for each in itertools.product(pieces, repeat=count)}
    refused = 0
    for query, method in itertools.product(sorted(queries), ["GET", "HEAD", "POST"]):
        request = request_of(f"https://{HOST}/x?{query}", method=method, cookies=[], headers=[], country=None)
        sent = {**rule_sources.request_for(f"/x?{query}", HOST, kept=True), "method": method}

        found = trace(request, sets, _KEYED)
        does = route({"request": sent})

        assert does is not None
        if found.refused is not None:
            refused += 1
            assert (found.refused, found.decision) == (does, None)
            assert does["status"] == "400"
            continue
        assert found.decision is not None
        if found.decision.outcome.response is not None:
            assert does == found.decision.outcome.response
        else:
            assert "origin" in does
            dropped = [step for step in found.steps if step.startswith("query string: ")]
            assert dropped == (
                []
                if does["querystring"] == query
                else [
                    (
                        "query string: if answers are kept, the function drops what is not in the cache key, and "
                        f"leaves {does['querystring']!r}"
                    )
                ]
            )
    assert refused > 100


def test_a_keyed_parameter_that_is_sent_twice_is_told_whatever_the_rules_are() -> None:
    request = request_of("https://a/?q=1&p=1&q=1&p&z=1", method="GET", cookies=[], headers=[], country=None)

    found = trace(request, {"*": {"version": None, "rules": []}}, _KEYED)

    assert found.steps == [
        (
            "query.q, query.p: in the cache key and sent more than once; if answers are kept, the function refuses the "
            "request before it looks at rules, and CloudFront does not keep the refusal"
        )
    ]
    assert found.refused is not None
    assert found.refused["status"] == "400"


@pytest.mark.parametrize("query", ["q=1&%71=2", "%71=1&%71=2"])
def test_a_keyed_parameter_that_is_sent_twice_has_its_name_told_however_it_is_written(query: str) -> None:
    request = request_of(f"https://a/?{query}", method="GET", cookies=[], headers=[], country=None)

    found = trace(request, {"*": {"version": None, "rules": []}}, _KEYED)

    assert found.refused is not None
    assert found.steps[0].startswith("query.q: in the cache key and sent more than once")


@pytest.mark.parametrize("attributes", [None, {"query"}, {"query", "query.q"}, {"cookie.a"}])
def test_a_parameter_that_is_sent_twice_is_for_the_rules_unless_the_key_names_it(attributes: set[str] | None) -> None:
    request = request_of("https://a/?q=1&q=2", method="GET", cookies=[], headers=[], country=None)
    allowed = ALLOWED._replace(attributes=None if attributes is None else frozenset(attributes))

    found = trace(request, {"*": {"version": 1, "rules": [{"path": "/*", **_TO_A}]}}, allowed)

    assert found.refused is None
    assert found.decision is not None


@pytest.mark.parametrize(
    ("cookies", "why"),
    [
        ([], ""),
        (["b=1"], ""),
        (["a=1", "a=1"], ", since it is sent twice, or in a form that the cache key does not read"),
        (["$a=1", " a=1"], ", since it is sent twice, or in a form that the cache key does not read"),
    ],
)
def test_a_cookie_that_the_cache_key_does_not_read_is_told(cookies: list[str], why: str) -> None:
    request = request_of("https://a/", method="GET", cookies=cookies, headers=[], country=None)
    rules = [
        {"path": "/*", "when": {"cookie.a": {"equals": "1"}}, **_TO_A},
        {"path": "/*", "choices": _WEIGHTS, "sticky": "cookie.a"},
    ]

    found = trace(request, {"*": {"version": 1, "rules": rules}}, _KEYED)

    assert found.steps == [
        "*: 2 rules",
        f"  rules[0] /*: cookie.a equals '1' does not hold, there is none{why}",
        f"  rules[1] /*: no conditions, fires (choice 1 of 2, 75 %: there is no cookie.a{why})",
    ]


def test_of_many_rules_that_are_left_out_the_first_are_told() -> None:
    def told(count: int) -> list[str]:
        return _traced(*[7] * count, {"path": "/*", **_TO_A})[1:-1]

    assert len(told(20)) == 20
    assert told(20)[-1].startswith("  rules[19]: must be an object")
    assert told(1021) == [*told(20), "  and 1001 more mistakes, of rules that the edge leaves out"]
