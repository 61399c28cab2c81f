"""Scenario files: what they say in Python, how each mistake is told, and what is written to start from."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ha_patterns.cli import main
from ha_patterns.documents import yaml_reader
from ha_patterns.drill import Client, Objective, Outage, Requests, Scenario, ScenarioError, Traffic, drill
from ha_patterns.drill.assumptions import Assumptions
from ha_patterns.drill.scenario_file import as_mapping, read, write
from ha_patterns.drill.time import SECOND
from tools import drill_schema

from .sites import NAME, PRIMARY, READS, behavior, distribution, grouped, origin, pair, written

_WHOLE = """\
title: eu-west-1 goes silent, and comes back
lasts: 20m
traffic:
  locations: [Dublin, Tokyo]
  requests:
    - {method: GET, path: /products/1, rate: 800/s}
    - {method: POST, path: /orders, rate: [[0, 50], [5m, 80]]}
  client: {patience: 60s, retries: 1, retry_after: 2s}
outages:
  - {region: eu-west-1, symptom: silent, at: 2m, lasts: 5m}
  - {resource: Site, symptom: errors, status: 502, share: 30%, every: 60s, burst: 10s, at: 3m, lasts: 2m}
objectives:
  - {methods: [GET, HEAD], behavior: "*", lost: 0}
  - {recovered_within: 110s}
assumptions: {dns_propagation: 5s, open_connections: follow at once}
seed: 7
"""
_SCHEMA = json.loads(drill_schema.SCHEMA.read_text(encoding="utf-8"))
_READY = drill_schema.SCHEMA.parent / "scenarios"
_VALID = jsonschema.Draft202012Validator(_SCHEMA)


def _written(folder: Path, text: str, name: str = "outage.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_the_keys_are_the_names_of_python(tmp_path: Path) -> None:
    assert read(_written(tmp_path, _WHOLE)) == Scenario(
        title="eu-west-1 goes silent, and comes back",
        lasts="20m",
        traffic=Traffic(
            locations=["Dublin", "Tokyo"],
            requests=(
                Requests(path="/products/1", rate="800/s"),
                Requests(path="/orders", method="POST", rate=[[0, 50], ["5m", 80]]),
            ),
            client=Client(patience="60s", retries=1, retry_after="2s"),
        ),
        outages=(
            Outage(region="eu-west-1", at="2m", lasts="5m"),
            Outage(
                resource="Site",
                symptom="errors",
                status=502,
                share="30%",
                every="60s",
                burst="10s",
                at="3m",
                lasts="2m",
            ),
        ),
        objectives=(Objective(methods=["GET", "HEAD"], behavior="*", lost=0), Objective(recovered_within="110s")),
        assumptions=Assumptions(dns_propagation=5, open_connections="follow at once"),
        seed=7,
    )


def test_json_says_the_same(tmp_path: Path) -> None:
    told = json.dumps(yaml_reader.load(_WHOLE.encode(), is_json=False))

    assert read(_written(tmp_path, told, "outage.json")) == read(_written(tmp_path, _WHOLE))


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("titel: x", 1, "there is no 'titel' here; there are outages, .*; did you mean title"),
        ("title: x\nsteps:\n  - {at: 4m}", 3, "run is missing"),
        ("steps:\n  - at: 4m\n    run: routing-control set a=On", 3, "run must be edit-record NAME VALUE"),
        ("title: x\noutages:\n  - regoin: eu-west-1", 3, "there is no 'regoin' here; .* did you mean region"),
        ("outages:\n  - region: a\n    symptom: silnet", 3, "symptom must be one of silent, .* did you mean silent"),
        ("outages:\n  - region: a\n    symptom: [silent]", 3, "symptom must be one of silent"),
        ("outages:\n  - region: 5", 2, "region must be text, got 5"),
        (
            "outages:\n  - region: a\n    name: b",
            2,
            "exactly one of resource, name, region, zone, kind, got name and re",
        ),
        ("outages:\n  - region: a\n    status: 200", 3, "status must be a whole number from 400 to 599, got 200"),
        ("outages:\n  - region: a\n    lasts: soon", 3, "lasts must be seconds, or a number with ms, s, m or h"),
        ("outages:\n  - region: a\n    share: 130%", 3, "share must be a share such as 30% or 0.3"),
        ("outages:\n  - region: a\n    every: 10s", 3, "every and burst are given together"),
        ("outages:\n  - region: a\n    every: 10s\n    burst: 20s", 4, "burst must be shorter than every"),
        ("outages:\n  - region:", 2, "region has no value"),
        ("outages: {region: eu-west-1}", 1, "outages must be a list, got {'region'"),
        ("outages:\n  - eu-west-1", 2, "it must have keys such as resource, .* got 'eu-west-1'"),
        ("traffic:\n  locations: [Dublim]", 2, "locations must be world or some of .* did you mean Dublin"),
        ("traffic:\n  locations: [[Dublin]]", 2, "locations must be world or some of"),
        ("traffic:\n  requests:\n    - method: GET", 3, "path is missing"),
        ("traffic:\n  requests:\n    - path: x", 3, "path must begin with /"),
        ("traffic:\n  requests:\n    - {path: /, rate: fast}", 3, "rate must be requests a second"),
        ("traffic:\n  requests:\n    - {path: /, rate: 1e300}", 3, "rate must be requests a second"),
        ("traffic:\n  requests: [{path: /}, {path: /, rate: 5}]", 2, "requests have GET / of the same host twice"),
        ("traffic:\n  client:\n    retries: -1", 3, "retries must be a whole number from 0 to 10, got -1"),
        ("traffic:\n  capacity: {eu-west-1: many}", 2, "capacity of eu-west-1 must be a whole number"),
        ("objectives:\n  - lost: 0\n    slow: 0", 2, "an objective needs exactly one of lost, .* got lost and slow"),
        ("objectives:\n  - lost: 0\n    methods: GET", 3, "methods must be a list such as"),
        ("objectives:\n  - {lost: 0, methods: 5}", 2, "methods must be a list such as"),
        ("assumptions:\n  dns_propagation: 1500ms", 2, "dns_propagation must be whole seconds"),
        ("assumptions:\n  dns_propagaton: 5", 2, "there is no 'dns_propagaton' here; .* did you mean dns_propagation"),
        ("assumptions:\n  open_connections: leave", 2, "open_connections must be one of stay, follow at once"),
        ("lasts: 1m\noutages:\n  - region: a", 1, "lasts must be longer than all outages"),
        ("seed: 0.5", 1, "seed must be a whole number"),
        ("title: 5", 1, "title must be text"),
        ("- title: x", 1, "it must have keys such as outages"),
        ("title: x\ntitle: y", 2, "has the key 'title' twice"),
        ("title: [", 2, "is not YAML"),
        ("", 1, "is empty"),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path: Path, text: str, line: int, message: str) -> None:
    path = _written(tmp_path, text)

    with pytest.raises(ScenarioError, match=message) as refused:
        read(path)
    assert str(refused.value).startswith(f"{path}:{line}: ")


def test_a_mistake_in_json_has_its_line_too(tmp_path: Path) -> None:
    path = _written(tmp_path, '{\n  "outages": [\n    {"region": "a",\n     "symptom": "silnt"}\n  ]\n}', "a.json")

    with pytest.raises(ScenarioError, match=re.escape(f"{path}:4: symptom must be one of")):
        read(path)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match=r"nope\.yaml: cannot be read: No such file"):
        read(tmp_path / "nope.yaml")


# Values that somebody may write, right and wrong ones.
_WORDS = st.sampled_from(
    ["silent", "errors", "world", "Dublin", "GET", "/a", "5m", "30%", "1/3", "0%", "800/s", "eu-west-1", "checkers", ""]
)
_SCALARS = st.one_of(_WORDS, st.text(max_size=5), st.integers(), st.floats(allow_nan=False, allow_infinity=False))
_VALUES = st.recursive(
    _SCALARS | st.none() | st.booleans(), lambda inner: st.lists(inner, max_size=2) | st.dictionaries(_WORDS, inner)
)


def _mappings(made: type, **parts: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    known = {one.name: parts.get(one.name, _VALUES) | _VALUES for one in fields(made)}
    return st.fixed_dictionaries({}, optional={**known, "other": _VALUES})


def _lists(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
    return st.lists(inner, max_size=3)


_FILES = _mappings(
    Scenario,
    outages=_lists(_mappings(Outage)),
    objectives=_lists(_mappings(Objective)),
    traffic=_mappings(Traffic, requests=_lists(_mappings(Requests)), client=_mappings(Client)),
    assumptions=_mappings(Assumptions),
)


def _refusal(path: Path) -> str | None:
    """What a file is refused with; None if it is read."""
    try:
        read(path)
    except ScenarioError as error:
        return str(error)
    return None


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(value=_FILES | _VALUES)
def test_whatever_is_written_is_read_or_told_with_its_line(tmp_path: Path, value: Any) -> None:
    path = _written(tmp_path, json.dumps(value), "any.json")

    refusal = _refusal(path)

    assert refusal is None or (re.match(rf"{re.escape(str(path))}(:\d+)?: \S", refusal) and len(refusal) < 1_000)
    # What is read, the schema takes.
    assert refusal is not None or _VALID.is_valid(value)


_LINES = st.sampled_from(_WHOLE.splitlines())


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=st.lists(_LINES | st.text(max_size=20), max_size=8))
def test_whatever_the_text_is_there_is_a_scenario_or_a_line(tmp_path: Path, lines: list[str]) -> None:
    path = tmp_path / "any.yaml"
    path.write_bytes("\n".join(lines).encode("utf-8", "surrogatepass"))

    refusal = _refusal(path)

    assert refusal is None or refusal.startswith(f"{path}:")


_DURATIONS = st.sampled_from([0.5, 30, "90s", "2m", "1500ms", "0.1h"])
_OUTAGES = st.builds(
    Outage,
    region=st.sampled_from(["eu-west-1", "089", "no", "1e3"]),
    symptom=st.sampled_from(["errors", "slow", "refused"]),
    status=st.integers(400, 599),
    share=st.sampled_from([1, "30%", 0.25, "1/3"]),
    latency=_DURATIONS,
    at=_DURATIONS,
    lasts=_DURATIONS,
)
_SCENARIOS = st.builds(
    Scenario,
    outages=st.lists(_OUTAGES, max_size=2).map(tuple),
    traffic=st.builds(
        Traffic,
        locations=st.sampled_from(["world", ["Tokyo"]]),
        requests=st.sampled_from([(), (Requests(path="/a", rate=[[0, 1], ["5m", "2/s"]]),)]),
        client=st.builds(Client, patience=_DURATIONS, retries=st.integers(0, 10)),
        capacity=st.sampled_from([None, {"eu-west-1": 5}]),
    ),
    title=st.text(max_size=9),
    seed=st.integers(0, 9),
    assumptions=st.builds(Assumptions, dns_propagation=st.integers(0, 9)),
    objectives=st.sampled_from([(), (Objective(lost="0.1%", methods=("GET",)), Objective(two_writers=1))]),
)


def _judged(scenario: Scenario) -> Mapping[str, Any]:
    """A scenario by what it comes to: 90 is the same as 90s."""
    return {
        "outages": [(one.described, one.start, one.length, one.part, one.delay) for one in scenario.outages],
        "client": (
            scenario.traffic.client.patience_time,
            scenario.traffic.client.pause,
            scenario.traffic.client.retries,
        ),
        "requests": [(one.method, one.path, one.host, one.steps) for one in scenario.traffic.requests],
        "places": scenario.traffic.places,
        "capacity": scenario.traffic.capacity,
        "objectives": [(one.kind, one.limit, set(one.methods), one.behavior) for one in scenario.objectives],
        "rest": (scenario.title, scenario.seed, scenario.assumptions, scenario.end),
    }


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(scenario=_SCENARIOS, name=st.sampled_from(["one.yaml", "one.json"]))
def test_what_is_written_is_read_as_the_same(tmp_path: Path, scenario: Scenario, name: str) -> None:
    write(tmp_path / name, scenario)
    again = read(tmp_path / name)

    assert _judged(again) == _judged(scenario)
    _VALID.validate(as_mapping(scenario))


@pytest.mark.parametrize("resources", [pair, grouped])
def test_a_scenario_to_start_from_gives_the_same_drill(tmp_path: Path, resources: Callable[[], dict[str, Any]]) -> None:
    template = written(tmp_path, resources())
    start = tmp_path / "start.yaml"

    assert main(["drill", str(template), "--write-scenario", str(start)]) == 0

    again, before = drill(template, scenario=str(start)), drill(template)
    assert [site.summaries for site in again.sites] == [site.summaries for site in before.sites]
    assert again.scenario.traffic.requests
    assert len(again.scenario.objectives) == 1
    # The templates meet it as they are.
    again.must_meet()
    assert main(["drill", str(template), "--scenario", str(start)]) == 0


def test_what_outlives_no_outage_gets_an_objective_that_it_breaks(tmp_path: Path) -> None:
    template = written(tmp_path, {"Site": distribution([origin("primary", PRIMARY)], behavior("primary"))})
    start = tmp_path / "start.yaml"

    assert main(["drill", str(template), "--write-scenario", str(start)]) == 0
    assert [one.limit for one in read(start).objectives] == [300 * SECOND]
    assert main(["drill", str(template), "--scenario", str(start)]) == 1


def test_several_sites_are_written_with_their_names(tmp_path: Path) -> None:
    resources = pair()
    resources["Other"] = {**resources["Site"], "Properties": {**resources["Site"]["Properties"]}}
    config = resources["Site"]["Properties"]["DistributionConfig"]
    api = [{**behavior("named", READS), "PathPattern": "/api/*"}]
    resources["Other"]["Properties"]["DistributionConfig"] = {
        **config,
        "Aliases": ["other.example.com"],
        "CacheBehaviors": api,
    }
    template = written(tmp_path, resources)
    start = tmp_path / "start.yaml"

    assert main(["drill", str(template), "--outage", f"name={NAME}", "--write-scenario", str(start)]) == 0

    again, before = drill(template, scenario=start), drill(template, Outage(name=NAME))
    assert len(before.sites) == 2
    assert [site.summaries for site in again.sites] == [site.summaries for site in before.sites]


def test_the_file_and_the_other_arguments_add_up(tmp_path: Path) -> None:
    template = str(written(tmp_path, pair()))
    file = _written(tmp_path, f"title: first\nseed: 3\noutages: [{{name: {PRIMARY}, symptom: refused}}]\n")
    told = tmp_path / "told.json"
    arguments = ["drill", template, "--scenario", str(file), "--format", "json", "--output", str(told)]

    assert main([*arguments, "--outage", "region=eu-central-1", "--rto", "1s"]) == 1
    report = json.loads(told.read_bytes())
    assert (report["title"], report["seed"], len(report["sites"][0]["outages"])) == ("first", 3, 2)
    assert main([*arguments, "--seed", "4"]) == 0
    assert json.loads(told.read_bytes())["seed"] == 4


@pytest.mark.parametrize(
    ("objective", "status"), [("{recovered_within: 2m}", 0), ("{lost: 0}", 1), ("{lost: 0, behavior: /api/*}", 2)]
)
def test_the_objectives_of_the_file_decide_how_it_ends(tmp_path: Path, objective: str, status: int) -> None:
    template = str(written(tmp_path, pair()))
    file = _written(tmp_path, f"objectives: [{objective}]\n")

    assert main(["drill", template, "--scenario", str(file)]) == status


def test_the_schema_is_that_of_the_code() -> None:
    assert drill_schema.SCHEMA.read_text(encoding="utf-8") == drill_schema.rendered(), "run make docs ARGS=schema"
    jsonschema.Draft202012Validator.check_schema(_SCHEMA)
    _VALID.validate(yaml_reader.load(_WHOLE.encode(), is_json=False))


def test_the_file_of_the_page_is_one(tmp_path: Path) -> None:
    page = (drill_schema.SCHEMA.parents[2] / "docs" / "drill.md").read_text(encoding="utf-8")
    file, steps = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    scenario = read(_written(tmp_path, file))

    assert (len(scenario.outages), len(scenario.objectives), len(scenario.traffic.requests)) == (2, 2, 2)
    assert read(_written(tmp_path, file + steps)).steps != ()
    _VALID.validate(yaml_reader.load((file + steps).encode(), is_json=False))


@pytest.mark.parametrize("path", sorted(_READY.glob("*.yaml")), ids=lambda path: path.stem)
def test_ready_scenarios_are_as_the_schema_says(path: Path) -> None:
    _VALID.validate(yaml_reader.load(path.read_bytes(), is_json=False))


@pytest.mark.parametrize(
    "wrong",
    [
        {"titel": "x"},
        {"outages": [{"region": "a", "name": "b"}]},
        {"outages": [{"region": "a", "symptom": "loud"}]},
        {"outages": [{"region": "a", "every": "5s"}]},
        {"traffic": {"requests": [{"method": "GET"}]}},
        {"traffic": {"locations": ["Atlantis"]}},
        {"objectives": [{"lost": 0, "slow": 0}]},
        {"assumptions": {"open_connections": "leave"}},
    ],
)
def test_the_schema_refuses_what_the_reader_refuses(tmp_path: Path, wrong: dict[str, Any]) -> None:
    assert not _VALID.is_valid(wrong)
    with pytest.raises(ScenarioError):
        read(_written(tmp_path, json.dumps(wrong), "wrong.json"))
