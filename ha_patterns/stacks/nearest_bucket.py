"""Reference stacks of the nearest bucket: content in two Regions, and CloudFront, which reads from the nearer one."""

from __future__ import annotations

import aws_cdk as cdk
from constructs import Construct

from ..active_active import NearestBucket
from .edge_stack import EdgeStack
from .function_logs import function_log_stacks
from .sample_content import SampleContent
from .settings import ReferenceSettings

_PATTERN = "nearest-bucket"


def build(scope: Construct, settings: ReferenceSettings) -> NearestBucket:
    """The buckets; their replication and the function's logs; the edge; then the policy of each bucket."""
    content = SampleContent(scope, settings, _PATTERN)
    edge = EdgeStack(scope, settings, _PATTERN, origins=content.stacks)
    site = NearestBucket(
        edge,
        "Site",
        buckets=content.buckets,
        domain_name=edge.domain_name,
        hosted_zone=edge.zone,
        recovery_time_objective=cdk.Duration.seconds(15),
    )
    site.add_alarms(edge.topic)
    function_log_stacks(scope, settings, _PATTERN, site.function)
    content.allow(origin_access_identity=site.origin_access_identity)
    return site
