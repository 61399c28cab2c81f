"""The nearest bucket: chosen by the Region that the function runs in and the leg that it serves, and nothing else."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from ha_patterns.aws.regions import PLACES, nearest
from lambda_edge.common import configuration, world
from lambda_edge.common.entry import Handler, entry
from lambda_edge.nearest_bucket import handler as module

from .contract_suite import assert_contract
from .payloads import as_sent_on, payload, request_of

_TOLD = "told.s3.us-west-2.amazonaws.com"
_BUCKETS = {
    "eu-west-1": "pictures.s3.eu-west-1.amazonaws.com",
    "us-west-2": "",
    "ap-northeast-1": "far.s3.ap-northeast-1.amazonaws.com",
}


def _configuration() -> dict[str, Any]:
    """Three buckets, as the construct bakes them; the name of one only the deploy knows."""
    origins: dict[str, Any] = {
        region: {
            "origin": {
                "s3": {
                    "authMethod": "origin-access-identity",
                    "customHeaders": {},
                    "domainName": name,
                    "path": "",
                    "region": region,
                }
            }
        }
        for region, name in _BUCKETS.items()
    }
    origins["us-west-2"]["headers"] = {"domainName": "domainname-us-west-2"}
    return {"origins": origins, "nearest": nearest(_BUCKETS), "otherwise": list(_BUCKETS)}


def _event(role: str | None = "primary", told: str | None = _TOLD) -> dict[str, Any]:
    """A request whose configured origin is the bucket in Ireland."""
    event = payload("origin_request_s3")
    headers = {"x-ha-origin-role": role, "x-ha-edge-domainname-us-west-2": told}
    request_of(event)["origin"]["s3"]["customHeaders"] = {
        name: [{"key": name, "value": value}] for name, value in headers.items() if value is not None
    }
    return event


def _sent(region: str, role: str | None = "primary", *, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    monkeypatch.setattr(world, "region", lambda: region)
    sent = _handler()(_event(role), None)
    bucket: dict[str, Any] = sent["origin"]["s3"]
    assert sent["headers"]["host"][0]["value"] == bucket["domainName"]
    return bucket


def _handler() -> Handler:
    return entry(module._build, _configuration, fails_open=True)


def _declared() -> list[str]:
    """The names that it may send to: of a bucket whose name is told, no more than its Region is known."""
    return [*filter(None, _BUCKETS.values()), ".s3.us-west-2.amazonaws.com"]


@pytest.mark.parametrize(
    ("region", "first", "second"),
    [
        ("eu-west-1", "eu-west-1", "us-west-2"),
        ("us-west-2", "us-west-2", "eu-west-1"),
        ("us-east-1", "us-west-2", "eu-west-1"),
        ("ap-southeast-2", "ap-northeast-1", "us-west-2"),
        ("me-central-1", "eu-west-1", "ap-northeast-1"),
    ],
)
def test_the_first_leg_goes_to_the_nearest_bucket_and_the_second_to_the_next(
    region: str, first: str, second: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _sent(region, "primary", monkeypatch=monkeypatch)["region"] == first
    assert _sent(region, "secondary", monkeypatch=monkeypatch)["region"] == second


def test_outside_an_origin_group_it_is_the_nearest(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _sent("ap-northeast-2", None, monkeypatch=monkeypatch)["region"] == "ap-northeast-1"


def test_a_region_that_came_later_is_served_in_the_order_given(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "sa-west-1" not in PLACES
    legs = [_sent("sa-west-1", role, monkeypatch=monkeypatch)["region"] for role in ("primary", "secondary")]

    assert legs == ["eu-west-1", "us-west-2"]


def test_every_region_reads_from_two_buckets(monkeypatch: pytest.MonkeyPatch) -> None:
    for region in PLACES:
        legs = {_sent(region, role, monkeypatch=monkeypatch)["domainName"] for role in ("primary", "secondary")}

        assert len(legs) == 2
        assert legs <= {*_BUCKETS.values(), _TOLD} - {""}


def test_a_bucket_is_read_in_its_region_under_its_name_within_the_legs_time_outs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert _sent("us-east-2", monkeypatch=monkeypatch) == {
        "authMethod": "origin-access-identity",
        "customHeaders": {},
        "domainName": _TOLD,
        "path": "",
        "readTimeout": 5,
        "region": "us-west-2",
        "responseCompletionTimeout": 30,
    }


def test_what_is_near_to_the_configured_bucket_stays_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(world, "region", lambda: "eu-west-2")

    kept = _handler()(_event(), None)

    assert kept == as_sent_on(_event(told=None))


def test_what_a_viewer_says_of_roles_and_buckets_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(world, "region", lambda: "us-west-2")
    event = _event()
    for name, value in (("x-ha-origin-role", "secondary"), ("x-ha-edge-domainname-us-west-2", "evil.example.com")):
        request_of(event)["headers"][name] = [{"key": name, "value": value}]

    assert _handler()(event, None)["origin"]["s3"]["domainName"] == _TOLD


def test_a_bucket_that_the_stack_did_not_tell_is_not_guessed(monkeypatch: pytest.MonkeyPatch) -> None:
    logged: list[str] = []
    monkeypatch.setattr(world, "log", lambda event, **fields: logged.append(f"{event}: {fields['error']}"))
    monkeypatch.setattr(world, "region", lambda: "us-west-2")

    sent = _handler()(_event(told=None), None)

    assert sent == as_sent_on(_event(told=None))
    assert logged == ["undecided: LookupError: the configured origin has no header x-ha-edge-domainname-us-west-2"]


def test_a_host_is_left_where_the_request_was_going(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lambda@Edge cannot sign with an identity where the configured origin is none."""
    logged: list[str] = []
    monkeypatch.setattr(world, "log", lambda event, **_fields: logged.append(event))
    monkeypatch.setattr(world, "region", lambda: "ap-northeast-1")
    event = payload("origin_request_custom")

    assert _handler()(event, None)["origin"] == request_of(payload("origin_request_custom"))["origin"]
    assert logged == ["undecided"]


def test_no_request_waits_for_the_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_given: object, **_named: object) -> Any:
        raise AssertionError("asked the network")

    for name in ("https", "datagram", "stream"):
        monkeypatch.setattr(world, name, refuse)
    handler = _handler()
    monkeypatch.setattr(world, "log", refuse)
    for region in PLACES:
        monkeypatch.setenv("AWS_REGION", region)
        assert "s3" in handler(_event(), None)["origin"]


def test_the_function_of_the_asset_reads_what_was_baked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(configuration, "load", _configuration)
    monkeypatch.setattr(world, "region", lambda: "ap-northeast-1")

    assert module.handler(_event(), None)["origin"]["s3"]["region"] == "ap-northeast-1"


@pytest.mark.property
def test_it_stands_whatever_it_is_given_wherever_it_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    regions = itertools.cycle((*PLACES, "sa-west-1"))
    monkeypatch.setattr(world, "region", lambda: next(regions))

    seen = assert_contract(
        _handler(),
        declared=_declared(),
        event_type="origin-request",
        payloads=[_event("primary"), _event("secondary")],
    )

    assert min(seen[what] for what in ("kept", "changed", "log:undecided")) > 1_000
