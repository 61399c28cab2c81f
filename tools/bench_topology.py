"""What it costs to load a large estate, and to check one template.

The estate is 100 stacks of 200 resources each, all of the edge: the most that a load can be asked for. Each figure is
of a process of its own, which loads in the order of magnitude that is told: CPU seconds, and the memory that loading
adds at its peak.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from tools.bench_figures import ROOT, RUNS, Figure, Pace, at_most

_STACKS = 100
_RESOURCES = 200
_LOAD = """
import json, re, sys, time
from pathlib import Path
from ha_patterns.topology import load
def peak():
    # Not of getrusage: that is the most that this process has had, also when it was a copy of its parent.
    return int(re.search("VmHWM:[^0-9]*([0-9]+)", Path("/proc/self/status").read_text())[1])
load()
before, started = peak(), time.process_time()
topology = load(*sys.argv[1:])
used = time.process_time() - started
print(json.dumps([used, (peak() - before) / 1024, sum(topology.counts.values())]))
"""
_CHECK = "import sys; from ha_patterns.cli import main; sys.exit(main(['check', *sys.argv[1:], '--fail-on', 'never']))"
_SNAPSHOTS = ROOT / "tests" / "stacks" / "__snapshots__" / "test_reference_stacks"


def figures() -> Iterator[Figure]:
    """Loading as JSON and as YAML, how it grows, and the start of a check."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        paths = _write_estate(folder)
        resources = f"{_STACKS * _RESOURCES:,} resources"
        pace = Pace()
        loads = [_load(paths) for _ in range(RUNS)]
        least = min(loads)
        yield at_most(f"topology: load of {resources} as JSON, CPU", least[0], "s", 2, pace=pace.since())
        yield at_most(f"topology: load of {resources} as JSON, memory", max(load[1] for load in loads), "MiB", 200)
        half = min(_load(paths[: _STACKS // 2]) for _ in range(RUNS))
        yield at_most("topology: twice as much, CPU", least[0] / half[0], "times", 2.3)
        in_yaml = _write_yaml(folder, paths)
        pace = Pace()
        cost = min(_load(in_yaml) for _ in range(3))[0]
        yield at_most(f"topology: load of {resources} as YAML, CPU", cost, "s", 8, pace=pace.since())
        cost = _check(paths[0])
        name = f"check: one template of {_RESOURCES} resources, cold, CPU"
        yield at_most(name, cost, "s", 0.25, pace=pace.since())


def edge_resources() -> list[dict[str, Any]]:
    """The resources of the reference stacks at the edge."""
    templates = [json.loads(path.read_bytes()) for path in sorted(_SNAPSHOTS.glob("*edge*.json"))]
    return [resource for template in templates for resource in template["Resources"].values()]


def _write_estate(folder: Path) -> list[Path]:
    resources = edge_resources()
    paths = []
    for stack in range(_STACKS):
        path = folder / f"stack{stack}.json"
        # Another mix in each stack.
        chosen = (resources[(stack * 7 + index) % len(resources)] for index in range(_RESOURCES))
        template = {"Resources": {f"R{index}": resource for index, resource in enumerate(chosen)}}
        path.write_text(json.dumps(template, indent=1), encoding="utf-8")
        paths.append(path)
    return paths


def _write_yaml(folder: Path, paths: list[Path]) -> list[Path]:
    written = []
    for path in paths:
        target = folder / f"{path.stem}.yaml"
        target.write_text(yaml.dump(json.loads(path.read_bytes()), Dumper=yaml.CSafeDumper), encoding="utf-8")
        written.append(target)
    return written


def _load(paths: list[Path]) -> tuple[float, float]:
    done = subprocess.run([sys.executable, "-c", _LOAD, *map(str, paths)], cwd=ROOT, stdout=subprocess.PIPE, check=True)
    used, added, resources = json.loads(done.stdout)
    if resources != len(paths) * _RESOURCES:
        sys.exit(f"bench: {resources} resources were loaded of {len(paths) * _RESOURCES}")
    return used, added


def _check(path: Path) -> float:
    """The least CPU seconds of a process that checks one template and ends."""
    least = float("inf")
    for _ in range(RUNS):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(
            [sys.executable, "-c", _CHECK, str(path)],
            cwd=ROOT,
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
            stdout=subprocess.DEVNULL,
            check=True,
        )
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        least = min(least, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return least
