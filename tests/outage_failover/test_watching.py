"""What checks may watch beside their own endpoint, and when a record goes by the health of its alias target."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_autoscaling as autoscaling
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from aws_cdk import aws_route53 as route53
from aws_cdk.assertions import Template

from ha_patterns import (
    AlarmHealthCheck,
    CalculatedHealthCheck,
    DnsFailover,
    Endpoint,
    EndpointHealthCheck,
    LatencyRouting,
    RoutingControlFailover,
    RoutingControls,
    StandbyTakesOver,
    TrafficSwitch,
)

from ..bad_input import cdk_check, endpoint_check, imported_checks
from ..samples import (
    CERTIFICATE_ARN,
    CLUSTER_ARN,
    dns_failover,
    hybrid_failover,
    load_balancer,
    metric_alarm,
    new_balancer,
    properties,
    refused_synth,
    rest_api,
    stack_in,
    target_group,
    vpc_in,
    warnings_of,
    zone_of,
)
from .test_bad_input import _calculated_of, _idle, _of_metric, group_checked, idle_balancer, rest_pair, service_of


@pytest.mark.parametrize(
    "check",
    [
        lambda stack: cdk_check(stack, fqdn="PRIMARY.example.com"),
        lambda stack: endpoint_check(stack, ip_address="203.0.113.1"),
        lambda stack: endpoint_check(stack, domain_name="secondary.example.com", inverted=True),
        lambda stack: _calculated_of(stack, names=["primary.example.com", "secondary.example.com"]),
        lambda stack: _calculated_of(stack, names=["secondary.example.com"], turned=1),
        lambda stack: endpoint_check(stack, domain_name="status.example.net"),
        lambda stack: imported_checks(stack, 1)[0],
        lambda stack: AlarmHealthCheck(stack, "Check", alarm=metric_alarm(stack)),
        lambda stack: AlarmHealthCheck(stack, "Check", alarm_name="errors", alarm_region="us-west-2"),
        lambda stack: AlarmHealthCheck(
            stack, "Check", alarm=cloudwatch.Alarm.from_alarm_name(stack, "Imported", "errors")
        ),
    ],
)
def test_a_check_may_watch_its_own_endpoint_or_what_is_not_known(
    stack: cdk.Stack, check: Callable[[cdk.Stack], Any]
) -> None:
    pair = dns_failover(stack, primary_health_check=check(stack))

    assert len(pair.records) == 2


def test_an_api_that_shares_its_name_with_another_is_not_taken_for_it(stack: cdk.Stack) -> None:
    pair = rest_pair(stack)
    rest_api(stack_in("eu-west-1", stack), "Two")

    made = dns_failover(stack, **pair, primary_health_check=_of_metric(stack, "AWS/ApiGateway", ApiName="Two"))

    assert len(made.records) == 4


def test_an_alarm_on_a_target_group_of_its_own_load_balancer_passes(stack: cdk.Stack) -> None:
    group_checked(stack, watched="One")

    Template.from_stack(stack)


def _switch_check(stack: cdk.Stack) -> AlarmHealthCheck:
    return AlarmHealthCheck(stack, "Switched", alarm=TrafficSwitch(stack, "Switch", switch_name="shop").alarm)


_ELSEWHERE: dict[str, Any] = {"alarm_name": "errors", "alarm_region": "us-east-1"}
_STAYS = route53.InsufficientDataHealthStatusEnum.LAST_KNOWN_STATUS


@pytest.mark.parametrize(
    ("check", "warned"),
    [
        (lambda stack: AlarmHealthCheck(stack, "Check", **_ELSEWHERE), True),
        (lambda stack: AlarmHealthCheck(stack, "Check", alarm=metric_alarm(stack)), True),
        (lambda stack: AlarmHealthCheck(stack, "Check", **{**_ELSEWHERE, "alarm_region": "eu-west-1"}), False),
        (lambda stack: AlarmHealthCheck(stack, "Check", **{**_ELSEWHERE, "alarm_region": "us-west-2"}), False),
        (lambda stack: AlarmHealthCheck(stack, "Check", **_ELSEWHERE, inverted=True), False),
        (lambda stack: _of_metric(stack, "AWS/Route53", HealthCheckId="0c9b5c4e"), False),
        # A switch that is given by its name.
        (lambda stack: AlarmHealthCheck(stack, "Check", **_ELSEWHERE, insufficient_data_health_status=_STAYS), False),
        (_switch_check, False),
    ],
)
def test_an_alarm_in_the_region_of_another_member_is_warned_of(
    stack: cdk.Stack, check: Callable[[cdk.Stack], Any], *, warned: bool
) -> None:
    there = Endpoint.load_balancer(new_balancer(stack), domain_name="there.example.com")
    pair = {**_pair(stack), "secondary": there}
    dns_failover(stack, **pair, primary_health_check=check(stack), evaluate_target_health=False)

    assert ("/Test/Check", "@ha-patterns/health-check:other-region") in warnings_of(stack) or not warned
    assert warned or not any(name.endswith("health-check:other-region") for _, name in warnings_of(stack))


def test_balancers_of_two_stacks_with_one_logical_id_are_two(stack: cdk.Stack) -> None:
    there = stack_in("eu-west-1", stack)
    own, other = new_balancer(stack), new_balancer(there)

    pair = dns_failover(
        stack,
        primary=Endpoint.load_balancer(own, domain_name="own.example.com"),
        secondary=Endpoint.load_balancer(other, domain_name="other.example.com"),
        primary_health_check=endpoint_check(stack, domain_name=own.load_balancer_dns_name),
    )

    assert pair.secondary_health_check is None


def _pair(stack: cdk.Stack) -> dict[str, Any]:
    return {
        role: Endpoint.load_balancer(load_balancer(stack, role), domain_name=f"{role}.example.com")
        for role in ("primary", "secondary")
    }


def _half_a_switch(stack: cdk.Stack) -> CalculatedHealthCheck:
    probe = EndpointHealthCheck(stack, "Probe", domain_name="primary.example.com")
    return CalculatedHealthCheck(stack, "Both", child_health_checks=[probe, _switch_check(stack)])


def _routing_control(stack: cdk.Stack) -> RoutingControlFailover:
    return RoutingControlFailover(
        stack, "Site", hosted_zone=zone_of(stack), record_name="origin", cluster_arn=CLUSTER_ARN, **_pair(stack)
    )


def _takes_over(stack: cdk.Stack) -> StandbyTakesOver:
    switch = TrafficSwitch(stack, "Switch", switch_name="shop")
    return StandbyTakesOver(
        stack, "Site", hosted_zone=zone_of(stack), record_name="origin", switch=switch, **_pair(stack)
    )


def _with_controls(stack: cdk.Stack, **given: Any) -> DnsFailover:
    controls = RoutingControls(stack, "Controls", cluster_arn=CLUSTER_ARN)
    checks = {
        "primary_health_check": controls.primary_health_check,
        "secondary_health_check": controls.standby_health_check,
    }
    return dns_failover(stack, **_pair(stack), **checks, **given)


def _near(stack: cdk.Stack, **given: Any) -> LatencyRouting:
    first, second = _pair(stack).values()
    return LatencyRouting(
        stack,
        "Site",
        hosted_zone=zone_of(stack),
        record_name="origin",
        members={"eu-west-1": first, "us-east-1": second},
        **given,
    )


@pytest.mark.parametrize(
    ("build", "evaluates"),
    [
        (lambda stack: dns_failover(stack, **_pair(stack)), {True}),
        (lambda stack: dns_failover(stack, **_pair(stack), evaluate_target_health=False), {False}),
        (lambda stack: dns_failover(stack, **_pair(stack), primary_health_check=_switch_check(stack)), {False}),
        (lambda stack: dns_failover(stack, **_pair(stack), primary_health_check=_half_a_switch(stack)), {False}),
        (lambda stack: dns_failover(stack, **_pair(stack), secondary_health_check=_switch_check(stack)), {False}),
        (
            lambda stack: dns_failover(
                stack, **_pair(stack), primary_health_check=_switch_check(stack), evaluate_target_health=True
            ),
            {True},
        ),
        (lambda stack: dns_failover(stack, **_pair(stack), failback="manual"), {False}),
        (lambda stack: hybrid_failover(stack, **_pair(stack)), {True}),
        (lambda stack: hybrid_failover(stack, **_pair(stack), evaluate_target_health=False), {False}),
        (_with_controls, {False}),
        (lambda stack: _with_controls(stack, evaluate_target_health=True), {True}),
        (_routing_control, {False}),
        (_takes_over, {False}),
        (_near, {True}),
        (lambda stack: _near(stack, evaluate_target_health=False), {False}),
    ],
)
def test_a_switch_alone_decides_unless_the_health_of_targets_is_asked_for(
    stack: cdk.Stack, build: Callable[[cdk.Stack], Any], evaluates: set[bool]
) -> None:
    build(stack)

    records = properties(Template.from_stack(stack), "AWS::Route53::RecordSet")
    found = {record["AliasTarget"]["EvaluateTargetHealth"] for record in records if "SetIdentifier" in record}
    assert found == evaluates


def test_a_region_that_a_switch_takes_out_alone_goes_by_it_alone(stack: cdk.Stack) -> None:
    routing = _near(
        stack,
        health_checks={
            "eu-west-1": _switch_check(stack),
            "us-east-1": endpoint_check(stack, domain_name="secondary.example.com"),
        },
    )

    records = properties(Template.from_stack(stack), "AWS::Route53::RecordSet")
    found = {(record["Region"], record["AliasTarget"]["EvaluateTargetHealth"]) for record in records}
    assert routing.record_types
    assert found == {("eu-west-1", False), ("us-east-1", True)}


def _several(stack: cdk.Stack) -> Endpoint:
    balancer = new_balancer(stack)
    listener = balancer.add_listener(
        "Listener",
        port=443,
        certificates=[elbv2.ListenerCertificate.from_arn(CERTIFICATE_ARN)],
        default_target_groups=[target_group(stack, "Blue")],
    )
    listener.add_target_groups(
        "Green",
        target_groups=[target_group(stack, "Green")],
        priority=1,
        conditions=[elbv2.ListenerCondition.path_patterns(["/green/*"])],
    )
    return Endpoint.load_balancer(balancer, domain_name="several.example.com")


@pytest.mark.parametrize(("evaluates", "warned"), [(None, True), (True, True), (False, False)])
def test_several_target_groups_are_warned_of_where_their_health_decides(
    stack: cdk.Stack, *, evaluates: bool | None, warned: bool
) -> None:
    other = Endpoint.load_balancer(load_balancer(stack), domain_name="other.example.com")
    dns_failover(stack, primary=_several(stack), secondary=other, evaluate_target_health=evaluates)

    expected = {("/Test/Balancer/Resource", "@ha-patterns/load-balancer:several-groups")}
    assert warnings_of(stack) == (expected if warned else set())


@pytest.mark.parametrize(
    ("tasks", "evaluates", "is_refused"),
    [(None, None, True), (0, None, True), (1, None, False), (None, False, False), (0, False, False)],
)
def test_an_empty_target_group_is_refused_where_its_health_decides(
    stack: cdk.Stack, *, tasks: int | None, evaluates: bool | None, is_refused: bool
) -> None:
    other = Endpoint.load_balancer(load_balancer(stack), domain_name="other.example.com")
    dns_failover(stack, primary=_idle(stack, tasks=tasks), secondary=other, evaluate_target_health=evaluates)

    if is_refused:
        assert "Test/IdleTargets/Resource has no targets" in refused_synth(stack)
    else:
        Template.from_stack(stack)


def _switch_in(region: str | None, scope: cdk.Stack) -> TrafficSwitch:
    return TrafficSwitch(stack_in(region, scope, "Switches"), "Switch", switch_name="shop")


def _moved_by(switch: TrafficSwitch, stack: cdk.Stack, **given: Any) -> StandbyTakesOver:
    pair = {**_pair(stack), **given}
    return StandbyTakesOver(stack, "Site", hosted_zone=zone_of(stack), record_name="origin", switch=switch, **pair)


# The load balancers of _pair are in eu-west-1.
@pytest.mark.parametrize("region", ["eu-central-1", "us-east-1"])
def test_a_switch_may_be_in_any_region_but_the_primarys(stack: cdk.Stack, region: str) -> None:
    takes_over = _moved_by(_switch_in(region, stack), stack)

    assert takes_over.dns.primary_health_check is takes_over.health_check


def test_a_switch_passes_where_the_primarys_region_is_not_known(stack: cdk.Stack) -> None:
    nowhere = Endpoint.http_host("dc1.example.com", ipv4_addresses=["203.0.113.1"])
    takes_over = _moved_by(_switch_in("eu-west-1", stack), stack, primary=nowhere)

    assert takes_over.dns.primary_health_check is takes_over.health_check


def _follows(stack: cdk.Stack, region: str, **given: Any) -> AlarmHealthCheck:
    return AlarmHealthCheck(stack, "Follows", alarm=_switch_in(region, stack).alarm, **given)


def test_a_switch_in_the_primarys_region_may_be_beside_a_check_that_notices_an_outage(stack: cdk.Stack) -> None:
    probe = EndpointHealthCheck(stack, "Probe", domain_name="primary.example.com")
    both = CalculatedHealthCheck(stack, "Both", child_health_checks=[probe, _follows(stack, "eu-west-1")])

    pair = dns_failover(stack, **_pair(stack), primary_health_check=both)

    assert pair.primary_health_check is both


def test_an_inverted_switch_may_be_in_the_region_of_the_standby_that_it_holds_back(stack: cdk.Stack) -> None:
    pair = dns_failover(stack, **_pair(stack), secondary_health_check=_follows(stack, "eu-west-1", inverted=True))

    assert pair.secondary_health_check is not None


_SWITCHED_FROM_WITHIN: dict[str, tuple[str, Callable[[cdk.Stack], Any]]] = {
    "standby takes over": ("switch", lambda stack: _moved_by(_switch_in("eu-west-1", stack), stack)),
    "the check of a primary": (
        "primary_health_check",
        lambda stack: dns_failover(stack, **_pair(stack), primary_health_check=_follows(stack, "eu-west-1")),
    ),
    "a calculated check of a switch alone": (
        "primary_health_check",
        lambda stack: dns_failover(
            stack,
            **_pair(stack),
            primary_health_check=CalculatedHealthCheck(
                stack, "One", child_health_checks=[_follows(stack, "eu-west-1")]
            ),
        ),
    ),
    "the check of a member": (
        "health_checks['eu-west-1']",
        lambda stack: LatencyRouting(
            stack,
            "Site",
            hosted_zone=zone_of(stack),
            record_name="api",
            members={
                "eu-west-1": Endpoint.http_host("a.example.com", ipv4_addresses=["203.0.113.1"]),
                "us-east-1": Endpoint.http_host("b.example.com", ipv4_addresses=["203.0.113.2"]),
            },
            health_checks={"eu-west-1": _follows(stack, "eu-west-1")},
        ),
    ),
}


@pytest.mark.parametrize(("argument", "build"), _SWITCHED_FROM_WITHIN.values(), ids=_SWITCHED_FROM_WITHIN)
def test_a_switch_in_the_region_that_traffic_is_to_leave_is_refused(
    stack: cdk.Stack, argument: str, build: Callable[[cdk.Stack], Any]
) -> None:
    with pytest.raises(
        ValueError, match=r"must be a switch outside eu-west-1, got .*an outage of eu-west-1"
    ) as refusal:
        build(stack)

    assert str(refusal.value).startswith(argument)


def _served_elsewhere(stack: cdk.Stack, group: elbv2.IApplicationTargetGroup, **given: Any) -> None:
    service_of(stack_in("us-east-1", stack), group.target_group_arn, **given)


def _served_by_its_arn(stack: cdk.Stack, group: elbv2.ApplicationTargetGroup) -> None:
    imported = elbv2.ApplicationTargetGroup.from_target_group_attributes(
        stack_in("us-east-1", stack), "Imported", target_group_arn=group.target_group_arn
    )
    service_of(cdk.Stack.of(imported), imported.target_group_arn)


def _served_by_instances(stack: cdk.Stack, group: elbv2.ApplicationTargetGroup) -> None:
    autoscaling.AutoScalingGroup(
        stack_in("us-east-1", stack),
        "Instances",
        vpc=vpc_in(stack),
        instance_type=ec2.InstanceType("t3.micro"),
        machine_image=ec2.MachineImage.latest_amazon_linux2023(),
    ).attach_to_application_target_group(group)


def _served_by_attribute(stack: cdk.Stack, group: elbv2.ApplicationTargetGroup) -> None:
    resource = group.node.default_child
    assert isinstance(resource, elbv2.CfnTargetGroup)
    service_of(stack, resource.attr_target_group_arn)


def _told_to_others(stack: cdk.Stack, group: elbv2.ApplicationTargetGroup) -> None:
    cdk.CfnOutput(stack, "Arn", value=group.target_group_arn, export_name="targets")


def _told_in_a_parameter(stack: cdk.Stack, group: elbv2.ApplicationTargetGroup) -> None:
    cdk.CfnResource(
        stack,
        "Arn",
        type="AWS::SSM::Parameter",
        properties={"type": "String", "name": "/web/targets", "value": group.target_group_arn},
    )


@pytest.mark.parametrize(
    "serve",
    [
        _served_elsewhere,
        _served_by_its_arn,
        _served_by_instances,
        _served_by_attribute,
        _told_to_others,
        _told_in_a_parameter,
        lambda stack, group: service_of(cdk.NestedStack(stack, "Nested"), group.target_group_arn),
    ],
)
def test_targets_may_come_from_anywhere(stack: cdk.Stack, serve: Callable[..., object]) -> None:
    balancer, group = idle_balancer(stack)
    other = Endpoint.load_balancer(load_balancer(stack), domain_name="other.example.com")
    dns_failover(stack, primary=Endpoint.load_balancer(balancer, domain_name="own.example.com"), secondary=other)
    serve(stack, group)

    Template.from_stack(stack)


def test_a_parent_may_register_with_a_target_group_of_a_nested_stack(stack: cdk.Stack) -> None:
    balancer, group = idle_balancer(cdk.NestedStack(stack, "Nested"))
    other = Endpoint.load_balancer(load_balancer(stack), domain_name="other.example.com")
    dns_failover(stack, primary=Endpoint.load_balancer(balancer, domain_name="own.example.com"), secondary=other)
    service_of(stack, group.target_group_arn)

    Template.from_stack(stack)


def _served_of_its_own(stack: cdk.Stack, group: elbv2.ApplicationTargetGroup) -> None:
    """A nested stack has a target group of the same logical id, with targets."""
    elsewhere = cdk.NestedStack(stack, "Nested")
    _, other = idle_balancer(elsewhere)
    assert elsewhere.resolve(other.target_group_arn) == stack.resolve(group.target_group_arn)
    service_of(elsewhere, other.target_group_arn)


def test_targets_of_another_target_group_with_its_logical_id_are_not_its_own(stack: cdk.Stack) -> None:
    balancer, group = idle_balancer(stack)
    other = Endpoint.load_balancer(load_balancer(stack), domain_name="other.example.com")
    dns_failover(stack, primary=Endpoint.load_balancer(balancer, domain_name="own.example.com"), secondary=other)
    _served_of_its_own(stack, group)

    assert "Test/IdleTargets/Resource has no targets" in refused_synth(stack)
