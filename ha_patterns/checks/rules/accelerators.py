"""Global Accelerator and load balancers: whether they know what is down, and have somewhere else to go."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from ...aws.accelerators import (
    AFFINITIES,
    CHECK_PATH,
    CHECK_PROTOCOLS,
    CLOSEST_GROUPS,
    INTERVALS,
    LISTENER_PROTOCOLS,
    MOST_DIAL,
    MOST_ENDPOINTS,
    MOST_PORT_RANGES,
    MOST_WEIGHT,
    THRESHOLDS,
)
from ...aws.health_checks import PORTS
from ...semantics.endpoints import is_application_balancer, listening, target_groups
from ...semantics.listeners import rules_elsewhere
from ...semantics.names import arn_region
from ...topology.mentions import OUTPUTS
from ...topology.model import (
    Accelerator,
    AcceleratorEndpoint,
    AcceleratorListener,
    Address,
    EndpointGroup,
    Instance,
    LoadBalancer,
    Origin,
    OriginGroup,
    Policy,
    Record,
)
from ...topology.model.base import Whole
from ...topology.topology import Topology
from ...topology.values import Unresolved, Value, atoms
from ..rule import Context, Severity, Verdict, cannot_tell, problem, rule
from ..words import listed, said

_GUIDE = "https://docs.aws.amazon.com/global-accelerator/latest/dg"
_ELB = "https://docs.aws.amazon.com/elasticloadbalancing/latest"
_API = "https://docs.aws.amazon.com/global-accelerator/latest/api"


@rule(
    "HA301",
    Severity.ERROR,
    "endpoint group that Global Accelerator refuses",
    kind=EndpointGroup,
    why="Global Accelerator refuses the endpoint group, so that the deploy fails.",
    remedy="Set the property to one of the values that the message names.",
    page=f"{_API}/API_EndpointGroup.html",
)
def refused(group: EndpointGroup, _context: Context) -> Iterator[Verdict]:
    name = "HealthCheckIntervalSeconds"
    if isinstance(group.interval, int) and group.interval not in INTERVALS:
        allowed = " or ".join(map(str, INTERVALS))
        yield problem(group, f"{name} is {group.interval}; it may be {allowed}", "Properties", name)
    for name, value, least, most in (
        ("ThresholdCount", group.threshold, THRESHOLDS[0], THRESHOLDS[-1]),
        ("TrafficDialPercentage", group.traffic_dial, 0, MOST_DIAL),
    ):
        if isinstance(value, int) and not least <= value <= most:
            yield problem(group, f"{name} is {value}; it may be {least} to {most}", "Properties", name)
    yield from _refused_checks(group)
    if len(group.endpoints) > MOST_ENDPOINTS and not group.gaps:
        message = f"the endpoint group has {len(group.endpoints)} endpoints; it may have {MOST_ENDPOINTS}"
        yield problem(group, message, "Properties", "EndpointConfigurations")
    for endpoint in group.endpoints:
        if isinstance(endpoint.weight, int) and not 0 <= endpoint.weight <= MOST_WEIGHT:
            yield problem(endpoint, f"Weight is {endpoint.weight}; it may be 0 to {MOST_WEIGHT}", "Weight")


def _refused_checks(group: EndpointGroup) -> Iterator[Verdict]:
    """What Global Accelerator does not ask endpoints."""
    port, path = group.health_check_port, group.health_check_path
    if isinstance(group.protocol, str) and group.protocol not in CHECK_PROTOCOLS:
        message = f"HealthCheckProtocol is {group.protocol!r}; it may be {', '.join(CHECK_PROTOCOLS)}"
        yield problem(group, message, "Properties", "HealthCheckProtocol")
    # -1 is CloudFormation's word for the port of the listener.
    if isinstance(port, int) and port != -1 and port not in PORTS:
        message = f"HealthCheckPort is {port}; it may be {PORTS[0]} to {PORTS[-1]}"
        yield problem(group, message, "Properties", "HealthCheckPort")
    if isinstance(path, str) and not CHECK_PATH.fullmatch(path):
        message = f"HealthCheckPath is {path!r}; it may be a path of at most 255 characters that starts with /"
        yield problem(group, message, "Properties", "HealthCheckPath")


@rule(
    "HA313",
    Severity.ERROR,
    "listener that Global Accelerator refuses",
    kind=AcceleratorListener,
    why="Global Accelerator refuses the listener, so that the deploy fails.",
    remedy="Set the property to one of the values that the message names.",
    page=f"{_API}/API_CreateListener.html",
)
def refused_listener(listener: AcceleratorListener, _context: Context) -> Iterator[Verdict]:
    path = ("Properties", "PortRanges")
    count = len(listener.port_ranges)
    if count > MOST_PORT_RANGES and not listener.gaps:
        yield problem(listener, f"PortRanges has {count} ranges; it may have {MOST_PORT_RANGES}", *path)
    for index, ports in enumerate(listener.port_ranges):
        first, last = ports.from_port, ports.to_port
        bad = [port for port in (first, last) if isinstance(port, int) and port not in PORTS]
        if bad:
            yield problem(listener, f"PortRanges has {bad[0]}; a port is {PORTS[0]} to {PORTS[-1]}", *path, index)
        elif isinstance(first, int) and isinstance(last, int) and first > last:
            message = f"PortRanges has {first} to {last}; FromPort may be at most ToPort"
            yield problem(listener, message, *path, index, "FromPort")
    for name, value, allowed in (
        ("Protocol", listener.protocol, LISTENER_PROTOCOLS),
        ("ClientAffinity", listener.affinity, AFFINITIES),
    ):
        if isinstance(value, str) and value not in allowed:
            yield problem(listener, f"{name} is {value!r}; it may be {' or '.join(allowed)}", "Properties", name)


@rule(
    "HA302",
    Severity.WARNING,
    "health check settings that are ignored",
    kind=EndpointGroup,
    why="Global Accelerator has no health check of its own for load balancers: it goes by the health of their targets. "
    "How soon it leaves one is set in the target groups, whatever the endpoint group says.",
    remedy="Take these settings out of the endpoint group, and set HealthCheckIntervalSeconds and "
    "UnhealthyThresholdCount of the load balancers' target groups.",
    page=f"{_GUIDE}/about-endpoint-groups-health-check-options.html",
)
def ignored_settings(group: EndpointGroup, _context: Context) -> Iterator[Verdict]:
    balancers = all(_is_balancer(endpoint) for endpoint in group.endpoints)
    if group.health_settings and group.endpoints and balancers and not group.gaps:
        verb = "has" if len(group.health_settings) == 1 else "have"
        message = f"all endpoints are load balancers, for which {listed(group.health_settings)} {verb} no effect"
        yield problem(group, message, "Properties", group.health_settings[0])


def _is_balancer(endpoint: AcceleratorEndpoint) -> bool:
    known = "".join(atom for atom in atoms(endpoint.id) if isinstance(atom, str))
    return isinstance(endpoint.target, LoadBalancer) or ":loadbalancer/" in known


@rule(
    "HA303",
    Severity.WARNING,
    "traffic dial of 0 without a group that has traffic",
    kind=EndpointGroup,
    why="A dial of 0 makes an endpoint group a standby: it gets users only if no endpoint of another group is healthy, "
    "since Global Accelerator does not look at dials when it fails over. If every group of a listener is dialed to 0, "
    "none is meant to serve, and none is turned off.",
    remedy="Raise TrafficDialPercentage of the group that is to serve. To keep users away from a Region, remove its "
    "endpoint group.",
    page=f"{_GUIDE}/about-endpoint-groups-traffic-dial.html",
)
def dialed_to_zero(group: EndpointGroup, context: Context) -> Iterator[Verdict]:
    off = all(endpoint.weight == 0 for endpoint in group.endpoints)
    if group.traffic_dial != 0 or (group.endpoints and off):
        return
    path = ("Properties", "TrafficDialPercentage")
    dials = _other_dials(group, context.topology)
    if any(isinstance(dial, int) and dial > 0 for dial in dials):
        return
    unknown = next((dial for dial in dials if isinstance(dial, Unresolved)), None)
    if unknown is not None:
        yield cannot_tell(
            group, unknown, f"whether another endpoint group than {said(group.region)} has traffic", *path
        )
    else:
        message = f"TrafficDialPercentage of {said(group.region)} is 0, and no other endpoint group has more than 0"
        yield problem(group, message, *path)


def _other_dials(group: EndpointGroup, topology: Topology) -> list[Whole]:
    """The traffic dials of a listener's other endpoint groups; Unresolved for those that may be anywhere."""
    if isinstance(group.listener, Unresolved):
        return [group.listener]
    others = [other for other in topology.of(EndpointGroup) if other is not group]
    dials = [other.traffic_dial for other in others if other.listener is group.listener]
    return dials + [other.listener for other in others if isinstance(other.listener, Unresolved)]


@rule(
    "HA304",
    Severity.WARNING,
    "accelerator without another Region",
    kind=AcceleratorListener,
    why="Global Accelerator fails over between the endpoint groups of a listener. With one group there is no other "
    "Region to go to: the outage of this one is the outage of the site.",
    remedy="Add an endpoint group in another Region to the listener.",
    page=f"{_GUIDE}/about-endpoints-endpoint-weights.html",
)
def one_region(listener: AcceleratorListener, context: Context) -> Iterator[Verdict]:
    groups = context.topology.of(EndpointGroup)
    own = [group for group in groups if group.listener is listener]
    unknown = [group.listener for group in groups if isinstance(group.listener, Unresolved)]
    if len(own) != 1:
        return
    others = context.topology.mentions.of(listener.place.id) - {own[0].place.resource_type}
    if others:
        how = "an output" if OUTPUTS in others else listed(sorted(others))
        unknown.append(Unresolved(f"who reads the listener's ARN from {how}"))
    if unknown:
        yield cannot_tell(listener, unknown[0], "whether the listener has an endpoint group in another Region")
    else:
        named = str(own[0].region) != "?"
        only = f"only endpoint group is in {said(own[0].region)}" if named else "only endpoint group names no Region"
        yield problem(own[0], f"the listener's {only}", "Properties", "EndpointGroupRegion")


@rule(
    "HA323",
    Severity.ERROR,
    "port that two listeners of an accelerator have",
    kind=Topology,
    why="A port of an accelerator, by TCP or by UDP, belongs to one listener. Global Accelerator refuses the other, so "
    "that the deploy fails.",
    remedy="Give each listener other ports of its protocol, or let one listener have them all.",
    page=f"{_API}/API_CreateListener.html",
)
def ports_taken(topology: Topology, _context: Context) -> Iterator[Verdict]:
    found: defaultdict[tuple[Accelerator, Value], list[tuple[int, int, int, AcceleratorListener]]] = defaultdict(list)
    for listener in topology.of(AcceleratorListener):
        if isinstance(listener.accelerator, Accelerator) and listener.place.condition is None:
            for index, ports in enumerate(listener.port_ranges):
                if isinstance(ports.from_port, int) and isinstance(ports.to_port, int):
                    one = (ports.from_port, ports.to_port, index, listener)
                    found[listener.accelerator, listener.protocol].append(one)
    for (_, protocol), ranges in found.items():
        if not isinstance(protocol, str):
            continue
        ranges.sort(key=lambda one: one[:2])
        # Up to where ports are taken, and by which listener.
        last, taker = -1, None
        for first, end, index, listener in ranges:
            if taker is not None and first <= last:
                too = " twice" if taker is listener else f", which {taker.place.name} has too"
                message = f"{listener.place.name} has the {protocol} port {first}{too}"
                yield problem(listener, message, "Properties", "PortRanges", index)
            if end > last:
                last, taker = end, listener


@rule(
    "HA305",
    Severity.WARNING,
    "endpoint group that serves nobody",
    kind=EndpointGroup,
    why="Global Accelerator never chooses an endpoint with a weight of 0, so that this group takes over for no other. "
    "Only when nothing is healthy anywhere it may be asked.",
    remedy="Add an endpoint with a Weight of 1 or more.",
    page=f"{_GUIDE}/about-endpoints-endpoint-weights.html",
)
def serves_nobody(group: EndpointGroup, _context: Context) -> Iterator[Verdict]:
    path = ("Properties", "EndpointConfigurations")
    if group.gaps:
        yield cannot_tell(group, group.gaps[0], f"which endpoints {said(group.region)} has", *path)
    elif not group.endpoints:
        yield problem(group, f"the endpoint group of {said(group.region)} has no endpoints", *path)
    elif all(endpoint.weight == 0 for endpoint in group.endpoints):
        yield problem(
            group, f"all endpoints of {said(group.region)} have a Weight of 0; one must have 1 or more", *path
        )


@rule(
    "HA306",
    Severity.WARNING,
    "load balancer that does not know what is down",
    kind=Topology,
    why="Route 53 and Global Accelerator leave a load balancer when its targets are unhealthy. Without health checks "
    "of its targets it counts as healthy whatever happens, so that traffic stays.",
    remedy="Set HealthCheckEnabled to true on the target groups, with a path that shows whether the application works; "
    "for Lambda functions it is off unless it is set.",
    page=f"{_ELB}/application/target-group-health-checks.html",
)
def unchecked_targets(topology: Topology, _context: Context) -> Iterator[Verdict]:
    for balancer, why in followed(topology).items():
        groups = {group: None for listener in balancer.listeners for group in listener.target_groups}
        for group in groups:
            if group.health_check_enabled is False:
                message = f"the target group has no health checks, and {why} goes by them"
                yield problem(group, message, "Properties", "HealthCheckEnabled")
        rules = [one for listener in balancer.listeners for one in listener.rules]
        if not rules or any(one.target_groups or one.gaps for one in rules) or balancer.gaps:
            continue
        elsewhere = next(filter(None, (rules_elsewhere(one, topology) for one in balancer.listeners)), None)
        if elsewhere is not None:
            yield cannot_tell(balancer, elsewhere, f"whether a listener of {balancer.place.name} has target groups")
        else:
            yield problem(balancer, f"no listener forwards to a target group, and {why} goes by their health")


@rule(
    "HA307",
    Severity.WARNING,
    "load balancer in one zone",
    kind=Topology,
    why="The outage of one Availability Zone takes the whole load balancer, and traffic leaves the Region for what "
    "another zone could have served.",
    remedy="Give the load balancer Subnets in two or more Availability Zones.",
    page=f"{_ELB}/userguide/how-elastic-load-balancing-works.html",
)
def one_zone(topology: Topology, _context: Context) -> Iterator[Verdict]:
    for balancer, why in {**_in_groups(topology), **_steered(topology)}.items():
        if balancer.zones is not None and len(balancer.zones) == 1 and not balancer.gaps:
            yield problem(
                balancer, f"is in 1 subnet, and {why} leads to it; it takes 2 or more", "Properties", "Subnets"
            )


@rule(
    "HA308",
    Severity.ERROR,
    "two endpoint groups of one Region",
    kind=AcceleratorListener,
    why="Global Accelerator refuses a listener's second endpoint group in the same Region, so that the deploy fails.",
    remedy="Put the endpoints of one Region into one endpoint group, and give the other group another Region.",
    page=f"{_GUIDE}/about-endpoint-groups.html",
)
def region_twice(listener: AcceleratorListener, context: Context) -> Iterator[Verdict]:
    seen: dict[Value, EndpointGroup] = {}
    for group in context.topology.of(EndpointGroup):
        if group.listener is listener and group.place.condition is None:
            other = seen.setdefault(group.region, group)
            if other is not group:
                message = f"{said(group.region)} has {other.place.name} already; a listener has one group a Region"
                yield problem(group, message, "Properties", "EndpointGroupRegion")


@rule(
    "HA309",
    Severity.ERROR,
    "endpoint in another Region than its group",
    kind=EndpointGroup,
    why="An endpoint group takes endpoints of its own Region only. Global Accelerator refuses the group, so that the "
    "deploy fails.",
    remedy="Set EndpointGroupRegion to the Region of the endpoints, which is the stack's own where it is left out, or "
    "put the endpoint into the group of its Region.",
    page=f"{_GUIDE}/about-endpoint-groups.html",
)
def in_another_region(group: EndpointGroup, _context: Context) -> Iterator[Verdict]:
    for endpoint in group.endpoints:
        region = _region(endpoint)
        if region is not None and isinstance(group.region, str) and region != group.region:
            what = endpoint.target.place.name if isinstance(endpoint.target, LoadBalancer) else said(endpoint.id)
            yield problem(endpoint, f"{what} is in {region}, and the endpoint group of {group.region}", "EndpointId")


@rule(
    "HA310",
    Severity.ERROR,
    "accelerator asks where nothing listens",
    kind=EndpointGroup,
    why="Global Accelerator sends each connection to the port of its listener, or to that of a port override. If the "
    "load balancer does not listen there, nobody is answered, though its targets are healthy.",
    remedy="Give the accelerator's listener the ports of the load balancer's listeners, or add a PortOverride to a "
    "port that the load balancer listens at. UDP needs a Network Load Balancer.",
    page=f"{_GUIDE}/about-listeners.html",
)
def not_listened_to(group: EndpointGroup, _context: Context) -> Iterator[Verdict]:
    entry = group.listener
    if isinstance(entry, Unresolved) or not isinstance(entry.protocol, str):
        return
    udp = entry.protocol == "UDP"
    for endpoint in group.endpoints:
        if udp and is_application_balancer(endpoint):
            name = endpoint.target.place.name if isinstance(endpoint.target, LoadBalancer) else said(endpoint.id)
            message = f"{name} is an Application Load Balancer, which takes no UDP; the accelerator's listener is UDP"
            yield problem(endpoint, message, "EndpointId")
            continue
        there = listening(endpoint.target, udp=udp) if isinstance(endpoint.target, LoadBalancer) else None
        if there is None or not isinstance(endpoint.target, LoadBalancer):
            continue
        dead = [ports for ports in _asked_ports(entry, group) if not any(ports[0] <= one <= ports[1] for one in there)]
        if dead:
            told = listed(str(first) if first == last else f"{first}-{last}" for first, last in dead)
            at = f"at {listed(sorted(there))}" if there else "nowhere"
            message = f"{endpoint.target.place.name} listens {at} over {entry.protocol}, and is asked at {told}"
            yield problem(endpoint, message, "EndpointId")


def _asked_ports(entry: AcceleratorListener, group: EndpointGroup) -> Iterator[tuple[int, int]]:
    """The ports at which an endpoint group asks its endpoints, as far as they are known."""
    if isinstance(group.port_overrides, Unresolved):
        return
    moved = [one.listener_port for one in group.port_overrides]
    for one in group.port_overrides:
        if isinstance(one.endpoint_port, int):
            yield one.endpoint_port, one.endpoint_port
    for ports in entry.port_ranges:
        first, last = ports.from_port, ports.to_port
        if not isinstance(first, int) or not isinstance(last, int):
            continue
        # Of a range with an override, the rest may be for others.
        if not any(not isinstance(port, int) or first <= port <= last for port in moved):
            yield first, last


@rule(
    "HA311",
    Severity.ERROR,
    "endpoint that Global Accelerator refuses",
    kind=EndpointGroup,
    why="Global Accelerator refuses the endpoint, so that the deploy fails: it reaches what is internal with the "
    "client's address only, and keeps that for some kinds of endpoints and load balancers only.",
    remedy="Set ClientIPPreservationEnabled to the value that the message names, or use another kind of endpoint or of "
    "targets.",
    page=f"{_GUIDE}/about-endpoints-caveats.html",
)
def refused_endpoint(group: EndpointGroup, _context: Context) -> Iterator[Verdict]:
    accelerator = group.listener if isinstance(group.listener, Unresolved) else group.listener.accelerator
    family = accelerator if isinstance(accelerator, Unresolved) else accelerator.ip_address_type
    for endpoint in group.endpoints:
        for why, of_client in _refusals(endpoint, family):
            given = endpoint.client_ip_given is not None
            name = "ClientIPPreservationEnabled" if of_client and given else "EndpointId"
            yield problem(endpoint, f"{_kind(endpoint)} {why}", name)


def _refusals(endpoint: AcceleratorEndpoint, family: Value) -> Iterator[tuple[str, bool]]:
    """Why an endpoint of an accelerator is refused, and whether the client's address is the reason."""
    target, given = endpoint.target, endpoint.client_ip_given
    dual = family == "DUAL_STACK"
    balancer = target if isinstance(target, LoadBalancer) else None
    network = balancer is not None and balancer.type == "network"
    if isinstance(target, Address):
        if given is True:
            yield "has ClientIPPreservationEnabled true; an Elastic IP address may not", True
        if dual:
            yield "is an endpoint of a dual-stack accelerator, which takes load balancers and instances", False
        return
    internal = balancer is not None and balancer.internal is True
    if given is False and (isinstance(target, Instance) or (internal and not network)):
        yield "has ClientIPPreservationEnabled false; it may be true only", True
    elif internal and network and endpoint.client_ip_preserved is False:
        told = "false" if given is False else "not set, which is false,"
        yield f"is internal with ClientIPPreservationEnabled {told} and may have true only", True
    elif dual and endpoint.client_ip_preserved is False:
        yield "keeps no client address; a dual-stack accelerator needs ClientIPPreservationEnabled true", True
    if dual and balancer is not None and balancer.ip_address_type == "ipv4":
        yield "has IPv4 addresses only; a dual-stack accelerator needs IpAddressType dualstack", False
    if network and balancer is not None:
        yield from _network_refusals(balancer, family, given is True)


def _network_refusals(balancer: LoadBalancer, family: Value, preserved: bool) -> Iterator[tuple[str, bool]]:
    """Why a Network Load Balancer is refused behind an accelerator of a family of addresses."""
    if family == "DUAL_STACK":
        yield from _without_ipv4_instances(balancer)
    if not preserved or balancer.gaps:
        return
    if not balancer.security_groups:
        yield "has no security groups, without which ClientIPPreservationEnabled may not be true", True
    if any(listener.protocol == "TLS" for listener in balancer.listeners):
        yield "has a TLS listener, with which ClientIPPreservationEnabled may not be true", True
    if family == "IPV4" and balancer.ip_address_type == "dualstack":
        told = "is dual-stack, and behind an accelerator of IPv4 ClientIPPreservationEnabled may not be true"
        yield told, True


def _without_ipv4_instances(balancer: LoadBalancer) -> Iterator[tuple[str, bool]]:
    """Why a dual-stack accelerator refuses a Network Load Balancer for its targets."""
    for group in target_groups(balancer):
        name = group.place.logical_id
        if group.target_type == "ip":
            yield f"sends to {name}, whose targets are addresses; a dual-stack accelerator needs instances", False
        elif group.target_type == "instance" and group.ip_address_type == "ipv6":
            yield f"sends to {name} over IPv6; a dual-stack accelerator needs instances with IPv4 addresses", False


def _kind(endpoint: AcceleratorEndpoint) -> str:
    return said(endpoint.id) if isinstance(endpoint.target, Unresolved) else endpoint.target.place.name


@rule(
    "HA312",
    Severity.WARNING,
    "more endpoint groups than Global Accelerator tries",
    kind=AcceleratorListener,
    why=f"If all endpoints of a group are unhealthy, Global Accelerator tries the {CLOSEST_GROUPS} closest other "
    "groups, and no further ones. A standby that is not among them takes over from nobody.",
    remedy=f"Give a listener at most {CLOSEST_GROUPS + 1} endpoint groups, or make sure that each group with traffic "
    f"has a healthy one among the {CLOSEST_GROUPS} closest to it.",
    page=f"{_GUIDE}/about-endpoints-endpoint-weights.unhealthy-endpoints.html",
)
def too_many_groups(listener: AcceleratorListener, _context: Context) -> Iterator[Verdict]:
    groups = listener.endpoint_groups
    if len(groups) > CLOSEST_GROUPS + 1 and not any(group.place.condition for group in groups):
        regions = listed(said(group.region) for group in groups)
        message = f"the listener has {len(groups)} endpoint groups, in {regions}; a failover tries {CLOSEST_GROUPS}"
        yield problem(groups[-1], message, "Properties", "EndpointGroupRegion")


def _region(endpoint: AcceleratorEndpoint) -> str | None:
    """Where an endpoint is; None where nothing tells."""
    return endpoint.target.known_region if isinstance(endpoint.target, LoadBalancer) else arn_region(endpoint.id)


def followed(topology: Topology) -> dict[LoadBalancer, str]:
    """The load balancers whose health moves traffic, with what moves it."""
    found = _accelerated(topology)
    for record in topology.of(Record):
        alias = record.alias
        if alias is not None and alias.evaluate_target_health is True and record.policy is not Policy.SIMPLE:
            for target in alias.endpoint.targets:
                if isinstance(target, LoadBalancer):
                    found.setdefault(target, f"the {record.policy.value} record of {said(record.name)}")
    return found


def _steered(topology: Topology) -> dict[LoadBalancer, str]:
    """The load balancers that traffic may be moved to or from, with what moves it."""
    found = _accelerated(topology)
    for record in topology.of(Record):
        for answer in record.answers if record.policy is not Policy.SIMPLE else ():
            for target in answer.targets:
                if isinstance(target, LoadBalancer):
                    found.setdefault(target, f"the {record.policy.value} record of {said(record.name)}")
    return found


def _in_groups(topology: Topology) -> dict[LoadBalancer, str]:
    members = [origin for group in topology.of(OriginGroup) for origin in group.members if isinstance(origin, Origin)]
    return {
        target: f"the origin group member {said(origin.id)}"
        for origin in members
        for target in origin.endpoint.targets
        if isinstance(target, LoadBalancer)
    }


def _accelerated(topology: Topology) -> dict[LoadBalancer, str]:
    return {
        endpoint.target: f"the accelerator's endpoint group of {said(group.region)}"
        for group in topology.of(EndpointGroup)
        for endpoint in group.endpoints
        if isinstance(endpoint.target, LoadBalancer)
    }
