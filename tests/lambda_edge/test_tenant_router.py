"""Tenant router: a host's item says where its requests go, and nothing else can."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

import pytest

from lambda_edge.common import world
from lambda_edge.common.entry import Handler, entry
from lambda_edge.common.world import HttpAnswer
from lambda_edge.tenant_router.handler import build, is_below, keep

from .contract_suite import assert_contract
from .payloads import payload, request_of

_SUFFIX = ".apps.example.com"
_REGIONS = ["us-east-1", "eu-west-1"]


def _custom(domain_name: str) -> dict[str, Any]:
    return {
        "custom": {
            "customHeaders": {},
            "domainName": domain_name,
            "keepaliveTimeout": 5,
            "path": "",
            "port": 443,
            "protocol": "https",
            "readTimeout": 30,
            "sslProtocols": ["TLSv1.2"],
        }
    }


def _settings(**given: Any) -> dict[str, Any]:
    return {
        "fail_closed": False,
        "max_size": 1_000_000,
        "origins": {"shared": {"origin": _custom("shared.example.com")}},
        "own_origin": _custom(""),
        "suffixes": [_SUFFIX],
        "table": {
            "back_off": 5,
            "order": {"eu-west-1": ["eu-west-1", "us-east-1"]},
            "regions": _REGIONS,
        },
        "ttl": 60,
        "unknown_status": None,
        **given,
    }


class Table:
    """The replicas of a table, as DynamoDB answers for them, with a clock."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.items: dict[str, Mapping[str, Any]] = {}
        self.asked: list[str] = []
        self.down: set[str] = set()
        self.logged: list[str] = []
        self.time = 1_000_000.0
        environment = {"AWS_ACCESS_KEY_ID": "AKID", "AWS_SECRET_ACCESS_KEY": "secret"}
        monkeypatch.setattr(world, "now", lambda: self.time)
        monkeypatch.setattr(world, "region", lambda: "eu-west-1")
        monkeypatch.setattr(world, "environment", environment.get)
        monkeypatch.setattr(world, "https", self._https)
        monkeypatch.setattr(world, "log", lambda event, **fields: self.logged.append(event))

    def _https(self, url: str, *, body: bytes, **asked: Any) -> HttpAnswer:
        found = re.fullmatch(r"https://dynamodb\.([a-z0-9-]+)\.amazonaws\.com/", url)
        assert found
        self.asked.append(found[1])
        if found[1] in self.down:
            raise TimeoutError("no answer in time")
        ((name, wanted),) = json.loads(body)["RequestItems"].items()
        hosts = [key["host"]["S"] for key in wanted["Keys"]]
        items = [
            {"host": {"S": host}, **{field: {"S": value} for field, value in self.items[host].items()}}
            for host in hosts
            if host in self.items
        ]
        return HttpAnswer(200, {}, json.dumps({"Responses": {name: items}}).encode())


def _event(host: str = "acme.example.net", *, kept: bool = False) -> dict[str, Any]:
    event = payload("origin_request_custom")
    asked = request_of(event)
    asked["headers"]["host"] = [{"key": "Host", "value": host}]
    asked["origin"]["custom"]["customHeaders"]["x-ha-edge-table"] = [{"key": "x-ha-edge-table", "value": "routes"}]
    if kept:
        asked["origin"]["custom"]["customHeaders"]["x-ha-edge-kept"] = [{"key": "x-ha-edge-kept", "value": "true"}]
    return event


def _router(**given: Any) -> Handler:
    return entry(build, lambda: _settings(**given), keep=keep)


def _origin_of(answer: dict[str, Any]) -> str:
    assert answer["headers"]["host"][0]["value"] == answer["origin"]["custom"]["domainName"]
    assert not [name for name in answer["origin"]["custom"]["customHeaders"] if name.startswith("x-ha-edge-")]
    return str(answer["origin"]["custom"]["domainName"])


@pytest.fixture
def table(monkeypatch: pytest.MonkeyPatch) -> Table:
    made = Table(monkeypatch)
    made.items = {
        "acme.example.net": {"domain_name": "acme.apps.example.com"},
        "globex.example.net": {"origin": "shared"},
        "*.example.org": {"origin": "shared"},
    }
    return made


@pytest.mark.parametrize(
    ("host", "asked"),
    [
        ("acme.example.net", "acme.apps.example.com"),
        ("ACME.example.net.", "acme.apps.example.com"),
        ("globex.example.net", "shared.example.com"),
        ("any.example.org", "shared.example.com"),
        ("any.other.example.org", "primary.example.com"),
        ("unknown.example.net", "primary.example.com"),
    ],
)
def test_a_host_is_served_by_its_tenants_origin_under_that_origins_name(table: Table, host: str, asked: str) -> None:
    event = _event(host)
    request_of(event)["origin"]["custom"]["domainName"] = "primary.example.com"

    assert _origin_of(_router()(event, None)) == asked


def test_the_application_is_told_which_name_the_viewer_asked_for_and_no_viewer_can_claim_another(table: Table) -> None:
    event = _event()
    request_of(event)["headers"]["x-forwarded-host"] = [{"key": "X-Forwarded-Host", "value": "globex.example.net"}]

    answer = _router()(event, None)

    assert [line["value"] for line in answer["headers"]["x-forwarded-host"]] == ["acme.example.net"]


def test_the_default_origin_is_told_so_too(table: Table) -> None:
    event = _event("unknown.example.net")
    request_of(event)["headers"]["x-forwarded-host"] = [{"key": "X-Forwarded-Host", "value": "acme.example.net"}]

    answer = _router()(event, None)

    assert [line["value"] for line in answer["headers"]["x-forwarded-host"]] == ["unknown.example.net"]


@pytest.mark.parametrize("why", ["no replica", "no item", "no configuration", "no origin"])
def test_no_viewer_can_claim_another_name_where_nothing_is_decided(table: Table, why: str) -> None:
    table.down = set(_REGIONS) if why == "no replica" else set()
    table.items["acme.example.net"] = {} if why == "no item" else {"origin": "told"}
    told = {"origin": _custom(""), "headers": {"domainName": "domainname-told"}}
    settings = {} if why == "no configuration" else _settings(origins={"told": told})
    event = _event()
    request_of(event)["headers"]["x-forwarded-host"] = [{"key": "X-Forwarded-Host", "value": "globex.example.net"}]

    answer = entry(build, lambda: settings, keep=keep)(event, None)

    assert _origin_of(answer) == "primary.example.com"
    assert [line["value"] for line in answer["headers"]["x-forwarded-host"]] == ["acme.example.net"]


@pytest.mark.parametrize("why", ["no replica", "no item", "to itself", "no configuration", "no origin"])
@pytest.mark.parametrize("fail_closed", [None, False, True])
def test_a_default_page_is_not_kept_under_a_tenants_host(table: Table, why: str, fail_closed: bool | None) -> None:
    table.down = set(_REGIONS) if why == "no replica" else set()
    items = {"no item": {}, "to itself": {"domain_name": "acme.apps.example.com"}}
    table.items["acme.apps.example.com"] = items.get(why, {"origin": "told"})
    told = {"origin": _custom(""), "headers": {"domainName": "domainname-told"}}
    settings = _settings(origins={"told": told}, fail_closed=fail_closed)
    if why == "no configuration":
        del settings["suffixes"]

    def asks(*, kept: bool) -> dict[str, Any]:
        return entry(build, lambda: settings, keep=keep)(_event("acme.apps.example.com", kept=kept), None)

    if fail_closed is False:
        assert _origin_of(asks(kept=True)) == "primary.example.com"
        assert "x-ha-undecided" in asks(kept=True)["origin"]["custom"]["customHeaders"]
        assert "x-ha-undecided" not in asks(kept=False)["origin"]["custom"]["customHeaders"]
    else:
        assert asks(kept=True)["status"] == "503"
        assert asks(kept=False).get("status") == ("503" if fail_closed else None)


def test_a_host_that_is_known_to_have_no_tenant_is_decided(table: Table) -> None:
    answer = _router(fail_closed=None)(_event("unknown.example.net", kept=True), None)

    assert _origin_of(answer) == "primary.example.com"
    assert "x-ha-undecided" not in answer["origin"]["custom"]["customHeaders"]


def test_a_tenant_is_never_sent_to_itself(table: Table) -> None:
    table.items["shop.apps.example.com"] = {"domain_name": "shop.apps.example.com"}

    assert _origin_of(_router()(_event("shop.apps.example.com"), None)) != "shop.apps.example.com"
    assert _router(fail_closed=True)(_event("shop.apps.example.com"), None)["status"] == "503"


def test_a_request_that_cannot_be_decided_reaches_the_default_by_its_own_name(table: Table) -> None:
    router = _router(origins={"shared": {"origin": _custom(""), "headers": {"domainName": "domainname-shared"}}})
    event = _event("globex.example.net")
    name = request_of(event)["origin"]["custom"]["domainName"]

    assert _origin_of(router(event, None)) == name
    assert table.logged == ["undecided"]


def test_a_host_without_a_tenant_can_be_answered_that_there_is_none(table: Table) -> None:
    answer = _router(unknown_status=404)(_event("unknown.example.net"), None)

    assert answer["status"] == "404"
    assert answer["headers"]["cache-control"][0]["value"] == "no-store"


def test_one_read_a_host_and_time_to_live(table: Table) -> None:
    router = _router()
    for _ in range(5):
        router(_event(), None)
    assert table.asked == ["eu-west-1"]

    table.items["acme.example.net"] = {"origin": "shared"}
    table.time += 60
    assert _origin_of(router(_event(), None)) == "shared.example.com"
    assert len(table.asked) == 2


def test_when_the_nearest_replica_is_down_the_next_one_answers(table: Table) -> None:
    table.down = {"eu-west-1"}

    assert _origin_of(_router()(_event(), None)) == "acme.apps.example.com"
    assert table.asked == ["eu-west-1", "us-east-1"]


def test_when_all_are_down_what_was_read_last_stays_and_one_request_in_the_back_off_waits(table: Table) -> None:
    router = _router()
    router(_event(), None)
    table.asked.clear()
    table.down = set(_REGIONS)
    table.time += 60

    assert {_origin_of(router(_event(), None)) for _ in range(10)} == {"acme.apps.example.com"}
    # The nearest once more, with the time that is left.
    assert table.asked == ["eu-west-1", "us-east-1", "eu-west-1"]
    assert table.logged == ["tenants-unavailable"]

    table.down = set()
    table.items["acme.example.net"] = {"origin": "shared"}
    table.time += 5
    assert _origin_of(router(_event(), None)) == "shared.example.com"


def test_a_host_that_was_never_read_while_all_are_down_gets_the_default_or_503(table: Table) -> None:
    table.down = set(_REGIONS)

    assert _origin_of(_router()(_event(), None)) != "acme.apps.example.com"
    assert _router(fail_closed=True)(_event(), None)["status"] == "503"


@pytest.mark.parametrize(
    "item",
    [
        {},
        {"origin": "undeclared"},
        {"domain_name": "evil.example.org"},
        {"domain_name": "apps.example.com"},
        {"domain_name": "evilapps.example.com"},
        {"domain_name": "acme.apps.example.com:8443"},
        {"domain_name": "ACME.apps.example.com"},
        {"domain_name": "*.apps.example.com"},
        {"domain_name": "a/b.apps.example.com"},
        {"domain_name": "203.0.113.1"},
        {"domain_name": "a.apps.example.com", "origin": "shared"},
    ],
)
def test_an_item_that_names_what_the_stack_did_not_declare_leaves_the_last_good_one(
    table: Table, item: dict[str, str]
) -> None:
    router = _router()
    router(_event(), None)
    table.items["acme.example.net"] = item
    table.time += 60

    assert _origin_of(router(_event(), None)) == "acme.apps.example.com"
    assert table.logged == ["tenant-unreadable"]

    fresh = _router(fail_closed=True)
    assert fresh(_event(), None)["status"] == "503"


def test_without_the_name_of_the_table_the_default_is_asked(table: Table) -> None:
    event = _event()
    del request_of(event)["origin"]["custom"]["customHeaders"]["x-ha-edge-table"]

    assert (
        _origin_of(_router()(event, None))
        == request_of(payload("origin_request_custom"))["origin"]["custom"]["domainName"]
    )
    assert table.asked == []


@pytest.mark.parametrize(
    ("name", "below"),
    [
        ("a.apps.example.com", True),
        ("a.b.apps.example.com", True),
        (".apps.example.com", False),
        ("apps.example.com", False),
        ("-.apps.example.com", False),
        ("a.apps.example.com.", False),
        ("a.apps.example.com\n", False),
        (f"{'a' * 64}.apps.example.com", False),
        (f"{'a.' * 130}apps.example.com", False),
    ],
)
def test_below_a_suffix_are_hosts_only(name: str, below: bool) -> None:
    assert is_below(name, (_SUFFIX,)) is below


@pytest.mark.property
def test_the_tenant_router_keeps_the_contract(table: Table) -> None:
    kept = [_event(kept=True), _event("globex.example.net", kept=True)]
    events = [_event(), _event("globex.example.net"), *kept]
    seen = assert_contract(_router(fail_closed=None), ["shared.example.com", _SUFFIX], payloads=events)

    assert min(seen[what] for what in ("kept", "changed", "answered", "log:undecided")) > 100
