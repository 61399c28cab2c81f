"""Apps out of drawn arguments: the construct, what completes it, and what the checks find in the cloud assembly."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_cloudfront as cloudfront

from ha_patterns import (
    BucketReadPolicy,
    BucketReplication,
    DnsFailover,
    EdgeDistribution,
    Endpoint,
    FailoverOriginGroup,
)
from ha_patterns.checks import Finding, Severity, check
from ha_patterns.topology import load

from ..samples import ALL_FLAGS, primary_host, stack_in, zone_of
from .arguments import built

# Without the report of warnings on the console: they are read from the cloud assembly.
_FLAGS = {**ALL_FLAGS, "@aws-cdk/core:annotationsInValidationReport": False}
_ACKNOWLEDGED_BY = re.compile(r"\[ack: ([^\]]+)\]")


@dataclass(frozen=True)
class Judged:
    """What is said of an app.

    Attributes:
        folder: The cloud assembly.
        findings: What the checks find at ``warning`` or above, and nobody has acknowledged.
        warnings: The ids that acknowledge the warnings of its constructs.
    """

    folder: Path
    findings: tuple[Finding, ...]
    warnings: frozenset[str]

    @property
    def unwarned(self) -> list[str]:
        """What the checks find without a warning that has the rule's id."""
        return [
            f"{finding.rule.id} {finding.place.name}: {finding.message}"
            for finding in self.findings
            if f"ha-patterns::{finding.rule.id}" not in self.warnings
        ]


@contextmanager
def new_app(region: str = "us-east-1") -> Iterator[cdk.Stack]:
    """An empty stack of an app; its cloud assembly is removed afterwards."""
    folder = tempfile.mkdtemp(prefix="parity-")
    try:
        app = cdk.App(context=_FLAGS, outdir=folder)
        yield cdk.Stack(app, "Test", env=cdk.Environment(region=region))
    finally:
        shutil.rmtree(folder)


def make(construct: type[Any], arguments: Mapping[str, Any], stack: cdk.Stack) -> Any:
    """The construct of drawn arguments, with what completes it."""
    made = construct(stack, "Drawn", **built(arguments, stack))
    if complete := _COMPLETED.get(construct.__name__):
        complete(stack, made)
    return made


def judged(stack: cdk.Stack) -> Judged:
    """What the checks and the constructs say of an app.

    Raises:
        RuntimeError: The synth is refused.
    """
    folder = Path(cdk.App.of(stack).synth().directory)  # type: ignore[union-attr]
    report = check(load(folder))
    return Judged(
        folder,
        tuple(finding for finding in report.findings if finding.rule.severity >= Severity.WARNING),
        frozenset(_warnings(folder)),
    )


def _warnings(folder: Path) -> Iterator[str]:
    for path in folder.glob("*.metadata.json"):
        for entries in json.loads(path.read_text(encoding="utf-8")).values():
            for entry in entries:
                if entry["type"] == "aws:cdk:warning":
                    yield from _ACKNOWLEDGED_BY.findall(entry["data"])


def _site(stack: cdk.Stack, **given: Any) -> EdgeDistribution:
    return EdgeDistribution(stack, "Site", **given)


def _of_content(stack: cdk.Stack, stale: Any) -> None:
    _site(stack, default_behavior=stale.behavior, error_responses=stale.error_responses)


def _of_pages(stack: cdk.Stack, pages: Any) -> None:
    origin = primary_host().origin()
    _site(
        stack,
        default_behavior=cloudfront.BehaviorOptions(origin=origin),
        additional_behaviors=pages.behaviors,
        error_responses=pages.error_responses,
    )


def _of_answers(stack: cdk.Stack, graceful: Any) -> None:
    group = FailoverOriginGroup(primary=primary_host(), secondary=graceful.endpoint)
    _site(
        stack,
        default_behavior=graceful.behavior(group),
        additional_behaviors=graceful.behaviors,
        error_responses=graceful.error_responses,
    )


def _of_name(stack: cdk.Stack, name: Any) -> None:
    origin = name.origin()
    cloudfront.Distribution(stack, "Site", default_behavior=cloudfront.BehaviorOptions(origin=origin))


def _of_routes(stack: cdk.Stack, router: Any) -> None:
    _site(stack, default_behavior=router.behavior())


def of_buckets(stack: cdk.Stack, site: Any) -> None:
    """Who may read each bucket of the app, and the replication of a pair."""
    reader = getattr(site, "origin_access_identity", None) or getattr(site, "_identity", None)
    who = {"distribution": site.distribution} if reader is None else {"origin_access_identity": reader}
    for bucket in site.router.buckets.buckets if hasattr(site, "router") else site.buckets.buckets:
        BucketReadPolicy(stack_in(bucket.region, stack, f"Policy-{bucket.region}"), "Policy", bucket=bucket, **who)
    buckets = site.router.buckets if hasattr(site, "router") else site.buckets
    if hasattr(buckets, "primary"):
        BucketReplication(stack_in(buckets.primary.region, stack, "Copies"), "Replication", buckets=buckets)


def _of_access_point(stack: cdk.Stack, access_point: Any) -> None:
    behavior = cloudfront.BehaviorOptions(
        origin=access_point.endpoint().origin(), cache_policy=cloudfront.CachePolicy.CACHING_OPTIMIZED
    )
    site = cloudfront.Distribution(stack, "Site", default_behavior=behavior)
    access_point.allow(site)
    for bucket in access_point.buckets:
        policies = stack_in(bucket.region, stack, f"Policy-{bucket.region}")
        BucketReadPolicy(policies, "Policy", bucket=bucket, distribution=site)


def _of_guarded(stack: cdk.Stack, guarded: Any) -> None:
    """The load balancer behind a failover name, which is checked."""
    port = guarded.listener.node.default_child.port
    connection = {"https_port": port, "guard": guarded.guard}
    name = DnsFailover(
        stack,
        "Name",
        hosted_zone=zone_of(stack),
        record_name="origin",
        primary=Endpoint.load_balancer(guarded.listener.load_balancer, domain_name="own.example.com", **connection),
        secondary=Endpoint.http_host("other.example.com", ipv4_addresses=["203.0.113.9"], **connection),
    )
    _of_name(stack, name)


_COMPLETED: dict[str, Callable[[cdk.Stack, Any], None]] = {
    "StaleContent": _of_content,
    "ErrorPages": _of_pages,
    "GracefulResponse": _of_answers,
    "DnsFailover": _of_name,
    "RoutingControlFailover": _of_name,
    "StandbyTakesOver": _of_name,
    "LatencyRouting": _of_name,
    "BucketFailover": of_buckets,
    "BucketDnsFailover": of_buckets,
    "NearestBucket": of_buckets,
    "MultiRegionAccessPoint": _of_access_point,
    "GuardedListener": _of_guarded,
    "RuleRouter": _of_routes,
    "TenantRouter": _of_routes,
    "HomeRegionRouter": _of_routes,
}
