"""The distribution that viewers meet: its own name, TLS 1.2 or newer, access logs, alarms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import jsii
from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_route53_targets as targets
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns
from constructs import Construct, IValidation

from ..aws.certificates import covers
from ..aws.distributions import LONGEST_ROOT_OBJECT, NO_LOGS_REGIONS, is_root_object
from ..cdk.once import once
from ..cdk.properties import properties_if_made, properties_of
from ..cdk.references import follow_producers
from ..cdk.reviews import answer
from ..cdk.structs import replace_fields
from ..cdk.taken_names import warn_of_taken_names
from ..cdk.typed import check_typed, typed
from ..cdk.validation import (
    check_choice,
    check_domain_name,
    check_public_zone,
    check_whole_number,
    duration,
    is_in_zone,
    is_token,
    refusal,
    template_seconds,
    warn,
)
from .alarms import notify, require_alarm_topic
from .behaviors import behaviors_of, sends_of
from .error_responses import check_error_responses
from .judged import judge_distribution
from .kept import may_keep_for_others
from .regions import region_of, require_edge_region, require_edge_stack, require_whole_edge, stack_of

_Protocol = cloudfront.SecurityPolicyProtocol
_TLS = (
    *(_Protocol.TLS_V1_2_2018, _Protocol.TLS_V1_2_2019, _Protocol.TLS_V1_2_2021, _Protocol.TLS_V1_2_2025),
    _Protocol.TLS_V1_3_2025,
)
_TLS_PAGE = (
    "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/"
    "secure-connections-supported-viewer-protocols-ciphers.html"
)
_KEEP_LOGS = 90 * 24 * 3600
_LOGS_PAGE = "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logging-legacy-s3.html"
# What a review asks of every distribution.
_OWNERS_CHOICES = {
    "CFR1": "Whom a site is not for is the choice of its owner; limits by country can be set on the distribution.",
    "CFR2": "A web ACL is the choice of the site's owner, who gives it as web_acl_id.",
    "CFR4": "Without a name of its own the site has CloudFront's, for which CloudFront lets nobody choose the TLS of "
    "viewers; domain_name brings TLS 1.2.",
}
_WHY_CERTIFICATE = "CloudFront takes viewer certificates from there only"


@typed
class EdgeDistribution(Construct):
    """A CloudFront distribution with what a reviewer expects of one that faces the internet.

    It does not rest on the feature flags of the app that uses it: viewers are redirected to HTTPS, TLS is 1.2 or
    newer, HTTP/2 and HTTP/3 and IPv6 are on, access is logged.

    A behavior that keeps answers and may give one viewer's to another is warned of: one that sends cookies, query
    strings or headers to its origin beyond its cache key, keeps ``Set-Cookie``, or takes writes. See
    https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/controlling-the-cache-key.html

    Creates the distribution; A and AAAA records for its name; where none is given, a certificate validated in the
    zone, and a private, encrypted bucket for access logs that keeps them for 90 days and outlives the stack.

    Example::

        EdgeDistribution(
            self,
            "Site",
            default_behavior=cloudfront.BehaviorOptions(origin=Endpoint.http_host("api.example.com").origin()),
            domain_name="www.example.com",
            hosted_zone=zone,
        )

    Args:
        default_behavior: What answers every path that no other behavior matches.
        additional_behaviors: Behaviors by path pattern, the first match wins. Default: none.
        domain_name: The site's own name, or ``*.`` and a domain for all names in it. Default: none; the default
            certificate of ``*.cloudfront.net`` cannot be held to TLS 1.2, which a warning then says.
        hosted_zone: The public zone of ``domain_name``, never created here. Default: no records are made.
        certificate: A certificate that covers ``domain_name``, in us-east-1. Default: one is made, validated in the
            zone.
        default_root_object: The object that a request for ``/`` gets, such as ``index.html``. Default: none.
        log_bucket: Where access logs go; it needs ACLs on, and a Region that is enabled by default. Default: a bucket
            is made.
        web_acl_id: The ARN of a WAF web ACL of us-east-1. Default: none.
        comment: Shown in the console, at most 128 characters. Default: none.
        publish_additional_metrics: Origin latency and error rates by status code; CloudWatch charges eight metrics,
            about $2.40 a month. Default False. See
            https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/viewing-cloudfront-metrics.html
        error_responses: What viewers get in place of an error, and how long errors are cached: those of
            ``ErrorPages`` or ``StaleContent``, or your own. They hold for all behaviors. Default: none.
        minimum_protocol_version: The oldest TLS that viewers may use, and with which ciphers: TLS 1.2 of 2018, 2019,
            2021 or 2025, or TLS 1.3 of 2025. Default: ``TLS_V1_2_2021``.

    Attributes:
        distribution: The CloudFront distribution.
        certificate: The viewer certificate; None without a name.
        domain_records: The A and AAAA records of the site's name; empty where no zone is given.
        log_bucket: Where access logs go.
        reports_origin_latency: Whether there are additional metrics, and so an alarm can watch the origin's latency.

    Raises:
        ValueError: A name without certificate and zone; a certificate of another Region, or for other names; a
            certificate to be made in a stack of another Region than us-east-1; a name outside the zone; an error
            response that CloudFront does not have; a root object that starts with /; a log bucket that takes no logs
            of CloudFront, or no ACLs; an origin with the site's own name; a Region of GovCloud, which has no
            CloudFront, or of China, where CloudFront takes no certificate of ACM; a protocol older than TLS 1.2.

    See https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/secure-connections-supported-viewer-protocols-ciphers.html
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        default_behavior: cloudfront.BehaviorOptions,
        additional_behaviors: Mapping[str, cloudfront.BehaviorOptions] | None = None,
        domain_name: str | None = None,
        hosted_zone: route53.IHostedZone | None = None,
        certificate: acm.ICertificate | None = None,
        default_root_object: str | None = None,
        log_bucket: s3.IBucket | None = None,
        web_acl_id: str | None = None,
        comment: str | None = None,
        publish_additional_metrics: bool = False,
        error_responses: Sequence[cloudfront.ErrorResponse] = (),
        minimum_protocol_version: cloudfront.SecurityPolicyProtocol = cloudfront.SecurityPolicyProtocol.TLS_V1_2_2021,
    ) -> None:
        check_choice(
            "minimum_protocol_version", minimum_protocol_version, _TLS, f"older ones are weak, see {_TLS_PAGE}"
        )
        check_error_responses("error_responses", error_responses)
        behaviors = additional_behaviors or {}
        named = {f"additional_behaviors[{pattern!r}]": behavior for pattern, behavior in behaviors.items()}
        for argument, behavior in {"default_behavior": default_behavior, **named}.items():
            check_typed(f"origin of {argument}", behavior.origin, cloudfront.IOrigin)
        if domain_name is None and (hosted_zone or certificate):
            raise ValueError(
                "domain_name is missing: a hosted_zone or certificate serves only a name of the site's own"
            )
        if default_root_object is not None and not is_token(default_root_object):
            _check_root_object(default_root_object)
        if domain_name is not None:
            check_domain_name("domain_name", _without_wildcard(domain_name), "it is the name that viewers type")
            domain_name = domain_name.removesuffix(".")
            if hosted_zone is None and certificate is None:
                raise ValueError(
                    f"certificate is missing for domain_name {domain_name!r}: give one of us-east-1, "
                    "or the hosted_zone in which one can be validated"
                )
            if hosted_zone is not None:
                _require_in_zone(domain_name, check_public_zone(hosted_zone, scope))
        super().__init__(scope, construct_id)
        follow_producers(stack_of(self))
        warn_of_taken_names(self)
        require_whole_edge(self, "an EdgeDistribution")
        if certificate is not None:
            require_edge_region("certificate", certificate, _WHY_CERTIFICATE, arn=certificate.certificate_arn)
            require_covered(domain_name, certificate)
        elif domain_name is not None:
            require_edge_stack(self, "a certificate for CloudFront", _WHY_CERTIFICATE)
            certificate = acm.Certificate(
                self, "Certificate", domain_name=domain_name, validation=acm.CertificateValidation.from_dns(hosted_zone)
            )
        self.certificate = certificate
        if log_bucket is not None:
            _require_takes_logs(log_bucket)
        self.log_bucket = log_bucket or _log_bucket(self)
        _require_log_region(self.log_bucket)
        self.distribution = cloudfront.Distribution(
            self,
            "Distribution",
            default_behavior=_over_https(default_behavior),
            additional_behaviors={
                pattern: _over_https(behavior) for pattern, behavior in (additional_behaviors or {}).items()
            },
            domain_names=[domain_name] if domain_name else None,
            certificate=certificate,
            minimum_protocol_version=minimum_protocol_version if certificate else None,
            ssl_support_method=cloudfront.SSLMethod.SNI if certificate else None,
            http_version=cloudfront.HttpVersion.HTTP2_AND_3,
            enable_ipv6=True,
            default_root_object=default_root_object,
            enable_logging=True,
            log_bucket=self.log_bucket,
            web_acl_id=web_acl_id,
            comment=comment,
            publish_additional_metrics=publish_additional_metrics,
            error_responses=list(error_responses) or None,
        )
        open_questions = {"CFR2": web_acl_id, "CFR4": self.certificate}
        answer(self.distribution, {rule: why for rule, why in _OWNERS_CHOICES.items() if not open_questions.get(rule)})
        given = {"*": default_behavior, **(additional_behaviors or {})}
        harmless = [path for path, behavior in given.items() if not may_keep_for_others(behavior)]
        self.node.add_validation(_KeepsForOthers(self.distribution, harmless))
        judge_distribution(self.distribution)
        self._name = domain_name or self.node.path
        self.reports_origin_latency = publish_additional_metrics
        if domain_name is None:
            warn(
                self,
                "edge:default-certificate",
                "without a domain_name of its own the distribution has CloudFront's default certificate, which lets "
                "viewers connect with TLS 1.0: give domain_name and hosted_zone",
            )
        self.domain_records: list[route53.RecordSet] = []
        if domain_name is not None and hosted_zone is not None:
            target = route53.RecordTarget.from_alias(targets.CloudFrontTarget(self.distribution))
            self.domain_records = [
                route53.ARecord(self, "ARecord", zone=hosted_zone, record_name=f"{domain_name}.", target=target),
                route53.AaaaRecord(self, "AaaaRecord", zone=hosted_zone, record_name=f"{domain_name}.", target=target),
            ]

    @once
    def add_alarms(
        self, topic: sns.ITopic, *, error_rate_percent: int = 5, origin_latency: Duration | None = None
    ) -> list[cloudwatch.Alarm]:
        """Alarms on what viewers get: the share of 5xx and, if asked for, how long origins take.

        Args:
            topic: Notified when an alarm is raised and when it is over; in us-east-1, where the metrics are.
            error_rate_percent: The share of responses with a 5xx status that raises the alarm in 2 of 3 minutes,
                1 to 100. Default 5.
            origin_latency: The 95th percentile of the wait for origins that raises an alarm in 2 of 3 minutes; needs
                ``publish_additional_metrics``. Default: no such alarm.

        Raises:
            ValueError: The topic or this stack is in another Region, or alarms may not use the key of the topic; a
                share out of range; latency without metrics.
        """
        require_alarm_topic(self, topic, "CloudFront's")
        check_whole_number("error_rate_percent", error_rate_percent, 1, 100, "it is a share of all responses")
        metrics: dict[str, tuple[cloudwatch.Metric, float, str]] = {
            "ErrorRate": (
                self._metric("5xxErrorRate", "Average"),
                error_rate_percent,
                "viewers get 5xx errors",
            )
        }
        if origin_latency is not None:
            if not self.reports_origin_latency:
                raise ValueError(
                    "origin_latency needs publish_additional_metrics=True: CloudFront reports it only then"
                )
            metrics["OriginLatency"] = (
                self._metric("OriginLatency", "p95"),
                template_seconds(origin_latency) * 1000,
                "origins answer slowly: a primary may be failing while its secondary still serves",
            )
        alarms = [
            metric.create_alarm(
                self,
                f"{name}Alarm",
                threshold=threshold,
                evaluation_periods=3,
                datapoints_to_alarm=2,
                comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
                treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
                alarm_description=f"{self._name}: {description}",
            )
            for name, (metric, threshold, description) in metrics.items()
        ]
        return notify(topic, *alarms)

    def _metric(self, name: str, statistic: str) -> cloudwatch.Metric:
        """A metric of each minute; the CDK's own leave out the Region dimension, and so never have any data."""
        return cloudwatch.Metric(
            namespace="AWS/CloudFront",
            metric_name=name,
            dimensions_map={"DistributionId": self.distribution.distribution_id, "Region": "Global"},
            statistic=statistic,
            period=duration(60),
        )


@jsii.implements(IValidation)
class _KeepsForOthers:
    """Warns of behaviors that may give one viewer's answer to another, and were added later, too; refuses nothing.

    Args:
        distribution: The distribution.
        harmless: The path patterns of behaviors that need not be judged.
    """

    def __init__(self, distribution: cloudfront.Distribution, harmless: Sequence[str]) -> None:
        self._distribution = distribution
        self._harmless = harmless

    def validate(self) -> list[str]:
        for behavior in behaviors_of(self._distribution, without=self._harmless):
            kept = behavior.kept()
            # To look for the function takes long, and most behaviors need none.
            if behavior.is_configured_to_buckets or any(kept.findings()):
                kept = behavior.kept(sends_of(behavior))
            for finding in kept.findings():
                warn(self._distribution, f"edge:{finding.rule}", f"{behavior.name} {finding.text}")
        return []


def _over_https(behavior: cloudfront.BehaviorOptions) -> cloudfront.BehaviorOptions:
    """The behavior, redirecting to HTTPS where it says nothing: the CDK's default hangs on a feature flag."""
    if behavior.viewer_protocol_policy is not None:
        return behavior
    return replace_fields(behavior, viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS)


def _without_wildcard(domain_name: str) -> str:
    return domain_name if is_token(domain_name) else domain_name.removeprefix("*.")


def _require_in_zone(domain_name: str, zone_name: str) -> None:
    if is_token(domain_name) or is_token(zone_name) or is_in_zone(domain_name, zone_name):
        return
    raise ValueError(
        f"domain_name must be in the hosted_zone {zone_name}, got {domain_name!r}: records of it cannot be made there"
    )


def require_covered(domain_name: str | None, certificate: acm.ICertificate) -> None:
    """Refuse a certificate of this app that is not for a name; an imported one cannot be seen."""
    names = names_of(certificate)
    if domain_name is None or is_token(domain_name) or names is None or covers(names, domain_name):
        return
    raise refusal(
        "certificate",
        f"one for {domain_name}",
        f"one for {', '.join(names)}",
        "CloudFront refuses a name that its certificate does not cover; add the name to subject_alternative_names, or "
        "leave certificate out",
    )


def names_of(certificate: acm.ICertificate) -> list[str] | None:
    """The names of a certificate that is made in this app; None if it is imported, or if one is a token."""
    properties = properties_if_made(certificate, acm.CfnCertificate)
    if properties is None:
        return None
    names = [properties.get("domainName"), *(properties.get("subjectAlternativeNames") or ())]
    return [str(name) for name in names] if all(isinstance(name, str) for name in names) else None


def _check_root_object(name: str) -> None:
    if not is_root_object(name):
        raise refusal(
            "default_root_object",
            f"an object's name of at most {LONGEST_ROOT_OBJECT} characters without a / at the start",
            name,
            "CloudFront puts it after the / itself",
        )


def _require_takes_logs(bucket: s3.IBucket) -> None:
    """Refuse a log bucket that takes no ACLs, as buckets do unless told otherwise, or whose key CloudFront cannot use.

    One that is imported cannot be seen.
    """
    resource = bucket.node.default_child
    if not isinstance(resource, s3.CfnBucket):
        return
    properties = properties_of(resource, "ownershipControls", "bucketEncryption")
    controls = properties.get("ownershipControls") or {"rules": []}
    if not any(rule.get("objectOwnership") in {"ObjectWriter", "BucketOwnerPreferred"} for rule in controls["rules"]):
        raise refusal(
            "log_bucket",
            "one that takes ACLs",
            resource.node.path,
            "CloudFront delivers logs with an ACL; make it with object_ownership=ObjectOwnership.OBJECT_WRITER",
        )
    rules = (properties.get("bucketEncryption") or {}).get("serverSideEncryptionConfiguration") or ()
    defaults = [rule.get("serverSideEncryptionByDefault") or {} for rule in rules]
    if any(one.get("sseAlgorithm") == "aws:kms" and not one.get("kmsMasterKeyId") for one in defaults):
        raise refusal(
            "log_bucket",
            "one that is not encrypted with AWS's own KMS key",
            resource.node.path,
            f"CloudFront cannot write with that key; use BucketEncryption.S3_MANAGED, see {_LOGS_PAGE}",
        )


def _require_log_region(bucket: s3.IBucket) -> None:
    """Refuse a log bucket in a Region where CloudFront delivers no standard logs; an unknown Region passes."""
    resource = bucket.node.default_child
    region = bucket.env.region if resource is None else region_of(bucket)
    if not is_token(region) and region in NO_LOGS_REGIONS:
        raise refusal(
            "log_bucket",
            "in a Region that is enabled by default",
            f"one in {region}",
            f"CloudFront delivers standard logs to no opt-in Region; give a bucket of another Region, see {_LOGS_PAGE}",
        )


def _log_bucket(scope: Construct) -> s3.Bucket:
    bucket = s3.Bucket(
        scope,
        "Logs",
        # CloudFront delivers standard logs with an ACL.
        object_ownership=s3.ObjectOwnership.OBJECT_WRITER,
        block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
        encryption=s3.BucketEncryption.S3_MANAGED,
        enforce_ssl=True,
        lifecycle_rules=[s3.LifecycleRule(expiration=duration(_KEEP_LOGS))],
        removal_policy=RemovalPolicy.RETAIN,
    )
    answer(bucket, {"S1": "This bucket holds access logs; logging access to them would never end."})
    return bucket
