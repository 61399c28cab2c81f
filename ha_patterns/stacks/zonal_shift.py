"""Reference stack of a zonal shift: a load balancer over two zones, reached by DNS, which can leave one of them.

``-c zonal_targets=true`` puts an EC2 instance in each zone behind the load balancer, in place of a Lambda function,
which is one target for all zones: a shift then takes an address out of DNS, and moves no target.
"""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_route53_targets as targets
from constructs import Construct

from ..outage_failover import ZonalShift
from .sample_load_balancer import SampleLoadBalancerStack
from .settings import ReferenceSettings

_PATTERN = "zonal-shift"


def build(scope: Construct, settings: ReferenceSettings) -> ZonalShift:
    """The load balancer with its name, and what lets it be shifted."""
    domain_name = f"{_PATTERN}.{settings.zone_name}"
    stack = SampleLoadBalancerStack(
        scope,
        f"{_PATTERN}-primary",
        settings=settings,
        role="primary",
        region=settings.regions[0],
        domain_name=domain_name,
        zonal_targets=scope.node.try_get_context("zonal_targets") in {True, "true"},
    )
    route53.ARecord(
        stack,
        "ARecord",
        zone=stack.zone,
        record_name=f"{domain_name}.",
        target=route53.RecordTarget.from_alias(targets.LoadBalancerTarget(stack.load_balancer)),
    )
    errors = _errors(stack.load_balancer).create_alarm(
        stack,
        "Errors",
        threshold=10,
        evaluation_periods=3,
        datapoints_to_alarm=2,
        comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        alarm_description=f"{domain_name}: users get 5xx errors",
    )
    shift = ZonalShift(
        stack,
        "ZonalShift",
        load_balancer=stack.load_balancer,
        outcome_alarm=errors,
        recovery_time_objective=cdk.Duration.seconds(365),
    )
    cdk.CfnOutput(
        stack,
        "Shift",
        value="aws arc-zonal-shift start-zonal-shift --expires-in 30m --comment drill --away-from ZONE_ID"
        f" --region {stack.region} --resource-identifier {stack.load_balancer.load_balancer_arn}",
        description="Leave the zone with this id, such as euw1-az1, for 30 minutes",
    )
    return shift


def _errors(load_balancer: elbv2.ApplicationLoadBalancer) -> cloudwatch.MathExpression:
    """All 5xx errors that users get: those of targets, and those with which the load balancer answers for them."""
    minute, metrics = cdk.Duration.minutes(1), load_balancer.metrics
    return cloudwatch.MathExpression(
        # Each metric has data only in minutes with such an error.
        expression="SUM([FILL(targets, 0), FILL(balancer, 0)])",
        using_metrics={
            "targets": metrics.http_code_target(elbv2.HttpCodeTarget.TARGET_5XX_COUNT, period=minute, statistic="Sum"),
            "balancer": metrics.http_code_elb(elbv2.HttpCodeElb.ELB_5XX_COUNT, period=minute, statistic="Sum"),
        },
        period=minute,
        label="5xx errors",
    )
