"""The validator of CloudFront's contract finds what it is there to find, and the shared entry stands it."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import pytest

from lambda_edge.common import origin
from lambda_edge.common.entry import Handler, entry

from .contract import MAX_BODY, MAX_GENERATED, MAX_HEADERS, MAX_URL, check
from .contract_suite import assert_contract
from .mutations import copy, mutations
from .payloads import NAMES, payload, request_of

_CUSTOM: dict[str, Any] = {
    "domainName": "other.example.com",
    "path": "/v2",
    "port": 8443,
    "protocol": "https",
    "sslProtocols": ["TLSv1.2"],
    "readTimeout": 5,
    "keepaliveTimeout": 120,
    "customHeaders": {"x-version": [{"key": "X-Version", "value": "2"}]},
}
_S3: dict[str, Any] = {
    "domainName": "other.s3.eu-central-1.amazonaws.com",
    "path": "",
    "region": "eu-central-1",
    "authMethod": "origin-access-identity",
    "customHeaders": {},
}
_LACKS_PORT = {name: value for name, value in _CUSTOM.items() if name != "port"}
_LACKS_HEADERS = {name: value for name, value in _CUSTOM.items() if name != "customHeaders"}
_DECLARED = ("other.example.com", "other.s3.eu-central-1.amazonaws.com", ".tenants.example.com")

# What a function makes of a request.
Change = Callable[[dict[str, Any]], Any]


def _header(name: str, value: Any = "x", key: str | None = None) -> dict[str, Any]:
    return {name: [{"key": key or name, "value": value}]}


def _set(**changes: Any) -> Change:
    return lambda request: request | changes


def _in_headers(**changes: Any) -> Change:
    headers = {name.replace("_", "-"): value for name, value in changes.items()}
    return lambda request: request | {"headers": request["headers"] | headers}


def _without(header: str) -> Change:
    return lambda request: (
        request | {"headers": {name: value for name, value in request["headers"].items() if name != header}}
    )


def _to(kind: str, own: dict[str, Any], host: str | None = None) -> Change:
    """Send the request to another origin, with its Host."""
    return lambda request: (
        request
        | {"origin": {kind: own}, "headers": request["headers"] | _header("host", host or own["domainName"], "Host")}
    )


def _to_custom(**changes: Any) -> Change:
    return _to("custom", _CUSTOM | changes)


def _to_s3(**changes: Any) -> Change:
    return _to("s3", {name: value for name, value in (_S3 | changes).items() if value is not None})


def _own(**changes: Any) -> Change:
    """Change settings of the origin that the request has."""
    return lambda request: request | {"origin": {kind: own | changes for kind, own in request["origin"].items()}}


def _answer(**changes: Any) -> Change:
    """Answer in place of the origin, as it should be but for the changes."""
    return lambda request: (
        {"status": "503", "statusDescription": "Service Unavailable", "headers": {}, "body": "gone"} | changes
    )


def _redirect(location: str, status: str = "302") -> Change:
    return _answer(status=status, body="", headers=_header("location", location, "Location"))


class Rule(NamedTuple):
    """One rule: an output that breaks it with what is said of it, and one close by that keeps it."""

    says: str
    bad: Change
    good: Change
    event: str = "origin_request_custom"


_LONG_URI = "/" + "a" * 8_180

RULES: dict[str, Rule] = {
    # What comes back at all.
    "neither": Rule("neither a request nor a response", lambda request: [request], lambda request: request),
    "not_json": Rule("not JSON", _answer(statusDescription=b"OK"), _answer(statusDescription="OK")),
    "unknown_request_field": Rule("a request has no field 'url'", _set(url="/"), _set(uri="/")),
    "unknown_response_field": Rule("a response has no field 'code'", _answer(code="503"), _answer(status="500")),
    # The request.
    "client_ip": Rule("clientIp is read-only", _set(clientIp="198.51.100.1"), _set(clientIp="203.0.113.178")),
    "method": Rule("method is read-only", _set(method="POST"), _set(method="GET")),
    "uri_slash": Rule("begins with a slash", _set(uri="index.html"), _set(uri="/index.html")),
    "uri_space": Rule("uri holds a space", _set(uri="/a b"), _set(uri="/a%20b")),
    "uri_control": Rule("uri holds", _set(uri="/a\r\nb"), _set(uri="/a%0D%0Ab")),
    "uri_query": Rule("uri holds", _set(uri="/a?b=1"), _set(uri="/a", querystring="b=1")),
    "uri_utf8": Rule("uri holds", _set(uri="/\ud800"), _set(uri="/é")),
    "uri_type": Rule("are strings", _set(uri=["/"]), _set(uri="/")),
    "query": Rule("querystring holds", _set(querystring="a#b"), _set(querystring="a%23b")),
    "query_left": Rule(
        "querystring holds",
        _set(querystring="size=large &x"),
        _set(querystring="size=large"),
    ),
    "url_size": Rule(
        f"at most {MAX_URL}", _set(uri=_LONG_URI, querystring="a" * 11), _set(uri=_LONG_URI, querystring="a" * 8)
    ),
    "headers_type": Rule("headers are an object", _set(headers=[]), lambda request: request),
    "header_read_only_added": Rule(
        "'if-none-match' is read-only", _in_headers(if_none_match=[{"value": "x"}]), _in_headers(x=[{"value": "x"}])
    ),
    "header_read_only_changed": Rule("'via' is read-only", _in_headers(via=[{"value": "x"}]), _without("user-agent")),
    "header_read_only_removed": Rule(
        "'accept-encoding' is read-only", _without("accept-encoding"), _without("user-agent")
    ),
    "header_disallowed": Rule(
        "'x-edge-z' is disallowed", _in_headers(x_edge_z=[{"value": "x"}]), _in_headers(x_edgy=[{"value": "x"}])
    ),
    **{
        f"header_{name}": Rule(
            f"'{name}' is disallowed",
            _in_headers(**{name: [{"value": "x"}]}),
            _in_headers(**{f"a-{name}": [{"value": "x"}]}),
        )
        for name in ("client-cert", "client-cert-chain", "cloudfront-viewer-cert-pem")
    },
    "header_case": Rule("in lower case", _in_headers(Accept=[{"value": "x"}]), _in_headers(accept=[{"value": "x"}])),
    "header_list": Rule("has a list of values", _in_headers(accept="x"), _in_headers(accept=[{"value": "x"}])),
    "header_empty": Rule("has a list of values", _in_headers(accept=[]), _in_headers(accept=[{"value": ""}])),
    "header_object": Rule("a key and a value", _in_headers(accept=["x"]), _in_headers(accept=[{"value": "x"}])),
    "header_extra": Rule(
        "a key and a value",
        _in_headers(accept=[{"value": "x", "name": "Accept"}]),
        _in_headers(accept=[{"value": "x", "key": "Accept"}]),
    ),
    "header_key": Rule(
        "has the key 'Accepts'",
        _in_headers(accept=[{"key": "Accepts", "value": "x"}]),
        _in_headers(accept=[{"key": "ACCEPT", "value": "x"}]),
    ),
    "header_value": Rule("no line of text", _in_headers(x=[{"value": "a\r\nb"}]), _in_headers(x=[{"value": "a\tb"}])),
    "header_value_type": Rule("no line of text", _in_headers(x=[{"value": 1}]), _in_headers(x=[{"value": "1"}])),
    "header_value_missing": Rule("no line of text", _in_headers(x=[{"key": "X"}]), _in_headers(x=[{"value": ""}])),
    "headers_size": Rule(
        f"at most {MAX_HEADERS}",
        _in_headers(x=[{"value": "a" * MAX_HEADERS}]),
        _in_headers(x=[{"value": "a" * (MAX_HEADERS - 5)}]),
    ),
    "configuration_in_headers": Rule(
        "configuration headers go nowhere",
        _in_headers(x_ha_edge_table=[{"value": "x"}]),
        _in_headers(x_ha_table=[{"value": "x"}]),
    ),
    "host_alone": Rule(
        "Host is as it came or the origin's name",
        _in_headers(host=[{"key": "Host", "value": "other.example.com"}]),
        _in_headers(host=[{"key": "host", "value": "primary.example.com"}]),
    ),
    # The body of a request.
    "body_object": Rule("the body of a request", _set(body="x"), lambda request: request, "origin_request_body"),
    "body_truncated": Rule(
        "inputTruncated is read-only",
        _set(body={"action": "read-only", "inputTruncated": True}),
        _set(body={"action": "read-only", "inputTruncated": False}),
        "origin_request_body",
    ),
    "body_action": Rule(
        "read-only or replace",
        _set(body={"action": "append", "inputTruncated": False}),
        _set(body={"action": "read-only", "inputTruncated": False}),
        "origin_request_body",
    ),
    "body_base64": Rule(
        "not the base64",
        _set(body={"action": "replace", "inputTruncated": False, "data": "{}"}),
        _set(body={"action": "replace", "inputTruncated": False, "data": "e30="}),
        "origin_request_body",
    ),
    "body_size": Rule(
        f"at most {MAX_BODY['text']}",
        _set(body={"action": "replace", "inputTruncated": False, "encoding": "text", "data": "é" * 500_001}),
        _set(body={"action": "replace", "inputTruncated": False, "encoding": "text", "data": "é" * 500_000}),
        "origin_request_body",
    ),
    # The origin: its structure is judged always.
    "origin_none": Rule("exactly one origin", _set(origin=None), _to_custom()),
    "origin_both": Rule("exactly one origin", _set(origin={"custom": _CUSTOM, "s3": _S3}), _to_custom()),
    "origin_kind": Rule("exactly one origin", _set(origin={"vpc": _CUSTOM}), _to_custom()),
    "origin_object": Rule("an origin is an object", _set(origin={"custom": []}), _to_custom()),
    "configuration_left": Rule(
        "configuration headers go to no origin",
        lambda request: request,
        lambda request: origin.keep(request),
        "origin_request_configured",
    ),
    "configuration_sent": Rule(
        "configuration headers go to no origin",
        _to_custom(customHeaders=_header("x-ha-edge-t")),
        _to_custom(customHeaders=_header("x-ha-table")),
    ),
    "undeclared": Rule(
        "undeclared origin", _to_custom(domainName="evil.example.net"), _to_custom(domainName="a.tenants.example.com")
    ),
    "undeclared_suffix": Rule(
        "undeclared origin", _to_custom(domainName="tenants.example.com"), _to_custom(domainName="other.example.com")
    ),
    "host_stays": Rule("Host goes with", _to("custom", _CUSTOM, host="primary.example.com"), _to_custom()),
    "needs": Rule("needs ['port']", _to("custom", _LACKS_PORT), _to("custom", _LACKS_HEADERS)),
    "unknown_setting": Rule("no field 'connectionAttempts'", _own(connectionAttempts=1), _own(readTimeout=1)),
    "domain_colon": Rule(
        "custom.domainName cannot", _to_custom(domainName="other.example.com:80"), _to_custom(port=80)
    ),
    "domain_address": Rule("custom.domainName cannot", _to_custom(domainName="192.0.2.1"), _to_custom()),
    "domain_size": Rule(
        "custom.domainName cannot",
        _to_custom(domainName=f"{'a.' * 118}tenants.example.com"),
        _to_custom(domainName=f"{'a.' * 117}tenants.example.com"),
    ),
    "port": Rule("custom.port cannot", _own(port=1023), _own(port=1024)),
    "port_type": Rule("custom.port cannot", _own(port="443"), _own(port=80)),
    "protocol": Rule("custom.protocol cannot", _own(protocol="match-viewer"), _own(protocol="http")),
    "tls": Rule("custom.sslProtocols cannot", _own(sslProtocols=["TLSv1.3"]), _own(sslProtocols=["TLSv1.1"])),
    "tls_empty": Rule("custom.sslProtocols cannot", _own(sslProtocols=[]), _own(sslProtocols=["TLSv1.2", "TLSv1"])),
    "read_timeout": Rule(
        "custom.readTimeout cannot",
        _own(readTimeout=121, responseCompletionTimeout=0),
        _own(readTimeout=120, responseCompletionTimeout=0),
    ),
    "read_timeout_zero": Rule("custom.readTimeout cannot", _own(readTimeout=0), _own(readTimeout=1)),
    "keepalive": Rule("custom.keepaliveTimeout cannot", _own(keepaliveTimeout=121), _own(keepaliveTimeout=120)),
    "completion": Rule("below readTimeout", _own(responseCompletionTimeout=4), _own(responseCompletionTimeout=5)),
    "path_slash": Rule("custom.path cannot", _own(path="/v2/"), _own(path="")),
    "path_start": Rule("custom.path cannot", _own(path="v2"), _own(path="/v2")),
    "path_size": Rule("custom.path cannot", _own(path="/" + "a" * 255), _own(path="/" + "a" * 254)),
    "path_encoding": Rule("custom.path cannot", _own(path="/é"), _own(path="/%C3%A9")),
    "custom_to_oai": Rule("does not serve", _to_s3(), _to_s3(authMethod="none")),
    "oai_region": Rule("needs the bucket's region", _to_s3(region=None), _to_s3(), "origin_request_s3"),
    "s3_region": Rule("s3.region cannot", _to_s3(region="Frankfurt"), _to_s3(), "origin_request_s3"),
    "s3_auth": Rule(
        "s3.authMethod cannot",
        _to_s3(authMethod="origin-access-control"),
        _to_s3(authMethod="none", region=None),
        "origin_request_s3",
    ),
    "s3_case": Rule(
        "s3.domainName cannot", _own(domainName="Pictures.s3.amazonaws.com"), _to_s3(), "origin_request_s3"
    ),
    "s3_size": Rule(
        "s3.domainName cannot",
        _to_s3(domainName=f"{'a' * 60}.{'a' * 60}.tenants.example.com"),
        _to_s3(domainName=f"{'a' * 60}.{'a' * 40}.tenants.example.com"),
        "origin_request_s3",
    ),
    "s3_setting": Rule("no field 'port'", _own(port=443), _own(readTimeout=7), "origin_request_s3"),
    "custom_headers_type": Rule("customHeaders are an object", _own(customHeaders=[]), _own(customHeaders={})),
    "custom_header_name": Rule(
        "no custom header of an origin is called 'cookie'",
        _own(customHeaders=_header("cookie")),
        _own(customHeaders=_header("x-cookie")),
    ),
    "custom_header_prefix": Rule(
        "no custom header", _own(customHeaders=_header("x-amz-meta-a")), _own(customHeaders=_header("x-amaz"))
    ),
    "custom_header_twice": Rule(
        "and a header of the request", _own(customHeaders=_header("user-agent")), _own(customHeaders=_header("x-ua"))
    ),
    "custom_header_size": Rule(
        "1,783",
        _own(customHeaders=_header("x-a", "a" * 1_784)),
        _own(customHeaders=_header("x-a", "a" * 1_783)),
    ),
    "custom_headers_many": Rule(
        "at most 30",
        _own(customHeaders={name: value for n in range(31) for name, value in _header(f"x-{n}").items()}),
        _own(customHeaders={name: value for n in range(30) for name, value in _header(f"x-{n}").items()}),
    ),
    # Answers.
    "status_type": Rule("status is a string", _answer(status=503), _answer(status="503")),
    "status_low": Rule("status is a string", _answer(status="199"), _answer(status="200")),
    "status_high": Rule("status is a string", _answer(status="600"), _answer(status="599")),
    "status_missing": Rule("status is a string", lambda request: {}, lambda request: {"status": "404"}),
    "description": Rule("a line of text", _answer(statusDescription="a\nb"), _answer(statusDescription="")),
    "answer_body": Rule("a body is a string", _answer(body={}), _answer(body="{}")),
    "answer_encoding": Rule("text or base64", _answer(bodyEncoding="gzip"), _answer(bodyEncoding="text")),
    "answer_base64": Rule(
        "not the base64", _answer(bodyEncoding="base64", body="gone!"), _answer(bodyEncoding="base64", body="Z29uZQ==")
    ),
    "answer_utf8": Rule("UTF-8", _answer(body="\ud800"), _answer(body="\ufffd")),
    "answer_size": Rule("at most", _answer(body="a" * (MAX_GENERATED + 1)), _answer(body="a" * MAX_GENERATED)),
    "answer_size_with_headers": Rule(
        "with its headers",
        _answer(body="a" * (MAX_GENERATED - 5), headers=_header("x", "a")),
        _answer(body="a" * (MAX_GENERATED - 6), headers=_header("x", "a")),
    ),
    "answer_204": Rule("has no body", _answer(status="204"), _answer(status="204", body="")),
    "answer_header": Rule(
        "'x-cache' is disallowed", _answer(headers=_header("x-cache")), _answer(headers=_header("x-cached"))
    ),
    "answer_read_only": Rule(
        "'content-length' is read-only",
        _answer(headers=_header("content-length", "4")),
        _answer(headers=_header("content-type", "text/plain")),
    ),
    # Redirects.
    "location": Rule("has one Location", _answer(status="301"), _redirect("/new", "301")),
    "location_host": Rule(
        "undeclared host", _redirect("https://evil.example.net/"), _redirect("https://www.example.com/")
    ),
    "location_own": Rule(
        "undeclared host", _redirect("https://primary.example.com.evil.net/"), _redirect("https://primary.example.com/")
    ),
    "location_relative": Rule("is a path", _redirect("//evil.example.net/"), _redirect("/evil.example.net/")),
    "location_backslash": Rule("a backslash", _redirect("/\\evil.example.net/"), _redirect("/%5Cevil.example.net/")),
    "location_control": Rule("a control character", _redirect("/a\r\nX: 1"), _redirect("/a%0D%0AX:%201")),
    "location_scheme": Rule("https or http", _redirect("javascript:alert(1)"), _redirect("/javascript:alert(1)")),
    "location_user": Rule(
        "no user", _redirect("https://www.example.com@evil.example.net/"), _redirect("https://www.example.com/@evil/")
    ),
    "location_itself": Rule(
        "a redirect to itself", _redirect("/pictures/index.html?size=large"), _redirect("/pictures/index.html?size=s")
    ),
    "location_itself_absolute": Rule(
        "a redirect to itself",
        _redirect("https://primary.example.com/pictures/index.html?size=large"),
        _redirect("http://primary.example.com/pictures/index.html?size=large"),
    ),
}


def _judge(rule: Rule, change: Change) -> None:
    event = payload(rule.event)
    check(event, change(request_of(copy(event))), declared=_DECLARED, redirects=("www.example.com",))


@pytest.mark.parametrize("name", RULES)
def test_what_breaks_a_rule_is_caught_and_what_is_close_by_passes(name: str) -> None:
    rule = RULES[name]

    with pytest.raises(AssertionError) as caught:
        _judge(rule, rule.bad)
    assert rule.says in str(caught.value)
    _judge(rule, rule.good)


@pytest.mark.parametrize("name", [name for name in NAMES if name != "origin_request_configured"])
def test_what_goes_on_as_it_came_passes(name: str) -> None:
    event = payload(name)
    cf = copy(event)["Records"][0]["cf"]

    check(event, cf.get("response", cf["request"]))


def _answered(**changes: Any) -> dict[str, Any]:
    response: dict[str, Any] = payload("origin_response_error")["Records"][0]["cf"]["response"]
    return response | changes


@pytest.mark.parametrize(
    ("says", "output"),
    [
        ("'via' is read-only", _answered(headers={})),
        ("a request is returned for a response event", request_of(payload("origin_response_error"))),
        ("status is a string", _answered(status="999")),
        ("at most", _answered(body="a" * (MAX_GENERATED + 1))),
    ],
)
def test_a_response_event_has_its_own_rules(says: str, output: dict[str, Any]) -> None:
    with pytest.raises(AssertionError, match=says):
        check(payload("origin_response_error"), output)


def test_a_response_of_an_origin_may_be_replaced() -> None:
    answered = _answered(status="200", body="better", bodyEncoding="text")
    answered["headers"].pop("retry-after")

    check(payload("origin_response_error"), answered)


@pytest.mark.parametrize("event", [None, {}, {"Records": []}, {"Records": [{"cf": {"request": 1}}]}])
def test_there_is_always_an_answer_that_passes(event: Any) -> None:
    check(event, {"status": "503"})


def test_garbage_that_came_in_is_not_blamed_on_a_function_that_passes_it_on() -> None:
    event = payload("origin_request_custom")
    request_of(event)["headers"]["X-EDGE-\n"] = 5
    request_of(event)["origin"]["custom"] |= {"port": "x", "readTimeout": -1, "customHeaders": {"cookie": []}}
    request_of(event)["uri"] = "no slash"
    output = copy(request_of(event))
    output["headers"]["x-more"] = [{"key": "X-More", "value": "1"}]

    check(event, output)


def test_a_name_in_capitals_or_with_a_dot_at_its_end_is_the_host_without_them() -> None:
    event = payload("origin_request_custom")
    event["Records"][0]["cf"]["request"]["origin"]["custom"]["domainName"] = "Primary.example.com."
    output = request_of(copy(event))
    output["headers"]["host"] = [{"key": "Host", "value": "primary.example.com"}]

    check(event, output)


def test_a_parameter_that_stays_is_as_it_came() -> None:
    event = payload("origin_request_custom")
    request_of(event)["querystring"] = "size=very large&utm=1"

    check(event, request_of(event) | {"querystring": "size=very large"})


def test_the_suite_finds_a_handler_that_lets_a_forged_header_through() -> None:
    def handler(event: Any, context: object) -> Any:
        request = request_of(event)
        return origin.keep(copy(request)) | {"headers": request["headers"]}

    with pytest.raises(AssertionError, match="a viewer's header reaches an origin"):
        assert_contract(handler)


def test_the_same_seed_makes_the_same_events_and_leaves_the_real_ones_alone() -> None:
    real = [payload(name) for name in NAMES]

    first, again, other = (list(mutations(real, 300, seed=seed)) for seed in (1, 1, 2))

    assert json.dumps(first) == json.dumps(again)
    assert json.dumps(first) != json.dumps(other)
    assert real == [payload(name) for name in NAMES]
    assert sum(event not in real for event in first) > 250


_OTHERS: dict[str, Mapping[str, Any]] = {"custom": {"custom": _CUSTOM}, "s3": {"s3": _S3 | {"authMethod": "none"}}}


def _keeps_or_changes(fail_closed: bool = False) -> Handler:
    """A handler as small as can be: one path stays, every other one goes to an origin of another kind by turns."""
    turns = itertools.cycle(_OTHERS.values())

    def decide(cf: dict[str, Any]) -> dict[str, Any]:
        if "response" in cf:
            response: dict[str, Any] = cf["response"]
            return response
        request = cf["request"]
        if request["uri"] == "/pictures/index.html":
            return origin.keep(request)
        return origin.change(request, next(turns))

    return entry(lambda configuration: decide, lambda: {"fail_closed": fail_closed})


@pytest.mark.property
def test_the_shared_entry_stands_everything() -> None:
    seen = assert_contract(_keeps_or_changes(), _DECLARED)

    assert min(seen[what] for what in ("kept", "changed", "answered", "log:undecided")) > 1_000


@pytest.mark.parametrize("bad", ["undeclared", "header_disallowed", "configuration_sent", "status_low", "neither"])
def test_the_suite_finds_a_handler_that_breaks_the_contract(bad: str) -> None:
    def handler(event: Any, context: object) -> Any:
        return RULES[bad].bad(request_of(event))

    with pytest.raises(AssertionError, match="payload 0"):
        assert_contract(handler)


def test_the_suite_finds_a_handler_that_raises() -> None:
    def handler(event: Any, context: object) -> Any:
        raise KeyError("uri")

    with pytest.raises(AssertionError, match="payload 0: KeyError: 'uri'"):
        assert_contract(handler)
