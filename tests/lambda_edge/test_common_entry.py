"""A function never raises: what it cannot decide goes on as it came, or is refused where the stack asked for that."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

import pytest

from lambda_edge.common import configuration, world
from lambda_edge.common.entry import Decide, Handler, Keep, entry
from lambda_edge.common.origin import UNDECIDED_HEADER, keep

from .payloads import as_sent_on, payload, request_of


@pytest.fixture
def logged(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    lines: list[tuple[str, str]] = []
    monkeypatch.setattr(world, "log", lambda event, **fields: lines.append((event, fields["error"])))
    return lines


def _returns(value: Any, *, fail_closed: bool | None = False) -> Handler:
    return entry(lambda configuration: lambda cf: value, lambda: {"fail_closed": fail_closed})


def _event(*, kept: bool = False, kind: str = "custom") -> dict[str, Any]:
    event = payload(f"origin_request_{kind}")
    if kept:
        headers = request_of(event)["origin"][kind]["customHeaders"]
        headers["x-ha-edge-kept"] = [{"key": "x-ha-edge-kept", "value": "true"}]
    return event


def test_the_configuration_is_read_once_and_at_the_first_event() -> None:
    reads: list[int] = []

    def load() -> dict[str, Any]:
        reads.append(1)
        return {}

    handler = entry(lambda configuration: lambda cf: cf["request"], load)
    assert reads == []
    for _ in range(3):
        handler(_event(), None)

    assert reads == [1]


def test_a_configuration_that_cannot_be_read_is_tried_again_at_the_next_event(logged: list[tuple[str, str]]) -> None:
    failures = [OSError("gone")]

    def load() -> dict[str, Any]:
        if failures:
            raise failures.pop()
        return {}

    handler = entry(lambda configuration: lambda cf: {"status": "204"}, load)

    assert handler(_event(), None) == as_sent_on(_event())
    assert handler(_event(), None) == {"status": "204"}
    assert logged == [("undecided", "OSError: gone")]


@pytest.mark.parametrize("value", ["x", [], 5])
def test_what_is_no_object_counts_as_undecided(value: Any, logged: list[tuple[str, str]]) -> None:
    assert _returns(value)(_event(), None) == as_sent_on(_event())
    assert logged == [("undecided", f"TypeError: neither a request nor a response: {type(value).__name__}")]


def test_a_function_that_says_that_nothing_is_known_has_logged_why_itself(logged: list[tuple[str, str]]) -> None:
    assert _returns(None)(_event(), None) == as_sent_on(_event())
    assert logged == []


def _failed_build(configuration: dict[str, Any]) -> Decide:
    raise KeyError("origins")


def _failed_decision(configuration: dict[str, Any]) -> Decide:
    def decide(cf: dict[str, Any]) -> None:
        raise LookupError("x")

    return decide


# The ways in which nothing is known of a request.
_BUILDS: dict[str, Callable[[dict[str, Any]], Decide]] = {
    "says-so": lambda configuration: lambda cf: None,
    "no-object": lambda configuration: lambda cf: "x",  # type: ignore[dict-item, return-value]
    "raises": _failed_decision,
    "failed-build": _failed_build,
}


@pytest.mark.parametrize("kind", ["custom", "s3"])
@pytest.mark.parametrize("build", _BUILDS.values(), ids=_BUILDS)
@pytest.mark.parametrize(
    ("fail_closed", "kept", "becomes"),
    [
        (True, False, "503"),
        (True, True, "503"),
        (None, False, "goes on"),
        (None, True, "503"),
        (False, False, "goes on"),
        (False, True, "goes on, marked"),
    ],
)
def test_an_answer_that_may_be_kept_is_503_or_marked_as_undecided(
    fail_closed: bool | None,
    kept: bool,
    becomes: str,
    build: Callable[[dict[str, Any]], Decide],
    kind: str,
    logged: list[tuple[str, str]],
) -> None:
    handler = entry(build, lambda: {"fail_closed": fail_closed})

    for _ in range(2):
        found = handler(_event(kept=kept, kind=kind), None)
        if becomes == "503":
            assert found["status"] == "503"
            assert found["headers"]["cache-control"][0]["value"] == "no-store"
            continue
        marks = found["origin"][kind]["customHeaders"].pop(UNDECIDED_HEADER, None)
        assert marks == ([{"key": UNDECIDED_HEADER, "value": "true"}] if kept else None)
        assert found == as_sent_on(_event(kind=kind))


@pytest.mark.parametrize("build", _BUILDS.values(), ids=_BUILDS)
@pytest.mark.parametrize(("given", "goes_on"), [("evil.example.org", False), ("WWW.example.com", True)])
def test_a_forwarded_host_that_is_not_the_viewers_host_does_not_go_on_undecided(
    given: str, goes_on: bool, build: Callable[[dict[str, Any]], Decide], logged: list[tuple[str, str]]
) -> None:
    event = _event()
    headers = event["Records"][0]["cf"]["request"]["headers"]
    headers["host"] = [{"key": "Host", "value": "www.example.com"}]
    headers["x-forwarded-host"] = [{"key": "X-Forwarded-Host", "value": given}]

    found = entry(build, dict)(event, None)

    assert ("x-forwarded-host" in found["headers"]) is goes_on


def _unreadable() -> dict[str, Any]:
    raise OSError("gone")


@pytest.mark.parametrize("load", [_unreadable, list])
def test_while_the_configuration_is_unknown_an_answer_that_may_be_kept_is_503(
    load: Callable[[], dict[str, Any]], logged: list[tuple[str, str]]
) -> None:
    handler = entry(_failed_build, load)

    assert handler(_event(kept=True), None)["status"] == "503"
    assert handler(_event(), None) == as_sent_on(_event())


@pytest.mark.parametrize("kept", [False, True])
@pytest.mark.parametrize(("fail_closed", "is_503"), [(True, True), (False, False)])
def test_what_the_owner_chose_holds_in_a_configuration_that_is_broken_elsewhere(
    fail_closed: bool, is_503: bool, kept: bool, logged: list[tuple[str, str]]
) -> None:
    def needs_whole(settings: dict[str, Any]) -> Keep:
        if settings:
            raise KeyError("attributes")
        return keep

    found = entry(_failed_build, lambda: {"fail_closed": fail_closed}, keep=needs_whole)(_event(kept=kept), None)

    assert (found.get("status") == "503") is is_503
    if not is_503:
        assert (UNDECIDED_HEADER in found["origin"]["custom"]["customHeaders"]) is kept


@pytest.mark.parametrize("load", [_unreadable, dict, lambda: {"fail_closed": None}])
def test_where_every_origin_has_the_same_content_a_request_always_goes_on(
    load: Callable[[], dict[str, Any]], logged: list[tuple[str, str]]
) -> None:
    assert entry(_failed_build, load, fails_open=True)(_event(kept=True), None) == as_sent_on(_event())


@pytest.mark.parametrize(
    ("function", "name", "becomes"),
    [
        ("rule_router", "handler", "503"),
        ("tenant_router", "handler", "503"),
        ("home_region", "on_request", "503"),
        ("nearest_bucket", "handler", "goes on"),
        ("bucket_dns_failover", "handler", "goes on"),
        ("graceful_response", "handler", "goes on"),
    ],
)
def test_each_function_without_a_configuration(
    function: str, name: str, becomes: str, monkeypatch: pytest.MonkeyPatch, logged: list[tuple[str, str]]
) -> None:
    monkeypatch.setattr(configuration, "load", _unreadable)
    handler: Handler = getattr(importlib.import_module(f"lambda_edge.{function}.handler"), name)

    assert handler(_event(kept=True), None).get("status", "goes on") == becomes
    assert "uri" in handler(_event(), None)


@pytest.mark.parametrize("fail_closed", [False, True, None])
@pytest.mark.parametrize("value", [None, "x"])
def test_a_response_that_cannot_be_judged_goes_on_as_it_is(
    value: Any, fail_closed: bool | None, logged: list[tuple[str, str]]
) -> None:
    event = payload("origin_response_error")

    assert _returns(value, fail_closed=fail_closed)(event, None) == event["Records"][0]["cf"]["response"]


def test_a_response_that_is_none_is_answered_503(logged: list[tuple[str, str]]) -> None:
    event = payload("origin_response_error")
    event["Records"][0]["cf"]["response"] = "x"

    assert _returns(None)(event, None)["status"] == "503"


@pytest.mark.parametrize("event", [None, {}, [], {"Records": [{"cf": 5}]}, {"Records": [{"cf": {"request": {}}}]}])
def test_an_event_that_is_none_is_answered_503(event: Any, logged: list[tuple[str, str]]) -> None:
    assert _returns(None)(event, None)["status"] == "503"
