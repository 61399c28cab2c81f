"""A kept answer was made for all who get it: a real cache in front of every keeping behavior of every construct."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import settings

from ha_patterns.aws.cache_key import Parse, ViewerRequest, cache_key
from ha_patterns.aws.policies import CachePolicy
from ha_patterns.topology import CacheBehavior, Distribution, load
from ha_patterns.topology.values import Unresolved

from ...topology.loading import only, ref, resource, write_assembly
from .cloudfront import CloudFront, Served
from .keeping import HOST, OTHER_HOST, SITES, App, constructs_that_make_behaviors, synthesized
from .packaged import NOW, SECRET
from .pairs import DIFFERENCES, Pair, Requests

# In all; with the profile of make fuzz, which has many more examples.
PAIRS = 20_000 if settings().max_examples <= 100 else 200_000
_SHOWN = 8
_WRITES = frozenset({"DELETE", "PATCH", "POST", "PUT"})


@pytest.fixture(scope="module")
def app() -> Iterator[App]:
    yield from synthesized()


def _site(app: App, name: str) -> CloudFront:
    assert name not in app.refused, app.refused[name]
    site = app.sites[name]
    site.empty()
    return site


def _paths_of(site: CloudFront, behavior: CacheBehavior) -> str:
    """The start of the paths of a behavior; of the default one, that which rules are about, unless another has it."""
    if not behavior.is_default:
        return str(behavior.pattern).removesuffix("*")
    return "/elsewhere/" if any(each.pattern == "/catalog/*" for each in site.distribution.behaviors) else "/catalog/"


def _methods(behavior: CacheBehavior) -> list[str]:
    """The methods that a behavior takes: those that are kept, mostly."""
    assert isinstance(behavior.allowed_methods, frozenset)
    assert isinstance(behavior.cached_methods, frozenset)
    others = ["POST"] if "POST" in behavior.allowed_methods else []
    return [*sorted(behavior.cached_methods), "GET", "GET", *others]


def _home_cookies(site: CloudFront) -> list[str]:
    """Cookies as the site's home router issues them; none if it has none."""
    found = []
    for function in site.functions:
        if "user_cookie" in function.configuration:
            cookie, keys = function.module("home_region.cookie"), function.module("home_region.keys")
            key = keys._key(function.module("common.aws").SecretValue("1", SECRET, 0.0))
            day = int(NOW // 86_400) + 80
            found += [
                str(cookie.sign(key, "EDFDVBD6EXAMPLE", region, day, ""))
                for region in function.configuration["origins"]
            ]
    return found


def _pairs(site: CloudFront, name: str, amount: int) -> Iterator[Pair]:
    """Pairs for all keeping behaviors of a site."""
    behaviors = site.keeping
    cookies = _home_cookies(site)
    for behavior in behaviors:
        requests = Requests(
            f"{name} {behavior.pattern}", behavior.cache_policy, _paths_of(site, behavior), _methods(behavior), cookies
        )
        yield from requests.pairs(amount // len(behaviors))


class Wrong(NamedTuple):
    """A fault in the answers to two viewers.

    Attributes:
        kind: In some words.
        detail: The evidence.
    """

    kind: str
    detail: str


def _wrong(site: CloudFront, pair: Pair) -> Iterator[Wrong]:
    """The faults in the answers to two viewers, one after the other."""
    policy = site.behavior(pair.first).cache_policy
    # A policy that sends all of the query string on sends all parameters of a name, whatever the key has of them.
    parse = replace(pair.parse, doubled_parameters="all", parameter_names="sent")
    site.empty()
    first, second = (site.ask(request, parse=parse) for request in (pair.first, pair.second))
    for served in (first, second):
        if served.answer.cookies and served.answer.serial != served.serial:
            yield Wrong("a cookie of another viewer", served.answer.cookies[0])
    if first.key is not None and first.key == second.key:
        echoes = [site.fetch(request, parse=parse).echo for request in (pair.first, pair.second)]
        if echoes[0] != echoes[1]:
            yield Wrong("one key, two requests to the origin", f"{echoes[0]} and {echoes[1]}")
        if second.hit and second.answer.body != echoes[1][1]:
            yield Wrong("an answer to another request", f"{second.answer.body}, not {echoes[1][1]}")
    for sent in _ways_to_send(policy, pair):
        decisions = [site.fetch(request, parse=sent).decision for request in (pair.first, pair.second)]
        if decisions[0] != decisions[1]:
            yield Wrong("one key, two decisions", f"{decisions[0]} and {decisions[1]}")
            return


def _ways_to_send(policy: CachePolicy | Unresolved, pair: Pair) -> Iterator[Parse]:
    """How two requests with one key may be sent on, for what functions decide to be the same: not at all, of others."""
    requests = (pair.first, pair.second)
    if len({cache_key(policy, request, parse=pair.parse) for request in requests}) > 1:
        return
    if any(request.method in _WRITES for request in requests):
        return
    # Of several with one name the key may have one and the origin all: then one of a name is not the same as two.
    every = replace(pair.parse, doubled_cookies="all", doubled_parameters="all")
    keys = [cache_key(policy, request, parse=every) for request in requests]
    names = {tuple(part.partition("=")[0] for part in (*key.cookies, *key.querystring.split("&"))) for key in keys}
    if pair.parse == every or len(names) == 1:
        yield pair.parse
        if pair.parse.doubled_cookies != "all":
            yield every


@pytest.mark.property
@pytest.mark.parametrize("name", SITES)
def test_what_one_viewer_gets_was_made_for_all_who_share_its_key(app: App, name: str) -> None:
    site = _site(app, name)
    counts: Counter[str] = Counter()
    examples: dict[str, str] = {}
    for pair in _pairs(site, name, PAIRS // len(SITES)):
        for wrong in _wrong(site, pair):
            counts[f"{wrong.kind}, {pair.difference}"] += 1
            examples.setdefault(wrong.kind, f"{wrong.kind}: {wrong.detail}\n  {pair}")
    if counts:
        seen = (f"{amount} times {what}" for what, amount in counts.most_common(_SHOWN))
        pytest.fail("\n".join([f"{counts.total()} in all", *seen, *examples.values()]), pytrace=False)


def test_the_pairs_are_of_every_difference_and_many_share_their_key(app: App) -> None:
    site = _site(app, "rule-router-all")
    pairs = list(_pairs(site, "rule-router-all", 2000))
    policy = site.keeping[0].cache_policy
    shared = Counter(
        pair.difference
        for pair in pairs
        if cache_key(policy, pair.first, parse=pair.parse) == cache_key(policy, pair.second, parse=pair.parse)
    )
    hits = 0
    for pair in pairs:
        site.empty()
        hits += sum(site.ask(request).hit for request in (pair.first, pair.second))

    assert {pair.difference for pair in pairs} == set(DIFFERENCES)
    assert sum(pair.first != pair.second for pair in pairs) > 0.8 * len(pairs)
    assert 0.2 * len(pairs) < sum(shared.values()) < 0.8 * len(pairs)
    assert len(shared) > 0.7 * len(DIFFERENCES)
    assert hits > 0.1 * len(pairs)


# Those with an application behind them, which makes something of what viewers send.
_APPLICATIONS = (
    *("rule-router-nothing", "rule-router-cookie", "edge-function", "tenant-router", "home-region"),
    *("origin-failover", "hybrid-failover", "path-routing", "graceful-response", "stale-content", "error-pages"),
)


@pytest.mark.parametrize("name", _APPLICATIONS)
def test_alices_page_is_not_bobs(app: App, name: str) -> None:
    site = _site(app, name)
    alice, bob = (
        site.ask(_request(headers=(("Cookie", f"session={user}"), ("Authorization", f"Bearer {user}"))))
        for user in ("alice", "bob")
    )

    assert "alice" not in repr(bob.answer.body)
    assert _foreign_cookies(alice, bob) == []


@pytest.mark.parametrize("name", _APPLICATIONS)
def test_one_page_of_a_list_does_not_answer_for_another(app: App, name: str) -> None:
    site = _site(app, name)
    site.ask(_request(querystring="page=1"))
    second = _request(querystring="page=2")

    assert site.ask(second).answer.body == site.fetch(second).answer.body


@pytest.mark.parametrize(
    "header", ["X-Forwarded-Host", "X-Forwarded-Scheme", "X-Original-URL", "X-HTTP-Method-Override"]
)
@pytest.mark.parametrize("name", _APPLICATIONS)
def test_what_an_attacker_sends_is_kept_for_nobody(app: App, name: str, header: str) -> None:
    site = _site(app, name)
    site.ask(_request(headers=((header, "evil.example.net"),)))

    assert "evil" not in repr(site.ask(_request()).answer)


def test_who_is_at_home_elsewhere_is_sent_there_out_of_the_cache_too(app: App) -> None:
    site = _site(app, "home-region-without-health")
    asked = []
    for cookie in (*_home_cookies(site), *_home_cookies(site), "forged"):
        served = site.ask(_request(headers=(("Cookie", f"__Host-home={cookie}; session=1"),)))
        asked.append((served.answer.body[0].partition(".")[0], served.hit))

    assert asked == [
        ("eu-west-1", False),
        ("us-west-2", False),
        ("eu-west-1", True),
        ("us-west-2", True),
        ("eu-west-1", False),
    ]


def test_a_tenants_page_is_kept_under_the_tenants_host(app: App) -> None:
    site = _site(app, "tenant-router")
    served = [site.ask(_request(host=host)) for host in (HOST, OTHER_HOST, HOST)]

    assert [(each.answer.body[0], each.hit) for each in served] == [
        ("shared.origins.example.net", False),
        ("other.apps.example.net", False),
        ("shared.origins.example.net", True),
    ]


@pytest.mark.parametrize("name", SITES)
def test_what_keeps_answers_takes_reads_only_unless_all_of_a_write_is_in_the_key(app: App, name: str) -> None:
    for behavior in _site(app, name).keeping:
        policy, methods, cached = behavior.cache_policy, behavior.allowed_methods, behavior.cached_methods
        assert isinstance(policy, CachePolicy)
        assert isinstance(methods, frozenset)
        assert isinstance(cached, frozenset)
        if policy.min_ttl == policy.default_ttl == 0:
            # The origin says what is kept, and so may take what it likes.
            continue
        if not methods <= {"GET", "HEAD"} | cached:
            assert policy.cookies.mode == policy.query_strings.mode == "all", behavior.pattern


@pytest.mark.parametrize("name", SITES)
def test_a_write_loses_neither_its_cookies_nor_its_query(app: App, name: str) -> None:
    site = _site(app, name)
    for behavior in site.keeping:
        uri = _paths_of(site, behavior) + "page"
        write = _request(method="POST", uri=uri, querystring="page=1", headers=(("Cookie", "session=alice"),))
        served = site.ask(write)
        if served.answer.status != 403:
            assert "page=1" in repr(served.answer.body), behavior.pattern
            assert "session=alice" in repr(served.answer.body), behavior.pattern
            assert served.key is None


@pytest.mark.parametrize("name", SITES)
def test_no_site_hides_a_failing_function(app: App, name: str) -> None:
    site = _site(app, name)
    for behavior in site.keeping:
        site.fetch(_request(uri=_paths_of(site, behavior) + "page"))

    logged = [line for function in site.functions for line in function.outside.logged]
    assert [line for line in logged if not line.startswith("answered")] == []


def test_every_site_is_accepted_and_keeps_answers(app: App) -> None:
    assert app.refused == {}
    assert [name for name, site in app.sites.items() if not site.keeping] == []
    assert app.sites.keys() == SITES.keys()


def test_every_construct_that_makes_behaviors_is_covered() -> None:
    covered = {construct.__name__ for site in SITES.values() for construct in site.covers}
    made = constructs_that_make_behaviors()

    assert sorted(made.keys() - covered) == []
    assert {"RuleRouter", "HybridFailover", "StaleContent", "ErrorPages", "EdgeDistribution"} <= made.keys()


# The store itself


def _request(**given: Any) -> ViewerRequest:
    made = (("CloudFront-Viewer-Country", "DE"),)
    return ViewerRequest(**{"host": HOST, "uri": "/catalog/page", "made": made, **given})


def _foreign_cookies(*served: Served) -> list[str]:
    return [cookie for each in served for cookie in each.answer.cookies if each.answer.serial != each.serial]


_NOTHING: dict[str, Any] = {
    "HeadersConfig": {"HeaderBehavior": "none"},
    "CookiesConfig": {"CookieBehavior": "none"},
    "QueryStringsConfig": {"QueryStringBehavior": "none"},
}


def _plain(
    folder: Path,
    key: Mapping[str, Any],
    sent: Mapping[str, Any] | None = None,
    times: Mapping[str, int] | None = None,
    **behavior: Any,
) -> CloudFront:
    """A distribution without an edge function.

    Args:
        folder: For its template.
        key: The settings of its cache policy.
        sent: The settings of its origin request policy. Default: there is none.
        times: Of its cache policy.
        behavior: Further settings of its behavior.
    """
    flags = {"EnableAcceptEncodingGzip": True, "EnableAcceptEncodingBrotli": True}
    parameters = {**_NOTHING, **flags, **key}
    config = {"Name": "key", **(times or {}), "ParametersInCacheKeyAndForwardedToOrigin": parameters}
    removed = {"RemoveHeadersConfig": {"Items": [{"Header": "Set-Cookie"}]}}
    request_policy = {"Name": "sent", **_NOTHING, **(sent or {})}
    default = {
        "TargetOriginId": "app",
        "CachePolicyId": ref("Key"),
        **({} if sent is None else {"OriginRequestPolicyId": ref("Sent")}),
        **behavior,
    }
    origin = {
        "Id": "app",
        "DomainName": "app.example.net",
        "CustomOriginConfig": {"OriginProtocolPolicy": "https-only"},
    }
    site = {"Origins": [origin], "DefaultCacheBehavior": default, "Enabled": True}
    resources = {
        "Key": resource("CloudFront::CachePolicy", CachePolicyConfig=config),
        "Sent": resource("CloudFront::OriginRequestPolicy", OriginRequestPolicyConfig=request_policy),
        "NoCookies": resource("CloudFront::ResponseHeadersPolicy", ResponseHeadersPolicyConfig=removed),
        "Site": resource("CloudFront::Distribution", DistributionConfig=site),
    }
    topology = load(write_assembly(folder, {"Test": {"Resources": resources}}))
    return CloudFront(only(topology, Distribution), resources["Site"], resources, {})


_ALL_COOKIES = {"CookiesConfig": {"CookieBehavior": "all"}}
_ALL_PARAMETERS = {"QueryStringsConfig": {"QueryStringBehavior": "all"}}
_FORWARDED_HOST = {"HeadersConfig": {"HeaderBehavior": "whitelist", "Headers": ["X-Forwarded-Host", "Authorization"]}}
_LEAKS: dict[str, tuple[dict[str, Any], dict[str, Any] | None, str]] = {
    "cookies": ({}, _ALL_COOKIES, "cookie"),
    "parameters": ({}, _ALL_PARAMETERS, "parameter"),
    "headers": ({}, _FORWARDED_HOST, "header"),
    "Set-Cookie": (_ALL_COOKIES, None, ""),
}


@pytest.mark.parametrize("leak", _LEAKS)
def test_the_pairs_find_what_a_behavior_sends_on_and_does_not_key(tmp_path: Path, leak: str) -> None:
    key, forward, kind = _LEAKS[leak]
    site = _plain(tmp_path / "assembly", key, forward)
    found = [(pair.difference, wrong) for pair in _pairs(site, leak, 300) for wrong in _wrong(site, pair)]

    assert found
    assert any(difference.startswith(kind) for difference, _ in found)


def test_the_pairs_find_nothing_where_only_the_key_is_sent(tmp_path: Path) -> None:
    key = {**_ALL_PARAMETERS, "HeadersConfig": {"HeaderBehavior": "whitelist", "Headers": ["X-Version", "Host"]}}
    site = _plain(tmp_path / "assembly", key)

    assert [wrong for pair in _pairs(site, "clean", 300) for wrong in _wrong(site, pair)] == []


def test_an_answer_is_kept_and_answers_the_next_request_of_its_key(tmp_path: Path) -> None:
    site = _plain(tmp_path / "assembly", {})
    served = [site.ask(_request(**given)) for given in ({}, {"method": "HEAD"}, {"uri": "/other"})]

    assert [each.hit for each in served] == [False, True, False]
    assert served[1].answer == served[0].answer


@pytest.mark.parametrize(
    ("path", "times", "seconds"),
    [
        ("/page", {}, 86_400),
        ("/page", {"DefaultTTL": 60}, 60),
        ("/max-age=30/page", {}, 30),
        ("/max-age=30/page", {"MinTTL": 60}, 60),
        ("/max-age=30/page", {"DefaultTTL": 0, "MaxTTL": 20}, 20),
        ("/no-store/page", {}, 0),
        ("/private/page", {"MinTTL": 1}, 1),
        ("/status-503", {}, 10),
        ("/no-store/status-503", {}, 10),
        ("/max-age=30/status-503", {}, 30),
        ("/no-store/status-404", {}, 0),
        ("/status-404", {}, 10),
        ("/status-403", {}, 0),
        ("/max-age=60/status-403", {}, 60),
        ("/page", {"DefaultTTL": 0}, 0),
    ],
)
def test_an_answer_is_kept_for_as_long_as_cloudfront_keeps_it(
    tmp_path: Path, path: str, times: dict[str, Any], seconds: int
) -> None:
    site = _plain(tmp_path / "assembly", {}, times=times)
    site.ask(_request(uri=path))
    site.now = seconds - 0.5
    kept = site.ask(_request(uri=path)).hit if seconds else False
    site.now = float(seconds)

    assert (kept, site.ask(_request(uri=path)).hit) == (seconds > 0, False)


@pytest.mark.parametrize(
    ("key", "behavior", "cookies"),
    [
        ({}, {}, (False, False)),
        (_ALL_COOKIES, {}, (True, True)),
        (_ALL_COOKIES, {"ResponseHeadersPolicyId": ref("NoCookies")}, (False, False)),
    ],
)
def test_set_cookie_is_kept_where_cookies_are_sent_on_unless_a_policy_removes_it(
    tmp_path: Path, key: dict[str, Any], behavior: dict[str, Any], cookies: tuple[bool, bool]
) -> None:
    site = _plain(tmp_path / "assembly", key, **behavior)
    first, second = site.ask(_request()), site.ask(_request())

    assert second.hit
    assert (bool(first.answer.cookies), bool(second.answer.cookies)) == cookies


def test_what_a_behavior_does_not_take_is_refused_and_what_it_does_not_cache_is_not_kept(tmp_path: Path) -> None:
    methods = ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"]
    reads, writes = _plain(tmp_path / "reads", {}), _plain(tmp_path / "writes", {}, AllowedMethods=methods)

    assert reads.ask(_request(method="POST")).answer.status == 403
    assert [writes.ask(_request(method="POST")).hit for _ in range(2)] == [False, False]
    assert writes.ask(_request()).hit is False


def test_what_a_function_answers_itself_is_kept_like_an_origins_answer(app: App) -> None:
    site = _site(app, "rule-router-nothing")
    answered = {
        path: [site.ask(_request(uri=f"/catalog/{path}")) for _ in range(2)] for path in ("gone", "down", "old")
    }

    assert {path: (served[0].answer.status, served[1].hit) for path, served in answered.items()} == {
        # Its no-store is honoured with 404 and not with 503.
        "gone": (404, False),
        "down": (503, True),
        "old": (302, True),
    }


def test_the_second_origin_of_a_group_answers_where_the_first_fails(app: App) -> None:
    site = _site(app, "graceful-response")
    served = [site.ask(_request(uri="/catalog/primary-503/x")) for _ in range(2)]

    assert [(each.answer.status, each.hit) for each in served] == [(503, False), (503, True)]
    assert "Temporarily unavailable" in repr(served[0].answer.body) or "temporarily" in repr(served[0].answer.body)
