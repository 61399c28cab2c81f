"""The parts of the README that are generated: the table of patterns, from the catalog.

``python -m tools.docs`` writes them; a test fails where they are stale.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from ha_patterns.catalog import CATALOG

README = Path(__file__).resolve().parent.parent / "README.md"


def pattern_table() -> str:
    """Which pattern when, and how fast it recovers."""
    rows = [("pattern", "when", "methods", "users are served again", "within", "recovery needs"), ("---",) * 6]
    rows += [
        (
            f"`{pattern.name}`",
            pattern.when,
            pattern.methods,
            pattern.failover,
            pattern.within,
            pattern.recovery_needs or "nothing",
        )
        for pattern in CATALOG
    ]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


SECTIONS = {"patterns": pattern_table}


def rendered(text: str) -> str:
    """A page with its generated sections as they must be."""
    for name, render in SECTIONS.items():
        begin, end = f"<!-- generated: {name} -->", f"<!-- end: {name} -->"
        section = re.compile(f"{re.escape(begin)}.*{re.escape(end)}", re.DOTALL)
        if not section.search(text):
            sys.exit(f"docs: {README.name} has no section {begin} ... {end}")
        text = section.sub(f"{begin}\n{render()}\n{end}", text)
    return text


def main() -> None:
    """Write the README."""
    README.write_text(rendered(README.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
