"""What a drill costs: CPU seconds, least of several runs, and memory, each of a process of its own."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

from ha_patterns.drill import Objective, Outage, Requests, Result, Scenario, Traffic, drill
from ha_patterns.drill import time as virtual
from ha_patterns.topology import Topology, load
from tests.drill.sites import PRIMARY, grouped, pair, read, written
from tools.bench_figures import ROOT, RUNS, Figure, Pace, at_most

_SEEDS = 100
_MILLION = 1_000_000
_MIB = 1 << 20
_MAIN = "import sys; from ha_patterns.cli import main; sys.exit(main(sys.argv[1:]))"
# From the start of Python to the summary, and how many spans of time a way has in the outage that it is built for.
_COMMAND_SECONDS, _SEGMENTS = 0.3, 10
# For ten hours with many requests, and for ten hours in which an origin fails for 5 s every 10 s.
_TEN_HOURS = {"seconds": 0.1, "mebibytes": 40}
_BROWN_OUT = {"seconds": 10, "mebibytes": 64, "microseconds": 25}


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
    yield from _of_commands()
    yield from _of_evaluations(topology)
    yield from _of_long_ones()


def _of_commands() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as name:
        path = str(written(Path(name), pair()))
        pace = Pace()
        cpu = min(_cpu_of(["-c", _MAIN, "drill", path]) for _ in range(RUNS))
    yield at_most("drill: command to summary, CPU", cpu, "s", _COMMAND_SECONDS, pace=pace.since())


def _of_evaluations(topology: Topology) -> Iterator[Figure]:
    """What is worked out does not depend on how many ask."""
    few, segments = _evaluations(topology, 1)
    many, _ = _evaluations(topology, _MILLION)
    yield at_most("drill: evaluations at 1,000,000 requests a second against those at 1", many / few, "times", 1)
    yield at_most("drill: segments of a way", segments, "", _SEGMENTS)


def _evaluations(topology: Topology, rate: int) -> tuple[int, int]:
    """How often anything is evaluated, and the most segments of a way."""
    count = 0

    class Counted(virtual.Moment):
        def __init__(self, *given: Any) -> None:
            nonlocal count
            count += 1
            super().__init__(*given)

    with patch.object(virtual, "Moment", Counted):
        result = drill(topology, Outage(name=PRIMARY), scenario=Scenario(traffic=_traffic(rate)))
    return count, max(len(way.segments) for site in result.sites for way in site.ways)


def _traffic(rate: int) -> Traffic:
    return Traffic(requests=tuple(Requests(path="/", method=method, rate=rate) for method in ("GET", "POST")))


def _of_long_ones() -> Iterator[Figure]:
    pace = Pace()
    seconds, mebibytes, _ = _long("ten-hours")
    told = pace.since()
    yield at_most(
        "drill: ten hours at 1,000,000 requests a second, CPU", seconds, "s", _TEN_HOURS["seconds"], pace=told
    )
    yield at_most("drill: the same, memory of the process", mebibytes, "MiB", _TEN_HOURS["mebibytes"])
    for name, gated in (("brown-out", True), ("brown-out-of-a-pair", False)):
        pace = Pace()
        seconds, mebibytes, segments = _long(name)
        told = pace.since()
        each = seconds / segments * 1e6
        title = f"drill: {name.replace('-', ' ')} every 10 s for ten hours"
        if gated:
            yield at_most(f"{title}, CPU", seconds, "s", _BROWN_OUT["seconds"], pace=told)
            yield at_most(f"{title}, a segment, CPU", each, "us", _BROWN_OUT["microseconds"], pace=told)
            yield at_most(f"{title}, memory of the process", mebibytes, "MiB", _BROWN_OUT["mebibytes"])
        else:
            yield Figure(name=f"{title}, CPU", value=seconds, unit="s")
            yield Figure(name=f"{title}, a segment, CPU", value=each, unit="us")
            yield Figure(name=f"{title}, memory of the process", value=mebibytes, unit="MiB")


def _long(which: str) -> tuple[float, float, int]:
    """CPU seconds, MiB and segments of a long drill, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "tools.bench_drill", which], cwd=ROOT, stdout=subprocess.PIPE, check=True
    )
    told = json.loads(done.stdout)
    return told["seconds"], told["mebibytes"], told["segments"]


def _most_memory() -> int:
    """The most bytes that this process has had; not those of the one that began it, which ``getrusage`` tells."""
    told = Path("/proc/self/status").read_text(encoding="ascii")
    [kibibytes] = [line.split()[1] for line in told.splitlines() if line.startswith("VmHWM:")]
    return int(kibibytes) << 10


def _cpu_of(arguments: list[str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, *arguments], cwd=ROOT, stdout=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _play(which: str) -> None:
    """Play a long drill, and print what it took."""
    with tempfile.TemporaryDirectory() as name:
        topology = read(Path(name), grouped() if which == "brown-out" else pair())
    started = time.process_time()
    if which == "ten-hours":
        result = drill(topology, Outage(name=PRIMARY), scenario=Scenario(lasts="10h", traffic=_traffic(_MILLION)))
    else:
        result = drill(topology, Outage(name=PRIMARY, symptom="errors", every=10, burst=5, lasts="10h"))
    _judge(result.sites[0].summaries)
    told = {
        "seconds": time.process_time() - started,
        "mebibytes": _most_memory() / _MIB,
        "segments": sum(len(way.segments) for site in result.sites for way in site.ways),
    }
    print(json.dumps(told))


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


if __name__ == "__main__":
    _play(sys.argv[1])
