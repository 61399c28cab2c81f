"""The home Region router: who goes where, what nobody can forge, and what is left when everything behind it is down."""

from __future__ import annotations

import hashlib
import hmac
import json
import struct
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambda_edge.common import dns, world
from lambda_edge.common.cache import FIRST_WAIT
from lambda_edge.common.entry import Handler, entry
from lambda_edge.common.origin import UNDECIDED_HEADER
from lambda_edge.common.world import HttpAnswer
from lambda_edge.home_region import cookie as cookies
from lambda_edge.home_region import handler, keys
from lambda_edge.home_region.cookie import NAME, Cookie

from .contract import check
from .contract_suite import assert_contract
from .payloads import payload

_HOMES = ("eu-west-1", "us-east-1", "ap-southeast-2")
_NOW = 1_900_000_000.0
_TODAY = int(_NOW // 86_400)
_OLD, _NEW, _NEWEST = (letter * 64 for letter in "abc")
_DISTRIBUTION = "EDFDVBD6EXAMPLE"


def key_of(secret: str) -> keys.Key:
    identity = hmac.new(secret.encode(), b"ha-patterns home-region key id", "sha256").hexdigest()[:8]
    return keys.Key(identity, secret.encode())


def _host(region: str) -> str:
    return f"{region}.origin.example.com"


class World:
    """What is behind the function: a secret in two Regions, health records, a clock."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = _NOW
        self.elapsed = 0.0
        self.region = "eu-west-1"
        self.current, self.previous, self.rotated = _NEW, _OLD, 0.0
        self.lost: set[str] = set()
        self.hangs: set[str] = set()
        self.late: set[str] = set()
        self.absent: set[str] = set()
        self.takes = 0.0
        self.sick: set[str] = set()
        self.dns_fails = False
        self.unread: set[str] = set()
        self.silent: set[str] = set()
        self.text = {True: "healthy", False: "unhealthy"}
        self.reads: list[tuple[str, str]] = []
        self.lookups: list[str] = []
        self.logged: list[str] = []
        for name in ("https", "datagram"):
            monkeypatch.setattr(world, name, getattr(self, name))
        monkeypatch.setattr(world, "now", lambda: self.now + self.elapsed)
        monkeypatch.setattr(world, "monotonic", lambda: self.elapsed)
        monkeypatch.setattr(world, "region", lambda: self.region)
        monkeypatch.setattr(world, "environment", lambda name: None if name == "AWS_ENDPOINT_URL" else "credential")
        monkeypatch.setattr(world, "nameservers", lambda: ["192.0.2.53"])
        monkeypatch.setattr(world, "log", lambda event, **fields: self.logged.append(event))

    def https(self, url: str, *, body: bytes, deadline: float, **rest: Any) -> HttpAnswer:
        region = url.split(".")[1]
        stage = json.loads(body)["VersionStage"]
        self.reads.append((region, stage))
        if region in self.hangs or stage in self.late or self.elapsed + self.takes > deadline:
            self.elapsed = max(self.elapsed, deadline)
            raise TimeoutError("no answer in time")
        self.elapsed += self.takes
        if region in self.lost:
            raise ConnectionRefusedError(region)
        if region in self.absent:
            return HttpAnswer(400, {}, b'{"__type":"ResourceNotFoundException"}')
        value = self.current if stage == "AWSCURRENT" else self.previous
        if not value:
            return HttpAnswer(400, {}, b'{"__type":"ResourceNotFoundException"}')
        # The previous one was made before.
        created = self.rotated - (stage == "AWSPREVIOUS")
        told = {"VersionId": stage, "SecretString": value, "CreatedDate": created}
        return HttpAnswer(200, {}, json.dumps(told).encode())

    def datagram(self, address: str, message: bytes, *, deadline: float) -> bytes:
        question = message[12 : message.index(b"\0", 12) + 5]
        region = question[1 : 1 + question[0]].decode()
        self.lookups.append(region)
        if self.dns_fails or region in self.silent:
            self.elapsed = max(self.elapsed, deadline)
            raise TimeoutError("no answer in time")
        if region in self.unread:
            return message[:2] + struct.pack("!5H", 0x8182, 1, 0, 0, 0) + question
        text = self.text[region not in self.sick].encode()
        record = b"\xc0\x0c" + struct.pack("!HHIHB", 16, 1, 60, len(text) + 1, len(text)) + text if text else b""
        return message[:2] + struct.pack("!5H", 0x8180, 1, int(bool(text)), 0, 0) + question + record


@pytest.fixture
def outside(monkeypatch: pytest.MonkeyPatch) -> World:
    return World(monkeypatch)


def _configuration(
    unhealthy: str = "fail", user_cookie: str | None = None, fail_closed: bool | None = None
) -> dict[str, Any]:
    return {
        "origins": {
            region: {
                "origin": {
                    "custom": {
                        "customHeaders": {},
                        "domainName": _host(region),
                        "keepaliveTimeout": 5,
                        "path": "",
                        "port": 443,
                        "protocol": "https",
                        "readTimeout": 30,
                        "sslProtocols": ["TLSv1.2"],
                    }
                }
            }
            for region in _HOMES
        },
        "order": {
            "eu-west-1": ["eu-west-1", "us-east-1", "ap-southeast-2"],
            "ap-northeast-1": ["ap-southeast-2", "us-east-1", "eu-west-1"],
        },
        "key": {
            "name": "home-key",
            "regions": ["us-east-1", "eu-west-1"],
            "order": {"eu-west-1": ["eu-west-1", "us-east-1"], "ap-northeast-1": ["us-east-1", "eu-west-1"]},
        },
        "days": 90,
        "unhealthy": unhealthy,
        "health": {}
        if unhealthy == "fail"
        else {
            region: {"name": f"{region}.home.example.com", "kind": "TXT", "values": ["healthy"]} for region in _HOMES
        },
        "user_cookie": user_cookie,
        "fail_closed": fail_closed,
    }


def _function(**given: Any) -> Handler:
    return entry(handler._build, lambda: _configuration(**given))


def _event(cookie: str | None = None, method: str = "GET") -> dict[str, Any]:
    event = payload("origin_request_custom")
    request = event["Records"][0]["cf"]["request"]
    request["method"] = method
    request["headers"].pop("cookie", None)
    if cookie is not None:
        request["headers"]["cookie"] = [{"key": "Cookie", "value": cookie}]
    return event


def _held(
    region: str,
    *,
    secret: str = _NEW,
    day: int = _TODAY + 90,
    distribution: str = _DISTRIBUTION,
    user: str = "",
) -> str:
    return f"{NAME}={cookies.sign(key_of(secret), distribution, region, day, user)}"


def _ask(function: Handler, cookie: str | None = None, method: str = "GET") -> tuple[str, Cookie | None]:
    """Where a request goes, and which cookie the origin's answer will carry."""
    event = _event(cookie, method)
    output = function(json.loads(json.dumps(event)), None)
    check(event, output, declared=[_host(region) for region in _HOMES])
    own = output["origin"]["custom"]
    issued = own["customHeaders"].get(handler.ISSUED_HEADER)
    home = own["domainName"].removesuffix(".origin.example.com")
    return home, cookies.parse(issued[0]["value"]) if issued else None


def test_a_user_with_a_cookie_goes_home_wherever_the_function_runs(outside: World) -> None:
    function = _function()

    for home in _HOMES:
        assert _ask(function, _held(home)) == (home, None)
    for method in ("POST", "PUT", "DELETE", "OPTIONS"):
        assert _ask(function, _held("ap-southeast-2"), method) == ("ap-southeast-2", None)


@pytest.mark.parametrize(
    ("region", "home"), [("eu-west-1", "eu-west-1"), ("ap-northeast-1", "ap-southeast-2"), ("unheard-of", "eu-west-1")]
)
def test_a_user_without_one_is_at_home_in_the_nearest(outside: World, region: str, home: str) -> None:
    outside.region = region

    asked, issued = _ask(_function())

    assert asked == home
    assert issued is not None
    assert issued == cookies.sign(key_of(_NEW), _DISTRIBUTION, home, _TODAY + 90, "")


def test_what_is_signed_is_label_distribution_key_region_and_day() -> None:
    signed = cookies.sign(key_of(_NEW), _DISTRIBUTION, "eu-west-1", 20_780, "")

    message = f"ha-patterns home-region v1\n{_DISTRIBUTION}\n{key_of(_NEW).id}\neu-west-1\n20780\n"
    mac = hmac.new(_NEW.encode(), message.encode(), hashlib.sha256).hexdigest()
    assert str(signed) == f"v1.{key_of(_NEW).id}.eu-west-1.20780.{mac}"


@pytest.mark.parametrize(
    "cookie",
    [
        pytest.param(_held("eu-west-1", distribution="EANOTHER"), id="of another distribution"),
        pytest.param(_held("eu-west-1", day=_TODAY - 1), id="expired"),
        pytest.param(_held("eu-west-1", secret=_NEWEST), id="of an unknown key"),
        pytest.param(_held("eu-central-1"), id="of a Region that is no home"),
        pytest.param(_held("eu-west-1", user="somebody"), id="bound to a user"),
        pytest.param(_held("eu-west-1")[:-1] + "x", id="with another mac"),
        pytest.param(_held("eu-west-1").replace("eu-west-1", "us-east-1"), id="with another Region"),
        pytest.param(_held("eu-west-1").replace(f".{_TODAY + 90}.", f".{_TODAY + 91}."), id="with another day"),
        pytest.param(_held("eu-west-1").replace(f".{_TODAY + 90}.", f".0{_TODAY + 90}."), id="written otherwise"),
        pytest.param(_held("eu-west-1").upper().replace("__HOST-HOME", NAME), id="in capitals"),
        pytest.param(f"{_held('eu-west-1')}; {_held('us-east-1')}", id="given twice"),
        pytest.param(f"{NAME}=", id="empty"),
        pytest.param(NAME, id="without a value"),
        pytest.param("x" + _held("eu-west-1"), id="of another name"),
        *(
            pytest.param(
                f"{before}{NAME}{after}={_held('eu-west-1').partition('=')[2]}{end}", id=f"with {space!r} {where}"
            )
            for space in ("\u2000", "\xa0", "\x1f", "\x0b", "\x85", "\n", "\r")
            for where, before, after, end in (
                ("before the name", space, "", ""),
                ("after the name", "", space, ""),
                ("after the value", "", "", space),
            )
        ),
    ],
)
def test_a_cookie_that_is_not_ours_counts_as_missing(outside: World, cookie: str) -> None:
    outside.region = "ap-northeast-1"

    asked, issued = _ask(_function(), cookie)

    assert asked == "ap-southeast-2"
    assert issued is not None
    assert issued.region == "ap-southeast-2"


@pytest.mark.parametrize(
    "cookie",
    [
        "a=b; {name}={value}; c=d",
        "{name}={value}; a=b",
        "a=b; $c=d; {name}={value}",
    ],
)
def test_a_cookie_is_read_as_browsers_write_it(outside: World, cookie: str) -> None:
    name, _, value = _held("us-east-1").partition("=")

    assert _ask(_function(), cookie.format(name=name, value=value)) == ("us-east-1", None)


@pytest.mark.parametrize(
    "cookie",
    [
        " {name}={value}",
        "{name} ={value}",
        "{name}= {value}",
        "{name}={value} ",
        "{name}={value} ; a=b",
        "\t{name}={value}",
        "a=b;{name}={value}",
        "a=b;  {name}={value}",
        "a=b;\t{name}={value}",
        '{name}="{value}"',
        "${name}={value}",
        "{name}={value}; {name}={value}",
        "{name}={value}; {name}",
        "{name}={value};{name}=",
        "{name}={value}; {name} =x",
        "{name}={value}; a=b; \t{name}=x",
    ],
)
def test_what_cloudfront_may_take_apart_in_another_way_counts_as_missing(outside: World, cookie: str) -> None:
    name, _, value = _held("us-east-1").partition("=")

    assert _ask(_function(), cookie.format(name=name, value=value))[0] == "eu-west-1"


def test_of_two_cookie_headers_with_ours_none_counts(outside: World) -> None:
    event = _event()
    lines = [{"key": "Cookie", "value": _held("us-east-1")}] * 2
    event["Records"][0]["cf"]["request"]["headers"]["cookie"] = lines

    assert _function()(event, None)["origin"]["custom"]["domainName"] == _host("eu-west-1")


def test_a_name_that_only_looks_like_ours_does_not_hide_ours(outside: World) -> None:
    assert _ask(_function(), f"{_held('us-east-1')}; \u2000{_held('eu-west-1')}") == ("us-east-1", None)


def test_the_last_day_of_a_cookie_is_a_whole_day(outside: World) -> None:
    outside.now = (_TODAY + 1) * 86_400 - 1
    assert _ask(_function(), _held("us-east-1", day=_TODAY))[0] == "us-east-1"

    outside.now += 1
    assert _ask(_function(), _held("us-east-1", day=_TODAY))[0] == "eu-west-1"


@pytest.mark.parametrize(
    "text", ["", "v1", "v1....", "v2.", "v1.a.b.c.d", "v1." + "x" * 10_000, str(_held("eu-west-1")) * 100, "\x00", "é"]
)
def test_nothing_is_computed_of_what_is_malformed_or_over_long(
    outside: World, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    function = _function()
    _ask(function)
    monkeypatch.setattr(cookies, "is_signed", lambda *given: pytest.fail("hashed"))

    assert _ask(function, f"{NAME}={text}")[0] == "eu-west-1"


def test_of_a_cookie_one_signature_is_computed_at_most(outside: World, monkeypatch: pytest.MonkeyPatch) -> None:
    counted = []
    is_signed = cookies.is_signed

    def count(*given: Any) -> bool:
        counted.append(given)
        return is_signed(*given)

    monkeypatch.setattr(cookies, "is_signed", count)
    function = _function()
    _ask(function, _held("us-east-1"))
    _ask(function, _held("us-east-1", secret=_OLD))
    _ask(function, _held("us-east-1", secret=_NEWEST))

    assert len(counted) == 2


def test_signatures_are_compared_in_constant_time(outside: World, monkeypatch: pytest.MonkeyPatch) -> None:
    compared = []
    compare = hmac.compare_digest

    def watch(one: str, other: str) -> bool:
        compared.append((one, other))
        return compare(one, other)

    monkeypatch.setattr(hmac, "compare_digest", watch)

    _ask(_function(), _held("us-east-1"))

    [(one, other)] = compared
    assert one == other == _held("us-east-1").rpartition(".")[2]


# -- keys ----------------------------------------------------------------------------------------------------------


def test_the_current_key_signs_and_the_previous_is_still_believed_and_renewed(outside: World) -> None:
    asked, issued = _ask(_function(), _held("us-east-1", secret=_OLD))

    assert asked == "us-east-1"
    assert issued == cookies.sign(key_of(_NEW), _DISTRIBUTION, "us-east-1", _TODAY + 90, "")


def test_a_cookie_that_was_issued_on_an_earlier_day_is_renewed_at_home(outside: World) -> None:
    function = _function()

    assert _ask(function, _held("us-east-1")) == ("us-east-1", None)
    asked, issued = _ask(function, _held("us-east-1", day=_TODAY + 89))
    assert (asked, issued and (issued.region, issued.day)) == ("us-east-1", ("us-east-1", _TODAY + 90))


@pytest.mark.parametrize("visited", [0, 86_399, 50_000])
def test_a_user_who_returns_within_the_lifetime_less_a_day_is_never_new(outside: World, visited: int) -> None:
    outside.now = _TODAY * 86_400 + visited
    function = _function()
    _, issued = _ask(function)
    outside.region = "ap-northeast-1"
    elsewhere = _function()
    for away in (0.1, 0.9, 30, 46, 89, 89):
        outside.now += away * 86_400
        asked, renewed = _ask(elsewhere, f"{NAME}={issued}")
        assert asked == "eu-west-1"
        issued = renewed or issued

    # Nor does it count for longer than it says.
    outside.now += 91 * 86_400
    assert _ask(elsewhere, f"{NAME}={issued}")[0] == "ap-southeast-2"


def test_in_one_day_a_cookie_is_renewed_once(outside: World) -> None:
    function = _function()
    asked, issued = _ask(function, _held("us-east-1", day=_TODAY + 1))

    assert issued is not None
    for _ in range(10):
        assert _ask(function, f"{NAME}={issued}") == (asked, None)


def test_a_key_signs_only_once_every_container_knows_it(outside: World) -> None:
    """A cookie of a key that another container has not read yet would be taken for none there, and its user moved."""
    early, late = _function(), _function()
    _ask(early)
    outside.now += 10
    outside.current, outside.previous, outside.rotated = _NEWEST, _NEW, outside.now
    moments = 0
    while outside.now < _NOW + 1000:
        outside.now += 7
        outside.region = "ap-northeast-1"
        _, issued = _ask(late, _held("us-east-1", day=_TODAY + 1))
        assert issued is not None
        outside.region = "eu-west-1"
        assert _ask(early, f"{NAME}={issued}")[0] == "us-east-1"
        moments += issued.key_id == key_of(_NEWEST).id

    assert 0 < moments < 100


def test_the_first_version_of_a_secret_signs_at_once(outside: World) -> None:
    outside.previous, outside.rotated = "", outside.now

    _, issued = _ask(_function())

    assert issued is not None
    assert issued.key_id == key_of(_NEW).id


def test_the_current_key_is_read_where_it_is_nearest_once_in_five_minutes(outside: World) -> None:
    function = _function()
    for _ in range(299):
        _ask(function, _held("us-east-1"))
        outside.now += 1
    assert outside.reads == [("eu-west-1", "AWSCURRENT")]

    outside.now += 1
    _ask(function)
    assert outside.reads == [("eu-west-1", "AWSCURRENT")] * 2


def test_the_previous_key_is_read_where_a_cookie_names_an_unknown_one(outside: World) -> None:
    function = _function()
    unknown = _held("us-east-1", secret=_NEWEST)
    for cookie in (None, _held("us-east-1"), f"{NAME}=v1", _held("eu-central-1", secret=_OLD)):
        _ask(function, cookie)
    _ask(function, _held("us-east-1", secret=_OLD, day=_TODAY - 1))
    assert [stage for _, stage in outside.reads] == ["AWSCURRENT"]

    for cookie in (unknown, _held("us-east-1", secret=_OLD), unknown):
        _ask(function, cookie)
    assert [stage for _, stage in outside.reads] == ["AWSCURRENT", "AWSPREVIOUS"]


def test_that_there_is_no_previous_key_is_read_once(outside: World) -> None:
    outside.previous = ""
    function = _function()

    for _ in range(10):
        asked, issued = _ask(function, _held("us-east-1", secret=_OLD))
        # No key has signed this cookie: the secret was read for it.
        assert (asked, issued and issued.key_id) == ("eu-west-1", key_of(_NEW).id)
    assert len(outside.reads) == 2


@pytest.mark.parametrize("state", ["lost", "hangs"])
def test_where_the_nearest_does_not_answer_the_next_is_asked_within_the_deadline(outside: World, state: str) -> None:
    getattr(outside, state).add("eu-west-1")

    assert _ask(_function(), _held("us-east-1")) == ("us-east-1", None)
    assert [region for region, _ in outside.reads] == ["eu-west-1", "us-east-1"]
    assert outside.elapsed <= FIRST_WAIT


@pytest.mark.parametrize("state", ["lost", "hangs"])
def test_without_keys_every_cookie_counts_as_missing_and_none_is_issued(outside: World, state: str) -> None:
    getattr(outside, state).update({"eu-west-1", "us-east-1"})

    assert _ask(_function(), _held("us-east-1")) == ("eu-west-1", None)
    assert outside.elapsed <= FIRST_WAIT + 1e-9
    assert outside.logged == ["no keys"]


def test_one_request_in_the_back_off_waits_and_the_next_one_finds_the_keys_again(outside: World) -> None:
    outside.hangs = {"eu-west-1", "us-east-1"}
    function = _function()
    for _ in range(50):
        _ask(function)
    assert outside.elapsed == pytest.approx(FIRST_WAIT)

    outside.hangs = set()
    outside.now += 10
    assert _ask(function, _held("us-east-1")) == ("us-east-1", None)


def test_keys_are_kept_while_the_secret_cannot_be_read(outside: World) -> None:
    function = _function()
    _ask(function)
    outside.lost = {"eu-west-1", "us-east-1"}
    outside.now += 80 * 86_400

    assert _ask(function, _held("us-east-1"))[0] == "us-east-1"
    assert "no keys" in outside.logged


def test_a_user_whose_key_cannot_be_read_is_given_no_other_home(outside: World) -> None:
    outside.late = {"AWSPREVIOUS"}
    function = _function()

    assert _ask(function, _held("us-east-1", secret=_OLD)) == ("eu-west-1", None)
    # Together with the current one.
    assert outside.elapsed == pytest.approx(FIRST_WAIT)
    assert outside.logged == ["no keys"]
    # Of others it is known.
    assert _ask(function, _held("us-east-1")) == ("us-east-1", None)
    assert _ask(function)[1] is not None

    outside.late = set()
    outside.now += 10
    asked, issued = _ask(function, _held("us-east-1", secret=_OLD))
    assert (asked, issued and (issued.region, issued.key_id)) == ("us-east-1", ("us-east-1", key_of(_NEW).id))


@pytest.mark.parametrize("passed", [300, 600, 6000])
def test_what_was_known_of_the_previous_key_holds_while_it_cannot_be_read(outside: World, passed: int) -> None:
    function = _function()
    _ask(function, _held("us-east-1", secret=_OLD))
    outside.late = {"AWSPREVIOUS"}
    outside.now += passed

    for _ in range(20):
        asked, issued = _ask(function, _held("us-east-1", secret=_OLD))
        assert (asked, issued and issued.key_id) == ("us-east-1", key_of(_NEW).id)
    assert outside.elapsed <= FIRST_WAIT + 1e-9


def test_cookies_of_the_key_that_was_current_count_where_the_previous_one_cannot_be_read(outside: World) -> None:
    function = _function()
    _ask(function)
    outside.late = {"AWSPREVIOUS"}
    outside.current, outside.previous, outside.rotated = _NEWEST, _NEW, outside.now
    outside.now += 300

    for secret in (_NEW, _NEWEST):
        # Whether the one is the previous one is not known, and the other one is too new.
        assert _ask(function, _held("us-east-1", secret=secret, day=_TODAY + 1)) == ("us-east-1", None)
    # Whether this one is the previous one is not known either.
    assert _ask(function, _held("us-east-1", secret=_OLD)) == ("eu-west-1", None)


def test_after_a_change_of_the_key_the_one_before_is_the_previous_one(outside: World) -> None:
    function = _function()
    _ask(function, _held("us-east-1", secret=_OLD))
    outside.current, outside.previous, outside.rotated = _NEWEST, _NEW, outside.now
    outside.now += 300

    assert _ask(function, _held("us-east-1"))[0] == "us-east-1"
    asked, issued = _ask(function, _held("us-east-1", secret=_OLD))
    assert (asked, issued and issued.key_id) == ("eu-west-1", key_of(_NEW).id)


def test_a_container_that_missed_two_changes_of_the_key_signs_nothing_with_a_forgotten_one(outside: World) -> None:
    function = _function()
    _ask(function)
    # The secret is too far away for a read in a short wait.
    outside.takes = 0.9
    outside.current, outside.previous, outside.rotated = _NEWEST, "d" * 64, outside.now + 20
    outside.now += 310

    assert _ask(function, _held("us-east-1", secret="d" * 64)) == ("us-east-1", None)
    assert _ask(function, _held("us-east-1", secret=_NEWEST)) == ("eu-west-1", None)


def test_no_cookie_is_renewed_with_an_older_key_than_it_has(outside: World) -> None:
    """As by a container that was told of the new key a little later than others."""
    outside.rotated = outside.now - 890

    asked, issued = _ask(_function(), _held("us-east-1", day=_TODAY + 1))
    assert (asked, issued and issued.key_id) == ("us-east-1", key_of(_NEW).id)
    assert _ask(_function(), _held("us-east-1")) == ("us-east-1", None)
    # Others get one of the key that all know.
    _, issued = _ask(_function(), _held("us-east-1", secret=_OLD, day=_TODAY + 1))
    assert issued is not None
    assert issued.key_id == key_of(_OLD).id


def test_a_region_without_the_secret_does_not_say_that_there_is_no_previous_key(outside: World) -> None:
    outside.absent = {"eu-west-1"}
    function = _function()
    _ask(function)
    outside.lost = {"us-east-1"}

    assert _ask(function, _held("us-east-1", secret=_OLD)) == ("eu-west-1", None)
    assert outside.reads[-1] == ("eu-west-1", "AWSPREVIOUS")


def test_a_cookie_of_a_key_that_came_while_the_secret_could_not_be_read_is_left_as_it_is(outside: World) -> None:
    function = _function()
    _ask(function, _held("us-east-1", secret=_OLD))
    outside.hangs = {"eu-west-1", "us-east-1"}
    newer = _held("us-east-1", secret=_NEWEST)
    assert _ask(function, newer)[1] is not None

    # A key that was made just after the last read signs at the earliest now.
    outside.now += 900
    assert _ask(function, newer) == ("eu-west-1", None)


def test_a_container_that_is_far_away_knows_a_key_before_it_signs(outside: World) -> None:
    """Few requests read the secret; of these, one that is long after the last read waits long enough."""
    outside.takes = 0.9
    function = _function()
    _ask(function)
    outside.current, outside.previous, outside.rotated = _NEWEST, _NEW, outside.now + 1
    for _ in range(89):
        outside.now += 10
        _ask(function, _held("us-east-1"))

    assert _ask(function, _held("us-east-1", secret=_NEWEST))[0] == "us-east-1"
    assert outside.elapsed < 4


# -- answers that are kept for others ------------------------------------------------------------------------------


@pytest.mark.parametrize("lost", [set(), {"eu-west-1", "us-east-1"}], ids=["key-known", "key-unknown"])
@pytest.mark.parametrize("cookie", [None, "abc", "well-formed"])
def test_the_host_that_a_viewer_says_was_asked_for_reaches_no_origin(
    outside: World, lost: set[str], cookie: str | None
) -> None:
    outside.lost = lost
    event = _event(_held("us-east-1") if cookie == "well-formed" else cookie)
    event["Records"][0]["cf"]["request"]["headers"]["x-forwarded-host"] = [
        {"key": "X-Forwarded-Host", "value": "forged.example.org"}
    ]

    output = _function()(json.loads(json.dumps(event)), None)

    assert output["origin"]
    assert "x-forwarded-host" not in output["headers"]


def _ask_kept(function: Handler, cookie: str | None) -> str:
    """The home that gets a request whose answer may be kept, and the mark on it; or the status of the answer."""
    event = _event(cookie)
    headers = event["Records"][0]["cf"]["request"]["origin"]["custom"]["customHeaders"]
    headers["x-ha-edge-kept"] = [{"key": "x-ha-edge-kept", "value": "true"}]
    output = function(json.loads(json.dumps(event)), None)
    check(event, output, declared=[_host(region) for region in _HOMES])
    if "status" in output:
        return str(output["status"])
    own = output["origin"]["custom"]
    undecided = own["customHeaders"].get(UNDECIDED_HEADER, [{"value": ""}])[0]["value"]
    return f"{own['domainName'].partition('.')[0]} {undecided}".strip()


_UNREADABLE = pytest.mark.parametrize(
    ("lost", "late", "cookie"),
    [
        pytest.param({"eu-west-1", "us-east-1"}, set(), _held("us-east-1"), id="no key"),
        pytest.param(set(), {"AWSPREVIOUS"}, _held("us-east-1", secret=_OLD), id="not the previous key"),
    ],
)


@_UNREADABLE
def test_what_is_not_known_is_not_kept(outside: World, lost: set[str], late: set[str], cookie: str) -> None:
    outside.lost, outside.late = lost, late

    assert _ask_kept(_function(), cookie) == "503"
    assert _ask_kept(_function(fail_closed=True), cookie) == "503"
    # Or it is sent on, with a mark for the function of its answer.
    assert _ask_kept(_function(fail_closed=False), cookie) == "eu-west-1 true"
    # If nothing is kept, the nearest home is a better answer than none.
    assert _ask(_function(), cookie) == ("eu-west-1", None)
    assert _ask(_function(fail_closed=False), cookie) == ("eu-west-1", None)
    assert _function(fail_closed=True)(_event(cookie), None)["status"] == "503"

    outside.lost, outside.late = set(), set()
    assert _ask_kept(_function(), cookie) == "us-east-1"


@_UNREADABLE
@pytest.mark.parametrize(
    "cookie_of_none",
    [None, "a=b", f"{NAME}=x", _held("us-east-1", day=_TODAY - 1), _held("eu-central-1"), f"{NAME} =x"],
)
def test_who_has_no_cookie_is_new_whatever_the_key(
    outside: World, lost: set[str], late: set[str], cookie: str, cookie_of_none: str | None
) -> None:
    outside.lost, outside.late = lost, late

    for fail_closed in (None, False, True):
        assert _ask_kept(_function(fail_closed=fail_closed), cookie_of_none) == "eu-west-1"


def test_a_forged_cookie_is_kept_like_none(outside: World) -> None:
    for cookie in (_held("us-east-1", secret=_NEWEST), _held("us-east-1")[:-1] + "x"):
        assert _ask_kept(_function(), cookie) == "eu-west-1"


@pytest.mark.parametrize("kept", [False, True])
def test_no_cookie_is_signed_for_an_answer_that_is_kept(kept: bool, outside: World) -> None:
    event = _event(None)
    if kept:
        headers = event["Records"][0]["cf"]["request"]["origin"]["custom"]["customHeaders"]
        headers["x-ha-edge-kept"] = [{"key": "x-ha-edge-kept", "value": "true"}]

    own = _function()(event, None)["origin"]["custom"]

    assert ("x-ha-home-cookie" in own["customHeaders"]) is not kept


def test_a_viewer_cannot_say_that_an_answer_is_kept_or_not_known(outside: World) -> None:
    outside.lost = {"eu-west-1", "us-east-1"}
    event = _event(_held("us-east-1"))
    headers = event["Records"][0]["cf"]["request"]["headers"]
    for name in ("x-ha-edge-kept", UNDECIDED_HEADER):
        headers[name] = [{"key": name, "value": "true"}]

    output = _function()(event, None)
    assert output["origin"]["custom"]["domainName"] == _host("eu-west-1")
    assert UNDECIDED_HEADER not in {**output["headers"], **output["origin"]["custom"]["customHeaders"]}


# -- keys that are none --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("secret", ["short", "x" * 31])
def test_a_key_that_could_be_guessed_is_none(outside: World, secret: str) -> None:
    outside.current = secret

    assert _ask(_function(), _held("us-east-1", secret=secret)) == ("eu-west-1", None)


@pytest.mark.parametrize("jump", [-1e9, 1e8])
def test_a_clock_that_jumps_breaks_nothing(outside: World, jump: float) -> None:
    function = _function()
    _ask(function)
    outside.now += jump

    asked, issued = _ask(function)
    assert asked == "eu-west-1"
    assert issued is not None
    assert _ask(function, f"{NAME}={issued}") == ("eu-west-1", None)


# -- health --------------------------------------------------------------------------------------------------------


def test_with_fail_no_health_is_asked_for(outside: World) -> None:
    outside.sick = set(_HOMES)

    assert _ask(_function(), _held("us-east-1"))[0] == "us-east-1"
    assert outside.lookups == []


@pytest.mark.parametrize("unhealthy", ["read-elsewhere", "move"])
def test_a_healthy_home_is_asked(outside: World, unhealthy: str) -> None:
    outside.sick = {"eu-west-1", "ap-southeast-2"}

    assert _ask(_function(unhealthy=unhealthy), _held("us-east-1")) == ("us-east-1", None)
    assert outside.lookups == ["us-east-1"]


def test_read_elsewhere_sends_reads_to_the_nearest_healthy_home_and_writes_home(outside: World) -> None:
    outside.sick = {"us-east-1", "eu-west-1"}
    function = _function(unhealthy="read-elsewhere")

    for method in ("GET", "HEAD", "OPTIONS"):
        assert _ask(function, _held("us-east-1"), method) == ("ap-southeast-2", None)
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        assert _ask(function, _held("us-east-1"), method) == ("us-east-1", None)


def test_read_elsewhere_renews_the_cookie_for_the_home_and_not_for_elsewhere(outside: World) -> None:
    outside.sick = {"us-east-1"}

    asked, issued = _ask(_function(unhealthy="read-elsewhere"), _held("us-east-1", day=_TODAY + 1))

    assert asked == "eu-west-1"
    assert issued is not None
    assert issued.region == "us-east-1"


def test_move_makes_the_nearest_healthy_home_the_user_s(outside: World) -> None:
    outside.sick = {"us-east-1"}
    function = _function(unhealthy="move")

    for method in ("GET", "POST"):
        asked, issued = _ask(function, _held("us-east-1"), method)
        assert asked == "eu-west-1"
        assert issued == cookies.sign(key_of(_NEW), _DISTRIBUTION, "eu-west-1", _TODAY + 90, "")
    outside.sick = set()
    outside.now += 60
    assert _ask(function, f"{NAME}={issued}") == ("eu-west-1", None)


@pytest.mark.parametrize("unhealthy", ["read-elsewhere", "move"])
def test_a_new_user_is_not_sent_to_a_home_that_is_down(outside: World, unhealthy: str) -> None:
    outside.sick = {"eu-west-1"}

    asked, issued = _ask(_function(unhealthy=unhealthy), None, "POST")

    assert asked == "us-east-1"
    assert issued is not None
    assert issued.region == "us-east-1"


@pytest.mark.parametrize("unhealthy", ["read-elsewhere", "move"])
def test_where_all_homes_are_down_users_stay_at_theirs(outside: World, unhealthy: str) -> None:
    outside.sick = set(_HOMES)
    function = _function(unhealthy=unhealthy)

    assert _ask(function, _held("us-east-1")) == ("us-east-1", None)
    assert _ask(function)[0] == "eu-west-1"


def test_health_is_asked_for_once_a_ttl(outside: World) -> None:
    function = _function(unhealthy="move")
    for _ in range(60):
        _ask(function, _held("us-east-1"))
        outside.now += 1
    assert outside.lookups == ["us-east-1"]

    outside.sick = {"us-east-1"}
    assert _ask(function, _held("us-east-1"))[0] == "eu-west-1"


def test_what_was_said_last_holds_while_the_nameservers_fail(outside: World) -> None:
    function = _function(unhealthy="move")
    outside.sick = {"us-east-1"}
    _ask(function, _held("us-east-1"))
    outside.dns_fails = True
    outside.now += 3600

    waited = outside.elapsed
    for _ in range(20):
        assert _ask(function, _held("us-east-1"))[0] == "eu-west-1"
    assert outside.elapsed - waited <= dns.FIRST_WAIT
    # Of the home itself, and of the nearest one.
    assert outside.logged == ["health unknown"] * 2

    outside.dns_fails, outside.sick = False, set()
    outside.now += 5
    assert _ask(function, _held("us-east-1"))[0] == "us-east-1"


@pytest.mark.parametrize("trouble", ["unread", "silent"])
def test_a_home_whose_record_cannot_be_read_does_not_hide_that_another_went_down(outside: World, trouble: str) -> None:
    getattr(outside, trouble).add("eu-west-1")
    function = _function(unhealthy="move")
    assert _ask(function, _held("us-east-1"))[0] == "us-east-1"
    outside.sick = {"us-east-1"}

    for _ in range(60):
        outside.now += 1
        # A new user: eu-west-1 is nearest, and asked for first each time.
        _ask(function)
        asked, _ = _ask(function, _held("us-east-1"))
    assert asked == "eu-west-1"
    assert outside.lookups.count("us-east-1") == 2


@pytest.mark.parametrize("trouble", ["fails", "has no record"])
def test_a_home_of_which_nothing_is_known_is_taken_for_healthy(outside: World, trouble: str) -> None:
    function = _function(unhealthy="move")
    # Another home is known to be healthy, and could be moved to.
    _ask(function)
    outside.dns_fails = trouble == "fails"
    outside.text[True] = ""

    assert _ask(function, _held("us-east-1")) == ("us-east-1", None)
    assert outside.logged == ["health unknown"]
    assert outside.elapsed <= dns.FIRST_WAIT


# -- users ---------------------------------------------------------------------------------------------------------


def test_bound_to_a_user_a_cookie_counts_for_that_user_alone(outside: World) -> None:
    function = _function(user_cookie="uid")
    _, issued = _ask(function, "uid=alice")
    outside.region = "ap-northeast-1"
    elsewhere = _function(user_cookie="uid")

    assert _ask(elsewhere, f"uid=alice; {NAME}={issued}") == ("eu-west-1", None)
    for other in ("uid=bob; ", "uid=; ", "", "uid=alice; uid=alice; "):
        assert _ask(elsewhere, f"{other}{NAME}={issued}")[0] == "ap-southeast-2"


def test_bound_to_users_nobody_in_particular_gets_no_cookie(outside: World) -> None:
    assert _ask(_function(user_cookie="uid")) == ("eu-west-1", None)
    assert _ask(_function(user_cookie="uid"), _held("us-east-1")) == ("eu-west-1", None)


# -- the answer ----------------------------------------------------------------------------------------------------


def _cookies_set(issued: object, status: str = "200", **headers: str) -> list[str]:
    """The cookies of the answer that a viewer gets, where the origin's sets one, and was asked with an issued one."""
    event = payload("origin_response_custom")
    cf = event["Records"][0]["cf"]
    cf["response"]["status"] = status
    cf["response"]["headers"]["set-cookie"] = [{"key": "Set-Cookie", "value": "session=1"}]
    cf["request"]["headers"] |= {name: [{"key": name, "value": value}] for name, value in headers.items()}
    if issued is not None:
        header = [{"key": handler.ISSUED_HEADER, "value": str(issued)}]
        cf["request"]["origin"]["custom"]["customHeaders"][handler.ISSUED_HEADER] = header
    output = entry(handler._build_issuer, dict, on_response=True)(json.loads(json.dumps(event)), None)
    check(event, output)
    return [header["value"] for header in output["headers"]["set-cookie"]]


_ISSUED = cookies.sign(key_of(_NEW), _DISTRIBUTION, "eu-west-1", _TODAY + 90, "")


@pytest.mark.parametrize("status", ["200", "204", "302", "304"])
def test_the_answer_sets_the_cookie_until_its_last_day_is_over(outside: World, status: str) -> None:
    seconds = (_TODAY + 91) * 86_400 - int(_NOW)

    assert _cookies_set(_ISSUED, status) == [
        "session=1",
        f"{NAME}={_ISSUED}; Max-Age={seconds}; Path=/; Secure; HttpOnly; SameSite=Lax",
    ]


@pytest.mark.parametrize("status", ["400", "404", "500", "503"])
def test_an_error_sets_none_since_it_may_be_cached(outside: World, status: str) -> None:
    assert _cookies_set(_ISSUED, status) == ["session=1"]


@pytest.mark.parametrize("issued", [None, "", "v1.x", f"{_ISSUED}; Domain=example.com", f"{_ISSUED}\r\nX-Evil: 1"])
def test_what_is_no_cookie_is_not_set(outside: World, issued: str | None) -> None:
    assert _cookies_set(issued) == ["session=1"]


@pytest.mark.parametrize("own", ["x" * 20_000, "a\r\nX-Evil: 1", "a\x00"])
def test_an_answer_that_is_full_or_broken_goes_on_as_it_is(outside: World, own: str) -> None:
    event = payload("origin_response_custom")
    cf = event["Records"][0]["cf"]
    header = [{"key": handler.ISSUED_HEADER, "value": str(_ISSUED)}]
    cf["request"]["origin"]["custom"]["customHeaders"][handler.ISSUED_HEADER] = header
    cf["response"]["headers"]["set-cookie"] = [{"key": "Set-Cookie", "value": own}]

    assert entry(handler._build_issuer, dict, on_response=True)(json.loads(json.dumps(event)), None) == cf["response"]


def test_a_viewer_cannot_have_a_cookie_issued(outside: World) -> None:
    claimed = {handler.ISSUED_HEADER: str(_ISSUED)}
    event = _event(_held("us-east-1"))
    event["Records"][0]["cf"]["request"]["headers"][handler.ISSUED_HEADER] = [{"key": "x", "value": str(_ISSUED)}]

    output = _function()(event, None)
    assert handler.ISSUED_HEADER not in output["headers"]
    assert handler.ISSUED_HEADER not in output["origin"]["custom"]["customHeaders"]
    assert _cookies_set(None, **claimed) == ["session=1"]


def test_a_new_user_s_next_request_goes_to_the_home_that_the_answer_set(outside: World) -> None:
    _, issued = _ask(_function())
    [_, written] = _cookies_set(issued)
    outside.region = "ap-northeast-1"

    assert _ask(_function(), written.partition(";")[0]) == ("eu-west-1", None)


# -- properties ----------------------------------------------------------------------------------------------------

_MADE = st.builds(
    lambda parts: ".".join(parts),
    st.tuples(
        st.sampled_from(["v1", "v2", ""]),
        st.sampled_from([key_of(_NEW).id, key_of(_OLD).id, "00000000", ""]),
        st.sampled_from([*_HOMES, "eu-central-1", "evil.example.com", "..", ""]) | st.text(max_size=20),
        st.integers(-10, 10**7).map(str) | st.text(max_size=5),
        st.sampled_from([_held(home).rpartition(".")[2] for home in _HOMES]) | st.text("0123456789abcdef", max_size=70),
    ),
)


@pytest.mark.property
@given(cookie=st.text(max_size=200) | _MADE.map(lambda text: f"{NAME}={text}") | _MADE, region=st.text(max_size=12))
@pytest.mark.parametrize("unhealthy", ["fail", "read-elsewhere", "move"])
def test_no_bytes_of_a_cookie_choose_a_region_that_was_not_declared(unhealthy: str, cookie: str, region: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        outside = World(patch)
        outside.sick = {"us-east-1"}
        outside.region = region
        event = _event(cookie)

        output = _function(unhealthy=unhealthy)(json.loads(json.dumps(event)), None)

        check(event, output, declared=[_host(home) for home in _HOMES])
        assert output["origin"]["custom"]["domainName"] in {_host(home) for home in _HOMES}


@pytest.mark.property
@given(
    known=st.sampled_from(_HOMES),
    place=st.integers(0, 200),
    character=st.sampled_from("0123456789abcdefv.-") | st.characters(min_codepoint=33, max_codepoint=126),
)
def test_no_change_of_one_character_makes_another_cookie(known: str, place: int, character: str) -> None:
    given = _held(known).removeprefix(f"{NAME}=")
    place %= len(given)
    changed = given[:place] + character + given[place + 1 :]
    parsed = cookies.parse(changed)
    key = key_of(_NEW)

    signed = parsed is not None and parsed.key_id == key.id and cookies.is_signed(parsed, key, _DISTRIBUTION, "")
    assert signed == (changed == given)


@pytest.mark.property
def test_whatever_it_is_given_the_request_function_keeps_the_contract(monkeypatch: pytest.MonkeyPatch) -> None:
    outside = World(monkeypatch)
    outside.sick = {"us-east-1"}
    seen = assert_contract(
        _function(unhealthy="move"),
        [_host(home) for home in _HOMES],
        event_type="origin-request",
        payloads=[_event(_held(home)) for home in _HOMES],
    )

    assert seen["changed"] > 10_000


@pytest.mark.property
def test_whatever_it_is_given_the_response_function_keeps_the_contract(monkeypatch: pytest.MonkeyPatch) -> None:
    World(monkeypatch)
    issued = payload("origin_response_custom")
    headers = issued["Records"][0]["cf"]["request"]["origin"]["custom"]["customHeaders"]
    headers[handler.ISSUED_HEADER] = [{"key": handler.ISSUED_HEADER, "value": str(_ISSUED)}]
    written = []
    on_response = entry(handler._build_issuer, dict, on_response=True)

    def function(event: Any, context: object = None) -> Any:
        output = on_response(event, context)
        written.append(f"{NAME}={_ISSUED}; Max-Age=" in json.dumps(output))
        return output

    assert_contract(function, event_type="origin-response", payloads=[issued])

    assert sum(written) > len(written) / 100
