"""What an origin is, and how long CloudFront waits for it."""

from .endpoints import Endpoint
from .settings import OriginSettings

__all__ = ["Endpoint", "OriginSettings"]
