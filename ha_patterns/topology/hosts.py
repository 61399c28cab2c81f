"""What the host names that templates speak of lead to."""

from __future__ import annotations

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
    LoadBalancer,
    OriginKind,
    Thing,
)
from .names import Names, by_name
from .reader import Reader, complete
from .values import Reference, Value, references

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
# Types that are of no Region, or whose attributes are no host names.
_NO_HOSTS = (
    *("AWS::CloudFormation::", "AWS::CloudFront::", "AWS::GlobalAccelerator::", "AWS::Route53::", "AWS::SSM::"),
    *("AWS::IAM::", "Custom::"),
)


def follow(reader: Reader, things: Iterable[Thing]) -> Names:
    """Put into every endpoint what its name leads to.

    Returns:
        What any other name leads to.
    """
    names = Names(things)
    for endpoint in reader.endpoints:
        target = _target(reader, endpoint.name)
        # What refers to a domain means its name, which may have records.
        named = target.name if isinstance(target, ApiDomain) and _is_ref(endpoint.name) else endpoint.name
        records = names.records(named)
        if records:
            complete(endpoint, replace(endpoint, records=records))
            continue
        kind, name, region = by_name(endpoint.name)
        if target is None:
            target, kind = names.target(endpoint.name, kind, name)
        kind = kind if kind is not OriginKind.HOST else _kind(target)
        region = _region(reader, endpoint.name, target) or region
        complete(endpoint, replace(endpoint, kind=kind, target=target, region=region))
    names.take(reader.endpoints)
    return names


def _is_ref(name: Value) -> bool:
    return isinstance(name, Reference) and not name.attribute


def _target(reader: Reader, name: Value) -> Thing | None:
    for reference in references(name):
        for thing in reader.things(reference.resource)[:1]:
            if type(thing) in _KINDS:
                return thing
    return None


def _kind(target: Thing | None) -> OriginKind:
    return OriginKind.HOST if target is None else _KINDS[type(target)]


def _region(reader: Reader, name: Value, target: Thing | None) -> str | None:
    if target is not None:
        return target.known_region
    found = [reference.resource for reference in references(name)]
    hosts = [one for one in found if not reader.templates.type_of(one).startswith(_NO_HOSTS)]
    regions = {reader.templates.by_stack[one.stack].stack.region for one in hosts}
    region = regions.pop() if len(regions) == 1 else None
    return region if isinstance(region, str) else None
