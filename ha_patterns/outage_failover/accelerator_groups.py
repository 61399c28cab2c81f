"""The endpoints of an accelerator in one Region, and how Global Accelerator checks them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aws_cdk import Duration

from ..aws.accelerators import (
    CHECK_PATH,
    CHECK_PROTOCOLS,
    INTERVALS,
    MOST_DIAL,
    MOST_ENDPOINTS,
    MOST_WEIGHT,
    THRESHOLDS,
)
from ..aws.health_checks import PORTS
from ..aws.recovery_times import probe_detection
from ..cdk.told import usual, with_usual
from ..cdk.typed import typed
from ..cdk.validation import (
    check_choice,
    check_path,
    check_whole_number,
    duration,
    is_region,
    is_token,
    refusal,
    shown,
    template_seconds,
    total_seconds,
    warn,
)
from .accelerator_endpoints import AcceleratorEndpoint

if TYPE_CHECKING:
    from constructs import Construct

    from ..origins import OriginGuard

_GUIDE = "https://docs.aws.amazon.com/global-accelerator/latest/dg"


@typed
@dataclass(frozen=True, kw_only=True)
class AcceleratorHealthCheck:
    """How Global Accelerator checks EC2 instances and Elastic IP addresses.

    Of load balancers it asks the health of their targets, and ignores these settings.

    Example::

        AcceleratorHealthCheck(protocol="HTTP", port=8080, path="/health")

    Args:
        protocol: ``TCP``, ``HTTP`` or ``HTTPS``. A UDP listener, too, is checked with one of these. Default ``TCP``.
        port: 1 to 65535. Default: the first port of the listener.
        path: What HTTP and HTTPS ask for. Default ``/``.
        interval: 10 or 30 seconds. Default 10 seconds.
        threshold: How many answers in a row, 1 to 10, change the health, both ways. Default 3.

    Raises:
        ValueError: A value is out of its range. A CDK token is let through.

    See https://docs.aws.amazon.com/global-accelerator/latest/dg/about-endpoint-groups-health-check-options.html
    """

    protocol: str = "TCP"
    port: int | None = None
    path: str | None = None
    interval: Duration = duration(10)  # noqa: RUF009 - durations never change
    threshold: int = 3

    def __post_init__(self) -> None:
        page = f"{_GUIDE}/about-endpoint-groups-health-check-options.html"
        check_choice("protocol", self.protocol, CHECK_PROTOCOLS, f"Global Accelerator has no other, see {page}")
        if self.port is not None:
            check_whole_number("port", self.port, PORTS[0], PORTS[-1], "it is a TCP port")
        if self.path is not None:
            if self.protocol == "TCP":
                raise ValueError("path needs protocol HTTP or HTTPS, got TCP: a TCP check only connects")
            check_path("path", self.path, f"see {page}")
            if not is_token(self.path) and not CHECK_PATH.fullmatch(self.path):
                raise refusal(
                    "path",
                    "of letters, digits and -@:%_\\+.~#?&/=",
                    self.path,
                    f"Global Accelerator asks no other, see {page}",
                )
        if not is_token(self.interval):
            seconds = template_seconds(self.interval)
            check_choice("interval", seconds, INTERVALS, "Global Accelerator knows these two intervals, in seconds")
        why = f"Global Accelerator allows no other, see {page}"
        check_whole_number("threshold", self.threshold, THRESHOLDS[0], THRESHOLDS[-1], why)

    @property
    def detection_time(self) -> Duration:
        """How long an outage lasts before the endpoint is unhealthy: threshold x (interval + wait for an answer).

        Global Accelerator asks with the checkers of Route 53, which wait 10 s for TCP, and 6 s for HTTP and HTTPS.

        Raises:
            ValueError: One of the two is a token.
        """
        if is_token(self.threshold):
            raise ValueError("threshold is a token, known only at deploy: give it as a plain number")
        return duration(probe_detection(total_seconds("interval", self.interval), self.threshold, self.protocol))


@typed
@dataclass(frozen=True, kw_only=True)
class EndpointGroup:
    """The endpoints of one Region, and how much of the traffic that comes to them they take.

    The traffic dial is a share of the traffic that would come to this Region anyway, from the clients that are nearest
    to it; the rest goes to the other Regions. **It does not count when another Region fails**: failover ignores dials.
    So a dial of 0 makes a warm standby, which gets nothing until the others are unhealthy, and then gets everything.

    Example::

        EndpointGroup(
            region="eu-west-1",
            endpoints=[AcceleratorEndpoint.application_load_balancer(alb, target_groups=[targets])],
        )

    Args:
        region: The Region of all its endpoints.
        endpoints: 1 to 10, one of them at least with a weight above 0.
        traffic_dial: 0 to 100 percent. Default 100.
        health_check: How instances and Elastic IP addresses are checked; refused where all endpoints are load
            balancers, whose target groups have the health checks that count. Default: ``AcceleratorHealthCheck()``.

    Raises:
        ValueError: No endpoint, too many, or one of a kind that Global Accelerator does not take; weights that are all
            0; a health check for load balancers alone; an endpoint of another Region.

    See https://docs.aws.amazon.com/global-accelerator/latest/dg/about-endpoint-groups.html
    """

    region: str
    endpoints: Sequence[AcceleratorEndpoint]
    traffic_dial: float = 100
    health_check: AcceleratorHealthCheck | None = None

    def __post_init__(self) -> None:
        if not is_token(self.region) and not is_region(self.region):
            raise refusal(
                "region", "an AWS Region such as eu-west-1", self.region, "an endpoint group is in one Region"
            )
        check_endpoints(self.endpoints)
        for endpoint in self.endpoints:
            if endpoint.region is not None and not is_token(self.region) and endpoint.region != self.region:
                raise ValueError(
                    f"endpoints must be in the Region of their group, {self.region}, got {endpoint} in "
                    f"{endpoint.region}: give each Region an EndpointGroup"
                )
        dial = self.traffic_dial
        if not is_token(dial) and not 0 <= dial <= MOST_DIAL:
            raise refusal("traffic_dial", f"a number from 0 to {MOST_DIAL}", dial, "it is a percentage")
        if self.health_check is not None and all(endpoint.is_load_balancer for endpoint in self.endpoints):
            raise ValueError(
                "health_check has no effect where all endpoints are load balancers: Global Accelerator asks for the "
                "health of their targets; set interval and unhealthy_threshold_count in the health_check of the "
                f"target groups, see {_GUIDE}/about-endpoint-groups-health-check-options.html"
            )

    @property
    def detection_time(self) -> Duration:
        """How long an outage of the whole group lasts before all its endpoints are unhealthy.

        Raises:
            ValueError: As ``AcceleratorEndpoint.detection_time`` and ``AcceleratorHealthCheck.detection_time``.
        """
        own = self.health_check or AcceleratorHealthCheck()
        times = [endpoint.detection_time if endpoint.is_load_balancer else own.detection_time for endpoint in self.used]
        return duration(max(total_seconds("interval", time) for time in times))

    def require_open(self, guard: OriginGuard) -> None:
        """Refuse a check of instances or addresses that asks for what a guard covers; load balancers are not asked."""
        check = self.health_check or AcceleratorHealthCheck()
        asked = [endpoint for endpoint in self.endpoints if not endpoint.is_load_balancer]
        if asked and check.protocol != "TCP":
            remedy = f"AcceleratorHealthCheck(path={guard.health_path!r})"
            guard.require_open(f"health_check of {shown(self.region)}", str(asked[0]), check.path or "/", remedy)

    @property
    def used(self) -> list[AcceleratorEndpoint]:
        """The endpoints that get traffic: those with a weight above 0."""
        return [endpoint for endpoint in self.endpoints if is_token(endpoint.weight) or endpoint.weight > 0]


def warn_of_defaults(scope: Construct, group: EndpointGroup) -> None:
    """Warn of what the defaults of parameters make refused, or of no effect.

    Args:
        scope: The accelerator.
        group: The group; what is refused of plain values is not asked again.
    """
    region, dial = usual(group.region), usual(group.traffic_dial)
    given = [endpoint.weight for endpoint in group.endpoints]
    weights = [usual(weight) for weight in given]
    faults = [
        f"weight is {weight}, and must be from 0 to {MOST_WEIGHT}"
        for token, weight in zip(given, weights, strict=True)
        if is_token(token) and not is_token(weight) and not 0 <= weight <= MOST_WEIGHT
    ]
    if is_token(group.traffic_dial) and not is_token(dial) and not 0 <= dial <= MOST_DIAL:
        faults.append(f"traffic_dial is {dial}, and must be from 0 to {MOST_DIAL}")
    if group.health_check is not None and (fault := with_usual(group.health_check)[1]) is not None:
        faults.append(fault)
    by_default = f"by the default of a parameter, of the group of {shown(region)}"
    for fault in faults:
        warn(scope, "accelerator:default", f"{by_default}, {fault}: Global Accelerator refuses it")
    if any(map(is_token, given)) and all(weight == 0 for weight in weights):
        warn(
            scope,
            "accelerator:default-weights",
            f"{by_default}, the weight of all endpoints is 0: it serves nobody, and is no standby",
        )
    for endpoint in group.endpoints:
        if is_token(group.region) and not is_token(region) and endpoint.region not in (None, region):
            warn(
                scope,
                "accelerator:default-region",
                f"{by_default}, {endpoint} is in {endpoint.region}: give each Region an EndpointGroup",
            )


def check_endpoints(endpoints: Sequence[AcceleratorEndpoint]) -> None:
    """Refuse what cannot be the endpoints of one group."""
    if not 1 <= len(endpoints) <= MOST_ENDPOINTS:
        raise refusal(
            "endpoints", f"1 to {MOST_ENDPOINTS}", len(endpoints), f"see {_GUIDE}/limits-global-accelerator.html"
        )
    if all(not is_token(endpoint.weight) and endpoint.weight == 0 for endpoint in endpoints):
        raise ValueError(
            "weight must be above 0 for one of the endpoints, got 0 for all: an endpoint with weight 0 is not chosen "
            "when others fail, so such a group is no standby; for one that takes over give it traffic_dial=0"
        )
