"""Accelerators with their listeners, endpoint groups and endpoints, across stacks."""

from __future__ import annotations

from typing import Any

import pytest

from ha_patterns.topology.model import (
    Accelerator,
    AcceleratorEndpoint,
    AcceleratorListener,
    Address,
    EndpointGroup,
    Instance,
    LoadBalancer,
    PortOverride,
    PortRange,
)
from ha_patterns.topology.values import Unresolved

from .loading import get_att, load_resources, load_stacks, only, ref, resource

_NOBODY = Unresolved("Nobody, which the template does not have")

_ACCELERATOR = {
    "Accelerator": resource("GlobalAccelerator::Accelerator", Enabled="true"),
    "Listener": resource("GlobalAccelerator::Listener", AcceleratorArn=ref("Accelerator"), Protocol="UDP"),
}


def _group(**properties: Any) -> dict[str, Any]:
    return resource("GlobalAccelerator::EndpointGroup", ListenerArn=ref("Listener"), **properties)


def test_a_group_has_global_accelerator_s_defaults() -> None:
    topology = load_resources({**_ACCELERATOR, "Group": _group(EndpointGroupRegion="eu-west-1")})
    group = only(topology, EndpointGroup)

    assert (group.region, group.traffic_dial, group.interval, group.threshold) == ("eu-west-1", 100, 30, 3)
    assert (group.protocol, group.health_settings, group.endpoints) == ("TCP", (), ())
    assert group.listener is only(topology, AcceleratorListener)
    assert only(topology, AcceleratorListener).accelerator is only(topology, Accelerator)
    assert (only(topology, Accelerator).enabled, only(topology, AcceleratorListener).affinity) == (True, "NONE")


def test_a_group_has_what_it_says() -> None:
    endpoints = [{"EndpointId": ref("Balancer"), "Weight": 0}, {"EndpointId": "eipalloc-1"}]
    properties = {"TrafficDialPercentage": 0, "HealthCheckIntervalSeconds": "10", "ThresholdCount": 2}
    group = only(
        load_resources(
            {
                **_ACCELERATOR,
                "Balancer": resource("ElasticLoadBalancingV2::LoadBalancer"),
                "Group": _group(EndpointGroupRegion=ref("AWS::Region"), EndpointConfigurations=endpoints, **properties),
            }
        ),
        EndpointGroup,
    )

    assert (group.region, group.traffic_dial, group.interval, group.threshold) == ("eu-west-1", 0, 10, 2)
    assert group.health_settings == ("HealthCheckIntervalSeconds", "ThresholdCount")
    assert [endpoint.weight for endpoint in group.endpoints] == [0, 128]
    assert [LoadBalancer, Unresolved] == [type(endpoint.target) for endpoint in group.endpoints]


def test_an_endpoint_of_another_region_s_stack_is_linked() -> None:
    export = {"Value": ref("Balancer"), "Export": {"Name": "balancer"}}
    output = {"Fn::GetStackOutput": {"StackName": "A", "OutputName": "Arn", "Region": "us-east-1"}}
    group = _group(EndpointGroupRegion="us-east-1", EndpointConfigurations=[{"EndpointId": output}])
    stacks = {
        "A": {"Resources": {"Balancer": resource("ElasticLoadBalancingV2::LoadBalancer")}, "Outputs": {"Arn": export}},
        "B": {"Resources": {**_ACCELERATOR, "Group": group}},
    }
    topology = load_stacks(stacks, {"A": "us-east-1"})

    assert only(topology, EndpointGroup).endpoints[0].target is only(topology, LoadBalancer)


def test_what_is_missing_is_told() -> None:
    group = only(load_resources({"Group": resource("GlobalAccelerator::EndpointGroup")}), EndpointGroup)

    assert isinstance(group.listener, Unresolved)
    assert isinstance(group.region, Unresolved)


def _one(endpoint: dict[str, Any], **more: Any) -> AcceleratorEndpoint:
    group = _group(EndpointGroupRegion="eu-west-1", EndpointConfigurations=[endpoint])
    return only(load_resources({**_ACCELERATOR, "Group": group, **more}), EndpointGroup).endpoints[0]


@pytest.mark.parametrize(
    ("target", "endpoint_id"),
    [
        (resource("ElasticLoadBalancingV2::LoadBalancer", Type="network"), ref("Target")),
        (resource("EC2::Instance"), ref("Target")),
        (resource("EC2::Instance"), {"Fn::Sub": "arn:aws:ec2:eu-west-1:1:instance/${Target}"}),
        (resource("EC2::EIP"), get_att("Target", "AllocationId")),
    ],
)
def test_what_is_in_the_template_is_linked(target: dict[str, Any], endpoint_id: Any) -> None:
    endpoint = _one({"EndpointId": endpoint_id}, Target=target)

    assert isinstance(endpoint.target, (LoadBalancer, Instance, Address))
    assert (endpoint.target.place.logical_id, endpoint.attachment) == ("Target", None)


def test_an_endpoint_elsewhere_is_unresolved() -> None:
    endpoint = _one({"EndpointId": "eipalloc-1", "AttachmentArn": "arn:aws:globalaccelerator::1:attachment/a"})

    assert endpoint.target == Unresolved("eipalloc-1, which is not in these templates")
    assert endpoint.attachment == "arn:aws:globalaccelerator::1:attachment/a"


_LB = "ElasticLoadBalancingV2::LoadBalancer"
_ARN = "arn:aws:elasticloadbalancing:eu-west-1:1:loadbalancer"


@pytest.mark.parametrize(
    ("endpoint", "target", "preserved"),
    [
        ({}, resource(_LB), True),
        ({"ClientIPPreservationEnabled": "false"}, resource(_LB), False),
        ({"ClientIPPreservationEnabled": False}, resource(_LB, Scheme="internal"), True),
        ({}, resource(_LB, Scheme=ref("Nobody")), True),
        ({"ClientIPPreservationEnabled": False}, resource(_LB, Scheme=ref("Nobody")), _NOBODY),
        ({}, resource(_LB, Type="network"), False),
        ({"ClientIPPreservationEnabled": True}, resource(_LB, Type="network"), True),
        ({}, resource(_LB, Type=ref("Nobody")), Unresolved("the kind of the load balancer")),
        ({"ClientIPPreservationEnabled": ref("Nobody")}, resource(_LB, Type="network"), _NOBODY),
        ({}, resource("EC2::Instance"), True),
        ({"ClientIPPreservationEnabled": False}, resource("EC2::Instance"), True),
        ({"ClientIPPreservationEnabled": True}, resource("EC2::EIP"), False),
        ({"EndpointId": f"{_ARN}/app/a/1"}, None, True),
        ({"EndpointId": f"{_ARN}/net/a/1"}, None, False),
        ({"EndpointId": "i-1"}, None, True),
        ({"EndpointId": "eipalloc-1"}, None, False),
        ({"EndpointId": ref("Nobody")}, None, _NOBODY),
    ],
)
def test_whether_an_endpoint_sees_the_client_s_address_is_told(endpoint: Any, target: Any, preserved: Any) -> None:
    one = _one({"EndpointId": ref("Target"), **endpoint}, **({} if target is None else {"Target": target}))

    assert one.client_ip_preserved == preserved


def test_a_listener_has_its_ports() -> None:
    listener = resource(
        "GlobalAccelerator::Listener",
        AcceleratorArn=ref("Accelerator"),
        PortRanges=[{"FromPort": 80, "ToPort": "80"}, {"FromPort": 8000, "ToPort": 8010}],
    )
    one = only(load_resources({**_ACCELERATOR, "Listener": listener}), AcceleratorListener)

    assert one.port_ranges == (PortRange(from_port=80, to_port=80), PortRange(from_port=8000, to_port=8010))
    assert only(load_resources(_ACCELERATOR), AcceleratorListener).port_ranges == ()


def test_a_group_has_its_health_check_and_overrides() -> None:
    properties = {
        "HealthCheckPort": 8080,
        "HealthCheckPath": "/health",
        "HealthCheckProtocol": "HTTP",
        "PortOverrides": [{"ListenerPort": 443, "EndpointPort": "8443"}],
    }
    group = only(load_resources({**_ACCELERATOR, "Group": _group(**properties)}), EndpointGroup)

    assert (group.protocol, group.health_check_port, group.health_check_path) == ("HTTP", 8080, "/health")
    assert (group.checked_port, group.port_overrides) == (8080, (PortOverride(listener_port=443, endpoint_port=8443),))


def test_health_checks_ask_the_first_port_of_the_listener() -> None:
    listener = {**_ACCELERATOR["Listener"]["Properties"], "PortRanges": [{"FromPort": 443, "ToPort": 443}]}
    known = {**_ACCELERATOR, "Listener": resource("GlobalAccelerator::Listener", **listener)}
    told = only(load_resources({**known, "Group": _group()}), EndpointGroup)
    untold = only(load_resources({**_ACCELERATOR, "Group": _group(PortOverrides=ref("Nobody"))}), EndpointGroup)
    elsewhere = only(
        load_resources({"Group": resource("GlobalAccelerator::EndpointGroup", ListenerArn="a")}), EndpointGroup
    )

    assert (told.checked_port, told.health_check_port, told.health_check_path) == (443, None, "/")
    assert (untold.checked_port, untold.port_overrides, untold.gaps) == (
        Unresolved("the first port of the listener"),
        _NOBODY,
        (),
    )
    assert elsewhere.checked_port == elsewhere.listener == Unresolved("a, which is not in these templates")


def test_the_addresses_of_an_accelerator_may_be_of_both_versions() -> None:
    one = resource("GlobalAccelerator::Accelerator", IpAddressType="DUAL_STACK")

    assert only(load_resources({"One": one}), Accelerator).ip_address_type == "DUAL_STACK"
    assert only(load_resources(_ACCELERATOR), Accelerator).ip_address_type == "IPV4"


def test_a_group_whose_listener_is_unknown_is_kept_with_its_endpoints() -> None:
    group = resource(
        "GlobalAccelerator::EndpointGroup", ListenerArn=ref("Nobody"), EndpointConfigurations=[{"EndpointId": ref("A")}]
    )
    topology = load_resources({"Group": group, "A": resource(_LB)})

    assert only(topology, EndpointGroup).listener == _NOBODY
    assert only(topology, EndpointGroup).endpoints[0].target is only(topology, LoadBalancer)
