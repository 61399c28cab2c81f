"""Resources of Route 53, load balancing and Global Accelerator, and what a rule says of a template of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ha_patterns.checks import check
from ha_patterns.checks.rules import RULES
from ha_patterns.checks.run import Report
from ha_patterns.topology import load

from .documents import placed

Resources = dict[str, Any]

ZONE: Resources = {"Zone": {"Type": "AWS::Route53::HostedZone", "Properties": {"Name": "example.com."}}}
NO_VALUE = {"Ref": "AWS::NoValue"}
CLOUDFRONT = "Z2FDTNDATAQYW2"


def ref(name: str) -> dict[str, str]:
    return {"Ref": name}


def attribute(name: str, of: str) -> dict[str, list[str]]:
    return {"Fn::GetAtt": [name, of]}


def alias(name: object, *, evaluate: object = True, zone: object = "Z32O12XQLNTSW2") -> dict[str, object]:
    return {"DNSName": name, "HostedZoneId": zone, "EvaluateTargetHealth": evaluate}


def balancer_name(region: str = "eu-west-1", name: str = "one") -> str:
    return f"{name}-1.{region}.elb.amazonaws.com"


def record(**properties: Any) -> dict[str, Any]:
    """A record of origin.example.com; None takes a property out."""
    defaults = {
        "HostedZoneId": ref("Zone"),
        "Name": "origin.example.com",
        "Type": "A",
        **({} if "AliasTarget" in properties else {"TTL": "60", "ResourceRecords": ["192.0.2.1"]}),
    }
    kept = {name: value for name, value in (defaults | properties).items() if value is not None}
    return {"Type": "AWS::Route53::RecordSet", "Properties": kept}


def primary(**properties: Any) -> dict[str, Any]:
    return record(**({"SetIdentifier": "first", "Failover": "PRIMARY", "HealthCheckId": ref("Health")} | properties))


def secondary(**properties: Any) -> dict[str, Any]:
    return record(
        **({"SetIdentifier": "second", "Failover": "SECONDARY", "ResourceRecords": ["198.51.100.1"]} | properties)
    )


def latency(region: object, **properties: Any) -> dict[str, Any]:
    return record(**({"SetIdentifier": region, "Region": region} | properties))


def health_check(**config: Any) -> dict[str, Any]:
    """An HTTPS health check of one.example.com; None takes a property out."""
    defaults = {
        "Type": "HTTPS",
        "FullyQualifiedDomainName": "one.example.com",
        "ResourcePath": "/health",
        "RequestInterval": 10,
        "FailureThreshold": 3,
        "EnableSNI": True,
    }
    kept = {name: value for name, value in (defaults | config).items() if value is not None}
    return {"Type": "AWS::Route53::HealthCheck", "Properties": {"HealthCheckConfig": kept}}


def bare_check(**config: Any) -> dict[str, Any]:
    """A health check with these properties and no others."""
    return {"Type": "AWS::Route53::HealthCheck", "Properties": {"HealthCheckConfig": config}}


def load_balancer(**properties: Any) -> dict[str, Any]:
    defaults = {"Scheme": "internet-facing", "Subnets": ["subnet-1", "subnet-2"]}
    return {"Type": "AWS::ElasticLoadBalancingV2::LoadBalancer", "Properties": defaults | properties}


def listener(action: dict[str, Any], **properties: Any) -> dict[str, Any]:
    defaults = {"LoadBalancerArn": ref("Balancer"), "Port": 443, "Protocol": "HTTPS", "DefaultActions": [action]}
    return {"Type": "AWS::ElasticLoadBalancingV2::Listener", "Properties": defaults | properties}


def forward(group: str = "Targets") -> dict[str, Any]:
    return {"Type": "forward", "TargetGroupArn": ref(group)}


def target_group(**properties: Any) -> dict[str, Any]:
    return {"Type": "AWS::ElasticLoadBalancingV2::TargetGroup", "Properties": properties}


ACCELERATOR: Resources = {
    "Accelerator": {"Type": "AWS::GlobalAccelerator::Accelerator", "Properties": {"Name": "shop"}},
    "Entry": {
        "Type": "AWS::GlobalAccelerator::Listener",
        "Properties": {"AcceleratorArn": ref("Accelerator"), "PortRanges": [{"FromPort": 443, "ToPort": 443}]},
    },
}


def balancer_arn(region: str = "eu-west-1") -> str:
    return f"arn:aws:elasticloadbalancing:{region}:111111111111:loadbalancer/app/one/1111111111111111"


def endpoint_group(region: object = "eu-west-1", *endpoints: object, **properties: Any) -> dict[str, Any]:
    given = [one if isinstance(one, dict) and "EndpointId" in one else {"EndpointId": one} for one in endpoints]
    defaults = {"ListenerArn": ref("Entry"), "EndpointGroupRegion": region, "EndpointConfigurations": given}
    return {"Type": "AWS::GlobalAccelerator::EndpointGroup", "Properties": defaults | properties}


def report(folder: Path, resources: Mapping[str, Any], parameters: tuple[str, ...] = ()) -> Report:
    """What all rules say of a template; its parameters have no defaults, and its condition Maybe waits for one."""
    document = {
        "Parameters": {name: {"Type": "String"} for name in (*parameters, "Stage")},
        "Conditions": {"Maybe": {"Fn::Equals": [ref("Stage"), "production"]}},
        "Resources": resources,
    }
    path = folder / "dns.template.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return placed(check(load(path)))


def found(folder: Path, rule_id: str, resources: Mapping[str, Any], parameters: tuple[str, ...] = ()) -> list[str]:
    """The messages of one rule."""
    assert rule_id in RULES
    return [one.message for one in report(folder, resources, parameters).findings if one.rule.id == rule_id]


def untold(folder: Path, rule_id: str, resources: Mapping[str, Any], parameters: tuple[str, ...] = ()) -> list[str]:
    """What one rule cannot tell."""
    said = report(folder, resources, parameters)
    assert rule_id not in {one.rule.id for one in said.findings}
    return [one.message for rule, one in said.cannot_tell if rule.id == rule_id]
