"""Load balancers that AWS shifts, in every form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from aws_cdk.assertions import Template

from ..samples import instance_in, new_balancer, refused_synth, target_group, vpc_in, zonal_shift
from .test_bad_input import _before, _network, _of_a_fleet, _of_servers


def _of_a_function(stack: cdk.Stack) -> elbv2.ApplicationLoadBalancer:
    """One target for all zones."""
    balancer = new_balancer(stack)
    balancer.add_listener("Http", port=80, default_target_groups=[target_group(stack)])
    return balancer


def _of_addresses(*zones: str | None) -> Callable[[cdk.Stack], elbv2.ApplicationLoadBalancer]:
    def build(stack: cdk.Stack) -> elbv2.ApplicationLoadBalancer:
        balancer = new_balancer(stack)
        group = elbv2.ApplicationTargetGroup(
            stack, "Addresses", vpc=vpc_in(stack), port=80, target_type=elbv2.TargetType.IP
        )
        resource: Any = group.node.default_child
        targets = [{"Id": f"10.0.0.{number}", "AvailabilityZone": zone} for number, zone in enumerate(zones)]
        resource.add_property_override("Targets", targets)
        balancer.add_listener("Http", port=80, default_target_groups=[group])
        return balancer

    return build


def _of_tasks(subnets: int) -> Callable[[cdk.Stack], elbv2.ApplicationLoadBalancer]:
    def build(stack: cdk.Stack) -> elbv2.ApplicationLoadBalancer:
        balancer = new_balancer(stack)
        task = ecs.FargateTaskDefinition(stack, "Task")
        task.add_container(
            "Web", image=ecs.ContainerImage.from_registry("nginx"), port_mappings=[ecs.PortMapping(container_port=80)]
        )
        service = ecs.FargateService(
            stack,
            "Service",
            cluster=ecs.Cluster(stack, "Cluster", vpc=vpc_in(stack)),
            task_definition=task,
            assign_public_ip=True,
            min_healthy_percent=100,
            vpc_subnets={"subnets": vpc_in(stack).public_subnets[:subnets]},
        )
        balancer.add_listener("Http", port=80).add_targets("Tasks", port=80, targets=[service])
        return balancer

    return build


@pytest.mark.parametrize(
    "build",
    [
        new_balancer,
        _network,
        lambda stack: _network(stack, cross_zone=False, protocol=elbv2.Protocol.UDP, ends=True),
        _of_a_function,
        _of_servers(0, 1),
        _of_a_fleet(2),
        _of_tasks(2),
    ],
    ids=["alone", "network over zones", "network within zones", "function", "servers", "fleet", "tasks"],
)
def test_what_aws_shifts_is_accepted(stack: cdk.Stack, build: Callable[[cdk.Stack], Any]) -> None:
    zonal_shift(stack, load_balancer=build(stack))

    Template.from_stack(stack)


@pytest.mark.parametrize("ends", [True, False])
def test_a_target_group_that_is_cross_zone_by_itself_is_judged_like_its_load_balancer(
    stack: cdk.Stack, *, ends: bool
) -> None:
    balancer = _network(stack, cross_zone=False, ends=ends)
    [group] = [each for each in stack.node.find_all() if isinstance(each, elbv2.NetworkTargetGroup)]
    group.set_attribute("load_balancing.cross_zone.enabled", "true")
    zonal_shift(stack, load_balancer=balancer)

    if ends:
        assert "must not end the connections of unhealthy targets" in refused_synth(stack)
    else:
        Template.from_stack(stack)


def test_tasks_in_one_zone_are_not_shifted(stack: cdk.Stack) -> None:
    zonal_shift(stack, load_balancer=_of_tasks(1)(stack))

    assert "the targets of Test/Balancer/Http/TasksGroup/Resource are in one zone" in refused_synth(stack)


def test_targets_of_an_unknown_zone_are_not_judged(stack: cdk.Stack) -> None:
    zonal_shift(stack, load_balancer=_before(stack))

    Template.from_stack(stack)


def test_a_server_of_another_group_does_not_count(stack: cdk.Stack) -> None:
    instance_in(stack, 1, "Other")

    zonal_shift(stack, load_balancer=_of_servers(0)(stack))

    assert "are in one zone" in refused_synth(stack)
