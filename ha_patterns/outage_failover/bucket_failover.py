"""Bucket failover: content in two Regions, and CloudFront turns to the other bucket within the request."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import CfnOutput, Duration
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns
from constructs import Construct

from ..aws.partitions import Service
from ..cdk.once import once
from ..cdk.partitions import require_service
from ..cdk.typed import typed
from ..cdk.validation import warn
from ..edge.distribution import EdgeDistribution
from ..origins import OriginSettings
from ..origins.buckets import BucketPair
from ..transient_errors.origin_failover import FailoverOriginGroup, alarms_of, read_behavior


@typed
class BucketFailover(Construct):
    """A distribution whose content is in two private buckets in two Regions.

    The guide's failover during origin outages for S3, whose buckets cannot share a DNS name: an origin group does it,
    in each request. It also helps while replication is behind: S3 answers 403 for a key that it does not have (404
    where the reader may list keys), and then the other bucket is asked. A key that is nowhere is asked for twice.

    GET and HEAD only. Put objects straight into either bucket; ``BucketReplication`` copies them to the other.

    Creates a CloudFront distribution with an origin group and origin access control, a log bucket, alias records and,
    where no certificate is given, a certificate (see ``EdgeDistribution``). The buckets' policies are made by
    ``BucketReadPolicy`` in a stack of each Region, deployed after this one; until then CloudFront gets 403.

    Example::

        content = BucketPair(primary=bucket_in_ireland, secondary=bucket_in_frankfurt)
        BucketReplication(replication_stack, "Replication", buckets=content)
        site = BucketFailover(
            edge_stack, "Site", buckets=content, domain_name="www.example.com", hosted_zone=zone
        )
        for stack, bucket in ((policies_in_ireland, content.primary), (policies_in_frankfurt, content.secondary)):
            BucketReadPolicy(stack, "Policy", bucket=bucket, distribution=site.distribution)

    Args:
        buckets: The pair.
        origin_path: A path in both buckets that CloudFront puts before each request's own. Default: none.
        origin_access_identity: Read with this identity. Default: origin access control.
        status_codes: What counts as failing. Default: 403, 404, 500, 502, 503, 504.
        primary_settings: How long to wait for the primary. Default: ``OriginSettings.fail_fast()``, up to 14 s.
        secondary_settings: How long to wait for the secondary. Default: ``OriginSettings.patient()``.
        domain_name: The site's own name. Default: none, and then viewers may connect with TLS 1.0.
        hosted_zone: The public zone of that name, for its records and certificate. Default: none are made.
        certificate: A certificate for the name, in us-east-1. Default: one is made and validated in the zone.
        default_root_object: The key that a request for ``/`` gets, such as ``index.html``. Default: none.
        cache_policy: Default: ``CACHING_OPTIMIZED``.
        log_bucket: Where access logs go. Default: a bucket is made.
        web_acl_id: The ARN of a WAF web ACL. Default: none.
        publish_additional_metrics: Origin latency and error rates by status code, of which ``add_alarms`` watches the
            first; CloudWatch charges eight metrics, about $2.40 a month. Default True.
        recovery_time_objective: The longest a request may wait before the secondary is asked. Default: none.

    Attributes:
        distribution: The CloudFront distribution.
        edge: The ``EdgeDistribution``, with certificate, log bucket and records.
        origin_group: The ``FailoverOriginGroup``.
        buckets: As given.

    Raises:
        ValueError: As ``FailoverOriginGroup`` and ``EdgeDistribution``; codes with 404 and without 403 where the
            reader may not list keys.

    See https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/high_availability_origin_failover.html
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        buckets: BucketPair,
        origin_path: str | None = None,
        origin_access_identity: cloudfront.OriginAccessIdentity | None = None,
        status_codes: Sequence[int] | None = None,
        primary_settings: OriginSettings | None = None,
        secondary_settings: OriginSettings | None = None,
        domain_name: str | None = None,
        hosted_zone: route53.IHostedZone | None = None,
        certificate: acm.ICertificate | None = None,
        default_root_object: str | None = None,
        cache_policy: cloudfront.ICachePolicy | None = None,
        log_bucket: s3.IBucket | None = None,
        web_acl_id: str | None = None,
        publish_additional_metrics: bool = True,
        recovery_time_objective: Duration | None = None,
    ) -> None:
        super().__init__(scope, construct_id)
        require_service(self, "a bucket failover", Service.CLOUDFRONT)
        self.buckets = buckets
        self._identity = origin_access_identity
        primary, secondary = buckets.endpoints(
            self, origin_path=origin_path, origin_access_identity=origin_access_identity
        )
        self.origin_group = FailoverOriginGroup(
            primary=primary,
            secondary=secondary,
            status_codes=status_codes,
            primary_settings=primary_settings,
            secondary_settings=secondary_settings,
            recovery_time_objective=recovery_time_objective,
        )
        require_codes_of_missing_keys(self.origin_group.status_codes, lists=self._lists_keys)
        self.edge = EdgeDistribution(
            self,
            "Edge",
            default_behavior=read_behavior(self, self.origin_group, cache_policy),
            domain_name=domain_name,
            hosted_zone=hosted_zone,
            certificate=certificate,
            default_root_object=default_root_object,
            log_bucket=log_bucket,
            web_acl_id=web_acl_id,
            publish_additional_metrics=publish_additional_metrics,
        )
        self.distribution = self.edge.distribution
        if self._lists_keys and default_root_object is None and origin_path is None:
            warn(
                self,
                "bucket-failover:keys-are-listed",
                "with allow_listing, a request for / gets the names of up to 1,000 keys: give default_root_object",
            )

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

    @once
    def add_policy_outputs(self) -> list[CfnOutput]:
        """Outputs with the policy that each bucket needs, for imported buckets whose policy no stack may make.

        Put it with ``aws s3api put-bucket-policy --bucket NAME --policy TEXT``, or add its statements to the policy
        that is there.
        """
        return [
            bucket.policy_output(
                self,
                f"{role}BucketPolicy",
                role.lower(),
                distribution=None if self._identity else self.distribution,
                origin_access_identity=self._identity,
            )
            for role, bucket in (("Primary", self.buckets.primary), ("Secondary", self.buckets.secondary))
        ]

    @property
    def _lists_keys(self) -> bool:
        """An origin access identity gets objects only, whatever the pair allows."""
        return self.buckets.allow_listing and self._identity is None


def require_codes_of_missing_keys(codes: Sequence[int], *, lists: bool) -> None:
    """Refuse codes that a bucket does not answer for a key that it does not have.

    Args:
        codes: What counts as failing.
        lists: Whether the reader may list keys.
    """
    if 404 in codes and 403 not in codes and not lists:
        raise ValueError(
            f"status_codes must include 403 beside 404, got {list(codes)!r}: to a reader who may not "
            "list keys, a bucket answers 403 and never 404 for a key that it does not have; add 403, or read with "
            "origin access control and allow_listing=True"
        )
