"""A warning of a construct and a finding of the checks that say the same are acknowledged together."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk.assertions import Annotations, Match

import ha_patterns
from ha_patterns.cdk.warnings import RULES_OF_WARNINGS
from ha_patterns.checks import RULES, HaChecks, check
from ha_patterns.topology import load

from .samples import dns_failover, latency_routing, new_stack, refused_synth, warnings_of

_OWN = "@ha-patterns/dns-failover:long-ttl"
_RULE = "ha-patterns::HA204"
_LONG = cdk.Duration.seconds(300)
_ROOT = Path(ha_patterns.__file__).parent


def _by_validations(scope: cdk.Stack, name: str) -> None:
    cdk.Validations.of(scope).acknowledge(cdk.Acknowledgment(id=name, reason="resolvers are ours"))


def _by_annotations(scope: cdk.Stack, name: str) -> None:
    cdk.Annotations.of(scope).acknowledge_warning(name)


def _reasons(stack: cdk.Stack) -> dict[str, set[str | None]]:
    """What the checks find of the TTL, and why it is accepted."""
    assembly = cdk.App.of(stack).synth()  # type: ignore[union-attr]
    report = check(load(Path(assembly.directory)), rules=[RULES["HA204"]])
    return {
        "found": {finding.rule.id for finding in report.findings},
        "accepted": {finding.reason for finding in report.acknowledged},
    }


def test_a_warning_tells_the_rule() -> None:
    stack = new_stack()
    dns_failover(stack, ttl=_LONG)

    assert _reasons(stack) == {"found": {"HA204"}, "accepted": set()}
    [warning] = Annotations.from_stack(stack).find_warning("*", Match.any_value())
    assert str(warning.entry.data).endswith(f" [ack: {_RULE}] [ack: {_OWN}]")


@pytest.mark.parametrize("before", [True, False])
@pytest.mark.parametrize(
    ("acknowledge", "name", "reason"),
    [
        (_by_validations, _OWN, "resolvers are ours"),
        (_by_validations, _RULE, "resolvers are ours"),
        (_by_annotations, _OWN, f"The warning {_OWN} is acknowledged."),
    ],
)
def test_either_acknowledgement_silences_both(acknowledge: Any, name: str, reason: str, *, before: bool) -> None:
    stack = new_stack()
    if before:
        acknowledge(stack, name)
    dns_failover(stack, ttl=_LONG)
    if not before:
        acknowledge(stack, name)

    assert _reasons(stack) == {"found": set(), "accepted": {reason}}
    assert warnings_of(stack) == set()


@pytest.mark.parametrize("name", [_OWN, _RULE])
def test_it_may_be_acknowledged_for_the_whole_app(name: str) -> None:
    stack = new_stack()
    app = cdk.App.of(stack)
    assert app is not None
    cdk.Validations.of(app).acknowledge(cdk.Acknowledgment(id=name, reason="resolvers are ours"))
    dns_failover(stack, ttl=_LONG)

    assert _reasons(stack) == {"found": set(), "accepted": {"resolvers are ours"}}
    assert warnings_of(stack) == set()


@pytest.mark.parametrize("name", [_OWN, _RULE])
def test_the_plugin_of_the_checks_takes_either(name: str) -> None:
    stack = new_stack()
    app = cdk.App.of(stack)
    assert app is not None
    cdk.Validations.of(app).add_plugins(HaChecks(select=["HA204"], fail_on=RULES["HA204"].severity))
    dns_failover(stack, ttl=_LONG)

    _by_validations(stack, name)
    app.synth()


def test_the_plugin_finds_what_nobody_acknowledged() -> None:
    stack = new_stack()
    app = cdk.App.of(stack)
    assert app is not None
    cdk.Validations.of(app).add_plugins(HaChecks(select=["HA204"], fail_on=RULES["HA204"].severity))
    dns_failover(stack, ttl=_LONG)

    assert "HA204" in refused_synth(stack)


def test_the_warning_of_another_construct_stays() -> None:
    stack = new_stack()
    pair = dns_failover(stack, ttl=_LONG)
    latency_routing(stack, hosted_zone=pair.hosted_zone, ttl=_LONG)
    cdk.Validations.of(pair).acknowledge(cdk.Acknowledgment(id=_RULE, reason="resolvers are ours"))

    assert _reasons(stack) == {"found": {"HA204"}, "accepted": {"resolvers are ours"}}
    assert warnings_of(stack) == {("/Test/Api", "@ha-patterns/latency-routing:long-ttl")}


def _given_ids() -> set[str]:
    """The ids of all warnings, with a ``?`` for what is filled in."""
    found = set()
    for path in _ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "warn":
                given = node.args[1]
                parts = given.values if isinstance(given, ast.JoinedStr) else [given]
                found.add("".join(str(part.value) if isinstance(part, ast.Constant) else "?" for part in parts))
    return found


def test_each_warning_of_the_table_is_given_and_each_rule_exists() -> None:
    given = _given_ids()

    for warning, rules in RULES_OF_WARNINGS.items():
        first, _, last = warning.partition(":")
        assert given & {warning, f"?:{last}", f"{first}:?"}, warning
        assert set(rules) <= RULES.keys()
