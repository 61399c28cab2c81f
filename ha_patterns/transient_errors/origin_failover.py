"""Origin failover: what the primary cannot answer, the secondary is asked for, within the same request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

import jsii
from aws_cdk import Duration
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns
from constructs import Construct, IConstruct, IValidation

from ..aws.origin_waits import CLIENT_BUDGET, CONNECT_BUDGET
from ..aws.statuses import CANNOT_CONNECT, FAILOVER_STATUS_CODES, NO_ANSWER
from ..cdk.told import with_usual
from ..cdk.typed import typed
from ..cdk.validation import accept, check_choice, check_objective, duration, total_seconds, warn
from ..edge.behaviors import distribution_parts
from ..edge.distribution import EdgeDistribution
from ..edge.kept import ALL_BUT_HOST, NOT_KEPT, OPTIMIZED, behavior_fields
from ..origins import Endpoint, OriginSettings
from ..origins._behaviors import Behavior, validate_behaviors
from ..origins.buckets import is_copied
from ..origins.places import at_synth, one_place, warn_of_balancers, when_made

#: The header that tells an edge function which member of an origin group it serves: ``primary`` or ``secondary``.
ORIGIN_ROLE_HEADER = "x-ha-origin-role"

_PAGE = "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/high_availability_origin_failover.html"
_SERVER_ERRORS = (500, 502, 503, 504)
# A private bucket answers 403, not 404, for a key it does not have, unless the reader may list it; and a replica that
# has not caught up has not yet got the key. In both cases the other bucket may have it.
_BUCKET_CODES = (403, 404, *_SERVER_ERRORS)
_REQUIRED_CODES = {
    CANNOT_CONNECT: ("failing to connect", "ignore_connection_failures"),
    NO_ANSWER: ("a response that times out", "ignore_timeouts"),
}
_GROUP_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
# Fetched once: each time costs a round trip to the CDK's process.
_CACHED_OPTIONS = cloudfront.CachedMethods.CACHE_GET_HEAD_OPTIONS


@typed
@jsii.implements(cloudfront.IOrigin)
class FailoverOriginGroup:
    """An origin group of two, as an origin for any ``Distribution``.

    CloudFront asks the primary first on every request, and asks the secondary where the primary answers with one of
    the status codes, cannot be connected to (which 503 stands for) or does not answer in time (504). Only GET, HEAD
    and OPTIONS fail over, and OPTIONS only where it is cached: a behavior that allows writes is refused at synth.

    Both members carry the header ``x-ha-origin-role`` with the value ``primary`` or ``secondary``.

    Example::

        group = FailoverOriginGroup(
            primary=Endpoint.http_host("eu-west-1.example.com"),
            secondary=Endpoint.http_host("eu-central-1.example.com"),
        )
        cloudfront.Distribution(self, "Site", default_behavior=cloudfront.BehaviorOptions(origin=group))

    Args:
        primary: Asked first.
        secondary: Asked when the primary fails; another place than the primary.
        retry_same_origin: In place of ``secondary``: ask the primary's host a second time. CloudFront repeats
            connections by itself but never an error status, so this helps against errors that hit single requests;
            an outage takes both tries. Default False.
        status_codes: What counts as failing, out of 400, 403, 404, 416, 429, 500, 502, 503 and 504. Default: 500,
            502, 503, 504; with a bucket as primary also 403 and 404, which a private bucket answers for a key that
            it does not have (yet). That doubles the requests for keys that exist nowhere.
        primary_settings: How long to wait for the primary. Default: ``OriginSettings.fail_fast()``.
        secondary_settings: How long to wait for the secondary. Default: ``OriginSettings.patient()``.
        ignore_connection_failures: Leave 503 out of the codes, so that a primary that cannot be connected to is not
            failed over. The template then has an acknowledgement of HA003 with it. Default False.
        ignore_timeouts: Leave 504 out of the codes, so that a primary that does not answer is not failed over;
            acknowledged likewise. Default False.
        custom_headers: Headers that CloudFront adds to each request to either member, such as those that tell an edge
            function what only the deploy knows. Default: none.
        origin_id: What the members' ids in the distribution begin with; ``-primary`` and ``-secondary`` follow. For
            functions that choose origins by their ids, such as that of ``SamePathReads``. Default: the CDK makes ids
            for each distribution.
        recovery_time_objective: The longest a request may wait before the secondary is asked. Default: none.

    Attributes:
        member_ids: The members' ids in every distribution that uses the group, the primary's first; None where the
            CDK makes them.

    Raises:
        ValueError: A code that CloudFront does not allow; 503 or 504 missing without its waiver; two members that
            are the same place; a member without a name; an id that is too long; an objective that the primary's
            settings cannot meet.

    See https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/high_availability_origin_failover.html
    """

    def __init__(
        self,
        *,
        primary: Endpoint,
        secondary: Endpoint | None = None,
        retry_same_origin: bool = False,
        status_codes: Sequence[int] | None = None,
        primary_settings: OriginSettings | None = None,
        secondary_settings: OriginSettings | None = None,
        ignore_connection_failures: bool = False,
        ignore_timeouts: bool = False,
        custom_headers: Mapping[str, str] | None = None,
        origin_id: str | None = None,
        recovery_time_objective: Duration | None = None,
    ) -> None:
        if (secondary is None) != retry_same_origin:
            raise ValueError(
                f"secondary and retry_same_origin: give exactly one of them, got secondary={secondary!r} and "
                f"retry_same_origin={retry_same_origin!r}: a group has two members, another place or the same one again"
            )
        if secondary is not None and (shared := primary.shared_with(secondary)):
            raise ValueError(f"secondary must be another place than primary, {_shared(primary, secondary, shared)}")
        self.primary = primary
        self.secondary = secondary or primary
        self.primary_settings = primary_settings or OriginSettings.fail_fast()
        self.secondary_settings = secondary_settings or OriginSettings.patient()
        waived = {code for code, given in ((503, ignore_connection_failures), (504, ignore_timeouts)) if given}
        self._waived = waived
        self.status_codes = _failover_codes(status_codes, primary, waived)
        if recovery_time_objective is not None:
            check_objective(
                recovery_time_objective,
                self.failover_time,
                "connection_attempts x (connection_timeout + response_timeout) of the primary",
            )
        self.member_ids = None if origin_id is None else (f"{origin_id}-primary", f"{origin_id}-secondary")
        primary_id, secondary_id = self.member_ids or (None, None)
        headers = dict(custom_headers or {})
        self._primary_origin = self.primary.origin(
            self.primary_settings, custom_headers={**headers, ORIGIN_ROLE_HEADER: "primary"}, origin_id=primary_id
        )
        self._secondary_origin = self.secondary.origin(
            self.secondary_settings, custom_headers={**headers, ORIGIN_ROLE_HEADER: "secondary"}, origin_id=secondary_id
        )

    @property
    def failover_time(self) -> Duration:
        """The longest that a request waits for the primary before the secondary is asked; paid by every cache miss.

        Raises:
            ValueError: A setting of the primary is a token.
        """
        return self.primary_settings.worst_case_wait("GET")

    @property
    def longest_wait(self) -> Duration:
        """The longest that a GET waits for an answer before CloudFront gives up on both members.

        Raises:
            ValueError: A setting of either member is a token.
        """
        waits = (settings.worst_case_wait("GET") for settings in (self.primary_settings, self.secondary_settings))
        return duration(sum(total_seconds("longest_wait", wait) for wait in waits))

    def bind(
        self, scope: Construct, *, origin_id: str, distribution_id: str | None = None
    ) -> cloudfront.OriginBindConfig:
        """Called by the ``Distribution`` that uses the group."""
        bound = self._primary_origin.bind(scope, origin_id=origin_id, distribution_id=distribution_id)
        properties = bound.origin_property
        assert isinstance(properties, cloudfront.CfnDistribution.OriginProperty)
        validate_behaviors(scope, properties.id, _refuse_what_cannot_fail_over)
        when_made(scope, (self.primary, self.secondary), lambda: self._judge(scope))
        if self.primary is not self.secondary and (
            self.primary.by_cloudfront_only or self.secondary.by_cloudfront_only
        ):
            scope.node.add_validation(_OtherPlace(self.primary, self.secondary))
        if self._waived:
            at_synth(scope, lambda: self._accept_waived(scope, properties.id))
        return cloudfront.OriginBindConfig(
            origin_property=properties,
            failover_config=cloudfront.OriginFailoverConfig(
                failover_origin=self._secondary_origin, status_codes=list(self.status_codes)
            ),
        )

    def _judge(self, scope: Construct) -> None:
        """Warn of what is legal and will not help."""
        self._warn_if_slow(scope)
        self._warn_of_codes(scope)
        self._warn_of_one_fate(scope)

    def _accept_waived(self, scope: Construct, primary_id: str) -> None:
        """Say in the template what the owner has chosen of this group; of others nothing is said."""
        resource = _distribution_of(scope).node.default_child
        if not isinstance(resource, cloudfront.CfnDistribution):
            return
        meant = " and ".join(f"{_REQUIRED_CODES[code][1]}=True" for code in sorted(self._waived))
        first = resource.stack.resolve(primary_id)
        groups = (distribution_parts(resource, "originGroups").get("originGroups") or {}).get("items", ())
        for index, group in enumerate(groups):
            if group["members"]["items"][0]["originId"] == first:
                part = f"Properties.DistributionConfig.OriginGroups.Items[{index}]"
                accept(resource, "HA003", f"It is meant: {meant}.", part)

    def _warn_of_codes(self, scope: Construct) -> None:
        if 502 not in self.status_codes:
            warn(
                _distribution_of(scope),
                "origin-failover:no-502",
                "status_codes lack 502, which CloudFront answers if the primary's certificate has expired, its TLS "
                "fails or its name has no address: viewers get that error, and the secondary is not asked; add 502",
            )
        source = self.primary.source
        # Of a bucket that is imported, a template does not show who may list keys.
        lists_keys = self.primary.lists_keys and source is not None and source.node.default_child is not None
        if self.primary.is_s3 and not lists_keys and 403 not in self.status_codes:
            warn(
                _distribution_of(scope),
                "origin-failover:no-403",
                "status_codes lack 403, which a bucket answers when its policy refuses and for a key that it does not "
                "have: viewers get that error, and the secondary is not asked; add 403",
                rules=["HA014" if 404 in self.status_codes else "HA013"],
            )

    def _warn_of_one_fate(self, scope: Construct) -> None:
        members = (self.primary, self.secondary)
        if self.primary is self.secondary:
            return
        place = one_place(members)
        if place is not None:
            warn(
                _distribution_of(scope),
                "origin-failover:one-region",
                f"primary {self.primary!r} and secondary {self.secondary!r} are both in {place}: an outage of the "
                "Region takes both; give a secondary in another Region",
            )
        warn_of_balancers(members, "the origin group", by_health=False)
        first, second = self.primary.source, self.secondary.source
        if not (self.primary.is_bucket and self.secondary.is_bucket) or first is None or second is None:
            return
        if is_copied(cast("s3.IBucket", first), cast("s3.IBucket", second)) is False:
            warn(
                _distribution_of(scope),
                "origin-failover:no-copy",
                f"nothing copies {first.node.path} to {second.node.path}: if the first bucket fails, viewers get what "
                "the second happens to have; add BucketReplication or replication rules",
            )

    def _warn_if_slow(self, scope: Construct) -> None:
        try:
            settings, _ = with_usual(self.primary_settings)
            gone = total_seconds("connect_wait", settings.connect_wait)
            hangs = total_seconds("failover_time", settings.worst_case_wait("GET"))
        except ValueError:  # a token: not to be judged before deploy
            return
        if gone > CONNECT_BUDGET or hangs > CLIENT_BUDGET:
            warn(
                _distribution_of(scope),
                "origin-failover:slow-primary",
                f"every cache miss waits {gone} s for a primary that is gone and up to {hangs} s for one that "
                "hangs, and viewers may give up before that: lower primary_settings (OriginSettings.fail_fast())",
            )


def _shared(primary: Endpoint, secondary: Endpoint, shared: str) -> str:
    return (
        f"got {primary!r} and {secondary!r}, which share {shared}: one outage takes them both; to ask the same host a "
        "second time, say retry_same_origin=True in place of secondary"
    )


@jsii.implements(IValidation)
class _OtherPlace:
    """Refuses members of which a distribution learns that they are one place."""

    def __init__(self, primary: Endpoint, secondary: Endpoint) -> None:
        self._primary = primary
        self._secondary = secondary

    def validate(self) -> list[str]:
        shared = self._primary.shared_with(self._secondary)
        if shared is None:
            return []
        return [f"secondary must be another place than primary, {_shared(self._primary, self._secondary, shared)}"]


def _distribution_of(scope: Construct) -> IConstruct:
    """The distribution that an origin is bound in: the finding of the checks is of it."""
    return scope.node.scope or scope


@typed
class OriginFailover(Construct):
    """A distribution whose content has two origins: CloudFront asks the secondary where the primary fails.

    The guide's "Managing transient origin errors". Stateless: each cache miss asks the primary first, so nothing has
    to notice an outage, and every miss pays the wait. GET and HEAD only; for an application that also takes writes,
    see ``HybridFailover``.

    Creates a CloudFront distribution with an origin group, a log bucket, alias records and, where no certificate is
    given, a certificate (see ``EdgeDistribution``).

    Example::

        OriginFailover(
            self,
            "Site",
            primary=Endpoint.http_host("eu-west-1.example.com"),
            secondary=Endpoint.http_host("eu-central-1.example.com"),
            domain_name="www.example.com",
            hosted_zone=zone,
            recovery_time_objective=Duration.seconds(15),
        )

    Args:
        primary: Asked first.
        secondary: Asked when the primary fails.
        retry_same_origin: In place of ``secondary``: ask the primary's host a second time. Default False.
        status_codes: What counts as failing. Default: see ``FailoverOriginGroup``.
        primary_settings: How long to wait for the primary. Default: ``OriginSettings.fail_fast()``, up to 14 s.
        secondary_settings: How long to wait for the secondary. Default: ``OriginSettings.patient()``.
        ignore_connection_failures: See ``FailoverOriginGroup``. Default False.
        ignore_timeouts: See ``FailoverOriginGroup``. Default False.
        domain_name: The site's own name. Default: none, and then viewers may connect with TLS 1.0.
        hosted_zone: The public zone of that name, for its records and certificate. Default: none are made.
        certificate: A certificate for the name, in us-east-1. Default: one is made and validated in the zone.
        cache_policy: Default: ``CACHING_OPTIMIZED`` for buckets, ``CACHING_DISABLED`` for anything else.
        origin_request_policy: Default: all that the viewer sends but the Host header; none for buckets, and none if
            the cache policy keeps answers. A policy is refused then if it sends what an answer may depend on and the
            cache key does not hold.
        log_bucket: Where access logs go. Default: a bucket is made.
        web_acl_id: The ARN of a WAF web ACL. Default: none.
        publish_additional_metrics: Origin latency and error rates by status code, of which ``add_alarms`` watches the
            first; CloudWatch charges eight metrics, about $2.40 a month. Default True.
        recovery_time_objective: The longest a request may wait before the secondary is asked. Default: none.

    Attributes:
        distribution: The CloudFront distribution.
        edge: The ``EdgeDistribution``, with certificate, log bucket and records.
        origin_group: The ``FailoverOriginGroup``.

    Raises:
        ValueError: As ``FailoverOriginGroup`` and ``EdgeDistribution``; answers are kept, and ``origin_request_policy``
            sends what the cache key does not hold.

    See https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/high_availability_origin_failover.html
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        primary: Endpoint,
        secondary: Endpoint | None = None,
        retry_same_origin: bool = False,
        status_codes: Sequence[int] | None = None,
        primary_settings: OriginSettings | None = None,
        secondary_settings: OriginSettings | None = None,
        ignore_connection_failures: bool = False,
        ignore_timeouts: bool = False,
        domain_name: str | None = None,
        hosted_zone: route53.IHostedZone | None = None,
        certificate: acm.ICertificate | None = None,
        cache_policy: cloudfront.ICachePolicy | None = None,
        origin_request_policy: cloudfront.IOriginRequestPolicy | None = None,
        log_bucket: s3.IBucket | None = None,
        web_acl_id: str | None = None,
        publish_additional_metrics: bool = True,
        recovery_time_objective: Duration | None = None,
    ) -> None:
        super().__init__(scope, construct_id)
        primary.require_other_name("primary", domain_name)
        if secondary is not None:
            secondary.require_other_name("secondary", domain_name)
        for argument, endpoint in (("primary", primary), ("secondary", secondary)):
            if endpoint is not None and hosted_zone is not None:
                endpoint.warn_of_wildcard(self, argument, domain_name)
        self.origin_group = FailoverOriginGroup(
            primary=primary,
            secondary=secondary,
            retry_same_origin=retry_same_origin,
            status_codes=status_codes,
            primary_settings=primary_settings,
            secondary_settings=secondary_settings,
            ignore_connection_failures=ignore_connection_failures,
            ignore_timeouts=ignore_timeouts,
            recovery_time_objective=recovery_time_objective,
        )
        self.edge = EdgeDistribution(
            self,
            "Edge",
            default_behavior=read_behavior(self, self.origin_group, cache_policy, origin_request_policy),
            domain_name=domain_name,
            hosted_zone=hosted_zone,
            certificate=certificate,
            log_bucket=log_bucket,
            web_acl_id=web_acl_id,
            publish_additional_metrics=publish_additional_metrics,
        )
        self.distribution = self.edge.distribution

    @property
    def failover_time(self) -> Duration:
        """The longest that a request waits for the primary before the secondary is asked."""
        return self.origin_group.failover_time

    def add_alarms(self, topic: sns.ITopic) -> list[cloudwatch.Alarm]:
        """Alarms on errors that viewers see, and on the wait that tells of a failing primary when they see none.

        Args:
            topic: Notified of each; in us-east-1, where CloudFront's metrics are.

        Raises:
            ValueError: The topic or this stack is in another Region, or alarms may not use the key of the topic.
        """
        return alarms_of(self.edge, self.origin_group, topic)


def alarms_of(edge: EdgeDistribution, group: FailoverOriginGroup, topic: sns.ITopic) -> list[cloudwatch.Alarm]:
    """Alarms of a site out of an origin group: on its origins' latency, too, if that is reported."""
    latency = group.primary_settings.connect_wait if edge.reports_origin_latency else None
    return edge.add_alarms(topic, origin_latency=latency)


def read_behavior(
    scope: Construct,
    group: FailoverOriginGroup,
    cache_policy: cloudfront.ICachePolicy | None = None,
    origin_request_policy: cloudfront.IOriginRequestPolicy | None = None,
    allowed_methods: cloudfront.AllowedMethods | None = None,
    *,
    name: str = "a behavior",
) -> cloudfront.BehaviorOptions:
    """A cache behavior that reads through an origin group, with the policies right for its members.

    A bucket gets no origin request policy: it needs nothing that viewers send, and a forwarded Authorization header
    would displace CloudFront's own signature. A behavior that keeps answers gets none either.

    Args:
        scope: The construct that makes the behavior; a message names it.
        group: The origin group.
        cache_policy: Default: ``CACHING_OPTIMIZED`` if a member is a bucket, else ``CACHING_DISABLED``.
        origin_request_policy: Default: all that the viewer sends but the Host header; none if a member is a bucket, or
            if answers are kept.
        allowed_methods: GET and HEAD, with OPTIONS or without. Default: GET and HEAD.
        name: The behavior as a message calls it.

    Raises:
        ValueError: As ``behavior_fields``.
    """
    buckets = [member.is_bucket for member in (group.primary, group.secondary)]
    has_bucket = any(buckets)
    # OPTIONS fails over only if it is cached.
    has_options = allowed_methods is not None and "OPTIONS" in allowed_methods.methods
    fields = behavior_fields(
        scope,
        cache_policy=cache_policy or (OPTIMIZED if has_bucket else NOT_KEPT),
        origin_request_policy=origin_request_policy,
        allowed_methods=allowed_methods,
        unkept_request_policy=None if has_bucket else ALL_BUT_HOST,
        to_buckets=all(buckets),
        name=name,
    )
    return cloudfront.BehaviorOptions(
        origin=group,
        viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
        compress=True,
        **{**fields, "cached_methods": _CACHED_OPTIONS if has_options else None},
    )


def _refuse_what_cannot_fail_over(behavior: Behavior) -> str | None:
    writes = behavior.allowed_methods - _GROUP_METHODS
    if writes:
        return (
            f"{behavior.name} allows {', '.join(sorted(writes))} on an origin group, which "
            "CloudFront refuses at deploy: allow GET, HEAD and OPTIONS only, and give writes a behavior of their "
            f"own on a single origin (HybridFailover does both); see {_PAGE}"
        )
    if "OPTIONS" in behavior.allowed_methods and "OPTIONS" not in behavior.cached_methods:
        return (
            f"{behavior.name} allows OPTIONS on an origin group but does not cache it, so OPTIONS "
            "never fails over and browsers' preflights fail with the primary: set "
            f"cached_methods=CachedMethods.CACHE_GET_HEAD_OPTIONS, or allow GET and HEAD only; see {_PAGE}"
        )
    return None


def _failover_codes(given: Sequence[int] | None, primary: Endpoint, waived: set[int]) -> tuple[int, ...]:
    defaults = _BUCKET_CODES if primary.is_bucket else _SERVER_ERRORS
    codes = tuple(given) if given is not None else tuple(code for code in defaults if code not in waived)
    if not codes:
        raise ValueError("status_codes must hold at least one code, got none: the group would never fail over")
    for code in codes:
        check_choice("status_codes", code, FAILOVER_STATUS_CODES, f"CloudFront fails over on no other, see {_PAGE}")
    if len(set(codes)) != len(codes):
        raise ValueError(f"status_codes must hold each code once, got {list(codes)!r}: CloudFront refuses duplicates")
    for code, (meaning, waiver) in _REQUIRED_CODES.items():
        if code not in codes and code not in waived:
            raise ValueError(
                f"status_codes must include {code}, got {list(codes)!r}: CloudFront counts {meaning} only where "
                f"{code} is listed, so without it a dead primary is never left; add it, or say {waiver}=True"
            )
        if code in codes and code in waived:
            raise ValueError(
                f"status_codes includes {code}, which {waiver}=True says to leave out: drop the one or the other"
            )
    return codes
