"""Nearest bucket: content in several Regions, and each request is sent to the bucket nearest to where it arrives."""

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
from ..aws.regions import nearest
from ..cdk.once import once
from ..cdk.partitions import require_service
from ..cdk.structs import replace_fields
from ..cdk.typed import typed
from ..edge.behaviors import reads_with
from ..edge.distribution import EdgeDistribution
from ..edge.functions import EdgeFunction
from ..edge.regions import stack_of
from ..origins import DeclaredOrigins, OriginSettings
from ..origins.buckets import BucketSet
from ..outage_failover.bucket_failover import require_codes_of_missing_keys
from ..transient_errors.origin_failover import FailoverOriginGroup, alarms_of, read_behavior


@typed
class NearestBucketFunction(Construct):
    """An edge function that sends each request to the nearest of some buckets, for any distribution of its stack.

    It runs where CloudFront has missed its caches, in the AWS Region nearest to that location, and this Region decides:
    the order of the buckets was computed from where the Regions are, so nothing is asked in the request. Buckets
    cannot share a DNS name, by which Route 53 would do the same.

    Its origin is a group whose first leg goes to the nearest bucket and whose second goes to the next nearest: a bucket
    that fails, or does not have the key yet, is gone round in the same request, wherever that is.

    Lambda@Edge signs with an origin access identity only, the same one for all buckets. So they are encrypted by S3
    itself and in Regions that were there before 2023; with origin access control, ``BucketFailover`` serves the others.

    Creates an ``EdgeFunction`` and, where none is given, the identity. The policies of the buckets are made by
    ``BucketReadPolicy`` in a stack of each Region, deployed after this one; until then CloudFront gets 403.

    Example::

        nearest = NearestBucketFunction(self, "Nearest", buckets=BucketSet([ireland, oregon, tokyo]))
        cloudfront.Distribution(self, "Site", default_behavior=nearest.behavior())
        for stack, bucket in zip(policy_stacks, nearest.buckets.buckets):
            BucketReadPolicy(stack, "Policy", bucket=bucket, origin_access_identity=nearest.origin_access_identity)

    Args:
        buckets: A ``BucketSet``, or a ``BucketPair``. The first two are what CloudFront is configured with: they are
            asked, in this order, where the function cannot decide.
        origin_path: A path in all buckets that CloudFront puts before each request's own. Default: none.
        origin_access_identity: What reads all of them; one that is given serves several distributions. Default: one is
            made.
        status_codes: What counts as failing. Default: 403, 404, 500, 502, 503, 504.
        primary_settings: How long to wait for the nearest bucket. Default: ``OriginSettings.fail_fast()``, up to 14 s.
        secondary_settings: How long to wait for the next. Default: ``OriginSettings.patient()``.
        recovery_time_objective: The longest a request may wait before the next bucket is asked. Default: none.

    Attributes:
        function: The ``EdgeFunction``, for ``EdgeFunctionLogs``.
        edge_lambda: The association, for the ``edge_lambdas`` of any behavior whose origins are buckets read with the
            identity and carry the function's ``custom_headers``.
        origin_group: The ``FailoverOriginGroup``, for the origin of such a behavior.
        origin_access_identity: The identity.
        buckets: As given.

    Raises:
        ValueError: A bucket that an identity cannot read; codes with 404 and without 403, which is what S3 says of a
            key that is not there; as ``EdgeFunction`` and ``FailoverOriginGroup``.

    See https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-examples.html
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        buckets: BucketSet,
        origin_path: str | None = None,
        origin_access_identity: cloudfront.OriginAccessIdentity | None = None,
        status_codes: Sequence[int] | None = None,
        primary_settings: OriginSettings | None = None,
        secondary_settings: OriginSettings | None = None,
        recovery_time_objective: Duration | None = None,
    ) -> None:
        super().__init__(scope, construct_id)
        require_service(self, "the function of the nearest bucket", Service.EDGE_FUNCTIONS)
        self.buckets = buckets
        self.origin_access_identity = origin_access_identity or cloudfront.OriginAccessIdentity(
            self, "Identity", comment=f"Reads the buckets of {self.node.path}"
        )
        first, second, *_ = buckets.endpoints(
            self, origin_path=origin_path, origin_access_identity=self.origin_access_identity
        )
        regions = [bucket.region for bucket in buckets.buckets]
        declared = DeclaredOrigins.buckets(dict(zip(regions, buckets.buckets, strict=True)))
        self.function = EdgeFunction(
            self,
            "Function",
            function="nearest_bucket",
            event_type=cloudfront.LambdaEdgeEventType.ORIGIN_REQUEST,
            configuration={"origins": declared.configuration, "nearest": nearest(regions), "otherwise": regions},
            configuration_headers=declared.configuration_headers,
            uses_region=True,
            judges=[
                reads_with(
                    stack_of(self),
                    self.origin_access_identity,
                    "origin_group, or a bucket of endpoints(..., origin_access_identity=...)",
                )
            ],
            description="Sends each request to the bucket nearest to where it runs",
        )
        self.edge_lambda = self.function.edge_lambda
        self.origin_group = FailoverOriginGroup(
            primary=first,
            secondary=second,
            status_codes=status_codes,
            primary_settings=primary_settings,
            secondary_settings=secondary_settings,
            custom_headers=self.function.custom_headers,
            recovery_time_objective=recovery_time_objective,
        )
        require_codes_of_missing_keys(self.origin_group.status_codes, lists=False)

    @property
    def failover_time(self) -> Duration:
        """The longest that a request waits for the nearest bucket before the next is asked."""
        return self.origin_group.failover_time

    def behavior(self, *, cache_policy: cloudfront.ICachePolicy | None = None) -> cloudfront.BehaviorOptions:
        """A behavior that reads through the function, for any distribution of this stack.

        Args:
            cache_policy: Default: ``CACHING_OPTIMIZED``. Nothing of a request decides where it goes, so nothing has to
                be in the cache key.
        """
        return replace_fields(read_behavior(self, self.origin_group, cache_policy), edge_lambdas=[self.edge_lambda])


@typed
class NearestBucket(Construct):
    """A distribution whose content is in private buckets in several Regions, and is read from the nearest.

    The guide's active-active setup for S3: every bucket serves, users get the nearest, and where a bucket fails the
    next nearest is asked in the same request (see ``NearestBucketFunction``). GET and HEAD only. The buckets have to
    hold the same content: ``BucketReplication`` keeps a ``BucketPair`` equal; between more of them, S3's replication
    rules are yours to put.

    Creates a CloudFront distribution with an origin group, a log bucket, alias records and, where no certificate is
    given, a certificate (see ``EdgeDistribution``); an edge function and an origin access identity. The buckets'
    policies are made by ``BucketReadPolicy`` in a stack of each Region, deployed after this one; until then CloudFront
    gets 403.

    Example::

        content = BucketPair(primary=bucket_in_ireland, secondary=bucket_in_oregon)
        BucketReplication(replication_stack, "Replication", buckets=content)
        site = NearestBucket(edge_stack, "Site", buckets=content, domain_name="www.example.com", hosted_zone=zone)
        for stack, bucket in ((later_in_ireland, content.primary), (later_in_oregon, content.secondary)):
            BucketReadPolicy(stack, "Policy", bucket=bucket, origin_access_identity=site.origin_access_identity)
        for stack in (logs_in_ireland, logs_in_oregon):
            EdgeFunctionLogs(stack, "Logs", function=site.function)

    Args:
        buckets: See ``NearestBucketFunction``.
        origin_path: See ``NearestBucketFunction``. Default: none.
        origin_access_identity: See ``NearestBucketFunction``. Default: one is made.
        status_codes: What counts as failing. Default: 403, 404, 500, 502, 503, 504.
        primary_settings: How long to wait for the nearest bucket. Default: ``OriginSettings.fail_fast()``, up to 14 s.
        secondary_settings: How long to wait for the next. Default: ``OriginSettings.patient()``.
        domain_name: The site's own name. Default: none, and then viewers may connect with TLS 1.0.
        hosted_zone: The public zone of that name, for its records and certificate. Default: none are made.
        certificate: A certificate for the name, in us-east-1. Default: one is made and validated in the zone.
        default_root_object: The key that a request for ``/`` gets, such as ``index.html``. Default: none.
        cache_policy: Default: ``CACHING_OPTIMIZED``.
        log_bucket: Where access logs go. Default: a bucket is made.
        web_acl_id: The ARN of a WAF web ACL. Default: none.
        publish_additional_metrics: Origin latency and error rates by status code, of which ``add_alarms`` watches the
            first; CloudWatch charges eight metrics, about $2.40 a month. Default True.
        recovery_time_objective: The longest a request may wait before the next bucket is asked. Default: none.

    Attributes:
        distribution: The CloudFront distribution.
        edge: The ``EdgeDistribution``, with certificate, log bucket and records.
        function: The ``EdgeFunction``, for ``EdgeFunctionLogs``.
        origin_group: The ``FailoverOriginGroup``.
        origin_access_identity: What the buckets' policies have to let read.
        buckets: As given.

    Raises:
        ValueError: As ``NearestBucketFunction`` and ``EdgeDistribution``.

    See https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/high_availability_origin_failover.html
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        buckets: BucketSet,
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
        self.buckets = buckets
        routing = NearestBucketFunction(
            self,
            "Nearest",
            buckets=buckets,
            origin_path=origin_path,
            origin_access_identity=origin_access_identity,
            status_codes=status_codes,
            primary_settings=primary_settings,
            secondary_settings=secondary_settings,
            recovery_time_objective=recovery_time_objective,
        )
        self.function = routing.function
        self.origin_group = routing.origin_group
        self.origin_access_identity = routing.origin_access_identity
        self.edge = EdgeDistribution(
            self,
            "Edge",
            default_behavior=routing.behavior(cache_policy=cache_policy),
            domain_name=domain_name,
            hosted_zone=hosted_zone,
            certificate=certificate,
            default_root_object=default_root_object,
            log_bucket=log_bucket,
            web_acl_id=web_acl_id,
            publish_additional_metrics=publish_additional_metrics,
        )
        self.distribution = self.edge.distribution

    @property
    def failover_time(self) -> Duration:
        """The longest that a request waits for the nearest bucket before the next is asked."""
        return self.origin_group.failover_time

    def add_alarms(self, topic: sns.ITopic) -> list[cloudwatch.Alarm]:
        """Alarms on errors that viewers see, and on the wait that tells of a failing bucket when they see none.

        Args:
            topic: Notified of each; in us-east-1, where CloudFront's metrics are. Those of the function are in the
                Regions where it runs (see ``EdgeFunctionLogs``).

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
                self, f"{bucket.region}BucketPolicy", bucket.region, origin_access_identity=self.origin_access_identity
            )
            for bucket in self.buckets.buckets
        ]
