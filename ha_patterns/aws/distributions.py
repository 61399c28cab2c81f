"""The quotas of one distribution, in an account that has raised none, and the limits that no quota changes.

See https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html, read on 2026-11-30.
"""

from __future__ import annotations

from .regions import OPT_IN_REGIONS

#: Quotas of a distribution, which AWS raises on request.
BEHAVIORS = 75
ORIGINS = 100
ORIGIN_GROUPS = 10
ALTERNATE_NAMES = 100
#: Quotas of a policy, of headers, cookies and query strings each, which AWS raises on request.
POLICY_NAMES = 10
#: The characters of all names in one policy together, which no quota raises.
POLICY_CHARACTERS = 1024

#: The most characters of an origin's id. See
#: https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_Origin.html, read on 2026-12-01.
LONGEST_ORIGIN_ID = 128

#: The ports at which CloudFront asks a custom origin, beside a range. See
#: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesOrigin.html, read on 2026-12-01.
ORIGIN_PORTS = (80, 443)
OTHER_ORIGIN_PORTS = range(1024, 65536)

#: The most characters of a default root object. See
#: https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_DistributionConfig.html, read on 2026-12-01.
LONGEST_ROOT_OBJECT = 255

#: Where no bucket can take standard logs (legacy), which are delivered with an ACL: "Legacy logging does not support
#: Amazon S3 buckets in opt-in regions". See
#: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logging-legacy-s3.html, read on
#: 2026-11-30.
NO_LOGS_REGIONS = OPT_IN_REGIONS

#: A part of the host name of a Multi-Region Access Point. CloudFront signs for one with SigV4A, and Lambda@Edge has no
#: origin events on an origin that is signed for so, alone or in an origin group. See
#: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3-mrap.html,
#: read on 2026-11-30.
ACCESS_POINT_HOST = ".accesspoint.s3-global."

#: Methods that change something; CloudFront takes all of them or none. See
#: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesCacheBehavior.html, read on
#: 2026-12-01.
WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
#: The methods that only read.
READS = frozenset({"GET", "HEAD"})


def is_origin_port(port: int) -> bool:
    """Whether CloudFront asks custom origins at a port."""
    return port in ORIGIN_PORTS or port in OTHER_ORIGIN_PORTS


def is_root_object(name: str) -> bool:
    """Whether a default root object is one: the name of an object, without a slash before it."""
    return bool(name) and not name.startswith("/") and len(name) <= LONGEST_ROOT_OBJECT
