"""Reference stacks of bucket failover by DNS: content in two Regions, its probes, and an edge that asks Route 53."""

from __future__ import annotations

import aws_cdk as cdk
from constructs import Construct

from ..outage_failover import BucketDnsFailover, BucketProbe
from .edge_stack import EdgeStack
from .function_logs import function_log_stacks
from .sample_content import SampleContent
from .settings import ReferenceSettings

_PATTERN = "bucket-dns-failover"


def build(scope: Construct, settings: ReferenceSettings) -> BucketDnsFailover:
    """The buckets and their probes; replication and the function's logs; the edge; then the policy of each bucket."""
    content = SampleContent(scope, settings, _PATTERN)
    probes = {
        bucket.region: BucketProbe(stack, "Probe", bucket=bucket, probe_name=f"{_PATTERN}-{bucket.region}")
        for stack, bucket in zip(content.stacks, content.buckets.buckets, strict=True)
    }
    edge = EdgeStack(scope, settings, _PATTERN, origins=content.stacks)
    site = BucketDnsFailover(
        edge,
        "Site",
        buckets=content.buckets,
        record_name=f"bucket.{edge.domain_name}",
        health_checks=probes,
        hosted_zone=edge.zone,
        domain_name=edge.domain_name,
        recovery_time_objective=cdk.Duration.minutes(8),
    )
    site.add_alarms(edge.topic)
    function_log_stacks(scope, settings, _PATTERN, site.function)
    cdk.CfnOutput(
        edge,
        "Named",
        value=f"dig +short TXT {site.router.domain_name}",
        description="The Region of the bucket that is read",
    )
    content.allow(origin_access_identity=site.origin_access_identity)
    return site
