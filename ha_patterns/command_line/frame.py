"""What the commands share: how a mistake is told, and which extra brings what they need."""

from __future__ import annotations

import argparse
import importlib
import os
from collections.abc import Sequence
from types import ModuleType
from typing import Any, TextIO

# What a command ends with.
OK = 0
FAILED = 1
UNUSABLE = 2
INTERRUPTED = 130


class Parser(argparse.ArgumentParser):
    """A parser of arguments that tells of an unknown one with the usage of the command that got it.

    argparse's own leaves it to the outermost parser, whose usage has none of the command's options.
    """

    def parse_known_args(  # type: ignore[override]
        self, args: Sequence[str] | None = None, namespace: Any = None
    ) -> Any:
        """As argparse's, but nothing is left over."""
        parsed, left_over = super().parse_known_args(args, namespace)
        if left_over:
            self.error(f"unrecognized arguments: {' '.join(left_over)}")
        return parsed, left_over


class CommandError(Exception):
    """What the person at the keyboard can mend, in one line; or, with another status, what was tried and failed."""

    def __init__(self, message: str, *, status: int = UNUSABLE) -> None:
        super().__init__(message)
        self.status = status


def extra(requirement: str, module: str) -> ModuleType:
    """Import a module that an extra brings, or say which, such as ``ha-patterns[aws]``."""
    try:
        return importlib.import_module(module)
    except ImportError:
        raise CommandError(f"this needs the package {module}: pip install '{requirement}'") from None


def reader_has_gone(stream: TextIO) -> None:
    """Let nobody hear what is still printed.

    The reader, ``head`` for one, has seen enough; without this, Python would complain when it flushes at exit.
    """
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
