"""Health checks: Route 53 asks an endpoint from many places, and records follow the answer."""

from __future__ import annotations

import functools
from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from aws_cdk import Duration, Tags
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_sns as sns
from constructs import Construct, IConstruct

from ..aws.addresses import is_address, is_public
from ..aws.health_checks import (
    DEFAULT_PORTS,
    FEWEST_CHECKER_REGIONS,
    INTERVALS,
    LONGEST_SEARCH_STRING,
    PORTS,
    THRESHOLDS,
)
from ..aws.names import is_internal_balancer
from ..aws.partitions import STATUS_METRICS
from ..aws.recovery_times import dns_switch, probe_detection
from ..aws.regions import CHECKER_REGIONS, partition_of
from ..cdk.once import once
from ..cdk.properties import properties_of
from ..cdk.references import follow_producers
from ..cdk.told import usual, with_usual
from ..cdk.typed import typed
from ..cdk.validation import (
    check_choice,
    check_domain_name,
    check_path,
    check_public_address,
    check_whole_number,
    duration,
    is_token,
    normal_name,
    refusal,
    template_seconds,
    total_seconds,
    warn,
)
from ..edge.alarms import notify, require_alarm_topic
from ..edge.regions import region_of, stack_of
from ..origins.closed_apis import may_be_of_api
from ..origins.places import at_synth, balancer_of, named_balancer, open_paths, refuse_at_synth, require_public
from ._apis import asks_closed_api

_PAGE = "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/health-checks-creating-values.html"

_TEN_SECONDS, _THIRTY_SECONDS = duration(10), duration(30)


@typed
@dataclass(frozen=True, kw_only=True)
class HealthCheckSettings:
    """What a health check asks, how often, and how many failures it takes.

    Example::

        HealthCheckSettings.fast(path="/health")               # noticed after 48 s
        HealthCheckSettings.standard(search_string="ready")    # noticed after 114 s
        HealthCheckSettings(protocol="TCP", port=8443)

    Args:
        protocol: ``HTTPS``, ``HTTP`` or ``TCP``. HTTPS sends the name (SNI) and does not judge the certificate.
            Default ``HTTPS``.
        port: 1 to 65535. Default: 443 for HTTPS, 80 for HTTP; TCP needs one.
        path: What HTTP and HTTPS ask for, at most 255 characters; any 2xx or 3xx within 2 seconds is healthy.
            Default ``/``.
        search_string: Text of at most 255 characters that the first 5120 bytes of the body must hold.
            Default: the status alone counts.
        interval: 10 or 30 seconds between two requests of one checker; fixed once the check exists.
            Default 10 seconds (which AWS charges for).
        failure_threshold: How many answers in a row, 1 to 10, change the status, both ways. Default 3.
        regions: Where to check from, at least 3 of ``CHECKER_REGIONS``. Default: all 8.

    Raises:
        ValueError: A value is out of its range. A CDK token is let through.

    See https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/health-checks-creating-values.html
    """

    protocol: str = "HTTPS"
    port: int | None = None
    path: str | None = None
    search_string: str | None = None
    interval: Duration = _TEN_SECONDS
    failure_threshold: int = 3
    regions: Sequence[str] | None = None

    def __post_init__(self) -> None:
        check_choice("protocol", self.protocol, ("HTTPS", "HTTP", "TCP"), f"Route 53 checks no other, see {_PAGE}")
        if self.protocol == "TCP":
            if self.port is None:
                raise ValueError("port is missing: a TCP check has no default port")
            for argument in ("path", "search_string"):
                if getattr(self, argument) is not None:
                    raise ValueError(f"{argument} needs protocol HTTP or HTTPS, got TCP: a TCP check only connects")
        if self.port is not None:
            check_whole_number("port", self.port, PORTS[0], PORTS[-1], "it is a TCP port")
        if self.path is not None:
            check_path("path", self.path, f"see {_PAGE}")
        text = self.search_string
        if text is not None and not is_token(text) and not 1 <= len(text) <= LONGEST_SEARCH_STRING:
            raise refusal(
                "search_string", f"1 to {LONGEST_SEARCH_STRING} characters", f"{len(text)} characters", f"see {_PAGE}"
            )
        if not is_token(self.interval):
            check_choice(
                "interval", template_seconds(self.interval), INTERVALS, "Route 53 knows these two intervals, in seconds"
            )
        why = f"Route 53 allows no other, see {_PAGE}"
        check_whole_number("failure_threshold", self.failure_threshold, THRESHOLDS[0], THRESHOLDS[-1], why)
        if self.regions is not None and not is_token(self.regions):
            for region in self.regions:
                check_choice("regions", region, CHECKER_REGIONS, "Route 53 has checkers there only")
            if len(set(self.regions)) < FEWEST_CHECKER_REGIONS:
                raise refusal(
                    "regions",
                    f"at least {FEWEST_CHECKER_REGIONS} different ones",
                    list(self.regions),
                    "Route 53 needs several views",
                )

    @classmethod
    def fast(
        cls,
        *,
        protocol: str = "HTTPS",
        port: int | None = None,
        path: str | None = None,
        search_string: str | None = None,
        interval: Duration = _TEN_SECONDS,
        failure_threshold: int = 3,
        regions: Sequence[str] | None = None,
    ) -> HealthCheckSettings:
        """Every 10 s, 3 in a row: an outage is noticed after 30 to 60 s, see ``detection_time``."""
        return cls(
            protocol=protocol,
            port=port,
            path=path,
            search_string=search_string,
            interval=interval,
            failure_threshold=failure_threshold,
            regions=regions,
        )

    @classmethod
    def standard(
        cls,
        *,
        protocol: str = "HTTPS",
        port: int | None = None,
        path: str | None = None,
        search_string: str | None = None,
        interval: Duration = _THIRTY_SECONDS,
        failure_threshold: int = 3,
        regions: Sequence[str] | None = None,
    ) -> HealthCheckSettings:
        """Every 30 s, 3 in a row: noticed after 90 to 120 s, without the charge for fast checks."""
        return cls(
            protocol=protocol,
            port=port,
            path=path,
            search_string=search_string,
            interval=interval,
            failure_threshold=failure_threshold,
            regions=regions,
        )

    @property
    def detection_time(self) -> Duration:
        """How long an outage lasts before the check is unhealthy: failure threshold x (interval + wait for an answer).

        A checker waits 6 s for HTTP and HTTPS, 8 s with a ``search_string`` and 10 s for TCP. An endpoint that goes
        silent has it wait so long each time; one that refuses connections is noticed within interval x failure
        threshold.

        Raises:
            ValueError: One of the two is a token.
        """
        if is_token(self.failure_threshold):
            raise ValueError("failure_threshold is a token, known only at deploy: give it as a plain number")
        interval = total_seconds("interval", self.interval)
        return duration(probe_detection(interval, self.failure_threshold, self.check_type))

    @property
    def check_type(self) -> str:
        """The type of the health check, as templates call it."""
        return self.protocol if self.search_string is None else f"{self.protocol}_STR_MATCH"


@typed
class NamedHealthCheck(route53.HealthCheck):
    """What every health check of this library has: a name in the console, a known pace, a metric and an alarm."""

    def __init__(self, scope: Construct, construct_id: str, *, shown_as: str, **properties: Any) -> None:
        super().__init__(scope, construct_id, **properties)
        follow_producers(stack_of(self))
        self._shown_as = shown_as
        # The console lists health checks by this tag; without it they are bare ids.
        Tags.of(self).add("Name", shown_as, include_resource_types=["AWS::Route53::HealthCheck"])

    @property
    @abstractmethod
    def detection_time(self) -> Duration:
        """How long an outage lasts before the check is unhealthy."""

    def metric_status(self) -> cloudwatch.Metric:
        """1 while healthy, 0 while not; the minimum of each minute. CloudWatch has it in us-east-1 only."""
        return status_metric(self)

    @once
    def add_alarms(self, topic: sns.ITopic) -> list[cloudwatch.Alarm]:
        """An alarm on the status: raised when the check is unhealthy, or no longer reports.

        Args:
            topic: Notified when the alarm is raised and when it is over; in us-east-1, where the metric is.

        Raises:
            ValueError: The topic or this stack is in another Region, or in GovCloud or China, of which no page tells
                where the metric is; or alarms may not use the key of the topic.
        """
        require_status_metric(self, "an alarm on a health check")
        require_alarm_topic(self, topic, "health checks'")
        alarm = self.metric_status().create_alarm(
            self,
            "Alarm",
            threshold=1,
            evaluation_periods=1,
            comparison_operator=cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
            treat_missing_data=cloudwatch.TreatMissingData.BREACHING,
            alarm_description=f"{self._shown_as} is unhealthy",
        )
        return notify(topic, alarm)


@typed
class EndpointHealthCheck(NamedHealthCheck):
    """A health check that asks one endpoint.

    It must ask a name or address of that endpoint alone. A check of the shared name would follow the failover that it
    decides.

    Creates a Route 53 health check, named after what it asks.

    Example::

        EndpointHealthCheck(
            self, "Primary", domain_name="eu-west-1.example.com", settings=HealthCheckSettings.fast(path="/health")
        )

    Args:
        domain_name: What to ask; resolved to IPv4 at each interval. With ``ip_address`` it is only the name sent as
            Host and SNI. Give this or ``ip_address``, or both.
        ip_address: A public IPv4 or IPv6 address to ask. Default: what ``domain_name`` resolves to.
        settings: What to ask and how often. Default: ``HealthCheckSettings.fast()``.
        inverted: Healthy while the endpoint is not, and unhealthy until the first answers are in. Default False.

    Attributes:
        domain_name: As given.
        ip_address: As given.
        settings: As given, or the default.

    Raises:
        ValueError: Neither name nor address; an address that checkers cannot reach.

    See https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        domain_name: str | None = None,
        ip_address: str | None = None,
        settings: HealthCheckSettings | None = None,
        inverted: bool = False,
    ) -> None:
        source = None
        if domain_name is None and ip_address is None:
            raise ValueError("domain_name and ip_address are both missing: a health check needs something to ask")
        if domain_name is not None:
            check_domain_name("domain_name", domain_name, "an address is given as ip_address")
            source = named_balancer(domain_name)
            if source is not None:
                require_public("domain_name", domain_name, source)
            if is_internal_balancer(domain_name):
                raise refusal(
                    "domain_name", "a host that faces the internet", domain_name, "health checkers do not reach it"
                )
        if ip_address is not None:
            check_public_address("ip_address", ip_address, 6 if ":" in ip_address else 4)
        settings = settings or HealthCheckSettings.fast()
        is_http = settings.protocol != "TCP"
        super().__init__(
            scope,
            construct_id,
            shown_as=str(domain_name or ip_address),
            type=route53.HealthCheckType[settings.check_type],
            fqdn=domain_name,
            ip_address=ip_address,
            port=settings.port or DEFAULT_PORTS.get(settings.protocol),
            resource_path=(settings.path or "/") if is_http else None,
            search_string=settings.search_string,
            enable_sni=True if settings.protocol == "HTTPS" else None,
            request_interval=settings.interval,
            failure_threshold=settings.failure_threshold,
            regions=list(settings.regions) if settings.regions is not None else None,
            inverted=inverted,
        )
        if domain_name is not None and may_be_of_api(domain_name):
            refuse_at_synth(self, lambda: asks_closed_api(self, domain_name))
        if source is not None and ip_address is None:
            at_synth(self, functools.partial(self._warn_of_balancer, source))
        self.domain_name = domain_name
        self.ip_address = ip_address
        self.settings = settings
        told, fault = with_usual(settings)
        if fault is not None:
            warn(self, "health-check:default", f"with the default of a parameter, Route 53 refuses it: {fault}")
        self._warn_of_default_address(domain_name, ip_address)
        if told.failure_threshold == 1:
            warn(
                self,
                "health-check:single-failure",
                "failure_threshold=1 moves all traffic on one lost probe, and back on the next: "
                "2 or 3 take one or two intervals longer, and are steadier",
            )

    def _warn_of_default_address(self, domain_name: str | None, ip_address: str | None) -> None:
        """Warn of what the default of a parameter makes unreachable for checkers."""
        asked = ip_address or domain_name
        if asked is None or not is_token(asked):
            return
        found = usual(asked)
        private = is_address(found) and not is_public(found)
        if private or (ip_address is None and is_internal_balancer(found)):
            warn(
                self,
                "health-check:default-address",
                f"the default of a parameter has it ask {found}, which health checkers do not reach: it looks dead "
                "from the start; give a public address",
            )

    def _warn_of_balancer(self, source: IConstruct) -> None:
        """Warn of a check that the load balancer whose name it asks does not answer."""
        found, settings = balancer_of(source), self.settings
        port = settings.port or DEFAULT_PORTS.get(settings.protocol)
        if found is None or port is None or is_token(port):
            return
        path = found.resource.node.path
        if found.ports and port not in found.ports:
            warn(
                self,
                "health-check:no-listener",
                f"port {port} of the load balancer {path} is asked, which listens at "
                f"{', '.join(map(str, sorted(found.ports)))}: it looks dead from the start; give "
                "HealthCheckSettings(port=...), or add a listener",
            )
        open_path = open_paths(found.resource).get(port)
        asked = (settings.path or "/").partition("?")[0]
        if open_path is not None and settings.protocol != "TCP" and not is_token(asked) and asked != open_path:
            warn(
                self,
                "health-check:guarded",
                f"{asked} of the load balancer {path} is asked, which its guard covers: health checkers cannot send "
                f"the header, so it looks dead from the start; give HealthCheckSettings(path={open_path!r})",
            )

    @property
    def detection_time(self) -> Duration:
        """How long an outage lasts before the check is unhealthy."""
        return self.settings.detection_time


def require_status_metric(scope: Construct, what: str) -> None:
    """Refuse what needs the status of a health check as a metric, in a partition of which no page tells where it is.

    Args:
        scope: What needs it; its stack is judged, and passes if it has no Region.
        what: Its name in the message.
    """
    region = region_of(scope)
    if not is_token(region) and partition_of(region)[0] not in STATUS_METRICS:
        raise ValueError(
            f"{what} cannot be made in {region}: it needs the status of a health check as a metric, and AWS tells the "
            f"Region of that for accounts of the commercial Regions only; make an alarm on metric_status() where you "
            "see the metric, and for a failover that stays, use StandbyTakesOver, if the partition has public zones"
        )


def status_metric(check: route53.IHealthCheck) -> cloudwatch.Metric:
    """The status of any health check, as CloudWatch has it in us-east-1."""
    return cloudwatch.Metric(
        namespace="AWS/Route53",
        metric_name="HealthCheckStatus",
        dimensions_map={"HealthCheckId": check.health_check_id},
        statistic="Minimum",
        period=duration(60),
    )


def time_to_notice(wanted: str, check: route53.IHealthCheck) -> Duration:
    """The ``detection_time`` of a health check; the CDK's own and imported ones have none, which is refused."""
    found: Duration | None = getattr(check, "detection_time", None)
    if found is None:
        raise ValueError(
            f"{wanted} cannot be computed: {check.node.path} has no detection_time, so how long it takes to notice an "
            "outage is not known here; make it with HealthCheckSettings(...), EndpointHealthCheck, "
            "CalculatedHealthCheck or AlarmHealthCheck"
        )
    return found


def switch_seconds(check: route53.IHealthCheck, ttl: int) -> int:
    """How long after a change of a health check all resolvers have left an answer that they keep for ``ttl`` s."""
    return dns_switch(ttl, check_config(check).get("type"))


def require_same_stack(argument: str, check: route53.IHealthCheck, user: Construct, used_by: str) -> None:
    """Refuse a health check of another stack than what follows it; an imported one cannot be seen."""
    if check.node.default_child is not None and stack_of(check) is not stack_of(user):
        raise ValueError(
            f"{argument} must be made in the stack of the {used_by}, got one of {stack_of(check).node.path}: a health "
            f"check that is replaced there would leave the {used_by} with the old one; make both in one stack"
        )


def check_config(check: route53.IHealthCheck) -> dict[str, Any]:
    """The configuration of a health check of any making; empty where it is imported and cannot be seen."""
    resource = check.node.default_child
    if not isinstance(resource, route53.CfnHealthCheck):
        return {}
    config: dict[str, Any] = properties_of(resource)["healthCheckConfig"]
    return config


def probed_name(check: route53.IHealthCheck) -> str | None:
    """The name that a health check resolves and asks; None where it asks an address, or cannot be seen."""
    config = check_config(check)
    name = config.get("fullyQualifiedDomainName")
    return normal_name(name) if isinstance(name, str) and "ipAddress" not in config else None
