"""Subnets, instances, addresses, services of Amazon ECS and Auto Scaling groups, and what they are linked to."""

from __future__ import annotations

from typing import Any

import pytest

from ha_patterns.topology.model import (
    Address,
    AutoScalingGroup,
    EcsService,
    Instance,
    LoadBalancer,
    SecurityGroup,
    Subnet,
    TargetGroup,
)
from ha_patterns.topology.values import Unresolved

from .loading import get_att, load_resources, load_stacks, only, ref, resource

_SUBNET = {"Subnet": resource("EC2::Subnet", AvailabilityZone="eu-west-1a")}
_GROUP = {"Group": resource("EC2::SecurityGroup")}
_TARGETS = {"Targets": resource("ElasticLoadBalancingV2::TargetGroup", Protocol="HTTP")}
_CLASSIC = {"Classic": resource("ElasticLoadBalancing::LoadBalancer")}


@pytest.mark.parametrize(
    ("properties", "zone"),
    [
        ({"AvailabilityZone": "eu-west-1a"}, "eu-west-1a"),
        ({"AvailabilityZoneId": "euw1-az1"}, "euw1-az1"),
        (
            {"AvailabilityZone": {"Fn::Select": [1, {"Fn::GetAZs": ""}]}},
            Unresolved("item 1 of the function Fn::GetAZs"),
        ),
        ({}, None),
    ],
)
def test_a_subnet_has_its_zone(properties: Any, zone: Any) -> None:
    assert only(load_resources({"Subnet": resource("EC2::Subnet", **properties)}), Subnet).zone == zone


@pytest.mark.parametrize(
    "properties",
    [
        {"SubnetId": ref("Subnet"), "SecurityGroupIds": [get_att("Group", "GroupId")]},
        {"NetworkInterfaces": [{"SubnetId": ref("Subnet"), "GroupSet": [get_att("Group", "GroupId")]}]},
    ],
)
def test_an_instance_has_its_subnet_zone_and_security_groups(properties: Any) -> None:
    topology = load_resources({**_SUBNET, **_GROUP, "Instance": resource("EC2::Instance", **properties)})
    instance = only(topology, Instance)

    assert instance.subnet is only(topology, Subnet)
    assert (instance.zone, instance.security_groups) == ("eu-west-1a", (only(topology, SecurityGroup),))


def test_an_instance_may_tell_nothing() -> None:
    instance = only(load_resources({"Instance": resource("EC2::Instance")}), Instance)

    assert (instance.subnet, instance.zone, instance.security_groups) == (None, None, ())


def test_the_zone_of_an_instance_elsewhere_is_unresolved() -> None:
    instance = only(load_resources({"Instance": resource("EC2::Instance", SubnetId="subnet-1")}), Instance)

    assert instance.zone == Unresolved("the zone of subnet-1, which is not in these templates")


@pytest.mark.parametrize(
    ("properties", "association"),
    [
        ({"InstanceId": ref("Instance")}, {}),
        ({}, {"AllocationId": get_att("Address", "AllocationId"), "InstanceId": ref("Instance")}),
        ({}, {"EIP": ref("Address"), "InstanceId": ref("Instance")}),
    ],
)
def test_an_address_has_its_instance(properties: Any, association: Any) -> None:
    more = {"Association": resource("EC2::EIPAssociation", **association)} if association else {}
    resources = {"Instance": resource("EC2::Instance"), "Address": resource("EC2::EIP", **properties), **more}
    topology = load_resources(resources)

    assert only(topology, Address).instance is only(topology, Instance)


def test_an_address_may_have_no_instance() -> None:
    assert only(load_resources({"Address": resource("EC2::EIP")}), Address).instance is None


def test_a_service_has_its_count_and_target_groups() -> None:
    network = {"Subnets": [ref("Subnet")], "SecurityGroups": [ref("Group")]}
    other = {"Other": resource("ElasticLoadBalancingV2::TargetGroup", Protocol="HTTP")}
    advanced = {"AlternateTargetGroupArn": ref("Other")}
    service = resource(
        "ECS::Service",
        DesiredCount="3",
        NetworkConfiguration={"AwsvpcConfiguration": network},
        LoadBalancers=[
            {"TargetGroupArn": ref("Targets"), "AdvancedConfiguration": advanced},
            {"LoadBalancerName": ref("Classic")},
        ],
    )
    name = {"Fn::Join": ["", ["service/", ref("Cluster"), "/", get_att("Service", "Name")]]}
    scaling = resource("ApplicationAutoScaling::ScalableTarget", ResourceId=name, MinCapacity=2, MaxCapacity=9)
    found = load_resources({**_SUBNET, **_GROUP, **_TARGETS, **_CLASSIC, **other, "Service": service, "S": scaling})
    one = only(found, EcsService)

    assert (one.desired_count, one.min_capacity, one.max_capacity) == (3, 2, 9)
    assert (one.subnets, one.security_groups) == ((only(found, Subnet),), (only(found, SecurityGroup),))
    assert [group.place.logical_id for group in one.target_groups if isinstance(group, TargetGroup)] == ["Targets"]
    assert one.load_balancers == (only(found, LoadBalancer),)
    [alternate] = one.alternate_target_groups
    assert isinstance(alternate, TargetGroup)
    assert alternate.place.logical_id == "Other"


@pytest.mark.parametrize(
    ("properties", "count"),
    [
        ({}, 1),
        ({"DesiredCount": 0}, 0),
        ({"SchedulingStrategy": "DAEMON"}, None),
        ({"DesiredCount": ref("Nobody")}, Unresolved("Nobody, which the template does not have")),
    ],
)
def test_a_service_starts_with_one_task_unless_it_says_otherwise(properties: Any, count: Any) -> None:
    service = only(load_resources({"Service": resource("ECS::Service", **properties)}), EcsService)

    assert (service.desired_count, service.min_capacity, service.target_groups) == (count, None, ())


_SUB_CLUSTER = {"Fn::Sub": "arn:aws:ecs:${AWS::Region}:${AWS::AccountId}:cluster/${Cluster}"}
_CLUSTER = {"Cluster": resource("ECS::Cluster", ClusterName="main")}


@pytest.mark.parametrize(
    ("properties", "resource_id"),
    [
        ({"Cluster": "main"}, "service/main/web"),
        ({"Cluster": "arn:aws:ecs:eu-west-1:123456789012:cluster/main"}, "service/main/web"),
        ({"Cluster": ref("Cluster")}, "service/main/web"),
        ({"Cluster": get_att("Cluster", "Arn")}, "service/main/web"),
        ({"Cluster": ref("Cluster")}, {"Fn::Sub": "service/${Cluster}/web"}),
        ({"Cluster": _SUB_CLUSTER}, {"Fn::Sub": "service/${Cluster}/web"}),
        ({"Cluster": _SUB_CLUSTER}, "service/main/web"),
        (
            {"Cluster": {"Fn::Sub": "arn:aws:ecs:eu-west-1:123456789012:cluster/${Given}-a"}},
            {"Fn::Sub": "service/${Given}-a/web"},
        ),
        ({}, "service/default/web"),
    ],
)
def test_a_service_is_scaled_by_a_target_that_has_its_names(properties: Any, resource_id: Any) -> None:
    scaling = {
        "Other": resource("ApplicationAutoScaling::ScalableTarget", ResourceId="service/main/other", MinCapacity=1),
        "Scaling": resource("ApplicationAutoScaling::ScalableTarget", ResourceId=resource_id, MinCapacity=2),
    }
    service = resource("ECS::Service", ServiceName="web", **properties)

    topology = load_resources({**_CLUSTER, **scaling, "Service": service}, Parameters={"Given": {"Type": "String"}})
    assert only(topology, EcsService).min_capacity == 2


@pytest.mark.parametrize(("region", "least"), [("eu-west-1", 2), ("us-east-1", None)])
def test_a_service_is_scaled_in_its_own_region(region: str, least: int | None) -> None:
    scaling = resource("ApplicationAutoScaling::ScalableTarget", ResourceId="service/main/web", MinCapacity=2)
    service = resource("ECS::Service", ServiceName="web", Cluster="main")
    stacks = {"A": {"Resources": {"Service": service}}, "B": {"Resources": {"Scaling": scaling}}}

    assert only(load_stacks(stacks, {"B": region}), EcsService).min_capacity == least


@pytest.mark.parametrize(
    "behind",
    [
        {"TargetGroupARNs": [ref("Targets")], "LoadBalancerNames": [ref("Classic")]},
        {
            "TrafficSources": [
                {"Identifier": ref("Targets"), "Type": "elbv2"},
                {"Identifier": ref("Classic"), "Type": "elb"},
            ]
        },
    ],
)
def test_an_auto_scaling_group_has_its_sizes_and_target_groups(behind: Any) -> None:
    group = resource(
        "AutoScaling::AutoScalingGroup",
        MinSize="1",
        MaxSize="6",
        DesiredCapacity="2",
        VPCZoneIdentifier=[ref("Subnet")],
        HealthCheckType="ELB",
        AvailabilityZoneImpairmentPolicy={"ZonalShiftEnabled": True},
        **behind,
    )
    topology = load_resources({**_SUBNET, **_TARGETS, **_CLASSIC, "Scaling": group})
    one = only(topology, AutoScalingGroup)

    assert (one.min_size, one.max_size, one.desired_capacity) == (1, 6, 2)
    assert (one.subnets, one.zones) == ((only(topology, Subnet),), ("eu-west-1a",))
    assert (one.target_groups, one.load_balancers) == ((only(topology, TargetGroup),), (only(topology, LoadBalancer),))
    assert (one.health_check_type, one.zonal_shift) == ("ELB", True)


def test_an_auto_scaling_group_has_the_defaults_of_cloudformation() -> None:
    group = resource("AutoScaling::AutoScalingGroup", MinSize=2, MaxSize=4, AvailabilityZones=["a", "b"])
    one = only(load_resources({"Scaling": group}), AutoScalingGroup)

    assert (one.desired_capacity, one.subnets, one.zones) == (2, (), ("a", "b"))
    assert (one.health_check_type, one.zonal_shift, one.target_groups) == ("EC2", False, ())


def test_an_auto_scaling_group_may_be_unknown() -> None:
    group = resource("AutoScaling::AutoScalingGroup", VPCZoneIdentifier=ref("Nobody"), TargetGroupARNs=ref("Nobody"))
    one = only(load_resources({"Scaling": group}), AutoScalingGroup)

    assert one.zones is None
    assert [Unresolved] * 3 == [type(one.min_size), type(one.max_size), type(one.desired_capacity)]
    assert [Unresolved] == [type(group) for group in one.target_groups]
