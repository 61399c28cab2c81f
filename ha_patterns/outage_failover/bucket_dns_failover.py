"""Bucket failover by DNS: records name the bucket, and a function at the edge sends requests there."""

from __future__ import annotations

from collections.abc import Mapping

from aws_cdk import Duration
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns
from constructs import Construct

from ..aws.health_checks import LONGEST_TTL
from ..aws.partitions import Service
from ..cdk.partitions import require_service
from ..cdk.typed import typed
from ..cdk.validation import (
    check_choice,
    check_objective,
    check_public_zone,
    check_seconds,
    duration,
    is_token,
    refusal,
    total_seconds,
)
from ..edge.behaviors import reads_with
from ..edge.distribution import EdgeDistribution
from ..edge.functions import EdgeFunction
from ..edge.kept import behavior_fields
from ..edge.regions import stack_of
from ..origins import OriginSettings
from ..origins.buckets import BucketSet
from ..origins.declared import DeclaredOrigins
from ..origins.places import at_synth
from ._shared_name import full_name, warn_of_long_ttl, warn_of_one_check
from ._watching import check_fails, check_watches
from .alarm_checks import AlarmHealthCheck
from .bucket_probe import BucketProbe
from .failover_parts import FailoverParts
from .health_checks import require_same_stack, switch_seconds, time_to_notice

_FUNCTION = "bucket_dns_failover"
_ROUTINGS = ("failover", "latency")
_PAGE = "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/routing-policy-failover.html"
# What the function itself takes an answer for, at the least.
_LEAST_TTL = 5
_ROLES = (route53.Failover.PRIMARY, route53.Failover.SECONDARY)


@typed
class BucketDnsRouter(Construct):
    """TXT records that name the bucket to read from, and the function that asks for them at the edge.

    Buckets cannot share a DNS name, for S3 chooses the bucket by Host. So the records hold the Region of a bucket in
    place of an address, with the policies and health checks of any other record, and a function on CloudFront's
    origin request resolves them and sends the request there: domain name, Host and Region together, signed by one
    origin access identity, which is all that Lambda@Edge can sign with.

    The function keeps an answer for its TTL, and for 5 s at least. The first request of a container waits 1 s at most,
    a later one that has to ask 0.5 s. When DNS says nothing of use, the bucket that was named last serves, whatever its
    age, and DNS is left alone for 5 s; where nothing was ever named, the first bucket does. A record can name a bucket
    of the set and nothing else.

    The first bucket is the configured origin, whose name CloudFront resolves before the function runs. S3 answers for
    it as long as the bucket's Region has DNS.

    On an origin group (``FailoverOriginGroup(..., custom_headers=router.function.custom_headers)``) the first leg goes
    to the bucket that is named and the second to another.

    Creates TXT records; an ``AlarmHealthCheck`` for each probe, in the same stack; an origin access identity; the
    function (see ``EdgeFunction``). Never the zone, and no bucket's policy: see ``BucketReadPolicy``.

    Example::

        router = BucketDnsRouter(
            edge_stack,
            "Buckets",
            buckets=BucketPair(primary=bucket_in_ireland, secondary=bucket_in_frankfurt),
            hosted_zone=zone,
            record_name="bucket",
            health_checks={"eu-west-1": probe_in_ireland},
        )
        cloudfront.Distribution(edge_stack, "Site", default_behavior=router.behavior())

    Args:
        buckets: The buckets. A failover record has two, of which the first is the primary.
        hosted_zone: The public zone.
        record_name: The name of the records, relative to the zone or in full.
        health_checks: What tells of each bucket, by its Region: a ``BucketProbe``, or a check of yours, made in this
            stack. One that asks the bucket's own name over TCP tells whether S3 can be reached there, and nothing of
            what it answers. For failover the secondary may be left out, and counts as healthy.
        routing: ``failover``, or ``latency`` for the bucket nearest to the edge that is healthy. Default ``failover``.
        ttl: How long resolvers keep an answer, 5 to 3600 seconds. Default 60 seconds.
        origin_path: A path in every bucket that CloudFront puts before each request's own. Default: none.
        origin_access_identity: What reads the buckets. Default: one is made.
        recovery_time_objective: The longest the failover may take. Default: none.

    Attributes:
        buckets: As given.
        domain_name: The name of the records in full.
        ttl: How long resolvers keep an answer.
        records: The records, in the order of the buckets.
        health_checks: The checks that were made here.
        endpoints: The buckets as endpoints, read with the identity.
        origin_access_identity: What every bucket's ``BucketReadPolicy`` must admit.
        function: The ``EdgeFunction``.
        edge_lambda: The association, for the ``edge_lambdas`` of any behavior.

    Raises:
        ValueError: More than two buckets for failover; a bucket without health that would never be left; a check for
            a Region without a bucket, or of another stack; a probe or check of another Region's bucket; a Region that
            an identity cannot read; an objective that cannot be met. As ``EdgeFunction``.

    See https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/routing-policy-failover.html
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        buckets: BucketSet,
        hosted_zone: route53.IHostedZone,
        record_name: str,
        health_checks: Mapping[str, BucketProbe | route53.IHealthCheck],
        routing: str = "failover",
        ttl: Duration | None = None,
        origin_path: str | None = None,
        origin_access_identity: cloudfront.OriginAccessIdentity | None = None,
        recovery_time_objective: Duration | None = None,
    ) -> None:
        check_choice("routing", routing, _ROUTINGS, "the records of buckets know these two policies")
        super().__init__(scope, construct_id)
        require_service(self, "the function of a bucket router", Service.EDGE_FUNCTIONS)
        self.buckets = buckets
        self._routing = routing
        origins = DeclaredOrigins.buckets({bucket.region: bucket for bucket in buckets.buckets})
        regions = origins.names
        _check_health(routing, regions, health_checks)
        self.domain_name = full_name(record_name, check_public_zone(hosted_zone, self))
        self.ttl = _checked_ttl(ttl)
        warn_of_long_ttl(self, "bucket-dns", self.ttl, "bucket")
        self.health_checks: list[AlarmHealthCheck] = []
        self._checks = {region: self._check(region, given) for region, given in health_checks.items()}
        self.records = [
            route53.RecordSet(
                self,
                f"Record-{region}",
                zone=hosted_zone,
                # In full and with the final dot, so that the CDK does not add the zone to it once more.
                record_name=f"{self.domain_name}.",
                record_type=route53.RecordType.TXT,
                target=route53.RecordTarget.from_values(f'"{region}"'),
                ttl=self.ttl,
                set_identifier=region,
                health_check=self._checks.get(region),
                region=region if routing == "latency" else None,
                failover=_ROLES[place] if routing == "failover" else None,
            )
            for place, region in enumerate(regions)
        ]
        self.origin_access_identity = origin_access_identity or cloudfront.OriginAccessIdentity(
            self, "Identity", comment=f"Reads the buckets of {self.node.path}"
        )
        self.endpoints = buckets.endpoints(
            self, origin_path=origin_path, origin_access_identity=self.origin_access_identity
        )
        self._check_watched(health_checks)
        only_at_deploy = is_token(self.domain_name)
        self.function = EdgeFunction(
            self,
            "Function",
            function=_FUNCTION,
            event_type=cloudfront.LambdaEdgeEventType.ORIGIN_REQUEST,
            configuration={
                "longest_ttl": total_seconds("ttl", self.ttl),
                "origins": origins.configuration,
                "record_name": None if only_at_deploy else self.domain_name,
            },
            configuration_headers={
                **origins.configuration_headers,
                **({"record-name": self.domain_name} if only_at_deploy else {}),
            },
            # Origin Shield would have one Region ask for all the world.
            uses_region=routing == "latency",
            judges=[reads_with(stack_of(self), self.origin_access_identity, "origin() or endpoints")],
            description="Sends requests to the bucket that a TXT record names",
        )
        self.edge_lambda = self.function.edge_lambda
        checks = [self._checks.get(region) for region in regions]
        at_synth(self, lambda: warn_of_one_check(self, "bucket-dns", checks))
        if recovery_time_objective is not None:
            check_objective(recovery_time_objective, self.failover_time, str(self.failover_parts))

    @property
    def failover_time(self) -> Duration:
        """How long until all requests are sent to another bucket, when the Region of one is lost.

        The ``detection_time`` of its check, 5 s for Route 53 to answer by it (AWS publishes no figure), the TTL, and
        5 s in the function. With the Region the data of its ``BucketProbe`` stops, which takes 6 minutes to be
        noticed; a bucket that fails alone is left 3 minutes sooner.

        Raises:
            ValueError: A setting is a token, or a check has no ``detection_time``.
        """
        return self.failover_parts.failover_time

    @property
    def failover_parts(self) -> FailoverParts:
        """What ``failover_time`` is the sum of; ``drain`` is 0, since the function sends each request anew.

        The function keeps an answer no longer than resolvers do, but for 5 s at least, also one that is about to
        expire.

        Raises:
            ValueError: As ``failover_time``.
        """
        followed = [*self._checks.values()] if self._routing == "latency" else [self._checks[self._first]]
        ttl = total_seconds("ttl", self.ttl)
        times = [
            (total_seconds("detection_time", time_to_notice("failover_time", check)), switch_seconds(check, ttl))
            for check in followed
        ]
        detection, switch = max(times, key=sum)
        return FailoverParts.of_seconds(detection, switch + _LEAST_TTL, 0)

    def origin(self, settings: OriginSettings | None = None) -> cloudfront.IOrigin:
        """The configured origin: the first bucket, with what the function needs to be told.

        Args:
            settings: Attempts and time-outs, of whichever bucket is asked. Default: ``OriginSettings.patient()``.
        """
        return self.endpoints[0].origin(
            settings or OriginSettings.patient(), custom_headers=self.function.custom_headers
        )

    def behavior(
        self, settings: OriginSettings | None = None, *, cache_policy: cloudfront.ICachePolicy | None = None
    ) -> cloudfront.BehaviorOptions:
        """A behavior that reads the buckets, for any distribution of this stack.

        It sends nothing on that viewers sent: a bucket needs none of it, and an Authorization header would displace
        CloudFront's own signature.

        Args:
            settings: As ``origin``.
            cache_policy: Default: ``CACHING_OPTIMIZED``.
        """
        return cloudfront.BehaviorOptions(
            origin=self.origin(settings),
            edge_lambdas=[self.edge_lambda],
            viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
            compress=True,
            **behavior_fields(
                self,
                cache_policy=cache_policy or cloudfront.CachePolicy.CACHING_OPTIMIZED,
                origin_request_policy=None,
                to_buckets=True,
            ),
        )

    def add_alarms(self, topic: sns.ITopic) -> list[cloudwatch.Alarm]:
        """Alarms on the status of the health checks that were made here.

        Args:
            topic: Notified of each; in us-east-1, where the metric is.

        Raises:
            ValueError: The topic is in another Region, or alarms may not use its key.
        """
        return [alarm for check in self.health_checks for alarm in check.add_alarms(topic)]

    @property
    def _first(self) -> str:
        return self.buckets.buckets[0].region

    def _check_watched(self, health_checks: Mapping[str, BucketProbe | route53.IHealthCheck]) -> None:
        """Refuse a check that watches another bucket; probes tell their own."""
        endpoints = dict(zip((bucket.region for bucket in self.buckets.buckets), self.endpoints, strict=True))
        for region, given in health_checks.items():
            if not isinstance(given, BucketProbe):
                others = {f"the bucket in {other}": each for other, each in endpoints.items() if other != region}
                check_fails(f"health_checks[{region!r}]", given)
                check_watches(f"health_checks[{region!r}]", given, endpoints[region], others)

    def _check(self, region: str, given: BucketProbe | route53.IHealthCheck) -> route53.IHealthCheck:
        if not isinstance(given, BucketProbe):
            require_same_stack(f"health_checks[{region!r}]", given, self, "record")
            return given
        probed = given.bucket.region
        if probed != region:
            raise refusal(
                f"health_checks[{region!r}]",
                f"a probe of the bucket in {region}",
                f"one of {probed}",
                "it would take the wrong bucket out",
            )
        # Without data it is unhealthy: the probe ends with its Region.
        check = AlarmHealthCheck(self, f"HealthCheck-{region}", alarm=given.alarm)
        self.health_checks.append(check)
        return check


@typed
class BucketDnsFailover(Construct):
    """A distribution whose content is in private buckets, of which Route 53 names the one to read from.

    The guide's failover during origin outages for S3, whose buckets cannot share a DNS name: a function on the origin
    request asks Route 53 which bucket to read, and reroutes the request by domain name and Host together. Stateful:
    once a bucket is unhealthy no request waits for it, and with latency records each is served by the nearest. Until
    then requests that the cache cannot answer fail; ``BucketFailover`` is the other way round.

    GET and HEAD only. Put objects straight into either bucket; ``BucketReplication`` copies them to the other.

    Creates a ``BucketDnsRouter`` and an ``EdgeDistribution``. The buckets' policies are made by ``BucketReadPolicy`` in
    a stack of each Region, deployed after this one, or by hand out of ``NamedBucket.policy_output``; until then
    CloudFront gets 403.

    Example::

        content = BucketPair(primary=bucket_in_ireland, secondary=bucket_in_frankfurt)
        site = BucketDnsFailover(
            edge_stack,
            "Site",
            buckets=content,
            record_name="bucket.www",
            health_checks={
                "eu-west-1": BucketProbe(ireland, "Probe", bucket=content.primary, probe_name="content-ireland"),
                "eu-central-1": BucketProbe(frankfurt, "Probe", bucket=content.secondary, probe_name="content-main"),
            },
            domain_name="www.example.com",
            hosted_zone=zone,
        )
        for stack, bucket in ((later_in_ireland, content.primary), (later_in_frankfurt, content.secondary)):
            BucketReadPolicy(stack, "Policy", bucket=bucket, origin_access_identity=site.origin_access_identity)
        for stack in (logs_in_ireland, logs_in_frankfurt):
            EdgeFunctionLogs(stack, "Logs", function=site.function)

    Args:
        buckets: See ``BucketDnsRouter``.
        record_name: See ``BucketDnsRouter``.
        health_checks: See ``BucketDnsRouter``.
        hosted_zone: The public zone of the records, and of the site's name.
        routing: ``failover`` or ``latency``. Default ``failover``.
        ttl: How long resolvers keep an answer, 5 to 3600 seconds. Default 60 seconds.
        origin_path: A path in every bucket that CloudFront puts before each request's own. Default: none.
        origin_access_identity: What reads the buckets. Default: one is made.
        settings: How long to wait for a bucket. Default: ``OriginSettings.patient()``.
        domain_name: The site's own name. Default: none, and then viewers may connect with TLS 1.0.
        certificate: A certificate for the name, in us-east-1. Default: one is made and validated in the zone.
        default_root_object: The key that a request for ``/`` gets, such as ``index.html``. Default: none.
        cache_policy: Default: ``CACHING_OPTIMIZED``.
        log_bucket: Where access logs go. Default: a bucket is made.
        web_acl_id: The ARN of a WAF web ACL. Default: none.
        recovery_time_objective: The longest the failover may take. Default: none.

    Attributes:
        distribution: The CloudFront distribution.
        edge: The ``EdgeDistribution``, with certificate, log bucket and records of the site's name.
        router: The ``BucketDnsRouter``, with the records and their checks.
        function: The ``EdgeFunction``, for ``EdgeFunctionLogs``.
        origin_access_identity: What the buckets' policies have to let read.

    Raises:
        ValueError: As ``BucketDnsRouter`` and ``EdgeDistribution``.

    See https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-examples.html
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        buckets: BucketSet,
        record_name: str,
        health_checks: Mapping[str, BucketProbe | route53.IHealthCheck],
        hosted_zone: route53.IHostedZone,
        routing: str = "failover",
        ttl: Duration | None = None,
        origin_path: str | None = None,
        origin_access_identity: cloudfront.OriginAccessIdentity | None = None,
        settings: OriginSettings | None = None,
        domain_name: str | None = None,
        certificate: acm.ICertificate | None = None,
        default_root_object: str | None = None,
        cache_policy: cloudfront.ICachePolicy | None = None,
        log_bucket: s3.IBucket | None = None,
        web_acl_id: str | None = None,
        recovery_time_objective: Duration | None = None,
    ) -> None:
        super().__init__(scope, construct_id)
        self.router = BucketDnsRouter(
            self,
            "Router",
            buckets=buckets,
            hosted_zone=hosted_zone,
            record_name=record_name,
            health_checks=health_checks,
            routing=routing,
            ttl=ttl,
            origin_path=origin_path,
            origin_access_identity=origin_access_identity,
            recovery_time_objective=recovery_time_objective,
        )
        self.function = self.router.function
        self.origin_access_identity = self.router.origin_access_identity
        self.edge = EdgeDistribution(
            self,
            "Edge",
            default_behavior=self.router.behavior(settings, cache_policy=cache_policy),
            domain_name=domain_name,
            hosted_zone=hosted_zone if domain_name is not None else None,
            certificate=certificate,
            default_root_object=default_root_object,
            log_bucket=log_bucket,
            web_acl_id=web_acl_id,
        )
        self.distribution = self.edge.distribution

    @property
    def failover_time(self) -> Duration:
        """How long until all requests are sent to another bucket; see ``BucketDnsRouter``."""
        return self.router.failover_time

    @property
    def failover_parts(self) -> FailoverParts:
        """What ``failover_time`` is the sum of; see ``BucketDnsRouter``."""
        return self.router.failover_parts

    def add_alarms(self, topic: sns.ITopic) -> list[cloudwatch.Alarm]:
        """Alarms on the buckets' health, and on errors that viewers see.

        Args:
            topic: Notified of each; in us-east-1, where the metrics are.

        Raises:
            ValueError: The topic is in another Region, or alarms may not use its key.
        """
        return [*self.router.add_alarms(topic), *self.edge.add_alarms(topic)]


def _checked_ttl(ttl: Duration | None) -> Duration:
    if ttl is None:
        return duration(60)
    check_seconds(
        "ttl", ttl, _LEAST_TTL, LONGEST_TTL, "the function asks no more often, and a bucket is read that long after"
    )
    return ttl


def _check_health(
    routing: str, regions: list[str], health_checks: Mapping[str, BucketProbe | route53.IHealthCheck]
) -> None:
    if routing == "failover" and len(regions) != 2:
        raise refusal(
            "buckets",
            "two for failover, a primary and a secondary",
            regions,
            f"Route 53 knows no third, see {_PAGE}; use routing='latency'",
        )
    for region in health_checks:
        if region not in regions:
            raise refusal(
                "health_checks", f"by the Regions of the buckets, {', '.join(regions)}", region, "it checks no bucket"
            )
    for region in regions if routing == "latency" else regions[:1]:
        if region not in health_checks:
            raise ValueError(
                f"health_checks[{region!r}] is missing: Route 53 would name that bucket for as long as it is out; give "
                "a BucketProbe of it, or a health check"
            )
