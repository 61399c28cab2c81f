"""Behaviors and entries of a distribution that CloudFront refuses, or that no request ever comes to."""

from __future__ import annotations

from collections.abc import Iterator

from ...aws.distributions import LONGEST_ROOT_OBJECT, is_root_object
from ...aws.path_patterns import CHARACTERS, LONGEST, covers, normal
from ...semantics.requests import may_choose_host
from ...topology.model import CacheBehavior, Distribution, ErrorResponse
from ...topology.values import starts
from ..rule import Context, Severity, Verdict, problem, rule

_GUIDE = "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/"
# How much of a name is shown.
_SHOWN = 80
_BEHAVIORS = f"{_GUIDE}DownloadDistValuesCacheBehavior.html#DownloadDistValuesPathPattern"


@rule(
    "HA075",
    Severity.ERROR,
    "one error code twice",
    kind=Distribution,
    why="CloudFront takes one error response for each code, and refuses the distribution at deploy, so that neither "
    "this change nor what else is in it arrives.",
    remedy="Make one entry of the two: it may have ErrorCachingMinTTL beside ResponsePagePath and ResponseCode.",
    page=f"{_GUIDE}creating-custom-error-pages.html",
)
def code_twice(distribution: Distribution, _context: Context) -> Iterator[Verdict]:
    seen: dict[int, ErrorResponse] = {}
    for response in distribution.error_responses:
        code = response.error_code
        if isinstance(code, int) and seen.setdefault(code, response) is not response:
            yield problem(response, f"ErrorCode {code} has an entry already; it may have one", "ErrorCode")


@rule(
    "HA076",
    Severity.ERROR,
    "path pattern that CloudFront refuses or never matches",
    kind=CacheBehavior,
    why=f"CloudFront refuses a pattern of more than {LONGEST} characters, or with others than it takes. It takes "
    "doubled slashes and dot segments out of a path before it matches, so that a pattern with them fits nothing, and "
    "its requests go to another behavior's origin.",
    remedy="Write the pattern with letters, digits, _ - . * $ / ~ \" ' @ : + & and ?, and without //, /./ and /../; "
    "* fits any characters.",
    page=_BEHAVIORS,
)
def refused_pattern(behavior: CacheBehavior, _context: Context) -> Iterator[Verdict]:
    pattern = behavior.pattern
    if behavior.is_default or not isinstance(pattern, str):
        return
    others = sorted(set(pattern) - CHARACTERS)
    if len(pattern) > LONGEST:
        yield problem(behavior, f"PathPattern has {len(pattern)} characters; {LONGEST} are allowed", "PathPattern")
    elif others:
        yield problem(behavior, f"PathPattern {pattern} has {' '.join(others)}, which it may not have", "PathPattern")
    elif normal(f"/{pattern.removeprefix('/')}") != f"/{pattern.removeprefix('/')}":
        message = f"PathPattern {pattern} fits no path: CloudFront takes // and dot segments out of it first"
        yield problem(behavior, message, "PathPattern")


@rule(
    "HA077",
    Severity.WARNING,
    "behavior that no request comes to",
    kind=Distribution,
    why="The first behavior whose pattern matches a path serves it. What a later behavior would do, such as to ask an "
    "origin group or to keep nothing, never happens.",
    remedy="Put the behavior with the narrower PathPattern first, or leave one of the two out. In place of a behavior "
    "for all paths, change the default one.",
    page=_BEHAVIORS,
)
def never_reached(distribution: Distribution, _context: Context) -> Iterator[Verdict]:
    before: dict[str, CacheBehavior] = {}
    for behavior in distribution.behaviors:
        pattern = behavior.pattern
        if not isinstance(pattern, str):
            continue
        first = next((one for one in before if one == pattern or covers(one, pattern)), None)
        # A function may choose what only the default behavior makes an origin of the distribution.
        if first is not None and not (behavior.is_default and may_choose_host(before[first])):
            which = "the default behavior" if behavior.is_default else f"behavior {pattern}"
            message = f"{which} is never asked: {first}, which is before it, matches all of its paths"
            # The default behavior has no pattern.
            yield problem(behavior, message, "TargetOriginId" if behavior.is_default else "PathPattern")
        before.setdefault(pattern, behavior)


@rule(
    "HA078",
    Severity.ERROR,
    "root object that CloudFront does not find",
    kind=Distribution,
    why="CloudFront puts the slash before the root object itself. With another one it asks the origin for a path that "
    "is not there, or answers 400 (InvalidDefaultRootObject) itself: the first page that viewers ask for is an error.",
    remedy=f"Set DefaultRootObject to the name of an object, such as index.html, of at most {LONGEST_ROOT_OBJECT} "
    "characters and without a slash at the start.",
    page=f"{_GUIDE}DefaultRootObject.html",
)
def no_root_object(distribution: Distribution, _context: Context) -> Iterator[Verdict]:
    name = distribution.default_root_object
    known = starts(name) if name is not None else ""
    if known.startswith("/") or (isinstance(name, str) and not is_root_object(name)):
        shown = name if len(str(name)) < _SHOWN else f"{str(name)[:_SHOWN]}..., {len(str(name))} characters"
        message = f"DefaultRootObject is {shown}; it is a name of at most {LONGEST_ROOT_OBJECT} characters without /"
        yield problem(distribution, message, "Properties", "DistributionConfig", "DefaultRootObject")
