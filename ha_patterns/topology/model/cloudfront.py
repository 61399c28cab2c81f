"""Distributions, with their origins, behaviors and functions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from ...aws.policies import CachePolicy, OriginRequestPolicy
from ..values import Unresolved, Value
from .base import Thing
from .endpoints import OriginKind

if TYPE_CHECKING:
    from .base import Whole
    from .certificates import Certificate
    from .compute import Instance
    from .endpoints import Endpoint
    from .functions import Function, FunctionVersion
    from .load_balancing import LoadBalancer


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Origin(Thing):
    """An origin of a distribution, with how long CloudFront waits for it, in seconds and attempts.

    Attributes:
        id: What behaviors and groups call it.
        endpoint: What its domain name leads to.
        vpc: Whether it is a VPC origin.
        s3: Whether CloudFront asks it by S3's API, whatever its name leads to.
        path: What is put before each request's path.
        protocol: ``http-only``, ``https-only``, ``match-viewer``; None for a bucket.
        response_completion_timeout: None where there is no end.
        shield_region: The Region of Origin Shield; None where it is off.
        headers: Custom headers by name, in lower case.
        access: ``oac``, ``oai`` or None.
    """

    id: Value
    endpoint: Endpoint
    vpc: bool
    s3: bool
    path: Value
    protocol: Value | None
    http_port: Whole
    https_port: Whole
    connection_attempts: Whole
    connection_timeout: Whole
    read_timeout: Whole
    keepalive_timeout: Whole
    response_completion_timeout: Whole | None
    shield_region: Value | None
    headers: Mapping[str, Value]
    access: str | None

    @property
    def kind(self) -> OriginKind:
        """What answers at it; of records that lead to several kinds, the first."""
        if self.vpc:
            return OriginKind.VPC
        told = self.endpoint.ends[0].kind if self.endpoint.ends else OriginKind.HOST
        return OriginKind.BUCKET if self.s3 and told is OriginKind.HOST else told


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class OriginGroup(Thing):
    """Two origins, of which the second is asked where the first fails with one of the codes.

    Attributes:
        members: Unresolved where the distribution has no such origin, or nothing tells which.
        member_ids: As the template has them.
    """

    id: Value
    members: tuple[Origin | Unresolved, ...]
    member_ids: tuple[Value, ...]
    status_codes: tuple[Whole, ...]
    selection: Value

    @property
    def primary(self) -> Origin | None:
        """The first member; None where it is not known."""
        return self._member(0)

    @property
    def secondary(self) -> Origin | None:
        """The second member; None where it is not known."""
        return self._member(1)

    def _member(self, index: int) -> Origin | None:
        member = self.members[index] if index < len(self.members) else None
        return None if isinstance(member, Unresolved) else member


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class ErrorResponse(Thing):
    """What CloudFront sends in place of an error; an entry without a page only says how long errors are kept."""

    error_code: Whole | None
    response_code: Whole | None
    page: Value | None
    caching_min_ttl: Whole


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class KeyValueStore(Thing):
    """A key value store of CloudFront Functions."""

    name: Value | None


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class ViewerFunction(Thing):
    """A CloudFront Function."""

    name: Value | None
    runtime: Value | None
    code: Value | None
    stores: tuple[KeyValueStore | Unresolved, ...]


class Qualifier(Enum):
    """What of a Lambda function is named."""

    VERSION = "version"
    LATEST = "$LATEST"
    ALIAS = "alias"
    UNKNOWN = "unknown"


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class FunctionAssociation(Thing):
    """A function on an event of a behavior.

    Attributes:
        event: ``viewer-request``, ``origin-request``, ``origin-response`` or ``viewer-response``.
        arn: As the template names it.
        at_edge: Whether it is Lambda@Edge; a CloudFront Function otherwise.
        function: Unresolved where it is not in these templates.
        qualifier: What of it is named; of Lambda@Edge only.
        version: The version, where it is in these templates.
        held_by: What holds another stack to its value, where the template has it from there: ``Fn::ImportValue``, or
            the type of a custom resource; None where nothing does.
    """

    event: Value
    arn: Value
    at_edge: bool
    function: Function | ViewerFunction | Unresolved
    qualifier: Qualifier
    version: FunctionVersion | None
    held_by: str | None


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class CacheBehavior(Thing):
    """Requests of some paths, and what is done with them.

    Attributes:
        pattern: ``*`` for the default one.
        target: Unresolved where the distribution has no such origin, or nothing tells which.
        target_id: As the template has it.
        origin_request_policy: None where it has none.
    """

    pattern: Value
    is_default: bool
    allowed_methods: frozenset[str] | Unresolved
    cached_methods: frozenset[str] | Unresolved
    target: Origin | OriginGroup | Unresolved
    target_id: Value
    cache_policy: CachePolicy | Unresolved
    origin_request_policy: OriginRequestPolicy | Unresolved | None
    functions: tuple[FunctionAssociation, ...]

    @property
    def origins(self) -> tuple[Origin, ...]:
        """The origins that may answer, as far as they are known."""
        if isinstance(self.target, Unresolved):
            return ()
        members = self.target.members if isinstance(self.target, OriginGroup) else (self.target,)
        return tuple(origin for origin in members if isinstance(origin, Origin))


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Distribution(Thing):
    """A distribution. Its behaviors are in the order in which CloudFront tries them, the default one last."""

    aliases: tuple[Value, ...]
    origins: tuple[Origin, ...]
    origin_groups: tuple[OriginGroup, ...]
    behaviors: tuple[CacheBehavior, ...]
    error_responses: tuple[ErrorResponse, ...]
    certificate: Certificate | Unresolved | None
    web_acl: Value | None


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class VpcOrigin(Thing):
    """A VPC origin."""

    target: LoadBalancer | Instance | Unresolved
