"""Whether an alias record names the hosted zone that its target's name is in, without which Route 53 refuses it."""

from __future__ import annotations

import re

from ..aws.hosted_zones import AliasService
from ..aws.names import HOST_SUFFIXES
from ..topology.model import Alias, Endpoint, HostedZone, LoadBalancer, OriginKind, Record, ZoneOwner
from ..topology.values import Reference, Unresolved, Value, ends, host_name, waiting

_KINDS = {
    OriginKind.API: AliasService.API,
    OriginKind.WEBSITE: AliasService.WEBSITE,
    OriginKind.DISTRIBUTION: AliasService.DISTRIBUTION,
    OriginKind.ACCELERATOR: AliasService.ACCELERATOR,
}
_BALANCERS = {
    "application": AliasService.APPLICATION_BALANCER,
    "classic": AliasService.APPLICATION_BALANCER,
    "network": AliasService.NETWORK_BALANCER,
}
_OF_NO_REGION = (AliasService.DISTRIBUTION, AliasService.ACCELERATOR)
# Names of AWS that no alias may lead to.
_NEVER_TARGETS = frozenset({OriginKind.BUCKET, OriginKind.ACCESS_POINT, OriginKind.FUNCTION_URL})
# The names of Network Load Balancers end otherwise than those of others.
_NETWORK_BALANCER = re.compile(r"\.elb\.[^.]+\.amazonaws\.com")
_OTHER_SUFFIXES = (*HOST_SUFFIXES, ".cloudfront.cn", ".elasticbeanstalk.com", ".awsapprunner.com", ".amazonaws.eu")
_NAME = re.compile(r"[a-z0-9*_-]+(?:\.[a-z0-9_-]+)+")


def zone_name(record: Record) -> Value | None:
    """The name of the zone that a record is in; None if only its id is known."""
    if isinstance(record.zone, HostedZone):
        return record.zone.name
    name = record.zone_id
    # An id has no dot.
    return host_name(name) if name is not None and "." in str(name) and not isinstance(name, Reference) else None


def is_outside(name: Value, zone: Value | None) -> bool:
    """Whether a name is sure to be none of a zone, which has its own name and all below."""
    known = ends(name)
    if not isinstance(zone, str) or not zone or known == zone or known.endswith(f".{zone}"):
        return False
    # What is not known may still be in the zone's name.
    return isinstance(name, str) or not f".{zone}".endswith(known)


def target_owner(alias: Alias) -> ZoneOwner | None:
    """The service of AWS that has an alias's target; None if it is a record, or unknown."""
    endpoint, target = alias.endpoint, alias.endpoint.target
    if endpoint.records:
        return None
    service = _KINDS.get(endpoint.kind)
    if isinstance(endpoint.name, Reference) and endpoint.name.attribute == "DistributionDomainName":
        service = AliasService.DISTRIBUTION
    elif endpoint.kind is OriginKind.LOAD_BALANCER:
        service = _balancer(endpoint)
    if service is None:
        return None
    if service in _OF_NO_REGION:
        return ZoneOwner(service=service, region=None)
    region = endpoint.region if target is None else target.region
    return ZoneOwner(service=service, region=region or Unresolved(f"the Region of {endpoint.name}"))


def wrong_zone(record: Record, alias: Alias) -> str | Unresolved | None:
    """What an alias's zone is where its target's name is not in it, as a sentence goes on; None if it may be right."""
    target, owner = target_owner(alias), alias.owner
    if target is not None:
        if owner is not None:
            return _differ(target, owner)
        if alias.of_aws_resource is False or alias.zone is not None:
            return f"a hosted zone of records, and the name is {target}"
        return None
    endpoint = alias.endpoint
    if owner is not None and (endpoint.records or endpoint.kind in _NEVER_TARGETS or _is_own_name(endpoint.name)):
        return f"that of {owner}, and the name is none of it"
    if _is_another_zone(record, alias):
        return "another hosted zone than the record's own"
    if alias.of_aws_resource is False and (
        endpoint.kind in _NEVER_TARGETS
        or (_is_own_name(endpoint.name) and is_outside(endpoint.name, zone_name(record)))
    ):
        return "the record's own hosted zone, and the name is none of it"
    return None


def _differ(target: ZoneOwner, owner: ZoneOwner) -> str | Unresolved | None:
    if target == owner:
        return None
    message = f"that of {owner}, and the name is {target}"
    if target.service is not owner.service:
        return message
    # The service is one, and so both have a Region, or none.
    unknown = next((one for region in (target.region, owner.region) if region for one in waiting(region)), None)
    return message if unknown is None else unknown


def _is_another_zone(record: Record, alias: Alias) -> bool:
    """Whether an alias of a record is in another zone than its record, for certain."""
    if alias.zone is not None:
        if isinstance(record.zone, HostedZone):
            return alias.zone is not record.zone
        return isinstance(record.zone_id, str)
    known = isinstance(alias.zone_id, str) and (isinstance(record.zone, HostedZone) or _is_id(record.zone_id))
    is_record = bool(alias.endpoint.records) or _is_own_name(alias.endpoint.name)
    return known and is_record and alias.owner is None and alias.zone_id != record.zone_id


def _is_id(zone_id: Value | None) -> bool:
    return isinstance(zone_id, str) and "." not in zone_id


def _is_own_name(name: Value) -> bool:
    """Whether a host name is none that AWS makes."""
    return isinstance(name, str) and _NAME.fullmatch(name) is not None and not name.endswith(_OTHER_SUFFIXES)


def _balancer(endpoint: Endpoint) -> AliasService | None:
    if isinstance(endpoint.target, LoadBalancer):
        return _BALANCERS.get(str(endpoint.target.type))
    network = _NETWORK_BALANCER.search(str(endpoint.name))
    return AliasService.NETWORK_BALANCER if network else AliasService.APPLICATION_BALANCER
