"""Constructs in partitions that lack a service: the error says what exists there, and what can be made there."""

from __future__ import annotations

from aws_cdk import Stack
from constructs import IConstruct

from ..aws.partitions import Service, lacks
from ..aws.regions import partition_of
from .validation import is_token

_NAMES = {"aws-us-gov": "AWS GovCloud (US)", "aws-cn": "the China Regions"}
# By partition, what this library can do there.
_INSTEAD = {
    "aws-us-gov": "health checks, DnsFailover, StandbyTakesOver, LatencyRouting and ZonalShift work there; make the "
    "rest in an account of a commercial Region, whose records and distributions reach endpoints in GovCloud by their "
    "public names",
    "aws-cn": "health checks, DnsFailover, StandbyTakesOver, LatencyRouting and ZonalShift work there",
}


def require_service(scope: IConstruct, what: str, service: Service) -> None:
    """Refuse a construct in a stack of a partition that lacks the service that it is made of.

    Args:
        scope: The construct; a stack without a Region passes.
        what: What the construct makes, with its article.
        service: What it needs.

    Raises:
        ValueError: The partition of the stack's Region lacks the service.
    """
    region = Stack.of(scope).region
    if is_token(region) or not lacks(region, service):
        return
    partition, _ = partition_of(region)
    raise ValueError(
        f"{what} cannot be made in {region}: {service.value} does not exist in {_NAMES[partition]}, in no Region; "
        f"{_INSTEAD[partition]}"
    )
