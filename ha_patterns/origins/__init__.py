"""What an origin is, and how long CloudFront waits for it."""

from .buckets import BucketPair, BucketReadPolicy, BucketSet, NamedBucket
from .declared import DeclaredOrigins
from .endpoints import Endpoint
from .settings import OriginSettings

__all__ = [
    "BucketPair",
    "BucketReadPolicy",
    "BucketSet",
    "DeclaredOrigins",
    "Endpoint",
    "NamedBucket",
    "OriginSettings",
]
