"""What the commands of this folder share: how settings are typed, and how an error of AWS is told."""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import ModuleType
from typing import TypeVar

from ..command_line.frame import FAILED, CommandError, extra

_Value = TypeVar("_Value")


def assignments(texts: Sequence[str], values: Mapping[str, _Value], form: str) -> dict[str, _Value]:
    """What each name is set to.

    Args:
        texts: NAME=VALUE each.
        values: What a value, in lower case, means.
        form: What they must be, as an error says it.

    Raises:
        CommandError: One has another form, or a name is there twice.
    """
    wanted: dict[str, _Value] = {}
    for text in texts:
        name, _, value = text.rpartition("=")
        if not name or value.lower() not in values:
            raise CommandError(f"{form}, got {text!r}")
        if name in wanted:
            raise CommandError(f"{name} is named twice")
        wanted[name] = values[value.lower()]
    return wanted


@contextmanager
def operating(module: str) -> Iterator[ModuleType]:
    """A module of this folder that talks to AWS, with its errors as those of a command."""
    extra("ha-patterns[aws]", "boto3")
    operate = importlib.import_module(f".{module}", __package__)
    from .endpoints import OperationError

    try:
        yield operate
    except ValueError as error:
        raise CommandError(str(error)) from None
    except OperationError as error:
        raise CommandError(str(error), status=FAILED) from None
