"""The README says what the catalog says."""

from __future__ import annotations

import pytest

from ha_patterns.catalog import CATALOG
from tools import docs


def test_the_readme_is_not_stale() -> None:
    text = docs.README.read_text(encoding="utf-8")

    assert docs.rendered(text) == text, "run make docs"


def test_the_table_has_every_pattern_with_its_time() -> None:
    table = docs.pattern_table()

    for pattern in CATALOG:
        [row] = [line for line in table.splitlines() if line.startswith(f"| `{pattern.name}` ")]
        assert f" | {pattern.within} | {pattern.recovery_needs or 'nothing'} |" in row


def test_a_page_that_lost_its_section_is_told() -> None:
    with pytest.raises(SystemExit, match="generated: patterns"):
        docs.rendered("# a page without it")
