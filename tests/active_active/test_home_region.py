"""Home Regions: what the stack creates, what the function is told, and on which behaviors cookies may be issued."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as cloudfront_origins
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_sns as sns
from aws_cdk.assertions import Annotations, Match, Template

from ha_patterns import EdgeDistribution, Endpoint, HealthCheckSettings, HomeRegionRouter
from ha_patterns.active_active import home_health, home_region
from ha_patterns.cdk.structs import replace_fields
from lambda_edge.home_region import cookie, health

from ..samples import (
    TOPIC_ARN,
    dns_failover,
    home_health_of,
    home_router,
    new_stack,
    only,
    properties,
    refused_synth,
    stack_in,
    warnings_of,
    zone_of,
)

# Of the edge; with us-east-1.
_NEAR_TO_ALL = ["ap-southeast-1"]
_NOT_CACHED = cloudfront.CachePolicy.CACHING_DISABLED


def _site(stack: cdk.Stack, behavior: cloudfront.BehaviorOptions) -> cloudfront.Distribution:
    return cloudfront.Distribution(stack, "Site", default_behavior=behavior)


def _baked(router: HomeRegionRouter, handler: str) -> dict[str, Any]:
    """The configuration in the asset of one of the two functions."""
    app = router.node.root
    assert isinstance(app, cdk.App)
    folder = Path(app.synth().directory)
    stack = cdk.Stack.of(router).stack_name
    template = json.loads((folder / f"{stack}.template.json").read_text())
    (function,) = (
        resource
        for resource in template["Resources"].values()
        if resource["Type"] == "AWS::Lambda::Function" and resource["Properties"]["Handler"].endswith(handler)
    )
    asset = folder / f"asset.{function['Properties']['Code']['S3Key'].removesuffix('.zip')}"
    baked: dict[str, Any] = json.loads((asset / "config.json").read_text())
    return baked


def test_the_key_is_random_replicated_and_outlives_the_stack() -> None:
    stack = new_stack()
    router = home_router(stack, homes={"eu-west-1": "eu.example.com", "us-east-1": "us.example.com"})
    template = Template.from_stack(stack)

    template.has_resource(
        "AWS::SecretsManager::Secret",
        {
            "DeletionPolicy": "RetainExceptOnCreate",
            "UpdateReplacePolicy": "Retain",
            "Properties": {
                "GenerateSecretString": {"PasswordLength": 64, "ExcludePunctuation": True},
                "ReplicaRegions": [{"Region": "eu-west-1"}],
            },
        },
    )
    assert router.key_regions == ("us-east-1", "eu-west-1")


def test_the_function_may_read_every_replica_and_no_other_secret() -> None:
    stack = new_stack()
    home_router(stack, key_regions=["eu-west-1", "ap-southeast-2"])
    template = Template.from_stack(stack)

    policies = template.find_resources("AWS::IAM::Policy")
    granted = [
        statement
        for policy in policies.values()
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]
        if "secretsmanager" in json.dumps(statement["Action"])
    ]

    [statement] = granted
    assert statement["Action"] == "secretsmanager:GetSecretValue"
    (key,) = template.find_resources("AWS::SecretsManager::Secret")
    name = {"Fn::Select": [6, {"Fn::Split": [":", {"Ref": key}]}]}
    assert [resource["Fn::Join"][1][2:] for resource in statement["Resource"]] == [
        [f":secretsmanager:{region}:", {"Ref": "AWS::AccountId"}, ":secret:", name]
        for region in ("us-east-1", "eu-west-1", "ap-southeast-2")
    ]


def test_the_request_function_is_told_homes_key_and_order() -> None:
    router = home_router(new_stack())

    baked = _baked(router, "on_request")

    assert {name: baked[name] for name in ("days", "unhealthy", "user_cookie", "health")} == {
        "days": 90,
        "unhealthy": "fail",
        "user_cookie": None,
        "health": {},
    }
    assert {region: origin["origin"]["custom"]["domainName"] for region, origin in baked["origins"].items()} == {
        "eu-west-1": "eu.example.com",
        "us-west-2": "us.example.com",
    }
    assert baked["order"]["eu-central-1"] == ["eu-west-1", "us-west-2"]
    assert baked["order"]["ap-northeast-1"] == ["us-west-2", "eu-west-1"]
    assert baked["key"]["regions"] == ["us-east-1", "eu-west-1", "us-west-2"]
    assert baked["key"]["order"]["eu-central-1"][0] == "eu-west-1"
    assert _baked(router, "on_response") == {}


def test_the_secret_has_the_name_by_which_it_is_read() -> None:
    stack = new_stack()
    router = home_router(stack)

    name = only(Template.from_stack(stack), "AWS::SecretsManager::Secret")["Name"]
    assert name == _baked(router, "on_request")["key"]["name"]
    assert name.endswith("/home-region/key")


def test_what_only_the_deploy_knows_of_a_home_travels_in_a_header() -> None:
    stack = new_stack()
    name = cdk.CfnParameter(stack, "Given").value_as_string
    router = home_router(stack, homes={"eu-west-1": name, "us-west-2": "us.example.com"})
    _site(stack, router.behavior())

    (origin,) = only(Template.from_stack(stack), "AWS::CloudFront::Distribution")["DistributionConfig"]["Origins"]
    assert origin["OriginCustomHeaders"] == [
        {"HeaderName": "x-ha-edge-domainname-eu-west-1", "HeaderValue": {"Ref": "Given"}}
    ]


def test_constructs_and_function_agree_on_names() -> None:
    assert home_region.HOME_COOKIE == cookie.NAME
    assert home_health.LEAST_TTL == health.LEAST_TTL


def test_a_behavior_that_caches_nothing_routes_and_issues() -> None:
    stack = new_stack()
    _site(stack, home_router(stack).behavior())

    config = only(Template.from_stack(stack), "AWS::CloudFront::Distribution")["DistributionConfig"]
    behavior = config["DefaultCacheBehavior"]
    assert [each["EventType"] for each in behavior["LambdaFunctionAssociations"]] == [
        "origin-request",
        "origin-response",
    ]
    assert behavior["CachePolicyId"] == _NOT_CACHED.cache_policy_id
    assert len(behavior["AllowedMethods"]) == 7
    assert [origin["DomainName"] for origin in config["Origins"]] == ["eu.example.com"]


def test_a_behavior_that_caches_has_the_cookie_in_its_key_and_issues_none() -> None:
    stack = new_stack()
    router = home_router(stack)
    _site(stack, router.behavior(cache_policy=router.request_function.cache_policy()))
    template = Template.from_stack(stack)

    behavior = only(template, "AWS::CloudFront::Distribution")["DistributionConfig"]["DefaultCacheBehavior"]
    assert [each["EventType"] for each in behavior["LambdaFunctionAssociations"]] == ["origin-request"]
    key = only(template, "AWS::CloudFront::CachePolicy")["CachePolicyConfig"]
    assert key["ParametersInCacheKeyAndForwardedToOrigin"]["CookiesConfig"] == {
        "CookieBehavior": "whitelist",
        "Cookies": ["__Host-home"],
    }


def test_cookies_are_not_issued_where_answers_are_cached() -> None:
    stack = new_stack()
    router = home_router(stack)
    behavior = router.behavior(cache_policy=router.request_function.cache_policy())
    both = [router.request_function.edge_lambda, router.response_function.edge_lambda]
    _site(stack, replace_fields(behavior, edge_lambdas=both))

    message = refused_synth(stack)
    assert (
        "[Test/Homes/Response] behavior '*' of Test/Site caches, and CloudFront would store one user's Set-Cookie"
        in message
    )


def test_cookies_are_not_issued_where_nothing_goes_by_them() -> None:
    stack = new_stack()
    router = home_router(stack)
    _site(stack, replace_fields(router.behavior(), edge_lambdas=[router.response_function.edge_lambda]))

    assert "[Test/Homes/Response] behavior '*' of Test/Site issues cookies and does not go by them" in refused_synth(
        stack
    )


def test_a_site_that_issues_no_cookie_is_warned_of() -> None:
    stack = new_stack()
    router = home_router(stack, key_regions=_NEAR_TO_ALL)
    _site(stack, router.behavior(cache_policy=router.request_function.cache_policy()))
    assert warnings_of(stack) == {("/Test/Homes", "@ha-patterns/home-region:no-cookie")}

    stack = new_stack()
    router = home_router(stack, key_regions=_NEAR_TO_ALL)
    cloudfront.Distribution(
        stack,
        "Site",
        default_behavior=router.behavior(cache_policy=router.request_function.cache_policy()),
        additional_behaviors={"/login": router.behavior()},
    )
    assert not warnings_of(stack)


def test_places_that_are_far_from_every_region_with_the_key_are_warned_of() -> None:
    stack = new_stack()
    router = home_router(stack, homes={"eu-west-1": "eu.example.com", "us-east-1": "us.example.com"})
    _site(stack, router.behavior())

    assert router.key_regions == ("us-east-1", "eu-west-1")
    assert warnings_of(stack) == {("/Test/Homes", "@ha-patterns/home-region:far-edges")}
    [warning] = Annotations.from_stack(stack).find_warning("*", Match.string_like_regexp("far-edges"))
    assert str(warning.entry.data).startswith(
        "functions that run in ap-southeast-2 (235 ms), ap-southeast-1 (168 ms), ap-northeast-2 (167 ms), "
        "ap-northeast-1 (163 ms) are more than 150 ms from every Region that has the key (us-east-1, eu-west-1): "
        "the first request of each container there waits up to 0.7 s for it; no Region is so far with key_regions="
        "['eu-west-1', 'ap-southeast-1'], and each replica of the secret costs $0.40 a month (September 2026)"
    )


def test_the_warning_of_far_places_names_replicas_that_end_it() -> None:
    for given in (["us-west-2"], ["eu-central-1"], ["sa-east-1"], ["ap-southeast-2"]):
        stack = new_stack()
        _site(stack, home_router(stack, key_regions=given).behavior())
        [warning] = Annotations.from_stack(stack).find_warning("*", Match.string_like_regexp("far-edges"))
        mended = re.findall("[a-z]+-[a-z]+-[0-9]", str(warning.entry.data).partition("with key_regions=")[2])
        stack = new_stack()
        _site(stack, home_router(stack, key_regions=mended).behavior())

        assert mended[:-1] == given
        assert not warnings_of(stack)


def test_a_distribution_of_another_stack_issues_cookies_too() -> None:
    stack = new_stack()
    behavior = home_router(stack).behavior()
    cloudfront.Distribution(stack_in("us-east-1", stack), "Site", default_behavior=behavior)

    app = stack.node.root
    assert isinstance(app, cdk.App)
    app.synth()


def test_homes_bound_to_users_are_not_cached() -> None:
    stack = new_stack()
    router = home_router(stack, user_cookie="uid")
    _site(stack, router.behavior(cache_policy=router.request_function.cache_policy()))

    assert "[Test/Homes/Request] behavior '*' of Test/Site caches, and homes are bound to users" in refused_synth(stack)


def test_homes_bound_to_users_are_served_where_nothing_is_cached() -> None:
    stack = new_stack()
    router = home_router(stack, user_cookie="uid")
    _site(stack, router.behavior())

    assert _baked(router, "on_request")["user_cookie"] == "uid"


def test_a_cache_without_the_cookie_in_its_key_is_refused() -> None:
    stack = new_stack()
    _site(stack, home_router(stack).behavior(cache_policy=cloudfront.CachePolicy.CACHING_OPTIMIZED))

    assert "does not have cookie __Host-home in its cache key" in refused_synth(stack)


def test_viewers_without_tls_are_refused() -> None:
    stack = new_stack()
    behavior = replace_fields(
        home_router(stack).behavior(), viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.ALLOW_ALL
    )
    _site(stack, behavior)

    assert "[Test/Homes/Request] behavior '*' of Test/Site lets viewers in without TLS" in refused_synth(stack)


def test_a_shield_is_refused_since_it_makes_one_region_of_all() -> None:
    stack = new_stack()
    shielded = cloudfront_origins.HttpOrigin("eu.example.com", origin_shield_region="eu-west-1")
    _site(stack, replace_fields(home_router(stack).behavior(), origin=shielded))

    assert "[Test/Homes/Request] behavior '*' of Test/Site has Origin Shield on" in refused_synth(stack)


# -- health --------------------------------------------------------------------------------------------------------


def test_each_home_has_a_record_that_says_whether_it_is_healthy() -> None:
    stack = new_stack()
    checked = home_health_of(stack, health_checks=HealthCheckSettings.fast(path="/up"))
    template = Template.from_stack(stack)

    assert checked.record_names == {
        "eu-west-1": "eu-west-1.home.example.com",
        "us-west-2": "us-west-2.home.example.com",
    }
    records = properties(template, "AWS::Route53::RecordSet")
    assert [
        (each["Name"], each["Type"], each["TTL"], each["Failover"], each["ResourceRecords"], "HealthCheckId" in each)
        for each in records
    ] == [
        (f"{region}.home.example.com.", "TXT", "60", failover, [text], failover == "PRIMARY")
        for region in ("eu-west-1", "us-west-2")
        for failover, text in (("PRIMARY", '"healthy"'), ("SECONDARY", '"unhealthy"'))
    ]
    checks = [each["HealthCheckConfig"] for each in properties(template, "AWS::Route53::HealthCheck")]
    assert [(check["FullyQualifiedDomainName"], check["ResourcePath"]) for check in checks] == [
        ("eu.example.com", "/up"),
        ("us.example.com", "/up"),
    ]


def test_the_function_is_told_the_records() -> None:
    stack = new_stack()
    router = home_router(stack, unhealthy_home="move", health=home_health_of(stack))

    assert _baked(router, "on_request")["health"] == {
        region: {"name": f"{region}.home.example.com", "kind": "TXT", "values": ["healthy"]}
        for region in ("eu-west-1", "us-west-2")
    }


@pytest.mark.parametrize(
    ("given", "kind", "values"),
    [
        ({"ipv4_addresses": ["203.0.113.1", "203.0.113.2"]}, "A", ["203.0.113.1", "203.0.113.2"]),
        ({}, "CNAME", ["eu.example.com"]),
    ],
)
def test_a_failover_name_tells_the_health_of_its_primary(given: dict[str, Any], kind: str, values: list[str]) -> None:
    stack = new_stack()
    addresses = ["203.0.113.3"] if given else []
    homes = {
        "eu-west-1": Endpoint.http_host("EU.example.com", **given),
        "us-west-2": Endpoint.http_host("us.example.com", ipv4_addresses=addresses),
    }
    zone = zone_of(stack)
    pairs = {
        region: dns_failover(
            stack,
            construct_id=f"{region}Failover",
            hosted_zone=zone,
            record_name=f"{region}.origin",
            primary=homes[region],
            secondary=homes[other],
        )
        for region, other in (("eu-west-1", "us-west-2"), ("us-west-2", "eu-west-1"))
    }
    router = home_router(stack, homes=homes, unhealthy_home="move", health=pairs)

    assert _baked(router, "on_request")["health"]["eu-west-1"] == {
        "name": "eu-west-1.origin.example.com",
        "kind": kind,
        "values": values,
    }
    assert router.failover_time.to_seconds() == 48 + 5 + 60 + 5


def test_failover_takes_detection_the_ttl_and_what_the_function_keeps() -> None:
    stack = new_stack()
    checked = home_health_of(stack, ttl=cdk.Duration.seconds(20), health_checks=HealthCheckSettings.standard())
    router = home_router(
        stack,
        unhealthy_home="read-elsewhere",
        health=checked,
        recovery_time_objective=cdk.Duration.seconds(108 + 5 + 20 + 5),
    )

    assert router.failover_time.to_seconds() == checked.failover_time.to_seconds() == 108 + 5 + 20 + 5


def test_a_check_of_one_s_own_decides_and_is_not_alarmed_here() -> None:
    stack = new_stack()
    own = route53.HealthCheck(stack, "Own", type=route53.HealthCheckType.HTTPS, fqdn="eu.example.com")
    checked = home_health_of(stack, health_checks={"eu-west-1": own, "us-west-2": HealthCheckSettings.fast()})
    alarms = checked.add_alarms(sns.Topic.from_topic_arn(stack, "Topic", TOPIC_ARN))

    assert len(checked.health_checks) == len(alarms) == 1
    Template.from_stack(stack).has_resource_properties(
        "AWS::Route53::RecordSet", {"SetIdentifier": "healthy", "HealthCheckId": Match.any_value()}
    )


def test_a_long_ttl_is_warned_of() -> None:
    stack = new_stack()
    home_health_of(stack, ttl=cdk.Duration.seconds(300))

    assert warnings_of(stack) == {("/Test/Health", "@ha-patterns/home-health:long-ttl")}


def test_the_key_can_go_with_the_stack() -> None:
    stack = new_stack()
    home_router(stack).apply_removal_policy(cdk.RemovalPolicy.DESTROY)

    Template.from_stack(stack).has_resource("AWS::SecretsManager::Secret", {"DeletionPolicy": "Delete"})


def test_a_ready_distribution_takes_the_behaviors() -> None:
    stack = new_stack()
    router = home_router(stack)
    EdgeDistribution(
        stack,
        "Site",
        default_behavior=router.behavior(),
        additional_behaviors={"/catalog/*": router.behavior(cache_policy=router.request_function.cache_policy())},
        domain_name="www.example.com",
        hosted_zone=zone_of(stack),
    )

    config = only(Template.from_stack(stack), "AWS::CloudFront::Distribution")["DistributionConfig"]
    told = [[header["HeaderName"] for header in each.get("OriginCustomHeaders", ())] for each in config["Origins"]]
    assert told == [[], ["x-ha-edge-kept"]]
