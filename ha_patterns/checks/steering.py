"""Records and their health in the sentences of findings."""

from __future__ import annotations

from ..semantics.health import leads_to_distribution
from ..topology.model import OriginKind, Record
from .words import said


def why_not(record: Record) -> str:
    """Why a record is healthy whatever happens, as a sentence goes on."""
    alias = record.alias
    if alias is None:
        return "has no health check"
    if alias.evaluate_target_health is not True:
        return "has no health check, and its alias does not evaluate the health of its target"
    if alias.endpoint.records:
        return f"has no health check, and {said(alias.endpoint.name)}, which it is an alias of, is always healthy"
    if alias.endpoint.kind is OriginKind.API and not leads_to_distribution(alias):
        # https://docs.aws.amazon.com/apigateway/latest/developerguide/dns-failover.html, read on 2026-12-01.
        return "has no health check, and the health of its target tells of API Gateway in the Region, not of the API"
    what = "CloudFront" if leads_to_distribution(alias) else alias.endpoint.kind.value
    if what == OriginKind.HOST.value:
        what = "VPC endpoint"
    return f"has no health check, and evaluating the health of its target ({what}) brings nothing"


def called(record: Record) -> str:
    """A record of several in a sentence: as its set knows it, where that is known."""
    return record.set_identifier if isinstance(record.set_identifier, str) else record.place.name
