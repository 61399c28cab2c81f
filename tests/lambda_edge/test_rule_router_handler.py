"""The rule router with its sources: what is served whatever fails behind it, how long that takes, and that it is over
when the fault is."""

from __future__ import annotations

import gc
import json
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from lambda_edge.common import world
from lambda_edge.common.entry import entry
from lambda_edge.common.world import HttpAnswer
from lambda_edge.rule_router import handler as handler_module
from lambda_edge.rule_router import packing, sources
from lambda_edge.rule_router.handler import build, keep
from lambda_edge.rule_router.problems import Allowed
from tests.lambda_edge.contract_suite import assert_contract
from tests.lambda_edge.payloads import payload, request_of
from tests.lambda_edge.rule_sources import (
    BACK_OFF,
    BUCKETS,
    DEADLINE,
    HOST,
    NEAR,
    NEXT,
    REGIONS,
    TABLE,
    TTL,
    Router,
    World,
    request_for,
    rules,
    settings,
    static,
    to,
)

REMOTE = pytest.mark.parametrize("source", [TABLE, BUCKETS], ids=["table", "buckets"])


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> World:
    return World(monkeypatch)


# What is served


@pytest.mark.parametrize("kind", ["static", "table", "buckets"])
def test_each_source_gives_the_hosts_rules_the_wildcards_and_those_of_all(
    kind: str, cloud: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    cloud.items = {
        HOST: rules(to("a", "/own/*")),
        "*.example.com": rules(to("b", "/wild")),
        "*": rules(to("b", "/all")),
    }
    source = {"table": TABLE, "buckets": BUCKETS}.get(kind) or static(monkeypatch, tmp_path, cloud.items)
    router = Router(settings(source))

    assert router.asks("/own/x") == "a.example.com"
    assert router.asks("/wild") == router.asks("/all") == "b.example.com"
    assert router.asks("/other") == "configured.example.com"
    assert router.asks("/wild", "other.example.com") == "b.example.com"
    assert router.asks("/wild", "example.org") == "configured.example.com"


def test_what_a_rule_does_is_written_into_the_request(cloud: World) -> None:
    then = {"origin": "a", "rewrite": "/v2/{rest}", "headers": {"X-Tenant": "{host}"}}
    cloud.items = {HOST: rules({"path": "/x/*", "then": then}, {"path": "/y", "then": {"rewrite": "/z"}})}
    router = Router(settings(TABLE))

    changed = router("/x/cart")
    assert (changed["uri"], changed["origin"]) == ("/v2/cart", settings(TABLE)["origins"]["a"]["origin"])
    assert changed["headers"]["host"] == [{"key": "Host", "value": "a.example.com"}]
    assert changed["headers"]["x-tenant"] == [{"key": "X-Tenant", "value": HOST}]

    kept = router("/y")
    assert kept["uri"] == "/z"
    assert kept["origin"]["custom"]["domainName"] == "configured.example.com"
    assert list(kept["origin"]["custom"]["customHeaders"]) == ["x-api-version"]


def test_what_a_viewer_sends_in_a_headers_name_that_rules_set_reaches_no_origin(cloud: World) -> None:
    by_plan = {"path": "/read", "when": {"header.x-tenant": {"equals": "pro"}}, "then": {"origin": "b"}}
    named = {"path": "/set", "then": {"origin": "a", "headers": {"x-tenant": "{header.x-tenant}-read"}}}
    cloud.items = {HOST: rules(to("a", "/plain"), by_plan, named)}
    router = Router(settings(TABLE, request_headers=["x-tenant", "x-shop-*", "x-*"]))
    sent = {"x_tenant": "pro", "x_shop_cart": "1", "x_forwarded_for": "192.0.2.1", "accept": "*/*"}

    for uri, origin_name in (("/plain", "a"), ("/read", "b"), ("/other", "configured"), ("/set", "a")):
        found = router(uri, **sent)
        assert found["origin"]["custom"]["domainName"] == f"{origin_name}.example.com"
        told = {"x-tenant"} if uri == "/set" else set()
        assert set(found["headers"]) == {"host", "x-forwarded-for", "accept"} | told
    assert found["headers"]["x-tenant"] == [{"key": "x-tenant", "value": "pro-read"}]

    cloud.faults = dict.fromkeys(REGIONS, cloud.refuses)
    assert set(router("/plain", "unknown.example.org", **sent)["headers"]) == {"host", "x-forwarded-for", "accept"}


def test_the_headers_that_rules_set_are_told_apart_by_all_their_starts(cloud: World) -> None:
    cloud.items = {HOST: rules(to("a", "/x"))}
    router = Router(settings(TABLE, request_headers=["b-*", "b-long-*", "d", "a*", "cc-*"]))
    names = ("a", "ab", "a-b", "b", "b-", "b-l", "b-long-x", "c", "cc", "cc-1", "cd-1", "d", "d-1")

    left = set(router("/x", **dict.fromkeys((name.replace("-", "_") for name in names), "1"))["headers"])

    assert left == {"host", "b", "c", "cc", "cd-1", "d-1"}


_WAYS = ("decided", "kept", "unknown", "unreadable", "raises", "failed-build")


def _ask(
    way: str,
    cloud: World,
    monkeypatch: pytest.MonkeyPatch,
    query: str = "",
    *,
    kept: bool = False,
    method: str = "GET",
    **sent: Any,
) -> dict[str, Any]:
    """The request that an origin gets on one of the ways out of the function; the rules know /own/."""
    given = settings(
        TABLE,
        attributes=["host", "query.page", "query.q"] if query else None,
        request_headers=["x-*"],
        fail_closed=False,
    )
    cloud.items = {HOST: rules(to("a", "/own/*"), {"path": "/write/*", "then": {"rewrite": "/v2/{query.page}"}})}
    cloud.faults = dict.fromkeys(REGIONS, cloud.refuses) if way == "unknown" else {}
    cloud.raw = {HOST: {"version": {"N": "1"}, "rules": {"S": "{"}}} if way == "unreadable" else {}
    if way == "unreadable":
        cloud.items = {}
    if way == "raises":
        monkeypatch.setattr(handler_module, "decide", lambda *_: 1 / 0)
    if way == "failed-build":
        del given["source"]
    request = request_for(("/own/x" if way == "decided" else "/other") + query, kept=kept, **sent)
    request["method"] = method
    cf = {"config": {"eventType": "origin-request"}, "request": request}
    found = entry(build, lambda: given, keep=keep)({"Records": [{"cf": cf}]}, None)
    origin_name = "a" if way == "decided" else "configured"
    assert found["origin"]["custom"]["domainName"] == f"{origin_name}.example.com"
    assert not [name for name in found["origin"]["custom"]["customHeaders"] if name.startswith("x-ha-edge-")]
    assert bool(cloud.events("undecided")) is (way in ("raises", "failed-build"))
    return found


@pytest.mark.parametrize("way", _WAYS)
def test_nothing_that_a_viewer_forged_reaches_an_origin(
    way: str, cloud: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    forged: dict[str, Any] = {
        "x_tenant": "evil",
        "x_forwarded_host": "evil.example.org",
        "x_ha_edge_kept": "true",
        "x_ha_z": "1",
    }

    found = _ask(way, cloud, monkeypatch, **forged, accept="*/*", x_forwarded_for="192.0.2.1")

    assert set(found["headers"]) == {"host", "accept", "x-forwarded-for"}


@pytest.mark.parametrize("way", _WAYS)
def test_a_forwarded_host_that_is_the_viewers_own_host_stays(
    way: str, cloud: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = _ask(way, cloud, monkeypatch, x_forwarded_host=HOST.upper())

    assert [line["value"] for line in found["headers"]["x-forwarded-host"]] == [HOST.upper()]


_QUERIES = [
    ("?page=2", "page=2"),
    ("?utm=1&page=2&evil=%3Cscript%3E", "page=2"),
    ("?q=b&page=2&utm=a&utm=b", "q=b&page=2"),
    ("?page&q=", "page=&q="),
    ("?page=1=2&&q=%26page", "page=1=2&q=%26page"),
    ("?Page=2&%70age=2&page%20=2& page=2&pages=2&=page&pag=2&page[]=2", ""),
    ("?utm=1", ""),
    ("?&&", ""),
]


@pytest.mark.parametrize(("query", "left"), _QUERIES)
@pytest.mark.parametrize("way", _WAYS)
def test_of_the_query_only_the_keyed_parameters_reach_an_origin(
    way: str, query: str, left: str, cloud: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _ask(way, cloud, monkeypatch, query, kept=True)["querystring"] == left


@pytest.mark.parametrize("way", _WAYS)
def test_where_nothing_is_kept_the_query_goes_on_whole(way: str, cloud: World, monkeypatch: pytest.MonkeyPatch) -> None:
    assert _ask(way, cloud, monkeypatch, "?utm=1&page=2")["querystring"] == "utm=1&page=2"


@pytest.mark.parametrize(
    ("query", "status"),
    [
        *[("?q=b&page=2&q=a", "400"), ("?q&q=", "400"), ("?q=b&%71=a", "400"), ("?%71=b&q=a", "400")],
        *[("?%71=a", ""), ("?q=%26q=", ""), ("?q=a&Q=b&%51=c", ""), ("?q=a&+q=b", "")],
    ],
)
def test_a_keyed_parameter_that_is_sent_twice_is_answered_with_what_is_never_kept(
    query: str, status: str, cloud: World
) -> None:
    cloud.items = {"*": rules(to("a", "/*"))}
    given = settings(TABLE, attributes=["query.page", "query.q"])

    found = Router(given, kept=True)(f"/x{query}")

    assert found.get("status", "") == status
    assert not status or found["headers"]["cache-control"][0]["value"] == "no-store"
    assert "origin" in Router(given)(f"/x{query}")


@pytest.mark.parametrize("way", _WAYS)
def test_the_query_of_a_write_goes_on_whole(way: str, cloud: World, monkeypatch: pytest.MonkeyPatch) -> None:
    sent = _ask(way, cloud, monkeypatch, "?utm=1&page=2", kept=True, method="POST")

    assert sent["querystring"] == "utm=1&page=2"


@pytest.mark.parametrize("attributes", [None, ["query"], ["query", "query.page"], ["host"]])
def test_the_query_goes_on_whole_unless_the_key_has_parameters_of_it(
    attributes: list[str] | None, cloud: World
) -> None:
    cloud.items = {"*": rules(to("a", "/own/*"))}
    router = Router(settings(TABLE, attributes=attributes), kept=True)

    for path in ("/own/x", "/other"):
        assert router(f"{path}?utm=1&page=2&&%70age")["querystring"] == "utm=1&page=2&&%70age"


def test_a_rewrite_and_a_redirect_have_nothing_of_what_is_dropped(cloud: World) -> None:
    whole = {"path": "/whole", "then": {"redirect": {"to": "/new?{query}"}}}
    named = {"path": "/named", "then": {"redirect": {"to": "/new?page={query.page}"}}}
    cloud.items = {"*": rules(whole, named, {"path": "/r/*", "then": {"rewrite": "/v2/{rest}"}})}
    router = Router(settings(TABLE, attributes=["query.page"]), kept=True)

    assert (router("/r/x?utm=1&page=2")["uri"], router("/r/x?utm=1&page=2")["querystring"]) == ("/v2/x", "page=2")
    assert router("/named?utm=1&page=2")["headers"]["location"][0]["value"] == "/new?page=2"
    # The whole query is not in the key, so the rule is none.
    assert router.asks("/whole?utm=1&page=2") == "configured.example.com"
    assert "query" in cloud.events("rules-skipped")[0]["problems"][0]


@pytest.mark.parametrize("way", ["unknown", "unreadable", "raises", "failed-build"])
@pytest.mark.parametrize("fail_closed", [None, False, True])
def test_a_page_of_the_configured_origin_is_not_kept_where_rules_may_say_otherwise(
    way: str, fail_closed: bool | None, cloud: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = settings(TABLE, fail_closed=fail_closed)
    cloud.faults = dict.fromkeys(REGIONS, cloud.refuses) if way == "unknown" else {}
    cloud.raw = {HOST: {"version": {"N": "1"}, "rules": {"S": "{"}}} if way == "unreadable" else {}
    if way == "raises":
        monkeypatch.setattr(handler_module, "decide", lambda *_: 1 / 0)
    if way == "failed-build":
        del given["source"]
    handler = entry(build, lambda: given, keep=keep)

    def asks(*, kept: bool) -> dict[str, Any]:
        cf = {"config": {"eventType": "origin-request"}, "request": request_for("/", kept=kept)}
        return handler({"Records": [{"cf": cf}]}, None)

    if fail_closed is False:
        assert asks(kept=True)["origin"]["custom"]["customHeaders"].keys() == {"x-api-version", "x-ha-undecided"}
        assert asks(kept=False)["origin"]["custom"]["customHeaders"].keys() == {"x-api-version"}
    else:
        assert asks(kept=True)["status"] == "503"
        assert asks(kept=False).get("status") == ("503" if fail_closed else None)


def test_what_no_rule_is_about_is_decided_and_may_be_kept(cloud: World) -> None:
    found = Router(settings(TABLE, fail_closed=None), kept=True)("/other")

    assert found["origin"]["custom"]["customHeaders"].keys() == {"x-api-version"}


@REMOTE
def test_a_host_outside_of_the_cache_key_chooses_no_rules(source: dict[str, Any], cloud: World) -> None:
    cloud.items = {HOST: rules(to("a")), "*.example.com": rules(to("a")), "*": rules(to("b"))}

    assert Router(settings(source, attributes=["country"])).asks() == "b.example.com"
    assert {hosts for _, hosts in cloud.asked} == {("*",)}
    assert Router(settings(source, attributes=["host"])).asks() == "a.example.com"


def test_redirects_answers_and_draws(cloud: World, monkeypatch: pytest.MonkeyPatch) -> None:
    choices = [{"weight": 50, "then": {"origin": name}} for name in "ab"]
    cloud.items = {
        HOST: rules(
            {"path": "/old", "then": {"redirect": {"to": "https://new.example.com/"}}},
            {"path": "/gone", "then": {"respond": {"status": 410}}},
            {"path": "/*", "choices": choices},
        )
    }
    router = Router(settings(TABLE))
    monkeypatch.setattr(world, "draw", lambda: 0.7)

    assert router("/old")["headers"]["location"][0]["value"] == "https://new.example.com/"
    assert router("/gone")["status"] == "410"
    assert router.asks("/x") == "b.example.com"
    monkeypatch.setattr(world, "draw", lambda: 0.2)
    assert router.asks("/x") == "a.example.com"


def test_host_wildcard_and_default_are_one_read_a_time_to_live(cloud: World) -> None:
    cloud.items = {HOST: rules(to("a"))}
    router = Router(settings(TABLE))
    for _ in range(50):
        router.asks()
        cloud.wait(1)

    assert cloud.asked == [(NEAR, (HOST, "*.example.com", "*"))]


def test_a_change_is_seen_after_the_time_to_live(cloud: World) -> None:
    cloud.items = {HOST: rules(to("a"))}
    router = Router(settings(TABLE))
    assert router.asks() == "a.example.com"
    cloud.items = {HOST: rules(to("b"), version=2)}
    assert router.asks() == "a.example.com"

    cloud.wait(TTL)
    assert router.asks() == "b.example.com"


def test_a_bucket_is_asked_whether_the_object_changed(cloud: World) -> None:
    cloud.items = {HOST: rules(to("a")), "*": rules(to("b"))}
    router = Router(settings(BUCKETS))
    router.asks()
    cloud.wait(TTL)
    cloud.items["*"] = rules(to("a"), version=2)

    assert router.asks() == "a.example.com"
    assert cloud.conditional == [HOST, "*"]
    assert cloud.not_changed == [HOST]
    assert router.asks("/x", "other.org") == "a.example.com"


def _remembered(router: Router, host: str = HOST) -> Any:
    """The set that a router remembers of a host."""
    cells = router.route.__closure__
    assert cells is not None
    [cache] = [cell.cell_contents for cell in cells if type(cell.cell_contents).__name__ == "Cache"]
    return cache._entries[host].value


@pytest.mark.parametrize("version", [1, 2])
def test_an_item_with_the_same_rules_is_not_read_anew(version: int, cloud: World) -> None:
    cloud.items = {HOST: rules(to("a"))}
    router = Router(settings(TABLE))
    router.asks()
    before = _remembered(router)
    cloud.items = {HOST: rules(to("a"), version=version)}
    cloud.wait(TTL)

    assert router.asks() == "a.example.com"
    assert _remembered(router) is before
    cloud.items = {HOST: rules(to("b"), version=version)}
    cloud.wait(TTL)
    assert router.asks() == "b.example.com"
    cloud.raw = {HOST: {"version": {"N": "0"}, "rules": {"S": json.dumps([to("b")])}}}
    cloud.items = {}
    cloud.wait(TTL)
    assert router.asks() == "b.example.com"
    assert "version" in cloud.events("rules-skipped")[0]["problems"][0]


def test_an_object_with_another_tag_and_the_same_rules_is_not_read_anew(
    cloud: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    cloud.items = {HOST: rules(to("a"))}
    router = Router(settings(BUCKETS))
    router.asks()
    before = _remembered(router)
    answer = cloud._object

    def with_other_tag(host: str, _: Any) -> HttpAnswer:
        found = answer(host, {})
        return HttpAnswer(found.status, {"etag": "other"}, found.body)

    monkeypatch.setattr(cloud, "_object", with_other_tag)
    cloud.wait(TTL)

    assert router.asks() == "a.example.com"
    assert _remembered(router) is before
    assert before.tag == "other"


def test_what_a_malformed_item_weighs_is_what_the_rules_that_stay_weigh(cloud: World) -> None:
    cloud.items = {HOST: rules(*(to("a", f"/{number}") for number in range(100)))}
    router = Router(settings(TABLE))
    router.asks()
    cells = router.route.__closure__
    assert cells is not None
    [cache] = [cell.cell_contents for cell in cells if type(cell.cell_contents).__name__ == "Cache"]
    before = cache._size
    _spoil(cloud, TABLE, "{")
    cloud.wait(TTL)
    router.asks()

    assert cache._size == before > 16 * 1000


@pytest.mark.parametrize(("part", "whole"), [(200, 10**9), (200, 300), (10**9, 300), (10**9, 10**9)])
def test_rules_in_the_asset_decide_the_same_however_they_are_split(
    part: int, whole: int, cloud: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(packing, "_PART_SIZE", part)
    monkeypatch.setattr(packing, "_WHOLE_SIZE", whole)
    paths = [f"/{'x' * (number % 7)}/{number}" for number in range(200)]
    many = [to("ab"[number % 2], path + ("/*" if number % 3 else "")) for number, path in enumerate(paths)]
    cloud.items = {
        HOST: rules(*many, to("b", "/x/*")),
        **{f"h{number}.example.com": rules(to("a", f"/{number}")) for number in range(50)},
    }
    split, whole_table = Router(settings(static(monkeypatch, tmp_path, cloud.items))), Router(settings(TABLE))
    hosts = [HOST, *(f"h{number}.example.com" for number in range(50))]

    for host in hosts:
        for uri in [*paths[::7], *(f"{path}/y" for path in paths[::5]), "/x/none", "/7", "/\ud800", "/x/../1"]:
            assert split.asks(uri, host) == whole_table.asks(uri, host), (host, uri)


@pytest.mark.parametrize(("part", "whole"), [(200, 10**9), (200, 300), (10**9, 10**9)])
def test_packed_rules_can_be_read_again_as_they_were_written(
    part: int, whole: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packing, "_PART_SIZE", part)
    monkeypatch.setattr(packing, "_WHOLE_SIZE", whole)
    many = [to("ab"[number % 2], f"/{number % 50}{'/*' if number % 3 else ''}") for number in range(150)]
    sets: dict[str, dict[str, Any]] = {HOST: {"rules": [*many, to("a", "/*")]}, "*": {"rules": []}}
    sets |= {f"h{number}.example.com": {"rules": [to("a", f"/{number}")]} for number in range(50)}

    assert packing.unpack(packing.pack(sets)) == sets


def test_of_the_asset_only_what_is_asked_for_is_read(
    cloud: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(packing, "_WHOLE_SIZE", 300)
    monkeypatch.setattr(packing, "_PART_SIZE", 200)
    many = {HOST: rules(*(to("a", f"/{number}") for number in range(1000)))}
    router = Router(settings(static(monkeypatch, tmp_path, many)))
    reads: list[int] = []
    part = sources.PartedFile.part

    def counted(file: sources.PartedFile, number: int) -> dict[str, Any]:
        reads.append(number)
        return part(file, number)

    monkeypatch.setattr(sources.PartedFile, "part", counted)

    for _ in range(3):
        assert router.asks("/7") == "a.example.com"
        assert router.asks("/none") == "configured.example.com"

    assert len(reads) == len(set(reads)) + 2 <= 5


# Faults. What is remembered is the rule that sends to ``a``; before anything is, the configured origin is asked.

FAULTS = ("hangs", "refuses", "throttles", "denies", "fails", "garbles")


def _faults(source: dict[str, Any], names: tuple[str, ...]) -> list[Any]:
    # A bucket that garbles gives an object that is no set of rules, which is another test.
    return [
        pytest.param(source, fault, regions, id=f"{source['kind']}-{fault}-{len(regions)}-down")
        for fault in names
        for regions in ((NEAR,), (NEAR, NEXT), REGIONS)
    ]


@pytest.mark.parametrize(
    ("source", "fault", "regions"),
    [*_faults(TABLE, FAULTS), *_faults(BUCKETS, tuple(fault for fault in FAULTS if fault != "garbles"))],
)
@pytest.mark.parametrize("warm", [False, True], ids=["cold", "warm"])
def test_faults(source: dict[str, Any], fault: str, regions: tuple[str, ...], warm: bool, cloud: World) -> None:
    cloud.items = {HOST: rules(to("a"))}
    router = Router(settings(source))
    if warm:
        router.asks()
        cloud.wait(TTL)
    cloud.faults = dict.fromkeys(regions, getattr(cloud, fault))
    all_down = regions == REGIONS

    # What is served, and in how long.
    started = cloud.waited
    served = router.asks()
    took = cloud.waited - started
    assert served == ("configured.example.com" if all_down and not warm else "a.example.com")
    assert took <= DEADLINE + 0.1
    # The last of three has no time left if a request does not wait for long, and is asked first after the back-off.
    failed = int(all_down or (warm and fault == "hangs" and regions == (NEAR, NEXT)))
    assert len(cloud.events("rules-unavailable")) == failed

    # At most one request in the back-off pays.
    calls, started = len(cloud.asked), cloud.waited
    for _ in range(100):
        assert router.asks() == served
    assert (len(cloud.asked), cloud.waited) == (calls, started)

    # The next one after it finds what is there again.
    cloud.faults = {}
    cloud.items[HOST] = rules(to("b"), version=2)
    cloud.wait(BACK_OFF if failed else TTL)
    assert router.asks() == "b.example.com"
    assert len(cloud.events("rules-unavailable")) == failed


@REMOTE
def test_while_all_is_down_one_request_in_each_back_off_pays_the_deadline(source: dict[str, Any], cloud: World) -> None:
    router = Router(settings(source))
    cloud.faults = dict.fromkeys(REGIONS, cloud.hangs)
    paid = 0
    for _ in range(600):
        started = cloud.waited
        router.asks()
        paid += cloud.waited > started
        cloud.wait(0.1)

    assert paid <= 60 / BACK_OFF
    assert len(cloud.events("rules-unavailable")) == paid


@REMOTE
def test_a_replica_that_failed_is_asked_last_until_its_back_off_is_over(source: dict[str, Any], cloud: World) -> None:
    cloud.items = {HOST: rules(to("a"))}
    router = Router(settings(source))
    cloud.faults = {NEAR: cloud.hangs}
    router.asks("/", HOST)
    first = [region for region, _ in cloud.asked]
    cloud.asked.clear()
    router.asks("/", "another.example.org")

    assert first[0] == NEAR
    assert {region for region, _ in cloud.asked} == {NEXT}


@REMOTE
def test_where_the_stack_asked_for_it_the_unknown_is_answered_503(source: dict[str, Any], cloud: World) -> None:
    router = Router(settings(source, fail_closed=True))
    cloud.faults = dict.fromkeys(REGIONS, cloud.refuses)

    assert router.asks() == "503"
    cloud.faults = {}
    cloud.wait(BACK_OFF)
    assert router.asks() == "configured.example.com"


@REMOTE
@pytest.mark.parametrize("jump", [-1e9, 1e9])
def test_a_clock_that_jumps_has_the_rules_read_again_and_nothing_else(
    source: dict[str, Any], jump: float, cloud: World
) -> None:
    cloud.items = {HOST: rules(to("a"))}
    router = Router(settings(source))
    router.asks()
    cloud.items = {HOST: rules(to("b"), version=2)}
    cloud.time += jump

    assert [router.asks() for _ in range(10)] == ["b.example.com"] * 10


@REMOTE
def test_without_any_rules_the_configured_origin_is_asked(source: dict[str, Any], cloud: World) -> None:
    router = Router(settings(source))

    assert [router.asks() for _ in range(5)] == ["configured.example.com"] * 5
    assert len(cloud.asked) <= 3
    assert cloud.logged == []


def test_where_the_origin_does_not_name_the_table_the_configured_origin_is_asked(cloud: World) -> None:
    event = payload("origin_request_custom")

    found = entry(build, lambda: settings(TABLE), keep=keep)(event, None)
    assert found["origin"]["custom"]["domainName"] == "primary.example.com"
    assert cloud.asked == []


@pytest.mark.parametrize("latency", [0.7, 0.8])
def test_buckets_that_are_too_slow_for_three_objects_in_one_deadline_are_read_in_some_tries(
    latency: float, cloud: World
) -> None:
    cloud.items = {"*": rules(to("a"))}
    cloud.latency = latency
    router = Router(settings(BUCKETS, fail_closed=True))
    served = []
    for _ in range(4):
        started = cloud.waited
        served.append(router.asks())
        assert cloud.waited - started <= DEADLINE + 0.1
        cloud.wait(BACK_OFF)

    assert served[0] == "503"
    assert served[-1] == "a.example.com"


def _s3_error(status: int, code: str, message: str = "") -> HttpAnswer:
    return HttpAnswer(status, {}, f"<Error><Code>{code}</Code><Message>{message}</Message></Error>".encode())


KMS = "User: arn:aws:sts::111122223333:assumed-role/r is not authorized to perform: kms:Decrypt on the resource"


@pytest.mark.parametrize(
    ("refused", "lone"),
    [
        (_s3_error(403, "InvalidObjectState"), True),
        (_s3_error(403, "AccessDenied", KMS), True),
        (_s3_error(400, "KMS.DisabledException"), True),
        (_s3_error(400, "InvalidRequest"), True),
        (world.TooLargeError("too much"), True),
        (_s3_error(403, "AccessDenied"), False),
    ],
    ids=["archived", "key-denied", "key-disabled", "own-key", "too-large", "denied"],
)
def test_one_object_that_is_refused_takes_out_no_other_host(
    refused: HttpAnswer | OSError, lone: bool, cloud: World
) -> None:
    hosts = [f"h{number}.example.com" for number in range(5)]
    cloud.items = {HOST: rules(to("b")), **{host: rules(to("a")) for host in hosts}}
    warm, cold = Router(settings(BUCKETS, fail_closed=True)), Router(settings(BUCKETS, fail_closed=True))
    assert warm.asks() == "b.example.com"
    cloud.refused = {HOST: refused}
    cloud.wait(TTL)

    for host in hosts:
        assert cold.asks() == "503"
        assert cold.asks("/", host) == "a.example.com"
        assert warm.asks() == "b.example.com"
        cloud.wait(1)
    assert not cloud.events("rules-unavailable")
    (line, *_) = cloud.events("rules-skipped")
    assert (line["host"], line["problems"][0][:15]) == (HOST, "cannot be read:")
    assert {region for region, _ in cloud.asked} == ({NEAR} if lone else set(REGIONS))


# Malformed items


MALFORMED: list[Any] = [
    "not JSON",
    "[" * 200_000,
    '{"rules": []}',
    "null",
    '{"version": "1", "rules": []}',
]


def _spoil(cloud: World, source: dict[str, Any], text: str) -> None:
    cloud.raw[HOST] = text.encode() if source is BUCKETS else {"version": {"N": "3"}, "rules": {"S": text}}
    cloud.items.pop(HOST, None)


@REMOTE
@pytest.mark.parametrize("text", MALFORMED, ids=range(len(MALFORMED)))
def test_a_set_that_is_malformed_leaves_the_last_good_one(source: dict[str, Any], text: str, cloud: World) -> None:
    cloud.items = {HOST: rules(to("a"))}
    router = Router(settings(source))
    router.asks()
    _spoil(cloud, source, text)

    for _ in range(3):
        cloud.wait(TTL)
        assert router.asks() == "a.example.com"
    (line,) = cloud.events("rules-skipped")
    assert line["host"] == HOST
    assert line["problems"]

    del cloud.raw[HOST]
    cloud.items = {HOST: rules(to("b"), version=4)}
    cloud.wait(TTL)
    assert router.asks() == "b.example.com"


@REMOTE
@pytest.mark.parametrize("text", MALFORMED, ids=range(len(MALFORMED)))
def test_a_set_that_is_malformed_from_the_start_decides_nothing_and_stands_in_nobody_elses_way(
    source: dict[str, Any], text: str, cloud: World
) -> None:
    cloud.items = {"*": rules(to("b")), "other.example.com": rules(to("a"))}
    _spoil(cloud, source, text)

    assert Router(settings(source)).asks() == "configured.example.com"
    assert Router(settings(source, fail_closed=True)).asks() == "503"
    assert Router(settings(source)).asks("/", "other.example.com") == "a.example.com"


@REMOTE
def test_a_malformed_set_stands_in_the_way_of_no_rule_that_comes_before_it(
    source: dict[str, Any], cloud: World
) -> None:
    text = b"{" if source is BUCKETS else {"version": {"N": "3"}, "rules": {"S": "{"}}
    cloud.raw = {"*.example.com": text, "*": text}
    cloud.items = {HOST: rules(to("a", "/own/*"))}

    for fail_closed, otherwise in ((False, "configured.example.com"), (True, "503")):
        router = Router(settings(source, fail_closed=fail_closed))
        assert router.asks("/own/x") == "a.example.com"
        assert router.asks("/other") == otherwise


@pytest.mark.parametrize(
    "item",
    [
        {},
        {"version": {"N": "1"}},
        {"rules": {"S": "[]"}},
        {"version": {"S": "x"}, "rules": {"S": "[]"}},
        {"version": {"N": "1"}, "rules": {"L": []}},
        {"version": {"N": "1"}, "rules": {"BOOL": True}},
        {"version": {"N": "1"}, "rules": {"B": "AAAA"}},
        {"version": {"N": "-1"}, "rules": {"S": "[]"}},
        {"version": {"N": "1"}, "rules": {"SS": ["[]"]}, "notes": {"BS": ["AAAA"]}},
    ],
)
def test_an_item_that_is_malformed_leaves_the_last_good_one(item: dict[str, Any], cloud: World) -> None:
    cloud.items = {HOST: rules(to("a"))}
    router = Router(settings(TABLE))
    router.asks()
    cloud.items = {}
    cloud.raw = {HOST: item}
    cloud.wait(TTL)

    assert router.asks() == "a.example.com"
    assert Router(settings(TABLE)).asks() == "configured.example.com"


@REMOTE
def test_a_rule_that_is_wrong_is_skipped_counted_and_told_of_once(source: dict[str, Any], cloud: World) -> None:
    cloud.items = {HOST: rules(to("nowhere"), {"path": "x"}, to("b"))}
    router = Router(settings(source))

    for _ in range(5):
        assert router.asks() == "b.example.com"
        cloud.wait(TTL)
    told = cloud.events("rules-skipped")
    assert [(line["host"], line["count"]) for line in told] == [(HOST, 1), (HOST, 1)]
    assert "rules[1].path" in told[0]["problems"][0]
    assert "rules[0].then.origin: 'nowhere'" in told[1]["problems"][0]


# Bounds


def test_what_is_remembered_of_13_000_hosts_is_bounded_and_those_without_rules_push_out_none(cloud: World) -> None:
    text = json.dumps(rules(to("a"))["rules"])

    class Everything(dict[str, Any]):
        """A table with rules for every host of ``.with``, and one good host that must stay."""

        def __contains__(self, host: object) -> bool:
            return str(host).endswith(".with.org")

        def __getitem__(self, host: str) -> Any:
            return {"version": {"N": "1"}, "rules": {"S": text}}

    cloud.raw = Everything()
    router = Router(settings(TABLE))
    cache = router.route.__closure__
    assert cache is not None
    (remembered,) = [cell.cell_contents for cell in cache if type(cell.cell_contents).__name__ == "Cache"]
    for number in range(5_000):
        router.asks("/", f"h{number}.with.org")
    entries = len(remembered._entries)
    # Each has a name of its own for its wildcard, too.
    for number in range(8_000):
        router.asks("/", f"h{number}.n{number}.without.org")

    assert entries <= 1_000_000 // 1024
    assert len(remembered._entries) == entries
    assert len(remembered._absent) == 10_000


@pytest.mark.parametrize("read", [False, True], ids=["unread", "read"])
def test_what_a_set_is_counted_for_is_what_it_takes(read: bool) -> None:
    reader = sources.Reader(Allowed(origins=frozenset({"a"})))
    text = json.dumps([to("a", f"/p/{number}/*") for number in range(2000)], separators=(",", ":"))
    tracemalloc.start()
    try:
        found = reader.read(HOST, text, 1)
        for prefix in found._prefixes if read else ():
            found._read(found._prefixes, prefix)
        gc.collect()
        taken, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert 0.3 < taken / sources._weight(text) < 1.3


# CloudFront's contract


def _broad(**headers: str) -> list[dict[str, Any]]:
    """Rules that read all that can be read, and write all that can be written."""
    then = {
        "origin": "a",
        "rewrite": "/{country}/{cookie.session}/{query.q}/{header.accept}{path}",
        "headers": {"x-tenant": "{host} {query} {header.user-agent}"},
    }
    redirect = {"to": "{path}?next={path}&q={query.size}&c={cookie.session}"}
    other = {"to": "https://new.example.com{path}?{query}", "status": 308, "max_age": 60}
    choices = [
        {"weight": 40, "then": {"origin": "b", "rewrite": "/b/{rest}"}},
        {"weight": 60, "then": {"redirect": {"to": "/c/{rest}?{query}"}}},
    ]
    return [
        {"path": "/pictures/*", "when": {"country": {"equals": "DE"}}, "then": then},
        {"path": "/pictures/*", "choices": choices, "sticky": "cookie.session"},
        {"path": "/*", "when": {"method": {"one_of": ["POST", "PUT"]}}, "then": {"respond": {"status": 403}}},
        {"path": "/*", "when": {"query.size": {"exists": True}}, "then": {"redirect": redirect}},
        {"path": "/*", "when": {"header.x-tenant": {"prefix": "t"}}, "then": {"redirect": other}},
        {"path": "/*", "when": {"header.accept": {"exists": True}}, "then": then},
    ]


@pytest.mark.property
def test_the_contract_with_rules_in_the_asset(cloud: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    given = settings(static(monkeypatch, tmp_path, {"*": rules(*_broad())}))
    seen = assert_contract(
        entry(build, lambda: given, keep=keep), {"a.example.com", "b.example.com"}, redirects={"new.example.com"}
    )

    assert min(seen["changed"], seen["kept"], seen["answered"], seen["log:undecided"]) > 1000


@pytest.mark.property
def test_the_contract_with_a_table_that_fails_for_minutes(cloud: World) -> None:
    cloud.items = {"*": rules(*_broad())}
    configured = payload("origin_request_configured")
    custom_headers = request_of(configured)["origin"]["custom"]["customHeaders"]
    custom_headers["x-ha-edge-table"] = [{"key": "x-ha-edge-table", "value": "routes"}]
    handler = entry(build, lambda: settings(TABLE, fail_closed=True), keep=keep)

    def later(event: Any, context: Any) -> Any:
        cloud.wait(4)
        cloud.faults = dict.fromkeys(REGIONS, cloud.hangs) if cloud.time % 240 < 120 else {}
        return handler(event, context)

    seen = assert_contract(
        later, {"a.example.com", "b.example.com"}, redirects={"new.example.com"}, payloads=[configured] * 9
    )

    assert min(seen["changed"], seen["kept"], seen["answered"], seen["log:rules-unavailable"]) > 500


def test_the_real_payloads_are_routed(cloud: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    given = settings(static(monkeypatch, tmp_path, {"*": rules(to("a", "/pictures/*"))}))
    handler = entry(build, lambda: given, keep=keep)

    for name in ("origin_request_custom", "origin_request_s3"):
        found = handler(payload(name), None)
        assert found["origin"] == given["origins"]["a"]["origin"]
        assert found["uri"] == "/pictures/index.html"
