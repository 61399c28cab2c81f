"""Patterns match paths as CloudFront matches them; which pattern leaves nothing for another is held to that."""

from __future__ import annotations

import itertools
import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ha_patterns.aws.path_patterns import covers, fits, matches, normal

# Two letters that patterns name, the separator, and one that no pattern can name.
_LETTERS = "ab/,"
_PATTERNS = st.text("ab/*?", min_size=1, max_size=7)


def _matches(pattern: str, path: str) -> bool:
    """Whether CloudFront sends a path to the behavior of a pattern, as its developer guide tells it."""
    wildcards = {"*": ".*", "?": "."}
    expression = "".join(wildcards.get(symbol, re.escape(symbol)) for symbol in pattern.removeprefix("/"))
    return re.fullmatch(expression, path.removeprefix("/"), re.DOTALL) is not None


def _shortest_paths(pattern: str, longest: int) -> list[str]:
    """Every path that a pattern matches, up to a length."""
    paths = ("/" + "".join(letters) for n in range(longest + 1) for letters in itertools.product(_LETTERS, repeat=n))
    return [path for path in paths if _matches(pattern, path)]


@given(_PATTERNS, _PATTERNS, st.data())
def test_a_covered_pattern_has_no_path_of_its_own(earlier: str, later: str, data: st.DataObject) -> None:
    runs = st.text(_LETTERS, max_size=9)
    pieces = {"*": runs, "?": st.sampled_from(_LETTERS)}
    path = "/" + "".join(data.draw(pieces.get(symbol, st.just(symbol))) for symbol in later.removeprefix("/"))

    assert _matches(later, path)
    if covers(earlier, later):
        assert _matches(earlier, path)


@given(_PATTERNS, _PATTERNS)
def test_a_pattern_that_is_not_covered_has_a_path_of_its_own(earlier: str, later: str) -> None:
    """The path is found among those with other characters for the wildcards, each run up to the earlier's length."""
    if covers(earlier, later):
        return
    runs = [","] if "?" in later else []
    choices = {"*": ["," * n for n in range(len(earlier) + 2)], "?": runs}
    readings = itertools.product(*(choices.get(symbol, [symbol]) for symbol in later.removeprefix("/")))

    assert any(not _matches(earlier, "/" + "".join(reading)) for reading in readings)


@given(st.text("ab*?", min_size=1, max_size=4), st.text("ab*?", min_size=1, max_size=4))
def test_short_patterns_are_judged_as_all_short_paths_say(earlier: str, later: str) -> None:
    everywhere = all(_matches(earlier, path) for path in _shortest_paths(later, 5))

    assert covers(earlier, later) == everywhere


@given(_PATTERNS.filter(lambda pattern: not pattern.startswith("/")))
def test_every_pattern_covers_itself_with_and_without_its_slash(pattern: str) -> None:
    assert covers(pattern, pattern)
    assert covers(f"/{pattern}", pattern)
    assert covers(pattern, f"/{pattern}")


@given(_PATTERNS, _PATTERNS, _PATTERNS)
def test_what_is_covered_by_a_covered_pattern_is_covered(one: str, two: str, three: str) -> None:
    if covers(one, two) and covers(two, three):
        assert covers(one, three)


@pytest.mark.parametrize(
    ("earlier", "later", "covered"),
    [
        ("/api/*", "/api/v1/*", True),
        ("/api/*", "/api/*/orders", True),
        ("/api/v1/*", "/api/*", False),
        ("/api/*", "/api", False),
        ("/api", "/api/*", False),
        ("/api*", "/api", True),
        ("/api*", "/api/*", True),
        ("/api/*", "api/x", True),
        ("*.jpg", "/images/*.jpg", True),
        ("/images/*", "*.jpg", False),
        ("/a?", "/a", False),
        ("/a?*", "/a*?", True),
        ("/a?*", "/a*b", True),
        ("/a?*", "/a*", False),
        ("*?a", "*aa", True),
        ("/API/*", "/api/*", False),
        ("/*", "/", True),
        ("/?*", "/", False),
    ],
)
def test_examples(earlier: str, later: str, covered: bool) -> None:
    assert covers(earlier, later) is covered


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("*a" + "?" * 250, "*a" * 120 + "*"),
        ("*" + "a?" * 120 + "*", "*" + "?a" * 120 + "*"),
        ("*a?b" * 60, "*ab?" * 60),
    ],
)
def test_the_longest_patterns_are_judged_at_once(earlier: str, later: str) -> None:
    started = time.process_time()
    covers(earlier, later)

    assert time.process_time() - started < 5


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
