"""Routing controls: switches that a person or a runbook throws, and that records follow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import CfnOutput, Duration, Fn, Names, Tags
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_route53 as route53
from constructs import Construct

from ..aws.partitions import Service
from ..aws.recovery_times import CONTROL_SECONDS
from ..aws.regions import ROUTING_CONTROL_REGIONS
from ..aws.routing_controls import NAME, NAME_TOLD
from ..cdk.lookup import look_up
from ..cdk.marks import mark
from ..cdk.partitions import require_service
from ..cdk.typed import typed
from ..cdk.validation import check_cluster_arn, duration, is_token, refusal, warn
from ..edge.regions import region_of
from ..origins import Endpoint, OriginSettings
from ._watching import ROLE_OF_CONTROL
from .dns_failover import DnsFailover
from .failover_parts import FailoverParts

if TYPE_CHECKING:
    from aws_cdk import aws_route53recoverycontrol as arc

_PAGE = "https://docs.aws.amazon.com/r53recovery/latest/dg/routing-control.html"
_COST = "$2.50 an hour, about $1,825 a month"
# Changes of these controls are refused that long after each one, so that two hands do not undo each other.
_WAIT_MILLISECONDS = 5000


@typed
class RoutingControlHealthCheck(route53.HealthCheck):
    """A health check that is healthy while a routing control is On.

    Creates a Route 53 health check of the type RECOVERY_CONTROL. It probes nothing.

    Example::

        RoutingControlHealthCheck(self, "Primary", routing_control_arn=control.attr_routing_control_arn, name="primary")

    Args:
        routing_control_arn: The routing control.
        name: What the console lists it as.

    See https://docs.aws.amazon.com/r53recovery/latest/dg/routing-control.create-health-check.html
    """

    def __init__(self, scope: Construct, construct_id: str, *, routing_control_arn: str, name: str) -> None:
        super().__init__(
            scope,
            construct_id,
            type=route53.HealthCheckType.RECOVERY_CONTROL,
            routing_control=routing_control_arn,
        )
        Tags.of(self).add("Name", name, include_resource_types=["AWS::Route53::HealthCheck"])

    @property
    def detection_time(self) -> Duration:
        """How long a flip takes until Route 53 answers by it: at most 15 s, says AWS, and 5 s on average.

        It begins when the control is flipped; how long somebody takes to decide that is not in it.
        """
        return duration(CONTROL_SECONDS)


@typed
class RoutingControls(Construct):
    """Two switches, primary and standby, and the health checks that records follow.

    Amazon Application Recovery Controller (ARC): an On/Off state held in five Regions, which can be read and changed
    while two of the five are lost, and without any control plane. For a failover that a person or a runbook decides,
    where a probe cannot tell: a standby that must first catch up, or an application that answers and is wrong.

    Give ``primary_health_check`` and ``standby_health_check`` to ``DnsFailover`` or ``HybridFailover``. Controls are
    created Off, and with both Off Route 53 answers the primary all the same (it fails open): run the first command,
    which is in the outputs, right after the deploy. From then on a safety rule refuses any change that would leave
    both Off.

    Creates a control panel, two routing controls, an assertion rule (at least one On, checked after each change; a
    further change is refused for 5 seconds), a RECOVERY_CONTROL health check for each control, a small function that
    reads the cluster's five endpoints at deploy, and outputs. A cluster **only if asked** with ``create_cluster=True``:
    it costs $2.50 an hour, about $1,825 a month, used or not; one cluster serves many applications.

    Outputs, for ``ha-patterns routing-control``: ``RoutingControlEndpoints``, ``RoutingControlPanel``, the first
    command (``RoutingControlFirstCommand``) and the command that fails over (``RoutingControlFailoverCommand``), which
    needs nothing but the cluster: keep it where an outage of us-east-1 leaves it readable.

    Example::

        controls = RoutingControls(self, "Controls", cluster_arn="arn:aws:route53-recovery-control::...:cluster/...")
        DnsFailover(
            self,
            "Origin",
            primary_health_check=controls.primary_health_check,
            secondary_health_check=controls.standby_health_check,
            ...
        )

    Args:
        cluster_arn: A cluster that exists. Give this, or ``create_cluster=True``.
        create_cluster: Make one, at $2.50 an hour. Default False.
        name: Names the control panel, the rule and a cluster that is made; 1 to 64 characters without white space and
            ``& > < ' " ;``. Another name replaces the cluster. Default: from the construct's path.

    Attributes:
        cluster: The cluster that was made; None where one was given.
        cluster_arn: The cluster.
        cluster_endpoints: Its endpoints, known at deploy: REGION=URL, separated by commas.
        control_panel: The control panel.
        primary_control: The routing control named ``primary``.
        standby_control: The routing control named ``standby``.
        safety_rule: The assertion rule over both.
        primary_health_check: Healthy while ``primary`` is On.
        standby_health_check: Healthy while ``standby`` is On.

    Raises:
        ValueError: No cluster, or two; what cannot be the ARN of one; a name that ARC refuses; a stack of a Region
            where CloudFormation has no routing controls.

    See https://docs.aws.amazon.com/r53recovery/latest/dg/routing-control.html
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        cluster_arn: str | None = None,
        create_cluster: bool = False,
        name: str | None = None,
    ) -> None:
        _check_cluster(cluster_arn, create_cluster=create_cluster)
        if name is not None and not is_token(name) and not NAME.fullmatch(name):
            raise refusal("name", NAME_TOLD, name, f"see {_PAGE}")
        super().__init__(scope, construct_id)
        _check_region(self)
        from aws_cdk import aws_route53recoverycontrol as arc

        name = name or Names.unique_resource_name(self, max_length=64, separator="-")
        self.cluster: arc.CfnCluster | None = None
        if create_cluster:
            self.cluster = arc.CfnCluster(self, "Cluster", name=name)
            cluster_arn = self.cluster.attr_cluster_arn
            warn(
                self,
                "routing-control:cluster-cost",
                f"create_cluster makes a cluster that costs {_COST}, from the deploy until it is deleted: give "
                "cluster_arn where there is one, or acknowledge the cost",
            )
        self.cluster_arn = str(cluster_arn)
        self.control_panel = arc.CfnControlPanel(self, "ControlPanel", name=name, cluster_arn=self.cluster_arn)
        self.primary_control, self.primary_health_check = self._control("primary", name)
        self.standby_control, self.standby_health_check = self._control("standby", name)
        self.safety_rule = arc.CfnSafetyRule(
            self,
            "AtLeastOne",
            name=name,
            control_panel_arn=self.control_panel.attr_control_panel_arn,
            assertion_rule=arc.CfnSafetyRule.AssertionRuleProperty(
                asserted_controls=[
                    self.primary_control.attr_routing_control_arn,
                    self.standby_control.attr_routing_control_arn,
                ],
                wait_period_ms=_WAIT_MILLISECONDS,
            ),
            rule_config=arc.CfnSafetyRule.RuleConfigProperty(type="ATLEAST", threshold=1, inverted=False),
        )
        self.cluster_endpoints = _cluster_endpoints(self, self.cluster_arn)
        self._outputs()

    def _control(self, role: str, panel: str) -> tuple[arc.CfnRoutingControl, RoutingControlHealthCheck]:
        from aws_cdk import aws_route53recoverycontrol as arc

        control = arc.CfnRoutingControl(
            self,
            role.capitalize(),
            name=role,
            cluster_arn=self.cluster_arn,
            control_panel_arn=self.control_panel.attr_control_panel_arn,
        )
        check = RoutingControlHealthCheck(
            self,
            f"{role.capitalize()}HealthCheck",
            routing_control_arn=control.attr_routing_control_arn,
            name=f"{panel}: {role}",
        )
        mark(check, ROLE_OF_CONTROL, role)
        return control, check

    def _outputs(self) -> None:
        command = "ha-patterns routing-control set"
        panel = self.control_panel.attr_control_panel_arn
        each_endpoint = Fn.join(" --endpoint ", Fn.split(",", self.cluster_endpoints))
        asks = f"--control-panel {panel} --endpoint {each_endpoint}"
        for output, value, description in (
            ("RoutingControlEndpoints", self.cluster_endpoints, "The cluster, in five Regions"),
            ("RoutingControlPanel", panel, "The control panel of primary and standby"),
            (
                "RoutingControlFirstCommand",
                f"{command} primary=On standby=Off {asks}",
                "Run it now: controls are created Off",
            ),
            (
                "RoutingControlFailoverCommand",
                f"{command} primary=Off standby=On {asks}",
                "Moves traffic to the standby; keep it where an outage leaves it readable",
            ),
        ):
            CfnOutput(self, output, value=value, description=description)


@typed
class RoutingControlFailover(Construct):
    """A failover record pair that moves when somebody throws the switch, and never by itself.

    ``RoutingControls`` and ``DnsFailover`` in one: the primary's record follows the control ``primary``, the
    secondary's the control ``standby``, and no alias goes by the health of its target. Put the name behind CloudFront
    as an origin (``.origin()``), or let clients use it. Recovery asks the cluster's data plane and nothing else.

    Creates the two, in one stack. There is no alarm: the checks show what was switched, not how the application is.

    Example::

        RoutingControlFailover(
            self,
            "Origin",
            hosted_zone=zone,
            record_name="origin",
            primary=Endpoint.http_host("dc1.example.com", ipv4_addresses=["203.0.113.10"]),
            secondary=Endpoint.http_host("dc2.example.com", ipv4_addresses=["198.51.100.20"]),
            cluster_arn="arn:aws:route53-recovery-control::123456789012:cluster/8d47920e-d789-437d-803a-2dcc4b204393",
        )

    Args:
        hosted_zone: The public zone.
        record_name: The shared name, relative to the zone or in full.
        primary: Answers while the control ``primary`` is On, and while both are Off.
        secondary: Answers while ``primary`` is Off and ``standby`` is On.
        cluster_arn: See ``RoutingControls``.
        create_cluster: See ``RoutingControls``: $2.50 an hour. Default False.
        name: See ``RoutingControls``. Default: from the construct's path.
        ttl: See ``DnsFailover``. Default 60 seconds.
        recovery_time_objective: The longest the failover may take from the flip. Default: none.

    Attributes:
        controls: The ``RoutingControls``.
        dns: The ``DnsFailover``.

    Raises:
        ValueError: As ``RoutingControls`` and ``DnsFailover``.

    See https://docs.aws.amazon.com/r53recovery/latest/dg/routing-control.html
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
        cluster_arn: str | None = None,
        create_cluster: bool = False,
        name: str | None = None,
        ttl: Duration | None = None,
        recovery_time_objective: Duration | None = None,
    ) -> None:
        super().__init__(scope, construct_id)
        self.controls = RoutingControls(
            self, "Controls", cluster_arn=cluster_arn, create_cluster=create_cluster, name=name
        )
        self.dns = DnsFailover(
            self,
            "Dns",
            hosted_zone=hosted_zone,
            record_name=record_name,
            primary=primary,
            secondary=secondary,
            primary_health_check=self.controls.primary_health_check,
            secondary_health_check=self.controls.standby_health_check,
            ttl=ttl,
            evaluate_target_health=False,
            recovery_time_objective=recovery_time_objective,
        )

    @property
    def failover_time(self) -> Duration:
        """How long until all traffic has moved, from the flip: 15 s until Route 53 answers by it, then the TTL.

        How long somebody takes to decide is not in it. See ``failover_parts`` for connections that are open.

        Raises:
            ValueError: The TTL is a token.
        """
        return self.dns.failover_time

    @property
    def failover_parts(self) -> FailoverParts:
        """What ``failover_time`` is the sum of; see ``DnsFailover``."""
        return self.dns.failover_parts

    def origin(self, settings: OriginSettings | None = None) -> cloudfront.IOrigin:
        """The shared name as an origin for any ``Distribution``; see ``DnsFailover.origin``."""
        return self.dns.origin(settings)


def _check_cluster(cluster_arn: str | None, *, create_cluster: bool) -> None:
    if (cluster_arn is not None) == create_cluster:
        given = "both" if create_cluster else "neither"
        raise ValueError(
            f"give cluster_arn or create_cluster=True, got {given}: routing controls need one cluster, and a new one "
            f"costs {_COST}"
        )
    if cluster_arn is not None:
        check_cluster_arn("cluster_arn", cluster_arn)


def _check_region(scope: Construct) -> None:
    require_service(scope, "routing controls", Service.ROUTING_CONTROLS)
    region = region_of(scope)
    if is_token(region):
        warn(
            scope,
            "routing-control:unknown-region",
            f"routing controls must be in one of {', '.join(ROUTING_CONTROL_REGIONS)} (CloudFormation has them nowhere "
            "else), and this stack's Region is known only at deploy: give the stack "
            "env=Environment(region='us-east-1')",
        )
    elif region not in ROUTING_CONTROL_REGIONS:
        raise ValueError(
            f"routing controls must be in one of {', '.join(ROUTING_CONTROL_REGIONS)}, got a stack in {region}: "
            "CloudFormation has them nowhere else; put them, and the records that follow them, in a stack of us-east-1"
        )


def _cluster_endpoints(scope: Construct, cluster_arn: str) -> str:
    found = look_up(
        scope,
        "Endpoints",
        "Custom::RoutingControlEndpoints",
        description="Tells CloudFormation the endpoints of the routing-control cluster",
        actions=["route53-recovery-control-config:DescribeCluster"],
        resources=[cluster_arn],
        properties={"ClusterArn": cluster_arn},
    )
    return found.get_att_string("Endpoints")
