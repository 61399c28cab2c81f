"""AWS CDK constructs for highly available architectures, each with the proof that it fails over.

The names below are the library; each is imported on first use, so that what needs no CDK starts without it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._lazy import lazy_names

if TYPE_CHECKING:
    from .active_active import (
        HomeHealth,
        HomeRegionRouter,
        LatencyRouting,
        PathRoute,
        PathRouting,
        RuleRouter,
        RuleSource,
        TenantRouter,
    )
    from .edge import EDGE_REGION, EdgeDistribution, EdgeFunction, EdgeFunctionLogs, RoutingInputs, RoutingTable
    from .origins import (
        ORIGIN_GUARD_HEADER,
        BucketPair,
        BucketReadPolicy,
        BucketSet,
        DeclaredOrigins,
        Endpoint,
        GuardedListener,
        NamedBucket,
        OriginGuard,
        OriginGuardSecrets,
        OriginSettings,
    )
    from .outage_failover import (
        ACCELERATOR_REGION,
        CHECKER_REGIONS,
        AcceleratorEndpoint,
        AcceleratorHealthCheck,
        AlarmHealthCheck,
        BucketDnsFailover,
        BucketDnsRouter,
        BucketFailover,
        BucketProbe,
        BucketReplication,
        CalculatedHealthCheck,
        DnsFailover,
        EndpointGroup,
        EndpointHealthCheck,
        HealthCheckSettings,
        HybridFailover,
        MultiAzAccelerator,
        MultiRegionAccelerator,
        MultiRegionAccessPoint,
        RoutingControlFailover,
        RoutingControlHealthCheck,
        RoutingControls,
        SamePathReads,
        StandbyTakesOver,
        TrafficSwitch,
        ZonalShift,
    )
    from .transient_errors import ORIGIN_ROLE_HEADER, ErrorPages, FailoverOriginGroup, OriginFailover, StaleContent

__version__ = "0.1.0"

_HOMES = {
    "transient_errors": ("ORIGIN_ROLE_HEADER", "ErrorPages", "FailoverOriginGroup", "OriginFailover", "StaleContent"),
    "origins": (
        "ORIGIN_GUARD_HEADER",
        "BucketPair",
        "BucketReadPolicy",
        "BucketSet",
        "DeclaredOrigins",
        "Endpoint",
        "GuardedListener",
        "NamedBucket",
        "OriginGuard",
        "OriginGuardSecrets",
        "OriginSettings",
    ),
    "outage_failover": (
        "ACCELERATOR_REGION",
        "CHECKER_REGIONS",
        "AlarmHealthCheck",
        "CalculatedHealthCheck",
        "AcceleratorEndpoint",
        "AcceleratorHealthCheck",
        "BucketDnsFailover",
        "BucketDnsRouter",
        "BucketFailover",
        "BucketProbe",
        "BucketReplication",
        "DnsFailover",
        "EndpointGroup",
        "EndpointHealthCheck",
        "HealthCheckSettings",
        "HybridFailover",
        "MultiRegionAccessPoint",
        "RoutingControlFailover",
        "RoutingControlHealthCheck",
        "RoutingControls",
        "SamePathReads",
        "StandbyTakesOver",
        "TrafficSwitch",
        "MultiAzAccelerator",
        "MultiRegionAccelerator",
        "ZonalShift",
    ),
    "active_active": (
        "HomeHealth",
        "HomeRegionRouter",
        "LatencyRouting",
        "PathRoute",
        "PathRouting",
        "RuleRouter",
        "RuleSource",
        "TenantRouter",
    ),
    "edge": ("EDGE_REGION", "EdgeDistribution", "EdgeFunction", "EdgeFunctionLogs", "RoutingInputs", "RoutingTable"),
}
__all__ = [
    "ACCELERATOR_REGION",
    "CHECKER_REGIONS",
    "EDGE_REGION",
    "ORIGIN_GUARD_HEADER",
    "ORIGIN_ROLE_HEADER",
    "AcceleratorEndpoint",
    "AcceleratorHealthCheck",
    "AlarmHealthCheck",
    "BucketDnsFailover",
    "BucketDnsRouter",
    "BucketFailover",
    "BucketPair",
    "BucketProbe",
    "BucketReadPolicy",
    "BucketReplication",
    "BucketSet",
    "CalculatedHealthCheck",
    "DeclaredOrigins",
    "DnsFailover",
    "EdgeDistribution",
    "EdgeFunction",
    "EdgeFunctionLogs",
    "Endpoint",
    "EndpointGroup",
    "EndpointHealthCheck",
    "ErrorPages",
    "FailoverOriginGroup",
    "GuardedListener",
    "HealthCheckSettings",
    "HomeHealth",
    "HomeRegionRouter",
    "HybridFailover",
    "LatencyRouting",
    "MultiAzAccelerator",
    "MultiRegionAccelerator",
    "MultiRegionAccessPoint",
    "NamedBucket",
    "OriginFailover",
    "OriginGuard",
    "OriginGuardSecrets",
    "OriginSettings",
    "PathRoute",
    "PathRouting",
    "RoutingControlFailover",
    "RoutingControlHealthCheck",
    "RoutingControls",
    "RoutingInputs",
    "RoutingTable",
    "RuleRouter",
    "RuleSource",
    "SamePathReads",
    "StaleContent",
    "StandbyTakesOver",
    "TenantRouter",
    "TrafficSwitch",
    "ZonalShift",
    "__version__",
]


__getattr__ = lazy_names(__name__, _HOMES)


def __dir__() -> list[str]:
    return __all__
