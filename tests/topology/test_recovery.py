"""Routing controls, their panels, and the rules that their changes must keep to."""

from __future__ import annotations

from ha_patterns.topology.model import ControlPanel, RoutingControl, SafetyRule
from ha_patterns.topology.values import Unresolved

from .loading import get_att, load_resources, only, ref, resource

_ARC = "Route53RecoveryControl"
_RESOURCES = {
    "Panel": resource(f"{_ARC}::ControlPanel", Name="panel"),
    "One": resource(f"{_ARC}::RoutingControl", Name="one", ControlPanelArn=get_att("Panel", "ControlPanelArn")),
    "Two": resource(f"{_ARC}::RoutingControl", Name="two"),
}
_CONFIG = {"Type": "ATLEAST", "Threshold": 1, "Inverted": False}


def test_an_assertion_rule_has_its_controls() -> None:
    rule = resource(
        f"{_ARC}::SafetyRule",
        ControlPanelArn=ref("Panel"),
        AssertionRule={"AssertedControls": [ref("One"), ref("Two"), "gone"], "WaitPeriodMs": 5000},
        RuleConfig=_CONFIG,
    )
    topology = load_resources({**_RESOURCES, "Rule": rule})
    found = only(topology, SafetyRule)

    assert (found.kind, found.rule_type, found.threshold, found.inverted) == ("assertion", "ATLEAST", 1, False)
    assert found.wait_period == 5000
    assert [RoutingControl, RoutingControl, Unresolved] == [type(control) for control in found.controls]
    assert found.panel is only(topology, ControlPanel)


def test_a_gating_rule_has_the_controls_that_it_guards() -> None:
    gating = {"GatingControls": [ref("One")], "TargetControls": [ref("Two")], "WaitPeriodMs": 1}
    rule = resource(f"{_ARC}::SafetyRule", GatingRule=gating, RuleConfig={**_CONFIG, "Inverted": "true"})
    found = only(load_resources({**_RESOURCES, "Rule": rule}), SafetyRule)

    assert (found.kind, found.inverted, found.panel) == ("gating", True, None)
    assert [control.name for control in found.controls if isinstance(control, RoutingControl)] == ["two"]


def test_a_control_has_its_panel() -> None:
    one, two = load_resources(_RESOURCES).of(RoutingControl)

    assert isinstance(one.panel, ControlPanel)
    assert two.panel is None
