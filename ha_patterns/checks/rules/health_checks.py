"""Health checks: whether they can be made, whether they ask what they should, and how soon they change their mind."""

from __future__ import annotations

from collections.abc import Iterator

from ...aws.addresses import is_address
from ...aws.health_checks import (
    ALARM_STATISTICS,
    CHECKER_COUNTRIES,
    FEWEST_CHECKER_REGIONS,
    HEALTHY_SHARE,
    INSUFFICIENT_DATA,
    INTERVALS,
    LONGEST_PATH,
    LONGEST_SEARCH_STRING,
    MOST_CHILDREN,
    PORTS,
    SHORTEST_ALARM_PERIOD,
    THRESHOLDS,
)
from ...aws.names import CLOUDFRONT_PREFIX_LISTS
from ...aws.regions import CHECKER_REGIONS
from ...aws.source_ranges import CHECKERS
from ...semantics.admission import sources_instead
from ...semantics.health import CHECKER_HEADERS, depends_on, probed_port
from ...semantics.listeners import answering_rule, rules_elsewhere
from ...semantics.probing import reached, servers
from ...semantics.reach import is_private
from ...semantics.requests import ports
from ...topology.model import (
    Alarm,
    CompositeAlarm,
    Distribution,
    HealthCheck,
    HostedZone,
    Instance,
    LoadBalancer,
    OriginKind,
    Policy,
    Thing,
)
from ...topology.model.base import Whole
from ...topology.topology import Topology
from ...topology.values import Unresolved, Value
from ..rule import Context, Severity, Verdict, cannot_tell, problem, rule
from ..words import admitting, listed, said, unreached

_GUIDE = "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide"
_API = "https://docs.aws.amazon.com/Route53/latest/APIReference"
_CONFIG = ("Properties", "HealthCheckConfig")
_TYPES = (
    *("HTTP", "HTTPS", "HTTP_STR_MATCH", "HTTPS_STR_MATCH", "TCP"),
    *("CALCULATED", "CLOUDWATCH_METRIC", "RECOVERY_CONTROL"),
)


@rule(
    "HA220",
    Severity.ERROR,
    "health check that Route 53 refuses",
    kind=HealthCheck,
    why="Route 53 refuses the health check, so that the deploy fails, often after everything before it was made.",
    remedy="Set the property to one of the values that the message names.",
    page=f"{_API}/API_HealthCheckConfig.html",
)
def refused(check: HealthCheck, _context: Context) -> Iterator[Verdict]:
    if not isinstance(check.type, str):
        return
    if check.type not in _TYPES:
        yield _wrong(check, f"Type is {check.type!r}; it may be one of {', '.join(_TYPES)}", "Type")
    elif check.type == "RECOVERY_CONTROL":
        yield from _of_routing_control(check)
    elif check.probes:
        yield from _of_probes(check)
    else:
        if check.type == "CLOUDWATCH_METRIC" and check.alarm is None and not check.gaps:
            yield _wrong(check, "a CLOUDWATCH_METRIC health check names no alarm; set its Name and Region")
        yield from _absent(check, (check.address, "IPAddress"), (check.port, "Port"))
    if isinstance(check.insufficient_data, str) and check.insufficient_data not in INSUFFICIENT_DATA:
        allowed = f"it may be {', '.join(INSUFFICIENT_DATA)}"
        name = "InsufficientDataHealthStatus"
        yield _wrong(check, f"{name} is {check.insufficient_data!r}; {allowed}", name)


def _of_routing_control(check: HealthCheck) -> Iterator[Verdict]:
    if check.control is None:
        yield _wrong(check, "a RECOVERY_CONTROL health check names no routing control; set RoutingControlArn")
    latency = True if check.measures_latency is True else None
    settings = ((check.interval, "RequestInterval"), (check.threshold, "FailureThreshold"))
    yield from _absent(check, *settings, (latency, "MeasureLatency"))


def _absent(check: HealthCheck, *settings: tuple[Value | Whole | None, str]) -> Iterator[Verdict]:
    """A problem for each setting that is sure to be there, though no check of the type may have it."""
    for value, name in settings:
        if value is not None and (isinstance(value, int) or _is_certain(value)):
            told = str(value) if isinstance(value, int) else said(value)
            yield _wrong(check, f"a {check.type} health check has {name} {told}; it may have none", name)


def _of_probes(check: HealthCheck) -> Iterator[Verdict]:
    if isinstance(check.interval, int) and check.interval not in INTERVALS:
        yield _wrong(check, f"RequestInterval is {check.interval} seconds; it may be 10 or 30", "RequestInterval")
    if isinstance(check.threshold, int) and check.threshold not in THRESHOLDS:
        yield _wrong(check, f"FailureThreshold is {check.threshold}; it may be 1 to 10", "FailureThreshold")
    if isinstance(check.port, int) and check.port not in PORTS:
        yield _wrong(check, f"Port is {check.port}; it may be 1 to 65535", "Port")
    if check.endpoint is None and check.address is None:
        yield _wrong(check, f"{check.type} health check has no FullyQualifiedDomainName and no IPAddress; set one")
    if isinstance(check.address, str) and not is_address(check.address):
        yield _wrong(check, f"IPAddress is {check.address!r}; it may be an IPv4 or IPv6 address", "IPAddress")
    if isinstance(check.path, str) and len(check.path) > LONGEST_PATH:
        yield _wrong(
            check, f"ResourcePath has {len(check.path)} characters; {LONGEST_PATH} are allowed", "ResourcePath"
        )
    alarm = check.alarm
    if isinstance(alarm, (Alarm, CompositeAlarm)) or (alarm is not None and _is_certain(alarm)):
        named = "an AlarmIdentifier; only a CLOUDWATCH_METRIC health check follows an alarm"
        yield _wrong(check, f"a {check.type} health check has {named}", "AlarmIdentifier")
    if check.type == "TCP":
        yield from _of_connections(check)
    yield from _regions(check)
    yield from _search_string(check)


def _of_connections(check: HealthCheck) -> Iterator[Verdict]:
    """What is wrong with a check that only connects."""
    if check.port is None:
        yield _wrong(check, "a TCP health check has no Port, and there is no default for it", "Port")
    yield from _absent(check, (check.path, "ResourcePath"))
    if isinstance(check.address, str) and check.endpoint is not None and _is_certain(check.endpoint.name):
        message = (
            f"a TCP health check has the IPAddress {check.address} and a FullyQualifiedDomainName; it may have one"
        )
        yield _wrong(check, message, "FullyQualifiedDomainName")


def _is_certain(value: Value) -> bool:
    """Whether a value is there, whatever a condition decides."""
    return not (isinstance(value, Unresolved) and value.choice)


def _regions(check: HealthCheck) -> Iterator[Verdict]:
    for region in check.regions:
        if isinstance(region, str) and region not in CHECKER_REGIONS:
            yield _wrong(check, f"Regions has {region!r}; checkers are in {', '.join(CHECKER_REGIONS)}", "Regions")
    known = all(isinstance(region, str) for region in check.regions)
    if check.regions and known and not check.gaps and len(set(check.regions)) < FEWEST_CHECKER_REGIONS:
        yield _wrong(
            check, f"Regions has {listed(check.regions)}; it takes {FEWEST_CHECKER_REGIONS} or more", "Regions"
        )


def _search_string(check: HealthCheck) -> Iterator[Verdict]:
    if not str(check.type).endswith("_STR_MATCH"):
        yield from _absent(check, (check.search_string or None, "SearchString"))
    elif check.search_string in (None, ""):
        yield _wrong(check, f"{check.type} health check has no SearchString", "SearchString")
    elif isinstance(check.search_string, str) and len(check.search_string) > LONGEST_SEARCH_STRING:
        length = len(check.search_string)
        yield _wrong(
            check, f"SearchString has {length} characters; {LONGEST_SEARCH_STRING} are allowed", "SearchString"
        )


@rule(
    "HA221",
    Severity.ERROR,
    "calculated health check of calculated ones",
    kind=HealthCheck,
    why="Route 53 refuses a calculated health check among the children of another, so that the deploy fails.",
    remedy="List the children of the inner health check instead of itself.",
    page=f"{_GUIDE}/health-checks-creating-values.html",
)
def calculated_twice(check: HealthCheck, _context: Context) -> Iterator[Verdict]:
    for index, child in enumerate(check.children):
        if isinstance(child, HealthCheck) and child.type == "CALCULATED":
            message = f"the child {child.place.name} is CALCULATED itself; children may be of any other type"
            yield _wrong(check, message, "ChildHealthChecks", index)


@rule(
    "HA222",
    Severity.ERROR,
    "calculated health check that never changes",
    kind=HealthCheck,
    why="With a HealthThreshold of 0 the health check is always healthy, with more than there are children never. "
    "Whatever happens to the children, traffic does not move.",
    remedy="Set HealthThreshold to 1 or more, and at most to the number of ChildHealthChecks.",
    page=f"{_API}/API_HealthCheckConfig.html",
)
def never_changes(check: HealthCheck, _context: Context) -> Iterator[Verdict]:
    if check.type != "CALCULATED":
        return
    children, needed = len(check.children), check.healthy_children
    unknown = next((gap for gap in check.gaps), None)
    unknown = unknown or next(
        (child for child in check.children if isinstance(child, Unresolved) and child.choice), None
    )
    if needed == 0:
        yield _wrong(check, "HealthThreshold is 0: it is always healthy", "HealthThreshold")
    elif unknown is not None:
        yield cannot_tell(
            check, unknown, "how many children a calculated health check has", *_CONFIG, "ChildHealthChecks"
        )
    elif not children:
        yield _wrong(check, f"has no ChildHealthChecks; it may have 1 to {MOST_CHILDREN}", "ChildHealthChecks")
    elif children > MOST_CHILDREN:
        yield _wrong(check, f"has {children} ChildHealthChecks; it may have {MOST_CHILDREN}", "ChildHealthChecks")
    elif isinstance(needed, int) and needed > children:
        message = f"HealthThreshold is {needed} of {children} children: it is never healthy"
        yield _wrong(check, message, "HealthThreshold")


@rule(
    "HA244",
    Severity.WARNING,
    "child of a calculated health check that counts twice",
    kind=HealthCheck,
    why="Route 53 counts a health check as often as it is listed. As long as that one is healthy, the others may be "
    "too few to be noticed; as soon as it is not, those that are well may be too few.",
    remedy="List each health check once in ChildHealthChecks.",
    page=f"{_GUIDE}/health-checks-creating-values.html",
)
def counts_twice(check: HealthCheck, _context: Context) -> Iterator[Verdict]:
    count, needed = len(check.children), check.healthy_children
    # Of one, or of all, that have to be healthy, it does not matter how often they count.
    if check.type != "CALCULATED" or needed in (1, count):
        return
    seen: set[HealthCheck | Unresolved] = set()
    for index, child in enumerate(check.children):
        # Two that wait for one condition may be two.
        known = isinstance(child, HealthCheck) or not child.choice
        if known and child in seen:
            name = child.place.logical_id if isinstance(child, HealthCheck) else said(child)
            if isinstance(needed, Unresolved):
                question = f"whether it matters that {name} counts twice"
                yield cannot_tell(check, needed, question, *_CONFIG, "HealthThreshold")
            else:
                message = f"{name} is listed before, and counts twice: {needed} of {count} must be healthy"
                yield _wrong(check, message, "ChildHealthChecks", index)
            return
        seen.add(child)


@rule(
    "HA223",
    Severity.WARNING,
    "health check asks the name that it steers",
    kind=HealthCheck,
    why="Checkers ask whatever the name leads to now. As soon as the name has failed over they find the other endpoint "
    "well, turn healthy and send users back to what is down, again and again.",
    remedy="Set FullyQualifiedDomainName to a name that only the endpoint itself has.",
    page=f"{_GUIDE}/health-checks-creating-values.html",
)
def asks_itself(check: HealthCheck, _context: Context) -> Iterator[Verdict]:
    if check.endpoint is None or check.address is not None or not check.probes:
        return
    for record in (record for endpoint in check.endpoint.way for record in endpoint.records):
        if record.policy is not Policy.SIMPLE and depends_on(record.health_check, check):
            followers = f"{record.policy.value} records of {said(record.name)}"
            message = f"asks {said(check.endpoint.name)}, and {followers} follow its answer"
            yield _wrong(check, message, "FullyQualifiedDomainName")
            return


@rule(
    "HA224",
    Severity.WARNING,
    "health check over HTTPS without SNI",
    kind=HealthCheck,
    why="Without the host name in the TLS handshake load balancers, APIs and distributions that serve several "
    "certificates refuse the handshake. The health check is unhealthy though the endpoint is well.",
    remedy="Set EnableSNI to true.",
    page=f"{_API}/API_HealthCheckConfig.html",
)
def without_sni(check: HealthCheck, _context: Context) -> Iterator[Verdict]:
    # An address alone has no name to send.
    if check.type not in ("HTTPS", "HTTPS_STR_MATCH") or check.endpoint is None:
        return
    if check.enable_sni is None:
        # AWS is said to send the name all the same, and its API says nothing.
        default = Unresolved("the default of EnableSNI, which AWS does not document")
        name = said(check.endpoint.name)
        yield cannot_tell(check, default, f"whether {name} is told its name", *_CONFIG, "EnableSNI")
    elif check.enable_sni is False:
        yield _wrong(check, f"EnableSNI is false: {said(check.endpoint.name)} is not told to the endpoint", "EnableSNI")


@rule(
    "HA225",
    Severity.WARNING,
    "health check that flaps",
    kind=HealthCheck,
    why="With a FailureThreshold of 1 a checker changes its mind at one lost packet, and back at the next answer. "
    "Traffic moves to and fro while the endpoint is well.",
    remedy="Set FailureThreshold to 2 or 3; with a RequestInterval of 10 that still takes under a minute.",
    page=f"{_GUIDE}/dns-failover-determining-health-of-endpoints.html",
)
def flaps(check: HealthCheck, _context: Context) -> Iterator[Verdict]:
    if check.probes and check.threshold == 1:
        yield _wrong(check, "FailureThreshold is 1: one failed request is an outage", "FailureThreshold")


@rule(
    "HA226",
    Severity.ERROR,
    "health check of what the internet does not reach",
    kind=HealthCheck,
    why="Route 53's checkers ask from the internet. They never reach a private address or an internal load balancer, "
    "so that the health check is unhealthy from the first day.",
    remedy="Ask a public endpoint, or follow an alarm of a metric that shows the private one's health (Type: "
    "CLOUDWATCH_METRIC).",
    page=f"{_GUIDE}/dns-failover-private-hosted-zones.html",
)
def not_reached(check: HealthCheck, _context: Context) -> Iterator[Verdict]:
    if not check.probes or check.private is True:
        return
    found = _not_on_the_internet(check)
    if found is not None and isinstance(check.private, Unresolved):
        yield cannot_tell(check, check.private, "whether it is probed from a VPC", *_CONFIG, "EndpointType")
    elif found is not None:
        yield _wrong(check, *found)


def _not_on_the_internet(check: HealthCheck) -> tuple[str, str] | None:
    """What the internet does not reach of what a health check asks, and the property that says so."""
    if is_private(check.address):
        return f"IPAddress is {check.address}, which is not on the internet", "IPAddress"
    if check.address is not None or check.endpoint is None:
        return None
    ends = check.endpoint.ends
    told = [what for what in map(unreached, ends) if what is not None]
    records = check.endpoint.records
    private = [one.zone.name for one in records if isinstance(one.zone, HostedZone) and one.zone.private]
    name = said(check.endpoint.name)
    if ends and len(told) == len(ends):
        return f"{name} leads to {listed(told)}, which is not on the internet", "FullyQualifiedDomainName"
    if records and len(private) == len(records):
        return f"{name} is known in the private hosted zone {said(private[0])} only", "FullyQualifiedDomainName"
    return None


@rule(
    "HA227",
    Severity.WARNING,
    "health check is not let in",
    kind=HealthCheck,
    why="The endpoint admits only those who send a secret header, who come from some addresses, such as CloudFront's, "
    "or who are in some countries. Route 53's checkers do not, so that the health check is unhealthy though the "
    "endpoint is well.",
    remedy="Add a listener rule that forwards the ResourcePath of the health check whatever the headers, and a "
    "security group that admits the prefix list com.amazonaws.<region>.route53-healthchecks; of a distribution with a "
    "geo restriction, ask the origin.",
    page=f"{_GUIDE}/dns-failover-router-firewall-rules.html",
)
def locked_out(check: HealthCheck, context: Context) -> Iterator[Verdict]:
    for server in servers(check, context.topology):
        yield from _other_sources(check, server)
    for target in reached(check, context.topology):
        if isinstance(target, Distribution):
            yield from _other_countries(check, target)
        if not isinstance(target, LoadBalancer):
            continue
        yield from _other_sources(check, target)
        status = _refusal(check, target, context.topology)
        if status is not None:
            path = check.path if isinstance(check.path, str) else "/"
            message = f"{target.place.name} answers {path} with a fixed {status} unless a request has a secret header"
            yield _wrong(check, message, "ResourcePath")


def _other_sources(check: HealthCheck, target: LoadBalancer | Instance) -> Iterator[Verdict]:
    """Security groups that let others connect, and no checker."""
    port = probed_port(check)
    # A private check comes from interfaces in the VPC, whose security groups the load balancer may admit.
    if check.private is not False or not isinstance(port, int):
        return
    if isinstance(target, LoadBalancer) and target.internal is True:
        return
    # Of a port at which nothing listens HA231 tells.
    if (listening := ports(target)) and port not in listening:
        return
    found = sources_instead(target.security_groups, port, CHECKERS, _is_of_checkers)
    name = "FullyQualifiedDomainName" if check.address is None else "IPAddress"
    if isinstance(found, Unresolved):
        question = f"whether {target.place.name} lets health checkers in"
        yield cannot_tell(check, found, question, *_CONFIG, name)
    elif found is not None:
        message = f"the security groups of {target.place.name} {admitting(found)} at port {port}"
        yield _wrong(check, message, name)


def _is_of_checkers(prefix_list: Value) -> bool | None:
    return False if prefix_list in CLOUDFRONT_PREFIX_LISTS else None


def _other_countries(check: HealthCheck, distribution: Distribution) -> Iterator[Verdict]:
    """A geo restriction that shuts too many of the checkers out."""
    geo = distribution.geo_restriction
    if isinstance(geo, Unresolved) or geo is None or geo.kind not in ("whitelist", "blacklist"):
        return
    if geo.gaps or check.gaps or not all(isinstance(one, str) for one in (*geo.countries, *check.regions)):
        return
    asking = [CHECKER_COUNTRIES[one] for one in map(str, check.regions or CHECKER_REGIONS) if one in CHECKER_COUNTRIES]
    admitted = [country for country in asking if (country in geo.countries) is (geo.kind == "whitelist")]
    if asking and 100 * len(admitted) <= HEALTHY_SHARE * len(asking):
        share = f"{len(admitted)} of the {len(asking)} Regions that checkers ask from"
        message = f"the geo restriction of {distribution.place.name} admits {share}, in {listed(sorted(set(asking)))}"
        yield _wrong(check, message, "FullyQualifiedDomainName")


@rule(
    "HA231",
    Severity.ERROR,
    "health check asks where nothing listens",
    kind=HealthCheck,
    why="The load balancer has no listener at the port that the checkers ask, or one of another protocol. The health "
    "check is unhealthy from the first day, so that traffic goes to the other endpoint, or, where both are unhealthy, "
    "never moves.",
    remedy="Set Port and Type of the health check to those of a listener, or add a listener to the load balancer.",
    page=f"{_GUIDE}/health-checks-creating-values.html",
)
def not_listened_to(check: HealthCheck, _context: Context) -> Iterator[Verdict]:
    port = probed_port(check)
    if not check.probes or check.endpoint is None or check.address is not None or not isinstance(port, int):
        return
    for target in check.endpoint.targets:
        there = ports(target)
        if there and port not in there:
            message = f"asks {target.place.name} at port {port}; it listens at {listed(sorted(there))}"
            yield _wrong(check, message, *(("Port",) if check.port is not None else ("Type",)))
            return
        spoken = _other_protocol(check, port, target)
        if spoken is not None:
            message = f"asks {target.place.name} over {_protocol(check)} at port {port}, which speaks {spoken}"
            yield _wrong(check, message, "Type")
            return


def _protocol(check: HealthCheck) -> str:
    return str(check.type).partition("_")[0]


def _other_protocol(check: HealthCheck, port: int, target: Thing) -> str | None:
    """The protocol of the listener that checkers ask, if it is sure to be another than theirs."""
    listeners = target.listeners if isinstance(target, LoadBalancer) else ()
    spoken = next((one.protocol for one in listeners if one.port == port), None)
    asked = _protocol(check)
    if not isinstance(spoken, str) or spoken not in ("HTTP", "HTTPS", "TLS", "UDP"):
        return None
    if asked == "TCP":
        return spoken if spoken == "UDP" else None
    return None if spoken == asked or (spoken == "TLS" and asked == "HTTPS") else spoken


def _refusal(check: HealthCheck, balancer: LoadBalancer, topology: Topology) -> str | None:
    """The error that a load balancer answers checkers with; None where it lets them in, or nothing tells."""
    port = probed_port(check)
    path: Value | None = "/" if check.path is None else check.path
    listener = next((one for one in balancer.listeners if one.port == port), None)
    if check.type == "TCP" or listener is None or not isinstance(path, str):
        return None
    if rules_elsewhere(listener, topology) is not None:
        return None
    answer = answering_rule(listener, path.partition("?")[0] or "/", CHECKER_HEADERS)
    status = answer.fixed_status if answer is not None else None
    secret = any(one.headers for one in listener.rules)
    return status if secret and isinstance(status, str) and status.startswith(("4", "5")) else None


@rule(
    "HA228",
    Severity.ERROR,
    "health check follows an alarm that Route 53 cannot",
    kind=HealthCheck,
    why="Route 53 works out the alarm by itself, from the metric. It knows no percentiles, no metric math, no M out of "
    "N, no high resolution and no composite alarms: it refuses the health check, or never sees the alarm.",
    remedy="Use one metric with Average, Minimum, Maximum, Sum or SampleCount, a Period of 60 or more, and "
    "DatapointsToAlarm equal to EvaluationPeriods.",
    page=f"{_GUIDE}/dns-failover-determining-health-of-endpoints.html",
)
def unfollowable_alarm(check: HealthCheck, _context: Context) -> Iterator[Verdict]:
    alarm = check.alarm
    if isinstance(alarm, CompositeAlarm):
        message = f"the alarm {alarm.place.name} is composite; it may be one of a metric"
        yield _wrong(check, message, "AlarmIdentifier")
    if not isinstance(alarm, Alarm):
        return
    what = f"the alarm {alarm.place.name}"
    if alarm.has_metric_math:
        yield _wrong(check, f"{what} has Metrics; it may have one MetricName and no metric math", "AlarmIdentifier")
    if isinstance(alarm.extended_statistic, str):
        message = (
            f"{what} has ExtendedStatistic {alarm.extended_statistic}; Statistic may be {', '.join(ALARM_STATISTICS)}"
        )
        yield _wrong(check, message, "AlarmIdentifier")
    if isinstance(alarm.period, int) and alarm.period < SHORTEST_ALARM_PERIOD:
        message = f"{what} has a Period of {alarm.period} seconds; it may be {SHORTEST_ALARM_PERIOD} or more"
        yield _wrong(check, message, "AlarmIdentifier")
    some, of_all = alarm.datapoints_to_alarm, alarm.evaluation_periods
    if isinstance(some, int) and isinstance(of_all, int) and some != of_all:
        message = f"{what} has DatapointsToAlarm {some} of EvaluationPeriods {of_all}; both may only be the same"
        yield _wrong(check, message, "AlarmIdentifier")


@rule(
    "HA229",
    Severity.NOTE,
    "health check with options that cost",
    kind=HealthCheck,
    why="HTTPS, a search string, an interval of 10 seconds and measured latency are charged a month each, beyond the "
    "price of the health check itself. They are often worth it: this is what they come to.",
    remedy="Keep those that you need; a RequestInterval of 30 and plain HTTP are in the basic price.",
    page=f"{_GUIDE}/health-checks-creating-values.html",
)
def options(check: HealthCheck, _context: Context) -> Iterator[Verdict]:
    if not check.probes:
        return
    kind = str(check.type)
    has = {
        "HTTPS": kind.startswith("HTTPS"),
        "string matching": kind.endswith("_STR_MATCH"),
        "a 10-second interval": check.interval == INTERVALS[0],
        "measured latency": check.measures_latency is True,
    }
    chosen = [name for name, is_there in has.items() if is_there]
    if chosen:
        count = len(chosen)
        ends = check.endpoint.ends if check.endpoint is not None and check.address is None else ()
        on_aws = bool(ends) and all(end.target is not None or end.kind is not OriginKind.HOST for end in ends)
        price = (
            f"${count}.00 a month" if on_aws else f"${count}.00 a month for an endpoint on AWS, else ${2 * count}.00"
        )
        yield _wrong(check, f"{listed(chosen)} {'costs' if count == 1 else 'cost'} {price}")


@rule(
    "HA230",
    Severity.WARNING,
    "health check that is turned off",
    kind=HealthCheck,
    why="A disabled health check counts as healthy whatever happens, as unhealthy where it is inverted. What follows "
    "it does not move.",
    remedy="Set Disabled to false, or leave it out.",
    page=f"{_GUIDE}/health-checks-creating-values.html",
)
def turned_off(check: HealthCheck, _context: Context) -> Iterator[Verdict]:
    if check.disabled is True:
        state = "unhealthy" if check.inverted is True else "healthy"
        yield _wrong(check, f"Disabled is true: it is always {state}", "Disabled")


def _wrong(check: HealthCheck, message: str, *path: str | int) -> Verdict:
    return problem(check, message, *_CONFIG, *path)
