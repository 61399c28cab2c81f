"""The records of a name: how Route 53 chooses among them, and where they lead."""

from __future__ import annotations

from collections.abc import Sequence

from ..topology.model import Endpoint, Policy, Record
from ..topology.topology import RecordSet, Topology
from ..topology.values import Unresolved, waiting


def steers(record_set: RecordSet) -> Policy | None:
    """How Route 53 chooses among the records of a set, where it does."""
    return next((record.policy for record in record_set.records if record.policy is not Policy.SIMPLE), None)


def unknown_members(record_set: RecordSet) -> Unresolved | None:
    """What would have to be known to know that a set has these records and no other; None where it is known."""
    for record in record_set.records:
        values = (record.name, record.type)
        found = next((unknown for value in values for unknown in waiting(value)), record.place.condition)
        if found is not None:
            return found
    return record_set.elsewhere


def unknown_answers(endpoint: Endpoint, topology: Topology) -> Unresolved | None:
    """What would have to be known to know that a name leads to what its records here say and nowhere else."""
    records = (record for name in endpoint.way for record in name.records)
    found = (topology.set_of(record).elsewhere for record in records)
    return next((unknown for unknown in found if unknown is not None), None)


def regions(record: Record) -> frozenset[str] | None:
    """Where what a record is answered with is; None where it is not known of all."""
    found: set[str] = set()
    for answer in record.answers:
        there = answer.regions
        if there is None:
            return None
        found |= there
    return frozenset(found) or None


def ends(record: Record) -> frozenset[Endpoint]:
    """The hosts that a record ends at."""
    return frozenset(end for answer in record.answers for end in answer.ends)


def of_several_regions(records: Sequence[Record]) -> bool:
    """Whether records lead to more than one Region, as far as all is known."""
    found = [regions(record) for record in records]
    return None not in found and len(frozenset().union(*(one for one in found if one is not None))) > 1
