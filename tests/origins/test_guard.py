"""What CloudFront sends and origins admit: who gets the header, what may be probed, and rotation without a gap."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_route53 as route53
from aws_cdk.assertions import Template

from ha_patterns import (
    ORIGIN_GUARD_HEADER,
    ORIGIN_ROLE_HEADER,
    AcceleratorEndpoint,
    AcceleratorHealthCheck,
    Endpoint,
    EndpointGroup,
    EndpointHealthCheck,
    FailoverOriginGroup,
    HealthCheckSettings,
    OriginGuard,
    OriginGuardSecrets,
)

from ..samples import (
    accelerator,
    distribution_config,
    dns_failover,
    elastic_ip,
    endpoint_group,
    group_members,
    guard,
    guarded_listener,
    headers_of,
    hybrid_failover,
    latency_routing,
    load_balancer,
    multi_region_accelerator,
    new_stack,
    only,
    origin,
    properties,
    warnings_of,
    zone_of,
)

_FIRST = "{{resolve:secretsmanager:shop/guard/1:SecretString:::}}"
_REFERENCE = re.compile(r"\{\{resolve:secretsmanager:([^:]+):SecretString:::\}\}")
_KIND = "AWS::SecretsManager::Secret"


def _host(number: int, **given: Any) -> Endpoint:
    return Endpoint.http_host(
        f"h{number}.example.com", ipv4_addresses=[f"203.0.113.{number}"], **{"guard": guard(), **given}
    )


def _site(stack: cdk.Stack, origin: cloudfront.IOrigin) -> dict[str, Any]:
    """The configuration of somebody else's distribution."""
    cloudfront.Distribution(stack, "Site", default_behavior=cloudfront.BehaviorOptions(origin=origin))
    return distribution_config(Template.from_stack(stack))


# Who gets the header


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda stack: _host(1), id="http host"),
        pytest.param(lambda stack: Endpoint.api_gateway(domain_name="api.example.com", guard=guard()), id="api"),
        pytest.param(
            lambda stack: Endpoint.load_balancer(load_balancer(stack), domain_name="a.example.com", guard=guard()),
            id="load balancer",
        ),
        pytest.param(
            lambda stack: Endpoint.accelerator(accelerator(stack), domain_name="a.example.com", guard=guard()),
            id="accelerator",
        ),
    ],
)
def test_cloudfront_sends_the_header_to_a_guarded_endpoint(
    stack: cdk.Stack, make: Callable[[cdk.Stack], Endpoint]
) -> None:
    (sent,) = _site(stack, make(stack).origin(custom_headers={"x-mine": "1"}))["Origins"]

    assert headers_of(sent) == {"x-mine": "1", ORIGIN_GUARD_HEADER: _FIRST}


def test_an_endpoint_without_a_guard_gets_no_header(stack: cdk.Stack) -> None:
    (sent,) = _site(stack, _host(1, guard=None).origin())["Origins"]

    assert headers_of(sent) == {}


def test_both_members_of_an_origin_group_get_it_beside_their_role(stack: cdk.Stack) -> None:
    group = FailoverOriginGroup(primary=_host(1), secondary=_host(2, guard=None))

    members = group_members(_site(stack, group))

    assert headers_of(members[0]) == {ORIGIN_ROLE_HEADER: "primary", ORIGIN_GUARD_HEADER: _FIRST}
    assert headers_of(members[1]) == {ORIGIN_ROLE_HEADER: "secondary"}


def test_every_origin_of_a_hybrid_failover_gets_it_also_behind_the_failover_name(stack: cdk.Stack) -> None:
    hybrid_failover(stack, primary=_host(1), secondary=_host(2))

    config = distribution_config(Template.from_stack(stack))
    sent = {each["Id"]: headers_of(each).get(ORIGIN_GUARD_HEADER) for each in config["Origins"]}
    assert len(sent) == 3
    assert set(sent.values()) == {_FIRST}
    writes = next(each for each in config["CacheBehaviors"] if "POST" in each["AllowedMethods"])
    assert origin(config, writes["TargetOriginId"])["DomainName"] == "origin.example.com"


@pytest.mark.parametrize("policy", ["HTTP_ONLY", "MATCH_VIEWER"])
def test_a_secret_that_is_sent_in_the_clear_is_warned_of(stack: cdk.Stack, policy: str) -> None:
    _site(stack, _host(1, protocol_policy=cloudfront.OriginProtocolPolicy[policy]).origin())

    assert ("/Test/Site/Origin1", "@ha-patterns/origin-guard:plain-http") in warnings_of(stack)


# What may be probed


def test_a_check_asks_for_the_open_path_where_nothing_else_is_said(stack: cdk.Stack) -> None:
    dns_failover(stack, primary=_host(1, origin_path="/shop"), secondary=_host(2, origin_path="/shop"))

    assert only(Template.from_stack(stack), "AWS::Route53::HealthCheck")["HealthCheckConfig"]["ResourcePath"] == (
        "/health"
    )


@pytest.mark.parametrize(
    ("given", "health_path", "origin_path"),
    [
        (HealthCheckSettings.fast(), "/health", None),
        (HealthCheckSettings.fast(path="/health"), "/health", None),
        (HealthCheckSettings.fast(path="/health?deep=1"), "/health", None),
        (HealthCheckSettings.fast(path="/health"), "/shop/health", "/shop"),
        (HealthCheckSettings(protocol="TCP", port=443), "/health", None),
    ],
)
def test_what_the_guard_leaves_open_may_be_probed(
    stack: cdk.Stack, given: HealthCheckSettings, health_path: str, origin_path: str | None
) -> None:
    hosts = [_host(number, guard=guard(health_path=health_path), origin_path=origin_path) for number in (1, 2)]

    latency_routing(stack, members=dict(zip(("eu-west-1", "us-east-1"), hosts, strict=True)), health_checks=given)

    assert len(properties(Template.from_stack(stack), "AWS::Route53::HealthCheck")) == 2


def test_a_given_check_that_asks_another_host_is_its_owners_business(stack: cdk.Stack) -> None:
    check = EndpointHealthCheck(stack, "Check", domain_name="status.example.com")

    pair = dns_failover(stack, primary=_host(1), secondary=_host(2), primary_health_check=check)

    assert pair.primary_health_check is check


def test_a_given_check_of_the_open_path_is_taken(stack: cdk.Stack) -> None:
    check = route53.HealthCheck(
        stack, "Check", type=route53.HealthCheckType.HTTPS, fqdn="h1.example.com", resource_path="/health"
    )

    pair = dns_failover(stack, primary=_host(1), secondary=_host(2), primary_health_check=check)

    assert pair.primary_health_check is check


@pytest.mark.parametrize(
    "check", [AcceleratorHealthCheck(), AcceleratorHealthCheck(protocol="HTTPS", path="/health"), None]
)
def test_an_accelerators_check_may_connect_or_ask_for_the_open_path_and_load_balancers_are_not_asked(
    stack: cdk.Stack, check: AcceleratorHealthCheck | None
) -> None:
    second = endpoint_group(stack, "eu-central-1")
    if check is not None:
        second = EndpointGroup(
            region="us-east-1", endpoints=[AcceleratorEndpoint.elastic_ip(elastic_ip(stack))], health_check=check
        )
    front = multi_region_accelerator(
        stack,
        endpoint_groups=[endpoint_group(stack, "eu-west-1"), second],
        domain_name="www.example.com",
        hosted_zone=zone_of(stack),
    )

    (sent,) = _site(stack, front.origin(guard=guard()))["Origins"]

    assert headers_of(sent) == {ORIGIN_GUARD_HEADER: _FIRST}


# The secrets


def _secrets(stack: cdk.Stack, **given: Any) -> OriginGuardSecrets:
    regions = given.pop("regions", ["us-east-1", "eu-west-1", "eu-central-1", "eu-west-1"])
    return OriginGuardSecrets(stack, "Secrets", guard=guard(**given), regions=regions)


def test_each_secret_is_random_and_in_every_region_but_its_own_once_more(stack: cdk.Stack) -> None:
    made = _secrets(stack)

    found = properties(Template.from_stack(stack), _KIND)
    assert list(made.secrets) == [1, 2, 3]
    assert [each["Name"] for each in found] == ["shop/guard/1", "shop/guard/2", "shop/guard/3"]
    for each in found:
        assert [replica["Region"] for replica in each["ReplicaRegions"]] == ["eu-west-1", "eu-central-1"]
        assert each["GenerateSecretString"] == {
            "PasswordLength": 64,
            "ExcludePunctuation": True,
            "ExcludeUppercase": True,
            "IncludeSpace": False,
        }
        assert "SecretString" not in each


def test_in_one_region_there_are_no_replicas(stack: cdk.Stack) -> None:
    _secrets(stack, regions=["us-east-1"])

    secrets = properties(Template.from_stack(stack), _KIND)
    assert secrets
    assert all("ReplicaRegions" not in each for each in secrets)


def test_the_logical_id_of_a_secret_is_that_of_its_generation(stack: cdk.Stack) -> None:
    _secrets(stack, generation=4)

    found = Template.from_stack(stack).find_resources(_KIND)
    named = {logical_id: resource["Properties"]["Name"].rpartition("/")[2] for logical_id, resource in found.items()}
    assert list(named.values()) == ["2", "3", "4", "5", "6"]
    assert all(logical_id.startswith(f"SecretsGeneration{number}") for logical_id, number in named.items())


# Rotation


def _references(template: Any) -> set[str]:
    """The secrets that a template refers to."""
    return set(_REFERENCE.findall(json.dumps(template)))


def _deployed(generation: int) -> Mapping[str, set[str]]:
    """By stack, the secrets that are there, sent and admitted at a generation."""
    agreed: OriginGuard = guard(generation=generation)
    secrets, edge, origins = new_stack(), new_stack(), new_stack("eu-west-1")
    OriginGuardSecrets(secrets, "Secrets", guard=agreed, regions=["eu-west-1"])
    _site(edge, _host(1, guard=agreed).origin())
    guarded_listener(origins, guard=agreed)
    templates = {name: Template.from_stack(stack) for name, stack in (("edge", edge), ("origins", origins))}
    return {
        "secrets": {each["Name"] for each in properties(Template.from_stack(secrets), _KIND)},
        **{name: _references(template.to_json()) for name, template in templates.items()},
    }


_DEPLOYED = {generation: _deployed(generation) for generation in range(1, 7)}
_STEPS = [
    pytest.param(_DEPLOYED[before], _DEPLOYED[after], id=f"{before} to {after}")
    for before in _DEPLOYED
    for after in (before + 1, before - 1)
    if after in _DEPLOYED
]


@pytest.mark.parametrize("deployed", _DEPLOYED.values(), ids=_DEPLOYED)
def test_one_value_is_sent_and_it_is_admitted(deployed: Mapping[str, set[str]]) -> None:
    assert len(deployed["edge"]) == 1
    assert deployed["edge"] < deployed["origins"] < deployed["secrets"]


@pytest.mark.parametrize(("before", "after"), _STEPS)
def test_while_a_step_is_deployed_origins_admit_whatever_cloudfront_still_or_already_sends(
    before: Mapping[str, set[str]], after: Mapping[str, set[str]]
) -> None:
    sent = before["edge"] | after["edge"]

    assert len(sent) == 2
    assert sent <= before["origins"]
    assert sent <= after["origins"]


@pytest.mark.parametrize(("before", "after"), _STEPS)
def test_a_secret_outlives_every_template_that_refers_to_it(
    before: Mapping[str, set[str]], after: Mapping[str, set[str]]
) -> None:
    """CloudFormation reads it also to take the reference out, and to put it back where a deploy fails."""
    referred = before["edge"] | before["origins"] | after["edge"] | after["origins"]

    assert referred <= after["secrets"]


def test_a_value_that_leaked_is_out_two_generations_later() -> None:
    assert not _DEPLOYED[2]["edge"] & _DEPLOYED[4]["origins"]
