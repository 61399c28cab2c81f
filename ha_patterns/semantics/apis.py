"""What an API answers: the API behind a domain's path, and the route and integration of a request."""

from __future__ import annotations

from dataclasses import dataclass

from ..topology.model import Api, ApiDomain, ApiIntegration, ApiMapping, ApiRoute, Thing
from ..topology.values import Unresolved, Value, starts, unknown, waiting

#: How much a part of a route's path says; the less, the later it is taken. ``$default`` says the least.
_LITERAL, _PARAMETER, _GREEDY, _DEFAULT = range(4)
#: The modes in which a domain has no routing rules.
_MAPPINGS_ONLY = ("API_MAPPING_ONLY", "BASE_PATH_MAPPING_ONLY")


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """Why API Gateway answers a request with an error, whatever is behind it.

    Attributes:
        reason: As a sentence goes on, with the API before it.
        of_path: Whether another path would be answered.
        api: The API that has the path and no route for it; None if another thing refuses the request.
    """

    reason: str
    of_path: bool = False
    api: Api | None = None


def asked_route(
    target: Thing | None, host: Value | None, method: str, path: str
) -> ApiRoute | Refusal | Unresolved | None:
    """What of an API answers a request; None if it is no API, or if unknown.

    Args:
        target: What the request reaches: an API by its own name, or a custom domain name.
        host: The name that the request is for; None if unknown.
        method: The request's method.
        path: The request's path, from the first slash on.
    """
    if isinstance(target, ApiDomain):
        return _of_domain(target, host, method, path)
    if not isinstance(target, Api):
        return None
    if target.private is True:
        return Refusal(reason="is private, so that it answers within a VPC only")
    if target.default_endpoint_disabled is True:
        return Refusal(reason="has DisableExecuteApiEndpoint, so that it answers by a custom domain name only")
    if target.protocol == "WEBSOCKET":
        return None
    found = _stage_of(target, path)
    if not isinstance(found, str):
        return found
    return _route(target, method, found)


def _of_domain(domain: ApiDomain, host: Value | None, method: str, path: str) -> ApiRoute | Refusal | Unresolved | None:
    if domain.private is True:
        return Refusal(reason="is private, so that it answers within a VPC only")
    if isinstance(host, str) and isinstance(domain.name, str) and not is_for(domain.name, host):
        return Refusal(reason=f"answers to {domain.name} only, and not to {host}")
    if not domain.mappings and not domain.gaps:
        # Somebody else maps it.
        return None
    mapped = mapping_of(domain, path)
    if mapped is None:
        return Refusal(reason=f"has no API at {path}", of_path=True)
    if isinstance(mapped, Unresolved):
        return mapped
    mapping, rest = mapped
    if mapping.stage is None or not isinstance(mapping.api, Api) or mapping.api.protocol == "WEBSOCKET":
        return None
    return _route(mapping.api, method, rest)


def _route(api: Api, method: str, path: str) -> ApiRoute | Refusal | Unresolved | None:
    found = route_of(api, method, path)
    # An API without routes gets them elsewhere, and so may one with a MOCK at its root alone: a stage needs a method.
    if found is not None or all(_is_placeholder(route) for route in api.routes):
        return found
    return Refusal(reason=f"has no route for {method} {path}", of_path=True, api=api)


def _is_placeholder(route: ApiRoute) -> bool:
    return route.path == "/" and isinstance(route.integration, ApiIntegration) and route.integration.is_mock


def is_for(name: str, host: str) -> bool:
    """Whether a custom domain name, which may be a wildcard, is for a host."""
    return name == host or (name.startswith("*.") and host.partition(".")[2] == name[2:])


def _stage_of(api: Api, path: str) -> str | Refusal | Unresolved | None:
    """The path behind the stage that a request is for; None if nothing tells."""
    names = [stage.name for stage in api.stages]
    if not names or api.gaps:
        return None
    first, *rest = _parts(path) or [""]
    if first in names:
        return "/" + "/".join(rest)
    unsure = next((unknown(name) for name in names if not isinstance(name, str)), None)
    if "$default" in names or unsure is not None:
        return path if "$default" in names else unsure
    told = " and ".join(f"/{name}" for name in dict.fromkeys(map(str, names)))
    asked = f"/{first}" if first else "the path without one"
    return Refusal(reason=f"answers below its stage, {told}, and not at {asked}", of_path=True)


def mapping_of(domain: ApiDomain, path: str) -> tuple[ApiMapping, str] | Unresolved | None:
    """The mapping of a domain name that a path is of, and the rest of the path; None if there is none.

    Of several that fit, the longest one counts. The result is Unresolved if a routing rule, or a mapping that is not
    sure to exist, may come first.
    See https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-mappings.html

    Args:
        domain: The domain name.
        path: The request's path, from the first slash on.
    """
    if domain.routing_mode not in _MAPPINGS_ONLY:
        return next(waiting(domain.routing_mode), None) or Unresolved(f"the routing rules of {domain.place.name}")
    asked = _parts(path)
    fitting: list[tuple[int, ApiMapping, Unresolved | None]] = []
    for mapping in domain.mappings:
        if not isinstance(mapping.path, str):
            if _may_start(starts(mapping.path), asked) is not None:
                fitting.append((len(asked), mapping, unknown(mapping.path)))
            continue
        wanted = _parts(mapping.path)
        if asked[: len(wanted)] == wanted:
            fitting.append((len(wanted), mapping, mapping.place.condition))
    if not fitting:
        return domain.gaps[0] if domain.gaps else None
    length, found, unsure = min(fitting, key=lambda one: (-one[0], one[2] is not None))
    return unsure or (found, "/" + "/".join(asked[length:]))


def route_of(api: Api, method: str, path: str) -> ApiRoute | Unresolved | None:
    """The route that answers a request; None if there is none, so that the answer is 404 or 403.

    A path that says more comes before one that says less, and a method of its own before ``ANY``; ``$default`` comes
    last. The result is Unresolved if a route that is unknown, or not sure to exist, may come first: only a route with
    exactly the request's method and path comes before all of those.
    See https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html

    Args:
        api: The API; what a WebSocket API's messages say decides, and no path.
        method: The request's method.
        path: The request's path behind its stage and its mapping, from the first slash on.
    """
    asked = _parts(path)
    fitting: list[tuple[tuple[int, ...], bool, Unresolved | None, ApiRoute | None]] = []
    for route in api.routes:
        if route.key == "$default":
            fitting.append(((_DEFAULT,), True, route.place.condition, route))
            continue
        own, said = _method(route), _says(route, asked)
        if said is not None and own in (method, "ANY", None):
            unsure = route.place.condition if isinstance(route.key, str) else unknown(route.key)
            fitting.append((said, own == "ANY", unsure, route))
    if (unread := _unread(api)) is not None:
        fitting.append(((_LITERAL,) * len(asked), False, unread, None))
    if not fitting:
        return None
    *_, unsure, found = min(fitting, key=lambda one: (one[0], one[1], one[2] is not None))
    return unsure or found


def _unread(api: Api) -> Unresolved | None:
    """What would tell further routes of an API, as far as its definition could not be read."""
    gaps = (gap for gap in api.gaps if "Body" in gap.path[:2])
    return api.unknown_routes or next(gaps, None)


def _method(route: ApiRoute) -> str | None:
    """The method of a route; None if it is unknown."""
    if isinstance(route.method, str):
        return route.method
    method, space, _ = starts(route.key).partition(" ")
    return method if space else None


def _says(route: ApiRoute, asked: list[str]) -> tuple[int, ...] | None:
    """How much the parts of a route's path say of a path, at most if they are unknown; None if it is for others."""
    if not isinstance(route.path, str):
        # A key without a path is one of a WebSocket API.
        return None if isinstance(route.key, str) else _may_start(starts(route.key).partition(" ")[2], asked)
    wanted = _parts(route.path)
    said: list[int] = []
    for index, part in enumerate(wanted):
        if part.startswith("{") and part.endswith("+}"):
            return (*said, _GREEDY) if len(asked) > index else None
        if index >= len(asked):
            return None
        parameter = part.startswith("{") and part.endswith("}")
        if not parameter and part != asked[index]:
            return None
        said.append(_PARAMETER if parameter else _LITERAL)
    return tuple(said) if len(asked) == len(wanted) else None


def _may_start(known: str, asked: list[str]) -> tuple[int, ...] | None:
    """How much a path may say at most of another, if only its start is known; None if the start is for others."""
    *whole, last = known.lstrip("/").split("/")
    if len(whole) > len(asked):
        return None
    said = [_PARAMETER if part.startswith("{") else _LITERAL for part in whole]
    if any(kind == _LITERAL and part != own for kind, part, own in zip(said, whole, asked, strict=False)):
        return None
    rest = asked[len(whole) :]
    if last and not last.startswith("{") and not (rest and rest[0].startswith(last)):
        return None
    return (*said, *(_LITERAL for _ in rest))


def _parts(path: str) -> list[str]:
    inside = path.strip("/")
    return inside.split("/") if inside else []
