"""The guide's first use case: managing transient origin errors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._lazy import lazy_names

if TYPE_CHECKING:
    from .error_pages import ErrorPages
    from .graceful_response import GracefulResponse
    from .origin_failover import ORIGIN_ROLE_HEADER, FailoverOriginGroup, OriginFailover
    from .stale_content import StaleContent

_HOMES = {
    "error_pages": ("ErrorPages",),
    "graceful_response": ("GracefulResponse",),
    "origin_failover": ("ORIGIN_ROLE_HEADER", "FailoverOriginGroup", "OriginFailover"),
    "stale_content": ("StaleContent",),
}
__all__ = [
    "ORIGIN_ROLE_HEADER",
    "ErrorPages",
    "FailoverOriginGroup",
    "GracefulResponse",
    "OriginFailover",
    "StaleContent",
]

__getattr__ = lazy_names(__name__, _HOMES)
