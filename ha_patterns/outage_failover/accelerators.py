"""Failover with Global Accelerator: fixed addresses, and traffic that leaves an unhealthy zone or Region."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

import jsii
from aws_cdk import CfnResource, Duration, Fn, Stack
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_sns as sns
from constructs import Construct, IConstruct, IValidation

from .._validation import (
    accept,
    check_choice,
    check_domain_name,
    check_duration,
    check_objective,
    check_path,
    check_public_zone,
    check_sequence,
    check_whole_number,
    duration,
    is_in_zone,
    is_region,
    is_token,
    refusal,
    shown,
    template_seconds,
    total_seconds,
    warn,
)
from ..aws.accelerators import INTERVALS, MOST_DIAL, MOST_ENDPOINTS, MOST_WEIGHT, THRESHOLDS
from ..aws.health_checks import LAMBDA_TARGET_INTERVAL, TARGET_INTERVAL, TARGET_UNHEALTHY_THRESHOLD, detection_time
from ..edge.alarms import notify, region_of_topic
from ..edge.regions import region_of
from ..origins import Endpoint, OriginSettings
from ..origins.places import at_synth, balancer_of, is_checked, warn_of_balancer

if TYPE_CHECKING:
    # Imported where they are used: most users of this package have neither of these, and all of it takes a third of a
    # second.
    from aws_cdk import aws_ec2 as ec2
    from aws_cdk import aws_elasticloadbalancingv2 as elbv2
    from aws_cdk import aws_globalaccelerator as globalaccelerator

    from ..origins import OriginGuard

#: The Region of Global Accelerator's metrics.
ACCELERATOR_REGION = "us-west-2"

#: Load balancers that are endpoints of an accelerator, and those that can be shifted: where both meet, one warns.
ACCELERATED: WeakSet[IConstruct] = WeakSet()
SHIFTED: WeakSet[IConstruct] = WeakSet()
WHY_NOT_BOTH = (
    "this load balancer is behind an accelerator and has zonal shift on, which AWS does not support together: Global "
    "Accelerator does not ask DNS, so it may send traffic to the zone that was left; use one of the two"
)

_GUIDE = "https://docs.aws.amazon.com/global-accelerator/latest/dg"
_DEFAULT_WEIGHT = 128


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
        check_choice(
            "protocol", self.protocol, ("TCP", "HTTP", "HTTPS"), f"Global Accelerator has no other, see {page}"
        )
        if self.port is not None:
            check_whole_number("port", self.port, 1, 65535, "it is a TCP port")
        if self.path is not None:
            if self.protocol == "TCP":
                raise ValueError("path needs protocol HTTP or HTTPS, got TCP: a TCP check only connects")
            check_path("path", self.path, f"see {page}")
        check_duration("interval", self.interval)
        if not is_token(self.interval):
            seconds = template_seconds(self.interval)
            check_choice("interval", seconds, INTERVALS, "Global Accelerator knows these two intervals, in seconds")
        why = f"Global Accelerator allows no other, see {page}"
        check_whole_number("threshold", self.threshold, THRESHOLDS[0], THRESHOLDS[-1], why)

    @property
    def detection_time(self) -> Duration:
        """How long an outage lasts before the endpoint is unhealthy: interval x threshold.

        Raises:
            ValueError: One of the two is a token.
        """
        if is_token(self.threshold):
            raise ValueError("threshold is a token, known only at deploy: give it as a plain number")
        return duration(detection_time(total_seconds("interval", self.interval), self.threshold))


class AcceleratorEndpoint:
    """What an accelerator sends traffic to: a load balancer, an EC2 instance or an Elastic IP address.

    Nothing else can be one: an API of API Gateway, a bucket, a Lambda function and a CloudFront distribution each
    need a load balancer in front, or Route 53 and CloudFront in place of the accelerator. Make one with the method of
    its kind.

    The weight is its share of the traffic of its group. An endpoint with weight 0 gets none, not even when all others
    have failed: only when nothing in any group is healthy, and Global Accelerator sends traffic anywhere rather than
    nowhere, may it be chosen.

    Example::

        AcceleratorEndpoint.application_load_balancer(alb, target_groups=[targets])
        AcceleratorEndpoint.instance(instance, weight=10)

    Attributes:
        weight: As given.
        kind: What it is, in words.
        resource: What it was made of.
        target_groups: As given; empty where its health is not that of targets.
        is_load_balancer: Whether its health is that of a load balancer's targets.

    See https://docs.aws.amazon.com/global-accelerator/latest/dg/about-endpoints.html
    """

    def __init__(
        self,
        *,
        endpoint: globalaccelerator.IEndpoint,
        kind: str,
        resource: IConstruct,
        weight: int,
        preserve_client_ip: bool | None = None,
        target_groups: Sequence[elbv2.ITargetGroup] = (),
    ) -> None:
        """Not called directly: use the method of the kind of endpoint."""
        self.weight = weight
        self.kind = kind
        self.is_load_balancer = "load balancer" in kind
        self.target_groups = tuple(target_groups)
        self._endpoint = endpoint
        self.resource = resource
        self._preserve_client_ip = preserve_client_ip

    @classmethod
    def application_load_balancer(
        cls,
        load_balancer: elbv2.IApplicationLoadBalancer,
        *,
        target_groups: Sequence[elbv2.IApplicationTargetGroup] = (),
        weight: int = _DEFAULT_WEIGHT,
        preserve_client_ip: bool | None = None,
    ) -> AcceleratorEndpoint:
        """An Application Load Balancer, internal or facing the internet.

        It is healthy while each of its target groups has a healthy target, so the health checks of the target groups
        decide how soon traffic leaves it.

        Args:
            load_balancer: The load balancer.
            target_groups: All that its listeners forward to, with their targets: their health checks are judged, and
                ``failover_time`` is computed from them. Default: not known here, nor is the failover time.
            weight: 0 to 255, its share of the traffic of its group. Default 128.
            preserve_client_ip: Whether targets see the client's address. Default: Global Accelerator's, True.

        Raises:
            ValueError: A target group whose health checks are off, which they are by default for a Lambda function.
        """
        from aws_cdk import aws_globalaccelerator_endpoints as endpoints

        _check_weight(weight)
        _check_target_groups(target_groups)
        return cls(
            endpoint=endpoints.ApplicationLoadBalancerEndpoint(
                load_balancer, weight=weight, preserve_client_ip=preserve_client_ip
            ),
            kind="Application load balancer",
            resource=load_balancer,
            weight=weight,
            preserve_client_ip=preserve_client_ip,
            target_groups=target_groups,
        )

    @classmethod
    def network_load_balancer(
        cls,
        load_balancer: elbv2.INetworkLoadBalancer,
        *,
        target_groups: Sequence[elbv2.INetworkTargetGroup] = (),
        weight: int = _DEFAULT_WEIGHT,
        preserve_client_ip: bool | None = None,
    ) -> AcceleratorEndpoint:
        """A Network Load Balancer, internal or facing the internet.

        It is healthy while one of its zones is, so the health checks of its target groups decide how soon traffic
        leaves it.

        Args:
            load_balancer: The load balancer.
            target_groups: All that its listeners forward to, with their targets: their health checks are judged, and
                ``failover_time`` is computed from them. Default: not known here, nor is the failover time.
            weight: 0 to 255, its share of the traffic of its group. Default 128.
            preserve_client_ip: Whether targets see the client's address; needs a load balancer with security groups,
                and no TLS listener. Default: Global Accelerator's.

        Raises:
            ValueError: A target group whose health checks are off.
        """
        from aws_cdk import aws_globalaccelerator_endpoints as endpoints

        _check_weight(weight)
        _check_target_groups(target_groups)
        return cls(
            endpoint=endpoints.NetworkLoadBalancerEndpoint(
                load_balancer, weight=weight, preserve_client_ip=preserve_client_ip
            ),
            kind="Network load balancer",
            resource=load_balancer,
            weight=weight,
            preserve_client_ip=preserve_client_ip,
            target_groups=target_groups,
        )

    @classmethod
    def instance(
        cls, instance: ec2.IInstance, *, weight: int = _DEFAULT_WEIGHT, preserve_client_ip: bool | None = None
    ) -> AcceleratorEndpoint:
        """An EC2 instance, checked by Global Accelerator itself.

        Args:
            instance: The instance.
            weight: 0 to 255, its share of the traffic of its group. Default 128.
            preserve_client_ip: Whether it sees the client's address. Default: Global Accelerator's, True.
        """
        from aws_cdk import aws_globalaccelerator_endpoints as endpoints

        _check_weight(weight)
        return cls(
            endpoint=endpoints.InstanceEndpoint(instance, weight=weight, preserve_client_ip=preserve_client_ip),
            kind="EC2 instance",
            resource=instance,
            weight=weight,
            preserve_client_ip=preserve_client_ip,
        )

    @classmethod
    def elastic_ip(cls, address: ec2.CfnEIP, *, weight: int = _DEFAULT_WEIGHT) -> AcceleratorEndpoint:
        """An Elastic IP address, checked by Global Accelerator itself.

        Args:
            address: The address.
            weight: 0 to 255, its share of the traffic of its group. Default 128.
        """
        from aws_cdk import aws_globalaccelerator_endpoints as endpoints

        _check_weight(weight)
        return cls(
            endpoint=endpoints.CfnEipEndpoint(address, weight=weight),
            kind="Elastic IP address",
            resource=address,
            weight=weight,
        )

    @property
    def detection_time(self) -> Duration:
        """How long an outage of a load balancer's targets lasts before it is unhealthy.

        That is interval x unhealthy threshold of the target group that takes longest.

        Raises:
            ValueError: The target groups are not known here, or a setting is a token.
        """
        times: list[int] = []
        for group in self.target_groups:
            found = _target_group_properties(group)
            if found is None:
                times = []
                break
            is_lambda = found.get("targetType") == "lambda"
            interval = found.get("healthCheckIntervalSeconds", LAMBDA_TARGET_INTERVAL if is_lambda else TARGET_INTERVAL)
            threshold = found.get("unhealthyThresholdCount", TARGET_UNHEALTHY_THRESHOLD)
            if not isinstance(interval, (int, float)) or not isinstance(threshold, (int, float)):
                raise ValueError(
                    f"failover_time cannot be computed: the health check of {group.node.path} has a setting that only "
                    "the deploy knows; give it as a plain value"
                )
            times.append(detection_time(int(interval), int(threshold)))
        if not times:
            raise ValueError(
                "failover_time cannot be computed: the health checks of a load balancer's target groups decide it, and "
                f"those of {self} are not known here; give target_groups=[...], made in this app"
            )
        return duration(max(times))

    @property
    def region(self) -> str | None:
        """The Region it is in; None where only the deploy knows, or where it is imported without one."""
        resource = self.resource
        if isinstance(resource, CfnResource) or resource.node.default_child is not None:
            region = region_of(resource)
        elif self.is_load_balancer:
            arn = str(resource.load_balancer_arn)  # type: ignore[attr-defined]
            region = arn if is_token(arn) else (arn.split(":") + [""] * 4)[3]
        else:
            return None
        return None if is_token(region) else region or None

    @property
    def load_balancer_properties(self) -> Mapping[str, Any] | None:
        """What the template says of a load balancer made in this app; None of anything else."""
        return balancer_properties(self.resource)

    @property
    def zones(self) -> list[str]:
        """What tells its zones from each other, as the template writes them; of what is imported, a guess of two."""
        from aws_cdk import aws_ec2 as ec2

        if self.is_load_balancer:
            found = self.load_balancer_properties
            if found is None:
                return [f"{self} a", f"{self} b"]
            subnets = [*found.get("subnets", ()), *found.get("subnetMappings", ())]
            return [json.dumps(subnet, sort_keys=True) for subnet in subnets]
        instance = _properties_of(self.resource, ec2.CfnInstance)
        zone = None if instance is None else instance.get("availabilityZone")
        return [str(self) if zone is None else json.dumps(zone, sort_keys=True)]

    def refuse_dual_stack(self, argument: str) -> None:
        """Refuse what a dual-stack accelerator cannot send IPv6 traffic to."""
        why = f"a dual-stack accelerator takes no such endpoint, see {_GUIDE}/about-endpoints-caveats.html"
        if self.kind == "Elastic IP address":
            raise refusal(argument, "load balancers and instances with ip_address_type DUAL_STACK", self, why)
        if self._preserve_client_ip is False:
            raise refusal("preserve_client_ip", "True with ip_address_type DUAL_STACK", self._preserve_client_ip, why)
        found = self.load_balancer_properties
        if found is not None and found.get("ipAddressType", "ipv4") == "ipv4":
            raise refusal(argument, "dual-stack load balancers with ip_address_type DUAL_STACK", self, why)

    def __str__(self) -> str:
        return f"{self.kind} {self.resource.node.path}"


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
        _check_endpoints(self.endpoints)
        for endpoint in self.endpoints:
            if endpoint.region is not None and not is_token(self.region) and endpoint.region != self.region:
                raise ValueError(
                    f"endpoints must be in the Region of their group, {self.region}, got {endpoint} in "
                    f"{endpoint.region}: give each Region an EndpointGroup"
                )
        dial = self.traffic_dial
        if not is_token(dial) and (
            isinstance(dial, bool) or not isinstance(dial, (int, float)) or not 0 <= dial <= MOST_DIAL
        ):
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


class _AcceleratorFailover(Construct):
    """An accelerator with one listener: what the ready ones share."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        endpoint_groups: Sequence[EndpointGroup],
        port_ranges: Sequence[globalaccelerator.PortRange] | None,
        protocol: globalaccelerator.ConnectionProtocol | None,
        client_affinity: globalaccelerator.ClientAffinity | None,
        ip_address_type: globalaccelerator.IpAddressType | None,
        domain_name: str | None,
        hosted_zone: route53.IHostedZone | None,
        recovery_time_objective: Duration | None,
    ) -> None:
        from aws_cdk import aws_globalaccelerator as globalaccelerator

        super().__init__(scope, construct_id)
        ports = [globalaccelerator.PortRange(from_port=443)] if port_ranges is None else list(port_ranges)
        _check_ports(ports)
        _check_name(domain_name, hosted_zone)
        is_udp = protocol is globalaccelerator.ConnectionProtocol.UDP
        is_dual = ip_address_type is globalaccelerator.IpAddressType.DUAL_STACK
        for endpoint in (endpoint for group in endpoint_groups for endpoint in group.endpoints):
            if is_udp and endpoint.kind == "Application load balancer":
                raise refusal(
                    "protocol", "TCP with Application Load Balancers", "UDP", f"{endpoint} speaks HTTP over TCP only"
                )
            if is_dual:
                endpoint.refuse_dual_stack("endpoints")
            self.node.add_validation(_HealthChecksOn(endpoint.target_groups))
            ACCELERATED.add(endpoint.resource)
            if endpoint.resource in SHIFTED:
                warn(self, "zonal-shift:behind-accelerator", WHY_NOT_BOTH)
        self.domain_name = None if domain_name is None else domain_name.removesuffix(".")
        self._groups = tuple(endpoint_groups)
        self.accelerator = globalaccelerator.Accelerator(self, "Accelerator", ip_address_type=ip_address_type)
        self.listener = globalaccelerator.Listener(
            self,
            "Listener",
            accelerator=self.accelerator,
            port_ranges=ports,
            protocol=protocol,
            client_affinity=client_affinity,
        )
        self.endpoint_groups = [self._endpoint_group(group, is_udp) for group in self._groups]
        at_synth(self, self._warn_of_balancers)
        self.records = list(self._records(hosted_zone, is_dual))
        if recovery_time_objective is not None:
            check_objective(
                recovery_time_objective,
                self.failover_time,
                "interval x unhealthy threshold of the slowest health check; what Global Accelerator needs to move "
                "new connections comes on top",
            )

    @property
    def failover_time(self) -> Duration:
        """How long until an outage of any endpoint group is noticed: interval x threshold of its slowest health check.

        For load balancers these are settings of the target groups. What Global Accelerator then needs to move new
        connections comes on top: AWS publishes no figure for it, and says "within tens of seconds" of the whole. No
        DNS is waited for. A connection that is open stays with its endpoint, healthy or not, until one of its ends
        closes it or it was idle for 340 seconds (UDP: 30).

        Raises:
            ValueError: The target groups of a load balancer are not known here, or a setting is a token.
        """
        return duration(max(total_seconds("interval", group.detection_time) for group in self._groups))

    def endpoint(self, *, guard: OriginGuard | None = None) -> Endpoint:
        """The accelerator as an endpoint, to be an origin of CloudFront or a member of a failover record pair.

        Args:
            guard: Have CloudFront send its header, which a ``GuardedListener`` of a load balancer, or an instance by
                itself, checks. Default: none.

        Raises:
            ValueError: It has no name of its own; a health check of instances or addresses that asks for what the
                guard covers.
        """
        if self.domain_name is None:
            raise ValueError(
                "domain_name is missing: CloudFront refuses a certificate that does not cover the name it connects "
                "to, and none can cover the name AWS gives an accelerator; give domain_name and hosted_zone"
            )
        if guard is not None:
            for group in self._groups:
                group.require_open(guard)
        return Endpoint.accelerator(self.accelerator, domain_name=self.domain_name, guard=guard)

    def origin(self, settings: OriginSettings | None = None, *, guard: OriginGuard | None = None) -> cloudfront.IOrigin:
        """The accelerator as an origin for any ``Distribution``.

        Its clients are then CloudFront's own addresses, which client affinity and the addresses that targets see go
        by.

        Args:
            settings: Attempts and time-outs. Default: ``OriginSettings.patient()``.
            guard: See ``endpoint``. Default: none.
        """
        return self.endpoint(guard=guard).origin(settings or OriginSettings.patient())

    def metric_unhealthy_endpoints(self) -> cloudwatch.Metric:
        """How many endpoints are unhealthy; the most in each minute. CloudWatch has it in us-west-2 only."""
        return cloudwatch.Metric(
            namespace="AWS/GlobalAccelerator",
            metric_name="UnhealthyEndpointCount",
            # The dimension is the accelerator's id, which is the end of its ARN.
            dimensions_map={"Accelerator": Fn.select(1, Fn.split("/", self.accelerator.accelerator_arn))},
            statistic="Maximum",
            period=duration(60),
        )

    def add_alarms(self, topic: sns.ITopic) -> list[cloudwatch.Alarm]:
        """An alarm on unhealthy endpoints: raised when traffic has left one, or has nowhere else to go.

        Args:
            topic: Notified when the alarm is raised and when it is over; in us-west-2, where the metric is.

        Raises:
            ValueError: The topic or this stack is in another Region.
        """
        why = f"Global Accelerator's metrics exist in {ACCELERATOR_REGION} only"
        for argument, region in (("an alarm", region_of(self)), ("topic", region_of_topic(topic))):
            if not is_token(region) and region != ACCELERATOR_REGION:
                raise ValueError(
                    f"{argument} must be in {ACCELERATOR_REGION}, got one in {region}: {why}; put the accelerator and "
                    f"its topic in a stack with env=Environment(region='{ACCELERATOR_REGION}')"
                )
        alarm = self.metric_unhealthy_endpoints().create_alarm(
            self,
            "Alarm",
            threshold=1,
            evaluation_periods=3,
            datapoints_to_alarm=2,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
            alarm_description=f"{self.domain_name or self.node.path}: an endpoint of the accelerator is unhealthy",
        )
        return notify(topic, alarm)

    def _endpoint_group(self, group: EndpointGroup, is_udp: bool) -> globalaccelerator.EndpointGroup:
        from aws_cdk import aws_globalaccelerator as globalaccelerator

        settings: dict[str, Any] = {}
        if not all(endpoint.is_load_balancer for endpoint in group.endpoints):
            check = group.health_check or AcceleratorHealthCheck()
            settings = {
                "health_check_protocol": globalaccelerator.HealthCheckProtocol[check.protocol],
                "health_check_port": check.port,
                "health_check_path": check.path,
                "health_check_interval": check.interval,
                "health_check_threshold": check.threshold,
            }
            if is_udp and check.port is None:
                warn(
                    self,
                    "accelerator:udp-checked-by-tcp",
                    f"the endpoints in {group.region} are checked at the listener's own port with {check.protocol}, "
                    "where a UDP server may not answer: give AcceleratorHealthCheck(port=...) of something that does",
                )
        return globalaccelerator.EndpointGroup(
            self,
            self._group_id(group),
            listener=self.listener,
            region=group.region,
            endpoints=[endpoint._endpoint for endpoint in group.endpoints],
            traffic_dial_percentage=group.traffic_dial,
            **settings,
        )

    def _warn_of_balancers(self) -> None:
        for group in self._groups:
            for endpoint in group.endpoints:
                found = balancer_of(endpoint.resource) if endpoint.is_load_balancer else None
                if found is not None:
                    warn_of_balancer(found, "the accelerator")

    def _accept(self, rule: str, reason: str, group: globalaccelerator.EndpointGroup) -> None:
        resource = group.node.default_child
        assert isinstance(resource, CfnResource)
        accept(resource, rule, reason)

    def _group_id(self, group: EndpointGroup) -> str:
        return f"EndpointGroup{self._groups.index(group)}" if is_token(group.region) else group.region

    def _records(self, zone: route53.IHostedZone | None, is_dual: bool) -> Iterator[route53.RecordSet]:
        from aws_cdk import aws_route53_targets as targets

        if zone is None:
            return
        dns_name = self.accelerator.dual_stack_dns_name if is_dual else self.accelerator.dns_name
        target = route53.RecordTarget.from_alias(targets.GlobalAcceleratorDomainTarget(str(dns_name)))
        for record in (route53.ARecord, route53.AaaaRecord) if is_dual else (route53.ARecord,):
            yield record(self, record.__name__, zone=zone, record_name=f"{self.domain_name}.", target=target)


class MultiRegionAccelerator(_AcceleratorFailover):
    """An accelerator in front of several Regions: clients reach the nearest, and leave it when it is unhealthy.

    The guide's "Failover with Global Accelerator" across multiple Regions. Clients keep two fixed addresses (four with
    dual stack), so no DNS answer has to expire; all protocols over TCP and UDP, and all methods, move. Nothing in the
    way of a failover changes a dial or a weight.

    *Active/active*: leave the dials at 100, or lower them to move a share of a Region's own clients elsewhere.
    *Active/passive*: give the standby ``traffic_dial=0``. It gets no traffic until no endpoint elsewhere is healthy,
    and then gets all: failover ignores dials, and so do the dials of all other groups. A weight of 0 is no standby.
    Where no group has a healthy endpoint, Global Accelerator sends traffic to any of the nearest group.

    As failover ignores dials, it can take clients to any Region of the accelerator. Where data must stay in a part of
    the world, make one accelerator for each.

    Creates an accelerator ($0.025 an hour and a charge for traffic), a listener, an endpoint group a Region, and alias
    records: A, and AAAA with dual stack.

    Example::

        MultiRegionAccelerator(
            self,
            "Accelerator",
            endpoint_groups=[
                EndpointGroup(region="eu-west-1", endpoints=[primary]),
                EndpointGroup(region="eu-central-1", endpoints=[standby], traffic_dial=0),
            ],
            domain_name="api.example.com",
            hosted_zone=zone,
            recovery_time_objective=Duration.seconds(30),
        )

    Args:
        endpoint_groups: Two or more, each of another Region, one of them at least with a ``traffic_dial`` above 0.
        port_ranges: What clients connect to, 1 to 10 ranges. Default: 443.
        protocol: TCP or UDP. Default: TCP.
        client_affinity: ``SOURCE_IP`` keeps a client at one endpoint while it is healthy. Default: ``NONE``.
        ip_address_type: ``IPV4`` or ``DUAL_STACK``, which needs dual-stack endpoints that see the client's address.
            Default: ``IPV4``.
        domain_name: A name of its own, which the certificates of the endpoints must cover. Default: none.
        hosted_zone: The public zone of ``domain_name``, never created here. Default: no records are made.
        recovery_time_objective: The longest until an outage is noticed, see ``failover_time``. Default: none.

    Attributes:
        accelerator: The accelerator.
        listener: Its listener.
        endpoint_groups: The endpoint groups, in the order given.
        records: The alias records; empty where no zone is given.
        domain_name: As given.

    Raises:
        ValueError: Fewer than two groups; two of one Region; dials that are all 0; a bad port; UDP for an Application
            Load Balancer; endpoints that a dual-stack accelerator does not take; an objective that cannot be met.

    See https://docs.aws.amazon.com/global-accelerator/latest/dg/introduction-how-it-works.html
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        endpoint_groups: Sequence[EndpointGroup],
        port_ranges: Sequence[globalaccelerator.PortRange] | None = None,
        protocol: globalaccelerator.ConnectionProtocol | None = None,
        client_affinity: globalaccelerator.ClientAffinity | None = None,
        ip_address_type: globalaccelerator.IpAddressType | None = None,
        domain_name: str | None = None,
        hosted_zone: route53.IHostedZone | None = None,
        recovery_time_objective: Duration | None = None,
    ) -> None:
        regions = [group.region for group in endpoint_groups]
        if len(regions) < 2:
            raise refusal(
                "endpoint_groups",
                "two or more",
                regions,
                "with one there is no other Region to go to; for the zones of one Region use MultiAzAccelerator",
            )
        if len(set(regions)) < len(regions):
            raise refusal(
                "endpoint_groups",
                "of different Regions",
                regions,
                "a listener has one group a Region; put the endpoints of a Region into one EndpointGroup",
            )
        if all(not is_token(group.traffic_dial) and group.traffic_dial == 0 for group in endpoint_groups):
            raise ValueError(
                "traffic_dial must be above 0 in one of endpoint_groups, got 0 in all: none of them would take "
                "traffic; give 0 to the standby alone"
            )
        super().__init__(
            scope,
            construct_id,
            endpoint_groups=endpoint_groups,
            port_ranges=port_ranges,
            protocol=protocol,
            client_affinity=client_affinity,
            ip_address_type=ip_address_type,
            domain_name=domain_name,
            hosted_zone=hosted_zone,
            recovery_time_objective=recovery_time_objective,
        )
        for group, made in zip(self._groups, self.endpoint_groups, strict=True):
            if not is_token(group.traffic_dial) and group.traffic_dial == 0:
                self._accept("HA303", "It is a standby by its traffic_dial of 0, and takes over in spite of it.", made)


class MultiAzAccelerator(_AcceleratorFailover):
    """An accelerator in front of one Region, whose zones can fail one by one.

    The guide's "Failover with Global Accelerator" in a single Region across multiple Availability Zones. There is no
    other place to go to when the Region fails: see ``MultiRegionAccelerator``.

    Behind it is a load balancer over several zones, or an instance or address in each. Instances are checked one by
    one, and traffic leaves the one that fails. A load balancer is one endpoint, unhealthy when all of its zones are;
    while one fails it is the load balancer that stops sending traffic to that zone's targets. That needs targets in
    each zone: a Lambda function is one target for all zones, so with it no zone can be seen to fail.

    Creates an accelerator ($0.025 an hour and a charge for traffic), a listener, an endpoint group, and alias records:
    A, and AAAA with dual stack.

    Example::

        MultiAzAccelerator(
            self,
            "Accelerator",
            endpoints=[AcceleratorEndpoint.application_load_balancer(alb, target_groups=[targets])],
            domain_name="api.example.com",
            hosted_zone=zone,
        )

    Args:
        endpoints: A load balancer over two zones or more, or several endpoints in different zones; of one Region.
        region: Their Region. Default: that of the first of them.
        health_check: See ``EndpointGroup``. Default: ``AcceleratorHealthCheck()``.
        port_ranges: See ``MultiRegionAccelerator``. Default: 443.
        protocol: TCP or UDP. Default: TCP.
        client_affinity: See ``MultiRegionAccelerator``. Default: ``NONE``.
        ip_address_type: See ``MultiRegionAccelerator``. Default: ``IPV4``.
        domain_name: A name of its own, which the certificates of the endpoints must cover. Default: none.
        hosted_zone: The public zone of ``domain_name``, never created here. Default: no records are made.
        recovery_time_objective: The longest until an outage is noticed, see ``failover_time``. Default: none.

    Attributes:
        accelerator: The accelerator.
        listener: Its listener.
        endpoint_groups: The one endpoint group.
        records: The alias records; empty where no zone is given.
        domain_name: As given.

    Raises:
        ValueError: Endpoints that are all in one zone; a Region that is not known here; as ``EndpointGroup`` and
            ``MultiRegionAccelerator``.

    See https://docs.aws.amazon.com/global-accelerator/latest/dg/introduction-how-it-works.html
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        endpoints: Sequence[AcceleratorEndpoint],
        region: str | None = None,
        health_check: AcceleratorHealthCheck | None = None,
        port_ranges: Sequence[globalaccelerator.PortRange] | None = None,
        protocol: globalaccelerator.ConnectionProtocol | None = None,
        client_affinity: globalaccelerator.ClientAffinity | None = None,
        ip_address_type: globalaccelerator.IpAddressType | None = None,
        domain_name: str | None = None,
        hosted_zone: route53.IHostedZone | None = None,
        recovery_time_objective: Duration | None = None,
    ) -> None:
        _check_endpoints(endpoints)
        region = region or endpoints[0].region
        if region is None:
            raise ValueError(f"region is missing: that of {endpoints[0]} is not known here, give it as region='...'")
        group = EndpointGroup(region=region, endpoints=endpoints, health_check=health_check)
        zones = [zone for endpoint in group.used for zone in endpoint.zones]
        if len(set(zones)) < 2:
            raise refusal(
                "endpoints",
                "in two zones or more",
                ", ".join(map(str, endpoints)),
                "one zone would take them all with it; give a load balancer over several zones, or an endpoint in each",
            )
        super().__init__(
            scope,
            construct_id,
            endpoint_groups=[group],
            port_ranges=port_ranges,
            protocol=protocol,
            client_affinity=client_affinity,
            ip_address_type=ip_address_type,
            domain_name=domain_name,
            hosted_zone=hosted_zone,
            recovery_time_objective=recovery_time_objective,
        )
        self._accept("HA304", "MultiAzAccelerator is for one Region, whose zones fail over.", self.endpoint_groups[0])


def _check_endpoints(endpoints: Sequence[AcceleratorEndpoint]) -> None:
    check_sequence("endpoints", endpoints, "AcceleratorEndpoint...")
    for endpoint in endpoints:
        if not isinstance(endpoint, AcceleratorEndpoint):
            raise refusal(
                "endpoints",
                "AcceleratorEndpoint of a load balancer, an EC2 instance or an Elastic IP address",
                endpoint,
                "an accelerator takes nothing else: put a load balancer in front of it, or use DnsFailover or "
                "OriginFailover for what has a name alone",
            )
    if not 1 <= len(endpoints) <= MOST_ENDPOINTS:
        raise refusal(
            "endpoints", f"1 to {MOST_ENDPOINTS}", len(endpoints), f"see {_GUIDE}/limits-global-accelerator.html"
        )
    if all(not is_token(endpoint.weight) and endpoint.weight == 0 for endpoint in endpoints):
        raise ValueError(
            "weight must be above 0 for one of the endpoints, got 0 for all: an endpoint with weight 0 is not chosen "
            "when others fail, so such a group is no standby; for one that takes over give it traffic_dial=0"
        )


def _check_weight(weight: int) -> None:
    check_whole_number("weight", weight, 0, MOST_WEIGHT, "it is a share of the endpoint group's traffic")


def _check_ports(ranges: Sequence[globalaccelerator.PortRange]) -> None:
    page = f"{_GUIDE}/limits-global-accelerator.html"
    if not 1 <= len(ranges) <= 10:
        raise refusal("port_ranges", "1 to 10 ranges", len(ranges), f"a listener has no more, see {page}")
    for given in ranges:
        last = given.from_port if given.to_port is None else given.to_port
        for port in (given.from_port, last):
            check_whole_number("port_ranges", port, 1, 65535, "these are ports")
        if not is_token(given.from_port) and not is_token(last) and given.from_port > last:
            raise refusal(
                "port_ranges", "from a lower to a higher port", f"{given.from_port}-{last}", "turn them round"
            )


def _check_name(domain_name: str | None, zone: route53.IHostedZone | None) -> None:
    if domain_name is None:
        if zone is not None:
            raise ValueError("domain_name is missing: a hosted_zone serves only a name of the accelerator's own")
        return
    check_domain_name("domain_name", domain_name, "it is the name that clients connect to")
    if zone is None:
        return
    check_public_zone(zone)
    name = zone.zone_name
    if not is_token(domain_name) and not is_token(name) and not is_in_zone(domain_name, name):
        raise refusal("domain_name", f"in the hosted_zone {name}", domain_name, "no record can be made elsewhere")


def _check_target_groups(groups: Sequence[elbv2.ITargetGroup]) -> None:
    check_sequence("target_groups", groups, "targets")
    for flaw in filter(None, map(_flaw_of, groups)):
        raise ValueError(flaw)


def _flaw_of(group: elbv2.ITargetGroup) -> str | None:
    """Why nothing will ever fail over away from a target group, if so."""
    found = _target_group_properties(group) or {}
    if is_checked(found):
        return None
    is_lambda = found.get("targetType") == "lambda"
    return (
        f"target_groups must have health checks, got {group.node.path}, where they are off"
        f"{' (the default for a Lambda function)' if is_lambda else ''}: its targets always count as healthy, so "
        "nothing ever fails over; make it with health_check=HealthCheck(enabled=True, path=...)"
    )


@jsii.implements(IValidation)
class _HealthChecksOn:
    """Judges target groups again at synth: their targets can be added after the accelerator is made."""

    def __init__(self, groups: Sequence[elbv2.ITargetGroup]) -> None:
        self._groups = groups

    def validate(self) -> list[str]:
        return [flaw for flaw in map(_flaw_of, self._groups) if flaw is not None]


def _target_group_properties(group: elbv2.ITargetGroup) -> Mapping[str, Any] | None:
    from aws_cdk import aws_elasticloadbalancingv2 as elbv2

    return _properties_of(group, elbv2.CfnTargetGroup)


def balancer_properties(resource: IConstruct) -> Mapping[str, Any] | None:
    """What the template will say of a load balancer made in this app; None of anything else."""
    from aws_cdk import aws_elasticloadbalancingv2 as elbv2

    return _properties_of(resource, elbv2.CfnLoadBalancer)


def _properties_of(resource: IConstruct, kind: type[Any]) -> Mapping[str, Any] | None:
    """What the template will say of a resource made in this app; None of one that is imported."""
    child = resource.node.default_child
    if not isinstance(child, kind):
        return None
    found: Mapping[str, Any] = Stack.of(child).resolve(child._cfn_properties)
    return found
