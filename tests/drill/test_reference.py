"""The drill against its reference: every request of random sites in random outages, with exact probabilities."""

from __future__ import annotations

import random
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ha_patterns.drill import Outage, Requests, Scenario, Traffic, time
from ha_patterns.drill.play import Outcome
from ha_patterns.drill.run import Stage
from ha_patterns.drill.scenario import Client, ScenarioError
from ha_patterns.drill.scene import Scene
from ha_patterns.drill.time import SECOND
from ha_patterns.topology import Topology

from .architectures import CLIENTS, architectures, outages
from .reference import Architecture, Balancer, Entry, Got, Group, Name, Reference, Rule, Source
from .sites import NAME, READS, read

#: Two places that are answered differently, and a third far from both.
_PLACES = ("Dublin", "New York", "Tokyo")
_PATHS = ("/", "/a/1")


def _topology(site: Architecture) -> Topology:
    with TemporaryDirectory() as folder:
        return read(Path(folder), site.resources())


def _without_words(outcomes: Sequence[tuple[Fraction, Outcome]]) -> dict[Got, Fraction]:
    found: dict[Got, Fraction] = {}
    for share, one in outcomes:
        got = Got(one.status, one.by.removeprefix("site/"), one.latency, one.legs, one.tries, one.page)
        found[got] = found.get(got, Fraction(0)) + share
    return found


def compare(site: Architecture, what: Sequence[Outage], client: Client, seed: int) -> int:
    """Hold all requests of a drill to the reference; how many were compared."""
    methods = sorted({method for rule in site.rules for method in rule.methods} & {"GET", "OPTIONS", "POST"})
    requests = tuple(Requests(path=path, method=method) for path in _PATHS for method in methods)
    traffic = Traffic(locations=_PLACES, requests=requests, client=client)
    scenario = Scenario(outages=tuple(what), traffic=traffic, lasts=400, seed=seed)
    try:
        stage = Stage(Scene(_topology(site)), scenario)
    except ScenarioError:
        # No site has what fails.
        return 0
    # What is known from another seed must not matter.
    try:
        # Sites of which more may come take the reference minutes.
        with patch.object(time, "MOST_WAYS", 64):
            stage.play(seed + 1)
            result = stage.play()
    except ScenarioError as error:
        assert "more than 64 things may come of one request" in str(error)  # noqa: PT017
        return 0
    reference = Reference(site, what, client, seed, 700 * SECOND)
    places = {one.name: one for one in traffic.places}
    count = 0
    drawn = random.Random(seed)  # noqa: S311
    # A name that nothing asks is a site of its own.
    for way in [way for one in result.sites if one.name == "www.example.com" for way in one.ways]:
        for segment in way.segments:
            told = _without_words(segment.outcomes)
            assert sum(told.values()) == 1
            within = {segment.start, segment.end - 1, drawn.randrange(segment.start, segment.end)}
            for when in sorted(within):
                got = reference.request(way.way.method, way.way.path, when, places[way.way.location])
                assert told == got, f"{way.way} at {when / SECOND} s"
                count += 1
    return count


@pytest.mark.property
@settings(max_examples=max(1, settings().max_examples // 2), suppress_health_check=list(HealthCheck))
@given(data=st.data(), site=architectures(), client=CLIENTS, seed=st.integers(0, 5))
def test_every_request_comes_to_what_the_reference_says(
    data: st.DataObject, site: Architecture, client: Client, seed: int
) -> None:
    what = data.draw(st.lists(outages(site), min_size=1, max_size=3))

    compare(site, what, client, seed)


def test_connections_are_as_old_as_before_a_fault_that_breaks_none() -> None:
    entries = (
        Entry(balancer=0, evaluates=True, role="PRIMARY"),
        Entry(balancer=1, evaluates=True, role="SECONDARY"),
    )
    site = Architecture(
        (Source(NAME),),
        (Rule("*", tuple(READS), tuple(READS), (0,)),),
        names=(Name(NAME, "failover", 30, entries),),
        balancers=(Balancer((Group(),), keep_alive=90), Balancer((Group(),), keep_alive=90)),
    )
    # It answers, so that connections stay until their keep-alive is over.
    fault = Outage(resource="Balancer0", symptom="errors", at=60, lasts=200)

    assert compare(site, [fault], Client(), 2) > 20
