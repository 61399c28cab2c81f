"""An API answers a request by the route that says most of it."""

from __future__ import annotations

from typing import Any

import pytest

from ha_patterns.semantics.apis import mapping_of, route_of
from ha_patterns.topology import Api, ApiDomain, ApiMapping, ApiRoute, Unresolved

from ..topology.loading import get_att, load_resources, only, ref, resource


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
    assert isinstance(route_of(_api("GET /items", ref("Nobody")), "GET", "/items"), Unresolved)


def test_a_route_of_which_a_part_is_not_known_may_answer_too() -> None:
    key = {"Fn::Join": ["", ["GET /", ref("Nobody")]]}

    assert route_of(_api(key), "GET", "/items") == Unresolved("Nobody, which the template does not have")


def test_what_an_api_says_elsewhere_may_answer_what_its_routes_do_not() -> None:
    elsewhere = {"Bucket": "definitions", "Key": "api.yaml"}
    api = only(load_resources({"Api": resource("ApiGateway::RestApi", BodyS3Location=elsewhere)}), Api)

    assert isinstance(route_of(api, "GET", "/"), Unresolved)


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
