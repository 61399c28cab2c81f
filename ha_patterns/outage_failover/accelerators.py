"""Failover with Global Accelerator: fixed addresses, and traffic that leaves an unhealthy zone or Region."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from aws_cdk import CfnResource, Duration, Fn
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_sns as sns
from constructs import Construct

from ..aws.accelerators import ACCELERATOR_REGION as ACCELERATOR_REGION
from ..aws.accelerators import CLOSEST_GROUPS, MOST_PORT_RANGES
from ..aws.health_checks import PORTS
from ..aws.partitions import Service
from ..aws.recovery_times import ACCELERATOR_SECONDS
from ..aws.regions import PLACES, nearest
from ..cdk.once import once
from ..cdk.partitions import require_service
from ..cdk.references import follow_producers
from ..cdk.taken_names import warn_of_taken_names
from ..cdk.told import usual
from ..cdk.typed import typed
from ..cdk.validation import (
    accept,
    check_domain_name,
    check_objective,
    check_public_zone,
    check_whole_number,
    duration,
    is_in_zone,
    is_token,
    refusal,
    total_seconds,
    warn,
)
from ..edge.alarms import notify, region_of_topic, require_usable_key
from ..edge.regions import region_of, stack_of
from ..origins import Endpoint, OriginSettings
from ..origins.places import at_synth, balancer_of, refuse_at_synth, warn_of_balancer
from .accelerator_endpoints import AcceleratorEndpoint, EndpointKind
from .accelerator_flaws import endpoint_flaws
from .accelerator_groups import AcceleratorHealthCheck, EndpointGroup, check_endpoints, warn_of_defaults
from .failover_parts import FailoverParts
from .load_balancers import HealthChecksOn

if TYPE_CHECKING:
    # Imported where it is used: most users of this package have no accelerator.
    from aws_cdk import aws_globalaccelerator as globalaccelerator

    from ..origins import OriginGuard

_GUIDE = "https://docs.aws.amazon.com/global-accelerator/latest/dg"


@typed
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
        require_service(self, "an accelerator", Service.ACCELERATORS)
        follow_producers(stack_of(self))
        warn_of_taken_names(self)
        ports = [globalaccelerator.PortRange(from_port=443)] if port_ranges is None else list(port_ranges)
        _check_ports(ports)
        _check_name(self, domain_name, hosted_zone)
        is_udp = protocol is globalaccelerator.ConnectionProtocol.UDP
        is_dual = ip_address_type is globalaccelerator.IpAddressType.DUAL_STACK
        ranges = [
            (int(given.from_port), int(given.from_port if given.to_port is None else given.to_port))
            for given in ports
            if not is_token(given.from_port) and not is_token(given.to_port)
        ]
        for endpoint in (endpoint for group in endpoint_groups for endpoint in group.endpoints):
            if is_udp and endpoint.kind is EndpointKind.APPLICATION_LOAD_BALANCER:
                raise refusal(
                    "protocol", "TCP with Application Load Balancers", "UDP", f"{endpoint} speaks HTTP over TCP only"
                )
            if is_dual:
                endpoint.refuse_dual_stack("endpoints")
            self.node.add_validation(HealthChecksOn(endpoint.target_groups))
            flaws = functools.partial(endpoint_flaws, endpoint, ranges, is_udp=is_udp, is_dual=is_dual)
            refuse_at_synth(self, flaws)
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
        self._warn_of_defaults()
        self.records = list(self._records(hosted_zone, is_dual))
        if recovery_time_objective is not None:
            check_objective(recovery_time_objective, self.failover_time, str(self.failover_parts))

    @property
    def failover_time(self) -> Duration:
        """How long until new connections leave an endpoint group that has gone silent, whichever it is.

        The ``detection_time`` of the slowest health check, which for load balancers is one of the target groups, and
        10 s for Global Accelerator to follow: AWS publishes no figure, and says "within tens of seconds" of the whole.
        No DNS is waited for.

        Raises:
            ValueError: The target groups of a load balancer are not known here, or a setting is a token.
        """
        return self.failover_parts.failover_time

    @property
    def failover_parts(self) -> FailoverParts:
        """What ``failover_time`` is the sum of.

        ``drain`` is None: a connection that is open stays with its endpoint, healthy or not, until one of its ends
        closes it or it was idle for 340 seconds (UDP: 30).

        Raises:
            ValueError: As ``failover_time``.
        """
        noticed = max(total_seconds("detection_time", group.detection_time) for group in self._groups)
        return FailoverParts.of_seconds(noticed, ACCELERATOR_SECONDS, None)

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

    @once
    def add_alarms(self, topic: sns.ITopic) -> list[cloudwatch.Alarm]:
        """An alarm on unhealthy endpoints: raised when traffic has left one, or has nowhere else to go.

        Args:
            topic: Notified when the alarm is raised and when it is over; in us-west-2, where the metric is.

        Raises:
            ValueError: The topic or this stack is in another Region, or alarms may not use the key of the topic.
        """
        why = f"Global Accelerator's metrics exist in {ACCELERATOR_REGION} only"
        for argument, region in (("an alarm", region_of(self)), ("topic", region_of_topic(topic))):
            if not is_token(region) and region != ACCELERATOR_REGION:
                raise ValueError(
                    f"{argument} must be in {ACCELERATOR_REGION}, got one in {region}: {why}; put the accelerator and "
                    f"its topic in a stack with env=Environment(region='{ACCELERATOR_REGION}')"
                )
        require_usable_key(topic)
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

    def _warn_of_defaults(self) -> None:
        """Warn of what the defaults of parameters make refused, or of no effect."""
        for group in self._groups:
            warn_of_defaults(self, group)
        given = [group.region for group in self._groups]
        regions = [usual(region) for region in given]
        if len(set(regions)) < len(regions):
            warn(
                self,
                "accelerator:default-regions",
                f"by the default of a parameter, two endpoint groups are of one Region, of {regions}: a listener has "
                "one group a Region; give each another one",
            )
        dials = [usual(group.traffic_dial) for group in self._groups]
        if all(not is_token(dial) and dial == 0 for dial in dials):
            warn(
                self,
                "accelerator:default-dials",
                "by the default of a parameter, the traffic_dial of all endpoint_groups is 0, which a failover does "
                "not look at: give 0 to the standby alone",
            )

    def _warn_of_balancers(self) -> None:
        for group in self._groups:
            for endpoint in group.endpoints:
                found = balancer_of(endpoint.resource) if endpoint.is_load_balancer else None
                if found is not None:
                    warn_of_balancer(found, "the accelerator", remedy="put them behind load balancers of their own")

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


@typed
class MultiRegionAccelerator(_AcceleratorFailover):
    """An accelerator in front of several Regions: clients reach the nearest, and leave it when it is unhealthy.

    The guide's "Failover with Global Accelerator" across multiple Regions. Clients keep two fixed addresses (four with
    dual stack), so no DNS answer has to expire; all protocols over TCP and UDP, and all methods, move. Nothing in the
    way of a failover changes a dial or a weight.

    *Active/active*: leave the dials at 100, or lower them to move a share of a Region's own clients elsewhere.
    *Active/passive*: give the standby ``traffic_dial=0``. It gets no traffic until no endpoint elsewhere is healthy,
    and then gets all: failover ignores dials, and so do the dials of all other groups. A weight of 0 is no standby.
    Where no group has a healthy endpoint, Global Accelerator sends traffic to any of the nearest group. It tries the
    three closest other groups and no more, so a standby is certain among four Regions.

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
            recovery_time_objective=Duration.minutes(1),
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
        recovery_time_objective: The longest ``failover_time`` that is accepted. Default: none.

    Attributes:
        accelerator: The accelerator.
        listener: Its listener.
        endpoint_groups: The endpoint groups, in the order given.
        records: The alias records; empty where no zone is given.
        domain_name: As given.

    Raises:
        ValueError: Fewer than two groups; two of one Region; dials that are all 0; a standby that is never among the
            three closest; a bad port; UDP for an Application
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
        far = _far_standbys(endpoint_groups)
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
        if len(endpoint_groups) > CLOSEST_GROUPS + 1:
            warn(
                self,
                "accelerator:many-groups",
                f"there are {len(endpoint_groups)} endpoint groups, and if all endpoints of one are unhealthy, Global "
                f"Accelerator tries the {CLOSEST_GROUPS} closest others only: see that a healthy one is among them",
            )
        for region, homes in far.items():
            warn(
                self,
                "accelerator:far-standby",
                f"the standby in {region} is not among the {CLOSEST_GROUPS} closest to {', '.join(homes)}: if these "
                "and the groups closest to them are all unhealthy, Global Accelerator tries no other; give fewer "
                "groups, or the standby traffic",
            )


@typed
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
        recovery_time_objective: The longest ``failover_time`` that is accepted. Default: none.

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
        check_endpoints(endpoints)
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


def _far_standbys(groups: Sequence[EndpointGroup]) -> dict[str, list[str]]:
    """By standby, the Regions with traffic that it is too far from to take over; the order is by the way along cables.

    Raises:
        ValueError: A standby that takes over from none of them.
    """
    if any(is_token(each) for group in groups for each in (group.region, group.traffic_dial)):
        return {}
    regions = [group.region for group in groups]
    if not set(regions) <= PLACES.keys():
        return {}
    order = nearest(regions)
    closest = {region: [other for other in order[region] if other != region][:CLOSEST_GROUPS] for region in regions}
    homes = [group.region for group in groups if group.traffic_dial > 0]
    far: dict[str, list[str]] = {}
    for group in groups:
        if group.traffic_dial > 0:
            continue
        missed = [region for region in homes if group.region not in closest[region]]
        if missed == homes:
            raise refusal(
                "endpoint_groups",
                f"such that the standby is among the {CLOSEST_GROUPS} closest groups of one with traffic",
                group.region,
                "Global Accelerator tries no other when a group is unhealthy, so it would never take over; give fewer "
                f"groups, or it traffic, see {_GUIDE}/about-endpoints-endpoint-weights.unhealthy-endpoints.html",
            )
        if missed:
            far[group.region] = missed
    return far


def _check_ports(ranges: Sequence[globalaccelerator.PortRange]) -> None:
    page = f"{_GUIDE}/limits-global-accelerator.html"
    if not 1 <= len(ranges) <= MOST_PORT_RANGES:
        raise refusal(
            "port_ranges", f"1 to {MOST_PORT_RANGES} ranges", len(ranges), f"a listener has no more, see {page}"
        )
    for given in ranges:
        last = given.from_port if given.to_port is None else given.to_port
        for port in (given.from_port, last):
            check_whole_number("port_ranges", port, PORTS[0], PORTS[-1], "these are ports")
        if not is_token(given.from_port) and not is_token(last) and given.from_port > last:
            raise refusal(
                "port_ranges", "from a lower to a higher port", f"{given.from_port}-{last}", "turn them round"
            )


def _check_name(scope: Construct, domain_name: str | None, zone: route53.IHostedZone | None) -> None:
    if domain_name is None:
        if zone is not None:
            raise ValueError("domain_name is missing: a hosted_zone serves only a name of the accelerator's own")
        return
    check_domain_name("domain_name", domain_name, "it is the name that clients connect to")
    if zone is None:
        return
    name = check_public_zone(zone, scope)
    if not is_token(domain_name) and not is_token(name) and not is_in_zone(domain_name, name):
        raise refusal("domain_name", f"in the hosted_zone {name}", domain_name, "no record can be made elsewhere")
