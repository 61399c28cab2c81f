"""What AWS does not say, and a drill has to assume: each with a default, its alternatives and the reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from typing import Any

from ..command_line.durations import shown
from .given import ScenarioError, choice_of, nearest, time_of, whole_of

_METADATA = "assumption"
_SECOND = 10**9
# A day.
_LONGEST = 86_400


@dataclass(frozen=True, kw_only=True)
class Assumption:
    """Something that a drill assumes.

    Attributes:
        default: What it assumes unless somebody says otherwise.
        alternatives: Other values that are as good, of which ``--sensitivity`` tries each.
        reason: Why the default is what it is.
        page: The AWS page that says the most about it; empty if none does.
        is_time: Whether it is a duration in seconds.
    """

    default: Any
    alternatives: tuple[Any, ...]
    reason: str
    page: str = ""
    is_time: bool = False


def _assumed(default: Any, /, *alternatives: Any, reason: str, page: str = "", is_time: bool = False) -> Any:
    assumption = Assumption(default=default, alternatives=alternatives, reason=reason, page=page, is_time=is_time)
    return field(default=default, metadata={_METADATA: assumption})


_CLOUDFRONT = "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/"
_ROUTE53 = "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/"


@dataclass(frozen=True, kw_only=True)
class Assumptions:
    """The assumptions of a drill. Times are whole seconds; a scenario file may have them as ``5s``, too.

    >>> Assumptions(dns_propagation=5).dns_propagation
    5

    Raises:
        ScenarioError: One of them cannot be what was given.
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
        is_time=True,
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
        is_time=True,
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
        is_time=True,
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
        is_time=True,
    )

    def __post_init__(self) -> None:
        for name, assumption in described().items():
            object.__setattr__(self, name, _judged(name, assumption, getattr(self, name)))

    def changed(self, name: str, value: Any) -> Assumptions:
        """The assumptions with one of them changed."""
        if name not in described():
            raise ScenarioError(
                f"there is no assumption {name}; there are {', '.join(described())}{nearest(name, described())}"
            )
        given = {one.name: getattr(self, one.name) for one in fields(self)}
        return Assumptions(**{**given, name: value})


@cache
def described() -> Mapping[str, Assumption]:
    """Each assumption by its name."""
    return {one.name: one.metadata[_METADATA] for one in fields(Assumptions)}


def _judged(name: str, assumption: Assumption, given: Any) -> Any:
    """The value of an assumption, as the drill goes by it."""
    if isinstance(assumption.alternatives[0], str):
        return choice_of(name, given, (assumption.default, *assumption.alternatives))
    if assumption.is_time:
        seconds, rest = divmod(time_of(name, given), _SECOND)
        if rest or seconds > _LONGEST:
            raise ScenarioError(f"{name} must be whole seconds, at most {_LONGEST}, got {shown(given)}")
        return seconds
    return whole_of(name, given, 1, _LONGEST)


#: What is assumed unless somebody says otherwise.
DEFAULTS = Assumptions()
