"""The guide's second use case: failover during origin outages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._lazy import lazy_names

if TYPE_CHECKING:
    from .._aws_facts import CHECKER_REGIONS
    from .accelerator_endpoints import AcceleratorEndpoint
    from .accelerator_groups import AcceleratorHealthCheck, EndpointGroup
    from .accelerators import ACCELERATOR_REGION, MultiAzAccelerator, MultiRegionAccelerator
    from .alarm_checks import AlarmHealthCheck
    from .bucket_dns_failover import BucketDnsFailover, BucketDnsRouter
    from .bucket_failover import BucketFailover
    from .bucket_probe import BucketProbe
    from .bucket_replication import BucketReplication
    from .calculated_checks import CalculatedHealthCheck
    from .dns_failover import DnsFailover
    from .health_checks import EndpointHealthCheck, HealthCheckSettings
    from .hybrid_failover import HybridFailover
    from .multi_region_access_point import MultiRegionAccessPoint
    from .routing_controls import RoutingControlFailover, RoutingControlHealthCheck, RoutingControls
    from .same_path import SamePathReads
    from .standby_takes_over import StandbyTakesOver
    from .traffic_switch import TrafficSwitch
    from .zonal_shift import ZonalShift

_HOMES = {
    "accelerator_endpoints": ("AcceleratorEndpoint",),
    "accelerator_groups": ("AcceleratorHealthCheck", "EndpointGroup"),
    "accelerators": ("ACCELERATOR_REGION", "MultiAzAccelerator", "MultiRegionAccelerator"),
    "alarm_checks": ("AlarmHealthCheck",),
    "bucket_dns_failover": ("BucketDnsFailover", "BucketDnsRouter"),
    "bucket_failover": ("BucketFailover",),
    "bucket_probe": ("BucketProbe",),
    "bucket_replication": ("BucketReplication",),
    "calculated_checks": ("CalculatedHealthCheck",),
    "dns_failover": ("DnsFailover",),
    "health_checks": (
        "CHECKER_REGIONS",
        "EndpointHealthCheck",
        "HealthCheckSettings",
    ),
    "hybrid_failover": ("HybridFailover",),
    "multi_region_access_point": ("MultiRegionAccessPoint",),
    "routing_controls": (
        "RoutingControlFailover",
        "RoutingControlHealthCheck",
        "RoutingControls",
    ),
    "same_path": ("SamePathReads",),
    "standby_takes_over": ("StandbyTakesOver",),
    "traffic_switch": ("TrafficSwitch",),
    "zonal_shift": ("ZonalShift",),
}

__all__ = [
    "ACCELERATOR_REGION",
    "CHECKER_REGIONS",
    "AcceleratorEndpoint",
    "AcceleratorHealthCheck",
    "AlarmHealthCheck",
    "BucketDnsFailover",
    "BucketDnsRouter",
    "BucketFailover",
    "BucketProbe",
    "BucketReplication",
    "CalculatedHealthCheck",
    "DnsFailover",
    "EndpointGroup",
    "EndpointHealthCheck",
    "HealthCheckSettings",
    "HybridFailover",
    "MultiAzAccelerator",
    "MultiRegionAccelerator",
    "MultiRegionAccessPoint",
    "RoutingControlFailover",
    "RoutingControlHealthCheck",
    "RoutingControls",
    "SamePathReads",
    "StandbyTakesOver",
    "TrafficSwitch",
    "ZonalShift",
]

__getattr__ = lazy_names(__name__, _HOMES)


def __dir__() -> list[str]:
    return __all__
