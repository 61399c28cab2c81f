"""Which assumptions matter: each alternative of each, by playing it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ha_patterns.cli import main
from ha_patterns.drill import Objective, Outage, Scenario, drill
from ha_patterns.drill.assumptions import Assumptions, described
from ha_patterns.drill.time import SECOND

from .sites import PRIMARY, grouped, pair, read, written

_KEY = ("www.example.com", "*", "GET", "recovered")


def test_every_alternative_is_played(tmp_path: Path) -> None:
    topology, outage = read(tmp_path, pair()), Outage(name=PRIMARY)
    result = drill(topology, outage)
    found = result.sensitivity()

    assert [(one.assumption, one.alternative) for one in found] == [
        (name, alternative) for name, assumption in described().items() for alternative in assumption.alternatives
    ]
    for one in found:
        assumptions = Assumptions(**{one.assumption: one.alternative})
        other = drill(topology, outage, scenario=Scenario(assumptions=assumptions)).sites[0].summaries[0]
        usual = result.sites[0].summaries[0]
        changed = (usual.recovered, other.recovered) if usual.recovered != other.recovered else None
        assert one.figures.get(_KEY) == changed
    assert {one.assumption for one in found if one.matters} == {"dns_propagation", "ttl_overrun"}


def test_what_is_assumed_already_is_no_alternative(tmp_path: Path) -> None:
    scenario = Scenario(assumptions=Assumptions(ttl_overrun=2), outages=(Outage(name=PRIMARY),))
    [one] = [
        each
        for each in drill(read(tmp_path, pair()), scenario=scenario).sensitivity()
        if each.assumption == "ttl_overrun"
    ]

    assert (one.assumed, one.alternative) == (2, 1)
    before, after = one.figures[_KEY]
    assert before is not None
    assert after is not None
    assert before - after > 20 * SECOND


def test_a_verdict_that_turns_is_told(tmp_path: Path) -> None:
    # AWS's page names 503 alone for a host that cannot be connected to.
    result = drill(read(tmp_path, grouped([502, 504])), Outage(name=PRIMARY))
    found = result.sensitivity(Objective(lost=0))
    [turned] = [one for one in found if one.verdicts]

    assert (turned.assumption, turned.alternative) == ("connect_failure_codes", "502, 503 and 504")
    [(before, after)] = turned.verdicts
    assert (before.met, after.met) == (False, True)


def test_by_several_seeds_the_95th_percentile_counts(tmp_path: Path) -> None:
    result = drill(read(tmp_path, pair()), Outage(name=PRIMARY))
    [one] = [each for each in result.sensitivity(seeds=8) if each.alternative == 2 and each.assumption == "ttl_overrun"]
    before, after = one.figures[_KEY]

    assert before == result.over_seeds(8).summaries[0].recovered.p95
    assert after == result.assuming("ttl_overrun", 2).over_seeds(8).summaries[0].recovered.p95


def test_the_command_tells_what_matters(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    template, told = str(written(tmp_path, pair())), tmp_path / "told.json"

    assert main(["drill", template, "--sensitivity", "--rto", "80"]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert "ttl_overrun: 2 (assumed: 1) BECOMES BROKEN: www.example.com: all requests as before within 80 s" in shown
    assert "no difference: connect_failure_codes" in shown
    assert main(["drill", template, "--sensitivity", "--format", "json", "--output", str(told)]) == 0
    report = json.loads(told.read_bytes())
    assert len(report["sensitivity"]) == sum(len(one.alternatives) for one in described().values())


def test_nothing_may_matter(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    template = str(written(tmp_path, grouped()))

    assert main(["drill", template, "--outage", f"name={PRIMARY},symptom=errors", "--sensitivity"]) == 0
    assert "no alternative of an assumption changes anything" in capsys.readouterr().out
