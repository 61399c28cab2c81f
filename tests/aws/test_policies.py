"""CloudFront's policies say what they take of a request, and the managed ones are known by id."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any
from uuid import UUID

import pytest
from aws_cdk import aws_cloudfront as cloudfront

from ha_patterns.aws.policies import (
    MANAGED_CACHE_POLICIES,
    MANAGED_ORIGIN_REQUEST_POLICIES,
    OriginRequestPolicy,
    Selection,
)

_CACHE = {str(policy.name): policy for policy in MANAGED_CACHE_POLICIES.values()}
_REQUEST = {str(policy.name): policy for policy in MANAGED_ORIGIN_REQUEST_POLICIES.values()}
_TABLES = (MANAGED_CACHE_POLICIES, MANAGED_ORIGIN_REQUEST_POLICIES)

_OF_THE_CDK = {
    "CachePolicy": {
        "AMPLIFY": "Amplify",
        "CACHING_DISABLED": "CachingDisabled",
        "CACHING_OPTIMIZED": "CachingOptimized",
        "CACHING_OPTIMIZED_FOR_UNCOMPRESSED_OBJECTS": "CachingOptimizedForUncompressedObjects",
        "ELEMENTAL_MEDIA_PACKAGE": "Elemental-MediaPackage",
        "USE_ORIGIN_CACHE_CONTROL_HEADERS": "UseOriginCacheControlHeaders",
        "USE_ORIGIN_CACHE_CONTROL_HEADERS_QUERY_STRINGS": "UseOriginCacheControlHeaders-QueryStrings",
    },
    "OriginRequestPolicy": {
        "ALL_VIEWER": "AllViewer",
        "ALL_VIEWER_AND_CLOUDFRONT_2022": "AllViewerAndCloudFrontHeaders-2022-06",
        "ALL_VIEWER_EXCEPT_HOST_HEADER": "AllViewerExceptHostHeader",
        "CORS_CUSTOM_ORIGIN": "CORS-CustomOrigin",
        "CORS_S3_ORIGIN": "CORS-S3Origin",
        "ELEMENTAL_MEDIA_TAILOR": "Elemental-MediaTailor-PersonalizedManifests",
        "HOST_HEADER_ONLY": "HostHeaderOnly",
        "USER_AGENT_REFERER_HEADERS": "UserAgentRefererHeaders",
    },
}


@pytest.mark.parametrize(
    ("kind", "attribute", "table"),
    [
        (cloudfront.CachePolicy, "cache_policy_id", MANAGED_CACHE_POLICIES),
        (cloudfront.OriginRequestPolicy, "origin_request_policy_id", MANAGED_ORIGIN_REQUEST_POLICIES),
    ],
)
def test_every_managed_policy_of_the_cdk_is_known_by_its_id(kind: Any, attribute: str, table: Any) -> None:
    constants = {name: getattr(kind, name) for name in dir(kind) if name.isupper()}
    of_the_cdk = {name: getattr(policy, attribute) for name, policy in constants.items() if hasattr(policy, attribute)}

    assert _OF_THE_CDK[kind.__name__] == {name: table[policy_id].name for name, policy_id in of_the_cdk.items()}


def test_ids_are_ids_and_names_are_unique() -> None:
    for table in _TABLES:
        assert all(str(UUID(policy_id)) == policy_id for policy_id in table)
        assert len({policy.name for policy in table.values()}) == len(table)


def test_tables_cannot_be_changed() -> None:
    for table in _TABLES:
        with pytest.raises(TypeError):
            table["mine"] = None  # type: ignore[index]


@pytest.mark.parametrize(
    ("name", "ttls"),
    [
        ("CachingOptimized", (1, 86_400, 31_536_000)),
        ("CachingOptimizedForUncompressedObjects", (1, 86_400, 31_536_000)),
        ("CachingDisabled", (0, 0, 0)),
        ("UseOriginCacheControlHeaders", (0, 0, 31_536_000)),
        ("UseOriginCacheControlHeaders-QueryStrings", (0, 0, 31_536_000)),
        ("Elemental-MediaPackage", (0, 86_400, 31_536_000)),
        ("Amplify", (2, 2, 600)),
        *((name, (0, 0, 31_536_000)) for name in _CACHE if name.startswith("Amplify-")),
    ],
)
def test_times_are_those_of_the_guide(name: str, ttls: tuple[int, int, int]) -> None:
    policy = _CACHE[name]

    assert ttls == (policy.min_ttl, policy.default_ttl, policy.max_ttl)


def test_only_caching_disabled_caches_nothing() -> None:
    assert [name for name, policy in _CACHE.items() if not policy.caches] == ["CachingDisabled"]


def test_a_policy_that_asks_the_origin_caches_though_its_default_time_is_0() -> None:
    assert _CACHE["UseOriginCacheControlHeaders"].default_ttl == 0
    assert _CACHE["UseOriginCacheControlHeaders"].caches


def test_only_media_package_takes_gzip_without_brotli() -> None:
    uneven = [name for name, policy in _CACHE.items() if policy.gzip is not policy.brotli]
    uncompressed = {name for name, policy in _CACHE.items() if not policy.gzip}

    assert uneven == ["Elemental-MediaPackage"]
    assert {"CachingDisabled", "CachingOptimizedForUncompressedObjects"} == uncompressed


@pytest.mark.parametrize("name", ["CachingOptimized", "CachingOptimizedForUncompressedObjects", "CachingDisabled"])
def test_the_common_policies_have_nothing_but_the_path_in_the_key(name: str) -> None:
    policy = _CACHE[name]

    assert {"none"} == {part.mode for part in (policy.headers, policy.cookies, policy.query_strings)}


def test_the_host_is_in_the_key_where_the_origin_says_what_is_cached() -> None:
    for name in ("UseOriginCacheControlHeaders", "UseOriginCacheControlHeaders-QueryStrings", "Amplify"):
        assert "host" in _CACHE[name].headers
        assert "session" in _CACHE[name].cookies


def test_query_strings_make_the_difference_between_the_two_that_ask_the_origin() -> None:
    without, with_them = _CACHE["UseOriginCacheControlHeaders"], _CACHE["UseOriginCacheControlHeaders-QueryStrings"]

    assert (without.headers, without.cookies) == (with_them.headers, with_them.cookies)
    assert (without.query_strings.mode, with_them.query_strings.mode) == ("none", "all")


def test_media_package_keys_on_its_own_query_strings_only() -> None:
    policy = _CACHE["Elemental-MediaPackage"]

    assert Selection("some", frozenset({"aws.manifestfilter", "start", "end", "m"})) == policy.query_strings
    assert "origin" in policy.headers
    assert "host" not in policy.headers


@pytest.mark.parametrize(
    ("name", "headers", "cookies", "query_strings"),
    [
        ("Amplify", {"authorization", "cloudfront-viewer-country", "host"}, "all", "all"),
        ("Amplify-Default", {"accept", "authorization", "cloudfront-viewer-country", "host"}, "all", "all"),
        ("Amplify-DefaultNoCookies", {"accept", "authorization", "cloudfront-viewer-country", "host"}, "none", "all"),
        ("Amplify-ImageOptimization", {"accept", "authorization", "host"}, "none", "all"),
        ("Amplify-StaticContent", {"authorization", "host"}, "none", "none"),
    ],
)
def test_amplifys_policies_are_those_of_its_guide(
    name: str, headers: set[str], cookies: str, query_strings: str
) -> None:
    policy = _CACHE[name]

    assert headers == policy.headers.names
    assert (cookies, query_strings) == (policy.cookies.mode, policy.query_strings.mode)


def test_headers_are_in_lower_case() -> None:
    names = {name for policy in _CACHE.values() for name in policy.headers.names}
    names |= {name for policy in _REQUEST.values() for name in policy.headers.names | policy.cloudfront_headers}

    assert {name.lower() for name in names} == names


@pytest.mark.parametrize(
    ("name", "sends_host"),
    [
        ("AllViewer", True),
        ("AllViewerAndCloudFrontHeaders-2022-06", True),
        ("AllViewerExceptHostHeader", False),
        ("CORS-CustomOrigin", False),
        ("CORS-S3Origin", False),
        ("Elemental-MediaTailor-PersonalizedManifests", False),
        ("HostHeaderOnly", True),
        ("UserAgentRefererHeaders", False),
    ],
)
def test_who_sends_the_viewers_host_is_known_of_every_managed_policy(name: str, sends_host: bool) -> None:
    assert sends_host is _REQUEST[name].sends_header("host")


@pytest.mark.parametrize(
    ("name", "headers"),
    [
        ("CORS-CustomOrigin", {"origin"}),
        ("CORS-S3Origin", {"origin", "access-control-request-headers", "access-control-request-method"}),
        (
            "Elemental-MediaTailor-PersonalizedManifests",
            {
                "origin",
                "access-control-request-headers",
                "access-control-request-method",
                "user-agent",
                "x-forwarded-for",
            },
        ),
        ("HostHeaderOnly", {"host"}),
        ("UserAgentRefererHeaders", {"user-agent", "referer"}),
    ],
)
def test_policies_that_name_headers_send_these_and_no_cookies(name: str, headers: set[str]) -> None:
    policy = _REQUEST[name]
    query_strings = "all" if name.startswith("Elemental") else "none"

    assert Selection("some", frozenset(headers)) == policy.headers
    assert ("none", query_strings) == (policy.cookies.mode, policy.query_strings.mode)


@pytest.mark.parametrize("name", ["AllViewer", "AllViewerAndCloudFrontHeaders-2022-06", "AllViewerExceptHostHeader"])
def test_policies_for_all_of_the_viewer_send_all_cookies_and_query_strings(name: str) -> None:
    policy = _REQUEST[name]

    assert policy.sends_header("x-anything")
    assert "session" in policy.cookies
    assert "page" in policy.query_strings


def test_headers_that_cloudfront_makes_are_sent_only_where_a_policy_adds_them() -> None:
    adds = {name for name, policy in _REQUEST.items() if policy.sends_header("cloudfront-viewer-country")}

    assert {"AllViewerAndCloudFrontHeaders-2022-06", "AllViewerExceptHostHeader"} == adds


def test_headers_newer_than_june_2022_are_not_added() -> None:
    policy = _REQUEST["AllViewerAndCloudFrontHeaders-2022-06"]

    assert len(policy.cloudfront_headers) == 21
    assert not policy.sends_header("cloudfront-viewer-ja3-fingerprint")


def test_a_header_of_cloudfront_that_is_named_among_some_is_sent() -> None:
    policy = OriginRequestPolicy(
        name="mine",
        headers=Selection("some", frozenset({"cloudfront-viewer-country"})),
        cookies=Selection("none"),
        query_strings=Selection("none"),
    )

    assert policy.sends_header("cloudfront-viewer-country")
    assert not policy.sends_header("cloudfront-viewer-city")


@pytest.mark.parametrize(
    ("selection", "named", "other"),
    [
        (Selection("none"), False, False),
        (Selection("some", frozenset({"id"})), True, False),
        (Selection("all"), True, True),
        (Selection("all-except", frozenset({"id"})), False, True),
    ],
)
def test_a_selection_takes_what_its_mode_says(selection: Selection, named: bool, other: bool) -> None:
    assert (named, other) == ("id" in selection, "lang" in selection)


def test_a_selection_compares_as_written() -> None:
    assert "ID" not in Selection("some", frozenset({"id"}))
    assert "id" not in Selection("some", frozenset({"*"}))


def test_the_table_needs_no_cdk() -> None:
    program = "import sys, json, ha_patterns.aws.policies; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    imported = {name.partition(".")[0] for name in json.loads(done.stdout)}

    assert set() == imported & {"aws_cdk", "constructs", "jsii", "boto3", "yaml"}


_NAMES = ("a", "b", "c", "d")
_SELECTIONS = [
    Selection("none"),
    Selection("all"),
    *(
        Selection(mode, frozenset(names))
        for mode in ("some", "all-except")
        for names in (("a",), ("a", "b"), ("b", "c"), ("a", "b", "c"))
    ),
]


@pytest.mark.parametrize("taken", _SELECTIONS)
@pytest.mark.parametrize("other", _SELECTIONS)
def test_what_one_selection_takes_and_another_does_not(taken: Selection, other: Selection) -> None:
    left = taken.without(other)

    assert [name in left for name in _NAMES] == [name in taken and name not in other for name in _NAMES]
    assert bool(left) is any(name in left for name in _NAMES)


def test_what_is_left_of_what_is_not_known_is_not_known() -> None:
    unknown = Selection("all", known=False)

    assert not unknown.without(Selection("some", frozenset({"a"}))).known
    assert not Selection("some", frozenset({"a"})).without(unknown).known
    assert Selection("all").without(Selection("none")).known


def test_what_an_origin_gets_beyond_the_cache_key() -> None:
    beyond = _REQUEST["AllViewerExceptHostHeader"].beyond(_CACHE["UseOriginCacheControlHeaders"])

    assert not beyond.cookies
    assert beyond.query_strings.mode == "all"
    assert beyond.sends_header("x-forwarded-host")
    assert not any(beyond.sends_header(name) for name in ("host", "origin", "x-http-method-override"))


@pytest.mark.parametrize(
    ("name", "decides"),
    [
        ("UseOriginCacheControlHeaders", True),
        ("CachingDisabled", True),
        ("CachingOptimized", False),
        ("Amplify", False),
    ],
)
def test_whether_the_origin_alone_decides_what_is_kept(name: str, decides: bool) -> None:
    assert _CACHE[name].origin_decides is decides
