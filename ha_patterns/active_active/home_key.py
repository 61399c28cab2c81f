"""From where functions at the edge read the key of home Region cookies, and what it costs to have it closer."""

from __future__ import annotations

from collections.abc import Sequence

from constructs import IConstruct

from .._validation import warn
from ..edge.region_data import OPT_IN_REGIONS, PLACES, far_edges

_FAR_MILLISECONDS = 150
# TCP, TLS and the answer.
_ROUND_TRIPS = 3
# https://aws.amazon.com/secrets-manager/pricing/ as it was in September 2026: "a replica secret is considered a
# distinct secret".
_REPLICA_PRICE = "$0.40 a month (September 2026)"


def warn_of_far_edges(scope: IConstruct, key_regions: Sequence[str]) -> None:
    """Warn of the places where functions run that are far away from every Region that has the key.

    Args:
        scope: Whose key it is.
        key_regions: Every Region that has it.
    """
    far = far_edges(key_regions, _FAR_MILLISECONDS)
    if not far:
        return
    trips = ", ".join(f"{region} ({trip} ms)" for region, trip in far.items())
    warn(
        scope,
        "home-region:far-edges",
        f"functions that run in {trips} are more than {_FAR_MILLISECONDS} ms from every Region that has the key "
        f"({', '.join(key_regions)}): the first request of each container there waits up to "
        f"{_ROUND_TRIPS * max(far.values()) / 1000:.1f} s for it; with {' and '.join(_mends(key_regions))} in "
        f"key_regions none is, and each replica of the secret costs {_REPLICA_PRICE}",
    )


def _mends(key_regions: Sequence[str]) -> list[str]:
    """Where replicas bring the key close to every place, each being close to as many of the far ones as can be."""
    held, added = list(key_regions), []
    # Of those that need not be enabled first.
    candidates = sorted(PLACES.keys() - OPT_IN_REGIONS)

    def left_far(region: str) -> tuple[int, int]:
        trips = far_edges([*held, region], 0).values()
        return sum(trip > _FAR_MILLISECONDS for trip in trips), sum(trips)

    while far_edges(held, _FAR_MILLISECONDS):
        held.append(min(candidates, key=left_far))
        added.append(held[-1])
    return added
