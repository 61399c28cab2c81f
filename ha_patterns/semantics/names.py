"""DNS names: those that only users ask, those that only stand for one thing, and records that say the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from ..topology.model import Endpoint, OriginKind, Policy, Record
from ..topology.model.base import ADDRESS_TYPES
from ..topology.values import Value

# How many names are passed over before one is drawn: a chain of thousands is asked from each of its names.
_MOST_PASSED = 32

_Key: TypeAlias = tuple[Any, ...]


def addresses(records: Iterable[Record]) -> tuple[Record, ...]:
    """The records that requests go by."""
    return tuple(record for record in records if record.type in ADDRESS_TYPES)


def stands_for_one(records: Iterable[Record]) -> bool:
    """Whether nothing chooses among records."""
    return all(record.policy is Policy.SIMPLE and record.health_check is None for record in records)


def leads_somewhere(records: Sequence[Record]) -> bool:
    """Whether a name is more than one of a host that no template knows."""
    return not stands_for_one(records) or any(
        answer.records or answer.target is not None or answer.kind is not OriginKind.HOST
        for record in records
        for answer in record.answers
    )


def unasked(names: Mapping[Value, Sequence[Record]]) -> Iterator[tuple[Value, tuple[Record, ...]]]:
    """The names that no record is answered with, and that lead somewhere, with the records that requests go by.

    Users ask these, or an origin does, or a health check.

    Args:
        names: The records of each name of a topology.
    """
    asked = {
        answer.records[0].name
        for records in names.values()
        for record in records
        for answer in record.answers
        if answer.records
    }
    for name, records in names.items():
        usable = addresses(records)
        if name not in asked and usable and leads_somewhere(usable):
            yield name, usable


def followed(endpoint: Endpoint) -> tuple[tuple[Endpoint, ...], dict[Value, tuple[Record, ...]]]:
    """What a host name leads to, and the names on the way that only stand for one thing."""
    passed: dict[Value, tuple[Record, ...]] = {}
    answers: tuple[Endpoint, ...] = (endpoint,)
    while len(answers) == 1 and answers[0].records and answers[0].records[0].name not in passed:
        if len(passed) == _MOST_PASSED:
            break
        records = answers[0].records
        bundles = bundled(records)
        if len(bundles) != 1 or not stands_for_one(records):
            break
        passed[records[0].name] = records
        answers = bundles[0]
    return answers, passed


def bundled(records: Iterable[Record]) -> list[tuple[Endpoint, ...]]:
    """What records are answered with, those of both address families once; hosts that no template knows together."""
    found: dict[object, Endpoint] = {}
    hosts: dict[Value, Endpoint] = {}
    for record in records:
        for answer in record.answers:
            if answer.records:
                found.setdefault(answer.records[0].name, answer)
            elif answer.target is not None:
                found.setdefault(id(answer.target), answer)
            elif answer.kind is OriginKind.HOST:
                hosts.setdefault(answer.name, answer)
            else:
                found.setdefault(answer.name, answer)
    return [*((answer,) for answer in found.values()), *([tuple(hosts.values())] if hosts else [])]


def alike(records: Iterable[Record]) -> list[list[Record]]:
    """Records that say the same, of both address families."""
    found: dict[_Key, list[Record]] = {}
    counts: dict[_Key, int] = {}
    for record in records:
        places = (record.region, record.location, record.proximity, record.cidr, record.az_affinity)
        key = (record.policy, record.failover, record.weight, *places, id(record.health_check))
        ordinal = counts[(*key, record.type)] = counts.get((*key, record.type), 0) + 1
        found.setdefault((*key, ordinal if record.policy is not Policy.SIMPLE else 0), []).append(record)
    return list(found.values())
