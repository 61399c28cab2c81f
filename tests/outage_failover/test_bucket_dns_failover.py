"""Records that name a bucket, the function that asks for them, and a site out of both."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as cloudfront_origins
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_sns as sns
from aws_cdk.assertions import Template

from ha_patterns import (
    BucketDnsFailover,
    BucketDnsRouter,
    BucketSet,
    Endpoint,
    EndpointHealthCheck,
    FailoverOriginGroup,
    HealthCheckSettings,
    OriginSettings,
)
from ha_patterns.outage_failover import bucket_dns_failover as module
from lambda_edge.bucket_dns_failover.handler import LEAST_TTL, RECORD_NAME
from lambda_edge.common.origin import CONFIGURATION_PREFIX

from ..samples import (
    bucket_dns_router,
    bucket_pair,
    bucket_probe,
    content_bucket,
    distribution_config,
    group_members,
    headers_of,
    imported_bucket,
    new_stack,
    only,
    properties,
    refused_synth,
    text_token,
    warnings_of,
    zone_of,
)

_PRIMARY, _SECONDARY, _THIRD = "eu-west-1", "eu-central-1", "us-east-1"


def _three(stack: cdk.Stack) -> BucketSet:
    return BucketSet([content_bucket(stack, region) for region in (_PRIMARY, _SECONDARY, _THIRD)])


def _records(stack: cdk.Stack) -> list[dict[str, Any]]:
    found = [one for one in properties(Template.from_stack(stack), "AWS::Route53::RecordSet") if one["Type"] == "TXT"]
    return sorted(found, key=lambda record: [_PRIMARY, _SECONDARY, _THIRD].index(record["SetIdentifier"]))


def _baked(router: BucketDnsRouter) -> dict[str, Any]:
    """The configuration in the function's asset."""
    app = router.node.root
    assert isinstance(app, cdk.App)
    folder = Path(app.synth().directory)
    (config,) = folder.glob("asset.*/config.json")
    baked: dict[str, Any] = json.loads(config.read_text())
    return baked


def _site(stack: cdk.Stack, router: BucketDnsRouter, **given: Any) -> dict[str, Any]:
    cloudfront.Distribution(stack, "Site", default_behavior=router.behavior(**given))
    return distribution_config(Template.from_stack(stack))


def test_the_records_of_a_pair_fail_over_from_the_one_bucket_to_the_other() -> None:
    stack = new_stack()
    bucket_dns_router(stack)

    primary, secondary = _records(stack)

    assert primary["Name"] == secondary["Name"] == "bucket.example.com."
    assert (primary["Failover"], secondary["Failover"]) == ("PRIMARY", "SECONDARY")
    assert (primary["ResourceRecords"], secondary["ResourceRecords"]) == ([f'"{_PRIMARY}"'], [f'"{_SECONDARY}"'])
    assert primary["TTL"] == secondary["TTL"] == "60"
    assert primary["HealthCheckId"] != secondary["HealthCheckId"]


def test_latency_records_name_the_nearest_of_many() -> None:
    stack = new_stack()
    router = bucket_dns_router(stack, buckets=_three(stack), routing="latency", ttl=cdk.Duration.seconds(30))

    records = _records(stack)

    assert [record["Region"] for record in records] == [_PRIMARY, _SECONDARY, _THIRD]
    assert all(record["ResourceRecords"] == [f'"{record["Region"]}"'] for record in records)
    assert all("Failover" not in record and record["TTL"] == "30" for record in records)
    assert len({json.dumps(record["HealthCheckId"]) for record in records}) == 3
    assert len(router.records) == 3


def test_a_probe_is_followed_in_this_stack_and_silence_is_an_outage() -> None:
    stack = new_stack()
    router = bucket_dns_router(stack)

    checks = properties(Template.from_stack(stack), "AWS::Route53::HealthCheck")

    assert [check["HealthCheckConfig"]["AlarmIdentifier"] for check in checks] == [
        {"Name": f"content-{region}", "Region": region} for region in (_PRIMARY, _SECONDARY)
    ]
    assert {check["HealthCheckConfig"]["InsufficientDataHealthStatus"] for check in checks} == {"Unhealthy"}
    assert len(router.health_checks) == 2


def test_the_stack_is_deployed_after_buckets_and_probes() -> None:
    stack = new_stack()
    bucket_dns_router(stack)
    cdk.App.of(stack).synth()  # type: ignore[union-attr]

    assert {needed.node.id for needed in stack.dependencies} == {
        f"{what}-{region}" for what in ("Content", "Probe") for region in (_PRIMARY, _SECONDARY)
    }


def test_a_check_of_ones_own_is_followed_and_the_secondary_needs_none() -> None:
    stack = new_stack()
    own = EndpointHealthCheck(
        stack,
        "Own",
        domain_name="content-eu-west-1.s3.eu-west-1.amazonaws.com",
        settings=HealthCheckSettings(protocol="TCP", port=443),
    )

    router = bucket_dns_router(stack, health_checks={_PRIMARY: own})

    primary, secondary = _records(stack)
    assert primary["HealthCheckId"] == stack.resolve(own.health_check_id)
    assert "HealthCheckId" not in secondary
    assert router.health_checks == []
    assert router.failover_time.to_seconds() == 3 * (10 + 10) + 5 + 60 + 5


def test_the_function_knows_the_buckets_by_their_regions_and_the_record_by_its_name() -> None:
    stack = new_stack()
    router = bucket_dns_router(stack, ttl=cdk.Duration.seconds(45))

    baked = _baked(router)

    assert baked["record_name"] == "bucket.example.com"
    assert baked["longest_ttl"] == 45
    assert {key: entry["origin"]["s3"] for key, entry in baked["origins"].items()} == {
        region: {
            "authMethod": "origin-access-identity",
            "customHeaders": {},
            "domainName": f"content-{region}.s3.{region}.amazonaws.com",
            "path": "",
            "region": region,
        }
        for region in (_PRIMARY, _SECONDARY)
    }
    assert router.function.custom_headers == {}


def test_a_name_that_only_the_deploy_knows_travels_in_the_header_that_the_function_reads() -> None:
    stack = new_stack()
    router = bucket_dns_router(stack, hosted_zone=zone_of(stack, text_token(stack, "ZoneName")))

    (origin,) = _site(stack, router)["Origins"]

    told: dict[str, Any] = {
        f"{CONFIGURATION_PREFIX}{RECORD_NAME}": {"Fn::Join": ["", ["bucket.", {"Ref": "ZoneName"}]]}
    }
    assert headers_of(origin) == told
    assert _baked(router)["record_name"] is None


def test_the_function_and_the_construct_agree_on_the_least_ttl() -> None:
    assert module._LEAST_TTL == LEAST_TTL


def test_the_first_bucket_is_configured_and_read_with_the_identity() -> None:
    stack = new_stack()
    router = bucket_dns_router(stack, origin_path="/site")

    config = _site(stack, router, settings=OriginSettings.fail_fast())

    (origin,) = config["Origins"]
    assert origin["DomainName"] == f"content-{_PRIMARY}.s3.{_PRIMARY}.amazonaws.com"
    assert origin["OriginPath"] == "/site"
    identity = stack.resolve(router.origin_access_identity.origin_access_identity_id)
    assert identity in origin["S3OriginConfig"]["OriginAccessIdentity"]["Fn::Join"][1]
    behavior = config["DefaultCacheBehavior"]
    assert behavior["AllowedMethods"] == ["GET", "HEAD"]
    assert behavior["CachePolicyId"] == cloudfront.CachePolicy.CACHING_OPTIMIZED.cache_policy_id
    # What viewers send stays here: a bucket answers 400 to an Authorization header beside CloudFront's own.
    assert "OriginRequestPolicyId" not in behavior
    (association,) = behavior["LambdaFunctionAssociations"]
    assert association["EventType"] == "origin-request"


def test_an_origin_group_asks_the_bucket_that_is_named_and_then_the_other() -> None:
    stack = new_stack()
    router = bucket_dns_router(stack, hosted_zone=zone_of(stack, text_token(stack, "ZoneName")))
    primary, secondary = router.endpoints
    group = FailoverOriginGroup(primary=primary, secondary=secondary, custom_headers=router.function.custom_headers)
    cloudfront.Distribution(
        stack,
        "Site",
        default_behavior=cloudfront.BehaviorOptions(origin=group, edge_lambdas=[router.edge_lambda]),
    )

    members = group_members(distribution_config(Template.from_stack(stack)))

    assert [member["DomainName"].split(".")[2] for member in members] == [_PRIMARY, _SECONDARY]
    assert all(f"{CONFIGURATION_PREFIX}{RECORD_NAME}" in headers_of(member) for member in members)


@pytest.mark.parametrize(
    ("given", "seconds"),
    [
        ({}, 360 + 5 + 60 + 5),
        ({"ttl": cdk.Duration.seconds(10)}, 360 + 5 + 10 + 5),
        ({"ttl": cdk.Duration.seconds(10), "recovery_time_objective": cdk.Duration.seconds(380)}, 380),
    ],
)
def test_failover_takes_detection_then_the_ttl_then_what_the_function_keeps(
    given: dict[str, Any], seconds: int
) -> None:
    assert bucket_dns_router(new_stack(), **given).failover_time.to_seconds() == seconds


def test_latency_fails_over_as_fast_as_its_slowest_check() -> None:
    stack = new_stack()
    buckets = bucket_pair(stack)
    probes = {
        bucket.region: bucket_probe(bucket, stack, failure_threshold=threshold)
        for bucket, threshold in zip(buckets.buckets, (1, 4), strict=True)
    }
    arguments: dict[str, Any] = {"buckets": buckets, "health_checks": probes}

    assert bucket_dns_router(stack, routing="latency", **arguments).failover_time.to_seconds() == 8 * 60 + 5 + 60 + 5


@pytest.mark.parametrize(("routing", "refused"), [("latency", True), ("failover", False)])
def test_origin_shield_would_make_one_region_of_all_that_ask(routing: str, refused: bool) -> None:
    stack = new_stack()
    router = bucket_dns_router(stack, routing=routing)
    origin = cloudfront_origins.S3BucketOrigin.with_origin_access_identity(
        imported_bucket(stack, _PRIMARY),
        origin_access_identity=router.origin_access_identity,
        origin_shield_region=_PRIMARY,
    )
    cloudfront.Distribution(
        stack,
        "Site",
        default_behavior=cloudfront.BehaviorOptions(origin=origin, edge_lambdas=[router.edge_lambda]),
    )

    said = "".join(router.function.problems())

    assert ("has Origin Shield on" in said) is refused


def test_an_origin_that_cannot_be_replaced_by_a_bucket_is_refused_at_synth() -> None:
    stack = new_stack()
    router = bucket_dns_router(stack)
    cloudfront.Distribution(
        stack,
        "Site",
        default_behavior=cloudfront.BehaviorOptions(
            origin=Endpoint.http_host("www.example.net").origin(), edge_lambdas=[router.edge_lambda]
        ),
    )

    said = refused_synth(stack)

    assert "behavior '*' of Test/Site has an origin that is not read with the function's origin access identity" in said
    assert "use origin() or endpoints" in said


def test_one_identity_can_serve_several_routers() -> None:
    stack = new_stack()
    identity = cloudfront.OriginAccessIdentity(stack, "Shared")
    router = bucket_dns_router(stack, origin_access_identity=identity)

    assert router.origin_access_identity is identity
    Template.from_stack(stack).resource_count_is("AWS::CloudFront::CloudFrontOriginAccessIdentity", 1)


def test_a_long_ttl_is_warned_of() -> None:
    stack = new_stack()
    bucket_dns_router(stack, ttl=cdk.Duration.minutes(5))

    assert ("/Test/Router", "@ha-patterns/bucket-dns:long-ttl") in warnings_of(stack)


def test_alarms_tell_of_each_bucket() -> None:
    stack = new_stack()
    router = bucket_dns_router(stack)

    alarms = router.add_alarms(sns.Topic(stack, "Topic"))

    assert len(alarms) == 2
    assert all(isinstance(alarm, cloudwatch.Alarm) for alarm in alarms)


def _failover(stack: cdk.Stack, **given: Any) -> BucketDnsFailover:
    buckets = bucket_pair(stack)
    arguments: dict[str, Any] = {
        "buckets": buckets,
        "record_name": "bucket.www",
        "hosted_zone": zone_of(stack),
        "health_checks": {bucket.region: bucket_probe(bucket, stack) for bucket in buckets.buckets},
        **given,
    }
    return BucketDnsFailover(stack, "Site", **arguments)


def test_a_site_is_a_router_and_a_distribution() -> None:
    stack = new_stack()
    site = _failover(
        stack,
        domain_name="www.example.com",
        default_root_object="index.html",
        recovery_time_objective=cdk.Duration.seconds(430),
    )

    config = distribution_config(Template.from_stack(stack))
    assert config["Aliases"] == ["www.example.com"]
    assert config["DefaultRootObject"] == "index.html"
    assert {record.node.path.rpartition("/")[2] for record in site.edge.domain_records} == {"ARecord", "AaaaRecord"}
    assert site.failover_time.to_seconds() == site.router.failover_time.to_seconds() == 430
    assert len(site.add_alarms(sns.Topic(stack, "Topic"))) == 3


def test_a_site_may_do_without_a_name_of_its_own() -> None:
    stack = new_stack()
    _failover(stack)

    assert "Aliases" not in distribution_config(Template.from_stack(stack))
    assert {record["Type"] for record in properties(Template.from_stack(stack), "AWS::Route53::RecordSet")} == {"TXT"}


def test_the_role_reads_no_bucket_for_the_identity_does() -> None:
    stack = new_stack()
    bucket_dns_router(stack)

    (statement,) = only(Template.from_stack(stack), "AWS::IAM::Policy")["PolicyDocument"]["Statement"]
    assert all(action.startswith("logs:") for action in statement["Action"])


def test_a_check_without_a_detection_time_has_no_failover_time() -> None:
    stack = new_stack()
    imported = route53.HealthCheck.from_health_check_id(stack, "Imported", "0c9b5c4e")
    router = bucket_dns_router(stack, health_checks={_PRIMARY: imported})

    with pytest.raises(ValueError, match="failover_time cannot be computed"):
        _ = router.failover_time


def test_probes_of_imported_buckets_do_not_wait_for_the_stack_that_follows_them(stack: cdk.Stack) -> None:
    regions = ("eu-west-1", "eu-central-1")
    primary, secondary = (imported_bucket(stack, region) for region in regions)
    bucket_dns_router(stack, buckets=bucket_pair(stack, primary=primary, secondary=secondary))

    assembly = cdk.App.of(stack).synth()  # type: ignore[union-attr]
    needed = {each.id for each in assembly.get_stack_by_name("Test").dependencies}
    assert {f"Probe-{region}" for region in regions} <= needed


@pytest.mark.parametrize("routing", ["failover", "latency"])
@pytest.mark.parametrize("shared", [True, False])
def test_records_that_follow_one_check_are_warned_of(stack: cdk.Stack, routing: str, *, shared: bool) -> None:
    checks = [EndpointHealthCheck(stack, f"Check{number}", domain_name=f"{number}.example.com") for number in range(2)]
    one, other = checks[0], checks[0 if shared else 1]
    bucket_dns_router(stack, routing=routing, health_checks={"eu-west-1": one, "eu-central-1": other})

    warned = ("/Test/Router", "@ha-patterns/bucket-dns:one-check")
    assert (warned in warnings_of(stack)) is shared
