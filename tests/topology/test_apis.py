"""APIs with their domains, function URLs, VPC origins and certificates."""

from __future__ import annotations

from typing import Any

import pytest

from ha_patterns.topology.model import Api, ApiDomain, Certificate, Function, FunctionUrl, LoadBalancer, VpcOrigin
from ha_patterns.topology.values import Unresolved

from .loading import get_att, load_resources, load_stacks, only, ref, resource


@pytest.mark.parametrize(
    ("api", "protocol"),
    [
        (resource("ApiGateway::RestApi"), "REST"),
        (resource("ApiGatewayV2::Api", ProtocolType="WEBSOCKET"), "WEBSOCKET"),
        (resource("ApiGatewayV2::Api"), "HTTP"),
    ],
)
def test_the_protocol_of_an_api_is_told(api: Any, protocol: str) -> None:
    assert protocol == only(load_resources({"Api": api}), Api).protocol


@pytest.mark.parametrize("named_by", [{"Ref": "Domain"}, "api.example.com"])
def test_a_domain_has_the_apis_that_it_is_mapped_to(named_by: Any) -> None:
    config = {"CertificateArn": ref("Certificate"), "EndpointType": "REGIONAL"}
    topology = load_resources(
        {
            "Api": resource("ApiGatewayV2::Api"),
            "Domain": resource(
                "ApiGatewayV2::DomainName", DomainName="api.example.com", DomainNameConfigurations=[config]
            ),
            "Mapping": resource("ApiGatewayV2::ApiMapping", ApiId=ref("Api"), DomainName=named_by),
            "Certificate": resource("CertificateManager::Certificate", DomainName="api.example.com"),
        }
    )
    domain = only(topology, ApiDomain)

    assert (domain.apis, domain.edge_optimized) == ((only(topology, Api),), False)
    assert domain.certificate is only(topology, Certificate)


@pytest.mark.parametrize(
    ("endpoints", "edge"), [({}, True), ({"Types": ["EDGE"]}, True), ({"Types": ["REGIONAL"]}, False)]
)
def test_a_domain_is_at_the_edge_unless_it_is_of_a_region(endpoints: Any, edge: bool) -> None:
    properties = {"DomainName": "a.example.com", "EndpointConfiguration": endpoints, "CertificateArn": "arn:c"}
    domain = only(load_resources({"Domain": resource("ApiGateway::DomainName", **properties)}), ApiDomain)

    assert (domain.name, domain.edge_optimized, domain.apis) == ("a.example.com", edge, ())
    assert isinstance(domain.certificate, Unresolved)


def test_a_private_domain_is_mapped_by_its_arn() -> None:
    topology = load_resources(
        {
            "Api": resource("ApiGateway::RestApi"),
            "Domain": resource("ApiGateway::DomainNameV2", DomainName="a.example.com"),
            "Mapping": resource(
                "ApiGateway::BasePathMappingV2", RestApiId=ref("Api"), DomainNameArn=get_att("Domain", "DomainNameArn")
            ),
        }
    )

    assert only(topology, ApiDomain).apis == (only(topology, Api),)


def test_domains_of_one_name_in_two_regions_each_have_their_api() -> None:
    resources = {
        "Api": resource("ApiGateway::RestApi"),
        "Domain": resource("ApiGateway::DomainName", DomainName="a.example.com"),
        "Mapping": resource("ApiGateway::BasePathMapping", RestApiId=ref("Api"), DomainName="a.example.com"),
    }
    topology = load_stacks({"A": {"Resources": resources}, "B": {"Resources": resources}}, {"B": "us-east-1"})

    assert [[api.place.stack.id for api in domain.apis] for domain in topology.of(ApiDomain)] == [["A"], ["B"]]


@pytest.mark.parametrize("target", [{"Ref": "Fn"}, {"Fn::GetAtt": ["Fn", "Arn"]}])
def test_a_function_url_has_its_function(target: Any) -> None:
    url = resource("Lambda::Url", TargetFunctionArn=target, AuthType="NONE")
    topology = load_resources({"Url": url, "Fn": resource("Lambda::Function")})

    assert only(topology, FunctionUrl).function is only(topology, Function)
    assert only(topology, FunctionUrl).auth_type == "NONE"


def test_a_function_url_of_an_alias_has_its_function() -> None:
    url = resource("Lambda::Url", TargetFunctionArn=ref("Alias"))
    alias = resource("Lambda::Alias", FunctionName=ref("Fn"))
    topology = load_resources({"Url": url, "Fn": resource("Lambda::Function"), "Alias": alias})

    assert only(topology, FunctionUrl).function is only(topology, Function)


def test_a_vpc_origin_has_its_load_balancer() -> None:
    origin = resource("CloudFront::VpcOrigin", VpcOriginEndpointConfig={"Arn": ref("Balancer")})
    topology = load_resources({"Origin": origin, "Balancer": resource("ElasticLoadBalancingV2::LoadBalancer")})

    assert only(topology, VpcOrigin).target is only(topology, LoadBalancer)
