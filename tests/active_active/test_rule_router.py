"""Rule routing in somebody's stack: what the function knows, reads and may do, and what is in the cache key."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import Duration
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_iam as iam
from aws_cdk.assertions import Template

from ha_patterns import EdgeDistribution, Endpoint, RuleRouter, RuleSource
from lambda_edge.rule_router.handler import build

from ..lambda_edge.rule_samples import request_of
from ..lambda_edge.test_latency import BUCKETS, RULES
from ..samples import (
    Properties,
    certificate,
    content_bucket,
    distribution_config,
    imported_bucket,
    new_stack,
    only,
    properties,
    refused_synth,
    rest_api,
    rule_router,
    static_rules,
    warnings_of,
    zone_of,
)

_TO_CANARY = {"path": "/beta/*", "then": {"origin": "canary"}}
_CACHED = cloudfront.CachePolicy.CACHING_OPTIMIZED
_NOT_CACHED = cloudfront.CachePolicy.CACHING_DISABLED.cache_policy_id


def _site(router: RuleRouter, **given: Any) -> Template:
    """Somebody else's distribution."""
    stack = cdk.Stack.of(router)
    cloudfront.Distribution(stack, "Site", default_behavior=router.behavior(**given))
    return Template.from_stack(stack)


def _asset(router: RuleRouter) -> Path:
    """The folder of what is in the function."""
    app = router.node.root
    assert isinstance(app, cdk.App)
    (baked,) = Path(app.synth().directory).glob("asset.*/config.json")
    return baked.parent


def _known(router: RuleRouter) -> dict[str, Any]:
    """What is baked into the function."""
    known: dict[str, Any] = json.loads((_asset(router) / "config.json").read_text())
    return known


def _statements(template: Template) -> list[Properties]:
    return [
        statement
        for policy in properties(template, "AWS::IAM::Policy")
        for statement in policy["PolicyDocument"]["Statement"]
    ]


def test_the_function_knows_what_rules_may_do_and_where_they_are() -> None:
    router = rule_router(
        new_stack(),
        redirect_hosts=["www.example.com"],
        request_headers=["X-Tenant", "x-shop-*"],
        ttl=Duration.seconds(30),
        fail_closed=True,
    )
    known = _known(router)

    build(known)
    assert list(known["origins"]) == ["canary", "stable"]
    assert known["redirect_hosts"] == ["www.example.com"]
    assert known["request_headers"] == ["x-tenant", "x-shop-*"]
    assert (known["attributes"], known["fail_closed"]) == (None, True)
    assert {name: known["source"][name] for name in RULES} == RULES
    assert known["source"]["kind"] == "dynamodb"
    assert known["source"]["regions"] == ["us-east-1", "eu-west-1", "ap-southeast-2"]
    assert known["source"]["order"]["eu-central-1"] == ["eu-west-1", "us-east-1", "ap-southeast-2"]
    assert known["source"]["ttl"] == 30


def test_rules_are_remembered_for_a_minute() -> None:
    assert _known(rule_router(new_stack()))["source"]["ttl"] == 60


def test_the_configured_origin_tells_the_name_of_the_table() -> None:
    api = Endpoint.api_gateway(api=rest_api(stack := new_stack()))
    template = _site(rule_router(stack, origins={"api": api}, default_origin="api"))

    (configured,) = distribution_config(template)["Origins"]
    headers = {each["HeaderName"]: each["HeaderValue"] for each in configured["OriginCustomHeaders"]}
    assert set(headers) == {"x-ha-edge-table", "x-ha-edge-domainname-api", "x-ha-edge-path-api"}
    assert headers["x-ha-edge-table"] == {"Ref": "RouterTable880D9D2D"}


def test_the_role_names_every_replica_and_may_only_read() -> None:
    template = _site(rule_router(new_stack()))

    (reads,) = [each for each in _statements(template) if "dynamodb:BatchGetItem" in each["Action"]]
    assert reads["Action"] == ["dynamodb:BatchGetItem", "dynamodb:GetItem"]
    assert [resource["Fn::Join"][1][2] for resource in reads["Resource"]] == [
        ":dynamodb:us-east-1:",
        ":dynamodb:eu-west-1:",
        ":dynamodb:ap-southeast-2:",
    ]
    assert {json.dumps(resource["Fn::Join"][1][-1]) for resource in reads["Resource"]} == {
        '{"Ref": "RouterTable880D9D2D"}'
    }


def test_the_table_tells_what_the_stack_declares() -> None:
    router = rule_router(
        new_stack(), request_headers=["x-tenant"], redirect_hosts=["a.example.com"], cache_key=["host"]
    )

    assert only(_site(router), "Custom::TableFacts")["Facts"] == {
        "origins": ["stable", "canary"],
        "redirect_hosts": ["a.example.com"],
        "request_headers": ["x-tenant"],
        "attributes": ["host"],
    }


def test_writers_get_the_items_of_their_hosts_and_read_what_the_stack_declares() -> None:
    stack = new_stack()
    router = rule_router(stack)
    role = iam.Role(stack, "Team", assumed_by=iam.AccountRootPrincipal())
    router.grant_write(role, hosts=["shop.example.com", "*.shop.example.com"], regions=["eu-west-1"])

    by_keys = {
        tuple(each["Condition"]["ForAllValues:StringEquals"]["dynamodb:LeadingKeys"]): each
        for each in _statements(_site(router))
        if "Condition" in each
    }
    own, facts = by_keys["shop.example.com", "*.shop.example.com"], by_keys[("#origins",)]
    assert own["Action"] == ["dynamodb:DeleteItem", "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"]
    assert facts["Action"] == "dynamodb:GetItem"
    for statement in (own, facts):
        assert statement["Resource"]["Fn::Join"][1][2] == ":dynamodb:eu-west-1:"


def test_writers_of_all_hosts_are_bound_by_no_condition() -> None:
    stack = new_stack()
    router = rule_router(stack)
    assert router.grant_write(iam.Role(stack, "Team", assumed_by=iam.AccountRootPrincipal())).success

    (writes,) = [each for each in _statements(_site(router)) if "dynamodb:UpdateItem" in each["Action"]]
    assert "Condition" not in writes
    assert writes["Resource"]["Fn::Join"][1][2] == ":dynamodb:us-east-1:"


# What is sent on and what is in the cache key


def test_where_nothing_is_cached_all_that_rules_may_read_is_sent_on() -> None:
    template = _site(rule_router(new_stack()))

    behavior = distribution_config(template)["DefaultCacheBehavior"]
    assert behavior["CachePolicyId"] == _NOT_CACHED
    policy = only(template, "AWS::CloudFront::OriginRequestPolicy")["OriginRequestPolicyConfig"]
    assert policy["HeadersConfig"]["HeaderBehavior"] == "allViewerAndWhitelistCloudFront"
    assert [name.lower() for name in policy["HeadersConfig"]["Headers"]] == ["cloudfront-viewer-country"]
    assert policy["CookiesConfig"] == {"CookieBehavior": "all"}
    assert policy["QueryStringsConfig"] == {"QueryStringBehavior": "all"}


def test_the_cache_key_holds_what_rules_may_read() -> None:
    key = ["host", "country", "header.X-Plan", "cookie.plan", "query.page"]
    router = rule_router(new_stack(), cache_key=key)
    template = _site(router)

    config = only(template, "AWS::CloudFront::CachePolicy")["CachePolicyConfig"]
    parts = config["ParametersInCacheKeyAndForwardedToOrigin"]
    assert parts["HeadersConfig"]["Headers"] == ["Host", "CloudFront-Viewer-Country", "x-plan"]
    assert parts["CookiesConfig"]["Cookies"] == ["plan"]
    assert parts["QueryStringsConfig"]["QueryStrings"] == ["page"]
    assert _known(router)["attributes"] == ["cookie.plan", "country", "header.x-plan", "host", "query.page"]
    template.resource_count_is("AWS::CloudFront::CachePolicy", 1)


def test_what_is_named_twice_is_in_the_cache_key_once() -> None:
    named = ["header.X-Plan", "header.x-plan", "cookie.plan", "cookie.Plan", "cookie.plan", "country", "country"]
    router = rule_router(new_stack(), cache_key=named)

    config = only(_site(router), "AWS::CloudFront::CachePolicy")["CachePolicyConfig"]
    parts = config["ParametersInCacheKeyAndForwardedToOrigin"]
    assert parts["HeadersConfig"]["Headers"] == ["CloudFront-Viewer-Country", "x-plan"]
    assert parts["CookiesConfig"]["Cookies"] == ["plan", "Plan"]


@pytest.mark.parametrize(("cache_key", "policies"), [(["host", "country"], (1, 0)), (None, (0, 1))])
def test_several_behaviors_share_their_policies_and_the_configured_origin(
    cache_key: list[str] | None, policies: tuple[int, int]
) -> None:
    stack = new_stack()
    router = rule_router(stack, cache_key=cache_key)
    cloudfront.Distribution(
        stack,
        "Site",
        default_behavior=router.behavior(),
        additional_behaviors={"/api/*": router.behavior(allowed_methods=cloudfront.AllowedMethods.ALLOW_GET_HEAD)},
    )

    template = Template.from_stack(stack)
    assert len(distribution_config(template)["Origins"]) == 1
    kinds = ("AWS::CloudFront::CachePolicy", "AWS::CloudFront::OriginRequestPolicy")
    assert tuple(len(template.find_resources(kind)) for kind in kinds) == policies


def test_a_cache_under_rules_that_may_read_everything_is_refused() -> None:
    stack = new_stack()
    cloudfront.Distribution(stack, "Site", default_behavior=static_rules(stack).behavior(cache_policy=_CACHED))

    said = refused_synth(stack)
    assert "behavior '*' of Test/Site caches, and this router's rules may read all of a request" in said
    assert "give the router a cache_key, or use CACHING_DISABLED" in said


def test_a_cache_that_does_not_hold_the_cache_key_is_refused() -> None:
    stack = new_stack()
    router = rule_router(stack, cache_key=["host", "cookie.plan"])
    cloudfront.Distribution(stack, "Site", default_behavior=router.behavior(cache_policy=_CACHED))

    assert "does not have header Host, cookie plan in its cache key" in refused_synth(stack)


def test_parameters_that_the_function_would_not_see_are_refused() -> None:
    stack = new_stack()
    router = rule_router(stack, cache_key=["query.page", "host"])
    origin = router.behavior().origin
    cloudfront.Distribution(
        stack,
        "Site",
        default_behavior=cloudfront.BehaviorOptions(
            origin=origin,
            edge_lambdas=[router.edge_lambda],
            cache_policy=router.function.cache_policy(),
            origin_request_policy=cloudfront.OriginRequestPolicy.CORS_CUSTOM_ORIGIN,
        ),
    )

    assert "shows a function none of it unless all of it is sent on" in refused_synth(stack)


# Rules in the function


@pytest.mark.parametrize(
    ("host", "rule", "headers"),
    [
        ("*", _TO_CANARY, None),
        ("*", {**_TO_CANARY, "when": {"country": {"equals": "DE"}}}, ["CloudFront-Viewer-Country"]),
    ],
)
def test_only_what_the_rules_read_is_asked_of_cloudfront(host: str, rule: Any, headers: list[str] | None) -> None:
    template = _site(static_rules(new_stack(), rule, host=host))

    policies = properties(template, "AWS::CloudFront::OriginRequestPolicy")
    assert [policy["OriginRequestPolicyConfig"]["HeadersConfig"].get("Headers") for policy in policies] == (
        [headers] if headers else []
    )
    behavior = distribution_config(template)["DefaultCacheBehavior"]
    without_host = cloudfront.OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER.origin_request_policy_id
    assert (behavior["OriginRequestPolicyId"] == without_host) is (headers is None)
    template.resource_count_is("AWS::DynamoDB::GlobalTable", 0)


def test_rules_of_single_hosts_need_the_viewers_host() -> None:
    template = _site(static_rules(new_stack(), _TO_CANARY, host="www.example.com"))

    behavior = distribution_config(template)["DefaultCacheBehavior"]
    assert behavior["OriginRequestPolicyId"] == cloudfront.OriginRequestPolicy.ALL_VIEWER.origin_request_policy_id


def test_the_rules_in_the_asset_route(monkeypatch: pytest.MonkeyPatch) -> None:
    from lambda_edge.common import configuration

    router = static_rules(new_stack(), {"path": "/beta/*", "then": {"origin": "canary", "headers": {}}}, ttl=None)
    asset = _asset(router)
    monkeypatch.setattr(configuration, "path", lambda name: str(asset / name))
    request = request_of("/beta/x")
    request["origin"] = {"custom": {"domainName": "primary.example.com", "customHeaders": {}}}

    found = build(_known(router))({"request": request})

    assert found is not None
    assert found["origin"]["custom"]["domainName"] == "secondary.example.com"


def test_the_same_rules_give_the_same_asset_and_others_another() -> None:
    names = [
        _asset(static_rules(new_stack(), *rules)).name
        for rules in ([_TO_CANARY], [dict(_TO_CANARY)], [{**_TO_CANARY, "path": "/gamma/*"}])
    ]

    assert names[0] == names[1] != names[2]


def test_tuples_are_lists() -> None:
    rule = {**_TO_CANARY, "when": {"country": {"one_of": ("DE", "AT")}}}

    assert _site(rule_router(new_stack(), source=RuleSource.static({"*": {"rules": (rule,)}})))


# Rules in buckets


def test_the_function_reads_the_rules_of_each_bucket_and_nothing_else_of_it() -> None:
    stack = new_stack()
    buckets = {region: imported_bucket(stack, region) for region in ("eu-west-1", "us-east-1")}
    router = rule_router(stack, source=RuleSource.buckets(buckets, prefix="routing/"))
    template = _site(router)

    statements = [each for each in _statements(template) if str(each["Action"]).startswith("s3:")]
    assert [each["Action"] for each in statements] == ["s3:GetObject", "s3:ListBucket"] * 2
    assert statements[0]["Resource"]["Fn::Join"][1][-1] == ":s3:::imported-eu-west-1/routing/*"
    assert statements[1]["Condition"] == {"StringLike": {"s3:prefix": ["routing/*"]}}
    known = _known(router)["source"]
    assert {name: known[name] for name in BUCKETS} == BUCKETS
    assert known["buckets"] == {"eu-west-1": "imported-eu-west-1", "us-east-1": "imported-us-east-1"}
    assert known["order"]["eu-north-1"] == ["eu-west-1", "us-east-1"]
    build(_known(router))
    assert router.table is None


def test_buckets_of_other_stacks_are_known_by_name_and_made_before() -> None:
    stack = new_stack()
    european, american = (content_bucket(stack, region) for region in ("eu-west-1", "us-east-1"))
    router = rule_router(stack, source=RuleSource.buckets({"eu-west-1": european, "us-east-1": american}))
    template = _site(router)

    assert {made_in.node.id for made_in in stack.dependencies} == {"Content-eu-west-1", "Content-us-east-1"}
    assert _known(router)["source"]["buckets"] == {"eu-west-1": "content-eu-west-1", "us-east-1": "content-us-east-1"}
    resources = [each["Resource"] for each in _statements(template) if str(each["Action"]).startswith("s3:")]
    assert [resource["Fn::Join"][1][-1] for resource in resources] == [
        ":s3:::content-eu-west-1/rules/*",
        ":s3:::content-eu-west-1",
        ":s3:::content-us-east-1/rules/*",
        ":s3:::content-us-east-1",
    ]


def test_the_engine_is_the_one_of_the_edge() -> None:
    from ha_patterns.edge._source import edge_module

    judged = edge_module("rule_router.rules").check(
        {"version": 1, "rules": [1]}, edge_module("rule_router.problems").Allowed()
    )

    assert [str(problem) for problem in judged] == ["rules[0]: must be an object with path, and then or choices"]
    assert edge_module("rule_router.rules") is edge_module("rule_router.rules")


_ELSEWHERE = "https://www.example.com"


@pytest.mark.parametrize(
    ("path", "to", "is_warned"),
    [
        ("/*", f"{_ELSEWHERE}{{path}}", True),
        ("/*", f"{_ELSEWHERE}/home", True),
        ("/old/*", f"{_ELSEWHERE}/old/{{rest}}", True),
        ("/old/*", f"{_ELSEWHERE}/{{country}}/{{rest}}", True),
        ("/old", f"{_ELSEWHERE}/old?a=1", True),
        ("/", _ELSEWHERE, True),
        ("/old/*", f"{_ELSEWHERE}/new/{{rest}}", False),
        ("/old/*", f"{_ELSEWHERE}/new", False),
        ("/old", f"{_ELSEWHERE}/new?a=/old", False),
        ("/old", _ELSEWHERE, False),
        ("/*", "/home/{rest}", False),
        ("/*", "https://other.example.org{path}", False),
    ],
)
@pytest.mark.parametrize("name", ["www.example.com", "*.example.com", "shop.example.com"])
def test_a_redirect_that_may_never_end_is_warned_of(path: str, to: str, *, name: str, is_warned: bool) -> None:
    to_itself = {"redirect": {"to": to}}
    choices = [{"weight": 0, "then": {"origin": "canary"}}, {"weight": 100, "then": to_itself}]
    for rule in (
        {"path": path, "then": to_itself},
        {"path": path, "choices": choices, "sticky": "cookie.plan"},
    ):
        stack = new_stack()
        router = rule_router(
            stack,
            source=RuleSource.static({"*": {"rules": [rule]}}),
            cache_key=["country", "cookie.plan"],
            redirect_hosts=["www.example.com", "other.example.org"],
        )
        EdgeDistribution(
            stack, "Site", default_behavior=router.behavior(), domain_name=name, hosted_zone=zone_of(stack)
        )

        warned = {("/Test/Router", "@ha-patterns/rule-router:redirect-loop")}
        assert warnings_of(stack) == (warned if is_warned and name != "shop.example.com" else set())


@pytest.mark.parametrize(
    "source", [RuleSource.table(replica_regions=["eu-west-1"]), RuleSource.static({"*": {"rules": []}})]
)
@pytest.mark.parametrize("cache_key", [["country"], ["host"], None])
def test_redirects_that_a_table_may_hold_are_warned_of_unless_rules_know_the_host(
    source: RuleSource, cache_key: list[str] | None
) -> None:
    stack = new_stack()
    router = rule_router(stack, source=source, cache_key=cache_key, redirect_hosts=["www.example.com"])
    cloudfront.Distribution(
        stack,
        "Site",
        default_behavior=router.behavior(),
        additional_behaviors={"/api/*": router.behavior(cache_policy=cloudfront.CachePolicy.CACHING_DISABLED)},
        certificate=certificate(stack),
        domain_names=["example.com", "www.example.com"],
    )

    warned = {("/Test/Router", "@ha-patterns/rule-router:redirect-loop")}
    assert warnings_of(stack) == (warned if router.table is not None and cache_key == ["country"] else set())
