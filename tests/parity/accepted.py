"""What a construct accepts and the checks find, the construct has warned of: one test for each construct."""

from __future__ import annotations

import os
from collections import Counter
from typing import Any

from hypothesis import HealthCheck, given, settings

from ha_patterns.catalog import CATALOG

from .apps import judged, make, new_app
from .arguments import drawn_arguments

#: The constructs of the catalog, by name.
CONSTRUCTS = {construct.__name__: construct for construct in (pattern.load_construct() for pattern in CATALOG)}
_FUZZES = os.environ.get("HYPOTHESIS_PROFILE") == "fuzz"
_EXAMPLES = 500 if _FUZZES else 20


def room(name: str) -> str:
    """The room of the package that a construct is in."""
    return str(CONSTRUCTS[name].__module__.split(".")[1])


def in_rooms(*rooms: str) -> list[str]:
    """The names of the constructs of some rooms: a file of tests for each, so that workers share them."""
    return [name for name in CONSTRUCTS if room(name) in rooms]


def agrees(name: str) -> None:
    """Draw apps of a construct; the checks find nothing that it has not warned of, and a third is accepted."""
    construct, counts = CONSTRUCTS[name], Counter[str]()

    # The same examples each time but in make fuzz: a new disagreement is for whoever looks for one.
    @settings(max_examples=_EXAMPLES, deadline=None, derandomize=not _FUZZES, suppress_health_check=list(HealthCheck))
    @given(drawn_arguments(construct))
    def judge(arguments: dict[str, Any]) -> None:
        counts["drawn"] += 1
        with new_app() as stack:
            try:
                make(construct, arguments, stack)
                said = judged(stack)
            except (ValueError, RuntimeError):
                return
            counts["accepted"] += 1

            assert said.unwarned == []

    judge()
    assert 3 * counts["accepted"] >= counts["drawn"], counts
