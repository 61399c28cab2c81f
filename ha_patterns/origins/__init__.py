"""What an origin is, how long CloudFront waits for it, and what keeps others away from it."""

from __future__ import annotations

from .._lazy import lazy

__getattr__, __dir__, __all__ = lazy(__name__, __file__)
