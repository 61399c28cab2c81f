"""Latency routing: one name that Route 53 answers with the nearest Region that is healthy."""

from __future__ import annotations

from collections.abc import Mapping

import jsii
from aws_cdk import Duration
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_route53_targets as targets
from aws_cdk import aws_sns as sns
from constructs import Construct, IValidation

from ..aws.regions import LATENCY_REGIONS
from ..cdk.references import follow_producers
from ..cdk.taken_names import warn_of_taken_names
from ..cdk.typed import typed
from ..cdk.validation import (
    check_choice,
    check_objective,
    check_public_zone,
    is_token,
    normal_name,
    refusal,
    total_seconds,
    warn,
)
from ..edge.behaviors import distribution_parts
from ..edge.regions import stack_of
from ..origins import Endpoint, OriginSettings
from ..origins.places import one_place, refuse_swapped
from ..outage_failover._shared_name import (
    EvaluatedAlias,
    answer_ttl,
    check_endpoints,
    check_other_name,
    checked_ttl,
    default_check,
    drain_seconds,
    full_name,
    health_check,
    judge_at_synth,
    leave_to_check,
    limit_keep_alives,
    possible_kinds,
    record_target,
    shared_endpoint,
    shared_kinds,
    warn_of_long_ttl,
)
from ..outage_failover._watching import check_watches, is_switch
from ..outage_failover.dns_failover import DnsFailover
from ..outage_failover.failover_parts import FailoverParts
from ..outage_failover.health_checks import EndpointHealthCheck, HealthCheckSettings, switch_seconds, time_to_notice

_PAGE = "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/routing-policy-latency.html"
# Where evaluating the target tells of the AWS service, and nothing of what it serves.
_SERVICE_ALIASES = (
    targets.ApiGatewayDomain,
    targets.ApiGatewayv2DomainProperties,
    targets.BucketWebsiteTarget,
    targets.InterfaceVpcEndpointTarget,
)


@typed
class LatencyRouting(Construct):
    """A latency record set: one name, answered with the Region of the lowest latency that is healthy.

    The guide's "Web applications with latency-based routing". All Regions serve; where one is unhealthy, the next
    takes its users, all methods included. Put the name behind CloudFront as an origin (``.origin()``).

    Behind CloudFront it is the edge that is near a Region, not the viewer: CloudFront resolves the name in the edge
    location for dynamic requests (writes, and what is not cached) and in the Regional edge cache for cacheable ones.
    Origin Shield would resolve it in the shield's one Region for all the world, so an origin of this name with it, in
    a distribution of this stack, is refused at synth. Give behaviors to APIs
    ``OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER``: an API answers to the shared name, not to the viewer's.

    Every endpoint must answer to the shared name: a certificate that covers it, made in its Region, and where it
    chooses by Host a configuration for it, such as a custom domain of API Gateway in each Region.

    A member that is a ``DnsFailover`` makes a tree: the nearest Region, and within it a primary and a secondary. Its
    name is in the same zone; its endpoints, too, must answer to this name. It counts as healthy as long as one of
    its two does, so its secondary needs a check, or the Region would never be left.

    DNS moves new connections only: a member that still answers, such as with errors, keeps those that are open until
    it ends them. So an Application Load Balancer of this app that sets no ``client_keep_alive`` gets one of 300
    seconds, in place of an hour. ``failover_parts.drain`` says how long members keep connections; None if nothing
    tells.

    Creates A and AAAA records (or CNAME records) for every Region and the health checks they follow, in one stack;
    never the zone.

    Example::

        LatencyRouting(
            self,
            "Origin",
            hosted_zone=zone,
            record_name="api",
            members={
                "eu-west-1": Endpoint.api_gateway(domain_name="eu.example.com", custom_domain=in_ireland),
                "us-east-1": Endpoint.api_gateway(domain_name="us.example.com", custom_domain=in_virginia),
            },
            health_checks=HealthCheckSettings.fast(path="/health"),
            recovery_time_objective=Duration.minutes(2),
        )

    Args:
        hosted_zone: The public zone.
        record_name: The shared name, relative to the zone or in full.
        members: What answers, by AWS Region; at least two. An on-premises host takes the Region nearest to it.
        health_checks: What to check of every endpoint, at its own name or address and under its ``origin_path``; or
            by Region, settings or a check of yours made in this stack. A Region left out follows the health of its
            alias target alone, and must have one. Default: ``HealthCheckSettings.fast()`` of every endpoint, in the
            protocol that CloudFront uses.
        evaluate_target_health: Whether alias records also go by the health of their targets. A load balancer is healthy
            if each of its target groups has a healthy target. That of a ``DnsFailover`` counts always. Default: True,
            but False for a Region whose check is a switch.
        ttl: How long resolvers keep an answer, 0 to 3600 seconds; one for all. Alias records always take their
            target's, 60 s. Default 60 seconds.
        recovery_time_objective: The longest until the users of a Region that is lost are served elsewhere.
            Default: none.

    Attributes:
        domain_name: The shared name in full.
        hosted_zone: As given.
        ttl: How long resolvers keep an answer that is no alias.
        members: As given.
        record_types: The types of records that every member has.
        records: All records.
        health_checks: The checks that were made here.

    Raises:
        ValueError: Fewer than two members; a Region that is none; members that are in each other's Regions; a member
            without health, which Route 53 would answer with for as long as it is dead, or with the health of another
            member; members that are the same place, that cannot share a name
            (buckets), or that hold different kinds of records; an objective that cannot be met.

    See https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/routing-policy-latency.html
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        hosted_zone: route53.IHostedZone,
        record_name: str,
        members: Mapping[str, Endpoint | DnsFailover],
        health_checks: HealthCheckSettings | Mapping[str, HealthCheckSettings | route53.IHealthCheck] | None = None,
        evaluate_target_health: bool | None = None,
        ttl: Duration | None = None,
        recovery_time_objective: Duration | None = None,
    ) -> None:
        super().__init__(scope, construct_id)
        follow_producers(stack_of(self))
        warn_of_taken_names(self)
        self.hosted_zone = hosted_zone
        self.members = dict(members)
        check_public_zone(hosted_zone, self)
        _check_regions(members)
        refuse_swapped(
            {region: (_argument(region), _endpoints(member)) for region, member in members.items()},
            lambda region, place: (
                f"Route 53 would send the users near {region} to {place}, and those near {place} elsewhere"
            ),
        )
        zone_name = hosted_zone.zone_name
        self.domain_name = full_name(record_name, zone_name)
        endpoints = {_argument(region): _first(member) for region, member in members.items()}
        for region, member in members.items():
            if isinstance(member, DnsFailover):
                self._check_pair(region, member)
        check_endpoints(endpoints, self.domain_name)
        aliases = frozenset(_argument(region) for region, member in members.items() if _is_alias(member))
        self.record_types = shared_kinds(
            {_argument(region): _possible_kinds(member) for region, member in members.items()},
            aliases,
            self.domain_name,
            zone_name,
        )
        all_aliases = len(aliases) == len(members)
        self.ttl = checked_ttl(
            ttl, all_aliases=all_aliases, why=f"resolvers keep a Region's answer that long into an outage, see {_PAGE}"
        )
        if not all_aliases:
            warn_of_long_ttl(self, "latency-routing", self.ttl, "Region")
        self.health_checks: list[EndpointHealthCheck] = []
        self._evaluates = evaluate_target_health
        self._checks = self._follow(health_checks)
        self.records = [
            route53.RecordSet(
                self,
                f"{region}-{kind.value}",
                zone=hosted_zone,
                # In full and with the final dot, so that the CDK does not add the zone to it once more.
                record_name=f"{self.domain_name}.",
                record_type=kind,
                target=_target(member, kind),
                ttl=None if _is_alias(member) else self.ttl,
                region=region,
                set_identifier=region,
                health_check=self._checks.get(region),
            )
            for region, member in members.items()
            for kind in self.record_types
        ]
        self._leave_to_checks()
        self.node.add_validation(_NoOriginShield(self))
        self._places = [each for member in members.values() for each in _endpoints(member)]
        limit_keep_alives(self._places)
        evaluated = [
            member
            for region, member in members.items()
            if isinstance(member, Endpoint) and self._evaluates_target_of(region)
        ]
        checks = [self._checks.get(region) for region in members]
        judge_at_synth(self, "latency-routing", self._places, checks, evaluated, [self.domain_name])
        for region, member in members.items():
            self._warn_of_another_region(region, member)
        if recovery_time_objective is not None:
            check_objective(recovery_time_objective, self.failover_time, str(self.failover_parts))

    @property
    def failover_time(self) -> Duration:
        """How long until users of a Region that has gone silent are served by another, whichever Region it is.

        The ``detection_time`` of its health check, 5 s for Route 53 to answer by it (AWS publishes no figure), and the
        TTL. A member that is a ``DnsFailover`` is left when the checks of both its endpoints have failed. Where a
        member still answers, such as with errors, open connections stay with it for ``failover_parts.drain`` longer.

        Raises:
            ValueError: A setting is a token; a member's check has no ``detection_time``; or a member follows its alias
                target alone, whose own settings decide.
        """
        return self.failover_parts.failover_time

    @property
    def failover_parts(self) -> FailoverParts:
        """What ``failover_time`` is the sum of: ``detection`` by a health check, and ``switch`` by DNS.

        Raises:
            ValueError: As ``failover_time``.
        """
        times = [self._time_to_leave(region, member) for region, member in self.members.items()]
        detection, switch = max(times, key=sum)
        return FailoverParts.of_seconds(detection, switch, drain_seconds(self._places))

    def endpoint(self) -> Endpoint:
        """The shared name as an endpoint of its own, to be a member of an origin group."""
        return shared_endpoint(
            self.domain_name,
            [endpoint for member in self.members.values() for endpoint in _endpoints(member)],
        )

    def origin(self, settings: OriginSettings | None = None) -> cloudfront.IOrigin:
        """The shared name as an origin for any ``Distribution``.

        Args:
            settings: Attempts and time-outs. Default: ``OriginSettings.patient()``.
        """
        return self.endpoint().origin(settings or OriginSettings.patient())

    def add_alarms(self, topic: sns.ITopic) -> list[cloudwatch.Alarm]:
        """Alarms on the status of the health checks that were made here.

        Args:
            topic: Notified of each; in us-east-1, where the metric is.

        Raises:
            ValueError: The topic or this stack is in another Region, or alarms may not use the key of the topic.
        """
        return [alarm for check in self.health_checks for alarm in check.add_alarms(topic)]

    def _leave_to_checks(self) -> None:
        """Have records go by their checks alone, where the health of the alias target is not to count."""
        per_member = len(self.record_types)
        for place, (region, member) in enumerate(self.members.items()):
            if isinstance(member, Endpoint) and not self._evaluates_target_of(region):
                for record in self.records[place * per_member : (place + 1) * per_member]:
                    leave_to_check(record, member)

    def _evaluates_target_of(self, region: str) -> bool:
        """Whether the record of an endpoint also goes by the health of its alias target."""
        return not is_switch(self._checks.get(region)) if self._evaluates is None else self._evaluates

    def _others(self, region: str) -> dict[str, Endpoint]:
        """The endpoints of the other Regions, by argument."""
        return {
            _argument(other) if isinstance(member, Endpoint) else f"{role} of {_argument(other)}": endpoint
            for other, member in self.members.items()
            if other != region
            for role, endpoint in zip(("primary", "secondary"), _endpoints(member), strict=False)
        }

    def _check_pair(self, region: str, pair: DnsFailover) -> None:
        argument = _argument(region)
        pair.asked_names[:] = [self.domain_name]
        zones = [self.hosted_zone.hosted_zone_id, pair.hosted_zone.hosted_zone_id]
        if not any(map(is_token, zones)) and zones[0] != zones[1]:
            raise refusal(
                argument, f"in the hosted zone {zones[0]}", zones[1], "an alias to a record stays within its zone"
            )
        for own_name in (pair.domain_name, pair.secondary.domain_name):
            check_other_name(argument, own_name, self.domain_name)
        for check_name, check, own in (
            ("primary_health_check", pair.primary_health_check, pair.primary),
            ("secondary_health_check", pair.secondary_health_check, pair.secondary),
        ):
            if check is not None:
                check_watches(f"{check_name} of {argument}", check, own, self._others(region), region=region)
        has_health = pair.secondary.alias_target is not None and pair.evaluates_target_health
        if pair.secondary_health_check is None and not has_health:
            raise ValueError(
                f"{argument} would never be left: its secondary has no health check, so {pair.domain_name} counts as "
                "healthy for ever; give the DnsFailover a secondary_health_check"
            )
        if pair.secondary_health_check is None and isinstance(pair.secondary.alias_target, _SERVICE_ALIASES):
            self._warn_of_service_health(f"secondary_health_check of {argument}", pair.secondary)

    def _follow(
        self, given: HealthCheckSettings | Mapping[str, HealthCheckSettings | route53.IHealthCheck] | None
    ) -> dict[str, route53.IHealthCheck]:
        """The check of each Region that has one."""
        endpoints = {region: member for region, member in self.members.items() if isinstance(member, Endpoint)}
        if given is None or isinstance(given, HealthCheckSettings):
            if given is not None and not endpoints:
                raise refusal(
                    "health_checks", "left out", given, "every member is a DnsFailover, whose own checks decide"
                )
            given = {region: given or default_check(endpoint) for region, endpoint in endpoints.items()}
        for region in given:
            if region not in endpoints:
                raise refusal(
                    "health_checks",
                    f"by the Regions of members that are endpoints ({', '.join(endpoints) or 'there are none'})",
                    region,
                    "a DnsFailover has checks of its own" if region in self.members else "it would check nothing",
                )
        checks: dict[str, route53.IHealthCheck] = {}
        for region, endpoint in endpoints.items():
            argument = f"health_checks[{region!r}]"
            if region not in given:
                self._require_health(argument, endpoint)
                continue
            check = health_check(
                self,
                f"{region}-HealthCheck",
                "latency-routing",
                argument,
                endpoint,
                given[region],
                self.domain_name,
                self._others(region),
                region,
            )
            if isinstance(given[region], HealthCheckSettings):
                assert isinstance(check, EndpointHealthCheck)
                self.health_checks.append(check)
            checks[region] = check
        return checks

    def _require_health(self, argument: str, endpoint: Endpoint) -> None:
        if endpoint.alias_target is None or self._evaluates is False:
            raise ValueError(
                f"{argument} is missing: Route 53 would answer with {endpoint!r} for as long as it is dead, so users "
                "near it would never fail over; give HealthCheckSettings or a health check"
            )
        if isinstance(endpoint.alias_target, _SERVICE_ALIASES):
            self._warn_of_service_health(argument, endpoint)

    def _warn_of_service_health(self, argument: str, endpoint: Endpoint) -> None:
        warn(
            self,
            "latency-routing:service-health-only",
            f"{argument} is missing, and the alias of {endpoint!r} is unhealthy only when the AWS service itself is: "
            "an application that fails in that Region keeps its users; give HealthCheckSettings",
        )

    def _warn_of_another_region(self, region: str, member: Endpoint | DnsFailover) -> None:
        place = one_place(_endpoints(member))
        if place in LATENCY_REGIONS and place != region:
            warn(
                self,
                "latency-routing:other-region",
                f"{_argument(region)} is in {place}: Route 53 measures latency to {region}, so users near there are "
                f"sent to {place}; give it as the member of {place}",
            )

    def _time_to_leave(self, region: str, member: Endpoint | DnsFailover) -> tuple[int, int]:
        """How long until a member is unhealthy, and then until users have left it."""
        if isinstance(member, Endpoint):
            checks = {f"health_checks[{region!r}]": self._checks.get(region)}
            ttl = answer_ttl(member, self.ttl)
        else:
            checks = {
                "primary_health_check": member.primary_health_check,
                "secondary_health_check": member.secondary_health_check,
            }
            ttl = max(answer_ttl(endpoint, member.ttl) for endpoint in _endpoints(member))
        times = []
        for argument, check in checks.items():
            if check is None:
                raise ValueError(
                    f"failover_time cannot be computed: {_argument(region)} follows the health of its alias target, "
                    f"whose own settings decide; give {argument}=HealthCheckSettings(...)"
                )
            noticed = total_seconds("detection_time", time_to_notice("failover_time", check))
            times.append((noticed, switch_seconds(check, ttl)))
        return max(times, key=sum)


@jsii.implements(IValidation)
class _NoOriginShield:
    """Refuses Origin Shield in front of a latency name, in the distributions of its stack."""

    def __init__(self, routing: LatencyRouting) -> None:
        self._routing = routing

    def validate(self) -> list[str]:
        stack = stack_of(self._routing)
        name = stack.resolve(self._routing.domain_name)
        found = []
        for resource in stack.node.find_all():
            if not isinstance(resource, cloudfront.CfnDistribution):
                continue
            for origin in distribution_parts(resource, "origins")["origins"] or ():
                own_name, shield = origin["domainName"], origin.get("originShield") or {}
                if isinstance(own_name, str):
                    own_name = normal_name(own_name)
                if own_name == (normal_name(name) if isinstance(name, str) else name) and shield.get("enabled"):
                    found.append(
                        f"{resource.node.path} asks the latency name {name} through Origin Shield in "
                        f"{shield.get('originShieldRegion')}: it is resolved there for all viewers, so one Region "
                        "would serve the whole world; turn Origin Shield off for this origin, or say which Region "
                        "serves with a DnsFailover"
                    )
        return found


def _check_regions(members: Mapping[str, Endpoint | DnsFailover]) -> None:
    if len(members) < 2:
        raise refusal(
            "members", "at least two Regions", list(members), "with one there is nothing to choose or to fail over to"
        )
    for region in members:
        if is_token(region):
            raise refusal("members", "by Regions known now", region, "the records are named after them")
        check_choice("members", region, LATENCY_REGIONS, f"Route 53 measures latency to AWS Regions only, see {_PAGE}")


def _argument(region: str) -> str:
    return f"members[{region!r}]"


def _endpoints(member: Endpoint | DnsFailover) -> list[Endpoint]:
    return [member] if isinstance(member, Endpoint) else [member.primary, member.secondary]


def _first(member: Endpoint | DnsFailover) -> Endpoint:
    return _endpoints(member)[0]


def _is_alias(member: Endpoint | DnsFailover) -> bool:
    return isinstance(member, DnsFailover) or member.alias_target is not None


def _possible_kinds(member: Endpoint | DnsFailover) -> frozenset[route53.RecordType]:
    return possible_kinds(member) if isinstance(member, Endpoint) else frozenset(member.record_types)


def _target(member: Endpoint | DnsFailover, kind: route53.RecordType) -> route53.RecordTarget:
    if isinstance(member, Endpoint):
        return record_target(member, kind)
    # The primary's records come first; the name of one leads to the pair, and makes it be there before the alias.
    records = dict(zip(member.record_types, member.records, strict=False))
    return route53.RecordTarget.from_alias(EvaluatedAlias(targets.Route53RecordTarget(records[kind])))
