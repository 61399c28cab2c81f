"""What the rules say of cache policies and origin request policies."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ha_patterns.aws.distributions import POLICY_CHARACTERS

from .documents import resource
from .edge_documents import UNKNOWN, behavior, origin, said, site


def _policy(*, times: Any = (0, 60, 3600), headers: Any = (), more: Any = None, **key: Any) -> dict[str, Any]:
    least, usual, most = times
    listed = {"HeaderBehavior": "whitelist", "Headers": list(headers)} if headers else {"HeaderBehavior": "none"}
    config = {
        "Name": "articles",
        "MinTTL": least,
        "DefaultTTL": usual,
        "MaxTTL": most,
        "ParametersInCacheKeyAndForwardedToOrigin": {
            "EnableAcceptEncodingGzip": False,
            "CookiesConfig": {"CookieBehavior": "none"},
            "HeadersConfig": listed,
            "QueryStringsConfig": {"QueryStringBehavior": "none"},
            **key,
        },
    }
    return {"Policy": resource("CloudFront::CachePolicy", {"CachePolicyConfig": config})}


def _sent(*headers: Any, mode: str = "whitelist") -> dict[str, Any]:
    config = {"Name": "all", "HeadersConfig": {"HeaderBehavior": mode, "Headers": list(headers)}}
    return {"Policy": resource("CloudFront::OriginRequestPolicy", {"OriginRequestPolicyConfig": config})}


@pytest.mark.parametrize(
    ("times", "why"),
    [
        ((0, 3601, 3600), "a DefaultTTL of 3601 s, above its MaxTTL of 3600 s"),
        ((60, 0, 59), "a MinTTL of 60 s, above its MaxTTL of 59 s"),
        ((61, 60, 3600), "a MinTTL of 61 s, above its DefaultTTL of 60 s"),
        ((UNKNOWN, 2, 1), "a DefaultTTL of 2 s, above its MaxTTL of 1 s"),
        ((0, "61", "60"), "a DefaultTTL of 61 s, above its MaxTTL of 60 s"),
        ((60, 60, 60), None),
        ((0, 0, 1), None),
        ((UNKNOWN, 60, UNKNOWN), None),
        ((60, UNKNOWN, 60), None),
    ],
)
def test_the_times_of_a_policy_are_in_order(tmp_path: Path, times: Any, why: str | None) -> None:
    messages = said(tmp_path, _policy(times=times), "HA054")

    assert messages == ([f"the policy has {why}"] if why else [])


@pytest.mark.parametrize(
    ("times", "why"),
    [
        (
            {"MinTTL": 0, "DefaultTTL": 61, "MaxTTL": 60},
            "behavior * has a DefaultTTL of 61 s, above its MaxTTL of 60 s",
        ),
        ({"MinTTL": 0, "DefaultTTL": 60, "MaxTTL": 60}, None),
        # Nothing tells what CloudFront makes of the missing one.
        ({"MinTTL": 0, "MaxTTL": 60}, None),
        ({"MinTTL": 172_800}, None),
        ({"DefaultTTL": UNKNOWN, "MaxTTL": 60}, None),
    ],
)
def test_so_are_those_of_forwarded_values(tmp_path: Path, times: dict[str, Any], why: str | None) -> None:
    one = {"TargetOriginId": "one", "ForwardedValues": {"QueryString": False}, **times}

    assert said(tmp_path, site([origin("one")], one), "HA054") == ([why] if why else [])


@pytest.mark.parametrize(
    ("headers", "encodes", "found"),
    [
        (["Cookie"], False, "Cookie"),
        (["X-Site", "cache-control", "X-Edge-Site"], False, "cache-control and X-Edge-Site"),
        (["CloudFront-Viewer-Address"], False, "CloudFront-Viewer-Address"),
        (["Accept-Encoding"], True, "Accept-Encoding"),
        (["Accept-Encoding"], False, None),
        (["Accept-Encoding"], UNKNOWN, None),
        (["Authorization", "Host", "X-Forwarded-For", "CloudFront-Viewer-Country"], True, None),
        ([UNKNOWN], True, None),
    ],
)
def test_a_cache_key_has_headers_that_cloudfront_caches_by(
    tmp_path: Path, headers: Any, encodes: Any, found: str | None
) -> None:
    messages = said(tmp_path, _policy(headers=headers, EnableAcceptEncodingGzip=encodes), "HA054")

    assert messages == ([f"the policy has the header {found}, by which CloudFront does not cache"] if found else [])


@pytest.mark.parametrize(
    ("resources", "found"),
    [
        (_sent("Origin", "authorization"), "authorization"),
        (_sent("Authorization", mode="allExcept"), None),
        (_sent("Origin", "Cookie"), None),
        (_sent(UNKNOWN), None),
    ],
)
def test_authorization_is_sent_by_a_cache_policy(tmp_path: Path, resources: dict[str, Any], found: str | None) -> None:
    messages = said(tmp_path, resources, "HA054")

    assert messages == ([f"the policy has the header {found}, which a cache policy alone sends"] if found else [])


@pytest.mark.parametrize("more", [0, 1])
def test_the_names_of_a_policy_are_not_too_long(tmp_path: Path, more: int) -> None:
    names = {
        "CookiesConfig": {"CookieBehavior": "whitelist", "Cookies": ["c" * 500]},
        "QueryStringsConfig": {
            "QueryStringBehavior": "whitelist",
            "QueryStrings": ["q" * (POLICY_CHARACTERS - 501 + more)],
        },
    }
    messages = said(tmp_path, _policy(headers=["h"], **names), "HA054")

    assert messages == ["the policy has names of 1025 characters; CloudFront takes 1024"] * more


def test_so_are_those_of_an_origin_request_policy(tmp_path: Path) -> None:
    messages = said(tmp_path, _sent("h" * (POLICY_CHARACTERS + 1)), "HA054")

    assert messages == ["the policy has names of 1025 characters; CloudFront takes 1024"]


@pytest.mark.parametrize(
    ("key", "held"),
    [
        ({"EnableAcceptEncodingGzip": True}, "EnableAcceptEncodingGzip"),
        (
            {"EnableAcceptEncodingBrotli": True, "headers": ["Authorization"]},
            "HeadersConfig and EnableAcceptEncodingBrotli",
        ),
        ({"CookiesConfig": {"CookieBehavior": "all"}}, "CookiesConfig"),
        ({"QueryStringsConfig": {"QueryStringBehavior": "allExcept", "QueryStrings": ["a"]}}, "QueryStringsConfig"),
        ({"QueryStringsConfig": {"QueryStringBehavior": UNKNOWN}}, None),
        ({"EnableAcceptEncodingGzip": UNKNOWN}, None),
        ({}, None),
    ],
)
def test_a_policy_that_keeps_nothing_has_no_key(tmp_path: Path, key: dict[str, Any], held: str | None) -> None:
    messages = said(tmp_path, _policy(times=(0, 0, 0), **key), "HA054")

    assert messages == ([f"the policy has a MaxTTL of 0, and {held} beside it; nothing is kept"] if held else [])
    assert not said(tmp_path, _policy(times=(0, 0, 1), **key), "HA054")


def test_a_managed_policy_is_fine(tmp_path: Path) -> None:
    assert not said(tmp_path, site([origin("one")], behavior("one")), "HA054")
