"""Endpoint groups: dials, weights and the health checks of what Global Accelerator checks itself."""

from __future__ import annotations

import aws_cdk as cdk
import pytest
from aws_cdk import Duration

from ha_patterns import AcceleratorEndpoint, AcceleratorHealthCheck

from ..samples import (
    elastic_ip,
    imported_balancer,
    instance_in,
    multi_region_accelerator,
)
from .accelerators import accelerator_stack, group_in, groups_of


@pytest.fixture
def stack() -> cdk.Stack:
    return accelerator_stack()


def test_a_load_balancer_brings_no_health_settings_of_the_accelerators(stack: cdk.Stack) -> None:
    multi_region_accelerator(stack)

    groups = groups_of(stack)
    assert groups.keys() == {"eu-west-1", "eu-central-1"}
    for region, group in groups.items():
        assert group.keys() == {
            "EndpointConfigurations",
            "EndpointGroupRegion",
            "ListenerArn",
            "TrafficDialPercentage",
        }
        [endpoint] = group["EndpointConfigurations"]
        assert f":{region}:" in endpoint["EndpointId"]


def test_dial_and_weight_reach_the_template_zero_included(stack: cdk.Stack) -> None:
    primary = AcceleratorEndpoint.application_load_balancer(imported_balancer(stack, "eu-west-1"))
    drained = AcceleratorEndpoint.application_load_balancer(imported_balancer(stack, "eu-west-1", "b"), weight=0)
    standby = AcceleratorEndpoint.application_load_balancer(imported_balancer(stack, "eu-central-1"), weight=7)
    multi_region_accelerator(
        stack,
        endpoint_groups=[group_in("eu-west-1", primary, drained), group_in("eu-central-1", standby, traffic_dial=0)],
    )

    groups = groups_of(stack)
    assert [endpoint["Weight"] for endpoint in groups["eu-west-1"]["EndpointConfigurations"]] == [128, 0]
    assert groups["eu-west-1"]["TrafficDialPercentage"] == 100
    assert groups["eu-central-1"]["EndpointConfigurations"][0]["Weight"] == 7
    assert groups["eu-central-1"]["TrafficDialPercentage"] == 0


def test_instances_and_addresses_are_checked_every_10_seconds(stack: cdk.Stack) -> None:
    here = group_in("us-west-2", AcceleratorEndpoint.instance(instance_in(stack)))
    other = group_in(
        "eu-west-1",
        AcceleratorEndpoint.elastic_ip(elastic_ip(stack, "eu-west-1")),
        health_check=AcceleratorHealthCheck(
            protocol="HTTP", port=8080, path="/health", interval=Duration.seconds(30), threshold=2
        ),
    )
    accelerator = multi_region_accelerator(stack, endpoint_groups=[here, other])

    groups = groups_of(stack)
    told = {name: value for name, value in groups["us-west-2"].items() if "HealthCheck" in name or "Thresh" in name}
    assert told == {"HealthCheckIntervalSeconds": 10, "HealthCheckProtocol": "TCP", "ThresholdCount": 3}
    assert groups["eu-west-1"]["HealthCheckPath"] == "/health"
    assert groups["eu-west-1"]["HealthCheckPort"] == 8080
    assert groups["eu-west-1"]["ThresholdCount"] == 2
    assert accelerator.failover_time.to_seconds() == 2 * (30 + 6) + 10


def test_a_mixed_group_takes_a_health_check_for_what_it_checks(stack: cdk.Stack) -> None:
    balancer = AcceleratorEndpoint.application_load_balancer(imported_balancer(stack, "us-west-2"))
    mixed = group_in(
        "us-west-2",
        balancer,
        AcceleratorEndpoint.instance(instance_in(stack)),
        health_check=AcceleratorHealthCheck(threshold=1),
    )
    multi_region_accelerator(
        stack,
        endpoint_groups=[
            mixed,
            group_in("eu-west-1", AcceleratorEndpoint.application_load_balancer(imported_balancer(stack, "eu-west-1"))),
        ],
    )

    assert groups_of(stack)["us-west-2"]["ThresholdCount"] == 1


def test_what_is_drained_does_not_count(stack: cdk.Stack) -> None:
    unknown = AcceleratorEndpoint.application_load_balancer(imported_balancer(stack, "us-west-2"), weight=0)
    group = group_in("us-west-2", unknown, AcceleratorEndpoint.instance(instance_in(stack)))

    assert group.detection_time.to_seconds() == 3 * (10 + 10)
