"""What host names tell: by the records and resources that have them, and by how AWS forms its own."""

from __future__ import annotations

import re
from collections.abc import Iterable

from .model import ApiDomain, Bucket, Endpoint, HostedZone, OriginKind, Record, Thing
from .model.base import ADDRESS_TYPES
from .values import Reference, Text, Unresolved, Value, atoms, comparable, concatenate, host_name

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
_DOMAIN = r"(?:amazonaws\.com(?:\.cn)?|on\.aws|awsapprunner\.com|elasticbeanstalk\.com)"
_OTHER = re.compile(rf".*?\.(?:{_REGION}\.)(?:[a-z0-9-]+\.)*{_DOMAIN}")
# Longer than any host name, with all that stands for what is not known.
_LONGEST = 1_024


class Names:
    """What has a name of its own, and what names tell by themselves.

    Args:
        things: All that was read.
    """

    def __init__(self, things: Iterable[Thing]) -> None:
        self._asked: dict[Value, Endpoint] = {}
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

    def take(self, endpoints: Iterable[Endpoint]) -> None:
        """Remember what has been followed: the same name is the same endpoint."""
        self._asked |= {endpoint.name: endpoint for endpoint in endpoints if comparable(endpoint.name)}

    def endpoint(self, name: Value) -> Endpoint:
        """What a name leads to, whether or not something in the templates asks it."""
        name = host_name(name)
        if name in self._asked:
            return self._asked[name]
        records = self.records(name)
        if records:
            found = Endpoint(name=name, records=records)
        else:
            kind, before, region = by_name(name)
            target, kind = self.target(name, kind, before)
            found = Endpoint(
                name=name, kind=kind, target=target, region=(target.known_region if target else None) or region
            )
        self.take((found,))
        return found

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


def by_name(name: Value) -> tuple[OriginKind, Value, str | None]:
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
    return by_name(name)[2]


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
