"""Error responses: what viewers get in place of an error, and how long an error is kept."""

from __future__ import annotations

from collections.abc import Iterator

from ...aws.error_pages import DOWN, REFUSALS, answers_programs, is_gone, is_lost, is_not_kept
from ...aws.policies import CachePolicy
from ...aws.statuses import ERROR_CODES, LONGEST_USUAL_ERROR, RESPONSE_CODES
from ...semantics.errors import late_errors
from ...semantics.permissions import lists
from ...semantics.requests import behavior_of, bucket_of
from ...topology.model import CacheBehavior, Distribution, Endpoint, ErrorResponse, OriginGroup, OriginKind
from ...topology.values import Unresolved, Value, atoms
from ..rule import Context, Severity, Verdict, cannot_tell, problem, rule
from ..words import listed, said

_GUIDE = "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/"
_PAGES = _GUIDE + "creating-custom-error-pages.html"
#: Errors that have a caching time of their own, and no page.
_TIME_ONLY = (412, 415)


@rule(
    "HA020",
    Severity.ERROR,
    "error response for a code that CloudFront does not take",
    kind=ErrorResponse,
    why="CloudFront refuses the distribution at deploy, so that neither this change nor what else is in it arrives.",
    remedy=f"Choose ErrorCode from {listed(ERROR_CODES)}, and ResponseCode from the same codes or 200.",
    page=_PAGES,
)
def error_codes(response: ErrorResponse, _context: Context) -> Iterator[Verdict]:
    code, sent_as = response.error_code, response.response_code
    taken = ERROR_CODES if response.page or sent_as else (*ERROR_CODES, *_TIME_ONLY)
    if isinstance(code, int) and code not in taken:
        yield problem(response, f"ErrorCode is {code}; CloudFront takes {listed(ERROR_CODES)}", "ErrorCode")
    if isinstance(sent_as, int) and sent_as and sent_as not in RESPONSE_CODES:
        message = f"ResponseCode of {code} is {sent_as}; CloudFront takes {listed(RESPONSE_CODES)}"
        yield problem(response, message, "ResponseCode")


@rule(
    "HA021",
    Severity.ERROR,
    "error page that CloudFront refuses",
    kind=ErrorResponse,
    why="CloudFront takes ResponsePagePath and ResponseCode together or not at all, and a path that starts with a "
    "slash. It refuses the distribution at deploy.",
    remedy="Set both ResponsePagePath and ResponseCode, or neither, where the entry only says how long the error is "
    "kept; and start the path with a slash, as in /errors/503.html.",
    page=_PAGES,
)
def half_a_page(response: ErrorResponse, _context: Context) -> Iterator[Verdict]:
    page, sent_as = response.page, response.response_code
    if isinstance(page, Unresolved) or isinstance(sent_as, Unresolved) or response.gaps:
        return
    if page and not sent_as:
        message = f"the page {page} of {response.error_code} has no ResponseCode to be sent with"
        yield problem(response, message, "ResponsePagePath")
    elif sent_as and not page:
        message = f"{response.error_code} is to be sent as {sent_as} and has no ResponsePagePath"
        yield problem(response, message, "ResponseCode")
    elif isinstance(page, str) and page and not page.startswith("/"):
        message = f"the page {page} of {response.error_code} does not start with a slash"
        yield problem(response, message, "ResponsePagePath")


@rule(
    "HA079",
    Severity.WARNING,
    "error page with a query string",
    kind=ErrorResponse,
    why="CloudFront drops the query string when it fetches an error page. Viewers get the page without it, or an error "
    "if the origin makes the page by it.",
    remedy="Give each error a ResponsePagePath of its own, without a question mark.",
    page=_PAGES,
)
def page_with_query(response: ErrorResponse, _context: Context) -> Iterator[Verdict]:
    page = response.page
    if page is not None and any("?" in atom for atom in atoms(page) if isinstance(atom, str)):
        message = f"the page {said(page)} of {response.error_code} has a query string, which CloudFront drops"
        yield problem(response, message, "ResponsePagePath")


def _by_page(distribution: Distribution) -> dict[Value, list[ErrorResponse]]:
    """The error responses with a page, by it; CloudFront takes one for each code."""
    by_code = {one.error_code: one for one in reversed(distribution.error_responses) if one.error_code in ERROR_CODES}
    found: dict[Value, list[ErrorResponse]] = {}
    for response in reversed(by_code.values()):
        if response.page:
            found.setdefault(response.page, []).append(response)
    return found


def _gone(behavior: CacheBehavior, needed: frozenset[Endpoint], code: int) -> bool | None:
    """Whether the hosts that a page needs have all failed when viewers get a code of a behavior; None: not known."""
    target = behavior.target
    if isinstance(target, Unresolved):
        return None
    if not isinstance(target, OriginGroup):
        return is_gone(needed, (target.endpoint,), None, code)
    if target.primary is None or target.secondary is None or target.gaps:
        return None
    return is_gone(needed, (target.primary.endpoint, target.secondary.endpoint), target.status_codes, code)


def _covered(distribution: Distribution, serving: CacheBehavior, code: int) -> bool:
    """Whether a page that a behavior serves is gone, too, when the errors come that it is for."""
    needed = frozenset(origin.endpoint for origin in serving.origins)
    # A behavior for the page alone serves nothing that the page would have to stand in for.
    others = [one for one in distribution.behaviors if one is not serving or one.is_default]
    gone = [_gone(behavior, needed, code) for behavior in others]
    return is_lost(gone, [origin.kind for origin in serving.origins])


@rule(
    "HA022",
    Severity.WARNING,
    "error page comes from the origin that has failed",
    kind=Distribution,
    why="CloudFront fetches an error page like any other object, from the origin of the first behavior whose pattern "
    "matches its path. When that is the origin whose errors the page is for, the page is out of reach in the outage, "
    "and viewers get the bare error.",
    remedy="Put the page into a bucket, best in another Region, and add a behavior whose PathPattern matches the "
    "page's ResponsePagePath and whose TargetOriginId is that bucket's origin.",
    page=_PAGES,
)
def page_of_failed_origin(distribution: Distribution, _context: Context) -> Iterator[Verdict]:
    for page, responses in _by_page(distribution).items():
        down = [response for response in responses if response.error_code in DOWN]
        if not down:
            continue
        serving = behavior_of(distribution.behaviors, page)
        unknown = serving if isinstance(serving, Unresolved) else next(iter(distribution.gaps), None)
        if unknown is not None or isinstance(serving, Unresolved):
            yield cannot_tell(down[0], unknown or page, f"which origin serves the page {page}", "ResponsePagePath")
            continue
        codes = [one.error_code for one in down if _covered(distribution, serving, _whole(one))]
        if codes:
            yield problem(
                down[0],
                f"the page {page} for {listed(codes)} matches behavior {serving.pattern}, whose origin "
                f"{serving.target_id} is the one that fails with {'it' if len(codes) == 1 else 'them'}",
                "ResponsePagePath",
            )


def _whole(response: ErrorResponse) -> int:
    return response.error_code if isinstance(response.error_code, int) else 0


def _answers_programs(behavior: CacheBehavior) -> bool:
    """Whether a behavior is for programs rather than people, as far as is known."""
    methods = behavior.allowed_methods
    return answers_programs(
        {origin.kind for origin in behavior.origins}, () if isinstance(methods, Unresolved) else methods
    )


@rule(
    "HA023",
    Severity.WARNING,
    "errors of an API become a page with status 200",
    kind=Distribution,
    why="Error responses are for the whole distribution. The entry that shows the start page for unknown paths also "
    "turns a refusal or a missing resource of the API into HTML with status 200: clients take it for an answer, and "
    "no monitor sees that requests fail.",
    remedy="Take the entry out of CustomErrorResponses and rewrite the unknown paths in a CloudFront Function on the "
    "viewer-request event of the site's own behavior.",
    page=_GUIDE + "custom-error-pages-response-code.html",
)
def masked_errors(distribution: Distribution, _context: Context) -> Iterator[Verdict]:
    for page, responses in _by_page(distribution).items():
        masked = [one for one in responses if one.error_code in REFUSALS and one.response_code == 200]
        serving = behavior_of(distribution.behaviors, page)
        if not masked or isinstance(serving, Unresolved) or not serving.origins:
            continue
        own = {origin.endpoint for origin in serving.origins}
        apis = [
            behavior.pattern
            for behavior in distribution.behaviors
            if _answers_programs(behavior) and own.isdisjoint(origin.endpoint for origin in behavior.origins)
        ]
        if apis:
            yield problem(
                masked[0],
                f"{listed(one.error_code for one in masked)} are sent as 200 with {page}, those of {listed(apis)} too"
                if len(masked) > 1
                else f"{masked[0].error_code} is sent as 200 with {page}, that of {listed(apis)} too",
                "ResponseCode",
            )


@rule(
    "HA024",
    Severity.WARNING,
    "errors are not kept at all",
    kind=Distribution,
    why="With a least error caching time of 0, every request for what has failed goes to the sick origin again, which "
    "keeps it from recovering; stale copies are given out only after another failed request, too.",
    remedy="Set ErrorCachingMinTTL to a few seconds; 10 is the default.",
    page=_GUIDE + "custom-error-pages-expiration.html",
)
def errors_not_kept(distribution: Distribution, _context: Context) -> Iterator[Verdict]:
    policies = [behavior.cache_policy for behavior in distribution.behaviors]
    # Where nothing is cached, errors are not either, whatever the time.
    if not any(isinstance(policy, CachePolicy) and policy.caches for policy in policies):
        return
    for response in distribution.error_responses:
        if is_not_kept(response.error_code, response.caching_min_ttl):
            yield problem(response, f"ErrorCachingMinTTL of {response.error_code} is 0", "ErrorCachingMinTTL")


def _keep_errors(distribution: Distribution) -> bool | Unresolved:
    """Whether some behavior keeps errors: where nothing is cached, they are not either, whatever the time."""
    policies = [behavior.cache_policy for behavior in distribution.behaviors]
    if any(isinstance(policy, CachePolicy) and policy.caches for policy in policies):
        return True
    return next((policy for policy in policies if isinstance(policy, Unresolved)), False)


@rule(
    "HA072",
    Severity.WARNING,
    "errors are kept long after the origin is well",
    kind=Distribution,
    why="CloudFront keeps an error for its error caching time, and asks no origin meanwhile. Viewers get the error "
    "until then, though the origin has recovered or traffic has moved to another.",
    remedy=f"Set ErrorCachingMinTTL of 500, 502, 503 and 504 to at most {LONGEST_USUAL_ERROR} seconds; 10 is the "
    "default.",
    page=_GUIDE + "HTTPStatusCodes.html",
)
def errors_kept_for_long(distribution: Distribution, context: Context) -> Iterator[Verdict]:
    # What the owner demands is judged by the rule of the objective.
    if context.objectives.recovery_seconds is not None:
        return
    late = late_errors(distribution, LONGEST_USUAL_ERROR)
    kept = _keep_errors(distribution) if late else False
    if isinstance(kept, Unresolved):
        yield cannot_tell(late[0], kept, "whether a behavior keeps errors", "ErrorCachingMinTTL")
    elif kept:
        codes = listed(one.error_code for one in late)
        times = listed(dict.fromkeys(f"{one.caching_min_ttl} s" for one in late))
        message = (
            f"{codes} {'is' if len(late) == 1 else 'are'} kept for {times}; at most {LONGEST_USUAL_ERROR} s is usual"
        )
        yield problem(late[0], message, "ErrorCachingMinTTL")


@rule(
    "HA073",
    Severity.WARNING,
    "error page is kept by a behavior of its own",
    kind=Distribution,
    why="Where a behavior matches the path of an error page, CloudFront keeps the page by the TTL of that behavior's "
    "cache policy, and not by ErrorCachingMinTTL. Viewers get the page until that has passed.",
    remedy="Give the behavior of the error pages a cache policy whose MinTTL and DefaultTTL are the error caching "
    f"time, at most {LONGEST_USUAL_ERROR} seconds, or the managed policy CachingDisabled.",
    page=_GUIDE + "HTTPStatusCodes.html",
)
def page_kept_for_long(distribution: Distribution, context: Context) -> Iterator[Verdict]:
    objective = context.objectives.recovery_seconds
    most = LONGEST_USUAL_ERROR if objective is None else objective
    seen: set[CacheBehavior] = set()
    for page, responses in _by_page(distribution).items():
        down = [response for response in responses if response.error_code in DOWN]
        serving = behavior_of(distribution.behaviors, page) if down else Unresolved("a page")
        if isinstance(serving, Unresolved) or serving.is_default or serving in seen:
            continue
        seen.add(serving)
        policy = serving.cache_policy
        question = f"how long behavior {serving.pattern} keeps the page {page}"
        if isinstance(policy, Unresolved):
            yield cannot_tell(serving, policy, question, "CachePolicyId")
            continue
        time = policy.default_ttl if policy.caches else 0
        if not isinstance(time, int):
            unknown = time if isinstance(time, Unresolved) else Unresolved("the DefaultTTL of its cache policy")
            yield cannot_tell(serving, unknown, question, "CachePolicyId")
        elif time > most:
            codes = listed(one.error_code for one in down)
            message = f"the page {page} for {codes} is kept for {time} s by behavior {serving.pattern} ({policy.name})"
            yield problem(serving, message, policy.name if policy.name == "ForwardedValues" else "CachePolicyId")


@rule(
    "HA074",
    Severity.WARNING,
    "error page for 404 that a bucket's 403 never reaches",
    kind=Distribution,
    why="Without s3:ListBucket a bucket answers 403 for a key that is missing, never 404. Viewers of a path that is "
    "not there get S3's bare 403, and not the page for 404.",
    remedy="Add an entry to CustomErrorResponses for 403 with the same page and ResponseCode 404, or grant "
    "s3:ListBucket on the bucket itself in the bucket's policy.",
    page="https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html",
)
def unreached_page(distribution: Distribution, _context: Context) -> Iterator[Verdict]:
    pages = {one.error_code: one for one in distribution.error_responses if one.page}
    if 404 not in pages or 403 in pages or distribution.gaps:
        return
    own = behavior_of(distribution.behaviors, pages[404].page or "")
    behaviors = [one for one in distribution.behaviors if one is not own or one.is_default]
    listing = [_answers_missing_with_404(behavior) for behavior in behaviors]
    # Where one behavior's origin may answer 404, the page is for that.
    if True in listing or not listing:
        return
    if None in listing:
        unknown = Unresolved("what the origins answer for a key that is missing")
        yield cannot_tell(pages[404], unknown, "whether the page for 404 is ever shown", "ErrorCode")
        return
    buckets = {bucket.place.name for one in behaviors for origin in one.origins if (bucket := bucket_of(origin))}
    message = (
        f"the page {pages[404].page} is for 404, and {listed(sorted(buckets))} answers 403 for a missing key, without "
        "s3:ListBucket in the policy; there is no page for 403"
    )
    yield problem(pages[404], message, "ErrorCode")


def _answers_missing_with_404(behavior: CacheBehavior) -> bool | None:
    """Whether what is behind a behavior may answer 404 for a path that is not there; None if that is unknown."""
    if isinstance(behavior.target, Unresolved) or behavior.gaps:
        return None
    # A function may make another status of it.
    if any(one.at_edge for one in behavior.functions):
        return True
    told = [lists(bucket_of(origin)) if origin.kind is OriginKind.BUCKET else True for origin in behavior.origins]
    return True if True in told else None if None in told or not told else False
