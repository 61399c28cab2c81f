"""Reference stacks of an accelerator over the zones of one Region: a load balancer, and fixed addresses in front.

``-c zonal_targets=true`` puts an EC2 instance in each zone behind the load balancer. Without it there is a Lambda
function, which costs nothing while it waits, and is one target for all zones: no zone of it can fail.
"""

from __future__ import annotations

import aws_cdk as cdk
from constructs import Construct

from ..outage_failover import MultiAzAccelerator
from .accelerator_stack import AcceleratorStack
from .sample_load_balancer import SampleLoadBalancerStack
from .settings import ReferenceSettings

_PATTERN = "accelerator-multi-az"


def build(scope: Construct, settings: ReferenceSettings) -> MultiAzAccelerator:
    """The load balancer, then the accelerator."""
    domain_name = f"{_PATTERN}.{settings.zone_name}"
    origin = SampleLoadBalancerStack(
        scope,
        f"{_PATTERN}-primary",
        settings=settings,
        role="primary",
        region=settings.regions[0],
        domain_name=domain_name,
        zonal_targets=scope.node.try_get_context("zonal_targets") in {True, "true"},
    )
    front = AcceleratorStack(scope, settings, _PATTERN, origins=[origin])
    accelerator = MultiAzAccelerator(
        front,
        "Site",
        endpoints=[origin.accelerator_endpoint],
        domain_name=domain_name,
        hosted_zone=front.zone,
        recovery_time_objective=cdk.Duration.seconds(40),
    )
    accelerator.add_alarms(front.topic)
    return accelerator
