"""The guide's second use case: failover during origin outages."""

from .alarm_checks import AlarmHealthCheck
from .calculated_checks import CalculatedHealthCheck
from .dns_failover import DnsFailover
from .health_checks import CHECKER_REGIONS, EndpointHealthCheck, HealthCheckSettings
from .hybrid_failover import HybridFailover
from .routing_controls import RoutingControlFailover, RoutingControlHealthCheck, RoutingControls
from .standby_takes_over import StandbyTakesOver
from .traffic_switch import TrafficSwitch

__all__ = [
    "CHECKER_REGIONS",
    "AlarmHealthCheck",
    "CalculatedHealthCheck",
    "DnsFailover",
    "EndpointHealthCheck",
    "HealthCheckSettings",
    "HybridFailover",
    "RoutingControlFailover",
    "RoutingControlHealthCheck",
    "RoutingControls",
    "StandbyTakesOver",
    "TrafficSwitch",
]
