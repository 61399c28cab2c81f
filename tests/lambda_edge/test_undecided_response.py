"""An answer to a request of which nothing was known is kept by nobody; every other answer is left as it is."""

from __future__ import annotations

import json
from typing import Any

import pytest

from lambda_edge.common import configuration
from lambda_edge.common.origin import UNDECIDED_HEADER, keep, mark_undecided
from lambda_edge.undecided_response.handler import handler

from .contract import check
from .contract_suite import assert_contract
from .payloads import NAMES, payload, request_of

_RESPONSES = [name for name in NAMES if name.startswith("origin_response")]
_KEEPS: dict[str, Any] = {
    "cache-control": [
        {"key": "Cache-Control", "value": value} for value in ("public", "max-age=86400, s-maxage=86400")
    ],
    "expires": [{"key": "Expires", "value": "Thu, 01 Jan 2099 00:00:00 GMT"}],
    "pragma": [{"key": "Pragma", "value": "public"}],
    "etag": [{"key": "ETag", "value": '"1"'}],
}


def _event(name: str) -> dict[str, Any]:
    event = payload(name)
    event["Records"][0]["cf"]["response"]["headers"] |= json.loads(json.dumps(_KEEPS))
    return event


def _undecided(name: str) -> dict[str, Any]:
    event = _event(name)
    mark_undecided(keep(request_of(event)))
    return event


@pytest.fixture(autouse=True)
def without_a_configuration(monkeypatch: pytest.MonkeyPatch) -> None:
    def load() -> dict[str, Any]:
        raise OSError("gone")

    monkeypatch.setattr(configuration, "load", load)


@pytest.mark.parametrize("name", _RESPONSES)
def test_nobody_keeps_an_answer_to_what_was_undecided(name: str) -> None:
    given = _event(name)["Records"][0]["cf"]["response"]

    answer = handler(_undecided(name), None)

    check(_undecided(name), answer)
    assert answer["headers"].pop("cache-control") == [{"key": "Cache-Control", "value": "no-store, stale-if-error=0"}]
    assert answer["headers"] == {name: lines for name, lines in given["headers"].items() if name in answer["headers"]}
    assert given["headers"].keys() - answer["headers"].keys() == {"cache-control", "expires", "pragma"}
    assert answer["status"] == given["status"]
    # If no body is returned, the origin's stays.
    assert answer.keys() <= {"status", "statusDescription", "headers"}


@pytest.mark.parametrize("name", _RESPONSES)
def test_every_other_answer_is_left_as_it_is_whatever_the_viewer_claims(name: str) -> None:
    event = _event(name)
    request_of(event)["headers"][UNDECIDED_HEADER] = [{"key": UNDECIDED_HEADER, "value": "true"}]
    given = event["Records"][0]["cf"]["response"]

    assert handler(event, None) is given
    assert given == _event(name)["Records"][0]["cf"]["response"]


@pytest.mark.property
def test_the_function_keeps_the_contract() -> None:
    payloads = [_undecided(name) for name in _RESPONSES]
    seen = assert_contract(handler, event_type="origin-response", payloads=payloads, share=0.1)

    assert seen["answered"] > 1000
