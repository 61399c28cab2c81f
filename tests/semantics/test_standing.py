"""An origin that a rule finds broken meets the same trouble in a drill, and one that the rule passes meets none."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ha_patterns.semantics.attempts import Failure, Trouble
from ha_patterns.semantics.standing import door_trouble, standing_trouble
from ha_patterns.topology import Distribution, load

_TEMPLATES = Path(__file__).parents[1] / "checks" / "templates"
_REFUSED = Trouble(status=403)
_NOTHING = Trouble(Failure.SILENT)
_NO_HANDSHAKE = Trouble(Failure.TLS)
#: By rule, the troubles that its failing templates have.
_FOUND = {
    "HA016": {_REFUSED},
    "HA032": {_NO_HANDSHAKE},
    "HA040": {_REFUSED},
    "HA042": {_REFUSED},
    "HA045": {_NOTHING},
}


#: By rule, the troubles that viewers meet at the front doors of its failing templates.
_AT_DOORS = {"HA047": {_REFUSED}}


def _at_doors(path: Path) -> Iterator[Trouble]:
    for door in load(path).entries:
        for end in door.ends:
            trouble = door_trouble(end, door)
            if trouble is not None:
                yield trouble


@pytest.mark.parametrize("rule", _AT_DOORS)
def test_viewers_meet_the_trouble_of_a_front_door_that_a_rule_finds(rule: str) -> None:
    assert set(_at_doors(_TEMPLATES / f"{rule}-fails.yaml")) == _AT_DOORS[rule]
    assert list(_at_doors(_TEMPLATES / f"{rule}-passes.yaml")) == []


def _troubles(path: Path) -> Iterator[Trouble]:
    for distribution in load(path).of(Distribution):
        for behavior in distribution.behaviors:
            for origin in behavior.origins:
                for end in origin.endpoint.ends:
                    trouble = standing_trouble(distribution, behavior, origin, end)
                    if trouble is not None:
                        yield trouble


@pytest.mark.parametrize("rule", _FOUND)
def test_the_origin_that_a_rule_finds_meets_the_trouble(rule: str) -> None:
    found = set(_troubles(_TEMPLATES / f"{rule}-fails.yaml"))

    assert found & _FOUND[rule]


@pytest.mark.parametrize("rule", _FOUND)
def test_the_origin_that_a_rule_passes_meets_none(rule: str) -> None:
    assert list(_troubles(_TEMPLATES / f"{rule}-passes.yaml")) == []
