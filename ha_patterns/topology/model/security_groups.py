"""Security groups, as far as they say who may connect."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..values import Unresolved, Value
from .base import Thing, thing

if TYPE_CHECKING:
    from .base import Whole


@thing
class IngressRule(Thing):
    """One source that may connect, and the ports at which it may.

    Attributes:
        protocol: ``tcp``, ``udp``, ``icmp``, a number, or ``-1`` for all.
        from_port: The first port; None if the rule names none, which means all ports. Of ICMP, a type.
        to_port: The last port; None like ``from_port``. Of ICMP, a code.
        cidr: The IPv4 addresses; None if the source is another.
        cidr_v6: The IPv6 addresses; None if the source is another.
        prefix_list: The id of the prefix list; None if the source is another.
        source_group: The security group of those that may connect; None if the source is another.

    See https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-securitygroupingress.html
    """

    protocol: Value
    from_port: Whole | None
    to_port: Whole | None
    cidr: Value | None
    cidr_v6: Value | None
    prefix_list: Value | None
    source_group: SecurityGroup | Unresolved | None


@thing
class SecurityGroup(Thing):
    """A security group.

    Attributes:
        ingress: Its rules: those of its own resource, and those of resources of their own. Whoever fits none of them
            cannot connect.
    """

    ingress: tuple[IngressRule, ...]
