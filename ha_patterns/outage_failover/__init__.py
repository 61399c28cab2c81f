"""The guide's second use case: failover during origin outages."""

from .dns_failover import DnsFailover
from .health_checks import CHECKER_REGIONS, EndpointHealthCheck, HealthCheckSettings
from .hybrid_failover import HybridFailover
from .multi_region_access_point import MultiRegionAccessPoint

__all__ = [
    "CHECKER_REGIONS",
    "DnsFailover",
    "EndpointHealthCheck",
    "HealthCheckSettings",
    "HybridFailover",
    "MultiRegionAccessPoint",
]
