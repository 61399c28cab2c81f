"""Path routing: the path of a request says which origin answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns
from constructs import Construct

from ..aws.distributions import BEHAVIORS, ORIGIN_GROUPS, ORIGINS
from ..aws.partitions import Service
from ..aws.path_patterns import covers
from ..cdk.partitions import require_service
from ..cdk.typed import typed
from ..cdk.validation import is_token, refusal, warn
from ..edge.distribution import EdgeDistribution
from ..edge.judged import tell_no_quotas
from ..edge.kept import ALL_BUT_HOST, NOT_KEPT, OPTIMIZED, behavior_fields
from ..edge.path_patterns import check_path_pattern
from ..origins import Endpoint, OriginSettings
from ..outage_failover.dns_failover import DnsFailover
from ..transient_errors.origin_failover import FailoverOriginGroup, read_behavior
from .latency_routing import LatencyRouting

_PAGE = "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesCacheBehavior.html"
# What AWS allows a distribution before a quota is raised: cloudfront-limits.html of its developer guide.
_QUOTAS = {"cache behaviors": BEHAVIORS, "origins": ORIGINS, "origin groups": ORIGIN_GROUPS}

#: What can answer a path.
Destination = Endpoint | FailoverOriginGroup | DnsFailover | LatencyRouting | cloudfront.IOrigin


@typed
@dataclass(frozen=True, kw_only=True)
class PathRoute:
    """A path pattern and what answers the paths that it matches.

    Example::

        PathRoute(path="/api1/*", to=Endpoint.api_gateway(domain_name="api1.example.com"))
        PathRoute(path="/catalog/*", to=FailoverOriginGroup(primary=ireland, secondary=virginia))
        PathRoute(path="*", to=Endpoint.bucket(bucket))

    Args:
        path: The path pattern, 1 to 255 characters. ``*`` matches any characters, none and ``/`` included; ``?``
            exactly one. Case counts, a leading slash does not, and the query is not looked at. ``/api/*`` does not
            match ``/api``. No path is changed on its way: an origin gets ``/api1/orders`` as it is.
        to: What answers: an endpoint, a bucket among them; an origin group; the name of a ``DnsFailover`` or of a
            ``LatencyRouting``; or any origin of the CDK.
        methods: Which methods viewers may use. Default: GET and HEAD for a group, a bucket and an origin of the CDK;
            all for anything else; GET and HEAD if answers are kept.
        cache_policy: Default: ``CACHING_OPTIMIZED`` for a bucket or a group of buckets, the CDK's own for an origin
            of the CDK, ``CACHING_DISABLED`` for anything else.
        origin_request_policy: Default: all that the viewer sends but the Host header; none for a bucket, a group of
            buckets and an origin of the CDK, and none if answers are kept. A policy is refused then if it sends what
            an answer may depend on and the cache key does not hold.
        settings: Attempts and time-outs; a group and an origin of the CDK have their own.
            Default: ``OriginSettings.patient()``.

    Raises:
        ValueError: A path that is no path pattern, or that none matches; writes to a bucket; settings for what has
            its own.

    See https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesCacheBehavior.html
    """

    path: str
    to: Destination
    methods: cloudfront.AllowedMethods | None = None
    cache_policy: cloudfront.ICachePolicy | None = None
    origin_request_policy: cloudfront.IOriginRequestPolicy | None = None
    settings: OriginSettings | None = None

    def __post_init__(self) -> None:
        check_path_pattern("path", self.path)
        if self.settings is not None and not isinstance(self.to, (Endpoint, DnsFailover, LatencyRouting)):
            raise ValueError(
                f"settings cannot be given for {self.path!r}: an origin group and an origin of the CDK have their "
                "own; give them there"
            )
        if self._is_bucket and "POST" in self._methods:
            raise ValueError(
                f"methods of {self.path!r} must be GET, HEAD and OPTIONS at most, got {', '.join(self._methods)}: "
                "CloudFront may only read the bucket; give writes a path of their own, to what takes them"
            )

    @property
    def _is_bucket(self) -> bool:
        return isinstance(self.to, Endpoint) and self.to.is_bucket

    @property
    def _methods(self) -> Sequence[str]:
        return self.methods.methods if self.methods is not None else ()

    def _endpoints(self) -> list[Endpoint]:
        """What CloudFront connects to, as far as it is known here."""
        match self.to:
            case Endpoint():
                return [self.to]
            case FailoverOriginGroup():
                return [self.to.primary, self.to.secondary]
            case DnsFailover() | LatencyRouting():
                return [self.to.endpoint()]
            case _:
                return []

    def _origin(self) -> cloudfront.IOrigin:
        if isinstance(self.to, (Endpoint, DnsFailover, LatencyRouting)):
            return self.to.origin(self.settings or OriginSettings.patient())
        return self.to

    def _behavior(self, scope: Construct, origin: cloudfront.IOrigin) -> cloudfront.BehaviorOptions:
        """The cache behavior, with the methods and policies right for what answers."""
        if isinstance(self.to, FailoverOriginGroup):
            return read_behavior(
                scope, self.to, self.cache_policy, self.origin_request_policy, self.methods, name=f"route {self.path!r}"
            )
        is_app = not self._is_bucket and isinstance(self.to, (Endpoint, DnsFailover, LatencyRouting))
        methods = cloudfront.AllowedMethods
        fields = behavior_fields(
            scope,
            cache_policy=self.cache_policy or (NOT_KEPT if is_app else OPTIMIZED),
            origin_request_policy=self.origin_request_policy,
            allowed_methods=self.methods,
            unkept_request_policy=ALL_BUT_HOST if is_app else None,
            unkept_methods=methods.ALLOW_ALL if is_app else methods.ALLOW_GET_HEAD,
            to_buckets=self._is_bucket or _is_s3(self.to),
            name=f"route {self.path!r}",
        )
        return cloudfront.BehaviorOptions(origin=origin, **fields)


def _is_s3(to: Destination) -> bool:
    """Whether an origin of the CDK is a bucket."""
    from aws_cdk import aws_cloudfront_origins as origins

    return isinstance(to, (origins.S3BucketOrigin, origins.S3StaticWebsiteOrigin))


@typed
class PathRouting(Construct):
    """A distribution that sends each path to its own origin: "/api1 to origin 1 and /api2 to origin 2".

    The guide's "Web applications with advanced routing", where the path is enough to decide: cache behaviors of
    CloudFront, without a function. The routes are one list, read from the top, and the first that matches answers.
    What no path could ever reach is refused, with the route that stands in its way.

    Routing alone fails nothing over: each path fails over as what answers it does, within the request for an origin
    group, with DNS for a ``DnsFailover`` or a ``LatencyRouting``, and not at all for a single endpoint.

    Creates an ``EdgeDistribution`` with one behavior a route; routes to the same endpoint share its origin.

    Example::

        PathRouting(
            self,
            "Site",
            routes=[
                PathRoute(path="/api1/*", to=Endpoint.api_gateway(domain_name="api1.example.com")),
                PathRoute(path="/api2/*", to=failover_pair),
                PathRoute(path="*", to=Endpoint.bucket(bucket)),
            ],
            domain_name="www.example.com",
            hosted_zone=zone,
        )

    Args:
        routes: In the order in which they are tried; the last has the path ``*`` and is the default behavior.
            CloudFront allows 75 unless the quota is raised.
        domain_name: The site's own name. Default: none, and then viewers may connect with TLS 1.0.
        hosted_zone: The public zone of that name, for its records and certificate. Default: none are made.
        certificate: A certificate for the name, in us-east-1. Default: one is made and validated in the zone.
        log_bucket: Where access logs go. Default: a bucket is made.
        web_acl_id: The ARN of a WAF web ACL. Default: none.

    Attributes:
        routes: As given.
        edge: The ``EdgeDistribution``, with certificate, log bucket and records.
        distribution: The CloudFront distribution.

    Raises:
        ValueError: No route of ``*`` at the end; a route that an earlier one leaves nothing; the site's own name as
            an origin; and as ``EdgeDistribution``.

    See https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesCacheBehavior.html
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        routes: Sequence[PathRoute],
        domain_name: str | None = None,
        hosted_zone: route53.IHostedZone | None = None,
        certificate: acm.ICertificate | None = None,
        log_bucket: s3.IBucket | None = None,
        web_acl_id: str | None = None,
    ) -> None:
        super().__init__(scope, construct_id)
        require_service(self, "path routing", Service.CLOUDFRONT)
        self.routes = tuple(routes)
        _check_order(self.routes)
        for index, route in enumerate(self.routes):
            for endpoint in route._endpoints():
                endpoint.require_other_name(f"routes[{index}]", domain_name)
                if hosted_zone is not None:
                    endpoint.warn_of_wildcard(self, f"routes[{index}]", domain_name)
        self._warn_of_quotas()
        origins: dict[tuple[int, OriginSettings | None], cloudfront.IOrigin] = {}
        behaviors: dict[str, cloudfront.BehaviorOptions] = {}
        for route in self.routes:
            origin = origins.setdefault((id(route.to), route.settings), route._origin())
            # With its slash, which means the same: a pattern of digits alone would lose its place in JavaScript.
            path = route.path if is_token(route.path) else f"/{route.path.removeprefix('/')}"
            behaviors[path] = route._behavior(self, origin)
        _, default = behaviors.popitem()
        self.edge = EdgeDistribution(
            self,
            "Edge",
            default_behavior=default,
            additional_behaviors=behaviors,
            domain_name=domain_name,
            hosted_zone=hosted_zone,
            certificate=certificate,
            log_bucket=log_bucket,
            web_acl_id=web_acl_id,
        )
        self.distribution = self.edge.distribution
        tell_no_quotas(self.distribution)

    def add_alarms(self, topic: sns.ITopic) -> list[cloudwatch.Alarm]:
        """An alarm on errors that viewers see. A ``DnsFailover`` or ``LatencyRouting`` has alarms of its own.

        Args:
            topic: Notified of each; in us-east-1, where CloudFront's metrics are.

        Raises:
            ValueError: The topic or this stack is in another Region, or alarms may not use the key of the topic.
        """
        return self.edge.add_alarms(topic)

    def _warn_of_quotas(self) -> None:
        destinations = {(id(route.to), route.settings): route.to for route in self.routes}.values()
        groups = sum(isinstance(destination, FailoverOriginGroup) for destination in destinations)
        counts = {
            "cache behaviors": len(self.routes),
            "origins": len(destinations) + groups,
            "origin groups": groups,
        }
        for what, count in counts.items():
            if count > _QUOTAS[what]:
                warn(
                    self,
                    "path-routing:quota",
                    f"the routes need {count} {what}, and CloudFront allows a distribution {_QUOTAS[what]} unless the "
                    "quota is raised: ask for a higher one before the deploy, or use fewer patterns",
                )


def _check_order(routes: Sequence[PathRoute]) -> None:
    paths = [route.path for route in routes]
    for (first, earlier), (second, later) in combinations(enumerate(paths), 2):
        if earlier != later and (is_token(earlier) or is_token(later) or not covers(earlier, later)):
            continue
        if earlier == later or covers(later, earlier):
            raise ValueError(
                f"routes[{second}] {later!r} is never reached: it matches the same paths as routes[{first}] "
                f"{earlier!r}, and the first match wins; leave one of them out"
            )
        raise ValueError(
            f"routes[{second}] {later!r} is never reached: routes[{first}] {earlier!r} matches all of its paths, and "
            f"the first match wins; put {later!r} before {earlier!r}, or leave it out"
        )
    if not paths or is_token(paths[-1]) or not covers(paths[-1], "*"):
        raise refusal(
            "routes",
            "a list that ends with the path '*'",
            paths,
            f"something must answer what no other route matches, see {_PAGE}",
        )
