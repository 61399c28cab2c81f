"""The status of health checks and load balancers, worked out from what they ask, see or are told."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

from ...aws.health_checks import (
    ANSWER_LIMITS,
    CONNECT_LIMIT,
    TARGET_INTERVAL,
    TARGET_UNHEALTHY_THRESHOLD,
    target_timeout,
)
from ...aws.load_balancers import HEALTHY_THRESHOLD
from ...aws.names import OriginKind
from ...aws.recovery_times import alarm_detection
from ...aws.regions import CHECKER_REGIONS
from ...semantics.attempts import Failure, Trouble, alternatives
from ...semantics.behind import Asked
from ...semantics.endpoints import nothing_behind, target_groups
from ...semantics.health import probed_port
from ...semantics.probing import Watching
from ...semantics.recovery_time import without_data
from ...topology.model import (
    Alarm,
    Endpoint,
    HealthCheck,
    HealthCheckSource,
    LoadBalancer,
    TargetGroup,
    Thing,
)
from ...topology.values import Unresolved
from ..locations import round_trip
from ..scene import identity, named
from ..time import SECOND, Change, Changing, Computed, Constant, Moment, Span, Timeline, phase
from .faults import Subject, Troubles, region_of, when_any
from .health import Chances, Opinion, Probe, Rhythm, flipped, opinions, settled, verdict
from .names import From

if TYPE_CHECKING:
    from .world import World

# AWS runs some sixteen checkers in eight Regions.
_CHECKERS_EACH = 2
# For so long a checker waits for a status once it is connected; a body that is searched comes after that.
_STATUS_LIMIT = (ANSWER_LIMITS["HTTP"] - CONNECT_LIMIT) * SECOND
#: The health checks whose probes ask for something.
Within = frozenset[HealthCheck]
_NOWHERE: Within = frozenset()
_ALWAYS: Changing[bool] = Constant(value=True)
_NEVER: Changing[bool] = Constant(value=False)


class Checks:
    """The health checks and load balancers of a world.

    Args:
        world: The world.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._scene = world.scene
        self._watching = Watching(world.scene.topology)

    def check(self, check: HealthCheck, within: Within = _NOWHERE) -> Changing[bool]:
        """The status of a health check, as Route 53's nameservers go by it.

        Args:
            check: The health check.
            within: The checks whose probes ask for it. Each of them is taken for healthy there, so that a check of a
                name that it decides about has an end, which is the same whatever was asked before.
        """
        if check in within:
            self._scene.assume(
                check,
                "its own name decides what it asks, which AWS calls unpredictable: taken for healthy",
            )
            return _ALWAYS
        return self._world.once(self._status, check, within)

    def _status(self, check: HealthCheck, within: Within) -> Changing[bool]:
        status = self._found(check, within | {check})
        lost = when_any(self._world.faults.of_kind("checkers"))
        if lost is not None and check.type not in ("CLOUDWATCH_METRIC", "RECOVERY_CONTROL"):
            status = self._without_checkers(check, status, lost)
        if self._scene.flag(check.inverted, "the health check is inverted", check, default=False):
            status = flipped(status)
        stuck = self._world.faults.stuck(check)
        if not stuck:
            return status

        def told(moment: Moment) -> bool:
            own = moment.see(status)
            says = [says for activity, says in stuck if moment.see(activity)]
            return says[0] if says else own

        return Computed(told)

    def _without_checkers(self, check: HealthCheck, status: Changing[bool], lost: Changing[bool]) -> Changing[bool]:
        """The status while nobody asks: the last one, or none that is healthy."""
        if self._world.assumptions.lost_checkers == "unhealthy":
            return Computed(lambda moment: [moment.see(status), not moment.see(lost)] == [True, True])
        return _held(check, status, lost, self._world.first, self._world.last)

    def _found(self, check: HealthCheck, within: Within) -> Changing[bool]:
        """What a health check finds, by its type."""
        if check.disabled is True:
            return _ALWAYS
        match check.type:
            case "CALCULATED":
                return self._calculated(check, within)
            case "CLOUDWATCH_METRIC":
                return self._alarm(check)
            case "RECOVERY_CONTROL":
                return self._control(check)
        if check.probes:
            return self._probed(check, within)
        self._scene.assume(check, "it stays healthy: its type is unknown")
        return _ALWAYS

    def _calculated(self, check: HealthCheck, within: Within) -> Changing[bool]:
        children = [self.check(child, within) for child in check.children if isinstance(child, HealthCheck)]
        unknown = len(check.children) - len(children)
        if unknown:
            self._scene.assume(check, f"{unknown} of its children are unknown and stay healthy")
        needed = self._scene.whole(check.healthy_children, len(check.children), "HealthThreshold", check)
        return Computed(lambda moment: [moment.see(child) for child in children].count(True) + unknown >= needed)

    def _control(self, check: HealthCheck) -> Changing[bool]:
        """The state of a routing control: that of the primary is on before the outage, and so are others of no pair."""
        on = not any(record.failover == "SECONDARY" for record in check.records)
        told = "on" if on else "off"
        self._scene.assume(check, f"its routing control is {told} before the outage, and nobody flips it")
        return Constant(value=on)

    def _probed(self, check: HealthCheck, within: Within) -> Changing[bool]:
        interval, threshold = self._scene.check_rhythm(check)
        rhythm = Rhythm(interval * SECOND, threshold, threshold, from_answer=True)
        checkers: list[list[Opinion]] = []
        for region, index in self._checkers(check):
            state = self._world.once(self._probes, check, region, within)
            begins = self._world.first + phase(
                rhythm.interval, self._world.seed, "checker", identity(check), region, index
            )
            key = (self._world.seed, "probe", identity(check), region, index)
            checkers.append(opinions(state, rhythm, begins, self._world.last, *key))
        name, delay = named(check), self._world.assumptions.dns_propagation * SECOND
        status: Changing[bool] = verdict(name, checkers, delay, inverted=check.inverted is True)
        if check.private is True and self._world.assumptions.lost_source == "last status":
            lost = when_any(self._world.faults.lost_regions(self._source_region(check)))
            if lost is not None:
                return _held(check, status, lost, self._world.first, self._world.last)
        return status

    def _checkers(self, check: HealthCheck) -> Iterator[tuple[str, int]]:
        """The checkers of a health check: where each is, and its number there."""
        source = check.source
        if check.private is True:
            count = len(source.subnets) if isinstance(source, HealthCheckSource) else 2
            for index in range(max(1, count)):
                yield self._source_region(check) or CHECKER_REGIONS[0], index
            return
        regions = [region for region in check.regions if isinstance(region, str)] or CHECKER_REGIONS
        for region in regions:
            for index in range(_CHECKERS_EACH):
                yield region, index

    def _source_region(self, check: HealthCheck) -> str | None:
        return check.source.known_region if isinstance(check.source, HealthCheckSource) else None

    def _probes(self, check: HealthCheck, region: str, within: Within) -> Changing[Chances]:
        """What a checker in a Region may hear."""
        where = self._world.once(From, region)
        endpoint = check.endpoint
        if check.address is not None:
            endpoint = self._scene.topology.endpoint(check.address)
        if endpoint is None:
            self._scene.assume(check, "its probes pass: what it asks is unknown")
            return Constant(((Fraction(1), Probe(passes=True, takes=0)),))
        lost = self._world.faults.lost_regions(self._source_region(check)) if check.private is True else []

        def heard(moment: Moment) -> Chances:
            if True in [moment.see(activity) for activity in lost]:
                return ((Fraction(1), Probe(passes=False, takes=0)),)
            ends: tuple[tuple[Fraction, Endpoint | None], ...] = ((Fraction(1), endpoint),)
            if endpoint.records:
                ends = self._to_ends(endpoint, where, within, moment)
            chances: list[tuple[Fraction, Probe]] = []
            for share, end in ends:
                chances += self._judged(check, end, share, region, moment)
            return _merged(chances)

        return Computed(heard)

    def _to_ends(
        self, endpoint: Endpoint, where: From, within: Within, moment: Moment
    ) -> tuple[tuple[Fraction, Endpoint | None], ...]:
        """The hosts that a name ends at, as somebody finds who keeps no answer."""
        found: list[tuple[Fraction, Endpoint | None]] = []
        waiting: list[tuple[Fraction, Endpoint | None, int]] = [(Fraction(1), endpoint, 0)]
        while waiting:
            share, one, depth = waiting.pop()
            if one is None or not one.records or depth > 16:
                found.append((share, one if one is not None and not one.records else None))
            else:
                answers = moment.see(self._world.names.answers(one, where, within))
                waiting += [(share * part, end, depth + 1) for part, end in answers.chances]
        return tuple(found)

    def _judged(
        self, check: HealthCheck, end: Endpoint | None, share: Fraction, region: str, moment: Moment
    ) -> Iterator[tuple[Fraction, Probe]]:
        """What a probe of a host comes to, with the probability of each."""
        if end is None or moment.see(self._world.names.is_gone(end)):
            yield share, Probe(passes=False, takes=0)
            return
        trip = round_trip(region, region_of(end))
        for trouble in alternatives(moment.see(self._world.once(self._probe_troubles, check, end))):
            yield share * trouble.share, _judge(trouble, trip, by_connection=check.type == "TCP")

    def _probe_troubles(self, check: HealthCheck, end: Endpoint) -> Troubles:
        port = probed_port(check)
        path = check.path if isinstance(check.path, str) else "/"
        name = check.endpoint.name if check.endpoint is not None else None
        headers = {"host": name or "", "user-agent": "Amazon-Route53-Health-Check-Service"}
        asked = Asked("GET", path.partition("?")[0], name, port if isinstance(port, int) else None, headers)
        ways = self._world.ways(end, asked)
        # Checkers take any certificate.
        return self._world.met(ways, None, self._world.faults.of_probes, by_certificate=False)

    def target_health(self, endpoint: Endpoint) -> Changing[bool]:
        """Whether an alias with EvaluateTargetHealth finds what it leads to healthy, of a host without records."""
        balancer = endpoint.target
        if not isinstance(balancer, LoadBalancer):
            if endpoint.kind is OriginKind.LOAD_BALANCER:
                self._scene.assume(endpoint, "its targets stay healthy: no template makes them")
            return _ALWAYS
        delay = self._world.assumptions.balancer_health_delay * SECOND
        groups = [group for group in target_groups(balancer) if group.health_check_enabled is not False]
        statuses = [self._world.once(self._group_health, group, balancer) for group in groups]
        if not statuses:
            return _ALWAYS
        every: Changing[bool] = Computed(lambda moment: False not in [moment.see(status) for status in statuses])
        return _delayed(every, delay) if delay else every

    def _group_health(self, group: TargetGroup, balancer: LoadBalancer) -> Changing[bool]:
        """Whether a target group has a healthy target, as the load balancer finds out."""
        nothing = nothing_behind(group, self._scene.topology)
        if isinstance(nothing, str):
            return _NEVER
        members: list[Subject] = [*group.services, *group.scaling_groups]
        # A target that no template makes fails with its target group.
        members += [group if isinstance(one.target, Unresolved) else one.target for one in group.targets]
        found = [self._targets_health(group, balancer, member) for member in dict.fromkeys(members or [group])]
        # One healthy target is enough.
        return found[0] if len(found) == 1 else Computed(lambda moment: True in [moment.see(one) for one in found])

    def _targets_health(self, group: TargetGroup, balancer: LoadBalancer, member: Subject) -> Changing[bool]:
        """Whether a load balancer finds a target healthy, or the targets that something makes."""
        noticed: list[Subject] = [group, *([] if member is group else [member])]
        if self._world.assumptions.lost_balancer == "found unhealthy":
            noticed.append(balancer)
        behind = self._world.faults.of_probes(*noticed)
        kinds = (group.target_type, group.protocol or "", group.health_check_protocol)
        usual = target_timeout(*map(str, kinds))
        timeout = self._scene.whole(group.timeout, usual, "HealthCheckTimeoutSeconds", group) * SECOND
        rhythm = Rhythm(
            self._scene.whole(group.interval, TARGET_INTERVAL, "HealthCheckIntervalSeconds", group) * SECOND,
            self._scene.whole(group.unhealthy_threshold, TARGET_UNHEALTHY_THRESHOLD, "UnhealthyThresholdCount", group),
            self._scene.whole(group.healthy_threshold, HEALTHY_THRESHOLD, "HealthyThresholdCount", group),
            from_answer=False,
        )

        def heard(moment: Moment) -> Chances:
            # No load balancer looks at the certificates of its targets.
            met = [one for timeline in behind for one in moment.see(timeline) if one.failure is not Failure.TLS]
            return _merged([(one.share, _answered(one, timeout)) for one in alternatives(met)])

        begins = self._world.first + phase(rhythm.interval, self._world.seed, "targets", identity(group))
        found = opinions(
            Computed(heard), rhythm, begins, self._world.last, self._world.seed, "targets", identity(group)
        )
        return settled(found, f"target group {named(group)}")

    def _alarm(self, check: HealthCheck) -> Changing[bool]:
        """What a check that follows an alarm finds: the faults of what its metric is of, or the lack of data."""
        alarm = check.alarm
        if not isinstance(alarm, Alarm):
            self._scene.assume(check, "it stays healthy: its alarm is unknown")
            return _ALWAYS
        watched = [one for one in self._watching.watched(check) if isinstance(one, (Endpoint, Thing))]
        if not watched:
            self._scene.assume(check, "it notices the loss of its alarm's Region, and nothing else")
        period = self._scene.whole(alarm.period, 60, "the period of the alarm", alarm)
        evaluated = self._scene.whole(alarm.evaluation_periods, 1, "EvaluationPeriods", alarm)
        state = without_data(check)
        if isinstance(state, Unresolved):
            self._scene.assume(check, "without data it keeps its status")
            state = None
        # The template of the alarm need not tell its Region; the check does.
        region = check.alarm_region if isinstance(check.alarm_region, str) else alarm.known_region
        lost = when_any(self._world.faults.lost_regions(region)) or _NEVER
        faults = self._world.faults.of_requests(*watched)

        def sees(moment: Moment) -> str:
            dark = moment.see(lost)
            met = [trouble for timeline in faults for trouble in moment.see(timeline)]
            return "lost" if dark else "fails" if met else "well"

        breach = alarm_detection(period, evaluated, data_stops=False) * SECOND
        silence = alarm_detection(period, evaluated, data_stops=True) * SECOND
        return _followed(Computed(sees), named(alarm), breach, silence, state, self._world.first, self._world.last)


def _judge(trouble: Trouble, trip: int, *, by_connection: bool) -> Probe:
    """What a probe comes to that meets a trouble.

    Args:
        trouble: The trouble.
        trip: Nanoseconds to the host and back.
        by_connection: Whether it passes as soon as it is connected, as one over TCP does.
    """
    match trouble.failure:
        case Failure.SILENT:
            return Probe(passes=False, takes=(ANSWER_LIMITS["TCP"] if by_connection else CONNECT_LIMIT) * SECOND)
        case Failure.REFUSED | Failure.NAME:
            return Probe(passes=False, takes=trip)
    if by_connection:
        return Probe(passes=True, takes=trip)
    if trouble.failure is not None or trip + trouble.delay > _STATUS_LIMIT:
        return Probe(passes=False, takes=trip + _STATUS_LIMIT)
    return Probe(trouble.status is None or 200 <= trouble.status < 400, 2 * trip + trouble.delay)


def _answered(trouble: Trouble, timeout: int) -> Probe:
    """What a load balancer's question to a target comes to that meets a trouble."""
    if trouble.failure in (Failure.SILENT, Failure.NO_ANSWER) or trouble.delay >= timeout:
        return Probe(passes=False, takes=timeout)
    if trouble.failure is not None:
        return Probe(passes=False, takes=0)
    return Probe(trouble.status in (None, 200), trouble.delay)


def _merged(chances: list[tuple[Fraction, Probe]]) -> Chances:
    """Chances of which those that come to the same are one."""
    found: dict[Probe, Fraction] = {}
    for share, probe in chances:
        if share:
            found[probe] = found.get(probe, Fraction(0)) + share
    return tuple((share, probe) for probe, share in found.items())


def _held(check: HealthCheck, status: Changing[bool], lost: Changing[bool], first: int, last: int) -> Timeline[bool]:
    """A status that stays as it is while nothing is told."""
    changes: list[tuple[Change, bool]] = []
    when, value = first, status.at(first).value
    initial = value
    while when < last:
        held, seen = lost.at(when), status.at(when)
        if not held.value and seen.value != value:
            value = seen.value
            told = "healthy" if value != (check.inverted is True) else "unhealthy"
            changes.append((Change(when, "check", f"health check {named(check)} is told of again, as {told}"), value))
        when = min(held.until, seen.until)
    return Timeline(initial, changes)


def _delayed(status: Changing[bool], delay: int) -> Changing[bool]:
    """A status that is told some time later."""
    return Computed(lambda moment: moment.see(status, ago=delay))


def _as_long_as_equal(timeline: Changing[str], when: int, last: int) -> Span[str]:
    """The value at a moment, and until when it stays, be it for other reasons: up to a moment."""
    span = timeline.at(when)
    while span.until < last:
        following = timeline.at(span.until)
        if following.value != span.value:
            break
        span = following
    return span


def _followed(
    sees: Changing[str], name: str, breach: int, silence: int, state: bool | None, first: int, last: int
) -> Timeline[bool]:
    """The status of a check that follows an alarm.

    Args:
        sees: Whether what the metric is of is well, fails, or is in a Region that is lost.
        name: The alarm's.
        breach: Nanoseconds until a fault, or its end, is seen.
        silence: Nanoseconds until the lack of data is.
        state: The status without data; None for the last one.
        first: When it begins.
        last: Until when it is followed.
    """
    status = True
    changes: list[tuple[Change, bool]] = []
    when, because = first, None
    while when < last:
        span = _as_long_as_equal(sees, when, last)
        wanted = {"well": True, "fails": False}.get(span.value, state)
        takes = silence if span.value == "lost" else breach
        if wanted is not None and wanted != status and when + takes < span.until:
            status = wanted
            told = "alarm" if not status and span.value == "fails" else "no data" if not status else "OK"
            changes.append((Change(when + takes, "check", f"alarm {name}: {told}", because), status))
        when, because = span.until, span.ended_by
    return Timeline(first=True, changes=changes)
