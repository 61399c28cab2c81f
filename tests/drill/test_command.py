"""The command ``ha-patterns drill``."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from ha_patterns.cli import main

from .sites import PRIMARY, pair, written


def _drill(*arguments: str) -> int:
    return main(["drill", *arguments])


def test_a_drill_is_told_in_one_screen(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _drill(str(written(tmp_path, pair())), "--outage", f"name={PRIMARY},symptom=refused") == 0

    told = capsys.readouterr().out
    assert "www.example.com: primary-1234567890.eu-west-1.elb.amazonaws.com refuses connections" in told
    assert "GET *" in told
    assert "POST *" in told
    assert "the last resolver follows" in told


@pytest.mark.parametrize(("rto", "status"), [("80", 0), ("80s", 0), ("2m", 0), ("20s", 1)])
def test_an_objective_decides_how_it_ends(tmp_path: Path, rto: str, status: int) -> None:
    assert _drill(str(written(tmp_path, pair())), "--rto", rto) == status


def test_one_request_is_told_hop_by_hop(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = str(written(tmp_path, pair()))

    assert _drill(path, "--request", "GET /products/1", "--at", "125s", "--from", "Tokyo") == 0

    told = capsys.readouterr().out
    assert told.startswith("GET /products/1 at www.example.com from Tokyo\n")
    assert "504: does not answer the attempt to connect" in told


def test_json_has_the_same_bytes_each_time(tmp_path: Path) -> None:
    path = str(written(tmp_path, pair()))
    for name in ("one.json", "two.json"):
        assert _drill(path, "--format", "json", "--output", str(tmp_path / name)) == 0

    one = (tmp_path / "one.json").read_bytes()
    assert one == (tmp_path / "two.json").read_bytes()
    told = json.loads(one)
    assert told["sites"][0]["summary"][0]["method"] == "GET"
    causes = told["sites"][0]["causes"]
    assert all(cause["because"] is None or cause["because"] < number for number, cause in enumerate(causes))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--outage", "foo"], "--outage is KEY=VALUE"),
        (["--outage", "region=eu-west-1,symptom=quiet"], "symptom must be one of silent"),
        (["--outage", "regoin=eu-west-1"], "there is no regoin; .* did you mean region"),
        (["--outage", "region=a,region=b"], "region is given twice"),
        (["--outage", "region=eu-west-1,lasts=soon"], "lasts must be seconds"),
        (["--outage", "region=mars-1"], "no site is in region 'mars-1'"),
        (["--request", "GET x"], "path must begin with /"),
        (["--request", "/products/1"], "--request is 'METHOD PATH'"),
        (["--at", "2m"], "--at says when the request of --request begins"),
        (["--request", "GET /", "--from", "Dublim"], "did you mean Dublin"),
        (["--stack", "nothing"], "no stack is called so"),
    ],
)
def test_what_cannot_be_played_ends_with_2_and_a_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    assert _drill(str(written(tmp_path, pair())), *arguments) == 2

    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert re.search(message, told)


def test_a_ready_scenario_is_known_by_the_name_of_its_pattern(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = str(written(tmp_path, pair()))

    assert _drill(path, "--scenario", "dns-failover") == 0
    assert "eu-west-1 goes silent at 2 min for 5 min" in capsys.readouterr().out
    assert _drill(path, "--scenario", "dns-failovr") == 2


def test_an_outage_that_no_request_notices_is_told_as_such(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _drill(str(written(tmp_path, pair())), "--outage", "kind=checkers") == 0

    told = capsys.readouterr().out
    assert "nothing changed that requests look at" in told
    assert "why, in order" not in told


def test_strict_ends_with_2_if_something_was_assumed(tmp_path: Path) -> None:
    resources = pair()
    config = resources["Site"]["Properties"]["DistributionConfig"]
    config["Origins"][0]["ConnectionAttempts"] = {"Fn::ImportValue": "attempts"}
    path = str(written(tmp_path, resources))

    assert _drill(path) == 0
    assert _drill(path, "--strict") == 2
