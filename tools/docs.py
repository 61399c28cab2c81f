"""What is generated of the documents: parts of the README and of other pages, and a page for each pattern.

``python -m tools.docs`` writes them all, which needs a synth of every reference stack; ``python -m tools.docs checks``
writes the page of the checks alone, in a moment, ``drill`` that of the drill, and ``schema`` the schemas of scenario
files and reports of the drill. A test fails if one is stale.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from ha_patterns.catalog import CATALOG

from . import docs_checks, docs_drill, docs_patterns, drill_report_schema, drill_schema
from .docs_constructs import construct_table
from .docs_patterns import Assembly

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
CHECKS = ROOT / "docs" / "checks.md"
DRILL = ROOT / docs_drill.PAGE
PATTERNS = ROOT / docs_patterns.FOLDER


def pattern_table() -> str:
    """Which pattern when, and how fast it recovers."""
    rows = [
        (
            "pattern",
            "when",
            "methods",
            "users are served again",
            "if the origin is gone, within",
            "if it still answers",
            "recovery needs",
        ),
        ("---",) * 7,
    ]
    rows += [
        (
            f"[`{pattern.name}`]({docs_patterns.FOLDER}/{pattern.name}.md)",
            pattern.when,
            pattern.methods,
            pattern.failover,
            pattern.within,
            pattern.still_answers or "-",
            pattern.recovery_needs or "nothing",
        )
        for pattern in CATALOG
    ]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


Sections = Mapping[str, Callable[[], str]]


def sections(assembly: Assembly) -> Sections:
    """What makes each generated part of the README."""
    return {
        "diagram": lambda: docs_patterns.diagram(assembly, "hybrid-failover"),
        "patterns": pattern_table,
        "drills": lambda: docs_drill.drills(assembly),
        "constructs": construct_table,
    }


def rendered(text: str, parts: Sections) -> str:
    """A page with its generated sections as they must be."""
    for name, render in parts.items():
        begin, end = f"<!-- generated: {name} -->", f"<!-- end: {name} -->"
        section = re.compile(f"{re.escape(begin)}.*{re.escape(end)}", re.DOTALL)
        found = section.search(text)
        if found is None:
            sys.exit(f"docs: a page has no section {begin} ... {end}")
        # Not as a template of re: a picture may have backslashes.
        text = "".join((text[: found.start()], f"{begin}\n{render()}\n{end}", text[found.end() :]))
    return text


def write_checks() -> None:
    """Write the page of the checks."""
    _write(CHECKS, docs_checks.SECTIONS)


def write_drill() -> None:
    """Write the page of the drill."""
    _write(DRILL, docs_drill.SECTIONS)


def write_patterns() -> None:
    """Write the README and the pages of the patterns; those of patterns that are gone go, too."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["cdk", "synth", "--quiet", "--output", folder], cwd=ROOT, check=True)
        assembly = Assembly.of(Path(folder))
        _write(README, sections(assembly))
        pages = docs_patterns.pages(assembly)
    PATTERNS.mkdir(parents=True, exist_ok=True)
    for path in PATTERNS.iterdir():
        if path.name not in pages:
            path.unlink()
    for name, text in pages.items():
        (PATTERNS / name).write_text(text, encoding="utf-8")


def _write(page: Path, parts: Sections) -> None:
    page.write_text(rendered(page.read_text(encoding="utf-8"), parts), encoding="utf-8")


def main(arguments: Sequence[str] | None = None) -> None:
    """Write all pages, or those asked for."""
    parser = argparse.ArgumentParser(prog="python -m tools.docs", description="Write the generated documents.")
    parser.add_argument(
        "what", nargs="?", choices=("checks", "drill", "patterns", "schema"), help="what to write; default: everything"
    )
    what = parser.parse_args(arguments).what
    if what in (None, "checks"):
        write_checks()
    if what in (None, "drill"):
        write_drill()
    if what in (None, "schema"):
        for made in (drill_schema, drill_report_schema):
            made.SCHEMA.write_text(made.rendered(), encoding="utf-8")
    if what in (None, "patterns"):
        write_patterns()


if __name__ == "__main__":
    main()
