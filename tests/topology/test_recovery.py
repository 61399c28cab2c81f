"""Routing controls with their clusters, panels and rules; Region switch plans; zonal autoshift."""

from __future__ import annotations

from typing import Any

import pytest

from ha_patterns.topology.model import (
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
    TriggerCondition,
    ZonalAutoshift,
)
from ha_patterns.topology.topology import Topology
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
        Name="one on",
        ControlPanelArn=ref("Panel"),
        AssertionRule={"AssertedControls": [ref("One"), ref("Two"), "gone"], "WaitPeriodMs": 5000},
        RuleConfig=_CONFIG,
    )
    topology = load_resources({**_RESOURCES, "Rule": rule})
    found = only(topology, SafetyRule)

    assert (found.kind, found.rule_type, found.threshold, found.inverted) == ("assertion", "ATLEAST", 1, False)
    assert (found.name, found.wait_period) == ("one on", 5000)
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


def test_panels_and_controls_have_their_cluster() -> None:
    cluster = {"Cluster": resource(f"{_ARC}::Cluster", Name="cluster", NetworkType="DUALSTACK")}
    arn = get_att("Cluster", "ClusterArn")
    topology = load_resources(
        {
            **cluster,
            "Panel": resource(f"{_ARC}::ControlPanel", Name="panel", ClusterArn=arn),
            "Inside": resource(f"{_ARC}::RoutingControl", Name="inside", ControlPanelArn=ref("Panel")),
            "Default": resource(f"{_ARC}::RoutingControl", Name="default", ClusterArn=ref("Cluster")),
            "Elsewhere": resource(f"{_ARC}::RoutingControl", Name="elsewhere", ClusterArn="arn:aws:x"),
        }
    )
    found = only(topology, RoutingControlCluster)
    inside, default, elsewhere = topology.of(RoutingControl)

    assert (found.name, found.network_type) == ("cluster", "DUALSTACK")
    panel = only(topology, ControlPanel)
    assert (panel.cluster, str(panel.cluster_arn)) == (found, "${Cluster.ClusterArn}")
    assert (inside.cluster, inside.in_default_panel) == (None, False)
    assert (default.cluster, default.in_default_panel) == (found, True)
    assert isinstance(elsewhere.cluster, Unresolved)
    assert (inside.cluster_arn, elsewhere.cluster_arn) == (None, "arn:aws:x")


def test_a_cluster_and_a_panel_may_say_nothing() -> None:
    topology = load_resources({"C": resource(f"{_ARC}::Cluster"), "P": resource(f"{_ARC}::ControlPanel")})

    assert (only(topology, RoutingControlCluster).name, only(topology, RoutingControlCluster).network_type) == (
        None,
        None,
    )
    assert (only(topology, ControlPanel).name, only(topology, ControlPanel).cluster) == (None, None)


# Region switch.

_PARAMETERS = {"Given": {"Type": "String"}}
_GIVEN = Unresolved("the parameter Given of Test, which has no default")
_BESIDE = {
    "Zone": resource("Route53::HostedZone", Name="example.com"),
    "Control": resource(f"{_ARC}::RoutingControl", Name="west"),
    "Down": resource("CloudWatch::Alarm", AlarmName="down"),
    "Role": resource("IAM::Role", AssumeRolePolicyDocument={"Statement": []}),
}


def _step(kind: str, name: str, **configuration: Any) -> dict[str, Any]:
    return {"Name": name, "ExecutionBlockType": kind, "ExecutionBlockConfiguration": configuration}


_RECORDS = _step(
    "Route53HealthCheck",
    "dns",
    Route53HealthCheckConfig={
        "HostedZoneId": ref("Zone"),
        "RecordName": "WWW.example.com.",
        "TimeoutMinutes": 5,
        "RecordSets": [{"RecordSetIdentifier": "west", "Region": "eu-west-1"}],
    },
)
_CONTROLS = _step(
    "ARCRoutingControl",
    "switch",
    ArcRoutingControlConfig={
        "RegionAndRoutingControls": {
            "eu-west-1": [{"RoutingControlArn": ref("Control"), "State": "On"}],
            "us-east-1": [{"RoutingControlArn": "arn:aws:x", "State": "Off"}],
        }
    },
)
_APPROVAL = _step("ManualApproval", "ask", ExecutionApprovalConfig={"ApprovalRole": ref("Role")})
_PARALLEL = _step("Parallel", "both", ParallelConfig={"Steps": [_RECORDS, _CONTROLS]})


def _plan(**given: Any) -> Topology:
    resources = {"Plan": resource("ARCRegionSwitch::Plan", **given), **_BESIDE}
    return load_resources(resources, Parameters=_PARAMETERS)


def test_a_plan_has_what_it_says() -> None:
    topology = _plan(
        Name="shop",
        Description="moves the shop",
        Regions=["eu-west-1", "us-east-1"],
        RecoveryApproach="activePassive",
        PrimaryRegion="eu-west-1",
        RecoveryTimeObjectiveMinutes=15,
        ExecutionRole=get_att("Role", "Arn"),
        AssociatedAlarms={
            "health": {"AlarmType": "applicationHealth", "ResourceIdentifier": get_att("Down", "Arn")},
            "other": {"AlarmType": "trigger", "ResourceIdentifier": "arn:aws:cloudwatch:us-east-1:1:alarm:gone"},
        },
        Triggers=[
            {
                "Action": "activate",
                "TargetRegion": "us-east-1",
                "Conditions": [{"AssociatedAlarmName": "other", "Condition": "red"}],
                "MinDelayMinutesBetweenExecutions": 30,
            }
        ],
    )
    plan = only(topology, RegionSwitchPlan)

    assert (plan.name, plan.description, plan.regions) == ("shop", "moves the shop", ("eu-west-1", "us-east-1"))
    assert (plan.recovery_approach, plan.primary_region) == ("activePassive", "eu-west-1")
    assert plan.recovery_time_objective == 15 * 60
    assert isinstance(plan.execution_role, Role)
    health, other = plan.alarms
    assert health == AssociatedAlarm(name="health", type="applicationHealth", alarm=only(topology, Alarm))
    assert isinstance(other.alarm, Unresolved)
    [trigger] = plan.triggers
    assert (trigger.action, trigger.target_region, trigger.minimum_delay) == ("activate", "us-east-1", 30 * 60)
    assert trigger.conditions == (TriggerCondition(alarm_name="other", condition="red"),)
    assert topology.of(RegionSwitchTrigger) == (trigger,)


def test_a_plan_has_its_workflows_with_their_steps() -> None:
    steps = [_APPROVAL, _RECORDS, _CONTROLS]
    workflow = {"WorkflowTargetAction": "activate", "WorkflowTargetRegion": "us-east-1", "Steps": steps}
    topology = _plan(Workflows=[workflow, {"WorkflowTargetAction": "postRecovery", "WorkflowDescription": "after"}])
    plan = only(topology, RegionSwitchPlan)

    activate, after = plan.workflows
    assert (activate.action, activate.target_region, after.action, after.target_region) == (
        "activate",
        "us-east-1",
        "postRecovery",
        None,
    )
    assert (after.description, after.blocks) == ("after", ())
    assert topology.of(RegionSwitchWorkflow) == plan.workflows
    ask, dns, switch = activate.blocks
    assert (type(ask), ask.name, ask.type, ask.timeout) == (ExecutionBlock, "ask", "ManualApproval", 3600)
    assert isinstance(dns, Route53HealthCheckBlock)
    assert (dns.name, dns.type, dns.timeout, dns.blocks) == ("dns", "Route53HealthCheck", 300, ())
    assert isinstance(dns.zone, HostedZone)
    assert dns.record_name == "www.example.com"
    assert dns.record_sets == (RegionRecordSet(identifier="west", region="eu-west-1"),)
    assert isinstance(switch, RoutingControlBlock)
    west, east = switch.changes
    assert west == RoutingControlChange(region="eu-west-1", control=only(topology, RoutingControl), state="On")
    assert (east.region, east.state, type(east.control)) == ("us-east-1", "Off", Unresolved)


def test_parallel_steps_are_found_as_others_are() -> None:
    topology = _plan(Workflows=[{"WorkflowTargetAction": "activate", "Steps": [_PARALLEL, _APPROVAL]}])
    both, ask = only(topology, RegionSwitchPlan).workflows[0].blocks

    assert (both.type, both.timeout, [block.name for block in both.blocks]) == ("Parallel", None, ["dns", "switch"])
    assert topology.of(Route53HealthCheckBlock) == (both.blocks[0],)
    assert topology.of(RoutingControlBlock) == (both.blocks[1],)
    assert topology.of(ExecutionBlock) == (both, ask)
    assert both.blocks[1].place.path[-3:] == ("ParallelConfig", "Steps", 1)


def test_a_plan_may_say_nothing() -> None:
    plan = only(_plan(), RegionSwitchPlan)

    assert (plan.name, plan.regions, plan.primary_region, plan.recovery_time_objective) == (None, (), None, None)
    assert (plan.workflows, plan.triggers, plan.alarms, plan.execution_role, plan.gaps) == ((), (), (), None, ())


def test_of_a_plan_that_is_given_nothing_is_guessed() -> None:
    names = ("Regions", "PrimaryRegion", "RecoveryTimeObjectiveMinutes", "AssociatedAlarms", "Triggers")
    step = {"Name": "x", "ExecutionBlockType": ref("Given"), "ExecutionBlockConfiguration": ref("Given")}
    given = dict.fromkeys(names, ref("Given"))
    plan = only(_plan(**given, Workflows=[{"Steps": [step]}, {"Steps": ref("Given")}]), RegionSwitchPlan)

    assert (plan.primary_region, plan.recovery_time_objective) == (_GIVEN, _GIVEN)
    assert (plan.regions, plan.triggers, plan.alarms) == ((), (), ())
    assert {gap.path[1] for gap in plan.gaps} == {"Regions", "AssociatedAlarms", "Triggers", "Workflows"}
    known, unknown = plan.workflows
    [block] = known.blocks
    assert (type(block), block.type, block.timeout) == (ExecutionBlock, _GIVEN, _GIVEN)
    assert (unknown.blocks, unknown.gaps) == ((), (_GIVEN,))


def test_a_step_may_be_of_a_zone_elsewhere_or_of_none() -> None:
    steps = [
        _step("Route53HealthCheck", "one", Route53HealthCheckConfig={"HostedZoneId": "Z1", "RecordName": ref("Given")}),
        _step("Route53HealthCheck", "two", Route53HealthCheckConfig={}),
        {"Name": "three"},
    ]
    one, two, three = only(_plan(Workflows=[{"Steps": steps}]), RegionSwitchPlan).workflows[0].blocks

    assert isinstance(one, Route53HealthCheckBlock)
    assert isinstance(one.zone, Unresolved)
    assert (one.zone_id, one.record_name, one.record_sets) == ("Z1", _GIVEN, ())
    assert isinstance(two, Route53HealthCheckBlock)
    assert (two.zone, two.zone_id, two.record_name) == (None, None, None)
    assert (three.type, three.timeout) == (None, None)


# Zonal autoshift.

_BALANCER = {"Balancer": resource("ElasticLoadBalancingV2::LoadBalancer", Name="one")}


def _autoshift(**given: Any) -> Topology:
    alarms = {
        "Down": resource("CloudWatch::Alarm", AlarmName="down"),
        "Busy": resource("CloudWatch::CompositeAlarm", AlarmName="busy", AlarmRule="TRUE"),
        "Group": resource("Test::Group"),
    }
    kind = "ARCZonalShift::ZonalAutoshiftConfiguration"
    return load_resources({"Shift": resource(kind, **given), **_BALANCER, **alarms}, Parameters=_PARAMETERS)


def test_an_autoshift_has_its_load_balancer_and_its_practice_runs() -> None:
    topology = _autoshift(
        ResourceIdentifier=ref("Balancer"),
        ZonalAutoshiftStatus="ENABLED",
        PracticeRunConfiguration={
            "BlockedDates": ["2026-12-24"],
            "BlockedWindows": ["Mon:09:00-Mon:17:00"],
            "AllowedWindows": ["Tue:02:00-Tue:04:00"],
            "BlockingAlarms": [{"Type": "CLOUDWATCH", "AlarmIdentifier": get_att("Busy", "Arn")}],
            "OutcomeAlarms": [
                {"Type": "CLOUDWATCH", "AlarmIdentifier": get_att("Down", "Arn")},
                {"Type": "CLOUDWATCH", "AlarmIdentifier": "arn:aws:cloudwatch:eu-west-1:1:alarm:gone"},
            ],
        },
    )
    shift = only(topology, ZonalAutoshift)

    assert isinstance(shift.resource, LoadBalancer)
    assert shift.status == "ENABLED"
    run = shift.practice_run
    assert isinstance(run, PracticeRun)
    assert (run.blocked_dates, run.blocked_windows) == (("2026-12-24",), ("Mon:09:00-Mon:17:00",))
    assert run.allowed_windows == ("Tue:02:00-Tue:04:00",)
    assert [type(alarm) for alarm in (*run.blocking_alarms, *run.outcome_alarms)] == [CompositeAlarm, Alarm, Unresolved]
    assert (len(run.blocking_alarm_ids), run.outcome_alarm_ids[1]) == (1, "arn:aws:cloudwatch:eu-west-1:1:alarm:gone")
    assert topology.of(PracticeRun) == (run,)


@pytest.mark.parametrize(
    ("identifier", "waits_for"),
    [
        ("arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/one/1", None),
        (
            "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/two/1",
            "which is not in these templates",
        ),
        (get_att("Group", "Arn"), "Group, an AWS::Test::Group of which nothing is read"),
        (ref("Given"), _GIVEN.waits_for),
    ],
)
def test_an_autoshift_may_be_of_anything(identifier: object, waits_for: str | None) -> None:
    found = only(_autoshift(ResourceIdentifier=identifier), ZonalAutoshift).resource

    if waits_for is None:
        assert isinstance(found, LoadBalancer)
    else:
        assert isinstance(found, Unresolved)
        assert waits_for in found.waits_for


def test_an_autoshift_may_say_nothing_or_be_given() -> None:
    empty = only(_autoshift(), ZonalAutoshift)
    given = only(_autoshift(ZonalAutoshiftStatus=ref("Given"), PracticeRunConfiguration=ref("Given")), ZonalAutoshift)
    alarms = {"OutcomeAlarms": ref("Given")}
    [run] = _autoshift(PracticeRunConfiguration=alarms).of(PracticeRun)

    assert (empty.resource, empty.status, empty.practice_run) == (None, None, None)
    assert (given.status, given.practice_run) == (_GIVEN, _GIVEN)
    assert (run.outcome_alarms, run.outcome_alarm_ids, run.gaps) == ((), (), (_GIVEN,))


def test_an_observer_has_its_status() -> None:
    kind = "ARCZonalShift::AutoshiftObserverNotificationStatus"
    observers = load_resources({"On": resource(kind, Status="ENABLED"), "Empty": resource(kind)}).of(AutoshiftObserver)

    assert [observer.status for observer in observers] == ["ENABLED", None]
