"""Routing controls: whether they can be made, and whether records follow their own."""

from __future__ import annotations

from collections.abc import Iterator

from ...aws.routing_controls import CLUSTER_ARN, EXAMPLE_CLUSTER_ARN, NAME, NAME_TOLD
from ...semantics.records import regions, steers, traffic_sets
from ...semantics.routing_controls import followed, regions_of_controls, side_of
from ...topology.model import ControlPanel, Record, RoutingControl, RoutingControlCluster, SafetyRule
from ...topology.topology import RecordSet, Topology
from ..rule import Context, Severity, Verdict, problem, rule
from ..steering import called
from ..words import listed, said

_ARC = "https://docs.aws.amazon.com/r53recovery/latest/dg"


@rule(
    "HA407",
    Severity.ERROR,
    "routing control that ARC refuses",
    kind=Topology,
    why="Application Recovery Controller refuses the name or the cluster, so that the deploy fails, and with it the "
    "switch that the outage needs.",
    remedy=f"Give Name {NAME_TOLD}, and ClusterArn the ARN of a cluster such as {EXAMPLE_CLUSTER_ARN}.",
    page=f"{_ARC}/routing-control.create.html",
)
def refused_control(topology: Topology, _context: Context) -> Iterator[Verdict]:
    named: list[RoutingControlCluster | ControlPanel | RoutingControl | SafetyRule] = [
        *topology.of(RoutingControlCluster),
        *topology.of(ControlPanel),
        *topology.of(RoutingControl),
        *topology.of(SafetyRule),
    ]
    for thing in named:
        if isinstance(thing.name, str) and not NAME.fullmatch(thing.name):
            yield problem(thing, f"Name is {thing.name!r}; it may be {NAME_TOLD}", "Properties", "Name")
        arn = thing.cluster_arn if isinstance(thing, (ControlPanel, RoutingControl)) else None
        if isinstance(arn, str) and not CLUSTER_ARN.fullmatch(arn):
            message = f"ClusterArn is {arn!r}; it may be the ARN of a cluster such as {EXAMPLE_CLUSTER_ARN}"
            yield problem(thing, message, "Properties", "ClusterArn")


@rule(
    "HA408",
    Severity.WARNING,
    "record follows the routing control of another",
    kind=Topology,
    why="Whoever turns a routing control off means to take its Region, or its side of the pair, out of service. A "
    "record that follows the control of the other stays, and the one that is to serve is left.",
    remedy="Give each record the health check of the routing control that is for what the record leads to; or name the "
    "controls, and the Regions of the plan, after that.",
    page=f"{_ARC}/routing-control.html",
)
def crossed_controls(topology: Topology, _context: Context) -> Iterator[Verdict]:
    meant = regions_of_controls(topology)
    for record_set in traffic_sets(topology):
        for record in record_set.records if steers(record_set) is not None else ():
            found = None if record.place.condition else _crossed(record, record_set, meant)
            if found is not None:
                message = f"record {called(record)} of {said(record.name)} {record.type} {found}"
                yield problem(record, message, "HealthCheckId")


def _crossed(record: Record, record_set: RecordSet, meant: dict[RoutingControl, str]) -> str | None:
    """Of what else the routing controls are that a record follows; None if they may be its own."""
    controls = followed(record)
    if not controls:
        return None
    names = listed(said(control.name or control.place.logical_id) for control in controls)
    there, own = regions(record), {meant[control] for control in controls if control in meant}
    others = [one for one in record_set.records if one is not record]
    elsewhere = frozenset().union(*(regions(one) or frozenset() for one in others))
    if there is not None and len(own) == len(controls) and not own & there and own <= elsewhere:
        told = f"{names}, which is for {listed(sorted(own))}" if len(controls) == 1 else names
        return f"leads to {listed(sorted(there))} and follows the routing control {told}"
    sides = {side_of(control) for control in controls}
    if isinstance(record.failover, str) and None not in sides and record.failover not in sides:
        return f"is {record.failover} and follows the routing control {names}"
    return None
