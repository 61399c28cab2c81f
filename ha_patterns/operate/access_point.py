"""Reads and sets the routes of a Multi-Region Access Point, in any of the five Regions where S3 takes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from botocore.exceptions import BotoCoreError, ClientError  # type: ignore[import-untyped]

from ..aws.regions import ACCESS_POINT_CONTROL_REGION, ROUTE_REGIONS
from ..contracts.access_points import PASSIVE
from .endpoints import Endpoint, Endpoints, OperationError, client

#: Where S3 answers for routes.
ENDPOINTS = tuple(map(Endpoint, ROUTE_REGIONS))
_FINAL = {
    "AccessDenied": "It needs s3:GetMultiRegionAccessPointRoutes and s3:SubmitMultiRegionAccessPointRoutes.",
    "InvalidRequest": "",
    "NoSuchMultiRegionAccessPoint": "",
}


@dataclass(frozen=True)
class Route:
    """A bucket of an access point, and its dial: 100 where it gets requests, 0 where it gets none."""

    region: str
    bucket: str
    dial: int


class AccessPoint:
    """A Multi-Region Access Point, asked for at any of S3's endpoints.

    Args:
        arn: Its ARN.
    """

    def __init__(self, arn: str) -> None:
        self._named = {"AccountId": arn.split(":")[4], "Mrap": arn}
        self._endpoints = Endpoints("s3control", ENDPOINTS, of="S3's failover controls", final=_FINAL)

    def routes(self) -> list[Route]:
        """Its routes, one a Region.

        Raises:
            OperationError: It was refused, or no endpoint answered.
        """
        found = self._endpoints.ask("get_multi_region_access_point_routes", self._named)["Routes"]
        return [Route(one["Region"], one["Bucket"], one["TrafficDialPercentage"]) for one in found]

    def set(self, dials: Mapping[str, int]) -> None:
        """Set the dials of Regions, all in one call; the others stay as they are.

        Args:
            dials: 100 or 0, by Region.

        Raises:
            OperationError: It was refused, or no endpoint answered.
        """
        updates = [{"Region": region, "TrafficDialPercentage": dial} for region, dial in dials.items()]
        given = {**self._named, "RouteUpdates": updates}
        self._endpoints.ask("submit_multi_region_access_point_routes", given, changes=True)


def changed(routes: Sequence[Route], dials: Mapping[str, int]) -> list[Route]:
    """The routes that a change is about, in its order, as they are before it.

    Raises:
        ValueError: A Region without a bucket; a change that leaves no Region active, which S3 refuses too.
    """
    known = {route.region: route for route in routes}
    for region in dials:
        if region not in known:
            raise ValueError(f"the access point has no bucket in {region!r}; it has in: {', '.join(known) or 'none'}")
    if all(dials.get(route.region, route.dial) == PASSIVE for route in routes):
        raise ValueError("no Region would be left active: set at least one to 100")
    return [known[region] for region in dials]


def arn_of(name: str) -> str:
    """The ARN of an access point, by its name in this account.

    That is asked of S3's control plane, in us-west-2: keep the ARN for an outage.

    Raises:
        OperationError: There is none of that name, or nobody there can be asked.
    """
    try:
        caller = client("sts", ACCESS_POINT_CONTROL_REGION).get_caller_identity()
        found = client("s3control", ACCESS_POINT_CONTROL_REGION).get_multi_region_access_point(
            AccountId=caller["Account"], Name=name
        )["AccessPoint"]
    except (BotoCoreError, ClientError) as error:
        raise OperationError(
            f"access point {name} cannot be looked up in {ACCESS_POINT_CONTROL_REGION}: {error}; give its ARN"
        ) from None
    partition = caller["Arn"].split(":")[1]
    return f"arn:{partition}:s3::{caller['Account']}:accesspoint/{found['Alias']}"
