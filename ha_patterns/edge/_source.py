"""Where the edge functions are: beside the package in the repository, inside it once installed."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

_PACKAGE = "ha_patterns._lambda_edge"


def source_folder() -> Path:
    """The folder of ``lambda_edge``."""
    package = Path(__file__).parents[1]
    installed = package / "_lambda_edge"
    return installed if installed.is_dir() else package.parent / "lambda_edge"


def edge_module(name: str) -> Any:
    """A module of the edge functions, such as ``rule_router.rules``: what is judged here is judged as it is there."""
    if _PACKAGE not in sys.modules:
        # It has no __init__.py, which the asset has no use for.
        package = ModuleType(_PACKAGE)
        package.__path__ = [str(source_folder())]
        sys.modules[_PACKAGE] = package
    return importlib.import_module(f"{_PACKAGE}.{name}")
