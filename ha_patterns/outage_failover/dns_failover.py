"""DNS failover: one name that Route 53 answers with the primary while it is healthy, and with the secondary after."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import jsii
from aws_cdk import Duration
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_route53_targets as targets
from aws_cdk import aws_sns as sns
from constructs import Construct

from .._validation import (
    check_choice,
    check_domain_name,
    check_objective,
    check_public_zone,
    check_seconds,
    duration,
    is_in_zone,
    is_token,
    normal_name,
    refusal,
    template_seconds,
    total_seconds,
    warn,
)
from ..origins import Endpoint, OriginSettings
from ..origins.endpoints import EndpointOrigin
from .health_checks import (
    EndpointHealthCheck,
    HealthCheckSettings,
    NamedHealthCheck,
    probed_name,
    require_same_stack,
    time_to_notice,
)

if TYPE_CHECKING:
    from .traffic_switch import TrafficSwitch

_PAGE = "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/routing-policy-failover.html"
_Type = route53.RecordType
_FAILBACKS = ("automatic", "manual")
_DEFAULT_TTL = 60
# What Route 53 answers for an alias to a load balancer, an API or an accelerator; it cannot be chosen.
_ALIAS_TTL = 60


class DnsFailover(Construct):
    """A failover record pair: one name, a primary with a health check, a secondary.

    The guide's "Failover based on Route 53 policy". Stateful: once the check has failed, all traffic and all methods
    move, and they move back when it passes again. Put the name behind CloudFront as an origin (``.origin()``), or
    let clients use it.

    Both endpoints must answer to the shared name: a certificate that covers it and, where they choose by Host, a
    configuration for it. Nothing in the way of a failover edits a record; it is decided by Route 53's data plane.

    With ``failback="manual"``, traffic that has moved stays at the secondary when the primary comes up again, until
    somebody runs ``ha-patterns standby give-back --switch DOMAIN_NAME-failback --region us-east-1``. The primary then
    follows a calculated check: its own, and a switch. An alarm on its own check throws the switch, through a function
    that writes one data point; the switch stays thrown without any further data. No control plane has a part in it,
    but CloudWatch and Lambda in us-east-1 do, where alone the status of health checks can be read. They take a minute
    or two. After a shorter outage traffic returns once, and then moves to the secondary to stay; where us-east-1 is
    itself out, failover works as ever and failback may be automatic. Give back when the primary is well: given back
    before, the switch holds nothing when that outage ends.

    Creates A and AAAA records (or CNAME records) for both endpoints and the health checks they follow, in one stack;
    for a manual failback two alarms, two checks and a function; never the zone.

    Example::

        DnsFailover(
            self,
            "Origin",
            hosted_zone=zone,
            record_name="origin",
            primary=Endpoint.load_balancer(alb, domain_name="eu-west-1.example.com"),
            secondary=Endpoint.http_host("dc1.example.com", ipv4_addresses=["203.0.113.10"]),
            primary_health_check=HealthCheckSettings.fast(path="/health"),
            recovery_time_objective=Duration.seconds(90),
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
        ttl: How long resolvers keep an answer, 0 to 86400 seconds. Alias records always take 60 s.
            Default 60 seconds.
        failback: ``automatic``, or ``manual`` (see above). Default ``automatic``.
        recovery_time_objective: The longest the failover may take. Default: none.

    Attributes:
        domain_name: The shared name in full.
        records: All records.
        health_checks: The checks that were made here.
        failback_switch: The ``TrafficSwitch`` of a manual failback; None where failback is automatic.

    Raises:
        ValueError: Endpoints that are the same, that cannot share a name (buckets), or that hold different kinds of
            records; a check of the shared name, or of another stack; an objective that cannot be met; manual
            failback in another Region than us-east-1.

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
        recovery_time_objective: Duration | None = None,
    ) -> None:
        check_choice("failback", failback, _FAILBACKS, "traffic returns by itself, or when somebody says so")
        super().__init__(scope, construct_id)
        self.primary = primary
        self.secondary = secondary
        check_public_zone(hosted_zone)
        zone_name = hosted_zone.zone_name
        self.domain_name = _full_name(record_name, zone_name)
        _check_pair(primary, secondary, self.domain_name)
        kinds = _record_types(primary, secondary, self.domain_name, zone_name)
        self._ttl = _checked_ttl(ttl, primary, secondary)
        if not primary.alias_target and not is_token(self._ttl) and template_seconds(self._ttl) > _DEFAULT_TTL:
            warn(
                self,
                "dns-failover:long-ttl",
                f"resolvers send traffic to a dead primary for {template_seconds(self._ttl):g} s after it was noticed: "
                f"a ttl of {_DEFAULT_TTL} s or less is usual with health checks",
            )
        self.health_checks: list[NamedHealthCheck] = []
        # What notices an outage; records follow another check where failback is manual.
        self._noticing = self._health_check("Primary", primary, primary_health_check or _default_check(primary))
        self.primary_health_check = self._noticing
        self.failback_switch: TrafficSwitch | None = None
        if failback == "manual":
            self.primary_health_check = self._held(self._noticing)
        self.secondary_health_check = (
            None
            if secondary_health_check is None
            else self._health_check("Secondary", secondary, secondary_health_check)
        )
        self.records: list[route53.RecordSet] = []
        for role, failover, endpoint, check in (
            ("Primary", route53.Failover.PRIMARY, primary, self.primary_health_check),
            ("Secondary", route53.Failover.SECONDARY, secondary, self.secondary_health_check),
        ):
            for kind in kinds:
                self.records.append(
                    route53.RecordSet(
                        self,
                        f"{role}{kind.value}",
                        zone=hosted_zone,
                        # In full and with the final dot, so that the CDK does not add the zone to it once more.
                        record_name=f"{self.domain_name}.",
                        record_type=kind,
                        target=_record_target(endpoint, kind),
                        ttl=None if endpoint.alias_target else self._ttl,
                        failover=failover,
                        set_identifier=role.lower(),
                        health_check=check,
                    )
                )
        if recovery_time_objective is not None:
            check_objective(
                recovery_time_objective,
                self.failover_time,
                "interval x failure_threshold of the primary's health check + ttl",
            )

    @property
    def failover_time(self) -> Duration:
        """How long until all traffic has moved: interval x failure_threshold of the health check, then the TTL.

        The guide's arithmetic; a check that probes nothing tells its own ``detection_time``. A probe that times out
        takes up to 4 seconds longer than one that is refused, and Route 53 needs a few seconds to pass the news on.

        Raises:
            ValueError: A setting is a token, or the primary's check has no ``detection_time``.
        """
        ttl = _ALIAS_TTL if self.primary.alias_target else total_seconds("ttl", self._ttl)
        return duration(total_seconds("detection_time", time_to_notice("failover_time", self._noticing)) + ttl)

    def endpoint(self) -> Endpoint:
        """The shared name as an endpoint of its own, to be a member of an origin group."""
        return Endpoint.http_host(
            self.domain_name,
            origin_path=_shared_path(self.primary),
            protocol_policy=self.primary.protocol_policy,
            http_port=self.primary.http_port,
            https_port=self.primary.https_port,
            accepts_viewer_host=self.primary.accepts_viewer_host and self.secondary.accepts_viewer_host,
        )

    def origin(self, settings: OriginSettings | None = None) -> EndpointOrigin:
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
            ValueError: The topic or this stack is in another Region.
        """
        return [alarm for check in self.health_checks for alarm in check.add_alarms(topic)]

    def _health_check(
        self, role: str, endpoint: Endpoint, given: HealthCheckSettings | route53.IHealthCheck
    ) -> route53.IHealthCheck:
        argument = f"{role.lower()}_health_check"
        if isinstance(given, HealthCheckSettings):
            check = EndpointHealthCheck(
                self,
                f"{role}HealthCheck",
                settings=self._how_to_ask(argument, endpoint, given),
                **self._what_to_ask(argument, endpoint),
            )
            self.health_checks.append(check)
            return check
        require_same_stack(argument, given, self, "record")
        if probed_name(given) == normal_name(self.domain_name):
            raise ValueError(
                f"{argument} asks {self.domain_name}, the failover name itself: the check would follow the failover "
                "that it decides; check a name or address that only this endpoint has"
            )
        return given

    def _held(self, check: route53.IHealthCheck) -> route53.IHealthCheck:
        from .manual_failback import ManualFailback

        manual = ManualFailback(self, "Failback", switch_name=f"{self.domain_name}-failback", health_check=check)
        self.failback_switch = manual.switch
        self.health_checks += [manual.switch_check, manual.health_check]
        return manual.health_check

    def _how_to_ask(self, argument: str, endpoint: Endpoint, settings: HealthCheckSettings) -> HealthCheckSettings:
        """The settings, at the port where CloudFront will ask, too, and under the path where it will."""
        if settings.protocol == "HTTPS" and endpoint.protocol_policy is cloudfront.OriginProtocolPolicy.HTTP_ONLY:
            warn(
                self,
                "dns-failover:other-protocol",
                f"{argument} asks for HTTPS what CloudFront asks for HTTP: an endpoint without HTTPS looks dead from "
                "the start; give HealthCheckSettings(protocol='HTTP', ...)",
            )
        if settings.protocol == "TCP":
            return settings
        port = endpoint.https_port if settings.protocol == "HTTPS" else endpoint.http_port
        path = f"{endpoint.origin_path or ''}{settings.path or '/'}"
        return replace(settings, port=port if settings.port is None else settings.port, path=path)

    def _what_to_ask(self, argument: str, endpoint: Endpoint) -> dict[str, Any]:
        if endpoint.domain_name is not None:
            return {"domain_name": endpoint.domain_name}
        addresses = endpoint.ipv4_addresses or endpoint.ipv6_addresses
        if len(addresses) != 1:
            raise ValueError(
                f"{argument} cannot be made: {endpoint!r} has no name of its own and not one address, and a health "
                "check asks one; give the endpoint a domain_name, or a health check of yours"
            )
        # The address alone says where to ask; the name is sent as Host and SNI, as CloudFront will.
        return {"domain_name": self.domain_name, "ip_address": addresses[0]}


@jsii.implements(route53.IAliasRecordTarget)
class _EvaluatedAlias:
    """Any alias target, with its health evaluated: most of the CDK's own cannot say so from Python."""

    def __init__(self, target: route53.IAliasRecordTarget) -> None:
        self._target = target

    def bind(
        self, record: route53.IRecordSet, zone: route53.IHostedZone | None = None
    ) -> route53.AliasRecordTargetConfig:
        bound = self._target.bind(record, zone)
        return route53.AliasRecordTargetConfig(
            dns_name=bound.dns_name, hosted_zone_id=bound.hosted_zone_id, evaluate_target_health=True
        )


def _record_types(primary: Endpoint, secondary: Endpoint, name: str, zone_name: str) -> list[_Type]:
    """The kinds of records that both endpoints have; a kind that only one has would never fail over."""
    mine, others = _possible_types(primary), _possible_types(secondary)
    # An alias can be in either family, so beside an endpoint with IPv4 addresses alone it is in that one alone.
    kinds = mine & others if primary.alias_target or secondary.alias_target else mine
    if not kinds or (kinds != others and not secondary.alias_target) or (kinds != mine and not primary.alias_target):
        names = ["+".join(sorted(kind.value for kind in given)) for given in (mine, others)]
        raise ValueError(
            f"primary and secondary must have the same kinds of records, got {names[0]} and {names[1]}: a kind that "
            "only one of them has never fails over; give both IPv4 addresses, and IPv6 to both or neither, or both a "
            "name alone"
        )
    if kinds == {_Type.CNAME} and normal_name(name) == normal_name(zone_name):
        raise ValueError(
            f"record_name must not be the zone's own name where endpoints are known by name alone, got {name!r}: "
            "DNS allows no CNAME there; give the endpoints addresses or an alias"
        )
    return [kind for kind in (_Type.A, _Type.AAAA, _Type.CNAME) if kind in kinds]


def _possible_types(endpoint: Endpoint) -> set[_Type]:
    if endpoint.alias_target is not None:
        return {_Type.A, _Type.AAAA}
    families = {_Type.A: endpoint.ipv4_addresses, _Type.AAAA: endpoint.ipv6_addresses}
    return {kind for kind, addresses in families.items() if addresses} or {_Type.CNAME}


def _record_target(endpoint: Endpoint, kind: _Type) -> route53.RecordTarget:
    if endpoint.alias_target is not None:
        return route53.RecordTarget.from_alias(_EvaluatedAlias(endpoint.alias_target))
    values = {
        _Type.A: endpoint.ipv4_addresses,
        _Type.AAAA: endpoint.ipv6_addresses,
        _Type.CNAME: [str(endpoint.domain_name)],
    }
    return route53.RecordTarget.from_values(*values[kind])


def _check_pair(primary: Endpoint, secondary: Endpoint, name: str) -> None:
    if shared := primary.shared_with(secondary):
        raise ValueError(
            f"secondary must be another place than primary, got {primary!r} and {secondary!r}, which share {shared}: "
            "one outage takes them both"
        )
    connections = [(e.protocol_policy.name, e.http_port, e.https_port, _shared_path(e)) for e in (primary, secondary)]
    if connections[0] != connections[1]:
        raise ValueError(
            f"primary and secondary must be connected to in the same way, got {connections[0]} and {connections[1]}: "
            "behind one name, CloudFront cannot tell them apart; give both the same protocol_policy, ports and "
            "origin_path"
        )
    for argument, endpoint in (("primary", primary), ("secondary", secondary)):
        if endpoint.domain_name is not None and normal_name(endpoint.domain_name) == normal_name(name):
            raise ValueError(
                f"{argument} must have a name that is not the failover name itself, got {name!r}: its health check and "
                "record would follow the failover that they decide; give it a name or address that only it has"
            )
        if endpoint.is_bucket:
            raise ValueError(
                f"{argument} must not be a bucket, got {endpoint!r}: S3 chooses the bucket by its own name, so buckets "
                "cannot share one; put two buckets into an origin group (BucketFailover)"
            )
        if not endpoint.accepts_viewer_host and endpoint.alias_target is None:
            raise ValueError(
                f"{argument} must answer to {name}, got {endpoint!r}, which answers to its own name only: give it a "
                "custom domain of the shared name in its Region, Endpoint.api_gateway(custom_domain=...)"
            )
        if isinstance(endpoint.alias_target, targets.CloudFrontTarget):
            raise ValueError(
                f"{argument} must not be a CloudFront distribution: Route 53 cannot evaluate its health, and a name "
                "belongs to one distribution only; fail over behind it, with an origin group or this pair as its origin"
            )


def _default_check(endpoint: Endpoint) -> HealthCheckSettings:
    http_only = endpoint.protocol_policy is cloudfront.OriginProtocolPolicy.HTTP_ONLY
    return HealthCheckSettings.fast(protocol="HTTP" if http_only else "HTTPS")


def _shared_path(endpoint: Endpoint) -> str | None:
    """The path before each request's own at the shared name; a custom domain of an API leads to its stage by itself."""
    return endpoint.origin_path if endpoint.accepts_viewer_host else None


def _checked_ttl(ttl: Duration | None, primary: Endpoint, secondary: Endpoint) -> Duration:
    if ttl is None:
        return duration(_DEFAULT_TTL)
    check_seconds("ttl", ttl, 0, 86400, f"resolvers keep the primary's answer that long into an outage, see {_PAGE}")
    if primary.alias_target and secondary.alias_target:
        raise ValueError(
            f"ttl cannot be chosen for alias records, Route 53 answers them with {_ALIAS_TTL} s: leave it out"
        )
    return ttl


def _full_name(record_name: str, zone_name: str) -> str:
    name = record_name.removesuffix(".")
    is_full = record_name.endswith(".") or is_token(name)
    if not is_token(zone_name):
        zone_name = zone_name.removesuffix(".")
        is_full = is_full or is_in_zone(name, zone_name)
    if not is_full:
        name = f"{name}.{zone_name}"
    check_domain_name("record_name", name, "it is the name that both endpoints share")
    if not is_token(name) and not is_token(zone_name) and not is_in_zone(name, zone_name):
        raise refusal("record_name", f"in the hosted_zone {zone_name}", record_name, "no record can be made elsewhere")
    return name
