"""What the rules of origins find: waits, names and headers, at their exact limits."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from .edge_documents import UNKNOWN, asked, behavior, bucket_origin, group, origin, said, site

_SECOND = origin("two", ConnectionAttempts=3)


def _first(attempts: Any, connect: Any, read: Any, complete: Any = None) -> dict[str, Any]:
    whole = {} if complete is None else {"ResponseCompletionTimeout": complete}
    settings = {"OriginProtocolPolicy": "https-only", "OriginReadTimeout": read}
    first = origin("one", settings=settings, ConnectionAttempts=attempts, ConnectionTimeout=connect, **whole)
    return site([first, _SECOND], groups=[group("one", "two")])


@pytest.mark.parametrize(
    ("waits", "late"),
    [
        ((1, 5, 25), ""),
        ((1, 6, 24), "6 s when it cannot be reached"),
        ((1, 5, 26), "up to 31 s when it does not answer"),
        ((2, 2, 13), ""),
        ((2, 2, 14), "up to 32 s when it does not answer"),
        ((3, 2, 5), "6 s when it cannot be reached"),
        ((3, 1, 60, 30), ""),
        ((3, 1, 60, 31), "up to 31 s when it does not answer"),
        ((3, 10, 60, 5), ""),
        ((3, 1, 9, 0), ""),
    ],
)
def test_a_first_origin_may_be_waited_for_as_long_as_clients_wait(
    tmp_path: Path, waits: tuple[int, ...], late: str
) -> None:
    messages = said(tmp_path, _first(*waits), "HA010")

    assert [late in message for message in messages] == ([True] if late else [])


@pytest.mark.parametrize("waits", [(UNKNOWN, 2, 5), (1, UNKNOWN, 5), (1, 2, UNKNOWN), (3, 10, 30, UNKNOWN)])
def test_a_wait_that_is_not_known_is_asked_for(tmp_path: Path, waits: tuple[Any, ...]) -> None:
    assert len(asked(tmp_path, _first(*waits), "HA010")) == 1


def test_what_is_known_to_be_late_is_found_whatever_the_rest(tmp_path: Path) -> None:
    (message,) = said(tmp_path, _first(3, 10, UNKNOWN), "HA010")

    assert "is waited for 30 s when it cannot be reached" in message
    assert "when it does not answer" not in message


def test_an_origin_alone_may_wait(tmp_path: Path) -> None:
    assert not said(tmp_path, site([origin("one")]), "HA010")


@pytest.mark.parametrize(
    ("properties", "rule_id"),
    [
        ({"ConnectionAttempts": 0}, "HA011"),
        ({"ConnectionAttempts": 4}, "HA011"),
        ({"ConnectionTimeout": 0}, "HA011"),
        ({"ConnectionTimeout": 11}, "HA011"),
        ({"settings": {"OriginReadTimeout": 0}}, "HA011"),
        ({"settings": {"OriginKeepaliveTimeout": 0}}, "HA011"),
        ({"ResponseCompletionTimeout": 3601}, "HA011"),
        ({"settings": {"OriginReadTimeout": 121}}, "HA017"),
        ({"settings": {"OriginKeepaliveTimeout": 301}}, "HA017"),
    ],
)
def test_a_wait_beyond_its_limits_is_found(tmp_path: Path, properties: dict[str, Any], rule_id: str) -> None:
    found = {one: said(tmp_path, site([origin("one", **properties)]), one) for one in ("HA011", "HA017")}

    assert [one for one, messages in found.items() if messages] == [rule_id]


@pytest.mark.parametrize(
    "properties",
    [
        {"ConnectionAttempts": 1, "ConnectionTimeout": 1},
        {"ConnectionAttempts": 3, "ConnectionTimeout": 10},
        {"ConnectionAttempts": UNKNOWN, "ConnectionTimeout": UNKNOWN},
        {"ResponseCompletionTimeout": 3600},
        {"ResponseCompletionTimeout": UNKNOWN},
        {"settings": {"OriginReadTimeout": 1, "OriginKeepaliveTimeout": 1}},
        {"settings": {"OriginReadTimeout": 120, "OriginKeepaliveTimeout": 300}},
        {"settings": {"OriginReadTimeout": UNKNOWN, "OriginKeepaliveTimeout": UNKNOWN}},
    ],
)
def test_a_wait_within_its_limits_is_fine(tmp_path: Path, properties: dict[str, Any]) -> None:
    for rule_id in ("HA011", "HA017"):
        assert not said(tmp_path, site([origin("one", **properties)]), rule_id)


@pytest.mark.parametrize(
    ("complete", "read", "found"),
    [(29, None, 1), (30, None, 0), (10, 10, 0), (9, 10, 1), (0, 60, 0), (UNKNOWN, 60, 0), (10, UNKNOWN, 0)],
)
def test_a_response_cannot_be_complete_before_it_has_begun(
    tmp_path: Path, complete: Any, read: Any, found: int
) -> None:
    settings = {} if read is None else {"OriginReadTimeout": read}
    one = origin("one", settings=settings, ResponseCompletionTimeout=complete)

    assert len(said(tmp_path, site([one]), "HA012")) == found


def test_a_bucket_waits_as_its_own_settings_say(tmp_path: Path) -> None:
    one = bucket_origin("one", "amzn-s3-demo-bucket1.s3.eu-west-1.amazonaws.com", ResponseCompletionTimeout=20)
    one["S3OriginConfig"] = {"OriginReadTimeout": 25}

    assert said(tmp_path, site([one]), "HA012") == [
        "ResponseCompletionTimeout of origin one is 20 s and its OriginReadTimeout 25 s"
    ]


@pytest.mark.parametrize(
    ("domain", "region", "found"),
    [
        ("assets.s3.us-east-1.amazonaws.com", "eu-west-1", 1),
        ("assets.s3.eu-west-1.amazonaws.com", "eu-west-1", 0),
        ("assets.s3.dualstack.eu-central-1.amazonaws.com", "eu-west-1", 1),
        ("assets.s3.amazonaws.com", "eu-west-1", 0),
        ({"Fn::GetAtt": ["Bucket", "RegionalDomainName"]}, "eu-west-1", 0),
        ({"Fn::Sub": "${Bucket}.s3.us-east-1.amazonaws.com"}, "eu-west-1", 1),
        ({"Fn::Sub": "${Bucket}.s3.${AWS::Region}.amazonaws.com"}, "eu-west-1", 0),
        ("other.s3.us-east-1.amazonaws.com", "eu-west-1", 0),
        ("assets.s3.us-east-1.amazonaws.com", None, 0),
    ],
)
def test_a_bucket_is_named_in_its_own_region(tmp_path: Path, domain: Any, region: str | None, found: int) -> None:
    bucket = {"Bucket": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "assets"}}}
    parameters = None if region is None else {"AWS::Region": region}
    resources = {**bucket, **site([bucket_origin("one", domain)])}

    assert len(said(tmp_path, resources, "HA019", parameters)) == found


@pytest.mark.parametrize(
    "name", ["Host", "cookie", "X-Amz-Date", "x-edge-role", "Proxy-Authorization", "If-Match", "TE"]
)
def test_a_custom_header_that_is_not_for_origins_to_have_is_found(tmp_path: Path, name: str) -> None:
    one = origin("one", OriginCustomHeaders=[{"HeaderName": name, "HeaderValue": "value"}])
    (message,) = said(tmp_path, site([one]), "HA034")

    assert name.lower() in message


@pytest.mark.parametrize("name", ["X-Origin-Role", "X-Amzn-Role", "Authorization", "Ifs", "Teapot", UNKNOWN])
def test_another_custom_header_is_fine(tmp_path: Path, name: Any) -> None:
    one = origin("one", OriginCustomHeaders=[{"HeaderName": name, "HeaderValue": UNKNOWN}])

    assert not said(tmp_path, site([one]), "HA034")


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("X Role", "one", "has the custom header 'x role', which HTTP does not have"),
        ("X-Röle", "one", "has the custom header 'x-röle', which HTTP does not have"),
        ("X-Role:", "one", "has the custom header 'x-role:', which HTTP does not have"),
        ("X-Role", "one\r\nX-Other: two", "has a line break or a space around the value of its header x-role"),
        ("X-Role", " one", "has a line break or a space around the value of its header x-role"),
        ("X-Role", "one two", None),
        ("X-Role", "", None),
        ("X_role.1", "größe", None),
        ("X-Role", UNKNOWN, None),
        (UNKNOWN, " one", None),
    ],
)
def test_a_header_is_what_http_has(tmp_path: Path, name: Any, value: Any, why: str | None) -> None:
    one = origin("one", OriginCustomHeaders=[{"HeaderName": name, "HeaderValue": value}])

    assert said(tmp_path, site([one]), "HA034") == ([f"origin one {why}"] if why else [])


@pytest.mark.parametrize("more", [0, 1])
def test_quotas_are_found_one_above_them(tmp_path: Path, more: int) -> None:
    origins = [origin(f"origin{number}") for number in range(100 + more)]
    groups = [{**group("origin0", "origin1"), "Id": f"group{number}"} for number in range(10 + more)]
    behaviors = [behavior("origin0", f"/{number}") for number in range(75 + more)]

    messages = said(tmp_path, site(origins, *behaviors, behavior("origin0"), groups=groups), "HA035")
    assert [message.split(";")[0] for message in messages] == [
        f"the distribution has {what}"
        for what in ("76 behaviors beside the default one", "101 origins", "11 origin groups")
        if more
    ]


@pytest.mark.parametrize(
    ("resources", "has"),
    [
        (site([origin("one"), origin("two")], groups=[group("one", "two")]), "origin groups"),
        (site([origin("one", OriginShield={"Enabled": True, "OriginShieldRegion": "eu-west-1"})]), "Origin Shield"),
        (site([origin("one", OriginShield={"Enabled": False})]), None),
        (site([origin("one")]), None),
    ],
)
def test_what_small_plans_lack_is_noted(tmp_path: Path, resources: dict[str, Any], has: str | None) -> None:
    messages = said(tmp_path, resources, "HA033")

    assert [message.split(",")[0] for message in messages] == ([f"the distribution has {has}"] if has else [])


# Where nothing answers


def _balancer(*listeners: dict[str, Any]) -> dict[str, Any]:
    made = {
        f"Listener{index}": {
            "Type": "AWS::ElasticLoadBalancingV2::Listener",
            "Properties": {"LoadBalancerArn": {"Ref": "Balancer"}, "Protocol": "TCP", **one},
        }
        for index, one in enumerate(listeners)
    }
    return {"Balancer": {"Type": "AWS::ElasticLoadBalancingV2::LoadBalancer", "Properties": {}}, **made}


def _over(domain: Any, protocol: Any, viewers: str = "allow-all", **settings: Any) -> dict[str, Any]:
    one = origin("app", domain, settings={"OriginProtocolPolicy": protocol, **settings})
    return site([one], behavior("app", ViewerProtocolPolicy=viewers))


_OF_BALANCER = {"Fn::GetAtt": ["Balancer", "DNSName"]}
_WEB = "amzn-s3-demo-bucket1.s3-website-us-east-1.amazonaws.com"
_REST = "a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com"
_URL = "abcdefghijklmnopqrstuvwxyz012345.lambda-url.eu-west-1.on.aws"


@pytest.mark.parametrize(
    ("resources", "why"),
    [
        (_over(_WEB, "https-only"), "over HTTPS at port 443, and an S3 website answers over HTTP only"),
        (_over(_REST, "http-only"), "over HTTP at port 80, and API Gateway answers over HTTPS only"),
        (_over(_URL, "http-only"), "and a Lambda function URL answers over HTTPS only"),
        (
            {**_balancer({"Port": 80}), **_over(_OF_BALANCER, "https-only")},
            "origin app asks stack/Balancer over HTTPS at port 443, and it listens at 80",
        ),
        (
            {**_balancer({"Port": 443}, {"Port": 8443}), **_over(_OF_BALANCER, "https-only", HTTPSPort=9443)},
            "at port 9443, and it listens at 443 and 8443",
        ),
    ],
)
def test_an_origin_that_is_asked_where_nothing_answers_is_found(
    tmp_path: Path, resources: dict[str, Any], why: str
) -> None:
    (message,) = said(tmp_path, resources, "HA036")

    assert message.endswith(why)


def _over_vpc(protocol: Any, *listeners: dict[str, Any], **ports: Any) -> dict[str, Any]:
    config = {"Arn": {"Ref": "Balancer"}, "OriginProtocolPolicy": protocol, **ports}
    one = {"Id": "app", "DomainName": _OF_BALANCER, "VpcOriginConfig": {"VpcOriginId": {"Fn::GetAtt": ["Vpc", "Id"]}}}
    vpc = {"Type": "AWS::CloudFront::VpcOrigin", "Properties": {"VpcOriginEndpointConfig": config}}
    return {**_balancer(*listeners), "Vpc": vpc, **site([one])}


@pytest.mark.parametrize(
    ("resources", "why"),
    [
        (
            _over_vpc("http-only", {"Port": 443}),
            "origin app asks stack/Balancer over HTTP at port 80, and it listens at 443",
        ),
        (_over_vpc("https-only", {"Port": 443}, HTTPSPort=8443), "over HTTPS at port 8443, and it listens at 443"),
        (_over_vpc("http-only", {"Port": 80, "Protocol": "HTTPS"}), "and its listener there speaks HTTPS"),
        (
            {**_balancer({"Port": 443, "Protocol": "HTTP"}), **_over(_OF_BALANCER, "https-only")},
            "over HTTPS at port 443, and its listener there speaks HTTP",
        ),
        (
            {**_balancer({"Port": 80, "Protocol": "TLS"}), **_over(_OF_BALANCER, "http-only")},
            "and its listener there speaks TLS",
        ),
        (
            {**_balancer({"Port": 80}), **_over(_OF_BALANCER, "match-viewer", viewers="https-only")},
            "over HTTPS at port 443, and it listens at 80",
        ),
    ],
)
def test_an_origin_is_asked_over_what_answers(tmp_path: Path, resources: dict[str, Any], why: str) -> None:
    (message,) = said(tmp_path, resources, "HA036")

    assert message.endswith(why)


def _redirecting(*rules: dict[str, Any], protocol: str = "http-only", **given: Any) -> dict[str, Any]:
    """A load balancer whose listener at port 80 redirects by default."""
    action = {
        "Type": "redirect",
        "RedirectConfig": {"Protocol": "HTTPS", "Port": "443", "StatusCode": "HTTP_301", **given},
    }
    more = {
        f"Rule{place}": {
            "Type": "AWS::ElasticLoadBalancingV2::ListenerRule",
            "Properties": {"ListenerArn": {"Ref": "Listener0"}, "Priority": place + 1, "Conditions": [_ANY], **rule},
        }
        for place, rule in enumerate(rules)
    }
    listener = {"Port": 80, "Protocol": "HTTP", "DefaultActions": [action]}
    return {**_balancer(listener, {"Port": 443}), **more, **_over(_OF_BALANCER, protocol)}


_ANY = {"Field": "path-pattern", "PathPatternConfig": {"Values": ["/api/*"]}}
_REDIRECT = {"Actions": [{"Type": "redirect", "RedirectConfig": {"Protocol": "HTTPS", "StatusCode": "HTTP_302"}}]}
_FORWARD = {"Actions": [{"Type": "forward", "TargetGroupArn": "arn:aws:one"}]}


@pytest.mark.parametrize("resources", [_redirecting(), _redirecting(_REDIRECT), _redirecting(Path="/#{path}")])
def test_a_listener_that_only_redirects_to_https_is_found(tmp_path: Path, resources: dict[str, Any]) -> None:
    (message,) = said(tmp_path, resources, "HA036")

    assert message.endswith("over HTTP at port 80, and its listener there only redirects to HTTPS")


@pytest.mark.parametrize(
    "resources",
    [
        _redirecting(_FORWARD),
        _redirecting(protocol="https-only"),
        _redirecting(Host="other.example.com"),
        _redirecting(Protocol="HTTP"),
        _redirecting(Protocol=UNKNOWN),
        # Another template may add rules to it.
        {**_redirecting(), "Handed": {"Type": "AWS::SSM::Parameter", "Properties": {"Value": {"Ref": "Listener0"}}}},
    ],
)
def test_a_listener_that_does_more_is_fine(tmp_path: Path, resources: dict[str, Any]) -> None:
    assert not said(tmp_path, resources, "HA036")


@pytest.mark.parametrize(
    "resources",
    [
        _over_vpc("http-only", {"Port": 80}),
        _over_vpc("match-viewer", {"Port": 80}),
        _over_vpc(UNKNOWN, {"Port": 80}),
        _over_vpc("http-only", {"Port": 8080}, HTTPPort=UNKNOWN),
        _over_vpc("http-only"),
        _over_vpc("https-only", {"Port": 443, "Protocol": "TLS"}),
        _over_vpc("https-only", {"Port": 443, "Protocol": UNKNOWN}),
        _over(_WEB, "http-only"),
        _over(_REST, "https-only"),
        _over(_WEB, "match-viewer"),
        _over(_WEB, UNKNOWN),
        _over("app.example.com", "http-only"),
        {**_balancer({"Port": 80}, {"Port": 443}), **_over(_OF_BALANCER, "https-only")},
        {**_balancer({"Port": 8443}), **_over(_OF_BALANCER, "https-only", HTTPSPort=UNKNOWN)},
        # Its listeners may be elsewhere.
        {**_balancer(), **_over(_OF_BALANCER, "https-only")},
        {**_balancer({"Port": 80}, {"Port": UNKNOWN}), **_over(_OF_BALANCER, "https-only")},
    ],
)
def test_an_origin_that_may_answer_is_fine(tmp_path: Path, resources: dict[str, Any]) -> None:
    assert not said(tmp_path, resources, "HA036")
