"""Application Recovery Controller: routing controls with their rules, Region switch plans, zonal autoshift."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..model import (
    Alarm,
    AssociatedAlarm,
    AutoshiftObserver,
    CompositeAlarm,
    ControlPanel,
    ExecutionBlock,
    HostedZone,
    LoadBalancer,
    PracticeRun,
    RegionRecordSet,
    RegionSwitchPlan,
    RegionSwitchTrigger,
    RegionSwitchWorkflow,
    Role,
    Route53HealthCheckBlock,
    RoutingControl,
    RoutingControlBlock,
    RoutingControlChange,
    RoutingControlCluster,
    SafetyRule,
    Thing,
    TriggerCondition,
    ZonalAutoshift,
)
from ..model.base import Whole
from ..properties import Property
from ..reader import Read, Reader, Resource
from ..values import Unresolved, Value, references
from .cloudwatch import alarm_of
from .route53 import dns_name

# Where each kind of step has its settings; a kind that is not here may have a time-out too.
_PARALLEL = "ParallelConfig"
_ROUTE_53 = "Route53HealthCheckConfig"
_CONTROLS = "ArcRoutingControlConfig"
# These wait for what they start, however long that takes.
_WITHOUT_TIMEOUT = frozenset({_PARALLEL, "RegionSwitchPlanConfig"})
_TIMEOUT_MINUTES = 60
# Steps run at the same time are no deeper than this in a template that AWS accepts.
_DEEPEST = 8


def _cluster(_reader: Reader, resource: Resource) -> RoutingControlCluster:
    properties = resource.properties
    return RoutingControlCluster(
        name=properties["Name"].text(), network_type=properties["NetworkType"].text(), **resource.head()
    )


def _panel(reader: Reader, resource: Resource) -> ControlPanel:
    properties = resource.properties
    return ControlPanel(
        name=properties["Name"].text(),
        cluster=reader.link(properties["ClusterArn"].text(), RoutingControlCluster),
        cluster_arn=properties["ClusterArn"].text(),
        **resource.head(),
    )


def _control(reader: Reader, resource: Resource) -> RoutingControl:
    properties = resource.properties
    return RoutingControl(
        name=properties["Name"].text(),
        panel=reader.link(properties["ControlPanelArn"].text(), ControlPanel),
        cluster=reader.link(properties["ClusterArn"].text(), RoutingControlCluster),
        cluster_arn=properties["ClusterArn"].text(),
        **resource.head(),
    )


def _safety_rule(reader: Reader, resource: Resource) -> SafetyRule:
    properties = resource.properties
    gating = bool(properties["GatingRule"])
    rule = properties["GatingRule"] if gating else properties["AssertionRule"]
    controls = rule["TargetControls"] if gating else rule["AssertedControls"]
    config = properties["RuleConfig"]
    return SafetyRule(
        name=properties["Name"].text(),
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


def _plan(reader: Reader, resource: Resource) -> list[Thing]:
    properties = resource.properties
    workflows = tuple(_workflow(reader, resource, one) for one in properties["Workflows"])
    triggers = tuple(_trigger(resource, one) for one in properties["Triggers"])
    plan = RegionSwitchPlan(
        name=properties["Name"].text(),
        description=properties["Description"].text(),
        regions=properties["Regions"].texts(),
        recovery_approach=properties["RecoveryApproach"].text(),
        primary_region=properties["PrimaryRegion"].text(),
        recovery_time_objective=_seconds(properties["RecoveryTimeObjectiveMinutes"].whole()),
        execution_role=reader.link(properties["ExecutionRole"].text(), Role),
        workflows=workflows,
        triggers=triggers,
        alarms=tuple(
            AssociatedAlarm(
                name=name, type=given["AlarmType"].text(), alarm=_alarm(reader, given["ResourceIdentifier"].text())
            )
            for name, given in properties["AssociatedAlarms"].items()
        ),
        **resource.head(),
    )
    return [plan, *workflows, *_all_blocks(workflows), *triggers]


def _all_blocks(workflows: tuple[RegionSwitchWorkflow, ...]) -> Iterator[ExecutionBlock]:
    """All steps, those of parallel ones behind them."""
    waiting = [block for workflow in reversed(workflows) for block in reversed(workflow.blocks)]
    while waiting:
        block = waiting.pop()
        yield block
        waiting += reversed(block.blocks)


def _workflow(reader: Reader, resource: Resource, given: Property) -> RegionSwitchWorkflow:
    return RegionSwitchWorkflow(
        action=given["WorkflowTargetAction"].text(),
        target_region=given["WorkflowTargetRegion"].text(),
        description=given["WorkflowDescription"].text(),
        blocks=tuple(_block(reader, resource, one) for one in given["Steps"]),
        **resource.part(given),
    )


def _block(reader: Reader, resource: Resource, given: Property, depth: int = 0) -> ExecutionBlock:
    configuration = given["ExecutionBlockConfiguration"]
    name, settings = next(configuration.items(), ("", configuration))
    below = settings["Steps"] if name == _PARALLEL and depth < _DEEPEST else ()
    waits = bool(configuration) and name not in _WITHOUT_TIMEOUT
    common: dict[str, Any] = {
        "name": given["Name"].text(),
        "type": given["ExecutionBlockType"].text(),
        "description": given["Description"].text(),
        "timeout": _seconds(settings["TimeoutMinutes"].whole(_TIMEOUT_MINUTES)) if waits else None,
        "blocks": tuple(_block(reader, resource, one, depth + 1) for one in below),
    }
    if name == _ROUTE_53:
        zone_id, record_name = settings["HostedZoneId"].text(), settings["RecordName"].text()
        return Route53HealthCheckBlock(
            zone=reader.link(zone_id, HostedZone),
            zone_id=zone_id,
            record_name=None if record_name is None else dns_name(record_name),
            record_sets=tuple(
                RegionRecordSet(identifier=one["RecordSetIdentifier"].text(), region=one["Region"].text())
                for one in settings["RecordSets"]
            ),
            **common,
            **resource.part(given),
        )
    if name == _CONTROLS:
        changes = tuple(
            RoutingControlChange(
                region=region,
                control=reader.link(one["RoutingControlArn"].text(), RoutingControl),
                state=one["State"].text(),
            )
            for region, controls in settings["RegionAndRoutingControls"].items()
            for one in controls
        )
        return RoutingControlBlock(changes=changes, **common, **resource.part(given))
    return ExecutionBlock(**common, **resource.part(given))


def _trigger(resource: Resource, given: Property) -> RegionSwitchTrigger:
    return RegionSwitchTrigger(
        action=given["Action"].text(),
        target_region=given["TargetRegion"].text(),
        conditions=tuple(
            TriggerCondition(alarm_name=one["AssociatedAlarmName"].text(), condition=one["Condition"].text())
            for one in given["Conditions"]
        ),
        minimum_delay=_seconds(given["MinDelayMinutesBetweenExecutions"].whole()),
        description=given["Description"].text(),
        **resource.part(given),
    )


def _seconds(minutes: Whole | None) -> Whole | None:
    return minutes * 60 if isinstance(minutes, int) else minutes


def _alarm(reader: Reader, identifier: Value | None) -> Alarm | CompositeAlarm | Unresolved | None:
    """The alarm of an ARN, which tells the Region by itself."""
    return None if identifier is None else alarm_of(reader, identifier)


def _zonal_autoshift(reader: Reader, resource: Resource) -> list[Thing]:
    properties = resource.properties
    given = properties["PracticeRunConfiguration"]
    practice_run = None if not given or given.unresolved else _practice_run(reader, resource, given)
    autoshift = ZonalAutoshift(
        resource=_shifted(reader, properties["ResourceIdentifier"].text()),
        status=properties["ZonalAutoshiftStatus"].text(),
        practice_run=practice_run or given.unresolved,
        **resource.head(),
    )
    return [autoshift, *([practice_run] if practice_run is not None else [])]


def _practice_run(reader: Reader, resource: Resource, given: Property) -> PracticeRun:
    blocking, outcome = (
        tuple(name for name in (one["AlarmIdentifier"].text() for one in given[kind]) if name is not None)
        for kind in ("BlockingAlarms", "OutcomeAlarms")
    )
    return PracticeRun(
        blocked_dates=given["BlockedDates"].texts(),
        blocked_windows=given["BlockedWindows"].texts(),
        # The API has it; of CloudFormation no such property is documented yet, read on 2026-11-30.
        allowed_windows=given["AllowedWindows"].texts(),
        blocking_alarms=tuple(alarm_of(reader, name) for name in blocking),
        outcome_alarms=tuple(alarm_of(reader, name) for name in outcome),
        blocking_alarm_ids=blocking,
        outcome_alarm_ids=outcome,
        **resource.part(given),
    )


def _shifted(reader: Reader, identifier: Value | None) -> Thing | Unresolved | None:
    """What traffic is moved within: whatever a reference is of, or the load balancer of an ARN."""
    if identifier is None or isinstance(identifier, Unresolved):
        return identifier
    for reference in references(identifier):
        for thing in reader.things(reference.resource)[:1]:
            return thing
        kind = reader.templates.type_of(reference.resource)
        if kind:
            return Unresolved(f"{reference.resource.logical_id}, an {kind} of which nothing is read")
    return reader.link(identifier, LoadBalancer)


def _observer(_reader: Reader, resource: Resource) -> AutoshiftObserver:
    return AutoshiftObserver(status=resource.properties["Status"].text(), **resource.head())


READERS: Mapping[str, Read] = {
    "AWS::Route53RecoveryControl::Cluster": _cluster,
    "AWS::Route53RecoveryControl::ControlPanel": _panel,
    "AWS::Route53RecoveryControl::RoutingControl": _control,
    "AWS::Route53RecoveryControl::SafetyRule": _safety_rule,
    "AWS::ARCRegionSwitch::Plan": _plan,
    "AWS::ARCZonalShift::ZonalAutoshiftConfiguration": _zonal_autoshift,
    "AWS::ARCZonalShift::AutoshiftObserverNotificationStatus": _observer,
}
