"""Durations, as people write them."""

from __future__ import annotations

import argparse

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ha_patterns.command_line.durations import argument, nanoseconds, told, written

SECOND = 10**9


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("110", 110 * SECOND),
        ("110s", 110 * SECOND),
        ("2m", 120 * SECOND),
        ("1.5h", 5_400 * SECOND),
        ("200ms", SECOND // 5),
        ("0.1s", SECOND // 10),
        (" 3s ", 3 * SECOND),
    ],
)
def test_a_duration_is_read(text: str, duration: int) -> None:
    assert nanoseconds(text) == argument(text) == duration


@pytest.mark.parametrize(
    "given_", ["", "s", "-1", "1 s", "1d", "1e3", "1_0", "٣s", "1" * 10, True, None, -1, [], 10**9]
)
def test_anything_else_is_refused(given_: object) -> None:
    with pytest.raises(ValueError, match="must be seconds, or a number with ms, s, m or h behind it"):
        nanoseconds(given_)


def test_a_long_text_is_cut_in_the_message() -> None:
    with pytest.raises(argparse.ArgumentTypeError) as refused:
        argument("9" * 100_000)

    assert len(str(refused.value)) < 250


@given(st.integers(0, 10**9 * SECOND - 1))
def test_a_duration_is_read_as_it_was_written(duration: int) -> None:
    assert nanoseconds(written(duration)) == duration


@pytest.mark.parametrize(
    ("duration", "text"),
    [(28_449_999_999, "28.4 s"), (150 * SECOND, "2 min 30 s"), (3_600 * SECOND, "1 h"), (0, "0 s")],
)
def test_a_duration_is_told_in_few_words(duration: int, text: str) -> None:
    assert told(duration) == text
