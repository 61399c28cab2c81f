"""What host names lead to: records, resources, and what AWS's names tell by themselves."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from .model import (
    Accelerator,
    AccessPoint,
    Api,
    ApiDomain,
    Bucket,
    Distribution,
    Endpoint,
    FunctionUrl,
    LoadBalancer,
    OriginKind,
    Record,
    Thing,
)
from .reader import Reader
from .values import Reference, Text, Unresolved, Value, atoms, references

_SUFFIX = r"\.amazonaws\.com(?:\.cn)?"
_REGION = r"(?P<region>[a-z]{2,3}(?:-[a-z]+)+-[0-9]|\?)"
# By what answers, the ends of its names, as AWS forms them; ? is a part that is not known.
_NAMES: tuple[tuple[OriginKind, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(rf"(?P<name>.*?)\.{pattern}"))
    for kind, pattern in (
        (OriginKind.ACCESS_POINT, rf"accesspoint\.s3-global{_SUFFIX}"),
        (OriginKind.WEBSITE, rf"s3-website[.-]{_REGION}{_SUFFIX}"),
        (OriginKind.BUCKET, rf"s3(?:[.-](?:dualstack\.)?{_REGION})?{_SUFFIX}"),
        (OriginKind.LOAD_BALANCER, rf"(?:elb\.{_REGION}|{_REGION.replace('region', 'other')}\.elb){_SUFFIX}"),
        (OriginKind.API, rf"execute-api\.{_REGION}{_SUFFIX}"),
        (OriginKind.FUNCTION_URL, rf"lambda-url\.{_REGION}\.on\.aws"),
        (OriginKind.ACCELERATOR, r"(?:dualstack\.)?awsglobalaccelerator\.com"),
        (OriginKind.DISTRIBUTION, r"cloudfront\.net"),
    )
)
_KINDS: Mapping[type[Thing], OriginKind] = {
    Bucket: OriginKind.BUCKET,
    AccessPoint: OriginKind.ACCESS_POINT,
    LoadBalancer: OriginKind.LOAD_BALANCER,
    Api: OriginKind.API,
    ApiDomain: OriginKind.API,
    FunctionUrl: OriginKind.FUNCTION_URL,
    Accelerator: OriginKind.ACCELERATOR,
    Distribution: OriginKind.DISTRIBUTION,
}
# What is everywhere has no Region, wherever its stack is.
_EVERYWHERE = (Accelerator, AccessPoint, Distribution)
_ADDRESSES = frozenset({"A", "AAAA", "CNAME"})


def follow(reader: Reader, things: Iterable[Thing]) -> None:
    """Put into every endpoint what its name leads to."""
    records: dict[Value, list[Record]] = {}
    domains: dict[Value, list[ApiDomain]] = {}
    buckets: dict[Value, list[Bucket]] = {}
    for thing in things:
        if isinstance(thing, Record) and thing.type in _ADDRESSES:
            records.setdefault(thing.name, []).append(thing)
        elif isinstance(thing, ApiDomain):
            domains.setdefault(thing.name, []).append(thing)
        elif isinstance(thing, Bucket):
            buckets.setdefault(thing.name, []).append(thing)
    for endpoint in reader.endpoints:
        found = records.get(endpoint.name) or records.get(_wildcard(endpoint.name))
        if found:
            _put(endpoint, "records", tuple(found))
            continue
        kind, name, region = _by_name(endpoint.name)
        target = _target(reader, endpoint.name)
        if target is None:
            named = buckets.get(name, []) if kind in (OriginKind.BUCKET, OriginKind.WEBSITE) else []
            own = domains.get(endpoint.name, [])
            target = named[0] if len(named) == 1 else own[0] if len(own) == 1 else None
            kind = OriginKind.API if own else kind
        _put(endpoint, "kind", kind if kind is not OriginKind.HOST else _kind(target))
        _put(endpoint, "target", target)
        _put(endpoint, "region", _region(reader, endpoint.name, target) or region)


def _put(endpoint: Endpoint, name: str, value: object) -> None:
    # Nobody has seen the endpoint yet.
    object.__setattr__(endpoint, name, value)


def _wildcard(name: Value) -> Value:
    """The record of all names beside this one."""
    if isinstance(name, str) and "." in name:
        return f"*.{name.partition('.')[2]}"
    return name


def _by_name(name: Value) -> tuple[OriginKind, Value, str | None]:
    """What a name of AWS tells: what answers, the part before, and the Region."""
    said = "".join("?" if isinstance(atom, Unresolved) else str(atom) for atom in atoms(name))
    for kind, pattern in _NAMES:
        match = pattern.fullmatch(said)
        if match:
            groups = match.groupdict()
            region = groups.get("region") or groups.get("other")
            return kind, _before(name, len(match["name"])), None if region == "?" else region
    return OriginKind.HOST, name, None


def named_region(name: Value) -> str | None:
    """The Region that a name of AWS has in it; None where it is another name, or has none."""
    return _by_name(name)[2]


def _before(name: Value, length: int) -> Value:
    """The first characters of a name, as they are counted in ``_by_name``."""
    if isinstance(name, str):
        return name[:length]
    parts: list[str | Reference | Unresolved] = []
    for atom in atoms(name):
        size = 1 if isinstance(atom, Unresolved) else len(str(atom))
        if length <= 0:
            break
        parts.append(atom[:length] if isinstance(atom, str) else atom)
        length -= size
    return parts[0] if len(parts) == 1 else Text(tuple(parts))


def _target(reader: Reader, name: Value) -> Thing | None:
    for reference in references(name):
        for thing in reader.things(reference.resource)[:1]:
            if type(thing) in _KINDS:
                return thing
    return None


def _kind(target: Thing | None) -> OriginKind:
    return OriginKind.HOST if target is None else _KINDS[type(target)]


def _region(reader: Reader, name: Value, target: Thing | None) -> str | None:
    if isinstance(target, _EVERYWHERE):
        return None
    if isinstance(target, ApiDomain) and target.edge_optimized:
        return None
    stacks = (
        [target.place.stack]
        if target is not None
        else [reader.templates.by_stack[reference.resource.stack].stack for reference in references(name)]
    )
    regions = {stack.region for stack in stacks}
    region = regions.pop() if len(regions) == 1 else None
    return region if isinstance(region, str) else None
