"""Names that two resources of an app claim, of which AWS gives them to one: a deploy that adds the second fails.

docs/migrations.md says how a name gets from one to the other.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any
from weakref import WeakKeyDictionary

import jsii
from aws_cdk import CfnResource, Stack, Stage
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_route53 as route53
from constructs import IConstruct, IValidation

from ..aws.record_sets import RecordSet, refused_beside
from .properties import properties_of_all
from .validation import normal_name, warn

_PAGE = "docs/migrations.md of ha-patterns says how a name moves"
_FAILOVER = "Failover"
# What of a record says how Route 53 chooses it.
_POLICIES = (
    "CidrRoutingConfig",
    "Failover",
    "GeoLocation",
    "GeoProximityLocation",
    "MultiValueAnswer",
    "Region",
    "Weight",
)

_watched: WeakKeyDictionary[Stage, list[IConstruct]] = WeakKeyDictionary()


def warn_of_taken_names(scope: IConstruct) -> None:
    """Have the records and distributions of a construct compared, at synth, with all others of the app."""
    stage = Stage.of(scope)
    if stage is None:
        return
    if stage not in _watched:
        stage.node.add_validation(_Comparison(stage))
    _watched.setdefault(stage, []).append(scope)


@jsii.implements(IValidation)
class _Comparison:
    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    def validate(self) -> list[str]:
        found = self._stage.node.find_all()
        records = [each for each in found if isinstance(each, route53.CfnRecordSet)]
        distributions = [each for each in found if isinstance(each, cloudfront.CfnDistribution)]
        claims = _taken([*_claims_of(records, _record_claims), *_claims_of(distributions, _alias_claims)])
        # Most apps have none, and to ask each construct for its path takes long.
        if not claims:
            return []
        for scope in _watched[self._stage]:
            start = f"{scope.node.path}/"
            own = [claim for claim in claims if claim.path.startswith(start)]
            others = [claim for claim in claims if not claim.path.startswith(start)]
            taken = [(mine, other, why) for mine, other in product(own, others) if (why := mine.excludes(other))]
            if taken:
                mine, other, why = taken[0]
                warn(
                    scope,
                    f"{mine.kind}:taken-name",
                    f"{mine.name} is also claimed by {other.path}, and {why}: the deploy that adds the second fails; "
                    f"{_PAGE}",
                    rules=sorted({rule for one, another, _ in taken for rule in one.rules_beside(another)}),
                )
        return []


class _Claim:
    """A name that a resource has, or will have."""

    def __init__(
        self,
        resource: CfnResource,
        kind: str,
        name: str,
        zone: str = "",
        record: RecordSet | None = None,
        ttl: str | None = None,
    ) -> None:
        self._resource = resource
        self.kind = kind
        self.name = name
        self.key = (kind, name, zone)
        self._record = record
        self._ttl = ttl

    @functools.cached_property
    def path(self) -> str:
        """The resource's."""
        return self._resource.node.path

    def excludes(self, other: _Claim) -> str | None:
        if self.key != other.key:
            return None
        if self._record is None or other._record is None:
            return "CloudFront gives a name to one distribution"
        return refused_beside(self._record, other._record)

    def rules_beside(self, other: _Claim) -> Iterator[str]:
        """The rules that find records beside others that exclude them."""
        if self._record is None:
            return
        yield "HA251"
        policies = [None if record is None else record.policy for record in (self._record, other._record)]
        if policies == [_FAILOVER, _FAILOVER]:
            yield "HA202"
        if _FAILOVER in policies and None not in (self._ttl, other._ttl) and self._ttl != other._ttl:
            yield "HA203"


def _taken(claims: list[_Claim]) -> list[_Claim]:
    """Those that another one excludes, in their order."""
    by_key: dict[tuple[str, str, str], list[_Claim]] = {}
    for claim in claims:
        by_key.setdefault(claim.key, []).append(claim)
    return [
        one
        for one in claims
        if any(one.excludes(other) or other.excludes(one) for other in by_key[one.key] if other is not one)
    ]


def _claims_of(resources: list[Any], claims: Any) -> Iterator[_Claim]:
    by_stack: dict[Stack, list[CfnResource]] = {}
    for resource in resources:
        by_stack.setdefault(resource.stack, []).append(resource)
    for stack, made in by_stack.items():
        for resource, properties in zip(made, properties_of_all(stack, made), strict=True):
            yield from claims(resource, stack, {_capital(name): part for name, part in properties.items()})


def _record_claims(resource: CfnResource, stack: Stack, properties: Mapping[str, Any]) -> Iterator[_Claim]:
    name, zone = properties.get("Name"), properties.get("HostedZoneId") or properties.get("HostedZoneName")
    if not isinstance(name, str):
        return
    # A reference means something in its own stack only.
    place = zone if isinstance(zone, str) else f"{stack.node.path} {json.dumps(zone, sort_keys=True)}"
    policy = next((policy for policy in _POLICIES if properties.get(policy) not in (None, False)), None)
    identifier = properties.get("SetIdentifier")
    # Of a location that is a token, only the same token is the same location.
    where = properties.get(policy) if policy in ("Region", "GeoLocation") else None
    record = RecordSet(
        str(properties.get("Type")),
        policy,
        None if identifier is None else str(identifier),
        None if where is None else json.dumps(where, sort_keys=True),
    )
    ttl = properties.get("TTL") or properties.get("Ttl")
    yield _Claim(resource, "records", normal_name(name), place, record, ttl if isinstance(ttl, str) else None)


def _alias_claims(resource: CfnResource, _stack: Stack, properties: Mapping[str, Any]) -> Iterator[_Claim]:
    config = properties.get("DistributionConfig") or {}
    for name in config.get("aliases") or config.get("Aliases") or ():
        if isinstance(name, str):
            yield _Claim(resource, "edge", normal_name(name))


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]
