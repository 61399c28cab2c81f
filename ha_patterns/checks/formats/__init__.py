"""A report as people and tools read it, a module for each format."""

from __future__ import annotations

from dataclasses import dataclass

from ...topology import Topology
from ..places import Lines
from ..rule import Severity
from ..run import Finding, Report


@dataclass(frozen=True, kw_only=True)
class Result:
    """What is to be told.

    Attributes:
        report: What the rules say.
        topology: Of what.
        lines: Where it stands in the files.
        shown: The findings that are told, notes among them where they are asked for.
        known: How many findings the baseline has.
        outdated: What the baseline has and no rule finds any more.
        verbose: Whether to tell what cannot be told, and what is acknowledged.
        rules: How many rules were asked.
        stacks: The names of the stacks that are told of; empty for all.
        colors: Whether a terminal may show it.
    """

    report: Report
    topology: Topology
    lines: Lines
    shown: tuple[Finding, ...]
    known: int
    outdated: tuple[str, ...]
    verbose: bool
    rules: int
    stacks: tuple[str, ...]
    colors: bool

    def count(self, severity: Severity) -> int:
        """How many findings of a severity are told."""
        return sum(finding.rule.severity is severity for finding in self.shown)
