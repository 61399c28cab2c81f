"""Hypothesis strategies of the events that CloudFront sends."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

Event = dict[str, Any]

_LABEL = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,10}[a-z0-9])?", fullmatch=True)
_DOMAIN = st.lists(_LABEL, min_size=2, max_size=4).map(".".join)
_REGION = st.sampled_from(("us-east-1", "eu-west-1", "ap-southeast-2", "sa-east-1"))
_SECONDS = st.integers(min_value=1, max_value=120)

# CloudFront hands on what is printable or percent-encoded, and decodes what it takes for ISO-8859-1.
_TEXT = st.text(st.characters(min_codepoint=0x20, exclude_characters="\x7f", codec="utf-8"), max_size=60)
_SEGMENT = st.one_of(
    st.from_regex(r"[A-Za-z0-9._~-]{0,12}", fullmatch=True),
    st.sampled_from(("", ".", "..", "%2F", "%00", "%zz", "é", "index.html", "a;v=1", "\\")),
)
_QUERY = st.one_of(
    st.just(""),
    st.text(st.characters(min_codepoint=0x21, exclude_characters="#\x7f", codec="utf-8"), max_size=80),
    st.lists(st.tuples(_LABEL, _SEGMENT).map("=".join), max_size=5).map("&".join),
)
_NAMES = st.one_of(
    st.from_regex(r"[A-Za-z][A-Za-z0-9-]{0,15}", fullmatch=True),
    st.sampled_from(
        (
            *("Accept", "Accept-Encoding", "Accept-Language", "Authorization", "Cache-Control", "Cookie", "Range"),
            *("If-None-Match", "If-Modified-Since", "Referer", "X-Ha-Origin-Role", "X-Ha-Edge-Table", "X-Tenant"),
            *("CloudFront-Viewer-Country", "CloudFront-Forwarded-Proto", "CDN-Loop", "Origin"),
        )
    ),
)
_VALUES = st.one_of(
    _TEXT,
    st.sampled_from(
        (
            *("text/html", "application/json;q=0.9, text/html;q=0.1", "*/*", "DE", "https", "no-cache", "gzip, br"),
            *("session=1; __Host-home=v1.a.eu-west-1.20780.AAAA", "secondary", "a=1; a=2; =; b"),
        )
    ),
)


def _as_headers(pairs: list[tuple[str, str]]) -> dict[str, list[dict[str, str]]]:
    headers: dict[str, list[dict[str, str]]] = {}
    for name, value in pairs:
        headers.setdefault(name.lower(), []).append({"key": name, "value": value})
    return headers


_HEADERS = st.lists(st.tuples(_NAMES, _VALUES), max_size=8).map(_as_headers)
_CUSTOM_HEADERS: st.SearchStrategy[dict[str, Any]] = st.one_of(
    st.just({}),
    st.sampled_from(("primary", "secondary")).map(lambda role: _as_headers([("x-ha-origin-role", role)])),
    st.lists(
        st.tuples(st.sampled_from(("x-ha-origin-role", "x-ha-edge-table", "X-Api-Version", "X-Secret")), _TEXT),
        max_size=3,
    ).map(_as_headers),
)
_PATH = st.sampled_from(("", "/prod", "/a/b"))
_CUSTOM = st.fixed_dictionaries(
    {
        "customHeaders": _CUSTOM_HEADERS,
        "domainName": _DOMAIN,
        "keepaliveTimeout": _SECONDS,
        "path": _PATH,
        "port": st.one_of(st.sampled_from((80, 443)), st.integers(min_value=1024, max_value=65535)),
        "protocol": st.sampled_from(("http", "https")),
        "readTimeout": st.integers(min_value=1, max_value=30),
        "sslProtocols": st.just(["TLSv1.2"]),
    },
    optional={"responseCompletionTimeout": st.integers(min_value=30, max_value=300)},
)


@st.composite
def _s3(draw: st.DrawFn) -> dict[str, Any]:
    region = draw(_REGION)
    with_identity = draw(st.booleans())
    return {
        "authMethod": "origin-access-identity" if with_identity else "none",
        "customHeaders": draw(_CUSTOM_HEADERS),
        "domainName": f"{draw(_LABEL)}.s3.{region}.amazonaws.com",
        "path": draw(_PATH),
        "readTimeout": draw(st.integers(min_value=1, max_value=30)),
        "region": region if with_identity else "",
    }


_BODY = st.fixed_dictionaries(
    {
        "action": st.just("read-only"),
        "data": st.sampled_from(("", "e30=", "eyJhIjogMX0=")),
        "encoding": st.just("base64"),
        "inputTruncated": st.booleans(),
    }
)


@st.composite
def requests(draw: st.DrawFn) -> dict[str, Any]:
    """A request on its way to an origin."""
    kind = draw(st.sampled_from(("custom", "s3")))
    origin = draw(_CUSTOM if kind == "custom" else _s3())
    method = draw(st.sampled_from(("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")))
    headers = draw(_HEADERS)
    host = draw(st.one_of(st.just(origin["domainName"]), _DOMAIN))
    headers["host"] = [{"key": "Host", "value": host}]
    request = {
        "clientIp": draw(st.sampled_from(("203.0.113.178", "2001:db8::1"))),
        "headers": headers,
        "method": method,
        "origin": {kind: origin},
        "querystring": draw(_QUERY),
        "uri": "/" + "/".join(draw(st.lists(_SEGMENT, max_size=6))),
    }
    if method not in ("GET", "HEAD", "OPTIONS") and draw(st.booleans()):
        request["body"] = draw(_BODY)
    return request


def _event(event_type: str, cf: dict[str, Any]) -> Event:
    config = {
        "distributionDomainName": "d111111abcdef8.cloudfront.net",
        "distributionId": "EDFDVBD6EXAMPLE",
        "eventType": event_type,
        "requestId": "4TyzHTaYWb1GX1qTfsHhEqV6HUDd_BzoBZnwfnvQc_1oF26ClkoUSEQ==",
    }
    return {"Records": [{"cf": {"config": config, **cf}}]}


def origin_requests() -> st.SearchStrategy[Event]:
    """The event before CloudFront asks an origin."""
    return requests().map(lambda request: _event("origin-request", {"request": request}))


def origin_responses() -> st.SearchStrategy[Event]:
    """The event after an origin has answered."""
    responses = st.fixed_dictionaries(
        {
            "headers": _HEADERS,
            "status": st.sampled_from(("200", "204", "206", "301", "304", "403", "404", "416", "500", "503")),
            "statusDescription": st.sampled_from(("OK", "", "Not Found")),
        }
    )
    return st.builds(
        lambda request, response: _event("origin-response", {"request": request, "response": response}),
        requests(),
        responses,
    )


def events() -> st.SearchStrategy[Event]:
    """Any event of an origin."""
    return origin_requests() | origin_responses()
