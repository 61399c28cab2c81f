"""What the commands share: how a mistake is told, and which extra brings what they need."""

from __future__ import annotations

import importlib
from types import ModuleType

# What a command ends with.
OK = 0
FAILED = 1
UNUSABLE = 2


class CommandError(Exception):
    """What the person at the keyboard can mend, in one line; or, with another status, what was tried and failed."""

    def __init__(self, message: str, *, status: int = UNUSABLE) -> None:
        super().__init__(message)
        self.status = status


def extra(name: str, module: str) -> ModuleType:
    """Import a module that an extra brings, or say which."""
    try:
        return importlib.import_module(module)
    except ImportError:
        raise CommandError(f"this needs the package {module}: pip install 'ha-patterns[{name}]'") from None
