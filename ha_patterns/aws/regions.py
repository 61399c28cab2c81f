"""AWS Regions: where they are, which of them are near to which, which must be enabled, and which of them do what."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import NamedTuple


class Place(NamedTuple):
    """The city that AWS names for a Region, or the largest one close by, in degrees north and east."""

    city: str
    latitude: float
    longitude: float


#: Every Region that can hold a bucket or a table. The names are those of botocore's endpoints; the cities are those
#: that AWS's page "AWS Regions" gives or, where it gives a country or state only, those that AWS announced.
PLACES = {
    "af-south-1": Place("Cape Town", -33.92, 18.42),
    "ap-east-1": Place("Hong Kong", 22.32, 114.17),
    "ap-east-2": Place("Taipei", 25.03, 121.57),
    "ap-northeast-1": Place("Tokyo", 35.68, 139.69),
    "ap-northeast-2": Place("Seoul", 37.57, 126.98),
    "ap-northeast-3": Place("Osaka", 34.69, 135.50),
    "ap-south-1": Place("Mumbai", 19.08, 72.88),
    "ap-south-2": Place("Hyderabad", 17.39, 78.49),
    "ap-southeast-1": Place("Singapore", 1.35, 103.82),
    "ap-southeast-2": Place("Sydney", -33.87, 151.21),
    "ap-southeast-3": Place("Jakarta", -6.21, 106.85),
    "ap-southeast-4": Place("Melbourne", -37.81, 144.96),
    "ap-southeast-5": Place("Kuala Lumpur", 3.14, 101.69),
    "ap-southeast-6": Place("Auckland", -36.85, 174.76),
    "ap-southeast-7": Place("Bangkok", 13.76, 100.50),
    "ca-central-1": Place("Montreal", 45.50, -73.57),
    "ca-west-1": Place("Calgary", 51.05, -114.07),
    "eu-central-1": Place("Frankfurt", 50.11, 8.68),
    "eu-central-2": Place("Zurich", 47.37, 8.54),
    "eu-north-1": Place("Stockholm", 59.33, 18.07),
    "eu-south-1": Place("Milan", 45.46, 9.19),
    "eu-south-2": Place("Zaragoza", 41.65, -0.89),
    "eu-west-1": Place("Dublin", 53.35, -6.26),
    "eu-west-2": Place("London", 51.51, -0.13),
    "eu-west-3": Place("Paris", 48.86, 2.35),
    "il-central-1": Place("Tel Aviv", 32.09, 34.78),
    "me-central-1": Place("Dubai", 25.20, 55.27),
    "me-south-1": Place("Manama", 26.23, 50.59),
    "mx-central-1": Place("Queretaro", 20.59, -100.39),
    "sa-east-1": Place("Sao Paulo", -23.55, -46.63),
    "us-east-1": Place("Ashburn", 39.04, -77.49),
    "us-east-2": Place("Columbus", 39.96, -83.00),
    "us-west-1": Place("San Francisco", 37.77, -122.42),
    "us-west-2": Place("Boardman", 45.84, -119.70),
}

#: Those that an account must enable before it can use them: all that were opened after March 20, 2019. See
#: https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html
OPT_IN_REGIONS = frozenset(
    {
        *("af-south-1", "ap-east-1", "ap-east-2", "ap-south-2", "ap-southeast-3", "ap-southeast-4", "ap-southeast-5"),
        *("ap-southeast-6", "ap-southeast-7", "ca-west-1", "eu-central-2", "eu-south-1", "eu-south-2", "il-central-1"),
        *("me-central-1", "me-south-1", "mx-central-1"),
    }
)

#: Those that have a regional edge cache, where functions on origin events run as a rule; AWS does not promise that
#: they run nowhere else. The list is of November 2026. See
#: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/origin-shield.html
EDGE_CACHE_REGIONS = frozenset(
    {
        *("us-east-1", "us-east-2", "us-west-2", "sa-east-1", "eu-central-1", "eu-west-1", "eu-west-2", "me-central-1"),
        *("ap-south-1", "ap-northeast-1", "ap-northeast-2", "ap-southeast-1", "ap-southeast-2"),
    }
)

#: The Region of CloudFront's configuration and metrics, of its certificates and functions, and of the metrics of health
#: checks. See https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/edge-functions-restrictions.html
EDGE_REGION = "us-east-1"

#: Where Route 53's control plane is, which edits records; its answers and health checks need none of it. See
#: https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/global-services.html
ROUTE53_CONTROL_REGION = "us-east-1"

#: Where the name of a bucket without a Region leads first. See
#: https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html, read on 2026-12-01.
GLOBAL_NAMES_REGION = "us-east-1"

#: The Regions that a latency record may name, as Route 53's API lists them. See
#: https://docs.aws.amazon.com/Route53/latest/APIReference/API_ResourceRecordSet.html
LATENCY_REGIONS = (
    *("us-east-1", "us-east-2", "us-west-1", "us-west-2", "ca-central-1", "ca-west-1", "mx-central-1", "sa-east-1"),
    *("eu-central-1", "eu-central-2", "eu-north-1", "eu-south-1", "eu-south-2", "eu-west-1", "eu-west-2", "eu-west-3"),
    *("ap-east-1", "ap-east-2", "ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-south-2"),
    *("ap-southeast-1", "ap-southeast-2", "ap-southeast-3", "ap-southeast-4", "ap-southeast-5", "ap-southeast-6"),
    *("ap-southeast-7", "af-south-1", "il-central-1", "me-central-1", "me-south-1"),
    *("cn-north-1", "cn-northwest-1", "us-gov-east-1", "us-gov-west-1", "eusc-de-east-1"),
)

#: Where Route 53's health checkers are. See
#: https://docs.aws.amazon.com/Route53/latest/APIReference/API_HealthCheckConfig.html
CHECKER_REGIONS = (
    *("us-east-1", "us-west-1", "us-west-2", "eu-west-1"),
    *("ap-southeast-1", "ap-southeast-2", "ap-northeast-1", "sa-east-1"),
)

#: Where a Multi-Region Access Point may have its buckets without the account asking for the Region first; the signature
#: by which CloudFront asks one is refused by buckets of all others. See
#: https://docs.aws.amazon.com/AmazonS3/latest/userguide/MultiRegionAccessPointRestrictions.html, read on 2026-11-30.
ACCESS_POINT_REGIONS = (
    *("us-east-1", "us-east-2", "us-west-1", "us-west-2", "ca-central-1", "sa-east-1"),
    *("eu-central-1", "eu-north-1", "eu-west-1", "eu-west-2", "eu-west-3"),
    *("ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-southeast-1", "ap-southeast-2"),
)

#: Launched until December 2022: an origin access identity reads no bucket of any that came, or comes, after these. See
#: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html,
#: read on 2026-11-30.
IDENTITY_REGIONS = frozenset(
    {
        *("us-east-1", "us-east-2", "us-west-1", "us-west-2", "ca-central-1", "sa-east-1", "af-south-1"),
        *("eu-central-1", "eu-central-2", "eu-north-1", "eu-south-1", "eu-south-2", "eu-west-1", "eu-west-2"),
        *("eu-west-3", "me-central-1", "me-south-1", "ap-east-1", "ap-northeast-1", "ap-northeast-2"),
        *("ap-northeast-3", "ap-south-1", "ap-south-2", "ap-southeast-1", "ap-southeast-2", "ap-southeast-3"),
    }
)

#: Where S3 answers for the routes of a Multi-Region Access Point, wherever its buckets are, and where its control plane
#: is. See https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_GetMultiRegionAccessPointRoutes.html and
#: https://docs.aws.amazon.com/AmazonS3/latest/userguide/MrapOperations.html, read on 2026-12-01.
ROUTE_REGIONS = ("us-east-1", "us-west-2", "ap-southeast-2", "ap-northeast-1", "eu-west-1")
ACCESS_POINT_CONTROL_REGION = "us-west-2"

#: Where CloudFormation has the types of routing controls; the cluster is in five Regions wherever it is declared. See
#: https://docs.aws.amazon.com/r53recovery/latest/dg/introduction-regions-routing.html, read on 2026-11-30.
ROUTING_CONTROL_REGIONS = ("us-east-1", "us-west-2", "me-south-1")

# By how the names of their Regions start. See
# https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html, read on 2026-11-30.
_PARTITIONS = {
    "cn-": ("aws-cn", "amazonaws.com.cn"),
    "us-gov-": ("aws-us-gov", "amazonaws.com"),
    "us-iso-": ("aws-iso", "c2s.ic.gov"),
    "us-isob-": ("aws-iso-b", "sc2s.sgov.gov"),
    "eu-isoe-": ("aws-iso-e", "cloud.adc-e.uk"),
    "us-isof-": ("aws-iso-f", "csp.hci.ic.gov"),
    "eusc-": ("aws-eusc", "amazonaws.eu"),
    "": ("aws", "amazonaws.com"),
}

#: The partitions that have CloudFront at all, and those whose CloudFront takes certificates of ACM, serves a name of
#: its own and runs Lambda@Edge. CloudFront "is not available in AWS GovCloud (US), but you can use CloudFront in the
#: standard Regions and point to your AWS GovCloud (US) resources"; in China it "does not support" ACM, and its default
#: name cannot serve. See https://docs.aws.amazon.com/govcloud-us/latest/UserGuide/setting-up-cloudfront.html and
#: https://docs.amazonaws.cn/en_us/aws/latest/userguide/cloudfront.html, read on 2026-11-30; the other partitions as
#: botocore's endpoints of 2026-11-20 have them. A Lambda@Edge function "must be in the US East (N. Virginia) Region":
#: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-at-edge-function-restrictions.html
CLOUDFRONT_PARTITIONS = frozenset({"aws", "aws-cn"})
WHOLE_EDGE_PARTITIONS = frozenset({"aws"})

# Light in glass goes at two thirds of its speed, 200 km in a millisecond, and cables are half as long again as the
# shortest way. Held to what is measured between data centers by a test.
_KILOMETERS_PER_MILLISECOND = 200
_DETOUR = 1.5
# No cable crosses Asia: from its east to what is west of Singapore they go around it.
_EAST = ("ap-east-", "ap-northeast-")
_WEST = ("af-", "ap-south-", "eu-", "il-", "me-")
_BETWEEN = "ap-southeast-1"


def nearest(regions: Iterable[str]) -> dict[str, list[str]]:
    """For each Region in which a function may run, the given ones in order of nearness.

    The nearest is the one with the shortest ``round_trip``; of two with the same, the shorter ``distance`` decides, and
    then the name. A function may run in any Region, so all are there.

    Args:
        regions: Where the buckets, replicas or origins are.

    Raises:
        ValueError: What is no Region of the standard partition, a token included.
    """
    wanted = sorted(set(regions))
    for region in wanted:
        if region not in PLACES:
            raise ValueError(
                f"regions must be some of {', '.join(PLACES)}, got {region!r}: its place must be known at synth"
            )
    return {
        at: sorted(wanted, key=lambda region: (round_trip(at, region), distance(at, region), region))
        for at in sorted(PLACES)
    }


def distance(one: str, other: str) -> int:
    """The kilometers between two Regions along the globe."""
    a, b = PLACES[one], PLACES[other]
    return kilometers((a.latitude, a.longitude), (b.latitude, b.longitude))


def kilometers(one: tuple[float, float], other: tuple[float, float]) -> int:
    """The kilometers between two places along the globe, each in degrees north and east."""
    north_a, north_b = math.radians(one[0]), math.radians(other[0])
    half_north = (north_b - north_a) / 2
    half_east = math.radians(other[1] - one[1]) / 2
    part = math.sin(half_north) ** 2 + math.cos(north_a) * math.cos(north_b) * math.sin(half_east) ** 2
    return round(2 * 6371 * math.asin(math.sqrt(part)))


def round_trip(one: str, other: str) -> int:
    """About how many milliseconds a round trip between two Regions takes, by the distance along cables."""
    kilometers = distance(one, other)
    for east, west in ((one, other), (other, one)):
        if east.startswith(_EAST) and west.startswith(_WEST):
            kilometers = distance(east, _BETWEEN) + distance(_BETWEEN, west)
    return round(2 * kilometers * _DETOUR / _KILOMETERS_PER_MILLISECOND)


def far_edges(regions: Iterable[str], milliseconds: int) -> dict[str, int]:
    """Where functions run from which a round trip to each of some Regions takes longer, with the shortest of them.

    The farthest come first.
    """
    wanted = tuple(regions)
    trips = {at: min(round_trip(at, region) for region in wanted) for at in EDGE_CACHE_REGIONS}
    far = {at: trip for at, trip in trips.items() if trip > milliseconds}
    return dict(sorted(far.items(), key=lambda each: (-each[1], each[0])))


def partition_of(region: str) -> tuple[str, str]:
    """The partition of a Region, and the domain of its services' names."""
    return next(found for start, found in _PARTITIONS.items() if region.startswith(start))
