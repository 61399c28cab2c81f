"""The guide's second use case: failover during origin outages."""

from .dns_failover import DnsFailover
from .health_checks import CHECKER_REGIONS, EndpointHealthCheck, HealthCheckSettings
from .hybrid_failover import HybridFailover
from .routing_controls import RoutingControlFailover, RoutingControlHealthCheck, RoutingControls

__all__ = [
    "CHECKER_REGIONS",
    "DnsFailover",
    "EndpointHealthCheck",
    "HealthCheckSettings",
    "HybridFailover",
    "RoutingControlFailover",
    "RoutingControlHealthCheck",
    "RoutingControls",
]
