"""The rules, a module for each part of an architecture: a new rule is registered where it is written."""

from __future__ import annotations

import importlib
import pkgutil

from ..rule import REGISTRY, Rule

for _module in pkgutil.iter_modules(__path__):
    importlib.import_module(f"{__name__}.{_module.name}")

#: Every rule, by id.
RULES: dict[str, Rule] = dict(sorted(REGISTRY.items()))


def matching(name: str) -> set[str]:
    """The ids of the rules that a name stands for: one, or all that start with it; in capitals or not."""
    return {rule_id for rule_id in RULES if name and rule_id.startswith(name.upper())}
