"""Which path pattern leaves nothing for another: held against matching of concrete paths."""

from __future__ import annotations

import itertools
import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ha_patterns.edge.path_patterns import covers

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
