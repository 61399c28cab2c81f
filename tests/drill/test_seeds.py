"""A scenario by several seeds: each as it is by itself, and the percentiles of all."""

from __future__ import annotations

import json
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ha_patterns.cli import main
from ha_patterns.drill import Objective, Outage, Result, ScenarioError, drill, play
from ha_patterns.drill.formats import Report, as_json
from ha_patterns.drill.seeds import percentiles
from ha_patterns.drill.time import SECOND

from .sites import NAME, PRIMARY, STANDBY, ZONE, behavior, distribution, grouped, origin, pair, read, written


def _weighted() -> dict[str, Any]:
    """A distribution that asks a name with two weighted records."""
    resources: dict[str, Any] = {"Zone": ZONE, "Site": distribution([origin("named", NAME)], behavior("named"))}
    for weight, host in ((70, PRIMARY), (30, STANDBY)):
        properties = {
            "HostedZoneId": {"Ref": "Zone"},
            "Name": NAME,
            "Type": "CNAME",
            "TTL": "60",
            "SetIdentifier": host,
            "Weight": weight,
            "ResourceRecords": [host],
        }
        resources[f"Record{weight}"] = {"Type": "AWS::Route53::RecordSet", "Properties": properties}
    return resources


def _told(result: Result) -> str:
    return as_json.render(Report(result, ()))


@pytest.mark.parametrize(
    ("resources", "outage"),
    [
        (pair, Outage(name=PRIMARY)),
        (pair, Outage(name=PRIMARY, symptom="errors", share="30%")),
        (pair, Outage(region="eu-west-1", every="40s", burst="15s")),
        (pair, Outage(name=PRIMARY, symptom="false-alarm")),
        (grouped, Outage(name=PRIMARY, symptom="errors", share="30%")),
        (_weighted, Outage(name=PRIMARY, symptom="errors", share="10%")),
    ],
)
def test_each_seed_is_as_it_is_by_itself(
    tmp_path: Path, resources: Callable[[], dict[str, Any]], outage: Outage
) -> None:
    topology = read(tmp_path, resources())
    seeds = drill(topology, outage, seed=5).over_seeds(4)

    assert [_told(one) for one in seeds.results] == [_told(drill(topology, outage, seed=5 + n)) for n in range(4)]


def test_another_seed_costs_little(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    visits: list[None] = []
    visit = play.visit

    def counted(*given: Any) -> Any:
        visits.append(None)
        return visit(*given)

    monkeypatch.setattr(play, "visit", counted)
    result = drill(read(tmp_path, pair()), Outage(name=PRIMARY))
    first = len(visits)
    result.over_seeds(20)

    # Requests of another seed see what those of the first one saw.
    assert len(visits) - first < first / 10


def test_percentiles_are_some_of_the_values() -> None:
    assert percentiles(range(1, 101)) == (50, 95, 100)
    assert percentiles([3]) == (3, 3, 3)
    assert percentiles([2, 1]) == (1, 2, 2)
    assert percentiles([*range(19), None]) == (9, 18, None)
    assert percentiles([1, None, None]) == (None, None, None)


@given(st.lists(st.integers(0, 9) | st.none(), min_size=1, max_size=40))
def test_so_many_have_at_most_a_percentile(values: list[int | None]) -> None:
    found = percentiles(values)
    rank = {None: 10} | {value: value for value in range(10)}
    for percent, figure in ((50, found.median), (95, found.p95), (100, found.worst)):
        at_most = sum(rank[value] <= rank[figure] for value in values)  # type: ignore[index]
        below = sum(rank[value] < rank[figure] for value in values)  # type: ignore[index]
        assert at_most * 100 >= percent * len(values) > below * 100


def test_an_objective_is_judged_at_95_of_100_seeds(tmp_path: Path) -> None:
    seeds = drill(read(tmp_path, pair()), Outage(name=PRIMARY)).over_seeds(40)
    [reads, _] = seeds.summaries
    ordered = sorted(one.sites[0].summaries[0].recovered or 0 for one in seeds.results)

    assert (reads.recovered.median, reads.recovered.p95, reads.recovered.worst) == (
        ordered[19],
        ordered[37],
        ordered[39],
    )
    assert ordered[0] < ordered[37] < ordered[39]
    allowed = Fraction(ordered[37], SECOND)
    seeds.must_meet(Objective(recovered_within=float(allowed)))
    [verdict] = seeds.verdicts(Objective(recovered_within=float(allowed - Fraction(1, 1000))))
    assert not verdict.met
    assert verdict.value == ordered[37]
    assert verdict.measured.endswith("s at the 95th percentile of 40 seeds")


def test_a_broken_objective_tells_the_story_of_its_seed(tmp_path: Path) -> None:
    seeds = drill(read(tmp_path, pair()), Outage(name=PRIMARY)).over_seeds(10)

    with pytest.raises(AssertionError, match=r"at the 95th percentile of 10 seeds") as broken:
        seeds.must_meet(Objective(recovered_within=30))
    assert "the last resolver follows" in str(broken.value)
    with pytest.raises(ScenarioError, match="there is no objective"):
        seeds.must_meet()


def test_what_never_recovers_is_the_worst(tmp_path: Path) -> None:
    outage = Outage(name=PRIMARY, symptom="health-path-lies")
    seeds = drill(read(tmp_path, pair()), outage).over_seeds(3)

    assert seeds.summaries[0].recovered == (None, None, None)
    assert not seeds.verdicts(Objective(recovered_within=300))[0].met


def test_the_command_tells_the_percentiles(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    template, told = str(written(tmp_path, pair())), tmp_path / "told.json"

    assert main(["drill", template, "--seeds", "5", "--rto", "80"]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert "over 5 seeds, 0 to 4: median, 95th percentile, worst" in shown
    assert "at the 95th percentile of 5 seeds" in shown
    assert main(["drill", template, "--seeds", "5", "--rto", "30", "--format", "json", "--output", str(told)]) == 1
    report = json.loads(told.read_bytes())
    assert (report["seeds"]["first"], report["seeds"]["count"]) == (0, 5)
    figure = report["seeds"]["summary"][0]["recovered"]
    assert figure["median"] <= figure["p95"] == figure["worst"]


@pytest.mark.parametrize("count", ["0", "-1", "x", "1001", "1" * 5000])
def test_a_count_of_seeds_that_cannot_be_is_refused(capsys: pytest.CaptureFixture[str], count: str) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["drill", "site.json", f"--seeds={count}"])

    assert ended.value.code == 2
    assert "must be a whole number from 1 to 1000" in capsys.readouterr().err
