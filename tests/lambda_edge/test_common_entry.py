"""A function never raises: what it cannot decide goes on as it came, or is refused where the stack asked for that."""

from __future__ import annotations

from typing import Any

import pytest

from lambda_edge.common import world
from lambda_edge.common.entry import Handler, entry

from .payloads import payload, request_of


@pytest.fixture
def logged(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    lines: list[tuple[str, str]] = []
    monkeypatch.setattr(world, "log", lambda event, **fields: lines.append((event, fields["error"])))
    return lines


def _returns(value: Any, *, fail_closed: bool = False) -> Handler:
    return entry(lambda configuration: lambda cf: value, lambda: {"fail_closed": fail_closed})


def test_the_configuration_is_read_once_and_at_the_first_event() -> None:
    reads: list[int] = []

    def load() -> dict[str, Any]:
        reads.append(1)
        return {}

    handler = entry(lambda configuration: lambda cf: cf["request"], load)
    assert reads == []
    for _ in range(3):
        handler(payload("origin_request_custom"), None)

    assert reads == [1]


def test_a_configuration_that_cannot_be_read_is_tried_again_at_the_next_event(logged: list[tuple[str, str]]) -> None:
    failures = [OSError("gone")]

    def load() -> dict[str, Any]:
        if failures:
            raise failures.pop()
        return {}

    handler = entry(lambda configuration: lambda cf: {"status": "204"}, load)

    assert handler(payload("origin_request_custom"), None) == request_of(payload("origin_request_custom"))
    assert handler(payload("origin_request_custom"), None) == {"status": "204"}
    assert logged == [("undecided", "OSError: gone")]


@pytest.mark.parametrize("value", [None, "x", [], 5])
def test_what_is_no_object_counts_as_undecided(value: Any, logged: list[tuple[str, str]]) -> None:
    event = payload("origin_request_custom")

    assert _returns(value)(event, None) == request_of(payload("origin_request_custom"))
    assert logged == [("undecided", f"TypeError: neither a request nor a response: {type(value).__name__}")]


@pytest.mark.parametrize("fail_closed", [False, True])
def test_a_response_that_cannot_be_judged_goes_on_as_it_is(fail_closed: bool, logged: list[tuple[str, str]]) -> None:
    event = payload("origin_response_error")

    assert _returns(None, fail_closed=fail_closed)(event, None) == event["Records"][0]["cf"]["response"]


def test_a_response_that_is_none_is_answered_503(logged: list[tuple[str, str]]) -> None:
    event = payload("origin_response_error")
    event["Records"][0]["cf"]["response"] = "x"

    assert _returns(None)(event, None)["status"] == "503"


def test_undecided_is_503_where_the_stack_asked_for_that(logged: list[tuple[str, str]]) -> None:
    assert _returns(None, fail_closed=True)(payload("origin_request_custom"), None)["status"] == "503"


@pytest.mark.parametrize("event", [None, {}, [], {"Records": [{"cf": 5}]}, {"Records": [{"cf": {"request": {}}}]}])
def test_an_event_that_is_none_is_answered_503(event: Any, logged: list[tuple[str, str]]) -> None:
    assert _returns(None)(event, None)["status"] == "503"
