"""The README says what the catalog says; tests/stacks compares the pages with what is synthesized."""

from __future__ import annotations

import pytest

from ha_patterns.catalog import CATALOG
from tools import docs


def test_the_table_has_every_pattern_with_its_time_and_its_page() -> None:
    table = docs.pattern_table()

    for pattern in CATALOG:
        start = f"| [`{pattern.name}`](docs/patterns/{pattern.name}.md) "
        [row] = [line for line in table.splitlines() if line.startswith(start)]
        assert f" | {pattern.within} | {pattern.recovery_needs or 'nothing'} |" in row
        assert (docs.ROOT / "docs" / "patterns" / f"{pattern.name}.md").is_file()


def test_a_page_that_lost_its_section_is_told() -> None:
    with pytest.raises(SystemExit, match="generated: patterns"):
        docs.rendered("# a page without it", {"patterns": docs.pattern_table})
