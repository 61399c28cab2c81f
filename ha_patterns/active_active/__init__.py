"""The guide's third use case: active/active."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._lazy import lazy_names

if TYPE_CHECKING:
    from .home_health import HomeHealth
    from .home_region import HomeRegionRouter
    from .latency_routing import LatencyRouting
    from .nearest_bucket import NearestBucket, NearestBucketFunction
    from .path_routing import PathRoute, PathRouting
    from .rule_router import RuleRouter, RuleSource
    from .tenant_router import TenantRouter

_HOMES = {
    "home_health": ("HomeHealth",),
    "home_region": ("HomeRegionRouter",),
    "latency_routing": ("LatencyRouting",),
    "nearest_bucket": ("NearestBucket", "NearestBucketFunction"),
    "path_routing": ("PathRoute", "PathRouting"),
    "rule_router": ("RuleRouter", "RuleSource"),
    "tenant_router": ("TenantRouter",),
}
__all__ = [
    "HomeHealth",
    "HomeRegionRouter",
    "LatencyRouting",
    "NearestBucket",
    "NearestBucketFunction",
    "PathRoute",
    "PathRouting",
    "RuleRouter",
    "RuleSource",
    "TenantRouter",
]

__getattr__ = lazy_names(__name__, _HOMES)
