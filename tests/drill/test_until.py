"""The idea of the drill: until the moment that a timeline names, its value is the value, whatever was asked before."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck as Health
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from ha_patterns.drill import Outage, Scenario, Traffic, time
from ha_patterns.drill.locations import WORLD
from ha_patterns.drill.run import Stage
from ha_patterns.drill.scenario import Client, ScenarioError
from ha_patterns.drill.scene import Scene
from ha_patterns.drill.time import SECOND, branches
from ha_patterns.drill.world.names import From
from ha_patterns.drill.world.world import World
from ha_patterns.semantics.attempts import Request
from ha_patterns.topology.model import HealthCheck

from .architectures import CLIENTS, architectures, outages
from .reference import REGIONS, Architecture
from .sites import NAME, read

_LAST = 400 * SECOND
#: What is asked of a timeline: its value at a moment, with the moment until which it holds.
Ask = Callable[[int], tuple[Any, int]]


def _timelines(site: Architecture, what: Sequence[Outage], client: Client, seed: int) -> dict[str, Ask]:
    """Every timeline of a world of its own, and every evaluation, by a name."""
    with TemporaryDirectory() as folder:
        scene = Scene(read(Path(folder), site.resources()))
    places = ("Dublin", "Tokyo")
    scenario = Scenario(outages=tuple(what), traffic=Traffic(locations=places, client=client), lasts=400, seed=seed)
    stage = Stage(scene, scenario)
    player = stage.player(seed)
    world = player.world
    found: dict[str, Ask] = {}
    for check in scene.topology.of(HealthCheck):
        found[f"check {check.place.name}"] = _asked(world.checks.check(check))
    for number, endpoint in enumerate(one for place in scene.sites for one in place.reached):
        found.update(_of_endpoint(world, number, endpoint))
    for place in scene.sites:
        for way, request, location in player.ways(place):
            evaluate, _, _ = player.evaluation(place, request, location)
            found[f"request {way}"] = _evaluated(evaluate)
    return found


def _of_endpoint(world: World, number: int, endpoint: Any) -> dict[str, Ask]:
    name = f"{number} {endpoint.name}"
    if not endpoint.records:
        return {
            f"gone {name}": _asked(world.names.is_gone(endpoint)),
            f"targets {name}": _asked(world.checks.target_health(endpoint)),
            f"faults {name}": _asked(world.faults.of_requests(endpoint)[0]),
        }
    found = {f"answers {name}": _asked(world.names.answers(endpoint, From("Dublin", "IE", "EU")), _by_name)}
    for location in WORLD[:2]:
        found[f"resolver {name} {location.name}"] = _asked(world.names.resolver(endpoint, location), _by_name)
        found[f"connections {name} {location.name}"] = _asked(world.names.connections(endpoint, location), _by_name)
    for distribution in world.scene.sites[0].distributions:
        for behavior in world.scene.front(distribution).behaviors:
            for leg in behavior.legs:
                for end in endpoint.ends:
                    troubles = world.troubles(end, leg, Request("GET", "/"))
                    found[f"troubles {name} {end.name} {id(leg)}"] = _asked(troubles)
    return found


def _asked(timeline: Any, plain: Callable[[Any], Any] = lambda value: value) -> Ask:
    def ask(when: int) -> tuple[Any, int]:
        span = timeline.at(when)
        return plain(span.value), span.until

    return ask


def _by_name(answers: Any) -> Any:
    """Answers of one world as they can be compared with those of another one."""
    return [(share, end and str(end.name)) for share, end in answers.chances], answers.ttl


def _evaluated(evaluate: Any) -> Ask:
    def ask(when: int) -> tuple[Any, int]:
        found = branches(evaluate, when)
        outcomes: dict[Any, Any] = {}
        for share, outcome in found.outcomes:
            outcomes[outcome] = outcomes.get(outcome, 0) + share
        return outcomes, found.until

    return ask


@pytest.mark.property
@settings(max_examples=max(1, settings().max_examples // 4), suppress_health_check=list(Health))
@given(
    data=st.data(),
    site=architectures(checks_ask=(NAME, *REGIONS)),
    client=CLIENTS,
    seed=st.integers(0, 2),
    order=st.integers(0, 1_000),
)
def test_until_the_moment_that_is_told_a_value_is_the_value_whatever_was_asked_first(
    data: st.DataObject, site: Architecture, client: Client, seed: int, order: int
) -> None:
    what = data.draw(st.lists(outages(site).filter(lambda one: one.resource is None), min_size=1, max_size=3))
    try:
        # Requests of which more may come take minutes.
        with patch.object(time, "MOST_WAYS", 64):
            _compare(site, what, client, seed, order)
    except ScenarioError:
        # Nothing asks for what fails, or too much may come of a request.
        reject()


def _compare(site: Architecture, what: Sequence[Outage], client: Client, seed: int, order: int) -> None:
    """Ask three worlds alike, each in another order."""
    told, plain, shuffled = (list(_timelines(site, what, client, seed).items()) for _ in range(3))
    drawn = random.Random(order)  # noqa: S311
    questions = [(index, drawn.randrange(_LAST)) for index in range(len(told)) for _ in range(6)]
    drawn.shuffle(questions)
    later: list[tuple[int, int, int, Any]] = []
    for index, when in questions:
        name, ask = told[index]
        value, until = ask(when)
        assert until > when, name
        last = min(until, _LAST + 60 * SECOND)
        later += [(index, when, then, value) for then in (when, drawn.randrange(when, last), last - 1)]
    # In worlds of which nothing was asked yet: in the order of time, and in any order.
    for index, when, then, value in sorted(later, key=lambda one: one[2]):
        assert plain[index][1](then)[0] == value, f"{plain[index][0]} at {when}, asked at {then}"
    drawn.shuffle(later)
    for index, when, then, value in later:
        assert shuffled[index][1](then)[0] == value, f"{shuffled[index][0]} at {when}, asked at {then}"
