"""What keeps a load balancer of this app from being shifted out of a zone; known when all of it is made."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from aws_cdk import CfnResource

from ..aws.load_balancers import ENDS_UNHEALTHY_CONNECTIONS, SHIFTED_PROTOCOLS
from ..cdk.properties import properties_of
from ..edge.regions import stack_of
from ..origins.places import Balancer, TargetGroup, balancer_of

if TYPE_CHECKING:
    from aws_cdk import aws_elasticloadbalancingv2 as elbv2

_CROSS_ZONE = "load_balancing.cross_zone.enabled"
_ENDS = "target_health_state.unhealthy.connection_termination.enabled"
_PAGE = "https://docs.aws.amazon.com/r53recovery/latest/dg/arc-zonal-shift.resource-types.html"


def shift_flaws(load_balancer: elbv2.ApplicationLoadBalancer | elbv2.NetworkLoadBalancer) -> Iterator[str]:
    """The errors of a synth with a load balancer that shall be shifted."""
    balancer = balancer_of(load_balancer)
    if balancer is None:
        return
    stack = stack_of(load_balancer)
    resources = [child for child in stack.node.find_all() if isinstance(child, CfnResource)]
    if balancer.properties.get("type") == "network":
        whole = balancer.attributes.get(_CROSS_ZONE) == "true"
        for group in balancer.groups:
            # A target group goes by its load balancer, unless it says otherwise.
            if whole or group.attributes.get(_CROSS_ZONE) == "true":
                yield from _cross_zone_flaws(group)
    elif front := _front_of(balancer, resources):
        yield (
            f"load_balancer is behind a Network Load Balancer, as a target of {front}, and a shift of it does not stop "
            f"that one from sending it traffic: give the Network Load Balancer to the ZonalShift, see {_PAGE}"
        )
    for group in balancer.groups:
        if len(_zones(group, resources)) == 1:
            yield (
                f"the targets of {group.resource.node.path} are in one zone, and AWS shifts no such target group: put "
                f"targets into two zones or more, see {_PAGE}"
            )


def _cross_zone_flaws(group: TargetGroup) -> Iterator[str]:
    """What is wrong with a target group of a Network Load Balancer with cross-zone load balancing."""
    path, attributes = group.resource.node.path, group.attributes
    protocol = group.properties.get("protocol")
    why = f"AWS enables zonal shift for no Network Load Balancer with cross-zone load balancing otherwise, see {_PAGE}"
    if group.properties.get("targetType") == "alb":
        yield f"the target of {path} must be no Application Load Balancer: {why}"
    elif isinstance(protocol, str) and protocol not in SHIFTED_PROTOCOLS:
        yield f"the protocol of {path} must be one of {', '.join(SHIFTED_PROTOCOLS)}, got {protocol!r}: {why}"
    ends = attributes.get(_ENDS, str(ENDS_UNHEALTHY_CONNECTIONS).lower())
    if ends == "true":
        yield f"{path} must not end the connections of unhealthy targets: {why}; set its attribute {_ENDS} to 'false'"
    if attributes.get(_CROSS_ZONE) == "false":
        yield f"{path} must have cross-zone load balancing on, as its load balancer: {why}"


def _front_of(balancer: Balancer, resources: list[CfnResource]) -> str | None:
    """The target group of a Network Load Balancer that has a load balancer as its target."""
    from aws_cdk import aws_elasticloadbalancingv2 as elbv2

    own = stack_of(balancer.resource).resolve(balancer.resource.ref)
    for resource in resources:
        if isinstance(resource, elbv2.CfnTargetGroup):
            properties = properties_of(resource)
            targets = properties.get("targets") or ()
            if properties.get("targetType") == "alb" and any(target.get("id") == own for target in targets):
                return str(resource.node.path)
    return None


def _zones(group: TargetGroup, resources: list[CfnResource]) -> set[str]:
    """What tells the zones of all targets from each other; empty if one of them is not known."""
    if group.properties.get("targetType") in ("lambda", "alb"):
        return set()
    stack = stack_of(group.resource)
    own = stack.resolve(group.resource.ref)
    found = [_zones_of_target(target, resources) for target in group.properties.get("targets") or ()]
    for resource in resources:
        subnets = _subnets(resource, own)
        if subnets is not None:
            found.append({json.dumps(subnet, sort_keys=True) for subnet in subnets})
    return set() if set() in found else {zone for zones in found for zone in zones}


def _zones_of_target(target: Mapping[str, Any], resources: list[CfnResource]) -> set[str]:
    from aws_cdk import aws_ec2 as ec2

    for resource in resources:
        if isinstance(resource, ec2.CfnInstance) and stack_of(resource).resolve(resource.ref) == target.get("id"):
            properties = properties_of(resource)
            zone = properties.get("availabilityZone") or properties.get("subnetId")
            return set() if zone is None else {json.dumps(zone, sort_keys=True)}
    return set()


def _subnets(resource: CfnResource, group: Any) -> list[Any] | None:
    """The subnets of the servers or tasks that register with a target group; None if it registers nothing there."""
    if resource.cfn_resource_type == "AWS::AutoScaling::AutoScalingGroup":
        properties = properties_of(resource)
        registers = group in (properties.get("targetGroupArns") or ())
        subnets = properties.get("vpcZoneIdentifier")
    elif resource.cfn_resource_type == "AWS::ECS::Service":
        properties = properties_of(resource)
        registers = any(one.get("targetGroupArn") == group for one in properties.get("loadBalancers") or ())
        network = (properties.get("networkConfiguration") or {}).get("awsvpcConfiguration") or {}
        subnets = network.get("subnets")
    else:
        return None
    if not registers:
        return None
    return subnets if isinstance(subnets, list) else []
