"""The rules, a module for each part of an architecture."""

from __future__ import annotations

from ..rule import REGISTRY, Rule
from . import accelerators, health_checks, origin_groups, records

#: Every rule, by id.
RULES: dict[str, Rule] = dict(sorted(REGISTRY.items()))

__all__ = ["RULES", "accelerators", "health_checks", "origin_groups", "records"]
