"""Reference stacks of an accelerator over two Regions: a load balancer in each, and fixed addresses in front."""

from __future__ import annotations

import aws_cdk as cdk
from constructs import Construct

from ..outage_failover import EndpointGroup, MultiRegionAccelerator
from .accelerator_stack import AcceleratorStack
from .sample_load_balancer import SampleLoadBalancerStack
from .settings import ReferenceSettings

_PATTERN = "accelerator-multi-region"


def build(scope: Construct, settings: ReferenceSettings) -> MultiRegionAccelerator:
    """The load balancer in two Regions, then the accelerator."""
    domain_name = f"{_PATTERN}.{settings.zone_name}"
    primary, standby = (
        SampleLoadBalancerStack(
            scope, f"{_PATTERN}-{role}", settings=settings, role=role, region=region, domain_name=domain_name
        )
        for role, region in zip(("primary", "standby"), settings.regions, strict=True)
    )
    front = AcceleratorStack(scope, settings, _PATTERN, origins=[primary, standby])
    accelerator = MultiRegionAccelerator(
        front,
        "Site",
        endpoint_groups=[
            EndpointGroup(region=primary.region, endpoints=[primary.accelerator_endpoint]),
            # A warm standby: failover ignores the dial.
            EndpointGroup(region=standby.region, endpoints=[standby.accelerator_endpoint], traffic_dial=0),
        ],
        domain_name=domain_name,
        hosted_zone=front.zone,
        recovery_time_objective=cdk.Duration.seconds(40),
    )
    accelerator.add_alarms(front.topic)
    return accelerator
