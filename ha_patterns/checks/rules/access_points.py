"""Multi-Region Access Points: whether they can be made, and whether CloudFront reads all buckets behind them."""

from __future__ import annotations

from collections.abc import Iterator

from ...aws.access_points import NAME, NAME_TOLD
from ...aws.regions import ACCESS_POINT_REGIONS, partition_of
from ...topology.model import AccessPoint, AccessPointRegion, Bucket, Origin, OriginAccessControl
from ..rule import Context, Severity, Verdict, problem, rule

_S3 = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/"


@rule(
    "HA413",
    Severity.ERROR,
    "access point that S3 refuses",
    kind=AccessPoint,
    why="S3 refuses the access point, so that the deploy fails; if it is noticed after that, a change of its buckets "
    "makes a new access point with another alias.",
    remedy=f"Give Name {NAME_TOLD}, and Regions one bucket of each Region.",
    page=f"{_S3}multi-region-access-point-naming.html",
)
def refused_access_point(point: AccessPoint, _context: Context) -> Iterator[Verdict]:
    if not point.multi_region:
        return
    if isinstance(point.name, str) and not NAME.fullmatch(point.name):
        yield problem(point, f"Name is {point.name!r}; it may be {NAME_TOLD}", "Properties", "Name")
    seen: dict[str, AccessPointRegion] = {}
    for one in point.regions:
        if not isinstance(one.region, str):
            continue
        other = seen.setdefault(one.region, one)
        if other is not one and isinstance(other.bucket, Bucket):
            message = f"{one.region} has the bucket {other.bucket.place.name} already; an access point has one of each"
            yield problem(one, message, "Bucket")


@rule(
    "HA414",
    Severity.ERROR,
    "access point with a bucket that refuses CloudFront",
    kind=Origin,
    why="Buckets of Regions that an account has to enable refuse the signature by which CloudFront asks a Multi-Region "
    "Access Point (SigV4A). Viewers that are nearest to such a bucket get 403, and so do all when the others fail.",
    remedy="Put the bucket into a Region that is enabled by default: " + ", ".join(sorted(ACCESS_POINT_REGIONS)) + ".",
    page=f"{_S3}MultiRegionAccessPointRestrictions.html",
)
def refused_signature(origin: Origin, _context: Context) -> Iterator[Verdict]:
    control = origin.access_control
    if not isinstance(control, OriginAccessControl) or control.signing_protocol != "sigv4a":
        return
    for target in origin.endpoint.targets:
        for one in target.regions if isinstance(target, AccessPoint) and target.multi_region else ():
            region = one.bucket.known_region if isinstance(one.bucket, Bucket) else None
            if region is not None and partition_of(region)[0] == "aws" and region not in ACCESS_POINT_REGIONS:
                message = f"origin {origin.id} asks {target.place.name}, and one of its buckets is in {region}"
                yield problem(origin, message, "DomainName")
