"""The health of Regions, as a name that an edge function can ask for: Route 53 decides, the function follows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_sns as sns
from constructs import Construct

from ..cdk.typed import typed
from ..cdk.validation import check_public_zone, is_token, normal_address, normal_name, refusal, total_seconds
from ..origins import Endpoint
from ..origins.places import refuse_swapped
from ..outage_failover._shared_name import (
    checked_ttl,
    default_check,
    full_name,
    health_check,
    warn_of_long_ttl,
)
from ..outage_failover.dns_failover import DnsFailover
from ..outage_failover.failover_parts import FailoverParts
from ..outage_failover.health_checks import EndpointHealthCheck, HealthCheckSettings, switch_seconds, time_to_notice

_PAGE = "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/routing-policy-failover.html"
_HEALTHY, _UNHEALTHY = "healthy", "unhealthy"

#: How long an edge function takes an answer for true at least, in seconds, whatever is left of its TTL.
LEAST_TTL = 5


@typed
class HomeHealth(Construct):
    """A TXT record for each Region that says whether it is healthy, by a health check of its endpoint.

    Each record is a failover pair: ``healthy`` while the check passes, ``unhealthy`` else. Route 53's data plane
    decides and answers; nothing that reads it needs a control plane, or credentials.

    Creates two TXT records and a health check for each Region, in one stack; never the zone.

    Example::

        HomeHealth(
            self,
            "Health",
            hosted_zone=zone,
            record_name="home",
            homes={
                "eu-west-1": Endpoint.http_host("eu.example.com"),
                "us-east-1": Endpoint.http_host("us.example.com"),
            },
            health_checks=HealthCheckSettings.fast(path="/health"),
        )

    Args:
        hosted_zone: The public zone; its name known at synth.
        record_name: The name below which each Region has one, such as ``eu-west-1.home.example.com``; relative to the
            zone or in full.
        homes: What to check, by Region.
        health_checks: What to check of every endpoint, at its own name and under its ``origin_path``; or by Region,
            settings or a check of yours made in this stack. Default: ``HealthCheckSettings.fast()``, in the protocol
            that CloudFront uses.
        ttl: How long resolvers keep an answer, 0 to 3600 seconds. Default 60 seconds.

    Attributes:
        homes: As given.
        record_names: The name of each Region's record.
        ttl: As given, or the default.
        records: All records.
        health_checks: The checks that were made here.

    Raises:
        ValueError: A name that is known only at deploy, since the function that asks for it has it in its asset;
            health checks that do not go with the homes, or that watch another home; homes that are each in the
            Region of another one, as far as their names tell.

    See https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/routing-policy-failover.html
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        hosted_zone: route53.IHostedZone,
        record_name: str,
        homes: Mapping[str, Endpoint],
        health_checks: HealthCheckSettings | Mapping[str, HealthCheckSettings | route53.IHealthCheck] | None = None,
        ttl: Duration | None = None,
    ) -> None:
        super().__init__(scope, construct_id)
        below = full_name(record_name, check_public_zone(hosted_zone, self))
        if is_token(below):
            raise refusal(
                "record_name",
                "known at synth, with its zone's name",
                below,
                "the function that asks for it has it in its asset; import the zone with from_hosted_zone_attributes",
            )
        given = (
            health_checks
            if isinstance(health_checks, Mapping)
            else {region: health_checks or default_check(endpoint) for region, endpoint in homes.items()}
        )
        if given.keys() != homes.keys():
            raise refusal(
                "health_checks",
                f"by the Regions of homes ({', '.join(homes)})",
                ", ".join(given),
                f"a record without a check never says that its Region is down, see {_PAGE}",
            )
        refuse_swapped(
            {region: (f"homes[{region!r}]", [endpoint]) for region, endpoint in homes.items()},
            lambda region, place: f"in an outage of {place} the record of {region} would say that {region} is down",
        )
        self.ttl = checked_ttl(
            ttl, all_aliases=False, why=f"a Region is taken for healthy that long into an outage, see {_PAGE}"
        )
        warn_of_long_ttl(self, "home-health", self.ttl, "Region")
        self._hosted_zone = hosted_zone
        self.homes = dict(homes)
        self.record_names = {region: f"{region}.{below}" for region in homes}
        self.health_checks: list[EndpointHealthCheck] = []
        self.records: list[route53.RecordSet] = []
        self._checks: dict[str, route53.IHealthCheck] = {}
        for region, endpoint in homes.items():
            name = self.record_names[region]
            argument = f"health_checks[{region!r}]"
            others = {f"homes[{other!r}]": home for other, home in homes.items() if other != region}
            check = health_check(self, region, "home-health", argument, endpoint, given[region], name, others, region)
            if isinstance(check, EndpointHealthCheck) and check is not given[region]:
                self.health_checks.append(check)
            self._checks[region] = check
            self._add_records(region, name, check)

    def _add_records(self, region: str, name: str, check: route53.IHealthCheck) -> None:
        for failover, text in ((route53.Failover.PRIMARY, _HEALTHY), (route53.Failover.SECONDARY, _UNHEALTHY)):
            self.records.append(
                route53.RecordSet(
                    self,
                    f"{region}-{text}",
                    zone=self._hosted_zone,
                    # In full and with the final dot, so that the CDK does not add the zone to it once more.
                    record_name=f"{name}.",
                    record_type=route53.RecordType.TXT,
                    target=route53.RecordTarget.from_values(f'"{text}"'),
                    ttl=self.ttl,
                    failover=failover,
                    set_identifier=text,
                    health_check=check if text == _HEALTHY else None,
                )
            )

    @property
    def failover_time(self) -> Duration:
        """How long until a function knows of a Region that has gone silent.

        The ``detection_time`` of its health check, 5 s for Route 53 to answer by it (AWS publishes no figure), the
        TTL, and the 5 s for which the function keeps an answer at least.

        Raises:
            ValueError: A setting is a token; or a check has no ``detection_time``.
        """
        return self.failover_parts.failover_time

    @property
    def failover_parts(self) -> FailoverParts:
        """What ``failover_time`` is the sum of; ``drain`` is 0, since the function sends each request anew.

        Raises:
            ValueError: As ``failover_time``.
        """
        ttl = total_seconds("ttl", self.ttl)
        times = [
            (total_seconds("detection_time", time_to_notice("failover_time", check)), switch_seconds(check, ttl))
            for check in self._checks.values()
        ]
        detection, switch = max(times, key=sum)
        return FailoverParts.of_seconds(detection, switch + LEAST_TTL, 0)

    def add_alarms(self, topic: sns.ITopic) -> list[cloudwatch.Alarm]:
        """Alarms on the status of the health checks that were made here.

        Args:
            topic: Notified of each; in us-east-1, where the metric is.

        Raises:
            ValueError: The topic or this stack is in another Region, or alarms may not use the key of the topic.
        """
        return [alarm for check in self.health_checks for alarm in check.add_alarms(topic)]


def health_records(
    health: HomeHealth | Mapping[str, DnsFailover], homes: Mapping[str, Endpoint]
) -> dict[str, dict[str, Any]]:
    """By home, the record that tells its health, and the values that it has while the home is healthy.

    Raises:
        ValueError: Homes without such a record, or with the record of another home; a failover name of another place,
            or whose answers do not tell who is behind it.
    """
    regions = health.record_names if isinstance(health, HomeHealth) else health
    if regions.keys() != homes.keys():
        raise refusal(
            "health",
            f"of the homes ({', '.join(homes)})",
            ", ".join(regions),
            "a home of which nothing is known is never left",
        )
    if isinstance(health, HomeHealth):
        _require_own_homes(health, homes)
        return {
            region: {"name": name, "kind": "TXT", "values": [_HEALTHY]} for region, name in health.record_names.items()
        }
    return {region: _failover_record(region, pair, homes[region]) for region, pair in health.items()}


def _require_own_homes(health: HomeHealth, homes: Mapping[str, Endpoint]) -> None:
    """Refuse records that tell the health of another home; what is checked may have a name of its own."""
    for region, checked in health.homes.items():
        for other, home in homes.items():
            if other != region and checked.shared_with(home):
                raise refusal(
                    f"health.homes[{region!r}]",
                    f"the home in {region}, {homes[region]!r}",
                    checked,
                    f"it is the home in {other}, so traffic would leave the one that is healthy",
                )


def failover_parts(health: HomeHealth | Mapping[str, DnsFailover]) -> FailoverParts:
    """How long until a function knows of a lost home, whichever it is; it sends each request anew."""
    if isinstance(health, HomeHealth):
        return health.failover_parts
    parts = [pair.failover_parts for pair in health.values()]
    times = [(total_seconds("detection", one.detection), total_seconds("switch", one.switch)) for one in parts]
    detection, switch = max(times, key=sum)
    return FailoverParts.of_seconds(detection, switch + LEAST_TTL, 0)


def _failover_record(region: str, pair: DnsFailover, home: Endpoint) -> dict[str, Any]:
    argument, primary = f"health[{region!r}]", pair.primary
    if not primary.shared_with(home):
        raise refusal(
            argument, f"a failover name whose primary is the home, {home!r}", primary, "it tells the health of that one"
        )
    if primary.alias_target is not None:
        raise refusal(
            argument,
            "a failover name of addresses, or of names alone",
            primary,
            "what an alias answers changes by itself and does not tell who is behind it; use HomeHealth",
        )
    kind = pair.record_types[0]
    values = primary.ipv4_addresses if kind is route53.RecordType.A else primary.ipv6_addresses
    return {
        "name": pair.domain_name,
        "kind": kind.value,
        "values": [normal_name(str(primary.domain_name))]
        if kind is route53.RecordType.CNAME
        else [normal_address(address) for address in values],
    }
