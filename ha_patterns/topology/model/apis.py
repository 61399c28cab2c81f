"""APIs of API Gateway."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..values import Unresolved, Value
from .base import Thing

if TYPE_CHECKING:
    from .certificates import Certificate


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Api(Thing):
    """An API of API Gateway: ``REST``, ``HTTP`` or ``WEBSOCKET``."""

    protocol: str


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class ApiDomain(Thing):
    """A custom domain name of API Gateway.

    Attributes:
        edge_optimized: Whether a distribution of API Gateway's own is before it.
        apis: The APIs that it is mapped to, as far as they are in these templates.
    """

    name: Value
    certificate: Certificate | Unresolved | None
    edge_optimized: bool
    apis: tuple[Api, ...]

    @property
    def region(self) -> Value | None:
        """The Region that it is in; None where CloudFront is before it."""
        return None if self.edge_optimized else super().region
