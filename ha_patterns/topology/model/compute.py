"""What runs behind load balancers and accelerators: instances, addresses, services, Auto Scaling groups, subnets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..values import Unresolved, Value
from .base import Thing, thing

if TYPE_CHECKING:
    from .base import Flag, Whole
    from .load_balancing import LoadBalancer, TargetGroup
    from .security_groups import SecurityGroup


@thing
class Subnet(Thing):
    """A subnet.

    Attributes:
        zone: Its Availability Zone, by name or by id; None if the template names none, so that AWS chooses.
    """

    zone: Value | None


@thing
class Instance(Thing):
    """An EC2 instance.

    Attributes:
        subnet: The subnet of its first network interface; None if the template names none.
        zone: Its Availability Zone: its own property, or else its subnet's.
    """

    subnet: Subnet | Unresolved | None
    zone: Value | None
    security_groups: tuple[SecurityGroup | Unresolved, ...]


@thing
class Address(Thing):
    """An Elastic IP address.

    Attributes:
        instance: The instance that it belongs to; None if the template associates it with none.
    """

    instance: Instance | Unresolved | None


@thing
class AutoScalingGroup(Thing):
    """An Auto Scaling group of EC2 instances.

    Attributes:
        desired_capacity: How many instances it starts with; ``min_size`` if the template does not set it.
        subnets: Empty if it names Availability Zones only.
        zones: Its Availability Zones; None if a template does not tell which subnets it is in.
        target_groups: The target groups that its instances are registered with.
        load_balancers: The Classic Load Balancers that its instances are registered with.
        health_check_type: ``EC2``, or ``ELB`` and others as a comma-separated list.
        zonal_shift: Whether a zonal shift moves it.
    """

    min_size: Whole
    max_size: Whole
    desired_capacity: Whole
    subnets: tuple[Subnet | Unresolved, ...]
    zones: tuple[Value, ...] | None
    target_groups: tuple[TargetGroup | Unresolved, ...]
    load_balancers: tuple[LoadBalancer | Unresolved, ...]
    health_check_type: Value
    zonal_shift: Flag


@thing
class EcsService(Thing):
    """A service of Amazon ECS.

    Attributes:
        desired_count: How many tasks it starts with; None for the scheduling strategy ``DAEMON``, which has one task
            on each container instance.
        min_capacity: The fewest tasks that scaling leaves; None if no scalable target in these templates names it.
        max_capacity: The most tasks that scaling starts; None like ``min_capacity``.
        subnets: Empty if its tasks have the network of their container instances.
        target_groups: The target groups that its tasks are registered with.
        alternate_target_groups: The target groups that a blue/green deployment moves to; their tasks come and go.
        load_balancers: The Classic Load Balancers that its tasks are registered with.

    See https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecs-service.html
    """

    desired_count: Whole | None
    min_capacity: Whole | None
    max_capacity: Whole | None
    subnets: tuple[Subnet | Unresolved, ...]
    security_groups: tuple[SecurityGroup | Unresolved, ...]
    target_groups: tuple[TargetGroup | Unresolved, ...]
    alternate_target_groups: tuple[TargetGroup | Unresolved, ...]
    load_balancers: tuple[LoadBalancer | Unresolved, ...]
