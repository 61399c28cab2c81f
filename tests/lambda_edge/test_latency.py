"""The distances over which a function still gets what it reads: a table of round trips, on a virtual clock.

Requests come a minute apart, as at an edge with few of them, so that a container is frozen in between. At least 11 of
12 are decided by what is stored, and all from the second one on, whatever the distance.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from random import Random
from typing import Any, Literal, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambda_edge.bucket_dns_failover import handler as bucket_dns_failover
from lambda_edge.common.cache import FIRST_WAIT, REFRESH_WAIT
from lambda_edge.common.entry import Handler, entry
from lambda_edge.common.origin import CONFIGURATION_PREFIX
from lambda_edge.home_region import cookie
from lambda_edge.home_region import handler as home_region
from lambda_edge.rule_router import handler as rule_handler
from lambda_edge.tenant_router import handler as tenant_handler

from .rule_sources import origin as custom_origin
from .test_home_region import key_of
from .virtual_network import Drop, Network, Region, State, connected

#: The settings that the constructs bake. Their tests hold them equal: this Python may be one without the CDK.
TENANTS = {"back_off": 5}
RULES = {"back_off": 10}
BUCKETS = {"back_off": 10, "deadline": 2.0}

# Seconds: to the nearest Region, and to the next one.
_TRIPS = (0.02, 0.09, 0.16, 0.23, 0.3)
_DISTANCES = [(near, far) for near in _TRIPS for far in _TRIPS if near <= far]
REGIONS = ["near", "next"]
REQUESTS = 12
MINUTE = 60.0
_LAMBDA_TIMEOUT = 5.0
DISTRIBUTION = "EDFDVBD6EXAMPLE"
_CURRENT, _PREVIOUS = (letter * 64 for letter in "ab")
_CREATED = 1_800_000_000
_LAST_DAY = 22_000

# Whether the answer to the request of a number is the right one.
Ask = Callable[[int], bool]
# Makes a container, and what asks it; the network is there already.
Start = Callable[[Network], Ask]


# -- what is behind the functions


def service(host: str, question: bytes) -> tuple[int, dict[str, str], bytes]:
    """Of Secrets Manager, of DynamoDB, and of S3."""
    head, _, body = question.partition(b"\r\n\r\n")
    if host.startswith("secretsmanager."):
        stage = json.loads(body)["VersionStage"]
        text = _CURRENT if stage == "AWSCURRENT" else _PREVIOUS
        return 200, {}, json.dumps({"VersionId": stage, "SecretString": text, "CreatedDate": _CREATED}).encode()
    rules = [{"path": "/*", "then": {"origin": "stored"}}]
    if host.startswith("dynamodb."):
        ((table, asked),) = json.loads(body)["RequestItems"].items()
        hosts = [key["host"]["S"] for key in asked["Keys"]]
        items = [
            {
                "host": {"S": name},
                "origin": {"S": "stored"},
                "version": {"N": "1"},
                "rules": {"S": json.dumps(rules)},
            }
            for name in hosts
            if name.startswith("shop")
        ]
        return 200, {}, json.dumps({"Responses": {table: items}}).encode()
    assert host.startswith("rules.s3.")
    if head.startswith(b"GET /shop"):
        return 200, {"ETag": '"1"'}, json.dumps({"version": 1, "rules": rules}).encode()
    return 404, {}, b"<Error><Code>NoSuchKey</Code></Error>"


def event_of(held: str | None = None, *, host: str = "shop.example.com", **told: str) -> dict[str, Any]:
    (_, origin) = custom_origin("configured").popitem()
    origin["custom"]["customHeaders"] = {
        f"{CONFIGURATION_PREFIX}{name}": [{"key": name, "value": value}] for name, value in told.items()
    }
    headers = {"host": [{"key": "Host", "value": host}]}
    if held is not None:
        headers["cookie"] = [{"key": "Cookie", "value": f"{cookie.NAME}={held}"}]
    request = {
        "clientIp": "203.0.113.178",
        "headers": headers,
        "method": "GET",
        "querystring": "",
        "uri": "/",
        "origin": origin,
    }
    config = {"distributionId": DISTRIBUTION, "eventType": "origin-request"}
    return {"Records": [{"cf": {"config": config, "request": request}}]}


def _asked(handler: Handler, event: dict[str, Any]) -> dict[str, Any]:
    (origin,) = handler(event, None)["origin"].values()
    assert isinstance(origin, dict)
    return origin


# -- the functions


_HOMES = ("closest", "far")


def home_router(key_regions: list[str], unhealthy: str = "fail") -> Handler:
    """A container of the home router."""
    health = {home: {"name": f"{home}.example.com", "kind": "TXT", "values": ["healthy"]} for home in _HOMES}
    configuration = {
        "origins": {home: custom_origin(home) for home in _HOMES},
        "order": {},
        "key": {"name": "key", "regions": key_regions, "order": {}},
        "days": 90,
        "unhealthy": unhealthy,
        "health": health if unhealthy != "fail" else {},
        "user_cookie": None,
    }
    return entry(home_region._build, lambda: configuration)


def _home(secret: str | None, unhealthy: str = "fail") -> Start:
    """Of a user whose home is far, or who has none yet."""

    def start(_network: Network) -> Ask:
        function = home_router(REGIONS, unhealthy)
        key = None if secret is None else key_of(secret)
        held = None if key is None else str(cookie.sign(key, DISTRIBUTION, "far", _LAST_DAY + 60, ""))

        def ask(_number: int) -> bool:
            asked = _asked(function, event_of(held))
            issued = home_region.ISSUED_HEADER in asked["customHeaders"]
            moves = key is None or unhealthy != "fail"
            return issued and asked["domainName"] == ("closest.example.com" if moves else "far.example.com")

        return ask

    return start


def _health(network: Network) -> Ask:
    """Of the home of a user, which is down; what tells so is as far away as the nearest Region."""
    network.texts = {"far.example.com": "unhealthy", "closest.example.com": "healthy"}
    network.nameserver = network.regions["near"]
    network.regions = dict.fromkeys(REGIONS, Region(0.02, network.regions["near"].state))
    return _home(_CURRENT, "read-elsewhere")(network)


def _bucket_by_name(network: Network) -> Ask:
    network.texts = {"bucket.example.com": "eu-west-1"}
    network.nameserver = network.regions["near"]
    s3 = {"authMethod": "none", "customHeaders": {}, "path": "", "region": "eu-west-1"}
    bucket = {"origin": {"s3": {**s3, "domainName": "stored.s3.eu-west-1.amazonaws.com"}}}
    configuration = {"origins": {"eu-west-1": bucket}, "record_name": "bucket.example.com", "longest_ttl": 60}
    function = entry(bucket_dns_failover.build, lambda: configuration)
    return lambda _number: _asked(function, event_of())["domainName"] == "stored.s3.eu-west-1.amazonaws.com"


def _host(number: int, *, another: bool) -> str:
    return f"shop{number if another else ''}.example.com"


def _tenants(*, another: bool) -> Start:
    def start(_network: Network) -> Ask:
        configuration = {
            "fail_closed": False,
            "max_size": 1_000_000,
            "origins": {"stored": custom_origin("stored")},
            "own_origin": custom_origin("")["origin"],
            "suffixes": [],
            "table": {"back_off": TENANTS["back_off"], "order": {}, "regions": REGIONS},
            "ttl": 60,
            "unknown_status": None,
        }
        function = entry(tenant_handler.build, lambda: configuration)

        def ask(number: int) -> bool:
            event = event_of(host=_host(number, another=another), table="routes")
            return bool(_asked(function, event)["domainName"] == "stored.example.com")

        return ask

    return start


def _rules(source: dict[str, Any], *, another: bool) -> Start:
    def start(_network: Network) -> Ask:
        configuration: dict[str, Any] = {
            "origins": {"stored": custom_origin("stored")},
            "redirect_hosts": [],
            "request_headers": [],
            "attributes": None,
            "fail_closed": False,
            "source": {
                "order": {},
                "ttl": 60,
                "max_size": 1_000_000,
                "back_off": RULES["back_off"],
                **source,
            },
        }
        function = entry(rule_handler.build, lambda: configuration)

        def ask(number: int) -> bool:
            event = event_of(host=_host(number, another=another), table="routes")
            return bool(_asked(function, event)["domainName"] == "stored.example.com")

        return ask

    return start


_TABLE = {"kind": "dynamodb", "regions": REGIONS}
_BUCKETS = {
    "kind": "s3",
    "buckets": dict.fromkeys(REGIONS, "rules"),
    "prefix": "",
    "deadline": BUCKETS["deadline"],
}
OVER_HTTP: dict[str, Start] = {
    "home of a cookie": _home(_CURRENT),
    "home of a cookie of the previous key": _home(_PREVIOUS),
    "home of a new user, who gets a cookie": _home(None),
    "tenant": _tenants(another=False),
    "another tenant each time": _tenants(another=True),
    "rules in a table": _rules(_TABLE, another=False),
    "rules in a table, another host each time": _rules(_TABLE, another=True),
    "rules in buckets": _rules(_BUCKETS, another=False),
    "rules in buckets, another host each time": _rules(_BUCKETS, another=True),
}
_OVER_DNS: dict[str, Start] = {"health of a home": _health, "bucket by a record": _bucket_by_name}


# -- the table


def play(
    start: Start, network: Network, *, requests: int = REQUESTS, apart: float = MINUTE
) -> tuple[list[bool], list[float]]:
    """Which of the requests are decided right, and how long each waits."""
    right, waited = [], []
    with connected(network, "edge"):
        ask = start(network)
        for number in range(requests):
            before = network.time
            right.append(ask(number))
            waited.append(network.time - before)
            network.freeze(apart)
    return right, waited


def _right(start: Start, near: float, far: float, *, state: State = "works", **network: Any) -> int:
    """How many requests are decided right."""
    right, _ = play(start, Network({"near": Region(near, state), "next": Region(far)}, service, **network))
    return sum(right)


def _too_far(start: Start, *, state: State = "works", **given_network: Any) -> Iterator[str]:
    """The distances at which a function decides fewer requests right than it must, or waits too long."""
    for near, far in _DISTANCES:
        network = Network({"near": Region(near, state), "next": Region(far)}, service, **given_network)
        right, waited = play(start, network)
        if not all(right[1:]) or max(waited) > _LAMBDA_TIMEOUT / 2:
            yield f"{near * 1000:.0f} and {far * 1000:.0f} ms: {sum(right)} of {len(right)} right, {max(waited):.2f} s"


@pytest.mark.parametrize("tls", ["1.3", "1.2"])
@pytest.mark.parametrize("drop", ["closed", "reset", "silent", "none"])
@pytest.mark.parametrize("name", OVER_HTTP)
def test_what_is_read_over_http_is_there_from_the_second_request_on(name: str, drop: Drop, tls: str) -> None:
    assert list(_too_far(OVER_HTTP[name], drop=drop, tls=tls)) == []


@pytest.mark.parametrize("state", ["dark", "refuses", "no tls", "hangs", "fails"])
@pytest.mark.parametrize("name", OVER_HTTP)
def test_so_it_is_where_the_nearest_region_is_lost(name: str, state: State) -> None:
    assert list(_too_far(OVER_HTTP[name], state=state)) == []


@pytest.mark.parametrize("state", ["works", "dark"])
@pytest.mark.parametrize("name", ["home of a cookie", "another tenant each time"])
def test_so_it_is_where_each_server_has_several_addresses(name: str, state: State) -> None:
    assert list(_too_far(OVER_HTTP[name], state=state, addresses=4)) == []


@pytest.mark.parametrize("name", ["home of a cookie", "another tenant each time"])
def test_an_address_that_is_dark_costs_no_more_than_the_farthest_places(name: str) -> None:
    for round_trip in (0.02, 0.05):
        assert _right(OVER_HTTP[name], round_trip, round_trip, addresses=4, dark_addresses=1) == REQUESTS


@pytest.mark.parametrize("state", ["dark", "refuses", "fails"])
@pytest.mark.parametrize("name", ["home of a cookie", "another tenant each time"])
def test_of_three_regions_the_last_is_reached_where_the_others_are_lost(
    name: str, state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"{__name__}.REGIONS", ["near", "next", "third"])
    regions = {"near": Region(0.05, state), "next": Region(0.1, state), "third": Region(0.2)}
    right, _ = play(OVER_HTTP[name], Network(regions, service))

    assert all(right)


@pytest.mark.parametrize("tls", ["1.3", "1.2"])
@pytest.mark.parametrize("state", ["no tls", "hangs"])
@pytest.mark.parametrize("name", ["home of a cookie", "tenant", "rules in a table"])
def test_a_region_that_takes_connections_and_never_answers_leaves_the_next_one_its_time(
    name: str, state: State, tls: Literal["1.3", "1.2"]
) -> None:
    for near, far in [(0.02, 0.25), (0.06, 0.2), (0.1, 0.15)]:
        assert _right(OVER_HTTP[name], near, far, state=state, tls=tls) == REQUESTS, (near, far)


@pytest.mark.parametrize("state", ["no tls", "hangs"])
def test_so_do_two_of_them_where_the_third_is_near(state: State, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f"{__name__}.REGIONS", ["near", "next", "third"])
    regions = {"near": Region(0.02, state), "next": Region(0.04, state), "third": Region(0.06)}
    right, _ = play(OVER_HTTP["home of a cookie"], Network(regions, service))

    assert all(right)


def test_a_service_that_is_slow_is_waited_for_where_no_other_is_left() -> None:
    network = Network({"near": Region(0.02, "hangs"), "next": Region(0.02, service=0.6)}, service)
    right, _ = play(OVER_HTTP["home of a cookie"], network)

    assert all(right)


def test_the_first_request_is_right_too_where_the_region_answers_or_is_dark() -> None:
    for state in ("works", "dark", "refuses"):
        for name in ("home of a cookie", "tenant", "rules in a table"):
            network = Network({"near": Region(0.3, state), "next": Region(0.3)}, service)
            right, waited = play(OVER_HTTP[name], network)
            assert all(right), (name, state)
            assert max(waited) <= FIRST_WAIT


@pytest.mark.parametrize("round_trip", _TRIPS)
@pytest.mark.parametrize("name", ["home of a cookie", "tenant", "rules in a table"])
def test_a_container_that_knows_what_it_needs_waits_rarely_and_briefly(name: str, round_trip: float) -> None:
    network = Network(dict.fromkeys(REGIONS, Region(round_trip)), service)
    right, waited = play(OVER_HTTP[name], network, requests=121)

    assert all(right)
    # If a short wait is enough none is long; else one in two times to live is, of 5 minutes and of 1.
    most = 12 if name.startswith("home") else 60
    assert sum(seconds > REFRESH_WAIT for seconds in waited[1:]) <= (0 if round_trip < 0.1 else most)
    assert sum(waited[1:]) < most


@pytest.mark.parametrize("state", ["dark", "no tls", "hangs"])
@pytest.mark.parametrize("name", [*OVER_HTTP, *_OVER_DNS])
def test_where_nothing_answers_a_request_waits_far_less_than_the_function_may_run(name: str, state: State) -> None:
    network = Network(dict.fromkeys(REGIONS, Region(0.02, state)), service)
    right, waited = play({**OVER_HTTP, **_OVER_DNS}[name], network)

    assert not any(right)
    assert max(waited) <= _LAMBDA_TIMEOUT / 2 + 0.001


def test_a_connection_that_was_used_a_moment_ago_is_asked_at_any_distance() -> None:
    network = Network(dict.fromkeys(REGIONS, Region(0.3)), service, drop="none")
    right, waited = play(OVER_HTTP["another tenant each time"], network, apart=1.0)

    assert all(right)
    assert max(waited[1:]) < 0.4


@pytest.mark.parametrize("name", _OVER_DNS)
def test_what_is_read_from_nameservers_is_there_from_the_second_request_on(name: str) -> None:
    assert list(_too_far(_OVER_DNS[name])) == []


@pytest.mark.property
@given(chance=st.randoms(use_true_random=False), name=st.sampled_from([*OVER_HTTP, *_OVER_DNS]))
def test_when_an_outage_is_over_all_is_right_from_the_second_request_on(chance: Random, name: str) -> None:
    """Whatever became of the Regions before, in which order, and however long each request had to wait for the next."""
    network = Network(
        {region: Region(chance.choice(_TRIPS)) for region in REGIONS},
        service,
        drop=chance.choice(get_args(Drop)),
        addresses=chance.choice([1, 3]),
    )
    with connected(network, "edge"):
        ask = {**OVER_HTTP, **_OVER_DNS}[name](network)
        for number in range(chance.randint(1, 15)):
            for region in network.regions.values():
                region.state = chance.choice(get_args(State))
            before = network.time
            ask(number)
            assert network.time - before <= _LAMBDA_TIMEOUT / 2 + 0.01
            network.freeze(chance.choice([0.1, 1, 5, 10, 60, 300, 700]))
        for region in network.regions.values():
            region.state = "works"
        # Longer than any back-off of a source.
        network.freeze(15)
        apart, right = chance.choice([10, 60, 300]), []
        for number in range(100, 106):
            right.append(ask(number))
            network.freeze(apart)

    assert all(right[1:])
