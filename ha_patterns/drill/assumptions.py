"""What AWS does not say, and a drill has to assume: each with a default, its alternatives and the reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from ..command_line.frame import CommandError

_METADATA = "assumption"


@dataclass(frozen=True, kw_only=True)
class Assumption:
    """Something that a drill assumes.

    Attributes:
        alternatives: Other values that are as good, of which ``--sensitivity`` tries each.
        reason: Why the default is what it is.
        page: The AWS page that says the most about it; empty if none does.
    """

    alternatives: tuple[Any, ...]
    reason: str
    page: str = ""


def _assumed(default: Any, /, *alternatives: Any, reason: str, page: str = "") -> Any:
    assumption = Assumption(alternatives=alternatives, reason=reason, page=page)
    return field(default=default, metadata={_METADATA: assumption})


_CLOUDFRONT = "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/"
_ROUTE53 = "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/"


@dataclass(frozen=True, kw_only=True)
class Assumptions:
    """The assumptions of a drill. Times are in seconds.

    >>> Assumptions(dns_propagation=0).dns_propagation
    0
    """

    connect_failure_codes: str = _assumed(
        "503",
        "502, 503 and 504",
        reason="An origin group leaves an origin that cannot be connected to if 503 is among its codes. AWS's page "
        "says nothing of 502 and 504, though viewers get these.",
        page=f"{_CLOUDFRONT}high_availability_origin_failover.html",
    )
    completion_timeout: str = _assumed(
        "fails over as 504",
        "does not fail over",
        reason="When the response completion timeout ends all attempts, viewers get 504; whether an origin group takes "
        "that for a 504 of the origin, AWS does not say.",
        page=f"{_CLOUDFRONT}DownloadDistValuesOrigin.html",
    )
    dns_propagation: int = _assumed(
        1,
        0,
        5,
        10,
        reason="From a change of health until all nameservers of Route 53 answer by it, AWS gives no figure.",
        page=f"{_ROUTE53}dns-failover-determining-health-of-endpoints.html",
    )
    ttl_overrun: int = _assumed(
        1,
        2,
        reason="Resolvers keep an answer for its TTL. Some keep it for longer; the factor is how much.",
        page=f"{_ROUTE53}resource-record-sets-values-basic.html",
    )
    open_connections: str = _assumed(
        "stay",
        "follow at once",
        reason="A connection that is open to a host which still answers stays there until its keep-alive is over, "
        "whatever DNS says. One to a host that is gone follows DNS at once.",
        page="https://docs.aws.amazon.com/r53recovery/latest/dg/route53-arc-best-practices.regional.html",
    )
    balancer_health_delay: int = _assumed(
        0,
        30,
        reason="From a change of a load balancer's health until an alias with EvaluateTargetHealth follows, AWS gives "
        "no figure.",
        page=f"{_ROUTE53}resource-record-sets-values-failover-alias.html",
    )
    lost_balancer: str = _assumed(
        "found unhealthy",
        "not noticed",
        reason="Whether the health of a load balancer whose whole Region is lost reaches Route 53, AWS does not say. "
        "It is taken to be found by the settings of its target groups.",
        page=f"{_ROUTE53}resource-record-sets-values-failover-alias.html",
    )
    lost_checkers: str = _assumed(
        "last status",
        "unhealthy",
        reason="If all of Route 53's checkers are lost, nothing tells what their health checks become; they are taken "
        "to keep their status, as its data plane is built to.",
        page="https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/global-services.html",
    )
    lost_source: str = _assumed(
        "unhealthy",
        "last status",
        reason="A private health check probes from one Region. What it becomes if that Region is lost, AWS does not "
        "say.",
        page=f"{_ROUTE53}health-checks-private-endpoints.html",
    )
    zone_leaves_dns: int = _assumed(
        60,
        0,
        120,
        reason="How long the name of a load balancer leads to a zone that is lost, AWS does not say. The name has a "
        "TTL of 60 s.",
        page="https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/how-elastic-load-balancing-works.html",
    )
    service_milliseconds: int = _assumed(
        20,
        200,
        reason="How long an application takes for an answer if nothing is wrong, no template tells.",
    )
    replication_lag: int = _assumed(
        1,
        5,
        900,
        reason="Until a write has reached the other Regions: a second for global tables, up to 15 minutes for buckets "
        "with replication time control. What an application replicates itself, no template tells.",
        page="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2globaltables_HowItWorks.html",
    )

    def changed(self, name: str, value: Any) -> Assumptions:
        """The assumptions with one of them changed."""
        given = {one.name: getattr(self, one.name) for one in fields(self)}
        return Assumptions(**{**given, name: value})


#: What is assumed unless somebody says otherwise.
DEFAULTS = Assumptions()


def described() -> Mapping[str, Assumption]:
    """Each assumption by its name."""
    return {one.name: one.metadata[_METADATA] for one in fields(Assumptions)}


def from_mapping(given: Mapping[str, Any], where: str) -> Assumptions:
    """Assumptions of which some are given by name.

    Args:
        given: By the name.
        where: The place that they are from, with which a mistake is told.

    Raises:
        CommandError: There is no such assumption, or it cannot have the value.
    """
    known = described()
    for name, value in given.items():
        if name not in known:
            raise CommandError(f"{where}: there is no assumption {name}; there are {', '.join(known)}")
        default, alternatives = getattr(DEFAULTS, name), known[name].alternatives
        if type(value) is not type(default):
            raise CommandError(f"{where}: {name} must be such as {default!r}, got {value!r}")
        if isinstance(default, str) and value not in (default, *alternatives):
            allowed = " or ".join(repr(one) for one in (default, *alternatives))
            raise CommandError(f"{where}: {name} must be {allowed}, got {value!r}")
        if isinstance(value, int) and not isinstance(value, bool) and not 0 <= value <= 86_400:
            raise CommandError(f"{where}: {name} must be from 0 to 86400, got {value}")
    return Assumptions(**given)
