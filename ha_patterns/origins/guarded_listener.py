"""A load balancer that only CloudFront gets past, and the health checkers on their one path."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import jsii
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from aws_cdk import aws_sns as sns
from constructs import Construct, IValidation

from ..cdk.lookup import look_up
from ..cdk.once import once
from ..cdk.properties import properties_of
from ..cdk.reviews import answer
from ..cdk.typed import typed
from ..cdk.validation import check_whole_number, duration, refusal
from ..edge.alarms import notify, require_topic_beside
from ..edge.regions import region_of
from .guard import OriginGuard
from .places import leave_open

# The last of the rules that a listener can have: rules of yours come before.
_HEALTH_PRIORITY, _ADMIT_PRIORITY = 49_999, 50_000
_EVERYBODY = ("0.0.0.0/0", "::/0")


@typed
class GuardedListener(Construct):
    """A listener of an Application Load Balancer that answers 403 to whatever does not come from CloudFront.

    Two locks. The *header*: a request is forwarded when it has one of the guard's values, or asks for the health
    path. The *addresses*: the port is open to CloudFront's origin-facing servers and to Route 53's health checkers
    and to nobody else; the first alone would admit everybody's CloudFront distributions, which the header keeps out.

    Health checks go on: Route 53's checkers get the health path, and the load balancer's own checks of its targets,
    which also decide about aliases and about endpoints of an accelerator, come from inside and pass no listener.

    Creates the listener's default action (403) and two rules after all others, two security groups and a small
    function that looks up, at deploy, the prefix lists that AWS keeps of these addresses (CloudFormation knows them by
    id alone, another in each Region and account). Two groups, because lists count as many rules: 55 for CloudFront's
    and 25 for the checkers', where a group may have 60 unless its quota is raised. They hold IPv4, over which
    CloudFront connects unless an origin says otherwise, and checkers ask every endpoint that is known by name.

    Example::

        listener = load_balancer.add_listener("Https", port=443, certificates=[certificate], open=False)
        GuardedListener(self, "Guard", guard=guard, listener=listener, target_groups=[targets])

    Args:
        guard: What is agreed on. Its secrets exist in this Region when this is deployed.
        listener: The listener, made with ``open=False`` and without default targets. Rules of your own come before
            the guard's and need ``guard.condition()`` among their conditions, or they admit everybody.
        target_groups: What admitted requests are forwarded to.
        restrict_addresses: Close the port to other addresses. False where requests come from others than CloudFront:
            from an accelerator that does not preserve the client's address, or from addresses that the load
            balancer's own security groups admit. Default True.

    Attributes:
        guard: As given.
        listener: As given.
        rules: The rule of the health path, then the one that admits by header.
        security_groups: CloudFront's, then the checkers'; empty where addresses are not restricted.

    Raises:
        ValueError: A listener that is imported, that has a default action, or whose port is open to everybody; a load
            balancer that is imported; no target groups.

    See https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/restrict-access-to-load-balancer.html
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        guard: OriginGuard,
        listener: elbv2.ApplicationListener,
        target_groups: Sequence[elbv2.IApplicationTargetGroup],
        restrict_addresses: bool = True,
    ) -> None:
        if not target_groups:
            raise refusal("target_groups", "at least one", list(target_groups), "admitted requests are forwarded there")
        _require_no_default(listener)
        super().__init__(scope, construct_id)
        self.guard = guard
        self.listener = listener
        if (port := _resource_of(listener).port) is not None:
            leave_open(listener.load_balancer, int(port), guard.health_path)
        self.security_groups = self._admit_addresses() if restrict_addresses else []
        listener.add_action(
            "Refuse",
            action=elbv2.ListenerAction.fixed_response(
                403, content_type="text/plain", message_body="Requests come through CloudFront."
            ),
        )
        self.rules = [
            elbv2.ApplicationListenerRule(
                self,
                name,
                listener=listener,
                priority=priority,
                conditions=[condition],
                action=elbv2.ListenerAction.forward(list(target_groups)),
            )
            for name, priority, condition in (
                ("HealthPath", _HEALTH_PRIORITY, elbv2.ListenerCondition.path_patterns([guard.health_path])),
                ("Admit", _ADMIT_PRIORITY, guard.condition()),
            )
        ]

    @once
    def add_alarms(self, topic: sns.ITopic, *, refused_per_minute: int = 10) -> list[cloudwatch.Alarm]:
        """An alarm on refused requests: somebody tries, or CloudFront sends what this listener does not know.

        Args:
            topic: Notified when the alarm is raised and when it is over; in the Region of the load balancer.
            refused_per_minute: How many raise the alarm, in 2 of 3 minutes; 1 to 1000000. Default 10.

        Raises:
            ValueError: A topic of another Region, or with a key that alarms may not use; a number out of range.
        """
        require_topic_beside(self, topic)
        check_whole_number("refused_per_minute", refused_per_minute, 1, 1_000_000, "it is a number of requests")
        alarm = self.listener.load_balancer.metrics.http_fixed_response_count(
            period=duration(60), statistic="Sum"
        ).create_alarm(
            self,
            "Refused",
            threshold=refused_per_minute,
            evaluation_periods=3,
            datapoints_to_alarm=2,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
            alarm_description=f"{self.node.path}: requests without the header of the origin guard",
        )
        return notify(topic, alarm)

    def _admit_addresses(self) -> list[ec2.SecurityGroup]:
        load_balancer = self.listener.load_balancer
        vpc = load_balancer.vpc
        if not isinstance(load_balancer, elbv2.ApplicationLoadBalancer) or vpc is None:
            raise ValueError(
                f"listener must be of a load balancer that is made here, got one of {load_balancer.node.path}: the "
                "security groups of another cannot be changed; say restrict_addresses=False, and admit the two prefix "
                "lists to it where it is made"
            )
        port = _resource_of(self.listener).port
        assert port is not None
        closed = _Closed(load_balancer, port)
        for opening in closed.validate():
            raise ValueError(opening)
        # The port can be opened afterwards, too.
        self.node.add_validation(closed)
        found = look_up(
            self,
            "PrefixLists",
            "Custom::ManagedPrefixLists",
            description="Tells CloudFormation the prefix lists of CloudFront and of Route 53's health checkers",
            actions=["ec2:DescribeManagedPrefixLists"],
            resources=["*"],
            properties={
                "Names": {
                    "CloudFront": "com.amazonaws.global.cloudfront.origin-facing",
                    "HealthCheckers": f"com.amazonaws.{region_of(self)}.route53-healthchecks",
                }
            },
        )
        reason = "It only lists the names of prefix lists, an action that cannot be granted on one of them."
        answer(self, {"IAM5[Resource::*]": reason})
        groups = []
        for name, who in (("CloudFront", "CloudFront"), ("HealthCheckers", "Route 53 health checkers")):
            group = ec2.SecurityGroup(
                self, f"From{name}", vpc=vpc, description=f"Admits {who} alone", allow_all_outbound=False
            )
            group.add_ingress_rule(ec2.Peer.prefix_list(found.get_att_string(name)), ec2.Port.tcp(port), f"From {who}")
            # What another listener or a target opens on the load balancer is not to get into this group.
            load_balancer.add_security_group(
                ec2.SecurityGroup.from_security_group_id(group, "Attached", group.security_group_id, mutable=False)
            )
            groups.append(group)
        return groups


def _resource_of(listener: elbv2.ApplicationListener) -> elbv2.CfnListener:
    resource = listener.node.default_child
    if not isinstance(resource, elbv2.CfnListener):
        raise refusal(
            "listener",
            "one that is made in this app",
            listener.node.path,
            "what an imported one answers by default cannot be changed; make it with add_listener(open=False)",
        )
    return resource


def _require_no_default(listener: elbv2.ApplicationListener) -> None:
    """Refuse a listener that already answers everybody."""
    if properties_of(_resource_of(listener), "defaultActions").get("defaultActions"):
        raise refusal(
            "listener",
            "one without a default action",
            listener.node.path,
            "it would answer every request; make it without default_action and default_target_groups",
        )


@jsii.implements(IValidation)
class _Closed:
    """No security group opens the port to everybody; an imported group cannot be seen."""

    def __init__(self, load_balancer: elbv2.ApplicationLoadBalancer, port: float) -> None:
        self._load_balancer = load_balancer
        self._port = port

    def validate(self) -> list[str]:
        return [
            f"listener must not be open to everybody, got port {self._port} open to {who} in {group.node.path}: "
            "prefix lists beside it would restrict nothing; make it with open=False, or say restrict_addresses=False"
            for group in self._load_balancer.connections.security_groups
            for rule in _ingress_of(group)
            if (who := rule.get("cidrIp") or rule.get("cidrIpv6")) in _EVERYBODY
            and (rule["ipProtocol"] == "-1" or rule["fromPort"] <= self._port <= rule["toPort"])
        ]


def _ingress_of(group: ec2.ISecurityGroup) -> Iterator[Mapping[str, Any]]:
    """What a group of this app admits, by rules of its own and by those beside it."""
    for resource in group.node.children:
        if isinstance(resource, ec2.CfnSecurityGroup):
            yield from properties_of(resource, "securityGroupIngress").get("securityGroupIngress") or ()
        elif isinstance(resource, ec2.CfnSecurityGroupIngress):
            yield properties_of(resource)
