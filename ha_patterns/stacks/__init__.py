"""The reference stacks: one module a pattern, and the sample origin they share."""

from .settings import PLACEHOLDER_ZONE_ID, PLACEHOLDER_ZONE_NAME, ReferenceSettings

__all__ = ["PLACEHOLDER_ZONE_ID", "PLACEHOLDER_ZONE_NAME", "ReferenceSettings"]
