"""The guide's third use case: active/active."""

from .latency_routing import LatencyRouting

__all__ = ["LatencyRouting"]
