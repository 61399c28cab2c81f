"""The cache key of a request, and the parts of it that CloudFront sends to the origin, as a behavior's policies say.

The pages, of CloudFront's developer guide (https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/) as of
2026-11-30; a fact in this module has its page beside it:

- KEY: understanding-the-cache-key.html
- POLICY: cache-key-understand-cache-policy.html
- COOKIES: Cookies.html
- QUERY: QueryStringParameters.html
- CUSTOM: RequestAndResponseBehaviorCustomOrigin.html
- CONTROL: controlling-origin-requests.html
- REQUEST: origin-request-understand-origin-request-policy.html
- EDGE: edge-function-restrictions-all.html

On points where the pages are silent, ``Parse`` has a field with the ways in which CloudFront may go.

An unknown selection takes everything, and so does an unknown policy: the widest that it may be. Such a key, and such a
request to the origin, holds at least as much as CloudFront's own. Two requests with one key then share an answer
whatever the policy says; of two requests with different keys, nothing is known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple
from urllib.parse import unquote_plus

from .policies import CachePolicy, OriginRequestPolicy, Selection, Unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewerRequest:
    """A request as a viewer sends it.

    Attributes:
        host: The name that the viewer asked for: the distribution's own, or an alias.
        method: In upper case.
        uri: The path, as sent.
        querystring: All that follows the question mark, as sent.
        headers: Names and values in the order sent, without Host. A name may be in any case, and more than once.
        made: The headers that CloudFront makes of the viewer, such as CloudFront-Viewer-Country. A header of that
            kind that the viewer sends counts for nothing.
        address: The viewer's address.
    """

    host: str
    method: str = "GET"
    uri: str = "/"
    querystring: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    made: tuple[tuple[str, str], ...] = ()
    address: str = "192.0.2.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parse:
    """How CloudFront parses a request, on points where its pages are silent.

    Attributes:
        doubled_cookies: Which of several cookies of one name are in the key and are sent. COOKIES does not say.
        cookie_space: Whether spaces and tabs around the name and the value of a cookie are taken away, or belong to it.
            The one space after a semicolon is no part of a cookie.
        malformed_cookies: The part that is dropped when a cookie is not of the form ``name=value``: the whole header,
            that cookie, or nothing. COOKIES: "forwards a cookie header only if the value conforms" to RFC 6265, 4.1.1.
        doubled_parameters: Which of several parameters of one name are in a key that has some of the query string.
            QUERY says nothing of them.
        parameter_names: Whether the name of a parameter is compared as sent, or with its escapes undone. QUERY says
            only that case counts.
        host: Whether the viewer's Host is taken as sent, or in lower case.
    """

    doubled_cookies: Literal["all", "first", "last"] = "all"
    cookie_space: Literal["stripped", "kept"] = "stripped"
    malformed_cookies: Literal["header", "cookie", "nothing"] = "header"
    doubled_parameters: Literal["all", "first", "last"] = "all"
    parameter_names: Literal["sent", "decoded"] = "sent"
    host: Literal["sent", "lower"] = "sent"


class CacheKey(NamedTuple):
    """The key of an answer: requests with equal keys share it.

    Attributes:
        distribution: The name of the distribution; the viewer's Host is among the headers if it is in the key (KEY).
        method: GET for HEAD too; any other by itself, so that OPTIONS is kept apart (CUSTOM, "HTTP methods").
        uri: The path, as sent.
        headers: Names in lower case and values, by name.
        cookies: As sent, by name.
        querystring: The parameters in the key, in the order sent.
        accept_encoding: In normal form; None if it has no part in the key.
    """

    distribution: str
    method: str
    uri: str
    headers: tuple[tuple[str, tuple[str, ...]], ...]
    cookies: tuple[str, ...]
    querystring: str
    accept_encoding: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Forwarded:
    """The request that goes to the origin, and to a function at origin request.

    Attributes:
        headers: Those that a policy sends, with Cookie among them; names as sent.
        added: Those that CloudFront sends whatever the policies say. None has a part in the key but Accept-Encoding.
        querystring: The query string that the origin gets.
        shown_querystring: The one that a Lambda@Edge function sees: empty, unless a policy sends all of it (EDGE).
    """

    headers: tuple[tuple[str, str], ...]
    added: tuple[tuple[str, str], ...]
    querystring: str
    shown_querystring: str


#: The plainest reading of the pages.
AS_DOCUMENTED = Parse()

_ALL = Selection("all", known=False)
# In place of a policy that is unknown.
_ANY_KEY = CachePolicy(
    name="",
    min_ttl=0,
    default_ttl=86_400,
    max_ttl=31_536_000,
    headers=_ALL,
    cookies=_ALL,
    query_strings=_ALL,
    gzip=False,
    brotli=False,
)
_ANY_REQUEST = OriginRequestPolicy(name="", headers=_ALL, cookies=_ALL, query_strings=_ALL)

# CUSTOM, "HTTP request headers and CloudFront behavior": removed, or replaced, whatever the policies say.
_REMOVED = re.compile(
    r"connection|keep-alive|proxy-authenticate|proxy-authorization|proxy-connection|te|trailer|upgrade|x-amz-cf-.*"
    r"|x-edge-.*|x-forwarded-proto|x-real-ip"
)
# CUSTOM, the same table: sent on though no policy says so. The second ones only if no cookie is sent on (COOKIES).
_SENT_ON = frozenset({"if-match", "if-range", "if-unmodified-since", "range"})
_SENT_WITHOUT_COOKIES = frozenset({"if-modified-since", "if-none-match"})
# CUSTOM, the same table: the header stays with these methods.
_WITH_AUTHORIZATION = frozenset({"DELETE", "PATCH", "POST", "PUT"})
_VIA = "2.0 2afae0d44e2540f472c0635ab62c232b.cloudfront.net (CloudFront)"
# RFC 6265, 4.1.1.
_COOKIE = re.compile(
    r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+="
    r'(?:[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*|"[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*")'
)
_SPACE = " \t"


def cache_key(
    policy: CachePolicy | Unknown, request: ViewerRequest, *, distribution: str = "", parse: Parse = AS_DOCUMENTED
) -> CacheKey:
    """The key by which CloudFront looks up an answer.

    Args:
        policy: The behavior's cache policy.
        request: The request.
        distribution: The distribution's domain name. Default: empty, for the keys of one distribution.
        parse: How CloudFront parses a request, on points where its pages are silent. Default: ``AS_DOCUMENTED``.
    """
    known = _ANY_KEY if isinstance(policy, Unknown) else policy
    sent = _headers(request, parse) if known.headers.mode != "none" else {}
    encodes = known.gzip or known.brotli
    if encodes:
        sent.pop("accept-encoding", None)
    normal = _accept_encoding(request, known) if encodes else None
    return CacheKey(
        distribution,
        "GET" if request.method == "HEAD" else request.method,
        request.uri,
        tuple((name, tuple(value for _, value in sent[name])) for name in sorted(sent) if name in known.headers),
        tuple(_cookies(request, parse, known.cookies)),
        _parameters(request.querystring, parse, parse.doubled_parameters, known.query_strings),
        # POLICY: if the viewer takes neither format, the header is not in the key.
        None if normal == "identity" else normal,
    )


def forwarded(
    policy: CachePolicy | Unknown,
    origin_request_policy: OriginRequestPolicy | Unknown | None,
    request: ViewerRequest,
    *,
    origin: str,
    parse: Parse = AS_DOCUMENTED,
) -> Forwarded:
    """The request that CloudFront sends on a miss: the key, the origin request policy's additions, and its own.

    Headers that describe a body, such as Content-Type, are sent with it and are not here.

    Args:
        policy: The behavior's cache policy.
        origin_request_policy: The behavior's origin request policy; None if it has none.
        request: The request.
        origin: The origin's domain name.
        parse: How CloudFront parses a request, on points where its pages are silent. Default: ``AS_DOCUMENTED``.
    """
    known = _ANY_KEY if isinstance(policy, Unknown) else policy
    added = _ANY_REQUEST if isinstance(origin_request_policy, Unknown) else origin_request_policy
    sent = _headers(request, parse)
    cookies = list(_cookies(request, parse, known.cookies, *(() if added is None else (added.cookies,))))
    encodes = known.gzip or known.brotli
    headers: list[tuple[str, str]] = []
    own: list[tuple[str, str]] = []
    for name, lines in sent.items():
        if name == "accept-encoding" and encodes:
            continue
        if name in known.headers or (added is not None and added.sends_header(name)):
            headers += lines
        elif (
            name in _SENT_ON
            or (name in _SENT_WITHOUT_COOKIES and not cookies)
            or (name == "authorization" and request.method in _WITH_AUTHORIZATION)
        ):
            own += lines
    if cookies:
        headers.append(("Cookie", "; ".join(cookies)))
    given = {name.lower() for name, _ in headers}
    # CONTROL, CUSTOM for both; REQUEST for a Host that a policy leaves out.
    own += [
        (name, value)
        for name, value in (("Host", origin), ("User-Agent", "Amazon CloudFront"))
        if name.lower() not in given
    ]
    # CUSTOM, "Client IP addresses", "Via" and "X-Amz-Cf-Id".
    addresses = [value for _, value in sent.get("x-forwarded-for", ())] + [request.address]
    headers = [line for line in headers if line[0].lower() not in ("via", "x-forwarded-for")]
    own += [
        ("X-Forwarded-For", ",".join(addresses)),
        ("Via", ", ".join([*(value for _, value in sent.get("via", ())), _VIA])),
        ("X-Amz-Cf-Id", "kBkDzGnceVtWHqSCqBUqtA_cEs2T3tFUBbnBNkB9El_uVRhHgcZfcw=="),
    ]
    if encodes and (normal := _accept_encoding(request, known)) is not None:
        own.append(("Accept-Encoding", normal))
    selections = [known.query_strings] + ([] if added is None else [added.query_strings])
    shown = any(selection.mode == "all" for selection in selections)
    querystring = _parameters(request.querystring, parse, "all", *selections)
    return Forwarded(
        headers=tuple(headers),
        added=tuple(own),
        querystring=querystring,
        shown_querystring=querystring if shown else "",
    )


def _headers(request: ViewerRequest, parse: Parse) -> dict[str, list[tuple[str, str]]]:
    """The headers that a policy may take, by their names in lower case."""
    host = request.host.lower() if parse.host == "lower" else request.host
    found: dict[str, list[tuple[str, str]]] = {"host": [("Host", host)]}
    for name, value in request.headers:
        lower = name.lower()
        if lower in ("cookie", "host") or lower.startswith("cloudfront-") or _REMOVED.fullmatch(lower):
            continue
        found.setdefault(lower, []).append((name, value))
    for name, value in request.made:
        found.setdefault(name.lower(), []).append((name, value))
    return found


def _cookies(request: ViewerRequest, parse: Parse, *selections: Selection) -> Iterator[str]:
    """The cookies that some selections take, by name (COOKIES, "CloudFront sorts cookies")."""
    if all(selection.mode == "none" for selection in selections):
        return
    lines = [value for name, value in request.headers if name.lower() == "cookie"]
    found: list[tuple[str, str]] = []
    for piece in ";".join(lines).split(";") if lines else ():
        text = piece.strip(_SPACE) if parse.cookie_space == "stripped" else piece.removeprefix(" ")
        if not text:
            continue
        name, equals, value = text.partition("=")
        if equals and parse.cookie_space == "stripped":
            name, value = name.rstrip(_SPACE), value.lstrip(_SPACE)
            text = f"{name}={value}"
        if not _COOKIE.fullmatch(text):
            if parse.malformed_cookies == "header":
                return
            if parse.malformed_cookies == "cookie":
                continue
        # COOKIES: names that start with a dollar sign are unsupported, and removed.
        if not name.startswith("$") and any(name in selection for selection in selections):
            found.append((name, text))
    for _, text in sorted(_counted(found, parse.doubled_cookies), key=lambda cookie: cookie[0]):
        yield text


def _parameters(
    querystring: str, parse: Parse, doubled: Literal["all", "first", "last"], *selections: Selection
) -> str:
    """The parameters of a query string that some selections take, as sent and in the order sent (QUERY).

    Only ``&`` separates parameters (QUERY).
    """
    modes = {selection.mode for selection in selections}
    if "all" in modes:
        return querystring
    if not querystring or modes == {"none"}:
        return ""
    found: list[tuple[str, str]] = []
    for parameter in querystring.split("&"):
        name = parameter.partition("=")[0]
        if parse.parameter_names == "decoded":
            name = unquote_plus(name)
        if any(name in selection for selection in selections):
            found.append((name, parameter))
    return "&".join(parameter for _, parameter in _counted(found, doubled))


def _counted(found: list[tuple[str, str]], doubled: Literal["all", "first", "last"]) -> list[tuple[str, str]]:
    """The names and values that count, in their order, if a name is there more than once."""
    if doubled == "all":
        return found
    places = list(enumerate(found))
    counted = {name: place for place, (name, _) in (places if doubled == "last" else reversed(places))}
    return [found[place] for place in sorted(counted.values())]


def _accept_encoding(request: ViewerRequest, policy: CachePolicy) -> str | None:
    """Accept-Encoding in normal form: of br and gzip what the viewer names and the policy has; else identity.

    None if the viewer sends none (POLICY, "Compression support").
    """
    values = [value for name, value in request.headers if name.lower() == "accept-encoding"]
    if not values:
        return None
    named = {part.partition(";")[0].strip(_SPACE).lower() for part in ",".join(values).split(",")}
    kept = [name for name, on in (("br", policy.brotli), ("gzip", policy.gzip)) if on and name in named]
    return ",".join(kept) or "identity"
