"""What an API answers: the API behind a domain's path, and the route and integration of a request."""

from __future__ import annotations

from ..topology.model import Api, ApiDomain, ApiMapping, ApiRoute
from ..topology.values import Unresolved, Value, waiting

#: How much a part of a route's path says; the less, the later it is taken.
_LITERAL, _PARAMETER, _GREEDY = range(3)


def mapping_of(domain: ApiDomain, path: str) -> tuple[ApiMapping, str] | Unresolved | None:
    """The mapping of a domain name that a path is of, and the rest of the path; None if there is none.

    Of several that fit, the longest one counts.
    See https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-mappings.html

    Args:
        domain: The domain name.
        path: The request's path, from the first slash on.
    """
    asked = _parts(path)
    found: tuple[int, ApiMapping] | None = None
    for mapping in domain.mappings:
        if not isinstance(mapping.path, str):
            return _unknown(mapping.path)
        wanted = _parts(mapping.path)
        if asked[: len(wanted)] == wanted and (found is None or len(wanted) > found[0]):
            found = len(wanted), mapping
    if found is None:
        return domain.gaps[0] if domain.gaps else None
    return found[1], "/" + "/".join(asked[found[0] :])


def route_of(api: Api, method: str, path: str) -> ApiRoute | Unresolved | None:
    """The route that answers a request; None if there is none, so that the answer is 404 or 403.

    A path that says more comes before one that says less, and a method of its own before ``ANY``; ``$default`` comes
    last. See https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html

    Args:
        api: The API; what a WebSocket API's messages say decides, and no path.
        method: The request's method.
        path: The request's path behind its stage and its mapping, from the first slash on.
    """
    best: tuple[tuple[tuple[int, ...], bool], ApiRoute] | None = None
    default: ApiRoute | None = None
    for route in api.routes:
        if route.key == "$default":
            default = route
            continue
        if not isinstance(route.key, str):
            return _unknown(route.key)
        said = _says(route, path)
        if said is None or route.method not in (method, "ANY"):
            continue
        rank = (said, route.method == "ANY")
        if best is None or rank < best[0]:
            best = rank, route
    if best is not None:
        return best[1]
    return default or api.unknown_routes


def _says(route: ApiRoute, path: str) -> tuple[int, ...] | None:
    """How much the parts of a route's path say of a path; None if it is for others."""
    if not isinstance(route.path, str):
        return None
    asked, wanted = _parts(path), _parts(route.path)
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


def _parts(path: str) -> list[str]:
    inside = path.strip("/")
    return inside.split("/") if inside else []


def _unknown(value: Value) -> Unresolved:
    return next(waiting(value), None) or Unresolved(f"{value}, which AWS makes")
