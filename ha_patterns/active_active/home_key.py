"""Edges that are far from every Region with the key of home Region cookies, and the price of a nearer replica."""

from __future__ import annotations

from collections.abc import Sequence

from constructs import IConstruct

from ..aws.regions import EDGE_REGION, OPT_IN_REGIONS, PLACES, far_edges
from ..cdk.validation import warn

_FAR_MILLISECONDS = 150
# TCP, TLS and the answer.
_ROUND_TRIPS = 3
# https://aws.amazon.com/secrets-manager/pricing/ as it was in September 2026: "a replica secret is considered a
# distinct secret".
_REPLICA_PRICE = "$0.40 a month (September 2026)"


def warn_of_far_edges(scope: IConstruct, key_regions: Sequence[str]) -> None:
    """Warn of the Regions where functions run that are more than 150 ms from every Region with the key.

    Args:
        scope: The construct that has the key.
        key_regions: Every Region with the key.
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
        f"{_ROUND_TRIPS * max(far.values()) / 1000:.1f} s for it; no Region is so far with key_regions="
        f"{[region for region in (*key_regions, *_nearer_regions(key_regions)) if region != EDGE_REGION]}, and each "
        f"replica of the secret costs {_REPLICA_PRICE}",
    )


def _nearer_regions(key_regions: Sequence[str]) -> list[str]:
    """Regions for more replicas, so that no edge is far: each in turn is near to as many far edges as can be."""
    held, added = list(key_regions), []
    # An account must enable the others first.
    candidates = sorted(PLACES.keys() - OPT_IN_REGIONS)

    def left_far(region: str) -> tuple[int, int]:
        trips = far_edges([*held, region], 0).values()
        return sum(trip > _FAR_MILLISECONDS for trip in trips), sum(trips)

    while far_edges(held, _FAR_MILLISECONDS):
        held.append(min(candidates, key=left_far))
        added.append(held[-1])
    return added
