"""What a routing control is for: a Region or a side of a failover pair, as a plan or its own name tells."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..aws.regions import PLACES
from ..topology.model import ExecutionBlock, HealthCheck, Record, RegionSwitchPlan, RoutingControl, RoutingControlBlock
from ..topology.topology import Topology
from .probing import leaves

_REGION = re.compile(r"(?<![a-z])[a-z]{2}(?:-[a-z]+)+-[0-9](?![0-9])")
_WORD = re.compile(r"[a-z]+")
_SIDES = {"primary": "PRIMARY", "secondary": "SECONDARY", "standby": "SECONDARY"}
# What a plan sets a control to that is for the Region which is switched.
_STATES = {"activate": "On", "deactivate": "Off"}


def followed(record: Record) -> list[RoutingControl]:
    """The routing controls whose health checks a record follows, so that each one that is off may take it out."""
    checks = [check for check, inverted in leaves(record.health_check) if inverted is False]
    return [
        check.control
        for check in checks
        if isinstance(check, HealthCheck) and isinstance(check.control, RoutingControl)
    ]


def regions_of_controls(topology: Topology) -> dict[RoutingControl, str]:
    """The Region that a routing control is for, by a plan of Region switch or else by its name; unknown ones not."""
    planned: dict[RoutingControl, set[str]] = {}
    for plan in topology.of(RegionSwitchPlan):
        for workflow in plan.workflows:
            state = _STATES.get(str(workflow.action))
            for block in _all(workflow.blocks):
                for change in block.changes if isinstance(block, RoutingControlBlock) else ():
                    if isinstance(change.control, RoutingControl) and change.state == state:
                        planned.setdefault(change.control, set()).add(change.region)
    found: dict[RoutingControl, str] = {}
    for control in topology.of(RoutingControl):
        told = planned.get(control) or _regions_in(control)
        if len(told) == 1:
            found[control] = next(iter(told))
    return found


def side_of(control: RoutingControl) -> str | None:
    """The side of a failover pair that a routing control is for by its name; None if it does not tell one."""
    words = _WORD.findall(control.name.lower()) if isinstance(control.name, str) else []
    told = {_SIDES[word] for word in words if word in _SIDES}
    return told.pop() if len(told) == 1 else None


def _regions_in(control: RoutingControl) -> set[str]:
    name = control.name.lower() if isinstance(control.name, str) else ""
    return {region for region in _REGION.findall(name) if region in PLACES}


def _all(blocks: tuple[ExecutionBlock, ...]) -> Iterator[ExecutionBlock]:
    for block in blocks:
        yield block
        yield from _all(block.blocks)
