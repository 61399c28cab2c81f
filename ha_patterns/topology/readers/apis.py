"""APIs of API Gateway with their stages, routes and integrations, and their domain names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from ..model import (
    Api,
    ApiDomain,
    ApiIntegration,
    ApiMapping,
    ApiRoute,
    ApiStage,
    Certificate,
    Endpoint,
    Function,
    LoadBalancer,
    SecurityGroup,
    Subnet,
    VpcLink,
)
from ..properties import Property
from ..reader import Read, Reader, Resource
from ..values import (
    ResourceId,
    Unresolved,
    Value,
    atoms,
    comparable,
    concatenate,
    host_name,
    references,
    split,
    starts,
)
from .functions import lambda_function
from .references import referring, type_of

_REST_DOMAIN = "AWS::ApiGateway::DomainName"
_PRIVATE_DOMAIN = "AWS::ApiGateway::DomainNameV2"
_DOMAIN = "AWS::ApiGatewayV2::DomainName"
_DOMAINS = (_REST_DOMAIN, _PRIVATE_DOMAIN, _DOMAIN)
_MAPPINGS = (
    *("AWS::ApiGatewayV2::ApiMapping", "AWS::ApiGateway::BasePathMapping", "AWS::ApiGateway::BasePathMappingV2"),
)
_STAGE = "AWS::ApiGateway::Stage"
_STAGE_V2 = "AWS::ApiGatewayV2::Stage"
_DEPLOYMENT = "AWS::ApiGateway::Deployment"
_DEPLOYMENT_V2 = "AWS::ApiGatewayV2::Deployment"
_METHOD = "AWS::ApiGateway::Method"
_RESOURCE = "AWS::ApiGateway::Resource"
_ROUTE = "AWS::ApiGatewayV2::Route"
_INTEGRATION = "AWS::ApiGatewayV2::Integration"
_LISTENER = "AWS::ElasticLoadBalancingV2::Listener"
_BALANCER = "AWS::ElasticLoadBalancingV2::LoadBalancer"
_FUNCTIONS = ("AWS::Lambda::Function", "AWS::Lambda::Alias", "AWS::Lambda::Version")
_INVOCATION = "/2015-03-31/functions/"
_NO_VARIABLES: Mapping[str, Value] = MappingProxyType({})
_NO_NAME = Unresolved("a name, which the domain lacks")
_NO_API = Unresolved("an API, which nothing names")
_NO_KEY = Unresolved("a key, which the route lacks")
_NO_TYPE = Unresolved("a type, which the integration lacks")
_NO_STAGE = Unresolved("a name, which the stage lacks")
_SECURED = Unresolved("the security schemes of the API's definition")
_NO_TARGET = Unresolved("a load balancer, which the listener does not name")
_NO_URI = Unresolved("an address, which the integration lacks")
# Of OpenAPI: the methods of a path, and where API Gateway's own settings are.
_METHODS = (*("get", "put", "post", "delete", "options", "head", "patch", "trace"), "x-amazon-apigateway-any-method")
_OF_OPEN_API = "x-amazon-apigateway-integration"
_ENDPOINT = "x-amazon-apigateway-endpoint-configuration"
# arn:aws:apigateway:eu-west-1:sqs:path/123456789012/queue
_ACTION = re.compile(r"arn:[^:]*:apigateway:[^:]*:([^:]+):")
# ${stageVariables.host}
_STAGE_VARIABLE = re.compile(r"\$\{stageVariables\.([^}]*)\}")
# A path has more parts only in a circle.
_DEEPEST = 64


def _rest_api(reader: Reader, resource: Resource) -> Api:
    properties = resource.properties
    routes = [
        *_open_api(reader, resource),
        *(_method(reader, one) for one in referring(reader, "RestApiId", _METHOD).get(resource.id, ())),
    ]
    deployments = referring(reader, "RestApiId", _DEPLOYMENT).get(resource.id, ())
    stages = [
        *(_stage(reader, one) for one in referring(reader, "RestApiId", _STAGE).get(resource.id, ())),
        *(_deployed_stage(one) for one in deployments if one.properties["StageName"]),
    ]
    clone = properties["CloneFrom"].text()
    return Api(
        protocol="REST",
        endpoint_types=properties["EndpointConfiguration"]["Types"].one_or_more() or ("EDGE",),
        default_endpoint_disabled=_disabled(properties),
        stages=tuple(stages),
        routes=tuple(routes),
        unknown_routes=Unresolved(f"the routes of {clone}") if clone is not None else _unknown_routes(resource),
        **resource.head(),
    )


def _api(reader: Reader, resource: Resource) -> Api:
    properties = resource.properties
    target = properties["Target"].text()
    routes = [
        *_open_api(reader, resource),
        *(_route(reader, one) for one in referring(reader, "ApiId", _ROUTE).get(resource.id, ())),
    ]
    stages = [_stage(reader, one) for one in referring(reader, "ApiId", _STAGE_V2).get(resource.id, ())]
    if target is not None:
        # Such an API is made with a route, an integration and a stage.
        routes.append(_quick_route(reader, resource, target))
        stages.append(
            ApiStage(name="$default", deployed=True, variables=_NO_VARIABLES, **resource.part(properties["Target"]))
        )
    return Api(
        protocol=str(properties["ProtocolType"].text() or "HTTP"),
        endpoint_types=("REGIONAL",),
        default_endpoint_disabled=_disabled(properties),
        stages=tuple(stages),
        routes=tuple(routes),
        unknown_routes=_unknown_routes(resource),
        **resource.head(),
    )


def _disabled(properties: Property) -> bool | Unresolved:
    """Whether the default endpoint is off: by the property, or else by the definition in the template."""
    own, body = properties["DisableExecuteApiEndpoint"], properties["Body"]
    if own or not isinstance(body.value, dict):
        return own.flag()
    # OpenAPI 3 has it in its servers.
    servers = body["servers"] if isinstance(body["servers"].value, list) else ()
    given = next((one[_ENDPOINT] for one in (body, *servers) if one[_ENDPOINT]), body[_ENDPOINT])
    return given["disableExecuteApiEndpoint"].flag()


def _unknown_routes(resource: Resource) -> Unresolved | None:
    """What would tell the routes that a definition has, where it could not be read."""
    properties = resource.properties
    if properties["BodyS3Location"]:
        return Unresolved("the API's definition, which is in a bucket")
    body = properties["Body"]
    if isinstance(body.value, str):
        return Unresolved("the API's definition, which is text")
    return body.unresolved or body["paths"].unresolved


# Stages


def _stage(reader: Reader, resource: Resource) -> ApiStage:
    """A stage, made once: its API has it, and it is a thing of its own."""
    made: dict[ResourceId, ApiStage] = reader.index("API stages", dict)
    if resource.id not in made:
        properties = resource.properties
        name = properties["StageName"].text() or _NO_STAGE
        variables = properties["Variables"] or properties["StageVariables"]
        given = properties["DeploymentId"] or _is_deployed(reader, resource, name)
        made[resource.id] = ApiStage(
            name=name,
            deployed=True if given else properties["AutoDeploy"].flag(),
            variables=MappingProxyType({name: one.text() or "" for name, one in variables.items()}),
            **resource.head(),
        )
    return made[resource.id]


def _is_deployed(reader: Reader, stage: Resource, name: Value) -> bool:
    """Whether a deployment of an HTTP or WebSocket API names the stage."""
    if stage.id in referring(reader, "StageName", _DEPLOYMENT_V2):
        return True
    api = stage.properties["ApiId"].text()
    by_api = referring(reader, "ApiId", _DEPLOYMENT_V2)
    deployments = (one for reference in references(api or "") for one in by_api.get(reference.resource, ()))
    return comparable(name) and any(one.properties["StageName"].text() == name for one in deployments)


def _deployed_stage(deployment: Resource) -> ApiStage:
    """The stage that a deployment makes."""
    name, described = deployment.properties["StageName"], deployment.properties["StageDescription"]
    return ApiStage(
        name=name.text() or _NO_STAGE,
        deployed=True,
        variables=MappingProxyType({key: one.text() or "" for key, one in described["Variables"].items()}),
        **deployment.part(name, described),
    )


def _with_variables(reader: Reader, api: ResourceId | None, value: Value | None) -> Value | None:
    """A value with an API's stage variables put in; those on which its stages do not agree are Unresolved."""
    if value is None or not any(isinstance(atom, str) and _STAGE_VARIABLE.search(atom) for atom in atoms(value)):
        return value
    parts: list[Value] = []
    for atom in atoms(value):
        # Every other one is the name of a variable.
        pieces = _STAGE_VARIABLE.split(atom) if isinstance(atom, str) else ()
        named = (_stage_variable(reader, api, piece) if at % 2 else piece for at, piece in enumerate(pieces))
        parts.extend(named if isinstance(atom, str) else (atom,))
    return concatenate(parts)


def _stage_variable(reader: Reader, api: ResourceId | None, name: str) -> Value:
    """The value of a variable in all stages of an API."""
    unknown = Unresolved(f"the stage variable {name}")
    if api is None:
        return unknown
    stages = [*referring(reader, "RestApiId", _STAGE).get(api, ()), *referring(reader, "ApiId", _STAGE_V2).get(api, ())]
    deployments = referring(reader, "RestApiId", _DEPLOYMENT).get(api, ())
    given = [
        *(one.properties["Variables"] or one.properties["StageVariables"] for one in stages),
        *(one.properties["StageDescription"]["Variables"] for one in deployments if one.properties["StageName"]),
    ]
    values = {variables[name].text() for variables in given}
    found = values.pop() if len(values) == 1 else None
    return found if found is not None and (len(given) == 1 or comparable(found)) else unknown


def _api_id(given: Property) -> ResourceId | None:
    """The API that a property refers to."""
    return next((reference.resource for reference in references(given.text() or "")), None)


# Routes


def _method(reader: Reader, resource: Resource) -> ApiRoute:
    made: dict[ResourceId, ApiRoute] = reader.index("API methods", dict)
    if resource.id not in made:
        properties = resource.properties
        method = properties["HttpMethod"].text() or _NO_KEY
        path = _path(reader, properties["ResourceId"].text())
        given = properties["Integration"]
        made[resource.id] = ApiRoute(
            key=concatenate([method, " ", path]),
            method=method,
            path=path,
            authorization=properties["AuthorizationType"].text() or "NONE",
            integration=_rest_integration(reader, resource, given) if given else None,
            **resource.head(),
        )
    return made[resource.id]


def _path(reader: Reader, value: Value | None) -> Value:
    """The path of a resource of a REST API, whose parents have its first parts."""
    known: dict[ResourceId, Value] = reader.index("API paths", dict)
    below: list[ResourceId] = []
    path: Value = Unresolved("a path, which nothing names")
    while value is not None and len(below) < _DEEPEST:
        reference = next(references(value), None)
        if reference is not None and reference.attribute == "RootResourceId":
            path = "/"
            break
        if type_of(reader, value) != _RESOURCE or reference is None:
            path = value if isinstance(value, Unresolved) else Unresolved(f"the path of {value}")
            break
        if reference.resource in known:
            path = known[reference.resource]
            break
        below.append(reference.resource)
        value = reader.resource(reference.resource).properties["ParentId"].text()
    for one in reversed(below):
        part = reader.resource(one).properties["PathPart"].text() or Unresolved("a part of a path")
        path = path if isinstance(path, Unresolved) else concatenate([path if path != "/" else "", "/", part])
        known[one] = path
    return path


def _route(reader: Reader, resource: Resource) -> ApiRoute:
    made: dict[ResourceId, ApiRoute] = reader.index("API routes", dict)
    if resource.id not in made:
        properties = resource.properties
        key = properties["RouteKey"].text() or _NO_KEY
        method, path = _parts(key)
        made[resource.id] = ApiRoute(
            key=key,
            method=method,
            path=path,
            authorization=properties["AuthorizationType"].text() or "NONE",
            integration=_named_integration(reader, properties["Target"].text()),
            **resource.head(),
        )
    return made[resource.id]


def _parts(key: Value) -> tuple[Value | None, Value | None]:
    """The method and the path in a route key; of ``$default`` and of WebSocket APIs there are none."""
    parts = split(key, " ", lambda _reference, _delimiter: False)
    if isinstance(parts, Unresolved) or len(parts) != 2:
        return None, None
    return parts[0], parts[1]


def _quick_route(reader: Reader, resource: Resource, target: Value) -> ApiRoute:
    properties = resource.properties
    key = properties["RouteKey"].text() or "$default"
    method, path = _parts(key)
    is_function = type_of(reader, target) in _FUNCTIONS or starts(target).startswith("arn:")
    found = _function(reader, target) if is_function else _host(reader, target)
    return ApiRoute(
        key=key,
        method=method,
        path=path,
        authorization="NONE",
        integration=ApiIntegration(
            type="AWS_PROXY" if is_function else "HTTP_PROXY",
            uri=target,
            target=found,
            service=None,
            vpc_link=None,
            timeout=None,
            **resource.part(properties["Target"]),
        ),
        **resource.part(properties["Target"]),
    )


def _open_api(reader: Reader, resource: Resource) -> Iterator[ApiRoute]:
    """The routes of a definition in the template, as far as it has API Gateway's settings."""
    body = resource.properties["Body"]
    for path, item in body["paths"].items() if isinstance(body.value, dict) else ():
        if not isinstance(item.value, dict):
            # That makes a gap of what cannot be read.
            next(item.items(), None)
            continue
        for name in _METHODS:
            operation = item[name]
            if not operation:
                continue
            method = "ANY" if name == _METHODS[-1] else name.upper()
            given = operation[_OF_OPEN_API]
            yield ApiRoute(
                key=path if path.startswith("$") else f"{method} {path}",
                method=method,
                path=path,
                authorization=_SECURED if operation["security"] or body["security"] else "NONE",
                integration=_open_api_integration(reader, resource, given) if given else None,
                **resource.part(operation),
            )


# Integrations


def _named_integration(reader: Reader, target: Value | None) -> ApiIntegration | Unresolved | None:
    """The integration of ``integrations/id``."""
    for reference in references(target) if target is not None else ():
        if reader.templates.type_of(reference.resource) == _INTEGRATION:
            return _integration(reader, reader.resource(reference.resource))
    if target is None or isinstance(target, Unresolved):
        return target
    return Unresolved(f"{target}, which is not in these templates")


def _integration(reader: Reader, resource: Resource) -> ApiIntegration:
    made: dict[ResourceId, ApiIntegration] = reader.index("API integrations", dict)
    if resource.id not in made:
        properties = resource.properties
        made[resource.id] = _made(
            reader,
            api=_api_id(properties["ApiId"]),
            kind=properties["IntegrationType"].text(),
            uri=properties["IntegrationUri"].text(),
            subtype=properties["IntegrationSubtype"].text(),
            link=properties["ConnectionId"].text() if _by_link(properties["ConnectionType"]) else None,
            timeout=properties["TimeoutInMillis"].whole(),
            head=resource.head(),
        )
    return made[resource.id]


def _rest_integration(reader: Reader, resource: Resource, given: Property) -> ApiIntegration:
    link = given["ConnectionId"].text() if _by_link(given["ConnectionType"]) else None
    return _made(
        reader,
        api=_api_id(resource.properties["RestApiId"]),
        kind=given["Type"].text(),
        uri=given["Uri"].text(),
        link=link,
        listener=given["IntegrationTarget"].text(),
        timeout=given["TimeoutInMillis"].whole(),
        head=resource.part(given),
    )


def _open_api_integration(reader: Reader, resource: Resource, given: Property) -> ApiIntegration:
    kind = given["type"].text()
    return _made(
        reader,
        api=resource.id,
        kind=kind.upper() if isinstance(kind, str) else kind,
        uri=given["uri"].text(),
        subtype=given["integrationSubtype"].text(),
        link=given["connectionId"].text() if _by_link(given["connectionType"]) else None,
        listener=given["integrationTarget"].text(),
        timeout=given["timeoutInMillis"].whole(),
        head=resource.part(given),
    )


def _by_link(given: Property) -> bool:
    return given.text() not in (None, "INTERNET")


def _made(
    reader: Reader,
    *,
    api: ResourceId | None,
    kind: Value | None,
    uri: Value | None,
    head: Mapping[str, Any],
    subtype: Value | None = None,
    link: Value | None = None,
    listener: Value | None = None,
    timeout: int | Unresolved | None = None,
) -> ApiIntegration:
    """An integration, with what answers it.

    Args:
        reader: Follows references.
        api: The API, whose stage variables count.
        kind: The type.
        uri: The address.
        head: The fields that every thing has.
        subtype: The action of a service of AWS that an HTTP API calls.
        link: The VPC link.
        listener: The load balancer's listener that a VPC link of a REST API leads to.
        timeout: In milliseconds.
    """
    linked = reader.link(_with_variables(reader, api, link), VpcLink)
    asked = _with_variables(reader, api, uri)
    target: Function | LoadBalancer | Endpoint | Unresolved | None = None
    service: Value | None = None
    if kind is None or isinstance(kind, Unresolved):
        target = kind or _NO_TYPE
    elif subtype is not None:
        service = subtype.partition("-")[0].lower() if isinstance(subtype, str) else subtype
    elif kind != "MOCK":
        service = None if asked is None or linked is not None else _service(reader, asked)
        if linked is not None:
            target = _in_vpc(reader, linked, listener or asked)
        elif asked is None:
            target = _NO_URI
        elif service is None:
            target = _function(reader, asked) if kind in ("AWS", "AWS_PROXY") else _host(reader, asked)
    return ApiIntegration(
        type=kind or _NO_TYPE, uri=uri, target=target, service=service, vpc_link=linked, timeout=timeout, **head
    )


def _service(reader: Reader, uri: Value) -> str | None:
    """The service of AWS in an address; None where it is Lambda, whose functions are things, or there is none."""
    said = "".join(atom if isinstance(atom, str) else "?" for atom in atoms(uri))
    match = _ACTION.match(said)
    # mybucket.s3 is a bucket's own.
    service = match[1].rpartition(".")[2] if match else None
    return None if service == "lambda" or type_of(reader, uri) in _FUNCTIONS else service


def _function(reader: Reader, uri: Value) -> Function | Unresolved:
    """The function that an address invokes, by a reference or by its ARN."""
    for reference in references(uri):
        if reader.templates.type_of(reference.resource) in _FUNCTIONS:
            return lambda_function(reader, reference)
    parts = split(uri, _INVOCATION, reader.templates.may_hold)
    if isinstance(parts, Unresolved):
        return parts
    named = split(parts[-1], "/invocations", reader.templates.may_hold)
    return named if isinstance(named, Unresolved) else lambda_function(reader, named[0])


def _in_vpc(reader: Reader, link: VpcLink | Unresolved, named: Value | None) -> LoadBalancer | Unresolved:
    """The load balancer behind a VPC link: one that is named, by itself or a listener, or the only one of the link."""
    for reference in references(named) if named is not None else ():
        if reader.templates.type_of(reference.resource) == _BALANCER and not reference.attribute:
            return reader.link(reference, LoadBalancer) or _NO_TARGET
        if reader.templates.type_of(reference.resource) == _LISTENER:
            arn = reader.resource(reference.resource).properties["LoadBalancerArn"].text()
            return reader.link(arn, LoadBalancer) or _NO_TARGET
    if isinstance(link, Unresolved):
        return link
    if len(link.targets) == 1:
        return link.targets[0]
    return Unresolved(f"what {named or link.place.logical_id} is in the VPC")


def _host(reader: Reader, uri: Value) -> Endpoint | Unresolved:
    """What the host name in an address leads to."""
    first, *rest = atoms(uri)
    if isinstance(first, str):
        first = first.partition("://")[2] if "://" in first else first
    # What follows the host may be unknown.
    host: list[Value] = []
    for atom in (first, *rest):
        host.append(atom.partition("/")[0] if isinstance(atom, str) else atom)
        if isinstance(atom, str) and "/" in atom:
            break
    uri = concatenate(host)
    for mark in "/:":
        parts = split(uri, mark, reader.templates.may_hold)
        if isinstance(parts, Unresolved):
            return parts
        uri = parts[0]
    return reader.endpoint(uri.partition("?")[0] if isinstance(uri, str) else uri)


def _vpc_link(reader: Reader, resource: Resource) -> VpcLink:
    properties = resource.properties
    return VpcLink(
        targets=reader.links(properties["TargetArns"].texts(), LoadBalancer),
        subnets=reader.links(properties["SubnetIds"].texts(), Subnet),
        security_groups=reader.links(properties["SecurityGroupIds"].texts(), SecurityGroup),
        **resource.head(),
    )


# Domain names


def _rest_domain(reader: Reader, resource: Resource) -> ApiDomain:
    properties = resource.properties
    # The second version is for private names only.
    kinds = properties["EndpointConfiguration"]["Types"].one_or_more()
    kinds = kinds or (("PRIVATE",) if resource.type == _PRIVATE_DOMAIN else ("EDGE",))
    unknown = next((kind for kind in kinds if isinstance(kind, Unresolved)), None)
    certificate = properties["RegionalCertificateArn"].text() or properties["CertificateArn"].text()
    return ApiDomain(
        name=host_name(properties["DomainName"].text() or _NO_NAME),
        certificate=reader.link(certificate, Certificate),
        certificate_arn=certificate,
        edge_optimized="EDGE" in kinds or unknown or False,
        private="PRIVATE" in kinds or unknown or False,
        routing_mode=properties["RoutingMode"].text() or "BASE_PATH_MAPPING_ONLY",
        mappings=_mappings(reader, resource),
        **resource.head(),
    )


def _domain(reader: Reader, resource: Resource) -> ApiDomain:
    properties = resource.properties
    given = list(properties["DomainNameConfigurations"])
    certificates = [one["CertificateArn"].text() for one in given]
    kinds = [one["EndpointType"].text() for one in given]
    unknown = next((kind for kind in kinds if isinstance(kind, Unresolved)), None)
    return ApiDomain(
        name=host_name(properties["DomainName"].text() or _NO_NAME),
        certificate=reader.link(certificates[0] if certificates else None, Certificate),
        certificate_arn=certificates[0] if certificates else None,
        edge_optimized="EDGE" in kinds or unknown or False,
        private=False,
        routing_mode=properties["RoutingMode"].text() or "API_MAPPING_ONLY",
        mappings=_mappings(reader, resource),
        **resource.head(),
    )


def _mappings(reader: Reader, domain: Resource) -> tuple[ApiMapping, ...]:
    mapped: dict[ResourceId, list[Resource]] = reader.index("API mappings", lambda: _mapped(reader))
    return tuple(_mapping(reader, one) for one in mapped.get(domain.id, ()))


def _mapping(reader: Reader, resource: Resource) -> ApiMapping:
    """A mapping, made once: its domain has it, and it is a thing of its own."""
    made: dict[ResourceId, ApiMapping] = reader.index("made API mappings", dict)
    if resource.id not in made:
        properties = resource.properties
        path = properties["ApiMappingKey"].text() or properties["BasePath"].text() or ""
        api = reader.link(properties["ApiId"].text() or properties["RestApiId"].text(), Api) or _NO_API
        made[resource.id] = ApiMapping(
            # A REST API's mapping of everything may be written so.
            path="" if path == "(none)" else path.strip("/") if isinstance(path, str) else path,
            api=api,
            stage=_named_stage(reader, api, properties["Stage"].text()),
            **resource.head(),
        )
    return made[resource.id]


def _named_stage(reader: Reader, api: Api | Unresolved, name: Value | None) -> ApiStage | Unresolved | None:
    if name is None or isinstance(name, Unresolved):
        return name
    for reference in references(name):
        if reader.templates.type_of(reference.resource) in (_STAGE, _STAGE_V2):
            return _stage(reader, reader.resource(reference.resource))
    if isinstance(api, Unresolved):
        return Unresolved(f"the stage {name} of {api.waits_for}")
    stages = (stage for stage in api.stages if stage.name == name and comparable(name))
    return next(stages, Unresolved(f"{name}, which is not in these templates"))


def _mapped(reader: Reader) -> dict[ResourceId, list[Resource]]:
    """The mappings of each domain: by a reference, or by its name in the same stack, or else in the same Region."""
    named: dict[Value, list[Resource]] = {}
    for domain in reader.resources(*_DOMAINS):
        name = domain.properties["DomainName"].text()
        if name is not None:
            named.setdefault(host_name(name), []).append(domain)
    found: dict[ResourceId, list[Resource]] = {}
    for mapping in reader.resources(*_MAPPINGS):
        for domain_id in _domain_ids(reader, mapping, named):
            found.setdefault(domain_id, []).append(mapping)
    return found


def _domain_ids(reader: Reader, mapping: Resource, named: Mapping[Value, list[Resource]]) -> Iterable[ResourceId]:
    own = _own_domain(reader, mapping)
    name = mapping.properties["DomainName"].text() or mapping.properties["DomainNameArn"].text()
    if own is not None or name is None:
        return () if own is None else (own,)
    referred = [reference.resource for reference in references(name)]
    if referred:
        return referred
    stack = mapping.template.stack
    domains = named.get(host_name(name), [])
    same = [one for one in domains if one.template.stack is stack]
    if not same and comparable(name):
        same = [one for one in domains if one.template.stack.region == stack.region]
    return (same[0].id,) if len(same) == 1 else ()


def _own_domain(reader: Reader, mapping: Resource) -> ResourceId | None:
    """The domain of the same template that a mapping refers to: its Ref is a name, which tells less."""
    given = mapping.raw.get("Properties")
    raw = given.get("DomainName") if isinstance(given, dict) else None
    logical_id = raw.get("Ref") if isinstance(raw, dict) and len(raw) == 1 else None
    if not isinstance(logical_id, str):
        return None
    resource = ResourceId(mapping.template.stack.id, mapping.template.names.get(logical_id, logical_id))
    return resource if reader.templates.type_of(resource) in _DOMAINS else None


READERS: Mapping[str, Read] = {
    "AWS::ApiGateway::RestApi": _rest_api,
    "AWS::ApiGateway::VpcLink": _vpc_link,
    "AWS::ApiGatewayV2::Api": _api,
    "AWS::ApiGatewayV2::VpcLink": _vpc_link,
    _METHOD: _method,
    _STAGE: _stage,
    _STAGE_V2: _stage,
    _ROUTE: _route,
    _INTEGRATION: _integration,
    _REST_DOMAIN: _rest_domain,
    _PRIVATE_DOMAIN: _rest_domain,
    _DOMAIN: _domain,
    **dict.fromkeys(_MAPPINGS, _mapping),
}
