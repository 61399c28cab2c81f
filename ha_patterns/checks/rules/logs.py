"""Access logs of distributions: buckets that CloudFront does not take, or cannot write to."""

from __future__ import annotations

from collections.abc import Iterator

from ...aws.distributions import NO_LOGS_REGIONS
from ...semantics.origin_access import encrypts_with_kms, is_managed_by_aws
from ...topology.model import Bucket, Distribution
from ...topology.names import named_region
from ...topology.values import PropertyPath, Unresolved
from ..rule import Context, Severity, Verdict, cannot_tell, problem, rule
from ..words import found_as

_LOGS = "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logging-legacy-s3.html"
_PLACE: PropertyPath = ("Properties", "DistributionConfig", "Logging", "Bucket")
_NO_ACLS = "BucketOwnerEnforced"


@rule(
    "HA080",
    Severity.ERROR,
    "log bucket that CloudFront refuses",
    kind=Distribution,
    why="CloudFront delivers standard logs (legacy) with an ACL, and to no Region that is enabled first. It refuses a "
    "distribution whose log bucket takes no ACLs, as buckets do where nothing else is said.",
    remedy="Set ObjectOwnership of the log bucket to ObjectWriter or BucketOwnerPreferred in its OwnershipControls, "
    "and make it in a Region that is enabled by default; or use standard logging (v2), which needs no ACLs.",
    page=_LOGS,
)
def refused_log_bucket(distribution: Distribution, _context: Context) -> Iterator[Verdict]:
    logs = distribution.log_bucket
    if logs is None:
        return
    bucket = logs.target
    region = bucket.known_region if isinstance(bucket, Bucket) else named_region(logs.name)
    if region in NO_LOGS_REGIONS:
        message = f"the log bucket {found_as(logs)} is in {region}, a Region that is enabled first"
        yield problem(distribution, message, *_PLACE)
    elif isinstance(bucket, Bucket) and isinstance(bucket.ownership, Unresolved):
        yield cannot_tell(distribution, bucket.ownership, "whether the log bucket takes ACLs", *_PLACE)
    elif isinstance(bucket, Bucket) and bucket.ownership == _NO_ACLS:
        message = f"the log bucket {bucket.place.name} takes no ACLs: its ObjectOwnership is {_NO_ACLS}"
        yield problem(distribution, message, *_PLACE)


@rule(
    "HA081",
    Severity.WARNING,
    "log bucket with a key that CloudFront may not use",
    kind=Distribution,
    why="AWS's own key of KMS lets nobody else encrypt, and its policy cannot be changed. CloudFront delivers no logs "
    "to a bucket that it encrypts, so that nothing tells what viewers got in an outage.",
    remedy="Encrypt the log bucket with AES256, or with a key of your own whose policy lets "
    "delivery.logs.amazonaws.com use it.",
    page=_LOGS,
)
def unwritten_logs(distribution: Distribution, _context: Context) -> Iterator[Verdict]:
    bucket = None if distribution.log_bucket is None else distribution.log_bucket.target
    if isinstance(bucket, Bucket) and encrypts_with_kms(bucket) and is_managed_by_aws(bucket):
        message = f"the log bucket {bucket.place.name} is encrypted with AWS's own key"
        yield problem(distribution, message, *_PLACE)
