"""A report for a person at a terminal, by resource."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from itertools import groupby

from ...command_line.paint import Paint
from ...topology import Place
from ..places import dotted
from ..rule import Severity
from ..run import Finding
from . import Result

_COLORS = {Severity.ERROR: "31;1", Severity.WARNING: "33;1", Severity.NOTE: "36"}
_WIDTH = 100
# What says where requests go; a template without any of it has nothing to check.
_EDGE = ("AWS::CloudFront::", "AWS::Route53", "AWS::GlobalAccelerator::")


def render(result: Result) -> str:
    """The report."""
    paint = Paint(on=result.colors)
    return paint.lines(_lines(result, paint))


def _lines(result: Result, paint: Paint) -> Iterator[str]:
    for _, group in groupby(result.shown, key=lambda finding: finding.place.id):
        findings = list(group)
        yield from _resource(result, findings, paint)
        yield ""
    if result.verbose:
        yield from _more(result)
    yield _summary(result)


def _resource(result: Result, findings: list[Finding], paint: Paint) -> Iterator[str]:
    place = findings[0].place
    yield f"{paint('1', place.name)}  {place.resource_type}"
    yield f"  {_where(place)}, {place.stack.template}"
    for finding in findings:
        rule, severity = finding.rule, finding.rule.severity
        line = result.lines(finding.place)
        at = dotted(finding.place.path) or place.logical_id
        yield f"  {paint(_COLORS[severity], severity.word)} {rule.id} {rule.title}"
        yield from _wrapped(finding.message)
        yield f"    at {at}{'' if line is None else f', line {line}'}"
        yield from _wrapped(f"mend: {rule.remedy}")


def _where(place: Place) -> str:
    region = place.stack.region if isinstance(place.stack.region, str) else "Region not told"
    return f"{place.logical_id} in {place.stack.id} ({region})"


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, _WIDTH, initial_indent="    ", subsequent_indent="      ", break_on_hyphens=False)


def _more(result: Result) -> Iterator[str]:
    for finding in result.report.acknowledged:
        yield f"acknowledged: {finding.rule.id} {finding.place.name}: {finding.reason}"
    for rule, told in result.report.cannot_tell:
        yield f"{rule.id} {told.place.name}: {told.message}"
    for resource, why in result.topology.not_expanded.items():
        yield f"not expanded: {resource}: {why}"
    for entry in result.outdated:
        yield f"in the baseline, and found no more: {entry}"


def _summary(result: Result) -> str:
    counts = result.topology.counts
    resources, stacks = sum(counts.values()), len(result.topology.stacks)
    of = f"{_many(stacks, 'stack')} with {_many(resources, 'resource')}"
    if result.stacks:
        of = f"{', '.join(result.stacks)} ({of} read)"
    beside = [
        f"{len(result.report.acknowledged)} acknowledged" if result.report.acknowledged else "",
        f"{result.known} in the baseline" if result.known else "",
        f"{len(result.outdated)} in the baseline and found no more" if result.outdated else "",
        f"{len(result.report.cannot_tell)} cannot be told" if result.report.cannot_tell and result.verbose else "",
    ]
    behind = "".join(f", {text}" for text in beside if text)
    if result.shown:
        found = [
            _many(result.count(severity), severity.word) for severity in reversed(Severity) if result.count(severity)
        ]
        return f"{', '.join(found)} in {of}{behind}"
    if not any(name.startswith(_EDGE) for name in counts):
        return f"nothing to check: no CloudFront, Route 53 or Global Accelerator in {of}"
    return f"clean: {_many(result.rules, 'rule')}, {of}{behind}"


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
