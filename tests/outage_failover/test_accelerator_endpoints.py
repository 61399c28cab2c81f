"""Endpoints: what is known of them, and how long they take to become unhealthy."""

from __future__ import annotations

import aws_cdk as cdk
import pytest
from aws_cdk import Duration
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticloadbalancingv2 as elbv2

from ha_patterns import AcceleratorEndpoint

from ..samples import (
    imported_balancer,
    listening,
    multi_az_accelerator,
    multi_region_accelerator,
    new_balancer,
    target_group,
    vpc_in,
)
from .accelerators import accelerator_stack, group_in, groups_of


@pytest.fixture
def stack() -> cdk.Stack:
    return accelerator_stack()


def test_the_slowest_target_group_counts(stack: cdk.Stack) -> None:
    fast = target_group(stack, "Fast", interval=Duration.seconds(10), timeout=Duration.seconds(5))
    slow = target_group(stack, "Slow", interval=Duration.seconds(40), timeout=Duration.seconds(5))
    endpoint = AcceleratorEndpoint.application_load_balancer(
        imported_balancer(stack, "eu-west-1"), target_groups=[fast, slow]
    )

    assert endpoint.detection_time.to_seconds() == 2 * 40 + 5


def test_a_network_load_balancer_is_an_endpoint(stack: cdk.Stack) -> None:
    balancer = elbv2.NetworkLoadBalancer(
        stack, "Network", vpc=vpc_in(stack), security_groups=[ec2.SecurityGroup(stack, "Group", vpc=vpc_in(stack))]
    )
    targets = elbv2.NetworkTargetGroup(stack, "Targets", vpc=vpc_in(stack), port=80)
    balancer.add_listener("Listener", port=443, default_target_groups=[targets])
    endpoint = AcceleratorEndpoint.network_load_balancer(balancer, target_groups=[targets], preserve_client_ip=True)
    multi_region_accelerator(
        stack,
        endpoint_groups=[
            group_in("us-west-2", endpoint),
            group_in("eu-west-1", AcceleratorEndpoint.application_load_balancer(imported_balancer(stack, "eu-west-1"))),
        ],
    )

    [configuration] = groups_of(stack)["us-west-2"]["EndpointConfigurations"]
    assert configuration["ClientIPPreservationEnabled"] is True
    assert endpoint.region == "us-west-2"
    assert endpoint.detection_time.to_seconds() == 2 * 30 + 10


def test_an_unknown_target_group_gives_no_failover_time(stack: cdk.Stack) -> None:
    with pytest.raises(ValueError, match=r"give target_groups=\[\.\.\.\], made in this app"):
        _ = multi_region_accelerator(stack).failover_time


def test_the_region_can_be_said(stack: cdk.Stack) -> None:
    nowhere = cdk.Stack(cdk.App(), "Nowhere")
    balancer = AcceleratorEndpoint.application_load_balancer(listening(new_balancer(nowhere)))

    accelerator = multi_az_accelerator(nowhere, endpoints=[balancer], region="eu-west-1")

    assert balancer.region is None
    assert set(groups_of(nowhere)) == {"eu-west-1"}
    assert accelerator.endpoint_groups
