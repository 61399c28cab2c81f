"""Origin groups: whether, and when, CloudFront asks the second origin."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ...aws.distributions import WRITES
from ...aws.statuses import CANNOT_CONNECT, FAILOVER_STATUS_CODES, NO_ANSWER
from ...semantics.origin_groups import failover_codes_of, makes_what_is_missing
from ...semantics.permissions import lists
from ...semantics.records import unknown_answers
from ...semantics.replication import copies, rules_to
from ...semantics.requests import answers, bucket_of, first_bucket, one_end
from ...topology.model import (
    Accelerator,
    AccessPoint,
    ApiDomain,
    CacheBehavior,
    Distribution,
    Endpoint,
    Origin,
    OriginGroup,
    OriginKind,
    ReplicationRule,
)
from ...topology.values import Unresolved
from ..rule import Context, Problem, Severity, Verdict, cannot_tell, problem, rule
from ..words import found_as, listed

_PAGE = "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/high_availability_origin_failover.html"
_REPLICATION = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication.html"
_LISTING = "https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html"
_SECOND = ("Members", "Items", 1)
_CODES = ("FailoverCriteria", "StatusCodes", "Items")


def _lack(group: OriginGroup, codes: str) -> Problem:
    """Failover status codes that are missing; without any, the criteria themselves may be."""
    they_are = ", ".join(map(str, group.status_codes)) or "none"
    place = _CODES if group.status_codes else _CODES[:1]
    return problem(group, f"failover status codes lack {codes}, they are: {they_are}", *place)


@rule(
    "HA001",
    Severity.ERROR,
    "origin group without exactly two members",
    kind=OriginGroup,
    why="An origin group is one origin and the one that is asked when it fails. CloudFront refuses any other number "
    "at deploy.",
    remedy="List two origins in the origin group's Members, the one that is asked first before the other.",
    page=_PAGE,
)
def two_members(group: OriginGroup, _context: Context) -> Iterator[Verdict]:
    gaps = [gap for gap in group.gaps if "Members" in gap.path]
    if len(group.member_ids) == 2 and not gaps:
        return
    unknown = next((one for one in (*gaps, *group.member_ids) if isinstance(one, Unresolved)), None)
    if unknown is not None:
        yield cannot_tell(group, unknown, "how many members the origin group has", "Members", "Items")
        return
    named = f": {', '.join(map(str, group.member_ids))}" if group.member_ids else ""
    yield problem(
        group,
        f"origin group {group.id} has {len(group.member_ids)} members{named}; CloudFront takes exactly two",
        "Members",
        "Items",
    )


@rule(
    "HA002",
    Severity.ERROR,
    "failover status code that CloudFront refuses",
    kind=OriginGroup,
    why="CloudFront refuses the distribution at deploy, so that neither this change nor what else is in it arrives.",
    remedy=f"Choose the status codes of the origin group's failover criteria from {listed(FAILOVER_STATUS_CODES)}, "
    "each once.",
    page=_PAGE,
)
def failover_codes(group: OriginGroup, _context: Context) -> Iterator[Verdict]:
    refused = [code for code in group.status_codes if isinstance(code, int) and code not in FAILOVER_STATUS_CODES]
    if refused:
        yield problem(
            group,
            f"failover status codes have {listed(refused)}; CloudFront takes {listed(FAILOVER_STATUS_CODES)}",
            *_CODES,
        )
    codes = [code for code in group.status_codes if isinstance(code, int)]
    twice = [code for code in dict.fromkeys(codes) if codes.count(code) > 1]
    if twice:
        yield problem(group, f"failover status codes have {listed(twice)} more than once", *_CODES)


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
    if makes_what_is_missing(group):
        return
    missing = {
        CANNOT_CONNECT: f"{CANNOT_CONNECT} (cannot connect)",
        NO_ANSWER: f"{NO_ANSWER} (no answer in time)",
    }
    for code in group.status_codes:
        if isinstance(code, Unresolved):
            yield cannot_tell(group, code, "whether 503 and 504 are failover status codes", *_CODES)
            return
        missing.pop(code, None)
    if missing and not group.gaps:
        yield _lack(group, listed(missing.values()))


@rule(
    "HA004",
    Severity.WARNING,
    "origin group does not leave an origin whose TLS or name fails",
    kind=OriginGroup,
    why="When the first origin's certificate has expired, its TLS handshake fails or its name has no address, "
    "CloudFront's answer is 502, and so is that of a load balancer whose targets break off. Without 502 among the "
    "failover status codes, viewers get that answer and the second origin is never asked.",
    remedy="Add 502 to the status codes of the origin group's failover criteria.",
    page="https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/http-502-bad-gateway.html",
)
def bad_gateway(group: OriginGroup, _context: Context) -> Iterator[Verdict]:
    codes = failover_codes_of(group)
    if isinstance(codes, Unresolved):
        yield cannot_tell(group, codes, "whether 502 is a failover status code", *_CODES)
    elif 502 not in codes and not makes_what_is_missing(group):
        yield _lack(group, "502")


@rule(
    "HA029",
    Severity.WARNING,
    "origin group that stands by for missing objects only",
    kind=OriginGroup,
    why="The second origin is asked for an object that the bucket does not have, and makes it. If the bucket itself "
    "fails, CloudFront asks nobody else, and viewers get the error for as long as the outage lasts.",
    remedy="Add 500, 502, 503 and 504 to the status codes of the origin group's failover criteria if the second origin "
    "can answer for every object; otherwise acknowledge that an outage of the bucket is not covered.",
    page=_PAGE,
)
def only_for_missing_objects(group: OriginGroup, _context: Context) -> Iterator[Verdict]:
    if makes_what_is_missing(group):
        told = listed(group.status_codes)
        message = f"origin group {group.id} leaves its bucket at {told} only, so that nobody stands by for an outage"
        yield problem(group, message, *_CODES)


@rule(
    "HA005",
    Severity.ERROR,
    "behavior with write methods targets an origin group",
    kind=CacheBehavior,
    why="CloudFront never sends a write to a group's second origin, and refuses at deploy a behavior that allows "
    "POST, PUT, PATCH or DELETE and targets an origin group.",
    remedy="Leave GET, HEAD and OPTIONS in the behavior's AllowedMethods, and give writes a behavior of their own "
    "path with one origin, whose name moves in an outage, such as a failover record or an accelerator.",
    page=_PAGE,
)
def writes_to_group(behavior: CacheBehavior, _context: Context) -> Iterator[Verdict]:
    if not isinstance(behavior.target, OriginGroup):
        return
    if isinstance(behavior.allowed_methods, Unresolved):
        question = f"whether behavior {behavior.pattern} allows write methods"
        yield cannot_tell(behavior, behavior.allowed_methods, question, "AllowedMethods")
        return
    writes = sorted(behavior.allowed_methods & WRITES)
    if writes:
        yield problem(
            behavior,
            f"behavior {behavior.pattern} allows {listed(writes)} and targets the origin group {behavior.target.id}; "
            "CloudFront takes GET, HEAD and OPTIONS there",
            "AllowedMethods",
        )


@rule(
    "HA006",
    Severity.WARNING,
    "preflight requests are not failed over",
    kind=CacheBehavior,
    why="CloudFront asks a group's second origin for OPTIONS only where OPTIONS is cached. In an outage of the first "
    "origin, GET is answered by the second, while browsers' preflight requests fail, and with them every request of "
    "another site's page that needs one.",
    remedy="Add OPTIONS to the behavior's CachedMethods, or take it out of AllowedMethods.",
    page=_PAGE,
)
def options_to_group(behavior: CacheBehavior, _context: Context) -> Iterator[Verdict]:
    allowed, cached = behavior.allowed_methods, behavior.cached_methods
    if not isinstance(behavior.target, OriginGroup):
        return
    if isinstance(allowed, Unresolved) or isinstance(cached, Unresolved):
        unknown = allowed if isinstance(allowed, Unresolved) else cached
        if isinstance(unknown, Unresolved):
            yield cannot_tell(behavior, unknown, f"whether behavior {behavior.pattern} fails over OPTIONS")
        return
    # With writes the whole behavior is refused, which is another finding.
    if "OPTIONS" in allowed and "OPTIONS" not in cached and not allowed & WRITES:
        yield problem(
            behavior,
            f"behavior {behavior.pattern} allows OPTIONS, and CachedMethods, {listed(sorted(cached))}, lack it: the "
            f"origin group {behavior.target.id} never fails over OPTIONS",
            "CachedMethods",
        )


@rule(
    "HA007",
    Severity.ERROR,
    "behavior or origin group names an origin that does not exist",
    kind=Distribution,
    why="CloudFront refuses the distribution at deploy, so that neither this change nor what else is in it arrives.",
    remedy="Name the Id of one of the distribution's Origins or OriginGroups in TargetOriginId, and of two of its "
    "Origins in the group's Members.",
    page="https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesOrigin.html",
)
def no_such_origin(distribution: Distribution, _context: Context) -> Iterator[Verdict]:
    origins = {origin.id for origin in distribution.origins}
    groups = {group.id for group in distribution.origin_groups}
    # An id that is not known may be the one that is named.
    if distribution.gaps or not all(isinstance(one, str) for one in origins | groups):
        return
    have = listed(sorted(map(str, origins))) or "none"
    for group in distribution.origin_groups:
        for index, member_id in enumerate(group.member_ids):
            if isinstance(member_id, str) and member_id not in origins:
                message = f"origin group {group.id} names the origin {member_id}; the distribution has {have}"
                yield problem(group, message, "Members", "Items", index, "OriginId")
    have = listed(sorted(map(str, origins | groups))) or "none"
    for behavior in distribution.behaviors:
        if isinstance(behavior.target_id, str) and behavior.target_id not in origins | groups:
            message = f"behavior {behavior.pattern} targets {behavior.target_id}; the distribution has {have}"
            yield problem(behavior, message, "TargetOriginId")


def _pair(group: OriginGroup) -> tuple[Origin, Origin] | None:
    """Both origins; None where one is not known, or where the group asks the same name again on purpose."""
    primary, secondary = group.primary, group.secondary
    if primary is None or secondary is None or primary.endpoint is secondary.endpoint or len(group.members) != 2:
        return None
    return primary, secondary


def _same_answer(one: Endpoint, other: Endpoint) -> bool:
    ends = one_end(one), one_end(other)
    return ends[0] is not None and ends[1] is not None and answers(ends[0]) is answers(ends[1])


@rule(
    "HA008",
    Severity.WARNING,
    "both members of an origin group are one and the same",
    kind=OriginGroup,
    why="The second origin has another name than the first, which ends at the same resource. What takes the first "
    "down takes the second down with it, and every failed request asks twice for nothing.",
    remedy="Point the second origin's DomainName at another resource, best in another Region; where the same one is to "
    "be tried twice on purpose, give both members the same DomainName.",
    page=_PAGE,
)
def same_host(group: OriginGroup, context: Context) -> Iterator[Verdict]:
    pair = _pair(group)
    if pair is None or not _same_answer(pair[0].endpoint, pair[1].endpoint):
        return
    unknown = next(filter(None, (unknown_answers(one.endpoint, context.topology) for one in pair)), None)
    if unknown is not None:
        question = f"whether {pair[0].endpoint.name} and {pair[1].endpoint.name} are one and the same"
        yield cannot_tell(group, unknown, question, "Members", "Items", 1)
        return
    end = one_end(pair[0].endpoint)
    name = end.target.place.name if end is not None and end.target is not None else end and end.name
    yield problem(
        group,
        f"{pair[0].endpoint.name} and {pair[1].endpoint.name}, the members of origin group {group.id}, end at {name}",
        "Members",
        "Items",
        1,
    )


# What is not in one Region, wherever its stack is.
_EVERYWHERE = (Accelerator, AccessPoint, Distribution)


def _stack(endpoint: Endpoint) -> str | None:
    """The one stack that makes all that answers, and so is in the same Region; None where there is no such stack."""
    stacks: set[str] = set()
    for end in endpoint.ends:
        target = end.target
        if (
            target is None
            or isinstance(target, _EVERYWHERE)
            or (isinstance(target, ApiDomain) and target.edge_optimized is not False)
        ):
            return None
        stacks.add(target.place.stack.id)
    return stacks.pop() if len(stacks) == 1 else None


@rule(
    "HA009",
    Severity.WARNING,
    "both members of an origin group are in one Region",
    kind=OriginGroup,
    why="When the Region fails, the second origin fails with the first, and viewers get an error for as long as the "
    "outage lasts. The group helps against the failure of one resource only.",
    remedy="Point the second origin's DomainName at a resource in another Region.",
    page=_PAGE,
)
def same_region(group: OriginGroup, _context: Context) -> Iterator[Verdict]:
    pair = _pair(group)
    if pair is None or _same_answer(pair[0].endpoint, pair[1].endpoint):
        return
    one, other = (origin.endpoint for origin in pair)
    if one.regions is not None and one.regions == other.regions and len(one.regions) == 1:
        where = next(iter(one.regions))
    elif _stack(one) is not None and _stack(one) == _stack(other):
        where = f"the Region of the stack {_stack(one)}"
    else:
        return
    yield problem(
        group,
        f"{found_as(one)} and {found_as(other)}, the members of origin group {group.id}, are in {where}",
        "Members",
        "Items",
    )


def _is_bucket(origin: Origin | None) -> bool:
    """Whether an origin is a bucket that is asked by S3's API, so that its policy decides what a missing key is."""
    return origin is not None and origin.kind is OriginKind.BUCKET


@rule(
    "HA013",
    Severity.WARNING,
    "origin group does not leave a bucket that refuses",
    kind=OriginGroup,
    why="A bucket answers 403 when it may not be read, and also for a key that is missing, unless its policy lets "
    "CloudFront list it. Without 403 among the failover status codes, viewers get that answer and the second origin "
    "is not asked, be it for a policy that was changed by mistake or for an object that has not been copied yet.",
    remedy="Add 403 to the status codes of the origin group's failover criteria, or, for missing keys, grant "
    "s3:ListBucket in the bucket's policy and add 404.",
    page=_LISTING,
)
def refused_by_bucket(group: OriginGroup, _context: Context) -> Iterator[Verdict]:
    if not _is_bucket(group.primary):
        return
    codes = failover_codes_of(group)
    if isinstance(codes, Unresolved):
        yield cannot_tell(group, codes, "whether 403 is a failover status code", *_CODES)
        return
    listed = lists(first_bucket(group))
    # With 404 listed, a bucket that does not let list is the finding of another rule.
    if 403 in codes or listed or (404 in codes and listed is False):
        return
    if 404 in codes:
        unknown = Unresolved("the bucket's policy")
        yield cannot_tell(group, unknown, "whether a missing key is a 403, which is not among the codes", *_CODES)
        return
    yield _lack(group, "403")


@rule(
    "HA014",
    Severity.WARNING,
    "missing keys never reach the second bucket",
    kind=OriginGroup,
    why="Without s3:ListBucket a bucket answers 403 for a key that is missing, never 404. The group lists 404 to "
    "have missing keys fetched from the second origin, which never happens.",
    remedy="Add 403 to the status codes of the origin group's failover criteria, or grant s3:ListBucket on the bucket "
    "itself in the policy of the first origin's bucket.",
    page=_LISTING,
)
def missing_keys(group: OriginGroup, _context: Context) -> Iterator[Verdict]:
    codes = failover_codes_of(group)
    bucket = first_bucket(group)
    if bucket is None or isinstance(codes, Unresolved) or not _is_bucket(group.primary):
        return
    if 404 in codes and 403 not in codes and lists(bucket) is False:
        yield problem(
            group,
            f"failover status codes have 404 and lack 403, and the policy of the bucket {bucket.place.name} "
            "does not grant s3:ListBucket, so that a missing key is a 403",
            *_CODES,
        )


@rule(
    "HA015",
    Severity.WARNING,
    "second bucket is not a copy of the first",
    kind=OriginGroup,
    why="Nothing in these templates copies all that is written to the first bucket to the second: no rule does that is "
    "enabled, or only some objects are copied, or those of the second to the first. When the first fails, viewers get "
    "what the second happens to have: an old state, or nothing.",
    remedy="Add a rule to the first bucket's ReplicationConfiguration with the second bucket as its Destination, with "
    "Status Enabled and a Filter that leaves nothing out; acknowledge this where whatever writes the first bucket "
    "writes the second, too, or only the second is written.",
    page=_REPLICATION,
)
def no_copy(group: OriginGroup, _context: Context) -> Iterator[Verdict]:
    pair = _pair(group)
    first, second = (bucket_of(origin) for origin in pair) if pair is not None else (None, None)
    if first is None or second is None or first is second:
        return
    told = copies(first, second, below=pair[0].path if pair is not None else "")
    if told.everything is not False:
        return
    names = f"replicated to {second.place.name}, the second of origin group {group.id}"
    why = ""
    if copies(second, first).everything:
        why = ", and the second is replicated to it"
    elif any(copying.enabled is False for copying in rules_to(first, second)):
        why = ": the rule that would do it is disabled"
    copied = f"is {names}, {_in_part(told.rules)} only" if told.rules else f"is not {names}{why}"
    yield problem(group, f"the bucket {first.place.name} {copied}", *_SECOND)


def _in_part(rules: Iterable[ReplicationRule]) -> str:
    """What some rules copy."""
    told: list[str] = []
    for one in (copying.filter for copying in rules):
        told += [f"with the prefix {one.prefix}"] if one.prefix else []
        told += [f"with the tag {key}" for key, _ in one.tags]
        told += ["without what a filter leaves out"] if one.excludes else []
    return listed(dict.fromkeys(told))


@rule(
    "HA018",
    Severity.NOTE,
    "a refusal of the first bucket is hidden",
    kind=OriginGroup,
    why="With 403 among the failover status codes, a bucket policy or key that was changed by mistake sends every "
    "request to the second origin, and nobody sees it. For a missing key both buckets are asked, which doubles the "
    "requests for what neither has, unless s3:ListBucket is granted: then it is a 404.",
    remedy="Have an alarm on what the second origin serves, and grant s3:ListBucket in the buckets' policies, so that "
    "missing keys are answered with 404.",
    page=_LISTING,
)
def hidden_refusal(group: OriginGroup, _context: Context) -> Iterator[Verdict]:
    if _is_bucket(group.primary) and 403 in group.status_codes:
        doubled = "" if lists(first_bucket(group)) else ", and missing keys ask both buckets"
        yield problem(
            group, f"failover status codes have 403: refusals of the first bucket go unseen{doubled}", *_CODES
        )
