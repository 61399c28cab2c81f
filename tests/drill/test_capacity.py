"""Capacity: what the standby cannot take is answered with 503, and moves no traffic."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from ha_patterns.drill import Outage, Requests, Scenario, ScenarioError, Summary, Traffic, drill
from ha_patterns.drill.time import SECOND

from .sites import PRIMARY, STANDBY, grouped, read


def _reads(folder: Path, capacity: dict[str, int], rate: object = 1_200) -> Summary:
    traffic = Traffic(requests=(Requests(path="/", rate=rate),), capacity=capacity)
    result = drill(read(folder, grouped()), Outage(name=PRIMARY, symptom="errors"), scenario=Scenario(traffic=traffic))
    [site] = result.sites
    assert all(sum(share for share, _ in segment.outcomes) == 1 for way in site.ways for segment in way.segments)
    [reads] = site.summaries
    return reads


@pytest.mark.parametrize(
    ("most", "lost"), [(1_200, Fraction(0)), (900, Fraction(1, 4)), (300, Fraction(3, 4)), (0, Fraction(1))]
)
def test_the_share_beyond_the_capacity_of_the_standby_is_lost(tmp_path: Path, most: int, lost: Fraction) -> None:
    reads = _reads(tmp_path, {"eu-central-1": most})

    assert float(reads.lost) == pytest.approx(float(lost), abs=1e-6)


def test_a_host_has_a_capacity_of_its_own(tmp_path: Path) -> None:
    assert float(_reads(tmp_path, {STANDBY: 600}).lost) == pytest.approx(0.5, abs=1e-6)


def test_a_peak_is_lost_while_it_lasts(tmp_path: Path) -> None:
    # From 220 s to 270 s of an outage from 120 s to 420 s.
    rate = [[0, 300], [220, 1_200], [270, 300]]
    reads = _reads(tmp_path, {"eu-central-1": 600}, rate)

    whole, peak = 250 * 300 + 50 * 1_200, 50 * 1_200
    assert float(reads.lost) == pytest.approx(peak / 2 / whole, rel=1e-3)
    assert reads.recovered is not None
    assert abs(reads.recovered - 150 * SECOND) < SECOND


def test_a_capacity_of_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match=r"capacity of 'eu-central-2' is of nothing .* did you mean eu-central-1"):
        _reads(tmp_path, {"eu-central-2": 1})
