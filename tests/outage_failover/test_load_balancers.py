"""Target groups: how long they take to notice an outage, and when they are judged."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import Duration
from aws_cdk import aws_elasticloadbalancingv2 as elbv2

from ..samples import (
    lambda_target,
    multi_region_accelerator,
    number_token,
    refused_synth,
    target_group,
    vpc_in,
)
from .accelerators import accelerator_stack


@pytest.fixture
def stack() -> cdk.Stack:
    return accelerator_stack()


@pytest.mark.parametrize(
    ("settings", "seconds"),
    [
        pytest.param({"interval": Duration.seconds(10), "unhealthy_threshold_count": 3}, 30 + 5 + 10, id="given"),
        pytest.param({"interval": Duration.seconds(10)}, 20 + 5 + 10, id="threshold by default"),
        pytest.param({}, 70 + 5 + 10, id="all by default, of a Lambda function"),
    ],
)
def test_the_failover_time_is_that_of_the_target_group(
    stack: cdk.Stack, settings: dict[str, Any], seconds: int
) -> None:
    group = target_group(stack, timeout=Duration.seconds(5), **settings)

    accelerator = multi_region_accelerator(stack, target_group=group)

    assert accelerator.failover_time.to_seconds() == seconds


def test_the_failover_time_of_instances_behind_a_load_balancer_by_default(stack: cdk.Stack) -> None:
    targets = elbv2.ApplicationTargetGroup(stack, "Instances", vpc=vpc_in(stack), port=80)

    assert multi_region_accelerator(stack, target_group=targets).failover_time.to_seconds() == 60 + 5 + 10


def test_a_function_that_becomes_a_target_later_has_its_health_checks_judged_at_synth(stack: cdk.Stack) -> None:
    late = elbv2.ApplicationTargetGroup(stack, "Late")
    multi_region_accelerator(stack, target_group=late)
    late.add_target(lambda_target(stack))

    said = refused_synth(stack)

    assert "[Test/Accelerator] target_groups must have health checks, got Test/Late, where they are off" in said


def test_a_threshold_that_only_the_deploy_knows_gives_no_failover_time(stack: cdk.Stack) -> None:
    group = target_group(stack, unhealthy_threshold_count=number_token(stack, "Threshold"))

    with pytest.raises(ValueError, match=r"health check of Test/Targets has a setting that only the deploy knows"):
        _ = multi_region_accelerator(stack, target_group=group).failover_time
