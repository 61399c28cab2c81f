"""The guide's first use case: managing transient origin errors."""

from __future__ import annotations

from .._lazy import lazy

__getattr__, __dir__, __all__ = lazy(__name__, __file__)
