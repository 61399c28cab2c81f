"""Hybrid failover: reads move within the request, writes with DNS."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aws_cdk import Duration
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns
from constructs import Construct

from ..aws.partitions import Service
from ..aws.path_patterns import covers
from ..cdk.partitions import require_service
from ..cdk.typed import typed
from ..cdk.validation import is_token, refusal
from ..edge.distribution import EdgeDistribution
from ..edge.kept import ALL_BUT_HOST, NOT_KEPT, behavior_fields
from ..edge.path_patterns import check_path_pattern
from ..origins import Endpoint, OriginSettings
from ..transient_errors.origin_failover import FailoverOriginGroup, alarms_of, read_behavior
from .dns_failover import DnsFailover
from .failover_parts import FailoverParts
from .health_checks import HealthCheckSettings
from .same_path import SamePathReads


@typed
class HybridFailover(Construct):
    """A distribution that fails over twice: reads at once, through an origin group; all methods with DNS.

    The guide's "combined with CloudFront for GET/HEAD". Reads ask the failover name first, and where that fails, in
    the same request, the standby by its own name. Writes cannot use an origin group, so their paths go to the failover
    name alone, and fail until Route 53 has moved it.

    A path that is both read and written belongs in ``read_write_paths``. A behavior that allows writes cannot have an
    origin group, so a CloudFront function, at a charge for each request, makes one for each GET and HEAD there; see
    ``SamePathReads``. In ``write_paths`` its reads, too, would fail until DNS has moved.

    Creates a ``DnsFailover`` (records and health checks), an ``EdgeDistribution`` with an origin group and, for
    ``read_write_paths``, a ``SamePathReads``.

    Example::

        HybridFailover(
            self,
            "Site",
            hosted_zone=zone,
            domain_name="www.example.com",
            failover_record_name="origin",
            primary=Endpoint.load_balancer(alb, domain_name="eu-west-1.example.com"),
            secondary=Endpoint.http_host("dc1.example.com", ipv4_addresses=["203.0.113.10"]),
            write_paths=["/cart/*", "/login"],
            primary_health_check=HealthCheckSettings.fast(path="/health"),
        )

    Args:
        hosted_zone: The public zone of both names.
        domain_name: The site's own name.
        failover_record_name: The name that the two endpoints share, relative to the zone or in full.
        primary: Answers the shared name while it is healthy.
        secondary: Answers it otherwise; it needs a name of its own for the reads that do not wait for DNS.
        write_paths: Path patterns that take writes, such as ``/cart/*``; all methods are allowed there.
            ``/api/*`` does not cover ``/api``. May be empty.
        read_write_paths: Path patterns that are both read and written, such as ``/api/*``; all methods are allowed,
            and GET and HEAD fail over at once. ``/*`` is every path that is not in ``write_paths``. ``OPTIONS`` goes
            with the writes, so browsers' preflights wait for DNS. Default: none.
        primary_health_check: See ``DnsFailover``. Default: ``HealthCheckSettings.fast()``.
        secondary_health_check: See ``DnsFailover``. Default: none.
        primary_settings: How long a read waits for the failover name. Default: ``OriginSettings.fail_fast()``.
        secondary_settings: How long a read waits for the standby, and a write for the failover name, which have
            nothing behind them. Default: ``OriginSettings.patient()``.
        status_codes: What makes a read turn to the standby. Default: 500, 502, 503, 504.
        ignore_connection_failures: See ``FailoverOriginGroup``. Default False.
        ignore_timeouts: See ``FailoverOriginGroup``. Default False.
        ttl: See ``DnsFailover``. Default 60 seconds.
        failback: See ``DnsFailover``; reads, which ask the failover name first, follow it too. Default ``automatic``.
        evaluate_target_health: See ``DnsFailover``. Default: True, but False with a switch or a manual failback.
        certificate: A certificate for ``domain_name``, in us-east-1. Default: one is made.
        cache_policy: For reads, except in ``write_paths``; writes are never cached. With ``read_write_paths``, a policy
            that keeps answers must hold all cookies and query strings, since a write sends no more than the key; or it
            must let the origin decide what is kept (MinTTL and DefaultTTL of 0). Default: ``CACHING_DISABLED``.
        origin_request_policy: For reads and writes. Default: all that the viewer sends but the Host header, so each
            origin gets its own name as Host, which its certificate must cover; none for reads that are kept. A policy
            that forwards Host is refused at synth if an endpoint answers to its own name only. If reads are kept, a
            policy is refused that sends what an answer may depend on and the cache key does not hold.
        log_bucket: Where access logs go. Default: a bucket is made.
        web_acl_id: The ARN of a WAF web ACL. Default: none.
        publish_additional_metrics: Origin latency and error rates by status code, of which ``add_alarms`` watches the
            first; CloudWatch charges eight metrics, about $2.40 a month. Default True.
        recovery_time_objective: The longest until all methods are served again. Default: none.

    Attributes:
        dns: The ``DnsFailover``.
        origin_group: The ``FailoverOriginGroup`` of the reads.
        same_path: The ``SamePathReads`` of the ``read_write_paths``; None where there are none.
        edge: The ``EdgeDistribution``, with certificate, log bucket and records.
        distribution: The CloudFront distribution.

    Raises:
        ValueError: As ``DnsFailover``, ``FailoverOriginGroup`` and ``EdgeDistribution``; reads are kept, and a policy
            sends what the cache key does not hold, or writes on the same path send more than the key; paths that are
            not path patterns, or are given twice; write paths that leave nothing to read, or cover one of the
            ``read_write_paths``.

    See https://aws.amazon.com/blogs/networking-and-content-delivery/improve-web-application-availability-with-cloudfront-and-route53-hybrid-origin-failover/
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        hosted_zone: route53.IHostedZone,
        domain_name: str,
        failover_record_name: str,
        primary: Endpoint,
        secondary: Endpoint,
        write_paths: Sequence[str],
        read_write_paths: Sequence[str] = (),
        primary_health_check: HealthCheckSettings | route53.IHealthCheck | None = None,
        secondary_health_check: HealthCheckSettings | route53.IHealthCheck | None = None,
        primary_settings: OriginSettings | None = None,
        secondary_settings: OriginSettings | None = None,
        status_codes: Sequence[int] | None = None,
        ignore_connection_failures: bool = False,
        ignore_timeouts: bool = False,
        ttl: Duration | None = None,
        failback: str = "automatic",
        evaluate_target_health: bool | None = None,
        certificate: acm.ICertificate | None = None,
        cache_policy: cloudfront.ICachePolicy | None = None,
        origin_request_policy: cloudfront.IOriginRequestPolicy | None = None,
        log_bucket: s3.IBucket | None = None,
        web_acl_id: str | None = None,
        publish_additional_metrics: bool = True,
        recovery_time_objective: Duration | None = None,
    ) -> None:
        super().__init__(scope, construct_id)
        require_service(self, "a hybrid failover", Service.CLOUDFRONT)
        _check_paths(write_paths, read_write_paths)
        primary.require_other_name("primary", domain_name)
        secondary.require_other_name("secondary", domain_name)
        if secondary.domain_name is None:
            raise ValueError(
                "secondary must have a name of its own, got addresses only: reads that cannot wait for DNS "
                "ask it by that name"
            )
        self.dns = DnsFailover(
            self,
            "Dns",
            hosted_zone=hosted_zone,
            record_name=failover_record_name,
            primary=primary,
            secondary=secondary,
            primary_health_check=primary_health_check,
            secondary_health_check=secondary_health_check,
            ttl=ttl,
            failback=failback,
            evaluate_target_health=evaluate_target_health,
            recovery_time_objective=recovery_time_objective,
        )
        self.dns.endpoint().require_other_name("failover_record_name", domain_name)
        for argument, endpoint in (("primary", primary), ("secondary", secondary)):
            endpoint.warn_of_wildcard(self, argument, domain_name)
        self.origin_group = FailoverOriginGroup(
            primary=self.dns.endpoint(),
            secondary=secondary,
            status_codes=status_codes,
            ignore_connection_failures=ignore_connection_failures,
            ignore_timeouts=ignore_timeouts,
            primary_settings=primary_settings,
            secondary_settings=secondary_settings,
            origin_id="reads" if read_write_paths else None,
        )
        origin = self.dns.origin(self.origin_group.secondary_settings)

        def writes(name: str, cache_policy: cloudfront.ICachePolicy, **more: Any) -> cloudfront.BehaviorOptions:
            return cloudfront.BehaviorOptions(
                origin=origin,
                viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.HTTPS_ONLY,
                **behavior_fields(
                    self,
                    cache_policy=cache_policy,
                    origin_request_policy=origin_request_policy,
                    allowed_methods=cloudfront.AllowedMethods.ALLOW_ALL,
                    unkept_request_policy=ALL_BUT_HOST,
                    name=name,
                ),
                **more,
            )

        reads = read_behavior(self, self.origin_group, cache_policy, origin_request_policy, name="the default behavior")
        behaviors = dict.fromkeys(write_paths, writes("write_paths", NOT_KEPT))
        self.same_path: SamePathReads | None = None
        if read_write_paths:
            self.same_path = SamePathReads(self, "SamePath", origin_group=self.origin_group)
            reading = [self.same_path.association]
            both = writes("read_write_paths", cache_policy or NOT_KEPT, function_associations=reading)
            behaviors |= dict.fromkeys(read_write_paths, both)
        # The default behavior has the group also where every path is read and written, or no function could name it.
        self.edge = EdgeDistribution(
            self,
            "Edge",
            default_behavior=reads,
            additional_behaviors=behaviors,
            domain_name=domain_name,
            hosted_zone=hosted_zone,
            certificate=certificate,
            log_bucket=log_bucket,
            web_acl_id=web_acl_id,
            publish_additional_metrics=publish_additional_metrics,
        )
        self.distribution = self.edge.distribution

    @property
    def read_failover_time(self) -> Duration:
        """The longest that a read waits for the primary before the standby is asked."""
        return self.origin_group.failover_time

    @property
    def failover_time(self) -> Duration:
        """How long until all methods are served again; see ``DnsFailover``."""
        return self.dns.failover_time

    @property
    def failover_parts(self) -> FailoverParts:
        """What ``failover_time`` is the sum of; see ``DnsFailover``."""
        return self.dns.failover_parts

    def add_alarms(self, topic: sns.ITopic) -> list[cloudwatch.Alarm]:
        """Alarms on the health checks, on errors that viewers see, and on the wait that tells of a failing primary.

        Args:
            topic: Notified of each; in us-east-1, where the metrics are.

        Raises:
            ValueError: The topic or this stack is in another Region, or alarms may not use the key of the topic.
        """
        return [
            *self.dns.add_alarms(topic),
            *alarms_of(self.edge, self.origin_group, topic),
            *(self.same_path.add_alarms(topic) if self.same_path else ()),
        ]


def _check_paths(write_paths: Sequence[str], read_write_paths: Sequence[str]) -> None:
    for argument, paths in (("write_paths", write_paths), ("read_write_paths", read_write_paths)):
        for pattern in paths:
            check_path_pattern(argument, pattern)
        if len({pattern.removeprefix("/") for pattern in paths}) != len(paths):
            raise refusal(argument, "different patterns", list(paths), "/a and a are one to CloudFront")
    for pattern in write_paths:
        if not is_token(pattern) and not pattern.strip("/*"):
            raise refusal(
                "write_paths",
                "patterns that leave something to read",
                pattern,
                "it covers every path, so the origin group would never be asked; for a site that is written "
                "everywhere, give it as read_write_paths, or use DnsFailover behind an EdgeDistribution",
            )
    if "*" in read_write_paths:
        raise refusal("read_write_paths", "'/*' for every path", "*", "'*' is the default behavior's own")
    for pattern in read_write_paths:
        for first in write_paths:
            if first == pattern or (not (is_token(first) or is_token(pattern)) and covers(first, pattern)):
                raise refusal(
                    "read_write_paths",
                    "patterns that no write path covers",
                    pattern,
                    f"write_paths come first, and {first!r} takes all its requests; take that out, or narrow it",
                )
