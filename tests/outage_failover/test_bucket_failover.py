"""Bucket failover: which answers make CloudFront turn to the other bucket, and how long that takes."""

from __future__ import annotations

import json
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import Duration
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_sns as sns
from aws_cdk.assertions import Template

from ha_patterns import OriginSettings

from ..samples import (
    bucket_failover,
    bucket_pair,
    distribution_config,
    failover_codes,
    group_members,
    headers_of,
    imported_bucket,
    warnings_of,
)


def _config(stack: cdk.Stack) -> dict[str, Any]:
    return distribution_config(Template.from_stack(stack))


def test_the_buckets_are_one_origin_group_and_know_their_roles(stack: cdk.Stack) -> None:
    bucket_failover(stack)

    primary, secondary = group_members(_config(stack))

    assert (primary["DomainName"], headers_of(primary)) == (
        "content-eu-west-1.s3.eu-west-1.amazonaws.com",
        {"x-ha-origin-role": "primary"},
    )
    assert (secondary["DomainName"], headers_of(secondary)) == (
        "content-eu-central-1.s3.eu-central-1.amazonaws.com",
        {"x-ha-origin-role": "secondary"},
    )
    assert {"OriginAccessControlId", "S3OriginConfig"} <= primary.keys() & secondary.keys()


@pytest.mark.parametrize("allow_listing", [False, True])
def test_a_key_that_is_not_there_is_asked_of_the_other_bucket(stack: cdk.Stack, allow_listing: bool) -> None:
    bucket_failover(stack, buckets=bucket_pair(stack, allow_listing=allow_listing), default_root_object="index.html")

    # Without listing, S3 says 403 of such a key, and 404 of a bucket that is gone; with listing, 404, and 403 means
    # that the primary's policy is broken.
    assert failover_codes(_config(stack)) == [403, 404, 500, 502, 503, 504]


@pytest.mark.parametrize(
    ("codes", "allow_listing"),
    [([500, 502, 503, 504], False), ([403, 503, 504], False), ([404, 503, 504], True)],
    ids=["no missing keys", "missing keys as 403", "missing keys as 404"],
)
def test_codes_that_can_come_are_taken_as_given(stack: cdk.Stack, codes: list[int], allow_listing: bool) -> None:
    bucket_failover(
        stack, buckets=bucket_pair(stack, allow_listing=allow_listing), status_codes=codes, default_root_object="i"
    )

    assert failover_codes(_config(stack)) == codes


def test_reads_are_cached_and_nothing_that_viewers_send_displaces_the_signature(stack: cdk.Stack) -> None:
    bucket_failover(stack)

    behavior = _config(stack)["DefaultCacheBehavior"]

    assert behavior["AllowedMethods"] == ["GET", "HEAD"]
    assert behavior["CachePolicyId"] == cloudfront.CachePolicy.CACHING_OPTIMIZED.cache_policy_id
    assert "OriginRequestPolicyId" not in behavior


def test_the_failover_time_is_the_wait_for_the_primary(stack: cdk.Stack) -> None:
    patient = bucket_failover(
        stack,
        primary_settings=OriginSettings(
            connection_attempts=1, connection_timeout=Duration.seconds(3), response_timeout=Duration.seconds(4)
        ),
        recovery_time_objective=Duration.seconds(7),
    )

    assert patient.failover_time.to_seconds() == 7


def test_one_identity_reads_both_buckets_where_it_is_given(stack: cdk.Stack) -> None:
    identity = cloudfront.OriginAccessIdentity(stack, "Identity")
    site = bucket_failover(stack, origin_access_identity=identity)
    site.add_policy_outputs()

    members = group_members(_config(stack))
    outputs = [output["Value"] for output in Template.from_stack(stack).to_json()["Outputs"].values()]

    assert all("origin-access-identity" in json.dumps(member["S3OriginConfig"]) for member in members)
    assert all("OriginAccessControlId" not in member for member in members)
    assert all("S3CanonicalUserId" in json.dumps(text) for text in outputs)
    assert all("AWS:SourceArn" not in json.dumps(text) for text in outputs)


def test_the_policies_of_imported_buckets_are_outputs_as_text(stack: cdk.Stack) -> None:
    pair = bucket_pair(stack, primary=imported_bucket(stack, "us-west-2"))
    site = bucket_failover(stack, buckets=pair)

    primary, secondary = site.add_policy_outputs()

    for output, name in ((primary, "imported-us-west-2"), (secondary, "content-eu-central-1")):
        parts = stack.resolve(output.value)["Fn::Join"][1]
        policy = json.loads("".join(part if isinstance(part, str) else f"<{part['Ref']}>" for part in parts))
        [tls, read] = policy["Statement"]
        arn = f"arn:<AWS::Partition>:s3:::{name}"
        assert tls["Resource"] == [arn, f"{arn}/*"]
        assert (read["Action"], read["Resource"]) == ("s3:GetObject", f"{arn}/*")
        [distribution] = Template.from_stack(stack).find_resources("AWS::CloudFront::Distribution")
        source = f"arn:<AWS::Partition>:cloudfront::<AWS::AccountId>:distribution/<{distribution}>"
        assert read["Condition"] == {"StringEquals": {"AWS:SourceArn": source}}


def test_a_list_of_keys_for_the_root_is_warned_of(stack: cdk.Stack) -> None:
    bucket_failover(stack, buckets=bucket_pair(stack, allow_listing=True))

    assert ("/Test/Site", "@ha-patterns/bucket-failover:keys-are-listed") in warnings_of(stack)


@pytest.mark.parametrize(
    "given",
    [{"default_root_object": "index.html"}, {"origin_path": "/site"}],
    ids=["an object for the root", "another root"],
)
def test_a_root_that_lists_no_keys_is_not_warned_of(stack: cdk.Stack, given: dict[str, str]) -> None:
    bucket_failover(stack, buckets=bucket_pair(stack, allow_listing=True), **given)

    assert [warning for _, warning in warnings_of(stack) if "keys-are-listed" in warning] == []


def test_the_root_is_the_object_that_is_named(stack: cdk.Stack) -> None:
    bucket_failover(stack, default_root_object="index.html")

    assert _config(stack)["DefaultRootObject"] == "index.html"


def test_alarms_tell_of_errors_and_of_the_wait_for_a_failing_primary(stack: cdk.Stack) -> None:
    alarms = bucket_failover(stack).add_alarms(sns.Topic(stack, "Topic"))

    metrics = {alarm.node.id for alarm in alarms}
    assert metrics == {"ErrorRateAlarm", "OriginLatencyAlarm"}
