"""Runtimes of Lambda that have reached the end of their lives, and the events at which CloudFront runs functions."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

VIEWER_EVENTS = frozenset({"viewer-request", "viewer-response"})
ORIGIN_EVENTS = frozenset({"origin-request", "origin-response"})
#: The events with a request, whose body a Lambda@Edge function may get. See
#: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-include-body-access.html
REQUEST_EVENTS = frozenset({"viewer-request", "origin-request"})


class Lifecycle(NamedTuple):
    """Dates of a runtime that Lambda has deprecated.

    Attributes:
        deprecated: From when it gets no security patches.
        no_create: From when Lambda creates no functions with it.
    """

    deprecated: str
    no_create: str


#: Node.js and Python runtimes that were deprecated when this table was made, see
#: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html
DEPRECATED: Mapping[str, Lifecycle] = MappingProxyType(
    {
        "nodejs": Lifecycle("2016-08-30", "2016-09-30"),
        "nodejs4.3": Lifecycle("2020-03-05", "2020-02-03"),
        "nodejs4.3-edge": Lifecycle("2020-03-05", "2019-03-31"),
        "nodejs6.10": Lifecycle("2019-08-12", "2019-07-12"),
        "nodejs8.10": Lifecycle("2020-03-06", "2020-02-04"),
        "nodejs10.x": Lifecycle("2021-07-30", "2021-07-30"),
        "nodejs12.x": Lifecycle("2023-03-31", "2023-03-31"),
        "nodejs14.x": Lifecycle("2023-12-04", "2024-01-09"),
        "nodejs16.x": Lifecycle("2024-06-12", "2027-02-01"),
        "nodejs18.x": Lifecycle("2025-09-01", "2027-02-01"),
        "nodejs20.x": Lifecycle("2026-04-30", "2027-02-01"),
        "python2.7": Lifecycle("2021-07-15", "2021-07-15"),
        "python3.6": Lifecycle("2022-07-18", "2022-07-18"),
        "python3.7": Lifecycle("2023-12-04", "2024-01-09"),
        "python3.8": Lifecycle("2024-10-14", "2027-02-01"),
        "python3.9": Lifecycle("2025-12-15", "2027-02-01"),
        "python3.10": Lifecycle("2026-10-31", "2027-02-01"),
    }
)

#: When the table was made. The rules follow it and no clock: the same template gets the same findings each day.
TABLE_DATE = "2026-11-22"
