"""The commands ``ha-patterns routing-control get`` and ``set``: the states of routing controls, and their flips."""

from __future__ import annotations

import argparse
from types import ModuleType
from typing import Any

from ..command_line.frame import OK, CommandError
from .command_line import assignments, operating

_STATES = {state.lower(): state for state in ("On", "Off")}


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the commands to ``ha-patterns routing-control``."""
    parser.description = "Read and flip routing controls through the data plane of their cluster."
    verbs = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    get = verbs.add_parser("get", help="their states", description="Print NAME=STATE of each, and its control panel.")
    flip = verbs.add_parser(
        "set", help="flip them, all at once", description="Set states in one transaction: all of them or none."
    )
    flip.add_argument("states", nargs="+", metavar="NAME=On|Off", help="such as primary=Off standby=On")
    for verb in (get, flip):
        verb.add_argument(
            "--endpoint",
            action="append",
            default=[],
            metavar="REGION=URL",
            help="an endpoint of the cluster; give all five, they are tried in random order",
        )
        verb.add_argument("--control-panel", metavar="ARN", help="of the controls (default: all of the cluster)")
        verb.add_argument("--stack", help="read endpoints and control panel from its outputs; not during an outage")
        verb.add_argument("--region", help="the stack's Region")
    flip.add_argument(
        "--override-safety-rule", action="append", default=[], metavar="ARN", help="a rule that must not stop this"
    )
    flip.add_argument("--dry-run", action="store_true", help="say what would be set, and set nothing")
    get.set_defaults(run=_routing_control_get)
    flip.set_defaults(run=_routing_control_set)


def _routing_control_get(arguments: argparse.Namespace) -> int:
    with operating("routing_control") as operate:
        cluster, panel = _cluster(operate, arguments)
        controls = cluster.controls(panel)
    width = max((len(control.name) for control in controls), default=0) + len("=Off")
    for control in controls:
        print(f"{f'{control.name}={control.state}':<{width}}  {control.panel or control.panel_arn}")
    return OK


def _routing_control_set(arguments: argparse.Namespace) -> int:
    wanted = assignments(arguments.states, _STATES, "a state must be NAME=On or NAME=Off")
    for arn in arguments.override_safety_rule:
        _check_arn("--override-safety-rule", arn, "safety rule", "safetyrule/")
    with operating("routing_control") as operate:
        cluster, panel = _cluster(operate, arguments)
        controls = operate.named(cluster.controls(panel), list(wanted))
        if not arguments.dry_run:
            states = {control.arn: wanted[control.name] for control in controls}
            cluster.flip(states, arguments.override_safety_rule)
    for control in controls:
        print(f"{control.name}={wanted[control.name]} (was {control.state})")
    if arguments.dry_run:
        print("dry run: nothing was set")
    return OK


def _check_arn(option: str, value: str, what: str, part: str) -> None:
    if not value.startswith("arn:") or part not in value:
        raise CommandError(f"{option} must be the ARN of a {what}, got {value!r}")


def _cluster(operate: ModuleType, arguments: argparse.Namespace) -> tuple[Any, str | None]:
    """The cluster that a command talks to, and the control panel that it means."""
    if bool(arguments.endpoint) == bool(arguments.stack):
        raise CommandError("give the cluster: --endpoint REGION=URL for each endpoint, or --stack with --region")
    if bool(arguments.stack) != bool(arguments.region):
        raise CommandError("--stack and --region go together")
    if arguments.control_panel is not None:
        _check_arn("--control-panel", arguments.control_panel, "control panel", ":controlpanel/")
    if not arguments.stack:
        endpoints = list(dict.fromkeys(map(operate.Endpoint.parse, arguments.endpoint)))
        return operate.Cluster(endpoints), arguments.control_panel
    endpoints, panel = operate.stack_outputs(arguments.stack, arguments.region)
    return operate.Cluster(endpoints), arguments.control_panel or panel
