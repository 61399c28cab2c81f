"""APIs of API Gateway: whether they answer what CloudFront asks as an origin, and their custom domains."""

from __future__ import annotations

from collections.abc import Iterator

from ...semantics.apis import Refusal, asked_route
from ...semantics.requests import may_choose_host, one_end, sends
from ...topology.model import Api, ApiDomain, CacheBehavior, Distribution, Origin
from ...topology.values import Unresolved, Value, starts
from ..rule import Context, Severity, Verdict, problem, rule
from ..words import said

_GUIDE = "https://docs.aws.amazon.com/apigateway/latest/developerguide"
# Stands for a part of a path that only the viewer tells.
_ANY = "{any}"


@rule(
    "HA027",
    Severity.ERROR,
    "origin is an API that does not answer",
    kind=Origin,
    why="API Gateway answers every request with 403 if the name that is asked is turned off, is private, or is not the "
    "domain name that the API answers to.",
    remedy="Set the origin's DomainName to the API's custom domain name, or set DisableExecuteApiEndpoint to false.",
    page=f"{_GUIDE}/rest-api-disable-default-endpoint.html",
)
def api_is_off(origin: Origin, _context: Context) -> Iterator[Verdict]:
    api = None if origin.vpc else _api(origin)
    found = None if api is None else asked_route(api, None, "GET", "/")
    if isinstance(found, Refusal) and not found.of_path and api is not None:
        yield problem(origin, f"the API {api.place.name} of origin {origin.id} {found.reason}", "DomainName")


@rule(
    "HA028",
    Severity.WARNING,
    "origin is an API without its stage",
    kind=Distribution,
    why="By its own name, a REST API answers below its stages only, and a viewer's path begins with none. Each request "
    "is answered with 403.",
    remedy="Set OriginPath to a slash and the name of the stage, such as /prod.",
    page=f"{_GUIDE}/how-to-call-api.html",
)
def without_stage(distribution: Distribution, _context: Context) -> Iterator[Verdict]:
    told: set[Origin] = set()
    for behavior in distribution.behaviors:
        # A function may write another path.
        if behavior.functions or behavior.gaps or may_choose_host(behavior) or sends(behavior, "host") is not False:
            continue
        for origin in behavior.origins:
            api = _api(origin)
            path = _path(origin, behavior)
            if origin in told or origin.vpc or not isinstance(api, Api) or path is None:
                continue
            found = asked_route(api, None, "GET", path)
            if isinstance(found, Refusal) and found.of_path and found.api is None:
                told.add(origin)
                shown = path.replace(_ANY, "")
                message = (
                    f"the API {api.place.name} of origin {origin.id} {found.reason.partition(', and not')[0]}, and "
                    f"behavior {behavior.pattern} asks it at {shown}..."
                )
                has_path = origin.path not in ("", "/")
                yield problem(origin, message if has_path else f"{message}; OriginPath is not set", "OriginPath")


@rule(
    "HA060",
    Severity.ERROR,
    "custom domain that API Gateway refuses",
    kind=ApiDomain,
    why="Edge-optimized custom domains are for REST APIs alone, version 2 of the API makes regional ones only, and a "
    "custom domain is mapped to APIs of its own Region only. API Gateway refuses the domain or its mapping, so that "
    "the deploy fails.",
    remedy="Make the custom domain REGIONAL, with a certificate of its own Region; and one in each Region for the APIs "
    "there.",
    page=f"{_GUIDE}/http-api-custom-domain-names.html",
)
def refused_domain(domain: ApiDomain, _context: Context) -> Iterator[Verdict]:
    for mapping in domain.mappings:
        here = mapping.known_region
        there = mapping.api.known_region if isinstance(mapping.api, Api) else None
        if here is not None and there is not None and here != there and isinstance(mapping.api, Api):
            message = f"{said(domain.name)} is mapped in {here} to {mapping.api.place.name}, an API of {there}"
            named = "ApiId" if mapping.place.resource_type.startswith("AWS::ApiGatewayV2::") else "RestApiId"
            yield problem(mapping, message, "Properties", named)
    if domain.edge_optimized is not True or domain.place.condition is not None:
        return
    if domain.place.resource_type.startswith("AWS::ApiGatewayV2::"):
        message = f"the custom domain {said(domain.name)} is edge-optimized, and version 2 makes REGIONAL ones only"
        yield problem(domain, message, "Properties", "DomainNameConfigurations")
        return
    for api in domain.apis:
        if api.protocol != "REST":
            message = f"{said(domain.name)} is edge-optimized and mapped to {api.place.name}, a {api.protocol} API"
            yield problem(domain, message, "Properties", "DomainName")
            return


def _api(origin: Origin) -> Api | ApiDomain | None:
    end = one_end(origin.endpoint)
    # Who asks by another name sends another Host.
    if end is None or end is not origin.endpoint:
        return None
    return end.target if isinstance(end.target, (Api, ApiDomain)) else None


def _path(origin: Origin, behavior: CacheBehavior) -> str | None:
    """The path that an origin is asked at, as far as it is known; None if its first part is not."""
    before: Value = origin.path
    if isinstance(before, Unresolved) or not isinstance(before, str):
        return None
    if before.strip("/"):
        return f"{before.rstrip('/')}/{_ANY}"
    if not isinstance(behavior.pattern, str):
        return None
    known = starts(behavior.pattern).lstrip("/")
    first = known.partition("/")[0]
    if behavior.is_default or not first or "*" in first or "?" in first:
        # Viewers may put the stage into the path only if no path of theirs is without one.
        return f"/{_ANY}"
    return f"/{first}/{_ANY}"
