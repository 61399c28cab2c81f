"""What a construct accepts and the checks find, the construct has warned of, with the id of the rule."""

from __future__ import annotations

import os
from collections import Counter
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from ha_patterns.catalog import CATALOG

from .apps import judged, make, new_app
from .arguments import ARGUMENTS, drawn_arguments, public_arguments

CONSTRUCTS = {construct.__name__: construct for construct in (pattern.load_construct() for pattern in CATALOG)}
_FUZZES = os.environ.get("HYPOTHESIS_PROFILE") == "fuzz"
_EXAMPLES = 500 if _FUZZES else 20


def test_every_construct_of_the_catalog_is_drawn() -> None:
    assert CONSTRUCTS.keys() == ARGUMENTS.keys()


@pytest.mark.parametrize("name", CONSTRUCTS)
def test_every_public_argument_is_drawn(name: str) -> None:
    assert sorted(public_arguments(CONSTRUCTS[name])) == sorted(ARGUMENTS[name])


@pytest.mark.property
@pytest.mark.parametrize("name", CONSTRUCTS)
def test_what_the_checks_find_the_construct_has_warned_of(name: str) -> None:
    construct, counts = CONSTRUCTS[name], Counter[str]()

    # The same examples each time but in make fuzz: a new disagreement is for whoever looks for one.
    @settings(max_examples=_EXAMPLES, deadline=None, derandomize=not _FUZZES, suppress_health_check=list(HealthCheck))
    @given(drawn_arguments(construct))
    def agrees(arguments: dict[str, Any]) -> None:
        counts["drawn"] += 1
        with new_app() as stack:
            try:
                make(construct, arguments, stack)
                said = judged(stack)
            except (ValueError, RuntimeError):
                return
            counts["accepted"] += 1

            assert said.unwarned == []

    agrees()
    assert 3 * counts["accepted"] >= counts["drawn"], counts
