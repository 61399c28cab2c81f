"""Where endpoints are, and whether load balancers of this app serve and know what is down: for warnings at synth.

The checks find the same in the templates; see ``cdk.warnings`` for the rules.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import jsii
from aws_cdk import CfnResource
from constructs import IConstruct, IValidation

from ..aws.names import named_region
from ..cdk.properties import properties_of
from ..cdk.validation import is_token, warn
from ..edge.regions import region_of, stack_of

if TYPE_CHECKING:
    from .endpoints import Endpoint

# Resources that refer to a target group and register nothing with it.
_REGISTER_NOTHING = frozenset(
    {
        "AWS::ElasticLoadBalancingV2::Listener",
        "AWS::ElasticLoadBalancingV2::ListenerRule",
        "AWS::ElasticLoadBalancingV2::TargetGroup",
        "AWS::CloudWatch::Alarm",
        "AWS::CloudWatch::Dashboard",
        "AWS::Lambda::Permission",
        "AWS::SSM::Parameter",
    }
)
# Where the Region is in an ARN.
_OF_REGION = 3


def place_of(endpoint: Endpoint) -> str | None:
    """The Region of an endpoint, or its stack where only the deploy knows the Region; None if nothing tells."""
    if endpoint.behind:
        places = {place_of(each) for each in endpoint.behind}
        return places.pop() if len(places) == 1 else None
    source, name = endpoint.source, endpoint.domain_name
    if source is None:
        return None if name is None or is_token(name) else named_region(name)
    if source.node.default_child is None:
        told = getattr(source, "load_balancer_arn", None)
        arn = "" if told is None or is_token(told) else str(told)
        region = arn.split(":")[_OF_REGION] if arn.count(":") > _OF_REGION else source.env.region  # type: ignore[attr-defined]
    else:
        region = region_of(source)
    return f"the Region of the stack {stack_of(source).node.path}" if is_token(region) else str(region)


def one_place(endpoints: Iterable[Endpoint]) -> str | None:
    """The one Region that endpoints are in; None if there are several, or if that of one is unknown."""
    places = {place_of(endpoint) for endpoint in endpoints}
    return places.pop() if len(places) == 1 else None


@dataclass(frozen=True, kw_only=True)
class TargetGroup:
    """What the templates will say of a target group of this app.

    Attributes:
        resource: The target group.
        properties: Its properties.
    """

    resource: CfnResource
    properties: Mapping[str, Any]

    @property
    def attributes(self) -> dict[str, Any]:
        """The attributes that are set, by name."""
        return {one["key"]: one.get("value") for one in self.properties.get("targetGroupAttributes") or ()}


@dataclass(frozen=True, kw_only=True)
class Balancer:
    """What the templates will say of a load balancer of this app.

    Attributes:
        resource: The load balancer.
        properties: Its properties.
        listeners: The protocols of its listeners, by port; None if only the deploy knows one of the ports.
        zones: How many subnets it is in; None if unknown.
        groups: The target groups that it forwards to.
        answers: Whether it has listeners and forwards to no target group.
    """

    resource: CfnResource
    properties: Mapping[str, Any]
    listeners: Mapping[int, frozenset[str]] | None
    zones: int | None
    groups: tuple[TargetGroup, ...]
    answers: bool

    @property
    def ports(self) -> frozenset[int]:
        """Where it listens; empty if unknown."""
        return frozenset(self.listeners or ())

    @property
    def unchecked(self) -> tuple[CfnResource, ...]:
        """The target groups whose health checks are off."""
        return tuple(group.resource for group in self.groups if not is_checked(group.properties))

    @property
    def attributes(self) -> dict[str, Any]:
        """The attributes that are set, by name."""
        return {one["key"]: one.get("value") for one in self.properties.get("loadBalancerAttributes") or ()}


def balancers(endpoints: Iterable[Endpoint]) -> Iterator[Balancer]:
    """The load balancers of this app among endpoints; to be asked when everything is made."""
    for endpoint in endpoints:
        yield from balancers(endpoint.behind)
        found = None if endpoint.source is None else balancer_of(endpoint.source)
        if found is not None:
            yield found


def balancer_of(source: IConstruct) -> Balancer | None:
    """A load balancer, if it is one and made in this app; to be asked when everything is made."""
    from aws_cdk import aws_elasticloadbalancingv2 as elbv2

    resource = source.node.default_child
    if not isinstance(resource, elbv2.CfnLoadBalancer):
        return None
    stack = stack_of(source)
    children: list[Any] = stack.node.find_all()
    kinds = (elbv2.CfnListener, elbv2.CfnListenerRule, elbv2.CfnTargetGroup)
    found = [(child, properties_of(child)) for child in children if isinstance(child, kinds)]
    own = stack.resolve(resource.ref)
    listeners = {
        json.dumps(stack.resolve(child.ref)): properties
        for child, properties in found
        if isinstance(child, elbv2.CfnListener) and properties.get("loadBalancerArn") == own
    }
    actions = [properties.get("defaultActions") for properties in listeners.values()] + [
        properties.get("actions")
        for child, properties in found
        if isinstance(child, elbv2.CfnListenerRule) and json.dumps(properties.get("listenerArn")) in listeners
    ]
    forwarded = json.dumps(actions)
    properties = properties_of(resource)
    subnets = properties.get("subnets", properties.get("subnetMappings"))
    return Balancer(
        resource=resource,
        properties=properties,
        listeners=_protocols(listeners.values()),
        zones=len(subnets) if isinstance(subnets, list) else None,
        groups=tuple(
            TargetGroup(resource=child, properties=given)
            for child, given in found
            if isinstance(child, elbv2.CfnTargetGroup) and json.dumps(stack.resolve(child.ref)) in forwarded
        ),
        answers=bool(listeners) and "argetGroup" not in forwarded,
    )


def _protocols(listeners: Iterable[Mapping[str, Any]]) -> dict[int, frozenset[str]] | None:
    """The protocols of listeners by port; None if a port is known only at deploy."""
    found: dict[int, frozenset[str]] = {}
    for listener in listeners:
        port = listener.get("port")
        if not isinstance(port, (int, float)):
            return None
        found[int(port)] = found.get(int(port), frozenset()) | {str(listener.get("protocol"))}
    return found


def is_checked(target_group: Mapping[str, Any]) -> bool:
    """Whether the health checks of a target group are on, as they are unless its targets are Lambda functions."""
    return target_group.get("healthCheckEnabled", target_group.get("targetType") != "lambda") is not False


def idle_groups(endpoints: Iterable[Endpoint]) -> Iterator[str]:
    """The errors of target groups without targets whose load balancers records go by; to be asked at synth."""
    for balancer in balancers(endpoints):
        for group in balancer.groups:
            if not has_targets(group):
                yield (
                    f"{group.resource.node.path} has no targets, and a record goes by the health of all target groups "
                    f"of {balancer.resource.node.path}, which is unhealthy for as long as one is empty: register "
                    "targets, or, if they come from elsewhere, give evaluate_target_health=False"
                )


def has_targets(group: TargetGroup) -> bool:
    """Whether anything of its stack registers targets with a target group, or may; 0 desired tasks do not."""
    if group.properties.get("targets"):
        return True
    stack = stack_of(group.resource)
    own = json.dumps(stack.resolve(group.resource.ref))
    for child in stack.node.find_all():
        if isinstance(child, CfnResource) and child.cfn_resource_type not in _REGISTER_NOTHING:
            properties = properties_of(child)
            if own in json.dumps(properties, default=str) and properties.get("desiredCount") != 0:
                return True
    return False


def warn_of_balancers(endpoints: Iterable[Endpoint], who: str, *, by_health: bool = True) -> None:
    """Warn of load balancers that traffic is moved to or from, and that one outage takes or that never look unhealthy.

    Args:
        endpoints: What traffic is moved between.
        who: What moves it, for the message.
        by_health: Whether their health moves it. Default True.
    """
    for balancer in balancers(endpoints):
        warn_of_balancer(balancer, who, by_health=by_health)


def warn_of_balancer(
    balancer: Balancer,
    who: str,
    *,
    by_health: bool = True,
    remedy: str = "put them behind load balancers of their own, or give evaluate_target_health=False",
) -> None:
    """As ``warn_of_balancers``, of one; the remedy is that for several target groups."""
    if balancer.zones == 1:
        warn(
            balancer.resource,
            "load-balancer:one-zone",
            f"the load balancer is in one subnet, and {who} leads to it: the outage of a zone takes it; "
            "give it subnets in two or more zones",
        )
    if not by_health:
        return
    why = f"and {who} goes by them: whatever happens it counts as healthy"
    why_all = f"and {who} goes by the health of all of them"
    for group in balancer.unchecked:
        warn(
            group,
            "load-balancer:unchecked-targets",
            f"health checks of the target group are off, {why}; make it with health_check=HealthCheck(enabled=True)",
        )
    if len(balancer.groups) > 1:
        warn(
            balancer.resource,
            "load-balancer:several-groups",
            f"the load balancer forwards to {len(balancer.groups)} target groups, {why_all}: one that is idle, or "
            f"whose targets all fail, takes the others with it; {remedy}",
        )
    if balancer.answers:
        warn(
            balancer.resource,
            "load-balancer:unchecked-targets",
            f"no listener forwards to a target group, {why}; forward to targets with health checks",
        )


def port_without_listener(endpoint: Endpoint, port: int) -> Balancer | None:
    """The load balancer of this app behind an endpoint that does not listen at a port; None if there is none."""
    if is_token(port):
        return None
    return next((one for one in balancers([endpoint]) if one.ports and port not in one.ports), None)


def when_made(scope: IConstruct, endpoints: Iterable[Endpoint], judge: Callable[[], None]) -> None:
    """Have endpoints looked at: at once if they rest on nothing of this app, which costs the CDK's process less.

    Args:
        scope: The construct that they were given to.
        endpoints: The endpoints.
        judge: Looks at them, and may warn.
    """
    if any(map(_rests_on_constructs, endpoints)):
        at_synth(scope, judge)
    else:
        judge()


def _rests_on_constructs(endpoint: Endpoint) -> bool:
    return endpoint.source is not None or endpoint.by_cloudfront_only or any(map(_rests_on_constructs, endpoint.behind))


def at_synth(scope: IConstruct, judge: Callable[[], None]) -> None:
    """Have something looked at when everything is made; it may warn."""
    scope.node.add_validation(_AtSynth(judge))


def refuse_at_synth(scope: IConstruct, flaws: Callable[[], Iterable[str]]) -> None:
    """Have something judged when everything is made: what the judge returns are the errors of the synth."""
    scope.node.add_validation(_AtSynth(flaws))


@jsii.implements(IValidation)
class _AtSynth:
    def __init__(self, judge: Callable[[], Iterable[str] | None]) -> None:
        self._judge = judge

    def validate(self) -> list[str]:
        return list(self._judge() or ())
