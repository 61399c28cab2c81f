"""One name that Route 53 answers with the primary while it is healthy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import jsii
import pytest
from aws_cdk import Duration
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from aws_cdk import aws_globalaccelerator as globalaccelerator
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_sns as sns
from aws_cdk.assertions import Template

from ha_patterns import (
    CalculatedHealthCheck,
    EdgeDistribution,
    Endpoint,
    EndpointHealthCheck,
    FailoverOriginGroup,
    HealthCheckSettings,
)

from ..samples import (
    CERTIFICATE_ARN,
    TOPIC_ARN,
    Properties,
    accelerator,
    distribution_config,
    dns_failover,
    group_members,
    http_domain,
    load_balancer,
    logical_id,
    new_balancer,
    new_stack,
    only,
    properties,
    refused_synth,
    rest_api,
    rest_domain,
    secondary_host,
    seconds_token,
    stack_in,
    target_group,
    vpc_in,
    warnings_of,
)

_LONG_TTL = "@ha-patterns/dns-failover:long-ttl"
_OTHER_PROTOCOL = "@ha-patterns/dns-failover:other-protocol"
_Records = dict[tuple[str, str], Properties]


def _records(template: Template) -> _Records:
    """The records of the shared name, by role and type."""
    records = properties(template, "AWS::Route53::RecordSet")
    found = {(record["Failover"], record["Type"]): record for record in records}
    assert len(found) == len(records)
    return found


def _template(**given: Any) -> Template:
    stack = new_stack()
    dns_failover(stack, **given)
    return Template.from_stack(stack)


def _both_families(name: str, last: int) -> Endpoint:
    return Endpoint.http_host(
        f"{name}.example.com", ipv4_addresses=[f"203.0.113.{last}"], ipv6_addresses=[f"2001:db8::{last}"]
    )


@pytest.fixture(scope="module")
def hosts() -> Template:
    """Two hosts with addresses of both families."""
    return _template(primary=_both_families("primary", 1), secondary=_both_families("secondary", 2))


# Records with values


def test_both_hosts_have_records_of_both_families_under_one_name(hosts: Template) -> None:
    records = _records(hosts)

    assert {key: record["ResourceRecords"] for key, record in records.items()} == {
        ("PRIMARY", "A"): ["203.0.113.1"],
        ("PRIMARY", "AAAA"): ["2001:db8::1"],
        ("SECONDARY", "A"): ["203.0.113.2"],
        ("SECONDARY", "AAAA"): ["2001:db8::2"],
    }
    for (role, _), record in records.items():
        assert record["Name"] == "origin.example.com."
        assert record["HostedZoneId"] == "Z0123456789ABCDEFGHIJ"
        assert record["SetIdentifier"] == role.lower()
        assert record["TTL"] == "60"
        assert "AliasTarget" not in record


def test_the_primary_follows_a_health_check_and_the_secondary_none(hosts: Template) -> None:
    check = {"Ref": logical_id(hosts, "AWS::Route53::HealthCheck")}

    records = _records(hosts)
    assert len(records) == 4
    for (role, _), record in records.items():
        assert record.get("HealthCheckId") == (check if role == "PRIMARY" else None)


def test_the_check_asks_the_primary_by_its_own_name_and_fast(hosts: Template) -> None:
    config = only(hosts, "AWS::Route53::HealthCheck")["HealthCheckConfig"]

    assert config["FullyQualifiedDomainName"] == "primary.example.com"
    assert "IPAddress" not in config
    assert (config["Type"], config["RequestInterval"], config["FailureThreshold"]) == ("HTTPS", 10, 3)


def test_records_and_the_check_are_all_there_is_and_the_zone_is_not_made(hosts: Template) -> None:
    types = [resource["Type"] for resource in hosts.to_json()["Resources"].values()]

    assert sorted(types) == ["AWS::Route53::HealthCheck"] + 4 * ["AWS::Route53::RecordSet"]


def test_several_addresses_are_answered_together() -> None:
    template = _template(
        primary=Endpoint.http_host("primary.example.com", ipv4_addresses=["203.0.113.1", "203.0.113.3"])
    )

    records = _records(template)

    assert records["PRIMARY", "A"]["ResourceRecords"] == ["203.0.113.1", "203.0.113.3"]
    assert records["SECONDARY", "A"]["ResourceRecords"] == ["203.0.113.2"]


def test_hosts_known_by_name_alone_have_cname_records() -> None:
    template = _template(primary=Endpoint.http_host("dc1.example.net"), secondary=Endpoint.http_host("dc2.example.net"))

    records = _records(template)

    assert {key: record["ResourceRecords"] for key, record in records.items()} == {
        ("PRIMARY", "CNAME"): ["dc1.example.net"],
        ("SECONDARY", "CNAME"): ["dc2.example.net"],
    }
    assert {record["TTL"] for record in records.values()} == {"60"}


def test_hosts_of_ipv6_alone_have_aaaa_records_alone() -> None:
    template = _template(
        primary=Endpoint.http_host("a.example.com", ipv6_addresses=["2001:db8::1"]),
        secondary=Endpoint.http_host("b.example.com", ipv6_addresses=["2001:db8::2"]),
    )

    assert set(_records(template)) == {("PRIMARY", "AAAA"), ("SECONDARY", "AAAA")}


@pytest.mark.parametrize(
    ("record_name", "domain_name"),
    [
        ("origin", "origin.example.com"),
        ("origin.example.com", "origin.example.com"),
        ("origin.example.com.", "origin.example.com"),
        ("origin.eu", "origin.eu.example.com"),
        # Said to be meant.
        ("myexample.com.example.com.", "myexample.com.example.com"),
        ("example.com", "example.com"),
    ],
)
def test_the_name_is_relative_to_the_zone_or_in_full(record_name: str, domain_name: str) -> None:
    stack = new_stack()
    pair = dns_failover(stack, record_name=record_name)

    names = {record["Name"] for record in _records(Template.from_stack(stack)).values()}

    assert pair.domain_name == domain_name
    assert names == {f"{domain_name}."}


def test_the_ttl_can_be_chosen_down_to_none() -> None:
    for ttl in (0, 30):
        records = _records(_template(ttl=Duration.seconds(ttl)))

        assert {record["TTL"] for record in records.values()} == {str(ttl)}


# Records with aliases


@jsii.implements(route53.IAliasRecordTarget)
class _OwnTarget:
    """An alias target of someone else's making, which says nothing of health."""

    def __init__(self, name: str) -> None:
        self._name = name

    def bind(
        self, record: route53.IRecordSet, zone: route53.IHostedZone | None = None
    ) -> route53.AliasRecordTargetConfig:
        return route53.AliasRecordTargetConfig(dns_name=f"{self._name}.example.net", hosted_zone_id="ZOWN")


def _load_balancers(stack: cdk.Stack) -> tuple[Endpoint, Endpoint]:
    one, two = (
        Endpoint.load_balancer(load_balancer(stack, name), domain_name=f"{name}.example.com") for name in ("one", "two")
    )
    return one, two


def _rest_apis(stack: cdk.Stack) -> tuple[Endpoint, Endpoint]:
    one, two = (
        Endpoint.api_gateway(domain_name=f"{name}.example.com", custom_domain=rest_domain(stack, name))
        for name in ("one", "two")
    )
    return one, two


def _http_apis(stack: cdk.Stack) -> tuple[Endpoint, Endpoint]:
    one, two = (
        Endpoint.api_gateway(domain_name=f"{name}.example.com", custom_domain=http_domain(stack, name))
        for name in ("one", "two")
    )
    return one, two


def _accelerators(stack: cdk.Stack) -> tuple[Endpoint, Endpoint]:
    one, two = (
        Endpoint.accelerator(accelerator(stack, name), domain_name=f"{name}.example.com") for name in ("one", "two")
    )
    return one, two


def _own_targets(_: cdk.Stack) -> tuple[Endpoint, Endpoint]:
    one, two = (Endpoint.http_host(f"{name}.example.com", alias_target=_OwnTarget(name)) for name in ("one", "two"))
    return one, two


def _regional_target(stack: cdk.Stack) -> tuple[Any, Any]:
    custom_domain = stack.node.find_child("one").node.default_child
    assert isinstance(custom_domain, cdk.CfnElement)
    logical_id = stack.get_logical_id(custom_domain)
    return {"Fn::GetAtt": [logical_id, "RegionalDomainName"]}, {"Fn::GetAtt": [logical_id, "RegionalHostedZoneId"]}


# The two endpoints, and the name and zone that the first one's alias records hold.
_ALIASES: dict[str, tuple[Callable[[cdk.Stack], tuple[Endpoint, Endpoint]], Callable[[cdk.Stack], tuple[Any, Any]]]] = {
    "load balancers": (
        _load_balancers,
        lambda _: ("dualstack.one.eu-west-1.elb.amazonaws.com", "Z32O12XQLNTSW2"),
    ),
    "REST APIs": (_rest_apis, _regional_target),
    "HTTP APIs": (_http_apis, _regional_target),
    "accelerators": (
        _accelerators,
        lambda _: ("a1234567890abcdef.awsglobalaccelerator.com", "Z2BJ6XQ5FK7U4H"),
    ),
    "any other target": (_own_targets, lambda _: ("one.example.net", "ZOWN")),
}


@pytest.mark.parametrize("kind", _ALIASES)
def test_aliases_have_a_and_aaaa_records_whose_target_is_evaluated_and_the_primary_a_check(kind: str) -> None:
    endpoints, target = _ALIASES[kind]
    stack = new_stack()
    primary, secondary = endpoints(stack)
    dns_name, zone_id = target(stack)
    pair = dns_failover(stack, primary=primary, secondary=secondary)

    template = Template.from_stack(stack)
    records = _records(template)

    assert set(records) == {(role, family) for role in ("PRIMARY", "SECONDARY") for family in ("A", "AAAA")}
    check = {"Ref": logical_id(template, "AWS::Route53::HealthCheck")}
    for (role, _), record in records.items():
        assert record["AliasTarget"]["EvaluateTargetHealth"] is True
        assert record["SetIdentifier"] == role.lower()
        assert record.get("HealthCheckId") == (check if role == "PRIMARY" else None)
        assert not {"TTL", "ResourceRecords"} & set(record)
    for family in ("A", "AAAA"):
        assert records["PRIMARY", family]["AliasTarget"] == {
            "DNSName": dns_name,
            "HostedZoneId": zone_id,
            "EvaluateTargetHealth": True,
        }
    assert pair.failover_time.to_seconds() == 113


def test_beside_an_alias_a_host_of_ipv4_alone_has_a_records_alone(stack: cdk.Stack) -> None:
    primary = Endpoint.load_balancer(load_balancer(stack), domain_name="eu-west-1.example.com")
    dns_failover(stack, primary=primary)

    records = _records(Template.from_stack(stack))

    assert set(records) == {("PRIMARY", "A"), ("SECONDARY", "A")}
    assert records["PRIMARY", "A"]["AliasTarget"]["EvaluateTargetHealth"] is True
    assert records["SECONDARY", "A"]["ResourceRecords"] == ["203.0.113.2"]
    assert records["SECONDARY", "A"]["TTL"] == "60"


def test_beside_an_alias_a_host_of_both_families_has_both(stack: cdk.Stack) -> None:
    secondary = Endpoint.load_balancer(load_balancer(stack), domain_name="eu-west-1.example.com")
    dns_failover(stack, primary=_both_families("primary", 1), secondary=secondary)

    assert len(_records(Template.from_stack(stack))) == 4


def test_a_ttl_can_be_chosen_where_only_one_is_an_alias(stack: cdk.Stack) -> None:
    primary = Endpoint.load_balancer(load_balancer(stack), domain_name="eu-west-1.example.com")
    pair = dns_failover(stack, primary=primary, ttl=Duration.seconds(30))

    records = _records(Template.from_stack(stack))

    assert records["SECONDARY", "A"]["TTL"] == "30"
    # What resolvers hold when the primary fails is its alias.
    assert pair.failover_time.to_seconds() == 113


# Health checks


@pytest.mark.parametrize("given", [{}, {"primary_health_check": None}])
def test_a_primary_always_has_a_check_whatever_is_left_out(given: dict[str, Any]) -> None:
    assert "HealthCheckId" in _records(_template(**given))["PRIMARY", "A"]


def test_a_check_of_the_secondary_is_made_where_it_is_asked_for(stack: cdk.Stack) -> None:
    pair = dns_failover(
        stack,
        primary_health_check=HealthCheckSettings.fast(path="/health"),
        secondary_health_check=HealthCheckSettings.standard(path="/ready"),
    )

    template = Template.from_stack(stack)

    checks = {
        resource_id: resource["Properties"]["HealthCheckConfig"]
        for resource_id, resource in template.find_resources("AWS::Route53::HealthCheck").items()
    }
    by_role = {role: checks[record["HealthCheckId"]["Ref"]] for (role, _), record in _records(template).items()}
    assert by_role["PRIMARY"]["FullyQualifiedDomainName"] == "primary.example.com"
    assert (by_role["PRIMARY"]["ResourcePath"], by_role["PRIMARY"]["RequestInterval"]) == ("/health", 10)
    assert by_role["SECONDARY"]["FullyQualifiedDomainName"] == "secondary.example.com"
    assert (by_role["SECONDARY"]["ResourcePath"], by_role["SECONDARY"]["RequestInterval"]) == ("/ready", 30)
    assert [check.node.id for check in pair.health_checks] == ["PrimaryHealthCheck", "SecondaryHealthCheck"]


def test_a_host_without_a_name_is_asked_at_its_address_for_the_shared_name(stack: cdk.Stack) -> None:
    pair = dns_failover(stack, primary=Endpoint.http_host(ipv4_addresses=["203.0.113.1"]))

    config = only(Template.from_stack(stack), "AWS::Route53::HealthCheck")["HealthCheckConfig"]

    assert (config["IPAddress"], config["FullyQualifiedDomainName"]) == ("203.0.113.1", "origin.example.com")
    assert pair.failover_time.to_seconds() == 113


def _rest_api_of_the_shared_name(stack: cdk.Stack) -> Endpoint:
    return Endpoint.api_gateway(api=rest_api(stack), custom_domain=rest_domain(stack), origin_path="/prod")


def test_an_api_without_a_name_of_its_own_is_asked_by_its_execute_api_name(stack: cdk.Stack) -> None:
    dns_failover(stack, primary=_rest_api_of_the_shared_name(stack))

    template = Template.from_stack(stack)

    asked = only(template, "AWS::Route53::HealthCheck")["HealthCheckConfig"]["FullyQualifiedDomainName"]
    assert asked["Fn::Join"][1][:2] == [
        {"Ref": logical_id(template, "AWS::ApiGateway::RestApi")},
        ".execute-api.us-east-1.",
    ]


def test_a_check_of_an_endpoint_with_a_path_asks_under_it(stack: cdk.Stack) -> None:
    dns_failover(stack, primary=_rest_api_of_the_shared_name(stack))

    assert (
        only(Template.from_stack(stack), "AWS::Route53::HealthCheck")["HealthCheckConfig"]["ResourcePath"] == "/prod/"
    )


def test_the_path_of_a_check_is_as_a_viewer_asks_for_it_under_that_of_the_endpoint(stack: cdk.Stack) -> None:
    dns_failover(stack, **_both_hosts(origin_path="/app"), primary_health_check=HealthCheckSettings(path="/health"))

    config = only(Template.from_stack(stack), "AWS::Route53::HealthCheck")["HealthCheckConfig"]

    assert config["ResourcePath"] == "/app/health"


def _both_hosts(**given: Any) -> dict[str, Endpoint]:
    return {
        role: Endpoint.http_host(f"{role}.example.com", ipv4_addresses=[address], **given)
        for role, address in (("primary", "203.0.113.1"), ("secondary", "203.0.113.2"))
    }


@pytest.mark.parametrize(
    ("settings", "port"),
    [
        (HealthCheckSettings(), 8443),
        (HealthCheckSettings(protocol="HTTP"), 8080),
        (HealthCheckSettings(port=9000), 9000),
        (HealthCheckSettings(protocol="TCP", port=9000), 9000),
    ],
    ids=["HTTPS", "HTTP", "port of its own", "TCP"],
)
def test_a_check_asks_where_cloudfront_connects_to_unless_it_names_a_port(
    stack: cdk.Stack, settings: HealthCheckSettings, port: int
) -> None:
    dns_failover(stack, **_both_hosts(http_port=8080, https_port=8443), primary_health_check=settings)

    assert only(Template.from_stack(stack), "AWS::Route53::HealthCheck")["HealthCheckConfig"]["Port"] == port


def test_a_check_for_https_of_an_endpoint_without_is_warned_of_and_that_can_be_acknowledged() -> None:
    warned, acknowledged, right = new_stack(), new_stack(), new_stack()
    hosts = _both_hosts(protocol_policy=cloudfront.OriginProtocolPolicy.HTTP_ONLY)
    over_https = HealthCheckSettings(protocol="HTTPS")
    dns_failover(warned, **hosts, primary_health_check=over_https)
    dns = dns_failover(acknowledged, **hosts, primary_health_check=over_https)
    cdk.Annotations.of(dns).acknowledge_warning(_OTHER_PROTOCOL, "it has HTTPS, too")
    dns_failover(right, **hosts)

    assert warnings_of(warned) == {("/Test/Origin", _OTHER_PROTOCOL)}
    assert warnings_of(acknowledged) == set()
    assert warnings_of(right) == set()


def test_a_check_of_ones_own_is_followed_and_no_other_is_made(stack: cdk.Stack) -> None:
    own = EndpointHealthCheck(
        stack, "Own", domain_name="health.example.com", settings=HealthCheckSettings.fast(failure_threshold=2)
    )
    pair = dns_failover(stack, primary_health_check=own, secondary_health_check=own)

    template = Template.from_stack(stack)

    check = {"Ref": logical_id(template, "AWS::Route53::HealthCheck")}
    followed = {role: record["HealthCheckId"] for (role, _), record in _records(template).items()}
    assert followed == {"PRIMARY": check, "SECONDARY": check}
    assert pair.health_checks == []
    assert pair.primary_health_check is own
    assert pair.failover_time.to_seconds() == 2 * (10 + 6) + 5 + 60


@pytest.mark.parametrize("kind", ["L2", "imported"])
def test_a_check_that_is_not_of_this_library_is_followed_but_its_time_is_not_known(kind: str) -> None:
    stack = new_stack()
    check = (
        route53.HealthCheck(stack, "Own", type=route53.HealthCheckType.HTTPS, fqdn="health.example.com")
        if kind == "L2"
        else route53.HealthCheck.from_health_check_id(stack, "Own", "0c9b5c4e")
    )
    pair = dns_failover(stack, primary_health_check=check)

    with pytest.raises(ValueError, match=r"Test/Own has no detection_time.*HealthCheckSettings\(\.\.\.\)"):
        _ = pair.failover_time
    record = _records(Template.from_stack(stack))["PRIMARY", "A"]
    assert record["HealthCheckId"] == stack.resolve(check.health_check_id)


def test_a_check_of_an_address_may_send_the_shared_name(stack: cdk.Stack) -> None:
    own = route53.HealthCheck(
        stack,
        "Own",
        type=route53.HealthCheckType.HTTPS,
        ip_address="203.0.113.1",
        fqdn="origin.example.com",
    )

    pair = dns_failover(stack, primary_health_check=own)

    assert pair.primary_health_check is own


def test_alarms_tell_of_every_check_that_was_made_here(stack: cdk.Stack) -> None:
    pair = dns_failover(stack, secondary_health_check=HealthCheckSettings.fast())

    alarms = pair.add_alarms(sns.Topic.from_topic_arn(stack, "Topic", TOPIC_ARN))

    template = Template.from_stack(stack)
    watched = {alarm["Dimensions"][0]["Value"]["Ref"] for alarm in properties(template, "AWS::CloudWatch::Alarm")}
    assert len(alarms) == 2
    assert watched == set(template.find_resources("AWS::Route53::HealthCheck"))


# How long it takes


@pytest.mark.parametrize(
    ("check", "ttl", "seconds"),
    [
        pytest.param(HealthCheckSettings.fast(failure_threshold=1), None, 81, id="the guide's best case"),
        pytest.param(HealthCheckSettings.fast(), None, 113, id="fast"),
        pytest.param(HealthCheckSettings.standard(), None, 173, id="standard"),
        pytest.param(None, None, 113, id="default"),
        pytest.param(None, 0, 53, id="no TTL"),
        pytest.param(HealthCheckSettings.standard(failure_threshold=10), 300, 665, id="slow"),
    ],
)
def test_failover_takes_detection_then_route_53_then_the_ttl(
    check: HealthCheckSettings | None, ttl: int | None, seconds: int
) -> None:
    pair = dns_failover(
        new_stack(),
        primary_health_check=check,
        ttl=None if ttl is None else Duration.seconds(ttl),
        recovery_time_objective=Duration.seconds(seconds),
    )

    assert pair.failover_time.to_seconds() == seconds
    parts = pair.failover_parts
    assert parts.detection.to_seconds() + parts.switch.to_seconds() == seconds
    assert parts.switch.to_seconds() == 5 + (60 if ttl is None else ttl)


def test_the_secondarys_check_has_no_part_in_how_long_failover_takes(stack: cdk.Stack) -> None:
    pair = dns_failover(stack, secondary_health_check=HealthCheckSettings.standard(failure_threshold=10))

    assert pair.failover_time.to_seconds() == 113


def test_no_time_is_computed_from_a_ttl_that_only_the_deploy_knows(stack: cdk.Stack) -> None:
    pair = dns_failover(stack, ttl=seconds_token(stack, "Ttl"))

    with pytest.raises(ValueError, match=r"^ttl is a token, known only at deploy"):
        _ = pair.failover_time


def test_a_ttl_above_a_minute_is_warned_of_and_that_can_be_acknowledged() -> None:
    warned, acknowledged, minute = new_stack(), new_stack(), new_stack()
    dns_failover(warned, ttl=Duration.seconds(61))
    cdk.Annotations.of(dns_failover(acknowledged, ttl=Duration.seconds(61))).acknowledge_warning(
        _LONG_TTL, "it must be"
    )
    dns_failover(minute, ttl=Duration.seconds(60))

    assert warnings_of(warned) == {("/Test/Origin", _LONG_TTL)}
    assert warnings_of(acknowledged) == set()
    assert warnings_of(minute) == set()


def test_the_secondarys_ttl_does_not_delay_leaving_a_primary_that_is_an_alias(stack: cdk.Stack) -> None:
    primary = Endpoint.load_balancer(load_balancer(stack), domain_name="eu-west-1.example.com")
    dns_failover(stack, primary=primary, ttl=Duration.seconds(300))

    assert warnings_of(stack) == set()


# As an origin


def _behind_cloudfront(stack: cdk.Stack, origin: cloudfront.IOrigin, **options: Any) -> None:
    EdgeDistribution(
        stack,
        "Site",
        default_behavior=cloudfront.BehaviorOptions(
            origin=origin, allowed_methods=cloudfront.AllowedMethods.ALLOW_ALL, **options
        ),
    )


def test_the_name_is_an_origin_that_takes_all_methods_and_is_waited_for_patiently(stack: cdk.Stack) -> None:
    _behind_cloudfront(stack, dns_failover(stack).origin())

    config = distribution_config(Template.from_stack(stack))

    (origin,) = config["Origins"]
    assert origin["DomainName"] == "origin.example.com"
    assert (origin["ConnectionAttempts"], origin["CustomOriginConfig"]["OriginReadTimeout"]) == (3, 60)
    assert "POST" in config["DefaultCacheBehavior"]["AllowedMethods"]


def test_the_name_can_be_the_primary_of_an_origin_group(stack: cdk.Stack) -> None:
    group = FailoverOriginGroup(primary=dns_failover(stack).endpoint(), secondary=secondary_host())
    cloudfront.Distribution(stack, "Site", default_behavior=cloudfront.BehaviorOptions(origin=group))

    members = group_members(distribution_config(Template.from_stack(stack)))

    assert [member["DomainName"] for member in members] == ["origin.example.com", "secondary.example.com"]


def test_the_name_accepts_the_viewers_host_where_both_endpoints_do() -> None:
    accepting, refusing = new_stack(), new_stack()
    for stack, endpoints in ((accepting, _own_targets), (refusing, _rest_apis)):
        primary = Endpoint.load_balancer(load_balancer(stack), domain_name="primary.example.com")
        pair = dns_failover(stack, primary=primary, secondary=endpoints(stack)[1])
        _behind_cloudfront(stack, pair.origin(), origin_request_policy=cloudfront.OriginRequestPolicy.ALL_VIEWER)

    assert distribution_config(Template.from_stack(accepting))
    message = refused_synth(refusing)
    assert "[Test/Site/Distribution/Origin1]" in message
    assert "forwards the viewer's Host header to origin.example.com" in message


def test_the_name_is_connected_to_as_both_endpoints_are(stack: cdk.Stack) -> None:
    hosts = _both_hosts(protocol_policy=cloudfront.OriginProtocolPolicy.MATCH_VIEWER, http_port=8080, https_port=8443)
    _behind_cloudfront(stack, dns_failover(stack, **hosts).origin())

    (origin,) = distribution_config(Template.from_stack(stack))["Origins"]

    connection = origin["CustomOriginConfig"]
    assert connection["OriginProtocolPolicy"] == "match-viewer"
    assert (connection["HTTPPort"], connection["HTTPSPort"]) == (8080, 8443)


def test_the_name_is_asked_under_the_path_of_both_endpoints(stack: cdk.Stack) -> None:
    _behind_cloudfront(stack, dns_failover(stack, **_both_hosts(origin_path="/app")).origin())

    (origin,) = distribution_config(Template.from_stack(stack))["Origins"]

    assert origin.get("OriginPath") == "/app"


def test_what_was_made_can_be_reached(stack: cdk.Stack) -> None:
    pair = dns_failover(stack)

    assert [record.node.id for record in pair.records] == ["PrimaryA", "SecondaryA"]
    assert pair.health_checks == [pair.primary_health_check]
    assert pair.secondary_health_check is None
    assert (pair.primary.domain_name, pair.secondary.domain_name) == ("primary.example.com", "secondary.example.com")


# What the checks find, too


def _balancers(stack: cdk.Stack, *, port: int = 443, checked: bool = True, zones: int = 2) -> dict[str, Endpoint]:
    """A load balancer of the stack, and one of another Region."""
    subnets = ec2.SubnetSelection(subnets=vpc_in(stack).public_subnets[:zones])
    own = new_balancer(stack, vpc_subnets=subnets)
    own.add_listener(
        "Listener",
        port=port,
        protocol=elbv2.ApplicationProtocol.HTTPS,
        certificates=[elbv2.ListenerCertificate.from_arn(CERTIFICATE_ARN)],
        default_target_groups=[target_group(stack, enabled=checked)],
    )
    return {
        "primary": Endpoint.load_balancer(own, domain_name="own.example.com"),
        "secondary": Endpoint.load_balancer(load_balancer(stack), domain_name="other.example.com"),
    }


@pytest.mark.parametrize(
    ("given", "warned"),
    [
        ({}, set()),
        ({"checked": False}, {("/Test/Targets/Resource", "@ha-patterns/load-balancer:unchecked-targets")}),
        ({"zones": 1}, {("/Test/Balancer/Resource", "@ha-patterns/load-balancer:one-zone")}),
    ],
)
def test_a_load_balancer_that_does_not_serve_is_warned_of(
    stack: cdk.Stack, given: dict[str, Any], warned: set[tuple[str, str]]
) -> None:
    pair = dns_failover(stack, **_balancers(stack, **given))
    cloudfront.Distribution(stack, "Site", default_behavior=cloudfront.BehaviorOptions(origin=pair.origin()))

    assert warnings_of(stack) == warned


def test_a_health_check_where_nothing_listens_is_warned_of(stack: cdk.Stack) -> None:
    dns_failover(stack, **_balancers(stack, port=8443))

    assert warnings_of(stack) == {("/Test/Origin/PrimaryHealthCheck", "@ha-patterns/health-check:no-listener")}


@pytest.mark.parametrize(
    ("given", "is_warned"),
    [
        ({"domain_name": "own.example.com", "settings": HealthCheckSettings.fast(protocol="HTTP")}, True),
        ({"domain_name": "own.example.com", "settings": HealthCheckSettings(protocol="TCP", port=8443)}, True),
        ({"domain_name": "own.example.com"}, False),
        ({"domain_name": "elsewhere.example.com", "settings": HealthCheckSettings.fast(protocol="HTTP")}, False),
    ],
)
def test_a_health_check_of_ones_own_where_nothing_listens_is_warned_of(
    stack: cdk.Stack, given: dict[str, Any], *, is_warned: bool
) -> None:
    pair = _balancers(stack)
    dns_failover(stack, **pair, primary_health_check=EndpointHealthCheck(stack, "Own", **given))

    warned = {("/Test/Own", "@ha-patterns/health-check:no-listener")}
    assert warnings_of(stack) == (warned if is_warned else set())


def _listened_to(stack: cdk.Stack, balancer: Any, protocol: str = "HTTPS") -> dict[str, Endpoint]:
    """A pair whose primary listens at 443."""
    target = elbv2.CfnTargetGroup(stack, "Targets", targets=[elbv2.CfnTargetGroup.TargetDescriptionProperty(id="i-1")])
    elbv2.CfnListener(
        stack,
        "Listener",
        load_balancer_arn=balancer.load_balancer_arn,
        port=443,
        protocol=protocol,
        default_actions=[elbv2.CfnListener.ActionProperty(type="forward", target_group_arn=target.ref)],
    )
    return {
        "primary": Endpoint.load_balancer(balancer, domain_name="own.example.com"),
        "secondary": Endpoint.load_balancer(load_balancer(stack), domain_name="other.example.com"),
    }


_TCP = HealthCheckSettings(protocol="TCP", port=443)


@pytest.mark.parametrize(
    ("protocol", "settings", "is_warned"),
    [
        ("TCP", _TCP, False),
        ("TCP", HealthCheckSettings.fast(), False),
        ("TCP_UDP", _TCP, False),
        ("UDP", _TCP, True),
        ("UDP", HealthCheckSettings.fast(), True),
        ("TLS", HealthCheckSettings.fast(), False),
        ("TLS", HealthCheckSettings(protocol="HTTP", port=443), True),
    ],
)
def test_a_health_check_in_another_protocol_than_the_listeners_is_warned_of(
    stack: cdk.Stack, protocol: str, settings: HealthCheckSettings, *, is_warned: bool
) -> None:
    balancer = elbv2.NetworkLoadBalancer(stack, "Network", vpc=vpc_in(stack), internet_facing=True)
    dns_failover(stack, **_listened_to(stack, balancer, protocol), primary_health_check=settings)

    warned = {("/Test/Origin/PrimaryHealthCheck", "@ha-patterns/health-check:no-listener")}
    assert warnings_of(stack) == (warned if is_warned else set())


def test_a_load_balancer_without_listeners_behind_a_record_is_warned_of(stack: cdk.Stack) -> None:
    dns_failover(
        stack,
        primary=Endpoint.load_balancer(new_balancer(stack), domain_name="own.example.com"),
        secondary=Endpoint.load_balancer(load_balancer(stack), domain_name="other.example.com"),
    )

    assert warnings_of(stack) == {("/Test/Balancer/Resource", "@ha-patterns/load-balancer:no-listener")}


def test_listeners_that_another_stack_adds_answer_a_health_check(stack: cdk.Stack) -> None:
    dns_failover(stack, **_listened_to(stack_in("us-east-1", stack), new_balancer(stack)))

    assert warnings_of(stack) == set()


def test_a_check_by_the_name_of_the_load_balancer_is_of_the_endpoint(stack: cdk.Stack) -> None:
    pair = _balancers(stack, port=8443)
    name = pair["primary"].source.load_balancer_dns_name  # type: ignore[union-attr]
    check = route53.HealthCheck(stack, "Own", type=route53.HealthCheckType.HTTPS, fqdn=name)
    dns_failover(stack, **pair, primary_health_check=check)

    assert warnings_of(stack) == {("/Test/Own", "@ha-patterns/health-check:no-listener")}


def test_an_origin_where_no_listener_of_a_member_is_is_refused(stack: cdk.Stack) -> None:
    pair = dns_failover(stack, **_balancers(stack, port=8443))
    cloudfront.Distribution(stack, "Site", default_behavior=cloudfront.BehaviorOptions(origin=pair.origin()))
    assert "listens at 8443: give http_port or https_port, or add a listener" in refused_synth(stack)


def test_endpoints_in_one_region_are_warned_of(stack: cdk.Stack) -> None:
    first, second = (
        Endpoint.load_balancer(load_balancer(stack, name), domain_name=f"{name}.example.com") for name in ("a", "b")
    )
    dns_failover(stack, primary=first, secondary=second)

    assert warnings_of(stack) == {("/Test/Origin", "@ha-patterns/dns-failover:one-region")}


def test_one_accelerator_is_one_place_however_often_it_is_imported(stack: cdk.Stack) -> None:
    same = {"accelerator_arn": "arn:aws:globalaccelerator::123456789012:accelerator/1", "dns_name": "a1.example.com"}
    first, second = (
        Endpoint.accelerator(
            globalaccelerator.Accelerator.from_accelerator_attributes(stack, name, **same),
            domain_name=f"{name}.example.com",
        )
        for name in ("a", "b")
    )

    with pytest.raises(ValueError, match="which share one alias target"):
        dns_failover(stack, primary=first, secondary=second)


@pytest.mark.parametrize("inverted", [False, True])
def test_records_that_follow_one_check_are_warned_of(stack: cdk.Stack, *, inverted: bool) -> None:
    own = EndpointHealthCheck(stack, "Check", domain_name="check.example.net")
    same = CalculatedHealthCheck(stack, "Same", child_health_checks=[own], inverted=inverted)
    dns_failover(stack, primary_health_check=own, secondary_health_check=same)

    warned = {("/Test/Origin", "@ha-patterns/dns-failover:one-check")}
    assert warnings_of(stack) == (set() if inverted else warned)


# Connections that stay open


def _keep_alives(stack: cdk.Stack) -> list[str | None]:
    """The keep-alive of each load balancer in the template; None where it has none."""
    found = [
        {one["Key"]: one["Value"] for one in each["LoadBalancerAttributes"]}
        for each in properties(Template.from_stack(stack), "AWS::ElasticLoadBalancingV2::LoadBalancer")
    ]
    return [attributes.get("client_keep_alive.seconds") for attributes in found]


def _balanced(scope: cdk.Stack, name: str, **given: Any) -> Endpoint:
    return Endpoint.load_balancer(new_balancer(scope, name, **given), domain_name=f"{name}.example.com")


def test_load_balancers_of_the_app_have_their_clients_reconnect(stack: cdk.Stack) -> None:
    elsewhere = stack_in("eu-central-1", stack)
    pair = dns_failover(stack, primary=_balanced(elsewhere, "primary"), secondary=_balanced(stack, "secondary"))

    assert _keep_alives(elsewhere) == _keep_alives(stack) == ["300"]
    assert pair.failover_parts.drain is not None
    assert pair.failover_parts.drain.to_seconds() == 300
    # It is not in the time of a primary that is gone.
    assert pair.failover_time.to_seconds() == 113


@pytest.mark.parametrize(("seconds", "warned"), [(60, False), (300, False), (301, True)])
def test_a_keep_alive_that_its_owner_has_set_stays_and_is_warned_of_if_it_is_long(
    stack: cdk.Stack, seconds: int, warned: bool
) -> None:
    primary = _balanced(stack, "primary", client_keep_alive=Duration.seconds(seconds))
    pair = dns_failover(stack, primary=primary)

    assert _keep_alives(stack) == [str(seconds)]
    assert pair.failover_parts.drain is not None
    assert pair.failover_parts.drain.to_seconds() == seconds
    found = {warning for _, warning in warnings_of(stack)}
    assert ("@ha-patterns/load-balancer:long-keep-alive" in found) is warned


def test_a_keep_alive_that_is_set_later_is_the_one_that_counts(stack: cdk.Stack) -> None:
    balancer = new_balancer(stack)
    pair = dns_failover(stack, primary=Endpoint.load_balancer(balancer, domain_name="eu-west-1.example.com"))
    balancer.set_attribute("client_keep_alive.seconds", "120")

    assert pair.failover_parts.drain is not None
    assert pair.failover_parts.drain.to_seconds() == 120


def _network_balancer(stack: cdk.Stack) -> Endpoint:
    balancer = elbv2.NetworkLoadBalancer(stack, "Network", vpc=vpc_in(stack), internet_facing=True)
    return Endpoint.load_balancer(balancer, domain_name="eu-west-1.example.com")


def _balancer_until_deploy(stack: cdk.Stack) -> Endpoint:
    balancer = new_balancer(stack)
    given = cdk.CfnParameter(stack, "KeepAlive").value_as_string
    balancer.set_attribute("client_keep_alive.seconds", given)
    return Endpoint.load_balancer(balancer, domain_name="eu-west-1.example.com")


_UNKNOWN: dict[str, Callable[[cdk.Stack], Endpoint]] = {
    "a host": lambda _: Endpoint.http_host("dc1.example.com", ipv4_addresses=["203.0.113.1"]),
    "imported": lambda stack: Endpoint.load_balancer(load_balancer(stack), domain_name="eu-west-1.example.com"),
    "an API": _rest_api_of_the_shared_name,
    "network": _network_balancer,
    "known at deploy": _balancer_until_deploy,
}


@pytest.mark.parametrize("primary", _UNKNOWN.values(), ids=_UNKNOWN)
def test_of_other_primaries_nothing_tells_how_long_connections_stay(
    stack: cdk.Stack, primary: Callable[[cdk.Stack], Endpoint]
) -> None:
    pair = dns_failover(stack, primary=primary(stack))

    assert pair.failover_parts.drain is None
    assert not [
        value
        for each in properties(Template.from_stack(stack), "AWS::ElasticLoadBalancingV2::LoadBalancer")
        for value in each["LoadBalancerAttributes"]
        if value == {"Key": "client_keep_alive.seconds", "Value": "300"}
    ]
