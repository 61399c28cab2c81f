"""What an accelerator sends traffic to: load balancers, EC2 instances and Elastic IP addresses."""

from __future__ import annotations

import enum
import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from aws_cdk import CfnResource, Duration
from constructs import IConstruct

from ..aws.accelerators import DEFAULT_WEIGHT, MOST_WEIGHT
from ..cdk.properties import properties_if_made
from ..cdk.typed import typed
from ..cdk.validation import check_whole_number, duration, is_token, refusal
from ..edge.regions import region_of
from .load_balancers import balancer_properties, check_target_groups, detection_seconds

if TYPE_CHECKING:
    # Imported where they are used: most users of this package have neither of these, and all of it takes a third of a
    # second.
    from aws_cdk import aws_ec2 as ec2
    from aws_cdk import aws_elasticloadbalancingv2 as elbv2
    from aws_cdk import aws_globalaccelerator as globalaccelerator

_GUIDE = "https://docs.aws.amazon.com/global-accelerator/latest/dg"


class EndpointKind(enum.Enum):
    """The kinds of endpoints that Global Accelerator takes."""

    APPLICATION_LOAD_BALANCER = "Application load balancer"
    NETWORK_LOAD_BALANCER = "Network load balancer"
    INSTANCE = "EC2 instance"
    ELASTIC_IP = "Elastic IP address"

    @property
    def is_load_balancer(self) -> bool:
        """Whether its health is that of targets."""
        return self in (EndpointKind.APPLICATION_LOAD_BALANCER, EndpointKind.NETWORK_LOAD_BALANCER)


@typed
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
        kind: The kind of endpoint.
        resource: What it was made of.
        target_groups: As given; empty where its health is not that of targets.
        is_load_balancer: Whether its health is that of a load balancer's targets.

    See https://docs.aws.amazon.com/global-accelerator/latest/dg/about-endpoints.html
    """

    def __init__(
        self,
        *,
        endpoint: globalaccelerator.IEndpoint,
        kind: EndpointKind,
        resource: IConstruct,
        weight: int,
        preserve_client_ip: bool | None = None,
        target_groups: Sequence[elbv2.ITargetGroup] = (),
    ) -> None:
        """Not called directly: use the method of the kind of endpoint."""
        self.weight = weight
        self.kind = kind
        self.is_load_balancer = kind.is_load_balancer
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
        weight: int = DEFAULT_WEIGHT,
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
            preserve_client_ip: Whether targets see the client's address; those of an internal load balancer do always.
                Default: Global Accelerator's, True.

        Raises:
            ValueError: A target group whose health checks are off, which they are by default for a Lambda function;
                an internal load balancer without the client's address.
        """
        from aws_cdk import aws_globalaccelerator_endpoints as endpoints

        _check_weight(weight)
        found = balancer_properties(load_balancer)
        if preserve_client_ip is False and found is not None and found.get("scheme") == "internal":
            raise _not_to_be_hidden("an internal load balancer")
        check_target_groups(target_groups)
        return cls(
            endpoint=endpoints.ApplicationLoadBalancerEndpoint(
                load_balancer, weight=weight, preserve_client_ip=preserve_client_ip
            ),
            kind=EndpointKind.APPLICATION_LOAD_BALANCER,
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
        weight: int = DEFAULT_WEIGHT,
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
                and no TLS listener, and is needed with a dual-stack accelerator. Default: Global Accelerator's, False.

        Raises:
            ValueError: A target group whose health checks are off.
        """
        from aws_cdk import aws_globalaccelerator_endpoints as endpoints

        _check_weight(weight)
        check_target_groups(target_groups)
        return cls(
            endpoint=endpoints.NetworkLoadBalancerEndpoint(
                load_balancer, weight=weight, preserve_client_ip=preserve_client_ip
            ),
            kind=EndpointKind.NETWORK_LOAD_BALANCER,
            resource=load_balancer,
            weight=weight,
            preserve_client_ip=preserve_client_ip,
            target_groups=target_groups,
        )

    @classmethod
    def instance(
        cls, instance: ec2.IInstance, *, weight: int = DEFAULT_WEIGHT, preserve_client_ip: bool | None = None
    ) -> AcceleratorEndpoint:
        """An EC2 instance, checked by Global Accelerator itself.

        Args:
            instance: The instance.
            weight: 0 to 255, its share of the traffic of its group. Default 128.
            preserve_client_ip: Whether it sees the client's address, as it does always. Default: Global Accelerator's,
                True.

        Raises:
            ValueError: ``preserve_client_ip`` is False.
        """
        from aws_cdk import aws_globalaccelerator_endpoints as endpoints

        _check_weight(weight)
        if preserve_client_ip is False:
            raise _not_to_be_hidden("an EC2 instance")
        return cls(
            endpoint=endpoints.InstanceEndpoint(instance, weight=weight, preserve_client_ip=preserve_client_ip),
            kind=EndpointKind.INSTANCE,
            resource=instance,
            weight=weight,
            preserve_client_ip=preserve_client_ip,
        )

    @classmethod
    def elastic_ip(cls, address: ec2.CfnEIP, *, weight: int = DEFAULT_WEIGHT) -> AcceleratorEndpoint:
        """An Elastic IP address, checked by Global Accelerator itself.

        Args:
            address: The address.
            weight: 0 to 255, its share of the traffic of its group. Default 128.
        """
        from aws_cdk import aws_globalaccelerator_endpoints as endpoints

        _check_weight(weight)
        return cls(
            endpoint=endpoints.CfnEipEndpoint(address, weight=weight),
            kind=EndpointKind.ELASTIC_IP,
            resource=address,
            weight=weight,
        )

    @property
    def detection_time(self) -> Duration:
        """How long an outage of a load balancer's targets lasts before it is unhealthy.

        That is interval x unhealthy threshold, and the timeout of the last probe, of the target group that takes
        longest.

        Raises:
            ValueError: The target groups are not known here, or a setting is a token.
        """
        times = [detection_seconds(group) for group in self.target_groups]
        known = [time for time in times if time is not None]
        if not known or len(known) < len(times):
            raise ValueError(
                "failover_time cannot be computed: the health checks of a load balancer's target groups decide it, and "
                f"those of {self} are not known here; give target_groups=[...], made in this app"
            )
        return duration(max(known))

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
        instance = properties_if_made(self.resource, ec2.CfnInstance)
        zone = None if instance is None else instance.get("availabilityZone")
        return [str(self) if zone is None else json.dumps(zone, sort_keys=True)]

    @property
    def preserves_client_ip(self) -> bool:
        """Whether it was asked for that targets see the client's address."""
        return self._preserve_client_ip is True

    def refuse_dual_stack(self, argument: str) -> None:
        """Refuse what a dual-stack accelerator cannot send IPv6 traffic to."""
        why = f"a dual-stack accelerator takes no such endpoint, see {_GUIDE}/about-endpoints-caveats.html"
        if self.kind is EndpointKind.ELASTIC_IP:
            raise refusal(argument, "load balancers and instances with ip_address_type DUAL_STACK", self, why)
        is_network = self.kind is EndpointKind.NETWORK_LOAD_BALANCER
        if self._preserve_client_ip is False or (is_network and self._preserve_client_ip is None):
            raise refusal("preserve_client_ip", "True with ip_address_type DUAL_STACK", self._preserve_client_ip, why)
        found = self.load_balancer_properties
        if found is not None and found.get("ipAddressType", "ipv4") == "ipv4":
            raise refusal(argument, "dual-stack load balancers with ip_address_type DUAL_STACK", self, why)

    def __str__(self) -> str:
        return f"{self.kind.value} {self.resource.node.path}"


def _not_to_be_hidden(what: str) -> ValueError:
    return refusal(
        "preserve_client_ip",
        f"True for {what}",
        value=False,
        why=f"Global Accelerator shows it the client's address always, see {_GUIDE}/"
        "preserve-client-ip-address.how-to-enable-preservation.html",
    )


def _check_weight(weight: int) -> None:
    check_whole_number("weight", weight, 0, MOST_WEIGHT, "it is a share of the endpoint group's traffic")
