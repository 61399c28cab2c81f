"""Detection, as simulated for the figures of ``docs/drill.md``: 16 checkers with phases of their own."""

from __future__ import annotations

from fractions import Fraction
from statistics import mean, quantiles

import pytest

from ha_patterns.drill.time import SECOND, Change, Timeline, phase
from ha_patterns.drill.world.health import Probe, Rhythm, opinions, verdict

_WELL = ((Fraction(1), Probe(passes=True, takes=0)),)
_BEGIN, _END = 600 * SECOND, 1_200 * SECOND
_LAST = 2_000 * SECOND


def _changes(interval: int, threshold: int, takes: int, seed: int) -> list[float]:
    """Seconds from the beginning and the end of a fault until the status changes."""
    failing = ((Fraction(1), Probe(passes=False, takes=takes * SECOND)),)
    begins, ends = Change(_BEGIN, "outage", "begins"), Change(_END, "recovery", "ends")
    state = Timeline(_WELL, [(begins, failing), (ends, _WELL)])
    rhythm = Rhythm(interval * SECOND, threshold, threshold, from_answer=True)
    checkers = [
        opinions(state, rhythm, phase(rhythm.interval, seed, checker), _LAST, seed, checker) for checker in range(16)
    ]
    found = verdict("check", checkers, 0).changes
    assert [value for _, value in found] == [False, True]
    assert [change.because for change, _ in found] == [begins, ends]
    return [(change.when - start) / SECOND for (change, _), start in zip(found, (_BEGIN, _END), strict=True)]


@pytest.mark.parametrize(
    ("interval", "threshold", "takes", "middle", "late"),
    [
        (10, 1, 0, 8.3, 9.6),
        (10, 1, 4, 12.2, 13.5),
        (10, 3, 0, 28.4, 29.7),
        (10, 3, 4, 40.2, 41.5),
        (30, 1, 0, 24.8, 28.8),
        (30, 1, 4, 28.8, 32.7),
        (30, 3, 0, 84.9, 88.9),
        (30, 3, 4, 96.8, 100.7),
    ],
)
def test_detection_takes_as_long_as_it_is_published_to(
    interval: int, threshold: int, takes: int, middle: float, late: float
) -> None:
    found = [_changes(interval, threshold, takes, seed)[0] for seed in range(300)]

    assert mean(found) == pytest.approx(middle, abs=0.4)
    assert quantiles(found, n=20)[-1] == pytest.approx(late, abs=0.4)


def test_recovery_needs_the_third_pass_of_three_checkers() -> None:
    assert mean(_changes(30, 3, 4, seed)[1] for seed in range(300)) == pytest.approx(65.4, abs=1)


def test_a_fault_of_a_share_is_drawn_for_each_probe() -> None:
    failing = ((Fraction(1, 2), Probe(passes=False, takes=0)), (Fraction(1, 2), Probe(passes=True, takes=0)))
    state = Timeline(_WELL, [(Change(_BEGIN, "outage", "begins"), failing)])
    rhythm = Rhythm(10 * SECOND, 1, 1, from_answer=True)

    found = opinions(state, rhythm, 0, _LAST, "key")

    assert 30 < len(found) < 110
    assert found == opinions(state, rhythm, 0, _LAST, "key")
    assert found != opinions(state, rhythm, 0, _LAST, "another key")


def test_failures_count_only_in_a_row() -> None:
    failing = ((Fraction(1), Probe(passes=False, takes=0)),)
    # Every second probe fails.
    changes = [
        (Change(_BEGIN + step * 10 * SECOND, "outage", f"{step}"), _WELL if step % 2 else failing) for step in range(20)
    ]
    state = Timeline(_WELL, changes)

    assert opinions(state, Rhythm(10 * SECOND, 2, 2, from_answer=True), SECOND, _LAST) == []
    # Each is enough where one is.
    assert len(opinions(state, Rhythm(10 * SECOND, 1, 1, from_answer=True), SECOND, _LAST)) == 20
