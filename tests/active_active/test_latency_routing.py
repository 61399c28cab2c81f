"""One name that Route 53 answers with the nearest healthy Region."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as cloudfront_origins
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_sns as sns
from aws_cdk.assertions import Template

from ha_patterns import Endpoint, EndpointHealthCheck, HealthCheckSettings

from ..samples import (
    TOPIC_ARN,
    Properties,
    accelerator,
    distribution_config,
    dns_failover,
    http_domain,
    latency_routing,
    load_balancer,
    new_balancer,
    new_stack,
    primary_host,
    properties,
    refused_synth,
    secondary_host,
    warnings_of,
    zone_of,
)

_Records = dict[tuple[str, str], Properties]


def _records(template: Template) -> _Records:
    """The latency records, by Region and type."""
    records = [record for record in properties(template, "AWS::Route53::RecordSet") if "Region" in record]
    found = {(record["Region"], record["Type"]): record for record in records}
    assert len(found) == len(records)
    return found


def _template(**given: Any) -> Template:
    stack = new_stack()
    latency_routing(stack, **given)
    return Template.from_stack(stack)


def _api(stack: cdk.Stack, region: str) -> Endpoint:
    domain = http_domain(stack, region, name="api.example.com")
    return Endpoint.api_gateway(domain_name=f"{region}.example.com", custom_domain=domain)


def _pair(stack: cdk.Stack, **given: Any) -> Any:
    return dns_failover(
        stack,
        **{"record_name": "pair", "secondary_health_check": HealthCheckSettings.standard(), **given},
    )


def test_each_region_has_one_record_under_one_name_and_follows_a_check_of_its_own() -> None:
    template = _template()

    records = _records(template)

    checks = template.find_resources("AWS::Route53::HealthCheck")
    asked = {}
    for (region, kind), record in records.items():
        assert record["Name"] == "api.example.com."
        assert record["SetIdentifier"] == region
        assert (kind, record["TTL"]) == ("A", "60")
        check = checks[record["HealthCheckId"]["Ref"]]["Properties"]["HealthCheckConfig"]
        asked[region] = (record["ResourceRecords"], check["FullyQualifiedDomainName"], check["RequestInterval"])
    assert asked == {
        "eu-west-1": (["203.0.113.1"], "primary.example.com", 10),
        "us-east-1": (["203.0.113.2"], "secondary.example.com", 10),
    }


def test_apis_have_evaluated_aliases_of_both_families_and_a_check(stack: cdk.Stack) -> None:
    latency_routing(stack, members={region: _api(stack, region) for region in ("eu-west-1", "us-east-1")})

    records = _records(Template.from_stack(stack))

    assert set(records) == {(region, kind) for region in ("eu-west-1", "us-east-1") for kind in ("A", "AAAA")}
    for record in records.values():
        assert record["AliasTarget"]["EvaluateTargetHealth"] is True
        assert "Ref" in record["HealthCheckId"]
        assert "TTL" not in record


def test_three_regions_are_three_answers() -> None:
    third = Endpoint.http_host("third.example.com", ipv4_addresses=["203.0.113.3"])

    template = _template(members={"eu-west-1": primary_host(), "us-east-1": secondary_host(), "ap-south-1": third})

    assert {region for region, _ in _records(template)} == {"eu-west-1", "us-east-1", "ap-south-1"}


def test_settings_for_all_say_how_every_endpoint_is_asked() -> None:
    template = _template(health_checks=HealthCheckSettings.standard(path="/health"))

    configs = [check["HealthCheckConfig"] for check in properties(template, "AWS::Route53::HealthCheck")]

    assert [(config["ResourcePath"], config["RequestInterval"]) for config in configs] == 2 * [("/health", 30)]


def test_each_region_may_have_its_own_check_made_or_given(stack: cdk.Stack) -> None:
    mine = EndpointHealthCheck(stack, "Mine", domain_name="deep.example.com")

    routing = latency_routing(stack, health_checks={"eu-west-1": mine, "us-east-1": HealthCheckSettings.standard()})

    records = _records(Template.from_stack(stack))
    assert records["eu-west-1", "A"]["HealthCheckId"] == stack.resolve(mine.health_check_id)
    assert [check.domain_name for check in routing.health_checks] == ["secondary.example.com"]


def test_an_alias_may_be_left_to_the_health_of_its_target(stack: cdk.Stack) -> None:
    members = {
        "eu-west-1": Endpoint.load_balancer(load_balancer(stack), domain_name="eu.example.com"),
        "us-east-1": Endpoint.accelerator(accelerator(stack), domain_name="us.example.com"),
    }

    routing = latency_routing(stack, members=members, health_checks={})

    template = Template.from_stack(stack)
    template.resource_count_is("AWS::Route53::HealthCheck", 0)
    records = _records(template)
    assert {region for region, _ in records} == set(members)
    for record in records.values():
        assert record["AliasTarget"]["EvaluateTargetHealth"] is True
    assert warnings_of(stack) == set()
    with pytest.raises(ValueError, match=r"follows the health of its alias target.*health_checks\['eu-west-1'\]="):
        _ = routing.failover_time


def test_an_api_left_to_the_health_of_its_service_is_warned_of(stack: cdk.Stack) -> None:
    members = {"eu-west-1": _api(stack, "eu-west-1"), "us-east-1": _api(stack, "us-east-1")}

    latency_routing(stack, members=members, health_checks={"us-east-1": HealthCheckSettings.fast()})

    # Both APIs are of one stack, in us-east-1.
    assert warnings_of(stack) == {
        ("/Test/Api", f"@ha-patterns/latency-routing:{of_what}")
        for of_what in ("service-health-only", "one-region", "other-region")
    }


# Trees


def test_a_failover_pair_may_be_what_a_region_answers(stack: cdk.Stack) -> None:
    zone = zone_of(stack)
    pair = _pair(stack, hosted_zone=zone)
    third = Endpoint.http_host("third.example.com", ipv4_addresses=["203.0.113.3"])

    routing = latency_routing(stack, hosted_zone=zone, members={"eu-west-1": pair, "us-east-1": third})

    template = Template.from_stack(stack)
    record = _records(template)["eu-west-1", "A"]
    target = record["AliasTarget"]
    pointed_at = template.to_json()["Resources"][target["DNSName"]["Ref"]]["Properties"]
    assert (pointed_at["Name"], pointed_at["Type"], pointed_at["Failover"]) == ("pair.example.com.", "A", "PRIMARY")
    assert target["HostedZoneId"] == "Z0123456789ABCDEFGHIJ"
    assert target["EvaluateTargetHealth"] is True
    assert "HealthCheckId" not in record
    assert "TTL" not in record
    assert [check.domain_name for check in routing.health_checks] == ["third.example.com"]


def test_a_pair_is_left_when_both_its_checks_have_failed(stack: cdk.Stack) -> None:
    zone = zone_of(stack)
    pair = _pair(stack, hosted_zone=zone, ttl=cdk.Duration.seconds(20))
    third = Endpoint.http_host("third.example.com", ipv4_addresses=["203.0.113.3"])

    routing = latency_routing(
        stack,
        hosted_zone=zone,
        members={"eu-west-1": pair, "us-east-1": third},
        health_checks=HealthCheckSettings.fast(),
    )

    assert routing.failover_time.to_seconds() == 108 + 5 + 20


def test_a_pair_of_names_alone_is_pointed_at_by_an_alias_of_its_kind(stack: cdk.Stack) -> None:
    zone = zone_of(stack)
    hosts = {role: Endpoint.http_host(f"{role}.example.net") for role in ("primary", "secondary")}
    pair = _pair(stack, hosted_zone=zone, **hosts)

    latency_routing(
        stack, hosted_zone=zone, members={"eu-west-1": pair, "us-east-1": Endpoint.http_host("third.example.net")}
    )

    assert set(_records(Template.from_stack(stack))) == {("eu-west-1", "CNAME"), ("us-east-1", "CNAME")}


def test_a_pair_whose_secondary_is_left_to_the_health_of_its_service_is_warned_of(stack: cdk.Stack) -> None:
    zone = zone_of(stack)
    apis = {role: _api(stack, role) for role in ("primary", "secondary")}
    pair = _pair(stack, hosted_zone=zone, secondary_health_check=None, **apis)

    routing = latency_routing(
        stack, hosted_zone=zone, members={"eu-west-1": pair, "us-east-1": _api(stack, "us-east-1")}
    )

    assert warnings_of(stack) == {
        *(
            ("/Test/Api", f"@ha-patterns/latency-routing:{of_what}")
            for of_what in ("service-health-only", "one-region", "other-region")
        ),
        ("/Test/Origin", "@ha-patterns/dns-failover:one-region"),
    }
    with pytest.raises(ValueError, match=r"give secondary_health_check=HealthCheckSettings"):
        _ = routing.failover_time


# Time


@pytest.mark.parametrize(
    ("given", "seconds"),
    [
        ({}, 113),
        ({"ttl": cdk.Duration.seconds(10)}, 63),
        ({"health_checks": HealthCheckSettings.standard()}, 173),
        (
            {"health_checks": {"eu-west-1": HealthCheckSettings.fast(), "us-east-1": HealthCheckSettings.standard()}},
            173,
        ),
    ],
)
def test_the_slowest_region_says_how_long_failover_takes(stack: cdk.Stack, given: dict[str, Any], seconds: int) -> None:
    assert latency_routing(stack, **given).failover_time.to_seconds() == seconds


def test_the_time_of_a_check_that_is_not_of_this_library_is_not_known(stack: cdk.Stack) -> None:
    check = route53.HealthCheck(stack, "Check", type=route53.HealthCheckType.HTTPS, fqdn="deep.example.com")
    routing = latency_routing(stack, health_checks={"eu-west-1": check, "us-east-1": HealthCheckSettings.fast()})

    with pytest.raises(ValueError, match="Test/Check has no detection_time"):
        _ = routing.failover_time


@pytest.mark.parametrize(("other", "seconds"), [(cdk.Duration.seconds(60), 300), (cdk.Duration.hours(1), 3600)])
def test_the_member_that_keeps_connections_longest_says_how_long_they_stay(
    stack: cdk.Stack, other: cdk.Duration, seconds: int
) -> None:
    members = {
        "eu-west-1": Endpoint.load_balancer(new_balancer(stack), domain_name="eu.example.com"),
        "us-east-1": Endpoint.load_balancer(
            new_balancer(stack, "Other", client_keep_alive=other), domain_name="us.example.com"
        ),
    }

    drain = latency_routing(stack, members=members).failover_parts.drain

    assert drain is not None
    assert drain.to_seconds() == seconds
    found = [warning for _, warning in warnings_of(stack) if warning.endswith("long-keep-alive")]
    assert len(found) == (seconds > 300)


def test_of_a_member_of_which_nothing_tells_connections_may_stay_for_ever(stack: cdk.Stack) -> None:
    members = {
        "us-east-1": Endpoint.load_balancer(new_balancer(stack), domain_name="eu.example.com"),
        "eu-west-1": Endpoint.load_balancer(load_balancer(stack), domain_name="us.example.com"),
    }

    assert latency_routing(stack, members=members).failover_parts.drain is None


def test_a_ttl_above_a_minute_is_warned_of() -> None:
    stack = new_stack()
    latency_routing(stack, ttl=cdk.Duration.seconds(300))

    assert warnings_of(stack) == {("/Test/Api", "@ha-patterns/latency-routing:long-ttl")}


# Behind CloudFront


def test_the_name_is_an_origin_that_is_waited_for_patiently(stack: cdk.Stack) -> None:
    routing = latency_routing(stack)
    cloudfront.Distribution(stack, "Site", default_behavior=cloudfront.BehaviorOptions(origin=routing.origin()))

    [origin] = distribution_config(Template.from_stack(stack))["Origins"]

    assert origin["DomainName"] == "api.example.com"
    assert origin["CustomOriginConfig"]["OriginReadTimeout"] == 60


def test_a_name_of_apis_refuses_the_viewers_host(stack: cdk.Stack) -> None:
    routing = latency_routing(stack, members={region: _api(stack, region) for region in ("eu-west-1", "us-east-1")})
    cloudfront.Distribution(
        stack,
        "Site",
        default_behavior=cloudfront.BehaviorOptions(
            origin=routing.origin(), origin_request_policy=cloudfront.OriginRequestPolicy.ALL_VIEWER
        ),
    )

    assert "forwards the viewer's Host header to api.example.com" in refused_synth(stack)


def test_origin_shield_of_another_name_is_of_no_concern(stack: cdk.Stack) -> None:
    routing = latency_routing(stack)
    cloudfront.Distribution(
        stack,
        "Site",
        default_behavior=cloudfront.BehaviorOptions(origin=routing.origin()),
        additional_behaviors={
            "/static/*": cloudfront.BehaviorOptions(
                origin=cloudfront_origins.HttpOrigin("static.example.com", origin_shield_region="eu-west-1")
            )
        },
    )

    assert len(distribution_config(Template.from_stack(stack))["Origins"]) == 2


def test_alarms_tell_of_every_check_that_was_made_here(stack: cdk.Stack) -> None:
    routing = latency_routing(stack)

    alarms = routing.add_alarms(sns.Topic.from_topic_arn(stack, "Topic", TOPIC_ARN))

    assert len(alarms) == 2
    alarms_of_template = properties(Template.from_stack(stack), "AWS::CloudWatch::Alarm")
    assert [alarm["AlarmActions"] for alarm in alarms_of_template] == 2 * [[TOPIC_ARN]]


def test_what_was_made_can_be_reached(stack: cdk.Stack) -> None:
    routing = latency_routing(stack)

    assert routing.domain_name == "api.example.com"
    assert list(routing.members) == ["eu-west-1", "us-east-1"]
    assert len(routing.records) == 2
    assert routing.endpoint().domain_name == "api.example.com"


def test_members_that_follow_one_check_are_warned_of(stack: cdk.Stack) -> None:
    own = EndpointHealthCheck(stack, "Check", domain_name="check.example.net")
    latency_routing(stack, health_checks={"eu-west-1": own, "us-east-1": own})

    assert warnings_of(stack) == {("/Test/Api", "@ha-patterns/latency-routing:one-check")}
