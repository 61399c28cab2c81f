"""What a health check watches, and what answers its checkers."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass, replace
from functools import partial

from ..topology.model import (
    Accelerator,
    Address,
    Alarm,
    Api,
    ApiDomain,
    ApiRoute,
    Distribution,
    Endpoint,
    EndpointGroup,
    FixedResponse,
    HealthCheck,
    Instance,
    ListenerRule,
    LoadBalancer,
    LoadBalancerListener,
    PortRange,
    Record,
    TargetGroup,
    Thing,
)
from ..topology.model.base import Whole
from ..topology.topology import Topology
from ..topology.values import Reference, Unresolved, Value, atoms, comparable, references
from .apis import Refusal, asked_route
from .endpoints import target_groups
from .health import CHECKER_HEADERS, probed_port
from .listeners import answering_rule, rules_elsewhere
from .requests import answers, behavior_of

# The dimensions of metrics that name what they are of.
_DIMENSIONS = frozenset({"LoadBalancer", "TargetGroup", "ApiId", "BucketName", "LoadBalancerName", "DistributionId"})


def leaves(check: HealthCheck | Unresolved | None) -> list[tuple[HealthCheck | Unresolved, bool | None]]:
    """The checks that a check is calculated from, or itself; and whether it is healthy while they are not.

    The second is None if unknown.
    """
    found: list[tuple[HealthCheck | Unresolved, bool | None]] = []
    waiting: list[tuple[HealthCheck | Unresolved | None, bool | None]] = [(check, False)]
    seen: set[tuple[HealthCheck, bool | None]] = set()
    while waiting:
        one, inverted = waiting.pop()
        if isinstance(one, Unresolved):
            found.append((one, inverted))
        elif one is not None and (one, inverted) not in seen:
            seen.add((one, inverted))
            own = one.inverted
            turned = None if inverted is None or isinstance(own, Unresolved) else inverted != own
            if one.type == "CALCULATED":
                waiting += [(child, turned) for child in one.children]
            else:
                found.append((one, turned))
    return found


class Watching:
    """What health checks watch and where records lead, in words that can be compared.

    Args:
        topology: The topology that both are in.
    """

    def __init__(self, topology: Topology) -> None:
        self._topology = topology

    def watched(self, check: HealthCheck) -> frozenset[Hashable]:
        """What a check that is not calculated asks, or what the metric of its alarm is of; empty if unknown."""
        if check.address is not None:
            return frozenset({_name(check.address)}) if comparable(check.address) else frozenset()
        if check.endpoint is not None:
            return _keys(check.endpoint)
        return frozenset(self._of_metric(check.alarm)) if isinstance(check.alarm, Alarm) else frozenset()

    def _of_metric(self, alarm: Alarm) -> Iterator[Hashable]:
        for dimension in alarm.dimensions:
            if dimension.name in _DIMENSIONS and dimension.value is not None:
                for reference in references(dimension.value):
                    yield from _balanced(self._topology.thing_of(reference.resource))


def _balanced(thing: Thing | None) -> Iterator[Thing]:
    """A thing that answers; of a target group, the load balancers that forward to it."""
    if isinstance(thing, TargetGroup):
        listeners = [rule.listener for rule in thing.rules if rule.listener is not None]
        yield from (one.load_balancer for one in listeners if one.load_balancer is not None)
    elif isinstance(thing, LoadBalancerListener):
        yield from (thing.load_balancer,) if thing.load_balancer is not None else ()
    elif thing is not None:
        yield thing


def places(record: Record) -> frozenset[Hashable]:
    """Where a record leads: what answers there, and what is behind that."""
    return frozenset(key for answer in record.answers for key in _keys(answer))


def _keys(endpoint: Endpoint) -> frozenset[Hashable]:
    found: set[Hashable] = set()
    for end in endpoint.ends:
        answering = answers(end)
        found.add(_name(end.name) if isinstance(answering, Endpoint) else answering)
        found.update(_behind(end.target))
    return frozenset(found)


def _name(name: Value) -> Hashable:
    """A name or an address as both are compared: of what AWS makes, the resource, whichever attribute has it."""
    if isinstance(name, Reference):
        return name.resource
    return name.removeprefix("dualstack.") if isinstance(name, str) else name


def _behind(target: Thing | None) -> Iterator[Hashable]:
    """What a front door sends requests to."""
    match target:
        case Accelerator():
            for listener in target.listeners:
                for group in listener.endpoint_groups:
                    yield from (one.target for one in group.endpoints if not isinstance(one.target, Unresolved))
        case Distribution():
            for origin in target.origins:
                for end in origin.endpoint.ends:
                    answering = answers(end)
                    yield _name(end.name) if isinstance(answering, Endpoint) else answering
        case ApiDomain():
            yield from target.apis
        case Api():
            yield from target.domains
        case LoadBalancer():
            for behind in target_groups(target):
                yield from (one.target for one in behind.targets if isinstance(one.target, LoadBalancer))


@dataclass(frozen=True, kw_only=True)
class Before:
    """What answers a checker before the request reaches what the check is of.

    Attributes:
        what: What it does, as a sentence goes on behind the name of the thing that answers.
        thing: What answers.
        status: The status, where it is known.
        front: What the checkers connect to, if that is before ``thing``: an accelerator, or a Network Load Balancer.
    """

    what: str
    thing: Thing
    status: int | None
    front: Thing | None = None

    @property
    def is_healthy(self) -> bool | None:
        """Whether the check is healthy with it: 2xx and 3xx are; None if unknown."""
        return None if self.status is None else 200 <= self.status < 400


def path_of(check: HealthCheck) -> str | None:
    """The path that checkers ask, without its query string; None if unknown, or if they only connect."""
    if check.type == "TCP" or isinstance(check.path, Unresolved):
        return None
    path = "/" if check.path is None else check.path
    return f"/{path.partition('?')[0].lstrip('/')}" if isinstance(path, str) else None


def reached(check: HealthCheck, topology: Topology) -> tuple[Thing, ...]:
    """What the checkers of a check reach, of these templates: what its name leads to, or whose alternate name it is."""
    endpoint = check.endpoint
    if not check.probes or endpoint is None or check.address is not None:
        return ()
    if endpoint.records or endpoint.target is not None or not comparable(endpoint.name):
        return endpoint.targets
    return tuple(topology.distributions_by_alias.get(endpoint.name, ()))


def servers(check: HealthCheck, topology: Topology) -> tuple[Instance, ...]:
    """The instances that the checkers of a check connect to, by their own addresses or Elastic IP addresses."""
    if not check.probes:
        return ()
    ends = () if check.endpoint is None else check.endpoint.ends
    asked = [end.name for end in ends] if check.address is None else [check.address]
    found: dict[Instance, None] = {}
    for name in asked:
        for reference in references(name):
            thing = topology.thing_of(reference.resource)
            server = thing.instance if isinstance(thing, Address) else thing
            if isinstance(server, Instance):
                found[server] = None
    return tuple(found)


def answered_before(check: HealthCheck, topology: Topology) -> Iterator[Before]:
    """What answers the checkers of a check by itself, of all that its name leads to."""
    for target in reached(check, topology):
        match target:
            case LoadBalancer():
                found = _by_balancer(check, target, probed_port(check), topology)
            case Accelerator():
                found = _by_accelerator(check, target, topology)
            case Distribution():
                found = _by_distribution(check, target)
            case Api() | ApiDomain():
                found = _by_api(check, target)
            case _:
                found = None
        if found is not None:
            yield found if found.thing is target else replace(found, front=target)


def _by_accelerator(check: HealthCheck, accelerator: Accelerator, topology: Topology) -> Before | None:
    """What answers at each endpoint of an accelerator; None if one of them is unknown, or answers otherwise."""
    port = probed_port(check)
    if not isinstance(port, int) or accelerator.gaps:
        return None
    found: list[Before | None] = []
    for listener in accelerator.listeners:
        if listener.protocol != "TCP" or not any(map(partial(_has_port, port), listener.port_ranges)):
            continue
        for group in listener.endpoint_groups:
            asked = _port_of_endpoints(group, port)
            found += [
                _by_balancer(check, one.target, asked, topology) if isinstance(one.target, LoadBalancer) else None
                for one in group.endpoints
            ]
            if group.gaps or group.place.condition is not None:
                return None
    return found[0] if found and None not in found else None


def _has_port(port: int, ports: PortRange) -> bool:
    first, last = ports.from_port, ports.to_port
    return isinstance(first, int) and isinstance(last, int) and first <= port <= last


def _port_of_endpoints(group: EndpointGroup, port: int) -> Whole | None:
    """The port at which endpoints get what comes to a port of the accelerator; None if unknown."""
    if isinstance(group.port_overrides, Unresolved):
        return None
    moved = [one for one in group.port_overrides if one.listener_port == port or not isinstance(one.listener_port, int)]
    return port if not moved else moved[0].endpoint_port if moved[0].listener_port == port else None


def _behind_network(check: HealthCheck, listener: LoadBalancerListener, topology: Topology) -> Before | None:
    """What answers at each Application Load Balancer that a Network Load Balancer sends connections to."""
    groups = [one for rule in listener.rules for one in rule.target_groups]
    found: list[Before | None] = []
    for group in groups:
        if not isinstance(group, TargetGroup) or group.target_type != "alb" or group.gaps or not group.targets:
            return None
        for one in group.targets:
            port = group.port if one.port is None else one.port
            behind = one.target if isinstance(one.target, LoadBalancer) else None
            found.append(None if behind is None else _by_balancer(check, behind, port, topology))
    return found[0] if found and None not in found else None


def _by_balancer(check: HealthCheck, balancer: LoadBalancer, port: Whole | None, topology: Topology) -> Before | None:
    path = path_of(check)
    listener = next((one for one in balancer.listeners if one.port == port), None)
    if listener is None or not isinstance(port, int):
        return None
    if balancer.type == "network":
        return _behind_network(check, listener, topology)
    if check.type == "TCP":
        alone = balancer.type == "application" and listener.protocol in ("HTTP", "HTTPS")
        return Before(what="accepts every connection itself", thing=balancer, status=200) if alone else None
    rule = None if path is None else rule_for(check, listener, path)
    if rule is None or path is None or rules_elsewhere(listener, topology) is not None:
        return None
    if rule.authenticates:
        return Before(what=f"sends those who ask {path} to log in", thing=balancer, status=302)
    if rule.redirect is not None:
        status = str(rule.redirect.status).removeprefix("HTTP_")
        return Before(what=f"redirects {path} ({status})", thing=balancer, status=302)
    return _fixed(rule.fixed_response, path, balancer)


def _fixed(fixed: FixedResponse | None, path: str, balancer: LoadBalancer) -> Before | None:
    status = None if fixed is None else fixed.status
    if not isinstance(status, str) or not status.isdecimal():
        return None
    return Before(what=f"answers {path} with a fixed {status}", thing=balancer, status=int(status))


def rule_for(check: HealthCheck, listener: LoadBalancerListener, path: str) -> ListenerRule | None:
    """The rule of a listener that answers the checkers of a check; None if unknown."""
    name = check.endpoint.name if check.endpoint is not None else None
    host = name if isinstance(name, str) else None
    return answering_rule(listener, path, CHECKER_HEADERS, host=host, method="GET")


def _by_distribution(check: HealthCheck, distribution: Distribution) -> Before | None:
    path = path_of(check)
    if path is None or distribution.gaps:
        return None
    behavior = behavior_of(distribution.behaviors, path)
    if isinstance(behavior, Unresolved):
        return None
    if str(check.type).startswith("HTTP_") or check.type == "HTTP":
        if behavior.viewer_protocol_policy == "redirect-to-https":
            return Before(what=f"redirects {path} to HTTPS (301)", thing=distribution, status=301)
        if behavior.viewer_protocol_policy == "https-only":
            return Before(what=f"answers {path} over HTTP with 403", thing=distribution, status=403)
    for error in distribution.error_responses:
        code, shown = error.error_code, error.response_code
        if isinstance(code, int) and code >= 500 and isinstance(shown, int) and shown < 400:
            return Before(what=f"sends an error page with {shown} in place of {code}", thing=distribution, status=shown)
    return None


def _by_api(check: HealthCheck, target: Api | ApiDomain) -> Before | None:
    route = asked_by(check, target)
    if not isinstance(route, ApiRoute) or not isinstance(route.integration, Thing) or not route.integration.is_mock:
        return None
    return Before(what=f"answers {path_of(check)} itself (a MOCK integration)", thing=target, status=200)


def asked_by(check: HealthCheck, target: Thing) -> ApiRoute | Refusal | Unresolved | None:
    """The route of an API that answers checkers, or why none does; None if it is no API, or if unknown."""
    path, endpoint = _path_at(check, target), check.endpoint
    if check.type == "TCP" or endpoint is None or check.address is not None:
        return None
    name = endpoint.name
    host: Value | None = name if isinstance(name, str) else None
    if isinstance(name, Reference) and name.attribute and isinstance(target, ApiDomain):
        # The name that API Gateway makes for a domain to be an alias of.
        host = "the name that AWS makes for it"
    if isinstance(target, Api) and endpoint.records and host is not None:
        return Refusal(reason=f"answers to its own name only, and not to {host}")
    found = asked_route(target, host, "GET", "/" if path is None else path)
    # What is refused at any path is refused at one that is unknown.
    return found if path is not None or (isinstance(found, Refusal) and not found.of_path) else None


def _path_at(check: HealthCheck, target: Thing) -> str | None:
    """The path that checkers ask, with the names of the stages of an API put in; None if unknown."""
    if check.path is None or isinstance(check.path, str):
        return path_of(check)
    apis = target.apis if isinstance(target, ApiDomain) else (target,) if isinstance(target, Api) else ()
    made = [stage for api in apis for stage in api.stages if stage.place.resource_type.endswith("::Stage")]
    names = {stage.place.id: stage.name for stage in made}
    path = ""
    for atom in atoms(check.path):
        told = names.get(atom.resource) if isinstance(atom, Reference) and not atom.attribute else atom
        if not isinstance(told, str):
            return None
        path += told
    return path_of(replace(check, path=path))
