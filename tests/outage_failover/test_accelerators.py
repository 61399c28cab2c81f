"""Accelerators: what their templates hold, how long they take, and what they tell."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import Duration
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from aws_cdk import aws_globalaccelerator as globalaccelerator
from aws_cdk import aws_sns as sns
from aws_cdk.assertions import Match, Template

from ha_patterns import AcceleratorEndpoint, AcceleratorHealthCheck, EndpointGroup, MultiRegionAccelerator

from ..samples import (
    dual_stack_balancer,
    elastic_ip,
    imported_balancer,
    instance_in,
    lambda_target,
    multi_az_accelerator,
    multi_region_accelerator,
    new_balancer,
    number_token,
    only,
    properties,
    refused_synth,
    target_group,
    vpc_in,
    warnings_of,
    zone_of,
)

_GROUP = "AWS::GlobalAccelerator::EndpointGroup"


@pytest.fixture
def stack() -> cdk.Stack:
    """Where the metrics of accelerators are."""
    return cdk.Stack(cdk.App(), "Test", env=cdk.Environment(region="us-west-2"))


def _groups(stack: cdk.Stack) -> dict[str, dict[str, Any]]:
    found = properties(Template.from_stack(stack), _GROUP)
    return {group["EndpointGroupRegion"]: group for group in found}


def _in(region: str, *endpoints: AcceleratorEndpoint, **given: Any) -> EndpointGroup:
    return EndpointGroup(region=region, endpoints=endpoints, **given)


def test_an_accelerator_has_one_listener_for_https_over_tcp(stack: cdk.Stack) -> None:
    multi_region_accelerator(stack)

    template = Template.from_stack(stack)
    template.has_resource_properties("AWS::GlobalAccelerator::Accelerator", {"Enabled": True})
    listener = only(template, "AWS::GlobalAccelerator::Listener")
    assert listener["PortRanges"] == [{"FromPort": 443, "ToPort": 443}]
    assert (listener["Protocol"], listener["ClientAffinity"]) == ("TCP", "NONE")


def test_a_load_balancer_brings_no_health_settings_of_the_accelerators(stack: cdk.Stack) -> None:
    multi_region_accelerator(stack)

    for region, group in _groups(stack).items():
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
        stack, endpoint_groups=[_in("eu-west-1", primary, drained), _in("eu-central-1", standby, traffic_dial=0)]
    )

    groups = _groups(stack)
    assert [endpoint["Weight"] for endpoint in groups["eu-west-1"]["EndpointConfigurations"]] == [128, 0]
    assert groups["eu-west-1"]["TrafficDialPercentage"] == 100
    assert groups["eu-central-1"]["EndpointConfigurations"][0]["Weight"] == 7
    assert groups["eu-central-1"]["TrafficDialPercentage"] == 0


def test_instances_and_addresses_are_checked_every_10_seconds(stack: cdk.Stack) -> None:
    here = _in("us-west-2", AcceleratorEndpoint.instance(instance_in(stack)))
    other = _in(
        "eu-west-1",
        AcceleratorEndpoint.elastic_ip(elastic_ip(stack, "eu-west-1")),
        health_check=AcceleratorHealthCheck(
            protocol="HTTP", port=8080, path="/health", interval=Duration.seconds(30), threshold=2
        ),
    )
    accelerator = multi_region_accelerator(stack, endpoint_groups=[here, other])

    groups = _groups(stack)
    told = {name: value for name, value in groups["us-west-2"].items() if "HealthCheck" in name or "Thresh" in name}
    assert told == {"HealthCheckIntervalSeconds": 10, "HealthCheckProtocol": "TCP", "ThresholdCount": 3}
    assert groups["eu-west-1"]["HealthCheckPath"] == "/health"
    assert groups["eu-west-1"]["HealthCheckPort"] == 8080
    assert groups["eu-west-1"]["ThresholdCount"] == 2
    assert accelerator.failover_time.to_seconds() == 60


def test_a_mixed_group_takes_a_health_check_for_what_it_checks(stack: cdk.Stack) -> None:
    balancer = AcceleratorEndpoint.application_load_balancer(imported_balancer(stack, "us-west-2"))
    mixed = _in(
        "us-west-2",
        balancer,
        AcceleratorEndpoint.instance(instance_in(stack)),
        health_check=AcceleratorHealthCheck(threshold=1),
    )
    multi_region_accelerator(
        stack,
        endpoint_groups=[
            mixed,
            _in("eu-west-1", AcceleratorEndpoint.application_load_balancer(imported_balancer(stack, "eu-west-1"))),
        ],
    )

    assert _groups(stack)["us-west-2"]["ThresholdCount"] == 1


@pytest.mark.parametrize(
    ("settings", "seconds"),
    [
        pytest.param({"interval": Duration.seconds(10), "unhealthy_threshold_count": 3}, 30, id="given"),
        pytest.param({"interval": Duration.seconds(10)}, 20, id="threshold by default"),
        pytest.param({}, 70, id="all by default, of a Lambda function"),
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

    assert multi_region_accelerator(stack, target_group=targets).failover_time.to_seconds() == 60


def test_the_slowest_target_group_counts(stack: cdk.Stack) -> None:
    fast = target_group(stack, "Fast", interval=Duration.seconds(10), timeout=Duration.seconds(5))
    slow = target_group(stack, "Slow", interval=Duration.seconds(40), timeout=Duration.seconds(5))
    endpoint = AcceleratorEndpoint.application_load_balancer(
        imported_balancer(stack, "eu-west-1"), target_groups=[fast, slow]
    )

    assert endpoint.detection_time.to_seconds() == 80


def test_what_is_drained_does_not_count(stack: cdk.Stack) -> None:
    unknown = AcceleratorEndpoint.application_load_balancer(imported_balancer(stack, "us-west-2"), weight=0)
    group = _in("us-west-2", unknown, AcceleratorEndpoint.instance(instance_in(stack)))

    assert group.detection_time.to_seconds() == 30


def test_an_ipv4_accelerator_has_an_a_record_alone(stack: cdk.Stack) -> None:
    accelerator = multi_region_accelerator(stack, domain_name="api.example.com", hosted_zone=zone_of(stack))

    record = only(Template.from_stack(stack), "AWS::Route53::RecordSet")
    assert (record["Name"], record["Type"]) == ("api.example.com.", "A")
    assert record["AliasTarget"]["DNSName"]["Fn::GetAtt"][1] == "DnsName"
    assert len(accelerator.records) == 1


def test_a_dual_stack_accelerator_has_both_records_of_its_dual_stack_name(stack: cdk.Stack) -> None:
    groups = [
        _in(region, AcceleratorEndpoint.application_load_balancer(imported_balancer(stack, region)))
        for region in ("eu-west-1", "eu-central-1")
    ]
    groups.append(_in("us-west-2", AcceleratorEndpoint.application_load_balancer(dual_stack_balancer(stack))))
    multi_region_accelerator(
        stack,
        endpoint_groups=groups,
        ip_address_type=globalaccelerator.IpAddressType.DUAL_STACK,
        domain_name="api.example.com.",
        hosted_zone=zone_of(stack),
    )

    template = Template.from_stack(stack)
    assert only(template, "AWS::GlobalAccelerator::Accelerator")["IpAddressType"] == "DUAL_STACK"
    records = properties(template, "AWS::Route53::RecordSet")
    assert {record["Type"] for record in records} == {"A", "AAAA"}
    assert {record["Name"] for record in records} == {"api.example.com."}
    assert {record["AliasTarget"]["DNSName"]["Fn::GetAtt"][1] for record in records} == {"DualStackDnsName"}


def test_without_a_zone_there_is_a_name_and_no_record(stack: cdk.Stack) -> None:
    accelerator = multi_region_accelerator(stack, domain_name="api.example.com")

    Template.from_stack(stack).resource_count_is("AWS::Route53::RecordSet", 0)
    assert accelerator.records == []
    assert accelerator.endpoint().domain_name == "api.example.com"


def test_it_is_an_origin_of_cloudfront_by_its_own_name(stack: cdk.Stack) -> None:
    accelerator = multi_region_accelerator(stack, domain_name="api.example.com")
    cloudfront.Distribution(stack, "Site", default_behavior=cloudfront.BehaviorOptions(origin=accelerator.origin()))

    config = only(Template.from_stack(stack), "AWS::CloudFront::Distribution")["DistributionConfig"]
    assert config["Origins"][0]["DomainName"] == "api.example.com"
    assert config["Origins"][0]["CustomOriginConfig"]["OriginProtocolPolicy"] == "https-only"


def test_udp_listeners_have_ranges_affinity_and_a_warning_where_nothing_answers_the_check(stack: cdk.Stack) -> None:
    def groups(**given: Any) -> list[EndpointGroup]:
        return [
            _in("us-west-2", AcceleratorEndpoint.instance(instance_in(stack)), **given),
            _in("eu-west-1", AcceleratorEndpoint.elastic_ip(elastic_ip(stack, "eu-west-1")), **given),
        ]

    multi_region_accelerator(
        stack,
        endpoint_groups=groups(),
        protocol=globalaccelerator.ConnectionProtocol.UDP,
        client_affinity=globalaccelerator.ClientAffinity.SOURCE_IP,
        port_ranges=[globalaccelerator.PortRange(from_port=7000, to_port=7100)],
    )

    listener = only(Template.from_stack(stack), "AWS::GlobalAccelerator::Listener")
    assert listener["PortRanges"] == [{"FromPort": 7000, "ToPort": 7100}]
    assert (listener["Protocol"], listener["ClientAffinity"]) == ("UDP", "SOURCE_IP")
    assert ("/Test/Accelerator", "@ha-patterns/accelerator:udp-checked-by-tcp") in warnings_of(stack)


def test_a_port_for_the_check_of_a_udp_listener_ends_the_warning(stack: cdk.Stack) -> None:
    check = AcceleratorHealthCheck(port=80)
    groups = [
        _in("us-west-2", AcceleratorEndpoint.instance(instance_in(stack)), health_check=check),
        _in("eu-west-1", AcceleratorEndpoint.elastic_ip(elastic_ip(stack, "eu-west-1")), health_check=check),
    ]
    multi_region_accelerator(stack, endpoint_groups=groups, protocol=globalaccelerator.ConnectionProtocol.UDP)

    assert not any("ha-patterns" in rule for _, rule in warnings_of(stack))


def test_the_alarm_is_on_unhealthy_endpoints_of_this_accelerator(stack: cdk.Stack) -> None:
    accelerator = multi_region_accelerator(stack)

    [alarm] = accelerator.add_alarms(sns.Topic(stack, "Topic"))

    assert alarm.node.path == "Test/Accelerator/Alarm"
    Template.from_stack(stack).has_resource_properties(
        "AWS::CloudWatch::Alarm",
        {
            "Namespace": "AWS/GlobalAccelerator",
            "MetricName": "UnhealthyEndpointCount",
            "Dimensions": [
                {
                    "Name": "Accelerator",
                    "Value": {
                        "Fn::Select": [
                            1,
                            {"Fn::Split": ["/", {"Fn::GetAtt": [Match.any_value(), "AcceleratorArn"]}]},
                        ]
                    },
                }
            ],
            "AlarmActions": [Match.any_value()],
            "OKActions": [Match.any_value()],
        },
    )


def test_a_network_load_balancer_is_an_endpoint(stack: cdk.Stack) -> None:
    balancer = elbv2.NetworkLoadBalancer(stack, "Network", vpc=vpc_in(stack))
    targets = elbv2.NetworkTargetGroup(stack, "Targets", vpc=vpc_in(stack), port=80)
    endpoint = AcceleratorEndpoint.network_load_balancer(balancer, target_groups=[targets], preserve_client_ip=True)
    multi_region_accelerator(
        stack,
        endpoint_groups=[
            _in("us-west-2", endpoint),
            _in("eu-west-1", AcceleratorEndpoint.application_load_balancer(imported_balancer(stack, "eu-west-1"))),
        ],
    )

    [configuration] = _groups(stack)["us-west-2"]["EndpointConfigurations"]
    assert configuration["ClientIPPreservationEnabled"] is True
    assert endpoint.region == "us-west-2"
    assert endpoint.detection_time.to_seconds() == 60


def test_the_objective_is_met_to_the_second(stack: cdk.Stack) -> None:
    group = target_group(stack, interval=Duration.seconds(10), timeout=Duration.seconds(5))

    multi_region_accelerator(stack, target_group=group, recovery_time_objective=Duration.seconds(20))


def test_load_balancers_of_other_stacks_are_referred_to_weakly() -> None:
    app = cdk.App(context={"@aws-cdk/core:defaultCrossStackReferences": "weak"})
    front = cdk.Stack(app, "Front", env=cdk.Environment(region="us-west-2"))
    groups, origins = [], []
    for region in ("eu-west-1", "eu-central-1"):
        origin = cdk.Stack(app, region, env=cdk.Environment(region=region))
        origins.append(origin)
        balancer = elbv2.ApplicationLoadBalancer(origin, "Balancer", vpc=vpc_in(origin), internet_facing=True)
        groups.append(_in(region, AcceleratorEndpoint.application_load_balancer(balancer)))
    MultiRegionAccelerator(front, "Accelerator", endpoint_groups=groups)

    for region, group in _groups(front).items():
        reference = group["EndpointConfigurations"][0]["EndpointId"]["Fn::GetStackOutput"]
        assert (reference["StackName"], reference["Region"]) == (region, region)
    template = Template.from_stack(origins[0]).to_json()
    assert not any("Export" in output for output in template["Outputs"].values())


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


def test_an_unknown_target_group_gives_no_failover_time(stack: cdk.Stack) -> None:
    with pytest.raises(ValueError, match=r"give target_groups=\[\.\.\.\], made in this app"):
        _ = multi_region_accelerator(stack).failover_time


def test_a_load_balancer_over_two_zones_is_one_endpoint_of_its_region(stack: cdk.Stack) -> None:
    accelerator = multi_az_accelerator(stack)

    [(region, group)] = _groups(stack).items()
    assert region == "us-west-2"
    assert len(group["EndpointConfigurations"]) == 1
    assert len(accelerator.endpoint_groups) == 1


def test_instances_in_two_zones_are_endpoints_of_their_own(stack: cdk.Stack) -> None:
    instances = [
        AcceleratorEndpoint.instance(instance_in(stack, zone, f"Instance{zone}"), weight=zone + 1) for zone in (0, 1)
    ]
    accelerator = multi_az_accelerator(
        stack, endpoints=instances, health_check=AcceleratorHealthCheck(interval=Duration.seconds(30))
    )

    [group] = _groups(stack).values()
    assert [endpoint["Weight"] for endpoint in group["EndpointConfigurations"]] == [1, 2]
    assert accelerator.failover_time.to_seconds() == 90


def test_addresses_say_nothing_of_their_zone_and_are_taken(stack: cdk.Stack) -> None:
    addresses = [elastic_ip(stack), elastic_ip(cdk.NestedStack(stack, "Nested"))]

    multi_az_accelerator(stack, endpoints=[AcceleratorEndpoint.elastic_ip(address) for address in addresses])

    assert len(_groups(stack)["us-west-2"]["EndpointConfigurations"]) == 2


def test_an_accelerator_over_zones_can_be_in_another_region_than_they(stack: cdk.Stack) -> None:
    balancer = AcceleratorEndpoint.application_load_balancer(imported_balancer(stack, "eu-west-1"))

    multi_az_accelerator(stack, endpoints=[balancer])

    assert set(_groups(stack)) == {"eu-west-1"}


def test_the_region_can_be_said(stack: cdk.Stack) -> None:
    nowhere = cdk.Stack(cdk.App(), "Nowhere")
    balancer = AcceleratorEndpoint.application_load_balancer(new_balancer(nowhere))

    accelerator = multi_az_accelerator(nowhere, endpoints=[balancer], region="eu-west-1")

    assert balancer.region is None
    assert set(_groups(nowhere)) == {"eu-west-1"}
    assert accelerator.endpoint_groups


# What the checks find, too


def _accepted(stack: cdk.Stack) -> dict[str, set[str]]:
    """The rules that the template acknowledges, by the Region of the endpoint group."""
    return {
        group["Properties"]["EndpointGroupRegion"]: set(
            group.get("Metadata", {}).get("ha-patterns", {}).get("acknowledge", {})
        )
        for group in Template.from_stack(stack).find_resources(_GROUP).values()
    }


def test_one_region_is_what_an_accelerator_over_zones_is_for(stack: cdk.Stack) -> None:
    multi_az_accelerator(stack)

    assert _accepted(stack) == {"us-west-2": {"HA304"}}


def test_a_standby_is_what_a_dial_of_zero_is_for(stack: cdk.Stack) -> None:
    endpoints = {
        region: AcceleratorEndpoint.application_load_balancer(imported_balancer(stack, region))
        for region in ("eu-west-1", "eu-central-1")
    }
    groups = [_in("eu-west-1", endpoints["eu-west-1"]), _in("eu-central-1", endpoints["eu-central-1"], traffic_dial=0)]
    multi_region_accelerator(stack, endpoint_groups=groups)

    assert _accepted(stack) == {"eu-west-1": set(), "eu-central-1": {"HA303"}}


def test_targets_without_health_checks_are_warned_of_where_they_are_not_given(stack: cdk.Stack) -> None:
    balancer = new_balancer(stack)
    balancer.add_listener("Listener", port=80, default_target_groups=[target_group(stack, enabled=False)])
    multi_az_accelerator(stack, endpoints=[AcceleratorEndpoint.application_load_balancer(balancer)])

    assert warnings_of(stack) == {("/Test/Targets/Resource", "@ha-patterns/load-balancer:unchecked-targets")}
