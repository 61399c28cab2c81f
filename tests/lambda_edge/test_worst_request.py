"""The worst request that is found costs an edge function what is promised: counted here, timed in ``make fuzz``."""

from __future__ import annotations

import marshal
import os
import random
import sys
from types import FrameType
from typing import Any

import pytest

from ha_patterns.edge._source import edge_module
from tools.bench_edge_worst import (
    SIZES,
    Call,
    cases,
    crowded_items,
    first_request,
    first_requests,
    first_shapes,
    full_items,
    milliseconds,
    worst,
)
from tools.bench_figures import RUNS, Pace

_PROFILE = os.environ.get("HYPOTHESIS_PROFILE")
_IS_FUZZ = _PROFILE == "fuzz"
_TRIES = 2 if _PROFILE == "brief" else 6
# About twice of what is counted: a loop over all of a request for each of 256 rules is a hundred times as much.
_MOST_STEPS = {"valid": 250_000, "browser's": 200_000}

# By the number of full items: of the first of a container, the first on a path, and the first after a time to live in
# which nothing changed. Sorting the rules of one item anew is 130,000; each rule of a path, read as a whole, 3,000,000.
_MOST_FIRST_STEPS = {1: (900_000, 450_000, 100_000), 3: (2_500_000, 600_000, 100_000)}


@pytest.fixture(autouse=True)
def _outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put back afterwards what the benchmark replaces of the world as it makes the functions."""
    for module, names in {
        "common.world": ("https", "environment", "log", "now"),
        "common.dns": ("resolve",),
        "common.configuration": ("path",),
    }.items():
        for name in names:
            monkeypatch.setattr(edge_module(module), name, getattr(edge_module(module), name))


def steps(call: Call, event: Any, _runs: int) -> float:
    """How many instructions of Python a call takes."""
    fresh = marshal.loads(marshal.dumps(event))  # noqa: S302 - what was dumped in the same breath
    count = 0

    def trace(frame: FrameType, kind: str, _: object) -> Any:
        nonlocal count
        frame.f_trace_opcodes, frame.f_trace_lines = True, False
        count += kind == "opcode"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        call(fresh)
    finally:
        sys.settrace(before)
    return float(count)


@pytest.mark.property
@pytest.mark.skipif(_IS_FUZZ, reason="the time is taken instead")
@pytest.mark.parametrize("size", SIZES)
def test_no_request_makes_a_function_take_many_steps(size: str) -> None:
    headers, url, _ = SIZES[size]
    for case in cases():
        sent = worst(case, headers, url, steps, random.Random(size), tries=_TRIES, rounds=0)  # noqa: S311 - to be repeated
        taken = steps(case.call, sent.write(case.event, headers, url), 1)
        assert 0 < taken <= _MOST_STEPS[size], (case.name, sent)


@pytest.mark.property
@pytest.mark.measures_time
@pytest.mark.skipif(not _IS_FUZZ, reason="times are taken in make fuzz")
def test_no_request_costs_more_than_is_promised() -> None:
    for case in cases():
        for headers, url, most in SIZES.values():
            sent = worst(case, headers, url, milliseconds, random.Random(), tries=120)  # noqa: S311 - others each time
            pace = Pace()
            cost = milliseconds(case.call, sent.write(case.event, headers, url), 3 * RUNS)
            assert cost <= most * pace.since(), (case.name, sent)


@pytest.mark.property
@pytest.mark.parametrize("shape", full_items())
def test_a_full_item_has_nothing_wrong_and_is_read(shape: str) -> None:
    rules = full_items()[shape]
    check = edge_module("rule_router.rules").check
    allowed = edge_module("rule_router.problems").Allowed(frozenset("ab"))

    assert len(rules) > 4000
    assert check({"version": 1, "rules": rules}, allowed) == []
    assert first_request(rules) > 0


@pytest.mark.property
@pytest.mark.parametrize("items", [1, 3])
@pytest.mark.parametrize("shape", [*first_shapes(), *crowded_items()])
def test_a_first_request_takes_few_steps(shape: str, items: int) -> None:
    rules = {**first_shapes(), **crowded_items()}[shape]
    check = edge_module("rule_router.rules").check
    allowed = edge_module("rule_router.problems").Allowed(frozenset("ab"), frozenset(), ("x-tenant", "x-shop-*"))

    most = _MOST_FIRST_STEPS[items]
    first, on_path, later = first_requests(rules, items, steps, 1)

    assert check({"version": 1, "rules": rules}, allowed) == []
    assert [first <= most[0], on_path <= most[1], later <= most[2]] == [True] * 3, (first, on_path, later)
