"""The gate of an origin group: which answers of its first origin have the second one asked."""

from __future__ import annotations

from ..topology.model import OriginGroup
from ..topology.values import Unresolved


def failover_codes_of(group: OriginGroup) -> frozenset[int] | Unresolved:
    """The failover status codes; Unresolved if one of them is."""
    for code in group.status_codes:
        if isinstance(code, Unresolved):
            return code
    if group.gaps:
        return group.gaps[0]
    return frozenset(code for code in group.status_codes if isinstance(code, int))
