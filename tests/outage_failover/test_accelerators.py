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
    listening,
    multi_az_accelerator,
    multi_region_accelerator,
    new_balancer,
    new_stack,
    only,
    properties,
    target_group,
    warnings_of,
    zone_of,
)
from .accelerators import accelerator_stack, group_in, groups_of


@pytest.fixture
def stack() -> cdk.Stack:
    return accelerator_stack()


def test_an_accelerator_has_one_listener_for_https_over_tcp(stack: cdk.Stack) -> None:
    multi_region_accelerator(stack)

    template = Template.from_stack(stack)
    template.has_resource_properties("AWS::GlobalAccelerator::Accelerator", {"Enabled": True})
    listener = only(template, "AWS::GlobalAccelerator::Listener")
    assert listener["PortRanges"] == [{"FromPort": 443, "ToPort": 443}]
    assert (listener["Protocol"], listener["ClientAffinity"]) == ("TCP", "NONE")


def test_an_ipv4_accelerator_has_an_a_record_alone(stack: cdk.Stack) -> None:
    accelerator = multi_region_accelerator(stack, domain_name="api.example.com", hosted_zone=zone_of(stack))

    record = only(Template.from_stack(stack), "AWS::Route53::RecordSet")
    assert (record["Name"], record["Type"]) == ("api.example.com.", "A")
    assert record["AliasTarget"]["DNSName"]["Fn::GetAtt"][1] == "DnsName"
    assert len(accelerator.records) == 1


def test_a_dual_stack_accelerator_has_both_records_of_its_dual_stack_name(stack: cdk.Stack) -> None:
    groups = [
        group_in(region, AcceleratorEndpoint.application_load_balancer(imported_balancer(stack, region)))
        for region in ("eu-west-1", "eu-central-1")
    ]
    groups.append(
        group_in("us-west-2", AcceleratorEndpoint.application_load_balancer(listening(dual_stack_balancer(stack))))
    )
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
            group_in("us-west-2", AcceleratorEndpoint.instance(instance_in(stack)), **given),
            group_in("eu-west-1", AcceleratorEndpoint.elastic_ip(elastic_ip(stack, "eu-west-1")), **given),
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
        group_in("us-west-2", AcceleratorEndpoint.instance(instance_in(stack)), health_check=check),
        group_in("eu-west-1", AcceleratorEndpoint.elastic_ip(elastic_ip(stack, "eu-west-1")), health_check=check),
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


def test_the_objective_is_met_to_the_second(stack: cdk.Stack) -> None:
    def accelerator_with(objective: int, scope: cdk.Stack) -> None:
        group = target_group(scope, interval=Duration.seconds(10), timeout=Duration.seconds(5))
        multi_region_accelerator(scope, target_group=group, recovery_time_objective=Duration.seconds(objective))

    accelerator_with(35, stack)
    with pytest.raises(ValueError, match="recovery_time_objective of 34 s cannot be met: failover takes up to 35 s"):
        accelerator_with(34, new_stack("us-west-2"))


def test_load_balancers_of_other_stacks_are_referred_to_weakly() -> None:
    app = cdk.App(context={"@aws-cdk/core:defaultCrossStackReferences": "weak"})
    front = cdk.Stack(app, "Front", env=cdk.Environment(region="us-west-2"))
    groups, origins = [], []
    for region in ("eu-west-1", "eu-central-1"):
        origin = cdk.Stack(app, region, env=cdk.Environment(region=region))
        origins.append(origin)
        balancer = listening(new_balancer(origin))
        groups.append(group_in(region, AcceleratorEndpoint.application_load_balancer(balancer)))
    MultiRegionAccelerator(front, "Accelerator", endpoint_groups=groups)

    of_region = groups_of(front)
    assert of_region.keys() == {"eu-west-1", "eu-central-1"}
    for region, group in of_region.items():
        reference = group["EndpointConfigurations"][0]["EndpointId"]["Fn::GetStackOutput"]
        assert (reference["StackName"], reference["Region"]) == (region, region)
    outputs = Template.from_stack(origins[0]).to_json()["Outputs"].values()
    assert outputs
    assert not any("Export" in output for output in outputs)


def test_a_load_balancer_over_two_zones_is_one_endpoint_of_its_region(stack: cdk.Stack) -> None:
    accelerator = multi_az_accelerator(stack)

    [(region, group)] = groups_of(stack).items()
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

    [group] = groups_of(stack).values()
    assert [endpoint["Weight"] for endpoint in group["EndpointConfigurations"]] == [1, 2]
    assert accelerator.failover_time.to_seconds() == 3 * (30 + 10) + 10


def test_addresses_say_nothing_of_their_zone_and_are_taken(stack: cdk.Stack) -> None:
    addresses = [elastic_ip(stack), elastic_ip(cdk.NestedStack(stack, "Nested"))]

    multi_az_accelerator(stack, endpoints=[AcceleratorEndpoint.elastic_ip(address) for address in addresses])

    assert len(groups_of(stack)["us-west-2"]["EndpointConfigurations"]) == 2


def test_an_accelerator_over_zones_can_be_in_another_region_than_they(stack: cdk.Stack) -> None:
    balancer = AcceleratorEndpoint.application_load_balancer(imported_balancer(stack, "eu-west-1"))

    multi_az_accelerator(stack, endpoints=[balancer])

    assert set(groups_of(stack)) == {"eu-west-1"}


# What the checks find, too


def _accepted(stack: cdk.Stack) -> dict[str, set[str]]:
    """The rules that the template acknowledges, by the Region of the endpoint group."""
    return {
        group["Properties"]["EndpointGroupRegion"]: set(
            group.get("Metadata", {}).get("ha-patterns", {}).get("acknowledge", {})
        )
        for group in Template.from_stack(stack).find_resources("AWS::GlobalAccelerator::EndpointGroup").values()
    }


def test_one_region_is_what_an_accelerator_over_zones_is_for(stack: cdk.Stack) -> None:
    multi_az_accelerator(stack)

    assert _accepted(stack) == {"us-west-2": {"HA304"}}


def test_targets_without_health_checks_are_warned_of_where_they_are_not_given(stack: cdk.Stack) -> None:
    balancer = new_balancer(stack)
    balancer.add_listener(
        "Listener",
        port=443,
        protocol=elbv2.ApplicationProtocol.HTTP,
        default_target_groups=[target_group(stack, enabled=False)],
    )
    multi_az_accelerator(stack, endpoints=[AcceleratorEndpoint.application_load_balancer(balancer)])

    assert warnings_of(stack) == {("/Test/Targets/Resource", "@ha-patterns/load-balancer:unchecked-targets")}
