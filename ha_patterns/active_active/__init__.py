"""The guide's third use case: active/active."""

from __future__ import annotations

from .._lazy import lazy

__getattr__, __dir__, __all__ = lazy(__name__, __file__)
