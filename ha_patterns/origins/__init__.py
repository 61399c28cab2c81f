"""What an origin is, how long CloudFront waits for it, and what keeps others away from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._lazy import lazy_names

if TYPE_CHECKING:
    from .buckets import BucketPair, BucketReadPolicy, BucketSet, NamedBucket
    from .declared import DeclaredOrigins
    from .endpoints import Endpoint
    from .guard import ORIGIN_GUARD_HEADER, OriginGuard
    from .guard_secrets import OriginGuardSecrets
    from .guarded_listener import GuardedListener
    from .settings import OriginSettings

_HOMES = {
    "buckets": ("BucketPair", "BucketReadPolicy", "BucketSet", "NamedBucket"),
    "declared": ("DeclaredOrigins",),
    "endpoints": ("Endpoint",),
    "guard": ("ORIGIN_GUARD_HEADER", "OriginGuard"),
    "guard_secrets": ("OriginGuardSecrets",),
    "guarded_listener": ("GuardedListener",),
    "settings": ("OriginSettings",),
}

__all__ = [
    "ORIGIN_GUARD_HEADER",
    "BucketPair",
    "BucketReadPolicy",
    "BucketSet",
    "DeclaredOrigins",
    "Endpoint",
    "GuardedListener",
    "NamedBucket",
    "OriginGuard",
    "OriginGuardSecrets",
    "OriginSettings",
]

__getattr__ = lazy_names(__name__, _HOMES)


def __dir__() -> list[str]:
    return __all__
