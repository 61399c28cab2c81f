"""Rules, run over a topology."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from ..topology.model import Place, Thing
from ..topology.topology import Topology
from .acknowledgements import Acknowledgements
from .rule import CannotTell, Context, Objectives, Problem, Rule, Severity
from .rules import RULES


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What a rule has found.

    Attributes:
        rule: The rule.
        place: The resource and the property.
        message: What is wrong, with the value.
        reason: Why the owner accepts it; None where nobody has said.
    """

    rule: Rule
    place: Place
    message: str
    reason: str | None = None

    def __str__(self) -> str:
        return f"{self.rule.severity.word} {self.rule.id} at {self.place.name}: {self.message}"

    __repr__ = __str__


@dataclass(frozen=True, kw_only=True)
class Report:
    """What the rules say of a topology, by stack, resource and rule.

    Attributes:
        findings: What is wrong and not acknowledged.
        acknowledged: What is wrong and acknowledged, with the reason.
        cannot_tell: What some rule would have to know, by rule.
    """

    findings: tuple[Finding, ...]
    acknowledged: tuple[Finding, ...]
    cannot_tell: tuple[tuple[Rule, CannotTell], ...]

    def worst(self) -> Severity | None:
        """The severity of the worst finding; None where there is none."""
        return max((finding.rule.severity for finding in self.findings), default=None)

    def at_least(self, severity: Severity) -> tuple[Finding, ...]:
        """The findings of a severity or a worse one.

        Example::

            assert check(topology).at_least(Severity.WARNING) == ()
        """
        return tuple(finding for finding in self.findings if finding.rule.severity >= severity)

    def in_stacks(self, names: Iterable[str]) -> Report:
        """What is said of some stacks, and of those that are nested in them.

        Args:
            names: Their names, or patterns such as ``web-*``.
        """
        names = tuple(names)

        def named(place: Place) -> bool:
            return any(place.stack.matches(name) for name in names)

        return Report(
            findings=tuple(one for one in self.findings if named(one.place)),
            acknowledged=tuple(one for one in self.acknowledged if named(one.place)),
            cannot_tell=tuple((rule, told) for rule, told in self.cannot_tell if named(told.place)),
        )


def check(
    topology: Topology,
    *,
    rules: Collection[Rule] | None = None,
    objectives: Objectives | None = None,
    acknowledgements: Acknowledgements | None = None,
) -> Report:
    """What the rules say of a topology.

    Args:
        topology: It.
        rules: Default: all.
        objectives: What the owner demands. Default: nothing beyond the rules.
        acknowledgements: Finds what is accepted. Default: what the templates and the CDK's files beside them say.
    """
    context = Context(topology=topology, objectives=objectives or Objectives())
    acknowledgements = acknowledgements or Acknowledgements()
    findings: list[Finding] = []
    acknowledged: list[Finding] = []
    cannot_tell: list[tuple[Rule, CannotTell]] = []
    order = {stack.id: index for index, stack in enumerate(topology.stacks)}
    for rule in RULES.values() if rules is None else rules:
        for thing in _looked_at(rule, topology):
            for verdict in rule.judge(thing, context):
                if not isinstance(verdict, Problem):
                    cannot_tell.append((rule, verdict))
                    continue
                reason = acknowledgements.reason(rule.id, verdict.place)
                found = Finding(rule=rule, place=verdict.place, message=verdict.message, reason=reason)
                (findings if reason is None else acknowledged).append(found)

    def place(found: Finding) -> tuple[int, str, str]:
        return order[found.place.stack.id], found.place.logical_id, found.rule.id

    return Report(
        findings=tuple(sorted(findings, key=place)),
        acknowledged=tuple(sorted(acknowledged, key=place)),
        cannot_tell=tuple(cannot_tell),
    )


def _looked_at(rule: Rule, topology: Topology) -> Iterator[Thing | Topology]:
    if issubclass(rule.kind, Topology):
        yield topology
    else:
        yield from topology.of(rule.kind)
