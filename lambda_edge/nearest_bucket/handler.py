"""Sends requests for a bucket to the nearest one; in the second leg of an origin group, to the next nearest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..common import world
from ..common.entry import Decide, entry
from ..common.origin import DeclaredOrigins, role


def _build(configuration: dict[str, Any]) -> Decide:
    """What the stack baked.

    Its parts:
        origins: The buckets by their Regions.
        nearest: These Regions, the nearest first, by the Region that the function runs in.
        otherwise: These Regions, in the order for a Region that was not there when the stack was synthesized.
    """
    declared = DeclaredOrigins(configuration["origins"])
    nearest: Mapping[str, Sequence[str]] = configuration["nearest"]
    otherwise: Sequence[str] = configuration["otherwise"]

    def decide(cf: dict[str, Any]) -> dict[str, Any]:
        request: dict[str, Any] = cf["request"]
        regions = nearest.get(world.region(), otherwise)
        # CloudFront asks the second member once the first has failed this request: so may have its whole Region.
        return declared.send(request, regions[1 if role(request) == "secondary" else 0])

    return decide


handler = entry(_build, fails_open=True)
