"""The guide's first use case: managing transient origin errors."""

from .origin_failover import ORIGIN_ROLE_HEADER, FailoverOriginGroup, OriginFailover

__all__ = ["ORIGIN_ROLE_HEADER", "FailoverOriginGroup", "OriginFailover"]
