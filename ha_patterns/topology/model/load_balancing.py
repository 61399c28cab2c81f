"""Load balancers, what their listeners answer, and how their targets are checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...aws.load_balancers import (
    CLIENT_KEEP_ALIVE,
    DEREGISTRATION_DELAY,
    IDLE_TIMEOUT,
    KEEP_ALIVE_ATTRIBUTE,
    MINIMUM_HEALTHY_TARGETS,
)
from ..values import Unresolved, Value, references
from .base import Thing, thing

if TYPE_CHECKING:
    from .base import Flag, Whole
    from .certificates import Certificate
    from .compute import Address, AutoScalingGroup, EcsService, Instance, Subnet
    from .functions import Function
    from .recovery import ZonalAutoshift
    from .security_groups import SecurityGroup

_HEALTH = "target_group_health"


@thing
class Attributed(Thing):
    """A thing with attributes by name, which Elastic Load Balancing gives defaults.

    Attributes:
        attributes: Those that the template sets; a Classic Load Balancer's properties have the names of the attributes
            that stand for them.
        unknown_attributes: What would tell the others; None if all are known.
    """

    attributes: Mapping[str, Value]
    unknown_attributes: Unresolved | None

    def attribute(self, name: str) -> Value | None:
        """An attribute; None if it is not set, so that the default counts."""
        return self.attributes.get(name, self.unknown_attributes)

    def _flag(self, name: str, *, default: bool) -> Flag:
        value = self.attribute(name)
        if value is None or isinstance(value, Unresolved):
            return default if value is None else value
        if value in ("true", "false"):
            return value == "true"
        return Unresolved(f"another kind of value of {name} than {value}")

    def _whole(self, name: str, default: int) -> Whole:
        value = self.attribute(name)
        if value is None or isinstance(value, Unresolved):
            return default if value is None else value
        if isinstance(value, str) and value.isdecimal() and len(value) < 10:
            return int(value)
        return Unresolved(f"another kind of value of {name} than {value}")

    def _least(self, name: str, default: int | None = None) -> Whole | None:
        """A number that may be ``off``; None where it is."""
        value = self.attribute(name)
        if value == "off" or (value is None and default is None):
            return None
        return self._whole(name, default or 0)


@thing
class RegisteredTarget(Thing):
    """A target that a template registers itself; services and Auto Scaling groups register theirs at run time.

    Attributes:
        target: What it is; Unresolved if it is an address, or is not in these templates.
        id: As the template has it: the id of an instance, an address, or an ARN.
        port: None if the target group's own port counts.
        zone: The Availability Zone, or ``all``, of an address outside the VPC; None if the template names none.
    """

    target: Instance | Function | LoadBalancer | Unresolved
    id: Value
    port: Whole | None
    zone: Value | None


@thing
class TargetGroup(Attributed):
    """A target group with how its targets are checked; times in seconds.

    Attributes:
        target_type: ``instance``, ``ip``, ``lambda`` or ``alb``.
        ip_address_type: ``ipv4`` or ``ipv6``, by which its targets are reached.
        port: Where its targets listen; None for functions.
        path: The path that health checks ask; None if the template sets none.
        health_check_port: A number, or ``traffic-port``: the port at which a target gets its traffic.
        health_check_protocol: The protocol of health checks.
        success_codes: The status codes of HTTP or gRPC that mean healthy; None if the template sets none.
        timeout: None if the template sets none.
        targets: The targets that the template itself registers.
        rules: The rules of listeners that forward to it.
        services: The services whose tasks are its targets.
        scaling_groups: The Auto Scaling groups whose instances are its targets.

    See https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroupAttribute.html
    """

    target_type: Value
    ip_address_type: Value
    protocol: Value | None
    port: Whole | None
    health_check_enabled: Flag
    path: Value | None
    health_check_port: Value
    health_check_protocol: Value
    success_codes: Value | None
    interval: Whole
    timeout: Whole | None
    healthy_threshold: Whole
    unhealthy_threshold: Whole
    targets: tuple[RegisteredTarget, ...]
    rules: tuple[ListenerRule, ...] = ()
    services: tuple[EcsService, ...] = ()
    scaling_groups: tuple[AutoScalingGroup, ...] = ()

    @property
    def cross_zone(self) -> Value:
        """``true``, ``false``, or ``use_load_balancer_configuration``, which is the default."""
        return self.attribute("load_balancing.cross_zone.enabled") or "use_load_balancer_configuration"

    @property
    def deregistration_delay(self) -> Whole:
        """For how long a target that is taken out may go on with its requests; functions have none."""
        return self._whole("deregistration_delay.timeout_seconds", DEREGISTRATION_DELAY)

    @property
    def slow_start(self) -> Whole:
        """For how long the share of a new target grows; 0 if it gets its whole share at once."""
        return self._whole("slow_start.duration_seconds", 0)

    @property
    def stickiness(self) -> Flag:
        """Whether a client's requests go to one target."""
        return self._flag("stickiness.enabled", default=False)

    @property
    def client_ip_preserved(self) -> Flag:
        """Whether targets of a Network Load Balancer see the client's address; those of an Application one never do."""
        if isinstance(self.protocol, Unresolved) or isinstance(self.target_type, Unresolved):
            return next(one for one in (self.protocol, self.target_type) if isinstance(one, Unresolved))
        if self.target_type == "lambda" or self.protocol in ("HTTP", "HTTPS"):
            return False
        by_address = self.target_type == "ip" and self.protocol in ("TCP", "TLS")
        return self._flag("preserve_client_ip.enabled", default=not by_address)

    @property
    def unhealthy_connections_end(self) -> Flag:
        """Whether a Network Load Balancer ends the connections to a target that is unhealthy."""
        return self._flag("target_health_state.unhealthy.connection_termination.enabled", default=True)

    @property
    def dns_healthy_count(self) -> Whole | None:
        """With fewer healthy targets a zone leaves DNS; None if their number does not matter."""
        return self._least(f"{_HEALTH}.dns_failover.minimum_healthy_targets.count", MINIMUM_HEALTHY_TARGETS)

    @property
    def dns_healthy_percentage(self) -> Whole | None:
        """With a smaller share of healthy targets a zone leaves DNS; None if their share does not matter."""
        return self._least(f"{_HEALTH}.dns_failover.minimum_healthy_targets.percentage")

    @property
    def routing_healthy_count(self) -> Whole | None:
        """With fewer healthy targets, all targets get requests, unhealthy ones too."""
        return self._least(f"{_HEALTH}.unhealthy_state_routing.minimum_healthy_targets.count", MINIMUM_HEALTHY_TARGETS)

    @property
    def routing_healthy_percentage(self) -> Whole | None:
        """With a smaller share of healthy targets, all targets get requests; None if their share does not matter."""
        return self._least(f"{_HEALTH}.unhealthy_state_routing.minimum_healthy_targets.percentage")


@dataclass(frozen=True, kw_only=True)
class HeaderCondition:
    """A header that a rule looks at, and the values of which it must have one.

    Attributes:
        name: In lower case; ``?`` stands for what is not known.
        values: ``*`` stands for any characters and ``?`` for one; case does not matter.
    """

    name: str
    values: tuple[Value, ...]


@dataclass(frozen=True, kw_only=True)
class QueryString:
    """A parameter of the query string that a rule looks at.

    Attributes:
        key: None if any parameter may have the value.
        value: ``*`` stands for any characters and ``?`` for one; case does not matter.
    """

    key: Value | None
    value: Value


@dataclass(frozen=True, kw_only=True)
class WeightedTargetGroup:
    """A target group that a rule forwards to, with its share of the requests.

    Attributes:
        weight: 0 to 999; a group with 0 gets none.
    """

    target_group: TargetGroup | Unresolved
    weight: Whole


@dataclass(frozen=True, kw_only=True)
class Redirect:
    """Where a rule sends the client; ``#{protocol}``, ``#{host}`` and so on stand for the request's own.

    Attributes:
        status: ``HTTP_301`` or ``HTTP_302``.

    See https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_RedirectActionConfig.html
    """

    protocol: Value
    host: Value
    port: Value
    path: Value
    query: Value
    status: Value


@dataclass(frozen=True, kw_only=True)
class FixedResponse:
    """What a rule answers by itself.

    Attributes:
        status: None if the template sets none.
        content_type: None if the template sets none.
    """

    status: Value | None
    content_type: Value | None


@thing
class ListenerRule(Thing):
    """What a listener does with some requests.

    A request must meet each kind of condition that the rule has.

    Attributes:
        priority: None for the default action.
        paths: Path patterns that it is for; empty for any.
        hosts: Patterns of host names that it is for; empty for any.
        header_conditions: Headers that it looks at; a request must meet each.
        methods: Methods that it is for; empty for any.
        query_strings: Parameters of the query string, one group for each condition; a request must have one of each
            group.
        source_ips: The addresses of clients that it is for, as CIDR blocks; empty for any.
        others: What else it looks at and cannot be judged, as the template's conditions are called.
        forwards: The target groups that it forwards to, with their weights.
        target_groups: The same without weights, each once.
        redirect: None where it does not redirect.
        fixed_response: None where it forwards or redirects.
        authenticates: Whether a client must authenticate first, so that others get another answer.
        transforms: How it changes a request: ``host-header-rewrite`` or ``url-rewrite``.

    See https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-condition-types.html
    """

    priority: Whole | None
    paths: tuple[Value, ...]
    hosts: tuple[Value, ...]
    header_conditions: tuple[HeaderCondition, ...]
    methods: tuple[Value, ...]
    query_strings: tuple[tuple[QueryString, ...], ...]
    source_ips: tuple[Value, ...]
    others: tuple[Value, ...]
    forwards: tuple[WeightedTargetGroup, ...]
    target_groups: tuple[TargetGroup | Unresolved, ...]
    redirect: Redirect | None
    fixed_response: FixedResponse | None
    authenticates: bool
    transforms: tuple[Value, ...]
    listener: LoadBalancerListener | None = None

    @property
    def headers(self) -> tuple[str, ...]:
        """Names of headers that it looks at, in lower case."""
        return tuple(condition.name for condition in self.header_conditions)

    @property
    def fixed_status(self) -> Value | None:
        """The status of a fixed response; None where it forwards or redirects."""
        return None if self.fixed_response is None else self.fixed_response.status


@thing
class LoadBalancerListener(Thing):
    """A listener of a load balancer; its rules in their order, the default action last.

    Attributes:
        load_balancer_arn: As the template has it.
        certificate_arns: Of its certificates, as the template has them.
    """

    load_balancer_arn: Value | None
    port: Whole | None
    protocol: Value | None
    certificates: tuple[Certificate | Unresolved, ...]
    certificate_arns: tuple[Value, ...]
    rules: tuple[ListenerRule, ...]
    load_balancer: LoadBalancer | None = None

    @property
    def default_rule(self) -> ListenerRule:
        """What it does with requests that no other rule is for."""
        return self.rules[-1]

    @property
    def target_groups(self) -> tuple[TargetGroup, ...]:
        """All target groups in these templates that it forwards to."""
        found = {id(group): group for rule in self.rules for group in rule.target_groups}
        return tuple(group for group in found.values() if isinstance(group, TargetGroup))


@thing
class LoadBalancer(Attributed):
    """A load balancer.

    Attributes:
        type: ``application``, ``network``, ``gateway`` or ``classic``.
        internal: Whether it is reached from its VPC only.
        ip_address_type: ``ipv4``, ``dualstack`` or ``dualstack-without-public-ipv4``.
        subnets: The subnets that it is in; empty if it names Availability Zones only, or nothing tells.
        zones: Its Availability Zones, one for each subnet; None where nothing tells how many there are.
        addresses: The Elastic IP addresses that a Network Load Balancer has in its subnets.
        security_groups: Of an Application Load Balancer without any, the VPC's default one counts.
        targets: The instances that a Classic Load Balancer names; of others, the target groups have them.
        listeners: Of a Classic Load Balancer they are not read.

    See https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancerAttribute.html
    """

    type: Value
    internal: Flag
    ip_address_type: Value
    subnets: tuple[Subnet | Unresolved, ...]
    zones: tuple[Value, ...] | None
    addresses: tuple[Address | Unresolved, ...]
    security_groups: tuple[SecurityGroup | Unresolved, ...]
    targets: tuple[RegisteredTarget, ...]
    listeners: tuple[LoadBalancerListener, ...]
    autoshift: ZonalAutoshift | None = None

    @property
    def prefix_lists(self) -> tuple[Value, ...] | None:
        """The prefix lists that the security groups admit; None if they admit anything else, or if unknown."""
        found: list[Value] = []
        for group in self.security_groups:
            if isinstance(group, Unresolved) or group.gaps:
                return None
            for rule in group.ingress:
                # What a deploy makes may be one; a parameter may be anything.
                if rule.prefix_list is None or not (
                    isinstance(rule.prefix_list, str) or any(references(rule.prefix_list))
                ):
                    return None
                found.append(rule.prefix_list)
        return tuple(found) or None

    @property
    def client_keep_alive(self) -> Whole | None:
        """The seconds for which a client may keep its connection; None for what is no Application Load Balancer.

        A client whose connection is open does not ask DNS again.
        """
        return self._whole(KEEP_ALIVE_ATTRIBUTE, CLIENT_KEEP_ALIVE) if self.type == "application" else None

    @property
    def idle_timeout(self) -> Whole | None:
        """The seconds after which an idle connection ends; None for Network and Gateway Load Balancers."""
        known = self.type in ("application", "classic")
        return self._whole("idle_timeout.timeout_seconds", IDLE_TIMEOUT) if known else None

    @property
    def zonal_shift(self) -> Flag:
        """Whether a zonal shift can move it."""
        return self._flag("zonal_shift.config.enabled", default=False)

    @property
    def cross_zone(self) -> Flag:
        """Whether each zone's node uses the targets of all zones; target groups may say otherwise."""
        if isinstance(self.type, Unresolved):
            return self.type
        return self._flag("load_balancing.cross_zone.enabled", default=self.type == "application")
