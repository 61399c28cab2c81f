"""The rules, a module for each part of an architecture."""

from __future__ import annotations

from ..rule import REGISTRY, Rule
from . import caching, error_responses, origin_groups, origins

#: Every rule, by id.
RULES: dict[str, Rule] = dict(sorted(REGISTRY.items()))

__all__ = ["RULES", "caching", "error_responses", "origin_groups", "origins"]
