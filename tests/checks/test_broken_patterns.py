"""Each pattern of the catalog is clean as it is synthesized, and one change that breaks it is found."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ha_patterns.catalog import CATALOG
from ha_patterns.checks import Severity, check
from ha_patterns.topology import load

from ..topology.loading import write_assembly
from .documents import make_zone, placed, reference_stacks, regions_of

# What the stacks themselves acknowledge, in the CDK's files.
_BY_DESIGN = {"accelerator-multi-az": {"HA304"}}
_GONE = object()

_CONFIG = "DistributionConfig"
_GROUP = f"{_CONFIG}.OriginGroups.Items.0"
_CODES = f"{_GROUP}.FailoverCriteria.StatusCodes.Items"
_ALL_METHODS = ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"]
_CHECK = "HealthCheckConfig"
_SHIELD = {"Enabled": True, "OriginShieldRegion": "eu-west-1"}
_DEFAULT = f"{_CONFIG}.DefaultCacheBehavior"
_PAGE = f"{_CONFIG}.CustomErrorResponses.0.ResponsePagePath"
_OWN_NAME = "origin-failover.example.org"
_BY_KMS = {"ServerSideEncryptionConfiguration": [{"ServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}}]}

# Pattern, type of resource (and what it has), property, what it becomes, the rule that finds it.
_BREAKS: list[tuple[str, str, str, Any, str]] = [
    ("hybrid-failover", "CloudFront::Distribution", _CODES, [500, 502], "HA003"),
    ("same-origin-retry", "CloudFront::Distribution", _CODES, [500, 502, 503], "HA003"),
    ("origin-failover", "CloudFront::Distribution", _CODES, [500, 503, 504], "HA004"),
    ("origin-failover", "CloudFront::Distribution", _CODES, [500, 502, 503, 504, 999], "HA002"),
    ("hybrid-failover", "CloudFront::Distribution", f"{_DEFAULT}.AllowedMethods", _ALL_METHODS, "HA005"),
    ("origin-failover", "CloudFront::Distribution", f"{_DEFAULT}.TargetOriginId", "nobody", "HA007"),
    ("origin-failover", "CloudFront::Distribution", f"{_CONFIG}.Origins.0.ConnectionTimeout", 10, "HA010"),
    ("origin-failover", "CloudFront::Distribution", f"{_CONFIG}.Origins.0.ConnectionAttempts", 4, "HA011"),
    ("hybrid-failover", "CloudFront::Distribution", f"{_CONFIG}.Origins.0.ResponseCompletionTimeout", 2, "HA012"),
    ("bucket-failover", "CloudFront::Distribution", _CODES, [500, 502, 503, 504], "HA013"),
    ("error-pages", "CloudFront::Distribution", f"{_CONFIG}.CustomErrorResponses.0.ErrorCode", 418, "HA020"),
    ("error-pages", "CloudFront::Distribution", f"{_CONFIG}.CustomErrorResponses.0.ResponseCode", _GONE, "HA021"),
    ("error-pages", "CloudFront::Distribution", f"{_CONFIG}.CacheBehaviors", _GONE, "HA022"),
    ("stale-content", "CloudFront::Distribution", f"{_CONFIG}.CustomErrorResponses.0.ErrorCachingMinTTL", 0, "HA024"),
    ("stale-content", "CloudFront::Distribution", f"{_CONFIG}.CustomErrorResponses.0.ErrorCachingMinTTL", 900, "HA072"),
    ("dns-failover", "CloudFront::Distribution", f"{_CONFIG}.ViewerCertificate", _GONE, "HA071"),
    ("path-routing", "CloudFront::Distribution", f"{_CONFIG}.CacheBehaviors.0.PathPattern", "/{id}", "HA076"),
    ("path-routing", "CloudFront::Distribution", f"{_CONFIG}.CacheBehaviors.0.PathPattern", "/*", "HA077"),
    ("error-pages", "CloudFront::Distribution", f"{_CONFIG}.DefaultRootObject", "/index.html", "HA078"),
    ("error-pages", "CloudFront::Distribution", _PAGE, "/errors/503.html?code=503", "HA079"),
    ("error-pages", "CloudFront::Distribution", _PAGE, "errors/503.html", "HA021"),
    ("origin-failover", "CloudFront::Distribution", f"{_CONFIG}.Origins.0.DomainName", _OWN_NAME, "HA053"),
    ("stale-content", "CloudFront::CachePolicy", "CachePolicyConfig.MaxTTL", 1, "HA054"),
    ("stale-content", "S3::Bucket OwnershipControls", "OwnershipControls", _GONE, "HA080"),
    ("stale-content", "S3::Bucket OwnershipControls", "BucketEncryption", _BY_KMS, "HA081"),
    ("stale-content", "SNS::Topic", "KmsMasterKeyId", "alias/aws/sns", "HA409"),
    ("rule-router", "Lambda::Function reads", "Environment", {"Variables": {"TABLE": "routes"}}, "HA103"),
    ("tenant-router", "Lambda::Function reads", "Timeout", 31, "HA105"),
    ("tenant-router", "Lambda::Function reads", "Runtime", "ruby3.4", "HA104"),
    ("nearest-bucket", "CloudFront::Distribution", f"{_CONFIG}.Origins.0.OriginShield", _SHIELD, "HA108"),
    ("same-path-hybrid", "CloudFront::Function", "FunctionConfig.Runtime", "cloudfront-js-1.0", "HA109"),
    ("home-region", "CloudFront::Distribution", f"{_DEFAULT}.OriginRequestPolicyId", _GONE, "HA112"),
    ("same-path-hybrid", "CloudFront::Function", "AutoPublish", False, "HA117"),
    ("dns-failover", "Route53::RecordSet PRIMARY", "HealthCheckId", _GONE, "HA201"),
    ("standby-takes-over", "Route53::RecordSet SECONDARY", "Name", "other.example.com", "HA202"),
    ("latency-api", "Route53::RecordSet SetIdentifier", "HealthCheckId", _GONE, "HA207"),
    ("latency-api", "Route53::RecordSet SetIdentifier", "Region", "mars-1", "HA211"),
    ("dns-failover", "Route53::RecordSet SiteDistribution", "AliasTarget.EvaluateTargetHealth", True, "HA208"),
    ("dns-failover", "Route53::RecordSet PRIMARY", "SetIdentifier", _GONE, "HA250"),
    ("latency-api", "Route53::RecordSet SetIdentifier", "SetIdentifier", "same", "HA251"),
    ("dns-failover", "Route53::RecordSet SiteDistribution", "AliasTarget.HostedZoneId", "Z2BJ6XQ5FK7U4H", "HA252"),
    ("dns-failover", "Route53::HealthCheck", f"{_CHECK}.RequestInterval", 15, "HA220"),
    ("hybrid-failover", "Route53::HealthCheck", f"{_CHECK}.EnableSNI", False, "HA224"),
    ("latency-api", "Route53::HealthCheck", f"{_CHECK}.FailureThreshold", 1, "HA225"),
    (
        "dns-failover",
        "Route53::HealthCheck",
        f"{_CHECK}.FullyQualifiedDomainName",
        "origin.dns-failover.example.org",
        "HA223",
    ),
    ("standby-takes-over", "CloudWatch::Alarm", "Period", 10, "HA228"),
    ("accelerator-multi-region", "GlobalAccelerator::EndpointGroup", "ThresholdCount", 11, "HA301"),
    ("accelerator-multi-az", "GlobalAccelerator::EndpointGroup", "EndpointConfigurations.0.Weight", 0, "HA305"),
    ("accelerator-multi-region", "GlobalAccelerator::Listener", "PortRanges.0.ToPort", 1, "HA313"),
    ("zonal-shift", "ElasticLoadBalancingV2::LoadBalancer", "LoadBalancerAttributes", [], "HA315"),
    ("zonal-shift", "ARCZonalShift::ZonalAutoshiftConfiguration", "PracticeRunConfiguration", _GONE, "HA317"),
    ("bucket-dns-failover", "CloudWatch::Alarm", "EvaluationPeriods", 0, "HA245"),
    ("multi-region-access-point", "S3::MultiRegionAccessPoint", "Name", "Content", "HA413"),
    ("routing-control", "Route53RecoveryControl::RoutingControl", "Name", "two words", "HA407"),
    ("routing-control", "Route53RecoveryControl::RoutingControl", "Name", "standby", "HA408"),
    ("routing-control", "Route53RecoveryControl::SafetyRule", "RuleConfig.Threshold", 0, "HA403"),
    ("routing-control", "Route53RecoveryControl::SafetyRule", "RuleConfig.Threshold", 3, "HA404"),
]


def _found(folder: Path, pattern: str, stacks: dict[str, dict[str, Any]]) -> set[str]:
    findings = placed(check(load(write_assembly(folder, stacks, regions_of(pattern))))).findings
    return {one.rule.id for one in findings if one.rule.severity > Severity.NOTE} - _BY_DESIGN.get(pattern, set())


def _chosen(stacks: dict[str, dict[str, Any]], what: str) -> Iterator[dict[str, Any]]:
    """The properties of the resources of a type that have a word in them."""
    kind, _, word = what.partition(" ")
    for template in stacks.values():
        for resource in template["Resources"].values():
            if resource["Type"] == f"AWS::{kind}" and word in json.dumps(resource):
                yield resource.setdefault("Properties", {})


def _change(properties: Any, path: str, value: Any) -> None:
    *parents, last = [int(key) if key.isdigit() else key for key in path.split(".")]
    for key in parents:
        properties = properties[key]
    if value is _GONE:
        del properties[last]
    else:
        properties[last] = value


@pytest.mark.parametrize("pattern", [pattern.name for pattern in CATALOG])
def test_a_pattern_is_clean_as_it_is_synthesized(tmp_path: Path, pattern: str) -> None:
    assert _found(tmp_path, pattern, reference_stacks(pattern)) == set()


@pytest.mark.parametrize(
    ("pattern", "what", "path", "value", "rule_id"),
    _BREAKS,
    ids=[f"{one[0]}-{one[4]}-{index}" for index, one in enumerate(_BREAKS)],
)
def test_a_change_that_breaks_a_pattern_is_found(
    tmp_path: Path, pattern: str, what: str, path: str, value: Any, rule_id: str
) -> None:
    stacks = copy.deepcopy(reference_stacks(pattern))
    chosen = list(_chosen(stacks, what))
    assert chosen
    for properties in chosen:
        _change(properties, path, value)
    if rule_id == "HA202":
        for template in stacks.values():
            if "AWS::Route53::RecordSet" in json.dumps(template):
                make_zone(template)

    assert rule_id in _found(tmp_path, pattern, stacks)
