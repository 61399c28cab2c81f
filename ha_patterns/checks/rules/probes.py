"""Health checks held against the records that follow them: whether they tell, and of the same place."""

from __future__ import annotations

from collections.abc import Hashable, Iterator

from ...aws.alarms import is_period, longest_evaluation
from ...aws.health_checks import METRIC_REGIONS
from ...aws.policies import CachePolicy
from ...aws.regions import partition_of
from ...semantics.apis import Refusal
from ...semantics.names import no_name
from ...semantics.probing import Watching, answered_before, asked_by, leaves, path_of, places, reached
from ...semantics.records import regions, steers, traffic_sets
from ...semantics.recovery_time import without_data
from ...semantics.requests import behavior_of
from ...topology.mentions import EXPORTS
from ...topology.model import (
    Alarm,
    Api,
    ApiDomain,
    ApiRoute,
    CacheBehavior,
    Distribution,
    Endpoint,
    HealthCheck,
    LoadBalancer,
    Record,
    Thing,
)
from ...topology.topology import Topology
from ...topology.values import Text, Unresolved, waiting
from ..rule import Context, Severity, Verdict, cannot_tell, problem, rule
from ..steering import called
from ..words import listed, said

_GUIDE = "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide"
_VALUES = f"{_GUIDE}/health-checks-creating-values.html"
_CONFIG = ("Properties", "HealthCheckConfig")


@rule(
    "HA232",
    Severity.ERROR,
    "record follows the health of another record's endpoint",
    kind=Topology,
    why="If the endpoint of the record fails, its health check does not notice, and users are still sent there. If the "
    "other endpoint fails, this record becomes unhealthy with it, and nowhere is left to go.",
    remedy="Give each record the health check of the endpoint that it leads to; a secondary record may have none.",
    page=f"{_GUIDE}/health-checks-how-route-53-chooses-records.html",
)
def of_another_record(topology: Topology, _context: Context) -> Iterator[Verdict]:
    watching = Watching(topology)
    for record_set in traffic_sets(topology):
        if steers(record_set) is None or len(record_set.records) < 2:
            continue
        led = {record: places(record) for record in record_set.records}
        anywhere = frozenset().union(*led.values())
        for record in record_set.records:
            if not isinstance(record.health_check, HealthCheck) or not led[record] or record.place.condition:
                continue
            asked = _asked(record, watching)
            # What a parameter names may be anything, unless a record leads to the same parameter.
            if asked is None or asked & led[record] or any(map(_is_unknown, asked - anywhere)):
                continue
            other = next((one for one in record_set.records if one is not record and led[one] & asked), None)
            if other is not None and not other.place.condition:
                message = (
                    f"record {called(record)} of {said(record.name)} {record.type} follows {_check(record)}, which "
                    f"watches what record {called(other)} leads to"
                )
                yield problem(record, message, "HealthCheckId")


def _is_unknown(key: Hashable) -> bool:
    return isinstance(key, Unresolved) or (isinstance(key, Text) and next(waiting(key), None) is not None)


def _asked(record: Record, watching: Watching) -> frozenset[Hashable] | None:
    """What the checks that a record follows watch, the right way round; None if some of it is unknown."""
    found: set[Hashable] = set()
    for check, inverted in leaves(record.health_check):
        if isinstance(check, Unresolved) or inverted is not False:
            return None
        watched = watching.watched(check)
        if not watched:
            return None
        found |= watched
    return frozenset(found)


def _check(record: Record) -> str:
    check = record.health_check
    return check.place.logical_id if isinstance(check, HealthCheck) else "a health check"


@rule(
    "HA233",
    Severity.ERROR,
    "record is healthy while its endpoint is not",
    kind=Topology,
    why="An inverted health check is healthy while the endpoint does not answer. A record that follows one of its own "
    "endpoint is answered with during the outage, and left when the endpoint is well.",
    remedy="Set Inverted to false. An inverted check is for a record that stands by for the endpoint that is asked.",
    page=_VALUES,
)
def turned_around(topology: Topology, _context: Context) -> Iterator[Verdict]:
    watching = Watching(topology)
    told: set[HealthCheck] = set()
    for record_set in traffic_sets(topology):
        for record in record_set.records if steers(record_set) is not None else ():
            own = [
                (check, inverted)
                for check, inverted in leaves(record.health_check)
                if isinstance(check, HealthCheck)
                and check.probes
                and check.disabled is False
                and watching.watched(check) & places(record)
            ]
            if not own or any(inverted is not True for _, inverted in own):
                continue
            check = own[0][0]
            if check in told:
                continue
            told.add(check)
            name = f"record {called(record)} of {said(record.name)} {record.type}"
            if check.inverted is True:
                message = f"Inverted is true: {name} is healthy while what it leads to does not answer"
                yield problem(check, message, *_CONFIG, "Inverted")
            else:
                message = f"{name} follows {_check(record)}, which is healthy while what it leads to does not answer"
                yield problem(record, message, "HealthCheckId")


@rule(
    "HA234",
    Severity.WARNING,
    "health check in another Region than its record's endpoint",
    kind=Topology,
    why="The health check asks an endpoint of one Region, and the record leads to another Region. An outage of the "
    "second is not noticed, and one of the first moves traffic that is served well.",
    remedy="Let the health check ask the endpoint that the record leads to.",
    page=f"{_GUIDE}/dns-failover-determining-health-of-endpoints.html",
)
def of_another_region(topology: Topology, _context: Context) -> Iterator[Verdict]:
    for record_set in traffic_sets(topology):
        for record in record_set.records if steers(record_set) is not None else ():
            there = regions(record)
            if there is None or not isinstance(record.health_check, HealthCheck) or record.place.condition:
                continue
            asked = _asked_regions(record.health_check)
            if asked and not asked & there and not _is_crossed(record, record_set.records):
                message = (
                    f"record {called(record)} of {said(record.name)} {record.type} leads to {listed(sorted(there))}, "
                    f"and {_check(record)} asks {listed(sorted(asked))}"
                )
                yield problem(record, message, "HealthCheckId")


def _asked_regions(check: HealthCheck) -> frozenset[str]:
    """The Regions that the probes of a check ask; empty if one of them is unknown, or if something else decides."""
    found: set[str] = set()
    for leaf, inverted in leaves(check):
        if isinstance(leaf, Unresolved) or inverted is not False or not leaf.probes or leaf.address is not None:
            return frozenset()
        there = leaf.endpoint.regions if leaf.endpoint is not None else None
        if there is None:
            return frozenset()
        found |= there
    return frozenset(found)


def _is_crossed(record: Record, records: tuple[Record, ...]) -> bool:
    """Whether HA232 finds it: what is asked is where another record leads."""
    check = record.health_check
    asked = {key for leaf, _ in leaves(check) if isinstance(leaf, HealthCheck) for key in _ends(leaf.endpoint)}
    return any(asked & places(other) for other in records if other is not record)


def _ends(endpoint: Endpoint | None) -> frozenset[Hashable]:
    return frozenset() if endpoint is None else frozenset(end.target or end.name for end in endpoint.ends)


@rule(
    "HA235",
    Severity.WARNING,
    "health check is answered before it reaches what it checks",
    kind=HealthCheck,
    why="A load balancer, a distribution or an API answers the checkers by itself. The health check tells whether that "
    "works, and nothing of what is behind it: with 2xx and 3xx it is healthy while the application is out, with any "
    "other status it is never healthy.",
    remedy="Let ResourcePath, Port and Type ask what is forwarded to the application, such as its health page over "
    "HTTPS; or set EvaluateTargetHealth of the alias record, which goes by the load balancer's targets.",
    page=f"{_GUIDE}/dns-failover-determining-health-of-endpoints.html",
)
def answered_in_front(check: HealthCheck, context: Context) -> Iterator[Verdict]:
    for answer in answered_before(check, context.topology):
        front = answer.front or answer.thing
        if answer.is_healthy and check.records and all(_evaluates(record, front) for record in check.records):
            continue
        # A secret header is another rule's.
        if answer.status is not None and answer.status >= 400 and _has_secret(answer.thing):
            continue
        healthy = answer.is_healthy and not str(check.type).endswith("_STR_MATCH")
        effect = "healthy whatever is behind it" if healthy else "never healthy"
        if answer.is_healthy and not healthy:
            effect = "the same whatever is behind it"
        if isinstance(answer.thing, Distribution) and "error page" in answer.what:
            effect = "healthy while that fails"
        message = f"{answer.thing.place.name} {answer.what}, so that the health check is {effect}"
        yield problem(check, message, *_CONFIG, "Type" if check.path is None else "ResourcePath")


def _evaluates(record: Record, thing: Thing) -> bool:
    alias = record.alias
    return alias is not None and alias.evaluate_target_health is True and thing in alias.endpoint.targets


def _has_secret(thing: Thing) -> bool:
    return isinstance(thing, LoadBalancer) and any(
        rule.headers for listener in thing.listeners for rule in listener.rules
    )


@rule(
    "HA236",
    Severity.WARNING,
    "health check is answered from CloudFront's cache",
    kind=HealthCheck,
    why="CloudFront keeps the answer to the checkers, and gives it to them again while the origin is out. The health "
    "check turns unhealthy when the answer has expired, or later.",
    remedy="Give the path of the health check a behavior that keeps nothing (the cache policy CachingDisabled), or let "
    "the health check ask the origin.",
    page="https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/Expiration.html",
)
def answered_from_cache(check: HealthCheck, context: Context) -> Iterator[Verdict]:
    path = path_of(check)
    for target in reached(check, context.topology) if path is not None else ():
        assert path is not None
        behavior = behavior_of(target.behaviors, path) if isinstance(target, Distribution) else None
        if not isinstance(behavior, CacheBehavior):
            continue
        where = f"behavior {behavior.pattern} of {behavior.place.logical_id}"
        policy = behavior.cache_policy
        if isinstance(policy, Unresolved):
            yield cannot_tell(check, policy, f"whether {where} keeps what checkers get", *_CONFIG)
            continue
        kept = _kept(policy)
        if isinstance(check.interval, int) and kept > check.interval:
            least = isinstance(policy.min_ttl, int) and policy.min_ttl == kept
            unless = "" if least else " unless the origin says otherwise"
            path_told = "Type" if check.path is None else "ResourcePath"
            yield problem(check, f"{where} keeps the answer at {path} for {kept} s{unless}", *_CONFIG, path_told)


def _kept(policy: CachePolicy) -> int:
    if not policy.caches:
        return 0
    return max((ttl for ttl in (policy.min_ttl, policy.default_ttl) if isinstance(ttl, int)), default=0)


@rule(
    "HA237",
    Severity.WARNING,
    "alarm falls silent with its Region, and the record stays healthy",
    kind=Topology,
    why="If the Region of a metric is out, no data arrives. A health check that counts missing data as healthy, or "
    "that keeps its last status, does not move traffic in the very outage that it is for.",
    remedy="Set InsufficientDataHealthStatus to Unhealthy, with a metric that has data at all times, such as "
    "HealthyHostCount and TreatMissingData breaching; or calculate the health check from this one and from one that "
    "probes the endpoint, with a HealthThreshold of 2.",
    page=_VALUES,
)
def silent_alarm(topology: Topology, _context: Context) -> Iterator[Verdict]:
    told: set[HealthCheck] = set()
    for record_set in traffic_sets(topology):
        for record in record_set.records if steers(record_set) is not None else ():
            # Whose users are near tells where an address is.
            near = record.latency_region
            there = regions(record) or (frozenset({near}) if isinstance(near, str) else None)
            if record.failover == "SECONDARY" or there is None or record.place.condition:
                continue
            # The health of its target moves traffic, too.
            if record.alias is not None and record.alias.evaluate_target_health is not False:
                continue
            found = _silent(record, there)
            if found is not None and found not in told:
                told.add(found)
                alarm = found.alarm
                assert isinstance(alarm, Alarm)
                state = "keeps its last status" if without_data(found) is None else "is healthy"
                message = (
                    f"{alarm.place.logical_id} and what record {called(record)} of {said(record.name)} leads to are in "
                    f"{listed(sorted(there))}: if no data arrives, the health check {state} "
                    f"(InsufficientDataHealthStatus is {said(found.insufficient_data or 'not set')}, TreatMissingData "
                    f"of the alarm {said(alarm.treat_missing_data)})"
                )
                yield problem(found, message, *_CONFIG, "InsufficientDataHealthStatus")


def _silent(record: Record, there: frozenset[str]) -> HealthCheck | None:
    """The first alarm-backed check of a record that says nothing if the Region of the record's endpoint is out."""
    first: HealthCheck | None = None
    for check, inverted in leaves(record.health_check):
        # Whatever else decides may notice the outage.
        if isinstance(check, Unresolved) or inverted is None or not isinstance(check.alarm, Alarm):
            return None
        region = check.alarm.known_region
        if region is None or region not in there or inverted:
            return None
        state = without_data(check)
        if state is False or isinstance(state, Unresolved):
            return None
        first = first or check
    return first


@rule(
    "HA238",
    Severity.WARNING,
    "alarm on a metric that its Region does not have",
    kind=Alarm,
    why="Route 53, CloudFront and Global Accelerator publish their metrics in one Region only. An alarm in any other "
    "Region never has data, so that it never goes off.",
    remedy="Put the alarm into a stack of the Region that the message names.",
    page=f"{_GUIDE}/monitoring-health-checks.html",
)
def alarm_without_metric(alarm: Alarm, _context: Context) -> Iterator[Verdict]:
    region = alarm.known_region
    if region is None or partition_of(region)[0] != "aws":
        return
    asked = [(alarm.namespace, ("Properties", "Namespace"))]
    asked += [
        (query.namespace, ("Properties", "Metrics"))
        for query in alarm.queries
        if query.namespace is not None and query.account_id is None
    ]
    for namespace, path in asked:
        home = METRIC_REGIONS.get(namespace) if isinstance(namespace, str) else None
        if home is not None and home != region:
            yield problem(alarm, f"metrics of {namespace} are in {home} only, and the alarm is in {region}", *path)
            return


@rule(
    "HA245",
    Severity.ERROR,
    "alarm that CloudWatch refuses",
    kind=Alarm,
    why="CloudWatch refuses the alarm, so that the deploy fails, and with it the health check or the notification that "
    "follows it.",
    remedy="Set Period to 10, 20, 30 or whole minutes, EvaluationPeriods to 1 or more, DatapointsToAlarm to at most "
    "EvaluationPeriods, and all periods together to at most a day; a week if one is an hour or more.",
    page="https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html",
)
def refused_alarm(alarm: Alarm, _context: Context) -> Iterator[Verdict]:
    period, count, some = alarm.period, alarm.evaluation_periods, alarm.datapoints_to_alarm
    if isinstance(period, int) and not is_period(period):
        yield problem(alarm, f"Period is {period} s; it may be 10, 20, 30 or whole minutes", "Properties", "Period")
    if isinstance(count, int) and count < 1:
        message = f"EvaluationPeriods is {count}; it may be 1 or more"
        yield problem(alarm, message, "Properties", "EvaluationPeriods")
        return
    if isinstance(some, int) and (some < 1 or (isinstance(count, int) and some > count)):
        message = f"DatapointsToAlarm is {some} of EvaluationPeriods {count}; it may be 1 to as many"
        yield problem(alarm, message, "Properties", "DatapointsToAlarm")
    if isinstance(period, int) and isinstance(count, int) and period * count > longest_evaluation(period):
        message = f"{count} periods of {period} s are {period * count} s; {longest_evaluation(period)} are allowed"
        yield problem(alarm, message, "Properties", "EvaluationPeriods")


@rule(
    "HA239",
    Severity.ERROR,
    "health check asks an API where it does not answer",
    kind=HealthCheck,
    why="API Gateway answers with 403 outside its stages and domain names, on a name that is turned off, and without "
    "the authorization of the route; with 403 or 404 for a path that it has no route for. The health check is "
    "unhealthy from the first day.",
    remedy="Begin ResourcePath with the stage, or ask the API's custom domain name; let the route that is asked be "
    "there for GET, and open (authorization NONE).",
    page="https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-call-api.html",
)
def api_refuses(check: HealthCheck, context: Context) -> Iterator[Verdict]:
    for target in check.endpoint.targets if check.probes and check.endpoint is not None else ():
        found = asked_by(check, target)
        what = "the domain name" if isinstance(target, ApiDomain) else "the API"
        if isinstance(found, Refusal) and found.api is not None and EXPORTS in _users(found.api, context):
            elsewhere = Unresolved(f"who imports {found.api.place.logical_id}")
            question = f"whether {found.api.place.name} has a route that checkers ask"
            yield cannot_tell(check, elsewhere, question, *_CONFIG)
        elif isinstance(found, Refusal):
            name = "ResourcePath" if found.of_path and check.path is not None else "FullyQualifiedDomainName"
            yield problem(check, f"{what} {target.place.name} {found.reason}", *_CONFIG, name)
        elif isinstance(found, ApiRoute) and isinstance(found.authorization, str) and found.authorization != "NONE":
            message = (
                f"{what} {target.place.name} wants {found.authorization} for {said(found.key)}; checkers have none"
            )
            yield problem(check, message, *_CONFIG, "ResourcePath" if check.path is not None else "Type")


def _users(api: Api, context: Context) -> frozenset[str]:
    return context.topology.mentions.of(api.place.id)


@rule(
    "HA240",
    Severity.ERROR,
    "health check asks a name without an IPv4 address",
    kind=HealthCheck,
    why="Checkers that ask by name look for an A record and connect over IPv4. Without one, the health check is "
    "unhealthy from the first day.",
    remedy="Add an A record, or set IPAddress of the health check to the IPv6 address, beside the name.",
    page=_VALUES,
)
def without_ipv4(check: HealthCheck, context: Context) -> Iterator[Verdict]:
    if not check.probes or check.endpoint is None or check.address is not None or check.private is True:
        return
    endpoint = check.endpoint
    bare = [
        target
        for target in endpoint.targets
        if isinstance(target, LoadBalancer) and target.ip_address_type == "dualstack-without-public-ipv4"
    ]
    if bare and len(endpoint.ends) == len(bare):
        message = f"{bare[0].place.name} has no public IPv4 address (its IpAddressType is {bare[0].ip_address_type})"
        yield problem(check, message, *_CONFIG, "FullyQualifiedDomainName")
    elif _only_ipv6(endpoint, frozenset()):
        elsewhere = [context.topology.set_of(record).elsewhere for record in endpoint.records]
        unknown = next((one for one in elsewhere if one is not None), None)
        if unknown is not None:
            question = f"whether {said(endpoint.name)} has an A record"
            yield cannot_tell(check, unknown, question, *_CONFIG, "FullyQualifiedDomainName")
        else:
            message = f"{said(endpoint.name)} has AAAA records and no A record, which is what checkers look for"
            yield problem(check, message, *_CONFIG, "FullyQualifiedDomainName")


def _only_ipv6(endpoint: Endpoint, above: frozenset[Endpoint]) -> bool:
    """Whether a name is sure to have no A record."""
    if not endpoint.records or endpoint in above or len(above) > 16:
        return False
    for record in endpoint.records:
        if record.place.condition is not None or record.type not in ("AAAA", "CNAME"):
            return False
        if record.type == "CNAME" and not all(_only_ipv6(one, above | {endpoint}) for one in record.answers):
            return False
        if record.type == "CNAME" and not record.answers:
            return False
    return True


@rule(
    "HA241",
    Severity.ERROR,
    "health check of a name that is none",
    kind=HealthCheck,
    why="Checkers look the name up in DNS. With a URL, a path or a port in it, Route 53 refuses the health check, or "
    "it is unhealthy from the first day.",
    remedy="Set FullyQualifiedDomainName to the host name alone; Type, Port and ResourcePath have the rest of the URL.",
    page=_VALUES,
)
def no_host_name(check: HealthCheck, _context: Context) -> Iterator[Verdict]:
    if not check.probes or check.endpoint is None:
        return
    found = no_name(check.endpoint.name)
    if found is not None:
        message = f"FullyQualifiedDomainName is {said(check.endpoint.name)}: {found}"
        yield problem(check, message, *_CONFIG, "FullyQualifiedDomainName")
