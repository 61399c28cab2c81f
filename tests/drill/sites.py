"""Small sites to drill: a distribution before a name with a failover pair, an origin group, or one origin."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ha_patterns.topology import Topology, load

PRIMARY = "primary-1234567890.eu-west-1.elb.amazonaws.com"
STANDBY = "standby-1234567890.eu-central-1.elb.amazonaws.com"
NAME = "origin.example.com"
#: A host that no template makes, and whose certificate may be for its name.
OUTSIDE = "primary.example.net"
READS = ["GET", "HEAD"]
ALL = ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"]


def origin(name: str, domain: str, **settings: Any) -> dict[str, Any]:
    """An origin that is asked over HTTP, so that certificates do not matter, unless the settings have a protocol."""
    given = {"ConnectionAttempts": 1, "ConnectionTimeout": 2, **settings}
    read = given.pop("OriginReadTimeout", 5)
    custom = {"OriginProtocolPolicy": given.pop("protocol", "http-only"), "OriginReadTimeout": read}
    return {"Id": name, "DomainName": domain, "CustomOriginConfig": custom, **given}


def behavior(target: str, methods: Sequence[str] = READS, **settings: Any) -> dict[str, Any]:
    """A behavior that keeps nothing."""
    return {
        "TargetOriginId": target,
        "ViewerProtocolPolicy": "redirect-to-https",
        "AllowedMethods": list(methods),
        # CachingDisabled
        "CachePolicyId": "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
        **settings,
    }


def distribution(origins: Sequence[Mapping[str, Any]], default: Mapping[str, Any], **settings: Any) -> dict[str, Any]:
    """A distribution at www.example.com."""
    config = {
        "Enabled": True,
        "Aliases": ["www.example.com"],
        "Origins": list(origins),
        "DefaultCacheBehavior": dict(default),
        **settings,
    }
    return {"Type": "AWS::CloudFront::Distribution", "Properties": {"DistributionConfig": config}}


def group(codes: Sequence[int] = (500, 502, 503, 504)) -> dict[str, Any]:
    """An origin group of the origins primary and standby."""
    members = {"Quantity": 2, "Items": [{"OriginId": "primary"}, {"OriginId": "standby"}]}
    criteria = {"StatusCodes": {"Quantity": len(codes), "Items": list(codes)}}
    return {
        "Quantity": 1,
        "Items": [{"Id": "group", "Members": members, "FailoverCriteria": criteria}],
    }


def check(domain: str = PRIMARY, **settings: Any) -> dict[str, Any]:
    """A health check over HTTP; fast, once, unless the settings say otherwise."""
    config = {
        "Type": "HTTP",
        "FullyQualifiedDomainName": domain,
        "ResourcePath": "/health",
        "RequestInterval": 10,
        "FailureThreshold": 1,
        **settings,
    }
    return {"Type": "AWS::Route53::HealthCheck", "Properties": {"HealthCheckConfig": config}}


def record(failover: str, value: str, *, ttl: int = 60, checked: bool = False, name: str = NAME) -> dict[str, Any]:
    """Half of a failover pair."""
    properties = {
        "HostedZoneId": {"Ref": "Zone"},
        "Name": name,
        "Type": "CNAME",
        "TTL": str(ttl),
        "SetIdentifier": failover.lower(),
        "Failover": failover,
        "ResourceRecords": [value],
    }
    if checked:
        properties["HealthCheckId"] = {"Ref": "Check"}
    return {"Type": "AWS::Route53::RecordSet", "Properties": properties}


ZONE = {"Type": "AWS::Route53::HostedZone", "Properties": {"Name": "example.com"}}


def pair(*, ttl: int = 60, methods: Sequence[str] = ALL, asks: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """A distribution that asks a name with a failover pair."""
    return {
        "Zone": ZONE,
        "Check": check(**(asks or {})),
        "Primary": record("PRIMARY", PRIMARY, ttl=ttl, checked=True),
        "Standby": record("SECONDARY", STANDBY, ttl=ttl),
        "Site": distribution([origin("named", NAME)], behavior("named", methods)),
    }


def grouped(codes: Sequence[int] = (500, 502, 503, 504), host: str = PRIMARY, **settings: Any) -> dict[str, Any]:
    """A distribution with an origin group of two hosts."""
    origins = [origin("primary", host, **settings), origin("standby", STANDBY)]
    return {"Site": distribution(origins, behavior("group"), OriginGroups=group(codes))}


def read(folder: Path, resources: Mapping[str, Any], region: str = "us-east-1") -> Topology:
    """The topology of some resources."""
    return load(written(folder, resources), parameters={"AWS::Region": region})


def written(folder: Path, resources: Mapping[str, Any]) -> Path:
    """A template with some resources."""
    path = folder / "site.json"
    path.write_text(json.dumps({"Resources": resources}), encoding="utf-8")
    return path
