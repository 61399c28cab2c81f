"""Distributions, with their origins, behaviors and functions."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import TYPE_CHECKING

from ...aws.policies import CachePolicy, OriginRequestPolicy
from ..values import Unresolved, Value
from .base import Thing, thing
from .endpoints import OriginKind

if TYPE_CHECKING:
    from .base import Flag, Whole
    from .certificates import Certificate
    from .compute import Instance
    from .endpoints import Endpoint
    from .functions import Function, FunctionVersion, Reads
    from .load_balancing import LoadBalancer


@thing
class OriginAccessControl(Thing):
    """How CloudFront signs what it asks an origin.

    Attributes:
        origin_type: ``s3``, ``lambda``, ``mediastore`` or ``mediapackagev2``.
        signing_behavior: ``always``, ``never`` or ``no-override``, which leaves a viewer's ``Authorization`` as it is.
        signing_protocol: ``sigv4`` or ``sigv4a``.
    """

    everywhere = True

    name: Value
    origin_type: Value
    signing_behavior: Value
    signing_protocol: Value


@thing
class VpcOrigin(Thing):
    """What of a VPC CloudFront may ask without a way through the internet.

    Attributes:
        target: What answers; its own name tells nothing.
        protocol: ``http-only``, ``https-only`` or ``match-viewer``.
    """

    everywhere = True

    target: LoadBalancer | Instance | Unresolved
    protocol: Value
    http_port: Whole
    https_port: Whole


@thing
class Origin(Thing):
    """An origin of a distribution, with how long CloudFront waits for it, in seconds and attempts.

    Attributes:
        id: What behaviors and groups call it.
        endpoint: What answers: what its domain name leads to; of a VPC origin, the target of that, while the domain
            name is what CloudFront says in ``Host`` and SNI only.
        vpc_origin: None where CloudFront asks it over the internet.
        configurations: Which of ``CustomOriginConfig``, ``S3OriginConfig`` and ``VpcOriginConfig`` it has.
        s3: Whether CloudFront asks it by S3's API, whatever its name leads to.
        path: What is put before each request's path.
        protocol: ``http-only``, ``https-only``, ``match-viewer``; None for a bucket.
        response_completion_timeout: None where there is no end.
        shield_region: The Region of Origin Shield; None where it is off.
        headers: Custom headers by name, in lower case.
        ip_address_type: ``ipv4``, ``ipv6`` or ``dualstack``: which addresses of it CloudFront asks.
        access_control: The origin access control (OAC) that it has.
        access_identity: The origin access identity (OAI) that it has.
        client_certificate: The certificate by which CloudFront shows it who asks; None if it shows none.
    """

    everywhere = True

    id: Value
    endpoint: Endpoint
    vpc_origin: VpcOrigin | Unresolved | None
    configurations: tuple[str, ...] | Unresolved
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
    ip_address_type: Value
    access_control: OriginAccessControl | Unresolved | None
    access_identity: Value | None
    client_certificate: Value | None

    @property
    def vpc(self) -> bool:
        """Whether it is a VPC origin."""
        return self.vpc_origin is not None

    @property
    def access(self) -> str | None:
        """How CloudFront shows a bucket who it is: ``oac``, ``oai`` or None."""
        if self.access_control is not None:
            return "oac"
        return "oai" if self.access_identity is not None else None

    @property
    def kind(self) -> OriginKind:
        """What answers at it; of records that lead to several kinds, the first."""
        if self.vpc:
            return OriginKind.VPC
        told = self.endpoint.ends[0].kind if self.endpoint.ends else OriginKind.HOST
        return OriginKind.BUCKET if self.s3 and told is OriginKind.HOST else told


@thing
class OriginGroup(Thing):
    """Two origins, of which the second is asked where the first fails with one of the codes.

    Attributes:
        members: Unresolved where the distribution has no such origin, or nothing tells which.
        member_ids: As the template has them.
    """

    everywhere = True

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


@thing
class ErrorResponse(Thing):
    """What CloudFront sends in place of an error; an entry without a page only says how long errors are kept."""

    everywhere = True

    error_code: Whole | None
    response_code: Whole | None
    page: Value | None
    caching_min_ttl: Whole


@thing
class KeyValueStore(Thing):
    """A key value store of CloudFront Functions."""

    everywhere = True

    name: Value | None


@thing
class ViewerFunction(Thing):
    """A CloudFront Function.

    Attributes:
        published: Whether CloudFormation publishes it: distributions take published functions only.
        reads: What its metadata declares that it reads; None where it declares nothing.
    """

    everywhere = True

    name: Value | None
    runtime: Value | None
    code: Value | None
    published: Flag
    reads: Reads | None
    stores: tuple[KeyValueStore | Unresolved, ...]


class Qualifier(Enum):
    """What of a Lambda function is named."""

    VERSION = "version"
    LATEST = "$LATEST"
    ALIAS = "alias"
    UNKNOWN = "unknown"


@thing
class FunctionAssociation(Thing):
    """A function on an event of a behavior.

    Attributes:
        event: ``viewer-request``, ``origin-request``, ``origin-response`` or ``viewer-response``.
        arn: As the template names it.
        at_edge: Whether it is Lambda@Edge; a CloudFront Function otherwise.
        include_body: Whether it gets the body of requests; of Lambda@Edge only.
        function: Unresolved where it is not in these templates.
        qualifier: What of it is named; of Lambda@Edge only.
        version: The version, where it is in these templates.
        held_by: What holds another stack to its value, where the template has it from there: ``Fn::ImportValue``, or
            the type of a custom resource; None where nothing does.
        behavior: Whose event it is.
    """

    everywhere = True

    event: Value
    arn: Value
    at_edge: bool
    include_body: Flag
    function: Function | ViewerFunction | Unresolved
    qualifier: Qualifier
    version: FunctionVersion | None
    held_by: str | None
    behavior: CacheBehavior | None = None


@thing
class CustomPolicy(Thing):
    """A cache policy or an origin request policy that is made in these templates, whoever has it.

    Attributes:
        policy: What it says.
        headers: The names of headers that it lists, as the template has them.
        cookies: Those of cookies.
        query_strings: Those of parameters.
    """

    everywhere = True

    policy: CachePolicy | OriginRequestPolicy
    headers: tuple[Value, ...]
    cookies: tuple[Value, ...]
    query_strings: tuple[Value, ...]


@thing
class CacheBehavior(Thing):
    """Requests of some paths, and what is done with them.

    Attributes:
        pattern: ``*`` for the default one.
        viewer_protocol_policy: ``allow-all``, ``redirect-to-https`` or ``https-only``.
        target: Unresolved where the distribution has no such origin, or nothing tells which.
        target_id: As the template has it.
        origin_request_policy: None where it has none.
        removes_set_cookie: Whether its response headers policy removes Set-Cookie from answers.
    """

    everywhere = True

    pattern: Value
    is_default: bool
    viewer_protocol_policy: Value
    allowed_methods: frozenset[str] | Unresolved
    cached_methods: frozenset[str] | Unresolved
    target: Origin | OriginGroup | Unresolved
    target_id: Value
    cache_policy: CachePolicy | Unresolved
    origin_request_policy: OriginRequestPolicy | Unresolved | None
    removes_set_cookie: bool | Unresolved
    functions: tuple[FunctionAssociation, ...]

    @property
    def origins(self) -> tuple[Origin, ...]:
        """The origins that may answer, as far as they are known."""
        if isinstance(self.target, Unresolved):
            return ()
        members = self.target.members if isinstance(self.target, OriginGroup) else (self.target,)
        return tuple(origin for origin in members if isinstance(origin, Origin))


@thing
class GeoRestriction(Thing):
    """Which countries' viewers CloudFront answers with 403.

    Attributes:
        kind: ``none``, ``whitelist`` (all but these) or ``blacklist`` (these).
        countries: Codes of countries.
    """

    everywhere = True

    kind: Value
    countries: tuple[Value, ...]


@thing
class ContinuousDeployment(Thing):
    """Which requests a staging distribution answers in place of the primary one.

    See https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/continuous-deployment.html

    Attributes:
        enabled: Whether any does.
        staging: The staging distributions' names.
        weight: The share of the requests; None where a header decides.
        header: The header that chooses them, as name and value; None where the weight decides.
    """

    everywhere = True

    enabled: Flag
    staging: tuple[Endpoint, ...]
    weight: Value | None
    header: tuple[Value, Value] | None


@thing
class Distribution(Thing):
    """A distribution. Its behaviors are in the order in which CloudFront tries them, the default one last.

    Attributes:
        enabled: Whether it answers at all.
        connection_mode: ``direct``; ``tenant-only`` for one that answers by its tenants' names alone.
        staging: Whether it is for requests of a continuous deployment only.
        default_root_object: What is asked for in place of ``/``; None where ``/`` is asked for itself.
        price_class: Which edge locations answer, as CloudFront calls it.
        http_version: Which versions viewers may speak, as CloudFront calls it.
        ipv6: Whether viewers may come by IPv6.
        certificate_arn: The ARN of its certificate in ACM, as the template has it.
        own_certificate: Whether it names a certificate at all, in ACM or IAM; without one viewers get CloudFront's,
            which is for no alias.
        log_bucket: Where standard logs (legacy) go; None without them.
    """

    everywhere = True

    enabled: Flag
    connection_mode: Value
    staging: Flag
    continuous_deployment: ContinuousDeployment | Unresolved | None
    default_root_object: Value | None
    geo_restriction: GeoRestriction | Unresolved | None
    price_class: Value
    http_version: Value
    ipv6: Flag
    aliases: tuple[Value, ...]
    origins: tuple[Origin, ...]
    origin_groups: tuple[OriginGroup, ...]
    behaviors: tuple[CacheBehavior, ...]
    error_responses: tuple[ErrorResponse, ...]
    certificate: Certificate | Unresolved | None
    certificate_arn: Value | None
    own_certificate: Flag
    web_acl: Value | None
    log_bucket: Endpoint | None
    tenants: tuple[DistributionTenant, ...] = ()


@thing
class ConnectionGroup(Thing):
    """Where viewers of some tenants connect: records of tenants' domains lead to its routing endpoint."""

    everywhere = True

    name: Value
    enabled: Flag
    ipv6: Flag
    tenants: tuple[DistributionTenant, ...] = ()


@thing
class DistributionTenant(Thing):
    """Domains that a multi-tenant distribution answers, with what is their own.

    Attributes:
        domains: In lower case.
        connection_group: None for the account's default one.
        parameters: What stands in the distribution's origins where they say ``{{name}}``.
        certificate: Its own; None where it has the distribution's.
        certificate_arn: The same, as the template has it.
        geo_restriction: Its own; likewise.
    """

    everywhere = True

    name: Value
    enabled: Flag
    distribution: Distribution | Unresolved
    connection_group: ConnectionGroup | Unresolved | None
    domains: tuple[Value, ...]
    parameters: Mapping[str, Value]
    certificate: Certificate | Unresolved | None
    certificate_arn: Value | None
    geo_restriction: GeoRestriction | Unresolved | None
