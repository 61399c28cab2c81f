"""Of apps with unusual arguments: what the checks find, the construct has warned of."""

from __future__ import annotations

import pytest

from .apps import judged, new_app
from .unusual import UNUSUAL, Unusual


@pytest.mark.parametrize("unusual", UNUSUAL, ids=str)
def test_what_the_checks_find_of_unusual_arguments_the_construct_has_warned_of(unusual: Unusual) -> None:
    with new_app() as stack:
        unusual.app(stack)
        said = judged(stack)

    assert {finding.rule.id for finding in said.findings} == unusual.rules
    assert said.unwarned == []
