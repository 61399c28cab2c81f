"""Gates of ``make bench``: which depend on the pace of the machine, and how."""

from __future__ import annotations

import pytest

from tools import bench_figures
from tools.bench_figures import Pace, at_least, at_most, yardstick


def test_a_time_may_take_as_many_times_as_long_as_the_yardstick_does() -> None:
    assert [at_most("x", value, "ms", 10, pace=2.0).met for value in (20, 20.1)] == [True, False]
    assert [at_most("x", value, "ms", 10, pace=0.5).met for value in (5, 5.1)] == [True, False]
    assert at_most("x", 15, "ms", 10, pace=2.0).told == "  15.000 ms      at most 10 x 2.00  met"


def test_counts_and_ratios_are_compared_as_they_are() -> None:
    assert [at_most("x", value, "times", 10).met for value in (10, 10.1)] == [True, False]
    assert [at_least("x", value, "times", 10).met for value in (10, 9.9)] == [True, False]
    assert at_most("x", 11, "", 10).told == "  11.000         at most 10  MISSED"


def test_the_pace_is_that_of_the_time_between(monkeypatch: pytest.MonkeyPatch) -> None:
    paces = iter([1.0, 2.0, 3.0])
    monkeypatch.setattr(bench_figures, "pace", lambda: next(paces))

    found = Pace()

    assert [found.since(), found.since()] == [1.5, 2.5]


def test_the_yardstick_is_the_one_whose_time_is_known() -> None:
    assert yardstick() == 9578
    assert 0.05 < bench_figures.pace() < 50
