"""Of active_active: what a construct accepts and the checks find, it has warned of."""

from __future__ import annotations

import pytest

from .accepted import agrees, in_rooms


@pytest.mark.property
@pytest.mark.parametrize("name", in_rooms("active_active"))
def test_what_the_checks_find_the_construct_has_warned_of(name: str) -> None:
    agrees(name)
