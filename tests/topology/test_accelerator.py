"""Accelerators with their listeners, endpoint groups and endpoints, across stacks."""

from __future__ import annotations

from typing import Any

from ha_patterns.topology.model import Accelerator, AcceleratorListener, EndpointGroup, LoadBalancer
from ha_patterns.topology.values import Unresolved

from .loading import load_resources, load_stacks, only, ref, resource

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
