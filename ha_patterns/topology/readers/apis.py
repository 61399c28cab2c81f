"""APIs of API Gateway, and their domain names."""

from __future__ import annotations

from collections.abc import Mapping

from ..model import Api, ApiDomain, Certificate
from ..reader import Read, Reader, Resource
from ..values import ResourceId, Unresolved, Value, references

_MAPPINGS = (
    *("AWS::ApiGatewayV2::ApiMapping", "AWS::ApiGateway::BasePathMapping", "AWS::ApiGateway::BasePathMappingV2"),
)
_NO_NAME = Unresolved("a name, which the domain lacks")


def _rest_api(_reader: Reader, resource: Resource) -> Api:
    return Api(protocol="REST", **resource.head())


def _api(_reader: Reader, resource: Resource) -> Api:
    return Api(protocol=str(resource.properties["ProtocolType"].text() or "HTTP"), **resource.head())


def _rest_domain(reader: Reader, resource: Resource) -> ApiDomain:
    properties = resource.properties
    types = properties["EndpointConfiguration"]["Types"].texts()
    certificate = properties["RegionalCertificateArn"].text() or properties["CertificateArn"].text()
    return ApiDomain(
        name=properties["DomainName"].text() or _NO_NAME,
        certificate=reader.link(certificate, Certificate),
        edge_optimized=not types or "EDGE" in types,
        apis=_apis(reader, resource),
        **resource.head(),
    )


def _domain(reader: Reader, resource: Resource) -> ApiDomain:
    properties = resource.properties
    certificates = [one["CertificateArn"].text() for one in properties["DomainNameConfigurations"]]
    return ApiDomain(
        name=properties["DomainName"].text() or _NO_NAME,
        certificate=reader.link(certificates[0] if certificates else None, Certificate),
        edge_optimized=False,
        apis=_apis(reader, resource),
        **resource.head(),
    )


def _apis(reader: Reader, domain: Resource) -> tuple[Api, ...]:
    """The APIs that a domain's mappings name."""
    mapped = reader.index("api mappings", lambda: _mappings(reader))
    name = domain.properties["DomainName"].text()
    values = (*mapped.get(domain.id, ()), *mapped.get((domain.template.stack.id, name), ()))
    return tuple(api for api in reader.links(values, Api) if isinstance(api, Api))


def _mappings(reader: Reader) -> dict[ResourceId | tuple[str, Value | None], list[Value]]:
    found: dict[ResourceId | tuple[str, Value | None], list[Value]] = {}
    for mapping in reader.resources(*_MAPPINGS):
        api = mapping.properties["ApiId"].text() or mapping.properties["RestApiId"].text()
        domain = mapping.properties["DomainName"].text() or mapping.properties["DomainNameArn"].text()
        if api is not None and domain is not None:
            keys: list[ResourceId | tuple[str, Value | None]] = [one.resource for one in references(domain)]
            for key in keys or [(mapping.template.stack.id, domain)]:
                found.setdefault(key, []).append(api)
    return found


READERS: Mapping[str, Read] = {
    "AWS::ApiGateway::RestApi": _rest_api,
    "AWS::ApiGatewayV2::Api": _api,
    "AWS::ApiGateway::DomainName": _rest_domain,
    "AWS::ApiGateway::DomainNameV2": _rest_domain,
    "AWS::ApiGatewayV2::DomainName": _domain,
}
