"""Recovery: whether it is soon enough, and what it needs while something is out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

from ...aws.managed_policies import EDITING_POLICIES
from ...aws.path_patterns import matches
from ...aws.policies import CachePolicy
from ...semantics.errors import late_errors
from ...semantics.health import Health
from ...semantics.permissions import allowed
from ...semantics.records import is_label, of_several_regions, regions, steers, traffic_sets
from ...semantics.recovery_time import Recovery, recoveries
from ...semantics.requests import may_choose_host
from ...topology.model import (
    Alarm,
    CacheBehavior,
    ControlPanel,
    Distribution,
    Document,
    EventRule,
    Function,
    HealthCheck,
    HostedZone,
    Origin,
    OriginGroup,
    OriginKind,
    Policy,
    Record,
    Role,
    Route53HealthCheckBlock,
    RoutingControl,
    SafetyRule,
    Schedule,
    StateMachine,
    Thing,
    Topic,
)
from ...topology.topology import RecordSet, Topology
from ...topology.values import Unresolved, Value, comparable, ends
from ..rule import Context, Severity, Verdict, cannot_tell, problem, rule
from ..words import listed, said

_RELIABILITY = "https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/"


@rule(
    "HA401",
    Severity.ERROR,
    "recovery takes longer than the objective",
    kind=Topology,
    why="For so long users are sent to what has failed: until it is noticed, and until all have left it.",
    remedy="Lower what the sum is made of: attempts and time-outs of the primary origin; interval and threshold of the "
    "health check, and the record's TTL; or the target groups' health check.",
    page=f"{_RELIABILITY}rel_planning_for_recovery_objective_defined_recovery.html",
)
def recovery_time(topology: Topology, context: Context) -> Iterator[Verdict]:
    objective = context.objectives.recovery_seconds
    if objective is None:
        return
    yield from _kept_errors(topology, objective)
    slowest: dict[object, Recovery] = {}
    for recovery in recoveries(topology):
        if isinstance(recovery.span.seconds, Unresolved):
            yield cannot_tell(recovery.thing, recovery.span.seconds, f"whether it recovers within {objective} s")
            continue
        # Of the records of one name, one finding tells all.
        key = _name(recovery.thing)
        if key not in slowest or _seconds(recovery) > _seconds(slowest[key]):
            slowest[key] = recovery
    for recovery in slowest.values():
        if _seconds(recovery) > objective:
            yield problem(
                recovery.thing,
                f"traffic moves after up to {recovery.span.seconds} s ({recovery.span.terms}), and the objective is "
                f"{objective} s",
            )


def _kept_errors(topology: Topology, objective: float) -> Iterator[Verdict]:
    """Errors that CloudFront answers with after the origin is well, or another one is asked."""
    for distribution in topology.of(Distribution):
        late = late_errors(distribution, objective)
        policies = [behavior.cache_policy for behavior in distribution.behaviors]
        if late and any(isinstance(policy, CachePolicy) and policy.caches for policy in policies):
            worst = max(late, key=lambda one: one.caching_min_ttl if isinstance(one.caching_min_ttl, int) else 0)
            message = f"{worst.error_code} is kept for {worst.caching_min_ttl} s, and the objective is {objective} s"
            yield problem(worst, message, "ErrorCachingMinTTL")


def _name(thing: Thing) -> object:
    return (thing.zone_id, thing.name) if isinstance(thing, Record) else id(thing)


def _seconds(recovery: Recovery) -> int:
    assert isinstance(recovery.span.seconds, int)
    return recovery.span.seconds


# Where a safety rule names its controls.
_CONTROLS = {"assertion": ("AssertionRule", "AssertedControls"), "gating": ("GatingRule", "TargetControls")}
# How many of several a message names.
_SHOWN = 3
# What moves traffic, by a control plane.
_EDITS = (
    "route53:ChangeResourceRecordSets",
    "route53:UpdateHealthCheck",
    "cloudfront:UpdateDistribution",
    "globalaccelerator:UpdateAccelerator",
    "globalaccelerator:UpdateEndpointGroup",
    "globalaccelerator:UpdateListener",
    "route53-recovery-control-config:UpdateRoutingControl",
    "route53-recovery-control-config:UpdateSafetyRule",
    "elasticloadbalancing:ModifyListener",
    "elasticloadbalancing:ModifyRule",
    "elasticloadbalancing:ModifyTargetGroup",
)
_OUTAGE_SOURCES = frozenset({"aws.health", "aws.cloudwatch"})
# Minutes between two runs: what runs more seldom, such as the renewal of a certificate, moves no traffic in an outage.
_LONGEST_POLL = 5
_RATE = re.compile(r"rate\(\s*(?P<minutes>[0-9]{1,3})\s+minutes?\s*\)")
# Every minute, or every few minutes, of each hour of each day.
_CRON = re.compile(r"cron\(\s*(?:\*|(?:\*|0)/(?P<minutes>[0-9]{1,2}))\s+\*\s+[*?]\s+\*\s+[*?](?:\s+\*)?\s*\)")


@rule(
    "HA402",
    Severity.WARNING,
    "recovery needs a control plane",
    kind=Topology,
    why="Control planes, such as Route 53's and CloudFront's in us-east-1, are built to stay correct and not to stay "
    "available: in the outage that traffic has to leave they may not take the change. Health checks, origin groups and "
    "routing controls move traffic by what is there already.",
    remedy="Let a health check, an origin group or a routing control of Application Recovery Controller decide. A "
    "function may then write a metric or flip a routing control.",
    page=f"{_RELIABILITY}rel_withstand_component_failures_avoid_control_plane.html",
)
def control_plane(topology: Topology, _context: Context) -> Iterator[Verdict]:
    yield from _edited_by_functions(topology)
    yield from _edited_by_subscribers(topology)
    for record_set in traffic_sets(topology):
        yield from _edited_by_hand(record_set)


def _edited_by_functions(topology: Topology) -> Iterator[Verdict]:
    """Functions and state machines that an outage starts, and that may edit where traffic goes."""
    seen: set[int] = set()
    for trigger, thing in _started(topology):
        if id(thing) in seen or not isinstance(thing.role, Role):
            continue
        seen.add(id(thing))
        edits = _edits(thing.role)
        if edits:
            what = (
                f"the {_WORDS[type(trigger)]} {trigger.place.logical_id} starts {thing.place.logical_id}, whose role "
                f"allows {', '.join(edits[:_SHOWN])}"
            )
            yield problem(thing, what)


def _edited_by_subscribers(topology: Topology) -> Iterator[Verdict]:
    """Functions that get the messages of a topic to which nothing in these templates publishes."""
    started = {thing for _trigger, thing in _started(topology)}
    for topic in topology.of(Topic):
        for function in topic.functions:
            if function not in started and isinstance(function.role, Role) and _edits(function.role):
                unknown = Unresolved(f"what publishes to {topic.place.logical_id}")
                yield cannot_tell(function, unknown, f"whether an outage starts {function.place.logical_id}")


def _edits(role: Role) -> list[str]:
    """What a role lets edit of where traffic goes, by its statements and by policies that AWS manages."""
    found = [action for statement in role.statements for action in allowed(statement, _EDITS)]
    names = (ends(policy).rpartition("/")[2] for policy in role.managed)
    return list(dict.fromkeys((*found, *(EDITING_POLICIES[name] for name in names if name in EDITING_POLICIES))))


# What starts a function by itself, as a sentence names it.
_Trigger: TypeAlias = Alarm | EventRule | Schedule
_WORDS: Mapping[type[Thing], str] = {Alarm: "alarm", EventRule: "event rule", Schedule: "schedule"}


def _started(topology: Topology) -> Iterator[tuple[_Trigger, Function | StateMachine]]:
    triggers: list[_Trigger] = [*topology.of(Alarm)]
    triggers += [one for one in topology.of(EventRule) if one.state != "DISABLED" and _is_of_an_outage(one)]
    triggers += [one for one in topology.of(Schedule) if one.state != "DISABLED" and _polls(one.expression)]
    for trigger in triggers:
        for thing in trigger.starts:
            if isinstance(thing, Topic):
                yield from ((trigger, function) for function in thing.functions)
                continue
            if isinstance(thing, Document):
                continue
            yield trigger, thing
            if isinstance(thing, StateMachine):
                yield from ((trigger, function) for function in thing.functions)


def _is_of_an_outage(event_rule: EventRule) -> bool:
    return bool(_OUTAGE_SOURCES.intersection(map(str, event_rule.sources))) or _polls(event_rule.schedule)


def _polls(expression: Value | None) -> bool:
    """Whether a schedule is so frequent that what it starts looks for an outage, and does not just tidy up."""
    if not isinstance(expression, str):
        return False
    rate = _RATE.fullmatch(expression.strip())
    if rate is not None:
        return int(rate["minutes"]) <= _LONGEST_POLL
    cron = _CRON.fullmatch(expression.strip())
    return cron is not None and int(cron["minutes"] or 1) <= _LONGEST_POLL


def _edited_by_hand(record_set: RecordSet) -> Iterator[Verdict]:
    """Weighted records of which one gets all traffic, and no health check that could move it."""
    records = record_set.records
    if len(records) < 2 or any(record.policy is not Policy.WEIGHTED for record in records):
        return
    weights = [record.weight for record in records]
    if any(not isinstance(weight, int) for weight in weights) or any(record.gaps for record in records):
        return
    used = [record for record in records if record.weight != 0]
    if len(used) != 1 or _is_checked(used[0]):
        return
    shares = listed(sorted((weight for weight in weights if isinstance(weight, int)), reverse=True))
    # Shares of one Region are for trying out what is new.
    if of_several_regions(records):
        message = f"{said(record_set.name)} has weights {shares} and no health check"
        yield problem(used[0], f"{message}: traffic moves when somebody edits a record", "Weight")
    elif any(regions(record) is None for record in records):
        where = Unresolved(f"the Regions that {said(record_set.name)} leads to")
        yield cannot_tell(used[0], where, f"whether an outage waits for an edit of the weights {shares}")


def _is_checked(record: Record) -> bool:
    return record.health_check is not None or (
        record.alias is not None and record.alias.evaluate_target_health is not False
    )


@rule(
    "HA403",
    Severity.WARNING,
    "routing controls that may all be off",
    kind=Topology,
    why="If every record of a name follows a routing control and all of these are off, Route 53 counts all records as "
    "healthy and answers as if all controls were on: traffic goes to the Region that was just taken out.",
    remedy="Add an assertion rule (AWS::Route53RecoveryControl::SafetyRule) over these routing controls of type "
    "ATLEAST with threshold 1; controls of the default panel need a control panel of their own for it. Or add a record "
    "that answers on purpose when all are off, such as a secondary record without a health check.",
    page="https://docs.aws.amazon.com/r53recovery/latest/dg/routing-control.safety-rules.html",
)
def all_off(topology: Topology, _context: Context) -> Iterator[Verdict]:
    used = [control for control in topology.of(RoutingControl) if control.health_checks]
    if len(used) < 2:
        return
    dark, lit = _if_all_are_off(topology)
    panels: dict[object, list[RoutingControl]] = {}
    for control in used:
        # Of a name that still has a healthy record then, all may be off on purpose.
        if not isinstance(control.panel, Unresolved) and (control in dark or control not in lit):
            panels.setdefault(control.panel or _cluster_of(control), []).append(control)
    clusters = {_cluster_of(panel) for panel in topology.of(ControlPanel)}
    for panel, controls in panels.items():
        if len(controls) < 2:
            continue
        if isinstance(panel, ControlPanel):
            yield from _without_safety_rule(panel, panel.safety_rules, controls)
        elif panel in clusters or any(dark.get(one, {Policy.FAILOVER}) != {Policy.FAILOVER} for one in controls):
            yield from _without_safety_rule(controls[1], (), controls)
        else:
            # No template can name the default panel before it is made.
            where = Unresolved("the safety rules of the default control panel, which no given template makes")
            yield cannot_tell(controls[1], where, "whether all routing controls may be off")


def _without_safety_rule(
    thing: Thing, rules: Iterable[SafetyRule], controls: list[RoutingControl]
) -> Iterator[Verdict]:
    for safety in dict.fromkeys((*rules, *(safety for control in controls for safety in control.safety_rules))):
        if safety.kind != "assertion":
            continue
        unknown = next((one for one in safety.controls if isinstance(one, Unresolved)), None)
        if unknown is not None or safety.gaps or _keeps_one_on(safety) is None:
            yield cannot_tell(thing, unknown or Unresolved("a safety rule"), "whether all routing controls may be off")
            return
        if _keeps_one_on(safety) and any(one in controls for one in safety.controls):
            return
    names = [str(control.name or control.place.logical_id) for control in controls]
    shown = ", ".join(names[:_SHOWN]) + (f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else "")
    where = "" if isinstance(thing, ControlPanel) else ", which are in the default control panel"
    yield problem(thing, f"no safety rule keeps one of {shown} on{where}")


def _cluster_of(thing: ControlPanel | RoutingControl) -> object:
    return str(thing.cluster) if isinstance(thing.cluster, Unresolved) else thing.cluster


def _if_all_are_off(topology: Topology) -> tuple[dict[RoutingControl, set[Policy | None]], set[RoutingControl]]:
    """The routing controls of names without a healthy record when all controls are off, and those of other names.

    The first are told with how Route 53 chooses among the records of these names.
    """
    off = Health(lambda check: check.control is None)
    dark: dict[RoutingControl, set[Policy | None]] = {}
    lit: set[RoutingControl] = set()
    for record_set in traffic_sets(topology):
        followed = [control for record in record_set.records for control in _controls(record)]
        if followed and all(off.record(record) is False for record in record_set.records):
            for control in followed:
                dark.setdefault(control, set()).add(steers(record_set))
        else:
            lit.update(followed)
    return dark, lit


def _controls(record: Record) -> Iterator[RoutingControl]:
    """The routing controls that a record's health check follows."""
    waiting: list[HealthCheck | Unresolved | None] = [record.health_check]
    seen: set[HealthCheck] = set()
    while waiting:
        check = waiting.pop()
        if isinstance(check, HealthCheck) and check not in seen:
            seen.add(check)
            waiting += check.children
            if isinstance(check.control, RoutingControl):
                yield check.control


def _keeps_one_on(safety: SafetyRule) -> bool | None:
    """Whether one of the controls that a rule asserts is always on; None where nothing tells."""
    if isinstance(safety.inverted, Unresolved) or not isinstance(safety.rule_type, str):
        return None
    if safety.rule_type == "ATLEAST":
        if not isinstance(safety.threshold, int):
            return None
        return safety.threshold >= 1 and not safety.inverted
    # OR inverted is none on; AND inverted is not all on.
    return not safety.inverted


@rule(
    "HA404",
    Severity.ERROR,
    "safety rule that no state can keep to",
    kind=SafetyRule,
    why="A rule that wants more routing controls on than it counts lets no change through: in an outage they cannot be "
    "flipped. A rule over controls of another panel is refused.",
    remedy="Lower Threshold in the rule's RuleConfig to the number of controls at most; name controls of the rule's "
    "own control panel.",
    page="https://docs.aws.amazon.com/r53recovery/latest/dg/routing-control.safety-rules.html",
)
def impossible(safety: SafetyRule, _context: Context) -> Iterator[Verdict]:
    if safety.gaps:
        return
    counted = safety.controls if safety.kind == "assertion" else safety.gates
    count, threshold = len(counted), safety.threshold
    if safety.rule_type == "ATLEAST" and isinstance(threshold, int) and threshold > count and not safety.inverted:
        what = f"at least {threshold} routing controls have to be on, and the rule counts {count}"
        yield problem(safety, what, "Properties", "RuleConfig", "Threshold")
    named = [(control, _CONTROLS[safety.kind]) for control in safety.controls]
    named += [(gate, ("GatingRule", "GatingControls")) for gate in safety.gates]
    for control, path in named:
        if not isinstance(control, RoutingControl) or not isinstance(control.panel, ControlPanel):
            continue
        if isinstance(safety.panel, ControlPanel) and control.panel is not safety.panel:
            what = (
                f"{control.place.logical_id} is of the panel {control.panel.place.logical_id}, and the rule of "
                f"{safety.panel.place.logical_id}"
            )
            yield problem(safety, what, "Properties", *path)


@rule(
    "HA405",
    Severity.WARNING,
    "paths that stay at the first origin of a group",
    kind=Distribution,
    why="The requests of one behavior go to the second origin in an outage, and those of another have the first origin "
    "alone. For its paths nothing fails over: pages load from the second origin, and what they ask for fails. A group "
    "that no behavior targets does nothing at all.",
    remedy="Target the origin group if the behavior is for reads. For writes, target an origin whose own name moves in "
    "an outage, such as one with failover records or an accelerator.",
    page="https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/high_availability_origin_failover.html",
)
def nailed(distribution: Distribution, _context: Context) -> Iterator[Verdict]:
    groups = [behavior.target for behavior in distribution.behaviors if isinstance(behavior.target, OriginGroup)]
    first = {group.primary: group for group in groups if group.primary is not None}
    for behavior in distribution.behaviors:
        origin = behavior.target
        if not isinstance(origin, Origin) or origin not in first or may_choose_host(behavior):
            continue
        if _is_error_page(distribution, behavior) or _moves(origin):
            continue
        name = origin.endpoint.name
        if isinstance(name, Unresolved):
            # A name of the owner's own may have failover records.
            yield cannot_tell(behavior, name, f"whether the name of origin {origin.id} moves", "TargetOriginId")
            continue
        message = (
            f"behavior {behavior.pattern} targets {origin.id} alone, the first origin of group {first[origin].id}, "
            f"whose name nothing moves"
        )
        yield problem(behavior, message, "TargetOriginId")
    yield from _never_asked(distribution)


def _never_asked(distribution: Distribution) -> Iterator[Verdict]:
    """A problem for each origin group that no behavior targets, and that no function may choose."""
    behaviors = distribution.behaviors
    targets = [behavior.target for behavior in behaviors]
    if distribution.gaps or any(isinstance(target, Unresolved) for target in targets):
        return
    if any(may_choose_host(behavior) for behavior in behaviors):
        return
    for group in distribution.origin_groups:
        if group not in targets and group.place.condition is None:
            yield problem(group, f"the distribution has the origin group {group.id}, and no behavior targets it", "Id")


def _is_error_page(distribution: Distribution, behavior: CacheBehavior) -> bool:
    """Whether a behavior is for error pages, which other rules judge."""
    pages = [error.page for error in distribution.error_responses if isinstance(error.page, str)]
    return any(isinstance(behavior.pattern, str) and matches(behavior.pattern, page) for page in pages)


def _moves(origin: Origin) -> bool:
    """Whether what answers at an origin may be another thing in an outage, by its name."""
    if any(record.policy is not Policy.SIMPLE for name in origin.endpoint.way for record in name.records):
        return True
    moving = (OriginKind.ACCELERATOR, OriginKind.ACCESS_POINT, OriginKind.DISTRIBUTION)
    return origin.kind in moving or any(end.kind in moving for end in origin.endpoint.ends)


@rule(
    "HA406",
    Severity.WARNING,
    "records that Region switch does not move",
    kind=Route53HealthCheckBlock,
    why="Region switch moves traffic by health checks that it makes, one a Region. A record that does not carry its "
    "own of them is answered as before, however often the plan is run.",
    remedy="Set HealthCheckId of each record to the health check of its Region that the plan has made.",
    page="https://docs.aws.amazon.com/r53recovery/latest/dg/route53-health-check-block.html",
)
def not_switched(block: Route53HealthCheckBlock, context: Context) -> Iterator[Verdict]:
    name = block.record_name
    if name is None or not comparable(name):
        return
    for record in context.topology.records_by_name.get(name, ()):
        if record.place.condition or not _is_in(record, block) or is_label(record, context.topology):
            continue
        # A check that is not made here may be one that the plan has made.
        if record.health_check is None:
            what = "has no health check"
        elif isinstance(record.health_check, HealthCheck):
            what = f"follows {record.health_check.place.logical_id}, which is no health check of the plan"
        else:
            continue
        known = isinstance(record.set_identifier, str)
        told = f"record {record.set_identifier} of {said(name)}" if known else f"the record of {said(name)}"
        yield problem(
            record, f"{told} {what}, so that the plan of {block.place.logical_id} moves nothing", "HealthCheckId"
        )


def _is_in(record: Record, block: Route53HealthCheckBlock) -> bool:
    """Whether a record is in the zone of a step, and one of those that it names, as far as that is known."""
    if isinstance(record.zone, HostedZone) and isinstance(block.zone, HostedZone):
        same = record.zone is block.zone
    else:
        same = record.zone_id == block.zone_id
    named = [one.identifier for one in block.record_sets]
    return same and (not named or record.set_identifier in named)
