"""A behavior that keeps answers gives no viewer an answer made for another, or is refused where it is written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as cloudfront_origins
from aws_cdk import aws_lambda as lambda_
from aws_cdk.assertions import Annotations, Match, Template

from ha_patterns import (
    EdgeDistribution,
    EdgeFunction,
    Endpoint,
    FailoverOriginGroup,
    GracefulResponse,
    OriginFailover,
    PathRoute,
    RoutingInputs,
    StaleContent,
)

from ..samples import (
    bucket_dns_router,
    bucket_failover,
    distribution_config,
    home_router,
    hybrid_failover,
    imported_bucket,
    new_stack,
    only,
    path_routing,
    primary_host,
    refused_synth,
    rule_router,
    secondary_host,
    tenant_router,
    text_token,
    warnings_of,
)

_Cache = cloudfront.CachePolicy
_Sent = cloudfront.OriginRequestPolicy
_Headers = cloudfront.OriginRequestHeaderBehavior
_Methods = cloudfront.AllowedMethods

Policy = Callable[[cdk.Stack], cloudfront.ICachePolicy]
Build = Callable[..., Any]


def _caching(stack: cdk.Stack, **given: Any) -> cloudfront.CachePolicy:
    return cloudfront.CachePolicy(stack, "Caching", **given)


def _by_cookie(stack: cdk.Stack) -> cloudfront.CachePolicy:
    return _caching(stack, cookie_behavior=cloudfront.CacheCookieBehavior.allow_list("plan"))


def _by_everything(stack: cdk.Stack) -> cloudfront.CachePolicy:
    return _caching(
        stack,
        cookie_behavior=cloudfront.CacheCookieBehavior.all(),
        query_string_behavior=cloudfront.CacheQueryStringBehavior.all(),
    )


def _sending(stack: cdk.Stack, *headers: str, **given: Any) -> cloudfront.OriginRequestPolicy:
    behavior = _Headers.allow_list(*headers) if headers else None
    return cloudfront.OriginRequestPolicy(stack, "Sending", header_behavior=behavior, **given)


def _reads(stack: cdk.Stack, **given: Any) -> OriginFailover:
    return OriginFailover(stack, "Site", primary=primary_host(), secondary=secondary_host(), **given)


def _graceful(stack: cdk.Stack, **given: Any) -> EdgeDistribution:
    graceful = GracefulResponse(stack, "Graceful", json=None)
    group = FailoverOriginGroup(primary=primary_host(), secondary=graceful.endpoint)
    return EdgeDistribution(
        stack, "Site", default_behavior=graceful.behavior(group, **given), additional_behaviors=graceful.behaviors
    )


def _route(stack: cdk.Stack, **given: Any) -> Any:
    return path_routing(stack, routes=[PathRoute(path="*", to=primary_host(), **given)])


def _tenants(stack: cdk.Stack, **given: Any) -> cloudfront.Distribution:
    router = tenant_router(stack)
    given = {**given, "cache_policy": given.get("cache_policy") or router.function.cache_policy()}
    return cloudfront.Distribution(stack, "Site", default_behavior=router.behavior(**given))


def _homes(stack: cdk.Stack, **given: Any) -> cloudfront.Distribution:
    router = home_router(stack)
    given = {**given, "cache_policy": given.get("cache_policy") or router.request_function.cache_policy()}
    return cloudfront.Distribution(stack, "Site", default_behavior=router.behavior(**given))


def _rules(stack: cdk.Stack, cache_key: Any = ("host",), **given: Any) -> cloudfront.Distribution:
    router = rule_router(stack, cache_key=cache_key)
    return cloudfront.Distribution(stack, "Site", default_behavior=router.behavior(**given))


# The constructs that take an origin request policy of their owner's, each with a cache policy that keeps answers.
_KEEPING: dict[str, Build] = {
    "origin failover": lambda stack, **given: _reads(stack, **{"cache_policy": _caching(stack), **given}),
    "hybrid failover": lambda stack, **given: hybrid_failover(stack, **{"cache_policy": _caching(stack), **given}),
    "graceful response": lambda stack, **given: _graceful(stack, **{"cache_policy": _caching(stack), **given}),
    "path route": lambda stack, **given: _route(stack, **{"cache_policy": _caching(stack), **given}),
    "path route to a group": lambda stack, **given: path_routing(
        stack,
        routes=[
            PathRoute(
                path="*",
                to=FailoverOriginGroup(primary=primary_host(), secondary=secondary_host()),
                **{"cache_policy": _caching(stack), **given},
            )
        ],
    ),
    "rule router": _rules,
    "tenant router": _tenants,
    "home router": _homes,
}


def _keeping(name: str, stack: cdk.Stack, **given: Any) -> Any:
    return _KEEPING[name](stack, **given)


Sent = Callable[[cdk.Stack], cloudfront.IOriginRequestPolicy]


def _header(name: str) -> tuple[Sent, str]:
    return lambda stack: _sending(stack, name), f"sends the header {name.lower()} to"


_REFUSED: dict[str, tuple[Sent, str]] = {
    "all of the viewer": (lambda _: _Sent.ALL_VIEWER, "all headers of the viewer, cookies, query strings"),
    "all but Host": (lambda _: _Sent.ALL_VIEWER_EXCEPT_HOST_HEADER, "all headers of the viewer"),
    "Host": (lambda _: _Sent.HOST_HEADER_ONLY, "sends the header host to"),
    "a cookie": (
        lambda stack: _sending(stack, cookie_behavior=cloudfront.OriginRequestCookieBehavior.allow_list("session")),
        "sends cookies (session) to",
    ),
    "a parameter": (
        lambda stack: _sending(
            stack, query_string_behavior=cloudfront.OriginRequestQueryStringBehavior.allow_list("page")
        ),
        "sends query strings (page) to",
    ),
    **{
        name: _header(name)
        for name in (
            *("Forwarded", "X-Forwarded-Host", "X-Forwarded-Prefix", "X-Original-URL", "X-Original-Host"),
            *("X-Rewrite-URL", "X-HTTP-Method-Override"),
        )
    },
}


@pytest.mark.parametrize("sent", _REFUSED)
def test_an_owners_policy_that_sends_what_the_key_does_not_hold_is_refused(sent: str) -> None:
    stack = new_stack()
    policy, said = _REFUSED[sent]

    with pytest.raises(ValueError, match="keeps answers and sends") as refused:
        _reads(stack, cache_policy=_caching(stack), origin_request_policy=policy(stack))

    assert said in str(refused.value)
    assert "a behavior of Test/Site " in str(refused.value)


@pytest.mark.parametrize("name", [name for name in _KEEPING if name not in {"rule router", "tenant router"}])
def test_each_construct_that_takes_a_policy_refuses_it(name: str) -> None:
    with pytest.raises(ValueError, match="to the origin, which its cache key does not hold"):
        _keeping(name, new_stack(), origin_request_policy=_Sent.ALL_VIEWER_EXCEPT_HOST_HEADER)


@pytest.mark.parametrize("name", ["rule router", "tenant router"])
def test_a_router_refuses_it_too(name: str) -> None:
    with pytest.raises(ValueError, match="keeps answers and sends all headers of the viewer, cookies, query strings"):
        _keeping(name, new_stack(), origin_request_policy=_Sent.ALL_VIEWER)


@pytest.mark.parametrize(
    "headers",
    [("CloudFront-Viewer-Country",), ("traceparent", "tracestate", "X-Amzn-Trace-Id")],
)
def test_telemetry_and_what_cloudfront_makes_are_accepted(headers: tuple[str, ...]) -> None:
    stack = new_stack()

    _reads(stack, cache_policy=_caching(stack), origin_request_policy=_sending(stack, *headers))

    assert not _kept_warnings(stack)


def test_any_other_header_is_warned_of_by_an_id_that_can_be_acknowledged() -> None:
    stack = new_stack()

    site = _reads(stack, cache_policy=_caching(stack), origin_request_policy=_sending(stack, "Origin", "User-Agent"))

    assert _kept_warnings(stack) == {"@ha-patterns/edge:not-in-key"}
    cdk.Annotations.of(site).acknowledge_warning("@ha-patterns/edge:not-in-key", "it logs them")
    assert not _kept_warnings(stack)


def test_names_in_the_key_that_only_the_deploy_knows_hold_nothing_of_what_is_sent() -> None:
    stack = new_stack()
    policy = _caching(
        stack, cookie_behavior=cloudfront.CacheCookieBehavior.allow_list(text_token(stack, "Name"), "plan")
    )
    sent = _sending(stack, cookie_behavior=cloudfront.OriginRequestCookieBehavior.all())

    with pytest.raises(ValueError, match=r"sends cookies to the origin, which its cache key \(.*\) does not hold"):
        _reads(stack, cache_policy=policy, origin_request_policy=sent)


def test_what_the_key_holds_may_be_sent_once_more() -> None:
    stack = new_stack()
    policy = _caching(stack, header_behavior=cloudfront.CacheHeaderBehavior.allow_list("X-Forwarded-Host"))

    _reads(stack, cache_policy=policy, origin_request_policy=_sending(stack, "X-Forwarded-Host"))

    assert not _kept_warnings(stack)


def test_a_bucket_answers_by_none_of_it_but_host_and_authorization_break_its_signature() -> None:
    def site(sent: cloudfront.IOriginRequestPolicy) -> set[str]:
        stack = new_stack()
        bucket = Endpoint.bucket(imported_bucket(stack, "eu-west-1"))
        path_routing(stack, routes=[PathRoute(path="*", to=bucket, origin_request_policy=sent)])
        return _kept_warnings(stack)

    assert not site(_Sent.CORS_S3_ORIGIN)
    with pytest.raises(ValueError, match="sends the headers authorization, host to the origin"):
        site(_Sent.ALL_VIEWER)


@pytest.mark.parametrize("name", _KEEPING)
def test_the_origin_gets_the_cache_key_and_no_more(name: str) -> None:
    stack = new_stack()
    _keeping(name, stack)

    behavior = distribution_config(Template.from_stack(stack))["DefaultCacheBehavior"]

    assert "OriginRequestPolicyId" not in behavior
    assert behavior.get("AllowedMethods", ["GET", "HEAD"]) == ["GET", "HEAD"]
    assert not _kept_warnings(stack)


@pytest.mark.parametrize("name", _KEEPING)
def test_where_nothing_is_kept_all_is_sent_as_before(name: str) -> None:
    stack = new_stack()
    _keeping(name, stack, cache_policy=_Cache.CACHING_DISABLED)

    behavior = distribution_config(Template.from_stack(stack))["DefaultCacheBehavior"]

    assert "OriginRequestPolicyId" in behavior
    assert "ResponseHeadersPolicyId" not in behavior


# Single parameters


def test_a_parameter_in_the_key_is_sent_with_all_others_which_the_function_drops() -> None:
    stack = new_stack()
    _rules(stack, cache_key=["query.v"])
    template = Template.from_stack(stack)

    sent = only(template, "AWS::CloudFront::OriginRequestPolicy")["OriginRequestPolicyConfig"]
    assert sent["QueryStringsConfig"] == {"QueryStringBehavior": "all"}
    assert sent["CookiesConfig"] == {"CookieBehavior": "none"}
    assert sent["HeadersConfig"] == {"HeaderBehavior": "none"}
    declared = [
        resource["Metadata"]["ha-patterns"]
        for resource in template.find_resources("AWS::Lambda::Function").values()
        if "ha-patterns" in resource.get("Metadata", {})
    ]
    assert declared == [{"reads": {"query_strings": ["v"]}, "sends": {"query_strings": ["v"], "hosts": True}}]


def test_the_whole_query_string_in_the_key_needs_no_policy() -> None:
    stack = new_stack()
    _rules(stack, cache_key=["query"])
    template = Template.from_stack(stack)

    parts = only(template, "AWS::CloudFront::CachePolicy")["CachePolicyConfig"][
        "ParametersInCacheKeyAndForwardedToOrigin"
    ]
    assert parts["QueryStringsConfig"] == {"QueryStringBehavior": "all"}
    template.resource_count_is("AWS::CloudFront::OriginRequestPolicy", 0)


def test_a_distribution_of_ours_does_not_warn_of_parameters_that_the_function_drops() -> None:
    stack = new_stack()
    EdgeDistribution(stack, "Site", default_behavior=rule_router(stack, cache_key=["query.v"]).behavior())

    assert not _kept_warnings(stack)


def test_a_key_with_more_of_the_query_than_the_function_lets_through_is_refused() -> None:
    stack = new_stack()
    router = rule_router(stack, cache_key=["query.v"])
    cloudfront.Distribution(stack, "Site", default_behavior=router.behavior(cache_policy=_by_everything(stack)))

    assert "has query strings in its cache key that the function drops, which lets v through" in refused_synth(stack)


# Set-Cookie


@pytest.mark.parametrize(
    "build",
    [
        lambda stack: _reads(stack, cache_policy=_by_cookie(stack)),
        lambda stack: hybrid_failover(stack, cache_policy=_by_cookie(stack)),
        lambda stack: _graceful(stack, cache_policy=_by_cookie(stack)),
        lambda stack: _route(stack, cache_policy=_by_cookie(stack)),
        lambda stack: _reads(stack, cache_policy=_Cache.USE_ORIGIN_CACHE_CONTROL_HEADERS),
        lambda stack: _reads(stack, cache_policy=_Cache.from_cache_policy_id(stack, "Imported", "1")),
        lambda stack: _rules(stack, cache_key=["cookie.plan"]),
        lambda stack: EdgeDistribution(
            stack,
            "Site",
            default_behavior=StaleContent(
                stack,
                "Stale",
                origin=primary_host().origin(),
                cookie_behavior=cloudfront.CacheCookieBehavior.allow_list("plan"),
            ).behavior,
        ),
        _homes,
    ],
)
def test_answers_that_are_kept_by_a_cookie_set_none(build: Build) -> None:
    stack = new_stack()
    build(stack)
    template = Template.from_stack(stack)

    (policy,) = template.find_resources("AWS::CloudFront::ResponseHeadersPolicy").items()
    behavior = distribution_config(template)["DefaultCacheBehavior"]
    assert behavior["ResponseHeadersPolicyId"] == {"Ref": policy[0]}
    config = policy[1]["Properties"]["ResponseHeadersPolicyConfig"]
    assert config["RemoveHeadersConfig"] == {"Items": [{"Header": "Set-Cookie"}]}


@pytest.mark.parametrize(
    "build",
    [
        _reads,
        lambda stack: _reads(stack, cache_policy=_caching(stack)),
        bucket_failover,
        lambda stack: _rules(stack, cache_key=["host"]),
        lambda stack: cloudfront.Distribution(stack, "Site", default_behavior=bucket_dns_router(stack).behavior()),
    ],
)
def test_without_a_cookie_in_the_key_cloudfront_removes_set_cookie_itself(build: Build) -> None:
    stack = new_stack()
    build(stack)

    Template.from_stack(stack).resource_count_is("AWS::CloudFront::ResponseHeadersPolicy", 0)


def test_behaviors_of_a_stack_share_the_policy_that_removes_it() -> None:
    stack = new_stack()
    router = rule_router(stack, cache_key=["cookie.plan"])
    cloudfront.Distribution(
        stack, "Site", default_behavior=router.behavior(), additional_behaviors={"/a/*": router.behavior()}
    )

    Template.from_stack(stack).resource_count_is("AWS::CloudFront::ResponseHeadersPolicy", 1)


def test_an_owners_response_headers_policy_must_remove_set_cookie_too() -> None:
    stack = new_stack()
    router = rule_router(stack, cache_key=["cookie.plan"])
    removes = cloudfront.ResponseHeadersPolicy(stack, "Removes", remove_headers=["set-cookie", "server"])

    behavior = router.behavior(response_headers_policy=removes)

    assert behavior.response_headers_policy is removes
    with pytest.raises(ValueError, match="give it a response headers policy that removes Set-Cookie"):
        router.behavior(response_headers_policy=cloudfront.ResponseHeadersPolicy.CORS_ALLOW_ALL_ORIGINS)


def test_a_bucket_sets_no_cookie() -> None:
    stack = new_stack()
    bucket = cloudfront_origins.S3BucketOrigin.with_bucket_defaults(imported_bucket(stack, "eu-west-1"))
    EdgeDistribution(
        stack, "Site", default_behavior=cloudfront.BehaviorOptions(origin=bucket, cache_policy=_by_cookie(stack))
    )

    assert not _kept_warnings(stack)


# Methods


@pytest.mark.parametrize("name", [name for name in _KEEPING if "router" in name])
def test_writes_are_refused_unless_nothing_of_them_is_lost(name: str) -> None:
    with pytest.raises(ValueError, match="keeps answers and allows DELETE, PATCH, POST, PUT, whose cookies and query"):
        _keeping(name, new_stack(), allowed_methods=_Methods.ALLOW_ALL)


def test_writes_are_refused_if_only_the_deploy_knows_which_cookies_the_key_holds() -> None:
    stack = new_stack()
    policy = _caching(
        stack,
        cookie_behavior=cloudfront.CacheCookieBehavior.allow_list(text_token(stack, "Name")),
        query_string_behavior=cloudfront.CacheQueryStringBehavior.all(),
    )

    with pytest.raises(ValueError, match="keeps answers and allows DELETE, PATCH, POST, PUT"):
        _in_function(stack, policy)


def test_reads_and_writes_on_a_path_are_refused_too() -> None:
    stack = new_stack()

    with pytest.raises(ValueError, match="keeps answers and allows DELETE, PATCH, POST, PUT"):
        hybrid_failover(stack, cache_policy=_caching(stack), read_write_paths=["/api/*"])


def _in_function(stack: cdk.Stack, policy: cloudfront.ICachePolicy, **given: Any) -> None:
    function = EdgeFunction(
        stack,
        "Function",
        function="nearest_bucket",
        event_type=cloudfront.LambdaEdgeEventType.ORIGIN_REQUEST,
        configuration={},
        inputs=RoutingInputs(),
    )
    cloudfront.Distribution(
        stack,
        "Site",
        default_behavior=function.behavior(
            primary_host().origin(), cache_policy=policy, allowed_methods=_Methods.ALLOW_ALL, **given
        ),
    )


@pytest.mark.parametrize(
    "build",
    [
        _in_function,
        lambda stack, policy: hybrid_failover(stack, cache_policy=policy, read_write_paths=["/api/*"]),
    ],
)
@pytest.mark.parametrize(
    "policy", [_by_everything, lambda _: _Cache.USE_ORIGIN_CACHE_CONTROL_HEADERS], ids=["all in key", "origin decides"]
)
def test_writes_are_accepted_if_the_key_holds_all_of_them_or_the_origin_decides(build: Build, policy: Policy) -> None:
    stack = new_stack()
    build(stack, policy(stack))

    app = stack.node.root
    assert isinstance(app, cdk.App)
    app.synth()


@pytest.mark.parametrize(
    ("policy", "lost"),
    [
        (_by_everything, []),
        (lambda _: _Cache.USE_ORIGIN_CACHE_CONTROL_HEADERS_QUERY_STRINGS, ["Set-Cookie is removed"]),
        (lambda _: _Cache.USE_ORIGIN_CACHE_CONTROL_HEADERS, ["does not get all", "Set-Cookie is removed"]),
    ],
)
def test_a_write_that_loses_something_where_the_origin_decides_is_warned_of(policy: Policy, lost: list[str]) -> None:
    stack = new_stack()
    _in_function(stack, policy(stack))

    assert _kept_warnings(stack) == ({"@ha-patterns/edge:writes"} if lost else set())
    found = Annotations.from_stack(stack).find_warning("*", Match.string_like_regexp("keeps what its origin says"))
    said = " ".join(str(message.entry.data) for message in found)
    for part in ("does not get all their cookies and query strings", "Set-Cookie is removed from their answers"):
        assert (part in said) is any(part.startswith(one) or one in part for one in lost)


def test_a_write_whose_answers_keep_their_cookies_by_the_owners_policy_is_not_warned_of() -> None:
    stack = new_stack()
    own = cloudfront.ResponseHeadersPolicy(stack, "Own", remove_headers=["Server"])
    _in_function(stack, _Cache.USE_ORIGIN_CACHE_CONTROL_HEADERS_QUERY_STRINGS, response_headers_policy=own)

    assert _kept_warnings(stack) == set()


def test_a_cache_policy_that_is_changed_after_a_distribution_was_made_is_judged_as_it_is() -> None:
    stack = new_stack()
    policy = cloudfront.CachePolicy(stack, "Key", default_ttl=cdk.Duration.hours(1))
    EdgeDistribution(
        stack,
        "Site",
        default_behavior=cloudfront.BehaviorOptions(origin=primary_host().origin(), cache_policy=policy),
    )
    resource = policy.node.default_child
    assert isinstance(resource, cloudfront.CfnCachePolicy)
    resource.cache_policy_config = cloudfront.CfnCachePolicy.CachePolicyConfigProperty(
        name="changed",
        min_ttl=0,
        default_ttl=60,
        max_ttl=60,
        parameters_in_cache_key_and_forwarded_to_origin=(
            cloudfront.CfnCachePolicy.ParametersInCacheKeyAndForwardedToOriginProperty(
                enable_accept_encoding_gzip=True,
                cookies_config=cloudfront.CfnCachePolicy.CookiesConfigProperty(cookie_behavior="all"),
                headers_config=cloudfront.CfnCachePolicy.HeadersConfigProperty(header_behavior="none"),
                query_strings_config=cloudfront.CfnCachePolicy.QueryStringsConfigProperty(query_string_behavior="none"),
            )
        ),
    )

    assert _kept_warnings(stack) == {"@ha-patterns/edge:set-cookie"}


def test_a_message_says_which_behavior_of_several_is_meant() -> None:
    stack = new_stack()
    sent: dict[str, Any] = {"cache_policy": _caching(stack), "origin_request_policy": _Sent.ALL_VIEWER}
    routes = [PathRoute(path="/a/*", to=primary_host(), **sent), PathRoute(path="*", to=secondary_host())]

    with pytest.raises(ValueError, match=r"route '/a/\*' of Test/Paths keeps answers"):
        path_routing(stack, routes=routes)
    with pytest.raises(ValueError, match="read_write_paths of Test/Site keeps answers and allows"):
        hybrid_failover(new_stack(), cache_policy=_Cache.CACHING_OPTIMIZED, read_write_paths=["/api/*"])


def test_a_key_without_what_the_function_reads_is_refused_for_that() -> None:
    stack = new_stack()
    router = rule_router(stack, cache_key=["country", "query.lang"])
    cloudfront.Distribution(stack, "Site", default_behavior=router.behavior(cache_policy=_caching(stack)))

    assert "does not have header CloudFront-Viewer-Country, query string lang in its cache key" in refused_synth(stack)


def test_options_are_cached_where_they_are_allowed() -> None:
    stack = new_stack()
    _rules(stack, allowed_methods=_Methods.ALLOW_GET_HEAD_OPTIONS)

    behavior = distribution_config(Template.from_stack(stack))["DefaultCacheBehavior"]

    assert behavior["CachedMethods"] == ["GET", "HEAD", "OPTIONS"]


# Behaviors that owners make


def _owners(stack: cdk.Stack, **options: Any) -> EdgeDistribution:
    options = {"origin": primary_host().origin(), "cache_policy": _Cache.CACHING_OPTIMIZED, **options}
    behavior = cloudfront.BehaviorOptions(**options)
    return EdgeDistribution(stack, "Site", default_behavior=behavior)


def _kept_warnings(stack: cdk.Stack) -> set[str]:
    ours = ("not-in-key", "set-cookie", "writes", "options")
    return {rule for _, rule in warnings_of(stack) if rule.rpartition(":")[2] in ours}


@pytest.mark.parametrize(
    ("options", "rules"),
    [
        (lambda _: {}, set()),
        (lambda _: {"origin_request_policy": _Sent.ALL_VIEWER}, {"not-in-key"}),
        (lambda stack: {"cache_policy": _by_cookie(stack)}, {"set-cookie"}),
        (lambda stack: {"cache_policy": _Cache.from_cache_policy_id(stack, "Imported", "1")}, {"set-cookie"}),
        (lambda _: {"allowed_methods": _Methods.ALLOW_ALL}, {"writes"}),
        (lambda _: {"allowed_methods": _Methods.ALLOW_GET_HEAD_OPTIONS}, {"options"}),
        (lambda _: {"cache_policy": _Cache.CACHING_DISABLED, "origin_request_policy": _Sent.ALL_VIEWER}, set()),
        (
            lambda _: {
                "cache_policy": _Cache.USE_ORIGIN_CACHE_CONTROL_HEADERS,
                "origin_request_policy": _Sent.ALL_VIEWER,
                "allowed_methods": _Methods.ALLOW_ALL,
            },
            set(),
        ),
        (
            lambda stack: {
                "cache_policy": _by_cookie(stack),
                "response_headers_policy": cloudfront.ResponseHeadersPolicy(
                    stack, "Removes", remove_headers=["Set-Cookie"]
                ),
            },
            set(),
        ),
        (
            lambda stack: {"origin_request_policy": _Sent.from_origin_request_policy_id(stack, "Imported", "1")},
            {"not-in-key"},
        ),
    ],
)
def test_behaviors_that_owners_bring_are_warned_of(options: Build, rules: set[str]) -> None:
    stack = new_stack()
    _owners(stack, **options(stack))

    assert _kept_warnings(stack) == {f"@ha-patterns/edge:{rule}" for rule in rules}


def test_a_behavior_that_is_added_later_is_warned_of_too() -> None:
    stack = new_stack()
    site = _owners(stack)
    origin = primary_host().origin()
    site.distribution.add_behavior("/more/*", origin, origin_request_policy=_Sent.ALL_VIEWER)

    assert _kept_warnings(stack) == {"@ha-patterns/edge:not-in-key"}


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"origin_request_policy": _Sent.ALL_VIEWER}, "keeps answers and sends all headers of the viewer"),
        ({"allowed_methods": _Methods.ALLOW_ALL}, "keeps answers and allows DELETE, PATCH, POST, PUT"),
        ({"allowed_methods": _Methods.ALLOW_GET_HEAD_OPTIONS}, "allows OPTIONS without keeping those"),
        ({}, "give it a response headers policy that removes Set-Cookie"),
    ],
)
def test_an_owners_behavior_with_a_function_of_ours_is_refused_and_named(options: dict[str, Any], said: str) -> None:
    stack = new_stack()
    router = rule_router(stack, cache_key=["cookie.plan"])
    cloudfront.Distribution(
        stack,
        "Site",
        default_behavior=cloudfront.BehaviorOptions(
            origin=router.kept_origin,
            edge_lambdas=[router.edge_lambda],
            cache_policy=router.function.cache_policy(),
            **options,
        ),
    )

    message = refused_synth(stack)

    assert "[Test/Router/Function] behavior '*' of Test/Site " in message
    assert said in message


def _before_a_bucket(stack: cdk.Stack, build: Build, site: Build, **options: Any) -> None:
    """A behavior whose configured origin is a bucket, with a function of ours that chooses among hosts."""
    function = build(stack)
    bucket = imported_bucket(stack, "us-east-1")
    origin = cloudfront_origins.S3BucketOrigin.with_origin_access_control(
        bucket, custom_headers=dict(function.kept_headers)
    )
    behavior = cloudfront.BehaviorOptions(
        origin=origin,
        edge_lambdas=[function.edge_lambda],
        cache_policy=function.cache_policy(),
        **options,
    )
    site(stack, "Site", default_behavior=behavior)


_CHOOSE_HOSTS: dict[str, Build] = {
    "rule router": lambda stack: rule_router(stack, cache_key=["country"]).function,
    "tenant router": lambda stack: tenant_router(stack).function,
    "home router": lambda stack: home_router(stack).request_function,
}


@pytest.mark.parametrize("site", [cloudfront.Distribution, EdgeDistribution])
@pytest.mark.parametrize("name", _CHOOSE_HOSTS)
def test_a_bucket_as_the_configured_origin_says_nothing_of_a_function_that_chooses_hosts(
    name: str, site: Build
) -> None:
    stack = new_stack()
    _before_a_bucket(
        stack,
        _CHOOSE_HOSTS[name],
        site,
        origin_request_policy=_sending(stack, cookie_behavior=cloudfront.OriginRequestCookieBehavior.all()),
    )

    assert "keeps answers and sends cookies to the origin" in refused_synth(stack)


def test_nor_does_it_remove_set_cookie() -> None:
    stack = new_stack()
    _before_a_bucket(
        stack, lambda stack: rule_router(stack, cache_key=["cookie.plan"]).function, cloudfront.Distribution
    )

    assert "give it a response headers policy that removes Set-Cookie" in refused_synth(stack)


@pytest.mark.parametrize(("declared", "rules"), [(True, {"@ha-patterns/edge:not-in-key"}), (False, set())])
def test_a_distribution_of_ours_warns_of_an_owners_function_that_declares_it(declared: bool, rules: set[str]) -> None:
    stack = new_stack()
    owners = lambda_.Function(
        stack, "Owners", runtime=lambda_.Runtime.PYTHON_3_14, handler="a.b", code=lambda_.Code.from_inline("b = None")
    )
    resource = owners.node.default_child
    assert isinstance(resource, lambda_.CfnFunction)
    resource.add_metadata("ha-patterns", {"sends": {"hosts": declared}})
    _owners(
        stack,
        origin=cloudfront_origins.S3BucketOrigin.with_origin_access_control(imported_bucket(stack, "us-east-1")),
        edge_lambdas=[
            cloudfront.EdgeLambda(
                function_version=owners.current_version, event_type=cloudfront.LambdaEdgeEventType.ORIGIN_REQUEST
            )
        ],
        origin_request_policy=_sending(stack, cookie_behavior=cloudfront.OriginRequestCookieBehavior.all()),
    )

    assert _kept_warnings(stack) == rules


# What is not known


@pytest.mark.parametrize("build", [_rules, _tenants, _homes])
def test_a_function_is_told_by_its_origin_that_answers_are_kept(build: Build) -> None:
    stack = new_stack()
    build(stack)

    (origin,) = distribution_config(Template.from_stack(stack))["Origins"]

    assert {"HeaderName": "x-ha-edge-kept", "HeaderValue": "true"} in origin["OriginCustomHeaders"]


def test_an_origin_that_does_not_tell_it_is_refused() -> None:
    stack = new_stack()
    router = rule_router(stack, cache_key=["host"])
    behavior = router.function.behavior(router.origin, cache_policy=router.function.cache_policy())
    cloudfront.Distribution(stack, "Site", default_behavior=behavior)

    assert "keeps answers, and its origin does not tell the function so" in refused_synth(stack)
