"""Figures of speed: prints a table and writes build/bench.json.

Gates compare CPU time, the minimum of seven interleaved runs, with what is measured in the same runs: machines differ,
ratios do not. A gate in seconds is told with the pace of the machine, by which it is multiplied: see
``bench_figures``. Wall time is reported and never gated.
"""

from __future__ import annotations

import compileall
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from tools import bench_drill, bench_edge_reads, bench_edge_rules, bench_edge_worst, bench_topology
from tools.bench_figures import ROOT, RUNS, Figure, at_most
from tools.bench_names import NAMES

REPORT = ROOT / "build" / "bench.json"
SYNTH_RATIO = 1.15
_SIDES = ("bench_ours", "bench_by_hand")
# A round trip to the CDK's process is what a construct costs beside its resources: these alarm, acknowledge, and judge
# at synth their behaviors, their names and what they were given.
MORE_ROUND_TRIPS = 120
# A bucket's origin is bound from here, each field of which is a round trip; two mechanisms judge twice.
MORE_ROUND_TRIPS_OF = {"error-pages": 195, "hybrid-failover": 170}


def main() -> int:
    """Measure everything; exit status 1 where a gate is missed."""
    # As pip does with what it installs: to compile is no part of a start, and a shell may have Python keep nothing.
    for room in ("ha_patterns", "tools"):
        compileall.compile_dir(ROOT / room, quiet=1)
    counted = _counted()
    figures = [
        *bench_edge_reads.figures(),
        *bench_edge_rules.figures(),
        *bench_edge_worst.figures(),
        *bench_topology.figures(),
        *bench_drill.figures(),
        *_construct_figures(counted),
        _make_synth_figure(),
    ]
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text(json.dumps([asdict(figure) for figure in figures], indent=2) + "\n")
    width = max(len(figure.name) for figure in figures)
    for figure in figures:
        print(f"{figure.name:<{width}}  {figure.told}")
    print(f"written to {REPORT.relative_to(ROOT)}")
    return 0 if all(figure.met is not False for figure in figures) else 1


def _counted() -> dict[str, int]:
    """How many more round trips each construct takes than the same by hand, which must be the same resources."""
    more = {}
    for name in NAMES:
        (_, made), (_, by_hand) = (_run(side, name) for side in _SIDES)
        if made["resources"] != by_hand["resources"]:
            sys.exit(f"bench: {name} is compared with other resources: {made} and {by_hand}")
        more[name] = made["round_trips"] - by_hand["round_trips"]
    return more


def _construct_figures(counted: Mapping[str, int]) -> Iterator[Figure]:
    """A stack of each construct, from the start of Python to the template, beside the same resources by hand."""
    for name, more in counted.items():
        mine, others = (
            min(seconds)
            for seconds in zip(*([_run(side, name)[0] for side in _SIDES] for _ in range(RUNS)), strict=True)
        )
        yield Figure(name=f"{name}: synth, CPU", value=mine, unit="s")
        yield at_most(f"{name}: synth against the same by hand, CPU", mine / others, "times", SYNTH_RATIO)
        yield at_most(
            f"{name}: more round trips than by hand", more, "", MORE_ROUND_TRIPS_OF.get(name, MORE_ROUND_TRIPS)
        )


def _run(module: str, build: str) -> tuple[float, dict[str, Any]]:
    """CPU seconds of a process and of its Node.js, and what it printed."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [sys.executable, "-m", f"tools.{module}", build],
        cwd=ROOT,
        env={**os.environ, "CDK_VALIDATION": "false"},
        stdout=subprocess.PIPE,
        check=True,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return cpu, json.loads(done.stdout)


def _make_synth_figure() -> Figure:
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        subprocess.run(["cdk", "synth", "--quiet", "--output", folder], cwd=ROOT, stdout=subprocess.DEVNULL, check=True)
        return Figure(name="make synth: wall", value=time.perf_counter() - started, unit="s")


if __name__ == "__main__":
    sys.exit(main())
