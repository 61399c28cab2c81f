"""What a load balancer takes of an accelerator, and whether it has anything to send requests to."""

from __future__ import annotations

from collections.abc import Hashable, Iterator

from ..aws.load_balancers import TCP_LISTENERS, UDP_LISTENERS
from ..topology.mentions import OUTPUTS
from ..topology.model import (
    AcceleratorEndpoint,
    EcsService,
    Instance,
    LoadBalancer,
    LoadBalancerListener,
    Subnet,
    TargetGroup,
)
from ..topology.topology import Topology
from ..topology.values import Unresolved, atoms

# What may refer to a target group and registers nothing with it.
_NO_REGISTRARS = frozenset(
    {
        *("AWS::ElasticLoadBalancingV2::Listener", "AWS::ElasticLoadBalancingV2::ListenerRule"),
        *("AWS::ElasticLoadBalancingV2::TargetGroup", "AWS::CloudWatch::Alarm", "AWS::CloudWatch::Dashboard"),
        *("AWS::CodeDeploy::DeploymentGroup", "AWS::ECS::Service", "AWS::AutoScaling::AutoScalingGroup"),
        *("AWS::AutoScaling::ScalingPolicy", "AWS::ApplicationAutoScaling::ScalingPolicy", "AWS::IAM::Policy"),
    }
)


def is_application_balancer(endpoint: AcceleratorEndpoint) -> bool:
    """Whether an endpoint is sure to be an Application Load Balancer, by its template or its ARN."""
    if isinstance(endpoint.target, LoadBalancer):
        return endpoint.target.type == "application"
    return ":loadbalancer/app/" in "".join(atom for atom in atoms(endpoint.id) if isinstance(atom, str))


def listening(balancer: LoadBalancer, *, udp: bool) -> frozenset[int] | None:
    """The ports at which a load balancer listens over TCP or over UDP; None if not all is known."""
    if balancer.gaps or not balancer.listeners:
        return None
    found: set[int] = set()
    for listener in balancer.listeners:
        if not isinstance(listener.protocol, str) or not isinstance(listener.port, int):
            return None
        if listener.protocol in (UDP_LISTENERS if udp else TCP_LISTENERS):
            found.add(listener.port)
    return frozenset(found)


def target_groups(balancer: LoadBalancer) -> tuple[TargetGroup, ...]:
    """All target groups in these templates that the listeners of a load balancer forward to."""
    return tuple(dict.fromkeys(group for listener in balancer.listeners for group in listener.target_groups))


def alternates(topology: Topology) -> frozenset[TargetGroup]:
    """The target groups that have targets during a blue/green deployment only, or before the next one."""
    services = topology.of(EcsService)
    return frozenset(
        group for one in services for group in one.alternate_target_groups if isinstance(group, TargetGroup)
    )


def has_registrars(group: TargetGroup) -> bool:
    """Whether something in these templates registers targets with a target group."""
    return bool(group.targets or group.services or group.scaling_groups)


def in_one_zone(group: TargetGroup) -> bool:
    """Whether all targets of a target group are sure to be in one Availability Zone."""
    if group.gaps or group.target_type in ("lambda", "alb") or not has_registrars(group):
        return False
    found: set[Hashable] = set()
    for target in group.targets:
        server = target.target
        place = (server.zone or server.subnet) if isinstance(server, Instance) else None
        if place is None or isinstance(place, Unresolved):
            return False
        found.add(_zone(place) if isinstance(place, Subnet) else place)
    for scaling in group.scaling_groups:
        if not scaling.zones or scaling.gaps:
            return False
        found.update(map(_zone, scaling.subnets) if scaling.subnets else scaling.zones)
    for service in group.services:
        # With the network of its container instances, a service is where these are.
        if not service.subnets or service.gaps:
            return False
        found.update(map(_zone, service.subnets))
    return len(found) == 1 and not any(isinstance(one, Unresolved) and one.choice for one in found)


def _zone(subnet: Subnet | Unresolved) -> Hashable:
    """What tells the zone of a subnet from another's: the zone, or else the subnet."""
    return subnet.zone if isinstance(subnet, Subnet) and isinstance(subnet.zone, str) else subnet


def nothing_behind(group: TargetGroup, topology: Topology) -> str | Unresolved | None:
    """Why a target group has no targets, as a sentence goes on with it; None if it has some.

    Unresolved if something that is not in these templates, or is not read, may register targets.
    """
    if group.targets:
        return None
    if group.gaps:
        return group.gaps[0]
    users = topology.mentions.of(group.place.id)
    if OUTPUTS in users or users - _NO_REGISTRARS:
        return Unresolved(f"what registers with {group.place.logical_id} by its ARN")
    if not has_registrars(group):
        # If these templates register the targets of others, they register these.
        beside = {other for rule in group.rules if rule.listener is not None for other in _beside(rule.listener)}
        others = any(has_registrars(other) for other in beside)
        return "nothing registers with it" if others else Unresolved(f"what registers with {group.place.logical_id}")
    told: list[str] = []
    for name, count, setting in _sizes(group):
        if isinstance(count, Unresolved):
            return count
        if count > 0:
            return None
        told.append(f"{name} has {setting} 0")
    return " and ".join(told)


def _beside(listener: LoadBalancerListener) -> tuple[TargetGroup, ...]:
    balancer = listener.load_balancer
    return listener.target_groups if balancer is None else target_groups(balancer)


def _sizes(group: TargetGroup) -> Iterator[tuple[str, int | Unresolved, str]]:
    """How many targets each service and Auto Scaling group starts with."""
    for service in group.services:
        desired, least = service.desired_count, service.min_capacity
        # Scaling raises it to its minimum; a service of one task on each instance has as many as there are.
        count = 1 if desired is None or (isinstance(least, int) and least > 0) else desired
        yield service.place.logical_id, least if count == 0 and isinstance(least, Unresolved) else count, "DesiredCount"
    for scaling in group.scaling_groups:
        yield scaling.place.logical_id, scaling.desired_capacity, "a desired capacity of"
