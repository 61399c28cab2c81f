"""What an edge function chooses by reaches it, is kept apart in the cache, and is not one Region's alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from .documents import Resources, doubts, get, messages, ref, resource

UNKNOWN = {"Parameters": {"Given": {"Type": "String"}}}
_GIVEN = {"Ref": "Given"}
_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
_OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6"
_ALL_VIEWER = "216adef6-5c7f-47e4-b989-5492eafa07d3"
_ALL_BUT_HOST = "b689b0a8-53d0-40ab-baf2-68738e2966ac"
_USER_AGENT = "acba4595-bd28-49b8-b9fe-13317c0390fa"


def function_site(
    reads: dict[str, Any] | None,
    *,
    event: str = "origin-request",
    cache: Any = _DISABLED,
    request: Any = None,
    shield: Any = None,
) -> Resources:
    behavior = {
        "TargetOriginId": "o",
        "CachePolicyId": cache,
        "LambdaFunctionAssociations": [{"EventType": event, "LambdaFunctionARN": ref("Version")}],
    }
    origin: dict[str, Any] = {"Id": "o", "DomainName": "o.example.com", "CustomOriginConfig": {}}
    return {
        "Site": resource(
            "CloudFront::Distribution",
            {
                "DistributionConfig": {
                    "Origins": [{**origin, **({"OriginShield": shield} if shield else {})}],
                    "DefaultCacheBehavior": {**behavior, **({"OriginRequestPolicyId": request} if request else {})},
                }
            },
        ),
        "Version": resource("Lambda::Version", {"FunctionName": ref("Function")}),
        "Function": resource(
            "Lambda::Function",
            {"Runtime": "python3.14", "Role": get("Role", "Arn")},
            Metadata={"ha-patterns": {"reads": reads}} if reads is not None else {},
        ),
        "Role": resource("IAM::Role", {}),
    }


def _cached(*, max_ttl: Any = 60, **selections: Any) -> dict[str, Any]:
    parameters = {
        "HeadersConfig": {"HeaderBehavior": "none"},
        "CookiesConfig": {"CookieBehavior": "none"},
        "QueryStringsConfig": {"QueryStringBehavior": "none"},
        **selections,
    }
    config = {"Name": "own", "MaxTTL": max_ttl, "ParametersInCacheKeyAndForwardedToOrigin": parameters}
    return resource("CloudFront::CachePolicy", {"CachePolicyConfig": config})


@pytest.mark.parametrize(
    ("reads", "selections", "missing"),
    [
        ({"headers": ["X-Version"]}, {}, "header x-version"),
        ({"cookies": ["home"]}, {}, "cookie home"),
        ({"query_strings": ["v"]}, {}, "query string v"),
        (
            {"headers": ["x-version"]},
            {"HeadersConfig": {"HeaderBehavior": "whitelist", "Headers": ["X-VERSION"]}},
            None,
        ),
        ({"cookies": ["home"]}, {"CookiesConfig": {"CookieBehavior": "all"}}, None),
        (
            {"cookies": ["home"]},
            {"CookiesConfig": {"CookieBehavior": "allExcept", "Cookies": ["home"]}},
            "cookie home",
        ),
        (
            {"query_strings": ["v", "w"]},
            {"QueryStringsConfig": {"QueryStringBehavior": "whitelist", "QueryStrings": ["v"]}},
            "query string w",
        ),
        ({"cookies": ["home"]}, {"CookiesConfig": {"CookieBehavior": _GIVEN}}, None),
        ({"by_region": True}, {}, None),
        ({}, {}, None),
        (None, {}, None),
    ],
)
def test_what_decides_is_in_the_cache_key(
    tmp_path: Path, reads: dict[str, Any] | None, selections: dict[str, Any], missing: str | None
) -> None:
    resources = {**function_site(reads, cache=ref("Cached")), "Cached": _cached(**selections)}

    found = messages("HA112", tmp_path, resources, **UNKNOWN)

    expected = f"Function on behavior * reads {missing}, not in the cache key of own"
    assert found == ([] if missing is None else [expected])


@pytest.mark.parametrize(
    ("reads", "request_policy", "missing"),
    [
        ({"headers": ["x-version"]}, None, "not sent on by its cache policy, CachingDisabled"),
        ({"headers": ["x-version", "host"]}, _ALL_VIEWER, None),
        ({"headers": ["host", "x-version"]}, _ALL_BUT_HOST, "reads header host, not sent on"),
        ({"headers": ["cloudfront-viewer-country"]}, _ALL_VIEWER, "cloudfront-viewer-country"),
        ({"headers": ["cloudfront-viewer-country"]}, _ALL_BUT_HOST, None),
        ({"cookies": ["home"]}, _USER_AGENT, "not sent on by its origin request policy, UserAgentRefererHeaders"),
        ({"cookies": ["home"], "query_strings": ["v"]}, _ALL_VIEWER, None),
    ],
)
def test_without_a_cache_it_is_at_least_sent_on(
    tmp_path: Path, reads: dict[str, Any], request_policy: str | None, missing: str | None
) -> None:
    found = messages("HA112", tmp_path, function_site(reads, request=request_policy))

    assert len(found) == (missing is not None)
    assert missing is None or missing in found[0]


@pytest.mark.parametrize(
    ("selection", "request_policy", "found"),
    [
        ({"QueryStringBehavior": "whitelist", "QueryStrings": ["v"]}, None, True),
        ({"QueryStringBehavior": "allExcept", "QueryStrings": ["w"]}, None, True),
        ({"QueryStringBehavior": "whitelist", "QueryStrings": ["v"]}, _USER_AGENT, True),
        ({"QueryStringBehavior": "whitelist", "QueryStrings": ["v"]}, _ALL_VIEWER, False),
        ({"QueryStringBehavior": "whitelist", "QueryStrings": ["v"]}, _GIVEN, False),
        ({"QueryStringBehavior": "all"}, None, False),
        ({"QueryStringBehavior": _GIVEN}, None, False),
    ],
)
def test_a_query_string_of_which_a_function_is_shown_nothing(
    tmp_path: Path, selection: dict[str, Any], request_policy: Any, found: bool
) -> None:
    given = function_site({"query_strings": ["v"]}, cache=ref("Cached"), request=request_policy)
    resources = {**given, "Cached": _cached(QueryStringsConfig=selection)}

    said = messages("HA112", tmp_path, resources, **UNKNOWN)

    assert len(said) == found
    assert not found or "Lambda@Edge shows a function none unless a policy sends all of them on" in said[0]


@pytest.mark.parametrize("given", [{"cache": _GIVEN}, {"request": _GIVEN}, {"cache": ref("Cached")}])
def test_policies_that_nobody_knows_are_doubted_only(tmp_path: Path, given: dict[str, Any]) -> None:
    resources = {**function_site({"cookies": ["home"]}, **given), "Cached": _cached(max_ttl=_GIVEN)}

    assert len(doubts("HA112", tmp_path, resources, **UNKNOWN)) == 1


def test_a_function_before_the_cache_sees_all_and_needs_no_key(tmp_path: Path) -> None:
    assert not messages("HA112", tmp_path, function_site({"cookies": ["a"]}, event="viewer-request", cache=_OPTIMIZED))
    assert messages("HA112", tmp_path, function_site({"cookies": ["a"]}, event="origin-response", cache=_OPTIMIZED))


@pytest.mark.parametrize(
    ("reads", "event", "shield", "found"),
    [
        ({"by_region": True}, "origin-request", {"Enabled": True, "OriginShieldRegion": "eu-west-1"}, True),
        ({"by_region": True}, "origin-request", {"Enabled": False, "OriginShieldRegion": "eu-west-1"}, False),
        ({"by_region": True}, "origin-request", None, False),
        ({"by_region": True}, "viewer-request", {"Enabled": True, "OriginShieldRegion": "eu-west-1"}, False),
        ({"by_region": "yes"}, "origin-request", {"Enabled": True, "OriginShieldRegion": "eu-west-1"}, False),
        ({"cookies": ["a"]}, "origin-request", {"Enabled": True, "OriginShieldRegion": "eu-west-1"}, False),
        ({"by_region": True}, "origin-request", {"Enabled": _GIVEN, "OriginShieldRegion": "eu-west-1"}, False),
    ],
)
def test_origin_shield_makes_one_region_of_all(
    tmp_path: Path, reads: dict[str, Any], event: str, shield: Any, found: bool
) -> None:
    said = messages("HA108", tmp_path, function_site(reads, event=event, shield=shield), **UNKNOWN)

    assert bool(said) is found
    assert not found or "Origin Shield is on in eu-west-1, and Function on behavior *" in said[0]


def _arn(region: str, name: str = "routes") -> str:
    return f"arn:aws:dynamodb:{region}:111122223333:table/{name}"


def _allow(*resources: Any, actions: Any = "dynamodb:GetItem") -> dict[str, Any]:
    return {"Effect": "Allow", "Action": actions, "Resource": list(resources)}


def _role(*statements: dict[str, Any], managed: tuple[Any, ...] = ()) -> dict[str, Any]:
    policy = {"PolicyName": "p", "PolicyDocument": {"Statement": list(statements)}}
    return resource("IAM::Role", {"Policies": [policy], "ManagedPolicyArns": list(managed)})


def _global_table(*regions: Any) -> dict[str, Any]:
    replicas = [{"Region": region} for region in regions]
    return resource("DynamoDB::GlobalTable", {"TableName": "routes", "Replicas": replicas})


_HERE = {"Fn::Sub": "arn:aws:dynamodb:${AWS::Region}:111122223333:table/${Table}"}
_BASIC = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"


@pytest.mark.parametrize(
    ("role", "where"),
    [
        (_role(_allow(_arn("eu-west-1"))), "eu-west-1"),
        (_role(_allow(get("Table", "Arn"))), "us-east-1"),
        (_role(_allow({"Fn::Sub": "${Table.Arn}/index/*"}, actions="dynamodb:Query")), "us-east-1"),
        (_role(_allow(_HERE)), "us-east-1"),
        (_role(_allow(_arn("eu-west-1")), managed=(_BASIC,)), "eu-west-1"),
        (_role(_allow(_arn("eu-west-1"), actions=["dynamodb:*"])), "eu-west-1"),
        (_role(_allow(_arn("us-east-1"), _arn("eu-west-1"))), None),
        (_role(_allow(_arn("us-east-1")), _allow(_arn("eu-west-1"))), None),
        (_role(_allow(_arn("*"))), None),
        (_role(_allow("*")), None),
        (_role(_allow(_arn("us-east-1")), _allow("*", actions="*")), None),
        (_role(_allow(_arn("eu-west-1", "another"))), None),
        (_role(_allow(_arn("eu-west-1"), actions="dynamodb:PutItem")), None),
        (_role(_allow(_GIVEN)), None),
        (_role(_allow({"Fn::Sub": "arn:aws:dynamodb:${Given}:111122223333:table/routes"})), None),
        (_role(_allow(_arn("eu-west-1")), managed=("arn:aws:iam::aws:policy/AmazonDynamoDBReadOnlyAccess",)), None),
        (_role({"Effect": "Deny", "Action": "dynamodb:GetItem", "Resource": _arn("eu-west-1")}), None),
    ],
)
def test_a_role_that_reads_one_replica_of_several_is_found(
    tmp_path: Path, role: dict[str, Any], where: str | None
) -> None:
    resources = {**function_site(None), "Role": role, "Table": _global_table("us-east-1", "eu-west-1")}

    found = messages("HA111", tmp_path, resources, **UNKNOWN)

    replicas = "the table has replicas in us-east-1, eu-west-1"
    expected = f"the role of Function lets it read Table in {where} only; {replicas}"
    assert found == ([] if where is None else [expected])


def test_a_region_that_nobody_knows_is_still_one(tmp_path: Path) -> None:
    resources = {
        **function_site(None),
        "Role": _role(_allow(_HERE, get("Table", "Arn"))),
        "Table": _global_table("us-east-1", "eu-west-1"),
    }

    assert "in one Region only" in messages("HA111", tmp_path, resources, region=None)[0]


def test_a_table_of_one_region_has_nothing_else_to_read(tmp_path: Path) -> None:
    resources = {**function_site(None), "Role": _role(_allow(_HERE)), "Table": _global_table("us-east-1")}

    assert not messages("HA111", tmp_path, resources)
