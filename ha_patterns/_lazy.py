"""Packages whose names are imported on first use: what one of them needs of the CDK is not loaded for the others.

A package's public names stand in one list, its stub ``__init__.pyi``: type checkers read it, and so does ``lazy``. The
stub has a line for each name, ``from .module import Name as Name``, or ``from .package import *`` for all names of a
package that has such a stub itself.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any


def lazy(package: str, file: str) -> tuple[Callable[[str], Any], Callable[[], list[str]], list[str]]:
    """The ``__getattr__`` (PEP 562), ``__dir__`` and ``__all__`` of a package.

    Example::

        __getattr__, __dir__, __all__ = lazy(__name__, __file__)

    Args:
        package: Its name.
        file: Its ``__init__.py``, beside which the stub is.
    """
    homes: dict[str, str] = {}
    is_whole = _find_homes(homes, package, Path(file).with_suffix(".pyi"))
    names = sorted(homes)

    def get(name: str) -> Any:
        if name not in homes:
            if not is_whole and not name.startswith("_"):
                raise ModuleNotFoundError(f"{package}.{name}: the constructs come with pip install ha-patterns")
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        value = getattr(importlib.import_module(homes[name]), name)
        setattr(sys.modules[package], name, value)
        return value

    return get, lambda: names, names


def _find_homes(homes: dict[str, str], package: str, stub: Path) -> bool:
    """Find the module of each name that a stub lists; false if a package in it is not installed."""
    is_whole = True
    for line in stub.read_text(encoding="utf-8").splitlines():
        word, _, rest = line.partition(" ")
        if word != "from":
            continue
        module, _, names = rest.partition(" import ")
        home = importlib.util.resolve_name(module, package)
        if names == "*":
            below = home.removeprefix(f"{package}.").replace(".", "/")
            deeper = stub.parent / below / stub.name
            # Of ha-patterns-cli alone the packages of constructs are no part.
            is_whole &= deeper.is_file() and _find_homes(homes, home, deeper)
        else:
            homes[names.partition(" as ")[0]] = home
    return is_whole
