"""Standby takes over primary: who is on the side that works moves the traffic."""

from __future__ import annotations

from aws_cdk import Duration
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_sns as sns
from constructs import Construct

from ..cdk.typed import typed
from ..origins import Endpoint, OriginSettings
from ..origins.places import place_of
from ._watching import check_switch_place
from .alarm_checks import AlarmHealthCheck
from .dns_failover import DnsFailover
from .failover_parts import FailoverParts
from .traffic_switch import TrafficSwitch


@typed
class StandbyTakesOver(Construct):
    """A failover record pair that a switch in the standby's Region moves, whatever has become of the primary.

    The guide's "Failover based on Route 53 policy", decided by people: an outage that no probe tells, a primary that
    answers and is wrong, an evacuation. The primary's record follows an alarm in the standby's Region, so one data
    point there takes over: ``ha-patterns standby take-over --switch NAME --region REGION``, and ``give-back``. It
    touches neither the primary's Region nor a control plane. It stays as it was put: the heartbeat of the switch
    repeats it every minute in the standby's Region.

    The check is not inverted: an alarm in alarm is an unhealthy primary already, and an inverted check would send all
    traffic to the standby from the first deploy until somebody gave it back.

    If the standby's Region is out as well, the check keeps its last known status: the primary serves if nobody had
    taken over.

    Nothing moves by itself. For that as well, give ``DnsFailover`` a ``CalculatedHealthCheck`` of an endpoint's check
    and an ``AlarmHealthCheck`` of the switch.

    Creates a ``DnsFailover`` and an ``AlarmHealthCheck``; the switch is made before, in a stack of the standby's
    Region.

    Example::

        StandbyTakesOver(
            self,
            "Origin",
            hosted_zone=zone,
            record_name="origin",
            primary=Endpoint.load_balancer(alb, domain_name="eu-west-1.example.com"),
            secondary=Endpoint.load_balancer(other, domain_name="eu-central-1.example.com"),
            switch=TrafficSwitch(standby_stack, "Switch", switch_name="shop"),
        )

    Args:
        hosted_zone: The public zone.
        record_name: The shared name, relative to the zone or in full.
        primary: Answers until the standby takes over.
        secondary: The standby. It has no health check: whoever takes over says that it serves. The health of an alias
            target does not count either.
        switch: The switch, in the standby's Region or a third one.
        ttl: See ``DnsFailover``. Default 60 seconds.
        recovery_time_objective: The longest from the act until all traffic has moved. Default: none.

    Attributes:
        dns: The ``DnsFailover``.
        health_check: The ``AlarmHealthCheck`` that the primary's records follow.
        switch: As given.

    Raises:
        ValueError: A switch in the primary's Region; and as ``DnsFailover`` and ``AlarmHealthCheck``.

    See https://aws.amazon.com/blogs/networking-and-content-delivery/creating-disaster-recovery-mechanisms-using-amazon-route-53/
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
        switch: TrafficSwitch,
        ttl: Duration | None = None,
        recovery_time_objective: Duration | None = None,
    ) -> None:
        super().__init__(scope, construct_id)
        self.switch = switch
        self.health_check = AlarmHealthCheck(self, "HealthCheck", alarm=switch.alarm)
        check_switch_place("switch", self.health_check, primary, place_of(primary))
        self.dns = DnsFailover(
            self,
            "Dns",
            hosted_zone=hosted_zone,
            record_name=record_name,
            primary=primary,
            secondary=secondary,
            primary_health_check=self.health_check,
            ttl=ttl,
            recovery_time_objective=recovery_time_objective,
        )

    @property
    def failover_time(self) -> Duration:
        """How long after the act all traffic has moved.

        Two minutes until the switch is followed, which the first data point of a new metric can take; 5 s for Route 53
        to answer by it (AWS publishes no figure); and the TTL. See ``failover_parts`` for connections that are open.
        """
        return self.dns.failover_time

    @property
    def failover_parts(self) -> FailoverParts:
        """What ``failover_time`` is the sum of; see ``DnsFailover``."""
        return self.dns.failover_parts

    def endpoint(self) -> Endpoint:
        """The shared name as an endpoint of its own, to be a member of an origin group."""
        return self.dns.endpoint()

    def origin(self, settings: OriginSettings | None = None) -> cloudfront.IOrigin:
        """The shared name as an origin for any ``Distribution``.

        Args:
            settings: Attempts and time-outs. Default: ``OriginSettings.patient()``.
        """
        return self.dns.origin(settings)

    def add_alarms(self, topic: sns.ITopic) -> list[cloudwatch.Alarm]:
        """An alarm that tells when the standby has taken over, and when traffic was given back.

        Args:
            topic: Notified of both; in us-east-1, where the metric is.

        Raises:
            ValueError: The topic or this stack is in another Region, or alarms may not use the key of the topic.
        """
        return self.health_check.add_alarms(topic)
