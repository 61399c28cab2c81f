"""Figures of speed: prints a table and writes build/bench.json.

Gates compare CPU time, the minimum of seven interleaved runs, with a yardstick measured in the same runs: machines
differ, ratios do not. Wall time is reported and never gated.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

os.environ["CDK_VALIDATION"] = "false"

import aws_cdk as cdk

from tools import bench_by_hand

ROOT = Path(__file__).resolve().parent.parent
REPORT = ROOT / "build" / "bench.json"
RUNS = 7
# Node.js compiles what it has run often: the first runs measure its compiler.
WARM_UP_RUNS = 4
STACKS_PER_RUN = 8
SYNTH_RATIO = 1.15


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One line of the report; a figure without a target is told, not gated."""

    name: str
    value: float
    unit: str
    target: float | None = None
    met: bool | None = None


def main() -> int:
    """Measure everything; exit status 1 where a gate is missed."""
    figures = [*_construct_figures(), _make_synth_figure()]
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text(json.dumps([asdict(figure) for figure in figures], indent=2) + "\n")
    width = max(len(figure.name) for figure in figures)
    for figure in figures:
        target = "" if figure.target is None else f"  at most {figure.target:g}  {'met' if figure.met else 'MISSED'}"
        print(f"{figure.name:<{width}}  {figure.value:8.3f} {figure.unit:<6}{target}")
    print(f"written to {REPORT.relative_to(ROOT)}")
    return 0 if all(figure.met is not False for figure in figures) else 1


def _construct_figures() -> Iterator[Figure]:
    for name, (ours, by_hand) in bench_by_hand.PAIRS.items():
        _require_same_resources(name, ours, by_hand)
        mine, others = _interleaved(ours, by_hand)
        ratio = mine / others
        yield Figure(name=f"{name}: synth, CPU", value=mine / STACKS_PER_RUN * 1000, unit="ms")
        yield Figure(
            name=f"{name}: synth, against the same by hand",
            value=ratio,
            unit="times",
            target=SYNTH_RATIO,
            met=ratio <= SYNTH_RATIO,
        )


def _make_synth_figure() -> Figure:
    with tempfile.TemporaryDirectory() as folder:
        cdk_command = shutil.which("cdk")
        if cdk_command is None:
            sys.exit("bench: there is no cdk on the PATH: run it as make bench")
        environment = {name: value for name, value in os.environ.items() if name != "CDK_VALIDATION"}
        started = time.perf_counter()
        subprocess.run([cdk_command, "synth", "--quiet", "--output", folder], cwd=ROOT, env=environment, check=True)
        return Figure(name="make synth: wall", value=time.perf_counter() - started, unit="s")


def _interleaved(*builds: Callable[[cdk.Stack], None]) -> list[float]:
    """The least CPU seconds that each build took in any of the runs, which take turns."""
    best = [float("inf")] * len(builds)
    for build in builds * WARM_UP_RUNS:
        _cpu_of(build)
    for _ in range(RUNS):
        for index, build in enumerate(builds):
            best[index] = min(best[index], _cpu_of(build))
    return best


def _cpu_of(build: Callable[[cdk.Stack], None]) -> float:
    """CPU seconds of this process and of the CDK's Node.js process, for a synth of several stacks."""
    with tempfile.TemporaryDirectory() as folder:
        before = _cpu_seconds()
        app = cdk.App(outdir=folder, tree_metadata=False, analytics_reporting=False)
        for index in range(STACKS_PER_RUN):
            build(cdk.Stack(app, f"Stack{index}", env=cdk.Environment(region="us-east-1")))
        app.synth()
        return _cpu_seconds() - before


def _cpu_seconds() -> float:
    """Of this process and all its children, in nanosecond steps where ticks would be too coarse."""
    threads = (
        thread
        for process in (os.getpid(), *_children(os.getpid()))
        for thread in Path(f"/proc/{process}/task").iterdir()
    )
    return sum(int((thread / "schedstat").read_text().split()[0]) for thread in threads) / 1e9


def _children(process: int) -> Iterator[int]:
    for thread in Path(f"/proc/{process}/task").iterdir():
        for child in (thread / "children").read_text().split():
            yield int(child)
            yield from _children(int(child))


def _require_same_resources(name: str, *builds: Callable[[cdk.Stack], None]) -> None:
    """A comparison is fair only where both sides make the same resources."""
    counts = []
    for build in builds:
        stack = cdk.Stack(cdk.App(), "Stack", env=cdk.Environment(region="us-east-1"))
        build(stack)
        counts.append(bench_by_hand.resource_types(stack))
    if counts[0] != counts[1]:
        sys.exit(f"bench: {name} is compared with other resources: {counts[0]} and {counts[1]}")


if __name__ == "__main__":
    sys.exit(main())
