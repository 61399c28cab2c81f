"""The README and the pages of the patterns say what the catalog and the templates say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ha_patterns.catalog import CATALOG
from tools import docs, docs_patterns


@pytest.fixture(scope="module")
def assembly(validated_assembly: Path) -> docs_patterns.Assembly:
    return docs_patterns.Assembly.of(validated_assembly)


def test_the_readme_is_not_stale(assembly: docs_patterns.Assembly) -> None:
    text = docs.README.read_text(encoding="utf-8")

    assert docs.rendered(text, docs.sections(assembly)) == text, "run make docs"


def test_the_pages_of_the_patterns_are_not_stale(assembly: docs_patterns.Assembly) -> None:
    written = {path.name: path.read_text(encoding="utf-8") for path in docs.PATTERNS.iterdir()}

    assert docs_patterns.pages(assembly) == written, "run make docs"


def test_no_page_has_the_hash_of_an_asset(assembly: docs_patterns.Assembly) -> None:
    pages = docs_patterns.pages(assembly)

    assert [name for name, text in pages.items() if re.search("[0-9a-f]{32}", text)] == []


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
