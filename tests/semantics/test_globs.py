"""Patterns of policies: * is any text and ? any character, and a pattern takes no time that grows with its power."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ha_patterns.semantics.globs import selects


def _is_selected(pattern: str, text: str) -> bool:
    """The same, as the words say it."""
    if not pattern:
        return not text
    if pattern[0] == "*":
        return any(_is_selected(pattern[1:], text[start:]) for start in range(len(text) + 1))
    return bool(text) and pattern[0] in ("?", text[0]) and _is_selected(pattern[1:], text[1:])


@pytest.mark.property
@given(pattern=st.text("ab.*?", max_size=8), text=st.text("ab.", max_size=8))
def test_a_pattern_selects_what_its_words_say(pattern: str, text: str) -> None:
    assert selects(pattern, (text,)) is _is_selected(pattern, text)


@pytest.mark.parametrize(("end", "expected"), [("b", False), ("a", True)])
def test_a_pattern_of_many_wildcards_has_an_end(end: str, expected: bool) -> None:
    assert selects("*a" * 200 + f"*{end}", ("a" * 2_000,)) is expected
