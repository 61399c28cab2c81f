"""Origin groups: whether, and when, CloudFront asks the second origin."""

from __future__ import annotations

from collections.abc import Iterator

from ...topology.model import OriginGroup
from ...topology.values import Unresolved
from ..rule import Context, Severity, Verdict, cannot_tell, problem, rule

_PAGE = "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/high_availability_origin_failover.html"
_CODES = ("FailoverCriteria", "StatusCodes", "Items")


@rule(
    "HA003",
    Severity.ERROR,
    "origin group does not leave a dead origin",
    kind=OriginGroup,
    why="CloudFront asks the second origin after a failed connection only where 503 is among the failover status "
    "codes, and after a time-out only where 504 is. A host that is down sends no status at all, so that without these "
    "codes viewers get the error of the first origin for as long as the outage lasts.",
    remedy="Add 503 and 504 to the status codes of the origin group's failover criteria.",
    page=_PAGE,
)
def dead_origin(group: OriginGroup, _context: Context) -> Iterator[Verdict]:
    missing = {503: "503 (cannot connect)", 504: "504 (no answer in time)"}
    for code in group.status_codes:
        if isinstance(code, Unresolved):
            yield cannot_tell(group, code, "whether 503 and 504 are failover status codes", *_CODES)
            return
        missing.pop(code, None)
    if missing and not group.gaps:
        codes = ", ".join(map(str, group.status_codes)) or "none"
        yield problem(group, f"failover status codes lack {' and '.join(missing.values())}, they are: {codes}", *_CODES)
