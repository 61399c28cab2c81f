"""Application Recovery Controller: routing controls and what their changes must keep to."""

from __future__ import annotations

from collections.abc import Mapping

from ..model import ControlPanel, RoutingControl, SafetyRule
from ..reader import Read, Reader, Resource


def _panel(_reader: Reader, resource: Resource) -> ControlPanel:
    return ControlPanel(name=resource.properties["Name"].text(), **resource.head())


def _control(reader: Reader, resource: Resource) -> RoutingControl:
    properties = resource.properties
    return RoutingControl(
        name=properties["Name"].text(),
        panel=reader.link(properties["ControlPanelArn"].text(), ControlPanel),
        **resource.head(),
    )


def _safety_rule(reader: Reader, resource: Resource) -> SafetyRule:
    properties = resource.properties
    gating = bool(properties["GatingRule"])
    rule = properties["GatingRule"] if gating else properties["AssertionRule"]
    controls = rule["TargetControls"] if gating else rule["AssertedControls"]
    config = properties["RuleConfig"]
    return SafetyRule(
        kind="gating" if gating else "assertion",
        panel=reader.link(properties["ControlPanelArn"].text(), ControlPanel),
        controls=reader.links(controls.texts(), RoutingControl),
        gates=reader.links(rule["GatingControls"].texts(), RoutingControl),
        rule_type=config["Type"].text(),
        threshold=config["Threshold"].whole(),
        inverted=config["Inverted"].flag(),
        wait_period=rule["WaitPeriodMs"].whole(),
        **resource.head(),
    )


READERS: Mapping[str, Read] = {
    "AWS::Route53RecoveryControl::ControlPanel": _panel,
    "AWS::Route53RecoveryControl::RoutingControl": _control,
    "AWS::Route53RecoveryControl::SafetyRule": _safety_rule,
}
