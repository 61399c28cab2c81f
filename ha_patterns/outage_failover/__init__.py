"""The guide's second use case: failover during origin outages."""

from .bucket_failover import BucketFailover
from .bucket_replication import BucketReplication
from .dns_failover import DnsFailover
from .health_checks import CHECKER_REGIONS, EndpointHealthCheck, HealthCheckSettings
from .hybrid_failover import HybridFailover

__all__ = [
    "CHECKER_REGIONS",
    "BucketFailover",
    "BucketReplication",
    "DnsFailover",
    "EndpointHealthCheck",
    "HealthCheckSettings",
    "HybridFailover",
]
