"""How long traffic goes to what has failed, by the settings of a template: the arithmetic of all that fails over.

The sums are those of ``aws.recovery_times``, as the constructs have them: the longest time for something that goes
silent, until it is noticed, until Route 53 or Global Accelerator goes by it, and until resolvers have forgotten it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from ..aws import origin_waits
from ..aws.health_checks import ALIAS_TTL, ANSWER_LIMITS, LAST_KNOWN_STATUS, WEBSITE_TTL, target_timeout
from ..aws.names import HOST_SUFFIXES
from ..aws.recovery_times import (
    ACCELERATOR_SECONDS,
    CONTROL_SECONDS,
    PROPAGATION,
    alarm_detection,
    dns_switch,
    probe_detection,
    target_detection,
)
from ..topology.model import (
    Alarm,
    CompositeAlarm,
    Endpoint,
    EndpointGroup,
    HealthCheck,
    LoadBalancer,
    Origin,
    OriginGroup,
    OriginKind,
    Policy,
    Record,
    TargetGroup,
    Thing,
)
from ..topology.model.base import Whole
from ..topology.topology import RecordSet, Topology
from ..topology.values import Reference, Unresolved, atoms, ends
from .fold import Fold
from .records import traffic_sets


@dataclass(frozen=True, kw_only=True)
class Span:
    """A time.

    Attributes:
        seconds: How long it is, in whole seconds.
        terms: What it is the sum of, as a sentence can go on with it.
    """

    seconds: Whole
    terms: str = ""


@dataclass(frozen=True, kw_only=True)
class Recovery:
    """How long something takes to send traffic elsewhere.

    Attributes:
        thing: What does: an origin group, a record, an endpoint group of an accelerator.
        span: How long it takes.
    """

    thing: Thing
    span: Span


def recoveries(topology: Topology) -> Iterator[Recovery]:
    """All that fails over, in the order of the templates; what never does is left out."""
    for group in topology.of(OriginGroup):
        if group.primary is not None and len(group.members) > 1:
            yield Recovery(thing=group, span=origin_wait(group.primary))
    for record_set in traffic_sets(topology):
        yield from record_set_recoveries(record_set)
    for endpoints in topology.of(EndpointGroup):
        span = endpoint_group_notice(endpoints)
        if span is not None:
            switch = Span(seconds=ACCELERATOR_SECONDS, terms=f"{ACCELERATOR_SECONDS} s until the accelerator follows")
            yield Recovery(thing=endpoints, span=_sum(span, switch))


def origin_wait(origin: Origin, method: str = "GET") -> Span:
    """The longest that a request waits for an origin that accepts each connection late and then does not answer."""
    known = _known(origin, origin.connection_timeout, origin.read_timeout)
    if isinstance(known, Unresolved):
        return Span(seconds=known)
    attempts, cap, (connect, read) = known
    seconds = origin_waits.longest_wait(attempts, connect, read, cap, method=method)
    whole = origin_waits.longest_wait(attempts, connect, read, method=method)
    tries = "1 attempt" if attempts == 1 else f"{attempts} attempts"
    if whole == attempts * (connect + read):
        return Span(
            seconds=seconds, terms=_terms(seconds, whole, f"{tries} x ({connect} s to connect + {read} s to answer)")
        )
    return Span(seconds=seconds, terms=_terms(seconds, whole, f"{tries} x {connect} s to connect + {read} s to answer"))


def connect_wait(origin: Origin) -> Span:
    """The seconds that a request waits for an origin that accepts no connection."""
    known = _known(origin, origin.connection_timeout)
    if isinstance(known, Unresolved):
        return Span(seconds=known)
    attempts, cap, (connect,) = known
    seconds, whole = (origin_waits.connect_wait(attempts, connect, most) for most in (cap, None))
    tries = "1 attempt" if attempts == 1 else f"{attempts} attempts"
    return Span(seconds=seconds, terms=_terms(seconds, whole, f"{tries} x ({connect} s to connect)"))


def _known(origin: Origin, *seconds: Whole) -> tuple[int, int | None, tuple[int, ...]] | Unresolved:
    """The attempts, the cap on them and some times of an origin; the first of them that is unresolved, if one is."""
    attempts, cap = origin.connection_attempts, origin.response_completion_timeout
    for value in (attempts, cap, *seconds):
        if isinstance(value, Unresolved):
            return value
    assert isinstance(attempts, int)
    assert not isinstance(cap, Unresolved)
    return attempts, cap, tuple(value for value in seconds if isinstance(value, int))


def _terms(seconds: int, whole: int, terms: str) -> str:
    return terms if seconds == whole else f"{seconds} s, after which CloudFront ends all attempts"


def record_set_recoveries(record_set: RecordSet) -> Iterator[Recovery]:
    """By record that may be left for another one of its name: how long until all resolvers have left it."""
    for record in record_set.records:
        if not _may_be_left(record, record_set):
            continue
        noticed = record_notice(record)
        if noticed is not None:
            yield Recovery(thing=record, span=_sum(noticed, _switch(record)))


def _switch(record: Record) -> Span:
    """How long after a record is unhealthy all resolvers have left it."""
    ttl = record_ttl(record)
    if isinstance(ttl.seconds, Unresolved):
        return ttl
    check = record.health_check
    seconds = dns_switch(ttl.seconds, str(check.type) if isinstance(check, HealthCheck) else None)
    return Span(
        seconds=seconds, terms=ttl.terms if seconds == ttl.seconds else f"{PROPAGATION} s in Route 53 + {ttl.terms}"
    )


def _may_be_left(record: Record, record_set: RecordSet) -> bool:
    if record.policy is Policy.FAILOVER:
        # Its other half may be in a stack of its own.
        return record.failover == "PRIMARY"
    if record.policy is Policy.WEIGHTED and record.weight == 0:
        return False
    # The records of other Regions may be in stacks of their own.
    alone = record.policy in (Policy.LATENCY, Policy.GEOPROXIMITY)
    return record.policy is not Policy.SIMPLE and (alone or len(record_set.records) > 1)


def record_notice(record: Record) -> Span | None:
    """How long until a record counts as unhealthy; None where it never does."""
    return _record_notice(record, _endpoint_notice)


def _record_notice(record: Record, of: Callable[[Endpoint], Span | None]) -> Span | None:
    if record.health_check is not None:
        if isinstance(record.health_check, Unresolved):
            return Span(seconds=record.health_check)
        return check_notice(record.health_check)
    if record.alias is None or record.alias.evaluate_target_health is False:
        return None
    if isinstance(record.alias.evaluate_target_health, Unresolved):
        return Span(seconds=record.alias.evaluate_target_health)
    return of(record.alias.endpoint)


def _target_notice(endpoint: Endpoint, of: Callable[[Endpoint], Span | None]) -> Span | None:
    """How long until what an alias leads to is unhealthy as a whole."""
    if endpoint.records:
        below = [_record_notice(one, of) for one in endpoint.records]
        # One record that is always healthy keeps the name so.
        return None if None in below else _slowest(one for one in below if one is not None)
    if isinstance(endpoint.target, LoadBalancer):
        return balancer_notice(endpoint.target)
    return Span(seconds=Unresolved(f"how {endpoint.name} is found unhealthy"))


def record_ttl(record: Record) -> Span:
    """How long resolvers keep a record's answer."""
    return _record_ttl(record, _endpoint_ttl)


def _record_ttl(record: Record, of: Callable[[Endpoint], Span]) -> Span:
    if record.alias is not None:
        endpoint = record.alias.endpoint
        if record.alias.of_aws_resource is True and not endpoint.records and endpoint.kind is OriginKind.HOST:
            # Whichever resource it is: none has a longer one.
            return Span(seconds=ALIAS_TTL, terms=f"TTL {ALIAS_TTL} s")
        return of(endpoint)
    ttl = Unresolved("a TTL, which the record lacks") if record.ttl is None else record.ttl
    return Span(seconds=ttl, terms=f"TTL {ttl} s")


def _target_ttl(endpoint: Endpoint, of: Callable[[Endpoint], Span]) -> Span:
    if endpoint.records:
        return _slowest(_record_ttl(one, of) for one in endpoint.records)
    if endpoint.kind is OriginKind.WEBSITE:
        return Span(seconds=WEBSITE_TTL, terms=f"TTL {WEBSITE_TTL} s")
    if endpoint.kind is OriginKind.HOST and not _is_made_by_aws(endpoint):
        return Span(seconds=Unresolved(f"the TTL of {endpoint.name}, which is not in these templates"))
    return Span(seconds=ALIAS_TTL, terms=f"TTL {ALIAS_TTL} s")


def _is_made_by_aws(endpoint: Endpoint) -> bool:
    return ends(endpoint.name).endswith(HOST_SUFFIXES) or any(
        isinstance(atom, Reference) for atom in atoms(endpoint.name)
    )


def check_notice(check: HealthCheck) -> Span | None:
    """How long an outage lasts before a health check is unhealthy; None where it never is."""
    return _check_notices(check)


def _check_notice(check: HealthCheck, of: Callable[[HealthCheck], Span | None]) -> Span | None:
    if check.disabled is True:
        return None
    if check.probes:
        return _probes(check.interval, check.threshold, str(check.type))
    match check.type:
        case "CALCULATED":
            # As long as its slowest child takes: which of them an outage hits, nothing tells. If all must be healthy,
            # those that probe are enough: they notice an endpoint that goes silent, whatever alarms and switches say.
            probes = [child for child in check.children if isinstance(child, HealthCheck) and child.probes]
            children = probes if probes and check.healthy_children == len(check.children) else check.children
            below = [Span(seconds=child) if isinstance(child, Unresolved) else of(child) for child in children]
            known = [one for one in below if one is not None]
            return _slowest(known) if known else None
        case "CLOUDWATCH_METRIC":
            if not isinstance(check.alarm, Alarm):
                return Span(seconds=_unfollowed(check))
            return _alarm_notice(check, check.alarm)
        case "RECOVERY_CONTROL":
            return Span(seconds=CONTROL_SECONDS, terms=f"{CONTROL_SECONDS} s until the routing control is followed")
    return Span(seconds=check.type if isinstance(check.type, Unresolved) else Unresolved(f"the type {check.type}"))


def balancer_notice(balancer: LoadBalancer) -> Span | None:
    """How long an outage of a load balancer's targets lasts before it is unhealthy: of its slowest target group.

    None if no target group has health checks, so that it never is.
    """
    groups: dict[int, TargetGroup] = {}
    for listener in balancer.listeners:
        for rule in listener.rules:
            for group in rule.target_groups:
                if isinstance(group, Unresolved):
                    return Span(seconds=group)
                groups[id(group)] = group
    if not groups:
        return Span(seconds=Unresolved(f"the target groups of {balancer.place.logical_id}"))
    checked = [group for group in groups.values() if group.health_check_enabled is not False]
    return _slowest(_targets(group) for group in checked) if checked else None


def _targets(group: TargetGroup) -> Span:
    if isinstance(group.health_check_enabled, Unresolved):
        return Span(seconds=group.health_check_enabled)
    timeout = group.timeout
    if timeout is None:
        kinds = (group.target_type, group.protocol or "", group.health_check_protocol)
        unknown = next((kind for kind in kinds if isinstance(kind, Unresolved)), None)
        timeout = unknown or target_timeout(*map(str, kinds))
    known = _whole(group.interval, group.unhealthy_threshold, timeout)
    if isinstance(known, Unresolved):
        return Span(seconds=known)
    interval, threshold, last = known
    return Span(
        seconds=target_detection(interval, threshold, last),
        terms=f"{interval} s x {_counted(threshold, 'probe')} + {last} s for the last to fail",
    )


def endpoint_group_notice(group: EndpointGroup) -> Span | None:
    """How long an outage of all its endpoints lasts before an accelerator leaves a group; None where it has none."""
    own = (
        Span(seconds=group.protocol)
        if isinstance(group.protocol, Unresolved)
        else _probes(group.interval, group.threshold, str(group.protocol))
    )
    spans: list[Span] = []
    for endpoint in group.endpoints:
        if endpoint.weight == 0:
            continue
        if isinstance(endpoint.target, LoadBalancer):
            notice = balancer_notice(endpoint.target)
            if notice is None:
                # It is healthy whatever happens, and so is the group.
                return None
            spans.append(notice)
        elif _is_load_balancer(endpoint.id):
            spans.append(Span(seconds=Unresolved(f"the target groups of {endpoint.id}")))
        else:
            spans.append(Span(seconds=endpoint.id) if isinstance(endpoint.id, Unresolved) else own)
    return _slowest(spans) if spans else None


def _is_load_balancer(endpoint_id: object) -> bool:
    return isinstance(endpoint_id, str) and ":elasticloadbalancing:" in endpoint_id


def _probes(interval: Whole | None, threshold: Whole | None, kind: str) -> Span:
    """How long until checkers take an endpoint for unhealthy."""
    if kind not in ANSWER_LIMITS:
        return Span(seconds=Unresolved(f"the protocol {kind}"))
    known = _whole(interval, threshold)
    if isinstance(known, Unresolved):
        return Span(seconds=known)
    between, count = known
    return Span(
        seconds=probe_detection(between, count, kind),
        terms=f"{_counted(count, 'probe')} x ({between} s + {ANSWER_LIMITS[kind]} s to fail)",
    )


def _alarm_notice(check: HealthCheck, alarm: Alarm) -> Span:
    """How long until a check that follows an alarm is unhealthy."""
    state = without_data(check)
    known = state if isinstance(state, Unresolved) else _whole(alarm.period, alarm.evaluation_periods)
    if isinstance(known, Unresolved):
        return Span(seconds=known)
    period, evaluated = known
    data_stops = state is False
    seconds = alarm_detection(period, evaluated, data_stops=data_stops)
    why = "since data may stop" if data_stops else "the first of which may not breach"
    return Span(seconds=seconds, terms=f"{period} s x {seconds // period} alarm periods, {why}")


def _unfollowed(check: HealthCheck) -> Unresolved:
    """Why nothing is known of the alarm of a check, which has no metric of its own."""
    if isinstance(check.alarm, CompositeAlarm):
        return Unresolved(f"the composite alarm {check.alarm.place.name}, which Route 53 does not follow")
    unknown = Unresolved("an alarm, which the health check does not name")
    return check.alarm if isinstance(check.alarm, Unresolved) else unknown


def without_data(check: HealthCheck) -> bool | Unresolved | None:
    """Whether a check that follows an alarm is healthy while no data arrives; None if it keeps its last status.

    The check's own setting and the alarm's decide; either makes it unhealthy.
    """
    if not isinstance(check.alarm, Alarm):
        return _unfollowed(check)
    # What is left out is of CloudFormation's defaults, by which missing data changes nothing.
    settings = (check.insufficient_data or LAST_KNOWN_STATUS, check.alarm.treat_missing_data, check.inverted)
    unknown = next((one for one in settings if isinstance(one, Unresolved)), None)
    if unknown is not None:
        return unknown
    told = {"Unhealthy": False, "breaching": False, "Healthy": True, "notBreaching": True}
    # Route 53 inverts the status that the check has without data, too.
    states = [told[str(one)] != check.inverted for one in settings[:2] if one in told]
    return all(states) if states else None


def _whole(*settings: Whole | None) -> tuple[int, ...] | Unresolved:
    """Some numbers; the first of them that is unresolved, if one is."""
    for setting in settings:
        if not isinstance(setting, int):
            return setting or Unresolved("a setting that is not there")
    return tuple(setting for setting in settings if isinstance(setting, int))


def _counted(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def _sum(first: Span, then: Span) -> Span:
    for part in (first, then):
        if isinstance(part.seconds, Unresolved):
            return part
    assert isinstance(first.seconds, int)
    assert isinstance(then.seconds, int)
    return Span(seconds=first.seconds + then.seconds, terms=f"{first.terms} + {then.terms}")


def _slowest(spans: Iterable[Span]) -> Span:
    """The longest; one that is not known may be it."""
    found = list(spans)
    unknown = next((span for span in found if isinstance(span.seconds, Unresolved)), None)
    return unknown or max(found, key=lambda span: span.seconds if isinstance(span.seconds, int) else 0)


def _aliases(endpoint: Endpoint) -> Iterator[Endpoint]:
    """What the records of a name are aliases of."""
    return (record.alias.endpoint for record in endpoint.records if record.alias is not None)


_IN_CIRCLES = Span(seconds=Unresolved("a name that does not lead to itself"))
_endpoint_notice: Fold[Endpoint, Span | None] = Fold(_aliases, _target_notice, _IN_CIRCLES)
_endpoint_ttl: Fold[Endpoint, Span] = Fold(_aliases, _target_ttl, _IN_CIRCLES)
_check_notices: Fold[HealthCheck, Span | None] = Fold(
    lambda check: (child for child in check.children if isinstance(child, HealthCheck)),
    _check_notice,
    # A check that is calculated from itself adds nothing.
    None,
)
