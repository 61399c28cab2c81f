"""The README says what the catalog says; tests/stacks compares the pages with what is synthesized."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ha_patterns.catalog import CATALOG
from ha_patterns.checks import RULES
from tools import docs, docs_checks, docs_drill


def test_the_table_has_every_pattern_with_its_time_and_its_page() -> None:
    table = docs.pattern_table()

    for pattern in CATALOG:
        start = f"| [`{pattern.name}`](docs/patterns/{pattern.name}.md) "
        [row] = [line for line in table.splitlines() if line.startswith(start)]
        assert f" | {pattern.within} | {pattern.still_answers or '-'} | {pattern.recovery_needs or 'nothing'} |" in row
        page = (docs.ROOT / "docs" / "patterns" / f"{pattern.name}.md").read_text(encoding="utf-8")
        assert (f"| if the origin is gone | within {pattern.within} |" in page) is (
            pattern.failover_seconds is not None
        )
        assert bool(pattern.still_answers) is (pattern.failover_seconds is not None)
        assert f"| if it still answers | {pattern.still_answers} |" in page or not pattern.still_answers


def test_a_page_that_lost_its_section_is_told() -> None:
    with pytest.raises(SystemExit, match="generated: patterns"):
        docs.rendered("# a page without it", {"patterns": docs.pattern_table})


def test_the_page_of_the_checks_says_what_the_rules_say() -> None:
    page = docs.CHECKS.read_text(encoding="utf-8")

    assert docs.rendered(page, docs_checks.SECTIONS) == page, "run make docs ARGS=checks"
    for rule in RULES.values():
        assert f"| [{rule.id}](#{rule.id.lower()}) | {rule.severity.word} | {rule.title} |" in page
        assert rule.remedy in page


def test_the_page_of_the_checks_is_written_without_a_synth(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = tmp_path / "checks.md"
    reviewed = docs.CHECKS.read_text(encoding="utf-8")
    page.write_text(reviewed.replace("HA001", "HA000"), encoding="utf-8")
    monkeypatch.setattr(docs, "CHECKS", page)
    monkeypatch.setattr(docs, "write_patterns", lambda: pytest.fail("the reference stacks were synthesized"))

    docs.main(["checks"])

    assert page.read_text(encoding="utf-8") == reviewed


def test_the_page_of_the_drill_says_what_is_played_and_assumed() -> None:
    page = docs.DRILL.read_text(encoding="utf-8")

    assert docs.rendered(page, docs_drill.SECTIONS) == page, "run make docs ARGS=drill"


def test_every_link_of_the_pages_leads_to_a_file() -> None:
    top = [docs.ROOT / name for name in ("ARCHITECTURE.md", "CONTRIBUTING.md")]
    pages = [docs.README, docs.CHECKS, docs.DRILL, *top, *docs.PATTERNS.glob("*.md")]
    links = [
        (page, target) for page in pages for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8"))
    ]
    assert {page for page, _ in links} == set(pages)
    for page, target in links:
        assert (page.parent / target).is_file(), f"{page.name}: {target}"
