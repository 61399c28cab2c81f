"""What the rules say of origins by their names: refused, out of reach, or answered by what does not know the name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from .documents import get, ref, resource
from .edge_documents import (
    ALL_BUT_HOST,
    ALL_VIEWER,
    UNKNOWN,
    asked,
    behavior,
    bucket_origin,
    group,
    origin,
    said,
    site,
)

_BALANCER = "ElasticLoadBalancingV2::LoadBalancer"
_OF_BALANCER = get("Balancer", "DNSName")
_WEBSITE = "amzn-s3-demo-bucket1.s3-website-us-east-1.amazonaws.com"
_ACCESS_POINT = "m1a2b3c4.mrap.accesspoint.s3-global.amazonaws.com"
_REST = "a1b2c3d4e5.execute-api.us-east-1.amazonaws.com"
_URL = {
    "App": resource("Lambda::Function"),
    "Url": resource("Lambda::Url", {"AuthType": "NONE", "TargetFunctionArn": get("App", "Arn")}),
}
_ASSETS = {"Assets": resource("S3::Bucket", {"BucketName": "amzn-s3-demo-bucket1"})}


def _s3(domain: Any, **more: Any) -> dict[str, Any]:
    return origin("one", domain, S3OriginConfig={}, **more)


def _bare(domain: Any) -> dict[str, Any]:
    return {"Id": "one", "DomainName": domain}


# What CloudFront refuses


@pytest.mark.parametrize(
    ("resources", "why"),
    [
        ({**_URL, **site([origin("one", get("Url", "FunctionUrl"))])}, "is https://${Url.Id}.lambda-url."),
        ({**_ASSETS, **site([_s3(get("Assets", "WebsiteURL"))])}, "is http://${Assets}.s3-website-"),
        (
            site([origin("one", {"Fn::Sub": "${Api.ApiEndpoint}"})]) | {"Api": resource("ApiGatewayV2::Api")},
            "is https://${Api.Id}.execute-api.",
        ),
        (site([origin("one", "https://app.example.com")]), "is https://app.example.com, which is no host name"),
        (site([origin("one", "app.example.com/site")]), "is app.example.com/site, which is no host name"),
        (site([origin("one", "app.example.com:8443")]), "is app.example.com:8443, which is no host name"),
        (site([origin("one", {"Fn::Sub": f"{_REST}/${{Unknown}}"})]), "which is no host name"),
        (site([origin("one", "203.0.113.7")]), "is the IP address 203.0.113.7"),
        (site([origin("one", "2001:db8::1")]), "is the IP address 2001:db8::1"),
        (site([_bare("app.example.com")]), "has no configuration: no S3OriginConfig and no other; CloudFront takes"),
        (site([_bare("amzn-s3-demo-bucket1.s3.us-east-1.amazonaws.com")]), "has no configuration"),
        (
            site([{**_s3("app.example.com"), "CustomOriginConfig": {"OriginProtocolPolicy": "https-only"}}]),
            "has CustomOriginConfig and S3OriginConfig; CloudFront takes exactly one",
        ),
        (site([_s3("app.example.com")]), "has an S3OriginConfig, and app.example.com is no name of a bucket"),
        (site([_s3(_WEBSITE)]), "is the website of a bucket"),
        (site([_s3(_ACCESS_POINT)]), "is a Multi-Region Access Point"),
        (site([_s3(_REST)]), "is an API"),
        ({"Balancer": resource(_BALANCER), **site([_s3(_OF_BALANCER)])}, "is a load balancer"),
        (site([origin("one", OriginPath="prod")]), "OriginPath of origin one is prod; it starts with a slash"),
        (site([origin("one", OriginPath="/prod/")]), "OriginPath of origin one is /prod/; it starts with a slash"),
        (site([origin("o" * 129)]), "Id of origin oooooooooooooooooooo... has 129 characters; CloudFront takes 128"),
    ],
)
def test_an_origin_that_cloudfront_refuses_is_found(tmp_path: Path, resources: dict[str, Any], why: str) -> None:
    (message,) = said(tmp_path, resources, "HA044")

    assert why in message


@pytest.mark.parametrize(
    "resources",
    [
        site([origin("one", OriginPath="/prod/v1")]),
        site([origin("o" * 128)]),
        site([origin("one", UNKNOWN, OriginPath=UNKNOWN)]),
        site([origin("one", OriginPath="")]),
        site([_s3(UNKNOWN)]),
        site([_s3("amzn-s3-demo-bucket1.s3.us-east-1.amazonaws.com")]),
        site([_s3("amzn-s3-demo-bucket1.s3.amazonaws.com")]),
        # An access point of one Region has the name of a bucket; one of AWS's further names may be of S3.
        site([_s3("a1-1234567890abcdef-s3alias.s3.us-east-1.amazonaws.com")]),
        site([_s3("amzn-s3-demo-bucket1.s3-fips.us-gov-west-1.amazonaws.com")]),
        {**_ASSETS, **site([_s3(get("Assets", "RegionalDomainName"))])},
        site([origin("one", _WEBSITE)]),
        site([{**_bare("app.example.com"), "CustomOriginConfig": UNKNOWN}]),
        site([{**_bare("app.example.com"), "S3OriginConfig": UNKNOWN, "CustomOriginConfig": {}}]),
        {**_URL, **site([origin("one", {"Fn::Select": [2, {"Fn::Split": ["/", get("Url", "FunctionUrl")]}]})])},
    ],
)
def test_an_origin_that_cloudfront_may_take_is_fine(tmp_path: Path, resources: dict[str, Any]) -> None:
    assert not said(tmp_path, resources, "HA044")


@pytest.mark.parametrize(
    ("settings", "found"),
    [
        ({"HTTPPort": 81}, "HTTPPort of origin one is 81; CloudFront asks at 80, 443 or 1024 to 65535"),
        ({"HTTPSPort": 1023}, "HTTPSPort of origin one is 1023; CloudFront asks at 80, 443 or 1024 to 65535"),
        ({"HTTPSPort": 65536}, "HTTPSPort of origin one is 65536; CloudFront asks at 80, 443 or 1024 to 65535"),
        ({"HTTPPort": 443, "HTTPSPort": 80}, None),
        ({"HTTPPort": 1024, "HTTPSPort": 65535}, None),
        ({"HTTPPort": UNKNOWN}, None),
        ({}, None),
    ],
)
def test_an_origin_is_asked_at_a_port_that_cloudfront_connects_to(
    tmp_path: Path, settings: dict[str, Any], found: str | None
) -> None:
    one = origin("one", settings={"OriginProtocolPolicy": "https-only", **settings})

    assert said(tmp_path, site([one]), "HA044") == ([found] if found else [])


# What CloudFront does not reach


def _record(name: str, target: Any, zone: Any = "Z1", kind: str = "A", **more: Any) -> dict[str, Any]:
    """A record that is an alias, or answered with values if the target is a list."""
    answer = {"ResourceRecords": target, "TTL": 60} if isinstance(target, list) else {"AliasTarget": target}
    if isinstance(target, (str, dict)):
        answer = {"AliasTarget": {"DNSName": target, "HostedZoneId": "Z2"}}
    return resource("Route53::RecordSet", {"HostedZoneId": zone, "Name": name, "Type": kind, **answer, **more})


_INTERNAL = {"Balancer": resource(_BALANCER, {"Scheme": "internal"})}
_PRIVATE_ZONE = {"Zone": resource("Route53::HostedZone", {"Name": "example.com", "VPCs": [{"VPCId": "vpc-1"}]})}
_PRIVATE_API = {"Api": resource("ApiGateway::RestApi", {"EndpointConfiguration": {"Types": ["PRIVATE"]}})}
_HALF = {"SetIdentifier": "two", "Failover": "SECONDARY"}


@pytest.mark.parametrize(
    ("resources", "what"),
    [
        ({**_INTERNAL, **site([origin("one", _OF_BALANCER)])}, "asks the internal load balancer stack/Balancer"),
        (
            site([origin("one", "internal-app-123.us-east-1.elb.amazonaws.com")]),
            "asks the internal load balancer internal-app-123.us-east-1.elb.amazonaws.com",
        ),
        (
            {
                **_INTERNAL,
                "One": _record("app.example.com", ["203.0.113.1"], SetIdentifier="one", Failover="PRIMARY"),
                "Two": _record("app.example.com", _OF_BALANCER, **_HALF),
                **site([origin("one", "app.example.com")]),
            },
            "asks the internal load balancer stack/Balancer",
        ),
        (
            {"One": _record("app.example.com", ["10.0.0.7"]), **site([origin("one", "app.example.com")])},
            "asks 10.0.0.7",
        ),
        (
            site([origin("one", "vpce-1a2b-3c4d.execute-api.us-east-1.vpce.amazonaws.com")]),
            "asks the VPC endpoint vpce-",
        ),
        (
            {
                **_PRIVATE_ZONE,
                "One": _record("app.example.com", ["203.0.113.1"], ref("Zone")),
                **site([origin("one", "app.example.com")]),
            },
            "app.example.com of origin one is known in a private hosted zone only",
        ),
    ],
)
def test_an_origin_that_is_not_on_the_internet_is_found(tmp_path: Path, resources: dict[str, Any], what: str) -> None:
    (message,) = said(tmp_path, resources, "HA045")

    assert what in message


@pytest.mark.parametrize(
    "resources",
    [
        {"Balancer": resource(_BALANCER, {"Scheme": "internet-facing"}), **site([origin("one", _OF_BALANCER)])},
        {"Balancer": resource(_BALANCER, {"Scheme": UNKNOWN}), **site([origin("one", _OF_BALANCER)])},
        {
            **_INTERNAL,
            "Vpc": resource("CloudFront::VpcOrigin", {"VpcOriginEndpointConfig": {"Arn": ref("Balancer")}}),
            **site([{**_bare(_OF_BALANCER), "VpcOriginConfig": {"VpcOriginId": get("Vpc", "Id")}}]),
        },
        {"One": _record("app.example.com", ["203.0.113.1"]), **site([origin("one", "app.example.com")])},
        {
            **_PRIVATE_ZONE,
            "One": _record("app.example.com", ["203.0.113.1"], ref("Zone")),
            "Two": _record("app.example.com", ["203.0.113.1"]),
            **site([origin("one", "app.example.com")]),
        },
        site([origin("one", "app-123.us-east-1.elb.amazonaws.com")]),
        # A private API that is named itself is a finding of another rule.
        {**_PRIVATE_API, **site([origin("one", {"Fn::Sub": "${Api}.execute-api.us-east-1.amazonaws.com"})])},
    ],
)
def test_an_origin_that_may_be_on_the_internet_is_fine(tmp_path: Path, resources: dict[str, Any]) -> None:
    assert not said(tmp_path, resources, "HA045")


# APIs


def _api(stage: Any = "prod", kind: str = "REST", **properties: Any) -> dict[str, Any]:
    if kind == "REST":
        api = resource("ApiGateway::RestApi", {"Name": "app", **properties})
        stages = {"Stage": resource("ApiGateway::Stage", {"RestApiId": ref("Api"), "StageName": stage})}
    else:
        api = resource("ApiGatewayV2::Api", {"Name": "app", "ProtocolType": kind, **properties})
        stages = {"Stage": resource("ApiGatewayV2::Stage", {"ApiId": ref("Api"), "StageName": stage})}
    return {"Api": api, **(stages if stage is not None else {})}


_OF_API = {"Fn::Sub": "${Api}.execute-api.us-east-1.amazonaws.com"}
_EDGE_FUNCTION = [{"EventType": "viewer-request", "FunctionARN": UNKNOWN}]


def _domain(*paths: Any, name: Any = "api.example.com") -> dict[str, Any]:
    mappings = {
        f"Mapping{index}": resource(
            "ApiGatewayV2::ApiMapping",
            {"ApiId": ref("Api"), "DomainName": ref("Domain"), "Stage": "prod", "ApiMappingKey": path},
        )
        for index, path in enumerate(paths)
    }
    return {**_api(), "Domain": resource("ApiGatewayV2::DomainName", {"DomainName": name}), **mappings}


@pytest.mark.parametrize(
    ("resources", "what"),
    [
        (
            {**_domain("orders"), **site([origin("one", "api.example.com", OriginPath="/prod")])},
            "asks stack/Domain for paths that none of its mappings is for",
        ),
        (
            {
                **_domain("orders"),
                **site([origin("one", "api.example.com")], behavior("one", "/api/*"), behavior("two")),
            },
            "asks stack/Domain for paths that none of its mappings is for",
        ),
    ],
)
def test_an_api_that_does_not_answer_is_found(tmp_path: Path, resources: dict[str, Any], what: str) -> None:
    (message,) = said(tmp_path, resources, "HA046")

    assert what in message


@pytest.mark.parametrize(
    "resources",
    [
        {**_api(), **site([origin("one", _OF_API, OriginPath="/prod")])},
        {**_domain(""), **site([origin("one", "api.example.com", OriginPath="/prod")])},
        {**_domain("orders"), **site([origin("one", "api.example.com", OriginPath="/orders")])},
        {**_domain("orders/v1"), **site([origin("one", "api.example.com", OriginPath="/orders")])},
        {
            **_domain("orders"),
            **site([origin("one", "api.example.com")], behavior("one", "/orders/*"), behavior("two")),
        },
        # Viewers may ask for the path.
        {**_domain("orders"), **site([origin("one", "api.example.com")])},
        {**_domain("orders"), **site([origin("one", "api.example.com", OriginPath=UNKNOWN)])},
        {**_domain(UNKNOWN), **site([origin("one", "api.example.com", OriginPath="/prod")])},
        {**_domain(), **site([origin("one", "api.example.com", OriginPath="/prod")])},
        {
            **_domain("orders"),
            **site(
                [origin("one", "api.example.com", OriginPath="/prod")],
                behavior("one", FunctionAssociations=_EDGE_FUNCTION),
            ),
        },
    ],
)
def test_an_api_that_may_answer_is_fine(tmp_path: Path, resources: dict[str, Any]) -> None:
    assert not said(tmp_path, resources, "HA046")


_TWO_APIS = [origin("one", _REST, OriginPath="/prod"), origin("two", _REST.replace("us-east", "us-west"))]


@pytest.mark.parametrize(
    ("resources", "what"),
    [
        (
            site(_TWO_APIS, groups=[group("one", "two")]),
            "origin two of the group group has no OriginPath, and the other member has /prod",
        ),
    ],
)
def test_members_that_are_asked_for_different_paths_are_found(
    tmp_path: Path, resources: dict[str, Any], what: str
) -> None:
    (message,) = said(tmp_path, resources, "HA049")

    assert what in message


@pytest.mark.parametrize(
    "resources",
    [
        site([_TWO_APIS[0], {**_TWO_APIS[1], "OriginPath": UNKNOWN}], groups=[group("one", "two")]),
        site([{**one, "OriginPath": ""} for one in _TWO_APIS], groups=[group("one", "two")]),
        # Of an API of the template its stages tell.
        {**_api(), **site([_TWO_APIS[0], origin("two", _OF_API)], groups=[group("one", "two")])},
        site([_TWO_APIS[0], {**_TWO_APIS[1], "OriginPath": "/stage"}], groups=[group("one", "two")]),
        site([_TWO_APIS[0], origin("two")], groups=[group("one", "two")]),
    ],
)
def test_members_that_may_be_asked_for_the_same_path_are_fine(tmp_path: Path, resources: dict[str, Any]) -> None:
    assert not said(tmp_path, resources, "HA049")


# The global names of buckets


@pytest.mark.parametrize(
    ("domain", "region", "found"),
    [
        (get("Assets", "DomainName"), "eu-west-1", "and the bucket is in eu-west-1"),
        (get("Assets", "DomainName"), "ap-southeast-3", "ap-southeast-3, where that name is refused"),
        ("amzn-s3-demo-bucket1.s3.amazonaws.com", "eu-west-1", "names no Region"),
        ({"Fn::Sub": "${Assets}.s3.amazonaws.com"}, "eu-west-1", "names no Region"),
        (get("Assets", "DomainName"), "us-east-1", None),
        (get("Assets", "RegionalDomainName"), "eu-west-1", None),
        (get("Assets", "DualStackDomainName"), "eu-west-1", None),
        ("another.s3.amazonaws.com", "eu-west-1", None),
        ("amzn-s3-demo-bucket1.s3.eu-west-1.amazonaws.com", "eu-west-1", None),
    ],
)
def test_a_bucket_is_asked_by_the_name_of_its_region(
    tmp_path: Path, domain: Any, region: str, found: str | None
) -> None:
    messages = said(tmp_path, {**_ASSETS, **site([bucket_origin("one", domain)])}, "HA050", {"AWS::Region": region})

    assert len(messages) == (found is not None)
    assert found is None or found in messages[0]


def test_the_region_of_a_bucket_is_asked_for(tmp_path: Path) -> None:
    (unknown,) = asked(tmp_path, {**_ASSETS, **site([bucket_origin("one", get("Assets", "DomainName"))])}, "HA050")

    assert unknown.startswith("cannot tell whether origin one asks a bucket of us-east-1 by its global name")


# Names that are not known where they lead


_PAGE = get("Page", "DomainName")
_REGIONAL = get("Domain", "RegionalDomainName")


def _page(*aliases: Any, **config: Any) -> dict[str, Any]:
    """A distribution that records lead to."""
    return {"Page": site([origin("page", "page.example.net")], Aliases=list(aliases), **config)["Site"]}


def _pair(second: Any) -> dict[str, Any]:
    return {
        "One": _record("www.example.com", ["203.0.113.1"], SetIdentifier="one", Failover="PRIMARY"),
        "Two": _record("www.example.com", second, **_HALF),
    }


def _asks(name: Any, **more: Any) -> dict[str, Any]:
    return site([origin("one", name)], behavior("one", **more))


@pytest.mark.parametrize(
    ("resources", "what"),
    [
        ({**_pair(_PAGE), **_page()}, "www.example.com leads to stack/Page, which has no Aliases"),
        ({**_pair(_PAGE), **_page("example.com", "*.example.net")}, "whose Aliases are example.com and *.example.net"),
        (
            {
                "One": _record("www.example.com", ["d.example.com"], kind="CNAME"),
                "Two": _record("d.example.com", _PAGE),
                **_page("d.example.com"),
            },
            "www.example.com leads to stack/Page, whose Aliases are d.example.com",
        ),
        (
            {"One": _record("www.example.com", ["a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com"], kind="CNAME")},
            "www.example.com leads to a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com, which answers to its own name",
        ),
        ({"One": _record("www.example.com", [_WEBSITE], kind="CNAME")}, "which answers to the name of the bucket"),
        (
            {**_pair(_PAGE), **_page(), **_asks("www.example.com")},
            "origin one asks stack/Page as www.example.com, which has no Aliases",
        ),
        ({**_domain(""), **_asks(_REGIONAL)}, "which is the custom domain api.example.com"),
    ],
)
def test_a_name_that_what_answers_does_not_know_is_found(tmp_path: Path, resources: dict[str, Any], what: str) -> None:
    (message,) = said(tmp_path, resources, "HA047")

    assert what in message


@pytest.mark.parametrize(
    "resources",
    [
        {**_pair(_PAGE), **_page("www.example.com")},
        {**_pair(_PAGE), **_page("WWW.example.com")},
        {**_pair(_PAGE), **_page("*.example.com")},
        {**_pair(_PAGE), **_page(UNKNOWN)},
        {**_pair(_PAGE), **_page(ConnectionMode="tenant-only")},
        {**_pair(_PAGE), **_page(Staging=True)},
        # What only leads on is not asked for by its name.
        {
            "One": _record("www.example.com", ["d.example.com"], kind="CNAME"),
            "Two": _record("d.example.com", _PAGE),
            **_page("www.example.com"),
        },
        {**_pair(_REGIONAL), **_domain("", name="www.example.com")},
        {**_pair(_REGIONAL), **_domain("", name=UNKNOWN)},
        # HA243 tells of it.
        {**_pair(_REGIONAL), **_domain("")},
        # Which custom domain has that name, nothing tells.
        {"One": _record("www.example.com", "d-1a2b3c4d5e.execute-api.eu-west-1.amazonaws.com")},
        {"One": _record("www.example.com", "s3-website-us-east-1.amazonaws.com")},
        {"One": _record("amzn-s3-demo-bucket1", [_WEBSITE], kind="CNAME")},
        {"One": _record("www.example.com", ["d1.cloudfront.net"], kind="CNAME")},
        {"One": _record("www.example.com", "app-123.us-east-1.elb.amazonaws.com")},
        # The viewer's Host is sent in place of the name.
        {**_page("www.example.com"), **_asks(_PAGE)},
        {**_pair(_PAGE), **_page(UNKNOWN), **_asks("www.example.com", OriginRequestPolicyId=ALL_BUT_HOST)},
        {**_domain(""), **_asks(_REGIONAL, OriginRequestPolicyId=ALL_VIEWER)},
        {**_domain(""), **_asks("api.example.com")},
        {**_domain(""), **_asks(ref("Domain"))},
    ],
)
def test_a_name_that_what_answers_may_know_is_fine(tmp_path: Path, resources: dict[str, Any]) -> None:
    assert not said(tmp_path, resources, "HA047")


# The distribution itself


def _at_www(*origins: dict[str, Any], records: Any = (), **default: Any) -> dict[str, Any]:
    made = {f"Record{place}": one for place, one in enumerate(records)}
    return {
        **made,
        **site(list(origins), behavior("one", **default), Aliases=["www.example.com", "*.shop.example.com"]),
    }


_OF_SITE = get("Site", "DomainName")
_CHOOSES = {"LambdaFunctionAssociations": [{"EventType": "origin-request", "LambdaFunctionARN": UNKNOWN}]}


@pytest.mark.parametrize(
    ("resources", "why"),
    [
        (_at_www(origin("one", "www.example.com")), "www.example.com, which is one of the distribution's Aliases"),
        (_at_www(origin("one", "WWW.example.com.")), "www.example.com, which is one of the distribution's Aliases"),
        (_at_www(origin("one", _OF_SITE)), "${Site.DomainName}, which leads to the distribution itself"),
        (
            _at_www(origin("one", "api.example.com"), records=[_record("api.example.com", _OF_SITE)]),
            "api.example.com, which leads to the distribution itself",
        ),
        (
            _at_www(
                origin("one", "api.example.com"),
                records=[
                    _record("api.example.com", ["203.0.113.1"], Failover="PRIMARY", SetIdentifier="one"),
                    _record("api.example.com", _OF_SITE, Failover="SECONDARY", SetIdentifier="two"),
                ],
            ),
            "api.example.com, which leads to the distribution itself",
        ),
        (
            _at_www(
                origin("one", "api.example.com"),
                records=[_record("api.example.com", ["www.example.com"], kind="CNAME")],
            ),
            "api.example.com, which leads to the distribution itself",
        ),
    ],
)
def test_a_distribution_that_is_its_own_origin_is_found(tmp_path: Path, resources: dict[str, Any], why: str) -> None:
    assert said(tmp_path, resources, "HA053") == [f"origin one asks {why}"]


@pytest.mark.parametrize(
    "resources",
    [
        _at_www(origin("one", "api.example.com")),
        # A wildcard leaves names to records of their own.
        _at_www(origin("one", "api.shop.example.com")),
        _at_www(origin("one", "www.example.com"), records=[_record("www.example.com", ["203.0.113.1"])]),
        _at_www(origin("one", UNKNOWN)),
        _at_www(origin("other", "www.example.com"), origin("one")),
        # Of a VPC origin, the name is for Host only.
        _at_www({"Id": "one", "DomainName": "www.example.com", "VpcOriginConfig": {"VpcOriginId": "vo_1"}}),
        {**_at_www(origin("one", get("Second", "DomainName"))), "Second": site([origin("two")])["Site"]},
    ],
)
def test_another_origin_is_fine(tmp_path: Path, resources: dict[str, Any]) -> None:
    assert not said(tmp_path, resources, "HA053")


def test_a_function_may_send_requests_elsewhere(tmp_path: Path) -> None:
    (message,) = asked(tmp_path, _at_www(origin("one", "www.example.com"), **_CHOOSES), "HA053")

    assert message == (
        "cannot tell whether origin one is the distribution itself: it depends on what a function of the behavior does"
    )


def test_a_name_below_a_wildcard_may_have_a_record_of_its_own(tmp_path: Path) -> None:
    zone = {"Zone": resource("Route53::HostedZone", {"Name": "example.com"})}
    wild = _at_www(origin("one", "api.example.com"), records=[_record("*.example.com", _OF_SITE, zone=ref("Zone"))])
    (message,) = asked(tmp_path, {**zone, **wild}, "HA053")

    assert message.endswith("it depends on the records of api.example.com itself, which are in no template")
