"""What a partition lacks is refused there with what works instead, and what is said to work does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest

from ha_patterns import AlarmHealthCheck, EndpointHealthCheck, HealthCheckSettings, StandbyTakesOver, TrafficSwitch
from ha_patterns.aws.partitions import MISSING, Service, lacks
from ha_patterns.cdk import partitions

from ..samples import (
    dns_failover,
    errors_alarm,
    latency_routing,
    metric_alarm,
    new_stack,
    primary_host,
    secondary_host,
    zonal_shift,
    zone_of,
)


def _takes_over(stack: cdk.Stack) -> None:
    StandbyTakesOver(
        stack,
        "Origin",
        hosted_zone=zone_of(stack),
        record_name="origin",
        primary=primary_host(),
        secondary=secondary_host(),
        switch=TrafficSwitch(stack, "Switch", switch_name="shop"),
    )


def _checks(stack: cdk.Stack) -> None:
    EndpointHealthCheck(stack, "Site", domain_name="www.example.com", settings=HealthCheckSettings(path="/health"))
    AlarmHealthCheck(stack, "Alarm", alarm=metric_alarm(stack))


def _shift(stack: cdk.Stack) -> None:
    zonal_shift(stack, outcome_alarm=errors_alarm(stack))


@pytest.mark.parametrize(
    ("region", "build"),
    [
        *[("us-gov-west-1", build) for build in (_checks, _shift, dns_failover, latency_routing, _takes_over)],
        *[("cn-north-1", build) for build in (_checks, _shift, dns_failover, latency_routing, _takes_over)],
        *[("eu-west-1", build) for build in (_checks, _shift, dns_failover, latency_routing, _takes_over)],
        *[(None, build) for build in (dns_failover, latency_routing)],
    ],
)
def test_what_is_said_to_work_in_a_partition_is_made_there(
    region: str | None, build: Callable[[cdk.Stack], Any]
) -> None:
    stack = new_stack(region)

    build(stack)

    assert stack.node.find_all()


def test_each_partition_that_lacks_something_has_a_name_and_a_way_out() -> None:
    assert partitions._NAMES.keys() == partitions._INSTEAD.keys() == MISSING.keys()


@pytest.mark.parametrize(
    ("region", "service", "expected"),
    [
        ("us-gov-west-1", Service.CLOUDFRONT, True),
        ("cn-north-1", Service.CLOUDFRONT, False),
        ("cn-north-1", Service.EDGE_FUNCTIONS, True),
        ("eu-west-1", Service.ACCELERATORS, False),
        # Nothing is known of this one.
        ("eusc-de-east-1", Service.ACCELERATORS, False),
    ],
)
def test_what_a_partition_lacks(region: str, service: Service, *, expected: bool) -> None:
    assert lacks(region, service) is expected
