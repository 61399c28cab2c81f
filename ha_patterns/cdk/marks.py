"""Marks that one construct leaves on another for a later one to find, in the same app.

They are kept on this side of the CDK's process, which would be asked thrice for each that a construct has.
"""

from __future__ import annotations

from typing import Any

from constructs import IConstruct

# By what the CDK's process calls a construct, once and for all: the object here that stands for it may be another one
# each time it is asked for.
_marks: dict[str, list[tuple[str, str | bool]]] = {}


def mark(construct: IConstruct, name: str, value: str | bool = True) -> None:
    """Leave a mark on a construct."""
    _marks.setdefault(_key(construct), []).append((name, value))


def marked(construct: IConstruct, name: str) -> Any:
    """The value of the first mark of that name; None if there is none."""
    return next(iter(all_marked(construct, name)), None)


def all_marked(construct: IConstruct, name: str) -> list[Any]:
    """The values of all marks of that name."""
    return [value for other, value in _marks.get(_key(construct), ()) if other == name]


def _key(construct: Any) -> str:
    key: str = construct.__jsii_ref__.ref
    return key
