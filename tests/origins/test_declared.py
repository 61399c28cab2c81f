"""The origins that an edge function may choose: as CloudFront writes them, and nothing else."""

from __future__ import annotations

import pytest
from aws_cdk import Duration
from aws_cdk import aws_cloudfront as cloudfront

from ha_patterns import ORIGIN_GUARD_HEADER, BucketPair, DeclaredOrigins, Endpoint, OriginGuard, OriginSettings
from lambda_edge.common.origin import CONFIGURATION_PREFIX
from lambda_edge.common.origin import DeclaredOrigins as AtTheEdge

from ..samples import (
    bucket_pair,
    content_bucket,
    imported_bucket,
    new_stack,
    number_token,
    primary_host,
    rest_api,
    text_token,
)

_HTTP_ONLY = cloudfront.OriginProtocolPolicy.HTTP_ONLY


def test_a_host_is_written_as_cloudfront_writes_an_origin() -> None:
    settings = OriginSettings(response_timeout=Duration.seconds(7), keepalive_timeout=Duration.seconds(9))
    declared = DeclaredOrigins({"eu": Endpoint.http_host("eu.example.com", origin_path="/v1")}, settings)

    assert declared.configuration == {
        "eu": {
            "origin": {
                "custom": {
                    "customHeaders": {},
                    "domainName": "eu.example.com",
                    "keepaliveTimeout": 9,
                    "path": "/v1",
                    "port": 443,
                    "protocol": "https",
                    "readTimeout": 7,
                    "sslProtocols": ["TLSv1.2"],
                }
            }
        }
    }
    assert declared.configuration_headers == {}
    assert declared.names == ["eu"]


def test_a_name_is_written_as_dns_compares_it() -> None:
    declared = DeclaredOrigins({"eu": Endpoint.http_host("EU.example.com.")})

    assert declared.configuration["eu"]["origin"]["custom"]["domainName"] == "eu.example.com"


def test_a_host_that_speaks_http_is_asked_at_its_port() -> None:
    host = Endpoint.http_host("eu.example.com", protocol_policy=_HTTP_ONLY, http_port=8080)

    custom = DeclaredOrigins({"eu": host}).configuration["eu"]["origin"]["custom"]

    assert (custom["protocol"], custom["port"]) == ("http", 8080)


def test_what_only_the_deploy_knows_travels_in_headers_and_arrives() -> None:
    stack = new_stack()
    declared = DeclaredOrigins({"api": Endpoint.api_gateway(api=rest_api(stack))})

    assert declared.configuration["api"]["headers"] == {"domainName": "domainname-api", "path": "path-api"}
    assert declared.configuration_headers.keys() == {"domainname-api", "path-api"}

    told = {"domainname-api": "abc.execute-api.eu-west-1.amazonaws.com", "path-api": "/prod"}
    headers = {CONFIGURATION_PREFIX + name: [{"key": name, "value": value}] for name, value in told.items()}
    request = {"headers": {}, "origin": {"custom": {"customHeaders": headers, "domainName": "o.example.com"}}}
    sent = AtTheEdge(declared.configuration).send(request, "api")

    custom = sent["origin"]["custom"]
    assert (custom["domainName"], custom["path"]) == (told["domainname-api"], "/prod")
    assert custom["customHeaders"] == {}
    assert sent["headers"]["host"] == [{"key": "Host", "value": told["domainname-api"]}]


def test_the_header_of_a_guarded_origin_travels_too_and_goes_to_that_origin_only() -> None:
    guard = OriginGuard(name="shop/origin-guard", health_path="/health")
    declared = DeclaredOrigins(
        {"eu": Endpoint.http_host("eu.example.com", guard=guard), "us": Endpoint.http_host("us.example.com")}
    )
    assert declared.configuration["eu"]["custom_headers"] == {ORIGIN_GUARD_HEADER: f"{ORIGIN_GUARD_HEADER}-eu"}
    value = new_stack().resolve(declared.configuration_headers[f"{ORIGIN_GUARD_HEADER}-eu"])
    assert value.startswith("{{resolve:secretsmanager:shop/origin-guard/1:")

    def sent_to(name: str) -> dict[str, list[dict[str, str]]]:
        told = f"{CONFIGURATION_PREFIX}{ORIGIN_GUARD_HEADER}-eu"
        carried = {told: [{"key": told, "value": "the secret"}]}
        headers = {ORIGIN_GUARD_HEADER: [{"key": ORIGIN_GUARD_HEADER, "value": "a viewer's guess"}]}
        request = {"headers": headers, "origin": {"custom": {"customHeaders": carried, "domainName": "o.example.com"}}}
        sent = AtTheEdge(declared.configuration).send(request, name)
        found: dict[str, list[dict[str, str]]] = sent["origin"]["custom"]["customHeaders"]
        return found

    assert sent_to("eu") == {ORIGIN_GUARD_HEADER: [{"key": ORIGIN_GUARD_HEADER, "value": "the secret"}]}
    assert sent_to("us") == {}


def test_an_origin_whose_name_is_not_told_is_not_guessed() -> None:
    declared = DeclaredOrigins({"api": Endpoint.api_gateway(api=rest_api(new_stack()))})
    request = {"headers": {}, "origin": {"custom": {"customHeaders": {}, "domainName": "o.example.com"}}}

    with pytest.raises(LookupError, match="x-ha-edge-domainname-api"):
        AtTheEdge(declared.configuration).send(request, "api")


def test_buckets_are_signed_for_with_an_identity_in_their_region() -> None:
    stack = new_stack()
    pair: BucketPair = bucket_pair(stack)

    declared = DeclaredOrigins.buckets({"near": pair.primary})

    (entry,) = declared.configuration.values()
    bucket = entry["origin"]["s3"]
    assert bucket["authMethod"] == "origin-access-identity"
    assert bucket["region"] == pair.primary.region
    assert bucket["domainName"] == f"{pair.primary.name}.s3.{pair.primary.region}.amazonaws.com"


def test_a_bucket_whose_name_only_the_deploy_knows_arrives() -> None:
    stack = new_stack()
    named = content_bucket(stack, "us-west-2", bucket_name=f"content-{text_token(stack, 'Suffix')}")
    pair = bucket_pair(stack, primary=named)

    declared = DeclaredOrigins.buckets({"near": pair.primary, "far": pair.secondary})

    assert declared.configuration["near"]["headers"] == {"domainName": "domainname-near"}
    assert declared.configuration_headers == {"domainname-near": f"{pair.primary.name}.s3.us-west-2.amazonaws.com"}
    told = {"x-ha-edge-domainname-near": [{"key": "x", "value": "content-1.s3.us-west-2.amazonaws.com"}]}
    bucket = {
        "authMethod": "origin-access-identity",
        "customHeaders": told,
        "domainName": "o.s3.eu-west-1.amazonaws.com",
    }
    sent = AtTheEdge(declared.configuration).send({"headers": {}, "origin": {"s3": bucket}}, "near")

    own = sent["origin"]["s3"]
    assert (own["domainName"], own["region"]) == ("content-1.s3.us-west-2.amazonaws.com", "us-west-2")
    assert own["customHeaders"] == {}
    assert sent["headers"]["host"] == [{"key": "Host", "value": "content-1.s3.us-west-2.amazonaws.com"}]


@pytest.mark.parametrize("name", ["", "EU", "-eu", "eu-", "e.u", "a" * 33, "eu\n"])
def test_fails_for_a_name_that_rules_cannot_use(name: str) -> None:
    with pytest.raises(ValueError, match="origins must be named by 1 to 32 lower-case letters"):
        DeclaredOrigins({name: Endpoint.http_host("eu.example.com")})


def test_fails_without_any() -> None:
    with pytest.raises(ValueError, match="origins must be at least one"):
        DeclaredOrigins({})


def test_fails_for_what_an_edge_function_cannot_send_requests_to() -> None:
    stack = new_stack()
    match_viewer = Endpoint.http_host("a.example.com", protocol_policy=cloudfront.OriginProtocolPolicy.MATCH_VIEWER)

    for endpoint, says in (
        (Endpoint.bucket(imported_bucket(stack, "eu-west-1")), "a host that speaks HTTP"),
        (Endpoint.http_host(ipv4_addresses=["203.0.113.1"]), "an endpoint with a name"),
        (match_viewer, "HTTPS_ONLY or HTTP_ONLY"),
    ):
        with pytest.raises(ValueError, match=rf"origins\['a'\] must be {says}"):
            DeclaredOrigins({"a": endpoint})


def test_fails_for_a_time_out_that_only_the_deploy_knows() -> None:
    stack = new_stack()
    settings = OriginSettings(response_timeout=Duration.seconds(number_token(stack, "Wait")))

    with pytest.raises(ValueError, match="response_timeout is a token"):
        DeclaredOrigins({"a": Endpoint.http_host("a.example.com")}, settings)


def test_a_cap_over_all_attempts_goes_with_the_origin() -> None:
    settings = OriginSettings(response_timeout=Duration.seconds(5), response_completion_timeout=Duration.seconds(30))

    custom = DeclaredOrigins({"eu": primary_host()}, settings).configuration["eu"]["origin"]["custom"]

    assert (custom["readTimeout"], custom["responseCompletionTimeout"]) == (5, 30)
