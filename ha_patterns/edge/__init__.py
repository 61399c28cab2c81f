"""The edge: the distribution that viewers meet, and where its parts live."""

from .distribution import EdgeDistribution
from .regions import EDGE_REGION

__all__ = ["EDGE_REGION", "EdgeDistribution"]
