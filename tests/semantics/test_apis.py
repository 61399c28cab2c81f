"""An API answers a request by the route that says most of it."""

from __future__ import annotations

from typing import Any

import pytest

from ha_patterns.semantics.apis import mapping_of, route_of
from ha_patterns.topology import Api, ApiDomain, ApiMapping, ApiRoute, Unresolved

from ..topology.loading import get_att, load_resources, only, ref, resource

_MAY_BE: dict[str, Any] = {
    "Parameters": {"Size": {"Type": "String"}},
    "Conditions": {"IsLarge": {"Fn::Equals": [ref("Size"), "large"]}},
}


def _of(more: dict[str, Any], **properties: Any) -> Api:
    return only(load_resources({"Api": resource("ApiGatewayV2::Api", **properties), **more}, **_MAY_BE), Api)


def _api(*keys: Any) -> Api:
    routes = {
        f"Route{index}": resource("ApiGatewayV2::Route", ApiId=ref("Api"), RouteKey=key)
        for index, key in enumerate(keys)
    }
    return only(load_resources({"Api": resource("ApiGatewayV2::Api", ProtocolType="HTTP"), **routes}), Api)


@pytest.mark.parametrize(
    ("keys", "method", "path", "answer"),
    [
        (["GET /items", "POST /items"], "POST", "/items", "POST /items"),
        (["GET /items"], "POST", "/items", None),
        (["ANY /items"], "POST", "/items", "ANY /items"),
        (["ANY /items", "GET /items"], "GET", "/items", "GET /items"),
        (["GET /items/{id}", "GET /items/own"], "GET", "/items/own", "GET /items/own"),
        (["GET /items/{id}", "GET /items/own"], "GET", "/items/7", "GET /items/{id}"),
        (["GET /items/{id}"], "GET", "/items/7/parts", None),
        (["GET /items/{id}"], "GET", "/items", None),
        (["ANY /{proxy+}", "GET /items/{id}"], "GET", "/items/7", "GET /items/{id}"),
        (["ANY /{proxy+}"], "GET", "/a/b/c", "ANY /{proxy+}"),
        (["ANY /{proxy+}"], "GET", "/", None),
        (["ANY /"], "GET", "/", "ANY /"),
        # A path that says more comes before a method that does.
        (["GET /{proxy+}", "ANY /items"], "GET", "/items", "ANY /items"),
        (["$default", "GET /items"], "GET", "/items", "GET /items"),
        (["$default", "GET /items"], "GET", "/other", "$default"),
        ([], "GET", "/", None),
    ],
)
def test_a_request_is_answered_by_the_route_that_says_most_of_it(
    keys: list[str], method: str, path: str, answer: str | None
) -> None:
    found = route_of(_api(*keys), method, path)

    assert not isinstance(found, Unresolved)
    assert (found.key if found else None) == answer


def test_a_route_that_is_not_known_may_answer_anything() -> None:
    assert isinstance(route_of(_api("ANY /items", ref("Nobody")), "GET", "/items"), Unresolved)
    assert isinstance(route_of(_api("$default", ref("Nobody")), "GET", "/items"), Unresolved)


def test_an_unknown_route_does_not_come_before_one_of_exactly_the_method_and_path() -> None:
    found = route_of(_api(ref("Nobody"), "GET /items"), "GET", "/items")

    assert isinstance(found, ApiRoute)
    assert found.key == "GET /items"


@pytest.mark.parametrize("known", ["POST /", "GET /orders/", "GET /it/"])
def test_a_route_whose_known_part_is_for_other_requests_does_not_answer(known: str) -> None:
    found = route_of(_api({"Fn::Join": ["", [known, ref("Nobody")]]}, "GET /{id}"), "GET", "/items")

    assert isinstance(found, ApiRoute)
    assert found.key == "GET /{id}"


def test_a_route_of_which_a_part_is_not_known_may_answer_too() -> None:
    key = {"Fn::Join": ["", ["GET /", ref("Nobody")]]}

    assert route_of(_api(key), "GET", "/items") == Unresolved("Nobody, which the template does not have")


def test_what_an_api_says_elsewhere_may_answer_what_its_routes_do_not() -> None:
    elsewhere = {"Bucket": "definitions", "Key": "api.yaml"}
    api = only(load_resources({"Api": resource("ApiGateway::RestApi", BodyS3Location=elsewhere)}), Api)

    assert isinstance(route_of(api, "GET", "/"), Unresolved)


@pytest.mark.parametrize("key", ["$default", "GET /{id}", "ANY /items"])
def test_unknown_routes_may_come_before_those_that_are_known(key: str) -> None:
    body = {"BodyS3Location": {"Bucket": "definitions", "Key": "api.yaml"}}
    api = _of({"Route": resource("ApiGatewayV2::Route", ApiId=ref("Api"), RouteKey=key)}, **body)

    assert route_of(api, "GET", "/items") == Unresolved("the API's definition, which is in a bucket")


@pytest.mark.parametrize("more", [{}, {"$default": {"x-amazon-apigateway-any-method": {}}}])
def test_a_part_of_a_definition_that_cannot_be_read_may_have_the_route(more: Any) -> None:
    api = _of({}, Body={"openapi": "3.0.1", "paths": {"/items": ref("Nobody"), **more}})

    assert route_of(api, "GET", "/items") == Unresolved("Nobody, which the template does not have")


def test_what_cannot_be_read_outside_of_the_definition_is_no_route() -> None:
    assert route_of(_of({}, Tags=ref("Nobody"), CorsConfiguration=ref("Nobody")), "GET", "/items") is None


def _may_be(key: str) -> dict[str, Any]:
    return {**resource("ApiGatewayV2::Route", ApiId=ref("Api"), RouteKey=key), "Condition": "IsLarge"}


@pytest.mark.parametrize("key", ["GET /items", "GET /{id}", "$default"])
def test_a_route_that_a_condition_makes_may_not_answer(key: str) -> None:
    assert isinstance(route_of(_of({"Route": _may_be(key)}), "GET", "/items"), Unresolved)


@pytest.mark.parametrize(
    ("key", "is_known"), [("GET /items", False), ("GET /orders", True), ("ANY /{proxy+}", True), ("$default", True)]
)
def test_a_route_that_a_condition_makes_counts_if_it_may_come_first(key: str, is_known: bool) -> None:
    sure = resource("ApiGatewayV2::Route", ApiId=ref("Api"), RouteKey="GET /{id}")
    found = route_of(_of({"Route": _may_be(key), "Sure": sure}), "GET", "/items")

    assert isinstance(found, ApiRoute) is is_known
    assert isinstance(found, Unresolved) is not is_known


def _domain(*paths: Any) -> ApiDomain:
    mappings = {
        f"Mapping{index}": resource(
            "ApiGatewayV2::ApiMapping", DomainName=ref("Domain"), ApiId=ref("Api"), Stage="live", ApiMappingKey=path
        )
        for index, path in enumerate(paths)
    }
    domain = resource("ApiGatewayV2::DomainName", DomainName="api.example.com")
    return only(load_resources({"Domain": domain, "Api": resource("ApiGatewayV2::Api"), **mappings}), ApiDomain)


@pytest.mark.parametrize(
    ("paths", "path", "answer"),
    [
        ([""], "/items", ("", "/items")),
        (["shop", ""], "/shop/items", ("shop", "/items")),
        (["shop", "shop/v2"], "/shop/v2/items", ("shop/v2", "/items")),
        (["shop"], "/shopping", None),
        (["shop"], "/shop", ("shop", "/")),
        ([], "/", None),
    ],
)
def test_the_longest_mapping_counts(paths: list[str], path: str, answer: tuple[str, str] | None) -> None:
    found = mapping_of(_domain(*paths), path)

    assert not isinstance(found, Unresolved)
    assert ((found[0].path, found[1]) if found else None) == answer


def test_a_mapping_that_is_not_known_may_be_of_any_path() -> None:
    assert isinstance(mapping_of(_domain("", ref("Nobody")), "/items"), Unresolved)


def test_an_unknown_mapping_counts_if_it_may_come_first() -> None:
    other = {"Fn::Join": ["", ["orders/", ref("Nobody")]]}

    assert isinstance(mapping_of(_domain("", other), "/items"), tuple)
    assert isinstance(mapping_of(_domain("", other), "/orders/a"), Unresolved)
    assert isinstance(mapping_of(_domain("items", ref("Nobody")), "/items"), tuple)


@pytest.mark.parametrize(("path", "is_known"), [("/shop/a", False), ("/items", True)])
def test_a_mapping_that_a_condition_makes_counts_if_it_may_come_first(path: str, is_known: bool) -> None:
    mapping = {"DomainName": ref("Domain"), "ApiId": ref("Api"), "Stage": "live"}
    resources = {
        "Api": resource("ApiGatewayV2::Api"),
        "Domain": resource("ApiGatewayV2::DomainName", DomainName="api.example.com"),
        "All": resource("ApiGatewayV2::ApiMapping", **mapping),
        "Shop": {**resource("ApiGatewayV2::ApiMapping", **mapping, ApiMappingKey="shop"), "Condition": "IsLarge"},
    }
    found = mapping_of(only(load_resources(resources, **_MAY_BE), ApiDomain), path)

    assert isinstance(found, tuple) is is_known
    assert isinstance(found, Unresolved) is not is_known


@pytest.mark.parametrize("mode", ["ROUTING_RULE_ONLY", "ROUTING_RULE_THEN_API_MAPPING", ref("Nobody")])
def test_routing_rules_may_come_before_mappings(mode: Any) -> None:
    resources = {
        "Api": resource("ApiGatewayV2::Api"),
        "Domain": resource("ApiGatewayV2::DomainName", DomainName="api.example.com", RoutingMode=mode),
        "All": resource("ApiGatewayV2::ApiMapping", DomainName=ref("Domain"), ApiId=ref("Api"), Stage="live"),
    }

    assert isinstance(mapping_of(only(load_resources(resources), ApiDomain), "/items"), Unresolved)


def test_mappings_and_routes_are_things_of_the_templates() -> None:
    found = mapping_of(_domain("shop"), "/shop/a")

    assert isinstance(found, tuple)
    assert isinstance(found[0], ApiMapping)
    assert found[0].place.logical_id == "Mapping0"
    route = route_of(_api("GET /a"), "GET", "/a")
    assert isinstance(route, ApiRoute)
    assert route.place.logical_id == "Route0"


def test_a_rest_api_s_methods_are_its_routes() -> None:
    resources = {
        "Api": resource("ApiGateway::RestApi"),
        "Items": resource(
            "ApiGateway::Resource", RestApiId=ref("Api"), ParentId=get_att("Api", "RootResourceId"), PathPart="items"
        ),
        "Any": resource(
            "ApiGateway::Method",
            RestApiId=ref("Api"),
            ResourceId=ref("Items"),
            HttpMethod="ANY",
            Integration={"Type": "MOCK"},
        ),
    }
    found = route_of(only(load_resources(resources), Api), "PUT", "/items")

    assert isinstance(found, ApiRoute)
    assert not isinstance(found.integration, Unresolved)
    assert found.integration is not None
    assert found.integration.is_mock
