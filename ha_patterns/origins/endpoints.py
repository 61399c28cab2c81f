"""Where an application is served from: what CloudFront connects to, and what a DNS record points at."""

from __future__ import annotations

import functools
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NoReturn, cast

import jsii
from aws_cdk import Annotations, Aws, CfnResource, Duration, Stack
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as cloudfront_origins
from aws_cdk import aws_route53 as route53
from constructs import Construct, IConstruct

from ..aws.certificates import covers
from ..aws.distributions import LONGEST_ORIGIN_ID, ORIGIN_PORTS, OTHER_ORIGIN_PORTS
from ..aws.headers import FORBIDDEN_HEADER_PREFIXES, FORBIDDEN_HEADERS
from ..aws.health_checks import DEFAULT_PORTS
from ..aws.names import (
    BUCKETS,
    BY_OWN_NAME,
    ONE_SCHEME,
    OriginKind,
    answers_at,
    has_no_certificate,
    is_internal_balancer,
    other_scheme,
)
from ..cdk.marks import mark
from ..cdk.properties import properties_of
from ..cdk.structs import replace_fields
from ..cdk.told import told, told_text, usual, with_defaults, with_usual
from ..cdk.typed import check_typed, typed
from ..cdk.validation import (
    check_domain_name,
    check_header,
    check_path,
    check_public_address,
    check_whole_number,
    is_token,
    normal_address,
    normal_name,
    refusal,
    shown,
    template_seconds,
    warn,
)
from ..edge.judged import is_own_name, judge_distribution
from ..edge.regions import region_of
from ._behaviors import Behavior, no_origin_functions, validate_behaviors, validate_distribution
from .adapted import AdaptedConnection, VpcConnection, check_origin, is_bucket, refuse_origin_functions
from .closed_apis import closed_api, may_be_of_api
from .places import (
    ORIGIN_PLACE,
    WHY_NOT_INTERNAL,
    fault_of_listeners,
    made_balancer,
    named_balancer,
    names_of,
    place_of,
    refuse_at_synth,
    require_public,
    rests_on_constructs,
    told_region,
)
from .settings import OriginSettings

if TYPE_CHECKING:
    # What only one kind of endpoint needs is imported where that is made: all of it takes a fifth of a second.
    from aws_cdk import aws_apigateway as apigateway
    from aws_cdk import aws_apigatewayv2 as apigatewayv2
    from aws_cdk import aws_elasticloadbalancingv2 as elbv2
    from aws_cdk import aws_globalaccelerator as globalaccelerator
    from aws_cdk import aws_s3 as s3

    from .guard import OriginGuard

# What templates call them: in Python the values of the CDK's enumerations are their names.
_PROTOCOLS = {
    cloudfront.OriginProtocolPolicy.HTTP_ONLY: "http-only",
    cloudfront.OriginProtocolPolicy.MATCH_VIEWER: "match-viewer",
    cloudfront.OriginProtocolPolicy.HTTPS_ONLY: "https-only",
}

_API_DOMAINS = ("AWS::ApiGateway::DomainName", "AWS::ApiGatewayV2::DomainName")
# The name of a load balancer of this app, as a message tells it.
_OWN_NAME = "the name that AWS gives it"
_OVER_HTTP = {"http-only": True, "https-only": False}
# What the CDK says of an imported bucket: its policy is yours to extend.
_POLICY_WARNINGS = (
    "@aws-cdk/aws-cloudfront-origins:updateImportedBucketPolicyOac",
    "@aws-cdk/aws-cloudfront-origins:updateImportedBucketPolicyOai",
)


@typed
class Endpoint:
    """One place that serves the application: an on-premises host, a Regional API, a load balancer, a bucket.

    An endpoint knows its own name, whether it accepts the viewer's Host header, and what a DNS record needs to point
    at it. So the same endpoint can be a member of an origin group, of a failover record pair, or of both. Make one
    with the method of its kind.

    Example::

        Endpoint.http_host("dc1.example.com", ipv4_addresses=["203.0.113.10"])
        Endpoint.api_gateway(api=rest_api)
        Endpoint.load_balancer(alb, domain_name="eu-west-1.example.com")
        Endpoint.bucket(bucket)

    Attributes:
        domain_name: The name that reaches this endpoint and no other; None where it has none.
        is_bucket: Whether it is an S3 bucket.
        accepts_viewer_host: Whether requests may arrive with the viewer's Host header. API Gateway and S3 choose
            the API or bucket by Host, and answer 403 or 404 to any but their own.
        alias_target: What an alias record to it holds; None where there is nothing to alias.
        ipv4_addresses: What an A record to it holds; empty where an alias or a CNAME does it.
        ipv6_addresses: What an AAAA record to it holds.
        protocol_policy: How CloudFront connects.
        http_port: Where it speaks HTTP.
        https_port: Where it speaks HTTPS.
        origin_path: What CloudFront puts before each request's own path, at the endpoint's own name.
        guard: The ``OriginGuard`` whose header CloudFront sends to it; None where it sends none.
        source: The load balancer, API or bucket that it was made of; None for anything else.
        custom_domain: The custom domain of API Gateway that its alias is of; None for anything else.
        behind: The endpoints that share its name; empty if it is the name of one place.
        lists_keys: Whether a bucket answers 404 for a key that it does not have, since its reader may list keys.
        by_cloudfront_only: Whether CloudFront alone can reach it, or knows how to: an origin of the CDK, or a VPC
            origin. It can be a member of an origin group, and of no pair of records and no router.
    """

    source: IConstruct | None = None
    custom_domain: IConstruct | None = None
    behind: tuple[Endpoint, ...] = ()
    lists_keys = False

    def __init__(
        self,
        *,
        domain_name: str | None,
        connection: _Connection | None,
        accepts_viewer_host: bool,
        is_bucket: bool = False,
        alias_target: route53.IAliasRecordTarget | None = None,
        alias_of: object = None,
        ipv4_addresses: Sequence[str] = (),
        ipv6_addresses: Sequence[str] = (),
        protocol_policy: cloudfront.OriginProtocolPolicy = cloudfront.OriginProtocolPolicy.HTTPS_ONLY,
        http_port: int = 80,
        https_port: int = 443,
        origin_path: str | None = None,
        guard: OriginGuard | None = None,
    ) -> None:
        """Not called directly: use the method of the kind of endpoint."""
        self.domain_name = domain_name
        self.accepts_viewer_host = accepts_viewer_host
        self.is_bucket = is_bucket
        self.alias_target = alias_target
        self.ipv4_addresses = tuple(ipv4_addresses)
        self.ipv6_addresses = tuple(ipv6_addresses)
        self.protocol_policy = protocol_policy
        self.http_port = http_port
        self.https_port = https_port
        self.origin_path = origin_path
        self.guard = guard
        self._connection = connection
        self._alias_of = alias_of

    @classmethod
    def http_host(
        cls,
        domain_name: str | None = None,
        *,
        ipv4_addresses: Sequence[str] = (),
        ipv6_addresses: Sequence[str] = (),
        alias_target: route53.IAliasRecordTarget | None = None,
        origin_path: str | None = None,
        protocol_policy: cloudfront.OriginProtocolPolicy = cloudfront.OriginProtocolPolicy.HTTPS_ONLY,
        http_port: int = 80,
        https_port: int = 443,
        accepts_viewer_host: bool = True,
        guard: OriginGuard | None = None,
    ) -> Endpoint:
        """A host that speaks HTTP, in AWS or on premises.

        Args:
            domain_name: Its own name. CloudFront connects to names only; a host known by its addresses alone can
                still be a member of a failover record pair. Its certificate must cover this name, or the viewer's
                name where that is forwarded as Host.
            ipv4_addresses: Public addresses for an A record. Default: none.
            ipv6_addresses: Public addresses for an AAAA record. Default: none.
            alias_target: What alias records to it hold, in place of addresses; any target of
                ``aws_cdk.aws_route53_targets`` will do. Default: none.
            origin_path: A path that CloudFront puts before each request's own, such as ``/prod``. Default: none.
            protocol_policy: How CloudFront connects. Default: HTTPS only, TLS 1.2.
            http_port: 80, 443, or 1024 to 65535. Default 80.
            https_port: 80, 443, or 1024 to 65535. Default 443.
            accepts_viewer_host: False where the host answers to its own name only. Default True.
            guard: Have CloudFront send its header, which the host checks, leaving the guard's health path open.
                Default: none.

        Raises:
            ValueError: Neither name, address nor alias; an address that is not one of its family; a bad path or port.
        """
        if domain_name is None and not (ipv4_addresses or ipv6_addresses or alias_target):
            raise ValueError(
                "domain_name, ipv4_addresses, ipv6_addresses and alias_target are all missing: "
                "an HTTP host needs at least one of them to be reached by"
            )
        if alias_target is not None and (ipv4_addresses or ipv6_addresses):
            raise ValueError("alias_target and addresses exclude each other: a record holds the one or the other")
        for argument, addresses, version in (
            ("ipv4_addresses", ipv4_addresses, 4),
            ("ipv6_addresses", ipv6_addresses, 6),
        ):
            for address in () if is_token(addresses) else addresses:
                check_public_address(argument, address, version)
        for argument, port in (("http_port", http_port), ("https_port", https_port)):
            if port not in ORIGIN_PORTS:
                lowest, highest = OTHER_ORIGIN_PORTS[0], OTHER_ORIGIN_PORTS[-1]
                why = "CloudFront connects to 80, 443 and these ports only"
                check_whole_number(argument, port, lowest, highest, why)
        path = _checked_origin_path(origin_path)
        source = None if domain_name is None else named_balancer(domain_name)
        if domain_name is not None and source is not None:
            require_public("domain_name", domain_name, source)
        if domain_name is not None:
            check_domain_name("domain_name", domain_name, "CloudFront connects to origins by name")
            if is_internal_balancer(domain_name):
                raise refusal("domain_name", "a host that faces the internet", domain_name, WHY_NOT_INTERNAL)
        endpoint = cls(
            domain_name=domain_name,
            connection=None
            if domain_name is None
            else HttpConnection(domain_name, path, protocol_policy, http_port, https_port),
            accepts_viewer_host=accepts_viewer_host,
            alias_target=alias_target,
            alias_of=alias_target,
            ipv4_addresses=ipv4_addresses,
            ipv6_addresses=ipv6_addresses,
            protocol_policy=protocol_policy,
            http_port=http_port,
            https_port=https_port,
            origin_path=path,
            guard=guard,
        )
        endpoint.source = source
        return endpoint

    @classmethod
    def api_gateway(
        cls,
        *,
        api: apigateway.IRestApi | apigatewayv2.IHttpApi | None = None,
        domain_name: str | None = None,
        custom_domain: apigateway.IDomainName | apigatewayv2.IDomainName | None = None,
        origin_path: str | None = None,
        guard: OriginGuard | None = None,
    ) -> Endpoint:
        """A Regional API of API Gateway, reached by its own name.

        Args:
            api: The API; CloudFront connects to its ``execute-api`` name. Give this or ``domain_name``.
            domain_name: A custom domain name of the API in this Region alone, such as ``eu-west-1.api.example.com``.
            custom_domain: The custom domain that serves the *shared* name in this Region, which a failover record
                points at. API Gateway answers no name it has no custom domain for, so a failover pair needs one,
                with a certificate for the shared name, in each Region. Default: none.
            origin_path: A path that CloudFront puts before each request's own. Default: the stage, ``/prod`` for
                one, of a REST API reached by its ``execute-api`` name; none otherwise.
            guard: Have CloudFront send its header. API Gateway does not check it: a web ACL or a Lambda authorizer of
                yours does, leaving the guard's health path open. Default: none.

        Raises:
            ValueError: Both or neither of ``api`` and ``domain_name``; an API or custom domain that is
                edge-optimised, which would put a second CloudFront behind this one; an API whose own name is turned
                off; a custom domain in another Region than the API; a REST API whose stage is not
                known, without an ``origin_path``.

        See https://docs.aws.amazon.com/apigateway/latest/developerguide/dns-failover.html
        """
        from aws_cdk import aws_apigateway as apigateway
        from aws_cdk import aws_route53_targets as targets

        if (api is None) == (domain_name is None):
            raise ValueError("api and domain_name: give exactly one of them, as the name that CloudFront connects to")
        if api is not None:
            _require_regional("api", api)
            _require_own_name(api)
            region = _region_of_api(api) or Stack.of(api).region
            api_id = api.rest_api_id if hasattr(api, "rest_api_id") else api.api_id
            domain_name = f"{api_id}.execute-api.{region}.{Aws.URL_SUFFIX}"
            if origin_path is None and isinstance(api, apigateway.RestApiBase):
                origin_path = f"/{_stage_name(api)}"
        alias: route53.IAliasRecordTarget | None = None
        if custom_domain is not None:
            _require_regional("custom_domain", custom_domain)
            _require_same_region(api, custom_domain)
            if hasattr(custom_domain, "regional_domain_name"):
                http_domain = cast("apigatewayv2.IDomainName", custom_domain)
                alias = targets.ApiGatewayv2DomainProperties(
                    http_domain.regional_domain_name, http_domain.regional_hosted_zone_id
                )
            else:
                alias = targets.ApiGatewayDomain(custom_domain)
        endpoint = cls.http_host(
            domain_name, alias_target=alias, origin_path=origin_path, accepts_viewer_host=False, guard=guard
        )._alias_to(custom_domain, api or custom_domain)
        endpoint.custom_domain = custom_domain
        return endpoint

    @classmethod
    def load_balancer(
        cls,
        load_balancer: elbv2.ILoadBalancerV2,
        *,
        domain_name: str | None = None,
        protocol_policy: cloudfront.OriginProtocolPolicy = cloudfront.OriginProtocolPolicy.HTTPS_ONLY,
        http_port: int = 80,
        https_port: int = 443,
        guard: OriginGuard | None = None,
    ) -> Endpoint:
        """An Application or Network Load Balancer that faces the internet.

        Args:
            load_balancer: The load balancer.
            domain_name: A name of this load balancer alone that its certificate covers. No certificate can cover
                the name that AWS gives it, so HTTPS needs this; with ``HTTP_ONLY`` the given name is the default.
            protocol_policy: How CloudFront connects. Default: HTTPS only, TLS 1.2.
            http_port: 80, 443, or 1024 to 65535. Default 80.
            https_port: 80, 443, or 1024 to 65535. Default 443.
            guard: Have CloudFront send its header, which a ``GuardedListener`` of an Application Load Balancer checks.
                Default: none.

        Raises:
            ValueError: HTTPS without a ``domain_name``; an internal load balancer, also one that is imported or looked
                up, if its name tells, which that of an internal Network Load Balancer does not, or if this app makes
                it. At synth, of a load
                balancer of this app: no listener at the port, one of another protocol, one that only redirects to
                HTTPS with ``HTTP_ONLY``, or certificates for other names.
        """
        from aws_cdk import aws_route53_targets as targets

        resource = made_balancer(load_balancer)
        if resource is not None and resource.scheme not in {None, "internet-facing"}:
            raise refusal(
                "load_balancer",
                "one that faces the internet",
                resource.scheme,
                WHY_NOT_INTERNAL,
            )
        # An import by its ARN alone has no name.
        given_name = _known_name(load_balancer)
        if given_name is not None and is_internal_balancer(given_name):
            raise refusal("load_balancer", "one that faces the internet", given_name, WHY_NOT_INTERNAL)
        if domain_name is None:
            if protocol_policy is not cloudfront.OriginProtocolPolicy.HTTP_ONLY:
                raise ValueError(
                    "domain_name is missing: CloudFront refuses a certificate that does not cover the name it "
                    "connects to, and none can cover the name AWS gives a load balancer; "
                    "give a name of your own that the listener's certificate covers"
                )
            domain_name = load_balancer.load_balancer_dns_name
        return cls.http_host(
            domain_name,
            alias_target=targets.LoadBalancerTarget(load_balancer),
            protocol_policy=protocol_policy,
            http_port=http_port,
            https_port=https_port,
            guard=guard,
        )._alias_to(getattr(load_balancer, "load_balancer_arn", load_balancer), load_balancer)

    @classmethod
    def accelerator(
        cls, accelerator: globalaccelerator.IAccelerator, *, domain_name: str, guard: OriginGuard | None = None
    ) -> Endpoint:
        """A Global Accelerator.

        Args:
            accelerator: The accelerator.
            domain_name: A name of this accelerator alone that the certificates behind it cover.
            guard: Have CloudFront send its header, which ``GuardedListener`` checks at the load balancers behind it.
                ``endpoint(guard=...)`` of an accelerator of this library also looks at its health checks.
                Default: none.
        """
        from aws_cdk import aws_route53_targets as targets

        return cls.http_host(
            domain_name, alias_target=targets.GlobalAcceleratorDomainTarget(accelerator.dns_name), guard=guard
        )._alias_to(accelerator.accelerator_arn)

    @classmethod
    def bucket(
        cls,
        bucket: s3.IBucket,
        *,
        origin_path: str | None = None,
        origin_access_identity: cloudfront.IOriginAccessIdentity | None = None,
        policy_elsewhere: bool = False,
    ) -> Endpoint:
        """An S3 bucket, read with origin access control.

        The bucket belongs to the stack of the distribution, and its policy is extended to let the distribution read;
        an imported bucket's policy is yours to extend. For two buckets of other stacks, see ``BucketPair``.

        Args:
            bucket: The bucket. One that is imported must be imported with its Region.
            origin_path: A path that CloudFront puts before each request's own. Default: none.
            origin_access_identity: Read with this identity, which edge functions need that change the bucket of a
                request. Default: origin access control.
            policy_elsewhere: The policy of an imported bucket is taken care of, so that no warning reminds of it.
                Default False.
        """
        path = _checked_origin_path(origin_path)
        origins = cloudfront_origins.S3BucketOrigin
        endpoint = cls(
            domain_name=bucket.bucket_regional_domain_name,
            connection=_BucketConnection(
                bucket,
                origins.with_origin_access_control(bucket, origin_path=path)
                if origin_access_identity is None
                else origins.with_origin_access_identity(
                    bucket, origin_path=path, origin_access_identity=origin_access_identity
                ),
                policy_elsewhere,
            ),
            accepts_viewer_host=False,
            is_bucket=True,
        )
        endpoint.source = bucket
        return endpoint

    @classmethod
    def from_origin(
        cls,
        origin: cloudfront.IOrigin,
        *,
        domain_name: str | None = None,
        accepts_viewer_host: bool = False,
        guard: OriginGuard | None = None,
    ) -> Endpoint:
        """Any single origin of the CDK, or of another library, as a member of an origin group.

        The group's settings (attempts and time-outs) replace those of the origin, so that ``failover_time`` stays true;
        a warning says which. The origin keeps its path, Origin Shield, access control and headers. Its Region stays
        unknown, unless its name tells it; that it is the same place as the other member is refused at synth in place
        of at once. It cannot be a member of a pair of records or a choice of a router.

        Example::

            Endpoint.from_origin(origins.FunctionUrlOrigin.with_origin_access_control(function_url))

        Args:
            origin: The origin; a group is refused.
            domain_name: The name that reaches it. Default: none; a distribution that uses it tells.
            accepts_viewer_host: Whether requests may arrive with the viewer's Host header; function URLs, APIs and
                buckets answer to their own name only. Default False.
            guard: Have CloudFront send its header. Default: none.

        Raises:
            ValueError: No origin of the CDK, or a group.

        See https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_cloudfront_origins-readme.html
        """
        check_origin(origin)
        if domain_name is not None:
            check_domain_name("domain_name", domain_name, "CloudFront connects to origins by name")
        return cls(
            domain_name=domain_name,
            connection=AdaptedConnection(origin),
            accepts_viewer_host=accepts_viewer_host,
            is_bucket=is_bucket(origin),
            guard=guard,
        )

    @classmethod
    def vpc_origin(
        cls,
        vpc_origin: cloudfront.IVpcOrigin,
        *,
        domain_name: str | None = None,
        origin_path: str | None = None,
        accepts_viewer_host: bool = True,
        guard: OriginGuard | None = None,
    ) -> Endpoint:
        """A load balancer or an instance in private subnets, which CloudFront alone reaches.

        Lambda@Edge at origin request or response is refused at synth: CloudFront does not run it in front of a VPC
        origin. It cannot be a member of a pair of records, since health checks do not reach it. The Region of the load
        balancer stays unknown, so no warning tells that both members of a group are in one.

        Example::

            private = cloudfront.VpcOriginEndpoint.application_load_balancer(alb)
            Endpoint.vpc_origin(
                cloudfront.VpcOrigin(self, "Private", endpoint=private), domain_name="eu-west-1.example.com"
            )

        Args:
            vpc_origin: The VPC origin, which says how CloudFront connects.
            domain_name: A name of yours that the certificate of the load balancer covers, which HTTPS needs; it need
                not resolve to it. Default: that of the load balancer or the instance at AWS.
            origin_path: A path that CloudFront puts before each request's own. Default: none.
            accepts_viewer_host: False if it answers to its own name only. Default True.
            guard: Have CloudFront send its header. Default: none.

        Raises:
            ValueError: A VPC origin that is imported, without a ``domain_name``; a bad path.

        See https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-vpc-origins.html
        """
        path = _checked_origin_path(origin_path)
        name = domain_name or vpc_origin.domain_name
        if name is None:
            raise ValueError(
                "domain_name is missing: an imported VPC origin does not tell the name of its load balancer; give that "
                "name, or one of yours that its certificate covers"
            )
        check_domain_name("domain_name", name, "CloudFront connects to origins by name")
        return cls(
            domain_name=name,
            connection=VpcConnection(vpc_origin, name, path),
            accepts_viewer_host=accepts_viewer_host,
            origin_path=path,
            guard=guard,
        )

    @property
    def is_s3(self) -> bool:
        """Whether S3 answers: it is a bucket, or a host whose name tells so."""
        return self.is_bucket or (self.domain_name is not None and answers_at(told(self.domain_name))[0] in BUCKETS)

    @property
    def by_cloudfront_only(self) -> bool:
        """Whether CloudFront alone can reach it, or knows how to."""
        return isinstance(self._connection, (AdaptedConnection, VpcConnection))

    def origin(
        self,
        settings: OriginSettings | None = None,
        *,
        custom_headers: Mapping[str, str] | None = None,
        host_is_set: bool = False,
        origin_id: str | None = None,
    ) -> EndpointOrigin:
        """An origin for any ``Distribution``.

        A behavior that forwards the viewer's Host header to an endpoint that answers to its own name only is refused
        at synth.

        Args:
            settings: Attempts and time-outs. Default: CloudFront's own; the origin's after ``from_origin``.
            custom_headers: Headers that CloudFront adds to each request to the origin, beside its guard's. Default:
                none.
            host_is_set: Whether an edge function on each behavior sets Host to the endpoint's own name, so that the
                viewer's may be forwarded. Default False.
            origin_id: Its id in the distribution, 1 to 128 characters, for functions that choose it by that. Default:
                one that the CDK makes for each distribution.

        Raises:
            ValueError: The endpoint has addresses but no name; a header that CloudFront does not let be set, or that
                the guard sets; an id that is too long.
        """
        if self._connection is None:
            raise ValueError(
                "domain_name is missing: CloudFront connects to origins by name, and this endpoint has addresses only; "
                "give it a name of its own that resolves to them"
            )
        from_guard = self.guard.headers if self.guard else {}
        for name, value in (custom_headers or {}).items():
            check_header("custom_headers", name, value)
            if name.lower() in from_guard:
                raise refusal("custom_headers", "without the guard's", name, "the guard sets it; leave it out")
            if name.lower() in FORBIDDEN_HEADERS or name.lower().startswith(FORBIDDEN_HEADER_PREFIXES):
                taken = ", ".join([*sorted(FORBIDDEN_HEADERS), *(f"{prefix}*" for prefix in FORBIDDEN_HEADER_PREFIXES)])
                raise refusal(
                    "custom_headers", f"none of {taken}", name, "CloudFront sets these itself; choose another name"
                )
        if origin_id is not None and not is_token(origin_id):
            _check_origin_id(origin_id)
        connection = self._connection
        if isinstance(connection, AdaptedConnection) and settings is None:
            connection = replace(connection, keeps_own=True)
        return EndpointOrigin(
            self,
            connection,
            settings or OriginSettings(),
            {**(custom_headers or {}), **from_guard},
            origin_id,
            takes_viewer_host=self.accepts_viewer_host or host_is_set,
            host_is_set=host_is_set,
        )

    def require_other_name(self, argument: str, site: str | None) -> None:
        """Refuse an endpoint whose name is the site's: CloudFront would be its own origin."""
        if site is not None and self.domain_name is not None and normal_name(self.domain_name) == normal_name(site):
            raise ValueError(
                f"domain_name and {argument} must be different names, got {site!r} for both: "
                "CloudFront would be its own origin"
            )

    def warn_of_wildcard(self, scope: Construct, argument: str, site: str | None) -> None:
        """Warn of an endpoint whose name the site's wildcard records answer, if it has none of its own."""
        name, site = None if self.domain_name is None else usual(self.domain_name), usual(site)
        below = "" if site is None or is_token(site) else normal_name(site).removeprefix("*")
        if site is None or not site.startswith("*.") or name is None or is_token(name):
            return
        if normal_name(name).endswith(below):
            warn(
                scope,
                "edge:wildcard-of-origin",
                f"the records of domain_name {site!r} answer for {name} of {argument} too, unless it has a record of "
                "its own: CloudFront would be its own origin; give the origin a name elsewhere, or see that it has one",
            )

    def shared_with(self, other: Endpoint) -> str | None:
        """The name, address or alias target that two endpoints share, so that one outage takes them both; or None."""
        if self.domain_name is not None and other.domain_name is not None:
            name = normal_name(self.domain_name)
            if name == normal_name(other.domain_name):
                return shown(name)
        mine, others = (
            {normal_address(address) for address in (*endpoint.ipv4_addresses, *endpoint.ipv6_addresses)}
            for endpoint in (self, other)
        )
        if mine & others:
            return min(mine & others)
        if self._alias_of is not None and self._alias_of == other._alias_of:
            return "one alias target"
        return None

    def shared_by_default(self, other: Endpoint) -> bool:
        """Whether the defaults of parameters give two endpoints one name or address; without them they share none."""
        mine, others = ({usual(each) for each in one.own_places} for one in (self, other))
        return not mine.isdisjoint(others)

    @property
    def own_places(self) -> Iterator[str]:
        """Its name, and its addresses."""
        if self.domain_name is not None:
            yield normal_name(self.domain_name)
        yield from map(normal_address, (*self.ipv4_addresses, *self.ipv6_addresses))

    def refuse_viewer_host(self, behavior: Behavior) -> str | None:
        """What is wrong with a behavior that sends the viewer's Host header here; None where nothing is."""
        if self.accepts_viewer_host or not behavior.forwards_host:
            return None
        return (
            f"{behavior.name} forwards the viewer's Host header to {shown(str(self.domain_name))}, "
            "which answers to its own name only (403 or 502): use OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER, "
            "and no cache policy with Host in the key"
        )

    def _alias_to(self, target: object, source: IConstruct | None = None) -> Endpoint:
        """Remember what the alias is of: each alias target of the CDK is another object, also for the same target."""
        self._alias_of = target
        self.source = source
        return self

    @property
    def __jsii_type__(self) -> NoReturn:
        """Asked by the CDK of a value that it was given: this one stands where an origin belongs."""
        check_typed("origin", self, cloudfront.IOrigin)
        raise AssertionError("an endpoint is no origin")

    def __repr__(self) -> str:
        known = [shown(self.domain_name)] if self.domain_name else [*self.ipv4_addresses, *self.ipv6_addresses]
        if isinstance(self._connection, AdaptedConnection) and not known:
            known = [type(self._connection.origin).__name__]
        return f"Endpoint({', '.join(known)})"


@dataclass(frozen=True)
class HttpConnection:
    """To a host that speaks HTTP; ``signs_for_regions`` if its origin access control signs with SigV4A."""

    domain_name: str
    origin_path: str | None = None
    protocol_policy: cloudfront.OriginProtocolPolicy = cloudfront.OriginProtocolPolicy.HTTPS_ONLY
    http_port: int = 80
    https_port: int = 443
    origin_access_control_id: str | None = None
    signs_for_regions: bool = False

    def properties(
        self,
        _scope: Construct,
        origin_id: str,
        _distribution_id: str | None,
        settings: OriginSettings,
        /,
        **common: Any,
    ) -> cloudfront.CfnDistribution.OriginProperty:
        return cloudfront.CfnDistribution.OriginProperty(
            id=origin_id,
            domain_name=self.domain_name,
            origin_path=self.origin_path,
            origin_access_control_id=self.origin_access_control_id,
            custom_origin_config=cloudfront.CfnDistribution.CustomOriginConfigProperty(
                origin_protocol_policy=_PROTOCOLS[self.protocol_policy],
                origin_ssl_protocols=["TLSv1.2"],
                http_port=self.http_port,
                https_port=self.https_port,
                origin_read_timeout=template_seconds(settings.response_timeout),
                origin_keepalive_timeout=template_seconds(settings.keepalive_timeout),
            ),
            **common,
        )


@dataclass(frozen=True)
class _BucketConnection:
    bucket: s3.IBucket
    origin: cloudfront.IOrigin
    policy_elsewhere: bool

    def properties(
        self, scope: Construct, origin_id: str, distribution_id: str | None, settings: OriginSettings, /, **common: Any
    ) -> cloudfront.CfnDistribution.OriginProperty:
        if self.bucket.node.default_child is not None and Stack.of(self.bucket) is not Stack.of(scope):
            raise ValueError(
                "bucket must be made in the distribution's stack or imported, got one of "
                f"{Stack.of(self.bucket).node.path}: its policy and the distribution would need each "
                "other; import it by name and Region with "
                "Bucket.from_bucket_attributes, and let its own stack grant the distribution to read "
                "(BucketPair and BucketReadPolicy do both)"
            )
        if self.policy_elsewhere:
            for warning in _POLICY_WARNINGS:
                Annotations.of(scope).acknowledge_warning(
                    warning, "BucketReadPolicy makes the policy, in a later stack"
                )
        bound = self.origin.bind(scope, origin_id=origin_id, distribution_id=distribution_id).origin_property
        assert isinstance(bound, cloudfront.CfnDistribution.OriginProperty)
        assert isinstance(bound.s3_origin_config, cloudfront.CfnDistribution.S3OriginConfigProperty)
        wait = template_seconds(settings.response_timeout)
        return replace_fields(
            bound, s3_origin_config=replace_fields(bound.s3_origin_config, origin_read_timeout=wait), **common
        )

    def other_region(self) -> Iterator[str]:
        """Why the Region that an imported bucket was given is not its own, if the bucket is of this app."""
        name, region = self.bucket.bucket_name, self.bucket.env.region
        for child in self.bucket.node.root.node.find_all():
            if not isinstance(child, CfnResource) or child.cfn_resource_type != "AWS::S3::Bucket":
                continue
            place = region_of(child)
            if is_token(place) or is_token(region) or place == region:
                continue
            if properties_of(child, "bucketName").get("bucketName") == name:
                yield (
                    f"bucket must be imported with its own Region, {place}, got {region} for {name}: S3 answers at "
                    "another host, and CloudFront gets redirects; give Bucket.from_bucket_attributes its region"
                )


#: How CloudFront connects to an endpoint.
_Connection = HttpConnection | _BucketConnection | AdaptedConnection | VpcConnection


@jsii.implements(cloudfront.IOrigin)
class EndpointOrigin:
    """An endpoint with settings, as an origin of the CDK; its own origins refuse tokens as settings."""

    def __init__(
        self,
        endpoint: Endpoint,
        connection: _Connection,
        settings: OriginSettings,
        custom_headers: Mapping[str, str],
        origin_id: str | None,
        *,
        takes_viewer_host: bool,
        host_is_set: bool,
    ) -> None:
        self._takes_viewer_host = takes_viewer_host
        self._host_is_set = host_is_set
        self._endpoint = endpoint
        self._connection = connection
        self._settings = settings
        self._custom_headers = custom_headers
        self._origin_id = origin_id

    @property
    def longest_wait(self) -> Duration:
        """The longest that a GET waits for an answer before CloudFront gives up.

        Raises:
            ValueError: A setting is a token; the origin is one of the CDK with settings of its own.
        """
        if isinstance(self._connection, AdaptedConnection) and self._connection.keeps_own:
            raise ValueError(
                f"settings are missing: how long CloudFront waits for {self._endpoint!r} is up to an origin "
                "that is not made here; give settings, which replace those of the origin"
            )
        return self._settings.worst_case_wait("GET")

    def bind(
        self, scope: Construct, *, origin_id: str, distribution_id: str | None = None
    ) -> cloudfront.OriginBindConfig:
        settings = self._settings
        completion = settings.response_completion_timeout
        properties = self._connection.properties(
            scope,
            self._origin_id or origin_id,
            distribution_id,
            settings,
            connection_attempts=settings.connection_attempts,
            connection_timeout=template_seconds(settings.connection_timeout),
            response_completion_timeout=None if completion is None else template_seconds(completion),
            origin_custom_headers=[
                cloudfront.CfnDistribution.OriginCustomHeaderProperty(header_name=name, header_value=value)
                for name, value in self._custom_headers.items()
            ]
            or None,
        )
        if self._origin_id is not None:
            # An origin of the CDK may have an id of its own.
            properties = replace_fields(properties, id=self._origin_id)
        if self._endpoint.domain_name is None:
            # An origin of the CDK tells its name to a distribution only.
            self._endpoint.domain_name = properties.domain_name
        if properties.vpc_origin_config is not None:
            validate_behaviors(scope, properties.id, refuse_origin_functions)
        self._warn_of_plain_guard(scope)
        distribution = scope.node.scope
        self._warn_of_waits(distribution or scope)
        if isinstance(self._connection, _BucketConnection) and self._connection.bucket.node.default_child is None:
            refuse_at_synth(scope, self._connection.other_region)
        self._judge_names(scope, distribution, properties.domain_name)
        if isinstance(properties.custom_origin_config, cloudfront.CfnDistribution.CustomOriginConfigProperty):
            self._judge_connection(scope, properties, properties.custom_origin_config)
        place = place_of(self._endpoint)
        if place is not None:
            mark(scope, ORIGIN_PLACE, place)
        if not self._takes_viewer_host:
            validate_behaviors(scope, properties.id, self._endpoint.refuse_viewer_host)
        elif not self._host_is_set and self._may_be_of(BY_OWN_NAME):
            judge = functools.partial(self._warn_of_viewer_host, distribution or scope)
            validate_distribution(scope, properties.id, judge)
        if isinstance(self._connection, HttpConnection) and self._connection.signs_for_regions:
            validate_behaviors(scope, properties.id, _refuse_origin_functions)
        return cloudfront.OriginBindConfig(origin_property=properties)

    def _warn_of_plain_guard(self, scope: Construct) -> None:
        if self._endpoint.guard and self._endpoint.protocol_policy is not cloudfront.OriginProtocolPolicy.HTTPS_ONLY:
            warn(
                scope,
                "origin-guard:plain-http",
                f"the guard's secret crosses the internet in the clear on the way to {self._endpoint!r}: connect with "
                "HTTPS_ONLY",
            )

    def _warn_of_waits(self, distribution: IConstruct) -> None:
        """Warn of time-outs above the quotas, and of what the default of a parameter makes refused."""
        settings, fault = with_usual(self._settings)
        above = settings.above_quotas(is_bucket=self._endpoint.is_bucket)
        if above:
            warn(
                distribution,
                "origin:quota",
                f"origin {self._endpoint!r} has {' and '.join(above)}, and CloudFront refuses more unless the quota is "
                "raised: ask for a higher one before the deploy, or wait for less long",
            )
        if fault is not None:
            warn(
                distribution,
                "origin:default",
                f"with the default of a parameter, CloudFront refuses origin {self._endpoint!r}: {fault}",
                rules=["HA012" if settings.is_capped_too_soon else "HA011"],
            )

    def _judge_connection(
        self,
        scope: Construct,
        properties: cloudfront.CfnDistribution.OriginProperty,
        config: cloudfront.CfnDistribution.CustomOriginConfigProperty,
    ) -> None:
        """Have it judged at synth whether anything answers there: a load balancer of this app, or a service of AWS."""
        endpoint, over = self._endpoint, _OVER_HTTP.get(str(config.origin_protocol_policy))
        if over is None or endpoint.is_bucket:
            return
        if isinstance(self._connection, AdaptedConnection) and endpoint.source is None:
            endpoint.source = named_balancer(properties.domain_name)
        ports = (config.http_port or DEFAULT_PORTS["HTTP"], config.https_port or DEFAULT_PORTS["HTTPS"])
        port = int(ports[0 if over else 1]) if not any(map(is_token, ports)) else None
        if self._may_be_of(ONE_SCHEME):
            refuse_at_synth(scope, functools.partial(self._other_scheme, Stack.of(scope), over_http=over))
        if port is not None and rests_on_constructs(endpoint):
            judge = functools.partial(self._faults_of_listeners, over_http=over, port=port)
            validate_distribution(scope, properties.id, judge)

    def _may_be_of(self, kinds: Container[OriginKind]) -> bool:
        """Whether a name of the endpoint may be of some kinds of origins, as far as it tells now."""
        return any(is_token(name) or answers_at(name.lower())[0] in kinds for name in names_of(self._endpoint))

    def _other_scheme(self, stack: Stack, *, over_http: bool) -> Iterator[str]:
        """Why a service of AWS does not answer: it knows one of HTTP and HTTPS only."""
        scheme = "HTTP" if over_http else "HTTPS"
        for name in names_of(self._endpoint):
            host = told_text(stack.resolve(name))
            why = other_scheme(answers_at(host)[0], scheme)
            if why is not None:
                yield f"CloudFront asks {host} over {scheme}, and {why}: give another protocol_policy"

    def _is_without_certificate(self) -> bool:
        """Whether CloudFront asks over HTTPS for a name that no certificate can be for."""
        name = self._endpoint.domain_name
        over_http = self._endpoint.protocol_policy is cloudfront.OriginProtocolPolicy.HTTP_ONLY
        return not over_http and name is not None and has_no_certificate(told(name))

    def _judge_names(self, scope: Construct, distribution: IConstruct | None, name: str) -> None:
        """Have the names behind the origin looked at when all is made."""
        if isinstance(self._connection, HttpConnection) and self._is_without_certificate():
            warn(
                distribution or scope,
                "origin:no-certificate",
                f"origin {self._endpoint!r} is asked over HTTPS by a name that AWS makes, for which nobody has a "
                "certificate: give it a name of your own, or ask it over HTTP; a certificate for the viewer's Host "
                "will do only where every behavior sends Host on",
            )
        if may_be_of_api(name):
            refuse_at_synth(scope, functools.partial(self._closed_api, scope, name))
        if distribution is not None:
            judge_distribution(distribution)
            if self._endpoint.behind:
                refuse_at_synth(scope, functools.partial(self._own_members, distribution))

    def _closed_api(self, scope: Construct, name: str) -> Iterator[str]:
        """Why an origin whose name was put together of that of an API does not answer: the API has it turned off."""
        if (api := closed_api(scope, name)) is not None:
            yield (
                f"CloudFront asks {api.node.path} by its execute-api name, which disable_execute_api_endpoint turns "
                "off: give a custom domain of the API in its Region as the name of the endpoint"
            )

    def _own_members(self, distribution: IConstruct) -> Iterator[str]:
        """Why the endpoints that share a name do not serve the distribution: one of them is itself."""
        resource = distribution.node.default_child
        if not isinstance(resource, cloudfront.CfnDistribution):
            return
        for endpoint in self._endpoint.behind:
            for name in names_of(endpoint):
                if is_own_name(resource, name):
                    yield (
                        f"{endpoint!r}, which {self._endpoint!r} leads to, must have another name than those of the "
                        "distribution: CloudFront would be its own origin; give the endpoint a name of its own"
                    )

    def _faults_of_listeners(self, behaviors: Sequence[Behavior], *, over_http: bool, port: int) -> Iterator[str]:
        """Why no load balancer of this app behind the endpoint serves CloudFront."""
        endpoint, name = self._endpoint, self._endpoint.domain_name
        hosts = [self._asked_of(name, one) for one in behaviors] if name is not None else []
        why = fault_of_listeners(endpoint, over_http=over_http, port=port, hosts=[one for one in hosts if one])
        if why is not None:
            yield f"CloudFront asks {endpoint!r} over {'HTTP' if over_http else 'HTTPS'} at port {port}, and {why}"

    def _warn_of_viewer_host(self, scope: IConstruct, behaviors: Sequence[Behavior]) -> Iterator[str]:
        """Warn of behaviors that send the viewer's Host to what answers to its own name only; refuses nothing."""
        sending = [one for one in behaviors if one.forwards_host and not one.chooses_origin]
        if not sending:
            return
        stack = Stack.of(scope)
        for name in names_of(self._endpoint):
            host = told_text(with_defaults(stack, stack.resolve(name)))
            kind, before, _ = answers_at(host)
            if kind not in BY_OWN_NAME:
                continue
            # S3 answers to the name of the bucket alone, too, and an API to its custom domains.
            others = list(_domains_of_apis(scope)) if kind is OriginKind.API else [before or ""]
            if not any(covers(others, alias) for alias in sending[0].aliases if alias is not None):
                warn(
                    scope,
                    "origin:viewer-host",
                    f"{' and '.join(one.name for one in sending)} forwards the viewer's Host header to {host}, which "
                    f"answers to its own name only ({kind.value}), so that viewers get 403: use "
                    "OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER, and no cache policy with Host in the key",
                )
                return
        yield from ()

    def _asked_of(self, name: str, behavior: Behavior) -> list[str]:
        """The names of which a certificate has to cover one; none if they are unknown."""
        if is_token(name):
            # No certificate of ours covers the name that AWS gives a load balancer.
            name = _OWN_NAME if named_balancer(name) is not None else ""
        if not name or (behavior.may_forward_host and not behavior.forwards_host):
            return []
        if not behavior.forwards_host:
            return [name]
        # A certificate may be for the Host that is sent, too.
        if behavior.chooses_origin or None in behavior.aliases:
            return []
        return [name, *filter(None, behavior.aliases)]


_refuse_origin_functions = no_origin_functions(
    "a Multi-Region Access Point, which CloudFront signs for with SigV4A and does not serve with such a function, "
    "alone or in an origin group: use viewer request, a CloudFront function, or BucketFailover; see "
    "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3-mrap.html"
)


def _domains_of_apis(scope: IConstruct) -> Iterator[str]:
    """The names of the custom domains of API Gateway in an app, as far as they are known."""
    for child in scope.node.root.node.find_all():
        if isinstance(child, CfnResource) and child.cfn_resource_type in _API_DOMAINS:
            name = properties_of(child, "domainName").get("domainName")
            if isinstance(name, str):
                yield name


def _check_origin_id(origin_id: str) -> None:
    if not 1 <= len(origin_id) <= LONGEST_ORIGIN_ID or not origin_id.isprintable():
        raise refusal(
            "origin_id", f"1 to {LONGEST_ORIGIN_ID} printable characters", origin_id, "CloudFront takes no other"
        )


def _checked_origin_path(path: str | None) -> str | None:
    if path is not None:
        check_path("origin_path", path, "CloudFront puts it before each request's own path")
        if not is_token(path) and path.endswith("/"):
            raise refusal("origin_path", "without a / at the end", path, "CloudFront would ask for // after it")
    return path


def _known_name(load_balancer: elbv2.ILoadBalancerV2) -> str | None:
    """The name of a load balancer, if it is known at synth."""
    try:
        name = load_balancer.load_balancer_dns_name
    except RuntimeError:  # what the CDK says where it is imported without one
        return None
    return None if is_token(name) else name


def _stage_name(api: apigateway.RestApiBase) -> str:
    try:
        return api.deployment_stage.stage_name
    except RuntimeError:  # what the CDK says where an API is imported, or deployed by other means
        raise ValueError(
            "origin_path is missing: the stage of an imported or not yet deployed REST API is not known here; "
            "give it as origin_path='/prod'"
        ) from None


def _require_own_name(api: Any) -> None:
    """Refuse an API that does not answer at its execute-api name."""
    resource = api.node.default_child
    if isinstance(resource, CfnResource) and properties_of(resource).get("disableExecuteApiEndpoint") is True:
        raise ValueError(
            f"api must answer at its execute-api name, got {resource.node.path}, where disable_execute_api_endpoint "
            "turns it off: give domain_name, a custom domain of the API in its Region, in place of api"
        )


def _require_same_region(api: Any, custom_domain: Any) -> None:
    """Refuse a custom domain in another Region than the API, as far as both are known."""
    here, there = _region_of_api(api), _region_of_api(custom_domain)
    if here is not None and there is not None and here != there:
        raise refusal(
            "custom_domain",
            f"in the Region of the API, {here}",
            f"one in {there}",
            "API Gateway maps a custom domain to APIs of its own Region only",
        )


def _region_of_api(construct: Any) -> str | None:
    """The Region of an API or a custom domain; None if it is not known, as of an import whose names do not tell."""
    if construct is None:
        return None
    if construct.node.default_child is None:
        return told_region(construct)
    region = region_of(construct)
    return None if is_token(region) else region


def _require_regional(argument: str, construct: Any) -> None:
    """Refuse an edge-optimised API or custom domain; one that is imported cannot be seen and passes."""
    from aws_cdk import aws_apigateway as apigateway

    resource = construct.node.default_child
    if isinstance(resource, apigateway.CfnRestApi):
        configuration = Stack.of(construct).resolve(resource.endpoint_configuration) or {}
        types = configuration.get("types") or ["EDGE"]
    elif isinstance(resource, apigateway.CfnDomainName):
        # The L2 fills in only the certificate of the kind of endpoint that was chosen.
        types = ["REGIONAL" if resource.regional_certificate_arn else "EDGE"]
    else:
        return
    if types != ["REGIONAL"]:
        raise refusal(
            argument,
            "a REGIONAL endpoint",
            "/".join(types),
            "anything else puts a second CloudFront behind this one; set endpoint_type",
        )
