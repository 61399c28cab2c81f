"""Changing a few fields of a struct of the CDK: they are immutable and have no copy method of their own."""

from __future__ import annotations

from typing import Any, TypeVar

Struct = TypeVar("Struct")


def replace_fields(struct: Struct, **changes: Any) -> Struct:
    """A copy of a CDK struct with some fields changed."""
    values: dict[str, Any] = struct._values  # type: ignore[attr-defined]
    return type(struct)(**{**values, **changes})
