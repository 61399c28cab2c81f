"""What the rules say of APIs as origins."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ha_patterns.checks.rules import RULES
from ha_patterns.checks.run import check
from ha_patterns.topology.loading import load

from ..topology.loading import write_assembly
from .edge_documents import UNKNOWN, behavior, origin, said, site

_NAME = {"Fn::Sub": "${Api}.execute-api.eu-west-1.amazonaws.com"}


def _asked(
    path: Any = None, pattern: str | None = None, *, more: dict[str, Any] | None = None, **api: Any
) -> dict[str, Any]:
    """A REST API with the stage live, as an origin of a default behavior or of one for a pattern."""
    kinds = api.pop("types", ["REGIONAL"])
    stage = api.pop("stage", "live")
    own = origin("api", _NAME, **({} if path is None else {"OriginPath": path}))
    default = behavior("api" if pattern is None else "one", **(more or {}))
    behaviors = [] if pattern is None else [behavior("api", pattern, **(more or {}))]
    resources = site([own, origin("one")], *behaviors, default)
    properties = {"Name": "shop", "EndpointConfiguration": {"Types": kinds}, **api}
    resources["Api"] = {"Type": "AWS::ApiGateway::RestApi", "Properties": properties}
    live = {"RestApiId": {"Ref": "Api"}, "StageName": stage}
    resources["Live"] = {"Type": "AWS::ApiGateway::Deployment", "Properties": live}
    return resources


@pytest.mark.parametrize(
    ("resources", "message"),
    [
        (_asked("/live"), None),
        (_asked("/live", DisableExecuteApiEndpoint=True), "has DisableExecuteApiEndpoint"),
        (_asked("/live", DisableExecuteApiEndpoint=UNKNOWN), None),
        (_asked("/live", types=["PRIVATE"]), "is private"),
        (_asked(), None),
    ],
)
def test_an_api_answers_by_a_name_that_is_on(tmp_path: Path, resources: dict[str, Any], message: str | None) -> None:
    found = said(tmp_path, resources, "HA027")

    assert len(found) == (message is not None)
    assert message is None or message in found[0]


_FUNCTION = {
    "FunctionAssociations": [{"EventType": "viewer-request", "FunctionARN": "arn:aws:cloudfront::1:function/f"}]
}


@pytest.mark.parametrize(
    ("resources", "message"),
    [
        (_asked("/live"), None),
        (_asked("/live/v1"), None),
        (_asked(), "answers below its stage, /live, and behavior * asks it at /...; OriginPath is not set"),
        (_asked("/test"), "answers below its stage, /live, and behavior * asks it at /test/..."),
        (_asked(UNKNOWN), None),
        (_asked(stage=UNKNOWN), None),
        (_asked(pattern="/live/*"), None),
        (_asked(pattern="/api/*"), "behavior /api/* asks it at /api/..."),
        (_asked("/live", pattern="/api/*"), None),
        (_asked(more=_FUNCTION), None),
    ],
)
def test_a_rest_api_is_asked_below_its_stage(tmp_path: Path, resources: dict[str, Any], message: str | None) -> None:
    found = said(tmp_path, resources, "HA028")

    assert len(found) == (message is not None)
    assert message is None or message in found[0]


def test_the_default_stage_of_an_http_api_has_no_part_of_the_path(tmp_path: Path) -> None:
    resources = _asked()
    resources["Api"] = {"Type": "AWS::ApiGatewayV2::Api", "Properties": {"Name": "shop", "ProtocolType": "HTTP"}}
    stage = {"ApiId": {"Ref": "Api"}, "StageName": "$default"}
    resources["Live"] = {"Type": "AWS::ApiGatewayV2::Stage", "Properties": stage}

    assert not said(tmp_path, resources, "HA028")

    stage["StageName"] = "live"

    assert len(said(tmp_path, resources, "HA028")) == 1


def _named(protocol: str = "HTTP", *, types: Any = None, version: int = 1, kind: Any = "EDGE") -> dict[str, Any]:
    """An API with a custom domain of the first or the second version."""
    certificate = "arn:aws:acm:us-east-1:111111111111:certificate/11111111-1111-1111-1111-111111111111"
    name: dict[str, Any] = {"DomainName": "api.example.com"}
    if version == 1:
        name |= {
            "CertificateArn": certificate,
            **({} if types is None else {"EndpointConfiguration": {"Types": types}}),
        }
    else:
        kinds = {} if kind is None else {"EndpointType": kind}
        name |= {"DomainNameConfigurations": [{"CertificateArn": certificate, **kinds}]}
    api: dict[str, Any] = {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Name": "shop"}}
    if protocol != "REST":
        api = {"Type": "AWS::ApiGatewayV2::Api", "Properties": {"Name": "shop", "ProtocolType": protocol}}
    mapped = {"ApiId": {"Ref": "Api"}, "DomainName": {"Ref": "Name"}, "Stage": "live"}
    return {
        "Api": api,
        "Name": {"Type": f"AWS::ApiGateway{'V2' if version == 2 else ''}::DomainName", "Properties": name},
        "Mapping": {"Type": "AWS::ApiGatewayV2::ApiMapping", "Properties": mapped},
    }


@pytest.mark.parametrize(
    ("resources", "message"),
    [
        (_named(), "api.example.com is edge-optimized and mapped to stack/Api, a HTTP API"),
        (_named(types=["EDGE"]), "mapped to stack/Api, a HTTP API"),
        (_named("WEBSOCKET"), "mapped to stack/Api, a WEBSOCKET API"),
        (_named("REST"), None),
        (_named(types=["REGIONAL"]), None),
        (_named(types=[UNKNOWN]), None),
        (_named(version=2), "is edge-optimized, and version 2 makes REGIONAL ones only"),
        (_named("REST", version=2), "is edge-optimized, and version 2 makes REGIONAL ones only"),
        (_named(version=2, kind="REGIONAL"), None),
        (_named(version=2, kind=None), None),
        (_named(version=2, kind=UNKNOWN), None),
    ],
)
def test_a_custom_domain_that_api_gateway_refuses_is_found(
    tmp_path: Path, resources: dict[str, Any], message: str | None
) -> None:
    messages = said(tmp_path, resources, "HA060")

    assert len(messages) == (message is not None)
    assert message is None or message in messages[0]


@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize(("region", "found"), [("eu-west-1", 0), ("us-east-1", 1)])
def test_a_custom_domain_is_mapped_to_apis_of_its_region(tmp_path: Path, version: int, region: str, found: int) -> None:
    of_api = {"Fn::GetStackOutput": {"StackName": "Api", "OutputName": "Id", "Region": region}}
    kind = "AWS::ApiGatewayV2::ApiMapping" if version == 2 else "AWS::ApiGateway::BasePathMapping"
    named = {("ApiId" if version == 2 else "RestApiId"): of_api, "DomainName": {"Ref": "Name"}, "Stage": "live"}
    domain = {"DomainName": "api.example.com", "EndpointConfiguration": {"Types": ["REGIONAL"]}}
    api = {"Api": {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Name": "shop"}}}
    folder = write_assembly(
        tmp_path,
        {
            "Api": {"Resources": api, "Outputs": {"Id": {"Value": {"Ref": "Api"}}}},
            "Name": {
                "Resources": {
                    "Name": {"Type": "AWS::ApiGateway::DomainName", "Properties": domain},
                    "Mapping": {"Type": kind, "Properties": named},
                }
            },
        },
        {"Api": region},
    )
    messages = [finding.message for finding in check(load(folder), rules=[RULES["HA060"]]).findings]

    assert messages == ["api.example.com is mapped in eu-west-1 to Api/Api, an API of us-east-1"] * found
