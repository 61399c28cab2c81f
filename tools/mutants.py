"""Do tests see a fault? A seeded sample of mutants of what a change touches, each judged by the tests of its file.

    python -m tools.mutants [--count N] [--seed N] [PATH ...]

A mutant is the code with one fault: another comparison, number or text, or a statement left out. One that no test fails
with has survived: it is printed, and says which test is missing. A change is what differs from the merge base with
main; with paths, all of these files and folders.
"""

from __future__ import annotations

import argparse
import ast
import copy
import os
import queue
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any

from tools.local_cloud import process_group

ROOT = Path(__file__).resolve().parent.parent
MUTATED = ("ha_patterns", "lambda_edge", "tools")
#: How many of all mutants tests must see, in percent.
BAR = 90
PROCESSES = 2
_NULL = subprocess.DEVNULL
_PYTEST = ("-x", "-q", "-p", "no:cacheprovider", "-m", "not deploy and not measures_time")
_PAIRS = (
    *((ast.Lt, ast.LtE), (ast.Gt, ast.GtE), (ast.Eq, ast.NotEq), (ast.In, ast.NotIn), (ast.Is, ast.IsNot)),
    *((ast.And, ast.Or), (ast.Add, ast.Sub)),
)
_SWAPS: dict[type[Any], type[Any]] = {one: other for pair in _PAIRS for one, other in (pair, pair[::-1])}
_CODE = re.compile(r"[\w./:-]+")


@dataclass(frozen=True)
class Mutant:
    """A file, from the root, with one fault."""

    path: Path
    line: int
    fault: str
    source: bytes


def mutants_of(path: Path, source: bytes, lines: Collection[int]) -> Iterator[Mutant]:
    """All mutants of some lines of a file."""
    starts = [0, *accumulate(len(line) for line in source.splitlines(keepends=True))]
    for node in _mutable(ast.parse(source)):
        for text in _faults(node):
            if any(node.lineno <= line <= node.end_lineno for line in lines):
                start = starts[node.lineno - 1] + node.col_offset
                end = starts[node.end_lineno - 1] + node.end_col_offset
                was = " ".join(source[start:end].decode().split())
                yield Mutant(path, node.lineno, f"{was} -> {text}", source[:start] + text.encode() + source[end:])


def _mutable(node: ast.AST) -> Iterator[Any]:
    """A node and what is in it, without documentation, types, decorators and the ids of constructs."""
    skipped = None
    match node:
        case ast.JoinedStr() | ast.Expr(value=ast.Constant()) | ast.If(test=ast.Name(id="TYPE_CHECKING")):
            return
        case ast.Call(args=[ast.Name(id="self" | "scope"), construct_id, *_]):
            skipped = construct_id
    yield node
    for name, value in ast.iter_fields(node):
        if name not in {"annotation", "returns", "decorator_list"}:
            for child in value if isinstance(value, list) else [value]:
                if isinstance(child, ast.AST) and child is not skipped:
                    yield from _mutable(child)


def _faults(node: ast.AST) -> Iterator[str]:
    """What can stand in the place of a node."""
    match node:
        case ast.Compare():
            for index, operator in enumerate(node.ops):
                other = copy.deepcopy(node)
                other.ops[index] = _SWAPS[type(operator)]()
                yield f"({ast.unparse(other)})"
        case ast.BoolOp() | ast.BinOp(op=ast.Add() | ast.Sub()):
            changed = copy.deepcopy(node)
            changed.op = _SWAPS[type(node.op)]()
            yield f"({ast.unparse(changed)})"
        case ast.UnaryOp(op=ast.Not()):
            yield f"({ast.unparse(node.operand)})"
        case ast.Constant(value=bool(value)):
            yield str(not value)
        case ast.Constant(value=int(value)):
            yield str(value + 1)
        case ast.Constant(value=str(value)) if _CODE.fullmatch(value):
            yield repr(f"{value}x")
        case ast.Expr() | ast.Raise() | ast.AugAssign():
            yield "pass"


def touched(root: Path) -> dict[Path, Collection[int]]:
    """The lines that differ from the merge base with main, by file."""
    base = _git(root, "merge-base", "main", "HEAD")[0]
    found: dict[Path, set[int]] = defaultdict(set)
    path = Path()
    for line in _git(root, "diff", "--unified=0", "--no-ext-diff", "--no-color", base, "--", *MUTATED):
        if line.startswith("+++ "):
            path = Path(line.removeprefix("+++ b/"))
        elif hunk := re.match(r"@@ -\S+ \+(\d+)(?:,(\d+))? @@", line):
            found[path].update(range(int(hunk[1]), int(hunk[1]) + int(hunk[2] or 1)))
    new = _git(root, "ls-files", "--others", "--exclude-standard", "--", *MUTATED)
    return {path: lines for path, lines in found.items() if path.suffix == ".py"} | whole(root, map(Path, new))


def whole(root: Path, paths: Iterable[Path]) -> dict[Path, Collection[int]]:
    """All lines of files, and of the files in folders."""
    given = [(root / path).resolve() for path in paths]
    files = [file for path in given for file in ([path] if path.is_file() else sorted(path.rglob("*.py")))]
    lines = {file: range(1, file.read_bytes().count(b"\n") + 2) for file in files if file.suffix == ".py"}
    return {file.relative_to(root.resolve()): every for file, every in lines.items()}


def _git(root: Path, *arguments: str) -> list[str]:
    done = subprocess.run(["git", *arguments], cwd=root, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"mutants: git {arguments[0]}: {done.stderr.strip()}")
    return done.stdout.splitlines()


def tests_of(root: Path, path: Path) -> list[str]:
    """The tests of a file: those that are called like it, then all others of their folder, then those of bad input."""
    *folders, stem = path.with_suffix("").parts[path.parts[0] == "ha_patterns" :]
    folder = root / "tests"
    while folders and (folder / folders[0]).is_dir():
        folder /= folders.pop(0)
    names = ["_".join([*folders, stem]), stem, *folders[-1:]]
    found = [file for name in names for file in sorted(folder.glob(f"test_{name}*.py"))]
    found += sorted(folder.glob("test_*.py") if folder == root / "tests" else folder.rglob("test_*.py"))
    found += sorted((root / "tests").glob("test_bad_input*.py"))
    return list(dict.fromkeys(str(file.relative_to(root)) for file in found))


class Trees:
    """Copies of the working tree, in which tests are run."""

    def __init__(self, root: Path, folder: Path) -> None:
        self._free: queue.Queue[Path] = queue.Queue()
        files = _git(root, "ls-files", "--cached", "--others", "--exclude-standard")
        for tree in (folder / str(number) for number in range(PROCESSES)):
            for file in files:
                if (root / file).is_file():
                    (tree / file).parent.mkdir(parents=True, exist_ok=True)
                    shutil.copy2(root / file, tree / file)
            self._free.put(tree)

    def fails(self, tests: Sequence[str], seconds: float | None, path: Path, source: bytes) -> bool:
        """Whether a test fails, or takes too long, with other source in a file."""
        tree = self._free.get()
        before = (tree / path).read_bytes()
        (tree / path).write_bytes(source)
        command = [sys.executable, "-B", "-m", "pytest", *_PYTEST, *tests]
        environment = {**os.environ, "HYPOTHESIS_PROFILE": "brief", "PYTHONPATH": str(tree)}
        try:
            with process_group(command, cwd=tree, env=environment, stdout=_NULL, stderr=_NULL) as process:
                return process.wait(seconds) != 0
        except subprocess.TimeoutExpired:
            return True
        finally:
            (tree / path).write_bytes(before)
            self._free.put(tree)


def survivors(root: Path, mutants: Sequence[Mutant]) -> Iterator[Mutant]:
    """The mutants that no test fails with."""
    tests = {path: tests_of(root, path) for path in {mutant.path for mutant in mutants}}
    path_of = {frozenset(names): path for path, names in tests.items() if names}
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder, ThreadPoolExecutor(PROCESSES) as pool:
        trees = Trees(root, Path(folder))

        def longest(path: Path) -> float:
            start = time.monotonic()
            if trees.fails(tests[path], None, path, (root / path).read_bytes()):
                sys.exit(f"mutants: tests fail without a mutant: pytest {' '.join(tests[path])}")
            return 30 + 3 * (time.monotonic() - start)

        limits = dict(zip(path_of, pool.map(longest, path_of.values()), strict=True))

        def survives(mutant: Mutant) -> bool:
            names = tests[mutant.path]
            limit = limits.get(frozenset(names))
            return limit is None or not trees.fails(names, limit, mutant.path, mutant.source)

        yield from (mutant for mutant, lives in zip(mutants, pool.map(survives, mutants), strict=True) if lives)


def main(arguments: Sequence[str] | None = None, root: Path = ROOT) -> int:
    """Print the survivors; exit status 1 below the bar."""
    parser = argparse.ArgumentParser(prog="tools.mutants", description=__doc__.partition("\n")[0])
    parser.add_argument("paths", nargs="*", type=Path, metavar="PATH")
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args(arguments)
    files = whole(root, given.paths) if given.paths else touched(root)
    found = [one for path, lines in files.items() for one in mutants_of(path, (root / path).read_bytes(), lines)]
    chosen = random.Random(given.seed).sample(found, min(given.count, len(found)))  # noqa: S311 - to be repeated
    print(f"{len(chosen)} of {len(found)} mutants, seed {given.seed}", flush=True)
    lived = 0
    for mutant in survivors(root, chosen):
        lived += 1
        print(f"survived: {mutant.path}:{mutant.line}: {mutant.fault}", flush=True)
    print(f"{len(chosen) - lived} of {len(chosen)} killed; the bar is {BAR} %")
    return int(100 * (len(chosen) - lived) < BAR * len(chosen))


if __name__ == "__main__":
    sys.exit(main())
