"""Reads and flips routing controls at the five endpoints of their cluster, of which any may be down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .endpoints import Endpoint, Endpoints
from .endpoints import stack_outputs as outputs_of

# What the whole cluster has decided.
_FINAL = {
    "AccessDeniedException": "",
    "ConflictException": "A safety rule that must not stop this is named with --override-safety-rule ARN.",
    "ResourceNotFoundException": "",
    "ServiceLimitExceededException": "",
    "ValidationException": "",
}


@dataclass(frozen=True)
class Control:
    """A routing control and its state, as one endpoint knows it."""

    arn: str
    name: str
    state: str
    panel: str
    panel_arn: str


class Cluster:
    """A cluster, asked at any of its endpoints.

    Args:
        endpoints: All five, or as many as are known.
    """

    def __init__(self, endpoints: Sequence[Endpoint]) -> None:
        self._endpoints = Endpoints("route53-recovery-cluster", endpoints, of="the cluster", final=_FINAL)

    def controls(self, panel_arn: str | None = None) -> list[Control]:
        """The routing controls of a control panel. Default: of the whole cluster.

        Raises:
            OperationError: It was refused, or no endpoint answered.
        """
        asked = {"ControlPanelArn": panel_arn} if panel_arn else {}
        found: list[Control] = []
        token: dict[str, str] = {}
        while True:
            page = self._endpoints.ask("list_routing_controls", {**asked, **token})
            found += [
                Control(
                    one["RoutingControlArn"],
                    one["RoutingControlName"],
                    one["RoutingControlState"],
                    one.get("ControlPanelName", ""),
                    one["ControlPanelArn"],
                )
                for one in page["RoutingControls"]
            ]
            if not page.get("NextToken"):
                return sorted(found, key=lambda control: (control.panel, control.name))
            token = {"NextToken": page["NextToken"]}

    def flip(self, states: Mapping[str, str], override: Sequence[str] = ()) -> None:
        """Set the states of controls, by ARN, in one transaction: all of them or none.

        Args:
            states: On or Off, by ARN.
            override: The ARNs of safety rules that must not stop it.

        Raises:
            OperationError: It was refused, by a safety rule for one, or no endpoint answered.
        """
        entries = [{"RoutingControlArn": arn, "RoutingControlState": state} for arn, state in states.items()]
        given: dict[str, Any] = {"UpdateRoutingControlStateEntries": entries}
        if override:
            given["SafetyRulesToOverride"] = list(override)
        self._endpoints.ask("update_routing_control_states", given, changes=True)


def stack_outputs(stack: str, region: str) -> tuple[list[Endpoint], str]:
    """The endpoints and the control panel in the outputs of a stack that has ``RoutingControls``.

    CloudFormation is a control plane: read them before an outage, and keep them.

    Raises:
        OperationError: CloudFormation cannot be asked, has no such stack, or the stack has no such outputs.
    """
    names = ("RoutingControlEndpoints", "RoutingControlPanel")
    endpoints, panel = outputs_of(stack, region, names, instead="--endpoint and --control-panel")
    return [Endpoint.parse(part) for part in endpoints.split(",")], panel


def named(controls: Sequence[Control], names: Sequence[str]) -> list[Control]:
    """The controls of these names, in their order.

    Raises:
        ValueError: A name that none has, or that several control panels have.
    """
    chosen = []
    for name in names:
        found = [control for control in controls if control.name == name]
        if not found:
            known = ", ".join(sorted({control.name for control in controls})) or "none"
            raise ValueError(f"no routing control is named {name!r}; there are: {known}")
        if len(found) > 1:
            panels = ", ".join(control.panel_arn for control in found)
            raise ValueError(f"several control panels have a control {name!r}; give --control-panel, one of {panels}")
        chosen += found
    return chosen
