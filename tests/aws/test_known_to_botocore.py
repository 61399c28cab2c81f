"""The tables of facts name what AWS names: Regions, runtimes and methods, as botocore knows them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date

import botocore.session  # type: ignore[import-untyped]
import pytest

from ha_patterns.aws import distributions, hosted_zones, regions, runtimes

_SESSION = botocore.session.get_session()
# The start of a Region's name; what follows is judged.
_REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-[0-9]")


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, one in value.items():
            yield from _texts(key)
            yield from _texts(one)
    elif isinstance(value, (tuple, list, set, frozenset)):
        for one in value:
            yield from _texts(one)


@pytest.mark.parametrize("tables", [regions, hosted_zones])
def test_every_region_of_a_table_is_one(tables: object) -> None:
    known = {
        region
        for partition in _SESSION.get_available_partitions()
        for region in _SESSION.get_available_regions("ec2", partition)
    }
    values = [value for name, value in vars(tables).items() if not name.startswith("__")]
    named = {text for value in values for text in _texts(value) if _REGION.match(text)}

    assert len(named) > 30
    assert named <= known


def test_every_deprecated_runtime_is_one() -> None:
    known = _SESSION.get_service_model("lambda").shape_for("Runtime").enum

    assert runtimes.DEPRECATED
    assert runtimes.DEPRECATED.keys() <= set(known)


def test_each_deprecated_runtime_was_so_on_the_day_of_the_table() -> None:
    lives = runtimes.DEPRECATED.values()

    assert all(str(date.fromisoformat(day)) == day for life in lives for day in life)
    assert max(life.deprecated for life in lives) < runtimes.TABLE_DATE


def test_all_methods_that_do_not_read_are_writes() -> None:
    methods = _SESSION.get_service_model("cloudfront").shape_for("Method").enum

    assert set(methods) - {"GET", "HEAD", "OPTIONS"} == distributions.WRITES
