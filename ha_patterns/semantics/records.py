"""The records of a name: how Route 53 chooses among them, and where they lead."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..aws.record_sets import LABEL_TYPES, LABELS
from ..topology.model import Endpoint, Policy, Record
from ..topology.model.base import ADDRESS_TYPES
from ..topology.topology import RecordSet, Topology
from ..topology.values import Unresolved, waiting


def is_label(record: Record, topology: Topology) -> bool:
    """Whether a record says something about a name only, so that no request depends on its answer.

    A TXT record is a label beside records of its name that lead somewhere, and if its value is known as one; a function
    may well go by others.
    """
    if record.type in LABEL_TYPES:
        return True
    if record.type != "TXT":
        return False
    told = [value.strip('"').lower() for value in record.values if isinstance(value, str)]
    if told and all(value.startswith(LABELS) for value in told):
        return True
    return any(other.type in ADDRESS_TYPES for other in topology.records_by_name.get(record.name, ()))


def traffic_sets(topology: Topology) -> Iterator[RecordSet]:
    """The records by name and type, without labels."""
    return (one for one in topology.record_sets if not is_label(one.records[0], topology))


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
