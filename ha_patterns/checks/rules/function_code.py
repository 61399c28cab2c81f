"""The code of CloudFront Functions: what it names that is not there, and origin groups that it makes."""

from __future__ import annotations

from collections.abc import Iterator

from ...aws.statuses import CANNOT_CONNECT, FAILOVER_STATUS_CODES, NO_ANSWER
from ...semantics.function_code import FunctionCode, Update, code_of
from ...topology.model import CacheBehavior, Distribution, FunctionAssociation, Origin, ViewerFunction
from ...topology.values import Unresolved
from ..rule import Context, Severity, Verdict, cannot_tell, problem, rule
from ..words import listed

_GUIDE = "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/"
_HELPERS = f"{_GUIDE}helper-functions-origin-modification.html"
_CODE = ("Properties", "FunctionCode")
_MEMBERS = 2


@rule(
    "HA118",
    Severity.ERROR,
    "function chooses an origin that the distribution does not have",
    kind=Distribution,
    why="A CloudFront Function chooses by the ids of the origins of the distribution that runs it, and makes groups of "
    "two of them. With any other id the function fails, and viewers get an error; of a standby this is noticed only in "
    "the outage that it is for.",
    remedy="Give selectRequestOriginById and createRequestOriginGroup Ids of the distribution's Origins, a group two "
    "of them, and add the origin that is missing.",
    page=_HELPERS,
)
def unknown_origins(distribution: Distribution, _context: Context) -> Iterator[Verdict]:
    ids = [origin.id for origin in distribution.origins]
    for function, code in _functions(distribution):
        question = f"which origins {function.place.logical_id} chooses"
        if isinstance(code, Unresolved):
            yield cannot_tell(function, code, question, *_CODE)
            continue
        members = [one for group in code.groups for one in group.members or (None,)]
        chosen = [*code.selected, *members]
        if None in chosen:
            yield cannot_tell(function, Unresolved("what the code computes"), question, *_CODE)
        known = not distribution.gaps and all(isinstance(one, str) for one in ids)
        missing = [one for one in dict.fromkeys(chosen) if one is not None and one not in ids]
        if missing and known:
            word = "that is no origin" if len(missing) == 1 else "which are no origins"
            message = f"the code chooses {listed(missing)}, {word} of {distribution.place.logical_id}: {listed(ids)}"
            yield problem(function, message, *_CODE)
        elif missing:
            yield cannot_tell(function, Unresolved("the ids of the distribution's origins"), question, *_CODE)
        for group in code.groups:
            if group.members is not None and len(group.members) != _MEMBERS:
                message = f"the code makes an origin group of {len(group.members)} origins; it takes {_MEMBERS}"
                yield problem(function, message, *_CODE)


@rule(
    "HA119",
    Severity.ERROR,
    "origin group of a function that never leaves a dead origin",
    kind=FunctionAssociation,
    why="Of an origin that cannot be reached CloudFront asks the second one only if 503 is among the group's status "
    "codes, and of one that does not answer in time only if 504 is. A code that CloudFront does not take makes the "
    "function fail.",
    remedy="Give failoverCriteria of createRequestOriginGroup the statusCodes 500, 502, 503 and 504.",
    page=f"{_GUIDE}high_availability_origin_failover.html",
)
def never_leaves(association: FunctionAssociation, _context: Context) -> Iterator[Verdict]:
    function, code = _of(association)
    if function is None or not isinstance(code, FunctionCode):
        return
    for codes in dict.fromkeys(group.codes for group in code.groups):
        if codes is None:
            unknown = Unresolved("what the code computes")
            yield cannot_tell(function, unknown, "when an origin group of the function fails over", *_CODE)
            continue
        refused = [one for one in codes if one not in FAILOVER_STATUS_CODES]
        missing = [one for one in (CANNOT_CONNECT, NO_ANSWER) if one not in codes]
        if refused:
            message = f"the code makes an origin group with {listed(refused)}; CloudFront takes "
            yield problem(function, f"{message}{listed(FAILOVER_STATUS_CODES)}", *_CODE)
        if missing:
            told = listed(codes) if codes else "no code"
            message = f"the code makes an origin group that fails over at {told}, and not at {listed(missing)}"
            yield problem(function, message, *_CODE)


@rule(
    "HA120",
    Severity.ERROR,
    "function reads a key value store that it does not have",
    kind=FunctionAssociation,
    why="A CloudFront Function reads the key value store that is associated with it. Without one, cf.kvs() fails on "
    "every request, and viewers get an error.",
    remedy="Add the store to KeyValueStoreAssociations in the function's FunctionConfig.",
    page=f"{_GUIDE}kvs-with-functions-associate.html",
)
def no_store(association: FunctionAssociation, _context: Context) -> Iterator[Verdict]:
    function, code = _of(association)
    if function is not None and isinstance(code, FunctionCode) and code.asks_store and not function.stores:
        unknown = next(iter(function.gaps), None)
        if unknown is not None:
            question = f"whether {function.place.logical_id} has a key value store"
            yield cannot_tell(function, unknown, question, "Properties", "FunctionConfig")
        else:
            message = "the code reads a key value store, and the function has no KeyValueStoreAssociations"
            yield problem(function, message, "Properties", "FunctionConfig", "KeyValueStoreAssociations")


@rule(
    "HA121",
    Severity.ERROR,
    "function changes an origin that CloudFront does not let it change",
    kind=Distribution,
    why="Origins are changed on viewer-request only. updateRequestOrigin fails on a VPC origin, and shows the "
    "assigned origin's client certificate to the new one, which refuses it if it wants another.",
    remedy="Have the function on viewer-request, and choose a VPC origin or one with another client certificate by "
    "selectRequestOriginById or createRequestOriginGroup.",
    page=_HELPERS,
)
def refused_change(distribution: Distribution, _context: Context) -> Iterator[Verdict]:
    for behavior in distribution.behaviors:
        for association in behavior.functions:
            function, code = _of(association)
            if function is None or not isinstance(code, FunctionCode) or not code.chooses:
                continue
            name = function.place.logical_id
            if association.event == "viewer-response":
                message = f"{name} chooses an origin on viewer-response; it may on viewer-request"
                yield problem(association, message, "EventType")
            for update in code.updates:
                why = _refused(update, behavior, distribution)
                if why is not None:
                    yield problem(function, f"updateRequestOrigin on behavior {behavior.pattern}: {why}", *_CODE)


def _refused(update: Update, behavior: CacheBehavior, distribution: Distribution) -> str | None:
    """Why CloudFront cannot make a change of a behavior's origin; None if it can, or if that is unknown."""
    # Of a group, the first origin is the one that is changed.
    assigned = next(iter(behavior.origins), None)
    if assigned is None:
        return None
    if assigned.vpc:
        return f"its origin {assigned.id} is a VPC origin, which it cannot change"
    asked = [origin for origin in distribution.origins if update.domain and origin.endpoint.name == update.domain]
    if len(asked) != 1 or update.is_without_certificate is not False:
        return None
    shown, wanted = assigned.client_certificate, asked[0].client_certificate
    if shown == wanted or _is_unknown(assigned, asked[0]):
        return None
    told = f"the client certificate of {assigned.id}" if shown is not None else "no client certificate"
    other = "another one" if wanted is not None and shown is not None else "none" if wanted is None else "one"
    return f"{update.domain} would be shown {told}, and origin {asked[0].id} has {other}"


def _is_unknown(*origins: Origin) -> bool:
    return any(isinstance(origin.client_certificate, Unresolved) or origin.gaps for origin in origins)


def _functions(distribution: Distribution) -> Iterator[tuple[ViewerFunction, FunctionCode | Unresolved]]:
    """The CloudFront Functions of a distribution that use CloudFront's module, or may, each once."""
    seen: set[ViewerFunction] = set()
    for behavior in distribution.behaviors:
        for association in behavior.functions:
            function, code = _of(association)
            if function is not None and code is not None and function not in seen:
                seen.add(function)
                yield function, code


def _of(association: FunctionAssociation) -> tuple[ViewerFunction | None, FunctionCode | Unresolved | None]:
    function = association.function
    return (function, code_of(function)) if isinstance(function, ViewerFunction) else (None, None)
