"""A second implementation of the drill, to compare with: every probe, every refresh and every request by itself.

It is written from AWS's pages and not from the drill. Nothing is remembered as a timeline that says until when it
holds, and nothing is jumped over: checkers are stepped probe by probe, resolvers refresh by refresh, connections event
by event, and a request is followed from its arrival on through each of its waits, with exact weights where chance
decides. It has the geography and the draws of phases from the drill, since those are data, and nothing else.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from fractions import Fraction
from functools import cache
from typing import Any, NamedTuple

from ha_patterns.aws.regions import CHECKER_REGIONS
from ha_patterns.drill import Outage
from ha_patterns.drill.locations import Location, round_trip
from ha_patterns.drill.scenario import Client
from ha_patterns.drill.time import MILLISECOND, SECOND, number, phase

from .sites import ZONE, behavior, distribution, origin

WARM_UP = 1_800 * SECOND
REGIONS = {
    "primary-1234567890.eu-west-1.elb.amazonaws.com": "eu-west-1",
    "standby-1234567890.eu-central-1.elb.amazonaws.com": "eu-central-1",
    "third.example.net": None,
}
ONE = Fraction(1)


# A site, as its template has it.


@dataclass(frozen=True)
class Check:
    """A health check of a host or a name; or one calculated from others, by their numbers."""

    kind: str = "HTTP"
    asks: str = ""
    interval: int = 10
    threshold: int = 1
    inverted: bool = False
    children: tuple[int, ...] = ()
    needs: int = 1


@dataclass(frozen=True)
class Entry:
    """A record: a CNAME to ``value``, or an alias of the load balancer of that number."""

    value: str = ""
    balancer: int | None = None
    evaluates: bool = False
    check: int | None = None
    role: str = ""
    weight: int = 1
    region: str = ""
    place: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Name:
    """A name with records of one policy."""

    name: str
    policy: str
    ttl: int
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Group:
    """A target group: how it asks its targets, and how many it has."""

    weight: int = 1
    interval: int = 10
    unhealthy: int = 2
    healthy: int = 2
    timeout: int = 5
    targets: int = 1


@dataclass(frozen=True)
class Balancer:
    """An Application Load Balancer."""

    groups: tuple[Group, ...]
    keep_alive: int = 3_600
    idle: int = 60


@dataclass(frozen=True)
class Source:
    """An origin."""

    domain: str = ""
    balancer: int | None = None
    attempts: int = 1
    connect: int = 2
    read: int = 5
    complete: int | None = None


@dataclass(frozen=True)
class Rule:
    """A behavior: the numbers of its origins, of which the second is asked for the codes."""

    pattern: str
    methods: tuple[str, ...]
    cached: tuple[str, ...]
    sources: tuple[int, ...]
    codes: tuple[int, ...] = ()


@dataclass(frozen=True)
class Architecture:
    """A distribution with all that it asks; the default behavior comes last."""

    sources: tuple[Source, ...]
    rules: tuple[Rule, ...]
    pages: Mapping[int, tuple[str, int]] = field(default_factory=dict)
    names: tuple[Name, ...] = ()
    checks: tuple[Check, ...] = ()
    balancers: tuple[Balancer, ...] = ()

    def resources(self) -> dict[str, Any]:
        """The resources of a template that makes it."""
        found: dict[str, Any] = {"Zone": ZONE}
        for index, check in enumerate(self.checks):
            found[f"Check{index}"] = _check(check)
        for index, balancer in enumerate(self.balancers):
            found.update(_balancer(index, balancer))
        for index, name in enumerate(self.names):
            for place, entry in enumerate(name.entries):
                found[f"Record{index}x{place}"] = _record(name, place, entry)
        groups = [rule for rule in self.rules if len(rule.sources) > 1]
        behaviors = [_behavior(rule, groups) for rule in self.rules]
        settings: dict[str, Any] = {}
        if groups:
            settings["OriginGroups"] = {"Quantity": len(groups), "Items": [*map(_group, range(len(groups)), groups)]}
        if self.pages:
            settings["CustomErrorResponses"] = [
                {"ErrorCode": code, "ResponsePagePath": path, "ResponseCode": status}
                for code, (path, status) in self.pages.items()
            ]
        found["Site"] = distribution(
            [_source(index, source) for index, source in enumerate(self.sources)],
            behaviors[-1],
            CacheBehaviors=[
                {**one, "PathPattern": rule.pattern} for one, rule in zip(behaviors, self.rules[:-1], strict=False)
            ],
            **settings,
        )
        return found


def _check(check: Check) -> dict[str, Any]:
    config: dict[str, Any] = {"Inverted": check.inverted}
    if check.children:
        config |= {"Type": "CALCULATED", "HealthThreshold": check.needs}
        config["ChildHealthChecks"] = [{"Ref": f"Check{child}"} for child in check.children]
    else:
        config |= {"Type": check.kind, "FullyQualifiedDomainName": check.asks}
        config |= {"RequestInterval": check.interval, "FailureThreshold": check.threshold}
        if check.kind == "TCP":
            config["Port"] = 80
        if check.kind.endswith("STR_MATCH"):
            config["SearchString"] = "ok"
    return {"Type": "AWS::Route53::HealthCheck", "Properties": {"HealthCheckConfig": config}}


def _balancer(index: int, balancer: Balancer) -> dict[str, Any]:
    attributes = {"client_keep_alive.seconds": balancer.keep_alive, "idle_timeout.timeout_seconds": balancer.idle}
    found: dict[str, Any] = {
        f"Balancer{index}": {
            "Type": "AWS::ElasticLoadBalancingV2::LoadBalancer",
            "Properties": {
                "Type": "application",
                "Scheme": "internet-facing",
                "LoadBalancerAttributes": [{"Key": key, "Value": str(value)} for key, value in attributes.items()],
            },
        },
        f"Listener{index}": {
            "Type": "AWS::ElasticLoadBalancingV2::Listener",
            "Properties": {
                "LoadBalancerArn": {"Ref": f"Balancer{index}"},
                "Port": 80,
                "Protocol": "HTTP",
                "DefaultActions": [
                    {
                        "Type": "forward",
                        "ForwardConfig": {
                            "TargetGroups": [
                                {"TargetGroupArn": {"Ref": f"Group{index}x{place}"}, "Weight": group.weight}
                                for place, group in enumerate(balancer.groups)
                            ]
                        },
                    }
                ],
            },
        },
    }
    for place, group in enumerate(balancer.groups):
        found[f"Group{index}x{place}"] = {
            "Type": "AWS::ElasticLoadBalancingV2::TargetGroup",
            "Properties": {
                "TargetType": "ip",
                "Protocol": "HTTP",
                "Port": 80,
                "HealthCheckIntervalSeconds": group.interval,
                "HealthCheckTimeoutSeconds": group.timeout,
                "HealthyThresholdCount": group.healthy,
                "UnhealthyThresholdCount": group.unhealthy,
                "Targets": [{"Id": f"10.0.0.{target + 1}"} for target in range(group.targets)],
            },
        }
    return found


def _record(name: Name, place: int, entry: Entry) -> dict[str, Any]:
    properties: dict[str, Any] = {"HostedZoneId": {"Ref": "Zone"}, "Name": name.name}
    if entry.balancer is None:
        properties |= {"Type": "CNAME", "TTL": str(name.ttl), "ResourceRecords": [entry.value]}
    else:
        target = f"Balancer{entry.balancer}"
        properties |= {"Type": "A"}
        properties["AliasTarget"] = {
            "DNSName": {"Fn::GetAtt": [target, "DNSName"]},
            "HostedZoneId": {"Fn::GetAtt": [target, "CanonicalHostedZoneID"]},
            "EvaluateTargetHealth": entry.evaluates,
        }
    if entry.check is not None:
        properties["HealthCheckId"] = {"Ref": f"Check{entry.check}"}
    if name.policy != "simple":
        properties["SetIdentifier"] = str(place)
    match name.policy:
        case "failover":
            properties["Failover"] = entry.role
        case "weighted":
            properties["Weight"] = entry.weight
        case "latency":
            properties["Region"] = entry.region
        case "multivalue":
            properties["MultiValueAnswer"] = True
        case "geolocation":
            properties["GeoLocation"] = dict(entry.place)
    return {"Type": "AWS::Route53::RecordSet", "Properties": properties}


def _source(index: int, source: Source) -> dict[str, Any]:
    settings: dict[str, Any] = {
        "ConnectionAttempts": source.attempts,
        "ConnectionTimeout": source.connect,
        "OriginReadTimeout": source.read,
    }
    if source.complete is not None:
        settings["ResponseCompletionTimeout"] = source.complete
    domain: Any = source.domain
    if source.balancer is not None:
        domain = {"Fn::GetAtt": [f"Balancer{source.balancer}", "DNSName"]}
    return origin(f"source{index}", domain, **settings)


def _behavior(rule: Rule, groups: Sequence[Rule]) -> dict[str, Any]:
    target = f"group{groups.index(rule)}" if rule in groups else f"source{rule.sources[0]}"
    return behavior(target, rule.methods, CachedMethods=list(rule.cached))


def _group(index: int, rule: Rule) -> dict[str, Any]:
    members = [{"OriginId": f"source{source}"} for source in rule.sources]
    return {
        "Id": f"group{index}",
        "Members": {"Quantity": 2, "Items": members},
        "FailoverCriteria": {"StatusCodes": {"Quantity": len(rule.codes), "Items": list(rule.codes)}},
    }


# What may be asked: a host by its name, or a load balancer or a target group by its logical id.
Answers = tuple[tuple[Fraction, str | None], ...]


class Got(NamedTuple):
    """What a user gets; see the drill's ``Outcome``, without its words."""

    status: int
    by: str
    latency: int
    legs: int
    tries: int
    page: bool


class Meets(NamedTuple):
    """What a fault does to those who meet it: no status for a reason, or a status, or a delay."""

    reason: str
    status: int
    delay: int
    share: Fraction


class Now(NamedTuple):
    """Where a request is: the moment, and which answers of names it has been given."""

    time: int
    drawn: tuple[tuple[str, Answers, str | None], ...] = ()


class Reply(NamedTuple):
    """What an origin, or CloudFront, replied: a status, or the reason why there is none."""

    status: int
    by: str = ""
    reason: str = ""
    legs: int = 1
    page: bool = False


#: By the reason why there is no status: the status that viewers get, and the failover code that stands for it.
REASONS = {
    "silent": (504, 503),
    "refused": (502, 503),
    "name-gone": (502, 502),
    "hangs": (504, 504),
    "expired": (504, 504),
}


class Reference:
    """The world of some outages, followed moment by moment.

    Args:
        site: What is asked.
        outages: What fails.
        client: How clients behave.
        seed: What phases are drawn by.
        last: Until when anything is asked.
        propagation: Seconds until Route 53 answers by a change of health.
    """

    def __init__(
        self,
        site: Architecture,
        outages: Sequence[Outage],
        client: Client,
        seed: int,
        last: int,
        propagation: int = 1,
    ) -> None:
        self.site = site
        self.outages = outages
        self.client = client
        self.seed = seed
        self.last = last
        self.propagation = propagation * SECOND
        self.names = {name.name: name for name in site.names}
        # These ask the same again and again.
        self.check_changes = cache(self._check_changes)
        self.group_changes = cache(self._group_changes)
        self.resolved = cache(self._resolved)
        self.connected = cache(self._connected)

    # Faults.

    def is_on(self, outage: Outage, when: int) -> bool:
        """Whether a fault is there."""
        since = when - outage.start
        if since < 0 or when >= outage.end:
            return False
        return outage.every is None or since % outage.period < outage.burst_time

    def hits(self, outage: Outage, what: str) -> bool:
        """Whether a fault is of a host, a load balancer or a target group."""
        if outage.region is not None:
            return self.region(what) == outage.region
        if outage.name is not None:
            return what in self.ends(outage.name)
        return outage.resource == what

    def region(self, what: str) -> str | None:
        """The Region of something; that of the template for what it makes."""
        return REGIONS.get(what, "us-east-1")

    def ends(self, name: str) -> set[str]:
        """All that a name may lead to."""
        if name not in self.names:
            return {name}
        found: set[str] = set()
        for entry in self.names[name].entries:
            found |= self.ends(entry.value) if entry.balancer is None else {f"Balancer{entry.balancer}"}
        return found

    def faults(self, what: str, when: int, *, probe: bool, before: str = "") -> list[Meets]:
        """What somebody meets there at a moment, in the order of the outages; who has met one before meets it once."""
        found: list[Meets] = []
        for outage in self.outages:
            if not self.is_on(outage, when) or not self.hits(outage, what) or (before and self.hits(outage, before)):
                continue
            match outage.symptom:
                case "silent" | "refused" | "hangs":
                    found.append(Meets(outage.symptom, 0, 0, outage.part))
                case "errors":
                    found.append(Meets("", outage.status, 0, outage.part))
                case "denied":
                    found.append(Meets("", 403, 0, outage.part))
                case "slow":
                    found.append(Meets("", 0, outage.delay, outage.part))
                case "health-path-lies" if not probe:
                    found.append(Meets("", outage.status, 0, outage.part))
                case "false-alarm" if probe:
                    found.append(Meets("", 503, 0, outage.part))
                case _:
                    # No certificate is asked for over HTTP, and a name that is gone is found when it is looked up.
                    pass
        return found

    def is_gone(self, name: str, when: int) -> bool:
        """Whether a name does not resolve, for a fault of it."""
        return any(
            outage.symptom == "name-gone"
            and self.is_on(outage, when)
            and (outage.name == name if outage.name is not None else name not in self.names and self.hits(outage, name))
            for outage in self.outages
        )

    def met(self, host: str, when: int, *, probe: bool) -> Iterator[tuple[Fraction, str, int, int]]:
        """All that may come of asking a host: the probability, the reason of a failure, the status and the delay."""
        own = self.faults(host, when, probe=probe)
        first = [one for one in own if one.reason]
        then = [one for one in own if not one.reason]
        for share, reason, status, delay in _one_by_one([*first, *then]):
            if reason or status:
                yield share, reason, status, delay
                continue
            for part, behind_reason, behind_status, behind_delay in self.behind(host, when, probe=probe):
                yield share * part, behind_reason, behind_status, delay + behind_delay

    def behind(self, host: str, when: int, *, probe: bool) -> Iterator[tuple[Fraction, str, int, int]]:
        """What comes of the targets of a load balancer, as it tells those who ask it; of other hosts nothing."""
        if not host.startswith("Balancer"):
            yield ONE, "", 200, 0
            return
        balancer = self.site.balancers[int(host.removeprefix("Balancer"))]
        total = sum(group.weight for group in balancer.groups)
        for place, group in enumerate(balancer.groups):
            weight = Fraction(group.weight, total) if total else Fraction(1, len(balancer.groups))
            if not weight:
                continue
            faults = self.faults(f"Group{host.removeprefix('Balancer')}x{place}", when, probe=probe, before=host)
            for share, reason, status, delay in _one_by_one(faults):
                match reason:
                    case "silent":
                        yield weight * share, "", 504, delay + 10 * SECOND
                    case "refused":
                        yield weight * share, "", 502, delay
                    case "hangs":
                        yield weight * share, "", 504, delay + balancer.idle * SECOND
                    case _:
                        yield weight * share, "", status or 200, delay

    # Health.

    def _check_changes(self, index: int) -> tuple[list[int], list[int]]:
        """The moments at which checkers change their minds, and how many of 16 are healthy from each on."""
        check = self.site.checks[index]
        changes: list[tuple[int, int]] = []
        for region in CHECKER_REGIONS:
            for twin in range(2):
                key = (self.seed, "checker", f"site/Check{index}", region, twin)
                changes += self._checker(check, index, region, twin, phase(check.interval * SECOND, *key) - WARM_UP)
        changes.sort(key=lambda one: one[0])
        whens, counts, count = [-1 << 60], [16], 16
        for when, change in changes:
            count += change
            whens.append(when)
            counts.append(count)
        return whens, counts

    def _checker(self, check: Check, index: int, region: str, twin: int, when: int) -> Iterator[tuple[int, int]]:
        """Each probe of one checker; and each change of its mind, as 1 or -1."""
        healthy, against = True, 0
        while when < self.last:
            passes, takes = self._probe(check, index, region, twin, when)
            against = 0 if passes == healthy else against + 1
            if against == check.threshold:
                healthy, against = passes, 0
                yield when + takes, 1 if healthy else -1
            when += takes + check.interval * SECOND

    def _probe(self, check: Check, index: int, region: str, twin: int, when: int) -> tuple[bool, int]:
        """Whether a probe passes, and how long it takes until that is known."""
        chances: dict[tuple[bool, int], Fraction] = {}
        for share, host in self.lookup(check.asks, when, region, "", ""):
            for part, probe in self._probed(check, host, region, when):
                chances[probe] = chances.get(probe, Fraction(0)) + share * part
        if len(chances) == 1:
            return next(iter(chances))
        drawn = Fraction(number(self.seed, "probe", f"site/Check{index}", region, twin, when), 1 << 64)
        for probe, share in chances.items():
            drawn -= share
            if drawn < 0:
                return probe
        raise AssertionError("the chances of a probe do not sum to one")

    def _probed(
        self, check: Check, host: str | None, region: str, when: int
    ) -> Iterator[tuple[Fraction, tuple[bool, int]]]:
        if host is None or self.is_gone(host, when):
            yield ONE, (False, 0)
            return
        trip = round_trip(region, self.region(host))
        to_connect = (10 if check.kind == "TCP" else 4) * SECOND
        for share, reason, status, delay in self.met(host, when, probe=True):
            if reason == "silent":
                yield share, (False, to_connect)
            elif reason == "refused":
                yield share, (False, trip)
            elif check.kind == "TCP":
                # Connected is enough.
                yield share, (True, trip)
            elif reason == "hangs" or trip + delay > 2 * SECOND:
                yield share, (False, trip + 2 * SECOND)
            else:
                yield share, (200 <= status < 400, 2 * trip + delay)

    def healthy_check(self, index: int, when: int) -> bool:
        """The status of a health check, as Route 53's nameservers know it."""
        check = self.site.checks[index]
        if check.children:
            healthy = sum(self.healthy_check(child, when) for child in check.children) >= check.needs
        else:
            whens, counts = self.check_changes(index)
            healthy = counts[bisect_right(whens, when - self.propagation) - 1] * 100 > 18 * 16
        if check.inverted:
            healthy = not healthy
        for outage in self.outages:
            if outage.resource == f"Check{index}" and self.is_on(outage, when):
                if outage.symptom == "health-path-lies":
                    return True
                if outage.symptom == "false-alarm":
                    return False
        return healthy

    def _group_changes(self, balancer: int, place: int) -> tuple[list[int], list[bool]]:
        """The moments at which a load balancer changes its mind of a target group, and what it thinks from each on.

        What fails here is the group or the load balancer, and so all targets alike.
        """
        group = self.site.balancers[balancer].groups[place]
        name = f"site/Group{balancer}x{place}"
        when = phase(group.interval * SECOND, self.seed, "targets", name) - WARM_UP
        whens, values = [-1 << 60], [True]
        healthy, against = True, 0
        while when < self.last:
            passes, takes = self._target_probe(balancer, place, group, name, when)
            against = 0 if passes == healthy else against + 1
            if against == (group.unhealthy if healthy else group.healthy):
                healthy, against = passes, 0
                whens.append(when + takes)
                values.append(healthy)
            when += group.interval * SECOND
        return whens, values

    def _target_probe(self, balancer: int, place: int, group: Group, name: str, when: int) -> tuple[bool, int]:
        timeout = group.timeout * SECOND
        target = f"Group{balancer}x{place}"
        faults = self.faults(target, when, probe=True)
        faults += self.faults(f"Balancer{balancer}", when, probe=True, before=target)
        chances: dict[tuple[bool, int], Fraction] = {}
        for share, reason, status, delay in _one_by_one(faults):
            if reason in ("silent", "hangs"):
                probe = (False, timeout)
            elif reason:
                probe = (False, 0)
            elif delay >= timeout:
                probe = (False, timeout)
            else:
                # A target is healthy by its status; 200 unless the target group says otherwise.
                probe = (status in (0, 200), delay)
            chances[probe] = chances.get(probe, Fraction(0)) + share
        if len(chances) == 1:
            return next(iter(chances))
        drawn = Fraction(number(self.seed, "targets", name, when), 1 << 64)
        for probe, share in chances.items():
            drawn -= share
            if drawn < 0:
                return probe
        raise AssertionError("the chances of a probe do not sum to one")

    def is_healthy(self, entry: Entry, when: int) -> bool:
        """Whether Route 53 takes a record for healthy."""
        if entry.check is not None and not self.healthy_check(entry.check, when):
            return False
        if entry.balancer is None or not entry.evaluates:
            return True
        for place in range(len(self.site.balancers[entry.balancer].groups)):
            whens, values = self.group_changes(entry.balancer, place)
            if not values[bisect_right(whens, when) - 1]:
                return False
        return True

    # Names.

    def chosen(self, name: Name, when: int, place: str, country: str, continent: str) -> list[tuple[Fraction, Entry]]:
        """The records that Route 53 answers with."""
        entries = list(name.entries)
        up = [entry for entry in entries if self.is_healthy(entry, when)]
        match name.policy:
            case "failover":
                primary = next(entry for entry in entries if entry.role == "PRIMARY")
                secondary = next(entry for entry in entries if entry.role == "SECONDARY")
                return [(ONE, secondary if primary not in up and secondary in up else primary)]
            case "weighted":
                weighted = [entry for entry in up if entry.weight]
                # Of no weight only if nothing that has one is healthy; if nothing is healthy, everything counts as so.
                used = weighted or up or [entry for entry in entries if entry.weight] or entries
                total = sum(entry.weight for entry in used)
                return [(Fraction(e.weight, total) if total else Fraction(1, len(used)), e) for e in used]
            case "latency":
                # The least latency of those that are healthy.
                nearest = min(up or entries, key=lambda entry: round_trip(place, entry.region))
                return [(ONE, nearest)]
            case "geolocation":
                levels = [{"CountryCode": country}, {"ContinentCode": continent}, {"CountryCode": "*"}]
                for among in (up, entries):
                    for level in levels:
                        found = [entry for entry in among if entry.place == level]
                        if found:
                            return [(ONE, found[0])]
                return []
        used = up or entries if name.policy == "multivalue" else entries
        return [(Fraction(1, len(used)), entry) for entry in used]

    def answered(self, name: str, when: int, place: str, country: str, continent: str) -> Answers:
        """What Route 53 answers for a name; aliases are answered with what they lead to."""
        if self.is_gone(name, when):
            return ((ONE, None),)
        found: dict[str | None, Fraction] = {}
        for share, entry in self.chosen(self.names[name], when, place, country, continent):
            end = entry.value if entry.balancer is None else f"Balancer{entry.balancer}"
            found[end] = found.get(end, Fraction(0)) + share
        return tuple((share, end) for end, share in found.items()) or ((ONE, None),)

    def lookup(
        self, name: str, when: int, place: str, country: str, continent: str
    ) -> Iterator[tuple[Fraction, str | None]]:
        """The hosts that a name leads to, for somebody who keeps no answer."""
        if name not in self.names:
            yield ONE, name
            return
        for share, end in self.answered(name, when, place, country, continent):
            if end is None:
                yield share, None
            else:
                for part, host in self.lookup(end, when, place, country, continent):
                    yield share * part, host

    def ttl(self, name: str) -> int:
        """For how long resolvers keep an answer: of an alias of a load balancer for 60 s."""
        first = self.names[name].entries[0]
        return (60 if first.balancer is not None else self.names[name].ttl) * SECOND

    def _resolved(self, name: str, location: Location) -> tuple[list[int], list[Answers]]:
        """Each refresh of a location's resolver, and what it was answered."""
        ttl = self.ttl(name)
        when = -WARM_UP - phase(ttl, self.seed, "resolver", location.name, name)
        whens: list[int] = []
        answers: list[Answers] = []
        while when < self.last:
            whens.append(when)
            answers.append(self.answered(name, when, location.name, location.country, location.continent))
            when += ttl
        return whens, answers

    def resolver(self, name: str, location: Location, when: int) -> Answers:
        """What a location's resolver answers."""
        whens, answers = self.resolved(name, location)
        return answers[max(0, bisect_right(whens, when) - 1)]

    def kept(self, answers: Answers) -> int:
        """For how long connections are kept at most that lead to some answers; of hosts outside, nothing is known."""
        ends = {host for _, end in answers if end is not None for host in self.ends(end)}
        of_balancers = [self.keep_alive(end) for end in ends if end.startswith("Balancer")]
        return max(of_balancers, default=0)

    def keep_alive(self, balancer: str) -> int:
        """For how long a load balancer keeps a connection."""
        return self.site.balancers[int(balancer.removeprefix("Balancer"))].keep_alive * SECOND

    def breaks(self, answers: Answers, when: int) -> bool:
        """Whether one of the ends of some connections takes none at a moment."""
        ends = {host for _, end in answers if end is not None for host in self.ends(end)}
        return any(
            outage.symptom in ("silent", "refused", "hangs")
            and outage.part == 1
            and self.is_on(outage, when)
            and self.hits(outage, end)
            for outage in self.outages
            for end in ends
        )

    def _connected(self, name: str, location: Location) -> tuple[list[int], list[Answers]]:
        """Where a location's connections lead, event by event.

        They are opened to where the resolver says, are kept for their keep-alive, and break where their end does.
        """
        longest = max((self.keep_alive(end) for end in self.ends(name) if end.startswith("Balancer")), default=0)
        if not longest:
            return self.resolved(name, location)
        opened = -WARM_UP - phase(longest, self.seed, "connection", location.name, name)
        now = self.resolver(name, location, opened)
        whens, values = [opened], [now]
        events = {*self.resolved(name, location)[0], *self.edges()}
        broken = self.breaks(now, opened)
        waiting = sorted(event for event in events if event > opened)
        position, when = 0, opened
        while when < self.last:
            renewal = opened + self.kept(now) if self.kept(now) else self.last
            upcoming = waiting[position] if position < len(waiting) else self.last
            when = min(renewal, upcoming)
            if when == upcoming:
                position += 1
            if broken or not self.kept(now) or self.breaks(now, when) or when >= renewal:
                now, opened = self.resolver(name, location, when), when
                whens.append(when)
                values.append(now)
            broken = self.breaks(now, when)
        return whens, values

    def edges(self) -> Iterator[int]:
        """Each moment at which a fault comes or goes."""
        for outage in self.outages:
            begin = outage.start
            while begin < outage.end:
                yield begin
                yield min(begin + outage.burst_time, outage.end) if outage.period else outage.end
                begin += outage.period or outage.length

    # A request.

    def resolve(self, name: str, now: Now, location: Location) -> Iterator[tuple[Fraction, Now, str | None]]:
        """The host that a request goes to by a name."""
        if name not in self.names:
            yield ONE, now, None if self.is_gone(name, now.time) else name
            return
        whens, values = self.connected(name, location)
        answers = values[max(0, bisect_right(whens, now.time) - 1)]
        known = [end for one, given, end in now.drawn if (one, given) == (name, answers)]
        if known:
            choices: Answers = ((ONE, known[0]),)
        else:
            choices = answers
        for share, end in choices:
            then = now if known or len(answers) == 1 else now._replace(drawn=(*now.drawn, (name, answers, end)))
            if end is None:
                yield share, then, None
            else:
                for part, later, host in self.resolve(end, then, location):
                    yield share * part, later, host

    def asked(self, source: Source, method: str, now: Now, location: Location) -> Iterator[tuple[Fraction, Now, Reply]]:
        """What comes of asking an origin."""
        if source.balancer is not None:
            resolved: Iterator[tuple[Fraction, Now, str | None]] = iter(((ONE, now, f"Balancer{source.balancer}"),))
            if self.is_gone(f"Balancer{source.balancer}", now.time):
                resolved = iter(((ONE, now, None),))
        else:
            resolved = self.resolve(source.domain, now, location)
        for share, then, host in resolved:
            if host is None:
                yield share, then, Reply(502, reason="name-gone")
                continue
            for part, later, reply in self.tried(source, host, method, then, location, source.attempts, then.time):
                yield share * part, later, reply

    def tried(
        self, source: Source, host: str, method: str, now: Now, location: Location, tries: int, began: int
    ) -> Iterator[tuple[Fraction, Now, Reply]]:
        """The attempts that are left, from now on."""
        trip = round_trip(location.name, self.region(host))
        read, service = source.read * SECOND, 20 * MILLISECOND
        for share, reason, status, delay in self.met(host, now.time, probe=False):
            ends = reason
            if reason == "silent":
                takes = source.connect * SECOND
            elif reason == "refused":
                takes = trip
            elif reason == "hangs" or trip + service + delay > read:
                ends, takes = "hangs", trip + read
            else:
                takes = 2 * trip + service + delay
            later = now.time + takes
            if source.complete is not None and later - began > source.complete * SECOND:
                yield share, now._replace(time=began + source.complete * SECOND), _unanswered("expired")
            elif not ends:
                yield share, now._replace(time=later), Reply(status, host)
            elif tries == 1 or (ends == "hangs" and method not in ("GET", "HEAD")):
                yield share, now._replace(time=later), _unanswered(ends)
            else:
                then = now._replace(time=later)
                for part, last, reply in self.tried(source, host, method, then, location, tries - 1, began):
                    yield share * part, last, reply

    def fetched(self, rule: Rule, method: str, now: Now, location: Location) -> Iterator[tuple[Fraction, Now, Reply]]:
        """What comes of asking the origin of a behavior, or those of its group in turn."""
        sources = [self.site.sources[index] for index in rule.sources]
        eligible = method in ("GET", "HEAD") or (method == "OPTIONS" and "OPTIONS" in rule.cached)
        for share, then, reply in self.asked(sources[0], method, now, location):
            code = REASONS[reply.reason][1] if reply.reason else reply.status
            if len(sources) > 1 and eligible and code in rule.codes:
                for part, later, second in self.asked(sources[1], method, then, location):
                    yield share * part, later, second._replace(legs=2)
            else:
                yield share, then, reply

    def rule(self, path: str) -> Rule:
        """The first behavior that takes a path."""
        return next((rule for rule in self.site.rules if fnmatchcase(path, rule.pattern)), self.site.rules[-1])

    def served(self, method: str, path: str, now: Now, location: Location) -> Iterator[tuple[Fraction, Now, Reply]]:
        """What CloudFront answers."""
        rule = self.rule(path)
        if method not in rule.methods:
            yield ONE, now, Reply(403, legs=0)
            return
        for share, then, reply in self.fetched(rule, method, now, location):
            if reply.status not in self.site.pages:
                yield share, then, reply
                continue
            page, status = self.site.pages[reply.status]
            for part, later, shown in self.fetched(self.rule(page), "GET", then, location):
                if shown.status >= 400:
                    yield share * part, later, shown._replace(legs=reply.legs)
                else:
                    yield share * part, later, shown._replace(status=status, legs=reply.legs, page=True)

    def request(self, method: str, path: str, when: int, location: Location) -> dict[Got, Fraction]:
        """All that may come of a request, with the exact probability of each."""
        found: dict[Got, Fraction] = {}
        for share, got in self.visited(method, path, Now(when), location, 1, when):
            found[got] = found.get(got, Fraction(0)) + share
        return found

    def visited(
        self, method: str, path: str, now: Now, location: Location, tries: int, began: int
    ) -> Iterator[tuple[Fraction, Got]]:
        """A try of a client, and those after it."""
        patience = self.client.patience_time
        for share, then, reply in self.served(method, path, now, location):
            status, by, end = reply.status, reply.by, then.time
            if end - now.time > patience:
                status, by, end = 0, "", now.time + patience
            if 0 < status < 500 or tries > self.client.retries:
                yield share, Got(status, by, end - began, reply.legs, tries, reply.page)
            else:
                again = then._replace(time=end + self.client.pause)
                for part, got in self.visited(method, path, again, location, tries + 1, began):
                    yield share * part, got


def _unanswered(reason: str) -> Reply:
    return Reply(REASONS[reason][0], reason=reason)


def _one_by_one(faults: Sequence[Meets], delay: int = 0) -> Iterator[tuple[Fraction, str, int, int]]:
    """All that may come of some faults that are met or not, one after the other, until one of them is an answer."""
    if not faults:
        yield ONE, "", 0, delay
        return
    one, rest = faults[0], faults[1:]
    if one.reason or one.status:
        yield one.share, one.reason, one.status, delay
    else:
        for share, reason, status, total in _one_by_one(rest, delay + one.delay):
            yield one.share * share, reason, status, total
    if one.share < 1:
        for share, reason, status, total in _one_by_one(rest, delay):
            yield (1 - one.share) * share, reason, status, total
