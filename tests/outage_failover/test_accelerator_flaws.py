"""Accelerators that reach their endpoints, and standbys that are near enough."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from aws_cdk import aws_globalaccelerator as globalaccelerator
from aws_cdk.assertions import Template

from ha_patterns import AcceleratorEndpoint

from ..samples import listening, multi_az_accelerator, new_balancer, number_token, stack_in, target_group, warnings_of
from .test_bad_input import _UDP, _balancer_at, _behind_accelerator, _network_at, _over, _ranges

_FAR = ("/Test/Accelerator", "@ha-patterns/accelerator:far-standby")
_MANY = ("/Test/Accelerator", "@ha-patterns/accelerator:many-groups")


def _of_its_own_groups(stack: cdk.Stack) -> object:
    group = target_group(stack)
    balancer = new_balancer(stack)
    balancer.add_listener("Listener", port=443, protocol=elbv2.ApplicationProtocol.HTTP, default_target_groups=[group])
    endpoint = AcceleratorEndpoint.application_load_balancer(balancer, target_groups=[group])
    return multi_az_accelerator(stack, endpoints=[endpoint])


def _elsewhere(stack: cdk.Stack) -> object:
    balancer = listening(new_balancer(stack_in("us-east-1", stack)))
    return multi_az_accelerator(stack, endpoints=[AcceleratorEndpoint.application_load_balancer(balancer)])


@pytest.mark.parametrize(
    "build",
    [
        _behind_accelerator(_balancer_at(80, 443)),
        _behind_accelerator(_balancer_at(85), port_ranges=_ranges((80, 90))),
        _behind_accelerator(_network_at(elbv2.Protocol.TCP)),
        _behind_accelerator(_network_at(elbv2.Protocol.TLS)),
        _behind_accelerator(_network_at(elbv2.Protocol.UDP), protocol=_UDP),
        _behind_accelerator(_network_at(elbv2.Protocol.TCP_UDP), protocol=_UDP),
        _behind_accelerator(_network_at(elbv2.Protocol.TCP_UDP)),
        _behind_accelerator(_network_at(elbv2.Protocol.TCP, grouped=True), preserve_client_ip=True),
        _behind_accelerator(_network_at(elbv2.Protocol.TCP, dual=True), preserve_client_ip=False),
        _behind_accelerator(
            _network_at(elbv2.Protocol.TCP, grouped=True, dual=True),
            preserve_client_ip=True,
            ip_address_type=globalaccelerator.IpAddressType.DUAL_STACK,
        ),
        lambda stack: _behind_accelerator(_balancer_at(8443), port_ranges=_ranges((number_token(stack, "Port"), None)))(
            stack
        ),
        _of_its_own_groups,
        _elsewhere,
    ],
)
def test_an_accelerator_that_reaches_its_load_balancer_is_accepted(
    stack: cdk.Stack, build: Callable[[cdk.Stack], Any]
) -> None:
    build(stack)

    Template.from_stack(stack)


@pytest.mark.parametrize(
    ("regions", "standby", "warned"),
    [
        # Four groups: each standby is among the three closest.
        (("eu-west-1", "eu-west-2", "eu-west-3"), "ap-southeast-2", set()),
        # Sydney has it among its three closest, the others have not.
        (("eu-west-1", "eu-west-2", "eu-west-3", "ap-southeast-2", "eu-central-1"), "ap-southeast-1", {_FAR, _MANY}),
    ],
)
def test_a_standby_that_is_too_far_from_some_is_warned_of(
    stack: cdk.Stack, regions: tuple[str, ...], standby: str, warned: set[tuple[str, str]]
) -> None:
    _over(*regions, standby=standby)(stack)

    assert warnings_of(stack) == warned
