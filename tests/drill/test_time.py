"""Virtual time: until a moment that a timeline names, its value is the value."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ha_patterns.drill.given import ScenarioError
from ha_patterns.drill.time import (
    NEVER,
    Change,
    Computed,
    Constant,
    Moment,
    Timeline,
    branches,
    number,
    phase,
)


def _timeline(*changes: tuple[int, int]) -> Timeline[int]:
    return Timeline(0, ((Change(when, "test", f"{value} at {when}"), value) for when, value in changes))


_CHANGES = st.lists(st.tuples(st.integers(0, 100), st.integers(0, 3)), max_size=6, unique_by=lambda one: one[0])


def test_a_timeline_tells_its_value_until_when_and_what_ends_it() -> None:
    timeline = _timeline((10, 1), (20, 2))

    assert timeline.at(0) == (0, 10, Change(10, "test", "1 at 10"))
    assert timeline.at(10) == (1, 20, Change(20, "test", "2 at 20"))
    assert timeline.at(25) == (2, NEVER, None)


def test_a_change_to_the_same_value_is_none() -> None:
    assert [value for _, value in _timeline((5, 0), (10, 1), (12, 1)).changes] == [1]


def test_a_constant_never_changes() -> None:
    assert Constant("a").at(3) == ("a", NEVER, None)


def test_what_is_seen_after_a_wait_holds_for_starts_before_the_change_less_the_wait() -> None:
    moment = Moment(2)
    moment.wait(3)

    assert moment.see(_timeline((10, 1))) == 0
    assert (moment.until, moment.ended_by) == (7, Change(10, "test", "1 at 10"))


def test_a_look_into_the_past_holds_for_longer() -> None:
    moment = Moment(12)

    assert moment.see(_timeline((10, 1)), ago=5) == 0
    assert moment.until == 15


@pytest.mark.property
@given(one=_CHANGES, other=_CHANGES, wait=st.integers(0, 20), ago=st.integers(0, 20))
def test_until_the_moment_that_is_told_an_evaluation_comes_to_the_same(
    one: list[tuple[int, int]], other: list[tuple[int, int]], wait: int, ago: int
) -> None:
    first, second = _timeline(*sorted(one)), _timeline(*sorted(other))

    def evaluate(moment: Moment) -> tuple[int, int]:
        seen = moment.see(first, ago)
        moment.wait(wait * seen)
        return seen, moment.see(second)

    def plain(when: int) -> tuple[int, int]:
        return evaluate(Moment(when))

    computed = Computed(evaluate)
    for start in (*range(0, 150, 7), 3):
        value, until, _ = computed.at(start)
        assert value == plain(start)
        assert all(plain(when) == value for when in range(start, min(until, 160)))


@pytest.mark.property
@given(shares=st.lists(st.fractions(0, 1, max_denominator=7), max_size=4))
def test_the_branches_of_chance_are_all_there_and_sum_to_one(shares: list[Fraction]) -> None:
    found = branches(lambda moment: tuple(moment.chance(share) for share in shares), 0)

    assert sum(weight for weight, _ in found.outcomes) == 1
    assert len({outcome for _, outcome in found.outcomes}) == len(found.outcomes)
    for index, share in enumerate(shares):
        assert sum(weight for weight, outcome in found.outcomes if outcome[index]) == share


def test_nothing_is_left_to_chance_unless_somebody_draws() -> None:
    with pytest.raises(ValueError, match="nothing is left to chance"):
        Moment(0).chance(Fraction(1, 2))


def test_phases_are_the_same_everywhere() -> None:
    assert number("a", 1) == 14_809_425_904_682_091_265
    assert phase(60_000_000_000, "resolver", "Dublin") == 56_669_600_313


def test_what_chance_may_do_has_a_bound() -> None:
    def evaluate(moment: Moment) -> int:
        return sum(moment.chance(Fraction(1, 2)) for _ in range(64))

    with pytest.raises(ScenarioError, match="more than 1000 things may come of one request, too many to follow"):
        branches(evaluate, 0)
