"""What the rules say of patterns and entries that CloudFront refuses, or that no request comes to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ha_patterns.aws.distributions import LONGEST_ROOT_OBJECT
from ha_patterns.aws.path_patterns import LONGEST

from .edge_documents import UNKNOWN, behavior, origin, said, site

_ORIGINS = [origin("one")]


def _paths(*patterns: Any) -> dict[str, dict[str, Any]]:
    return site(_ORIGINS, *(behavior("one", pattern) for pattern in patterns), behavior("one"))


@pytest.mark.parametrize(
    ("codes", "messages"),
    [
        ([404, 403], []),
        ([404, "404"], ["ErrorCode 404 has an entry already; it may have one"]),
        ([503, 503, 503], ["ErrorCode 503 has an entry already; it may have one"] * 2),
        ([UNKNOWN, UNKNOWN, 404], []),
    ],
)
def test_a_code_has_one_entry(tmp_path: Path, codes: list[Any], messages: list[str]) -> None:
    errors = [{"ErrorCode": code, "ErrorCachingMinTTL": 5} for code in codes]

    assert said(tmp_path, site(_ORIGINS, CustomErrorResponses=errors), "HA075") == messages


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("x" * (LONGEST + 1), "PathPattern has 256 characters; 255 are allowed"),
        ("/api/{id}", "PathPattern /api/{id} has { }, which it may not have"),
        ("/a b/*", "PathPattern /a b/* has  , which it may not have"),
        ("/api//*", "PathPattern /api//* fits no path: CloudFront takes // and dot segments out of it first"),
        ("/a/../*", "PathPattern /a/../* fits no path: CloudFront takes // and dot segments out of it first"),
        ("./*", "PathPattern ./* fits no path: CloudFront takes // and dot segments out of it first"),
    ],
)
def test_a_pattern_that_fits_nothing_is_found(tmp_path: Path, pattern: str, message: str) -> None:
    assert said(tmp_path, _paths(pattern), "HA076") == [message]


@pytest.mark.parametrize(
    "pattern",
    ["*", "/*", "api/*", "/api/*.json", "/a.b/?", "/.well-known/*", "x" * LONGEST, "/~\"'@:+&$_-*", UNKNOWN],
)
def test_a_pattern_that_fits_something_is_fine(tmp_path: Path, pattern: Any) -> None:
    assert not said(tmp_path, _paths(pattern), "HA076")


@pytest.mark.parametrize(
    ("patterns", "found"),
    [
        (["/api/*", "/api/orders/*"], ["/api/orders/*"]),
        (["/api/*", "api/*"], ["api/*"]),
        (["*", "/a", "/b"], ["/a", "/b", "default"]),
        (["/a", "/*"], ["default"]),
        (["**"], ["default"]),
        (["/?*"], []),
        (["/a/*", "/a/*"], ["/a/*"]),
        (["/api/orders/*", "/api/*"], []),
        (["/api/*", "/api"], []),
        (["/*.jpg", "/images/*"], []),
        ([UNKNOWN, "/api/*"], []),
        ([UNKNOWN, UNKNOWN], []),
        ([], []),
    ],
)
def test_a_behavior_behind_a_wider_one_is_never_asked(tmp_path: Path, patterns: Any, found: list[str]) -> None:
    messages = said(tmp_path, _paths(*patterns), "HA077")

    assert [
        message.removeprefix("the ").replace("default behavior", "behavior default").split()[1] for message in messages
    ] == found


@pytest.mark.parametrize(("event", "found"), [("origin-request", 0), ("viewer-request", 1), (UNKNOWN, 0)])
def test_a_function_may_choose_the_origin_of_the_default_behavior(tmp_path: Path, event: Any, found: int) -> None:
    functions = [{"EventType": event, "LambdaFunctionARN": UNKNOWN}]
    behaviors = (behavior("one", "/*", LambdaFunctionAssociations=functions), behavior("one"))

    assert len(said(tmp_path, site(_ORIGINS, *behaviors), "HA077")) == found


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("/index.html", 1),
        ({"Fn::Sub": "/${Unknown}"}, 1),
        ("x" * (LONGEST_ROOT_OBJECT + 1), 1),
        ("x" * LONGEST_ROOT_OBJECT, 0),
        ("site/index.html", 0),
        ({"Fn::Sub": "${Unknown}/index.html"}, 0),
        (UNKNOWN, 0),
        ("", 0),
    ],
)
def test_a_root_object_has_no_slash_before_it(tmp_path: Path, name: Any, found: int) -> None:
    assert len(said(tmp_path, site(_ORIGINS, DefaultRootObject=name), "HA078")) == found


def test_a_long_root_object_is_told_by_its_start(tmp_path: Path) -> None:
    (message,) = said(tmp_path, site(_ORIGINS, DefaultRootObject="x" * 300), "HA078")

    assert (
        message
        == f"DefaultRootObject is {'x' * 80}..., 300 characters; it is a name of at most 255 characters without /"
    )


def test_a_distribution_without_a_root_object_is_fine(tmp_path: Path) -> None:
    assert not said(tmp_path, site(_ORIGINS), "HA078")
