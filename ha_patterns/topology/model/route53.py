"""Hosted zones, records and health checks."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from ..values import Unresolved, Value
from .base import Thing

if TYPE_CHECKING:
    from .base import Flag, Whole
    from .cloudwatch import Alarm
    from .endpoints import Endpoint
    from .recovery import RoutingControl


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class HostedZone(Thing):
    """A hosted zone."""

    name: Value
    private: bool


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
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
        children: Of a calculated check.
        healthy_children: How many of them must be healthy.
        alarm: What an alarm-backed check follows.
        control: What a routing control's check follows.
    """

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
    alarm: Alarm | Unresolved | None
    insufficient_data: Value | None
    control: RoutingControl | Unresolved | None

    @property
    def probes(self) -> bool:
        """Whether checkers ask an endpoint."""
        return isinstance(self.type, str) and self.type.startswith(("HTTP", "TCP"))


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


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Alias:
    """What an alias record is answered with.

    Attributes:
        endpoint: What its name leads to.
        zone_id: As the template has it.
        of_aws_resource: Whether it is of a resource of AWS, whatever its name: its zone is not the record's own. False
            for an alias of another record, which is in the record's own zone. See
            https://docs.aws.amazon.com/Route53/latest/APIReference/API_AliasTarget.html
    """

    endpoint: Endpoint
    zone_id: Value | None
    of_aws_resource: Flag
    evaluate_target_health: Flag


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Record(Thing):
    """A record.

    Attributes:
        name: In lower case, without the dot at its end.
        zone: Unresolved where it is not in these templates.
        zone_id: As the template has it: its id, or its name.
        ttl: Seconds; None for an alias, which has its target's.
        values: What it is answered with; empty for an alias.
        answers: The hosts that it is answered with: those of the alias, or of a CNAME or an address.
        failover: ``PRIMARY`` or ``SECONDARY``.
        weight: Of a weighted record.
        region: Of a latency record.
        location: Of a geolocation record: a country, continent or ``*``.
    """

    name: Value
    type: Value
    zone: HostedZone | Unresolved
    zone_id: Value | None
    ttl: Whole | None
    values: tuple[Value, ...]
    alias: Alias | None
    answers: tuple[Endpoint, ...]
    policy: Policy
    set_identifier: Value | None
    failover: Value | None
    weight: Whole | None
    region: Value | None
    location: Value | None
    health_check: HealthCheck | Unresolved | None
