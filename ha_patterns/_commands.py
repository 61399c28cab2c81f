"""What the commands share: how a mistake is told, and which extra brings what they need."""

from __future__ import annotations

import importlib
from types import ModuleType


class CommandError(Exception):
    """What the person at the keyboard can mend, in one line."""


def extra(name: str, module: str) -> ModuleType:
    """Import a module that an extra brings, or say which."""
    try:
        return importlib.import_module(module)
    except ImportError:
        raise CommandError(f"this needs the package {module}: pip install 'ha-patterns[{name}]'") from None
