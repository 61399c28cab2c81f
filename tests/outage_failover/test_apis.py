"""APIs and custom domains as endpoints: they answer the shared name at the path that is asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_apigatewayv2 as apigatewayv2
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk.assertions import Template

from ha_patterns import Endpoint, EndpointHealthCheck, HealthCheckSettings
from ha_patterns.origins.places import place_of
from ha_patterns.outage_failover._apis import _fits

from ..bad_input import accelerated, cdk_check, endpoint_check
from ..samples import (
    dns_failover,
    http_domain,
    latency_routing,
    refused_synth,
    rest_api,
    rest_domain,
    stack_in,
    warnings_of,
)

Build = Callable[[cdk.Stack], Any]


def _with(domain: Any, **given: Any) -> Endpoint:
    return Endpoint.api_gateway(domain_name="eu.example.com", custom_domain=domain, **given)


def _mapped_elsewhere(stack: cdk.Stack) -> Any:
    """A domain that another stack of the app maps."""
    domain = http_domain(stack, mapped=False)
    other = cdk.Stack(cdk.App.of(stack), "Other", env=cdk.Environment(region="us-east-1"))
    apigatewayv2.CfnApiMapping(
        other, "Mapping", domain_name="origin.example.com", api_id="a1b2c3d4e5", stage="$default"
    )
    return domain


def _imported(stack: cdk.Stack, name: str = "origin.example.com", region: str = "eu-west-1") -> Any:
    return apigatewayv2.DomainName.from_domain_name_attributes(
        stack,
        "Imported",
        name=name,
        regional_domain_name=f"d-1.execute-api.{region}.amazonaws.com",
        regional_hosted_zone_id="ZLY8HYME6SFDD",
    )


@pytest.mark.parametrize(
    "build",
    [
        rest_domain,
        http_domain,
        _mapped_elsewhere,
        _imported,
        lambda stack: http_domain(stack, name="*.example.com"),
        lambda stack: http_domain(stack, name="Origin.example.com"),
        lambda stack: _imported(stack, "*.example.com"),
    ],
)
def test_a_custom_domain_of_the_shared_name_is_accepted(stack: cdk.Stack, build: Build) -> None:
    dns_failover(stack, primary=_with(build(stack)), secondary=accelerated(stack))

    Template.from_stack(stack)


@pytest.mark.parametrize(
    ("build", "says"),
    [
        (
            lambda stack: rest_domain(stack, mapped=False),
            "Test/RestDomain/Resource, the custom domain of Endpoint(eu.example.com), has no mapping to an API",
        ),
        (
            lambda stack: http_domain(stack, mapped=False),
            "Test/HttpDomain/Resource, the custom domain of Endpoint(eu.example.com), has no mapping to an API",
        ),
        *(
            (
                lambda stack, make=make: make(stack, name="other.example.com"),
                "custom_domain of Endpoint(eu.example.com) must be of the name that is asked, origin.example.com",
            )
            for make in (rest_domain, http_domain, _imported)
        ),
        (
            lambda stack: http_domain(stack, name="*.eu.example.com"),
            "must be of the name that is asked, origin.example.com, got '*.eu.example.com'",
        ),
    ],
)
def test_a_custom_domain_that_does_not_answer_is_refused(stack: cdk.Stack, build: Build, says: str) -> None:
    dns_failover(stack, primary=_with(build(stack)), secondary=accelerated(stack))

    assert says in refused_synth(stack)


@pytest.mark.parametrize(("name", "is_refused"), [("api.example.com", False), ("pair.example.com", True)])
def test_behind_a_latency_name_a_pair_answers_to_that(stack: cdk.Stack, name: str, *, is_refused: bool) -> None:
    pair = dns_failover(
        stack,
        record_name="pair",
        primary=_with(http_domain(stack, name=name)),
        secondary=accelerated(stack),
        secondary_health_check=HealthCheckSettings.fast(),
    )
    other = Endpoint.api_gateway(
        domain_name="us.example.com", custom_domain=http_domain(stack, "Us", name="api.example.com")
    )
    latency_routing(stack, members={"eu-west-1": pair, "us-east-1": other}, hosted_zone=pair.hosted_zone)

    if is_refused:
        assert "must be of the name that is asked, api.example.com, got 'pair.example.com'" in refused_synth(stack)
    else:
        Template.from_stack(stack)


@pytest.mark.parametrize("build", [_imported, lambda stack: http_domain(stack_in("eu-west-1", stack))])
def test_a_custom_domain_of_another_region_is_refused(stack: cdk.Stack, build: Build) -> None:
    with pytest.raises(ValueError, match="custom_domain must be in the Region of the API, us-east-1, got 'one in eu"):
        Endpoint.api_gateway(api=rest_api(stack), custom_domain=build(stack))


def _http(stack: cdk.Stack, **given: Any) -> apigatewayv2.HttpApi:
    return apigatewayv2.HttpApi(stack, "Http", **given)


def _rest(stack: cdk.Stack, **given: Any) -> apigateway.RestApi:
    api = apigateway.RestApi(stack, "Rest", endpoint_types=[apigateway.EndpointType.REGIONAL], **given)
    api.root.add_method("GET")
    return api


@pytest.mark.parametrize("make", [_http, _rest])
def test_an_api_whose_own_name_is_turned_off_is_no_endpoint(stack: cdk.Stack, make: Any) -> None:
    with pytest.raises(ValueError, match=r"api must answer at its execute-api name, got .*: give domain_name"):
        Endpoint.api_gateway(api=make(stack, disable_execute_api_endpoint=True))


@pytest.mark.parametrize(("make", "key"), [(_http, "api_id"), (_rest, "rest_api_id")])
@pytest.mark.parametrize("is_off", [True, False])
def test_an_api_whose_own_name_is_turned_off_is_not_asked_by_it(
    stack: cdk.Stack, make: Any, key: str, *, is_off: bool
) -> None:
    api = make(stack, disable_execute_api_endpoint=is_off)
    endpoint_check(stack, domain_name=f"{getattr(api, key)}.execute-api.us-east-1.amazonaws.com")

    if is_off:
        said = "by its execute-api name, which disable_execute_api_endpoint turns off: ask a custom domain of the API"
        assert said in refused_synth(stack)
    else:
        Template.from_stack(stack)


def _joined(scope: cdk.Stack, api_id: str) -> str:
    return cdk.Fn.join(".", [api_id, "execute-api", cdk.Stack.of(scope).region, cdk.Aws.URL_SUFFIX])


def _split(scope: cdk.Stack, api_id: str) -> str:
    """As the CDK's own origin of an API takes its name out of its URL."""
    return cdk.Fn.select(2, cdk.Fn.split("/", f"https://{_joined(scope, api_id)}/prod"))


@pytest.mark.parametrize(("make", "key"), [(_http, "api_id"), (_rest, "rest_api_id")])
@pytest.mark.parametrize("name_of", [_joined, _split])
@pytest.mark.parametrize("there", ["us-east-1", "eu-west-1", None])
@pytest.mark.parametrize("is_off", [True, False])
def test_an_origin_that_is_put_together_of_the_name_that_an_api_has_turned_off_is_refused(
    make: Any, key: str, name_of: Any, there: str | None, *, is_off: bool
) -> None:
    app = cdk.App()
    stack = cdk.Stack(
        app, "Test", env=cdk.Environment(region="us-east-1", account="111122223333"), cross_region_references=True
    )
    environment = cdk.Environment(region=there or "us-east-1", account="111122223333")
    other = cdk.Stack(app, "Other", env=environment, cross_region_references=True)
    api = make(other if there else stack, disable_execute_api_endpoint=is_off)
    endpoint = Endpoint.http_host(name_of(stack, getattr(api, key)), accepts_viewer_host=False)
    cloudfront.Distribution(stack, "Site", default_behavior=cloudfront.BehaviorOptions(origin=endpoint.origin()))

    if is_off:
        assert "by its execute-api name, which disable_execute_api_endpoint turns off: give a" in refused_synth(stack)
    else:
        app.synth()


@pytest.mark.parametrize("is_off", [True, False])
def test_an_api_of_another_stack_with_the_same_logical_id_is_not_the_one_that_is_asked(*, is_off: bool) -> None:
    app = cdk.App()
    stack, other = (cdk.Stack(app, name, env=cdk.Environment(region="us-east-1")) for name in ("Test", "Other"))
    asked, closed = _http(stack, disable_execute_api_endpoint=is_off), _http(other, disable_execute_api_endpoint=True)
    assert stack.resolve(asked.api_id) == other.resolve(closed.api_id)
    endpoint_check(stack, domain_name=_joined(stack, asked.api_id))

    if is_off:
        assert "the check asks Test/Http/Resource by its execute-api name" in refused_synth(stack)
    else:
        Template.from_stack(stack)


def test_a_check_of_the_cdk_that_asks_the_name_that_an_api_has_turned_off_is_refused(stack: cdk.Stack) -> None:
    api = _http(stack, disable_execute_api_endpoint=True)
    check = cdk_check(stack, fqdn=_joined(stack, api.api_id))
    dns_failover(stack, primary_health_check=check)

    assert "the check asks Test/Http/Resource by its execute-api name" in refused_synth(stack)


def _routes(stack: cdk.Stack, *keys: str) -> apigatewayv2.HttpApi:
    api = _http(stack)
    for number, key in enumerate(keys):
        apigatewayv2.CfnRoute(stack, f"Route{number}", api_id=api.api_id, route_key=key)
    return api


def _resources(stack: cdk.Stack, *paths: str, method: str = "GET") -> apigateway.RestApi:
    api = apigateway.RestApi(stack, "Rest", endpoint_types=[apigateway.EndpointType.REGIONAL])
    for path in paths:
        api.root.resource_for_path(path).add_method(method)
    return api


@pytest.mark.parametrize(
    ("make", "path", "is_refused"),
    [
        (lambda stack: _routes(stack, "GET /health"), "/health", False),
        (lambda stack: _routes(stack, "GET /health"), "/health?full=1", False),
        (lambda stack: _routes(stack, "GET /health"), None, True),
        (lambda stack: _routes(stack, "POST /"), None, True),
        (lambda stack: _routes(stack, "ANY /"), None, False),
        (lambda stack: _routes(stack, "$default"), None, False),
        (lambda stack: _routes(stack, "$default"), "/a/b", False),
        (lambda stack: _routes(stack, "ANY /{proxy+}"), "/a/b", False),
        (lambda stack: _routes(stack), "/health", True),
        (lambda stack: _resources(stack, "/health"), "/health", False),
        (lambda stack: _resources(stack, "/health"), None, True),
        (lambda stack: _resources(stack, "/health", method="POST"), "/health", True),
        (lambda stack: _resources(stack, "/{proxy+}"), None, True),
        (lambda stack: _resources(stack, "/{proxy+}", method="ANY"), "/health", False),
    ],
)
def test_a_path_without_a_route_is_not_asked(
    stack: cdk.Stack, make: Build, path: str | None, *, is_refused: bool
) -> None:
    api = make(stack)
    endpoint = Endpoint.api_gateway(api=api, custom_domain=http_domain(stack))
    dns_failover(
        stack,
        primary=endpoint,
        secondary=accelerated(stack),
        primary_health_check=HealthCheckSettings.fast(path=path),
    )

    if is_refused:
        said = f"for {path or '/'}, and the API has no route of GET for it: it answers 403 or 404"
        assert said in refused_synth(stack)
    else:
        Template.from_stack(stack)


def test_a_check_of_ones_own_is_judged_by_its_path_as_well(stack: cdk.Stack) -> None:
    endpoint = Endpoint.api_gateway(api=_routes(stack, "GET /health"), custom_domain=http_domain(stack))
    check = EndpointHealthCheck(stack, "Own", domain_name=endpoint.domain_name)
    dns_failover(stack, primary=endpoint, secondary=accelerated(stack), primary_health_check=check)

    assert "primary_health_check asks Endpoint(" in refused_synth(stack)


def test_a_check_by_a_name_that_was_put_together_is_judged_too(stack: cdk.Stack) -> None:
    api = _routes(stack, "GET /health")
    check = EndpointHealthCheck(stack, "Own", domain_name=f"{api.api_id}.execute-api.us-east-1.amazonaws.com")
    dns_failover(
        stack,
        primary=Endpoint.api_gateway(api=api, custom_domain=http_domain(stack)),
        secondary=accelerated(stack),
        primary_health_check=check,
    )

    assert "primary_health_check asks Endpoint(" in refused_synth(stack)


def _own_domain(stack: cdk.Stack, api: Any, key: str | None) -> None:
    """The custom domain that the check asks, mapped to an API."""
    if isinstance(api, apigatewayv2.HttpApi):
        domain = http_domain(stack, "Own", name="eu.example.com", mapped=False)
        apigatewayv2.ApiMapping(stack, "OwnMapping", api=api, domain_name=domain, api_mapping_key=key)
    else:
        rest_domain(stack, "Own", name="eu.example.com", mapped=False).add_base_path_mapping(api, base_path=key)


@pytest.mark.parametrize(
    ("make", "key", "path", "says"),
    [
        (_routes, None, None, "which is mapped to / of Test/Http/Resource, and the API has no route of GET for it"),
        (_resources, None, None, "which is mapped to / of Test/Rest/Resource, and the API has no route of GET for it"),
        (_routes, None, "/health", None),
        (_resources, None, "/health", None),
        (_routes, "v1", "/v1/health", None),
        (_resources, "v1", "/v1/health?full=1", None),
        (_routes, "v1", "/v1", "which is mapped to / of Test/Http/Resource"),
        (_routes, "v1", "/health", "its mappings are for v1 only: API Gateway answers 403 to all else"),
        (_resources, "v1", None, "its mappings are for v1 only"),
    ],
)
def test_a_path_that_a_custom_domain_does_not_lead_to_a_route_is_not_asked(
    stack: cdk.Stack, make: Any, key: str | None, path: str | None, says: str | None
) -> None:
    _own_domain(stack, make(stack, "/health" if make is _resources else "GET /health"), key)
    settings = HealthCheckSettings.fast(path=path)
    dns_failover(stack, primary=_with(http_domain(stack)), secondary=accelerated(stack), primary_health_check=settings)

    if says is None:
        Template.from_stack(stack)
    else:
        assert says in refused_synth(stack)


def test_a_path_with_a_stage_that_was_written_out_is_not_judged(stack: cdk.Stack) -> None:
    endpoint = Endpoint.api_gateway(api=_resources(stack, "/health"), custom_domain=http_domain(stack))
    settings = HealthCheckSettings.fast(path="/prod/health")
    check = EndpointHealthCheck(stack, "Own", domain_name=endpoint.domain_name, settings=settings)
    dns_failover(stack, primary=endpoint, secondary=accelerated(stack), primary_health_check=check)

    Template.from_stack(stack)


def test_an_api_of_a_definition_is_not_judged(stack: cdk.Stack) -> None:
    api = apigateway.SpecRestApi(
        stack,
        "Spec",
        api_definition=apigateway.ApiDefinition.from_inline({"openapi": "3.0.1", "paths": {}}),
        endpoint_types=[apigateway.EndpointType.REGIONAL],
    )
    endpoint = Endpoint.api_gateway(api=api, custom_domain=http_domain(stack))
    dns_failover(stack, primary=endpoint, secondary=accelerated(stack))

    Template.from_stack(stack)


@pytest.mark.parametrize(
    ("route", "path", "expected"),
    [
        ("/", "/", True),
        ("/a", "/a/", True),
        ("/a/{id}", "/a/1", True),
        ("/a/{id}", "/a", False),
        ("/a/{id}", "/a/1/2", False),
        ("/{any+}", "/", False),
        ("/{any+}", "/a/b", True),
        ("/a/{any+}", "/b/c", False),
    ],
)
def test_a_route_and_a_path(route: str, path: str, *, expected: bool) -> None:
    assert _fits(route, path) is expected


def _by_rest_domain(stack: cdk.Stack) -> Endpoint:
    domain = apigateway.DomainName.from_domain_name_attributes(
        stack,
        "Imported",
        domain_name="origin.example.com",
        domain_name_alias_target="d-1.execute-api.eu-west-1.amazonaws.com",
        domain_name_alias_hosted_zone_id="ZLY8HYME6SFDD",
    )
    return Endpoint.api_gateway(domain_name="eu.example.com", custom_domain=domain)


def _http_import(stack: cdk.Stack, **given: Any) -> apigatewayv2.IHttpApi:
    return apigatewayv2.HttpApi.from_http_api_attributes(stack, "Api", http_api_id="a1b2c3", **given)


@pytest.mark.parametrize(
    ("build", "place"),
    [
        (lambda stack: _with(_imported(stack)), "eu-west-1"),
        (_by_rest_domain, "eu-west-1"),
        (
            lambda stack: Endpoint.api_gateway(
                api=_http_import(stack, api_endpoint="https://a1b2c3.execute-api.eu-west-1.amazonaws.com")
            ),
            "eu-west-1",
        ),
        (
            lambda stack: Endpoint.api_gateway(
                domain_name="a1b2c3.execute-api.eu-west-1.amazonaws.com",
                custom_domain=_imported(stack, region=cdk.Fn.import_value("Region")),
            ),
            "eu-west-1",
        ),
        (lambda stack: Endpoint.api_gateway(api=_http_import(stack), custom_domain=_imported(stack)), "eu-west-1"),
        # CloudFront asks the API by its name in the Region of the stack.
        (lambda stack: Endpoint.api_gateway(api=_http_import(stack)), "us-east-1"),
        (lambda stack: _with(_imported(stack, region=cdk.Fn.import_value("Region"))), None),
        (lambda stack: _with(http_domain(stack_in("eu-west-1", stack))), "eu-west-1"),
    ],
)
def test_an_import_is_where_its_names_are(stack: cdk.Stack, build: Build, place: str | None) -> None:
    assert place_of(build(stack)) == place


def test_cloudfront_asks_an_imported_api_in_its_own_region(stack: cdk.Stack) -> None:
    api = _http_import(stack, api_endpoint="https://a1b2c3.execute-api.eu-west-1.amazonaws.com")

    name = stack.resolve(Endpoint.api_gateway(api=api).domain_name)

    assert name == {"Fn::Join": ["", ["a1b2c3.execute-api.eu-west-1.", {"Ref": "AWS::URLSuffix"}]]}


def test_imported_domains_of_two_regions_are_in_two_regions(stack: cdk.Stack) -> None:
    members = {}
    for region in ("eu-west-1", "us-west-2"):
        domain = _imported(cdk.Stack(stack, region, env=cdk.Environment(region="us-east-1")), "api.example.com", region)
        members[region] = Endpoint.api_gateway(domain_name=f"{region}.example.com", custom_domain=domain)
    checks = {
        region: EndpointHealthCheck(stack, f"Check-{region}", domain_name=f"a.execute-api.{region}.amazonaws.com")
        for region in members
    }
    latency_routing(stack, members=members, health_checks=checks)

    assert warnings_of(stack) == set()
