"""Where endpoints are, and whether load balancers of this app serve and know what is down: for warnings at synth.

The checks find the same in the templates; see ``cdk.warnings`` for the rules.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import jsii
from aws_cdk import CfnOutput, CfnResource, Stack
from aws_cdk import aws_certificatemanager as acm
from constructs import IConstruct, IValidation

from ..aws.certificates import covers
from ..aws.load_balancers import TCP_LISTENERS
from ..aws.names import named_region
from ..cdk.marks import all_marked, mark
from ..cdk.properties import attribute_of, properties_of
from ..cdk.told import reference_of, told
from ..cdk.validation import is_token, refusal, shown, warn
from ..edge.regions import region_of, stack_of

if TYPE_CHECKING:
    from aws_cdk import aws_elasticloadbalancingv2 as elbv2

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
    }
)
# The protocols of listeners that take a connection with TLS, and without: TCP passes on what comes.
_WITH_TLS = frozenset({"HTTPS", "TLS", "TCP", "TCP_UDP", "TCP_QUIC"})
_WITHOUT_TLS = frozenset({"HTTP", "TCP", "TCP_UDP"})
# By the protocol of a health check, those of the listeners that answer it.
_ANSWER = {"HTTPS": _WITH_TLS, "HTTP": _WITHOUT_TLS, "TCP": TCP_LISTENERS}
_OPEN_PATH = "open-path"
# The attribute of a load balancer that is its name.
_DNS_NAME = "DNSName"
#: Why the name of an internal load balancer is refused.
WHY_NOT_INTERNAL = "neither CloudFront nor health checkers reach it; make it with internet_facing=True"
# Where the Region is in an ARN.
_OF_REGION = 3


def place_of(endpoint: Endpoint) -> str | None:
    """The Region of an endpoint, or its stack where only the deploy knows the Region; None if nothing tells."""
    if endpoint.behind:
        places = {place_of(each) for each in endpoint.behind}
        return places.pop() if len(places) == 1 else None
    source, domain = endpoint.source, endpoint.custom_domain
    for construct in (source, domain):
        if construct is not None and (isinstance(construct, CfnResource) or construct.node.default_child is not None):
            return place_of_stack(construct)
    for construct in (source, domain):
        if (region := told_region(construct)) is not None:
            return region
    name = endpoint.domain_name
    if name is not None and (named := named_region(told(name))) is not None:
        return named
    if source is None or domain is not None:
        return None
    # What the CDK reads of an ARN, or what was given to the import of a bucket; else that of the stack.
    found: str = source.env.region  # type: ignore[attr-defined]
    if not is_token(found):
        return found
    return place_of_stack(source) if found == region_of(source) else None


# What holds the Region of an import: a name that AWS has made, or a URL with one. A custom domain's is that of the
# Region's own endpoint, as d-1a2b3c.execute-api.eu-west-1.amazonaws.com.
_NAMES_WITH_REGION = (
    "regional_domain_name",
    "domain_name_alias_domain_name",
    "api_endpoint",
    "load_balancer_dns_name",
)


def told_region(imported: IConstruct | None) -> str | None:
    """The Region that the ARN or the names of an imported API, custom domain or load balancer tell; None if none does.

    Args:
        imported: What is imported, or None.
    """
    arn = attribute_of(imported, "load_balancer_arn")
    if arn is not None and not is_token(arn) and arn.count(":") > _OF_REGION:
        return arn.split(":")[_OF_REGION]
    for attribute in _NAMES_WITH_REGION:
        name = attribute_of(imported, attribute)
        if name is not None and not is_token(name):
            host = name.partition("://")[2].partition("/")[0] or name
            if (region := named_region(host)) is not None:
                return region
    return None


def place_of_stack(scope: IConstruct) -> str:
    """The Region of a construct's stack, or the stack where only the deploy knows the Region."""
    region = region_of(scope)
    return f"the Region of the stack {stack_of(scope).node.path}" if is_token(region) else region


def names_of(endpoint: Endpoint) -> Iterator[str]:
    """The name of an endpoint, and those of the endpoints that share it."""
    if endpoint.domain_name is not None:
        yield endpoint.domain_name
    for each in endpoint.behind:
        yield from names_of(each)


def one_place(endpoints: Iterable[Endpoint]) -> str | None:
    """The one Region that endpoints are in; None if there are several, or if that of one is unknown."""
    places = {place_of(endpoint) for endpoint in endpoints}
    return places.pop() if len(places) == 1 else None


def refuse_swapped(members: Mapping[str, tuple[str, Iterable[Endpoint]]], why: Callable[[str, str], str]) -> None:
    """Refuse members that are each in the Region of another one, as far as their Regions are known.

    Args:
        members: By the Region that each is given for, the argument and its endpoints.
        why: What the Region that a member is given for, and the one that it is in, would mean.
    """
    places = {region: one_place(endpoints) for region, (_, endpoints) in members.items()}
    for region, place in places.items():
        if place in places and place != region and places[place] not in (place, None):
            raise refusal(
                members[region][0],
                f"in {region}",
                f"one in {place}",
                f"{why(region, place)}; give each one under its own Region",
            )


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
class Listener:
    """What the templates will say of a listener of this app.

    Attributes:
        port: Where it listens; None if only the deploy knows.
        protocol: What it speaks; None if only the deploy knows.
        names: The names that its certificates cover; None if one of them is imported or known only at deploy.
        redirects: Whether all that it does is to redirect to HTTPS at the same host.
    """

    port: int | None
    protocol: str | None
    names: tuple[str, ...] | None
    redirects: bool


@dataclass(frozen=True, kw_only=True)
class Balancer:
    """What the templates will say of a load balancer of this app.

    Attributes:
        resource: The load balancer.
        properties: Its properties.
        listening: What listens there.
        zones: How many subnets it is in; None if unknown.
        groups: The target groups that it forwards to.
        answers: Whether it has listeners and forwards to no target group.
    """

    resource: CfnResource
    properties: Mapping[str, Any]
    listening: tuple[Listener, ...]
    zones: int | None
    groups: tuple[TargetGroup, ...]
    answers: bool

    @property
    def ports(self) -> frozenset[int]:
        """Where it listens; empty if unknown."""
        return frozenset(self.listeners or ())

    @property
    def listeners(self) -> Mapping[int, frozenset[str]] | None:
        """The protocols of its listeners, by port; None if only the deploy knows one of the ports."""
        found: dict[int, frozenset[str]] = {}
        for listener in self.listening:
            if listener.port is None:
                return None
            found[listener.port] = found.get(listener.port, frozenset()) | {str(listener.protocol)}
        return found

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


def made_balancer(source: IConstruct) -> elbv2.CfnLoadBalancer | None:
    """The resource of a load balancer of this app, also if it is imported by its ARN there; None of anything else."""
    from aws_cdk import aws_elasticloadbalancingv2 as elbv2

    resource: Any = source if isinstance(source, CfnResource) else source.node.default_child
    arn = attribute_of(source, "load_balancer_arn") if resource is None else None
    if arn is not None and is_token(arn):
        made: list[Any] = source.node.root.node.find_all()
        found = (each for each in made if isinstance(each, elbv2.CfnLoadBalancer))
        resource = next((each for each in found if arn in (each.ref, each.attr_load_balancer_arn)), None)
    return resource if isinstance(resource, elbv2.CfnLoadBalancer) else None


def named_balancer(name: str) -> IConstruct | None:
    """The load balancer of this app whose own name is given, as it is or after ``dualstack.``; None for others.

    Args:
        name: A host name, which may be a token.
    """
    if not is_token(name):
        return None
    attribute = reference_of(name.removeprefix("dualstack."))
    if attribute is None or attribute.display_name != _DNS_NAME:
        return None
    from aws_cdk import aws_elasticloadbalancingv2 as elbv2

    resource = attribute.target
    if not isinstance(resource, elbv2.CfnLoadBalancer):
        return None
    scope = resource.node.scope
    return scope if scope is not None and scope.node.default_child is resource else resource


def require_public(argument: str, name: str, source: IConstruct) -> None:
    """Refuse the name of a load balancer that does not face the internet.

    Args:
        argument: Where the name was given.
        name: The name.
        source: The load balancer.
    """
    scheme = properties_of(_resource_of(source), "scheme").get("scheme")
    if scheme not in {None, "internet-facing"}:
        raise refusal(argument, "a host that faces the internet", shown(name), WHY_NOT_INTERNAL)


def _resource_of(source: IConstruct) -> CfnResource:
    resource = source if isinstance(source, CfnResource) else source.node.default_child
    assert isinstance(resource, CfnResource)
    return resource


def balancer_of(source: IConstruct) -> Balancer | None:
    """A load balancer, if it is one and made in this app; to be asked when everything is made."""
    from aws_cdk import aws_elasticloadbalancingv2 as elbv2

    resource = made_balancer(source)
    if resource is None:
        return None
    stack = stack_of(resource)
    children: list[Any] = stack.node.find_all()
    kinds = (elbv2.CfnListener, elbv2.CfnListenerRule, elbv2.CfnListenerCertificate, elbv2.CfnTargetGroup)
    found = [(child, properties_of(child)) for child in children if isinstance(child, kinds)]
    own = stack.resolve(resource.ref)
    listeners = {
        json.dumps(stack.resolve(child.ref)): properties
        for child, properties in found
        if isinstance(child, elbv2.CfnListener) and properties.get("loadBalancerArn") == own
    }
    # By listener, what its rules do, and its certificates.
    rules: dict[str, list[Any]] = {arn: [] for arn in listeners}
    certificates = {arn: list(properties.get("certificates") or ()) for arn, properties in listeners.items()}
    for child, properties in found:
        arn = json.dumps(properties.get("listenerArn"))
        if arn in listeners and isinstance(child, elbv2.CfnListenerRule):
            rules[arn].append(properties.get("actions"))
        elif arn in listeners and isinstance(child, elbv2.CfnListenerCertificate):
            certificates[arn] += properties.get("certificates") or ()
    named = _names_by_certificate(stack, children) if any(certificates.values()) else {}
    actions = [
        *(properties.get("defaultActions") for properties in listeners.values()),
        *(action for ruled in rules.values() for action in ruled),
    ]
    forwarded = json.dumps(actions)
    properties = properties_of(resource)
    subnets = properties.get("subnets", properties.get("subnetMappings"))
    return Balancer(
        resource=resource,
        properties=properties,
        listening=tuple(
            Listener(
                port=int(port) if isinstance(port := listener.get("port"), (int, float)) else None,
                protocol=protocol if isinstance(protocol := listener.get("protocol"), str) else None,
                names=_covered(certificates[arn], named),
                redirects=all(map(_redirects, (listener.get("defaultActions"), *rules[arn]))),
            )
            for arn, listener in listeners.items()
        ),
        zones=len(subnets) if isinstance(subnets, list) else None,
        groups=tuple(
            TargetGroup(resource=child, properties=given)
            for child, given in found
            if isinstance(child, elbv2.CfnTargetGroup) and json.dumps(stack.resolve(child.ref)) in forwarded
        ),
        answers=bool(listeners) and "argetGroup" not in forwarded,
    )


def _names_by_certificate(stack: Stack, children: Iterable[IConstruct]) -> dict[str, tuple[str, ...]]:
    """The names of the certificates of a stack, by their ARNs as its template has them."""
    found = {}
    for child in children:
        if isinstance(child, acm.CfnCertificate):
            properties = properties_of(child, "domainName", "subjectAlternativeNames")
            names = (properties.get("domainName"), *(properties.get("subjectAlternativeNames") or ()))
            if all(isinstance(name, str) for name in names):
                found[json.dumps(stack.resolve(child.ref))] = tuple(map(str, names))
    return found


def _covered(certificates: Iterable[Any], named: Mapping[str, tuple[str, ...]]) -> tuple[str, ...] | None:
    """The names that certificates cover; None if those of one are unknown, or if there is none."""
    found = [named.get(json.dumps(certificate.get("certificateArn"))) for certificate in certificates]
    return tuple(name for names in found for name in names or ()) if found and None not in found else None


def _redirects(actions: Any) -> bool:
    """Whether the last of some actions, which decides, redirects to HTTPS at the same host."""
    last = actions[-1] if isinstance(actions, list) and actions else {}
    redirect = last.get("redirectConfig") if last.get("type") == "redirect" else None
    if not isinstance(redirect, Mapping):
        return False
    return redirect.get("protocol") == "HTTPS" and redirect.get("host") in (None, "#{host}")


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
    """Whether anything registers targets with a target group, or may; 0 desired tasks do not.

    What its stack hands to others, in an output or to a nested stack, they may register with. The CDK has made such
    an output or parameter for each reference of another stack by now.
    """
    if group.properties.get("targets"):
        return True
    stack = stack_of(group.resource)
    name = str(stack.resolve(group.resource.logical_id))
    children = [child for child in stack.node.find_all() if stack_of(child) is stack]
    if _mentions(stack.resolve([child.value for child in children if isinstance(child, CfnOutput)]), name):
        return True
    for child in children:
        if isinstance(child, CfnResource) and child.cfn_resource_type not in _REGISTER_NOTHING:
            properties = properties_of(child)
            if _mentions(properties, name) and properties.get("desiredCount") != 0:
                return True
    return False


def _mentions(value: Any, name: str) -> bool:
    """Whether a value of a template has the logical id of a resource in it."""
    text = json.dumps(value, default=str)
    return any(part in text for part in (f'"{name}"', f"${{{name}}}", f"${{{name}."))


def warn_of_balancers(endpoints: Iterable[Endpoint], who: str, *, by_health: bool = True) -> None:
    """Warn of load balancers that traffic is moved to or from, and that one outage takes or that never look unhealthy.

    Args:
        endpoints: What traffic is moved between.
        who: What moves it, for the message.
        by_health: Whether their health moves it. Default True.
    """
    for balancer in balancers(endpoints):
        _warn_of_no_listener(balancer, f"{who} leads to it")
        warn_of_balancer(balancer, who, by_health=by_health)


def _warn_of_no_listener(balancer: Balancer, why: str) -> None:
    """Warn of a load balancer that answers nobody, unless its listeners are made outside this app."""
    if not balancer.listening and not _ports_elsewhere(balancer.resource):
        warn(
            balancer.resource,
            "load-balancer:no-listener",
            f"the load balancer has no listener in this app, and {why}: nobody is answered; add a listener, or "
            "acknowledge this if it gets its listeners elsewhere",
        )


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


def leave_open(source: IConstruct, port: int, path: str) -> None:
    """Note that a listener of a load balancer refuses health checkers but for one path."""
    mark(source, _OPEN_PATH, f"{port} {path}")


def open_paths(resource: CfnResource) -> dict[int, str]:
    """The one path that listeners of a load balancer leave open to health checkers, by port."""
    source = resource.node.scope
    marks = all_marked(source, _OPEN_PATH) if source is not None else []
    return {int(port): path for port, _, path in (str(one).partition(" ") for one in marks)}


def fault_of_listeners(endpoint: Endpoint, *, over_http: bool, port: int, hosts: Iterable[Sequence[str]]) -> str | None:
    """Why no load balancer of this app behind an endpoint serves CloudFront; None if all do, or if unknown.

    Args:
        endpoint: The endpoint.
        over_http: Whether CloudFront connects without TLS.
        port: Where it connects.
        hosts: For each behavior, the names of which a certificate has to cover one.
    """
    asked = list(hosts)
    for balancer in balancers([endpoint]):
        at = f"the load balancer {balancer.resource.node.path}"
        if not balancer.ports:
            _warn_of_no_listener(balancer, "CloudFront connects to it")
            continue
        listener = next((one for one in balancer.listening if one.port == port), None)
        if listener is None:
            if port not in _ports_elsewhere(balancer.resource):
                listening = ", ".join(map(str, sorted(balancer.ports)))
                return f"{at} listens at {listening}: give http_port or https_port, or add a listener"
        elif listener.protocol is not None and listener.protocol not in (_WITHOUT_TLS if over_http else _WITH_TLS):
            return f"{at} speaks {listener.protocol} there: give another port, or another protocol_policy"
        elif over_http and listener.redirects:
            return (
                f"{at} only redirects to HTTPS there, so that viewers would be sent past CloudFront or in circles: "
                "connect with HTTPS_ONLY and a domain_name that a certificate covers, or have the listener forward"
            )
        elif not over_http and (names := listener.names):
            for one in asked:
                if not any(covers(names, host) for host in one):
                    return (
                        f"the certificates there, of {at}, are for {', '.join(names)}: CloudFront would answer 502; "
                        f"give the listener a certificate for {' or '.join(one)}, or a domain_name that one covers"
                    )
    return None


def _ports_elsewhere(balancer: CfnResource) -> set[object]:
    """The ports of listeners that other stacks of the app add to a load balancer."""
    from aws_cdk import aws_elasticloadbalancingv2 as elbv2

    stack = balancer.stack
    own = stack.resolve(balancer.ref)
    found: list[Any] = balancer.node.root.node.find_all()
    listeners = [child for child in found if isinstance(child, elbv2.CfnListener) and child.stack is not stack]
    resolved = [properties_of(listener, "loadBalancerArn", "port", seen_from=stack) for listener in listeners]
    return {properties.get("port") for properties in resolved if properties.get("loadBalancerArn") == own}


def fault_of_port(endpoint: Endpoint, port: int, protocol: str) -> str | None:
    """Why no load balancer of this app behind an endpoint answers a health check; None if all do, or if unknown.

    Args:
        endpoint: The endpoint.
        port: Where the check asks.
        protocol: How: ``HTTPS``, ``HTTP`` or ``TCP``.
    """
    for balancer in balancers([endpoint]):
        at, listeners = f"its load balancer {balancer.resource.node.path}", balancer.listeners
        if is_token(port) or not listeners:
            continue
        if port not in listeners:
            if port not in _ports_elsewhere(balancer.resource):
                return f"{at} listens at {', '.join(map(str, sorted(listeners)))}"
        elif not listeners[port] & {*_ANSWER.get(protocol, TCP_LISTENERS), str(None)}:
            return f"{at} speaks {', '.join(sorted(listeners[port]))} there"
    return None


#: Left on the scope that an origin is bound in: its Region, or its stack where only the deploy knows the Region.
ORIGIN_PLACE = "place"


def when_made(scope: IConstruct, endpoints: Iterable[Endpoint], judge: Callable[[], None]) -> None:
    """Have endpoints looked at: at once if they rest on nothing of this app, which costs the CDK's process less.

    Args:
        scope: The construct that they were given to.
        endpoints: The endpoints.
        judge: Looks at them, and may warn.
    """
    if any(map(rests_on_constructs, endpoints)):
        at_synth(scope, judge)
    else:
        judge()


def rests_on_constructs(endpoint: Endpoint) -> bool:
    """Whether an endpoint, or one behind it, is made of a construct."""
    return endpoint.source is not None or endpoint.by_cloudfront_only or any(map(rests_on_constructs, endpoint.behind))


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
