"""Reference stacks of bucket failover: content in two Regions, its replication, the edge, and the buckets' policies."""

from __future__ import annotations

import aws_cdk as cdk
from constructs import Construct

from ..outage_failover import BucketFailover
from .edge_stack import EdgeStack
from .sample_content import SampleContent
from .settings import ReferenceSettings

_PATTERN = "bucket-failover"


def build(scope: Construct, settings: ReferenceSettings) -> BucketFailover:
    """The buckets; their replication and the edge; then the policy of each bucket."""
    content = SampleContent(scope, settings, _PATTERN)
    edge = EdgeStack(scope, settings, _PATTERN, origins=content.stacks)
    site = BucketFailover(
        edge,
        "Site",
        buckets=content.buckets,
        domain_name=edge.domain_name,
        hosted_zone=edge.zone,
        recovery_time_objective=cdk.Duration.seconds(15),
    )
    site.add_alarms(edge.topic)
    site.add_policy_outputs()
    content.allow(site.distribution)
    return site
