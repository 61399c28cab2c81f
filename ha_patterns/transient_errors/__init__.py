"""The guide's first use case: managing transient origin errors."""

from .error_pages import ErrorPages
from .origin_failover import ORIGIN_ROLE_HEADER, FailoverOriginGroup, OriginFailover
from .stale_content import StaleContent

__all__ = ["ORIGIN_ROLE_HEADER", "ErrorPages", "FailoverOriginGroup", "OriginFailover", "StaleContent"]
