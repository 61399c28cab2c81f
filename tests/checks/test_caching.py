"""What the rules of caching and of the Host header find."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ha_patterns.checks.run import Finding, check
from ha_patterns.topology.loading import load

from .conftest import write_template
from .edge_documents import (
    ALL_BUT_HOST,
    ALL_METHODS,
    ALL_VIEWER,
    DISABLED,
    HOST_ONLY,
    OPTIMIZED,
    UNKNOWN,
    asked,
    behavior,
    bucket_origin,
    group,
    origin,
    said,
    site,
)

_API = "a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com"
_URL = "abcdefghijklmnopqrstuvwxyz012345.lambda-url.eu-west-1.on.aws"
_BUCKET = "amzn-s3-demo-bucket1.s3.eu-west-1.amazonaws.com"
_BALANCER = "a-1.eu-west-1.elb.amazonaws.com"


def _policy(kind: str, **config: Any) -> dict[str, Any]:
    return {"Type": f"AWS::CloudFront::{kind}", "Properties": {f"{kind}Config": {"Name": kind, **config}}}


def _cache(least: Any, *, default: Any = None, **parameters: Any) -> dict[str, Any]:
    own = {"HeadersConfig": {"HeaderBehavior": "none"}, "CookiesConfig": {"CookieBehavior": "none"}, **parameters}
    ttls = {"MinTTL": least, **({} if default is None else {"DefaultTTL": default})}
    return _policy("CachePolicy", **ttls, ParametersInCacheKeyAndForwardedToOrigin=own)


# Private answers


def _dynamic(
    domain: Any = _BALANCER, pattern: Any = "/api/*", *, policy: Any = OPTIMIZED, sent: Any = ALL_BUT_HOST, **more: Any
) -> dict[str, Any]:
    behaviors = (behavior("one", pattern, policy=policy, OriginRequestPolicyId=sent, **more), behavior("two"))
    return site([origin("one", domain), origin("two")], *behaviors)


@pytest.mark.parametrize(
    "resources",
    [
        _dynamic(),
        _dynamic(_API, "/orders/*"),
        _dynamic(_URL, "/orders/*"),
        _dynamic(pattern="/v1/api/*"),
        _dynamic(pattern="/orders/*", AllowedMethods=ALL_METHODS),
        _dynamic(sent=ALL_VIEWER),
        _dynamic(pattern="/blog/*"),
        {**_dynamic(policy={"Ref": "Cache"}), "Cache": _cache(60)},
        # The DefaultTTL is a day if the policy does not give it.
        {**_dynamic(policy={"Ref": "Cache"}), "Cache": _cache(0)},
        {**_dynamic(policy={"Ref": "Cache"}), "Cache": _cache(UNKNOWN)},
    ],
)
def test_what_is_made_for_a_viewer_and_kept_for_all_is_found(tmp_path: Path, resources: dict[str, Any]) -> None:
    (message,) = said(tmp_path, resources, "HA030")

    assert "sends cookies, Authorization, query strings and X-Forwarded-Host to the origin beyond" in message


@pytest.mark.parametrize(
    ("least", "default", "kept"),
    [
        (0, 300, "keeps answers for 300 s unless the origin says otherwise"),
        (60, 300, "keeps answers for 300 s unless the origin says otherwise"),
        (60, 60, "keeps answers for 60 s at least"),
    ],
)
def test_the_time_that_is_kept_is_told(tmp_path: Path, least: int, default: int, kept: str) -> None:
    resources = {**_dynamic(policy={"Ref": "Cache"}), "Cache": _cache(least, default=default)}

    (message,) = said(tmp_path, resources, "HA030")

    assert message.endswith(kept)


_BY_COOKIE = {"CookiesConfig": {"CookieBehavior": "whitelist", "Cookies": ["session"]}}
_BY_ALL_COOKIES = {"CookiesConfig": {"CookieBehavior": "all"}}
_ALL_QUERY_STRINGS = {"QueryStringsConfig": {"QueryStringBehavior": "all"}}
_SOME_COOKIES = _policy(
    "OriginRequestPolicy", CookiesConfig={"CookieBehavior": "whitelist", "Cookies": ["session", "cart"]}
)
_THE_FORWARDED_HOST = _policy(
    "OriginRequestPolicy", HeadersConfig={"HeaderBehavior": "whitelist", "Headers": ["X-Forwarded-Host"]}
)
_QUERY_STRINGS = _policy("OriginRequestPolicy", **_ALL_QUERY_STRINGS)


@pytest.mark.parametrize(
    ("policy", "sent", "told"),
    [
        (_cache(60, **_BY_COOKIE), _SOME_COOKIES, "sends cookies to"),
        (_cache(60), _THE_FORWARDED_HOST, "sends X-Forwarded-Host to"),
        (_cache(60), _QUERY_STRINGS, "sends query strings to"),
        (
            _cache(60, QueryStringsConfig={"QueryStringBehavior": "whitelist", "QueryStrings": ["v"]}),
            _QUERY_STRINGS,
            "sends query strings to",
        ),
    ],
)
def test_only_what_is_beyond_the_key_is_told(tmp_path: Path, policy: Any, sent: Any, told: str) -> None:
    resources = {**_dynamic(policy={"Ref": "Cache"}, sent={"Ref": "Sent"}), "Cache": policy, "Sent": sent}

    (message,) = said(tmp_path, resources, "HA030")

    assert told in message


def test_of_forwarded_values_the_query_string_is_sent_whole_though_some_of_it_is_keyed(tmp_path: Path) -> None:
    forwarded = {**_LEGACY["ForwardedValues"], "QueryStringCacheKeys": ["v"]}

    [finding] = _found(tmp_path, _dynamic(**{**_LEGACY, "ForwardedValues": forwarded}), "HA030")

    assert "sends query strings to" in finding.message
    assert finding.message.endswith("its DefaultTTL keeps answers for 86400 s unless the origin says otherwise")
    # The behavior has no policies.
    assert finding.place.path[-1] == "ForwardedValues"
    assert "policy" not in finding.message


def test_of_a_request_policy_the_finding_is_at_the_policy(tmp_path: Path) -> None:
    [finding] = _found(tmp_path, _dynamic(), "HA030")

    assert finding.place.path[-1] == "OriginRequestPolicyId"
    assert "its cache policy CachingOptimized keeps answers for 86400 s" in finding.message


def _found(folder: Path, resources: dict[str, Any], rule_id: str) -> list[Finding]:
    report = check(load(write_template(folder, resources)))
    return [finding for finding in report.findings if finding.rule.id == rule_id]


def _with_function(passed: list[str]) -> dict[str, Any]:
    """Query strings are sent on for a function that lets some of them through."""
    resources = _dynamic(
        policy={"Ref": "Cache"},
        sent={"Ref": "Sent"},
        LambdaFunctionAssociations=[{"EventType": "origin-request", "LambdaFunctionARN": {"Ref": "Version"}}],
    )
    keyed = {"QueryStringBehavior": "whitelist", "QueryStrings": ["v", "lang"]}
    return {
        **resources,
        "Cache": _cache(60, QueryStringsConfig=keyed),
        "Sent": _QUERY_STRINGS,
        "Function": {
            "Type": "AWS::Lambda::Function",
            "Metadata": {"ha-patterns": {"sends": {"query_strings": passed}}},
        },
        "Version": {"Type": "AWS::Lambda::Version", "Properties": {"FunctionName": {"Ref": "Function"}}},
    }


def test_a_query_string_of_which_a_function_passes_the_key_alone_is_not_beyond_it(tmp_path: Path) -> None:
    assert not said(tmp_path, _with_function(["v"]), "HA030")
    assert not said(tmp_path, _with_function(["v", "lang"]), "HA030")
    assert said(tmp_path, _with_function(["v", "page"]), "HA030")


def _before_a_bucket(sends: dict[str, Any]) -> dict[str, Any]:
    resources = _with_function([])
    return {
        **resources,
        **_dynamic(
            _BUCKET,
            policy={"Ref": "Cache"},
            sent={"Ref": "Sent"},
            LambdaFunctionAssociations=[{"EventType": "origin-request", "LambdaFunctionARN": {"Ref": "Version"}}],
        ),
        "Sent": _SOME_COOKIES,
        "Function": {"Type": "AWS::Lambda::Function", "Metadata": {"ha-patterns": {"sends": sends}}},
    }


def test_a_function_that_chooses_hosts_has_more_than_the_bucket_answer(tmp_path: Path) -> None:
    (message,) = said(tmp_path, _before_a_bucket({"hosts": True}), "HA030")

    assert "sends cookies to" in message
    assert not said(tmp_path, _before_a_bucket({"hosts": "yes"}), "HA030")
    assert not said(tmp_path, _before_a_bucket({}), "HA030")


def _removing(*headers: Any) -> dict[str, Any]:
    return _policy("ResponseHeadersPolicy", RemoveHeadersConfig={"Items": [{"Header": name} for name in headers]})


_REMOVED_ELSEWHERE = "12345678-1234-1234-1234-123456789012"


def _decided_by(cookie: str, removed: Any, *, domain: Any = _BALANCER, **more: Any) -> dict[str, Any]:
    """A function decides by a cookie, and the cache key holds the cookie ``session``."""
    origin_request = {"EventType": "origin-request", "LambdaFunctionARN": {"Ref": "Version"}}
    resources = {
        **_dynamic(
            domain,
            policy={"Ref": "Cache"},
            sent={"Ref": "AWS::NoValue"},
            LambdaFunctionAssociations=[origin_request],
            **({} if removed is None else {"ResponseHeadersPolicyId": removed}),
        ),
        "Cache": _cache(60, **_BY_COOKIE),
        "Function": {"Type": "AWS::Lambda::Function", "Metadata": {"ha-patterns": {"reads": {"cookies": [cookie]}}}},
        "Version": {"Type": "AWS::Lambda::Version", "Properties": {"FunctionName": {"Ref": "Function"}}},
    }
    return {**resources, **more}


@pytest.mark.parametrize(
    ("removed", "more"),
    [
        (None, {}),
        # SimpleCORS, which removes nothing.
        ("60669652-455b-4ae9-85a4-c4c02393f86c", {}),
        ({"Ref": "Removing"}, {"Removing": _removing("Server")}),
        ({"Ref": "Removing"}, {"Removing": _policy("ResponseHeadersPolicy")}),
        (None, {"Cache": _cache(0, **_BY_ALL_COOKIES)}),
    ],
)
def test_a_set_cookie_that_is_kept_by_the_cookie_that_a_function_decides_by_is_found(
    tmp_path: Path, removed: Any, more: dict[str, Any]
) -> None:
    [finding] = _found(tmp_path, _decided_by("session", removed, **more), "HA030")

    assert "behavior /api/* has cookie session in its cache key, and no response headers policy" in finding.message
    assert "its cache policy CachePolicy keeps answers for" in finding.message


def _with_event(event: Any) -> dict[str, Any]:
    resources = _decided_by("session", None)
    (one,) = resources["Site"]["Properties"]["DistributionConfig"]["CacheBehaviors"]
    one["FunctionAssociations"] = [{"EventType": event, "FunctionARN": "arn:aws:cloudfront::123456789012:function/a"}]
    return resources


@pytest.mark.parametrize(
    "resources",
    [
        _decided_by("session", {"Ref": "Removing"}, Removing=_removing("Server", "SET-cookie")),
        # Nothing decides by a cookie that is in the key.
        _decided_by("theme", None),
        _decided_by("session", None, Cache=_cache(60)),
        _decided_by("session", None, Cache=_cache(60, CookiesConfig={"CookieBehavior": UNKNOWN})),
        _decided_by("session", None, Function={"Type": "AWS::Lambda::Function"}),
        # The origin says of each answer whether it is kept.
        _decided_by("session", None, Cache=_cache(0, default=0, **_BY_COOKIE)),
        # S3 sets no cookie.
        _decided_by("session", None, domain=_BUCKET),
        # What these functions do with an answer is not known.
        _with_event("viewer-response"),
        _with_event(UNKNOWN),
    ],
)
def test_a_set_cookie_that_is_not_sure_to_be_kept_for_others_is_fine(tmp_path: Path, resources: dict[str, Any]) -> None:
    assert not said(tmp_path, resources, "HA030")


def test_a_function_of_requests_removes_no_set_cookie(tmp_path: Path) -> None:
    assert said(tmp_path, _with_event("viewer-request"), "HA030")


@pytest.mark.parametrize(
    ("removed", "more"),
    [
        (_REMOVED_ELSEWHERE, {}),
        (UNKNOWN, {}),
        ({"Ref": "Removing"}, {"Removing": _removing("Server", UNKNOWN)}),
        ({"Ref": "Removing"}, {"Removing": _policy("ResponseHeadersPolicy", RemoveHeadersConfig=UNKNOWN)}),
    ],
)
def test_a_policy_that_is_elsewhere_may_remove_set_cookie(tmp_path: Path, removed: Any, more: dict[str, Any]) -> None:
    assert asked(tmp_path, _decided_by("session", removed, **more), "HA030")


_UNKNOWN_COOKIES = _policy("OriginRequestPolicy", CookiesConfig={"CookieBehavior": UNKNOWN})
_NO_COOKIES = _policy(
    "OriginRequestPolicy",
    HeadersConfig={"HeaderBehavior": "whitelist", "Headers": ["Accept"]},
    CookiesConfig={"CookieBehavior": "none"},
    QueryStringsConfig={"QueryStringBehavior": "none"},
)
_LEGACY: dict[str, Any] = {
    "ForwardedValues": {"QueryString": True, "Cookies": {"Forward": "all"}, "Headers": ["Authorization"]},
    "policy": {"Ref": "AWS::NoValue"},
    "sent": {"Ref": "AWS::NoValue"},
    "MinTTL": 60,
}


@pytest.mark.parametrize(
    "resources",
    [
        _dynamic(policy=DISABLED),
        _dynamic(policy=UNKNOWN),
        # Nothing that tells a viewer gets to the origin: what it answers is for all.
        _dynamic(sent={"Ref": "AWS::NoValue"}),
        {**_dynamic(sent={"Ref": "Request"}), "Request": _NO_COOKIES},
        {**_dynamic(sent={"Ref": "Request"}), "Request": _UNKNOWN_COOKIES},
        # A bucket answers by the path alone.
        _dynamic(_BUCKET, AllowedMethods=ALL_METHODS),
        # The origin says of each answer whether it is kept.
        {**_dynamic(policy={"Ref": "Cache"}), "Cache": _cache(0, default=0)},
        {
            **_dynamic(policy={"Ref": "Cache"}, sent={"Ref": "Sent"}),
            "Cache": _cache(60, **_BY_ALL_COOKIES),
            "Sent": _SOME_COOKIES,
        },
        {
            **_dynamic(policy={"Ref": "Cache"}, sent={"Ref": "Sent"}),
            "Cache": _cache(60, **_ALL_QUERY_STRINGS),
            "Sent": _QUERY_STRINGS,
        },
        # The cache key holds what ForwardedValues forward.
        _dynamic(**_LEGACY),
    ],
)
def test_what_is_not_known_to_be_private_may_be_kept(tmp_path: Path, resources: dict[str, Any]) -> None:
    assert not said(tmp_path, resources, "HA030")


def test_a_policy_that_is_elsewhere_may_send_cookies(tmp_path: Path) -> None:
    assert asked(tmp_path, _dynamic(sent="12345678-1234-1234-1234-123456789012"), "HA030")


# Hosts that an origin does not know


def _sent(domain: Any, sent: Any = ALL_VIEWER, aliases: Any = ("www.example.com",), **more: Any) -> dict[str, Any]:
    return site([origin("one", domain)], behavior("one", OriginRequestPolicyId=sent, **more), Aliases=list(aliases))


@pytest.mark.parametrize("domain", [_API, _URL, _BUCKET, "a.mrap.accesspoint.s3-global.amazonaws.com"])
@pytest.mark.parametrize("sent", [ALL_VIEWER, HOST_ONLY])
@pytest.mark.parametrize("aliases", [(), ("www.example.com",)])
def test_the_host_of_viewers_is_known_to_no_service_of_aws(
    tmp_path: Path, domain: str, sent: str, aliases: tuple[str, ...]
) -> None:
    (message,) = said(tmp_path, _sent(domain, sent, aliases), "HA031")

    assert message.startswith(
        f"behavior * sends the viewer's Host, {'www.example.com' if aliases else 'the distribution'}"
    )


@pytest.mark.parametrize(
    "resources",
    [
        {
            "Api": {"Type": "AWS::ApiGatewayV2::Api"},
            **_sent({"Fn::Sub": "${Api}.execute-api.${AWS::Region}.amazonaws.com"}),
        },
        _sent({"Fn::Sub": "${Unknown}.execute-api.eu-west-1.amazonaws.com"}, aliases=[UNKNOWN]),
        {"Bucket": {"Type": "AWS::S3::Bucket"}, **_sent({"Fn::GetAtt": ["Bucket", "RegionalDomainName"]})},
        # The name that AWS gives a bucket is no alias, whatever it is.
        {
            "Bucket": {"Type": "AWS::S3::Bucket"},
            **_sent({"Fn::GetAtt": ["Bucket", "RegionalDomainName"]}, aliases=[UNKNOWN]),
        },
        {
            **_sent(_API, {"Ref": "Request"}),
            "Request": _policy("OriginRequestPolicy", HeadersConfig={"HeaderBehavior": "allViewer"}),
        },
        {
            **_sent(_API, {"Ref": "AWS::NoValue"}, CachePolicyId={"Ref": "Cache"}),
            "Cache": _cache(0, HeadersConfig={"HeaderBehavior": "whitelist", "Headers": ["HOST"]}),
        },
        _sent(
            _API,
            {"Ref": "AWS::NoValue"},
            CachePolicyId={"Ref": "AWS::NoValue"},
            ForwardedValues={"QueryString": True, "Headers": ["*"]},
        ),
    ],
)
def test_the_host_is_found_however_it_is_sent(tmp_path: Path, resources: dict[str, Any]) -> None:
    assert len(said(tmp_path, resources, "HA031")) == 1


@pytest.mark.parametrize(
    "resources",
    [
        _sent(_API, ALL_BUT_HOST),
        _sent(_API, {"Ref": "AWS::NoValue"}),
        _sent("app.example.com"),
        _sent(_BALANCER),
        # S3 finds a bucket by its name alone, too.
        _sent("www.example.com.s3.eu-west-1.amazonaws.com"),
        _sent("www.example.com.s3-website-eu-west-1.amazonaws.com"),
        _sent({"Fn::Sub": "${Unknown}.s3.eu-west-1.amazonaws.com"}),
        _sent(_BUCKET, aliases=[UNKNOWN]),
        _sent(_API, FunctionAssociations=UNKNOWN),
    ],
)
def test_a_host_that_may_be_known_is_fine(tmp_path: Path, resources: dict[str, Any]) -> None:
    assert not said(tmp_path, resources, "HA031")


def test_without_aliases_no_name_of_the_origins_own_is_sent(tmp_path: Path) -> None:
    resources = {**_custom_domain(UNKNOWN), **_sent(_API, aliases=())}

    assert len(said(tmp_path, resources, "HA031")) == 1


def test_aliases_that_are_not_known_may_be_the_name_of_the_bucket(tmp_path: Path) -> None:
    resources = _sent(_BUCKET)
    resources["Site"]["Properties"]["DistributionConfig"]["Aliases"] = {"Ref": "Unknown"}

    assert not said(tmp_path, resources, "HA031")


def _custom_domain(name: Any) -> dict[str, Any]:
    domain = {"Type": "AWS::ApiGatewayV2::DomainName", "Properties": {"DomainName": name}}
    return {"Domain": domain}


@pytest.mark.parametrize(
    ("name", "alias", "found"),
    [
        ("www.example.com", "www.example.com", 0),
        ("*.example.com", "www.example.com", 0),
        ("api.example.com", "www.example.com", 1),
        ("api.example.com", UNKNOWN, 0),
    ],
)
@pytest.mark.parametrize("domain", [_API, {"Fn::GetAtt": ["Domain", "RegionalDomainName"]}])
def test_a_custom_domain_name_that_equals_the_alias_is_known_to_the_api(
    tmp_path: Path, name: str, alias: Any, found: int, domain: Any
) -> None:
    assert len(said(tmp_path, {**_custom_domain(name), **_sent(domain, aliases=[alias])}, "HA031")) == found


def test_the_second_of_a_group_is_looked_at_too(tmp_path: Path) -> None:
    origins = [origin("one"), bucket_origin("two", _BUCKET)]
    resources = site(origins, behavior("group", OriginRequestPolicyId=ALL_VIEWER), groups=[group("one", "two")])
    (message,) = said(tmp_path, resources, "HA031")

    assert "of origin two" in message


def _function(code: str) -> dict[str, Any]:
    return {"Chooser": {"Type": "AWS::CloudFront::Function", "Properties": {"Name": "chooser", "FunctionCode": code}}}


_CHOOSER = {"EventType": "viewer-request", "FunctionARN": {"Fn::GetAtt": ["Chooser", "FunctionARN"]}}
_EDGE = "arn:aws:lambda:us-east-1:123456789012:function:chooser:1"


@pytest.mark.parametrize(
    ("association", "code"),
    [
        ({"LambdaFunctionAssociations": [{"EventType": "origin-request", "LambdaFunctionARN": _EDGE}]}, ""),
        ({"LambdaFunctionAssociations": [{"EventType": UNKNOWN, "LambdaFunctionARN": _EDGE}]}, ""),
        (
            {"FunctionAssociations": [_CHOOSER]},
            "import cf from 'cloudfront'; cf.updateRequestOrigin({hostHeader: 'a'})",
        ),
        ({"FunctionAssociations": [{**_CHOOSER, "FunctionARN": UNKNOWN}]}, ""),
    ],
)
def test_a_function_may_send_another_host(tmp_path: Path, association: dict[str, Any], code: str) -> None:
    assert asked(tmp_path, {**_function(code), **_sent(_API, **association)}, "HA031")


@pytest.mark.parametrize(
    ("association", "code"),
    [
        ({"LambdaFunctionAssociations": [{"EventType": "viewer-request", "LambdaFunctionARN": _EDGE}]}, ""),
        ({"LambdaFunctionAssociations": [{"EventType": "origin-response", "LambdaFunctionARN": _EDGE}]}, ""),
        ({"FunctionAssociations": [_CHOOSER]}, "function handler(event) { return event.request; }"),
    ],
)
def test_a_function_that_cannot_send_another_host_changes_nothing(
    tmp_path: Path, association: dict[str, Any], code: str
) -> None:
    assert said(tmp_path, {**_function(code), **_sent(_API, **association)}, "HA031")


def test_headers_in_the_key_that_are_not_known_are_asked_for(tmp_path: Path) -> None:
    cache = _cache(0, HeadersConfig={"HeaderBehavior": "whitelist", "Headers": [UNKNOWN]})
    resources = _sent(_API, {"Ref": "AWS::NoValue"}, policy={"Ref": "Cache"})

    assert asked(tmp_path, {**resources, "Cache": cache}, "HA031")


@pytest.mark.parametrize(
    "headers",
    [
        {"HeaderBehavior": UNKNOWN},
        {"HeaderBehavior": "whitelist", "Headers": [UNKNOWN]},
        {"HeaderBehavior": "allExcept", "Headers": [UNKNOWN]},
        {"HeaderBehavior": "allExcept", "Headers": UNKNOWN},
    ],
)
def test_headers_that_are_not_known_are_asked_for(tmp_path: Path, headers: Any) -> None:
    resources = {**_sent(_API, {"Ref": "Request"}), "Request": _policy("OriginRequestPolicy", HeadersConfig=headers)}

    assert asked(tmp_path, resources, "HA031")


# Certificates


def _balanced(*names: Any, port: Any = 443, protocol: str = "HTTPS") -> dict[str, Any]:
    certificates = {
        f"Certificate{index}": {"Type": "AWS::CertificateManager::Certificate", "Properties": {"DomainName": name}}
        for index, name in enumerate(names)
    }
    listener = {
        "LoadBalancerArn": {"Ref": "Balancer"},
        "Port": port,
        "Protocol": protocol,
        "Certificates": [{"CertificateArn": {"Ref": one}} for one in certificates],
    }
    return {
        **certificates,
        "Balancer": {"Type": "AWS::ElasticLoadBalancingV2::LoadBalancer"},
        "Listener": {"Type": "AWS::ElasticLoadBalancingV2::Listener", "Properties": listener},
    }


_MORE = {
    "Type": "AWS::ElasticLoadBalancingV2::ListenerCertificate",
    "Properties": {"ListenerArn": {"Ref": "Listener"}, "Certificates": UNKNOWN},
}
_OWN = {"Fn::GetAtt": ["Balancer", "DNSName"]}


@pytest.mark.parametrize(
    ("names", "sent", "found"),
    [
        (["app.example.net"], ALL_VIEWER, 1),
        (["app.example.net"], ALL_BUT_HOST, 1),
        (["*.www.example.com", "example.com"], ALL_VIEWER, 1),
        (["www.example.com"], ALL_BUT_HOST, 1),
        (["www.example.com"], ALL_VIEWER, 0),
        (["WWW.example.com"], ALL_VIEWER, 0),
        (["*.example.com"], ALL_VIEWER, 0),
        (["app.example.net", "www.example.com"], ALL_VIEWER, 0),
        ([UNKNOWN], ALL_VIEWER, 0),
        (["app.example.net", UNKNOWN], ALL_VIEWER, 0),
        ([], ALL_VIEWER, 0),
    ],
)
def test_a_certificate_is_for_what_is_asked_for(tmp_path: Path, names: list[Any], sent: str, found: int) -> None:
    assert len(said(tmp_path, {**_balanced(*names), **_sent(_OWN, sent)}, "HA032")) == found


@pytest.mark.parametrize(
    "resources",
    [
        {**_balanced("app.example.net"), **_sent(_OWN, aliases=[UNKNOWN])},
        {**_balanced("app.example.net", port=8443), **_sent(_OWN)},
        {**_balanced("app.example.net", protocol="TCP"), **_sent(_OWN)},
        {**_balanced("app.example.net"), **_sent(_OWN, UNKNOWN)},
        {**_balanced("app.example.net"), "More": _MORE, **_sent(_OWN)},
        {
            **_balanced("app.example.net"),
            **site([origin("one", _OWN, settings={"OriginProtocolPolicy": "http-only"})]),
        },
    ],
)
def test_a_certificate_that_may_fit_is_fine(tmp_path: Path, resources: dict[str, Any]) -> None:
    assert not said(tmp_path, resources, "HA032")


@pytest.mark.parametrize(("names", "found"), [(["origin.example.com"], 0), (["app.example.net"], 1)])
def test_a_certificate_may_be_for_the_name_of_the_origin(tmp_path: Path, names: list[str], found: int) -> None:
    target = {"DNSName": _OWN, "HostedZoneId": "Z32O12XQLNTSW2"}
    alias = {"HostedZoneId": "Z1", "Name": "origin.example.com", "Type": "A", "AliasTarget": target}
    record = {"Record": {"Type": "AWS::Route53::RecordSet", "Properties": alias}}

    for sent in (ALL_VIEWER, ALL_BUT_HOST):
        resources = {**_balanced(*names), **record, **_sent("origin.example.com", sent)}
        assert len(said(tmp_path, resources, "HA032")) == found


def test_a_behavior_asks_once_which_host_its_origins_get(tmp_path: Path) -> None:
    (question,) = asked(tmp_path, _sent(_API, UNKNOWN), "HA031")

    assert "which Host behavior * sends to origin" in question


@pytest.mark.parametrize(
    ("resources", "found"),
    [
        (_sent("app-123.us-east-1.elb.amazonaws.com", ALL_BUT_HOST), 1),
        (_sent("a1b2c3d4e5.awsglobalaccelerator.com", ALL_BUT_HOST), 1),
        (_sent("ec2-203-0-113-7.eu-west-1.compute.amazonaws.com", ALL_BUT_HOST), 1),
        (_sent("app.eba-1a2b3c4d.eu-west-1.elasticbeanstalk.com", ALL_BUT_HOST), 1),
        # Whose listeners are in no template, or whose certificates are not known.
        ({"Balancer": {"Type": "AWS::ElasticLoadBalancingV2::LoadBalancer"}, **_sent(_OWN, ALL_BUT_HOST)}, 1),
        ({**_balanced(UNKNOWN), **_sent(_OWN, ALL_BUT_HOST)}, 1),
        # The Host of viewers is sent, which a certificate may be for.
        (_sent("app-123.us-east-1.elb.amazonaws.com", ALL_VIEWER), 0),
        (_sent("app-123.us-east-1.elb.amazonaws.com", UNKNOWN), 0),
        (_sent("app.example.com", ALL_BUT_HOST), 0),
        (_sent(_API, ALL_BUT_HOST), 0),
        (_sent(UNKNOWN, ALL_BUT_HOST), 0),
    ],
)
def test_nobody_has_a_certificate_for_a_name_of_aws(tmp_path: Path, resources: dict[str, Any], found: int) -> None:
    messages = said(tmp_path, resources, "HA032")

    assert len(messages) == found
    assert all(message.endswith("a name of AWS that no certificate can be for") for message in messages)


@pytest.mark.parametrize(
    ("protocol", "viewers", "found"),
    [
        ("http-only", "https-only", 0),
        ("match-viewer", "https-only", 1),
        ("match-viewer", "redirect-to-https", 1),
        ("match-viewer", "allow-all", 0),
        (UNKNOWN, "https-only", 0),
    ],
)
def test_tls_is_as_the_origin_or_the_viewer_asks(tmp_path: Path, protocol: Any, viewers: str, found: int) -> None:
    one = origin("one", "app-123.us-east-1.elb.amazonaws.com", settings={"OriginProtocolPolicy": protocol})
    resources = site([one], behavior("one", ViewerProtocolPolicy=viewers))

    assert len(said(tmp_path, resources, "HA032")) == found


@pytest.mark.parametrize(("name", "found"), [("origin.example.com", 0), (_OWN, 1), ("www.example.com", 1)])
def test_a_vpc_origin_is_asked_for_its_domain_name(tmp_path: Path, name: Any, found: int) -> None:
    config = {"Arn": {"Ref": "Balancer"}, "OriginProtocolPolicy": "https-only"}
    vpc = {"Type": "AWS::CloudFront::VpcOrigin", "Properties": {"VpcOriginEndpointConfig": config}}
    one = {"Id": "one", "DomainName": name, "VpcOriginConfig": {"VpcOriginId": {"Fn::GetAtt": ["Vpc", "Id"]}}}

    assert len(said(tmp_path, {**_balanced("origin.example.com"), "Vpc": vpc, **site([one])}, "HA032")) == found
