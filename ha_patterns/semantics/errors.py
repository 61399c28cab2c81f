"""How long CloudFront keeps errors of an origin that is well again."""

from __future__ import annotations

from ..aws.statuses import SERVER_ERROR
from ..topology.model import Distribution, ErrorResponse


def late_errors(distribution: Distribution, most: float) -> list[ErrorResponse]:
    """The entries by which a distribution keeps errors of the server for more than some seconds."""
    return [
        one
        for one in distribution.error_responses
        if isinstance(one.error_code, int)
        and one.error_code >= SERVER_ERROR
        and isinstance(one.caching_min_ttl, int)
        and one.caching_min_ttl > most
    ]
