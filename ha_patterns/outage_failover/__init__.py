"""The guide's second use case: failover during origin outages."""

from .accelerators import (
    ACCELERATOR_REGION,
    AcceleratorEndpoint,
    AcceleratorHealthCheck,
    EndpointGroup,
    MultiAzAccelerator,
    MultiRegionAccelerator,
)
from .dns_failover import DnsFailover
from .health_checks import CHECKER_REGIONS, EndpointHealthCheck, HealthCheckSettings
from .hybrid_failover import HybridFailover
from .zonal_shift import ZonalShift

__all__ = [
    "ACCELERATOR_REGION",
    "CHECKER_REGIONS",
    "AcceleratorEndpoint",
    "AcceleratorHealthCheck",
    "DnsFailover",
    "EndpointGroup",
    "EndpointHealthCheck",
    "HealthCheckSettings",
    "HybridFailover",
    "MultiAzAccelerator",
    "MultiRegionAccelerator",
    "ZonalShift",
]
