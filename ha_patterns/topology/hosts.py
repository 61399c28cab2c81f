"""What host names lead to: records, resources, and what AWS's names tell by themselves."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from .model import (
    Accelerator,
    AccessPoint,
    Api,
    ApiDomain,
    Bucket,
    ConnectionGroup,
    Distribution,
    FunctionUrl,
    HostedZone,
    LoadBalancer,
    OriginKind,
    Record,
    Thing,
)
from .model.base import ADDRESS_TYPES
from .reader import Reader, complete
from .values import Reference, Text, Unresolved, Value, atoms, comparable, concatenate, references

_SUFFIX = r"\.amazonaws\.com(?:\.cn)?"
_REGION = r"(?P<region>[a-z]{2,3}(?:-[a-z]+)+-[0-9]|\?)"
# By what answers, the ends of its names, as AWS forms them; ? is a part that is not known.
_NAMES: tuple[tuple[OriginKind, re.Pattern[str]], ...] = tuple(
    # An alias to a website goes by the name of the service alone.
    (
        kind,
        re.compile(rf"(?:(?P<name>.*?)\.)?{pattern}" if kind is OriginKind.WEBSITE else rf"(?P<name>.*?)\.{pattern}"),
    )
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
    ConnectionGroup: OriginKind.DISTRIBUTION,
    Distribution: OriginKind.DISTRIBUTION,
}
# What is everywhere has no Region, wherever its stack is.
_EVERYWHERE = (Accelerator, AccessPoint, ConnectionGroup, Distribution)
# Types that are of no Region, or whose attributes are no host names.
_NO_HOSTS = (
    *("AWS::CloudFormation::", "AWS::CloudFront::", "AWS::GlobalAccelerator::", "AWS::Route53::", "AWS::SSM::"),
    *("AWS::IAM::", "Custom::"),
)
_DOMAIN = r"(?:amazonaws\.com(?:\.cn)?|on\.aws|awsapprunner\.com|elasticbeanstalk\.com)"
_OTHER = re.compile(rf".*?\.(?:{_REGION}\.)(?:[a-z0-9-]+\.)*{_DOMAIN}")
# Longer than any host name, with all that stands for what is not known.
_LONGEST = 1_024


def follow(reader: Reader, things: Iterable[Thing]) -> None:
    """Put into every endpoint what its name leads to."""
    names = _Names(things)
    for endpoint in reader.endpoints:
        target = _target(reader, endpoint.name)
        # What refers to a domain means its name, which may have records.
        named = target.name if isinstance(target, ApiDomain) and _is_ref(endpoint.name) else endpoint.name
        records = names.records(named)
        if records:
            complete(endpoint, replace(endpoint, records=records))
            continue
        kind, name, region = _by_name(endpoint.name)
        if target is None:
            target, kind = names.target(endpoint.name, kind, name)
        kind = kind if kind is not OriginKind.HOST else _kind(target)
        region = _region(reader, endpoint.name, target) or region
        complete(endpoint, replace(endpoint, kind=kind, target=target, region=region))


class _Names:
    """What has a name of its own."""

    def __init__(self, things: Iterable[Thing]) -> None:
        self._records: dict[Value, list[Record]] = {}
        self._domains: dict[Value, list[ApiDomain]] = {}
        self._buckets: dict[Value, list[Bucket]] = {}
        for thing in things:
            if isinstance(thing, Record):
                self._records.setdefault(thing.name, []).append(thing)
            elif isinstance(thing, ApiDomain):
                self._domains.setdefault(thing.name, []).append(thing)
            elif isinstance(thing, Bucket):
                self._buckets.setdefault(thing.name, []).append(thing)

    def records(self, name: Value) -> tuple[Record, ...]:
        """The records that answer to a name: its own, or else those of the closest wildcard."""
        if not comparable(name) or len(str(name)) > _LONGEST:
            return ()
        while True:
            found = self._records.get(name)
            if found:
                addresses = [record for record in found if record.type in ADDRESS_TYPES]
                # What is in a private zone is for its VPCs only.
                public = [record for record in addresses if not _is_private(record)]
                return tuple(public or addresses)
            wider = _wider(name)
            if wider is None:
                return ()
            name = wider

    def target(self, name: Value, kind: OriginKind, before: Value) -> tuple[Thing | None, OriginKind]:
        """The resource that a name tells without a reference, and what it is."""
        if not comparable(name):
            return None, kind
        own = self._domains.get(name, [])
        if own:
            return own[0] if len(own) == 1 else None, OriginKind.API
        named = self._buckets.get(before, []) if kind in (OriginKind.BUCKET, OriginKind.WEBSITE) else []
        return named[0] if len(named) == 1 else None, kind


def _is_private(record: Record) -> bool:
    return isinstance(record.zone, HostedZone) and record.zone.private


def _is_ref(name: Value) -> bool:
    return isinstance(name, Reference) and not name.attribute


def _wider(name: Value) -> Value | None:
    """The next wildcard that a name may be answered by: ``*.example.com`` of ``www.example.com``."""
    first = atoms(name)[0]
    if not isinstance(first, str):
        return None
    label, dot, rest = first.partition(".")
    if label == "*":
        _, dot, rest = rest.partition(".")
    if not dot:
        return None
    return concatenate([f"*.{rest}", *atoms(name)[1:]])


def _by_name(name: Value) -> tuple[OriginKind, Value, str | None]:
    """What a name of AWS tells: what answers, the part before, and the Region."""
    said = "".join(map(_said, atoms(name)))
    if len(said) > _LONGEST:
        return OriginKind.HOST, name, None
    for kind, pattern in _NAMES:
        match = pattern.fullmatch(said)
        if match:
            groups = match.groupdict()
            region = groups.get("region") or groups.get("other")
            before = _before(name, len(match["name"])) if match["name"] else name
            return kind, before, None if region == "?" else region
    other = _OTHER.fullmatch(said)
    return OriginKind.HOST, name, other["region"] if other and other["region"] != "?" else None


def _said(atom: str | Reference | Unresolved) -> str:
    """A part of a name, of the same length wherever it is counted."""
    if isinstance(atom, Unresolved):
        return "amazonaws.com" if atom.waits_for == "AWS::URLSuffix" else "?"
    return str(atom)


def named_region(name: Value) -> str | None:
    """The Region that a name of AWS has in it; None where it is another name, or has none."""
    return _by_name(name)[2]


def _before(name: Value, length: int) -> Value:
    """The first characters of a name, as they are counted in ``_by_name``."""
    if isinstance(name, str):
        return name[:length]
    parts: list[str | Reference | Unresolved] = []
    for atom in atoms(name):
        size = len(_said(atom))
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
    if target is not None:
        stacks = [target.place.stack]
    else:
        found = [reference.resource for reference in references(name)]
        hosts = [one for one in found if not reader.templates.type_of(one).startswith(_NO_HOSTS)]
        stacks = [reader.templates.by_stack[one.stack].stack for one in hosts]
    regions = {stack.region for stack in stacks}
    region = regions.pop() if len(regions) == 1 else None
    return region if isinstance(region, str) else None
