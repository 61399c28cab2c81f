"""A request goes to the bucket that a TXT record names, and to one that is known when DNS says nothing of use."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import dns.message
import dns.rcode
import dns.rrset
import pytest

from lambda_edge.bucket_dns_failover.handler import RECORD_NAME, build
from lambda_edge.common import world
from lambda_edge.common.dns import FIRST_WAIT, REFRESH_WAIT
from lambda_edge.common.entry import Handler, entry
from lambda_edge.common.origin import CONFIGURATION_PREFIX

from .contract_suite import assert_contract
from .payloads import as_sent_on, payload, request_of

_NAME = "content.example.com"
_PRIMARY = "pictures.s3.eu-west-1.amazonaws.com"
_SECONDARY = "copies.s3.eu-central-1.amazonaws.com"
_HEADER = f"{CONFIGURATION_PREFIX}{RECORD_NAME}"


def _bucket(domain_name: str) -> dict[str, Any]:
    region = domain_name.split(".")[2]
    s3 = {
        "authMethod": "origin-access-identity",
        "customHeaders": {},
        "domainName": domain_name,
        "path": "",
        "region": region,
    }
    return {"origin": {"s3": s3}}


_CONFIGURATION = {
    "longest_ttl": 60,
    "origins": {"eu-west-1": _bucket(_PRIMARY), "eu-central-1": _bucket(_SECONDARY)},
    "record_name": _NAME,
}


class Resolver:
    """A nameserver with a clock, and what the function makes of it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.time = 1_000_000.0
        self.answer: Callable[[bytes], bytes] = _says("eu-west-1")
        self.asked: list[str] = []
        self.logged: list[dict[str, Any]] = []
        for name, replacement in {
            "now": lambda: self.time,
            "monotonic": lambda: self.time,
            "nameservers": lambda: ["192.0.2.1"],
            "datagram": self._datagram,
            "log": lambda event, **fields: self.logged.append({"event": event, **fields}),
        }.items():
            monkeypatch.setattr(world, name, replacement)

    def _datagram(self, address: str, message: bytes, *, deadline: float) -> bytes:
        self.asked.append(dns.message.from_wire(message).question[0].to_text())
        answer = self.answer(message)
        if not answer:
            self.time = deadline
            raise TimeoutError("timed out")
        return answer

    def function(self, **configuration: Any) -> Handler:
        return entry(build, load=lambda: {**_CONFIGURATION, **configuration}, fails_open=True)


def _says(*texts: str, ttl: int = 60, code: str = "NOERROR") -> Callable[[bytes], bytes]:
    def answer(query: bytes) -> bytes:
        response = dns.message.make_response(dns.message.from_wire(query))
        response.set_rcode(dns.rcode.from_text(code))
        question = response.question[0]
        if texts:
            values = [json.dumps(text) for text in texts]
            response.answer.append(dns.rrset.from_text(question.name, ttl, "IN", "TXT", *values))
        return response.to_wire(want_shuffle=False)

    return answer


def _forged(query: bytes) -> bytes:
    return bytes((query[0] ^ 1,)) + _says("eu-central-1")(query)[1:]


@pytest.fixture
def resolver(monkeypatch: pytest.MonkeyPatch) -> Resolver:
    return Resolver(monkeypatch)


def _event(name: str = "origin_request_s3", **headers: str) -> dict[str, Any]:
    """A request for the primary bucket, with more custom headers on its origin."""
    event = payload(name)
    own = request_of(event)["origin"]["s3"]
    own["authMethod"] = "origin-access-identity"
    own["customHeaders"] |= {header: [{"key": header, "value": value}] for header, value in headers.items()}
    return event


def _sent_to(handler: Handler, event: dict[str, Any] | None = None) -> str:
    """The bucket that a request goes to, whose name, Host, Region and signature belong together."""
    request = handler(event or _event(), None)
    ((kind, own),) = request["origin"].items()
    assert kind == "s3"
    assert own["authMethod"] == "origin-access-identity"
    assert own["domainName"].split(".")[2] == own["region"]
    assert request["headers"]["host"] == [{"key": "Host", "value": own["domainName"]}]
    assert not [name for name in own["customHeaders"] if name.startswith(CONFIGURATION_PREFIX)]
    return str(own["domainName"])


def test_the_record_names_the_bucket(resolver: Resolver) -> None:
    function = resolver.function()
    resolver.answer = _says("eu-central-1")

    assert _sent_to(function) == _SECONDARY
    assert resolver.asked == [f"{_NAME}. IN TXT"]
    assert resolver.logged == []


def test_a_request_for_the_bucket_that_is_named_stays_as_it_is(resolver: Resolver) -> None:
    assert resolver.function()(_event(), None) == as_sent_on(_event())


def test_the_record_is_asked_once_in_its_ttl_and_followed_after_it(resolver: Resolver) -> None:
    function = resolver.function()
    assert _sent_to(function) == _PRIMARY
    resolver.answer = _says("eu-central-1")

    resolver.time += 59
    assert [_sent_to(function) for _ in range(3)] == [_PRIMARY] * 3
    assert len(resolver.asked) == 1

    resolver.time += 1
    assert [_sent_to(function) for _ in range(3)] == [_SECONDARY] * 3
    assert len(resolver.asked) == 2


@pytest.mark.parametrize(("ttl", "kept"), [(0, 5), (1, 5), (30, 30), (86_400, 60)])
def test_an_answer_is_taken_for_5_seconds_at_least_and_for_the_records_own_ttl_at_most(
    resolver: Resolver, ttl: int, kept: int
) -> None:
    function = resolver.function()
    resolver.answer = _says("eu-west-1", ttl=ttl)
    _sent_to(function)

    resolver.time += kept - 0.1
    _sent_to(function)
    assert len(resolver.asked) == 1
    resolver.time += 0.1
    _sent_to(function)
    assert len(resolver.asked) == 2


def test_of_several_values_the_first_that_names_a_bucket_counts(resolver: Resolver) -> None:
    resolver.answer = _says("v=spf1 -all", "eu-central-1", "eu-west-1")

    assert _sent_to(resolver.function()) == _SECONDARY


_FAILURES = {
    "silence": lambda query: b"",
    "SERVFAIL": _says(code="SERVFAIL"),
    "REFUSED": _says(code="REFUSED"),
    "NXDOMAIN": _says(code="NXDOMAIN"),
    "no such record": _says(),
    "forged": _forged,
    "malformed": lambda query: query[:2] + b"\x81\x80\0\1\0\7\0\0\0\0" + query[12:-11],
    "a host": _says("evil.example.com"),
    "a bucket of somebody else": _says("evil.s3.eu-west-1.amazonaws.com"),
    "a Region without a bucket": _says("us-east-1"),
    "a key in capitals": _says("EU-WEST-1"),
    "nothing": _says(""),
}


@pytest.mark.parametrize("failure", _FAILURES.values(), ids=_FAILURES)
def test_what_was_named_last_serves_while_nothing_of_use_is_said(
    resolver: Resolver, failure: Callable[[bytes], bytes]
) -> None:
    function = resolver.function()
    resolver.answer = _says("eu-central-1")
    _sent_to(function)
    resolver.answer = failure
    resolver.time += 60
    start = resolver.time

    assert [_sent_to(function) for _ in range(10)] == [_SECONDARY] * 10

    assert resolver.time - start < REFRESH_WAIT + 0.001
    assert [line["event"] for line in resolver.logged] == ["bucket-unresolved"]
    assert _NAME in resolver.logged[0]["error"]

    resolver.time += 3600
    assert _sent_to(function) == _SECONDARY


@pytest.mark.parametrize("failure", _FAILURES.values(), ids=_FAILURES)
def test_the_configured_bucket_serves_while_nothing_is_known_and_the_next_answer_counts(
    resolver: Resolver, failure: Callable[[bytes], bytes]
) -> None:
    function = resolver.function()
    resolver.answer = failure
    start = resolver.time

    assert [_sent_to(function) for _ in range(10)] == [_PRIMARY] * 10

    # One request has waited, and in the back-off no other asks.
    assert resolver.time - start < FIRST_WAIT + 0.001
    assert len(resolver.asked) <= 2
    assert len(resolver.logged) == 1

    resolver.answer = _says("eu-central-1")
    resolver.time += 5
    assert _sent_to(function) == _SECONDARY


@pytest.mark.parametrize("jump", [-1e6, 1e6])
def test_a_clock_that_jumps_has_the_record_asked_again(resolver: Resolver, jump: float) -> None:
    function = resolver.function()
    _sent_to(function)
    resolver.answer = _says("eu-central-1")

    resolver.time += jump

    assert _sent_to(function) == _SECONDARY


def test_without_a_list_of_nameservers_the_configured_bucket_serves(
    resolver: Resolver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(world, "nameservers", list)

    assert _sent_to(resolver.function()) == _PRIMARY
    assert "no nameserver is known" in resolver.logged[0]["error"]


def test_a_name_that_only_the_deploy_knows_comes_in_a_header_of_the_origin(resolver: Resolver) -> None:
    function = resolver.function(record_name=None)
    resolver.answer = _says("eu-central-1")
    event = _event(**{_HEADER: "told.example.com"})
    request_of(event)["headers"][_HEADER] = [{"key": _HEADER, "value": "viewer.example.com"}]

    assert _sent_to(function, event) == _SECONDARY
    assert resolver.asked == ["told.example.com. IN TXT"]


def test_a_header_that_is_not_there_leaves_the_configured_bucket(resolver: Resolver) -> None:
    assert _sent_to(resolver.function(record_name=None)) == _PRIMARY
    assert resolver.asked == []
    assert resolver.logged == [
        {"event": "undecided", "error": "LookupError: the configured origin does not tell the record-name"}
    ]


@pytest.mark.parametrize(("named", "other"), [("eu-west-1", _SECONDARY), ("eu-central-1", _PRIMARY)])
def test_the_second_leg_of_an_origin_group_goes_to_the_other_bucket(resolver: Resolver, named: str, other: str) -> None:
    function = resolver.function()
    resolver.answer = _says(named)

    assert _sent_to(function, _event("origin_request_s3_secondary")) == other


def test_the_second_leg_is_the_configured_one_where_nothing_is_known(resolver: Resolver) -> None:
    resolver.answer = _FAILURES["silence"]
    event = _event("origin_request_s3_secondary")

    assert _sent_to(resolver.function(), event) == request_of(event)["origin"]["s3"]["domainName"]


def test_a_response_goes_on_as_it_is(resolver: Resolver) -> None:
    event = payload("origin_response_s3")

    assert resolver.function()(event, None) == event["Records"][0]["cf"]["response"]
    assert resolver.asked == []


def test_a_request_for_a_host_stays_where_it_is(resolver: Resolver) -> None:
    event = payload("origin_request_custom")

    assert resolver.function()(event, None) == request_of(event)


@pytest.mark.property
def test_it_keeps_to_cloudfronts_contract_whatever_it_gets(resolver: Resolver) -> None:
    answers = [_says("eu-central-1"), _says("eu-west-1"), *_FAILURES.values()]
    turn = iter(range(10**9))
    function = resolver.function()

    def handler(event: Any, context: Any) -> Any:
        # Each answer holds for longer than the TTL, so that what comes after it is asked for too.
        resolver.time += 0.5
        resolver.answer = answers[next(turn) // 150 % len(answers)]
        return function(event, context)

    seen = assert_contract(handler, declared=[_PRIMARY, _SECONDARY], payloads=[_event(**{_HEADER: _NAME})])

    assert seen["changed"] > 1000
    assert seen["kept"] > 1000
    assert seen["log:bucket-unresolved"] > 1000


def test_a_cold_start_imports_nothing_of_the_network() -> None:
    code = (
        "import sys, lambda_edge.bucket_dns_failover.handler; "
        "print(sorted({'socket', 'ssl', 'http', 'urllib', 'boto3', 'random', 'logging'} & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert run.stdout.strip() == "[]"
