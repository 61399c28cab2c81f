"""Marks that one construct leaves on another for a later one to find, in the tree of their own app.

A mark is metadata of the construct, which the cloud assembly lists and no template holds.
"""

from __future__ import annotations

from typing import Any

from constructs import IConstruct


def mark(construct: IConstruct, name: str, value: str | bool = True) -> None:
    """Leave a mark on a construct."""
    construct.node.add_metadata(f"ha-patterns:{name}", value)


def marked(construct: IConstruct, name: str) -> Any:
    """The value of the first mark of that name; None if there is none."""
    return next(iter(all_marked(construct, name)), None)


def all_marked(construct: IConstruct, name: str) -> list[Any]:
    """The values of all marks of that name."""
    return [entry.data for entry in construct.node.metadata if entry.type == f"ha-patterns:{name}"]
