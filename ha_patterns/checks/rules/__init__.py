"""The rules, a module for each part of an architecture."""

from __future__ import annotations

from ..rule import REGISTRY, Rule
from . import edge_functions, edge_routing, origin_groups, recovery

#: Every rule, by id.
RULES: dict[str, Rule] = dict(sorted(REGISTRY.items()))

__all__ = ["RULES", "edge_functions", "edge_routing", "origin_groups", "recovery"]
