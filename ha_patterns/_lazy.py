"""Packages whose names are imported on first use: what one of them needs of the CDK is not loaded for the others."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any


def lazy_names(package: str, homes: Mapping[str, Sequence[str]]) -> Callable[[str], Any]:
    """The ``__getattr__`` (PEP 562) of a package.

    Args:
        package: Its name.
        homes: By submodule, or by module relative to the package (``..aws.regions``), the names that it has.
    """
    home_of = {name: home for home, names in homes.items() for name in names}

    def get(name: str) -> Any:
        if name not in home_of:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        home = home_of[name]
        value = getattr(importlib.import_module(home if home.startswith(".") else f".{home}", package), name)
        setattr(sys.modules[package], name, value)
        return value

    return get
