"""Application Recovery Controller: routing controls, Region switch and zonal autoshift."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..values import Unresolved, Value
from .base import Thing, thing

if TYPE_CHECKING:
    from .base import Flag, Whole
    from .cloudwatch import Alarm, CompositeAlarm
    from .iam import Role
    from .route53 import HealthCheck, HostedZone


@thing
class RoutingControlCluster(Thing):
    """A cluster of five Regions, which keeps the states of routing controls.

    Attributes:
        network_type: ``IPV4`` or ``DUALSTACK``, of its endpoints; None if the template leaves it to AWS.
    """

    everywhere = True

    name: Value | None
    network_type: Value | None


@thing
class ControlPanel(Thing):
    """A panel of routing controls.

    The default panel of a cluster, which AWS makes, is no resource.

    Attributes:
        cluster_arn: As the template names the cluster.
    """

    everywhere = True

    name: Value | None
    cluster: RoutingControlCluster | Unresolved | None = None
    cluster_arn: Value | None = None
    controls: tuple[RoutingControl, ...] = ()
    safety_rules: tuple[SafetyRule, ...] = ()


@thing
class RoutingControl(Thing):
    """A switch of Application Recovery Controller.

    Attributes:
        panel: None for the default panel of its cluster.
        cluster: None if the template names the panel only.
        cluster_arn: As the template names the cluster.
    """

    everywhere = True

    name: Value | None
    panel: ControlPanel | Unresolved | None
    cluster: RoutingControlCluster | Unresolved | None = None
    cluster_arn: Value | None = None
    health_checks: tuple[HealthCheck, ...] = ()
    safety_rules: tuple[SafetyRule, ...] = ()

    @property
    def in_default_panel(self) -> bool:
        """Whether it is in the default panel of its cluster."""
        return self.panel is None


@thing
class SafetyRule(Thing):
    """What a change of routing controls must keep to.

    Attributes:
        kind: ``assertion`` or ``gating``.
        controls: The controls that it asserts, or that it guards.
        gates: The controls that have to be on before those that it guards may change; empty for an assertion.
        rule_type: ``ATLEAST``, ``AND`` or ``OR``, of the controls that it asserts or of the gates.
        wait_period: Milliseconds.
    """

    everywhere = True

    kind: str
    panel: ControlPanel | Unresolved | None
    controls: tuple[RoutingControl | Unresolved, ...]
    gates: tuple[RoutingControl | Unresolved, ...]
    rule_type: Value | None
    threshold: Whole | None
    inverted: Flag
    wait_period: Whole | None
    name: Value | None = None


@thing
class ExecutionBlock(Thing):
    """A step of a workflow of Region switch: one of ``Route53HealthCheckBlock`` and others, or any other type.

    Attributes:
        name: The step's.
        type: As AWS calls it, such as ``ECSServiceScaling``, ``ManualApproval`` or ``Parallel``.
        timeout: Seconds; None for types that have none.
        blocks: The steps that a ``Parallel`` step runs at the same time.
    """

    everywhere = True

    name: Value | None
    type: Value | None
    description: Value | None
    timeout: Whole | None
    blocks: tuple[ExecutionBlock, ...]


@dataclass(frozen=True, kw_only=True)
class RegionRecordSet:
    """Which record of a name is of which Region.

    Attributes:
        identifier: The record's ``SetIdentifier``.
    """

    identifier: Value | None
    region: Value | None


@thing
class Route53HealthCheckBlock(ExecutionBlock):
    """A step that turns health checks over, so that records of one Region answer and those of the other do not.

    AWS makes the health checks, one for each Region; the records have to carry them. See
    https://docs.aws.amazon.com/r53recovery/latest/dg/route53-health-check-block.html

    Attributes:
        zone: Unresolved where it is not in these templates.
        zone_id: As the template has it.
        record_name: In lower case, without the dot at its end.
        record_sets: Which record is of which Region; empty if the records tell it by themselves.
    """

    zone: HostedZone | Unresolved | None
    zone_id: Value | None
    record_name: Value | None
    record_sets: tuple[RegionRecordSet, ...]


@dataclass(frozen=True, kw_only=True)
class RoutingControlChange:
    """What a step sets a routing control to when a Region is switched.

    Attributes:
        region: The Region that is activated or deactivated.
        state: ``On`` or ``Off``.
    """

    region: str
    control: RoutingControl | Unresolved | None
    state: Value | None


@thing
class RoutingControlBlock(ExecutionBlock):
    """A step that sets routing controls."""

    changes: tuple[RoutingControlChange, ...]


@thing
class RegionSwitchWorkflow(Thing):
    """What Region switch does to activate or deactivate a Region, step by step.

    Attributes:
        action: ``activate``, ``deactivate`` or ``postRecovery``.
        target_region: The Region that it is for; None for both.
    """

    everywhere = True

    action: Value | None
    target_region: Value | None
    description: Value | None
    blocks: tuple[ExecutionBlock, ...]


@dataclass(frozen=True, kw_only=True)
class AssociatedAlarm:
    """An alarm that Region switch looks at.

    Attributes:
        name: The plan's name for it, which triggers use.
        type: ``applicationHealth``, for recovery times, or ``trigger``.
    """

    name: str
    type: Value | None
    alarm: Alarm | CompositeAlarm | Unresolved | None


@dataclass(frozen=True, kw_only=True)
class TriggerCondition:
    """The state of an alarm that a trigger waits for.

    Attributes:
        alarm_name: The plan's name for it.
        condition: ``red`` or ``green``.
    """

    alarm_name: Value | None
    condition: Value | None


@thing
class RegionSwitchTrigger(Thing):
    """What starts a plan by itself: all of some alarms in a state.

    Attributes:
        action: ``activate`` or ``deactivate``.
        target_region: The Region that it is for.
        minimum_delay: Seconds between two runs.
    """

    everywhere = True

    action: Value | None
    target_region: Value | None
    conditions: tuple[TriggerCondition, ...]
    minimum_delay: Whole | None
    description: Value | None


@thing
class RegionSwitchPlan(Thing):
    """A plan of Region switch: how traffic and what serves it move between two Regions.

    See https://docs.aws.amazon.com/r53recovery/latest/dg/region-switch-plans.html

    Attributes:
        recovery_approach: ``activeActive`` or ``activePassive``.
        primary_region: None for a plan of which both are active.
        recovery_time_objective: Seconds; None if it has none.
        execution_role: The role that the steps are run with.
        workflows: In the template's order.
        triggers: What starts it by itself; empty if only operators do.
    """

    everywhere = True

    name: Value | None
    description: Value | None
    regions: tuple[Value, ...]
    recovery_approach: Value | None
    primary_region: Value | None
    recovery_time_objective: Whole | None
    execution_role: Role | Unresolved | None
    workflows: tuple[RegionSwitchWorkflow, ...]
    triggers: tuple[RegionSwitchTrigger, ...]
    alarms: tuple[AssociatedAlarm, ...]


@thing
class PracticeRun(Thing):
    """When and how practice runs move traffic away from an Availability Zone, each week.

    See https://docs.aws.amazon.com/arc-zonal-shift/latest/api/API_PracticeRunConfiguration.html

    Attributes:
        blocked_dates: Days without practice runs, such as ``2026-12-24``, in UTC.
        blocked_windows: Times of the week without practice runs, such as ``Mon:09:00-Mon:17:00``, in UTC.
        allowed_windows: The only times of the week with practice runs; empty for any.
        blocking_alarms: Alarms that keep practice runs from starting, and end them.
        outcome_alarms: Alarms that end a practice run: the application does not stand it.
        blocking_alarm_ids: As the template names them: by ARN.
        outcome_alarm_ids: As the template names them: by ARN.
    """

    blocked_dates: tuple[Value, ...]
    blocked_windows: tuple[Value, ...]
    allowed_windows: tuple[Value, ...]
    blocking_alarms: tuple[Alarm | CompositeAlarm | Unresolved, ...]
    outcome_alarms: tuple[Alarm | CompositeAlarm | Unresolved, ...]
    blocking_alarm_ids: tuple[Value, ...]
    outcome_alarm_ids: tuple[Value, ...]


@thing
class ZonalAutoshift(Thing):
    """Whether AWS may move traffic away from an impaired Availability Zone by itself.

    Attributes:
        resource: The load balancer or the Auto Scaling group that it is for.
        status: ``ENABLED`` or ``DISABLED``; None if the template does not say.
        practice_run: None if it has none.
    """

    resource: Thing | Unresolved | None
    status: Value | None
    practice_run: PracticeRun | Unresolved | None


@thing
class AutoshiftObserver(Thing):
    """Whether EventBridge tells this account and Region of autoshifts, also those of other resources.

    Attributes:
        status: ``ENABLED`` or ``DISABLED``.
    """

    status: Value | None
