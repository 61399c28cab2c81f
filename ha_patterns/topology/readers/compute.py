"""Subnets, instances, addresses, services of Amazon ECS and Auto Scaling groups."""

from __future__ import annotations

from collections.abc import Hashable, Mapping

from ..model import (
    Address,
    AutoScalingGroup,
    EcsService,
    Instance,
    LoadBalancer,
    SecurityGroup,
    Subnet,
    TargetGroup,
)
from ..properties import Property
from ..reader import Read, Reader, Resource
from ..values import Reference, Text, Unresolved, Value, atoms, comparable, concatenate
from .references import referring

_NO_SIZE = Unresolved("a size, which the Auto Scaling group lacks")
_NO_SUBNET = Unresolved("a subnet, which has no id")
_TARGET = "AWS::ApplicationAutoScaling::ScalableTarget"
_COUNT = "ecs:service:DesiredCount"


def _subnet(_reader: Reader, resource: Resource) -> Subnet:
    properties = resource.properties
    zone = properties["AvailabilityZone"].text() or properties["AvailabilityZoneId"].text()
    return Subnet(zone=zone, **resource.head())


def _instance(reader: Reader, resource: Resource) -> Instance:
    properties = resource.properties
    first = next(iter(properties["NetworkInterfaces"]), None)
    own = properties["SubnetId"].text()
    subnet = reader.link(own if own is not None or first is None else first["SubnetId"].text(), Subnet)
    groups = properties["SecurityGroupIds"] or properties["SecurityGroups"]
    return Instance(
        subnet=subnet,
        zone=properties["AvailabilityZone"].text() or (None if subnet is None else zone_of(subnet)),
        security_groups=reader.links((groups or (first["GroupSet"] if first else groups)).texts(), SecurityGroup),
        **resource.head(),
    )


def _address(reader: Reader, resource: Resource) -> Address:
    instance = resource.properties["InstanceId"].text()
    for name in ("AllocationId", "EIP"):
        for association in referring(reader, name, "AWS::EC2::EIPAssociation").get(resource.id, ()):
            instance = instance or association.properties["InstanceId"].text()
    return Address(instance=reader.link(instance, Instance), **resource.head())


def _auto_scaling_group(reader: Reader, resource: Resource) -> AutoScalingGroup:
    properties = resource.properties
    least = properties["MinSize"].whole()
    least = _NO_SIZE if least is None else least
    most, desired = properties["MaxSize"].whole(), properties["DesiredCapacity"].whole()
    groups = properties["TargetGroupARNs"].one_or_more()
    balancers = properties["LoadBalancerNames"].one_or_more()
    for source in properties["TrafficSources"]:
        identifier = source["Identifier"].one_or_more()
        if source["Type"].text() in (None, "elbv2"):
            groups += identifier
        elif source["Type"].text() == "elb":
            balancers += identifier
    subnets, zones = placed(reader, properties["VPCZoneIdentifier"], properties["AvailabilityZones"])
    impairment = properties["AvailabilityZoneImpairmentPolicy"]
    return AutoScalingGroup(
        min_size=least,
        max_size=_NO_SIZE if most is None else most,
        desired_capacity=least if desired is None else desired,
        subnets=subnets,
        zones=zones,
        target_groups=reader.links(tuple(dict.fromkeys(groups)), TargetGroup),
        load_balancers=reader.links(tuple(dict.fromkeys(balancers)), LoadBalancer),
        health_check_type=properties["HealthCheckType"].text() or "EC2",
        zonal_shift=impairment["ZonalShiftEnabled"].flag(default=False),
        **resource.head(),
    )


def _service(reader: Reader, resource: Resource) -> EcsService:
    properties = resource.properties
    network = properties["NetworkConfiguration"]["AwsvpcConfiguration"]
    groups: list[Value] = []
    alternate: list[Value] = []
    balancers: list[Value] = []
    for one in properties["LoadBalancers"]:
        groups += one["TargetGroupArn"].one_or_more()
        alternate += one["AdvancedConfiguration"]["AlternateTargetGroupArn"].one_or_more()
        balancers += one["LoadBalancerName"].one_or_more()
    scaling = _scaling(reader, resource)
    is_daemon = properties["SchedulingStrategy"].text() == "DAEMON"
    return EcsService(
        desired_count=None if is_daemon else properties["DesiredCount"].whole(1),
        min_capacity=scaling["MinCapacity"].whole() if scaling else None,
        max_capacity=scaling["MaxCapacity"].whole() if scaling else None,
        subnets=reader.links(network["Subnets"].texts(), Subnet),
        security_groups=reader.links(network["SecurityGroups"].texts(), SecurityGroup),
        target_groups=reader.links(tuple(dict.fromkeys(groups)), TargetGroup),
        alternate_target_groups=reader.links(tuple(dict.fromkeys(alternate)), TargetGroup),
        load_balancers=reader.links(tuple(dict.fromkeys(balancers)), LoadBalancer),
        **resource.head(),
    )


def _scaling(reader: Reader, service: Resource) -> Property | None:
    """The scalable target of a service, whose resource id has the service's name: ``service/cluster/name``."""
    referring_to = list(referring(reader, "ResourceId", _TARGET).get(service.id, ()))
    by_id: dict[Hashable, list[Resource]] = reader.index(
        "scalable targets by resource id", lambda: _by_resource_id(reader)
    )
    named = (
        one for resource_id in _resource_ids(reader, service) for one in by_id.get(_here(service, resource_id), ())
    )
    for one in (*referring_to, *named):
        if one.properties["ScalableDimension"].text() in (None, _COUNT):
            return one.properties
    return None


def _by_resource_id(reader: Reader) -> dict[Hashable, list[Resource]]:
    """Scalable targets by their stack's Region and account and the resource id that they name."""
    found: dict[Hashable, list[Resource]] = {}
    for target in reader.resources(_TARGET):
        resource_id = target.properties["ResourceId"].text()
        if resource_id is not None and comparable(resource_id):
            found.setdefault(_here(target, resource_id), []).append(target)
    return found


def _here(resource: Resource, resource_id: Value) -> Hashable:
    """A resource id in the Region and account of a resource: names are unique there only."""
    stack = resource.template.stack
    return stack.region, stack.account, resource_id


def _resource_ids(reader: Reader, service: Resource) -> list[Value]:
    """The resource ids that a scalable target may name the service by, if its template names the service."""
    name = service.properties["ServiceName"].text()
    if name is None:
        return []
    cluster = service.properties["Cluster"].text()
    clusters: list[Value | None] = ["default" if cluster is None else cluster]
    # arn:aws:ecs:eu-west-1:123456789012:cluster/name
    cluster = None if cluster is None else _behind(cluster, "/")
    if isinstance(cluster, (str, Text)):
        clusters = [cluster]
    elif isinstance(cluster, Reference):
        clusters = [Reference(cluster.resource)]
        if reader.templates.type_of(cluster.resource) == "AWS::ECS::Cluster":
            clusters.append(reader.resource(cluster.resource).properties["ClusterName"].text())
    return [concatenate(("service/", one, "/", name)) for one in clusters if one is not None]


def _behind(value: Value, delimiter: str) -> Value:
    """What is behind the last delimiter that is seen in a value; the value itself if none is."""
    last: list[Value] = []
    for atom in reversed(atoms(value)):
        _before, found, rest = atom.rpartition(delimiter) if isinstance(atom, str) else ("", "", atom)
        last.insert(0, rest)
        if found:
            break
    return concatenate(last)


def placed(
    reader: Reader, subnets: Property, zones: Property | None = None
) -> tuple[tuple[Subnet | Unresolved, ...], tuple[Value, ...] | None]:
    """The subnets and the Availability Zones that something is in, as one of two lists tells them.

    A list that is unresolved is no gap of the thing: nothing else depends on it.

    Args:
        reader: Follows the references to subnets.
        subnets: Ids of subnets, or objects with a ``SubnetId``.
        zones: Names of zones. Default: none are told.
    """
    if not subnets:
        return (), zones.texts() if zones is not None and isinstance(zones.value, list) else None
    if not isinstance(subnets.value, list):
        return (), None
    ids = [one.get("SubnetId") if isinstance(one, dict) else one for one in subnets.resolved()]
    known = (one if isinstance(one, (str, Reference, Text, Unresolved)) else _NO_SUBNET for one in ids)
    found = reader.links(tuple(known), Subnet)
    return found, tuple(map(zone_of, found))


def zone_of(subnet: Subnet | Unresolved) -> Value:
    """The zone of a subnet."""
    if isinstance(subnet, Unresolved):
        return Unresolved(f"the zone of {subnet.waits_for}")
    return subnet.zone or Unresolved(f"the zone of {subnet.place.logical_id}, which AWS chooses")


READERS: Mapping[str, Read] = {
    "AWS::AutoScaling::AutoScalingGroup": _auto_scaling_group,
    "AWS::EC2::EIP": _address,
    "AWS::EC2::Instance": _instance,
    "AWS::EC2::Subnet": _subnet,
    "AWS::ECS::Service": _service,
}
