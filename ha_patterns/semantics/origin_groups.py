"""The gate of an origin group: which answers of its first origin have the second one asked."""

from __future__ import annotations

from ..aws.names import BUCKETS
from ..aws.statuses import MISSING
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


def makes_what_is_missing(group: OriginGroup) -> bool:
    """Whether the second origin, which is no bucket, is asked for objects that the bucket lacks and in no outage."""
    codes = failover_codes_of(group)
    first, second = group.primary, group.secondary
    if isinstance(codes, Unresolved) or not codes or first is None or second is None:
        return False
    return codes <= MISSING and first.kind in BUCKETS and second.kind not in BUCKETS
