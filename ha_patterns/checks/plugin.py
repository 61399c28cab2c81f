"""The checks as a validation plugin of the CDK: what will not fail over ends the synth."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import jsii
from aws_cdk import (
    Duration,
    IPolicyValidationContext,
    IPolicyValidationPlugin,
    PolicyValidationPluginReport,
    PolicyViolatingResource,
    PolicyViolation,
    Stack,
)
from constructs import IConstruct

from .._version import __version__
from ..cdk.typed import check_typed
from ..cdk.validation import check_seconds, refusal, total_seconds
from ..topology import StackTemplate, load_stacks
from .acknowledgements import NAME
from .places import dotted
from .rule import Objectives, Severity
from .rules import RULES, matching
from .run import Finding, check


@jsii.implements(IPolicyValidationPlugin)
class HaChecks:
    """Judges all stacks of an app at synth, and ends it where something will not fail over.

    >>> import aws_cdk as cdk
    >>> from ha_patterns.checks import HaChecks
    >>> app = cdk.App()
    >>> cdk.Validations.of(app).add_plugins(HaChecks(recovery_time_objective=cdk.Duration.minutes(2)))

    What is accepted is acknowledged in the CDK's own way, for a construct and all below it:

    >>> cdk.Validations.of(app).acknowledge(
    ...     cdk.Acknowledgment(id="ha-patterns::HA304", reason="one Region is what this application is for")
    ... )

    Args:
        recovery_time_objective: How long recovery may take at most, 1 second or more; what takes longer is found as
            HA401. Default: not asked.
        select: Only these rules, by id or the start of ids such as ``HA2``. Default: all.
        ignore: Not these rules. Default: none.
        fail_on: The least severity that ends the synth; what is below is told. Notes are told by
            ``ha-patterns check --verbose`` only. Default ``Severity.ERROR``.

    Raises:
        ValueError: A rule that there is not; an objective of less than a second.

    See https://docs.aws.amazon.com/cdk/v2/guide/policy-validation-synthesis.html
    """

    def __init__(
        self,
        *,
        recovery_time_objective: Duration | None = None,
        select: Sequence[str] = (),
        ignore: Sequence[str] = (),
        fail_on: Severity = Severity.ERROR,
    ) -> None:
        objective = None
        if recovery_time_objective is not None:
            check_seconds("recovery_time_objective", recovery_time_objective, 1, 10**6, "it is a time to recover in")
            objective = total_seconds("recovery_time_objective", recovery_time_objective)
        self._objectives = Objectives(recovery_seconds=objective)
        wanted = _named("select", select) if select else set(RULES)
        chosen = wanted - _named("ignore", ignore)
        self._fail_on = fail_on
        least = min(fail_on, Severity.WARNING)
        self._rules = [rule for rule_id, rule in RULES.items() if rule_id in chosen and rule.severity >= least]

    @property
    def name(self) -> str:
        """What acknowledgements have before the rule's id."""
        return NAME

    @property
    def version(self) -> str:
        """The library's."""
        return __version__

    @property
    def rule_ids(self) -> list[str]:
        """The rules that are asked."""
        return [rule.id for rule in self._rules]

    def validate(self, context: IPolicyValidationContext) -> PolicyValidationPluginReport:
        """Called by the CDK when all templates are written."""
        topology = load_stacks(_templates(context))
        report = check(topology, rules=self._rules, objectives=self._objectives)
        worst = report.worst()
        return PolicyValidationPluginReport(
            plugin_version=__version__,
            success=worst is None or worst < self._fail_on,
            violations=list(_violations(report.findings)),
        )


def _named(argument: str, names: Sequence[str]) -> set[str]:
    check_typed(argument, names, Sequence[str])
    found: set[str] = set()
    for name in names:
        named = matching(name)
        if not named:
            raise refusal(argument, "ids of rules, or their starts", name, "see ha-patterns check --explain all")
        found |= named
    return found


def _templates(context: IPolicyValidationContext) -> Iterable[StackTemplate]:
    """The stacks as the app has them: a template does not tell its stack's name."""
    stacks = {stack.node.path: stack for stack in _stacks(context.app_construct)}
    for told in context.stack_templates:
        stack = stacks[told.stack_construct_path]
        # A nested stack is read with its parent, which gives it its parameters.
        if stack.nested_stack_parent is None:
            yield StackTemplate(
                path=Path(told.template_path),
                id=told.stack_construct_path,
                name=stack.stack_name,
                account=told.account_id,
                region=told.region,
            )


def _stacks(scope: IConstruct) -> Iterable[Stack]:
    children: list[Any] = scope.node.find_all()
    return (construct for construct in children if isinstance(construct, Stack))


def _violations(findings: Sequence[Finding]) -> Iterable[PolicyViolation]:
    """What a rule says of one resource or of several alike is one violation: the CDK tells it of each of them."""

    def told(finding: Finding) -> tuple[str, str]:
        return finding.rule.id, finding.message

    for _, group in groupby(sorted(findings, key=told), key=told):
        found = list(group)
        rule = found[0].rule
        yield PolicyViolation(
            rule_name=rule.id,
            description=f"{rule.title}: {found[0].message}",
            fix=f"{rule.remedy} See {rule.page}",
            severity=rule.severity.word,
            violating_resources=[
                PolicyViolatingResource(
                    resource_logical_id=finding.place.logical_id,
                    template_path=str(finding.place.stack.template),
                    locations=[dotted(finding.place.path)],
                )
                for finding in found
            ],
        )
