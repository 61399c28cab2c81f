"""Certificates."""

from __future__ import annotations

from ..values import Value
from .base import Thing, thing


@thing
class Certificate(Thing):
    """A certificate of ACM, with the names it is for."""

    names: tuple[Value, ...]
