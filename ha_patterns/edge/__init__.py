"""The edge: the distribution that viewers meet, the functions on it, and where its parts live."""

from __future__ import annotations

from .._lazy import lazy

__getattr__, __dir__, __all__ = lazy(__name__, __file__)
