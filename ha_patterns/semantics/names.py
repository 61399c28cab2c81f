"""DNS names: those that only users ask, those that only stand for one thing, and records that say the same."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeAlias

from ..aws.addresses import is_address
from ..aws.names import URL_ATTRIBUTES
from ..topology.entries import stands_for_one
from ..topology.model import Endpoint, OriginKind, Policy, Record
from ..topology.values import Value, atoms, references, split

# How many names are passed over before one is drawn: a chain of thousands is asked from each of its names.
_MOST_PASSED = 32
# Where the Region is in an ARN.
_OF_REGION = 3

_Key: TypeAlias = tuple[Any, ...]


def no_name(name: Value) -> str | None:
    """Why a value is no host name, as far as it is known; None if it may be one."""
    known = "".join(atom for atom in atoms(name) if isinstance(atom, str))
    if "://" in known:
        return "it is a URL"
    if isinstance(name, str) and is_address(name):
        return "it is an IP address"
    urls = [one for one in references(name) if one.attribute in URL_ATTRIBUTES]
    if urls:
        return f"{urls[0].attribute} is a URL"
    if "/" in known:
        return "it has a path"
    if ":" in known:
        return "it has a port"
    return "it has a space" if " " in known.strip() else None


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
        places = (record.latency_region, record.location, record.proximity, record.cidr, record.az_affinity)
        key = (record.policy, record.failover, record.weight, *places, id(record.health_check))
        ordinal = counts[(*key, record.type)] = counts.get((*key, record.type), 0) + 1
        found.setdefault((*key, ordinal if record.policy is not Policy.SIMPLE else 0), []).append(record)
    return list(found.values())


def arn_region(value: Value) -> str | None:
    """The Region that an ARN has in it; None for what has none, or is no ARN, or if unknown."""
    parts = split(value, ":")
    if not isinstance(parts, list) or len(parts) <= _OF_REGION or parts[0] != "arn":
        return None
    region = parts[_OF_REGION]
    return region if isinstance(region, str) and region else None
