"""What the rules say of the code of CloudFront Functions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from .edge_documents import DISABLED, OPTIMIZED, UNKNOWN, asked, behavior, origin, said, site

_ARN = {"Fn::GetAtt": ["Route", "FunctionARN"]}
_ORIGINS = [origin("one"), origin("two")]
_MTLS = {"OriginProtocolPolicy": "https-only", "OriginMtlsConfig": {"ClientCertificateArn": "arn:one"}}
_OTHER = {"OriginProtocolPolicy": "https-only", "OriginMtlsConfig": {"ClientCertificateArn": "arn:two"}}


def _site(
    body: str,
    *,
    origins: list[dict[str, Any]] | None = None,
    event: object = "viewer-request",
    policy: Any = DISABLED,
    stores: Any = None,
    **config: Any,
) -> dict[str, dict[str, Any]]:
    """A distribution whose default behavior has a function; a second behavior has it too."""
    code = f"import cf from 'cloudfront';\nasync function handler(event) {{ {body}; return event.request; }}"
    own = {"Runtime": "cloudfront-js-2.0"} | ({} if stores is None else {"KeyValueStoreAssociations": stores})
    route = {"Name": "route", "AutoPublish": True, "FunctionConfig": own, "FunctionCode": code}
    associated = [{"EventType": event, "FunctionARN": _ARN}]
    given = origins or _ORIGINS
    behaviors = [
        behavior(given[0]["Id"], pattern, policy=policy, FunctionAssociations=associated) for pattern in ("/a/*", None)
    ]
    return {
        **site(given, *behaviors, **config),
        "Route": {"Type": "AWS::CloudFront::Function", "Properties": route},
    }


def _group(*members: str, codes: object = (500, 502, 503, 504)) -> str:
    return f"cf.createRequestOriginGroup({{originIds: {list(members)}, failoverCriteria: {{statusCodes: {codes}}}}})"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (
            "cf.selectRequestOriginById('three')",
            "the code chooses three, that is no origin of Site: one and two",
        ),
        (
            _group("one", "three", codes=[503, 504]),
            "the code chooses three, that is no origin of Site: one and two",
        ),
        (
            "cf.selectRequestOriginById(event.x ? 'three' : 'four')",
            "the code chooses three and four, which are no origins of Site: one and two",
        ),
        (_group("one", codes=[503, 504]), "the code makes an origin group of 1 origins; it takes 2"),
    ],
)
def test_an_origin_that_is_not_there_is_found_once(tmp_path: Path, body: str, message: str) -> None:
    assert said(tmp_path, _site(body), "HA118") == [message]


@pytest.mark.parametrize(
    "body",
    [
        "cf.selectRequestOriginById('two')",
        _group("one", "two", codes=[503]),
        "cf.updateRequestOrigin({domainName: 'x'})",
    ],
)
def test_origins_that_are_there_are_fine(tmp_path: Path, body: str) -> None:
    assert not said(tmp_path, _site(body), "HA118")


@pytest.mark.parametrize(
    ("resources", "waits_for"),
    [
        (_site("cf.selectRequestOriginById(event.id)"), "what the code computes"),
        (
            _site("cf.selectRequestOriginById('x')", origins=[origin("one"), origin("two") | {"Id": UNKNOWN}]),
            "the ids of the",
        ),
        (_site("cf.selectRequestOriginById("), "code that is no JavaScript"),
    ],
)
def test_of_what_is_computed_nothing_is_said(tmp_path: Path, resources: dict[str, Any], waits_for: str) -> None:
    [message] = asked(tmp_path, resources, "HA118")

    assert f"it depends on {waits_for}" in message


@pytest.mark.parametrize(
    ("codes", "messages"),
    [
        ([500, 502], ["fails over at 500 and 502, and not at 503 and 504"]),
        ([503], ["fails over at 503, and not at 504"]),
        ([], ["fails over at no code, and not at 503 and 504"]),
        ([501, 503, 504], ["makes an origin group with 501; CloudFront takes 400, 403"]),
        ([503, 504], []),
    ],
)
def test_a_group_that_a_function_makes_leaves_a_dead_origin(
    tmp_path: Path, codes: list[int], messages: list[str]
) -> None:
    found = said(tmp_path, _site(_group("one", "two", codes=codes)), "HA119")

    # Both behaviors have the function.
    assert len(found) == 2 * len(messages)
    assert all(message in one for message in messages for one in found)


def test_codes_that_are_computed_are_unknown(tmp_path: Path) -> None:
    messages = asked(tmp_path, _site(_group("one", "two", codes="event.codes")), "HA119")

    assert "what the code computes" in messages[0]


def test_a_store_that_is_read_is_associated(tmp_path: Path) -> None:
    body = "const value = await cf.kvs().get('a')"

    found = said(tmp_path, _site(body), "HA120")
    assert set(found) == {"the code reads a key value store, and the function has no KeyValueStoreAssociations"}
    assert not said(tmp_path, _site(body, stores=[{"KeyValueStoreARN": "arn:aws:x"}]), "HA120")
    assert not said(tmp_path, _site("cf.selectRequestOriginById('one')"), "HA120")
    assert asked(tmp_path, _site(body, stores=UNKNOWN), "HA120")


_UPDATE = "cf.updateRequestOrigin({domainName: 'two.example.com'})"
_PRIVATE = {"Id": "one", "DomainName": "one.example.com", "VpcOriginConfig": {"VpcOriginId": "vo_1"}}


@pytest.mark.parametrize(
    ("first", "second", "message"),
    [
        (_PRIVATE, origin("two"), "its origin one is a VPC origin, which it cannot change"),
        (
            origin("one", settings=_MTLS),
            origin("two", settings=_OTHER),
            "two.example.com would be shown the client certificate of one, and origin two has another one",
        ),
        (origin("one", settings=_MTLS), origin("two"), "the client certificate of one, and origin two has none"),
        (origin("one"), origin("two", settings=_MTLS), "shown no client certificate, and origin two has one"),
    ],
)
def test_a_change_that_fails_is_found(tmp_path: Path, first: Any, second: Any, message: str) -> None:
    found = said(tmp_path, _site(_UPDATE, origins=[first, second]), "HA121")

    assert len(found) == 2
    assert all(message in one for one in found)


@pytest.mark.parametrize(
    ("body", "origins"),
    [
        ("cf.selectRequestOriginById('two')", [_PRIVATE, origin("two")]),
        (_UPDATE, [origin("one", settings=_MTLS), origin("two", settings=_MTLS)]),
        (_UPDATE, [origin("one"), origin("two")]),
        (_UPDATE, [origin("one", settings=_MTLS), origin("three")]),
        (
            "cf.updateRequestOrigin({domainName: 'two.example.com', mTLSConfig: 'off'})",
            [origin("one", settings=_MTLS), origin("two")],
        ),
        (
            _UPDATE,
            [
                origin("one", settings=_MTLS),
                origin("two", settings=_MTLS | {"OriginMtlsConfig": {"ClientCertificateArn": UNKNOWN}}),
            ],
        ),
    ],
)
def test_a_change_that_works_or_is_unknown_is_fine(tmp_path: Path, body: str, origins: Any) -> None:
    assert not said(tmp_path, _site(body, origins=origins), "HA121")


def test_an_origin_is_chosen_on_requests(tmp_path: Path) -> None:
    [message, _] = said(tmp_path, _site("cf.selectRequestOriginById('two')", event="viewer-response"), "HA121")

    assert message == "Route chooses an origin on viewer-response; it may on viewer-request"


# What decides is in the cache key.

_BY_HOST = "if (event.request.headers.host.value === 'b') { cf.selectRequestOriginById('two'); }"


def _declared(resources: dict[str, dict[str, Any]], **reads: list[str]) -> dict[str, dict[str, Any]]:
    resources["Route"]["Metadata"] = {"ha-patterns": {"reads": reads}}
    return resources


def test_what_a_function_chooses_by_is_in_the_cache_key(tmp_path: Path) -> None:
    [message, _] = said(tmp_path, _site(_BY_HOST, policy=OPTIMIZED), "HA112")

    assert message == (
        "Route on behavior /a/* chooses an origin by header host, not in the cache key of CachingOptimized"
    )
    assert not said(tmp_path, _site(_BY_HOST), "HA112")
    assert not said(tmp_path, _site("cf.selectRequestOriginById('two')", policy=OPTIMIZED), "HA112")
    assert not said(tmp_path, _site("console.log(event.request.headers.host)", policy=OPTIMIZED), "HA112")
    assert not said(tmp_path, _site(_BY_HOST, policy=OPTIMIZED, event="viewer-response"), "HA112")


def test_what_a_function_declares_counts(tmp_path: Path) -> None:
    plain = _site("cf.selectRequestOriginById(await cf.kvs().get('a'))", policy=OPTIMIZED)
    by_host = _site(_BY_HOST, policy=OPTIMIZED)

    [message, _] = said(tmp_path, _declared(plain, cookies=["version"]), "HA112")
    assert "chooses an origin by cookie version" in message
    assert not said(tmp_path, _declared(by_host), "HA112")


@pytest.mark.parametrize(
    ("body", "policy", "waits_for"),
    [
        (
            "if (event.request.headers[event.name]) cf.selectRequestOriginById('two')",
            OPTIMIZED,
            "what the code computes",
        ),
        (_BY_HOST, UNKNOWN, "the parameter Unknown"),
        ("cf.selectRequestOriginById(", OPTIMIZED, "code that is no JavaScript"),
    ],
)
def test_what_decides_may_be_unknown(tmp_path: Path, body: str, policy: Any, waits_for: str) -> None:
    [message, _] = asked(tmp_path, _site(body, policy=policy), "HA112")

    assert waits_for in message
