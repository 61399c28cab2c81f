"""Certificates."""

from __future__ import annotations

from dataclasses import dataclass

from ..values import Value
from .base import Thing


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Certificate(Thing):
    """A certificate of ACM, with the names it is for."""

    names: tuple[Value, ...]
