"""The edge: the distribution that viewers meet, the functions on it, and where its parts live."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._lazy import lazy_names

if TYPE_CHECKING:
    from ..aws.regions import EDGE_REGION
    from .distribution import EdgeDistribution
    from .function_logs import EdgeFunctionLogs
    from .functions import EdgeFunction
    from .inputs import RoutingInputs
    from .routing_table import RoutingTable

_HOMES = {
    "distribution": ("EdgeDistribution",),
    "function_logs": ("EdgeFunctionLogs",),
    "functions": ("EdgeFunction",),
    "inputs": ("RoutingInputs",),
    "..aws.regions": ("EDGE_REGION",),
    "routing_table": ("RoutingTable",),
}
__all__ = ["EDGE_REGION", "EdgeDistribution", "EdgeFunction", "EdgeFunctionLogs", "RoutingInputs", "RoutingTable"]

__getattr__ = lazy_names(__name__, _HOMES)
