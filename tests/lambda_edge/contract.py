"""CloudFront's rules for what an edge function returns on an origin event, and the rules of this project.

The lists are those of four pages of the CloudFront Developer Guide: "Restrictions on all edge functions", "Lambda@Edge
event structure", "Work with requests and responses", "Add custom headers to origin requests". What a function breaks is
a 502 for the viewer.

A function answers for what it changed or made. What it passes on as it came is not judged, so that no garbage in an
event is blamed on it; the structure of the origin is judged always.
"""

from __future__ import annotations

import base64
import binascii
import ipaddress
import json
import re
from collections.abc import Callable, Collection, Iterator
from typing import Any
from urllib.parse import urlsplit

from lambda_edge.common.header_rules import READ_ONLY, is_disallowed

CONFIGURATION_PREFIX = "x-ha-edge-"

# Where AWS says MB, the smaller meaning: what keeps within it passes in either.
MAX_GENERATED = 1_000_000
MAX_BODY = {"text": 1_000_000, "base64": 1_330_000}
MAX_URL = 8_191
MAX_HEADERS = 32_768

_NO_CUSTOM_HEADER = re.compile(
    r"cache-control|connection|content-length|cookie|host|if-match|if-modified-since|if-none-match|if-range"
    r"|if-unmodified-since|max-forwards|pragma|proxy-authenticate|proxy-authorization|proxy-connection|range"
    r"|request-range|te|trailer|transfer-encoding|upgrade|via|x-amz-.*|x-edge-.*|x-real-ip"
)
_REQUEST_FIELDS = frozenset({"clientIp", "headers", "method", "querystring", "uri", "body", "origin"})
_RESPONSE_FIELDS = frozenset({"status", "statusDescription", "headers", "body", "bodyEncoding"})
_CUSTOM_FIELDS = frozenset(
    {"domainName", "path", "port", "protocol", "sslProtocols", "readTimeout", "keepaliveTimeout"}
)
_S3_FIELDS = frozenset({"domainName", "path", "authMethod"})
_OPTIONAL_FIELDS = {
    "custom": frozenset({"customHeaders", "responseCompletionTimeout"}),
    "s3": frozenset({"customHeaders", "responseCompletionTimeout", "readTimeout", "region"}),
}
# What an origin may keep of the one of its kind that it takes the place of.
_PASSED_ON = {"custom": (), "s3": ("path", "readTimeout", "responseCompletionTimeout")}
_TLS = ("TLSv1.2", "TLSv1.1", "TLSv1", "SSLv3")
_REDIRECTS = ("301", "302", "303", "307", "308")

_TOKEN = re.compile(r"[a-z0-9!#$%&'*+.^_`|~-]+")
_DOMAIN = re.compile(r"(?:[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?\.)+[A-Za-z0-9-]{1,63}")
_NOT_IN_URL = re.compile(r"[\x00-\x20\x7f#]")
_NOT_IN_HEADER = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")

_MISSING = object()


def check(event: Any, output: Any, *, declared: Collection[str] = (), redirects: Collection[str] = ()) -> None:
    """Raise an AssertionError that names each rule that the output of a function breaks.

    Args:
        event: What the function was given, as it was before the function changed it.
        output: What it returned.
        declared: The domain names to which the function may send a request, beside the origin that it was given; one
            that begins with a dot stands for every name below it.
        redirects: The hosts to which it may send a viewer, beside the viewer's own.
    """
    broken = list(rules_broken(event, output, declared=declared, redirects=redirects))
    assert not broken, "; ".join(broken)


def rules_broken(
    event: Any, output: Any, *, declared: Collection[str] = (), redirects: Collection[str] = ()
) -> Iterator[str]:
    """Each rule that the output of a function breaks."""
    cf = _cf(event)
    if not isinstance(output, dict):
        yield f"the output is neither a request nor a response: {_short(output)}"
        return
    given, answer = _dict(cf.get("request")), cf.get("response", _MISSING)
    if output == answer:
        return
    if output != given:
        yield from _json(output)
    # Where a broken event says both, the function may take it for either.
    says = ("origin-request" if answer is _MISSING else "origin-response", _dict(cf.get("config")).get("eventType"))
    kinds = [kind for kind in READ_ONLY if kind in says]
    if _is_request(output):
        if "origin-request" not in kinds:
            yield "a request is returned for a response event"
        yield from _request(output, given, declared)
        return
    before: dict[str, dict[str, Any]] = {"origin-request": {}, "origin-response": _dict(answer)}
    found = [list(_response(output, given, cf, before[kind], kind, redirects)) for kind in kinds]
    yield from min(found, key=len)


def forged(event: Any, output: Any) -> list[str]:
    """The headers of a request that goes on which only the stack, its functions and its origins may set."""
    goes_on = _is_request(_dict(output)) and output != _cf(event).get("response", _MISSING)
    headers = _dict(output.get("headers")) if goes_on else {}
    return [name for name in headers if name.startswith("x-ha-")]


def _cf(event: Any) -> dict[str, Any]:
    try:
        return _dict(event["Records"][0]["cf"])
    except (TypeError, KeyError, IndexError):
        return {}


def _is_request(output: dict[str, Any]) -> bool:
    return "uri" in output or "origin" in output


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 200 else f"{text[:200]}…"


def _json(output: dict[str, Any]) -> Iterator[str]:
    try:
        json.dumps(output)
    except (TypeError, ValueError, RecursionError) as error:
        yield f"the output is not JSON: {error}"


# -- requests ------------------------------------------------------------------------------------------------------


def _request(output: dict[str, Any], given: dict[str, Any], declared: Collection[str]) -> Iterator[str]:
    for field in ("clientIp", "method"):
        if output.get(field, _MISSING) != given.get(field, _MISSING):
            yield f"{field} is read-only: {_short(given.get(field))} became {_short(output.get(field))}"
    for field in output.keys() - given.keys() - _REQUEST_FIELDS:
        yield f"a request has no field {field!r}"
    yield from _url(output, given)
    headers, old = output.get("headers"), given.get("headers")
    if headers != old:
        yield from _headers(headers, old, "origin-request")
    yield from _origin(output, given, declared)
    if output.get("body", _MISSING) != given.get("body", _MISSING):
        yield from _request_body(output.get("body"), _dict(given.get("body")))


def _url(output: dict[str, Any], given: dict[str, Any]) -> Iterator[str]:
    uri, query = output.get("uri"), output.get("querystring", "")
    if uri == given.get("uri") and query == given.get("querystring", ""):
        return
    if not isinstance(uri, str) or not isinstance(query, str):
        yield f"uri and querystring are strings: {_short(uri)}, {_short(query)}"
        return
    if uri != given.get("uri"):
        if not uri.startswith("/"):
            yield f"uri begins with a slash: {_short(uri)}"
        if _NOT_IN_URL.search(uri) or "?" in uri or not _is_utf8(uri):
            yield f"uri holds a space, a control character, a '#', a '?' or what is not UTF-8: {_short(uri)}"
    # Parameters that stay while others are dropped are as they came.
    own = "&".join(set(query.split("&")) - set(str(given.get("querystring", "")).split("&")))
    if _NOT_IN_URL.search(own) or not _is_utf8(own):
        yield f"querystring holds a space, a control character, a '#' or what is not UTF-8: {_short(query)}"
    size = len(uri) + len(query) + 1
    if size > MAX_URL and size > len(str(given.get("uri"))) + len(str(given.get("querystring", ""))) + 1:
        yield f"uri and querystring are at most {MAX_URL} characters together, not {size}"


def _request_body(body: Any, given: dict[str, Any]) -> Iterator[str]:
    if not isinstance(body, dict):
        yield f"the body of a request is an object: {_short(body)}"
        return
    if body.get("inputTruncated") != given.get("inputTruncated"):
        yield "inputTruncated is read-only"
    if body.get("action") not in ("read-only", "replace"):
        yield f"the action of a body is read-only or replace: {_short(body.get('action'))}"
    if body.get("action") == "replace":
        yield from _encoded(body.get("data"), body.get("encoding", "base64"), MAX_BODY)


def _origin(output: dict[str, Any], given: dict[str, Any], declared: Collection[str]) -> Iterator[str]:
    origin, before = output.get("origin"), _dict(given.get("origin"))
    if not isinstance(origin, dict) or len(origin) != 1 or not origin.keys() <= {"custom", "s3"}:
        yield f"a request has exactly one origin, custom or s3: {_short(origin)}"
        return
    ((kind, own),) = origin.items()
    if not isinstance(own, dict):
        yield f"an origin is an object: {_short(own)}"
        return
    left = [name for name in _dict(own.get("customHeaders")) if name.startswith(CONFIGURATION_PREFIX)]
    if left:
        yield f"configuration headers go to no origin: {left}"
    if origin == before:
        yield from _host(output, given, own)
        return
    old = _dict(before.get(kind))
    same = kind in before and own.get("domainName") == old.get("domainName")
    if not same:
        yield from _changed_origin(output, kind, own, before, declared)
        old = {field: old[field] for field in _PASSED_ON[kind] if field in old}
    else:
        yield from _host(output, given, own)
    yield from _settings(kind, own, old)
    custom_headers, known = own.get("customHeaders"), old.get("customHeaders")
    if custom_headers != known:
        yield from _custom_headers(custom_headers, known, _dict(output.get("headers")))


def _host(output: dict[str, Any], given: dict[str, Any], own: dict[str, Any]) -> Iterator[str]:
    host = _dict(output.get("headers")).get("host")
    if host != _dict(given.get("headers")).get("host") and not _is_host(host, own.get("domainName")):
        yield f"Host is as it came or the origin's name: {_short(host)}"


def _is_host(host: Any, domain_name: Any) -> bool:
    # Some write a name in capitals, or with a dot at its end; certificates are for names without it.
    name = domain_name.lower().removesuffix(".") if isinstance(domain_name, str) else domain_name
    return isinstance(host, list) and len(host) == 1 and _dict(host[0]).get("value") in (domain_name, name)


def _changed_origin(
    output: dict[str, Any], kind: str, own: dict[str, Any], before: dict[str, Any], declared: Collection[str]
) -> Iterator[str]:
    domain_name = own.get("domainName")
    if not isinstance(domain_name, str) or not _is_declared(domain_name, declared):
        yield f"undeclared origin: {_short(domain_name)}"
    if not _is_host(_dict(output.get("headers")).get("host"), domain_name):
        yield f"Host goes with a changed domain name, {_short(domain_name)}"
    if kind == "s3" and "s3" not in before and own.get("authMethod") == "origin-access-identity":
        yield "an origin access identity does not serve where a custom origin became a bucket"
    required = _CUSTOM_FIELDS if kind == "custom" else _S3_FIELDS
    if missing := required - own.keys():
        yield f"a {kind} origin needs {sorted(missing)}"


def _is_declared(domain_name: str, declared: Collection[str]) -> bool:
    return domain_name in declared or any(
        name.startswith(".") and domain_name.endswith(name) and domain_name != name for name in declared
    )


def _settings(kind: str, own: dict[str, Any], old: dict[str, Any]) -> Iterator[str]:
    allowed = (_CUSTOM_FIELDS if kind == "custom" else _S3_FIELDS) | _OPTIONAL_FIELDS[kind]
    changed = {field for field in own.keys() | old.keys() if own.get(field, _MISSING) != old.get(field, _MISSING)}
    for field in changed & own.keys() - {"customHeaders"}:
        if field not in allowed:
            yield f"a {kind} origin has no field {field!r}"
        elif not _FIELD_RULES[field](own[field], kind):
            yield f"{kind}.{field} cannot be {_short(own[field])}"
    completion, read = own.get("responseCompletionTimeout", 0), own.get("readTimeout", 0)
    if (
        changed & {"responseCompletionTimeout", "readTimeout"}
        and _is_int(completion)
        and _is_int(read)
        and 0 < completion < read
    ):
        yield f"responseCompletionTimeout {completion} is below readTimeout {read}"
    if (
        changed & {"authMethod", "region"}
        and own.get("authMethod") == "origin-access-identity"
        and not own.get("region")
    ):
        yield "an origin access identity needs the bucket's region"


def _is_int(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_domain(value: Any, kind: str) -> bool:
    if not isinstance(value, str) or len(value) > (253 if kind == "custom" else 128):
        return False
    if kind == "s3" and value != value.lower():
        return False
    try:
        ipaddress.ip_address(value)
    except ValueError:
        return _DOMAIN.fullmatch(value) is not None
    return False


def _is_path(value: Any, kind: str) -> bool:
    if not isinstance(value, str) or _NOT_IN_URL.search(value) or not _is_utf8(value):
        return False
    if kind == "custom" and (len(value) > 255 or not value.isascii()):
        return False
    return value == "" or (value.startswith("/") and not value.endswith("/"))


_FIELD_RULES: dict[str, Callable[[Any, str], bool]] = {
    "domainName": _is_domain,
    "path": _is_path,
    "port": lambda value, kind: _is_int(value) and (value in (80, 443) or 1024 <= value <= 65535),
    "protocol": lambda value, kind: value in ("http", "https"),
    "sslProtocols": lambda value, kind: (
        isinstance(value, list) and bool(value) and all(isinstance(one, str) and one in _TLS for one in value)
    ),
    "readTimeout": lambda value, kind: _is_int(value) and 1 <= value <= 120,
    "keepaliveTimeout": lambda value, kind: _is_int(value) and 1 <= value <= 120,
    "responseCompletionTimeout": lambda value, kind: _is_int(value) and value >= 0,
    "authMethod": lambda value, kind: value in ("none", "origin-access-identity"),
    "region": lambda value, kind: (
        isinstance(value, str) and (value == "" or re.fullmatch(r"[a-z]{2,4}(-[a-z]+)+-\d", value) is not None)
    ),
}


def _custom_headers(headers: Any, known: Any, request_headers: dict[str, Any]) -> Iterator[str]:
    if not isinstance(headers, dict):
        yield f"customHeaders are an object: {_short(headers)}"
        return
    known = _dict(known)
    changed = [name for name, values in headers.items() if values != known.get(name, _MISSING)]
    for name in changed:
        yield from _header(name, headers[name])
        if _NO_CUSTOM_HEADER.fullmatch(name):
            yield f"no custom header of an origin is called {name!r}"
        if name in request_headers:
            yield f"{name!r} is a custom header of the origin and a header of the request"
        if len(name) > 256 or _size({"": headers[name]}) > 1_783 + 4:
            yield f"a custom header has at most 256 characters of name and 1,783 of value: {_short(name)}"
    if changed and (len(headers) > 30 or _size(headers) > 10_240):
        yield "an origin has at most 30 custom headers with 10,240 characters"


# -- responses -----------------------------------------------------------------------------------------------------


def _response(
    output: dict[str, Any],
    request: dict[str, Any],
    cf: dict[str, Any],
    given: dict[str, Any],
    event_type: str,
    redirects: Collection[str],
) -> Iterator[str]:
    for field in output.keys() - given.keys() - _RESPONSE_FIELDS:
        yield f"a response has no field {field!r}"
    status, description = output.get("status"), output.get("statusDescription", "")
    if status != given.get("status", _MISSING) and not (
        isinstance(status, str) and re.fullmatch(r"[2-5][0-9][0-9]", status)
    ):
        yield f"status is a string, 200 to 599: {_short(status)}"
    if description != given.get("statusDescription", "") and (
        not isinstance(description, str) or _NOT_IN_HEADER.search(description) or not _is_utf8(description)
    ):
        yield f"statusDescription is a line of text: {_short(description)}"
    headers, old = output.get("headers", {}), given.get("headers", {})
    if headers != old:
        yield from _headers(headers, old, event_type)
    if "body" in output or "bodyEncoding" in output:
        yield from _response_body(output, headers)
    if status in _REDIRECTS and status != given.get("status"):
        yield from _redirect(_dict(headers).get("location"), request, cf, redirects)


def _response_body(output: dict[str, Any], headers: Any) -> Iterator[str]:
    body = output.get("body", "")
    yield from _encoded(body, output.get("bodyEncoding", "text"), {"text": MAX_GENERATED, "base64": MAX_GENERATED})
    if isinstance(body, str) and len(body) <= MAX_GENERATED < len(body.encode(errors="replace")) + _size(headers):
        yield f"a generated response has at most {MAX_GENERATED} bytes with its headers"
    if body and output.get("status") in ("204", "304"):
        yield f"a response with status {output['status']} has no body"


def _encoded(data: Any, encoding: Any, limits: dict[str, int]) -> Iterator[str]:
    if not isinstance(data, str):
        yield f"a body is a string: {_short(data)}"
    elif encoding not in ("text", "base64"):
        yield f"a body is encoded as text or base64: {_short(encoding)}"
    elif not _is_utf8(data):
        yield "a body is UTF-8"
    elif len(data.encode()) > limits[encoding]:
        yield f"a body encoded as {encoding} has at most {limits[encoding]} bytes, not {len(data.encode())}"
    elif encoding == "base64":
        try:
            base64.b64decode(data, validate=True)
        except (binascii.Error, ValueError):
            yield "a body is not the base64 that it says it is"


def _redirect(location: Any, request: dict[str, Any], cf: dict[str, Any], redirects: Collection[str]) -> Iterator[str]:
    target = _dict(location[0]).get("value") if isinstance(location, list) and len(location) == 1 else None
    if not isinstance(target, str) or not target:
        yield f"a redirect has one Location: {_short(location)}"
        return
    try:
        parts = urlsplit(target)
        host = parts.hostname
    except ValueError:
        yield f"Location is a URL: {_short(target)}"
        return
    headers = _dict(request.get("headers"))
    own = (_first(headers.get("host")), _dict(cf.get("config")).get("distributionDomainName"))
    if _NOT_IN_HEADER.search(target) or " " in target or "\\" in target:
        yield f"Location holds a space, a control character or a backslash: {_short(target)}"
    if parts.scheme:
        if parts.scheme not in ("http", "https") or not host or "@" in parts.netloc:
            yield f"Location is https or http with a host and no user: {_short(target)}"
        elif host not in redirects and host not in own:
            yield f"undeclared host in Location: {_short(target)}"
    elif not target.startswith("/") or target.startswith("//"):
        yield f"Location without a host is a path: {_short(target)}"
    scheme = _first(headers.get("cloudfront-forwarded-proto")) or "https"
    itself = (request.get("uri"), request.get("querystring", ""))
    if parts.scheme in ("", scheme) and (not host or host in own) and (parts.path or "/", parts.query) == itself:
        yield f"a redirect to itself: {_short(target)}"


def _first(values: Any) -> Any:
    value = _dict(values[0]).get("value") if isinstance(values, list) and values else None
    return value if isinstance(value, str) else None


# -- headers -------------------------------------------------------------------------------------------------------


def _headers(headers: Any, given: Any, event_type: str) -> Iterator[str]:
    if not isinstance(headers, dict):
        yield f"headers are an object: {_short(headers)}"
        return
    given = _dict(given)
    for name in sorted(READ_ONLY[event_type]):
        if headers.get(name, _MISSING) != given.get(name, _MISSING):
            yield f"the header {name!r} is read-only"
    changed = [name for name, values in headers.items() if values != given.get(name, _MISSING)]
    for name in changed:
        yield from _header(name, headers[name])
        if name.startswith(CONFIGURATION_PREFIX):
            yield f"configuration headers go nowhere: {name!r}"
    if (size := _size({name: headers[name] for name in changed})) > MAX_HEADERS:
        yield f"headers are at most {MAX_HEADERS} characters, not {size}"


def _header(name: str, values: Any) -> Iterator[str]:
    if not _TOKEN.fullmatch(name):
        yield f"the name of a header is in lower case: {_short(name)}"
    if is_disallowed(name):
        yield f"the header {name!r} is disallowed"
    if not isinstance(values, list) or not values:
        yield f"the header {name!r} has a list of values: {_short(values)}"
        return
    for one in values:
        if not isinstance(one, dict) or not one.keys() <= {"key", "value"}:
            yield f"the header {name!r} has values with a key and a value: {_short(one)}"
            continue
        key, value = one.get("key", name), one.get("value")
        if not isinstance(key, str) or key.lower() != name:
            yield f"the header {name!r} has the key {_short(key)}"
        if not isinstance(value, str) or _NOT_IN_HEADER.search(value) or not _is_utf8(value):
            yield f"the header {name!r} has a value that is no line of text: {_short(value)}"


def _size(headers: Any) -> int:
    """The length of all headers on the wire, as far as they are headers."""
    return sum(
        len(name) + 4 + len(str(_dict(one).get("value", "")))
        for name, values in _dict(headers).items()
        if isinstance(values, list)
        for one in values
    )


def _is_utf8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
