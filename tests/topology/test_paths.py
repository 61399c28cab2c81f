"""Paths are matched to the patterns of behaviors as CloudFront matches them."""

from __future__ import annotations

import re
import time

import pytest

from ha_patterns.topology.paths import fits, matches, normal


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("*", "/"),
        ("*", "/any/thing"),
        ("/api/*", "/api/"),
        ("/api/*", "/api/v1/orders"),
        ("api/*", "/api/v1/orders"),
        ("*.jpg", "/a/b.jpg"),
        ("/*product.jpg", "/product.jpg"),
        ("a*.jpg", "/abra/cadabra/magic.jpg"),
        ("*.doc?", "/a.docx"),
        ("/a?c", "/abc"),
        ("/a/*/b/*/c", "/a/b/b/b/b/c"),
        ("/errors/*", "/static/../errors/down.html"),
        ("/errors/*", "//errors//down.html"),
        ("/*", "/"),
        ("/a", "/a"),
    ],
)
def test_a_pattern_matches(pattern: str, path: str) -> None:
    assert matches(pattern, path)


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("/api/*", "/api"),
        ("*.doc?", "/a.doc"),
        ("/A/*", "/a/b"),
        ("*.jpg", "/a.JPG"),
        ("/a", "/a/"),
        ("/a", "/ab"),
        ("/a?c", "/ac"),
        ("/errors/*", "/errors/../down.html"),
        ("/a/*/b", "/a/b"),
    ],
)
def test_a_pattern_does_not_match(pattern: str, path: str) -> None:
    assert not matches(pattern, path)


@pytest.mark.parametrize("pattern", ["*", "/a*", "a*b", "**", "?", "*?a", "a?*b", "ab*ba?", "*a*b*"])
def test_patterns_are_what_their_regular_expressions_are(pattern: str) -> None:
    expression = re.compile(pattern.removeprefix("/").replace("*", ".*").replace("?", "."))
    words = ["", *("ab"[number % 2] * (number // 2 + 1) for number in range(6)), "abab", "aab", "abba", "abbab", "bab"]

    assert [matches(pattern, f"/{word}") for word in words] == [bool(expression.fullmatch(word)) for word in words]


@pytest.mark.parametrize("path", ["api/", "/api/../api/", "/apix", "/API/", "/api//"])
def test_a_path_is_taken_as_it_stands_where_no_behavior_asks(path: str) -> None:
    assert not fits("/api/", path)


@pytest.mark.parametrize("path", ["/api/", "/a*i/", "/a.i/"])
def test_only_two_characters_of_a_pattern_are_wildcards(path: str) -> None:
    assert fits("/a?i/", path)
    assert fits("/a*/", path)
    assert not fits("/[a]?i/", path)
    assert not fits("/a.+/", path)


def test_a_pattern_of_many_wildcards_takes_no_longer_than_its_length_says() -> None:
    started = time.process_time()

    assert not matches("*a" * 100 + "b", "/" + "a" * 4000)
    assert time.process_time() - started < 5


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/a/b/..", "/a/"),
        ("/a/./b", "/a/b"),
        ("//a///b/", "/a/b/"),
        ("/../a", "/a"),
        ("/a/.hidden", "/a/.hidden"),
        ("/", "/"),
        ("/..", "/"),
        ("/a..b", "/a..b"),
    ],
)
def test_a_path_is_matched_without_dot_segments(path: str, expected: str) -> None:
    assert normal(path) == expected
