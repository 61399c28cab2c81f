"""AWS CDK constructs for highly available architectures, each with the proof that it fails over.

The names below are the library; each is imported on first use, so that what needs no CDK starts without it.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .active_active import LatencyRouting, PathRoute, PathRouting
    from .edge import EDGE_REGION, EdgeDistribution
    from .origins import Endpoint, OriginSettings
    from .outage_failover import (
        CHECKER_REGIONS,
        DnsFailover,
        EndpointHealthCheck,
        HealthCheckSettings,
        HybridFailover,
    )
    from .transient_errors import ORIGIN_ROLE_HEADER, FailoverOriginGroup, OriginFailover

__version__ = "0.1.0"

_HOMES = {
    "origins": ("Endpoint", "OriginSettings"),
    "transient_errors": ("ORIGIN_ROLE_HEADER", "FailoverOriginGroup", "OriginFailover"),
    "outage_failover": (
        "CHECKER_REGIONS",
        "DnsFailover",
        "EndpointHealthCheck",
        "HealthCheckSettings",
        "HybridFailover",
    ),
    "active_active": ("LatencyRouting", "PathRoute", "PathRouting"),
    "edge": ("EDGE_REGION", "EdgeDistribution"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "CHECKER_REGIONS",
    "EDGE_REGION",
    "ORIGIN_ROLE_HEADER",
    "DnsFailover",
    "EdgeDistribution",
    "Endpoint",
    "EndpointHealthCheck",
    "FailoverOriginGroup",
    "HealthCheckSettings",
    "HybridFailover",
    "LatencyRouting",
    "OriginFailover",
    "OriginSettings",
    "PathRoute",
    "PathRouting",
    "__version__",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(f"{__name__}.{_HOME_OF[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
