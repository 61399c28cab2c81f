"""The rules, a module for each part of an architecture: a new rule is registered where it is written."""

from __future__ import annotations

import importlib
import pkgutil

from ..rule import REGISTRY, Rule

for _module in pkgutil.iter_modules(__path__):
    importlib.import_module(f"{__name__}.{_module.name}")

#: Every rule, by id.
RULES: dict[str, Rule] = dict(sorted(REGISTRY.items()))
