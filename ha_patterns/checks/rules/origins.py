"""Origins: whether they answer CloudFront, how long it waits for them, and what they are sent with each request."""

from __future__ import annotations

from collections.abc import Iterator

from ...aws.distributions import BEHAVIORS, ORIGIN_GROUPS, ORIGINS
from ...aws.headers import (
    CUSTOM_HEADERS,
    FORBIDDEN_HEADER_PREFIXES,
    FORBIDDEN_HEADERS,
    is_header_name,
    is_header_value,
)
from ...aws.names import other_scheme
from ...aws.origin_waits import (
    CLIENT_BUDGET,
    CONNECT_BUDGET,
    DEFAULT_CONNECTION_TIMEOUT,
    DEFAULT_READ_TIMEOUT,
    LONGEST_COMPLETION_TIMEOUT,
    LONGEST_CONNECTION_TIMEOUT,
    LONGEST_KEEPALIVE_TIMEOUT,
    LONGEST_READ_TIMEOUT,
    MOST_ATTEMPTS,
)
from ...semantics.listeners import only_redirects
from ...semantics.origin_groups import makes_what_is_missing
from ...semantics.origin_requests import asked_at
from ...semantics.recovery_time import connect_wait, origin_wait
from ...semantics.requests import bucket_of, ports
from ...topology.model import Distribution, Endpoint, LoadBalancer, Origin, OriginGroup, Policy
from ...topology.model.base import Whole
from ...topology.names import named_region
from ...topology.topology import Topology
from ...topology.values import PropertyPath, Unresolved
from ..rule import Context, Severity, Verdict, cannot_tell, problem, rule
from ..words import found_as, listed

_ORIGIN = "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesOrigin.html"
_QUOTAS = "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html"
_OWN = ("OriginCustomHeaders",)
_HEADERS = "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/add-origin-custom-headers.html"


def _settings(origin: Origin, name: str) -> PropertyPath:
    """Where a time-out is that depends on the kind of origin."""
    if origin.vpc:
        return ("VpcOriginConfig", name)
    return ("S3OriginConfig" if origin.s3 else "CustomOriginConfig", name)


@rule(
    "HA010",
    Severity.WARNING,
    "first origin is waited for too long",
    kind=OriginGroup,
    why="CloudFront has no memory of a failure: as long as an outage lasts, every request that is not in the cache "
    "waits for the first origin anew before the second is asked. Viewers, and clients with a time-out of their own, "
    "give up before that.",
    remedy="On the group's first origin, set ConnectionAttempts to 1 or 2, ConnectionTimeout to 2 or 3 seconds, and "
    f"OriginReadTimeout or ResponseCompletionTimeout so that all attempts together take at most {CLIENT_BUDGET} "
    "seconds.",
    page=_ORIGIN,
)
def slow_failover(group: OriginGroup, _context: Context) -> Iterator[Verdict]:
    origin = group.primary
    # A group that no time-out leaves waits for nothing.
    if origin is None or makes_what_is_missing(group):
        return
    connect, answer = connect_wait(origin).seconds, origin_wait(origin).seconds
    late: list[str] = []
    place: PropertyPath = ()
    if isinstance(answer, int) and answer > CLIENT_BUDGET:
        # The time-out may not be in the template; the finding is then of the whole origin.
        place = () if origin.read_timeout == DEFAULT_READ_TIMEOUT else _settings(origin, "OriginReadTimeout")
        late.append(f"up to {answer} s when it does not answer (at most {CLIENT_BUDGET})")
    if isinstance(connect, int) and connect > CONNECT_BUDGET:
        place = () if origin.connection_timeout == DEFAULT_CONNECTION_TIMEOUT else ("ConnectionTimeout",)
        late.insert(0, f"{connect} s when it cannot be reached (at most {CONNECT_BUDGET})")
    if late:
        settings = (
            f"{origin.connection_attempts} attempt{'' if origin.connection_attempts == 1 else 's'} of "
            f"{origin.connection_timeout} s to connect and "
            f"{origin.read_timeout} s to answer"
        )
        yield problem(
            origin,
            f"origin {origin.id}, the first of origin group {group.id}, is waited for {listed(late)}: {settings}",
            *place,
        )
        return
    for value in (connect, answer):
        if isinstance(value, Unresolved):
            yield cannot_tell(origin, value, f"how long origin {origin.id} is waited for")
            return


@rule(
    "HA011",
    Severity.ERROR,
    "attempts or time-out that CloudFront refuses",
    kind=Origin,
    why="CloudFront refuses the distribution at deploy, so that neither this change nor what else is in it arrives.",
    remedy=f"Set ConnectionAttempts to 1 to {MOST_ATTEMPTS}, ConnectionTimeout to 1 to {LONGEST_CONNECTION_TIMEOUT} "
    "seconds, OriginReadTimeout and OriginKeepaliveTimeout to 1 second or more, and ResponseCompletionTimeout to 1 to "
    f"{LONGEST_COMPLETION_TIMEOUT} seconds.",
    page=_ORIGIN,
)
def refused_waits(origin: Origin, _context: Context) -> Iterator[Verdict]:
    checked: tuple[tuple[PropertyPath, Whole | None, int | None], ...] = (
        (("ConnectionAttempts",), origin.connection_attempts, MOST_ATTEMPTS),
        (("ConnectionTimeout",), origin.connection_timeout, LONGEST_CONNECTION_TIMEOUT),
        (_settings(origin, "OriginReadTimeout"), origin.read_timeout, None),
        (_settings(origin, "OriginKeepaliveTimeout"), origin.keepalive_timeout, None),
        (("ResponseCompletionTimeout",), origin.response_completion_timeout, LONGEST_COMPLETION_TIMEOUT),
    )
    for path, value, most in checked:
        if isinstance(value, int) and (value < 1 or (most is not None and value > most)):
            allowed = "1 or more" if most is None else f"1 to {most}"
            yield problem(origin, f"{path[-1]} of origin {origin.id} is {value}; CloudFront takes {allowed}", *path)


@rule(
    "HA012",
    Severity.ERROR,
    "response may be completed sooner than it may begin",
    kind=Origin,
    why="CloudFront refuses at deploy a response completion time-out that is shorter than the response time-out.",
    remedy="Set ResponseCompletionTimeout to at least OriginReadTimeout, or shorten OriginReadTimeout, which is 30 "
    "seconds where it is not set.",
    page=_ORIGIN,
)
def completion_before_answer(origin: Origin, _context: Context) -> Iterator[Verdict]:
    complete, read = origin.response_completion_timeout, origin.read_timeout
    if isinstance(complete, int) and isinstance(read, int) and complete < read:
        yield problem(
            origin,
            f"ResponseCompletionTimeout of origin {origin.id} is {complete} s and its OriginReadTimeout {read} s",
            "ResponseCompletionTimeout",
        )


@rule(
    "HA017",
    Severity.WARNING,
    "time-out above the quota of a new account",
    kind=Origin,
    why="CloudFront refuses the distribution at deploy, unless the account's quota for the time-out has been raised.",
    remedy=f"Set OriginReadTimeout to at most {LONGEST_READ_TIMEOUT} seconds and OriginKeepaliveTimeout to at most "
    f"{LONGEST_KEEPALIVE_TIMEOUT}, or have the quota raised and acknowledge this.",
    page=_QUOTAS,
)
def waits_above_quota(origin: Origin, _context: Context) -> Iterator[Verdict]:
    for name, value, most in (
        ("OriginReadTimeout", origin.read_timeout, LONGEST_READ_TIMEOUT),
        ("OriginKeepaliveTimeout", origin.keepalive_timeout, LONGEST_KEEPALIVE_TIMEOUT),
    ):
        if isinstance(value, int) and value > most:
            message = f"{name} of origin {origin.id} is {value} s; the quota is {most} s"
            yield problem(origin, message, *_settings(origin, name))


@rule(
    "HA019",
    Severity.ERROR,
    "origin names a bucket in a Region that it is not in",
    kind=Origin,
    why="S3 answers a request at the wrong Region's name with a redirect or a refusal, never with the object. A second "
    "origin that is named like this is noticed only in the outage that it is for.",
    remedy="Put the bucket's own Region into the origin's DomainName, as in amzn-s3-demo-bucket.s3.eu-west-1."
    "amazonaws.com; the attribute RegionalDomainName has it.",
    page="https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html",
)
def other_region(origin: Origin, _context: Context) -> Iterator[Verdict]:
    bucket = bucket_of(origin)
    region = named_region(origin.endpoint.name)
    if bucket is None or region is None or not isinstance(bucket.place.stack.region, str):
        return
    if region != bucket.place.stack.region:
        yield problem(
            origin,
            f"{origin.endpoint.name} of origin {origin.id} names {region}, and the bucket is in "
            f"{bucket.place.stack.region}",
            "DomainName",
        )


@rule(
    "HA036",
    Severity.ERROR,
    "origin is asked where nothing answers",
    kind=Distribution,
    why="S3 websites answer over HTTP only, API Gateway and Lambda function URLs over HTTPS only, and a load balancer "
    "at the ports of its listeners, over what these speak. CloudFront cannot connect otherwise, and viewers get "
    "an error; a redirect to HTTPS sends them in circles, or past CloudFront. Of a second origin this is noticed only "
    "in the outage that it is for.",
    remedy="Set OriginProtocolPolicy, HTTPPort or HTTPSPort to what answers there, or add a listener to the load "
    "balancer.",
    page=_ORIGIN,
)
def nothing_answers(distribution: Distribution, context: Context) -> Iterator[Verdict]:
    for origin in distribution.origins:
        scheme, port = asked_at(distribution, origin) or ("", 0)
        for end in origin.endpoint.ends if scheme else ():
            why = _refusal(end, scheme, port, context.topology)
            if why:
                asked = f"origin {origin.id} asks {_named(origin, end)} over {scheme} at port {port}"
                place = (
                    ("VpcOriginConfig", "VpcOriginId") if origin.vpc else ("CustomOriginConfig", "OriginProtocolPolicy")
                )
                yield problem(origin, f"{asked}, and {why}", *place)
                break


def _named(origin: Origin, end: Endpoint) -> str:
    """What answers; the name of a VPC origin is for Host only."""
    return end.target.place.name if origin.vpc and end.target is not None else found_as(end)


# What listeners do not speak.
_OTHER_SCHEME = {("HTTP", "HTTPS"), ("HTTP", "TLS"), ("HTTPS", "HTTP")}


def _refusal(end: Endpoint, scheme: str, port: Whole, topology: Topology) -> str | None:
    """Why nothing answers there, as a sentence goes on; None where something does, or nothing tells."""
    why = other_scheme(end.kind, scheme)
    if why is not None:
        return why
    there = ports(end.target)
    if there and isinstance(port, int) and port not in there:
        return f"it listens at {listed(sorted(there))}"
    if not isinstance(end.target, LoadBalancer) or not there:
        return None
    answering = [listener for listener in end.target.listeners if listener.port == port]
    spoken = {listener.protocol for listener in answering}
    if spoken and all((scheme, protocol) in _OTHER_SCHEME for protocol in spoken):
        return f"its listener there speaks {listed(sorted(map(str, spoken)))}"
    if scheme == "HTTP" and answering and all(only_redirects(one, topology) for one in answering):
        return "its listener there only redirects to HTTPS"
    return None


@rule(
    "HA025",
    Severity.WARNING,
    "latency name behind Origin Shield",
    kind=Origin,
    why="With Origin Shield, CloudFront resolves the origin's name in the shield's Region for all viewers. Latency "
    "records then answer with the Region nearest to the shield, and that one Region serves the whole world.",
    remedy="Turn OriginShield off for this origin, or name the Region that serves with failover records.",
    page="https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/origin-shield.html",
)
def shielded_latency(origin: Origin, _context: Context) -> Iterator[Verdict]:
    records = [record for record in origin.endpoint.records if record.policy is Policy.LATENCY]
    # Records of one Region are the addresses of one endpoint.
    if origin.shield_region is None or len({record.latency_region for record in records}) < 2:
        return
    name = origin.endpoint.name
    if isinstance(origin.shield_region, Unresolved):
        question = f"whether origin {origin.id} asks the latency name {name} through Origin Shield"
        yield cannot_tell(origin, origin.shield_region, question, "OriginShield")
    else:
        message = f"origin {origin.id} asks the latency name {name} through Origin Shield in {origin.shield_region}"
        yield problem(origin, message, "OriginShield")


@rule(
    "HA033",
    Severity.NOTE,
    "not in every plan of CloudFront",
    kind=Distribution,
    why="Of CloudFront's flat-rate plans, only Premium has origin failover and Origin Shield; a distribution that has "
    "one of them cannot be in a smaller plan.",
    remedy="Leave the distribution with pay-as-you-go prices, or choose the plan Premium.",
    page="https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/flat-rate-pricing-plan.html",
)
def flat_rate(distribution: Distribution, _context: Context) -> Iterator[Verdict]:
    shields = [origin for origin in distribution.origins if isinstance(origin.shield_region, str)]
    used = [*(["origin groups"] if distribution.origin_groups else ()), *(["Origin Shield"] if shields else ())]
    if used:
        message = f"the distribution has {listed(used)}, which of the flat-rate plans only Premium has"
        yield problem(distribution, message, "Properties", "DistributionConfig")


@rule(
    "HA034",
    Severity.ERROR,
    "custom header that CloudFront refuses",
    kind=Origin,
    why="CloudFront refuses the distribution at deploy, so that neither this change nor what else is in it arrives.",
    remedy="Give the header of OriginCustomHeaders another name of letters, digits and hyphens, best one that starts "
    "with X- and the name of what reads it, and a value in one line; Host is set by a policy that sends the viewer's, "
    "or by the origin's DomainName.",
    page=_HEADERS,
)
def refused_headers(origin: Origin, _context: Context) -> Iterator[Verdict]:
    refused = [
        name for name in origin.headers if name in FORBIDDEN_HEADERS or name.startswith(FORBIDDEN_HEADER_PREFIXES)
    ]
    if refused:
        message = f"origin {origin.id} has the custom header {listed(refused)}, which CloudFront does not let set"
        yield problem(origin, message, *_OWN)
    none = [repr(name) for name in origin.headers if not is_header_name(name)]
    if none:
        yield problem(
            origin, f"origin {origin.id} has the custom header {listed(none)}, which HTTP does not have", *_OWN
        )
    # The value may be a secret.
    broken = [name for name, value in origin.headers.items() if isinstance(value, str) and not is_header_value(value)]
    if broken:
        message = f"origin {origin.id} has a line break or a space around the value of its header {listed(broken)}"
        yield problem(origin, message, *_OWN)


@rule(
    "HA035",
    Severity.WARNING,
    "more than a new account's quota",
    kind=Distribution,
    why="CloudFront refuses the distribution at deploy, unless the account's quota has been raised.",
    remedy="Move some of it to another distribution, or have the quota raised and acknowledge this.",
    page=_QUOTAS,
)
def above_quota(distribution: Distribution, _context: Context) -> Iterator[Verdict]:
    config = ("Properties", "DistributionConfig")
    # Whether the default behavior counts is not documented; without it the number is sure.
    behaviors = sum(not behavior.is_default for behavior in distribution.behaviors)
    for count, most, what, path in (
        (behaviors, BEHAVIORS, "behaviors beside the default one", ("CacheBehaviors",)),
        (len(distribution.origins), ORIGINS, "origins", ("Origins",)),
        (len(distribution.origin_groups), ORIGIN_GROUPS, "origin groups", ("OriginGroups",)),
    ):
        if count > most:
            yield problem(distribution, f"the distribution has {count} {what}; the quota is {most}", *config, *path)
    for origin in distribution.origins:
        if len(origin.headers) > CUSTOM_HEADERS:
            message = f"origin {origin.id} has {len(origin.headers)} custom headers; the quota is {CUSTOM_HEADERS}"
            yield problem(origin, message, "OriginCustomHeaders")
