"""APIs with their stages, routes and integrations, and their domain names."""

from __future__ import annotations

from typing import Any

import pytest

from ha_patterns.topology.model import (
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
    OriginKind,
    Record,
    VpcLink,
)
from ha_patterns.topology.topology import Topology
from ha_patterns.topology.values import Unresolved

from .loading import get_att, load_resources, load_stacks, named, only, ref, resource


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
    assert domain.certificate_arn == "arn:c"


@pytest.mark.parametrize("types", [ref("Nobody"), [ref("Nobody")]])
def test_whether_a_domain_is_at_the_edge_or_private_may_be_unknown(types: Any) -> None:
    properties = {"DomainName": "a.example.com", "EndpointConfiguration": {"Types": types}}
    domain = only(load_resources({"Domain": resource("ApiGateway::DomainName", **properties)}), ApiDomain)
    gap = Unresolved("Nobody, which the template does not have")

    assert (domain.edge_optimized, domain.private, domain.region) == (gap, gap, gap)


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


# What an API is


def _load(api: dict[str, Any], **more: Any) -> Topology:
    return load_resources({"Api": api, **more})


def test_an_api_has_the_defaults_of_its_kind() -> None:
    rest, http = only(_load(resource("ApiGateway::RestApi")), Api), only(_load(resource("ApiGatewayV2::Api")), Api)

    assert (rest.endpoint_types, rest.edge_optimized, rest.private) == (("EDGE",), True, False)
    assert (http.endpoint_types, http.edge_optimized, http.private) == (("REGIONAL",), False, False)
    for api in (rest, http):
        told = (api.default_endpoint_disabled, api.stages, api.routes, api.unknown_routes)
        assert told == (False, (), (), None)


@pytest.mark.parametrize("kind", ["ApiGateway::RestApi", "ApiGatewayV2::Api"])
def test_the_default_endpoint_may_be_disabled(kind: str) -> None:
    assert only(_load(resource(kind, DisableExecuteApiEndpoint="true")), Api).default_endpoint_disabled is True


@pytest.mark.parametrize("kind", ["ApiGateway::RestApi", "ApiGatewayV2::Api"])
@pytest.mark.parametrize("in_servers", [False, True])
def test_a_definition_may_disable_the_default_endpoint(kind: str, in_servers: bool) -> None:
    given = {"x-amazon-apigateway-endpoint-configuration": {"disableExecuteApiEndpoint": True}}
    body = {"openapi": "3.0.1", "paths": {}, **({"servers": [{"url": "/"}, given]} if in_servers else given)}

    assert only(_load(resource(kind, Body=body)), Api).default_endpoint_disabled is True


def test_a_private_api_is_told_and_may_be_unknown() -> None:
    private = _load(resource("ApiGateway::RestApi", EndpointConfiguration={"Types": ["PRIVATE"]}))
    unknown = _load(resource("ApiGateway::RestApi", EndpointConfiguration={"Types": [ref("Nobody")]}))
    gap = Unresolved("Nobody, which the template does not have")

    assert (only(private, Api).private, only(private, Api).edge_optimized) == (True, False)
    assert (only(unknown, Api).private, only(unknown, Api).edge_optimized) == (gap, gap)


# Stages


def test_a_rest_api_has_the_stages_of_stages_and_deployments() -> None:
    stage = resource(
        "ApiGateway::Stage", RestApiId=ref("Api"), StageName="prod", DeploymentId="d", Variables={"a": "b"}
    )
    described = {"Variables": {"c": 1}}
    deployment = resource("ApiGateway::Deployment", RestApiId=ref("Api"), StageName="dev", StageDescription=described)
    silent = resource("ApiGateway::Deployment", RestApiId=ref("Api"))
    topology = _load(resource("ApiGateway::RestApi"), Stage=stage, Deployment=deployment, Silent=silent)
    prod, dev = only(topology, Api).stages

    assert topology.of(ApiStage) == (prod, dev)
    assert (prod.name, prod.deployed, prod.variables) == ("prod", True, {"a": "b"})
    assert (dev.name, dev.deployed, dev.variables) == ("dev", True, {"c": "1"})


@pytest.mark.parametrize(
    ("properties", "deployed"), [({"AutoDeploy": True}, True), ({"DeploymentId": "d"}, True), ({}, False)]
)
def test_a_stage_of_an_http_api_may_not_be_deployed(properties: Any, deployed: bool) -> None:
    stage = resource("ApiGatewayV2::Stage", ApiId=ref("Api"), StageName="$default", **properties)
    [one] = only(_load(resource("ApiGatewayV2::Api"), Stage=stage), Api).stages

    assert (one.name, one.deployed, one.variables) == ("$default", deployed, {})


@pytest.mark.parametrize("name", ["live", ref("Stage")])
def test_a_deployment_may_name_the_stage_of_a_websocket_api(name: Any) -> None:
    stage = resource("ApiGatewayV2::Stage", ApiId=ref("Api"), StageName="live")
    other = resource("ApiGatewayV2::Stage", ApiId=ref("Api"), StageName="other")
    deployment = resource("ApiGatewayV2::Deployment", ApiId=ref("Api"), StageName=name)
    api = resource("ApiGatewayV2::Api", ProtocolType="WEBSOCKET")
    stages = only(_load(api, Stage=stage, Other=other, Deployment=deployment), Api).stages

    assert [(one.name, one.deployed) for one in stages] == [("live", True), ("other", False)]


# Routes and integrations

_INVOKE = "arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/%s/invocations"


def _method(uri: Any = None, kind: str = "AWS_PROXY", **more: Any) -> dict[str, Any]:
    integration = {"Type": kind, **({} if uri is None else {"Uri": uri}), **more}
    root = get_att("Api", "RootResourceId")
    return resource(
        "ApiGateway::Method", RestApiId=ref("Api"), ResourceId=root, HttpMethod="GET", Integration=integration
    )


def _integration(kind: str, uri: Any = None, **more: Any) -> dict[str, Any]:
    return resource(
        "ApiGatewayV2::Integration",
        ApiId=ref("Api"),
        IntegrationType=kind,
        **({} if uri is None else {"IntegrationUri": uri}),
        **more,
    )


def _target(topology: Topology) -> Any:
    [route] = only(topology, Api).routes
    assert isinstance(route.integration, ApiIntegration)
    return route.integration.target


def test_a_method_has_its_path_and_what_answers() -> None:
    items = resource(
        "ApiGateway::Resource", RestApiId=ref("Api"), ParentId=get_att("Api", "RootResourceId"), PathPart="items"
    )
    one = resource("ApiGateway::Resource", RestApiId=ref("Api"), ParentId=ref("Items"), PathPart="{id}")
    method = resource(
        "ApiGateway::Method",
        RestApiId=ref("Api"),
        ResourceId=ref("One"),
        HttpMethod="PUT",
        AuthorizationType="AWS_IAM",
        Integration={"Type": "AWS_PROXY", "Uri": {"Fn::Sub": _INVOKE % "${Fn.Arn}"}, "TimeoutInMillis": 5000},
    )
    more = {"Items": items, "One": one, "Method": method, "Fn": resource("Lambda::Function")}
    topology = _load(resource("ApiGateway::RestApi"), **more)
    [route] = only(topology, Api).routes

    assert route is only(topology, ApiRoute)
    assert (route.key, route.method, route.path, route.authorization) == (
        "PUT /items/{id}",
        "PUT",
        "/items/{id}",
        "AWS_IAM",
    )
    assert isinstance(route.integration, ApiIntegration)
    assert (route.integration.type, route.integration.timeout, route.integration.service) == ("AWS_PROXY", 5000, None)
    assert route.integration.target is only(topology, Function)


@pytest.mark.parametrize(
    "uri",
    [
        {"Fn::Sub": _INVOKE % "${Fn.Arn}"},
        {"Fn::Sub": _INVOKE % "${Alias}"},
        {"Fn::Sub": _INVOKE % "${Fn.Arn}:live"},
        {"Fn::Sub": _INVOKE % "arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:function:named"},
        {"Fn::Sub": _INVOKE % "arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:function:named:live"},
    ],
)
def test_a_function_behind_a_method_is_found(uri: Any) -> None:
    alias = resource("Lambda::Alias", FunctionName=ref("Fn"))
    function = resource("Lambda::Function", FunctionName="named")
    topology = _load(resource("ApiGateway::RestApi"), Method=_method(uri), Fn=function, Alias=alias)

    assert _target(topology) is only(topology, Function)


def test_a_function_elsewhere_is_unresolved() -> None:
    topology = _load(resource("ApiGateway::RestApi"), Method=_method(_INVOKE % "${stageVariables.fn}"))

    assert isinstance(_target(topology), Unresolved)


def test_a_mock_is_no_backend() -> None:
    [route] = only(_load(resource("ApiGateway::RestApi"), Method=_method(kind="MOCK")), Api).routes

    assert isinstance(route.integration, ApiIntegration)
    assert (route.integration.is_mock, route.integration.target, route.integration.service) == (True, None, None)


def test_a_method_may_have_no_integration() -> None:
    method = resource("ApiGateway::Method", RestApiId=ref("Api"), ResourceId=ref("Nobody"), HttpMethod="ANY")
    [route] = only(_load(resource("ApiGateway::RestApi"), Method=method), Api).routes

    assert route.integration is None
    assert isinstance(route.path, Unresolved)


@pytest.mark.parametrize(
    ("uri", "service"),
    [
        ("arn:aws:apigateway:eu-west-1:sqs:path/1/queue", "sqs"),
        ({"Fn::Sub": "arn:aws:apigateway:${AWS::Region}:dynamodb:action/GetItem"}, "dynamodb"),
        ("arn:aws:apigateway:eu-west-1:bucket.s3:path/key", "s3"),
    ],
)
def test_a_service_of_aws_may_answer(uri: Any, service: str) -> None:
    [route] = only(_load(resource("ApiGateway::RestApi"), Method=_method(uri, "AWS")), Api).routes

    assert isinstance(route.integration, ApiIntegration)
    assert (route.integration.service, route.integration.target) == (service, None)


@pytest.mark.parametrize("uri", ["https://origin.example.com/a/{proxy}", "http://Origin.example.com:8080"])
def test_a_host_may_answer(uri: str) -> None:
    target = _target(_load(resource("ApiGateway::RestApi"), Method=_method(uri, "HTTP_PROXY")))

    assert isinstance(target, Endpoint)
    assert (target.name, target.kind) == ("origin.example.com", OriginKind.HOST)


def test_a_host_that_is_a_load_balancer_leads_to_it() -> None:
    uri = {"Fn::Join": ["", ["http://", get_att("Balancer", "DNSName"), "/a"]]}
    balancer = resource("ElasticLoadBalancingV2::LoadBalancer")
    topology = _load(resource("ApiGateway::RestApi"), Method=_method(uri, "HTTP"), Balancer=balancer)
    target = _target(topology)

    assert isinstance(target, Endpoint)
    assert target.target is only(topology, LoadBalancer)


def test_an_address_that_is_not_known_is_unresolved() -> None:
    topology = _load(resource("ApiGateway::RestApi"), Method=_method(ref("Nobody"), "HTTP"))

    assert _target(topology) == Unresolved("Nobody, which the template does not have")
    assert isinstance(_target(_load(resource("ApiGateway::RestApi"), Method=_method(kind="HTTP"))), Unresolved)


_BY_STAGE = "https://${stageVariables.host}/items"


def _rest_stage(**variables: Any) -> dict[str, Any]:
    return resource("ApiGateway::Stage", RestApiId=ref("Api"), DeploymentId="d", Variables=variables)


@pytest.mark.parametrize(
    "stages",
    [
        {"Live": _rest_stage(host="Origin.example.com")},
        {"Live": _rest_stage(host="origin.example.com"), "Next": _rest_stage(host="origin.example.com")},
    ],
)
def test_a_stage_variable_on_which_all_stages_agree_tells_the_host(stages: dict[str, Any]) -> None:
    target = _target(_load(resource("ApiGateway::RestApi"), Method=_method(_BY_STAGE, "HTTP_PROXY"), **stages))

    assert isinstance(target, Endpoint)
    assert target.name == "origin.example.com"


@pytest.mark.parametrize(
    "stages",
    [
        {},
        {"Live": _rest_stage()},
        {"Live": _rest_stage(host="a.example.com"), "Next": _rest_stage(host="b.example.com")},
        {"Live": _rest_stage(host="a.example.com"), "Next": _rest_stage()},
    ],
)
def test_a_host_of_a_stage_variable_that_nothing_tells_is_unresolved(stages: dict[str, Any]) -> None:
    topology = _load(resource("ApiGateway::RestApi"), Method=_method(_BY_STAGE, "HTTP_PROXY"), **stages)

    assert _target(topology) == Unresolved("the stage variable host")


def test_a_stage_variable_behind_the_host_does_not_hide_the_host() -> None:
    uri = "https://origin.example.com/${stageVariables.path}"
    target = _target(_load(resource("ApiGateway::RestApi"), Method=_method(uri, "HTTP_PROXY")))

    assert isinstance(target, Endpoint)
    assert target.name == "origin.example.com"


@pytest.mark.parametrize("is_told", [True, False])
def test_a_stage_variable_may_tell_the_host_of_an_http_api(is_told: bool) -> None:
    variables = {"host": get_att("Balancer", "DNSName")} if is_told else {}
    more = {
        "Integration": _integration("HTTP_PROXY", _BY_STAGE),
        "Route": resource("ApiGatewayV2::Route", ApiId=ref("Api"), RouteKey="GET /", Target=_named("Integration")),
        "Live": resource("ApiGatewayV2::Stage", ApiId=ref("Api"), StageVariables=variables),
        "Balancer": resource("ElasticLoadBalancingV2::LoadBalancer"),
    }
    topology = _load(resource("ApiGatewayV2::Api"), **more)
    target = _target(topology)

    if is_told:
        assert isinstance(target, Endpoint)
        assert target.target is only(topology, LoadBalancer)
    else:
        assert target == Unresolved("the stage variable host")


@pytest.mark.parametrize("is_told", [True, False])
def test_a_stage_variable_may_tell_the_vpc_link(is_told: bool) -> None:
    by_link = {"ConnectionType": "VPC_LINK", "ConnectionId": "${stageVariables.link}"}
    topology = _load(
        resource("ApiGateway::RestApi"),
        Method=_method("http://internal.example.com", "HTTP_PROXY", **by_link),
        Live=_rest_stage(**({"link": ref("Link")} if is_told else {})),
        Link=resource("ApiGateway::VpcLink", TargetArns=[ref("Balancer")]),
        Balancer=resource("ElasticLoadBalancingV2::LoadBalancer", Type="network"),
    )
    expected = only(topology, LoadBalancer) if is_told else Unresolved("the stage variable link")

    assert _target(topology) == expected


def test_a_load_balancer_behind_a_vpc_link_of_a_rest_api_is_found() -> None:
    method = _method("http://internal.example.com", "HTTP_PROXY", ConnectionType="VPC_LINK", ConnectionId=ref("Link"))
    link = resource("ApiGateway::VpcLink", TargetArns=[ref("Balancer")])
    balancer = resource("ElasticLoadBalancingV2::LoadBalancer", Type="network")
    topology = _load(resource("ApiGateway::RestApi"), Method=method, Link=link, Balancer=balancer)
    [route] = only(topology, Api).routes

    assert isinstance(route.integration, ApiIntegration)
    assert route.integration.target is only(topology, LoadBalancer)
    assert route.integration.vpc_link is only(topology, VpcLink)


def test_a_load_balancer_that_an_integration_of_a_rest_api_names_is_found() -> None:
    by_link = {"ConnectionType": "VPC_LINK", "ConnectionId": ref("Link"), "IntegrationTarget": ref("Balancer")}
    link = resource("ApiGatewayV2::VpcLink", SubnetIds=["subnet-1"])
    balancer = resource("ElasticLoadBalancingV2::LoadBalancer")
    method = _method("http://internal.example.com", "HTTP_PROXY", **by_link)
    topology = _load(resource("ApiGateway::RestApi"), Method=method, Link=link, Balancer=balancer)

    assert _target(topology) is only(topology, LoadBalancer)


def test_a_load_balancer_behind_a_vpc_link_of_an_http_api_is_that_of_the_listener() -> None:
    more = {
        "Integration": _integration("HTTP_PROXY", ref("Listener"), ConnectionType="VPC_LINK", ConnectionId=ref("Link")),
        "Route": resource(
            "ApiGatewayV2::Route", ApiId=ref("Api"), RouteKey="ANY /{proxy+}", Target=_named("Integration")
        ),
        "Link": resource("ApiGatewayV2::VpcLink", SubnetIds=["subnet-1"], SecurityGroupIds=["sg-1"]),
        "Listener": resource("ElasticLoadBalancingV2::Listener", LoadBalancerArn=ref("Balancer")),
        "Balancer": resource("ElasticLoadBalancingV2::LoadBalancer"),
    }
    topology = _load(resource("ApiGatewayV2::Api"), **more)

    assert _target(topology) is only(topology, LoadBalancer)
    assert (len(only(topology, VpcLink).subnets), len(only(topology, VpcLink).security_groups)) == (1, 1)


def _named(logical_id: str) -> dict[str, Any]:
    return {"Fn::Join": ["/", ["integrations", ref(logical_id)]]}


@pytest.mark.parametrize(
    ("key", "method", "path"),
    [("GET /items/{id}", "GET", "/items/{id}"), ("$default", None, None), ("$connect", None, None)],
)
def test_a_route_of_an_http_api_has_its_integration(key: str, method: str | None, path: str | None) -> None:
    route = resource("ApiGatewayV2::Route", ApiId=ref("Api"), RouteKey=key, Target=_named("Integration"))
    more = {"Integration": _integration("AWS_PROXY", get_att("Fn", "Arn")), "Fn": resource("Lambda::Function")}
    topology = _load(resource("ApiGatewayV2::Api"), Route=route, **more)
    [one] = only(topology, Api).routes

    assert (one.key, one.method, one.path, one.authorization) == (key, method, path, "NONE")
    assert one.integration is only(topology, ApiIntegration)
    assert _target(topology) is only(topology, Function)


def test_an_http_api_may_call_a_service_of_aws() -> None:
    route = resource("ApiGatewayV2::Route", ApiId=ref("Api"), RouteKey="$default", Target=_named("Integration"))
    integration = _integration("AWS_PROXY", IntegrationSubtype="SQS-SendMessage")
    topology = _load(resource("ApiGatewayV2::Api"), Route=route, Integration=integration)

    assert (only(topology, ApiIntegration).service, only(topology, ApiIntegration).target) == ("sqs", None)


@pytest.mark.parametrize(
    ("target", "expected"),
    [(None, None), ("integrations/abc", Unresolved("integrations/abc, which is not in these templates"))],
)
def test_a_route_may_have_no_integration_that_is_known(target: Any, expected: Any) -> None:
    given = {} if target is None else {"Target": target}
    route = resource("ApiGatewayV2::Route", ApiId=ref("Api"), **given)
    [one] = only(_load(resource("ApiGatewayV2::Api"), Route=route), Api).routes

    assert one.integration == expected
    assert isinstance(one.key, Unresolved)


def test_an_api_that_is_made_for_one_target_has_a_route_and_a_stage() -> None:
    api = resource("ApiGatewayV2::Api", ProtocolType="HTTP", Target=get_att("Fn", "Arn"))
    topology = _load(api, Fn=resource("Lambda::Function"))
    [route], [stage] = only(topology, Api).routes, only(topology, Api).stages
    host = _target(_load(resource("ApiGatewayV2::Api", Target="https://a.example.com", RouteKey="GET /a")))

    assert (route.key, stage.name, stage.deployed) == ("$default", "$default", True)
    assert _target(topology) is only(topology, Function)
    assert isinstance(host, Endpoint)
    assert host.name == "a.example.com"


# OpenAPI


def test_a_definition_with_integrations_is_read() -> None:
    uri = {"Fn::Sub": _INVOKE % "${Fn.Arn}"}
    paths = {
        "/a": {
            "get": {"x-amazon-apigateway-integration": {"type": "aws_proxy", "httpMethod": "POST", "uri": uri}},
            "options": {"x-amazon-apigateway-integration": {"type": "mock"}},
            "parameters": [],
        },
        "/{proxy+}": {"x-amazon-apigateway-any-method": {"security": [{"key": []}]}},
        "/b": ref("Nobody"),
    }
    topology = _load(
        resource("ApiGateway::RestApi", Body={"openapi": "3.0.1", "paths": paths}), Fn=resource("Lambda::Function")
    )
    api = only(topology, Api)
    get, options, everything = api.routes

    assert [route.key for route in api.routes] == ["GET /a", "OPTIONS /a", "ANY /{proxy+}"]
    assert isinstance(get.integration, ApiIntegration)
    assert get.integration.target is only(topology, Function)
    assert isinstance(options.integration, ApiIntegration)
    assert options.integration.is_mock
    assert everything.integration is None
    assert isinstance(everything.authorization, Unresolved)
    assert api.gaps == (Unresolved("Nobody, which the template does not have"),)
    assert api.unknown_routes is None


@pytest.mark.parametrize(
    ("properties", "waits_for"),
    [
        ({"BodyS3Location": {"Bucket": "b", "Key": "k"}}, "the API's definition, which is in a bucket"),
        ({"Body": {"Fn::Transform": {"Name": "AWS::Include"}}}, "the function Fn::Transform"),
        ({"Body": "openapi: 3.0.1"}, "the API's definition, which is text"),
        ({"CloneFrom": "abc"}, "the routes of abc"),
    ],
)
def test_a_definition_that_cannot_be_read_is_told(properties: Any, waits_for: str) -> None:
    api = only(_load(resource("ApiGateway::RestApi", **properties)), Api)

    assert (api.unknown_routes, api.routes) == (Unresolved(waits_for), ())


# Domain names


def test_a_mapping_has_its_path_and_stage() -> None:
    more = {
        "Domain": resource("ApiGateway::DomainName", DomainName="a.example.com"),
        "Mapping": resource(
            "ApiGateway::BasePathMapping",
            DomainName=ref("Domain"),
            RestApiId=ref("Api"),
            BasePath="v1/",
            Stage=ref("Stage"),
        ),
        "Stage": resource("ApiGateway::Stage", RestApiId=ref("Api"), StageName="prod"),
    }
    topology = _load(resource("ApiGateway::RestApi"), **more)
    [mapping] = only(topology, ApiDomain).mappings

    assert mapping is only(topology, ApiMapping)
    assert (mapping.path, mapping.api, mapping.stage) == ("v1", only(topology, Api), only(topology, ApiStage))


@pytest.mark.parametrize(
    ("stage", "expected"),
    [("dev", "dev"), (None, None), ("gone", Unresolved("gone, which is not in these templates"))],
)
def test_a_mapping_may_name_its_stage(stage: Any, expected: Any) -> None:
    given = {} if stage is None else {"Stage": stage}
    more = {
        "Domain": resource("ApiGatewayV2::DomainName", DomainName="a.example.com"),
        "Mapping": resource("ApiGatewayV2::ApiMapping", DomainName="a.example.com", ApiId=ref("Api"), **given),
        "Stage": resource("ApiGatewayV2::Stage", ApiId=ref("Api"), StageName="dev"),
    }
    [mapping] = only(_load(resource("ApiGatewayV2::Api"), **more), ApiDomain).mappings

    assert mapping.path == ""
    assert expected == (mapping.stage.name if isinstance(mapping.stage, ApiStage) else mapping.stage)


def test_a_mapping_of_an_api_elsewhere_is_kept() -> None:
    more = {"Mapping": resource("ApiGatewayV2::ApiMapping", DomainName="a.example.com", ApiId="abc", Stage="dev")}
    domain = only(
        load_resources({"D": resource("ApiGatewayV2::DomainName", DomainName="a.example.com"), **more}), ApiDomain
    )

    assert domain.apis == ()
    assert [Unresolved, Unresolved] == [type(domain.mappings[0].api), type(domain.mappings[0].stage)]


@pytest.mark.parametrize("kind", ["ApiGateway::DomainName", "ApiGatewayV2::DomainName"])
def test_ref_of_a_domain_is_its_name(kind: str) -> None:
    record = resource(
        "Route53::RecordSet",
        Name=ref("Domain"),
        Type="CNAME",
        TTL="60",
        HostedZoneId="Z",
        ResourceRecords=["a.example"],
    )
    topology = load_resources({"Domain": resource(kind, DomainName="API.example.com"), "Record": record})

    assert only(topology, Record).name == "api.example.com"


@pytest.mark.parametrize(
    "name", [{}, {"DomainName": ref("Nobody")}, {"DomainName": {"Fn::Join": ["", [ref("Made"), "a"]]}}]
)
def test_a_mapping_finds_its_domain_whatever_its_name(name: Any) -> None:
    more = {
        "Domain": resource("ApiGateway::DomainName", **name),
        "Other": resource("ApiGateway::DomainName", **name),
        "Mapping": resource("ApiGateway::BasePathMapping", RestApiId=ref("Api"), DomainName=ref("Domain")),
        "Made": resource("Custom::Name"),
    }
    topology = _load(resource("ApiGateway::RestApi"), **more)

    assert named(topology, ApiDomain, "Domain").apis == (only(topology, Api),)
    assert named(topology, ApiDomain, "Other").apis == ()


def test_a_mapping_of_another_stack_finds_its_domain_by_name_in_its_region() -> None:
    domain = {"Domain": resource("ApiGateway::DomainName", DomainName="a.example.com")}
    exported = {"Resources": domain, "Outputs": {"Name": {"Value": ref("Domain"), "Export": {"Name": "domain"}}}}
    mapping = resource("ApiGateway::BasePathMapping", RestApiId=ref("Api"), DomainName={"Fn::ImportValue": "domain"})
    apis = {"Resources": {"Api": resource("ApiGateway::RestApi"), "Mapping": mapping}}
    topology = load_stacks({"Far": {"Resources": domain}, "Near": exported, "Apis": apis}, {"Far": "us-east-1"})

    assert [[api.place.stack.id for api in one.apis] for one in topology.of(ApiDomain)] == [[], ["Apis"]]


@pytest.mark.parametrize(
    ("kind", "properties", "expected"),
    [
        ("ApiGateway::DomainNameV2", {}, (False, True)),
        ("ApiGateway::DomainName", {"EndpointConfiguration": {"Types": ["PRIVATE"]}}, (False, True)),
        ("ApiGateway::DomainName", {}, (True, False)),
        ("ApiGatewayV2::DomainName", {}, (False, False)),
    ],
)
def test_private_domains_are_told(kind: str, properties: Any, expected: Any) -> None:
    domain = only(load_resources({"Domain": resource(kind, **properties)}), ApiDomain)

    assert (domain.edge_optimized, domain.private) == expected
    assert isinstance(domain.name, Unresolved)


def test_the_routing_mode_of_a_domain_is_told() -> None:
    rest = only(load_resources({"Domain": resource("ApiGateway::DomainName")}), ApiDomain)
    http = resource("ApiGatewayV2::DomainName", RoutingMode="ROUTING_RULE_ONLY")

    assert rest.routing_mode == "BASE_PATH_MAPPING_ONLY"
    assert only(load_resources({"Domain": http}), ApiDomain).routing_mode == "ROUTING_RULE_ONLY"


@pytest.mark.parametrize("kind", ["Api", "HttpApi"])
@pytest.mark.parametrize(
    ("properties", "waits_for"),
    [
        ({}, "the function Fn::Transform"),
        ({"DefinitionUri": "s3://bucket/key"}, "the API's definition, which is in a bucket"),
        ({"DefinitionBody": {"paths": {}}}, None),
    ],
)
def test_the_routes_that_sam_makes_of_events_are_not_known(kind: str, properties: Any, waits_for: str | None) -> None:
    api = resource(f"Serverless::{kind}", StageName="prod", **properties)
    one = only(load_resources({"Api": api}, Transform="AWS::Serverless-2016-10-31"), Api)

    assert one.unknown_routes == (None if waits_for is None else Unresolved(waits_for))
    assert [stage.name for stage in one.stages] == ["prod"]
