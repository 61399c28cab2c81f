"""Switches that records follow."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_route53recoverycontrol as arc
from aws_cdk.assertions import Match, Template

from ha_patterns import DnsFailover, RoutingControlFailover, RoutingControls

from ..samples import (
    CLUSTER_ARN,
    Properties,
    dns_failover,
    hybrid_failover,
    logical_id,
    new_stack,
    only,
    primary_host,
    properties,
    secondary_host,
    warnings_of,
    zone_of,
)

_CLUSTER = "AWS::Route53RecoveryControl::Cluster"
_PANEL = "AWS::Route53RecoveryControl::ControlPanel"
_CONTROL = "AWS::Route53RecoveryControl::RoutingControl"
_RULE = "AWS::Route53RecoveryControl::SafetyRule"


def _controls(stack: cdk.Stack, **given: Any) -> RoutingControls:
    return RoutingControls(stack, "Controls", **({"cluster_arn": CLUSTER_ARN} | given))


def _template(**given: Any) -> Template:
    stack = new_stack()
    _controls(stack, **given)
    return Template.from_stack(stack)


def _outputs(template: Template) -> dict[str, Any]:
    """Each output by the name that the command line looks for."""
    found = template.to_json()["Outputs"]
    names = ("Endpoints", "Panel", "FirstCommand", "FailoverCommand")
    return {name: output["Value"] for name in names for key, output in found.items() if f"RoutingControl{name}" in key}


def test_a_panel_with_two_controls_is_made_in_the_given_cluster() -> None:
    template = _template(name="shop")

    template.resource_count_is(_CLUSTER, 0)
    assert only(template, _PANEL) == {"ClusterArn": CLUSTER_ARN, "Name": "shop"}
    panel = {"Fn::GetAtt": [logical_id(template, _PANEL), "ControlPanelArn"]}
    assert properties(template, _CONTROL) == [
        {"ClusterArn": CLUSTER_ARN, "ControlPanelArn": panel, "Name": "primary"},
        {"ClusterArn": CLUSTER_ARN, "ControlPanelArn": panel, "Name": "standby"},
    ]


def test_the_rule_keeps_at_least_one_on() -> None:
    template = _template(name="shop")

    asserted = [{"Fn::GetAtt": [control, "RoutingControlArn"]} for control in template.find_resources(_CONTROL)]
    assert only(template, _RULE) == {
        "AssertionRule": {"AssertedControls": asserted, "WaitPeriodMs": 5000},
        "ControlPanelArn": {"Fn::GetAtt": [logical_id(template, _PANEL), "ControlPanelArn"]},
        "Name": "shop",
        "RuleConfig": {"Inverted": False, "Threshold": 1, "Type": "ATLEAST"},
    }


def test_each_control_has_a_health_check_that_follows_it() -> None:
    template = _template(name="shop")

    controls = [{"Fn::GetAtt": [control, "RoutingControlArn"]} for control in template.find_resources(_CONTROL)]
    checks = properties(template, "AWS::Route53::HealthCheck")
    assert [check["HealthCheckConfig"] for check in checks] == [
        {"Inverted": False, "RoutingControlArn": control, "Type": "RECOVERY_CONTROL"} for control in controls
    ]
    assert [check["HealthCheckTags"] for check in checks] == [
        [{"Key": "Name", "Value": "shop: primary"}],
        [{"Key": "Name", "Value": "shop: standby"}],
    ]


def test_a_cluster_is_made_when_asked_for_and_its_cost_is_told() -> None:
    stack = new_stack()
    controls = _controls(stack, cluster_arn=None, create_cluster=True, name="shop")
    template = Template.from_stack(stack)

    assert only(template, _CLUSTER) == {"Name": "shop"}
    assert isinstance(controls.cluster, arc.CfnCluster)
    assert only(template, _PANEL)["ClusterArn"] == {"Fn::GetAtt": [logical_id(template, _CLUSTER), "ClusterArn"]}
    assert warnings_of(stack) == {("/Test/Controls", "@ha-patterns/routing-control:cluster-cost")}


def test_a_given_cluster_costs_nothing_more() -> None:
    stack = new_stack()

    assert _controls(stack).cluster is None
    assert warnings_of(stack) == set()


def test_a_cluster_of_the_same_app_can_be_given() -> None:
    stack = new_stack()
    cluster = arc.CfnCluster(stack, "Shared", name="shared")
    _controls(stack, cluster_arn=cluster.attr_cluster_arn)

    template = Template.from_stack(stack)
    assert only(template, _PANEL)["ClusterArn"] == {"Fn::GetAtt": ["Shared", "ClusterArn"]}


def test_the_name_comes_from_the_path_and_fits() -> None:
    stack = new_stack()
    RoutingControls(stack, "A" * 80, cluster_arn=CLUSTER_ARN)

    name = only(Template.from_stack(stack), _PANEL)["Name"]
    assert name.startswith("Test")
    assert len(name) <= 64


def test_the_outputs_are_commands_that_need_the_cluster_alone() -> None:
    template = _template()

    outputs = _outputs(template)
    endpoints = {"Fn::GetAtt": [logical_id(template, "Custom::RoutingControlEndpoints"), "Endpoints"]}
    panel = {"Fn::GetAtt": [logical_id(template, _PANEL), "ControlPanelArn"]}
    each = {"Fn::Join": [" --endpoint ", {"Fn::Split": [",", endpoints]}]}
    assert outputs == {
        "Endpoints": endpoints,
        "Panel": panel,
        "FirstCommand": _joined("primary=On standby=Off", panel, each),
        "FailoverCommand": _joined("primary=Off standby=On", panel, each),
    }


def _joined(states: str, *parts: Properties) -> Properties:
    panel, each = parts
    before = f"ha-patterns routing-control set {states} --control-panel "
    return {"Fn::Join": ["", [before, panel, " --endpoint ", each]]}


def test_the_function_may_describe_this_cluster_and_nothing_else() -> None:
    statements = [
        statement
        for policy in properties(_template(), "AWS::IAM::Policy")
        for statement in policy["PolicyDocument"]["Statement"]
    ]

    assert {
        "Action": "route53-recovery-control-config:DescribeCluster",
        "Effect": "Allow",
        "Resource": CLUSTER_ARN,
    } in statements
    assert [statement for statement in statements if statement["Resource"] == "*"] == []


def test_the_function_is_asked_after_it_is_allowed() -> None:
    template = _template()

    template.has_resource(
        "Custom::RoutingControlEndpoints",
        {"DependsOn": Match.array_with([logical_id(template, "AWS::IAM::Policy")])},
    )


def test_without_a_region_it_says_where_controls_can_be() -> None:
    stack = new_stack(region=None)
    _controls(stack)

    assert ("/Test/Controls", "@ha-patterns/routing-control:unknown-region") in warnings_of(stack)


# Followed by records


def test_a_failover_pair_follows_both_controls() -> None:
    stack = new_stack()
    controls = _controls(stack)
    pair = dns_failover(
        stack,
        primary_health_check=controls.primary_health_check,
        secondary_health_check=controls.standby_health_check,
    )

    records = properties(Template.from_stack(stack), "AWS::Route53::RecordSet")
    followed = {record["Failover"]: record["HealthCheckId"] for record in records}
    assert followed == {
        "PRIMARY": stack.resolve(controls.primary_health_check.health_check_id),
        "SECONDARY": stack.resolve(controls.standby_health_check.health_check_id),
    }
    assert pair.failover_time.to_seconds() == 15 + 60
    assert pair.health_checks == []


def test_a_hybrid_follows_them_as_well() -> None:
    stack = new_stack()
    controls = _controls(stack)
    site = hybrid_failover(stack, primary_health_check=controls.primary_health_check)

    assert site.failover_time.to_seconds() == 15 + 60


def test_both_in_one_are_a_failover_that_somebody_decides() -> None:
    stack = new_stack()
    failover = RoutingControlFailover(
        stack,
        "Failover",
        hosted_zone=zone_of(stack),
        record_name="origin",
        primary=primary_host(),
        secondary=secondary_host(),
        cluster_arn=CLUSTER_ARN,
        ttl=cdk.Duration.seconds(30),
        recovery_time_objective=cdk.Duration.seconds(45),
    )

    assert isinstance(failover.dns, DnsFailover)
    assert failover.failover_time.to_seconds() == 45
    assert failover.dns.primary_health_check is failover.controls.primary_health_check
    assert failover.dns.secondary_health_check is failover.controls.standby_health_check
    cdk.aws_cloudfront.Distribution(
        stack, "Site", default_behavior=cdk.aws_cloudfront.BehaviorOptions(origin=failover.origin())
    )
    config = only(Template.from_stack(stack), "AWS::CloudFront::Distribution")["DistributionConfig"]
    assert [origin["DomainName"] for origin in config["Origins"]] == ["origin.example.com"]
