"""The services that this library uses and that GovCloud and the China Regions lack."""

from __future__ import annotations

import enum
from collections.abc import Mapping

from .regions import CLOUDFRONT_PARTITIONS, EDGE_REGION, WHOLE_EDGE_PARTITIONS, partition_of


class Service(enum.Enum):
    """A service, or a feature of one, that some partitions do not have."""

    CLOUDFRONT = "CloudFront"
    EDGE_FUNCTIONS = "Lambda@Edge"
    ACCELERATORS = "Global Accelerator"
    ROUTING_CONTROLS = "a routing control of ARC"
    ACCESS_POINTS = "a Multi-Region Access Point of S3"


# Where CloudFront is, and where it runs Lambda@Edge, is told in one place for all.
_AT_THE_EDGE = {Service.CLOUDFRONT: CLOUDFRONT_PARTITIONS, Service.EDGE_FUNCTIONS: WHOLE_EDGE_PARTITIONS}
_BESIDE_THE_EDGE = {
    "aws-us-gov": frozenset(Service) - _AT_THE_EDGE.keys(),
    "aws-cn": frozenset({Service.ACCELERATORS, Service.ROUTING_CONTROLS, Service.ACCESS_POINTS}),
}
#: By partition, the services that it does not have in any Region; a partition that is not here is not known. GovCloud
#: has public hosted zones: AWS's blog says so ("Introducing Amazon Route 53 authoritative DNS service for public hosted
#: zones in AWS GovCloud (US) Regions"), newer than the page govcloud-r53.html, and Route 53's API takes latency
#: records for its Regions. Read on 2026-12-01:
#: https://docs.amazonaws.cn/en_us/aws/latest/userguide/route53.html,
#: https://docs.aws.amazon.com/AmazonS3/latest/userguide/MultiRegionAccessPointRestrictions.html, and the endpoints of
#: each partition in botocore 1.43.
MISSING: Mapping[str, frozenset[Service]] = {
    partition: services | {each for each, partitions in _AT_THE_EDGE.items() if partition not in partitions}
    for partition, services in _BESIDE_THE_EDGE.items()
}


#: By partition, the Region whose CloudWatch has the status of health checks as a metric; no page tells that of another
#: partition. See https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/monitoring-health-checks.html, read on
#: 2026-12-01.
STATUS_METRICS: Mapping[str, str] = {"aws": EDGE_REGION}


def lacks(region: str, service: Service) -> bool:
    """Whether it is known that the partition of a Region does not have a service."""
    partition, _ = partition_of(region)
    return service in MISSING.get(partition, ())
