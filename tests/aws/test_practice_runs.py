"""When practice runs of zonal autoshift may not start."""

from __future__ import annotations

import pytest

from ha_patterns.aws.practice_runs import EXAMPLE_DATE, EXAMPLE_WINDOW, is_backwards, is_date, is_window


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        (EXAMPLE_WINDOW, (True, False)),
        ("Sun:00:00-Sun:23:59", (True, False)),
        ("Sun:23:59-Sun:23:59", (True, True)),
        ("Sun:10:00-Sun:09:59", (True, True)),
        ("Sat:22:00-Sun:04:00", (True, True)),
        ("Mon:08:00-Mon:24:00", (False, False)),
        ("Mon:08:00-Mon:18:60", (False, False)),
        ("mon:08:00-mon:18:00", (False, False)),
        ("Mon:8:00-Mon:18:00", (False, False)),
        ("MON-20:30-21:30", (False, False)),
    ],
)
def test_a_window_is_within_a_day(window: str, expected: tuple[bool, bool]) -> None:
    assert (is_window(window), is_backwards(window)) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (EXAMPLE_DATE, True),
        ("2028-02-29", True),
        ("2027-02-29", False),
        ("20261224", False),
        ("2026-W52-4", False),
        ("24.12.2026", False),
    ],
)
def test_a_date_is_a_day(value: str, expected: bool) -> None:
    assert is_date(value) is expected
