"""APIs and custom domains of API Gateway as endpoints: what answers at a name and a path; known when all is made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from aws_cdk import CfnResource
from constructs import IConstruct

from ..cdk.properties import properties_of, unresolved_properties_of
from ..cdk.validation import is_token, normal_name
from ..edge.regions import stack_of
from ..origins import Endpoint
from ..origins.closed_apis import closed_api

# The types of resources that lead from a custom domain to an API, with the property that names the domain.
_MAPPINGS = {
    "AWS::ApiGateway::BasePathMapping": "domainName",
    "AWS::ApiGateway::BasePathMappingV2": "domainNameArn",
    "AWS::ApiGatewayV2::ApiMapping": "domainName",
    "AWS::ApiGatewayV2::RoutingRule": "domainNameArn",
}
_DOMAINS = ("AWS::ApiGateway::DomainName", "AWS::ApiGatewayV2::DomainName")
_APIS = ("AWS::ApiGateway::RestApi", "AWS::ApiGatewayV2::Api")
_PAGE = "https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-regional-api-custom-domain-create.html"


def foreign_domains(endpoints: Iterable[Endpoint], names: Iterable[str]) -> Iterator[str]:
    """The errors of custom domains of other names than those that clients ask; to be asked at synth.

    Args:
        endpoints: The endpoints that share the names.
        names: The names.
    """
    for endpoint in endpoints:
        own = _own_name(endpoint.custom_domain)
        for name in names:
            if own is not None and not is_token(own) and not is_token(name) and not _covers(own, name):
                yield (
                    f"custom_domain of {endpoint!r} must be of the name that is asked, {name}, got {own!r}: API "
                    f"Gateway answers no name that it has no custom domain for, see {_PAGE}"
                )


def _covers(domain: str, name: str) -> bool:
    """Whether a custom domain answers a name: one with a wildcard answers those one label below."""
    domain, name = normal_name(domain), normal_name(name)
    return domain == name or (domain.startswith("*.") and name.partition(".")[2] == domain.removeprefix("*."))


def unmapped_domains(endpoints: Iterable[Endpoint]) -> Iterator[str]:
    """The errors of custom domains of this app that lead to no API; to be asked at synth."""
    for endpoint in endpoints:
        domain = endpoint.custom_domain
        resource = None if domain is None else domain.node.default_child
        if not isinstance(resource, CfnResource):
            continue
        ids = {resource.ref, *filter(None, (_own_name(domain), unresolved_properties_of(resource).get("domainName")))}
        if not any(_names(child, ids) for child in resource.node.root.node.find_all()):
            yield (
                f"{resource.node.path}, the custom domain of {endpoint!r}, has no mapping to an API, so it answers 403 "
                f"to every request: add a mapping, or import the domain if another app maps it, see {_PAGE}"
            )


def unanswered_path(argument: str, endpoint: Endpoint, path: str) -> Iterator[str]:
    """The error of a check that asks an API of this app for a path that no route has; to be asked at synth.

    Args:
        argument: Where the check was given.
        endpoint: The endpoint.
        path: The path, with that of the stage.
    """
    if endpoint.source is not None and endpoint.source is endpoint.custom_domain:
        yield from _unanswered_by_mapping(argument, endpoint, path)
        return
    routes = None if endpoint.source is None else _routes(endpoint.source)
    prefix = endpoint.origin_path or ""
    asked = path.removeprefix(prefix).partition("?")[0]
    if getattr(endpoint.source, "default_stage", None) is not None:
        asked = f"{prefix}{asked}"
    elif not is_token(prefix):
        # The first part is the stage.
        _, _, below = prefix.removeprefix("/").partition("/")
        asked = f"/{below}{asked}" if below else asked
    # A path that was written out in full may begin with a stage that only the deploy knows.
    if routes is None or is_token(asked) or (is_token(prefix) and not path.startswith(prefix)):
        return
    if not _answers(routes, asked):
        yield (
            f"{argument} asks {endpoint!r} for {asked}, and the API has no route of GET for it: it answers 403 or 404, "
            "so the endpoint looks dead from the start; give HealthCheckSettings(path=...) of a route, or add one"
        )


def _unanswered_by_mapping(argument: str, endpoint: Endpoint, path: str) -> Iterator[str]:
    """The error of a path that no API answers to which this app maps the custom domain that a check asks."""
    name, asked = endpoint.domain_name, path.partition("?")[0]
    if name is None or is_token(asked):
        return
    made = [each for each in endpoint.source.node.root.node.find_all() if isinstance(each, CfnResource)]  # type: ignore[union-attr]
    domains = [each for each in made if each.cfn_resource_type in _DOMAINS and _has_name(each, name)]
    if len(domains) != 1:
        return
    ids = {domains[0].ref, name}
    mappings = [each for each in made if _names(each, ids)]
    keys = {str(_key_of(each)).strip("/"): each for each in mappings}
    if not mappings or any(map(is_token, keys)) or not all(map(_is_plain, mappings)):
        return
    parts = asked.strip("/")
    key = max((each for each in keys if f"{parts}/".startswith(f"{each}/") or not each), key=len, default=None)
    if key is None:
        yield (
            f"{argument} asks {endpoint!r} for {asked}, and its mappings are for {', '.join(sorted(keys))} only: API "
            "Gateway answers 403 to all else, so the endpoint looks dead from the start; give "
            "HealthCheckSettings(path=...) below one"
        )
        return
    properties = unresolved_properties_of(keys[key])
    api_id = properties.get("restApiId", properties.get("apiId"))
    api = next((each for each in made if each.cfn_resource_type in _APIS and each.ref == api_id), None)
    routes = None if api is None or api.node.scope is None else _routes(api.node.scope)
    below = f"/{parts.removeprefix(key).strip('/')}"
    if api is not None and routes is not None and not _answers(routes, below):
        yield (
            f"{argument} asks {endpoint!r} for {asked}, which is mapped to {below} of {api.node.path}, and the API has "
            "no route of GET for it: it answers 403 or 404, so the endpoint looks dead from the start; give "
            "HealthCheckSettings(path=...) of a route, or add one"
        )


def _is_plain(mapping: CfnResource) -> bool:
    """Whether a mapping names its domain and its stage; without a stage, paths begin with that of the API."""
    kind, stage = mapping.cfn_resource_type, unresolved_properties_of(mapping).get("stage")
    return kind == "AWS::ApiGatewayV2::ApiMapping" or (kind == "AWS::ApiGateway::BasePathMapping" and stage is not None)


def _has_name(domain: CfnResource, name: str) -> bool:
    told = str(unresolved_properties_of(domain).get("domainName"))
    return told == name or (not is_token(told) and not is_token(name) and normal_name(told) == normal_name(name))


def _key_of(mapping: CfnResource) -> str:
    """The path below which a mapping leads to its API; empty for the whole domain."""
    properties = unresolved_properties_of(mapping)
    return properties.get("basePath") or properties.get("apiMappingKey") or ""


def _answers(routes: list[tuple[str, str]], path: str) -> bool:
    return any(method in ("GET", "ANY") and _fits(route, path) for method, route in routes)


def asks_closed_api(scope: IConstruct, name: str) -> Iterator[str]:
    """The error of a check that asks an API of this app whose own name is turned off; to be asked at synth.

    Args:
        scope: The check.
        name: The name that it asks.
    """
    if (api := closed_api(scope, name)) is not None:
        yield (
            f"the check asks {api.node.path} by its execute-api name, which disable_execute_api_endpoint turns "
            "off: ask a custom domain of the API"
        )


def _own_name(domain: IConstruct | None) -> str | None:
    """The name of a custom domain, as it was given."""
    if domain is None:
        return None
    resource = domain.node.default_child
    if isinstance(resource, CfnResource):
        told = unresolved_properties_of(resource).get("domainName")
        return None if told is None else str(told)
    name: str | None = getattr(domain, "name", None) or getattr(domain, "domain_name", None)
    return name


def _names(child: IConstruct, ids: set[str]) -> bool:
    """Whether a resource leads from one of some domains to an API."""
    if not isinstance(child, CfnResource) or child.cfn_resource_type not in _MAPPINGS:
        return False
    told = str(unresolved_properties_of(child).get(_MAPPINGS[child.cfn_resource_type]))
    # An ARN ends with the name; that of a resource of this app is another token.
    return any(each in told for each in ids) or (is_token(told) and child.cfn_resource_type.endswith(("V2", "Rule")))


def _routes(api: IConstruct) -> list[tuple[str, str]] | None:
    """The methods and paths of an API of this app; None if they are not known, or it is none."""
    resource = api.node.default_child
    if not isinstance(resource, CfnResource):
        return None
    kind = resource.cfn_resource_type
    if kind == "AWS::ApiGateway::RestApi":
        methods = getattr(api, "methods", None)
        if methods is None:
            return None
        return [(method.http_method, method.resource.path) for method in methods]
    if kind != "AWS::ApiGatewayV2::Api":
        return None
    properties = properties_of(resource)
    if {"body", "bodyS3Location", "target"} & properties.keys():
        return None
    found = []
    for child in stack_of(api).node.find_all():
        if isinstance(child, CfnResource) and child.cfn_resource_type == "AWS::ApiGatewayV2::Route":
            raw = unresolved_properties_of(child)
            if raw.get("apiId") == resource.ref:
                method, _, path = str(raw.get("routeKey")).partition(" ")
                found += [("ANY", "/"), ("ANY", "/{any+}")] if method == "$default" else [(method, path)]
    return found


def _fits(route: str, path: str) -> bool:
    """Whether a route of API Gateway answers a path."""
    wanted, asked = ([part for part in each.strip("/").split("/") if part] for each in (route, path))
    for index, part in enumerate(wanted):
        if part.startswith("{") and part.endswith("+}"):
            return len(asked) > index
        if index >= len(asked) or not (part == asked[index] or (part.startswith("{") and part.endswith("}"))):
            return False
    return len(wanted) == len(asked)
