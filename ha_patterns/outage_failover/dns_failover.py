"""DNS failover: one name that Route 53 answers with the primary while it is healthy, and with the secondary after."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_sns as sns
from constructs import Construct

from ..cdk.references import follow_producers
from ..cdk.taken_names import warn_of_taken_names
from ..cdk.typed import typed
from ..cdk.validation import check_choice, check_objective, check_public_zone, total_seconds
from ..edge.regions import stack_of
from ..origins import Endpoint, OriginSettings
from ..origins.endpoints import EndpointOrigin
from ._shared_name import (
    answer_ttl,
    check_endpoints,
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
from ._watching import check_control, is_switch
from .failover_parts import FailoverParts
from .health_checks import HealthCheckSettings, NamedHealthCheck, switch_seconds, time_to_notice

if TYPE_CHECKING:
    from .traffic_switch import TrafficSwitch

_PAGE = "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/routing-policy-failover.html"
_FAILBACKS = ("automatic", "manual")


@typed
class DnsFailover(Construct):
    """A failover record pair: one name, a primary with a health check, a secondary.

    The guide's "Failover based on Route 53 policy". Stateful: once the check has failed, all traffic and all methods
    move, and they move back when it passes again. Put the name behind CloudFront as an origin (``.origin()``), or
    let clients use it.

    Both endpoints must answer to the shared name: a certificate that covers it and, where they choose by Host, a
    configuration for it. Nothing in the way of a failover edits a record; it is decided by Route 53's data plane.

    DNS moves new connections only. A primary that is gone takes its connections with it; one that still answers, such
    as with errors, keeps those that are open, CloudFront's included, until it ends them. So an Application Load
    Balancer of this app that sets no ``client_keep_alive`` gets one of 300 seconds, in place of an hour.
    ``failover_parts.drain`` says how long the primary keeps connections; None if nothing tells.

    With ``failback="manual"``, traffic that has moved stays at the secondary when the primary comes up again, until
    somebody runs ``ha-patterns standby give-back --switch DOMAIN_NAME-failback --region us-east-1``. The primary then
    follows a calculated check: its own, and a switch. An alarm on its own check throws the switch, through a function
    that writes one data point, and the heartbeat of the switch repeats it. No control plane has a part in it, but
    CloudWatch and Lambda in us-east-1 do, where alone the status of health checks can be read. They take a minute or
    two. After a shorter outage traffic returns once, and then moves to the secondary to stay; where us-east-1 is
    itself out, failover works as ever and failback may be automatic. Give back when the primary is well: given back
    before, the switch holds nothing when that outage ends.

    Creates A and AAAA records (or CNAME records) for both endpoints and the health checks they follow, in one stack;
    for a manual failback two alarms, two checks and two functions; never the zone.

    Example::

        DnsFailover(
            self,
            "Origin",
            hosted_zone=zone,
            record_name="origin",
            primary=Endpoint.load_balancer(alb, domain_name="eu-west-1.example.com"),
            secondary=Endpoint.http_host("dc1.example.com", ipv4_addresses=["203.0.113.10"]),
            primary_health_check=HealthCheckSettings.fast(path="/health"),
            recovery_time_objective=Duration.minutes(2),
        )

    Args:
        hosted_zone: The public zone.
        record_name: The shared name, relative to the zone or in full.
        primary: Answers while it is healthy.
        secondary: Answers while the primary is not; and where both are unhealthy Route 53 answers the primary.
        primary_health_check: What to check of the primary, at its own name or address and under its ``origin_path``;
            or a check of yours, made in this stack. Default: ``HealthCheckSettings.fast()``, in the protocol that
            CloudFront uses.
        secondary_health_check: The same for the secondary. Default: none, and it counts as healthy.
        ttl: How long resolvers keep an answer, 0 to 3600 seconds. Alias records always take 60 s.
            Default 60 seconds.
        failback: ``automatic``, or ``manual`` (see above). Default ``automatic``.
        evaluate_target_health: Whether alias records also go by the health of their targets. A load balancer is healthy
            if each of its target groups has a healthy target; with a switch, its state alone should decide. Default:
            True, but False if one of the checks is a switch (a routing control or a ``TrafficSwitch``) and if failback
            is manual.
        recovery_time_objective: The longest the failover may take. Default: none.

    Attributes:
        domain_name: The shared name in full.
        hosted_zone: As given.
        evaluates_target_health: As given, or the default.
        ttl: How long resolvers keep an answer that is no alias.
        record_types: The types of records that both endpoints have.
        records: All records, the primary's first.
        health_checks: The checks that were made here.
        asked_names: The names that clients ask both endpoints by.
        failback_switch: The ``TrafficSwitch`` of a manual failback; None where failback is automatic.

    Raises:
        ValueError: Endpoints that are the same, that cannot share a name (buckets), or that hold different kinds of
            records; a check of the shared name, of the other endpoint, or of another stack; a traffic switch in the
            Region of its endpoint; an objective that cannot be met; manual failback in another Region than us-east-1.
            At synth: a target group without targets whose health is evaluated.

    See https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/routing-policy-failover.html
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        hosted_zone: route53.IHostedZone,
        record_name: str,
        primary: Endpoint,
        secondary: Endpoint,
        primary_health_check: HealthCheckSettings | route53.IHealthCheck | None = None,
        secondary_health_check: HealthCheckSettings | route53.IHealthCheck | None = None,
        ttl: Duration | None = None,
        failback: str = "automatic",
        evaluate_target_health: bool | None = None,
        recovery_time_objective: Duration | None = None,
    ) -> None:
        check_choice("failback", failback, _FAILBACKS, "traffic returns by itself, or when somebody says so")
        super().__init__(scope, construct_id)
        follow_producers(stack_of(self))
        warn_of_taken_names(self)
        self.primary = primary
        self.secondary = secondary
        self.hosted_zone = hosted_zone
        zone_name = check_public_zone(hosted_zone, self)
        self.domain_name = full_name(record_name, zone_name)
        endpoints = {"primary": primary, "secondary": secondary}
        check_endpoints(endpoints, self.domain_name)
        aliases = frozenset(argument for argument, endpoint in endpoints.items() if endpoint.alias_target)
        self.record_types = shared_kinds(
            {argument: possible_kinds(endpoint) for argument, endpoint in endpoints.items()},
            aliases,
            self.domain_name,
            zone_name,
        )
        self.ttl = checked_ttl(
            ttl,
            all_aliases=len(aliases) == len(endpoints),
            why=f"resolvers keep the primary's answer that long into an outage, see {_PAGE}",
        )
        if not primary.alias_target:
            warn_of_long_ttl(self, "dns-failover", self.ttl, "primary")
        self.health_checks: list[NamedHealthCheck] = []
        # What notices an outage; records follow another check where failback is manual.
        self._noticing = self._health_check(
            "Primary", primary, primary_health_check or default_check(primary), {"secondary": secondary}
        )
        self.primary_health_check = self._noticing
        self.failback_switch: TrafficSwitch | None = None
        if failback == "manual":
            self.primary_health_check = self._held(self._noticing)
        self.secondary_health_check = (
            None
            if secondary_health_check is None
            else self._health_check("Secondary", secondary, secondary_health_check, {"primary": primary})
        )
        checks = [self.primary_health_check, self.secondary_health_check]
        self.evaluates_target_health = (
            not any(map(is_switch, checks)) if evaluate_target_health is None else evaluate_target_health
        )
        self.records: list[route53.RecordSet] = []
        for role, failover, endpoint, check in (
            ("Primary", route53.Failover.PRIMARY, primary, self.primary_health_check),
            ("Secondary", route53.Failover.SECONDARY, secondary, self.secondary_health_check),
        ):
            for kind in self.record_types:
                self.records.append(
                    route53.RecordSet(
                        self,
                        f"{role}{kind.value}",
                        zone=hosted_zone,
                        # In full and with the final dot, so that the CDK does not add the zone to it once more.
                        record_name=f"{self.domain_name}.",
                        record_type=kind,
                        target=record_target(endpoint, kind),
                        ttl=None if endpoint.alias_target else self.ttl,
                        failover=failover,
                        set_identifier=role.lower(),
                        health_check=check,
                    )
                )
                if not self.evaluates_target_health:
                    leave_to_check(self.records[-1], endpoint)
        both = [primary, secondary]
        limit_keep_alives(both)
        # The name of a latency record that has this pair as a member takes the place of its own.
        self.asked_names = [self.domain_name]
        judge_at_synth(
            self, "dns-failover", both, checks, both if self.evaluates_target_health else [], self.asked_names
        )
        if recovery_time_objective is not None:
            check_objective(recovery_time_objective, self.failover_time, str(self.failover_parts))

    @property
    def failover_time(self) -> Duration:
        """How long until all traffic has moved from a primary that has gone silent.

        The ``detection_time`` of its health check, 5 s for Route 53 to answer by it (AWS publishes no figure), and the
        TTL. A primary that refuses connections is left sooner. Where it still answers, such as with errors, open
        connections stay with it for ``failover_parts.drain`` longer.

        Raises:
            ValueError: A setting is a token, or the primary's check has no ``detection_time``.
        """
        return self.failover_parts.failover_time

    @property
    def failover_parts(self) -> FailoverParts:
        """What ``failover_time`` is the sum of: ``detection`` by the health check, and ``switch`` by DNS.

        Raises:
            ValueError: As ``failover_time``.
        """
        noticed = total_seconds("detection_time", time_to_notice("failover_time", self._noticing))
        switch = switch_seconds(self._noticing, answer_ttl(self.primary, self.ttl))
        return FailoverParts.of_seconds(noticed, switch, drain_seconds([self.primary]))

    def endpoint(self) -> Endpoint:
        """The shared name as an endpoint of its own, to be a member of an origin group."""
        return shared_endpoint(self.domain_name, [self.primary, self.secondary])

    def origin(self, settings: OriginSettings | None = None) -> EndpointOrigin:
        """The shared name as an origin for any ``Distribution``.

        Args:
            settings: Attempts and time-outs. Default: ``OriginSettings.patient()``.
        """
        return self.endpoint().origin(settings or OriginSettings.patient())

    def add_alarms(self, topic: sns.ITopic) -> list[cloudwatch.Alarm]:
        """Alarms on the status of the health checks that were made here, and on the heartbeat of a manual failback.

        Args:
            topic: Notified of each; in us-east-1, where the metric is.

        Raises:
            ValueError: The topic or this stack is in another Region, or alarms may not use the key of the topic.
        """
        alarms = [alarm for check in self.health_checks for alarm in check.add_alarms(topic)]
        return alarms + (self.failback_switch.add_alarms(topic) if self.failback_switch is not None else [])

    def _health_check(
        self,
        role: str,
        endpoint: Endpoint,
        given: HealthCheckSettings | route53.IHealthCheck,
        others: Mapping[str, Endpoint],
    ) -> route53.IHealthCheck:
        argument = f"{role.lower()}_health_check"
        check = health_check(
            self,
            f"{role}HealthCheck",
            "dns-failover",
            argument,
            endpoint,
            given,
            self.domain_name,
            others,
        )
        if isinstance(given, HealthCheckSettings):
            assert isinstance(check, NamedHealthCheck)
            self.health_checks.append(check)
        else:
            check_control(argument, check, "primary" if role == "Primary" else "standby")
        return check

    def _held(self, check: route53.IHealthCheck) -> route53.IHealthCheck:
        from .manual_failback import ManualFailback

        manual = ManualFailback(self, "Failback", switch_name=f"{self.domain_name}-failback", health_check=check)
        self.failback_switch = manual.switch
        self.health_checks += [manual.switch_check, manual.health_check]
        return manual.health_check
