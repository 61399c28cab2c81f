"""Every public argument of every construct of the catalog is drawn."""

from __future__ import annotations

import pytest

from .accepted import CONSTRUCTS, in_rooms
from .arguments import ARGUMENTS, public_arguments


def test_every_construct_of_the_catalog_is_drawn() -> None:
    assert CONSTRUCTS.keys() == ARGUMENTS.keys()


def test_every_construct_is_in_a_file_of_tests() -> None:
    # One file for the first two.
    assert in_rooms("transient_errors", "origins", "outage_failover", "active_active") == list(CONSTRUCTS)


@pytest.mark.parametrize("name", CONSTRUCTS)
def test_every_public_argument_is_drawn(name: str) -> None:
    assert sorted(public_arguments(CONSTRUCTS[name])) == sorted(ARGUMENTS[name])
