"""Rule router: one decision per request, by rules out of the asset, buckets or a table."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from ..common import origin, responses, world
from ..common.cache import FIRST_WAIT, Cache, UnavailableError
from ..common.entry import Decide, Keep, entry
from ..common.hosts import hosts_of, named
from .actions import Outcome, is_never_set
from .attributes import decoded
from .decide import decide
from .problems import Allowed
from .rules import RuleSet
from .sources import SOURCES, Reader

_MOST_ABSENT = 10_000
_MOST_NAMES = 1000
_NOTHING_ALLOWED: Mapping[str, Any] = {"origins": {}, "redirect_hosts": [], "request_headers": [], "attributes": None}
# CloudFront keeps answers to no other methods.
_KEPT_METHODS = ("GET", "HEAD", "OPTIONS")


def build(settings: Mapping[str, Any]) -> Decide:
    """The router that a configuration describes.

    Args:
        settings: As ``ha_patterns.active_active.rule_router`` writes them.
    """
    declared = origin.DeclaredOrigins(settings["origins"])
    allowed = _allowed(settings)
    keep_keyed = keyed(allowed) if allowed.parameters() else None
    drop_forged = _forged(allowed) if allowed.request_headers else None
    # What is not in the cache key must not choose what is kept there.
    host_decides = allowed.may_read("host")
    given = settings["source"]
    source = SOURCES[given["kind"]](given, Reader(allowed))
    cache: Cache[RuleSet] = Cache(
        source.load,
        ttl=given["ttl"],
        negative_ttl=given["ttl"],
        back_off=given["back_off"],
        max_size=given["max_size"],
        max_absent=_MOST_ABSENT,
        on_failure=lambda error: world.log("rules-unavailable", error=f"{type(error).__name__}: {error}"),
        wait=given.get("deadline", FIRST_WAIT),
    )

    # By the value of the Host header.
    names: dict[str, tuple[str, tuple[str, ...]]] = {}

    def names_of(value: str) -> tuple[str, tuple[str, ...]]:
        if len(names) >= _MOST_NAMES:
            names.clear()
        host = named(value)
        found = names[value] = host, hosts_of(host)
        return found

    def route(cf: dict[str, Any]) -> dict[str, Any] | None:
        request: dict[str, Any] = cf["request"]
        # First, whatever becomes of it: nothing else of the query may decide a kept answer, or reach an origin.
        if keep_keyed is not None and (refused := keep_keyed(request)) is not None:
            return refused
        given = request["headers"].get("host") if host_decides else None
        value = given[0]["value"] if given else ""
        host, keys = names.get(value) or names_of(value)
        source.request = request
        try:
            sets = cache.get_all(keys)
        except UnavailableError:
            return None
        decision = decide(request, host, sets, _draw)
        if decision is None and not all(rules is None or rules.readable for rules in sets):
            return None
        if drop_forged is not None:
            drop_forged(request["headers"])
        return origin.keep_by_own_name(request) if decision is None else _do(decision.outcome, request, declared)

    return route


def keep(settings: Mapping[str, Any]) -> Keep:
    """How a request that no rule decides goes on to the configured origin.

    Args:
        settings: As ``build``, as far as they are known: without them, nothing tells which headers rules set.
    """
    allowed = _known(settings)
    keep_keyed, drop_forged = keyed(allowed), _forged(allowed)

    def go_on(request: dict[str, Any]) -> dict[str, Any]:
        keep_keyed(request)
        drop_forged(request["headers"])
        return origin.keep_by_own_name(request)

    return go_on


def _known(settings: Mapping[str, Any]) -> Allowed:
    """What rules may do, as far as a configuration tells: a part that is broken does not take the others with it."""
    known = dict(_NOTHING_ALLOWED)
    for name in _NOTHING_ALLOWED:
        try:
            _allowed({**known, name: settings[name]})
        except (LookupError, TypeError, ValueError, AttributeError):
            continue
        known[name] = settings[name]
    return _allowed(known)


def _allowed(settings: Mapping[str, Any]) -> Allowed:
    attributes = settings["attributes"]
    return Allowed(
        frozenset(settings["origins"]),
        frozenset(settings["redirect_hosts"]),
        tuple(settings["request_headers"]),
        None if attributes is None else frozenset(attributes),
    )


def keyed(allowed: Allowed) -> Callable[[dict[str, Any]], dict[str, Any] | None]:
    """Drops all parameters that the cache key does not name, if the key names some and the answer may be kept.

    Returns the answer if one that is left is there twice, its escapes undone or not: AWS does not say which of them the
    key holds. Otherwise None.
    """
    names = allowed.parameters()

    def keep_keyed(request: dict[str, Any]) -> dict[str, Any] | None:
        query = request.get("querystring")
        if names and query and request["method"] in _KEPT_METHODS and origin.is_kept(request):
            # CloudFront compares names as they are sent. Whether its key tells "v" from "v=" is not said.
            parts = [pair.partition("=") for pair in query.split("&") if pair]
            left = [(name, value) for name, _, value in parts if name in names]
            request["querystring"] = "&".join([f"{name}={value}" for name, value in left])
            if repeated(query, names):
                return responses.refused("A parameter is sent twice")
        return None

    return keep_keyed


def repeated(query: str, names: Collection[str]) -> list[str]:
    """Those of some names that a query string has more than once, their escapes undone or not, in their order."""
    sent = [pair.partition("=")[0] for pair in query.split("&") if pair]
    if "%" in query or "+" in query:
        # All at once, which is quick. An escaped "&" may make two names of one, which no browser sends.
        sent = decoded("&".join(sent)).split("&")
    found = [name for name in sent if name in names]
    if len(found) < 2 or len(set(found)) == len(found):
        return []
    return [name for name, times in Counter(found).items() if times > 1]


def _forged(allowed: Allowed) -> Callable[[dict[str, Any]], None]:
    """Drops a viewer's headers that an origin would take for the word of a rule."""
    # So that few of a request's headers are looked at, or none.
    settable = frozenset(name for name in allowed.request_headers if not (name.endswith("*") or is_never_set(name)))
    starts = _shortest(name[:-1] for name in allowed.request_headers if name.endswith("*"))

    return lambda headers: _drop_settable(headers, settable, starts)


def _do(outcome: Outcome, request: dict[str, Any], declared: origin.DeclaredOrigins) -> dict[str, Any]:
    to, uri, headers, response = outcome
    if response is not None:
        return response
    if to is None:
        origin.keep_by_own_name(request)
    else:
        declared.send(request, to)
    if uri is not None:
        request["uri"] = uri
    for name, value in headers:
        request["headers"][name.lower()] = [{"key": name, "value": value}]
    return request


def _draw() -> float:
    return world.draw()


def _shortest(starts: Iterable[str]) -> list[str]:
    """Some starts of names in order, without those that begin with another."""
    found: list[str] = []
    for start in sorted(starts):
        if not (found and start.startswith(found[-1])):
            found.append(start)
    return found


def _drop_settable(headers: dict[str, Any], settable: frozenset[str], starts: list[str]) -> None:
    """What an origin takes for the word of a rule must not be a viewer's.

    The cost grows with the headers of a request, and hardly with what a stack lets its rules set.
    """
    for name in headers.keys() & settable:
        del headers[name]
    if starts:
        for name in [name for name in headers if _begins(name, starts) and not is_never_set(name)]:
            del headers[name]


def _begins(name: str, starts: list[str]) -> bool:
    """Whether a name begins with one of some starts, in order, of which none begins with another."""
    # Between a start of the name and the name there are only names with that start.
    place = bisect_right(starts, name)
    return place > 0 and name.startswith(starts[place - 1])


handler: Callable[[Any, Any], dict[str, Any]] = entry(build, keep=keep)
