"""Error responses: what viewers get in place of an error, and how long an error is kept."""

from __future__ import annotations

from collections.abc import Iterator

from ...aws.error_pages import DOWN, REFUSALS, answers_programs, is_gone, is_lost, is_not_kept
from ...aws.policies import CachePolicy
from ...aws.statuses import ERROR_CODES, RESPONSE_CODES
from ...semantics.requests import behavior_of
from ...topology.model import CacheBehavior, Distribution, Endpoint, ErrorResponse, OriginGroup
from ...topology.values import Unresolved, Value
from ..rule import Context, Severity, Verdict, cannot_tell, problem, rule
from ..words import listed

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
    "error page without a response code, or the reverse",
    kind=ErrorResponse,
    why="CloudFront takes ResponsePagePath and ResponseCode together or not at all, and refuses the distribution at "
    "deploy.",
    remedy="Set both ResponsePagePath and ResponseCode, or neither, where the entry only says how long the error is "
    "kept.",
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
