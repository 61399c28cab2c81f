"""A request for one bucket goes to another: with its Host and Region, signed by the same identity, within one wait."""

from __future__ import annotations

import json
from typing import Any

import pytest

from lambda_edge.common.origin import DeclaredOrigins, change

from .payloads import as_sent_on, payload, request_of

_FAR = {
    "authMethod": "origin-access-identity",
    "customHeaders": {},
    "domainName": "far.s3.eu-central-1.amazonaws.com",
    "path": "",
    "region": "eu-central-1",
}
_NEAR = {**_FAR, "domainName": "pictures.s3.eu-west-1.amazonaws.com", "region": "eu-west-1"}
_DECLARED = DeclaredOrigins({"far": {"origin": {"s3": _FAR}}, "near": {"origin": {"s3": _NEAR}}})


def _request(kind: str = "s3") -> dict[str, Any]:
    """The request of an event that CloudFront sends; a bucket is pictures.s3.eu-west-1.amazonaws.com."""
    return request_of(payload(f"origin_request_{kind}"))


def test_host_region_and_domain_name_go_together_and_the_roles_header_does_not_go_on() -> None:
    sent = _DECLARED.send(_request(), "far")

    assert sent["headers"]["host"] == [{"key": "Host", "value": "far.s3.eu-central-1.amazonaws.com"}]
    assert sent["origin"] == {
        "s3": {
            "authMethod": "origin-access-identity",
            "customHeaders": {},
            "domainName": "far.s3.eu-central-1.amazonaws.com",
            "path": "",
            "readTimeout": 5,
            "region": "eu-central-1",
            "responseCompletionTimeout": 30,
        }
    }


def test_path_and_time_outs_stay_those_of_the_leg() -> None:
    request = _request()
    request["origin"]["s3"] |= {"path": "/site", "readTimeout": 7}
    del request["origin"]["s3"]["responseCompletionTimeout"]

    own = _DECLARED.send(request, "far")["origin"]["s3"]

    assert (own["path"], own["readTimeout"]) == ("/site", 7)
    assert "responseCompletionTimeout" not in own


def test_what_is_declared_serves_the_next_request_too() -> None:
    sent = _DECLARED.send(_request(), "far")
    sent["origin"]["s3"]["customHeaders"]["x"] = [{"key": "x", "value": "y"}]

    assert _FAR["customHeaders"] == {}
    assert _DECLARED.send(_request(), "far")["origin"]["s3"]["customHeaders"] == {}


def test_the_configured_bucket_stays_as_it_is() -> None:
    assert _DECLARED.send(_request(), "near") == as_sent_on(payload("origin_request_s3"))


def test_the_configured_bucket_is_known_by_the_name_that_the_stack_told() -> None:
    request = _request()
    header = {"x-ha-edge-domainname-near": [{"key": "x-ha-edge-domainname-near", "value": _NEAR["domainName"]}]}
    request["origin"]["s3"]["customHeaders"] |= header
    entry = {"origin": {"s3": {**_NEAR, "domainName": ""}}, "headers": {"domainName": "domainname-near"}}

    assert DeclaredOrigins({"near": entry}).send(request, "near") == as_sent_on(payload("origin_request_s3"))


@pytest.mark.parametrize(
    "told",
    [
        *("", "evil.example.net", "b.s3.eu-west-1.amazonaws.com.evil.example.net", "b.s3.us-east-1.amazonaws.com"),
        *(
            "evil.example.net/.s3.eu-west-1.amazonaws.com",
            ".s3.eu-west-1.amazonaws.com",
            "B.s3.eu-west-1.amazonaws.com",
        ),
        *("*.s3.eu-west-1.amazonaws.com", f"{'b' * 64}.s3.eu-west-1.amazonaws.com", "b.s3.eu-west-1.amazonaws.com\n"),
    ],
)
def test_what_is_told_can_be_a_bucket_of_the_declared_region_only(told: str) -> None:
    request = _request()
    request["origin"]["s3"]["customHeaders"]["x-ha-edge-domainname-near"] = [{"key": "x", "value": told}]
    entry = {"origin": {"s3": {**_NEAR, "domainName": ""}}, "headers": {"domainName": "domainname-near"}}
    before = json.dumps(request)

    with pytest.raises(LookupError, match="the configured origin"):
        DeclaredOrigins({"near": entry}).send(request, "near")

    assert json.dumps(request) == before


@pytest.mark.parametrize(
    ("kind", "settings"),
    [("custom", {}), ("s3", {"authMethod": "none"}), ("s3", {"authMethod": None})],
    ids=["a host", "a bucket that is signed for otherwise", "a bucket that does not say"],
)
def test_only_a_bucket_of_the_same_identity_can_be_replaced_by_a_bucket(kind: str, settings: dict[str, Any]) -> None:
    request = _request(kind)
    request["origin"][kind] |= settings
    before = json.dumps(request)

    with pytest.raises(ValueError, match="no bucket that is read with an origin access identity"):
        change(request, {"s3": _FAR})

    assert json.dumps(request) == before
