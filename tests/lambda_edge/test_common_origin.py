"""An origin-request function knows the member of the origin group that it serves."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import ha_patterns
from lambda_edge.common.origin import (
    CONFIGURATION_PREFIX,
    KEPT,
    ROLE_HEADER,
    UNDECIDED_HEADER,
    DeclaredOrigins,
    change,
    is_kept,
    is_undecided,
    keep,
    keep_by_own_name,
    mark_undecided,
    role,
)

_EVENTS = Path(__file__).parents[1] / "events"
_KINDS = ("custom", "s3")


def _request(kind: str) -> dict[str, Any]:
    """The request of an event that CloudFront sends; its viewer claims the role ``secondary``."""
    event = json.loads((_EVENTS / f"cloudfront_origin_request_{kind}.json").read_text())
    request: dict[str, Any] = event["Records"][0]["cf"]["request"]
    return request


def test_the_function_reads_the_header_that_the_constructs_set() -> None:
    assert ROLE_HEADER == ha_patterns.ORIGIN_ROLE_HEADER


@pytest.mark.parametrize("kind", _KINDS)
@pytest.mark.parametrize("member", ["primary", "secondary"])
def test_the_role_is_that_of_the_configured_origin(kind: str, member: str) -> None:
    request = _request(kind)
    request["origin"][kind]["customHeaders"][ROLE_HEADER][0]["value"] = member

    assert role(request) == member


@pytest.mark.parametrize("kind", _KINDS)
def test_a_viewer_cannot_claim_a_role(kind: str) -> None:
    request = _request(kind)
    assert request["headers"][ROLE_HEADER][0]["value"] == "secondary"

    assert role(request) == "primary"


@pytest.mark.parametrize("kind", _KINDS)
def test_outside_an_origin_group_there_is_no_role_even_if_a_viewer_claims_one(kind: str) -> None:
    request = _request(kind)
    del request["origin"][kind]["customHeaders"][ROLE_HEADER]

    assert role(request) is None


@pytest.mark.parametrize("origin", [None, {}, {"custom": {}}, {"s3": {"customHeaders": None}}])
def test_an_origin_that_says_little_has_no_role(origin: dict[str, Any] | None) -> None:
    request = _request("custom") | {"origin": origin}

    assert role(request) is None


def test_a_request_without_an_origin_has_no_role() -> None:
    request = _request("custom")
    del request["origin"]

    assert role(request) is None


@pytest.mark.parametrize("kind", _KINDS)
def test_reading_the_role_leaves_the_request_as_it_is(kind: str) -> None:
    request = _request(kind)

    role(request)

    assert request == _request(kind)


@pytest.mark.parametrize(
    ("given", "host"),
    [
        ("WWW.Example.com.", "www.example.com"),
        ("own.example.com", "own.example.com"),
        ("a b", "d123.cloudfront.net"),
        ("", "d123.cloudfront.net"),
        (None, "d123.cloudfront.net"),
    ],
)
def test_the_configured_origin_is_asked_by_its_own_name(given: str | None, host: str) -> None:
    request = _request("custom")
    request["headers"]["host"] = [{"key": "Host", "value": "d123.cloudfront.net"}]
    request["origin"]["custom"]["domainName"] = given

    assert keep_by_own_name(request)["headers"]["host"] == [{"key": "Host", "value": host}]


_DECLARED: dict[str, dict[str, Any]] = {
    "custom": {"domainName": "other.example.com", "customHeaders": {"x-ha-origin-role": [{"value": "x"}]}}
}


@pytest.mark.parametrize("kind", _KINDS)
def test_with_another_origin_goes_its_host_and_none_of_the_viewers_headers_called_like_its_own(kind: str) -> None:
    request = _request(kind)

    assert change(request, _DECLARED) is request

    assert request["origin"] == _DECLARED
    assert request["headers"]["host"] == [{"key": "Host", "value": "other.example.com"}]
    assert ROLE_HEADER not in request["headers"]
    assert "via" in request["headers"]


def test_what_is_declared_stays_as_it_is_whatever_becomes_of_the_request() -> None:
    request = _request("custom")
    change(request, _DECLARED, {"domainName": "a.example.com"})

    request["origin"]["custom"]["customHeaders"].clear()

    assert request["origin"]["custom"]["domainName"] == "a.example.com"
    assert _DECLARED["custom"]["domainName"] == "other.example.com"
    assert ROLE_HEADER in _DECLARED["custom"]["customHeaders"]


_FORGED = ("x-ha-edge-kept", "x-ha-edge-table", "x-ha-home-cookie", "x-ha-origin-guard", ROLE_HEADER, UNDECIDED_HEADER)


_WAYS_OUT: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "kept": keep,
    "by-own-name": keep_by_own_name,
    "changed": lambda request: change(request, _DECLARED),
    "declared": lambda request: DeclaredOrigins({"a": {"origin": _DECLARED}}).send(request, "a"),
}


@pytest.mark.parametrize("kind", _KINDS)
@pytest.mark.parametrize("go_on", _WAYS_OUT.values(), ids=_WAYS_OUT)
@pytest.mark.parametrize(
    ("host", "claimed", "goes_on"),
    [
        ("www.example.com", ["evil.example.org"], False),
        ("www.example.com", ["www.example.com", "evil.example.org"], False),
        (None, ["evil.example.org"], False),
        ("www.example.com", ["WWW.example.com"], True),
    ],
)
def test_a_forwarded_host_that_is_not_the_viewers_host_reaches_no_origin(
    *,
    kind: str,
    go_on: Callable[[dict[str, Any]], dict[str, Any]],
    host: str | None,
    claimed: list[str],
    goes_on: bool,
) -> None:
    request = _request(kind)
    headers = request["headers"]
    headers.pop("host", None)
    if host is not None:
        headers["host"] = [{"key": "Host", "value": host}]
    headers["x-forwarded-host"] = [{"key": "X-Forwarded-Host", "value": value} for value in claimed]

    assert ("x-forwarded-host" in go_on(request)["headers"]) is goes_on


@pytest.mark.parametrize("kind", _KINDS)
@pytest.mark.parametrize("go_on", _WAYS_OUT.values(), ids=_WAYS_OUT)
def test_a_viewers_headers_with_the_names_of_ours_reach_no_origin(
    kind: str, go_on: Callable[[dict[str, Any]], dict[str, Any]]
) -> None:
    request = _request(kind)
    others = ("my-x-ha-role", "x-hat", "x-h")
    request["headers"] |= {name: [{"key": name, "value": "true"}] for name in (*_FORGED, *others, "x-ha-")}

    sent = go_on(request)

    assert [name for name in sent["headers"] if name.startswith("x-ha-")] == []
    assert {"user-agent", "via", "host", *others} <= sent["headers"].keys()


@pytest.mark.parametrize("kind", _KINDS)
def test_whether_answers_may_be_kept_is_told_by_the_stack_and_no_viewer(kind: str) -> None:
    told, claimed = _request(kind), _request(kind)
    header = {CONFIGURATION_PREFIX + KEPT: [{"key": CONFIGURATION_PREFIX + KEPT, "value": "true"}]}
    told["origin"][kind]["customHeaders"] |= header
    claimed["headers"] |= header

    assert (is_kept(told), is_kept(claimed)) == (True, False)
    assert CONFIGURATION_PREFIX + KEPT not in keep(told)["origin"][kind]["customHeaders"]


@pytest.mark.parametrize("kind", _KINDS)
def test_the_response_of_an_undecided_request_is_known_and_no_viewer_can_claim_one(kind: str) -> None:
    request = _request(kind)
    request["headers"][UNDECIDED_HEADER] = [{"key": UNDECIDED_HEADER, "value": "true"}]
    assert not is_undecided(request)

    mark_undecided(keep(request))

    assert is_undecided(request)
    assert UNDECIDED_HEADER not in request["headers"]
    assert ROLE_HEADER in request["origin"][kind]["customHeaders"]


@pytest.mark.parametrize("headers", [None, "x", []])
@pytest.mark.parametrize("go_on", [keep, keep_by_own_name])
def test_a_request_without_headers_does_not_go_on(go_on: Any, headers: Any) -> None:
    request = _request("custom") | {"headers": headers}
    before = json.loads(json.dumps(request))

    with pytest.raises(ValueError, match="no headers"):
        go_on(request)

    assert request == before


@pytest.mark.parametrize("headers", [None, "x", []])
def test_a_request_that_cannot_be_changed_wholly_is_not_changed_at_all(headers: Any) -> None:
    request = _request("custom") | {"headers": headers}
    before = dict(request)

    with pytest.raises(ValueError, match="no headers"):
        change(request, _DECLARED)

    assert request == before
