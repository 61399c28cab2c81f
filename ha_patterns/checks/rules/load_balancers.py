"""Load balancers as others see them: who reaches them, what they have to send requests to, and whether they shift."""

from __future__ import annotations

from collections.abc import Iterator

from ...aws.load_balancers import SHIFTED_PROTOCOLS
from ...aws.names import CLOUDFRONT_PREFIX_LISTS
from ...aws.practice_runs import (
    EXAMPLE_DATE,
    EXAMPLE_WINDOW,
    MOST_ALARMS,
    MOST_BLOCKS,
    is_backwards,
    is_date,
    is_window,
)
from ...aws.source_ranges import CLOUDFRONT
from ...semantics.admission import sources_instead
from ...semantics.endpoints import alternates, in_one_zone, nothing_behind, target_groups
from ...semantics.names import arn_region
from ...topology.model import (
    Alarm,
    AutoScalingGroup,
    CompositeAlarm,
    LoadBalancer,
    Origin,
    PracticeRun,
    TargetGroup,
    ZonalAutoshift,
)
from ...topology.topology import Topology
from ...topology.values import Unresolved, Value
from ..rule import Context, Severity, Verdict, cannot_tell, problem, rule
from ..words import admitting, listed
from .accelerators import followed

_R53 = "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide"
_ARC = "https://docs.aws.amazon.com/r53recovery/latest/dg"
_CLOUDFRONT = "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide"


@rule(
    "HA314",
    Severity.WARNING,
    "load balancer without targets behind what goes by their health",
    kind=Topology,
    why="A load balancer counts as unhealthy for Route 53 and Global Accelerator as soon as one of its target groups "
    "has no healthy target, and a target group without targets has none. The idle half of a blue/green deployment is "
    "enough. No traffic goes there, also when everything else is down.",
    remedy="Register targets with the target group, or give the service a DesiredCount of 1 or more. Of a blue/green "
    "deployment, let a health check of Route 53 decide, with EvaluateTargetHealth false.",
    page="https://docs.aws.amazon.com/Route53/latest/APIReference/API_AliasTarget.html",
)
def without_targets(topology: Topology, _context: Context) -> Iterator[Verdict]:
    idle = alternates(topology)
    told: set[TargetGroup] = set()
    for balancer, why in followed(topology).items():
        for group in target_groups(balancer):
            if group in told or group.place.condition is not None or group.health_check_enabled is False:
                continue
            told.add(group)
            if group in idle:
                message = f"a blue/green deployment leaves it without targets, and {why} goes by their health"
                yield problem(group, message)
                continue
            found = nothing_behind(group, topology)
            if isinstance(found, Unresolved):
                yield cannot_tell(group, found, f"whether {group.place.logical_id} has targets")
            elif found is not None:
                yield problem(group, f"{found}, and {why} goes by the health of its targets")


@rule(
    "HA315",
    Severity.ERROR,
    "zonal shift of what AWS does not shift",
    kind=ZonalAutoshift,
    why="AWS moves no traffic out of an Availability Zone for a resource that is not opted in to zonal shift, or whose "
    "target groups it does not shift. The configuration is refused, or does nothing in the outage of a zone.",
    remedy="Set the attribute zonal_shift.config.enabled of the load balancer to true. Of a Network Load Balancer with "
    "cross-zone load balancing, give the target groups the protocol TCP or TLS, no load balancer as target, and "
    "target_health_state.unhealthy.connection_termination.enabled false. Put targets into two zones or more. Shift the "
    "load balancer in front.",
    page=f"{_ARC}/arc-zonal-shift.resource-types.html",
)
def not_shifted(autoshift: ZonalAutoshift, context: Context) -> Iterator[Verdict]:
    resource, path = autoshift.resource, ("Properties", "ResourceIdentifier")
    if autoshift.status == "DISABLED" or resource is None or isinstance(resource, Unresolved):
        return
    if isinstance(resource, LoadBalancer):
        flaws = list(_flaws(resource, context.topology))
        unknown = resource.zonal_shift
    elif isinstance(resource, AutoScalingGroup):
        flaws = ["its zonal shift is not enabled"] if resource.zonal_shift is False else []
        unknown = resource.zonal_shift
    else:
        return
    for flaw in flaws:
        yield problem(autoshift, f"{resource.place.name} is not shifted: {flaw}", *path)
    if not flaws and isinstance(unknown, Unresolved):
        yield cannot_tell(autoshift, unknown, f"whether {resource.place.name} is opted in to zonal shift", *path)


def _flaws(balancer: LoadBalancer, topology: Topology) -> Iterator[str]:
    if balancer.type in ("classic", "gateway"):
        yield f"its type is {balancer.type}, and AWS shifts Application and Network Load Balancers"
        return
    if balancer.zonal_shift is False:
        yield "its attribute zonal_shift.config.enabled is not true"
    if balancer.zones is not None and len(balancer.zones) == 1 and not balancer.gaps:
        yield "it is in one zone"
    for group in target_groups(balancer):
        if balancer.type == "network" and (balancer.cross_zone is True or group.cross_zone == "true"):
            yield from _of_cross_zone(group)
        if in_one_zone(group):
            yield f"the targets of {group.place.logical_id} are in one zone"
    if balancer.type == "application":
        front = next((one for one in topology.of(TargetGroup) if any(t.target is balancer for t in one.targets)), None)
        if front is not None:
            yield f"it is a target of {front.place.logical_id}, and the load balancer in front sends it traffic still"


def _of_cross_zone(group: TargetGroup) -> Iterator[str]:
    """Why AWS shifts no Network Load Balancer with cross-zone load balancing that has a target group."""
    name = group.place.logical_id
    if group.target_type == "alb":
        yield f"the target of {name} is a load balancer"
    elif isinstance(group.protocol, str) and group.protocol not in SHIFTED_PROTOCOLS:
        yield f"the protocol of {name} is {group.protocol}, and may be {' or '.join(SHIFTED_PROTOCOLS)}"
    if group.unhealthy_connections_end is True:
        yield f"{name} ends the connections of unhealthy targets"
    if group.cross_zone == "false":
        yield f"{name} has cross-zone load balancing off, and the load balancer has it on"


@rule(
    "HA317",
    Severity.ERROR,
    "practice run that ARC refuses",
    kind=ZonalAutoshift,
    why="Autoshift comes with weekly practice runs, and these need an alarm that tells when users are served badly. "
    "Without one, or with dates and windows of another form, ARC refuses the configuration: the deploy fails, and "
    "traffic leaves no Availability Zone.",
    remedy="Set OutcomeAlarms of PracticeRunConfiguration to an alarm in the load balancer's Region, and write windows "
    f"such as {EXAMPLE_WINDOW}, within one day, and dates such as {EXAMPLE_DATE}.",
    page="https://docs.aws.amazon.com/arc-zonal-shift/latest/api/API_CreatePracticeRunConfiguration.html",
)
def refused_practice_run(autoshift: ZonalAutoshift, _context: Context) -> Iterator[Verdict]:
    run = autoshift.practice_run
    if run is None and autoshift.status == "ENABLED":
        message = "autoshift is ENABLED, and PracticeRunConfiguration is not set"
        yield problem(autoshift, message, "Properties", "PracticeRunConfiguration")
    if isinstance(run, PracticeRun):
        yield from _refused_times(run)
        yield from _refused_alarms(run, autoshift)


def _refused_times(run: PracticeRun) -> Iterator[Verdict]:
    for name, values, good, example in (
        ("BlockedWindows", run.blocked_windows, is_window, EXAMPLE_WINDOW),
        ("AllowedWindows", run.allowed_windows, is_window, EXAMPLE_WINDOW),
        ("BlockedDates", run.blocked_dates, is_date, EXAMPLE_DATE),
    ):
        if len(values) > MOST_BLOCKS:
            yield problem(run, f"{name} has {len(values)} items; it may have {MOST_BLOCKS}", name)
        for index, value in enumerate(values):
            if isinstance(value, str) and not good(value):
                yield problem(run, f"{name} has {value!r}; it may be such as {example}", name, index)
            elif isinstance(value, str) and is_backwards(value):
                yield problem(
                    run, f"{name} has {value}; a window starts and ends on one day, in this order", name, index
                )


def _refused_alarms(run: PracticeRun, autoshift: ZonalAutoshift) -> Iterator[Verdict]:
    if not run.outcome_alarms and not run.gaps:
        yield problem(run, "OutcomeAlarms is not set; a practice run needs one at least", "OutcomeAlarms")
    resource = autoshift.resource
    own = resource.known_region if isinstance(resource, (LoadBalancer, AutoScalingGroup)) else autoshift.known_region
    for name, alarms, ids in (
        ("OutcomeAlarms", run.outcome_alarms, run.outcome_alarm_ids),
        ("BlockingAlarms", run.blocking_alarms, run.blocking_alarm_ids),
    ):
        if len(alarms) > MOST_ALARMS:
            yield problem(run, f"{name} has {len(alarms)} alarms; it may have {MOST_ALARMS}", name)
        for alarm, identifier in zip(alarms, ids, strict=True):
            there = alarm.known_region if isinstance(alarm, (Alarm, CompositeAlarm)) else arn_region(identifier)
            if own is not None and there is not None and there != own:
                yield problem(run, f"{name} has an alarm in {there}, and what is shifted is in {own}", name)


@rule(
    "HA316",
    Severity.ERROR,
    "load balancer that does not admit CloudFront",
    kind=Origin,
    why="CloudFront connects from addresses of its own. If the security groups of the load balancer admit others only, "
    "every request fails with 504, or goes to the second origin of the group.",
    remedy="Add an ingress rule for the prefix list com.amazonaws.global.cloudfront.origin-facing at the port that the "
    "origin is asked at.",
    page=f"{_CLOUDFRONT}/LocationsOfEdgeServers.html",
)
def shuts_cloudfront_out(origin: Origin, _context: Context) -> Iterator[Verdict]:
    if origin.vpc:
        return
    for target in origin.endpoint.targets:
        if not isinstance(target, LoadBalancer) or target.internal is not False:
            continue
        asked = [sources_instead(target.security_groups, port, CLOUDFRONT, _is_cloudfronts) for port in _ports(origin)]
        unknown = next((one for one in asked if isinstance(one, Unresolved)), None)
        if not asked or None in asked:
            continue
        if unknown is not None:
            yield cannot_tell(origin, unknown, f"whether {target.place.name} admits CloudFront", "DomainName")
            continue
        told = list(dict.fromkeys(source for one in asked if isinstance(one, list) for source in one))
        at = f"at port {listed(_ports(origin))}, which origin {origin.id} asks"
        message = f"the security groups of {target.place.name} {admitting(told)} {at}"
        yield problem(origin, message, "DomainName")


def _ports(origin: Origin) -> list[int]:
    asked = {"http-only": (origin.http_port,), "https-only": (origin.https_port,)}
    both = (origin.http_port, origin.https_port)
    ports = asked.get(origin.protocol, both) if isinstance(origin.protocol, str) else both
    return [port for port in ports if isinstance(port, int)] if all(isinstance(port, int) for port in ports) else []


def _is_cloudfronts(prefix_list: Value) -> bool | None:
    return True if prefix_list in CLOUDFRONT_PREFIX_LISTS else None
