"""Which records of one name Route 53 takes beside each other, read on 2026-12-01.

See https://docs.aws.amazon.com/Route53/latest/APIReference/API_ResourceRecordSet.html and, of CNAME,
https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/ResourceRecordTypes.html.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class RecordSet:
    """A record of a name, as far as others of the same name and zone depend on it.

    Attributes:
        type: Such as ``A``.
        policy: How Route 53 chooses it among others, such as ``Failover``; None for a plain record.
        set_identifier: What tells it from others of the same name, type and policy; None for a plain record.
    """

    type: str
    policy: str | None = None
    set_identifier: str | None = None


def refused_beside(one: RecordSet, other: RecordSet) -> str | None:
    """Why Route 53 refuses to have both records of one name in a zone; None if it takes them."""
    if one.type != other.type:
        return "a CNAME is alone at its name" if "CNAME" in (one.type, other.type) else None
    if one.policy != other.policy:
        return f"{_spoken(one)} and {_spoken(other)} record of one name and type exclude each other"
    if one.set_identifier == other.set_identifier:
        return "there is one record of a name, a type and a set identifier"
    return None


def _spoken(record: RecordSet) -> str:
    return "a plain" if record.policy is None else f"a {record.policy.lower()}"
