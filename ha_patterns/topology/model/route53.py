"""Hosted zones, records and health checks."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from ..values import Unresolved, Value, waiting
from .base import Thing, thing

if TYPE_CHECKING:
    from ...aws.hosted_zones import AliasService
    from .base import Flag, Whole
    from .cloudwatch import Alarm, CompositeAlarm
    from .endpoints import Endpoint
    from .recovery import RoutingControl


# As AWS names them, see https://docs.aws.amazon.com/Route53/latest/APIReference/API_GeoLocation.html
_CONTINENTS = {
    "AF": "Africa",
    "AN": "Antarctica",
    "AS": "Asia",
    "EU": "Europe",
    "NA": "North America",
    "OC": "Oceania",
    "SA": "South America",
}


@dataclass(frozen=True, kw_only=True)
class ZoneVpc:
    """A VPC that a private hosted zone answers.

    Attributes:
        id: As the template has it.
    """

    id: Value | None
    region: Value | None


@thing
class HostedZone(Thing):
    """A hosted zone.

    Attributes:
        name: In lower case, without the dot at its end.
        private: Whether it answers VPCs only.
        vpcs: The VPCs that a private zone answers; VPCs that are associated elsewhere are not among them.
        accelerated_recovery: Whether records can be edited again within 60 minutes when us-east-1 is out. See
            https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/accelerated-recovery.html
    """

    everywhere = True

    name: Value
    private: bool
    vpcs: tuple[ZoneVpc, ...] = ()
    comment: Value | None = None
    accelerated_recovery: Flag = False
    records: tuple[Record, ...] = ()


@dataclass(frozen=True, kw_only=True)
class HealthCheckSubnet:
    """A subnet in which Route 53 makes network interfaces that probe.

    Attributes:
        id: As the template has it.
        availability_zone_id: Such as ``use1-az1``; None if the template leaves it to the subnet.
        security_groups: Those of the interfaces, as the template has them.
    """

    id: Value | None
    availability_zone_id: Value | None
    security_groups: tuple[Value, ...]


@thing
class HealthCheckSource(Thing):
    """Where private health checks probe from: two or three subnets of one VPC, in distinct Availability Zones.

    See https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/health-checks-private-endpoints.html

    Attributes:
        vpc: As the template has it.
    """

    vpc: Value | None
    subnets: tuple[HealthCheckSubnet, ...]


@thing
class HealthCheck(Thing):
    """A health check.

    Attributes:
        type: As Route 53 calls it: ``HTTP``, ``HTTPS``, ``HTTP_STR_MATCH``, ``HTTPS_STR_MATCH``, ``TCP``,
            ``CALCULATED``, ``CLOUDWATCH_METRIC``, ``RECOVERY_CONTROL``.
        endpoint: What its domain name leads to; None where it has none.
        address: The IP address it probes; None where it goes by name.
        interval: Seconds between two probes of one checker; None for a check that probes nothing.
        threshold: Probes in a row that change its mind; None likewise.
        regions: Where it is probed from; empty for all.
        endpoint_type: ``PUBLIC``, probed from the internet, or ``PRIVATE``, from a source in a VPC; None for a check
            that probes nothing.
        source: The source that a private check probes from.
        children: Of a calculated check.
        healthy_children: How many of them must be healthy.
        alarm: What an alarm-backed check follows.
        alarm_region: The Region of that, as the check itself tells it.
        control: What a routing control's check follows.
        records: The records that carry it.
        parents: The calculated checks that it is a child of.
    """

    everywhere = True

    type: Value
    endpoint: Endpoint | None
    address: Value | None
    port: Whole | None
    path: Value | None
    search_string: Value | None
    interval: Whole | None
    threshold: Whole | None
    regions: tuple[Value, ...]
    enable_sni: Flag | None
    inverted: Flag
    disabled: Flag
    measures_latency: Flag
    children: tuple[HealthCheck | Unresolved, ...]
    healthy_children: Whole | None
    alarm: Alarm | CompositeAlarm | Unresolved | None
    alarm_region: Value | None
    insufficient_data: Value | None
    control: RoutingControl | Unresolved | None
    endpoint_type: Value | None = None
    source: HealthCheckSource | Unresolved | None = None
    records: tuple[Record, ...] = ()
    parents: tuple[HealthCheck, ...] = ()

    @property
    def probes(self) -> bool:
        """Whether checkers ask an endpoint."""
        return isinstance(self.type, str) and self.type.startswith(("HTTP", "TCP"))

    @property
    def private(self) -> Flag:
        """Whether it probes from within a VPC, and not from the internet."""
        if self.endpoint_type is None or isinstance(self.endpoint_type, str):
            return self.endpoint_type == "PRIVATE"
        unknown = next(waiting(self.endpoint_type), None)
        return unknown or Unresolved(f"{self.endpoint_type}, which AWS makes")


class Policy(Enum):
    """How Route 53 chooses among the records of one name."""

    SIMPLE = "simple"
    FAILOVER = "failover"
    WEIGHTED = "weighted"
    LATENCY = "latency"
    GEOLOCATION = "geolocation"
    GEOPROXIMITY = "geoproximity"
    MULTIVALUE = "multivalue"
    IP = "IP-based"
    AZ_AFFINITY = "AZ-affinity"


@dataclass(frozen=True, kw_only=True)
class GeoLocation:
    """Where the users of a geolocation record are.

    A continent and a country may have the same code: ``AF`` is Africa or Afghanistan.

    Attributes:
        continent: Such as ``EU``; None for a record of a country.
        country: Such as ``DE``; ``*`` for users whom no other record is for; None for a record of a continent.
        subdivision: A state of the country, such as ``CA``; None for all of it.
    """

    continent: Value | None = None
    country: Value | None = None
    subdivision: Value | None = None

    @property
    def is_default(self) -> bool:
        """Whether it is for everybody whom no other record is for."""
        return self.country == "*"

    def __str__(self) -> str:
        if self.is_default:
            return "anywhere else"
        if self.country is None:
            name = _CONTINENTS.get(str(self.continent))
            return f"continent {self.continent}{f' ({name})' if name else ''}"
        return f"country {self.country}{f' (subdivision {self.subdivision})' if self.subdivision else ''}"


@dataclass(frozen=True, kw_only=True)
class GeoProximityLocation:
    """Where the endpoint of a geoproximity record is, and how far its area reaches.

    Attributes:
        region: An AWS Region; None if a local zone group or coordinates say where.
        latitude: Degrees north, as the template has them.
        longitude: Degrees east, as the template has them.
        bias: -99 to 99: a larger bias takes users from the areas around.
    """

    region: Value | None
    local_zone_group: Value | None
    latitude: Value | None
    longitude: Value | None
    bias: Whole


@dataclass(frozen=True, kw_only=True)
class CidrLocation:
    """The address blocks of one location of a CIDR collection."""

    name: Value | None
    blocks: tuple[Value, ...]


@thing
class CidrCollection(Thing):
    """A CIDR collection: the locations that IP-based records choose by."""

    everywhere = True

    name: Value | None
    locations: tuple[CidrLocation, ...]


@dataclass(frozen=True, kw_only=True)
class CidrRouting:
    """The users of an IP-based record: those whose address is in one location of a collection.

    Attributes:
        location_name: ``*`` for users whom no other location is for.
    """

    collection: CidrCollection | Unresolved | None
    location_name: Value | None


@dataclass(frozen=True, kw_only=True)
class AZAffinity:
    """Where the clients of an AZ-affinity record are.

    If the record of a location is unhealthy, a less specific one answers; if all are unhealthy, the most specific. See
    https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/routing-policy-azaffinity.html

    Attributes:
        location_type: From the most to the least specific ``AvailabilityZone``, ``AvailabilityZoneGroup``, ``Region``,
            ``Partition``, ``Global``.
        location_id: The zone, the group, the Region or the partition, such as ``use1-az1``.
    """

    location_type: Value | None
    location_id: Value | None


@dataclass(frozen=True, kw_only=True)
class ZoneOwner:
    """Whose hosted zone an alias names.

    Attributes:
        service: The service that has it.
        region: The Region of its names; None for a service that has one zone for all.
    """

    service: AliasService
    region: Value | None

    def __str__(self) -> str:
        return self.service.value if self.region is None else f"{self.service.value} in {self.region}"


@thing
class Alias:
    """What an alias record is answered with.

    Attributes:
        endpoint: What its name leads to.
        zone_id: As the template has it.
        owner: The service of AWS that has the zone; None if it is a zone of somebody's own, or unknown.
        zone: The zone, if it is one of these templates.
        of_aws_resource: Whether it is of a resource of AWS, whatever its name: its zone is not the record's own. False
            for an alias of another record, which is in the record's own zone. See
            https://docs.aws.amazon.com/Route53/latest/APIReference/API_AliasTarget.html
    """

    endpoint: Endpoint
    zone_id: Value | None
    owner: ZoneOwner | None
    zone: HostedZone | None
    of_aws_resource: Flag
    evaluate_target_health: Flag


@thing
class Record(Thing):
    """A record.

    Attributes:
        name: In lower case, without the dot at its end.
        zone: Unresolved where it is not in these templates.
        zone_id: As the template has it: its id, or its name.
        ttl: Seconds; None for an alias, which has its target's.
        values: What it is answered with, whatever its type: also of TXT, MX and SRV records; empty for an alias.
        answers: The hosts that it is answered with: those of the alias, or of a CNAME or an address.
        policies: All policies that it is sure to have a property of; Route 53 refuses more than one.
        failover: ``PRIMARY`` or ``SECONDARY``.
        weight: Of a weighted record; 0 gets no traffic while another record with a weight is healthy.
        latency_region: Of a latency record: whose users are near.
        location: Of a geolocation record.
        proximity: Of a geoproximity record.
        cidr: Of an IP-based record.
        az_affinity: Of an AZ-affinity record.
    """

    everywhere = True

    name: Value
    type: Value
    zone: HostedZone | Unresolved
    zone_id: Value | None
    ttl: Whole | None
    values: tuple[Value, ...]
    alias: Alias | None
    answers: tuple[Endpoint, ...]
    policy: Policy
    policies: tuple[Policy, ...]
    set_identifier: Value | None
    failover: Value | None
    weight: Whole | None
    latency_region: Value | None
    location: GeoLocation | Unresolved | None
    health_check: HealthCheck | Unresolved | None
    proximity: GeoProximityLocation | Unresolved | None = None
    cidr: CidrRouting | Unresolved | None = None
    az_affinity: AZAffinity | Unresolved | None = None
