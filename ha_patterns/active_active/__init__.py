"""The guide's third use case: active/active."""

from .latency_routing import LatencyRouting
from .path_routing import PathRoute, PathRouting

__all__ = ["LatencyRouting", "PathRoute", "PathRouting"]
