"""What a drill costs beyond the first seed: CPU seconds, least of several runs."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from ha_patterns.drill import Objective, Outage, Result, drill
from ha_patterns.topology import Topology, load
from tests.drill.sites import PRIMARY, pair, written
from tools.bench_figures import RUNS, Figure, Pace, at_most

_SEEDS = 100


def figures() -> Iterator[Figure]:
    """A small site with a failover pair, GET and POST from 30 locations: one seed, and a hundred."""
    with tempfile.TemporaryDirectory() as name:
        topology = load(written(Path(name), pair()))
    one = min(_first(topology)[0] for _ in range(RUNS))
    pace = Pace()
    _, result = _first(topology)
    hundred = min(_over_seeds(result) for _ in range(RUNS))
    yield Figure(name="drill: one seed, CPU", value=one * 1e3, unit="ms")
    yield at_most(f"drill: {_SEEDS} seeds with percentiles, CPU", hundred, "s", 1, pace=pace.since())


def _first(topology: Topology) -> tuple[float, Result]:
    started = time.process_time()
    result = drill(topology, Outage(name=PRIMARY))
    _judge(result.over_seeds(1).summaries)
    return time.process_time() - started, result


def _over_seeds(result: Result) -> float:
    started = time.process_time()
    seeds = result.over_seeds(_SEEDS)
    _judge(seeds.summaries)
    seeds.verdicts(Objective(recovered_within=110))
    return time.process_time() - started


def _judge(summaries: object) -> None:
    if not summaries:
        raise AssertionError("nothing was played")
