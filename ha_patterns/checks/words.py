"""Values and names, as the sentences of findings have them."""

from __future__ import annotations

from collections.abc import Iterable

from ..topology.values import Unresolved, Value


def said(value: Value) -> str:
    """A value in a sentence: what it waits for, where none of it is known."""
    if not isinstance(value, Unresolved):
        return str(value)
    return "the stack's own Region" if value.waits_for == "AWS::Region" else value.waits_for.partition(",")[0]


def listed(names: Iterable[object]) -> str:
    """Names in a sentence: one, two and three."""
    told = list(map(str, names))
    return " and ".join([", ".join(told[:-1]), told[-1]] if len(told) > 1 else told)
